//! Persons in a run of capital words.

use super::candidate::Candidate;
use super::capital::facts_before;
use super::endings::Endings;
use super::product::{digits_follow, marked, model_before, model_follows, partners};
use super::word::{self, Case, Word, word};
use super::{AMBIGUOUS, Match, around, cue, spaced};
use crate::class::Class;
use crate::gazetteer::{self, Facts};

/// Whether a word is a letter and more: `S-Max`, `X-Trail`, `T-Shirt`.
pub(super) fn lettered(text: &str, word: &Word) -> bool {
    !word.plain
        && word.end - word.start > 3
        && text
            .get(word.start..word.end)
            .is_some_and(|letters| letters.as_bytes().get(1) == Some(&b'-'))
}

/// Whether a word may be a part of a person's name at all.
fn nameable(text: &str, word: &Word) -> bool {
    if lettered(text, word) {
        return false;
    }
    // `Sá` is a name, `SA` a firm's form.
    let form = word.facts.any(Facts::ORGANISATION)
        && !(word.case == Case::Capital && word.end - word.start <= 3);
    let role =
        word.case != Case::Initial && (form || word.facts.any(Facts::TITLE | Facts::GREETING));
    if word.case == Case::Mixed || role && !word.facts.any(Facts::GIVEN_COMMON) {
        return false;
    }
    let named = word.facts.any(Facts::GIVEN | Facts::SURNAME);
    named
        || word.case == Case::Initial
        || !word.facts.any(
            Facts::WORD
                | Facts::BRAND
                | Facts::ANYWHERE
                | Facts::STREET_BEFORE
                | Facts::STREET_AFTER
                | Facts::UNIT
                | Facts::CUE,
        )
}

/// Endings of everyday words that begin with a capital in a title or in German.
static WORD_ENDINGS: Endings = Endings::new(&[
    "ung", "ungen", "heit", "keit", "keiten", "schaft", "tion", "tionen", "tions", "sion", "ität",
    "ment", "ments", "ness", "ing", "ings", "able", "ible", "ized", "ised", "ity", "ities", "ism",
    "ismus", "ware", "ción", "ciones", "sión", "dad", "ção", "ções", "dade", "zione", "zioni",
    "mento", "miento", "ité", "eur", "euse", "age", "ance", "ence", "ency", "ful", "less", "ous",
    "ical", "logie", "logy", "graphy", "ología", "nummer", "konto", "karte", "daten", "fehler",
    "anie", "ość", "teit", "ly", "ed", "mente", "ors", "ers", "ives", "ates",
]);

fn looks_like_a_word(text: &str, word: &Word) -> bool {
    let letters = text.get(word.start..word.end).unwrap_or("");
    letters.len() > 5 && WORD_ENDINGS.end(letters, 2)
}

