//! Persons' names, postal addresses and places, in English, Spanish, German,
//! French, Italian, Portuguese, Dutch, Polish and Japanese.
//!
//! One pass stops at words that begin with a capital, at signs after a key, at a
//! few words in small letters (titles, introductions, kinds of street) and at
//! Japanese script. A run of capital words is judged once, by what the gazetteer
//! knows of its words and by what stands around it; a `candidate` is what is
//! judged, and where a tagger would put its own score.
//!
//! Invariant: matches lie on character borders; nothing is allocated but the
//! matches. It does not tell a firm named like a person from the person.

mod again;
mod around;
mod candidate;
mod capital;
mod cue;
mod endings;
mod field;
mod japanese;
mod key;
mod person;
mod place;
mod postal;
mod product;
mod small;
mod word;

use crate::class::Class;
use crate::gazetteer::{Facts, Head, eight};
use capital::capital;
use field::{after_key, keyed, line_key, trimmed};
use small::{small, small_cell, small_given};

pub(crate) use again::find as find_again;

/// Something found: where, what, how sure, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) class: Class,
    pub(crate) score: u8,
    pub(crate) rule: &'static str,
}

/// Finds persons, addresses and places in the value of a field.
pub(crate) fn find(text: &str, field: &str, out: &mut Vec<Match>) {
    let first = out.len();
    if let Some(key) = key::of(field) {
        let (start, end) = trimmed(text, 0, text.len());
        keyed(text, start, end, key, true, out);
        if out.len() > first {
            return;
        }
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    // The last word in small letters that tells nothing.
    let mut quiet = 0..0;
    // Here no word, path or identifier goes on.
    while let Some(&byte) = bytes.get(at) {
        match Kind::of(byte) {
            Kind::Nothing => at += 1,
            Kind::Small => {
                let begin = at;
                let mut eight = eight::read(bytes, at);
                let mut count = eight::small(eight);
                let head = Head::of(eight::head(eight, count));
                if let Some(b';' | b'|' | b'\t') = at.checked_sub(1).and_then(|at| bytes.get(at))
                    && let Some(end) = small_cell(text, at, out)
                {
                    at = end;
                    continue;
                }
                if head.tells() {
                    if let Some(end) = small(text, at, head, out) {
                        at = end;
                        continue;
                    }
                    quiet = 0..0;
                }
                if head.names()
                    && let Some(end) = small_given(text, at, out)
                {
                    at = end;
                    continue;
                }
                at += count as usize;
                while count == 8 {
                    eight = eight::read(bytes, at);
                    count = eight::small(eight);
                    at += count as usize;
                }
                if !head.tells() && !head.joins() {
                    quiet = begin..at;
                }
                // Most words end so.
                if bytes.get(at) == Some(&b' ') {
                    at += 1;
                } else {
                    let joint = bytes.get(at).copied();
                    at = rest_of_word(text, at);
                    if begin > 0 && bytes.get(begin - 1) == Some(&b'<') {
                        nick(text, begin, at, out);
                    }
                    if matches!(joint, Some(b'0'..=b'9' | b'_' | b'.')) {
                        handle(text, begin, at, out);
                    }
                }
            }
            Kind::Capital => at = capital(text, at, &quiet, out),
            Kind::Digit => at = rest_of_word(text, postal::number(text, at, out)),
            Kind::Key => at = after_key(text, at, out).unwrap_or(at + 1),
            // "City - Leeds" on a line of its own.
            Kind::Dash => {
                let apart =
                    at > 2 && bytes.get(at - 1) == Some(&b' ') && bytes.get(at + 1) == Some(&b' ');
                at = apart
                    .then(|| line_key(text, at).and_then(|()| after_key(text, at, out)))
                    .flatten()
                    .unwrap_or(at + 1);
            }
            Kind::Joint => at = rest_of_word(text, at),
            Kind::Wide => {
                let Some(ch) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                    break;
                };
                if japanese::is_script(ch) {
                    at = japanese::run(text, at, out);
                } else if matches!(ch, '：' | '＝') {
                    let next = at + ch.len_utf8();
                    at = after_key(text, at, out).unwrap_or(next);
                } else if word::capital(ch) {
                    at = capital(text, at, &quiet, out);
                } else {
                    at += ch.len_utf8();
                    if word::alphabetic(ch) {
                        at = rest_of_word(text, at);
                    }
                }
            }
        }
    }
    postal::join(text, first, out);
}

/// What a byte begins, where no word goes on.
#[derive(Clone, Copy)]
enum Kind {
    Nothing,
    Small,
    Capital,
    Digit,
    /// The sign after a key.
    Key,
    Dash,
    /// A sign that makes what follows a path, a handle or an identifier.
    Joint,
    /// No ASCII.
    Wide,
}

