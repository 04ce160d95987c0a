//! What the tags `VirtualNetwork` and `Internet` and the application security
//! groups mean at a subnet.
//!
//! `VirtualNetwork` is the network's address space, that of the networks peered
//! with it, what its gateways reach, the host's virtual address, and the
//! prefixes of the user-defined routes of the interface's own subnet, whatever
//! their next hop; a route to 0.0.0.0/0 makes it everything. `Internet` is the
//! public space outside the network and its peers; routes do not shrink it.
//! Sources: <https://learn.microsoft.com/azure/virtual-network/service-tags-overview#available-service-tags>;
//! for peerings, which add the remote space only while they are connected and
//! allow access, are not transitive, and may lead to a remote gateway:
//! <https://learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering>.

use std::sync::Arc;

use celador_model::internet::internet;
use celador_model::{AddressSet, Origin};
use celador_reach::network::{Extent, GroupId, UnknownId, Zone, ZoneId};

use super::super::address::parse_net;
use super::super::id::Id;
use super::super::model::{IpConfig, Peering, Word};
use super::super::parse::parse_address;
use super::super::space::{INTERNET, INTERNET_DENIED, VIRTUAL_NETWORK, host, internet_outside};
use super::world::Entry;
use super::{Converter, number};

/// A zone in comparable form, so that equal ones are held once.
pub(super) type Content = Vec<(u32, AddressSet, Vec<UnknownId>)>;

