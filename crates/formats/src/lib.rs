//! Records in and out: bytes of a reader to the values that a scanner looks at,
//! and the same bytes again with some of the values changed.
//!
//! Two steps, so that the second can run on every core while order is kept.
//! [`Splitter`] cuts a stream into [`Chunk`]s of whole records (lines, JSON
//! values, CSV rows; for plain text, pieces that overlap), each no larger than a
//! limit. [`Values`] takes one record apart into values: a field's path and its
//! decoded text, with the place of the value in the record's bytes.
//! [`Values::rewrite`], [`Chunk::rewrite`] and [`Piece::rewrite`] are the way back:
//! chunks and pieces joined are the stream, byte for byte, but for what was edited.
//! Before both, [`open()`] takes off what is around a document (gzip, Zstandard,
//! UTF-16) and says what it is; [`Wrapping::writer`] puts the same around what is
//! written.
//!
//! Invariants: memory is bounded by the limit and not by the input; a record
//! that is malformed is given as one text with the reason, never dropped; an
//! error never quotes the input. Opens no file and knows no detector.
//!
//! Parquet is recognised here and is no stream: `celador-columnar` reads it.
//!
//! A further format is a variant of [`Format`], a way to split and a way to take
//! a record apart.

pub mod archive;
mod avro;
mod compress;
mod csv;
pub mod day;
mod decode;
mod detect;
mod encoding;
mod json;
mod mail;
mod open;
mod rewrite;
mod split;
mod values;

pub use compress::{Budget, Compression, Limits};
pub use decode::decode;
pub use detect::{Refused, detect};
pub use encoding::{Encoding, Utf16Reader, Utf16Writer, windows_1252};
pub use open::{Opened, Wrapper, Wrapping, open};
pub use rewrite::{Edit, EditError, rewrite_text};
pub use split::{Chunk, Piece, Record, Splitter, TextSplitter};
pub use values::{Becomes, Part, Value, Values};

/// How a stream is cut and taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One document without fields.
    Text,
    /// JSON values one after another; a top-level list is cut into its elements.
    Json,
    /// One JSON value a line.
    JsonLines,
    /// Rows with a header (RFC 4180), by the byte between fields.
    Csv {
        /// The byte between fields.
        delimiter: u8,
    },
    /// Columns in row groups: no stream, read by the crate `celador-columnar` alone.
    Parquet,
    /// One message (EML), its fields, bodies and attached texts.
    Mail,
    /// Messages one after the other, each after a line that begins with `From `.
    Mbox,
    /// Blocks of rows with a schema before them (object container file).
    Avro,
    /// A workbook of sheets: read by the crate `celador-office` alone, never written.
    Xlsx,
    /// A document of pages: read by the crate `celador-office` alone, never written.
    Pdf,
    /// Members one after the other: no records itself, see [`archive`].
    Tar,
    /// Members with a list of them at the end: no records itself, see [`archive`].
    Zip,
}

impl Format {
    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::JsonLines => "json_lines",
            Self::Csv { delimiter: b'\t' } => "tsv",
            Self::Csv { .. } => "csv",
            Self::Parquet => "parquet",
            Self::Mail => "mail",
            Self::Mbox => "mbox",
            Self::Avro => "avro",
            Self::Xlsx => "xlsx",
            Self::Pdf => "pdf",
            Self::Tar => "tar",
            Self::Zip => "zip",
        }
    }

    /// Whether it holds other documents.
    pub const fn is_archive(self) -> bool {
        matches!(self, Self::Tar | Self::Zip)
    }

    /// Whether it is cut from begin to end into records or pieces; all else is read
    /// by means of its own.
    pub const fn is_stream(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Json
                | Self::JsonLines
                | Self::Csv { .. }
                | Self::Mail
                | Self::Mbox
                | Self::Avro
        )
    }

    /// The fields that are neither texts nor whole numbers and so are not looked at, by what
    /// [`Splitter::header`] told.
    pub fn unread(self, header: &[String]) -> Vec<String> {
        match self {
            Self::Avro => avro::unread(header),
            _ => Vec::new(),
        }
    }

    /// What is written where a record is left out, so that the rest stays what it
    /// is: a list of JSON needs an element there.
    pub const fn placeholder(self) -> &'static [u8] {
        match self {
            Self::Json => b"null",
            _ => b"",
        }
    }
}

/// Reading cannot go on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The reader failed.
    #[error("cannot read on")]
    Io(#[from] std::io::Error),
    /// A format that is not cut from begin to end.
    #[error("is no stream of records")]
    NoStream,
    /// It is not what it says it is.
    #[error("is no whole {0}: {1}")]
    Malformed(&'static str, &'static str),
    /// A record that does not fit in memory as the limit allows.
    #[error("record {record} is larger than the limit of {limit} bytes")]
    TooLarge {
        /// Its number, from 1.
        record: u64,
        /// The limit in bytes.
        limit: usize,
    },
}
