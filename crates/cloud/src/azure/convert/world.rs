//! Every resource of the input, once, and what refers to what.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use celador_model::Origin;
use celador_reach::network::{GroupId, UnknownId};

use super::super::id::Id;
use super::super::model::{
    BalancingRule, Connection, Detour, Effective, Firewall, Frontend, Gateway, IpConfig, Item,
    Listed, LoadBalancer, LocalGateway, LooseRule, Manager, Meta, NatRule, Nic, Nsg, Parsed,
    Peering, Policy, Pool, PublicIp, PublicPrefix, Resource, Route, RouteTable, ScaleSet, Stub,
    StubKind, Subnet, Vm, Vnet,
};
use super::super::service_tags::ServiceTags;
use super::resolve::{Resolver, same_rule, same_rules};
use super::{Book, number};

/// The form in which ids are compared.
pub(super) type Key = Arc<str>;

/// Items by id.
pub(super) struct Table<T> {
    entries: BTreeMap<Key, Entry<T>>,
}

/// An item, and whether copies of it contradict each other.
pub(super) struct Entry<T> {
    pub(super) item: T,
    pub(super) clash: Option<UnknownId>,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            entries: BTreeMap::new(),
        }
    }
}

impl<T: Item> Table<T> {
    fn add(&mut self, one: T, book: &mut Book) {
        let key = Arc::clone(&one.meta().id.key);
        let Some(known) = self.entries.get_mut(&key) else {
            self.entries.insert(
                key,
                Entry {
                    item: one,
                    clash: None,
                },
            );
            return;
        };
        if known.item.contradicts(&one) {
            let meta = one.meta();
            let first = format!("{} is given twice with different contents", meta.name);
            book.warn(
                &meta.origin,
                format!(
                    "{first} (also at {}); what depends on it is undetermined",
                    known.item.meta().origin
                ),
            );
            known.clash = Some(book.quiet(format!("conflict:{key}"), first, &meta.origin));
        }
        if known.item.meta().nested && !one.meta().nested {
            let old = std::mem::replace(&mut known.item, one);
            known.item.absorb(old);
        } else {
            known.item.absorb(one);
        }
    }
}

impl<T> Table<T> {
    pub(super) fn get(&self, id: &Id) -> Option<&Entry<T>> {
        self.entries.get(&id.key)
    }

    pub(super) fn has(&self, id: &Id) -> bool {
        self.entries.contains_key(&id.key)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&Key, &Entry<T>)> {
        self.entries.iter()
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &T> {
        self.entries.values().map(|entry| &entry.item)
    }

    fn take(&mut self) -> BTreeMap<Key, Entry<T>> {
        std::mem::take(&mut self.entries)
    }
}

impl Item for Nsg {
    fn meta(&self) -> &Meta {
        &self.meta
    }

    /// A copy inside another resource holds the rules in full, so it counts.
    fn contradicts(&self, other: &Self) -> bool {
        self != other
    }

