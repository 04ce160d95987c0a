//! A postal code with its city, and what of an address stands before them.

use super::code::british;
use super::{CODE, byte};
use crate::class::Class;
use crate::gazetteer::{self, Facts};
use crate::name::word::{self, Case, word};
use crate::name::{Match, spaced};

/// The beginning of the city before `, TX` or a postal code.
pub(super) fn city_before(text: &str, at: usize) -> Option<usize> {
    let head = text.get(..at)?;
    let trimmed = head.trim_end_matches([',', ' ']);
    if trimmed.len() == head.len() {
        return None;
    }
    let mut start = None;
    let mut end = trimmed.len();
    for _ in 0..5 {
        let Some(begin) = word::word_start(text, end) else {
            break;
        };
        let Some(found) = word(text, begin) else {
            break;
        };
        let joins =
            found.case == Case::Lower && found.facts.any(Facts::PARTICLE) && start.is_some();
        if !(found.is_capital() || found.case == Case::Mixed || joins) || found.end != end {
            break;
        }
        if !joins {
            start = Some(begin);
        }
        if byte(text, begin.wrapping_sub(1)) != b' ' {
            break;
        }
        end = begin - 1;
    }
    start
}

/// A number: the house number before a street, or a postal code before a city.
pub(crate) fn number(text: &str, at: usize, out: &mut Vec<Match>) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let next = at + digits.max(1);
    let before = at.checked_sub(1).map_or(0, |at| byte(text, at));
    if before.is_ascii_alphanumeric() || matches!(before, b'.' | b'_' | b'#' | b'$' | b'=') {
        return next;
    }
    // 4 to 6 digits, 12-345, 1234-567, 12345-678, 1234 AB.
    let mut end = next;
    let mut sure = false;
    let more = |at: usize| {
        text.get(at..)
            .unwrap_or("")
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count()
    };
    match digits {
        2 | 4 | 5 if byte(text, next) == b'-' && more(next + 1) == 3 => {
            end = next + 4;
            sure = true;
        }
        4 => {
            let gap = usize::from(byte(text, next) == b' ');
            let letters = next + gap;
            if byte(text, letters).is_ascii_uppercase()
                && byte(text, letters + 1).is_ascii_uppercase()
                && !byte(text, letters + 2).is_ascii_alphanumeric()
            {
                end = letters + 2;
                sure = true;
            }
        }
        5 | 8 => {}
        _ => return next,
    }
    if digits == 4 && !sure && year_after_month(text, at) {
        return next;
    }
    let gap = text.get(end..).unwrap_or("");
    let gap = gap.len() - gap.trim_start_matches([',', ' ']).len();
    // Nothing comes of fewer or more digits, or of a number that ends a text.
    if !sure && gap == 0 && digits != 5 {
        return next;
    }
    // `1017 GP\nAmsterdam`.
    let line = usize::from(sure && digits == 4 && byte(text, end) == b'\n');
    let gap = gap.max(line);
    let prefixed = [
        "D-", "A-", "CH-", "F-", "I-", "E-", "B-", "L-", "NL-", "PL-",
    ]
    .iter()
    .find(|prefix| text.get(..at).is_some_and(|head| head.ends_with(**prefix)));
    let start = at - prefixed.map_or(0, |prefix| prefix.len());
    // `São Paulo - SP, 04538-133`.
    if sure
        && digits == 5
        && let Some(found) = city_and_state(text, start, end)
    {
        out.push(found);
        return end;
    }
    if gap == 0 || gap > 2 {
        if digits == 5
            && let Some(found) = city_then_code(text, at, end)
        {
            out.push(found);
        }
        return next;
    }
    // `Huelva, 15097`: the city stands before the code.
    if digits == 5
        && text.get(..at).is_some_and(|head| head.ends_with(", "))
        && !word(text, end + gap).is_some_and(|word| word.is_capital())
        && let Some(found) = city_then_code(text, at, end)
    {
        out.push(found);
        return end;
    }
    if let Some(end) = super::small::small_code(text, at, end, out) {
        return end;
    }
    // The city: up to four capital words.
    let mut from = end + gap;
    // `6008 EK 's-Hertogenbosch`.
    if text.get(from..).is_some_and(|rest| rest.starts_with("'s-")) {
        from += 3;
    }
    let mut city_end = from;
    let mut listed = false;
    let mut place = from;
    let mut after_small = false;
    let mut count = 0;
    while let Some(found) = word(text, place) {
        let joins = found.case == Case::Lower
            && (found.facts.any(Facts::PARTICLE) || found.end - found.start <= 3)
            && (count > 0 || digits == 8 || sure && found.facts.any(Facts::PARTICLE));
        if !(found.is_capital() || found.case == Case::Mixed || joins)
            || count >= 5
            || crate::name::code_like(text, found.start, found.end)
        {
            break;
        }
        if count > 0
            && found.is_capital()
            && !after_small
            && found.facts.any(Facts::WORD)
            && !found.facts.any(Facts::PLACE | Facts::PARTICLE)
            && !ends_city(text, found.end)
        {
            break;
        }
        // "1355 Peek Pass": a street and its number, which the run will find.
        if !sure
            && count > 0
            && found.facts.any(Facts::STREET_AFTER)
            && !text
                .get(from..found.end)
                .is_some_and(|city| gazetteer::lookup(city).any(Facts::PLACE))
        {
            return next;
        }
        count += 1;
        after_small = found.case == Case::Lower;
        if found.case != Case::Lower {
            city_end = found.end;
            listed |= found.facts.any(Facts::PLACE)
                || gazetteer::lookup(text.get(from..city_end).unwrap_or("")).any(Facts::PLACE);
            let small_next = spaced(text, found.end)
                .and_then(|at| word(text, at))
                .is_some_and(|next| next.facts.any(Facts::PARTICLE));
            if count == 1
                && found.facts.any(Facts::WORD)
                && !found.facts.any(Facts::PLACE | Facts::PARTICLE)
                && !small_next
                && !crate::name::place::begins(text.get(found.start..found.end).unwrap_or(""))
            {
                break;
            }
        }
        match spaced(text, found.end) {
            Some(next) => place = next,
            None => break,
        }
    }
    if city_end == from
        || (digits == 8
            && !text
                .get(city_end..)
                .is_some_and(|rest| rest.starts_with(" / ")))
    {
        return next;
    }
    // A code without a listed city counts only beside another piece.
    let first = word(text, from);
    let beside = out.last().is_some_and(|last| {
        last.class == Class::Address && last.end <= start && start - last.end <= 3
    });
    let everyday = !beside
        && first.is_some_and(|word| {
            word.is_capital()
                && word
                    .facts
                    .any(Facts::WORD | Facts::BRAND | Facts::CUE | Facts::UNIT)
                && !word.facts.any(Facts::PLACE)
        });
    if everyday && !sure {
        return next;
    }
    let mut score = match (listed, sure) {
        (true, true) => 80,
        (true, false) => 65,
        (false, true) => 60,
        (false, false) => 40,
    };
    // `(MI)`, `/ SP`, ` - SP`.
    let tail = text.get(city_end..).unwrap_or("");
    for (open, close) in [(" (", ")"), (" / ", ""), ("/", ""), (" - ", ""), ("-", "")] {
        if let Some(code) = tail.strip_prefix(open)
            && code.bytes().take_while(u8::is_ascii_uppercase).count() == 2
            && code.get(2..).is_some_and(|rest| {
                rest.starts_with(close) && !rest.starts_with(char::is_alphanumeric)
            })
        {
            city_end += open.len() + 2 + close.len();
            score = score.max(75);
            break;
        }
    }
    // What stands before it may make it one: `5 Anything Rise, 1234 Somewhere`.
    let lead = lead(text, start);
    if lead < start && digits >= 4 && (sure || listed || score > 60) {
        score = 85;
    }
    let start = if score == 85 { lead } else { start };
    out.push(Match {
        start,
        end: city_end,
        class: Class::Address,
        score,
        rule: CODE,
    });
    city_end
}

