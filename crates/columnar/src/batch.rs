//! A file column by column, in batches that any thread may change, for
//! [`Table::write`].

use std::collections::VecDeque;

use parquet::column::reader::ColumnReader;

use crate::column::{Column, Kind, Page, Place};
use crate::table::read;
use crate::{ParquetError, Table};

/// What the values of one batch may be together: those of a dictionary are many
/// times what is read, and each may be changed.
const MOST: usize = 4 << 20;

/// A value that may be changed.
#[derive(Clone, PartialEq, Eq)]
pub struct Value<'a> {
    /// The row, from 1.
    pub record: u64,
    /// Path of the column such as `customer.phones[]`.
    pub field: &'a str,
    /// The text; bytes that are not UTF-8 are read as Windows-1252. Whole numbers
    /// are digits, days ISO dates.
    pub text: &'a str,
    /// Its bytes, which are not the text's where they are not UTF-8.
    pub raw: &'a [u8],
    /// The text in the column of subjects in the same row, or empty.
    pub subject: &'a str,
    kind: Kind,
    nullable: bool,
}

impl Value<'_> {
    /// Whether it is a whole number or a day, and no text.
    pub fn is_number(&self) -> bool {
        matches!(self.kind, Kind::Number(_))
    }

    /// Whether it may become null.
    pub fn is_nullable(&self) -> bool {
        self.nullable
    }

    /// Whether a text may stand in its place: any, but for that of a number.
    pub fn holds(&self, text: &str) -> bool {
        match self.kind {
            Kind::Number(number) => number.parse(text).is_some(),
            Kind::Text | Kind::Bytes => true,
        }
    }
}

/// What becomes of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Becomes {
    /// It stays.
    Same,
    /// What was written.
    Written,
    /// Null.
    Null,
}

/// Says what becomes of a value, and writes its new bytes.
pub type Edit<'a, E> = dyn FnMut(&Value<'_>, &mut Vec<u8>) -> Result<Becomes, E> + 'a;

/// Values of one column.
pub struct Batch {
    table: Table,
    pub(crate) place: usize,
    pub(crate) page: Page,
    /// The row before the first.
    before: u64,
    subjects: Vec<String>,
    pub(crate) changed: bool,
}

impl Batch {
    fn column(&self) -> Option<&Column> {
        self.table.0.columns.get(self.place)
    }

    /// The column's path.
    pub fn field(&self) -> &str {
        self.column().map_or("", |column| &column.field)
    }

    /// Asks of each value what becomes of it; `edit` writes new bytes into an empty
    /// list. Bytes that are no text are not asked for.
    pub fn edit<E: From<ParquetError>>(&mut self, edit: &mut Edit<'_, E>) -> Result<(), E> {
        let table = self.table.clone();
        let Some(column) = table.0.columns.get(self.place) else {
            return Ok(());
        };
        let mut new: Vec<(usize, Vec<u8>)> = Vec::new();
        let mut nulls: Vec<Place> = Vec::new();
        let (mut scratch, mut out) = (String::new(), Vec::new());
        for place in self.page.places(column) {
            let Some((text, _)) = self.page.text(place.value, column.kind, &mut scratch) else {
                continue;
            };
            let row = usize::try_from(place.row).unwrap_or(usize::MAX);
            let value = Value {
                record: self.before + place.row + 1,
                field: &column.field,
                raw: match column.kind {
                    Kind::Number(_) => text.as_bytes(),
                    _ => self.page.raw(place.value),
                },
                text: &text,
                subject: self.subjects.get(row).map_or("", String::as_str),
                kind: column.kind,
                nullable: column.nullable,
            };
            match edit(&value, &mut out)? {
                Becomes::Same => {}
                Becomes::Written => new.push((place.value, out.clone())),
                Becomes::Null => nulls.push(place),
            }
            out.clear();
        }
        let cannot = || ParquetError::Unfit {
            column: column.field.to_string(),
        };
        self.changed |= !new.is_empty() || !nulls.is_empty();
        for (value, text) in new {
            if !self.page.set(value, column, text) {
                return Err(cannot().into());
            }
        }
        if !nulls.is_empty() {
            if !column.nullable {
                return Err(cannot().into());
            }
            self.page.clear(&nulls, column);
        }
        Ok(())
    }
}

