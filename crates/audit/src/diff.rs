//! What opens and what closes between two snapshots.

use std::collections::{BTreeMap, BTreeSet};

use celador_catalog::Catalog;
use celador_cloud::Snapshot;
use celador_model::{PortSet, Protocol};
use celador_reach::network::Interface;
use celador_reach::question::exposure::{Outcome, Slice, SourceSpan, judge};

use crate::audit::{
    Options, address_text, deciding, in_parallel, prefixes, public_addresses, reason, split,
    warnings, witness,
};
use crate::inventory::Inventory;
use crate::report::{ChangeReport, DIFF_SCHEMA, DiffReport};
use crate::stores::{Asked, Store, Where, find_stores};

/// One address of a store on one side of the comparison.
struct Side<'s> {
    snapshot: &'s Snapshot,
    store: &'s Store,
    asked: &'s Asked,
    interface: &'s Interface,
}

/// Stores are paired by id and their addresses by value.
type Key = (String, String);

/// Compares two snapshots by what reaches their data stores.
///
/// Both sides are judged with the same inventory, catalogue and sources.
pub fn diff(
    before: &Snapshot,
    after: &Snapshot,
    catalog: &Catalog,
    inventory: &Inventory,
    options: &Options,
) -> DiffReport {
    let old_stores = find_stores(before, catalog, inventory, options.ports);
    let new_stores = find_stores(after, catalog, inventory, options.ports);
    let old = sides(before, &old_stores);
    let new = sides(after, &new_stores);
    let keys: Vec<&Key> = old
        .keys()
        .chain(new.keys())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();

    let compared = in_parallel(&keys, options.threads, |key| {
        compare(
            old.get(*key).map_or(&[], Vec::as_slice),
            new.get(*key).map_or(&[], Vec::as_slice),
            options,
        )
    });
    let mut report = DiffReport {
        schema: DIFF_SCHEMA,
        service_tags: after.service_tags,
        warnings: warnings(before)
            .into_iter()
            .chain(warnings(after))
            .collect(),
        opened: Vec::new(),
        closed: Vec::new(),
        undetermined: Vec::new(),
    };
    report.warnings.sort();
    report.warnings.dedup();
    for (opened, closed, undetermined) in compared {
        report.opened.extend(opened);
        report.closed.extend(closed);
        report.undetermined.extend(undetermined);
    }
    report
}

fn sides<'s>(snapshot: &'s Snapshot, stores: &'s [Store]) -> BTreeMap<Key, Vec<Side<'s>>> {
    let mut out: BTreeMap<Key, Vec<Side<'s>>> = BTreeMap::new();
    for store in stores {
        for asked in &store.asked {
            let Where::Interface(id) = &asked.at else {
                continue;
            };
            let Some(interface) = snapshot.network.interfaces.get(id.index()) else {
                continue;
            };
            let key = (store.id.to_ascii_lowercase(), address_text(interface));
            let group = out.entry(key).or_default();
            // The inventory may name one address twice.
            if group
                .iter()
                .all(|side| !std::ptr::eq(side.interface, interface) || side.asked != asked)
            {
                group.push(Side {
                    snapshot,
                    store,
                    asked,
                    interface,
                });
            }
        }
    }
    out
}

type Changes = (Vec<ChangeReport>, Vec<ChangeReport>, Vec<ChangeReport>);

