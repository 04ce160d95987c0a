//! The wire format of an inspection, versioned on its own.
//!
//! Classes, counts and keyed hashes; no value of any record.

use std::collections::BTreeMap;

use celador_pii::Class;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::profile::Profile;
use super::sketch::Interval;
use crate::report::{RefusedReport, ScopeReport};
use crate::transport::Failure;

/// The `schema` of an inspection.
pub const INSPECT_SCHEMA: &str = "celador.inspect/v1";

/// What `celador inspect` says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InspectReport {
    /// Always `celador.inspect/v1`.
    pub schema: String,
    /// The scope that allowed it.
    pub scope: ScopeReport,
    /// Tells the key of the sketches from other keys; only inspections with one
    /// key can be compared.
    pub sketch_key: String,
    /// Every store that was asked for and allowed.
    pub stores: Vec<StoreReport>,
    /// Endpoints that the scope does not allow.
    pub refused: Vec<RefusedReport>,
}

/// How far a store was looked into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Everything it lists was looked at, by sample or whole.
    Inspected,
    /// A part could not be read, or a limit was met; what is missing is named.
    Partly,
    /// It let nothing be read.
    Refused,
    /// No connection came about.
    Unreachable,
    /// It is of a product, or in a state, that cannot be looked into.
    Unknown,
}

/// One store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StoreReport {
    /// As it was asked for: `127.0.0.1:9200`.
    pub endpoint: String,
    /// The address that was connected to.
    pub address: String,
    /// The port.
    pub port: u16,
    /// How far it was looked into.
    pub state: State,
    /// Why no further; null when inspected.
    pub reason: Option<String>,
    /// Catalogue id of the product.
    pub product: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The id of the cluster or replication group, where the product has one.
    pub cluster: Option<String>,
    /// Whether it is the one of its cluster that is written to; null where the
    /// product does not say.
    #[serde(default)]
    pub primary: Option<bool>,
    /// Whether it was read without credentials.
    pub anonymous: bool,
    /// Records of all containers, as counted by the store; null when one is not
    /// known.
    pub records: Option<u64>,
    /// Whether some count in `records` is the store's own estimate.
    #[serde(default)]
    pub records_estimated: bool,
    /// Indices, tables, databases.
    pub containers: Vec<ContainerReport>,
}

/// One index, table, database or bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ContainerReport {
    /// `index`, `table`, `database`.
    pub kind: String,
    /// Its name; the class of personal data that stands in the name, instead of
    /// it.
    pub name: String,
    /// The id that the product gave it.
    pub id: Option<String>,
    /// Records in it, as the store counts; null when not known.
    pub records: Option<u64>,
    /// Whether `records` is the store's own estimate and no count.
    #[serde(default)]
    pub records_estimated: bool,
    /// Records that were looked at.
    pub examined: u64,
    /// Whether these are all.
    pub whole: bool,
    /// How they were chosen.
    pub sampling: SamplingReport,
    /// Keyed hash of the fields' names and types; null where there is none.
    pub mapping: Option<String>,
    /// Classes of personal data, by share of records.
    pub classes: Vec<ClassReport>,
    /// Languages of longer texts; `und` where it is not certain.
    pub languages: Vec<LanguageReport>,
    /// Fields in order of name.
    pub fields: Vec<FieldReport>,
    /// Dates by month, as keyed hashes.
    pub dates: Vec<DatesReport>,
    /// The smallest keyed hashes of the records that were looked at.
    pub sketch: SketchReport,
    /// Values of which only the beginning was looked at.
    pub values_cut: u64,
    /// Of a bucket: its objects, in which the records lie; null for what is none.
    #[serde(default)]
    pub objects: Option<ObjectsReport>,
}

/// The objects of a bucket.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectsReport {
    /// Objects that the store listed.
    pub listed: u64,
    /// Whether these are all.
    pub all_listed: bool,
    /// Their bytes, as the store says.
    pub bytes: u64,
    /// Objects that were read to their end.
    pub read: u64,
    /// Objects of which only the beginning was read.
    pub cut: u64,
    /// Objects that were chosen and could not be read.
    pub unread: Vec<UnreadReport>,
    /// Formats of those that were read, whole or cut.
    pub formats: Vec<FormatReport>,
    /// Classes of personal data in the names of objects, by share of those listed.
    pub names: Vec<ClassReport>,
}

/// Objects that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnreadReport {
    /// Why.
    pub reason: String,
    /// How many.
    pub objects: u64,
}

