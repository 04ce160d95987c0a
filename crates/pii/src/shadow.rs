//! A plain reading of text that is written in disguise, with a map back.
//!
//! Undone here, in one pass: HTML entities, percent, quoted-printable and
//! backslash escapes; zero-width and direction marks and soft hyphens (dropped);
//! compatibility forms such as full width; decimal digits of any script; Cyrillic
//! and Greek letters that look Latin; odd spaces and dashes; bracketed `[at]` and
//! `(dot)`. Spaces and words instead of `@` and `.` are the mail recogniser's.
//!
//! Invariant: every byte of the shadow knows the bytes of the original that it
//! was made from, in order, so a span of the shadow is a span of the original on
//! character borders.

use crate::spoken::{self, Run, Spoken};
use unicode_normalization::UnicodeNormalization as _;

/// The plain reading of a text.
#[derive(Default)]
pub(crate) struct Shadow {
    text: String,
    /// For every byte of `text`, where its origin begins and ends.
    map: Vec<(usize, usize)>,
}

/// Whether an escape or a bracketed sign begins at a byte.
pub(crate) fn is_escape(bytes: &[u8], at: usize) -> bool {
    let hex_at = |at: usize| {
        bytes.get(at).is_some_and(u8::is_ascii_hexdigit)
            && bytes.get(at + 1).is_some_and(u8::is_ascii_hexdigit)
    };
    match bytes.get(at) {
        Some(b'%') => hex_at(at + 1),
        Some(b'&') => bytes
            .get(at + 1)
            .is_some_and(|next| *next == b'#' || next.is_ascii_alphabetic()),
        Some(b'\\') => matches!(bytes.get(at + 1), Some(b'u' | b'x' | b'U')),
        Some(b'[' | b'(' | b'{' | b'<') => bracketed(bytes.get(at..).unwrap_or(&[])).is_some(),
        _ => false,
    }
}

/// Whether a quoted-printable escape or a soft line break begins at a byte.
pub(crate) fn is_quoted(bytes: &[u8], at: usize) -> bool {
    matches!(
        bytes.get(at..),
        Some(
            [b'=', b'\n', ..]
            | [b'=', b'\r', b'\n', ..]
            | [b'=', b'4', b'0', ..]
            | [b'=', b'2', b'e' | b'E' | b'd' | b'D' | b'B' | b'b', ..]
            | [b'=', b'3', b'd' | b'D', ..]
            | [
                b'=',
                b'C' | b'E',
                b'2' | b'0'..=b'9' | b'A'..=b'F',
                b'=',
                ..,
            ],
        )
    )
}

