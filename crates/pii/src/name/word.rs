//! Words of a text, with what is known of each.
//!
//! Invariant: a word begins and ends on character borders; reading one
//! allocates nothing.

use crate::gazetteer::{self, Facts, Folded, eight};

/// How a word is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    /// `Anna`
    Capital,
    /// `ANNA`
    Upper,
    /// `A`
    Initial,
    /// `anna`
    Lower,
    /// `GitHub`, which is no name, unlike `McDonald`.
    Mixed,
}

/// A word and its place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) case: Case,
    pub(crate) facts: Facts,
    /// Only ASCII letters.
    pub(crate) plain: bool,
}

impl Word {
    /// Whether it is written as a name may be.
    pub(crate) const fn is_capital(&self) -> bool {
        matches!(self.case, Case::Capital | Case::Upper | Case::Initial)
    }
}

/// The letter at a byte, and its length.
pub(crate) fn letter(text: &str, at: usize) -> Option<char> {
    let byte = *text.as_bytes().get(at)?;
    if byte < 0x80 {
        return byte.is_ascii_alphabetic().then_some(byte as char);
    }
    let ch = text.get(at..)?.chars().next()?;
    (alphabetic(ch) && !super::japanese::is_script(ch) || matches!(ch, '\u{300}'..='\u{36f}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')).then_some(ch)
}

/// Whether a character is a letter; Latin ones are known without a table.
pub(crate) fn alphabetic(ch: char) -> bool {
    matches!(ch, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='\u{24f}') || ch.is_alphabetic()
}

/// Whether a character is a capital.
pub(crate) fn capital(ch: char) -> bool {
    match ch {
        'À'..='Ö' | 'Ø'..='Þ' => true,
        '\u{80}'..='ÿ' => false,
        _ => ch.is_uppercase(),
    }
}

/// The word that begins at a byte, if a letter stands there.
pub(crate) fn word(text: &str, start: usize) -> Option<Word> {
    let first = *text.as_bytes().get(start)?;
    if first < 0x80 {
        if !first.is_ascii_alphabetic() {
            return None;
        }
        if let Some(word) = plain(text.as_bytes(), start) {
            return Some(word);
        }
    }
    marked(text, start)
}

/// A word of plain letters, with no sign or marked letter in it and no capital
/// inside: nearly every one.
fn plain(bytes: &[u8], start: usize) -> Option<Word> {
    let mut hash = Folded::new();
    let (mut at, mut upper) = (start, 0);
    loop {
        let eight = eight::read(bytes, at);
        let count = eight::letters(eight);
        upper += eight::capitals(eight, count);
        hash = hash.eight(eight::first(eight::lower(eight), count), count);
        at += count as usize;
        if count < 8 {
            break;
        }
    }
    match bytes.get(at) {
        // A sign between letters.
        Some(b'\'' | b'-')
            if bytes
                .get(at + 1)
                .is_some_and(|next| *next >= 0x80 || next.is_ascii_alphabetic()) =>
        {
            return None;
        }
        Some(0x80..) => return None,
        _ => {}
    }
    let letters = at - start;
    let capital = bytes.get(start).is_some_and(u8::is_ascii_uppercase);
    let case = match (capital, upper as usize) {
        (false, 0) => Case::Lower,
        (true, 1) if letters == 1 => Case::Initial,
        (true, 1) => Case::Capital,
        (true, upper) if upper == letters => Case::Upper,
        _ => return None,
    };
    Some(Word {
        start,
        end: at,
        case,
        facts: gazetteer::of(hash),
        plain: true,
    })
}

/// Bytes of the longest word that is read.
const LONGEST: usize = 160;

