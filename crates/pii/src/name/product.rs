//! What makes a name a product's: a version, a trade mark, a model's code; and a firm's.

use super::word::{self, Word, word};
use crate::gazetteer::Facts;

pub(super) fn digits_follow(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or("");
    let rest = rest.strip_prefix([' ', '-']).unwrap_or(rest);
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    // "Focus 3", "Windows 11", "Max 4.2": a version.
    rest.len() < text.len()
        && rest.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && rest.bytes().take_while(u8::is_ascii_digit).count() <= 4
}

/// Whether a word joined with another is a firm's: "Johnson & Johnson", "Smith &
/// Sons"; but not "Anna & Peter".
pub(super) fn partners(text: &str, only: &Word) -> bool {
    let after = text
        .get(only.end..)
        .is_some_and(|rest| rest.starts_with(" & "))
        .then(|| word(text, only.end + 3))
        .flatten();
    let before = text
        .get(..only.start)
        .and_then(|head| head.strip_suffix(" & "))
        .and_then(|head| word::word_start(text, head.len()))
        .and_then(|at| word(text, at));
    let letters = |word: &Word| text.get(word.start..word.end);
    [after, before].into_iter().flatten().any(|other| {
        letters(&other) == letters(only)
            || other.is_capital()
                && !(other.facts.any(Facts::GIVEN) && only.facts.any(Facts::GIVEN))
    })
}

/// Whether a trade mark's sign follows.
pub(super) fn marked(text: &str, at: usize) -> bool {
    text.get(at..)
        .is_some_and(|rest| rest.starts_with(['™', '®', '©']))
}

/// Whether a model's code follows: "Jaguar XJ12", "Douglas DC-9".
pub(super) fn model_follows(text: &str, at: usize) -> bool {
    let Some(rest) = text
        .get(at..)
        .and_then(|rest| rest.strip_prefix([' ', '-']))
    else {
        return false;
    };
    let letters = rest.bytes().take_while(u8::is_ascii_uppercase).count();
    (1..=4).contains(&letters)
        && rest
            .get(letters..)
            .map(|rest| rest.strip_prefix('-').unwrap_or(rest))
            .is_some_and(|rest| {
                (1..=4).contains(&rest.bytes().take_while(u8::is_ascii_digit).count())
            })
}

/// Whether a model's code or a trade mark stands before: "iPhone 14 Pro", "M1 Max".
pub(super) fn model_before(text: &str, at: usize) -> bool {
    let Some(head) = text.get(..at).and_then(|head| head.strip_suffix(' ')) else {
        return false;
    };
    let head = head.strip_suffix(" Pro").unwrap_or(head);
    if head.ends_with(['™', '®']) {
        return true;
    }
    let token = head
        .char_indices()
        .rev()
        .take_while(|(_, ch)| ch.is_ascii_alphanumeric() || *ch == '-')
        .last()
        .and_then(|(at, _)| head.get(at..))
        .unwrap_or("");
    token.len() <= if token.contains('-') { 6 } else { 5 }
        && token
            .bytes()
            .last()
            .is_some_and(|byte| byte.is_ascii_digit())
        && (token
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_uppercase())
            || head
                .get(..head.len() - token.len())
                .is_some_and(|head| head.ends_with("iPhone ") || head.ends_with("Galaxy ")))
}
