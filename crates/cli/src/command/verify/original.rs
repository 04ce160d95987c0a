//! What stood in the original: two detectors, their tallies, and fingerprints.

use std::collections::BTreeMap;

use anyhow::Result;
use celador_pii::{Scanner, Span};
use celador_verify::estimate::Pair;
use celador_verify::{Fingerprint, Fingerprinter, Found, Kind, Loose, Residue};

use super::report::{DetectorReport, OriginalReport};
use super::{Inputs, kinds};
use crate::command::scan::{Hints, hinted};
use crate::records::{Job, each_value};

/// The original and what is to be looked for.
pub(super) struct Original {
    pub(super) report: OriginalReport,
    pub(super) residue: Residue,
    pub(super) warnings: Vec<crate::command::scan::report::WarningReport>,
}

/// What one job gave.
#[derive(Default)]
struct Part {
    prints: Vec<Fingerprint>,
    too_short: u64,
    pairs: BTreeMap<Kind, Pair>,
}

pub(super) fn read(
    inputs: &super::Source<'_>,
    scanner: &Scanner,
    loose: &Loose,
) -> Result<Original> {
    let key = Fingerprinter::default();
    let mut residue = Residue::new(key.clone());
    let mut all = Part::default();
    let mut seen = Inputs::default();
    let mut values = 0;
    super::run_jobs(
        inputs,
        scanner,
        |job| {
            let mut part = Part::default();
            let read = look(job, (scanner, inputs.hints), loose, &key, &mut part);
            (part, read)
        },
        |(part, read), begun| {
            seen.take(begun, read);
            values += part.prints.len() as u64 + part.too_short;
            all.too_short += part.too_short;
            for print in part.prints {
                residue.remember(print);
            }
            for (kind, pair) in part.pairs {
                let sum = all.pairs.entry(kind).or_default();
                sum.first += pair.first;
                sum.second += pair.second;
                sum.both += pair.both;
            }
            Ok(())
        },
    )?;
    let (inputs, warnings) = seen.end();
    Ok(Original {
        report: OriginalReport {
            inputs,
            values,
            too_short: all.too_short,
            looked_for: residue.remembered_share(),
            detectors: all
                .pairs
                .into_iter()
                .map(|(kind, pair)| detectors(kind, pair))
                .collect(),
        },
        residue,
        warnings,
    })
}

fn detectors(kind: Kind, pair: Pair) -> DetectorReport {
    let missed = pair.missed_by_both().filter(|_| kinds::counts_alone(kind));
    let undetermined = match missed {
        Some(_) => None,
        None if kinds::counts_alone(kind) => Some("the two detectors have found nothing in common"),
        None => Some("the second detector does not tell these from innocent values"),
    };
    DetectorReport {
        kind: kind.name(),
        finder_only: pair.first,
        second_only: pair.second,
        both: pair.both,
        missed_by_both: missed.map(Into::into),
        undetermined,
    }
}

fn look(
    job: &Job,
    (scanner, hints): (&Scanner, &Hints),
    loose: &Loose,
    key: &Fingerprinter,
    part: &mut Part,
) -> super::Read {
    let mut spans: Vec<Span> = Vec::new();
    each_value(
        job,
        &mut |name| !scanner.find(name).is_empty(),
        &mut |_, field, text, core| {
            scanner.scan_field(text, hinted(field, hints), &mut spans);
            let suspects = loose.find(text);
            let overlaps =
                |span: &Span, found: &Found| span.start < found.end && found.start < span.end;
            for span in spans.iter().filter(|span| core.contains(&span.start)) {
                part.remember(key, text.get(span.start..span.end), kinds::tag(span.class));
                if let Some(kind) = kinds::kind(span.class) {
                    let pair = part.pairs.entry(kind).or_default();
                    if suspects.iter().any(|found| overlaps(span, found)) {
                        pair.both += 1;
                    } else {
                        pair.first += 1;
                    }
                }
            }
            for found in suspects.iter().filter(|found| core.contains(&found.start)) {
                if spans.iter().any(|span| overlaps(span, found)) {
                    continue;
                }
                part.pairs.entry(found.kind).or_default().second += 1;
                if kinds::counts_alone(found.kind) {
                    let value = text.get(found.start..found.end);
                    part.remember(key, value, kinds::tag_of_kind(found.kind));
                }
            }
        },
    )
}

impl Part {
    fn remember(&mut self, key: &Fingerprinter, value: Option<&str>, tag: u8) {
        match value.and_then(|value| key.of(value, tag)) {
            Some(print) => self.prints.push(print),
            None => self.too_short += 1,
        }
    }
}
