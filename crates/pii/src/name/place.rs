//! Cities, towns and regions in a sentence.
//!
//! A place alone is innocent and stays below the usual least score. It counts
//! after words that tell of living somewhere, after a preposition where the lists
//! know the town or its name is shaped like one, in brackets, before its state or
//! country, and as the value of a field such as `city`. States and countries
//! count only after words that tell of living.

use super::endings::Endings;
use super::word::{Case, Word, word};
use super::{Match, spaced};
use crate::class::Class;
use crate::gazetteer::{self, Facts};

/// What stands before a run of capital words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Near {
    /// Words such as "lives in".
    Home,
    /// A preposition of place, and the run is shaped like a town's name up to a byte.
    Shaped(usize),
    /// A preposition of place.
    Preposition,
    Nothing,
}

/// Prepositions of place.
const PREPOSITIONS: &[&str] = &[
    "in", "from", "to", "near", "en", "desde", "de", "a", "aus", "nach", "bei", "à", "vers", "di",
    "da", "em", "do", "uit", "naar", "te", "van", "w", "we", "z", "ze", "around", "hacia",
    "depuis", "presso", "para",
];

/// Words that begin the name of a town.
const FIRST: &[&str] = &[
    "new", "west", "east", "north", "south", "lake", "port", "mount", "saint", "st", "fort", "san",
    "santa", "são", "bad", "sankt", "nueva", "nuevo", "villa", "upper", "lower", "great", "little",
    "nowy", "nowa", "nowe", "castel", "sainte", "ponte", "vila", "viana", "costa", "puerto", "los",
    "las", "el", "la", "le", "les", "den", "stara", "stary", "nieuw", "nieuwe", "oud", "oude",
    "vieja", "viejo", "novo", "nova",
];

/// Endings of towns' names.
static LAST: Endings = Endings::new(&[
    "mouth",
    "ville",
    "burgh",
    "bury",
    "side",
    "chester",
    "cester",
    "town",
    "port",
    "field",
    "ford",
    "haven",
    "view",
    "borough",
    "stad",
    "furt",
    "fort",
    "land",
    "ham",
    "wick",
    "burg",
    "hausen",
    "heim",
    "dorf",
    "stadt",
    "bach",
    "kirchen",
    "roda",
    "rode",
    "brück",
    "stedt",
    "hagen",
    "hofen",
    "dam",
    "drecht",
    "veen",
    "wijk",
    "recht",
    "huizen",
    "oord",
    "zijl",
    "kerk",
    "bourg",
    "chesterfield",
    "shire",
    "polis",
    "grad",
    "owo",
    "ewo",
    "ice",
    "wald",
    "tal",
]);

