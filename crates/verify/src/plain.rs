//! A text read plainly: escapes undone, look-alikes and wide forms made ASCII,
//! what cannot be seen left out; with a map back.
//!
//! Slow and simple on purpose: one character at a time, twice over for what is
//! escaped twice. Shares nothing with the finder's own reading.

use unicode_normalization::UnicodeNormalization as _;

/// A plain reading and where each of its bytes came from.
#[derive(Default)]
pub(crate) struct Plain {
    pub(crate) text: String,
    /// For every byte of `text`, the range of the original it stands for.
    from: Vec<(u32, u32)>,
}

impl Plain {
    /// Reads a text of at most 4 GiB.
    pub(crate) fn read(original: &str) -> Self {
        let whole = u32::try_from(original.len()).unwrap_or(u32::MAX);
        let mut plain = Self {
            text: original.to_owned(),
            from: (0..whole).map(|at| (at, at + 1)).collect(),
        };
        // What is escaped twice ("%2540") takes two rounds.
        for _ in 0..2 {
            match plain.unescaped() {
                Some(next) => plain = next,
                None => break,
            }
        }
        plain.folded()
    }

    /// The original's range of a range of the reading.
    pub(crate) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        let from = self.from.get(start).map_or(0, |range| range.0);
        let to = end
            .checked_sub(1)
            .and_then(|last| self.from.get(last))
            .map_or(from, |range| range.1);
        (from as usize, to.max(from) as usize)
    }

    fn push(&mut self, c: char, from: (u32, u32)) {
        self.text.push(c);
        self.from.extend(std::iter::repeat_n(from, c.len_utf8()));
    }

    fn span(&self, start: usize, length: usize) -> (u32, u32) {
        let first = self.from.get(start).map_or(0, |range| range.0);
        let last = self
            .from
            .get(start + length.max(1) - 1)
            .map_or(first, |range| range.1);
        (first, last)
    }

    /// Undoes one layer of escapes; none when there was nothing to undo.
    fn unescaped(&self) -> Option<Self> {
        let mut out = Self::default();
        let mut changed = false;
        let mut at = 0;
        while let Some(rest) = self.text.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some((c, length)) = escape(rest) {
                changed = true;
                if let Some(c) = c {
                    out.push(c, self.span(at, length));
                }
                at += length;
            } else {
                let c = rest.chars().next().unwrap_or('\u{fffd}');
                out.push(c, self.span(at, c.len_utf8()));
                at += c.len_utf8();
            }
        }
        changed.then_some(out)
    }

    /// Compatibility forms, look-alikes and invisible characters.
    fn folded(&self) -> Self {
        let mut out = Self::default();
        for (at, c) in self.text.char_indices() {
            if invisible(c) {
                continue;
            }
            let from = self.span(at, c.len_utf8());
            if c.is_ascii() {
                out.push(c, from);
                continue;
            }
            for plain in std::iter::once(c).nfkc() {
                out.push(digit(alike(plain)), from);
            }
        }
        out
    }
}

/// The escape that a text begins with: its character (none for what only breaks
/// a line) and its length in bytes.
fn escape(rest: &str) -> Option<(Option<char>, usize)> {
    let bytes = rest.as_bytes();
    match bytes[0] {
        b'%' => percent(bytes, 1, b'%'),
        b'=' if rest.starts_with("=\r\n") => Some((None, 3)),
        b'=' if rest.starts_with("=\n") => Some((None, 2)),
        b'=' => percent(bytes, 1, b'='),
        b'\\' => match bytes.get(1)? {
            b'u' => unicode(bytes),
            b'x' => percent(bytes, 2, b'\\').filter(|(c, _)| c.is_some_and(|c| c.is_ascii())),
            _ => None,
        },
        b'&' => entity(rest),
        _ => None,
    }
}

fn hex(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || !bytes.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(bytes).ok()?, 16).ok()
}

