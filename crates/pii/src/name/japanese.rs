//! Names and addresses in Japanese script, which has no spaces and no capitals.
//!
//! A name is a listed surname and a listed given name that fill a run of
//! characters, or what stands before an honorific. An address begins at a
//! postal mark or a prefecture and goes on to its last number or unit.

use super::Match;
use crate::class::Class;
use crate::gazetteer::{self, Facts};

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

const PREFECTURES: &[&str] = &[
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// Those that are looked for inside a run; 君 and 氏 begin other words.
const INSIDE: &[&str] = &["様", "さま", "さん", "くん", "ちゃん"];

const HONORIFICS: &[&str] = &[
    "様",
    "さま",
    "さん",
    "氏",
    "くん",
    "君",
    "ちゃん",
    "先生",
    "殿",
];

/// What stands before an honorific without being a name.
const NOT_NAMES: &[&str] = &[
    "皆",
    "客",
    "お客",
    "奥",
    "王",
    "神",
    "仏",
    "各",
    "御",
    "貴",
    "何",
    "同",
    "両",
    "彼",
    "母",
    "父",
    "兄",
    "姉",
    "娘",
    "息子",
    "お母",
    "お父",
    "お兄",
    "お姉",
    "お嬢",
    "お医者",
    "みな",
    "みなさ",
    "お疲れ",
    "ご苦労",
    "業者",
    "利用者",
    "お子",
    "患者",
    "担当者",
    "会員",
    "株主",
    "読者",
    "店員",
    "社長",
    "部長",
];

const INTRODUCED: &[&str] = &[
    "氏名：",
    "氏名:",
    "名前：",
    "名前:",
    "名前は",
    "氏名は",
    "担当：",
    "担当:",
    "担当の",
    "担当は",
    "担当者：",
    "宛名：",
    "私は",
    "お名前：",
];

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
    if !first.is_some_and(|ch| is_han(ch) || is_katakana(ch)) {
        // Kana: a name only before an honorific or after an introduction.
        let end = start
            + rest
                .find(|ch: char| !matches!(ch, '\u{3041}'..='\u{309f}' | 'ー'))
                .unwrap_or(rest.len());
        return introduced(text, start, out).unwrap_or(end.max(start + step));
    }
    if let Some(end) = introduced(text, start, out) {
        return end;
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
        .map_or_else(
            || {
                (
                    run,
                    HONORIFICS
                        .iter()
                        .any(|honorific| after.starts_with(honorific)),
                )
            },
            |name| (name, true),
        );
    // "中島あすかさん": a given name in kana before the honorific.
    if !honoured && let Some(surname) = surname_tail(run) {
        let start = end - surname.len();
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
            push(out, start, end + at, 85);
            return end + at;
        }
    }
    if honoured && !NOT_NAMES.contains(&name) && !is_office(name) {
        let stop = start + name.len();
        let count = name.chars().count();
        let from = spaced_before(text, start, name);
        let facts = gazetteer::lookup(name);
        let listed = splits(name) || facts.any(Facts::SURNAME | Facts::GIVEN);
        if from < start || listed {
            push(out, from, stop, 85);
            return end;
        }
        // "昨日池田様": what the lists know of the run's tail.
        if let Some(tail) = listed_tail(name) {
            push(out, stop - tail.len(), stop, 80);
            return end;
        }
        if (2..=5).contains(&count) {
            push(out, start, stop, 65);
            return end;
        }
    }
    // "山田 太郎", "山田太郎".
    if let Some(second) = after.strip_prefix([' ', '\u{3000}'])
        && let Some(surname) = surname_tail(run)
    {
        let start = end - surname.len();
        let gap = after.len() - second.len();
        let given_end = second.find(|ch| !is_script(ch)).unwrap_or(second.len());
        let given = second.get(..given_end).unwrap_or("");
        let honorific = INSIDE
            .iter()
            .filter_map(|honorific| given.find(honorific))
            .min();
        let given = honorific.and_then(|at| given.get(..at)).unwrap_or(given);
        let short = honorific.is_some() && (1..=5).contains(&given.chars().count());
        if short || gazetteer::lookup(given).any(Facts::GIVEN) {
            let stop = end + gap + given.len();
            out.push(Match {
                start,
                end: stop,
                class: Class::Person,
                score: 85,
                rule: "person-japanese",
            });
            return stop;
        }
    }
    if splits(run) {
        out.push(Match {
            start,
            end,
            class: Class::Person,
            score: 75,
            rule: "person-japanese",
        });
    }
    end.max(start + step)
}

