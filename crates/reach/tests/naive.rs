//! The exact engine against its naive twin: one packet, one rule at a time.
//!
//! The twin has three values. Every unknown either holds or does not; a packet
//! that passes in all of those worlds is allowed, in none denied, else in doubt.
//! Each rule has an unknown of its own, so nothing cancels and the engine must
//! agree exactly.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use celador_model::{AddressSet, Interval, Origin, PortRange, PortSet, Protocol, ProtocolSet};
use celador_reach::network::{
    Action, AddressMatch, Destination, Extent, Filter, FilterId, Forward, Gate, GroupId, Interface,
    Layer, MixedMatch, Network, Path, PortMatch, Requirement, Rule, RulePlace, SymbolId, Unknown,
    UnknownId, Zone, ZoneId,
};
use celador_reach::question::exposure::judge;
use ipnet::IpNet;
use proptest::prelude::*;

/// Sources are the first 16 addresses of a documentation prefix; ports are 0–7.
const POINTS: u32 = 16;
const PORTS: u16 = 8;

#[derive(Debug, Clone)]
struct RuleSpec {
    allow: bool,
    any_protocol: bool,
    udp: bool,
    from: Vec<(u32, u32)>,
    symbol: bool,
    group: bool,
    everything: bool,
    to: u8,
    to_ports: Vec<(u16, u16)>,
    from_ports: Option<(u16, u16)>,
    unknown_source: bool,
    unknown_action: bool,
}

#[derive(Debug, Clone)]
struct Spec {
    v6: bool,
    layers: Vec<(u8, Vec<RuleSpec>)>,
    symbol: (u32, u32),
    group: (u32, u32),
    paths: Vec<(u8, u16, u16, bool)>,
    within: bool,
}

fn ordered<T: Ord>((a, b): (T, T)) -> (T, T) {
    if a <= b { (a, b) } else { (b, a) }
}

fn rule_spec() -> impl Strategy<Value = RuleSpec> {
    let span = || (0..POINTS, 0..POINTS).prop_map(ordered);
    let ports = || (0..PORTS, 0..PORTS).prop_map(ordered);
    (
        (any::<bool>(), any::<bool>(), any::<bool>()),
        prop::collection::vec(span(), 0..3),
        (
            prop::bool::weighted(0.2),
            prop::bool::weighted(0.2),
            prop::bool::weighted(0.2),
        ),
        0u8..5,
        prop::collection::vec(ports(), 1..3),
        prop::option::weighted(0.3, ports()),
        (prop::bool::weighted(0.15), prop::bool::weighted(0.1)),
    )
        .prop_map(
            |(
                (allow, any_protocol, udp),
                from,
                (symbol, group, everything),
                to,
                to_ports,
                from_ports,
                (unknown_source, unknown_action),
            )| RuleSpec {
                allow,
                any_protocol,
                udp,
                from,
                symbol,
                group,
                everything,
                to,
                to_ports,
                from_ports,
                unknown_source,
                unknown_action,
            },
        )
}

fn spec() -> impl Strategy<Value = Spec> {
    let span = || (0..POINTS, 0..POINTS).prop_map(ordered);
    (
        any::<bool>(),
        prop::collection::vec((0u8..8, prop::collection::vec(rule_spec(), 0..6)), 0..3),
        span(),
        span(),
        prop::collection::vec(
            (0u8..6, 0..PORTS, 0..PORTS, prop::bool::weighted(0.2)),
            0..3,
        ),
        prop::bool::weighted(0.2),
    )
        .prop_map(|(v6, layers, symbol, group, paths, within)| Spec {
            v6,
            layers,
            symbol,
            group,
            paths,
            within,
        })
}

fn address(v6: bool, point: u32) -> IpAddr {
    if v6 {
        IpAddr::V6(Ipv6Addr::from_bits(
            (0x2001_0db8u128 << 96) + u128::from(point),
        ))
    } else {
        IpAddr::V4(Ipv4Addr::from_bits(0xcb00_7100 + point))
    }
}

fn set(v6: bool, spans: &[(u32, u32)]) -> AddressSet {
    spans
        .iter()
        .flat_map(|&(lo, hi)| lo..=hi)
        .map(|point| IpNet::from(address(v6, point)))
        .collect()
}

fn own(v6: bool) -> IpAddr {
    if v6 {
        "fd00::4".parse().expect("an address")
    } else {
        "10.0.0.4".parse().expect("an address")
    }
}

