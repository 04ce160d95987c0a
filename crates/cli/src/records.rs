//! Inputs that hold records: files and folders opened one after the other, their
//! format recognised, cut into jobs for the workers.
//!
//! An archive's members are inputs of their own, each by its own format, in between
//! what a writer has to know of the archive ([`archive::Step`]).
//!
//! What a command does with a job is its own. Nothing is dropped: what cannot be
//! read is a [`Job::Skipped`] where a folder holds it, and an error where the user
//! named it.

pub(crate) mod archive;
mod office;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use celador_columnar::{Batch, Batches, Parquet, Rows, Table};
use celador_formats::archive::Archive;
use celador_formats::{
    Budget, Chunk, Encoding, Format, Limits, Piece, ReadError, Refused, Splitter, TextSplitter,
    Values, Wrapping,
};
use celador_office::Cell;
use celador_pii::Scanner;

use crate::args::{InputFormatArg, RecordArgs};

const STDIN: &str = "-";

pub(crate) fn progress(bytes: u64) -> indicatif::ProgressBar {
    if bytes < 64 << 20 || !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let style = indicatif::ProgressStyle::with_template(
        "{bytes}/{total_bytes} {bar:30} {bytes_per_sec} {eta} left",
    );
    let bar = indicatif::ProgressBar::new(bytes);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// A file to read.
#[derive(Clone)]
pub(crate) struct Candidate {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    /// Whether the user named it, rather than a folder it lies in.
    pub(crate) named: bool,
}

/// Files below a path, in a fixed order. Hidden files and folders are left out,
/// links to folders are not followed.
pub(crate) fn collect(path: &Path, named: bool, out: &mut Vec<Candidate>) -> Result<()> {
    if path == Path::new(STDIN) {
        out.push(Candidate {
            path: path.to_owned(),
            bytes: 0,
            named,
        });
        return Ok(());
    }
    let meta = std::fs::metadata(path).with_context(|| {
        format!(
            "cannot read {}; give a file, a folder, or - for standard input",
            path.display()
        )
    })?;
    if !meta.is_dir() {
        out.push(Candidate {
            path: path.to_owned(),
            bytes: meta.len(),
            named,
        });
        return Ok(());
    }
    let mut entries = std::fs::read_dir(path)
        .with_context(|| format!("cannot list {}", path.display()))?
        .collect::<Result<Vec<_>, _>>()
        .with_context(|| format!("cannot list {}", path.display()))?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let kind = entry.file_type()?;
        if kind.is_dir() || entry.path().is_file() {
            collect(&entry.path(), false, out)?;
        }
    }
    Ok(())
}

/// What a worker does.
pub(crate) enum Job {
    /// An input begins; the collector wants to know.
    Begin {
        input: String,
        format: Format,
        /// What was around it, and has to be around what is written.
        wrapping: Wrapping,
    },
    /// An input that is not read, and why.
    Skipped {
        input: String,
        why: String,
    },
    /// Something to know of the input that began last.
    Note(String),
    Chunk(Arc<Shape>, Chunk),
    Piece(Piece),
    /// Of Parquet, for who reads.
    Rows(Rows),
    /// Of a workbook or PDF, for who reads; and how many records begin in them.
    Cells(Vec<Cell>, u64),
    /// What is around the inputs that lie in an archive, for who writes it again.
    Archive(archive::Step),
    /// Parquet that is written again: the file, and then its columns.
    Table(Table),
    Batch(Batch),
}

impl Job {
    /// The bytes of the records in it.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Chunk(_, chunk) => chunk.bytes.len(),
            Self::Piece(piece) => piece.text.len(),
            _ => 0,
        }
    }
}

/// What the workers have to know of an input.
pub(crate) struct Shape {
    pub(crate) format: Format,
    /// Of what is put into a record.
    pub(crate) encoding: Encoding,
    pub(crate) columns: Vec<String>,
}

impl Shape {
    /// A worker's own reader and writer of records.
    pub(crate) fn values(&self) -> Values {
        let mut values = Values::new(self.format, self.columns.clone());
        values.set_encoding(self.encoding);
        values
    }
}

