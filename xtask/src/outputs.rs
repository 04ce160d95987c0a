//! What the product prints for machines, judged by programs that are not ours:
//! JSON by the published schemas, SARIF by Microsoft's validator, OCSF by its own
//! schemas; and each report printed twice, which must give the same bytes.
//!
//! Inputs: the replayed incident, and the seed corpus of the fuzzer, which has
//! every kind of resource and much that cannot be understood.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::bench::{Servers, endpoints};
use crate::report::{Outcome, say};
use crate::root::{celador_dev, command, root, show, start_failed, target};
use crate::{generate, ocsf, sarif, schema};

/// Runs every report over every input.
pub(crate) fn check() -> Result<Outcome> {
    generate::run(&generate::Args::check())?;
    let mut outputs = Outputs {
        celador: celador_dev()?,
        dir: target().join("outputs"),
        json: generate::REPORTS
            .iter()
            .map(|report| (*report, Vec::new()))
            .collect(),
        sarif: Vec::new(),
        ocsf: Vec::new(),
    };
    if outputs.dir.exists() {
        fs::remove_dir_all(&outputs.dir)?;
    }
    fs::create_dir_all(&outputs.dir)?;

    // Paths from the root, where the commands run: as code scanning wants them.
    let incident = Path::new("examples/support-2019");
    let (before, after) = (incident.join("before"), incident.join("after"));
    let inputs = [after.as_path(), before.as_path()];
    for input in inputs {
        outputs.network(input)?;
    }
    for file in sorted(&root().join("fuzz/corpus/audit"))? {
        outputs.network(file.strip_prefix(root())?)?;
    }
    outputs.report(
        "diff",
        &["diff".as_ref(), before.as_path(), after.as_path()],
    )?;
    outputs.report(
        "diff",
        &["diff".as_ref(), after.as_path(), before.as_path()],
    )?;

    outputs.probes()?;

    let labelled = Path::new("crates/cli/tests/pii/labelled.jsonl");
    outputs.report("scan", &["scan".as_ref(), labelled])?;
    outputs.report("scan", &["scan".as_ref(), "--explain".as_ref(), incident])?;
    outputs.report("eval", &["eval".as_ref(), labelled])?;

    let original: &Path = "--original".as_ref();
    outputs.report("verify", &["verify".as_ref(), labelled, original, labelled])?;
    outputs.report("verify", &["verify".as_ref(), labelled])?;
    // Not a record: the report says so.
    outputs.report(
        "record-check",
        &["verify".as_ref(), "--record".as_ref(), labelled],
    )?;

    for (report, files) in &outputs.json {
        if files.is_empty() {
            bail!("no {report} report was written");
        }
        schema::check(&generate::schema_file(report), files)?;
    }
    sarif::check(&outputs.sarif)?;
    ocsf::check(&outputs.ocsf)?;
    let json: usize = outputs.json.iter().map(|(_, files)| files.len()).sum();
    Ok(Outcome::passed(format!(
        "{json} JSON, {} SARIF and {} OCSF reports are valid and the same twice",
        outputs.sarif.len(),
        outputs.ocsf.len()
    )))
}

/// The set of endpoints whose answers are told in every format.
const ANSWERS: &str = "formats";
const ANSWERED: u32 = 8;

struct Outputs {
    celador: PathBuf,
    dir: PathBuf,
    /// The written files by report.
    json: Vec<(&'static str, Vec<PathBuf>)>,
    sarif: Vec<PathBuf>,
    ocsf: Vec<PathBuf>,
}

impl Outputs {
    /// Every question about one network.
    fn network(&mut self, input: &Path) -> Result<()> {
        let audit = self.report("audit", &["audit".as_ref(), input])?;
        self.report("lint", &["lint".as_ref(), input])?;
        for to in some_stores(&audit)? {
            let words: [&Path; 6] = [
                "explain".as_ref(),
                "--from".as_ref(),
                "198.51.100.7".as_ref(),
                "--to".as_ref(),
                to.as_ref(),
                input,
            ];
            self.report("explain", &words)?;
        }
        Ok(())
    }

    /// Probes of ports where nothing listens, of addresses outside the scope, and of
    /// the benchmark's endpoints, one of which has a certificate: what products
    /// answer is judged on real ones, by `cargo xtask servers`.
    fn probes(&mut self) -> Result<()> {
        let scope = self.dir.join("scope.toml");
        fs::write(
            &scope,
            "owner = \"tests\"\nexpires = 2100-01-01\nallow = [\"127.0.0.0/8\"]\n",
        )?;
        let words: [&Path; 6] = [
            "probe".as_ref(),
            "--scope".as_ref(),
            &scope,
            "127.0.0.1:1".as_ref(),
            "192.0.2.1:9200".as_ref(),
            "169.254.169.254:80".as_ref(),
        ];
        // Exit code 2: an endpoint is outside the scope, and the report is whole.
        self.report("probe", &words)?;
        self.events("closed", &words)?;
        let listening = endpoints::endpoints(ANSWERS, ANSWERED)?;
        let _servers = Servers::start(ANSWERS, ANSWERED)?;
        let names: Vec<String> = listening
            .iter()
            .map(|(address, kind)| format!("{address}:{}", kind.port()))
            .collect();
        let mut words: Vec<&Path> = vec!["probe".as_ref(), "--scope".as_ref(), &scope];
        words.extend(names.iter().map(Path::new));
        self.report("probe", &words)?;
        self.events("answering", &words)?;
        let words: [&Path; 7] = [
            "inspect".as_ref(),
            "--scope".as_ref(),
            &scope,
            "--sketch-key".as_ref(),
            "command:echo outputs".as_ref(),
            "127.0.0.1:1".as_ref(),
            "192.0.2.1:9200".as_ref(),
        ];
        self.report("inspect", &words)?;
        let inspected = self
            .json
            .iter()
            .find(|(name, _)| *name == "inspect")
            .and_then(|(_, files)| files.last().cloned())
            .context("no inspection was written")?;
        let words: [&Path; 3] = ["replicas".as_ref(), "--inspection".as_ref(), &inspected];
        self.report("replicas", &words)?;
        Ok(())
    }

