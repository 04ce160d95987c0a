//! Azure's network resources, as far as reachability needs them.
//!
//! Plain data between `parse` and `convert`. Ids are kept as written and
//! compared by [`key`].

use celador_model::{Origin, ProtocolSet};
use celador_reach::network::{Action, AddressMatch, PortMatch, RulePlace, RuleSource};

/// The form in which resource ids are compared: lower case, without slashes at
/// the ends (Azure compares ids without regard to case).
pub(crate) fn key(id: &str) -> String {
    id.trim().trim_matches('/').to_ascii_lowercase()
}

/// The last segment of an id, which is the resource's name.
pub(crate) fn last_segment(id: &str) -> &str {
    id.trim_matches('/').rsplit('/').next().unwrap_or(id)
}

/// The id of the resource that a sub-resource belongs to: everything before the
/// last two segments.
pub(crate) fn parent(id: &str) -> Option<&str> {
    let (head, _) = id.trim_end_matches('/').rsplit_once('/')?;
    head.rsplit_once('/').map(|(parent, _)| parent)
}

/// What every resource has.
#[derive(Debug, Clone)]
pub(crate) struct Meta {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) origin: Origin,
    /// Of the whole resource, to tell a repetition from a contradiction.
    pub(crate) digest: u64,
    pub(crate) tags: Vec<(String, String)>,
}

#[derive(Debug, Clone)]
pub(crate) enum Resource {
    Nsg(Nsg),
    /// A security rule that is a resource of its own; its NSG's id.
    Rule(String, RawRule),
    Nic(Nic),
    Vnet(Vnet),
    Subnet(Subnet),
    /// A peering that is a resource of its own; its `VNet`'s id.
    Peering(String, Peering),
    PublicIp(PublicIp),
    LoadBalancer(Box<LoadBalancer>),
    /// An inbound NAT rule of its own; its load balancer's id.
    NatRule(String, NatRule),
    /// A backend pool of its own; its load balancer's id.
    Pool(String, Pool),
    RouteTable(RouteTable),
    /// A route of its own; its table's id.
    Route(String, String, Origin),
    Vm(Vm),
    ScaleSet(ScaleSet),
    Gateway(Gateway),
    Effective(Effective),
    NotModelled(NotModelled),
    /// An ARM resource that cannot change who reaches what.
    Irrelevant,
}

#[derive(Debug, Clone)]
pub(crate) struct Nsg {
    pub(crate) meta: Meta,
    pub(crate) sources: Vec<RuleSource>,
    pub(crate) rules: Vec<RawRule>,
    /// Priorities and directions of the default rules that the input lists.
    pub(crate) has_defaults: bool,
    pub(crate) subnets: Vec<String>,
    pub(crate) nics: Vec<String>,
}

/// Which way a rule applies; `Both` when its direction could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RawDirection {
    Inbound,
    Outbound,
    Both,
}

#[derive(Debug, Clone)]
pub(crate) struct RawRule {
    pub(crate) name: Box<str>,
    pub(crate) priority: Option<u32>,
    pub(crate) action: Action,
    pub(crate) direction: RawDirection,
    pub(crate) protocols: ProtocolSet,
    pub(crate) from: RawAddress,
    pub(crate) to: RawAddress,
    pub(crate) from_ports: PortMatch,
    pub(crate) to_ports: PortMatch,
    pub(crate) place: RulePlace,
    /// What could not be read, with where.
    pub(crate) doubt: Option<Box<(String, Origin)>>,
}

#[derive(Debug, Clone)]
pub(crate) enum RawAddress {
    /// Nothing left to resolve.
    Done(AddressMatch),
    /// Prefixes and tags as written, ASG ids, and where.
    Open(Box<OpenAddress>),
}

#[derive(Debug, Clone)]
pub(crate) struct OpenAddress {
    pub(crate) tokens: Vec<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) origin: Origin,
}

#[derive(Debug, Clone)]
pub(crate) struct Nic {
    pub(crate) meta: Meta,
    pub(crate) nsg: Option<String>,
    pub(crate) vm: Option<String>,
    pub(crate) private_endpoint: bool,
    pub(crate) configs: Vec<IpConfig>,
}

