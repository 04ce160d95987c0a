//! Azure's network resources, as far as reachability needs them.
//!
//! Plain data between `parse` and `convert`. Sub-resources (a subnet, a load
//! balancer's rule) are items of their own wherever they were written, inside
//! their parent or by themselves, so both forms are one.
//!
//! Two items are equal when they say the same of reachability: where they were
//! read ([`Place`]) and what they are called is no part of that.

use std::net::IpAddr;

use celador_model::{Origin, ProtocolSet};
use ipnet::IpNet;

use super::address::Words;
use super::id::Id;
use super::json::Page;
use super::rules::RuleList;
use crate::Warning;

/// What one file holds, in compact form.
#[derive(Debug, Clone)]
pub struct Parsed {
    pub(crate) file: std::sync::Arc<str>,
    pub(crate) resources: Vec<Resource>,
    pub(crate) words: Words,
    pub(crate) warnings: Vec<Warning>,
    /// Pages of exports, to tell whether one is missing.
    pub(crate) pages: Vec<Page>,
}

/// Where something was read; takes no part in comparisons.
#[derive(Debug, Clone)]
pub(crate) struct Place(pub(crate) Origin);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A value as it was written, and where.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Word {
    pub(crate) text: String,
    pub(crate) at: Place,
}

/// What every resource has.
#[derive(Debug, Clone)]
pub(crate) struct Meta {
    pub(crate) id: Id,
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) tags: Vec<(String, String)>,
    /// Written inside a resource that only refers to it, where exports leave
    /// parts out: a copy of its own counts more.
    pub(crate) nested: bool,
}

impl PartialEq for Meta {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// An item that can be given more than once.
pub(crate) trait Item: PartialEq {
    fn meta(&self) -> &Meta;

    /// Whether two copies cannot both be true. A copy that is nested leaves
    /// parts out, so it contradicts nothing.
    fn contradicts(&self, other: &Self) -> bool {
        self.meta().nested == other.meta().nested && self != other
    }

    /// Puts what another copy adds into this one; for items that are lists of
    /// facts, of which each copy may have some.
    fn absorb(&mut self, _other: Self)
    where
        Self: Sized,
    {
    }
}

macro_rules! items {
    ($($name:ident),* $(,)?) => {$(
        impl Item for $name {
            fn meta(&self) -> &Meta {
                &self.meta
            }
        }
    )*};
}
items!(
    Nic,
    Vnet,
    Peering,
    PublicIp,
    PublicPrefix,
    LoadBalancer,
    Frontend,
    BalancingRule,
    NatRule,
    RouteTable,
    Route,
    Vm,
    ScaleSet,
    Gateway,
    LocalGateway,
    Connection,
);

impl Item for Subnet {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    /// What is in a subnet is told by some exports and not by others.
    fn contradicts(&self, other: &Self) -> bool {
        self.meta.nested == other.meta.nested
            && (&self.prefixes, &self.nsg, &self.route_table)
                != (&other.prefixes, &other.nsg, &other.route_table)
    }

    fn absorb(&mut self, other: Self) {
        self.used |= other.used;
    }
}

#[derive(Debug, Clone)]
pub(crate) enum Resource {
    Nsg(Nsg),
    Rule(LooseRule),
    Nic(Nic),
    Vnet(Vnet),
    Subnet(Subnet),
    Peering(Peering),
    PublicIp(PublicIp),
    PublicPrefix(PublicPrefix),
    LoadBalancer(LoadBalancer),
    Frontend(Frontend),
    BalancingRule(BalancingRule),
    NatRule(NatRule),
    Pool(Pool),
    RouteTable(RouteTable),
    Route(Route),
    Vm(Vm),
    ScaleSet(ScaleSet),
    /// An instance of a scale set, which refers to its interfaces at most.
    Instance(Meta),
    Gateway(Gateway),
    LocalGateway(LocalGateway),
    Connection(Connection),
    Effective(Effective),
    Detour(Detour),
    Firewall(Firewall),
    Policy(Policy),
    Manager(Manager),
    Stub(Stub),
    Unjudged(Unjudged),
}

/// A data store of a type that is not judged.
#[derive(Debug, Clone)]
pub(crate) struct Unjudged {
    pub(crate) kind: std::sync::Arc<str>,
    pub(crate) origin: Origin,
}

/// A resource of which the export says only that it exists.
#[derive(Debug, Clone)]
pub(crate) struct Stub {
    pub(crate) meta: Meta,
    pub(crate) kind: StubKind,
}

/// What such a resource can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StubKind {
    /// Lead from the Internet to any interface, with the client's address kept.
    LoadBalancer,
    /// The same in its own name.
    Forwarder,
    /// Nothing by itself: what refers to it finds it absent.
    Part,
}

