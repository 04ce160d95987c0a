//! House numbers, and what may follow a street: flats, floors, units.

use super::byte;
use crate::gazetteer::Facts;
use crate::name::word::{self, Case, word};

/// The end of a house number at a byte: `12`, `12a`, `12-14`, `12/3`, `nº 12`, `s/n`.
pub(super) fn house_number(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let mut start = at;
    for mark in [
        "nº ", "n.º ", "nº", "n° ", "n°", "no. ", "nr. ", "nr ", "Nr. ", "Nº ", "núm. ", "num. ",
        "número ", "número", "#",
    ] {
        if rest.starts_with(mark) {
            start = at + mark.len();
            break;
        }
    }
    if rest.starts_with("s/n") || rest.starts_with("S/N") {
        return Some(at + 3);
    }
    let digits = text
        .get(start..)?
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    if !(1..=5).contains(&digits) {
        return None;
    }
    let mut end = start + digits;
    // A letter or a second number.
    loop {
        let sign = usize::from(matches!(byte(text, end), b'-' | b'/'));
        let after = end + sign;
        let more = text
            .get(after..)?
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        if sign == 1 && (1..=4).contains(&more) {
            end = after + more;
            continue;
        }
        if byte(text, after).is_ascii_alphabetic()
            && !byte(text, after + 1).is_ascii_alphanumeric()
            && byte(text, after + 1) != b'\''
        {
            end = after + 1;
            continue;
        }
        if sign == 0
            && byte(text, end) == b' '
            && byte(text, end + 1).is_ascii_lowercase()
            && !byte(text, end + 2).is_ascii_alphanumeric()
            && matches!(byte(text, end + 1), b'a'..=b'd')
            && byte(text, end + 2) != b'\''
            && matches!(byte(text, end + 2), b',' | b'\n' | 0)
        {
            end += 2;
        }
        break;
    }
    // French and Dutch second letters.
    for more in [" bis", " ter", " hs", "-hs", " huis", " bg"] {
        if text.get(end..).is_some_and(|rest| rest.starts_with(more))
            && !byte(text, end + more.len()).is_ascii_alphanumeric()
        {
            end += more.len();
            break;
        }
    }
    // Not the beginning of a longer number or a share.
    (!byte(text, end).is_ascii_digit()
        && byte(text, end) != b'%'
        && !(matches!(byte(text, end), b'.' | b':') && byte(text, end + 1).is_ascii_digit()))
    .then_some(end)
}

/// Where a street or flat goes on: `, Flat 3`, ` 2º B`, `, bâtiment C`.
pub(super) fn extend(text: &str, mut end: usize) -> usize {
    for _ in 0..4 {
        let rest = text.get(end..).unwrap_or("");
        let gap = rest.len()
            - rest
                .trim_start_matches([',', ' ', '\n', '\r', '-', '\u{2013}', '.'])
                .len();
        if gap == 0 || gap > 4 {
            break;
        }
        let at = end + gap;
        if let Some(unit) = word(text, at)
            && unit.facts.any(Facts::UNIT)
            && !unit.facts.any(Facts::GIVEN_COMMON)
        {
            let mut after = unit.end;
            after += usize::from(byte(text, after) == b'.');
            after += usize::from(byte(text, after) == b' ');
            after += usize::from(byte(text, after) == b'#');
            let token = token_end(text, after);
            let short = token - after;
            let fits = text.get(after..token).is_some_and(|token| {
                token.bytes().any(|byte| byte.is_ascii_digit())
                    || short <= 2
                    || word(text, after).is_some_and(|word| word.facts.any(Facts::UNIT))
            });
            if (1..=8).contains(&short) && fits {
                end = token;
                continue;
            }
            break;
        }
        // `2º B`, `3ª izq.`, `#4`.
        let digits = text
            .get(at..)
            .unwrap_or("")
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let mark = text.get(at + digits..).unwrap_or("");
        if (1..=2).contains(&digits)
            && (mark.starts_with('º') || mark.starts_with('ª') || mark.starts_with('°'))
        {
            end = at + digits + 2;
            let mut from = end + usize::from(byte(text, end) == b'.');
            from += usize::from(byte(text, from) == b' ');
            let token = token_end(text, from);
            if (1..=6).contains(&(token - from))
                && word(text, from)
                    .is_some_and(|word| word.case != Case::Lower || word.facts.any(Facts::UNIT))
            {
                end = token;
            }
            continue;
        }
        if byte(text, at) == b'#' && byte(text, at + 1).is_ascii_digit() {
            end = token_end(text, at + 1);
            continue;
        }
        break;
    }
    end
}

pub(super) fn token_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    at + rest
        .find(|ch: char| !ch.is_alphanumeric() && !matches!(ch, 'º' | 'ª' | '-' | '/'))
        .unwrap_or(rest.len())
}

/// The beginning of a house number that ends just before a byte: `12 `, `12, `, `12 bis `.
pub(super) fn number_before(text: &str, at: usize) -> Option<usize> {
    let head = text.get(..at)?;
    let mut trimmed = head.trim_end_matches([' ', ',']);
    if head.len() == trimmed.len() || head.len() - trimmed.len() > 2 {
        return None;
    }
    trimmed = trimmed
        .strip_suffix(" bis")
        .or_else(|| trimmed.strip_suffix(" ter"))
        .unwrap_or(trimmed);
    let tail = trimmed
        .char_indices()
        .rev()
        .take_while(|(_, ch)| ch.is_ascii_alphanumeric() || matches!(ch, '-' | '/'))
        .last()?
        .0;
    let number = trimmed.get(tail..)?;
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let rest = number.get(digits..)?;
    let fits = (1..=5).contains(&digits)
        && rest.len() <= 5
        && (rest.len() <= 1 || rest.starts_with(['-', '/']));
    let before = trimmed.get(..tail)?.chars().next_back();
    (fits && before.is_none_or(|ch| !matches!(ch, '.' | ':' | '#' | '$' | '€' | '_' | '=')))
        .then_some(tail)
}

/// `Flat 3, ` or `Apt 4B, ` before a number.
pub(super) fn unit_before(text: &str, start: usize) -> usize {
    let head = text.get(..start).unwrap_or("");
    let trimmed = head.trim_end_matches([' ', ',', '\n']);
    if trimmed.len() == head.len() {
        return start;
    }
    let Some(at) = trimmed
        .char_indices()
        .rev()
        .take_while(|(_, ch)| ch.is_ascii_alphanumeric())
        .last()
        .map(|(at, _)| at)
    else {
        return start;
    };
    if trimmed.len() - at > 4 || byte(text, at.saturating_sub(1)) != b' ' {
        return start;
    }
    word::word_start(text, at - 1)
        .filter(|begin| {
            word(text, *begin).is_some_and(|word| {
                word.end == at - 1 && word.is_capital() && word.facts.any(Facts::UNIT)
            })
        })
        .unwrap_or(start)
}
