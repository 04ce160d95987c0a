//! Postal addresses and places.
//!
//! An address is put together from pieces: a street with a number, a postal code
//! with a city, a flat. Each piece is found by itself, grows over what may stand
//! beside it, and [`join`] makes one span of pieces that only separators part.

use super::endings::Endings;
use super::word::{self, Case, Word, word};
use super::{Match, spaced};
use crate::class::Class;
use crate::gazetteer::{self, Facts};

const STREET: &str = "address-street";
const CODE: &str = "address-postal-code";

/// Compound streets: `Lindenstraße`, `Kerkstraat`.
const SUFFIXES: &[&str] = &[
    "straße",
    "strasse",
    "str",
    "weg",
    "platz",
    "allee",
    "gasse",
    "ring",
    "damm",
    "ufer",
    "chaussee",
    "steig",
    "stieg",
    "pfad",
    "promenade",
    "straat",
    "laan",
    "plein",
    "kade",
    "gracht",
    "singel",
    "dreef",
    "steeg",
    "dijk",
    "hof",
    "baan",
    "lei",
    "boulevard",
    "pad",
    "markt",
    "graben",
];

static COMPOUND: Endings = Endings::new(SUFFIXES);

/// Whether a word ends as a compound street does.
pub(crate) fn compound(word: &str) -> bool {
    COMPOUND.end(word, 1)
}

fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

/// The end of a house number at a byte: `12`, `12a`, `12-14`, `12/3`, `nº 12`, `s/n`.
fn house_number(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let mut start = at;
    for mark in [
        "nº ", "n.º ", "nº", "n° ", "n°", "no. ", "nr. ", "nr ", "Nr. ", "Nº ", "núm. ", "num. ",
        "número ", "número", "#",
    ] {
        if rest.starts_with(mark) {
            start = at + mark.len();
            break;
        }
    }
    if rest.starts_with("s/n") || rest.starts_with("S/N") {
        return Some(at + 3);
    }
    let digits = text
        .get(start..)?
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    if !(1..=5).contains(&digits) {
        return None;
    }
    let mut end = start + digits;
    // A letter or a second number.
    loop {
        let sign = usize::from(matches!(byte(text, end), b'-' | b'/'));
        let after = end + sign;
        let more = text
            .get(after..)?
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        if sign == 1 && (1..=4).contains(&more) {
            end = after + more;
            continue;
        }
        if byte(text, after).is_ascii_alphabetic()
            && !byte(text, after + 1).is_ascii_alphanumeric()
            && byte(text, after + 1) != b'\''
        {
            end = after + 1;
            continue;
        }
        if sign == 0
            && byte(text, end) == b' '
            && byte(text, end + 1).is_ascii_lowercase()
            && !byte(text, end + 2).is_ascii_alphanumeric()
            && matches!(byte(text, end + 1), b'a'..=b'd')
            && byte(text, end + 2) != b'\''
            && matches!(byte(text, end + 2), b',' | b'\n' | 0)
        {
            end += 2;
        }
        break;
    }
    // French and Dutch second letters.
    for more in [" bis", " ter", " hs", "-hs", " huis", " bg"] {
        if text.get(end..).is_some_and(|rest| rest.starts_with(more))
            && !byte(text, end + more.len()).is_ascii_alphanumeric()
        {
            end += more.len();
            break;
        }
    }
    // Not the beginning of a longer number or a share.
    (!byte(text, end).is_ascii_digit()
        && byte(text, end) != b'%'
        && !(matches!(byte(text, end), b'.' | b':') && byte(text, end + 1).is_ascii_digit()))
    .then_some(end)
}

/// Whether a word in capitals ends as a compound street does.
fn shouted(letters: &str) -> bool {
    SUFFIXES.iter().any(|suffix| {
        letters.len() > suffix.len() + 1
            && letters
                .get(letters.len() - suffix.len()..)
                .is_some_and(|tail| tail.eq_ignore_ascii_case(suffix))
    })
}

/// The beginning of the words that belong to a compound street: `Am Marktplatz`,
/// `Nieuwe Kerkhof`.
fn lead_words(text: &str, start: usize) -> usize {
    const LEADS: &[&str] = &[
        "Am ",
        "An der ",
        "An den ",
        "Im ",
        "In der ",
        "Auf der ",
        "Auf dem ",
        "Zum ",
        "Zur ",
        "Unter den ",
        "Hinter der ",
        "Vor dem ",
        "Alte ",
        "Alter ",
        "Neue ",
        "Neuer ",
        "Große ",
        "Kleine ",
        "Lange ",
        "Kurze ",
        "Obere ",
        "Untere ",
        "Hohe ",
        "Nieuwe ",
        "Oude ",
        "Korte ",
        "Grote ",
        "Eerste ",
        "Tweede ",
        "am ",
        "Am Alten ",
    ];
    let head = text.get(..start).unwrap_or("");
    LEADS
        .iter()
        .find(|lead| {
            head.strip_suffix(**lead)
                .is_some_and(|head| !head.ends_with(char::is_alphanumeric))
        })
        .map_or(start, |lead| start - lead.len())
}

