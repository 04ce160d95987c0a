//! Azure's resources to the vendor-independent network.
//!
//! The one place where Azure's words become filters, zones, interfaces and
//! paths. Invariant: whatever is referenced and absent, contradictory, unknown
//! or not modelled becomes an [`Unknown`] exactly where it can change an
//! answer. What is not referenced at all is taken not to exist.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use celador_model::{AddressSet, Interval, Origin, PortRange, ProtocolSet};
use celador_reach::network::{
    Action, AddressMatch, Destination, Extent, Filter, FilterId, Forward, Gate, GroupId, Hop,
    Interface, InterfaceId, Layer, MixedMatch, Network, Path, PortMatch, Requirement, Rule,
    RulePlace, RuleSource, Unknown, UnknownId, Zone, ZoneId,
};
use ipnet::IpNet;

use super::model::{
    BalancingRule, IpConfig, LoadBalancer, Meta, NatRule, Nic, NotModelled, Nsg, OpenAddress, Pool,
    PublicIp, RawAddress, RawDirection, RawRule, Resource, RouteTable, ScaleSet, Sku, Subnet, Vm,
    Vnet, key, last_segment, parent,
};
use super::parse::Parsed;
use super::rule::{parse_prefix, protocol_word};
use super::service_tags::ServiceTags;
use super::space::{INTERNET, VIRTUAL_NETWORK, host, internet_outside};
use crate::{Host, Snapshot, Warning};

/// Builds the network from everything that was read.
pub fn convert(parsed: Vec<Parsed>, tags: &ServiceTags) -> Snapshot {
    let mut warnings = Vec::new();
    let mut world = World::default();
    let mut truncated = Vec::new();
    for file in parsed {
        warnings.extend(file.warnings);
        truncated.extend(file.truncated);
        for resource in file.resources {
            world.add(resource, &mut warnings);
        }
    }
    world.join(&mut warnings);
    let mut converter = Converter {
        world: &world,
        tags,
        network: Network::default(),
        warnings,
        unknown_keys: HashMap::new(),
        filters: BTreeMap::new(),
        effective: BTreeMap::new(),
        zones: BTreeMap::new(),
        groups: BTreeMap::new(),
        members: BTreeMap::new(),
    };
    let hosts = converter.run();
    for origin in &truncated {
        converter.apply_truncated(origin);
    }
    Snapshot {
        network: converter.network,
        hosts,
        warnings: converter.warnings,
        service_tags: tags.change_number(),
    }
}

/// Every resource by its key.
#[derive(Default)]
struct World {
    nsgs: BTreeMap<String, Nsg>,
    loose_rules: Vec<(String, RawRule)>,
    nics: BTreeMap<String, Nic>,
    vnets: BTreeMap<String, Vnet>,
    subnets: BTreeMap<String, Subnet>,
    loose_subnets: Vec<Subnet>,
    loose_peerings: Vec<(String, super::model::Peering)>,
    public_ips: BTreeMap<String, PublicIp>,
    load_balancers: BTreeMap<String, LoadBalancer>,
    loose_nat_rules: Vec<(String, NatRule)>,
    loose_pools: Vec<(String, Pool)>,
    route_tables: BTreeMap<String, RouteTable>,
    loose_routes: Vec<(String, String, Origin)>,
    vms: BTreeMap<String, Vm>,
    scale_sets: BTreeMap<String, ScaleSet>,
    gateway_subnets: BTreeSet<String>,
    effective: Vec<super::model::Effective>,
    not_modelled: Vec<NotModelled>,
    /// Resources given twice with different contents.
    conflicts: BTreeMap<String, Origin>,
    /// The NSGs that say they are associated with a subnet or an interface.
    claimed: BTreeMap<String, BTreeSet<String>>,
    /// The public addresses that say which IP configuration they belong to.
    public_of: BTreeMap<String, String>,
}

impl World {
    fn add(&mut self, resource: Resource, warnings: &mut Vec<Warning>) {
        macro_rules! keep {
            ($map:ident, $one:expr) => {{
                let one = $one;
                let key = key(&one.meta.id);
                match self.$map.get(&key) {
                    None => {
                        self.$map.insert(key, one);
                    }
                    Some(known) if known.meta.digest == one.meta.digest => {}
                    Some(known) => {
                        warnings.push(Warning {
                            origin: one.meta.origin.clone(),
                            message: format!(
                                "{} is given twice with different contents (also at {}); what depends on it is undetermined",
                                one.meta.id, known.meta.origin
                            ),
                        });
                        self.conflicts.insert(key, one.meta.origin.clone());
                    }
                }
            }};
        }
        match resource {
            Resource::Nsg(one) => keep!(nsgs, one),
            Resource::Rule(nsg, rule) => self.loose_rules.push((key(&nsg), rule)),
            Resource::Nic(one) => keep!(nics, one),
            Resource::Vnet(one) => keep!(vnets, one),
            Resource::Subnet(one) => self.loose_subnets.push(one),
            Resource::Peering(vnet, one) => self.loose_peerings.push((key(&vnet), one)),
            Resource::PublicIp(one) => keep!(public_ips, one),
            Resource::LoadBalancer(one) => keep!(load_balancers, *one),
            Resource::NatRule(lb, one) => self.loose_nat_rules.push((key(&lb), one)),
            Resource::Pool(lb, one) => self.loose_pools.push((key(&lb), one)),
            Resource::RouteTable(one) => keep!(route_tables, one),
            Resource::Route(table, prefix, origin) => {
                self.loose_routes.push((key(&table), prefix, origin));
            }
            Resource::Vm(one) => keep!(vms, one),
            Resource::ScaleSet(one) => keep!(scale_sets, one),
            Resource::Gateway(one) => {
                self.gateway_subnets
                    .extend(one.subnets.iter().map(|id| key(id)));
            }
            Resource::Effective(one) => self.effective.push(one),
            Resource::NotModelled(one) => self.not_modelled.push(one),
            Resource::Irrelevant => {}
        }
    }

