//! Names and addresses in Japanese script, which has no spaces and no capitals.
//!
//! A name is a listed surname and a listed given name that fill a run of
//! characters, or what stands before an honorific. An address begins at a
//! postal mark or a prefecture and goes on to its last number or unit.

mod address;
mod person;
mod words;

pub(super) use person::{known, value_end};

use crate::class::Class;
use crate::name::Match;
use address::{address, is_postal_code, place};
use person::{
    Shape, expected, honoured, introduced, is_office, kana_pair, listed, listed_tail, name_at,
    push, splits, surname_tail,
};
use words::{HONORIFICS, INSIDE, NOT_NAMES};

/// Han, kana and the marks that belong to them.
pub(crate) const fn is_script(ch: char) -> bool {
    matches!(ch, '々' | '〆' | 'ヶ' | '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

const fn is_han(ch: char) -> bool {
    matches!(ch, '々' | 'ヶ' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

const fn is_katakana(ch: char) -> bool {
    matches!(ch, '\u{30a1}'..='\u{30ff}')
}

const fn is_kana(ch: char) -> bool {
    matches!(ch, '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | 'ー')
}

/// Judges the run that begins at a byte; returns where to go on.
pub(crate) fn run(text: &str, start: usize, out: &mut Vec<Match>) -> usize {
    let rest = text.get(start..).unwrap_or("");
    let first = rest.chars().next();
    let step = first.map_or(1, char::len_utf8);
    if let Some(end) = address(text, start) {
        let mut from = start;
        // The postal code before it.
        let head = text.get(..start).unwrap_or("");
        let trimmed = head.trim_end_matches(|ch: char| {
            ch.is_ascii_digit() || matches!(ch, '-' | ' ' | '　' | '−' | '\n')
        });
        if let Some(marked) = trimmed.strip_suffix('〒') {
            from = marked.len();
        } else {
            let code = head.trim_end();
            let code_start = code.len().saturating_sub(8);
            if code.get(code_start..).is_some_and(is_postal_code) {
                from = code_start;
            }
        }
        out.push(Match {
            start: from,
            end,
            class: Class::Address,
            score: 85,
            rule: "address-japanese",
        });
        return end;
    }
    if text
        .get(..start)
        .and_then(|head| head.chars().next_back())
        .is_none_or(|ch| !is_script(ch) || first.is_some_and(is_katakana) && !is_katakana(ch))
        && let Some(length) = kana_pair(rest)
    {
        push(out, start, start + length, 75);
        return start + length;
    }
    if let Some(end) = introduced(text, start, out) {
        return end;
    }
    // A greeting is followed by a name only where the greeting ends.
    if let Some(end) = listed(text, start, out) {
        return end;
    }
    if let Some(end) = place(text, start, out) {
        return end;
    }
    if !first.is_some_and(|ch| is_han(ch) || is_katakana(ch)) {
        // Kana that begins no name: on to what is none.
        let end = start
            + rest
                .find(|ch: char| !matches!(ch, '\u{3041}'..='\u{309f}' | 'ー'))
                .unwrap_or(rest.len());
        return end.max(start + step);
    }
    let kind: fn(char) -> bool = if first.is_some_and(is_han) {
        |ch| is_han(ch)
    } else {
        |ch| is_katakana(ch) || ch == '・'
    };
    let end = start + rest.find(|ch| !kind(ch)).unwrap_or(rest.len());
    let run = text.get(start..end).unwrap_or("");
    let after = text.get(end..).unwrap_or("");
    // An honorific may be written in the run's own script.
    let (name, honoured) = HONORIFICS
        .iter()
        .find_map(|honorific| run.strip_suffix(honorific).filter(|name| !name.is_empty()))
        .map_or_else(|| (run, honoured(after).is_some()), |name| (name, true));
    if honoured && !NOT_NAMES.contains(&name) && !is_office(name) {
        let stop = start + name.len();
        // "昨日池田様": what the lists know of the run's tail.
        if let Some(tail) = listed_tail(name) {
            push(out, stop - tail.len(), stop, 80);
            return end;
        }
        // An unlisted name; two characters of one's own script at least.
        if (2..=5).contains(&name.chars().count()) {
            push(out, start, stop, 65);
            return end;
        }
    }
    // "昨日佐藤 くみ子さん", "お客様山田 太郎": a name that a run's tail begins.
    for (at, _) in run.char_indices().skip(1) {
        let begin = start + at;
        if let Some((length, Shape::Apart)) =
            text.get(begin..).and_then(|rest| name_at(rest, false))
            && begin + length > end
        {
            push(out, begin, begin + length, 80);
            return begin + length;
        }
        // "お客様山田太郎様": the role ends inside the run.
        if text.get(..begin).is_some_and(expected)
            && let Some(end) = listed(text, begin, out)
        {
            return end;
        }
    }
    // "中島あすかさん": a given name in kana before the honorific.
    if let Some(surname) = surname_tail(run) {
        let begin = end - surname.len();
        let kana = after
            .char_indices()
            .find(|&(at, ch)| !is_script(ch) || at > 24)
            .map_or(after.len(), |(at, _)| at);
        let tail = after.get(..kana).unwrap_or("");
        let found = INSIDE
            .iter()
            .filter(|_| !tail.starts_with(['は', 'が', 'の', 'を', 'に', 'と', 'も', 'で']))
            .filter_map(|honorific| tail.find(honorific))
            .filter(|at| *at > 0)
            .min();
        if let Some(at) = found
            && after
                .get(..at)
                .is_some_and(|given| given.chars().count() <= 5)
        {
            push(out, begin, end + at, 85);
            return end + at;
        }
    }
    if splits(run) {
        push(out, start, end, 75);
    }
    end.max(start + step)
}
