//! A file again, with the batches that were changed.

use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use parquet::basic::Encoding;
use parquet::column::writer::ColumnCloseResult;
use parquet::data_type::{
    ByteArrayType, DataType, DoubleType, FixedLenByteArrayType, Int32Type, Int64Type,
};
use parquet::errors::ParquetError as Inner;
use parquet::file::metadata::ParquetMetaData;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::FileReader as _;
use parquet::file::writer::{
    SerializedColumnWriter, SerializedFileWriter, SerializedRowGroupWriter,
};

use crate::batch::Batch;
use crate::column::{Column, Page, Values};
use crate::table::{damaged, read};
use crate::{ParquetError, Table};

/// Gives one batch after the other.
pub type Next<'a, E> = dyn FnMut() -> Result<Option<Batch>, E> + 'a;

impl Table {
    /// Writes the file with the batches that `next` gives: all of
    /// [`Table::batches`], in order, some of them changed.
    ///
    /// Schema, row groups, compression, levels and the footer's key-value metadata
    /// stay; the optional index of pages is left out. Page borders and encodings of a
    /// changed column chunk are those that the writer chooses.
    pub fn write<W: Write + Send, E: From<ParquetError>>(
        &self,
        out: W,
        next: &mut Next<'_, E>,
    ) -> Result<W, E> {
        // The library trusts the numbers of a footer more than a damaged one deserves.
        catch_unwind(AssertUnwindSafe(|| self.write_all(out, next))).unwrap_or_else(|_| {
            let cause = Inner::General("the file contradicts itself".to_owned());
            Err(ParquetError::Write(cause).into())
        })
    }

    fn write_all<W: Write + Send, E: From<ParquetError>>(
        &self,
        out: W,
        next: &mut Next<'_, E>,
    ) -> Result<W, E> {
        let meta = self.meta();
        let schema = meta.file_metadata().schema_descr().root_schema_ptr();
        let properties = Arc::new(self.properties(meta));
        let mut writer =
            SerializedFileWriter::new(out, schema, properties).map_err(ParquetError::Write)?;
        for (group, group_meta) in meta.row_groups().iter().enumerate() {
            let mut group_writer = writer.next_row_group().map_err(ParquetError::Write)?;
            for (index, chunk) in group_meta.columns().iter().enumerate() {
                let columns = self.0.columns.iter();
                let column = columns
                    .enumerate()
                    .find(|(_, column)| column.index == index);
                let changed = match column {
                    Some((place, column)) => {
                        self.write_column(group, place, column, &mut group_writer, next)?
                    }
                    None => false,
                };
                if changed {
                    continue;
                }
                let filter = catch_unwind(AssertUnwindSafe(|| {
                    let group = self.0.file.get_row_group(group).ok()?;
                    group.get_column_bloom_filter(index).cloned()
                }));
                let close = ColumnCloseResult {
                    bytes_written: u64::try_from(chunk.compressed_size()).unwrap_or(0),
                    rows_written: self.rows_of(group),
                    metadata: chunk.clone(),
                    bloom_filter: filter.unwrap_or(None),
                    column_index: None,
                    offset_index: None,
                };
                group_writer
                    .append_column(&self.0.source, close)
                    .map_err(ParquetError::Write)?;
            }
            group_writer.close().map_err(ParquetError::Write)?;
        }
        Ok(writer.into_inner().map_err(ParquetError::Write)?)
    }

    /// Writes one column chunk if something changes in it, and says whether.
    fn write_column<W: Write + Send, E: From<ParquetError>>(
        &self,
        group: usize,
        place: usize,
        column: &Column,
        out: &mut SerializedRowGroupWriter<'_, W>,
        next: &mut Next<'_, E>,
    ) -> Result<bool, E> {
        let rows = self.rows_of(group);
        let mut done = 0;
        let mut next = || -> Result<Batch, E> {
            let batch = next()?.filter(|batch| batch.place == place);
            batch.ok_or_else(|| ParquetError::Order.into())
        };
        // Nothing is written, and nothing kept, before the first change.
        let mut batch = loop {
            if done >= rows {
                return Ok(false);
            }
            let batch = next()?;
            if batch.changed {
                break batch;
            }
            done += batch.page.count;
        };
        let writer = out.next_column().map_err(ParquetError::Write)?;
        let mut writer = writer.ok_or_else(|| damaged(group, column))?;
        if done > 0 {
            let mut reader = self.reader(group, column)?;
            let (mut before, size) = (0, self.batch(group, [column]));
            let mut copy = Page::new(column);
            while before < done {
                let count = (done - before).min(size);
                read(&mut reader, &mut copy, count, group, column)?;
                before += copy.count;
                write(&mut writer, &copy, column)?;
            }
        }
        loop {
            write(&mut writer, &batch.page, column)?;
            done += batch.page.count;
            if done >= rows {
                break;
            }
            batch = next()?;
        }
        writer.close().map_err(ParquetError::Write)?;
        Ok(true)
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
                let mut columns = self.0.columns.iter();
                !columns.any(|column| Some(column.index) == index)
            })
        });
        builder.set_sorting_columns(sorting.cloned()).build()
    }
}

fn write(
    writer: &mut SerializedColumnWriter<'_>,
    page: &Page,
    column: &Column,
) -> Result<(), ParquetError> {
    fn typed<T: DataType>(
        writer: &mut SerializedColumnWriter<'_>,
        values: &[T::T],
        page: &Page,
        column: &Column,
    ) -> Result<(), ParquetError> {
        let written = writer.typed::<T>().write_batch(
            values,
            (column.def > 0).then_some(page.def.as_slice()),
            (column.rep > 0).then_some(page.rep.as_slice()),
        );
        written.map(|_| ()).map_err(ParquetError::Write)
    }
    match &page.values {
        Values::Bytes(values) => typed::<ByteArrayType>(writer, values, page, column),
        Values::Int32(values) => typed::<Int32Type>(writer, values, page, column),
        Values::Int64(values) => typed::<Int64Type>(writer, values, page, column),
        Values::Double(values) => typed::<DoubleType>(writer, values, page, column),
        Values::Fixed(values) => typed::<FixedLenByteArrayType>(writer, values, page, column),
    }
}
