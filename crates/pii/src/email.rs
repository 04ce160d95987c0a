//! Mail addresses, plain or with spaces and words around or instead of `@` and
//! `.`.
//!
//! A plain address needs nothing else. The further a spelling is from one, the
//! more must speak for it: a domain that is known, a local part that is no
//! everyday word, a word such as "mail" nearby. So "meet at noon dot com" is
//! left alone. What entities, escapes and look-alikes hide was undone before.

use crate::context::Window;
use crate::tld;

/// Longest local part and domain (RFC 5321 section 4.5.3.1).
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

/// The address around an `@`.
pub(crate) fn at_sign(text: &str, at: usize, field: &str) -> Option<Match> {
    around(text, at, field).or_else(|| spaced_out(text, at))
}

fn around(text: &str, at: usize, field: &str) -> Option<Match> {
    let (head, tail) = (text.get(..at)?, text.get(at + 1..)?);
    let left = head.trim_end_matches([' ', '\t']);
    let left = match head.len() - left.len() {
        0 => head.strip_suffix('\n').map_or(head, str::trim_end),
        1..=3 => left,
        _ => return None,
    };
    let gap_left = head.len() - left.len();
    let start = local_start(left, gap_left > 0)?;
    let local = left.get(start..)?;
    let trimmed = tail.trim_start_matches([' ', '\t', '\n', '\r']);
    let gap_right = tail.len() - trimmed.len();
    if gap_right > 4 {
        return None;
    }
    let domain = domain(trimmed, gap_left + gap_right > 0)?;
    let end = at + 1 + gap_right + domain.length;
    let (score, rule) = if gap_left + gap_right == 0 && !domain.spaced {
        (99, "email")
    } else {
        let window = Window::around(text, start, end, field);
        let evidence = usize::from(domain.distinctive)
            + usize::from(!is_everyday(local))
            + usize::from(window.has_any(MAIL_WORDS))
            + usize::from(gap_left == 0 || gap_right == 0 && !domain.bare);
        if evidence < 2 || (gap_left > 0 && is_everyday(local) && !domain.distinctive) {
            return None;
        }
        // "thanks @contoso com" names nobody.
        if gap_left > 0 && gap_right == 0 && is_everyday(local) {
            return None;
        }
        (90, "email-spaced")
    };
    Some(Match {
        start,
        end,
        score,
        rule,
    })
}

/// Where the local part begins that ends a text.
fn local_start(left: &str, spaced: bool) -> Option<usize> {
    if let Some(inner) = left.strip_suffix('"') {
        let open = inner
            .rfind('"')
            .filter(|open| inner.len() - open <= LOCAL)?;
        return (inner.len() > open + 1 && !inner.get(open..)?.contains('\n')).then_some(open);
    }
    let token = |text: &str| {
        let kept = text.trim_end_matches(is_local);
        let token = text.get(kept.len()..).unwrap_or("");
        let cut = token.trim_start_matches(|ch: char| !ch.is_alphanumeric() && ch != '_');
        text.len() - cut.len()
    };
    let mut start = token(left);
    // "メールはjdoe@…": scripts without spaces end where the address begins.
    let own = left.get(start..)?;
    if own.ends_with(|ch: char| ch.is_ascii_alphanumeric()) {
        start += own.rfind(is_wide).map_or(0, |at| {
            at + own
                .get(at..)
                .and_then(|t| t.chars().next())
                .map_or(0, char::len_utf8)
        });
    }
    // The `n` of a line break that is still escaped is no part of it.
    if left.get(..start)?.ends_with('\\') && left.get(start..)?.starts_with(['n', 'r', 't']) {
        start += 1;
    }
    // `key=a@b.c` and `/path/a@b.c`: what a value is introduced by is not its part.
    let own = left.get(start..)?;
    if let Some(sign) = own.rfind(['=', '/', '?', '&', '\'', '`', '|', '{', '}', '#']) {
        start += sign + 1;
    }
    // "john . doe @ contoso . com"
    loop {
        if !spaced {
            break;
        }
        let before = left.get(..start)?;
        let Some(rest) = before.strip_suffix(". ").map(str::trim_end) else {
            break;
        };
        let earlier = token(rest);
        if earlier == rest.len() || rest.len() == before.len() - 2 {
            break;
        }
        start = earlier;
    }
    let local = left.get(start..)?;
    let ends = local.chars().next_back().is_some_and(|ch| ch != '.');
    (ends && local.len() <= LOCAL && local.chars().any(char::is_alphanumeric)).then_some(start)
}

/// A domain at the beginning of a text.
#[derive(Debug, PartialEq, Eq)]
struct Domain {
    length: usize,
    /// Whether spaces stand inside.
    spaced: bool,
    /// Whether a space stands for a dot.
    bare: bool,
    /// Whether its end is known and no everyday word.
    distinctive: bool,
}

fn is_wide(ch: char) -> bool {
    u32::from(ch) >= 0x2e80
}