/// Whether a word begins the names of towns: `Bad`, `San`, `Port`.
pub(crate) fn begins(word: &str) -> bool {
    FIRST.iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// Whether a preposition of place stands right before a byte.
pub(crate) fn after_preposition(text: &str, at: usize) -> bool {
    let Some(head) = text.get(..at).and_then(|head| head.strip_suffix(' ')) else {
        return false;
    };
    // The longest has six bytes; "à" is the only one with a mark.
    let bytes = head.as_bytes();
    let mut from = head.len();
    while from > 0
        && head.len() - from < 8
        && bytes
            .get(from - 1)
            .is_some_and(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80)
    {
        from -= 1;
    }
    let last = head.get(from..).unwrap_or("");
    // "a Berkeley DB environment" is English.
    if last == "a"
        && text.get(at..).is_some_and(|rest| {
            word(text, at).is_some_and(|next| {
                rest.get(next.end - at..).is_some_and(|rest| {
                    rest.starts_with(' ') && !rest.starts_with(" y ") && !rest.starts_with(" e ")
                })
            })
        })
    {
        return false;
    }
    (1..=7).contains(&last.len())
        && PREPOSITIONS
            .iter()
            .any(|known| known.len() == last.len() && known.eq_ignore_ascii_case(last))
        && !head
            .get(..from)
            .is_some_and(|head| head.ends_with(['/', '.', '-', '_', '`', '<']))
}

/// Where a name begins that has an article grown to it: `'s-Hertogenbosch`.
pub(crate) fn elided(text: &str, at: usize) -> usize {
    let head = text.get(..at).unwrap_or("");
    if !head.ends_with(['-', ' '])
        || !head
            .get(..at - 1)
            .is_some_and(|head| head.ends_with(['s', 't']))
    {
        return at;
    }
    for article in ["'s-", "’s-", "'s ", "'t "] {
        if let Some(head) = head.strip_suffix(article)
            && !head.ends_with(char::is_alphanumeric)
        {
            return head.len();
        }
    }
    at
}

/// Whether words that tell of living stand before a name with such an article.
pub(crate) fn elided_home(text: &str, at: usize) -> bool {
    let begin = elided(text, at);
    begin < at && super::cue::at_home(text, begin)
}

/// What stands between a town and its river or region.
const RIVERS: &[&str] = &[
    " im ",
    " am ",
    " in ",
    " an der ",
    " ob der ",
    " vor der ",
    " upon ",
    " unter ",
    " on ",
    " on the ",
    " next the ",
    " sur ",
    " aan den ",
    " aan de ",
    " nad ",
];

/// The end of a listed name with small words in it, which end no run: `Freiburg im
/// Breisgau`, `Laa an der Thaya`.
fn with_small_words(text: &str, start: usize, end: usize) -> Option<usize> {
    let mut at = spaced(text, end)?;
    let mut small = 0;
    let mut best = None;
    for _ in 0..4 {
        let next = word(text, at)?;
        if next.case == Case::Lower {
            small += 1;
            if next.end - next.start > 5 || small > 2 {
                break;
            }
        } else if small > 0 {
            let river = !next
                .facts
                .any(Facts::WORD | Facts::BRAND | Facts::GIVEN_COMMON)
                && RIVERS.contains(&text.get(end..next.start)?);
            if river || gazetteer::lookup(text.get(start..next.end)?).any(Facts::PLACE) {
                best = Some(next.end);
            }
        }
        match spaced(text, next.end) {
            Some(next) => at = next,
            None => break,
        }
    }
    best
}

/// Whether small words and another name follow a town's: `Walton on the Naze`.
pub(crate) fn on_a_river(text: &str, start: usize, end: usize) -> bool {
    with_small_words(text, start, end).is_some()
}

/// Whether the sign that parts a row's cells stands before a byte.
pub(crate) fn cell_before(text: &str, at: usize) -> bool {
    text.get(..at)
        .is_some_and(|head| head.ends_with([';', '|', '\t']))
}

/// Whether a name fills a cell of a row, or a pair of brackets.
pub(crate) fn alone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    let after = text.get(end..).and_then(|rest| rest.chars().next());
    let line = |ch: Option<char>| ch.is_none_or(|ch| matches!(ch, '\n' | '\r'));
    match (before, after) {
        (Some('('), Some(')')) => true,
        (Some(sign @ (';' | '|' | '\t' | ',')), after) => {
            after == Some(sign) || line(after) && sign != ','
        }
        (before, Some(';' | '|' | '\t')) => line(before),
        _ => false,
    }
}

/// Whether a place stands as under a signature or after a birth: "Anna Roth, Kassel,
/// 26.01.2023", "1981-05-03, Lecce" at a line's end.
fn signed(text: &str, start: usize, end: usize) -> bool {
    let Some(head) = text.get(..start).and_then(|head| head.strip_suffix(", ")) else {
        return false;
    };
    let tail = text.get(end..).unwrap_or("");
    let dated = tail
        .strip_prefix(", ")
        .or_else(|| tail.strip_prefix(",  "))
        .map(|rest| rest.trim_start_matches(['a', ' ']))
        .is_some_and(|rest| rest.starts_with(|ch: char| ch.is_ascii_digit()));
    let ends = tail.is_empty() || tail.starts_with(['\n', '\r']);
    let year = head
        .as_bytes()
        .get(head.len().saturating_sub(2)..)
        .is_some_and(|two| two.len() == 2 && two.iter().all(u8::is_ascii_digit));
    dated && head.ends_with(char::is_alphabetic) || ends && year
}

/// Whether a capital word may begin a sentence that no stop parts from the last.
fn begins_sentence(word: &Word) -> bool {
    let named = word.facts.any(Facts::SURNAME_COMMON | Facts::GIVEN_COMMON);
    word.case == Case::Initial
        || word.case == Case::Capital
            && word.facts.any(Facts::WORD | Facts::CUE | Facts::PARTICLE)
            && (!named || word.facts.any(Facts::PARTICLE) || word.end - word.start <= 3)
}

/// A run up to a word that begins another sentence.
fn before_sentence(run: &[Word]) -> &[Word] {
    let stop = run
        .iter()
        .skip(1)
        .position(begins_sentence)
        .map_or(run.len(), |at| at + 1);
    run.get(..stop).unwrap_or(run)
}

/// The length of " los altos" and its like after a town.
fn part_of_town(text: &str, end: usize) -> usize {
    [" los altos", " los bajos", " el alto", " el bajo"]
        .iter()
        .find(|part| {
            text.get(end..)
                .and_then(|rest| rest.strip_prefix(**part))
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        })
        .map_or(0, |part| part.len())
}

