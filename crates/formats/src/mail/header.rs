//! Header fields (RFC 5322), with encoded words (RFC 2047) and encoded parameters
//! (RFC 2231), and the way back.
//!
//! A field's body becomes a text of segments: what stands for itself, folds that
//! stand for nothing, runs of encoded words, percent escapes. An edit that touches a
//! run of encoded words writes this run anew in its charset and encoding; all other
//! bytes stay.

use std::borrow::Cow;
use std::ops::Range;

use data_encoding::BASE64;

use super::charset::Charset;
use super::transfer::{Splice, escaped, line_end};
use crate::decode::decode;
use crate::rewrite;

/// An encoded word has at most so many characters.
const WORD: usize = 75;

/// A field's text and how it stands in the bytes.
pub(super) struct Field {
    pub(super) text: String,
    segments: Vec<Segment>,
    /// A charset that is not read, of an encoded word that stays as it is.
    pub(super) unread: bool,
}

struct Segment {
    /// In the text.
    text: Range<usize>,
    /// In the field's bytes.
    raw: Range<usize>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Literal,
    Words(Charset, Coding),
    /// A value in percent escapes.
    Percent(Charset),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Q,
    B,
}

/// An encoded word: where it is, its charset's label, its bytes.
struct Word {
    range: Range<usize>,
    label: String,
    coding: Coding,
    bytes: Vec<u8>,
}

/// The first encoded word at or after a place.
fn next_word(raw: &[u8], from: usize) -> Option<Word> {
    let mut at = from;
    loop {
        at += memchr::memmem::find(raw.get(at..)?, b"=?")?;
        if let Some(word) = word_at(raw, at) {
            return Some(word);
        }
        at += 2;
    }
}

fn word_at(raw: &[u8], at: usize) -> Option<Word> {
    let rest = raw.get(at + 2..)?;
    let label = memchr::memchr(b'?', rest.get(..rest.len().min(64))?)?;
    let name = std::str::from_utf8(rest.get(..label)?).ok()?;
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    let coding = match rest.get(label + 1..label + 3)? {
        b"q?" | b"Q?" => Coding::Q,
        b"b?" | b"B?" => Coding::B,
        _ => return None,
    };
    let body = rest.get(label + 3..)?;
    let end = memchr::memmem::find(body, b"?=")?;
    let body = body.get(..end)?;
    // Many writers leave spaces in; a line end is none.
    if body.iter().any(|byte| matches!(byte, b'\r' | b'\n' | b'?')) {
        return None;
    }
    let bytes = match coding {
        Coding::B => super::transfer::Transfer::Base64.decode(body)?.bytes,
        Coding::Q => {
            let mut bytes = Vec::with_capacity(body.len());
            let mut at = 0;
            while let Some(&byte) = body.get(at) {
                if let Some(found) = escaped(body.get(at..)?) {
                    bytes.push(found);
                    at += 3;
                } else {
                    bytes.push(if byte == b'_' { b' ' } else { byte });
                    at += 1;
                }
            }
            bytes
        }
    };
    // A language may follow the charset (RFC 2231).
    let label_only = name.split('*').next().unwrap_or(name).to_owned();
    Some(Word {
        range: at..at + 2 + label + 3 + end + 2,
        label: label_only,
        coding,
        bytes,
    })
}

