//! The inventory: which data stores an organisation says it has.
//!
//! ```yaml
//! stores:
//!   - id: support-es-1
//!     product: elasticsearch
//!     resource: /subscriptions/…/virtualMachines/es-1
//!     endpoints: ["10.0.1.4:9200", {address: 10.0.1.5, ports: "9200-9300"}]
//!     owner: support-data@contoso.example
//!     data: [support-tickets, email]
//!     containers: [nightly]
//! ```
//!
//! A list without `stores:` is the same. Does not resolve names: an endpoint
//! given by name stays a name.

use std::net::IpAddr;

use celador_model::{PortSet, Protocol};
use serde::Deserialize;

/// Larger than any inventory that people keep.
const MAX_BYTES: usize = 64 << 20;

/// Data stores, in the order they are listed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// The stores.
    pub stores: Vec<InventoryStore>,
}

/// One data store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InventoryStore {
    /// Identity.
    pub id: String,
    /// Short name; the id where it is absent.
    pub name: Option<String>,
    /// Catalogue id of the product.
    pub product: Option<String>,
    /// Resource id of the machine or its interface.
    pub resource: Option<String>,
    /// Where it listens; the product's ports at the resource where empty.
    pub endpoints: Vec<Endpoint>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// Classes of data it holds.
    pub data: Vec<String>,
    /// Buckets, shares, exports: what a probe asks for by name, since a store need
    /// not list them.
    pub containers: Vec<String>,
}

/// An address, and ports there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Where.
    pub address: EndpointAddress,
    /// Ports; the product's where absent.
    pub ports: Option<PortSet>,
    /// TCP unless it says otherwise.
    pub protocol: Protocol,
}

/// An address, or a name that is not resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EndpointAddress {
    /// An IP address.
    Ip(IpAddr),
    /// A host name.
    Name(String),
}

