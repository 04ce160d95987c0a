//! The same records in every format, encoding and wrapping, and the way back to what a
//! wrapping holds.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};
use std::sync::Arc;

use celador_columnar::{Parquet, Table};
use celador_formats::windows_1252;
use parquet::basic::Compression;
use parquet::data_type::{ByteArray, ByteArrayType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;
use zip::write::SimpleFileOptions;

use crate::generate::{Case, Style};

/// Name and bytes of every document of a case.
pub(crate) fn all(case: &Case) -> Vec<(String, Vec<u8>)> {
    let plain = [
        ("a.txt", text(case, &mut case.style(0)).into_bytes()),
        ("a.json", json(case, &mut case.style(1)).into_bytes()),
        ("a.jsonl", lines(case, &mut case.style(2)).into_bytes()),
        ("a.csv", rows(case, &mut case.style(3), ',').into_bytes()),
        ("b.csv", rows(case, &mut case.style(4), ';').into_bytes()),
        ("a.tsv", rows(case, &mut case.style(5), '\t').into_bytes()),
        ("a.eml", message(case, &mut case.style(6), "8bit")),
        (
            "a-quoted.eml",
            message(case, &mut case.style(7), "quoted-printable"),
        ),
        ("a-base64.eml", message(case, &mut case.style(8), "base64")),
        ("a.mbox", mailbox(case)),
        ("a.avro", avro(case, &mut case.style(9), "null")),
        ("b.avro", avro(case, &mut case.style(10), "deflate")),
        ("a.parquet", table(case, Compression::UNCOMPRESSED)),
        ("b.parquet", table(case, Compression::SNAPPY)),
    ];
    let mut out: Vec<(String, Vec<u8>)> = plain
        .iter()
        .map(|(name, bytes)| ((*name).to_owned(), bytes.clone()))
        .collect();
    for (name, text) in [
        ("txt", text(case, &mut case.style(11))),
        ("jsonl", lines(case, &mut case.style(12))),
        ("csv", rows(case, &mut case.style(13), ',')),
    ] {
        let text = text.trim_start_matches('\u{feff}');
        let latin = windows_1252(text).expect("of that table");
        out.push((format!("latin.{name}"), latin));
        for (encoding, big) in [("le", false), ("be", true)] {
            out.push((format!("wide-{encoding}.{name}"), wide(text, big)));
        }
    }
    let packed: Vec<_> = out.iter().step_by(3).cloned().collect();
    for (number, (name, bytes)) in packed.iter().enumerate() {
        out.push(match number % 2 {
            0 => (format!("z-{name}.gz"), gzip(bytes)),
            _ => (
                format!("z-{name}.zst"),
                zstd::encode_all(bytes.as_slice(), 3).expect("memory"),
            ),
        });
    }
    out.push(("all.tar".to_owned(), tar(&packed)));
    out.push(("all.zip".to_owned(), zip(&packed)));
    out.push(("all.tar.gz".to_owned(), gzip(&tar(&packed))));
    out
}

/// What a document holds, without what may be packed otherwise. Members of archives and
/// rows of Parquet stand one after the other.
pub(crate) fn content(name: &str, bytes: &[u8]) -> Vec<u8> {
    if let Some(name) = name.strip_suffix(".gz") {
        let mut out = Vec::new();
        let mut reader = flate2::read::GzDecoder::new(bytes);
        reader.read_to_end(&mut out).expect("whole");
        return content(name, &out);
    }
    if let Some(name) = name.strip_suffix(".zst") {
        return content(name, &zstd::decode_all(bytes).expect("whole"));
    }
    let joined = |members: Vec<(String, Vec<u8>)>| {
        let all = members.into_iter().flat_map(|(name, bytes)| {
            let head = format!("\n== {name}\n").into_bytes();
            [head, content(&name, &bytes)].concat()
        });
        all.collect()
    };
    match name.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "tar" => joined(untar(bytes)),
        "zip" => joined(unzip(bytes)),
        "parquet" => cells(bytes),
        "avro" if name.contains('b') => unpacked(bytes),
        _ if name.contains("wide-") => narrow(bytes, name.contains("-be")),
        _ => bytes.to_vec(),
    }
}

/// Whether labels can be seen in what [`content`] gives.
pub(crate) fn is_seen(name: &str) -> bool {
    // The length before an Avro text is another with a label.
    !name.contains("base64") && !name.contains("avro") && !name.starts_with("all.")
}

