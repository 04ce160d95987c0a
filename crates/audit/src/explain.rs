//! Why packets do or do not reach a store: every layer's answer.

use celador_cloud::Snapshot;
use celador_model::{AddressSet, PortRange, PortSet, Protocol, Verdict};
use celador_reach::network::{Filter, Gate, Interface, Rule};
use celador_reach::question::explain::{LayerAnswer, Packets, Part, explain as ask};
use celador_reach::question::exposure::judge;
use schemars::JsonSchema;
use serde::Serialize;

use crate::audit::{action_text, address_text, path_report, prefixes, reason};
use crate::report::{EXPLAIN_SCHEMA, PathReport, WarningReport};
use crate::stores::{Store, Where};

/// What `celador explain` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExplainReport {
    /// Always `celador.explain/v1`.
    pub schema: &'static str,
    /// Change number of the service tags that were used.
    pub service_tags: u32,
    /// What the input holds that could not be understood.
    pub warnings: Vec<WarningReport>,
    /// The store's id.
    pub store: String,
    /// The store's short name.
    pub name: String,
    /// One explanation for each address of the store.
    pub targets: Vec<TargetReport>,
}

/// The explanation for one address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TargetReport {
    /// The address as the filters see it.
    pub address: String,
    /// Source addresses asked about.
    pub sources: Vec<String>,
    /// Destination port at the address.
    pub port: u16,
    /// Protocol.
    pub protocol: String,
    /// `exposed`: all of the packets get through; `not_exposed`: none does;
    /// `partly_exposed`: some do; `undetermined`: that is unknown for some and
    /// none certainly does.
    pub verdict: &'static str,
    /// The packets that get through.
    pub reaching: Vec<String>,
    /// Why, where the layers do not say it.
    pub reason: Option<String>,
    /// Ways in.
    pub paths: Vec<PathReport>,
    /// The layers from the outside inwards.
    pub layers: Vec<LayerReport>,
}

/// One layer's answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LayerReport {
    /// `subnet-nsg` or `nic-nsg`.
    pub layer: String,
    /// Resource id of the filter; null when none stands here or it is absent.
    pub filter: Option<String>,
    /// `open` (no filter stands here), `filter`, or `unknown`.
    pub state: &'static str,
    /// Why it is unknown.
    pub reason: Option<String>,
    /// The packets by what decides them.
    pub parts: Vec<PartReport>,
    /// Rules that match some of the packets but come after the deciding one.
    pub shadowed: Vec<RuleReport>,
}

/// Some of the packets at one layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartReport {
    /// These sources.
    pub sources: Vec<String>,
    /// From these ports.
    pub source_ports: String,
    /// `allow`, `deny`, or `unknown`.
    pub action: &'static str,
    /// The rule that decides; null when none matches.
    pub rule: Option<RuleReport>,
    /// Rules that may match before it, because something about them is unknown.
    pub maybe: Vec<RuleReport>,
}

/// A rule and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleReport {
    /// Name.
    pub name: String,
    /// Priority.
    pub priority: u32,
    /// `allow` or `deny`.
    pub action: String,
    /// The file; null for a rule that the platform adds.
    pub file: Option<String>,
    /// JSON pointer into the file.
    pub pointer: Option<String>,
}

/// Explains packets to one port of a store, at each of its addresses.
pub fn explain(
    snapshot: &Snapshot,
    store: &Store,
    sources: &AddressSet,
    source_ports: PortRange,
    port: u16,
    protocol: Protocol,
) -> ExplainReport {
    let targets = store
        .asked
        .iter()
        .filter_map(|asked| match asked.at {
            Where::Interface(id) => snapshot.network.interfaces.get(id.index()),
            Where::Nowhere { .. } => None,
        })
        .map(|interface| {
            let packets = Packets {
                sources: sources.clone(),
                source_ports,
                port,
                protocol,
            };
            target(snapshot, interface, &packets)
        })
        .collect();
    ExplainReport {
        schema: EXPLAIN_SCHEMA,
        service_tags: snapshot.service_tags,
        warnings: crate::audit::warnings(snapshot),
        store: store.id.clone(),
        name: store.name.clone(),
        targets,
    }
}

