//! Telephone numbers, judged by libphonenumber's metadata.
//!
//! A number in international form is one by itself. A national number needs a
//! word or a field name that says so, or a print that only telephone numbers
//! have; it is tried in the regions whose languages the words are of.

mod metadata;
mod number;
mod program;
mod words;

pub use number::{
    Judgement, MOST_DIGITS, Region, international_form, judge, judge_national, version,
};

use std::ops::Range;

use crate::chain::has_shape;
use crate::lexicon::{Near, Surroundings, topic};
pub(crate) use words::topics;
use words::{BY_LANGUAGE, LANGUAGES, REGIONS};

/// Most digits of a number with its country code (ITU-T E.164), and an extension.
const DIGITS: usize = 15;

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) score: u8,
    pub(crate) rule: &'static str,
}

/// Every telephone number that has a byte of `wanted`.
///
/// `expected` are regions whose national form needs no word for telephones.
pub(crate) fn find(
    text: &str,
    wanted: Range<usize>,
    around: &mut Surroundings<'_>,
    expected: &[Region],
    out: &mut Vec<Match>,
) {
    let bytes = text.as_bytes();
    // A number that reaches the wanted bytes begins in what numbers are written with.
    let before = bytes.get(..wanted.start).unwrap_or(&[]).iter().rev();
    let lead = before.take(LEAD).take_while(|byte| is_written(**byte));
    let mut at = wanted.start - lead.count();
    while at < wanted.end.min(bytes.len()) {
        let begins = matches!(bytes[at], b'+' | b'(' | b'0'..=b'9')
            && !(at > 1 && bytes[at - 1] == b'.' && bytes[at - 2].is_ascii_digit())
            && !(at > 0
                && (bytes[at - 1].is_ascii_alphanumeric() && !after_word(bytes, at)
                    || bytes[at - 1] >= 0x80 && !is_wide(text, at)));
        if !begins {
            at += 1;
            continue;
        }
        let end = run(bytes, at, true);
        let judged = (end > wanted.start)
            .then(|| {
                candidate(text, at..end, around, expected).or_else(|| {
                    // What stands on the next line may be something else.
                    let line = run(bytes, at, false);
                    (line < end && line > wanted.start)
                        .then(|| candidate(text, at..line, around, expected))
                        .flatten()
                })
            })
            .flatten();
        if let Some(found) = judged {
            at = found.end;
            out.push(found);
        } else {
            // Past this run's first group, so that what follows is tried too.
            at += 1;
            while at < end && bytes[at].is_ascii_digit() {
                at += 1;
            }
        }
    }
}

/// Most bytes looked back for where a number begins.
const LEAD: usize = 96;

/// Whether a byte can stand in a number as it is written.
fn is_written(byte: u8) -> bool {
    matches!(
        byte,
        b'0'..=b'9'
            | b'+'
            | b' '
            | b'-'
            | b'.'
            | b'/'
            | b'('
            | b')'
            | b'_'
            | b'\r'
            | b'\n'
            | b'\t'
            | b'>'
    )
}

/// Whether a word for telephones ends right before, as in `TEL03-…`.
fn after_word(bytes: &[u8], at: usize) -> bool {
    let head = bytes.get(at.saturating_sub(6)..at).unwrap_or(&[]);
    let length = head
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphabetic())
        .count();
    let word = head.get(head.len() - length..).unwrap_or(&[]);
    [&b"tel"[..], b"fax", b"mob", b"phone"]
        .iter()
        .any(|known| word.eq_ignore_ascii_case(known))
}

/// Whether the character before is of a script that sets no spaces.
fn is_wide(text: &str, at: usize) -> bool {
    text.get(..at)
        .and_then(|head| head.chars().next_back())
        .is_some_and(|ch| u32::from(ch) >= 0x2e80)
}