enum Open {
    /// With what there is to know of it, until it is told.
    Records(Splitter<Box<dyn Read>>, Arc<Shape>, Option<String>),
    Text(TextSplitter<Box<dyn Read>>),
    /// With what there is to know of it, until it is told.
    Parquet(Box<Parquet>, Option<String>),
    /// To be written again.
    Columns(Box<Batches>, Option<Table>, Option<String>),
    Archive(Archive<'static>, Budget),
    Cells(office::Waiting),
}

/// Where an input comes from.
struct Source<'a> {
    /// The name by which its format is guessed.
    name: &'a str,
    /// Of a file that can be read at any place.
    path: Option<&'a Path>,
    reader: Box<dyn Read>,
}

/// Opens one input after the other and cuts it.
pub(crate) struct Reader<'a> {
    args: &'a RecordArgs,
    scanner: &'a Scanner,
    files: std::vec::IntoIter<Candidate>,
    open: Option<(String, Open)>,
    progress: indicatif::ProgressBar,
    /// The archives that are open, from outside.
    levels: Vec<archive::Level>,
    /// What comes before anything else is read.
    ready: VecDeque<Job>,
    /// Whether somebody writes what is read, and then the field of subjects.
    writes: bool,
    subject: Option<&'a str>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(
        args: &'a RecordArgs,
        scanner: &'a Scanner,
        files: Vec<Candidate>,
        progress: indicatif::ProgressBar,
    ) -> Self {
        Self {
            args,
            scanner,
            files: files.into_iter(),
            open: None,
            progress,
            levels: Vec::new(),
            ready: VecDeque::new(),
            writes: false,
            subject: None,
        }
    }

    /// Gives what is around the inputs too, and Parquet column by column. `subject` is
    /// the field that says whose record it is.
    pub(crate) fn for_writing(mut self, subject: Option<&'a str>) -> Self {
        (self.writes, self.subject) = (true, subject);
        self
    }

    pub(crate) fn next_job(&mut self) -> Result<Option<Job>> {
        loop {
            if let Some(job) = self.ready.pop_front() {
                return Ok(Some(job));
            }
            if self.open.is_some() {
                match self.next_of_open() {
                    Ok(Some(job)) => {
                        self.ready.push_back(job);
                        self.pass_raw();
                    }
                    Ok(None) => {
                        self.open = None;
                        self.end_member()?;
                    }
                    Err(error) if !self.levels.is_empty() => {
                        let input = self.open.take().map_or_else(String::new, |open| open.0);
                        self.leave_member(input, &error);
                    }
                    Err(error) => return Err(error),
                }
            } else if !self.levels.is_empty() {
                self.next_member()?;
            } else if let Some(file) = self.files.next() {
                self.next_file(&file)?;
            } else {
                return Ok(None);
            }
        }
    }

    /// The next job of the input that is open.
    fn next_of_open(&mut self) -> Result<Option<Job>> {
        let Some((input, open)) = &mut self.open else {
            return Ok(None);
        };
        let job = match open {
            Open::Records(splitter, shape, note) => {
                if let Some(note) = note.take() {
                    return Ok(Some(Job::Note(note)));
                }
                let chunk = splitter.next_chunk();
                chunk.map(|chunk| chunk.map(|chunk| Job::Chunk(Arc::clone(shape), chunk)))
            }
            Open::Text(splitter) => splitter.next_piece().map(|piece| piece.map(Job::Piece)),
            Open::Parquet(parquet, note) => {
                if let Some(note) = note.take() {
                    return Ok(Some(Job::Note(note)));
                }
                let rows = parquet.next_rows();
                let rows = rows.with_context(|| format!("cannot read {input}"))?;
                Ok(rows.map(Job::Rows))
            }
            Open::Columns(batches, table, note) => {
                if let Some(note) = note.take() {
                    return Ok(Some(Job::Note(note)));
                }
                if let Some(table) = table.take() {
                    return Ok(Some(Job::Table(table)));
                }
                let batch = batches.next_batch();
                let batch = batch.with_context(|| format!("cannot read {input}"))?;
                Ok(batch.map(Job::Batch))
            }
            // Has its own place.
            Open::Archive(..) => Ok(None),
            Open::Cells(cells) => return Ok(cells.next_job()),
        };
        job.map_err(|error| {
            let larger = matches!(error, celador_formats::ReadError::TooLarge { .. });
            let advice = if larger { "; see --max-record" } else { "" };
            anyhow::Error::new(error).context(format!("cannot read {input}{advice}"))
        })
    }

    fn next_file(&mut self, file: &Candidate) -> Result<()> {
        let input = file.path.display().to_string();
        let is_file = file.path != Path::new(STDIN);
        let reader: Box<dyn Read> = if is_file {
            let opened = File::open(&file.path).with_context(|| format!("cannot read {input}"))?;
            Box::new(self.progress.wrap_read(opened))
        } else {
            Box::new(std::io::stdin())
        };
        let name = file.path.file_name().unwrap_or_default().to_string_lossy();
        let source = Source {
            name: &name,
            path: is_file.then_some(&file.path),
            reader,
        };
        match self.begin(source, &input)? {
            Ok(begun) => self.enter(input, begun),
            Err(refused) if !file.named => self.ready.push_back(Job::Skipped {
                input,
                why: format!("not read: {refused}"),
            }),
            Err(refused) => bail!("{input} {refused}"),
        }
        Ok(())
    }

    /// What was begun is what is read next.
    fn enter(&mut self, input: String, (format, wrapping, open): (Format, Wrapping, Open)) {
        self.ready.push_back(Job::Begin {
            input: input.clone(),
            format,
            wrapping,
        });
        match open {
            Open::Archive(archive, budget) => self.enter_archive(input, archive, budget),
            open => self.open = Some((input, open)),
        }
    }

    fn begin(
        &self,
        source: Source<'_>,
        input: &str,
    ) -> Result<std::result::Result<(Format, Wrapping, Open), Refused>> {
        let Source { name, path, reader } = source;
        let opened = celador_formats::open(reader, name, Limits::default())
            .with_context(|| format!("cannot read {input}"))?;
        let format = match choose(self.args.input_format, opened.format, opened.delimiter) {
            Ok(format) => format,
            Err(refused) => return Ok(Err(refused)),
        };
        let (wrapping, reader) = (opened.wrapping, opened.reader);
        let encoding = wrapping.encoding;
        let reader = self.within_budget(reader);
        if format.is_archive() {
            let archive = self.archive(format, path, &wrapping, reader)?;
            let begun = archive.map(|open| match open {
                Open::Cells(_) => (Format::Xlsx, wrapping, open),
                open => (format, wrapping, open),
            });
            return Ok(begun);
        }
        if format == Format::Pdf {
            return self.pdf(wrapping, reader);
        }
        if format == Format::Parquet {
            let table = self
                .parquet(path, &wrapping, reader)
                .with_context(|| format!("cannot read {input}"))?;
            let unread = table.unread().join(", ");
            let note = (!unread.is_empty()).then(|| {
                format!(
                    "columns of times, fractions or fixed bytes, which are not looked at: {unread}"
                )
            });
            let open = if self.writes {
                let batches = Box::new(table.batches(self.subject));
                Open::Columns(batches, Some(table), note)
            } else {
                Open::Parquet(Box::new(Parquet::new(table)), note)
            };
            return Ok(Ok((format, wrapping, open)));
        }
        if format == Format::Text {
            let mut splitter = TextSplitter::new(reader);
            splitter.set_encoding(encoding);
            return Ok(Ok((format, wrapping, Open::Text(splitter))));
        }
        let limit = self.args.max_record as usize * (1 << 20);
        let mut splitter = Splitter::new(reader, format, limit);
        let mut spans = Vec::new();
        let columns = splitter.header(|names| {
            !self.args.no_header
                && names.iter().all(|name| {
                    self.scanner.scan(name, &mut spans);
                    spans.is_empty()
                })
        });
        let columns = match columns {
            Ok(columns) => columns,
            Err(ReadError::Malformed(what, why)) => return Ok(Err(Refused::Damaged(what, why))),
            Err(error) => {
                return Err(anyhow::Error::new(error).context(format!("cannot read {input}")));
            }
        };
        let unread = format.unread(&columns).join(", ");
        let note = (!unread.is_empty()).then(|| {
            format!("fields of times, fractions or fixed bytes, which are not looked at: {unread}")
        });
        let shape = Arc::new(Shape {
            format,
            encoding,
            columns,
        });
        let open = Open::Records(splitter, shape, note);
        Ok(Ok((format, wrapping, open)))
    }

    /// Parquet is read from its end: a file as it lies there, all else from memory.
    fn parquet(
        &self,
        path: Option<&Path>,
        wrapping: &Wrapping,
        reader: Box<dyn Read>,
    ) -> Result<Table> {
        match path {
            Some(path) if wrapping.is_plain() => Ok(Table::open(File::open(path)?)?),
            _ => Ok(Table::from_bytes(self.held("Parquet", reader)?)?),
        }
    }

    /// What has to be read at any place and is no file: in memory, within the bound
    /// of a record.
    fn held(&self, what: &str, reader: impl Read) -> Result<Vec<u8>> {
        let limit = u64::from(self.args.max_record) << 20;
        let mut bytes = Vec::new();
        reader.take(limit + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > limit {
            bail!(
                "{what} that is packed, lies in an archive or comes from standard input has \
                 to fit in {} MiB; write it to a file, or see --max-record",
                self.args.max_record
            );
        }
        Ok(bytes)
    }
}