/// Persons in a run of capital words.
pub(super) fn persons(text: &str, run: &[Word], before: Facts, out: &mut Vec<Match>) {
    let mut from = 0;
    while from < run.len() {
        let (Some(first), rest) = (run.get(from), run.get(from..).unwrap_or(&[])) else {
            break;
        };
        // "Olá Marta": a greeting, whatever else the word may be.
        if first.facts.any(Facts::GREETING)
            && rest.get(1).is_some_and(|next| {
                next.is_capital() && (next.facts.none() || next.facts.any(Facts::GIVEN))
            })
            && !greeted_by(run, from)
        {
            from += 1;
            continue;
        }
        // "San Francisco", "Los Angeles": a listed place of several words.
        if from == 0
            && !before.any(Facts::CUE | Facts::TITLE | Facts::GREETING)
            && let Some(last) = rest.get(1)
            && text.get(first.start..last.end).is_some_and(|two| {
                let facts = gazetteer::lookup(two);
                facts.any(Facts::PLACE_BIG)
                    || facts.any(Facts::PLACE)
                        && (!first.facts.any(Facts::GIVEN_COMMON)
                            || first.facts.any(Facts::PARTICLE))
            })
        {
            from += 2;
            continue;
        }
        let titled = from > 0
            && run
                .get(from - 1)
                .is_some_and(|word| word.facts.any(Facts::TITLE) && word.end - word.start > 1);
        let greeted = from > 0
            && run
                .get(from - 1)
                .is_some_and(|word| word.facts.any(Facts::GREETING));
        // "van der Meer": what stands before the particles is what counts.
        let lead = if from == 0 {
            around::particles_before(text, first.start)
        } else {
            first.start
        };
        let before = if lead < first.start {
            facts_before(text, lead)
        } else {
            before
        };
        let may_cue = if from == 0 {
            before.any(Facts::CUE)
        } else {
            run.get(from - 1)
                .is_some_and(|word| word.facts.any(Facts::CUE))
        };
        let lower_title = from == 0
            && (before.any(Facts::TITLE) && title_before(text, lead)
                || around::dotted_title(text, lead).is_some());
        let introduced = from == 0 && may_cue && cue::introduced(text, lead);
        let closes = from == 0 && may_cue && cue::closed(text, lead);
        let role = may_cue && cue::role(text, lead);
        let cued = titled || lower_title || introduced || closes || greeted || role;
        // How far the name goes.
        let mut length = 0;
        for (index, word) in rest.iter().enumerate() {
            let particle = word.case == Case::Lower
                || (word.facts.any(Facts::PARTICLE)
                    && index > 0
                    && index + 1 < rest.len()
                    && !word.facts.any(Facts::GIVEN_COMMON));
            // Whatever follows "van de" in a name is its last part.
            let after_particle = index > 1
                && word.is_capital()
                && rest.get(index - 1).is_some_and(|before| {
                    before.case == Case::Lower
                        || before.case != Case::Initial && before.facts.any(Facts::PARTICLE)
                })
                && rest.first().is_some_and(|first| {
                    first.facts.any(Facts::GIVEN) || first.case == Case::Initial || cued
                });
            // `See PEP`, `Anna HTTP`: an abbreviation among capital words.
            let loud = |at: Option<usize>| {
                at.and_then(|at| rest.get(at))
                    .is_some_and(|other| other.case == Case::Upper && other.end - other.start > 4)
            };
            let short = word.case == Case::Upper
                && word.end - word.start <= 4
                && !word.facts.any(Facts::SURNAME_COMMON)
                && !(word.facts.any(Facts::GIVEN | Facts::PARTICLE)
                    && (loud(Some(index + 1)) || loud(index.checked_sub(1))))
                && rest.iter().any(|other| other.case == Case::Capital);
            if short {
                break;
            }
            let fits = particle
                || after_particle
                || (nameable(text, word)
                    && (!looks_like_a_word(text, word)
                        || word.facts.any(Facts::GIVEN | Facts::SURNAME)))
                || (index == 0
                    && (titled || lower_title || introduced || closes)
                    && word.is_capital()
                    && !word
                        .facts
                        .any(Facts::TITLE | Facts::ORGANISATION | Facts::GREETING));
            // An everyday word follows a whole name: "Anna Müller Please".
            let word_after_name = index >= 2
                && !particle
                && !after_particle
                && word.facts.any(Facts::WORD)
                && !word.facts.any(Facts::SURNAME_COMMON | Facts::GIVEN_COMMON);
            if !fits || word_after_name || index >= 7 {
                break;
            }
            length = index + 1;
        }
        let mut name = rest.get(..length).unwrap_or(&[]);
        // An everyday word before a name: "Yesterday Anna Roth", "Kunde Anna Roth".
        if !cued {
            while let [lead, next, ..] = name {
                let drop = lead.case != Case::Initial
                    && lead.facts.any(Facts::WORD | Facts::CUE)
                    && !lead.facts.any(Facts::GIVEN_COMMON)
                    && (next.facts.any(Facts::GIVEN) || next.case == Case::Initial)
                    && (name.len() > 2 || !next.facts.any(Facts::SURNAME));
                if !drop {
                    break;
                }
                name = name.get(1..).unwrap_or(&[]);
            }
        }
        // "Ya les di …": no name begins with what was left of a sentence.
        while name.first().is_some_and(|word| word.case == Case::Lower) {
            name = name.get(1..).unwrap_or(&[]);
        }
        // "Kolb B.Sc.": no initial.
        if let [.., before, last] = name
            && last.case == Case::Initial
            && around::degrees_after(text, before.end) > last.end + 1
        {
            name = name.get(..name.len() - 1).unwrap_or(&[]);
        }
        while name.last().is_some_and(|word| {
            word.case == Case::Lower
                || name.len() > 1
                    && word.facts.any(Facts::PARTICLE)
                    && !word.facts.any(Facts::GIVEN | Facts::SURNAME)
                || word.case == Case::Initial && name.len() == 1
        }) {
            name = name.get(..name.len() - 1).unwrap_or(&[]);
        }
        let (Some(first), Some(last)) = (name.first(), name.last()) else {
            from += 1;
            continue;
        };
        let mut candidate = Candidate {
            titled: titled || lower_title,
            greeted: greeted
                || (from == 0 && before.any(Facts::GREETING) && greeting_before(text, first.start)),
            introduced: introduced || around::honoured(text, last.end),
            hinted: role || around::said(text, last.end),
            pointed: around::mailed(text, last.end) || around::born(text, last.end),
            pointed_initial: first.case == Case::Initial
                && text.as_bytes().get(first.end) == Some(&b'.'),
            closes,
            starts_sentence: starts_sentence(text, first.start),
            fills_line: fills_line(text, first.start, last.end),
            upper: name.iter().all(|word| word.case == Case::Upper),
            ..Candidate::default()
        };
        for (index, word) in name.iter().enumerate() {
            let inner = index > 0 && index + 1 < name.len();
            if word.case == Case::Lower
                || inner
                    && matches!(word.case, Case::Upper | Case::Capital)
                    && word.facts.any(Facts::PARTICLE)
                    && !word.facts.any(Facts::GIVEN_COMMON)
            {
                continue;
            }
            // "de Groot", "J. Lang": not an everyday word there.
            let led = index
                .checked_sub(1)
                .and_then(|before| name.get(before))
                .is_some_and(|before| {
                    matches!(before.case, Case::Lower | Case::Initial)
                        || before.facts.any(Facts::PARTICLE)
                });
            let word = &or_declined(text, word);
            candidate.words = candidate.words.saturating_add(1);
            let weak = word.facts.any(AMBIGUOUS) || word.case == Case::Initial;
            if word.case == Case::Initial {
                candidate.initials += 1;
            } else if word.facts.any(Facts::GIVEN) && !weak {
                candidate.given += 1;
                candidate.common_given |= word.facts.any(Facts::GIVEN_COMMON);
            } else if word.facts.any(Facts::GIVEN) {
                candidate.given_weak += 1;
            } else if word.facts.none() {
                candidate.unknown += 1;
            } else if word.facts.any(Facts::WORD | Facts::BRAND)
                && !word.facts.any(Facts::SURNAME)
                && !led
            {
                candidate.everyday += 1;
            }
            if word.facts.any(Facts::SURNAME) {
                candidate.surname += 1;
                candidate.surname_common +=
                    u8::from(word.facts.any(Facts::SURNAME_COMMON) && !weak);
            }
        }
        candidate.loud_surname = first.case == Case::Upper
            && first.end - first.start >= 4
            && first.facts.any(Facts::SURNAME_COMMON)
            && !first.facts.any(AMBIGUOUS)
            && last.case == Case::Capital
            && name.len() == 2;
        let (first, last) = (&or_declined(text, first), &or_declined(text, last));
        candidate.first_given = first.facts.any(Facts::GIVEN) && !first.facts.any(AMBIGUOUS);
        candidate.first_surname =
            first.facts.any(Facts::SURNAME_COMMON) && !first.facts.any(AMBIGUOUS);
        candidate.last_given = last.facts.any(Facts::GIVEN) && !last.facts.any(AMBIGUOUS);
        candidate.last_surname = last.facts.any(Facts::SURNAME);
        candidate.last_strong =
            last.facts.any(Facts::SURNAME_COMMON) && !last.facts.any(AMBIGUOUS | Facts::PLACE);
        candidate.last_unknown = last.facts.none();
        candidate.long = name.len() == 1 && last.end - first.start > 4;
        candidate.short =
            name.len() == 1 && last.end - first.start < if first.plain { 3 } else { 4 };
        candidate.first_place = first.facts.any(Facts::GIVEN_COMMON)
            && first.facts.any(Facts::PLACE_BIG)
            && !first.facts.any(Facts::WORD | Facts::BRAND)
            && !last
                .facts
                .any(Facts::WORD | Facts::BRAND | Facts::PLACE_BIG);
        let next = run.get(
            from + (name.len()
                + usize::from(first.start != rest.first().map_or(0, |word| word.start))),
        );
        candidate.thing_follows = next.is_some_and(|word| {
            word.facts.any(Facts::ORGANISATION)
                || (name.len() == 1 && word.facts.any(Facts::STREET_AFTER | Facts::BRAND))
        }) || digits_follow(text, last.end)
            || marked(text, last.end)
            || name.len() == 1 && partners(text, first)
            || !(candidate.first_given && candidate.last_surname && name.len() > 1)
                && (model_follows(text, last.end) || model_before(text, first.start));
        // "Fiat Doblo", "Beechcraft Baron": what follows a maker is a model.
        let maker = [Some(first), from.checked_sub(1).and_then(|at| run.get(at))];
        candidate.thing_follows |= !(cued || candidate.greeted || candidate.introduced)
            && !(name.len() > 1
                && candidate.first_given
                && (candidate.last_surname || candidate.last_given))
            && maker
                .into_iter()
                .flatten()
                .any(|maker| maker.facts.any(Facts::BRAND) && !maker.facts.any(Facts::GIVEN));
        let mut score = candidate.score();
        let (mut start, mut end) = (first.start, last.end);
        // An initial's point is a part of it.
        if last.case == Case::Initial && text.as_bytes().get(end) == Some(&b'.') {
            end += 1;
        }
        let mut rule = "person-name";
        if candidate.titled {
            rule = "person-title";
        } else if cued || candidate.greeted {
            rule = "person-introduced";
        }
        // "Kowalski, Jan", "van der Meer, Thijs", "de klant ROSSI, ANNA".
        let loud = !cued && candidate.upper;
        if candidate.words <= 3
            && (candidate.given == 0 || cued)
            && (!candidate.upper || cued || loud_surname(first, &candidate))
            && let Some(given_end) = comma_given(text, end, cued || loud)
            && (candidate.surname > 0 || candidate.unknown > 0 || cued)
            && (cued || loud || !last.facts.any(Facts::PLACE_BIG | Facts::WORD))
        {
            end = given_end;
            start = start.min(lead);
            score = score.max(if candidate.surname > 0 { 75 } else { 60 });
            rule = "person-surname-first";
        }
        if score >= 50 {
            if cued && start == first.start && !role {
                start = start.min(lead);
            }
            start = around::titles_before(text, start);
            end = around::degrees_after(text, end);
            out.push(Match {
                start,
                end,
                class: Class::Person,
                score,
                rule,
            });
        }
        // What makes no name with the words before it may make one alone: "Rappelez
        // M. Dupont".
        from += if score >= 50 { length.max(1) } else { 1 };
    }
}

