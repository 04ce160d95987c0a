//! A run of capital words: where it ends, and who judges it.
//!
//! Most are one word that is nothing, so that is asked first, by what is cheap:
//! its facts, its neighbours, and whether the word before tells something.

use std::ops::Range;

use super::person::persons;
use super::small::{small_name, small_place};
use super::word::{self, Case, Word, word};
use super::{Match, around, code_like, cue, place, postal, spaced};
use crate::gazetteer::{Facts, Head, eight};

/// More words are no name, and the rest is a run of its own.
const MOST_WORDS: usize = 9;

/// A run of capital words; returns where to go on.
pub(super) fn capital(
    text: &str,
    start: usize,
    quiet: &Range<usize>,
    out: &mut Vec<Match>,
) -> usize {
    if let Some(end) = postal::british_code(text, start, out) {
        return end;
    }
    let Some(first) = word(text, start) else {
        // A letter that begins no word: step over it.
        return start
            + text
                .get(start..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8);
    };
    if nothing(text, &first, quiet) {
        return first.end;
    }
    let bytes = text.as_bytes();
    let mut words = [first; MOST_WORDS];
    let mut count = 0;
    let mut at = start;
    // Where the run ends for the reader's sake; single words always end it.
    while count < MOST_WORDS {
        let next = if count == 0 {
            first
        } else {
            // Most runs are followed by a small word that does not belong to them.
            if bytes.get(at).is_some_and(u8::is_ascii_lowercase) && !may_join(bytes, at) {
                break;
            }
            let Some(next) = word(text, at) else { break };
            next
        };
        let after = next.end;
        // An identifier, a path, a domain or a call is no name.
        let born =
            text.as_bytes().get(after) == Some(&b'(') && count > 0 && around::born(text, after);
        if !born && code_like(text, next.start, after) {
            if count == 0 {
                return after;
            }
            break;
        }
        let particle = next.case == Case::Lower && next.facts.any(Facts::PARTICLE);
        if next.case == Case::Lower && !particle {
            break;
        }
        if particle && count == 0 {
            break;
        }
        if let Some(slot) = words.get_mut(count) {
            *slot = next;
        }
        count += 1;
        let dot = text.as_bytes().get(after) == Some(&b'.')
            && (next.case == Case::Initial
                || next
                    .facts
                    .any(Facts::TITLE | Facts::STREET_BEFORE | Facts::STREET_AFTER)
                || after - next.start <= 3 && next.facts.any(Facts::GIVEN));
        let mut gap = after + usize::from(dot);
        // "Koen van 't Riet".
        if particle
            && let Some(rest) = text.get(gap..)
            && (rest.starts_with(" 't ") || rest.starts_with(" ’t "))
        {
            gap += rest.find('t').unwrap_or(0) + 1;
        }
        let Some(begin) = spaced(text, gap)
            .or_else(|| {
                // "Jansen-van Leeuwen".
                (text.as_bytes().get(gap) == Some(&b'-')
                    && text
                        .as_bytes()
                        .get(gap + 1)
                        .is_some_and(u8::is_ascii_lowercase))
                .then_some(gap + 1)
            })
            .or_else(|| {
                // "J.K. Rowan": initials without a space.
                (dot && next.case == Case::Initial && word::letter(text, gap).is_some())
                    .then_some(gap)
            })
            .or_else(|| (count == 1).then(|| wrapped(text, &next, gap)).flatten())
        else {
            break;
        };
        at = begin;
    }
    while count > 1
        && words
            .get(count - 1)
            .is_some_and(|word| word.case == Case::Lower)
    {
        count -= 1;
    }
    let Some(run) = words.get(..count.max(1)) else {
        return start + 1;
    };
    let end = run.last().map_or(start + 1, |word| word.end);
    let before = out.len();
    let before_run = facts_before(text, start);
    let street = postal::run(text, run, out);
    let persons_until = if street.is_some() {
        street.unwrap_or(end).max(end)
    } else {
        end
    };
    // One capital word that is no name, after nothing that tells of one: most are.
    let lone = run.len() == 1
        && !first.facts.any(Facts::GIVEN)
        && !before_run.any(Facts::CUE | Facts::TITLE | Facts::GREETING)
        && text.as_bytes().get(end) != Some(&b',')
        && around::dotted_title(text, start).is_none();
    // "She lives in West Renee" names a place, whatever the lists know of its words.
    let at_home = before_run.any(Facts::CUE)
        && cue::at_home(text, start)
        && !text
            .get(..start)
            .is_some_and(|head| head.ends_with("from "));
    let at_home = at_home || place::elided_home(text, start);
    let somewhere = !at_home && place::after_preposition(text, place::elided(text, start));
    let shaped = somewhere.then(|| place::shaped(text, run)).flatten();
    // ";Walton on the Naze;": a town, though a person may be called Walton.
    let town = place::cell_before(text, start) && place::on_a_river(text, start, end);
    let nobody = town || lone && !around::honoured(text, end);
    if out.len() == before && !(nobody || at_home || shaped.is_some()) {
        persons(text, run, before_run, out);
    }
    if out.len() == before {
        let near = if at_home {
            place::Near::Home
        } else if let Some(end) = shaped {
            place::Near::Shaped(end)
        } else if somewhere {
            place::Near::Preposition
        } else {
            place::Near::Nothing
        };
        place::find(text, run, near, out);
    }
    // "Merci, thierry chevalier": the name is in small letters.
    if out.len() == before
        && let Some(last) = run.last()
        && last.facts.any(Facts::CUE | Facts::GREETING | Facts::TITLE)
    {
        small_name(text, last, out);
        if out.len() == before {
            small_place(text, last, out);
        }
    }
    out.get(before..)
        .unwrap_or(&[])
        .iter()
        .map(|found| found.end)
        .max()
        .unwrap_or(end)
        .max(persons_until)
        .max(start + 1)
}