/// What is asked for, where the content can be read so.
fn choose(
    asked: Option<InputFormatArg>,
    seen: std::result::Result<Format, Refused>,
    delimiter: u8,
) -> std::result::Result<Format, Refused> {
    match (asked, seen) {
        (Some(InputFormatArg::Text), _) => Ok(Format::Text),
        // The user knows better than the name.
        (None, Err(refused)) => Err(refused),
        (Some(_), Err(refused)) if !matches!(refused, Refused::Misnamed(_)) => Err(refused),
        (_, Ok(format)) if format.is_archive() => Ok(format),
        (Some(_), Ok(Format::Parquet | Format::Avro | Format::Pdf)) => Err(Refused::Binary),
        (Some(InputFormatArg::Json), _) => Ok(Format::Json),
        (Some(InputFormatArg::Jsonl), _) => Ok(Format::JsonLines),
        (Some(InputFormatArg::Eml), _) => Ok(Format::Mail),
        (Some(InputFormatArg::Mbox), _) => Ok(Format::Mbox),
        (Some(InputFormatArg::Csv) | None, Ok(format @ Format::Csv { .. }))
        | (None, Ok(format)) => Ok(format),
        (Some(InputFormatArg::Csv), _) => Ok(Format::Csv { delimiter }),
        (Some(InputFormatArg::Tsv), _) => Ok(Format::Csv { delimiter: b'\t' }),
    }
}

