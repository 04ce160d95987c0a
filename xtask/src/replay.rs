//! `cargo xtask replay`: the incident of December 2019 on real servers.
//!
//! Five Elasticsearch nodes on loopback, each a cluster of its own, each with the
//! same support records of people who do not exist. The product has to find all
//! five open, count and classify what they hold, tell that it is one data set,
//! and print none of it. Everything is asserted; the story is printed from what
//! was found.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use crate::report::{Outcome, say};
use crate::root::{celador, celador_dev, command, target};
use crate::servers;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Records of each node.
    #[arg(long, default_value_t = 100_000)]
    records: u32,
    /// Use the development build of celador, which is built sooner and slower.
    #[arg(long)]
    dev: bool,
}

const NODES: usize = 5;
pub(crate) const INDEX: &str = "support-records";
/// Records of one request.
const BULK: u32 = 2_000;

/// Plays it.
pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let begun = Instant::now();
    let program = if args.dev { celador_dev()? } else { celador()? };
    let dir = target().join("replay");
    fs::create_dir_all(&dir)?;
    let scope = dir.join("scope.toml");
    fs::write(
        &scope,
        "owner = \"replay\"\nexpires = 2100-01-01\nallow = [\"127.0.0.1\"]\n",
    )?;
    say(&format!(
        "starting {NODES} nodes of Elasticsearch, each a cluster of its own"
    ));
    let servers = servers::several("elasticsearch", "open", NODES)?;
    let endpoints: Vec<String> = servers
        .iter()
        .map(|server| format!("127.0.0.1:{}", server.port))
        .collect();
    say(&format!(
        "{:.0} s: they answer; loading the same {} support records into each",
        begun.elapsed().as_secs_f64(),
        args.records
    ));
    std::thread::scope(|threads| {
        let loads: Vec<_> = servers
            .iter()
            .map(|server| threads.spawn(|| load(server.port, args.records)))
            .collect();
        loads.into_iter().try_for_each(|load| {
            load.join()
                .unwrap_or_else(|_| bail!("the loading thread failed"))
        })
    })?;
    say(&format!("{:.0} s: loaded", begun.elapsed().as_secs_f64()));
    let celador = Celador {
        program,
        scope,
        dir: dir.clone(),
    };
    let probed = celador.json("probe", &endpoints, &[])?;
    open(&probed, args.records)?;
    let key = dir.join("sketch-key");
    fs::write(&key, "a key of the replay, which hides nothing\n")?;
    let key = format!("file:{}", key.display());
    let looking = Instant::now();
    let limits = [
        "--sketch-key",
        &key,
        "--max-records",
        "1000000",
        "--rate",
        "1000",
    ];
    let inspected = celador.json("inspect", &endpoints, &limits)?;
    let took = looking.elapsed().as_secs_f64();
    classified(&inspected, args.records)?;
    let found = dir.join("inspect.json");
    let compared = celador.run(
        "replicas",
        &[
            "--format".into(),
            "json".into(),
            "--inspection".into(),
            found.display().to_string(),
        ],
    )?;
    fs::write(dir.join("replicas.json"), &compared)?;
    let compared: Value = serde_json::from_slice(&compared)?;
    one_data_set(&compared, args.records)?;
    let text = celador.run(
        "replicas",
        &["--inspection".into(), found.display().to_string()],
    )?;
    no_values(&dir, &text, args.records)?;
    let similarity = &compared["pairs"][0]["similarity"];
    say(&format!(
        "\n{NODES} endpoints answer anyone, each with {} records in the index {INDEX}.\n\
         Looked into in {took:.1} s: {}.\n\
         Stored {} records; they are one data set of {}, in {} copies, similarity {} ({} to {}).\n\
         No value of any record was printed or written.\n",
        args.records,
        story(&inspected),
        compared["totals"]["records_stored"],
        compared["totals"]["records_once"],
        compared["data_sets"][0]["copies"],
        similarity["value"],
        similarity["low"],
        similarity["high"],
    ));
    Ok(Outcome::passed(format!(
        "five open copies of {} records were found and counted once",
        args.records
    )))
}

struct Celador {
    program: PathBuf,
    scope: PathBuf,
    dir: PathBuf,
}