/// Where digits and what people put between them end; with `lines` they may go
/// on in the next one.
fn run(bytes: &[u8], start: usize, lines: bool) -> usize {
    let mut end = start;
    let mut digits = 0;
    let mut at = start;
    let mut gap = 0;
    let mut most = 3;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                if digits > DIGITS {
                    break;
                }
                gap = 0;
                most = 3;
                end = at + 1;
            }
            b'+' if at == start => {}
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' | b'_' => {
                gap += 1;
                if gap > most {
                    break;
                }
            }
            b'\r' | b'\n' if lines && digits > 0 => most = 14,
            b'\t' | b'>' if most > 3 => gap += 1,
            _ => break,
        }
        at += 1;
    }
    end
}

fn candidate(
    text: &str,
    place: Range<usize>,
    around: &mut Surroundings<'_>,
    expected: &[Region],
) -> Option<Match> {
    let Range { start, end } = place;
    let bytes = text.as_bytes();
    let follows = bytes.get(end);
    if follows.is_some_and(u8::is_ascii_alphanumeric) && extension(text, end) == end {
        return None;
    }
    let body = text.get(start..end)?;
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    if !(7..=DIGITS).contains(&digits) {
        return None;
    }
    let end_with_extension = extension(text, end);
    let bare = body.trim_start_matches('(');
    let international = bare.starts_with('+') || bare.starts_with("00");
    if international {
        let plus = bare.strip_prefix("00").map_or_else(
            || bare.replace("(0)", ""),
            |rest| format!("+{}", rest.replace("(0)", "")),
        );
        let score = match judged(None, &plus) {
            Some(Judgement { valid: true, .. }) if bare.starts_with('+') => 95,
            // A time and a process in a log.
            Some(Judgement { valid: true, .. }) if !body.contains('.') => 75,
            // An invented or mistyped number in a country that is.
            Some(_) if bare.starts_with('+') && is_full(body) => 68,
            // The same where a word calls it so.
            _ if is_labelled(&around.near(start, end)) => LABELLED,
            _ if bare.starts_with('+') => return None,
            _ => 0,
        };
        if score > 0 {
            return Some(Match {
                start,
                end: end_with_extension,
                score,
                rule: "phone-international",
            });
        }
    }
    if looks_like_a_date(body) {
        return None;
    }
    let near = around.near(start, end);
    let against = near.distance(topic::NO_PHONE).filter(|far| *far <= 24);
    if against.is_some_and(|far| !has_digit(bytes, start, far)) {
        return None;
    }
    let mut named: [Option<usize>; LANGUAGES] = near.distances(topic::PHONE);
    for far in &mut named {
        *far = far.filter(|far| !is_spent(bytes, start, *far));
    }
    let nearest = named.iter().flatten().min().copied();
    let signed = signed_off(bytes, start);
    if nearest.is_some_and(|far| far <= 48) {
        let (mut valid, mut possible) = (false, false);
        let languages = BY_LANGUAGE.iter().zip(&named);
        let called = languages.filter_map(|(regions, far)| far.map(|_| regions));
        let regions = expected.iter().chain(called.flatten()).chain(&*REGIONS);
        for region in regions {
            let found = judged_in(Some(*region), body);
            valid = found.is_some_and(|found| found.valid);
            if valid {
                break;
            }
            possible |= found.is_some_and(|found| found.possible);
        }
        let score = if valid {
            85
        } else if possible && is_labelled(&around.near(start, end))
            || nearest.is_some_and(|far| far <= 3) && is_broken_or_long(body)
            || signed && is_full(body)
        {
            LABELLED
        } else {
            0
        };
        if score > 0 {
            return Some(Match {
                start,
                end: end_with_extension,
                score,
                rule: "phone-national",
            });
        }
    }
    let isolated = isolated(bytes, start, end_with_extension);
    // Without separators it is as likely an order number.
    let grouped = body.bytes().any(|byte| !byte.is_ascii_digit());
    let printed = grouped && expected.iter().any(|region| personal(*region, body))
        || printed_as(body).is_some_and(|region| valid(Some(region), body))
        || signed && is_full(body)
        || isolated && looks_dialled(body)
        || beside_mail(text, start, end_with_extension) && looks_listed(body);
    printed.then_some(Match {
        start,
        end: end_with_extension,
        score: 60,
        rule: "phone-printed",
    })
}

/// Whether there are as many digits as a number with its area code has.
fn is_full(body: &str) -> bool {
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    (8..=DIGITS).contains(&digits)
}