/// Where a street or flat goes on: `, Flat 3`, ` 2º B`, `, bâtiment C`.
fn extend(text: &str, mut end: usize) -> usize {
    for _ in 0..4 {
        let rest = text.get(end..).unwrap_or("");
        let gap = rest.len()
            - rest
                .trim_start_matches([',', ' ', '\n', '\r', '-', '\u{2013}', '.'])
                .len();
        if gap == 0 || gap > 4 {
            break;
        }
        let at = end + gap;
        if let Some(unit) = word(text, at)
            && unit.facts.any(Facts::UNIT)
            && !unit.facts.any(Facts::GIVEN_COMMON)
        {
            let mut after = unit.end;
            after += usize::from(byte(text, after) == b'.');
            after += usize::from(byte(text, after) == b' ');
            after += usize::from(byte(text, after) == b'#');
            let token = token_end(text, after);
            let short = token - after;
            let fits = text.get(after..token).is_some_and(|token| {
                token.bytes().any(|byte| byte.is_ascii_digit())
                    || short <= 2
                    || word(text, after).is_some_and(|word| word.facts.any(Facts::UNIT))
            });
            if (1..=8).contains(&short) && fits {
                end = token;
                continue;
            }
            break;
        }
        // `2º B`, `3ª izq.`, `#4`.
        let digits = text
            .get(at..)
            .unwrap_or("")
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        let mark = text.get(at + digits..).unwrap_or("");
        if (1..=2).contains(&digits)
            && (mark.starts_with('º') || mark.starts_with('ª') || mark.starts_with('°'))
        {
            end = at + digits + 2;
            let mut from = end + usize::from(byte(text, end) == b'.');
            from += usize::from(byte(text, from) == b' ');
            let token = token_end(text, from);
            if (1..=6).contains(&(token - from))
                && word(text, from)
                    .is_some_and(|word| word.case != Case::Lower || word.facts.any(Facts::UNIT))
            {
                end = token;
            }
            continue;
        }
        if byte(text, at) == b'#' && byte(text, at + 1).is_ascii_digit() {
            end = token_end(text, at + 1);
            continue;
        }
        break;
    }
    end
}

fn token_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    at + rest
        .find(|ch: char| !ch.is_alphanumeric() && !matches!(ch, 'º' | 'ª' | '-' | '/'))
        .unwrap_or(rest.len())
}

/// A street whose kind stands before its name: `Calle Mayor 3`, `12, rue de la Paix`.
pub(crate) fn street_before(text: &str, kind: &Word, out: &mut Vec<Match>) -> Option<usize> {
    let mut at = kind.end;
    let slash = text
        .get(kind.start..kind.end)
        .is_some_and(|kind| matches!(kind, "C" | "c"))
        && byte(text, at) == b'/';
    at += usize::from(byte(text, at) == b'.' || slash);
    at += usize::from(byte(text, at) == b' ');
    if at == kind.end {
        return None;
    }
    // The name: capital words with small ones between, or a number.
    let name_start = at;
    let mut end = at;
    let mut capitals = 0;
    for _ in 0..8 {
        let Some(next) = word(text, at) else {
            // `rue du 8 Mai`, `Via 4 Novembre`, `Calle 72`.
            let digits = text
                .get(at..)
                .unwrap_or("")
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count();
            if (1..=3).contains(&digits)
                && (capitals == 0
                    || byte(text, at + digits) == b' '
                        && word(text, at + digits + 1)
                            .is_some_and(|word| word.is_capital() && word.facts.any(Facts::BRAND)))
                && spaced(text, at + digits).is_some_and(|at| {
                    word(text, at).is_some_and(|word| {
                        // `Rua 25 de Abril`.
                        word.is_capital()
                            || text.get(word.start..word.end) == Some("de")
                                && byte(text, word.end + 1).is_ascii_uppercase()
                    })
                })
            {
                end = at + digits;
                at = end + 1;
                continue;
            }
            break;
        };
        // `place de l'Église`.
        let elided = next.case == Case::Lower
            && text.get(next.start..next.end).is_some_and(|word| {
                word.get(1..)
                    .map(|rest| rest.trim_start_matches(['\'', '’']))
                    .is_some_and(|rest| {
                        rest.len() + 1 < word.len() && rest.starts_with(char::is_uppercase)
                    })
            });
        let small = next.case == Case::Lower && !elided;
        if small
            && !next.facts.any(Facts::PARTICLE)
            && !(capitals == 0 && next.end - next.start <= 3)
        {
            break;
        }
        if next.facts.any(Facts::UNIT) && capitals > 0 && !next.facts.any(Facts::SURNAME_COMMON) {
            break;
        }
        if !small {
            capitals += 1;
            end = next.end;
        }
        let dot = byte(text, next.end) == b'.' && next.end - next.start <= 4;
        match spaced_any(text, next.end + usize::from(dot)) {
            Some(next) => at = next,
            None => break,
        }
    }
    if capitals == 0 && end == name_start || end - name_start == 1 && !byte(text, end).eq(&b'.') {
        return None;
    }
    // The number after it, or before the kind.
    let after = text.get(end..).unwrap_or("");
    let gap = after.len() - after.trim_start_matches([',', ' ', '\u{a0}']).len();
    // `Piazza San Marco,\n126`.
    let gap = gap + usize::from(after.starts_with(",\n"));
    let mut start = kind.start;
    let mut score = 0;
    if let Some(number) = number_before(text, kind.start) {
        start = number;
        score = 85;
    } else if gap <= 3
        && gap > 0
        && let Some(number) = house_number(text, end + gap)
        // Four or five digits before a capital are a city's code.
        && !(number - end - gap >= 4
            && text
                .get(end + gap..number)
                .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()))
            && spaced(text, number)
                .and_then(|at| word(text, at))
                .is_some_and(|word| word.is_capital()))
    {
        end = number;
        score = 85;
    }
    if score == 0 {
        // Without a number: a street in prose only where the kind leaves no doubt.
        let kind_text = text.get(kind.start..kind.end).unwrap_or("");
        let sure = slash
            || [
                "calle", "avda", "avenida", "ulica", "ul", "rua", "travessa", "vicolo", "viale",
                "piazza", "rue", "impasse", "praça",
            ]
            .iter()
            .any(|sure| kind_text.eq_ignore_ascii_case(sure) || kind_text.to_lowercase() == *sure);
        if capitals == 0 {
            return None;
        }
        // "Vila do Conde" is a town.
        if text
            .get(kind.start..end)
            .is_some_and(|name| gazetteer::lookup(name).any(Facts::PLACE))
        {
            return None;
        }
        // Of the rest, only what stands beside another piece counts.
        score = if sure { 60 } else { 40 };
    }
    let end = extend(text, end);
    out.push(Match {
        start,
        end,
        class: Class::Address,
        score,
        rule: STREET,
    });
    Some(end)
}

