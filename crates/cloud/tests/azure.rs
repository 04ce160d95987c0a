//! Azure configuration to answers, one case a line of Azure's semantics.
//!
//! Every case is a list of resources; the expectation is what TCP port 9200 of
//! each interface answers to the Internet, written from Azure's documentation.
//! Addresses are from reserved ranges and every name is invented.

use std::fmt::Write as _;
use std::sync::Arc;

use celador_cloud::Snapshot;
use celador_cloud::azure::{InputError, ServiceTags, convert, parse};
use celador_model::internet::internet;
use celador_model::{Interval, PortSet, Protocol};
use celador_reach::network::Forward;
use celador_reach::question::exposure::judge;
use serde_json::{Value, json};

const SUB: &str = "/subscriptions/s/resourceGroups/g/providers";
const NET: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
const COMPUTE: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute";

fn id(kind: &str, name: &str) -> Value {
    json!({"id": format!("{NET}/{kind}/{name}")})
}

#[expect(clippy::needless_pass_by_value, reason = "calls are literals")]
fn resource(kind: &str, name: &str, properties: Value) -> Value {
    let namespace = if kind.starts_with("virtualMachine") {
        "Microsoft.Compute"
    } else {
        "Microsoft.Network"
    };
    json!({"id": format!("{SUB}/{namespace}/{kind}/{name}"), "name": name,
        "type": format!("{namespace}/{kind}"), "properties": properties})
}

/// The first object with the members of the second put in.
fn with(mut base: Value, more: &Value) -> Value {
    for (key, value) in more.as_object().expect("an object") {
        if base[key].is_object() && value.is_object() {
            base[key] = with(base[key].clone(), value);
        } else {
            base[key] = value.clone();
        }
    }
    base
}

/// A rule from `priority access source port`.
fn rule(text: &str) -> Value {
    let parts: Vec<&str> = text.split(' ').collect();
    let [priority, access, source, port] = parts.as_slice() else {
        panic!("a rule is four words: {text}");
    };
    json!({"name": format!("{access}-{priority}"), "properties": {
        "priority": priority.parse::<u32>().expect("a priority"), "access": access,
        "direction": "Inbound", "protocol": "Tcp", "sourcePortRange": "*",
        "sourceAddressPrefix": source, "destinationPortRange": port, "destinationAddressPrefix": "*"}})
}

fn nsg(name: &str, rules: &[&str]) -> Value {
    let rules: Vec<Value> = rules.iter().map(|text| rule(text)).collect();
    resource(
        "networkSecurityGroups",
        name,
        json!({"securityRules": rules}),
    )
}

fn vnet(subnet: &Value) -> Value {
    let subnet = with(json!({"addressPrefix": "10.0.1.0/24"}), subnet);
    resource(
        "virtualNetworks",
        "v",
        json!({"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "subnets": [
        {"id": format!("{NET}/virtualNetworks/v/subnets/s"), "name": "s", "properties": subnet}]}),
    )
}

/// An interface at 10.0.1.4 with a public address `pip`.
fn nic(config: &Value, more: &Value) -> Value {
    let config = with(
        json!({"privateIPAddress": "10.0.1.4", "publicIPAddress": id("publicIPAddresses", "pip"),
            "subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/s")}}),
        config,
    );
    let card = json!({"ipConfigurations": [{"name": "c", "properties": config,
        "id": format!("{NET}/networkInterfaces/n/ipConfigurations/c")}]});
    resource("networkInterfaces", "n", with(card, more))
}

fn pip(sku: &str) -> Value {
    with(
        resource(
            "publicIPAddresses",
            "pip",
            json!({"ipAddress": "203.0.113.9"}),
        ),
        &json!({"sku": {"name": sku}}),
    )
}

fn inner() -> Value {
    json!({"networkSecurityGroup": id("networkSecurityGroups", "inner")})
}

/// The usual network: one machine with a public address, its own filter open.
fn open() -> Vec<Value> {
    vec![
        vnet(&json!({})),
        nic(&json!({}), &inner()),
        pip("Standard"),
        nsg("inner", &["100 Allow * 9200"]),
    ]
}

/// The usual network behind a load balancer, with the balancer's properties.
fn balanced(config: &Value, balancer: &Value) -> Vec<Value> {
    let lb = with(
        resource(
            "loadBalancers",
            "lb",
            json!({
                "frontendIPConfigurations": [{"name": "f", "id": format!("{NET}/loadBalancers/lb/frontendIPConfigurations/f"),
                    "properties": {"publicIPAddress": id("publicIPAddresses", "pip")}}],
                "backendAddressPools": [{"name": "p", "id": format!("{NET}/loadBalancers/lb/backendAddressPools/p"), "properties": {}}],
            }),
        ),
        &json!({"sku": {"name": "Standard"}, "properties": balancer}),
    );
    vec![
        vnet(&json!({})),
        nic(&with(json!({"publicIPAddress": null}), config), &inner()),
        pip("Standard"),
        nsg("inner", &["100 Allow * 9200"]),
        lb,
    ]
}

fn pool() -> Value {
    json!({"loadBalancerBackendAddressPools": [{"id": format!("{NET}/loadBalancers/lb/backendAddressPools/p")}]})
}

fn balancing(more: &Value) -> Value {
    json!({"loadBalancingRules": [{"name": "r", "properties": with(json!({
        "frontendIPConfiguration": {"id": format!("{NET}/loadBalancers/lb/frontendIPConfigurations/f")},
        "backendAddressPool": {"id": format!("{NET}/loadBalancers/lb/backendAddressPools/p")},
        "protocol": "Tcp", "frontendPort": 80, "backendPort": 9200}), more)}]})
}

fn read(files: &[(&str, String)]) -> Result<Snapshot, InputError> {
    let parsed = files
        .iter()
        .map(|(name, text)| parse(Arc::from(*name), text.as_bytes()))
        .collect::<Result<_, _>>()?;
    Ok(convert(parsed, &ServiceTags::embedded()))
}

fn snapshot(resources: &[Value]) -> Snapshot {
    read(&[("net.json", json!(resources).to_string())]).expect("well formed")
}

/// `address: answer`, a line for each interface.
fn answers(snapshot: &Snapshot) -> String {
    let network = &snapshot.network;
    let port: PortSet = std::iter::once(Interval::single(9200)).collect();
    let mut lines: Vec<String> = Vec::new();
    for interface in &network.interfaces {
        let slices = judge(network, interface, Protocol::Tcp, &port, &internet());
        let [slice] = slices.as_slice() else {
            panic!("one port is one slice")
        };
        let mut line = format!("{}: ", interface.address.net().addr());
        if slice.outcome.allowed.is_empty() && slice.outcome.doubtful.is_empty() {
            line.push_str("closed");
        }
        for span in &slice.outcome.allowed {
            let all = span.sources == internet()
                || span.sources.v6.is_empty() && span.sources.v4 == internet().v4
                || span.sources.v4.is_empty() && span.sources.v6 == internet().v6;
            if all {
                line.push_str("open to all ");
            } else {
                let v4 = span.sources.v4.intervals().iter().map(|part| {
                    format!(
                        "{}-{} ",
                        std::net::Ipv4Addr::from_bits(part.lo),
                        std::net::Ipv4Addr::from_bits(part.hi)
                    )
                });
                let v6 = span.sources.v6.intervals().iter().map(|part| {
                    format!(
                        "{}-{} ",
                        std::net::Ipv6Addr::from_bits(part.lo),
                        std::net::Ipv6Addr::from_bits(part.hi)
                    )
                });
                let _ = write!(line, "open to {}", v4.chain(v6).collect::<String>());
            }
        }
        if !slice.outcome.doubtful.is_empty() {
            let reasons: Vec<String> = slice
                .outcome
                .reasons
                .iter()
                .map(|reason| reason.describe(network, interface))
                .collect();
            let _ = write!(line, "undetermined: {}", reasons.join("; "));
        }
        lines.push(line.trim_end().to_owned());
    }
    lines.sort();
    lines.join("\n")
}

/// Expectations may end early with `…`.
fn check(resources: &[Value], expect: &str) {
    let snapshot = snapshot(resources);
    let got = answers(&snapshot);
    let same = expect
        .strip_suffix('…')
        .map_or(got == expect, |start| got.starts_with(start));
    assert!(
        same,
        "expected\n{expect}\ngot\n{got}\nwarnings {:#?}",
        snapshot.warnings
    );
}

fn warnings(snapshot: &Snapshot) -> Vec<String> {
    snapshot
        .warnings
        .iter()
        .map(|warning| format!("{}: {}", warning.origin, warning.message))
        .collect()
}

// ---- layers and associations ----------------------------------------------

