//! Encodings other than UTF-8, read and written back without losing a byte.
//!
//! UTF-16 goes through [`Utf16Reader`] and back through [`Utf16Writer`]. What is
//! malformed (half a pair, an odd last byte) becomes bytes that no UTF-8 has, and
//! those become what they were, which is why this is not left to a library that
//! puts U+FFFD there. Windows-1252 is not converted: [`crate::decode()`] reads what
//! is not UTF-8 as such in place, so that files with both are read well; what is
//! put in has to be written as the rest is ([`windows_1252`]).

use std::io::{self, Read, Write};

/// How characters are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// UTF-8, and so ASCII.
    #[default]
    Utf8,
    /// UTF-16, the less significant byte first.
    Utf16Le,
    /// UTF-16, the more significant byte first.
    Utf16Be,
    /// Windows-1252, of which printable Latin-1 is a part.
    Windows1252,
}

/// A mark, or so many units whose upper byte is zero, tells UTF-16.
const UNITS: usize = 2;

impl Encoding {
    /// The encoding of a text by its first bytes; a character may go on after them.
    pub fn of(head: &[u8]) -> Self {
        match head {
            [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..] => return Self::Utf8,
            [0xff, 0xfe, ..] => return Self::Utf16Le,
            [0xfe, 0xff, ..] => return Self::Utf16Be,
            _ => {}
        }
        let mut zeros = [0_usize; 2];
        for unit in head.chunks_exact(2) {
            zeros[0] += usize::from(unit[0] == 0);
            zeros[1] += usize::from(unit[1] == 0);
        }
        let units = head.len() / 2;
        match zeros {
            [0, low] if units >= UNITS && low * 10 >= units * 7 => Self::Utf16Le,
            [high, 0] if units >= UNITS && high * 10 >= units * 7 => Self::Utf16Be,
            _ => match std::str::from_utf8(head) {
                Err(error) if error.error_len().is_some() => Self::Windows1252,
                _ => Self::Utf8,
            },
        }
    }

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "utf-8",
            Self::Utf16Le => "utf-16le",
            Self::Utf16Be => "utf-16be",
            Self::Windows1252 => "windows-1252",
        }
    }
}

/// Begins an odd last byte, which then stands as a character below U+0100.
const ODD: u8 = 0xff;

/// UTF-16 as UTF-8.
pub struct Utf16Reader<R> {
    reader: R,
    big: bool,
    /// Bytes that are not converted yet: less than two units.
    raw: Vec<u8>,
    out: Vec<u8>,
    at: usize,
    ended: bool,
}

impl<R: Read> Utf16Reader<R> {
    /// `big` is for the more significant byte first.
    pub const fn new(reader: R, big: bool) -> Self {
        Self {
            reader,
            big,
            raw: Vec::new(),
            out: Vec::new(),
            at: 0,
            ended: false,
        }
    }

    fn fill(&mut self) -> io::Result<()> {
        let length = self.raw.len();
        self.raw.resize(length + (32 << 10), 0);
        let read = crate::split::read(&mut self.reader, &mut self.raw[length..]);
        self.raw.truncate(length + *read.as_ref().unwrap_or(&0));
        self.ended = read? == 0;
        self.out.clear();
        self.at = 0;
        let mut done = 0;
        while let Some(&[a, b]) = self.raw.get(done..done + 2) {
            let unit = self.unit(a, b);
            if !(0xd800..0xdc00).contains(&unit) {
                push_scalar(&mut self.out, u32::from(unit));
                done += 2;
                continue;
            }
            match self.raw.get(done + 2..done + 4) {
                Some(&[c, d]) if (0xdc00..0xe000).contains(&self.unit(c, d)) => {
                    let low = u32::from(self.unit(c, d)) - 0xdc00;
                    let high = u32::from(unit) - 0xd800;
                    push_scalar(&mut self.out, 0x10000 + (high << 10) + low);
                    done += 4;
                }
                // The other half may be yet to come.
                None if !self.ended => break,
                _ => {
                    push_scalar(&mut self.out, u32::from(unit));
                    done += 2;
                }
            }
        }
        if self.ended {
            if let Some(&byte) = self.raw.get(done) {
                self.out.push(ODD);
                push_scalar(&mut self.out, u32::from(byte));
            }
            done = self.raw.len();
        }
        self.raw.drain(..done);
        Ok(())
    }