/// Whether a letter before says so, as under a letter: `T: …`, `M …`.
fn signed_off(bytes: &[u8], start: usize) -> bool {
    let head = bytes.get(start.saturating_sub(6)..start).unwrap_or(&[]);
    let trimmed = head.trim_ascii_end();
    let (colon, word) = match trimmed {
        [word @ .., b':' | b'.'] => (true, word),
        word => (false, word),
    };
    let [
        before @ ..,
        b'T' | b't' | b'M' | b'm' | b'P' | b'p' | b'F' | b'f' | b'C' | b'c',
    ] = word
    else {
        return false;
    };
    match before.last() {
        None => start <= 6,
        Some(b'\n') => true,
        Some(b' ' | b'|' | b',' | b';' | b'(' | b'/') => colon,
        _ => false,
    }
}

/// Whether it is all there is in its line or cell; a time in brackets may stand
/// before it.
fn isolated(bytes: &[u8], start: usize, end: usize) -> bool {
    let head = bytes.get(start.saturating_sub(8)..start).unwrap_or(&[]);
    let blank = |byte: &u8| matches!(byte, b' ' | b'"' | b'\'');
    let before = head.iter().rev().find(|byte| !blank(byte));
    let tail = bytes.get(end..bytes.len().min(end + 3)).unwrap_or(&[]);
    let after = tail.iter().find(|byte| !blank(byte));
    let border = |byte: &u8| matches!(byte, b';' | b'|' | b'\t' | b'\n' | b'\r');
    before.is_none_or(|byte| border(byte) || *byte == b']') && after.is_none_or(border)
}

/// Whether the cell before or after in a row holds a mail address.
fn beside_mail(text: &str, start: usize, end: usize) -> bool {
    const CELL: &[u8] = b";|\t,\"";
    let bytes = text.as_bytes();
    let cell = |byte: &&u8| !CELL.contains(byte) && **byte != b'\n';
    let border = |byte: Option<&u8>| byte.is_some_and(|byte| CELL.contains(byte));
    let head = bytes.get(start.saturating_sub(96)..start).unwrap_or(&[]);
    let tail = bytes.get(end..bytes.len().min(end + 96)).unwrap_or(&[]);
    let skip = |bytes: &mut dyn Iterator<Item = &u8>| {
        // The cell's border, quotes with it.
        let mut bytes = bytes
            .skip_while(|byte| CELL.contains(byte))
            .take_while(cell);
        bytes.any(|byte| *byte == b'@')
    };
    let last = tail
        .first()
        .is_none_or(|byte| CELL.contains(byte) || *byte == b'\n');
    border(head.last()) && last && (skip(&mut head.iter().rev()) || skip(&mut tail.iter()))
}

/// Whether digits in a row beside a mail address are a telephone's.
fn looks_listed(body: &str) -> bool {
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    let groups = body
        .split(|ch: char| !ch.is_ascii_digit())
        .filter(|group| !group.is_empty());
    let grouped = groups.clone().count() >= 2 && groups.clone().all(|group| group.len() >= 2);
    (9..=13).contains(&digits)
        && (grouped
            || REGIONS
                .iter()
                .any(|region| judged_in(Some(*region), body).is_some_and(|found| found.valid)))
}

/// Whether a number is printed in groups as people dial it, and is one in a
/// country where that is usual.
fn looks_dialled(body: &str) -> bool {
    let groups = body
        .split(|ch: char| !ch.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0);
    let (mut count, mut digits, mut least) = (0, 0, usize::MAX);
    for length in groups {
        count += 1;
        digits += length;
        least = least.min(length);
    }
    let trunk = body.trim_start_matches('(').starts_with('0');
    let printed = count >= 2 && least >= 2 || body.contains('(');
    let regions: &[&str] = match (trunk, digits) {
        (true, 9..=12) => &[
            "GB", "DE", "FR", "IT", "NL", "JP", "AT", "CH", "BE", "AU", "SE",
        ],
        (false, 9) => &["ES", "PT", "PL"],
        (false, 10) => &["US", "MX", "BR", "IT"],
        (false, 11) => &["BR"],
        _ => return false,
    };
    // A French number is usual without groups too.
    let whole = trunk && digits == 10 && count == 1;
    let area = body.starts_with('(') && count >= 2;
    area || (printed || whole) && regions.iter().any(|region| valid(Some(region), body))
}