/// A word, with what is known of it as a Polish form where the lists do not have it.
fn or_declined(text: &str, word: &Word) -> Word {
    let mut word = *word;
    if word.facts.none() {
        word.facts = declined(text.get(word.start..word.end).unwrap_or(""));
    }
    word
}

/// What the lists know of a name by one of the forms that Polish gives it:
/// `Piotrowi Zielińskiemu`, `Katarzyny Lewandowskiej`.
fn declined(name: &str) -> Facts {
    const FORMS: &[(&str, &[&str], u16)] = &[
        ("skiego", &["ski"], SURNAMES),
        ("skiemu", &["ski"], SURNAMES),
        ("skim", &["ski"], SURNAMES),
        ("ckiego", &["cki"], SURNAMES),
        ("ckiemu", &["cki"], SURNAMES),
        ("ckim", &["cki"], SURNAMES),
        ("skiej", &["ska", "ski"], SURNAMES),
        ("ską", &["ska", "ski"], SURNAMES),
        ("ckiej", &["cka", "cki"], SURNAMES),
        ("cką", &["cka", "cki"], SURNAMES),
        ("owi", &["", "o"], GIVENS | SURNAMES),
        ("em", &["", "ek"], GIVENS | SURNAMES),
        ("iem", &["", "ek"], GIVENS | SURNAMES),
        ("kowi", &["ek"], GIVENS | SURNAMES),
        ("ka", &["ek"], GIVENS | SURNAMES),
        ("iny", &["ina"], GIVENS),
        ("ny", &["na"], GIVENS),
        ("ty", &["ta"], GIVENS),
        ("ły", &["ła"], GIVENS),
        ("ry", &["ra"], GIVENS),
        ("ki", &["ka"], GIVENS | SURNAMES),
        ("ii", &["ia"], GIVENS),
        ("i", &["a"], GIVENS),
        ("ie", &["a"], GIVENS | SURNAMES),
        ("rze", &["ra"], GIVENS),
        ("ę", &["a"], GIVENS | SURNAMES),
        ("ą", &["a"], GIVENS | SURNAMES),
        ("a", &[""], GIVENS | SURNAMES),
    ];
    const GIVENS: u16 = Facts::GIVEN_COMMON;
    const SURNAMES: u16 = Facts::SURNAME_COMMON;
    if name.len() < 5 {
        return Facts::default();
    }
    for (ending, nominative, kind) in FORMS {
        let Some(stem) = name.strip_suffix(ending).filter(|stem| stem.len() >= 3) else {
            continue;
        };
        for last in *nominative {
            let known = gazetteer::of(gazetteer::Folded::new().text(stem).text(last));
            if known.any(*kind) && !known.any(AMBIGUOUS) {
                return known.only(Facts::GIVEN | GIVENS | Facts::SURNAME | SURNAMES);
            }
        }
    }
    Facts::default()
}

