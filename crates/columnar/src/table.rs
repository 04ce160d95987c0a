//! An open file: its columns, and readers of their chunks.

use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::basic::Type;
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::errors::ParquetError as Inner;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::ReaderProperties;
use parquet::file::reader::{ChunkReader as _, FileReader as _, SerializedFileReader};
use parquet::file::serialized_reader::ReadOptionsBuilder;

use crate::column::{Column, Page, path};
use crate::delta::Checked;
use crate::source::Source;
use crate::{ParquetError, pages};

/// The bytes that texts of one batch should have, and the most rows.
pub(crate) const BATCH: u64 = 256 << 10;
const MAX_ROWS: u64 = 8192;

/// An open file; a clone is the same one.
#[derive(Clone)]
pub struct Table(pub(crate) Arc<Inside>);

pub(crate) struct Inside {
    pub(crate) source: Source,
    pub(crate) file: SerializedFileReader<Source>,
    pub(crate) columns: Vec<Column>,
    unread: Vec<String>,
}

impl Table {
    /// Reads the footer of an open file.
    pub fn open(file: File) -> Result<Self, ParquetError> {
        let source = Source::file(file).map_err(|error| ParquetError::Footer(error.into()))?;
        Self::new(source)
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
        let (mut columns, mut unread) = (Vec::new(), Vec::new());
        for (index, column) in schema.columns().iter().enumerate() {
            match Column::of(index, column) {
                Some(column) => columns.push(column),
                None => unread.push(path(column.path().parts())),
            }
        }
        Ok(Self(Arc::new(Inside {
            source,
            file,
            columns,
            unread,
        })))
    }

    /// The paths of columns that are not looked at: times, numbers with a fraction,
    /// bytes of fixed length.
    pub fn unread(&self) -> &[String] {
        &self.0.unread
    }

    /// How many rows the footer tells.
    pub fn rows(&self) -> u64 {
        let groups = self.0.file.metadata().row_groups().iter();
        groups.fold(0, |all: u64, group| {
            all.saturating_add(u64::try_from(group.num_rows()).unwrap_or(0))
        })
    }

    pub(crate) fn meta(&self) -> &ParquetMetaData {
        self.0.file.metadata()
    }

    pub(crate) fn groups(&self) -> usize {
        self.0.file.num_row_groups()
    }

    /// The rows of a group.
    pub(crate) fn rows_of(&self, group: usize) -> u64 {
        u64::try_from(self.meta().row_group(group).num_rows()).unwrap_or(0)
    }

    /// How many rows of some columns to take at once.
    pub(crate) fn batch<'a>(
        &self,
        group: usize,
        columns: impl IntoIterator<Item = &'a Column>,
    ) -> u64 {
        let meta = self.meta().row_group(group);
        let size = |column: &Column| {
            let size = meta.column(column.index).uncompressed_size();
            u64::try_from(size).unwrap_or(0)
        };
        let bytes = columns.into_iter().map(size).fold(0, u64::saturating_add);
        let each = (bytes / self.rows_of(group).max(1)).max(1);
        (BATCH / each).clamp(1, MAX_ROWS)
    }

    pub(crate) fn reader(
        &self,
        group: usize,
        column: &Column,
    ) -> Result<ColumnReader, ParquetError> {
        Ok(self.opened(group, column)?.0)
    }

    /// The same, and the bytes of its largest page.
    pub(crate) fn opened(
        &self,
        group: usize,
        column: &Column,
    ) -> Result<(ColumnReader, u64), ParquetError> {
        let largest = self.check_pages(group, column)?;
        let read = catch_unwind(AssertUnwindSafe(|| {
            let schema = self.meta().file_metadata().schema_descr();
            let group = self.0.file.get_row_group(group)?;
            let pages = group.get_column_page_reader(column.index)?;
            let pages = Checked::new(pages, column.rep, column.def);
            let column = schema.column(column.index);
            Ok::<_, Inner>(get_column_reader(column, Box::new(pages)))
        }));
        match read {
            Ok(Ok(reader)) => Ok((reader, largest)),
            _ => Err(damaged(group, column)),
        }
    }

    /// The library makes room for what headers tell, so they are looked at before.
    pub(crate) fn check_pages(&self, group: usize, column: &Column) -> Result<u64, ParquetError> {
        let meta = self.meta().row_group(group).column(column.index);
        let start = meta.dictionary_page_offset();
        let start = u64::try_from(start.unwrap_or_else(|| meta.data_page_offset()));
        let length = u64::try_from(meta.compressed_size());
        let (Ok(start), Ok(length)) = (start, length) else {
            return Err(damaged(group, column));
        };
        let width = match column.physical {
            Type::INT64 | Type::DOUBLE => 8,
            Type::INT96 => 12,
            Type::FIXED_LEN_BYTE_ARRAY => column.length.max(1) as u64,
            // A text has its length before it.
            _ => 4,
        };
        let checked = catch_unwind(AssertUnwindSafe(|| {
            pages::check(length, width, column.rep > 0, &mut |at| {
                self.0.source.get_read(start.checked_add(at)?).ok()
            })
        }));
        match checked {
            Ok(Ok(largest)) => Ok(largest),
            Ok(Err(pages::Refused::Large)) => Err(ParquetError::Large {
                group: group + 1,
                column: column.field.to_string(),
            }),
            _ => Err(damaged(group, column)),
        }
    }
}

/// `group` is from 0.
pub(crate) fn damaged(group: usize, column: &Column) -> ParquetError {
    ParquetError::Damaged {
        group: group + 1,
        column: column.field.to_string(),
    }
}

/// Reads as many rows as the footer says, or it is not to be trusted.
pub(crate) fn read(
    reader: &mut ColumnReader,
    page: &mut Page,
    count: u64,
    group: usize,
    column: &Column,
) -> Result<(), ParquetError> {
    match catch_unwind(AssertUnwindSafe(|| page.read(reader, count))) {
        Ok(Ok(read)) if read == count => Ok(()),
        _ => Err(damaged(group, column)),
    }
}