/// Whether a run is shaped like a town's name that no list may have.
/// Returns its end.
pub(crate) fn shaped(text: &str, run: &[Word]) -> Option<usize> {
    let first = run.first()?;
    // "to Pamelaport The printer": a sentence that begins without a stop.
    let run = before_sentence(run);
    let last = run.last()?;
    let plain = |word: &Word| {
        word.case == Case::Capital
            && !word.facts.any(
                Facts::ORGANISATION
                    | Facts::BRAND
                    | Facts::STREET_AFTER
                    | Facts::TITLE
                    | Facts::GREETING,
            )
    };
    if !plain(last) || run.len() > 4 {
        return None;
    }
    let letters = |word: &Word| text.get(word.start..word.end).unwrap_or("");
    if run.len() > 1 {
        let named = begins(letters(first))
            && run.iter().skip(1).all(|word| {
                !word.facts.any(Facts::WORD)
                    || word
                        .facts
                        .any(Facts::PARTICLE | Facts::GIVEN | Facts::SURNAME)
            })
            && !first.facts.any(Facts::ORGANISATION);
        return named.then_some(last.end);
    }
    (!first.facts.any(Facts::WORD | Facts::GIVEN_COMMON) && LAST.end(letters(first), 2))
        .then_some(last.end)
}

/// Whether the lists know a town by one of the forms Polish gives it after "w",
/// "z" and "do": `Krakowie`, `Gdańska`, `Katowicach`.
fn inflected(name: &str) -> bool {
    const FORMS: &[(&str, &[&str])] = &[
        ("ach", &["e", "y"]),
        ("iu", &[""]),
        ("ia", &[""]),
        ("ie", &["", "a"]),
        ("u", &[""]),
        ("a", &[""]),
        ("y", &["", "a"]),
        ("i", &["", "a", "ia"]),
        ("zi", &["z"]),
        ("c", &["ce"]),
        ("n", &["ny"]),
        ("wa", &["ów"]),
        ("wie", &["ów"]),
    ];
    FORMS.iter().any(|(ending, nominative)| {
        name.strip_suffix(ending).is_some_and(|stem| {
            stem.len() >= 3
                && nominative.iter().any(|last| {
                    let known = gazetteer::of(gazetteer::Folded::new().text(stem).text(last));
                    known.any(Facts::PLACE) && !known.any(Facts::WORD)
                })
        })
    })
}

/// The longest listed place that begins a run: words and facts.
fn listed(text: &str, run: &[Word]) -> Option<(usize, Facts)> {
    let first = run.first()?;
    (1..=run.len().min(5)).rev().find_map(|length| {
        let last = run.get(length - 1)?;
        let facts = if length == 1 {
            first.facts
        } else {
            gazetteer::lookup(text.get(first.start..last.end)?)
        };
        facts.any(Facts::ANYWHERE).then_some((length, facts))
    })
}

/// The end of ", Texas" or ", France" after a place, or ", TX".
fn region_after(text: &str, end: usize) -> Option<usize> {
    let rest = text.get(end..)?;
    let next = end + rest.strip_prefix(", ").map(|_| 2)?;
    let region = word(text, next)?;
    let code = text.get(region.start..region.end)?;
    if region.case == Case::Upper && super::postal::is_state(code) {
        // With a code after it, it is an address's.
        let coded = text
            .get(region.end..)
            .and_then(|rest| rest.strip_prefix(' '))
            .is_some_and(|rest| rest.bytes().take(2).any(|byte| byte.is_ascii_digit()));
        return (!coded).then_some(region.end);
    }
    if !region.is_capital() {
        return None;
    }
    let two = spaced(text, region.end)
        .and_then(|at| word(text, at))
        .filter(|second| {
            text.get(region.start..second.end)
                .is_some_and(|two| gazetteer::lookup(two).any(Facts::PLACE_BIG))
        });
    two.map(|second| second.end)
        .or_else(|| region.facts.any(Facts::PLACE_BIG).then_some(region.end))
}

