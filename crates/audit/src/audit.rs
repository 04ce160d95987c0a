//! Judges every data store of a snapshot.

use std::collections::BTreeSet;
use std::net::IpAddr;

use celador_catalog::Catalog;
use celador_cloud::Snapshot;
use celador_model::{
    AddressSet, Interval, Origin, PortRange, PortSet, Protocol, interval::first_address,
};
use celador_reach::minimal_prefixes;
use celador_reach::network::{Action, Interface, Network, Path};
use celador_reach::question::exposure::{Outcome, RuleRef, Slice, SourceSpan, judge};

use crate::inventory::Inventory;
use crate::report::{
    AUDIT_SCHEMA, AuditReport, DecidingReport, EndpointReport, HopReport, PathReport, SourceReport,
    StoreReport, Summary, VerdictReport, WarningReport, WitnessReport,
};
use crate::stores::{Asked, Store, Where, find_stores};

/// Which ports of a store are judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ports {
    /// The product's, the inventory's, and every port of the catalogue.
    #[default]
    Catalogue,
    /// Every port of TCP and UDP.
    All,
}

/// How to judge.
#[derive(Debug, Clone)]
pub struct Options {
    /// Which ports.
    pub ports: Ports,
    /// Which sources count as outside.
    pub from: AddressSet,
    /// What the report calls those sources.
    pub from_label: Vec<String>,
    /// How many threads may judge at once; at least one is used.
    pub threads: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            ports: Ports::Catalogue,
            from: celador_model::internet::internet(),
            from_label: vec!["internet".to_owned()],
            threads: 1,
        }
    }
}

/// Judges every data store of a snapshot.
pub fn audit(
    snapshot: &Snapshot,
    catalog: &Catalog,
    inventory: &Inventory,
    options: &Options,
) -> AuditReport {
    let found = find_stores(snapshot, catalog, inventory, options.ports);
    let mut stores: Vec<StoreReport> = in_parallel(&found, options.threads, |store| {
        judge_store(snapshot, catalog, store, options)
    })
    .into_iter()
    .flatten()
    .collect();
    stores.sort_by(|a, b| a.id.cmp(&b.id));
    let count = |verdict| {
        stores
            .iter()
            .filter(|store| store.verdict == verdict)
            .count()
    };
    AuditReport {
        schema: AUDIT_SCHEMA,
        service_tags: snapshot.service_tags,
        from: options.from_label.clone(),
        warnings: warnings(snapshot),
        summary: Summary {
            hosts: snapshot.hosts.len(),
            stores: stores.len(),
            exposed: count(VerdictReport::Exposed),
            undetermined: count(VerdictReport::Undetermined),
            not_exposed: count(VerdictReport::NotExposed),
        },
        stores,
    }
}