/// The length of a character beyond ASCII that needs no plain reading where it
/// stands; `None` for one that does.
pub(crate) fn harmless(text: &str, at: usize) -> Option<usize> {
    let Some(ch) = text.get(at..).and_then(|tail| tail.chars().next()) else {
        return Some(1);
    };
    let length = ch.len_utf8();
    let bytes = text.as_bytes();
    let before = at.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let after = bytes.get(at + length).copied();
    let part = |byte: Option<u8>| {
        byte.is_some_and(|byte| {
            byte >= 0x80 || byte.is_ascii_alphanumeric() || b"@.+()-_".contains(&byte)
        })
    };
    let inside = part(before) && part(after);
    #[expect(clippy::match_same_arms, reason = "a table, block by block")]
    let harmful = match u32::from(ch) {
        // Letters of the Latin script, but for the few that stand for others.
        0xc0..=0x24f => matches!(ch, 'ı' | 'ĳ' | 'ŉ' | 'ſ' | 'ŀ'),
        // Greek and Cyrillic, next to what is Latin.
        0x370..=0x52f => plain(ch).is_some() && is_mixed(bytes, at),
        0x250..=0x2af => plain(ch).is_some(),
        // Kana, ideographs, Hangul; their full stop may be an address's.
        0x3001 | 0x3003..=0x9fff | 0xac00..=0xd7ff => false,
        0x3002 | 0xff61 => {
            before.is_some_and(|byte| byte.is_ascii_alphanumeric())
                && after.is_some_and(|byte| byte.is_ascii_alphanumeric())
        }
        0xff01..=0xff5e => {
            matches!(ch, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '＠' | '＋')
                || matches!(ch, '．' | '－' | '（' | '）' | '＿' | '／' | '：') && inside
        }
        // Quotes, bullets, ellipses, currencies, arrows, pictures.
        0x2016..=0x2023
        | 0x2026
        | 0x2030..=0x205e
        | 0x20a0..=0x20bf
        | 0x2122
        | 0x2190..=0x2211
        | 0x2213..=0x245f
        | 0x2500..=0x2bff
        | 0x1f000..=0x1ffff => false,
        // Marks that are not seen, next to something.
        _ if is_ignored(ch) => part(before) || part(after),
        // Spaces and dashes, inside something.
        0xa0
        | 0x1680
        | 0x2000..=0x200a
        | 0x2010..=0x2015
        | 0x2024..=0x202f
        | 0x205f
        | 0x2212
        | 0x3000 => inside,
        0xa1..=0xa9 | 0xab | 0xac | 0xae..=0xb1 | 0xb4 | 0xb6 | 0xb7 | 0xbb | 0xbf => false,
        _ => plain(ch).is_some() || std::iter::once(ch).nfkc().next() != Some(ch),
    };
    (!harmful).then_some(length)
}

/// Whether ASCII letters, digits or `@` stand in one word with a character.
fn is_mixed(bytes: &[u8], at: usize) -> bool {
    let own = |byte: &&u8| !byte.is_ascii_whitespace() && !b"\",;()<>".contains(byte);
    let latin = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'@';
    bytes
        .get(at..bytes.len().min(at + 48))
        .unwrap_or(&[])
        .iter()
        .take_while(own)
        .any(latin)
        || bytes
            .get(at.saturating_sub(48)..at)
            .unwrap_or(&[])
            .iter()
            .rev()
            .take_while(own)
            .any(latin)
}

/// Whether a `+` stands between two words of a text that has percent escapes in it:
/// `text=Al+IBAN+FR76+1027%2C`.
fn is_query_space(bytes: &[u8], at: usize) -> bool {
    let (head, tail) = bytes.split_at(at);
    let tail = tail.get(1..).unwrap_or(&[]);
    let joins = |byte: Option<&u8>| {
        byte.is_some_and(|byte| {
            byte.is_ascii_alphanumeric()
                || matches!(
                    byte,
                    b',' | b'.' | b':' | b';' | b'%' | b')' | b'+' | b'-' | b'('
                )
        })
    };
    if !joins(head.last()) || !joins(tail.first()) {
        return false;
    }
    let own = |byte: &&u8| !byte.is_ascii_whitespace() && !matches!(byte, b'"' | b'<' | b'>');
    let escape = |run: &[u8]| {
        run.windows(3).any(|three| {
            three[0] == b'%' && three[1].is_ascii_hexdigit() && three[2].is_ascii_hexdigit()
        })
    };
    let back = head.iter().rev().take(96).take_while(own).count();
    let on = tail.iter().take(96).take_while(own).count();
    escape(&head[head.len() - back..]) || escape(&tail[..on])
}

impl Shadow {
    /// Reads a text plainly, in place of the last one.
    pub(crate) fn read(&mut self, text: &str) {
        self.read_as(text, true);
    }

    /// The same of what is no number: an O beside a digit stays a letter.
    pub(crate) fn read_letters(&mut self, text: &str) {
        self.read_as(text, false);
    }

