//! Whatever a file holds: an answer or an error, never a panic.

use std::sync::Arc;

use celador_cloud::azure::{ServiceTags, convert, parse};
use celador_model::internet::internet;
use celador_model::{PortSet, Protocol};
use celador_reach::network::{AddressMatch, Gate, Network};
use celador_reach::question::exposure::judge;
use proptest::prelude::*;
use serde_json::{Value, json};

const NET: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";

/// One of everything that is read.
fn everything() -> Value {
    let id = |kind: &str| json!({"id": format!("{NET}/{kind}")});
    let config = |name: &str| format!("{NET}/networkInterfaces/n/ipConfigurations/{name}");
    let rule = json!({"name": "r", "properties": {"priority": 100, "access": "Allow", "direction": "Inbound", "protocol": "Tcp",
        "sourceAddressPrefix": "Internet", "sourceAddressPrefixes": ["10.0.0.0/8", "Storage", "::/0"], "sourcePortRange": "*",
        "sourceApplicationSecurityGroups": [id("applicationSecurityGroups/a")], "destinationAddressPrefix": "VirtualNetwork",
        "destinationPortRange": "22", "destinationPortRanges": ["9200-9300", "443"]}});
    json!([
        {"id": format!("{NET}/networkSecurityGroups/g"), "name": "g", "type": "Microsoft.Network/networkSecurityGroups", "properties": {
            "securityRules": [rule, rule], "defaultSecurityRules": [rule], "subnets": [id("virtualNetworks/v/subnets/s")], "networkInterfaces": [id("networkInterfaces/n")]}},
        {"id": format!("{NET}/networkSecurityGroups/g/securityRules/x"), "properties": rule["properties"]},
        {"id": format!("{NET}/virtualNetworks/v"), "properties": {"addressSpace": {"addressPrefixes": ["10.0.0.0/16", "fd00::/48"]},
            "subnets": [{"id": format!("{NET}/virtualNetworks/v/subnets/s"), "properties": {"addressPrefix": "10.0.1.0/24", "networkSecurityGroup": id("networkSecurityGroups/g"), "routeTable": id("routeTables/t")}},
                {"id": format!("{NET}/virtualNetworks/v/subnets/GatewaySubnet"), "name": "GatewaySubnet", "properties": {"addressPrefixes": ["10.0.2.0/24"], "ipConfigurations": [id("virtualNetworkGateways/gw/ipConfigurations/c")]}}],
            "virtualNetworkPeerings": [{"name": "p", "properties": {"peeringState": "Connected", "useRemoteGateways": true, "remoteVirtualNetwork": id("virtualNetworks/v"), "remoteAddressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}}]}},
        {"id": format!("{NET}/networkInterfaces/n"), "tags": {"a": "b"}, "properties": {"networkSecurityGroup": id("networkSecurityGroups/g"), "virtualMachine": {"id": "/x/providers/Microsoft.Compute/virtualMachines/vm"},
            "ipConfigurations": [{"id": config("c"), "properties": {"privateIPAddress": "10.0.1.4", "privateIPAddressVersion": "IPv4", "subnet": id("virtualNetworks/v/subnets/s"), "publicIPAddress": id("publicIPAddresses/p"),
                "applicationSecurityGroups": [id("applicationSecurityGroups/a")], "loadBalancerBackendAddressPools": [id("loadBalancers/l/backendAddressPools/b")], "loadBalancerInboundNatRules": [id("loadBalancers/l/inboundNatRules/i")],
                "applicationGatewayBackendAddressPools": [id("applicationGateways/ag/backendAddressPools/b")], "gatewayLoadBalancer": null}}]}},
        {"id": format!("{NET}/publicIPAddresses/p"), "sku": {"name": "Standard", "tier": "Regional"}, "properties": {"ipAddress": "203.0.113.9", "ipConfiguration": {"id": config("c")}}},
        {"id": format!("{NET}/publicIPPrefixes/pp"), "properties": {"ipPrefix": "203.0.113.16/32"}},
        {"id": format!("{NET}/loadBalancers/l"), "sku": {"name": "Standard"}, "properties": {
            "frontendIPConfigurations": [{"id": format!("{NET}/loadBalancers/l/frontendIPConfigurations/f"), "properties": {"publicIPAddress": id("publicIPAddresses/p"), "publicIPPrefix": id("publicIPPrefixes/pp")}}],
            "backendAddressPools": [{"id": format!("{NET}/loadBalancers/l/backendAddressPools/b"), "properties": {"backendIPConfigurations": [{"id": config("c")}],
                "loadBalancerBackendAddresses": [{"properties": {"ipAddress": "10.0.1.4", "virtualNetwork": id("virtualNetworks/v"), "inboundNatRulesPortMapping": [{"inboundNatRuleName": "i", "frontendPort": 5000}]}}]}}],
            "loadBalancingRules": [{"name": "lr", "properties": {"protocol": "All", "frontendPort": 0, "backendPort": 0, "enableFloatingIP": true, "frontendIPConfiguration": id("loadBalancers/l/frontendIPConfigurations/f"), "backendAddressPool": id("loadBalancers/l/backendAddressPools/b")}}],
            "inboundNatRules": [{"id": format!("{NET}/loadBalancers/l/inboundNatRules/i"), "name": "i", "properties": {"protocol": "Tcp", "frontendPortRangeStart": 500, "frontendPortRangeEnd": 600, "backendPort": 22, "backendAddressPool": id("loadBalancers/l/backendAddressPools/b"), "frontendIPConfiguration": id("loadBalancers/l/frontendIPConfigurations/f")}}],
            "inboundNatPools": [{"name": "np", "properties": {"protocol": "Udp", "frontendPortRangeStart": 1, "frontendPortRangeEnd": 2, "backendPort": 53}}]}},
        {"id": format!("{NET}/routeTables/t"), "properties": {"routes": [{"name": "d", "properties": {"addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"}}]}},
        {"id": format!("{NET}/virtualNetworkGateways/gw"), "properties": {"gatewayType": "Vpn", "enableBgp": false, "ipConfigurations": [{"properties": {"subnet": id("virtualNetworks/v/subnets/GatewaySubnet")}}], "vpnClientConfiguration": {"vpnClientAddressPool": {"addressPrefixes": ["172.16.0.0/24"]}}}},
        {"id": format!("{NET}/localNetworkGateways/lg"), "properties": {"localNetworkAddressSpace": {"addressPrefixes": ["192.168.0.0/16"]}}},
        {"id": format!("{NET}/connections/co"), "properties": {"connectionType": "IPsec", "virtualNetworkGateway1": id("virtualNetworkGateways/gw"), "localNetworkGateway2": id("localNetworkGateways/lg")}},
        {"id": format!("{NET}/applicationGateways/ag"), "properties": {"frontendIPConfigurations": [{"properties": {"publicIPAddress": id("publicIPAddresses/p")}}], "backendAddressPools": [{"properties": {"backendAddresses": [{"ipAddress": "10.0.1.4"}, {"fqdn": "vm.example.org"}]}}]}},
        {"id": format!("{NET}/azureFirewalls/fw"), "properties": {"firewallPolicy": id("firewallPolicies/fp"), "natRuleCollections": [{"properties": {"rules": [{"translatedAddress": "10.0.1.4"}]}}]}},
        {"id": format!("{NET}/firewallPolicies/fp"), "properties": {"ruleCollectionGroups": [], "basePolicy": id("firewallPolicies/fp")}},
        {"id": format!("{NET}/networkManagers/nm"), "properties": {"networkManagerScopeAccesses": ["SecurityAdmin"], "networkManagerScopes": {"subscriptions": ["/subscriptions/other"]}}},
        {"id": "/x/providers/Microsoft.Compute/virtualMachines/vm", "properties": {"osProfile": {"computerName": "vm"}, "networkProfile": {"networkInterfaces": [id("networkInterfaces/n")]}, "virtualMachineScaleSet": {"id": "/x/providers/Microsoft.Compute/virtualMachineScaleSets/ss"}}},
        {"id": "/x/providers/Microsoft.Compute/virtualMachineScaleSets/ss", "properties": {"virtualMachineProfile": {"networkProfile": {"networkInterfaceConfigurations": [{"name": "nc", "properties": {"ipConfigurations": [{"name": "ic", "properties": {"subnet": id("virtualNetworks/v/subnets/s"), "publicIPAddressConfiguration": {"name": "p"}}}]}}]}}}},
        {"association": {"subnet": id("virtualNetworks/v/subnets/s")}, "networkSecurityGroup": id("networkSecurityGroups/g"), "effectiveSecurityRules": [{"name": "securityRules/r", "protocol": "All", "sourcePortRange": "0-65535", "destinationPortRange": "0-65535", "sourceAddressPrefix": "0.0.0.0/0", "expandedDestinationAddressPrefix": ["10.0.0.0/8"], "destinationAddressPrefix": "VirtualNetwork", "access": "Allow", "priority": 100, "direction": "Inbound"}]}
    ])
}

/// Every id is an index into its vector, and every question has an answer.
fn whole(network: &Network) {
    let address = |part: &AddressMatch| {
        if let AddressMatch::Mixed(mixed) = part {
            assert!(mixed.symbols.iter().all(|symbol| symbol.0 < 2));
            assert!(
                mixed
                    .unknown
                    .iter()
                    .all(|id| id.index() < network.unknowns.len())
            );
        }
    };
    for filter in &network.filters {
        assert!(!filter.id.is_empty());
        for rules in [&filter.inbound, &filter.outbound] {
            assert!(
                rules
                    .windows(2)
                    .all(|pair| pair[0].priority <= pair[1].priority)
            );
            for rule in rules {
                assert!(usize::from(rule.source.list) < filter.sources.len());
                assert!(
                    rule.doubt
                        .is_none_or(|id| id.index() < network.unknowns.len())
                );
                address(&rule.from);
                address(&rule.to);
            }
        }
    }
    for interface in &network.interfaces {
        assert!(interface.zone.index() < network.zones.len());
        for layer in &interface.layers {
            match layer.gate {
                Gate::Filter(id) => assert!(id.index() < network.filters.len()),
                Gate::Unknown(id) => assert!(id.index() < network.unknowns.len()),
                Gate::Open => {}
            }
        }
        for path in &interface.paths {
            assert!(!path.hops.is_empty());
            assert!(
                path.doubt
                    .is_none_or(|id| id.index() < network.unknowns.len())
            );
        }
        judge(
            network,
            interface,
            Protocol::Tcp,
            &PortSet::full(),
            &internet(),
        );
    }
}

/// Reads, converts and asks; `false` for an error, which must say something.
fn run(text: &[u8]) -> bool {
    match parse(Arc::from("net.json"), text) {
        Ok(parsed) => {
            let snapshot = convert(vec![parsed], &ServiceTags::embedded());
            whole(&snapshot.network);
            for host in &snapshot.hosts {
                assert!(!host.interfaces.is_empty(), "{host:?}");
                assert!(
                    host.interfaces
                        .iter()
                        .all(|id| id.index() < snapshot.network.interfaces.len())
                );
            }
            true
        }
        Err(error) => {
            assert!(!error.message().is_empty());
            false
        }
    }
}

/// Every place of a tree, as the steps to it.
fn places(value: &Value, at: &mut Vec<String>, out: &mut Vec<Vec<String>>) {
    out.push(at.clone());
    let inner: Vec<(String, &Value)> = match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(index, item)| (index.to_string(), item))
            .collect(),
        Value::Object(members) => members
            .iter()
            .map(|(key, item)| (key.clone(), item))
            .collect(),
        _ => Vec::new(),
    };
    for (step, item) in inner {
        at.push(step);
        places(item, at, out);
        at.pop();
    }
}

fn pointer(steps: &[String]) -> String {
    let escaped = steps
        .iter()
        .map(|step| step.replace('~', "~0").replace('/', "~1"));
    escaped.fold(String::new(), |pointer, step| pointer + "/" + &step)
}

/// What a value becomes.
fn replacement() -> impl Strategy<Value = Option<Value>> {
    prop_oneof![
        Just(None),
        Just(Some(Value::Null)),
        Just(Some(json!(true))),
        Just(Some(json!({}))),
        Just(Some(json!([]))),
        Just(Some(json!([null, {"id": 7}]))),
        Just(Some(json!({"id": format!("{NET}/networkInterfaces/n")}))),
        any::<i64>().prop_map(|number| Some(json!(number))),
        any::<f64>().prop_map(|number| Some(json!(number))),
        prop::sample::select(vec![
            "",
            "*",
            "Any",
            "0.0.0.0/0",
            "::/0",
            "10.0.0.0/99",
            "Storage",
            "NoSuchTag",
            "-1",
            "65536",
            "1-0",
            ",",
            "Global",
            "Basic",
            "IPv6",
            "/",
            "é"
        ])
        .prop_map(|text| Some(json!(text))),
        ".{0,12}".prop_map(|text| Some(json!(text))),
    ]
}

fn change(root: &mut Value, steps: &[String], new: Option<Value>) {
    if let (None, Some((last, front))) = (&new, steps.split_last()) {
        match root.pointer_mut(&pointer(front)) {
            Some(Value::Object(members)) => {
                members.remove(last);
            }
            Some(Value::Array(items)) => {
                if let Ok(index) = last.parse::<usize>()
                    && index < items.len()
                {
                    items.remove(index);
                }
            }
            _ => {}
        }
        return;
    }
    if let Some(place) = root.pointer_mut(&pointer(steps)) {
        *place = new.unwrap_or(Value::Null);
    }
}

#[test]
fn everything_at_once_is_read() {
    assert!(run(everything().to_string().as_bytes()));
    assert!(run(serde_json::to_string_pretty(&everything())
        .unwrap_or_default()
        .as_bytes()));
}

#[test]
fn hostile_files() {
    for (open, close) in [
        ("[", "]"),
        ("{\"data\":", "}"),
        ("{\"properties\":", "}"),
        ("{\"securityRules\":[", "]}"),
        ("{\"value\":[", "]}"),
    ] {
        assert!(
            !run(format!("{}{}", open.repeat(100_000), close.repeat(100_000)).as_bytes()),
            "{open}"
        );
        assert!(!run(open.repeat(100_000).as_bytes()), "{open}");
    }
    let many_keys = (0..200_000).fold(String::new(), |keys, n| {
        keys + "\"k" + &n.to_string() + "\":0,"
    });
    assert!(!run(format!("{{{many_keys}\"z\":0}}").as_bytes()));
    let lines = "{\"id\":\"/x/providers/Microsoft.Network/publicIPAddresses/p\"}\n".repeat(20_000);
    assert!(run(lines.as_bytes()));
    assert!(!run(&[0xff; 64]));
    assert!(!run(b"\xff\xfe[\x00"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn changed_values(changes in prop::collection::vec((any::<prop::sample::Index>(), replacement()), 1..8)) {
        let mut tree = everything();
        for (place, new) in changes {
            let mut all = Vec::new();
            places(&tree, &mut Vec::new(), &mut all);
            let steps = all[place.index(all.len())].clone();
            change(&mut tree, &steps, new);
        }
        run(tree.to_string().as_bytes());
    }

    #[test]
    fn cut_and_damaged_text(cut in any::<prop::sample::Index>(), damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4)) {
        let mut text = everything().to_string().into_bytes();
        let whole = text.len();
        text.truncate(cut.index(whole));
        if damage.is_empty() {
            prop_assert!(!run(&text), "a part of a file is no file");
        }
        for (at, byte) in damage {
            if !text.is_empty() {
                let at = at.index(text.len());
                text[at] = byte;
            }
        }
        run(&text);
    }

    #[test]
    fn repeated_members(place in any::<prop::sample::Index>()) {
        let text = everything().to_string();
        // An object's first member again: a duplicate key, wherever it is read.
        let starts: Vec<usize> = text.match_indices("{\"").map(|(at, _)| at).collect();
        let at = starts[place.index(starts.len())];
        let (before, rest) = text.split_at(at + 1);
        let key = rest.split('"').nth(1).unwrap_or_default();
        prop_assert!(!run(format!("{before}\"{key}\":null,{rest}").as_bytes()), "{key} is given twice");
    }
}
