//! Real exports, reviewed by hand. Skipped, saying so, where they are absent.
#![expect(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test reads its data and says when it has none"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use celador_cloud::Snapshot;
use celador_cloud::azure::{ServiceTags, convert, parse};
use celador_model::internet::internet;
use celador_model::{PortSet, Protocol};
use celador_reach::network::Gate;
use celador_reach::question::exposure::judge;
use expect_test::{Expect, expect};

fn folder(name: &str) -> Option<Snapshot> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/corpus/azure")
        .join(name);
    let Ok(entries) = std::fs::read_dir(&root) else {
        eprintln!("skipped: no {}", root.display());
        return None;
    };
    let mut paths: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    paths.sort();
    let parsed = paths
        .iter()
        .map(|path| {
            let name: Arc<str> = path
                .file_name()
                .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
                .into();
            parse(name, &std::fs::read(path).expect("a file")).expect("real configuration")
        })
        .collect();
    Some(convert(parsed, &ServiceTags::embedded()))
}

/// What stands before each machine, and which TCP ports the Internet reaches.
fn summary(snapshot: &Snapshot) -> String {
    let network = &snapshot.network;
    let mut out = String::new();
    for host in &snapshot.hosts {
        let _ = writeln!(
            out,
            "{} {} ({})",
            host.kind,
            host.name,
            host.names.join(", ")
        );
        for id in &host.interfaces {
            let interface = &network.interfaces[id.index()];
            let _ = write!(out, "  {}", interface.address.net().addr());
            for layer in &interface.layers {
                let gate = match layer.gate {
                    Gate::Open => "none".to_owned(),
                    Gate::Filter(filter) => network.filters[filter.index()].name.clone(),
                    Gate::Unknown(unknown) => {
                        format!("? ({})", network.unknowns[unknown.index()].reason)
                    }
                };
                let _ = write!(out, ", {} {gate}", layer.kind);
            }
            for path in &interface.paths {
                let hops: Vec<&str> = path.hops.iter().map(|hop| hop.name.as_str()).collect();
                let public = path
                    .public
                    .map_or_else(|| "?".to_owned(), |addr| addr.to_string());
                let _ = write!(out, ", via {} {public}", hops.join(" > "));
            }
            let mut open = PortSet::empty();
            let mut doubtful = PortSet::empty();
            for slice in judge(
                network,
                interface,
                Protocol::Tcp,
                &PortSet::full(),
                &internet(),
            ) {
                if !slice.outcome.allowed.is_empty() {
                    open = open.union(&slice.ports);
                } else if !slice.outcome.doubtful.is_empty() {
                    doubtful = doubtful.union(&slice.ports);
                }
            }
            let _ = writeln!(out, ": open [{open}] undetermined [{doubtful}]");
        }
    }
    for warning in &snapshot.warnings {
        let _ = writeln!(out, "{}: {}", warning.origin, warning.message);
    }
    out
}

fn check(name: &str, expect: &Expect) {
    if let Some(snapshot) = folder(name) {
        expect.assert_eq(&summary(&snapshot));
    }
}

#[test]
fn two_machines_with_filters_at_both_levels() {
    check(
        "vm-and-nsg",
        &expect![[r"
        vm VM1 (VM1, vm1346)
          10.0.0.4, subnet-nsg none, nic-nsg VM1-nsg, via VM1-ip 40.91.194.198: open [22,8080] undetermined []
        vm VM2 (VM2, vm235)
          10.0.1.4, subnet-nsg subnet-nsg, nic-nsg VM2-nsg: open [] undetermined []
    "]],
    );
}

#[test]
fn five_interfaces() {
    check(
        "nsg-both-levels",
        &expect![[r"
        vm VM1 (VM1, vm1346)
          10.0.0.4, subnet-nsg none, nic-nsg none: open [] undetermined []
        vm VM2 (VM2, vm235)
          10.0.1.5, subnet-nsg testNsgSubnet, nic-nsg testNsg: open [] undetermined []
        vm VM3 (VM3, vm345)
          10.0.1.6, subnet-nsg testNsgSubnet, nic-nsg none: open [] undetermined []
    "]],
    );
}

#[test]
fn a_nat_gateway_is_no_way_in() {
    check(
        "nat-gateway",
        &expect![[r"
        vm VM1 (VM1, vm1346)
          10.0.0.4, subnet-nsg none, nic-nsg none, via public-ip-address-2 80.41.19.20: open [] undetermined []
        vm VM2 (VM2, vm235)
          10.0.1.5, subnet-nsg none, nic-nsg none, via public-ip-address-2 80.41.19.20: open [] undetermined []
        vm1346.json#/properties/ipConfigurations/0: ipconfig1 and the public address public-ip-address-2 disagree on whether they belong together; what depends on it is undetermined
        vm235.json#/properties/ipConfigurations/0: ipconfig1 and the public address public-ip-address-2 disagree on whether they belong together; what depends on it is undetermined
    "]],
    );
}
