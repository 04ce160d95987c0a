//! Rows with quotes (RFC 4180). A quote opens a field only at its begin; a
//! doubled one inside is one.

use std::fmt::Write as _;

use crate::values::{Part, Sink};

/// Where a reader of bytes stands in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum State {
    #[default]
    FieldStart,
    Plain,
    Quoted,
    /// After a quote inside a quoted field: the end, or the first of two.
    QuoteInQuoted,
}

impl State {
    pub(crate) fn next(self, byte: u8, delimiter: u8) -> Self {
        match (self, byte) {
            (Self::Quoted, b'"') => Self::QuoteInQuoted,
            (Self::Quoted, _) => Self::Quoted,
            (_, b'\n' | b'\r') => Self::FieldStart,
            (_, byte) if byte == delimiter => Self::FieldStart,
            (Self::FieldStart | Self::QuoteInQuoted, b'"') => Self::Quoted,
            _ => Self::Plain,
        }
    }
}

/// Gives the fields of one row; how many there are. A column without a name is
/// called by its number.
pub(crate) fn fields(text: &str, delimiter: u8, sink: &mut Sink, columns: &[String]) -> usize {
    let text = text.trim_end_matches(['\n', '\r']);
    let bytes = text.as_bytes();
    let mut count = 0;
    let mut at = 0;
    loop {
        sink.path.clear();
        match columns.get(count).filter(|name| !name.is_empty()) {
            Some(name) => sink.path.push_str(name),
            None => {
                let _ = write!(sink.path, "column {}", count + 1);
            }
        }
        let begin = sink.texts.len();
        let from = at;
        let mut state = State::FieldStart;
        let mut plain = at;
        while let Some(&byte) = bytes.get(at) {
            let next = state.next(byte, delimiter);
            if next == State::FieldStart && state != State::Quoted && byte == delimiter {
                break;
            }
            // Quotes that are syntax are left out; all are ASCII, so borders hold.
            let syntax = matches!(
                (state, next),
                (State::FieldStart, State::Quoted) | (State::Quoted, State::QuoteInQuoted)
            );
            if syntax {
                sink.texts.push_str(text.get(plain..at).unwrap_or(""));
                plain = at + 1;
            }
            state = next;
            at += 1;
        }
        sink.texts.push_str(text.get(plain..at).unwrap_or(""));
        sink.end_text(begin, from..at, Part::Value);
        count += 1;
        if at >= bytes.len() {
            return count;
        }
        at += 1;
    }
}

/// The inside of a field that begins and ends with a quote, all others doubled.
pub(crate) fn quoted(raw: &[u8]) -> Option<&[u8]> {
    let inside = raw.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let mut at = 0;
    while let Some(next) = memchr::memchr(b'"', inside.get(at..)?) {
        if inside.get(at + next + 1) != Some(&b'"') {
            return None;
        }
        at += next + 2;
    }
    Some(inside)
}

/// The inside of the quotes that a field begins with, and what stands after them.
pub(crate) fn half_quoted(raw: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = raw.strip_prefix(b"\"")?;
    let mut at = 0;
    loop {
        at += memchr::memchr(b'"', inside.get(at..)?)?;
        if inside.get(at + 1) != Some(&b'"') {
            return Some((inside.get(..at)?, inside.get(at + 1..)?));
        }
        at += 2;
    }
}

/// A field's bytes without the quotes that are syntax.
pub(crate) fn content(raw: &[u8], delimiter: u8) -> Vec<u8> {
    let mut state = State::FieldStart;
    let mut out = Vec::with_capacity(raw.len());
    for &byte in raw {
        let next = state.next(byte, delimiter);
        let syntax = matches!(
            (state, next),
            (State::FieldStart, State::Quoted) | (State::Quoted, State::QuoteInQuoted)
        );
        if !syntax {
            out.push(byte);
        }
        state = next;
    }
    out
}

/// Writes a text as the inside of a quoted field.
pub(crate) fn push_doubled(out: &mut Vec<u8>, text: &[u8]) {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'"', rest) {
        let (head, tail) = rest.split_at(at + 1);
        out.extend_from_slice(head);
        out.push(b'"');
        rest = tail;
    }
    out.extend_from_slice(rest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<String> {
        let mut sink = Sink::default();
        fields(text, b',', &mut sink, &[]);
        sink.values().map(|value| value.text.to_owned()).collect()
    }

    #[test]
    fn reads_quotes() {
        for (text, want) in [
            ("a,b\n", vec!["a", "b"]),
            ("\"a,b\",c\r\n", vec!["a,b", "c"]),
            ("\"a \"\"q\"\"\",", vec!["a \"q\"", ""]),
            ("a\"b,c", vec!["a\"b", "c"]),
            ("\"x\ny\",z", vec!["x\ny", "z"]),
            ("", vec![""]),
        ] {
            assert_eq!(read(text), want, "{text}");
        }
    }

    proptest! {
        /// The judge is the crate `csv`.
        #[test]
        fn reads_what_others_write(row in proptest::collection::vec("[a-z\",;\r\n é]{0,6}", 2..6)) {
            let mut writer = csv::Writer::from_writer(Vec::new());
            writer.write_record(&row).expect("memory");
            let text = String::from_utf8(writer.into_inner().expect("memory")).expect("text");
            prop_assert_eq!(read(&text), row);
        }
    }
}
