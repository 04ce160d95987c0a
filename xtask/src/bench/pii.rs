//! How fast the finder reads: in memory, and as its users run it.
//!
//! In memory, a line is scanned after the other on one thread, with and without
//! names; of several runs the fastest counts, by the thread's time on a processor,
//! so that what else the machine does counts little. As a process, `celador scan` reads
//! the same text as a file with as many threads as it likes; its time on
//! processors is what counts for a core. Peers get the beginning of the same
//! text, line by line, in the same run.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use celador_pii::{Class, Scanner, Scratch};
use nix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use super::measure::measure;
use super::page;
use super::texts::{self, Kind};
use crate::report::{Outcome, say};
use crate::root::{celador, command, root, stdout, target};
use crate::tools;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Size of each text, in MB.
    #[arg(long, default_value_t = 64)]
    megabytes: usize,
    /// Runs of each; the fastest counts.
    #[arg(long, default_value_t = 3)]
    runs: u32,
    /// Only what is measured in memory: no process, no peer.
    #[arg(long)]
    in_memory: bool,
    /// Leave the peers out.
    #[arg(long)]
    no_peers: bool,
    /// Keep the texts in target/bench.
    #[arg(long)]
    keep: bool,
    /// Write the texts to target/bench and stop, for a profiler.
    #[arg(long)]
    generate_only: bool,
    /// Print JSON, and leave docs/benchmarks.md as it is.
    #[arg(long)]
    json: bool,
}

/// Classes that only words tell of.
const NAMES: [Class; 3] = [Class::Person, Class::Address, Class::Place];

/// Bytes of a text that peers get: they are slow.
const SAMPLE: usize = 40_000;

impl Args {
    pub(super) fn run(&self) -> Result<Outcome> {
        let bytes = self.megabytes * 1_000_000;
        if self.generate_only {
            for kind in Kind::ALL {
                let file = target().join("bench").join(kind.file());
                fs::create_dir_all(target().join("bench"))?;
                fs::write(&file, texts::text(kind, bytes))?;
                say(&format!("{} written", file.display()));
            }
            return Ok(Outcome::passed("generated"));
        }
        let program = (!self.in_memory).then(celador).transpose()?;
        let all = Scanner::builder().build()?;
        let structured = Scanner::builder()
            .classes(
                Class::ALL
                    .into_iter()
                    .filter(|class| !NAMES.contains(class)),
            )
            .build()?;
        let mut results = Vec::new();
        for kind in Kind::ALL {
            say(kind.name());
            let text = texts::text(kind, bytes);
            let mut result = json!({
                "text": kind.name(),
                "mb": page::megabytes(text.len()),
                "lines": text.lines().count(),
                "structured": self.in_memory(&structured, &text)?,
                "names": self.in_memory(&all, &text)?,
            });
            if let Some(program) = &program {
                let file = target().join("bench").join(kind.file());
                fs::create_dir_all(target().join("bench"))?;
                fs::write(&file, &text)?;
                result["process"] =
                    self.process(program.as_os_str().to_owned(), &file, text.len())?;
                if !self.no_peers {
                    result["peers"] = peers(kind, &text)?;
                }
                if !self.keep {
                    fs::remove_file(&file)?;
                }
            }
            results.push(result);
        }
        let results = json!({
            "schema": "celador.bench.pii/v1",
            "machine": page::machine(),
            "texts": results,
        });
        if self.json || self.in_memory {
            println!("{}", serde_json::to_string_pretty(&results)?);
            return Ok(Outcome::passed("measured"));
        }
        let text = render(&results)?;
        say(&text);
        page::write("pii", &text)?;
        Ok(Outcome::passed("docs/benchmarks.md written"))
    }

    fn in_memory(&self, scanner: &Scanner, text: &str) -> Result<Value> {
        let mut scratch = Scratch::default();
        let mut spans = Vec::new();
        let (mut best, mut found) = (f64::MAX, 0);
        for _ in 0..self.runs.max(1) {
            found = 0;
            let begun = processor_seconds()?;
            for line in text.lines() {
                scanner.scan_with(&mut scratch, line, "", &mut spans);
                found += spans.len();
            }
            best = best.min(processor_seconds()? - begun);
        }
        Ok(json!({"spans": found, "mb_per_second": page::megabytes(text.len()) / best}))
    }

    fn process(&self, program: OsString, file: &Path, bytes: usize) -> Result<Value> {
        let scan: Vec<OsString> = vec![
            program,
            "scan".into(),
            "--format".into(),
            "json".into(),
            file.into(),
        ];
        let report = target().join("bench/scan.json");
        let mut best: Option<super::measure::Cost> = None;
        let mut peak = 0;
        for _ in 0..self.runs.max(1) {
            let cost = measure(&scan, &report)?;
            peak = peak.max(cost.peak_kib);
            if best.is_none_or(|best| cost.cpu_seconds < best.cpu_seconds) {
                best = Some(cost);
            }
        }
        fs::remove_file(&report)?;
        let best = best.context("no run")?;
        Ok(json!({
            "seconds": best.seconds,
            "cpu_seconds": best.cpu_seconds,
            "mb_per_second": page::megabytes(bytes) / best.seconds,
            "mb_per_core_second": page::megabytes(bytes) / best.cpu_seconds,
            "peak_mib": (peak + 512) / 1024,
        }))
    }
}