fn label(text: &str) -> &str {
    // "contoso.comです": a label is of one kind of script.
    let latin = text.starts_with(|ch: char| ch.is_ascii_alphanumeric());
    let rest = text.trim_start_matches(|ch| is_label(ch) && !(latin && is_wide(ch)));
    text.get(..text.len() - rest.len())
        .unwrap_or("")
        .trim_end_matches('-')
}

/// What stands between two labels.
fn separator(text: &str) -> Option<(usize, Gap)> {
    let trimmed = text.trim_start_matches([' ', '\t', '\r', '\n']);
    let gap = text.len() - trimmed.len();
    if gap > 3 {
        return None;
    }
    if let Some(rest) = trimmed.strip_prefix('.') {
        let after = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let second = rest.len() - after.len();
        if second > 3 {
            return None;
        }
        let kind = match (gap, second) {
            (0, 0) => Gap::Dot,
            (0, _) => Gap::Sentence,
            _ => Gap::Spaced,
        };
        return Some((gap + 1 + second, kind));
    }
    let wrapped = gap > 0 && text.get(..gap).is_some_and(|space| space.contains('\n'));
    match gap {
        0 => None,
        _ if wrapped => Some((gap, Gap::Wrapped)),
        1 => Some((1, Gap::Space)),
        _ => None,
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gap {
    /// `.`
    Dot,
    /// A dot, then space: may end a sentence.
    Sentence,
    /// Space, dot, perhaps space.
    Spaced,
    /// A space instead of a dot.
    Space,
    /// A line's end inside a label.
    Wrapped,
}

fn domain(text: &str, spaced_sign: bool) -> Option<Domain> {
    let first = label(text);
    if first.is_empty() {
        return None;
    }
    let mut at = first.len();
    let mut best: Option<Domain> = None;
    let (mut spaced, mut bare) = (false, false);
    let mut last = first;
    for _ in 0..10 {
        let Some((gap, kind)) = separator(text.get(at..)?) else {
            break;
        };
        let next = label(text.get(at + gap..)?);
        if next.is_empty() || at + gap + next.len() > DOMAIN {
            break;
        }
        let ended = best.is_some() && tld::known(last);
        let joined = match kind {
            Gap::Dot => true,
            // "a@b.com. Thanks": a known end is only left for another one.
            Gap::Sentence => tld::known(next) && !ended && !starts_upper(next),
            Gap::Spaced => !ended || tld::known(next),
            Gap::Space => {
                let after = text.get(at + gap + next.len()..)?;
                let closed = after
                    .trim_start_matches([' ', '\t'])
                    .chars()
                    .next()
                    .is_none_or(|ch| !ch.is_alphanumeric());
                (tld::distinctive(next) || (spaced_sign && tld::known(next) && closed))
                    && !ended
                    && !starts_upper(next)
            }
            Gap::Wrapped => {
                let after = text.get(at + gap + next.len()..)?;
                let more = after.strip_prefix('.').map_or("", label);
                !ended && !starts_upper(next) && tld::known(more)
            }
        };
        if !joined {
            break;
        }
        spaced |= kind != Gap::Dot;
        bare |= kind == Gap::Space;
        at += gap + next.len();
        last = next;
        if kind != Gap::Wrapped && (tld::plausible(next) || tld::known(next)) {
            best = Some(Domain {
                length: at,
                spaced,
                bare,
                distinctive: tld::distinctive(next) || is_provider(first),
            });
        }
    }
    best.filter(|domain| {
        // A disguise needs an end that is known.
        let end = text.get(..domain.length).unwrap_or("");
        let end = end.rsplit(['.', ' ', '\n']).next().unwrap_or("");
        (!domain.spaced && !spaced_sign) || tld::known(end)
    })
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
        if chars.peek().is_some_and(|(_, before)| *before != ' ') || left >= LOCAL {
            break;
        }
        start = index;
        left += 1;
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
            .is_some_and(|(_, after)| after.is_alphanumeric())
            || domain.len() > DOMAIN
        {
            break;
        }
        domain.push(ch);
        end = at + 1 + index + ch.len_utf8();
    }
    let (name, suffix) = domain.rsplit_once('.')?;
    (left >= 2 && name.len() >= 2 && tld::known(suffix)).then_some(Match {
        start,
        end,
        score: 90,
        rule: "email-spaced-out",
    })
}

/// Words for `@`, each with the words for `.` that go with it.
const AT_WORDS: &[(&str, &[&str])] = &[
    ("at", &["dot", "punkt"]),
    ("arroba", &["punto", "ponto", "dot"]),
    ("klammeraffe", &["punkt", "dot"]),
    ("ät", &["punkt", "dot"]),
    ("arobase", &["point", "dot"]),
    ("chez", &["point"]),
    ("chiocciola", &["punto"]),
    ("małpa", &["kropka"]),
    ("malpa", &["kropka"]),
    ("apenstaartje", &["punt"]),
    ("アットマーク", &["ドット"]),
    ("アット", &["ドット"]),
];

/// Every address in which words stand for `@` and `.`.
pub(crate) fn with_words(text: &str, field: &str, out: &mut Vec<Match>) {
    let words = words(text);
    let mut next = 0;
    for (index, &(start, end)) in words.iter().enumerate() {
        if index < next.max(1) {
            continue;
        }
        let word = text.get(start..end).unwrap_or("").to_lowercase();
        let Some((_, dots)) = AT_WORDS.iter().find(|(known, _)| *known == word) else {
            continue;
        };
        if let Some((found, used)) = worded(text, &words, index, dots, &word, field) {
            next = used;
            out.push(found);
        }
    }
}

/// Runs of characters without space, punctuation at their end left out.
fn words(text: &str) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut at = 0;
    for token in text.split_inclusive(char::is_whitespace) {
        let body = token
            .trim_end_matches(|ch: char| ch.is_whitespace() || ",;:!?\"')]}>。、".contains(ch));
        let kept = body.trim_start_matches(['"', '\'', '(', '[', '<', ',', ':']);
        if !kept.is_empty() {
            let start = at + body.len() - kept.len();
            out.push((start, start + kept.len()));
        }
        at += token.len();
    }
    out
}

