//! A record with some of its texts replaced, and every other byte as it was.
//!
//! An edit names bytes of a value's decoded text. Where text and bytes are the
//! same they are the bytes to replace; where not (escapes, doubled quotes, bytes
//! that are not UTF-8), both are walked in step up to the edit's borders. What is
//! put in is spelled as the place asks: escaped, with doubled quotes, or with
//! quotes around the field where it had none and needs them now.
//!
//! Invariant: a failed rewrite adds nothing to the output, and no edit is left
//! out silently.

use std::borrow::Cow;
use std::ops::Range;

use memchr::memchr;

use crate::decode::{character, decode};
use crate::encoding::{Encoding, windows_1252};
use crate::{csv, json};

/// A part of a value's text, and what stands there instead.
#[derive(Clone, PartialEq, Eq)]
pub struct Edit<'a> {
    /// Which of [`crate::Values::values`], from 0.
    pub value: usize,
    /// Bytes of the value's text.
    pub range: Range<usize>,
    /// What stands there instead.
    pub with: &'a str,
}

/// Edits that cannot be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// Overlaps the edit before it, or is not after it.
    #[error("edit {0} is not after the one before it")]
    Order(usize),
    /// Names no value, or bytes that are not whole characters of it.
    #[error("edit {0} is outside its value")]
    Outside(usize),
    /// Leaves no number where one has to be, and null may not stand.
    #[error("edit {0} leaves no number where none may be null")]
    NotNull(usize),
    /// Puts in characters that the text's encoding has not.
    #[error("edit {0} puts in characters that {1} has not")]
    Unencodable(usize, &'static str),
}

/// A replacement as it is written.
pub(crate) fn encoded(with: &str, encoding: Encoding) -> Cow<'_, [u8]> {
    if encoding == Encoding::Windows1252 && !with.is_ascii() {
        Cow::Owned(windows_1252(with).unwrap_or_default())
    } else {
        Cow::Borrowed(with.as_bytes())
    }
}

/// How a value's text is spelled in the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    /// As it is.
    Plain,
    /// The inside of a JSON string.
    JsonString,
    /// A JSON number.
    JsonNumber,
    /// A field of a row.
    Csv {
        /// The byte between fields.
        delimiter: u8,
        /// Whether the row has no other field.
        alone: bool,
    },
}

/// Edits of one value are in order and on borders of characters; the number of
/// the first that is not, counted from `first`.
pub(crate) fn check(
    text: &str,
    edits: &[Edit<'_>],
    first: usize,
    encoding: Encoding,
) -> Result<(), EditError> {
    let mut done = 0;
    for (index, edit) in edits.iter().enumerate() {
        if edit.range.start < done {
            return Err(EditError::Order(first + index));
        }
        if text.get(edit.range.clone()).is_none() {
            return Err(EditError::Outside(first + index));
        }
        let narrow = encoding == Encoding::Windows1252 && !edit.with.is_ascii();
        if narrow && windows_1252(edit.with).is_none() {
            return Err(EditError::Unencodable(first + index, encoding.name()));
        }
        done = edit.range.end;
    }
    Ok(())
}

/// A value's bytes, and edits that [`check`] has passed.
pub(crate) struct Field<'a> {
    pub(crate) raw: &'a [u8],
    pub(crate) text: &'a str,
    pub(crate) edits: &'a [Edit<'a>],
    pub(crate) encoding: Encoding,
}

