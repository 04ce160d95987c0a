//! Names in small letters, where a word before or after, or a row's cells, tell of
//! one.
//!
//! Only words that the lists have as names count here.

use super::word::{self, Case, Word, word};
use super::{AMBIGUOUS, Match, around, code_like, cue, postal, spaced};
use crate::class::Class;
use crate::gazetteer::{Facts, Head};

/// A word in small letters: a title, an introduction, a kind of street.
pub(super) fn small(text: &str, at: usize, head: Head, out: &mut Vec<Match>) -> Option<usize> {
    let found = word(text, at)?;
    if found.facts.any(Facts::STREET_BEFORE)
        && let Some(end) = postal::street_before(text, &found, out)
    {
        return Some(end);
    }
    if let Some(end) = small_place(text, &found, out) {
        return Some(end);
    }
    if head.says()
        && let Some(end) = small_said(text, at, out)
    {
        return Some(end);
    }
    small_name(text, &found, out)
}

/// "vive en badajoz", "à charleroi": a town in small letters after a preposition of
/// place or words that tell of living.
pub(super) fn small_place(text: &str, found: &Word, out: &mut Vec<Match>) -> Option<usize> {
    const NAMES: u16 = Facts::GIVEN | Facts::SURNAME_COMMON;
    const OTHER: u16 = Facts::WORD
        | Facts::BRAND
        | NAMES
        | Facts::PARTICLE
        | Facts::CUE
        | Facts::STREET_BEFORE
        | Facts::UNIT;
    let begin = spaced(text, found.end)?;
    let first = word(text, begin)?;
    if first.case != Case::Lower || first.end - first.start < 4 {
        return None;
    }
    // The longest listed name of up to four words.
    if !(first.facts.none() || first.facts.any(Facts::PLACE)) {
        return None;
    }
    let mut best = None;
    let mut last = first;
    for count in 0..4 {
        let facts = if count == 0 {
            first.facts
        } else {
            crate::gazetteer::lookup(text.get(begin..last.end)?)
        };
        if facts.any(Facts::PLACE) && (count > 0 || !facts.any(OTHER & !NAMES)) {
            best = Some((last.end, count == 0 && facts.any(NAMES)));
        }
        match spaced(text, last.end).and_then(|at| word(text, at)) {
            Some(next) if next.case == Case::Lower => last = next,
            _ => break,
        }
    }
    let (end, named) = best?;
    let home = cue::at_home(text, begin);
    if !(home || !named && super::place::after_preposition(text, begin))
        || code_like(text, begin, end)
    {
        return None;
    }
    out.push(Match {
        start: begin,
        end,
        class: Class::Place,
        score: if home { 70 } else { 55 },
        rule: "place-name",
    });
    Some(end)
}

/// "elena álvarez escribió": a whole name in small letters before such a verb.
fn small_said(text: &str, verb: usize, out: &mut Vec<Match>) -> Option<usize> {
    let mut end = text.get(..verb)?.strip_suffix(' ')?.len();
    // "a écrit", "ha scritto".
    for auxiliary in [" a", " ha"] {
        if text
            .get(..end)
            .is_some_and(|head| head.ends_with(auxiliary))
        {
            end -= auxiliary.len();
        }
    }
    if !around::said(text, end) {
        return None;
    }
    let (mut start, mut to, mut strong) = (end, end, 0);
    for _ in 0..4 {
        let pointed = text.get(..to)?.ends_with('.');
        let stop = to - usize::from(pointed);
        let Some(begin) = word::word_start(text, stop) else {
            break;
        };
        let name = word(text, begin)?;
        let initial = pointed && name.end - name.start == 1 && strong > 0;
        let listed = name.facts.any(Facts::GIVEN_COMMON | Facts::SURNAME_COMMON)
            && !name.facts.any(Facts::WORD);
        if name.case != Case::Lower || !(initial || listed && !pointed) {
            break;
        }
        strong += u32::from(listed);
        start = begin;
        match text.get(..begin)?.strip_suffix(' ') {
            Some(head) => to = head.len(),
            None => break,
        }
    }
    let first = word(text, start)?;
    if strong == 0
        || !first.facts.any(Facts::GIVEN_COMMON)
        || out.last().is_some_and(|last| last.end > start)
        || code_like(text, start, end)
    {
        return None;
    }
    out.push(Match {
        start,
        end,
        class: Class::Person,
        score: 70,
        rule: "person-introduced",
    });
    Some(verb)
}

