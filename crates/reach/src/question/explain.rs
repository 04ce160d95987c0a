//! What every layer in front of an interface says of given packets.
//!
//! Unlike [`exposure`](super::exposure), which stops at the first layer that
//! denies, every layer is asked, and the rules that would have matched had an
//! earlier one not decided are named. Does not ask whether a path from the
//! Internet exists: the interface's paths are beside the layers for that.

use celador_model::{AddressSet, IntervalSet, PortRange, Protocol};

use crate::family::Family;
use crate::first_match::{Candidate, Decision, candidates, first_match, matches_port};
use crate::network::{Action, Direction, FilterId, Gate, Interface, Network};
use crate::slab::{slab_starts, slabs};

/// Packets to explain: all to one port of one interface.
#[derive(Debug, Clone)]
pub struct Packets {
    /// Source addresses.
    pub sources: AddressSet,
    /// Source ports.
    pub source_ports: PortRange,
    /// Destination port at the interface.
    pub port: u16,
    /// Protocol.
    pub protocol: Protocol,
}

/// What one layer does with some of the packets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// These sources…
    pub sources: AddressSet,
    /// …from these ports.
    pub source_ports: PortRange,
    /// The rule that decides, by its index among the inbound rules; `None` when
    /// no rule matches and the filter denies by itself.
    pub rule: Option<u32>,
    /// What happens; `None` when it depends on something unknown.
    pub action: Option<Action>,
    /// Rules that may match before it, because something is unknown.
    pub maybe: Vec<u32>,
}

/// One layer's answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LayerAnswer {
    /// What stands here (`subnet-nsg`).
    pub kind: &'static str,
    /// The gate itself.
    pub gate: Gate,
    /// The packets by what decides them, in source order; empty for a gate that
    /// has no filter.
    pub parts: Vec<Part>,
    /// Rules that match some of the packets and come after the rule that
    /// decides them.
    pub shadowed: Vec<u32>,
}

/// Asks every layer.
pub fn explain(network: &Network, interface: &Interface, packets: &Packets) -> Vec<LayerAnswer> {
    interface
        .layers
        .iter()
        .map(|layer| {
            let (parts, shadowed) = match layer.gate {
                Gate::Filter(filter) => match interface.address.net() {
                    ipnet::IpNet::V4(_) => ask::<u32>(network, interface, filter, packets),
                    ipnet::IpNet::V6(_) => ask::<u128>(network, interface, filter, packets),
                },
                Gate::Open | Gate::Unknown(_) => (Vec::new(), Vec::new()),
            };
            LayerAnswer {
                kind: layer.kind,
                gate: layer.gate,
                parts,
                shadowed,
            }
        })
        .collect()
}

fn ask<T: Family>(
    network: &Network,
    interface: &Interface,
    filter: FilterId,
    packets: &Packets,
) -> (Vec<Part>, Vec<u32>) {
    let (Some(filter), Some(zone)) = (
        network.filters.get(filter.index()),
        network.zones.get(interface.zone.index()),
    ) else {
        return (Vec::new(), Vec::new());
    };
    let one_port: celador_model::PortSet =
        std::iter::once(celador_model::Interval::single(packets.port)).collect();
    let all: Vec<Candidate<'_, T>> = candidates(
        filter,
        filter.rules(Direction::Inbound),
        zone,
        interface,
        interface.address,
        packets.protocol,
        &one_port,
    )
    .into_iter()
    .filter(|candidate| matches_port(&candidate.rule.to_ports, packets.protocol, packets.port))
    .collect();
    let asked = T::of(&packets.sources);
    let starts = slab_starts(
        all.iter()
            .filter(|_| packets.protocol.has_ports())
            .flat_map(|candidate| candidate.rule.from_ports.ranges()),
    );
    let mut parts: Vec<Part> = Vec::new();
    let mut shadowed = std::collections::BTreeSet::new();
    for slab in slabs(&starts) {
        let Some(source_ports) = slab.intersection(packets.source_ports) else {
            continue;
        };
        let active: Vec<u32> = (0u32..)
            .zip(&all)
            .filter(|(_, candidate)| {
                matches_port(&candidate.rule.from_ports, packets.protocol, slab.lo)
            })
            .map(|(position, _)| position)
            .collect();
        let decided = first_match(&all, &active);
        let mut lo = T::MIN;
        for &(hi, decision) in decided.line.cells() {
            let span: IntervalSet<T> = celador_model::Interval::new(lo, hi).into_iter().collect();
            let inside = span.intersection(asked);
            lo = hi.next().unwrap_or(T::MAX);
            if inside.is_empty() {
                continue;
            }
            let (rule, action, maybe) = match decision {
                Decision::NoRule => (None, Some(Action::Deny), Vec::new()),
                Decision::Rule(index) => (
                    Some(index),
                    Some(filter.inbound[index as usize].action),
                    Vec::new(),
                ),
                Decision::Doubtful(index) => {
                    let list = &decided.doubtful[index as usize];
                    let index_of = |position: &u32| all[*position as usize].index;
                    (
                        list.otherwise.as_ref().map(index_of),
                        None,
                        list.maybe.iter().map(index_of).collect(),
                    )
                }
            };
            for &position in &active {
                let candidate = &all[position as usize];
                if rule.is_some_and(|own| candidate.index > own)
                    && candidate.sources.intersects(&inside)
                {
                    shadowed.insert(candidate.index);
                }
            }
            let same = parts.iter_mut().find(|part| {
                part.source_ports == source_ports && part.rule == rule && part.maybe == maybe
            });
            match same {
                Some(part) => part.sources = part.sources.union(&T::wrap(inside)),
                None => parts.push(Part {
                    sources: T::wrap(inside),
                    source_ports,
                    rule,
                    action,
                    maybe,
                }),
            }
        }
    }
    (parts, shadowed.into_iter().collect())
}
