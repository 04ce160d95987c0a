//! `cargo xtask test looks`: real stores of several products, looked into and
//! compared by `celador inspect` and `celador replicas`.
//!
//! The same invented support records lie in Elasticsearch (twice), OpenSearch behind
//! TLS and a password, PostgreSQL (with a standby), MariaDB, MongoDB's protocol, and
//! what `more` has, and have to be recognised as one data set; numbered rows have to be sampled alike
//! in two products; what is locked has to open by the right secret alone, and no
//! secret and no value may stand in anything that is printed.

mod load;
mod more;

use std::fs;
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::replay::{self, Person};
use crate::report::{Outcome, say};
use crate::root::{celador_dev, command, target};
use crate::servers::{self, Running};
use load::{load_mariadb, load_mongo, load_opensearch, load_postgresql, load_redis, psql};

/// Support records of each store.
const RECORDS: u32 = 2000;
/// Numbered rows, of which only a sample is read.
const NUMBERED: u32 = 30_000;
/// What the locked states of `xtask/servers/` ask for.
const SECRET: &str = "s3cret";
const WRONG: &str = "canary-wrong-secret";

/// Runs everything; some four minutes.
pub(crate) fn check() -> Result<Outcome> {
    let begun = Instant::now();
    let dir = target().join("looks");
    fs::create_dir_all(&dir)?;
    let scope = dir.join("scope.toml");
    fs::write(
        &scope,
        "owner = \"tests\"\nexpires = 2100-01-01\nallow = [\"127.0.0.1\"]\n",
    )?;
    fs::write(dir.join("key"), "a key of the tests, which hides nothing\n")?;
    let celador = Celador {
        program: celador_dev()?,
        scope,
        key: format!("file:{}", dir.join("key").display()),
        dir,
    };
    let stores = Stores::start()?;
    say(&format!(
        "{:.0} s: servers answer",
        begun.elapsed().as_secs_f64()
    ));
    stores.load()?;
    say(&format!("{:.0} s: loaded", begun.elapsed().as_secs_f64()));
    let locked = stores.locked(&celador)?;
    let copies = stores.one_data_set(&celador, &locked)?;
    stores.samples(&celador)?;
    stores.standby(&celador)?;
    stores.keys(&celador)?;
    drop(stores);
    let more = more::check(&celador, &locked)?;
    say(&format!(
        "{:.0} s: looked into",
        begun.elapsed().as_secs_f64()
    ));
    Ok(Outcome::passed(format!(
        "one data set in {} stores recognised, eleven products looked into; locks open by the right secret alone",
        copies + more
    )))
}

struct Celador {
    program: PathBuf,
    scope: PathBuf,
    key: String,
    dir: PathBuf,
}

impl Celador {
    /// The report as JSON, and as text; neither holds a value or a secret.
    fn json(&self, task: &str, words: &[&str]) -> Result<Value> {
        let mut text = Vec::new();
        for format in ["json", "text"] {
            let output = command(&self.program)
                .arg(task)
                .args([
                    "--format",
                    format,
                    "--sketch-key",
                    &self.key,
                    "--rate",
                    "1000",
                    "--scope",
                ])
                .arg(&self.scope)
                .args(words)
                .env("CELADOR_SECRET", SECRET)
                .env("CELADOR_ADMIN", "admin")
                .env("CELADOR_KEY", "SK")
                .env("CELADOR_CASSANDRA", "cassandra")
                .env("CELADOR_WRONG", WRONG)
                .stdin(Stdio::null())
                .output()
                .with_context(|| format!("cannot run celador {task}"))?;
            let mut told = String::from_utf8_lossy(&output.stdout).into_owned();
            told.push_str(&String::from_utf8_lossy(&output.stderr));
            ensure!(
                !told.contains(WRONG) && !told.contains(SECRET),
                "a secret was printed"
            );
            for number in (0..RECORDS).step_by(37) {
                let person = Person::new(number);
                for value in [&person.email, &person.phone, &person.name] {
                    ensure!(!told.contains(value.as_str()), "a value was printed");
                }
            }
            if format == "json" {
                ensure!(!output.stdout.is_empty(), "celador {task} failed: {told}");
                text = output.stdout;
            }
        }
        Ok(serde_json::from_slice(&text)?)
    }