impl Field {
    /// Reads a field's body, without the line end after it.
    pub(super) fn read(raw: &[u8]) -> Self {
        let mut field = Self {
            text: String::new(),
            segments: Vec::new(),
            unread: false,
        };
        let mut done = 0;
        while let Some(first) = next_word(raw, done) {
            // Words of one charset and encoding, with nothing but space between.
            let mut range = first.range.clone();
            let mut bytes = first.bytes.clone();
            let mut next = range.end;
            while let Some(word) = next_word(raw, range.end) {
                next = word.range.start;
                let between = raw.get(range.end..next).unwrap_or(&[]);
                let same =
                    word.label.eq_ignore_ascii_case(&first.label) && word.coding == first.coding;
                if !between.trim_ascii().is_empty() || !same {
                    next = range.end;
                    break;
                }
                bytes.extend_from_slice(&word.bytes);
                range.end = word.range.end;
                next = range.end;
            }
            let charset = Charset::of(&first.label);
            let text = charset.and_then(|charset| Some((charset, charset.words(&bytes)?)));
            let Some((charset, text)) = text else {
                field.unread = true;
                field.literal(raw, done..range.end);
                done = range.end;
                continue;
            };
            // Space between words of two kinds is nothing too.
            let before = raw.get(done..range.start).unwrap_or(&[]);
            let after_words = matches!(field.segments.last(), Some(Segment { kind: Kind::Words(..), raw, .. }) if raw.end == done);
            if !(after_words && before.trim_ascii().is_empty()) {
                field.literal(raw, done..range.start);
            }
            let from = field.text.len();
            field.text.push_str(&text);
            field.segments.push(Segment {
                text: from..field.text.len(),
                raw: range.clone(),
                kind: Kind::Words(charset, first.coding),
            });
            done = range.end.max(next);
        }
        field.literal(raw, done..raw.len());
        field
    }

    /// What stands for itself; line ends stand for nothing.
    fn literal(&mut self, raw: &[u8], range: Range<usize>) {
        let mut at = range.start;
        while at < range.end {
            let rest = raw.get(at..range.end).unwrap_or(&[]);
            let length = memchr::memchr2(b'\r', b'\n', rest).unwrap_or(rest.len());
            if length > 0 {
                self.push(raw, at..at + length, Kind::Literal);
            }
            at += length;
            let ends = raw.get(at..range.end).unwrap_or(&[]);
            at += ends
                .iter()
                .take_while(|byte| matches!(byte, b'\r' | b'\n'))
                .count();
        }
    }

    fn push(&mut self, raw: &[u8], range: Range<usize>, kind: Kind) {
        let from = self.text.len();
        let (text, _) = decode(raw.get(range.clone()).unwrap_or(&[]));
        self.text.push_str(&text);
        self.segments.push(Segment {
            text: from..self.text.len(),
            raw: range,
            kind,
        });
    }

    /// The values of some parameters of a field, as one text: `a; b` for `x=a; y="b"`.
    /// The values of parameters whose name `is_wanted` are read.
    pub(super) fn parameters(raw: &[u8], is_wanted: impl Fn(&str) -> bool) -> Self {
        let mut field = Self {
            text: String::new(),
            segments: Vec::new(),
            unread: false,
        };
        let mut last = String::new();
        let mut charset = None;
        for parameter in parameters(raw) {
            let base = parameter.name.split('*').next().unwrap_or("").to_owned();
            if !is_wanted(&base) {
                continue;
            }
            // Continuations (`x*0*`, `x*1*`) go on with the text.
            if base != last {
                if !field.text.is_empty() {
                    field.gap();
                }
                charset = None;
            }
            last = base;
            let value = raw.get(parameter.value.clone()).unwrap_or(&[]);
            if !parameter.name.ends_with('*') {
                let words = !parameter.name.contains('*') && next_word(value, 0).is_some();
                if words {
                    field.append(Self::read(value), parameter.value.start);
                } else {
                    field.push(raw, parameter.value, Kind::Literal);
                }
                continue;
            }
            // `charset'language'` stands before the first.
            let mut start = parameter.value.start;
            if charset.is_none() {
                let mut quotes = memchr::memchr_iter(b'\'', value);
                if let (Some(one), Some(two)) = (quotes.next(), quotes.next()) {
                    let label =
                        String::from_utf8_lossy(value.get(..one).unwrap_or(&[])).into_owned();
                    charset = Charset::of(&label);
                    field.unread |= charset.is_none();
                    start += two + 1;
                }
            }
            let range = start..parameter.value.end;
            let bytes = unescape(raw.get(range.clone()).unwrap_or(&[]));
            match charset.and_then(|charset| Some((charset, charset.words(&bytes)?))) {
                Some((charset, text)) => {
                    let from = field.text.len();
                    field.text.push_str(&text);
                    field.segments.push(Segment {
                        text: from..field.text.len(),
                        raw: range,
                        kind: Kind::Percent(charset),
                    });
                }
                None => field.push(raw, range, Kind::Literal),
            }
        }
        field
    }

    /// Keeps two values apart.
    fn gap(&mut self) {
        self.text.push_str("; ");
    }

