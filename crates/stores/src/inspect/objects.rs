//! Records out of the bytes of an object: a file that lies in a store.
//!
//! What an object is, its bytes say, and its name where they leave it open. Packed
//! objects are unpacked within bounds. A row of a table, a value of JSON, a message
//! and a text are a record each; of an archive, what its members hold. What is not read is
//! named; a part that was cut off in the middle of a record gives no record.

mod inside;

use std::io::Read;
use std::ops::ControlFlow;

use celador_columnar::{Parquet, Table};
use celador_formats::archive::Archive;
use celador_formats::{Format, Limits, Splitter, Values, decode, open};
use serde_json::{Map, Value, json};

use inside::{document_of_pages, members, zip};

/// Bytes of one object that are looked at, unpacked.
const UNPACKED: u64 = 64 << 20;
/// Bytes of one record.
const RECORD: usize = 4 << 20;
/// Bytes of a text that are shown at a time.
const PIECE: usize = 32 << 10;
const LIMITS: Limits = Limits {
    ratio: 400,
    free: UNPACKED,
    depth: 3,
};

/// How an object was read.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// `None` where it is nothing that is read.
    pub(super) format: Option<&'static str>,
    /// Why not, or not to its end.
    pub(super) trouble: Option<String>,
}

/// Takes each record, and says whether it wants more.
pub(super) type Each<'e> = dyn FnMut(&Value) -> ControlFlow<()> + 'e;

/// Says of a table's first row whether it names the columns.
pub(super) type IsHeader<'h> = dyn FnMut(&[String]) -> bool + 'h;

/// Reads an object's bytes, or its beginning where it was `cut`.
pub(super) fn records(
    bytes: &[u8],
    name: &str,
    cut: bool,
    is_header: &mut IsHeader<'_>,
    each: &mut Each<'_>,
) -> Outcome {
    let mut left = UNPACKED;
    document(bytes, name, cut, &mut left, true, is_header, each)
}

/// As [`records`], of no more bytes unpacked than are `left`; archives inside of
/// archives are not opened.
fn document(
    bytes: &[u8],
    name: &str,
    cut: bool,
    left: &mut u64,
    outer: bool,
    is_header: &mut IsHeader<'_>,
    each: &mut Each<'_>,
) -> Outcome {
    let nothing = |why: String| Outcome {
        format: None,
        trouble: Some(why),
    };
    if bytes.is_empty() {
        return Outcome {
            format: Some("empty"),
            trouble: None,
        };
    }
    let file = name.rsplit('/').next().unwrap_or_default();
    let Ok(opened) = open(bytes, file, LIMITS) else {
        return nothing("it cannot be unpacked".to_owned());
    };
    let mut format = match opened.format {
        Ok(format) => format,
        Err(why) => return nothing(format!("it {why}")),
    };
    let mut reader = Bounded {
        reader: opened.reader,
        left: *left,
        ended: false,
        broken: false,
    };
    let trouble = match format {
        Format::Parquet | Format::Pdf | Format::Zip if cut => {
            return nothing(format!(
                "it is too large for its format ({})",
                format.name()
            ));
        }
        // In archives as well, since a workbook is one; others are opened no further.
        Format::Zip => match zip(&mut reader, outer, is_header, each) {
            Ok((kind, trouble)) => {
                format = kind;
                trouble
            }
            Err(why) => return nothing(why),
        },
        Format::Tar if outer => members(Archive::tar(&mut reader), is_header, each),
        Format::Pdf => match document_of_pages(&mut reader, each) {
            Ok(trouble) => trouble,
            Err(why) => return nothing(why),
        },
        Format::Parquet => parquet(&mut reader, each),
        Format::Text => {
            text(&mut reader, each);
            None
        }
        Format::Xlsx | Format::Tar => return nothing(unread(format)),
        _ => stream(&mut reader, format, cut, is_header, each),
    };
    *left = reader.left;
    let trouble = if reader.ended {
        Some(format!(
            "only the first {} MiB of what it unpacks to are read",
            UNPACKED >> 20
        ))
    } else if reader.broken && !cut {
        Some("it cannot be unpacked to its end".to_owned())
    } else if cut {
        // Where it ends in the middle, what is wrong with its end says nothing.
        None
    } else {
        trouble
    };
    Outcome {
        format: Some(format.name()),
        trouble,
    }
}

fn unread(format: Format) -> String {
    format!("its format is not looked into ({})", format.name())
}

/// A reader that ends, and says whether there was more, or what there was made no
/// sense: what came before is read all the same.
struct Bounded<R> {
    reader: R,
    left: u64,
    ended: bool,
    broken: bool,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.broken {
            return Ok(0);
        }
        let last = self.left == 0;
        let room = usize::try_from(self.left).map_or(buffer.len(), |left| left.min(buffer.len()));
        let mut one = [0];
        let into = if last {
            &mut one[..]
        } else {
            buffer.get_mut(..room).unwrap_or_default()
        };
        let Ok(count) = self.reader.read(into) else {
            self.broken = true;
            return Ok(0);
        };
        if last {
            self.ended |= count != 0;
            return Ok(0);
        }
        self.left -= count as u64;
        Ok(count)
    }
}