fn spaced_any(text: &str, at: usize) -> Option<usize> {
    (byte(text, at) == b' ').then_some(at + 1).filter(|at| {
        text.get(*at..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(char::is_alphanumeric)
    })
}

/// The beginning of a house number that ends just before a byte: `12 `, `12, `, `12 bis `.
fn number_before(text: &str, at: usize) -> Option<usize> {
    let head = text.get(..at)?;
    let mut trimmed = head.trim_end_matches([' ', ',']);
    if head.len() == trimmed.len() || head.len() - trimmed.len() > 2 {
        return None;
    }
    trimmed = trimmed
        .strip_suffix(" bis")
        .or_else(|| trimmed.strip_suffix(" ter"))
        .unwrap_or(trimmed);
    let tail = trimmed
        .char_indices()
        .rev()
        .take_while(|(_, ch)| ch.is_ascii_alphanumeric() || matches!(ch, '-' | '/'))
        .last()?
        .0;
    let number = trimmed.get(tail..)?;
    let digits = number.bytes().take_while(u8::is_ascii_digit).count();
    let rest = number.get(digits..)?;
    let fits = (1..=5).contains(&digits)
        && rest.len() <= 5
        && (rest.len() <= 1 || rest.starts_with(['-', '/']));
    let before = trimmed.get(..tail)?.chars().next_back();
    (fits && before.is_none_or(|ch| !matches!(ch, '.' | ':' | '#' | '$' | '€' | '_' | '=')))
        .then_some(tail)
}

/// What a run of capital words says of an address; returns its end if it was one.
pub(crate) fn run(text: &str, run: &[Word], out: &mut Vec<Match>) -> Option<usize> {
    for (index, kind) in run.iter().enumerate() {
        let letters = text.get(kind.start..kind.end).unwrap_or("");
        // `Anna-Sturm-Weg`: the kind is the last part.
        let hyphened = !kind.plain
            && letters
                .rsplit_once('-')
                .is_some_and(|(_, last)| gazetteer::lookup(last).any(Facts::STREET_AFTER));
        // `Calle Mayor 3`, `Via Roma 4`.
        if kind.facts.any(Facts::STREET_BEFORE)
            && !hyphened
            && (kind.end - kind.start > 1
                || byte(text, kind.end) == b'/'
                || text
                    .get(kind.end..)
                    .is_some_and(|rest| rest.starts_with(". de ")))
            && let Some(end) = street_before(text, kind, out)
        {
            return Some(end);
        }
        // `12 Baker Street`.
        if index > 0 && kind.facts.any(Facts::STREET_AFTER) {
            // As many words before as follow a number.
            for from in (index.saturating_sub(4)..index).rev() {
                let Some(first) = run.get(from) else { continue };
                if let Some(start) = number_before(text, first.start) {
                    let mut end = kind.end;
                    // `Ave.`, and a direction: `Street NW`.
                    end += usize::from(byte(text, end) == b'.' && end - kind.start <= 4);
                    if let Some(next) = run.get(index + 1)
                        && next.case == Case::Upper
                        && next.end - next.start <= 2
                        && text.get(next.start..next.end).is_some_and(|way| {
                            way.bytes()
                                .all(|byte| matches!(byte, b'N' | b'S' | b'E' | b'W'))
                        })
                    {
                        end = next.end;
                    }
                    let end = extend(text, end);
                    let start = unit_before(text, start);
                    out.push(Match {
                        start,
                        end,
                        class: Class::Address,
                        score: 85,
                        rule: STREET,
                    });
                    return Some(end);
                }
            }
        }
        // `Lindenstraße 5`, `Am Alten Markt 3`, `Lange Straße 12`.
        let compound = letters.len() > 5
            && (compound(letters) || kind.case == Case::Upper && shouted(letters))
            || hyphened
            || letters.len() > 4 && letters.ends_with("str") && byte(text, kind.end) == b'.';
        let apart = index > 0 && kind.facts.any(Facts::STREET_AFTER);
        if compound || apart {
            let dot = usize::from(byte(text, kind.end) == b'.');
            let from = kind.end + dot;
            let gap = usize::from(byte(text, from) == b' ')
                + usize::from(byte(text, from) == b',' && byte(text, from + 1) == b' ') * 2;
            if (gap > 0 || dot > 0)
                && let Some(end) = house_number(text, from + gap)
            {
                let weak = compound
                    && ![
                        "straße", "strasse", "str", "straat", "laan", "gasse", "platz", "plein",
                        "gracht", "weg", "allee",
                    ]
                    .iter()
                    .any(|suffix| letters.ends_with(suffix));
                let mut first = lead_words(text, kind.start);
                if apart {
                    first = run.get(index - 1).map_or(first, |word| word.start);
                    for back in (0..index.saturating_sub(1)).rev() {
                        let Some(word) = run.get(back) else { break };
                        if word.facts.any(Facts::WORD)
                            && word.case == Case::Capital
                            && !word.facts.any(Facts::PARTICLE)
                        {
                            break;
                        }
                        first = word.start;
                    }
                }
                let end = extend(text, end);
                out.push(Match {
                    start: first,
                    end,
                    class: Class::Address,
                    score: if weak { 65 } else { 85 },
                    rule: STREET,
                });
                return Some(end);
            }
            // A street in prose: "in der Lindenstraße".
            let plain = ["straße", "strasse", "straat", "gasse", "gracht"]
                .iter()
                .any(|suffix| letters.ends_with(suffix));
            if compound && plain && kind.case == Case::Capital {
                out.push(Match {
                    start: kind.start,
                    end: kind.end,
                    class: Class::Address,
                    score: 60,
                    rule: STREET,
                });
                return Some(kind.end);
            }
        }
        // `Austin, TX 78701`, `Mérida, YUC 97000`, `Toronto ON M5V 2T6`.
        let state = kind.case == Case::Upper
            && (is_state(letters)
                || (2..=5).contains(&letters.len())
                    && text
                        .get(..kind.start)
                        .is_some_and(|head| head.ends_with(", ")));
        if state && byte(text, kind.end) == b' ' {
            let city = city_before(text, kind.start).or_else(|| {
                // "San Juan los Bajos": small words that are no particles.
                let end = text.get(..kind.start)?.strip_suffix(", ")?.len();
                let head = text.get(..end)?;
                let start = head.rfind([',', '\n'])? + 1;
                let start = start + usize::from(byte(text, start) == b' ');
                let fits = end > start && end - start <= 40 && lead(text, start) < start;
                (fits && word(text, start)?.is_capital()).then_some(start)
            });
            if let Some(end) = postal_code(text, kind.end + 1, true)
                .or_else(|| australian_code(text, letters, kind.end + 1))
                && (is_state(letters) || city.is_some())
            {
                let start = lead(text, city.unwrap_or(kind.start));
                out.push(Match {
                    start,
                    end,
                    class: Class::Address,
                    score: 85,
                    rule: CODE,
                });
                return Some(end);
            }
        }
    }
    if let Some(found) = prepositional(text, run) {
        out.push(found);
        return Some(found.end);
    }
    // A box: `PO Box 123`, `Postfach 12`, `Apartado de Correos 45`.
    let (first, last) = (run.first()?, run.last()?);
    if byte(text, last.end) != b' ' || !byte(text, last.end + 1).is_ascii_digit() {
        return None;
    }
    let letters = text.get(first.start..last.end).unwrap_or("");
    let boxed = [
        "PO Box",
        "P.O. Box",
        "P.O Box",
        "Postfach",
        "Postbus",
        "Casella Postale",
        "Apartado",
        "Caixa Postal",
        "Boîte Postale",
        "BP",
        "Skrytka",
    ]
    .iter()
    .any(|name| {
        // The last byte decides nearly always.
        letters.bytes().next_back().map(|byte| byte | 0x20)
            == name.bytes().next_back().map(|byte| byte | 0x20)
            && (letters.eq_ignore_ascii_case(name)
                || letters.len() > name.len() && letters.ends_with(name))
    });
    if boxed && byte(text, last.end) == b' ' && byte(text, last.end + 1).is_ascii_digit() {
        let end = token_end(text, last.end + 1);
        let start = if letters.len() <= "P.O. Box".len() && letters.ends_with("Box") {
            first.start
        } else if letters.ends_with("Box") {
            last.end - "PO Box".len().min(last.end)
        } else {
            last.start
        };
        let start = if text.is_char_boundary(start) {
            start
        } else {
            last.start
        };
        out.push(Match {
            start,
            end,
            class: Class::Address,
            score: 80,
            rule: "address-box",
        });
        return Some(end);
    }
    None
}

/// `Am Markt 3`, `Unter den Linden 83a`: a German street that is a phrase.
fn prepositional(text: &str, run: &[Word]) -> Option<Match> {
    const FIRST: &[&str] = &[
        "Am", "Im", "An", "Auf", "In", "Zum", "Zur", "Unter", "Hinter", "Vor", "Bei",
    ];
    let (first, rest) = run.split_first()?;
    let letters = text.get(first.start..first.end)?;
    let name = rest.iter().find(|word| word.is_capital())?;
    let article = name.start > first.end + 1;
    if !FIRST.contains(&letters)
        || matches!(
            letters,
            "An" | "Auf" | "In" | "Unter" | "Hinter" | "Vor" | "Bei"
        ) != article
        || name.facts.any(Facts::BRAND) && !article
        || name.facts.any(Facts::WORD) && letters != "Unter"
        || rest.len() > 3
    {
        return None;
    }
    let last = rest.last()?;
    let end = house_number(text, last.end + usize::from(byte(text, last.end) == b' '))?;
    let digits = end - last.end <= 6 && byte(text, last.end) == b' ';
    digits.then_some(Match {
        start: first.start,
        end: extend(text, end),
        class: Class::Address,
        score: 60,
        rule: STREET,
    })
}

/// `Flat 3, ` or `Apt 4B, ` before a number.
fn unit_before(text: &str, start: usize) -> usize {
    let head = text.get(..start).unwrap_or("");
    let trimmed = head.trim_end_matches([' ', ',', '\n']);
    if trimmed.len() == head.len() {
        return start;
    }
    let Some(at) = trimmed
        .char_indices()
        .rev()
        .take_while(|(_, ch)| ch.is_ascii_alphanumeric())
        .last()
        .map(|(at, _)| at)
    else {
        return start;
    };
    if trimmed.len() - at > 4 || byte(text, at.saturating_sub(1)) != b' ' {
        return start;
    }
    word::word_start(text, at - 1)
        .filter(|begin| {
            word(text, *begin).is_some_and(|word| {
                word.end == at - 1 && word.is_capital() && word.facts.any(Facts::UNIT)
            })
        })
        .unwrap_or(start)
}

/// States, provinces and territories of the United States, Canada and Australia.
const STATES: &[&str] = &[
    "AB", "AK", "AL", "AR", "AZ", "BC", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID",
    "IL", "IN", "KS", "KY", "LA", "MA", "MB", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NB", "NC",
    "ND", "NE", "NH", "NJ", "NL", "NM", "NS", "NT", "NU", "NV", "NY", "OH", "OK", "ON", "OR", "PA",
    "PE", "PR", "QC", "RI", "SC", "SD", "SK", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
    "YT", "AE", "AP", "AA", "GU", "VI", "AS", "MP", "NSW", "VIC", "QLD", "TAS", "ACT",
];

/// For each first letter the second ones of the states of two letters, as bits.
static TWO: [u32; 26] = {
    let mut table = [0; 26];
    let mut index = 0;
    while index < STATES.len() {
        let bytes = STATES[index].as_bytes();
        if bytes.len() == 2 {
            table[(bytes[0] - b'A') as usize] |= 1 << (bytes[1] - b'A');
        }
        index += 1;
    }
    table
};

/// Whether capitals are a state's.
pub(crate) fn is_state(letters: &str) -> bool {
    match *letters.as_bytes() {
        [first, second @ b'A'..=b'Z'] => TWO
            .get(usize::from(first.wrapping_sub(b'A')))
            .is_some_and(|seconds| seconds & (1 << (second - b'A')) != 0),
        [_, _, _] => STATES.contains(&letters),
        _ => false,
    }
}

/// The end of the four digits after an Australian state.
fn australian_code(text: &str, state: &str, at: usize) -> Option<usize> {
    let digits = text
        .get(at..)?
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    (digits == 4 && ["NSW", "VIC", "QLD", "TAS", "ACT", "SA", "WA", "NT"].contains(&state))
        .then_some(at + 4)
}

/// The end of a ZIP code, or of a Canadian one.
fn postal_code(text: &str, at: usize, state: bool) -> Option<usize> {
    let digits = text
        .get(at..)?
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    if state && digits == 5 {
        let end = at + 5;
        let four = byte(text, end) == b'-'
            && text
                .get(end + 1..)?
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count()
                == 4;
        return Some(if four { end + 5 } else { end });
    }
    let shape = |at: usize, want: &str| {
        want.bytes().enumerate().all(|(index, want)| match want {
            b'9' => byte(text, at + index).is_ascii_digit(),
            _ => byte(text, at + index).is_ascii_uppercase(),
        })
    };
    if shape(at, "A9A") {
        let gap = usize::from(matches!(byte(text, at + 3), b' ' | b'-'));
        if shape(at + 3 + gap, "9A9") && !byte(text, at + 6 + gap).is_ascii_alphanumeric() {
            return Some(at + 6 + gap);
        }
    }
    None
}

/// The beginning of the city before `, TX` or a postal code.
fn city_before(text: &str, at: usize) -> Option<usize> {
    let head = text.get(..at)?;
    let trimmed = head.trim_end_matches([',', ' ']);
    if trimmed.len() == head.len() {
        return None;
    }
    let mut start = None;
    let mut end = trimmed.len();
    for _ in 0..5 {
        let Some(begin) = word::word_start(text, end) else {
            break;
        };
        let Some(found) = word(text, begin) else {
            break;
        };
        let joins =
            found.case == Case::Lower && found.facts.any(Facts::PARTICLE) && start.is_some();
        if !(found.is_capital() || found.case == Case::Mixed || joins) || found.end != end {
            break;
        }
        if !joins {
            start = Some(begin);
        }
        if byte(text, begin.wrapping_sub(1)) != b' ' {
            break;
        }
        end = begin - 1;
    }
    start
}

/// A number: the house number before a street, or a postal code before a city.
pub(crate) fn number(text: &str, at: usize, out: &mut Vec<Match>) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let next = at + digits.max(1);
    let before = at.checked_sub(1).map_or(0, |at| byte(text, at));
    if before.is_ascii_alphanumeric() || matches!(before, b'.' | b'_' | b'#' | b'$' | b'=') {
        return next;
    }
    // 4 to 6 digits, 12-345, 1234-567, 12345-678, 1234 AB.
    let mut end = next;
    let mut sure = false;
    let more = |at: usize| {
        text.get(at..)
            .unwrap_or("")
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count()
    };
    match digits {
        2 | 4 | 5 if byte(text, next) == b'-' && more(next + 1) == 3 => {
            end = next + 4;
            sure = true;
        }
        4 => {
            let gap = usize::from(byte(text, next) == b' ');
            let letters = next + gap;
            if byte(text, letters).is_ascii_uppercase()
                && byte(text, letters + 1).is_ascii_uppercase()
                && !byte(text, letters + 2).is_ascii_alphanumeric()
            {
                end = letters + 2;
                sure = true;
            }
        }
        5 | 8 => {}
        _ => return next,
    }
    let gap = text.get(end..).unwrap_or("");
    let gap = gap.len() - gap.trim_start_matches([',', ' ']).len();
    // Nothing comes of fewer or more digits, or of a number that ends a text.
    if !sure && gap == 0 && digits != 5 {
        return next;
    }
    // `1017 GP\nAmsterdam`.
    let line = usize::from(sure && digits == 4 && byte(text, end) == b'\n');
    let gap = gap.max(line);
    let prefixed = [
        "D-", "A-", "CH-", "F-", "I-", "E-", "B-", "L-", "NL-", "PL-",
    ]
    .iter()
    .find(|prefix| text.get(..at).is_some_and(|head| head.ends_with(**prefix)));
    let start = at - prefixed.map_or(0, |prefix| prefix.len());
    // `São Paulo - SP, 04538-133`.
    if sure
        && digits == 5
        && let Some(found) = city_and_state(text, start, end)
    {
        out.push(found);
        return end;
    }
    if gap == 0 || gap > 2 {
        if digits == 5
            && let Some(found) = city_then_code(text, at, end)
        {
            out.push(found);
        }
        return next;
    }
    // `Huelva, 15097`: the city stands before the code.
    if digits == 5
        && text.get(..at).is_some_and(|head| head.ends_with(", "))
        && !word(text, end + gap).is_some_and(|word| word.is_capital())
        && let Some(found) = city_then_code(text, at, end)
    {
        out.push(found);
        return end;
    }
    // The city: up to four capital words.
    let mut from = end + gap;
    // `6008 EK 's-Hertogenbosch`.
    if text.get(from..).is_some_and(|rest| rest.starts_with("'s-")) {
        from += 3;
    }
    let mut city_end = from;
    let mut listed = false;
    let mut place = from;
    let mut after_small = false;
    let mut count = 0;
    while let Some(found) = word(text, place) {
        let joins = found.case == Case::Lower
            && (found.facts.any(Facts::PARTICLE) || found.end - found.start <= 3)
            && (count > 0 || digits == 8 || sure && found.facts.any(Facts::PARTICLE));
        if !(found.is_capital() || found.case == Case::Mixed || joins)
            || count >= 5
            || super::code_like(text, found.start, found.end)
        {
            break;
        }
        if count > 0
            && found.is_capital()
            && !after_small
            && found.facts.any(Facts::WORD)
            && !found.facts.any(Facts::PLACE | Facts::PARTICLE)
        {
            break;
        }
        count += 1;
        after_small = found.case == Case::Lower;
        if found.case != Case::Lower {
            city_end = found.end;
            listed |= found.facts.any(Facts::PLACE)
                || gazetteer::lookup(text.get(from..city_end).unwrap_or("")).any(Facts::PLACE);
            let small_next = spaced(text, found.end)
                .and_then(|at| word(text, at))
                .is_some_and(|next| next.facts.any(Facts::PARTICLE));
            if count == 1
                && found.facts.any(Facts::WORD)
                && !found.facts.any(Facts::PLACE | Facts::PARTICLE)
                && !small_next
                && !super::place::begins(text.get(found.start..found.end).unwrap_or(""))
            {
                break;
            }
        }
        match spaced(text, found.end) {
            Some(next) => place = next,
            None => break,
        }
    }
    if city_end == from
        || (digits == 8
            && !text
                .get(city_end..)
                .is_some_and(|rest| rest.starts_with(" / ")))
    {
        return next;
    }
    // A code without a listed city counts only beside another piece.
    let first = word(text, from);
    let beside = out.last().is_some_and(|last| {
        last.class == Class::Address && last.end <= start && start - last.end <= 3
    });
    let everyday = !beside
        && first.is_some_and(|word| {
            word.is_capital()
                && word
                    .facts
                    .any(Facts::WORD | Facts::BRAND | Facts::CUE | Facts::UNIT)
                && !word.facts.any(Facts::PLACE)
        });
    if everyday && !sure {
        return next;
    }
    let mut score = match (listed, sure) {
        (true, true) => 80,
        (true, false) => 65,
        (false, true) => 60,
        (false, false) => 40,
    };
    // `(MI)`, `/ SP`, ` - SP`.
    let tail = text.get(city_end..).unwrap_or("");
    for (open, close) in [(" (", ")"), (" / ", ""), ("/", ""), (" - ", ""), ("-", "")] {
        if let Some(code) = tail.strip_prefix(open)
            && code.bytes().take_while(u8::is_ascii_uppercase).count() == 2
            && code.get(2..).is_some_and(|rest| {
                rest.starts_with(close) && !rest.starts_with(char::is_alphanumeric)
            })
        {
            city_end += open.len() + 2 + close.len();
            score = score.max(75);
            break;
        }
    }
    // What stands before it may make it one: `5 Anything Rise, 1234 Somewhere`.
    let lead = lead(text, start);
    if lead < start && digits >= 4 && (sure || listed || score > 60) {
        score = 85;
    }
    let start = if score == 85 { lead } else { start };
    out.push(Match {
        start,
        end: city_end,
        class: Class::Address,
        score,
        rule: CODE,
    });
    city_end
}

