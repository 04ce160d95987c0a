//! Workbooks: cells of all sheets, hidden ones too.
//!
//! Before the library sees a workbook, each of its parts is unpacked once within
//! bounds, so that it cannot be a bomb.

use std::io::{Cursor, Read as _};
use std::sync::Arc;

use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use celador_formats::archive::{Archive, Holds, ReadAt};
use celador_formats::{Budget, Limits};

use crate::{Cell, Collector, OfficeError, Texts, guarded};

const WHAT: &str = "workbook (XLSX)";
/// Names of columns that are remembered in a sheet.
const COLUMNS: usize = 16_384;

/// Bytes that both readers share.
#[derive(Clone)]
struct Shared(Arc<Vec<u8>>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Reads a workbook. `is_personal` says of a text whether it cannot be a column's name;
/// texts of more than `limit` bytes are an error.
pub fn workbook(
    bytes: Vec<u8>,
    limit: usize,
    is_personal: &mut dyn FnMut(&str) -> bool,
) -> Result<Texts, OfficeError> {
    let bytes = Shared(Arc::new(bytes));
    let mut out = Collector::new(limit);
    unpack_once(&bytes, limit, &mut out)?;
    let read = guarded(|| sheets(bytes, &mut out, is_personal));
    read.unwrap_or(Err(OfficeError::Damaged(WHAT)))?;
    Ok(out.texts)
}

/// Parts that hold texts and are not read.
const UNREAD: &[(&str, &str)] = &[
    ("xl/comments", "comments"),
    ("xl/threadedComments", "comments"),
    ("xl/persons", "names of who commented"),
    ("docProps/", "properties such as the author"),
    ("xl/drawings/", "drawings and text boxes"),
    ("xl/media/", "pictures"),
    ("xl/embeddings/", "embedded documents"),
    ("xl/pivotCache/", "copies of data in pivot tables"),
    ("xl/externalLinks/", "copies of data of other workbooks"),
    ("xl/charts/", "charts"),
];

fn unpack_once(bytes: &Shared, limit: usize, out: &mut Collector) -> Result<(), OfficeError> {
    let damaged = |_| OfficeError::Damaged(WHAT);
    let source: Arc<dyn ReadAt> = Arc::<Vec<u8>>::clone(&bytes.0);
    let budget = Budget::new(Limits::default());
    budget.add_packed(source.size());
    let mut archive = Archive::zip(source).map_err(|_| OfficeError::Damaged(WHAT))?;
    let mut all = 0;
    while let Some(member) = archive
        .next_member()
        .map_err(|_| OfficeError::Damaged(WHAT))?
    {
        let known = UNREAD.iter().find(|known| member.name.starts_with(known.0));
        if let Some((_, what)) = known {
            let what = format!("{what} of the workbook");
            if !out.texts.unread.contains(&what) {
                out.unread(what);
            }
        }
        match member.holds {
            Holds::Nothing => {}
            Holds::Unread(_) => return Err(OfficeError::Damaged(WHAT)),
            Holds::Document => {
                let content = archive
                    .content(&member, Limits::default())
                    .map_err(damaged)?;
                let most = (4 * limit as u64).saturating_sub(all);
                let mut content = budget.unpacked(content).take(most + 1);
                let read = std::io::copy(&mut content, &mut std::io::sink()).map_err(damaged)?;
                if read > most {
                    return Err(OfficeError::TooLarge((4 * limit) >> 20));
                }
                all += read;
            }
        }
    }
    Ok(())
}

fn sheets(
    bytes: Shared,
    out: &mut Collector,
    is_personal: &mut dyn FnMut(&str) -> bool,
) -> Result<(), OfficeError> {
    let damaged = |error: XlsxError| match error {
        XlsxError::Password => OfficeError::Encrypted,
        _ => OfficeError::Damaged(WHAT),
    };
    let mut book: Xlsx<_> = calamine::Reader::new(Cursor::new(bytes)).map_err(damaged)?;
    for sheet in book.sheet_names() {
        let mut cells = match book.worksheet_cells_reader(&sheet) {
            Ok(cells) => cells,
            Err(XlsxError::NotAWorksheet(_)) => {
                out.unread("a sheet that has no cells, such as a chart".to_owned());
                continue;
            }
            Err(error) => return Err(damaged(error)),
        };
        let mut names: Vec<String> = Vec::new();
        let (mut first, mut last) = (None, None);
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            let (row, column) = cell.get_position();
            let Some(text) = shown(cell.get_value()) else {
                continue;
            };
            let place = column as usize;
            if *first.get_or_insert(row) == row && place < COLUMNS {
                if names.len() <= place {
                    names.resize(place + 1, String::new());
                }
                if let Some(name) = names.get_mut(place).filter(|_| !is_personal(&text)) {
                    name.clone_from(&text);
                }
            }
            out.texts.records += u64::from(last != Some(row));
            last = Some(row);
            let name = if first == Some(row) {
                None
            } else {
                names.get(place)
            };
            out.push(Cell {
                record: u64::from(row) + 1,
                field: format!("{sheet}!{}{}", letters(column), u64::from(row) + 1),
                name: name.cloned().unwrap_or_default(),
                text,
            })?;
        }
    }
    Ok(())
}

/// What a cell shows; none where it is empty.
fn shown(value: &DataRef<'_>) -> Option<String> {
    Some(match value {
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Int(number) => number.to_string(),
        // Whole numbers of any length are without a point.
        DataRef::Float(number) => number.to_string(),
        DataRef::DateTime(time) => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::Bool(_) | DataRef::Error(_) | DataRef::Empty => return None,
    })
    .filter(|text| !text.is_empty())
}

/// A column's letters: 0 is A, 26 is AA.
fn letters(column: u32) -> String {
    let mut rest = column;
    let mut out = Vec::new();
    loop {
        out.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        if rest < 26 {
            return out.iter().rev().collect();
        }
        rest = rest / 26 - 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (column, want) in [
            (0, "A"),
            (25, "Z"),
            (26, "AA"),
            (701, "ZZ"),
            (702, "AAA"),
            (16_383, "XFD"),
        ] {
            assert_eq!(letters(column), want);
        }
    }

    #[test]
    fn what_is_no_workbook_is_an_error() {
        for bytes in [
            &b""[..],
            b"PK\x03\x04",
            b"PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
        ] {
            assert!(workbook(bytes.to_vec(), 1 << 20, &mut |_| false).is_err());
        }
    }
}
