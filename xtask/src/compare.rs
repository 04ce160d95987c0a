//! `cargo xtask compare pii`: the finder and its peers on the same labelled
//! documents, and `docs/accuracy.md`.
//!
//! Corpora are generated from a seed by pinned generators, the peers are pinned
//! too, and all are judged by the same `celador eval`; so the page is the same
//! wherever it is made, but for the speeds and for `public`, which is the
//! documentation that the machine has.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use serde_json::Value;

use crate::report::{Outcome, say};
use crate::root::{celador, command, root, stdout, target};
use crate::tools::python;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Personal data: Presidio, `DataFog` and scrubadub on the same documents.
    Pii(Pii),
}

#[derive(Debug, clap::Args)]
struct Pii {
    /// What the generators begin with.
    #[arg(long, default_value = "11")]
    seed: String,
    /// Documents in hundredths of the usual number, for a quick look.
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=1000))]
    percent: u32,
    /// Peers to run.
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = [Peer::Presidio, Peer::Datafog, Peer::Scrubadub])]
    peers: Vec<Peer>,
    /// Print the page, and leave docs/accuracy.md as it is.
    #[arg(long)]
    print: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Peer {
    Presidio,
    Datafog,
    Scrubadub,
}

impl Peer {
    /// As `compare_pii.py` calls it.
    fn name(self) -> &'static str {
        match self {
            Self::Presidio => "presidio",
            Self::Datafog => "datafog",
            Self::Scrubadub => "scrubadub",
        }
    }

    /// The files it writes, and what the page calls each.
    fn columns(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Presidio => &[
                ("presidio", "Presidio"),
                ("presidio-sure", "Presidio ≥ 0.5"),
            ],
            Self::Datafog => &[("datafog", "DataFog")],
            Self::Scrubadub => &[("scrubadub", "scrubadub")],
        }
    }
}

/// Kind, documents, and what it is.
const CORPORA: &[(&str, u32, &str)] = &[
    (
        "own",
        3000,
        "every class and spelling, check digits by python-stdnum, numbers by phonenumbers; written for this project",
    ),
    (
        "faker",
        2000,
        "values of Faker's locales, in the sentences of `own`",
    ),
    (
        "mimesis",
        2000,
        "values of mimesis' locales, in forms, signatures, logs, chats and rows that `own` does not have",
    ),
    (
        "independent",
        2000,
        "tickets, threads, chats, rows, logs and transcripts by an author who had seen neither the rules nor the other corpora",
    ),
    (
        "second",
        2000,
        "58 shapes of document, half of the values spelt oddly, many in small letters, by another such author",
    ),
    (
        "innocent",
        2000,
        "no personal data: logs, versions, hashes, orders, prices, code",
    ),
    (
        "public",
        500,
        "no personal data: passages of the manual pages and documentation of the machine",
    ),
];

const NAMES: [&str; 3] = ["person", "address", "place"];

/// A corpus as one finder sees it: the `Measured` of the report of `eval`.
struct Row {
    tool: &'static str,
    measured: Value,
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let What::Pii(args) = &args.what;
    let dir = target().join("compare");
    fs::create_dir_all(&dir)?;
    let files = corpora(args, &dir)?;
    let mut peers = Vec::new();
    for peer in &args.peers {
        say(&format!("{} on {} corpora", peer.name(), files.len()));
        let mut run = command(python("compare.txt")?);
        run.arg(root().join("xtask/python/compare_pii.py"))
            .arg(peer.name())
            .arg(&dir)
            .args(&files);
        let out = stdout(&mut run)?;
        let last = out
            .split(|byte| *byte == b'\n')
            .rfind(|line| !line.is_empty());
        let stats: Value = serde_json::from_slice(last.context("the peer said nothing")?)?;
        peers.push((*peer, stats));
    }
    let binary = celador()?;
    let mut rows = Vec::new();
    for ((kind, ..), file) in CORPORA.iter().zip(&files) {
        let mut tools = Vec::new();
        let mut ours = None;
        for (key, tool) in args.peers.iter().flat_map(|peer| peer.columns()) {
            let spans = dir.join(format!("{kind}.{key}.jsonl"));
            let report = evaluate(&binary, file, Some(&spans))?;
            ours = Some(report["celador"].clone());
            tools.push(Row {
                tool,
                measured: report["against"].clone(),
            });
        }
        let measured = match ours {
            Some(ours) => ours,
            None => evaluate(&binary, file, None)?["celador"].clone(),
        };
        tools.insert(
            0,
            Row {
                tool: "Celador",
                measured,
            },
        );
        rows.push((*kind, tools));
    }
    let speed = speed(&binary, &files)?;
    let text = page(args, &rows, &peers, speed)?;
    if args.print {
        println!("{text}");
        return Ok(Outcome::passed("compared"));
    }
    let file = root().join("docs/accuracy.md");
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(Outcome::passed("docs/accuracy.md written"))
}