    fn absorb(&mut self, other: Self) {
        if self.own.is_none() {
            self.own = other.own;
        }
        if self.defaults.is_none() {
            self.defaults = other.defaults;
        }
        self.subnets.extend(other.subnets);
        self.nics.extend(other.nics);
    }
}

impl PartialEq for Nsg {
    fn eq(&self, other: &Self) -> bool {
        let same = |a: &Option<Listed>, b: &Option<Listed>| match (a, b) {
            (Some(a), Some(b)) => same_rules(a, b),
            _ => true,
        };
        same(&self.own, &other.own) && same(&self.defaults, &other.defaults)
    }
}

/// An NSG with the rules that were read by themselves.
pub(super) struct WholeNsg {
    pub(super) nsg: Nsg,
    pub(super) loose: Vec<Listed>,
    pub(super) clash: Option<UnknownId>,
}

/// Every resource, and the indexes that questions about them need.
#[derive(Default)]
pub(super) struct World {
    nsgs: Table<Nsg>,
    loose_rules: Vec<LooseRule>,
    /// NSGs of which only single rules are in the input.
    pub(super) rules_only: BTreeSet<Key>,
    pub(super) nics: Table<Nic>,
    pub(super) vnets: Table<Vnet>,
    pub(super) subnets: Table<Subnet>,
    pub(super) peerings: Table<Peering>,
    pub(super) public_ips: Table<PublicIp>,
    pub(super) public_prefixes: Table<PublicPrefix>,
    pub(super) load_balancers: Table<LoadBalancer>,
    pub(super) frontends: Table<Frontend>,
    pub(super) balancing_rules: Table<BalancingRule>,
    pub(super) nat_rules: Table<NatRule>,
    pub(super) pools: Table<Pool>,
    pub(super) route_tables: Table<RouteTable>,
    pub(super) routes: Table<Route>,
    pub(super) vms: Table<Vm>,
    pub(super) scale_sets: Table<ScaleSet>,
    pub(super) instances: Vec<Meta>,
    pub(super) gateways: Table<Gateway>,
    pub(super) local_gateways: Table<LocalGateway>,
    pub(super) connections: Table<Connection>,
    pub(super) effective: Vec<(Key, Effective)>,
    pub(super) detours: Vec<Detour>,
    pub(super) firewalls: Vec<Firewall>,
    pub(super) policies: Vec<Policy>,
    pub(super) managers: Vec<Manager>,
    /// Resources of which nothing but their existence is in the input.
    pub(super) stubs: Vec<Stub>,
    /// Types of data stores that are not judged: where the first one stands, and
    /// how many there are.
    unjudged: BTreeMap<Key, (Origin, usize)>,

    /// Application security groups that anything names.
    pub(super) groups: BTreeMap<Key, GroupId>,
    /// Those that rules name, sorted.
    pub(super) rule_groups: Vec<GroupId>,
    /// The NSGs that say they stand at a subnet or an interface.
    pub(super) claimed: HashMap<Key, BTreeSet<Key>>,
    /// The public addresses that say they belong to a configuration or frontend.
    pub(super) public_of: HashMap<Key, Vec<Key>>,
    /// The configurations and frontends that name a public address.
    pub(super) named_by: HashMap<Key, Vec<Key>>,
    pub(super) peerings_of: HashMap<Key, Vec<Key>>,
    /// The same by the network at the far end.
    pub(super) peerings_to: HashMap<Key, Vec<Key>>,
    /// Parts that a load balancer lists by their ids only, and that are nowhere.
    pub(super) unread_parts: HashMap<Key, Vec<Id>>,
    pub(super) routes_of: HashMap<Key, Vec<Key>>,
    pub(super) gateway_subnets: BTreeMap<Key, Key>,
    pub(super) pools_of_config: HashMap<Key, BTreeSet<Id>>,
    /// Pools that have a member by address, with its network where it is given.
    pub(super) pools_of_address: BTreeMap<IpAddr, Vec<(Id, Option<Id>)>>,
    pub(super) pool_sizes: HashMap<Key, usize>,
    pub(super) rules_of_pool: HashMap<Key, BTreeSet<Key>>,
    pub(super) nat_rules_of_pool: HashMap<Key, BTreeSet<Key>>,
    pub(super) nat_rules_of_config: HashMap<Key, BTreeSet<Id>>,
}

impl World {
    /// Gathers what was read; files in a fixed order, so that which copy of
    /// something counts does not depend on the order they were given in.
    pub(super) fn gather(
        mut parsed: Vec<Parsed>,
        tags: &ServiceTags,
        book: &mut Book,
    ) -> (Self, BTreeMap<Key, WholeNsg>) {
        parsed.sort_by(|a, b| a.file.cmp(&b.file));
        let mut world = Self::default();
        world.name_groups(&parsed);
        for file in parsed {
            let groups = std::mem::take(&mut world.groups);
            let mut resolver = Resolver::new(&file.words, tags, &groups);
            for resource in file.resources {
                world.add(resource, &mut resolver, &file.file, book);
            }
            world.groups = groups;
        }
        for (kind, (origin, count)) in &world.unjudged {
            let what = if *count == 1 {
                format!("a resource of the type {kind} is a data store")
            } else {
                format!("{count} resources of the type {kind} are data stores")
            };
            book.warn(
                origin,
                format!(
                    "{what} that {} not judged: only machines and their addresses are",
                    if *count == 1 { "is" } else { "are" }
                ),
            );
        }
        let nsgs = world.whole_nsgs(book);
        world.index();
        (world, nsgs)
    }

