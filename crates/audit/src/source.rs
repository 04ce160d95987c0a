//! Finds the lines of a JSON text that a pointer speaks of, for excerpts and
//! for the locations of SARIF results.
//!
//! The text was parsed before, so this only walks it: it reads tokens, never
//! values, and gives up (`None`) on anything it does not expect. Keys with
//! escapes are compared after unescaping by `serde_json`. Where the members of
//! an object or the items of a list begin is found once and kept, so that many
//! pointers into one large text cost one walk.

use std::collections::HashMap;
use std::ops::Range;

/// A place in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Bytes of the value.
    pub bytes: Range<usize>,
    /// First line, counted from 1.
    pub first_line: usize,
    /// Last line.
    pub last_line: usize,
}

/// A JSON text in which places are looked up.
#[derive(Debug)]
pub struct SourceText {
    text: Vec<u8>,
    /// Where the lines after the first begin.
    lines: Vec<usize>,
    /// Where each of the text's documents begins; the second stands for all
    /// that follow.
    documents: Vec<usize>,
    /// The children of the containers that were walked, by where they begin.
    children: HashMap<usize, Children>,
}

/// Where the values inside a container begin.
#[derive(Debug)]
enum Children {
    /// Of an object, by key; the first of a repeated key.
    Members(HashMap<String, usize>),
    /// Of a list, in order.
    Items(Vec<usize>),
}

impl SourceText {
    /// Keeps a text to look places up in.
    pub fn new(text: Vec<u8>) -> Self {
        let mut walker = Walker { text: &text, at: 0 };
        walker.skip_bom();
        let mut documents = Vec::new();
        loop {
            walker.space();
            if walker.at >= text.len() {
                break;
            }
            documents.push(walker.at);
            if walker.skip_value().is_none() {
                break;
            }
        }
        let lines = memchr::memchr_iter(b'\n', &text).map(|at| at + 1).collect();
        Self {
            lines,
            documents,
            children: HashMap::new(),
            text,
        }
    }

    /// The text itself.
    pub fn bytes(&self) -> &[u8] {
        &self.text
    }

    /// Where the value of an RFC 6901 pointer stands.
    ///
    /// For a text with several documents one after the other, the first step of
    /// the pointer is the document's number.
    pub fn locate(&mut self, pointer: &str) -> Option<Place> {
        let mut steps: Vec<String> = pointer
            .split('/')
            .skip(1)
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect();
        let mut at = *self.documents.first()?;
        if self.documents.len() > 1 {
            let number: usize = steps.first()?.parse().ok()?;
            steps.remove(0);
            at = *self.documents.get(number)?;
        }
        for step in &steps {
            at = self.child(at, step)?;
        }
        let mut walker = Walker {
            text: &self.text,
            at,
        };
        walker.skip_value()?;
        let end = walker.at;
        Some(Place {
            bytes: at..end,
            first_line: self.line(at),
            last_line: self.line(end),
        })
    }

    /// The line of a byte, counted from 1.
    fn line(&self, at: usize) -> usize {
        1 + self.lines.partition_point(|begin| *begin <= at)
    }

    fn child(&mut self, at: usize, step: &str) -> Option<usize> {
        if !self.children.contains_key(&at) {
            let mut walker = Walker {
                text: &self.text,
                at,
            };
            self.children.insert(at, walker.children()?);
        }
        match self.children.get(&at)? {
            Children::Members(members) => members.get(step).copied(),
            Children::Items(items) => items.get(step.parse::<usize>().ok()?).copied(),
        }
    }
}

struct Walker<'t> {
    text: &'t [u8],
    at: usize,
}

impl Walker<'_> {
    fn skip_bom(&mut self) {
        if self.text.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
        }
    }

    fn space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> Option<()> {
        self.space();
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Where the values inside the container at the cursor begin. A damaged
    /// tail only ends the list.
    fn children(&mut self) -> Option<Children> {
        match self.peek()? {
            b'{' => {
                self.at += 1;
                let mut members = HashMap::new();
                while let Some((key, at)) = self.member() {
                    members.entry(key).or_insert(at);
                    if self.skip_value().and_then(|()| self.take(b',')).is_none() {
                        break;
                    }
                }
                Some(Children::Members(members))
            }
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                loop {
                    self.space();
                    if self.peek().is_none_or(|byte| byte == b']') {
                        break;
                    }
                    items.push(self.at);
                    if self.skip_value().and_then(|()| self.take(b',')).is_none() {
                        break;
                    }
                }
                Some(Children::Items(items))
            }
            _ => None,
        }
    }

    /// A member's key, and where its value begins.
    fn member(&mut self) -> Option<(String, usize)> {
        self.space();
        let key = self.string()?;
        self.take(b':')?;
        self.space();
        Some((key, self.at))
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.skip_string()?;
        serde_json::from_slice(self.text.get(start..self.at)?).ok()
    }

    fn skip_string(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            self.at += memchr::memchr2(b'"', b'\\', self.text.get(self.at..)?)? + 1;
            if self.text.get(self.at - 1) == Some(&b'"') {
                return Some(());
            }
            self.at += 1;
        }
    }

    /// Skips one value by counting brackets, so that depth costs no stack.
    fn skip_value(&mut self) -> Option<()> {
        self.space();
        let mut depth = 0usize;
        loop {
            match self.peek()? {
                b'"' => self.skip_string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                _ if depth > 0 => self.at += 1,
                b',' | b':' => return None,
                _ => {
                    while self.peek().is_some_and(|byte| {
                        !byte.is_ascii_whitespace() && !matches!(byte, b',' | b']' | b'}')
                    }) {
                        self.at += 1;
                    }
                }
            }
            if depth == 0 {
                return Some(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, pointer: &str, expect: Option<(&str, usize, usize)>) {
        let place = SourceText::new(text.as_bytes().to_vec()).locate(pointer);
        let got = place.as_ref().map(|place| {
            (
                text.get(place.bytes.clone()).unwrap_or("?"),
                place.first_line,
                place.last_line,
            )
        });
        assert_eq!(got, expect, "{pointer}");
    }

    #[test]
    fn members_and_items() {
        let text = "{\n \"a\": [1, {\"b/c\": \"x\"}],\n \"d\\u0041\": null\n}";
        check(text, "", Some((text, 1, 4)));
        check(text, "/a/0", Some(("1", 2, 2)));
        check(text, "/a/1/b~1c", Some(("\"x\"", 2, 2)));
        check(text, "/dA", Some(("null", 3, 3)));
        check(text, "/a/2", None);
        check(text, "/nope", None);
    }

    #[test]
    fn several_documents() {
        check("{\"a\":1}\n{\"a\":2}\n", "/1/a", Some(("2", 2, 2)));
    }

    #[test]
    fn damaged_text_is_no_place() {
        for text in ["", "{", "{\"a\"", "[1,", "\"\\", "]", "{\"a\":}"] {
            check(text, "/a", None);
        }
    }
}
