//! The rules data of Celador, compiled in and checked: data-store products.
//!
//! A product says by which ports and which words in names and tags it is
//! recognised, and why it matters. A rule without a positive and a negative
//! example does not load, and every example is tried against the whole
//! catalogue, so two products cannot claim one name. Left out on purpose: ports
//! that say nothing of data (22, 80, 443, 3389).

mod identify;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::OnceLock;

use celador_model::Protocol;
use serde::Deserialize;

pub use identify::Identified;

/// One product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Product {
    /// Short identity, as reports and inventories use it.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// What sort of store it is.
    pub kind: String,
    /// Ports it listens on.
    pub ports: Vec<Port>,
    /// Why an exposed one matters.
    pub why: String,
    /// Where the ports and defaults are documented.
    pub source: String,
    /// Words by which a name or a tag says it is this product.
    pub names: Vec<String>,
    /// Names that must and must not be recognised.
    pub examples: Examples,
}

/// One port of a product.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Port {
    /// Its number.
    pub port: u16,
    /// `tcp` or `udp`.
    pub protocol: PortProtocol,
    /// What speaks there.
    pub purpose: String,
    /// Whether the data itself is served there by default.
    #[serde(default)]
    pub default: bool,
}

/// A protocol with ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PortProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl From<PortProtocol> for Protocol {
    fn from(protocol: PortProtocol) -> Self {
        match protocol {
            PortProtocol::Tcp => Self::Tcp,
            PortProtocol::Udp => Self::Udp,
        }
    }
}

/// Names that show what a rule recognises.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Examples {
    /// Recognised as this product and no other.
    pub is: Vec<String>,
    /// Not recognised as this product.
    pub is_not: Vec<String>,
}

/// Why a catalogue does not load.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("{file}: {message}")]
pub struct LoadError {
    /// The rule file.
    pub file: String,
    /// What is wrong, with the line where there is one, and what was expected.
    pub message: String,
}

/// Every product.
#[derive(Debug, Clone)]
pub struct Catalog {
    products: Vec<Product>,
    by_port: BTreeMap<(Protocol, u16), Vec<usize>>,
    by_word: BTreeMap<String, BTreeSet<usize>>,
}

const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/stores.rs"));

