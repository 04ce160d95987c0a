//! A stream to chunks of whole records, with bounded memory.

use std::io::Read;
use std::ops::Range;

use memchr::{memchr, memchr2, memrchr};

use crate::csv::State;
use crate::decode::incomplete_tail;
use crate::{Format, ReadError, decode};

/// Bytes of records that make a chunk; a larger record is a chunk of its own.
const CHUNK: usize = 256 << 10;
/// Bytes read at once.
const READ: usize = 64 << 10;
/// Bytes of a text that a piece is responsible for, and what it sees on each side.
const CORE: usize = 512 << 10;
const OVERLAP: usize = 16 << 10;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// A record's number, from 1, and its bytes in the chunk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The line for JSON lines; the value, element or data row otherwise.
    pub number: u64,
    /// Its bytes.
    pub range: Range<usize>,
}

/// Whole records.
#[derive(Clone, Default)]
pub struct Chunk {
    /// The bytes of all.
    pub bytes: Vec<u8>,
    /// Each one's place.
    pub records: Vec<Record>,
}

/// Cuts JSON, JSON lines and CSV; [`TextSplitter`] is for text.
pub struct Splitter<R> {
    reader: R,
    format: Format,
    limit: usize,
    buffer: Vec<u8>,
    /// Where the current record begins in the buffer, and up to where it was
    /// searched for its end.
    begin: usize,
    at: usize,
    number: u64,
    started: bool,
    ended: bool,
    row: State,
    json: Json,
}

/// Where a reader of JSON stands.
#[derive(Default)]
struct Json {
    in_value: bool,
    level: usize,
    in_string: bool,
    escaped: bool,
}

impl<R: Read> Splitter<R> {
    /// `limit` is the most bytes that one record may have.
    pub fn new(reader: R, format: Format, limit: usize) -> Self {
        Self {
            reader,
            format,
            limit,
            buffer: Vec::new(),
            begin: 0,
            at: 0,
            number: 0,
            started: false,
            ended: false,
            row: State::default(),
            json: Json::default(),
        }
    }

    /// Takes the first row of CSV as the names of columns, when `is_header` says
    /// so of its fields; otherwise it stays a record and columns are called by
    /// their number. Empty for other formats. To be called before the first chunk.
    pub fn header(
        &mut self,
        is_header: impl FnOnce(&[String]) -> bool,
    ) -> Result<Vec<String>, ReadError> {
        let Format::Csv { delimiter } = self.format else {
            return Ok(Vec::new());
        };
        let Some(range) = self.next_range()? else {
            return Ok(Vec::new());
        };
        let mut sink = crate::values::Sink::default();
        let (text, _) = decode(self.buffer.get(range.clone()).unwrap_or(&[]));
        crate::csv::fields(&text, delimiter, &mut sink, &[]);
        let names: Vec<String> = sink
            .values()
            .map(|value| value.text.trim().to_owned())
            .collect();
        if is_header(&names) {
            self.number = 0;
            return Ok(names);
        }
        // Read it again as a row.
        (self.begin, self.at, self.number) = (range.start, range.start, 0);
        Ok((1..=names.len())
            .map(|number| format!("column {number}"))
            .collect())
    }