#[derive(Debug, Clone)]
pub(crate) struct IpConfig {
    pub(crate) id: String,
    pub(crate) origin: Origin,
    pub(crate) private: Option<String>,
    pub(crate) v6: bool,
    pub(crate) subnet: Option<String>,
    pub(crate) public: Option<String>,
    pub(crate) groups: Vec<String>,
    pub(crate) pools: Vec<String>,
    pub(crate) nat_rules: Vec<String>,
    pub(crate) nat_pools: Vec<String>,
    /// A scale set's own public address configuration, by its SKU.
    pub(crate) own_public: Option<Sku>,
}

#[derive(Debug, Clone)]
pub(crate) struct Vnet {
    pub(crate) meta: Meta,
    pub(crate) space: Vec<String>,
    pub(crate) subnets: Vec<Subnet>,
    pub(crate) peerings: Vec<Peering>,
}

#[derive(Debug, Clone)]
pub(crate) struct Subnet {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) prefixes: Vec<String>,
    pub(crate) nsg: Option<String>,
    pub(crate) route_table: Option<String>,
    pub(crate) used: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Peering {
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) remote: Option<String>,
    pub(crate) space: Vec<String>,
    pub(crate) connected: bool,
    pub(crate) access: bool,
    pub(crate) remote_gateways: bool,
}

/// A SKU as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sku {
    Basic,
    Standard,
    Unknown,
}

#[derive(Debug, Clone)]
pub(crate) struct PublicIp {
    pub(crate) meta: Meta,
    pub(crate) address: Option<String>,
    pub(crate) sku: Sku,
    pub(crate) config: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct LoadBalancer {
    pub(crate) meta: Meta,
    pub(crate) sku: Sku,
    pub(crate) global: bool,
    pub(crate) frontends: Vec<Frontend>,
    pub(crate) pools: Vec<Pool>,
    pub(crate) rules: Vec<BalancingRule>,
    pub(crate) nat_rules: Vec<NatRule>,
    pub(crate) nat_pools: Vec<NatRule>,
}

#[derive(Debug, Clone)]
pub(crate) struct Frontend {
    pub(crate) id: String,
    pub(crate) public: Option<String>,
    pub(crate) public_prefix: Option<String>,
    pub(crate) chained: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct Pool {
    pub(crate) id: String,
    pub(crate) configs: Vec<String>,
    /// Addresses, with the `VNet`'s id where it is given.
    pub(crate) addresses: Vec<(String, Option<String>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct BalancingRule {
    pub(crate) origin: Origin,
    pub(crate) name: String,
    pub(crate) frontend: Option<String>,
    pub(crate) pools: Vec<String>,
    pub(crate) protocol: String,
    pub(crate) frontend_port: u32,
    pub(crate) backend_port: u32,
    pub(crate) floating: bool,
}

/// An inbound NAT rule, or a scale set's inbound NAT pool.
#[derive(Debug, Clone)]
pub(crate) struct NatRule {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) origin: Origin,
    pub(crate) frontend: Option<String>,
    pub(crate) protocol: String,
    pub(crate) frontend_port: Option<u32>,
    pub(crate) range: Option<(u32, u32)>,
    pub(crate) backend_port: u32,
    pub(crate) config: Option<String>,
    pub(crate) pool: Option<String>,
    pub(crate) floating: bool,
}

#[derive(Debug, Clone)]
pub(crate) struct RouteTable {
    pub(crate) meta: Meta,
    pub(crate) prefixes: Vec<(String, Origin)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Vm {
    pub(crate) meta: Meta,
    pub(crate) nics: Vec<String>,
    pub(crate) computer: Option<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct ScaleSet {
    pub(crate) meta: Meta,
    pub(crate) computer: Option<String>,
    /// Interfaces of every instance: their NSG and configurations.
    pub(crate) interfaces: Vec<(Option<String>, Vec<IpConfig>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct Gateway {
    pub(crate) subnets: Vec<String>,
}

/// What the platform says it applies at one place.
#[derive(Debug, Clone)]
pub(crate) struct Effective {
    pub(crate) nsg: Nsg,
    pub(crate) subnet: Option<String>,
    pub(crate) nic: Option<String>,
    /// A network manager's rules, which come before every NSG.
    pub(crate) manager: bool,
}

/// Something that can change an answer and is not modelled.
#[derive(Debug, Clone)]
pub(crate) struct NotModelled {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) origin: Origin,
    /// Private addresses it may lead to; `None`: it may change any answer.
    pub(crate) leads_to: Option<Vec<String>>,
}
