//! Persons' names, postal addresses and places, in English, Spanish, German,
//! French, Italian, Portuguese, Dutch, Polish and Japanese.
//!
//! One pass stops at words that begin with a capital, at signs after a key, at a
//! few words in small letters (titles, introductions, kinds of street) and at
//! Japanese script. A run of capital words is judged once, by what the gazetteer
//! knows of its words and by what stands around it; [`Candidate`] is what is
//! judged, and where a tagger would put its own score.
//!
//! Invariant: matches lie on character borders; nothing is allocated but the
//! matches. It does not tell a firm named like a person from the person.

mod around;
mod cue;
mod endings;
mod japanese;
mod key;
mod place;
mod postal;
mod word;

use crate::class::Class;
use std::ops::Range;

use crate::gazetteer::{self, Facts, Head, eight};
use endings::Endings;
use word::{Case, Word, word};

/// Something found: where, what, how sure, and by which rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) class: Class,
    pub(crate) score: u8,
    pub(crate) rule: &'static str,
}

/// What speaks for a run of words being a person's name.
#[derive(Debug, Clone, Copy, Default)]
struct Candidate {
    words: u8,
    /// Given names that are no everyday word, place or product.
    given: u8,
    /// Given names that are.
    given_weak: u8,
    surname: u8,
    surname_common: u8,
    unknown: u8,
    initials: u8,
    /// The last word may be a surname; the first may be a given name.
    last_surname: bool,
    last_strong: bool,
    last_unknown: bool,
    first_given: bool,
    first_surname: bool,
    last_given: bool,
    upper: bool,
    titled: bool,
    greeted: bool,
    introduced: bool,
    /// A role stands before, or a verb of writing after; alone it tells little.
    hinted: bool,
    closes: bool,
    starts_sentence: bool,
    /// An organisation, a street or a number comes right after.
    thing_follows: bool,
    common_given: bool,
    /// Words of everyday language that no list has as a name.
    everyday: u8,
    /// One word of two letters.
    short: bool,
    /// The first is a given name and a place, and nothing else.
    first_place: bool,
}

impl Candidate {
    /// The score in hundredths.
    fn score(&self) -> u8 {
        if self.words == 0 || (self.thing_follows && !self.titled) {
            return 0;
        }
        let several = self.words >= 2;
        let named = self.given + self.given_weak + self.surname > 0;
        if self.titled {
            return if self.everyday == self.words { 30 } else { 90 };
        }
        if self.introduced {
            return match (named, self.everyday) {
                (true, _) => 90,
                (false, 0) if several => 90,
                (false, 0) => 75,
                (false, _) => 20,
            };
        }
        if self.closes {
            return match (named || several, self.everyday) {
                (true, 0) => 80,
                (false, 0) => 60,
                _ if named => 60,
                _ => 20,
            };
        }
        if self.greeted {
            return if named { 80 } else { 60 };
        }
        if self.hinted
            && named
            && self.everyday == 0
            && !(self.upper && self.given == 0 && !several)
        {
            return if several { 85 } else { 60 };
        }
        if self.upper {
            // Log text shouts as well.
            return match (self.given, self.last_surname && self.last_strong) {
                (1.., true) if several => 70,
                (1.., _) if several && self.last_unknown && !self.starts_sentence => 55,
                _ => 0,
            };
        }
        if several {
            if self.first_given && self.given > 0 {
                return if self.last_surname || self.last_given {
                    88
                } else {
                    78
                };
            }
            if self.initials > 0
                && self.last_strong
                && usize::from(self.words) == usize::from(self.initials) + 1
            {
                return 72;
            }
            if self.given_weak > 0 && self.last_strong {
                return 72;
            }
            if self.first_place && self.last_surname && !self.starts_sentence {
                return 58;
            }
            if self.first_surname && self.last_given && self.given > 0 {
                return 75;
            }
            if self.given > 0 {
                return 60;
            }
            if self.last_strong && self.unknown > 0 && !self.starts_sentence {
                return 60;
            }
            if self.surname_common >= 2 && self.last_strong && !self.starts_sentence {
                return 58;
            }
            return 30;
        }
        if self.common_given && self.given == 1 && !self.short {
            return if self.starts_sentence { 55 } else { 60 };
        }
        20
    }
}