    /// Puts sub-resources where they belong and indexes back-references.
    fn join(&mut self, warnings: &mut Vec<Warning>) {
        for vnet in self.vnets.values() {
            for subnet in &vnet.subnets {
                self.subnets.insert(key(&subnet.id), subnet.clone());
            }
        }
        for subnet in std::mem::take(&mut self.loose_subnets) {
            let id = key(&subnet.id);
            if let Some(known) = self.subnets.get(&id) {
                let same = known.nsg.as_deref().map(key) == subnet.nsg.as_deref().map(key)
                    && known.route_table.as_deref().map(key)
                        == subnet.route_table.as_deref().map(key);
                if !same {
                    warnings.push(Warning {
                        origin: subnet.origin.clone(),
                        message: format!("{} is given twice with different associations; what depends on it is undetermined", subnet.id),
                    });
                    self.conflicts.insert(id, subnet.origin.clone());
                }
                continue;
            }
            self.subnets.insert(id, subnet);
        }
        for (vnet, peering) in std::mem::take(&mut self.loose_peerings) {
            if let Some(vnet) = self.vnets.get_mut(&vnet)
                && vnet
                    .peerings
                    .iter()
                    .all(|known| !known.name.eq_ignore_ascii_case(&peering.name))
            {
                vnet.peerings.push(peering);
            }
        }
        for (id, rule) in std::mem::take(&mut self.loose_rules) {
            if let Some(nsg) = self.nsgs.get_mut(&id) {
                let known = nsg.rules.iter().any(|known| {
                    known.name.eq_ignore_ascii_case(&rule.name) && known.direction == rule.direction
                });
                if !known {
                    nsg.rules.push(rule);
                }
            }
        }
        for (id, rule) in std::mem::take(&mut self.loose_nat_rules) {
            if let Some(lb) = self.load_balancers.get_mut(&id)
                && lb
                    .nat_rules
                    .iter()
                    .all(|known| key(&known.id) != key(&rule.id))
            {
                lb.nat_rules.push(rule);
            }
        }
        for (id, pool) in std::mem::take(&mut self.loose_pools) {
            if let Some(lb) = self.load_balancers.get_mut(&id) {
                match lb
                    .pools
                    .iter_mut()
                    .find(|known| key(&known.id) == key(&pool.id))
                {
                    Some(known) => {
                        known.configs.extend(pool.configs);
                        known.addresses.extend(pool.addresses);
                    }
                    None => lb.pools.push(pool),
                }
            }
        }
        for (id, prefix, origin) in std::mem::take(&mut self.loose_routes) {
            if let Some(table) = self.route_tables.get_mut(&id) {
                table.prefixes.push((prefix, origin));
            }
        }
        for (id, nsg) in &self.nsgs {
            for place in nsg.subnets.iter().chain(&nsg.nics) {
                self.claimed
                    .entry(key(place))
                    .or_default()
                    .insert(id.clone());
            }
        }
        for (id, public) in &self.public_ips {
            if let Some(config) = &public.config {
                self.public_of.insert(key(config), id.clone());
            }
        }
    }
}

struct Converter<'w> {
    world: &'w World,
    tags: &'w ServiceTags,
    network: Network,
    warnings: Vec<Warning>,
    unknown_keys: HashMap<(String, Origin), UnknownId>,
    filters: BTreeMap<String, FilterId>,
    /// Effective filters by the subnet or interface they are applied at.
    effective: BTreeMap<String, FilterId>,
    zones: BTreeMap<(String, String), ZoneId>,
    groups: BTreeMap<String, GroupId>,
    /// Addresses of the members of every application security group.
    members: BTreeMap<GroupId, AddressSet>,
}

