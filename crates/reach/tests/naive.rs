//! The exact engine against its naive twin: one packet, one rule, one world at
//! a time.
//!
//! A world settles everything that is unknown: whether an unknown set has the
//! address asked, what an unreadable rule or filter does, whether a path exists,
//! which address of a prefix is meant. A packet that passes in every world is
//! allowed, in none kept out, else in doubt. Packets are tried on both sides of
//! every border that the network names, the ends of the lines included.
//!
//! The engine takes every doubt as independent of the others. Where none is
//! shared it must agree exactly; where one is, it may only be in doubt where the
//! twin is not.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use celador_model::{AddressSet, Interval, IntervalSet, Origin, PortSet, Protocol, ProtocolSet};
use celador_reach::network::{
    Action, AddressMatch, Destination, Extent, Filter, FilterId, Forward, Gate, GroupId, Interface,
    InterfaceId, Layer, MixedMatch, Network, Path, PortMatch, Requirement, Rule, RulePlace,
    SymbolId, Unknown, UnknownId, Zone, ZoneId,
};
use celador_reach::question::analysis::{Analysis, Question as Asked, ReplaceError};
use celador_reach::question::diff::diff;
use celador_reach::question::exposure::{Slice, SourceSpan, judge};
use ipnet::IpNet;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};

const PORTS: [u16; 8] = [0, 1, 22, 23, 9200, 9300, 65534, 65535];
const UNKNOWNS: u32 = 2;

/// Borders of the address ranges, in order; the sixth is the interface's own.
fn points(v6: bool) -> Vec<IpAddr> {
    let texts = if v6 {
        [
            "::",
            "::1",
            "2001:db8::",
            "2001:db8::ffff",
            "fd00::",
            "fd00::4",
            "fd00::7fff:ffff:ffff:ffff",
            "fd00::ffff:ffff:ffff:ffff",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
        ]
    } else {
        [
            "0.0.0.0",
            "0.0.0.1",
            "9.255.255.255",
            "10.0.0.0",
            "10.0.0.3",
            "10.0.0.4",
            "10.0.0.127",
            "10.0.0.255",
            "255.255.255.254",
            "255.255.255.255",
        ]
    };
    texts
        .iter()
        .map(|text| text.parse().expect("an address"))
        .collect()
}

fn own(v6: bool) -> IpAddr {
    points(v6)[5]
}

/// The addresses from the `a`th point to the `b`th, in either order.
fn span(v6: bool, (a, b): (usize, usize)) -> AddressSet {
    let points = points(v6);
    match (points[a.min(b)], points[a.max(b)]) {
        (IpAddr::V4(lo), IpAddr::V4(hi)) => AddressSet {
            v4: Interval::new(lo.to_bits(), hi.to_bits())
                .into_iter()
                .collect(),
            ..AddressSet::default()
        },
        (IpAddr::V6(lo), IpAddr::V6(hi)) => AddressSet {
            v6: Interval::new(lo.to_bits(), hi.to_bits())
                .into_iter()
                .collect(),
            ..AddressSet::default()
        },
        _ => AddressSet::empty(),
    }
}

fn addresses(v6: bool) -> impl Strategy<Value = AddressSet> {
    prop::collection::vec((0usize..10, 0usize..10), 0..3).prop_map(move |spans| {
        spans
            .into_iter()
            .map(|ends| span(v6, ends))
            .fold(AddressSet::empty(), |all, one| all.union(&one))
    })
}

fn unknowns(weight: f64) -> impl Strategy<Value = Vec<UnknownId>> {
    prop::option::weighted(weight, (0..UNKNOWNS).prop_map(UnknownId))
        .prop_map(|id| id.into_iter().collect())
}

fn address_match(v6: bool) -> impl Strategy<Value = AddressMatch> {
    prop_oneof![
        2 => Just(AddressMatch::Any),
        // Of the other family too: it then matches nothing that is asked.
        2 => (0usize..10, 0usize..10).prop_map(|ends| {
            AddressMatch::V4(span(false, ends).v4.intervals()[0])
        }),
        2 => addresses(v6).prop_map(|set| AddressMatch::Fixed(Arc::new(set))),
        3 => (
            addresses(v6),
            prop::collection::vec((0u32..3).prop_map(SymbolId), 0..2),
            prop::collection::vec((0u32..3).prop_map(GroupId), 0..2),
            unknowns(0.35),
        )
            .prop_map(|(fixed, symbols, groups, unknown)| {
                AddressMatch::Mixed(Arc::new(MixedMatch { fixed, symbols, groups, unknown }))
            }),
    ]
}

