//! Random networks, shaped like real ones, as exports print them.
//!
//! Every reference may lead to something that was left out; documents come in
//! any order, in both layouts, some of them twice, with ids in any letter case.

use serde_json::{Map, Value, json};

const NET: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";

/// `SplitMix64`: small, and the same on every machine.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).expect("less than a usize")
    }

    /// True with a probability of so many in a hundred.
    pub(crate) fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    pub(crate) fn pick<'v, T: ?Sized>(&mut self, of: &[&'v T]) -> &'v T {
        of[self.below(of.len())]
    }
}

pub(crate) fn tags() -> Value {
    json!({"changeNumber": 1, "cloud": "Public", "values": [
        {"name": "Fabrikam", "id": "Fabrikam", "properties": {"addressPrefixes": ["198.51.100.0/25", "192.0.2.64/26", "2001:db8:2::/48"]}},
        {"name": "Fabrikam.WestEurope", "id": "Fabrikam.WestEurope", "properties": {"addressPrefixes": ["198.51.100.64/26"]}}]})
}

fn refer(kind: &str, name: &str) -> Value {
    json!({"id": format!("{NET}/{kind}/{name}")})
}

#[expect(clippy::needless_pass_by_value, reason = "calls are literals")]
fn resource(kind: &str, name: &str, properties: Value) -> Value {
    json!({"id": format!("{NET}/{kind}/{name}"), "name": name,
        "type": format!("Microsoft.Network/{kind}"), "location": "westeurope", "properties": properties})
}

fn put(value: &mut Value, key: &str, member: Value) {
    value["properties"][key] = member;
}

/// Sources and ports at whose borders answers change.
pub(crate) const SOURCES: &[&str] = &[
    "*",
    "Internet",
    "internet",
    "Any",
    "VirtualNetwork",
    "virtualnetwork",
    "AzureLoadBalancer",
    "0.0.0.0/0",
    "::/0",
    "0.0.0.0/1",
    "128.0.0.0/1",
    "198.51.100.0/24",
    "198.51.100.128/25",
    "203.0.113.7",
    "203.0.113.0/28",
    "192.0.2.0/24",
    "2001:db8:1::/48",
    "2001:db8::/32",
    "10.0.0.0/8",
    "10.0.1.0/24",
    "Fabrikam",
    "FABRIKAM",
    "Fabrikam.WestEurope",
    "fabrikam.westeurope",
    "NoSuchTag",
];
const PORTS: &[&str] = &[
    "*",
    "9200",
    "9200-9300",
    "22",
    "0-65535",
    "5432",
    "1000-9200",
    "9201-65535",
    "22,9200",
];
const TO: &[&str] = &[
    "*",
    "*",
    "*",
    "*",
    "VirtualNetwork",
    "10.0.1.0/24",
    "10.0.1.4",
    "10.0.1.0/29",
    "10.0.0.0/16",
    "fd00:1::/48",
    "203.0.113.128/25",
    "Internet",
    "203.0.113.32/29",
    "203.0.113.33",
];

fn any_case(random: &mut Random, word: &str) -> String {
    match random.below(6) {
        0 => word.to_lowercase(),
        1 => word.to_uppercase(),
        _ => word.to_owned(),
    }
}

/// One field or two: singular, plural, both, or joined by commas.
fn side(random: &mut Random, rule: &mut Value, single: &str, plural: &str, from: &[&str]) {
    let mut list = || -> Vec<String> {
        let many = 1 + random.below(3);
        (0..many)
            .map(|_| {
                let word = random.pick(from);
                any_case(random, word)
            })
            .collect()
    };
    let words = list();
    match random.below(6) {
        0 => {
            put(rule, single, json!(""));
            put(rule, plural, json!(words));
        }
        1 => {
            put(rule, single, Value::Null);
            put(rule, plural, json!(words));
        }
        2 => {
            put(rule, single, json!(words[0]));
            put(rule, plural, json!(words[1..]));
        }
        3 => put(rule, single, json!(words.join(","))),
        _ => {
            put(rule, single, json!(words[0]));
            put(rule, plural, json!([]));
        }
    }
}

