//! HTML as a text to look at: what is shown, and the values of attributes, with the
//! way back.
//!
//! Tags that begin no new line stand for nothing, so that `jdoe<b>@</b>x.com` is one
//! value; others stand for a line end. Scripts, styles and comments are text as well:
//! nothing is passed over but names of tags and attributes. This is no parser of
//! HTML's tree, which is not needed to find where text is.

use std::ops::Range;

/// Attributes that say how something looks.
const LOOKS: &[&str] = &[
    "style", "class", "width", "height", "color", "bgcolor", "align", "valign", "border",
];
/// Elements within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "acronym", "b", "big", "bdi", "bdo", "cite", "code", "dfn", "em", "font", "i",
    "ins", "del", "kbd", "mark", "o:p", "q", "s", "samp", "small", "span", "strike", "strong",
    "sub", "sup", "tt", "u", "var", "wbr",
];
/// Elements whose content is no markup, up to their end.
const RAW: &[&str] = &["script", "style", "textarea", "title"];

/// A text and where its parts are in the HTML.
#[derive(Default)]
pub(super) struct Text {
    pub(super) text: String,
    segments: Vec<Segment>,
}

struct Segment {
    text: Range<usize>,
    raw: Range<usize>,
}

/// What is shown, and each attribute's name and value.
pub(super) struct Html {
    pub(super) shown: Text,
    pub(super) attributes: Vec<(String, Text)>,
}

impl Html {
    pub(super) fn read(html: &str) -> Self {
        let mut out = Self {
            shown: Text::default(),
            attributes: Vec::new(),
        };
        let bytes = html.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            let rest = html.get(at..).unwrap_or("");
            let text = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
            if text > 0 {
                out.shown.push(html, at..at + text, true);
                at += text;
                continue;
            }
            if let Some(comment) = rest.strip_prefix("<!--") {
                let end = memchr::memmem::find(comment.as_bytes(), b"-->").unwrap_or(comment.len());
                out.shown.line();
                out.shown.push(html, at + 4..at + 4 + end, false);
                out.shown.line();
                at = (at + 4 + end + 3).min(bytes.len());
                continue;
            }
            if let Some(b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?') = rest.as_bytes().get(1) {
                at = out.tag(html, at);
            } else {
                // Alone it is a sign like others.
                out.shown.push(html, at..at + 1, false);
                at += 1;
            }
        }
        out
    }

    /// Reads a tag; where it ends.
    fn tag(&mut self, html: &str, begin: usize) -> usize {
        let bytes = html.as_bytes();
        let closes = bytes.get(begin + 1) == Some(&b'/');
        let start = begin + 1 + usize::from(closes);
        let mut at = start;
        let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/');
        while bytes.get(at).is_some_and(|byte| !ends(byte)) {
            at += 1;
        }
        let name = html.get(start..at).unwrap_or("").to_ascii_lowercase();
        if !INLINE.contains(&name.as_str()) {
            self.shown.line();
        }
        loop {
            while bytes
                .get(at)
                .is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'/')
            {
                at += 1;
            }
            match bytes.get(at) {
                None => return at,
                Some(b'>') => break,
                Some(_) => at = self.attribute(html, at),
            }
        }
        at += 1;
        if !closes && RAW.contains(&name.as_str()) {
            let rest = html.get(at..).unwrap_or("");
            let end = find_close(rest, &name);
            let markup = matches!(name.as_str(), "textarea" | "title");
            self.shown.push(html, at..at + end, markup);
            at += end;
        }
        at
    }

    /// Reads an attribute; where it ends.
    fn attribute(&mut self, html: &str, begin: usize) -> usize {
        let bytes = html.as_bytes();
        let space = |mut at: usize| {
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            at
        };
        let mut at = begin;
        // A name has at least one sign, even an equals sign.
        while bytes.get(at).is_some_and(|byte| {
            at == begin || !(byte.is_ascii_whitespace() || matches!(byte, b'=' | b'>' | b'/'))
        }) {
            at += 1;
        }
        let name = html.get(begin..at).unwrap_or("").to_ascii_lowercase();
        let equals = space(at);
        if bytes.get(equals) != Some(&b'=') {
            // A doctype's strings and what is no attribute is text.
            if name.len() > 3 {
                self.value(html, name.clone(), begin..at);
            }
            return at.max(begin + 1);
        }
        at = space(equals + 1);
        let rest = bytes.get(at..).unwrap_or(&[]);
        let (value, end) = if let Some(quote @ (b'"' | b'\'')) = rest.first() {
            let length = memchr::memchr(*quote, rest.get(1..).unwrap_or(&[]));
            let length = length.unwrap_or(rest.len() - 1);
            (at + 1..at + 1 + length, (at + 2 + length).min(bytes.len()))
        } else {
            let ends = |byte: &u8| byte.is_ascii_whitespace() || *byte == b'>';
            let length = rest.iter().position(ends).unwrap_or(rest.len());
            (at..at + length, at + length)
        };
        if !LOOKS.contains(&name.as_str()) && !value.is_empty() {
            self.value(html, name, value);
        }
        end
    }

    fn value(&mut self, html: &str, name: String, range: Range<usize>) {
        let mut text = Text::default();
        text.push(html, range, true);
        self.attributes.push((name, text));
    }
}

