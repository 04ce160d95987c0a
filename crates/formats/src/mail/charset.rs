//! Charsets of bodies and headers: bytes to a text and its places back.

use std::borrow::Cow;
use std::ops::Range;

use encoding_rs::{Encoding, ISO_2022_JP, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use crate::decode::{character, decode};

/// How characters are bytes.
#[derive(Clone, Copy)]
pub(super) struct Charset(&'static Encoding);

/// A text and where its characters are.
pub(super) struct Text {
    pub(super) text: String,
    /// For each character that has another length in bytes than in UTF-8: where it
    /// begins in the text and in the bytes. None where all are the same.
    steps: Vec<(usize, usize)>,
}

impl Charset {
    /// By its label; none where it is not known. Nothing is UTF-8, and so is ASCII.
    pub(super) fn of(label: &str) -> Option<Self> {
        let label = label.trim();
        if label.is_empty()
            || label.eq_ignore_ascii_case("us-ascii")
            || label.eq_ignore_ascii_case("ascii")
        {
            return Some(Self(UTF_8));
        }
        // "Latin-1" by other names is read as Windows-1252, as everybody does.
        Encoding::for_label(label.as_bytes())
            .filter(|found| *found != REPLACEMENT)
            .map(Self)
    }

    /// A text; none where its places cannot be told.
    pub(super) fn read(self, bytes: &[u8]) -> Option<Text> {
        let mut steps = Vec::new();
        if self.0 == UTF_8 || self.0 == WINDOWS_1252 && bytes.is_ascii() {
            let (text, mended) = decode(bytes);
            if mended {
                let (mut at, mut place) = (0, 0);
                while at < bytes.len() {
                    let (raw, signs) = character(bytes.get(at..)?);
                    steps.push((place, at));
                    at += raw;
                    place += signs;
                }
            }
            return Some(Text {
                text: text.into_owned(),
                steps,
            });
        }
        if self.0.is_single_byte() {
            let mut text = String::with_capacity(bytes.len());
            for (at, byte) in bytes.iter().enumerate() {
                if !byte.is_ascii() || !steps.is_empty() {
                    steps.push((text.len(), at));
                }
                let sign = std::slice::from_ref(byte);
                let (found, wrong) = self.0.decode_without_bom_handling(sign);
                if wrong {
                    // Has no character here; a byte that is kept as it is.
                    text.push(char::REPLACEMENT_CHARACTER);
                } else {
                    text.push_str(&found);
                }
            }
            return Some(Text { text, steps });
        }
        if [UTF_16LE, UTF_16BE, ISO_2022_JP].contains(&self.0) {
            return None;
        }
        // Its characters one by one, where they give these bytes again.
        let (text, wrong) = self.0.decode_without_bom_handling(bytes);
        if wrong {
            return None;
        }
        let mut at = 0;
        for (place, sign) in text.char_indices() {
            steps.push((place, at));
            let mut buffer = [0; 4];
            let (one, _, unmappable) = self.0.encode(sign.encode_utf8(&mut buffer));
            let same = bytes.get(at..at + one.len()) == Some(&*one);
            if unmappable || !same {
                return None;
            }
            at += one.len();
        }
        (at == bytes.len()).then(|| Text {
            text: text.into_owned(),
            steps,
        })
    }

    /// A text without places.
    pub(super) fn words(self, bytes: &[u8]) -> Option<String> {
        if self.0 == UTF_8 {
            return Some(decode(bytes).0.into_owned());
        }
        let (text, wrong) = self.0.decode_without_bom_handling(bytes);
        (!wrong).then(|| text.into_owned())
    }

    /// Bytes of a text; none where a character is not in the charset.
    pub(super) fn encode(self, text: &str) -> Option<Cow<'_, [u8]>> {
        let (bytes, used, unmappable) = self.0.encode(text);
        (!unmappable && used == self.0).then_some(bytes)
    }

    pub(super) fn name(self) -> &'static str {
        self.0.name()
    }
}

impl Text {
    /// Bytes of a part of the text that begins and ends with characters.
    pub(super) fn bytes(&self, range: &Range<usize>, length: usize) -> Range<usize> {
        self.place(range.start, length)..self.place(range.end, length)
    }

    fn place(&self, at: usize, length: usize) -> usize {
        if at >= self.text.len() {
            return length;
        }
        let next = self.steps.partition_point(|step| step.0 <= at);
        match next.checked_sub(1).and_then(|place| self.steps.get(place)) {
            Some((text, bytes)) => bytes + (at - text),
            None => at,
        }
    }
}