/// Any word.
fn marked(text: &str, start: usize) -> Option<Word> {
    let bytes = text.as_bytes();
    let mut first = letter(text, start)?;
    if !alphabetic(first) {
        // Behind a sign of no width.
        first = text
            .get(start..)?
            .chars()
            .take(4)
            .find(|ch| alphabetic(*ch))?;
    }
    let mut hash = Folded::new();
    let mut at = start;
    let (mut letters, mut upper, mut inner, mut after_sign) = (0u32, 0u32, 0u32, true);
    let mut part = start;
    let mut parts = Facts::default();
    // What is longer is no word, and reading it from each of its hyphens on would
    // cost the square of its length.
    while at - start < LONGEST {
        // Plain letters, which most are.
        if let Some(byte) = bytes.get(at).filter(|byte| byte.is_ascii_alphabetic()) {
            letters += 1;
            if byte.is_ascii_uppercase() {
                upper += 1;
                inner += u32::from(!after_sign && !after_prefix(text, part, at));
            }
            hash = hash.byte(byte.to_ascii_lowercase());
            at += 1;
            after_sign = false;
            continue;
        }
        if let Some(ch) = letter(text, at) {
            letters += u32::from(alphabetic(ch));
            if capital(ch) {
                upper += 1;
                inner += u32::from(!after_sign && !after_prefix(text, part, at));
            }
            hash = hash.char(ch);
            at += ch.len_utf8();
            after_sign &= !alphabetic(ch);
            continue;
        }
        // A sign inside: an apostrophe, or a hyphen between letters.
        let sign = match bytes.get(at) {
            Some(b'\'' | b'-') => 1,
            Some(0xe2) if text.get(at..).is_some_and(|rest| rest.starts_with('’')) => 3,
            _ => break,
        };
        if letter(text, at + sign).is_none() {
            break;
        }
        let ch = text
            .get(at..)
            .and_then(|rest| rest.chars().next())
            .unwrap_or('-');
        // "Jansen-van Leeuwen": two words.
        if ch == '-'
            && upper > 0
            && bytes.get(at + 1).is_some_and(u8::is_ascii_lowercase)
            && particle(text, at + 1)
        {
            break;
        }
        if ch == '-' {
            parts = parts.or(gazetteer::lookup(text.get(part..at).unwrap_or("")));
            part = at + 1;
        }
        hash = hash.char(ch);
        at += sign;
        after_sign = true;
    }
    let mut facts = gazetteer::of(hash);
    if facts.none() && part > start {
        facts = parts.or(gazetteer::lookup(text.get(part..at).unwrap_or("")));
    }
    let case = if !capital(first) {
        // `macOS`, but `d'Angelo`.
        if inner > 0 { Case::Mixed } else { Case::Lower }
    } else if letters == 1 {
        Case::Initial
    } else if upper == letters {
        Case::Upper
    } else if inner > 0 {
        Case::Mixed
    } else {
        Case::Capital
    };
    Some(Word {
        start,
        end: at,
        case,
        facts,
        plain: false,
    })
}

/// Whether a particle in small letters and a space stand at a byte.
fn particle(text: &str, at: usize) -> bool {
    text.get(at..).is_some_and(|rest| {
        [
            "van ", "de ", "der ", "von ", "den ", "ter ", "ten ", "del ", "di ", "van't ",
        ]
        .iter()
        .any(|known| rest.starts_with(known))
    })
}

/// `McDonald`, `MacLeod`, `DeLuca` hold a capital inside.
fn after_prefix(text: &str, part: usize, at: usize) -> bool {
    at - part <= 4
        && matches!(
            text.get(part..at),
            Some("Mc" | "Mac" | "De" | "Di" | "La" | "Le" | "Van" | "Fitz")
        )
}

/// The byte where the word before a byte begins, if a letter stands before it.
pub(crate) fn word_start(text: &str, end: usize) -> Option<usize> {
    let mut start = end;
    // Plain letters, which most are.
    let bytes = text.as_bytes();
    while let Some(before) = start.checked_sub(1)
        && bytes.get(before).is_some_and(u8::is_ascii_alphabetic)
    {
        start = before;
        if end - start > 60 {
            return None;
        }
    }
    if start
        .checked_sub(1)
        .and_then(|before| bytes.get(before))
        .is_none_or(|byte| *byte < 0x80 && !matches!(byte, b'\'' | b'-'))
    {
        return (start < end && text.is_char_boundary(end)).then_some(start);
    }
    start = end;
    for (at, ch) in text.get(..end)?.char_indices().rev() {
        if alphabetic(ch) || (matches!(ch, '\'' | '-' | '’') && start < end) {
            start = at;
        } else {
            break;
        }
        if end - start > 60 {
            return None;
        }
    }
    // Not on a sign.
    while start < end && letter(text, start).is_none() {
        start += text.get(start..)?.chars().next()?.len_utf8();
    }
    (start < end).then_some(start)
}
