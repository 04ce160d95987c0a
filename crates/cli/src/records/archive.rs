//! Archives as inputs: each member begins and ends as a file does, under the path of
//! its archive, `!/` and its name.
//!
//! Invariant: between two inputs of an archive there is all that a writer needs to
//! make the same archive again, and a member that cannot be read is a
//! [`Job::Skipped`], never silently absent. A member's name is never used as a path.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use anyhow::{Context as _, Error, Result};
use celador_formats::archive::{
    Archive, ArchiveError, Family, Holds, Member, ReadAt, Tail, Writer,
};
use celador_formats::{Budget, Format, Limits, Refused, Wrapping};

use super::{Job, Open, Reader, Source};

/// How deep archives are opened that lie in archives.
const DEPTH: usize = 4;

/// What is around the inputs of an archive.
pub(crate) enum Step {
    /// The archive that was just begun is written by this.
    Begin(Writer),
    /// The input that begins next is this member's content.
    Member(Member),
    /// Bytes of a member as they are, where what is read of it is not they; and how
    /// many archives are around its own.
    Raw(usize, Vec<u8>),
    /// A member without content.
    Kept(Member),
    /// The member's content is over.
    End,
    /// The member cannot be read on, and it was said why; and how many archives are
    /// around it.
    Left(usize),
    /// The archive's last member is over.
    Finish(Tail),
}

/// An archive that is open.
pub(super) struct Level {
    input: String,
    archive: Archive<'static>,
    budget: Budget,
    /// Whether a member is open, and its bytes as they are read.
    raw: Option<Rc<RefCell<Raw>>>,
}

/// Bytes on their way to who writes.
#[derive(Default)]
struct Raw {
    bytes: Vec<u8>,
    /// Whether anybody wants them.
    is_wanted: bool,
}

/// Keeps what is read.
struct Tee {
    reader: Box<dyn Read>,
    raw: Rc<RefCell<Raw>>,
}

impl Read for Tee {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let mut raw = self.raw.borrow_mut();
        if raw.is_wanted {
            raw.bytes
                .extend_from_slice(buffer.get(..read).unwrap_or(&[]));
        }
        Ok(read)
    }
}

/// A file, read at any place.
struct FileAt {
    file: File,
    size: u64,
    progress: indicatif::ProgressBar,
}

impl ReadAt for FileAt {
    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read_at(buffer, at)?;
        self.progress.inc(read as u64);
        Ok(read)
    }

    fn size(&self) -> u64 {
        self.size
    }
}

/// All of what can be read at any place.
struct FromStart {
    source: Arc<dyn ReadAt>,
    at: u64,
}

impl Read for FromStart {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(self.at, buffer)?;
        self.at += read as u64;
        Ok(read)
    }
}