/// Whether a name stands on a line of its own, as under a letter.
fn fills_line(text: &str, start: usize, end: usize) -> bool {
    let head = text.get(..start).unwrap_or("");
    let head = head.trim_end_matches([' ', '>', '|', '*']);
    let tail = text.get(end..).unwrap_or("").trim_start_matches([' ', '*']);
    (head.ends_with('\n') || head.is_empty() && start > 0)
        && (tail.is_empty() || tail.starts_with(['\n', '\r']))
}

/// Whether a surname in capitals begins a line, cell or sentence: "MORALES, Hugo".
fn loud_surname(first: &Word, candidate: &Candidate) -> bool {
    candidate.upper
        && candidate.everyday == 0
        && candidate.starts_sentence
        && (candidate.surname_common > 0
            || first.end - first.start >= 4 && !first.facts.any(Facts::ORGANISATION))
}

/// Whether the word before is a greeting itself.
fn greeted_by(run: &[Word], index: usize) -> bool {
    index
        .checked_sub(1)
        .and_then(|before| run.get(before))
        .is_some_and(|word| word.facts.any(Facts::GREETING))
}

/// Whether a title in small letters or with a point stands before.
fn title_before(text: &str, at: usize) -> bool {
    let head = text.get(..at).unwrap_or("");
    let Some(head) = head.strip_suffix(' ') else {
        return false;
    };
    // "EST", "UTC": an abbreviation, no name.
    if text
        .get(at..at + 2)
        .is_some_and(|two| two.bytes().all(|byte| byte.is_ascii_uppercase()))
        && word(text, at).is_some_and(|word| word.end - word.start <= 3)
    {
        return false;
    }
    let pointed = head.ends_with('.');
    let head = head.strip_suffix('.').unwrap_or(head);
    let Some(start) = word::word_start(text, head.len()) else {
        return false;
    };
    // "30000 ms. Passport": a unit.
    if text.get(..start).is_some_and(|head| {
        head.trim_end_matches(' ')
            .ends_with(|ch: char| ch.is_ascii_digit())
    }) {
        return false;
    }
    let end = head.len();
    // "mail.example.fr Anna": the end of a domain.
    let glued = around::in_address(text, start)
        || text
            .get(..start)
            .and_then(|head| head.chars().next_back())
            .is_some_and(|ch| matches!(ch, '@' | '/' | '_') || ch == '.' && !pointed);
    if pointed
        && text
            .get(start..end)
            .is_some_and(|letters| matches!(letters, "p" | "P"))
    {
        return true;
    }
    end - start > 1
        && !(glued
            || pointed
                && text
                    .get(..start)
                    .is_some_and(|head| head.ends_with(['.', '@'])))
        && end - start <= 14
        && word(text, start).is_some_and(|word| {
            let letters = text.get(start..end).unwrap_or("");
            // "pan" and "in" are everyday words where they are small.
            let usual = pointed
                || word.case == Case::Capital
                || end - start > 3
                || [
                    "mr", "mrs", "ms", "dr", "sr", "sra", "don", "mw", "mme", "mgr", "inż", "sig",
                    "ing", "lic",
                ]
                .iter()
                .any(|known| letters.eq_ignore_ascii_case(known));
            usual
                && word.end == end
                && word.facts.any(Facts::TITLE)
                && !word.facts.any(Facts::PARTICLE)
        })
}