/// Objects of a format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FormatReport {
    /// `json_lines`, `csv`, `parquet`, `text`, …; `empty`.
    pub format: String,
    /// How many.
    pub objects: u64,
}

/// How records were chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SamplingReport {
    /// `whole`, `random`, `by key` (random, and the same records in every copy),
    /// `unbounded` (chosen in a way that bounds nothing), `in order`, `none`.
    pub method: String,
    /// In which way the sample can differ from the whole; null when in none.
    pub bias: Option<String>,
    /// What ended it before all that were wanted were read; null when nothing.
    pub stopped_by: Option<String>,
    /// Of a sample by key: one record in 2^`level` was chosen. Two samples of one
    /// field's keys hold the same records wherever both stores do.
    #[serde(default)]
    pub by_key: Option<KeySampleReport>,
}

/// A sample that depends on the records' keys and the sketch key alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeySampleReport {
    /// Keyed hash of the key's field name.
    pub field: String,
    /// One record in two to this power.
    pub level: u8,
}

/// Records that hold a class.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ClassReport {
    /// The class.
    pub class: String,
    /// Records among those looked at.
    pub records: u64,
    /// Their share of those looked at.
    pub share: f64,
    /// Least share of all records with 95% confidence (Wilson); null when the
    /// sample is not random, so that nothing bounds it.
    pub low: Option<f64>,
    /// Greatest share; see `low`.
    pub high: Option<f64>,
}

/// Texts in a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LanguageReport {
    /// ISO 639-3.
    pub language: String,
    /// How many texts.
    pub texts: u64,
}

/// One field.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FieldReport {
    /// Its path; `[]` is any element.
    pub field: String,
    /// Records that have it.
    pub present: u64,
    /// Classes of personal data in it, by share of the records looked at.
    pub classes: Vec<ClassReport>,
}

/// Dates of one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DatesReport {
    /// The field's path.
    pub field: String,
    /// Keyed hash of a month, and values in it.
    pub months: Vec<MonthReport>,
}

/// One month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MonthReport {
    /// Keyed hash of the month.
    pub month: String,
    /// How many values.
    pub values: u64,
}

/// A bottom-k sketch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SketchReport {
    /// The hashes, smallest first, 16 hexadecimal digits each.
    pub hashes: String,
    /// Whether these are all different records that were looked at.
    pub complete: bool,
}

/// How a container's records were chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Method {
    Whole,
    Random,
    /// By keys: the field's keyed hash and the level.
    ByKey(u64, u8),
    /// Chosen so that every record can come, but nothing bounds the error.
    Unbounded(&'static str),
    /// In the store's own order: nothing bounds what the rest holds.
    InOrder(&'static str),
    None,
}

/// What a source knows of a container besides its records.
#[derive(Debug, Clone)]
pub(crate) struct Container {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) id: Option<String>,
    pub(crate) records: Option<u64>,
    pub(crate) estimated: bool,
    pub(crate) mapping: Option<u64>,
    pub(crate) method: Method,
    pub(crate) stopped_by: Option<String>,
    pub(crate) profile: Profile,
    pub(crate) objects: Option<Objects>,
}

/// What is known of a bucket's objects.
#[derive(Debug, Clone, Default)]
pub(crate) struct Objects {
    pub(crate) listed: u64,
    pub(crate) all_listed: bool,
    pub(crate) bytes: u64,
    pub(crate) read: u64,
    pub(crate) cut: u64,
    pub(crate) unread: BTreeMap<String, u64>,
    pub(crate) formats: BTreeMap<&'static str, u64>,
    pub(crate) names: BTreeMap<Class, u64>,
}

impl Objects {
    fn report(self) -> ObjectsReport {
        let names = class_reports(&self.names, self.listed, &|part| {
            self.all_listed.then(|| Interval::exact(part, self.listed))
        });
        ObjectsReport {
            listed: self.listed,
            all_listed: self.all_listed,
            bytes: self.bytes,
            read: self.read,
            cut: self.cut,
            unread: self
                .unread
                .into_iter()
                .map(|(reason, objects)| UnreadReport { reason, objects })
                .collect(),
            formats: self
                .formats
                .into_iter()
                .map(|(format, objects)| FormatReport {
                    format: format.to_owned(),
                    objects,
                })
                .collect(),
            names,
        }
    }
}