impl Field<'_> {
    /// Writes the bytes as edited.
    pub(crate) fn write(&self, spelling: Spelling, out: &mut Vec<u8>) {
        match spelling {
            Spelling::Plain => self.splice(self.raw, Steps::Plain, out, push, push),
            Spelling::JsonString => {
                self.splice(self.raw, Steps::Json, out, push, json::push_escaped);
            }
            Spelling::JsonNumber => match self.edits {
                [edit] if edit.range == (0..self.text.len()) && json::is_number(edit.with) => {
                    out.extend_from_slice(edit.with.as_bytes());
                }
                _ => {
                    out.push(b'"');
                    self.splice(self.raw, Steps::Plain, out, push, json::push_escaped);
                    out.push(b'"');
                }
            },
            Spelling::Csv { delimiter, alone } => self.write_row_field(delimiter, alone, out),
        }
    }

    fn write_row_field(&self, delimiter: u8, alone: bool, out: &mut Vec<u8>) {
        if let Some(inside) = csv::quoted(self.raw) {
            out.push(b'"');
            self.splice(inside, Steps::Quoted, out, push, csv::push_doubled);
            out.push(b'"');
            return;
        }
        // A quote that is syntax in a field that is not quoted as a whole.
        let half_quoted = memchr(b'"', self.raw).is_some()
            && csv::content(self.raw, delimiter).len() < self.raw.len();
        let is_special = |edit: &Edit<'_>| {
            let mut bytes = edit.with.bytes();
            bytes.any(|byte| byte == delimiter || matches!(byte, b'"' | b'\n' | b'\r'))
        };
        let needs_quotes = half_quoted || self.edits.iter().any(is_special);
        let begin = out.len();
        if half_quoted && self.write_half_quoted(&is_special, out).is_some() {
            return;
        }
        out.truncate(begin);
        if needs_quotes {
            // A quote that the field has is now one to double; those that were syntax go.
            let mut content = csv::content(self.raw, delimiter);
            if decode(&content).0 != self.text {
                // Bytes that are not UTF-8 by themselves, and are without the quote between.
                content = self.text.as_bytes().to_vec();
            }
            out.push(b'"');
            let doubled = csv::push_doubled;
            self.splice(&content, Steps::Plain, out, doubled, doubled);
            out.push(b'"');
        } else {
            self.splice(self.raw, Steps::Plain, out, push, push);
            if alone && out.len() == begin {
                // A row of nothing would be read as no row.
                out.extend_from_slice(b"\"\"");
            }
        }
    }

    /// Writes a field of which the begin is quoted, and leaves its quotes where they
    /// are; none, and nonsense, where an edit takes one or would need others.
    fn write_half_quoted(
        &self,
        is_special: &dyn Fn(&Edit<'_>) -> bool,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        let (inside, tail) = csv::half_quoted(self.raw)?;
        let quotes = memchr::memchr_iter(b'"', inside).count() / 2;
        let head = decode(inside).0.len().checked_sub(quotes)?;
        if decode(tail).0 != self.text.get(head..)? || tail.contains(&b'\r') {
            return None;
        }
        let count = self.edits.partition_point(|edit| edit.range.end <= head);
        let (edits, rest) = self.edits.split_at(count);
        if rest
            .iter()
            .any(|edit| edit.range.start < head || is_special(edit))
        {
            return None;
        }
        let part = |raw, text, edits| Field {
            raw,
            text,
            edits,
            encoding: self.encoding,
        };
        out.push(b'"');
        let quoted = part(inside, self.text.get(..head)?, edits);
        quoted.splice(inside, Steps::Quoted, out, push, csv::push_doubled);
        out.push(b'"');
        let after = out.len();
        let moved: Vec<_> = rest
            .iter()
            .map(|edit| Edit {
                range: edit.range.start - head..edit.range.end - head,
                ..edit.clone()
            })
            .collect();
        let plain = part(tail, self.text.get(head..)?, &moved);
        plain.splice(tail, Steps::Plain, out, push, push);
        // A quote right after the quoted part would be its second.
        (out.get(after) != Some(&b'"')).then_some(())
    }

    /// Copies bytes with replacements in them.
    fn splice(
        &self,
        raw: &[u8],
        steps: Steps,
        out: &mut Vec<u8>,
        keep: fn(&mut Vec<u8>, &[u8]),
        put: fn(&mut Vec<u8>, &[u8]),
    ) {
        let mut cursor = Cursor::new(raw, self.text, steps);
        let mut done = 0;
        for edit in self.edits {
            let start = cursor.seek(edit.range.start);
            keep(out, raw.get(done..start).unwrap_or(&[]));
            put(out, &encoded(edit.with, self.encoding));
            done = cursor.seek(edit.range.end);
        }
        keep(out, raw.get(done..).unwrap_or(&[]));
    }
}

fn push(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(bytes);
}