#[test]
fn layers() {
    check(&open(), "10.0.1.4: open to all");
    let mut closed = open();
    closed[0] = vnet(&json!({"networkSecurityGroup": id("networkSecurityGroups", "outer")}));
    closed.push(nsg("outer", &["100 Deny * 9200"]));
    check(&closed, "10.0.1.4: closed");
    // No filter at all: the SKU decides.
    let bare = |sku: &str| vec![vnet(&json!({})), nic(&json!({}), &json!({})), pip(sku)];
    check(&bare("Basic"), "10.0.1.4: open to all");
    check(&bare("Standard"), "10.0.1.4: closed");
    check(&bare("Unheard"), "10.0.1.4: undetermined: …");
}

#[test]
fn associations_are_read_from_either_side() {
    let mut back = open();
    back[1] = nic(&json!({}), &json!({}));
    // The interface is in the input and says nothing: the two disagree.
    back[3]["properties"]["networkInterfaces"] = json!([id("networkInterfaces", "n")]);
    check(&back, "10.0.1.4: undetermined: …");
    // The subnet is not in the input: the filter's word is all there is.
    let mut absent = open();
    absent.remove(0);
    absent.push(nsg("outer", &["100 Allow 198.51.100.0/24 9200"]));
    let last = absent.len() - 1;
    absent[last]["properties"]["subnets"] =
        json!([{"id": format!("{NET}/virtualNetworks/v/subnets/s")}]);
    // Beyond the rule, VirtualNetwork may be anything.
    check(
        &absent,
        "10.0.1.4: open to 198.51.100.0-198.51.100.255 undetermined: …",
    );
    absent.pop();
    check(&absent, "10.0.1.4: undetermined: …");
}

#[test]
fn what_is_absent_is_undetermined() {
    let mut no_nsg = open();
    no_nsg.remove(3);
    check(
        &no_nsg,
        "10.0.1.4: undetermined: the network security group inner is not in the input",
    );
    let mut no_pip = open();
    no_pip.remove(2);
    check(
        &no_pip,
        "10.0.1.4: undetermined: the public address pip is not in the input",
    );
    // A group whose rules are not part of the export is not an empty one.
    let mut unread = open();
    unread[3] = json!({"id": format!("{NET}/networkSecurityGroups/inner"), "type": "Microsoft.Network/networkSecurityGroups", "name": "inner"});
    check(&unread, "10.0.1.4: undetermined: …");
    let mut no_configs = open();
    no_configs[1]["properties"]["ipConfigurations"] = json!(null);
    check(&no_configs, "0.0.0.0: undetermined: …");
    check(
        &[resource("virtualMachines", "vm", json!({}))],
        "0.0.0.0: undetermined: …",
    );
    let gone = json!({"networkProfile": {"networkInterfaces": [id("networkInterfaces", "gone")]}});
    check(
        &[resource("virtualMachines", "vm", gone)],
        "0.0.0.0: undetermined: the interface gone is not in the input",
    );
    check(
        &[resource("virtualMachineScaleSets", "ss", json!({}))],
        "0.0.0.0: undetermined: …",
    );
}

// ---- rules -----------------------------------------------------------------

/// The one filter is a single rule with these properties.
fn ruled(properties: &Value, expect: &str) {
    let base = rule("100 Allow * 9200")["properties"].clone();
    let mut all = open();
    all[3]["properties"]["securityRules"] =
        json!([{"name": "x", "properties": with(base, properties)}]);
    check(&all, expect);
}

#[test]
fn words_that_are_not_understood() {
    for properties in [
        json!({"protocol": "Gre"}),
        json!({"protocol": null}),
        json!({"access": "Perhaps"}),
        json!({"access": null}),
        json!({"direction": "Sideways"}),
        json!({"priority": "first"}),
        json!({"priority": null}),
        json!({"sourceAddressPrefix": "NoSuchTag"}),
        json!({"sourceAddressPrefix": "10.0.0.0/99"}),
        json!({"sourceAddressPrefix": "0.0.0.0"}),
        json!({"sourceAddressPrefix": "/0"}),
        json!({"sourceAddressPrefix": "10.0.0.1-10.0.0.9"}),
        json!({"destinationPortRange": "9300-9200"}),
        json!({"sourceAddressPrefix": ""}),
        json!({"destinationAddressPrefix": null}),
        json!({"destinationPortRange": "http"}),
        json!({"destinationPortRange": null}),
        json!({"sourcePortRange": ""}),
    ] {
        ruled(&properties, "10.0.1.4: undetermined: …");
    }
    // What was read still holds.
    ruled(
        &json!({"destinationPortRange": null, "destinationPortRanges": ["9200", "http"]}),
        "10.0.1.4: open to all",
    );
    ruled(
        &json!({"destinationPortRange": "22", "destinationPortRanges": ["http"]}),
        "10.0.1.4: undetermined: …",
    );
    ruled(
        &json!({"sourceAddressPrefix": null, "sourceAddressPrefixes": ["198.51.100.0/24", "NoSuchTag"]}),
        "10.0.1.4: open to 198.51.100.0-198.51.100.255 undetermined: …",
    );
    // A protocol without ports needs none.
    ruled(
        &json!({"protocol": "Icmp", "destinationPortRange": null, "sourcePortRange": null}),
        "10.0.1.4: closed",
    );
}

#[test]
fn words_that_are_understood() {
    for properties in [
        json!({"protocol": "TCP", "access": "allow", "direction": "inbound", "priority": "100"}),
        json!({"protocol": "6", "sourceAddressPrefix": "any"}),
        json!({"protocol": "All", "sourceAddressPrefix": null, "sourceAddressPrefixes": ["0.0.0.0/0"]}),
        json!({"sourceAddressPrefix": " 0.0.0.0/1, 128.0.0.0/1 "}),
        json!({"sourceAddressPrefix": "INTERNET", "destinationAddressPrefix": "virtualnetwork"}),
        json!({"destinationPortRange": "22,9000-9300", "destinationAddressPrefix": "10.0.1.4"}),
    ] {
        ruled(&properties, "10.0.1.4: open to all");
    }
    ruled(
        &json!({"sourceAddressPrefix": "198.51.100.77/24"}),
        "10.0.1.4: open to 198.51.100.0-198.51.100.255",
    );
    ruled(&json!({"protocol": "17"}), "10.0.1.4: closed");
    ruled(&json!({"sourceAddressPrefix": "::/0"}), "10.0.1.4: closed");
    ruled(
        &json!({"sourceAddressPrefix": "AzureLoadBalancer"}),
        "10.0.1.4: closed",
    );
    // Inbound rules see the private address.
    ruled(
        &json!({"destinationAddressPrefix": "203.0.113.9"}),
        "10.0.1.4: closed",
    );
}

#[test]
fn a_warning_points_at_the_exact_value() {
    let mut all = open();
    all[3]["properties"]["securityRules"][0]["properties"]["sourceAddressPrefix"] = json!(null);
    all[3]["properties"]["securityRules"][0]["properties"]["sourceAddressPrefixes"] =
        json!(["10.0.0.0/8", "NoSuchTag"]);
    let snapshot = snapshot(&all);
    let found = warnings(&snapshot);
    assert!(
        found.iter().any(|text| text.starts_with(
            "net.json#/3/properties/securityRules/0/properties/sourceAddressPrefixes/1: "
        ) && text.contains("NoSuchTag")),
        "{found:#?}"
    );
    let unknown = snapshot
        .network
        .unknowns
        .iter()
        .find(|unknown| unknown.key == "tag:nosuchtag")
        .expect("an unknown");
    assert!(unknown.reason.contains("376"), "{}", unknown.reason);
}

#[test]
fn equal_priorities() {
    let twice = |rules: &[&str]| {
        let mut all = open();
        all[3] = nsg("inner", rules);
        all
    };
    check(
        &twice(&["100 Allow * 9200", "100 Deny * 9200"]),
        "10.0.1.4: undetermined: …",
    );
    check(
        &twice(&[
            "100 Allow 198.51.100.0/25 9200",
            "100 Allow 198.51.100.128/25 9200",
        ]),
        "10.0.1.4: open to 198.51.100.0-198.51.100.255",
    );
}

#[test]
fn rules_of_their_own() {
    let single = |text: &str| {
        let mut one = rule(text);
        one["id"] = json!(format!(
            "{NET}/networkSecurityGroups/inner/securityRules/{}",
            one["name"].as_str().unwrap_or_default()
        ));
        one["type"] = json!("Microsoft.Network/networkSecurityGroups/securityRules");
        one
    };
    let mut all = open();
    all[3] = nsg("inner", &[]);
    all.push(single("100 Allow * 9200"));
    check(&all, "10.0.1.4: open to all");
    let found = snapshot(&all);
    let filter = &found.network.filters[0];
    let origin = filter
        .inbound
        .iter()
        .find(|rule| rule.priority == 100)
        .and_then(|rule| filter.origin_of(rule));
    assert_eq!(
        origin.map(|at| at.to_string()).as_deref(),
        Some("net.json#/4")
    );
    // The same rule twice is one; the same name with another meaning is a contradiction.
    let mut same = open();
    same.push(single("100 Allow * 9200"));
    check(&same, "10.0.1.4: open to all");
    let mut other = open();
    other.push(with(
        single("100 Allow * 9200"),
        &json!({"properties": {"access": "Deny"}}),
    ));
    check(&other, "10.0.1.4: undetermined: …");
    // Some rules of a group whose rest is absent decide nothing.
    all.remove(3);
    check(&all, "10.0.1.4: undetermined: …");
}

