//! What the last recorded run saw, and the table of it for people.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::list::SERVERS;
use crate::root::root;

/// The table of products for people: what real servers and recorded exchanges
/// hold the probe to.
pub(crate) fn page() -> String {
    let mut out = String::from(
        "# Products that are probed\n\n\
         Written by `cargo xtask generate`. What stands in the first table is asserted by\n\
         `cargo xtask servers test` on real servers, each asked with and without being told\n\
         the product; the second is played from `rules/probes/` by the tests of `celador-stores`.\n\n\
         ## Real servers\n\n\
         Usual ones are part of `cargo xtask test`; `cargo xtask test --servers all` runs all.\n\
         What was seen last is from `cargo xtask servers test --record`.\n\n\
         | product | server | run | state: verdict that is right, and what was seen last |\n|---|---|---|---|\n",
    );
    let recorded = recorded();
    for server in SERVERS {
        let states: Vec<String> = server
            .states
            .iter()
            .map(|(state, verdict, recognised)| {
                let hidden = if *recognised {
                    ""
                } else {
                    " (the product need not show)"
                };
                let seen = recorded
                    .get(&format!("{}\t{state}", server.name))
                    .map_or("no run is recorded", String::as_str);
                format!("{state}: `{verdict}`{hidden}, {seen}")
            })
            .collect();
        let from = server.from.map_or_else(
            || format!("Debian 12: {}", server.packages.join(", ")),
            ToOwned::to_owned,
        );
        let _ = writeln!(
            out,
            "| {} | {from} | {} | {} |",
            server.product,
            if server.usual { "usual" } else { "all" },
            states.join("; ")
        );
    }
    // A rule speaks for its product, and for what shares the protocol.
    let real = |rule: &str| {
        SERVERS.iter().any(|server| {
            server.name == rule
                || server.product == rule
                || matches!(
                    (server.name, rule),
                    ("mosquitto", "mqtt") | ("nats", "nats-monitor")
                )
        })
    };
    let exchanges: Vec<&str> = celador_stores::Rules::embedded()
        .ids()
        .filter(|rule| !real(rule))
        .collect();
    let _ = write!(
        out,
        "\nNo real server was to be had for: {}. Those are held to recorded exchanges alone,\n\
         and so is the locked state of Elasticsearch, whose distribution on Maven Central has\n\
         no security. What PyPI has of Milvus speaks gRPC alone, which is not asked for.\n\
         RabbitMQ has no open state that a probe could prove: what opens it is a\n\
         well-known password, and none is tried.\n\n## Recorded exchanges\n\n",
        exchanges.join(", ")
    );
    out.push_str(&celador_stores::Rules::embedded().table());
    out
}

fn record_file() -> PathBuf {
    root().join("xtask/servers/last-run.tsv")
}

/// What the last recorded run saw, by server and state.
fn recorded() -> BTreeMap<String, String> {
    fs::read_to_string(record_file())
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let (state, seen) = line.rsplit_once('\t')?;
            Some((state.to_owned(), seen.to_owned()))
        })
        .collect()
}

/// Adds what was seen; what was not run keeps its line.
pub(super) fn write_record(seen: &BTreeMap<String, String>) -> Result<()> {
    let mut all = recorded();
    all.extend(seen.clone());
    let known = |key: &String| {
        SERVERS.iter().any(|server| {
            server
                .states
                .iter()
                .any(|state| *key == format!("{}\t{}", server.name, state.0))
        })
    };
    let mut text = String::from(
        "# server, state, and what celador probe said of it; by cargo xtask servers test --record\n",
    );
    for (state, seen) in all.iter().filter(|(state, _)| known(state)) {
        let _ = writeln!(text, "{state}\t{seen}");
    }
    fs::write(record_file(), text).context("cannot write the record")
}
