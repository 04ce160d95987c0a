//! `cargo xtask test looks`: real stores of several products, looked into and
//! compared by `celador inspect` and `celador replicas`.
//!
//! The same invented support records lie in Elasticsearch (twice), OpenSearch behind
//! TLS and a password, PostgreSQL (with a standby), MariaDB, MongoDB's protocol, and
//! what `more` has, and have to be recognised as one data set; numbered rows have to be sampled alike
//! in two products; what is locked has to open by the right secret alone, and no
//! secret and no value may stand in anything that is printed.

mod more;

use std::fmt::Write as _;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};

use crate::replay::{self, Person};
use crate::report::{Outcome, say};
use crate::root::{celador_dev, command, target};
use crate::servers::{self, Running};

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

fn load_opensearch(port: u16) -> Result<()> {
    let mut bulk = String::new();
    for number in 0..RECORDS {
        writeln!(
            bulk,
            "{{\"index\":{{\"_id\":\"{number}\"}}}}\n{}",
            replay::record(number)
        )?;
    }
    let begun = Instant::now();
    loop {
        let mut curl = Command::new("curl");
        curl.args(["-sfk", "-m", "60", "-u", "admin:admin"])
            .args([
                "-H",
                "content-type: application/x-ndjson",
                "--data-binary",
                "@-",
            ])
            .arg(format!(
                "https://127.0.0.1:{port}/{}/_bulk?refresh=true",
                replay::INDEX
            ));
        match feed(curl, &bulk) {
            Ok(()) => return Ok(()),
            // It listens before its users are there.
            Err(_) if begun.elapsed() < Duration::from_mins(2) => {
                std::thread::sleep(Duration::from_secs(1));
            }
            Err(error) => return Err(error),
        }
    }
}

/// The columns of a record: nested ones as JSON.
fn columns(number: u32) -> Vec<String> {
    let record = replay::record(number);
    [
        "ticket",
        "created",
        "customer",
        "client_ip",
        "status",
        "body",
    ]
    .iter()
    .map(|name| match &record[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
    .collect()
}

fn psql(port: u16, database: &str, query: &str) -> Command {
    let mut psql = Command::new("psql");
    psql.args([
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        "127.0.0.1",
        "-U",
        "postgres",
    ])
    .args(["-p", &port.to_string(), "-d", database, "-c", query]);
    psql
}

fn load_postgresql(port: u16) -> Result<()> {
    // It listens before it lets anyone in.
    let begun = Instant::now();
    while feed(psql(port, "postgres", "CREATE DATABASE support"), "").is_err() {
        ensure!(
            begun.elapsed() < Duration::from_mins(1),
            "PostgreSQL lets nobody in"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    let create = format!(
        "CREATE TABLE records (ticket text, created timestamptz, customer jsonb, client_ip inet, \
         status text, body text); \
         CREATE TABLE numbered (id bigint PRIMARY KEY, mail text); \
         INSERT INTO numbered SELECT n, 'anna' || n || '@example.com' \
         FROM generate_series(1, {NUMBERED}) n; ANALYZE numbered"
    );
    feed(psql(port, "support", &create), "")?;
    let mut csv = String::new();
    for number in 0..RECORDS {
        let fields: Vec<String> = columns(number)
            .iter()
            .map(|field| format!("\"{}\"", field.replace('"', "\"\"")))
            .collect();
        writeln!(csv, "{}", fields.join(","))?;
    }
    feed(psql(port, "support", "COPY records FROM STDIN CSV"), &csv)
}

fn load_mariadb(port: u16) -> Result<()> {
    let mut sql = format!(
        "CREATE DATABASE support CHARACTER SET utf8mb4; USE support;\n\
         CREATE TABLE records (ticket varchar(40), created datetime, customer json, \
         client_ip varchar(40), status varchar(20), body text);\n\
         CREATE TABLE numbered (id bigint PRIMARY KEY, mail varchar(80));\n\
         INSERT INTO numbered SELECT seq, CONCAT('anna', seq, '@example.com') \
         FROM seq_1_to_{NUMBERED};\nANALYZE TABLE numbered;\n"
    );
    for number in 0..RECORDS {
        let fields: Vec<String> = columns(number)
            .iter()
            .enumerate()
            .map(|(at, field)| {
                // It knows no offset from UTC.
                let field = if at == 1 {
                    field.trim_end_matches('Z')
                } else {
                    field
                };
                format!("'{}'", field.replace('\\', "\\\\").replace('\'', "''"))
            })
            .collect();
        writeln!(sql, "INSERT INTO records VALUES ({});", fields.join(","))?;
    }
    let mut client = Command::new("mariadb");
    client
        .args([
            "--no-defaults",
            "--default-character-set=utf8mb4",
            "-h",
            "127.0.0.1",
            "-u",
            "root",
            "-P",
        ])
        .arg(port.to_string());
    feed(client, &format!("SET autocommit=0;\n{sql}COMMIT;\n"))
}

/// A document of BSON, of texts and documents alone.
fn bson(value: &Value) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    for (name, one) in value.as_object().context("an object")? {
        let (kind, bytes) = match one {
            Value::String(text) => {
                let mut bytes = u32::try_from(text.len() + 1)?.to_le_bytes().to_vec();
                bytes.extend_from_slice(text.as_bytes());
                bytes.push(0);
                (2, bytes)
            }
            Value::Array(list) => {
                let numbered: serde_json::Map<String, Value> = list
                    .iter()
                    .enumerate()
                    .map(|(at, one)| (format!("{at:09}"), one.clone()))
                    .collect();
                (4, bson(&Value::Object(numbered))?)
            }
            other => (3, bson(other)?),
        };
        body.push(kind);
        body.extend_from_slice(name.as_bytes());
        body.push(0);
        body.extend(bytes);
    }
    body.push(0);
    let mut out = u32::try_from(body.len() + 4)?.to_le_bytes().to_vec();
    out.extend(body);
    Ok(out)
}

fn load_mongo(port: u16) -> Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let numbers: Vec<u32> = (0..RECORDS).collect();
    for some in numbers.chunks(500) {
        let records: Vec<Value> = some.iter().map(|number| replay::record(*number)).collect();
        // The command's name comes first; the fields are in order of their names.
        let command = bson(&json!({"$db": "support", "documents": records}))?;
        let insert = bson(&json!({"insert": "records"}))?;
        let mut body = insert[4..insert.len() - 1].to_vec();
        body.extend_from_slice(&command[4..]);
        let mut message = u32::try_from(21 + 4 + body.len())?.to_le_bytes().to_vec();
        message.extend([1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0, 0, 0, 0, 0, 0]);
        message.extend(u32::try_from(4 + body.len())?.to_le_bytes());
        message.extend(body);
        stream.write_all(&message)?;
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let mut answer = vec![0; u32::from_le_bytes(length) as usize - 4];
        stream.read_exact(&mut answer)?;
        ensure!(
            !answer.windows(6).any(|part| part == b"errmsg"),
            "the records were not taken"
        );
    }
    Ok(())
}

fn load_redis(port: u16) -> Result<()> {
    let mut commands = String::new();
    for number in 0..200 {
        let person = Person::new(number);
        let key = format!("customer:{number}");
        let words = ["HSET", &key, "name", &person.name, "email", &person.email];
        write!(commands, "*{}\r\n", words.len())?;
        for word in words {
            write!(commands, "${}\r\n{word}\r\n", word.len())?;
        }
    }
    commands.push_str("*1\r\n$4\r\nQUIT\r\n");
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(commands.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(
        answer.matches(":2\r\n").count() == 200,
        "the keys were not taken"
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
