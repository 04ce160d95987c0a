//! `celador audit`.

use anyhow::Result;
use celador_audit::report::VerdictReport;
use celador_catalog::Catalog;

use crate::args::{AuditArgs, FailOnVerdict, Format};
use crate::render::{self, excerpt::Sources, sarif, style::Style, text};
use crate::{Exit, input, progress};

pub(crate) fn run(args: &AuditArgs) -> Result<Exit> {
    let read = input::read(&args.paths, &args.input)?;
    let options = super::options(&args.judge);
    let spinner = progress::judging(read.snapshot.network.interfaces.len());
    let report = celador_audit::audit(
        &read.snapshot,
        Catalog::embedded(),
        &read.inventory,
        &options,
    );
    drop(spinner);
    let has = |verdict| report.stores.iter().any(|store| store.verdict == verdict);
    let failed =
        args.fail_on.iter().any(|on| match on {
            FailOnVerdict::Exposed => has(VerdictReport::Exposed),
            // A store that is exposed may hide an endpoint that is undetermined.
            FailOnVerdict::Undetermined => report
                .stores
                .iter()
                .flat_map(|store| &store.endpoints)
                .any(|endpoint| {
                    endpoint.verdict == VerdictReport::Undetermined || !endpoint.possible.is_empty()
                }),
        });
    let mut sources = Sources::new(read.stdin.as_deref());
    match args.output.format {
        Format::Json => render::audit_json(report, input::threads())?,
        Format::Sarif => render::json(&sarif::audit(&report, &mut sources))?,
        Format::Text => render::out(&text::audit(
            &report,
            &text::Asked::of(&options),
            Style::new(args.output.color),
            &mut sources,
        ))?,
    }
    Ok(if failed { Exit::Findings } else { Exit::Clean })
}
