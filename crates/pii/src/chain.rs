//! Groups of letters and digits that may be one identifier, cut apart the way
//! people print it.
//!
//! A *chain* is groups with a single separator between neighbours. Every run of
//! neighbours in it is a candidate: canonical (separators removed, upper case)
//! and as it is printed. The rules are looked up by canonical shape.

/// Most characters of an identifier that is printed in groups.
pub(crate) const LONGEST: usize = 40;

/// Most groups of one identifier: each of its characters may stand alone.
const GROUPS: usize = LONGEST;

/// Most groups that are looked at together.
const MOST: usize = 48;

/// Longest group of capitals alone: a bank's code.
const CAPITALS: usize = 11;

/// Most letters that stand alone before the first digit: a tax code spelt out.
const SINGLES: usize = 8;

/// Most bytes of a line's end: indentation and marks of a quoted mail.
const WRAP: usize = 16;

/// A run of letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Group {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Whether the next group follows after a single separator.
    pub(crate) joined: bool,
}

/// Replaces `out` by the groups around a digit: its own, those that follow after
/// separators, and up to two short groups of capitals before. Empty when the
/// digit's group is a part of a word or too long for an identifier.
pub(crate) fn around(text: &str, at: usize, out: &mut Vec<Group>) {
    out.clear();
    let bytes = text.as_bytes();
    let mut start = at;
    while start > 0 && at - start <= LONGEST && bytes[start - 1].is_ascii_alphanumeric() {
        start -= 1;
    }
    // The `n` of a line break that is still escaped is no part of a number.
    if start > 0 && bytes[start - 1] == b'\\' && matches!(bytes[start], b'n' | b'r' | b't') {
        start += 1;
    }
    let mut end = run_end(bytes, start);
    if end <= at || !stands_alone(text, start, end) {
        return;
    }
    out.push(Group {
        start,
        end,
        joined: false,
    });
    // Capitals before: a country, a series; or letters that stand alone.
    let (mut words, mut singles) = (0, 0);
    while let Some(sign) = before_separator(bytes, out[0].start) {
        let mut first = sign;
        while first > 0 && sign - first <= CAPITALS && bytes[first - 1].is_ascii_uppercase() {
            first -= 1;
        }
        // "t r 6 0 2 …"
        if first == sign && bytes[sign - 1].is_ascii_lowercase() {
            first -= 1;
        }
        let single = sign - first == 1;
        words += usize::from(!single);
        singles += usize::from(single);
        let alone = first == 0 || !bytes[first - 1].is_ascii_alphanumeric();
        let many = words > 2 || singles > SINGLES;
        if first == sign
            || many
            || sign - first > CAPITALS
            || !alone
            || !stands_alone(text, first, sign)
        {
            break;
        }
        out.insert(
            0,
            Group {
                start: first,
                end: sign,
                joined: true,
            },
        );
    }
    // An account number's bank may be written small.
    let account = matches!(
        bytes.get(out[0].start..out[0].end),
        Some([a, b, c, ..]) if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() && c.is_ascii_digit()
    );
    while out.len() < MOST {
        let Some(next) = after_separator(bytes, end) else {
            break;
        };
        let stop = run_end(bytes, next);
        let run = bytes.get(next..stop).unwrap_or(&[]);
        let digit = run.iter().any(u8::is_ascii_digit);
        let small = run.iter().any(u8::is_ascii_lowercase);
        if run.len() > LONGEST
            || !stands_alone(text, next, stop)
            || (!digit
                && (run.len() > CAPITALS || small && run.len() > 1 && !(account && run.len() <= 4)))
        {
            break;
        }
        if let Some(last) = out.last_mut() {
            last.joined = true;
        }
        out.push(Group {
            start: next,
            end: stop,
            joined: false,
        });
        end = stop;
    }
    // Words at the end belong to the sentence, but may also end a code.
}

fn run_end(bytes: &[u8], start: usize) -> usize {
    let run = bytes.get(start..).unwrap_or(&[]);
    start
        + run
            .iter()
            .take(LONGEST + 1)
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count()
}

/// Whether no letter with an accent stands next to it, which would make it a
/// part of a word.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let high = |at: Option<usize>| {
        at.and_then(|at| bytes.get(at))
            .is_some_and(|byte| *byte >= 0x80)
    };
    if end - start > LONGEST {
        return false;
    }
    let wide =
        |ch: Option<char>| ch.is_some_and(|ch| ch.is_alphanumeric() && u32::from(ch) < 0x2e80);
    !(high(start.checked_sub(1))
        && wide(text.get(..start).and_then(|head| head.chars().next_back()))
        || high(Some(end)) && wide(text.get(end..).and_then(|tail| tail.chars().next())))
}