fn port_range() -> impl Strategy<Value = Interval<u16>> {
    (0usize..8, 0usize..8).prop_map(|(a, b)| Interval {
        lo: PORTS[a.min(b)],
        hi: PORTS[a.max(b)],
    })
}

fn port_match() -> impl Strategy<Value = PortMatch> {
    prop_oneof![
        2 => Just(PortMatch::ANY),
        3 => port_range().prop_map(PortMatch::Range),
        2 => prop::collection::vec(port_range(), 0..3)
            .prop_map(|ranges| PortMatch::Set(Arc::new(ranges.into_iter().collect()))),
    ]
}

fn rule(v6: bool) -> impl Strategy<Value = Rule> {
    let protocols = prop_oneof![
        2 => Just(ProtocolSet::ALL),
        2 => Just(ProtocolSet::only(Protocol::Tcp)),
        1 => Just(ProtocolSet::only(Protocol::Udp)),
        1 => Just(ProtocolSet::only(Protocol::Icmp)),
    ];
    // Destinations are mostly "any", or few rules would speak of the interface.
    let to = prop_oneof![2 => Just(AddressMatch::Any), 1 => address_match(v6)];
    let any_source = prop_oneof![1 => Just(PortMatch::ANY), 1 => port_match()];
    (
        prop::bool::ANY,
        protocols,
        (address_match(v6), to),
        (any_source, port_match()),
        prop::option::weighted(0.08, (0..UNKNOWNS).prop_map(UnknownId)),
    )
        .prop_map(
            |(allow, protocols, (from, to), (from_ports, to_ports), doubt)| Rule {
                name: "r".into(),
                priority: 0,
                action: if allow { Action::Allow } else { Action::Deny },
                protocols,
                source: RulePlace::default(),
                from,
                to,
                from_ports,
                to_ports,
                doubt,
            },
        )
}

fn gate() -> impl Strategy<Value = Gate> {
    prop_oneof![
        2 => Just(Gate::Open),
        // The same filter can stand in both places.
        8 => (0u32..2).prop_map(|id| Gate::Filter(FilterId(id))),
        1 => (0..UNKNOWNS).prop_map(|id| Gate::Unknown(UnknownId(id))),
    ]
}

fn path(v6: bool) -> impl Strategy<Value = Path> {
    let protocol = prop_oneof![Just(Protocol::Tcp), Just(Protocol::Udp)];
    let forward = prop_oneof![
        Just(Forward::All),
        (protocol, port_range()).prop_map(|(protocol, backend)| Forward::Ports {
            protocol,
            public: None,
            backend,
        }),
    ];
    let needs_filter = prop_oneof![
        3 => Just(Requirement::No),
        2 => Just(Requirement::Yes),
        1 => (0..UNKNOWNS).prop_map(|id| Requirement::Unknown(UnknownId(id))),
    ];
    let alternate = prop::option::weighted(
        0.2,
        (
            (0usize..10).prop_map(move |at| points(v6)[at]),
            (0..UNKNOWNS).prop_map(UnknownId),
        ),
    );
    let doubt = prop::option::weighted(0.15, (0..UNKNOWNS).prop_map(UnknownId));
    (forward, needs_filter, alternate, doubt).prop_map(
        |(forward, needs_filter, alternate_destination, doubt)| Path {
            hops: Vec::new(),
            public: None,
            forward,
            needs_filter,
            alternate_destination,
            doubt,
        },
    )
}

fn zone(v6: bool) -> impl Strategy<Value = Zone> {
    let extent = move || {
        (addresses(v6), unknowns(0.25)).prop_map(|(certain, unknown)| Extent { certain, unknown })
    };
    // The third symbol and group are missing: they mean no address.
    (extent(), extent(), extent(), extent()).prop_map(|(a, b, c, d)| Zone {
        symbols: vec![(SymbolId(0), a), (SymbolId(1), b)],
        groups: vec![(GroupId(0), c), (GroupId(1), d)],
    })
}

#[derive(Debug, Clone)]
struct Case {
    v6: bool,
    network: Network,
    from: AddressSet,
    asked: PortSet,
}

