//! The crates' dependencies point one way, and the pure ones reach no IO.
//!
//! Judged over `cargo metadata`: what a crate of this workspace may depend on
//! is a table here, and a crate that is not in the table fails until somebody
//! decides where it stands. What `clippy.toml` forbids inside a pure crate
//! (reading a file, a clock, the environment), this forbids through its
//! dependencies.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::report::Outcome;
use crate::root::{cargo, stdout};

/// A crate of the workspace and where it stands.
struct Place {
    name: &'static str,
    /// The workspace's crates that it may depend on, tests and build scripts
    /// included.
    may_use: &'static [&'static str],
    /// Whether it does no IO and reads no clock, environment or global state.
    pure: bool,
}

const fn pure(name: &'static str, may_use: &'static [&'static str]) -> Place {
    Place {
        name,
        may_use,
        pure: true,
    }
}

/// From the ground up; a crate uses only what stands above it in this list.
const PLACES: &[Place] = &[
    pure("celador-model", &[]),
    pure("celador-reach", &["celador-model"]),
    pure("celador-catalog", &["celador-model"]),
    pure("celador-pii", &["celador-model"]),
    pure("celador-redact", &["celador-model", "celador-pii"]),
    pure("celador-formats", &[]),
    pure("celador-verify", &[]),
    pure("celador-cloud", &["celador-model", "celador-reach"]),
    pure(
        "celador-audit",
        &[
            "celador-model",
            "celador-reach",
            "celador-catalog",
            "celador-cloud",
        ],
    ),
    Place {
        name: "celador-columnar",
        may_use: &["celador-formats"],
        pure: false,
    },
    Place {
        name: "celador-office",
        may_use: &["celador-formats"],
        pure: false,
    },
    Place {
        name: "celador-stores",
        may_use: &[
            "celador-columnar",
            "celador-model",
            "celador-catalog",
            "celador-pii",
            "celador-formats",
            "celador-office",
        ],
        pure: false,
    },
    Place {
        name: "celador-cli",
        may_use: &[
            "celador-columnar",
            "celador-model",
            "celador-reach",
            "celador-catalog",
            "celador-pii",
            "celador-redact",
            "celador-formats",
            "celador-office",
            "celador-cloud",
            "celador-audit",
            "celador-stores",
            "celador-verify",
        ],
        pure: false,
    },
    Place {
        name: "xtask",
        may_use: &[
            "celador-columnar",
            "celador-model",
            "celador-reach",
            "celador-catalog",
            "celador-pii",
            "celador-redact",
            "celador-formats",
            "celador-cloud",
            "celador-audit",
            "celador-stores",
        ],
        pure: false,
    },
];

/// Crates that open files, sockets or processes, start threads of their own, or
/// read a clock or the environment. None may stand anywhere below a pure crate.
const IO: &[&str] = &[
    "async-io",
    "async-std",
    "chrono",
    "curl",
    "dirs",
    "dotenvy",
    "env_logger",
    "fs-err",
    "git2",
    "gix",
    "glob",
    "home",
    "hyper",
    "ignore",
    "isahc",
    "jiff",
    "log4rs",
    "memmap2",
    "mio",
    "native-tls",
    "nix",
    "notify",
    "openssl",
    "polling",
    "postgres",
    "rayon",
    "redis",
    "reqwest",
    "rusqlite",
    "rustix",
    "rustls",
    "smol",
    "socket2",
    "sqlx",
    "sqlx-core",
    "tempfile",
    "time",
    "tokio",
    "tokio-postgres",
    "tonic",
    "tracing-subscriber",
    "tungstenite",
    "ureq",
    "walkdir",
];

/// Fails on an arrow that points the wrong way.
pub(crate) fn check() -> Result<Outcome> {
    let text = stdout(cargo().args(["metadata", "--format-version", "1", "--locked"]))?;
    let metadata: Value =
        serde_json::from_slice(&text).context("cargo metadata printed no JSON")?;
    let wrong = wrong_arrows(&metadata)?;
    if !wrong.is_empty() {
        bail!(
            "dependencies that the layout forbids:\n  {}",
            wrong.join("\n  ")
        );
    }
    let pure = PLACES.iter().filter(|place| place.pure).count();
    Ok(Outcome::passed(format!(
        "{} crates, {pure} of them pure",
        PLACES.len()
    )))
}

/// Every arrow that is wrong, as sentences.
fn wrong_arrows(metadata: &Value) -> Result<Vec<String>> {
    let graph = Graph::read(metadata)?;
    let mut wrong = Vec::new();
    for id in &graph.members {
        let name = graph.name(id);
        let Some(place) = PLACES.iter().find(|place| place.name == name) else {
            wrong.push(format!(
                "{name} has no place in xtask/src/arrows.rs; decide what it may use"
            ));
            continue;
        };
        for dependency in graph.direct(id) {
            let used = graph.name(dependency);
            if graph.members.contains(dependency) && used != name && !place.may_use.contains(&used)
            {
                wrong.push(format!("{name} may not depend on {used}"));
            }
        }
        if place.pure {
            for (found, path) in graph.reached(id) {
                if IO.contains(&graph.name(found)) {
                    wrong.push(format!(
                        "{name} is pure and reaches IO: {}",
                        path.join(" -> ")
                    ));
                }
            }
        }
    }
    for place in PLACES {
        if !graph.members.iter().any(|id| graph.name(id) == place.name) {
            wrong.push(format!(
                "{} is in the table and not in the workspace",
                place.name
            ));
        }
    }
    Ok(wrong)
}

/// The resolved dependencies, by package id.
struct Graph<'a> {
    names: BTreeMap<&'a str, &'a str>,
    members: BTreeSet<&'a str>,
    /// All dependencies, and those that are in the built crate (not for tests,
    /// not for its build script).
    edges: BTreeMap<&'a str, Vec<(&'a str, bool)>>,
}