    const fn unit(&self, a: u8, b: u8) -> u16 {
        if self.big {
            u16::from_be_bytes([a, b])
        } else {
            u16::from_le_bytes([a, b])
        }
    }
}

/// UTF-8, also of half a pair ("WTF-8"), which is what makes it come back.
fn push_scalar(out: &mut Vec<u8>, scalar: u32) {
    if let Some(sign) = char::from_u32(scalar) {
        out.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        let bits = |shift: u32| u8::try_from(scalar >> shift & 0x3f).unwrap_or(0);
        out.extend([0xe0 | bits(12), 0x80 | bits(6), 0x80 | bits(0)]);
    }
}

impl<R: Read> Read for Utf16Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.out.len() && !self.ended {
            self.fill()?;
        }
        let rest = self.out.get(self.at..).unwrap_or(&[]);
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.at += length;
        Ok(length)
    }
}

/// UTF-8 as [`Utf16Reader`] made it, as UTF-16 again.
pub struct Utf16Writer<W> {
    writer: W,
    big: bool,
    /// A character that is not whole yet.
    raw: Vec<u8>,
    out: Vec<u8>,
}

impl<W: Write> Utf16Writer<W> {
    /// `big` is for the more significant byte first.
    pub const fn new(writer: W, big: bool) -> Self {
        Self {
            writer,
            big,
            raw: Vec::new(),
            out: Vec::new(),
        }
    }

    /// The writer, with all that was written. A character that was begun and not
    /// ended is an error.
    pub fn finish(mut self) -> io::Result<W> {
        if self.raw.is_empty() {
            self.writer.flush()?;
            Ok(self.writer)
        } else {
            Err(not_utf8())
        }
    }

    fn push(&mut self, unit: u16) {
        self.out.extend(if self.big {
            unit.to_be_bytes()
        } else {
            unit.to_le_bytes()
        });
    }

    /// Converts whole characters; how many bytes they are.
    fn convert(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut at = 0;
        while let Some(&lead) = bytes.get(at) {
            let odd = lead == ODD;
            let start = at + usize::from(odd);
            let width = match bytes.get(start) {
                None => break,
                Some(0..0x80) => 1,
                Some(0xc2..0xe0) => 2,
                Some(0xe0..0xf0) => 3,
                Some(0xf0..0xf5) => 4,
                Some(_) => return Err(not_utf8()),
            };
            let Some(sign) = bytes.get(start..start + width) else {
                break;
            };
            at = start + width;
            match std::str::from_utf8(sign)
                .ok()
                .and_then(|sign| sign.chars().next())
            {
                Some(sign) if odd => {
                    let byte = u8::try_from(u32::from(sign)).map_err(|_| not_utf8())?;
                    self.out.push(byte);
                }
                Some(sign) => {
                    for &mut unit in sign.encode_utf16(&mut [0; 2]) {
                        self.push(unit);
                    }
                }
                None => match sign {
                    &[0xed, second @ 0xa0..0xc0, third @ 0x80..0xc0] if !odd => {
                        self.push(0xd000 | u16::from(second & 0x3f) << 6 | u16::from(third & 0x3f));
                    }
                    _ => return Err(not_utf8()),
                },
            }
        }
        Ok(at)
    }
}

fn not_utf8() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "what is to be written as UTF-16 is no UTF-8",
    )
}

