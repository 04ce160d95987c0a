//! The engine alone, in this process: rules in memory, no JSON.
//!
//! The generator's rules become a network of `celador-reach` directly, so a
//! change in the Azure reader does not move these figures. The peer gets the
//! same rules as ranges.

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use celador_model::internet::internet;
use celador_model::{
    Addr, AddressSet, Interval, IntervalSet, Origin, PortSet, Protocol, ProtocolSet, ports,
};
use celador_reach::network::{
    Action, AddressMatch, Destination, Filter, FilterId, Forward, Gate, Hop, Interface,
    InterfaceId, Layer, Network, Path, PortMatch, Requirement, Rule, RulePlace, RuleSource, Zone,
    ZoneId,
};
use celador_reach::question::analysis::{Analysis, Question};
use celador_reach::question::exposure::{Slice, judge};
use serde_json::{Value, json};

use super::generate::{self, Plan};

/// What one question about one store took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PerStore {
    /// Every TCP port of the store's address.
    pub(crate) all_ports: Duration,
    /// The two ports of its product.
    pub(crate) own_ports: Duration,
}

/// One store behind one group of so many rules: the time of an exact answer,
/// and the question with its answer for the peer.
pub(crate) fn one_group(rules: u32) -> Result<(PerStore, Value)> {
    let plan = Plan::one_group(rules);
    let filter = filter(plan, 0)?;
    let mut network = Network {
        filters: vec![filter],
        zones: vec![Zone::default()],
        ..Network::default()
    };
    network.interfaces.push(interface(0, FilterId(0)));
    let internet = internet();
    let own: PortSet = [9200, 9300].into_iter().map(Interval::single).collect();
    let ask = |ports: &PortSet| {
        judge(
            &network,
            &network.interfaces[0],
            Protocol::Tcp,
            ports,
            &internet,
        )
    };
    let per_store = PerStore {
        all_ports: fastest(|| ask(&PortSet::full())),
        own_ports: fastest(|| ask(&own)),
    };
    let question = question(&network, &internet, &ask(&PortSet::full()))?;
    Ok((per_store, question))
}

/// What judging again takes after one rule of one group changes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AfterChange {
    /// Judging every store once.
    pub(crate) whole: Duration,
    /// A change of the group on one store's interface.
    pub(crate) one_store: Duration,
    /// A change of the group of a subnet.
    pub(crate) subnet: Duration,
    /// The stores of that subnet.
    pub(crate) stores_of_subnet: usize,
}

/// A network of so many rules, judged and kept, after one rule of a group
/// changes its action: the slower of changing it and changing it back.
pub(crate) fn after_change(rules: u32) -> Result<AfterChange> {
    let plan = Plan {
        tags: false,
        ..Plan::of_rules(rules)
    };
    let mut network = Network {
        zones: vec![Zone::default()],
        ..Network::default()
    };
    for group in 0..plan.groups {
        network.filters.push(filter(plan, group)?);
    }
    let mut questions = Vec::new();
    for store in 0..plan.groups {
        let mut place = interface(store, FilterId(0));
        place.layers = [
            ("subnet-nsg", Some(generate::subnet_of(store))),
            ("nic-nsg", plan.interface_group(store)),
        ]
        .into_iter()
        .filter_map(|(kind, group)| {
            Some(Layer {
                kind,
                gate: Gate::Filter(FilterId(group?)),
            })
        })
        .collect();
        network.interfaces.push(place);
        questions.extend([Protocol::Tcp, Protocol::Udp].map(|protocol| Question {
            interface: InterfaceId(store),
            protocol,
            ports: [9200, 9300].into_iter().map(Interval::single).collect(),
        }));
    }
    let start = Instant::now();
    let mut analysis = Analysis::new(network, questions, internet());
    let whole = start.elapsed();
    let own = plan.interface_group(0).context("a store without a group")?;
    let (one_store, _) = change(&mut analysis, FilterId(own))?;
    let (subnet, questions) = change(&mut analysis, FilterId(0))?;
    Ok(AfterChange {
        whole,
        one_store,
        subnet,
        stores_of_subnet: questions / 2,
    })
}

/// Turns the default rule of a group round and back, a few times: the fastest
/// pair's slower half, and how many questions are behind the group.
fn change(analysis: &mut Analysis, id: FilterId) -> Result<(Duration, usize)> {
    let old = analysis.network().filters[id.index()].clone();
    let mut new = old.clone();
    let last = new.inbound.last_mut().context("a group without rules")?;
    last.action = match last.action {
        Action::Allow => Action::Deny,
        Action::Deny => Action::Allow,
    };
    let behind = analysis.behind(id).len();
    let mut best = Duration::MAX;
    for _ in 0..20 {
        let mut slower = Duration::ZERO;
        for filter in [&new, &old] {
            let filter = filter.clone();
            let start = Instant::now();
            let changed = analysis.replace(id, filter)?;
            slower = slower.max(start.elapsed());
            if changed.is_empty() {
                bail!("the default rule was turned round and no answer changed");
            }
        }
        best = best.min(slower);
    }
    Ok((best, behind))
}

/// The shortest of many runs: what the work takes when nothing disturbs it.
fn fastest<T>(mut work: impl FnMut() -> T) -> Duration {
    let begun = Instant::now();
    let mut best = Duration::MAX;
    // At least five runs, and half a second.
    for run in 0..100_000 {
        let start = Instant::now();
        black_box(work());
        best = best.min(start.elapsed());
        if run >= 5 && begun.elapsed() > Duration::from_millis(500) {
            break;
        }
    }
    best
}