fn case() -> impl Strategy<Value = Case> {
    any::<bool>().prop_flat_map(|v6| {
        let within = if v6 { "fd00::/64" } else { "10.0.0.0/24" };
        let address = prop_oneof![
            4 => Just(Destination::Address(own(v6))),
            1 => Just(Destination::Within(within.parse().expect("a prefix"))),
        ];
        let filter = || prop::collection::vec(rule(v6), 0..6);
        let from = prop_oneof![3 => Just(AddressSet::full()), 1 => addresses(v6)];
        let asked = prop_oneof![
            3 => Just(PortSet::full()),
            1 => prop::collection::vec(port_range(), 1..3).prop_map(|all| all.into_iter().collect()),
        ];
        (
            (filter(), filter(), zone(v6), address),
            prop::collection::vec(gate(), 0..3),
            prop::collection::vec(path(v6), 1..3),
            prop::collection::btree_set((0u32..3).prop_map(GroupId), 0..2),
            (from, asked, any::<bool>()),
        )
            .prop_map(
                move |((first, second, zone, address), gates, paths, groups, (from, asked, shared))| {
                    let filter = |inbound| Filter {
                        id: "f".to_owned(),
                        name: "f".to_owned(),
                        sources: Vec::new(),
                        inbound,
                        outbound: Vec::new(),
                    };
                    let interface = Interface {
                        id: "i".to_owned(),
                        address,
                        zone: ZoneId(0),
                        groups: groups.into_iter().collect(),
                        layers: gates
                            .into_iter()
                            .map(|gate| Layer { kind: "layer", gate })
                            .collect(),
                        paths,
                        origin: Origin::new("t", ""),
                    };
                    let mut network = Network {
                        filters: vec![filter(first), filter(second)],
                        zones: vec![zone],
                        interfaces: vec![interface],
                        unknowns: Vec::new(),
                    };
                    if !shared {
                        tell_apart(&mut network);
                    }
                    network.unknowns = (0..256)
                        .map(|id| Unknown {
                            key: format!("u{id}"),
                            reason: "not known".to_owned(),
                            origin: Origin::new("t", ""),
                        })
                        .collect();
                    Case { v6, network, from, asked }
                },
            )
    })
}

/// Gives every place that speaks of an unknown one of its own.
fn tell_apart(network: &mut Network) {
    let mut next = 0;
    let mut fresh = |id: &mut UnknownId| {
        *id = UnknownId(next);
        next += 1;
    };
    let rules = network
        .filters
        .iter_mut()
        .flat_map(|filter| &mut filter.inbound);
    for rule in rules {
        for matched in [&mut rule.from, &mut rule.to] {
            if let AddressMatch::Mixed(mixed) = matched {
                Arc::make_mut(mixed).unknown.iter_mut().for_each(&mut fresh);
            }
        }
        rule.doubt.iter_mut().for_each(&mut fresh);
    }
    for zone in &mut network.zones {
        let symbols = zone.symbols.iter_mut().map(|(_, extent)| extent);
        let groups = zone.groups.iter_mut().map(|(_, extent)| extent);
        for extent in symbols.chain(groups) {
            extent.unknown.iter_mut().for_each(&mut fresh);
        }
    }
}

/// Whether no doubt about rules is shared, so that the engine must be exact.
fn independent(network: &Network) -> bool {
    let mut seen: BTreeMap<UnknownId, usize> = BTreeMap::new();
    let zone = &network.zones[0];
    let interface = &network.interfaces[0];
    let mut partly = 0;
    for rule in network.filters.iter().flat_map(|filter| &filter.inbound) {
        for (matched, source) in [(&rule.from, true), (&rule.to, false)] {
            let AddressMatch::Mixed(mixed) = matched else {
                continue;
            };
            let symbols = mixed.symbols.iter().filter_map(|id| zone.symbol(*id));
            let groups = mixed
                .groups
                .iter()
                .filter(|_| source)
                .filter_map(|id| zone.group(*id));
            let ids: BTreeSet<UnknownId> = mixed
                .unknown
                .iter()
                .chain(symbols.chain(groups).flat_map(|extent| &extent.unknown))
                .copied()
                .collect();
            for id in ids {
                *seen.entry(id).or_default() += 1;
            }
        }
        if matches!(interface.address, Destination::Within(_))
            && !matches!(rule.to, AddressMatch::Any)
        {
            partly += 1;
        }
    }
    partly <= 1 && seen.values().all(|&count| count == 1)
}

// The twin.

/// What a world settles.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    /// Does the unknown set have this address?
    Has(UnknownId, IpAddr, bool),
    /// What does the unreadable rule do: nothing, allow, deny?
    Rule(usize, usize),
    /// Does the unreadable filter at this layer let the packet pass?
    Gate(usize),
    /// Does the path exist?
    Exists(UnknownId),
    /// Does the path need a filter?
    Needs(UnknownId),
    /// Do the filters see the alternate destination?
    Alternate(UnknownId),
    /// Which address is it?
    Where,
}

/// Answers questions as they come up, and goes through all ways to answer them.
#[derive(Default)]
struct World {
    /// Question, answer, number of possible answers; in the order first asked.
    answers: Vec<(Question, usize, usize)>,
}