/// Finds persons, addresses and places in the value of a field.
pub(crate) fn find(text: &str, field: &str, out: &mut Vec<Match>) {
    let first = out.len();
    if let Some(key) = key::of(field) {
        let (start, end) = trimmed(text, 0, text.len());
        keyed(text, start, end, key, true, out);
        if out.len() > first {
            return;
        }
    }
    let bytes = text.as_bytes();
    let mut at = 0;
    // The last word in small letters that tells nothing.
    let mut quiet = 0..0;
    // Here no word, path or identifier goes on.
    while let Some(&byte) = bytes.get(at) {
        match Kind::of(byte) {
            Kind::Nothing => at += 1,
            Kind::Small => {
                let begin = at;
                let mut eight = eight::read(bytes, at);
                let mut count = eight::small(eight);
                let head = Head::of(eight::head(eight, count));
                if let Some(b';' | b'|' | b'\t') = at.checked_sub(1).and_then(|at| bytes.get(at))
                    && let Some(end) = small_cell(text, at, out)
                {
                    at = end;
                    continue;
                }
                if head.tells() {
                    if let Some(end) = small(text, at, head, out) {
                        at = end;
                        continue;
                    }
                    quiet = 0..0;
                }
                at += count as usize;
                while count == 8 {
                    eight = eight::read(bytes, at);
                    count = eight::small(eight);
                    at += count as usize;
                }
                if !head.tells() {
                    quiet = begin..at;
                }
                // Most words end so.
                if bytes.get(at) == Some(&b' ') {
                    at += 1;
                } else {
                    at = rest_of_word(text, at);
                }
            }
            Kind::Capital => at = capital(text, at, &quiet, out),
            Kind::Digit => at = rest_of_word(text, postal::number(text, at, out)),
            Kind::Key => at = after_key(text, at, out).unwrap_or(at + 1),
            // "City - Leeds" on a line of its own.
            Kind::Dash => {
                let apart =
                    at > 2 && bytes.get(at - 1) == Some(&b' ') && bytes.get(at + 1) == Some(&b' ');
                at = apart
                    .then(|| line_key(text, at).and_then(|()| after_key(text, at, out)))
                    .flatten()
                    .unwrap_or(at + 1);
            }
            Kind::Joint => at = rest_of_word(text, at),
            Kind::Wide => {
                let Some(ch) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                    break;
                };
                if japanese::is_script(ch) {
                    at = japanese::run(text, at, out);
                } else if matches!(ch, '：' | '＝') {
                    let next = at + ch.len_utf8();
                    at = after_key(text, at, out).unwrap_or(next);
                } else if word::capital(ch) {
                    at = capital(text, at, &quiet, out);
                } else {
                    at += ch.len_utf8();
                    if word::alphabetic(ch) {
                        at = rest_of_word(text, at);
                    }
                }
            }
        }
    }
    postal::join(text, first, out);
}

/// What a byte begins, where no word goes on.
#[derive(Clone, Copy)]
enum Kind {
    Nothing,
    Small,
    Capital,
    Digit,
    /// The sign after a key.
    Key,
    Dash,
    /// A sign that makes what follows a path, a handle or an identifier.
    Joint,
    /// No ASCII.
    Wide,
}

impl Kind {
    #[inline]
    fn of(byte: u8) -> Self {
        static KINDS: [Kind; 256] = {
            let mut kinds = [Kind::Nothing; 256];
            let mut byte = 0u8;
            loop {
                kinds[byte as usize] = match byte {
                    b'a'..=b'z' => Kind::Small,
                    b'A'..=b'Z' => Kind::Capital,
                    b'0'..=b'9' => Kind::Digit,
                    b':' | b'=' => Kind::Key,
                    b'-' => Kind::Dash,
                    b'_' | b'/' | b'\\' | b'@' | b'#' | b'$' | b'~' => Kind::Joint,
                    0x80.. => Kind::Wide,
                    _ => Kind::Nothing,
                };
                if byte == 255 {
                    break kinds;
                }
                byte += 1;
            }
        };
        KINDS
            .get(usize::from(byte))
            .copied()
            .unwrap_or(Kind::Nothing)
    }
}

