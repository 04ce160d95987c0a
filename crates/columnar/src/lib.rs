//! Parquet files: the texts of their columns, and the file again with some of
//! them changed.
//!
//! Columns of byte arrays are read with their levels and written with the same
//! levels, so lists, structs, maps and nulls stay as they are without being
//! understood. A column chunk in which nothing is changed is copied as it stands;
//! one that is changed gets new statistics, so that no least or greatest value of
//! before is left in them.
//!
//! Invariants: rows of one batch are bounded by their size and not by the file; a
//! damaged file is an error that does not quote it; a column that is not looked at
//! is told of ([`Parquet::unread`]).
//!
//! A crate of its own, beside the pure `celador-formats`: it reads from an open file,
//! and the library beneath knows a clock.

use std::borrow::Cow;
use std::fs::File;
use std::io::{Read, Write};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use bytes::Bytes;
use celador_formats::{Edit, EditError, decode, rewrite_text};
use parquet::basic::{ConvertedType, Encoding, LogicalType, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{ByteArray, ByteArrayType};
use parquet::errors::ParquetError as Inner;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::{EnabledStatistics, ReaderProperties, WriterProperties};
use parquet::file::reader::{ChunkReader, FileReader, Length, SerializedFileReader};
use parquet::file::serialized_reader::ReadOptionsBuilder;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::ColumnDescriptor;

/// The bytes that texts of one batch should have, and the most rows.
const BATCH: u64 = 256 << 10;
const MAX_ROWS: u64 = 8192;

/// A Parquet file that cannot be read on, or not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParquetError {
    /// No footer, or one that contradicts itself.
    #[error("is no whole Parquet file: its footer cannot be read")]
    Footer(#[source] Inner),
    /// The pages of a column. The cause is not told, since it may quote them.
    #[error("row group {group} is damaged in the column {column}")]
    Damaged {
        /// From 1.
        group: usize,
        /// The column's path.
        column: String,
    },
    /// What was asked to change.
    #[error("cannot change it so")]
    Edit(#[from] EditError),
    /// The output.
    #[error("cannot write Parquet")]
    Write(#[source] Inner),
}

/// A text of a row.
#[derive(Clone, PartialEq, Eq)]
pub struct Cell<'a> {
    /// The row, from 1.
    pub record: u64,
    /// Path of the column such as `customer.phones[]`.
    pub field: &'a str,
    /// The text; bytes that are not UTF-8 are read as Windows-1252.
    pub text: &'a str,
}

/// Some rows.
pub struct Rows {
    fields: Arc<Vec<String>>,
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
            Cell {
                record,
                field: self.fields.get(column).map_or("", String::as_str),
                text,
            }
        })
    }
}

struct Column {
    /// Among all of the file.
    index: usize,
    /// Whether the schema says that it is text.
    is_text: bool,
    def: i16,
    rep: i16,
}

/// A Parquet file.
pub struct Parquet {
    source: Source,
    file: SerializedFileReader<Source>,
    columns: Vec<Column>,
    fields: Arc<Vec<String>>,
    unread: Vec<String>,
    /// The next row group; its readers while it is read; rows that it still has.
    group: usize,
    readers: Vec<ColumnReaderImpl<ByteArrayType>>,
    left: u64,
    batch: u64,
    record: u64,
}

impl Parquet {
    /// Reads the footer of an open file.
    pub fn open(file: File) -> Result<Self, ParquetError> {
        Self::new(Source::File(Arc::new(file)))
    }

    /// Reads the footer of a file in memory.
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, ParquetError> {
        Self::new(Source::Memory(bytes.into()))
    }

    fn new(source: Source) -> Result<Self, ParquetError> {
        let properties = ReaderProperties::builder()
            .set_read_bloom_filter(true)
            .build();
        let options = ReadOptionsBuilder::new()
            .with_reader_properties(properties)
            .build();
        let opened = catch_unwind(AssertUnwindSafe(|| {
            SerializedFileReader::new_with_options(source.clone(), options)
        }));
        let file = opened
            .unwrap_or_else(|_| Err(Inner::General("contradicts itself".to_owned())))
            .map_err(ParquetError::Footer)?;
        let schema = file.metadata().file_metadata().schema_descr_ptr();
        let (mut columns, mut fields, mut unread) = (Vec::new(), Vec::new(), Vec::new());
        for (index, column) in schema.columns().iter().enumerate() {
            let path = path(column.path().parts());
            if column.physical_type() == Type::BYTE_ARRAY
                && column.converted_type() != ConvertedType::DECIMAL
            {
                fields.push(path);
                columns.push(Column {
                    index,
                    is_text: is_text(column),
                    def: column.max_def_level(),
                    rep: column.max_rep_level(),
                });
            } else {
                unread.push(path);
            }
        }
        Ok(Self {
            source,
            file,
            columns,
            fields: Arc::new(fields),
            unread,
            group: 0,
            readers: Vec::new(),
            left: 0,
            batch: 0,
            record: 0,
        })
    }

