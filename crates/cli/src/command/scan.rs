//! `celador scan`: what personal data is where, and never the values.

pub(crate) mod report;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use celador_formats::{Encoding, Format, Part, Wrapping};
use celador_pii::{Class, Config, Scanner, ScannerBuilder, Span};

use self::report::{FindingReport, InputReport, ScanReport, SummaryReport, WarningReport};
use crate::args::{FailOnFound, FinderArgs, OffsetsArg, ReportFormat, ScanArgs};
use crate::records::{self, Job, Reader, Trouble};
use crate::render::{self, style::Style};
use crate::{Exit, pipeline};

const SCHEMA: &str = "celador.scan/v1";
/// Fields that are told apart in one input; names may be data (`{"id-1": …}`).
const MAX_FIELDS: usize = 10_000;
/// Warnings about records that are kept for each input; all are counted.
const MAX_WARNINGS: usize = 20;
/// Names whose answer is remembered.
const MAX_NAMES: usize = 4096;

/// The finder that the arguments ask for.
pub(crate) fn finder(args: &FinderArgs) -> Result<Scanner> {
    Ok(configured(args)?.0.build()?)
}

/// The same, to be added to.
pub(crate) fn builder(args: &FinderArgs) -> Result<ScannerBuilder> {
    Ok(configured(args)?.0)
}

/// By the path or the last name of a field, the name it is to be read as.
pub(crate) type Hints = BTreeMap<String, String>;

/// The finder to be, and the names that the configuration gives to fields.
pub(crate) fn configured(args: &FinderArgs) -> Result<(ScannerBuilder, Hints)> {
    let mut builder = Scanner::builder();
    let mut hints = BTreeMap::new();
    if let Some(path) = &args.config {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the configuration {}", path.display()))?;
        let config = Config::read(&path.display().to_string(), &text)?;
        hints.clone_from(config.hints());
        builder = config.apply(builder);
    }
    builder = builder.regions(args.region.iter().copied());
    for path in &args.rules {
        for file in rule_files(path)? {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("cannot read the rule {}", file.display()))?;
            builder = builder.rule(file.display().to_string(), text);
        }
    }
    for path in &args.allow {
        let text = std::fs::read_to_string(path)
            .with_context(|| format!("cannot read the allow list {}", path.display()))?;
        for line in text.lines().map(str::trim) {
            if !line.is_empty() && !line.starts_with('#') {
                builder = builder.allow(line);
            }
        }
    }
    if !args.classes.is_empty() {
        builder = builder.classes(args.classes.iter().copied());
    }
    if let Some(score) = args.min_score {
        builder = builder.min_score(score);
    }
    Ok((builder, hints))
}