impl World {
    fn pick(&mut self, question: Question, choices: usize) -> usize {
        if let Some((_, answer, _)) = self.answers.iter().find(|(known, ..)| *known == question) {
            return *answer;
        }
        self.answers.push((question, 0, choices));
        0
    }

    fn holds(&mut self, question: Question) -> bool {
        self.pick(question, 2) == 1
    }

    /// Moves to the next world; false when all were visited.
    fn advance(&mut self) -> bool {
        while let Some((_, answer, choices)) = self.answers.last_mut() {
            if *answer + 1 < *choices {
                *answer += 1;
                return true;
            }
            self.answers.pop();
        }
        false
    }
}

#[derive(Debug, Clone, Copy)]
struct Packet {
    source: IpAddr,
    source_port: u16,
    port: u16,
    protocol: Protocol,
}

fn has(set: &AddressSet, address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => set
            .v4
            .intervals()
            .iter()
            .any(|range| range.lo <= v4.to_bits() && v4.to_bits() <= range.hi),
        IpAddr::V6(v6) => set
            .v6
            .intervals()
            .iter()
            .any(|range| range.lo <= v6.to_bits() && v6.to_bits() <= range.hi),
    }
}

/// Whether a rule's addresses have one; `groups` are those that the address is
/// known to be in, or `None` where their members are looked up.
fn matches(
    matched: &AddressMatch,
    zone: &Zone,
    address: IpAddr,
    groups: Option<&[GroupId]>,
    world: &mut World,
) -> bool {
    let source = groups.is_none();
    match matched {
        AddressMatch::Any => true,
        AddressMatch::V4(range) => match address {
            IpAddr::V4(v4) => range.lo <= v4.to_bits() && v4.to_bits() <= range.hi,
            IpAddr::V6(_) => false,
        },
        AddressMatch::Fixed(set) => has(set, address),
        AddressMatch::Mixed(mixed) => {
            let mut extents: Vec<&Extent> = Vec::new();
            for (id, extent) in &zone.symbols {
                if mixed.symbols.contains(id) {
                    extents.push(extent);
                }
            }
            match groups {
                Some(own) => {
                    if own.iter().any(|group| mixed.groups.contains(group)) {
                        return true;
                    }
                }
                None => {
                    for (id, extent) in &zone.groups {
                        if mixed.groups.contains(id) {
                            extents.push(extent);
                        }
                    }
                }
            }
            has(&mixed.fixed, address)
                || extents.iter().any(|extent| has(&extent.certain, address))
                || mixed
                    .unknown
                    .iter()
                    .chain(extents.iter().flat_map(|extent| &extent.unknown))
                    .any(|id| world.holds(Question::Has(*id, address, source)))
        }
    }
}

fn filter_passes(
    network: &Network,
    id: FilterId,
    destination: IpAddr,
    packet: Packet,
    world: &mut World,
) -> bool {
    let interface = &network.interfaces[0];
    let zone = &network.zones[0];
    let in_ports = |ports: &PortMatch, port: u16| match ports {
        PortMatch::Range(range) => range.lo <= port && port <= range.hi,
        PortMatch::Set(set) => set
            .intervals()
            .iter()
            .any(|range| range.lo <= port && port <= range.hi),
    };
    let ports_matter = matches!(packet.protocol, Protocol::Tcp | Protocol::Udp);
    for (index, rule) in network.filters[id.index()].inbound.iter().enumerate() {
        let fits = rule.protocols.contains(packet.protocol)
            && (!ports_matter
                || (in_ports(&rule.to_ports, packet.port)
                    && in_ports(&rule.from_ports, packet.source_port)))
            && matches(&rule.from, zone, packet.source, None, world)
            && matches(&rule.to, zone, destination, Some(&interface.groups), world);
        if !fits {
            continue;
        }
        if rule.doubt.is_some() {
            match world.pick(Question::Rule(id.index(), index), 3) {
                0 => continue,
                answer => return answer == 1,
            }
        }
        return rule.action == Action::Allow;
    }
    false
}