/// Maps a list with several threads, results in the list's order.
pub(crate) fn in_parallel<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    work: impl Fn(&T) -> R + Sync,
) -> Vec<R> {
    let size = items.len().div_ceil(threads.max(1)).max(1);
    if items.len() <= size {
        return items.iter().map(work).collect();
    }
    std::thread::scope(|scope| {
        let running: Vec<_> = items
            .chunks(size)
            .map(|chunk| scope.spawn(|| chunk.iter().map(&work).collect::<Vec<R>>()))
            .collect();
        running
            .into_iter()
            .flat_map(|thread| match thread.join() {
                Ok(results) => results,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    })
}

pub(crate) fn warnings(snapshot: &Snapshot) -> Vec<WarningReport> {
    snapshot
        .warnings
        .iter()
        .map(|warning| WarningReport {
            file: warning.origin.file.to_string(),
            pointer: warning.origin.pointer.to_string(),
            message: warning.message.clone(),
        })
        .collect()
}

/// `None` when the machine is no data store after all: nothing says so and no
/// port of the catalogue is exposed or undetermined.
fn judge_store(
    snapshot: &Snapshot,
    catalog: &Catalog,
    store: &Store,
    options: &Options,
) -> Option<StoreReport> {
    let network = &snapshot.network;
    let mut endpoints = Vec::new();
    let mut seen: BTreeSet<(usize, Protocol, u16)> = BTreeSet::new();
    for asked in &store.asked {
        let interface = match &asked.at {
            Where::Interface(id) => *id,
            Where::Nowhere { address, reason } => {
                endpoints.push(absent(address, asked, reason));
                continue;
            }
        };
        let Some(place) = network.interfaces.get(interface.index()) else {
            continue;
        };
        for protocol in [Protocol::Tcp, Protocol::Udp] {
            let own = asked.own_ports(protocol);
            let also = asked.also_ports(protocol);
            let both = own.union(&also);
            let units = asked.units(protocol);
            for slice in merged(judge(network, place, protocol, &both, &options.from)) {
                let certain = slice.outcome.verdict() == celador_model::Verdict::NotExposed;
                // Every port the store is known to use gets an answer; the
                // others only where there is something to say.
                let wanted = if certain {
                    slice.ports.intersection(&own)
                } else {
                    slice.ports.clone()
                };
                for range in split(&wanted, &units) {
                    if seen.insert((interface.index(), protocol, range.lo)) {
                        endpoints.push(endpoint(
                            network,
                            catalog,
                            place,
                            protocol,
                            range,
                            &slice.outcome,
                            options,
                        ));
                    }
                }
            }
        }
    }
    if endpoints.is_empty() {
        if !store.is_certain() {
            return None;
        }
        endpoints = of_unknown_ports(snapshot, catalog, store, options);
    }
    let verdict = endpoints
        .iter()
        .map(|endpoint| endpoint.verdict)
        .min()
        .unwrap_or(VerdictReport::Undetermined);
    let product = store.product.clone().or_else(|| {
        // Every port that answers belongs to one and the same product.
        let mut products = endpoints.iter().map(|endpoint| &endpoint.products);
        match products.next()?.as_slice() {
            [only] => products
                .all(|others| others.as_slice() == [only.clone()])
                .then(|| only.clone()),
            _ => None,
        }
    });
    Some(StoreReport {
        id: store.id.clone(),
        name: store.name.clone(),
        product,
        because: store.because.clone(),
        verdict,
        owner: store.owner.clone(),
        data: store.data.clone(),
        endpoints,
    })
}

/// What is said of a data store whose ports nobody knows and of which no port
/// of the catalogue can be reached: closed where every port is, and otherwise
/// undetermined.
fn of_unknown_ports(
    snapshot: &Snapshot,
    catalog: &Catalog,
    store: &Store,
    options: &Options,
) -> Vec<EndpointReport> {
    let network = &snapshot.network;
    let mut out = Vec::new();
    for asked in &store.asked {
        let Where::Interface(id) = &asked.at else {
            continue;
        };
        let Some(place) = network.interfaces.get(id.index()) else {
            continue;
        };
        for protocol in [Protocol::Tcp, Protocol::Udp] {
            let slices = merged(judge(
                network,
                place,
                protocol,
                &PortSet::full(),
                &options.from,
            ));
            let closed =
                |slice: &&Slice| slice.outcome.verdict() == celador_model::Verdict::NotExposed;
            let Some(first) = slices.first() else {
                continue;
            };
            let mut one = endpoint(
                network,
                catalog,
                place,
                protocol,
                PortRange::FULL,
                slices
                    .iter()
                    .find(|slice| !closed(slice))
                    .map_or(&first.outcome, |slice| &slice.outcome),
                options,
            );
            if !slices.iter().all(|slice| closed(&slice)) {
                let open: PortSet = slices
                    .iter()
                    .filter(|slice| !closed(slice))
                    .fold(PortSet::empty(), |open, slice| open.union(&slice.ports));
                one.ports = open.to_string();
                one.verdict = VerdictReport::Undetermined;
                one.exposure = Vec::new();
                one.possible = Vec::new();
                one.deciding = Vec::new();
                one.witness = None;
                one.reason = Some(
                    "which ports it uses is not known, and these can or may be reached; give its product or endpoints in the inventory"
                        .to_owned(),
                );
            }
            out.push(one);
        }
    }
    out
}

/// Neighbouring slices that say the same become one.
pub(crate) fn merged(slices: Vec<Slice>) -> Vec<Slice> {
    let mut out: Vec<Slice> = Vec::new();
    for slice in slices {
        let same = out.iter_mut().find(|known| {
            let (a, b) = (&known.outcome, &slice.outcome);
            a.allowed == b.allowed
                && a.doubtful == b.doubtful
                && a.paths == b.paths
                && a.possible_paths == b.possible_paths
                && a.closed_paths == b.closed_paths
        });
        match same {
            Some(known) => {
                known.ports = known.ports.union(&slice.ports);
                let (to, from) = (&mut known.outcome, slice.outcome);
                extend(&mut to.allowing, from.allowing);
                extend(&mut to.denying, from.denying);
                extend(&mut to.reasons, from.reasons);
            }
            None => out.push(slice),
        }
    }
    out
}

fn extend<T: Ord>(into: &mut Vec<T>, more: Vec<T>) {
    into.extend(more);
    into.sort_unstable();
    into.dedup();
}

/// The ranges to report: single ports where the question named ports one by
/// one, whole ranges where it asked for every port.
pub(crate) fn split(ports: &PortSet, units: &[PortRange]) -> Vec<PortRange> {
    units
        .iter()
        .flat_map(|unit| {
            let whole = unit.lo == unit.hi && ports.contains(unit.lo);
            let parts = if whole || unit.lo == unit.hi {
                PortSet::empty()
            } else {
                ports.intersection(&std::iter::once(*unit).collect())
            };
            let parts = parts.intervals().to_vec();
            whole.then_some(*unit).into_iter().chain(parts)
        })
        .collect()
}

fn absent(address: &str, asked: &Asked, reason: &str) -> EndpointReport {
    let protocol = if asked.own_ports(Protocol::Udp).is_empty() {
        Protocol::Tcp
    } else {
        Protocol::Udp
    };
    EndpointReport {
        address: address.to_owned(),
        public: Vec::new(),
        protocol: protocol.to_string(),
        ports: asked.own_ports(protocol).to_string(),
        products: Vec::new(),
        verdict: VerdictReport::Undetermined,
        exposure: Vec::new(),
        possible: Vec::new(),
        deciding: Vec::new(),
        paths: Vec::new(),
        witness: None,
        reason: Some(reason.to_owned()),
    }
}

fn endpoint(
    network: &Network,
    catalog: &Catalog,
    interface: &Interface,
    protocol: Protocol,
    ports: PortRange,
    outcome: &Outcome,
    options: &Options,
) -> EndpointReport {
    let verdict = outcome.verdict();
    let rules: Vec<RuleRef> = match verdict {
        celador_model::Verdict::Exposed => outcome.allowing.clone(),
        celador_model::Verdict::NotExposed => outcome.denying.clone(),
        celador_model::Verdict::Undetermined => {
            let mut both = outcome.allowing.clone();
            extend(&mut both, outcome.denying.clone());
            both
        }
    };
    EndpointReport {
        address: address_text(interface),
        public: public_addresses(
            interface,
            outcome.paths.iter().chain(&outcome.possible_paths),
        ),
        protocol: protocol.to_string(),
        ports: ports.to_string(),
        products: products(catalog, protocol, ports),
        verdict: verdict.into(),
        exposure: source_reports(&outcome.allowed, &options.from),
        possible: outcome
            .doubtful
            .iter()
            .map(|span| source_report(&span.ports, &span.sources, &options.from))
            .collect(),
        deciding: deciding(network, interface, &rules),
        paths: paths(interface, outcome, ports),
        witness: outcome
            .allowed
            .first()
            .map(|span| witness(interface, outcome, protocol, ports.lo, span)),
        reason: reason(network, interface, outcome),
    }
}

pub(crate) fn address_text(interface: &Interface) -> String {
    match interface.address {
        celador_reach::network::Destination::Address(addr) => addr.to_string(),
        celador_reach::network::Destination::Within(net) => net.to_string(),
    }
}

fn products(catalog: &Catalog, protocol: Protocol, ports: PortRange) -> Vec<String> {
    if ports.lo != ports.hi {
        return Vec::new();
    }
    catalog.product_ids_by_port(protocol, ports.lo)
}

pub(crate) fn public_addresses<'a>(
    interface: &Interface,
    paths: impl Iterator<Item = &'a usize>,
) -> Vec<String> {
    let known: BTreeSet<IpAddr> = paths
        .filter_map(|&index| interface.paths.get(index)?.public)
        .collect();
    known.iter().map(ToString::to_string).collect()
}

pub(crate) fn source_reports(spans: &[SourceSpan], universe: &AddressSet) -> Vec<SourceReport> {
    spans
        .iter()
        .map(|span| source_report(&span.ports, &span.sources, universe))
        .collect()
}

fn source_report(ports: &PortSet, sources: &AddressSet, universe: &AddressSet) -> SourceReport {
    SourceReport {
        sources: prefixes(sources, universe),
        source_ports: ports.to_string(),
    }
}

/// The shortest list of prefixes of the family that a set is of.
pub(crate) fn prefixes(sources: &AddressSet, universe: &AddressSet) -> Vec<String> {
    minimal_prefixes(sources, universe)
        .iter()
        .map(ToString::to_string)
        .collect()
}

/// What stands at a rule reference, for a report.
pub(crate) fn deciding(
    network: &Network,
    interface: &Interface,
    rules: &[RuleRef],
) -> Vec<DecidingReport> {
    rules
        .iter()
        .filter_map(|at| {
            let filter = network.filters.get(at.filter.index())?;
            let rule = at.rule.and_then(|index| filter.inbound.get(index as usize));
            let origin = rule.and_then(|rule| filter.origin_of(rule));
            Some(DecidingReport {
                layer: interface
                    .layers
                    .get(usize::from(at.layer))
                    .map_or("", |layer| layer.kind)
                    .to_owned(),
                filter: filter.id.clone(),
                rule: rule.map(|rule| rule.name.to_string()),
                priority: rule.map(|rule| rule.priority),
                action: action_text(rule.map_or(Action::Deny, |rule| rule.action)).to_owned(),
                file: origin.as_ref().map(|origin| origin.file.to_string()),
                pointer: origin.as_ref().map(|origin| origin.pointer.to_string()),
            })
        })
        .collect()
}

/// The word for an action.
pub(crate) fn action_text(action: Action) -> &'static str {
    match action {
        Action::Allow => "allow",
        Action::Deny => "deny",
    }
}

