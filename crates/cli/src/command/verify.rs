//! `celador verify`: proof that a redaction worked, and a check of its record.
//!
//! Decides nothing itself: `celador_verify` has the second detector, the
//! fingerprints, the estimates and the record; this reads files and prints.

mod canaries;
mod kinds;
mod original;
mod output;
mod record;
pub(crate) mod report;
mod risk;

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use celador_pii::Scanner;
use celador_verify::Loose;

pub(crate) use self::record::RecordReport;
use self::report::{EstimateReport, ResidueReport, RiskReport, VerifyReport};
use super::scan::report::{InputReport, WarningReport};
use super::scan::{counted, warning_line};
use crate::args::{RecordArgs, ReportFormat, VerifyArgs};
use crate::records::{self, Job, Reader, Trouble};
use crate::render::{self, style::Style};
use crate::{Exit, pipeline};

const SCHEMA: &str = "celador.verify/v1";
/// Warnings about records that are kept for each input.
const MAX_WARNINGS: usize = 20;

pub(crate) fn run(args: &VerifyArgs) -> Result<Exit> {
    if args.outputs.is_empty() {
        return record::run(args);
    }
    let (builder, hints) = super::scan::configured(&args.finder)?;
    let scanner = builder.build()?;
    let loose = Loose::new();
    let source = |paths: &'_ [PathBuf]| -> Result<Vec<records::Candidate>> {
        let mut files = Vec::new();
        for path in paths {
            records::collect(path, true, &mut files)?;
        }
        Ok(files)
    };
    let original = if args.original.is_empty() {
        None
    } else {
        let source = Source {
            args: &args.records,
            files: source(&args.original)?,
            hints: &hints,
        };
        Some(original::read(&source, &scanner, &loose)?)
    };
    let outputs = Source {
        args: &args.records,
        files: source(&args.outputs)?,
        hints: &hints,
    };
    let found = output::read(
        &outputs,
        &scanner,
        &loose,
        original.as_ref().map(|original| &original.residue),
        &args.quasi_identifiers,
    )?;
    let mut report = VerifyReport {
        schema: SCHEMA,
        clean: found.residue.is_empty(),
        outputs: found.inputs,
        original: None,
        residue: found.residue,
        suspects: found.suspects,
        canaries: canaries::run(args)?,
        risk: found.risk.as_ref().map(RiskReport::from),
        warnings: found.warnings,
    };
    if let Some(original) = original {
        report.warnings.extend(original.warnings);
        let read = |inputs: &[InputReport]| inputs.iter().map(|input| input.records).sum::<u64>();
        let (before, after) = (read(&original.report.inputs), read(&report.outputs));
        if before != after {
            report.warnings.push(WarningReport {
                input: report
                    .outputs
                    .first()
                    .map_or_else(String::new, |output| output.input.clone()),
                record: None,
                message: format!(
                    "{} in the outputs, {before} in the originals",
                    counted(after, "record")
                ),
            });
        }
        report.original = Some(original.report);
    }
    match args.format {
        ReportFormat::Json => render::json(&report)?,
        ReportFormat::Text => render::out(&text(&report, Style::new(args.color)))?,
    }
    Ok(if report.clean {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

/// Files to read, and how.
struct Source<'a> {
    args: &'a RecordArgs,
    files: Vec<records::Candidate>,
    hints: &'a super::scan::Hints,
}

/// What a job says of itself beside what was looked for.
type Read = (u64, Vec<Trouble>);

/// An input that begins, or one that is left out and why.
enum Begun {
    Input(String, &'static str),
    Skipped(String, String),
}

/// Runs every job of some inputs on all cores; `emit` gets the results in order.
fn run_jobs<R: Send>(
    source: &Source<'_>,
    scanner: &Scanner,
    work: impl Fn(&Job) -> (R, Read) + Sync,
    mut emit: impl FnMut((R, Read), Option<Begun>) -> Result<()>,
) -> Result<()> {
    let total = source.files.iter().map(|file| file.bytes).sum();
    let progress = records::progress(total);
    let mut reader = Reader::new(source.args, scanner, source.files.clone(), progress.clone());
    let result = pipeline::run(
        std::iter::from_fn(|| reader.next_job().transpose()),
        records::Job::bytes,
        |job| {
            let begun = match &job {
                Job::Begin { input, format, .. } => {
                    Some(Begun::Input(input.clone(), format.name()))
                }
                Job::Skipped { input, why } => Some(Begun::Skipped(input.clone(), why.clone())),
                Job::Note(_)
                | Job::Piece(_)
                | Job::Chunk(..)
                | Job::Rows(_)
                | Job::Cells(..)
                | Job::Archive(_)
                | Job::Table(_)
                | Job::Batch(_) => None,
            };
            (work(&job), begun)
        },
        |(done, begun)| emit(done, begun),
    );
    progress.finish_and_clear();
    result
}

/// The inputs as they pass by.
#[derive(Default)]
struct Inputs {
    all: Vec<InputReport>,
    warnings: Vec<WarningReport>,
    warned: usize,
}

impl Inputs {
    fn take(&mut self, begun: Option<Begun>, (records, troubles): Read) {
        match begun {
            Some(Begun::Input(input, format)) => {
                self.warned = 0;
                self.all.push(InputReport {
                    input,
                    format,
                    ..InputReport::default()
                });
            }
            Some(Begun::Skipped(input, message)) => {
                self.warnings.push(WarningReport {
                    input,
                    record: None,
                    message,
                });
            }
            None => {}
        }
        let Some(input) = self.all.last_mut() else {
            return;
        };
        input.records += records;
        let malformed = troubles.iter().filter(|one| one.is_malformed);
        input.malformed += malformed.count() as u64;
        for Trouble {
            record, message, ..
        } in troubles
        {
            self.warned += 1;
            if self.warned <= MAX_WARNINGS {
                self.warnings.push(WarningReport {
                    input: input.input.clone(),
                    record: Some(record),
                    message,
                });
            }
        }
    }

    fn current(&self) -> &str {
        self.all.last().map_or("", |input| &input.input)
    }

    fn end(self) -> (Vec<InputReport>, Vec<WarningReport>) {
        (self.all, self.warnings)
    }
}

fn percent(share: EstimateReport) -> String {
    let value = format!("{:.2}%", share.value * 100.0);
    if (share.low, share.high) == (share.value, share.value) {
        return value;
    }
    format!(
        "{value} (95%: {:.2}–{:.2}%)",
        share.low * 100.0,
        share.high * 100.0
    )
}

/// The report for people.
fn text(report: &VerifyReport, style: Style) -> String {
    let mut out = String::new();
    let records =
        |inputs: &[InputReport]| counted(inputs.iter().map(|input| input.records).sum(), "record");
    let names = |inputs: &[InputReport]| match inputs {
        [one] => one.input.clone(),
        more => counted(more.len() as u64, "file"),
    };
    let _ = writeln!(
        out,
        "{}  {}",
        style.strong(&names(&report.outputs)),
        style.faint(&records(&report.outputs))
    );
    let total: u64 = report.residue.iter().map(|entry| entry.count).sum();
    let what = match &report.original {
        Some(original) => {
            let _ = writeln!(
                out,
                "  against {}, {}: {} of personal data",
                names(&original.inputs),
                records(&original.inputs),
                counted(original.values, "value")
            );
            "of the original still stand here"
        }
        None => "are found here by the finder (no original was given)",
    };
    if total == 0 {
        let _ = writeln!(out, "  {} no values {what}", style.good("clean"));
    } else {
        let _ = writeln!(
            out,
            "  {} {} {what}:",
            style.bad("residue"),
            counted(total, "value")
        );
        lines(&mut out, &report.residue);
    }
    if let Some(original) = &report.original {
        if original.too_short > 0 {
            let _ = writeln!(
                out,
                "  {} too short to be told from ordinary words, not looked for",
                counted(original.too_short, "value")
            );
        }
        if original.looked_for < 1.0 {
            let _ = writeln!(
                out,
                "  a share of {} of the values was looked for",
                original.looked_for
            );
        }
    }
    if !report.suspects.is_empty() {
        let _ = writeln!(
            out,
            "  suspects of the second detector, which may be innocent:"
        );
        lines(&mut out, &report.suspects);
    }
    if let Some(canaries) = &report.canaries {
        let share = canaries
            .share
            .map_or_else(String::new, |share| format!(" {}", percent(share)));
        let _ = writeln!(
            out,
            "  canaries: {} of {} gone{share}",
            canaries.gone, canaries.planted
        );
        for (what, count) in &canaries.left {
            let _ = writeln!(out, "    {} {what}", style.bad(&format!("{count} left")));
        }
    }
    if let Some(original) = &report.original {
        let _ = writeln!(out, "  two detectors on the original:");
        let _ = writeln!(
            out,
            "    {:<14} {:>9} {:>9} {:>9}   missed by both",
            "kind", "both", "finder", "second"
        );
        for kind in &original.detectors {
            let missed = match (kind.missed_by_both, kind.undetermined) {
                (Some(estimate), _) => format!(
                    "about {:.0} (95%: {:.0}–{:.0})",
                    estimate.value, estimate.low, estimate.high
                ),
                (None, why) => format!("undetermined: {}", why.unwrap_or("unknown")),
            };
            let _ = writeln!(
                out,
                "    {:<14} {:>9} {:>9} {:>9}   {missed}",
                kind.kind, kind.both, kind.finder_only, kind.second_only
            );
        }
    }
    if let Some(risk) = &report.risk {
        risk_text(&mut out, risk);
    }
    for warning in &report.warnings {
        let _ = writeln!(out, "{}", style.doubt(&warning_line(warning)));
    }
    out
}

fn lines(out: &mut String, entries: &[ResidueReport]) {
    for entry in entries {
        let field = if entry.field.is_empty() {
            "(text)"
        } else {
            &entry.field
        };
        let _ = writeln!(
            out,
            "    {:<16} {:<24} {} in {}, first in record {}",
            entry.class,
            field,
            entry.count,
            counted(entry.records, "record"),
            entry.first_record
        );
    }
}

/// k-anonymity in plain words.
fn risk_text(out: &mut String, risk: &RiskReport) {
    let fields: Vec<&str> = risk
        .fields
        .iter()
        .map(|field| field.field.as_str())
        .collect();
    let _ = writeln!(out, "  who can be singled out by {}:", fields.join(", "));
    let Some(k) = risk.k else {
        let _ = writeln!(out, "    no record has any of these fields");
        return;
    };
    let most = if risk.exact { "" } else { "at most " };
    let _ = writeln!(
        out,
        "    every record shares these fields with {most}{} others or more ({most}k = {k})",
        k - 1
    );
    if let Some(alone) = risk.alone {
        let _ = writeln!(
            out,
            "    {} of {} are alone: whoever knows these fields of somebody finds their record",
            percent(alone),
            counted(risk.records, "record")
        );
    }
    if let Some(few) = risk.few {
        let _ = writeln!(out, "    {} are in groups of fewer than 11", percent(few));
    }
    for field in &risk.fields {
        if let (Some(with), Some(without)) = (risk.alone, field.alone_without)
            && risk.fields.len() > 1
            && without.value < with.value
        {
            let _ = writeln!(
                out,
                "    without {}: {} would be alone",
                field.field,
                percent(without)
            );
        }
    }
}