/// The beginning of a text, given to the peers line by line.
fn peers(kind: Kind, text: &str) -> Result<Value> {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if end >= SAMPLE {
            break;
        }
    }
    let file = target()
        .join("bench")
        .join(format!("sample-{}", kind.file()));
    fs::write(&file, text.get(..end).unwrap_or(text))?;
    let python = tools::python("compare.txt")?;
    let script = root().join("xtask/python/pii_speed.py");
    let result = serde_json::from_slice(&stdout(command(python).arg(script).arg(&file))?)
        .context("the peers printed no JSON")?;
    fs::remove_file(&file)?;
    Ok(result)
}

/// The time that this thread has spent on a processor.
fn processor_seconds() -> Result<f64> {
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?;
    Ok(std::time::Duration::from(time).as_secs_f64())
}

/// The finder's part in Markdown.
fn render(results: &Value) -> Result<String> {
    let machine = &results["machine"];
    let mut out = String::new();
    writeln!(
        out,
        "Measured on {}: {}, {} cores, {} GiB of memory. Megabytes a second and core; of several runs the fastest time and the highest memory count.\n",
        machine["date"].as_str().unwrap_or_default(),
        machine["cpu"].as_str().unwrap_or_default(),
        machine["cores"],
        machine["memory_gib"],
    )?;
    out.push_str("## In memory, line by line\n\n| text | size | structured classes | target | with names and addresses | target |\n|---|--:|--:|---|--:|---|\n");
    for text in results["texts"].as_array().into_iter().flatten() {
        let speed = |name: &str| {
            text[name]["mb_per_second"]
                .as_f64()
                .with_context(|| format!("no {name} in the results"))
        };
        let (structured, names) = (speed("structured")?, speed("names")?);
        let (wanted, wanted_names) = match text["text"].as_str() {
            Some("no personal data") => (Some(1000.0), None),
            Some("support tickets") => (Some(300.0), Some(100.0)),
            _ => (None, None),
        };
        let target = |wanted: Option<f64>, speed: f64| {
            wanted.map_or_else(String::new, |least| {
                format!("≥ {least:.0}: {}", page::met(speed >= least))
            })
        };
        writeln!(
            out,
            "| {} | {:.0} MB | {structured:.0} MB/s | {} | {names:.0} MB/s | {} |",
            text["text"].as_str().unwrap_or_default(),
            text["mb"].as_f64().unwrap_or_default(),
            target(wanted, structured),
            target(wanted_names, names),
        )?;
    }
    out.push_str("\n## `celador scan --format json`, every class\n\n| text | time | MB/s | MB/s and core | peak memory |\n|---|--:|--:|--:|--:|\n");
    for text in results["texts"].as_array().into_iter().flatten() {
        let process = &text["process"];
        let number = |name: &str| {
            process[name]
                .as_f64()
                .with_context(|| format!("no {name} in the results"))
        };
        writeln!(
            out,
            "| {} | {:.2} s | {:.0} | {:.0} | {:.0} MiB |",
            text["text"].as_str().unwrap_or_default(),
            number("seconds")?,
            number("mb_per_second")?,
            number("mb_per_core_second")?,
            number("peak_mib")?,
        )?;
    }
    render_peers(&mut out, results)?;
    Ok(out)
}

fn render_peers(out: &mut String, results: &Value) -> Result<()> {
    let texts = results["texts"].as_array().map_or(&[][..], Vec::as_slice);
    if !texts.iter().any(|text| text["peers"].is_object()) {
        return Ok(());
    }
    out.push_str("\n## Peers on the beginning of the same texts\n\nOne thread, line by line, loaded before the clock starts. Celador is what it took in memory, with names.\n\n| text | peer | MB/s | Celador is faster by |\n|---|---|--:|--:|\n");
    for text in texts {
        let own = text["names"]["mb_per_second"]
            .as_f64()
            .context("no speed")?;
        for peer in text["peers"]["peers"].as_array().into_iter().flatten() {
            let speed = peer["mb_per_second"]
                .as_f64()
                .context("no speed of a peer")?;
            writeln!(
                out,
                "| {} | {} {} | {speed:.3} | {:.0} times |",
                text["text"].as_str().unwrap_or_default(),
                peer["name"].as_str().unwrap_or_default(),
                peer["version"].as_str().unwrap_or_default(),
                own / speed,
            )?;
        }
    }
    Ok(())
}
