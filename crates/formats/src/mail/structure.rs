//! What a message is made of: lines of a header, parts between boundaries, messages
//! in messages. Malformed ones are read as far as they make sense, and what makes none
//! is text.

use std::ops::Range;

use super::header::Field;
use super::{Leaf, Reading};

/// Messages and multiparts in each other.
const DEPTH: usize = 16;
/// Parts of one message, those of messages in it as well.
const PARTS: usize = 2000;

/// What the fields say of an entity's body.
#[derive(Default)]
struct Meta {
    /// `type/subtype` in small letters.
    kind: String,
    boundary: Option<Vec<u8>>,
    charset: String,
    transfer: String,
    extension: String,
}

/// A type to be shown, which a sender chose.
pub(super) fn shown(kind: &str) -> &str {
    let plain =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'+' | b'-');
    if kind.len() <= 80 && kind.bytes().all(plain) && !kind.is_empty() {
        kind
    } else {
        "of an unknown type"
    }
}

/// Where a line ends, with its end.
fn line_after(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or(&[]);
    at + memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1)
}

fn without_end(line: &[u8]) -> &[u8] {
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// A field's name, and how long it is with its colon.
fn name_of(line: &[u8]) -> Option<(String, usize)> {
    let colon = memchr::memchr(b':', line.get(..line.len().min(1000))?)?;
    let name = line.get(..colon)?.trim_ascii_end();
    let is_name = !name.is_empty() && name.iter().all(u8::is_ascii_graphic);
    let name = is_name.then(|| String::from_utf8_lossy(name).to_ascii_lowercase())?;
    Some((name, colon + 1))
}

/// Fields that most messages have.
const USUAL: &[&str] = &[
    "from",
    "to",
    "cc",
    "bcc",
    "subject",
    "date",
    "message-id",
    "received",
    "return-path",
    "mime-version",
    "delivered-to",
    "reply-to",
    "content-type",
    "in-reply-to",
    "sender",
];

/// How many usual fields a header has that a text may begin with; none where it is no header.
fn usual(head: &[u8]) -> Option<usize> {
    let mut at = 0;
    let mut seen = Vec::new();
    while at < head.len() {
        let next = line_after(head, at);
        let line = head.get(at..next)?;
        // The head may be cut off here.
        let is_cut = next == head.len() && !line.ends_with(b"\n");
        let folded = matches!(line.first(), Some(b' ' | b'\t')) && at > 0;
        if without_end(line).is_empty() {
            break;
        }
        match name_of(line) {
            Some((name, _)) => {
                if USUAL.contains(&name.as_str()) && !seen.contains(&name) {
                    seen.push(name);
                }
            }
            None if folded || is_cut => {}
            None => return None,
        }
        at = next;
    }
    Some(seen.len())
}

/// Whether a text is a message, by its first lines.
pub(crate) fn looks_like_mail(head: &[u8], is_named: bool) -> bool {
    usual(head).is_some_and(|count| count >= if is_named { 1 } else { 3 })
}

/// Whether a text is a mailbox: messages after lines that begin with `From `.
pub(crate) fn looks_like_mbox(head: &[u8]) -> bool {
    head.starts_with(b"From ")
        && usual(head.get(line_after(head, 0)..).unwrap_or(&[])).is_some_and(|count| count > 0)
}

/// Whether it is a date as mailboxes have it: `Thu Jan  1 00:00:00 2026`.
fn is_date(text: &[u8]) -> bool {
    let mut words = text
        .split(|byte| *byte == b' ')
        .filter(|word| !word.is_empty());
    let mut next = |fits: fn(&[u8]) -> bool| words.next().is_some_and(fits);
    next(|word| word.len() == 3 && word.iter().all(u8::is_ascii_alphabetic))
        && next(|word| word.len() == 3 && word.iter().all(u8::is_ascii_alphabetic))
        && next(|word| word.len() <= 2 && word.iter().all(u8::is_ascii_digit))
        && next(|word| {
            word.len() <= 8
                && word
                    .iter()
                    .all(|byte| byte.is_ascii_digit() || *byte == b':')
        })
        && words.all(|word| word.len() <= 5 && word.iter().all(u8::is_ascii_graphic))
}

impl Reading<'_> {
    pub(super) fn message(&mut self) {
        let mut begin = 0;
        if self.record.starts_with(b"From ") {
            // A mailbox's line before each message.
            begin = line_after(self.record, 0);
            let end = without_end(self.bytes(&(0..begin))).len();
            let mut raw = b"From ".len()..end;
            // The date after the address is the mailbox's and says nothing of anybody.
            let line = self.bytes(&raw);
            let address = memchr::memchr(b' ', line).unwrap_or(line.len());
            if line.get(address..).is_some_and(is_date) {
                raw.end = raw.start + address;
            }
            let field = Field::read(self.bytes(&raw));
            self.field("envelope", raw, field);
        }
        self.entity(begin..self.record.len(), 0, "", "text/plain");
    }

    fn entity(&mut self, range: Range<usize>, depth: usize, prefix: &str, default: &str) {
        self.parts += 1;
        if depth > DEPTH || self.parts > PARTS {
            return self.unread("parts that are nested too deep, or are too many");
        }
        let names = if depth == 0 || default == "message" {
            prefix.to_owned()
        } else {
            format!("{prefix}part.")
        };
        let mut meta = Meta::default();
        let body = self.header(range.clone(), &names, &mut meta);
        let body = body..range.end;
        if meta.kind.is_empty() {
            default.clone_into(&mut meta.kind);
            if default == "message" {
                "text/plain".clone_into(&mut meta.kind);
            }
        }
        let is_plain = super::Transfer::of(&meta.transfer) == Some(super::Transfer::Plain);
        if let (true, Some(boundary)) = (meta.kind.starts_with("multipart/"), &meta.boundary) {
            let default = if meta.kind == "multipart/digest" {
                "message/rfc822"
            } else {
                "text/plain"
            };
            if self.multipart(&body, boundary, depth, prefix, default) {
                return;
            }
        }
        if matches!(meta.kind.as_str(), "message/rfc822" | "message/global") && is_plain {
            let prefix = format!("{prefix}message.");
            return self.entity(body, depth + 1, &prefix, "message");
        }
        let broken = meta.kind.starts_with("multipart/");
        let kind = if broken || meta.kind.starts_with("message/") {
            "text/plain"
        } else {
            &meta.kind
        };
        self.leaf(&Leaf {
            raw: body,
            kind,
            charset: &meta.charset,
            transfer: &meta.transfer,
            extension: &meta.extension,
            prefix,
        });
    }

    /// Reads the fields; where the body begins.
    fn header(&mut self, range: Range<usize>, prefix: &str, meta: &mut Meta) -> usize {
        let mut at = range.start;
        while at < range.end {
            let line = at..line_after(self.record, at).min(range.end);
            if without_end(self.bytes(&line)).is_empty() {
                return line.end;
            }
            // Lines that begin with a space go on with it.
            let mut end = line.end;
            while matches!(self.record.get(end), Some(b' ' | b'\t')) && end < range.end {
                let next = line_after(self.record, end).min(range.end);
                // One of nothing but space is a blank line to many readers.
                if self.bytes(&(end..next)).trim_ascii().is_empty() {
                    break;
                }
                end = next;
            }
            let whole = self.bytes(&(at..end));
            if let Some((name, colon)) = name_of(whole) {
                let length = whole.trim_ascii_end().len();
                let text = whole.get(colon..length.max(colon)).unwrap_or(&[]);
                let lead = text.len() - text.trim_ascii_start().len();
                let raw = at + colon + lead..at + length.max(colon + lead);
                self.named(&name, raw, prefix, meta);
            } else {
                let length = without_end(whole).len();
                self.plain(&format!("{prefix}header"), at..at + length);
            }
            at = end;
        }
        range.end
    }

    fn named(&mut self, name: &str, raw: Range<usize>, prefix: &str, meta: &mut Meta) {
        let bytes = self.bytes(&raw);
        let path = format!("{prefix}{name}");
        match name {
            "content-transfer-encoding" => {
                let text = String::from_utf8_lossy(bytes);
                text.split(['(', ';'])
                    .next()
                    .unwrap_or("")
                    .trim()
                    .clone_into(&mut meta.transfer);
            }
            "mime-version" => {}
            "content-type" | "content-disposition" => {
                let is_type = name == "content-type";
                let text = String::from_utf8_lossy(bytes);
                if is_type {
                    let kind = text.split([';', '(']).next().unwrap_or("");
                    meta.kind = kind.trim().to_ascii_lowercase();
                }
                // Long ones go on, and may have percent escapes: `boundary*0*`.
                let one = |wanted: &str| Field::parameters(bytes, |name| name == wanted).text;
                for name in ["name", "filename"] {
                    if let Some((_, extension)) = one(name).rsplit_once('.') {
                        meta.extension = extension.to_ascii_lowercase();
                    }
                }
                if is_type {
                    meta.boundary =
                        Some(one("boundary").into_bytes()).filter(|text| !text.is_empty());
                    meta.charset = one("charset");
                }
                let mine = [
                    "boundary", "charset", "format", "type", "protocol", "micalg", "delsp",
                ];
                let field = Field::parameters(bytes, |name| !mine.contains(&name));
                self.field(&path, raw, field);
            }
            _ => {
                let field = Field::read(bytes);
                self.field(&path, raw, field);
            }
        }
    }

    /// Reads parts; false where there are none.
    fn multipart(
        &mut self,
        body: &Range<usize>,
        boundary: &[u8],
        depth: usize,
        prefix: &str,
        default: &str,
    ) -> bool {
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut open: Option<usize> = None;
        let mut first = None;
        let mut epilogue = None;
        let mut at = body.start;
        while at < body.end {
            let line = at..line_after(self.record, at).min(body.end);
            let rest = self
                .bytes(&line)
                .strip_prefix(b"--")
                .and_then(|line| line.strip_prefix(boundary));
            if let Some(rest) = rest {
                let closes = rest.starts_with(b"--");
                let rest = rest.strip_prefix(b"--").unwrap_or(rest);
                if rest.trim_ascii().is_empty() {
                    first.get_or_insert(line.start);
                    if let Some(begin) = open {
                        // The line end before a boundary belongs to it.
                        let part = without_end(self.bytes(&(begin..line.start.max(begin))));
                        parts.push(begin..begin + part.len());
                    }
                    open = Some(line.end);
                    if closes {
                        open = None;
                        epilogue = Some(line.end);
                        break;
                    }
                }
            }
            at = line.end;
        }
        if let Some(begin) = open {
            parts.push(begin..body.end);
        }
        let Some(first) = first else {
            return false;
        };
        self.plain(&format!("{prefix}preamble"), body.start..first);
        for part in parts {
            self.entity(part, depth + 1, prefix, default);
        }
        if let Some(begin) = epilogue {
            self.plain(&format!("{prefix}epilogue"), begin..body.end);
        }
        true
    }
}
