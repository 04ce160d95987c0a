//! Which packets from given sources reach an interface, and why.
//!
//! The answer is a list of [`Slice`]s: ports on which nothing differs, with the
//! sources that certainly reach them, the sources of which that is unknown, and
//! the rules that decide. Invariant: `allowed` and `doubtful` are disjoint, and
//! every other source is certainly kept out.

use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;
use std::sync::Arc;

use celador_model::{AddressSet, Interval, IntervalSet, PortRange, PortSet, Protocol, Verdict};

use crate::family::Family;
use crate::first_match::{
    Candidate, Decided, Decision, Doubt, candidates, first_match, matches_port,
};
use crate::grid::{Grid, Scratch, Sides};
use crate::line::walk;
use crate::network::{
    Action, Destination, Direction, FilterId, Forward, Gate, Interface, Network, Path, Requirement,
    Unknown, UnknownId,
};
use crate::slab::{slab_starts, slabs};

/// Sources: addresses × source ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSpan {
    /// Source ports.
    pub ports: PortSet,
    /// Source addresses.
    pub sources: AddressSet,
}

/// Sources of which it is unknown whether they reach the interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubtful {
    /// Source ports.
    pub ports: PortSet,
    /// Source addresses.
    pub sources: AddressSet,
    /// How the answer depends on what is unknown. Two networks that lack the
    /// same things in the same way have the same key.
    pub key: Arc<str>,
}

/// A rule that decides, at one layer of an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleRef {
    /// Index into the interface's layers.
    pub layer: u16,
    /// The filter at that layer.
    pub filter: FilterId,
    /// Index into the filter's inbound rules; `None` when no rule matches, so
    /// that the filter denies by itself.
    pub rule: Option<u32>,
}

/// Why an answer is undetermined.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// Something in the network is unknown.
    Unknown(UnknownId),
    /// The interface is somewhere in a prefix of which this rule names a part.
    PartOfPrefix(RuleRef),
}

impl Reason {
    /// The reason as a clause for people.
    pub fn describe(&self, network: &Network, interface: &Interface) -> String {
        match self {
            Self::Unknown(id) => {
                unknown(network, *id).map_or_else(String::new, |unknown| unknown.reason.clone())
            }
            Self::PartOfPrefix(at) => {
                let name = at
                    .rule
                    .and_then(|rule| {
                        network
                            .filters
                            .get(at.filter.index())?
                            .inbound
                            .get(rule as usize)
                    })
                    .map_or("", |rule| &rule.name);
                format!(
                    "the address within {} is not known and rule \"{name}\" covers only part of it",
                    interface.address.net()
                )
            }
        }
    }
}

fn unknown(network: &Network, id: UnknownId) -> Option<&Unknown> {
    network.unknowns.get(id.index())
}

/// What is true of some ports of an interface.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outcome {
    /// Sources that certainly reach the interface.
    pub allowed: Vec<SourceSpan>,
    /// Sources of which that is unknown.
    pub doubtful: Vec<Doubtful>,
    /// Why, sorted.
    pub reasons: Vec<Reason>,
    /// The rules that let the allowed packets pass, a layer after the other.
    pub allowing: Vec<RuleRef>,
    /// The rules that stop the other packets, each at the first layer that does.
    pub denying: Vec<RuleRef>,
    /// Indices of the interface's paths that certainly carry these ports.
    pub paths: Vec<usize>,
    /// Indices of the paths that may.
    pub possible_paths: Vec<usize>,
    /// Indices of the paths that the platform closes because no layer has a
    /// filter.
    pub closed_paths: Vec<usize>,
}

impl Outcome {
    /// The one-word answer.
    pub fn verdict(&self) -> Verdict {
        if !self.allowed.is_empty() {
            Verdict::Exposed
        } else if !self.doubtful.is_empty() {
            Verdict::Undetermined
        } else {
            Verdict::NotExposed
        }
    }
}

/// Ports on which nothing differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slice {
    /// The ports; never empty.
    pub ports: PortSet,
    /// What is true of them.
    pub outcome: Outcome,
}