/// Writes the bytes of a text with replacements. `raw` are its bytes.
pub(crate) fn plain<'a>(
    raw: &[u8],
    text: &str,
    edits: impl Iterator<Item = (Range<usize>, Cow<'a, [u8]>)>,
    out: &mut Vec<u8>,
) {
    let mut cursor = Cursor::new(raw, text, Steps::Plain);
    let mut done = 0;
    for (range, with) in edits {
        let start = cursor.seek(range.start);
        out.extend_from_slice(raw.get(done..start).unwrap_or(&[]));
        out.extend_from_slice(&with);
        done = cursor.seek(range.end);
    }
    out.extend_from_slice(raw.get(done..).unwrap_or(&[]));
}

/// Writes a text that is no record with parts of it replaced; `raw` are its bytes,
/// of which those that are not UTF-8 are text as [`decode`] has it. Edits are of
/// value 0. Where they cannot be made, nothing is written.
pub fn rewrite_text(raw: &[u8], edits: &[Edit<'_>], out: &mut Vec<u8>) -> Result<(), EditError> {
    let (text, _) = decode(raw);
    check(&text, edits, 0, Encoding::Utf8)?;
    let edits = edits
        .iter()
        .map(|edit| (edit.range.clone(), Cow::Borrowed(edit.with.as_bytes())));
    plain(raw, &text, edits, out);
    Ok(())
}

/// What may stand for other than itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Steps {
    /// Only bytes that are not UTF-8.
    Plain,
    /// Escapes as well.
    Json,
    /// A doubled quote as well.
    Quoted,
}

/// Walks bytes and the text they stand for in step.
struct Cursor<'a> {
    raw: &'a [u8],
    at: usize,
    text: usize,
    /// None where bytes and text are the same.
    steps: Option<Steps>,
}

impl<'a> Cursor<'a> {
    fn new(raw: &'a [u8], text: &str, steps: Steps) -> Self {
        let same = raw == text.as_bytes();
        Self {
            raw,
            at: 0,
            text: 0,
            steps: (!same).then_some(steps),
        }
    }

    /// The byte at which a place of the text begins; places are asked in order.
    fn seek(&mut self, to: usize) -> usize {
        let Some(steps) = self.steps else {
            return to;
        };
        while self.text < to {
            let rest = self.raw.get(self.at..).unwrap_or(&[]);
            // Up to what stands for something else, bytes stand for themselves.
            let near = rest.get(..to - self.text).unwrap_or(rest);
            let run = match steps {
                Steps::Plain => near.len(),
                Steps::Json => memchr(b'\\', near).unwrap_or(near.len()),
                Steps::Quoted => memchr(b'"', near).unwrap_or(near.len()),
            };
            let run = near.get(..run).unwrap_or(&[]);
            let run = run
                .iter()
                .position(|byte| !byte.is_ascii())
                .unwrap_or(run.len());
            if run > 0 {
                self.at += run;
                self.text += run;
                continue;
            }
            let step = match rest.first() {
                None => break,
                Some(b'\\') if steps == Steps::Json => json::escape(rest),
                Some(b'"') if steps == Steps::Quoted => Some((2, 1)),
                Some(_) => None,
            };
            let (bytes, text) = step.unwrap_or_else(|| character(rest));
            self.at += bytes;
            self.text += text;
        }
        self.at
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Format, Values};
    use proptest::prelude::*;

    const CSV: Format = Format::Csv { delimiter: b',' };

    fn rewritten(
        format: Format,
        record: &[u8],
        edits: &[(usize, Range<usize>, &str)],
    ) -> Result<Vec<u8>, EditError> {
        let mut values = Values::new(format, vec![String::new(); 8]);
        values.read(record, &mut |name| name.contains('@'));
        let edits: Vec<_> = edits
            .iter()
            .map(|(value, range, with)| Edit {
                value: *value,
                range: range.clone(),
                with,
            })
            .collect();
        let mut out = b"kept".to_vec();
        let result = values.rewrite(record, &edits, &mut out);
        let written = out.strip_prefix(b"kept").expect("what was there").to_vec();
        assert!(result.is_ok() || written.is_empty());
        result.map(|()| written)
    }

    fn check(format: Format, record: &[u8], edits: &[(usize, Range<usize>, &str)], want: &[u8]) {
        let found = rewritten(format, record, edits).expect("good edits");
        let show = String::from_utf8_lossy;
        assert_eq!(show(&found), show(want), "{}", show(record));
        assert_eq!(found, want);
    }

