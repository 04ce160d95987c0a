//! Mail addresses, plain or with spaces and words around or instead of `@` and
//! `.`.
//!
//! A plain address needs nothing else. The further a spelling is from one, the
//! more must speak for it: a domain that is known, a local part that is no
//! everyday word, a word such as "mail" nearby. So "meet at noon dot com" is
//! left alone. What entities, escapes and look-alikes hide was undone before.

use crate::gazetteer::{self, Facts};
use crate::lexicon::{Surroundings, topic};
use crate::tld;

pub(crate) mod disguised;

use disguised::Reading;

/// Longest local part and domain (RFC 5321 section 4.5.3.1), in bytes.
const LOCAL: usize = 64;
const DOMAIN: usize = 255;

/// A mail address in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Match {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Hundredths.
    pub(crate) score: u8,
    /// The rule's name.
    pub(crate) rule: &'static str,
}

fn is_local(ch: char) -> bool {
    ch.is_alphanumeric() || "._%+-'!#$&*/=?^`{|}~".contains(ch)
}

fn is_label(ch: char) -> bool {
    ch.is_alphanumeric() || ch == '-'
}

/// A plain address in ASCII with nothing around it that could be a part of it, as
/// most are. What it finds, [`disguised::read`] would read the same.
fn plain(bytes: &[u8], at: usize) -> Option<Match> {
    const REACH: usize = 96;
    let head = bytes.get(at.saturating_sub(REACH)..at)?;
    let inner = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-".contains(byte);
    let length = head.iter().rev().take_while(|byte| inner(byte)).count();
    let (before, local) = head.split_at(head.len() - length);
    let (first, last) = (local.first()?, local.last()?);
    if length > LOCAL || *last == b'.' || !(first.is_ascii_alphanumeric() || *first == b'_') {
        return None;
    }
    let alone = match before {
        [] => length == at,
        [.., b'"' | b'<' | b'(' | b'[' | b':' | b',' | b';'] | [.., b':' | b',', b' '] => true,
        [.., letter, b' '] if letter.is_ascii_alphabetic() => {
            let word = before.iter().rev().skip(1);
            let length = word.take_while(|byte| !byte.is_ascii_whitespace()).count();
            // Not a word for a dot, which all are short.
            !(3..=6).contains(&length)
                || !matches!(before[before.len() - 1 - length] | 0x20, b'd' | b'p' | b'k')
        }
        _ => false,
    };
    let mut end = at + 1;
    let (mut label, mut labels) = (end, 0);
    loop {
        match bytes.get(end) {
            Some(byte) if byte.is_ascii_alphanumeric() || *byte == b'-' => {}
            Some(b'.')
                if end > label && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric) =>
            {
                (label, labels) = (end + 1, labels + 1);
            }
            _ => break,
        }
        end += 1;
        if end - at > REACH {
            return None;
        }
    }
    let closed = match bytes.get(end..)? {
        []
        | [b'.']
        | [b'"' | b',' | b';' | b'>' | b')' | b'\\' | b'|', ..]
        | [b'.', b'"' | b'\\', ..] => true,
        [b' ', next, ..] => {
            next.is_ascii_alphabetic() && !matches!(next | 0x20, b'd' | b'p' | b'k')
        }
        // Two letters may be a country, after a second level.
        [b'.', b' ', next, rest @ ..] => {
            let length = rest
                .iter()
                .take(2)
                .take_while(|byte| byte.is_ascii_alphabetic());
            next.is_ascii_uppercase() || next.is_ascii_lowercase() && length.count() == 2
        }
        _ => false,
    };
    let suffix = std::str::from_utf8(bytes.get(label..end)?).ok()?;
    (alone && closed && labels > 0 && labels < 8 && tld::known(suffix)).then_some(Match {
        start: at - length,
        end,
        score: 99,
        rule: "email",
    })
}