fn unknown(network: &mut Network) -> UnknownId {
    let id = UnknownId(u32::try_from(network.unknowns.len()).expect("few"));
    network.unknowns.push(Unknown {
        key: format!("u{}", id.0),
        reason: "not known".to_owned(),
        origin: Origin::new("t", ""),
    });
    id
}

/// What a rule's destination says of the interface.
fn destination(spec: &Spec, kind: u8) -> AddressMatch {
    match kind {
        // Half of the prefix that the interface may be in.
        1 => AddressMatch::Fixed(Arc::new(AddressSet::from_net(
            if spec.v6 { "fd00::/65" } else { "10.0.0.0/25" }
                .parse()
                .expect("a prefix"),
        ))),
        2 => AddressMatch::Fixed(Arc::new(AddressSet::from_net(
            "192.0.2.0/24".parse().expect("a prefix"),
        ))),
        3 => AddressMatch::Mixed(Arc::new(MixedMatch {
            groups: vec![GroupId(0)],
            ..MixedMatch::default()
        })),
        _ => AddressMatch::Any,
    }
}

fn build(spec: &Spec) -> Network {
    let mut network = Network::default();
    network.zones.push(Zone {
        symbols: vec![(
            SymbolId(0),
            Extent {
                certain: set(spec.v6, &[spec.symbol]),
                unknown: Vec::new(),
            },
        )],
        groups: vec![(
            GroupId(0),
            Extent {
                certain: set(spec.v6, &[spec.group]),
                unknown: Vec::new(),
            },
        )],
    });
    let mut layers = Vec::new();
    for (kind, rules) in &spec.layers {
        let gate = match kind {
            0 => Gate::Open,
            1 => Gate::Unknown(unknown(&mut network)),
            _ => {
                let inbound = rules
                    .iter()
                    .map(|rule| build_rule(spec, rule, &mut network))
                    .collect();
                network.filters.push(Filter {
                    id: "f".to_owned(),
                    name: "f".to_owned(),
                    sources: Vec::new(),
                    inbound,
                    outbound: Vec::new(),
                });
                Gate::Filter(FilterId(
                    u32::try_from(network.filters.len() - 1).expect("few"),
                ))
            }
        };
        layers.push(Layer {
            kind: "layer",
            gate,
        });
    }
    let mut paths = Vec::new();
    for &(kind, public, backend, doubt) in &spec.paths {
        let needs_filter = match kind % 3 {
            0 => Requirement::No,
            1 => Requirement::Yes,
            _ => Requirement::Unknown(unknown(&mut network)),
        };
        let doubt = doubt.then(|| unknown(&mut network));
        paths.push(Path {
            hops: Vec::new(),
            public: None,
            forward: if kind < 3 {
                Forward::All
            } else {
                Forward::Ports {
                    protocol: Protocol::Tcp,
                    public: Some(public),
                    backend: Interval::single(backend),
                }
            },
            needs_filter,
            alternate_destination: None,
            doubt,
        });
    }
    network.interfaces.push(Interface {
        id: "i".to_owned(),
        address: if spec.within {
            Destination::Within(
                if spec.v6 { "fd00::/64" } else { "10.0.0.0/24" }
                    .parse()
                    .expect("a prefix"),
            )
        } else {
            Destination::Address(own(spec.v6))
        },
        zone: ZoneId(0),
        groups: vec![GroupId(0)],
        layers,
        paths,
        origin: Origin::new("t", ""),
    });
    network
}

fn build_rule(spec: &Spec, rule: &RuleSpec, network: &mut Network) -> Rule {
    let range = |&(lo, hi): &(u16, u16)| Interval { lo, hi };
    let from = if rule.everything {
        AddressMatch::Any
    } else {
        AddressMatch::Mixed(Arc::new(MixedMatch {
            fixed: set(spec.v6, &rule.from),
            symbols: rule.symbol.then_some(SymbolId(0)).into_iter().collect(),
            groups: rule.group.then_some(GroupId(0)).into_iter().collect(),
            unknown: rule
                .unknown_source
                .then(|| unknown(network))
                .into_iter()
                .collect(),
        }))
    };
    Rule {
        name: "r".into(),
        priority: 0,
        action: if rule.allow {
            Action::Allow
        } else {
            Action::Deny
        },
        protocols: if rule.any_protocol {
            ProtocolSet::ALL
        } else {
            ProtocolSet::only(if rule.udp {
                Protocol::Udp
            } else {
                Protocol::Tcp
            })
        },
        source: RulePlace::default(),
        from,
        to: destination(spec, rule.to),
        from_ports: rule
            .from_ports
            .as_ref()
            .map_or(PortMatch::ANY, |ports| PortMatch::Range(range(ports))),
        to_ports: rule.to_ports.iter().map(range).collect::<PortSet>().into(),
        doubt: rule.unknown_action.then(|| unknown(network)),
    }
}