fn passes(network: &Network, spots: &[IpAddr], packet: Packet, world: &mut World) -> bool {
    let interface = &network.interfaces[0];
    let unfiltered = interface
        .layers
        .iter()
        .all(|layer| matches!(layer.gate, Gate::Open));
    for path in &interface.paths {
        let carried = match path.forward {
            Forward::All => true,
            Forward::Ports {
                protocol, backend, ..
            } => {
                protocol == packet.protocol
                    && backend.lo <= packet.port
                    && packet.port <= backend.hi
            }
        };
        if !carried {
            continue;
        }
        if let Some(id) = path.doubt
            && !world.holds(Question::Exists(id))
        {
            continue;
        }
        let closed = unfiltered
            && match path.needs_filter {
                Requirement::No => false,
                Requirement::Yes => true,
                Requirement::Unknown(id) => world.holds(Question::Needs(id)),
            };
        if closed {
            continue;
        }
        let destination = match path.alternate_destination {
            Some((address, id)) if world.holds(Question::Alternate(id)) => address,
            _ => spots[world.pick(Question::Where, spots.len())],
        };
        let mut open = true;
        for (index, layer) in interface.layers.iter().enumerate() {
            open &= match layer.gate {
                Gate::Open => true,
                Gate::Filter(id) => filter_passes(network, id, destination, packet, world),
                Gate::Unknown(_) => world.holds(Question::Gate(index)),
            };
        }
        if open {
            return true;
        }
    }
    false
}

/// `Some` where every world agrees.
fn naive(network: &Network, spots: &[IpAddr], packet: Packet) -> Option<bool> {
    let mut world = World::default();
    let first = passes(network, spots, packet, &mut world);
    while world.advance() {
        if passes(network, spots, packet, &mut world) != first {
            return None;
        }
    }
    Some(first)
}

// The comparison.

fn neighbours(v6: bool) -> Vec<IpAddr> {
    let mut out = BTreeSet::new();
    for point in points(v6) {
        match point {
            IpAddr::V4(v4) => {
                let bits = v4.to_bits();
                for near in [bits.saturating_sub(1), bits, bits.saturating_add(1)] {
                    out.insert(IpAddr::V4(Ipv4Addr::from_bits(near)));
                }
            }
            IpAddr::V6(v6) => {
                let bits = v6.to_bits();
                for near in [bits.saturating_sub(1), bits, bits.saturating_add(1)] {
                    out.insert(IpAddr::V6(Ipv6Addr::from_bits(near)));
                }
            }
        }
    }
    out.into_iter().collect()
}

fn near_ports() -> Vec<u16> {
    let near = PORTS
        .iter()
        .flat_map(|port| [port.saturating_sub(1), *port, port.saturating_add(1)]);
    near.collect::<BTreeSet<_>>().into_iter().collect()
}

/// `Some(allowed)`, or `None` where the engine is in doubt.
fn engine(slice: &Slice, packet: Packet) -> Result<Option<bool>, TestCaseError> {
    let covers = |ports: &PortSet, sources: &AddressSet| {
        ports.contains(packet.source_port) && sources.contains(packet.source)
    };
    let outcome = &slice.outcome;
    let allowed = outcome
        .allowed
        .iter()
        .filter(|span| covers(&span.ports, &span.sources))
        .count();
    let doubtful = outcome
        .doubtful
        .iter()
        .filter(|span| covers(&span.ports, &span.sources))
        .count();
    prop_assert!(allowed + doubtful <= 1, "told once, {packet:?}");
    Ok((doubtful == 0).then_some(allowed == 1))
}

#[derive(Debug, Default)]
struct Tally {
    packets: Cell<u64>,
    allowed: Cell<u64>,
    doubtful: Cell<u64>,
    /// In doubt for the engine alone.
    cautious: Cell<u64>,
    /// Networks in which no doubt is shared.
    exact: Cell<u64>,
}

impl Tally {
    fn add(counter: &Cell<u64>) {
        counter.set(counter.get() + 1);
    }
}

fn compare(case: &Case, tally: &Tally) -> Result<(), TestCaseError> {
    let network = &case.network;
    let interface = &network.interfaces[0];
    let exact = independent(network);
    if exact {
        Tally::add(&tally.exact);
    }
    let spots: Vec<IpAddr> = match interface.address {
        Destination::Address(address) => vec![address],
        Destination::Within(net) => neighbours(case.v6)
            .into_iter()
            .filter(|address| net.contains(address))
            .collect(),
    };
    for protocol in [Protocol::Tcp, Protocol::Udp, Protocol::Icmp] {
        let with_ports = protocol.has_ports();
        let asked = if with_ports {
            case.asked.clone()
        } else {
            PortSet::full()
        };
        let slices = judge(network, interface, protocol, &asked, &case.from);
        prop_assert!(slices.is_sorted_by_key(|slice| slice.ports.first()));
        let mut told: Vec<_> = slices
            .iter()
            .flat_map(|slice| slice.ports.intervals().iter().copied())
            .collect();
        told.sort_unstable();
        prop_assert!(told.windows(2).all(|pair| pair[0].hi < pair[1].lo));
        prop_assert_eq!(told.into_iter().collect::<PortSet>(), asked);

        let ports = if with_ports { near_ports() } else { vec![0] };
        for slice in &slices {
            for &port in ports.iter().filter(|port| slice.ports.contains(**port)) {
                for &source_port in &ports {
                    for source in neighbours(case.v6) {
                        let packet = Packet {
                            source,
                            source_port,
                            port,
                            protocol,
                        };
                        let got = engine(slice, packet)?;
                        if !case.from.contains(source) {
                            prop_assert_eq!(got, Some(false), "not asked: {:?}", packet);
                            continue;
                        }
                        let want = naive(network, &spots, packet);
                        Tally::add(&tally.packets);
                        match want {
                            Some(true) => Tally::add(&tally.allowed),
                            None => Tally::add(&tally.doubtful),
                            Some(false) => {}
                        }
                        if got.is_none() && want.is_some() && !exact {
                            Tally::add(&tally.cautious);
                            continue;
                        }
                        prop_assert_eq!(got, want, "{:?}", packet);
                    }
                }
            }
        }
    }
    Ok(())
}