/// Where a name goes on that a line's end breaks: a given name or an initial, then
/// a word that may be a surname and is nothing else.
fn wrapped(text: &str, first: &Word, gap: usize) -> Option<usize> {
    let given = first.facts.any(Facts::GIVEN_COMMON) && !first.facts.any(super::AMBIGUOUS)
        || first.case == Case::Initial && gap > first.end;
    if !given || first.case == Case::Upper {
        return None;
    }
    let rest = text.get(gap..)?.strip_prefix('\n')?;
    let inner = rest.trim_start_matches(['>', ' ']);
    let begin = gap + 1 + (rest.len() - inner.len());
    let next = word(text, begin)?;
    let name = next.case == Case::Capital
        && next.end - next.start > 2
        && !next.facts.any(
            Facts::WORD
                | Facts::BRAND
                | Facts::ANYWHERE
                | Facts::TITLE
                | Facts::GREETING
                | Facts::ORGANISATION
                | Facts::STREET_BEFORE
                | Facts::UNIT
                | Facts::CUE,
        )
        && text.as_bytes().get(next.end) != Some(&b':')
        && (next.facts.any(Facts::SURNAME) || !next.facts.any(Facts::GIVEN));
    (name && begin - gap <= 8).then_some(begin)
}

/// Where the word before a run ends, across spaces, quotes, points and line ends.
fn word_end_before(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        match bytes.get(..end).unwrap_or(&[]) {
            [
                ..,
                b' ' | b':' | b',' | b'"' | b'\r' | b'\n' | b'.' | b'!' | b'-' | b'\t' | b'>',
            ] => end -= 1,
            [.., 0xc2, 0xa0] => end -= 2,
            _ => return end,
        }
    }
}

/// What the word before a run is.
pub(super) fn facts_before(text: &str, at: usize) -> Facts {
    let end = word_end_before(text.as_bytes(), at);
    word::word_start(text, end)
        .and_then(|start| word(text, start))
        .map_or_else(Facts::default, |word| word.facts)
}

/// Whether no word stands before a run, or the one that tells nothing.
fn quiet_before(bytes: &[u8], at: usize, quiet: &Range<usize>) -> bool {
    let end = word_end_before(bytes, at);
    let Some(last) = end.checked_sub(1).and_then(|last| bytes.get(last)) else {
        return true;
    };
    if !last.is_ascii_alphabetic() {
        return *last < 0x80;
    }
    end == quiet.end
        && quiet
            .start
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_none_or(|before| {
                *before < 0x80
                    && !before.is_ascii_alphabetic()
                    && !matches!(before, b'\'' | b'-' | b'.')
            })
}

/// Whether a word in small letters may be a particle, or one that has signs or
/// marked letters in it.
fn may_join(bytes: &[u8], at: usize) -> bool {
    let eight = eight::read(bytes, at);
    let count = eight::small(eight);
    count < 8
        && (matches!(
            bytes.get(at + count as usize),
            Some(b'\'' | b'-' | b'A'..=b'Z' | 0x80..)
        ) || Head::of(eight::head(eight, count)).joins())
}

/// Whether a capital word stands alone after nothing that tells, in no list that
/// matters, shaped like no street or town, before no number: the usual noun, or
/// the first word of a sentence.
fn nothing(text: &str, word: &Word, quiet: &Range<usize>) -> bool {
    const TELLING: u16 = Facts::GIVEN
        | Facts::ANYWHERE
        | Facts::STREET_BEFORE
        | Facts::STREET_AFTER
        | Facts::UNIT
        | Facts::TITLE
        | Facts::GREETING
        | Facts::CUE;
    let bytes = text.as_bytes();
    let letters = text.get(word.start..word.end).unwrap_or("");
    let written = match word.case {
        Case::Capital => !postal::compound(letters),
        Case::Upper => !postal::shouted(letters) && !may_be_state(text, word.start, letters),
        _ => false,
    };
    if !word.plain || !written || word.facts.any(TELLING) {
        return false;
    }
    let alone = match bytes.get(word.end) {
        None
        | Some(b'.' | b'!' | b'?' | b':' | b'"' | b'\'' | b')' | b'\n' | b'\r' | b'<' | b'>') => {
            true
        }
        Some(b' ') => match bytes.get(word.end + 1) {
            Some(b'a'..=b'z') => !may_join(bytes, word.end + 1),
            Some(b'A'..=b'Z' | b'0'..=b'9' | 0x80..) => false,
            _ => true,
        },
        _ => false,
    };
    alone
        && !matches!(
            word.start.checked_sub(1).and_then(|at| bytes.get(at)),
            Some(b';' | b'|' | b'\t' | 0x80..)
        )
        && quiet_before(bytes, word.start, quiet)
}

/// Whether capitals may be a state's before its code: `Austin, TX 78701`.
fn may_be_state(text: &str, start: usize, letters: &str) -> bool {
    postal::is_state(letters)
        || letters.len() <= 5 && text.get(..start).is_some_and(|head| head.ends_with(", "))
}