    fn append(&mut self, other: Self, raw: usize) {
        let from = self.text.len();
        self.text.push_str(&other.text);
        self.unread |= other.unread;
        self.segments
            .extend(other.segments.into_iter().map(|segment| Segment {
                text: segment.text.start + from..segment.text.end + from,
                raw: segment.raw.start + raw..segment.raw.end + raw,
                kind: segment.kind,
            }));
    }

    /// What stands in the bytes where the text is edited. Edits are in order.
    pub(super) fn splices<'a>(
        &self,
        raw: &[u8],
        edits: impl Iterator<Item = (Range<usize>, &'a str)>,
    ) -> Vec<Splice> {
        let mut own: Vec<Vec<(Range<usize>, &'a str)>> = vec![Vec::new(); self.segments.len()];
        // Segments after which there is a fold inside of what is replaced.
        let mut joined = vec![false; self.segments.len()];
        for (range, with) in edits {
            let mut with = with;
            let mut placed = false;
            for ((one, other), joined) in self
                .segments
                .iter()
                .zip(self.segments.iter().skip(1))
                .zip(&mut joined)
            {
                *joined |= range.start < one.text.end && range.end > other.text.start;
            }
            for (segment, own) in self.segments.iter().zip(&mut own) {
                let from = range.start.max(segment.text.start);
                let to = range.end.min(segment.text.end);
                let inside = from < to || (range.is_empty() && from == to && !placed);
                if !inside {
                    continue;
                }
                own.push((from - segment.text.start..to - segment.text.start, with));
                // The rest of what is replaced only goes.
                (with, placed) = ("", true);
            }
            if !placed {
                // Nothing but what keeps two values apart.
                let next = self
                    .segments
                    .partition_point(|segment| segment.text.end <= range.start);
                let place = next.min(self.segments.len().saturating_sub(1));
                let at = if next == place {
                    0
                } else {
                    self.segments.last().map_or(0, |last| last.text.len())
                };
                if let Some(own) = own.get_mut(place) {
                    own.push((at..at, with));
                }
            }
        }
        let mut splices = Vec::new();
        for (number, (segment, edits)) in self.segments.iter().zip(own).enumerate() {
            if edits.is_empty() {
                continue;
            }
            let bytes = raw.get(segment.raw.clone()).unwrap_or(&[]);
            let text = self.text.get(segment.text.clone()).unwrap_or("");
            let mut new = Vec::new();
            match segment.kind {
                Kind::Literal => {
                    let edits = edits.into_iter().map(|(range, with)| {
                        let with = if with.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
                            Cow::Borrowed(with.as_bytes())
                        } else {
                            let mut out = Vec::new();
                            if let Some(utf8) = Charset::of("utf-8") {
                                words(with, utf8, Coding::B, b" ", &mut out);
                            }
                            Cow::Owned(out)
                        };
                        (range, with)
                    });
                    rewrite::plain(bytes, text, edits, &mut new);
                }
                Kind::Words(charset, coding) => {
                    let text = edited(text, &edits);
                    let fold = [line_end(raw), b" "].concat();
                    words(&text, charset, coding, &fold, &mut new);
                }
                Kind::Percent(charset) => percent(&edited(text, &edits), charset, &mut new),
            }
            splices.push((segment.raw.clone(), new));
            let next = self.segments.get(number + 1);
            if let (Some(true), Some(next)) = (joined.get(number), next) {
                // Between parameters there is more than a fold.
                let gap = segment.raw.end..next.raw.start;
                if raw
                    .get(gap.clone())
                    .is_some_and(|gap| gap.trim_ascii().is_empty())
                {
                    splices.push((gap, Vec::new()));
                }
            }
        }
        splices
    }
}