    fn name_groups(&mut self, parsed: &[Parsed]) {
        let mut named = BTreeSet::new();
        let mut in_rules = BTreeSet::new();
        for file in parsed {
            for word in file.words.specs.iter().flat_map(|spec| &spec.groups) {
                if let Some(id) = file.words.words.get(*word as usize) {
                    in_rules.insert(Id::new(id).key);
                }
            }
            for resource in &file.resources {
                let configs: Vec<&IpConfig> = match resource {
                    Resource::Nic(nic) => nic.configs.iter().collect(),
                    Resource::ScaleSet(set) => set
                        .interfaces
                        .iter()
                        .flat_map(|(_, configs)| configs)
                        .collect(),
                    _ => continue,
                };
                named.extend(
                    configs
                        .into_iter()
                        .flat_map(|config| &config.groups)
                        .map(|id| Arc::clone(&id.key)),
                );
            }
        }
        named.extend(in_rules.iter().cloned());
        self.groups = named
            .into_iter()
            .enumerate()
            .map(|(index, key)| (key, GroupId(number(index))))
            .collect();
        self.rule_groups = in_rules
            .iter()
            .filter_map(|key| self.groups.get(key).copied())
            .collect();
    }

    fn add(
        &mut self,
        resource: Resource,
        resolver: &mut Resolver<'_>,
        file: &Arc<str>,
        book: &mut Book,
    ) {
        match resource {
            Resource::Nsg(mut one) => {
                let key = Arc::clone(&one.meta.id.key);
                for list in [&mut one.own, &mut one.defaults].into_iter().flatten() {
                    resolver.list(list, false, &key, book);
                }
                self.nsgs.add(one, book);
            }
            Resource::Rule(mut one) => {
                resolver.list(&mut one.rule, true, &one.nsg.key, book);
                self.loose_rules.push(one);
            }
            Resource::Effective(mut one) => {
                let place = one
                    .places
                    .first()
                    .map_or_else(|| Arc::clone(&one.meta.id.key), |id| Arc::clone(&id.key));
                resolver.list(&mut one.rules, false, &place, book);
                self.effective
                    .push((format!("{file}#{}", one.list).into(), one));
            }
            Resource::Nic(one) => self.nics.add(one, book),
            Resource::Vnet(one) => self.vnets.add(one, book),
            Resource::Subnet(one) => self.subnets.add(one, book),
            Resource::Peering(one) => self.peerings.add(one, book),
            Resource::PublicIp(one) => self.public_ips.add(one, book),
            Resource::PublicPrefix(one) => self.public_prefixes.add(one, book),
            Resource::LoadBalancer(one) => self.load_balancers.add(one, book),
            Resource::Frontend(one) => self.frontends.add(one, book),
            Resource::BalancingRule(one) => self.balancing_rules.add(one, book),
            Resource::NatRule(one) => self.nat_rules.add(one, book),
            Resource::Pool(one) => self.pools.add(one, book),
            Resource::RouteTable(one) => self.route_tables.add(one, book),
            Resource::Route(one) => self.routes.add(one, book),
            Resource::Vm(one) => self.vms.add(one, book),
            Resource::ScaleSet(one) => self.scale_sets.add(one, book),
            Resource::Instance(one) => self.instances.push(one),
            Resource::Gateway(one) => self.gateways.add(one, book),
            Resource::LocalGateway(one) => self.local_gateways.add(one, book),
            Resource::Connection(one) => self.connections.add(one, book),
            Resource::Detour(one) => self.detours.push(one),
            Resource::Firewall(one) => self.firewalls.push(one),
            Resource::Policy(one) => self.policies.push(one),
            Resource::Manager(one) => self.managers.push(one),
            Resource::Stub(one) => self.stubs.push(one),
            Resource::Unjudged(one) => {
                let known = self.unjudged.entry(one.kind);
                known.or_insert((one.origin, 0)).1 += 1;
            }
        }
    }