/// Takes a value: record, field, text, and the part that the caller answers for.
pub(crate) type EachValue<'a> = dyn FnMut(u64, &str, &str, std::ops::Range<usize>) + 'a;

/// Something to know of a record.
pub(crate) struct Trouble {
    pub(crate) record: u64,
    pub(crate) message: String,
    /// Whether the record is malformed, and its whole text its one value; if not, some
    /// of it is not read.
    pub(crate) is_malformed: bool,
}

/// What is to know of the record that was read last.
pub(crate) fn troubles(
    record: u64,
    wrong: Option<String>,
    values: &Values,
) -> impl Iterator<Item = Trouble> + use<> {
    let wrong = wrong.map(|message| (message, true));
    let unread = values.unread().iter();
    let unread: Vec<_> = unread
        .map(|what| (format!("not read: {what}"), false))
        .collect();
    let all = wrong.into_iter().chain(unread);
    all.map(move |(message, is_malformed)| Trouble {
        record,
        message,
        is_malformed,
    })
}

/// Calls `each` with every value of a job. Returns how many records there were, and
/// what there is to know of some.
pub(crate) fn each_value(
    job: &Job,
    is_personal: &mut dyn FnMut(&str) -> bool,
    each: &mut EachValue<'_>,
) -> (u64, Vec<Trouble>) {
    let mut known = Vec::new();
    match job {
        Job::Begin { format, .. } => return (u64::from(*format == Format::Text), known),
        Job::Skipped { .. } | Job::Note(_) | Job::Archive(_) | Job::Table(_) | Job::Batch(_) => {}
        Job::Rows(rows) => {
            for cell in rows.cells() {
                each(cell.record, cell.field, cell.text, 0..cell.text.len());
            }
            return (rows.count, known);
        }
        Job::Cells(cells, count) => {
            for cell in cells {
                each(cell.record, &cell.field, &cell.text, 0..cell.text.len());
            }
            return (*count, known);
        }
        Job::Piece(piece) => each(1, "", &piece.text, piece.core.clone()),
        Job::Chunk(shape, chunk) => {
            let mut values = shape.values();
            let mut count = 0;
            for record in &chunk.records {
                let bytes = chunk.bytes.get(record.range.clone()).unwrap_or(&[]);
                let (wrong, _) = values.read(bytes, is_personal);
                count += values.rows();
                known.extend(troubles(record.number, wrong, &values));
                for value in values.values() {
                    each(
                        record.number + value.row,
                        value.field,
                        value.text,
                        0..value.text.len(),
                    );
                }
            }
            return (count, known);
        }
    }
    (0, known)
}
