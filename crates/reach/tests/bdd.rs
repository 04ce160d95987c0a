//! The exact engine against a decision-diagram library that someone else wrote.
//!
//! Random layers of filters are written down twice: as a binary decision
//! diagram over 64 bits (source address, source port, destination port), and as
//! the exposed sets that the engine tells, put together to a diagram again.
//! Reduced ordered diagrams are canonical, so equal sets are equal diagrams: no
//! packet is sampled and none is left out.

use std::ops::Range;
use std::sync::Arc;

use celador_model::{AddressSet, Interval, IntervalSet, Origin, PortSet, Protocol, ProtocolSet};
use celador_reach::network::{
    Action, AddressMatch, Destination, Filter, FilterId, Forward, Gate, Interface, Layer, Network,
    Path, PortMatch, Requirement, Rule, RulePlace, Zone, ZoneId,
};
use celador_reach::question::exposure::judge;
use oxidd::bdd::{BDDFunction, BDDManagerRef, new_manager};
use oxidd::util::AllocResult;
use oxidd::{BooleanFunction, Manager, ManagerRef};
use proptest::prelude::*;

/// The bits of each part, most significant first.
const SOURCE: Range<usize> = 0..32;
const SOURCE_PORT: Range<usize> = 32..48;
const PORT: Range<usize> = 48..64;

struct Diagrams {
    bits: Vec<BDDFunction>,
    all: BDDFunction,
    none: BDDFunction,
    /// Keeps the diagrams alive.
    _manager: BDDManagerRef,
}

impl Diagrams {
    fn new() -> AllocResult<Self> {
        let manager = new_manager(1 << 18, 1 << 16, 1);
        let (bits, all, none) = manager.with_manager_exclusive(|manager| {
            manager.add_vars(64);
            let bits: AllocResult<Vec<_>> =
                (0..64).map(|bit| BDDFunction::var(manager, bit)).collect();
            Ok((bits?, BDDFunction::t(manager), BDDFunction::f(manager)))
        })?;
        Ok(Self {
            bits,
            all,
            none,
            _manager: manager,
        })
    }

    /// The numbers from `lo` to `hi` in some bits.
    fn between(&self, part: Range<usize>, lo: u32, hi: u32) -> AllocResult<BDDFunction> {
        let (mut from, mut to) = (self.all.clone(), self.all.clone());
        for (weight, bit) in self.bits[part].iter().rev().enumerate() {
            from = if lo >> weight & 1 == 1 {
                from.and(bit)?
            } else {
                from.or(bit)?
            };
            let not = bit.not()?;
            to = if hi >> weight & 1 == 1 {
                to.or(&not)?
            } else {
                to.and(&not)?
            };
        }
        from.and(&to)
    }

    fn one_of<T: Copy + Into<u32>>(
        &self,
        part: Range<usize>,
        ranges: &[Interval<T>],
    ) -> AllocResult<BDDFunction> {
        ranges.iter().try_fold(self.none.clone(), |all, range| {
            all.or(&self.between(part.clone(), range.lo.into(), range.hi.into())?)
        })
    }

    /// What a filter lets pass: from the last rule to the first, each decides
    /// where it matches.
    fn filter(&self, filter: &Filter) -> AllocResult<BDDFunction> {
        filter
            .inbound
            .iter()
            .rev()
            .filter(|rule| rule.protocols.contains(Protocol::Tcp))
            .try_fold(self.none.clone(), |rest, rule| {
                let sources = match &rule.from {
                    AddressMatch::Any => self.all.clone(),
                    AddressMatch::V4(range) => self.one_of(SOURCE, &[*range])?,
                    AddressMatch::Fixed(set) => self.one_of(SOURCE, set.v4.intervals())?,
                    AddressMatch::Mixed(_) => unreachable!("none is generated"),
                };
                let matches = sources
                    .and(&self.one_of(SOURCE_PORT, rule.from_ports.ranges())?)?
                    .and(&self.one_of(PORT, rule.to_ports.ranges())?)?;
                let decides = match rule.action {
                    Action::Allow => &self.all,
                    Action::Deny => &self.none,
                };
                matches.ite(decides, &rest)
            })
    }
}

fn addresses() -> impl Strategy<Value = Interval<u32>> {
    // Prefixes near each other, so that they nest and touch, and a few ranges
    // that are no prefix.
    prop_oneof![
        4 => (0u32..8, 3u32..32, any::<u32>()).prop_map(|(high, length, low)| {
            let host = u32::MAX >> length;
            let address = (high << 29 | low & 0x0003_0000) & !host;
            Interval { lo: address, hi: address | host }
        }),
        1 => (any::<u32>(), any::<u32>())
            .prop_map(|(a, b)| Interval { lo: a.min(b), hi: a.max(b) }),
    ]
}

