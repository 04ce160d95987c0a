//! What lies inside of archives, workbooks and documents of pages.

use std::collections::BTreeSet;
use std::io::Read;
use std::sync::Arc;

use celador_formats::Format;
use celador_formats::archive::{Archive, Family, Holds};
use celador_office::{Cell, OfficeError, Texts, pdf, workbook};
use serde_json::{Map, Value, json};

use super::{Bounded, Each, IsHeader, LIMITS, UNPACKED, document, nested, pieces, unread};

/// Members of an archive that are looked at.
const MEMBERS: usize = 10_000;
/// Bytes of texts of a workbook or a document of pages.
const OFFICE: usize = 16 << 20;

/// An archive of the zip family: a workbook's rows, or what members hold. Gives what it
/// is and what is wrong with some of it, or why it is not opened.
pub(super) fn zip(
    reader: &mut Bounded<impl Read>,
    outer: bool,
    is_header: &mut IsHeader<'_>,
    each: &mut Each<'_>,
) -> Result<(Format, Option<String>), String> {
    let mut bytes = Vec::new();
    let _ = reader.read_to_end(&mut bytes);
    let bytes = Arc::new(bytes);
    let archive =
        Archive::zip(Arc::<Vec<u8>>::clone(&bytes)).map_err(|error| format!("it {error}"))?;
    match archive.family() {
        Family::Zip if outer => {
            let trouble = members(archive, is_header, each);
            Ok((Format::Zip, trouble))
        }
        Family::Zip => Err(unread(Format::Zip)),
        Family::Workbook => {
            drop(archive);
            let bytes = Arc::try_unwrap(bytes).unwrap_or_else(|shared| (*shared).clone());
            let mut is_personal = |name: &str| !is_header(&[name.to_owned()]);
            let texts =
                workbook(bytes, OFFICE, &mut is_personal).map_err(|error| damaged(&error))?;
            Ok((Format::Xlsx, rows(&texts, each)))
        }
        Family::Office(what) => Err(format!("its format is not looked into ({what})")),
    }
}

fn damaged(error: &OfficeError) -> String {
    format!("it {error}")
}

/// What is not read of a document, as what is wrong with it.
fn left_out(texts: &Texts) -> Option<String> {
    (!texts.unread.is_empty()).then(|| "parts of it are no texts and are not looked at".to_owned())
}

/// Each row of a sheet is a record: its cells by their columns' names or letters. The
/// row that names the columns is none.
fn rows(texts: &Texts, each: &mut Each<'_>) -> Option<String> {
    let mut record = Map::new();
    let mut place: Option<(&str, u64)> = None;
    let names: BTreeSet<(&str, &str)> = texts
        .cells
        .iter()
        .filter(|cell| !cell.name.is_empty())
        .map(|cell| (place_of(cell).0, cell.name.as_str()))
        .collect();
    for cell in &texts.cells {
        let (sheet, at) = place_of(cell);
        if cell.record == 1 && cell.name.is_empty() && names.contains(&(sheet, cell.text.trim())) {
            continue;
        }
        if place.is_some_and(|place| place != (sheet, cell.record))
            && each(&Value::Object(std::mem::take(&mut record))).is_break()
        {
            return None;
        }
        place = Some((sheet, cell.record));
        let column = at.trim_end_matches(|letter: char| letter.is_ascii_digit());
        let name = if cell.name.is_empty() {
            column
        } else {
            &cell.name
        };
        record.insert(name.to_owned(), nested(&cell.text));
    }
    if place.is_some() && each(&Value::Object(record)).is_break() {
        return None;
    }
    left_out(texts)
}

/// The sheet of a cell, and its place there.
fn place_of(cell: &Cell) -> (&str, &str) {
    cell.field.rsplit_once('!').unwrap_or(("", &cell.field))
}

/// A document of pages is one record, as a text is.
pub(super) fn document_of_pages(
    reader: &mut Bounded<impl Read>,
    each: &mut Each<'_>,
) -> Result<Option<String>, String> {
    let mut bytes = Vec::new();
    let _ = reader.read_to_end(&mut bytes);
    let texts = pdf(&bytes, OFFICE).map_err(|error| damaged(&error))?;
    let mut out = Vec::new();
    for cell in &texts.cells {
        pieces(&cell.text, &mut out);
    }
    let wants = each(&json!({"text": out}));
    Ok(if wants.is_break() {
        None
    } else {
        left_out(&texts)
    })
}

/// What an archive's members hold; what is wrong with some of them.
pub(super) fn members(
    mut archive: Archive<'_>,
    is_header: &mut IsHeader<'_>,
    each: &mut Each<'_>,
) -> Option<String> {
    let mut left = UNPACKED;
    let mut trouble = None;
    let mut stopped = false;
    for _ in 0..MEMBERS {
        let member = match archive.next_member() {
            Ok(Some(member)) => member,
            Ok(None) => return trouble,
            Err(error) => return Some(format!("it {error}")),
        };
        match &member.holds {
            Holds::Nothing => continue,
            Holds::Unread(why) => {
                trouble.get_or_insert_with(|| format!("a member of it is not read: {why}"));
                continue;
            }
            Holds::Document => {}
        }
        let mut bytes = Vec::new();
        let content = archive.content(&member, LIMITS);
        let read = content.and_then(|content| content.take(left).read_to_end(&mut bytes));
        left = left.saturating_sub(bytes.len() as u64);
        if read.is_err() {
            trouble.get_or_insert_with(|| "a member of it cannot be unpacked".to_owned());
        }
        if left == 0 {
            let most = UNPACKED >> 20;
            return Some(format!("only {most} MiB of what it unpacks to are read"));
        }
        let found = document(
            &bytes,
            &member.name,
            read.is_err(),
            &mut left,
            false,
            is_header,
            &mut |record| {
                let wants = each(record);
                stopped |= wants.is_break();
                wants
            },
        );
        if let Some(why) = found.trouble {
            trouble.get_or_insert_with(|| format!("a member of it is not read to its end: {why}"));
        }
        if stopped {
            return None;
        }
    }
    Some(format!("no more than {MEMBERS} members of it are read"))
}