#[test]
fn agrees_packet_by_packet() {
    let tally = Tally::default();
    // `PROPTEST_CASES` asks for more.
    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let result = TestRunner::new(config).run(&case(), |case| compare(&case, &tally));
    if let Err(error) = result {
        panic!("{error}");
    }
    // Networks that let nothing in, or in which nothing is unknown, prove little.
    assert!(tally.allowed.get() > 1000, "{tally:?}");
    assert!(tally.doubtful.get() > 1000, "{tally:?}");
    assert!(tally.exact.get() > 50, "{tally:?}");
    // Caution that answers nothing would pass the comparison too.
    assert!(
        tally.cautious.get() * 20 < tally.packets.get(),
        "too cautious: {tally:?}"
    );
}

/// One way a filter can change.
#[derive(Debug, Clone)]
enum Edit {
    /// Other rules altogether.
    Replace(Vec<Rule>),
    /// A rule is written twice, under another name.
    Twice(prop::sample::Index),
    /// A rule's ports are cut in two.
    Split(prop::sample::Index, u16),
    /// Two neighbours change places.
    Swap(prop::sample::Index),
    /// A rule is gone.
    Drop(prop::sample::Index),
}

fn edit(v6: bool) -> impl Strategy<Value = Edit> {
    let at = any::<prop::sample::Index>;
    prop_oneof![
        prop::collection::vec(rule(v6), 0..6).prop_map(Edit::Replace),
        at().prop_map(Edit::Twice),
        (at(), prop::sample::select(&PORTS[..])).prop_map(|(at, port)| Edit::Split(at, port)),
        at().prop_map(Edit::Swap),
        at().prop_map(Edit::Drop),
    ]
}

fn edited(filter: &Filter, edit: &Edit) -> Filter {
    let mut filter = filter.clone();
    let rules = &mut filter.inbound;
    match edit {
        Edit::Replace(new) => rules.clone_from(new),
        _ if rules.is_empty() => {}
        Edit::Twice(at) => {
            let mut again = at.get(rules).clone();
            again.name = "again".into();
            rules.insert(at.index(rules.len()), again);
        }
        Edit::Split(at, port) => {
            let at = at.index(rules.len());
            let (below, above): (PortSet, PortSet) = (
                Interval::new(0, *port).into_iter().collect(),
                port.checked_add(1)
                    .map(|lo| Interval { lo, hi: u16::MAX })
                    .into_iter()
                    .collect(),
            );
            let own: PortSet = rules[at].to_ports.ranges().iter().copied().collect();
            let mut second = rules[at].clone();
            rules[at].to_ports = own.intersection(&below).into();
            second.to_ports = own.intersection(&above).into();
            rules.insert(at + 1, second);
        }
        Edit::Swap(at) => {
            let at = at.index(rules.len());
            let other = (at + 1) % rules.len();
            rules.swap(at, other);
        }
        Edit::Drop(at) => {
            rules.remove(at.index(rules.len()));
        }
    }
    filter
}

