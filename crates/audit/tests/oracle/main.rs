//! The whole of Azure against an independent judge.
//!
//! Random exports are audited, and the report, as its JSON says it, is compared
//! packet by packet with a twin that decides each packet from the raw documents
//! alone. A failure prints the seed and the smallest network that still fails;
//! `CELADOR_ORACLE_SEED=<seed>` runs one network again, and
//! `CELADOR_ORACLE_NETWORKS=<count>` runs more of them.
#![expect(
    clippy::disallowed_methods,
    reason = "a test may be told by its environment what to run"
)]

mod generate;
mod naive;

use std::sync::Arc;

use celador_audit::inventory::Inventory;
use celador_audit::{Options, Ports, audit};
use celador_catalog::Catalog;
use celador_cloud::azure::{ServiceTags, convert, parse};
use serde_json::{Value, json};

use generate::Random;
use naive::{Address, Packet, Range, Three, Twin};

/// What the report says of one packet.
fn reported(report: &Value, store: &str, address: Range, packet: Packet) -> Three {
    let within = |spans: &Value| {
        spans.as_array().expect("a list").iter().any(|span| {
            let sources = span["sources"].as_array().expect("a list");
            sources.iter().any(|prefix| {
                Range::of(prefix.as_str().expect("a prefix"))
                    .expect("a prefix")
                    .has(packet.from)
            }) && has_port(&span["source_ports"], packet.from_port)
        })
    };
    let stores = report["stores"].as_array().expect("a list");
    let endpoints = stores
        .iter()
        .filter(|own| own["id"].as_str().map(naive::key).as_deref() == Some(store))
        .flat_map(|own| own["endpoints"].as_array().expect("a list"));
    let mut answer = Three::No;
    for endpoint in endpoints {
        if endpoint["address"].as_str().and_then(Range::of) == Some(address)
            && endpoint["protocol"] == packet.protocol
            && has_port(&endpoint["ports"], packet.port)
        {
            if within(&endpoint["exposure"]) {
                answer = answer.max(Three::Yes);
            } else if within(&endpoint["possible"]) {
                answer = answer.max(Three::Unknown);
            }
        }
    }
    answer
}

fn has_port(ports: &Value, port: u16) -> bool {
    ports.as_str().expect("ports").split(',').any(|part| {
        let (lo, hi) = part.split_once('-').unwrap_or((part, part));
        (lo.parse::<u16>().expect("a port")..=hi.parse().expect("a port")).contains(&port)
    })
}

/// Packets that stand at the borders of what rules name.
fn packets(random: &mut Random, v6: bool, count: usize) -> Vec<Packet> {
    let mut out = Vec::new();
    while out.len() < count {
        let word = random.pick(generate::SOURCES);
        let edge = Range::of(word).filter(|range| range.v6 == v6);
        let from = if let Some(range) = edge {
            let bits = match random.below(4) {
                0 => range.lo,
                1 => range.hi,
                2 => range.lo.saturating_sub(1),
                _ => range.hi.saturating_add(1),
            };
            let most = if v6 { u128::MAX } else { u128::from(u32::MAX) };
            Address {
                v6,
                bits: bits.min(most),
            }
        } else {
            let random_bits = u128::from(random.next()) << 64 | u128::from(random.next());
            if v6 {
                let top = [0x2001_0db8_0001u128, 0x2001_0db8_0002, 0x2a00_0000_0000];
                Address {
                    v6,
                    bits: top[random.below(3)] << 80 | random_bits >> 48,
                }
            } else {
                let near = ["198.51.100.0", "203.0.113.0", "192.0.2.0", "0.0.0.0"];
                let base = Address::of(random.pick(&near)).expect("a constant").bits;
                let wide = if base == 0 { 96 } else { 120 };
                Address {
                    v6,
                    bits: base | random_bits >> wide,
                }
            }
        };
        if naive::is_public(from) {
            out.push(Packet {
                from,
                from_port: *random.pick(&[&0, &79, &80, &1023, &1024, &54321, &65535]),
                protocol: random.pick(&["tcp", "tcp", "udp"]),
                port: *random.pick(&[
                    &9200, &9200, &9200, &22, &80, &999, &9201, &9300, &9301, &5432, &65535,
                ]),
            });
        }
    }
    out
}