/// Counts of classes among so many, most frequent first.
fn class_reports(
    counts: &BTreeMap<Class, u64>,
    of: u64,
    bounded: &dyn Fn(u64) -> Option<Interval>,
) -> Vec<ClassReport> {
    let mut list: Vec<ClassReport> = counts
        .iter()
        .map(|(class, records)| {
            let bounds = bounded(*records);
            ClassReport {
                class: class.to_string(),
                records: *records,
                share: round(Interval::exact(*records, of).value),
                low: bounds.map(|bounds| round(bounds.low)),
                high: bounds.map(|bounds| round(bounds.high)),
            }
        })
        .collect();
    list.sort_by(|a, b| (b.records, &a.class).cmp(&(a.records, &b.class)));
    list
}

impl Container {
    pub(crate) fn new(kind: &'static str, name: String) -> Self {
        Self {
            kind,
            name,
            id: None,
            records: None,
            estimated: false,
            mapping: None,
            method: Method::None,
            stopped_by: None,
            profile: Profile::default(),
            objects: None,
        }
    }

    /// Notes how the reading of it ended: to its end, at what the store said, or at a
    /// failure that is this container's alone.
    pub(crate) fn ended(&mut self, read: Result<Result<(), String>, Failure>) {
        match read {
            Ok(Ok(())) => {}
            Ok(Err(why)) => self.stopped_by = Some(why),
            Err(failure) => self.stopped_by = Some(failure.to_string()),
        }
    }
}

impl ContainerReport {
    pub(crate) fn new(container: Container) -> Self {
        let Container {
            kind,
            name,
            id,
            records,
            estimated,
            mapping,
            mut method,
            stopped_by,
            profile,
            objects,
        } = container;
        if method == Method::Whole && stopped_by.is_some() {
            method = Method::InOrder("the first ones in the store's order; the rest can differ");
        }
        if matches!(method, Method::Random | Method::ByKey(..)) && stopped_by.is_some() {
            method = Method::Unbounded("what was read before it ended; the rest can differ");
        }
        let bounded = |part: u64| match method {
            Method::Whole => Some(Interval::exact(part, profile.examined)),
            // Strata of keys vary less than records drawn one by one.
            Method::Random | Method::ByKey(..) => Some(Interval::wilson(part, profile.examined)),
            Method::Unbounded(_) | Method::InOrder(_) | Method::None => None,
        };
        let classes =
            |counts: &BTreeMap<Class, u64>| class_reports(counts, profile.examined, &bounded);
        let mut languages: Vec<LanguageReport> = profile
            .languages
            .iter()
            .map(|(language, texts)| LanguageReport {
                language: (*language).to_owned(),
                texts: *texts,
            })
            .collect();
        languages.sort_by(|a, b| (b.texts, &a.language).cmp(&(a.texts, &b.language)));
        Self {
            kind: kind.to_owned(),
            name,
            id,
            records,
            records_estimated: estimated,
            examined: profile.examined,
            whole: method == Method::Whole,
            sampling: SamplingReport {
                method: match method {
                    Method::Whole => "whole",
                    Method::Random => "random",
                    Method::ByKey(..) => "by key",
                    Method::Unbounded(_) => "unbounded",
                    Method::InOrder(_) => "in order",
                    Method::None => "none",
                }
                .to_owned(),
                bias: match method {
                    Method::InOrder(bias) | Method::Unbounded(bias) => Some(bias.to_owned()),
                    _ => None,
                },
                stopped_by,
                by_key: match method {
                    Method::ByKey(field, level) => Some(KeySampleReport {
                        field: format!("{field:016x}"),
                        level,
                    }),
                    _ => None,
                },
            },
            mapping: mapping.map(|hash| format!("{hash:016x}")),
            classes: classes(&profile.classes),
            languages,
            fields: profile
                .fields
                .iter()
                .map(|(field, found)| FieldReport {
                    field: field.clone(),
                    present: found.present,
                    classes: classes(&found.classes),
                })
                .collect(),
            dates: profile
                .dates
                .iter()
                .map(|(field, months)| DatesReport {
                    field: field.clone(),
                    months: months
                        .iter()
                        .map(|(month, values)| MonthReport {
                            month: format!("{month:016x}"),
                            values: *values,
                        })
                        .collect(),
                })
                .collect(),
            sketch: SketchReport {
                hashes: profile.sketch.hex(),
                complete: profile.sketch.complete(),
            },
            values_cut: profile.cut,
            objects: objects.map(Objects::report),
        }
    }
}

/// Ten-thousandths: no sample says more.
pub(crate) fn round(share: f64) -> f64 {
    (share * 1e4).round() / 1e4
}