/// What a diff must say of each packet, and that it is empty otherwise.
fn told_by_diff(
    case: &Case,
    protocol: Protocol,
    before: &[Slice],
    after: &[Slice],
) -> Result<(), TestCaseError> {
    let changes = diff(before, after);
    let ports = if protocol.has_ports() {
        near_ports()
    } else {
        vec![0]
    };
    let mut any = false;
    for &port in ports.iter().filter(|port| case.asked.contains(**port)) {
        let slice = |slices: &'_ [Slice]| {
            let found = slices.iter().find(|slice| slice.ports.contains(port));
            found.cloned().expect("every asked port has a slice")
        };
        let (old, new) = (slice(before), slice(after));
        for &source_port in &ports {
            for source in neighbours(case.v6) {
                let packet = Packet {
                    source,
                    source_port,
                    port,
                    protocol,
                };
                let (was, is) = (engine(&old, packet)?, engine(&new, packet)?);
                let within = |spans: &[SourceSpan]| {
                    spans.iter().any(|span| {
                        span.ports.contains(source_port) && span.sources.contains(source)
                    })
                };
                let here = || changes.iter().filter(|change| change.ports.contains(port));
                let opened = here().any(|change| within(&change.opened));
                let closed = here().any(|change| within(&change.closed));
                let maybe = here().any(|change| within(&change.undetermined));
                prop_assert_eq!(
                    opened,
                    (was, is) == (Some(false), Some(true)),
                    "{:?}",
                    packet
                );
                prop_assert_eq!(
                    closed,
                    (was, is) == (Some(true), Some(false)),
                    "{:?}",
                    packet
                );
                prop_assert!(!maybe || was.is_none() || is.is_none(), "{packet:?}");
                prop_assert!(maybe || was.is_none() == is.is_none(), "{packet:?}");
                any |= opened || closed || maybe;
            }
        }
    }
    // Every set has an end among the packets that were tried.
    prop_assert_eq!(any, !changes.is_empty());
    Ok(())
}

fn with_edits() -> impl Strategy<Value = (Case, Vec<(u32, Edit)>)> {
    case().prop_flat_map(|case| {
        let edits = prop::collection::vec((0u32..2, edit(case.v6)), 1..5);
        (Just(case), edits)
    })
}

proptest! {
    /// Changes taken one after the other leave the answers that judging from
    /// scratch gives, and what they tell of a change is true packet by packet.
    #[test]
    fn a_change_is_judged_as_from_scratch((mut case, edits) in with_edits()) {
        let gates: [&[Gate]; 4] = [
            &[],
            &[Gate::Filter(FilterId(0))],
            &[Gate::Filter(FilterId(1))],
            &[Gate::Filter(FilterId(1)), Gate::Filter(FilterId(0))],
        ];
        for gates in gates {
            let mut interface = case.network.interfaces[0].clone();
            interface.layers = gates.iter().map(|gate| Layer { kind: "layer", gate: *gate }).collect();
            case.network.interfaces.push(interface);
        }
        let questions: Vec<Asked> = (0u32..5)
            .flat_map(|interface| {
                [Protocol::Tcp, Protocol::Icmp].map(|protocol| Asked {
                    interface: InterfaceId(interface),
                    protocol,
                    ports: if protocol.has_ports() { case.asked.clone() } else { PortSet::full() },
                })
            })
            .collect();
        let scratch = |network: &Network| -> Vec<Vec<Slice>> {
            questions
                .iter()
                .map(|question| {
                    let interface = &network.interfaces[question.interface.index()];
                    judge(network, interface, question.protocol, &question.ports, &case.from)
                })
                .collect()
        };
        let mut network = case.network.clone();
        let mut analysis = Analysis::new(network.clone(), questions.clone(), case.from.clone());
        let mut before = scratch(&network);
        for (id, edit) in edits {
            let id = FilterId(id);
            let new = edited(&network.filters[id.index()], &edit);
            network.filters[id.index()] = new.clone();
            let changed = analysis.replace(id, new).expect("nothing is missing");
            let after = scratch(&network);
            let differing: Vec<usize> = (0..questions.len())
                .filter(|&index| before[index] != after[index])
                .collect();
            let told: Vec<usize> = changed.iter().map(|changed| changed.question).collect();
            prop_assert_eq!(told, differing);
            for (index, answer) in after.iter().enumerate() {
                prop_assert_eq!(analysis.answer(index), Some(answer.as_slice()));
            }
            for changed in &changed {
                let index = changed.question;
                prop_assert_eq!(&changed.before, &before[index]);
                prop_assert_eq!(&changed.changes, &diff(&before[index], &after[index]));
                let case = Case { asked: questions[index].ports.clone(), ..case.clone() };
                told_by_diff(&case, questions[index].protocol, &before[index], &after[index])?;
            }
            before = after;
        }
        let missing = analysis.replace(FilterId(7), network.filters[0].clone());
        prop_assert_eq!(missing, Err(ReplaceError::NoFilter(FilterId(7))));
    }
}

