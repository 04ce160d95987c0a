//! `celador eval`: how good the finder is on a labelled corpus.
//!
//! Reads the values, since the corpus holds them, and prints none.

pub(crate) mod report;

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::io::Read;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use celador_formats::{Chunk, Format, Splitter};
use celador_pii::eval::{Evaluation, Label, Labels, Other, class_of, ratio};
use celador_pii::{Scanner, Span};
use serde::Deserialize;

use self::report::{EvalReport, MalformedLine, Measured};
use crate::args::{EvalArgs, ReportFormat};
use crate::render::{self, style::Style};
use crate::{Exit, pipeline};

const SCHEMA: &str = "celador.eval/v1";
/// The most bytes of one line.
const MAX_LINE: usize = 64 << 20;
/// Lines that could not be read before it is given up: the file is something else.
const MAX_MALFORMED: usize = 100;

/// A line of a corpus. Unknown members are no concern of ours.
#[derive(Deserialize)]
struct Document {
    #[serde(alias = "full_text")]
    text: String,
    #[serde(default, alias = "spans", alias = "labels")]
    entities: Vec<Entity>,
    #[serde(default)]
    form: Option<String>,
    #[serde(default)]
    innocent: Vec<Innocent>,
}

#[derive(Deserialize)]
struct Entity {
    #[serde(alias = "start_position", alias = "begin")]
    start: usize,
    #[serde(alias = "end_position")]
    end: usize,
    #[serde(
        rename = "type",
        alias = "entity_type",
        alias = "class",
        alias = "label"
    )]
    kind: String,
    #[serde(default)]
    form: Option<String>,
}

#[derive(Deserialize)]
struct Innocent {
    start: usize,
    end: usize,
    #[serde(default, alias = "type")]
    kind: Option<String>,
}

/// A line of another tool's spans: of one document, or one span.
#[derive(Deserialize)]
struct Theirs {
    #[serde(default)]
    record: Option<u64>,
    #[serde(default)]
    field: Option<String>,
    #[serde(default, alias = "spans", alias = "labels")]
    entities: Vec<Entity>,
    #[serde(flatten)]
    one: Option<Entity>,
}

pub(crate) fn run(args: &EvalArgs) -> Result<Exit> {
    let scanner = super::scan::finder(&args.finder)?;
    let mut unknown_against = BTreeMap::new();
    let against = args
        .against
        .as_deref()
        .map(|path| theirs(path, &mut unknown_against))
        .transpose()?;
    let mut splitter = Splitter::new(open(&args.corpus)?, Format::JsonLines, MAX_LINE);
    let mut total = Partial::default();
    pipeline::run(
        std::iter::from_fn(|| {
            splitter
                .next_chunk()
                .with_context(|| format!("cannot read {}", args.corpus.display()))
                .transpose()
        }),
        |chunk| chunk.bytes.len(),
        |chunk| evaluate(&chunk, &scanner, against.as_ref()),
        |part| {
            total.ours.merge(&part.ours);
            total.theirs.merge(&part.theirs);
            total.malformed.extend(part.malformed);
            if total.malformed.len() > MAX_MALFORMED {
                let first = &total.malformed[0];
                bail!(
                    "{} is no labelled corpus: line {}: {}",
                    args.corpus.display(),
                    first.line,
                    first.message
                );
            }
            Ok(())
        },
    )?;
    if total.ours.documents == 0 {
        match total.malformed.first() {
            Some(first) => bail!(
                "no document in {}: line {}: {}",
                args.corpus.display(),
                first.line,
                first.message
            ),
            None => bail!("no document in {}", args.corpus.display()),
        }
    }
    let report = EvalReport {
        schema: SCHEMA,
        celador: Measured::from(&total.ours),
        against: against.is_some().then(|| Measured::from(&total.theirs)),
        unknown_types: total.ours.unknown.clone(),
        unknown_types_against: unknown_against,
        malformed: total.malformed,
    };
    match args.format {
        ReportFormat::Json => render::json(&report)?,
        ReportFormat::Text => {
            render::out(&text(&report, args.forms, Style::new(args.color)))?;
        }
    }
    Ok(Exit::Clean)
}

fn open(path: &Path) -> Result<Box<dyn Read>> {
    if path == Path::new("-") {
        return Ok(Box::new(std::io::stdin()));
    }
    let file =
        std::fs::File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(Box::new(file))
}

#[derive(Default)]
struct Partial {
    ours: Evaluation,
    theirs: Evaluation,
    malformed: Vec<MalformedLine>,
}

fn evaluate(
    chunk: &Chunk,
    scanner: &Scanner,
    against: Option<&HashMap<u64, Vec<Label>>>,
) -> Partial {
    let mut part = Partial::default();
    let mut spans = Vec::new();
    for record in &chunk.records {
        let bytes = chunk.bytes.get(record.range.clone()).unwrap_or(&[]);
        let document: Document = match serde_json::from_slice(bytes) {
            Ok(document) => document,
            Err(error) => {
                part.malformed.push(MalformedLine {
                    line: record.number,
                    message: what_is_wrong(&error),
                });
                continue;
            }
        };
        let labels = labels(&document);
        scanner.scan(&document.text, &mut spans);
        part.ours.add(
            &document.text,
            &labels,
            &in_characters(&document.text, &spans),
        );
        if let Some(against) = against {
            let theirs = against.get(&record.number).map_or(&[][..], Vec::as_slice);
            part.theirs.add(&document.text, &labels, theirs);
        }
    }
    part
}