/// Reads a file's batches: group by group, column by column.
pub struct Batches {
    table: Table,
    subject: Option<usize>,
    group: usize,
    place: usize,
    /// Of the column that is read, and of the subjects beside it.
    readers: Option<(ColumnReader, Option<ColumnReader>)>,
    /// Rows of the column that were read, and those of the groups before.
    done: u64,
    before: u64,
    /// What was read and is too much for one.
    waiting: VecDeque<Batch>,
}

impl Table {
    /// The columns that may be changed. `subject` names the column that says whose
    /// row it is, by its path or the last name in it.
    pub fn batches(&self, subject: Option<&str>) -> Batches {
        let columns = &self.0.columns;
        let named = |column: &Column, name: &str| {
            column.rep == 0
                && (*column.field == *name || column.field.rsplit('.').next() == Some(name))
        };
        Batches {
            table: self.clone(),
            subject: subject.and_then(|name| columns.iter().position(|column| named(column, name))),
            group: 0,
            place: 0,
            readers: None,
            done: 0,
            before: 0,
            waiting: VecDeque::new(),
        }
    }
}

impl Batches {
    /// The next batch; none at the end.
    pub fn next_batch(&mut self) -> Result<Option<Batch>, ParquetError> {
        loop {
            if let Some(batch) = self.waiting.pop_front() {
                return Ok(Some(batch));
            }
            if self.group >= self.table.groups() {
                return Ok(None);
            }
            let inside = std::sync::Arc::clone(&self.table.0);
            let rows = self.table.rows_of(self.group);
            let Some(column) = inside.columns.get(self.place) else {
                self.before = self.before.saturating_add(rows);
                (self.group, self.place) = (self.group + 1, 0);
                continue;
            };
            if self.done >= rows {
                (self.readers, self.done) = (None, 0);
                self.place += 1;
                continue;
            }
            let of_subject = self.subject.and_then(|place| inside.columns.get(place));
            if self.readers.is_none() {
                let subjects = of_subject.map(|column| self.table.reader(self.group, column));
                let reader = self.table.reader(self.group, column)?;
                self.readers = Some((reader, subjects.transpose()?));
            }
            let Some((reader, subjects)) = &mut self.readers else {
                continue;
            };
            let columns = std::iter::once(column).chain(of_subject);
            let count = (rows - self.done).min(self.table.batch(self.group, columns));
            let mut page = Page::new(column);
            read(reader, &mut page, count, self.group, column)?;
            let mut names = VecDeque::new();
            if let Some((subjects, column)) = subjects.as_mut().zip(of_subject) {
                let mut page = Page::new(column);
                read(subjects, &mut page, count, self.group, column)?;
                names = texts(&page, column, count);
            }
            let mut next = Some(page);
            let mut before = self.before + self.done;
            while let Some(mut page) = next.take() {
                next = page.split(column, MOST);
                let rows = usize::try_from(page.count).unwrap_or(usize::MAX);
                let count = page.count;
                self.waiting.push_back(Batch {
                    table: self.table.clone(),
                    place: self.place,
                    page,
                    before,
                    subjects: names.drain(..rows.min(names.len())).collect(),
                    changed: false,
                });
                before += count;
            }
            self.done += count;
        }
    }
}

/// The text of each row.
fn texts(page: &Page, column: &Column, count: u64) -> VecDeque<String> {
    let mut out = VecDeque::new();
    let mut scratch = String::new();
    let mut places = page.places(column).peekable();
    for row in 0..count {
        let place = places.next_if(|place| place.row == row);
        let text = place.and_then(|place| page.text(place.value, column.kind, &mut scratch));
        out.push_back(text.map_or_else(String::new, |(text, _)| text.into_owned()));
    }
    out
}
