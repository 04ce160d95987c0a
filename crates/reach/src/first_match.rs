//! First match over the source-address line, for one slab of ports.
//!
//! The rules' intervals cut the line into cells; in ascending order each rule
//! paints the cells that are not painted yet. A union-find over the cells skips
//! painted ones, so the whole takes O(m log m) for m intervals.
//!
//! A rule that only *may* match does not paint: it is noted in every cell whose
//! deciding rule comes after it. What is noted there keeps its order, so a cell
//! holds a small decision list: "if this unknown matches, allow; else if that
//! one matches, deny; else what was painted".

use std::borrow::Cow;

use celador_model::{AddressSet, Interval, IntervalSet, PortSet, Protocol};

use crate::family::Family;
use crate::line::Line;
use crate::network::{
    Action, AddressMatch, Destination, Filter, Interface, MixedMatch, PortMatch, Rule, UnknownId,
    Zone,
};

/// Why a rule only may match.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Doubt {
    /// Something of the network is unknown.
    Unknown(UnknownId),
    /// The rule names a part of the prefix in which the interface is.
    PartOfPrefix,
}

/// Source addresses that a rule certainly matches.
#[derive(Debug, Clone)]
pub(crate) enum Sources<'a, T: Family> {
    /// One range; the whole line for "any".
    One(Interval<T>),
    /// Any set.
    Set(Cow<'a, IntervalSet<T>>),
}

impl<T: Family> Sources<'_, T> {
    /// The ranges, sorted and disjoint.
    pub(crate) fn intervals(&self) -> &[Interval<T>] {
        match self {
            Self::One(range) => std::slice::from_ref(range),
            Self::Set(set) => set.intervals(),
        }
    }

    /// Whether every address is matched.
    pub(crate) fn is_all(&self) -> bool {
        match self {
            Self::One(range) => *range == Interval::FULL,
            Self::Set(set) => set.is_full(),
        }
    }

    /// Whether one of the addresses is matched.
    pub(crate) fn intersects(&self, other: &IntervalSet<T>) -> bool {
        self.intervals()
            .iter()
            .any(|interval| other.intersects(&std::iter::once(*interval).collect()))
    }
}

/// A rule that can match a packet to one interface, resolved for it.
#[derive(Debug, Clone)]
pub(crate) struct Candidate<'a, T: Family> {
    /// The rule's index in its filter.
    pub(crate) index: u32,
    /// The rule.
    pub(crate) rule: &'a Rule,
    /// Where it certainly matches (unless `whole` says otherwise).
    pub(crate) sources: Sources<'a, T>,
    /// Why it may match outside `sources` too.
    pub(crate) outside: Vec<Doubt>,
    /// Why it may not match at all.
    pub(crate) whole: Vec<Doubt>,
}

impl<T: Family> Candidate<'_, T> {
    /// Whether the answer is the same whatever the unknown is.
    pub(crate) fn is_certain(&self) -> bool {
        self.outside.is_empty() && self.whole.is_empty()
    }

    /// What it does; `None` when that is unknown too.
    pub(crate) fn action(&self) -> Option<Action> {
        self.rule.doubt.is_none().then_some(self.rule.action)
    }
}

/// The rules that can match packets of one protocol, to one of the ports, between
/// any source and an interface at one address, in order.
pub(crate) fn candidates<'a, T: Family>(
    filter: &'a Filter,
    rules: &'a [Rule],
    zone: &'a Zone,
    interface: &Interface,
    destination: Destination,
    protocol: Protocol,
    ports: &PortSet,
) -> Vec<Candidate<'a, T>> {
    debug_assert!(rules.is_empty() || !filter.id.is_empty());
    let destination_set = AddressSet::from_net(destination.net());
    let mut out = Vec::with_capacity(rules.len().min(64));
    for (index, rule) in (0u32..).zip(rules) {
        if !rule.protocols.contains(protocol)
            || protocol.has_ports() && !names_one_of(&rule.to_ports, ports)
        {
            continue;
        }
        let Some(mut whole) =
            match_destination(&rule.to, zone, interface, destination, &destination_set)
        else {
            continue;
        };
        whole.extend(rule.doubt.map(Doubt::Unknown));
        let (sources, outside) = resolve_sources(&rule.from, zone);
        if sources.intervals().is_empty() && outside.is_empty() {
            continue;
        }
        out.push(Candidate {
            index,
            rule,
            sources,
            outside,
            whole,
        });
    }
    out
}

/// Whether a rule's ports have one of the asked.
fn names_one_of(own: &PortMatch, asked: &PortSet) -> bool {
    own.ranges().iter().any(|range| {
        let asked = asked.intervals();
        let at = asked.partition_point(|asked| asked.hi < range.lo);
        asked.get(at).is_some_and(|asked| asked.lo <= range.hi)
    })
}

