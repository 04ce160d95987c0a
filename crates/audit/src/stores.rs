//! Which machines count as data stores, and what is asked about each.
//!
//! A machine is a data store because the inventory says so, because its tags or
//! names do, or because it exposes a port of the catalogue; the last is known
//! only after judging, so every machine is asked about every catalogue port.

use std::collections::BTreeSet;
use std::net::IpAddr;

use celador_catalog::Catalog;
use celador_cloud::{Host, Snapshot};
use celador_model::{Interval, PortRange, PortSet, Protocol};
use celador_reach::network::{Destination, Forward, InterfaceId, Network};

use crate::audit::Ports;
use crate::inventory::{EndpointAddress, Inventory, InventoryStore};

/// A machine and what is asked about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// Inventory id, or resource id.
    pub id: String,
    /// Short name.
    pub name: String,
    /// Catalogue id; `None` where it is not known which product it is.
    pub product: Option<String>,
    /// Why it counts as a data store.
    pub because: String,
    /// How sure that is.
    pub certainty: Certainty,
    /// From the inventory.
    pub owner: Option<String>,
    /// From the inventory.
    pub data: Vec<String>,
    /// What to judge.
    pub asked: Vec<Asked>,
}

/// How sure it is that a machine is a data store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Certainty {
    /// The inventory, a tag or a name says so.
    Named,
    /// Only if a port of the catalogue turns out exposed or undetermined.
    IfReached,
}

impl Store {
    /// Whether it is reported whatever its ports' verdicts are.
    pub fn is_certain(&self) -> bool {
        self.certainty == Certainty::Named
    }
}

/// Where an endpoint is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// At this interface.
    Interface(InterfaceId),
    /// Nowhere in the snapshot, so its verdict is undetermined.
    Nowhere {
        /// Address or name, as the inventory has it.
        address: String,
        /// Why it cannot be judged.
        reason: String,
    },
}

/// A question about one address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Where.
    pub at: Where,
    /// Ports that get an answer in any case, in the units they are reported in.
    pub own: Vec<(Protocol, PortRange)>,
    /// Ports that are reported only when exposed or undetermined.
    pub also: Vec<(Protocol, PortRange)>,
}

impl Asked {
    /// Ports that get an answer in any case.
    pub fn own_ports(&self, protocol: Protocol) -> PortSet {
        ports_of(&self.own, protocol)
    }

    /// Ports that are reported only when exposed or undetermined.
    pub fn also_ports(&self, protocol: Protocol) -> PortSet {
        ports_of(&self.also, protocol)
    }

    /// The ranges in which answers are reported, sorted and disjoint.
    pub fn units(&self, protocol: Protocol) -> Vec<PortRange> {
        let mut units: Vec<PortRange> = Vec::new();
        let mut taken = PortSet::empty();
        for (_, range) in self.own.iter().filter(|(own, _)| *own == protocol) {
            let free = std::iter::once(*range)
                .collect::<PortSet>()
                .difference(&taken);
            units.extend(free.intervals());
            taken = taken.union(&free);
        }
        // Each of these is a port, or there is one range for all: set operations
        // on every one would cost more than the judging.
        for (_, range) in self.also.iter().filter(|(own, _)| *own == protocol) {
            if range.lo == range.hi {
                units.extend((!taken.contains(range.lo)).then_some(*range));
            } else {
                let free = std::iter::once(*range)
                    .collect::<PortSet>()
                    .difference(&taken);
                units.extend(free.intervals());
            }
        }
        units.sort_unstable();
        units.dedup();
        units
    }
}

fn ports_of(ranges: &[(Protocol, PortRange)], protocol: Protocol) -> PortSet {
    ranges
        .iter()
        .filter(|(own, _)| *own == protocol)
        .map(|(_, range)| *range)
        .collect()
}