fn ports() -> impl Strategy<Value = PortMatch> {
    let range = || {
        (any::<u16>(), 0u16..300).prop_map(|(lo, more)| Interval {
            lo,
            hi: lo.saturating_add(more),
        })
    };
    let wide = (any::<u16>(), any::<u16>()).prop_map(|(a, b)| Interval {
        lo: a.min(b),
        hi: a.max(b),
    });
    prop_oneof![
        2 => Just(PortMatch::ANY),
        1 => wide.prop_map(PortMatch::Range),
        2 => prop::collection::vec(range(), 0..4)
            .prop_map(|ranges| PortMatch::Set(Arc::new(ranges.into_iter().collect()))),
    ]
}

fn rule() -> impl Strategy<Value = Rule> {
    let from = prop_oneof![
        1 => Just(AddressMatch::Any),
        2 => addresses().prop_map(AddressMatch::V4),
        2 => prop::collection::vec(addresses(), 0..5).prop_map(|ranges| {
            AddressMatch::Fixed(Arc::new(AddressSet {
                v4: ranges.into_iter().collect(),
                v6: IntervalSet::empty(),
            }))
        }),
    ];
    let protocols = prop_oneof![
        3 => Just(ProtocolSet::ALL),
        3 => Just(ProtocolSet::only(Protocol::Tcp)),
        1 => Just(ProtocolSet::only(Protocol::Udp)),
    ];
    let source_ports = prop_oneof![3 => Just(PortMatch::ANY), 1 => ports()];
    (any::<bool>(), protocols, from, source_ports, ports()).prop_map(
        |(allow, protocols, from, from_ports, to_ports)| Rule {
            name: "r".into(),
            priority: 0,
            action: if allow { Action::Allow } else { Action::Deny },
            protocols,
            source: RulePlace::default(),
            from,
            to: AddressMatch::Any,
            from_ports,
            to_ports,
            doubt: None,
        },
    )
}

fn network() -> impl Strategy<Value = Network> {
    prop::collection::vec(prop::collection::vec(rule(), 0..14), 1..4).prop_map(|filters| {
        let layers = (0u32..)
            .zip(&filters)
            .map(|(index, _)| Layer {
                kind: "layer",
                gate: Gate::Filter(FilterId(index)),
            })
            .collect();
        let interface = Interface {
            id: "i".to_owned(),
            address: Destination::Address([10, 0, 0, 4].into()),
            zone: ZoneId(0),
            groups: Vec::new(),
            layers,
            paths: vec![Path {
                hops: Vec::new(),
                public: None,
                forward: Forward::All,
                needs_filter: Requirement::Yes,
                alternate_destination: None,
                doubt: None,
            }],
            origin: Origin::new("t", ""),
        };
        Network {
            filters: filters
                .into_iter()
                .map(|inbound| Filter {
                    id: "f".to_owned(),
                    name: "f".to_owned(),
                    sources: Vec::new(),
                    inbound,
                    outbound: Vec::new(),
                })
                .collect(),
            zones: vec![Zone::default()],
            interfaces: vec![interface],
            unknowns: Vec::new(),
        }
    })
}

/// The two diagrams of a network: what its filters say, and what the engine does.
fn both(
    diagrams: &Diagrams,
    network: &Network,
    universe: &AddressSet,
) -> AllocResult<(BDDFunction, BDDFunction)> {
    let mut said = diagrams.one_of(SOURCE, universe.v4.intervals())?;
    for filter in &network.filters {
        said = said.and(&diagrams.filter(filter)?)?;
    }
    let slices = judge(
        network,
        &network.interfaces[0],
        Protocol::Tcp,
        &PortSet::full(),
        universe,
    );
    let mut told = diagrams.none.clone();
    for slice in &slices {
        let ports = diagrams.one_of(PORT, slice.ports.intervals())?;
        for span in &slice.outcome.allowed {
            let packets = diagrams
                .one_of(SOURCE, span.sources.v4.intervals())?
                .and(&diagrams.one_of(SOURCE_PORT, span.ports.intervals())?)?
                .and(&ports)?;
            told = told.or(&packets)?;
        }
    }
    Ok((said, told))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn exposed_sets_are_the_diagrams(network in network(), internet in any::<bool>()) {
        let universe = if internet {
            celador_model::internet::internet()
        } else {
            AddressSet::full()
        };
        let diagrams = Diagrams::new().expect("memory for the bits");
        let (said, told) = both(&diagrams, &network, &universe).expect("memory for the diagrams");
        prop_assert!(said == told, "{network:?}");
    }
}

#[test]
fn the_diagrams_tell_sets_apart() {
    let diagrams = Diagrams::new().expect("memory for the bits");
    let ports = |lo: u16, hi: u16| {
        diagrams
            .one_of(PORT, &[Interval { lo, hi }])
            .expect("memory for the diagrams")
    };
    assert!(ports(0, u16::MAX) == diagrams.all);
    assert!(ports(22, 23) != ports(22, 22));
    let joined = ports(22, 22).or(&ports(23, 23)).expect("memory");
    assert!(joined == ports(22, 23));
}