/// Whether a year stands after the words of a date: "11 de marzo de 2024, Andrés",
/// "3. März 2023 Justyna", "November 4, 2021 Anna".
fn year_after_month(text: &str, at: usize) -> bool {
    if !text
        .get(at..at + 2)
        .is_some_and(|century| matches!(century, "19" | "20"))
    {
        return false;
    }
    let mut head = text.get(..at).unwrap_or("");
    let mut floor = head.len().saturating_sub(32);
    while !head.is_char_boundary(floor) {
        floor += 1;
    }
    head = head.get(floor..).unwrap_or("");
    let mut words = head
        .rsplit([' ', ',', '.', '\u{a0}'])
        .filter(|word| !word.is_empty());
    let mut word = words.next().unwrap_or("");
    if matches!(word, "de" | "del")
        || word.len() <= 2 && word.bytes().all(|byte| byte.is_ascii_digit())
    {
        word = words.next().unwrap_or("");
    }
    crate::calendar::month_named(word).is_some()
}

/// Whether a city's name may end at a byte, or goes on with a particle and a capital:
/// an everyday word belongs to it then.
pub(crate) fn ends_city(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or("");
    let Some(sign) = rest.chars().next() else {
        return true;
    };
    match sign {
        '\n' | '\r' | ';' | '|' | '"' | '<' | ')' => true,
        ',' | '.' => rest
            .get(1..)
            .and_then(|rest| rest.chars().next())
            .is_none_or(char::is_whitespace),
        ' ' => {
            let state = rest
                .strip_prefix(" / ")
                .or_else(|| rest.strip_prefix(" - "))
                .or_else(|| rest.strip_prefix(" ("))
                .is_some_and(|rest| rest.bytes().take_while(u8::is_ascii_uppercase).count() == 2);
            state
                || word(text, at + 1).is_some_and(|next| {
                    next.case == Case::Lower
                        && next.facts.any(Facts::PARTICLE)
                        && spaced(text, next.end)
                            .and_then(|at| word(text, at))
                            .is_some_and(|next| next.is_capital())
                })
        }
        _ => false,
    }
}