    fn read_as(&mut self, text: &str, zeros: bool) {
        self.text.clear();
        self.map.clear();
        let shadow = self;
        let mut at = 0;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            if zeros && let Some(length) = number_with_o(text, at) {
                for (index, byte) in rest.bytes().take(length).enumerate() {
                    let group = rest.as_bytes().get(..length).unwrap_or(&[]);
                    let digit = if crate::chain::reads_as_zero(group, index) {
                        '0'
                    } else {
                        char::from(byte)
                    };
                    shadow.push(digit, at + index, at + index + 1);
                }
                at += length;
                continue;
            }
            // `2O3.O.113.9`
            if zeros
                && matches!(rest.as_bytes(), [b'O' | b'o', b'.', ..])
                && shadow.text.ends_with('.')
            {
                shadow.push('0', at, at + 1);
                at += 1;
                continue;
            }
            // A space in the query of a URL.
            if rest.starts_with('+') && is_query_space(text.as_bytes(), at) {
                shadow.push(' ', at, at + 1);
                at += 1;
                continue;
            }
            let (read, length) = decode(rest);
            let end = at + length;
            match read {
                // A full stop, unless it is an address's.
                Read::Char(ch @ ('\u{3002}' | '\u{ff61}')) if !is_inside(text, at, end) => {
                    shadow.push(ch, at, end);
                }
                // Greek and Cyrillic words are what they look like.
                Read::Char(ch @ '\u{370}'..='\u{52f}') if !is_mixed(text.as_bytes(), at) => {
                    shadow.push(ch, at, end);
                }
                Read::Char(ch) => shadow.push_plain(ch, at, end),
                Read::Sign(sign) => {
                    shadow.trim_spaces();
                    shadow.push(sign, at, end);
                    let spaces = text
                        .get(end..)
                        .unwrap_or("")
                        .bytes()
                        .take_while(|byte| *byte == b' ')
                        .count();
                    at = end + spaces;
                    continue;
                }
                Read::Nothing => {}
            }
            at = end;
        }
    }

    /// Reads a part of a text with the digits of a run of words as digits.
    pub(crate) fn read_spoken(&mut self, text: &str, from: usize, to: usize, run: Run) {
        self.text.clear();
        self.map.clear();
        let copy = |shadow: &mut Self, from: usize, to: usize| {
            for (at, ch) in text.get(from..to).unwrap_or("").char_indices() {
                shadow.push(ch, from + at, from + at + ch.len_utf8());
            }
        };
        copy(self, from, run.start);
        let mut times = 1;
        // Every sign apart, so that a word at either end can be left out of what is
        // found: "… tres nueve dos veces".
        let apart = |shadow: &mut Self, ch: char, start: usize, end: usize| {
            if !shadow.text.ends_with([' ', '+']) {
                shadow.push(' ', start, end);
            }
            shadow.push(ch, start, end);
        };
        spoken::each(text, run, |word, start, end| match word {
            Spoken::Plus => self.push('+', start, end),
            Spoken::Skip => {}
            Spoken::Letter(letter) => apart(self, char::from(letter), start, end),
            Spoken::Times(count) => times = count,
            Spoken::Digit(digit) => {
                for _ in 0..std::mem::replace(&mut times, 1) {
                    apart(self, char::from(b'0' + digit), start, end);
                }
            }
        });
        copy(self, run.end, to);
    }

    /// The plain text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// The original's bytes of a non-empty span of the shadow.
    pub(crate) fn original(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let first = self.map.get(start)?.0;
        let last = self.map.get(end.checked_sub(1)?)?.1;
        (first < last).then_some((first, last))
    }

    fn push(&mut self, ch: char, start: usize, end: usize) {
        self.text.push(ch);
        self.map
            .extend(std::iter::repeat_n((start, end), ch.len_utf8()));
    }

    fn push_plain(&mut self, ch: char, start: usize, end: usize) {
        if ch.is_ascii() {
            self.push(ch, start, end);
            return;
        }
        if is_ignored(ch) {
            return;
        }
        if let Some(plain) = plain(ch) {
            self.push(plain, start, end);
            return;
        }
        for part in std::iter::once(ch).nfkc() {
            self.push(plain(part).unwrap_or(part), start, end);
        }
    }

    fn trim_spaces(&mut self) {
        while self.text.ends_with(' ') {
            self.text.pop();
            self.map.pop();
        }
    }
}

