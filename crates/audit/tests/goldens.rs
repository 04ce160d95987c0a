//! What today's tools get wrong, one line a case.
//!
//! Each case is a network security group before one Elasticsearch machine; the
//! expectation is written from Azure's documentation: the verdict for port 9200
//! and the exact sources.

use std::sync::Arc;

use celador_audit::inventory::Inventory;
use celador_audit::report::{EndpointReport, VerdictReport};
use celador_audit::{Options, audit, diff};
use celador_catalog::Catalog;
use celador_cloud::Snapshot;
use celador_cloud::azure::{ServiceTags, convert, parse};
use serde_json::{Value, json};

const NET: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";

/// A rule from `priority access source ports`, the source and ports as lists
/// separated by commas.
fn rule(text: &str) -> Value {
    let parts: Vec<&str> = text.split(' ').collect();
    let [priority, access, source, ports] = parts.as_slice() else {
        panic!("a rule is four words: {text}");
    };
    let list = |text: &str| text.split(',').map(str::to_owned).collect::<Vec<_>>();
    json!({"name": format!("{access}-{priority}"), "properties": {
        "priority": priority.parse::<u32>().expect("a priority"), "access": access,
        "direction": "Inbound", "protocol": "Tcp", "sourcePortRange": "*",
        "sourceAddressPrefixes": list(source), "destinationPortRanges": list(ports),
        "destinationAddressPrefix": "*"}})
}

fn nsg(name: &str, rules: &[&str]) -> Value {
    let rules: Vec<Value> = rules.iter().map(|text| rule(text)).collect();
    json!({"id": format!("{NET}/networkSecurityGroups/{name}"), "name": name,
        "type": "Microsoft.Network/networkSecurityGroups", "properties": {"securityRules": rules}})
}

/// The parts of the network that the cases change.
struct Setting {
    subnet: Value,
    vnet: Value,
    config: Value,
    nic: Value,
    public: Value,
    more: Vec<Value>,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            subnet: json!({}),
            vnet: json!({}),
            config: json!({"publicIPAddress": {"id": format!("{NET}/publicIPAddresses/pip")}}),
            nic: json!({}),
            public: json!({"sku": {"name": "Standard"}}),
            more: Vec::new(),
        }
    }
}

fn merge(mut base: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().expect("an object") {
        base[key] = value.clone();
    }
    base
}

fn reference(kind: &str, name: &str) -> Value {
    json!({"id": format!("{NET}/{kind}/{name}")})
}

fn network(setting: &Setting) -> Value {
    let subnet = merge(json!({"addressPrefix": "10.0.1.0/24"}), &setting.subnet);
    let vnet = merge(
        json!({"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [
            {"id": format!("{NET}/virtualNetworks/v/subnets/s"), "name": "s", "properties": subnet}]}),
        &setting.vnet,
    );
    let config = merge(
        json!({"privateIPAddress": "10.0.1.4",
            "subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/s")}}),
        &setting.config,
    );
    let nic = merge(
        json!({"ipConfigurations": [{"name": "c", "id": format!("{NET}/networkInterfaces/es-1/ipConfigurations/c"),
            "properties": config}]}),
        &setting.nic,
    );
    let mut all = vec![
        json!({"id": format!("{NET}/virtualNetworks/v"), "type": "Microsoft.Network/virtualNetworks", "properties": vnet}),
        json!({"id": format!("{NET}/networkInterfaces/es-1"), "name": "es-1",
            "type": "Microsoft.Network/networkInterfaces", "properties": nic}),
        merge(
            json!({"id": format!("{NET}/publicIPAddresses/pip"), "name": "pip",
            "type": "Microsoft.Network/publicIPAddresses", "properties": {"ipAddress": "203.0.113.9"}}),
            &setting.public,
        ),
    ];
    all.extend(setting.more.clone());
    Value::Array(all)
}

fn snapshot(network: &Value) -> Snapshot {
    let parsed = parse(Arc::from("net.json"), network.to_string().as_bytes()).expect("well formed");
    convert(vec![parsed], &ServiceTags::embedded())
}

fn judge(network: &Value) -> EndpointReport {
    let report = audit(
        &snapshot(network),
        Catalog::embedded(),
        &Inventory::default(),
        &Options::default(),
    );
    report.stores[0]
        .endpoints
        .iter()
        .find(|endpoint| endpoint.ports == "9200")
        .expect("the port is judged")
        .clone()
}