fn paths(interface: &Interface, outcome: &Outcome, ports: PortRange) -> Vec<PathReport> {
    let with = |indices: &[usize], state: &'static str| {
        indices
            .iter()
            .filter_map(|&index| interface.paths.get(index))
            .map(|path| path_report(path, ports.lo, state))
            .collect::<Vec<_>>()
    };
    let mut out = with(&outcome.paths, "open");
    out.extend(with(&outcome.possible_paths, "possible"));
    out.extend(with(&outcome.closed_paths, "closed"));
    out
}

pub(crate) fn path_report(path: &Path, port: u16, state: &'static str) -> PathReport {
    let place = |origin: Option<&Origin>| {
        (
            origin.map(|origin| origin.file.to_string()),
            origin.map(|origin| origin.pointer.to_string()),
        )
    };
    PathReport {
        hops: path
            .hops
            .iter()
            .map(|hop| {
                let (file, pointer) = place(hop.origin.as_ref());
                HopReport {
                    kind: hop.kind.to_owned(),
                    id: hop.id.clone(),
                    name: hop.name.clone(),
                    file,
                    pointer,
                }
            })
            .collect(),
        public: path.public.map(|addr| addr.to_string()),
        public_port: path.forward.public_port(port),
        state,
    }
}

/// Sources that examples like to use, tried before the lowest of a set.
const FAVOURITES: [&str; 2] = ["198.51.100.7", "2001:db8::7"];
/// Likewise a source port, from the ephemeral range.
const FAVOURITE_PORT: u16 = 54321;