fn rule(random: &mut Random, group: &str, priority: usize, groups: &[String]) -> Value {
    let name = format!("r{priority}");
    let inbound = random.percent(90);
    let (direction, access, protocol) = (
        if inbound { "Inbound" } else { "Outbound" },
        if random.percent(60) { "Allow" } else { "Deny" },
        random.pick(&["*", "Tcp", "Tcp", "Udp", "Icmp", "Any"]),
    );
    let mut rule = json!({"id": format!("{NET}/networkSecurityGroups/{group}/securityRules/{name}"),
        "name": name, "type": "Microsoft.Network/networkSecurityGroups/securityRules", "properties": {
        "priority": priority, "direction": any_case(random, direction),
        "access": any_case(random, access), "protocol": any_case(random, protocol)}});
    side(
        random,
        &mut rule,
        "sourceAddressPrefix",
        "sourceAddressPrefixes",
        SOURCES,
    );
    side(
        random,
        &mut rule,
        "destinationAddressPrefix",
        "destinationAddressPrefixes",
        TO,
    );
    side(
        random,
        &mut rule,
        "destinationPortRange",
        "destinationPortRanges",
        PORTS,
    );
    put(
        &mut rule,
        "sourcePortRange",
        json!(random.pick(&["*", "*", "*", "*", "0-65535", "1024-65535", "1-79,1024"])),
    );
    for (group, single, plural) in [
        (
            "sourceApplicationSecurityGroups",
            "sourceAddressPrefix",
            "sourceAddressPrefixes",
        ),
        (
            "destinationApplicationSecurityGroups",
            "destinationAddressPrefix",
            "destinationAddressPrefixes",
        ),
    ] {
        if !groups.is_empty() && random.percent(10) {
            let named = groups[random.below(groups.len())].clone();
            let properties = rule["properties"].as_object_mut().expect("an object");
            properties.remove(single);
            properties.remove(plural);
            properties.insert(
                group.to_owned(),
                json!([refer("applicationSecurityGroups", &named)]),
            );
        }
    }
    rule
}

struct Subnet {
    network: usize,
    name: String,
    v4: String,
    v6: Option<String>,
}