// ---- VirtualNetwork and Internet -------------------------------------------

/// Only default rules and 100 Deny Internet 1 (which matches nothing asked).
fn space(vnet: &Value, more: &[Value], expect: &str) {
    let mut all = open();
    all[0] = with(all[0].clone(), vnet);
    all[3] = nsg("inner", &[]);
    all.extend(more.iter().cloned());
    check(&all, expect);
}

#[test]
fn the_tag_virtual_network() {
    space(&json!({}), &[], "10.0.1.4: closed");
    // A public address space is part of it.
    space(
        &json!({"properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16", "198.51.100.0/24"]}}}),
        &[],
        "10.0.1.4: open to 198.51.100.0-198.51.100.255",
    );
    space(
        &json!({"properties": {"addressSpace": null}}),
        &[],
        "10.0.1.4: undetermined: …",
    );
    space(
        &json!({"properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16", "ten"]}}}),
        &[],
        "10.0.1.4: undetermined: …",
    );
    // Only the routes of the interface's own subnet count.
    let table = |prefix: &str| {
        resource(
            "routeTables",
            "t",
            json!({"routes": [{"name": "r", "properties": {"addressPrefix": prefix, "nextHopType": "VirtualAppliance"}}]}),
        )
    };
    let routed = json!({"properties": {"subnets": [{"id": format!("{NET}/virtualNetworks/v/subnets/s"), "name": "s",
        "properties": {"addressPrefix": "10.0.1.0/24", "routeTable": id("routeTables", "t")}}]}});
    space(&routed, &[table("0.0.0.0/0")], "10.0.1.4: open to all");
    space(&json!({}), &[table("0.0.0.0/0")], "10.0.1.4: closed");
    space(
        &routed,
        &[],
        "10.0.1.4: undetermined: the route table t is not in the input, and VirtualNetwork covers its prefixes",
    );
    let clash = [table("10.9.0.0/16"), table("0.0.0.0/0")];
    space(&routed, &clash, "10.0.1.4: undetermined: …");
    let bare = with(table("10.9.0.0/16"), &json!({"properties": {"routes": []}}));
    let loose = json!({"id": format!("{NET}/routeTables/t/routes/x"), "properties": {"addressPrefix": "198.51.100.0/24", "nextHopType": "None"}});
    space(
        &routed,
        &[bare, loose],
        "10.0.1.4: open to 198.51.100.0-198.51.100.255",
    );
}

#[test]
fn peerings() {
    let peered = |more: Value| {
        json!({"properties": {"virtualNetworkPeerings": [{"name": "p", "properties": with(json!({"peeringState": "Connected",
            "remoteVirtualNetwork": id("virtualNetworks", "w"), "remoteAddressSpace": {"addressPrefixes": ["198.51.100.0/24"]}}), &more)}]}})
    };
    let open = "10.0.1.4: open to 198.51.100.0-198.51.100.255";
    space(&peered(json!({})), &[], open);
    space(&peered(json!({"peeringState": null})), &[], open);
    space(
        &peered(json!({"peeringState": "Disconnected"})),
        &[],
        "10.0.1.4: closed",
    );
    space(
        &peered(json!({"peeringState": "Initiated"})),
        &[],
        "10.0.1.4: closed",
    );
    space(
        &peered(json!({"peeringState": "Wobbly"})),
        &[],
        "10.0.1.4: undetermined: …",
    );
    space(
        &peered(json!({"allowVirtualNetworkAccess": false})),
        &[],
        "10.0.1.4: closed",
    );
    space(
        &peered(json!({"remoteAddressSpace": null})),
        &[],
        "10.0.1.4: undetermined: the address space behind the peering p is not in the input",
    );
    space(
        &peered(json!({"useRemoteGateways": true})),
        &[],
        "10.0.1.4: open to 198.51.100.0-198.51.100.255 undetermined: …",
    );
    // The remote network's own resource says its space, and peerings do not chain.
    let remote = resource(
        "virtualNetworks",
        "w",
        json!({"addressSpace": {"addressPrefixes": ["198.51.100.0/24"]}, "virtualNetworkPeerings": [
        {"name": "on", "properties": {"peeringState": "Connected", "remoteVirtualNetwork": id("virtualNetworks", "x"), "remoteAddressSpace": {"addressPrefixes": ["192.0.2.0/24"]}}},
        {"name": "back", "properties": {"peeringState": "Connected", "remoteVirtualNetwork": id("virtualNetworks", "v"), "remoteAddressSpace": {"addressPrefixes": ["10.0.0.0/16"]}}}]}),
    );
    space(
        &peered(json!({"remoteAddressSpace": null})),
        &[remote],
        open,
    );
    // The far side has a peering with a network whose own list was left out.
    let far = |state: &str| {
        resource(
            "virtualNetworks",
            "w",
            json!({"addressSpace": {"addressPrefixes": ["198.51.100.0/24"]},
            "virtualNetworkPeerings": [{"name": "back", "properties": {"peeringState": state, "remoteVirtualNetwork": id("virtualNetworks", "v")}}]}),
        )
    };
    space(
        &json!({}),
        &[far("Connected")],
        "10.0.1.4: undetermined: the peering back connects w with v, whose own side of it is not in the input",
    );
    space(&json!({}), &[far("Initiated")], "10.0.1.4: closed");
    // A peering of its own.
    let loose = json!({"id": format!("{NET}/virtualNetworks/v/virtualNetworkPeerings/q"), "name": "q", "properties": peered(json!({}))["properties"]["virtualNetworkPeerings"][0]["properties"].clone()});
    space(&json!({}), &[loose], open);
}

#[test]
fn gateways() {
    let subnets = json!({"properties": {"subnets": [
        {"id": format!("{NET}/virtualNetworks/v/subnets/s"), "name": "s", "properties": {"addressPrefix": "10.0.1.0/24"}},
        {"id": format!("{NET}/virtualNetworks/v/subnets/GatewaySubnet"), "name": "GatewaySubnet", "properties": {
            "addressPrefix": "10.0.2.0/24", "ipConfigurations": [id("virtualNetworkGateways", "g/ipConfigurations/c")]}}]}});
    let gateway = |more: &Value| {
        resource(
            "virtualNetworkGateways",
            "g",
            with(
                json!({"gatewayType": "Vpn", "vpnType": "RouteBased", "enableBgp": false,
        "ipConfigurations": [{"name": "c", "properties": {"subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/GatewaySubnet")}}}]}),
                more,
            ),
        )
    };
    let connection = resource(
        "connections",
        "c",
        json!({"connectionType": "IPsec", "enableBgp": false,
        "virtualNetworkGateway1": id("virtualNetworkGateways", "g"), "localNetworkGateway2": id("localNetworkGateways", "l")}),
    );
    let local = resource(
        "localNetworkGateways",
        "l",
        json!({"localNetworkAddressSpace": {"addressPrefixes": ["198.51.100.0/24"]}}),
    );
    space(&subnets, &[], "10.0.1.4: undetermined: …");
    // A route server learns as a gateway does.
    let server = json!({"properties": {"subnets": [
        {"id": format!("{NET}/virtualNetworks/v/subnets/s"), "name": "s", "properties": {"addressPrefix": "10.0.1.0/24"}},
        {"id": format!("{NET}/virtualNetworks/v/subnets/RouteServerSubnet"), "properties": {
            "addressPrefix": "10.0.3.0/24", "ipConfigurations": [id("virtualHubs", "h/ipConfigurations/c")]}}]}});
    space(&server, &[], "10.0.1.4: undetermined: …");
    // Parts of which only the existence is told.
    for less in [&connection, &local] {
        let more: Vec<Value> = [&connection, &local]
            .into_iter()
            .map(|one| {
                if one["id"] == less["id"] {
                    stub(one)
                } else {
                    one.clone()
                }
            })
            .chain([gateway(&json!({}))])
            .collect();
        let text = answers(&snapshot(
            &[
                vec![
                    with(vnet(&json!({})), &subnets),
                    nic(&json!({}), &inner()),
                    pip("Standard"),
                    nsg("inner", &[]),
                ],
                more,
            ]
            .concat(),
        ));
        assert!(text.contains("undetermined"), "{text}");
    }
    space(
        &subnets,
        &[gateway(&json!({}))],
        "10.0.1.4: undetermined: …",
    );
    space(
        &subnets,
        &[gateway(&json!({})), connection.clone()],
        "10.0.1.4: undetermined: …",
    );
    space(
        &subnets,
        &[gateway(&json!({})), connection.clone(), local.clone()],
        "10.0.1.4: open to 198.51.100.0-198.51.100.255",
    );
    space(
        &subnets,
        &[
            gateway(&json!({"enableBgp": true})),
            connection.clone(),
            local.clone(),
        ],
        "10.0.1.4: open to 198.51.100.0-198.51.100.255 undetermined: …",
    );
    space(
        &subnets,
        &[
            gateway(&json!({"gatewayType": "ExpressRoute"})),
            connection,
            local,
        ],
        "10.0.1.4: open to 198.51.100.0-198.51.100.255 undetermined: …",
    );
}

