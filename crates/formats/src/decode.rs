//! Bytes to text without losing any.

use std::borrow::Cow;
use std::ops::Range;

/// UTF-8 as it is; each byte that is not UTF-8 becomes the character that it is
/// in Windows-1252, the usual other encoding of such files. True when there was one.
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (Cow::Borrowed(text), false);
    }
    let mut text = String::with_capacity(bytes.len() + 16);
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|&byte| windows_1252(byte)));
    }
    (Cow::Owned(text), true)
}

/// The WHATWG Encoding Standard's index for windows-1252, 0x80 to 0x9F.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The bytes of the character that bytes begin with, and those of its text.
pub(crate) fn character(bytes: &[u8]) -> (usize, usize) {
    let head = bytes.get(..4).unwrap_or(bytes);
    let valid = match std::str::from_utf8(head) {
        Ok(text) => text,
        Err(error) => head
            .get(..error.valid_up_to())
            .and_then(|valid| std::str::from_utf8(valid).ok())
            .unwrap_or(""),
    };
    match (valid.chars().next(), bytes.first()) {
        (Some(sign), _) => (sign.len_utf8(), sign.len_utf8()),
        (None, Some(&byte)) => (1, windows_1252(byte).len_utf8()),
        (None, None) => (0, 0),
    }
}

/// The last place at or before one where a character of [`decode`] begins.
pub(crate) fn floor_boundary(bytes: &[u8], at: usize) -> usize {
    if at >= bytes.len() {
        return bytes.len();
    }
    for back in 0..4.min(at + 1) {
        let lead = at - back;
        let byte = bytes[lead];
        if (0x80..0xc0).contains(&byte) {
            continue;
        }
        let (length, _) = character(&bytes[lead..]);
        return if length > back { lead } else { at };
    }
    at
}

/// Moves ranges of the decoded text, which are in order and do not overlap, to
/// the bytes that it was decoded from.
pub(crate) fn undecode<'a>(bytes: &[u8], ranges: impl Iterator<Item = &'a mut Range<usize>>) {
    let (mut at, mut text) = (0, 0);
    let mut seek = |to: usize| {
        while text < to {
            let (raw, decoded) = character(bytes.get(at..).unwrap_or(&[]));
            if raw == 0 {
                break;
            }
            at += raw;
            text += decoded;
        }
        at
    };
    for range in ranges {
        range.start = seek(range.start);
        range.end = seek(range.end);
    }
}

pub(crate) fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The byte of a character; none where Windows-1252 has it not.
pub(crate) fn to_windows_1252(sign: char) -> Option<u8> {
    let code = u32::from(sign);
    let byte = u8::try_from(code).ok();
    byte.filter(|byte| windows_1252(*byte) == sign).or_else(|| {
        let place = HIGH.iter().position(|high| *high == sign)?;
        u8::try_from(0x80 + place).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_utf8_and_reads_the_rest_as_windows_1252() {
        for (bytes, text, mended) in [
            (&b"plain"[..], "plain", false),
            ("José".as_bytes(), "José", false),
            (b"Jos\xe9", "José", true),
            ("é \u{20ac} ".as_bytes(), "é € ", false),
            (b"\x80 \xc3\xa9 \xff", "€ é ÿ", true),
        ] {
            let (found, lossy) = decode(bytes);
            assert_eq!((found.as_ref(), lossy), (text, mended));
        }
    }

    #[test]
    fn knows_where_a_character_begins() {
        let bytes = "aé€𝄞\n".as_bytes();
        let found: Vec<_> = (0..=bytes.len())
            .map(|at| floor_boundary(bytes, at))
            .collect();
        assert_eq!(found, [0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11]);
        // Where it is not UTF-8, every byte is a character.
        let bytes = b"\xe2\x82a\x80\x80\xff";
        for at in 0..bytes.len() {
            assert_eq!(floor_boundary(bytes, at), at);
        }
    }
}
