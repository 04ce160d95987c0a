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

/// Greetings and formulas after which the writer's name stands.
const SIGNED: &[&str] = &[
    "お世話になっております",
    "お世話になります",
    "お世話になりました",
    "お疲れ様です",
    "よろしくお願いします",
    "よろしくお願いいたします",
    "よろしくお願い致します",
    "宜しくお願いいたします",
    "宜しくお願い致します",
    "こんにちは",
    "はじめまして",
    "初めまして",
    "以上",
    "敬具",
];

/// Words for a role that a name follows at once.
const ROLES: &[&str] = &[
    "お客様",
    "お客さま",
    "顧客",
    "担当者",
    "担当",
    "患者",
    "会員",
    "契約者",
    "申込者",
    "差出人",
    "受取人",
    "宛先",
    "氏名",
    "名前",
    "名義",
    "名義人",
    "社員",
    "講師",
    "代表",
];

/// What follows a name in a sentence.
const AFTER: &[&str] = &[
    "です",
    "でございます",
    "と申",
    "ともうし",
    "といい",
    "と言い",
    "より",
    "から",
    "宛",
    "が",
    "は",
    "の",
    "へ",
    "に",
    "と",
    "、",
    "。",
    "，",
    ",",
    "\n",
    "\r",
    "（",
    "(",
    "」",
    "<",
    "＜",
];

/// How a name was read from a run.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A listed surname, a space, a listed given name; or the other way about.
    Apart,
    /// A listed surname and a listed given name without a space.
    Joined,
    /// A listed surname, a space and anything short.
    Half,
    /// A surname or a given name alone.
    Single,
}

const fn is_kana(ch: char) -> bool {
    matches!(ch, '\u{3041}'..='\u{309f}' | '\u{30a1}'..='\u{30fa}' | 'ー')
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

/// A prefix of up to so many characters that has a fact, the longest first.
fn listed_prefix(rest: &str, most: usize, fact: u16) -> impl Iterator<Item = usize> + '_ {
    let ends = {
        let mut ends = [0usize; 5];
        for (count, (at, ch)) in rest.char_indices().take(most.min(5)).enumerate() {
            if !(is_han(ch) || is_kana(ch)) {
                break;
            }
            if let Some(slot) = ends.get_mut(count) {
                *slot = at + ch.len_utf8();
            }
        }
        ends
    };
    ends.into_iter().rev().filter(move |end| {
        *end > 0
            && rest
                .get(..*end)
                .is_some_and(|word| gazetteer::lookup(word).any(fact))
    })
}

/// A name that begins a text: its length and how it was read.
///
/// Where a name is expected, one character may be a given name before more Han.
fn name_at(rest: &str, expected: bool) -> Option<(usize, Shape)> {
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
        for length in listed_prefix(rest, 4, first) {
            let after = rest.get(length..)?;
            let space = gap(after);
            if space == 0 && first == Facts::GIVEN {
                continue;
            }
            let tail = after.get(space..)?;
            let single = rest
                .get(..length)
                .is_some_and(|word| word.chars().count() == 1);
            if let Some(more) = listed_prefix(tail, 4, second).find(|more| {
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
    for length in listed_prefix(rest, 4, Facts::SURNAME) {
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
        && let Some(length) = listed_prefix(rest, 4, Facts::SURNAME).next()
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
    listed_prefix(rest, 4, Facts::SURNAME | Facts::GIVEN)
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
        && listed_prefix(name, 4, Facts::SURNAME).next().is_some()
        && !is_office(name);
    fits.then_some(line)
}

/// Whether the text up to a name ends with a formula or role that a name follows.
fn expected(head: &str) -> bool {
    let trimmed = head.trim_end_matches([
        ' ', '\u{3000}', '。', '、', '，', '：', ':', '\n', '\r', '！', '!',
    ]);
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

/// Whether an honorific begins the text: 君 and 氏 only before what ends a word.
fn honoured(after: &str) -> Option<&'static str> {
    HONORIFICS.iter().copied().find(|honorific| {
        after.strip_prefix(honorific).is_some_and(|rest| {
            honorific.chars().nth(1).is_some()
                || *honorific == "様"
                || !rest.chars().next().is_some_and(is_han)
        })
    })
}

/// A name that the lists know, with what must stand around it; returns its end.
fn listed(text: &str, start: usize, out: &mut Vec<Match>) -> Option<usize> {
    let (head, rest) = (text.get(..start)?, text.get(start..)?);
    let expected = expected(head);
    if expected && let Some(length) = whole_line(rest) {
        push(out, start, start + length, 70);
        return Some(start + length);
    }
    let (length, shape) = name_at(rest, expected || super::place::cell_before(text, start))?;
    let after = rest.get(length..)?;
    let border = head.chars().next_back().is_none_or(|ch| !is_script(ch));
    let titled = honoured(after).is_some();
    let ends = after.is_empty() || AFTER.iter().any(|word| after.starts_with(word));
    let next_han = after.chars().next().is_some_and(is_han);
    let name = rest.get(..length)?;
    let single_char = name.chars().count() == 1;
    let cell = super::place::alone(text, start, start + length);
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

/// A municipality: after or before words that tell of living or being somewhere.
fn place(text: &str, start: usize, out: &mut Vec<Match>) -> Option<usize> {
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
        let cell = super::place::alone(text, start, start + run.len());
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

/// After 名前は and the like: up to the end of the name.
fn introduced(text: &str, start: usize, out: &mut Vec<Match>) -> Option<usize> {
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
fn splits(run: &str) -> bool {
    (3..=8).contains(&run.chars().count())
        && name_at(run, false).is_some_and(|(length, shape)| {
            length == run.len() && matches!(shape, Shape::Joined | Shape::Apart)
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
                && (splits(tail) || gazetteer::lookup(tail).any(Facts::SURNAME | Facts::GIVEN))
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