impl Catalog {
    /// The catalogue that is compiled in.
    pub fn embedded() -> &'static Self {
        static CATALOG: OnceLock<Catalog> = OnceLock::new();
        CATALOG.get_or_init(|| match Self::load(FILES) {
            Ok(catalog) => catalog,
            // A test loads the same files; this cannot be met by a user.
            Err(error) => unreachable!("the compiled-in catalogue does not load: {error}"),
        })
    }

    /// Loads rules, each a file's name and text.
    ///
    /// # Errors
    /// A file is no rule, lacks an example, or an example is not recognised as
    /// it says.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, LoadError> {
        let mut products: Vec<Product> = Vec::with_capacity(files.len());
        for (file, text) in files {
            let fail = |message: String| LoadError {
                file: (*file).to_owned(),
                message,
            };
            let product: Product =
                serde_saphyr::from_str(text).map_err(|error| fail(error.to_string()))?;
            if product.examples.is.is_empty() || product.examples.is_not.is_empty() {
                return Err(fail(
                    "a rule needs at least one example under is and one under is_not".to_owned(),
                ));
            }
            if !product.ports.iter().any(|port| port.default) {
                return Err(fail("no port is marked default: true".to_owned()));
            }
            if products.iter().any(|known| known.id == product.id) {
                return Err(fail(format!("the id {} is taken", product.id)));
            }
            products.push(product);
        }
        products.sort_by(|a, b| a.id.cmp(&b.id));
        let mut catalog = Self {
            by_port: BTreeMap::new(),
            by_word: BTreeMap::new(),
            products,
        };
        for (index, product) in catalog.products.iter().enumerate() {
            for port in &product.ports {
                let list = catalog
                    .by_port
                    .entry((port.protocol.into(), port.port))
                    .or_default();
                if !list.contains(&index) {
                    list.push(index);
                }
            }
            for word in product.names.iter().chain([&product.id]) {
                catalog
                    .by_word
                    .entry(identify::folded(word))
                    .or_default()
                    .insert(index);
            }
        }
        catalog.check_examples(files)?;
        Ok(catalog)
    }

    fn check_examples(&self, files: &[(&str, &str)]) -> Result<(), LoadError> {
        for product in &self.products {
            let fail = |message: String| LoadError {
                file: files
                    .iter()
                    .map(|(file, _)| *file)
                    .find(|file| file.ends_with(&format!("{}.yaml", product.id)))
                    .unwrap_or(&product.id)
                    .to_owned(),
                message,
            };
            for example in &product.examples.is {
                let found = self
                    .identify(&[example], &[])
                    .and_then(|found| found.product);
                if found.as_deref() != Some(product.id.as_str()) {
                    return Err(fail(format!(
                        "the example {example} is recognised as {} and not as {}",
                        found.as_deref().unwrap_or("nothing"),
                        product.id
                    )));
                }
            }
            for example in &product.examples.is_not {
                let found = self
                    .identify(&[example], &[])
                    .and_then(|found| found.product);
                if found.as_deref() == Some(product.id.as_str()) {
                    return Err(fail(format!(
                        "the counter-example {example} is recognised as {}",
                        product.id
                    )));
                }
            }
        }
        Ok(())
    }

    /// Every product, sorted by id.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// A product by its id, in any letter case.
    pub fn product(&self, id: &str) -> Option<&Product> {
        self.products
            .iter()
            .find(|product| product.id.eq_ignore_ascii_case(id))
    }

    /// Ids of the products that use a port.
    pub fn product_ids_by_port(&self, protocol: Protocol, port: u16) -> Vec<String> {
        self.by_port
            .get(&(protocol, port))
            .into_iter()
            .flatten()
            .map(|&index| self.products[index].id.clone())
            .collect()
    }

    /// Every port of the catalogue, sorted.
    pub fn ports(&self) -> Vec<(Protocol, u16)> {
        self.by_port.keys().copied().collect()
    }

    /// The ports of a product, in the order of its rule.
    pub fn ports_of(&self, id: &str) -> Vec<(Protocol, u16)> {
        self.product(id)
            .into_iter()
            .flat_map(|product| &product.ports)
            .map(|port| (port.protocol.into(), port.port))
            .collect()
    }

    /// The catalogue as a Markdown table.
    pub fn markdown(&self) -> String {
        let mut out = String::from(
            "# Data-store products\n\nMade from `rules/stores/` by the catalogue's test (`UPDATE=1 cargo test -p celador-catalog`).\nA machine is a data store when the inventory, a tag or its name says so, or when\nit exposes one of these ports.\n\n| product | kind | ports | why it matters |\n|---|---|---|---|\n",
        );
        for product in &self.products {
            let ports: Vec<String> = product
                .ports
                .iter()
                .map(|port| {
                    let protocol: Protocol = port.protocol.into();
                    format!("{}/{protocol} {}", port.port, port.purpose)
                })
                .collect();
            let _ = writeln!(
                out,
                "| [{}]({}) | {} | {} | {} |",
                product.name,
                product.source,
                product.kind,
                ports.join(", "),
                product.why
            );
        }
        out
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test compares a file")]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_loads_and_is_large() {
        let catalog = Catalog::load(FILES).expect("the shipped rules load");
        assert!(
            catalog.products().len() >= 60,
            "{}",
            catalog.products().len()
        );
        let ids = catalog.product_ids_by_port(Protocol::Tcp, 9200);
        assert_eq!(ids, ["elasticsearch", "opensearch"]);
    }

    #[test]
    fn bad_rules_are_refused_with_their_file() {
        let good = FILES[0].1;
        for (text, part) in [
            ("id: x", "name"),
            (
                &good.replace("is_not: [files-1, test-vm]", "is_not: []"),
                "is_not",
            ),
            (&good.replace("default: true", "default: false"), "default"),
            (&good.replace("kind:", "sort:"), "sort"),
        ] {
            let error = Catalog::load(&[("mine.yaml", text)]).expect_err(part);
            assert_eq!(error.file, "mine.yaml");
            assert!(error.message.contains(part), "{part}: {}", error.message);
        }
        let wrong = good.replace("test-vm]", "test-vm, activemq-9]");
        assert!(Catalog::load(&[("activemq.yaml", &wrong)]).is_err());
    }

    #[test]
    fn the_reference_page_is_current() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../docs/reference/stores.md"
        );
        let text = Catalog::embedded().markdown();
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference"))
                .expect("a folder");
            std::fs::write(path, &text).expect("the page is written");
        }
        assert!(
            std::fs::read_to_string(path).is_ok_and(|page| page == text),
            "run UPDATE=1 cargo test -p celador-catalog"
        );
    }
}
