//! Names that the lists know, and what must stand around them.

use super::words::{AFTER, HONORIFICS, INTRODUCED, NOT_NAMES, ROLES, SIGNED};
use super::{is_han, is_kana, is_katakana, is_script};
use crate::class::Class;
use crate::gazetteer::{self, Facts, Folded};
use crate::name::Match;

/// How a name was read from a run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A listed surname, a space, a listed given name; or the other way about.
    Apart,
    /// A listed surname and a listed given name without a space.
    Joined,
    /// A listed surname, a space and anything short.
    Half,
    /// A surname or a given name alone.
    Single,
}

/// The space inside a name, signs of no width included.
fn gap(rest: &str) -> usize {
    let inner = rest.trim_start_matches([
        ' ', '\u{3000}', '\u{a0}', '・', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}',
        '\u{feff}', '\u{ad}',
    ]);
    let gap = rest.len() - inner.len();
    if gap > 9 { 0 } else { gap }
}

/// What is known of the first one to four characters of a text: where each ends,
/// and its facts.
#[derive(Clone, Copy)]
struct Prefixes([(usize, Facts); 4]);

impl Prefixes {
    fn of(rest: &str) -> Self {
        let mut prefixes = [(0, Facts::default()); 4];
        let mut hash = Folded::new();
        for (slot, (at, ch)) in prefixes.iter_mut().zip(rest.char_indices()) {
            if !(is_han(ch) || is_kana(ch)) {
                break;
            }
            hash = hash.char(usual(ch));
            *slot = (at + ch.len_utf8(), gazetteer::of(hash));
        }
        Self(prefixes)
    }

    /// The lengths of those that have a fact, the longest first.
    fn with(self, fact: u16) -> impl Iterator<Item = usize> {
        self.0
            .into_iter()
            .rev()
            .filter(move |(_, facts)| facts.any(fact))
            .map(|(end, _)| end)
    }
}

/// A sign that names alone are written with as the lists write it.
const fn usual(ch: char) -> char {
    match ch {
        '髙' => '高',
        '﨑' | '嵜' => '崎',
        '濵' | '濱' => '浜',
        '邊' | '邉' => '辺',
        '齋' => '斎',
        '齊' => '斉',
        '𠮷' => '吉',
        '廣' => '広',
        '國' => '国',
        _ => ch,
    }
}

/// A katakana sign as hiragana, which the lists are in.
fn hiragana(ch: char) -> char {
    match ch {
        'ァ'..='ヶ' => char::from_u32(u32::from(ch) - 0x60).unwrap_or(ch),
        _ => ch,
    }
}