/// The score of what is no valid number and stands right after a word for one.
const LABELLED: u8 = 70;

/// Whether a word for telephones stands right before.
fn is_labelled(near: &Near<'_>) -> bool {
    let named: [Option<usize>; LANGUAGES] = near.distances(topic::PHONE);
    named.iter().flatten().any(|far| *far <= 12)
}

/// Whether a digit stands in so many bytes before a place.
fn has_digit(bytes: &[u8], start: usize, far: usize) -> bool {
    let between = bytes.get(start.saturating_sub(far)..start);
    between.unwrap_or(&[]).iter().any(u8::is_ascii_digit)
}

/// Whether another value stands between a word and a number.
fn is_spent(bytes: &[u8], start: usize, distance: usize) -> bool {
    let between = bytes
        .get(start.saturating_sub(distance)..start)
        .unwrap_or(&[]);
    between.contains(&b'@') || between.iter().filter(|byte| byte.is_ascii_digit()).count() > 1
}

/// Whether digits that no plan has are as many as a number's and printed like one.
fn is_broken_or_long(body: &str) -> bool {
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    let broken = body.bytes().any(|byte| !byte.is_ascii_digit());
    broken || digits >= 9
}

fn valid(region: Option<&str>, text: &str) -> bool {
    judged(region, text).is_some_and(|found| found.valid)
}

/// Whether it is a number that people have, as dialled in a region.
fn personal(region: Region, text: &str) -> bool {
    judged_in(Some(region), text).is_some_and(|found| found.personal)
}

/// What digits are, after a `+` or as dialled in a region (ISO 3166).
fn judged(region: Option<&str>, text: &str) -> Option<Judgement> {
    let region = match region {
        Some(id) => Some(Region::of(id)?),
        None => None,
    };
    judged_in(region, text)
}

fn judged_in(region: Option<Region>, text: &str) -> Option<Judgement> {
    let mut digits = [0; MOST_DIGITS];
    let mut length = 0;
    for digit in text.bytes().filter(u8::is_ascii_digit) {
        *digits.get_mut(length)? = digit;
        length += 1;
    }
    judge(
        digits.get(..length).unwrap_or(&[]),
        text.starts_with('+'),
        region,
    )
}

/// The region whose telephone numbers alone are printed like this.
fn printed_as(body: &str) -> Option<&'static str> {
    let trunk = body.starts_with('0');
    let found = PRINTS
        .iter()
        .find(|(shape, _)| has_shape(body.as_bytes(), shape));
    found
        .map(|(_, region)| *region)
        .filter(|region| trunk || !matches!(*region, "FR" | "JP" | "GB"))
}

/// Prints that only one region's telephone numbers have; of some only with the
/// trunk's zero.
const PRINTS: &[(&[u8], &str)] = &[
    (b"(999) 999-9999", "US"),
    (b"(999)999-9999", "US"),
    (b"999-999-9999", "US"),
    (b"999.999.9999", "US"),
    (b"99 99 99 99 99", "FR"),
    (b"99.99.99.99.99", "FR"),
    (b"99-9999-9999", "JP"),
    (b"999-9999-9999", "JP"),
    (b"(99) 99999-9999", "BR"),
    (b"(99) 9999-9999", "BR"),
    (b"99999 999999", "GB"),
    (b"999 9999 9999", "GB"),
];

fn looks_like_a_date(body: &str) -> bool {
    let body = body.trim_matches(|ch: char| !ch.is_ascii_digit());
    let mut parts = body.split(['-', '/', '.']).map(str::len);
    let three = (parts.next(), parts.next(), parts.next(), parts.next());
    matches!(
        three,
        (Some(4), Some(1..=2), Some(1..=2), None) | (Some(1..=2), Some(1..=2), Some(4), None)
    )
}