#[test]
fn the_tag_internet_is_outside_the_network() {
    let mut all = open();
    all[0]["properties"]["addressSpace"]["addressPrefixes"] = json!(["10.0.0.0/16", "0.0.0.0/1"]);
    all[3] = nsg("inner", &["100 Deny Internet *"]);
    let snapshot = snapshot(&all);
    assert!(
        answers(&snapshot).starts_with("10.0.1.4: open to 1.0.0.0-"),
        "{}",
        answers(&snapshot)
    );
    // A peer's space that is not known may hold public addresses, which a rule
    // that denies the Internet does not name; one that allows it stays.
    let peered = |rules: &[&str]| {
        let mut all = open();
        all[0]["properties"]["virtualNetworkPeerings"] = json!([{"name": "p", "properties": {
            "peeringState": "Connected", "remoteVirtualNetwork": id("virtualNetworks", "w")}}]);
        all[3] = nsg("inner", rules);
        all
    };
    check(
        &peered(&["100 Deny Internet *", "200 Allow * 9200"]),
        "10.0.1.4: undetermined: …",
    );
    check(
        &peered(&["100 Allow Internet 9200"]),
        "10.0.1.4: open to all",
    );
}

// ---- groups ----------------------------------------------------------------

#[test]
fn application_security_groups() {
    let member = json!({"applicationSecurityGroups": [id("applicationSecurityGroups", "a")]});
    let grouped = |config: &Value, source: bool| {
        let mut all = open();
        all[1] = nic(config, &inner());
        let properties = &mut all[3]["properties"]["securityRules"][0]["properties"];
        let (one, many) = if source {
            ("sourceAddressPrefix", "sourceApplicationSecurityGroups")
        } else {
            (
                "destinationAddressPrefix",
                "destinationApplicationSecurityGroups",
            )
        };
        properties[one] = json!(null);
        properties[many] = json!([id("applicationSecurityGroups", "A")]);
        all
    };
    check(&grouped(&member, false), "10.0.1.4: open to all");
    check(&grouped(&json!({}), false), "10.0.1.4: closed");
    check(&grouped(&member, true), "10.0.1.4: closed");
    // Members outside the input can have any address of the network's space.
    let mut public = grouped(&member, true);
    public[0]["properties"]["addressSpace"]["addressPrefixes"] =
        json!(["10.0.0.0/16", "198.51.100.0/24"]);
    let found = answers(&snapshot(&public));
    assert!(found.contains("undetermined"), "{found}");
}

// ---- public addresses ------------------------------------------------------

#[test]
fn public_addresses() {
    // The address says whose it is.
    let mut back = open();
    back[1] = nic(&json!({"publicIPAddress": null}), &inner());
    check(&back, "10.0.1.4: closed");
    back[2]["properties"]["ipConfiguration"] =
        json!({"id": format!("{NET}/NETWORKINTERFACES/N/ipConfigurations/c")});
    check(&back, "10.0.1.4: open to all");
    // Two configurations claim one address.
    let mut both = open();
    both[2]["properties"]["ipConfiguration"] =
        json!({"id": format!("{NET}/networkInterfaces/other/ipConfigurations/c")});
    check(&both, "10.0.1.4: undetermined: …");
    let mut none = open();
    none[2]["properties"]["ipAddress"] = json!(null);
    check(&none, "10.0.1.4: undetermined: …");
    let mut family = open();
    family[2]["properties"]["ipAddress"] = json!("2001:db8::9");
    check(&family, "10.0.1.4: undetermined: …");
    let chained = json!({"gatewayLoadBalancer": {"id": format!("{NET}/loadBalancers/gw/frontendIPConfigurations/f")}});
    let mut all = open();
    all[1] = nic(&chained, &inner());
    check(&all, "10.0.1.4: undetermined: …");
    // A NAT gateway is a way out only.
    let nat = vec![
        vnet(&json!({"natGateway": id("natGateways", "nat")})),
        nic(&json!({"publicIPAddress": null}), &inner()),
        pip("Standard"),
        nsg("inner", &["100 Allow * 9200"]),
        resource(
            "natGateways",
            "nat",
            json!({"publicIpAddresses": [id("publicIPAddresses", "pip")], "subnets": [{"id": format!("{NET}/virtualNetworks/v/subnets/s")}]}),
        ),
    ];
    check(&nat, "10.0.1.4: closed");
}

#[test]
fn ipv6() {
    let mut all = open();
    all[1] = nic(
        &json!({"privateIPAddress": "fd00::4", "privateIPAddressVersion": "IPv6"}),
        &inner(),
    );
    all[2]["properties"] = json!({"ipAddress": "2001:db8::9", "publicIPAddressVersion": "IPv6"});
    check(&all, "fd00::4: open to all");
    all[3] = nsg("inner", &["100 Allow 0.0.0.0/0 9200"]);
    check(&all, "fd00::4: closed");
    all[3] = nsg("inner", &["100 Allow Internet 9200"]);
    check(&all, "fd00::4: open to all");
    all[3] = nsg("inner", &["100 Allow 2001:db8::/32 9200"]);
    check(
        &all,
        "fd00::4: open to 2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
    );
}

#[test]
fn a_stopped_machine_has_its_subnets_address() {
    let mut all = open();
    all[1] = nic(&json!({"privateIPAddress": null}), &inner());
    check(&all, "10.0.1.0: open to all");
    all[3]["properties"]["securityRules"][0]["properties"]["destinationAddressPrefix"] =
        json!("10.0.1.9");
    check(&all, "10.0.1.0: undetermined: …");
}

// ---- load balancers --------------------------------------------------------

#[test]
fn balancing_rules() {
    check(
        &balanced(&pool(), &balancing(&json!({}))),
        "10.0.1.4: open to all",
    );
    check(
        &balanced(&json!({}), &balancing(&json!({}))),
        "10.0.1.4: closed",
    );
    check(
        &balanced(&pool(), &balancing(&json!({"backendPort": 9300}))),
        "10.0.1.4: closed",
    );
    check(
        &balanced(&pool(), &balancing(&json!({"protocol": "Udp"}))),
        "10.0.1.4: closed",
    );
    check(
        &balanced(
            &pool(),
            &balancing(&json!({"protocol": "All", "frontendPort": 0, "backendPort": 0})),
        ),
        "10.0.1.4: open to all",
    );
    check(
        &balanced(&pool(), &balancing(&json!({"protocol": "Sctp"}))),
        "10.0.1.4: undetermined: …",
    );
    check(
        &balanced(&pool(), &balancing(&json!({"backendPort": 70000}))),
        "10.0.1.4: undetermined: …",
    );
    check(
        &balanced(
            &pool(),
            &json!({"outboundRules": [{"name": "o", "properties": {"protocol": "All"}}]}),
        ),
        "10.0.1.4: closed",
    );
    // The pool's side of the membership.
    let mut side = balanced(&json!({}), &balancing(&json!({})));
    side[4]["properties"]["backendAddressPools"][0]["properties"] = json!({"backendIPConfigurations": [{"id": format!("{NET}/networkInterfaces/n/ipConfigurations/c")}]});
    check(&side, "10.0.1.4: open to all");
    // A rule that names several pools; a pool that the balancer does not list.
    let mut plural = balanced(
        &pool(),
        &balancing(
            &json!({"backendAddressPool": null, "backendAddressPools": pool()["loadBalancerBackendAddressPools"]}),
        ),
    );
    check(&plural, "10.0.1.4: open to all");
    plural[4]["properties"]["backendAddressPools"] = json!([]);
    check(&plural, "10.0.1.4: open to all");
}

#[test]
fn frontends() {
    let mut internal = balanced(&pool(), &balancing(&json!({})));
    internal[4]["properties"]["frontendIPConfigurations"][0]["properties"] = json!({"privateIPAddress": "10.0.1.99", "subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/s")}});
    check(&internal, "10.0.1.4: closed");
    // The address says that it is the frontend's.
    internal[2]["properties"]["ipConfiguration"] =
        json!({"id": format!("{NET}/loadBalancers/lb/frontendIPConfigurations/f")});
    check(&internal, "10.0.1.4: open to all");
    let mut absent = balanced(&pool(), &balancing(&json!({})));
    absent.remove(2);
    check(&absent, "10.0.1.4: undetermined: …");
    let mut chained = balanced(&pool(), &balancing(&json!({})));
    chained[4]["properties"]["frontendIPConfigurations"][0]["properties"]["gatewayLoadBalancer"] =
        json!({"id": format!("{NET}/loadBalancers/gw/frontendIPConfigurations/f")});
    check(&chained, "10.0.1.4: undetermined: …");
    // The balancer's SKU decides what happens without a filter.
    let unfiltered = |sku: Value| {
        let mut all = balanced(&pool(), &balancing(&json!({})));
        all[1] = nic(&with(json!({"publicIPAddress": null}), &pool()), &json!({}));
        all[4]["sku"] = sku;
        all
    };
    check(&unfiltered(json!({"name": "Standard"})), "10.0.1.4: closed");
    check(
        &unfiltered(json!({"name": "Basic"})),
        "10.0.1.4: open to all",
    );
    // Without its word, the public address's: both have one SKU.
    check(&unfiltered(json!(null)), "10.0.1.4: closed");
    let mut neither = unfiltered(json!(null));
    neither[2]["sku"] = json!(null);
    check(&neither, "10.0.1.4: undetermined: …");
}