/// The address around an `@`.
pub(crate) fn at_sign(text: &str, at: usize, around: &mut Surroundings<'_>) -> Option<Match> {
    if let Some(found) = plain(text.as_bytes(), at) {
        return Some(found);
    }
    let read = disguised::read(text, at, at + 1)
        .and_then(|reading| judged(text, &reading, Sign::Plain, around));
    read.or_else(|| spaced_out(text, at))
}

fn is_wide(ch: char) -> bool {
    u32::from(ch) >= 0x2e80
}

/// What stands for the `@`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Itself.
    Plain,
    /// A word or a bracket that hardly means anything else.
    Clear,
    /// A word that is in every other sentence.
    Everyday,
}

/// The address that was read, if enough speaks for it.
fn judged(
    text: &str,
    reading: &Reading,
    sign: Sign,
    around: &mut Surroundings<'_>,
) -> Option<Match> {
    let found = |score, rule| {
        Some(Match {
            start: reading.start,
            end: reading.end,
            score,
            rule,
        })
    };
    let part = |(start, end): (usize, usize)| text.get(start..end).unwrap_or("");
    let (local, host, suffix) = (
        part(reading.local),
        part(reading.host),
        part(reading.suffix),
    );
    if sign == Sign::Plain && reading.plain {
        let score = if reading.joined { 97 } else { 99 };
        return found(score, "email");
    }
    // A line's end is no part of a spelling in words, nor of a stack trace.
    let called = text.get(reading.end..)?.starts_with('(');
    if reading.broken && (sign != Sign::Plain || called || local.len() >= 32 || reading.bare) {
        return None;
    }
    let facts = gazetteer::lookup(local);
    let named = facts.any(Facts::GIVEN | Facts::SURNAME);
    let everyday = is_everyday(local) || facts.any(Facts::WORD) && !named;
    let signed = reading.joined
        || local
            .bytes()
            .any(|byte| byte.is_ascii_digit() || b"._-+".contains(&byte));
    // "thanks @contoso com" and "meet at noon dot com" name nobody.
    let (gap_left, gap_right) = reading.gaps;
    let mut mailed = || around.near(reading.start, reading.end).has(topic::MAIL);
    if everyday
        && !signed
        && (sign == Sign::Everyday || gap_left && (!gap_right || !tld::distinctive(suffix)))
    {
        return None;
    }
    let evidence = match sign {
        Sign::Plain => 1 + usize::from(!gap_left && !gap_right),
        Sign::Clear => 2,
        Sign::Everyday => 0,
    } + usize::from(is_provider(host))
        + usize::from(tld::distinctive(suffix))
        + usize::from(!everyday)
        + usize::from(signed)
        + usize::from(facts.none() && !is_everyday(local))
        + usize::from(reading.worded)
        + usize::from(!reading.bare && sign == Sign::Plain);
    (evidence >= 3 || evidence >= 1 && mailed()).then_some(())?;
    match sign {
        Sign::Plain => found(90, "email-spaced"),
        _ => found(85, "email-in-words"),
    }
}

fn starts_upper(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_uppercase)
}

/// "j d o e @ c o n t o s o . c o m"
fn spaced_out(text: &str, at: usize) -> Option<Match> {
    let (head, tail) = (text.get(..at)?, text.get(at + 1..)?);
    let mut start = at;
    let mut left = 0;
    let mut chars = head.char_indices().rev().peekable();
    while let Some((_, ' ')) = chars.next() {
        let Some((index, _)) = chars.next().filter(|(_, ch)| is_local(*ch)) else {
            break;
        };
        if left >= LOCAL {
            break;
        }
        let before = chars.peek().map(|(_, before)| *before);
        if before.is_some_and(|before| before.is_alphanumeric() && !is_wide(before)) {
            break;
        }
        start = index;
        left += 1;
        if before.is_some_and(|before| before != ' ') {
            break;
        }
    }
    let mut domain = String::new();
    let mut end = at;
    let mut chars = tail.char_indices().peekable();
    while let Some((_, ' ')) = chars.next() {
        let Some((index, ch)) = chars.next().filter(|(_, ch)| is_label(*ch) || *ch == '.') else {
            break;
        };
        if chars
            .peek()
            .is_some_and(|(_, after)| after.is_alphanumeric() && !is_wide(*after))
            || domain.len() > DOMAIN
        {
            break;
        }
        domain.push(ch);
        end = at + 1 + index + ch.len_utf8();
    }
    // A dash after it is the sentence's.
    while domain.ends_with(['-', '.']) {
        domain.pop();
        end -= 2;
    }
    let (name, suffix) = domain.rsplit_once('.')?;
    (left >= 2 && name.len() >= 2 && tld::known(suffix)).then_some(Match {
        start,
        end,
        score: 90,
        rule: "email-spaced-out",
    })
}