    /// One report in both formats, each twice; returns the JSON.
    fn report(&mut self, report: &'static str, words: &[&Path]) -> Result<Value> {
        let json = self.twice(words, "json")?;
        let value = serde_json::from_slice(&json)?;
        let count: usize = self.json.iter().map(|(_, files)| files.len()).sum();
        let file = self.dir.join(format!("{count:03}-{report}.json"));
        fs::write(&file, json)?;
        if let Some((_, files)) = self.json.iter_mut().find(|(name, _)| *name == report) {
            files.push(file);
        }
        if ![
            "explain",
            "scan",
            "eval",
            "verify",
            "record-check",
            "inspect",
            "replicas",
        ]
        .contains(&report)
        {
            let sarif = self.twice(words, "sarif")?;
            let file = self.dir.join(format!("{count:03}-{report}.sarif"));
            fs::write(&file, sarif)?;
            self.sarif.push(file);
        }
        Ok(value)
    }

    /// A probe as OCSF, twice. The time is the run's and nothing else may differ.
    fn events(&mut self, name: &str, words: &[&Path]) -> Result<()> {
        let now = || {
            SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .ok()
                .and_then(|since| u64::try_from(since.as_millis()).ok())
                .context("a clock before 1970")
        };
        let mut runs = Vec::new();
        for number in 0..2 {
            let begun = now()?;
            let text = self.once(words, "ocsf")?;
            let ended = now()?;
            let file = self.dir.join(format!("{name}-{number}.ocsf.jsonl"));
            fs::write(&file, &text)?;
            self.ocsf.push(file);
            let mut events = Vec::new();
            for line in String::from_utf8(text)?.lines() {
                let mut event: Value = serde_json::from_str(line)?;
                let time = event["time"]
                    .take()
                    .as_u64()
                    .context("an event without time")?;
                if !(begun..=ended).contains(&time) {
                    bail!("an event of {time}, which is not in {begun} to {ended}");
                }
                events.push(event);
            }
            runs.push(events);
        }
        if runs.first() != runs.last() {
            bail!("two runs of OCSF differ by more than their times");
        }
        Ok(())
    }

    fn once(&self, words: &[&Path], format: &str) -> Result<Vec<u8>> {
        let mut celador = command(&self.celador);
        celador.args(words).args(["--format", format]);
        Self::output(&mut celador, words)
    }

    fn twice(&self, words: &[&Path], format: &str) -> Result<Vec<u8>> {
        let mut celador = command(&self.celador);
        celador.args(words).args(["--format", format]);
        let shown = show(&celador);
        say(&format!("$ {shown}"));
        let first = Self::output(&mut celador, words)?;
        if first != Self::output(&mut celador, words)? {
            bail!("two runs differ: {shown}");
        }
        Ok(first)
    }

    fn output(celador: &mut std::process::Command, words: &[&Path]) -> Result<Vec<u8>> {
        let shown = show(celador);
        let output = celador
            .stdin(Stdio::null())
            .output()
            .with_context(|| start_failed(celador))?;
        // 0 and 1 are answers; 2 is "cannot run", anything else a crash. A
        // probe that left out what its scope forbids says 2 beside a report.
        let asked = ["probe", "inspect", "replicas"].map(AsRef::as_ref);
        let probed =
            words.first().is_some_and(|word| asked.contains(word)) && !output.stdout.is_empty();
        if !matches!(output.status.code(), Some(0 | 1)) && !probed {
            bail!(
                "{}: {shown}\n{}",
                output.status,
                String::from_utf8_lossy(&output.stderr).trim()
            );
        }
        Ok(output.stdout)
    }
}

/// An endpoint with each verdict, as `explain --to` wants it.
fn some_stores(audit: &Value) -> Result<Vec<String>> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for store in audit["stores"]
        .as_array()
        .context("no stores in the report")?
    {
        for endpoint in store["endpoints"].as_array().into_iter().flatten() {
            let (Some(verdict), Some(address), Some(protocol), Some(ports)) = (
                endpoint["verdict"].as_str(),
                endpoint["address"].as_str(),
                endpoint["protocol"].as_str(),
                endpoint["ports"].as_str(),
            ) else {
                continue;
            };
            // An address that is known only as a prefix names no endpoint.
            if address.contains('/') || found.iter().any(|(known, _)| *known == verdict) {
                continue;
            }
            let port: String = ports.chars().take_while(char::is_ascii_digit).collect();
            let address = if address.contains(':') {
                format!("[{address}]")
            } else {
                address.to_owned()
            };
            found.push((verdict, format!("{address}:{port}/{protocol}")));
        }
    }
    Ok(found.into_iter().map(|(_, to)| to).collect())
}

fn sorted(dir: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(dir).with_context(|| format!("cannot read {}", dir.display()))?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.sort();
    Ok(files)
}
