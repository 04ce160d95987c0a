//! `cargo xtask bench probe`: ten thousand endpoints of loopback, every verdict
//! compared with what the endpoint is, and nmap's scripts on a part of them.
//!
//! The probe runs as its users run it, with its defaults. The servers are a
//! process of their own, on the same two cores.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::endpoints::{Kind, endpoints};
use super::measure::{Cost, measure};
use super::page;
use crate::report::{Outcome, say};
use crate::root::{celador, command, run as run_command, target};

#[derive(Debug, clap::Args)]
pub(crate) struct Probe {
    /// Endpoints of each of the two sets.
    #[arg(long, default_value_t = 10_000)]
    endpoints: u32,
    /// Endpoints that nmap and celador both judge.
    #[arg(long, default_value_t = 2_000)]
    peer: u32,
    /// Runs of each; the fastest time and the highest memory count.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Leave nmap out.
    #[arg(long)]
    no_nmap: bool,
    /// Print JSON, and leave docs/benchmarks.md as it is.
    #[arg(long)]
    json: bool,
}

/// Servers, which end with this.
pub(crate) struct Servers(Child);

impl Servers {
    pub(crate) fn start(set: &str, count: u32) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["endpoints", set, &count.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start the servers")?;
        let mut line = String::new();
        let out = child.stdout.take().context("no pipe from the servers")?;
        BufReader::new(out).read_line(&mut line)?;
        if line.trim() != "ready" {
            bail!("the servers did not start");
        }
        Ok(Self(child))
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Probe {
    pub(crate) fn run(&self) -> Result<Outcome> {
        let program = celador()?;
        let dir = target().join("bench/probe");
        fs::create_dir_all(&dir)?;
        let scope = dir.join("scope.toml");
        fs::write(
            &scope,
            "owner = \"bench\"\nexpires = 2100-01-01\nallow = [\"127.0.0.0/8\"]\n",
        )?;
        let mut results = json!({"schema": "celador.bench.probe/v1", "machine": page::machine()});
        for set in ["mixed", "half"] {
            say(&format!("{} endpoints, {set}", self.endpoints));
            let _servers = Servers::start(set, self.endpoints)?;
            results[set] = self.measure(&program, &dir, set, self.endpoints)?;
        }
        say(&format!("{} endpoints that nmap knows too", self.peer));
        let _servers = Servers::start("known", self.peer)?;
        results["known"] = self.measure(&program, &dir, "known", self.peer)?;
        if !self.no_nmap {
            results["nmap"] = nmap(&dir, self.peer)?;
        }
        if self.json {
            println!("{}", serde_json::to_string_pretty(&results)?);
            return Ok(Outcome::passed("measured"));
        }
        let text = render(&results)?;
        say(&text);
        page::write("probe", &text)?;
        Ok(Outcome::passed("docs/benchmarks.md written"))
    }

    fn measure(&self, program: &Path, dir: &Path, set: &str, count: u32) -> Result<Value> {
        let inventory = dir.join("endpoints.yaml");
        let mut text = String::from("stores:\n");
        let expected = endpoints(set, count)?;
        for (address, kind) in &expected {
            writeln!(
                text,
                "  - {{id: \"{address}\", endpoints: [\"{address}:{}\"]}}",
                kind.port()
            )?;
        }
        fs::write(&inventory, text)?;
        let report = dir.join("report.json");
        let words: Vec<OsString> = vec![
            program.into(),
            "probe".into(),
            "--format".into(),
            "json".into(),
            "--scope".into(),
            dir.join("scope.toml").into(),
            "--inventory".into(),
            inventory.into(),
        ];
        let mut costs: Vec<Cost> = Vec::new();
        for _ in 0..self.runs.max(1) {
            costs.push(measure(&words, &report)?);
        }
        let wrong = wrong(&expected, &report)?;
        if !wrong.is_empty() {
            bail!(
                "{} of {count} endpoints judged wrongly, such as {}",
                wrong.len(),
                wrong.iter().take(5).cloned().collect::<Vec<_>>().join("; ")
            );
        }
        Ok(cost(&costs, &expected))
    }
}

/// Endpoints whose verdict, product or count is not what they are.
fn wrong(expected: &[(std::net::Ipv4Addr, Kind)], report: &Path) -> Result<Vec<String>> {
    let report: Value = serde_json::from_slice(&fs::read(report)?)?;
    let found: BTreeMap<&str, &Value> = report["endpoints"]
        .as_array()
        .context("no endpoints in the report")?
        .iter()
        .filter_map(|one| Some((one["address"].as_str()?, one)))
        .collect();
    let mut wrong = Vec::new();
    for (address, kind) in expected {
        let one = found
            .get(address.to_string().as_str())
            .with_context(|| format!("{address} is not in the report"))?;
        let (verdict, product) = kind.expect();
        let right = one["verdict"] == verdict
            && one["product"].as_str() == product
            && one["holds"]["records"].as_u64() == kind.records();
        if !right {
            wrong.push(format!(
                "{address} ({kind:?}): {} {} {} {}",
                one["verdict"], one["product"], one["holds"]["records"], one["reason"]
            ));
        }
    }
    Ok(wrong)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "memory in KiB is far below 2^53"
)]
fn cost(costs: &[Cost], expected: &[(std::net::Ipv4Addr, Kind)]) -> Value {
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for (_, kind) in expected {
        *kinds.entry(format!("{kind:?}")).or_default() += 1;
    }
    json!({
        "endpoints": expected.len(),
        "kinds": kinds,
        "seconds": costs.iter().map(|cost| cost.seconds).fold(f64::INFINITY, f64::min),
        "all_seconds": costs.iter().map(|cost| cost.seconds).collect::<Vec<_>>(),
        "cpu_seconds": costs.iter().map(|cost| cost.cpu_seconds).fold(f64::INFINITY, f64::min),
        "peak_mib": costs.iter().map(|cost| cost.peak_kib).max().unwrap_or(0) as f64 / 1024.0,
    })
}

/// The same endpoints by nmap's scripts, as fast as its timing templates go.
fn nmap(dir: &Path, count: u32) -> Result<Value> {
    let Some(program) = install_nmap()? else {
        return Ok(Value::Null);
    };
    let expected = endpoints("known", count)?;
    let list = dir.join("nmap.txt");
    let mut text = String::new();
    for (address, _) in &expected {
        writeln!(text, "{address}")?;
    }
    fs::write(&list, text)?;
    let output = dir.join("nmap.xml");
    let words: Vec<OsString> = vec![
        program.into(),
        "-n".into(),
        "-Pn".into(),
        "-sT".into(),
        "-T5".into(),
        "-p".into(),
        "6379,11211".into(),
        "--script".into(),
        "redis-info,memcached-info".into(),
        "-oX".into(),
        "-".into(),
        "-iL".into(),
        list.into(),
    ];
    let cost = measure(&words, &output)?;
    let text = fs::read_to_string(&output)?;
    let told = |script: &str| text.matches(&format!("<script id=\"{script}\"")).count();
    let mut value = self::cost(&[cost], &expected);
    value["told"] =
        json!({"redis-info": told("redis-info"), "memcached-info": told("memcached-info")});
    Ok(value)
}

/// nmap of Debian, installed when that is possible.
fn install_nmap() -> Result<Option<PathBuf>> {
    let there = || {
        let path = Path::new("/usr/bin/nmap");
        path.exists().then(|| path.to_owned())
    };
    if there().is_none() {
        if !(Path::new("/etc/debian_version").exists() && nix::unistd::geteuid().is_root()) {
            say("nmap is left out: it is not installed, and only root on Debian installs it");
            return Ok(None);
        }
        run_command(
            command("apt-get")
                .args(["install", "-y", "-qq", "--no-install-recommends", "nmap"])
                .env("DEBIAN_FRONTEND", "noninteractive"),
        )?;
    }
    Ok(there())
}

fn render(results: &Value) -> Result<String> {
    let number = |set: &str, name: &str| {
        results[set][name]
            .as_f64()
            .with_context(|| format!("no {name} of {set} in the results"))
    };
    let machine = &results["machine"];
    let mut out = format!(
        "## `celador probe --format json` on loopback\n\n\
         Measured on {}: {}, {} cores, which the servers share. Each endpoint is an address of 127.0.0.0/8; those that answer play what real servers answered. Every verdict, product and count is compared with what the endpoint is. Defaults of the command; of several runs the fastest time and the highest memory.\n\n\
         | endpoints | time | CPU | peak memory | target |\n|---|--:|--:|--:|---|\n",
        machine["date"].as_str().unwrap_or_default(),
        machine["cpu"].as_str().unwrap_or_default(),
        machine["cores"],
    );
    for (set, what, seconds, memory) in [
        (
            "mixed",
            "open, locked, closed, silent, a second late, dripping, and a page with Elasticsearch's words",
            10.0,
            Some(200.0),
        ),
        ("half", "half Elasticsearch, half refuse", 4.0, None),
    ] {
        let (took, peak) = (number(set, "seconds")?, number(set, "peak_mib")?);
        let mut target = format!("< {seconds} s: {}", page::met(took < seconds));
        if let Some(memory) = memory {
            write!(target, "; < {memory} MiB: {}", page::met(peak < memory))?;
        }
        writeln!(
            out,
            "| {}: {what} | {took:.2} s | {:.2} s | {peak:.0} MiB | {target} |",
            page::thousands(number(set, "endpoints")?),
            number(set, "cpu_seconds")?,
        )?;
    }
    let took = number("known", "seconds")?;
    writeln!(
        out,
        "\nOf {} endpoints of Redis (open and locked), memcached and nobody, in the same run:\n\n\
         | | time | peak memory |\n|---|--:|--:|\n\
         | celador probe | {took:.2} s | {:.0} MiB |",
        page::thousands(number("known", "endpoints")?),
        number("known", "peak_mib")?,
    )?;
    if results["nmap"].is_null() {
        out.push_str("\nnmap was not to be had in this run.\n");
    } else {
        let theirs = number("nmap", "seconds")?;
        writeln!(
            out,
            "| nmap -T5, `redis-info` and `memcached-info` | {theirs:.2} s | {:.0} MiB |\n\n\
             nmap takes {:.1} times as long; its scripts told of {} Redis and {} memcached servers.",
            number("nmap", "peak_mib")?,
            theirs / took,
            results["nmap"]["told"]["redis-info"],
            results["nmap"]["told"]["memcached-info"],
        )?;
    }
    Ok(out)
}
