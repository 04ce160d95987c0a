//! The vendor-independent network: filters, and the places behind them.
//!
//! A vendor's converter (`cloud/<vendor>/convert.rs`) builds a [`Network`] and
//! nothing here knows which vendor it was. What the converter could not read or
//! does not model becomes an [`Unknown`]: it is attached exactly where it
//! matters (a part of a rule's source, a whole layer, a path), so that only the
//! verdicts it can change become undetermined.
//!
//! Invariant: ids are indices into the vectors of the same [`Network`].

use std::net::IpAddr;
use std::sync::Arc;

use celador_model::{AddressSet, Interval, Origin, PortRange, PortSet, Protocol, ProtocolSet};
use ipnet::IpNet;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The index as the vectors of a network want it.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}
ids! {
    /// Index into [`Network::filters`].
    FilterId,
    /// Index into [`Network::zones`].
    ZoneId,
    /// Index into [`Network::interfaces`].
    InterfaceId,
    /// Index into [`Network::unknowns`].
    UnknownId,
    /// A named set of addresses whose meaning depends on where the filter
    /// stands (Azure's `VirtualNetwork`); resolved by a [`Zone`].
    SymbolId,
    /// A named group of interfaces (an application security group).
    GroupId,
}

/// Everything that is asked questions.
#[derive(Debug, Clone, Default)]
pub struct Network {
    /// Ordered rule lists.
    pub filters: Vec<Filter>,
    /// Places with the same meaning of symbols and groups.
    pub zones: Vec<Zone>,
    /// Addresses where packets can end.
    pub interfaces: Vec<Interface>,
    /// What could not be determined.
    pub unknowns: Vec<Unknown>,
}

/// Something that could not be read, resolved or modelled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// Stable identity: two snapshots that lack the same thing in the same way
    /// have the same key, so a diff of them does not report it as a change.
    pub key: String,
    /// The reason, as a clause a person can read: `service tag "Foo" is not in
    /// the service tags`.
    pub reason: String,
    /// Where the input speaks of it.
    pub origin: Origin,
}

/// What a rule does with a packet it matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// The packet passes this filter.
    Allow,
    /// The packet is dropped here.
    Deny,
}

/// Which way a packet crosses a filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Direction {
    /// Towards the interface.
    Inbound,
    /// Away from the interface.
    Outbound,
}

/// An ordered list of rules; the first that matches decides.
///
/// A packet that no rule matches is denied.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Identity in the vendor's terms (an ARM resource id), as it was written.
    pub id: String,
    /// Short name for people.
    pub name: String,
    /// Where the rules were read: a JSON array each, or a single rule's place.
    pub sources: Vec<RuleSource>,
    /// Rules towards the interfaces, in the order they are tried.
    pub inbound: Vec<Rule>,
    /// Rules away from the interfaces, in the order they are tried.
    pub outbound: Vec<Rule>,
}

impl Filter {
    /// The rules of one direction, in the order they are tried.
    pub fn rules(&self, direction: Direction) -> &[Rule] {
        match direction {
            Direction::Inbound => &self.inbound,
            Direction::Outbound => &self.outbound,
        }
    }

    /// Where a rule was read; `None` for one that the platform adds by itself.
    pub fn origin_of(&self, rule: &Rule) -> Option<Origin> {
        match self.sources.get(usize::from(rule.source.list))? {
            RuleSource::List(origin) => Some(origin.child(rule.source.item)),
            RuleSource::Single(origin) => Some(origin.clone()),
            RuleSource::Platform => None,
        }
    }
}

/// Where a group of rules was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuleSource {
    /// A JSON array; a rule's place is its index in it.
    List(Origin),
    /// One rule that is a document or resource of its own.
    Single(Origin),
    /// The platform's own default rules, where the input does not list them.
    Platform,
}

/// A rule's place: which of its filter's [`RuleSource`]s, and which item of it.
///
/// Kept this small because a network can have a million rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RulePlace {
    /// Index into [`Filter::sources`].
    pub list: u16,
    /// Index in that list.
    pub item: u32,
}