/// "und karl roth kommt": a usual given name that is nothing else, in small letters,
/// and the surnames after it; "roth, karl" too.
pub(super) fn small_given(text: &str, at: usize, out: &mut Vec<Match>) -> Option<usize> {
    const OTHER: u16 = Facts::WORD
        | Facts::BRAND
        | Facts::ANYWHERE
        | Facts::ORGANISATION
        | Facts::TITLE
        | Facts::GREETING
        | Facts::CUE
        | Facts::STREET_BEFORE
        | Facts::STREET_AFTER
        | Facts::UNIT;
    let first = word(text, at)?;
    let bytes = text.as_bytes();
    if first.case != Case::Lower
        || first.end - first.start < 4
        || !first.facts.any(Facts::GIVEN_COMMON)
        || first.facts.any(OTHER)
        || code_like(text, first.start, first.end)
        || matches!(bytes.get(first.end), Some(b'-' | b'+' | b'~'))
        || first.start > 0
            && matches!(
                bytes.get(first.start - 1),
                Some(b'-' | b'.' | b'=' | b'+' | b'~')
            )
        || out.last().is_some_and(|last| last.end > first.start)
    {
        return None;
    }
    let (mut start, mut end) = (first.start, first.end);
    let mut next = end;
    let mut led = false;
    for _ in 0..5 {
        let Some(more) = spaced(text, next).and_then(|at| word(text, at)) else {
            break;
        };
        // "thomas collins group".
        if more.facts.any(Facts::ORGANISATION) && end > first.end {
            return None;
        }
        let initial = more.end - more.start == 1 && bytes.get(more.end) == Some(&b'.');
        let particle = initial || more.facts.any(Facts::PARTICLE) && more.end - more.start <= 5;
        let name = more.facts.any(Facts::SURNAME | Facts::GIVEN_COMMON)
            && (!more.facts.any(Facts::WORD | Facts::BRAND)
                || led && more.facts.any(Facts::SURNAME));
        if more.case != Case::Lower || !(particle || name) || code_like(text, more.start, more.end)
        {
            break;
        }
        led = particle && !name;
        if !led {
            end = more.end;
        }
        next = more.end + usize::from(initial);
    }
    // "roth, karl": the surname stands before.
    if let Some(head) = text.get(..start).and_then(|head| head.strip_suffix(", "))
        && let Some(from) = word::word_start(text, head.len())
        && let Some(surname) = word(text, from)
        && surname.end == head.len()
        && (surname.facts.any(Facts::SURNAME) || surname.facts.none())
        && !surname.facts.any(OTHER)
        && text.get(..from).is_some_and(|head| {
            head.trim_end().is_empty()
                || head
                    .trim_end_matches(' ')
                    .ends_with([':', '\n', '>', '|', ',', '('])
        })
    {
        start = around::particles_before(text, from);
    }
    out.push(Match {
        start,
        end,
        class: Class::Person,
        score: if end > first.end { 70 } else { 55 },
        rule: "person-name",
    });
    Some(end)
}

/// ";lilla doyle;": a whole name in small letters that fills a cell of a row.
pub(super) fn small_cell(text: &str, start: usize, out: &mut Vec<Match>) -> Option<usize> {
    let sign = text.get(..start)?.chars().next_back()?;
    let first = word(text, start)?;
    if !first.facts.any(Facts::GIVEN) || first.facts.any(AMBIGUOUS) {
        return None;
    }
    let (mut last, mut count) = (first, 1);
    while let Some(next) = spaced(text, last.end).and_then(|at| word(text, at)) {
        count += 1;
        last = next;
        let name = next.case == Case::Lower
            && (next.facts.any(Facts::PARTICLE)
                || next.facts.any(Facts::GIVEN | Facts::SURNAME)
                    && !next.facts.any(Facts::WORD | Facts::BRAND));
        if !name || count > 4 {
            return None;
        }
    }
    let fills = count > 1
        && first.case == Case::Lower
        && last.facts.any(Facts::SURNAME)
        && text
            .get(last.end..)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([sign, '\r', '\n']));
    fills.then(|| {
        out.push(Match {
            start,
            end: last.end,
            class: Class::Person,
            score: 70,
            rule: "person-name",
        });
        last.end
    })
}

/// The end of a name in small letters after an introduction that nothing else can
/// follow, "my name is evi de groot and I": up to three words that are no everyday
/// ones, whether or not a list has them, and particles between them.
fn told(text: &str, begin: usize) -> Option<usize> {
    let (mut at, mut end, mut count) = (begin, begin, 0);
    let mut led = false;
    for _ in 0..6 {
        let Some(name) = word(text, at) else { break };
        let listed = name.facts.any(Facts::GIVEN_COMMON | Facts::SURNAME_COMMON);
        let particle = count > 0
            && name.facts.any(Facts::PARTICLE)
            && (2..=4).contains(&(name.end - name.start));
        let everyday = name.facts.any(Facts::WORD | Facts::BRAND | Facts::CUE)
            && !(listed && (led || count == 0 && name.facts.any(Facts::GIVEN_COMMON)));
        if name.case != Case::Lower
            || name.end - name.start < 2
            || everyday && !particle
            || code_like(text, name.start, name.end)
        {
            break;
        }
        led = particle;
        if !particle {
            count += 1;
            end = name.end;
        }
        match spaced(text, name.end).filter(|_| count < 3) {
            Some(next) => at = next,
            None => break,
        }
    }
    // A single word that no list has may be anything: "my name is unlisted".
    let one = word(text, begin)?;
    let sure = count > 1 || one.facts.any(Facts::GIVEN | Facts::SURNAME_COMMON);
    (count > 0 && sure).then_some(end)
}