/// The length of two words in one kana with a space between, of which one is a
/// listed name: "コバヤシ マドカ", "さとう みさき".
pub(super) fn kana_pair(rest: &str) -> Option<usize> {
    let first = rest.chars().next().filter(|ch| is_kana(*ch))?;
    let same: fn(char) -> bool = if is_katakana(first) {
        is_katakana
    } else {
        |ch| is_kana(ch) && !is_katakana(ch)
    };
    let word = |text: &str| {
        let end = text.find(|ch| !same(ch)).unwrap_or(text.len());
        let count = text.get(..end)?.chars().take(7).count();
        (2..=6).contains(&count).then_some(end)
    };
    let one = word(rest)?;
    let space = match rest.get(one..)? {
        after if after.starts_with(' ') => 1,
        after if after.starts_with('\u{3000}') => 3,
        _ => return None,
    };
    let two = word(rest.get(one + space..)?)?;
    let end = one + space + two;
    let is = |from: usize, to: usize, fact: u16| {
        let hash = rest
            .get(from..to)
            .unwrap_or("")
            .chars()
            .fold(Folded::new(), |hash, ch| hash.char(hiragana(ch)));
        gazetteer::of(hash).any(fact)
    };
    let (surname, given) = (
        is(0, one, Facts::SURNAME),
        is(one + space, end, Facts::GIVEN),
    );
    // Katakana ends where another script begins.
    let ends = is_katakana(first)
        || !rest
            .get(end..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(|ch| is_script(ch) && honoured(rest.get(end..).unwrap_or("")).is_none());
    // Kana of both kinds are everyday words, so one listed name is enough only in
    // katakana, in which Japanese words are seldom written.
    let known = surname && given || (surname || given) && is_katakana(first) && ends;
    (known && ends).then_some(end)
}

/// A name that begins a text: its length and how it was read.
///
/// Where a name is expected, one character may be a given name before more Han.
pub(super) fn name_at(rest: &str, expected: bool) -> Option<(usize, Shape)> {
    let prefixes = Prefixes::of(rest);
    prefixes.with(Facts::SURNAME | Facts::GIVEN).next()?;
    let next_han = |at: usize| {
        rest.get(at..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(is_han)
    };
    // A surname first, which is usual; then a given name first.
    for (first, second, loose) in [
        (Facts::SURNAME, Facts::GIVEN, false),
        (Facts::GIVEN, Facts::SURNAME, false),
        (Facts::SURNAME, Facts::GIVEN, expected),
    ] {
        for length in prefixes.with(first) {
            let after = rest.get(length..)?;
            let space = gap(after);
            if space == 0 && first == Facts::GIVEN {
                continue;
            }
            let tail = after.get(space..)?;
            let single = rest
                .get(..length)
                .is_some_and(|word| word.chars().count() == 1);
            if let Some(more) = Prefixes::of(tail).with(second).find(|more| {
                let lone = tail
                    .get(..*more)
                    .is_some_and(|word| word.chars().count() == 1);
                // One character inside a longer word is part of that word.
                let ends = !next_han(length + space + more)
                    || loose && !single
                    || honoured(tail.get(*more..).unwrap_or("")).is_some();
                // "たく" in "たくみ": a given name in kana ends where a word begins.
                let kana = tail
                    .get(..*more)
                    .is_some_and(|word| word.ends_with(is_kana))
                    && tail.get(*more..).is_some_and(|after| {
                        after.starts_with(is_kana)
                            && honoured(after).is_none()
                            && !AFTER.iter().any(|word| after.starts_with(word))
                    });
                !kana && (!lone || ends && (!single || space > 0))
            }) {
                let shape = if space > 0 {
                    Shape::Apart
                } else {
                    Shape::Joined
                };
                return Some((length + space + more, shape));
            }
        }
    }
    for length in prefixes.with(Facts::SURNAME) {
        let after = rest.get(length..)?;
        let space = gap(after);
        if space > 0 {
            let given = after
                .get(space..)?
                .char_indices()
                .find(|&(at, ch)| !(is_han(ch) || expected && is_kana(ch)) || at > 12)
                .map_or(after.len() - space, |(at, _)| at);
            let given = after
                .get(space..space + given)
                .and_then(|given| {
                    AFTER
                        .iter()
                        .filter_map(|end| given.find(end))
                        .filter(|at| *at > 0)
                        .min()
                })
                .unwrap_or(given);
            if (3..=15).contains(&given) {
                return Some((length + space + given, Shape::Half));
            }
        }
    }
    // "高橋さくらです": a given name in kana that no list has.
    if expected
        && let Some(length) = prefixes.with(Facts::SURNAME).next()
        && length >= 6
        && let Some(after) = rest.get(length..)
        && let Some(given) = after
            .char_indices()
            .skip(2)
            .take(4)
            .map(|(at, _)| at)
            .find(|at| {
                after.get(*at..).is_some_and(|rest| {
                    rest.starts_with("です") || rest.starts_with("と申") || honoured(rest).is_some()
                })
            })
        && after
            .get(..given)
            .is_some_and(|given| given.chars().all(is_kana))
    {
        return Some((length + given, Shape::Joined));
    }
    prefixes
        .with(Facts::SURNAME | Facts::GIVEN)
        .next()
        .map(|length| (length, Shape::Single))
}

/// The length of a short line of its own that looks like a name: after a closing
/// formula it is its writer, whatever the lists know.
fn whole_line(rest: &str) -> Option<usize> {
    let line = rest
        .char_indices()
        .find(|&(at, ch)| matches!(ch, '\n' | '\r') || at > 40)
        .map_or(rest.len(), |(at, _)| at);
    let name = rest.get(..line)?;
    let count = name.chars().count();
    let spaced = name.contains([' ', '\u{3000}']);
    let fits = (2..=if spaced { 9 } else { 6 }).contains(&count)
        && name
            .chars()
            .all(|ch| is_han(ch) || is_kana(ch) || matches!(ch, ' ' | '\u{3000}' | '・'))
        && name.chars().any(is_han)
        && !name.ends_with(['。', 'す', 'た', 'い', 'る'])
        && Prefixes::of(name).with(Facts::SURNAME).next().is_some()
        && !is_office(name);
    fits.then_some(line)
}

/// Whether the text up to a name ends with a formula or role that a name follows.
pub(super) fn expected(head: &str) -> bool {
    let trimmed = head.trim_end_matches([
        ' ', '\u{3000}', '。', '、', '，', '：', ':', '\n', '\r', '！', '!', '>',
    ]);
    // A signature's line.
    if trimmed.len() < head.len()
        && trimmed.ends_with(['-', '—', '_'])
        && head.ends_with(['\n', '>', ' '])
        && ["--", "—", "__"].iter().any(|line| trimmed.ends_with(line))
        && head
            .get(trimmed.len()..)
            .is_some_and(|gap| gap.contains('\n'))
    {
        return true;
    }
    // The last character decides nearly always.
    if !trimmed.ends_with(ends_phrase) {
        return false;
    }
    let last = trimmed.chars().next_back();
    last.is_some_and(is_script)
        && (SIGNED
            .iter()
            .any(|formula| trimmed.len() < head.len() && trimmed.ends_with(formula))
            || ROLES.iter().any(|role| trimmed.ends_with(role)))
        || INTRODUCED
            .iter()
            .any(|cue| head.trim_end_matches([' ', '\u{3000}']).ends_with(cue))
}

/// Whether one of the formulas, roles and introductions ends with a character,
/// signs left out.
const fn ends_phrase(ch: char) -> bool {
    matches!(
        ch,
        'す' | 'た'
            | 'は'
            | 'て'
            | '上'
            | '具'
            | '様'
            | 'ま'
            | '客'
            | '者'
            | '当'
            | '員'
            | '人'
            | '先'
            | '名'
            | '前'
            | '氏'
            | '義'
            | '師'
            | '表'
            | '宛'
            | 'の'
    )
}

/// Whether an honorific begins the text: 君 and 氏 only before what ends a word.
pub(super) fn honoured(after: &str) -> Option<&'static str> {
    HONORIFICS.iter().copied().find(|honorific| {
        after.strip_prefix(honorific).is_some_and(|rest| {
            honorific.chars().nth(1).is_some()
                || *honorific == "様"
                || !rest.chars().next().is_some_and(is_han)
        })
    })
}

/// A name that the lists know, with what must stand around it; returns its end.
pub(super) fn listed(text: &str, start: usize, out: &mut Vec<Match>) -> Option<usize> {
    let (head, rest) = (text.get(..start)?, text.get(start..)?);
    let expected = expected(head);
    if expected && let Some(length) = whole_line(rest) {
        push(out, start, start + length, 70);
        return Some(start + length);
    }
    let (length, shape) = name_at(
        rest,
        expected || crate::name::place::cell_before(text, start),
    )?;
    let after = rest.get(length..)?;
    let border = head.chars().next_back().is_none_or(|ch| !is_script(ch));
    let titled = honoured(after).is_some();
    let ends = after.is_empty() || AFTER.iter().any(|word| after.starts_with(word));
    let next_han = after.chars().next().is_some_and(is_han);
    let name = rest.get(..length)?;
    let single_char = name.chars().count() == 1;
    let cell = crate::name::place::alone(text, start, start + length);
    let told = titled || expected;
    let apart = border || !head.ends_with(is_han);
    let score = match shape {
        Shape::Apart | Shape::Joined if told || shape == Shape::Apart => 85,
        Shape::Joined if apart && !next_han => 75,
        Shape::Half if told || cell => 80,
        Shape::Single if titled && !NOT_NAMES.contains(&name) && (border || !single_char) => 80,
        Shape::Single if expected && (ends || !single_char && !next_han) => 70,
        _ => return None,
    };
    push(out, start, start + length, score);
    Some(start + length)
}

/// After 名前は and the like: up to the end of the name.
pub(super) fn introduced(text: &str, start: usize, out: &mut Vec<Match>) -> Option<usize> {
    let head = text.get(..start)?;
    let rest = text.get(start..)?;
    let before = INTRODUCED
        .iter()
        .any(|cue| head.trim_end_matches([' ', '\u{3000}']).ends_with(cue));
    let border = head.chars().next_back().is_none_or(|ch| !is_script(ch));
    if !before && !border {
        return None;
    }
    // A listed name tells its own end.
    if let Some((length, shape)) = name_at(rest, true)
        && before
        && shape != Shape::Single
    {
        push(out, start, start + length, 85);
        return Some(start + length);
    }
    let saying = rest.char_indices().take(14).find(|&(at, _)| {
        rest.get(at..)
            .is_some_and(|rest| rest.starts_with("と申し") || rest.starts_with("ともうし"))
    });
    let length = if before {
        // No name is longer.
        let rest = rest
            .char_indices()
            .nth(16)
            .and_then(|(at, _)| rest.get(..at))
            .unwrap_or(rest);
        let ends = [
            "と申します",
            "といいます",
            "と言います",
            "です",
            "でございます",
            "様",
            "さん",
            "、",
            "。",
            "\n",
            "（",
            "(",
            "」",
        ];
        let stop = ends
            .iter()
            .filter_map(|end| rest.find(end))
            .min()
            .unwrap_or(rest.len());
        let script = rest
            .find(|ch: char| !is_script(ch) && !matches!(ch, ' ' | '\u{3000}'))
            .unwrap_or(rest.len());
        stop.min(script)
    } else {
        saying?.0
    };
    let name = rest.get(..length)?.trim_end();
    // "株式会社の山田と申します": the name is after の.
    let name_start = start
        + name
            .rfind('の')
            .filter(|_| !before)
            .map_or(0, |at| at + 'の'.len_utf8());
    let name_end = start + name.len();
    let count = text.get(name_start..name_end)?.chars().count();
    if !(1..=10).contains(&count) || (count == 1 || before) && !known(name) {
        return None;
    }
    push(out, name_start, name_end, 85);
    Some(name_end)
}

/// How far the name goes that begins the value of a key: to its end, unless what
/// follows a listed name is longer than a name's last sign.
pub(crate) fn value_end(value: &str) -> usize {
    match name_at(value, true) {
        Some((length, shape))
            if (shape == Shape::Apart
                || shape == Shape::Joined && !value.contains([' ', '\u{3000}']))
                && value
                    .get(length..)
                    .is_some_and(|rest| rest.chars().nth(1).is_some()) =>
        {
            length
        }
        _ => value.len(),
    }
}

/// Whether a run is a surname, or a surname and a given name.
pub(crate) fn known(name: &str) -> bool {
    let mut plain = name
        .split([' ', '\u{3000}', '・'])
        .filter(|part| !part.is_empty());
    plain.all(|part| {
        splits(part)
            || gazetteer::lookup(part).any(Facts::SURNAME | Facts::GIVEN)
            || part.chars().all(is_katakana)
    })
}

/// Whether a listed surname and a listed given name fill it.
pub(super) fn splits(run: &str) -> bool {
    (3..=8).contains(&run.chars().count())
        && name_at(run, false).is_some_and(|(length, shape)| {
            length == run.len() && matches!(shape, Shape::Joined | Shape::Apart)
        })
}

/// The longest surname that ends a run: "昨日佐藤" holds one.
pub(super) fn surname_tail(run: &str) -> Option<&str> {
    let skipped = run.chars().count().saturating_sub(3);
    run.char_indices()
        .skip(skipped)
        .filter_map(|(at, _)| run.get(at..))
        .find(|tail| {
            // One character is a surname only where it stands alone.
            (tail.len() == run.len() || tail.chars().count() > 1)
                && gazetteer::lookup(tail).any(Facts::SURNAME)
        })
}

pub(super) fn listed_tail(name: &str) -> Option<&str> {
    let skipped = name.chars().count().saturating_sub(8);
    name.char_indices()
        .skip(skipped)
        .filter_map(|(at, _)| name.get(at..))
        .find(|tail| {
            tail.chars().count() >= 2
                && (splits(tail) || gazetteer::lookup(tail).any(Facts::SURNAME | Facts::GIVEN))
        })
}

pub(super) fn is_office(name: &str) -> bool {
    [
        "会社",
        "社長",
        "部長",
        "課長",
        "店長",
        "事務",
        "窓口",
        "業者",
        "会員",
        "利用者",
        "担当",
    ]
    .iter()
    .any(|office| name.ends_with(office) || name.starts_with(office))
}

pub(super) fn push(out: &mut Vec<Match>, start: usize, end: usize, score: u8) {
    // A surname that was found alone gives way to the whole name.
    while out
        .last()
        .is_some_and(|last| last.start >= start && last.class == Class::Person)
    {
        out.pop();
    }
    out.push(Match {
        start,
        end,
        class: Class::Person,
        score,
        rule: "person-japanese",
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_phrase_is_expected_before_a_name() {
        for phrase in SIGNED.iter().chain(ROLES).chain(INTRODUCED) {
            assert!(
                expected(&format!("{phrase}\n")) || INTRODUCED.contains(phrase),
                "{phrase}"
            );
            assert!(
                phrase.trim_end_matches(['：', ':']).ends_with(ends_phrase),
                "{phrase}"
            );
        }
    }
}