fn compare(old: &[Side<'_>], new: &[Side<'_>], options: &Options) -> Changes {
    let mut out: Changes = Default::default();
    for index in 0..old.len().max(new.len()) {
        let (old, new) = (old.get(index), new.get(index));
        for protocol in [Protocol::Tcp, Protocol::Udp] {
            let ports = [old, new]
                .into_iter()
                .flatten()
                .fold(PortSet::empty(), |set, side| {
                    set.union(&side.asked.own_ports(protocol))
                        .union(&side.asked.also_ports(protocol))
                });
            let slices = |side: Option<&Side<'_>>| {
                side.map_or_else(Vec::new, |side| {
                    judge(
                        &side.snapshot.network,
                        side.interface,
                        protocol,
                        &ports,
                        &options.from,
                    )
                })
            };
            let (before, after) = (slices(old), slices(new));
            for change in celador_reach::question::diff::diff(&before, &after) {
                let outcome = |slices: &[Slice], index: Option<usize>| {
                    index.map(|index| slices[index].outcome.clone())
                };
                let was = old.zip(outcome(&before, change.before));
                let is = new.zip(outcome(&after, change.after));
                let add = |into: &mut Vec<ChangeReport>, spans: &[SourceSpan], kind: Kind| {
                    for span in spans {
                        let Some(side) = new.or(old) else { continue };
                        for range in split(&change.ports, &side.asked.units(protocol)) {
                            into.push(entry(
                                was.as_ref(),
                                is.as_ref(),
                                protocol,
                                range,
                                span,
                                kind,
                                options,
                            ));
                        }
                    }
                };
                add(&mut out.0, &change.opened, Kind::Opened);
                add(&mut out.1, &change.closed, Kind::Closed);
                add(&mut out.2, &change.undetermined, Kind::Undetermined);
            }
        }
    }
    for list in [&mut out.0, &mut out.1, &mut out.2] {
        list.sort();
        list.dedup();
    }
    out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Opened,
    Closed,
    Undetermined,
}

type Judged<'a, 's> = (&'a Side<'s>, Outcome);

fn entry(
    was: Option<&Judged<'_, '_>>,
    is: Option<&Judged<'_, '_>>,
    protocol: Protocol,
    ports: celador_model::PortRange,
    span: &SourceSpan,
    kind: Kind,
    options: &Options,
) -> ChangeReport {
    // A packet that passes is shown on the side where it passes.
    let shown = match kind {
        Kind::Opened | Kind::Undetermined => is.or(was),
        Kind::Closed => was.or(is),
    };
    let store = shown.map(|(side, _)| side.store);
    let rules = match kind {
        Kind::Opened => is.map(|(side, outcome)| (side, outcome.allowing.clone())),
        Kind::Closed => is.map(|(side, outcome)| (side, outcome.denying.clone())),
        Kind::Undetermined => is.map(|(side, outcome)| {
            let mut rules = outcome.allowing.clone();
            rules.extend(&outcome.denying);
            (side, rules)
        }),
    };
    ChangeReport {
        store: store.map(|store| store.id.clone()).unwrap_or_default(),
        name: store.map(|store| store.name.clone()).unwrap_or_default(),
        product: store.and_then(|store| store.product.clone()),
        address: shown
            .map(|(side, _)| address_text(side.interface))
            .unwrap_or_default(),
        public: shown.map_or_else(Vec::new, |(side, outcome)| {
            public_addresses(
                side.interface,
                outcome.paths.iter().chain(&outcome.possible_paths),
            )
        }),
        protocol: protocol.to_string(),
        ports: ports.to_string(),
        sources: prefixes(&span.sources, &options.from),
        source_ports: span.ports.to_string(),
        deciding: rules.map_or_else(Vec::new, |(side, rules)| {
            deciding(&side.snapshot.network, side.interface, &rules)
        }),
        witness: (kind != Kind::Undetermined)
            .then(|| {
                shown.map(|(side, outcome)| {
                    witness(side.interface, outcome, protocol, ports.lo, span)
                })
            })
            .flatten(),
        reason: (kind == Kind::Undetermined).then(|| {
            let mut clauses: Vec<String> = [was, is]
                .into_iter()
                .flatten()
                .filter_map(|(side, outcome)| {
                    reason(&side.snapshot.network, side.interface, outcome)
                })
                .collect();
            clauses.dedup();
            clauses.join("; ")
        }),
    }
}