/// A packet of a set, chosen the same way every time.
pub(crate) fn witness(
    interface: &Interface,
    outcome: &Outcome,
    protocol: Protocol,
    port: u16,
    span: &SourceSpan,
) -> WitnessReport {
    let source = FAVOURITES
        .iter()
        .filter_map(|text| text.parse::<IpAddr>().ok())
        .find(|addr| span.sources.contains(*addr))
        .or_else(|| first_address(&span.sources));
    let source_port = if span.ports.contains(FAVOURITE_PORT) {
        Some(FAVOURITE_PORT)
    } else {
        span.ports.first()
    };
    // The best path to show is one whose address and port are known.
    let path = outcome
        .paths
        .iter()
        .chain(&outcome.possible_paths)
        .filter_map(|&index| interface.paths.get(index))
        .min_by_key(|path| {
            (
                path.public.is_none(),
                path.forward.public_port(port).is_none(),
            )
        });
    WitnessReport {
        src: source.map(|addr| addr.to_string()).unwrap_or_default(),
        src_port: source_port.filter(|_| protocol.has_ports()),
        dst: path
            .and_then(|path| path.public)
            .map(|addr| addr.to_string()),
        dst_port: path
            .and_then(|path| path.forward.public_port(port))
            .filter(|_| protocol.has_ports()),
        protocol: protocol.to_string(),
    }
}

/// Why, where the verdict alone does not say it.
pub(crate) fn reason(
    network: &Network,
    interface: &Interface,
    outcome: &Outcome,
) -> Option<String> {
    let mut clauses: Vec<String> = outcome
        .reasons
        .iter()
        .map(|reason| reason.describe(network, interface))
        .collect();
    clauses.dedup();
    match outcome.verdict() {
        celador_model::Verdict::Exposed if clauses.is_empty() => None,
        celador_model::Verdict::Exposed => {
            Some(format!("the exposure may be wider: {}", clauses.join("; ")))
        }
        celador_model::Verdict::Undetermined => Some(clauses.join("; ")),
        celador_model::Verdict::NotExposed if interface.paths.is_empty() => {
            Some("no public address or load balancer leads here".to_owned())
        }
        celador_model::Verdict::NotExposed
            if outcome.paths.is_empty() && outcome.possible_paths.is_empty() =>
        {
            Some(if outcome.closed_paths.is_empty() {
                "no way in carries these ports".to_owned()
            } else {
                "a Standard public address lets nothing in without a network security group that allows it".to_owned()
            })
        }
        celador_model::Verdict::NotExposed => None,
    }
}

/// One port as a range.
pub(crate) fn single(port: u16) -> PortRange {
    Interval::single(port)
}