/// Where the end tag of an element begins.
fn find_close(rest: &str, name: &str) -> usize {
    let mut at = 0;
    while let Some(found) = rest
        .get(at..)
        .and_then(|rest| memchr::memmem::find(rest.as_bytes(), b"</"))
    {
        let start = at + found + 2;
        let is_close = rest
            .get(start..start + name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is_close {
            return at + found;
        }
        at = start;
    }
    rest.len()
}

impl Text {
    /// A line end that stands nowhere.
    fn line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn push(&mut self, html: &str, range: Range<usize>, references: bool) {
        let part = html.get(range.clone()).unwrap_or("");
        let mut done = 0;
        while let Some(at) =
            memchr::memchr(b'&', part.as_bytes().get(done..).unwrap_or(&[])).filter(|_| references)
        {
            let at = done + at;
            let Some((length, sign)) = reference(part.get(at..).unwrap_or("")) else {
                self.segment(
                    part.get(done..=at).unwrap_or(""),
                    range.start + done..range.start + at + 1,
                );
                done = at + 1;
                continue;
            };
            self.segment(
                part.get(done..at).unwrap_or(""),
                range.start + done..range.start + at,
            );
            let place = range.start + at..range.start + at + length;
            self.segment(sign.encode_utf8(&mut [0; 4]), place);
            done = at + length;
        }
        self.segment(
            part.get(done..).unwrap_or(""),
            range.start + done..range.end,
        );
    }

    fn segment(&mut self, text: &str, raw: Range<usize>) {
        if text.is_empty() {
            return;
        }
        let from = self.text.len();
        self.text.push_str(text);
        self.segments.push(Segment {
            text: from..self.text.len(),
            raw,
        });
    }

    /// What stands in the HTML where the text is edited.
    pub(super) fn edits(&self, range: &Range<usize>, with: &str) -> Vec<(Range<usize>, String)> {
        let mut out: Vec<(Range<usize>, String)> = Vec::new();
        let first = self
            .segments
            .partition_point(|segment| segment.text.end <= range.start);
        for segment in self.segments.iter().skip(first) {
            if segment.text.start >= range.end && !(out.is_empty() && range.is_empty()) {
                break;
            }
            let from = range.start.max(segment.text.start);
            let to = range.end.min(segment.text.end).max(from);
            let whole = segment.raw.len() != segment.text.len();
            let raw = if whole {
                segment.raw.clone()
            } else {
                let base = segment.raw.start;
                base + from - segment.text.start..base + to - segment.text.start
            };
            let with = if out.is_empty() {
                escape(with)
            } else {
                String::new()
            };
            match out.last_mut() {
                Some((last, _)) if last.end == raw.start => last.end = raw.end,
                _ => out.push((raw, with)),
            }
        }
        if out.is_empty() {
            // Nothing but a line end that stands nowhere.
            let next = self.segments.get(first).map(|segment| segment.raw.start);
            let last = self.segments.last().map_or(0, |segment| segment.raw.end);
            let place = next.unwrap_or(last);
            out.push((place..place, escape(with)));
        }
        out
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            sign => out.push(sign),
        }
    }
    out
}