impl Celador {
    fn run(&self, task: &str, words: &[String]) -> Result<Vec<u8>> {
        let output = command(&self.program)
            .arg(task)
            .args(words)
            .stdin(std::process::Stdio::null())
            .output()
            .with_context(|| format!("cannot run celador {task}"))?;
        if !output.status.success() {
            bail!(
                "celador {task} failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(output.stdout)
    }

    /// The report as JSON, which is also kept as a file.
    fn json(&self, task: &str, endpoints: &[String], more: &[&str]) -> Result<Value> {
        let mut words = vec![
            "--format".to_owned(),
            "json".to_owned(),
            "--scope".to_owned(),
            self.scope.display().to_string(),
        ];
        words.extend(more.iter().map(|word| (*word).to_owned()));
        words.extend(endpoints.iter().cloned());
        let text = self.run(task, &words)?;
        fs::write(self.dir.join(format!("{task}.json")), &text)?;
        Ok(serde_json::from_slice(&text)?)
    }
}

fn open(report: &Value, records: u32) -> Result<()> {
    let endpoints = report["endpoints"].as_array().context("no endpoints")?;
    ensure!(endpoints.len() == NODES, "{} endpoints", endpoints.len());
    for one in endpoints {
        ensure!(
            one["verdict"] == "open"
                && one["product"] == "elasticsearch"
                && one["holds"]["records"] == records,
            "not found open with {records} records: {one}"
        );
    }
    Ok(())
}

fn classified(report: &Value, records: u32) -> Result<()> {
    for store in report["stores"].as_array().context("no stores")? {
        let one = &store["containers"][0];
        ensure!(
            store["state"] == "inspected"
                && one["name"] == INDEX
                && one["records"] == records
                && one["examined"] == records
                && one["whole"] == true,
            "not read whole: {} {} {} of {}",
            store["state"],
            store["reason"],
            one["examined"],
            one["records"]
        );
        let with = |class: &str| {
            one["classes"]
                .as_array()
                .into_iter()
                .flatten()
                .find(|found| found["class"] == class)
                .and_then(|found| found["records"].as_u64())
                .unwrap_or(0)
        };
        let all = u64::from(records);
        // How many records hold each was decided when they were made.
        for (class, made) in [
            ("email", all),
            ("phone", all),
            ("ip_address", all),
            ("iban", all.div_ceil(10)),
            ("payment_card", all.div_ceil(25)),
        ] {
            let found = with(class);
            // A few in a thousand may be missed or mistaken.
            ensure!(
                found.abs_diff(made) <= all / 200,
                "{made} records hold {class}, and {found} were found"
            );
        }
        ensure!(
            with("person") >= all * 9 / 10,
            "persons: {}",
            with("person")
        );
        let languages: BTreeSet<&str> = one["languages"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|found| found["language"].as_str())
            .collect();
        // A sentence of Spanish is too near to Portuguese to be certain of.
        for language in ["eng", "deu", "fra"] {
            ensure!(languages.contains(language), "no {language}: {languages:?}");
        }
    }
    Ok(())
}

fn one_data_set(report: &Value, records: u32) -> Result<()> {
    let sets = report["data_sets"].as_array().context("no data sets")?;
    ensure!(sets.len() == 1, "{} data sets", sets.len());
    ensure!(
        sets[0]["copies"] == NODES && sets[0]["same_mapping"] == true,
        "{}",
        sets[0]
    );
    ensure!(
        report["clusters"].as_array().is_some_and(Vec::is_empty),
        "separate clusters were taken for one"
    );
    let totals = &report["totals"];
    ensure!(
        totals["records_stored"] == u64::from(records) * NODES as u64
            && totals["records_once"] == records,
        "{totals}"
    );
    let pairs = report["pairs"].as_array().context("no pairs")?;
    ensure!(
        pairs.len() == NODES * (NODES - 1) / 2,
        "{} pairs",
        pairs.len()
    );
    for pair in pairs {
        ensure!(
            pair["relation"] == "same_data" && pair["same_dates"] == 1.0,
            "{pair}"
        );
    }
    Ok(())
}

/// Nothing that was printed or written holds a value of a record.
fn no_values(dir: &Path, text: &[u8], records: u32) -> Result<()> {
    let mut written = String::from_utf8_lossy(text).into_owned();
    for file in ["probe.json", "inspect.json", "replicas.json"] {
        written.push_str(&fs::read_to_string(dir.join(file))?);
    }
    for number in (0..records).step_by(97) {
        let person = Person::new(number);
        for value in [&person.email, &person.phone, &person.name] {
            ensure!(!written.contains(value.as_str()), "a value was written");
        }
    }
    Ok(())
}

fn story(report: &Value) -> String {
    let classes: Vec<String> = report["stores"][0]["containers"][0]["classes"]
        .as_array()
        .into_iter()
        .flatten()
        .take(8)
        .map(|class| {
            format!(
                "{} in {:.1}%",
                class["class"].as_str().unwrap_or_default(),
                class["share"].as_f64().unwrap_or_default() * 100.0
            )
        })
        .collect();
    classes.join(", ")
}

/// Somebody who does not exist.
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) phone: String,
    address: Ipv4Addr,
}