    /// The next records; none at the end.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, ReadError> {
        let mut chunk = Chunk::default();
        while let Some(range) = self.next_range()? {
            chunk.records.push(Record {
                number: self.number,
                range,
            });
            if self.begin >= CHUNK {
                break;
            }
        }
        if chunk.records.is_empty() {
            return Ok(None);
        }
        let rest = self.buffer.split_off(self.begin);
        chunk.bytes = std::mem::replace(&mut self.buffer, rest);
        self.at -= self.begin;
        self.begin = 0;
        Ok(Some(chunk))
    }

    /// The next record that is not blank, by its place in the buffer.
    fn next_range(&mut self) -> Result<Option<Range<usize>>, ReadError> {
        loop {
            if let Some(range) = self.search() {
                if range.len() > self.limit {
                    return Err(self.too_large());
                }
                if self.count(&range) {
                    return Ok(Some(range));
                }
            } else if self.ended {
                let range = self.begin..self.buffer.len();
                (self.begin, self.at) = (range.end, range.end);
                self.json = Json::default();
                let left = !range.is_empty() && self.count(&range);
                return Ok(left.then_some(range));
            } else if self.buffer.len() - self.begin > self.limit {
                return Err(self.too_large());
            } else {
                self.fill()?;
            }
        }
    }

    fn too_large(&self) -> ReadError {
        ReadError::TooLarge {
            record: self.number + 1,
            limit: self.limit,
        }
    }

    /// Counts a record; false where it is blank. A blank line is still a line.
    fn count(&mut self, range: &Range<usize>) -> bool {
        let bytes = self.buffer.get(range.clone()).unwrap_or(&[]);
        let blank = bytes.trim_ascii().is_empty();
        self.number += u64::from(!blank || self.format == Format::JsonLines);
        !blank
    }

    fn fill(&mut self) -> Result<(), ReadError> {
        let length = self.buffer.len();
        self.buffer.resize(length + READ, 0);
        let read = read(&mut self.reader, &mut self.buffer[length..]);
        self.buffer.truncate(length + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        if !self.started && (self.buffer.len() >= BOM.len() || self.ended) {
            self.started = true;
            if self.buffer.starts_with(BOM) {
                self.buffer.drain(..BOM.len());
            }
        }
        Ok(())
    }

    /// The end of the current record where it is in the buffer.
    fn search(&mut self) -> Option<Range<usize>> {
        if !self.started {
            return None;
        }
        let rest = self.buffer.get(self.at..)?;
        let end = match self.format {
            Format::Text | Format::JsonLines => memchr(b'\n', rest).map(|at| at + 1),
            Format::Csv { delimiter } => rest
                .iter()
                .position(|&byte| {
                    let before = self.row;
                    self.row = before.next(byte, delimiter);
                    byte == b'\n' && before != State::Quoted
                })
                .map(|at| at + 1),
            Format::Json => {
                let (skipped, end) = self.json.search(rest);
                if let Some(skipped) = skipped {
                    self.begin = self.at + skipped;
                }
                end
            }
        };
        let Some(end) = end else {
            self.at = self.buffer.len();
            return None;
        };
        let range = self.begin..self.at + end;
        (self.begin, self.at) = (range.end, range.end);
        Some(range)
    }
}

impl Json {
    /// Where a value begins, if it does in these bytes, and where it ends.
    /// Brackets of a top-level list are between values.
    fn search(&mut self, bytes: &[u8]) -> (Option<usize>, Option<usize>) {
        let mut begin = None;
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            if !self.in_value {
                if matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',' | b'[' | b']') {
                    at += 1;
                    begin = Some(at);
                    continue;
                }
                begin = Some(at);
                self.in_value = true;
            }
            if self.in_string {
                if self.escaped {
                    self.escaped = false;
                    at += 1;
                    continue;
                }
                let Some(length) = memchr2(b'"', b'\\', &bytes[at..]) else {
                    return (begin, None);
                };
                at += length + 1;
                if bytes[at - 1] == b'\\' {
                    self.escaped = true;
                } else {
                    self.in_string = false;
                    if self.level == 0 {
                        self.in_value = false;
                        return (begin, Some(at));
                    }
                }
                continue;
            }
            match byte {
                b'"' => self.in_string = true,
                b'{' | b'[' => self.level += 1,
                b'}' | b']' if self.level > 0 => {
                    self.level -= 1;
                    if self.level == 0 {
                        self.in_value = false;
                        return (begin, Some(at + 1));
                    }
                }
                b' ' | b'\t' | b'\n' | b'\r' | b',' | b']' if self.level == 0 => {
                    self.in_value = false;
                    return (begin, Some(at));
                }
                _ => {}
            }
            at += 1;
        }
        (begin, None)
    }
}

