//! Bytes to text without losing any.

use std::borrow::Cow;

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

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => HIGH[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// How many bytes at the end may be the begin of a character that goes on.
pub(crate) fn incomplete_tail(bytes: &[u8]) -> usize {
    let last = bytes.len().saturating_sub(3);
    bytes
        .get(last..)
        .and_then(|tail| match std::str::from_utf8(tail) {
            Err(error) if error.error_len().is_none() => Some(tail.len() - error.valid_up_to()),
            // The window may begin inside a character: look for the last lead byte.
            Err(_) => tail
                .iter()
                .rposition(|byte| *byte >= 0xc0)
                .map(|lead| tail.len() - lead)
                .filter(|length| *length < width(bytes[bytes.len() - length])),
            Ok(_) => None,
        })
        .unwrap_or(0)
}

fn width(lead: u8) -> usize {
    match lead {
        0xf0.. => 4,
        0xe0.. => 3,
        0xc0.. => 2,
        _ => 1,
    }
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
    fn knows_a_character_that_goes_on() {
        for text in ["é", "€", "𝄞", "a€", "ab𝄞"] {
            let bytes = text.as_bytes();
            let lead = text.char_indices().next_back().map_or(0, |(at, _)| at);
            for cut in lead + 1..bytes.len() {
                assert_eq!(incomplete_tail(&bytes[..cut]), cut - lead, "{text} {cut}");
            }
            assert_eq!(incomplete_tail(bytes), 0);
        }
        assert_eq!(incomplete_tail(b"\xff\xff\xff"), 1);
        assert_eq!(incomplete_tail(b""), 0);
    }
}