impl Person {
    /// Number by number the same in every run. Names come from lists, addresses
    /// from the ranges kept for documentation, telephone numbers from those kept
    /// for fiction.
    pub(crate) fn new(number: u32) -> Self {
        const FIRST: &[&str] = &[
            "Laura", "Thomas", "Sophie", "Daniel", "Elena", "Peter", "Claire", "Martin", "Anna",
            "Carlos", "Julia", "Robert", "Maria", "Stefan", "Helen", "Pedro",
        ];
        const LAST: &[&str] = &[
            "Fischer",
            "Moreau",
            "Garcia",
            "Wilson",
            "Schneider",
            "Lefebvre",
            "Martinez",
            "Thompson",
            "Weber",
            "Dubois",
            "Fernandez",
            "Johnson",
            "Becker",
        ];
        let pick = |list: &[&'static str], by: u32| list[by as usize % list.len()];
        let (first, last) = (pick(FIRST, number), pick(LAST, number / 7));
        Self {
            name: format!("{first} {last}"),
            email: format!(
                "{}.{}{number}@example.com",
                first.to_lowercase(),
                last.to_lowercase()
            ),
            phone: format!("+1 202-555-01{:02}", number % 100),
            address: Ipv4Addr::from(0xcb00_7100 | (number % 250 + 1)),
        }
    }
}

/// One support record.
pub(crate) fn record(number: u32) -> Value {
    const BODIES: &[&str] = &[
        "Hello, my order has not arrived yet and nobody answers my messages. Please write to {email} or call {phone} as soon as possible.",
        "Guten Tag, meine Bestellung ist leider noch nicht angekommen und niemand antwortet mir. Bitte schreiben Sie an {email} oder rufen Sie {phone} an.",
        "Bonjour, ma commande n'est toujours pas arrivée et personne ne me répond. Merci de m'écrire à {email} ou de me rappeler au {phone}.",
        "Hola, mi pedido todavía no ha llegado y nadie contesta a mis mensajes. Por favor, escríbanme a {email} o llámenme al {phone}.",
    ];
    let person = Person::new(number);
    let mut body = BODIES[number as usize % BODIES.len()]
        .replace("{email}", &person.email)
        .replace("{phone}", &person.phone);
    // The examples of the registries: of ISO 13616 and of card issuers' tests.
    if number.is_multiple_of(10) {
        body.push_str(" IBAN: GB82 WEST 1234 5698 7654 32.");
    }
    if number.is_multiple_of(25) {
        body.push_str(" Card: 4111 1111 1111 1111.");
    }
    json!({
        "ticket": format!("SR-{number:07}"),
        "created": format!("20{:02}-{:02}-{:02}T09:30:00Z", 5 + number % 15, number % 12 + 1, number % 28 + 1),
        "customer": {"name": person.name, "email": person.email, "phone": person.phone},
        "client_ip": person.address,
        "status": if number.is_multiple_of(3) { "open" } else { "closed" },
        "body": body,
    })
}

/// Loads every record into a node, and makes them visible.
pub(crate) fn load(port: u16, records: u32) -> Result<()> {
    let settings = json!({"settings": {"number_of_shards": 2, "number_of_replicas": 0, "refresh_interval": "-1"}});
    ask(port, "PUT", &format!("/{INDEX}"), &settings.to_string())?;
    let mut from = 0;
    while from < records {
        let to = (from + BULK).min(records);
        let mut body = String::new();
        for number in from..to {
            writeln!(
                body,
                "{{\"index\":{{\"_id\":\"{number}\"}}}}\n{}",
                record(number)
            )?;
        }
        let answer = ask(
            port,
            "POST",
            &format!("/{INDEX}/_bulk?filter_path=errors"),
            &body,
        )?;
        ensure!(
            answer.contains("\"errors\":false"),
            "a record was not taken"
        );
        from = to;
    }
    ask(port, "POST", &format!("/{INDEX}/_refresh"), "")?;
    Ok(())
}

/// One request; an answer that is no success is an error.
fn ask(port: u16, method: &str, path: &str, body: &str) -> Result<String> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_mins(3)))?;
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/x-ndjson\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(
        answer.starts_with("HTTP/1.1 2"),
        "{method} {path}: {}",
        answer.lines().next().unwrap_or_default()
    );
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_are_all_different_and_the_same_each_time() {
        let made: BTreeSet<String> = (0..1000).map(|number| record(number).to_string()).collect();
        assert_eq!(made.len(), 1000);
        assert!(made.contains(&record(999).to_string()));
        assert!(record(50).to_string().contains("IBAN"));
        assert!(!record(51).to_string().contains("IBAN"));
    }
}
