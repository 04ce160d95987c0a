//! The wire format of `celador redact` and `reveal`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `celador redact` did.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct RedactReport {
    /// Always `celador.redact/v1`.
    pub(crate) schema: &'static str,
    /// The profile's name or file; none for labels alone.
    pub(crate) profile: Option<String>,
    /// The key that wrote, by its name.
    pub(crate) key: Option<String>,
    /// Everything that was written, in order.
    pub(crate) inputs: Vec<Rewritten>,
    /// Inputs that were rejected as a whole, and why.
    pub(crate) rejected_inputs: Vec<RejectedInput>,
    /// All together.
    pub(crate) summary: Summary,
}

/// An input that was not written.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
pub(crate) struct RejectedInput {
    /// Its path.
    pub(crate) input: String,
    /// Why.
    pub(crate) reason: String,
}

/// One input.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Rewritten {
    /// Its path, or `-`.
    pub(crate) input: String,
    /// Where it was written; `-` for standard output.
    pub(crate) output: String,
    /// How it was read.
    pub(crate) format: String,
    /// Of an archive, how many members were written again, those of archives in it
    /// included; the records and changes are those of all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) members: Option<u64>,
    /// Records that were read; a text is one.
    pub(crate) records: u64,
    /// Of them, malformed ones that stand in the reject file instead of the output.
    pub(crate) rejected: u64,
    /// What of the records was not read and stays as it was, such as a picture that is
    /// attached to a message, and in how many records.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) not_read: BTreeMap<String, u64>,
    /// What was changed, by field, class and operator.
    pub(crate) changes: Vec<Changed>,
    /// What was not looked at, such as columns of fractions.
    #[serde(default)]
    pub(crate) notes: Vec<String>,
}

/// Values of one class in one field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Changed {
    /// Path of the field, list elements together (`phones[]`); empty for a whole
    /// text. A name that holds personal data is shown as `*`.
    pub(crate) field: String,
    /// The class; none for a field whose whole value was replaced.
    pub(crate) class: Option<String>,
    /// What was done.
    pub(crate) operator: String,
    /// How many.
    pub(crate) count: u64,
    /// Of them, those where the operator asked for could not be used and a label, or
    /// null in a column of numbers, stands instead.
    pub(crate) fell_back: u64,
}

/// Counts over all inputs.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub(crate) struct Summary {
    /// Inputs that were written.
    pub(crate) inputs: u64,
    /// Records.
    pub(crate) records: u64,
    /// Records in the reject file.
    pub(crate) rejected: u64,
    /// Values that were changed.
    pub(crate) changes: u64,
    /// Of them, by class; `other` for fields without one.
    pub(crate) classes: BTreeMap<String, u64>,
    /// By operator.
    pub(crate) operators: BTreeMap<String, u64>,
}
