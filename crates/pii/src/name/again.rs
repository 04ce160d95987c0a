//! What the rest of a text says of a name: that it was found elsewhere in it, or
//! that an e-mail address near it is made of it.
//!
//! "Dear Mr Painemal … regards, Guadalupe Painemal": who was found once is found
//! wherever the same words stand. "Sal Sarno <sal.sarno@…>": a word in an
//! address's local part is a name, if it is written like one nearby.
//!
//! Invariant: the work is bounded by the text's length, whatever is found in it;
//! nothing is allocated but the matches. It judges no text without a person or an
//! address in it.

use super::word::{self, Case, Word, word};
use super::{AMBIGUOUS, Match, code_like, spaced};
use crate::class::Class;
use crate::gazetteer::{self, Facts};
use crate::scanner::Span;

/// Names that are looked for again, and addresses whose neighbours are looked at.
const MOST: usize = 8;

/// Least score of a name that is looked for again.
const SURE: u8 = 70;

/// Longest text in which a name is looked for again, in bytes.
const LONGEST: usize = 1 << 18;

/// Bytes on either side of an address that are looked at.
const NEAR: usize = 320;

/// Adds the names that what was found tells of. `spans` are in order of
/// their beginnings.
pub(crate) fn find(text: &str, spans: &[Span], out: &mut Vec<Match>) {
    elsewhere(text, spans, out);
    let mails = spans
        .iter()
        .filter(|span| span.class == Class::Email && span.end - span.start <= 128);
    for mail in mails.take(MOST) {
        near(text, mail, spans, out);
    }
}

/// Whether something else holds a place; the last few that begin before it are asked.
fn covered(spans: &[Span], start: usize, end: usize) -> bool {
    let from = spans.partition_point(|span| span.start <= start);
    spans
        .get(from.saturating_sub(8)..from)
        .unwrap_or(&[])
        .iter()
        .any(|span| span.end >= end && span.class != Class::Place)
}

fn push(start: usize, end: usize, score: u8, out: &mut Vec<Match>) {
    out.push(Match {
        start,
        end,
        class: Class::Person,
        score,
        rule: "person-again",
    });
}

/// The same words elsewhere.
fn elsewhere(text: &str, spans: &[Span], out: &mut Vec<Match>) {
    if text.len() > LONGEST {
        return;
    }
    let mut seen: [&str; 2 * MOST] = [""; 2 * MOST];
    let mut count = 0;
    let persons = spans
        .iter()
        .filter(|span| span.class == Class::Person && span.score >= SURE);
    for span in persons.take(MOST) {
        let Some(name) = text.get(span.start..span.end) else {
            continue;
        };
        // The whole name, and its last word where that is nothing else.
        let whole = name.contains(' ').then_some(name);
        let last = name
            .rsplit(' ')
            .next()
            .filter(|last| last.chars().count() >= 4)
            .filter(|_| whole.is_some() || span.score > SURE)
            .filter(|last| {
                word(last, 0).is_some_and(|word| {
                    word.end == last.len()
                        && word.case == Case::Capital
                        && !word.facts.any(AMBIGUOUS | Facts::ANYWHERE | Facts::TITLE)
                })
            });
        for name in [whole, last].into_iter().flatten() {
            if seen.get(..count).is_some_and(|seen| seen.contains(&name)) {
                continue;
            }
            let Some(slot) = seen.get_mut(count) else {
                return;
            };
            *slot = name;
            count += 1;
            for start in memchr::memmem::find_iter(text.as_bytes(), name.as_bytes()) {
                let end = start + name.len();
                if apart(text, start, end) && !covered(spans, start, end) {
                    push(start, end, if name.contains(' ') { SURE } else { 60 }, out);
                }
            }
        }
    }
}