/// Where the next group begins: after one separator, a sign between spaces, or a
/// line's end with what mail and indentation put there.
fn after_separator(bytes: &[u8], end: usize) -> Option<usize> {
    let rest = bytes.get(end..)?;
    let length = match rest {
        [b' ', b'-' | b'/' | b'.', b' ', ..] => 3,
        [b' ', b' ', next, ..] if *next != b'\n' && *next != b'\r' => 2,
        _ => {
            let sign = usize::from(rest.first().is_some_and(|sign| is_separator(*sign)));
            let line = line_end(rest.get(sign..).unwrap_or(&[]));
            sign + line
        }
    };
    (length > 0
        && bytes
            .get(end + length)
            .is_some_and(u8::is_ascii_alphanumeric))
    .then_some(end + length)
}

/// The length of a line's end and of what stands before the next line's text.
fn line_end(rest: &[u8]) -> usize {
    let line = match rest {
        [b'\r' | b' ', b'\n', ..] => 2,
        [b'\n', ..] => 1,
        _ => return 0,
    };
    let margin = rest.get(line..).unwrap_or(&[]).iter().take(WRAP);
    line + margin
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'>'))
        .count()
}

/// The end of the group before, if it is joined to one that begins here.
fn before_separator(bytes: &[u8], start: usize) -> Option<usize> {
    let least = start.saturating_sub(WRAP);
    let mut end = start;
    while end > least && !bytes[end - 1].is_ascii_alphanumeric() {
        end -= 1;
    }
    (end > 0
        && end < start
        && bytes[end - 1].is_ascii_alphanumeric()
        && after_separator(bytes, end) == Some(start))
    .then_some(end)
}

/// A value without the ends of lines inside it; `None` where there are none.
pub(crate) fn unwrapped<'r>(printed: &[u8], room: &'r mut [u8; 128]) -> Option<&'r [u8]> {
    if !printed.contains(&b'\n') {
        return None;
    }
    let mut length = 0;
    let mut at = 0;
    while let Some(&byte) = printed.get(at) {
        let line = line_end(printed.get(at..)?);
        if line > 0 {
            at += line;
            continue;
        }
        *room.get_mut(length)? = byte;
        length += 1;
        at += 1;
    }
    room.get(..length)
}

/// A value whose characters stand apart, without the spaces between them.
pub(crate) fn closed_up<'r>(printed: &[u8], room: &'r mut [u8; 128]) -> Option<&'r [u8]> {
    let apart = printed.len() > 4
        && printed
            .iter()
            .enumerate()
            .all(|(at, byte)| (at % 2 == 1) == (*byte == b' '));
    let length = printed.len().div_ceil(2);
    if !apart || length > room.len() {
        return None;
    }
    for (to, from) in room.iter_mut().zip(printed.iter().step_by(2)) {
        *to = *from;
    }
    room.get(..length)
}

/// The ranges of dates with a year of four digits among groups, at most four.
pub(crate) fn dates(bytes: &[u8], groups: &[Group]) -> [(usize, usize); 4] {
    let mut out = [(0, 0); 4];
    let mut count = 0;
    let number = |group: &Group| {
        let own = bytes.get(group.start..group.end)?;
        let digits = own.len() <= 4 && own.iter().all(u8::is_ascii_digit);
        digits.then(|| {
            let value = own
                .iter()
                .fold(0u32, |value, byte| value * 10 + u32::from(byte - b'0'));
            (own.len(), value)
        })
    };
    for three in groups.windows(3) {
        let sign = bytes.get(three[0].end);
        let same = three[0].end + 1 == three[1].start
            && three[1].end + 1 == three[2].start
            && sign == bytes.get(three[1].end)
            && matches!(sign, Some(b'-' | b'/' | b'.'));
        let (Some(a), Some(b), Some(c)) = (number(&three[0]), number(&three[1]), number(&three[2]))
        else {
            continue;
        };
        let year = |(length, value): (usize, u32)| length == 4 && (1900..2100).contains(&value);
        let day = |(length, value): (usize, u32)| length <= 2 && (1..=31).contains(&value);
        let fits = year(a) && day(b) && day(c) || day(a) && day(b) && year(c);
        if same
            && fits
            && b.1.min(a.1).min(c.1) <= 12
            && let Some(place) = out.get_mut(count)
        {
            *place = (three[0].start, three[2].end);
            count += 1;
        }
    }
    out
}

/// Whether the letter O stands among digits as one of them.
pub(crate) fn has_letter_o(bytes: &[u8], start: usize, end: usize) -> bool {
    bytes
        .get(start..end)
        .unwrap_or(&[])
        .split(|byte| !byte.is_ascii_alphanumeric())
        .any(is_number_with_o)
}

