//! What a stream is, from its name and its first bytes.

use crate::archive::{is_tar, is_zip};
use crate::avro::MAGIC;
use crate::mail::{looks_like_mail, looks_like_mbox};
use crate::{Format, csv::State};

/// The bytes are nothing that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// Compressed or an archive.
    #[error("is compressed or an archive ({0}); unpack it first")]
    Packed(&'static str),
    /// A known format that is not read.
    #[error("is {0}, which is not read")]
    Unread(&'static str),
    /// A document that needs a password.
    #[error("is {0} that is encrypted")]
    Encrypted(&'static str),
    /// A format that is read and never written.
    #[error("is {0}, which is scanned and not redacted; leave it out, or convert it to text first")]
    Unwritable(&'static str),
    /// An archive that is damaged: what it is, and what is wrong.
    #[error("is no whole {0}: {1}")]
    Damaged(&'static str, &'static str),
    /// Text, under the name of a format that is none.
    #[error(
        "is named as {0} is and holds none, but text or nothing; restore the file, \
         or say what it holds with --input-format"
    )]
    Misnamed(&'static str),
    /// Has zero bytes: no text.
    #[error("is no text")]
    Binary,
    /// UTF-16 or UTF-32.
    #[error("is UTF-16 or UTF-32; convert it to UTF-8 first")]
    Wide,
}

const SIGNATURES: &[(&[u8], Refused)] = &[
    (b"\x1f\x8b", Refused::Packed("gzip")),
    (b"\x28\xb5\x2f\xfd", Refused::Packed("zstd")),
    (b"BZh", Refused::Packed("bzip2")),
    (b"\xfd7zXZ\x00", Refused::Packed("xz")),
    (b"\xff\xfe", Refused::Wide),
    (b"\xfe\xff", Refused::Wide),
];

/// The format, by the extension of the file's name and the first bytes (a few
/// kilobytes are enough). The content decides where it contradicts the name.
pub fn detect(extension: &str, head: &[u8]) -> Result<Format, Refused> {
    if let Some((_, refused)) = SIGNATURES.iter().find(|(sign, _)| head.starts_with(sign)) {
        return Err(*refused);
    }
    if let Some(format) = whole_bytes(head) {
        return Ok(format);
    }
    if head.contains(&0) {
        return Err(Refused::Binary);
    }
    let body = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    let body = body.trim_ascii_start();
    if looks_like_mbox(head) {
        return Ok(Format::Mbox);
    }
    let is_one_of = |known: &[&str]| {
        known
            .iter()
            .any(|known| extension.eq_ignore_ascii_case(known))
    };
    let is_text = is_one_of(&[
        "txt", "log", "md", "text", "csv", "tsv", "tab", "json", "jsonl", "ndjson",
    ]);
    let is_named = is_one_of(&["eml", "mbox", "mbx", "mht", "mhtml"]);
    if !is_text && looks_like_mail(head, is_named) {
        return Ok(Format::Mail);
    }
    let opens = matches!(body.first(), Some(b'{' | b'['));
    match extension.to_ascii_lowercase().as_str() {
        "jsonl" | "ndjson" => Ok(Format::JsonLines),
        "json" if looks_like_lines(body) => Ok(Format::JsonLines),
        "json" => Ok(Format::Json),
        "csv" => Ok(Format::Csv {
            delimiter: delimiter(body),
        }),
        "tsv" | "tab" => Ok(Format::Csv { delimiter: b'\t' }),
        "txt" | "log" | "md" | "text" => Ok(Format::Text),
        _ if opens && looks_like_lines(body) => Ok(Format::JsonLines),
        _ if opens && looks_like_json(body) => Ok(Format::Json),
        _ => Ok(match best_delimiter(body) {
            Some((delimiter, fields)) if fields >= 3 && !opens => Format::Csv { delimiter },
            _ => Format::Text,
        }),
    }
}

/// What a file's extension promises, where that is no text: a damaged file of such a
/// name may not be read as text.
pub(crate) fn promised(extension: &str) -> Option<&'static str> {
    Some(match extension.to_ascii_lowercase().as_str() {
        "parquet" => "Parquet",
        "avro" => "Avro",
        "xlsx" | "xlsm" => "a workbook (XLSX)",
        "pdf" => "a PDF document",
        "zip" => "a zip archive",
        "tar" | "tgz" => "a tar archive",
        "gz" | "gzip" => "gzip",
        "zst" | "zstd" => "zstd",
        _ => return None,
    })
}

/// The formats whose bytes are no characters.
pub(crate) fn whole_bytes(head: &[u8]) -> Option<Format> {
    if is_parquet(head) {
        Some(Format::Parquet)
    } else if is_zip(head) {
        Some(Format::Zip)
    } else if is_tar(head) {
        Some(Format::Tar)
    } else if head.starts_with(MAGIC) {
        Some(Format::Avro)
    } else if head.starts_with(b"%PDF-") {
        Some(Format::Pdf)
    } else {
        None
    }
}

/// Its mark, and then no text.
fn is_parquet(head: &[u8]) -> bool {
    head.strip_prefix(b"PAR1")
        .is_some_and(|rest| matches!(rest.first(), Some(0..9 | 14..0x20 | 0x7f..)))
}

/// Whether the first line is a JSON object or list by itself, and is followed by
/// another.
fn looks_like_lines(body: &[u8]) -> bool {
    let mut lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let Some(first) = lines.next() else {
        return false;
    };
    let whole = |line: &[u8]| {
        std::str::from_utf8(line).is_ok_and(|line| {
            crate::json::walk(line, &mut crate::values::Sink::default(), &mut |_| false).is_ok()
        })
    };
    matches!(first.first(), Some(b'{' | b'['))
        && whole(first)
        && lines
            .find(|line| !line.is_empty())
            .is_some_and(|line| matches!(line.first(), Some(b'{' | b'[')))
}

/// Whether it goes on as JSON does: `[2019-12-05] started` does not.
fn looks_like_json(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    match crate::json::walk(&text, &mut crate::values::Sink::default(), &mut |_| false) {
        Ok(()) => true,
        // Cut off by the end of the head, or broken deep inside.
        Err(wrong) => wrong.at * 2 > body.len() || wrong.at > 64,
    }
}

/// The delimiter that a document has if it is rows; see [`crate::Opened::delimiter`].
pub(crate) fn delimiter(body: &[u8]) -> u8 {
    if let Some((delimiter, _)) = best_delimiter(body) {
        return delimiter;
    }
    let line = body.split(|byte| *byte == b'\n').next().unwrap_or(&[]);
    let count = |delimiter: u8| memchr::memchr_iter(delimiter, line).count();
    // Of equals the last is taken, and a comma where there is none.
    let most = DELIMITERS.into_iter().rev().max_by_key(|byte| count(*byte));
    most.unwrap_or(b',')
}

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// The delimiter that gives at least three rows of the same number of fields (two
/// are enough for a file called CSV), and that number.
fn best_delimiter(body: &[u8]) -> Option<(u8, usize)> {
    DELIMITERS
        .into_iter()
        .filter_map(|delimiter| {
            let mut rows = vec![1_usize];
            let mut state = State::default();
            for &byte in body {
                if byte == b'\n' && state != State::Quoted {
                    if rows.len() >= 20 {
                        break;
                    }
                    rows.push(1);
                } else if byte == delimiter && state != State::Quoted {
                    *rows.last_mut()? += 1;
                }
                state = state.next(byte, delimiter);
            }
            if rows.len() > 1 {
                rows.pop();
            }
            let first = *rows.first()?;
            let same = rows.iter().all(|row| *row == first);
            (same && first > 1 && rows.len() >= 2).then_some((delimiter, first))
        })
        .max_by_key(|(_, fields)| *fields)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_format() {
        let csv = |delimiter| Ok(Format::Csv { delimiter });
        for (extension, head, want) in [
            ("jsonl", "", Ok(Format::JsonLines)),
            ("", "{\"a\":1}\n{\"a\":2}\n", Ok(Format::JsonLines)),
            ("json", "{\"a\":1}\n{\"a\":2}\n", Ok(Format::JsonLines)),
            ("", "{\n \"a\": 1\n}", Ok(Format::Json)),
            ("", "[{\"a\":1},{\"a\":2}]", Ok(Format::Json)),
            (
                "",
                "[2019-12-05] started, ok\n[2019-12-05] ended\n",
                Ok(Format::Text),
            ),
            ("", "Dear team,\nhello, all\nbye\n", Ok(Format::Text)),
            ("csv", "a;b\n1;2\n", csv(b';')),
            ("csv", "a\n1\n", csv(b',')),
            ("csv", "a\tb, c\td", csv(b'\t')),
            ("csv", "a;b\n1;2;3\n", csv(b';')),
            ("csv", "a,b;c\n1\n", csv(b',')),
            ("", "id,name,mail\n1,x,y\n2,\"p,q\",z\n", csv(b',')),
            ("tsv", "a\tb", csv(b'\t')),
            ("txt", "a,b,c\n1,2,3\n", Ok(Format::Text)),
            ("", "\u{1f}", Ok(Format::Text)),
            ("eml", "Subject: x\n\nbody", Ok(Format::Mail)),
            (
                "",
                "From: a\r\nTo: b\r\n c\r\nSubject: x\r\n\r\nbody, 1, 2",
                Ok(Format::Mail),
            ),
            (
                "txt",
                "From: a\nTo: b\nSubject: x\n\nbody",
                Ok(Format::Text),
            ),
            ("", "From: a\nhello\n", Ok(Format::Text)),
            (
                "mbox",
                "From a@b.example Thu Jan  1 00:00:00 2026\nSubject: x\n\nbody\n",
                Ok(Format::Mbox),
            ),
            ("", "From here on\nall is text\n", Ok(Format::Text)),
            ("", "a\0b", Err(Refused::Binary)),
            ("csv", "PAR1\u{15}\0", Ok(Format::Parquet)),
            ("", "PAR1 is the mark", Ok(Format::Text)),
            ("json", "PK\u{3}\u{4}", Ok(Format::Zip)),
            ("zip", "PKZIP is a program", Ok(Format::Text)),
        ] {
            assert_eq!(
                detect(extension, head.as_bytes()),
                want,
                "{extension} {head:?}"
            );
        }
    }
}
