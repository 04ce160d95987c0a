//! What makes a rule's pattern be tried: literal texts, found by the bytes that
//! the marks show anyway.
//!
//! A literal with a character beyond ASCII is looked for at that character; one
//! that begins with three capitals where three capitals stand; one that ends in
//! a space and `@` at an `@`; a bracketed letter or digit at its bracket. The few that
//! are left have a mark of their own, which their first bytes make.

use crate::marks::Prints;

/// Words for `@` beside "at", in parts that begin small in any spelling.
const AT_WORDS: &[&str] = &[
    "rroba",
    "RROBA",
    "lammeraffe",
    "ffenschwanz",
    " ät ",
    "robas",
    "pestaart",
    " chez ",
    "hiocciola",
    "małpa",
    "malpa",
    "ałpa",
    "penstaart",
    "アット",
];

/// What begins a statement that names its columns, and the rule that stands for it.
const STATEMENTS: &[&str] = &["INSERT INTO ", "insert into ", "COPY "];
pub(crate) const STATEMENT: u16 = u16::MAX;

/// A literal and its rule; `None` for a word for `@`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Literal {
    text: Box<[u8]>,
    /// The first four bytes, fewer where there are no more, and which bits they are:
    /// most texts differ in these.
    head: (u32, u32),
    rule: Option<u16>,
}

impl Literal {
    fn new(text: String, rule: Option<u16>) -> Self {
        let text = text.into_bytes().into_boxed_slice();
        let (mut head, mut mask) = ([0; 4], [0; 4]);
        for (at, byte) in text.iter().take(4).enumerate() {
            (head[at], mask[at]) = (*byte, 0xff);
        }
        Self {
            text,
            head: (u32::from_le_bytes(head), u32::from_le_bytes(mask)),
            rule,
        }
    }

    /// Whether a text begins with it whose first four bytes are given.
    fn begins(&self, text: &[u8], four: Option<u32>) -> bool {
        let (head, mask) = self.head;
        four.is_none_or(|four| four & mask == head) && text.starts_with(&self.text)
    }
}

/// The first four bytes of a text.
fn four(text: &[u8]) -> Option<u32> {
    text.first_chunk().map(|four| u32::from_le_bytes(*four))
}

/// Beginnings of long tokens, by first byte.
#[derive(Debug)]
pub(crate) struct Starts {
    sorted: Vec<Literal>,
    /// Where the literals with a first byte begin; the next entry is their end.
    first: [u16; 257],
    /// Rules that any long token triggers.
    any: Vec<u16>,
}

impl Starts {
    pub(crate) fn new(starts: Vec<(String, u16)>) -> Self {
        let (any, own): (Vec<_>, Vec<_>) =
            starts.into_iter().partition(|(text, _)| text.is_empty());
        let mut sorted: Vec<Literal> = own.into_iter().map(literal).collect();
        sorted.sort_by(|a, b| a.text.cmp(&b.text));
        Self {
            first: by_first(&sorted),
            sorted,
            any: any.into_iter().map(|(_, rule)| rule).collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.sorted.is_empty() && self.any.is_empty()
    }

    /// The rules that a token triggers.
    pub(crate) fn of<'s>(&'s self, token: &'s [u8]) -> impl Iterator<Item = u16> + 's {
        beginning(&self.sorted, &self.first, token)
            .filter_map(|literal| literal.rule)
            .chain(self.any.iter().copied())
    }
}

fn literal((text, rule): (String, u16)) -> Literal {
    Literal::new(text, Some(rule))
}

fn by_first(sorted: &[Literal]) -> [u16; 257] {
    let mut first = [0; 257];
    for literal in sorted {
        let byte = literal.text.first().copied().unwrap_or(0);
        for place in first.iter_mut().skip(usize::from(byte) + 1) {
            *place += 1;
        }
    }
    first
}

/// The literals that a text begins with.
fn beginning<'s>(
    sorted: &'s [Literal],
    first: &[u16; 257],
    text: &'s [u8],
) -> impl Iterator<Item = &'s Literal> + 's {
    let byte = usize::from(text.first().copied().unwrap_or(0));
    let head = four(text);
    let range = usize::from(first[byte])..usize::from(first[byte + 1]);
    sorted
        .get(range)
        .unwrap_or(&[])
        .iter()
        .filter(move |literal| literal.begins(text, head))
}