/// One rule: if every part matches, the action is taken.
#[derive(Debug, Clone)]
pub struct Rule {
    /// The rule's name.
    pub name: Box<str>,
    /// Lower is tried first; the filter's rules are already in this order.
    pub priority: u32,
    /// What it does.
    pub action: Action,
    /// Protocols it matches.
    pub protocols: ProtocolSet,
    /// Where it was read.
    pub source: RulePlace,
    /// Source addresses it matches.
    pub from: AddressMatch,
    /// Destination addresses it matches.
    pub to: AddressMatch,
    /// Source ports it matches; for protocols without ports, ignored.
    pub from_ports: PortMatch,
    /// Destination ports it matches; for protocols without ports, ignored.
    pub to_ports: PortMatch,
    /// Set when part of the rule could not be read at all (its protocol, its
    /// action, its order): within the parts above it may match and may do
    /// either.
    pub doubt: Option<UnknownId>,
}

/// A rule's ports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortMatch {
    /// One range; the whole line for "any".
    Range(PortRange),
    /// Several.
    Set(Arc<PortSet>),
}

impl PortMatch {
    /// Every port.
    pub const ANY: Self = Self::Range(Interval {
        lo: 0,
        hi: u16::MAX,
    });

    /// The ranges, sorted and disjoint.
    pub fn ranges(&self) -> &[PortRange] {
        match self {
            Self::Range(range) => std::slice::from_ref(range),
            Self::Set(set) => set.intervals(),
        }
    }

    /// Whether the port is matched.
    pub fn contains(&self, port: u16) -> bool {
        match self {
            Self::Range(range) => range.contains(port),
            Self::Set(set) => set.contains(port),
        }
    }
}

impl From<PortSet> for PortMatch {
    fn from(set: PortSet) -> Self {
        match set.intervals() {
            [one] => Self::Range(*one),
            _ => Self::Set(Arc::new(set)),
        }
    }
}

/// A rule's addresses.
#[derive(Debug, Clone)]
pub enum AddressMatch {
    /// Every address of both families.
    Any,
    /// One IPv4 range; by far the most common, so kept inline.
    V4(Interval<u32>),
    /// Fixed addresses, often shared (a service tag's prefixes).
    Fixed(Arc<AddressSet>),
    /// Anything else.
    Mixed(Arc<MixedMatch>),
}

/// The union of several kinds of addresses.
#[derive(Debug, Clone, Default)]
pub struct MixedMatch {
    /// Fixed addresses.
    pub fixed: AddressSet,
    /// Sets that the zone resolves.
    pub symbols: Vec<SymbolId>,
    /// Interfaces by group.
    pub groups: Vec<GroupId>,
    /// Parts that could not be resolved; each may match any address.
    pub unknown: Vec<UnknownId>,
}

/// A set of which something may be missing.
#[derive(Debug, Clone, Default)]
pub struct Extent {
    /// Addresses certainly in it.
    pub certain: AddressSet,
    /// Reasons why any other address may be in it too.
    pub unknown: Vec<UnknownId>,
}

/// A place in the network where symbols and groups have one meaning.
#[derive(Debug, Clone, Default)]
pub struct Zone {
    /// What each symbol means here, sorted by symbol. A symbol that is missing
    /// means no address.
    pub symbols: Vec<(SymbolId, Extent)>,
    /// The addresses of each group's interfaces, sorted by group. A group that
    /// is missing has no interface.
    pub groups: Vec<(GroupId, Extent)>,
}

impl Zone {
    /// What a symbol means here.
    pub fn symbol(&self, id: SymbolId) -> Option<&Extent> {
        lookup(&self.symbols, id)
    }

    /// Where a group's interfaces are.
    pub fn group(&self, id: GroupId) -> Option<&Extent> {
        lookup(&self.groups, id)
    }
}

fn lookup<K: Ord + Copy>(entries: &[(K, Extent)], key: K) -> Option<&Extent> {
    entries
        .binary_search_by_key(&key, |(id, _)| *id)
        .ok()
        .map(|index| &entries[index].1)
}

