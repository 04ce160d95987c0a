//! Network and hardware addresses, and coordinates.
//!
//! A dotted quad that a word just before calls a version is none.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use regex::Regex;

use crate::class::Class;
use crate::lexicon::{Surroundings, topic};
use crate::pass::floor;

/// An address in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) class: Class,
    pub(crate) score: u8,
    pub(crate) rule: &'static str,
}

/// Longest candidate: an IPv6 address with a dotted end.
const LONGEST: usize = 45;

/// Every address in a text.
pub(crate) fn find(text: &str, around: &mut Surroundings<'_>, out: &mut Vec<Match>) {
    let is_part = |ch: char| ch.is_ascii_hexdigit() || matches!(ch, '.' | ':' | '-');
    let mut at = 0;
    for token in text.split_inclusive(|ch: char| !is_part(ch)) {
        let start = at;
        at += token.len();
        let body = token.trim_end_matches(|ch: char| !is_part(ch));
        // A letter right before or after makes it part of a word.
        let before = text.get(..start).and_then(|head| head.chars().next_back());
        let after = text
            .get(start + body.len()..)
            .and_then(|tail| tail.chars().next());
        // Scripts without spaces go on right after it.
        let inside = |ch: Option<char>| {
            ch.is_some_and(|ch| (ch.is_alphanumeric() && ch < '\u{3000}') || ch == '_')
        };
        let lead = body.len() - body.trim_start_matches(['.', '-']).len();
        let core = body.trim_matches(['.', '-']);
        let core = if core.ends_with(':') && !core.ends_with("::") {
            core.trim_end_matches(':')
        } else {
            core
        };
        if core.len() < 2 || (lead == 0 && inside(before)) || inside(after) {
            continue;
        }
        let begin = start + lead;
        if let Some((class, score, rule, length)) = classify(core) {
            let end = begin + length;
            if rule == "ipv4" {
                // `Firefox/115.0.1.2`, but `host/192.0.2.1:80`.
                let mut head = text.get(..begin).unwrap_or("").chars().rev();
                if head.next() == Some('/')
                    && head.next().is_some_and(|ch| ch.is_ascii_alphabetic())
                    && text.as_bytes().get(end) != Some(&b':')
                {
                    continue;
                }
                if around
                    .near(begin, end)
                    .distance(topic::VERSION)
                    .is_some_and(|distance| distance <= 3)
                {
                    continue;
                }
            }
            out.push(Match {
                start: begin,
                end,
                class,
                score,
                rule,
            });
        }
    }
    coordinates(text, around, out);
}

fn classify(core: &str) -> Option<(Class, u8, &'static str, usize)> {
    if is_mac(core) {
        return Some((Class::MacAddress, 95, "mac", core.len()));
    }
    let colons = core.bytes().filter(|byte| *byte == b':').count();
    // `192.0.2.1:443` and a range's end are an address and something after it.
    let host = core.split([':', '-']).next().unwrap_or(core);
    if colons <= 1 && host.bytes().filter(|byte| *byte == b'.').count() == 3 {
        return host.parse::<Ipv4Addr>().is_ok().then_some((
            Class::IpAddress,
            90,
            "ipv4",
            host.len(),
        ));
    }
    if colons >= 2 && core.len() <= LONGEST && core.parse::<Ipv6Addr>().is_ok() {
        let groups = core.split(':').filter(|group| !group.is_empty()).count();
        let first = core.split(':').next().map_or(0, str::len);
        // `a::b` is a path in several languages; `::ffff:192.0.2.1` is none.
        let mapped = core.contains('.');
        return (groups >= 3 || first == 4 || mapped || core == "::1").then_some((
            Class::IpAddress,
            90,
            "ipv6",
            core.len(),
        ));
    }
    None
}

fn is_mac(core: &str) -> bool {
    let pairs = |separator: char| {
        core.len() == 17
            && core.split(separator).count() == 6
            && core
                .split(separator)
                .all(|pair| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit()))
    };
    let quads = core.len() == 14
        && core.split('.').count() == 3
        && core
            .split('.')
            .all(|quad| quad.len() == 4 && quad.bytes().all(|byte| byte.is_ascii_hexdigit()))
        && core.bytes().any(|byte| byte.is_ascii_alphabetic());
    pairs(':') || pairs('-') || quads
}