/// A literal that is looked for at its first character beyond ASCII.
#[derive(Debug)]
struct Wide {
    first: char,
    /// Bytes before that character.
    before: usize,
    literal: Literal,
}

/// Literals of rules, and words for `@`.
pub(crate) struct Words {
    wide: Vec<Wide>,
    /// Characters of `wide`, by their last bits; `false` is certain.
    seen: [u64; 64],
    capitals: Vec<Literal>,
    first_capital: [u16; 257],
    signs: Vec<Literal>,
    brackets: Vec<Literal>,
    rest: Vec<Literal>,
    first_rest: [u16; 257],
    prints: Prints,
    /// The first four bytes of `rest`, by a hash; `false` is certain. Most marks are
    /// none of them.
    heads: Box<[u64; HEADS / 64]>,
}

/// How many heads of literals are told apart: a power of two.
const HEADS: usize = 1 << 15;

/// The place of four bytes among the heads.
fn head_place(four: u32) -> (usize, u32) {
    let place = four.wrapping_mul(0x9e37_79b1) >> 17;
    ((place / 64) as usize, place % 64)
}

impl Words {
    /// Sorts literals by what finds them.
    pub(crate) fn new(anchors: Vec<(String, Option<u16>)>) -> Result<Self, String> {
        let own = AT_WORDS.iter().map(|word| ((*word).to_owned(), None));
        let statements = STATEMENTS
            .iter()
            .map(|word| ((*word).to_owned(), Some(STATEMENT)));
        let own = own.chain(statements);
        let (mut wide, mut capitals, mut signs) = (Vec::new(), Vec::new(), Vec::new());
        let (mut brackets, mut rest) = (Vec::new(), Vec::new());
        for (text, rule) in own.chain(anchors) {
            let first = text.char_indices().find(|(_, ch)| !ch.is_ascii());
            let literal = Literal::new(text, rule);
            let bytes = &literal.text;
            if let Some((before, first)) = first {
                wide.push(Wide {
                    first,
                    before,
                    literal,
                });
            } else if bytes.len() > 2 && bytes.iter().take(3).all(u8::is_ascii_uppercase) {
                capitals.push(literal);
            } else if bytes.ends_with(b" @") {
                signs.push(literal);
            } else if matches!(**bytes, [b'(', _, b')']) {
                brackets.push(literal);
            } else {
                rest.push(literal);
            }
        }
        wide.sort_by_key(|wide| wide.first);
        capitals.sort_by(|a, b| a.text.cmp(&b.text));
        let mut seen = [0; 64];
        for wide in &wide {
            let (word, bit) = place(wide.first);
            seen[word] |= 1 << bit;
        }
        rest.sort_by(|a: &Literal, b| a.text.cmp(&b.text));
        if let Some(short) = rest.iter().position(|literal| literal.text.len() < 4) {
            return Err(format!("literal {short} has less than four bytes"));
        }
        let mut heads = Box::new([0; HEADS / 64]);
        for literal in &rest {
            if let Some(four) = four(&literal.text) {
                let (word, bit) = head_place(four);
                heads[word] |= 1 << bit;
            }
        }
        Ok(Self {
            heads,
            wide,
            seen,
            first_capital: by_first(&capitals),
            capitals,
            signs,
            brackets,
            prints: Prints::new(rest.iter().map(|literal| &*literal.text)),
            first_rest: by_first(&rest),
            rest,
        })
    }

    /// Calls with the place of each literal that has its first character beyond
    /// ASCII at a byte, and its rule.
    pub(crate) fn wide(
        &self,
        text: &[u8],
        at: usize,
        ch: char,
        mut visit: impl FnMut(usize, Option<u16>),
    ) {
        let (word, bit) = place(ch);
        if self.seen[word] >> bit & 1 == 0 {
            return;
        }
        let from = self.wide.partition_point(|wide| wide.first < ch);
        for wide in self
            .wide
            .iter()
            .skip(from)
            .take_while(|wide| wide.first == ch)
        {
            let start = at.checked_sub(wide.before);
            let tail = start.and_then(|start| text.get(start..)).unwrap_or(&[]);
            if tail.starts_with(&wide.literal.text) {
                visit(at - wide.before, wide.literal.rule);
            }
        }
    }