fn text(case: &Case, style: &mut Style<'_>) -> String {
    let mut out = String::from(style.one_of(&["", "\u{feff}", "\n", "  "]));
    for text in case.records.iter().flatten() {
        out.push_str(text);
        out.push_str(style.one_of(&["\n", "\r\n", "\n\n", " ", "\r", "\t\n"]));
    }
    out
}

/// The inside of a JSON string, in one of the ways that it may be written.
fn quote(text: &str, style: &mut Style<'_>, out: &mut String) {
    let ascii = style.one_of(&[false, true]);
    let slash = style.one_of(&["/", "\\/"]);
    out.push('"');
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str(style.one_of(&["\\t", "\\u0009"])),
            '/' => out.push_str(slash),
            '@' => out.push_str(style.one_of(&["@", "@", "\\u0040"])),
            ch if !ch.is_ascii() && ascii => {
                let _ = write!(out, "\\u{:04X}", u32::from(ch));
            }
            ch => out.push(ch),
        }
    }
    out.push('"');
}

/// One record as an object; `space` are the gaps that may stand between its signs.
fn object(texts: &[String], number: i64, style: &mut Style<'_>, space: &[&str], out: &mut String) {
    out.push('{');
    for (index, text) in texts.iter().enumerate() {
        let name = ["note", "mail", "more"][index % 3];
        let _ = write!(
            out,
            "{}\"{name}{index}\"{}:",
            style.one_of(space),
            style.one_of(space)
        );
        out.push_str(style.one_of(space));
        match style.one_of(&[0, 0, 1, 2]) {
            0 => quote(text, style, out),
            1 => {
                out.push('[');
                quote(text, style, out);
                let _ = write!(out, "{},{}null]", style.one_of(space), style.one_of(space));
            }
            _ => {
                out.push_str("{\"in\":");
                quote(text, style, out);
                out.push('}');
            }
        }
        let _ = write!(out, "{},", style.one_of(space));
        let odd = style.one_of(&["1.50e3", "-0.0", "0", "1E+2", "true", "[ ]", "{}", "0.10"]);
        let _ = write!(out, "\"n{index}\":{}{odd},", style.one_of(space));
    }
    let _ = write!(out, "\"phone\":{}{number}", style.one_of(space));
    out.push_str(style.one_of(space));
    out.push('}');
}

fn json(case: &Case, style: &mut Style<'_>) -> String {
    let space = &["", " ", "\n", "\t", "\r\n  "];
    let mut out = String::from(style.one_of(&["[", "[ ", "\u{feff}[\n"]));
    for (index, (texts, number)) in case.records.iter().zip(&case.numbers).enumerate() {
        if index > 0 {
            let _ = write!(out, "{},{}", style.one_of(space), style.one_of(space));
        }
        object(texts, *number, style, space, &mut out);
    }
    let _ = write!(out, "{}]{}", style.one_of(space), style.one_of(space));
    out
}

fn lines(case: &Case, style: &mut Style<'_>) -> String {
    let mut out = String::new();
    for (texts, number) in case.records.iter().zip(&case.numbers) {
        object(texts, *number, style, &["", " ", "\t", "  "], &mut out);
        out.push_str(style.one_of(&["\n", "\r\n", "\n\n", " \n"]));
    }
    // So that it is known as lines.
    out.push_str("{\"x\":[ ]}");
    out.push_str(style.one_of(&["", "\n", "\r\n"]));
    out
}