    #[test]
    fn json_keeps_all_that_is_not_edited() {
        let record = br#" { "a" : "x\u0040y \u00e9z\/" , "n": 1.50e1, "b":[ "\ud83d\ude00q" ] } "#;
        for (edits, want) in [
            (vec![], &record[..]),
            (
                vec![(0, 0..3, "[E]")],
                br#" { "a" : "[E] \u00e9z\/" , "n": 1.50e1, "b":[ "\ud83d\ude00q" ] } "#,
            ),
            (
                vec![(0, 4..6, "\"\\\n"), (2, 4..5, "Q")],
                br#" { "a" : "x\u0040y \"\\\nz\/" , "n": 1.50e1, "b":[ "\ud83d\ude00Q" ] } "#,
            ),
            (
                vec![(0, 7..8, ""), (1, 0..6, "-7"), (2, 0..4, "\u{1}é")],
                " { \"a\" : \"x\\u0040y \\u00e9z\" , \"n\": -7, \"b\":[ \"\\u0001éq\" ] } "
                    .as_bytes(),
            ),
            (
                vec![(1, 0..6, "[N]")],
                br#" { "a" : "x\u0040y \u00e9z\/" , "n": "[N]", "b":[ "\ud83d\ude00q" ] } "#,
            ),
            (
                vec![(1, 0..2, "0")],
                br#" { "a" : "x\u0040y \u00e9z\/" , "n": "050e1", "b":[ "\ud83d\ude00q" ] } "#,
            ),
        ] {
            check(Format::JsonLines, record, &edits, want);
            check(Format::Json, record, &edits, want);
        }
        let lines = Format::JsonLines;
        check(
            lines,
            b"{\"a@b\":\"\"}",
            &[(0, 0..3, "k"), (1, 0..0, "v")],
            b"{\"k\":\"v\"}",
        );
        // No JSON: the line is one text.
        check(lines, b"{\"a\": b@c\n", &[(0, 6..9, "\"")], b"{\"a\": \"\n");
        // Bytes that are not UTF-8 stand for two bytes of text.
        check(
            lines,
            b"{\"\xe9\":\"\xe9t\xe9 \\u00e9!\"}\n",
            &[(0, 2..3, "T")],
            b"{\"\xe9\":\"\xe9T\xe9 \\u00e9!\"}\n",
        );
        check(
            lines,
            b"{\"\xe9\":\"\xe9t\xe9 \\u00e9!\"}\n",
            &[(0, 8..9, "?")],
            b"{\"\xe9\":\"\xe9t\xe9 \\u00e9?\"}\n",
        );
    }

    #[test]
    fn rows_are_quoted_where_they_have_to_be() {
        for (record, edits, want) in [
            ("a,b\r\n", vec![(1, 0..1, "[X]")], "a,[X]\r\n"),
            ("a,b\r\n", vec![(0, 0..1, "x,y")], "\"x,y\",b\r\n"),
            ("a\"q,b", vec![(0, 0..1, "x\ny")], "\"x\ny\"\"q\",b"),
            (
                "\"a \"\"q\"\" b\",c\n",
                vec![(0, 3..4, "Q\"")],
                "\"a \"\"Q\"\"\"\" b\",c\n",
            ),
            (
                "\"a \"\"q\"\" b\",c\n",
                vec![(0, 2..5, "x")],
                "\"a x b\",c\n",
            ),
            ("\"a\"tail,c\n", vec![(0, 1..5, "x")], "\"a\"x,c\n"),
            ("\"a\"tail,c\n", vec![(0, 0..5, "x")], "\"x\",c\n"),
            ("\"a\"tail,c\n", vec![(0, 1..5, ",")], "\"a,\",c\n"),
            (
                "\"a \"\"q\"\"\" t\"t,c\n",
                vec![(0, 0..1, "\""), (0, 6..7, "x")],
                "\"\"\" \"\"q\"\"\" x\"t,c\n",
            ),
            ("\"a\" \"t,c\n", vec![(0, 1..2, "")], "\"a\"\"t\",c\n"),
            ("\"open,c\n", vec![(0, 0..4, "x")], "\"x,c\"\n"),
            ("one\n", vec![(0, 0..3, "")], "\"\"\n"),
            ("\"one\"\n", vec![(0, 0..3, "")], "\"\"\n"),
            ("one,\n", vec![(0, 0..3, ""), (1, 0..0, "new")], ",new\n"),
        ] {
            check(CSV, record.as_bytes(), &edits, want.as_bytes());
        }
        check(
            CSV,
            b"\xe9\"a,\xe9b",
            &[(0, 3..4, ","), (1, 2..3, "c")],
            b"\"\xe9\"\",\",\xe9c",
        );
    }

