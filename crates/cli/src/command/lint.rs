//! `celador lint`.

use anyhow::Result;
use celador_audit::lint::LintKind;

use crate::args::{FailOnLint, Format, LintArgs};
use crate::render::{self, excerpt::Sources, sarif, style::Style, text};
use crate::{Exit, input, progress};

pub(crate) fn run(args: &LintArgs) -> Result<Exit> {
    let read = input::read(&args.paths, &args.input)?;
    let spinner = progress::judging(read.snapshot.network.interfaces.len());
    let report = celador_audit::lint::lint(&read.snapshot);
    drop(spinner);
    let mut sources = Sources::new(read.stdin.as_deref());
    match args.output.format {
        Format::Json => render::json(&report)?,
        Format::Sarif => render::json(&sarif::lint(&report, &mut sources))?,
        Format::Text => render::out(&text::lint(
            &report,
            Style::new(args.output.color),
            &mut sources,
        ))?,
    }
    let has = |kind| report.findings.iter().any(|finding| finding.kind == kind);
    let failed = args.fail_on.iter().any(|on| match on {
        FailOnLint::NeverMatches => has(LintKind::NeverMatches),
        FailOnLint::ChangesNothing => has(LintKind::ChangesNothing),
        FailOnLint::PartlyShadowed => has(LintKind::PartlyShadowed),
        FailOnLint::Any => !report.findings.is_empty(),
    });
    Ok(if failed { Exit::Findings } else { Exit::Clean })
}
