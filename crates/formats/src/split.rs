//! A stream to chunks of whole records, with bounded memory.

use std::borrow::Cow;
use std::io::Read;
use std::ops::Range;

use memchr::{memchr, memchr2, memrchr};

use crate::avro::{self, Head};
use crate::csv::State;
use crate::decode::floor_boundary;
use crate::rewrite::{self, Edit, EditError};
use crate::{Encoding, Format, ReadError, decode};

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

/// Whole records, and what stands before, between and after them: all chunks'
/// bytes joined are the stream.
#[derive(Clone, Default)]
pub struct Chunk {
    /// The bytes of all.
    pub bytes: Vec<u8>,
    /// Each one's place, in order.
    pub records: Vec<Record>,
}

impl Chunk {
    /// Writes the chunk with each record as `write` writes it; blank lines, a
    /// header, a byte-order mark and a list's brackets as they are.
    pub fn rewrite<E>(
        &self,
        out: &mut Vec<u8>,
        mut write: impl FnMut(&Record, &[u8], &mut Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut done = 0;
        for record in &self.records {
            let Range { start, end } = record.range;
            out.extend_from_slice(self.bytes.get(done..start).unwrap_or(&[]));
            write(record, self.bytes.get(start..end).unwrap_or(&[]), out)?;
            done = end;
        }
        out.extend_from_slice(self.bytes.get(done..).unwrap_or(&[]));
        Ok(())
    }
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
    /// Rows of the record before, by which the next one's number is told.
    rows: u64,
}

/// What comes next in a stream.
enum Step {
    /// A record, by its place in the buffer.
    Record(Range<usize>),
    /// Nothing yet, and enough read for a chunk.
    Full,
    End,
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
            rows: 1,
        }
    }

    /// Takes the first row of CSV as the names of columns, when `is_header` says
    /// so of its fields; otherwise it stays a record and columns are called by
    /// their number. Of Avro it is what [`crate::Values`] has to know of the container.
    /// Empty for other formats. To be called before the first chunk.
    pub fn header(
        &mut self,
        is_header: impl FnOnce(&[String]) -> bool,
    ) -> Result<Vec<String>, ReadError> {
        if self.format == Format::Avro {
            return self.avro_head();
        }
        let Format::Csv { delimiter } = self.format else {
            return Ok(Vec::new());
        };
        let Step::Record(range) = self.next_step()? else {
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

    fn avro_head(&mut self) -> Result<Vec<String>, ReadError> {
        const WHAT: &str = "Avro container";
        loop {
            match avro::head(&self.buffer) {
                Head::Whole(length, told) => {
                    (self.begin, self.at, self.started) = (length, length, true);
                    return Ok(told);
                }
                Head::Wrong(what) => return Err(ReadError::Malformed(WHAT, what)),
                Head::Short if self.ended => {
                    return Err(ReadError::Malformed(WHAT, "its head is cut off"));
                }
                Head::Short => self.fill()?,
            }
        }
    }

    /// The next records; none at the end. A chunk may be without records, where
    /// there is much between them.
    pub fn next_chunk(&mut self) -> Result<Option<Chunk>, ReadError> {
        let mut chunk = Chunk::default();
        while let Step::Record(range) = self.next_step()? {
            chunk.records.push(Record {
                number: self.number,
                range,
            });
            if self.begin >= CHUNK {
                break;
            }
        }
        let rest = self.buffer.split_off(self.begin);
        chunk.bytes = std::mem::replace(&mut self.buffer, rest);
        self.at -= self.begin;
        self.begin = 0;
        Ok((!chunk.bytes.is_empty()).then_some(chunk))
    }

    /// Goes on to the next record that is not blank.
    fn next_step(&mut self) -> Result<Step, ReadError> {
        if !self.format.is_stream() {
            return Err(ReadError::NoStream);
        }
        loop {
            if self.begin >= CHUNK {
                return Ok(Step::Full);
            }
            if let Some(range) = self.search() {
                if range.len() > self.limit {
                    return Err(self.too_large());
                }
                if self.count(&range) {
                    return Ok(Step::Record(range));
                }
            } else if self.ended {
                let range = self.begin..self.buffer.len();
                (self.begin, self.at) = (range.end, range.end);
                self.json = Json::default();
                let left = !range.is_empty() && self.count(&range);
                return Ok(if left { Step::Record(range) } else { Step::End });
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
        if self.format == Format::Avro {
            self.number += self.rows;
            self.rows = avro::block(bytes).map_or(1, |block| block.0);
            return true;
        }
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
                (self.begin, self.at) = (BOM.len(), BOM.len());
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
            // What is wrong with one, its reader says.
            Format::Avro => avro::block(self.buffer.get(self.begin..)?)
                .map(|block| block.1)
                .filter(|length| *length <= self.buffer.len() - self.begin)
                .map(|length| length - (self.at - self.begin).min(length)),
            // Up to the end of the stream.
            Format::Mail => None,
            Format::Mbox => {
                // What was searched may end inside what begins a message.
                let from = self.at.saturating_sub(MBOX.len() + 2).max(self.begin);
                let message = next_message(self.buffer.get(from..)?);
                self.at = if message.is_some() { from } else { self.at };
                message
            }
            _ => memchr(b'\n', rest).map(|at| at + 1),
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

/// Begins a message after a blank line.
const MBOX: &[u8] = b"\nFrom ";

/// Where the next message of a mailbox begins.
fn next_message(bytes: &[u8]) -> Option<usize> {
    memchr::memmem::find_iter(bytes, MBOX)
        .find(|at| {
            let before = bytes.get(..*at).unwrap_or(&[]);
            before.ends_with(b"\n") || before.ends_with(b"\n\r")
        })
        .map(|at| at + 1)
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
    /// Bytes and characters of the decoded document before `text`.
    pub bytes_before: u64,
    /// Characters before `text`.
    pub characters_before: u64,
    /// Whether bytes were not UTF-8.
    pub mended: bool,
    /// The bytes of the core, where some were not UTF-8.
    raw: Vec<u8>,
    /// Of what is put in.
    encoding: Encoding,
}

impl Piece {
    /// Writes the bytes of the core, with parts of `text` replaced; to be called
    /// for one piece after the other.
    ///
    /// `taken` bytes at the core's begin belong to an edit of the piece before,
    /// which is what this returns for the next. Edits begin in the core or are left
    /// out, since another piece answers for them; so is what is taken already.
    pub fn rewrite(
        &self,
        taken: usize,
        edits: &[Edit<'_>],
        out: &mut Vec<u8>,
    ) -> Result<usize, EditError> {
        if let Some(number) = edits.iter().position(|edit| edit.value != 0) {
            return Err(EditError::Outside(number));
        }
        rewrite::check(&self.text, edits, 0, self.encoding)?;
        let core = self.text.get(self.core.clone()).unwrap_or("");
        let raw = if self.raw.is_empty() {
            core.as_bytes()
        } else {
            &self.raw
        };
        let first = self.core.start + taken;
        if first >= self.core.end {
            return Ok(first - self.core.end);
        }
        let mut end = self.core.end;
        let edits = edits
            .iter()
            .filter(|edit| {
                self.core.contains(&edit.range.start)
                    && (edit.range.end > first || edit.range.start >= first)
            })
            .map(|edit| {
                end = end.max(edit.range.end);
                let start = edit.range.start.max(first) - self.core.start;
                let stop = edit.range.end.min(self.core.end) - self.core.start;
                (start..stop, rewrite::encoded(edit.with, self.encoding))
            });
        // What is taken is an edit that puts nothing there.
        let before = (taken > 0).then_some((0..taken, Cow::Borrowed(&[][..])));
        rewrite::plain(raw, core, before.into_iter().chain(edits), out);
        Ok(end - self.core.end)
    }
}

/// Cuts a text into pieces that overlap, so that no border hides a value.
pub struct TextSplitter<R> {
    reader: R,
    /// From before the core on.
    window: Vec<u8>,
    /// Where the core begins in the window.
    core: usize,
    bytes_before: u64,
    characters_before: u64,
    ended: bool,
    sizes: (usize, usize),
    encoding: Encoding,
}

impl<R: Read> TextSplitter<R> {
    /// Reads a document.
    pub fn new(reader: R) -> Self {
        Self::with_sizes(reader, CORE, OVERLAP)
    }

    fn with_sizes(reader: R, core: usize, overlap: usize) -> Self {
        Self {
            reader,
            window: Vec::new(),
            core: 0,
            bytes_before: 0,
            characters_before: 0,
            ended: false,
            sizes: (core, overlap),
            encoding: Encoding::Utf8,
        }
    }

    /// Writes replacements in this encoding, as [`crate::Values::set_encoding`] does.
    pub fn set_encoding(&mut self, encoding: Encoding) {
        self.encoding = encoding;
    }

    /// The next piece; none at the end.
    pub fn next_piece(&mut self) -> Result<Option<Piece>, ReadError> {
        let (core, overlap) = self.sizes;
        // Two characters more, so that no border is inside the last.
        let wanted = self.core + core + overlap + 8;
        while !self.ended && self.window.len() < wanted {
            self.fill()?;
        }
        if self.core >= self.window.len() {
            return Ok(None);
        }
        let end = if self.ended && self.window.len() <= self.core + core + overlap {
            self.window.len()
        } else {
            // At a line's end where there is one in the second half.
            let half = self.core + core / 2;
            let line = self.window.get(half..self.core + core);
            line.and_then(|line| memrchr(b'\n', line)).map_or_else(
                || ceil_boundary(&self.window, self.core + core),
                |at| half + at + 1,
            )
        };
        let seen = ceil_boundary(&self.window, end.saturating_add(overlap));
        let keep = floor_boundary(&self.window, end.saturating_sub(overlap)).min(end);
        let (text, mended) = decode(self.window.get(..seen).unwrap_or(&[]));
        // In the text, a place is where it is in the bytes, or what is before is longer.
        let place = |at: usize| {
            if mended {
                decode(self.window.get(..at).unwrap_or(&[])).0.len()
            } else {
                at
            }
        };
        let core = place(self.core)..place(end);
        let raw = self.window.get(self.core..end).unwrap_or(&[]);
        let same = !mended || text.as_bytes().get(core.clone()) == Some(raw);
        let kept = place(keep);
        let (bytes_before, characters_before) = (self.bytes_before, self.characters_before);
        self.bytes_before += kept as u64;
        self.characters_before += text.get(..kept).unwrap_or("").chars().count() as u64;
        let piece = Piece {
            core,
            bytes_before,
            characters_before,
            mended,
            raw: if same { Vec::new() } else { raw.to_vec() },
            text: text.into_owned(),
            encoding: self.encoding,
        };
        self.window.drain(..keep);
        self.core = end - keep;
        Ok(Some(piece))
    }

    fn fill(&mut self) -> Result<(), ReadError> {
        let length = self.window.len();
        self.window.resize(length + READ, 0);
        let read = read(&mut self.reader, &mut self.window[length..]);
        self.window.truncate(length + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        Ok(())
    }
}

/// The first place at or after one where a character begins.
fn ceil_boundary(bytes: &[u8], at: usize) -> usize {
    let mut at = at.min(bytes.len());
    while floor_boundary(bytes, at) != at {
        at += 1;
    }
    at
}

pub(crate) fn read(reader: &mut impl Read, buffer: &mut [u8]) -> std::io::Result<usize> {
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
    use crate::Values;
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

        /// Chunks joined are the stream, whatever is in it and however it is read,
        /// and so is what is written when nothing is edited.
        #[test]
        fn chunks_are_the_stream(
            bytes in proptest::collection::vec(prop_oneof![Just(b'"'), Just(b'\\'), Just(b','), Just(b'{'), Just(b']'), Just(b'\n'), Just(b'\r'), Just(b' '), Just(b'a'), any::<u8>()], 0..80),
            mark: bool,
            header: bool,
            step in 1..70_usize,
        ) {
            let mut bytes = bytes;
            if mark {
                bytes = [BOM, &bytes].concat();
            }
            for format in [Format::JsonLines, Format::Json, Format::Csv { delimiter: b',' }] {
                let mut splitter = Splitter::new(Slow(&bytes, step), format, 1 << 20);
                let columns = splitter.header(|_| header).expect("memory");
                let mut values = Values::new(format, columns);
                let (mut joined, mut written) = (Vec::new(), Vec::new());
                while let Some(chunk) = splitter.next_chunk().expect("within the limit") {
                    joined.extend_from_slice(&chunk.bytes);
                    chunk.rewrite(&mut written, |_, record, out| {
                        values.read(record, &mut |_| true);
                        values.rewrite(record, &[], out)
                    }).expect("no edits");
                }
                prop_assert_eq!(&joined, &bytes);
                prop_assert_eq!(&written, &bytes);
            }
        }

        /// Pieces joined are the bytes of the text, and an edit is made once, wherever
        /// the borders are.
        #[test]
        fn pieces_are_the_bytes(
            bytes in proptest::collection::vec(prop_oneof![Just(b'a'), Just(b'b'), Just(b'a'), Just(b'@'), Just(b'\n'), Just(0xe9), Just(0xc3), Just(0xa9), any::<u8>()], 0..200),
            step in 1..9_usize,
            core in 4..40_usize,
            overlap in 12..20_usize,
        ) {
            let edit = |edited: bool| {
                let mut splitter = TextSplitter::with_sizes(Slow(&bytes, step), core, overlap);
                let (mut joined, mut taken) = (Vec::new(), 0);
                while let Some(piece) = splitter.next_piece().expect("memory") {
                    // From each sign on, at most three more signs.
                    let mut edits: Vec<Edit> = Vec::new();
                    for (start, _) in piece.text.match_indices('@').filter(|_| edited) {
                        let rest = piece.text.get(start..).unwrap_or("");
                        let length = rest.char_indices().nth(4).map_or(rest.len(), |(at, _)| at);
                        if edits.last().is_none_or(|last| last.range.end <= start) {
                            edits.push(Edit { value: 0, range: start..start + length, with: "_" });
                        }
                    }
                    taken = piece.rewrite(taken, &edits, &mut joined).expect("good edits");
                }
                joined
            };
            prop_assert_eq!(edit(false), bytes.clone());
            prop_assert!(!edit(true).contains(&b'@'));
            // As edited in one piece, where no two signs are near.
            let text = decode(&bytes).0.into_owned();
            let places: Vec<_> = text.chars().enumerate().filter(|(_, sign)| *sign == '@').map(|(at, _)| at).collect();
            if places.windows(2).all(|pair| pair[1] - pair[0] > 4) {
                let signs: Vec<_> = text.chars().collect();
                let mut want = String::new();
                let mut at = 0;
                while at < signs.len() {
                    if signs[at] == '@' { want.push('_'); at += 4 } else { want.push(signs[at]); at += 1 }
                }
                prop_assert_eq!(decode(&edit(true)).0.chars().count(), want.chars().count());
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