/// Words for `@`; of two that begin alike the longer first.
const AT_WORDS: &[(&str, Sign)] = &[
    ("at", Sign::Everyday),
    ("chez", Sign::Everyday),
    ("arroba", Sign::Clear),
    ("klammeraffe", Sign::Clear),
    ("affenschwanz", Sign::Clear),
    ("ät", Sign::Clear),
    ("arobase", Sign::Clear),
    ("arobas", Sign::Clear),
    ("apestaartje", Sign::Clear),
    ("arrobase", Sign::Clear),
    ("chiocciola", Sign::Clear),
    ("małpa", Sign::Clear),
    ("malpa", Sign::Clear),
    ("apenstaartje", Sign::Clear),
    ("アットマーク", Sign::Clear),
    ("アット", Sign::Clear),
];

/// Whether a word in small letters may stand for `@`.
pub(crate) fn is_at_word(word: &str) -> bool {
    AT_WORDS.iter().any(|(known, _)| *known == word)
}

/// Most bytes between the beginning of a word for `@` and what tells of it.
const TOLD: usize = 16;

/// The addresses in which a word stands for `@` that begins shortly before a byte,
/// or at it.
pub(crate) fn with_words(
    text: &str,
    told: usize,
    around: &mut Surroundings<'_>,
    out: &mut Vec<Match>,
) {
    let mut done = 0;
    let mut from = told.saturating_sub(TOLD);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let near = text.get(from..).unwrap_or("").char_indices();
    for (at, ch) in near.map(|(at, ch)| (from + at, ch)) {
        if at > told + 2 {
            break;
        }
        if at < done {
            continue;
        }
        let Some((length, sign)) = at_word(text, at, ch) else {
            continue;
        };
        let reading = disguised::read(text, at, at + length);
        let found = reading.and_then(|reading| judged(text, &reading, sign, around));
        if let Some(found) = found.filter(|found| found.start >= done) {
            done = found.end;
            out.push(found);
        }
    }
}

/// The word for `@` at a byte: its length, and how much it says.
fn at_word(text: &str, at: usize, ch: char) -> Option<(usize, Sign)> {
    let rest = text.get(at..)?;
    let before = text.get(..at)?.chars().next_back();
    if matches!(ch, '_' | '-') {
        let inner = rest.get(1..3)?.eq_ignore_ascii_case("at");
        let joined = inner && rest.get(3..)?.starts_with(ch);
        let local = before.is_some_and(char::is_alphanumeric);
        return (joined && local).then_some((4, Sign::Everyday));
    }
    let wide = is_wide(ch);
    if !wide && !before.is_some_and(|ch| ch.is_whitespace() || is_wide(ch)) {
        return None;
    }
    AT_WORDS.iter().find_map(|(word, sign)| {
        let head = rest.get(..word.len())?;
        let next = rest.get(word.len()..)?.chars().next()?;
        let same = head == *word || head.is_ascii() && head.eq_ignore_ascii_case(word);
        let same = same || !word.is_ascii() && head.to_lowercase() == *word;
        (same && (wide || next.is_whitespace())).then_some((word.len(), *sign))
    })
}

