//! Checks a record that `celador redact --record` wrote.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use celador_verify::record::{Checked, Content, Event, check};

use crate::Exit;
use crate::args::{ReportFormat, VerifyArgs};
use crate::command::scan::counted;
use crate::render::{self, style::Style};
use crate::rewrite::output::digest;

/// A record is a few hundred bytes for each file.
const MOST: u64 = 1 << 30;

/// What `celador verify --record` says.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(crate) struct RecordReport {
    /// Always `celador.record-check/v1`.
    schema: &'static str,
    /// Whether the chain and every signature hold, the wanted key signed, nothing
    /// stands after the last seal, and no file differs from what was recorded.
    holds: bool,
    /// The record.
    record: String,
    /// Entries in it.
    entries: u64,
    /// The public keys that sealed it, in order.
    signers: Vec<String>,
    /// Entries after the last seal.
    unsealed: u64,
    /// Why it does not hold; empty where it does.
    problems: Vec<String>,
    /// Files that are as recorded.
    same: u64,
    /// Files that could not be looked at, such as originals that were deleted.
    absent: Vec<String>,
}

pub(super) fn run(args: &VerifyArgs) -> Result<Exit> {
    let Some(path) = &args.record else {
        bail!("nothing to verify: give redacted files, or --record FILE");
    };
    let name = path.display();
    let mut text = String::new();
    std::fs::File::open(path)
        .and_then(|file| file.take(MOST).read_to_string(&mut text))
        .with_context(|| format!("cannot read the record {name}"))?;
    let mut report = RecordReport {
        schema: "celador.record-check/v1",
        holds: false,
        record: name.to_string(),
        entries: 0,
        signers: Vec::new(),
        unsealed: 0,
        problems: Vec::new(),
        same: 0,
        absent: Vec::new(),
    };
    match check(&text) {
        Ok(checked) => judge(&mut report, checked, args.public_key.as_deref(), path),
        Err(error) => report.problems.push(error.to_string()),
    }
    report.holds = report.problems.is_empty();
    match args.format {
        ReportFormat::Json => render::json(&report)?,
        ReportFormat::Text => render::out(&shown(&report, args, Style::new(args.color)))?,
    }
    Ok(if report.holds {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

fn judge(report: &mut RecordReport, checked: Checked, wanted: Option<&str>, path: &Path) {
    report.entries = checked.entries;
    report.unsealed = checked.unsealed;
    if checked.unsealed > 0 {
        report.problems.push(format!(
            "{} after the last seal: nobody vouches for them",
            counted(checked.unsealed, "entry").replace("entrys", "entries")
        ));
    }
    if let Some(wanted) = wanted {
        let others = checked
            .signers
            .iter()
            .filter(|signer| !signer.eq_ignore_ascii_case(wanted.trim()))
            .count();
        if checked.signers.is_empty() || others > 0 {
            report
                .problems
                .push("sealed by another key than --public-key names".to_owned());
        }
    }
    report.signers = checked.signers;
    for event in &checked.events {
        match event {
            Event::File { input, output, .. } => {
                compare(report, input, path);
                compare(report, output, path);
            }
            Event::Verified { output, .. } => compare(report, output, path),
            Event::End {
                complete: false, ..
            } => {
                report
                    .problems
                    .push("a run ended before every input was done".to_owned());
            }
            Event::Begin { .. } | Event::End { .. } | Event::Seal { .. } => {}
        }
    }
}

/// Compares a file with what was recorded of it. Its path is as it was named in
/// the run; what is not found there is looked for beside the record.
fn compare(report: &mut RecordReport, content: &Content, record: &Path) {
    if content.path == "-" {
        report.absent.push("a stream".to_owned());
        return;
    }
    let beside = record.parent().unwrap_or(Path::new("")).join(&content.path);
    let found = [PathBuf::from(&content.path), beside]
        .into_iter()
        .find(|path| path.is_file());
    let Some(found) = found else {
        report.absent.push(content.path.clone());
        return;
    };
    match digest(&found) {
        Ok((bytes, hash)) if bytes == content.bytes && hash == content.sha256 => {
            report.same += 1;
        }
        Ok(_) => report
            .problems
            .push(format!("{} is not what was recorded", content.path)),
        Err(error) => report
            .problems
            .push(format!("{} cannot be read: {error}", content.path)),
    }
}

fn shown(report: &RecordReport, args: &VerifyArgs, style: Style) -> String {
    let mut out = String::new();
    let verdict = if report.holds {
        style.good("holds")
    } else {
        style.bad("does not hold")
    };
    let _ = writeln!(out, "{}  {verdict}", style.strong(&report.record));
    for problem in &report.problems {
        let _ = writeln!(out, "  {problem}");
    }
    if report.entries > 0 {
        let seals = counted(report.signers.len() as u64, "seal");
        let _ = writeln!(
            out,
            "  {} entries in an unbroken chain, {seals}",
            report.entries
        );
    }
    let mut signers = report.signers.clone();
    signers.dedup();
    for signer in signers {
        let known = if args.public_key.is_some() {
            ""
        } else {
            " (compare it with the key you were given)"
        };
        let _ = writeln!(out, "  signed by {signer}{known}");
    }
    if report.same > 0 {
        let _ = writeln!(out, "  {} as recorded", counted(report.same, "file"));
    }
    if !report.absent.is_empty() {
        let _ = writeln!(
            out,
            "  {} not there to compare:",
            counted(report.absent.len() as u64, "file")
        );
        for path in report.absent.iter().take(10) {
            let _ = writeln!(out, "    {path}");
        }
    }
    out
}
