//! Finds the lines of a JSON text that a pointer speaks of, for excerpts and
//! for the locations of SARIF results.
//!
//! The text was parsed before, so this only walks it: it reads tokens, never
//! values, and gives up (`None`) on anything it does not expect. Keys with
//! escapes are compared after unescaping by `serde_json`.

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

/// Where the value of an RFC 6901 pointer stands in a JSON text.
///
/// For a text with several documents one after the other, the first step of the
/// pointer is the document's number.
pub fn locate(text: &[u8], pointer: &str) -> Option<Place> {
    let mut walker = Walker { text, at: 0 };
    let mut steps: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect();
    walker.skip_bom();
    if walker.documents() > 1 {
        let number: usize = steps.first()?.parse().ok()?;
        steps.remove(0);
        for _ in 0..number {
            walker.skip_value()?;
        }
    }
    for step in &steps {
        walker.enter(step)?;
    }
    walker.space();
    let start = walker.at;
    walker.skip_value()?;
    let line = |at: usize| {
        text.get(..at)
            .map(|head| 1 + memchr::memchr_iter(b'\n', head).count())
    };
    Some(Place {
        bytes: start..walker.at,
        first_line: line(start)?,
        last_line: line(walker.at)?,
    })
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

    /// How many documents follow, two standing for "more than one".
    fn documents(&self) -> usize {
        let mut probe = Walker {
            text: self.text,
            at: self.at,
        };
        let first = probe.skip_value().is_some();
        probe.space();
        usize::from(first) + usize::from(probe.at < probe.text.len())
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

    /// Goes to the start of a member's or an item's value.
    fn enter(&mut self, step: &str) -> Option<()> {
        self.space();
        match self.peek()? {
            b'{' => {
                self.at += 1;
                loop {
                    self.space();
                    let key = self.string()?;
                    self.take(b':')?;
                    if key == step {
                        return Some(());
                    }
                    self.skip_value()?;
                    self.take(b',')?;
                }
            }
            b'[' => {
                self.at += 1;
                for _ in 0..step.parse::<usize>().ok()? {
                    self.skip_value()?;
                    self.take(b',')?;
                }
                self.space();
                (self.peek()? != b']').then_some(())
            }
            _ => None,
        }
    }

    fn string(&mut self) -> Option<String> {
        let start = self.at;
        self.skip_string()?;
        serde_json::from_slice(self.text.get(start..self.at)?).ok()
    }

    fn skip_string(&mut self) -> Option<()> {
        self.take(b'"')?;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Some(()),
                b'\\' => self.at += 1,
                _ => {}
            }
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
        let place = locate(text.as_bytes(), pointer);
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
