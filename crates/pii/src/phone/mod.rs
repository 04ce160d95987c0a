//! Telephone numbers, judged by libphonenumber's metadata.
//!
//! A number in international form is one by itself. A national number needs a
//! word or a field name that says so, or a print that only telephone numbers
//! have; it is tried in the regions whose languages the words are of.

mod metadata;
mod number;
mod program;

pub use number::{Judgement, MOST_DIGITS, Region, judge, judge_national, version};

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::context::Window;

/// Most digits of a number with its country code (ITU-T E.164), and an extension.
const DIGITS: usize = 15;

/// Words for telephones, and the regions to try first where they are used.
const WORDS: &[(&[&str], &[&str])] = &[
    (
        &[
            "phone",
            "telephone",
            "tel",
            "mobile",
            "cell",
            "call",
            "fax",
            "sms",
            "text me",
            "whatsapp",
            "phone number",
            "landline",
            "ring",
            "contact number",
            "dial",
        ],
        &["US", "GB", "AU", "IE", "IN", "ZA", "NZ", "CA"],
    ),
    (
        &[
            "teléfono",
            "telefono",
            "móvil",
            "movil",
            "celular",
            "llámame",
            "llamar",
            "llame",
        ],
        &["ES", "MX", "AR", "CO", "CL", "PE", "IT"],
    ),
    (
        &[
            "telefon",
            "handy",
            "mobil",
            "rufnummer",
            "telefonnummer",
            "anrufen",
            "mobilnummer",
        ],
        &["DE", "AT", "CH", "PL"],
    ),
    (
        &["téléphone", "portable", "appeler", "appelez", "tél"],
        &["FR", "BE", "CH", "CA"],
    ),
    (&["cellulare", "chiamare", "chiamami"], &["IT"]),
    (
        &["telefone", "telemóvel", "telemovel", "ligar", "ligue"],
        &["PT", "BR"],
    ),
    (
        &["telefoon", "mobiel", "bel", "telefoonnummer"],
        &["NL", "BE"],
    ),
    (
        &["komórka", "komórkowy", "zadzwoń", "numer telefonu"],
        &["PL"],
    ),
    (&["電話", "携帯", "電話番号"], &["JP"]),
];

/// Every region that a national number is tried in when no word names one.
const REGIONS: &[&str] = &[
    "US", "GB", "ES", "DE", "FR", "IT", "PT", "NL", "PL", "JP", "BR", "MX",
];

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) score: u8,
    pub(crate) rule: &'static str,
}

/// Every telephone number that has a byte of `wanted`.
pub(crate) fn find(text: &str, wanted: Range<usize>, field: &str, out: &mut Vec<Match>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < wanted.end.min(bytes.len()) {
        let begins = matches!(bytes[at], b'+' | b'(' | b'0'..=b'9')
            && !(at > 0
                && (bytes[at - 1].is_ascii_alphanumeric()
                    || bytes[at - 1] >= 0x80 && !is_wide(text, at)));
        if !begins {
            at += 1;
            continue;
        }
        let end = run(bytes, at);
        let judged = (end > wanted.start)
            .then(|| candidate(text, at, end, field))
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

/// Whether the character before is of a script that sets no spaces.
fn is_wide(text: &str, at: usize) -> bool {
    text.get(..at)
        .and_then(|head| head.chars().next_back())
        .is_some_and(|ch| u32::from(ch) >= 0x2e80)
}

/// Where digits and what people put between them end.
fn run(bytes: &[u8], start: usize) -> usize {
    let mut end = start;
    let mut digits = 0;
    let mut at = start;
    let mut gap = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'0'..=b'9' => {
                digits += 1;
                if digits > DIGITS {
                    break;
                }
                gap = 0;
                end = at + 1;
            }
            b'+' if at == start => {}
            b' ' | b'-' | b'.' | b'/' | b'(' | b')' => {
                gap += 1;
                if gap > 3 {
                    break;
                }
            }
            _ => break,
        }
        at += 1;
    }
    end
}