    /// Those in capitals that begin at a byte.
    pub(crate) fn capitals(&self, text: &[u8], at: usize, mut visit: impl FnMut(Option<u16>)) {
        let tail = text.get(at..).unwrap_or(&[]);
        for literal in beginning(&self.capitals, &self.first_capital, tail) {
            visit(literal.rule);
        }
    }

    /// Those that end with the `@` at a byte.
    pub(crate) fn sign(&self, text: &[u8], at: usize, mut visit: impl FnMut(u16)) {
        let head = text.get(..=at).unwrap_or(&[]);
        if head.len() < 2 || head[at - 1] != b' ' {
            return;
        }
        for literal in &self.signs {
            if head.ends_with(&literal.text)
                && let Some(rule) = literal.rule
            {
                visit(rule);
            }
        }
    }

    /// Those that begin with the bracket at a byte.
    pub(crate) fn bracket(&self, text: &[u8], at: usize, mut visit: impl FnMut(u16)) {
        if text.get(at) != Some(&b'(') || text.get(at + 2) != Some(&b')') {
            return;
        }
        for literal in &self.brackets {
            if text.get(at..at + 3) == Some(&literal.text)
                && let Some(rule) = literal.rule
            {
                visit(rule);
            }
        }
    }

    /// What the others begin with, for their mark.
    pub(crate) fn prints(&self) -> &Prints {
        &self.prints
    }

    /// That of the others which begins at a byte: its length and its rule.
    #[inline]
    pub(crate) fn rest(&self, text: &[u8], at: usize) -> Option<(usize, Option<u16>)> {
        let tail = text.get(at..).unwrap_or(&[]);
        let (word, bit) = head_place(four(tail)?);
        if self.heads[word] >> bit & 1 == 0 {
            return None;
        }
        let found = beginning(&self.rest, &self.first_rest, tail).next()?;
        Some((found.text.len(), found.rule))
    }
}

fn place(ch: char) -> (usize, u32) {
    let bits = u32::from(ch);
    ((bits >> 6 & 63) as usize, bits & 63)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_literal_is_found_by_one_way() {
        let words = ["EIN", " plate", "matrícula", "京", "itter @", "(0)"];
        let anchors = (0u16..)
            .zip(words)
            .map(|(rule, word)| (word.to_owned(), Some(rule)));
        let triggers = Words::new(anchors.collect()).expect("they are few");
        let text = "x EIN, the plate, la matrícula 京, Twitter @b (0)";
        let mut got = Vec::new();
        for (at, ch) in text.char_indices() {
            let bytes = text.as_bytes();
            if !ch.is_ascii() {
                triggers.wide(bytes, at, ch, |start, rule| got.push((rule, start)));
            }
            triggers.capitals(bytes, at, |rule| got.push((rule, at)));
            triggers.sign(bytes, at, |rule| got.push((Some(rule), at)));
            triggers.bracket(bytes, at, |rule| got.push((Some(rule), at)));
            got.extend(triggers.rest(bytes, at).map(|(_, rule)| (rule, at)));
        }
        got.sort();
        let rules: Vec<_> = got.iter().map(|(rule, _)| *rule).collect();
        assert_eq!(rules, (0..6).map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn starts_by_first_byte() {
        let starts = ["", "sk-", "1", "sk_live_", "\u{7f}"];
        let starts = Starts::new(starts.map(str::to_owned).into_iter().zip(0..).collect());
        let check = |token: &str, want: &[u16]| {
            let mut got: Vec<u16> = starts.of(token.as_bytes()).collect();
            got.sort_unstable();
            assert_eq!(got, want, "{token}");
        };
        check("sk-abc", &[0, 1]);
        check("1BvB", &[0, 2]);
        check("\u{7f}", &[0, 4]);
        check("é", &[0]);
        check("", &[0]);
    }
}