/// `None`: the rule does not name the destination. An empty list: it does.
/// Otherwise why it may.
fn match_destination(
    to: &AddressMatch,
    zone: &Zone,
    interface: &Interface,
    destination: Destination,
    destination_set: &AddressSet,
) -> Option<Vec<Doubt>> {
    let fixed: Cow<'_, AddressSet> = match to {
        AddressMatch::Any => return Some(Vec::new()),
        AddressMatch::V4(range) => {
            if let Destination::Address(std::net::IpAddr::V4(addr)) = destination {
                return range.contains(addr.to_bits()).then(Vec::new);
            }
            Cow::Owned(u32::wrap(std::iter::once(*range).collect()))
        }
        AddressMatch::Fixed(set) => Cow::Borrowed(set),
        AddressMatch::Mixed(mixed) => {
            if mixed
                .groups
                .iter()
                .any(|group| interface.groups.binary_search(group).is_ok())
            {
                return Some(Vec::new());
            }
            Cow::Owned(certain_part(mixed, zone, false))
        }
    };
    if destination_set.is_subset(&fixed) {
        return Some(Vec::new());
    }
    let mut doubts = Vec::new();
    if destination_set.intersects(&fixed) {
        doubts.push(Doubt::PartOfPrefix);
    }
    if let AddressMatch::Mixed(mixed) = to {
        // A group's missing members do not matter here: whether this interface
        // is one of them is known.
        doubts.extend(unknown_part(mixed, zone, false));
    }
    (!doubts.is_empty()).then_some(doubts)
}

fn resolve_sources<'a, T: Family>(
    from: &'a AddressMatch,
    zone: &'a Zone,
) -> (Sources<'a, T>, Vec<Doubt>) {
    match from {
        AddressMatch::Any => (Sources::One(Interval::FULL), Vec::new()),
        AddressMatch::V4(_) => (
            T::inline(from).map_or_else(
                || Sources::Set(Cow::Owned(IntervalSet::empty())),
                Sources::One,
            ),
            Vec::new(),
        ),
        AddressMatch::Fixed(set) => (Sources::Set(Cow::Borrowed(T::of(set))), Vec::new()),
        AddressMatch::Mixed(mixed) => {
            // The usual mixed match is one symbol alone: borrow what it means.
            if let MixedMatch {
                fixed,
                symbols,
                groups,
                unknown,
            } = mixed.as_ref()
                && fixed.is_empty()
                && groups.is_empty()
                && unknown.is_empty()
                && let [symbol] = symbols.as_slice()
                && let Some(extent) = zone.symbol(*symbol)
                && extent.unknown.is_empty()
            {
                return (
                    Sources::Set(Cow::Borrowed(T::of(&extent.certain))),
                    Vec::new(),
                );
            }
            let certain = certain_part(mixed, zone, true);
            let doubts = unknown_part(mixed, zone, true);
            (Sources::Set(Cow::Owned(T::of(&certain).clone())), doubts)
        }
    }
}

fn certain_part(mixed: &MixedMatch, zone: &Zone, with_groups: bool) -> AddressSet {
    let symbols = mixed.symbols.iter().filter_map(|id| zone.symbol(*id));
    let groups = mixed
        .groups
        .iter()
        .filter(|_| with_groups)
        .filter_map(|id| zone.group(*id));
    symbols
        .chain(groups)
        .fold(mixed.fixed.clone(), |set, extent| {
            set.union(&extent.certain)
        })
}

fn unknown_part(mixed: &MixedMatch, zone: &Zone, with_groups: bool) -> Vec<Doubt> {
    let symbols = mixed.symbols.iter().filter_map(|id| zone.symbol(*id));
    let groups = mixed
        .groups
        .iter()
        .filter(|_| with_groups)
        .filter_map(|id| zone.group(*id));
    let mut doubts: Vec<_> = mixed
        .unknown
        .iter()
        .chain(symbols.chain(groups).flat_map(|extent| &extent.unknown))
        .map(|id| Doubt::Unknown(*id))
        .collect();
    doubts.sort_unstable();
    doubts.dedup();
    doubts
}

/// What decides at one point: a rule, nothing (so the filter denies), or a
/// short list of rules that may, before the one that does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Decision {
    /// This rule, by its index in the filter.
    Rule(u32),
    /// No rule matches.
    NoRule,
    /// Index into [`Decided::doubtful`].
    Doubtful(u32),
}

/// A decision list: rules that may match, in order, then what is certain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DecisionList {
    /// Positions among the candidates, in order.
    pub(crate) maybe: Vec<u32>,
    /// Position among the candidates of the rule that decides otherwise.
    pub(crate) otherwise: Option<u32>,
}

/// The first match at every source address.
#[derive(Debug, Clone)]
pub(crate) struct Decided<T> {
    /// Who decides where.
    pub(crate) line: Line<T, Decision>,
    /// The decision lists that the line speaks of.
    pub(crate) doubtful: Vec<DecisionList>,
}