/// The question as ranges, the rules that cannot match left out.
fn question(network: &Network, internet: &AddressSet, slices: &[Slice]) -> Result<Value> {
    let filter = network.filters.first().context("no filter")?;
    let store = network.interfaces.first().context("no store")?;
    let Destination::Address(address) = store.address else {
        bail!("the store has no address");
    };
    let mut rules = Vec::new();
    for rule in &filter.inbound {
        let to_store = match &rule.to {
            AddressMatch::Any => true,
            AddressMatch::Fixed(set) => set.contains(address),
            AddressMatch::V4(_) | AddressMatch::Mixed(_) => {
                bail!("the generator makes no such destination")
            }
        };
        if !to_store || !rule.protocols.contains(Protocol::Tcp) {
            continue;
        }
        let sources = match &rule.from {
            AddressMatch::Any => ranges(&IntervalSet::<u32>::full()),
            AddressMatch::Fixed(set) => ranges(&set.v4),
            AddressMatch::V4(_) | AddressMatch::Mixed(_) => {
                bail!("the generator makes no such source")
            }
        };
        let ports: Vec<[u16; 2]> = rule
            .to_ports
            .ranges()
            .iter()
            .map(|range| [range.lo, range.hi])
            .collect();
        rules.push(
            json!({"allow": rule.action == Action::Allow, "sources": sources, "ports": ports}),
        );
    }
    let mut answer = Vec::new();
    for slice in slices {
        if !slice.outcome.doubtful.is_empty() {
            bail!("nothing is unknown here, and yet a verdict is undetermined");
        }
        for span in &slice.outcome.allowed {
            answer
                .push(json!({"ports": ranges(&slice.ports), "sources": ranges(&span.sources.v4)}));
        }
    }
    Ok(json!({"internet": ranges(&internet.v4), "rules": rules, "answer": answer}))
}

fn ranges<T: Addr + Into<Value>>(set: &IntervalSet<T>) -> Vec<[Value; 2]> {
    set.intervals()
        .iter()
        .map(|range| [range.lo.into(), range.hi.into()])
        .collect()
}

/// A generated group as a filter, its default rules last.
fn filter(plan: Plan, group: u32) -> Result<Filter> {
    let mut all = generate::rules(plan, group);
    all.extend(generate::default_rules());
    all.sort_by_key(|rule| rule.priority);
    let (mut inbound, mut outbound) = (Vec::new(), Vec::new());
    for rule in &all {
        let converted = convert(rule).with_context(|| format!("rule {}", rule.name))?;
        if rule.inbound {
            &mut inbound
        } else {
            &mut outbound
        }
        .push(converted);
    }
    Ok(Filter {
        id: format!("nsg-{group:05}"),
        name: format!("nsg-{group:05}"),
        sources: vec![RuleSource::Platform],
        inbound,
        outbound,
    })
}

fn convert(rule: &generate::Rule) -> Result<Rule> {
    Ok(Rule {
        name: rule.name.as_str().into(),
        priority: rule.priority,
        action: if rule.allow {
            Action::Allow
        } else {
            Action::Deny
        },
        protocols: match rule.protocol {
            "Tcp" => ProtocolSet::only(Protocol::Tcp),
            "Udp" => ProtocolSet::only(Protocol::Udp),
            _ => ProtocolSet::ALL,
        },
        source: RulePlace::default(),
        from: addresses(&rule.sources)?,
        to: addresses(&rule.destinations)?,
        from_ports: PortMatch::ANY,
        to_ports: port_match(&rule.ports)?,
        doubt: None,
    })
}

fn port_match(texts: &[String]) -> Result<PortMatch> {
    if texts == ["*"] {
        return Ok(PortMatch::ANY);
    }
    let set: Option<PortSet> = texts.iter().map(|text| ports::parse_range(text)).collect();
    Ok(set.context("a port is not one")?.into())
}

/// The meaning that the Azure reader gives these words in the generated
/// network, written down once more.
fn addresses(texts: &[String]) -> Result<AddressMatch> {
    let mut set = AddressSet::empty();
    for text in texts {
        let part = match text.as_str() {
            "*" => return Ok(AddressMatch::Any),
            "Internet" => internet(),
            "VirtualNetwork" => prefixes(&["10.0.0.0/16", "168.63.129.16/32"])?,
            "AzureLoadBalancer" => prefixes(&["168.63.129.16/32"])?,
            text if text.contains('/') => prefixes(&[text])?,
            text => AddressSet::from_addr(text.parse().with_context(|| text.to_owned())?),
        };
        set = set.union(&part);
    }
    Ok(AddressMatch::Fixed(Arc::new(set)))
}

fn prefixes(texts: &[&str]) -> Result<AddressSet> {
    texts
        .iter()
        .map(|text| {
            text.parse::<ipnet::IpNet>()
                .with_context(|| (*text).to_owned())
        })
        .collect()
}

fn interface(store: u32, filter: FilterId) -> Interface {
    Interface {
        id: generate::interface_id(store),
        address: Destination::Address(generate::private_address(store).into()),
        zone: ZoneId(0),
        groups: Vec::new(),
        layers: vec![Layer {
            kind: "nic-nsg",
            gate: Gate::Filter(filter),
        }],
        paths: vec![Path {
            hops: vec![Hop {
                kind: "public-ip",
                id: generate::address_id(store),
                name: String::new(),
                origin: None,
            }],
            public: Some(generate::public_address(store).into()),
            forward: Forward::All,
            needs_filter: Requirement::Yes,
            alternate_destination: None,
            doubt: None,
        }],
        origin: Origin::new("generated", ""),
    }
}