/// A British postal code where a capital stands, with the city before it.
pub(crate) fn british_code(text: &str, at: usize, out: &mut Vec<Match>) -> Option<usize> {
    let end = british(text, at)?;
    let city = city_before(text, at).or_else(|| {
        let line = text.get(..at)?.strip_suffix('\n')?.len();
        city_before_at(text, line)
    });
    let start = lead(text, city.unwrap_or(at));
    // The bare shape is a part number's as well.
    let score = match city {
        Some(city) if start < city => 85,
        Some(_) => 65,
        None => 40,
    };
    out.push(Match {
        start,
        end,
        class: Class::Address,
        score,
        rule: CODE,
    });
    Some(end)
}

/// The beginning of the lines or parts before a city that belong to its address:
/// `12 Anything Tunnel, `, `Studio 5\nSome Islands\n`. At least one has a number.
fn lead(text: &str, city: usize) -> usize {
    let mut start = city;
    let mut best = city;
    let mut alone = false;
    // A street with its number was passed, so what has a postal code is another's.
    let mut street = false;
    for _ in 0..4 {
        let head = text.get(..start).unwrap_or("");
        let trimmed = head.trim_end_matches([',', ' ', '\n', '\r']);
        let gap = head.get(trimmed.len()..).unwrap_or("");
        if gap.is_empty()
            || gap.len() > 3
            || !gap.contains([',', '\n'])
            || gap.matches('\n').count() > 1
        {
            break;
        }
        // A part goes back over capital words, numbers and particles.
        let mut from = trimmed.len();
        let mut part = from;
        let mut words = 0;
        let mut number = None;
        let mut coded = false;
        while words < 6 {
            let piece = text.get(..from).unwrap_or("");
            let begin = piece
                .char_indices()
                .rev()
                .take_while(|(_, ch)| {
                    ch.is_alphanumeric()
                        || matches!(ch, '-' | '\'' | '’' | '.' | '/' | '#' | 'º' | 'ª')
                })
                .last()
                .map_or(from, |(at, _)| at);
            let token = text.get(begin..from).unwrap_or("");
            let Some(first) = token.chars().next() else {
                break;
            };
            let digit = token.bytes().any(|byte| byte.is_ascii_digit());
            let fits = token.len() <= 24
                && (first.is_uppercase()
                    || digit
                    || words > 0 && gazetteer::lookup(token).any(Facts::PARTICLE));
            let facts = gazetteer::lookup(token);
            let stops = facts.any(Facts::TITLE | Facts::CUE | Facts::GREETING)
                && !facts.any(Facts::PARTICLE)
                && !digit;
            if !fits || stops {
                break;
            }
            words += 1;
            from = begin;
            // A part does not begin with "op de".
            if digit || first.is_uppercase() {
                part = begin;
            }
            if digit {
                number = Some(begin);
                coded |= token.bytes().filter(u8::is_ascii_digit).count() >= 4
                    || british(text, begin).is_some();
            }
            if begin == 0 || byte(text, begin - 1) != b' ' {
                break;
            }
            from = begin - 1;
        }
        let from = part;
        if words == 0 {
            break;
        }
        if street && coded {
            break;
        }
        // A part with a number begins at it, or at the unit before it.
        if let Some(number) = number {
            let unit = word::word_start(text, number.saturating_sub(1)).filter(|begin| {
                *begin >= from
                    && word(text, *begin)
                        .is_some_and(|word| word.facts.any(Facts::UNIT | Facts::STREET_BEFORE))
            });
            let tail = number_ends(text, number, trimmed.len());
            // `Anything Lane, 56`: a part that is a number alone goes with the last.
            alone = part == number && tail && unit.is_none();
            best = match unit {
                Some(unit) => unit,
                // `Anything Lane 5`: the words before a last number.
                None if tail => from,
                None => number,
            };
            start = best;
            street = unit.is_none() && part != number || !tail;
            if unit.is_some() || !tail {
                let before = text.get(..best).unwrap_or("");
                if !before.ends_with([',', '\n']) && !before.ends_with(", ") {
                    break;
                }
            }
            continue;
        }
        start = from;
        if alone {
            best = from;
            break;
        }
    }
    best
}