    /// Puts rules that were read by themselves into their groups.
    fn whole_nsgs(&mut self, book: &mut Book) -> BTreeMap<Key, WholeNsg> {
        let mut nsgs: BTreeMap<Key, WholeNsg> = self
            .nsgs
            .take()
            .into_iter()
            .map(|(key, entry)| {
                let whole = WholeNsg {
                    nsg: entry.item,
                    loose: Vec::new(),
                    clash: entry.clash,
                };
                (key, whole)
            })
            .collect();
        for (key, whole) in &nsgs {
            for place in whole.nsg.subnets.iter().chain(&whole.nsg.nics) {
                self.claimed
                    .entry(Arc::clone(&place.key))
                    .or_default()
                    .insert(Arc::clone(key));
            }
        }
        for LooseRule { nsg, rule } in std::mem::take(&mut self.loose_rules) {
            let Some(whole) = nsgs.get_mut(&nsg.key) else {
                self.rules_only.insert(nsg.key);
                continue;
            };
            let lists = whole
                .nsg
                .own
                .iter()
                .chain(&whole.nsg.defaults)
                .chain(&whole.loose);
            let mut twins = lists
                .flat_map(|listed| listed.rules.inbound.iter().chain(&listed.rules.outbound))
                .filter(|known| {
                    let mut own = rule.rules.inbound.iter().chain(&rule.rules.outbound);
                    own.any(|own| own.name.eq_ignore_ascii_case(&known.name))
                });
            let Some(twin) = twins.next() else {
                whole.loose.push(rule);
                continue;
            };
            let same = rule
                .rules
                .inbound
                .iter()
                .chain(&rule.rules.outbound)
                .any(|own| same_rule(own, twin));
            if !same {
                let reason = format!(
                    "the rule {} of {} is given twice with different contents",
                    twin.name, whole.nsg.meta.name
                );
                book.warn(
                    &rule.origin,
                    format!(
                        "{reason} (also in {}); what depends on it is undetermined",
                        whole.nsg.meta.origin
                    ),
                );
                whole.clash =
                    Some(book.quiet(format!("conflict:{}", nsg.key), reason, &rule.origin));
            }
        }
        nsgs
    }

