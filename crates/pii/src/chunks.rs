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
    use crate::Class;

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

    /// Every class in several spellings: the words before it, and the value.
    const VALUES: &[(Class, &str, &str)] = &[
        (Class::Email, "mail ", "jdoe@contoso.com"),
        (Class::Email, "mail ", "jdoe @contoso com"),
        (Class::Email, "mail ", "jdoe [at] contoso [dot] com"),
        (Class::Email, "mail ", "ｊｄｏｅ＠ｃｏｎｔｏｓｏ．ｃｏｍ"),
        (Class::Email, "mail ", "jdoe&#64;contoso.com"),
        (Class::Email, "mail ", "jd\u{200b}oe@con\u{ad}toso.com"),
        (Class::Email, "mail ", "josé@exämple.org"),
        (Class::Email, "mail ", "j d o e @ c o n t o s o . c o m"),
        (Class::Phone, "call ", "+44 20 7946 0958"),
        (Class::Phone, "tel. ", "912 345 678"),
        (Class::Phone, "Tel. ", "+４９ ３０ ９０１８２０"),
        (Class::Phone, "電話", "03-3210-1234"),
        (Class::IpAddress, "from ", "203.0.113.9"),
        (Class::IpAddress, "from ", "203[.]0[.]113[.]9"),
        (Class::IpAddress, "from ", "2001:db8::8a2e:370:7334"),
        (Class::MacAddress, "hw ", "00:00:5e:00:53:af"),
        (Class::Imei, "IMEI ", "490154203237518"),
        (Class::Imsi, "IMSI ", "310150123456789"),
        (Class::PaymentCard, "card ", "4111 1111 1111 1111"),
        (Class::PaymentCard, "card ", "4111\u{a0}1111–1111.1111"),
        (
            Class::PaymentCard,
            "card ",
            "４１１１１１１１１１１１１１１１",
        ),
        (Class::Iban, "IBAN ", "GB82 WEST 1234 5698 7654 32"),
        (Class::Iban, "IBAN ", "de89370400440532013000"),
        (Class::Bic, "BIC ", "DEUTDEFF500"),
        (Class::BankAccount, "routing number ", "021000021"),
        (Class::NationalId, "DNI ", "12345678Z"),
        (Class::NationalId, "SSN ", "219-09-9999"),
        (Class::TaxId, "codice fiscale ", "RSSMRA85T10A562S"),
        (Class::TaxId, "CNPJ ", "11.222.333/0001-81"),
        (Class::HealthId, "NHS number ", "943 476 5919"),
        (Class::Vat, "VAT ", "DE136695976"),
        (Class::Passport, "passport number ", "C01X00T47"),
        (
            Class::DrivingLicence,
            "driving licence ",
            "MORGA753116SM9IJ",
        ),
        (Class::Plate, "number plate ", "AB12 CDE"),
        (Class::DateOfBirth, "date of birth ", "1 May 1980"),
        (Class::DateOfBirth, "geboren am ", "01.05.1980"),
        (Class::Coordinates, "at ", "40°26'46.3\"N 79°58'56.1\"W"),
        (
            Class::UrlCredentials,
            "see ",
            "https://ann:Tr0ub4dor@example.org/a",
        ),
        (Class::Username, "username: ", "jdoe.1980"),
        (Class::Secret, "password=", "Tr0ub4dor#3"),
        (
            Class::Secret,
            "key ",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        ),
        (
            Class::CryptoWallet,
            "to ",
            "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq",
        ),
        (
            Class::CryptoWallet,
            "to ",
            "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
        ),
        (Class::Person, "my name is ", "María López"),
        (Class::Person, "氏名：", "山田太郎"),
        (
            Class::Address,
            "my address is ",
            "Calle Mayor 5, 28013 Madrid",
        ),
        (Class::Address, "住所は", "東京都千代田区丸の内1-2-3"),
        (Class::Place, "she lives in ", "Barcelona"),
    ];

    /// A text of so many bytes that ends in a space and means nothing.
    fn filler(length: usize) -> String {
        let mut text = "so ".repeat(length / 3 + 1);
        text.drain(..text.len() - length);
        text
    }

    #[test]
    fn a_border_at_any_byte_of_any_class_hides_nothing() {
        let scanner = Scanner::builder().build().expect("the rules load");
        for class in Class::ALL {
            assert!(VALUES.iter().any(|value| value.0 == class), "{class}");
        }
        for (class, words, value) in VALUES {
            // The first border of `small` lies at byte 256; it moves through the
            // words and the value, one byte at a time.
            for cut in 0..=words.len() + value.len() {
                let lead = filler(256 - cut);
                let text = format!("{lead}{words}{value}, {}", filler(700));
                let whole = scanner.find(&text);
                let begin = lead.len() + words.len();
                assert!(
                    whole.iter().any(|span| span.class == *class
                        && span.start <= begin
                        && span.end >= begin + value.len()),
                    "{class}: {value}: {whole:?}"
                );
                let got = pieces(&mut small(&scanner), &[text.as_bytes()]);
                assert_eq!(got, whole, "{class}: {value}: border at {cut}");
                // Bytes that come in two pieces, cut where the border is.
                let (head, tail) = text.as_bytes().split_at(256);
                let got = pieces(&mut ChunkScanner::new(&scanner, ""), &[head, tail]);
                assert_eq!(got, whole, "{class}: {value}: cut at {cut}");
            }
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
