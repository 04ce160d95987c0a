//! A stream to what is inside its wrappings, and the same wrappings around what
//! is written.

use std::io::{self, Cursor, Read, Write};

use crate::compress::{Compression, Limits, Packer};
use crate::detect::{delimiter, promised, whole_bytes};
use crate::encoding::{Encoding, Utf16Reader, Utf16Writer};
use crate::{Format, Refused, detect};

/// Bytes that tell what a stream is.
const HEAD: usize = 64 << 10;

/// What is around a document, from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wrapping {
    /// How it is packed.
    pub packed: Vec<Compression>,
    /// How its characters are bytes.
    pub encoding: Encoding,
}

/// A document without its wrappings.
pub struct Opened<'a> {
    /// What was around it.
    pub wrapping: Wrapping,
    /// What it is, or why it is not read.
    pub format: Result<Format, Refused>,
    /// The byte between fields, should it be rows: of comma, semicolon, tabulator and bar
    /// the one that gives all of the first rows as many fields; else the one that the
    /// first line has most of; a comma where it has none.
    pub delimiter: u8,
    /// The document, from its begin. UTF-16 is UTF-8 here.
    pub reader: Box<dyn Read + 'a>,
}

/// Looks into a stream. `name` is the file's, or empty.
pub fn open<'a>(reader: impl Read + 'a, name: &str, limits: Limits) -> io::Result<Opened<'a>> {
    let mut name = name;
    let mut wrapping = Wrapping::default();
    let (mut head, mut reader) = peek(Box::new(reader))?;
    while let Some(how) = Compression::of(&head) {
        if wrapping.packed.len() >= limits.depth {
            break;
        }
        wrapping.packed.push(how);
        if let Some((rest, extension)) = name.rsplit_once('.') {
            let mut known = how.extensions().iter();
            if known.any(|known| extension.eq_ignore_ascii_case(known)) {
                name = rest;
            }
        }
        (head, reader) = peek(how.unpack(reader, limits)?)?;
    }
    if whole_bytes(&head).is_none() {
        wrapping.encoding = Encoding::of(&head);
    }
    let big = wrapping.encoding == Encoding::Utf16Be;
    if big || wrapping.encoding == Encoding::Utf16Le {
        (head, reader) = peek(Box::new(Utf16Reader::new(reader, big)))?;
    }
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let mut format = detect(extension, &head);
    if whole_bytes(&head).is_none()
        && format.is_ok()
        && let Some(what) = promised(extension)
        // Packed otherwise than its name says: the content decides.
        && (wrapping.packed.is_empty() || Compression::named(extension).is_none())
    {
        format = Err(Refused::Misnamed(what));
    }
    Ok(Opened {
        wrapping,
        format,
        delimiter: delimiter(&head),
        reader,
    })
}

/// The first bytes, and the reader as if they were not read.
fn peek<'a>(mut reader: Box<dyn Read + 'a>) -> io::Result<(Vec<u8>, Box<dyn Read + 'a>)> {
    let mut head = Vec::new();
    reader.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    let whole = Cursor::new(head.clone()).chain(reader);
    Ok((head, Box::new(whole)))
}

impl Wrapping {
    /// Whether bytes go out as they are.
    pub fn is_plain(&self) -> bool {
        self.packed.is_empty() && !matches!(self.encoding, Encoding::Utf16Le | Encoding::Utf16Be)
    }

    /// Puts the same around what is written.
    pub fn writer<W: Write>(&self, out: W) -> io::Result<Wrapper<W>> {
        let mut writer = Wrapper(Layer::Plain(out));
        for how in &self.packed {
            writer = Wrapper(Layer::Packed(Box::new(how.pack(writer)?)));
        }
        match self.encoding {
            Encoding::Utf8 | Encoding::Windows1252 => Ok(writer),
            Encoding::Utf16Le | Encoding::Utf16Be => {
                let big = self.encoding == Encoding::Utf16Be;
                let writer = Box::new(Utf16Writer::new(writer, big));
                Ok(Wrapper(Layer::Utf16(writer)))
            }
        }
    }
}

/// Writes with wrappings; has to be finished.
pub struct Wrapper<W: Write>(Layer<W>);

enum Layer<W: Write> {
    Plain(W),
    Packed(Box<Packer<Wrapper<W>>>),
    Utf16(Box<Utf16Writer<Wrapper<W>>>),
}

