//! Inputs that hold records: files and folders opened one after the other, their
//! format recognised, cut into jobs for the workers.
//!
//! What a command does with a job is its own. Nothing is dropped: what cannot be
//! read is a [`Job::Skipped`] where a folder holds it, and an error where the user
//! named it.

use std::fs::File;
use std::io::{IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use celador_formats::{Chunk, Format, Piece, Splitter, TextSplitter, Values, detect};
use celador_pii::Scanner;

use crate::args::{InputFormatArg, RecordArgs};

const STDIN: &str = "-";

/// Bytes that tell the format.
const HEAD: usize = 64 << 10;

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
    },
    /// An input that is not read, and why.
    Skipped {
        input: String,
        why: String,
    },
    Chunk(Arc<Shape>, Chunk),
    Piece(Piece),
}

/// What the workers have to know of an input.
pub(crate) struct Shape {
    pub(crate) format: Format,
    pub(crate) columns: Vec<String>,
}

enum Open {
    Records(Splitter<Box<dyn Read>>, Arc<Shape>),
    Text(TextSplitter<Box<dyn Read>>),
}

/// Opens one input after the other and cuts it.
pub(crate) struct Reader<'a> {
    args: &'a RecordArgs,
    scanner: &'a Scanner,
    files: std::vec::IntoIter<Candidate>,
    open: Option<(String, Open)>,
    progress: indicatif::ProgressBar,
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
        }
    }

    pub(crate) fn next_job(&mut self) -> Result<Option<Job>> {
        if let Some((input, open)) = &mut self.open {
            let job = match open {
                Open::Records(splitter, shape) => splitter
                    .next_chunk()
                    .map(|chunk| chunk.map(|chunk| Job::Chunk(Arc::clone(shape), chunk))),
                Open::Text(splitter) => splitter.next_piece().map(|piece| piece.map(Job::Piece)),
            };
            let job = job.map_err(|error| {
                let larger = matches!(error, celador_formats::ReadError::TooLarge { .. });
                let advice = if larger { "; see --max-record" } else { "" };
                anyhow::Error::new(error).context(format!("cannot read {input}{advice}"))
            })?;
            if job.is_some() {
                return Ok(job);
            }
            self.open = None;
        }
        let Some(file) = self.files.next() else {
            return Ok(None);
        };
        let input = file.path.display().to_string();
        match self.begin(&file, &input)? {
            Ok((format, open)) => {
                self.open = Some((input.clone(), open));
                Ok(Some(Job::Begin { input, format }))
            }
            Err(refused) if !file.named => Ok(Some(Job::Skipped {
                input,
                why: format!("not read: {refused}"),
            })),
            Err(refused) => bail!("{input} {refused}"),
        }
    }

    fn begin(
        &self,
        file: &Candidate,
        input: &str,
    ) -> Result<std::result::Result<(Format, Open), celador_formats::Refused>> {
        let mut reader: Box<dyn Read> = if file.path == Path::new(STDIN) {
            Box::new(std::io::stdin())
        } else {
            let opened = File::open(&file.path).with_context(|| format!("cannot read {input}"))?;
            Box::new(self.progress.wrap_read(opened))
        };
        let mut head = Vec::new();
        reader
            .by_ref()
            .take(HEAD as u64)
            .read_to_end(&mut head)
            .with_context(|| format!("cannot read {input}"))?;
        let extension = file.path.extension().unwrap_or_default().to_string_lossy();
        let seen = detect(&extension, &head);
        let format = match (self.args.input_format, seen) {
            (Some(asked), Err(refused)) if asked != InputFormatArg::Text => {
                return Ok(Err(refused));
            }
            (Some(InputFormatArg::Text), _) => Format::Text,
            (Some(InputFormatArg::Json), _) => Format::Json,
            (Some(InputFormatArg::Jsonl), _) => Format::JsonLines,
            (Some(InputFormatArg::Csv) | None, Ok(format @ Format::Csv { .. }))
            | (None, Ok(format)) => format,
            (Some(InputFormatArg::Csv), _) => Format::Csv { delimiter: b',' },
            (Some(InputFormatArg::Tsv), _) => Format::Csv { delimiter: b'\t' },
            (None, Err(refused)) => return Ok(Err(refused)),
        };
        let reader: Box<dyn Read> = Box::new(std::io::Cursor::new(head).chain(reader));
        if format == Format::Text {
            return Ok(Ok((format, Open::Text(TextSplitter::new(reader)))));
        }
        let limit = self.args.max_record as usize * (1 << 20);
        let mut splitter = Splitter::new(reader, format, limit);
        let mut spans = Vec::new();
        let columns = splitter
            .header(|names| {
                !self.args.no_header
                    && names.iter().all(|name| {
                        self.scanner.scan(name, &mut spans);
                        spans.is_empty()
                    })
            })
            .with_context(|| format!("cannot read {input}"))?;
        let shape = Arc::new(Shape { format, columns });
        Ok(Ok((format, Open::Records(splitter, shape))))
    }
}

/// Takes a value: record, field, text, and the part that the caller answers for.
pub(crate) type EachValue<'a> = dyn FnMut(u64, &str, &str, std::ops::Range<usize>) + 'a;

/// Calls `each` with every value of a job. Returns how many records there were, and
/// what is wrong with malformed ones, whose whole text is their one value.
pub(crate) fn each_value(
    job: &Job,
    is_personal: &mut dyn FnMut(&str) -> bool,
    each: &mut EachValue<'_>,
) -> (u64, Vec<(u64, String)>) {
    let mut malformed = Vec::new();
    match job {
        Job::Begin { format, .. } => return (u64::from(*format == Format::Text), malformed),
        Job::Skipped { .. } => {}
        Job::Piece(piece) => each(1, "", &piece.text, piece.core.clone()),
        Job::Chunk(shape, chunk) => {
            let mut values = Values::new(shape.format, shape.columns.clone());
            for record in &chunk.records {
                let bytes = chunk.bytes.get(record.range.clone()).unwrap_or(&[]);
                let (wrong, _) = values.read(bytes, is_personal);
                malformed.extend(wrong.map(|wrong| (record.number, wrong)));
                for value in values.values() {
                    each(record.number, value.field, value.text, 0..value.text.len());
                }
            }
            return (chunk.records.len() as u64, malformed);
        }
    }
    (0, malformed)
}
