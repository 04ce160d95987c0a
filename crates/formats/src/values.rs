//! One record's values: path, text, and where it stands in the record; and the
//! record again with some of them changed.

use std::ops::Range;

use crate::avro::Blocks;
use crate::decode::undecode;
use crate::mail::Message;
use crate::rewrite::{self, Edit, EditError, Spelling};
use crate::{Encoding, Format, csv, decode, json};

/// Whether a text is a field's value or its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A value.
    Value,
    /// The name of a member that itself holds personal data.
    Name,
}

/// What becomes of a value in whose place a text is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Becomes {
    /// The text, or the number that it is.
    Text,
    /// Null, since it is a number's place.
    Null,
    /// Nothing: a number has to be there ([`EditError::NotNull`]).
    Nothing,
}

/// The most values of one record, and bytes of their paths: what bounds memory where
/// a few bytes are a value.
const MAX_VALUES: usize = if cfg!(test) { 1 << 16 } else { 8 << 20 };
const MAX_PATHS: usize = if cfg!(test) { 4 << 20 } else { 256 << 20 };
const TOO_MANY: &str = "it has more values than are held at once";

/// A text of a record.
#[derive(Clone, PartialEq, Eq)]
pub struct Value<'a> {
    /// Path of the field such as `customer.phones[0]`; empty for a whole document.
    pub field: &'a str,
    /// The decoded text.
    pub text: &'a str,
    /// The bytes of the record that hold it, still escaped or quoted: of JSON the
    /// inside of a string or a whole number, of CSV the field with its quotes. Of
    /// Avro the bytes of the block as it is unpacked.
    pub raw: Range<usize>,
    /// Value or name.
    pub part: Part,
    /// Which row of the record has it, from 0, where a record has several.
    pub row: u64,
    /// Whether the format has it as a number, of which the text is the digits.
    pub number: bool,
}

/// Texts and paths of one record, in two strings that are used again.
#[derive(Default)]
pub(crate) struct Sink {
    /// The path of what comes next.
    pub(crate) path: String,
    pub(crate) texts: String,
    /// The row of what comes next.
    pub(crate) row: u64,
    paths: String,
    items: Vec<Item>,
    /// There were more values than are held.
    is_over: bool,
}

struct Item {
    path: Range<usize>,
    text: Range<usize>,
    raw: Range<usize>,
    part: Part,
    row: u64,
    number: bool,
}

impl Sink {
    pub(crate) fn clear(&mut self) {
        self.row = 0;
        self.is_over = false;
        self.path.clear();
        self.texts.clear();
        self.paths.clear();
        self.items.clear();
    }

    /// Whether no further value is held.
    pub(crate) fn is_full(&self) -> bool {
        self.items.len() >= MAX_VALUES || self.paths.len() >= MAX_PATHS
    }

    pub(crate) fn push_text(&mut self, text: &str, raw: Range<usize>, part: Part) {
        let begin = self.texts.len();
        self.texts.push_str(text);
        self.end_text(begin, raw, part);
    }

    /// A number's digits.
    pub(crate) fn push_number(&mut self, digits: &str, raw: Range<usize>) {
        self.push_text(digits, raw, Part::Value);
        if let Some(item) = self.items.last_mut() {
            item.number = true;
        }
    }

    /// What was written to `texts` from `begin` is a value of the current path.
    pub(crate) fn end_text(&mut self, begin: usize, raw: Range<usize>, part: Part) {
        if self.is_full() {
            self.is_over = true;
            self.texts.truncate(begin);
            return;
        }
        let path = self.paths.len();
        self.paths.push_str(&self.path);
        self.items.push(Item {
            path: path..self.paths.len(),
            text: begin..self.texts.len(),
            raw,
            part,
            row: self.row,
            number: false,
        });
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = Value<'_>> {
        self.items.iter().map(|item| Value {
            field: self.paths.get(item.path.clone()).unwrap_or(""),
            text: self.texts.get(item.text.clone()).unwrap_or(""),
            raw: item.raw.clone(),
            part: item.part,
            row: item.row,
            number: item.number,
        })
    }
}

/// Takes records of one format apart; keeps its memory from record to record.
pub struct Values {
    format: Format,
    columns: Vec<String>,
    sink: Sink,
    /// The last record was malformed, and is one text.
    is_text: bool,
    /// Of what is put in.
    encoding: Encoding,
    /// The last record, where it is a message.
    message: Message,
    /// The last record, where it is a block of Avro.
    blocks: Blocks,
}