/// Whether no word goes on at either end, and no code.
fn apart(text: &str, start: usize, end: usize) -> bool {
    let head = text.get(..start).and_then(|head| head.chars().next_back());
    let tail = text.get(end..).and_then(|tail| tail.chars().next());
    !head.is_some_and(|ch| ch.is_alphanumeric() || ch == '-')
        && !tail.is_some_and(|ch| ch.is_alphanumeric() || ch == '-')
        && !code_like(text, start, end)
}

/// The letters of an address's local part, small and without marks.
struct Local {
    letters: [u8; 64],
    length: usize,
}

impl Local {
    fn of(address: &str) -> Self {
        let mut local = Self {
            letters: [0; 64],
            length: 0,
        };
        let end = address
            .find(['@', '＠', '﹫', '(', '[', '{', '%', '&', ' '])
            .unwrap_or(address.len());
        local.add(address.get(..end).unwrap_or(""));
        local
    }

    fn add(&mut self, text: &str) {
        for ch in text.chars() {
            if ch.is_ascii_alphabetic() {
                self.push(ch.to_ascii_lowercase() as u8);
            } else {
                spelt(ch).bytes().for_each(|letter| self.push(letter));
            }
        }
    }

    fn push(&mut self, letter: u8) {
        if let Some(slot) = self.letters.get_mut(self.length) {
            *slot = letter;
            self.length += 1;
        }
    }

    fn letters(&self) -> &[u8] {
        self.letters.get(..self.length).unwrap_or(&[])
    }

    /// For each letter those that follow it somewhere, as bits.
    fn pairs(&self) -> [u32; 26] {
        let mut pairs = [0; 26];
        for two in self.letters().windows(2) {
            pairs[usize::from(two[0] - b'a')] |= 1 << (two[1] - b'a');
        }
        pairs
    }

    /// Whether two letters of a word follow each other in it; `true` for signs.
    fn pair(pairs: &[u32; 26], first: u8, second: u8) -> bool {
        let letter = |byte: u8| {
            byte.is_ascii_alphabetic()
                .then(|| byte.to_ascii_lowercase() - b'a')
        };
        match (letter(first), letter(second)) {
            (Some(first), Some(second)) => pairs[usize::from(first)] >> second & 1 == 1,
            _ => true,
        }
    }

    /// Whether a word's letters stand in it, in order and together.
    fn has(&self, letters: &str) -> bool {
        let mut word = Self {
            letters: [0; 64],
            length: 0,
        };
        word.add(letters);
        word.length >= 3 && memchr::memmem::find(self.letters(), word.letters()).is_some()
    }
}

/// A marked letter as addresses write it; nothing for a sign.
fn spelt(ch: char) -> &'static str {
    match ch {
        'ä' | 'Ä' => "ae",
        'ö' | 'Ö' => "oe",
        'ü' | 'Ü' => "ue",
        _ => gazetteer::plain(ch),
    }
}

/// A word that may be a part of a name, written like one.
fn nameable(word: &Word) -> bool {
    word.is_capital()
        && !word.facts.any(
            Facts::ORGANISATION
                | Facts::TITLE
                | Facts::GREETING
                | Facts::STREET_AFTER
                | Facts::STREET_BEFORE
                | Facts::UNIT,
        )
        && (word.case == Case::Initial
            || word.facts.any(Facts::GIVEN | Facts::SURNAME)
            || !word.facts.any(Facts::WORD | Facts::BRAND | Facts::CUE))
}