/// A place in a run of capital words.
pub(crate) fn find(text: &str, run: &[Word], near: Near, out: &mut Vec<Match>) {
    let (Some(first), Some(last)) = (run.first(), run.last()) else {
        return;
    };
    let home = near == Near::Home;
    let found = listed(text, run);
    let own = before_sentence(run);
    let mut score = 40;
    let mut end = last.end;
    let start = elided(text, first.start);
    if let Some(more) = (near != Near::Nothing || cell_before(text, start))
        .then(|| with_small_words(text, start, last.end))
        .flatten()
    {
        out.push(Match {
            start,
            end: more,
            class: Class::Place,
            score: 65,
            rule: "place-name",
        });
        return;
    }
    if let Some((length, facts)) = found {
        // "flying to Toronto I can": a sentence that begins without a stop.
        let whole = run.get(length).is_none_or(|next| {
            begins_sentence(next)
                && !next
                    .facts
                    .any(Facts::ORGANISATION | Facts::STREET_AFTER | Facts::UNIT)
        });
        let listed_end = run.get(length - 1).map_or(end, |word| word.end);
        if !home || run.len() > 4 {
            end = listed_end;
        } else {
            end = own.last().map_or(end, |word| word.end).max(listed_end);
        }
        let city = facts.any(Facts::PLACE);
        let everyday = length == 1
            && (facts.any(Facts::WORD | Facts::ORGANISATION)
                || facts.any(Facts::BRAND) && !facts.any(Facts::PLACE_BIG));
        let bracketed = alone(text, start, end) || signed(text, start, end);
        let region = region_after(text, end);
        if home {
            score = 75;
            end = region.unwrap_or(end);
        } else if let Some(region) = region.filter(|_| city && whole) {
            score = 60;
            end = region;
        } else if city && whole && !everyday && (near == Near::Preposition || bracketed) {
            score = 55;
        } else if let Near::Shaped(stop) = near {
            score = 52;
            end = stop;
        }
    } else if home {
        if !first.is_capital()
            || first.facts.any(Facts::BRAND | Facts::TITLE)
            || text
                .get(..first.start)
                .is_some_and(|head| head.ends_with("from "))
        {
            return;
        }
        score = 60;
        end = own.last().map_or(end, |word| word.end);
    } else if let Near::Shaped(stop) = near {
        score = 52;
        end = stop;
    } else if alone(text, start, end) && cell_before(text, start) && shaped(text, run) == Some(end)
    {
        score = 52;
    } else if near == Near::Preposition
        && run.len() == 1
        && text.get(..first.start).is_some_and(|head| {
            [" w ", " we ", " z ", " ze ", " do "]
                .iter()
                .any(|before| head.ends_with(before))
        })
        && text.get(first.start..first.end).is_some_and(inflected)
    {
        score = 55;
    } else {
        return;
    }
    // "San Rosa los altos".
    end += part_of_town(text, end);
    // "in the Berlin-based", "in Santiago_2": a part of something else.
    if super::code_like(text, start, end) {
        return;
    }
    out.push(Match {
        start,
        end,
        class: Class::Place,
        score,
        rule: "place-name",
    });
}

/// The end of the place that begins the value of a field in running text: the
/// longest listed one, or the capital words before an everyday one.
pub(crate) fn prefix(text: &str, start: usize, end: usize) -> usize {
    let mut at = start;
    let mut stop = start;
    let mut best = None;
    let whole = text
        .get(start..end)
        .is_some_and(|value| value.split(' ').count() <= 3)
        && text
            .get(end..)
            .is_none_or(|rest| rest.is_empty() || rest.starts_with(['\n', '\r']));
    for count in 0..6 {
        let Some(next) = word(text, at).filter(|next| next.end <= end) else {
            break;
        };
        let small = next.case == Case::Lower;
        let known = gazetteer::lookup(text.get(start..next.end).unwrap_or("")).any(Facts::ANYWHERE);
        if known {
            best = Some(next.end);
        }
        let joins = small && (next.facts.any(Facts::PARTICLE) || next.end - next.start <= 3);
        if !known
            && (small && !joins
                || count > 0
                    && !small
                    && next.facts.any(Facts::WORD)
                    && !next
                        .facts
                        .any(Facts::PARTICLE | Facts::GIVEN | Facts::SURNAME)
                    && !super::postal::ends_city(text, next.end))
        {
            break;
        }
        if !small {
            stop = next.end;
        }
        match spaced(text, next.end) {
            Some(next) => at = next,
            None => {
                // "Springfield, IL", "Bolzano/Bozen": the rest belongs to it.
                return if best == Some(next.end) || stop == next.end {
                    let goes_on = text.get(next.end..end).is_some_and(|rest| {
                        rest.starts_with([',', '/', '-', '\'', '’']) || rest.starts_with(" (")
                    });
                    if goes_on { end } else { next.end }
                } else {
                    best.unwrap_or(stop)
                };
            }
        }
    }
    let stop = best.unwrap_or(if whole { end } else { stop }).max(start);
    stop + part_of_town(text, stop)
}