    /// The paths of columns that hold no text: numbers, times, fixed bytes.
    pub fn unread(&self) -> &[String] {
        &self.unread
    }

    /// The next rows; none at the end.
    pub fn next_rows(&mut self) -> Result<Option<Rows>, ParquetError> {
        while self.left == 0 {
            if !self.next_group()? {
                return Ok(None);
            }
        }
        let count = self.left.min(self.batch);
        let mut rows = Rows {
            fields: Arc::clone(&self.fields),
            texts: String::new(),
            cells: Vec::new(),
            count,
            not_utf8: 0,
            binary: 0,
        };
        let mut pages = Vec::new();
        let mut readers = std::mem::take(&mut self.readers);
        for (column, reader) in self.columns.iter().zip(&mut readers) {
            let mut page = Page::default();
            self.read(reader, &mut page, count, self.group - 1, column)?;
            pages.push(page);
        }
        self.readers = readers;
        let mut values: Vec<_> = pages
            .iter()
            .zip(&self.columns)
            .map(|(page, column)| page.rows(column).peekable())
            .collect();
        for row in 0..count {
            let mut not_utf8 = false;
            for (index, values) in values.iter_mut().enumerate() {
                let is_text = self.columns.get(index).is_some_and(|column| column.is_text);
                while let Some((_, value)) = values.next_if(|(at, _)| *at == row) {
                    let value = pages.get(index).and_then(|page| page.values.get(value));
                    let bytes = value.map_or(&[][..], ByteArray::data);
                    let Some((text, mended)) = text(bytes, is_text) else {
                        rows.binary += 1;
                        continue;
                    };
                    not_utf8 |= mended;
                    rows.texts.push_str(&text);
                    let cell = (self.record + row + 1, index, rows.texts.len());
                    rows.cells.push(cell);
                }
            }
            rows.not_utf8 += u64::from(not_utf8);
        }
        self.left -= count;
        self.record += count;
        Ok(Some(rows))
    }

    /// Opens the next row group; false at the end.
    fn next_group(&mut self) -> Result<bool, ParquetError> {
        if self.group >= self.file.num_row_groups() {
            return Ok(false);
        }
        (self.left, self.batch) = self.sizes(self.group);
        self.group += 1;
        let mut readers = Vec::new();
        for column in &self.columns {
            readers.push(self.reader(self.group - 1, column.index)?);
        }
        self.readers = readers;
        Ok(true)
    }

    /// The rows of a group, and how many to take at once.
    fn sizes(&self, group: usize) -> (u64, u64) {
        let meta = self.file.metadata().row_group(group);
        let rows = u64::try_from(meta.num_rows()).unwrap_or(0);
        let size = |column: &Column| {
            let size = meta.column(column.index).uncompressed_size();
            u64::try_from(size).unwrap_or(0)
        };
        let bytes = self.columns.iter().map(size).fold(0, u64::saturating_add);
        let each = (bytes / rows.max(1)).max(1);
        (rows, (BATCH / each).clamp(1, MAX_ROWS))
    }

    /// Reads as many rows as the footer says, or it is not to be trusted.
    fn read(
        &self,
        reader: &mut ColumnReaderImpl<ByteArrayType>,
        page: &mut Page,
        count: u64,
        group: usize,
        column: &Column,
    ) -> Result<(), ParquetError> {
        match catch_unwind(AssertUnwindSafe(|| page.read(reader, count))) {
            Ok(Ok(read)) if read == count => Ok(()),
            _ => Err(self.damaged(group + 1, column.index)),
        }
    }

    fn reader(
        &self,
        group: usize,
        column: usize,
    ) -> Result<ColumnReaderImpl<ByteArrayType>, ParquetError> {
        let read = catch_unwind(AssertUnwindSafe(|| {
            self.file.get_row_group(group)?.get_column_reader(column)
        }));
        match read {
            Ok(Ok(ColumnReader::ByteArrayColumnReader(reader))) => Ok(reader),
            _ => Err(self.damaged(group + 1, column)),
        }
    }