/// A part of a text that sees what stands around it.
pub struct Piece {
    /// The decoded text, with what stands before and after.
    pub text: String,
    /// The bytes of `text` that this piece answers for: what begins in them.
    pub core: Range<usize>,
    /// Bytes and characters of the document before `text`.
    pub bytes_before: u64,
    /// Characters before `text`.
    pub characters_before: u64,
    /// Whether bytes were not UTF-8.
    pub mended: bool,
}

/// Cuts a text into pieces that overlap, so that no border hides a value.
pub struct TextSplitter<R> {
    reader: R,
    /// Bytes that are not decoded yet: a character may go on.
    raw: Vec<u8>,
    text: String,
    core: usize,
    bytes_before: u64,
    characters_before: u64,
    mended: bool,
    ended: bool,
    sizes: (usize, usize),
}

impl<R: Read> TextSplitter<R> {
    /// Reads a document.
    pub fn new(reader: R) -> Self {
        Self::with_sizes(reader, CORE, OVERLAP)
    }

    fn with_sizes(reader: R, core: usize, overlap: usize) -> Self {
        Self {
            reader,
            raw: Vec::new(),
            text: String::new(),
            core: 0,
            bytes_before: 0,
            characters_before: 0,
            mended: false,
            ended: false,
            sizes: (core, overlap),
        }
    }

    /// The next piece; none at the end.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, ReadError> {
        let (core, overlap) = self.sizes;
        while !self.ended && self.text.len() < self.core + core + overlap {
            self.fill()?;
        }
        if self.core >= self.text.len() {
            return Ok(None);
        }
        let end = if self.ended && self.text.len() <= self.core + core + overlap {
            self.text.len()
        } else {
            // At a line's end where there is one in the second half.
            let half = self.core + core / 2;
            let window = self.text.as_bytes().get(half..self.core + core);
            window
                .and_then(|window| memrchr(b'\n', window))
                .map_or_else(
                    || self.text.ceil_char_boundary(self.core + core),
                    |at| half + at + 1,
                )
        };
        let seen = self.text.ceil_char_boundary(end.saturating_add(overlap));
        let piece = Piece {
            text: self.text.get(..seen).unwrap_or("").to_owned(),
            core: self.core..end,
            bytes_before: self.bytes_before,
            characters_before: self.characters_before,
            mended: std::mem::take(&mut self.mended),
        };
        let keep = self.text.floor_char_boundary(end.saturating_sub(overlap));
        let gone: String = self.text.drain(..keep).collect();
        self.bytes_before += gone.len() as u64;
        self.characters_before += gone.chars().count() as u64;
        self.core = end - keep;
        Ok(Some(piece))
    }

    fn fill(&mut self) -> Result<(), ReadError> {
        let length = self.raw.len();
        self.raw.resize(length + READ, 0);
        let read = read(&mut self.reader, &mut self.raw[length..]);
        self.raw.truncate(length + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        let tail = if self.ended {
            0
        } else {
            incomplete_tail(&self.raw)
        };
        let rest = self.raw.split_off(self.raw.len() - tail);
        let (text, mended) = decode(&self.raw);
        self.text.push_str(&text);
        self.mended |= mended;
        self.raw = rest;
        Ok(())
    }
}