/// A load balancer may keep its own address as the destination. That a direct
/// path to the interface is closed says nothing of the rules for that address.
#[test]
fn a_closed_path_does_not_close_another_destination() {
    let balancer: IpAddr = "203.0.113.9".parse().expect("an address");
    let rule = Rule {
        name: "r".into(),
        priority: 0,
        action: Action::Allow,
        protocols: ProtocolSet::ALL,
        source: RulePlace::default(),
        from: AddressMatch::Any,
        to: AddressMatch::Fixed(Arc::new(AddressSet::from_net(IpNet::from(balancer)))),
        from_ports: PortMatch::ANY,
        to_ports: PortMatch::ANY,
        doubt: None,
    };
    let path = |alternate_destination| Path {
        hops: Vec::new(),
        public: None,
        forward: Forward::All,
        needs_filter: Requirement::No,
        alternate_destination,
        doubt: None,
    };
    let network = Network {
        filters: vec![Filter {
            id: "f".to_owned(),
            name: "f".to_owned(),
            sources: Vec::new(),
            inbound: vec![rule],
            outbound: Vec::new(),
        }],
        zones: vec![Zone::default()],
        interfaces: vec![Interface {
            id: "i".to_owned(),
            address: Destination::Address(own(false)),
            zone: ZoneId(0),
            groups: Vec::new(),
            layers: vec![Layer {
                kind: "layer",
                gate: Gate::Filter(FilterId(0)),
            }],
            paths: vec![path(None), path(Some((balancer, UnknownId(0))))],
            origin: Origin::new("t", ""),
        }],
        unknowns: vec![Unknown {
            key: "u".to_owned(),
            reason: "floating IP".to_owned(),
            origin: Origin::new("t", ""),
        }],
    };
    let everyone = AddressSet::from_net("0.0.0.0/0".parse().expect("a prefix"));
    let slices = judge(
        &network,
        &network.interfaces[0],
        Protocol::Tcp,
        &IntervalSet::full(),
        &everyone,
    );
    assert_eq!(slices.len(), 1);
    assert_eq!(slices[0].outcome.doubtful[0].sources, everyone);
}

/// Two unknowns that are one and the same cancel out: whichever way it is, one
/// of the rules takes the packet. The engine says "unknown", never "kept out".
#[test]
fn an_unknown_that_cancels_out_is_doubted() {
    let same = || {
        AddressMatch::Mixed(Arc::new(MixedMatch {
            unknown: vec![UnknownId(0)],
            ..MixedMatch::default()
        }))
    };
    let rule = |from: AddressMatch, lo: u16, action: Action| Rule {
        name: "r".into(),
        priority: 0,
        action,
        protocols: ProtocolSet::ALL,
        source: RulePlace::default(),
        from,
        to: AddressMatch::Any,
        from_ports: PortMatch::ANY,
        to_ports: PortMatch::Range(Interval { lo, hi: u16::MAX }),
        doubt: None,
    };
    let first = vec![
        rule(same(), 0, Action::Deny),
        rule(AddressMatch::Any, 0, Action::Allow),
    ];
    let second = vec![rule(same(), 0, Action::Allow)];
    let filter = |inbound| Filter {
        id: "f".to_owned(),
        name: "f".to_owned(),
        sources: Vec::new(),
        inbound,
        outbound: Vec::new(),
    };
    let layer = |id| Layer {
        kind: "layer",
        gate: Gate::Filter(FilterId(id)),
    };
    let network = Network {
        filters: vec![filter(first), filter(second)],
        zones: vec![Zone::default()],
        interfaces: vec![Interface {
            id: "i".to_owned(),
            address: Destination::Address(own(false)),
            zone: ZoneId(0),
            groups: Vec::new(),
            layers: vec![layer(0), layer(1)],
            paths: vec![Path {
                hops: Vec::new(),
                public: None,
                forward: Forward::All,
                needs_filter: Requirement::No,
                alternate_destination: None,
                doubt: None,
            }],
            origin: Origin::new("t", ""),
        }],
        unknowns: vec![Unknown {
            key: "u".to_owned(),
            reason: "not known".to_owned(),
            origin: Origin::new("t", ""),
        }],
    };
    let packet = Packet {
        source: "198.51.100.7".parse().expect("an address"),
        source_port: 54321,
        port: 9200,
        protocol: Protocol::Tcp,
    };
    assert_eq!(naive(&network, &[own(false)], packet), Some(false));
    let asked: PortSet = IntervalSet::full();
    let from = AddressSet::from_net(IpNet::from(packet.source));
    let slices = judge(
        &network,
        &network.interfaces[0],
        packet.protocol,
        &asked,
        &from,
    );
    assert_eq!(slices.len(), 1);
    assert!(slices[0].outcome.allowed.is_empty());
    assert_eq!(slices[0].outcome.doubtful[0].sources, from);
}
