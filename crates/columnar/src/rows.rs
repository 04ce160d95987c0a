//! Rows for who reads only.

use std::iter::Peekable;

use parquet::column::reader::ColumnReader;

use crate::column::{Page, Place};
use crate::pages::{LARGEST_TOGETHER, SMALL};
use crate::table::read;
use crate::{ParquetError, Table};

/// Texts of one batch of rows: those of a dictionary are many times what is read.
const MOST: usize = 2 << 20;

/// A text of a row.
#[derive(Clone, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The row, from 1.
    pub record: u64,
    /// Path of the column such as `customer.phones[]`.
    pub field: &'a str,
    /// The text; bytes that are not UTF-8 are read as Windows-1252. Whole numbers
    /// are digits, days ISO dates.
    pub text: &'a str,
}

/// Some rows.
pub struct Rows {
    table: Table,
    texts: String,
    /// Row, column, and end of the text.
    cells: Vec<(u64, usize, usize)>,
    /// How many rows.
    pub count: u64,
    /// Rows with bytes in columns of text that are not UTF-8.
    pub not_utf8: u64,
    /// Values in columns of bytes that are no text, and are left out.
    pub binary: u64,
}

impl Rows {
    /// The texts, row by row.
    pub fn cells(&self) -> impl Iterator<Item = Cell<'_>> {
        let mut begin = 0;
        self.cells.iter().map(move |&(record, column, end)| {
            let text = self.texts.get(begin..end).unwrap_or("");
            begin = end;
            let column = self.table.0.columns.get(column);
            Cell {
                record,
                field: column.map_or("", |column| &column.field),
                text,
            }
        })
    }
}

/// Reads a file row by row.
pub struct Parquet {
    table: Table,
    /// The next row group; its readers while it is read; rows that it still has.
    group: usize,
    readers: Vec<ColumnReader>,
    left: u64,
    batch: u64,
    record: u64,
    /// What was read and did not fit into the last rows: its rows, and where to go on.
    pages: Vec<Page>,
    read: u64,
    at: u64,
}

impl Parquet {
    /// From the first row.
    pub fn new(table: Table) -> Self {
        Self {
            table,
            group: 0,
            readers: Vec::new(),
            left: 0,
            batch: 0,
            record: 0,
            pages: Vec::new(),
            read: 0,
            at: 0,
        }
    }

    /// The next rows; none at the end.
    pub fn next_rows(&mut self) -> Result<Option<Rows>, ParquetError> {
        if self.at == self.read {
            while self.left == 0 {
                if !self.next_group()? {
                    return Ok(None);
                }
            }
            self.read = self.left.min(self.batch);
            self.at = 0;
            let inside = std::sync::Arc::clone(&self.table.0);
            self.pages.clear();
            for (column, reader) in inside.columns.iter().zip(&mut self.readers) {
                let mut page = Page::new(column);
                read(reader, &mut page, self.read, self.group - 1, column)?;
                self.pages.push(page);
            }
            self.left -= self.read;
        }
        Ok(Some(self.take()))
    }

    /// Rows of what was read, as many as fit.
    fn take(&mut self) -> Rows {
        let mut rows = Rows {
            table: self.table.clone(),
            texts: String::new(),
            cells: Vec::new(),
            count: 0,
            not_utf8: 0,
            binary: 0,
        };
        let columns = &self.table.0.columns;
        let mut places: Vec<Peekable<_>> = self
            .pages
            .iter()
            .zip(columns)
            .map(|(page, column)| {
                let before = self.at;
                let places = page.places(column);
                places
                    .skip_while(move |place| place.row < before)
                    .peekable()
            })
            .collect();
        let mut scratch = String::new();
        while self.at < self.read && (rows.count == 0 || rows.texts.len() < MOST) {
            let mut not_utf8 = false;
            for (index, ((places, page), column)) in
                places.iter_mut().zip(&self.pages).zip(columns).enumerate()
            {
                let here = |place: &Place| place.row == self.at;
                while let Some(place) = places.next_if(here) {
                    match page.text(place.value, column.kind, &mut scratch) {
                        Some((text, mended)) => {
                            not_utf8 |= mended;
                            rows.texts.push_str(&text);
                            let cell = (self.record + 1, index, rows.texts.len());
                            rows.cells.push(cell);
                        }
                        None if column.is_bytes() => rows.binary += 1,
                        None => {}
                    }
                }
            }
            rows.not_utf8 += u64::from(not_utf8);
            rows.count += 1;
            self.record += 1;
            self.at += 1;
        }
        rows
    }

    /// Opens the next row group; false at the end.
    fn next_group(&mut self) -> Result<bool, ParquetError> {
        if self.group >= self.table.groups() {
            return Ok(false);
        }
        let columns = &self.table.0.columns;
        self.left = self.table.rows_of(self.group);
        self.batch = self.table.batch(self.group, columns);
        self.readers.clear();
        let mut together = 0;
        for column in columns {
            let (reader, largest) = self.table.opened(self.group, column)?;
            together += if largest > SMALL { largest } else { 0 };
            if together > LARGEST_TOGETHER {
                return Err(ParquetError::Wide {
                    group: self.group + 1,
                });
            }
            self.readers.push(reader);
        }
        self.group += 1;
        Ok(true)
    }
}