fn worded(
    text: &str,
    words: &[(usize, usize)],
    at: usize,
    dots: &[&str],
    sign: &str,
    field: &str,
) -> Option<(Match, usize)> {
    let get = |index: usize| {
        let (start, end) = *words.get(index)?;
        text.get(start..end)
    };
    let is_dot = |index: usize| {
        get(index).is_some_and(|word| word == "." || dots.contains(&word.to_lowercase().as_str()))
    };
    // The words are apart by a space or two, never a paragraph.
    let near = |a: usize, b: usize| match (words.get(a), words.get(b)) {
        (Some((_, end)), Some((start, _))) => start.saturating_sub(*end) <= 2,
        _ => false,
    };
    let mut first = at.checked_sub(1).filter(|first| near(*first, at))?;
    let local = get(first)?;
    if !local.chars().all(is_local) || !local.chars().any(char::is_alphanumeric) {
        return None;
    }
    let mut dotted =
        local.contains(['.', '_', '-', '+']) || local.bytes().any(|b| b.is_ascii_digit());
    while first >= 2
        && is_dot(first - 1)
        && near(first - 1, first)
        && near(first - 2, first - 1)
        && get(first - 2).is_some_and(|word| word.chars().all(is_local))
    {
        first -= 2;
        dotted = true;
    }
    let mut last = at + 1;
    let host = get(last).filter(|_| near(at, last))?;
    let mut end;
    let mut worded = 0;
    let suffix = loop {
        let word = get(last)?;
        let word = word.trim_end_matches('.');
        if !word.chars().all(|ch| is_label(ch) || ch == '.') {
            return None;
        }
        end = words.get(last)?.0 + word.len();
        if is_dot(last + 1)
            && near(last, last + 1)
            && near(last + 1, last + 2)
            && get(last + 2).is_some()
        {
            worded += 1;
            last += 2;
            continue;
        }
        break match word.rsplit_once('.') {
            Some((_, suffix)) => suffix,
            None if worded > 0 => word,
            None => return None,
        };
    };
    if !tld::known(suffix) {
        return None;
    }
    let start = words.get(first)?.0;
    let host = host.split('.').next().unwrap_or(host);
    let local = get(at - 1)?;
    let window = Window::around(text, start, end, field);
    let evidence = usize::from(sign != "at" && sign != "chez") * 2
        + usize::from(is_provider(host)) * 2
        + usize::from(dotted) * 2
        + usize::from(window.has_any(MAIL_WORDS)) * 2
        + usize::from(!is_everyday(local))
        + usize::from(!is_everyday(host) && tld::distinctive(suffix));
    (evidence >= 2 && (sign != "at" || dotted || !is_everyday(local) || is_provider(host)))
        .then_some((
            Match {
                start,
                end,
                score: 85,
                rule: "email-in-words",
            },
            last + 1,
        ))
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

/// Words that announce a mail address.
const MAIL_WORDS: &[&str] = &[
    "email",
    "e mail",
    "mail",
    "mailto",
    "mails",
    "correo",
    "courriel",
    "mél",
    "posta",
    "poczta",
    "contact",
    "contacto",
    "kontakt",
    "contatto",
    "reach",
    "write",
    "escríbeme",
    "schreib",
    "écrivez",
    "scrivi",
    "napisz",
    "メール",
    "address",
    "adresse",
    "dirección",
];

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

    fn find(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        for (at, _) in text.match_indices('@') {
            if out.last().is_none_or(|last: &Match| last.end <= at) {
                out.extend(at_sign(text, at, ""));
            }
        }
        with_words(text, "", &mut out);
        out.into_iter()
            .filter_map(|found| text.get(found.start..found.end))
            .collect()
    }

    #[test]
    fn plain() {
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