fn edited(text: &str, edits: &[(Range<usize>, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (range, with) in edits {
        out.push_str(text.get(done..range.start).unwrap_or(""));
        out.push_str(with);
        done = range.end;
    }
    out.push_str(text.get(done..).unwrap_or(""));
    out
}

/// Writes a text as encoded words.
fn words(text: &str, charset: Charset, coding: Coding, fold: &[u8], out: &mut Vec<u8>) {
    let utf8 = Charset::of("utf-8").unwrap_or(charset);
    // Where the charset has not all of it, UTF-8 has.
    let charset = if charset.encode(text).is_some() {
        charset
    } else {
        utf8
    };
    let room = WORD - charset.name().len() - 7;
    let mut word = Vec::new();
    let mut first = true;
    let mut flush = |word: &mut Vec<u8>, out: &mut Vec<u8>| {
        if word.is_empty() {
            return;
        }
        if !std::mem::take(&mut first) {
            out.extend_from_slice(fold);
        }
        let (mark, body) = match coding {
            Coding::Q => ("Q", q(word)),
            Coding::B => ("B", BASE64.encode(word)),
        };
        out.extend_from_slice(format!("=?{}?{mark}?{body}?=", charset.name()).as_bytes());
        word.clear();
    };
    let mut sign_bytes = [0; 4];
    for sign in text.chars() {
        let Some(bytes) = charset.encode(sign.encode_utf8(&mut sign_bytes)) else {
            continue;
        };
        let next = [word.as_slice(), &bytes].concat();
        let length = match coding {
            Coding::Q => q(&next).len(),
            Coding::B => next.len().div_ceil(3) * 4,
        };
        if length > room {
            flush(&mut word, out);
            word.extend_from_slice(&bytes);
        } else {
            word = next;
        }
    }
    flush(&mut word, out);
}

fn q(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        match byte {
            b' ' => out.push('_'),
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'!' | b'*' | b'+' | b'-' | b'/' => {
                out.push(char::from(*byte));
            }
            byte => {
                let _ = write!(out, "={byte:02X}");
            }
        }
        out
    })
}

fn unescape(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(&byte) = raw.get(at) {
        let rest = raw.get(at..).unwrap_or(&[]);
        let found = match rest {
            [b'%', high, low, ..] => escaped(&[b'=', *high, *low]),
            _ => None,
        };
        out.push(found.unwrap_or(byte));
        at += if found.is_some() { 3 } else { 1 };
    }
    out
}

fn percent(text: &str, charset: Charset, out: &mut Vec<u8>) {
    let bytes = charset
        .encode(text)
        .unwrap_or(Cow::Borrowed(text.as_bytes()));
    for byte in bytes.iter() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(*byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
}

/// A parameter: its name in small letters, and its value's bytes without quotes.
struct Parameter {
    name: String,
    value: Range<usize>,
}

/// The parameters of a field such as `text/plain; charset="utf-8"`.
fn parameters(raw: &[u8]) -> Vec<Parameter> {
    let mut out = Vec::new();
    let mut at = memchr::memchr(b';', raw).map_or(raw.len(), |at| at + 1);
    let space = |at: usize| {
        raw.get(at..)
            .unwrap_or(&[])
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count()
    };
    while at < raw.len() && out.len() < 256 {
        at += space(at);
        let rest = raw.get(at..).unwrap_or(&[]);
        let Some(end) = rest.iter().position(|byte| matches!(byte, b'=' | b';')) else {
            break;
        };
        if rest.get(end) == Some(&b';') {
            at += end + 1;
            continue;
        }
        let name = String::from_utf8_lossy(rest.get(..end).unwrap_or(&[]))
            .trim()
            .to_ascii_lowercase();
        at += end + 1;
        at += space(at);
        let rest = raw.get(at..).unwrap_or(&[]);
        let value = if rest.first() == Some(&b'"') {
            let mut end = 1;
            while let Some(&byte) = rest.get(end) {
                match byte {
                    b'"' => break,
                    b'\\' => end += 2,
                    _ => end += 1,
                }
            }
            let end = end.min(rest.len());
            let value = at + 1..at + end.max(1);
            at = (at + end + 1).min(raw.len());
            let next = raw.get(at..).unwrap_or(&[]);
            at += memchr::memchr(b';', next).map_or(next.len(), |next| next + 1);
            value
        } else {
            let end = memchr::memchr(b';', rest).unwrap_or(rest.len());
            let length = rest.get(..end).unwrap_or(&[]).trim_ascii_end().len();
            let value = at..at + length;
            at += end + 1;
            value
        };
        out.push(Parameter { name, value });
    }
    out
}