#[test]
fn absent_load_balancers() {
    let mut all = balanced(&pool(), &balancing(&json!({})));
    all.remove(4);
    check(
        &all,
        "10.0.1.4: undetermined: the load balancer lb is not in the input",
    );
    // Only a pool of it is there, and it names the configuration.
    let mut pool_only = balanced(&json!({}), &json!({}));
    pool_only[4] = json!({"id": format!("{NET}/loadBalancers/lb/backendAddressPools/p"), "name": "p",
        "properties": {"backendIPConfigurations": [{"id": format!("{NET}/networkInterfaces/n/ipConfigurations/c")}]}});
    check(
        &pool_only,
        "10.0.1.4: undetermined: the load balancer lb is not in the input",
    );
    let mut rule_only = balanced(&json!({}), &json!({}));
    rule_only[4] = json!({"id": format!("{NET}/loadBalancers/lb/inboundNatRules/x"), "name": "x",
        "properties": {"protocol": "Tcp", "frontendPort": 80, "backendPort": 9200, "backendIPConfiguration": {"id": format!("{NET}/networkInterfaces/n/ipConfigurations/c")}}});
    check(
        &rule_only,
        "10.0.1.4: undetermined: the load balancer lb is not in the input",
    );
}

#[test]
fn pools_of_addresses() {
    let by_address = |properties: Value| {
        let mut all = balanced(&json!({}), &balancing(&json!({})));
        all[4]["properties"]["backendAddressPools"][0]["properties"] = properties;
        all
    };
    let address = |more: &Value| json!([{"name": "a", "properties": with(json!({"ipAddress": "10.0.1.4"}), more)}]);
    let own = json!({"virtualNetwork": id("virtualNetworks", "v")});
    let other = json!({"virtualNetwork": id("virtualNetworks", "w")});
    check(
        &by_address(json!({"loadBalancerBackendAddresses": address(&own)})),
        "10.0.1.4: open to all",
    );
    check(
        &by_address(json!({"loadBalancerBackendAddresses": address(&other)})),
        "10.0.1.4: closed",
    );
    check(
        &by_address(with(
            json!({"loadBalancerBackendAddresses": address(&json!({}))}),
            &own,
        )),
        "10.0.1.4: open to all",
    );
    check(
        &by_address(with(
            json!({"loadBalancerBackendAddresses": address(&json!({}))}),
            &other,
        )),
        "10.0.1.4: closed",
    );
    let configured = json!({"ipAddress": null, "networkInterfaceIPConfiguration": {"id": format!("{NET}/networkInterfaces/n/ipConfigurations/c")}});
    check(
        &by_address(json!({"loadBalancerBackendAddresses": address(&configured)})),
        "10.0.1.4: open to all",
    );
    // The machine is stopped: whether the address is its own is not known.
    let mut stopped = by_address(json!({"loadBalancerBackendAddresses": address(&own)}));
    stopped[1] = nic(
        &json!({"privateIPAddress": null, "publicIPAddress": null}),
        &inner(),
    );
    check(&stopped, "10.0.1.0: undetermined: …");
}

fn nat(more: &Value) -> Value {
    json!({"inboundNatRules": [{"name": "x", "id": format!("{NET}/loadBalancers/lb/inboundNatRules/x"), "properties": with(json!({
        "frontendIPConfiguration": {"id": format!("{NET}/loadBalancers/lb/frontendIPConfigurations/f")},
        "protocol": "Tcp", "backendPort": 9200}), more)}]})
}

/// The first path's public port for 9200.
fn public_port(resources: &[Value]) -> Option<u16> {
    let snapshot = snapshot(resources);
    snapshot.network.interfaces[0]
        .paths
        .first()
        .and_then(|path| path.forward.public_port(9200))
}

#[test]
fn inbound_nat() {
    let by_rule = json!({"backendIPConfiguration": {"id": format!("{NET}/networkInterfaces/n/ipConfigurations/c")}, "frontendPort": 5000});
    let all = balanced(&json!({}), &nat(&by_rule));
    check(&all, "10.0.1.4: open to all");
    assert_eq!(public_port(&all), Some(5000));
    let named = json!({"loadBalancerInboundNatRules": [{"id": format!("{NET}/loadBalancers/lb/inboundNatRules/x")}]});
    check(
        &balanced(&named, &nat(&json!({"frontendPort": 5000}))),
        "10.0.1.4: open to all",
    );
    // The interface names a rule that its balancer does not list.
    check(&balanced(&named, &json!({})), "10.0.1.4: undetermined: …");
    // A range for a pool: the first port where there is one member, else unknown.
    let ranged = nat(
        &json!({"backendAddressPool": {"id": format!("{NET}/loadBalancers/lb/backendAddressPools/p")}, "frontendPortRangeStart": 500, "frontendPortRangeEnd": 599}),
    );
    let two = balanced(&pool(), &ranged);
    check(&two, "10.0.1.4: open to all");
    assert_eq!(public_port(&two), Some(500));
    let mut mapped = two.clone();
    mapped[4]["properties"]["backendAddressPools"][0]["properties"] = json!({"loadBalancerBackendAddresses": [
        {"name": "a", "properties": {"networkInterfaceIPConfiguration": {"id": format!("{NET}/networkInterfaces/n/ipConfigurations/c")},
            "inboundNatRulesPortMapping": [{"inboundNatRuleName": "x", "protocol": "Tcp", "frontendPort": 507, "backendPort": 9200}]}},
        {"name": "b", "properties": {"ipAddress": "10.0.1.5", "virtualNetwork": id("virtualNetworks", "v")}}]});
    check(&mapped, "10.0.1.4: open to all");
    assert_eq!(public_port(&mapped), Some(507));
    mapped[4]["properties"]["backendAddressPools"][0]["properties"]["loadBalancerBackendAddresses"]
        [0]["properties"]["inboundNatRulesPortMapping"] = json!([]);
    assert_eq!(public_port(&mapped), None);
}

#[test]
fn floating_addresses() {
    let floating = json!({"enableFloatingIP": true, "frontendPort": 9200, "backendPort": 9200});
    let mut all = balanced(&pool(), &balancing(&floating));
    check(&all, "10.0.1.4: open to all");
    // A rule for one of the two destinations: which one the filter sees decides.
    all[3]["properties"]["securityRules"][0]["properties"]["destinationAddressPrefix"] =
        json!("10.0.1.4");
    check(&all, "10.0.1.4: undetermined: …");
    all[2]["properties"]["ipAddress"] = json!(null);
    check(&all, "10.0.1.4: undetermined: …");
    // The port is the frontend's.
    check(
        &balanced(
            &pool(),
            &balancing(&json!({"enableFloatingIP": true, "frontendPort": 80, "backendPort": 9200})),
        ),
        "10.0.1.4: closed",
    );
}

#[test]
fn high_availability_ports_are_tcp_and_udp() {
    let all = balanced(
        &pool(),
        &balancing(&json!({"protocol": "All", "frontendPort": 0, "backendPort": 0})),
    );
    let snapshot = snapshot(&all);
    let carried: Vec<_> = snapshot.network.interfaces[0]
        .paths
        .iter()
        .map(|path| path.forward)
        .collect();
    let full = Interval {
        lo: 0,
        hi: u16::MAX,
    };
    for protocol in [Protocol::Tcp, Protocol::Udp] {
        assert!(
            carried.contains(&Forward::Ports {
                protocol,
                public: Some(0),
                backend: full
            }),
            "{carried:?}"
        );
    }
    assert!(!carried.contains(&Forward::All), "{carried:?}");
}

// ---- scale sets ------------------------------------------------------------

fn scale_set(more: &Value) -> Value {
    resource(
        "virtualMachineScaleSets",
        "ss",
        with(
            json!({"virtualMachineProfile": {"networkProfile": {"networkInterfaceConfigurations": [{"name": "nc", "properties": {
        "networkSecurityGroup": id("networkSecurityGroups", "inner"),
        "ipConfigurations": [{"name": "ic", "properties": {"subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/s")},
            "publicIPAddressConfiguration": {"name": "p", "sku": {"name": "Standard"}, "properties": {}}}}]}}]}}}),
            more,
        ),
    )
}