/// Whether a greeting in small letters stands before, as in "hola Marta".
fn greeting_before(text: &str, at: usize) -> bool {
    let Some(head) = text.get(..at).and_then(|head| head.strip_suffix(' ')) else {
        return false;
    };
    word::word_start(text, head.len())
        .and_then(|start| word(text, start))
        .is_some_and(|word| word.end == head.len() && word.facts.any(Facts::GREETING))
}

/// The end of ", Jan" after a surname: a usual given name, and no list.
///
/// After a cue a given name may be a word or place as well, or all in capitals.
fn comma_given(text: &str, at: usize, cued: bool) -> Option<usize> {
    let rest = text.get(at..)?;
    let next = at + rest.strip_prefix(", ").map(|_| 2)?;
    let given = word(text, next)?;
    let written = given.case == Case::Capital || cued && given.case == Case::Upper;
    let listed = given.facts.any(Facts::GIVEN_COMMON) && !given.facts.any(AMBIGUOUS);
    if !written || !(listed || cued && given.facts.any(Facts::GIVEN)) {
        return None;
    }
    let mut end = given.end;
    // A second given name or an initial.
    if let Some(more) = spaced(text, end).and_then(|at| word(text, at))
        && (more.case == Case::Initial
            || more.case == Case::Capital
                && more.facts.any(Facts::GIVEN_COMMON)
                && !more.facts.any(AMBIGUOUS))
    {
        end = more.end;
    }
    let tail = text.get(end..).unwrap_or("");
    (cued
        || !tail.starts_with(", ")
        || tail
            .get(2..)
            .and_then(|tail| tail.chars().next())
            .is_none_or(|ch| !ch.is_uppercase()))
    .then_some(end)
}

/// Whether a sentence, line, cell or quotation begins at a byte.
fn starts_sentence(text: &str, at: usize) -> bool {
    let head = text
        .get(..at)
        .unwrap_or("")
        .trim_end_matches([' ', '"', '\'', '(', '*', '>', '«', '“', '¿', '¡', '\t']);
    head.chars().next_back().is_none_or(|ch| {
        matches!(
            ch,
            '.' | '!' | '?' | '\n' | '\r' | ':' | ';' | '|' | '•' | '-'
        )
    })
}