impl Kind {
    #[inline]
    fn of(byte: u8) -> Self {
        static KINDS: [Kind; 256] = {
            let mut kinds = [Kind::Nothing; 256];
            let mut byte = 0u8;
            loop {
                kinds[byte as usize] = match byte {
                    b'a'..=b'z' => Kind::Small,
                    b'A'..=b'Z' => Kind::Capital,
                    b'0'..=b'9' => Kind::Digit,
                    b':' | b'=' => Kind::Key,
                    b'-' => Kind::Dash,
                    b'_' | b'/' | b'\\' | b'@' | b'#' | b'$' | b'~' => Kind::Joint,
                    0x80.. => Kind::Wide,
                    _ => Kind::Nothing,
                };
                if byte == 255 {
                    break kinds;
                }
                byte += 1;
            }
        };
        KINDS
            .get(usize::from(byte))
            .copied()
            .unwrap_or(Kind::Nothing)
    }
}

/// Where the word, path or identifier ends that goes on at a byte.
fn rest_of_word(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = at;
    while let Some(&byte) = bytes.get(at) {
        match Kind::of(byte) {
            Kind::Small | Kind::Capital | Kind::Digit | Kind::Joint => at += 1,
            // `module.Name`.
            Kind::Nothing
                if byte == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) =>
            {
                at += 1;
            }
            // The marked letters of western Europe, but for two signs.
            Kind::Wide if byte == 0xc3 && !matches!(bytes.get(at + 1), Some(0x97 | 0xb7)) => {
                at += 2;
            }
            Kind::Wide => {
                let Some(ch) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                    return text.len();
                };
                if !word::alphabetic(ch) || japanese::is_script(ch) {
                    break;
                }
                at += ch.len_utf8();
            }
            _ => break,
        }
    }
    at
}

/// `<acardenas> hola`: a name in angle brackets that begins a line.
fn nick(text: &str, start: usize, end: usize, out: &mut Vec<Match>) {
    let bytes = text.as_bytes();
    let line = start >= 1
        && bytes.get(start - 1) == Some(&b'<')
        && bytes.get(end) == Some(&b'>')
        && bytes.get(end + 1) == Some(&b' ')
        && match bytes.get(..start - 1) {
            // "08:15 <nick> hello".
            Some([.., before, b' ']) => before.is_ascii_digit() || *before == b']',
            Some([.., before]) => *before == b'\n',
            _ => true,
        };
    let own = text.get(start..end).unwrap_or("");
    // No tag or placeholder: `<h1>`, `<file_name>`.
    let numbered = own.len() >= 5 && own.bytes().any(|byte| byte.is_ascii_digit());
    let signed = numbered || crate::handle::named(own);
    if line && (signed || crate::handle::is_personal(own)) {
        out.push(Match {
            start,
            end,
            class: Class::Username,
            score: 60,
            rule: "username-named",
        });
    }
}

/// A token made of a name and a number or another name: `callum44`, `roth_anna`.
fn handle(text: &str, start: usize, end: usize, out: &mut Vec<Match>) {
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    let joined = |byte: Option<&u8>| {
        byte.is_some_and(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(
                    byte,
                    b'@' | b'_'
                        | b'/'
                        | b'\\'
                        | b'$'
                        | b'%'
                        | b'&'
                        | b'='
                        | b'`'
                        | b'['
                        | b'{'
                        | b'+'
                )
                || *byte >= 0x80
        })
    };
    let own = text.get(start..end).unwrap_or("").trim_end_matches('.');
    let after = bytes.get(start + own.len());
    if own.len() < 5
        || own.len() > 40
        || before
            .is_some_and(|byte| *byte != b'@' && joined(Some(byte)) || matches!(byte, b'.' | b'-'))
        || joined(after) && after != Some(&b'=')
        || after == Some(&b'(')
        || !crate::handle::named(own)
    {
        return;
    }
    out.push(Match {
        start,
        end: start + own.len(),
        class: Class::Username,
        score: 60,
        rule: "username-named",
    });
}

/// The byte after one space, if a letter follows it.
fn spaced(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let next = if rest.starts_with(' ') {
        at + 1
    } else if rest.starts_with('\u{a0}') {
        at + 2
    } else {
        return None;
    };
    word::letter(text, next).map(|_| next)
}

/// Whether signs around a word make it part of code, a path or an address.
fn code_like(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    if before.is_some_and(|byte| {
        byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'_' | b'/' | b'\\' | b'@' | b'#' | b'$' | b'%' | b'&' | b'`'
            )
    }) {
        return true;
    }
    match bytes.get(end) {
        Some(b'_' | b'\\' | b'@' | b'(' | b'[' | b'{' | b'$' | b'0'..=b'9') => true,
        Some(b'/' | b'=') => bytes
            .get(end + 1)
            .is_some_and(|byte| !byte.is_ascii_whitespace()),
        Some(b':') => bytes.get(end + 1) == Some(&b':'),
        Some(b'.') => {
            bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric) && end - start > 1
                // "z.B. Str.12": a short form.
                && !bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
        }
        _ => false,
    }
}

const AMBIGUOUS: u16 = Facts::WORD | Facts::BRAND | Facts::PLACE_BIG;

#[cfg(test)]
mod tests;