/// "mr smith", "my name is john smith", "regards,\njohn": a name in small letters
/// after a word that tells of one.
pub(super) fn small_name(text: &str, found: &Word, out: &mut Vec<Match>) -> Option<usize> {
    let bytes = text.as_bytes();
    let titled = found.facts.any(Facts::TITLE) && found.end - found.start <= 8;
    let cue = found.facts.any(Facts::CUE | Facts::GREETING);
    if !titled && !cue {
        return None;
    }
    let mut next = found.end;
    if titled && bytes.get(next) == Some(&b'.') {
        next += 1;
    }
    // "name is", "nombre es", "nome é", "mam na imię".
    let verb = match bytes.get(next..).unwrap_or(&[]) {
        [b' ', b'i' | b'e', b's', b't', ..] => 4,
        [b' ', b'i' | b'e', b's', ..] | [b' ', 0xc3, 0xa8 | 0xa9, ..] => 3,
        _ => 0,
    };
    if verb > 0
        && !text
            .get(next + verb..)?
            .starts_with(|ch: char| word::alphabetic(ch) || matches!(ch, '-' | '\'' | '’'))
    {
        next += verb;
    }
    let rest = text.get(next..)?;
    let begin = next
        + (rest.len()
            - rest
                .trim_start_matches([' ', ',', '.', ':', '\r', '\n', '-'])
                .len());
    if begin == next || begin - next > 8 {
        return None;
    }
    let gap = rest.get(..begin - next)?;
    let closing = gap.contains(['\n', ',']);
    let first = word(text, begin)?;
    if first.case != Case::Lower {
        return None;
    }
    if cue
        && !closing
        && !first.facts.any(Facts::TITLE)
        && cue::named(text, begin)
        && let Some(end) = told(text, begin)
    {
        out.push(Match {
            start: begin,
            end,
            class: Class::Person,
            score: 75,
            rule: "person-introduced",
        });
        return Some(end);
    }
    if !first
        .facts
        .any(Facts::TITLE | Facts::GIVEN_COMMON | Facts::SURNAME_COMMON)
    {
        return None;
    }
    let allowed = titled && !closing
        || cue::introduced(text, begin)
        || cue::role(text, begin)
        || closing && (cue::closed(text, begin) || found.facts.any(Facts::GREETING))
        || (found.facts.any(Facts::GREETING) && !closing);
    if !allowed {
        return None;
    }
    // A title of its own: "merci, dr. martin", "dziękuję, pani anna nowak".
    let mut from = begin;
    let mut own_title = titled;
    if first.facts.any(Facts::TITLE) && !titled {
        own_title = true;
        from = first.end;
        from += usize::from(bytes.get(from) == Some(&b'.'));
        from = spaced(text, from)?;
    }
    // Only words that the lists know as names.
    let mut end = begin;
    let (mut count, mut strong) = (0, 0);
    let mut common = false;
    while let Some(name) = word(text, from) {
        let listed = name.facts.any(Facts::GIVEN_COMMON | Facts::SURNAME_COMMON);
        let particle = count > 0 && name.facts.any(Facts::PARTICLE);
        let initial = count > 0 && name.end - name.start == 1 && bytes.get(name.end) == Some(&b'.');
        if name.case != Case::Lower
            || count == 5
            || !(particle || initial || (listed && !name.facts.any(Facts::WORD)))
            || code_like(text, name.start, name.end)
        {
            break;
        }
        if !particle && !initial {
            strong += 1;
            end = name.end;
            common |= count == 0 && name.facts.any(Facts::GIVEN_COMMON);
        }
        count += 1;
        match spaced(text, name.end + usize::from(initial)) {
            Some(next) => from = next,
            None => break,
        }
    }
    // After a mere greeting, role or comma the first must be a usual given name.
    if strong == 0 || !(own_title || common || strong > 1 && cue::introduced(text, begin)) {
        return None;
    }
    out.push(Match {
        start: if own_title && titled {
            around::titles_before(text, begin)
        } else {
            begin
        },
        end,
        class: Class::Person,
        score: if own_title { 80 } else { 75 },
        rule: "person-introduced",
    });
    Some(end)
}