    fn inspect(&self, words: &[&str]) -> Result<Value> {
        Ok(self.json("inspect", words)?["stores"][0].clone())
    }
}

struct Stores {
    postgresql: Running,
    mariadb: Running,
    redis: Running,
    elasticsearch: Vec<Running>,
    opensearch: Running,
    mongo: Running,
    locked: Vec<(&'static str, &'static str, Running)>,
}

impl Stores {
    fn start() -> Result<Self> {
        let one = |name: &str, state: &'static str| -> Result<Running> {
            let mut found = servers::several(name, state, 1)?;
            found.pop().context("no server")
        };
        // One after the other: a server ends with the thread that started it.
        let (postgresql, mariadb, redis) = (
            one("postgresql", "open")?,
            one("mariadb", "open")?,
            one("redis", "open")?,
        );
        let mut locked = Vec::new();
        for (name, user) in [
            ("postgresql", "postgres"),
            ("mariadb", "root"),
            ("redis", "default"),
        ] {
            locked.push((name, user, one(name, "locked")?));
        }
        Ok(Self {
            postgresql,
            mariadb,
            redis,
            elasticsearch: servers::several("elasticsearch", "open", 2)?,
            opensearch: one("opensearch", "locked")?,
            mongo: one("mongo", "empty")?,
            locked,
        })
    }

    fn load(&self) -> Result<()> {
        for node in &self.elasticsearch {
            replay::load(node.port, RECORDS)?;
        }
        load_opensearch(self.opensearch.port)?;
        load_postgresql(self.postgresql.port)?;
        load_mariadb(self.mariadb.port)?;
        load_mongo(self.mongo.port)?;
        load_redis(self.redis.port)
    }

    /// What is locked opens by the right secret alone. Gives the inspection of
    /// OpenSearch, whose records are the others'.
    fn locked(&self, celador: &Celador) -> Result<PathBuf> {
        for (name, user, server) in &self.locked {
            let at = format!("127.0.0.1:{}", server.port);
            let store = celador.inspect(&[&at])?;
            ensure!(
                store["state"] == "refused",
                "{name} without secret: {store}"
            );
            let store =
                celador.inspect(&[&at, "--user", user, "--password", "env:CELADOR_WRONG"])?;
            let reason = store["reason"].as_str().unwrap_or_default();
            ensure!(
                store["state"] == "refused" && reason.contains("not accepted"),
                "{name} with a wrong secret: {store}"
            );
            let store =
                celador.inspect(&[&at, "--user", user, "--password", "env:CELADOR_SECRET"])?;
            ensure!(
                store["state"] == "inspected" && store["anonymous"] == false,
                "{name} with its secret: {store}"
            );
        }
        let at = format!("127.0.0.1:{}", self.opensearch.port);
        let certificate = self.opensearch.dir.join("data/node_1/config/node.pem");
        let ca = certificate.display().to_string();
        let admin = ["--user", "admin", "--password", "env:CELADOR_ADMIN"];
        // Its certificate is its own, which nobody vouches for.
        let store = celador.inspect(&[&[at.as_str()][..], &admin].concat())?;
        ensure!(
            store["state"] != "inspected"
                && store["reason"]
                    .as_str()
                    .is_some_and(|why| why.contains("TLS")),
            "a secret was sent to a server that nobody vouches for: {store}"
        );
        let wrong = [
            "--user",
            "admin",
            "--password",
            "env:CELADOR_WRONG",
            "--ca",
            &ca,
        ];
        let store = celador.inspect(&[&[at.as_str()][..], &wrong].concat())?;
        ensure!(
            store["state"] == "refused",
            "OpenSearch with a wrong secret: {store}"
        );
        let right = [&[at.as_str()][..], &admin, &["--ca", &ca]].concat();
        let report = celador.json("inspect", &right)?;
        let store = &report["stores"][0];
        ensure!(
            store["anonymous"] == false && container(store, replay::INDEX)?["whole"] == true,
            "OpenSearch with its secret: {store}"
        );
        let file = celador.dir.join("opensearch.json");
        fs::write(&file, report.to_string())?;
        Ok(file)
    }

    fn open(&self) -> Vec<String> {
        let mut ports: Vec<u16> = self.elasticsearch.iter().map(|node| node.port).collect();
        ports.extend([self.postgresql.port, self.mariadb.port, self.mongo.port]);
        ports
            .iter()
            .map(|port| format!("127.0.0.1:{port}"))
            .collect()
    }

    fn one_data_set(&self, celador: &Celador, locked: &Path) -> Result<usize> {
        let open = self.open();
        let mut words: Vec<&str> = open.iter().map(String::as_str).collect();
        let locked = locked.display().to_string();
        words.extend(["--inspection", &locked]);
        let report = celador.json("replicas", &words)?;
        let copies = open.len() + 1;
        let set = &report["data_sets"][0];
        ensure!(
            set["copies"] == copies && set["records"] == RECORDS,
            "{copies} copies of {RECORDS} records are one data set: {}",
            report["data_sets"]
        );
        let classes = set["classes"].to_string();
        for class in ["email", "phone", "person", "iban", "payment_card"] {
            ensure!(classes.contains(class), "no {class}: {classes}");
        }
        let same = report["pairs"]
            .as_array()
            .into_iter()
            .flatten()
            .filter(|pair| pair["relation"] == "same_data" && pair["same_dates"] == 1.0)
            .count();
        ensure!(
            same >= copies * (copies - 1) / 2,
            "{same} pairs: {}",
            report["pairs"]
        );
        Ok(copies)
    }

    /// Large containers of two stores, of which only samples are read.
    fn samples(&self, celador: &Celador) -> Result<()> {
        let limits = ["--max-records", "1500", "--sample", "1000"];
        let at = |port: u16| format!("127.0.0.1:{port}");
        let (first, second) = (at(self.postgresql.port), at(self.mariadb.port));
        let words = [&[first.as_str(), second.as_str()][..], &limits].concat();
        let report = celador.json("replicas", &words)?;
        let numbered = pair(&report, "numbered")?;
        ensure!(
            numbered["relation"] == "same_data" && numbered["similarity"]["exact"] == false,
            "rows that are sampled by their keys: {numbered}"
        );
        // Of one index name and one order of writing, Elasticsearch draws alike.
        let nodes: Vec<String> = self
            .elasticsearch
            .iter()
            .map(|node| at(node.port))
            .collect();
        let nodes: Vec<&str> = nodes.iter().map(String::as_str).collect();
        let report = celador.json("replicas", &[&nodes, &limits[..]].concat())?;
        let drawn = pair(&report, replay::INDEX)?;
        ensure!(
            drawn["similarity"].is_null()
                && drawn["first_in_second_at_least"].as_f64() > Some(0.95),
            "indices that are sampled at random: {drawn}"
        );
        // One side whole: the other's sample is looked for in it.
        let whole = celador.json("inspect", &[nodes[0]])?;
        let file = celador.dir.join("whole.json");
        fs::write(&file, whole.to_string())?;
        let file = file.display().to_string();
        let words = [&[nodes[1], "--inspection", &file][..], &limits].concat();
        let report = celador.json("replicas", &words)?;
        let found = pair(&report, replay::INDEX)?;
        ensure!(
            found["relation"] == "same_data",
            "a sample against the whole: {found}"
        );
        Ok(())
    }

    /// A streaming standby is a node of its primary's cluster and no copy.
    fn standby(&self, celador: &Celador) -> Result<()> {
        let standby = Standby::start(self.postgresql.port, &self.postgresql.dir)?;
        let words = [
            format!("127.0.0.1:{}", self.postgresql.port),
            format!("127.0.0.1:{}", standby.port),
        ];
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let report = celador.json("replicas", &words)?;
        let cluster = &report["clusters"][0];
        ensure!(
            cluster["endpoints"]
                .as_array()
                .is_some_and(|list| list.len() == 2)
                && cluster["apart"] == false
                && report["data_sets"][0]["copies"] == 1,
            "a primary and its standby: {} {}",
            report["clusters"],
            report["data_sets"]
        );
        Ok(())
    }

    fn keys(&self, celador: &Celador) -> Result<()> {
        let store = celador.inspect(&[&format!("127.0.0.1:{}", self.redis.port)])?;
        let database = container(&store, "db0")?;
        let field = |name: &str| {
            let fields = database["fields"].as_array();
            fields
                .into_iter()
                .flatten()
                .find(|field| field["field"] == name)
                .cloned()
        };
        let mail = field("customer:(id).email").context("no pattern of keys")?;
        ensure!(
            mail["classes"][0]["class"] == "email" && mail["present"] == 200,
            "keys of Redis: {database}"
        );
        Ok(())
    }
}