#[test]
fn scale_sets() {
    let base = vec![vnet(&json!({})), nsg("inner", &["100 Allow * 9200"])];
    let mut model = base.clone();
    model.push(scale_set(&json!({})));
    check(&model, "10.0.1.0: open to all");
    // Instances replace the model.
    let card =
        format!("{COMPUTE}/virtualMachineScaleSets/ss/virtualMachines/0/networkInterfaces/nc");
    let instance = json!({"id": card, "name": "nc", "properties": {
        "networkSecurityGroup": id("networkSecurityGroups", "inner"),
        "virtualMachine": {"id": format!("{COMPUTE}/virtualMachineScaleSets/ss/virtualMachines/0")},
        "ipConfigurations": [{"name": "ic", "id": format!("{card}/ipConfigurations/ic"), "properties": {"privateIPAddress": "10.0.1.7",
            "publicIPAddress": {"id": format!("{card}/ipConfigurations/ic/publicIPAddresses/p")},
            "subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/s")}}}]}});
    let public = json!({"id": format!("{card}/ipConfigurations/ic/publicIPAddresses/p"), "name": "p", "sku": {"name": "Standard"},
        "properties": {"ipAddress": "203.0.113.7"}});
    let mut uniform = model.clone();
    uniform.extend([instance, public]);
    check(&uniform, "10.0.1.7: open to all");
    // It has more than are in the input: its model stands for them.
    let mut partly = uniform.clone();
    partly[2]["sku"] = json!({"name": "Standard_D2s_v5", "capacity": 2});
    check(&partly, "10.0.1.0: open to all\n10.0.1.7: open to all");
    assert!(warnings(&snapshot(&partly))[0].contains("only 1 of the 2 instances of ss"));
    partly[2]["sku"]["capacity"] = json!(1);
    check(&partly, "10.0.1.7: open to all");
    let snapshot_uniform = snapshot(&uniform);
    assert_eq!(snapshot_uniform.hosts.len(), 1);
    assert_eq!(
        (
            snapshot_uniform.hosts[0].kind,
            snapshot_uniform.hosts[0].name.as_str()
        ),
        ("scale-set", "ss")
    );
    // A flexible set's instances are machines of their own.
    let mut flexible = model.clone();
    flexible.push(nic(
        &json!({"privateIPAddress": "10.0.1.8", "publicIPAddress": null}),
        &with(
            inner(),
            &json!({"virtualMachine": {"id": format!("{COMPUTE}/virtualMachines/ss_1")}}),
        ),
    ));
    flexible.push(resource(
        "virtualMachines",
        "ss_1",
        json!({"virtualMachineScaleSet": {"id": format!("{COMPUTE}/virtualMachineScaleSets/ss")},
        "networkProfile": {"networkInterfaces": [id("networkInterfaces", "n")]}}),
    ));
    check(&flexible, "10.0.1.8: closed");
}

// ---- not modelled ----------------------------------------------------------

fn private() -> Vec<Value> {
    vec![
        vnet(&json!({})),
        nic(&json!({"publicIPAddress": null}), &inner()),
        nsg("inner", &["100 Deny Internet 9200"]),
    ]
}

#[test]
fn proxies_make_what_they_lead_to_undetermined() {
    check(&private(), "10.0.1.4: closed");
    let gateway = |target: Value| {
        resource(
            "applicationGateways",
            "ag",
            json!({"backendAddressPools": [{"name": "b", "properties": target}]}),
        )
    };
    for target in [
        json!({"backendAddresses": [{"ipAddress": "10.0.1.4"}]}),
        json!({"backendIPConfigurations": [{"id": format!("{NET}/networkInterfaces/n/ipConfigurations/c")}]}),
    ] {
        let mut all = private();
        all.push(gateway(target));
        check(&all, "10.0.1.4: undetermined: …");
    }
    let mut elsewhere = private();
    elsewhere.push(gateway(
        json!({"backendAddresses": [{"ipAddress": "10.0.1.5"}]}),
    ));
    check(&elsewhere, "10.0.1.4: closed");
    // The interface's side of it.
    let mut side = private();
    side[1] = nic(
        &json!({"publicIPAddress": null, "applicationGatewayBackendAddressPools": [{"id": format!("{NET}/applicationGateways/ag/backendAddressPools/b")}]}),
        &inner(),
    );
    check(&side, "10.0.1.4: undetermined: …");
    let firewall = resource(
        "azureFirewalls",
        "fw",
        json!({"natRuleCollections": [{"name": "c", "properties": {"rules": [{"name": "r", "translatedAddress": "10.0.1.4", "translatedPort": "9200"}]}}]}),
    );
    let mut dnat = private();
    dnat.push(firewall);
    check(&dnat, "10.0.1.4: undetermined: …");
    // What is certainly open another way stays so.
    let mut both = open();
    both.push(gateway(
        json!({"backendAddresses": [{"ipAddress": "10.0.1.4"}]}),
    ));
    let found = answers(&snapshot(&both));
    assert!(found.contains("10.0.1.4: open to all"), "{found}");
}

#[test]
fn a_proxy_that_forwards_to_a_name_may_lead_to_any_machine_of_its_networks() {
    let gateway = |name: &str, vnet: &str| {
        resource(
            "applicationGateways",
            "ag",
            json!({"gatewayIPConfigurations": [{"name": "g", "properties": {"subnet": {"id": format!("{NET}/virtualNetworks/{vnet}/subnets/ag")}}}],
                "backendAddressPools": [{"name": "b", "properties": {"backendAddresses": [{"fqdn": name}]}}]}),
        )
    };
    let case = |name: &str, vnet: &str, expect: &str| {
        let mut all = private();
        all.push(gateway(name, vnet));
        check(&all, expect);
    };
    case("db.internal.example.com", "v", "10.0.1.4: undetermined: …");
    case("db.internal.example.com", "other", "10.0.1.4: closed");
    // The platform's own services are no machines of the network.
    case("shop.azurewebsites.net", "v", "10.0.1.4: closed");
    case(
        "azurewebsites.net.example.com",
        "v",
        "10.0.1.4: undetermined: …",
    );
    // A name of a machine in the input is that machine.
    let mut two = private();
    two[1]["properties"]["virtualMachine"] =
        json!({"id": format!("{COMPUTE}/virtualMachines/db1")});
    two.push(gateway("DB2.internal.example.com", "v"));
    check(&two, "10.0.1.4: undetermined: …");
    let mut other = nic(
        &json!({"publicIPAddress": null, "privateIPAddress": "10.0.1.5"}),
        &inner(),
    );
    other["id"] = json!(format!("{NET}/networkInterfaces/m"));
    other["properties"]["ipConfigurations"][0]["id"] =
        json!(format!("{NET}/networkInterfaces/m/ipConfigurations/c"));
    other["properties"]["virtualMachine"] = json!({"id": format!("{COMPUTE}/virtualMachines/db2")});
    two.push(other);
    let found = answers(&snapshot(&two));
    assert!(
        found.starts_with("10.0.1.4: closed\n10.0.1.5: undetermined"),
        "{found}"
    );
}

#[test]
fn a_firewall_whose_policy_is_absent_may_lead_anywhere_in_its_network() {
    let firewall = |policy: Value| {
        resource(
            "azureFirewalls",
            "fw",
            json!({"firewallPolicy": policy,
        "ipConfigurations": [{"name": "c", "properties": {"subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/AzureFirewallSubnet")}}}]}),
        )
    };
    let policy = |groups: Value| {
        resource(
            "firewallPolicies",
            "fp",
            json!({"ruleCollectionGroups": groups}),
        )
    };
    let group = json!({"id": format!("{NET}/firewallPolicies/fp/ruleCollectionGroups/g"), "name": "g", "type": "Microsoft.Network/firewallPolicies/ruleCollectionGroups",
        "properties": {"ruleCollections": [{"rules": [{"ruleType": "NatRule", "translatedAddress": "10.0.1.5"}]}]}});
    let named = json!([id("firewallPolicies", "fp/ruleCollectionGroups/g")]);
    let case = |more: Vec<Value>, expect: &str| {
        let mut all = private();
        all.extend(more);
        check(&all, expect);
    };
    case(vec![firewall(json!(null))], "10.0.1.4: closed");
    case(
        vec![firewall(id("firewallPolicies", "fp"))],
        "10.0.1.4: undetermined: …",
    );
    case(
        vec![firewall(id("firewallPolicies", "fp")), policy(json!([]))],
        "10.0.1.4: closed",
    );
    case(
        vec![
            firewall(id("firewallPolicies", "fp")),
            policy(named.clone()),
        ],
        "10.0.1.4: undetermined: …",
    );
    case(
        vec![firewall(id("firewallPolicies", "fp")), policy(named), group],
        "10.0.1.4: closed",
    );
}

