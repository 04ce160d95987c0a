//! The value of a field or of a printed key, `Name: …`, that looks like what the key
//! says.

use super::person::lettered;
use super::product::{digits_follow, marked, model_follows};
use super::word::{Case, word};
use super::{Match, code_like, japanese, key, place};
use crate::class::Class;
use crate::gazetteer::Facts;

/// The inside of white space and quotes.
pub(super) fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let slice = text.get(start..end).unwrap_or("");
    let inner = slice.trim_matches(|ch: char| {
        ch.is_whitespace() || matches!(ch, '"' | '\'' | '“' | '”' | '«' | '»' | '\\')
    });
    let from = start + inner.as_ptr().addr().saturating_sub(slice.as_ptr().addr());
    (from, from + inner.len())
}

/// Whether a line's first words, up to a dash, may be a key.
pub(super) fn line_key(text: &str, dash: usize) -> Option<()> {
    let head = text.as_bytes().get(..dash)?;
    let near = head.get(dash.saturating_sub(41)..)?;
    let line = match near.iter().rposition(|byte| *byte == b'\n') {
        Some(at) => near.get(at + 1..)?,
        None => near,
    };
    (line.len() <= 40
        && !line
            .iter()
            .any(|byte| matches!(byte, b':' | b'=' | b',' | b';')))
    .then_some(())
}

/// A value after `key:`, `key=` or `key - `; returns its end.
pub(super) fn after_key(text: &str, sign: usize, out: &mut Vec<Match>) -> Option<usize> {
    let bytes = text.as_bytes();
    // The key, in quotes or up to a line's or cell's beginning.
    let mut key_end = sign;
    while key_end > 0
        && matches!(
            bytes.get(key_end - 1),
            Some(b'"' | b'\'' | b' ' | b'\\' | b'*')
        )
    {
        key_end -= 1;
    }
    if !key::may_end(bytes.get(..key_end)?) {
        return None;
    }
    let mut key_start = key_end;
    for (at, ch) in text.get(..key_end)?.char_indices().rev() {
        if !(ch.is_alphanumeric() || matches!(ch, '_' | '-' | ' ' | '.')) || key_end - at > 40 {
            break;
        }
        key_start = at;
    }
    let mut words = text.get(key_start..key_end)?.trim_start();
    // The last one to three words.
    let mut key = None;
    for _ in 0..4 {
        key = key::of(words);
        if key.is_some() {
            break;
        }
        words = words.split_once(' ')?.1.trim_start();
    }
    let key = key?;
    let width = text.get(sign..)?.chars().next()?.len_utf8();
    let mut start = sign + width;
    while matches!(bytes.get(start), Some(b' ' | b'\t' | b'*')) {
        start += 1;
    }
    if matches!(bytes.get(start), Some(b'<')) {
        start = after_tags(bytes, start)?;
    } else if matches!(bytes.get(start), Some(b'\n' | b'\r')) {
        // A form: the value stands on the next line.
        let line = key_start
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_none_or(|byte| matches!(byte, b'\n' | b'>'));
        if !line || bytes.get(sign) != Some(&b':') {
            return None;
        }
        while matches!(bytes.get(start), Some(b'\r' | b'\n' | b' ' | b'>')) && start - sign <= 6 {
            start += 1;
        }
    }
    if matches!(bytes.get(start), Some(b'\\')) {
        start += 1;
    }
    let quoted = matches!(bytes.get(start), Some(b'"' | b'\''));
    let quote = bytes.get(start).copied();
    if quoted {
        start += 1;
    }
    let address = key == key::Key::Address;
    // "?city=Busto+Arsizio&": a query, where a space is a sign.
    let query = bytes.get(sign) == Some(&b'=')
        && key_start
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_some_and(|byte| matches!(byte, b'?' | b'&'));
    let mut end = start;
    for (at, ch) in text.get(start..)?.char_indices() {
        let stop = if quoted {
            Some(ch) == quote.map(char::from)
                || ch == '\\' && !text.get(start + at..)?.starts_with("\\n")
        } else {
            matches!(
                ch,
                '\n' | '\r' | '\t' | '|' | ';' | '<' | '{' | '[' | '&' | '"'
            ) || (!address && matches!(ch, ',' | '(' | '/'))
                || query
                    && (ch == '#'
                        || ch == ' '
                            && text
                                .get(start..start + at)
                                .is_some_and(|value| value.contains(['+', '%'])))
        };
        if stop || at > 240 {
            break;
        }
        end = start + at + ch.len_utf8();
    }
    if !quoted {
        end = before_setting(bytes, start, end);
    }
    let (start, mut end) = trimmed(text, start, end);
    if key == key::Key::Place && !quoted {
        end = place::prefix(text, start, end);
    }
    if end <= start {
        return None;
    }
    keyed(text, start, end, key, quoted, out)
}