impl Converter<'_> {
    fn run(&mut self) -> Vec<Host> {
        self.index_groups();
        for (id, nsg) in &self.world.nsgs {
            let filter = self.filter(nsg);
            self.filters.insert(id.clone(), filter);
        }
        for effective in &self.world.effective {
            let filter = self.filter(&effective.nsg);
            for place in effective.nic.iter().chain(&effective.subnet) {
                if effective.manager {
                    continue;
                }
                self.effective.insert(key(place), filter);
            }
            if let Some(nic) = &effective.nic
                && !self.world.nics.contains_key(&key(nic))
            {
                self.warn(
                    &effective.nsg.meta.origin,
                    format!("the rules of {nic} are here and the interface itself is not; add az network nic show --ids {nic}"),
                );
            }
        }
        let hosts = self.hosts();
        self.apply_not_modelled();
        hosts
    }

    fn warn(&mut self, origin: &Origin, message: String) {
        self.warnings.push(Warning {
            origin: origin.clone(),
            message,
        });
    }

    /// An unknown with a stable identity, the same one for the same place.
    fn unknown(&mut self, key: String, reason: String, origin: &Origin) -> UnknownId {
        if let Some(known) = self.unknown_keys.get(&(key.clone(), origin.clone())) {
            return *known;
        }
        let id = UnknownId(u32::try_from(self.network.unknowns.len()).unwrap_or(u32::MAX));
        self.network.unknowns.push(Unknown {
            key: key.clone(),
            reason,
            origin: origin.clone(),
        });
        self.unknown_keys.insert((key, origin.clone()), id);
        id
    }

    fn group(&mut self, id: &str) -> GroupId {
        let next = GroupId(u32::try_from(self.groups.len()).unwrap_or(u32::MAX));
        *self.groups.entry(key(id)).or_insert(next)
    }

    fn index_groups(&mut self) {
        let world = self.world;
        for config in world.nics.values().flat_map(|nic| &nic.configs) {
            for group in &config.groups {
                let id = self.group(group);
                if let Some(addr) = config.private.as_deref().and_then(parse_address) {
                    let set = self.members.entry(id).or_default();
                    *set = set.union(&AddressSet::from_addr(addr));
                }
            }
        }
        for config in world
            .scale_sets
            .values()
            .flat_map(|set| &set.interfaces)
            .flat_map(|(_, configs)| configs)
        {
            for group in &config.groups {
                self.group(group);
            }
        }
    }

    // ---- filters -------------------------------------------------------

    fn filter(&mut self, nsg: &Nsg) -> FilterId {
        let id = FilterId(u32::try_from(self.network.filters.len()).unwrap_or(u32::MAX));
        let mut sources = nsg.sources.clone();
        let mut inbound = Vec::new();
        let mut outbound = Vec::new();
        for raw in &nsg.rules {
            let rule = self.rule(raw);
            match raw.direction {
                RawDirection::Inbound => inbound.push(rule),
                RawDirection::Outbound => outbound.push(rule),
                RawDirection::Both => {
                    inbound.push(rule.clone());
                    outbound.push(rule);
                }
            }
        }
        let platform = u16::try_from(sources.len()).unwrap_or(u16::MAX);
        sources.push(RuleSource::Platform);
        for (rules, defaults) in [
            (&mut inbound, default_inbound(platform)),
            (&mut outbound, default_outbound(platform)),
        ] {
            for rule in defaults {
                // Listed defaults carry their place in the input; only missing
                // ones are added.
                let listed = nsg.has_defaults
                    && rules
                        .iter()
                        .any(|known: &Rule| known.priority == rule.priority);
                if !listed {
                    rules.push(rule);
                }
            }
            rules.sort_by_key(|rule| rule.priority);
        }
        for rules in [&mut inbound, &mut outbound] {
            self.doubt_equal_priorities(nsg, &sources, rules);
            rules.shrink_to_fit();
        }
        self.network.filters.push(Filter {
            id: nsg.meta.id.clone(),
            name: nsg.meta.name.clone(),
            sources,
            inbound,
            outbound,
        });
        id
    }

    /// Azure refuses two rules of one direction with one priority, so which
    /// comes first is not defined.
    fn doubt_equal_priorities(&mut self, nsg: &Nsg, sources: &[RuleSource], rules: &mut [Rule]) {
        let mut start = 0;
        while start < rules.len() {
            let priority = rules[start].priority;
            let end = start
                + rules[start..]
                    .iter()
                    .take_while(|rule| rule.priority == priority)
                    .count();
            let group = &mut rules[start..end];
            if group.iter().any(|rule| rule.action != group[0].action) {
                let origin = match sources.get(usize::from(group[1].source.list)) {
                    Some(RuleSource::List(list)) => list.child(group[1].source.item),
                    Some(RuleSource::Single(origin)) => origin.clone(),
                    _ => nsg.meta.origin.clone(),
                };
                let reason = format!(
                    "two rules of {} have priority {priority} and opposite actions",
                    nsg.meta.name
                );
                self.warn(
                    &origin,
                    format!("{reason}; which comes first is undetermined"),
                );
                let id = self.unknown(
                    format!("priority:{}:{priority}", key(&nsg.meta.id)),
                    reason,
                    &origin,
                );
                for rule in group {
                    rule.doubt.get_or_insert(id);
                }
            }
            start = end;
        }
    }

    fn rule(&mut self, raw: &RawRule) -> Rule {
        let doubt = raw.doubt.as_ref().map(|doubt| {
            let (message, origin) = doubt.as_ref();
            self.unknown(
                format!("rule:{}:{message}", raw.name),
                message.clone(),
                origin,
            )
        });
        Rule {
            name: raw.name.clone(),
            priority: raw.priority.unwrap_or(0),
            action: raw.action,
            protocols: raw.protocols,
            source: raw.place,
            from: self.addresses(&raw.from),
            to: self.addresses(&raw.to),
            from_ports: raw.from_ports.clone(),
            to_ports: raw.to_ports.clone(),
            doubt,
        }
    }

    fn addresses(&mut self, raw: &RawAddress) -> AddressMatch {
        let open = match raw {
            RawAddress::Done(done) => return done.clone(),
            RawAddress::Open(open) => open,
        };
        let OpenAddress {
            tokens,
            groups,
            origin,
        } = open.as_ref();
        // One tag alone is shared, not copied.
        if let ([token], true) = (tokens.as_slice(), groups.is_empty())
            && let Some(set) = self.tags.get(token)
        {
            return AddressMatch::Fixed(set);
        }
        let mut mixed = MixedMatch::default();
        let mut nets: Vec<IpNet> = Vec::new();
        for token in tokens {
            if let Some(net) = parse_prefix(token) {
                nets.push(net);
            } else if token.eq_ignore_ascii_case("VirtualNetwork") {
                mixed.symbols.push(VIRTUAL_NETWORK);
            } else if token.eq_ignore_ascii_case("Internet") {
                mixed.symbols.push(INTERNET);
            } else if token.eq_ignore_ascii_case("AzureLoadBalancer") {
                mixed.fixed = mixed.fixed.union(&host());
            } else if let Some(set) = self.tags.get(token) {
                mixed.fixed = mixed.fixed.union(&set);
            } else {
                let reason = format!(
                    "\"{token}\" is no prefix and no service tag of change {}",
                    self.tags.change_number()
                );
                self.warn(origin, format!("{reason}; what it matches is undetermined"));
                let id = self.unknown(
                    format!("tag:{}", token.to_ascii_lowercase()),
                    reason,
                    origin,
                );
                mixed.unknown.push(id);
            }
        }
        mixed.fixed = mixed.fixed.union(&nets.into_iter().collect());
        mixed.groups = groups.iter().map(|group| self.group(group)).collect();
        mixed.symbols.sort_unstable();
        mixed.symbols.dedup();
        AddressMatch::Mixed(Arc::new(mixed))
    }

    // ---- zones ---------------------------------------------------------

    /// The zone of a subnet: what the tags and groups mean there.
    fn zone(&mut self, subnet: Option<&str>, origin: &Origin) -> ZoneId {
        let world = self.world;
        let vnet_id = subnet.and_then(parent).map(key).unwrap_or_default();
        let table = subnet
            .and_then(|id| world.subnets.get(&key(id)))
            .and_then(|subnet| subnet.route_table.as_deref())
            .map(key)
            .unwrap_or_default();
        if let Some(known) = self.zones.get(&(vnet_id.clone(), table.clone())) {
            return *known;
        }
        let mut unknown: Vec<UnknownId> = Vec::new();
        let mut space = AddressSet::empty();
        match world.vnets.get(&vnet_id) {
            None => unknown.push(self.unknown(
                format!("vnet:{vnet_id}"),
                format!("the virtual network {} is not in the input, so what VirtualNetwork covers is not known", subnet.and_then(parent).unwrap_or("of the interface")),
                origin,
            )),
            Some(vnet) => {
                space = self.prefixes(&vnet.space, &vnet.meta.origin, &mut unknown);
                for peering in &vnet.peerings {
                    self.peered(peering, &mut space, &mut unknown);
                }
                let gateway = vnet.subnets.iter().any(|own| {
                    world.gateway_subnets.contains(&key(&own.id))
                        || (own.name.eq_ignore_ascii_case("GatewaySubnet") && own.used)
                });
                if gateway {
                    unknown.push(self.unknown(
                        format!("gateway:{vnet_id}"),
                        format!("{} has a gateway, and the routes it learns (which VirtualNetwork covers) are not in the configuration", vnet.meta.name),
                        &vnet.meta.origin,
                    ));
                }
            }
        }
        let mut network = space.union(&host());
        if !table.is_empty() {
            match world.route_tables.get(&table) {
                None => unknown.push(self.unknown(
                    format!("route-table:{table}"),
                    format!("the route table {} is not in the input, and VirtualNetwork covers its prefixes", last_segment(&table)),
                    origin,
                )),
                Some(found) => {
                    for (prefix, at) in &found.prefixes {
                        network = network.union(&self.prefixes(std::slice::from_ref(prefix), at, &mut unknown));
                    }
                }
            }
        }
        let outside = internet_outside(&space);
        // Members that are not in the input can only have addresses of the
        // network, which matters where that space is public.
        let public_space = space.intersects(&celador_model::internet::internet());
        let groups = self
            .groups
            .values()
            .copied()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|id| (id, self.members.get(&id).cloned().unwrap_or_default()))
            .collect::<Vec<_>>();
        let groups = groups
            .into_iter()
            .map(|(id, certain)| {
                let unknown = if public_space {
                    vec![self.unknown(
                        format!("group:{}", id.0),
                        "members of an application security group may be missing from the input".to_owned(),
                        origin,
                    )]
                } else {
                    Vec::new()
                };
                (id, Extent { certain, unknown })
            })
            .collect();
        let id = ZoneId(u32::try_from(self.network.zones.len()).unwrap_or(u32::MAX));
        self.network.zones.push(Zone {
            symbols: vec![
                (
                    VIRTUAL_NETWORK,
                    Extent {
                        certain: network,
                        unknown,
                    },
                ),
                (
                    INTERNET,
                    Extent {
                        certain: outside,
                        unknown: Vec::new(),
                    },
                ),
            ],
            groups,
        });
        self.zones.insert((vnet_id, table), id);
        id
    }

    fn peered(
        &mut self,
        peering: &super::model::Peering,
        space: &mut AddressSet,
        unknown: &mut Vec<UnknownId>,
    ) {
        // Without access the peered space is not part of the tag, and a peering
        // that is not connected carries nothing.
        if !peering.connected || !peering.access {
            return;
        }
        let remote = peering
            .remote
            .as_deref()
            .and_then(|id| self.world.vnets.get(&key(id)));
        if peering.space.is_empty() && remote.is_none() {
            unknown.push(self.unknown(
                format!(
                    "peering:{}",
                    peering.remote.as_deref().map(key).unwrap_or_default()
                ),
                format!(
                    "the address space behind the peering {} is not in the input",
                    peering.name
                ),
                &peering.origin,
            ));
        }
        let given = self.prefixes(&peering.space, &peering.origin, unknown);
        *space = space.union(&given);
        if let Some(remote) = remote {
            let own = self.prefixes(&remote.space, &remote.meta.origin, unknown);
            *space = space.union(&own);
        }
        if peering.remote_gateways {
            unknown.push(self.unknown(
                format!("gateway:{}", peering.remote.as_deref().map(key).unwrap_or_default()),
                format!("the peering {} uses the remote gateway, and the routes it learns (which VirtualNetwork covers) are not in the configuration", peering.name),
                &peering.origin,
            ));
        }
    }

    /// Prefixes, or service tags as routes may name them.
    fn prefixes(
        &mut self,
        texts: &[String],
        origin: &Origin,
        unknown: &mut Vec<UnknownId>,
    ) -> AddressSet {
        let mut set = AddressSet::empty();
        for text in texts {
            if let Some(net) = parse_prefix(text) {
                set = set.union(&AddressSet::from_net(net));
            } else if let Some(tag) = self.tags.get(text) {
                set = set.union(&tag);
            } else {
                let reason = format!("\"{text}\" is no prefix and no service tag");
                self.warn(origin, format!("{reason}; what it covers is undetermined"));
                unknown.push(self.unknown(
                    format!("prefix:{}", text.to_ascii_lowercase()),
                    reason,
                    origin,
                ));
            }
        }
        set
    }

    // ---- interfaces ----------------------------------------------------

    fn hosts(&mut self) -> Vec<Host> {
        let world = self.world;
        let mut nic_vm: BTreeMap<String, String> = BTreeMap::new();
        for vm in world.vms.values() {
            for nic in &vm.nics {
                nic_vm.insert(key(nic), vm.meta.id.clone());
            }
        }
        let mut hosts: BTreeMap<String, Host> = BTreeMap::new();
        for vm in world.vms.values() {
            let mut host = host_of(&vm.meta, "vm");
            host.names.extend(vm.computer.clone());
            for nic in &vm.nics {
                if !world.nics.contains_key(&key(nic)) {
                    self.warn(
                        &vm.meta.origin,
                        format!("the interface {nic} of {} is not in the input; add az network nic show --ids {nic}", vm.meta.name),
                    );
                    let interface = self.absent_interface(nic, &vm.meta.origin);
                    host.interfaces.push(interface);
                }
            }
            hosts.insert(key(&vm.meta.id), host);
        }
        let mut scale_set_instances: BTreeSet<String> = BTreeSet::new();
        for (nic_key, nic) in &world.nics {
            let set = scale_set_of(&nic.meta.id);
            let owner = set
                .clone()
                .or_else(|| nic.vm.clone())
                .or_else(|| nic_vm.get(nic_key).cloned());
            if let Some(set) = &set {
                scale_set_instances.insert(key(set));
            }
            let host_key = owner.as_deref().map_or_else(|| nic_key.clone(), key);
            let interfaces: Vec<InterfaceId> = nic
                .configs
                .iter()
                .map(|config| self.interface(config, nic.nsg.as_deref(), Some(nic)))
                .collect();
            let host = hosts.entry(host_key).or_insert_with(|| match &owner {
                Some(id) => Host {
                    id: id.clone(),
                    name: last_segment(id).to_owned(),
                    kind: if set.is_some() { "scale-set" } else { "vm" },
                    names: vec![last_segment(id).to_owned()],
                    tags: Vec::new(),
                    interfaces: Vec::new(),
                    origin: nic.meta.origin.clone(),
                },
                None => host_of(
                    &nic.meta,
                    if nic.private_endpoint {
                        "private-endpoint"
                    } else {
                        "nic"
                    },
                ),
            });
            host.names.push(nic.meta.name.clone());
            host.tags.extend(nic.meta.tags.clone());
            host.interfaces.extend(interfaces);
        }
        for (id, set) in &world.scale_sets {
            let host = hosts
                .entry(id.clone())
                .or_insert_with(|| host_of(&set.meta, "scale-set"));
            host.names.push(set.meta.name.clone());
            host.names.extend(set.computer.clone());
            host.tags.extend(set.meta.tags.clone());
            if scale_set_instances.contains(id) {
                continue;
            }
            let interfaces: Vec<InterfaceId> = set
                .interfaces
                .iter()
                .flat_map(|(nsg, configs)| {
                    configs.iter().map(move |config| (nsg.as_deref(), config))
                })
                .map(|(nsg, config)| self.interface(config, nsg, None))
                .collect();
            if let Some(host) = hosts.get_mut(id) {
                host.interfaces.extend(interfaces);
            }
        }
        let mut hosts: Vec<Host> = hosts.into_values().collect();
        for host in &mut hosts {
            host.names.sort();
            host.names.dedup();
            host.tags.sort();
            host.tags.dedup();
        }
        hosts.sort_by(|a, b| a.id.cmp(&b.id));
        hosts
    }

    fn push(&mut self, interface: Interface) -> InterfaceId {
        let id = InterfaceId(u32::try_from(self.network.interfaces.len()).unwrap_or(u32::MAX));
        self.network.interfaces.push(interface);
        id
    }

    /// An interface that something refers to and nothing describes.
    fn absent_interface(&mut self, id: &str, origin: &Origin) -> InterfaceId {
        let unknown = self.unknown(
            format!("nic:{}", key(id)),
            format!("the interface {} is not in the input", last_segment(id)),
            origin,
        );
        let zone = self.zone(None, origin);
        self.push(Interface {
            id: id.to_owned(),
            address: Destination::Within(any_v4()),
            zone,
            groups: Vec::new(),
            layers: vec![Layer {
                kind: "nic-nsg",
                gate: Gate::Unknown(unknown),
            }],
            paths: vec![doubtful_path("unknown", id, unknown)],
            origin: origin.clone(),
        })
    }

    fn interface(
        &mut self,
        config: &IpConfig,
        nsg: Option<&str>,
        nic: Option<&Nic>,
    ) -> InterfaceId {
        let world = self.world;
        let subnet_id = config.subnet.as_deref();
        let subnet = subnet_id.and_then(|id| world.subnets.get(&key(id)));
        let zone = self.zone(subnet_id, &config.origin);
        let address = match config.private.as_deref().and_then(parse_address) {
            Some(addr) => Destination::Address(addr),
            None => Destination::Within(
                subnet
                    .into_iter()
                    .flat_map(|subnet| &subnet.prefixes)
                    .filter_map(|prefix| parse_prefix(prefix))
                    .find(|net| matches!(net, IpNet::V6(_)) == config.v6)
                    .unwrap_or_else(|| if config.v6 { any_v6() } else { any_v4() }),
            ),
        };
        let mut groups: Vec<GroupId> = config
            .groups
            .iter()
            .map(|group| self.group(group))
            .collect();
        groups.sort_unstable();
        groups.dedup();
        let outer = Layer {
            kind: "subnet-nsg",
            gate: self.subnet_gate(subnet_id, subnet, &config.origin),
        };
        let inner = Layer {
            kind: "nic-nsg",
            gate: match nic {
                Some(nic) => self.gate(&nic.meta.id, nsg, true, &nic.meta.origin),
                None => self.gate("", nsg, true, &config.origin),
            },
        };
        let mut paths = Vec::new();
        self.public_path(config, address, &mut paths);
        self.balanced_paths(config, address, subnet_id, &mut paths);
        let mut interface = Interface {
            id: config.id.clone(),
            address,
            zone,
            groups,
            layers: vec![outer, inner],
            paths,
            origin: config.origin.clone(),
        };
        self.apply_conflicts(&mut interface, config, nic);
        self.push(interface)
    }

    /// Something about the interface is given twice, differently: nothing about
    /// it can be said.
    fn apply_conflicts(&mut self, interface: &mut Interface, config: &IpConfig, nic: Option<&Nic>) {
        let world = self.world;
        let vnet = config.subnet.as_deref().and_then(parent).map(str::to_owned);
        let touched = nic
            .map(|nic| nic.meta.id.clone())
            .into_iter()
            .chain(nic.and_then(|nic| scale_set_of(&nic.meta.id)))
            .chain(config.subnet.clone())
            .chain(vnet)
            .chain(config.public.clone())
            .chain(
                config
                    .pools
                    .iter()
                    .filter_map(|pool| parent(pool).map(str::to_owned)),
            );
        for id in touched {
            let Some(origin) = world.conflicts.get(&key(&id)) else {
                continue;
            };
            let unknown = self.unknown(
                format!("conflict:{}", key(&id)),
                format!(
                    "{} is given twice with different contents",
                    last_segment(&id)
                ),
                origin,
            );
            for layer in &mut interface.layers {
                layer.gate = Gate::Unknown(unknown);
            }
            interface.paths.push(doubtful_path("unknown", &id, unknown));
        }
    }

    fn subnet_gate(&mut self, id: Option<&str>, subnet: Option<&Subnet>, origin: &Origin) -> Gate {
        let Some(id) = id else {
            let unknown = self.unknown(
                "subnet:".to_owned(),
                "the interface names no subnet, so its subnet's filter is not known".to_owned(),
                origin,
            );
            return Gate::Unknown(unknown);
        };
        match subnet {
            Some(subnet) => self.gate(id, subnet.nsg.as_deref(), true, &subnet.origin),
            None => self.gate(id, None, false, origin),
        }
    }

    /// The filter at a subnet or an interface. `present`: whether the place
    /// itself is in the input, so that no mention means no filter.
    fn gate(&mut self, place: &str, nsg: Option<&str>, present: bool, origin: &Origin) -> Gate {
        let world = self.world;
        if let Some(filter) = self.effective.get(&key(place)) {
            return Gate::Filter(*filter);
        }
        let claimed = world.claimed.get(&key(place));
        let wanted = match (nsg, claimed) {
            (Some(id), None) => key(id),
            (Some(id), Some(others)) if others.contains(&key(id)) && others.len() == 1 => key(id),
            (None, Some(others)) if others.len() == 1 && !present => {
                others.iter().next().cloned().unwrap_or_default()
            }
            (None, None) if present => return Gate::Open,
            (None, None) => {
                let unknown = self.unknown(
                    format!("subnet:{}", key(place)),
                    format!(
                        "the subnet {} is not in the input, so its filter is not known",
                        last_segment(place)
                    ),
                    origin,
                );
                return Gate::Unknown(unknown);
            }
            (_, Some(others)) => {
                let names: Vec<&str> = others.iter().map(|id| last_segment(id)).collect();
                let reason = format!(
                    "{} and the network security group {} disagree on whether they belong together",
                    last_segment(place),
                    names.join(", ")
                );
                self.warn(
                    origin,
                    format!("{reason}; was the export taken while it changed?"),
                );
                let unknown = self.unknown(format!("association:{}", key(place)), reason, origin);
                return Gate::Unknown(unknown);
            }
        };
        if let Some(at) = world.conflicts.get(&wanted) {
            let unknown = self.unknown(
                format!("conflict:{wanted}"),
                format!(
                    "{} is given twice with different contents",
                    last_segment(&wanted)
                ),
                at,
            );
            return Gate::Unknown(unknown);
        }
        if let Some(filter) = self.filters.get(&wanted) {
            Gate::Filter(*filter)
        } else {
            let name = last_segment(nsg.unwrap_or(&wanted)).to_owned();
            let unknown = self.unknown(
                format!("nsg:{wanted}"),
                format!("the network security group {name} is not in the input"),
                origin,
            );
            Gate::Unknown(unknown)
        }
    }

    // ---- paths ---------------------------------------------------------

    fn public_path(&mut self, config: &IpConfig, address: Destination, paths: &mut Vec<Path>) {
        let world = self.world;
        if let Some(sku) = config.own_public {
            let needs_filter = self.requirement(sku, &config.id, &config.origin);
            paths.push(Path {
                hops: vec![Hop {
                    kind: "public-ip",
                    id: config.id.clone(),
                    name: format!("{} (one for each instance)", last_segment(&config.id)),
                    origin: Some(config.origin.clone()),
                }],
                public: None,
                forward: Forward::All,
                needs_filter,
                alternate_destination: None,
                doubt: None,
            });
        }
        let id = config
            .public
            .as_deref()
            .map(key)
            .or_else(|| world.public_of.get(&key(&config.id)).cloned());
        let Some(id) = id else { return };
        let Some(public) = world.public_ips.get(&id) else {
            let written = config.public.clone().unwrap_or_else(|| id.clone());
            let unknown = self.unknown(
                format!("public-ip:{id}"),
                format!(
                    "the public address {} is not in the input",
                    last_segment(&written)
                ),
                &config.origin,
            );
            paths.push(doubtful_path("public-ip", &written, unknown));
            return;
        };
        let hop = Self::public_hop(public);
        let (addr, doubt) = self.public_address(public, address);
        let needs_filter = self.requirement(public.sku, &public.meta.id, &public.meta.origin);
        paths.push(Path {
            hops: vec![hop],
            public: addr,
            forward: Forward::All,
            needs_filter,
            alternate_destination: None,
            doubt,
        });
    }

    fn public_hop(public: &PublicIp) -> Hop {
        Hop {
            kind: "public-ip",
            id: public.meta.id.clone(),
            name: public.meta.name.clone(),
            origin: Some(public.meta.origin.clone()),
        }
    }

    fn public_address(
        &mut self,
        public: &PublicIp,
        inside: Destination,
    ) -> (Option<IpAddr>, Option<UnknownId>) {
        match public.address.as_deref().map(parse_address) {
            Some(Some(addr)) if addr.is_ipv4() == matches!(inside.net(), IpNet::V4(_)) => {
                (Some(addr), None)
            }
            Some(_) => {
                let unknown = self.unknown(
                    format!("public-ip:{}", key(&public.meta.id)),
                    format!(
                        "the address of {} is not of the interface's family",
                        public.meta.name
                    ),
                    &public.meta.origin,
                );
                (None, Some(unknown))
            }
            None => {
                let unknown = self.unknown(
                    format!("public-ip:{}", key(&public.meta.id)),
                    format!(
                        "{} has no address at the moment (it gets one when the machine starts)",
                        public.meta.name
                    ),
                    &public.meta.origin,
                );
                (None, Some(unknown))
            }
        }
    }

    fn requirement(&mut self, sku: Sku, id: &str, origin: &Origin) -> Requirement {
        match sku {
            Sku::Basic => Requirement::No,
            Sku::Standard => Requirement::Yes,
            Sku::Unknown => Requirement::Unknown(self.unknown(
                format!("sku:{}", key(id)),
                format!("{} does not say whether it is Basic (open without a filter) or Standard (closed)", last_segment(id)),
                origin,
            )),
        }
    }

    fn balanced_paths(
        &mut self,
        config: &IpConfig,
        address: Destination,
        subnet: Option<&str>,
        paths: &mut Vec<Path>,
    ) {
        let world = self.world;
        let me = key(&config.id);
        for pool in config
            .pools
            .iter()
            .chain(&config.nat_rules)
            .chain(&config.nat_pools)
        {
            let lb = parent(pool).unwrap_or_default();
            if !world.load_balancers.contains_key(&key(lb)) {
                let unknown = self.unknown(
                    format!("load-balancer:{}", key(lb)),
                    format!("the load balancer {} is not in the input", last_segment(lb)),
                    &config.origin,
                );
                if paths.iter().all(|path| path.doubt != Some(unknown)) {
                    paths.push(doubtful_path("load-balancer", lb, unknown));
                }
            }
        }
        let vnet = subnet.and_then(parent).map(key);
        for lb in world.load_balancers.values() {
            let pools: BTreeSet<String> = lb
                .pools
                .iter()
                .filter(|pool| {
                    let by_config = pool.configs.iter().any(|id| key(id) == me)
                        || config.pools.iter().any(|id| key(id) == key(&pool.id));
                    let by_address = pool.addresses.iter().any(|(text, own)| {
                        parse_address(text)
                            .is_some_and(|addr| Destination::Address(addr) == address)
                            && own.as_deref().map(key).is_none_or(|own| Some(own) == vnet)
                    });
                    by_config || by_address
                })
                .map(|pool| key(&pool.id))
                .collect();
            for rule in &lb.rules {
                if rule.pools.iter().any(|pool| pools.contains(&key(pool))) {
                    self.balancing_rule(lb, rule, address, paths);
                }
            }
            for rule in &lb.nat_rules {
                let by_config = rule.config.as_deref().is_some_and(|id| key(id) == me)
                    || config.nat_rules.iter().any(|id| key(id) == key(&rule.id));
                let in_pool = rule
                    .pool
                    .as_deref()
                    .is_some_and(|pool| pools.contains(&key(pool)));
                if by_config || in_pool {
                    let alone = rule.pool.as_deref().is_none_or(|pool| {
                        lb.pools.iter().any(|one| {
                            key(&one.id) == key(pool)
                                && one.configs.len() + one.addresses.len() == 1
                        })
                    });
                    self.nat_rule(lb, rule, alone, address, paths);
                }
            }
            for rule in &lb.nat_pools {
                if config.nat_pools.iter().any(|id| key(id) == key(&rule.id)) {
                    self.nat_rule(lb, rule, false, address, paths);
                }
            }
        }
    }

    /// What a frontend adds to a path: hops, address, doubt. `None`: the
    /// frontend is internal, or not of the interface's family.
    fn frontend(
        &mut self,
        lb: &LoadBalancer,
        frontend: Option<&str>,
        address: Destination,
        rule: (&str, &Origin),
    ) -> Option<(Vec<Hop>, Option<IpAddr>, Option<UnknownId>)> {
        let world = self.world;
        let wanted = frontend.map(key);
        let own = lb.frontends.iter().find(|own| Some(key(&own.id)) == wanted);
        let lb_hop = Hop {
            kind: "load-balancer",
            id: lb.meta.id.clone(),
            name: format!("{} rule {}", lb.meta.name, rule.0),
            origin: Some(rule.1.clone()),
        };
        let Some(own) = own else {
            let unknown = self.unknown(
                format!("frontend:{}", wanted.unwrap_or_default()),
                format!(
                    "a frontend of the load balancer {} is not in the input",
                    lb.meta.name
                ),
                &lb.meta.origin,
            );
            return Some((vec![lb_hop], None, Some(unknown)));
        };
        if lb.global || own.chained {
            let what = if lb.global {
                "a cross-region load balancer"
            } else {
                "chained to a gateway load balancer"
            };
            let unknown = self.unknown(
                format!("load-balancer:{}", key(&lb.meta.id)),
                format!("{} is {what}, which is not modelled", lb.meta.name),
                &lb.meta.origin,
            );
            return Some((vec![lb_hop], None, Some(unknown)));
        }
        let Some(public) = &own.public else {
            if let Some(prefix) = &own.public_prefix {
                let unknown = self.unknown(
                    format!("public-prefix:{}", key(prefix)),
                    format!("which address of the prefix {} the frontend has is not in the configuration", last_segment(prefix)),
                    &lb.meta.origin,
                );
                return Some((vec![lb_hop], None, Some(unknown)));
            }
            return None;
        };
        let Some(public) = world.public_ips.get(&key(public)) else {
            let unknown = self.unknown(
                format!("public-ip:{}", key(public)),
                format!(
                    "the public address {} is not in the input",
                    last_segment(public)
                ),
                &lb.meta.origin,
            );
            return Some((vec![lb_hop], None, Some(unknown)));
        };
        let (addr, doubt) = self.public_address(public, address);
        let family = public.address.as_deref().and_then(parse_address);
        if family.is_some_and(|addr| addr.is_ipv4() != matches!(address.net(), IpNet::V4(_))) {
            // A frontend of the other family serves the other configuration.
            return None;
        }
        Some((vec![Self::public_hop(public), lb_hop], addr, doubt))
    }

    fn balancing_rule(
        &mut self,
        lb: &LoadBalancer,
        rule: &BalancingRule,
        address: Destination,
        paths: &mut Vec<Path>,
    ) {
        let Some((hops, public, doubt)) = self.frontend(
            lb,
            rule.frontend.as_deref(),
            address,
            (&rule.name, &rule.origin),
        ) else {
            return;
        };
        let port = if rule.floating {
            rule.frontend_port
        } else {
            rule.backend_port
        };
        let forwards = forwards(&rule.protocol, Some(rule.frontend_port), port, 1);
        self.push_paths(lb, &hops, public, doubt, rule.floating, forwards, paths);
    }

    fn nat_rule(
        &mut self,
        lb: &LoadBalancer,
        rule: &NatRule,
        alone: bool,
        address: Destination,
        paths: &mut Vec<Path>,
    ) {
        let Some((hops, public, doubt)) = self.frontend(
            lb,
            rule.frontend.as_deref(),
            address,
            (&rule.name, &rule.origin),
        ) else {
            return;
        };
        // A rule for a pool gives each member one port of a range; which one is
        // the platform's choice, unless there is a single member.
        let front = rule
            .frontend_port
            .or_else(|| rule.range.filter(|_| alone).map(|(first, _)| first));
        let backend = if rule.floating {
            front.unwrap_or(rule.backend_port)
        } else {
            rule.backend_port
        };
        let forwards = forwards(&rule.protocol, front, backend, 1);
        self.push_paths(lb, &hops, public, doubt, rule.floating, forwards, paths);
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one path")]
    fn push_paths(
        &mut self,
        lb: &LoadBalancer,
        hops: &[Hop],
        public: Option<IpAddr>,
        doubt: Option<UnknownId>,
        floating: bool,
        forwards: Option<Vec<Forward>>,
        paths: &mut Vec<Path>,
    ) {
        let needs_filter = self.requirement(lb.sku, &lb.meta.id, &lb.meta.origin);
        let alternate_destination = public.filter(|_| floating).map(|addr| {
            let unknown = self.unknown(
                format!("floating:{}", key(&lb.meta.id)),
                format!("{} uses floating IP, and whether the filters see the public or the private address is not documented", lb.meta.name),
                &lb.meta.origin,
            );
            (addr, unknown)
        });
        let (forwards, doubt) = if let Some(forwards) = forwards {
            (forwards, doubt)
        } else {
            let unknown = self.unknown(
                format!("protocol:{}", key(&lb.meta.id)),
                format!("a rule of {} has an unknown protocol", lb.meta.name),
                &lb.meta.origin,
            );
            (vec![Forward::All], doubt.or(Some(unknown)))
        };
        for forward in forwards {
            paths.push(Path {
                hops: hops.to_vec(),
                public,
                forward,
                needs_filter,
                alternate_destination,
                doubt,
            });
        }
    }

    /// On a page that is missing, a load balancer or a public address may lead to
    /// any interface.
    fn apply_truncated(&mut self, origin: &Origin) {
        let unknown = self.unknown(
            "truncated".to_owned(),
            "the export has more pages than the input".to_owned(),
            origin,
        );
        for interface in &mut self.network.interfaces {
            interface
                .paths
                .push(doubtful_path("unknown", "a missing page", unknown));
        }
    }

    // ---- not modelled --------------------------------------------------

    fn apply_not_modelled(&mut self) {
        let world = self.world;
        let managers: Vec<(Origin, String)> = world
            .effective
            .iter()
            .filter(|effective| effective.manager)
            .map(|effective| {
                (
                    effective.nsg.meta.origin.clone(),
                    "security admin rules of a network manager".to_owned(),
                )
            })
            .collect();
        let everything: Vec<(Origin, String)> = world
            .not_modelled
            .iter()
            .filter(|one| one.leads_to.is_none())
            .map(|one| {
                (
                    one.origin.clone(),
                    format!("{} ({})", one.kind, last_segment(&one.id)),
                )
            })
            .chain(managers)
            .collect();
        for (origin, what) in everything {
            let reason =
                format!("{what} comes before the network security groups and is not modelled");
            self.warn(&origin, format!("{reason}; every answer is undetermined"));
            let unknown = self.unknown(format!("not-modelled:{what}"), reason, &origin);
            for interface in &mut self.network.interfaces {
                for layer in &mut interface.layers {
                    layer.gate = Gate::Unknown(unknown);
                }
            }
        }
        for one in &world.not_modelled {
            let Some(targets) = &one.leads_to else {
                continue;
            };
            let unknown = self.unknown(
                format!("not-modelled:{}", key(&one.id)),
                format!(
                    "{} {} forwards to this address, and that is not modelled",
                    one.kind,
                    last_segment(&one.id)
                ),
                &one.origin,
            );
            let mut touched = false;
            for interface in &mut self.network.interfaces {
                let hit = targets.iter().any(|target| {
                    parse_address(target)
                        .is_some_and(|addr| interface.address == Destination::Address(addr))
                        || key(target) == key(&interface.id)
                });
                if hit {
                    touched = true;
                    // A proxy's own address is the source, so the filters'
                    // answer for the Internet does not apply.
                    for layer in &mut interface.layers {
                        if !matches!(layer.gate, Gate::Unknown(_)) {
                            layer.gate = Gate::Unknown(unknown);
                        }
                    }
                    interface
                        .paths
                        .push(doubtful_path("not-modelled", &one.id, unknown));
                }
            }
            if touched {
                self.warn(
                    &one.origin,
                    format!(
                        "{} is not modelled; the addresses it forwards to are undetermined",
                        one.kind
                    ),
                );
            }
        }
    }
}