/// `%40`, `=40`, `\x40`, and more of them for a character beyond ASCII.
fn percent(bytes: &[u8], skip: usize, mark: u8) -> Option<(Option<char>, usize)> {
    let byte = |at: usize| -> Option<u8> {
        (bytes.get(at) == Some(&mark))
            .then(|| hex(bytes.get(at + skip..at + skip + 2)?))
            .flatten()
            .and_then(|value| u8::try_from(value).ok())
    };
    let first = byte(0)?;
    let width = match first {
        0x20..=0x7e => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let step = skip + 2;
    let all: Option<Vec<u8>> = (0..width).map(|n| byte(n * step)).collect();
    let c = std::str::from_utf8(&all?).ok()?.chars().next()?;
    Some((Some(c), width * step))
}

/// `\u0040`, and the two halves of a character beyond the first plane.
fn unicode(bytes: &[u8]) -> Option<(Option<char>, usize)> {
    let first = hex(bytes.get(2..6)?)?;
    if (0xd800..0xdc00).contains(&first) && bytes.get(6..8) == Some(b"\\u") {
        let second = hex(bytes.get(8..12)?)?;
        let value = 0x10000 + ((first - 0xd800) << 10) + second.checked_sub(0xdc00)?;
        return Some((Some(char::from_u32(value)?), 12));
    }
    Some((Some(char::from_u32(first)?), 6))
}

/// HTML's numeric references, and the few names that hide punctuation of values.
fn entity(rest: &str) -> Option<(Option<char>, usize)> {
    let end = rest.bytes().take(12).position(|byte| byte == b';')?;
    let name = rest.get(1..end)?;
    let c = match name.strip_prefix('#') {
        Some(number) => {
            let value = match number.strip_prefix(['x', 'X']) {
                Some(digits) => hex(digits.as_bytes())?,
                None => number.parse().ok()?,
            };
            char::from_u32(value)?
        }
        None => match name {
            "commat" => '@',
            "period" => '.',
            "nbsp" => '\u{a0}',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            "lt" => '<',
            "gt" => '>',
            "plus" => '+',
            "hyphen" | "dash" => '-',
            "lowbar" => '_',
            "colon" => ':',
            "lpar" => '(',
            "rpar" => ')',
            "shy" | "zwnj" | "zwj" | "lrm" | "rlm" => return Some((None, end + 1)),
            _ => return None,
        },
    };
    Some((Some(c), end + 1))
}

/// Characters without width: they hide a value from a pattern, not from an eye.
fn invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// Letters of other scripts that look like a Latin one (Unicode TS 39, the part
/// that occurs in addresses), and dashes and stops of other scripts.
fn alike(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'с' | 'ϲ' => 'c',
        'ԁ' => 'd',
        'е' => 'e',
        'һ' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'ӏ' => 'l',
        'ո' => 'n',
        'о' | 'ο' | 'օ' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'υ' | 'ս' => 'u',
        'ν' | 'ѵ' => 'v',
        'ѡ' => 'w',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'С' => 'C',
        'Е' | 'Ε' => 'E',
        'Н' | 'Η' => 'H',
        'І' | 'Ι' => 'I',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'О' | 'Ο' => 'O',
        'Р' | 'Ρ' => 'P',
        'Т' | 'Τ' => 'T',
        'Х' | 'Χ' => 'X',
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => '-',
        '。' | '․' | '·' => '.',
        c if c.is_whitespace() && c != '\n' && c != '\r' => ' ',
        c => c,
    }
}

/// Decimal digits of the scripts in which people write numbers.
fn digit(c: char) -> char {
    const ZEROS: [u32; 11] = [
        0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xbe6, 0xc66, 0xe50, 0xed0, 0x17e0,
    ];
    let value = c as u32;
    ZEROS
        .iter()
        .find(|zero| (**zero..**zero + 10).contains(&value))
        .and_then(|zero| char::from_digit(value - zero, 10))
        .unwrap_or(c)
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "test data")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_what_is_disguised() {
        for (written, read) in [
            ("a%40b.example", "a@b.example"),
            ("a%2540b.example", "a@b.example"),
            ("a&#64;b&period;example", "a@b.example"),
            ("a&#x40;b.example", "a@b.example"),
            ("a\\u0040b", "a@b"),
            ("a=40b.exam=\nple", "a@b.example"),
            ("jos%C3%A9", "josé"),
            ("ａ＠ｂ．ｅｘａｍｐｌｅ", "a@b.example"),
            ("j\u{200b}o\u{ad}e", "joe"),
            ("jоe", "joe"),
            ("٠١٢ ０１２", "012 012"),
            (
                "plain 100% of it & more = fine\\n",
                "plain 100% of it & more = fine\\n",
            ),
        ] {
            assert_eq!(Plain::read(written).text, read, "{written}");
        }
    }

    #[test]
    fn maps_back_to_the_original() {
        let text = "mail a%40b.example now";
        let plain = Plain::read(text);
        let at = plain.text.find("a@b").expect("there");
        let (start, end) = plain.original(at, at + "a@b.example".len());
        assert_eq!(&text[start..end], "a%40b.example");
    }

    proptest! {
        #[test]
        fn never_panics_and_stays_on_borders(text in "(\\PC|%4|&#|\\\\u00|=\n|é|\u{200b}){0,40}") {
            let plain = Plain::read(&text);
            for (at, c) in plain.text.char_indices() {
                let (start, end) = plain.original(at, at + c.len_utf8());
                prop_assert!(text.is_char_boundary(start) && text.is_char_boundary(end));
                prop_assert!(start < end);
            }
        }
    }
}
