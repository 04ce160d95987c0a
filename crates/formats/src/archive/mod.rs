//! Archives: members in, one after the other, and the same archive out again.
//!
//! A reader gives [`Member`]s in the order in which they lie in the archive. What a
//! member holds is a stream like any other ([`crate::open()`] says which, and it may be
//! an archive again). On the way back a [`Writer`] gets each member again, either to
//! be [kept](Writer::keep) with its bytes as they were, or [put](Writer::put) with
//! other content behind the same header, of which only size and checksum differ.
//!
//! Invariants: a member's name is shown and never used as a path; no byte is passed
//! on that belongs to no member and is not part of the archive's own structure; what
//! cannot be read is a member that says why ([`Holds::Unread`]), and what contradicts
//! itself is an error. Opens no file.

mod tar;
mod zip;

use std::io::{self, Read, Seek, Write};
use std::sync::Arc;

pub(crate) use self::tar::is_tar;
use self::tar::{TarMember, TarReader};
pub(crate) use self::zip::is_zip;
use self::zip::{ZipMember, ZipReader, ZipWriter};
use crate::Limits;

/// Bytes that can be read at any place by several readers.
pub trait ReadAt: Send + Sync {
    /// Reads from a place on; 0 at the end.
    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// How many there are.
    fn size(&self) -> u64;
}

impl ReadAt for Vec<u8> {
    fn read_at(&self, at: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let rest = usize::try_from(at).ok().and_then(|at| self.get(at..));
        let rest = rest.unwrap_or(&[]);
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        Ok(length)
    }

    fn size(&self) -> u64 {
        self.len() as u64
    }
}

/// An archive that cannot be read on.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArchiveError {
    /// The reader failed.
    #[error("cannot read on")]
    Io(#[from] io::Error),
    /// It is not what it says it is.
    #[error("is no whole {0}: {1}")]
    Malformed(&'static str, &'static str),
    /// Lists more than fits in memory.
    #[error("lists more members than are read ({0} MiB of them)")]
    TooMany(u64),
}

/// What a member has for a reader.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// A stream.
    Document,
    /// Nothing: a folder, a link, an empty file.
    Nothing,
    /// Something that is not read, and why.
    Unread(String),
}

/// What an archive of the zip family is by its members' names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Any members.
    Zip,
    /// A workbook (XLSX, XLSM).
    Workbook,
    /// Another document made of parts that is not read, by its name.
    Office(&'static str),
}

/// A member of an archive.
#[derive(Clone)]
pub struct Member {
    /// Its name to be shown: signs that a terminal would obey are replaced.
    pub name: String,
    /// What it has.
    pub holds: Holds,
    place: Place,
}

#[derive(Clone)]
enum Place {
    Tar(TarMember),
    Zip(Arc<ZipMember>),
}

/// Reads an archive's members.
pub enum Archive<'a> {
    /// A stream.
    Tar(TarReader<'a>),
    /// Read at any place.
    Zip(ZipReader),
}

/// A content that is read twice.
pub trait Content: Read + Seek {}
impl<T: Read + Seek> Content for T {}

/// A place for what is packed before its size is known.
pub trait Scratch: Read + Write + Seek {}
impl<T: Read + Write + Seek> Scratch for T {}

impl<'a> Archive<'a> {
    /// A tar archive.
    pub fn tar(reader: impl Read + 'a) -> Self {
        Self::Tar(TarReader::new(Box::new(reader)))
    }

    /// A zip archive; its list of members is read at once.
    pub fn zip(source: Arc<dyn ReadAt>) -> Result<Self, ArchiveError> {
        ZipReader::open(source).map(Self::Zip)
    }

    /// What it is by its members' names.
    pub fn family(&self) -> Family {
        match self {
            Self::Tar(_) => Family::Zip,
            Self::Zip(zip) => zip.family(),
        }
    }

    /// Bytes between members that belong to none, and so are neither read nor
    /// written again.
    pub fn strays(&self) -> u64 {
        match self {
            Self::Tar(_) => 0,
            Self::Zip(zip) => zip.strays(),
        }
    }

    /// The next member; none at the end. What was not read of the one before is left.
    pub fn next_member(&mut self) -> Result<Option<Member>, ArchiveError> {
        match self {
            Self::Tar(tar) => tar.next_member(),
            Self::Zip(zip) => Ok(zip.next_member()),
        }
    }

    /// The content of the member that came last. Of a damaged one, reading is an
    /// error at its end at the latest.
    pub fn content(&mut self, member: &Member, limits: Limits) -> io::Result<Box<dyn Read + 'a>> {
        match (self, &member.place) {
            (Self::Tar(tar), Place::Tar(_)) => Ok(Box::new(tar.content())),
            (Self::Zip(zip), Place::Zip(member)) => zip.content(member, limits),
            _ => Err(foreign()),
        }
    }

    /// What was not read yet of the content that came last, of a stream.
    pub fn rest(&self) -> Box<dyn Read + 'a> {
        match self {
            Self::Tar(tar) => Box::new(tar.content()),
            Self::Zip(_) => Box::new(io::empty()),
        }
    }

    /// Writes the same archive again.
    pub fn writer(&self) -> Writer {
        match self {
            Self::Tar(_) => Writer::Tar,
            Self::Zip(zip) => Writer::Zip(Box::new(zip.writer())),
        }
    }

    /// What stands after the last member.
    pub fn tail(&self) -> Tail {
        match self {
            Self::Tar(tar) => Tail(tar.zeros()),
            Self::Zip(_) => Tail(0),
        }
    }
}

/// What stands after the last member: so many zero bytes.
#[derive(Debug, Clone, Copy)]
pub struct Tail(u64);

fn foreign() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "is no member of this archive")
}

/// Writes an archive with its members in the same order. Members that are given
/// neither to `keep` nor to `put` are not in it.
pub enum Writer {
    /// Needs to remember nothing.
    Tar,
    /// Remembers where it put what.
    Zip(Box<ZipWriter>),
}

impl Writer {
    /// Whether a member that is kept needs its content from the caller; if not, it
    /// is taken from the archive as it lies there.
    pub const fn needs_content(&self) -> bool {
        matches!(self, Self::Tar)
    }

    /// Writes a member as it was. `content` is asked where
    /// [`needs_content`](Self::needs_content) says so.
    pub fn keep(
        &mut self,
        member: &Member,
        content: &mut dyn Read,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match (self, &member.place) {
            (Self::Tar, Place::Tar(member)) => member.write(None, content, out),
            (Self::Zip(zip), Place::Zip(member)) => zip.keep(member, out),
            _ => Err(foreign()),
        }
    }

    /// Writes a member with another content of so many bytes.
    pub fn put(
        &mut self,
        member: &Member,
        content: &mut dyn Content,
        size: u64,
        scratch: &mut dyn Scratch,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match (self, &member.place) {
            (Self::Tar, Place::Tar(member)) => member.write(Some(size), content, out),
            (Self::Zip(zip), Place::Zip(member)) => zip.put(member, content, size, scratch, out),
            _ => Err(foreign()),
        }
    }

    /// Writes what stands at the end.
    pub fn finish(&mut self, tail: Tail, out: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Tar => {
                io::copy(&mut io::repeat(0).take(tail.0), out)?;
                Ok(())
            }
            Self::Zip(zip) => zip.finish(out),
        }
    }
}

/// A name to be shown, from bytes that anybody may have chosen.
fn shown(name: &[u8]) -> String {
    let (text, _) = crate::decode(name);
    text.chars()
        .map(|sign| if sign.is_control() { '\u{fffd}' } else { sign })
        .collect()
}

#[cfg(test)]
mod tests;
