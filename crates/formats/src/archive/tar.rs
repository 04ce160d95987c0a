//! tar (POSIX ustar and pax, GNU), as a stream.
//!
//! The fields of a header are the crate `tar`'s to read and write; the walk over the
//! blocks is our own, since every block has to come out again as it was: long names
//! of GNU, pax records, padding, the zero blocks at the end.

use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::ops::Range;
use std::rc::Rc;

use ::tar::{EntryType, Header};

use super::{ArchiveError, Holds, Member, Place, shown};

const BLOCK: usize = 512;
/// The most that stands before a member's own header: names and pax records.
const MAX_HEAD: usize = 1 << 20;

/// Whether a block is a header: its checksum tells.
pub(crate) fn is_tar(head: &[u8]) -> bool {
    let Some(block) = head.get(..BLOCK) else {
        return false;
    };
    block.first().is_some_and(|first| *first != 0) && is_header(block)
}

fn is_header(block: &[u8]) -> bool {
    let header = Header::from_byte_slice(block);
    let sum: u32 = block
        .iter()
        .enumerate()
        .map(|(at, byte)| {
            if (148..156).contains(&at) {
                32
            } else {
                u32::from(*byte)
            }
        })
        .sum();
    header.cksum().is_ok_and(|written| written == sum)
}

/// A member's blocks before its content.
#[derive(Clone)]
pub(super) struct TarMember {
    /// All of them; the last is the header of the member itself.
    head: Vec<u8>,
    size: u64,
    /// Where pax records stand that say the size too, and their header before them.
    sized: Option<Range<usize>>,
}

/// Reads a stream.
pub struct TarReader<'a> {
    stream: Rc<RefCell<Stream<'a>>>,
    zeros: u64,
    ended: bool,
}

struct Stream<'a> {
    reader: Box<dyn Read + 'a>,
    /// Bytes of the content that are not read yet, and those after it up to a block.
    left: u64,
    padding: u64,
}

/// Up to a whole block.
const fn padding(size: u64) -> u64 {
    size.wrapping_neg() % BLOCK as u64
}

fn malformed(what: &'static str) -> ArchiveError {
    ArchiveError::Malformed("tar archive", what)
}

/// What the blocks before a member's own header say of it.
#[derive(Default)]
struct Extended {
    name: Option<Vec<u8>>,
    size: Option<u64>,
    sized: Option<Range<usize>>,
    sparse: bool,
}

impl<'a> TarReader<'a> {
    pub(super) fn new(reader: Box<dyn Read + 'a>) -> Self {
        let stream = Stream {
            reader,
            left: 0,
            padding: 0,
        };
        Self {
            stream: Rc::new(RefCell::new(stream)),
            zeros: 0,
            ended: false,
        }
    }

    pub(super) const fn zeros(&self) -> u64 {
        self.zeros
    }

    pub(super) fn content(&self) -> impl Read + use<'a> {
        TarContent(Rc::clone(&self.stream))
    }

    pub(super) fn next_member(&mut self) -> Result<Option<Member>, ArchiveError> {
        if self.ended {
            return Ok(None);
        }
        let stream = Rc::clone(&self.stream);
        let mut stream = stream.borrow_mut();
        stream.skip()?;
        let mut head = Vec::new();
        let mut extended = Extended::default();
        loop {
            let at = head.len();
            if !stream.block(&mut head)? {
                if at > 0 {
                    return Err(malformed("ends before the member that is announced"));
                }
                self.ended = true;
                return Ok(None);
            }
            let block = head.get(at..).unwrap_or(&[]);
            if block.iter().all(|byte| *byte == 0) {
                if at > 0 {
                    return Err(malformed("ends before the member that is announced"));
                }
                self.ended = true;
                self.zeros = BLOCK as u64 + stream.zeros()?;
                return Ok(None);
            }
            if !is_header(block) {
                return Err(malformed("a header's checksum is wrong"));
            }
            let header = Header::from_byte_slice(block).clone();
            let size = header.entry_size();
            let size = size.map_err(|_| malformed("a header's size is no number"))?;
            let kind = header.entry_type();
            let data = match kind {
                EntryType::GNULongName
                | EntryType::GNULongLink
                | EntryType::XHeader
                | EntryType::XGlobalHeader => stream.data(&mut head, size)?,
                _ => return stream.member(&header, head, extended).map(Some),
            };
            let data = head.get(data.clone()).map(|bytes| (data, bytes));
            let (range, bytes) = data.unwrap_or((0..0, &[]));
            match kind {
                EntryType::GNULongName => {
                    let end = bytes.iter().position(|byte| *byte == 0);
                    extended.name = Some(
                        bytes
                            .get(..end.unwrap_or(bytes.len()))
                            .unwrap_or(&[])
                            .to_vec(),
                    );
                }
                EntryType::XHeader => extended.read(bytes, at..range.end)?,
                EntryType::XGlobalHeader => {
                    let mut global = Extended::default();
                    global.read(bytes, 0..0)?;
                    if global.name.is_some() || global.size.is_some() || global.sparse {
                        return Err(malformed(
                            "a global header gives all members one name or size",
                        ));
                    }
                }
                _ => {}
            }
        }
    }
}