    fn index(&mut self) {
        fn put<V: Ord>(map: &mut HashMap<Key, BTreeSet<V>>, key: &Key, value: V) {
            map.entry(Arc::clone(key)).or_default().insert(value);
        }
        for (key, entry) in self.public_ips.iter() {
            if let Some(owner) = &entry.item.owner {
                self.public_of
                    .entry(Arc::clone(&owner.key))
                    .or_default()
                    .push(Arc::clone(key));
            }
        }
        for (key, entry) in self.load_balancers.iter() {
            let absent: Vec<Id> = entry
                .item
                .children
                .iter()
                .filter(|id| {
                    !(self.frontends.has(id)
                        || self.balancing_rules.has(id)
                        || self.nat_rules.has(id))
                })
                .cloned()
                .collect();
            if !absent.is_empty() {
                self.unread_parts.insert(Arc::clone(key), absent);
            }
        }
        for (key, entry) in self.peerings.iter() {
            if let Some(remote) = &entry.item.remote {
                self.peerings_to
                    .entry(Arc::clone(&remote.key))
                    .or_default()
                    .push(Arc::clone(key));
            }
            self.peerings_of
                .entry(Arc::clone(&entry.item.vnet.key))
                .or_default()
                .push(Arc::clone(key));
        }
        for (key, entry) in self.routes.iter() {
            self.routes_of
                .entry(Arc::clone(&entry.item.table.key))
                .or_default()
                .push(Arc::clone(key));
        }
        for subnet in self.subnets.items() {
            // A route server learns routes as a gateway does.
            let learns = ["GatewaySubnet", "RouteServerSubnet"]
                .iter()
                .any(|name| subnet.meta.id.name().eq_ignore_ascii_case(name));
            if subnet.used
                && learns
                && let Some(vnet) = subnet.meta.id.parent()
            {
                self.gateway_subnets
                    .insert(vnet.key, Arc::clone(&subnet.meta.id.key));
            }
        }
        let mut members: HashMap<Key, BTreeSet<Key>> = HashMap::new();
        let configs = self.nics.items().flat_map(|nic| &nic.configs);
        for config in configs {
            if let Some(public) = &config.public {
                self.named_by
                    .entry(Arc::clone(&public.key))
                    .or_default()
                    .push(Arc::clone(&config.id.key));
            }
            for pool in &config.pools {
                put(&mut members, &pool.key, Arc::clone(&config.id.key));
            }
        }
        for frontend in self.frontends.items() {
            if let Some(public) = &frontend.public {
                self.named_by
                    .entry(Arc::clone(&public.key))
                    .or_default()
                    .push(Arc::clone(&frontend.meta.id.key));
            }
        }
        for (key, entry) in self.pools.iter() {
            let pool = &entry.item;
            let by_address = pool
                .addresses
                .iter()
                .filter_map(|address| address.config.as_ref());
            for config in pool.configs.iter().chain(by_address) {
                put(&mut self.pools_of_config, &config.key, pool.meta.id.clone());
                put(&mut members, key, Arc::clone(&config.key));
            }
            let mut alone = 0;
            for member in &pool.addresses {
                if let Some(address) = member.address {
                    self.pools_of_address
                        .entry(address)
                        .or_default()
                        .push((pool.meta.id.clone(), member.vnet.clone()));
                    alone += usize::from(member.config.is_none());
                }
            }
            self.pool_sizes.insert(Arc::clone(key), alone);
        }
        for (pool, configs) in members.iter().collect::<BTreeMap<_, _>>() {
            *self.pool_sizes.entry(Arc::clone(pool)).or_default() += configs.len();
        }
        for (key, entry) in self.balancing_rules.iter() {
            for pool in &entry.item.pools {
                put(&mut self.rules_of_pool, &pool.key, Arc::clone(key));
            }
        }
        for (key, entry) in self.nat_rules.iter() {
            if let Some(pool) = &entry.item.pool {
                put(&mut self.nat_rules_of_pool, &pool.key, Arc::clone(key));
            }
            if let Some(config) = &entry.item.config {
                put(
                    &mut self.nat_rules_of_config,
                    &config.key,
                    entry.item.meta.id.clone(),
                );
            }
        }
        let whole = |stub: &Stub| match stub.kind {
            StubKind::LoadBalancer => self.load_balancers.has(&stub.meta.id),
            StubKind::Forwarder => {
                let mut known = self.detours.iter().map(|one| &one.meta);
                known.any(|meta| meta.id == stub.meta.id)
            }
            StubKind::Part => true,
        };
        let mut stubs: Vec<Stub> = std::mem::take(&mut self.stubs);
        stubs.retain(|stub| !whole(stub));
        stubs.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
        stubs.dedup_by(|a, b| a.meta.id == b.meta.id);
        self.stubs = stubs;
        self.detours.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
        self.firewalls.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
        self.managers.sort_by(|a, b| a.meta.id.cmp(&b.meta.id));
    }

    /// A group's number.
    pub(super) fn group(&self, id: &Id) -> Option<GroupId> {
        self.groups.get(&id.key).copied()
    }
}