/// Whether Latin letters or digits, of any width, stand on both sides.
fn is_inside(text: &str, start: usize, end: usize) -> bool {
    let latin = |ch: Option<char>| {
        ch.is_some_and(|ch| {
            ch.is_ascii_alphanumeric() || matches!(ch, '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ')
        })
    };
    latin(text.get(..start).and_then(|head| head.chars().next_back()))
        && latin(text.get(end..).and_then(|tail| tail.chars().next()))
}

/// The length of a group of digits among which the letter O is one.
fn number_with_o(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let first = bytes.get(at)?;
    if !first.is_ascii_alphanumeric() || at > 0 && bytes[at - 1].is_ascii_alphanumeric() {
        return None;
    }
    let group = bytes.get(at..)?;
    let length = group
        .iter()
        .take(crate::chain::LONGEST)
        .take_while(|byte| byte.is_ascii_alphanumeric())
        .count();
    crate::chain::is_number_with_o(group.get(..length)?).then_some(length)
}

/// What stands at the beginning of a text.
enum Read {
    Char(char),
    /// A bracketed `@` or `.`: the spaces around it go too.
    Sign(char),
    Nothing,
}

fn decode(rest: &str) -> (Read, usize) {
    let bytes = rest.as_bytes();
    let first = rest.chars().next().unwrap_or('\0');
    let decoded = match first {
        // Escaped twice.
        '%' if bytes.starts_with(b"%25") && hex(bytes.get(3..5).unwrap_or(b"?")).is_some() => {
            escaped(bytes, 3)
        }
        '&' if rest.starts_with("&amp;") => rest
            .get(4..)
            .and_then(inner_entity)
            .or(Some(('&', 1)))
            .map(|(ch, length)| (Read::Char(ch), length + 4)),
        '_' | '-' => joined_sign(bytes).map(|(sign, length)| (Read::Sign(sign), length)),
        '&' => entity(rest).map(|(ch, length)| (Read::Char(ch), length)),
        '%' => escaped(bytes, 1),
        '=' => match bytes {
            [_, b'\r', b'\n', ..] => Some((Read::Nothing, 3)),
            [_, b'\n', ..] => Some((Read::Nothing, 2)),
            // An equals sign before hexadecimal digits is usual in settings; as an
            // escape only the characters that addresses need are taken.
            [_, b'4', b'0', ..] => Some((Read::Char('@'), 3)),
            [_, b'2', b'e' | b'E', ..] => Some((Read::Char('.'), 3)),
            [_, b'2', b'd' | b'D', ..] => Some((Read::Char('-'), 3)),
            [_, b'3', b'd' | b'D', ..] => Some((Read::Char('='), 3)),
            _ => None,
        },
        '\\' => match bytes {
            [_, b'u', ..] => unicode_escape(bytes, 4),
            [_, b'U', ..] => unicode_escape(bytes, 8),
            [_, b'x', ..] => escaped(bytes, 2),
            _ => None,
        },
        '[' | '(' | '{' | '<' => bracketed(bytes).map(|(sign, length)| (Read::Sign(sign), length)),
        _ => None,
    };
    decoded.unwrap_or((Read::Char(first), first.len_utf8()))
}

/// The entity after `&amp`, whose ampersand was escaped itself: `;#64;`.
fn inner_entity(rest: &str) -> Option<(char, usize)> {
    let length = rest
        .get(1..)?
        .bytes()
        .take(10)
        .position(|byte| byte == b';')?
        + 1;
    let name = rest.get(1..length)?;
    Some((entity_named(name)?, length + 1))
}