    fn damaged(&self, group: usize, column: usize) -> ParquetError {
        let schema = self.file.metadata().file_metadata().schema_descr();
        ParquetError::Damaged {
            group,
            column: path(schema.column(column).path().parts()),
        }
    }

    /// Writes the file with parts of some texts replaced. `edit` is asked for texts
    /// of one column at a time and gives what changes, in order. Bytes that are no
    /// text are not asked for.
    ///
    /// Schema, row groups, compression, levels and the footer's key-value metadata
    /// stay; the optional index of pages is left out. Page borders and encodings of a
    /// changed column chunk are those that the writer chooses.
    pub fn rewrite<W: Write + Send>(
        &self,
        out: W,
        edit: &mut dyn FnMut(&[Cell<'_>]) -> Vec<Change>,
    ) -> Result<W, ParquetError> {
        // The library trusts the numbers of a footer more than a damaged one deserves.
        catch_unwind(AssertUnwindSafe(|| self.write(out, edit))).unwrap_or_else(|_| {
            let cause = Inner::General("the file contradicts itself".to_owned());
            Err(ParquetError::Write(cause))
        })
    }

    fn write<W: Write + Send>(
        &self,
        out: W,
        edit: &mut dyn FnMut(&[Cell<'_>]) -> Vec<Change>,
    ) -> Result<W, ParquetError> {
        let meta = self.file.metadata();
        let schema = meta.file_metadata().schema_descr().root_schema_ptr();
        let properties = Arc::new(self.properties(meta));
        let mut writer =
            SerializedFileWriter::new(out, schema, properties).map_err(ParquetError::Write)?;
        let mut record = 0;
        for group in 0..self.file.num_row_groups() {
            let group_meta = meta.row_group(group);
            let mut group_writer = writer.next_row_group().map_err(ParquetError::Write)?;
            for (index, chunk) in group_meta.columns().iter().enumerate() {
                let place = self.columns.iter().position(|column| column.index == index);
                let changed = match place {
                    Some(place) => {
                        self.rewrite_column(group, place, record, &mut group_writer, edit)?
                    }
                    None => false,
                };
                if !changed {
                    let filter = catch_unwind(AssertUnwindSafe(|| {
                        let group = self.file.get_row_group(group).ok()?;
                        group.get_column_bloom_filter(index).cloned()
                    }));
                    let close = ColumnCloseResult {
                        bytes_written: u64::try_from(chunk.compressed_size()).unwrap_or(0),
                        rows_written: u64::try_from(group_meta.num_rows()).unwrap_or(0),
                        metadata: chunk.clone(),
                        bloom_filter: filter.unwrap_or(None),
                        column_index: None,
                        offset_index: None,
                    };
                    group_writer
                        .append_column(&self.source, close)
                        .map_err(ParquetError::Write)?;
                }
            }
            group_writer.close().map_err(ParquetError::Write)?;
            record += u64::try_from(group_meta.num_rows()).unwrap_or(0);
        }
        writer.into_inner().map_err(ParquetError::Write)
    }

    /// Writes one column chunk if something changes in it, and says whether.
    fn rewrite_column<W: Write + Send>(
        &self,
        group: usize,
        place: usize,
        first: u64,
        out: &mut SerializedRowGroupWriter<'_, W>,
        edit: &mut dyn FnMut(&[Cell<'_>]) -> Vec<Change>,
    ) -> Result<bool, ParquetError> {
        let Some(column) = self.columns.get(place) else {
            return Ok(false);
        };
        let (rows, batch) = self.sizes(group);
        let mut reader = self.reader(group, column.index)?;
        let mut page = Page::default();
        let mut done = 0;
        // Nothing is written, and nothing kept, before the first change.
        let mut changed = loop {
            if done == rows {
                return Ok(false);
            }
            self.read(
                &mut reader,
                &mut page,
                (rows - done).min(batch),
                group,
                column,
            )?;
            if self.change(&mut page, place, first + done, edit)? {
                break true;
            }
            done += page.count;
        };
        let writer = out.next_column().map_err(ParquetError::Write)?;
        let mut writer = writer.ok_or_else(|| self.damaged(group + 1, column.index))?;
        let mut write = |page: &Page| {
            let written = writer.typed::<ByteArrayType>().write_batch(
                &page.values,
                (column.def > 0).then_some(page.def.as_slice()),
                (column.rep > 0).then_some(page.rep.as_slice()),
            );
            written.map(|_| ()).map_err(ParquetError::Write)
        };
        let mut again = self.reader(group, column.index)?;
        let (mut before, mut copy) = (0, Page::default());
        while before < done {
            self.read(
                &mut again,
                &mut copy,
                (done - before).min(batch),
                group,
                column,
            )?;
            before += copy.count;
            write(&copy)?;
        }
        while changed {
            write(&page)?;
            done += page.count;
            changed = done < rows;
            if changed {
                self.read(
                    &mut reader,
                    &mut page,
                    (rows - done).min(batch),
                    group,
                    column,
                )?;
                self.change(&mut page, place, first + done, edit)?;
            }
        }
        writer.close().map_err(ParquetError::Write)?;
        Ok(true)
    }

    /// Asks what changes, and changes it.
    fn change(
        &self,
        page: &mut Page,
        place: usize,
        first: u64,
        edit: &mut dyn FnMut(&[Cell<'_>]) -> Vec<Change>,
    ) -> Result<bool, ParquetError> {
        let Some((column, field)) = self.columns.get(place).zip(self.fields.get(place)) else {
            return Ok(false);
        };
        let texts: Vec<(u64, usize, Cow<'_, str>)> = page
            .rows(column)
            .filter_map(|(row, value)| {
                let bytes = page.values.get(value)?.data();
                Some((row, value, text(bytes, column.is_text)?.0))
            })
            .collect();
        let cells: Vec<Cell<'_>> = texts
            .iter()
            .map(|(row, _, text)| Cell {
                record: first + row + 1,
                field,
                text,
            })
            .collect();
        let changes = edit(&cells);
        let mut new = Vec::new();
        for part in changes.chunk_by(|a, b| a.cell == b.cell) {
            let number = part.first().map_or(0, |change| change.cell);
            let (_, value, _) = texts.get(number).ok_or(EditError::Outside(number))?;
            let edits: Vec<Edit<'_>> = part
                .iter()
                .map(|change| Edit {
                    value: 0,
                    range: change.range.clone(),
                    with: &change.with,
                })
                .collect();
            let raw = page.values.get(*value).map_or(&[][..], ByteArray::data);
            let mut out = Vec::new();
            rewrite_text(raw, &edits, &mut out)?;
            new.push((*value, out));
        }
        for (value, bytes) in &new {
            if let Some(value) = page.values.get_mut(*value) {
                *value = ByteArray::from(bytes.clone());
            }
        }
        Ok(!new.is_empty())
    }

    fn properties(&self, meta: &ParquetMetaData) -> WriterProperties {
        let mut builder = WriterProperties::builder()
            // All chunks have an index of their pages, or none; those that are copied
            // would have to have one.
            .set_offset_index_disabled(true)
            .set_key_value_metadata(meta.file_metadata().key_value_metadata().cloned());
        let Some(group) = meta.row_groups().first() else {
            return builder.build();
        };
        for column in group.columns() {
            let path = column.column_path().clone();
            let dictionary = column.encodings().any(|encoding| {
                matches!(
                    encoding,
                    Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY
                )
            });
            let statistics = if column.statistics().is_some() {
                EnabledStatistics::Chunk
            } else {
                EnabledStatistics::None
            };
            builder = builder
                .set_column_compression(path.clone(), column.compression())
                .set_column_dictionary_enabled(path.clone(), dictionary)
                .set_column_statistics_enabled(path.clone(), statistics);
            if column.bloom_filter_offset().is_some() {
                builder = builder.set_column_bloom_filter_enabled(path, true);
            }
        }
        // A column that changes may not be in order any more.
        let sorting = group.sorting_columns().filter(|sorting| {
            sorting.iter().all(|by| {
                let index = usize::try_from(by.column_idx).ok();
                !self
                    .columns
                    .iter()
                    .any(|column| Some(column.index) == index)
            })
        });
        builder.set_sorting_columns(sorting.cloned()).build()
    }
}

/// What stands there instead of a part of a cell's text.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// Which of the cells that were asked for.
    pub cell: usize,
    /// Bytes of its text.
    pub range: Range<usize>,
    /// What stands there instead.
    pub with: String,
}

/// Rows of one column as they are stored: levels, and the values that are not null.
#[derive(Default)]
struct Page {
    count: u64,
    def: Vec<i16>,
    rep: Vec<i16>,
    values: Vec<ByteArray>,
}

impl Page {
    /// How many rows there were, up to `count`.
    fn read(
        &mut self,
        reader: &mut ColumnReaderImpl<ByteArrayType>,
        count: u64,
    ) -> Result<u64, Inner> {
        self.def.clear();
        self.rep.clear();
        self.values.clear();
        self.count = 0;
        while self.count < count {
            let wanted = usize::try_from(count - self.count).unwrap_or(usize::MAX);
            let (rows, _, _) = reader.read_records(
                wanted,
                Some(&mut self.def),
                Some(&mut self.rep),
                &mut self.values,
            )?;
            if rows == 0 {
                break;
            }
            self.count += rows as u64;
        }
        Ok(self.count)
    }

    /// The row, from 0, and the place of each value.
    fn rows(&self, column: &Column) -> impl Iterator<Item = (u64, usize)> {
        let levels = if column.def > 0 {
            self.def.len()
        } else {
            self.values.len()
        };
        let (mut row, mut value) = (0_u64, 0);
        (0..levels).filter_map(move |level| {
            if level > 0 && (column.rep == 0 || self.rep.get(level) == Some(&0)) {
                row += 1;
            }
            let is_there = column.def == 0 || self.def.get(level) == Some(&column.def);
            value += usize::from(is_there);
            is_there.then(|| (row, value - 1))
        })
    }
}

/// The text of bytes, and whether they were not UTF-8; none where they are no text.
fn text(bytes: &[u8], is_text: bool) -> Option<(Cow<'_, str>, bool)> {
    let (text, mended) = decode(bytes);
    (is_text || !(mended || bytes.contains(&0))).then_some((text, mended))
}

fn is_text(column: &ColumnDescriptor) -> bool {
    matches!(
        column.converted_type(),
        ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON
    ) || matches!(
        column.logical_type_ref(),
        Some(LogicalType::String | LogicalType::Enum | LogicalType::Json)
    )
}

/// `a.list.element.b` is `a[].b`, as it is in JSON.
fn path(parts: &[String]) -> String {
    let mut out = String::new();
    let mut rest = parts;
    while let Some((part, after)) = rest.split_first() {
        rest = after;
        let names: Vec<&str> = after.iter().map(String::as_str).collect();
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(part);
        match names.as_slice() {
            [
                "list" | "bag" | "array",
                "element" | "item" | "array_element",
                ..,
            ] => {
                out.push_str("[]");
                rest = after.get(2..).unwrap_or(&[]);
            }
            ["key_value" | "map" | "entries", "key" | "value", ..] => {
                rest = after.get(1..).unwrap_or(&[]);
            }
            _ => {}
        }
    }
    out
}

/// Where a file's bytes are.
#[derive(Clone)]
enum Source {
    File(Arc<File>),
    Memory(Bytes),
}

impl Length for Source {
    fn len(&self) -> u64 {
        match self {
            Self::File(file) => Length::len(file.as_ref()),
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }
}

impl ChunkReader for Source {
    type T = Box<dyn Read>;

    fn get_read(&self, start: u64) -> Result<Self::T, Inner> {
        Ok(match self {
            Self::File(file) => Box::new(file.get_read(start)?),
            Self::Memory(bytes) => Box::new(bytes.get_read(start)?),
        })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, Inner> {
        // A length that a damaged footer tells is not to be believed.
        if start.saturating_add(length as u64) > self.len() {
            return Err(Inner::EOF("the file ends before that".to_owned()));
        }
        match self {
            Self::File(file) => file.get_bytes(start, length),
            Self::Memory(bytes) => bytes.get_bytes(start, length),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use parquet::schema::parser::parse_message_type;

    /// Two row groups: a column that must be there, a list with nulls, and numbers.
    fn file() -> Vec<u8> {
        let schema = "message m { required binary name (UTF8);
            optional group tags (LIST) { repeated group list { optional binary element (UTF8); } }
            required int32 n; optional binary raw; }";
        let schema = Arc::new(parse_message_type(schema).expect("a schema"));
        let mut writer =
            SerializedFileWriter::new(Vec::new(), schema, Arc::default()).expect("memory");
        let texts = |all: &[&[u8]]| all.iter().map(|text| ByteArray::from(*text)).collect();
        for _ in 0..2 {
            let mut group = writer.next_row_group().expect("memory");
            let columns: [(Vec<ByteArray>, &[i16], &[i16]); 4] = [
                (texts(&[b"a x", b"", b"Jos\xe9 x"]), &[], &[]),
                (texts(&[b"t1 x", b"t3"]), &[3, 2, 0, 3], &[0, 1, 0, 0]),
                (Vec::new(), &[], &[]),
                (texts(&[b"\0x", b"r x"]), &[1, 0, 1], &[]),
            ];
            for (values, def, rep) in columns {
                let mut column = group.next_column().expect("memory").expect("a column");
                if values.is_empty() {
                    let numbers = column.typed::<parquet::data_type::Int32Type>();
                    numbers.write_batch(&[7, 8, 9], None, None).expect("memory");
                } else {
                    let levels = |levels: &'static [i16]| (!levels.is_empty()).then_some(levels);
                    let bytes = column.typed::<ByteArrayType>();
                    bytes
                        .write_batch(&values, levels(def), levels(rep))
                        .expect("memory");
                }
                column.close().expect("memory");
            }
            group.close().expect("memory");
        }
        writer.into_inner().expect("memory")
    }

    /// All texts, and how many rows and values of bytes.
    fn read(bytes: Vec<u8>) -> Result<(Vec<String>, u64, u64), ParquetError> {
        let mut parquet = Parquet::from_bytes(bytes)?;
        let (mut found, mut count, mut binary) = (Vec::new(), 0, 0);
        while let Some(rows) = parquet.next_rows()? {
            count += rows.count;
            binary += rows.binary;
            found.extend(
                rows.cells()
                    .map(|cell| format!("{} {} {}", cell.record, cell.field, cell.text)),
            );
        }
        Ok((found, count, binary))
    }

    fn without_x(cells: &[Cell<'_>]) -> Vec<Change> {
        let all = cells.iter().enumerate().flat_map(|(cell, item)| {
            let places = item.text.match_indices('x');
            places.map(move |(at, _)| (cell, at))
        });
        all.map(|(cell, at)| Change {
            cell,
            range: at..at + 1,
            with: "[Y]".to_owned(),
        })
        .collect()
    }

    #[test]
    fn reads_rows_and_writes_them_back() {
        let (found, count, binary) = read(file()).expect("whole");
        let group = |first: usize| {
            [
                (0, "name", "a x"),
                (0, "tags[]", "t1 x"),
                (1, "name", ""),
                (2, "name", "José x"),
                (2, "tags[]", "t3"),
                (2, "raw", "r x"),
            ]
            .map(|(row, field, text)| format!("{} {field} {text}", row + first))
        };
        let want = [group(1), group(4)].concat();
        assert_eq!((&found, count, binary), (&want, 6, 2));
        let parquet = Parquet::from_bytes(file()).expect("whole");
        assert_eq!(parquet.unread(), ["n"]);
        let same = parquet
            .rewrite(Vec::new(), &mut |_| Vec::new())
            .expect("memory");
        assert_eq!(read(same).expect("whole"), (want.clone(), 6, 2));
        let out = parquet.rewrite(Vec::new(), &mut without_x).expect("memory");
        // What was replaced is in no statistic either, and the byte that is not UTF-8 stays.
        let has = |part: &[u8]| memchr::memmem::find(&out, part).is_some();
        assert!(!has(b" x") && has(b"Jos\xe9 [Y]"));
        let edited: Vec<_> = want.iter().map(|line| line.replace('x', "[Y]")).collect();
        assert_eq!(read(out).expect("whole"), (edited, 6, 2));
    }

    #[test]
    fn changes_that_cannot_be_made_are_an_error() {
        let parquet = Parquet::from_bytes(file()).expect("whole");
        for (cell, range) in [(9, 0..0), (0, 0..9), (0, 1..9)] {
            let result = parquet.rewrite(Vec::new(), &mut |_| {
                let (range, with) = (range.clone(), String::new());
                vec![Change { cell, range, with }]
            });
            assert!(matches!(result, Err(ParquetError::Edit(_))));
        }
    }

    #[test]
    fn what_is_damaged_is_an_error_or_read() {
        let whole = file();
        for length in 0..whole.len() {
            assert!(read(whole[..length].to_vec()).is_err(), "{length}");
        }
        for at in 0..whole.len() {
            for bits in [0x01, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[at] ^= bits;
                let _ = read(bytes.clone());
                if let Ok(parquet) = Parquet::from_bytes(bytes) {
                    let _ = parquet.rewrite(Vec::new(), &mut without_x);
                }
            }
        }
    }
}