/// Not the library's sentence: it may quote the value that it did not expect.
fn what_is_wrong(error: &serde_json::Error) -> String {
    let what = match error.classify() {
        serde_json::error::Category::Data => {
            "not of the shape {\"text\", \"entities\": [{\"start\", \"end\", \"type\"}]}"
        }
        _ => "no JSON",
    };
    format!("{what}, at column {}", error.column())
}

fn labels(document: &Document) -> Labels {
    let mut labels = Labels::default();
    for entity in &document.entities {
        match class_of(&entity.kind) {
            Some(class) => labels.values.push(Label {
                start: entity.start,
                end: entity.end,
                class,
                form: entity.form.clone().or_else(|| document.form.clone()),
            }),
            None => labels.unknown.push(Other {
                start: entity.start,
                end: entity.end,
                kind: entity.kind.clone(),
            }),
        }
    }
    labels.innocent = document
        .innocent
        .iter()
        .map(|one| Other {
            start: one.start,
            end: one.end,
            kind: one.kind.clone().unwrap_or_else(|| "unnamed".to_owned()),
        })
        .collect();
    labels
}

fn in_characters(text: &str, spans: &[Span]) -> Vec<Label> {
    let (mut at, mut characters) = (0, 0);
    let mut to = |byte: usize| {
        characters += text.get(at..byte).map_or(0, |part| part.chars().count());
        at = byte;
        characters
    };
    spans
        .iter()
        .map(|span| Label {
            start: to(span.start),
            end: to(span.end),
            class: span.class,
            form: None,
        })
        .collect()
}

/// Another tool's spans by the corpus's line.
fn theirs(path: &Path, unknown: &mut BTreeMap<String, u64>) -> Result<HashMap<u64, Vec<Label>>> {
    let mut all: HashMap<u64, Vec<Label>> = HashMap::new();
    let mut splitter = Splitter::new(open(path)?, Format::JsonLines, MAX_LINE);
    while let Some(chunk) = splitter
        .next_chunk()
        .with_context(|| format!("cannot read {}", path.display()))?
    {
        for record in &chunk.records {
            let bytes = chunk.bytes.get(record.range.clone()).unwrap_or(&[]);
            let line: Theirs = serde_json::from_slice(bytes).map_err(|error| {
                anyhow::anyhow!(
                    "{} line {}: {}",
                    path.display(),
                    record.number,
                    what_is_wrong(&error)
                )
            })?;
            if line
                .field
                .is_some_and(|field| field != "text" && field != "full_text")
            {
                continue;
            }
            let number = line.record.unwrap_or(record.number);
            for entity in line.entities.into_iter().chain(line.one) {
                match class_of(&entity.kind) {
                    Some(class) => all.entry(number).or_default().push(Label {
                        start: entity.start,
                        end: entity.end,
                        class,
                        form: None,
                    }),
                    None => *unknown.entry(entity.kind).or_default() += 1,
                }
            }
        }
    }
    Ok(all)
}

fn percent(ratio: Option<f64>) -> String {
    ratio.map_or_else(|| "-".to_owned(), |ratio| format!("{:.2}%", ratio * 100.0))
}

/// The report for people.
fn text(report: &EvalReport, forms: bool, style: Style) -> String {
    let mut out = String::new();
    for (name, measured) in [
        Some(("celador", &report.celador)),
        report.against.as_ref().map(|against| ("against", against)),
    ]
    .into_iter()
    .flatten()
    {
        let _ = writeln!(
            out,
            "{}\n  {:<18}{:>9}{:>9}{:>10}{:>9}{:>9}{:>11}{:>10}",
            style.strong(name),
            "class",
            "labelled",
            "recall",
            "precision",
            "F2",
            "leaking",
            "readable",
            "false"
        );
        let total = [("all", &measured.total)];
        for (class, score) in measured
            .classes
            .iter()
            .map(|(class, score)| (*class, score))
            .chain(total)
        {
            let falses = if class == "all" {
                measured.false_spans.values().sum()
            } else {
                measured.false_spans.get(class).copied().unwrap_or(0)
            };
            let _ = writeln!(
                out,
                "  {class:<18}{:>9}{:>9}{:>10}{:>9}{:>9}{:>11}{falses:>10}",
                score.labelled,
                percent(score.recall),
                percent(score.precision),
                percent(score.f2),
                percent(score.leak),
                percent(ratio(score.readable, score.labelled)),
            );
        }
        if forms {
            let _ = writeln!(out, "\n  by form (labelled, recall, leaking, readable)");
            for form in &measured.forms {
                let _ = writeln!(
                    out,
                    "  {:<44}{:>9}{:>9}{:>9}{:>9}",
                    format!("{}/{}", form.class, form.form),
                    form.labelled,
                    percent(form.recall),
                    form.leaking,
                    form.readable
                );
            }
        }
        let _ = writeln!(
            out,
            "\n  {} of {} documents clean; {} of labelled characters leak; {} of {} innocent values destroyed ({})\n",
            measured.clean_documents,
            measured.documents,
            percent(measured.character_leak),
            measured.destroyed_values,
            measured.innocent_values,
            percent(measured.destroyed),
        );
    }
    for (kinds, of) in [
        (&report.unknown_types, "the corpus"),
        (&report.unknown_types_against, "the other tool"),
    ] {
        for (kind, count) in kinds {
            let line = format!("warning: type \"{kind}\" of {of} is not known: {count} left out");
            let _ = writeln!(out, "{}", style.doubt(&line));
        }
    }
    for line in &report.malformed {
        let line = format!("warning: line {} left out: {}", line.line, line.message);
        let _ = writeln!(out, "{}", style.doubt(&line));
    }
    out
}