/// Whether `_at_` or `-at-` stands at a byte and a `_dot_` follows in the word.
pub(crate) fn is_joined_at(bytes: &[u8], at: usize) -> bool {
    let sign = bytes.get(at).copied().unwrap_or(0);
    let rest = bytes.get(at + 4..bytes.len().min(at + 72)).unwrap_or(&[]);
    rest.windows(5)
        .any(|five| five[0] == sign && five[1..4].eq_ignore_ascii_case(b"dot") && five[4] == sign)
}

/// `_at_` and `-dot-`.
fn joined_sign(bytes: &[u8]) -> Option<(char, usize)> {
    let sign = *bytes.first()?;
    if bytes.get(1..3)?.eq_ignore_ascii_case(b"at") && bytes.get(3) == Some(&sign) {
        return is_joined_at(bytes, 0).then_some(('@', 4));
    }
    (bytes.get(1..4)?.eq_ignore_ascii_case(b"dot") && bytes.get(4) == Some(&sign))
        .then_some(('.', 5))
}

/// Two hexadecimal digits at an offset, if they are printable ASCII.
fn escaped(bytes: &[u8], at: usize) -> Option<(Read, usize)> {
    let value = hex(bytes.get(at..at + 2)?)?;
    let ch = char::from_u32(value).filter(|ch| ch.is_ascii_graphic() || *ch == ' ')?;
    Some((Read::Char(ch), at + 2))
}

fn unicode_escape(bytes: &[u8], digits: usize) -> Option<(Read, usize)> {
    let ch = char::from_u32(hex(bytes.get(2..2 + digits)?)?)?;
    (!ch.is_control()).then_some((Read::Char(ch), 2 + digits))
}

fn hex(digits: &[u8]) -> Option<u32> {
    digits.iter().try_fold(0u32, |value, digit| {
        Some(value.checked_mul(16)? + char::from(*digit).to_digit(16)?)
    })
}

