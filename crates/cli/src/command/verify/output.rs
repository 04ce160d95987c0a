//! What still stands in the outputs.

use std::collections::BTreeMap;

use anyhow::Result;
use celador_pii::{Scanner, Span};
use celador_verify::{Loose, Residue, Risk};

use super::report::ResidueReport;
use super::risk::Columns;
use super::{Inputs, kinds};
use crate::command::scan::report::{InputReport, WarningReport};
use crate::command::scan::without_numbers;
use crate::command::scan::{Hints, hinted};
use crate::records::{Job, each_value};

/// Fields that are told apart in one output.
const MAX_FIELDS: usize = 10_000;

/// What an output holds.
pub(super) struct Output {
    pub(super) inputs: Vec<InputReport>,
    pub(super) warnings: Vec<WarningReport>,
    pub(super) residue: Vec<ResidueReport>,
    pub(super) suspects: Vec<ResidueReport>,
    pub(super) risk: Option<Risk>,
}

/// One place, without what stands there.
struct Hit {
    record: u64,
    field: usize,
    tag: u8,
    suspect: bool,
}

/// What one job gave.
#[derive(Default)]
struct Part {
    fields: Vec<String>,
    hits: Vec<Hit>,
    columns: Columns,
}

/// Looks for the original's values, or, without one, for what the finder finds.
pub(super) fn read(
    inputs: &super::Source<'_>,
    scanner: &Scanner,
    loose: &Loose,
    residue: Option<&Residue>,
    quasi: &[String],
) -> Result<Output> {
    let mut seen = Inputs::default();
    let mut counted: BTreeMap<(bool, String, String, u8), (ResidueReport, u64)> = BTreeMap::new();
    let mut risk = super::risk::Counter::new(quasi);
    super::run_jobs(
        inputs,
        scanner,
        |job| {
            let mut part = Part::default();
            let read = look(job, (scanner, inputs.hints), loose, residue, &mut part);
            (part, read)
        },
        |(part, read), begun| {
            seen.take(begun, read);
            let output = seen.current();
            for hit in part.hits {
                let mut field =
                    without_numbers(part.fields.get(hit.field).map_or("", String::as_str));
                if counted.len() >= MAX_FIELDS {
                    "(more fields)".clone_into(&mut field);
                }
                let key = (hit.suspect, output.to_owned(), field, hit.tag);
                let (entry, last) =
                    counted
                        .entry(key)
                        .or_insert_with_key(|(_, output, field, tag)| {
                            let entry = ResidueReport {
                                output: output.clone(),
                                field: field.clone(),
                                class: kinds::name(*tag),
                                count: 0,
                                records: 0,
                                first_record: hit.record,
                            };
                            (entry, 0)
                        });
                entry.count += 1;
                if *last != hit.record {
                    *last = hit.record;
                    entry.records += 1;
                }
            }
            risk.take(part.columns);
            Ok(())
        },
    )?;
    let (inputs, warnings) = seen.end();
    let mut output = Output {
        inputs,
        warnings,
        residue: Vec::new(),
        suspects: Vec::new(),
        risk: risk.end(),
    };
    for ((suspect, ..), (entry, _)) in counted {
        if suspect {
            output.suspects.push(entry);
        } else {
            output.residue.push(entry);
        }
    }
    Ok(output)
}

fn look(
    job: &Job,
    (scanner, hints): (&Scanner, &Hints),
    loose: &Loose,
    residue: Option<&Residue>,
    part: &mut Part,
) -> super::Read {
    let mut spans: Vec<Span> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    let Part {
        fields,
        hits,
        columns,
    } = part;
    each_value(
        job,
        &mut |name| !scanner.find(name).is_empty(),
        &mut |record, field, text, core| {
            columns.note(record, field, text);
            let at = if let Some(at) = known.get(field) {
                *at
            } else {
                fields.push(field.to_owned());
                known.insert(field.to_owned(), fields.len() - 1);
                fields.len() - 1
            };
            let mut hit = |tag, suspect| {
                hits.push(Hit {
                    record,
                    field: at,
                    tag,
                    suspect,
                });
            };
            let mut places: Vec<std::ops::Range<usize>> = Vec::new();
            if let Some(residue) = residue {
                for (place, tag) in residue.find(text) {
                    if core.contains(&place.start) {
                        hit(tag, false);
                    }
                    places.push(place);
                }
            } else {
                scanner.scan_field(text, hinted(field, hints), &mut spans);
                for span in &spans {
                    if core.contains(&span.start) {
                        hit(kinds::tag(span.class), false);
                    }
                    places.push(span.start..span.end);
                }
            }
            places.extend(celador_redact::tokens(text));
            for found in loose.find(text) {
                let known = places
                    .iter()
                    .any(|place| place.start < found.end && found.start < place.end);
                if !known && core.contains(&found.start) {
                    hit(kinds::tag_of_kind(found.kind), true);
                }
            }
        },
    )
}