struct Tally {
    answers: [usize; 3],
}

/// The report of an audit, as its JSON says it.
fn report_on(documents: &[Value], ports: Ports) -> Result<Value, String> {
    let text = json!(documents).to_string();
    let parsed = parse(Arc::from("net.json"), text.as_bytes())
        .map_err(|error| format!("not read: {error}"))?;
    let tags = generate::tags().to_string();
    let known =
        ServiceTags::from_json(Arc::from("tags.json"), tags.as_bytes()).expect("well formed");
    let options = Options {
        ports,
        ..Options::default()
    };
    let report = audit(
        &convert(vec![parsed], &known),
        Catalog::embedded(),
        &Inventory::default(),
        &options,
    );
    Ok(serde_json::to_value(&report).expect("a report is JSON"))
}

/// Compares one network; what is wrong, if anything is.
fn compare(documents: &[Value], seed: u64, tally: &mut Tally) -> Result<(), String> {
    let mut random = Random(seed);
    let ports = if random.percent(70) {
        Ports::All
    } else {
        Ports::Catalogue
    };
    let report = report_on(documents, ports)?;
    let tags = generate::tags();
    let twin = Twin {
        documents: documents.to_vec(),
        tags,
    };
    for target in twin.targets() {
        let own = twin.address(&target);
        let store = naive::get(target.nic, "virtualMachine").map(naive::id);
        let store = store.unwrap_or_else(|| naive::id(target.nic));
        for mut packet in packets(&mut random, own.v6, 25) {
            if ports == Ports::Catalogue {
                packet.port = [9200, 9300, 5432][random.below(3)];
                packet.protocol = "tcp";
            }
            let expected = twin.reaches(&target, packet);
            let got = reported(&report, &store, own, packet);
            if expected != got {
                return Err(format!(
                    "{packet:?} to {own:?} of {store}: the twin says {expected:?}, the report {got:?}\n{:#}",
                    report["stores"]
                ));
            }
            tally.answers[expected as usize] += 1;
        }
    }
    Ok(())
}

/// What a resource cannot be without; what is left out of it is another matter.
const KEPT: &[&str] = &[
    "id",
    "name",
    "type",
    "properties",
    "subnet",
    "priority",
    "access",
    "direction",
    "protocol",
    "sourcePortRange",
    "addressSpace",
    "addressPrefixes",
    "ipAddress",
    "securityRules",
    "routes",
];

/// Every way to make a value smaller by one part.
fn smaller(value: &Value, found: &mut Vec<Value>) {
    match value {
        Value::Array(items) => {
            for index in 0..items.len() {
                let mut fewer = items.clone();
                fewer.remove(index);
                found.push(Value::Array(fewer));
            }
            for (index, item) in items.iter().enumerate() {
                let mut inner = Vec::new();
                smaller(item, &mut inner);
                for one in inner {
                    let mut changed = items.clone();
                    changed[index] = one;
                    found.push(Value::Array(changed));
                }
            }
        }
        Value::Object(members) => {
            for key in members.keys().filter(|key| !KEPT.contains(&key.as_str())) {
                let mut fewer = members.clone();
                fewer.remove(key);
                found.push(Value::Object(fewer));
            }
            for (key, member) in members {
                let mut inner = Vec::new();
                smaller(member, &mut inner);
                for one in inner {
                    let mut changed = members.clone();
                    changed.insert(key.clone(), one);
                    found.push(Value::Object(changed));
                }
            }
        }
        _ => {}
    }
}

/// The smallest network found that still fails in the same way.
fn shrink(documents: Vec<Value>, seed: u64) -> (Vec<Value>, String) {
    let fails = |documents: &[Value]| {
        let run = || compare(documents, seed, &mut Tally { answers: [0; 3] });
        match std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)) {
            Ok(Err(error)) if !error.starts_with("not read") => Some(error),
            _ => None,
        }
    };
    let kind = |error: &str| {
        error
            .split_once(": the twin")
            .map(|(_, kind)| kind.lines().next().map(str::to_owned))
    };
    let mut best = documents;
    let mut error = fails(&best).unwrap_or_default();
    let mut budget = 4000;
    'again: loop {
        let mut candidates = Vec::new();
        smaller(&Value::Array(best.clone()), &mut candidates);
        for candidate in candidates {
            budget -= 1;
            if budget == 0 {
                break 'again;
            }
            let Value::Array(candidate) = candidate else {
                continue;
            };
            if let Some(own) = fails(&candidate)
                && kind(&own) == kind(&error)
            {
                (best, error) = (candidate, own);
                continue 'again;
            }
        }
        break;
    }
    (best, error)
}

