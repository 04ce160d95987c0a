//! Scans text that comes in pieces, cut anywhere, even inside a character.
//!
//! Invariant: what a scan of the whole text finds, this finds, with the same
//! offsets, however it was cut: nothing is decided before [`HOLD`] bytes after it
//! are known (more than any recogniser looks ahead), and [`KEEP`] bytes before
//! what is undecided stay (more than any looks back). Memory stays below a few
//! blocks whatever the length.
//!
//! A byte that is no UTF-8 is read as a sign that belongs to nothing.

use crate::scanner::{Scanner, Scratch, Span};

/// Text that is gathered before a scan, in bytes.
const BLOCK: usize = 96 << 10;

/// Bytes at the end that wait for what follows. A private key is the longest
/// value; see `pass` for how far a pattern looks.
const HOLD: usize = 12 << 10;

/// Bytes before the undecided that are kept as context.
const KEEP: usize = 1 << 10;

/// What an invalid byte is read as.
const INVALID: char = '\u{1a}';

/// Finds personal data in a stream of bytes.
pub struct ChunkScanner {
    scanner: Scanner,
    field: String,
    scratch: Scratch,
    spans: Vec<Span>,
    buffer: String,
    /// The first bytes of a character that is not complete, up to three.
    cut: Vec<u8>,
    /// Offset of the buffer in the stream.
    base: usize,
    /// Everything before this offset is decided.
    done: usize,
    block: usize,
    hold: usize,
    keep: usize,
}

impl std::fmt::Debug for ChunkScanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the buffer: it is the text.
        f.debug_struct("ChunkScanner")
            .field("base", &self.base)
            .field("done", &self.done)
            .finish_non_exhaustive()
    }
}

impl ChunkScanner {
    /// A stream's scanner; `field` is context for all of it and may be empty.
    pub fn new(scanner: &Scanner, field: &str) -> Self {
        Self {
            scanner: scanner.clone(),
            field: field.to_owned(),
            scratch: Scratch::default(),
            spans: Vec::new(),
            buffer: String::new(),
            cut: Vec::new(),
            base: 0,
            done: 0,
            block: BLOCK,
            hold: HOLD,
            keep: KEEP,
        }
    }

    /// Takes the next bytes. Calls with each span that is decided, in order;
    /// offsets are bytes of the stream.
    pub fn push(&mut self, bytes: &[u8], mut emit: impl FnMut(Span)) {
        for part in bytes.chunks(self.block) {
            self.append(part);
            if self.buffer.len() >= self.block + self.hold {
                self.scan(self.hold, &mut emit);
            }
        }
    }

    /// Ends the stream: calls with the spans that waited, and begins anew.
    pub fn finish(&mut self, mut emit: impl FnMut(Span)) {
        for _ in 0..self.cut.len() {
            self.buffer.push(INVALID);
        }
        self.cut.clear();
        self.scan(0, &mut emit);
        self.buffer.clear();
        self.base = 0;
        self.done = 0;
    }

    fn append(&mut self, part: &[u8]) {
        let joined;
        let bytes = if self.cut.is_empty() {
            part
        } else {
            let mut whole = std::mem::take(&mut self.cut);
            whole.extend_from_slice(part);
            joined = whole;
            &joined
        };
        let mut at = 0;
        for chunk in bytes.utf8_chunks() {
            self.buffer.push_str(chunk.valid());
            at += chunk.valid().len();
            let invalid = chunk.invalid();
            at += invalid.len();
            if at == bytes.len()
                && std::str::from_utf8(invalid).is_err_and(|error| error.error_len().is_none())
            {
                self.cut = invalid.to_vec();
            } else {
                for _ in invalid {
                    self.buffer.push(INVALID);
                }
            }
        }
    }

    /// Decides all but the last `hold` bytes.
    fn scan(&mut self, hold: usize, emit: &mut impl FnMut(Span)) {
        self.scanner.scan_with(
            &mut self.scratch,
            &self.buffer,
            &self.field,
            &mut self.spans,
        );
        let mut border = self.buffer.len().saturating_sub(hold);
        while !self.buffer.is_char_boundary(border) {
            border -= 1;
        }
        let mut done = self.done.max(self.base + border);
        for span in &self.spans {
            let start = self.base + span.start;
            if start >= self.done && (span.start < border || hold == 0) {
                done = done.max(self.base + span.end);
                emit(Span {
                    start,
                    end: self.base + span.end,
                    ..*span
                });
            }
        }
        self.done = done;
        let mut from = border.saturating_sub(self.keep);
        while !self.buffer.is_char_boundary(from) {
            from -= 1;
        }
        self.buffer.drain(..from);
        self.base += from;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scanner that decides after few bytes, so that a short text is cut often.
    fn small(scanner: &Scanner) -> ChunkScanner {
        ChunkScanner {
            block: 256,
            hold: 512,
            keep: 512,
            ..ChunkScanner::new(scanner, "")
        }
    }

    fn pieces(stream: &mut ChunkScanner, parts: &[&[u8]]) -> Vec<Span> {
        let mut out = Vec::new();
        for part in parts {
            stream.push(part, |span| out.push(span));
        }
        stream.finish(|span| out.push(span));
        out
    }

    #[test]
    fn a_value_cut_at_any_byte_is_found() {
        let scanner = Scanner::builder().build().expect("the rules load");
        let value = "Grüße: jdoe @contoso com, card 4111 1111 1111 1111, ｊｄｏｅ＠ｃｏｎｔｏｓｏ．ｃｏｍ, \
            GB82 WEST 1234 5698 7654 32, 203[.]0[.]113[.]9, Password=Tr0ub4dor;";
        let whole = scanner.find(value);
        assert!(whole.len() >= 6);
        for cut in 0..=value.len() {
            let (head, tail) = value.as_bytes().split_at(cut);
            let got = pieces(&mut ChunkScanner::new(&scanner, ""), &[head, tail]);
            assert_eq!(got, whole, "cut at {cut}");
        }
    }

    #[test]
    fn borders_of_blocks_hide_nothing() {
        let scanner = Scanner::builder().build().expect("the rules load");
        let value = "write to jdoe @contoso com, card 4111 1111 1111 1111, jd\u{ad}oe@contoso.com";
        for lead in (0..1100).step_by(7) {
            let text = format!(
                "{}{value}{}",
                "so ".repeat(lead / 3),
                " and so on".repeat(90)
            );
            let whole = scanner.find(&text);
            assert_eq!(whole.len(), 3);
            let parts: Vec<&[u8]> = text.as_bytes().chunks(61).collect();
            assert_eq!(pieces(&mut small(&scanner), &parts), whole, "{lead}");
        }
    }

    #[test]
    fn invalid_bytes_keep_offsets() {
        let scanner = Scanner::builder().build().expect("the rules load");
        let got = pieces(
            &mut small(&scanner),
            &[b"\xff\xc3", b"\xff jdoe@contoso.com \xe3\x81"],
        );
        assert_eq!(got.len(), 1);
        assert_eq!((got[0].start, got[0].end), (4, 20));
    }
}
