//! Canaries through the redaction that made the outputs: same profile, same finder.

use std::collections::BTreeMap;

use anyhow::Result;
use celador_redact::{Operator, Redactor};
use celador_verify::{canary, estimate};

use super::report::CanaryReport;
use crate::args::VerifyArgs;
use crate::keys;

/// The same canaries in every run.
const SEED: u64 = 2019;

/// What became of the canaries; none where none were asked for. Classes that the
/// profile leaves, or replaces by something that keeps a part, are left out.
pub(super) fn run(args: &VerifyArgs) -> Result<Option<CanaryReport>> {
    if args.canaries == 0 {
        return Ok(None);
    }
    let (profile, folder, _) = keys::profile(args.profile.as_deref())?;
    // No value leaves the process, so a key that is not here does not matter.
    let ring = match keys::ring(&args.key, &profile, &folder) {
        Ok(ring) => ring,
        Err(error) if args.profile.is_some() => return Err(error),
        Err(_) => return Ok(None),
    };
    let redactor = Redactor::new(profile, ring, crate::command::scan::builder(&args.finder)?)?;
    let mut worker = redactor.worker();
    let mut report = CanaryReport {
        planted: 0,
        gone: 0,
        share: None,
        left: BTreeMap::new(),
    };
    for canary in canary::plant(SEED, args.canaries as usize) {
        let class = canary.class.parse();
        if class.is_ok_and(|class| redactor.profile().operator(class) == Operator::Leave) {
            continue;
        }
        report.planted += 1;
        if canary.survives(&worker.redacted("", &canary.text)) {
            *report
                .left
                .entry(format!("{}, {}", canary.class, canary.form))
                .or_default() += 1;
        } else {
            report.gone += 1;
        }
    }
    report.share = estimate::share(report.gone, report.planted).map(Into::into);
    Ok(Some(report))
}