/// Records one after the other. The last one of what was cut is left out.
fn stream<R: Read>(
    reader: &mut Bounded<R>,
    format: Format,
    cut: bool,
    is_header: &mut IsHeader<'_>,
    each: &mut Each<'_>,
) -> Option<String> {
    let mut splitter = Splitter::new(reader, format, RECORD);
    let columns = match splitter.header(|names| is_header(names)) {
        Ok(columns) => columns,
        Err(error) => return Some(error.to_string()),
    };
    let mut values = Values::new(format, columns);
    let mut last: Vec<Value> = Vec::new();
    let mut wrong = 0_u64;
    loop {
        let chunk = match splitter.next_chunk() {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) => return Some(error.to_string()),
        };
        for record in &chunk.records {
            for one in last.drain(..) {
                if each(&one).is_break() {
                    return None;
                }
            }
            let bytes = chunk.bytes.get(record.range.clone()).unwrap_or_default();
            wrong += u64::from(!taken_apart(bytes, format, &mut values, &mut last));
        }
    }
    // A message is looked at as far as it goes.
    if !cut || format == Format::Mail {
        for one in &last {
            if each(one).is_break() {
                return None;
            }
        }
    }
    (wrong > 0).then(|| "some of its records are malformed".to_owned())
}

/// The records of some bytes; `false` where they are none and were taken as a text.
fn taken_apart(bytes: &[u8], format: Format, values: &mut Values, out: &mut Vec<Value>) -> bool {
    if matches!(format, Format::Json | Format::JsonLines)
        && let Ok(value) = serde_json::from_slice(bytes)
    {
        out.push(value);
        return true;
    }
    let (wrong, _) = values.read(bytes, &mut |_| false);
    let mut rows: Vec<Map<String, Value>> = Vec::new();
    let count = usize::try_from(values.rows()).unwrap_or(usize::MAX);
    for value in values.values() {
        let row = usize::try_from(value.row)
            .unwrap_or_default()
            .min(bytes.len());
        if rows.len() <= row {
            rows.resize_with(row + 1, Map::new);
        }
        if let Some(row) = rows.get_mut(row) {
            put(row, value.field, value.text);
        }
    }
    // Rows without any text are rows.
    rows.resize_with(rows.len().max(count.min(bytes.len())), Map::new);
    out.extend(rows.into_iter().map(Value::Object));
    wrong.is_none()
}

/// Puts a text under its path: `customer.phones[]` is a list in an object.
fn put(record: &mut Map<String, Value>, path: &str, text: &str) {
    // An empty cell is none.
    if text.is_empty() {
        return;
    }
    let path = if path.is_empty() { "text" } else { path };
    // A name that is quoted has more in it than a name; it stays in one.
    let (first, rest) = match path.split_once('.') {
        Some((first, rest)) if !path.contains('"') && !first.is_empty() => (first, Some(rest)),
        _ => (path, None),
    };
    if let Some(rest) = rest
        && !first.ends_with("[]")
    {
        let inner = record
            .entry(first)
            .or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(inner) = inner {
            put(inner, rest, text);
            return;
        }
    }
    let (name, is_list) = match path.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (path, false),
    };
    match record.get_mut(name) {
        Some(Value::Array(list)) => list.push(nested(text)),
        // Again: a table may call two columns alike.
        Some(other) => *other = json!([other.take(), nested(text)]),
        None if is_list => {
            record.insert(name.to_owned(), json!([nested(text)]));
        }
        None => {
            record.insert(name.to_owned(), nested(text));
        }
    }
}

/// A cell that holds an object or a list of JSON is that.
fn nested(text: &str) -> Value {
    let looks = matches!(
        (text.as_bytes().first(), text.as_bytes().last()),
        (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))
    );
    looks
        .then(|| serde_json::from_str(text).ok())
        .flatten()
        .unwrap_or_else(|| Value::String(text.to_owned()))
}

/// A text is one record, in pieces that end where lines do.
fn text(reader: &mut impl Read, each: &mut Each<'_>) {
    let mut bytes = Vec::new();
    let _ = reader.read_to_end(&mut bytes);
    let (text, _) = decode(&bytes);
    let mut out = Vec::new();
    pieces(&text, &mut out);
    let _ = each(&json!({"text": out}));
}

/// Cuts a text where lines end, or else words.
fn pieces(text: &str, out: &mut Vec<Value>) {
    let mut rest = text;
    while !rest.is_empty() {
        let most = rest.floor_char_boundary(PIECE.min(rest.len()));
        let end = if most == rest.len() {
            most
        } else {
            let head = rest.get(..most).unwrap_or_default();
            head.rfind('\n')
                .or_else(|| head.rfind(' '))
                .map_or(most, |at| at + 1)
        };
        let (piece, after) = rest.split_at_checked(end.max(1)).unwrap_or((rest, ""));
        out.push(Value::String(piece.to_owned()));
        rest = after;
    }
}

fn parquet(reader: &mut impl Read, each: &mut Each<'_>) -> Option<String> {
    let mut bytes = Vec::new();
    let _ = reader.read_to_end(&mut bytes);
    let broken = || Some("it is no whole Parquet file".to_owned());
    let Ok(table) = Table::from_bytes(bytes) else {
        return broken();
    };
    let unread = !table.unread().is_empty();
    let mut parquet = Parquet::new(table);
    loop {
        let rows = match parquet.next_rows() {
            Ok(Some(rows)) => rows,
            Ok(None) => break,
            Err(_) => return broken(),
        };
        let mut record = Map::new();
        let (mut number, mut shown) = (None, 0);
        for cell in rows.cells() {
            if number.is_some_and(|number| number != cell.record) {
                shown += 1;
                if each(&Value::Object(std::mem::take(&mut record))).is_break() {
                    return None;
                }
            }
            number = Some(cell.record);
            put(&mut record, cell.field, cell.text);
        }
        if number.is_some() {
            shown += 1;
            if each(&Value::Object(record)).is_break() {
                return None;
            }
        }
        // Rows without any text are rows.
        for _ in shown..rows.count {
            if each(&json!({})).is_break() {
                return None;
            }
        }
    }
    unread.then(|| "some of its columns are no texts and are not looked at".to_owned())
}

#[cfg(test)]
mod tests;