impl<'a> Graph<'a> {
    fn read(metadata: &'a Value) -> Result<Self> {
        let mut graph = Self {
            names: BTreeMap::new(),
            members: BTreeSet::new(),
            edges: BTreeMap::new(),
        };
        for package in list(metadata, "/packages")? {
            graph
                .names
                .insert(text(package, "/id")?, text(package, "/name")?);
        }
        for id in list(metadata, "/workspace_members")? {
            graph
                .members
                .insert(id.as_str().context("a member's id is no text")?);
        }
        for node in list(metadata, "/resolve/nodes")? {
            let mut edges = Vec::new();
            for dependency in list(node, "/deps")? {
                let built = list(dependency, "/dep_kinds")?.iter().any(|kind| {
                    kind.pointer("/kind").is_none_or(Value::is_null) && unconditional(kind)
                });
                edges.push((text(dependency, "/pkg")?, built));
            }
            graph.edges.insert(text(node, "/id")?, edges);
        }
        Ok(graph)
    }

    fn name(&self, id: &str) -> &'a str {
        self.names.get(id).copied().unwrap_or("?")
    }

    fn direct(&self, id: &str) -> impl Iterator<Item = &'a str> {
        self.edges.get(id).into_iter().flatten().map(|(id, _)| *id)
    }

    /// Everything in the built crate, each with one path of names that leads to
    /// it.
    fn reached(&self, from: &'a str) -> BTreeMap<&'a str, Vec<&'a str>> {
        let mut paths = BTreeMap::from([(from, vec![self.name(from)])]);
        let mut open = vec![from];
        while let Some(id) = open.pop() {
            let path = paths.get(id).cloned().unwrap_or_default();
            for (next, built) in self.edges.get(id).into_iter().flatten() {
                if *built && !paths.contains_key(next) {
                    let longer = path.iter().copied().chain([self.name(next)]).collect();
                    paths.insert(next, longer);
                    open.push(next);
                }
            }
        }
        paths.remove(from);
        paths
    }
}

/// Dependencies for other operating systems are in the metadata too; those of
/// Windows or WebAssembly alone say nothing of what runs here.
fn unconditional(kind: &Value) -> bool {
    kind.pointer("/target")
        .and_then(Value::as_str)
        .is_none_or(|target| {
            !["windows", "wasm", "wasi", "hermit", "redox"]
                .iter()
                .any(|other| target.contains(other))
                || target.contains("not(")
        })
}

fn list<'a>(value: &'a Value, pointer: &str) -> Result<&'a Vec<Value>> {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .with_context(|| format!("cargo metadata has no list {pointer}"))
}

fn text<'a>(value: &'a Value, pointer: &str) -> Result<&'a str> {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .with_context(|| format!("cargo metadata has no text {pointer}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A workspace with every crate of the table, and the given extra arrows:
    /// (from, to, kind).
    fn check(extra: &[(&str, &str, Option<&str>)], expected: &[&str]) {
        let mut names: BTreeSet<&str> = PLACES.iter().map(|place| place.name).collect();
        let members: Vec<_> = names
            .iter()
            .copied()
            .filter(|name| *name != "gone")
            .collect();
        let members = json!(members);
        names.extend(extra.iter().flat_map(|(from, to, _)| [*from, *to]));
        let nodes: Vec<Value> = names
            .iter()
            .map(|name| {
                let deps: Vec<Value> = extra
                    .iter()
                    .filter(|(from, _, _)| from == name)
                    .map(|(_, to, kind)| json!({"pkg": to, "dep_kinds": [{"kind": kind, "target": null}]}))
                    .collect();
                json!({"id": name, "deps": deps})
            })
            .collect();
        let packages: Vec<Value> = names
            .iter()
            .map(|name| json!({"id": name, "name": name}))
            .collect();
        let metadata = json!({"packages": packages, "workspace_members": members, "resolve": {"nodes": nodes}});
        assert_eq!(
            wrong_arrows(&metadata).expect("metadata of the right shape"),
            expected
        );
    }

    #[test]
    fn arrows_down_are_right() {
        check(
            &[
                ("celador-reach", "celador-model", None),
                ("celador-cli", "tokio", None),
            ],
            &[],
        );
    }

    #[test]
    fn arrows_up_are_wrong_in_tests_too() {
        check(
            &[("celador-model", "celador-reach", Some("dev"))],
            &["celador-model may not depend on celador-reach"],
        );
    }

    #[test]
    fn io_is_found_through_another_crate() {
        check(
            &[("celador-reach", "helper", None), ("helper", "tokio", None)],
            &["celador-reach is pure and reaches IO: celador-reach -> helper -> tokio"],
        );
    }

    #[test]
    fn io_in_tests_and_build_scripts_is_allowed() {
        check(
            &[
                ("celador-reach", "tempfile", Some("dev")),
                ("celador-model", "glob", Some("build")),
            ],
            &[],
        );
    }
}