impl Extended {
    /// Reads pax records: `LENGTH KEY=VALUE\n`.
    fn read(&mut self, mut bytes: &[u8], place: Range<usize>) -> Result<(), ArchiveError> {
        let wrong = || malformed("a pax record is malformed");
        while !bytes.is_empty() {
            let (key, value, rest) = pax_record(bytes).ok_or_else(wrong)?;
            match key {
                b"path" => self.name = Some(value.to_vec()),
                b"size" => {
                    let size = std::str::from_utf8(value)
                        .ok()
                        .and_then(|size| size.parse().ok());
                    self.size = Some(size.ok_or_else(wrong)?);
                    self.sized = Some(place.clone());
                }
                key => self.sparse |= key.starts_with(b"GNU.sparse."),
            }
            bytes = rest;
        }
        Ok(())
    }
}

/// The first record of several: key, value, what follows.
fn pax_record(bytes: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let space = bytes.iter().take(20).position(|byte| *byte == b' ')?;
    let length: usize = std::str::from_utf8(bytes.get(..space)?)
        .ok()?
        .parse()
        .ok()?;
    let record = bytes.get(space + 1..length)?.strip_suffix(b"\n")?;
    let equals = record.iter().position(|byte| *byte == b'=')?;
    Some((
        record.get(..equals)?,
        record.get(equals + 1..)?,
        bytes.get(length..)?,
    ))
}

/// A record, whose length counts its own digits.
fn push_pax_record(out: &mut Vec<u8>, key: &[u8], value: &[u8]) {
    let rest = key.len() + value.len() + 3;
    let mut length = rest + 1;
    while length != rest + length.to_string().len() {
        length = rest + length.to_string().len();
    }
    out.extend_from_slice(format!("{length} ").as_bytes());
    out.extend_from_slice(key);
    out.push(b'=');
    out.extend_from_slice(value);
    out.push(b'\n');
}

impl Stream<'_> {
    fn skip(&mut self) -> Result<(), ArchiveError> {
        let all = self.left + self.padding;
        let skipped = io::copy(&mut self.reader.by_ref().take(all), &mut io::sink())?;
        // The last padding may be missing; some writers leave it out.
        if skipped < self.left {
            return Err(malformed("ends inside a member"));
        }
        (self.left, self.padding) = (0, 0);
        Ok(())
    }

    /// Adds a block; false at the end.
    fn block(&mut self, out: &mut Vec<u8>) -> Result<bool, ArchiveError> {
        let read = self.reader.by_ref().take(BLOCK as u64).read_to_end(out)?;
        match read {
            0 => Ok(false),
            BLOCK => Ok(true),
            _ => Err(malformed("ends inside a header")),
        }
    }

    /// Adds the blocks of what stands before a member's header; where its bytes are.
    fn data(&mut self, head: &mut Vec<u8>, size: u64) -> Result<Range<usize>, ArchiveError> {
        let from = head.len();
        let room = MAX_HEAD.saturating_sub(from) as u64;
        if size + padding(size) > room {
            return Err(malformed(
                "a member's name or records are larger than a mebibyte",
            ));
        }
        let all = size + padding(size);
        if self.reader.by_ref().take(all).read_to_end(head)? as u64 != all {
            return Err(malformed("ends inside a header"));
        }
        Ok(from..from + usize::try_from(size).unwrap_or(0))
    }

    /// How many zero bytes there are up to the end.
    fn zeros(&mut self) -> Result<u64, ArchiveError> {
        let mut count = 0;
        let mut buffer = vec![0; 64 << 10];
        loop {
            let read = crate::split::read(&mut self.reader, &mut buffer)?;
            if read == 0 {
                return Ok(count);
            }
            if buffer.iter().take(read).any(|byte| *byte != 0) {
                return Err(malformed("more stands after its end"));
            }
            count += read as u64;
        }
    }

    fn member(
        &mut self,
        header: &Header,
        head: Vec<u8>,
        extended: Extended,
    ) -> Result<Member, ArchiveError> {
        let size = header.entry_size();
        let size = size.map_err(|_| malformed("a header's size is no number"))?;
        let size = extended.size.unwrap_or(size);
        let kind = header.entry_type();
        let (size, holds) = match kind {
            // These have no content, whatever size they give.
            EntryType::Link
            | EntryType::Symlink
            | EntryType::Char
            | EntryType::Block
            | EntryType::Directory
            | EntryType::Fifo => (0, Holds::Nothing),
            EntryType::Regular | EntryType::Continuous if extended.sparse => (
                size,
                Holds::Unread("is a sparse file in a tar archive, which is not read".to_owned()),
            ),
            EntryType::Regular | EntryType::Continuous if size == 0 => (0, Holds::Nothing),
            EntryType::Regular | EntryType::Continuous => (size, Holds::Document),
            EntryType::GNUSparse => {
                self.sparse_map(header)?;
                (
                    size,
                    Holds::Unread(
                        "is a sparse file in a tar archive, which is not read".to_owned(),
                    ),
                )
            }
            other => {
                let kind = char::from(other.as_byte()).escape_default();
                let why = format!("is of the kind '{kind}' in a tar archive, which is not read");
                (size, Holds::Unread(why))
            }
        };
        (self.left, self.padding) = (size, padding(size));
        let name = extended
            .name
            .unwrap_or_else(|| header.path_bytes().into_owned());
        let place = Place::Tar(TarMember {
            head,
            size,
            sized: extended.sized,
        });
        Ok(Member {
            name: shown(&name),
            holds,
            place,
        })
    }

    /// Passes the blocks with more of an old GNU sparse file's map.
    fn sparse_map(&mut self, header: &Header) -> Result<(), ArchiveError> {
        let mut more = header.as_bytes().get(482).is_some_and(|byte| *byte != 0);
        while more {
            let mut block = Vec::new();
            if !self.block(&mut block)? {
                return Err(malformed("ends inside a header"));
            }
            more = block.get(504).is_some_and(|byte| *byte != 0);
        }
        Ok(())
    }
}