fn target(snapshot: &Snapshot, interface: &Interface, packets: &Packets) -> TargetReport {
    let network = &snapshot.network;
    let port: PortSet = std::iter::once(crate::audit::single(packets.port)).collect();
    let outcome = judge(
        network,
        interface,
        packets.protocol,
        &port,
        &packets.sources,
    )
    .into_iter()
    .next()
    .map(|slice| slice.outcome)
    .unwrap_or_default();
    // Only the asked source ports count.
    let asked_ports: PortSet = std::iter::once(packets.source_ports).collect();
    let reaching = outcome
        .allowed
        .iter()
        .filter(|span| asked_ports.is_subset(&span.ports))
        .fold(AddressSet::empty(), |set, span| set.union(&span.sources));
    let family = match interface.address.net() {
        ipnet::IpNet::V4(_) => AddressSet {
            v4: packets.sources.v4.clone(),
            ..AddressSet::default()
        },
        ipnet::IpNet::V6(_) => AddressSet {
            v6: packets.sources.v6.clone(),
            ..AddressSet::default()
        },
    };
    let verdict = if outcome.verdict() == Verdict::Undetermined {
        "undetermined"
    } else if reaching.is_empty() {
        "not_exposed"
    } else if family.is_subset(&reaching) {
        "exposed"
    } else {
        "partly_exposed"
    };
    let with = |indices: &[usize], state| {
        indices
            .iter()
            .filter_map(|&index| interface.paths.get(index))
            .map(|path| path_report(path, packets.port, state))
            .collect::<Vec<_>>()
    };
    let mut paths = with(&outcome.paths, "open");
    paths.extend(with(&outcome.possible_paths, "possible"));
    paths.extend(with(&outcome.closed_paths, "closed"));
    TargetReport {
        address: address_text(interface),
        sources: prefixes(&packets.sources, &AddressSet::full()),
        port: packets.port,
        protocol: packets.protocol.to_string(),
        verdict,
        reaching: prefixes(&reaching, &AddressSet::full()),
        reason: reason(network, interface, &outcome),
        paths,
        layers: ask(network, interface, packets)
            .iter()
            .map(|answer| layer(snapshot, answer))
            .collect(),
    }
}

fn layer(snapshot: &Snapshot, answer: &LayerAnswer) -> LayerReport {
    let network = &snapshot.network;
    let filter = match answer.gate {
        Gate::Filter(id) => network.filters.get(id.index()),
        Gate::Open | Gate::Unknown(_) => None,
    };
    let rules = |indices: &[u32]| {
        indices
            .iter()
            .filter_map(|&index| rule(filter?, index))
            .collect::<Vec<_>>()
    };
    let part = |part: &Part| PartReport {
        sources: prefixes(&part.sources, &AddressSet::full()),
        source_ports: part.source_ports.to_string(),
        action: part.action.map_or("unknown", action_text),
        rule: part.rule.and_then(|index| rule(filter?, index)),
        maybe: rules(&part.maybe),
    };
    LayerReport {
        layer: answer.kind.to_owned(),
        filter: filter.map(|filter| filter.id.clone()),
        state: match answer.gate {
            Gate::Open => "open",
            Gate::Filter(_) => "filter",
            Gate::Unknown(_) => "unknown",
        },
        reason: match answer.gate {
            Gate::Unknown(id) => network
                .unknowns
                .get(id.index())
                .map(|unknown| unknown.reason.clone()),
            Gate::Open | Gate::Filter(_) => None,
        },
        parts: answer.parts.iter().map(part).collect(),
        shadowed: rules(&answer.shadowed),
    }
}

fn rule(filter: &Filter, index: u32) -> Option<RuleReport> {
    filter
        .inbound
        .get(index as usize)
        .map(|rule| rule_report(filter, rule))
}

/// A rule for a report.
pub(crate) fn rule_report(filter: &Filter, rule: &Rule) -> RuleReport {
    let origin = filter.origin_of(rule);
    RuleReport {
        name: rule.name.to_string(),
        priority: rule.priority,
        action: action_text(rule.action).to_owned(),
        file: origin.as_ref().map(|origin| origin.file.to_string()),
        pointer: origin.as_ref().map(|origin| origin.pointer.to_string()),
    }
}