/// Whether from a number on there are only numbers and flats.
fn number_ends(text: &str, number: usize, end: usize) -> bool {
    text.get(number..end).is_some_and(|tail| {
        tail.split(' ').all(|token| {
            token.bytes().any(|byte| byte.is_ascii_digit())
                || gazetteer::lookup(token).any(Facts::UNIT)
        })
    })
}

/// The city that ends a line.
fn city_before_at(text: &str, end: usize) -> Option<usize> {
    let head = text.get(..end)?;
    let line = head.rfind(['\n', ',']).map_or(0, |at| at + 1);
    let slice = text.get(line..end)?;
    let start = line + (slice.len() - slice.trim_start().len());
    let fits = end > start
        && end - start <= 40
        && text
            .get(start..end)?
            .split(' ')
            .all(|word| word.chars().next().is_some_and(char::is_uppercase));
    fits.then_some(start)
}

/// `Huelva, 15097`, if the lists know the city or a street stands before it.
fn city_then_code(text: &str, at: usize, end: usize) -> Option<Match> {
    if !text.get(..at)?.ends_with(", ") || byte(text, end).is_ascii_alphanumeric() {
        return None;
    }
    let city = city_before(text, at)?;
    let name = text.get(city..at)?.trim_end_matches([',', ' ']);
    let start = lead(text, city);
    let listed = gazetteer::lookup(name).any(Facts::PLACE);
    (listed || start < city).then_some(Match {
        start,
        end,
        class: Class::Address,
        score: if start < city { 80 } else { 55 },
        rule: CODE,
    })
}