/// Where an extension after a number ends.
fn extension(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or("");
    let trimmed = rest.trim_start_matches([' ', ',', ';', '(']);
    let begins = trimmed.as_bytes().first();
    if !begins.is_some_and(|byte| b"aAdDeEiIpPrRtTwWxX#".contains(byte) || *byte >= 0x80) {
        return end;
    }
    for word in [
        "extension",
        "extensión",
        "ext.",
        "ext",
        "x",
        "#",
        "poste",
        "anexo",
        "durchwahl",
        "dw",
        "interno",
        "int.",
        "toestel",
        "tst.",
        "ramal",
        "wewn.",
        "wew.",
        "内線",
    ] {
        let Some(head) = trimmed.get(..word.len()) else {
            continue;
        };
        if !head.eq_ignore_ascii_case(word) {
            continue;
        }
        let after = trimmed.get(word.len()..).unwrap_or("");
        let number = after.trim_start_matches([' ', ':']);
        let digits = number.len()
            - number
                .trim_start_matches(|ch: char| ch.is_ascii_digit())
                .len();
        if (1..=6).contains(&digits) {
            return end
                + (rest.len() - trimmed.len())
                + word.len()
                + (after.len() - number.len())
                + digits;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Context, Lexicon};
    use crate::topics;

    fn found(text: &str, expected: &[Region], out: &mut Vec<Match>) {
        let lexicon = Lexicon::new(
            topics().chain(
                topics::TOPICS
                    .iter()
                    .flat_map(|(owner, words)| words.iter().map(move |word| (*word, *owner))),
            ),
        );
        let mut around = Surroundings {
            context: &mut Context::default(),
            lexicon: &lexicon,
            text,
            base: 0,
        };
        find(text, 0..text.len(), &mut around, expected, out);
    }

    fn check(text: &str, want: &[&str]) {
        let mut out = Vec::new();
        found(text, &[], &mut out);
        let got: Vec<_> = out
            .iter()
            .filter_map(|found| text.get(found.start..found.end))
            .collect();
        assert_eq!(got, want, "{text}");
    }

    #[test]
    fn finds_numbers() {
        check("ring +44 20 7946 0958 now", &["+44 20 7946 0958"]);
        check("tel. 912 345 678", &["912 345 678"]);
        check("call (202) 555-0143 ext. 12", &["(202) 555-0143 ext. 12"]);
        check("or 202-555-0143.", &["202-555-0143"]);
        check("Tel +49 (0)30 901820", &["+49 (0)30 901820"]);
        check("06 12 34 56 78", &["06 12 34 56 78"]);
        check("電話03-3210-1234", &["03-3210-1234"]);
        // Invented, but a word says what it is.
        check("tel. +31792-133650", &["+31792-133650"]);
        check("bel mij op tel. (0256) 817140", &["(0256) 817140"]);
    }

    #[test]
    fn expected_regions_need_no_word() {
        let check = |text: &str, regions: &[&str], want: &[&str]| {
            let regions: Vec<_> = regions.iter().filter_map(|id| Region::of(id)).collect();
            let mut out = Vec::new();
            found(text, &regions, &mut out);
            let got: Vec<_> = out
                .iter()
                .filter_map(|found| text.get(found.start..found.end))
                .collect();
            assert_eq!(got, want, "{text} {regions:?}");
        };
        check("from 912 34 56 78, thanks", &[], &[]);
        check("from 912 34 56 78, thanks", &["ES"], &["912 34 56 78"]);
        check("from 912 34 56 78, thanks", &["US"], &[]);
        check(
            "from 041 234 56 78, thanks",
            &["DE", "CH"],
            &["041 234 56 78"],
        );
        // As likely an order number, and a date.
        check("from 912345678, thanks", &["ES"], &[]);
        check("on 2020-05-12 at noon", &["ES", "US"], &[]);
        // A word and a region of which no language here is.
        check("call 040 123 4567", &["FI"], &["040 123 4567"]);
    }

    #[test]
    fn leaves_the_rest() {
        check("order 2025550143", &[]);
        check("on 2020-05-12 at 12:30", &[]);
        check("1.2.3 and 12345678", &[]);
        check("id 550e8400-e29b-41d4-a716-446655440000", &[]);
        check("", &[]);
    }
}