/// Latin-1's names, from U+00A0 on (HTML 4.01, section 24.2).
const LATIN: [&str; 96] = [
    "nbsp", "iexcl", "cent", "pound", "curren", "yen", "brvbar", "sect", "uml", "copy", "ordf",
    "laquo", "not", "shy", "reg", "macr", "deg", "plusmn", "sup2", "sup3", "acute", "micro",
    "para", "middot", "cedil", "sup1", "ordm", "raquo", "frac14", "frac12", "frac34", "iquest",
    "Agrave", "Aacute", "Acirc", "Atilde", "Auml", "Aring", "AElig", "Ccedil", "Egrave", "Eacute",
    "Ecirc", "Euml", "Igrave", "Iacute", "Icirc", "Iuml", "ETH", "Ntilde", "Ograve", "Oacute",
    "Ocirc", "Otilde", "Ouml", "times", "Oslash", "Ugrave", "Uacute", "Ucirc", "Uuml", "Yacute",
    "THORN", "szlig", "agrave", "aacute", "acirc", "atilde", "auml", "aring", "aelig", "ccedil",
    "egrave", "eacute", "ecirc", "euml", "igrave", "iacute", "icirc", "iuml", "eth", "ntilde",
    "ograve", "oacute", "ocirc", "otilde", "ouml", "divide", "oslash", "ugrave", "uacute", "ucirc",
    "uuml", "yacute", "thorn", "yuml",
];

const NAMES: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("commat", '@'),
    ("period", '.'),
    ("comma", ','),
    ("colon", ':'),
    ("sol", '/'),
    ("lowbar", '_'),
    ("plus", '+'),
    ("num", '#'),
    ("lpar", '('),
    ("rpar", ')'),
    ("lsqb", '['),
    ("rsqb", ']'),
    ("equals", '='),
    ("percnt", '%'),
    ("excl", '!'),
    ("quest", '?'),
    ("ast", '*'),
    ("dollar", '$'),
    ("semi", ';'),
    ("hyphen", '‐'),
    ("ndash", '–'),
    ("mdash", '—'),
    ("lsquo", '‘'),
    ("rsquo", '’'),
    ("ldquo", '“'),
    ("rdquo", '”'),
    ("bull", '•'),
    ("hellip", '…'),
    ("euro", '€'),
    ("trade", '™'),
    ("ensp", '\u{2002}'),
    ("emsp", '\u{2003}'),
    ("thinsp", '\u{2009}'),
    ("zwnj", '\u{200c}'),
    ("zwj", '\u{200d}'),
    ("OElig", 'Œ'),
    ("oelig", 'œ'),
    ("Scaron", 'Š'),
    ("scaron", 'š'),
    ("Zcaron", 'Ž'),
    ("zcaron", 'ž'),
    ("Ccaron", 'Č'),
    ("ccaron", 'č'),
    ("Lstrok", 'Ł'),
    ("lstrok", 'ł'),
];

/// A character reference: its length and what it stands for.
fn reference(text: &str) -> Option<(usize, char)> {
    let body = text.get(1..)?;
    if let Some(number) = body.strip_prefix('#') {
        let (digits, radix, lead) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => (digits, 16, 3),
            None => (number, 10, 2),
        };
        let length = digits
            .bytes()
            .take_while(|byte| char::from(*byte).is_digit(radix))
            .take(9)
            .count();
        let code = u32::from_str_radix(digits.get(..length)?, radix).ok()?;
        let sign = match u8::try_from(code) {
            Ok(byte @ 0x80..=0x9f) => crate::decode::windows_1252(byte),
            _ => char::from_u32(code).filter(|sign| *sign != '\0')?,
        };
        let ends = usize::from(digits.as_bytes().get(length) == Some(&b';'));
        return Some((lead + length + ends, sign));
    }
    let length = body
        .bytes()
        .take(12)
        .take_while(u8::is_ascii_alphanumeric)
        .count();
    let name = body.get(..length)?;
    if body.as_bytes().get(length) != Some(&b';') {
        return None;
    }
    let latin = LATIN.iter().position(|known| *known == name);
    let sign = match latin {
        Some(place) => char::from(u8::try_from(0xa0 + place).ok()?),
        None => NAMES.iter().find(|known| known.0 == name)?.1,
    };
    Some((length + 2, sign))
}