impl<W: Write> Wrapper<W> {
    /// Writes what the wrappings have to say at the end.
    pub fn finish(self) -> io::Result<W> {
        match self.0 {
            Layer::Plain(out) => Ok(out),
            Layer::Packed(packer) => packer.finish()?.finish(),
            Layer::Utf16(writer) => writer.finish()?.finish(),
        }
    }
}

impl<W: Write> Write for Wrapper<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        match &mut self.0 {
            Layer::Plain(out) => out.write(buffer),
            Layer::Packed(packer) => packer.write(buffer),
            Layer::Utf16(writer) => writer.write(buffer),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.0 {
            Layer::Plain(out) => out.flush(),
            Layer::Packed(packer) => packer.flush(),
            Layer::Utf16(writer) => writer.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrapped(packed: &[Compression], encoding: Encoding, bytes: &[u8]) -> Vec<u8> {
        let wrapping = Wrapping {
            packed: packed.to_vec(),
            encoding,
        };
        let mut writer = wrapping.writer(Vec::new()).expect("memory");
        writer.write_all(bytes).expect("memory");
        writer.finish().expect("memory")
    }

    #[test]
    fn opens_what_is_wrapped() {
        use Compression::{Gzip, Zstd};
        let text = "\u{feff}{\"a\":\"é\"}\r\n{\"a\":2}\n".as_bytes();
        for packed in [
            &[][..],
            &[Gzip],
            &[Zstd],
            &[Gzip, Zstd],
            &[Gzip, Gzip, Gzip],
        ] {
            for encoding in [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be] {
                let bytes = wrapped(packed, encoding, text);
                let opened = open(bytes.as_slice(), "", Limits::default()).expect("whole");
                assert_eq!(opened.format, Ok(Format::JsonLines));
                assert_eq!(opened.wrapping.packed, packed);
                assert_eq!(opened.wrapping.encoding, encoding);
                let mut found = Vec::new();
                let mut reader = opened.reader;
                reader.read_to_end(&mut found).expect("whole");
                assert_eq!(found, text);
            }
        }
        // Deeper than is unpacked.
        let bytes = wrapped(&[Gzip; 4], Encoding::Utf8, text);
        let opened = open(bytes.as_slice(), "", Limits::default()).expect("whole");
        assert_eq!(opened.format, Err(Refused::Packed("gzip")));
    }

    #[test]
    fn the_name_inside_is_what_is_left_of_the_name() {
        let bytes = wrapped(&[Compression::Gzip], Encoding::Utf8, b"a;b\n1;2\n");
        for (name, want) in [
            ("x.csv.gz", Format::Csv { delimiter: b';' }),
            ("x.csv.GZ", Format::Csv { delimiter: b';' }),
            ("x.txt.gz", Format::Text),
            ("x.csv.zst", Format::Text),
            ("x.gz", Format::Text),
        ] {
            let opened = open(bytes.as_slice(), name, Limits::default()).expect("whole");
            assert_eq!(opened.format, Ok(want), "{name}");
        }
    }

    #[test]
    fn a_name_that_promises_bytes_is_no_text() {
        for (name, what) in [
            ("b.parquet", "Parquet"),
            ("b.Avro", "Avro"),
            ("b.xlsx", "a workbook (XLSX)"),
            ("b.pdf", "a PDF document"),
            ("b.zip", "a zip archive"),
            ("b.tar", "a tar archive"),
            ("b.csv.gz", "gzip"),
            ("b.zst", "zstd"),
        ] {
            for text in ["id,mail\n1,a@example.com\n", "{\"a\":1}\n{\"a\":2}\n", ""] {
                let opened = open(text.as_bytes(), name, Limits::default()).expect("memory");
                assert_eq!(opened.format, Err(Refused::Misnamed(what)), "{name}");
            }
            // What the content is goes before the name.
            let other = open(&b"%PDF-1.4\n"[..], name, Limits::default()).expect("memory");
            assert_eq!(other.format, Ok(Format::Pdf), "{name}");
        }
        let packed = wrapped(&[Compression::Gzip], Encoding::Utf8, b"hello");
        let opened = open(packed.as_slice(), "b.parquet.gz", Limits::default()).expect("memory");
        assert_eq!(opened.format, Err(Refused::Misnamed("Parquet")));
    }
}