/// `40.4168, -3.7038` where the words say so, or with four decimals or more.
fn coordinates(text: &str, around: &mut Surroundings<'_>, out: &mut Vec<Match>) {
    for (comma, sign) in text.match_indices([',', ';']) {
        let Some((head, tail)) = text.get(..comma).zip(text.get(comma + 1..)) else {
            continue;
        };
        // "52,96181; 16,99142": where the comma is the decimal sign.
        let point = if sign == ";" { ',' } else { '.' };
        let is_part = |ch: char| ch.is_ascii_digit() || matches!(ch, '-' | '+') || ch == point;
        let left = head.trim_end_matches('°');
        let begin = left.trim_end_matches(is_part).len();
        let skip = tail.len() - tail.trim_start_matches(' ').len();
        let right = tail.get(skip..).unwrap_or("");
        let length = right.len() - right.trim_start_matches(is_part).len();
        let right = right.get(..length).unwrap_or("").trim_end_matches(point);
        let first = left.get(begin..).unwrap_or("");
        if skip > 1 || first.len() < 3 || right.len() < 3 {
            continue;
        }
        let decimals = |number: &str| number.split_once(point).map_or(0, |(_, tail)| tail.len());
        let number = |number: &str| {
            let mut plain = [0; 24];
            let plain = plain.get_mut(..number.len())?;
            plain.copy_from_slice(number.as_bytes());
            for byte in &mut *plain {
                if *byte == b',' {
                    *byte = b'.';
                }
            }
            std::str::from_utf8(plain).ok()?.parse::<f64>().ok()
        };
        let (Some(latitude), Some(longitude)) = (number(first), number(right)) else {
            continue;
        };
        let digits = decimals(first).min(decimals(right));
        if latitude.abs() > 90.0 || longitude.abs() > 180.0 || digits < 2 {
            continue;
        }
        let (start, end) = (begin, comma + 1 + skip + right.len());
        let near = around.near(start, end).has(topic::PLACE);
        // A list of numbers, or fractions.
        let after = text.get(end..).unwrap_or("").trim_start_matches([',', ' ']);
        let before = text.get(..begin).unwrap_or("").trim_end_matches([',', ' ']);
        let listed = after.starts_with(|ch: char| ch.is_ascii_digit() || ch == '-')
            || before.ends_with(|ch: char| ch.is_ascii_digit());
        if !near && (listed || latitude.abs() < 1.0 && longitude.abs() < 1.0) {
            continue;
        }
        if near || (digits >= 4 && decimals(first).abs_diff(decimals(right)) <= 2) {
            let score = if near { 90 } else { 60 };
            out.push(Match {
                start,
                end,
                class: Class::Coordinates,
                score,
                rule: "coordinates",
            });
        }
    }
}

/// Words for the dots of an address.
const DOTS: &[&[u8]] = &[
    b"dot", b"punto", b"punkt", b"point", b"ponto", b"punt", b"kropka",
];

/// The length of a dotted quad whose digits or dots stand apart, or in which a
/// line ends: `203 . 0 . 113 . 9`, `2 0 3 . 0 . 1 1 3 . 9`, `203 dot 0 dot 113 dot 9`.
pub(crate) fn loose_quad(text: &str, start: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let blank = |at: usize| usize::from(bytes.get(at) == Some(&b' '));
    if start > 0 && matches!(bytes[start - 1], b'.' | b'-' | b'/')
        || start > 1 && bytes[start - 1] == b' ' && bytes[start - 2] == b'.'
    {
        return None;
    }
    let (mut at, mut odd) = (start, false);
    for part in 0..4 {
        let mut value = 0u32;
        let mut digits = 0;
        loop {
            let digit = bytes.get(at).filter(|byte| byte.is_ascii_digit())?;
            value = value * 10 + u32::from(digit - b'0');
            digits += 1;
            at += 1;
            let apart = blank(at);
            let next = bytes.get(at + apart);
            let more = next.is_some_and(u8::is_ascii_digit);
            // Apart one by one from the first digit on, or not at all.
            let spaced = bytes.get(start + 1) == Some(&b' ');
            if digits == 3 || !more || (apart == 1) != spaced {
                break;
            }
            at += apart;
            odd |= apart == 1;
        }
        if value > 255 {
            return None;
        }
        if part == 3 {
            break;
        }
        let before = at;
        at += blank(at);
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            at += match bytes.get(at..)? {
                [b'\r', b'\n', ..] => 2,
                [b' ' | b'\n', ..] => 1,
                _ => 0,
            };
            let margin = bytes.get(at..)?.iter().take(8);
            if bytes[at - 1] == b'\n' {
                at += margin
                    .take_while(|byte| matches!(byte, b' ' | b'>' | b'\t'))
                    .count();
            }
            // "in 10. 20. 30. 40": a list has no space before its dots.
            let sentence = bytes.get(before) == Some(&b'.') && bytes.get(before + 1) == Some(&b' ');
            if sentence {
                return None;
            }
            odd |= at > before + 1;
        } else {
            let rest = bytes.get(at..)?;
            let word = DOTS.iter().find(|word| {
                rest.get(..word.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(word))
            })?;
            at += word.len();
            if at == before + word.len() || blank(at) == 0 {
                return None;
            }
            at += 1;
            odd = true;
        }
    }
    let ends = match bytes.get(at..)? {
        [next, ..] if next.is_ascii_alphanumeric() => false,
        [b'.' | b' ', next, ..] => !next.is_ascii_digit(),
        _ => true,
    };
    (odd && ends).then_some(at - start)
}

