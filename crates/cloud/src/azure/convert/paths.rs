//! Interfaces, and the ways to them from the Internet.
//!
//! Ways in: a public address on the configuration, a rule of a public load
//! balancer. A NAT gateway and outbound rules are ways out only. A cross-region
//! load balancer sends to the public frontends of regional ones with the
//! client's address kept, so it reaches nothing that their own rules do not.
//! Application gateways and firewalls forward in their own name; they are not
//! modelled, and what is behind them is undetermined.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;

use celador_model::{Interval, Origin, PortRange, Protocol, ProtocolSet};
use celador_reach::network::{
    Destination, Forward, Gate, GroupId, Hop, Interface, InterfaceId, Layer, Path, Requirement,
    UnknownId,
};
use ipnet::IpNet;

use super::super::id::Id;
use super::super::model::{
    BalancingRule, Carries, IpConfig, LoadBalancer, NatRule, Nic, Port, PublicIp, Sku, Stub,
    StubKind,
};
use super::super::parse::{PRIVATE_GATEWAY, parse_address};
use super::Converter;
use super::world::{Entry, Key};

/// What forwards in its own name, by what it leads to.
#[derive(Default)]
pub(super) struct Detours {
    by_address: BTreeMap<IpAddr, Vec<usize>>,
    by_config: HashMap<Key, Vec<usize>>,
    /// First labels of host names that are forwarded to, lower case.
    by_host: HashMap<String, Vec<usize>>,
    /// Networks in which anything may be forwarded to; `None`: everywhere.
    networks: Vec<(Option<BTreeSet<Key>>, usize)>,
    found: Vec<(Id, UnknownId)>,
    /// Security admin rules that come first, with the subscriptions they cover.
    managers: Vec<(UnknownId, Vec<Id>)>,
    /// The same, for named subnets and interfaces only.
    managed_places: HashMap<Key, UnknownId>,
}

/// What a frontend adds to a path.
struct Front {
    hops: Vec<Hop>,
    public: Option<IpAddr>,
    doubt: Option<UnknownId>,
    sku: Sku,
}

