//! `celador redact`: personal data replaced, everything else byte for byte.

mod record;

use std::fmt::Write as _;
use std::io::Write as _;

use anyhow::Result;
use celador_redact::{Redactor, Worker};
use sha2::{Digest as _, Sha256};

use super::scan::{Hints, counted, hinted};
use crate::args::{FinderArgs, RedactArgs, ReportFormat};
use crate::rewrite::output::{Output, hex};
use crate::rewrite::report::{RedactReport, Summary};
use crate::rewrite::{self, Editor, Edits, Plan};
use crate::{Exit, keys, render, render::style::Style};

const SCHEMA: &str = "celador.redact/v1";

pub(crate) fn run(args: &RedactArgs) -> Result<Exit> {
    let (profile, folder, text) = keys::profile(args.write.profile.as_deref())?;
    let ring = keys::ring(&args.write.key, &profile, &folder)?;
    let key = ring.current().map(|key| key.id().to_owned());
    let (builder, hints) = super::scan::configured(&args.finder)?;
    let redactor = Redactor::new(profile, ring, builder)?;
    let plan = Plan {
        inputs: &args.inputs,
        output: args.write.output.as_deref(),
        overwrite: args.write.overwrite,
        records: &args.records,
        on_error: args.write.on_error,
        rejects: args.write.rejects.as_deref(),
        scanner: redactor.scanner(),
        subject: redactor.profile().subject(),
        fingerprint: fingerprint(args, &text, &redactor)?,
    };
    let signer = args.sign_key.as_ref().map(keys::signer).transpose()?;
    let record = args
        .record
        .as_deref()
        .map(|path| record::Run::begin(path, args, &plan, &text, redactor.keys()))
        .transpose()?;
    let outcome = rewrite::run(&plan, || Own(redactor.worker(), &hints))?;
    if let Some(record) = record {
        record.end(&outcome, signer.as_ref())?;
    }
    let mut summary = Summary::default();
    for what in &outcome.inputs {
        summary.inputs += 1;
        summary.records += what.records;
        summary.rejected += what.rejected;
        for changed in &what.changes {
            summary.changes += changed.count;
            let class = changed.class.clone().unwrap_or_else(|| "other".to_owned());
            *summary.classes.entry(class).or_default() += changed.count;
            *summary
                .operators
                .entry(changed.operator.clone())
                .or_default() += changed.count;
        }
    }
    let report = RedactReport {
        schema: SCHEMA,
        profile: args.write.profile.clone(),
        key,
        inputs: outcome.inputs,
        rejected_inputs: outcome.rejected_inputs,
        summary,
    };
    if let Some(path) = &args.report {
        let mut output = Output::create(path, false)?;
        let mut text = serde_json::to_string_pretty(&report)?;
        text.push('\n');
        output.write_all(text.as_bytes())?;
        output.finish()?;
    }
    if args.write.output.is_some() {
        match args.format {
            ReportFormat::Json => render::json(&report)?,
            ReportFormat::Text => render::out(&words(&report, Style::new(args.color)))?,
        }
    }
    let rejected = report.summary.rejected > 0 || !report.rejected_inputs.is_empty();
    Ok(if rejected {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

/// What has to be the same for an interrupted run to go on: program, profile, keys
/// and options. Of a key it holds what a pseudonym of nothing tells, which is nothing.
fn fingerprint(args: &RedactArgs, profile: &str, redactor: &Redactor) -> Result<String> {
    let mut hash = Sha256::default();
    let mut add = |part: &str| {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part.as_bytes());
    };
    add(env!("CARGO_PKG_VERSION"));
    add(profile);
    for key in redactor.keys().iter() {
        add(key.id());
        add(&key.check());
    }
    let FinderArgs {
        config,
        region,
        rules,
        allow,
        classes,
        min_score,
    } = &args.finder;
    for path in config.iter().chain(rules).chain(allow) {
        // A folder of rules is told by its path alone.
        add(&path.display().to_string());
        if path.is_file() {
            add(&String::from_utf8_lossy(&std::fs::read(path)?));
        }
    }
    add(&format!(
        "{region:?} {classes:?} {min_score:?} {:?} {:?}",
        args.records, args.write.on_error
    ));
    Ok(hex(&hash.finalize()))
}

/// A worker of the redactor, as an editor.
struct Own<'a>(Worker<'a>, &'a Hints);

impl Editor for Own<'_> {
    fn begin(&mut self, subject: &str, number: bool) {
        self.0.set_subject(subject);
        self.0.set_number(number);
    }

    fn is_personal(&mut self, name: &str) -> bool {
        self.0.is_personal(name)
    }

    fn is_ruled(&self, field: &str) -> bool {
        self.0.is_ruled(field)
    }

    fn edit(&mut self, field: &str, text: &str, out: &mut Edits) -> Result<()> {
        // What a profile says of a field is said of its own name.
        let field = if self.1.is_empty() || self.0.is_ruled(field) {
            field
        } else {
            hinted(field, self.1)
        };
        let count = self.0.redact(field, text).len();
        for index in 0..count {
            if let Some((change, with)) = self.0.change(index) {
                out.push(
                    change.range.clone(),
                    with,
                    change.class,
                    change.operator.name(),
                    change.fell_back,
                );
            }
        }
        Ok(())
    }
}

/// The report for people.
fn words(report: &RedactReport, style: Style) -> String {
    let mut out = String::new();
    for what in &report.inputs {
        let _ = writeln!(
            out,
            "{} {} {}  {}",
            style.strong(&what.input),
            style.faint("→"),
            style.strong(&what.output),
            style.faint(&format!(
                "{}, {}",
                what.format,
                counted(what.records, "record")
            ))
        );
        let shown = |field: &str| match field {
            "" => "(whole text)".to_owned(),
            field => field.to_owned(),
        };
        let width = what
            .changes
            .iter()
            .map(|one| shown(&one.field).chars().count());
        let width = width.max().unwrap_or(0).min(48);
        for one in &what.changes {
            let class = one.class.as_deref().unwrap_or("(field)");
            let fell_back = if one.fell_back > 0 {
                format!("  ({} of them for want of another)", one.fell_back)
            } else {
                String::new()
            };
            let _ = writeln!(
                out,
                "  {:width$}  {class:<16} {:>9}  {}{fell_back}",
                shown(&one.field),
                one.count,
                one.operator
            );
        }
        if what.changes.is_empty() {
            let _ = writeln!(out, "  {}", style.faint("nothing to change"));
        }
        for note in &what.notes {
            let _ = writeln!(out, "  {}", style.doubt(note));
        }
        for (part, count) in &what.not_read {
            let line = format!(
                "  not read, stays as it was: {part}, in {}",
                counted(*count, "record")
            );
            let _ = writeln!(out, "{}", style.doubt(&line));
        }
        if what.rejected > 0 {
            let line = format!("  {} rejected", counted(what.rejected, "record"));
            let _ = writeln!(out, "{}", style.doubt(&line));
        }
        out.push('\n');
    }
    for rejected in &report.rejected_inputs {
        let line = format!("rejected: {}: {}", rejected.input, rejected.reason);
        let _ = writeln!(out, "{}", style.doubt(&line));
    }
    let summary = &report.summary;
    let _ = writeln!(
        out,
        "{} changed in {} of {}",
        counted(summary.changes, "value"),
        counted(summary.records, "record"),
        counted(summary.inputs, "input"),
    );
    out
}
