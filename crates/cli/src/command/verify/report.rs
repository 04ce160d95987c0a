//! The wire format of `celador verify`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::command::scan::report::{InputReport, WarningReport};

/// What `celador verify` says.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct VerifyReport {
    /// Always `celador.verify/v1`.
    pub(crate) schema: &'static str,
    /// Whether nothing of the original was found in the outputs; without an
    /// original, whether the finder finds nothing in them.
    pub(crate) clean: bool,
    /// What was checked.
    pub(crate) outputs: Vec<InputReport>,
    /// What it was checked against; null where no original was given.
    pub(crate) original: Option<OriginalReport>,
    /// What still stands in the outputs: values of the original, or without one,
    /// what the finder finds.
    pub(crate) residue: Vec<ResidueReport>,
    /// What the second detector suspects in the outputs, beside the residue and
    /// what a redaction writes. Wide on purpose: not a failure by itself.
    pub(crate) suspects: Vec<ResidueReport>,
    /// Values that were planted and redacted in memory with the same profile; null
    /// where no profile was given.
    pub(crate) canaries: Option<CanaryReport>,
    /// How far the fields that are left single people out; null where no such
    /// field was named or recognised.
    pub(crate) risk: Option<RiskReport>,
    /// What was not understood.
    pub(crate) warnings: Vec<WarningReport>,
}

/// The original, as two detectors saw it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct OriginalReport {
    /// What was read.
    pub(crate) inputs: Vec<InputReport>,
    /// Values that were found, by either detector.
    pub(crate) values: u64,
    /// Of them, values too short to be told from ordinary words, which were not
    /// looked for in the outputs.
    pub(crate) too_short: u64,
    /// The share of the others that was looked for: 1 unless there are millions.
    pub(crate) looked_for: f64,
    /// Both detectors by kind.
    pub(crate) detectors: Vec<DetectorReport>,
}

/// What two detectors found of one kind in the original.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct DetectorReport {
    /// The kind.
    pub(crate) kind: &'static str,
    /// Found by the finder alone.
    pub(crate) finder_only: u64,
    /// Found by the second detector alone.
    pub(crate) second_only: u64,
    /// Found by both.
    pub(crate) both: u64,
    /// How many both will have missed (capture-recapture); null where that cannot
    /// be said.
    pub(crate) missed_by_both: Option<EstimateReport>,
    /// Why it cannot be said.
    pub(crate) undetermined: Option<&'static str>,
}

/// A number with its 95% interval.
#[derive(Debug, Clone, Copy, Serialize, JsonSchema)]
pub(crate) struct EstimateReport {
    /// The most likely number.
    pub(crate) value: f64,
    /// Lower end.
    pub(crate) low: f64,
    /// Upper end.
    pub(crate) high: f64,
}

/// Values of one class in one field of one output.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ResidueReport {
    /// The output.
    pub(crate) output: String,
    /// Path of the field, list elements together; empty for a whole text.
    pub(crate) field: String,
    /// The class, or the second detector's kind.
    pub(crate) class: &'static str,
    /// How many.
    pub(crate) count: u64,
    /// In how many records.
    pub(crate) records: u64,
    /// The first of these records, from 1.
    pub(crate) first_record: u64,
}

/// What became of planted values.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct CanaryReport {
    /// How many were planted.
    pub(crate) planted: u64,
    /// How many cannot be read any more.
    pub(crate) gone: u64,
    /// Their share with its 95% interval, of these classes and spellings.
    pub(crate) share: Option<EstimateReport>,
    /// Those that can still be read, by class and spelling.
    pub(crate) left: BTreeMap<String, u64>,
}

/// How far fields single people out.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct RiskReport {
    /// The quasi-identifiers that were counted together.
    pub(crate) fields: Vec<FieldRiskReport>,
    /// Records with at least one of them.
    pub(crate) records: u64,
    /// Distinct combinations.
    pub(crate) combinations: u64,
    /// Records in the smallest group that agrees in all of them: the k of
    /// k-anonymity. At most this where `exact` is false.
    pub(crate) k: Option<u64>,
    /// Whether every combination was counted.
    pub(crate) exact: bool,
    /// The share of records that are alone in their group.
    pub(crate) alone: Option<EstimateReport>,
    /// The share of records in groups of fewer than 11.
    pub(crate) few: Option<EstimateReport>,
}

/// One field's part in it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FieldRiskReport {
    /// Its name.
    pub(crate) field: String,
    /// Distinct values; null where there are too many to count.
    pub(crate) distinct: Option<u64>,
    /// Records in which it is absent or empty.
    pub(crate) empty: u64,
    /// The share of records alone in their group if it were not there.
    pub(crate) alone_without: Option<EstimateReport>,
}

impl From<celador_verify::estimate::Estimate> for EstimateReport {
    fn from(estimate: celador_verify::estimate::Estimate) -> Self {
        // Six digits say more than the interval does, and are the same everywhere.
        let round = |value: f64| (value * 1e6).round() / 1e6;
        Self {
            value: round(estimate.value),
            low: round(estimate.low),
            high: round(estimate.high),
        }
    }
}