impl Converter<'_> {
    /// One configuration of an interface: itself, and what a detour makes of it.
    pub(super) fn interface(
        &mut self,
        config: &IpConfig,
        nsg: Option<&Id>,
        nic: Option<&Nic>,
        clash: Option<(UnknownId, &Id)>,
    ) -> Vec<InterfaceId> {
        let world = self.world;
        let origin = &config.origin.0;
        let subnet_id = config.subnet.as_ref();
        let subnet = subnet_id.and_then(|id| world.subnets.get(id));
        let zone = self.zone(subnet_id, origin);
        let address = self.destination(config);
        let mut groups: Vec<GroupId> = config
            .groups
            .iter()
            .filter_map(|id| world.group(id))
            .collect();
        groups.sort_unstable();
        groups.dedup();
        let outer = match (subnet_id, subnet) {
            (None, _) => Gate::Unknown(self.book.unknown(
                format!("subnet-of:{}", config.id.key),
                format!(
                    "{} names no subnet, so its subnet's filter is not known",
                    config.id.name()
                ),
                origin,
            )),
            (
                Some(_),
                Some(Entry {
                    clash: Some(unknown),
                    ..
                }),
            ) if !self.effective.contains_key(
                &subnet_id.map_or_else(|| Arc::clone(&config.id.key), |id| Arc::clone(&id.key)),
            ) =>
            {
                Gate::Unknown(*unknown)
            }
            (Some(id), Some(entry)) => {
                self.gate(id, entry.item.nsg.as_ref(), true, &entry.item.meta.origin)
            }
            (Some(id), None) => self.gate(id, None, false, origin),
        };
        let inner = match nic {
            Some(nic) => self.gate(&nic.meta.id, nsg, true, &nic.meta.origin),
            None => self.gate(&config.id, nsg, true, origin),
        };
        let mut layers = vec![
            Layer {
                kind: "subnet-nsg",
                gate: outer,
            },
            Layer {
                kind: "nic-nsg",
                gate: inner,
            },
        ];
        let mut paths = Vec::new();
        self.public_paths(config, address, &mut paths);
        self.balanced_paths(config, address, &mut paths);
        // On a page that is missing, a load balancer or a public address may
        // lead to any interface.
        if let Some(unknown) = self.missing_page {
            paths.push(doubtful_path(
                "unknown",
                &Id::new("a missing page"),
                unknown,
            ));
        }
        for stub in &world.stubs {
            if stub.kind == StubKind::LoadBalancer {
                let unknown = self.stub_unknown(stub);
                paths.push(doubtful_path("load-balancer", &stub.meta.id, unknown));
            }
        }
        if let Some((unknown, id)) = clash {
            // Copies of the interface contradict each other: nothing is known.
            close_view(&mut layers, unknown);
            for path in &mut paths {
                path.doubt.get_or_insert(unknown);
            }
            paths.push(doubtful_path("unknown", id, unknown));
        }
        if let Some(unknown) = self.managed(nic.map_or(&config.id, |nic| &nic.meta.id), subnet_id) {
            close_view(&mut layers, unknown);
        }
        let mut interface = Interface {
            id: config.id.text.to_string(),
            address,
            zone,
            groups,
            layers,
            paths,
            origin: origin.clone(),
        };
        let detour = self.detour(config, address, nic);
        let Some((id, unknown)) = detour else {
            return vec![self.push(interface)];
        };
        // Filters see the forwarder as the source, so their answer for the
        // Internet is none for this way in. Where there is another way, that
        // one keeps its answer, and this one is an interface of its own.
        let layers = vec![Layer {
            kind: "detour",
            gate: Gate::Unknown(unknown),
        }];
        let paths = vec![doubtful_path("detour", &id, unknown)];
        if interface.paths.is_empty() {
            interface.layers = layers;
            interface.paths = paths;
            return vec![self.push(interface)];
        }
        let shadow = Interface {
            id: format!("{} via {}", interface.id, id.text),
            layers,
            paths,
            ..interface.clone()
        };
        vec![self.push(interface), self.push(shadow)]
    }

    // ---- public addresses ----------------------------------------------

    fn public_paths(&mut self, config: &IpConfig, address: Destination, paths: &mut Vec<Path>) {
        let origin = &config.origin.0;
        let chained = config
            .chained
            .then(|| self.chained(&config.id, config.id.name(), origin));
        if let Some(sku) = config.own_public {
            let needs_filter = self.requirement(sku, &config.id, config.id.name(), origin);
            paths.push(Path {
                hops: vec![Hop {
                    kind: "public-ip",
                    id: config.id.text.to_string(),
                    name: format!("{} (one for each instance)", config.id.name()),
                    origin: Some(origin.clone()),
                }],
                public: None,
                forward: Forward::All,
                needs_filter,
                alternate_destination: None,
                doubt: chained,
            });
        }
        for (id, contradiction) in self.public_ids(&config.id, config.public.as_ref(), origin) {
            let front = self.public(&id, address, origin);
            let needs_filter = self.requirement(front.sku, &id, id.name(), origin);
            paths.push(Path {
                hops: front.hops,
                public: front.public,
                forward: Forward::All,
                needs_filter,
                alternate_destination: None,
                doubt: contradiction.or(front.doubt).or(chained),
            });
        }
    }

    /// The public addresses of a configuration or frontend, by either side's
    /// word, with a doubt where the two contradict each other.
    fn public_ids(
        &mut self,
        owner: &Id,
        named: Option<&Id>,
        origin: &Origin,
    ) -> Vec<(Id, Option<UnknownId>)> {
        let world = self.world;
        let mut out: Vec<(Id, bool)> = Vec::new();
        if let Some(id) = named {
            let other = world
                .public_ips
                .get(id)
                .and_then(|entry| entry.item.owner.as_ref())
                .is_some_and(|of| of != owner);
            out.push((id.clone(), other));
        }
        for key in world.public_of.get(&owner.key).into_iter().flatten() {
            let Some(entry) = world.public_ips.get(&Id::new(key)) else {
                continue;
            };
            let id = &entry.item.meta.id;
            if named == Some(id) {
                continue;
            }
            let elsewhere = world
                .named_by
                .get(key)
                .is_some_and(|owners| owners.iter().any(|of| *of != owner.key));
            out.push((id.clone(), named.is_some() || elsewhere));
        }
        out.into_iter()
            .map(|(id, contradicted)| {
                let doubt = contradicted.then(|| {
                    self.book.unknown(
                        format!("association:{}:{}", owner.key, id.key),
                        format!(
                            "{} and the public address {} disagree on whether they belong together",
                            owner.name(),
                            id.name()
                        ),
                        origin,
                    )
                });
                (id, doubt)
            })
            .collect()
    }

    fn public(&mut self, id: &Id, inside: Destination, origin: &Origin) -> Front {
        let world = self.world;
        let mut hop = Hop {
            kind: "public-ip",
            id: id.text.to_string(),
            name: id.name().to_owned(),
            origin: None,
        };
        let Some(entry) = world.public_ips.get(id) else {
            let doubt = self.book.unknown(
                format!("public-ip:{}", id.key),
                format!("the public address {} is not in the input", id.name()),
                origin,
            );
            return Front {
                hops: vec![hop],
                public: None,
                doubt: Some(doubt),
                sku: Sku::Unknown,
            };
        };
        let public = &entry.item;
        hop.name.clone_from(&public.meta.name);
        hop.origin = Some(public.meta.origin.clone());
        let (address, doubt) = self.public_address(public, inside);
        Front {
            hops: vec![hop],
            public: address,
            doubt: entry.clash.or(doubt),
            sku: public.sku,
        }
    }

    fn public_address(
        &mut self,
        public: &PublicIp,
        inside: Destination,
    ) -> (Option<IpAddr>, Option<UnknownId>) {
        let name = &public.meta.name;
        let key = format!("public-address:{}", public.meta.id.key);
        let Some(word) = &public.address else {
            let reason = format!(
                "{name} has no address at the moment (it may get one when its machine starts)"
            );
            return (
                None,
                Some(self.book.unknown(key, reason, &public.meta.origin)),
            );
        };
        match parse_address(&word.text) {
            Some(address) if address.is_ipv4() == is_v4(inside) => (Some(address), None),
            Some(_) => {
                let reason = format!(
                    "the address {} of {name} is not of the interface's family",
                    word.text
                );
                (None, Some(self.book.unknown(key, reason, &word.at.0)))
            }
            None => {
                let reason = format!("\"{}\" of {name} is no address", word.text);
                (None, Some(self.book.unknown(key, reason, &word.at.0)))
            }
        }
    }

    fn requirement(&mut self, sku: Sku, id: &Id, name: &str, origin: &Origin) -> Requirement {
        match sku {
            Sku::Basic => Requirement::No,
            Sku::Standard => Requirement::Yes,
            Sku::Unknown => Requirement::Unknown(self.book.quiet(
                format!("sku:{}", id.key),
                format!("the SKU of {name} is not known, so neither whether it is open (Basic) or closed (Standard) without a filter"),
                origin,
            )),
        }
    }

    fn chained(&mut self, id: &Id, name: &str, origin: &Origin) -> UnknownId {
        self.book.unknown(
            format!("chained:{}", id.key),
            format!("{name} is chained to a gateway load balancer, and what its appliance lets through is not known"),
            origin,
        )
    }

    // ---- load balancers ------------------------------------------------

    fn balanced_paths(&mut self, config: &IpConfig, address: Destination, paths: &mut Vec<Path>) {
        let world = self.world;
        let own_network = config.subnet.as_ref().and_then(Id::parent);
        let mut pools: BTreeMap<Id, Option<UnknownId>> =
            config.pools.iter().map(|id| (id.clone(), None)).collect();
        for id in world
            .pools_of_config
            .get(&config.id.key)
            .into_iter()
            .flatten()
        {
            pools.insert(id.clone(), None);
        }
        for (pool, network, certain) in self.pools_by_address(address) {
            if network
                .as_ref()
                .is_some_and(|network| own_network.as_ref().is_some_and(|own| own != network))
                || pools.contains_key(&pool)
            {
                continue;
            }
            let doubt = (!certain || network.is_none()).then(|| {
                let reason = if certain {
                    format!(
                        "the pool {} has this address and does not say in which network",
                        pool.name()
                    )
                } else {
                    format!(
                        "the pool {} has an address that this interface may have",
                        pool.name()
                    )
                };
                self.book.quiet(
                    format!("pool:{}:{}", pool.key, config.id.key),
                    reason,
                    &config.origin.0,
                )
            });
            pools.insert(pool, doubt);
        }

        let mut absent: BTreeSet<Id> = BTreeSet::new();
        let mut unread: BTreeSet<Id> = BTreeSet::new();
        let mut rules: BTreeMap<Key, Option<UnknownId>> = BTreeMap::new();
        let mut nat_rules: BTreeMap<Key, Option<UnknownId>> = BTreeMap::new();
        for (pool, doubt) in &pools {
            let lb = pool.parent();
            let Some(lb) = lb.filter(|lb| world.load_balancers.has(lb)) else {
                absent.insert(pool.parent().unwrap_or_else(|| pool.clone()));
                continue;
            };
            // Any of these may lead to any of its pools.
            unread.extend(
                world
                    .unread_parts
                    .get(&lb.key)
                    .into_iter()
                    .flatten()
                    .cloned(),
            );
            for rule in world.rules_of_pool.get(&pool.key).into_iter().flatten() {
                rules.entry(Arc::clone(rule)).or_insert(*doubt);
            }
            for rule in world.nat_rules_of_pool.get(&pool.key).into_iter().flatten() {
                nat_rules.entry(Arc::clone(rule)).or_insert(*doubt);
            }
        }
        let by_rule = world
            .nat_rules_of_config
            .get(&config.id.key)
            .into_iter()
            .flatten();
        for id in config
            .nat_rules
            .iter()
            .chain(&config.nat_pools)
            .chain(by_rule)
        {
            match id.parent() {
                Some(lb) if world.load_balancers.has(&lb) => {}
                lb => {
                    absent.insert(lb.unwrap_or_else(|| id.clone()));
                    continue;
                }
            }
            if world.nat_rules.has(id) {
                nat_rules.insert(Arc::clone(&id.key), None);
            } else {
                let unknown = self.book.unknown(
                    format!("nat-rule:{}", id.key),
                    format!("the load balancer's rule {} is not in the input", id.name()),
                    &config.origin.0,
                );
                paths.push(doubtful_path("load-balancer", id, unknown));
            }
        }
        for (key, doubt) in rules {
            if let Some(entry) = world.balancing_rules.get(&Id::new(&key)) {
                self.balancing_rule(entry, doubt, address, paths);
            }
        }
        for (key, doubt) in nat_rules {
            if let Some(entry) = world.nat_rules.get(&Id::new(&key)) {
                self.nat_rule(entry, doubt, config, address, paths);
            }
        }
        for id in unread {
            let unknown = self.book.unknown(
                format!("nat-rule:{}", id.key),
                format!("the load balancer's part {} is not in the input", id.name()),
                &config.origin.0,
            );
            paths.push(doubtful_path("load-balancer", &id, unknown));
        }
        for lb in absent {
            let unknown = self.book.unknown(
                format!("load-balancer:{}", lb.key),
                format!("the load balancer {} is not in the input", lb.name()),
                &config.origin.0,
            );
            paths.push(doubtful_path("load-balancer", &lb, unknown));
        }
    }

    /// Pools with a member of this address; `false`: of an address it may have.
    fn pools_by_address(&self, address: Destination) -> Vec<(Id, Option<Id>, bool)> {
        let known = &self.world.pools_of_address;
        match address {
            Destination::Address(address) => known
                .get(&address)
                .into_iter()
                .flatten()
                .map(|(pool, network)| (pool.clone(), network.clone(), true))
                .collect(),
            Destination::Within(net) => known
                .range(net.network()..=net.broadcast())
                .flat_map(|(_, pools)| pools)
                .map(|(pool, network)| (pool.clone(), network.clone(), false))
                .collect(),
        }
    }

    /// The public addresses through which a rule's frontend is reached; none
    /// for an internal one.
    fn fronts(
        &mut self,
        lb: &Entry<LoadBalancer>,
        frontend: Option<&Id>,
        rule: (&str, &Origin),
        address: Destination,
    ) -> Vec<Front> {
        let world = self.world;
        let balancer = &lb.item;
        let hop = Hop {
            kind: "load-balancer",
            id: balancer.meta.id.text.to_string(),
            name: format!("{} rule {}", balancer.meta.name, rule.0),
            origin: Some(rule.1.clone()),
        };
        let Some(entry) = frontend.and_then(|id| world.frontends.get(id)) else {
            let key = frontend.map_or("", |id| &id.key);
            let unknown = self.book.unknown(
                format!("frontend:{}:{key}", balancer.meta.id.key),
                format!(
                    "the frontend of rule {} of the load balancer {} is not in the input",
                    rule.0, balancer.meta.name
                ),
                rule.1,
            );
            return vec![Front {
                hops: vec![hop],
                public: None,
                doubt: Some(unknown),
                sku: balancer.sku,
            }];
        };
        let own = &entry.item;
        let mut doubt = lb.clash.or(entry.clash);
        if own.chained {
            doubt = doubt.or(Some(self.chained(
                &own.meta.id,
                &own.meta.name,
                &own.meta.origin,
            )));
        }
        if balancer.global {
            doubt = doubt.or(Some(self.book.unknown(
                format!("global:{}", balancer.meta.id.key),
                format!(
                    "{} is a cross-region load balancer, which is not modelled",
                    balancer.meta.name
                ),
                &balancer.meta.origin,
            )));
        }
        let mut out = Vec::new();
        for (id, contradiction) in
            self.public_ids(&own.meta.id, own.public.as_ref(), &own.meta.origin)
        {
            let mut front = self.public(&id, address, &own.meta.origin);
            front.hops.push(hop.clone());
            front.doubt = doubt.or(contradiction).or(front.doubt);
            // The balancer's own word where it is given: both have one SKU.
            if balancer.sku != Sku::Unknown {
                front.sku = balancer.sku;
            }
            out.push(front);
        }
        if out.is_empty()
            && let Some(prefix) = &own.prefix
        {
            // Which address of a prefix the frontend has is known only where
            // there is one.
            let net = world
                .public_prefixes
                .get(prefix)
                .and_then(|entry| entry.item.net);
            out.push(Front {
                hops: vec![hop],
                public: net
                    .filter(|net| net.prefix_len() == net.max_prefix_len())
                    .map(|net| net.addr()),
                doubt,
                sku: balancer.sku,
            });
        }
        out
    }

    fn balancing_rule(
        &mut self,
        entry: &Entry<BalancingRule>,
        doubt: Option<UnknownId>,
        address: Destination,
        paths: &mut Vec<Path>,
    ) {
        let rule = &entry.item;
        let Some(lb) = self.world.load_balancers.get(&rule.lb) else {
            return;
        };
        let meta = &rule.meta;
        let back = if rule.floating {
            &rule.front
        } else {
            &rule.back
        };
        // No port at all is how a rule for all protocols leaves it out.
        let all = matches!(&rule.carries, Carries::Known(set) if *set == ProtocolSet::ALL);
        let port = |port: &Port| {
            if all && *port == Port::Absent {
                Port::Is(0)
            } else {
                port.clone()
            }
        };
        let mut carried = self.carried(
            &rule.carries,
            &port(&rule.front),
            &port(back),
            (&meta.id, &meta.name, &meta.origin),
        );
        carried.doubt = carried.doubt.or(entry.clash).or(doubt);
        let fronts = self.fronts(
            lb,
            rule.frontend.as_ref(),
            (&meta.name, &meta.origin),
            address,
        );
        self.push_paths(&meta.id, fronts, &carried, rule.floating, paths);
    }

    fn nat_rule(
        &mut self,
        entry: &Entry<NatRule>,
        doubt: Option<UnknownId>,
        config: &IpConfig,
        address: Destination,
        paths: &mut Vec<Path>,
    ) {
        let rule = &entry.item;
        let Some(lb) = self.world.load_balancers.get(&rule.lb) else {
            return;
        };
        let meta = &rule.meta;
        // A rule for a pool gives each member one port of a range; which one is
        // the platform's choice, told in the pool, and the first where there is
        // a single member.
        let front = match &rule.front {
            Port::Absent if rule.for_instances => Port::Absent,
            Port::Absent => self
                .mapped_port(rule, config, address)
                .map_or(Port::Absent, Port::Is),
            front => front.clone(),
        };
        let back = match (&front, rule.floating) {
            (Port::Is(_), true) => &front,
            _ => &rule.back,
        };
        let mut carried = self.carried(
            &rule.carries,
            &front,
            back,
            (&meta.id, &meta.name, &meta.origin),
        );
        carried.doubt = carried.doubt.or(entry.clash).or(doubt);
        let fronts = self.fronts(
            lb,
            rule.frontend.as_ref(),
            (&meta.name, &meta.origin),
            address,
        );
        self.push_paths(&meta.id, fronts, &carried, rule.floating, paths);
    }

    fn mapped_port(&self, rule: &NatRule, config: &IpConfig, address: Destination) -> Option<u16> {
        let world = self.world;
        let pool = rule.pool.as_ref()?;
        let name = rule.meta.name.to_ascii_lowercase();
        let members = world
            .pools
            .get(pool)
            .into_iter()
            .flat_map(|entry| &entry.item.addresses);
        let mine = members.filter(|member| {
            member.config.as_ref() == Some(&config.id)
                || member
                    .address
                    .is_some_and(|own| Destination::Address(own) == address)
        });
        let told = mine
            .flat_map(|member| &member.ports)
            .find(|(rule, _)| *rule == name);
        if let Some((_, port)) = told {
            return Some(*port);
        }
        match (world.pool_sizes.get(&pool.key), &rule.range_start) {
            (Some(1), Port::Is(first)) => Some(*first),
            _ => None,
        }
    }

    /// Which packets a rule carries.
    fn carried(
        &mut self,
        carries: &Carries,
        front: &Port,
        back: &Port,
        (id, name, origin): (&Id, &str, &Origin),
    ) -> Carried {
        let mut bad = |what: String, origin: &Origin| Carried {
            forwards: vec![Forward::All],
            doubt: Some(self.book.unknown(
                format!("lb-rule:{}", id.key),
                format!("{what} of the load balancer's rule {name} is not understood"),
                origin,
            )),
        };
        let set = match carries {
            Carries::Known(set) => *set,
            Carries::Unknown(word) => {
                return bad(format!("the protocol \"{}\"", word.text), &word.at.0);
            }
        };
        let (backend, public) = match (front, back) {
            (_, Port::Bad(word)) | (Port::Bad(word), _) => {
                return bad(format!("the port {}", word.text), &word.at.0);
            }
            (_, Port::Absent) => return bad("the absent backend port".to_owned(), origin),
            // Every port, each to its like.
            (_, Port::Is(0)) => (PortRange::FULL, Some(0)),
            (Port::Is(front), Port::Is(back)) => (Interval::single(*back), Some(*front)),
            (Port::Absent, Port::Is(back)) => (Interval::single(*back), None),
        };
        let forwards = [Protocol::Tcp, Protocol::Udp]
            .into_iter()
            .filter(|protocol| set.contains(*protocol))
            .map(|protocol| Forward::Ports {
                protocol,
                public,
                backend,
            })
            .collect();
        Carried {
            forwards,
            doubt: None,
        }
    }

    fn push_paths(
        &mut self,
        rule: &Id,
        fronts: Vec<Front>,
        carried: &Carried,
        floating: bool,
        paths: &mut Vec<Path>,
    ) {
        for front in fronts {
            let name = front
                .hops
                .last()
                .map_or_else(String::new, |hop| hop.name.clone());
            let origin = front
                .hops
                .last()
                .and_then(|hop| hop.origin.clone())
                .unwrap_or_else(|| Origin::new("", ""));
            let needs_filter = self.requirement(
                front.sku,
                &rule.parent().unwrap_or_else(|| rule.clone()),
                &name,
                &origin,
            );
            let mut doubt = front.doubt.or(carried.doubt);
            let mut alternate_destination = None;
            if floating {
                let unknown = self.book.quiet(
                    format!("floating:{}", rule.key),
                    format!("{name} uses floating IP, and whether the filters see the public or the private address is not documented"),
                    &origin,
                );
                match front.public {
                    Some(public) => alternate_destination = Some((public, unknown)),
                    None => doubt = doubt.or(Some(unknown)),
                }
            }
            for forward in &carried.forwards {
                paths.push(Path {
                    hops: front.hops.clone(),
                    public: front.public,
                    forward: *forward,
                    needs_filter,
                    alternate_destination,
                    doubt,
                });
            }
        }
    }

    // ---- not modelled --------------------------------------------------

    /// Finds what is not modelled, and what it may lead to.
    pub(super) fn detours(&mut self) {
        let world = self.world;
        let mut found = Detours::default();
        let machines: BTreeSet<String> = world
            .nics
            .items()
            .filter_map(|nic| nic.vm.as_ref())
            .map(|vm| vm.name().to_ascii_lowercase())
            .collect();
        for detour in &world.detours {
            if detour.kind == PRIVATE_GATEWAY
                || detour.addresses.is_empty()
                    && detour.configs.is_empty()
                    && detour.hosts.is_empty()
            {
                continue;
            }
            let name = &detour.meta.name;
            let unknown = self.book.unknown(
                format!("not-modelled:{}", detour.meta.id.key),
                format!(
                    "the {} {name} forwards to this machine in its own name, which is not modelled",
                    detour.kind
                ),
                &detour.meta.origin,
            );
            let number = found.found.len();
            found.found.push((detour.meta.id.clone(), unknown));
            for address in &detour.addresses {
                found.by_address.entry(*address).or_default().push(number);
            }
            for config in &detour.configs {
                found
                    .by_config
                    .entry(Arc::clone(&config.key))
                    .or_default()
                    .push(number);
            }
            for word in &detour.hosts {
                if is_platform_host(&word.text) {
                    continue;
                }
                let label = host_label(&word.text);
                if machines.contains(&label) {
                    found.by_host.entry(label).or_default().push(number);
                    continue;
                }
                let unresolved = self.book.unknown(
                    format!("host:{}:{}", detour.meta.id.key, word.text.to_ascii_lowercase()),
                    format!(
                        "the {} {name} forwards to the name \"{}\", which may be any machine of its networks; give the address in place of the name, or the machine's name",
                        detour.kind, word.text
                    ),
                    &word.at.0,
                );
                let number = found.found.len();
                found.found.push((detour.meta.id.clone(), unresolved));
                let networks = (!detour.vnets.is_empty()).then(|| self.around(&detour.vnets));
                found.networks.push((networks, number));
            }
        }
        for stub in &world.stubs {
            if stub.kind == StubKind::Forwarder {
                let unknown = self.stub_unknown(stub);
                let number = found.found.len();
                found.found.push((stub.meta.id.clone(), unknown));
                found.networks.push((None, number));
            }
        }
        for firewall in &world.firewalls {
            let Some(missing) = firewall
                .policy
                .as_ref()
                .and_then(|policy| self.missing_policy(policy))
            else {
                continue;
            };
            let unknown = self.book.unknown(
                format!("firewall:{}", firewall.meta.id.key),
                format!("{missing} of the firewall {} is not in the input, so where it forwards to is not known", firewall.meta.name),
                &firewall.meta.origin,
            );
            let number = found.found.len();
            found.found.push((firewall.meta.id.clone(), unknown));
            let networks = (!firewall.vnets.is_empty()).then(|| self.around(&firewall.vnets));
            found.networks.push((networks, number));
        }
        for manager in &world.managers {
            let unknown = self.manager_unknown(&manager.meta.id, &manager.meta.origin);
            found
                .managers
                .push((unknown, manager.subscriptions.clone()));
        }
        for (list, effective) in world
            .effective
            .iter()
            .filter(|(_, effective)| effective.manager)
        {
            let unknown = self.manager_unknown(&Id::new(list), &effective.meta.origin);
            // The list is of one interface, which its other entries name.
            let siblings = world.effective.iter().filter(|(other, _)| other == list);
            let places: Vec<&Id> = siblings.flat_map(|(_, sibling)| &sibling.places).collect();
            if places.is_empty() {
                found.managers.push((unknown, Vec::new()));
            }
            for place in places {
                found.managed_places.insert(Arc::clone(&place.key), unknown);
            }
        }
        self.detours = found;
    }

    fn stub_unknown(&mut self, stub: &Stub) -> UnknownId {
        self.book.unknown(
            format!("stub:{}", stub.meta.id.key),
            format!(
                "the export says of {} only that it exists, so where it leads is not known; add the output of az resource show --ids {}",
                stub.meta.name, stub.meta.id.text
            ),
            &stub.meta.origin,
        )
    }

    fn manager_unknown(&mut self, id: &Id, origin: &Origin) -> UnknownId {
        self.book.unknown(
            format!("not-modelled:{}", id.key),
            "security admin rules of a network manager come before the network security groups and are not modelled".to_owned(),
            origin,
        )
    }

    /// What is missing of a firewall's policy.
    fn missing_policy(&self, policy: &Id) -> Option<String> {
        let world = self.world;
        let mut next = Some(policy.clone());
        let mut seen = BTreeSet::new();
        while let Some(id) = next.take() {
            if !seen.insert(id.clone()) {
                break;
            }
            let Some(known) = world.policies.iter().find(|known| known.meta.id == id) else {
                return Some(format!("the policy {}", id.name()));
            };
            let Some(groups) = &known.groups else {
                return Some(format!(
                    "the list of rule collection groups of the policy {}",
                    id.name()
                ));
            };
            let absent = groups
                .iter()
                .find(|group| world.detours.iter().all(|detour| detour.meta.id != **group));
            if let Some(group) = absent {
                return Some(format!("the rule collection group {}", group.name()));
            }
            next.clone_from(&known.base);
        }
        None
    }

    /// Networks, and those that are peered with them.
    fn around(&self, networks: &[Id]) -> BTreeSet<Key> {
        let mut out: BTreeSet<Key> = networks.iter().map(|id| Arc::clone(&id.key)).collect();
        for peering in self.world.peerings.items() {
            let Some(remote) = &peering.remote else {
                continue;
            };
            if networks.contains(&peering.vnet) {
                out.insert(Arc::clone(&remote.key));
            }
            if networks.contains(remote) {
                out.insert(Arc::clone(&peering.vnet.key));
            }
        }
        out
    }

    fn managed(&self, owner: &Id, subnet: Option<&Id>) -> Option<UnknownId> {
        let covers = |subscriptions: &[Id]| {
            subscriptions.is_empty()
                || owner.segment("subscriptions").is_none_or(|own| {
                    subscriptions
                        .iter()
                        .any(|id| id.segment("subscriptions").unwrap_or(&id.key) == own)
                })
        };
        let named = [Some(owner), subnet];
        let mut named = named
            .into_iter()
            .flatten()
            .filter_map(|id| self.detours.managed_places.get(&id.key));
        let general = self
            .detours
            .managers
            .iter()
            .find(|(_, subscriptions)| covers(subscriptions));
        named
            .next()
            .copied()
            .or(general.map(|(unknown, _)| *unknown))
    }

    /// The first thing that may forward to an interface in its own name.
    fn detour(
        &mut self,
        config: &IpConfig,
        address: Destination,
        nic: Option<&Nic>,
    ) -> Option<(Id, UnknownId)> {
        let world = self.world;
        let known = &self.detours;
        let by_address = match address {
            Destination::Address(address) => {
                known.by_address.get(&address).and_then(|list| list.first())
            }
            Destination::Within(net) => known
                .by_address
                .range(net.network()..=net.broadcast())
                .find_map(|(_, list)| list.first()),
        };
        let network = config.subnet.as_ref().and_then(Id::parent);
        let vm = nic
            .and_then(|nic| nic.vm.as_ref())
            .map(|vm| vm.name().to_ascii_lowercase());
        let number = by_address
            .or_else(|| {
                known
                    .by_config
                    .get(&config.id.key)
                    .and_then(|list| list.first())
            })
            .or_else(|| known.by_host.get(&vm?).and_then(|list| list.first()))
            .or_else(|| {
                let mut networks = known.networks.iter();
                let hit = |(networks, _): &&(Option<BTreeSet<Key>>, usize)| {
                    networks.as_ref().is_none_or(|networks| {
                        network
                            .as_ref()
                            .is_none_or(|own| networks.contains(&own.key))
                    })
                };
                networks.find(hit).map(|(_, number)| number)
            });
        if let Some(found) = number.and_then(|number| known.found.get(*number)) {
            return Some(found.clone());
        }
        for pool in &config.gateway_pools {
            let gateway = pool.parent().unwrap_or_else(|| pool.clone());
            let known = world
                .detours
                .iter()
                .find(|detour| detour.meta.id == gateway);
            if known.is_some_and(|detour| detour.kind == PRIVATE_GATEWAY) {
                continue;
            }
            let reason = format!(
                "the application gateway {} forwards to this machine in its own name, which is not modelled",
                gateway.name()
            );
            let unknown = self.book.unknown(
                format!("not-modelled:{}", gateway.key),
                reason,
                &config.origin.0,
            );
            return Some((gateway, unknown));
        }
        None
    }
}