/// Where the word, path or identifier ends that goes on at a byte.
fn rest_of_word(text: &str, at: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = at;
    while let Some(&byte) = bytes.get(at) {
        match Kind::of(byte) {
            Kind::Small | Kind::Capital | Kind::Digit | Kind::Joint => at += 1,
            // `module.Name`.
            Kind::Nothing
                if byte == b'.' && bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) =>
            {
                at += 1;
            }
            // The marked letters of western Europe, but for two signs.
            Kind::Wide if byte == 0xc3 && !matches!(bytes.get(at + 1), Some(0x97 | 0xb7)) => {
                at += 2;
            }
            Kind::Wide => {
                let Some(ch) = text.get(at..).and_then(|rest| rest.chars().next()) else {
                    return text.len();
                };
                if !word::alphabetic(ch) || japanese::is_script(ch) {
                    break;
                }
                at += ch.len_utf8();
            }
            _ => break,
        }
    }
    at
}

/// A word in small letters: a title, an introduction, a kind of street.
fn small(text: &str, at: usize, head: Head, out: &mut Vec<Match>) -> Option<usize> {
    let found = word(text, at)?;
    if found.facts.any(Facts::STREET_BEFORE)
        && let Some(end) = postal::street_before(text, &found, out)
    {
        return Some(end);
    }
    if head.says()
        && let Some(end) = small_said(text, at, out)
    {
        return Some(end);
    }
    small_name(text, &found, out)
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

/// ";lilla doyle;": a whole name in small letters that fills a cell of a row.
fn small_cell(text: &str, start: usize, out: &mut Vec<Match>) -> Option<usize> {
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

/// "mr smith", "my name is john smith", "regards,\njohn": a name in small letters
/// after a word that tells of one.
fn small_name(text: &str, found: &Word, out: &mut Vec<Match>) -> Option<usize> {
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
    if first.case != Case::Lower
        || !first
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

/// The byte after one space, if a letter follows it.
fn spaced(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let next = if rest.starts_with(' ') {
        at + 1
    } else if rest.starts_with('\u{a0}') {
        at + 2
    } else {
        return None;
    };
    word::letter(text, next).map(|_| next)
}

const MOST_WORDS: usize = 9;

/// A run of capital words; returns where to go on.
fn capital(text: &str, start: usize, quiet: &Range<usize>, out: &mut Vec<Match>) -> usize {
    if let Some(end) = postal::british_code(text, start, out) {
        return end;
    }
    let Some(first) = word(text, start) else {
        // A letter that begins no word: step over it.
        return start
            + text
                .get(start..)
                .and_then(|rest| rest.chars().next())
                .map_or(1, char::len_utf8);
    };
    if nothing(text, &first, quiet) {
        return first.end;
    }
    let bytes = text.as_bytes();
    let mut words = [first; MOST_WORDS];
    let mut count = 0;
    let mut at = start;
    // Where the run ends for the reader's sake; single words always end it.
    while count < MOST_WORDS {
        let next = if count == 0 {
            first
        } else {
            // Most runs are followed by a small word that does not belong to them.
            if bytes.get(at).is_some_and(u8::is_ascii_lowercase) && !may_join(bytes, at) {
                break;
            }
            let Some(next) = word(text, at) else { break };
            next
        };
        let after = next.end;
        // An identifier, a path, a domain or a call is no name.
        if code_like(text, next.start, after) {
            if count == 0 {
                return after;
            }
            break;
        }
        let particle = next.case == Case::Lower && next.facts.any(Facts::PARTICLE);
        if next.case == Case::Lower && !particle {
            break;
        }
        if particle && count == 0 {
            break;
        }
        if let Some(slot) = words.get_mut(count) {
            *slot = next;
        }
        count += 1;
        let dot = text.as_bytes().get(after) == Some(&b'.')
            && (next.case == Case::Initial
                || next
                    .facts
                    .any(Facts::TITLE | Facts::STREET_BEFORE | Facts::STREET_AFTER)
                || after - next.start <= 3 && next.facts.any(Facts::GIVEN));
        let gap = after + usize::from(dot);
        let Some(begin) = spaced(text, gap)
            .or_else(|| {
                // "Jansen-van Leeuwen".
                (text.as_bytes().get(gap) == Some(&b'-')
                    && text
                        .as_bytes()
                        .get(gap + 1)
                        .is_some_and(u8::is_ascii_lowercase))
                .then_some(gap + 1)
            })
            .or_else(|| {
                // "J.K. Rowan": initials without a space.
                (dot && next.case == Case::Initial && word::letter(text, gap).is_some())
                    .then_some(gap)
            })
        else {
            break;
        };
        at = begin;
    }
    while count > 1
        && words
            .get(count - 1)
            .is_some_and(|word| word.case == Case::Lower)
    {
        count -= 1;
    }
    let Some(run) = words.get(..count.max(1)) else {
        return start + 1;
    };
    let end = run.last().map_or(start + 1, |word| word.end);
    let before = out.len();
    let before_run = facts_before(text, start);
    let street = postal::run(text, run, out);
    let persons_until = if street.is_some() {
        street.unwrap_or(end).max(end)
    } else {
        end
    };
    // One capital word that is no name, after nothing that tells of one: most are.
    let lone = run.len() == 1
        && !first.facts.any(Facts::GIVEN)
        && !before_run.any(Facts::CUE | Facts::TITLE | Facts::GREETING)
        && text.as_bytes().get(end) != Some(&b',')
        && around::dotted_title(text, start).is_none();
    // "She lives in West Renee" names a place, whatever the lists know of its words.
    let at_home = before_run.any(Facts::CUE)
        && cue::at_home(text, start)
        && !text
            .get(..start)
            .is_some_and(|head| head.ends_with("from "));
    let at_home = at_home || place::elided_home(text, start);
    let somewhere = !at_home && place::after_preposition(text, place::elided(text, start));
    let shaped = somewhere.then(|| place::shaped(text, run)).flatten();
    let nobody = lone && !around::honoured(text, end);
    if out.len() == before && !(nobody || at_home || shaped.is_some()) {
        persons(text, run, before_run, out);
    }
    if out.len() == before {
        let near = if at_home {
            place::Near::Home
        } else if let Some(end) = shaped {
            place::Near::Shaped(end)
        } else if somewhere {
            place::Near::Preposition
        } else {
            place::Near::Nothing
        };
        place::find(text, run, near, out);
    }
    // "Merci, thierry chevalier": the name is in small letters.
    if out.len() == before
        && let Some(last) = run.last()
        && last.facts.any(Facts::CUE | Facts::GREETING | Facts::TITLE)
    {
        small_name(text, last, out);
    }
    out.get(before..)
        .unwrap_or(&[])
        .iter()
        .map(|found| found.end)
        .max()
        .unwrap_or(end)
        .max(persons_until)
        .max(start + 1)
}

/// Whether signs around a word make it part of code, a path or an address.
fn code_like(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    if before.is_some_and(|byte| {
        byte.is_ascii_alphanumeric()
            || matches!(
                byte,
                b'_' | b'/' | b'\\' | b'@' | b'#' | b'$' | b'%' | b'&' | b'`'
            )
    }) {
        return true;
    }
    match bytes.get(end) {
        Some(b'_' | b'\\' | b'@' | b'(' | b'[' | b'{' | b'$' | b'0'..=b'9') => true,
        Some(b'/' | b'=') => bytes
            .get(end + 1)
            .is_some_and(|byte| !byte.is_ascii_whitespace()),
        Some(b':') => bytes.get(end + 1) == Some(&b':'),
        Some(b'.') => {
            bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric) && end - start > 1
                // "z.B. Str.12": a short form.
                && !bytes.get(end + 1).is_some_and(u8::is_ascii_digit)
        }
        _ => false,
    }
}

/// Whether a word is a letter and more: `S-Max`, `X-Trail`, `T-Shirt`.
fn lettered(text: &str, word: &Word) -> bool {
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

const AMBIGUOUS: u16 = Facts::WORD | Facts::BRAND | Facts::PLACE_BIG;

/// Where the word before a run ends, across spaces, quotes, points and line ends.
fn word_end_before(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    loop {
        match bytes.get(..end).unwrap_or(&[]) {
            [
                ..,
                b' ' | b':' | b',' | b'"' | b'\r' | b'\n' | b'.' | b'!' | b'-' | b'\t',
            ] => end -= 1,
            [.., 0xc2, 0xa0] => end -= 2,
            _ => return end,
        }
    }
}

/// What the word before a run is.
fn facts_before(text: &str, at: usize) -> Facts {
    let end = word_end_before(text.as_bytes(), at);
    word::word_start(text, end)
        .and_then(|start| word(text, start))
        .map_or_else(Facts::default, |word| word.facts)
}

/// Whether no word stands before a run, or the one that tells nothing.
fn quiet_before(bytes: &[u8], at: usize, quiet: &Range<usize>) -> bool {
    let end = word_end_before(bytes, at);
    let Some(last) = end.checked_sub(1).and_then(|last| bytes.get(last)) else {
        return true;
    };
    if !last.is_ascii_alphabetic() {
        return *last < 0x80;
    }
    end == quiet.end
        && quiet
            .start
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_none_or(|before| {
                *before < 0x80
                    && !before.is_ascii_alphabetic()
                    && !matches!(before, b'\'' | b'-' | b'.')
            })
}

/// Whether a word in small letters may be a particle, or one that has signs or
/// marked letters in it.
fn may_join(bytes: &[u8], at: usize) -> bool {
    let eight = eight::read(bytes, at);
    let count = eight::small(eight);
    count < 8
        && (matches!(
            bytes.get(at + count as usize),
            Some(b'\'' | b'-' | b'A'..=b'Z' | 0x80..)
        ) || Head::of(eight::head(eight, count)).joins())
}

/// Whether a capital word stands alone after nothing that tells, in no list that
/// matters, shaped like no street or town, before no number: the usual noun, or
/// the first word of a sentence.
fn nothing(text: &str, word: &Word, quiet: &Range<usize>) -> bool {
    const TELLING: u16 = Facts::GIVEN
        | Facts::ANYWHERE
        | Facts::STREET_BEFORE
        | Facts::STREET_AFTER
        | Facts::UNIT
        | Facts::TITLE
        | Facts::GREETING
        | Facts::CUE;
    let bytes = text.as_bytes();
    if !word.plain || word.case != Case::Capital || word.facts.any(TELLING) {
        return false;
    }
    let alone = match bytes.get(word.end) {
        None
        | Some(b'.' | b'!' | b'?' | b':' | b'"' | b'\'' | b')' | b'\n' | b'\r' | b'<' | b'>') => {
            true
        }
        Some(b' ') => match bytes.get(word.end + 1) {
            Some(b'a'..=b'z') => !may_join(bytes, word.end + 1),
            Some(b'A'..=b'Z' | b'0'..=b'9' | 0x80..) => false,
            _ => true,
        },
        _ => false,
    };
    alone
        && !matches!(
            word.start.checked_sub(1).and_then(|at| bytes.get(at)),
            Some(b';' | b'|' | b'\t' | 0x80..)
        )
        && quiet_before(bytes, word.start, quiet)
        && !postal::compound(text.get(word.start..word.end).unwrap_or(""))
}

/// Persons in a run of capital words.
fn persons(text: &str, run: &[Word], before: Facts, out: &mut Vec<Match>) {
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
                        || before.case == Case::Upper && before.facts.any(Facts::PARTICLE)
                })
                && rest
                    .first()
                    .is_some_and(|first| first.facts.any(Facts::GIVEN) || cued);
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
                let drop = lead.facts.any(Facts::WORD | Facts::CUE)
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
            word.case == Case::Lower || word.case == Case::Initial && name.len() == 1
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
            closes,
            starts_sentence: starts_sentence(text, first.start),
            upper: name.iter().all(|word| word.case == Case::Upper),
            ..Candidate::default()
        };
        for (index, word) in name.iter().enumerate() {
            let inner = index > 0 && index + 1 < name.len();
            if word.case == Case::Lower
                || inner && word.case == Case::Upper && word.facts.any(Facts::PARTICLE)
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
        candidate.first_given = first.facts.any(Facts::GIVEN) && !first.facts.any(AMBIGUOUS);
        candidate.first_surname =
            first.facts.any(Facts::SURNAME_COMMON) && !first.facts.any(AMBIGUOUS);
        candidate.last_given = last.facts.any(Facts::GIVEN) && !last.facts.any(AMBIGUOUS);
        candidate.last_surname = last.facts.any(Facts::SURNAME);
        candidate.last_strong =
            last.facts.any(Facts::SURNAME_COMMON) && !last.facts.any(AMBIGUOUS | Facts::PLACE);
        candidate.last_unknown = last.facts.none();
        candidate.short = name.len() == 1 && last.end - first.start < 4;
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
            || !(candidate.first_given && candidate.last_surname && name.len() > 1)
                && (model_follows(text, last.end) || model_before(text, first.start));
        // "Fiat Doblo", "Beechcraft Baron": what follows a maker is a model.
        let maker = [Some(first), from.checked_sub(1).and_then(|at| run.get(at))];
        candidate.thing_follows |= !(cued || candidate.greeted || candidate.introduced)
            && !(candidate.first_given && (candidate.last_surname || candidate.last_given))
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
        if candidate.words <= 3
            && (candidate.given == 0 || cued)
            && (!candidate.upper || cued)
            && let Some(given_end) = comma_given(text, end, cued)
            && (candidate.surname > 0 || candidate.unknown > 0 || cued)
            && (cued || !last.facts.any(Facts::PLACE_BIG | Facts::WORD))
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
        from += length.max(1);
    }
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
    let end = head.len();
    // "mail.example.fr Anna": the end of a domain.
    let glued = text
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

fn digits_follow(text: &str, at: usize) -> bool {
    let rest = text.get(at..).unwrap_or("");
    let rest = rest.strip_prefix([' ', '-']).unwrap_or(rest);
    let rest = rest.strip_prefix('-').unwrap_or(rest);
    // "Focus 3", "Windows 11", "Max 4.2": a version.
    rest.len() < text.len()
        && rest.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && rest.bytes().take_while(u8::is_ascii_digit).count() <= 4
}

/// Whether a trade mark's sign follows.
fn marked(text: &str, at: usize) -> bool {
    text.get(at..)
        .is_some_and(|rest| rest.starts_with(['™', '®', '©']))
}

/// Whether a model's code follows: "Jaguar XJ12", "Douglas DC-9".
fn model_follows(text: &str, at: usize) -> bool {
    let Some(rest) = text
        .get(at..)
        .and_then(|rest| rest.strip_prefix([' ', '-']))
    else {
        return false;
    };
    let letters = rest.bytes().take_while(u8::is_ascii_uppercase).count();
    (1..=4).contains(&letters)
        && rest
            .get(letters..)
            .map(|rest| rest.strip_prefix('-').unwrap_or(rest))
            .is_some_and(|rest| {
                (1..=4).contains(&rest.bytes().take_while(u8::is_ascii_digit).count())
            })
}

/// Whether a model's code or a trade mark stands before: "iPhone 14 Pro", "M1 Max".
fn model_before(text: &str, at: usize) -> bool {
    let Some(head) = text.get(..at).and_then(|head| head.strip_suffix(' ')) else {
        return false;
    };
    let head = head.strip_suffix(" Pro").unwrap_or(head);
    if head.ends_with(['™', '®']) {
        return true;
    }
    let token = head
        .char_indices()
        .rev()
        .take_while(|(_, ch)| ch.is_ascii_alphanumeric() || *ch == '-')
        .last()
        .and_then(|(at, _)| head.get(at..))
        .unwrap_or("");
    token.len() <= if token.contains('-') { 6 } else { 5 }
        && token
            .bytes()
            .last()
            .is_some_and(|byte| byte.is_ascii_digit())
        && (token
            .bytes()
            .next()
            .is_some_and(|byte| byte.is_ascii_uppercase())
            || head
                .get(..head.len() - token.len())
                .is_some_and(|head| head.ends_with("iPhone ") || head.ends_with("Galaxy ")))
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

/// The inside of white space and quotes.
fn trimmed(text: &str, start: usize, end: usize) -> (usize, usize) {
    let slice = text.get(start..end).unwrap_or("");
    let inner = slice.trim_matches(|ch: char| {
        ch.is_whitespace() || matches!(ch, '"' | '\'' | '“' | '”' | '«' | '»' | '\\')
    });
    let from = start + inner.as_ptr().addr().saturating_sub(slice.as_ptr().addr());
    (from, from + inner.len())
}

/// Whether a line's first words, up to a dash, may be a key.
fn line_key(text: &str, dash: usize) -> Option<()> {
    let head = text.get(..dash)?;
    let line = head
        .rfind('\n')
        .map_or(head, |at| head.get(at + 1..).unwrap_or(""));
    (line.len() <= 40 && !line.contains([':', '=', ',', ';'])).then_some(())
}

/// A value after `key:`, `key=` or `key - `; returns its end.
fn after_key(text: &str, sign: usize, out: &mut Vec<Match>) -> Option<usize> {
    let bytes = text.as_bytes();
    // The key, in quotes or up to a line's or cell's beginning.
    let mut key_end = sign;
    while key_end > 0
        && matches!(
            bytes.get(key_end - 1),
            Some(b'"' | b'\'' | b' ' | b'\\' | b'*')
        )
    {
        key_end -= 1;
    }
    if !key::may_end(bytes.get(..key_end)?) {
        return None;
    }
    let mut key_start = key_end;
    for (at, ch) in text.get(..key_end)?.char_indices().rev() {
        if !(ch.is_alphanumeric() || matches!(ch, '_' | '-' | ' ' | '.')) || key_end - at > 40 {
            break;
        }
        key_start = at;
    }
    let mut words = text.get(key_start..key_end)?.trim_start();
    // The last one to three words.
    let mut key = None;
    for _ in 0..4 {
        key = key::of(words);
        if key.is_some() {
            break;
        }
        words = words.split_once(' ')?.1.trim_start();
    }
    let key = key?;
    let width = text.get(sign..)?.chars().next()?.len_utf8();
    let mut start = sign + width;
    while matches!(bytes.get(start), Some(b' ' | b'\t' | b'*')) {
        start += 1;
    }
    if matches!(bytes.get(start), Some(b'\\')) {
        start += 1;
    }
    let quoted = matches!(bytes.get(start), Some(b'"' | b'\''));
    let quote = bytes.get(start).copied();
    if quoted {
        start += 1;
    }
    let address = key == key::Key::Address;
    let mut end = start;
    for (at, ch) in text.get(start..)?.char_indices() {
        let stop = if quoted {
            Some(ch) == quote.map(char::from)
                || ch == '\\' && !text.get(start + at..)?.starts_with("\\n")
        } else {
            matches!(
                ch,
                '\n' | '\r' | '\t' | '|' | ';' | '<' | '{' | '[' | '&' | '"'
            ) || (!address && matches!(ch, ',' | '(' | '/'))
        };
        if stop || at > 240 {
            break;
        }
        end = start + at + ch.len_utf8();
    }
    let (start, mut end) = trimmed(text, start, end);
    if key == key::Key::Place && !quoted {
        end = place::prefix(text, start, end);
    }
    if end <= start {
        return None;
    }
    keyed(text, start, end, key, quoted, out)
}

/// The value of a key, if it looks like what the key says; returns its end.
fn keyed(
    text: &str,
    start: usize,
    end: usize,
    key: key::Key,
    whole: bool,
    out: &mut Vec<Match>,
) -> Option<usize> {
    let value = text.get(start..end)?;
    match key {
        key::Key::Person | key::Key::MaybePerson => {
            let (stop, strong) = name_value(text, start, end, key == key::Key::Person)?;
            if key == key::Key::MaybePerson
                && (whole && stop != end
                    || digits_follow(text, stop)
                    || model_follows(text, stop)
                    || marked(text, stop))
            {
                return None;
            }
            out.push(Match {
                start,
                end: stop,
                class: Class::Person,
                score: if strong { 88 } else { 75 },
                rule: "person-field",
            });
            Some(stop)
        }
        key::Key::Address => {
            // An address has a word and, unless it is the whole value, a number.
            let words = value.chars().filter(|ch| ch.is_alphabetic()).count();
            // A number of its own, not `IPv4`.
            let number = value
                .split([' ', ',', '\u{3000}'])
                .any(|part| part.starts_with(|ch: char| ch.is_numeric() || ch == '#'))
                || !value.is_ascii() && value.chars().any(char::is_numeric);
            let code = value.contains("://")
                || value.contains('@')
                || value.contains("0x")
                || value.starts_with('/')
                || value.contains('_');
            let network = value
                .bytes()
                .filter(|byte| *byte == b'.' || *byte == b':')
                .count()
                >= 3
                && !value.contains(' ');
            let spaced = value.contains([' ', '\u{3000}']) || !value.is_ascii();
            if code
                || network
                || words < 3
                || !(number && spaced
                    || whole && spaced && word(text, start).is_some_and(|word| word.is_capital())
                    || (whole && number && !value.is_ascii()))
                || value.len() > 240
            {
                return None;
            }
            out.push(Match {
                start,
                end,
                class: Class::Address,
                score: 85,
                rule: "address-field",
            });
            Some(end)
        }
        key::Key::Place => {
            let fits = !NOBODY
                .iter()
                .any(|nobody| value.eq_ignore_ascii_case(nobody))
                && value.chars().count() <= 48
                && value.chars().all(|ch| {
                    ch.is_alphabetic()
                        || matches!(ch, ' ' | '-' | '\'' | '’' | '.' | ',' | '(' | ')' | '/')
                })
                && value
                    .chars()
                    .next()
                    .is_some_and(|ch| ch.is_uppercase() || !ch.is_lowercase());
            if !fits {
                return None;
            }
            out.push(Match {
                start,
                end,
                class: Class::Place,
                score: 80,
                rule: "place-field",
            });
            Some(end)
        }
    }
}

/// Words that are no person whatever the key says.
const NOBODY: &[&str] = &[
    "null",
    "none",
    "unknown",
    "undefined",
    "admin",
    "root",
    "system",
    "true",
    "false",
    "anonymous",
    "default",
    "test",
    "user",
    "n/a",
    "na",
    "yes",
    "no",
    "support",
    "customer",
    "guest",
    "nobody",
    "self",
    "me",
    "you",
    "the",
    "your",
    "required",
    "optional",
    "string",
];

/// How far a value reads as a person's name, and whether the lists know it.
fn name_value(text: &str, start: usize, end: usize, sure: bool) -> Option<(usize, bool)> {
    let value = text.get(start..end)?;
    if value.chars().next().is_some_and(japanese::is_script) {
        let stop = value
            .find(|ch: char| !japanese::is_script(ch) && !matches!(ch, ' ' | '\u{3000}' | '・'))
            .unwrap_or(value.len());
        let name = value.get(..stop)?.trim_end();
        let name = name.get(..japanese::value_end(name))?;
        return (name.chars().count() <= 14 && (sure || japanese::known(name)))
            .then_some((start + name.len(), true));
    }
    let mut at = start;
    let (mut words, mut known, mut capitals, mut everyday) = (0, 0, 0, 0);
    let mut stop = start;
    while at < end {
        let Some(next) = word(text, at) else { break };
        let inside = text.get(next.start..next.end).unwrap_or("");
        if next.end > end
            || NOBODY
                .iter()
                .any(|nobody| inside.eq_ignore_ascii_case(nobody))
            || next.case == Case::Mixed
            || !sure && lettered(text, &next)
            || next.facts.any(Facts::ORGANISATION)
                && !next.facts.any(Facts::GIVEN | Facts::SURNAME)
                && !(next.case == Case::Capital && next.end - next.start <= 3)
        {
            return None;
        }
        if code_like(text, next.start, next.end) {
            return None;
        }
        // A small word in the middle of a name must be a particle, unless all is small.
        if !sure && next.case == Case::Lower && capitals > 0 && !next.facts.any(Facts::PARTICLE) {
            break;
        }
        // "its ITIN", "Fiat Doblo".
        if !sure
            && words == 0
            && (next.facts.any(Facts::BRAND) && !next.facts.any(Facts::GIVEN)
                || next.case == Case::Lower
                    && next.facts.any(Facts::WORD)
                    && !next.facts.any(Facts::GIVEN_COMMON))
        {
            return None;
        }
        words += 1;
        known += u32::from(
            next.facts.any(Facts::GIVEN | Facts::SURNAME_COMMON)
                && !next.facts.any(Facts::WORD | Facts::BRAND),
        );
        everyday += u32::from(
            next.facts.any(
                Facts::WORD
                    | Facts::BRAND
                    | Facts::STREET_BEFORE
                    | Facts::STREET_AFTER
                    | Facts::UNIT,
            ) && !next.facts.any(Facts::GIVEN_COMMON | Facts::SURNAME_COMMON),
        );
        capitals += u32::from(next.is_capital());
        stop = next.end;
        let rest = text.get(next.end..end).unwrap_or("");
        let gap = rest.len() - rest.trim_start_matches([' ', '.', ',', '\u{a0}']).len();
        if gap == 0 || gap > 3 || words > 6 {
            break;
        }
        at = next.end + gap;
    }
    let rest = text.get(stop..end).unwrap_or("").trim_matches(['.', ' ']);
    if words == 0
        || words > 6
        || (sure && !rest.is_empty() && rest.starts_with(|ch: char| ch.is_alphanumeric()))
    {
        return None;
    }
    let fits = if sure {
        everyday < words || known > 0 || words == 1 && capitals == 1 && everyday == 0
    } else {
        known > 0 && capitals + known >= words && everyday * 2 <= words
            || words >= 2 && capitals == words && everyday == 0
    };
    fits.then_some((stop, known > 0))
}

#[cfg(test)]
mod tests;