/// Mail providers and the domains of examples.
fn is_provider(label: &str) -> bool {
    const KNOWN: &[&str] = &[
        "aol",
        "contoso",
        "example",
        "fabrikam",
        "free",
        "gmail",
        "gmx",
        "googlemail",
        "hotmail",
        "icloud",
        "laposte",
        "libero",
        "live",
        "mac",
        "mail",
        "msn",
        "orange",
        "outlook",
        "proton",
        "protonmail",
        "t-online",
        "web",
        "yahoo",
        "yandex",
        "ymail",
        "zoho",
    ];
    KNOWN.contains(&label.to_ascii_lowercase().as_str())
}

/// Words that stand before "at" or after it in everyday sentences.
fn is_everyday(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "a",
        "all",
        "am",
        "amazon",
        "and",
        "are",
        "arrive",
        "arrived",
        "available",
        "be",
        "been",
        "bei",
        "best",
        "booking",
        "buy",
        "call",
        "check",
        "clock",
        "de",
        "die",
        "dinner",
        "door",
        "el",
        "end",
        "event",
        "find",
        "first",
        "found",
        "go",
        "good",
        "great",
        "he",
        "hello",
        "her",
        "here",
        "him",
        "hola",
        "home",
        "i",
        "in",
        "is",
        "it",
        "la",
        "last",
        "least",
        "listen",
        "live",
        "lives",
        "look",
        "looked",
        "looking",
        "lunch",
        "me",
        "meet",
        "meeting",
        "midnight",
        "month",
        "morning",
        "most",
        "new",
        "night",
        "noon",
        "not",
        "office",
        "on",
        "once",
        "one",
        "online",
        "only",
        "open",
        "order",
        "out",
        "page",
        "please",
        "point",
        "price",
        "read",
        "register",
        "sale",
        "school",
        "see",
        "service",
        "she",
        "shop",
        "sign",
        "site",
        "speed",
        "staff",
        "start",
        "starts",
        "stay",
        "stop",
        "store",
        "stuff",
        "support",
        "talk",
        "team",
        "thanks",
        "that",
        "the",
        "them",
        "there",
        "they",
        "things",
        "time",
        "today",
        "us",
        "visit",
        "was",
        "we",
        "website",
        "week",
        "were",
        "what",
        "work",
        "worked",
        "working",
        "works",
        "you",
        "your",
    ];
    WORDS.binary_search(&word.to_lowercase().as_str()).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lexicon::{Context, Lexicon};
    use crate::topics::TOPICS;

    fn lexicon() -> Lexicon {
        Lexicon::new(
            TOPICS
                .iter()
                .flat_map(|(owner, words)| words.iter().map(move |word| (*word, *owner))),
        )
    }

    fn find(text: &str) -> Vec<&str> {
        let (lexicon, mut context) = (lexicon(), Context::default());
        let mut around = Surroundings {
            context: &mut context,
            lexicon: &lexicon,
            text,
            base: 0,
        };
        let mut out = Vec::new();
        for (at, _) in text.match_indices('@') {
            if out.last().is_none_or(|last: &Match| last.end <= at) {
                out.extend(at_sign(text, at, &mut around));
            }
        }
        for at in 0..text.len() {
            if text.is_char_boundary(at) && out.last().is_none_or(|last| last.end <= at) {
                with_words(text, at, &mut around, &mut out);
            }
        }
        out.dedup();
        out.into_iter()
            .filter_map(|found| text.get(found.start..found.end))
            .collect()
    }

    #[test]
    fn plain_addresses() {
        for (text, want) in [
            ("write to jdoe@contoso.com.", "jdoe@contoso.com"),
            ("<a.b+c@mail.contoso.co.uk>", "a.b+c@mail.contoso.co.uk"),
            ("mail=jdoe@contoso.com;x", "jdoe@contoso.com"),
            ("a@b.com. Thanks", "a@b.com"),
            ("josé@exämple.org", "josé@exämple.org"),
            ("\"john doe\"@contoso.com", "\"john doe\"@contoso.com"),
        ] {
            assert_eq!(find(text), [want], "{text}");
        }
    }

    #[test]
    fn the_short_way_finds_what_the_long_one_does() {
        let (lexicon, mut context) = (lexicon(), Context::default());
        let befores = [
            "", " ", "x ", "x: ", "dot ", "a. ", "kropka ", "(", ")", "\"", "=", "\\n", "é", "\n",
            "b. ",
        ];
        let afters = [
            "", " ", " x", " dot", ".", ". X", ". x", ".\"", ",", ")", "-", "_", "é", " .com",
            "\n", " at", ".1",
        ];
        let middles = [
            "jdoe@contoso.com",
            "j.doe+x@mail.contoso.co.uk",
            "_a@b.de",
            ".a@b.com",
            "a.@b.com",
            "a@b",
            "a@b.c-d",
            "a@-b.com",
            "a@b..com",
            "-a@b.com",
            "a@b.nosuchname",
        ];
        let mut short = 0;
        for before in befores {
            for middle in middles {
                for after in afters {
                    let text = format!("{before}{middle}{after}");
                    let at = text.find('@').expect("there is a sign");
                    let mut around = Surroundings {
                        context: &mut context,
                        lexicon: &lexicon,
                        text: &text,
                        base: 0,
                    };
                    let Some(found) = super::plain(text.as_bytes(), at) else {
                        continue;
                    };
                    short += 1;
                    let read = disguised::read(&text, at, at + 1);
                    let long = read.and_then(|read| judged(&text, &read, Sign::Plain, &mut around));
                    assert_eq!(long, Some(found), "{text:?}");
                }
            }
        }
        assert!(short > 100, "{short}");
    }

    #[test]
    fn with_spaces() {
        for (text, want) in [
            ("reach jdoe @contoso com today", "jdoe @contoso com"),
            ("jdoe@ contoso.com", "jdoe@ contoso.com"),
            ("jdoe @ contoso . com", "jdoe @ contoso . com"),
            ("john . doe @ contoso . com", "john . doe @ contoso . com"),
            ("jdoe@contoso com", "jdoe@contoso com"),
            ("jdoe@\ncontoso.com", "jdoe@\ncontoso.com"),
            ("jdoe@cont\noso.com", "jdoe@cont\noso.com"),
            (
                "j d o e @ c o n t o s o . c o m",
                "j d o e @ c o n t o s o . c o m",
            ),
        ] {
            let got = find(text);
            assert_eq!(got, [want], "{text}");
        }
    }

    #[test]
    fn with_words_for_signs() {
        for (text, want) in [
            ("jdoe at contoso dot com", "jdoe at contoso dot com"),
            (
                "john dot doe at gmail dot com, please",
                "john dot doe at gmail dot com",
            ),
            (
                "jperez arroba contoso punto es",
                "jperez arroba contoso punto es",
            ),
            (
                "hans klammeraffe contoso punkt de",
                "hans klammeraffe contoso punkt de",
            ),
            (
                "anna małpa contoso kropka pl",
                "anna małpa contoso kropka pl",
            ),
            ("jdoe at contoso.com", "jdoe at contoso.com"),
        ] {
            assert_eq!(find(text), [want], "{text}");
        }
    }

    #[test]
    fn innocent() {
        for text in [
            "meet at noon dot com",
            "npm install @types/node@1.2.3",
            "icon@2x.png",
            "thanks @contoso in advance",
            "user@localhost",
            "look at amazon.com",
            "hola @juan de Madrid",
            "@media print",
            "",
            "@",
            " @ ",
        ] {
            assert_eq!(find(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn everyday_words_are_sorted() {
        assert!(is_everyday("your") && is_everyday("a") && is_everyday("Noon"));
        assert!(!is_everyday("jdoe"));
    }
}