impl Reader<'_> {
    /// What an input in an archive unpacks to counts for the archive.
    pub(super) fn within_budget(&self, reader: Box<dyn Read>) -> Box<dyn Read> {
        match self.levels.last() {
            Some(level) => Box::new(level.budget.unpacked(reader)),
            None => reader,
        }
    }

    /// Opens an archive, which is read from its end if it is zip: a file as it lies
    /// there, all else from memory.
    pub(super) fn archive(
        &self,
        format: Format,
        path: Option<&Path>,
        wrapping: &Wrapping,
        reader: Box<dyn Read>,
    ) -> Result<std::result::Result<Open, Refused>> {
        if self.levels.len() >= DEPTH {
            return Ok(Err(Refused::Packed(format.name())));
        }
        // One for all that lie in each other.
        let outer = self.levels.last().map(|level| level.budget.clone());
        let is_outer = outer.is_none();
        let budget = outer.unwrap_or_else(|| Budget::new(Limits::default()));
        if format == Format::Tar {
            let archive = if is_outer {
                Archive::tar(budget.packed(reader))
            } else {
                Archive::tar(reader)
            };
            return Ok(Ok(Open::Archive(archive, budget)));
        }
        let source: Arc<dyn ReadAt> = match path {
            Some(path) if wrapping.is_plain() => {
                let file = File::open(path)?;
                let size = file.metadata()?.len();
                let progress = self.progress.clone();
                Arc::new(FileAt {
                    file,
                    size,
                    progress,
                })
            }
            _ => Arc::new(self.held("A zip archive", reader)?),
        };
        if is_outer {
            budget.add_packed(source.size());
        }
        let whole = Arc::clone(&source);
        let archive = match Archive::zip(source) {
            Ok(archive) => archive,
            Err(ArchiveError::Malformed(what, why)) => return Ok(Err(Refused::Damaged(what, why))),
            Err(error) => return Err(error.into()),
        };
        Ok(match archive.family() {
            Family::Zip => Ok(Open::Archive(archive, budget)),
            Family::Workbook if self.writes => Err(Refused::Unwritable("a workbook (XLSX)")),
            Family::Workbook => {
                let reader = FromStart {
                    source: whole,
                    at: 0,
                };
                return self.workbook(self.held("A workbook", reader)?);
            }
            Family::Office(what) => Err(Refused::Unread(what)),
        })
    }

    /// An archive's members are what is read next.
    pub(super) fn enter_archive(
        &mut self,
        input: String,
        archive: Archive<'static>,
        budget: Budget,
    ) {
        self.step(Step::Begin(archive.writer()));
        let strays = archive.strays();
        if strays > 0 {
            self.ready.push_back(Job::Skipped {
                input: input.clone(),
                why: format!("{strays} bytes between its members belong to none of them"),
            });
        }
        self.levels.push(Level {
            input,
            archive,
            budget,
            raw: None,
        });
    }

    fn step(&mut self, step: Step) {
        if self.writes {
            self.ready.push_back(Job::Archive(step));
        }
    }

    /// Begins the next member, or ends the archive.
    pub(super) fn next_member(&mut self) -> Result<()> {
        let writes = self.writes;
        let Some(level) = self.levels.last_mut() else {
            return Ok(());
        };
        let outer = level.input.clone();
        let member = level.archive.next_member();
        let member = member.with_context(|| format!("cannot read {outer}"));
        let member = match member {
            Ok(member) => member,
            Err(error) if self.levels.len() > 1 => {
                // The archive is a member itself, and the one around it goes on.
                self.levels.pop();
                self.leave_member(outer, &error);
                return Ok(());
            }
            Err(error) => return Err(error),
        };
        let Some(member) = member else {
            let tail = level.archive.tail();
            self.levels.pop();
            self.step(Step::Finish(tail));
            return self.end_member();
        };
        let input = format!("{outer}!/{}", member.name);
        match &member.holds {
            Holds::Nothing => self.step(Step::Kept(member)),
            Holds::Unread(why) => {
                let why = why.clone();
                self.ready.push_back(Job::Skipped { input, why });
            }
            Holds::Document => {
                let raw = Rc::new(RefCell::new(Raw {
                    bytes: Vec::new(),
                    is_wanted: writes && level.archive.writer().needs_content(),
                }));
                let reader = level.archive.content(&member, Limits::default());
                let begun = reader.map_err(Error::from).and_then(|reader| {
                    let raw = Rc::clone(&raw);
                    let source = Source {
                        name: member.name.rsplit('/').next().unwrap_or(""),
                        path: None,
                        reader: Box::new(Tee { reader, raw }),
                    };
                    self.begin(source, &input)
                });
                match begun {
                    Ok(Ok(begun)) => self.enter_member(input, member, begun, raw),
                    Ok(Err(refused)) => self.ready.push_back(Job::Skipped {
                        input,
                        why: format!("not read: {refused}"),
                    }),
                    Err(error) => self.ready.push_back(Job::Skipped {
                        input,
                        why: format!("not read: {error:#}"),
                    }),
                }
            }
        }
        Ok(())
    }

    fn enter_member(
        &mut self,
        input: String,
        member: Member,
        begun: (Format, Wrapping, Open),
        raw: Rc<RefCell<Raw>>,
    ) {
        let (format, wrapping, _) = &begun;
        // Of a document that is read as it lies there, what is written is its bytes;
        // Parquet is written with another footer even where nothing changed.
        if wrapping.packed.is_empty() && !format.is_archive() && *format != Format::Parquet {
            *raw.borrow_mut() = Raw::default();
        }
        if let Some(level) = self.levels.last_mut() {
            level.raw = Some(raw);
        }
        self.step(Step::Member(member));
        self.enter(input, begun);
        self.pass_raw();
    }

    /// The input that was open is over, and so is the member that it was.
    pub(super) fn end_member(&mut self) -> Result<()> {
        let Some(level) = self.levels.last_mut() else {
            return Ok(());
        };
        if let Some(raw) = &level.raw {
            // What a reader had no need of still is the member's.
            let mut rest = level.archive.rest();
            let mut raw = raw.borrow_mut();
            if raw.is_wanted {
                rest.read_to_end(&mut raw.bytes)
                    .with_context(|| format!("cannot read {}", level.input))?;
            }
        }
        self.pass_raw();
        if let Some(level) = self.levels.last_mut() {
            level.raw = None;
        }
        self.step(Step::End);
        Ok(())
    }

    /// The member that was open cannot be read on; the next can.
    pub(super) fn leave_member(&mut self, input: String, error: &Error) {
        self.open = None;
        self.ready.push_back(Job::Skipped {
            input,
            why: format!("not read to its end: {error:#}"),
        });
        if let Some(level) = self.levels.last_mut() {
            level.raw = None;
        }
        self.step(Step::Left(self.levels.len()));
    }

    /// Passes on what was read of members as they are, where somebody wants it.
    pub(super) fn pass_raw(&mut self) {
        for depth in 0..self.levels.len() {
            let raw = self.levels.get(depth).and_then(|level| level.raw.clone());
            let bytes =
                raw.map_or_else(Vec::new, |raw| std::mem::take(&mut raw.borrow_mut().bytes));
            if !bytes.is_empty() {
                self.step(Step::Raw(depth, bytes));
            }
        }
    }
}