/// The documents of a network.
#[expect(clippy::too_many_lines, reason = "one part of a network after another")]
pub(crate) fn network(random: &mut Random) -> Vec<Value> {
    let mut out: Vec<Value> = Vec::new();
    let asgs: Vec<String> = (0..random.below(3)).map(|n| format!("asg{n}")).collect();
    let group_count = random.below(5);
    let groups: Vec<String> = (0..group_count).map(|n| format!("nsg{n}")).collect();
    let tables: Vec<String> = (0..random.below(3)).map(|n| format!("rt{n}")).collect();

    let mut nsgs: Vec<Value> = Vec::new();
    for name in &groups {
        let mut priority = 100;
        let mut rules = Vec::new();
        for _ in 0..random.below(6) {
            priority += 1 + random.below(50);
            rules.push(rule(random, name, priority, &asgs));
        }
        if random.percent(50) {
            rules.reverse();
        }
        if random.percent(10) && !rules.is_empty() {
            // A rule by itself, beside the group that has it or in its place.
            let own = rules[0].clone();
            if random.percent(50) {
                rules.remove(0);
            }
            out.push(own);
        }
        nsgs.push(resource(
            "networkSecurityGroups",
            name,
            json!({"securityRules": rules}),
        ));
    }
    for name in &tables {
        let routes: Vec<Value> = (0..random.below(3))
            .map(|n| {
                let prefix = random.pick(&[
                    "0.0.0.0/0",
                    "198.51.100.0/24",
                    "10.9.0.0/16",
                    "203.0.113.0/26",
                    "2001:db8::/32",
                    "Fabrikam",
                ]);
                json!({"id": format!("{NET}/routeTables/{name}/routes/x{n}"), "name": format!("x{n}"),
                    "properties": {"addressPrefix": prefix, "nextHopType": random.pick(&["VirtualAppliance", "Internet", "None"])}})
            })
            .collect();
        out.push(resource("routeTables", name, json!({"routes": routes})));
    }

    // Networks, their subnets and peerings.
    let public_space = random.percent(20);
    let spaces = [
        if public_space {
            ["203.0.113.128/25", "2001:db8:a::/48"]
        } else {
            ["10.0.0.0/16", "fd00:1::/48"]
        },
        if random.percent(15) {
            ["198.51.100.0/26", "2001:db8:2::/64"]
        } else {
            ["10.1.0.0/16", "fd00:2::/48"]
        },
    ];
    let count = 1 + random.below(2);
    let mut subnets: Vec<Subnet> = Vec::new();
    for (number, [v4, v6]) in spaces.iter().enumerate().take(count) {
        let name = format!("v{number}");
        let mut inside = Vec::new();
        for index in 0..=random.below(2) {
            let prefix = match (*v4, index) {
                ("203.0.113.128/25", index) => format!("203.0.113.{}/28", 128 + index * 16),
                ("198.51.100.0/26", index) => format!("198.51.100.{}/28", index * 16),
                _ => format!("10.{number}.{}.0/24", index + 1),
            };
            let dual = random.percent(40);
            let six = v6.replace("::/48", &format!(":{index}::/64"));
            let six = (dual && six.ends_with(&format!(":{index}::/64"))).then_some(six);
            let mut own = json!({"id": format!("{NET}/virtualNetworks/{name}/subnets/s{index}"),
                "name": format!("s{index}"), "properties": {}});
            match &six {
                Some(six) => put(&mut own, "addressPrefixes", json!([prefix, six])),
                None => put(&mut own, "addressPrefix", json!(prefix)),
            }
            if !groups.is_empty() && random.percent(55) {
                let group = random.below(groups.len());
                put(
                    &mut own,
                    "networkSecurityGroup",
                    refer("networkSecurityGroups", &groups[group]),
                );
                if random.percent(50) {
                    nsgs[group]["properties"]["subnets"] = json!([{"id": own["id"]}]);
                }
            }
            if !tables.is_empty() && random.percent(40) {
                let table = &tables[random.below(tables.len())];
                put(&mut own, "routeTable", refer("routeTables", table));
            }
            if random.percent(20) {
                put(&mut own, "natGateway", refer("natGateways", "nat"));
            }
            subnets.push(Subnet {
                network: number,
                name: format!("s{index}"),
                v4: prefix,
                v6: six,
            });
            if !random.percent(4) {
                inside.push(own);
            }
        }
        let mut peerings = Vec::new();
        if random.percent(50) {
            let mut peering = json!({"id": format!("{NET}/virtualNetworks/{name}/virtualNetworkPeerings/p"), "name": "p",
                "properties": {"remoteVirtualNetwork": refer("virtualNetworks", &format!("v{}", 1 - number))}});
            if random.percent(80) {
                let state = random.pick(&["Connected", "Connected", "Initiated", "Disconnected"]);
                put(&mut peering, "peeringState", json!(state));
            }
            if random.percent(50) {
                put(
                    &mut peering,
                    "remoteAddressSpace",
                    json!({"addressPrefixes": spaces[1 - number]}),
                );
            }
            if random.percent(30) {
                let access = random.percent(50);
                put(&mut peering, "allowVirtualNetworkAccess", json!(access));
            }
            if random.percent(5) {
                put(&mut peering, "useRemoteGateways", json!(true));
            }
            peerings.push(peering);
        }
        out.push(resource(
            "virtualNetworks",
            &name,
            json!({"addressSpace": {"addressPrefixes": [v4, v6]}, "subnets": inside, "virtualNetworkPeerings": peerings}),
        ));
    }

    // A load balancer with its frontends, and public addresses.
    let mut publics: Vec<Value> = Vec::new();
    let mut public = |random: &mut Random, v6: bool| -> String {
        let number = publics.len();
        let name = format!("pip{number}");
        let mut own = resource("publicIPAddresses", &name, json!({}));
        if !random.percent(5) {
            let address = if v6 {
                format!("2001:db8:f::{}", number + 1)
            } else {
                format!("203.0.113.{}", 32 + number)
            };
            put(&mut own, "ipAddress", json!(address));
        }
        if !random.percent(10) {
            own["sku"] = json!({"name": any_case(random, "Standard")});
            if random.percent(40) {
                own["sku"] = json!({"name": "Basic"});
            }
        }
        publics.push(own);
        name
    };
    let balanced = random.percent(45);
    let mut balancer = resource("loadBalancers", "lb", json!({}));
    let (mut rules, mut nat, mut fronts) = (Vec::new(), Vec::new(), Vec::new());
    let (mut members, mut addresses) = (Vec::new(), Vec::new());
    if balanced {
        for number in 0..=random.below(2) {
            let mut front = json!({"id": format!("{NET}/loadBalancers/lb/frontendIPConfigurations/f{number}"),
                "name": format!("f{number}"), "properties": {}});
            if random.percent(75) {
                let name = public(random, false);
                put(
                    &mut front,
                    "publicIPAddress",
                    refer("publicIPAddresses", &name),
                );
            } else {
                put(&mut front, "privateIPAddress", json!("10.0.1.200"));
                put(
                    &mut front,
                    "subnet",
                    refer("virtualNetworks", "v0/subnets/s0"),
                );
            }
            fronts.push(front);
        }
        for number in 0..random.below(3) {
            let front = random.below(3);
            let (from, to) = match random.below(4) {
                0 => (0, 0),
                1 => (9200, 9200),
                2 => (80, 9200),
                _ => (5432, 22),
            };
            let floating = random.percent(40);
            rules.push(
                json!({"id": format!("{NET}/loadBalancers/lb/loadBalancingRules/b{number}"), "name": format!("b{number}"),
                "properties": {"protocol": if from == 0 { "All" } else { random.pick(&["Tcp", "tcp", "Udp"]) },
                    "frontendPort": from, "backendPort": to, "enableFloatingIP": floating,
                    "frontendIPConfiguration": {"id": format!("{NET}/loadBalancers/lb/frontendIPConfigurations/f{front}")},
                    "backendAddressPool": {"id": format!("{NET}/loadBalancers/lb/backendAddressPools/p")}}}),
            );
        }
    }

    // Interfaces, one to a machine.
    let mut used = 0;
    for number in 0..=random.below(4) {
        let name = format!("nic{number}");
        let mut configs = Vec::new();
        for index in 0..=usize::from(random.percent(35)) {
            let subnet = &subnets[random.below(subnets.len())];
            let v6 = index == 1 && subnet.v6.is_some() && random.percent(60);
            used += 1;
            let config_id = format!("{NET}/networkInterfaces/{name}/ipConfigurations/c{index}");
            let mut config =
                json!({"id": config_id, "name": format!("c{index}"), "properties": {}});
            put(
                &mut config,
                "subnet",
                refer(
                    "virtualNetworks",
                    &format!("v{}/subnets/{}", subnet.network, subnet.name),
                ),
            );
            let address = if v6 {
                let prefix = subnet.v6.as_deref().unwrap_or_default();
                prefix.replace("::/64", &format!("::{used}"))
            } else {
                let (front, last) = subnet.v4.rsplit_once('.').expect("an address");
                let first: usize = last
                    .split('/')
                    .next()
                    .and_then(|n| n.parse().ok())
                    .unwrap_or(0);
                format!("{front}.{}", first + 3 + used)
            };
            if !random.percent(5) {
                put(&mut config, "privateIPAddress", json!(address));
            }
            if v6 || random.percent(50) {
                put(
                    &mut config,
                    "privateIPAddressVersion",
                    json!(if v6 { "IPv6" } else { "IPv4" }),
                );
            }
            if random.percent(55) {
                let own = public(random, v6);
                put(
                    &mut config,
                    "publicIPAddress",
                    refer("publicIPAddresses", &own),
                );
            }
            if balanced && !v6 {
                if random.percent(40) {
                    put(
                        &mut config,
                        "loadBalancerBackendAddressPools",
                        json!([refer("loadBalancers", "lb/backendAddressPools/p")]),
                    );
                }
                if random.percent(20) {
                    members.push(json!({"id": config_id}));
                }
                if random.percent(25) {
                    let mut member =
                        json!({"name": format!("a{used}"), "properties": {"ipAddress": address}});
                    if !random.percent(15) {
                        let network = if random.percent(20) {
                            1 - subnet.network
                        } else {
                            subnet.network
                        };
                        put(
                            &mut member,
                            "virtualNetwork",
                            refer("virtualNetworks", &format!("v{network}")),
                        );
                    }
                    addresses.push(member);
                }
                if random.percent(20) {
                    let rule = json!({"id": format!("{NET}/loadBalancers/lb/inboundNatRules/n{used}"), "name": format!("n{used}"),
                        "properties": {"protocol": "Tcp", "frontendPort": 50000 + used, "backendPort": random.pick(&[&9200, &22]),
                        "frontendIPConfiguration": {"id": format!("{NET}/loadBalancers/lb/frontendIPConfigurations/f0")},
                        "backendIPConfiguration": {"id": config_id}}});
                    if random.percent(50) {
                        put(
                            &mut config,
                            "loadBalancerInboundNatRules",
                            json!([{"id": rule["id"]}]),
                        );
                    }
                    nat.push(rule);
                }
            }
            let mine: Vec<Value> = asgs
                .iter()
                .filter(|_| random.percent(40))
                .map(|name| refer("applicationSecurityGroups", name))
                .collect();
            if !mine.is_empty() {
                put(&mut config, "applicationSecurityGroups", json!(mine));
            }
            configs.push(config);
        }
        let mut nic = resource(
            "networkInterfaces",
            &name,
            json!({"ipConfigurations": configs}),
        );
        if !groups.is_empty() && random.percent(50) {
            let group = random.below(groups.len());
            put(
                &mut nic,
                "networkSecurityGroup",
                refer("networkSecurityGroups", &groups[group]),
            );
            if random.percent(30) {
                nsgs[group]["properties"]["networkInterfaces"] = json!([{"id": nic["id"]}]);
            }
        }
        let machine = format!(
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/es-{number}"
        );
        put(&mut nic, "virtualMachine", json!({"id": machine}));
        if !random.percent(15) {
            out.push(json!({"id": machine, "name": format!("es-{number}"), "type": "Microsoft.Compute/virtualMachines",
                "properties": {"networkProfile": {"networkInterfaces": [{"id": nic["id"]}]}}}));
        }
        out.push(nic);
    }
    if balanced {
        if !random.percent(10) {
            balancer["sku"] = json!({"name": random.pick(&["Standard", "standard", "Basic"])});
        }
        put(&mut balancer, "frontendIPConfigurations", json!(fronts));
        put(
            &mut balancer,
            "backendAddressPools",
            json!([{"id": format!("{NET}/loadBalancers/lb/backendAddressPools/p"), "name": "p",
            "properties": {"backendIPConfigurations": members, "loadBalancerBackendAddresses": addresses}}]),
        );
        put(&mut balancer, "loadBalancingRules", json!(rules));
        put(&mut balancer, "inboundNatRules", json!(nat));
        put(
            &mut balancer,
            "outboundRules",
            json!([{"name": "o", "properties": {"protocol": "All"}}]),
        );
        out.push(balancer);
    }
    // The other side of associations, sometimes the only one that says so.
    for mut public in publics {
        if random.percent(50) {
            let wanted = public["id"].clone();
            let owner = out.iter().find_map(|document| {
                ["ipConfigurations", "frontendIPConfigurations"]
                    .iter()
                    .filter_map(|list| document["properties"][list].as_array())
                    .flatten()
                    .find(|place| place["properties"]["publicIPAddress"]["id"] == wanted)
                    .map(|place| place["id"].clone())
            });
            if let Some(owner) = owner {
                public["properties"]["ipConfiguration"] = json!({"id": owner});
            }
            if random.percent(8) {
                // As after a change between two exports.
                public["properties"]["ipConfiguration"] =
                    refer("networkInterfaces", "nic0/ipConfigurations/c0");
            }
        }
        out.push(public);
    }
    out.extend(nsgs);
    if random.percent(25) {
        let subnet = &subnets[random.below(subnets.len())];
        let place = if random.percent(50) {
            let subnet = format!("v{}/subnets/{}", subnet.network, subnet.name);
            json!({"subnet": refer("virtualNetworks", &subnet), "networkInterface": null})
        } else {
            json!({"networkInterface": refer("networkInterfaces", "nic0")})
        };
        let applied = effective(random, &place);
        out.push(applied);
    }
    out
}

