//! The same reading as [`super::json`] and [`super::rules`], made for speed.
//!
//! Reads one plain document straight from its bytes: no visitor, no copy of a
//! string, eight bytes of a string at a time. Invariant: whatever is not plain
//! and right (a second document, a key given twice, a wrong type, damaged or
//! deep text) is `None`, nothing of it counts, and the careful reader reads the
//! text again and says what is wrong. So this one has no errors of its own, and
//! where it gives an answer it is the careful reader's; tests compare the two.

use std::borrow::Cow;
use std::cell::RefCell;

use super::json::{
    Context, InputError, Members, Node, Shape, finish_document, is_list_key, push_step,
};
use super::rules::{Field, ListKind, RuleBuilder, RuleList, Scalar, Spot, group_id};

/// As many levels as `serde_json` reads.
const DEPTH: u8 = 127;

/// What takes the elements, as [`super::json::elements`] has it.
type Take<'a, 't> = &'a mut dyn FnMut(Node<'t>, &str) -> Result<(), InputError>;

/// Reads a text of one document; `None`: read it with care.
pub(crate) fn elements<'t>(text: &'t str, context: &Context, take: Take<'_, 't>) -> Option<Shape> {
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        depth: 0,
        context,
    };
    let mut shape = Shape::default();
    match reader.peek()? {
        b'[' => {
            reader.stream("", take)?;
        }
        b'{' => reader.document(&mut shape, take)?,
        _ => return None,
    }
    reader.peek().is_none().then_some(shape)
}

struct Reader<'t, 'c> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    depth: u8,
    context: &'c Context,
}