/// `4O00`, `ATU84O6742O`: digits, and the letter O next to one of them.
pub(crate) fn is_number_with_o(group: &[u8]) -> bool {
    if group.len() < 2 || group.len() > LONGEST {
        return false;
    }
    let digits = group.iter().filter(|byte| byte.is_ascii_digit()).count();
    let letters = group
        .iter()
        .filter(|byte| matches!(byte, b'O' | b'o'))
        .count();
    let alone = letters + digits == group.len();
    letters > 0
        && (alone && digits * 3 >= letters || digits >= 4 && digits >= letters)
        && (0..group.len()).any(|at| reads_as_zero(group, at))
}

/// Whether the letter at a place of a group is an O beside a digit.
pub(crate) fn reads_as_zero(group: &[u8], at: usize) -> bool {
    let is_o = |at: usize| matches!(group.get(at), Some(b'O' | b'o'));
    if !is_o(at) {
        return false;
    }
    let digit = |at: Option<&u8>| at.is_some_and(u8::is_ascii_digit);
    let before = (0..at).rev().find(|at| !is_o(*at));
    let after = (at..group.len()).find(|at| !is_o(*at));
    digit(before.and_then(|at| group.get(at))) || digit(after.and_then(|at| group.get(at)))
}

/// Whether letters, digits or hyphens around make it a part of something longer,
/// such as a GUID.
pub(crate) fn in_a_longer_code(bytes: &[u8], candidate: &Candidate<'_>) -> bool {
    let joined = |sign: Option<&u8>, beyond: Option<&u8>| {
        matches!(sign, Some(b'-' | b'_' | b'.' | b'/' | b'=' | b'+' | b'#'))
            && beyond.is_some_and(u8::is_ascii_alphanumeric)
    };
    let at = |index: Option<usize>| index.and_then(|index| bytes.get(index));
    let before = joined(
        at(candidate.start.checked_sub(1)),
        at(candidate.start.checked_sub(2)),
    );
    let named = matches!(at(candidate.start.checked_sub(1)), Some(b'='));
    (before && !named) || joined(bytes.get(candidate.end), bytes.get(candidate.end + 1))
}

fn is_separator(byte: u8) -> bool {
    matches!(byte, b' ' | b'-' | b'.' | b'/' | b'_')
}

/// A run of neighbouring groups.
pub(crate) struct Candidate<'t> {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Upper case, without separators.
    pub(crate) canonical: &'t [u8],
    /// Which characters of it are digits; bit 0 is the first.
    pub(crate) digits: u64,
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
    let mut digits = 0u64;
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
        for (index, byte) in own.iter().enumerate() {
            digits |= u64::from(byte.is_ascii_digit()) << (length + index);
        }
        length += own.len();
        let canonical = canonical.get(..length).unwrap_or(&[]);
        if digits != 0 || group.start == start {
            visit(&Candidate {
                start,
                end: group.end,
                canonical,
                digits,
            });
        }
        if !group.joined {
            return;
        }
    }
}

/// Whether a text is printed in a grouping; a wider gap (a line's end, a dash
/// between spaces) is as good as its sign.
pub(crate) fn is_printed_as(text: &[u8], shape: &[u8]) -> bool {
    let mut at = 0;
    for want in shape {
        let Some(&byte) = text.get(at) else {
            return false;
        };
        if want.is_ascii_alphanumeric() || *want == b'*' {
            if !has_shape(&[byte], &[*want]) {
                return false;
            }
            at += 1;
            continue;
        }
        let gap = text.get(at..).unwrap_or(&[]);
        let length = gap
            .iter()
            .take_while(|byte| !byte.is_ascii_alphanumeric())
            .count();
        let gap = gap.get(..length).unwrap_or(&[]);
        let line = gap.contains(&b'\n');
        let sign = gap
            .iter()
            .find(|byte| !(byte.is_ascii_whitespace() || line && **byte == b'>'))
            .unwrap_or(&b' ');
        if length == 0 || sign != want {
            return false;
        }
        at += length;
    }
    at == text.len()
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
        let mut out = Vec::new();
        let mut at = 0;
        while let Some(digit) = text.as_bytes()[at..].iter().position(u8::is_ascii_digit) {
            around(text, at + digit, &mut found);
            for first in 0..found.len() {
                from_group(text, &found, first, |candidate| {
                    out.push(String::from_utf8_lossy(candidate.canonical).into_owned());
                });
            }
            at = found.last().map_or(at + digit + 1, |last| last.end);
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
        assert_eq!(candidates("ES 12"), ["ES", "ES12", "12"]);
        assert_eq!(candidates("1   2"), ["1", "2"]);
        assert_eq!(candidates("1 - 2"), ["1", "12", "2"]);
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