/// Why an inventory cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("{file}: {message}")]
pub struct InventoryError {
    /// The file, as it was given.
    pub file: String,
    /// What is wrong and what was expected, with the line where there is one.
    pub message: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawFile {
    Wrapped(RawStores),
    Bare(Vec<RawStore>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStores {
    stores: Vec<RawStore>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStore {
    id: String,
    name: Option<String>,
    product: Option<String>,
    resource: Option<String>,
    #[serde(default)]
    endpoints: Vec<RawEndpoint>,
    owner: Option<String>,
    #[serde(default, alias = "data_classes", alias = "data-classes")]
    data: Vec<String>,
    #[serde(default)]
    containers: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawEndpoint {
    Text(String),
    Map(RawEndpointMap),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEndpointMap {
    #[serde(alias = "host", alias = "ip")]
    address: String,
    #[serde(alias = "port")]
    ports: Option<RawPorts>,
    protocol: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawPorts {
    Number(u16),
    Text(String),
    List(Vec<RawPorts>),
}

/// Reads an inventory, YAML or JSON.
///
/// # Errors
/// The text is no inventory, an id is given twice, or an endpoint cannot be
/// understood.
pub fn parse(file: &str, bytes: &[u8]) -> Result<Inventory, InventoryError> {
    let fail = |message: String| InventoryError {
        file: file.to_owned(),
        message,
    };
    if bytes.len() > MAX_BYTES {
        return Err(fail(format!("larger than {} MiB", MAX_BYTES >> 20)));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| fail(format!("not UTF-8: {error}")))?;
    // The wrapped form is tried alone first: its errors name the line and field,
    // while those of a choice between forms do not.
    let wrapped = text.lines().any(|line| {
        line.trim_start_matches('{')
            .trim_start()
            .trim_start_matches('"')
            .starts_with("stores")
    });
    let raw = if wrapped {
        serde_saphyr::from_str::<RawStores>(text).map(|file| file.stores)
    } else {
        serde_saphyr::from_str::<RawFile>(text).map(|file| match file {
            RawFile::Wrapped(file) => file.stores,
            RawFile::Bare(stores) => stores,
        })
    }
    .map_err(|error| {
        fail(format!(
            "not an inventory of data stores: {error}; expected stores: with a list of id, product, resource, endpoints, owner, data, containers"
        ))
    })?;
    let mut stores: Vec<InventoryStore> = Vec::with_capacity(raw.len());
    for one in raw {
        if one.id.trim().is_empty() {
            return Err(fail("a store has an empty id".to_owned()));
        }
        if stores.iter().any(|known| known.id == one.id) {
            return Err(fail(format!("the id {} is given twice", one.id)));
        }
        if one.resource.is_none() && one.endpoints.is_empty() {
            return Err(fail(format!(
                "the store {} has neither resource nor endpoints, so there is nothing to judge",
                one.id
            )));
        }
        let endpoints = one
            .endpoints
            .iter()
            .map(endpoint)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|message| fail(format!("store {}: {message}", one.id)))?;
        stores.push(InventoryStore {
            id: one.id,
            name: one.name,
            product: one.product.map(|product| product.to_ascii_lowercase()),
            resource: one.resource,
            endpoints,
            owner: one.owner,
            data: one.data,
            containers: one.containers,
        });
    }
    Ok(Inventory { stores })
}

/// Whether a text is meant as an inventory rather than as a network's
/// configuration.
pub fn looks_like(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let start = head
        .lines()
        .map(str::trim)
        .find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    start.is_some_and(|line| {
        let line = line.trim_start_matches('{').trim_start();
        line.starts_with("stores:")
            || line.starts_with("\"stores\"")
            || (line.is_empty() && head.contains("\"stores\""))
    })
}

fn endpoint(raw: &RawEndpoint) -> Result<Endpoint, String> {
    match raw {
        RawEndpoint::Text(text) => parse_endpoint(text),
        RawEndpoint::Map(map) => {
            let mut parsed = parse_endpoint(&map.address)?;
            if let Some(ports) = &map.ports {
                let mut set = PortSet::empty();
                ports_of(ports, &mut set)?;
                parsed.ports = Some(set);
            }
            if let Some(word) = &map.protocol {
                parsed.protocol = protocol(word)?;
            }
            Ok(parsed)
        }
    }
}

fn protocol(word: &str) -> Result<Protocol, String> {
    Protocol::from_name(word)
        .filter(|protocol| protocol.has_ports())
        .ok_or_else(|| format!("the protocol \"{word}\" is neither tcp nor udp"))
}

fn ports_of(raw: &RawPorts, set: &mut PortSet) -> Result<(), String> {
    match raw {
        RawPorts::Number(port) => {
            *set = set.union(&std::iter::once(celador_model::Interval::single(*port)).collect());
        }
        RawPorts::Text(text) => *set = set.union(&parse_ports(text)?),
        RawPorts::List(items) => {
            for item in items {
                // Lists of lists say nothing more; one level is enough.
                if matches!(item, RawPorts::List(_)) {
                    return Err("ports are nested lists".to_owned());
                }
                ports_of(item, set)?;
            }
        }
    }
    Ok(())
}

fn parse_ports(text: &str) -> Result<PortSet, String> {
    text.split(',')
        .map(|part| {
            celador_model::ports::parse_range(part.trim())
                .ok_or_else(|| format!("\"{part}\" is no port or range such as 9200 or 9200-9300"))
        })
        .collect()
}

/// Reads `10.0.1.4:9200`, `[fd00::4]:9200/tcp`, `tcp://10.0.1.4:9200-9300`, or
/// an address alone.
///
/// # Errors
/// What is wrong with it, as a clause.
pub fn parse_endpoint(text: &str) -> Result<Endpoint, String> {
    let mut rest = text.trim();
    let mut proto = Protocol::Tcp;
    if let Some((scheme, after)) = rest.split_once("://") {
        proto = protocol(scheme)?;
        rest = after.trim_end_matches('/');
    } else if let Some((before, word)) = rest.rsplit_once('/') {
        proto = protocol(word)?;
        rest = before;
    }
    let (host, ports) = if let Some(inner) = rest.strip_prefix('[') {
        let (host, after) = inner
            .split_once(']')
            .ok_or_else(|| format!("\"{text}\" has no closing bracket"))?;
        (host, after.strip_prefix(':'))
    } else if rest.matches(':').count() == 1 {
        rest.split_once(':')
            .map_or((rest, None), |(host, ports)| (host, Some(ports)))
    } else {
        (rest, None)
    };
    if host.is_empty() || host.chars().any(char::is_whitespace) {
        return Err(format!("\"{text}\" is no endpoint such as 10.0.1.4:9200"));
    }
    Ok(Endpoint {
        address: host.parse().map_or_else(
            |_| EndpointAddress::Name(host.to_owned()),
            EndpointAddress::Ip,
        ),
        ports: ports.map(parse_ports).transpose()?,
        protocol: proto,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(text: &str, expect: Result<&[&str], &str>) {
        let got = parse("stores.yaml", text.as_bytes());
        match (got, expect) {
            (Ok(inventory), Ok(ids)) => {
                let got: Vec<_> = inventory
                    .stores
                    .iter()
                    .map(|store| store.id.as_str())
                    .collect();
                assert_eq!(got, ids);
            }
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (got, _) => panic!("{text}: {got:?}"),
        }
    }

    #[test]
    fn both_forms() {
        check(
            "stores:\n  - {id: a, endpoints: [\"10.0.0.1:1\"]}\n  - {id: b, resource: /x}\n",
            Ok(&["a", "b"]),
        );
        check("- {id: a, resource: /x}\n", Ok(&["a"]));
        check(
            "{\"stores\": [{\"id\": \"a\", \"resource\": \"/x\"}]}",
            Ok(&["a"]),
        );
    }

    #[test]
    fn errors_say_what_to_do() {
        check("stores:\n  - {id: a, resourc: /x}\n", Err("resourc"));
        check(
            "stores:\n  - {id: a}\n",
            Err("neither resource nor endpoints"),
        );
        check(
            "stores:\n  - {id: a, resource: /x}\n  - {id: a, resource: /x}\n",
            Err("twice"),
        );
        check(
            "stores:\n  - {id: a, endpoints: [\"10.0.0.1:99999\"]}\n",
            Err("99999"),
        );
        check(
            "stores:\n  - {id: a, endpoints: [\"10.0.0.1:1/icmp\"]}\n",
            Err("icmp"),
        );
        check("[1, 2", Err("stores.yaml"));
    }

    #[test]
    fn endpoints() {
        for (text, expect) in [
            ("10.0.1.4:9200", "Ip(10.0.1.4) Some(\"9200\") tcp"),
            ("[fd00::4]:9200/udp", "Ip(fd00::4) Some(\"9200\") udp"),
            ("fd00::4", "Ip(fd00::4) None tcp"),
            (
                "tcp://10.0.1.4:9200-9300",
                "Ip(10.0.1.4) Some(\"9200-9300\") tcp",
            ),
            (
                "es.contoso.example:9200",
                "Name(\"es.contoso.example\") Some(\"9200\") tcp",
            ),
        ] {
            let got = parse_endpoint(text).expect(text);
            let ports = got.ports.map(|ports| ports.to_string());
            assert_eq!(
                format!("{:?} {ports:?} {}", got.address, got.protocol),
                expect
            );
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "\\PC{0,200}") {
            let _ = parse("stores.yaml", text.as_bytes());
            let _ = looks_like(text.as_bytes());
            let _ = parse_endpoint(&text);
        }
    }
}