/// A British postal code where a capital stands, with the city before it.
pub(crate) fn british_code(text: &str, at: usize, out: &mut Vec<Match>) -> Option<usize> {
    let end = british(text, at)?;
    let city = city_before(text, at).or_else(|| {
        let line = text.get(..at)?.strip_suffix('\n')?.len();
        city_before_at(text, line)
    });
    let start = lead(text, city.unwrap_or(at));
    // The bare shape is a part number's as well.
    let score = match city {
        Some(city) if start < city => 85,
        Some(_) => 65,
        None => 40,
    };
    out.push(Match {
        start,
        end,
        class: Class::Address,
        score,
        rule: CODE,
    });
    Some(end)
}

/// The beginning of the lines or parts before a city that belong to its address:
/// `12 Anything Tunnel, `, `Studio 5\nSome Islands\n`. At least one has a number.
pub(super) fn lead(text: &str, city: usize) -> usize {
    let mut start = city;
    let mut best = city;
    let mut alone = false;
    // A street with its number was passed, so what has a postal code is another's.
    let mut street = false;
    for _ in 0..4 {
        let head = text.get(..start).unwrap_or("");
        let trimmed = head.trim_end_matches([',', ' ', '\n', '\r']);
        let gap = head.get(trimmed.len()..).unwrap_or("");
        if gap.is_empty()
            || gap.len() > 3
            || !gap.contains([',', '\n'])
            || gap.matches('\n').count() > 1
        {
            break;
        }
        // A part goes back over capital words, numbers and particles.
        let mut from = trimmed.len();
        let mut part = from;
        let mut words = 0;
        let mut number = None;
        let mut coded = false;
        while words < 6 {
            let piece = text.get(..from).unwrap_or("");
            let begin = piece
                .char_indices()
                .rev()
                .take_while(|(_, ch)| {
                    ch.is_alphanumeric()
                        || matches!(ch, '-' | '\'' | '’' | '.' | '/' | '#' | 'º' | 'ª')
                })
                .last()
                .map_or(from, |(at, _)| at);
            let token = text.get(begin..from).unwrap_or("");
            let Some(first) = token.chars().next() else {
                break;
            };
            let digit = token.bytes().any(|byte| byte.is_ascii_digit());
            let fits = token.len() <= 24
                && (first.is_uppercase()
                    || digit
                    || words > 0 && gazetteer::lookup(token).any(Facts::PARTICLE));
            let facts = gazetteer::lookup(token);
            let stops = facts.any(Facts::TITLE | Facts::CUE | Facts::GREETING)
                && !facts.any(Facts::PARTICLE)
                && !digit;
            if !fits || stops {
                break;
            }
            words += 1;
            from = begin;
            // A part does not begin with "op de".
            if digit || first.is_uppercase() {
                part = begin;
            }
            if digit {
                number = Some(begin);
                coded |= token.bytes().filter(u8::is_ascii_digit).count() >= 4
                    || british(text, begin).is_some();
            }
            if begin == 0 || byte(text, begin - 1) != b' ' {
                break;
            }
            from = begin - 1;
        }
        let from = part;
        if words == 0 {
            break;
        }
        if street && coded {
            break;
        }
        // A part with a number begins at it, or at the unit before it.
        if let Some(number) = number {
            let unit = word::word_start(text, number.saturating_sub(1)).filter(|begin| {
                *begin >= from
                    && word(text, *begin)
                        .is_some_and(|word| word.facts.any(Facts::UNIT | Facts::STREET_BEFORE))
            });
            let tail = number_ends(text, number, trimmed.len());
            // `Anything Lane, 56`: a part that is a number alone goes with the last.
            alone = part == number && tail && unit.is_none();
            best = match unit {
                Some(unit) => unit,
                // `Anything Lane 5`: the words before a last number.
                None if tail => from,
                None => number,
            };
            start = best;
            street = unit.is_none() && part != number || !tail;
            if unit.is_some() || !tail {
                let before = text.get(..best).unwrap_or("");
                if !before.ends_with([',', '\n']) && !before.ends_with(", ") {
                    break;
                }
            }
            continue;
        }
        start = from;
        if alone {
            best = from;
            break;
        }
    }
    best
}

