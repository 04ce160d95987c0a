//! What Celador takes, next to what it should take and to what a peer takes.
//!
//! Every figure is measured in the run that prints it. Files are generated
//! beforehand and read from the page cache; the product runs as its users run
//! it, as a process that reads files and writes a report.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use serde_json::{Value, json};

use crate::report::{Outcome, say};
use crate::root::{cargo, celador, command, root, run as run_command, stdout, target};
use crate::tools;

pub(crate) mod endpoints;
mod engine;
mod generate;
pub(crate) mod measure;
mod page;
mod pii;
mod probe;
mod random;
mod redact;
mod texts;

use generate::{Plan, Written};
use measure::{Cost, measure};
pub(crate) use probe::Servers;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The network audit, on generated networks.
    Reach(Reach),
    /// The probe, on ten thousand endpoints of loopback.
    Probe(probe::Probe),
    /// The finder of personal data, on generated texts.
    Pii(pii::Args),
    /// `celador redact`, from file to file.
    Redact(redact::Args),
}

#[derive(Debug, clap::Args)]
struct Reach {
    /// Sizes in rules.
    #[arg(long, value_delimiter = ',', default_values_t = [1_000, 10_000, 100_000, 1_000_000])]
    rules: Vec<u32>,
    /// Runs of each size; the fastest counts.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Only what is measured in memory: no files, no process.
    #[arg(long, conflicts_with = "rules")]
    in_memory: bool,
    /// Leave the peer out.
    #[arg(long)]
    no_z3: bool,
    /// Keep the generated files in target/bench.
    #[arg(long)]
    keep: bool,
    /// Write the files to target/bench and stop, for a profiler.
    #[arg(long)]
    generate_only: bool,
    /// Print JSON, and leave docs/benchmarks.md as it is.
    #[arg(long)]
    json: bool,
}

/// Runs a benchmark in the release profile.
pub(crate) fn run(args: &Args) -> Result<Outcome> {
    if cfg!(debug_assertions) {
        // The engine is measured in this process, so this process is built as
        // the product is.
        let mut again = cargo();
        again
            .args(["run", "--quiet", "--release", "--package", "xtask", "--"])
            .args(env::args_os().skip(1));
        run_command(&mut again)?;
        return Ok(Outcome::passed("measured"));
    }
    let reach = match &args.what {
        What::Reach(reach) => reach,
        What::Probe(probe) => return probe.run(),
        What::Pii(pii) => return pii.run(),
        What::Redact(redact) => return redact.run(),
    };
    if reach.generate_only {
        for rules in &reach.rules {
            let plan = Plan::of_rules(*rules);
            let written = generate::write(plan, &plan.dir())?;
            say(&format!(
                "{}: {} files, {} bytes",
                plan.dir().display(),
                written.files,
                written.bytes
            ));
        }
        return Ok(Outcome::passed("generated"));
    }
    let results = reach.run()?;
    // A page without its first table would not say what it left out.
    if reach.json || reach.in_memory {
        println!("{}", serde_json::to_string_pretty(&results)?);
        return Ok(Outcome::passed("measured"));
    }
    let text = page::render(&results)?;
    say(&text);
    page::write("reach", &text)?;
    Ok(Outcome::passed("docs/benchmarks.md written"))
}

/// The whole benchmark at its smallest size: whether it runs and its answers
/// hold, not how long it takes.
pub(crate) fn smoke() -> Result<Outcome> {
    let mut again = cargo();
    again.args([
        "run",
        "--quiet",
        "--release",
        "--package",
        "xtask",
        "--",
        "bench",
        "reach",
        "--json",
    ]);
    let results: Value =
        serde_json::from_slice(&stdout(again.args(["--rules", "1000", "--runs", "1"]))?)?;
    let ratio = results
        .pointer("/one_group/z3/ratio")
        .and_then(Value::as_f64)
        .context("no ratio")?;
    Ok(Outcome::passed(format!(
        "Z3 agrees with every answer; Celador is {ratio:.0} times as fast here"
    )))
}

impl Reach {
    fn run(&self) -> Result<Value> {
        let mut sizes = Vec::new();
        if !self.in_memory {
            let program = celador()?;
            for rules in &self.rules {
                sizes.push(self.size(&program, *rules)?);
            }
        }
        say("one group of 1,000 rules, in memory");
        let (per_store, question) = engine::one_group(1000)?;
        let mut one_group = json!({
            "rules": 1000,
            "all_ports_us": micros(per_store.all_ports),
            "own_ports_us": micros(per_store.own_ports),
        });
        if !self.no_z3 {
            one_group["z3"] = z3(&question, per_store)?;
        }
        // The smallest run is a smoke test; the figure is for the largest size.
        let largest = self.rules.iter().copied().max().unwrap_or(1_000_000);
        say(&format!("one rule changes among {largest}, in memory"));
        let changed = engine::after_change(largest)?;
        Ok(json!({
            "schema": "celador.bench.reach/v1",
            "after_change": {
                "rules": largest,
                "whole_ms": micros(changed.whole) / 1e3,
                "one_store_ms": micros(changed.one_store) / 1e3,
                "subnet_ms": micros(changed.subnet) / 1e3,
                "stores_of_subnet": changed.stores_of_subnet,
            },
            "machine": page::machine(),
            "sizes": sizes,
            "one_group": one_group,
        }))
    }