fn rule_files(path: &Path) -> Result<Vec<PathBuf>> {
    let meta = std::fs::metadata(path)
        .with_context(|| format!("cannot read the rules {}", path.display()))?;
    if !meta.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path)
        .with_context(|| format!("cannot list the rules {}", path.display()))?
    {
        let file = entry?.path();
        if file.is_dir() {
            files.extend(rule_files(&file)?);
        } else if has_extension(&file, &["yaml", "yml"]) {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn has_extension(file: &Path, known: &[&str]) -> bool {
    file.extension().is_some_and(|extension| {
        known
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    })
}

pub(crate) fn run(args: &ScanArgs) -> Result<Exit> {
    let (builder, named) = configured(&args.finder)?;
    let scanner = builder.build()?;
    let mut files = Vec::new();
    for input in &args.inputs {
        records::collect(input, true, &mut files)?;
    }
    let several = files.len() > 1 || args.inputs.iter().any(|input| input.is_dir());
    let total = files.iter().map(|file| file.bytes).sum();
    let progress = records::progress(total);
    let mut reader = Reader::new(&args.records, &scanner, files, progress.clone());
    let mut sink = Collector::new(args, &scanner, several);
    // What is said on the command line comes last, so it counts.
    let hints: Hints = named.into_iter().chain(args.hint.clone()).collect();
    let result = pipeline::run(
        std::iter::from_fn(|| reader.next_job().transpose()),
        records::Job::bytes,
        |job| work(job, &scanner, &hints),
        |done| sink.take(done),
    );
    progress.finish_and_clear();
    result?;
    sink.end(args)
}

/// What one chunk gave.
#[derive(Default)]
struct Done {
    begin: Option<(String, &'static str, Wrapping)>,
    skipped: Option<(String, String)>,
    note: Option<String>,
    records: u64,
    /// Values that are bytes and no text.
    binary: u64,
    text: bool,
    not_utf8: u64,
    troubles: Vec<Trouble>,
    fields: Vec<String>,
    found: Vec<Found>,
}

struct Found {
    record: u64,
    field: usize,
    name: bool,
    class: Class,
    score: u8,
    rule: u16,
    /// In characters and in bytes.
    characters: (u64, u64),
    bytes: (u64, u64),
}

fn work(job: Job, scanner: &Scanner, hints: &Hints) -> Done {
    let mut done = Done::default();
    let mut spans: Vec<Span> = Vec::new();
    match job {
        Job::Begin {
            input,
            format,
            wrapping,
        } => {
            done.begin = Some((input, format.name(), wrapping));
            done.records = u64::from(format == Format::Text);
        }
        Job::Skipped { input, why } => done.skipped = Some((input, why)),
        Job::Note(note) => done.note = Some(note),
        // Only for who writes.
        Job::Archive(_) | Job::Table(_) | Job::Batch(_) => {}
        Job::Rows(rows) => {
            done.records = rows.count;
            done.not_utf8 = rows.not_utf8;
            done.binary = rows.binary;
            let mut fields = BTreeMap::new();
            for cell in rows.cells() {
                let hinted = hinted(cell.field, hints);
                scanner.scan_field(cell.text, hinted, &mut spans);
                if !spans.is_empty() {
                    let index = done.field(cell.field, &mut fields);
                    done.note(cell.text, &spans, cell.record, index, false, (0, 0));
                }
            }
        }
        Job::Cells(cells, count) => {
            done.records = count;
            let mut fields = BTreeMap::new();
            for cell in &cells {
                let mut name = hinted(&cell.field, hints);
                if name == cell.field {
                    name = hinted(&cell.name, hints);
                }
                scanner.scan_field(&cell.text, name, &mut spans);
                if !spans.is_empty() {
                    let index = done.field(&cell.field, &mut fields);
                    done.note(&cell.text, &spans, cell.record, index, false, (0, 0));
                }
            }
        }
        Job::Piece(piece) => {
            done.text = true;
            done.not_utf8 = u64::from(piece.mended);
            scanner.scan(&piece.text, &mut spans);
            spans.retain(|span| piece.core.contains(&span.start));
            done.fields.push(String::new());
            let before = (piece.characters_before, piece.bytes_before);
            done.note(&piece.text, &spans, 1, 0, false, before);
        }
        Job::Chunk(shape, chunk) => {
            let mut values = shape.values();
            let mut fields: BTreeMap<String, usize> = BTreeMap::new();
            let mut names: BTreeMap<String, bool> = BTreeMap::new();
            for record in &chunk.records {
                let bytes = chunk.bytes.get(record.range.clone()).unwrap_or(&[]);
                let (wrong, mended) = values.read(bytes, &mut |name| {
                    if let Some(known) = names.get(name) {
                        return *known;
                    }
                    scanner.scan(name, &mut spans);
                    if names.len() < MAX_NAMES {
                        names.insert(name.to_owned(), !spans.is_empty());
                    }
                    !spans.is_empty()
                });
                done.records += values.rows();
                done.not_utf8 += u64::from(mended);
                done.troubles
                    .extend(records::troubles(record.number, wrong, &values));
                for value in values.values() {
                    scanner.scan_field(value.text, hinted(value.field, hints), &mut spans);
                    if spans.is_empty() {
                        continue;
                    }
                    let index = done.field(value.field, &mut fields);
                    done.note(
                        value.text,
                        &spans,
                        record.number + value.row,
                        index,
                        value.part == Part::Name,
                        (0, 0),
                    );
                }
            }
        }
    }
    done
}

/// What a field is called, or is to be read as.
pub(crate) fn hinted<'a>(field: &'a str, hints: &'a Hints) -> &'a str {
    if hints.is_empty() {
        return field;
    }
    let short = field.rsplit('.').next().unwrap_or(field);
    let hint = hints.get(field).or_else(|| hints.get(short));
    hint.map_or(field, String::as_str)
}

impl Done {
    /// The number of a field.
    fn field(&mut self, field: &str, known: &mut BTreeMap<String, usize>) -> usize {
        if let Some(index) = known.get(field) {
            return *index;
        }
        let index = self.fields.len();
        self.fields.push(field.to_owned());
        known.insert(field.to_owned(), index);
        index
    }

    fn note(
        &mut self,
        text: &str,
        spans: &[Span],
        record: u64,
        field: usize,
        name: bool,
        before: (u64, u64),
    ) {
        let (mut at, mut characters) = (0, before.0);
        let mut to = |byte: usize| {
            characters += text
                .get(at..byte)
                .map_or(0, |part| part.chars().count() as u64);
            at = byte;
            characters
        };
        for span in spans {
            self.found.push(Found {
                record,
                field,
                name,
                class: span.class,
                score: span.score,
                rule: span.rule,
                characters: (to(span.start), to(span.end)),
                bytes: (before.1 + span.start as u64, before.1 + span.end as u64),
            });
        }
    }
}

/// One line of `--spans`.
#[derive(serde::Serialize)]
struct SpanLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    input: Option<&'a str>,
    record: u64,
    field: &'a str,
    class: &'static str,
    start: u64,
    end: u64,
    score: f64,
    /// `name` where the span is in the member's name and not in its value.
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
}

/// Adds up what was found, or writes it.
struct Collector<'a> {
    scanner: &'a Scanner,
    spans: bool,
    explain: bool,
    offsets: OffsetsArg,
    several: bool,
    out: std::io::BufWriter<std::io::Stdout>,
    report: ScanReport,
    /// Of the current input, by field and class.
    findings: BTreeMap<(String, &'static str), (FindingReport, u64)>,
    /// The end of the last span of the current text: pieces overlap.
    last_end: u64,
    last_record: u64,
    warned: usize,
    /// Values of the current input that are bytes and no text.
    binary: u64,
}

impl<'a> Collector<'a> {
    fn new(args: &ScanArgs, scanner: &'a Scanner, several: bool) -> Self {
        Self {
            scanner,
            spans: args.spans,
            explain: args.explain,
            offsets: args.offsets,
            several,
            out: std::io::BufWriter::with_capacity(1 << 16, std::io::stdout()),
            report: ScanReport {
                schema: SCHEMA,
                ..ScanReport::default()
            },
            findings: BTreeMap::new(),
            last_end: 0,
            last_record: 0,
            warned: 0,
            binary: 0,
        }
    }

    fn take(&mut self, done: Done) -> Result<()> {
        if let Some((input, why)) = done.skipped {
            self.report.warnings.push(WarningReport {
                input,
                record: None,
                message: why,
            });
            return Ok(());
        }
        if let Some((input, format, wrapping)) = done.begin {
            self.end_input();
            (self.last_end, self.last_record, self.warned) = (0, 0, 0);
            self.report.inputs.push(InputReport {
                input,
                format,
                packed: wrapping.packed.iter().map(|how| how.name()).collect(),
                encoding: match wrapping.encoding {
                    Encoding::Utf8 | Encoding::Windows1252 => None,
                    wide => Some(wide.name()),
                },
                ..InputReport::default()
            });
        }
        let Some(input) = self.report.inputs.last_mut() else {
            return Ok(());
        };
        input.records += done.records;
        input.not_utf8 = if done.text {
            input.not_utf8.max(done.not_utf8)
        } else {
            input.not_utf8 + done.not_utf8
        };
        let malformed = done.troubles.iter().filter(|one| one.is_malformed);
        input.malformed += malformed.count() as u64;
        self.binary += done.binary;
        if let Some(message) = done.note {
            self.report.warnings.push(WarningReport {
                input: input.input.clone(),
                record: None,
                message,
            });
        }
        let name = input.input.clone();
        for Trouble {
            record, message, ..
        } in done.troubles
        {
            self.warned += 1;
            if self.warned <= MAX_WARNINGS {
                self.report.warnings.push(WarningReport {
                    input: name.clone(),
                    record: Some(record),
                    message,
                });
            }
        }
        for found in &done.found {
            if done.text {
                if found.bytes.0 < self.last_end {
                    continue;
                }
                self.last_end = found.bytes.1;
            }
            let field = done.fields.get(found.field).map_or("", String::as_str);
            self.add(found, field, &name)?;
        }
        Ok(())
    }

    fn add(&mut self, found: &Found, field: &str, input: &str) -> Result<()> {
        let score = f64::from(found.score) / 100.0;
        let rule = self.scanner.rule_name(found.rule);
        if self.spans {
            let (start, end) = match self.offsets {
                OffsetsArg::Characters => found.characters,
                OffsetsArg::Bytes => found.bytes,
            };
            let line = SpanLine {
                input: self.several.then_some(input),
                record: found.record,
                field,
                class: found.class.name(),
                start,
                end,
                score,
                part: found.name.then_some("name"),
                rule: self.explain.then_some(rule),
            };
            serde_json::to_writer(&mut self.out, &line).map_err(std::io::Error::from)?;
            self.out.write_all(b"\n")?;
        }
        let summary = &mut self.report.summary;
        summary.values += 1;
        *summary.classes.entry(found.class.name()).or_default() += 1;
        if found.record != self.last_record {
            self.last_record = found.record;
            summary.records_with_findings += 1;
        }
        let mut field = without_numbers(field);
        if self
            .report
            .inputs
            .last()
            .is_some_and(|last| last.format == Format::Xlsx.name())
        {
            // Cells of a column together: `Sheet1!B2` is `Sheet1!B`.
            let column = field
                .trim_end_matches(|sign: char| sign.is_ascii_digit())
                .len();
            field.truncate(column);
        }
        if self.findings.len() >= MAX_FIELDS
            && !self
                .findings
                .contains_key(&(field.clone(), found.class.name()))
        {
            "(more fields)".clone_into(&mut field);
        }
        let (entry, last) = self
            .findings
            .entry((field, found.class.name()))
            .or_insert_with_key(|(field, class)| {
                let entry = FindingReport {
                    input: input.to_owned(),
                    field: field.clone(),
                    class,
                    count: 0,
                    records: 0,
                    first_record: found.record,
                    min_score: score,
                    max_score: score,
                    rules: self.explain.then(BTreeMap::new),
                };
                (entry, 0)
            });
        entry.count += 1;
        entry.min_score = entry.min_score.min(score);
        entry.max_score = entry.max_score.max(score);
        if *last != found.record {
            *last = found.record;
            entry.records += 1;
        }
        if let Some(rules) = &mut entry.rules {
            *rules.entry(rule.to_owned()).or_default() += 1;
        }
        Ok(())
    }

    fn end_input(&mut self) {
        let findings = std::mem::take(&mut self.findings);
        self.report
            .findings
            .extend(findings.into_values().map(|(entry, _)| entry));
        let Some(input) = self.report.inputs.last() else {
            return;
        };
        let mut warn = |message: String| {
            self.report.warnings.push(WarningReport {
                input: input.input.clone(),
                record: None,
                message,
            });
        };
        if self.warned > MAX_WARNINGS {
            warn(format!(
                "{} more malformed records",
                self.warned - MAX_WARNINGS
            ));
        }
        if self.binary > 0 {
            let values = counted(std::mem::take(&mut self.binary), "value");
            warn(format!(
                "{values} of bytes that are no text, which were not looked at"
            ));
        }
        if input.not_utf8 > 0 {
            warn(format!(
                "{} with bytes that are not UTF-8, which were read as Windows-1252",
                counted(input.not_utf8, "record")
            ));
        }
    }

    fn end(mut self, args: &ScanArgs) -> Result<Exit> {
        self.end_input();
        let inputs = &self.report.inputs;
        self.report.summary = SummaryReport {
            inputs: inputs.len() as u64,
            records: inputs.iter().map(|input| input.records).sum(),
            malformed: inputs.iter().map(|input| input.malformed).sum(),
            ..std::mem::take(&mut self.report.summary)
        };
        self.out.flush()?;
        if args.spans {
            // Standard output is for the spans.
            for warning in &self.report.warnings {
                eprintln!("celador: {}", warning_line(warning));
            }
        } else {
            match args.format {
                ReportFormat::Json => render::json(&self.report)?,
                ReportFormat::Text => {
                    render::out(&text(&self.report, Style::new(args.color)))?;
                }
            }
        }
        let summary = &self.report.summary;
        let failed = args.fail_on.iter().any(|on| match on {
            FailOnFound::Any => summary.values > 0,
            FailOnFound::Malformed => summary.malformed > 0,
            FailOnFound::Class(class) => summary.classes.contains_key(class.name()),
        });
        Ok(if failed { Exit::Findings } else { Exit::Clean })
    }
}

/// List elements together: `phones[3]` is `phones[]`.
pub(crate) fn without_numbers(field: &str) -> String {
    let mut out = String::with_capacity(field.len());
    let mut rest = field;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        out.push('[');
        rest = after.trim_start_matches(|sign: char| sign.is_ascii_digit());
        if !rest.starts_with(']') {
            rest = after;
        }
    }
    out + rest
}

pub(crate) fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// `json_lines in utf-16le, packed with gzip`
fn described(input: &InputReport) -> String {
    let mut out = input.format.to_owned();
    if let Some(encoding) = input.encoding {
        let _ = write!(out, " in {encoding}");
    }
    if !input.packed.is_empty() {
        let _ = write!(out, ", packed with {}", input.packed.join(" and "));
    }
    out
}

pub(crate) fn warning_line(warning: &WarningReport) -> String {
    let record = warning
        .record
        .map_or_else(String::new, |record| format!(" record {record}:"));
    format!("warning: {}:{record} {}", warning.input, warning.message)
}

/// The report for people.
fn text(report: &ScanReport, style: Style) -> String {
    let mut out = String::new();
    for input in &report.inputs {
        let findings: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| finding.input == input.input)
            .collect();
        let _ = writeln!(
            out,
            "{}  {}",
            style.strong(&input.input),
            style.faint(&format!(
                "{}, {}",
                described(input),
                counted(input.records, "record")
            ))
        );
        let shown = |finding: &FindingReport| match finding.field.as_str() {
            "" => "(whole text)".to_owned(),
            field => field.to_owned(),
        };
        let width = findings
            .iter()
            .map(|finding| shown(finding).chars().count())
            .max()
            .unwrap_or(0)
            .min(48);
        for finding in &findings {
            let score = if finding.min_score < finding.max_score {
                format!("{:.2}-{:.2}", finding.min_score, finding.max_score)
            } else {
                format!("{:.2}", finding.max_score)
            };
            let _ = writeln!(
                out,
                "  {:width$}  {}{:pad$} {:>9} in {:<17} {}",
                shown(finding),
                style.bad(finding.class),
                "",
                finding.count,
                counted(finding.records, "record"),
                style.faint(&format!(
                    "score {score}, first in record {}",
                    finding.first_record
                )),
                pad = 16_usize.saturating_sub(finding.class.len()),
            );
            for (rule, count) in finding.rules.iter().flatten() {
                let _ = writeln!(
                    out,
                    "  {:width$}    {}",
                    "",
                    style.faint(&format!("rule {rule}: {count}"))
                );
            }
        }
        if findings.is_empty() && matches!(input.format, "tar" | "zip") {
            let _ = writeln!(out, "  {}", style.faint("its members follow"));
        } else if findings.is_empty() {
            let _ = writeln!(out, "  {}", style.good("nothing found"));
        }
        out.push('\n');
    }
    for warning in &report.warnings {
        let _ = writeln!(out, "{}", style.doubt(&warning_line(warning)));
    }
    let summary = &report.summary;
    let _ = writeln!(
        out,
        "{} in {} of {} in {}",
        counted(summary.values, "value"),
        summary.records_with_findings,
        counted(summary.records, "record"),
        counted(summary.inputs, "input"),
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_of_a_list_are_one_field() {
        for (field, want) in [
            ("a", "a"),
            ("a[0].b[12]", "a[].b[]"),
            ("[3]", "[]"),
            ("a[\"x.1\"][2]", "a[\"x.1\"][]"),
        ] {
            assert_eq!(without_numbers(field), want);
        }
    }
}