/// A code that stands behind its city and state: `São Paulo - SP, 04538-133`.
fn city_and_state(text: &str, code: usize, end: usize) -> Option<Match> {
    let head = text.get(..code)?.strip_suffix(' ')?;
    let head = head.strip_suffix(',').unwrap_or(head);
    let state = head.get(head.len().checked_sub(2)?..)?;
    let head = head.get(..head.len() - 2)?;
    let city = head
        .strip_suffix(" - ")
        .or_else(|| head.strip_suffix('/'))
        .or_else(|| head.strip_suffix(" / "))?;
    if !state.bytes().all(|byte| byte.is_ascii_uppercase()) {
        return None;
    }
    let start = city_before_at(text, city.len())?;
    Some(Match {
        start,
        end,
        class: Class::Address,
        score: 80,
        rule: CODE,
    })
}

/// The end of a British postal code at a byte.
fn british(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(at..)?;
    let letters = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    if !(1..=2).contains(&letters) {
        return None;
    }
    let mut to = letters;
    let digits = bytes
        .get(to..)?
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if !(1..=2).contains(&digits) {
        return None;
    }
    to += digits;
    to += usize::from(
        bytes.get(to).is_some_and(u8::is_ascii_uppercase) && bytes.get(to + 1) == Some(&b' '),
    );
    if bytes.get(to) != Some(&b' ') {
        return None;
    }
    let tail = bytes.get(to + 1..to + 4)?;
    let fits = tail.first()?.is_ascii_digit() && tail.get(1..)?.iter().all(u8::is_ascii_uppercase);
    (fits && !bytes.get(to + 4).is_some_and(u8::is_ascii_alphanumeric)).then_some(at + to + 4)
}