fn rows(case: &Case, style: &mut Style<'_>, delimiter: char) -> String {
    let end = style.one_of(&["\n", "\r\n"]);
    let mut out = String::from(style.one_of(&["", "\u{feff}"]));
    let _ = write!(
        out,
        "id{delimiter}note{delimiter}mail{delimiter}\"more\"{delimiter}phone{end}"
    );
    for (index, (texts, number)) in case.records.iter().zip(&case.numbers).enumerate() {
        out.push_str(style.one_of(&["01", "\"1\"", "", " 1 "]));
        for text in texts {
            out.push(delimiter);
            let text = text.replace('\t', " ");
            let bare = !text.contains(['"', '\n', delimiter]);
            match style.one_of(&[0, 0, 1, 2]) {
                0 if bare => out.push_str(&text),
                // A quote inside is syntax for nobody, and stays.
                1 if !text.contains(['\n', delimiter]) && !text.starts_with('"') => {
                    out.push_str(&text);
                }
                2 if bare => {
                    let _ = write!(out, "\"{text}\"{}", style.one_of(&["", " ", " tail"]));
                }
                _ => {
                    let _ = write!(out, "\"{}\"", text.replace('"', "\"\""));
                }
            }
        }
        for _ in texts.len()..3 {
            out.push(delimiter);
        }
        let _ = write!(out, "{delimiter}{number}");
        if index + 1 < case.records.len() {
            out.push_str(style.one_of(&[end, "\n", "\r\n", "\n\n"]));
        }
    }
    out.push_str(style.one_of(&["", end]));
    out
}

fn message(case: &Case, style: &mut Style<'_>, transfer: &str) -> Vec<u8> {
    let end = style.one_of(&["\r\n", "\n"]);
    let from = "Jo Test <jo.test@contoso.example>";
    let mut out = format!(
        "From: {from}{end}To: a.b@fabrikam.example,{end}\tb.c@fabrikam.example{end}\
         Subject: {}{end}MIME-Version: 1.0{end}Content-Type: text/plain;{end} charset=\"utf-8\"{end}\
         Content-Transfer-Encoding: {transfer}{end}{end}",
        style.one_of(&[
            "hello",
            "call +34 612 345 678 again",
            "=?utf-8?Q?caf=C3=A9?= for a.b@fabrikam.example"
        ]),
    );
    let mut body = String::new();
    for text in case.records.iter().flatten() {
        let _ = write!(body, "{text}{}", style.one_of(&[end, end, "\n"]));
    }
    match transfer {
        "quoted-printable" => out.push_str(&quoted_printable(&body, end)),
        "base64" => {
            let width = style.one_of(&[76, 64, 4]);
            let packed = base64(body.as_bytes());
            for line in packed.as_bytes().chunks(width) {
                let _ = write!(out, "{}{end}", String::from_utf8_lossy(line));
            }
        }
        _ => out.push_str(&body),
    }
    out.into_bytes()
}

/// Soft ends of lines wherever 40 signs are full, so that values are cut by them.
fn quoted_printable(text: &str, end: &str) -> String {
    let (mut out, mut width) = (String::new(), 0);
    for byte in text.bytes() {
        if byte == b'\n' || byte == b'\r' {
            out.push(char::from(byte));
            width = 0;
            continue;
        }
        if width >= 40 {
            let _ = write!(out, "={end}");
            width = 0;
        }
        if byte == b'=' || !(0x20..0x7f).contains(&byte) {
            let _ = write!(out, "={byte:02X}");
            width += 3;
        } else {
            out.push(char::from(byte));
            width += 1;
        }
    }
    out
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for part in bytes.chunks(3) {
        let word = part
            .iter()
            .fold(0_usize, |word, byte| word << 8 | usize::from(*byte));
        let word = word << (8 * (3 - part.len()));
        for place in 0..4 {
            out.push(if place <= part.len() {
                char::from(SIGNS[word >> (18 - 6 * place) & 63])
            } else {
                '='
            });
        }
    }
    out
}

fn mailbox(case: &Case) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, transfer) in ["8bit", "quoted-printable"].iter().enumerate() {
        out.extend_from_slice(b"From jo.test@contoso.example Thu Jan  1 00:00:00 2026\n");
        out.extend_from_slice(&message(case, &mut case.style(20 + number), transfer));
        out.extend_from_slice(b"\n>From here on\n\n");
    }
    out
}

fn long(out: &mut Vec<u8>, value: i64) {
    let mut rest = (value << 1 ^ value >> 63).cast_unsigned();
    while rest >= 0x80 {
        out.push(rest.to_le_bytes()[0] | 0x80);
        rest >>= 7;
    }
    out.push(rest.to_le_bytes()[0]);
}

fn counted(out: &mut Vec<u8>, bytes: &[u8]) {
    long(out, i64::try_from(bytes.len()).expect("small"));
    out.extend_from_slice(bytes);
}

const SCHEMA: &str = r#"{"type":"record","name":"Ticket","fields":[
 {"name":"note","type":["null","string"]},{"name":"more","type":{"type":"array","items":"string"}},
 {"name":"rate","type":"double"},{"name":"raw","type":"bytes"}]}"#;