fn run(seed: u64, tally: &mut Tally) {
    let mut random = Random(seed);
    let whole = generate::network(&mut random);
    let documents = generate::export(&mut random, whole);
    if let Err(error) = compare(&documents, seed, tally) {
        assert!(!error.starts_with("not read"), "seed {seed}: {error}");
        let (small, error) = shrink(documents, seed);
        panic!("seed {seed}: {error}\nthe network:\n{:#}", json!(small));
    }
}

fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

#[test]
fn the_report_agrees_with_the_twin_on_every_packet() {
    let mut tally = Tally { answers: [0; 3] };
    if let Some(seed) = told("CELADOR_ORACLE_SEED") {
        run(seed, &mut tally);
        return;
    }
    let count = told("CELADOR_ORACLE_NETWORKS").unwrap_or(300);
    for seed in 0..count {
        run(seed, &mut tally);
    }
    // The networks are worth asking about: every answer is common.
    let [no, unknown, yes] = tally.answers;
    let all = no + unknown + yes;
    assert!(
        [no, unknown, yes].iter().all(|part| part * 16 > all),
        "too one-sided: {no} no, {unknown} unknown, {yes} yes"
    );
}

/// Leaves out, or only lists, some of the documents that others refer to.
fn less(random: &mut Random, whole: &[Value]) -> Vec<Value> {
    let mut kept = whole.to_vec();
    for _ in 0..=random.below(2) {
        let index = random.below(kept.len());
        let kind = kept[index]["type"].as_str().unwrap_or_default();
        let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
        let known = [
            "networkSecurityGroups",
            "routeTables",
            "virtualNetworks",
            "publicIPAddresses",
            "loadBalancers",
        ];
        if !known.contains(&kind.as_str()) {
            continue;
        }
        let own = kept[index].clone();
        let named = json!({"id": own["id"]}).to_string();
        let mut others = kept.iter().enumerate().filter(|(other, _)| *other != index);
        let referred = others.any(|(_, other)| other.to_string().contains(&named));
        // A load balancer names its members, and they need not name it.
        if referred && kind != "loadBalancers" && random.percent(60) {
            kept.remove(index);
        } else {
            kept[index] = generate::stub(&own);
        }
    }
    kept
}

/// What is certain stays so, or becomes unknown: parts of an export that are
/// missing never turn yes into no, nor no into yes.
#[test]
fn what_is_missing_never_turns_an_answer_round() {
    let count = told("CELADOR_ORACLE_NETWORKS").unwrap_or(150);
    let mut lost = 0;
    for seed in 0..count {
        let mut random = Random(seed ^ 0x5eed_0000);
        let whole = generate::network(&mut random);
        let before = report_on(&whole, Ports::All).expect("well formed");
        let documents = less(&mut random, &whole);
        let after = report_on(&documents, Ports::All).expect("well formed");
        let twin = Twin {
            documents: documents.clone(),
            tags: generate::tags(),
        };
        for target in twin.targets() {
            let store = naive::get(target.nic, "virtualMachine").map(naive::id);
            let store = store.unwrap_or_else(|| naive::id(target.nic));
            // With its subnet gone, an address that is not told may be any.
            if naive::get(target.config, "privateIPAddress").is_none() {
                continue;
            }
            let own = twin.address(&target);
            for packet in packets(&mut random, own.v6, 25) {
                let (full, part) = (
                    reported(&before, &store, own, packet),
                    reported(&after, &store, own, packet),
                );
                lost += usize::from(full != part);
                assert!(
                    full == part || full == Three::Unknown || part == Three::Unknown,
                    "seed {seed}: {packet:?} to {own:?} of {store}: {full:?} with everything, {part:?} with\n{:#}\nwhole:\n{:#}",
                    json!(documents),
                    json!(whole)
                );
            }
        }
    }
    assert!(lost > 100, "what was left out changed only {lost} answers");
}