fn host_of(meta: &Meta, kind: &'static str) -> Host {
    Host {
        id: meta.id.clone(),
        name: meta.name.clone(),
        kind,
        names: vec![meta.name.clone()],
        tags: meta.tags.clone(),
        interfaces: Vec::new(),
        origin: meta.origin.clone(),
    }
}

/// The scale set that an instance's interface belongs to.
fn scale_set_of(nic: &str) -> Option<String> {
    let lower = nic.to_ascii_lowercase();
    let at = lower.find("/virtualmachinescalesets/")? + "/virtualmachinescalesets/".len();
    let end = lower.get(at..)?.find('/')? + at;
    nic.get(..end).map(str::to_owned)
}

fn doubtful_path(kind: &'static str, id: &str, unknown: UnknownId) -> Path {
    Path {
        hops: vec![Hop {
            kind,
            id: id.to_owned(),
            name: last_segment(id).to_owned(),
            origin: None,
        }],
        public: None,
        forward: Forward::All,
        needs_filter: Requirement::No,
        alternate_destination: None,
        doubt: Some(unknown),
    }
}

fn parse_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    text.parse()
        .ok()
        // Public addresses are sometimes written as a prefix of one.
        .or_else(|| {
            text.parse::<IpNet>()
                .ok()
                .filter(|net| net.prefix_len() == net.max_prefix_len())
                .map(|net| net.addr())
        })
}