/// A list of rules and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct Listed {
    pub(crate) origin: Origin,
    pub(crate) rules: RuleList,
}

#[derive(Debug, Clone)]
pub(crate) struct Nsg {
    pub(crate) meta: Meta,
    /// `securityRules`; `None` where the export leaves them out.
    pub(crate) own: Option<Listed>,
    /// `defaultSecurityRules`, where they are given.
    pub(crate) defaults: Option<Listed>,
    pub(crate) subnets: Vec<Id>,
    pub(crate) nics: Vec<Id>,
}

/// A security rule that is a resource of its own.
#[derive(Debug, Clone)]
pub(crate) struct LooseRule {
    pub(crate) nsg: Id,
    pub(crate) rule: Listed,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Nic {
    pub(crate) meta: Meta,
    pub(crate) nsg: Option<Id>,
    pub(crate) vm: Option<Id>,
    pub(crate) private_endpoint: bool,
    /// It may pass on packets that are for others.
    pub(crate) forwards: bool,
    pub(crate) configs: Vec<IpConfig>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct IpConfig {
    pub(crate) id: Id,
    pub(crate) origin: Place,
    pub(crate) private: Option<Word>,
    pub(crate) v6: bool,
    pub(crate) subnet: Option<Id>,
    pub(crate) public: Option<Id>,
    pub(crate) groups: Vec<Id>,
    pub(crate) pools: Vec<Id>,
    pub(crate) nat_rules: Vec<Id>,
    pub(crate) nat_pools: Vec<Id>,
    pub(crate) gateway_pools: Vec<Id>,
    /// Chained to a gateway load balancer.
    pub(crate) chained: bool,
    /// A scale set's own public address configuration.
    pub(crate) own_public: Option<Sku>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Vnet {
    pub(crate) meta: Meta,
    /// `None` where the export leaves it out.
    pub(crate) space: Option<Vec<Word>>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Subnet {
    pub(crate) meta: Meta,
    pub(crate) prefixes: Vec<Word>,
    pub(crate) nsg: Option<Id>,
    pub(crate) route_table: Option<Id>,
    pub(crate) used: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Peering {
    pub(crate) meta: Meta,
    pub(crate) vnet: Id,
    pub(crate) remote: Option<Id>,
    pub(crate) space: Vec<Word>,
    pub(crate) state: Option<Word>,
    pub(crate) access: bool,
    pub(crate) remote_gateways: bool,
    /// Only some subnets are peered, so the remote network's own space is more.
    pub(crate) partial: bool,
}

/// A SKU as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sku {
    Basic,
    Standard,
    /// Absent, or a word that is not known.
    Unknown,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PublicIp {
    pub(crate) meta: Meta,
    pub(crate) address: Option<Word>,
    pub(crate) sku: Sku,
    pub(crate) owner: Option<Id>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PublicPrefix {
    pub(crate) meta: Meta,
    pub(crate) net: Option<IpNet>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LoadBalancer {
    pub(crate) meta: Meta,
    pub(crate) sku: Sku,
    pub(crate) global: bool,
    /// Frontends and rules that it lists, sorted: two copies that list
    /// different ones contradict each other.
    pub(crate) children: Vec<Id>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Frontend {
    pub(crate) meta: Meta,
    pub(crate) public: Option<Id>,
    pub(crate) prefix: Option<Id>,
    pub(crate) chained: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Pool {
    pub(crate) meta: Meta,
    pub(crate) configs: Vec<Id>,
    pub(crate) addresses: Vec<PoolAddress>,
}

impl PartialEq for Pool {
    /// Copies of a pool never contradict: each tells of members it knows.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Item for Pool {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn absorb(&mut self, other: Self) {
        for config in other.configs {
            if !self.configs.contains(&config) {
                self.configs.push(config);
            }
        }
        for address in other.addresses {
            if !self.addresses.contains(&address) {
                self.addresses.push(address);
            }
        }
    }
}

/// A member of a pool by address, or by its configuration with ports mapped.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PoolAddress {
    pub(crate) address: Option<IpAddr>,
    pub(crate) vnet: Option<Id>,
    pub(crate) config: Option<Id>,
    /// NAT rule names with the public port that leads to this member.
    pub(crate) ports: Vec<(String, u16)>,
}

/// A load balancer's port: a number, absent, or not a port.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Port {
    Is(u16),
    Absent,
    Bad(Word),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct BalancingRule {
    pub(crate) meta: Meta,
    pub(crate) lb: Id,
    pub(crate) frontend: Option<Id>,
    pub(crate) pools: Vec<Id>,
    pub(crate) carries: Carries,
    pub(crate) front: Port,
    pub(crate) back: Port,
    pub(crate) floating: bool,
}

/// Protocols of a load balancer's rule.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Carries {
    Known(ProtocolSet),
    Unknown(Word),
}

/// An inbound NAT rule, or a scale set's inbound NAT pool.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct NatRule {
    pub(crate) meta: Meta,
    pub(crate) lb: Id,
    pub(crate) frontend: Option<Id>,
    pub(crate) carries: Carries,
    pub(crate) front: Port,
    pub(crate) range_start: Port,
    pub(crate) back: Port,
    pub(crate) config: Option<Id>,
    pub(crate) pool: Option<Id>,
    pub(crate) floating: bool,
    /// An `inboundNatPools` entry: a port for each instance.
    pub(crate) for_instances: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct RouteTable {
    pub(crate) meta: Meta,
    /// Routes that it lists, sorted.
    pub(crate) children: Vec<Id>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Route {
    pub(crate) meta: Meta,
    pub(crate) table: Id,
    pub(crate) prefix: Option<Word>,
}

#[derive(Debug, Clone)]
pub(crate) struct Vm {
    pub(crate) meta: Meta,
    pub(crate) nics: Vec<Id>,
    pub(crate) computer: Option<String>,
    pub(crate) scale_set: Option<Id>,
}

impl PartialEq for Vm {
    fn eq(&self, other: &Self) -> bool {
        self.nics == other.nics
    }
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ScaleSet {
    pub(crate) meta: Meta,
    pub(crate) computer: Option<String>,
    /// How many instances it has, where that is told.
    pub(crate) capacity: Option<u16>,
    /// Interfaces of every instance: their NSG and configurations.
    pub(crate) interfaces: Vec<(Option<Id>, Vec<IpConfig>)>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Gateway {
    pub(crate) meta: Meta,
    pub(crate) vnets: Vec<Id>,
    /// A VPN gateway without BGP: it learns nothing by itself.
    pub(crate) fixed: bool,
    /// Addresses of point-to-site clients.
    pub(crate) clients: Vec<Word>,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LocalGateway {
    pub(crate) meta: Meta,
    pub(crate) space: Vec<Word>,
    pub(crate) bgp: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Connection {
    pub(crate) meta: Meta,
    pub(crate) gateways: Vec<Id>,
    pub(crate) local: Option<Id>,
    /// A site-to-site connection without BGP.
    pub(crate) fixed: bool,
}

/// What the platform says it applies at one place.
#[derive(Debug, Clone)]
pub(crate) struct Effective {
    pub(crate) meta: Meta,
    pub(crate) rules: Listed,
    pub(crate) places: Vec<Id>,
    pub(crate) nic: Option<Id>,
    /// A network manager's rules, which come before every NSG.
    pub(crate) manager: bool,
    /// Pointer of the list it is in: one list is of one interface.
    pub(crate) list: String,
}

/// Something that forwards in its own name and is not modelled: what stands
/// behind it can be reached whatever the filters say of the Internet.
#[derive(Debug, Clone)]
pub(crate) struct Detour {
    pub(crate) meta: Meta,
    pub(crate) kind: &'static str,
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) configs: Vec<Id>,
    /// Names of hosts it forwards to, which can be anything.
    pub(crate) hosts: Vec<Word>,
    /// Networks it stands in; none: not known.
    pub(crate) vnets: Vec<Id>,
}

/// An Azure Firewall, as far as the rules that are absent can lead.
#[derive(Debug, Clone)]
pub(crate) struct Firewall {
    pub(crate) meta: Meta,
    pub(crate) policy: Option<Id>,
    pub(crate) vnets: Vec<Id>,
}

#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) meta: Meta,
    /// Rule collection groups; `None` where the export leaves them out.
    pub(crate) groups: Option<Vec<Id>>,
    pub(crate) base: Option<Id>,
}

/// Security admin rules of a network manager, which come before every NSG.
#[derive(Debug, Clone)]
pub(crate) struct Manager {
    pub(crate) meta: Meta,
    /// Subscriptions it covers; empty: any.
    pub(crate) subscriptions: Vec<Id>,
}
