//! An archive written again while its members are read.
//!
//! A member's new content goes to a place of its own, in memory while it is small and
//! in a file without a name when it is not, since its size stands before it in the
//! archive. Where nothing of a member changed, its bytes are written as they were.
//!
//! Invariant: a member of which anything was not read is not written.

use std::io::{self, Seek as _, SeekFrom, Write};
use std::path::Path;

use anyhow::{Context as _, Result};
use celador_columnar::{Batch, Table};
use celador_formats::archive::{Member, Tail, Writer};
use celador_formats::{Format, Wrapper, Wrapping};
use tempfile::SpooledTempFile;

use super::{Open, columns};
use crate::records::archive::Step;

/// Bytes of a member that are held in memory.
const HELD: usize = 4 << 20;

/// An archive that is being written.
pub(super) struct Level {
    writer: Writer,
    member: Option<InMember>,
}

/// A member whose content is being written.
struct InMember {
    member: Member,
    /// None where the content is not written: it is read only.
    to: Option<Wrapper<SpooledTempFile>>,
    /// Takes the place of `to` for Parquet.
    columns: Option<columns::Writer<SpooledTempFile>>,
    /// Its bytes as they were, where what is written of it is not they.
    raw: Option<SpooledTempFile>,
    is_changed: bool,
}

impl Open {
    /// What is around the text that comes next.
    pub(super) fn top(&mut self) -> Result<&mut dyn Write> {
        let depth = self.levels.len();
        self.at(depth)
    }

    /// Where an archive goes that so many are around.
    fn at(&mut self, depth: usize) -> Result<&mut dyn Write> {
        let Some(around) = depth.checked_sub(1) else {
            return Ok(self.to.as_mut().context("no output is open")?);
        };
        let level = self.levels.get_mut(around);
        let member = level.and_then(|level| level.member.as_mut());
        let to = member.and_then(|member| member.to.as_mut());
        Ok(to.context("no member is open")?)
    }

    /// Something in the members that are open is not as it was.
    pub(super) fn change(&mut self) {
        let members = self
            .levels
            .iter_mut()
            .filter_map(|level| level.member.as_mut());
        for member in members {
            member.is_changed = true;
        }
    }

    fn spool(&self) -> SpooledTempFile {
        match self.task.target.as_deref().and_then(Path::parent) {
            Some(folder) if folder != Path::new("") => tempfile::spooled_tempfile_in(HELD, folder),
            _ => tempfile::spooled_tempfile(HELD),
        }
    }

    /// A member's content begins.
    pub(super) fn begin_member(&mut self, format: Format, wrapping: &Wrapping) -> Result<()> {
        self.taken = 0;
        self.what.records += u64::from(format == Format::Text);
        let to = wrapping.writer(self.spool())?;
        let level = self.levels.last_mut();
        let member = level.and_then(|level| level.member.as_mut());
        member.context("no member is open")?.to = Some(to);
        Ok(())
    }

    /// What was begun is Parquet.
    pub(super) fn begin_columns(&mut self, table: Table) -> Result<()> {
        let Some(level) = self.levels.last_mut() else {
            let to = self.to.take().context("no output is open")?;
            self.columns = Some(columns::Writer::begin(table, to)?);
            return Ok(());
        };
        let member = level.member.as_mut().context("no member is open")?;
        let to = member.to.take().context("no member is open")?;
        member.columns = Some(columns::Writer::begin(table, to)?);
        Ok(())
    }

    /// Takes the next values of it.
    pub(super) fn take_batch(&mut self, batch: Batch) -> Result<()> {
        let Some(level) = self.levels.last_mut() else {
            let columns = self.columns.as_mut().context("no output is open")?;
            return columns.take(batch);
        };
        let member = level.member.as_mut();
        let columns = member.and_then(|member| member.columns.as_mut());
        columns.context("no member is open")?.take(batch)
    }

    /// What is around the members.
    pub(super) fn step(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Begin(writer) => self.levels.push(Level {
                writer,
                member: None,
            }),
            Step::Member(member) => {
                let level = self.levels.last_mut().context("no archive is open")?;
                level.member = Some(InMember {
                    member,
                    to: None,
                    columns: None,
                    raw: None,
                    is_changed: false,
                });
            }
            Step::Raw(depth, bytes) => {
                let new = self.spool();
                let level = self.levels.get_mut(depth);
                let member = level.and_then(|level| level.member.as_mut());
                let raw = &mut member.context("no member is open")?.raw;
                raw.get_or_insert(new).write_all(&bytes)?;
            }
            Step::Kept(member) => {
                self.write_level(|writer, out| writer.keep(&member, &mut io::empty(), out))?;
            }
            Step::End => self.end_member()?,
            Step::Left(depth) => {
                self.levels.truncate(depth);
                if let Some(level) = self.levels.last_mut() {
                    level.member = None;
                }
                self.change();
            }
            Step::Finish(tail) => self.finish(tail)?,
        }
        Ok(())
    }

    /// Lets the innermost archive's writer write.
    fn write_level<T>(
        &mut self,
        write: impl FnOnce(&mut Writer, &mut dyn Write) -> io::Result<T>,
    ) -> Result<T> {
        let mut level = self.levels.pop().context("no archive is open")?;
        let written = self
            .top()
            .and_then(|out| Ok(write(&mut level.writer, out)?));
        self.levels.push(level);
        written
    }

    fn finish(&mut self, tail: Tail) -> Result<()> {
        self.write_level(|writer, out| writer.finish(tail, out))?;
        self.levels.pop();
        Ok(())
    }

    fn end_member(&mut self) -> Result<()> {
        let level = self.levels.last_mut().context("no archive is open")?;
        let mut member = level.member.take().context("no member is open")?;
        if let Some(columns) = member.columns.take() {
            member.to = Some(columns.end()?);
        }
        let needs_content = level.writer.needs_content();
        let Some(to) = member.to else {
            // It was read and is not written, and that was said.
            self.change();
            return Ok(());
        };
        let mut content = to.finish()?;
        let mut scratch = self.spool();
        let size = content.stream_position()?;
        content.seek(SeekFrom::Start(0))?;
        if member.is_changed {
            self.write_level(|writer, out| {
                writer.put(&member.member, &mut content, size, &mut scratch, out)
            })?;
        } else {
            let mut kept = member.raw.filter(|_| needs_content).unwrap_or(content);
            kept.seek(SeekFrom::Start(0))?;
            self.write_level(|writer, out| writer.keep(&member.member, &mut kept, out))?;
        }
        if let Some(members) = &mut self.what.members {
            *members += 1;
        }
        Ok(())
    }
}