    #[test]
    fn what_is_put_into_windows_1252_is_that() {
        let write = |with: &str| {
            let record = b"{\"a\":\"Jos\xe9\"}";
            let mut values = Values::new(Format::JsonLines, Vec::new());
            values.set_encoding(Encoding::Windows1252);
            values.read(record, &mut |_| false);
            let range = 0..3;
            let mut out = Vec::new();
            let edit = Edit {
                value: 0,
                range,
                with,
            };
            values.rewrite(record, &[edit], &mut out).map(|()| out)
        };
        assert_eq!(write("Ren\"é"), Ok(b"{\"a\":\"Ren\\\"\xe9\xe9\"}".to_vec()));
        assert_eq!(write("ł"), Err(EditError::Unencodable(0, "windows-1252")));
    }

    #[test]
    fn edits_that_cannot_be_made_write_nothing() {
        let record = "{\"a\":\"é€\",\"b\":\"x\"}".as_bytes();
        for (edits, want) in [
            (vec![(2, 0..0, "")], EditError::Outside(0)),
            (vec![(0, 0..2, "y"), (1, 0..2, "")], EditError::Outside(1)),
            (vec![(0, 1..2, "")], EditError::Outside(0)),
            (vec![(0, 0..2, ""), (0, 0..2, "")], EditError::Order(1)),
            (vec![(1, 0..1, ""), (0, 0..2, "")], EditError::Order(1)),
        ] {
            assert_eq!(rewritten(Format::JsonLines, record, &edits), Err(want));
        }
    }

    /// A part of a text by two fractions, on borders of characters.
    fn part(text: &str, (from, length): (usize, usize)) -> Range<usize> {
        let from = text.ceil_char_boundary(from % (text.len() + 1));
        let to = text.ceil_char_boundary(from + length % (text.len() - from + 1));
        from..to
    }

    /// Reads, edits, and reads again: the texts are as edited, and the bytes that
    /// no edited value has are the same.
    fn holds(format: Format, record: &[u8], places: &[(usize, usize)], with: &str) -> Vec<u8> {
        let columns = vec![String::new(); 64];
        let mut values = Values::new(format, columns.clone());
        values.read(record, &mut |_| true);
        let mut edits = Vec::new();
        let mut want = Vec::new();
        let mut gaps = Vec::new();
        let mut done = 0;
        for (number, (value, place)) in values.values().zip(places.iter().cycle()).enumerate() {
            let mut text = value.text.to_owned();
            if number % 3 != 2 {
                let range = part(&text, *place);
                text.replace_range(range.clone(), with);
                edits.push(Edit {
                    value: number,
                    range,
                    with,
                });
                gaps.push(
                    record
                        .get(done..value.raw.start)
                        .expect("in order")
                        .to_vec(),
                );
                done = value.raw.end;
            }
            want.push(text);
        }
        gaps.push(record.get(done..).expect("in order").to_vec());
        let mut out = Vec::new();
        values
            .rewrite(record, &edits, &mut out)
            .expect("good edits");
        let mut rest = out.as_slice();
        for gap in gaps {
            // A number that became a string has quotes beside it now.
            let at = memchr::memmem::find(rest, &gap).expect("the bytes between values");
            rest = &rest[at + gap.len()..];
        }
        let mut again = Values::new(format, columns);
        again.read(&out, &mut |_| true);
        let found: Vec<_> = again.values().map(|value| value.text.to_owned()).collect();
        assert_eq!(found, want);
        out
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]