#[test]
fn network_managers() {
    let manager = |more: Value| {
        resource(
            "networkManagers",
            "nm",
            with(
                json!({"networkManagerScopes": {"subscriptions": ["/subscriptions/s"]}, "networkManagerScopeAccesses": ["Connectivity"]}),
                &more,
            ),
        )
    };
    let case = |more: Vec<Value>, expect: &str| {
        let mut all = private();
        all[1] = nic(&json!({}), &inner());
        all.push(pip("Standard"));
        all.extend(more);
        check(&all, expect);
    };
    case(vec![], "10.0.1.4: closed");
    case(vec![manager(json!({}))], "10.0.1.4: closed");
    case(
        vec![manager(
            json!({"networkManagerScopeAccesses": ["SecurityAdmin"]}),
        )],
        "10.0.1.4: undetermined: …",
    );
    case(
        vec![manager(
            json!({"networkManagerScopeAccesses": ["SecurityAdmin"], "networkManagerScopes": {"subscriptions": ["/subscriptions/other"]}}),
        )],
        "10.0.1.4: closed",
    );
    let rules = resource(
        "networkManagers/nm/securityAdminConfigurations",
        "c",
        json!({}),
    );
    let mut rules = rules;
    rules["type"] = json!("Microsoft.Network/networkManagers/securityAdminConfigurations");
    case(vec![rules], "10.0.1.4: undetermined: …");
}

// ---- the same thing twice --------------------------------------------------

#[test]
fn repetitions() {
    let all = open();
    let flat = {
        // As the Azure CLI prints it.
        let mut flat = all[3]["properties"].clone();
        let mut rule = flat["securityRules"][0]["properties"].clone();
        rule["name"] = json!("Allow-100");
        rule["etag"] = json!("W/\"2\"");
        flat["securityRules"] = json!([rule]);
        with(
            flat,
            &json!({"id": format!("{NET}/NetworkSecurityGroups/INNER").to_lowercase(), "name": "inner", "type": "Microsoft.Network/networkSecurityGroups", "resourceGroup": "g"}),
        )
    };
    let twice = |more: Vec<Value>, expect: &str| {
        let mut list = all.clone();
        list.extend(more);
        check(&list, expect);
        list.reverse();
        check(&list, expect);
        warnings(&snapshot(&list))
    };
    assert_eq!(
        twice(
            vec![all[3].clone(), all[1].clone(), all[0].clone(), flat],
            "10.0.1.4: open to all"
        ),
        Vec::<String>::new()
    );
    // A nested copy with less in it says nothing new.
    let nested = vnet(&json!({}));
    let mut nic = all[1].clone();
    nic["properties"]["ipConfigurations"][0]["properties"]["publicIPAddress"]["properties"] =
        json!({"ipAddress": "203.0.113.9"});
    let mut list = vec![nested, nic];
    list.extend(all[2..].to_vec());
    check(&list, "10.0.1.4: open to all");
    // What is in a subnet is told by some exports and not by others.
    twice(
        vec![vnet(
            &json!({"ipConfigurations": [id("networkInterfaces", "n/ipConfigurations/c")]}),
        )],
        "10.0.1.4: open to all",
    );
    // Contradictions.
    assert!(
        !twice(
            vec![nsg("inner", &["100 Deny * 9200"])],
            "10.0.1.4: undetermined: …"
        )
        .is_empty()
    );
    twice(
        vec![vnet(
            &json!({"networkSecurityGroup": id("networkSecurityGroups", "inner")}),
        )],
        "10.0.1.4: undetermined: …",
    );
    twice(
        vec![with(
            pip("Standard"),
            &json!({"properties": {"ipAddress": "203.0.113.10"}}),
        )],
        "10.0.1.4: undetermined: …",
    );
}

/// A resource as `az resource list` prints it: only that it exists.
fn stub(of: &Value) -> Value {
    json!({"id": of["id"], "name": of["name"], "type": of["type"], "sku": of["sku"],
        "location": "westeurope", "properties": null, "tags": null})
}

#[test]
fn a_resource_that_only_exists_may_do_anything() {
    // With the resource itself beside it, it says nothing new.
    let whole = balanced(&pool(), &balancing(&json!({})));
    let mut twice = whole.clone();
    twice.extend(whole.iter().map(stub));
    check(&twice, "10.0.1.4: open to all");
    assert_eq!(warnings(&snapshot(&twice)), Vec::<String>::new());
    // Alone, every one of them is something that is not known.
    for index in 0..whole.len() {
        let mut all = whole.clone();
        all[index] = stub(&whole[index]);
        let found = answers(&snapshot(&all));
        assert!(
            found.contains(": undetermined: "),
            "{}: {found}",
            whole[index]["id"]
        );
    }
    // A load balancer may have any address in its pools.
    let mut hidden = private();
    hidden[2] = nsg("inner", &["100 Allow * 9200"]);
    check(&hidden, "10.0.1.4: closed");
    hidden.push(stub(&whole[4]));
    check(&hidden, "10.0.1.4: undetermined: …");
    for kind in ["applicationGateways", "azureFirewalls"] {
        let mut all = private();
        all.push(stub(&resource(kind, "x", json!({}))));
        check(&all, "10.0.1.4: undetermined: …");
    }
    let mut managed = private();
    managed[1] = nic(&json!({}), &inner());
    managed.push(pip("Standard"));
    managed.push(stub(&resource("networkManagers", "x", json!({}))));
    check(&managed, "10.0.1.4: undetermined: …");
    // Routes that are left out may make VirtualNetwork everything.
    let routed = |table: Value| {
        vec![
            vnet(&json!({"routeTable": id("routeTables", "t")})),
            nic(&json!({}), &inner()),
            pip("Standard"),
            nsg("inner", &[]),
            table,
        ]
    };
    let table = resource("routeTables", "t", json!({"routes": []}));
    check(&routed(table.clone()), "10.0.1.4: closed");
    check(&routed(stub(&table)), "10.0.1.4: undetermined: …");
}

#[test]
fn parts_that_are_listed_by_their_ids_only() {
    let whole = balanced(&pool(), &balancing(&json!({})));
    for list in ["loadBalancingRules", "frontendIPConfigurations"] {
        let mut all = whole.clone();
        let part = all[4]["properties"][list][0].clone();
        let id = part["id"]
            .as_str()
            .map_or_else(|| format!("{NET}/loadBalancers/lb/{list}/r"), str::to_owned);
        all[4]["properties"][list] = json!([{"id": id}]);
        check(&all, "10.0.1.4: undetermined: …");
        // The part by itself makes it whole again.
        let mut part = part;
        part["id"] = json!(id);
        all.push(part);
        check(&all, "10.0.1.4: open to all");
    }
    // A NAT rule for a pool, of which the interface says nothing.
    let mut all = whole.clone();
    all[4]["properties"]["loadBalancingRules"] = json!([]);
    all[4]["properties"]["inboundNatRules"] =
        json!([{"id": format!("{NET}/loadBalancers/lb/inboundNatRules/n")}]);
    check(&all, "10.0.1.4: undetermined: …");
    // A subnet of which only the id is told may have a group and routes.
    let mut all = open();
    all[0]["properties"]["subnets"][0] = json!({"id": all[0]["properties"]["subnets"][0]["id"]});
    check(&all, "10.0.1.4: undetermined: …");
}

#[test]
fn a_subnet_or_group_given_in_full_inside_another_resource_counts() {
    let mut card = nic(
        &json!({"subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/s"), "properties": {"addressPrefix": "10.0.1.0/24",
        "networkSecurityGroup": with(nsg("outer", &["100 Deny * 9200"]), &json!({}))}}}),
        &inner(),
    );
    card["properties"]["networkSecurityGroup"] = nsg("inner", &["100 Allow * 9200"]);
    let found = answers(&snapshot(&[card, pip("Standard")]));
    assert_eq!(found, "10.0.1.4: closed");
}

#[test]
fn data_stores_that_are_not_judged_are_named() {
    let mut all = open();
    for name in ["a", "b"] {
        all.push(
            json!({"id": format!("{SUB}/Microsoft.Storage/storageAccounts/{name}"), "name": name,
            "type": "Microsoft.Storage/storageAccounts", "properties": {}}),
        );
    }
    check(&all, "10.0.1.4: open to all");
    assert_eq!(
        warnings(&snapshot(&all)),
        [
            "net.json#/4: 2 resources of the type microsoft.storage/storageaccounts are data stores that are not judged: only machines and their addresses are"
        ]
    );
}