/// First match among candidates that all match the slab's ports.
pub(crate) fn first_match<T: Family>(all: &[Candidate<'_, T>], active: &[u32]) -> Decided<T> {
    let get = |position: u32| &all[position as usize];
    // Nothing after a rule that certainly takes every packet is ever reached.
    let end = active
        .iter()
        .position(|&position| get(position).is_certain() && get(position).sources.is_all())
        .map_or(active.len(), |index| index + 1);
    let active = &active[..end];

    // Most filters end in a rule for everything, and often it is the only one
    // left for these ports.
    if let [only] = active
        && get(*only).is_certain()
        && get(*only).sources.is_all()
    {
        return Decided {
            line: Line::constant(Decision::Rule(get(*only).index)),
            doubtful: Vec::new(),
        };
    }

    let mut starts = vec![T::MIN];
    for &position in active {
        for interval in get(position).sources.intervals() {
            starts.push(interval.lo);
            starts.extend(interval.hi.next());
        }
    }
    starts.sort_unstable();
    starts.dedup();
    let cell_at = |address: T| starts.partition_point(|start| *start <= address) - 1;

    let mut owner: Vec<Option<u32>> = vec![None; starts.len()];
    let mut unpainted = Unpainted::new(starts.len());
    for &position in active {
        let candidate = get(position);
        if !candidate.whole.is_empty() {
            continue;
        }
        for interval in candidate.sources.intervals() {
            let last = cell_at(interval.hi);
            let mut cell = unpainted.at_or_after(cell_at(interval.lo));
            while cell <= last {
                owner[cell] = Some(position);
                unpainted.paint(cell);
                cell = unpainted.at_or_after(cell + 1);
            }
        }
    }

    let mut maybe: Vec<Vec<u32>> = Vec::new();
    for &position in active
        .iter()
        .filter(|&&position| !get(position).is_certain())
    {
        maybe.resize(starts.len(), Vec::new());
        let candidate = get(position);
        let everywhere = [Interval::FULL];
        let region = if candidate.outside.is_empty() {
            candidate.sources.intervals()
        } else {
            &everywhere
        };
        for interval in region {
            for cell in cell_at(interval.lo)..=cell_at(interval.hi) {
                if owner[cell].is_none_or(|own| own > position) {
                    maybe[cell].push(position);
                }
            }
        }
    }

    let mut doubtful: Vec<DecisionList> = Vec::new();
    let mut cells: Vec<(T, Decision)> = Vec::with_capacity(starts.len());
    for (cell, own) in owner.iter().copied().enumerate() {
        let last = starts
            .get(cell + 1)
            .and_then(|next| next.prev())
            .unwrap_or(T::MAX);
        let decision = match maybe.get(cell).filter(|list| !list.is_empty()) {
            Some(list) => decide(all, list, own, &mut doubtful),
            None => certain(all, own),
        };
        match cells.last_mut() {
            Some((hi, same)) if *same == decision => *hi = last,
            _ => cells.push((last, decision)),
        }
    }
    Decided {
        line: Line::from_cells(cells, Decision::NoRule),
        doubtful,
    }
}

fn certain<T: Family>(all: &[Candidate<'_, T>], owner: Option<u32>) -> Decision {
    owner.map_or(Decision::NoRule, |position| {
        Decision::Rule(all[position as usize].index)
    })
}

/// Keeps only the doubts that can change the answer: a rule that may match just
/// before one that does the same anyway changes nothing.
fn decide<T: Family>(
    all: &[Candidate<'_, T>],
    maybe: &[u32],
    owner: Option<u32>,
    doubtful: &mut Vec<DecisionList>,
) -> Decision {
    let settled = owner.map_or(Some(Action::Deny), |position| {
        all[position as usize].action()
    });
    let mut kept = maybe.to_vec();
    while kept
        .last()
        .is_some_and(|&position| all[position as usize].action() == settled)
    {
        kept.pop();
    }
    if kept.is_empty() {
        return certain(all, owner);
    }
    let list = DecisionList {
        maybe: kept,
        otherwise: owner,
    };
    let index = doubtful
        .iter()
        .position(|known| *known == list)
        .unwrap_or_else(|| {
            doubtful.push(list);
            doubtful.len() - 1
        });
    Decision::Doubtful(u32::try_from(index).unwrap_or(u32::MAX))
}

/// Whether a rule matches the slab's ports.
pub(crate) fn matches_port(ports: &PortMatch, protocol: Protocol, port: u16) -> bool {
    !protocol.has_ports() || ports.contains(port)
}

/// Union-find that answers "the next cell nobody painted".
struct Unpainted {
    next: Vec<usize>,
}

impl Unpainted {
    fn new(cells: usize) -> Self {
        Self {
            next: (0..=cells).collect(),
        }
    }

    /// The first unpainted cell at or after one; the number of cells if none.
    fn at_or_after(&mut self, cell: usize) -> usize {
        let mut root = cell;
        while self.next[root] != root {
            // Halve the path while walking it.
            self.next[root] = self.next[self.next[root]];
            root = self.next[root];
        }
        root
    }

    fn paint(&mut self, cell: usize) {
        self.next[cell] = cell + 1;
    }
}
