//! `celador diff`.

use anyhow::{Result, bail};
use celador_audit::inventory::Inventory;
use celador_catalog::Catalog;

use crate::args::{DiffArgs, FailOnChange, Format};
use crate::render::{self, excerpt::Sources, sarif, style::Style, text};
use crate::{Exit, input, progress};

pub(crate) fn run(args: &DiffArgs) -> Result<Exit> {
    if args.before == args.after && args.before.as_os_str() == "-" {
        bail!("standard input can be only one of BEFORE and AFTER");
    }
    let before = input::read(std::slice::from_ref(&args.before), &args.input)?;
    let after = input::read(std::slice::from_ref(&args.after), &args.input)?;
    // One list of stores for both sides; each side's own list may differ when
    // it lies beside the configuration.
    let mut inventory = Inventory::default();
    for store in after
        .inventory
        .stores
        .iter()
        .chain(&before.inventory.stores)
    {
        if inventory.stores.iter().all(|known| known.id != store.id) {
            inventory.stores.push(store.clone());
        }
    }
    let options = super::options(&args.judge);
    let spinner = progress::judging(after.snapshot.network.interfaces.len());
    let report = celador_audit::diff(
        &before.snapshot,
        &after.snapshot,
        Catalog::embedded(),
        &inventory,
        &options,
    );
    drop(spinner);
    let mut sources = Sources::new(before.stdin.as_deref().or(after.stdin.as_deref()));
    match args.output.format {
        Format::Json => render::json(&report)?,
        Format::Sarif => render::json(&sarif::diff(&report, &mut sources))?,
        Format::Text => render::out(&text::diff(
            &report,
            &text::Asked::of(&options),
            Style::new(args.output.color),
            &mut sources,
        ))?,
    }
    let failed = args.fail_on.iter().any(|on| match on {
        FailOnChange::Opened => !report.opened.is_empty(),
        FailOnChange::Closed => !report.closed.is_empty(),
        FailOnChange::Undetermined => !report.undetermined.is_empty(),
        FailOnChange::Any => {
            !(report.opened.is_empty()
                && report.closed.is_empty()
                && report.undetermined.is_empty())
        }
    });
    Ok(if failed { Exit::Findings } else { Exit::Clean })
}
