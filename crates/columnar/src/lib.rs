//! Parquet files: the values of their columns, and the file again with some of
//! them changed.
//!
//! Columns are read with their levels and written with the same levels, so lists,
//! structs, maps and nulls stay as they are without being understood. A column chunk
//! in which nothing is changed is copied as it stands; one that is changed gets new
//! statistics, so that no least or greatest value of before is left in them.
//!
//! [`Parquet`] reads rows. [`Batches`] reads columns in pieces that any thread may
//! change, and [`Table::write`] takes them, in order, and writes.
//!
//! Invariants: what is held at once is bounded by the size of pages, which is bounded
//! itself ([`ParquetError::Large`]), and not by the file; a damaged file is an error that does not quote it; a column that is not
//! looked at is told of ([`Table::unread`]).
//!
//! A crate of its own, beside the pure `celador-formats`: it reads from an open file,
//! and the library beneath knows a clock.

mod batch;
mod column;
mod delta;
mod pages;
mod rows;
mod source;
mod table;
#[cfg(test)]
mod tests;
mod write;

pub use batch::{Batch, Batches, Becomes, Edit, Value};
pub use rows::{Cell, Parquet, Rows};
pub use table::Table;
pub use write::Next;

/// A Parquet file that cannot be read on, or not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ParquetError {
    /// No footer, or one that contradicts itself.
    #[error("is no whole Parquet file: its footer cannot be read")]
    Footer(#[source] parquet::errors::ParquetError),
    /// The pages of a column. The cause is not told, since it may quote them.
    #[error("row group {group} is damaged in the column {column}")]
    Damaged {
        /// From 1.
        group: usize,
        /// The column's path.
        column: String,
    },
    /// A page that would take too much memory.
    #[error(
        "row group {group} has a page of more than {} MiB or {} million values, or a dictionary \
         of more than {} MiB, in the column {column}; write the file again with smaller pages",
        pages::LARGEST >> 20,
        pages::MOST_VALUES >> 20,
        pages::LARGEST_DICTIONARY >> 20
    )]
    Large {
        /// From 1.
        group: usize,
        /// The column's path.
        column: String,
    },
    /// Pages that would take too much memory together.
    #[error(
        "row group {group} has large pages in many columns, of more than {} MiB together; \
         write the file again with smaller pages",
        pages::LARGEST_TOGETHER >> 20
    )]
    Wide {
        /// From 1.
        group: usize,
    },
    /// A column of numbers was to hold a text, or one without nulls a null.
    #[error("the column {column} cannot hold what was to be written")]
    Unfit {
        /// The column's path.
        column: String,
    },
    /// Batches that are not those of the file in order.
    #[error("batches of another file, or in another order")]
    Order,
    /// The output.
    #[error("cannot write Parquet")]
    Write(#[source] parquet::errors::ParquetError),
}
