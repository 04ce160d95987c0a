//! Reads a mail address outwards from its sign, whatever stands for the dots and
//! wherever a line ends inside.
//!
//! To the right labels and the joints between them are read as long as they can
//! lead to a known top-level domain; to the left the local part with its dots.
//! What was read is [`Reading`]; whether enough speaks for it, the module above
//! judges.

use super::{LOCAL, is_label, is_local, is_wide, starts_upper};
use crate::gazetteer::{self, Facts};
use crate::pass::floor;
use crate::tld;

/// Bytes before a sign that are looked at: more than any local part may take, and
/// few enough that a text full of signs costs what its length does.
const BACK: usize = 1024;

/// Words for `.`, small.
pub(crate) const DOTS: &[&str] = &[
    "dot",
    "punto",
    "punkt",
    "point",
    "ponto",
    "punt",
    "kropka",
    "kropki",
    "ドット",
    "点",
];

/// Most labels of a domain.
const LABELS: usize = 10;

/// What stands between two labels, or parts of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// `.`
    Dot,
    /// A word, or a sign in brackets: `dot`, `[.]`.
    Word,
    /// Spaces before a dot, perhaps after it.
    Loose,
    /// A dot, then space: may end a sentence.
    Sentence,
    /// Spaces alone.
    Space,
    /// A line's end inside a label.
    Wrap,
}

/// An address as it was read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Space, or a line's end, before the sign and after it.
    pub(super) gaps: (bool, bool),
    /// Only dots join the labels, and no space stands at the sign.
    pub(super) plain: bool,
    /// A word or a sign in brackets stands for a dot.
    pub(super) worded: bool,
    /// A space stands for a dot.
    pub(super) bare: bool,
    /// The local part's last piece and the domain's first label.
    pub(super) local: (usize, usize),
    pub(super) host: (usize, usize),
    /// The last label, which is a known top-level domain unless `plain`.
    pub(super) suffix: (usize, usize),
    /// The local part has several pieces.
    pub(super) joined: bool,
    /// A line ends inside the local part, or between it and the sign.
    pub(super) broken: bool,
}