struct TarContent<'a>(Rc<RefCell<Stream<'a>>>);

impl Read for TarContent<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut stream = self.0.borrow_mut();
        let most = usize::try_from(stream.left)
            .unwrap_or(usize::MAX)
            .min(buffer.len());
        let read = stream.reader.read(&mut buffer[..most])?;
        if read == 0 && most > 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "the tar archive ends inside this member",
            ));
        }
        stream.left -= read as u64;
        Ok(read)
    }
}

impl TarMember {
    /// Writes header and content, with another size where one is given.
    pub(super) fn write<R: Read + ?Sized>(
        &self,
        size: Option<u64>,
        content: &mut R,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        match size {
            Some(size) if size != self.size => out.write_all(&self.resized(size)?)?,
            _ => out.write_all(&self.head)?,
        }
        let size = size.unwrap_or(self.size);
        if io::copy(&mut content.take(size), out)? != size {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                "a member has less content than it had",
            ));
        }
        // What stood there is nobody's, and often what a writer had in memory.
        io::copy(&mut io::repeat(0).take(padding(size)), out)?;
        Ok(())
    }

    fn resized(&self, size: u64) -> io::Result<Vec<u8>> {
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "a tar header is broken");
        let mut out = Vec::with_capacity(self.head.len());
        let own = self.head.len().checked_sub(BLOCK).ok_or_else(broken)?;
        let mut done = 0;
        if let Some(place) = &self.sized {
            out.extend_from_slice(self.head.get(..place.start).ok_or_else(broken)?);
            let records = place.start + BLOCK..place.end;
            let mut records = self.head.get(records).ok_or_else(broken)?;
            let mut data = Vec::new();
            while !records.is_empty() {
                let (key, value, rest) = pax_record(records).ok_or_else(broken)?;
                if key == b"size" {
                    push_pax_record(&mut data, key, size.to_string().as_bytes());
                } else {
                    push_pax_record(&mut data, key, value);
                }
                records = rest;
            }
            let header = self.head.get(place.start..place.start + BLOCK);
            out.extend_from_slice(&with_size(header.ok_or_else(broken)?, data.len() as u64));
            let length = data.len() as u64;
            out.extend_from_slice(&data);
            out.resize(out.len() + usize::try_from(padding(length)).unwrap_or(0), 0);
            let before = (place.end - place.start - BLOCK) as u64;
            done = place.end + usize::try_from(padding(before)).unwrap_or(0);
        }
        out.extend_from_slice(self.head.get(done..own).ok_or_else(broken)?);
        out.extend_from_slice(&with_size(self.head.get(own..).ok_or_else(broken)?, size));
        Ok(out)
    }
}

/// A header with another size.
fn with_size(block: &[u8], size: u64) -> Vec<u8> {
    let mut header = Header::from_byte_slice(block).clone();
    header.set_size(size);
    header.set_cksum();
    header.as_bytes().to_vec()
}
