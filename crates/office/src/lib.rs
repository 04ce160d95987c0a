//! Texts of workbooks (XLSX) and PDF documents, to be looked at: nothing is written.
//!
//! A document is in memory as a whole, and so are its texts; both are bounded by the
//! caller's limit, and what is unpacked on the way by this crate's. What is not read
//! is told ([`Texts::unread`]), a page without text as well: it may be a picture of one.
//!
//! Invariants: an input that the libraries beneath cannot bear is an error and no
//! panic ([`is_guarded`]); an error never quotes the document. No clock is read: how
//! long a document takes is bounded by how much of it there is.

mod pdf;
mod workbook;

use std::cell::Cell as Flag;
use std::panic::{AssertUnwindSafe, catch_unwind};

pub use pdf::pdf;
pub use workbook::workbook;

/// A text and where it stands.
pub struct Cell {
    /// The row of a sheet, or the page; from 1.
    pub record: u64,
    /// `Sheet1!B2`, or empty for a page.
    pub field: String,
    /// What the column is called in its first row, or empty.
    pub name: String,
    /// What stands there.
    pub text: String,
}

/// All texts of a document.
#[derive(Default)]
pub struct Texts {
    /// In their order.
    pub cells: Vec<Cell>,
    /// Rows of all sheets, or pages.
    pub records: u64,
    /// What is not read, in words that hold no value.
    pub unread: Vec<String>,
}

/// A document that is not read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OfficeError {
    /// Its parts make no sense.
    #[error("is no whole {0}")]
    Damaged(&'static str),
    /// A password is needed.
    #[error("is encrypted")]
    Encrypted,
    /// More than is held in memory.
    #[error("unpacks to more than {0} MiB")]
    TooLarge(usize),
}

thread_local! {
    static GUARDED: Flag<bool> = const { Flag::new(false) };
}

/// Whether a panic of this thread is caught and becomes an error: a hook has nothing
/// to say then, and a panic's message may quote the document.
pub fn is_guarded() -> bool {
    GUARDED.get()
}

/// Calls a library that may panic on what nobody wrote on purpose.
fn guarded<T>(call: impl FnOnce() -> T) -> Option<T> {
    let before = GUARDED.replace(true);
    let result = catch_unwind(AssertUnwindSafe(call)).ok();
    GUARDED.set(before);
    result
}

/// Adds texts up to a limit.
struct Collector {
    texts: Texts,
    bytes: usize,
    limit: usize,
}

impl Collector {
    fn new(limit: usize) -> Self {
        Self {
            texts: Texts::default(),
            bytes: 0,
            limit,
        }
    }

    fn push(&mut self, cell: Cell) -> Result<(), OfficeError> {
        // What a cell costs beside its text.
        self.bytes += cell.text.len() + cell.name.len() + 96;
        if self.bytes > self.limit {
            return Err(OfficeError::TooLarge(self.limit >> 20));
        }
        self.texts.cells.push(cell);
        Ok(())
    }

    fn unread(&mut self, what: String) {
        if self.texts.unread.len() < 20 {
            self.texts.unread.push(what);
        }
    }
}