const SYNC: &[u8; 16] = b"0123456789abcdef";

fn avro(case: &Case, style: &mut Style<'_>, codec: &str) -> Vec<u8> {
    let mut out = b"Obj\x01".to_vec();
    long(&mut out, 2);
    for (key, value) in [("avro.schema", SCHEMA), ("avro.codec", codec)] {
        counted(&mut out, key.as_bytes());
        counted(&mut out, value.as_bytes());
    }
    long(&mut out, 0);
    out.extend_from_slice(SYNC);
    for texts in &case.records {
        let mut row = Vec::new();
        long(&mut row, 1);
        counted(&mut row, texts[0].as_bytes());
        let mut items = Vec::new();
        for text in texts {
            counted(&mut items, text.as_bytes());
        }
        let count = i64::try_from(texts.len()).expect("small");
        if style.one_of(&[true, false]) {
            long(&mut row, -count);
            counted(&mut row, &items);
        } else {
            long(&mut row, count);
            row.extend_from_slice(&items);
        }
        long(&mut row, 0);
        row.extend_from_slice(&0.1_f64.to_le_bytes());
        counted(&mut row, b"\xff\x00\x01");
        let packed = match codec {
            "deflate" => {
                let level = flate2::Compression::fast();
                let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
                encoder.write_all(&row).expect("memory");
                encoder.finish().expect("memory")
            }
            _ => row,
        };
        long(&mut out, 1);
        counted(&mut out, &packed);
        out.extend_from_slice(SYNC);
    }
    out
}

/// A container with its blocks unpacked, as it lies there.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let find = |from: usize| {
        let found = memchr::memmem::find(&bytes[from..], SYNC);
        found.map(|at| from + at)
    };
    let mut at = find(0).expect("a mark") + SYNC.len();
    let mut out = bytes[..at].to_vec();
    while let Some(end) = find(at) {
        // The rows are one; a size of at most two bytes comes after them.
        let head = at
            + 1
            + bytes[at + 1..]
                .iter()
                .take_while(|byte| **byte >= 0x80)
                .count()
            + 1;
        let mut reader = flate2::read::DeflateDecoder::new(&bytes[head..end]);
        reader.read_to_end(&mut out).expect("whole");
        at = end + SYNC.len();
    }
    out
}

fn table(case: &Case, compression: Compression) -> Vec<u8> {
    let schema = "message m { required binary note (UTF8); optional binary more (UTF8);
        optional int64 id; }";
    let schema = Arc::new(parse_message_type(schema).expect("a schema"));
    let properties = WriterProperties::builder()
        .set_compression(compression)
        .build();
    let mut writer =
        SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties)).expect("memory");
    let mut group = writer.next_row_group().expect("memory");
    let texts = |place: usize| -> Vec<ByteArray> {
        let texts = case.records.iter().filter_map(|texts| texts.get(place));
        texts
            .map(|text| ByteArray::from(text.as_bytes().to_vec()))
            .collect()
    };
    let levels: Vec<i16> = case
        .records
        .iter()
        .map(|texts| i16::from(texts.len() > 1))
        .collect();
    for (place, levels) in [(0, None), (1, Some(levels.as_slice()))] {
        let mut column = group.next_column().expect("memory").expect("a column");
        let typed = column.typed::<ByteArrayType>();
        typed
            .write_batch(&texts(place), levels, None)
            .expect("memory");
        column.close().expect("memory");
    }
    let ids: Vec<i64> = (0..).take(case.records.len()).collect();
    let mut column = group.next_column().expect("memory").expect("a column");
    let typed = column.typed::<Int64Type>();
    let all = vec![1_i16; ids.len()];
    typed.write_batch(&ids, Some(&all), None).expect("memory");
    column.close().expect("memory");
    group.close().expect("memory");
    writer.into_inner().expect("memory")
}

fn cells(bytes: &[u8]) -> Vec<u8> {
    let mut parquet = Parquet::new(Table::from_bytes(bytes.to_vec()).expect("Parquet"));
    let mut out = String::new();
    while let Some(rows) = parquet.next_rows().expect("whole") {
        for cell in rows.cells() {
            let _ = writeln!(out, "{} {} {}", cell.record, cell.field, cell.text);
        }
    }
    out.into_bytes()
}