fn container(store: &Value, name: &str) -> Result<Value> {
    let all = store["containers"].as_array();
    all.into_iter()
        .flatten()
        .find(|one| one["name"] == name)
        .cloned()
        .with_context(|| format!("no {name}: {store}"))
}

/// The pair whose containers' names both end so.
fn pair(report: &Value, name: &str) -> Result<Value> {
    let named = |place: &Value| {
        place["container"]
            .as_str()
            .is_some_and(|container| container.ends_with(name))
    };
    let all = report["pairs"].as_array();
    all.into_iter()
        .flatten()
        .find(|pair| named(&pair["first"]) && named(&pair["second"]))
        .cloned()
        .with_context(|| format!("no pair {name}: {report}"))
}

/// Runs a client with that on its standard input.
fn feed(mut client: Command, input: &str) -> Result<()> {
    let mut child = client
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start the client")?;
    let mut stdin = child.stdin.take().context("no pipe")?;
    let text = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(text.as_bytes()));
    let output = child.wait_with_output()?;
    let _ = writer.join();
    ensure!(
        output.status.success(),
        "{}: {}",
        client.get_program().display(),
        String::from_utf8_lossy(&output.stderr).trim()
    );
    Ok(())
}

/// A PostgreSQL that follows another one; ended when it goes out of scope.
struct Standby {
    child: Child,
    port: u16,
}