fn any_v4() -> IpNet {
    IpNet::V4(ipnet::Ipv4Net::default())
}

fn any_v6() -> IpNet {
    IpNet::V6(ipnet::Ipv6Net::default())
}

/// What a load balancer's rule carries; `None` for an unknown protocol.
/// Protocol `All` with port 0 ("HA ports") carries everything unchanged.
fn forwards(protocol: &str, front: Option<u32>, backend: u32, count: u16) -> Option<Vec<Forward>> {
    let set = protocol_word(protocol)?;
    if backend == 0 {
        return Some(vec![Forward::All]);
    }
    let lo = u16::try_from(backend).ok()?;
    let range: PortRange = Interval {
        lo,
        hi: lo.saturating_add(count - 1),
    };
    let public = front
        .and_then(|port| u16::try_from(port).ok())
        .filter(|port| *port > 0);
    Some(
        set.iter()
            .filter(|protocol| protocol.has_ports())
            .map(|protocol| Forward::Ports {
                protocol,
                public,
                backend: range,
            })
            .collect(),
    )
}

struct DefaultRule {
    name: &'static str,
    priority: u32,
    action: Action,
    from: AddressMatch,
    to: AddressMatch,
}

fn symbol(id: celador_reach::network::SymbolId) -> AddressMatch {
    AddressMatch::Mixed(Arc::new(MixedMatch {
        symbols: vec![id],
        ..MixedMatch::default()
    }))
}