/// The named entities that addresses and numbers are written with.
const ENTITIES: &[(&str, char)] = &[
    ("amp", '&'),
    ("apos", '\''),
    ("colon", ':'),
    ("comma", ','),
    ("commat", '@'),
    ("dash", '-'),
    ("gt", '>'),
    ("hyphen", '-'),
    ("lowbar", '_'),
    ("lt", '<'),
    ("nbsp", ' '),
    ("ndash", '-'),
    ("period", '.'),
    ("plus", '+'),
    ("quot", '"'),
    ("shy", '\u{ad}'),
    ("sol", '/'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

fn entity(rest: &str) -> Option<(char, usize)> {
    let body: &str = rest.get(1..)?;
    // Longer than any that is known is none.
    let length = body.bytes().take(10).position(|byte| byte == b';')?;
    let name = body.get(..length)?;
    Some((entity_named(name)?, length + 2))
}

fn entity_named(name: &str) -> Option<char> {
    Some(if let Some(number) = name.strip_prefix('#') {
        let value = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(value).filter(|ch| !ch.is_control())?
    } else {
        ENTITIES.iter().find(|(known, _)| *known == name)?.1
    })
}

/// Words and signs in brackets that mean `@` or `.`.
const SIGNS: &[(&str, char)] = &[
    ("@", '@'),
    ("a", '@'),
    ("apenstaartje", '@'),
    ("arobase", '@'),
    ("arroba", '@'),
    ("at", '@'),
    ("chiocciola", '@'),
    ("ät", '@'),
    ("klammeraffe", '@'),
    ("malpa", '@'),
    ("małpa", '@'),
    ("アット", '@'),
    ("アットマーク", '@'),
    (".", '.'),
    ("dot", '.'),
    ("kropka", '.'),
    ("point", '.'),
    ("ponto", '.'),
    ("punkt", '.'),
    ("punt", '.'),
    ("punto", '.'),
    ("ドット", '.'),
];

/// Bytes that may follow the first one of a sign in brackets, as bits: of letters
/// their number, of what may close it bit 31. All bits where anything may follow.
/// Most brackets are told apart by these two bytes.
const HEADS: [u32; 256] = {
    let mut heads = [0u32; 256];
    let mut index = 0;
    while index < SIGNS.len() {
        let word = SIGNS[index].0.as_bytes();
        let second = if word.len() == 1 {
            1 << 31
        } else if word[1].is_ascii_alphabetic() {
            1 << (word[1] & 31)
        } else {
            !0
        };
        heads[word[0] as usize] |= second;
        heads[word[0].to_ascii_uppercase() as usize] |= second;
        index += 1;
    }
    let mut byte = 0;
    while byte < 256 {
        // Spaces, and what is beyond ASCII.
        if byte <= 0x20 || byte >= 0x80 {
            heads[byte] = !0;
        }
        byte += 1;
    }
    heads
};

/// Whether a sign in brackets may stand behind a bracket; `false` is certain.
fn may_be_sign(first: u8, second: u8) -> bool {
    let heads = HEADS[usize::from(first)];
    if second.is_ascii_alphabetic() {
        heads >> (second & 31) & 1 == 1
    } else {
        // A space may stand before the bracket's end, as it may be beyond ASCII.
        heads >> 31 & 1 == 1 || second >= 0x80 && heads != 0
    }
}

fn bracketed(bytes: &[u8]) -> Option<(char, usize)> {
    let &[_, first, second, ..] = bytes else {
        return None;
    };
    // "(attempt": no longer sign begins like "at".
    let longer = first | 0x20 == b'a'
        && second | 0x20 == b't'
        && bytes.get(3).is_some_and(u8::is_ascii_alphabetic);
    if longer || !may_be_sign(first, second) {
        return None;
    }
    let close = match bytes.first()? {
        b'[' => b']',
        b'(' => b')',
        b'{' => b'}',
        b'<' => b'>',
        _ => return None,
    };
    let length = bytes
        .iter()
        .skip(1)
        .take(22)
        .position(|byte| *byte == close)?;
    let word = std::str::from_utf8(bytes.get(1..=length)?).ok()?.trim();
    let sign = SIGNS
        .iter()
        .find(|(known, _)| word.eq_ignore_ascii_case(known))?
        .1;
    // A list's "(a)" is more usual than an address's, unless a "(dot)" follows.
    let dotted = || {
        let rest = bytes.get(length + 2..)?;
        let rest = rest.get(..rest.len().min(48))?;
        let open = rest.iter().position(|byte| *byte == b'(')?;
        let (sign, _) = bracketed(rest.get(open..)?)?;
        (sign == '.').then_some(())
    };
    (word != "a" || bytes.first() == Some(&b'[') || dotted().is_some())
        .then_some((sign, length + 2))
}

fn is_ignored(ch: char) -> bool {
    matches!(ch,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// The plain ASCII character that another one stands for.
#[expect(clippy::match_same_arms, reason = "a table, script by script")]
fn plain(ch: char) -> Option<char> {
    if let Some(digit) = decimal_digit(ch) {
        return Some(digit);
    }
    Some(match ch {
        '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' | '\u{3000}' => {
            ' '
        }
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{ff0d}'
        | '\u{30fc}'
            if ch != '\u{30fc}' =>
        {
            '-'
        }
        '\u{2024}' | '\u{3002}' | '\u{fe52}' | '\u{ff0e}' | '\u{ff61}' => '.',
        '\u{fe6b}' | '\u{ff20}' => '@',
        // Cyrillic.
        'а' => 'a',
        'е' => 'e',
        'о' => 'o',
        'р' => 'p',
        'с' => 'c',
        'у' => 'y',
        'х' => 'x',
        'і' => 'i',
        'ј' => 'j',
        'ѕ' => 's',
        'ԁ' => 'd',
        'һ' => 'h',
        'ӏ' => 'l',
        'ԛ' => 'q',
        'ԝ' => 'w',
        'А' => 'A',
        'В' => 'B',
        'Е' => 'E',
        'К' => 'K',
        'М' => 'M',
        'Н' => 'H',
        'О' => 'O',
        'Р' => 'P',
        'С' => 'C',
        'Т' => 'T',
        'У' => 'Y',
        'Х' => 'X',
        'І' => 'I',
        'Ј' => 'J',
        'Ѕ' => 'S',
        // Greek.
        'ο' => 'o',
        'α' => 'a',
        'ν' => 'v',
        'ι' => 'i',
        'ρ' => 'p',
        'υ' => 'u',
        'Α' => 'A',
        'Β' => 'B',
        'Ε' => 'E',
        'Ζ' => 'Z',
        'Η' => 'H',
        'Ι' => 'I',
        'Κ' => 'K',
        'Μ' => 'M',
        'Ν' => 'N',
        'Ο' => 'O',
        'Ρ' => 'P',
        'Τ' => 'T',
        'Υ' => 'Y',
        'Χ' => 'X',
        // Latin letters that compatibility forms leave alone.
        'ı' => 'i',
        'ɑ' => 'a',
        'ɡ' => 'g',
        _ => return None,
    })
}

/// First code points of the decimal digits (Unicode category Nd) in use.
const ZEROS: &[u32] = &[
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66,
    0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810, 0xff10, 0x1d7ce, 0x1d7d8, 0x1d7e2, 0x1d7ec,
    0x1d7f6,
];

fn decimal_digit(ch: char) -> Option<char> {
    let code = u32::from(ch);
    let zero = ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&code))?;
    char::from_digit(code - zero, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shadow(text: &str) -> Shadow {
        let mut shadow = Shadow::default();
        shadow.read(text);
        shadow
    }

    fn check(text: &str, want: &str) {
        let bytes = text.as_bytes();
        let disguised = (0..text.len()).any(|at| {
            is_escape(bytes, at)
                || is_quoted(bytes, at)
                || bytes[at] >= 0x80 && harmless(text, at).is_none()
                || number_with_o(text, at).is_some()
        });
        assert!(disguised, "{text}");
        let shadow = shadow(text);
        assert_eq!(shadow.text(), want);
        assert_eq!(shadow.map.len(), shadow.text.len());
        let borders = shadow
            .map
            .iter()
            .all(|(start, end)| text.is_char_boundary(*start) && text.is_char_boundary(*end));
        assert!(borders, "{text}");
    }

    #[test]
    fn reads_every_disguise() {
        check("a&#64;b&period;c", "a@b.c");
        check("a&#x40;b%2Ec=40d", "a@b.c@d");
        check("a\\u0040b\\x2ec", "a@b.c");
        check("a [at] b (dot) c", "a@b.c");
        check("203[.]0[.]113{.}9", "203.0.113.9");
        check("ａ＠ｂ．ｃ", "a@b.c");
        check("jd\u{200b}oe\u{ad}@b\u{2060}.c", "jdoe@b.c");
        check("jdое@соntoso.com", "jdoe@contoso.com");
        check("٠١٢-۴۵۶–７８９", "012-456-789");
        check("a\u{a0}b=\nc", "a bc");
        check("4O00 1O2o", "4000 1020");
    }

    #[test]
    fn leaves_the_rest() {
        for text in [
            "a = 4",
            "50% of",
            "AT&T; R&D",
            "(a) one",
            "f(x) [0]",
            "C:\\temp",
        ] {
            assert_eq!(shadow(text).text(), text);
        }
    }

    #[test]
    fn maps_back_to_whole_characters() {
        let text = "x＠&#64;y";
        let shadow = shadow(text);
        assert_eq!(shadow.text(), "x@@y");
        assert_eq!(shadow.original(1, 2), Some((1, 4)));
        assert_eq!(shadow.original(2, 4), Some((4, 10)));
        assert_eq!(shadow.original(1, 1), None);
    }
}
