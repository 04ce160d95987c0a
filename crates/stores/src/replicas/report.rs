//! The wire format of a comparison, versioned on its own.

use schemars::JsonSchema;
use serde::Serialize;

use crate::inspect::report::State;

/// What `celador replicas` says.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ReplicasReport {
    /// Always `celador.replicas/v1`.
    pub schema: &'static str,
    /// The stores that were compared.
    pub stores: Vec<ComparedStore>,
    /// Endpoints of one cluster or replication group.
    pub clusters: Vec<ClusterReport>,
    /// Data sets, those with most copies first.
    pub data_sets: Vec<DataSetReport>,
    /// Containers that have records in common.
    pub pairs: Vec<PairReport>,
    /// Containers that could not be compared by their records.
    pub undetermined: Vec<UndeterminedReport>,
    /// All records, as stored and once each.
    pub totals: TotalsReport,
}

/// One store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ComparedStore {
    /// As it was asked for.
    pub endpoint: String,
    /// How far it was looked into.
    pub state: State,
    /// Why no further.
    pub reason: Option<String>,
    /// The product.
    pub product: Option<String>,
    /// Its cluster's id.
    pub cluster: Option<String>,
    /// Records, as the store counts.
    pub records: Option<u64>,
}

/// Endpoints that say they are of one cluster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClusterReport {
    /// The id.
    pub cluster: String,
    /// The product.
    pub product: String,
    /// The endpoints.
    pub endpoints: Vec<String>,
    /// Whether more than one of them is written to: then they are copies that went
    /// apart from one beginning, and no nodes of one cluster.
    pub apart: bool,
}

/// A container of a store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct PlaceReport {
    /// The store.
    pub endpoint: String,
    /// The index, table, …
    pub container: String,
}

/// Records that belong together.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct DataSetReport {
    /// How often it is kept; nodes of one cluster count once.
    pub copies: usize,
    /// Where.
    pub places: Vec<PlaceReport>,
    /// Different records, each counted once; null when not known.
    pub records: Option<u64>,
    /// Whether `records` is a count and no estimate.
    pub exact: bool,
    /// Whether all have the same fields of the same types; null when one does not
    /// tell.
    pub same_mapping: Option<bool>,
    /// Classes of personal data in any of them.
    pub classes: Vec<String>,
}

/// What two containers have in common.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct PairReport {
    /// One of them.
    pub first: PlaceReport,
    /// The other.
    pub second: PlaceReport,
    /// What follows from the figures.
    pub relation: Relation,
    /// Records in both, of those in either; null where the way in which the records
    /// were chosen does not tell.
    pub similarity: Option<EstimateReport>,
    /// Records of the first that are in the second.
    pub first_in_second: Option<EstimateReport>,
    /// Records of the second that are in the first.
    pub second_in_first: Option<EstimateReport>,
    /// Least share of the first's records that are in the second, with 95%
    /// confidence, where samples met by chance and `first_in_second` is null.
    pub first_in_second_at_least: Option<f64>,
    /// As `first_in_second_at_least`, the other way.
    pub second_in_first_at_least: Option<f64>,
    /// Whether fields and types are the same; null when one does not tell, or the
    /// products have other words for types.
    pub same_mapping: Option<bool>,
    /// Whether the stores count as many records.
    pub same_count: Option<bool>,
    /// How far the dates of fields of one name lie in the same months, from 0 to
    /// 1; null without such fields.
    pub same_dates: Option<f64>,
}

/// How two containers stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    /// One index, seen through two nodes of its cluster.
    SameContainer,
    /// Copies of one data set.
    SameData,
    /// Some records are in both.
    Overlapping,
    /// Next to none are.
    Different,
    /// The samples have records in common; how many of all is not known.
    OverlappingSamples,
}

/// A share with bounds of 95% confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct EstimateReport {
    /// The share.
    pub value: f64,
    /// Its least.
    pub low: f64,
    /// Its greatest.
    pub high: f64,
    /// Whether it was counted and not estimated.
    pub exact: bool,
}

/// A container that could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct UndeterminedReport {
    /// Which.
    pub place: PlaceReport,
    /// Why.
    pub reason: String,
}

/// All records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TotalsReport {
    /// As stored: copies count each time, nodes of one cluster once; null when a
    /// count is not known.
    pub records_stored: Option<u64>,
    /// Each data set once; null when a count is not known.
    pub records_once: Option<u64>,
    /// Whether `records_once` is a count and no estimate.
    pub exact: bool,
}