impl<W: Write> Write for Utf16Writer<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.out.clear();
        // A character that began in an earlier call first.
        let mut taken = 0;
        while !self.raw.is_empty() && taken < buffer.len() {
            self.raw.push(buffer[taken]);
            taken += 1;
            let raw = std::mem::take(&mut self.raw);
            let done = self.convert(&raw)?;
            self.raw.extend_from_slice(&raw[done..]);
        }
        let rest = &buffer[taken..];
        let done = self.convert(rest)?;
        self.raw.extend_from_slice(&rest[done..]);
        self.writer.write_all(&self.out)?;
        Ok(buffer.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

/// A text in Windows-1252; none where it has a character that this has not.
pub fn windows_1252(text: &str) -> Option<Vec<u8>> {
    text.chars().map(crate::decode::to_windows_1252).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn tells_an_encoding() {
        for (head, want) in [
            (&b""[..], Encoding::Utf8),
            (b"plain", Encoding::Utf8),
            ("é€".as_bytes(), Encoding::Utf8),
            (b"\xe2\x82", Encoding::Utf8),
            (b"Jos\xe9, 3", Encoding::Windows1252),
            (b"\xff\xfea\0", Encoding::Utf16Le),
            (b"\xfe\xff\0a", Encoding::Utf16Be),
            (b"\xff\xfe\0\0a\0\0\0", Encoding::Utf8),
            (b"a\0b\0\n\0", Encoding::Utf16Le),
            (b"\0a\0b\0\n", Encoding::Utf16Be),
            (b"a\0b", Encoding::Utf8),
            (b"\0\0\0\0", Encoding::Utf8),
        ] {
            assert_eq!(Encoding::of(head), want, "{head:?}");
        }
    }

    /// Gives and takes a few bytes at a time.
    struct Slow<T>(T, usize);

    impl Read for Slow<&[u8]> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(buffer.len());
            self.0.read(&mut buffer[..length])
        }
    }

    fn there(bytes: &[u8], big: bool, step: usize) -> Vec<u8> {
        let mut out = Vec::new();
        Utf16Reader::new(Slow(bytes, step), big)
            .read_to_end(&mut out)
            .expect("memory");
        out
    }

    fn back(bytes: &[u8], big: bool, step: usize) -> Vec<u8> {
        let mut writer = Utf16Writer::new(Vec::new(), big);
        for part in bytes.chunks(step) {
            writer.write_all(part).expect("memory");
        }
        writer.finish().expect("whole characters")
    }

    #[test]
    fn what_is_no_utf8_is_not_written() {
        for bytes in [&b"\xff\xff"[..], b"\x80", b"\xc3a", b"\xf5\x80\x80\x80"] {
            let mut writer = Utf16Writer::new(Vec::new(), false);
            assert!(writer.write_all(bytes).is_err(), "{bytes:?}");
        }
        let mut writer = Utf16Writer::new(Vec::new(), false);
        writer.write_all(b"\xc3").expect("may go on");
        assert!(writer.finish().is_err());
    }

    #[test]
    fn windows_1252_has_what_it_has() {
        assert_eq!(windows_1252("é€\u{81} a"), Some(b"\xe9\x80\x81 a".to_vec()));
        assert_eq!(windows_1252("ł"), None);
        // All of it, there and back.
        let all: Vec<u8> = (0..=255).collect();
        let text: String = all
            .iter()
            .map(|&byte| crate::decode::windows_1252(byte))
            .collect();
        assert_eq!(windows_1252(&text), Some(all));
    }

    proptest! {
        #[test]
        fn text_is_text(text in "\\PC{0,40}", big: bool, step in 1..9_usize) {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
            let utf8 = there(&bytes, big, step);
            prop_assert_eq!(std::str::from_utf8(&utf8), Ok(text.as_str()));
            prop_assert_eq!(back(&utf8, big, step), bytes);
        }

        /// Whatever is malformed comes back as it was.
        #[test]
        fn any_bytes_come_back(bytes in proptest::collection::vec(prop_oneof![Just(0xd8), Just(0xdc), Just(0xff), any::<u8>()], 0..60), big: bool, step in 1..9_usize) {
            prop_assert_eq!(back(&there(&bytes, big, step), big, step), bytes);
        }
    }
}