/// The first label of a host name, lower case.
fn host_label(name: &str) -> String {
    let label = name.split('.').next().unwrap_or_default();
    label.to_ascii_lowercase()
}

/// Names under which the platform's own services are, never a machine by its
/// private address; a machine's public name leads to its public address, which
/// is a way in of its own.
/// Source: <https://learn.microsoft.com/azure/security/fundamentals/azure-domains>.
fn is_platform_host(name: &str) -> bool {
    const ZONES: &[&str] = &[
        "azure-api.net",
        "azurecr.io",
        "azuredatabricks.net",
        "azureedge.net",
        "azurefd.net",
        "azurestaticapps.net",
        "azurewebsites.net",
        "cloudapp.azure.com",
        "cloudapp.net",
        "trafficmanager.net",
        "vault.azure.net",
        "windows.net",
    ];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    ZONES.iter().any(|zone| {
        name.strip_suffix(zone)
            .is_some_and(|rest| rest.ends_with('.'))
    })
}

/// Nothing is known of what the layers do.
fn close_view(layers: &mut [Layer], unknown: UnknownId) {
    for layer in layers {
        layer.gate = Gate::Unknown(unknown);
    }
}

/// What a load balancer's rule carries.
struct Carried {
    forwards: Vec<Forward>,
    doubt: Option<UnknownId>,
}

fn is_v4(address: Destination) -> bool {
    matches!(address.net(), IpNet::V4(_))
}

/// A way in of which nothing is known but that there may be one.
pub(super) fn doubtful_path(kind: &'static str, id: &Id, unknown: UnknownId) -> Path {
    Path {
        hops: vec![Hop {
            kind,
            id: id.text.to_string(),
            name: id.name().to_owned(),
            origin: None,
        }],
        public: None,
        forward: Forward::All,
        needs_filter: Requirement::No,
        alternate_destination: None,
        doubt: Some(unknown),
    }
}