fn read(reader: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    loop {
        match reader.read(buffer) {
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A reader that gives a few bytes at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let length = self.0.len().min(self.1.max(1)).min(buffer.len());
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    fn records(format: Format, text: &str, step: usize) -> Vec<(u64, String)> {
        let mut splitter = Splitter::new(Slow(text.as_bytes(), step), format, 1 << 20);
        let mut all = Vec::new();
        while let Some(chunk) = splitter.next_chunk().expect("within the limit") {
            for record in chunk.records {
                let bytes = chunk.bytes[record.range].to_vec();
                all.push((
                    record.number,
                    String::from_utf8(bytes)
                        .expect("text")
                        .trim_end()
                        .to_owned(),
                ));
            }
        }
        all
    }

    fn check(format: Format, text: &str, want: &[(u64, &str)]) {
        for step in [1, 2, 3, 7, 1 << 16] {
            let found = records(format, text, step);
            let found: Vec<_> = found
                .iter()
                .map(|(number, text)| (*number, text.as_str()))
                .collect();
            assert_eq!(found, want, "{text:?} {step}");
        }
    }

    #[test]
    fn cuts_records() {
        let csv = Format::Csv { delimiter: b',' };
        check(
            Format::JsonLines,
            "{}\n\n[1]\nx",
            &[(1, "{}"), (3, "[1]"), (4, "x")],
        );
        check(Format::JsonLines, "\u{feff}{}\r\n", &[(1, "{}")]);
        check(Format::JsonLines, "", &[]);
        check(
            csv,
            "a,b\n\"x\ny\",2\n\n3,4",
            &[(1, "a,b"), (2, "\"x\ny\",2"), (3, "3,4")],
        );
        check(csv, "a\"b\nc", &[(1, "a\"b"), (2, "c")]);
        check(
            Format::Json,
            "[{\"a\":\"]}\\\"\"}, 2,\n\"x\" , [1,2]]",
            &[
                (1, "{\"a\":\"]}\\\"\"}"),
                (2, "2"),
                (3, "\"x\""),
                (4, "1"),
                (5, "2"),
            ],
        );
        check(
            Format::Json,
            "{\"a\":[1]}\n{\"b\":2}",
            &[(1, "{\"a\":[1]}"), (2, "{\"b\":2}")],
        );
        check(Format::Json, "{\"a\": {\"b\":", &[(1, "{\"a\": {\"b\":")]);
        check(
            Format::Json,
            "oops } {\"a\":1}",
            &[(1, "oops"), (2, "}"), (3, "{\"a\":1}")],
        );
    }

    #[test]
    fn a_record_beyond_the_limit_is_an_error_with_its_number() {
        for (format, text) in [
            (
                Format::JsonLines,
                format!("1\n\"{}\"\n", "a".repeat(200_000)),
            ),
            (Format::Json, format!("[1,\"{}\"]", "a".repeat(200_000))),
            (
                Format::Csv { delimiter: b',' },
                format!("a\n\"{}", "a\n".repeat(200_000)),
            ),
        ] {
            let mut splitter = Splitter::new(text.as_bytes(), format, 100_000);
            let error = loop {
                match splitter.next_chunk() {
                    Ok(Some(_)) => {}
                    Ok(None) => panic!("no error"),
                    Err(error) => break error,
                }
            };
            assert!(
                error.to_string().starts_with("record 2 is larger"),
                "{error}"
            );
        }
    }

    proptest! {
        /// Whatever the input and the sizes of reads, every byte that is no
        /// separator is in exactly one record.
        #[test]
        fn loses_nothing(text in "[\\[\\]{}\",:0-9a\\\\\n\r é]{0,60}", step in 1..70_usize) {
            for format in [Format::JsonLines, Format::Json, Format::Csv { delimiter: b',' }] {
                let joined: String = records(format, &text, step).into_iter().map(|(_, text)| text).collect();
                let strip = |text: &str| -> String {
                    text.chars().filter(|sign| !sign.is_whitespace() && (format != Format::Json || !matches!(sign, ',' | '[' | ']'))).collect()
                };
                prop_assert_eq!(strip(&joined), strip(&text));
                prop_assert_eq!(records(format, &text, step), records(format, &text, 1 << 16));
            }
        }

        /// The cores of a text's pieces are the text.
        #[test]
        fn pieces_are_the_text(text in "[a-z\n é€𝄞]{0,300}", step in 1..9_usize, core in 4..40_usize, overlap in 0..20_usize) {
            let mut splitter = TextSplitter::with_sizes(Slow(text.as_bytes(), step), core, overlap);
            let mut joined = String::new();
            while let Some(piece) = splitter.next_piece().expect("memory") {
                let start = usize::try_from(piece.bytes_before).expect("small");
                prop_assert_eq!(start + piece.core.start, joined.len());
                let before = text.get(..start).expect("a border").chars().count();
                prop_assert_eq!(piece.characters_before, before as u64);
                joined.push_str(piece.text.get(piece.core).expect("a border"));
            }
            prop_assert_eq!(joined, text);
        }
    }
}