impl<'t> Reader<'t, '_> {
    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at)? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    /// Passes over a byte that must come next.
    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Enters an object or a list; `false` when it is empty.
    fn open(&mut self, open: u8, close: u8) -> Option<bool> {
        self.expect(open)?;
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        if self.peek()? == close {
            self.at += 1;
            self.depth -= 1;
            return Some(false);
        }
        Some(true)
    }

    /// After a member or an item: whether another follows.
    fn more(&mut self, close: u8) -> Option<bool> {
        let byte = self.peek()?;
        self.at += 1;
        if byte == b',' {
            return Some(true);
        }
        self.depth -= 1;
        (byte == close).then_some(false)
    }

    fn key(&mut self) -> Option<Cow<'t, str>> {
        let key = self.string()?;
        self.expect(b':')?;
        Some(key)
    }

    /// A string, which must come next.
    fn string(&mut self) -> Option<Cow<'t, str>> {
        self.expect(b'"')?;
        let start = self.at;
        self.at = special(self.bytes, start)?;
        if self.bytes[self.at] == b'"' {
            let text = self.text.get(start..self.at)?;
            self.at += 1;
            return Some(Cow::Borrowed(text));
        }
        self.rest_of_string()?;
        let token = self.text.get(start - 1..self.at)?;
        serde_json::from_str(token).ok().map(Cow::Owned)
    }

    /// Goes behind a string of which an escape comes next.
    fn rest_of_string(&mut self) -> Option<()> {
        loop {
            match self.bytes[self.at] {
                b'\\' => self.at = special(self.bytes, self.at + 2)?,
                b'"' => {
                    self.at += 1;
                    return Some(());
                }
                // No control character may stand in a string.
                _ => return None,
            }
        }
    }

    fn literal(&mut self, word: &str) -> Option<()> {
        let end = self.at + word.len();
        (self.bytes.get(self.at..end)? == word.as_bytes()).then(|| self.at = end)
    }

    /// A number's text.
    fn number(&mut self) -> &'t str {
        let start = self.at;
        while let Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn value_number(&mut self) -> Option<serde_json::Number> {
        serde_json::from_str(self.number()).ok()
    }

    /// Passes over any value.
    fn skip(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => {
                self.at = special(self.bytes, self.at + 1)?;
                if self.bytes[self.at] == b'"' {
                    self.at += 1;
                    return Some(());
                }
                let start = self.at;
                self.rest_of_string()?;
                // An escape may be none.
                let token = format!("\"{}", self.text.get(start..self.at)?);
                serde_json::from_str::<String>(&token).ok().map(|_| ())
            }
            b'{' => {
                let mut more = self.open(b'{', b'}')?;
                while more {
                    self.key()?;
                    self.skip()?;
                    more = self.more(b'}')?;
                }
                Some(())
            }
            b'[' => {
                let mut more = self.open(b'[', b']')?;
                while more {
                    self.skip()?;
                    more = self.more(b']')?;
                }
                Some(())
            }
            b't' => self.literal("true"),
            b'f' => self.literal("false"),
            b'n' => self.literal("null"),
            _ => self.value_number().map(|_| ()),
        }
    }

    /// Any value; `key` is the key it stands under.
    fn node(&mut self, key: Option<&str>) -> Option<Node<'t>> {
        let first = self.peek()?;
        if let Some(kind) = key.and_then(ListKind::of_key) {
            return if first == b'n' {
                self.literal("null").map(|()| Node::Null)
            } else {
                let list = self.rules(kind)?;
                Some(Node::Rules(RefCell::new(list)))
            };
        }
        match first {
            b'"' => self.string().map(Node::Text),
            b'{' => {
                let mut members = Members::default();
                let mut more = self.open(b'{', b'}')?;
                while more {
                    let key = self.key()?;
                    if members.has(&key) {
                        return None;
                    }
                    let value = self.node(Some(&key))?;
                    members.push(key, value);
                    more = self.more(b'}')?;
                }
                Some(Node::Object(members.list))
            }
            b'[' => {
                let mut list = Vec::new();
                let mut more = self.open(b'[', b']')?;
                while more {
                    list.push(self.node(None)?);
                    more = self.more(b']')?;
                }
                Some(Node::List(list))
            }
            b't' => self.literal("true").map(|()| Node::Bool(true)),
            b'f' => self.literal("false").map(|()| Node::Bool(false)),
            b'n' => self.literal("null").map(|()| Node::Null),
            _ => self.value_number().map(Node::Number),
        }
    }

    /// The document, an object: a resource, or an envelope around a list.
    fn document(&mut self, shape: &mut Shape, take: Take<'_, 't>) -> Option<()> {
        let mut members = Members::default();
        let mut listed = None;
        let mut more = self.open(b'{', b'}')?;
        while more {
            let key = self.key()?;
            if members.has(&key) {
                return None;
            }
            let value = if is_list_key(&key) && self.peek()? == b'[' {
                let mut pointer = String::new();
                push_step(&mut pointer, &key);
                listed = Some(listed.unwrap_or(0) + self.stream(&pointer, take)?);
                // The list is gone; its key stays, to be known if it comes again.
                Node::Null
            } else if is_list_key(&key) {
                self.node(None)?
            } else {
                self.node(Some(&key))?
            };
            members.push(key, value);
            more = self.more(b'}')?;
        }
        match finish_document(members, listed, shape) {
            Some(node) => take(node, "").ok(),
            None => Some(()),
        }
    }

    /// Hands the items of a list over; returns how many.
    fn stream(&mut self, pointer: &str, take: Take<'_, 't>) -> Option<u64> {
        let mut count = 0u64;
        let mut more = self.open(b'[', b']')?;
        while more {
            let node = self.node(None)?;
            take(node, &format!("{pointer}/{count}")).ok()?;
            count += 1;
            more = self.more(b']')?;
        }
        Some(count)
    }

    /// A list of rules.
    fn rules(&mut self, kind: ListKind) -> Option<RuleList> {
        let mut list = RuleList::default();
        let mut builder = self.context.builder.take();
        let mut more = self.open(b'[', b']')?;
        let mut item = 0;
        while more {
            if self.peek()? == b'n' {
                self.literal("null")?;
            } else {
                builder.begin(item, kind);
                self.rule(&mut builder, None)?;
                builder.finish(&mut self.context.pool.borrow_mut(), &mut list);
            }
            item += 1;
            more = self.more(b']')?;
        }
        self.context.builder.replace(builder);
        list.sort();
        Some(list)
    }

    /// A rule, or its `properties`, into the builder.
    fn rule(&mut self, builder: &mut RuleBuilder, properties: Option<&str>) -> Option<()> {
        let mut more = self.open(b'{', b'}')?;
        while more {
            let key = self.key()?;
            let field = Field::of(&key).at_level(properties.is_some());
            if !builder.note(field) {
                return None;
            }
            let spot = Spot {
                field,
                key: &key,
                properties,
                index: None,
            };
            match field {
                Field::Other => self.skip()?,
                Field::Properties => match self.peek()? {
                    b'n' => self.literal("null")?,
                    _ => self.rule(builder, Some(&key))?,
                },
                Field::FromGroups | Field::ToGroups => self.groups(field, builder)?,
                _ if field.is_list() => self.list(&spot, builder)?,
                _ => self.scalar(&spot, builder)?,
            }
            more = self.more(b'}')?;
        }
        Some(())
    }

    fn groups(&mut self, field: Field, builder: &mut RuleBuilder) -> Option<()> {
        let groups = match self.node(None)? {
            Node::Null => return Some(()),
            Node::List(groups) => groups,
            _ => return None,
        };
        let mut pool = self.context.pool.borrow_mut();
        for group in groups.iter().filter(|group| !matches!(group, Node::Null)) {
            builder.group(field, group_id(group)?, &mut pool);
        }
        Some(())
    }

    fn list(&mut self, spot: &Spot<'_>, builder: &mut RuleBuilder) -> Option<()> {
        if self.peek()? == b'n' {
            return self.literal("null");
        }
        let mut more = self.open(b'[', b']')?;
        let mut index = 0;
        while more {
            let spot = Spot {
                index: Some(index),
                ..*spot
            };
            self.scalar(&spot, builder)?;
            index += 1;
            more = self.more(b']')?;
        }
        Some(())
    }

    fn scalar(&mut self, spot: &Spot<'_>, builder: &mut RuleBuilder) -> Option<()> {
        let text;
        let value = match self.peek()? {
            b'"' => {
                text = self.string()?;
                Scalar::Text(&text)
            }
            b'n' => return self.literal("null"),
            b'0'..=b'9' => {
                let number = self.number();
                let leading = number.len() > 1 && number.starts_with('0');
                if leading || !number.bytes().all(|byte| byte.is_ascii_digit()) {
                    return None;
                }
                Scalar::Whole(number.parse().ok()?)
            }
            _ => return None,
        };
        builder
            .scalar(spot, value, &mut self.context.pool.borrow_mut())
            .ok()
    }
}

/// Each byte of a word the same.
const fn every(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

/// Where the first quote, backslash or control character is, from a place on.
fn special(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let (words, tail) = rest.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        // The high bit of each byte that is zero, or below a bound; above the
        // first such byte a borrow may set others, below it none.
        // (Bit Twiddling Hacks, "Determine if a word has a byte less than n".)
        let below = |word: u64, bound: u8| word.wrapping_sub(every(bound)) & !word & every(0x80);
        let found =
            below(word ^ every(b'"'), 1) | below(word ^ every(b'\\'), 1) | below(word, 0x20);
        if found != 0 {
            return Some(from + index * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let at = tail
        .iter()
        .position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20))?;
    Some(bytes.len() - tail.len() + at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn special_bytes_are_found(
            bytes in prop::collection::vec(prop_oneof![9 => 0x20u8..=0xff, 1 => any::<u8>()], 0..40),
            from in 0usize..40,
        ) {
            let naive = bytes
                .iter()
                .enumerate()
                .skip(from)
                .find(|(_, byte)| matches!(byte, b'"' | b'\\' | 0..0x20))
                .map(|(at, _)| at);
            prop_assert_eq!(special(&bytes, from), naive);
        }
    }
}
