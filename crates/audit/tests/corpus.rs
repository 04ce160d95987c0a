//! Whole audits of real exports, reviewed by hand. Skipped, saying so, where
//! they are absent.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test reads its data and says when it has none"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use celador_audit::inventory::{Inventory, parse as parse_inventory};
use celador_audit::report::VerdictReport;
use celador_audit::{Options, Ports, audit};
use celador_catalog::Catalog;
use celador_cloud::azure::{ServiceTags, convert, parse};
use expect_test::{Expect, expect};

/// Every machine is asked about every port of TCP and UDP.
fn check(name: &str, expect: &Expect) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/corpus/azure")
        .join(name);
    let Ok(entries) = std::fs::read_dir(&root) else {
        eprintln!("skipped: no {}", root.display());
        return;
    };
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    let parsed = paths
        .iter()
        .map(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy());
            let name: Arc<str> = name.unwrap_or_default().into();
            parse(name, &std::fs::read(path).expect("a file")).expect("real configuration")
        })
        .collect();
    let snapshot = convert(parsed, &ServiceTags::embedded());
    let mut stores = String::from("stores:\n");
    for host in &snapshot.hosts {
        let _ = writeln!(stores, "- {{id: {}, resource: \"{}\"}}", host.name, host.id);
    }
    let inventory: Inventory = parse_inventory("stores.yaml", stores.as_bytes()).expect("ids");
    let options = Options {
        ports: Ports::All,
        ..Options::default()
    };
    let report = audit(&snapshot, Catalog::embedded(), &inventory, &options);
    let mut out = String::new();
    for store in &report.stores {
        for endpoint in &store.endpoints {
            let verdict = match endpoint.verdict {
                VerdictReport::Exposed => "exposed",
                VerdictReport::Undetermined => "undetermined",
                VerdictReport::NotExposed => "not exposed",
            };
            let _ = write!(
                out,
                "{} {} {} {}: {verdict}",
                store.id, endpoint.address, endpoint.protocol, endpoint.ports
            );
            for span in &endpoint.exposure {
                let _ = write!(
                    out,
                    " to {} from ports {}",
                    span.sources.join(" "),
                    span.source_ports
                );
            }
            if let Some(witness) = &endpoint.witness {
                let _ = write!(
                    out,
                    ", {} > {}:{}",
                    witness.src,
                    witness.dst.as_deref().unwrap_or("?"),
                    witness.dst_port.unwrap_or_default()
                );
            }
            for rule in &endpoint.deciding {
                let _ = write!(
                    out,
                    ", {} {} {} {}#{}",
                    rule.layer,
                    rule.action,
                    rule.rule.as_deref().unwrap_or("-"),
                    rule.file.as_deref().unwrap_or("-"),
                    rule.pointer.as_deref().unwrap_or_default()
                );
            }
            if let Some(reason) = &endpoint.reason {
                let _ = write!(out, " ({reason})");
            }
            out.push('\n');
        }
    }
    expect.assert_eq(&out);
}

#[test]
fn two_machines_with_filters_at_both_levels() {
    check(
        "vm-and-nsg",
        &expect![[r"
        VM1 10.0.0.4 tcp 0-21: not exposed, nic-nsg deny DenyAnyCustomAnyInbound VM1-nsg.json#/properties/securityRules/2
        VM1 10.0.0.4 tcp 23-8079: not exposed, nic-nsg deny DenyAnyCustomAnyInbound VM1-nsg.json#/properties/securityRules/2
        VM1 10.0.0.4 tcp 8081-65535: not exposed, nic-nsg deny DenyAnyCustomAnyInbound VM1-nsg.json#/properties/securityRules/2
        VM1 10.0.0.4 tcp 22: exposed to 0.0.0.0/0 from ports 0-65535, 198.51.100.7 > 40.91.194.198:22, nic-nsg allow SSH VM1-nsg.json#/properties/securityRules/0
        VM1 10.0.0.4 tcp 8080: exposed to 0.0.0.0/0 from ports 0-65535, 198.51.100.7 > 40.91.194.198:8080, nic-nsg allow SSH VM1-nsg.json#/properties/securityRules/0
        VM1 10.0.0.4 udp 0-65535: exposed to 0.0.0.0/0 from ports 0-65535, 198.51.100.7 > 40.91.194.198:0, nic-nsg allow AllowAnyCustomAnyInbound VM1-nsg.json#/properties/securityRules/1
        VM2 10.0.1.4 tcp 0-65535: not exposed (no public address or load balancer leads here)
        VM2 10.0.1.4 udp 0-65535: not exposed (no public address or load balancer leads here)
    "]],
    );
}

#[test]
fn no_public_address_at_all() {
    check(
        "nsg-both-levels",
        &expect![[r"
        VM1 10.0.0.4 tcp 0-65535: not exposed (no public address or load balancer leads here)
        VM1 10.0.0.4 udp 0-65535: not exposed (no public address or load balancer leads here)
        VM2 10.0.1.5 tcp 0-65535: not exposed (no public address or load balancer leads here)
        VM2 10.0.1.5 udp 0-65535: not exposed (no public address or load balancer leads here)
        VM3 10.0.1.6 tcp 0-65535: not exposed (no public address or load balancer leads here)
        VM3 10.0.1.6 udp 0-65535: not exposed (no public address or load balancer leads here)
    "]],
    );
}

#[test]
fn a_nat_gateway_is_no_way_in() {
    check(
        "nat-gateway",
        &expect![[r"
        VM1 10.0.0.4 tcp 0-65535: not exposed (a Standard public address lets nothing in without a network security group that allows it)
        VM1 10.0.0.4 udp 0-65535: not exposed (a Standard public address lets nothing in without a network security group that allows it)
        VM2 10.0.1.5 tcp 0-65535: not exposed (a Standard public address lets nothing in without a network security group that allows it)
        VM2 10.0.1.5 udp 0-65535: not exposed (a Standard public address lets nothing in without a network security group that allows it)
    "]],
    );
}