/// The possible fates of a packet at one layer: passes, is stopped.
fn fates(
    spec: &Spec,
    rules: &[RuleSpec],
    point: u32,
    source_port: u16,
    port: u16,
    protocol: Protocol,
) -> BTreeSet<bool> {
    let inside = |&(lo, hi): &(u32, u32)| lo <= point && point <= hi;
    let mut out = BTreeSet::new();
    for rule in rules {
        let named = if rule.udp {
            Protocol::Udp
        } else {
            Protocol::Tcp
        };
        let fits = (rule.any_protocol || named == protocol)
            && rule
                .to_ports
                .iter()
                .any(|&(lo, hi)| lo <= port && port <= hi)
            && rule
                .from_ports
                .is_none_or(|(lo, hi)| lo <= source_port && source_port <= hi)
            && rule.to != 2;
        if !fits {
            continue;
        }
        let from = rule.everything
            || rule.from.iter().any(inside)
            || (rule.symbol && inside(&spec.symbol))
            || (rule.group && inside(&spec.group));
        let maybe_from = !rule.everything && rule.unknown_source;
        if !(from || maybe_from) {
            continue;
        }
        let uncertain = !from || (rule.to == 1 && spec.within) || rule.unknown_action;
        out.insert(rule.allow);
        if rule.unknown_action {
            out.insert(!rule.allow);
        }
        if !uncertain {
            return out;
        }
    }
    out.insert(false);
    out
}

/// `Some(true)`: passes; `Some(false)`: stopped; `None`: in doubt.
fn naive(spec: &Spec, point: u32, source_port: u16, port: u16, protocol: Protocol) -> Option<bool> {
    let mut filter = BTreeSet::from([true]);
    for (kind, rules) in &spec.layers {
        let layer = match kind {
            0 => BTreeSet::from([true]),
            1 => BTreeSet::from([true, false]),
            _ => fates(spec, rules, point, source_port, port, protocol),
        };
        filter = filter
            .iter()
            .flat_map(|a| layer.iter().map(move |b| *a && *b))
            .collect();
    }
    let unfiltered = spec.layers.iter().all(|(kind, _)| *kind == 0);
    let mut way = BTreeSet::from([false]);
    for &(kind, _, backend, doubt) in &spec.paths {
        let carries = kind < 3 || (protocol == Protocol::Tcp && port == backend);
        let mut open = BTreeSet::from([carries]);
        if carries && unfiltered && kind % 3 == 1 {
            open = BTreeSet::from([false]);
        }
        if carries && ((unfiltered && kind % 3 == 2) || (doubt && !(unfiltered && kind % 3 == 1))) {
            open = BTreeSet::from([true, false]);
        }
        way = way
            .iter()
            .flat_map(|a| open.iter().map(move |b| *a || *b))
            .collect();
    }
    let fate: BTreeSet<bool> = filter
        .iter()
        .flat_map(|a| way.iter().map(move |b| *a && *b))
        .collect();
    (fate.len() == 1).then(|| fate.contains(&true))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn agrees_packet_by_packet(spec in spec()) {
        let network = build(&spec);
        let interface = &network.interfaces[0];
        let everything = set(spec.v6, &[(0, POINTS - 1)]);
        let ports: PortSet = std::iter::once(PortRange { lo: 0, hi: PORTS - 1 }).collect();
        for protocol in [Protocol::Tcp, Protocol::Udp] {
            let slices = judge(&network, interface, protocol, &ports, &everything);
            for port in 0..PORTS {
                let slice = slices.iter().find(|slice| slice.ports.contains(port)).expect("every port is judged");
                for source_port in 0..PORTS {
                    for point in 0..POINTS {
                        let source = address(spec.v6, point);
                        let allowed = slice.outcome.allowed.iter()
                            .any(|span| span.ports.contains(source_port) && span.sources.contains(source));
                        let doubtful = slice.outcome.doubtful.iter()
                            .any(|span| span.ports.contains(source_port) && span.sources.contains(source));
                        prop_assert!(!(allowed && doubtful));
                        let got = if doubtful { None } else { Some(allowed) };
                        prop_assert_eq!(got, naive(&spec, point, source_port, port, protocol),
                            "{} from {}:{} to {}", protocol, source, source_port, port);
                    }
                }
            }
        }
    }
}