    /// One size: generated, audited by the product, and its answer checked.
    fn size(&self, program: &Path, rules: u32) -> Result<Value> {
        let plan = Plan::of_rules(rules);
        let dir = plan.dir();
        say(&format!(
            "{rules} rules in {} groups before {} stores",
            plan.groups, plan.groups
        ));
        let written = generate::write(plan, &dir)?;
        let report = target().join("bench/report.json");
        let audit: Vec<OsString> = vec![
            program.into(),
            "audit".into(),
            "--format".into(),
            "json".into(),
            dir.clone().into(),
        ];
        let mut costs: Vec<Cost> = Vec::new();
        for _ in 0..self.runs.max(1) {
            costs.push(measure(&audit, &report)?);
        }
        let best = costs
            .iter()
            .min_by(|a, b| a.seconds.total_cmp(&b.seconds))
            .context("no run")?;
        let verdicts = check(plan, &report)?;
        if !self.keep {
            fs::remove_dir_all(&dir)?;
            fs::remove_file(&report)?;
        }
        Ok(figures(plan, written, best, &costs, &verdicts))
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "sizes are far below the 2^53 bytes that a double counts exactly"
)]
fn figures(plan: Plan, written: Written, best: &Cost, costs: &[Cost], verdicts: &Value) -> Value {
    let rules = f64::from(plan.groups * plan.rules);
    let megabytes = written.bytes as f64 / 1e6;
    json!({
        "rules": plan.groups * plan.rules,
        "groups": plan.groups,
        "stores": plan.groups,
        "files": written.files,
        "json_mb": megabytes,
        "seconds": best.seconds,
        "all_seconds": costs.iter().map(|cost| cost.seconds).collect::<Vec<_>>(),
        "cpu_seconds": best.cpu_seconds,
        "peak_mib": costs.iter().map(|cost| cost.peak_kib).max().unwrap_or(0) as f64 / 1024.0,
        "rules_per_second": rules / best.seconds,
        "mb_per_second": megabytes / best.seconds,
        "verdicts": verdicts,
    })
}

/// Most bytes of a report that is read back.
const LARGEST_REPORT: u64 = 1 << 30;

/// Checks that the report speaks of every store and left nothing undetermined,
/// and counts its verdicts.
fn check(plan: Plan, report: &Path) -> Result<Value> {
    let bytes = fs::metadata(report)?.len();
    if bytes > LARGEST_REPORT {
        bail!("the report has {bytes} bytes: it would measure writing, not judging");
    }
    let report: Value =
        serde_json::from_slice(&fs::read(report)?).context("the report is no JSON")?;
    let stores = report["stores"]
        .as_array()
        .context("the report has no stores")?;
    if stores.len() != plan.groups as usize {
        bail!(
            "{} stores in the report, {} were generated",
            stores.len(),
            plan.groups
        );
    }
    let (mut exposed, mut closed, mut undetermined) = (0_u32, 0_u32, 0_u32);
    for endpoint in stores
        .iter()
        .filter_map(|store| store["endpoints"].as_array())
        .flatten()
    {
        match endpoint["verdict"].as_str() {
            Some("exposed") => exposed += 1,
            Some("not_exposed") => closed += 1,
            _ => undetermined += 1,
        }
    }
    if undetermined > 0 {
        bail!(
            "{undetermined} endpoints are undetermined, and nothing is missing from what was generated"
        );
    }
    if exposed == 0 {
        bail!("no endpoint is exposed, and some are");
    }
    Ok(json!({"exposed": exposed, "not_exposed": closed}))
}

/// The same group given to Z3.
fn z3(question: &Value, per_store: engine::PerStore) -> Result<Value> {
    let file = target().join("bench/z3.json");
    fs::write(&file, serde_json::to_vec(question)?)?;
    let python = tools::python("z3.txt")?;
    let script: PathBuf = root().join("xtask/python/z3_reach.py");
    let mut result: Value =
        serde_json::from_slice(&stdout(command(python).arg(script).arg(&file))?)
            .context("the peer printed no JSON")?;
    if result["agreed"] != true {
        bail!("Z3 and Celador disagree: {result}");
    }
    let seconds = |name: &str| {
        result[name]
            .as_f64()
            .with_context(|| format!("the peer printed no {name}"))
    };
    let one_packet = seconds("encode")? + seconds("find")?;
    result["ratio"] = json!(one_packet / per_store.all_ports.as_secs_f64());
    Ok(result)
}

fn micros(time: std::time::Duration) -> f64 {
    time.as_secs_f64() * 1e6
}