/// After 名前は and the like: up to the end of the name.
fn introduced(text: &str, start: usize, out: &mut Vec<Match>) -> Option<usize> {
    let head = text.get(..start)?;
    let rest = text.get(start..)?;
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
    let before = INTRODUCED
        .iter()
        .any(|cue| head.trim_end_matches([' ', '\u{3000}']).ends_with(cue));
    let saying = rest.char_indices().take(14).find(|&(at, _)| {
        rest.get(at..)
            .is_some_and(|rest| rest.starts_with("と申し") || rest.starts_with("ともうし"))
    });
    let length = if before {
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
    if !(2..=10).contains(&count) || (before && !known(name)) {
        return None;
    }
    out.push(Match {
        start: name_start,
        end: name_end,
        class: Class::Person,
        score: 85,
        rule: "person-japanese",
    });
    Some(name_end)
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
fn splits(run: &str) -> bool {
    let count = run.chars().count();
    (3..=6).contains(&count)
        && run.char_indices().skip(1).any(|(at, _)| {
            let (surname, given) = run.split_at(at);
            let short = surname.chars().count() == 1 && given.chars().count() < 2;
            !short
                && surname.chars().count() <= 3
                && gazetteer::lookup(surname).any(Facts::SURNAME)
                && given.chars().count()
                    >= if count == 3 && surname.chars().count() == 2 {
                        1
                    } else {
                        2
                    }
                && given.chars().count() <= 3
                && gazetteer::lookup(given).any(Facts::GIVEN)
        })
}

/// The longest surname that ends a run: "昨日佐藤" holds one.
fn surname_tail(run: &str) -> Option<&str> {
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

fn listed_tail(name: &str) -> Option<&str> {
    name.char_indices()
        .filter_map(|(at, _)| name.get(at..))
        .find(|tail| {
            tail.chars().count() >= 2
                && (splits(tail) || gazetteer::lookup(tail).any(Facts::SURNAME))
        })
}

fn is_office(name: &str) -> bool {
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

/// "山田 太郎様": the surname stands before a space; the longest listed one.
fn spaced_before(text: &str, start: usize, given: &str) -> usize {
    let head = text.get(..start).unwrap_or("");
    let Some(trimmed) = head.strip_suffix([' ', '\u{3000}']) else {
        return start;
    };
    let mut best = None;
    for (count, (at, ch)) in trimmed.char_indices().rev().enumerate() {
        if count >= 4 || !(is_han(ch) || is_katakana(ch)) {
            break;
        }
        let surname = trimmed.get(at..).unwrap_or("");
        let unlisted = best.is_none() && count >= 1 && gazetteer::lookup(given).any(Facts::GIVEN);
        if unlisted || gazetteer::lookup(surname).any(Facts::SURNAME) {
            best = Some(at);
        }
    }
    best.unwrap_or(start)
}

fn push(out: &mut Vec<Match>, start: usize, end: usize, score: u8) {
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

fn is_postal_code(text: &str) -> bool {
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
fn address(text: &str, start: usize) -> Option<usize> {
    let rest = text.get(start..)?;
    // The third or fourth character tells most other text from them.
    let ends = |ch: Option<char>| ch.is_some_and(|ch| matches!(ch, '都' | '道' | '府' | '県'));
    let mut third = rest.chars().skip(2);
    if !ends(third.next()) && !ends(third.next()) {
        return None;
    }
    let prefecture = PREFECTURES.iter().find(|name| rest.starts_with(**name))?;
    let mut end = prefecture.len();
    let mut tail = false;
    for (at, ch) in rest
        .char_indices()
        .skip_while(|(at, _)| *at < prefecture.len())
    {
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
    tail.then_some(start + end)
}