/// `exposed 1.0.0.0/8, 2.0.0.0/8`, `not exposed`, or `undetermined`.
fn check(setting: &Setting, expect: &str) {
    let endpoint = judge(&network(setting));
    let sources: Vec<String> = endpoint
        .exposure
        .iter()
        .flat_map(|span| span.sources.clone())
        .collect();
    let got = match endpoint.verdict {
        VerdictReport::Exposed => format!("exposed {}", sources.join(", ")),
        VerdictReport::NotExposed => "not exposed".to_owned(),
        VerdictReport::Undetermined => "undetermined".to_owned(),
    };
    assert_eq!(got, expect, "{endpoint:#?}");
    assert_eq!(
        endpoint.witness.is_some(),
        endpoint.verdict == VerdictReport::Exposed
    );
    assert_eq!(
        endpoint.verdict == VerdictReport::Undetermined,
        endpoint.verdict != VerdictReport::Exposed && !endpoint.possible.is_empty()
    );
}

fn behind(rules: &[&str]) -> Setting {
    Setting {
        subnet: json!({"networkSecurityGroup": reference("networkSecurityGroups", "n")}),
        more: vec![nsg("n", rules)],
        ..Setting::default()
    }
}

#[test]
fn every_way_to_say_everybody() {
    for source in [
        "*",
        "Internet",
        "internet",
        "Any",
        "0.0.0.0/0",
        "0.0.0.0/1,128.0.0.0/1",
        "0.0.0.0/0,::/0",
    ] {
        check(
            &behind(&[&format!("100 Allow {source} 9200")]),
            "exposed 0.0.0.0/0",
        );
    }
    check(&behind(&["100 Allow ::/0 9200"]), "not exposed");
    check(&behind(&["100 Allow 1.0.0.0/8 9200"]), "exposed 1.0.0.0/8");
}

#[test]
fn ports_in_every_form() {
    for ports in ["22,9200-9300", "*", "9200", "0-65535", "9200-9200,9200"] {
        check(
            &behind(&[&format!("100 Allow * {ports}")]),
            "exposed 0.0.0.0/0",
        );
    }
    for ports in ["22,9201-9300", "9199", "0-9199"] {
        check(&behind(&[&format!("100 Allow * {ports}")]), "not exposed");
    }
}

#[test]
fn the_first_match_decides() {
    check(
        &behind(&["200 Allow * 9200", "100 Deny * 9200"]),
        "not exposed",
    );
    check(
        &behind(&[
            "200 Allow * 9200",
            "100 Deny 0.0.0.0/1 *",
            "110 Deny 128.0.0.0/1 *",
        ]),
        "not exposed",
    );
    check(
        &behind(&["200 Allow * 9200", "100 Deny 0.0.0.0/1 *"]),
        "exposed 128.0.0.0/1",
    );
    check(
        &behind(&["200 Deny * 9200", "100 Allow 198.51.100.7 9200"]),
        "exposed 198.51.100.7/32",
    );
}

#[test]
fn both_layers_must_allow() {
    let both = |subnet: &[&str], nic: &[&str]| Setting {
        nic: json!({"networkSecurityGroup": reference("networkSecurityGroups", "card")}),
        more: vec![nsg("n", subnet), nsg("card", nic)],
        ..behind(&[])
    };
    check(&both(&[], &["100 Allow * *"]), "not exposed");
    check(&both(&["100 Allow * *"], &[]), "not exposed");
    check(
        &both(&["100 Allow 0.0.0.0/1 *"], &["100 Allow 64.0.0.0/2 9200"]),
        "exposed 64.0.0.0/2",
    );
}

#[test]
fn what_is_absent_is_undetermined_only_where_it_matters() {
    let absent = |rules: &[&str]| Setting {
        nic: json!({"networkSecurityGroup": reference("networkSecurityGroups", "gone")}),
        ..behind(rules)
    };
    check(&absent(&["100 Allow * *"]), "undetermined");
    check(&absent(&[]), "not exposed");
    check(&behind(&["100 Allow NoSuchTag 9200"]), "undetermined");
    check(
        &behind(&["100 Deny NoSuchTag 9200", "200 Allow * 9200"]),
        "undetermined",
    );
    check(
        &behind(&["100 Deny * 9200", "200 Allow NoSuchTag 9200"]),
        "not exposed",
    );
    // What is certain is said, and that there may be more.
    let partly = behind(&["100 Allow 1.0.0.0/8 9200", "200 Allow NoSuchTag 9200"]);
    check(&partly, "exposed 1.0.0.0/8");
    let endpoint = judge(&network(&partly));
    assert!(!endpoint.possible.is_empty() && endpoint.reason.is_some());
}

