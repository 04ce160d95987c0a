//! How fast `celador redact` is, end to end: reading, finding, replacing, writing.
//!
//! The command runs as its users run it, on a file from the page cache. Its time on
//! processors tells what a core does; the same run held to one processor tells what
//! the second one is worth. What was written is looked at: a run that left a planted
//! address, or dropped a record, is no measurement. Peers get the beginning of the same
//! file in the same run.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::measure::{Cost, measure};
use super::page;
use super::texts::{self, Kind};
use crate::report::{Outcome, say};
use crate::root::{celador, command, root, stdout, target};
use crate::tools;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Size of the records, in MB.
    #[arg(long, default_value_t = 256)]
    megabytes: usize,
    /// Runs of each; the fastest counts.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Leave the peers out.
    #[arg(long)]
    no_peers: bool,
    /// Print JSON, and leave docs/benchmarks.md as it is.
    #[arg(long)]
    json: bool,
}

/// Bytes of the records that peers get: they are slow.
const SAMPLE: usize = 60_000;

/// What mail addresses of the generated records hold, and redacted ones do not.
const PLANTED: &[&str] = &["@example.", "4111 1111 1111 1111", "203.0.113."];

/// A profile of keyed pseudonyms for every class.
const PSEUDONYMS: &str =
    "version = 1\ndefault = \"pseudonym\"\nkeys = [{ id = \"k1\", file = \"bench.key\" }]\n";

/// What is measured.
struct Case {
    name: &'static str,
    input: PathBuf,
    /// Bytes of text in it.
    bytes: usize,
    profile: Option<PathBuf>,
    /// MB a second and core.
    wanted: f64,
    parquet: bool,
}

impl Args {
    pub(super) fn run(&self) -> Result<Outcome> {
        let dir = target().join("bench/redact");
        fs::create_dir_all(&dir)?;
        let results = self.measured(&dir);
        fs::remove_dir_all(&dir)?;
        let results = results?;
        if self.json {
            println!("{}", serde_json::to_string_pretty(&results)?);
            return Ok(Outcome::passed("measured"));
        }
        let text = render(&results)?;
        say(&text);
        page::write("redact", &text)?;
        Ok(Outcome::passed("docs/benchmarks.md written"))
    }

    fn measured(&self, dir: &Path) -> Result<Value> {
        let program = celador()?;
        let python = tools::python("redact.txt")?;
        let script = root().join("xtask/python/redact_bench.py");
        say("writing the records");
        let text = texts::text(Kind::Tickets, self.megabytes * 1_000_000);
        let lines = dir.join("tickets.jsonl");
        fs::write(&lines, &text)?;
        let columns = dir.join("tickets.parquet");
        let mut write = command(&python);
        write.arg(&script).arg("parquet").arg(&lines).arg(&columns);
        let decoded = String::from_utf8(stdout(&mut write)?)?.trim().parse()?;
        let profile = dir.join("redact.toml");
        fs::write(&profile, PSEUDONYMS)?;
        fs::write(dir.join("bench.key"), format!("{}\n", "5a".repeat(32)))?;
        let case = |name, parquet: bool, profile: Option<&PathBuf>| Case {
            name,
            input: if parquet {
                columns.clone()
            } else {
                lines.clone()
            },
            bytes: if parquet { decoded } else { text.len() },
            profile: profile.cloned(),
            wanted: if parquet { 150.0 } else { 250.0 },
            parquet,
        };
        let mut rows = Vec::new();
        for case in [
            case("JSON lines, labels", false, None),
            case("JSON lines, keyed pseudonyms", false, Some(&profile)),
            case("Parquet (zstd), labels", true, None),
            case("Parquet (zstd), keyed pseudonyms", true, Some(&profile)),
        ] {
            say(case.name);
            let all = self.fastest(&program, dir, &case, false)?;
            check(dir, &case, &text, &python, &script)?;
            let one = self.fastest(&program, dir, &case, true)?;
            let mb = page::megabytes(case.bytes);
            rows.push(json!({
                "case": case.name,
                "mb": mb,
                "seconds": all.seconds,
                "cpu_seconds": all.cpu_seconds,
                "mb_per_second": mb / all.seconds,
                "mb_per_core_second": mb / all.cpu_seconds,
                "wanted": case.wanted,
                "one_core_seconds": one.seconds,
                "scaling": one.seconds / all.seconds,
                "peak_mib": all.peak_kib.max(one.peak_kib).div_ceil(1024),
            }));
        }
        let peers = if self.no_peers {
            Value::Null
        } else {
            say("peers");
            let end = text.get(SAMPLE..).and_then(|rest| rest.find('\n'));
            let sample = dir.join("sample.jsonl");
            let end = end.map_or(text.len(), |end| SAMPLE + end + 1);
            fs::write(&sample, text.get(..end).unwrap_or(&text))?;
            let mut run = command(&python);
            run.arg(&script).arg("peers").arg(&sample);
            serde_json::from_slice(&stdout(&mut run)?).context("the peers printed no JSON")?
        };
        Ok(json!({
            "schema": "celador.bench.redact/v1",
            "machine": page::machine(),
            "cases": rows,
            "peers": peers,
        }))
    }