/// Where packets end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    /// A known address.
    Address(IpAddr),
    /// Some address of a prefix, which one is not known (a scale set's
    /// instances). A rule that names part of the prefix may or may not apply.
    Within(IpNet),
}

impl Destination {
    /// The addresses it may be.
    pub fn net(self) -> IpNet {
        match self {
            Self::Address(addr) => addr.into(),
            Self::Within(net) => net,
        }
    }
}

/// One address of a machine, with what stands between it and the Internet.
#[derive(Debug, Clone)]
pub struct Interface {
    /// Identity in the vendor's terms (an IP configuration's resource id).
    pub id: String,
    /// The address as the filters see it.
    pub address: Destination,
    /// Resolves the symbols of the filters.
    pub zone: ZoneId,
    /// Groups it is a member of, sorted.
    pub groups: Vec<GroupId>,
    /// Filters from the outside inwards; every one must allow.
    pub layers: Vec<Layer>,
    /// Ways in from the Internet. None: nothing leads here.
    pub paths: Vec<Path>,
    /// Where it was read.
    pub origin: Origin,
}

/// One filter position in front of an interface.
#[derive(Debug, Clone)]
pub struct Layer {
    /// What stands here, as reports name it: `subnet-nsg`, `nic-nsg`.
    pub kind: &'static str,
    /// The filter at this position.
    pub gate: Gate,
}

/// What a layer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// No filter stands here; everything passes.
    Open,
    /// This filter decides.
    Filter(FilterId),
    /// A filter stands here and could not be read.
    Unknown(UnknownId),
}

/// A way from the Internet to an interface.
#[derive(Debug, Clone)]
pub struct Path {
    /// The hops from the outside inwards, at least one.
    pub hops: Vec<Hop>,
    /// The public address a client sends to; `None` where it is not known.
    pub public: Option<IpAddr>,
    /// Which packets take this path, and how their ports are rewritten.
    pub forward: Forward,
    /// Whether the platform closes this path when every layer is open: a
    /// "secure by default" public address lets nothing in without a filter
    /// that allows it.
    pub needs_filter: Requirement,
    /// `Some` when the filters may see this other destination instead of the
    /// interface's own address (floating IP): both are tried, and where they
    /// disagree the answer is undetermined for the given reason.
    pub alternate_destination: Option<(IpAddr, UnknownId)>,
    /// `Some` when the path may not exist.
    pub doubt: Option<UnknownId>,
}

/// Whether a path needs a filter that allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Requirement {
    /// Open without a filter.
    No,
    /// Closed without a filter.
    Yes,
    /// Not known which.
    Unknown(UnknownId),
}

/// One step of a path, for people and reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hop {
    /// What it is, as reports name it: `public-ip`, `load-balancer`.
    pub kind: &'static str,
    /// Identity in the vendor's terms.
    pub id: String,
    /// Short name for people.
    pub name: String,
    /// Where it was read; `None` when it is absent from the input.
    pub origin: Option<Origin>,
}

/// Which packets a path carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forward {
    /// Every packet, unchanged but for the destination address.
    All,
    /// Packets of one protocol to one range of public ports. The n-th public
    /// port becomes the n-th port at the interface.
    Ports {
        /// The protocol.
        protocol: Protocol,
        /// First public port; `None` where it is known that there is one but
        /// not which.
        public: Option<u16>,
        /// Ports at the interface.
        backend: PortRange,
    },
}

impl Forward {
    /// The range of the interface's ports that packets of a protocol can reach.
    pub fn backend_ports(self, protocol: Protocol) -> Option<PortRange> {
        match self {
            Self::All => Some(PortRange::FULL),
            Self::Ports {
                protocol: own,
                backend,
                ..
            } => (own == protocol).then_some(backend),
        }
    }

    /// The public port that leads to a port of the interface; `None` where it
    /// is not known or the port is not carried.
    pub fn public_port(self, port: u16) -> Option<u16> {
        match self {
            Self::All => Some(port),
            Self::Ports {
                public, backend, ..
            } if backend.contains(port) => public?.checked_add(port - backend.lo),
            Self::Ports { .. } => None,
        }
    }
}