/// The default rules of every network security group, by Microsoft's "Network
/// security groups" page.
fn default_inbound(list: u16) -> Vec<Rule> {
    build(
        list,
        vec![
            DefaultRule {
                name: "AllowVnetInBound",
                priority: 65000,
                action: Action::Allow,
                from: symbol(VIRTUAL_NETWORK),
                to: symbol(VIRTUAL_NETWORK),
            },
            DefaultRule {
                name: "AllowAzureLoadBalancerInBound",
                priority: 65001,
                action: Action::Allow,
                from: AddressMatch::Fixed(Arc::new(host())),
                to: AddressMatch::Any,
            },
            DefaultRule {
                name: "DenyAllInBound",
                priority: 65500,
                action: Action::Deny,
                from: AddressMatch::Any,
                to: AddressMatch::Any,
            },
        ],
    )
}

fn default_outbound(list: u16) -> Vec<Rule> {
    build(
        list,
        vec![
            DefaultRule {
                name: "AllowVnetOutBound",
                priority: 65000,
                action: Action::Allow,
                from: symbol(VIRTUAL_NETWORK),
                to: symbol(VIRTUAL_NETWORK),
            },
            DefaultRule {
                name: "AllowInternetOutBound",
                priority: 65001,
                action: Action::Allow,
                from: AddressMatch::Any,
                to: symbol(INTERNET),
            },
            DefaultRule {
                name: "DenyAllOutBound",
                priority: 65500,
                action: Action::Deny,
                from: AddressMatch::Any,
                to: AddressMatch::Any,
            },
        ],
    )
}

fn build(list: u16, defaults: Vec<DefaultRule>) -> Vec<Rule> {
    defaults
        .into_iter()
        .map(|one| Rule {
            name: one.name.into(),
            priority: one.priority,
            action: one.action,
            protocols: ProtocolSet::ALL,
            source: RulePlace { list, item: 0 },
            from: one.from,
            to: one.to,
            from_ports: PortMatch::ANY,
            to_ports: PortMatch::ANY,
            doubt: None,
        })
        .collect()
}
