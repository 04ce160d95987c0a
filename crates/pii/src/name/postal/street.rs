//! Streets: the kind before the name, behind it, or grown into it.

use super::city::{city_before, lead};
use super::code::{australian_code, is_state, postal_code};
use super::house::{extend, house_number, number_before, token_end, unit_before};
use super::{CODE, STREET, byte, spaced_any};
use crate::class::Class;
use crate::gazetteer::{self, Facts};
use crate::name::endings::Endings;
use crate::name::word::{Case, Word, word};
use crate::name::{Match, spaced};

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

/// Whether a word in capitals ends as a compound street does.
pub(crate) fn shouted(letters: &str) -> bool {
    COMPOUND.end_shouted(letters)
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