impl Converter<'_> {
    /// Finds the addresses of the groups' members.
    pub(super) fn index_members(&mut self) {
        let world = self.world;
        let own = world.nics.items().flat_map(|nic| &nic.configs);
        for config in own {
            let Some(address) = private(config) else {
                continue;
            };
            for group in config.groups.iter().filter_map(|id| world.group(id)) {
                let set = self.members.entry(group).or_default();
                *set = set.union(&AddressSet::from_net(address));
            }
        }
    }

    /// The zone of a subnet.
    pub(super) fn zone(&mut self, subnet_id: Option<&Id>, origin: &Origin) -> ZoneId {
        let world = self.world;
        let none: Arc<str> = "".into();
        let vnet_id = subnet_id.and_then(Id::parent);
        let subnet = subnet_id.and_then(|id| world.subnets.get(id));
        let table = subnet.and_then(|entry| entry.item.route_table.as_ref());
        let clash = subnet.and_then(|entry| entry.clash);
        let key = (
            vnet_id
                .as_ref()
                .map_or_else(|| Arc::clone(&none), |id| Arc::clone(&id.key)),
            table.map_or_else(|| Arc::clone(&none), |id| Arc::clone(&id.key)),
            clash
                .and(subnet_id)
                .map_or_else(|| Arc::clone(&none), |id| Arc::clone(&id.key)),
        );
        // A subnet that is absent may have routes; one that is there has them or not.
        let known = subnet.is_some();
        if known && let Some(zone) = self.zone_ids.get(&key) {
            return *zone;
        }
        let mut unknown: Vec<UnknownId> = clash.into_iter().collect();
        // Why the address space may hold more than is known.
        let mut wider: Vec<UnknownId> = clash.into_iter().collect();
        let (space, learnt) = self.space(vnet_id.as_ref(), origin, &mut unknown, &mut wider);
        wider.sort_unstable();
        wider.dedup();
        unknown.extend(&wider);
        let mut network = space.union(&learnt).union(&host());
        if let Some(table) = table {
            network = network.union(&self.routes(table, origin, &mut unknown));
        }
        if !known
            && let Some(id) = subnet_id
            && vnet_id.as_ref().is_some_and(|vnet| world.vnets.has(vnet))
        {
            unknown.push(self.book.quiet(
                format!("subnet-routes:{}", id.key),
                format!("the subnet {} is not in the input, so its routes, which VirtualNetwork covers, are not known", id.name()),
                origin,
            ));
        }
        let groups = self.group_extents(&space, vnet_id.as_ref(), origin);
        unknown.sort_unstable();
        unknown.dedup();
        let zone = Zone {
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
                        certain: internet_outside(&space),
                        unknown: Vec::new(),
                    },
                ),
                (
                    INTERNET_DENIED,
                    Extent {
                        certain: if wider.is_empty() {
                            internet_outside(&space)
                        } else {
                            AddressSet::empty()
                        },
                        unknown: wider,
                    },
                ),
            ],
            groups,
        };
        let symbols = zone.symbols.iter().map(|(id, extent)| (id.0, extent));
        let groups = zone.groups.iter().map(|(id, extent)| (id.0, extent));
        let content: Content = symbols
            .chain(groups)
            .map(|(id, extent)| (id, extent.certain.clone(), extent.unknown.clone()))
            .collect();
        let next = ZoneId(number(self.zones.len()));
        let id = *self.zone_contents.entry(content).or_insert(next);
        if id == next {
            self.zones.push(zone);
        }
        if known {
            self.zone_ids.insert(key, id);
        }
        id
    }

    /// The address space of a network and its peers, and what its gateways
    /// reach beyond.
    fn space(
        &mut self,
        vnet_id: Option<&Id>,
        origin: &Origin,
        unknown: &mut Vec<UnknownId>,
        wider: &mut Vec<UnknownId>,
    ) -> (AddressSet, AddressSet) {
        let world = self.world;
        let Some((id, entry)) = vnet_id.and_then(|id| Some((id, world.vnets.get(id)?))) else {
            let (key, name) = vnet_id.map_or(("", "of the interface"), |id| (&id.key, id.name()));
            wider.push(self.book.unknown(
                format!("vnet:{key}"),
                format!("the virtual network {name} is not in the input, so what VirtualNetwork covers is not known"),
                origin,
            ));
            return (AddressSet::empty(), AddressSet::empty());
        };
        wider.extend(entry.clash);
        let vnet = &entry.item;
        let mut space = if let Some(words) = &vnet.space {
            self.prefixes(words, wider)
        } else {
            wider.push(self.book.unknown(
                format!("vnet-space:{}", id.key),
                format!(
                    "the export leaves out the address space of {}",
                    vnet.meta.name
                ),
                &vnet.meta.origin,
            ));
            AddressSet::empty()
        };
        let mut learnt = self.learnt(id, &vnet.meta.origin, false, unknown);
        // A peering has two sides. One that only the far side has means that
        // this network's own list was left out.
        let mut own: Vec<&Id> = Vec::new();
        for key in world.peerings_of.get(&id.key).into_iter().flatten() {
            let peering = world.peerings.get(&Id::new(key));
            own.extend(peering.and_then(|entry| entry.item.remote.as_ref()));
        }
        for key in world.peerings_to.get(&id.key).into_iter().flatten() {
            let Some(Entry { item: peering, .. }) = world.peerings.get(&Id::new(key)) else {
                continue;
            };
            let connected = peering
                .state
                .as_ref()
                .is_some_and(|state| state.text.eq_ignore_ascii_case("connected"));
            if connected && !own.contains(&&peering.vnet) {
                wider.push(self.book.unknown(
                    format!("peering-side:{}:{}", id.key, peering.meta.id.key),
                    format!(
                        "the peering {} connects {} with {}, whose own side of it is not in the input",
                        peering.meta.name,
                        peering.vnet.name(),
                        id.name()
                    ),
                    &peering.meta.origin,
                ));
            }
        }
        for key in world.peerings_of.get(&id.key).into_iter().flatten() {
            if let Some(entry) = world.peerings.get(&Id::new(key)) {
                let (peer, beyond) = self.peered(entry, unknown, wider);
                space = space.union(&peer);
                learnt = learnt.union(&beyond);
            }
        }
        (space, learnt)
    }

    fn peered(
        &mut self,
        entry: &Entry<Peering>,
        unknown: &mut Vec<UnknownId>,
        wider: &mut Vec<UnknownId>,
    ) -> (AddressSet, AddressSet) {
        let world = self.world;
        let peering = &entry.item;
        let mut space = AddressSet::empty();
        let mut learnt = AddressSet::empty();
        wider.extend(entry.clash);
        let state = peering
            .state
            .as_ref()
            .map(|word| word.text.to_ascii_lowercase());
        match state.as_deref() {
            None | Some("connected") => {}
            // Nothing crosses a peering of which one side is missing.
            Some("initiated" | "disconnected") => return (space, learnt),
            Some(other) => {
                let origin = peering
                    .state
                    .as_ref()
                    .map_or(&peering.meta.origin, |word| &word.at.0);
                wider.push(self.book.unknown(
                    format!("peering-state:{}", peering.meta.id.key),
                    format!(
                        "the state \"{other}\" of the peering {} is not known",
                        peering.meta.name
                    ),
                    origin,
                ));
                return (space, learnt);
            }
        }
        if peering.access {
            let remote = peering.remote.as_ref().and_then(|id| world.vnets.get(id));
            let own = remote.and_then(|entry| entry.item.space.as_ref());
            if peering.space.is_empty() && (own.is_none() || peering.partial) {
                wider.push(self.book.unknown(
                    format!("peering:{}", peering.meta.id.key),
                    format!(
                        "the address space behind the peering {} is not in the input",
                        peering.meta.name
                    ),
                    &peering.meta.origin,
                ));
            }
            space = self.prefixes(&peering.space, wider);
            if let (Some(words), false) = (own, peering.partial) {
                space = space.union(&self.prefixes(words, wider));
            }
        }
        if peering.remote_gateways {
            if let Some(remote) = peering.remote.as_ref().filter(|id| world.vnets.has(id)) {
                learnt = self.learnt(remote, &peering.meta.origin, true, unknown);
            } else {
                unknown.push(self.gateway_unknown(
                    &peering.meta.id,
                    &peering.meta.name,
                    &peering.meta.origin,
                ));
            }
        }
        (space, learnt)
    }

    fn gateway_unknown(&mut self, id: &Id, name: &str, origin: &Origin) -> UnknownId {
        self.book.unknown(
            format!("gateway:{}", id.key),
            format!("{name} uses a gateway, and the routes it learns (which VirtualNetwork covers, 0.0.0.0/0 perhaps among them) are not in the configuration"),
            origin,
        )
    }

    /// What the gateways of a network reach: exact for VPN gateways without BGP
    /// of which every connection's far end is in the input.
    fn learnt(
        &mut self,
        vnet: &Id,
        origin: &Origin,
        expected: bool,
        unknown: &mut Vec<UnknownId>,
    ) -> AddressSet {
        let world = self.world;
        let mut out = AddressSet::empty();
        let mut gateways = 0;
        for (_, entry) in world.gateways.iter() {
            let gateway = &entry.item;
            // One that does not say where it stands may stand here.
            if !gateway.vnets.is_empty() && !gateway.vnets.contains(vnet) {
                continue;
            }
            gateways += 1;
            let mut exact = gateway.fixed && entry.clash.is_none();
            let mut connections = 0;
            for (_, entry) in world.connections.iter() {
                let connection = &entry.item;
                if connection.gateways.is_empty() {
                    // Of whose gateway it is, the export says nothing.
                    exact = false;
                    continue;
                }
                if !connection.gateways.contains(&gateway.meta.id) {
                    continue;
                }
                connections += 1;
                exact &= connection.fixed && entry.clash.is_none();
                match connection
                    .local
                    .as_ref()
                    .and_then(|id| world.local_gateways.get(id))
                {
                    Some(local) => {
                        exact &= !local.item.bgp
                            && local.clash.is_none()
                            && !local.item.space.is_empty();
                        out = out.union(&self.prefixes(&local.item.space, unknown));
                    }
                    None => exact = false,
                }
            }
            out = out.union(&self.prefixes(&gateway.clients, unknown));
            // One without connections serves clients, or its connections are
            // not part of the export.
            if !exact || connections == 0 {
                unknown.push(self.gateway_unknown(
                    &gateway.meta.id,
                    &gateway.meta.name,
                    &gateway.meta.origin,
                ));
            }
        }
        if gateways == 0 && (expected || world.gateway_subnets.contains_key(&vnet.key)) {
            unknown.push(self.gateway_unknown(vnet, vnet.name(), origin));
        }
        out
    }

    fn routes(&mut self, table: &Id, origin: &Origin, unknown: &mut Vec<UnknownId>) -> AddressSet {
        let world = self.world;
        let mut out = AddressSet::empty();
        let Some(entry) = world.route_tables.get(table) else {
            unknown.push(self.book.unknown(
                format!("route-table:{}", table.key),
                format!("the route table {} is not in the input, and VirtualNetwork covers its prefixes", table.name()),
                origin,
            ));
            return out;
        };
        unknown.extend(entry.clash);
        for key in world.routes_of.get(&table.key).into_iter().flatten() {
            let Some(entry) = world.routes.get(&Id::new(key)) else {
                continue;
            };
            unknown.extend(entry.clash);
            let route = &entry.item;
            match &route.prefix {
                Some(word) => out = out.union(&self.prefixes(std::slice::from_ref(word), unknown)),
                None => unknown.push(self.book.unknown(
                    format!("route:{}", route.meta.id.key),
                    format!("the route {} has no prefix", route.meta.name),
                    &route.meta.origin,
                )),
            }
        }
        out
    }

    /// Prefixes, or service tags as routes may name them.
    fn prefixes(&mut self, words: &[Word], unknown: &mut Vec<UnknownId>) -> AddressSet {
        let mut nets = Vec::new();
        let mut set = AddressSet::empty();
        for word in words {
            if let Some(net) = parse_net(&word.text) {
                nets.push(net);
            } else if let Some(tag) = self.tags.get(&word.text) {
                set = set.union(&tag);
            } else {
                unknown.push(self.book.unknown(
                    format!("prefix:{}", word.text.to_ascii_lowercase()),
                    format!("\"{}\" is no prefix and no service tag", word.text),
                    &word.at.0,
                ));
            }
        }
        set.union(&nets.into_iter().collect())
    }

    /// The groups that rules name. Members that are not in the input can only
    /// have addresses of the network, which matters where its space is public.
    fn group_extents(
        &mut self,
        space: &AddressSet,
        vnet: Option<&Id>,
        origin: &Origin,
    ) -> Vec<(GroupId, Extent)> {
        let world = self.world;
        if world.rule_groups.is_empty() {
            return Vec::new();
        }
        let told = vnet
            .and_then(|id| world.vnets.get(id))
            .is_some_and(|entry| entry.item.space.is_some() && entry.clash.is_none());
        let may_be_public = !told || space.intersects(&internet());
        let unknown = may_be_public.then(|| {
            let (key, name) = vnet.map_or(("", "the network"), |id| (&id.key, id.name()));
            self.book.quiet(
                format!("group-members:{key}"),
                format!(
                    "members of application security groups in {name} may be missing from the input"
                ),
                origin,
            )
        });
        world
            .rule_groups
            .iter()
            .map(|&id| {
                let extent = Extent {
                    certain: self.members.get(&id).cloned().unwrap_or_default(),
                    unknown: unknown.into_iter().collect(),
                };
                (id, extent)
            })
            .filter(|(_, extent)| !(extent.certain.is_empty() && extent.unknown.is_empty()))
            .collect()
    }
}

/// The known private address of a configuration.
fn private(config: &IpConfig) -> Option<ipnet::IpNet> {
    parse_address(&config.private.as_ref()?.text).map(ipnet::IpNet::from)
}