/// Finds what to judge in a snapshot, sorted by id.
pub fn find_stores(
    snapshot: &Snapshot,
    catalog: &Catalog,
    inventory: &Inventory,
    ports: Ports,
) -> Vec<Store> {
    let also: Vec<(Protocol, PortRange)> = match ports {
        Ports::Catalogue => catalog
            .ports()
            .iter()
            .map(|&(protocol, port)| (protocol, Interval::single(port)))
            .collect(),
        Ports::All => Vec::new(),
    };
    let whole = [
        (Protocol::Tcp, PortRange::FULL),
        (Protocol::Udp, PortRange::FULL),
    ];
    let mut stores = Vec::new();
    let mut listed: BTreeSet<String> = BTreeSet::new();
    for entry in &inventory.stores {
        let (store, hosts) = from_inventory(snapshot, catalog, entry, &also, ports);
        for host in hosts {
            listed.insert(host.to_ascii_lowercase());
        }
        stores.push(store);
    }
    for host in &snapshot.hosts {
        if listed.contains(&host.id.to_ascii_lowercase()) {
            continue;
        }
        let names: Vec<&str> = host.names.iter().map(String::as_str).collect();
        let identified = catalog.identify(&names, &host.tags);
        let own: Vec<(Protocol, PortRange)> = match (&identified, ports) {
            (Some(_), Ports::All) => whole.to_vec(),
            (Some(found), Ports::Catalogue) => product_ports(catalog, found.product.as_deref()),
            (None, _) => Vec::new(),
        };
        let also = match ports {
            Ports::Catalogue => also.clone(),
            Ports::All => whole.to_vec(),
        };
        stores.push(Store {
            id: host.id.clone(),
            name: host.name.clone(),
            product: identified.as_ref().and_then(|found| found.product.clone()),
            because: identified.as_ref().map_or_else(
                || "a data-store port can be reached".to_owned(),
                |found| found.because.clone(),
            ),
            certainty: if identified.is_some() {
                Certainty::Named
            } else {
                Certainty::IfReached
            },
            owner: None,
            data: Vec::new(),
            asked: host
                .interfaces
                .iter()
                .map(|id| Asked {
                    at: Where::Interface(*id),
                    own: own.clone(),
                    also: also.clone(),
                })
                .collect(),
        });
    }
    stores.sort_by(|a, b| a.id.cmp(&b.id));
    stores
}

fn product_ports(catalog: &Catalog, product: Option<&str>) -> Vec<(Protocol, PortRange)> {
    product
        .map(|id| catalog.ports_of(id))
        .unwrap_or_default()
        .into_iter()
        .map(|(protocol, port)| (protocol, Interval::single(port)))
        .collect()
}