/// With the hemisphere after each part, or before it, or a sign for it.
static DEGREES: LazyLock<[Option<Regex>; 2]> = LazyLock::new(|| {
    let part = r#"\d{1,3}(?:[.,]\d{1,9})?\s?°\s?(?:\d{1,2}(?:[.,]\d+)?\s?['′’]\s?)?(?:\d{1,2}(?:[.,]\d+)?\s?(?:["″”]|\\"|'')\s?)?"#;
    let after = format!(r"^{part}[NSns][,;/]?\s{{0,2}}{part}[EWOewo](?-u:\b)");
    let before = format!(r"^[NSns]\s?{part}[,;/]?\s{{0,2}}[EWOewo]\s?{part}");
    [after, before].map(|pattern| Regex::new(&pattern).ok())
});

/// The place of coordinates in degrees whose first number's last group of digits
/// begins at a byte.
pub(crate) fn degrees(text: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut start = at;
    // The digits before a decimal sign.
    while at - start < 5 && start > 0 && matches!(bytes[start - 1], b'0'..=b'9' | b'.' | b',') {
        start -= 1;
    }
    let to = floor(text, start + 80);
    let [after, before] = &*DEGREES;
    let find = |pattern: &Option<Regex>, start: usize| {
        let found = pattern.as_ref()?.find(text.get(start..to)?)?;
        let own = found.as_str().trim_end_matches([' ', ',', ';']);
        Some((start, start + own.len()))
    };
    let letter = match bytes.get(..start)? {
        [.., b'N' | b'S' | b'n' | b's', b' '] => start - 2,
        [.., b'N' | b'S' | b'n' | b's'] => start - 1,
        _ => start,
    };
    let apart = letter == 0 || !bytes[letter - 1].is_ascii_alphanumeric();
    find(after, start).or_else(|| (letter < start && apart).then(|| find(before, letter))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Context, Lexicon};
    use crate::topics::TOPICS;

    fn lexicon() -> Lexicon {
        Lexicon::new(
            TOPICS
                .iter()
                .flat_map(|(owner, words)| words.iter().map(move |word| (*word, *owner))),
        )
    }

    fn check(text: &str, want: &[&str]) {
        let (lexicon, mut context) = (lexicon(), Context::default());
        let mut around = Surroundings {
            context: &mut context,
            lexicon: &lexicon,
            text,
            base: 0,
        };
        let mut out = Vec::new();
        find(text, &mut around, &mut out);
        let got: Vec<_> = out
            .iter()
            .filter_map(|found| text.get(found.start..found.end))
            .collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn finds_addresses() {
        check("from 203.0.113.9:443.", &["203.0.113.9"]);
        check("[2001:db8::1], fe80::1", &["2001:db8::1", "fe80::1"]);
        check("mac 00:1B:44:11:3a:b7", &["00:1B:44:11:3a:b7"]);
        check("mac 001b.4411.3ab7", &["001b.4411.3ab7"]);
        check("at 40.4168, -3.7038", &["40.4168, -3.7038"]);
        check("lat/lon 40.41,-3.70", &["40.41,-3.70"]);
    }

    #[test]
    fn leaves_the_rest() {
        check("version 10.0.19041.1", &[]);
        check("version 1.2.3.4", &[]);
        check("v1.2.3.4 and 1.2.3.4.5", &[]);
        check("12:30:45 std::vec a::b 256.1.1.1", &[]);
        check("costs 1,250.00 or 3.14, 2.71", &[]);
    }
}