/// Writes the labelled documents.
fn corpora(args: &Pii, dir: &Path) -> Result<Vec<PathBuf>> {
    let python = python("corpus.txt")?;
    let mut files = Vec::new();
    for (kind, count, _) in CORPORA {
        let file = dir.join(format!("{kind}.jsonl"));
        let count = (count * args.percent).div_ceil(100).to_string();
        let mut make = command(&python);
        make.arg(root().join("xtask/python/make_corpus.py")).args([
            kind,
            count.as_str(),
            args.seed.as_str(),
        ]);
        let text = stdout(&mut make)?;
        if text.is_empty() {
            bail!("no document of the corpus {kind}");
        }
        fs::write(&file, text)?;
        files.push(file);
    }
    Ok(files)
}

fn evaluate(binary: &Path, corpus: &Path, against: Option<&Path>) -> Result<Value> {
    let mut eval = command(binary);
    eval.arg("eval").arg(corpus).args(["--format", "json"]);
    if let Some(against) = against {
        eval.arg("--against").arg(against);
    }
    let report: Value = serde_json::from_slice(&stdout(&mut eval)?)?;
    // A type without a class would make somebody look better or worse than they are.
    for field in ["unknown_types", "unknown_types_against", "malformed"] {
        let empty = match &report[field] {
            Value::Object(map) => map.is_empty(),
            Value::Array(list) => list.is_empty(),
            _ => false,
        };
        if !empty {
            bail!("{}: {field}: {}", corpus.display(), report[field]);
        }
    }
    Ok(report)
}

/// Bytes of text a second of our command over all corpora, start included.
fn speed(binary: &Path, files: &[PathBuf]) -> Result<f64> {
    let mut bytes = 0;
    for file in files {
        for line in fs::read_to_string(file)?.lines() {
            let document: Value = serde_json::from_str(line)?;
            bytes += document["text"].as_str().map_or(0, str::len);
        }
    }
    let mut scan = Command::new(binary);
    scan.args(["scan", "--format", "json"]).args(files);
    let begun = Instant::now();
    stdout(&mut scan)?;
    #[expect(clippy::cast_precision_loss, reason = "a few megabytes")]
    Ok(bytes as f64 / begun.elapsed().as_secs_f64())
}

/// Wilson's interval for a proportion at 95%, in percent (Wilson 1927).
#[expect(clippy::cast_precision_loss, reason = "counts of a corpus")]
fn wilson(part: u64, whole: u64) -> (f64, f64) {
    const Z: f64 = 1.959_964;
    let (n, p) = (whole as f64, part as f64 / whole as f64);
    let middle = p + Z * Z / (2.0 * n);
    let half = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    let below = 1.0 + Z * Z / n;
    (
        (100.0 * (middle - half) / below).max(0.0),
        (100.0 * (middle + half) / below).min(100.0),
    )
}

/// `3.1% (2.4–3.9)`, or a dash of nothing.
#[expect(clippy::cast_precision_loss, reason = "counts of a corpus")]
fn share(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let (low, high) = wilson(part, whole);
    format!(
        "{:.1}% ({low:.1}–{high:.1})",
        100.0 * part as f64 / whole as f64
    )
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}

