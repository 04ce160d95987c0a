//! Groups of letters and digits that may be one identifier, cut apart the way
//! people print it.
//!
//! A *chain* is groups with a single separator between neighbours. Every run of
//! neighbours in it is a candidate: canonical (separators removed, upper case)
//! and as it is printed. The rules are looked up by canonical shape.

/// Most characters of an identifier that is printed in groups.
pub(crate) const LONGEST: usize = 40;

/// Most groups of one identifier.
const GROUPS: usize = 12;

/// Longest group of capitals alone: a bank's code.
const CAPITALS: usize = 11;

/// A run of letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether the next group follows after a single separator.
    pub(crate) joined: bool,
}

/// The groups of a text that can be part of an identifier: with a digit, or
/// short and in capitals.
pub(crate) fn groups(text: &str, out: &mut Vec<Group>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_alphanumeric() {
            at += 1;
            continue;
        }
        let start = at;
        let mut digit = false;
        let mut small = false;
        while at < bytes.len() && bytes[at].is_ascii_alphanumeric() {
            digit |= bytes[at].is_ascii_digit();
            small |= bytes[at].is_ascii_lowercase();
            at += 1;
        }
        let wide =
            |ch: Option<char>| ch.is_some_and(|ch| ch.is_alphanumeric() && u32::from(ch) < 0x2e80);
        let before = text.get(..start).and_then(|head| head.chars().next_back());
        let after = text.get(at..).and_then(|tail| tail.chars().next());
        // A letter with an accent next to it makes it part of a word.
        if wide(before) || wide(after) || (!digit && (small || at - start > CAPITALS)) {
            continue;
        }
        let joined = bytes.get(at).is_some_and(|byte| is_separator(*byte))
            && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
        out.push(Group {
            start,
            end: at,
            joined,
        });
    }
    // A neighbour that was left out breaks the chain.
    for index in 0..out.len() {
        let next = out.get(index + 1).map(|group| group.start);
        if next != Some(out[index].end + 1) {
            out[index].joined = false;
        }
    }
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'/' | b'_' | b',')
}

/// A run of neighbouring groups.
pub(crate) struct Candidate<'t> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Upper case, without separators.
    pub(crate) canonical: &'t [u8],
}

/// Calls for every candidate that begins with a group, longest last.
pub(crate) fn from_group(
    text: &str,
    groups: &[Group],
    first: usize,
    mut visit: impl FnMut(&Candidate<'_>),
) {
    let bytes = text.as_bytes();
    let mut canonical = [0u8; LONGEST];
    let mut length = 0;
    let Some(start) = groups.get(first).map(|group| group.start) else {
        return;
    };
    for group in groups.iter().skip(first).take(GROUPS) {
        let own = bytes.get(group.start..group.end).unwrap_or(&[]);
        let Some(room) = canonical.get_mut(length..length + own.len()) else {
            return;
        };
        room.copy_from_slice(own);
        room.make_ascii_uppercase();
        length += own.len();
        let canonical = canonical.get(..length).unwrap_or(&[]);
        if canonical.iter().any(u8::is_ascii_digit) || group.start == start {
            visit(&Candidate {
                start,
                end: group.end,
                canonical,
            });
        }
        if !group.joined {
            return;
        }
    }
}

/// Whether a text has a shape: `9` a digit, `A` a letter, `*` either, a small
/// letter itself in either case, anything else itself.
pub(crate) fn has_shape(text: &[u8], shape: &[u8]) -> bool {
    text.len() == shape.len()
        && text.iter().zip(shape).all(|(byte, want)| match want {
            b'9' => byte.is_ascii_digit(),
            b'A' => byte.is_ascii_alphabetic(),
            b'*' => byte.is_ascii_alphanumeric(),
            b'a'..=b'z' => byte.eq_ignore_ascii_case(want),
            _ => byte == want,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        groups(text, &mut found);
        let mut out = Vec::new();
        for first in 0..found.len() {
            from_group(text, &found, first, |candidate| {
                out.push(String::from_utf8_lossy(candidate.canonical).into_owned());
            });
        }
        out
    }

    #[test]
    fn joins_neighbours() {
        assert_eq!(candidates("is 12-34x ok"), ["12", "1234X", "34X"]);
        assert_eq!(
            candidates("GB82 WEST 1234 hello"),
            [
                "GB82",
                "GB82WEST",
                "GB82WEST1234",
                "WEST",
                "WEST1234",
                "1234"
            ]
        );
        assert_eq!(candidates("1  2"), ["1", "2"]);
        assert_eq!(candidates("é12 12é"), Vec::<String>::new());
    }

    #[test]
    fn shapes() {
        assert!(has_shape(b"12345678Z", b"99999999A"));
        assert!(has_shape(b"esB1", b"esA9") && has_shape(b"ESB1", b"esA9"));
        assert!(!has_shape(b"12345678", b"99999999A"));
        assert!(has_shape(b"12-3", b"99-9") && !has_shape(b"12.3", b"99-9"));
    }
}