/// Judges the asked ports of an interface for packets from the given sources.
///
/// Slices are in the order of their first ports and together cover exactly
/// `ports`; ports that the same rules match are one slice. For a protocol
/// without ports (`icmp`…) ask for the full port set; it is one slice.
pub fn judge(
    network: &Network,
    interface: &Interface,
    protocol: Protocol,
    ports: &PortSet,
    from: &AddressSet,
) -> Vec<Slice> {
    match interface.address.net() {
        ipnet::IpNet::V4(_) => Judge::<u32>::new(network, interface, protocol, ports, from).run(),
        ipnet::IpNet::V6(_) => Judge::<u128>::new(network, interface, protocol, ports, from).run(),
    }
}

/// One view of the layers: the filters with the rules that can match packets to
/// one destination.
struct View<'n, T: Family> {
    layers: Vec<LayerView<'n, T>>,
}

struct LayerView<'n, T: Family> {
    index: u16,
    filter: FilterId,
    candidates: Vec<Candidate<'n, T>>,
}

/// What the layers say of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Status {
    Allowed(Vec<RuleRef>),
    Denied(RuleRef),
    Doubtful {
        key: String,
        reasons: BTreeSet<Reason>,
    },
}

/// The rules that match a slab's ports: positions among the candidates of every
/// layer of every view, in order, each layer closed by [`Active::END`].
#[derive(Debug, Clone, Default)]
struct Active {
    positions: Vec<u32>,
    hash: u64,
}

impl Active {
    /// No position: a filter has fewer rules.
    const END: u32 = u32::MAX;

    fn push(&mut self, position: u32) {
        self.positions.push(position);
        // Multiplicative hashing; equal hashes are compared in full.
        self.hash =
            (self.hash.rotate_left(5) ^ u64::from(position)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn end_layer(&mut self) {
        self.push(Self::END);
    }

    /// The positions, a list for each layer.
    fn layers(&self) -> impl Iterator<Item = &[u32]> {
        self.positions
            .split_inclusive(|position| *position == Self::END)
            .map(|layer| layer.strip_suffix(&[Self::END]).unwrap_or(layer))
    }
}

struct Judge<'n, T: Family> {
    network: &'n Network,
    interface: &'n Interface,
    protocol: Protocol,
    ports: &'n PortSet,
    from: &'n IntervalSet<T>,
    /// Layers whose filter could not be read.
    unread: Vec<UnknownId>,
    /// Whether no layer has a filter, read or not.
    unfiltered: bool,
    /// The view for the interface's own address, then one for each alternate
    /// destination.
    views: Vec<View<'n, T>>,
    alternates: Vec<(std::net::IpAddr, UnknownId)>,
}

/// The paths that carry a slab, and with which reservations.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Ways {
    certain: Vec<usize>,
    possible: Vec<usize>,
    closed: Vec<usize>,
    /// Distinct ways as (alternate destination, doubts).
    kinds: Vec<(Option<usize>, Vec<UnknownId>)>,
}

impl<'n, T: Family> Judge<'n, T> {
    fn new(
        network: &'n Network,
        interface: &'n Interface,
        protocol: Protocol,
        ports: &'n PortSet,
        from: &'n AddressSet,
    ) -> Self {
        let mut alternates: Vec<_> = interface
            .paths
            .iter()
            .filter_map(|path| path.alternate_destination)
            .collect();
        alternates.sort_unstable();
        alternates.dedup();
        let mut judge = Self {
            network,
            interface,
            protocol,
            ports,
            from: T::of(from),
            unread: Vec::new(),
            unfiltered: true,
            views: Vec::new(),
            alternates,
        };
        for layer in &interface.layers {
            match layer.gate {
                Gate::Open => {}
                Gate::Unknown(id) => {
                    judge.unfiltered = false;
                    judge.unread.push(id);
                }
                Gate::Filter(_) => judge.unfiltered = false,
            }
        }
        if !interface.paths.is_empty() {
            judge.views.push(judge.view(interface.address));
            for (addr, _) in judge.alternates.clone() {
                judge.views.push(judge.view(Destination::Address(addr)));
            }
        }
        judge
    }