/// Labelled, leaking and readable of the classes that are names, or are not.
fn group(measured: &Value, names: bool) -> [u64; 3] {
    let mut sum = [0; 3];
    for (class, score) in measured["classes"].as_object().into_iter().flatten() {
        if NAMES.contains(&class.as_str()) == names {
            for (sum, field) in sum.iter_mut().zip(["labelled", "leaking", "readable"]) {
                *sum += count(&score[field]);
            }
        }
    }
    sum
}

fn pins(requirements: &str) -> Result<String> {
    let text = fs::read_to_string(root().join("xtask/python").join(requirements))?;
    let pins: Vec<String> = text
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty())
        .map(|line| line.replace("==", " "))
        .collect();
    Ok(pins.join(", "))
}

fn page(
    args: &Pii,
    rows: &[(&str, Vec<Row>)],
    peers: &[(Peer, Value)],
    speed: f64,
) -> Result<String> {
    let mut out = String::from(
        "# Accuracy\n\nWritten by `cargo xtask compare pii`; do not edit. Every finder reads the same generated documents, and `celador eval` judges all of them alike.\n\n",
    );
    writeln!(
        out,
        "Seed `{}`. Peers: {}. Generators: {}.\n",
        args.seed,
        pins("compare.txt")?,
        pins("corpus.txt")?
    )?;
    about(&mut out, rows)?;
    summary(&mut out, rows)?;
    classes(&mut out, rows)?;
    forms(&mut out, rows)?;
    destroyed(&mut out, rows)?;
    fairness(&mut out, peers, speed)?;
    Ok(out)
}

fn about(out: &mut String, rows: &[(&str, Vec<Row>)]) -> Result<()> {
    out.push_str("## The documents\n\n| corpus | documents | labelled values | innocent values | what it is |\n|---|--:|--:|--:|---|\n");
    for ((kind, tools), (_, _, what)) in rows.iter().zip(CORPORA) {
        let one = &tools.first().context("no finder")?.measured;
        writeln!(
            out,
            "| {kind} | {} | {} | {} | {what} |",
            one["documents"], one["total"]["labelled"], one["innocent_values"]
        )?;
    }
    out.push_str(
        "\nSo as not to be judged by rules and generator of one author alone: `faker` and `mimesis` draw their values without us, and the shapes of `mimesis` are used for nothing else. Those three share the odd spellings, which are ours. `independent` shares nothing with them; what it showed first was mended since, so that it is no longer blind. What a label means is told in `xtask/python/corpus/README.md`.\n\n\
        A value *leaks* when a letter or digit of it is covered by no span, of whatever class, and is *readable* when fewer than half are. An innocent value is *destroyed* when a span touches a letter or digit of it. A document is *clean* when nothing in it leaks. In brackets: Wilson's 95% interval, which speaks of more documents of this generator, not of other people's.\n\n",
    );
    Ok(())
}

fn summary(out: &mut String, rows: &[(&str, Vec<Row>)]) -> Result<()> {
    out.push_str("## What stays readable, what is destroyed\n\n| corpus | finder | structured readable | structured leaking | names, addresses, places readable | leaking | innocent destroyed | documents clean |\n|---|---|--:|--:|--:|--:|--:|--:|\n");
    for (kind, tools) in rows {
        for row in tools {
            let one = &row.measured;
            let [all, leaking, readable] = group(one, false);
            let [names, names_leaking, names_readable] = group(one, true);
            writeln!(
                out,
                "| {kind} | {} | {} | {} | {} | {} | {} | {} |",
                row.tool,
                share(readable, all),
                share(leaking, all),
                share(names_readable, names),
                share(names_leaking, names),
                share(
                    count(&one["destroyed_values"]),
                    count(&one["innocent_values"])
                ),
                if all + names == 0 {
                    "–".to_owned()
                } else {
                    share(count(&one["clean_documents"]), count(&one["documents"]))
                },
            )?;
        }
    }
    out.push('\n');
    Ok(())
}

