//! Workbooks and PDF documents as inputs: read at once within the bound of a record,
//! and given as jobs. They are never written: who writes is told so.

use std::io::Read;

use anyhow::Result;
use celador_formats::{Format, Refused, Wrapping};
use celador_office::{Cell, OfficeError, Texts};

use super::{Job, Open, Reader};

/// Cells of a job.
const BATCH: usize = 2000;

/// Texts that wait to be jobs.
pub(super) struct Waiting {
    cells: std::vec::IntoIter<Cell>,
    /// Told with the first cells.
    records: u64,
    unread: Vec<String>,
}

impl Waiting {
    fn new(texts: Texts) -> Self {
        Self {
            cells: texts.cells.into_iter(),
            records: texts.records,
            unread: texts.unread,
        }
    }

    pub(super) fn next_job(&mut self) -> Option<Job> {
        if let Some(what) = self.unread.pop() {
            return Some(Job::Note(format!("not read: {what}")));
        }
        let cells: Vec<_> = self.cells.by_ref().take(BATCH).collect();
        let records = std::mem::take(&mut self.records);
        (!cells.is_empty() || records > 0).then_some(Job::Cells(cells, records))
    }
}

fn refused(error: &OfficeError, what: &'static str) -> Option<Refused> {
    match error {
        OfficeError::Damaged(what) => Some(Refused::Damaged(what, "it cannot be read")),
        OfficeError::Encrypted => Some(Refused::Encrypted(what)),
        _ => None,
    }
}

impl Reader<'_> {
    fn limit(&self) -> usize {
        self.args.max_record as usize * (1 << 20)
    }

    pub(super) fn workbook(&self, bytes: Vec<u8>) -> Result<std::result::Result<Open, Refused>> {
        let mut spans = Vec::new();
        let texts = celador_office::workbook(bytes, self.limit(), &mut |name| {
            self.scanner.scan(name, &mut spans);
            !spans.is_empty()
        });
        match texts {
            Ok(texts) => Ok(Ok(Open::Cells(Waiting::new(texts)))),
            Err(error) => {
                refused(&error, "a workbook (XLSX)").map_or(Err(error.into()), |why| Ok(Err(why)))
            }
        }
    }

    pub(super) fn pdf(
        &self,
        wrapping: Wrapping,
        reader: Box<dyn Read>,
    ) -> Result<std::result::Result<(Format, Wrapping, Open), Refused>> {
        const WHAT: &str = "a PDF document";
        if self.writes {
            return Ok(Err(Refused::Unwritable(WHAT)));
        }
        let bytes = self.held(WHAT, reader)?;
        match celador_office::pdf(&bytes, self.limit()) {
            Ok(texts) => Ok(Ok((
                Format::Pdf,
                wrapping,
                Open::Cells(Waiting::new(texts)),
            ))),
            Err(error) => refused(&error, WHAT).map_or(Err(error.into()), |why| Ok(Err(why))),
        }
    }
}