    fn view(&self, destination: Destination) -> View<'n, T> {
        let network = self.network;
        let layers = (0u16..)
            .zip(&self.interface.layers)
            .filter_map(|(index, layer)| {
                let Gate::Filter(id) = layer.gate else {
                    return None;
                };
                let filter = network.filters.get(id.index())?;
                let zone = network.zones.get(self.interface.zone.index())?;
                Some(LayerView {
                    index,
                    filter: id,
                    candidates: candidates(
                        filter,
                        filter.rules(Direction::Inbound),
                        zone,
                        self.interface,
                        destination,
                        self.protocol,
                        self.ports,
                    ),
                })
            })
            .collect();
        View { layers }
    }

    fn run(&self) -> Vec<Slice> {
        let ports = self.ports;
        if ports.is_empty() {
            return Vec::new();
        }
        if self.interface.paths.is_empty() {
            return vec![Slice {
                ports: ports.clone(),
                outcome: Outcome::default(),
            }];
        }
        let slabs = self.asked_slabs(ports);
        let active = self.active(&slabs);
        let same_ways = self
            .interface
            .paths
            .iter()
            .all(|path| path.forward == Forward::All);
        let mut ways: Vec<Ways> = Vec::new();
        let mut scratch = Scratch::default();
        let grid = self.grid();
        let mut known: HashMap<(usize, u64), Vec<usize>> = HashMap::new();
        // The first slab of every slice, beside the slice.
        let mut firsts: Vec<usize> = Vec::new();
        let mut out: Vec<Slice> = Vec::new();
        for (index, ((first, inside), rules)) in slabs.iter().zip(&active).enumerate() {
            let way = if same_ways && !ways.is_empty() {
                0
            } else {
                let own = self.ways(*first);
                ways.iter()
                    .position(|known| *known == own)
                    .unwrap_or_else(|| {
                        ways.push(own);
                        ways.len() - 1
                    })
            };
            // Where the same rules match and the same paths lead, the answer is
            // the same.
            let twins = known.entry((way, rules.hash)).or_default();
            if let Some(&twin) = twins
                .iter()
                .find(|&&slice| active[firsts[slice]].positions == rules.positions)
            {
                for range in inside.intervals() {
                    out[twin].ports.push(*range);
                }
                continue;
            }
            twins.push(out.len());
            firsts.push(index);
            out.push(Slice {
                ports: inside.clone(),
                outcome: self.outcome(&ways[way], rules, grid.as_ref(), &mut scratch),
            });
        }
        out
    }

    /// The slabs that hold asked ports: first port, and the asked ones.
    fn asked_slabs(&self, ports: &PortSet) -> Vec<(u16, PortSet)> {
        let starts = slab_starts(self.port_borders());
        let mut asked = ports.intervals().iter().copied().peekable();
        let mut out = Vec::new();
        for slab in slabs(&starts) {
            // Both walk the port line from left to right.
            let mut inside = PortSet::empty();
            while let Some(range) = asked.peek().copied() {
                if let Some(both) = range.intersection(slab) {
                    inside.push(both);
                }
                if range.hi > slab.hi {
                    break;
                }
                asked.next();
            }
            if !inside.is_empty() {
                out.push((slab.lo, inside));
            }
            if asked.peek().is_none() {
                break;
            }
        }
        out
    }

    /// The rules that match the ports of every slab.
    fn active(&self, slabs: &[(u16, PortSet)]) -> Vec<Active> {
        let mut active = vec![Active::default(); slabs.len()];
        for layer in self.views.iter().flat_map(|view| &view.layers) {
            for (position, candidate) in (0u32..).zip(&layer.candidates) {
                let ranges = candidate.rule.to_ports.ranges();
                if !self.protocol.has_ports() || ranges == [PortRange::FULL] {
                    for slab in &mut active {
                        slab.push(position);
                    }
                    continue;
                }
                // No range begins or ends inside a slab.
                for range in ranges {
                    let from = slabs.partition_point(|(first, _)| *first < range.lo);
                    let to = slabs.partition_point(|(first, _)| *first <= range.hi);
                    for slab in &mut active[from..to] {
                        slab.push(position);
                    }
                }
            }
            for slab in &mut active {
                slab.end_layer();
            }
        }
        active
    }

    /// The layers as bits, where nothing about them is unknown.
    fn grid(&self) -> Option<Grid<T>> {
        let [view] = self.views.as_slice() else {
            return None;
        };
        if !self.unread.is_empty() {
            return None;
        }
        let layers: Vec<&[Candidate<'_, T>]> = view
            .layers
            .iter()
            .map(|layer| layer.candidates.as_slice())
            .collect();
        Grid::new(&layers, self.from)
    }

    /// Every port range at whose borders the answer can change.
    fn port_borders(&self) -> impl Iterator<Item = &PortRange> {
        let rules = self
            .views
            .iter()
            .flat_map(|view| &view.layers)
            .flat_map(|layer| &layer.candidates)
            .filter(|_| self.protocol.has_ports())
            .flat_map(|candidate| candidate.rule.to_ports.ranges());
        let paths = self
            .interface
            .paths
            .iter()
            .filter_map(|path| match &path.forward {
                Forward::All => None,
                Forward::Ports { backend, .. } => Some(backend),
            });
        rules.chain(paths)
    }

    /// The outcome for ports with these rules and ways.
    fn outcome(
        &self,
        ways: &Ways,
        active: &Active,
        grid: Option<&Grid<T>>,
        scratch: &mut Scratch,
    ) -> Outcome {
        let mut outcome = Outcome {
            paths: ways.certain.clone(),
            possible_paths: ways.possible.clone(),
            closed_paths: ways.closed.clone(),
            ..Outcome::default()
        };
        if ways.kinds.is_empty() {
            return outcome;
        }
        let layers: Vec<&LayerView<'n, T>> =
            self.views.iter().flat_map(|view| &view.layers).collect();
        // Source ports of the rules that do not match all of them, which is
        // seldom any.
        let source_ports: Vec<&[PortRange]> = layers
            .iter()
            .zip(active.layers())
            .filter(|_| self.protocol.has_ports())
            .flat_map(|(layer, positions)| {
                positions
                    .iter()
                    .map(|&position| layer.candidates[position as usize].rule)
            })
            .map(|rule| rule.from_ports.ranges())
            .filter(|ranges| *ranges != [PortRange::FULL])
            .collect();
        let source_starts = slab_starts(source_ports.iter().copied().flatten());
        // The ways differ in doubts and destinations; without either there is
        // only one kind.
        let grid =
            grid.filter(|_| matches!(ways.kinds.as_slice(), [(None, doubts)] if doubts.is_empty()));
        let mut gathered = Gathered::default();
        let mut sides = Sides::default();
        for source_slab in slabs(&source_starts) {
            match grid {
                Some(grid) if source_ports.is_empty() => {
                    let allowed = grid.decide(active.layers(), scratch, &mut sides);
                    gathered.allow(source_slab, allowed);
                }
                _ => {
                    let positions = self.on_source_port(&layers, active, source_slab.lo);
                    match grid {
                        Some(grid) => {
                            let active = positions.iter().map(Vec::as_slice);
                            let allowed = grid.decide(active, scratch, &mut sides);
                            gathered.allow(source_slab, allowed);
                        }
                        None => {
                            self.source_slab(source_slab, &positions, ways, &mut gathered);
                        }
                    }
                }
            }
        }
        gathered.finish(&mut outcome);
        if grid.is_some() {
            let at = |layer: u32, position: Option<u32>| {
                let layer = layers[layer as usize];
                RuleRef {
                    layer: layer.index,
                    filter: layer.filter,
                    rule: position.map(|position| layer.candidates[position as usize].index),
                }
            };
            outcome.allowing = sides
                .allowing
                .into_iter()
                .map(|(layer, position)| at(layer, Some(position)))
                .collect();
            outcome.denying = sides
                .denying
                .into_iter()
                .map(|(layer, position)| at(layer, position))
                .collect();
            for rules in [&mut outcome.allowing, &mut outcome.denying] {
                rules.sort_unstable();
                rules.dedup();
            }
        }
        outcome
    }

    /// The active rules of every layer that match a source port too.
    fn on_source_port(
        &self,
        layers: &[&LayerView<'n, T>],
        active: &Active,
        port: u16,
    ) -> Vec<Vec<u32>> {
        layers
            .iter()
            .zip(active.layers())
            .map(|(layer, positions)| {
                positions
                    .iter()
                    .copied()
                    .filter(|&position| {
                        let rule = layer.candidates[position as usize].rule;
                        matches_port(&rule.from_ports, self.protocol, port)
                    })
                    .collect()
            })
            .collect()
    }

    fn ways(&self, port: u16) -> Ways {
        let mut ways = Ways::default();
        for (index, path) in self.interface.paths.iter().enumerate() {
            if !self.carries(path, port) {
                continue;
            }
            let mut doubts: Vec<_> = path.doubt.into_iter().collect();
            if self.unfiltered {
                match path.needs_filter {
                    Requirement::No => {}
                    Requirement::Yes => {
                        ways.closed.push(index);
                        continue;
                    }
                    Requirement::Unknown(id) => doubts.push(id),
                }
            }
            if doubts.is_empty() {
                ways.certain.push(index);
            } else {
                ways.possible.push(index);
            }
            let alternate = path
                .alternate_destination
                .and_then(|wanted| self.alternates.iter().position(|known| *known == wanted));
            ways.kinds.push((alternate, doubts));
        }
        ways.kinds.sort_unstable();
        ways.kinds.dedup();
        // A way without reservations carries whatever a doubtful one to the same
        // destination might; one to another destination meets other rules.
        let sure: Vec<_> = ways
            .kinds
            .iter()
            .filter(|(_, doubts)| doubts.is_empty())
            .map(|(alternate, _)| *alternate)
            .collect();
        ways.kinds
            .retain(|(alternate, doubts)| doubts.is_empty() || !sure.contains(alternate));
        ways
    }

    fn carries(&self, path: &Path, port: u16) -> bool {
        path.forward
            .backend_ports(self.protocol)
            .is_some_and(|range| range.contains(port) || !self.protocol.has_ports())
    }

    fn source_slab(
        &self,
        source_ports: PortRange,
        active: &[Vec<u32>],
        ways: &Ways,
        gathered: &mut Gathered<T>,
    ) {
        let mut active = active.iter();
        let decided: Vec<Vec<Decided<T>>> = self
            .views
            .iter()
            .map(|view| {
                view.layers
                    .iter()
                    .zip(active.by_ref())
                    .map(|(layer, positions)| first_match(&layer.candidates, positions))
                    .collect()
            })
            .collect();
        let lines: Vec<_> = decided.iter().flatten().map(|layer| &layer.line).collect();
        let per_view = self.views.first().map_or(0, |view| view.layers.len());

        let mut slab = SlabSets::default();
        let mut from = self.from.intervals().iter().copied().peekable();
        walk(&lines, |span, decisions| {
            let mut inside = Vec::new();
            while let Some(interval) = from.peek().copied() {
                if let Some(both) = interval.intersection(span) {
                    inside.push(both);
                }
                if interval.hi > span.hi {
                    break;
                }
                from.next();
            }
            if inside.is_empty() {
                return;
            }
            let status = self.status(ways, &decided, decisions, per_view);
            slab.add(&inside, status);
        });
        gathered.add(source_ports, slab);
    }

    /// Combines the layers of every way that carries the slab.
    fn status(
        &self,
        ways: &Ways,
        decided: &[Vec<Decided<T>>],
        decisions: &[Decision],
        per_view: usize,
    ) -> Status {
        let mut denied = None;
        let mut key = String::new();
        let mut reasons = BTreeSet::new();
        for (alternate, doubts) in &ways.kinds {
            let view = |index: usize| {
                let range = index * per_view..(index + 1) * per_view;
                self.layers_status(&self.views[index], &decided[index], &decisions[range])
            };
            let own = view(0);
            let status = match alternate {
                None => own,
                Some(index) => {
                    let (addr, why) = self.alternates[*index];
                    either_destination(self.network, own, view(index + 1), addr, why)
                }
            };
            match (status, doubts.as_slice()) {
                (Status::Allowed(rules), []) => return Status::Allowed(rules),
                (Status::Denied(rule), _) => {
                    denied.get_or_insert(rule);
                }
                (status, doubts) => {
                    for id in doubts {
                        let _ = write!(key, "path[{}]&", key_of(self.network, *id));
                        reasons.insert(Reason::Unknown(*id));
                    }
                    match status {
                        Status::Doubtful {
                            key: inner,
                            reasons: why,
                        } => {
                            key.push_str(&inner);
                            reasons.extend(why);
                        }
                        _ => key.push_str("allow"),
                    }
                    key.push('|');
                }
            }
        }
        match denied {
            Some(rule) if key.is_empty() => Status::Denied(rule),
            _ => Status::Doubtful { key, reasons },
        }
    }

    fn layers_status(
        &self,
        view: &View<'n, T>,
        decided: &[Decided<T>],
        decisions: &[Decision],
    ) -> Status {
        let mut allowing = Vec::new();
        let mut key = String::new();
        let mut reasons = BTreeSet::new();
        for ((layer, decided), decision) in view.layers.iter().zip(decided).zip(decisions) {
            let at = |rule: Option<u32>| RuleRef {
                layer: layer.index,
                filter: layer.filter,
                rule,
            };
            let filter = &self.network.filters[layer.filter.index()];
            match *decision {
                Decision::NoRule => return Status::Denied(at(None)),
                Decision::Rule(index) => match filter.inbound[index as usize].action {
                    Action::Deny => return Status::Denied(at(Some(index))),
                    Action::Allow => allowing.push(at(Some(index))),
                },
                Decision::Doubtful(index) => {
                    let list = &decided.doubtful[index as usize];
                    self.explain_list(layer, list, &mut key, &mut reasons);
                }
            }
        }
        for id in &self.unread {
            let _ = write!(key, "layer[{}];", key_of(self.network, *id));
            reasons.insert(Reason::Unknown(*id));
        }
        if reasons.is_empty() {
            Status::Allowed(allowing)
        } else {
            Status::Doubtful { key, reasons }
        }
    }

    fn explain_list(
        &self,
        layer: &LayerView<'n, T>,
        list: &crate::first_match::DecisionList,
        key: &mut String,
        reasons: &mut BTreeSet<Reason>,
    ) {
        for &position in &list.maybe {
            let candidate = &layer.candidates[position as usize];
            key.push_str("if ");
            for doubt in candidate.whole.iter().chain(&candidate.outside) {
                match doubt {
                    Doubt::Unknown(id) => {
                        let _ = write!(key, "{},", key_of(self.network, *id));
                        reasons.insert(Reason::Unknown(*id));
                    }
                    Doubt::PartOfPrefix => {
                        let _ = write!(key, "within {:?},", candidate.rule.to);
                        reasons.insert(Reason::PartOfPrefix(RuleRef {
                            layer: layer.index,
                            filter: layer.filter,
                            rule: Some(candidate.index),
                        }));
                    }
                }
            }
            let _ = write!(key, " {:?};", candidate.action());
        }
        let otherwise = list
            .otherwise
            .and_then(|position| layer.candidates[position as usize].action());
        let _ = write!(key, "else {otherwise:?};");
    }
}

fn key_of(network: &Network, id: UnknownId) -> &str {
    unknown(network, id).map_or("", |unknown| &unknown.key)
}

/// The layers may see either of two destinations.
fn either_destination(
    network: &Network,
    own: Status,
    other: Status,
    addr: std::net::IpAddr,
    why: UnknownId,
) -> Status {
    match (own, other) {
        (Status::Allowed(rules), Status::Allowed(_)) => Status::Allowed(rules),
        (Status::Denied(rule), Status::Denied(_)) => Status::Denied(rule),
        (own, other) => {
            let mut reasons = BTreeSet::from([Reason::Unknown(why)]);
            let mut key = format!("to {addr}[{}]:", key_of(network, why));
            for status in [own, other] {
                match status {
                    Status::Allowed(_) => key.push_str("allow/"),
                    Status::Denied(_) => key.push_str("deny/"),
                    Status::Doubtful {
                        key: inner,
                        reasons: more,
                    } => {
                        key.push_str(&inner);
                        key.push('/');
                        reasons.extend(more);
                    }
                }
            }
            Status::Doubtful { key, reasons }
        }
    }
}

/// The sets of one source-port slab, filled from left to right.
struct SlabSets<T> {
    allowed: IntervalSet<T>,
    doubtful: Vec<(String, IntervalSet<T>)>,
    allowing: BTreeSet<RuleRef>,
    denying: BTreeSet<RuleRef>,
    reasons: BTreeSet<Reason>,
}

impl<T: Family> Default for SlabSets<T> {
    fn default() -> Self {
        Self {
            allowed: IntervalSet::empty(),
            doubtful: Vec::new(),
            allowing: BTreeSet::new(),
            denying: BTreeSet::new(),
            reasons: BTreeSet::new(),
        }
    }
}

impl<T: Family> SlabSets<T> {
    fn add(&mut self, inside: &[Interval<T>], status: Status) {
        match status {
            Status::Allowed(rules) => {
                for interval in inside {
                    self.allowed.push(*interval);
                }
                self.allowing.extend(rules);
            }
            Status::Denied(rule) => {
                self.denying.insert(rule);
            }
            Status::Doubtful { key, reasons } => {
                let index = self
                    .doubtful
                    .iter()
                    .position(|(known, _)| *known == key)
                    .unwrap_or_else(|| {
                        self.doubtful.push((key, IntervalSet::empty()));
                        self.doubtful.len() - 1
                    });
                for interval in inside {
                    self.doubtful[index].1.push(*interval);
                }
                self.reasons.extend(reasons);
            }
        }
    }
}

/// The sets of all source-port slabs, equal ones together.
struct Gathered<T> {
    allowed: Vec<(PortSet, IntervalSet<T>)>,
    doubtful: Vec<(PortSet, String, IntervalSet<T>)>,
    allowing: BTreeSet<RuleRef>,
    denying: BTreeSet<RuleRef>,
    reasons: BTreeSet<Reason>,
}

impl<T: Family> Default for Gathered<T> {
    fn default() -> Self {
        Self {
            allowed: Vec::new(),
            doubtful: Vec::new(),
            allowing: BTreeSet::new(),
            denying: BTreeSet::new(),
            reasons: BTreeSet::new(),
        }
    }
}

impl<T: Family> Gathered<T> {
    fn allow(&mut self, ports: PortRange, sources: IntervalSet<T>) {
        if sources.is_empty() {
            return;
        }
        match self.allowed.iter_mut().find(|(_, set)| *set == sources) {
            Some((known, _)) => known.push(ports),
            None => self
                .allowed
                .push((std::iter::once(ports).collect(), sources)),
        }
    }

    fn add(&mut self, ports: PortRange, slab: SlabSets<T>) {
        let one = || std::iter::once(ports).collect::<PortSet>();
        self.allow(ports, slab.allowed);
        for (key, set) in slab.doubtful {
            let known = self
                .doubtful
                .iter_mut()
                .find(|(_, other, sources)| *other == key && *sources == set);
            match known {
                Some((known, ..)) => known.push(ports),
                None => self.doubtful.push((one(), key, set)),
            }
        }
        self.allowing.extend(slab.allowing);
        self.denying.extend(slab.denying);
        self.reasons.extend(slab.reasons);
    }

    fn finish(self, outcome: &mut Outcome) {
        outcome.allowed = self
            .allowed
            .into_iter()
            .map(|(ports, set)| SourceSpan {
                ports,
                sources: T::wrap(set),
            })
            .collect();
        outcome.doubtful = self
            .doubtful
            .into_iter()
            .map(|(ports, key, set)| Doubtful {
                ports,
                sources: T::wrap(set),
                key: key.into(),
            })
            .collect();
        outcome.allowing = self.allowing.into_iter().collect();
        outcome.denying = self.denying.into_iter().collect();
        outcome.reasons = self.reasons.into_iter().collect();
    }
}
