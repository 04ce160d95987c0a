//! The wire format of `celador scan`.

use schemars::JsonSchema;
use serde::Serialize;

/// What `celador scan` says.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct ScanReport {
    /// Always `celador.scan/v1`.
    pub(crate) schema: &'static str,
    /// Everything that was read, in order.
    pub(crate) inputs: Vec<InputReport>,
    /// What was found: one entry for each input, field and class.
    pub(crate) findings: Vec<FindingReport>,
    /// What was not understood.
    pub(crate) warnings: Vec<WarningReport>,
    /// All together.
    pub(crate) summary: SummaryReport,
}

/// A file or standard input.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct InputReport {
    /// Its path, or `-`; a member of an archive has the archive's, `!/` and its name.
    pub(crate) input: String,
    /// How it was read: `text`, `json`, `json_lines`, `csv`, `tsv`, `parquet`, `avro`,
    /// `xlsx`, `pdf`, `mail`, `mbox`, `tar` or `zip`. Members of the last two follow as inputs of their own.
    pub(crate) format: &'static str,
    /// How it is packed, from outside: `gzip`, `zstd`.
    pub(crate) packed: Vec<&'static str>,
    /// Its encoding, where it is `utf-16le` or `utf-16be`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) encoding: Option<&'static str>,
    /// Records that were read; a text is one.
    pub(crate) records: u64,
    /// Of them, records that are malformed and were looked at as one text.
    pub(crate) malformed: u64,
    /// Of them, records with bytes that are not UTF-8; such bytes were taken for Windows-1252.
    pub(crate) not_utf8: u64,
}

/// Values of one class in one field.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FindingReport {
    /// The input.
    pub(crate) input: String,
    /// Path of the field, list elements together (`phones[]`); empty for a whole text or a
    /// malformed record. A name that holds personal data is shown as `*`.
    pub(crate) field: String,
    /// The class.
    pub(crate) class: &'static str,
    /// How many values.
    pub(crate) count: u64,
    /// In how many records.
    pub(crate) records: u64,
    /// The first of these records, from 1.
    pub(crate) first_record: u64,
    /// The least score, from 0 to 1.
    pub(crate) min_score: f64,
    /// The highest score.
    pub(crate) max_score: f64,
    /// How many each rule found; with `--explain` only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rules: Option<std::collections::BTreeMap<String, u64>>,
}

/// What was not understood.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct WarningReport {
    /// The input.
    pub(crate) input: String,
    /// The record, where it is about one.
    pub(crate) record: Option<u64>,
    /// What it is; never quotes the input.
    pub(crate) message: String,
}

/// Counts over all inputs.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct SummaryReport {
    /// Inputs that were read.
    pub(crate) inputs: u64,
    /// Records.
    pub(crate) records: u64,
    /// Records in which something was found.
    pub(crate) records_with_findings: u64,
    /// Malformed records.
    pub(crate) malformed: u64,
    /// Values found.
    pub(crate) values: u64,
    /// Values by class.
    pub(crate) classes: std::collections::BTreeMap<&'static str, u64>,
}