fn percent(value: &Value) -> String {
    value
        .as_f64()
        .map_or_else(|| "–".to_owned(), |ratio| format!("{:.1}", ratio * 100.0))
}

fn classes(out: &mut String, rows: &[(&str, Vec<Row>)]) -> Result<()> {
    out.push_str("## By class\n\nPrecision / recall / F2 in percent, and values labelled. A span is right when it is of the value's class and covers at least half of the two together, so hiding a value as something else counts here and not above.\n");
    for (kind, tools) in rows {
        let all: BTreeMap<&String, u64> = tools
            .iter()
            .filter_map(|row| row.measured["classes"].as_object())
            .flatten()
            .map(|(class, score)| (class, count(&score["labelled"])))
            .filter(|(_, labelled)| *labelled > 0)
            .collect();
        if all.is_empty() {
            continue;
        }
        head(out, kind, "class", tools)?;
        for (class, labelled) in all {
            write!(out, "| {class} | {labelled} |")?;
            for row in tools {
                let score = &row.measured["classes"][class];
                write!(
                    out,
                    " {} / {} / {} |",
                    percent(&score["precision"]),
                    percent(&score["recall"]),
                    percent(&score["f2"])
                )?;
            }
            out.push('\n');
        }
    }
    out.push('\n');
    Ok(())
}

fn head(out: &mut String, kind: &str, what: &str, tools: &[Row]) -> Result<()> {
    write!(out, "\n### {kind}\n\n| {what} | n |")?;
    for row in tools {
        write!(out, " {} |", row.tool)?;
    }
    writeln!(out, "\n|---|--:|{}", "--:|".repeat(tools.len()))?;
    Ok(())
}

/// Structured values by how they are written, whatever their class; forms are
/// named `locale:form` or `identifier:form` where a corpus tells more.
fn forms(out: &mut String, rows: &[(&str, Vec<Row>)]) -> Result<()> {
    out.push_str("## By spelling\n\nStructured values that stay readable, in percent, by how they are written.\n");
    for (kind, tools) in rows {
        let mut all: BTreeMap<String, (u64, Vec<u64>)> = BTreeMap::new();
        for (at, row) in tools.iter().enumerate() {
            for form in row.measured["forms"].as_array().into_iter().flatten() {
                let class = form["class"].as_str().unwrap_or_default();
                if NAMES.contains(&class) {
                    continue;
                }
                let name = form["form"].as_str().unwrap_or_default();
                let name = name.rsplit(':').next().unwrap_or(name).to_owned();
                let entry = all.entry(name).or_default();
                entry.1.resize(tools.len(), 0);
                entry.0 += if at == 0 { count(&form["labelled"]) } else { 0 };
                entry.1[at] += count(&form["readable"]);
            }
        }
        all.retain(|_, (labelled, _)| *labelled >= 10);
        if all.is_empty() {
            continue;
        }
        head(out, kind, "form", tools)?;
        for (form, (labelled, readable)) in all {
            write!(out, "| {form} | {labelled} |")?;
            for readable in readable {
                #[expect(clippy::cast_precision_loss, reason = "counts of a corpus")]
                let ratio = 100.0 * readable as f64 / labelled as f64;
                write!(out, " {ratio:.1} |")?;
            }
            out.push('\n');
        }
    }
    out.push('\n');
    Ok(())
}

fn destroyed(out: &mut String, rows: &[(&str, Vec<Row>)]) -> Result<()> {
    out.push_str("## Innocent values destroyed\n\nIn percent, by kind.\n");
    for (kind, tools) in rows {
        let kinds: BTreeMap<&String, u64> = tools
            .iter()
            .filter_map(|row| row.measured["innocent"].as_object())
            .flatten()
            .map(|(kind, one)| (kind, count(&one["values"])))
            .collect();
        if kinds.is_empty() {
            continue;
        }
        head(out, kind, "kind", tools)?;
        for (name, values) in kinds {
            write!(out, "| {name} | {values} |")?;
            for row in tools {
                #[expect(clippy::cast_precision_loss, reason = "counts of a corpus")]
                let ratio = 100.0 * count(&row.measured["innocent"][name]["destroyed"]) as f64
                    / values as f64;
                write!(out, " {ratio:.1} |")?;
            }
            out.push('\n');
        }
    }
    out.push('\n');
    Ok(())
}