/// Where the tags end that stand between a key and its value: `<b>City:</b> Leeds`.
fn after_tags(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    for _ in 0..4 {
        match bytes.get(at) {
            Some(b'<') => {
                let rest = bytes.get(at..at + 64.min(bytes.len() - at))?;
                at += rest.iter().position(|byte| *byte == b'>')? + 1;
            }
            Some(b' ' | b'\n' | b'\r' | b'\t') => at += 1,
            _ => break,
        }
    }
    (at > start).then_some(at)
}

/// Where a value ends before the next setting of its line: `city=Bari req=2f9c`.
fn before_setting(bytes: &[u8], start: usize, end: usize) -> usize {
    let value = bytes.get(start..end).unwrap_or(&[]);
    for sign in (0..value.len()).filter(|at| value[*at] == b'=') {
        let name = value[..sign]
            .iter()
            .rev()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
            .count();
        if name > 1 && sign > name && value[sign - name - 1] == b' ' {
            return start + sign - name - 1;
        }
    }
    end
}

/// The value of a key, if it looks like what the key says; returns its end.
pub(super) fn keyed(
    text: &str,
    start: usize,
    end: usize,
    key: key::Key,
    whole: bool,
    out: &mut Vec<Match>,
) -> Option<usize> {
    let value = text.get(start..end)?;
    match key {
        key::Key::Person | key::Key::MaybePerson => {
            let (stop, strong) = name_value(text, start, end, key == key::Key::Person)?;
            if key == key::Key::MaybePerson
                && (whole && stop != end
                    || digits_follow(text, stop)
                    || model_follows(text, stop)
                    || marked(text, stop))
            {
                return None;
            }
            out.push(Match {
                start,
                end: stop,
                class: Class::Person,
                score: if strong { 88 } else { 75 },
                rule: "person-field",
            });
            Some(stop)
        }
        key::Key::Address => {
            // An address has a word and, unless it is the whole value, a number.
            let words = value.chars().filter(|ch| ch.is_alphabetic()).count();
            // A number of its own, not `IPv4`.
            let number = value
                .split([' ', ',', '+', '\u{3000}'])
                .any(|part| part.starts_with(|ch: char| ch.is_numeric() || ch == '#'))
                || !value.is_ascii() && value.chars().any(char::is_numeric);
            let code = value.contains("://")
                || value.contains('@')
                || value.contains("0x")
                || value.starts_with('/')
                || value.contains('_');
            let network = value
                .bytes()
                .filter(|byte| *byte == b'.' || *byte == b':')
                .count()
                >= 3
                && !value.contains(' ');
            let spaced = value.contains([' ', '+', '\u{3000}']) || !value.is_ascii();
            if code
                || network
                || words < 3
                || !(number && spaced
                    || whole && spaced && word(text, start).is_some_and(|word| word.is_capital())
                    || (whole && number && !value.is_ascii()))
                || value.len() > 240
            {
                // "address: Berlin".
                return is_place(value).then(|| place(start, end, out));
            }
            out.push(Match {
                start,
                end,
                class: Class::Address,
                score: 85,
                rule: "address-field",
            });
            Some(end)
        }
        key::Key::Place => is_place(value).then(|| place(start, end, out)),
    }
}

/// Whether a value may be the name of a place.
fn is_place(value: &str) -> bool {
    !NOBODY
        .iter()
        .any(|nobody| value.eq_ignore_ascii_case(nobody))
        && value.chars().count() <= 48
        && value.chars().all(|ch| {
            ch.is_alphabetic()
                || matches!(
                    ch,
                    ' ' | '-' | '\'' | '’' | '.' | ',' | '(' | ')' | '/' | '+'
                )
        })
        && value
            .chars()
            .next()
            .is_some_and(|ch| ch.is_uppercase() || ch.is_alphabetic() && !ch.is_lowercase())
}

fn place(start: usize, end: usize, out: &mut Vec<Match>) -> usize {
    out.push(Match {
        start,
        end,
        class: Class::Place,
        score: 80,
        rule: "place-field",
    });
    end
}