fn candidate(text: &str, start: usize, end: usize, field: &str) -> Option<Match> {
    let bytes = text.as_bytes();
    let follows = bytes.get(end);
    if follows.is_some_and(|byte| byte.is_ascii_alphanumeric() && *byte != b'x' && *byte != b'e') {
        return None;
    }
    let body = text.get(start..end)?;
    let digits = body.bytes().filter(u8::is_ascii_digit).count();
    if !(7..=DIGITS).contains(&digits) {
        return None;
    }
    let end_with_extension = extension(text, end);
    let international = body.starts_with('+') || body.starts_with("00");
    if international {
        let plus = body.strip_prefix("00").map_or_else(
            || body.replace("(0)", ""),
            |rest| format!("+{}", rest.replace("(0)", "")),
        );
        let score = match judged(None, &plus) {
            Some(Judgement { valid: true, .. }) if body.starts_with('+') => 95,
            Some(Judgement { valid: true, .. }) => 75,
            // Invented and mistyped numbers are hidden where a word calls them so.
            _ if is_labelled(&Window::around(text, start, end, field)) => LABELLED,
            _ => return None,
        };
        return Some(Match {
            start,
            end: end_with_extension,
            score,
            rule: "phone-international",
        });
    }
    let window = Window::around(text, start, end, field);
    if window.speaks_against() || looks_like_a_date(body) {
        return None;
    }
    let mut near: Vec<(usize, &[&str])> = WORDS
        .iter()
        .filter_map(|(words, regions)| Some((window.distance(words)?, *regions)))
        .collect();
    near.sort_by_key(|(distance, _)| *distance);
    let named = near.first().is_some_and(|(distance, _)| *distance <= 48);
    if named {
        let regions = near
            .iter()
            .flat_map(|(_, regions)| regions.iter())
            .chain(REGIONS);
        let (mut valid, mut possible) = (false, false);
        for region in regions {
            let found = judged(Some(*region), body);
            valid |= found.is_some_and(|found| found.valid);
            possible |= found.is_some_and(|found| found.possible);
        }
        let score = if valid {
            85
        } else if possible && is_labelled(&window) {
            LABELLED
        } else {
            return None;
        };
        return Some(Match {
            start,
            end: end_with_extension,
            score,
            rule: "phone-national",
        });
    }
    let printed = printed_as(body)?;
    valid(Some(printed), body).then_some(Match {
        start,
        end: end_with_extension,
        score: 60,
        rule: "phone-printed",
    })
}

/// Regions by their two letters.
static BY_CODE: LazyLock<HashMap<&str, Region>> =
    LazyLock::new(|| Region::all().map(|region| (region.id(), region)).collect());

/// The score of what is no valid number and stands right after a word for one.
const LABELLED: u8 = 65;

/// Whether a word for telephones stands right before.
fn is_labelled(window: &Window) -> bool {
    WORDS
        .iter()
        .any(|(words, _)| window.distance(words).is_some_and(|far| far <= 12))
}

fn valid(region: Option<&str>, text: &str) -> bool {
    judged(region, text).is_some_and(|found| found.valid)
}

/// What digits are, after a `+` or as dialled in a region (ISO 3166).
fn judged(region: Option<&str>, text: &str) -> Option<Judgement> {
    let mut digits = [0; MOST_DIGITS];
    let mut length = 0;
    for digit in text.bytes().filter(u8::is_ascii_digit) {
        *digits.get_mut(length)? = digit;
        length += 1;
    }
    let region = match region {
        Some(id) => Some(*BY_CODE.get(id)?),
        None => None,
    };
    judge(
        digits.get(..length).unwrap_or(&[]),
        text.starts_with('+'),
        region,
    )
}

/// The region whose telephone numbers alone are printed like this.
fn printed_as(body: &str) -> Option<&'static str> {
    let shape: String = body
        .chars()
        .map(|ch| if ch.is_ascii_digit() { '9' } else { ch })
        .collect();
    match shape.as_str() {
        "(999) 999-9999" | "(999)999-9999" | "999-999-9999" | "999.999.9999" => Some("US"),
        "99 99 99 99 99" | "99.99.99.99.99" if body.starts_with('0') => Some("FR"),
        "99-9999-9999" | "999-9999-9999" if body.starts_with('0') => Some("JP"),
        "(99) 99999-9999" | "(99) 9999-9999" => Some("BR"),
        "99999 999999" | "999 9999 9999" if body.starts_with('0') => Some("GB"),
        _ => None,
    }
}

fn looks_like_a_date(body: &str) -> bool {
    let parts: Vec<&str> = body.split(['-', '/', '.']).collect();
    match parts.as_slice() {
        [year, month, day] => {
            let lengths = (year.len(), month.len(), day.len());
            matches!(lengths, (4, 1..=2, 1..=2) | (1..=2, 1..=2, 4))
        }
        _ => false,
    }
}

/// Where an extension after a number ends.
fn extension(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or("");
    let trimmed = rest.trim_start_matches([' ', ',']);
    for word in [
        "extension",
        "ext.",
        "ext",
        "x",
        "poste",
        "anexo",
        "durchwahl",
        "int.",
        "wew.",
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

    fn check(text: &str, want: &[&str]) {
        let mut out = Vec::new();
        find(text, 0..text.len(), "", &mut out);
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
    fn leaves_the_rest() {
        check("order 2025550143", &[]);
        check("on 2020-05-12 at 12:30", &[]);
        check("1.2.3 and 12345678", &[]);
        check("id 550e8400-e29b-41d4-a716-446655440000", &[]);
        check("", &[]);
    }
}
