//! Addresses in small letters: `calle mayor 134, 06068 badajoz`.
//!
//! A postal code before a town's name in small letters is the sign of one. What
//! stands around it is read again with capitals, by the same rules as all others.

use crate::class::Class;
use crate::gazetteer::{self, Facts};
use crate::name::word::{Case, word};
use crate::name::{Match, find, spaced};

/// Bytes before the code that are read again, and after it.
const BEFORE: usize = 96;
const AFTER: usize = 48;

/// The end of the address around the postal code between two bytes, if a town in
/// small letters follows it.
pub(super) fn small_code(
    text: &str,
    start: usize,
    end: usize,
    out: &mut Vec<Match>,
) -> Option<usize> {
    let mut at = spaced(text, end)?;
    let mut town = word(text, at)?;
    // "8916 rf leeuwarden".
    if end - start == 4 && town.end - town.start == 2 && town.case == Case::Lower {
        at = spaced(text, town.end)?;
        town = word(text, at)?;
    }
    if town.case != Case::Lower || town.end - town.start < 3 {
        return None;
    }
    let two = spaced(text, town.end)
        .and_then(|at| word(text, at))
        .and_then(|next| text.get(at..next.end))
        .map_or_else(Facts::default, gazetteer::lookup);
    let listed = town.facts.any(Facts::PLACE) && !town.facts.any(Facts::WORD | Facts::CUE);
    if !listed && !two.any(Facts::PLACE) {
        return None;
    }
    let border = |mut at: usize| {
        while !text.is_char_boundary(at) {
            at += 1;
        }
        at
    };
    let mut from = border(start.saturating_sub(BEFORE));
    // From a word's beginning on.
    if from > 0 {
        from += text.get(from..start)?.find([' ', '\n', ':'])? + 1;
    }
    let to = border((end + AFTER).min(text.len()));
    let copy = capitals(text.get(from..to)?);
    let mut found = Vec::new();
    find(&copy, "", &mut found);
    let best = found.iter().find(|found| {
        found.class == Class::Address
            && found.score >= 65
            && from + found.start <= start
            && from + found.end >= end
    })?;
    let (first, last) = (from + best.start, from + best.end);
    // "rua dr. alves redol": no person.
    while out.last().is_some_and(|last| last.start >= first) {
        out.pop();
    }
    if out.last().is_some_and(|last| last.end > first) {
        return None;
    }
    out.push(Match {
        start: first,
        end: last,
        ..*best
    });
    Some(last)
}

/// A text with each of its words beginning with a capital, of the same length; short
/// ones beside a number, which are a code's, in capitals.
fn capitals(text: &str) -> String {
    let mut copy = String::with_capacity(text.len());
    let mut digits = false;
    let mut inside = false;
    for (at, ch) in text.char_indices() {
        let own = text.get(at..).unwrap_or("");
        let length = own
            .find(|ch: char| !ch.is_alphanumeric())
            .unwrap_or(own.len());
        if !inside {
            // "8916 rf", "tn 37491".
            let next = own.get(length..).and_then(|rest| rest.strip_prefix(' '));
            digits = length <= 2
                && (copy.ends_with(|ch: char| ch.is_ascii_digit())
                    || copy
                        .strip_suffix(' ')
                        .is_some_and(|head| head.ends_with(|ch: char| ch.is_ascii_digit()))
                    || copy.ends_with(", ")
                        && next
                            .is_some_and(|next| next.starts_with(|ch: char| ch.is_ascii_digit())));
        }
        let mut upper = ch.to_uppercase();
        let one = upper.next().filter(|one| {
            upper.len() == 0
                && one.len_utf8() == ch.len_utf8()
                && ch.is_lowercase()
                && (!inside || digits)
        });
        copy.push(one.unwrap_or(ch));
        inside = ch.is_alphanumeric() || matches!(ch, '\'' | '’');
    }
    copy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_long_as_before() {
        for text in [
            "rua dr. alves, n.º 4",
            "straße ßa ŉb ǆ",
            "'s-hertogenbosch",
            "",
        ] {
            assert_eq!(capitals(text).len(), text.len(), "{text}");
        }
        assert_eq!(
            capitals("calle mayor 3, 4b éa, 8916 rf leeuwarden"),
            "Calle Mayor 3, 4b Éa, 8916 RF Leeuwarden"
        );
    }
}
