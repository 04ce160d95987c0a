//! How a machine comes to be judged as a data store, one case a line, and that
//! nothing the inventory lists is ever dropped.

use std::fmt::Write as _;
use std::sync::Arc;

use celador_audit::inventory::{Inventory, parse as parse_inventory};
use celador_audit::{Options, audit};
use celador_catalog::Catalog;
use celador_cloud::azure::{ServiceTags, convert, parse};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

const NET: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Network";
const COMPUTE: &str = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute";

/// An interface with configurations at these addresses; the second one of each
/// pair is its public address, or empty.
fn nic(name: &str, addresses: &[(&str, &str)], more: &Value) -> Vec<Value> {
    let mut out = Vec::new();
    let mut configs = Vec::new();
    for (index, (private, public)) in addresses.iter().enumerate() {
        let mut config = json!({"name": format!("c{index}"), "privateIPAddress": private,
            "subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/s")}});
        if !public.is_empty() {
            let id = format!("{NET}/publicIPAddresses/{name}-{index}");
            config["publicIPAddress"] = json!({"id": id});
            out.push(
                json!({"id": id, "name": format!("{name}-{index}"), "sku": {"name": "Basic"},
                "type": "Microsoft.Network/publicIPAddresses", "ipAddress": public}),
            );
        }
        configs.push(config);
    }
    let mut card = json!({"id": format!("{NET}/networkInterfaces/{name}"), "name": name,
        "type": "Microsoft.Network/networkInterfaces", "ipConfigurations": configs});
    for (key, value) in more.as_object().expect("an object") {
        card[key] = value.clone();
    }
    out.push(card);
    out
}

/// A machine with interfaces; of its name and tags.
fn vm(name: &str, tags: &Value, nics: &[&str]) -> Value {
    let nics: Vec<Value> = nics
        .iter()
        .map(|nic| json!({"id": format!("{NET}/networkInterfaces/{nic}")}))
        .collect();
    json!({"id": format!("{COMPUTE}/virtualMachines/{name}"), "name": name, "tags": tags,
        "type": "Microsoft.Compute/virtualMachines", "networkProfile": {"networkInterfaces": nics}})
}