impl Values {
    /// For a format, and the names of the columns where it has a header.
    pub fn new(format: Format, columns: Vec<String>) -> Self {
        let avro = format == Format::Avro;
        Self {
            format,
            blocks: Blocks::new(if avro { &columns } else { &[] }),
            columns,
            sink: Sink::default(),
            is_text: false,
            encoding: Encoding::Utf8,
            message: Message::default(),
        }
    }

    /// Writes replacements in this encoding; UTF-16 is UTF-8 here (see
    /// [`crate::open()`]).
    pub fn set_encoding(&mut self, encoding: Encoding) {
        self.encoding = encoding;
    }

    /// Reads a record. `is_personal` says of a member's name whether it must not
    /// be shown. Returns what is wrong with the record, in which case its whole
    /// text is the one value; and whether bytes were not UTF-8.
    pub fn read(
        &mut self,
        record: &[u8],
        is_personal: &mut dyn FnMut(&str) -> bool,
    ) -> (Option<String>, bool) {
        self.sink.clear();
        if self.is_mail() {
            self.is_text = false;
            self.message = Message::read(record, &mut self.sink, is_personal);
            let wrong = self.sink.is_over.then(|| TOO_MANY.to_owned());
            return (wrong, false);
        }
        if self.format == Format::Avro {
            self.is_text = false;
            return (self.blocks.read(record, &mut self.sink, is_personal), false);
        }
        let (text, mended) = decode(record);
        let wrong = match self.format {
            Format::Json | Format::JsonLines => json::walk(&text, &mut self.sink, is_personal)
                .err()
                .map(|wrong| format!("no JSON: {} at byte {}", wrong.what, wrong.at)),
            Format::Csv { delimiter } => {
                let fields = csv::fields(&text, delimiter, &mut self.sink, &self.columns);
                (fields > self.columns.len())
                    .then(|| format!("{fields} fields, the header has {}", self.columns.len()))
            }
            _ => None,
        };
        let is_json = matches!(self.format, Format::Json | Format::JsonLines);
        self.is_text =
            self.format == Format::Text || !self.format.is_stream() || (wrong.is_some() && is_json);
        let wrong = if self.sink.is_over {
            self.is_text = true;
            Some(TOO_MANY.to_owned())
        } else {
            wrong
        };
        if self.is_text {
            self.sink.clear();
            self.sink.push_text(&text, 0..record.len(), Part::Value);
        } else if mended {
            undecode(record, self.sink.items.iter_mut().map(|item| &mut item.raw));
        }
        (wrong, mended)
    }

    /// What the record that was read last has and is not among its values, such as a
    /// picture in a message: in words that hold no value.
    pub fn unread(&self) -> &[String] {
        match self.format {
            Format::Mail | Format::Mbox => self.message.unread(),
            Format::Avro => self.blocks.unread(),
            _ => &[],
        }
    }

    /// How many rows the record that was read last has; one but for a block of Avro.
    pub const fn rows(&self) -> u64 {
        match self.format {
            Format::Avro => self.blocks.rows(),
            _ => 1,
        }
    }

    const fn is_mail(&self) -> bool {
        matches!(self.format, Format::Mail | Format::Mbox)
    }

    /// What becomes of a value of the record that was read last, if a text is put in its
    /// place.
    pub fn becomes(&self, value: usize, text: &str) -> Becomes {
        match self.format {
            Format::Avro => self.blocks.becomes(value, text),
            _ => Becomes::Text,
        }
    }