#[test]
fn without_any_filter_the_sku_decides() {
    let public = |sku: Value| Setting {
        public: sku,
        ..Setting::default()
    };
    check(&public(json!({"sku": {"name": "Standard"}})), "not exposed");
    check(
        &public(json!({"sku": {"name": "Basic"}})),
        "exposed 0.0.0.0/0",
    );
    check(&public(json!({})), "undetermined");
    check(
        &Setting {
            config: json!({}),
            public: json!({"sku": {"name": "Basic"}}),
            ..Setting::default()
        },
        "not exposed",
    );
}

#[test]
fn routes_and_peerings_widen_the_virtual_network() {
    let table = |prefix: &str| {
        json!({"id": format!("{NET}/routeTables/t"), "type": "Microsoft.Network/routeTables",
            "properties": {"routes": [{"name": "r", "properties": {"addressPrefix": prefix, "nextHopType": "VirtualAppliance"}}]}})
    };
    let routed = |tables: Vec<Value>| {
        let mut setting = behind(&[]);
        setting.subnet["routeTable"] = reference("routeTables", "t");
        setting.more.extend(tables);
        setting
    };
    check(&routed(vec![table("0.0.0.0/0")]), "exposed 0.0.0.0/0");
    check(
        &routed(vec![table("198.51.100.0/24")]),
        "exposed 198.51.100.0/24",
    );
    check(&routed(vec![table("10.9.0.0/16")]), "not exposed");
    check(&routed(Vec::new()), "undetermined");
    let peered = |state: &str| Setting {
        vnet: json!({"virtualNetworkPeerings": [{"name": "p", "properties": {"peeringState": state,
            "remoteVirtualNetwork": {"id": format!("{NET}/virtualNetworks/other")},
            "remoteAddressSpace": {"addressPrefixes": ["198.51.100.0/24"]}}}]}),
        ..behind(&[])
    };
    check(&peered("Connected"), "exposed 198.51.100.0/24");
    check(&peered("Disconnected"), "not exposed");
}

#[test]
fn a_load_balancer_keeps_the_client_and_shows_the_backend_port() {
    let balanced = |sku: &str, rules: &[&str]| {
        let lb = json!({"id": format!("{NET}/loadBalancers/lb"), "name": "lb", "sku": {"name": sku},
            "type": "Microsoft.Network/loadBalancers", "properties": {
            "frontendIPConfigurations": [{"id": format!("{NET}/loadBalancers/lb/frontendIPConfigurations/f"),
                "properties": {"publicIPAddress": reference("publicIPAddresses", "pip")}}],
            "backendAddressPools": [{"id": format!("{NET}/loadBalancers/lb/backendAddressPools/p"), "properties": {}}],
            "loadBalancingRules": [{"name": "r", "properties": {"protocol": "Tcp", "frontendPort": 80, "backendPort": 9200,
                "frontendIPConfiguration": {"id": format!("{NET}/loadBalancers/lb/frontendIPConfigurations/f")},
                "backendAddressPool": {"id": format!("{NET}/loadBalancers/lb/backendAddressPools/p")}}}]}});
        let mut setting = behind(rules);
        setting.config = json!({"loadBalancerBackendAddressPools": [{"id": format!("{NET}/loadBalancers/lb/backendAddressPools/p")}]});
        setting.more.push(lb);
        setting
    };
    let open = balanced("Standard", &["100 Allow * 9200"]);
    check(&open, "exposed 0.0.0.0/0");
    let witness = judge(&network(&open)).witness.expect("exposed");
    assert_eq!(
        (witness.dst.as_deref(), witness.dst_port),
        (Some("203.0.113.9"), Some(80))
    );
    // The rule sees the backend's port, not the frontend's.
    check(&balanced("Standard", &["100 Allow * 80"]), "not exposed");
    let mut absent = balanced("Standard", &["100 Allow * 9200"]);
    absent.more.pop();
    check(&absent, "undetermined");
}