#[test]
fn what_is_not_judged_is_warned_of() {
    // A way in to an interface that is not in the input.
    let mut all = open();
    all[2]["properties"]["ipConfiguration"] =
        json!({"id": format!("{NET}/networkInterfaces/gone/ipConfigurations/c")});
    let found = warnings(&snapshot(&all));
    assert!(
        found.iter().any(|one| one.starts_with(
            "net.json#/2: pip leads to the interface gone, which is not in the input"
        )),
        "{found:#?}"
    );
    let mut pooled = balanced(&pool(), &balancing(&json!({})));
    pooled[4]["properties"]["backendAddressPools"][0]["properties"]["backendIPConfigurations"] = json!([
        {"id": format!("{NET}/networkInterfaces/n/ipConfigurations/c")},
        {"id": format!("{NET}/networkInterfaces/gone/ipConfigurations/c")}]);
    let found = warnings(&snapshot(&pooled));
    assert!(
        found.len() == 1 && found[0].contains("interface gone"),
        "{found:#?}"
    );
    // A public address of a gateway leads to no interface.
    let mut gateway = open();
    let mut other = pip("Standard");
    other["id"] = json!(format!("{NET}/publicIPAddresses/q"));
    other["properties"]["ipConfiguration"] = id("virtualNetworkGateways", "g/ipConfigurations/c");
    gateway.push(other);
    assert_eq!(warnings(&snapshot(&gateway)), Vec::<String>::new());
    // A machine that passes packets on.
    let mut appliance = open();
    appliance[1]["properties"]["enableIPForwarding"] = json!(true);
    assert!(warnings(&snapshot(&appliance))[0].contains("n passes on packets"));
    appliance[1] = nic(
        &json!({"publicIPAddress": null}),
        &json!({"enableIPForwarding": true}),
    );
    assert_eq!(warnings(&snapshot(&appliance)), Vec::<String>::new());
}

#[test]
fn a_block_of_addresses() {
    let mut all = open();
    all[1] = nic(
        &json!({"privateIPAddress": "10.0.1.16", "privateIPAddressPrefixLength": 28}),
        &inner(),
    );
    check(&all, "10.0.1.16: open to all");
    all[3]["properties"]["securityRules"][0]["properties"]["destinationAddressPrefix"] =
        json!("10.0.1.17");
    check(&all, "10.0.1.16: undetermined: …");
}

#[test]
fn order_of_files_does_not_matter() {
    let mut all = open();
    all.push(nsg("inner", &["100 Deny * 9200"]));
    all.push(with(
        nic(&json!({}), &inner()),
        &json!({"id": format!("{NET}/networkInterfaces/m")}),
    ));
    all.push(pip("Basic"));
    let files: Vec<(String, String)> = all
        .iter()
        .enumerate()
        .map(|(n, one)| (format!("f{n}.json"), one.to_string()))
        .collect();
    let run = |order: &[usize]| {
        let list: Vec<(&str, String)> = order
            .iter()
            .map(|&n| (files[n].0.as_str(), files[n].1.clone()))
            .collect();
        let snapshot = read(&list).expect("well formed");
        format!("{:#?}{:#?}", snapshot.network, snapshot.hosts)
    };
    let forward: Vec<usize> = (0..files.len()).collect();
    let backward: Vec<usize> = forward.iter().rev().copied().collect();
    assert_eq!(run(&forward), run(&backward));
}

#[test]
fn pages_of_an_export() {
    let mut closed = open();
    closed[1] = nic(&json!({"publicIPAddress": null}), &inner());
    let half = closed.split_off(2);
    let page = |data: &[Value], token: Value, total: Value| {
        json!({"data": data, "count": data.len(), "skip_token": token, "total_records": total})
            .to_string()
    };
    let run = |pages: &[String]| {
        let names = ["a.json", "b.json"];
        let files: Vec<(&str, String)> = names.into_iter().zip(pages.iter().cloned()).collect();
        answers(&read(&files).expect("well formed"))
    };
    let first = page(&closed, json!("next"), json!(4));
    assert!(run(std::slice::from_ref(&first)).starts_with("10.0.1.4: undetermined"));
    // All pages together are everything, whatever the first one says.
    assert_eq!(
        run(&[first, page(&half, json!(null), json!(4))]),
        "10.0.1.4: closed"
    );
    // A list that does not say how many there are stays doubtful.
    let all = [closed, half].concat();
    let linked = json!({"value": all, "nextLink": "https://example.org/next"}).to_string();
    assert!(run(&[linked]).starts_with("10.0.1.4: undetermined"));
}

// ---- effective rules -------------------------------------------------------

fn effective(association: &Value, rules: &Value) -> Value {
    json!({"value": [{"association": association, "networkSecurityGroup": id("networkSecurityGroups", "inner"), "effectiveSecurityRules": rules, "tagMap": null}]})
}

fn with_effective(resources: &[Value], documents: &[Value]) -> Snapshot {
    let mut files = vec![("net.json".to_owned(), json!(resources).to_string())];
    files.extend(
        documents
            .iter()
            .enumerate()
            .map(|(n, one)| (format!("e{n}.json"), one.to_string())),
    );
    let files: Vec<(&str, String)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.clone()))
        .collect();
    read(&files).expect("well formed")
}

#[test]
fn what_has_no_identity_is_kept_apart() {
    let unnamed = |rules: &[&str]| {
        let mut one = nsg("x", rules);
        one["id"] = json!(null);
        one["name"] = json!(null);
        one
    };
    let mut all = open();
    all.push(unnamed(&["100 Allow * 9200"]));
    all.push(unnamed(&["100 Deny * 9200"]));
    check(&all, "10.0.1.4: open to all");
    let place = json!({"networkInterface": id("networkInterfaces", "n")});
    let rules = json!([{"name": "x", "protocol": "All", "sourcePortRange": "0-65535", "destinationPortRange": "0-65535",
        "sourceAddressPrefix": "198.51.100.0/24", "destinationAddressPrefix": "0.0.0.0/0", "access": "Allow", "priority": 100, "direction": "Inbound"}]);
    let mut document = effective(&place, &rules);
    document["value"][0]["networkSecurityGroup"] = json!({});
    let snapshot = with_effective(&open(), &[document]);
    assert_eq!(
        answers(&snapshot),
        "10.0.1.4: open to 198.51.100.0-198.51.100.255"
    );
    assert!(
        snapshot
            .network
            .filters
            .iter()
            .all(|filter| !filter.id.is_empty())
    );
}

#[test]
fn effective_rules_are_used_in_place_of_the_groups_own() {
    let place = json!({"networkInterface": id("networkInterfaces", "n"), "subnet": null});
    let allow = |source: &str, expanded: Value| {
        json!([{"name": "securityRules/allow", "protocol": "Tcp", "sourcePortRange": "0-65535", "destinationPortRange": "9200-9200",
        "sourceAddressPrefix": source, "expandedSourceAddressPrefix": expanded, "destinationAddressPrefix": "0.0.0.0/0", "access": "Allow", "priority": 100, "direction": "Inbound"}])
    };
    let document = effective(&place, &allow("Anything", json!(["198.51.100.0/24"])));
    let mut no_group = open();
    no_group.remove(3);
    let snapshot = with_effective(&no_group, std::slice::from_ref(&document));
    assert_eq!(
        answers(&snapshot),
        "10.0.1.4: open to 198.51.100.0-198.51.100.255"
    );
    assert_eq!(
        snapshot
            .network
            .filters
            .iter()
            .find_map(|filter| filter.inbound.iter().find(|rule| rule.priority == 100))
            .map(|rule| &*rule.name),
        Some("allow")
    );
    // That view prints "*" as 0.0.0.0/0, so for IPv6 it says nothing certain.
    let mut six = no_group.clone();
    six[1] = nic(
        &json!({"privateIPAddress": "fd00::4", "privateIPAddressVersion": "IPv6"}),
        &inner(),
    );
    six[2]["properties"]["ipAddress"] = json!("2001:db8::9");
    let snapshot = with_effective(&six, &[effective(&place, &allow("0.0.0.0/0", json!([])))]);
    assert!(
        answers(&snapshot).starts_with("fd00::4: undetermined"),
        "{}",
        answers(&snapshot)
    );
    // Two exports that disagree.
    let other = effective(&place, &allow("Anything", json!(["192.0.2.0/24"])));
    let snapshot = with_effective(&no_group, &[document, other]);
    assert!(
        warnings(&snapshot)
            .iter()
            .any(|one| one.starts_with("e1.json#/value/0")
                && one.contains("(also at e0.json#/value/0/")),
        "{:#?}",
        warnings(&snapshot)
    );
    assert!(
        answers(&snapshot).starts_with("10.0.1.4: undetermined"),
        "{}",
        answers(&snapshot)
    );
    // A network manager's rules come first and are not modelled.
    let managed = effective(
        &json!({"networkManager": {"id": format!("{NET}/networkManagers/nm")}}),
        &json!([]),
    );
    let snapshot = with_effective(&open(), &[managed]);
    assert!(
        answers(&snapshot).starts_with("10.0.1.4: undetermined"),
        "{}",
        answers(&snapshot)
    );
    // The rules alone are no interface.
    let alone = read(&[(
        "e.json",
        effective(&place, &allow("*", json!([]))).to_string(),
    )])
    .expect("well formed");
    assert!(
        alone.hosts.is_empty()
            && warnings(&alone)
                .iter()
                .any(|text| text.contains("az network nic show")),
        "{:#?}",
        alone.warnings
    );
}