/// Makes one span of address pieces that only separators or a short place part.
pub(crate) fn join(text: &str, first: usize, out: &mut Vec<Match>) {
    if let Some(found) = out.get_mut(first..) {
        found.sort_unstable_by_key(|found| (found.start, found.end));
    }
    let mut read = first;
    let mut write = first;
    let mut whole = Whole::default();
    while let Some(&next) = out.get(read) {
        read += 1;
        if next.class == Class::Address {
            let piece = Whole::of(text, &next);
            // A city alone between two pieces is one of them.
            let mut back = write;
            while back > first
                && out
                    .get(back - 1)
                    .is_some_and(|last| last.class == Class::Place)
            {
                back -= 1;
            }
            if back > first
                && let Some(last) = out.get_mut(back - 1)
                && last.class == Class::Address
                && parted_by_little(text, last.end, next.start)
                // "Am Hang 5, 10969 Berlin\nGartenweg 4, 80331 München" are two.
                && !(whole.street && whole.code && piece.street)
            {
                whole.street |= piece.street;
                whole.code |= piece.code;
                last.end = last.end.max(next.end);
                last.score = last.score.max(next.score).max(85);
                write = back;
                continue;
            }
            whole = piece;
        }
        if let Some(slot) = out.get_mut(write) {
            *slot = next;
        }
        write += 1;
    }
    out.truncate(write);
    for index in first..out.len() {
        // A city alone gives way to the address it belongs to.
        let limit = out
            .get(index + 1..)
            .unwrap_or(&[])
            .iter()
            .find(|next| next.class != Class::Place)
            .map_or(text.len(), |next| next.start);
        let Some(found) = out.get_mut(index) else {
            break;
        };
        if found.class == Class::Address && found.rule != "address-japanese" {
            let end = finish(text, found.end).min(limit.max(found.end));
            // A street without a number, and a code after it.
            if text
                .get(found.end..end)
                .is_some_and(|more| more.bytes().any(|byte| byte.is_ascii_digit()))
            {
                found.score = found.score.max(80);
            }
            found.end = end;
        }
    }
    // What a longer address now covers, and places that were only pieces of it.
    let mut covered = 0;
    let mut write = first;
    for read in first..out.len() {
        let Some(&found) = out.get(read) else { break };
        if found.end <= covered {
            continue;
        }
        if found.class == Class::Place
            && out
                .get(read + 1)
                .is_some_and(|next| next.class == Class::Address && next.start < found.end)
        {
            continue;
        }
        covered = covered.max(if found.class == Class::Address {
            found.end
        } else {
            0
        });
        if let Some(slot) = out.get_mut(write) {
            *slot = found;
        }
        write += 1;
    }
    out.truncate(write);
}