        #[test]
        fn json_is_as_edited(
            members in proptest::collection::vec(("\\PC{0,4}", r#"(\\PC|[a-z"\\\n/é😀]|\\\\u00e9){0,8}"#, any::<Option<i32>>()), 1..5),
            places in proptest::collection::vec((0..40_usize, 0..40_usize), 1..5),
            with in "[x\"\\\\\n,é1]{0,4}",
            ascii: bool,
        ) {
            let mut record = String::from("{ ");
            for (number, (name, text, digits)) in members.iter().enumerate() {
                use std::fmt::Write as _;
                let quote = |text: &str| {
                    let text = serde_json::to_string(text).expect("text");
                    if !ascii {
                        return text;
                    }
                    // As writers do that escape all that is not ASCII.
                    text.encode_utf16().fold(String::new(), |mut out, unit| {
                        match u8::try_from(unit) {
                            Ok(byte) if byte.is_ascii() => out.push(char::from(byte)),
                            _ => { let _ = write!(out, "\\u{unit:04x}"); }
                        }
                        out
                    })
                };
                let _ = write!(record, "{} :{}", quote(name), quote(text));
                if let Some(digits) = digits {
                    let _ = write!(record, ", \"n{number}\":\t{digits}");
                }
                record.push_str(if number + 1 < members.len() { " ,\n" } else { "}\r\n" });
            }
            let out = holds(Format::Json, record.as_bytes(), &places, &with);
            // The judge that it is still JSON is `serde_json`.
            prop_assert!(serde_json::from_slice::<serde_json::Value>(&out).is_ok());
        }

        #[test]
        fn rows_are_as_edited(
            row in proptest::collection::vec("[a-c\",\n é€]{0,6}", 1..6),
            places in proptest::collection::vec((0..20_usize, 0..20_usize), 1..5),
            with in "[x\",\n é]{0,3}",
        ) {
            let mut writer = ::csv::Writer::from_writer(Vec::new());
            writer.write_record(&row).expect("memory");
            let record = writer.into_inner().expect("memory");
            let out = holds(CSV, &record, &places, &with);
            let mut values = Values::new(CSV, vec![String::new(); 64]);
            values.read(&out, &mut |_| false);
            let found: Vec<_> = values.values().map(|value| value.text.to_owned()).collect();
            // The judge is the crate `csv`.
            let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(out.as_slice());
            let theirs = reader.records().next().expect("a row").expect("a row");
            prop_assert_eq!(theirs.iter().collect::<Vec<_>>(), found);
        }

        /// Bytes that are not UTF-8, and rows and JSON that nobody wrote on purpose.
        #[test]
        fn any_bytes_are_kept(
            record in proptest::collection::vec(prop_oneof![Just(b'"'), Just(b'\\'), Just(b','), Just(b'{'), Just(b'a'), Just(0xe9), Just(0xc3), any::<u8>()], 0..40),
            json: bool,
        ) {
            let mut record = record;
            if json {
                record.retain(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f));
                record.splice(0..0, *b"{\"k\":\"");
                record.extend_from_slice(b"\", \"n\":1}");
            }
            for format in [Format::JsonLines, CSV, Format::Text] {
                check(format, &record, &[], &record);
                let mut values = Values::new(format, Vec::new());
                values.read(&record, &mut |_| true);
                // Each value replaced by nothing but itself at its ends.
                let edits: Vec<_> = values.values().enumerate().flat_map(|(value, item)| {
                    let length = item.text.len();
                    [0..0, length..length].map(|range| (value, range))
                }).map(|(value, range)| Edit { value, range, with: "" }).collect();
                let mut out = Vec::new();
                values.rewrite(&record, &edits, &mut out).expect("good edits");
                if format != CSV && !(json && format == Format::JsonLines) {
                    prop_assert_eq!(&out, &record);
                }
                // With everything replaced nothing of it is left.
                let edits: Vec<_> = values.values().enumerate().map(|(value, item)| Edit { value, range: 0..item.text.len(), with: "" }).collect();
                let mut out = Vec::new();
                values.rewrite(&record, &edits, &mut out).expect("good edits");
                let mut again = Values::new(format, Vec::new());
                again.read(&out, &mut |_| true);
                prop_assert!(again.values().all(|value| value.text.is_empty()));
            }
        }
    }
}
