//! `celador replicas`.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use celador_stores::inspect::InspectReport;
use celador_stores::inspect::report::INSPECT_SCHEMA;
use celador_stores::replicas;

use super::inspect;
use crate::Exit;
use crate::args::{ReplicasArgs, ReportFormat};
use crate::render::{self, style::Style};

/// Larger than an inspection of ten thousand indices.
const LARGEST: u64 = 512 << 20;

pub(crate) fn run(args: &ReplicasArgs) -> Result<Exit> {
    let mut inspections = Vec::new();
    for path in &args.inspection {
        inspections.push(read(path)?);
    }
    if !args.stores.is_empty() {
        if !inspections.is_empty() && args.look.sketch_key.is_none() {
            bail!(
                "to compare stores with earlier inspections, give the --sketch-key that these were made with"
            );
        }
        let stores = inspect::requested(&args.stores, &args.look)?;
        inspections.push(inspect::look(&stores, &args.look)?);
    }
    let report = replicas::compare(&inspections)?;
    match args.format {
        ReportFormat::Json => render::json(&report)?,
        ReportFormat::Text => {
            render::out(&render::inspect::replicas(&report, Style::new(args.color)))?;
        }
    }
    Ok(if inspections.iter().all(inspect::complete) {
        Exit::Clean
    } else {
        Exit::CannotRun
    })
}

fn read(path: &Path) -> Result<InspectReport> {
    let shown = path.display();
    let size = std::fs::metadata(path)
        .with_context(|| format!("cannot read the inspection {shown}"))?
        .len();
    if size > LARGEST {
        bail!("{shown} has {size} bytes, more than an inspection has");
    }
    let bytes =
        std::fs::read(path).with_context(|| format!("cannot read the inspection {shown}"))?;
    let report: InspectReport = serde_json::from_slice(&bytes).with_context(|| {
        format!("{shown} is no inspection; expected what celador inspect --format json prints")
    })?;
    if report.schema != INSPECT_SCHEMA {
        bail!("{shown} is no inspection: its schema is not {INSPECT_SCHEMA}");
    }
    Ok(report)
}