/// Whether from a number on there are only numbers and flats.
fn number_ends(text: &str, number: usize, end: usize) -> bool {
    text.get(number..end).is_some_and(|tail| {
        tail.split(' ').all(|token| {
            token.bytes().any(|byte| byte.is_ascii_digit())
                || gazetteer::lookup(token).any(Facts::UNIT)
        })
    })
}

/// The city that ends a line.
fn city_before_at(text: &str, end: usize) -> Option<usize> {
    let head = text.get(..end)?;
    // No city is longer.
    let from = end.saturating_sub(60);
    let line = head
        .as_bytes()
        .get(from..)?
        .iter()
        .rposition(|byte| matches!(byte, b'\n' | b','))
        .map(|at| from + at + 1)
        .or((from == 0).then_some(0))?;
    let slice = text.get(line..end)?;
    let start = line + (slice.len() - slice.trim_start().len());
    let fits = end > start
        && end - start <= 40
        && text
            .get(start..end)?
            .split(' ')
            .all(|word| word.chars().next().is_some_and(char::is_uppercase));
    fits.then_some(start)
}

/// `Huelva, 15097`, if the lists know the city or a street stands before it.
fn city_then_code(text: &str, at: usize, end: usize) -> Option<Match> {
    if !text.get(..at)?.ends_with(", ") || byte(text, end).is_ascii_alphanumeric() {
        return None;
    }
    let city = city_before(text, at)?;
    let name = text.get(city..at)?.trim_end_matches([',', ' ']);
    let start = lead(text, city);
    let listed = gazetteer::lookup(name).any(Facts::PLACE);
    (listed || start < city).then_some(Match {
        start,
        end,
        class: Class::Address,
        score: if start < city { 80 } else { 55 },
        rule: CODE,
    })
}

/// A code that stands behind its city and state: `São Paulo - SP, 04538-133`.
fn city_and_state(text: &str, code: usize, end: usize) -> Option<Match> {
    let head = text.get(..code)?.strip_suffix(' ')?;
    let head = head.strip_suffix(',').unwrap_or(head);
    let state = head.get(head.len().checked_sub(2)?..)?;
    let head = head.get(..head.len() - 2)?;
    let city = head
        .strip_suffix(" - ")
        .or_else(|| head.strip_suffix('/'))
        .or_else(|| head.strip_suffix(" / "))?;
    if !state.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let start = city_before_at(text, city.len())?;
    Some(Match {
        start,
        end,
        class: Class::Address,
        score: 80,
        rule: CODE,
    })
}