impl Standby {
    fn start(primary: u16, beside: &Path) -> Result<Self> {
        let port = servers::free_ports()?;
        let dir = beside.with_extension("standby");
        let script = format!(
            "set -e; bin=(/usr/lib/postgresql/*/bin); as=(setpriv --pdeathsig KILL)\n\
             if [[ $EUID -eq 0 ]]; then as=(setpriv --reuid=65534 --regid=65534 --clear-groups --pdeathsig KILL); fi\n\
             mkdir -p \"$D\"; chmod 777 \"$D\"\n\
             \"${{as[@]}}\" \"${{bin[0]}}/pg_basebackup\" -h 127.0.0.1 -p {primary} -U postgres -D \"$D/data\" -R -X stream -c fast\n\
             exec \"${{as[@]}}\" \"${{bin[0]}}/postgres\" -D \"$D/data\" -h 127.0.0.1 -p {port} -k \"$D\"\n"
        );
        let log = fs::File::create(beside.with_extension("standby.log"))?;
        let child = Command::new("bash")
            .args(["-c", &script])
            .env("D", &dir)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .context("cannot start bash")?;
        let mut this = Self { child, port };
        let begun = Instant::now();
        while feed(psql(port, "postgres", "SELECT 1"), "").is_err() {
            if begun.elapsed() > Duration::from_mins(1) || this.child.try_wait()?.is_some() {
                bail!("the standby does not follow");
            }
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(this)
    }
}

impl Drop for Standby {
    fn drop(&mut self) {
        servers::end_group(self.child.id());
        let _ = self.child.wait();
    }
}