/// No filter stands anywhere, so whatever has a (Basic) public address is open.
fn network(parts: &[Value]) -> Value {
    let mut all = vec![
        json!({"id": format!("{NET}/virtualNetworks/v"), "name": "v",
        "type": "Microsoft.Network/virtualNetworks", "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [{"id": format!("{NET}/virtualNetworks/v/subnets/s"), "name": "s", "addressPrefix": "10.0.1.0/24"}]}),
    ];
    all.extend(parts.to_vec());
    Value::Array(all)
}

/// A line for each store and endpoint; of the ports nobody asked for, only the
/// first.
fn check(parts: &[Value], inventory: &str, expect: &Expect) {
    let text = network(parts).to_string();
    let parsed = parse(Arc::from("net.json"), text.as_bytes()).expect("well formed");
    let snapshot = convert(vec![parsed], &ServiceTags::embedded());
    let inventory = if inventory.is_empty() {
        Inventory::default()
    } else {
        parse_inventory("stores.yaml", inventory.as_bytes()).expect("an inventory")
    };
    let report = audit(
        &snapshot,
        Catalog::embedded(),
        &inventory,
        &Options::default(),
    );
    let mut out = String::new();
    for store in &report.stores {
        let id = store.id.rsplit('/').next().unwrap_or_default();
        let product = store.product.as_deref().unwrap_or("?");
        let _ = writeln!(
            out,
            "{id} ({product}): {:?}, because {}",
            store.verdict, store.because
        );
        let shown = store.endpoints.iter().filter(|one| {
            let mut ports = one.ports.split(',');
            ports.any(|port| ["9200", "9300", "5432", "22", "0-65535"].contains(&port))
        });
        for endpoint in shown {
            let _ = writeln!(
                out,
                "  {} {} {:?}{}",
                endpoint.address,
                endpoint.ports,
                endpoint.verdict,
                endpoint
                    .reason
                    .as_ref()
                    .map_or_else(String::new, |reason| format!(": {reason}"))
            );
        }
    }
    expect.assert_eq(&out);
}

#[test]
fn by_name_or_tag() {
    let private = |name: &str| nic(name, &[("10.0.1.4", "")], &json!({}));
    // The machine's name, its interface's, and a tag.
    let mut named = private("card");
    named.push(vm("prod-elasticsearch-1", &json!({}), &["card"]));
    check(
        &named,
        "",
        &expect![[r"
        prod-elasticsearch-1 (elasticsearch): NotExposed, because name prod-elasticsearch-1 has the word elasticsearch
          10.0.1.4 9200 NotExposed: no public address or load balancer leads here
          10.0.1.4 9300 NotExposed: no public address or load balancer leads here
    "]],
    );
    let mut by_card = private("postgres-primary-nic");
    by_card.push(vm("vm7", &json!({}), &["postgres-primary-nic"]));
    check(
        &by_card,
        "",
        &expect![[r"
        vm7 (postgresql): NotExposed, because name postgres-primary-nic has the word postgres
          10.0.1.4 5432 NotExposed: no public address or load balancer leads here
    "]],
    );
    let mut tagged = private("card");
    tagged.push(vm("vm7", &json!({"Role": "PostgreSQL"}), &["card"]));
    check(
        &tagged,
        "",
        &expect![[r"
        vm7 (postgresql): NotExposed, because tag Role=PostgreSQL has the word postgresql
          10.0.1.4 5432 NotExposed: no public address or load balancer leads here
    "]],
    );
    let mut card_tagged = nic(
        "card",
        &[("10.0.1.4", "")],
        &json!({"tags": {"product": "elasticsearch"}}),
    );
    card_tagged.push(vm("vm7", &json!({}), &["card"]));
    check(
        &card_tagged,
        "",
        &expect![[r"
        vm7 (elasticsearch): NotExposed, because tag product=elasticsearch has the word elasticsearch
          10.0.1.4 9200 NotExposed: no public address or load balancer leads here
          10.0.1.4 9300 NotExposed: no public address or load balancer leads here
    "]],
    );
    // An interface of no machine.
    check(
        &private("mongodb-nic"),
        "",
        &expect![[r"
        mongodb-nic (mongodb): NotExposed, because name mongodb-nic has the word mongodb
    "]],
    );
    // Nothing says so, and nothing reaches it: no data store.
    check(&private("card"), "", &expect![[""]]);
}

#[test]
fn scale_sets_by_name_and_tag() {
    let set = |name: &str, tags: Value| {
        json!({"id": format!("{COMPUTE}/virtualMachineScaleSets/{name}"), "name": name, "tags": tags,
            "type": "Microsoft.Compute/virtualMachineScaleSets", "virtualMachineProfile": {"networkProfile":
            {"networkInterfaceConfigurations": [{"name": "card", "ipConfigurations": [{"name": "c",
                "subnet": {"id": format!("{NET}/virtualNetworks/v/subnets/s")}}]}]}}})
    };
    check(
        &[set("elasticsearch-data", json!({}))],
        "",
        &expect![[r"
        elasticsearch-data (elasticsearch): NotExposed, because name elasticsearch-data has the word elasticsearch
          10.0.1.0/24 9200 NotExposed: no public address or load balancer leads here
          10.0.1.0/24 9300 NotExposed: no public address or load balancer leads here
    "]],
    );
    check(
        &[set("pool1", json!({"product": "elasticsearch"}))],
        "",
        &expect![[r"
            pool1 (elasticsearch): NotExposed, because tag product=elasticsearch has the word elasticsearch
              10.0.1.0/24 9200 NotExposed: no public address or load balancer leads here
              10.0.1.0/24 9300 NotExposed: no public address or load balancer leads here
        "]],
    );
    check(
        &[set("pool1", json!({}))],
        &format!(
            "stores:\n- {{id: es, product: elasticsearch, resource: {COMPUTE}/virtualmachinescalesets/POOL1}}\n"
        ),
        &expect![[r"
            es (elasticsearch): NotExposed, because the inventory lists it
              10.0.1.0/24 9200 NotExposed: no public address or load balancer leads here
              10.0.1.0/24 9300 NotExposed: no public address or load balancer leads here
        "]],
    );
}

#[test]
fn by_what_it_exposes() {
    let mut open = nic("card", &[("10.0.1.4", "203.0.113.9")], &json!({}));
    open.push(vm("vm7", &json!({}), &["card"]));
    check(
        &open,
        "",
        &expect![[r"
        vm7 (?): Exposed, because a data-store port can be reached
          10.0.1.4 5432 Exposed
          10.0.1.4 9200 Exposed
          10.0.1.4 9300 Exposed
    "]],
    );
}

#[test]
fn by_inventory() {
    let mut open = nic("card", &[("10.0.1.4", "203.0.113.9")], &json!({}));
    open.push(vm("vm7", &json!({}), &["card"]));
    let case = |line: &str, expect: &Expect| check(&open, &format!("stores:\n- {line}\n"), expect);
    // The machine, its interface, a configuration; ids in any letter case.
    for resource in [
        format!("{COMPUTE}/virtualMachines/vm7"),
        format!("{COMPUTE}/virtualmachines/VM7/"),
        format!("{NET}/networkInterfaces/card"),
        format!("{NET}/networkInterfaces/card/ipConfigurations/c0"),
        format!("{NET}/NETWORKINTERFACES/CARD")
            .trim_matches('/')
            .to_owned(),
    ] {
        case(
            &format!("{{id: es, product: elasticsearch, resource: {resource}}}"),
            &expect![[r"
                es (elasticsearch): Exposed, because the inventory lists it
                  10.0.1.4 5432 Exposed
                  10.0.1.4 9200 Exposed
                  10.0.1.4 9300 Exposed
            "]],
        );
    }
    // Its private and its public address.
    for address in ["10.0.1.4:9200", "203.0.113.9:9200"] {
        case(
            &format!("{{id: es, endpoints: [\"{address}\"]}}"),
            &expect![[r"
                es (?): Exposed, because the inventory lists it
                  10.0.1.4 5432 Exposed
                  10.0.1.4 9200 Exposed
                  10.0.1.4 9300 Exposed
            "]],
        );
    }
}

#[test]
fn what_the_inventory_lists_and_nothing_has_is_undetermined() {
    let closed = nic("card", &[("10.0.1.4", "")], &json!({}));
    let case =
        |line: &str, expect: &Expect| check(&closed, &format!("stores:\n- {line}\n"), expect);
    case(
        &format!("{{id: es, product: elasticsearch, resource: {COMPUTE}/virtualMachines/gone}}"),
        &expect![[r"
            es (elasticsearch): Undetermined, because the inventory lists it
              /subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/gone 9200,9300 Undetermined: the resource /subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/gone of the inventory is not in the configuration given
        "]],
    );
    case(
        "{id: es, product: elasticsearch, resource: /subscriptions/s}",
        &expect![[r"
            es (elasticsearch): Undetermined, because the inventory lists it
              /subscriptions/s 9200,9300 Undetermined: the resource /subscriptions/s of the inventory is not in the configuration given
        "]],
    );
    case(
        "{id: es, endpoints: [\"10.0.9.9:9200\", \"es.example.com:9300\"]}",
        &expect![[r"
            es (?): Undetermined, because the inventory lists it
              10.0.9.9 9200 Undetermined: the address 10.0.9.9 of the inventory is not in the configuration given
              es.example.com 9300 Undetermined: the name es.example.com is not resolved offline; give its address
        "]],
    );
    // One place is there and closed, and the other one is not known.
    case(
        "{id: es, endpoints: [\"10.0.1.4:9200\", \"10.0.9.9:9200\"]}",
        &expect![[r"
            es (?): Undetermined, because the inventory lists it
              10.0.1.4 9200 NotExposed: no public address or load balancer leads here
              10.0.9.9 9200 Undetermined: the address 10.0.9.9 of the inventory is not in the configuration given
        "]],
    );
}

#[test]
fn a_data_store_of_unknown_product() {
    let mut closed = nic("card", &[("10.0.1.4", "")], &json!({}));
    closed.push(vm("orders-db-1", &json!({}), &["card"]));
    check(
        &closed,
        "",
        &expect![[r"
        orders-db-1 (?): NotExposed, because name orders-db-1 has the word db
          10.0.1.4 0-65535 NotExposed: no public address or load balancer leads here
          10.0.1.4 0-65535 NotExposed: no public address or load balancer leads here
    "]],
    );
    // Only SSH is open, which may or may not be how the data is reached.
    let group = json!({"id": format!("{NET}/networkSecurityGroups/n"), "name": "n",
        "type": "Microsoft.Network/networkSecurityGroups", "securityRules": [{"name": "ssh", "priority": 100,
            "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourceAddressPrefix": "*",
            "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "22"}]});
    let mut ssh = nic(
        "card",
        &[("10.0.1.4", "203.0.113.9")],
        &json!({"networkSecurityGroup": {"id": group["id"]}}),
    );
    ssh.push(vm("orders-db-1", &json!({}), &["card"]));
    ssh.push(group);
    check(
        &ssh,
        "",
        &expect![[r"
        orders-db-1 (?): Undetermined, because name orders-db-1 has the word db
          10.0.1.4 22 Undetermined: which ports it uses is not known, and these can or may be reached; give its product or endpoints in the inventory
          10.0.1.4 0-65535 NotExposed
    "]],
    );
}

#[test]
fn what_the_inventory_leaves_out_of_a_machine_is_judged_all_the_same() {
    // It lists the private side of a machine that has a public one too.
    let mut two = nic(
        "card",
        &[("10.0.1.4", ""), ("10.0.1.5", "203.0.113.9")],
        &json!({}),
    );
    two.push(vm("vm7", &json!({}), &["card"]));
    check(
        &two,
        "stores:\n- {id: es, endpoints: [\"10.0.1.4:9200\"]}\n",
        &expect![[r"
            es (?): Exposed, because the inventory lists it
              10.0.1.4 9200 NotExposed: no public address or load balancer leads here
              10.0.1.5 5432 Exposed
              10.0.1.5 9200 Exposed
              10.0.1.5 9300 Exposed
        "]],
    );
    check(
        &two,
        &format!(
            "stores:\n- {{id: es, resource: {COMPUTE}/virtualMachines/vm7, endpoints: [\"10.0.1.4:9200\"]}}\n"
        ),
        &expect![[r"
            es (?): Exposed, because the inventory lists it
              10.0.1.4 9200 NotExposed: no public address or load balancer leads here
              10.0.1.5 5432 Exposed
              10.0.1.5 9200 Exposed
              10.0.1.5 9300 Exposed
        "]],
    );
}
