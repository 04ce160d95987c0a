//! Addresses and municipalities.

use super::words::PREFECTURES;
use super::{is_han, is_katakana, is_script};
use crate::class::Class;
use crate::gazetteer::{self, Facts};
use crate::name::Match;

/// A municipality: after or before words that tell of living or being somewhere.
pub(super) fn place(text: &str, start: usize, out: &mut Vec<Match>) -> Option<usize> {
    const BEFORE: &[&str] = &[
        "出身は",
        "出身：",
        "出身地は",
        "住まいは",
        "自宅は",
        "勤務地は",
        "実家は",
        "現住所は",
        "生まれは",
    ];
    const LIVING: &[&str] = &[
        "に住",
        "在住",
        "に在住",
        "出身",
        "生まれ",
        "に引っ越",
        "に暮ら",
        "育ち",
        "の自宅",
        "の実家",
        "に居住",
    ];
    const BEING: &[&str] = &[
        "に",
        "で",
        "の",
        "から",
        "へ",
        "まで",
        "は",
        "が",
        "です",
        "。",
        "、",
        "店",
        "支店",
        "支社",
        "本社",
        "営業所",
        "駅",
    ];
    let (head, rest) = (text.get(..start)?, text.get(start..)?);
    let mut han = rest
        .char_indices()
        .find(|&(at, ch)| !(is_han(ch) || matches!(ch, 'ケ' | 'ノ' | 'ツ')) || at > 36)
        .map_or(rest.len(), |(at, _)| at);
    let at_home = BEFORE.iter().any(|cue| head.ends_with(cue));
    // "さいたま市", "つくば市": kana before the last sign.
    if han < 6
        && let Some((at, sign)) = rest
            .char_indices()
            .take(6)
            .find(|(_, ch)| matches!(ch, '市' | '町' | '村' | '区'))
        && gazetteer::lookup(rest.get(..at + sign.len_utf8())?).any(Facts::PLACE)
    {
        han = at + sign.len_utf8();
    }
    let run = rest.get(..han)?;
    // What tells of living may be written in Han itself.
    let run = [
        "在住",
        "出身",
        "支店",
        "支社",
        "本社",
        "店舗",
        "店",
        "駅",
        "営業所",
    ]
    .iter()
    .find_map(|tail| run.strip_suffix(tail).filter(|place| !place.is_empty()))
    .unwrap_or(run);
    let after = rest.get(run.len()..)?;
    let living = at_home || LIVING.iter().any(|cue| after.starts_with(cue));
    let being = after.is_empty() || BEING.iter().any(|cue| after.starts_with(cue));
    let border = head.chars().next_back().is_none_or(|ch| !is_han(ch));
    let count = run.chars().count();
    let last = run.chars().next_back()?;
    let prefecture = PREFECTURES.iter().find(|name| run.starts_with(**name));
    let inner = prefecture.map_or(run, |name| run.get(name.len()..).unwrap_or(""));
    let known = gazetteer::lookup(inner).any(Facts::PLACE)
        || inner.is_empty() && prefecture.is_some()
        || inner
            .char_indices()
            .filter(|(_, ch)| matches!(ch, '市' | '郡'))
            .any(|(at, ch)| {
                let (first, second) = inner.split_at(at + ch.len_utf8());
                second.ends_with(['区', '町', '村'])
                    && second.chars().count() >= 2
                    && first.chars().count() >= 2
            });
    // "狛江市の": the sign tells enough where nothing but a town may bear it.
    let town = last == '市'
        && (3..=5).contains(&count)
        && !["都市", "各市", "同市", "本市", "全市"]
            .iter()
            .any(|other| run.ends_with(other));
    let city = known
        && run == inner
        && !gazetteer::lookup(run).any(Facts::SURNAME | Facts::GIVEN)
        && ["の", "に", "で", "から", "へ"]
            .iter()
            .any(|after_place| after.starts_with(after_place));
    let shaped = matches!(
        last,
        '市' | '区' | '町' | '村' | '県' | '都' | '府' | '郡' | '島'
    );
    let kept = if living {
        // The first word only, for what is not listed may be anything.
        (known || shaped || count <= 4 && at_home) && (2..=12).contains(&count)
    } else {
        let cell = crate::name::place::alone(text, start, start + run.len());
        (known && (cell || shaped && being) || town && being || city)
            && border
            && (2..=12).contains(&count)
    };
    if !kept || !border {
        return None;
    }
    out.push(Match {
        start,
        end: start + run.len(),
        class: Class::Place,
        score: if living { 75 } else { 55 },
        rule: "place-japanese",
    });
    Some(start + run.len())
}

pub(super) fn is_postal_code(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 8
        && bytes.iter().enumerate().all(|(at, byte)| {
            if at == 3 {
                *byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        })
}

/// The end of the address that begins with a prefecture at a byte.
pub(super) fn address(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    // The third or fourth character tells most other text from a prefecture.
    let ends = |ch: Option<char>| ch.is_some_and(|ch| matches!(ch, '都' | '道' | '府' | '県'));
    let mut third = rest.chars().skip(2);
    let prefecture = (ends(third.next()) || ends(third.next()))
        .then(|| PREFECTURES.iter().find(|name| rest.starts_with(**name)))
        .flatten()
        .map(|name| name.len());
    // Without one it begins at a municipality, and needs a number.
    let bare = prefecture.is_none();
    let begin = match prefecture {
        Some(length) => length,
        None => municipality(text.get(..start)?, rest)?,
    };
    let mut end = begin;
    let mut tail = bare;
    let mut number = false;
    for (at, ch) in rest.char_indices().skip_while(|(at, _)| *at < begin) {
        let next = at + ch.len_utf8();
        let digit = ch.is_ascii_digit() || matches!(ch, '０'..='９' | '一'..='十');
        let unit = matches!(
            ch,
            '市' | '区'
                | '町'
                | '村'
                | '郡'
                | '丁'
                | '目'
                | '番'
                | '地'
                | '号'
                | '階'
                | '室'
                | '字'
        );
        number |= ch.is_ascii_digit() || matches!(ch, '０'..='９' | '丁' | '番');
        if digit || unit {
            end = next;
            tail = true;
        } else if matches!(ch, '-' | '−' | '‐' | '－' | 'ー' | ' ' | '\u{3000}' | '・')
            || ch.is_ascii_alphanumeric()
        {
            // May go on.
        } else if is_script(ch) {
            // A building's name counts once a number has followed it.
            if matches!(ch, 'に' | 'で' | 'へ' | 'は' | 'を' | 'も' | 'と') && tail {
                break;
            }
            if is_katakana(ch) && tail {
                end = next;
            }
        } else {
            break;
        }
        if at > 240 {
            break;
        }
    }
    (tail && (number || !bare)).then_some(start + end)
}

/// The length of a listed municipality that begins a run: `大阪市`, `渋谷区`.
fn municipality(head: &str, rest: &str) -> Option<usize> {
    if head.chars().next_back().is_some_and(is_han) {
        return None;
    }
    rest.char_indices()
        .take(6)
        .filter(|(_, ch)| matches!(ch, '市' | '区' | '町' | '村'))
        .map(|(at, ch)| at + ch.len_utf8())
        .find(|end| {
            rest.get(..*end)
                .is_some_and(|name| gazetteer::lookup(name).any(Facts::PLACE))
        })
}