/// What of a whole address pieces have.
#[derive(Clone, Copy, Default)]
struct Whole {
    /// A street with its number.
    street: bool,
    /// A postal code.
    code: bool,
}

impl Whole {
    fn of(text: &str, piece: &Match) -> Self {
        let code = piece.rule == CODE;
        // `12 Anything Lane, Leeds LS1 4AB` is one piece.
        let both = code
            && text.get(piece.start..piece.end).is_some_and(|piece| {
                piece.starts_with(|ch: char| ch.is_ascii_digit()) && piece.contains([',', '\n'])
            });
        Self {
            street: both || piece.rule == STREET && piece.score >= 80,
            code,
        }
    }
}

fn parted_by_little(text: &str, from: usize, to: usize) -> bool {
    let Some(gap) = text.get(from..to) else {
        return to <= from;
    };
    if gap.chars().all(|ch| {
        ch.is_whitespace() || matches!(ch, ',' | '-' | '\u{2013}' | '.' | ';' | '/' | '|' | '\\')
    }) {
        return gap.len() <= 6 && gap.matches('\n').count() <= 1;
    }
    // A district between: `, Gràcia, `, `\nJardim Europa\n`, `, Apt 3, `.
    let inner = gap
        .trim_matches(|ch: char| ch.is_whitespace() || matches!(ch, ',' | '-' | '\u{2013}' | '.'));
    let separated = gap.starts_with([',', '\n', ' ', '\r', '-'])
        && !gap.starts_with(". ")
        && gap.ends_with([',', '\n', ' ', '-']);
    separated
        && gap.len() <= 40
        && gap.matches('\n').count() <= 2
        && inner
            .split([' ', ','])
            .filter(|part| !part.is_empty())
            .all(|part| {
                part.chars()
                    .next()
                    .is_some_and(|ch| ch.is_uppercase() || ch.is_ascii_digit())
                    || gazetteer::lookup(part).any(Facts::PARTICLE | Facts::UNIT)
            })
}

/// City, code, region and country after an address.
fn finish(text: &str, mut end: usize) -> usize {
    for _ in 0..4 {
        let rest = text.get(end..).unwrap_or("");
        let gap = rest.len() - rest.trim_start_matches([',', ' ', '\n', '\r', '-']).len();
        if gap == 0 || gap > 3 || rest.starts_with(". ") {
            break;
        }
        let at = end + gap;
        let comma = rest.get(..gap).is_some_and(|gap| gap.contains([',', '\n']));
        if let Some(code) = british(text, at).or_else(|| postal_code(text, at, false)) {
            end = code;
            continue;
        }
        let digits = text
            .get(at..)
            .unwrap_or("")
            .bytes()
            .take_while(u8::is_ascii_digit)
            .count();
        if comma && (4..=5).contains(&digits) && !byte(text, at + digits).is_ascii_alphanumeric() {
            end = at + digits;
            // `1234\nSomewhere`: a line of its own, to its end.
            let line = text.get(end..).unwrap_or("");
            if let Some(city) = line
                .strip_prefix(['\n', ' '])
                .and_then(|_| word(text, end + 1))
                && city.is_capital()
                && text
                    .get(city.end..)
                    .is_none_or(|rest| rest.is_empty() || rest.starts_with(['\n', ',', '.', '"']))
            {
                end = city.end;
            }
            continue;
        }
        let Some(found) = word(text, at) else { break };
        if !found.is_capital() || super::code_like(text, found.start, found.end) {
            break;
        }
        // The longest listed place, or any capital words before a code.
        let mut best = None;
        let mut stop = found.end;
        let mut count = 0;
        let mut next = found;
        loop {
            count += 1;
            stop = if next.is_capital() { next.end } else { stop };
            let listed = gazetteer::lookup(text.get(at..stop).unwrap_or("")).any(Facts::ANYWHERE);
            let code_next = spaced_any(text, stop).is_some_and(|at| {
                british(text, at).is_some() || postal_code(text, at, false).is_some()
            });
            if listed || code_next && count <= 4 {
                best = Some(stop);
            }
            let Some(more) = spaced(text, next.end).and_then(|at| word(text, at)) else {
                break;
            };
            if count >= 4 || !(more.is_capital() || more.facts.any(Facts::PARTICLE)) {
                break;
            }
            next = more;
        }
        let everyday = found.facts.any(Facts::WORD) && !comma;
        match best {
            Some(stop) if !everyday => end = stop,
            // `, Springfield\n` or `, Springfield.`: one or two words that end the line.
            _ if comma
                && count <= 2
                && !found.facts.any(
                    Facts::WORD | Facts::GIVEN_COMMON | Facts::TITLE | Facts::GREETING | Facts::CUE,
                )
                && rest.get(..gap).is_some_and(|gap| !gap.contains('\n'))
                && text.get(stop..).is_none_or(|rest| {
                    rest.is_empty() || rest.starts_with(['\n', ',', '.', ';', '"'])
                }) =>
            {
                end = stop;
            }
            _ => break,
        }
    }
    end
}