fn from_inventory<'s>(
    snapshot: &'s Snapshot,
    catalog: &Catalog,
    entry: &InventoryStore,
    also: &[(Protocol, PortRange)],
    ports: Ports,
) -> (Store, Vec<&'s str>) {
    let network = &snapshot.network;
    let defaults = product_ports(catalog, entry.product.as_deref());
    let everything = [
        (Protocol::Tcp, PortRange::FULL),
        (Protocol::Udp, PortRange::FULL),
    ];
    let mut asked: Vec<Asked> = Vec::new();
    let mut hosts: Vec<&Host> = Vec::new();
    if let Some(resource) = &entry.resource {
        let wanted = resource.trim().trim_matches('/').to_ascii_lowercase();
        let is = |id: &str| id.trim_matches('/').eq_ignore_ascii_case(&wanted);
        // An interface or one of its configurations, not whatever has an id
        // that starts the same: a group or a subscription names no machine.
        let part = |id: &str| {
            let id = id.trim_matches('/').to_ascii_lowercase();
            id.strip_prefix(&wanted).is_some_and(|rest| {
                rest.is_empty()
                    || rest.starts_with("/ipconfigurations/")
                    || rest.starts_with("/networkinterfaces/")
            })
        };
        let found = snapshot.hosts.iter().find(|host| {
            is(&host.id)
                || host.interfaces.iter().any(|id| {
                    let interface = network.interfaces.get(id.index());
                    interface.is_some_and(|interface| part(&interface.id))
                })
        });
        match found {
            Some(host) => {
                hosts.push(host);
                if entry.endpoints.is_empty() {
                    asked.extend(host.interfaces.iter().map(|id| Asked {
                        at: Where::Interface(*id),
                        own: defaults.clone(),
                        also: also.to_vec(),
                    }));
                }
            }
            None => asked.push(Asked {
                at: Where::Nowhere {
                    address: resource.clone(),
                    reason: format!(
                        "the resource {resource} of the inventory is not in the configuration given"
                    ),
                },
                own: defaults.clone(),
                also: Vec::new(),
            }),
        }
    }
    for endpoint in &entry.endpoints {
        let own: Vec<(Protocol, PortRange)> = match &endpoint.ports {
            Some(set) => set
                .intervals()
                .iter()
                .map(|range| (endpoint.protocol, *range))
                .collect(),
            None => defaults.clone(),
        };
        match &endpoint.address {
            EndpointAddress::Ip(addr) => {
                let places = at_address(network, *addr, &own);
                if places.is_empty() {
                    asked.push(Asked {
                        at: Where::Nowhere {
                            address: addr.to_string(),
                            reason: format!(
                                "the address {addr} of the inventory is not in the configuration given"
                            ),
                        },
                        own,
                        also: Vec::new(),
                    });
                    continue;
                }
                for (id, own) in places {
                    hosts.extend(
                        snapshot
                            .hosts
                            .iter()
                            .filter(|host| host.interfaces.contains(&id)),
                    );
                    asked.push(Asked {
                        at: Where::Interface(id),
                        own,
                        also: also.to_vec(),
                    });
                }
            }
            EndpointAddress::Name(name) => asked.push(Asked {
                at: Where::Nowhere {
                    address: name.clone(),
                    reason: format!("the name {name} is not resolved offline; give its address"),
                },
                own,
                also: Vec::new(),
            }),
        }
    }
    // What the inventory does not say of a machine it lists is looked at as on
    // any other machine.
    let known: BTreeSet<InterfaceId> = asked
        .iter()
        .filter_map(|question| match question.at {
            Where::Interface(id) => Some(id),
            Where::Nowhere { .. } => None,
        })
        .collect();
    let others: BTreeSet<InterfaceId> = hosts
        .iter()
        .flat_map(|host| &host.interfaces)
        .copied()
        .filter(|id| !known.contains(id))
        .collect();
    asked.extend(others.into_iter().map(|id| Asked {
        at: Where::Interface(id),
        own: Vec::new(),
        also: also.to_vec(),
    }));
    if ports == Ports::All {
        for question in &mut asked {
            question.own = everything.to_vec();
        }
    }
    let store = Store {
        id: entry.id.clone(),
        name: entry.name.clone().unwrap_or_else(|| entry.id.clone()),
        product: entry.product.clone(),
        because: "the inventory lists it".to_owned(),
        certainty: Certainty::Named,
        owner: entry.owner.clone(),
        data: entry.data.clone(),
        asked,
    };
    (
        store,
        hosts.into_iter().map(|host| host.id.as_str()).collect(),
    )
}

/// The interfaces at a private address, or behind a public one (then with the
/// ports as the interface sees them).
fn at_address(
    network: &Network,
    addr: IpAddr,
    own: &[(Protocol, PortRange)],
) -> Vec<(InterfaceId, Vec<(Protocol, PortRange)>)> {
    let mut out = Vec::new();
    for (index, interface) in (0u32..).zip(&network.interfaces) {
        let id = InterfaceId(index);
        if interface.address == Destination::Address(addr) {
            out.push((id, own.to_vec()));
            continue;
        }
        let behind: Vec<_> = interface
            .paths
            .iter()
            .filter(|path| path.public == Some(addr))
            .flat_map(|path| {
                own.iter()
                    .filter_map(|&(protocol, range)| at_backend(path.forward, protocol, range))
            })
            .collect();
        if !behind.is_empty() {
            out.push((id, behind));
        }
    }
    out
}

fn at_backend(
    forward: Forward,
    protocol: Protocol,
    range: PortRange,
) -> Option<(Protocol, PortRange)> {
    match forward {
        Forward::All => Some((protocol, range)),
        Forward::Ports {
            protocol: carried,
            public,
            backend,
        } => {
            let public = public.filter(|_| carried == protocol)?;
            let last = public.checked_add(backend.hi - backend.lo)?;
            let both = range.intersection(Interval {
                lo: public,
                hi: last,
            })?;
            Some((
                protocol,
                Interval {
                    lo: backend.lo + (both.lo - public),
                    hi: backend.lo + (both.hi - public),
                },
            ))
        }
    }
}
