//! Parquet: its values changed by the workers, the file written by a thread.
//!
//! The file is written as its columns come, so the writer pulls, and has a thread of
//! its own to do so; packing a column goes on while others are read. A number that is
//! redacted has no text to become: it becomes a number again where the operator gives
//! one, and null otherwise.

use std::io::Write;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use anyhow::{Context as _, Error, Result, anyhow};
use celador_columnar::{Batch, Becomes, ParquetError, Table, Value};
use celador_formats::{Wrapper, rewrite_text};

use super::{Editor, Edits, Tally, count};

/// Batches that wait to be written.
const WAITING: usize = 8;
/// Signs that a number has at least to be somebody's, where no rule names its column.
pub(super) const SHORTEST: usize = 5;

/// Why a batch cannot be changed.
pub(super) enum Cannot {
    /// What the input is.
    Input(String),
    Other(Error),
}

impl From<ParquetError> for Cannot {
    fn from(error: ParquetError) -> Self {
        Self::Other(error.into())
    }
}

/// Why a number cannot be redacted.
pub(super) fn no_place(what: &str, name: &str) -> String {
    format!(
        "the {what} {name} has personal data in numbers and none may be null, so that \
         nothing can stand there instead; store it as text, or give a profile with \
         \"{name}\" = {{ leave = true }} in [fields]"
    )
}

/// Changes the values of a batch, and counts what was changed.
pub(super) fn change(
    batch: &mut Batch,
    editor: &mut impl Editor,
    tally: &mut Tally,
) -> Result<(), Cannot> {
    let mut edits = Edits::default();
    let is_ruled = editor.is_ruled(batch.field());
    batch.edit(&mut |value: &Value<'_>, out: &mut Vec<u8>| {
        if value.is_number() && value.text.len() < SHORTEST && !is_ruled {
            return Ok(Becomes::Same);
        }
        edits.clear();
        editor.begin(value.subject, value.is_number());
        editor
            .edit(value.field, value.text, &mut edits)
            .map_err(Cannot::Other)?;
        if edits.items.is_empty() {
            return Ok(Becomes::Same);
        }
        rewrite_text(value.raw, &edits.all(), out)
            .with_context(|| format!("record {} cannot be written", value.record))
            .map_err(Cannot::Other)?;
        let is_held = std::str::from_utf8(out).map_or(!value.is_number(), |out| value.holds(out));
        if !is_held && !value.is_nullable() {
            return Err(Cannot::Input(no_place("column", value.field)));
        }
        if !is_held {
            edits.become_null(0);
        }
        for item in &edits.items {
            count(tally, value.field, item);
        }
        Ok(if is_held {
            Becomes::Written
        } else {
            Becomes::Null
        })
    })
}

/// A file that is being written.
pub(super) struct Writer<W: Write + Send + 'static> {
    sender: Option<SyncSender<Batch>>,
    thread: Option<JoinHandle<Result<Wrapper<W>>>>,
}

impl<W: Write + Send + 'static> Writer<W> {
    pub(super) fn begin(table: Table, to: Wrapper<W>) -> Result<Self> {
        let (sender, receiver) = sync_channel(WAITING);
        let thread = std::thread::Builder::new()
            .name("parquet".to_owned())
            .spawn(move || write(&table, to, &receiver))
            .context("cannot start a thread")?;
        Ok(Self {
            sender: Some(sender),
            thread: Some(thread),
        })
    }

    /// Takes the next batch.
    pub(super) fn take(&mut self, batch: Batch) -> Result<()> {
        let sent = self
            .sender
            .as_ref()
            .is_some_and(|sender| sender.send(batch).is_ok());
        if sent {
            return Ok(());
        }
        // It has ended, and says why.
        self.join().map(|_| ())?;
        Err(anyhow!("there are more values than rows"))
    }

    /// Waits until all is written.
    pub(super) fn end(mut self) -> Result<Wrapper<W>> {
        self.join()
    }

    fn join(&mut self) -> Result<Wrapper<W>> {
        self.sender = None;
        let thread = self.thread.take().context("nothing is written")?;
        thread.join().map_err(|_| anyhow!("the writer stopped"))?
    }
}

impl<W: Write + Send + 'static> Drop for Writer<W> {
    /// An output that is given up is removed before the program goes on, or ends.
    fn drop(&mut self) {
        if self.thread.is_some() {
            let _ = self.join();
        }
    }
}

fn write<W: Write + Send>(
    table: &Table,
    to: Wrapper<W>,
    batches: &Receiver<Batch>,
) -> Result<Wrapper<W>> {
    // The file itself says how many there are.
    table.write(to, &mut || Ok::<_, Error>(batches.recv().ok()))
}