    /// Writes the record that was read last, with some parts of its values
    /// replaced; every other byte is as it was. A number of which a part is
    /// replaced, or by no number, becomes a string. Members of one object may come
    /// to have the same name.
    ///
    /// Edits are in the order of values and places, and do not overlap. Where they
    /// are not, or reach out of their value, nothing is written.
    pub fn rewrite(
        &self,
        record: &[u8],
        edits: &[Edit<'_>],
        out: &mut Vec<u8>,
    ) -> Result<(), EditError> {
        self.restore(record, edits, &[], out)
    }

    /// The same, and `numbers` (in order) names values that were numbers before they
    /// became strings: such a string of JSON is written as a number again where its
    /// text has come to be one.
    pub fn restore(
        &self,
        record: &[u8],
        edits: &[Edit<'_>],
        numbers: &[usize],
        out: &mut Vec<u8>,
    ) -> Result<(), EditError> {
        let begin = out.len();
        let result = if self.is_mail() {
            self.message.write(record, &self.sink, edits, out)
        } else if self.format == Format::Avro {
            self.blocks.write(record, &self.sink, edits, out)
        } else {
            self.write(record, edits, numbers, out)
        };
        if result.is_err() {
            out.truncate(begin);
        }
        result
    }

    fn write(
        &self,
        record: &[u8],
        edits: &[Edit<'_>],
        numbers: &[usize],
        out: &mut Vec<u8>,
    ) -> Result<(), EditError> {
        let (mut number, mut done) = (0, 0);
        while let Some(first) = edits.get(number) {
            let outside = EditError::Outside(number);
            let rest = &edits[number..];
            let count = rest.iter().take_while(|edit| edit.value == first.value);
            let these = &rest[..count.count()];
            let item = self.sink.items.get(first.value).ok_or(outside)?;
            let text = self.sink.texts.get(item.text.clone()).unwrap_or("");
            rewrite::check(text, these, number, self.encoding)?;
            let kept = record.get(done..item.raw.start);
            out.extend_from_slice(kept.ok_or(EditError::Order(number))?);
            let raw = record.get(item.raw.clone()).ok_or(outside)?;
            let field = rewrite::Field {
                raw,
                text,
                edits: these,
                encoding: self.encoding,
            };
            let spelling = self.spelling(record, &item.raw);
            let start = out.len();
            field.write(spelling, out);
            done = item.raw.end;
            let was_number = numbers.binary_search(&first.value).is_ok();
            if was_number && spelling == Spelling::JsonString && item.part == Part::Value {
                let text = out.get(start..).unwrap_or(&[]);
                if std::str::from_utf8(text).is_ok_and(json::is_number) {
                    // Without the quotes around it.
                    out.remove(start - 1);
                    done += 1;
                }
            }
            number += these.len();
        }
        out.extend_from_slice(record.get(done..).unwrap_or(&[]));
        Ok(())
    }

    fn spelling(&self, record: &[u8], raw: &Range<usize>) -> Spelling {
        match self.format {
            _ if self.is_text => Spelling::Plain,
            Format::Json | Format::JsonLines => {
                let before = raw.start.checked_sub(1).and_then(|at| record.get(at));
                match before {
                    Some(b'"') => Spelling::JsonString,
                    _ => Spelling::JsonNumber,
                }
            }
            Format::Csv { delimiter } => Spelling::Csv {
                delimiter,
                alone: self.sink.items.len() == 1,
            },
            _ => Spelling::Plain,
        }
    }

    /// The values of the record that was read last.
    pub fn values(&self) -> impl Iterator<Item = Value<'_>> {
        self.sink.values()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is wrong with a record, and how many values it has.
    fn read(format: Format, record: &str) -> (Option<String>, usize) {
        let mut values = Values::new(format, vec![String::new(); MAX_VALUES + 2]);
        let (wrong, _) = values.read(record.as_bytes(), &mut |_| false);
        let mut out = Vec::new();
        assert_eq!(values.rewrite(record.as_bytes(), &[], &mut out), Ok(()));
        assert_eq!(out, record.as_bytes());
        (wrong, values.values().count())
    }

    #[test]
    fn values_and_their_names_are_bounded() {
        let list = |count: usize| format!("[{}1]", "1,".repeat(count - 1));
        let row = |count: usize| ",".repeat(count - 1);
        let csv = Format::Csv { delimiter: b',' };
        for (count, is_held) in [(MAX_VALUES, true), (MAX_VALUES + 1, false)] {
            for (format, record) in [(Format::Json, list(count)), (csv, row(count))] {
                let (wrong, found) = read(format, &record);
                let want = if is_held { count } else { 1 };
                assert_eq!((wrong.is_none(), found), (is_held, want), "{format:?}");
            }
        }
        // A long name, and many elements that are called by it.
        let long = format!("{{\"{}\":{}}}", "n".repeat(64 << 10), list(1000));
        assert_eq!(
            read(Format::JsonLines, &long),
            (Some(TOO_MANY.to_owned()), 1)
        );
    }
}