#[test]
fn a_page_that_is_missing_may_lead_anywhere() {
    let private = |rules: &[&str]| Setting {
        config: json!({}),
        ..behind(rules)
    };
    let page = |setting: &Setting| json!({"data": network(setting), "skip_token": "next"});
    let verdict = |network: &Value| judge(network).verdict;
    let open = private(&["100 Allow * 9200"]);
    assert_eq!(verdict(&network(&open)), VerdictReport::NotExposed);
    assert_eq!(verdict(&page(&open)), VerdictReport::Undetermined);
    // What the group stops, it stops whatever leads there.
    assert_eq!(verdict(&page(&private(&[]))), VerdictReport::NotExposed);
}

#[test]
fn microsofts_own_addresses_are_on_the_internet() {
    let endpoint = judge(&network(&behind(&["100 Allow AzureCloud 9200"])));
    assert_eq!(endpoint.verdict, VerdictReport::Exposed);
    assert!(endpoint.exposure[0].sources.len() > 1000);
    check(
        &behind(&["100 Allow AzureLoadBalancer 9200"]),
        "not exposed",
    );
    check(&behind(&["100 Allow VirtualNetwork 9200"]), "not exposed");
}

#[test]
fn wrong_types_are_errors_with_a_place() {
    let mut broken = network(&behind(&["100 Allow * 9200"]));
    broken[3]["properties"]["securityRules"][0]["properties"]["priority"] = json!({"no": 1});
    let error =
        parse(Arc::from("net.json"), broken.to_string().as_bytes()).expect_err("a wrong type");
    assert_eq!(
        error.to_string(),
        "net.json#/3/properties/securityRules/0/properties/priority: expected a number, found an object"
    );
    for (text, part) in [
        ("{\"id\": 1", "truncated"),
        ("{\"id\": \"/a\", \"id\": \"/b\"}", "twice"),
        ("{\"hello\": 1}", "no Azure resource"),
        ("", "empty"),
    ] {
        let error = parse(Arc::from("net.json"), text.as_bytes()).expect_err(part);
        assert!(error.to_string().contains(part), "{error}");
    }
    let deep = "[".repeat(100_000);
    assert!(
        parse(Arc::from("net.json"), deep.as_bytes())
            .expect_err("too deep")
            .to_string()
            .contains("128")
    );
}

/// What opens and closes at port 9200, as `+sources` and `-sources`.
fn compare(before: &Setting, after: &Setting) -> String {
    let report = diff(
        &snapshot(&network(before)),
        &snapshot(&network(after)),
        Catalog::embedded(),
        &Inventory::default(),
        &Options::default(),
    );
    let mut out = Vec::new();
    for (sign, changes) in [
        ("+", &report.opened),
        ("-", &report.closed),
        ("?", &report.undetermined),
    ] {
        for change in changes.iter().filter(|change| change.ports == "9200") {
            out.push(format!("{sign}{}", change.sources.join(",")));
        }
    }
    out.join(" ")
}

#[test]
fn a_diff_is_by_meaning() {
    let one = behind(&["100 Deny 1.0.0.0/8 *", "200 Allow * 9200"]);
    for same in [
        behind(&["300 Allow * 9200", "150 Deny 1.0.0.0/8 *"]),
        behind(&[
            "100 Deny 1.0.0.0/9,1.128.0.0/9 *",
            "200 Allow 0.0.0.0/1 9200",
            "201 Allow 128.0.0.0/1 9200",
        ]),
        behind(&[
            "100 Deny 1.0.0.0/8 0-9199,9200-65535",
            "200 Allow Internet 9200",
            "4000 Deny * *",
        ]),
    ] {
        assert_eq!(compare(&one, &same), "");
    }
    assert_eq!(compare(&one, &behind(&["200 Allow * 9200"])), "+1.0.0.0/8");
    assert_eq!(compare(&behind(&["200 Allow * 9200"]), &one), "-1.0.0.0/8");
    let unknown = behind(&["100 Allow NoSuchTag 9200"]);
    assert_eq!(compare(&unknown, &unknown), "");
    assert_eq!(compare(&unknown, &behind(&[])), "?0.0.0.0/0");
    assert_eq!(
        compare(
            &unknown,
            &behind(&["100 Deny NoSuchTag 9200", "200 Allow * 9200"])
        ),
        "?0.0.0.0/0"
    );
}