/// What the platform says it applies at a place.
fn effective(random: &mut Random, place: &Value) -> Value {
    let mut rules = Vec::new();
    for number in 0..random.below(4) {
        let mut one = rule(random, "x", 100 + number * 10, &[])["properties"].take();
        one["name"] = json!(format!("securityRules/r{number}"));
        if one["protocol"] == "*" {
            one["protocol"] = json!("All");
        }
        if random.percent(40) {
            one["expandedSourceAddressPrefix"] = json!([
                random.pick(&["198.51.100.0/24", "0.0.0.0/1", "2001:db8::/32"]),
                "192.0.2.0/24"
            ]);
        }
        rules.push(one);
    }
    json!({"value": [{"association": place, "networkSecurityGroup": refer("networkSecurityGroups", "nsg0"),
        "effectiveSecurityRules": rules, "tagMap": null}]})
}

/// What an export does to documents: leaves some out, repeats some in another
/// layout, and puts them in any order.
pub(crate) fn export(random: &mut Random, documents: Vec<Value>) -> Vec<Value> {
    let machines = |document: &Value| {
        document["type"]
            .as_str()
            .is_some_and(|kind| kind.ends_with("networkInterfaces"))
    };
    let keep = 88 + random.below(13);
    let mut out: Vec<Value> = Vec::new();
    for document in documents {
        if !machines(&document) && !random.percent(keep) {
            continue;
        }
        if random.percent(12) {
            out.push(flattened(&document));
        }
        let rule = document["type"]
            .as_str()
            .is_some_and(|kind| kind.ends_with("securityRules"));
        if document["id"].is_string() && !machines(&document) && !rule && random.percent(8) {
            // As lists of all resources print it; sometimes nothing else does.
            out.push(stub(&document));
            if random.percent(50) {
                continue;
            }
        }
        out.push(if random.percent(40) {
            flattened(&document)
        } else {
            document
        });
    }
    for index in (1..out.len()).rev() {
        out.swap(index, random.below(index + 1));
    }
    for document in &mut out {
        any_id_case(random, document);
    }
    out
}