/// Reads the address around a sign.
pub(super) fn read(text: &str, start: usize, end: usize) -> Option<Reading> {
    let right = domain(text, end)?;
    let left = local(text, start)?;
    Some(Reading {
        start: left.start,
        end: right.end,
        gaps: (left.gap, right.gap),
        plain: right.plain && !left.gap && !right.gap,
        worded: right.worded || left.worded,
        bare: right.bare,
        local: left.last,
        host: right.first,
        suffix: right.last,
        joined: left.joined,
        broken: left.broken,
    })
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// A line's end with what mail and indentation put around it, or blanks: its
/// length, and whether a line ends there.
fn gap(rest: &str) -> Option<(usize, bool)> {
    let bytes = rest.as_bytes();
    let blanks = |from: usize, most: usize| {
        let tail = bytes.get(from..).unwrap_or(&[]);
        tail.iter().take(most).take_while(|b| is_blank(**b)).count()
    };
    let mut at = blanks(0, 4);
    let soft = usize::from(bytes.get(at) == Some(&b'='));
    let line = match bytes.get(at + soft..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([b'\n', ..]) => 1,
        _ => return (at <= 3).then_some((at, false)),
    };
    at += soft + line;
    at += blanks(at, 12);
    for _ in 0..4 {
        if bytes.get(at) != Some(&b'>') {
            break;
        }
        at += 1;
        at += blanks(at, 4);
    }
    Some((at, true))
}

/// The same before a place: the length back.
fn gap_before(head: &str) -> Option<(usize, bool)> {
    let quoted = head.trim_end_matches([' ', '\t', '>']);
    if let Some(line) = quoted.strip_suffix('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let line = line.strip_suffix('=').unwrap_or(line);
        let kept = line.trim_end_matches([' ', '\t']);
        let length = head.len() - kept.len();
        return (length <= 20).then_some((length, true));
    }
    let kept = head.trim_end_matches([' ', '\t']);
    let length = head.len() - kept.len();
    (length <= 3).then_some((length, false))
}

/// The length of a label.
fn label(text: &str) -> usize {
    // "contoso.comです": a label is of one kind of script.
    let latin = text.starts_with(|ch: char| ch.is_ascii_alphanumeric());
    let rest = text.trim_start_matches(|ch| is_label(ch) && !(latin && is_wide(ch)));
    let own = text.get(..text.len() - rest.len()).unwrap_or("");
    own.trim_end_matches('-').len()
}

/// `[.]`, `(dot)`, `_dot_`: the length.
fn sign(rest: &str) -> Option<usize> {
    let open = rest.chars().next()?;
    let close = match open {
        '[' => ']',
        '(' => ')',
        '{' => '}',
        '<' => '>',
        '_' | '-' => open,
        _ => return None,
    };
    let inner = rest.get(1..)?;
    let length = inner
        .char_indices()
        .take(10)
        .find(|(_, ch)| *ch == close)?
        .0;
    let word = inner.get(..length)?.trim();
    (is_dot_word(word) || word == "." && open != '_' && open != '-').then_some(length + 2)
}

fn is_dot_word(word: &str) -> bool {
    DOTS.iter().any(|dot| word.eq_ignore_ascii_case(dot))
}

/// A word for a dot at the beginning: its length.
fn dot_word(rest: &str) -> Option<usize> {
    DOTS.iter()
        .find(|dot| {
            let head = rest.get(..dot.len());
            let next = rest.get(dot.len()..).and_then(|tail| tail.chars().next());
            head.is_some_and(|head| head.eq_ignore_ascii_case(dot))
                && (!dot.is_ascii() || next.is_some_and(char::is_whitespace))
        })
        .map(|dot| dot.len())
}

/// What follows a label: how long until the next one, and what it is.
fn joint(rest: &str) -> Option<(usize, Joint)> {
    let (before, line) = gap(rest)?;
    let tail = rest.get(before..)?;
    let after = |at: usize| {
        let (length, line) = gap(tail.get(at..)?)?;
        Some((before + at + length, length, line))
    };
    if tail.starts_with('.') {
        let (length, second, _) = after(1)?;
        let kind = match (before, second) {
            (0, 0) => Joint::Dot,
            (0, _) => Joint::Sentence,
            _ => Joint::Loose,
        };
        return Some((length, kind));
    }
    if let Some(length) = sign(tail) {
        return Some((after(length)?.0, Joint::Word));
    }
    if let Some(length) = dot_word(tail) {
        let wide = tail.starts_with(is_wide);
        let (total, second, _) = after(length)?;
        if wide || before > 0 && second > 0 {
            return Some((total, Joint::Word));
        }
    }
    match before {
        0 => None,
        _ if line => Some((before, Joint::Wrap)),
        1 | 2 => Some((before, Joint::Space)),
        _ => None,
    }
}

struct Domain {
    end: usize,
    first: (usize, usize),
    last: (usize, usize),
    gap: bool,
    plain: bool,
    worded: bool,
    bare: bool,
}

/// Second levels below which a country's code follows: `co.uk`.
fn is_second_level(label: &str) -> bool {
    ["co", "com", "org", "net", "gov", "edu", "ac", "or", "ne"]
        .iter()
        .any(|known| label.eq_ignore_ascii_case(known))
}

/// A top-level domain that is also the name of many an example.
fn is_example(label: &str) -> bool {
    label.eq_ignore_ascii_case("example")
}

fn domain(text: &str, from: usize) -> Option<Domain> {
    let (skip, _) = gap(text.get(from..)?)?;
    let start = from + skip;
    let length = label(text.get(start..)?);
    if length == 0 {
        return None;
    }
    let first = (start, start + length);
    let mut last = first;
    // A label's beginning on the line before.
    let mut part = "";
    let (mut plain, mut worded, mut bare) = (true, false, false);
    let mut best: Option<Domain> = None;
    for _ in 0..LABELS {
        let Some((length, kind)) = joint(text.get(last.1..)?) else {
            break;
        };
        let at = last.1 + length;
        let rest = text.get(at..)?;
        let own = label(rest);
        let Some(next) = rest.get(..own).filter(|next| !next.is_empty()) else {
            break;
        };
        let before = text.get(last.0..last.1)?;
        let ended = best.is_some() && tld::known(before) && part.is_empty();
        let country = || is_second_level(before) && next.len() == 2;
        let beyond = rest.get(own..)?;
        let closed = || {
            let next = beyond.trim_start_matches([' ', '\t']).chars().next();
            let dotted = beyond
                .strip_prefix('.')
                .is_some_and(|tail| tail.starts_with(char::is_alphanumeric));
            next.is_none_or(|ch| !ch.is_alphanumeric() || is_wide(ch)) && !dotted
        };
        let glued = kind == Joint::Wrap
            && next.len() <= 3
            && before.len() + next.len() <= 4
            && (closed() || beyond.starts_with('.'))
            && tld::distinctive(&format!("{before}{next}"));
        let joined = match kind {
            Joint::Dot => true,
            // "a@b.com dot": a known end is left for another one only.
            Joint::Word => !ended || tld::known(next),
            Joint::Loose => !ended || tld::known(next) && (country() || is_example(before)),
            Joint::Sentence => {
                !starts_upper(next) && tld::known(next) && (!ended || country() && closed())
                    || !ended && !starts_upper(next) && text.get(last.1..at)?.contains('\n')
            }
            Joint::Space => {
                !starts_upper(next)
                    && if ended {
                        bare && tld::known(next) && (country() || is_example(before))
                    } else if tld::known(next) {
                        tld::distinctive(next)
                            || is_second_level(next)
                            || is_example(next)
                            || closed()
                    } else {
                        // "mail contoso com"
                        joint(beyond).is_some_and(|(skip, kind)| {
                            let rest = beyond.get(skip..).unwrap_or("");
                            let end = rest.get(..label(rest)).unwrap_or("");
                            kind == Joint::Space && tld::distinctive(end) && !starts_upper(end)
                        })
                    }
            }
            Joint::Wrap => glued || !ended && !starts_upper(next) && part.is_empty(),
        };
        if !joined {
            break;
        }
        plain &= kind == Joint::Dot;
        worded |= kind == Joint::Word;
        bare |= kind == Joint::Space;
        let wrapped = kind == Joint::Wrap && !glued;
        part = if wrapped { before } else { "" };
        last = (at, at + own);
        let known = tld::known(next) || glued;
        if !wrapped && (known || plain && tld::plausible(next)) {
            best = Some(Domain {
                end: last.1,
                first,
                last,
                gap: skip > 0,
                plain: plain && skip == 0,
                worded,
                bare,
            });
        }
    }
    // A disguise needs an end that is known.
    best.filter(|found| {
        found.plain
            || found.end > found.last.1
            || text
                .get(found.last.0..found.last.1)
                .is_some_and(|end| tld::known(end) || end.len() <= 3)
    })
}

struct Local {
    start: usize,
    last: (usize, usize),
    gap: bool,
    worded: bool,
    joined: bool,
    broken: bool,
}

/// Where the piece begins that ends a text.
fn piece(left: &str) -> usize {
    let kept = left.trim_end_matches(is_local);
    let token = left.get(kept.len()..).unwrap_or("");
    let cut = token.trim_start_matches(|ch: char| !ch.is_alphanumeric() && ch != '_');
    let mut start = left.len() - cut.len();
    // "メールはjdoe@…": scripts without spaces end where the address begins.
    if cut.ends_with(|ch: char| ch.is_ascii_alphanumeric() || "._-+".contains(ch))
        && let Some((at, ch)) = cut.char_indices().rev().find(|(_, ch)| is_wide(*ch))
    {
        start += at + ch.len_utf8();
    }
    // The `n` of a line break that is still escaped is no part of it.
    let own = left.get(start..).unwrap_or("");
    if left.get(..start).is_some_and(|head| head.ends_with('\\'))
        && own.starts_with(['n', 'r', 't'])
    {
        start += 1;
    }
    // `key=a@b.c` and `/path/a@b.c`: what a value is introduced by is not its part.
    let own = left.get(start..).unwrap_or("");
    if let Some(sign) = own.rfind(['=', '/', '?', '&', '\'', '`', '|', '{', '}', '#']) {
        start += sign + 1;
    }
    start
}

fn local(text: &str, sign: usize) -> Option<Local> {
    let base = floor(text, sign.saturating_sub(BACK));
    let found = local_of(text.get(base..sign)?)?;
    Some(Local {
        start: base + found.start,
        last: (base + found.last.0, base + found.last.1),
        ..found
    })
}

/// The local part that ends a text, before a sign.
fn local_of(head: &str) -> Option<Local> {
    let (skip, line) = gap_before(head)?;
    let end = head.len() - skip;
    let left = head.get(..end)?;
    if let Some(inner) = left.strip_suffix('"') {
        let open = inner.rfind('"').filter(|at| inner.len() - at <= LOCAL)?;
        let good = inner.len() > open + 1 && !inner.get(open..)?.contains('\n');
        return good.then_some(Local {
            start: open,
            last: (open, end),
            gap: skip > 0,
            worded: false,
            joined: false,
            broken: line,
        });
    }
    let mut start = piece(left);
    let last = (start, end);
    let own = left.get(start..)?;
    if own.is_empty() || own.ends_with('.') || !own.chars().any(char::is_alphanumeric) {
        return None;
    }
    let (mut worded, mut joined, mut broken) = (false, false, line);
    for _ in 0..6 {
        let Some((earlier, kind)) = piece_before(left.get(..start)?, left.get(start..)?) else {
            break;
        };
        if end - earlier > LOCAL * 2 {
            break;
        }
        worded |= kind == Joint::Word;
        broken |= kind == Joint::Wrap;
        joined = true;
        start = earlier;
    }
    (end - start <= LOCAL * 2).then_some(Local {
        start,
        last,
        gap: skip > 0,
        worded,
        joined,
        broken,
    })
}

/// The beginning of a piece of the local part that is joined to what follows.
fn piece_before(head: &str, next: &str) -> Option<(usize, Joint)> {
    let (skip, line) = gap_before(head)?;
    let left = head.get(..head.len() - skip)?;
    let from = |left: &str| {
        let start = piece(left);
        let own = left.get(start..)?;
        let good = own.ends_with(char::is_alphanumeric) || own.ends_with('_');
        good.then_some(start)
    };
    // "john . doe": with space on both sides, or none.
    if let Some(rest) = left.strip_suffix('.') {
        let (space, _) = gap_before(rest)?;
        if space > 0 && skip > 0 {
            return Some((from(rest.get(..rest.len() - space)?)?, Joint::Loose));
        }
        return None;
    }
    if let Some(open) = left
        .rfind(['[', '(', '{', '<'])
        .filter(|at| left.len() - at < 16)
        && sign(left.get(open..)?) == Some(left.len() - open)
    {
        let rest = left.get(..open)?;
        let (space, _) = gap_before(rest)?;
        return Some((from(rest.get(..rest.len() - space)?)?, Joint::Word));
    }
    if skip > 0 {
        let word = left.rfind(char::is_whitespace).map_or(0, |at| at + 1);
        let wide = |dot: &&&str| !dot.is_ascii() && left.ends_with(**dot);
        let length = match DOTS.iter().find(wide) {
            Some(dot) => dot.len(),
            None => left.len() - word,
        };
        let (rest, dot) = left.split_at_checked(left.len() - length)?;
        if is_dot_word(dot) {
            let (space, _) = gap_before(rest)?;
            if space > 0 || !dot.is_ascii() {
                return Some((from(rest.get(..rest.len() - space)?)?, Joint::Word));
            }
        }
    }
    // A line's end inside: the piece before must not be a word of the sentence.
    if line && skip > 0 {
        let start = from(left)?;
        let own = left.get(start..)?;
        // The end of a number on the line before: "+49 30 901820\nanna@…".
        if own.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let signed = own
            .bytes()
            .any(|byte| byte.is_ascii_digit() || b"._-+%".contains(&byte));
        let facts = gazetteer::lookup(own);
        let named = facts.any(Facts::GIVEN | Facts::SURNAME);
        let open = signed && !own.ends_with(|ch: char| ch == '_' && own.len() == 1)
            || !starts_upper(own) && own.is_ascii() && (!facts.any(Facts::WORD) || named)
            || own.len() == 1
                && !matches!(own, "a" | "e" | "o" | "y" | "i" | "I" | "A" | "u" | "à");
        let continues =
            next.starts_with(|ch: char| ch.is_ascii_alphanumeric() || "._-+".contains(ch));
        return (open && continues && own.len() <= LOCAL).then_some((start, Joint::Wrap));
    }
    None
}