fn wide(text: &str, big: bool) -> Vec<u8> {
    let mut out = Vec::new();
    for unit in format!("\u{feff}{text}").encode_utf16() {
        out.extend_from_slice(&if big {
            unit.to_be_bytes()
        } else {
            unit.to_le_bytes()
        });
    }
    out
}

fn narrow(bytes: &[u8], big: bool) -> Vec<u8> {
    let units = bytes.chunks(2).map(|pair| {
        let pair = [pair[0], pair[1]];
        if big {
            u16::from_be_bytes(pair)
        } else {
            u16::from_le_bytes(pair)
        }
    });
    String::from_utf16(&units.collect::<Vec<_>>())
        .expect("UTF-16")
        .into_bytes()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn tar(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, content) in files {
        let mut header = tar::Header::new_gnu();
        header.set_mode(0o640);
        header.set_size(content.len() as u64);
        builder
            .append_data(&mut header, name, content.as_slice())
            .expect("memory");
    }
    builder.into_inner().expect("memory")
}

fn untar(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(bytes);
    let entries = archive.entries().expect("a tar archive");
    entries
        .map(|entry| {
            let mut entry = entry.expect("a member");
            let mut content = Vec::new();
            entry.read_to_end(&mut content).expect("whole");
            (entry.path().expect("a name").display().to_string(), content)
        })
        .collect()
}

fn zip(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in files {
        let options = SimpleFileOptions::default().unix_permissions(0o640);
        writer.start_file(name.as_str(), options).expect("memory");
        writer.write_all(content).expect("memory");
    }
    writer.finish().expect("memory").into_inner()
}

fn unzip(bytes: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip archive");
    (0..archive.len())
        .map(|number| {
            let mut file = archive.by_index(number).expect("a member");
            let mut content = Vec::new();
            file.read_to_end(&mut content).expect("whole");
            (file.name().expect("a name").into_owned(), content)
        })
        .collect()
}

/// Whether its bytes may be others though it holds the same.
pub(crate) fn holds_parquet(name: &str) -> bool {
    name.contains("parquet") || name.starts_with("all.")
}

/// A content without that in which a revealed value may differ: how the value itself was
/// spelled in JSON, and in mail where it was cut.
pub(crate) fn plainly(name: &str, content: &[u8]) -> Vec<u8> {
    let without = |bytes: &[u8], what: &str, with: &[u8]| -> Vec<u8> {
        let mut out = Vec::new();
        let mut at = 0;
        for found in memchr::memmem::find_iter(bytes, what) {
            out.extend_from_slice(&bytes[at..found]);
            out.extend_from_slice(with);
            at = found + what.len();
        }
        out.extend_from_slice(&bytes[at..]);
        out
    };
    if name.contains("base64") {
        // Lines are as long as the writer makes them.
        let head =
            memchr::memmem::find(content, b"\n\n").or(memchr::memmem::find(content, b"\r\n\r\n"));
        let (head, body) = content.split_at(head.expect("a body"));
        let body = body
            .iter()
            .copied()
            .filter(|byte| !matches!(byte, b'\r' | b'\n'));
        return head.iter().copied().chain(body).collect();
    }
    // Several texts, of which some are JSON and some mail.
    let any = name.starts_with("all.");
    let mut out = content.to_vec();
    if any || name.contains("json") {
        for ch in ['@', '\t', '\u{e9}', '\u{ef}', '\u{bf}'] {
            let escape = format!("\\u{:04X}", u32::from(ch));
            // Windows-1252 has a byte for each of them.
            let latin = [u8::try_from(u32::from(ch)).expect("small")];
            let text = ch.to_string().into_bytes();
            let with = if name.contains("latin") {
                &latin[..]
            } else {
                &text
            };
            out = without(&out, &escape, with);
        }
        out = without(&without(&out, "\\t", b"\t"), "\\/", b"/");
    }
    if any || name.contains("eml") || name.contains("mbox") {
        out = without(&without(&out, "=\r\n", b""), "=\n", b"");
    }
    out
}

/// The same of mail alone, where a value may have been cut over two lines.
pub(crate) fn uncut(name: &str, content: &[u8]) -> Vec<u8> {
    if name.contains("eml") || name.contains("mbox") {
        plainly(name, content)
    } else {
        content.to_vec()
    }
}