fn fairness(out: &mut String, peers: &[(Peer, Value)], speed: f64) -> Result<()> {
    out.push_str("## How the peers were run\n\nWith all their recognisers on, told the language of each document, and each type of theirs taken for the class of ours that is nearest:\n\n");
    for (peer, stats) in peers {
        let (name, how) = match peer {
            Peer::Presidio => (
                "Presidio",
                "All predefined recognisers but the two that ask a model of another service; those of Swedish, Thai, Turkish and the like read the English documents, telephone numbers are tried for each region where the language is official. Names by spaCy's small model of French for French and of English for all other languages, since no larger or other one is in the package registry; with the models of its documentation for nine languages it would find more names. Every score counts, as is its default; *≥ 0.5* is the same run with a threshold. It does not claim wallets but Bitcoin's, secrets, coordinates, user names, IMEI, IMSI, BIC, or identifiers of most countries; `DATE_TIME` and `URL` are every date and address of the web, not those of birth and with credentials, so innocent ones are destroyed.",
            ),
            Peer::Datafog => (
                "DataFog",
                "Its patterns with the German ones, and its spaCy engine with the small English model; its GLiNER engine needs a model that is in no package registry. It claims e-mail, telephone (North American), card, US SSN, IPv4, dates, ZIP and some German identifiers, and names of persons and places; it claims no odd spelling.",
            ),
            Peer::Scrubadub => (
                "scrubadub",
                "Every detector of the package for each locale of the language, but the text blob's names and Skype's, which download word lists. Its names, addresses and organisations are packages of their own with models that are not in the registry, so no names are claimed here; it claims English and American identifiers, telephone numbers of the locale, and e-mails with `at`.",
            ),
        };
        writeln!(
            out,
            "**{name}.** {how} Documents it failed to read: {}.\n",
            stats["failed"]
        )?;
        let mut by_class: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (theirs, ours) in stats["types"].as_object().into_iter().flatten() {
            by_class
                .entry(ours.as_str().unwrap_or_default())
                .or_default()
                .push(theirs);
        }
        out.push_str("| class | their types |\n|---|---|\n");
        for (class, types) in by_class {
            writeln!(out, "| {class} | {} |", types.join(", "))?;
        }
        let other: Vec<String> = stats["other"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(kind, count)| format!("{kind} ({count})"))
            .collect();
        if !other.is_empty() {
            writeln!(
                out,
                "\nSpans left out, of types that have no class of ours: {}.",
                other.join(", ")
            )?;
        }
        out.push('\n');
    }
    out.push_str("## Speed\n\nOver these documents, which are short and full of values, on the machine that wrote this page, whatever else it did: a peer's own processor time in its process, our command as a whole with its threads. `cargo xtask bench pii` measures with care.\n\n| finder | MB/s |\n|---|--:|\n");
    writeln!(out, "| Celador | {:.1} |", speed / 1e6)?;
    for (peer, stats) in peers {
        let (Some(bytes), Some(seconds)) = (stats["bytes"].as_f64(), stats["seconds"].as_f64())
        else {
            bail!("{} gives no time", peer.name());
        };
        writeln!(
            out,
            "| {} | {:.3} |",
            peer.columns()[0].1,
            bytes / seconds / 1e6
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Against the figures of Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20.
    #[test]
    fn intervals_are_wilsons() {
        for (part, whole, low, high) in [
            (81, 263, 25.53, 36.62),
            (15, 148, 6.24, 16.05),
            (0, 20, 0.0, 16.11),
            (1, 29, 0.61, 17.18),
        ] {
            let got = wilson(part, whole);
            assert!(
                (got.0 - low).abs() < 0.01 && (got.1 - high).abs() < 0.01,
                "{part} of {whole}: {got:?}"
            );
        }
    }
}
