//! The wire format of the reports, versioned on its own.
//!
//! A field that stands here stays; new ones may be added under the same
//! `schema`. Addresses, prefixes and ports are text in their usual notation.

use schemars::JsonSchema;
use serde::Serialize;

/// The `schema` of an audit report.
pub const AUDIT_SCHEMA: &str = "celador.audit/v1";
/// The `schema` of a diff report.
pub const DIFF_SCHEMA: &str = "celador.diff/v1";
/// The `schema` of an explanation.
pub const EXPLAIN_SCHEMA: &str = "celador.explain/v1";
/// The `schema` of a lint report.
pub const LINT_SCHEMA: &str = "celador.lint/v1";

/// What `celador audit` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditReport {
    /// Always `celador.audit/v1`.
    pub schema: &'static str,
    /// Change number of the service tags that were used.
    pub service_tags: u32,
    /// The sources that were asked about; `internet` or prefixes.
    pub from: Vec<String>,
    /// What the input holds that could not be understood.
    pub warnings: Vec<WarningReport>,
    /// How many stores have which verdict.
    pub summary: Summary,
    /// Data stores, sorted by id.
    pub stores: Vec<StoreReport>,
}

/// Counts of stores.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Machines that were looked at, stores or not.
    pub hosts: usize,
    /// Data stores among them.
    pub stores: usize,
    /// Stores with at least one exposed endpoint.
    pub exposed: usize,
    /// Stores with no exposed and at least one undetermined endpoint.
    pub undetermined: usize,
    /// Stores with neither.
    pub not_exposed: usize,
}

/// Something in the input that was not understood.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct WarningReport {
    /// The file, as it was given.
    pub file: String,
    /// JSON pointer into the file.
    pub pointer: String,
    /// What, and what follows.
    pub message: String,
}

/// The answer about one endpoint, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VerdictReport {
    /// Some packet certainly reaches it.
    Exposed,
    /// Something that decides the answer is unknown.
    Undetermined,
    /// No packet reaches it.
    NotExposed,
}

impl From<celador_model::Verdict> for VerdictReport {
    fn from(verdict: celador_model::Verdict) -> Self {
        match verdict {
            celador_model::Verdict::Exposed => Self::Exposed,
            celador_model::Verdict::Undetermined => Self::Undetermined,
            celador_model::Verdict::NotExposed => Self::NotExposed,
        }
    }
}

/// One data store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StoreReport {
    /// Inventory id, or the resource id.
    pub id: String,
    /// Short name.
    pub name: String,
    /// Catalogue id of the product; null where it is not known which.
    pub product: Option<String>,
    /// Why this counts as a data store.
    pub because: String,
    /// The worst verdict of its endpoints.
    pub verdict: VerdictReport,
    /// Who answers for it, from the inventory.
    pub owner: Option<String>,
    /// Classes of data it holds, from the inventory.
    pub data: Vec<String>,
    /// Its endpoints, by address, protocol and port.
    pub endpoints: Vec<EndpointReport>,
}

/// One endpoint of a store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EndpointReport {
    /// The address as the filters see it, or the prefix it lies in, or a name.
    pub address: String,
    /// Public addresses that lead here.
    pub public: Vec<String>,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// A port or a range, `9200` or `9200-9300`.
    pub ports: String,
    /// Products that use the port, by the catalogue.
    pub products: Vec<String>,
    /// The verdict.
    pub verdict: VerdictReport,
    /// Every source that certainly reaches the endpoint, and no other.
    pub exposure: Vec<SourceReport>,
    /// Sources of which it is unknown whether they reach it; beside an exposure
    /// it means that the exposure may be wider.
    pub possible: Vec<SourceReport>,
    /// The rules that decide, from the outside inwards.
    pub deciding: Vec<DecidingReport>,
    /// The ways in, each from the outside inwards.
    pub paths: Vec<PathReport>,
    /// A packet that reaches the endpoint; null unless it is exposed.
    pub witness: Option<WitnessReport>,
    /// Why it is undetermined or not exposed; null where nothing is to add.
    pub reason: Option<String>,
}

/// Sources: addresses × source ports.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct SourceReport {
    /// The shortest list of prefixes.
    pub sources: Vec<String>,
    /// Source ports, `0-65535` for any.
    pub source_ports: String,
}

/// A rule that decides at one layer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct DecidingReport {
    /// `subnet-nsg` or `nic-nsg`.
    pub layer: String,
    /// Resource id of the filter.
    pub filter: String,
    /// Name of the rule; null when no rule matches.
    pub rule: Option<String>,
    /// Its priority.
    pub priority: Option<u32>,
    /// `allow` or `deny`.
    pub action: String,
    /// The file it was read from; null for a rule that the platform adds.
    pub file: Option<String>,
    /// JSON pointer into the file.
    pub pointer: Option<String>,
}

/// A way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PathReport {
    /// The hops from the outside inwards.
    pub hops: Vec<HopReport>,
    /// The public address; null where it is not known.
    pub public: Option<String>,
    /// The public port that leads to the first of the endpoint's ports; null
    /// where it is not known.
    pub public_port: Option<u16>,
    /// `open`, `possible` (something about it is unknown) or `closed` (closed
    /// by the platform because no filter stands before the interface).
    pub state: &'static str,
}

/// One hop of a way in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HopReport {
    /// `public-ip`, `load-balancer`…
    pub kind: String,
    /// Resource id.
    pub id: String,
    /// Short name.
    pub name: String,
    /// The file it was read from.
    pub file: Option<String>,
    /// JSON pointer into the file.
    pub pointer: Option<String>,
}

/// A packet as a client on the Internet would send it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct WitnessReport {
    /// Source address.
    pub src: String,
    /// Source port; null for a protocol without ports.
    pub src_port: Option<u16>,
    /// Public destination address; null where it is not known.
    pub dst: Option<String>,
    /// Public destination port; null where it is not known.
    pub dst_port: Option<u16>,
    /// Protocol.
    pub protocol: String,
}

/// What `celador diff` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct DiffReport {
    /// Always `celador.diff/v1`.
    pub schema: &'static str,
    /// Change number of the service tags that were used.
    pub service_tags: u32,
    /// What either input holds that could not be understood.
    pub warnings: Vec<WarningReport>,
    /// What reaches a store now and did not before.
    pub opened: Vec<ChangeReport>,
    /// What reached a store before and does not now.
    pub closed: Vec<ChangeReport>,
    /// Where something unknown decides whether anything changed.
    pub undetermined: Vec<ChangeReport>,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ChangeReport {
    /// The store's id.
    pub store: String,
    /// Its short name.
    pub name: String,
    /// Catalogue id of the product; null where it is not known which.
    pub product: Option<String>,
    /// The address as the filters see it.
    pub address: String,
    /// Public addresses that lead here, after the change (before, for closed).
    pub public: Vec<String>,
    /// `tcp` or `udp`.
    pub protocol: String,
    /// A port or a range.
    pub ports: String,
    /// The shortest list of prefixes.
    pub sources: Vec<String>,
    /// Source ports, `0-65535` for any.
    pub source_ports: String,
    /// The rules that decide after the change.
    pub deciding: Vec<DecidingReport>,
    /// A packet whose fate changed; null for an undetermined change.
    pub witness: Option<WitnessReport>,
    /// Why it is undetermined; null otherwise.
    pub reason: Option<String>,
}