/// A resource as lists of all resources print it: only that it exists.
pub(crate) fn stub(of: &Value) -> Value {
    let mut out = json!({});
    for key in ["id", "name", "type", "location", "sku"] {
        if !of[key].is_null() {
            out[key] = of[key].clone();
        }
    }
    out
}

/// Members of `properties` beside `id` and `name`, as the Azure CLI prints them.
fn flattened(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let mut out = Map::new();
            for (key, member) in members {
                match member {
                    Value::Object(inner) if key == "properties" => {
                        for (key, member) in inner {
                            if !member.is_null() {
                                out.insert(key.clone(), flattened(member));
                            }
                        }
                    }
                    member => {
                        out.insert(key.clone(), flattened(member));
                    }
                }
            }
            out.insert("etag".to_owned(), json!("W/\"1\""));
            if !out.contains_key("id") {
                out.remove("etag");
            }
            Value::Object(out)
        }
        Value::Array(items) => Value::Array(items.iter().map(flattened).collect()),
        other => other.clone(),
    }
}

fn any_id_case(random: &mut Random, value: &mut Value) {
    match value {
        Value::String(word) if word.starts_with("/subscriptions/") && random.percent(15) => {
            *word = any_case(random, word);
        }
        Value::Array(items) => {
            for item in items {
                any_id_case(random, item);
            }
        }
        Value::Object(members) => {
            for member in members.values_mut() {
                any_id_case(random, member);
            }
        }
        _ => {}
    }
}