/// Names near an address that is made of them.
fn near(text: &str, mail: &Span, spans: &[Span], out: &mut Vec<Match>) {
    let Some(address) = text.get(mail.start..mail.end) else {
        return;
    };
    let local = Local::of(address);
    if local.length < 3 {
        return;
    }
    let pairs = local.pairs();
    let bytes = text.as_bytes();
    let mut at = mail.start.saturating_sub(NEAR);
    let to = (mail.end + NEAR).min(text.len());
    // In the middle of a word.
    while bytes
        .get(at)
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte >= 0x80)
        && at > 0
        && at < to
    {
        at += 1;
    }
    // Where the last run of words ended.
    let mut done = at;
    while at < to {
        if at == mail.start {
            at = mail.end;
            continue;
        }
        let byte = bytes[at];
        if !(byte.is_ascii_alphabetic() || byte >= 0x80) {
            at += 1;
            continue;
        }
        let start = at;
        at += bytes[at..]
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte >= 0x80)
            .count();
        // Most words begin with no two letters of the address.
        let next = bytes.get(start + 1).copied().unwrap_or(0);
        if byte < 0x80 && next < 0x80 && !Local::pair(&pairs, byte, next) {
            continue;
        }
        let Some(hit) = word(text, start).filter(|_| begins(text, start)) else {
            continue;
        };
        if !local.has(text.get(hit.start..hit.end).unwrap_or("")) {
            continue;
        }
        let first = before(text, &hit, done);
        let Some((end, strong)) = run(text, &first, &local) else {
            continue;
        };
        at = at.max(end);
        done = at;
        if strong && !covered(spans, first.start, end) && !code_like(text, first.start, end) {
            push(first.start, end, SURE, out);
        }
    }
}

/// The word that a name begins with whose later word stands in an address: up to two
/// words back, all in capitals.
fn before(text: &str, hit: &Word, done: usize) -> Word {
    let mut first = *hit;
    for _ in 0..2 {
        let Some(head) = text
            .get(..first.start)
            .and_then(|head| head.strip_suffix(' ').or_else(|| head.strip_suffix(". ")))
        else {
            break;
        };
        let Some(earlier) = word::word_start(text, head.len()).and_then(|at| word(text, at)) else {
            break;
        };
        let joins = hit.is_capital()
            && earlier.end == head.len()
            && earlier.start >= done
            && nameable(&earlier)
            && begins(text, earlier.start);
        if !joins {
            break;
        }
        first = earlier;
    }
    first
}

fn begins(text: &str, at: usize) -> bool {
    text.get(..at)
        .and_then(|head| head.chars().next_back())
        .is_none_or(|ch| !ch.is_alphanumeric() && !matches!(ch, '@' | '.' | '_' | '-' | '/' | '\''))
}

/// The run of words that a word begins, if it may be a name: its end, and whether
/// the address tells enough of it.
fn run(text: &str, first: &Word, local: &Local) -> Option<(usize, bool)> {
    let letters = |word: &Word| text.get(word.start..word.end).unwrap_or("");
    let small = first.case == Case::Lower;
    if small && !local.has(letters(first)) || !small && !nameable(first) {
        return None;
    }
    let mut words = 0;
    let mut told = 0;
    let mut longest = 0;
    let mut everyday = 0;
    let mut end = first.end;
    let mut next = Some(*first);
    while let Some(word) = next {
        let particle = words > 0 && word.case == Case::Lower && word.facts.any(Facts::PARTICLE);
        if !particle {
            let has = local.has(letters(&word));
            let fits = if small {
                word.case == Case::Lower && has
            } else {
                word.is_capital() && (nameable(&word) || has)
            };
            if !fits || words == 4 {
                break;
            }
            words += 1;
            told += u32::from(has);
            everyday += u32::from(word.facts.any(Facts::WORD | Facts::BRAND));
            if has {
                longest = longest.max(word.end - word.start);
            }
            end = word.end;
        }
        let pointed = word.case == Case::Initial && text.as_bytes().get(word.end) == Some(&b'.');
        next = spaced(text, word.end + usize::from(pointed)).and_then(|at| word::word(text, at));
    }
    let strong = if small {
        // "anna" and "roth" in "anna.roth@": two, of which one is no everyday word.
        told >= 2 && everyday < told && longest >= 4
    } else if words >= 2 {
        told >= 2 && everyday < words || told == 1 && longest >= 4 && everyday == 0
    } else {
        told == 1
            && longest >= 4
            && everyday == 0
            && first.facts.any(Facts::GIVEN | Facts::SURNAME)
            && !first.facts.any(Facts::PLACE_BIG)
    };
    Some((end, strong))
}