    /// The run with the least wall time, and the highest memory of all.
    fn fastest(&self, program: &Path, dir: &Path, case: &Case, one_core: bool) -> Result<Cost> {
        let mut run: Vec<OsString> = Vec::new();
        if one_core {
            // The command asks for as many threads as it may use processors.
            run.extend(["taskset", "--cpu-list", "0"].map(OsString::from));
        }
        run.extend([program.into(), "redact".into(), (&case.input).into()]);
        run.extend(["-o".into(), output(dir, case).into(), "--overwrite".into()]);
        if let Some(profile) = &case.profile {
            run.extend(["--profile".into(), profile.into()]);
        }
        let mut best: Option<Cost> = None;
        let mut peak = 0;
        for _ in 0..self.runs.max(1) {
            let cost = measure(&run, &dir.join("report.txt"))?;
            peak = peak.max(cost.peak_kib);
            if best.is_none_or(|best| cost.seconds < best.seconds) {
                best = Some(cost);
            }
        }
        let mut best = best.context("no run")?;
        best.peak_kib = peak;
        Ok(best)
    }
}

/// Ends with an error where the output is not the input redacted.
fn check(dir: &Path, case: &Case, input: &str, python: &Path, script: &Path) -> Result<()> {
    let file = output(dir, case);
    let output = if case.parquet {
        let mut read = command(python);
        read.arg(script).arg("text").arg(&file);
        String::from_utf8(stdout(&mut read)?)?
    } else {
        fs::read_to_string(&file)?
    };
    if output.lines().count() != input.lines().count() {
        bail!("{}: records were lost or added", case.name);
    }
    for planted in PLANTED {
        let before = input.matches(planted).count();
        let left = output.matches(planted).count();
        if left * 1000 > before {
            bail!("{}: {left} of {before} {planted:?} are left", case.name);
        }
    }
    let sign = if case.profile.is_some() {
        "[EMAIL:p:k1:"
    } else {
        "[EMAIL]"
    };
    if output.matches(sign).count() < input.matches("@example.").count() / 2 {
        bail!("{}: addresses went, and no {sign} came", case.name);
    }
    Ok(())
}

fn output(dir: &Path, case: &Case) -> PathBuf {
    dir.join(if case.parquet {
        "out.parquet"
    } else {
        "out.jsonl"
    })
}

/// The command's part in Markdown.
fn render(results: &Value) -> Result<String> {
    let machine = &results["machine"];
    let mut out = String::new();
    writeln!(
        out,
        "## `celador redact`\n\nMeasured on {}: {}, {} cores. Support tickets with every class looked for, names and addresses too; the whole process, from a file to a file. A core's share is the text over the time on processors. Each output was read: the planted addresses, cards and networks are gone, and no record is. Parquet counts its texts, unpacked.\n",
        machine["date"].as_str().unwrap_or_default(),
        machine["cpu"].as_str().unwrap_or_default(),
        machine["cores"],
    )?;
    out.push_str("| records | size | time | MB/s | MB/s and core | target | on one core | second core | peak memory |\n|---|--:|--:|--:|--:|---|--:|---|---|\n");
    let mut best = 0.0f64;
    for case in results["cases"].as_array().into_iter().flatten() {
        let number = |name: &str| {
            case[name]
                .as_f64()
                .with_context(|| format!("no {name} in the results"))
        };
        let (core, wanted) = (number("mb_per_core_second")?, number("wanted")?);
        let (scaling, peak) = (number("scaling")?, number("peak_mib")?);
        best = best.max(core);
        writeln!(
            out,
            "| {} | {:.0} MB | {:.2} s | {:.0} | {core:.0} | ≥ {wanted:.0}: {} | {:.2} s | {scaling:.2} times; ≥ 1.8: {} | {peak:.0} MiB; < 200: {} |",
            case["case"].as_str().unwrap_or_default(),
            number("mb")?,
            number("seconds")?,
            number("mb_per_second")?,
            page::met(core >= wanted),
            number("one_core_seconds")?,
            page::met(scaling >= 1.8),
            page::met(peak < 200.0),
        )?;
    }
    let peers = &results["peers"];
    if peers.is_object() {
        writeln!(
            out,
            "\nThe first {} records, by peers, loaded before the clock starts, by time on processors. presidio-structured replaces whole columns of which a sample shows one class, and leaves addresses inside a text.\n\n| peer | MB/s and core |\n|---|--:|",
            peers["records"],
        )?;
        for peer in peers["peers"].as_array().into_iter().flatten() {
            writeln!(
                out,
                "| {} {} | {:.3} |",
                peer["name"].as_str().unwrap_or_default(),
                peer["version"].as_str().unwrap_or_default(),
                peer["mb_per_second"]
                    .as_f64()
                    .context("no speed of a peer")?,
            )?;
        }
    }
    Ok(out)
}
