//! Machines, scale sets and interfaces of neither, and their addresses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use celador_model::Origin;
use celador_reach::network::{Destination, Gate, Interface, InterfaceId, Layer};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::super::address::parse_net;
use super::super::id::Id;
use super::super::model::{IpConfig, Meta, Nic};
use super::paths::doubtful_path;
use super::world::Key;
use super::{Converter, number};
use crate::Host;

impl Converter<'_> {
    pub(super) fn hosts(&mut self) -> Vec<Host> {
        let world = self.world;
        let mut hosts: BTreeMap<Key, Host> = BTreeMap::new();
        let mut owner_of: BTreeMap<Key, Id> = BTreeMap::new();
        // Scale sets with the instances that are in the input.
        let mut instances: BTreeMap<Key, BTreeSet<Key>> = BTreeMap::new();
        for vm in world.vms.items() {
            for nic in &vm.nics {
                owner_of.insert(Arc::clone(&nic.key), vm.meta.id.clone());
            }
            let mut host = host_of(&vm.meta, "vm");
            host.names.extend(vm.computer.clone());
            if let Some(set) = &vm.scale_set {
                let known = instances.entry(Arc::clone(&set.key)).or_default();
                known.insert(Arc::clone(&vm.meta.id.key));
                host.names.push(set.name().to_owned());
                if let Some(entry) = world.scale_sets.get(set) {
                    host.tags.extend(entry.item.meta.tags.clone());
                }
            }
            hosts.insert(Arc::clone(&vm.meta.id.key), host);
        }
        for (key, entry) in world.nics.iter() {
            let nic = &entry.item;
            let set = nic.meta.id.up_to("virtualMachineScaleSets");
            let owner = set
                .clone()
                .or_else(|| nic.vm.clone())
                .or_else(|| owner_of.get(key).cloned());
            if let Some(set) = &set {
                let instance = nic.meta.id.up_to("virtualMachines");
                let known = instances.entry(Arc::clone(&set.key)).or_default();
                known.insert(instance.unwrap_or_else(|| nic.meta.id.clone()).key);
            }
            let host_key = owner
                .as_ref()
                .map_or_else(|| Arc::clone(key), |id| Arc::clone(&id.key));
            let interfaces = self.nic(nic);
            let host = hosts.entry(host_key).or_insert_with(|| match &owner {
                Some(id) => Host {
                    id: id.text.to_string(),
                    name: id.name().to_owned(),
                    kind: if set.is_some() { "scale-set" } else { "vm" },
                    names: vec![id.name().to_owned()],
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
        for vm in world.vms.items() {
            let absent: Vec<&Id> = vm.nics.iter().filter(|nic| !world.nics.has(nic)).collect();
            let mut added: Vec<InterfaceId> = absent
                .into_iter()
                .map(|nic| self.absent_interface(nic, nic.name(), &vm.meta.origin))
                .collect();
            if let Some(host) = hosts.get_mut(&vm.meta.id.key) {
                if host.interfaces.is_empty() && added.is_empty() {
                    let name = format!("of {}", vm.meta.name);
                    added.push(self.absent_interface(&vm.meta.id, &name, &vm.meta.origin));
                }
                host.interfaces.extend(added);
            }
        }
        for (key, entry) in world.scale_sets.iter() {
            let set = &entry.item;
            let here = instances.get(key).map_or(0, BTreeSet::len);
            // Fewer than it says it has: the model stands for the others.
            let missing = set.capacity.is_some_and(|all| usize::from(all) > here);
            if here > 0 && !missing && !hosts.contains_key(key) {
                // A flexible set's instances are machines of their own.
                continue;
            }
            if here > 0 && missing {
                self.book.warn(
                    &set.meta.origin,
                    format!(
                        "only {here} of the {} instances of {} are in the input; the others are judged by its model",
                        set.capacity.unwrap_or_default(),
                        set.meta.name
                    ),
                );
            }
            let host = hosts
                .entry(Arc::clone(key))
                .or_insert_with(|| host_of(&set.meta, "scale-set"));
            host.names.push(set.meta.name.clone());
            host.names.extend(set.computer.clone());
            host.tags.extend(set.meta.tags.clone());
            host.origin = set.meta.origin.clone();
            if here > 0 && !missing {
                continue;
            }
            let mut interfaces = Vec::new();
            for (nsg, config) in set
                .interfaces
                .iter()
                .flat_map(|(nsg, configs)| configs.iter().map(move |config| (nsg, config)))
            {
                interfaces.extend(self.interface(
                    config,
                    nsg.as_ref(),
                    None,
                    entry.clash.map(|unknown| (unknown, &set.meta.id)),
                ));
            }
            if interfaces.is_empty() {
                let name = format!("of {}", set.meta.name);
                interfaces.push(self.absent_interface(&set.meta.id, &name, &set.meta.origin));
            }
            if let Some(host) = hosts.get_mut(key) {
                host.interfaces.extend(interfaces);
            }
        }
        for instance in &world.instances {
            let Some(set) = instance.id.up_to("virtualMachineScaleSets") else {
                continue;
            };
            if !hosts.contains_key(&set.key) {
                let name = format!("of {}", set.name());
                let interface = self.absent_interface(&set, &name, &instance.origin);
                hosts.insert(
                    Arc::clone(&set.key),
                    Host {
                        id: set.text.to_string(),
                        name: set.name().to_owned(),
                        kind: "scale-set",
                        names: vec![set.name().to_owned(), instance.name.clone()],
                        tags: instance.tags.clone(),
                        interfaces: vec![interface],
                        origin: instance.origin.clone(),
                    },
                );
            }
        }
        self.name_absent();
        // Sorted by the key, which is the id without regard to case.
        let mut hosts: Vec<Host> = hosts.into_values().collect();
        for host in &mut hosts {
            host.names.sort();
            host.names.dedup();
            host.tags.sort();
            host.tags.dedup();
        }
        hosts
    }

    /// Warns of interfaces that something from the Internet leads to and that
    /// are not in the input: nothing is said of them, so that has to be said.
    fn name_absent(&mut self) {
        let world = self.world;
        let publics = world.public_ips.items().filter_map(|public| {
            let owner = public.owner.as_ref()?;
            Some((owner, &public.meta))
        });
        let members = world.pools.items().flat_map(|pool| {
            let configs = pool.configs.iter();
            configs.map(|config| (config, &pool.meta))
        });
        let of_machines: BTreeSet<&Key> = world
            .vms
            .items()
            .flat_map(|vm| &vm.nics)
            .map(|nic| &nic.key)
            .collect();
        let mut absent: BTreeMap<Id, &Meta> = BTreeMap::new();
        for (config, meta) in publics.chain(members) {
            let Some(nic) = config.up_to("networkInterfaces") else {
                continue;
            };
            let set = nic.up_to("virtualMachineScaleSets");
            if !world.nics.has(&nic)
                && !of_machines.contains(&nic.key)
                && set.is_none_or(|set| !world.scale_sets.has(&set))
            {
                absent.entry(nic).or_insert(meta);
            }
        }
        for (nic, meta) in absent {
            self.book.warn(
                &meta.origin,
                format!(
                    "{} leads to the interface {}, which is not in the input, so nothing is said of it; add the output of az network nic show --ids {}",
                    meta.name,
                    nic.name(),
                    nic.text
                ),
            );
        }
    }

    fn nic(&mut self, nic: &Nic) -> Vec<InterfaceId> {
        if nic.configs.is_empty() {
            let name = format!("of {} (its configurations)", nic.meta.name);
            return vec![self.absent_interface(&nic.meta.id, &name, &nic.meta.origin)];
        }
        let clash = self
            .world
            .nics
            .get(&nic.meta.id)
            .and_then(|entry| entry.clash);
        let mut out = Vec::new();
        for config in &nic.configs {
            out.extend(self.interface(
                config,
                nic.nsg.as_ref(),
                Some(nic),
                clash.map(|unknown| (unknown, &nic.meta.id)),
            ));
        }
        let reached = out
            .iter()
            .filter_map(|id| self.interfaces.get(id.index()))
            .any(|interface| !interface.paths.is_empty());
        if nic.forwards && reached {
            self.book.warn(
                &nic.meta.origin,
                format!(
                    "{} passes on packets (enableIPForwarding) and a way in leads to it; where its machine sends them is not part of the configuration and is not judged",
                    nic.meta.name
                ),
            );
        }
        out
    }

    pub(super) fn push(&mut self, interface: Interface) -> InterfaceId {
        let id = InterfaceId(number(self.interfaces.len()));
        self.interfaces.push(interface);
        id
    }

    /// An interface that something has and nothing describes.
    fn absent_interface(&mut self, id: &Id, name: &str, origin: &Origin) -> InterfaceId {
        let unknown = self.book.unknown(
            format!("nic:{}", id.key),
            format!("the interface {name} is not in the input"),
            origin,
        );
        let zone = self.zone(None, origin);
        self.push(Interface {
            id: id.text.to_string(),
            address: Destination::Within(any(false)),
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

    /// The address that filters see.
    pub(super) fn destination(&mut self, config: &IpConfig) -> Destination {
        let world = self.world;
        if let Some(word) = &config.private {
            match parse_net(&word.text) {
                Some(net) if net.prefix_len() == net.max_prefix_len() => {
                    return Destination::Address(net.addr());
                }
                Some(net) => return Destination::Within(net),
                None => self.book.warn(
                    &word.at.0,
                    format!(
                        "\"{}\" is no address; the interface is taken to be anywhere in its subnet",
                        word.text
                    ),
                ),
            }
        }
        let subnet = config
            .subnet
            .as_ref()
            .and_then(|id| world.subnets.get(id))
            .filter(|entry| entry.clash.is_none());
        let mut nets = subnet
            .into_iter()
            .flat_map(|entry| &entry.item.prefixes)
            .filter_map(|word| parse_net(&word.text))
            .filter(|net| matches!(net, IpNet::V6(_)) == config.v6);
        // A subnet of several prefixes: which one is not known.
        match (nets.next(), nets.next()) {
            (Some(net), None) => Destination::Within(net),
            _ => Destination::Within(any(config.v6)),
        }
    }
}

fn host_of(meta: &Meta, kind: &'static str) -> Host {
    Host {
        id: meta.id.text.to_string(),
        name: meta.name.clone(),
        kind,
        names: vec![meta.name.clone()],
        tags: meta.tags.clone(),
        interfaces: Vec::new(),
        origin: meta.origin.clone(),
    }
}

fn any(v6: bool) -> IpNet {
    if v6 {
        IpNet::V6(Ipv6Net::default())
    } else {
        IpNet::V4(Ipv4Net::default())
    }
}