/// Words that are no person whatever the key says.
const NOBODY: &[&str] = &[
    "null",
    "none",
    "unknown",
    "undefined",
    "admin",
    "root",
    "system",
    "true",
    "false",
    "anonymous",
    "default",
    "test",
    "user",
    "n/a",
    "na",
    "yes",
    "no",
    "support",
    "customer",
    "guest",
    "nobody",
    "self",
    "me",
    "you",
    "the",
    "your",
    "required",
    "optional",
    "string",
];

/// The end of letters told one by one: `C A R T E R   V A L E N C I A`.
fn spaced_out(value: &str) -> Option<usize> {
    let mut letters = 0;
    let mut end = 0;
    for word in value.split(' ') {
        let mut inside = word.chars();
        match (inside.next(), inside.next()) {
            (None, _) => {}
            (Some(letter), None) if letter.is_alphabetic() => letters += 1,
            _ => return None,
        }
        end += word.len() + 1;
    }
    (letters >= 5).then_some(end - 1)
}

/// How far a value reads as a person's name, and whether the lists know it.
fn name_value(text: &str, start: usize, end: usize, sure: bool) -> Option<(usize, bool)> {
    let value = text.get(start..end)?;
    if value.chars().next().is_some_and(japanese::is_script) {
        let stop = value
            .find(|ch: char| !japanese::is_script(ch) && !matches!(ch, ' ' | '\u{3000}' | '・'))
            .unwrap_or(value.len());
        let name = value.get(..stop)?.trim_end();
        let name = name.get(..japanese::value_end(name))?;
        return (name.chars().count() <= 14 && (sure || japanese::known(name)))
            .then_some((start + name.len(), true));
    }
    if let Some(stop) = spaced_out(value) {
        return Some((start + stop, true));
    }
    let mut at = start;
    let (mut words, mut known, mut capitals, mut everyday) = (0, 0, 0, 0);
    let mut stop = start;
    while at < end {
        let Some(next) = word(text, at) else { break };
        let inside = text.get(next.start..next.end).unwrap_or("");
        if next.end > end
            || NOBODY
                .iter()
                .any(|nobody| inside.eq_ignore_ascii_case(nobody))
            || next.case == Case::Mixed
            || !sure && lettered(text, &next)
            || next.facts.any(Facts::ORGANISATION)
                && !next.facts.any(Facts::GIVEN | Facts::SURNAME)
                && !(next.case == Case::Capital && next.end - next.start <= 3)
        {
            return None;
        }
        if code_like(text, next.start, next.end) {
            return None;
        }
        // A small word in the middle of a name must be a particle, unless all is small.
        // "G. d'Aubigny".
        let elided = inside
            .split_once(['\'', '’'])
            .is_some_and(|(_, rest)| rest.starts_with(char::is_uppercase));
        if !sure
            && next.case == Case::Lower
            && capitals > 0
            && !elided
            && !next.facts.any(Facts::PARTICLE)
        {
            break;
        }
        // "its ITIN", "Fiat Doblo".
        if !sure
            && words == 0
            && (next.facts.any(Facts::BRAND) && !next.facts.any(Facts::GIVEN)
                || next.case == Case::Lower
                    && next.facts.any(Facts::WORD)
                    && !next.facts.any(Facts::GIVEN_COMMON))
        {
            return None;
        }
        words += 1;
        known += u32::from(
            next.facts.any(Facts::GIVEN | Facts::SURNAME_COMMON)
                && !next.facts.any(Facts::WORD | Facts::BRAND),
        );
        everyday += u32::from(
            next.facts.any(
                Facts::WORD
                    | Facts::BRAND
                    | Facts::STREET_BEFORE
                    | Facts::STREET_AFTER
                    | Facts::UNIT,
            ) && !next.facts.any(Facts::GIVEN_COMMON | Facts::SURNAME_COMMON),
        );
        capitals += u32::from(next.is_capital() || elided);
        stop = next.end;
        let rest = text.get(next.end..end).unwrap_or("");
        let gap = rest.len()
            - rest
                .trim_start_matches([' ', '.', ',', '+', '\u{a0}'])
                .len();
        if gap == 0 || gap > 3 || words > 6 {
            break;
        }
        at = next.end + gap;
    }
    let rest = text.get(stop..end).unwrap_or("").trim_matches(['.', ' ']);
    if words == 0
        || words > 6
        || (sure && !rest.is_empty() && rest.starts_with(|ch: char| ch.is_alphanumeric()))
    {
        return None;
    }
    let fits = if sure {
        everyday < words || known > 0 || words == 1 && capitals == 1 && everyday == 0
    } else {
        known > 0 && capitals + known >= words && everyday * 2 <= words
            || words >= 2 && capitals == words && everyday == 0
    };
    fits.then_some((stop, known > 0))
}
