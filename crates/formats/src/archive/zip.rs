//! zip (PKWARE's APPNOTE 6.3), read at any place.
//!
//! An archive is written again as a copy of byte ranges, so that what a writer put
//! into headers, extra fields and comments stays: of a member with other content
//! only checksum, sizes and the mark of a descriptor change, and of the list at the
//! end the offsets as well. That is why this reads and writes the records itself.
//!
//! Invariant: members do not overlap, what a member unpacks to is bounded, and the
//! two headers of a member agree or it is not read.

use std::io::{self, Read, SeekFrom, Write};
use std::ops::Range;
use std::sync::Arc;

use flate2::Crc;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

use super::{ArchiveError, Content, Family, Holds, Member, Place, ReadAt, Scratch, shown};
use crate::Limits;

/// The most bytes of the list of members: it is held in memory.
const MAX_LIST: u64 = 64 << 20;
const LOCAL: u64 = 30;
const ENTRY: usize = 46;
const END: usize = 22;
const WIDE: u32 = u32::MAX;
/// The extra field for sizes and offsets of eight bytes.
const ZIP64: u16 = 1;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const ZSTD: u16 = 93;
/// Flags: sizes stand after the content; encrypted; the list is encrypted.
const DESCRIPTOR: u16 = 1 << 3;
const ENCRYPTED: u16 = 1 | 1 << 6 | 1 << 13;

/// Whether a stream is one: a member, or the end of one that has none.
pub(crate) fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

fn malformed(what: &'static str) -> ArchiveError {
    ArchiveError::Malformed("zip archive", what)
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at + 2)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + 8)?;
    Some(u64::from_le_bytes(bytes.try_into().ok()?))
}

fn set(bytes: &mut [u8], at: usize, value: &[u8]) {
    if let Some(place) = bytes.get_mut(at..at + value.len()) {
        place.copy_from_slice(value);
    }
}

/// What of a size fits into four bytes; if it does not, it stands elsewhere.
fn narrow(value: u64) -> u32 {
    u32::try_from(value).unwrap_or(WIDE)
}

/// A member as the list has it.
pub(super) struct ZipMember {
    number: usize,
    /// Its record in the list.
    entry: Vec<u8>,
    flags: u16,
    method: u16,
    crc: u32,
    packed: u64,
    size: u64,
    offset: u64,
    /// All that is its in the archive: header, content, descriptor.
    place: Range<u64>,
    source: Arc<dyn ReadAt>,
    /// Its header before the content.
    local: Vec<u8>,
}

/// Reads members in the order in which they lie in the file.
pub struct ZipReader {
    source: Arc<dyn ReadAt>,
    /// In the order of the file, with what they hold.
    members: Vec<(Member, usize)>,
    at: usize,
    strays: u64,
    family: Family,
    /// The records at the end, from that for zip64 on where there is one.
    end: Vec<u8>,
    wide: bool,
}

/// Some of a source.
struct Section {
    source: Arc<dyn ReadAt>,
    at: u64,
    end: u64,
}

impl Read for Section {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        let read = self.source.read_at(self.at, &mut buffer[..most])?;
        if read == 0 && most > 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += read as u64;
        Ok(read)
    }
}

fn section(source: &Arc<dyn ReadAt>, range: Range<u64>) -> Section {
    Section {
        source: Arc::clone(source),
        at: range.start,
        end: range.end.min(source.size()),
    }
}

fn bytes(source: &Arc<dyn ReadAt>, range: Range<u64>) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    section(source, range).read_to_end(&mut out)?;
    Ok(out)
}

/// What the records at the end say.
struct End {
    /// Where they begin.
    at: u64,
    bytes: Vec<u8>,
    wide: bool,
    count: u64,
    list: Range<u64>,
}

fn find_end(source: &Arc<dyn ReadAt>) -> Result<End, ArchiveError> {
    let size = source.size();
    let from = size.saturating_sub((END + 0xffff) as u64);
    let tail = bytes(source, from..size)?;
    let fits = |at: &usize| {
        let record = tail.get(*at..).unwrap_or(&[]);
        let comment = u16_at(record, 20).map(usize::from);
        record.starts_with(b"PK\x05\x06") && comment == record.len().checked_sub(END)
    };
    let at = (0..tail.len()).rev().find(fits);
    let at = at.ok_or_else(|| malformed("its end is not there"))?;
    let record = tail.get(at..).unwrap_or(&[]);
    let wrong = || malformed("its end is malformed");
    let disks = (u16_at(record, 4), u16_at(record, 6));
    let mut count = u64::from(u16_at(record, 10).ok_or_else(wrong)?);
    let mut length = u64::from(u32_at(record, 12).ok_or_else(wrong)?);
    let mut offset = u64::from(u32_at(record, 16).ok_or_else(wrong)?);
    let mut begin = from + at as u64;
    let end = begin;
    let locator = bytes(source, end.saturating_sub(20)..end)?;
    let wide = locator.len() == 20 && locator.starts_with(b"PK\x06\x07");
    if wide {
        begin = u64_at(&locator, 8).ok_or_else(wrong)?;
        let record = bytes(source, begin..end.saturating_sub(20))?;
        let own = u64_at(&record, 4).and_then(|length| length.checked_add(12));
        if !record.starts_with(b"PK\x06\x06")
            || own != Some(record.len() as u64)
            || own > Some(1 << 16)
        {
            return Err(wrong());
        }
        count = u64_at(&record, 32).ok_or_else(wrong)?;
        length = u64_at(&record, 40).ok_or_else(wrong)?;
        offset = u64_at(&record, 48).ok_or_else(wrong)?;
    }
    let one = |disk: Option<u16>| matches!(disk, Some(0 | 0xffff));
    if !one(disks.0) || !one(disks.1) {
        return Err(malformed("it has several parts"));
    }
    let stop = offset.checked_add(length).filter(|stop| *stop <= begin);
    Ok(End {
        at: begin,
        bytes: bytes(source, begin..size)?,
        wide,
        count,
        list: offset..stop.ok_or_else(wrong)?,
    })
}

impl ZipReader {
    pub(super) fn open(source: Arc<dyn ReadAt>) -> Result<Self, ArchiveError> {
        let end = find_end(&source)?;
        if end.list.end - end.list.start > MAX_LIST {
            return Err(ArchiveError::TooMany(MAX_LIST >> 20));
        }
        let list = bytes(&source, end.list.clone())?;
        let mut rest = list.as_slice();
        let mut all = Vec::new();
        while !rest.is_empty() {
            let member = entry(rest, all.len(), &source)
                .ok_or_else(|| malformed("its list of members is malformed"))?;
            rest = rest.get(member.entry.len()..).unwrap_or(&[]);
            all.push(member);
        }
        if all.len() as u64 != end.count {
            return Err(malformed("it lists another number of members than it says"));
        }
        let family = family(&all);
        all.sort_by_key(|member| member.offset);
        let mut strays = end.at - end.list.end;
        let mut done = 0;
        let mut members = Vec::with_capacity(all.len());
        let nexts: Vec<u64> = all.iter().skip(1).map(|member| member.offset).collect();
        for (place, mut member) in all.into_iter().enumerate() {
            let next = nexts.get(place).copied().unwrap_or(end.list.start);
            let holds = member.place_in(next)?;
            strays += member.place.start - done;
            done = member.place.end;
            let name = name_of(&member.entry);
            let number = member.number;
            members.push((
                Member {
                    name: shown(name),
                    holds,
                    place: Place::Zip(Arc::new(member)),
                },
                number,
            ));
        }
        strays += end.list.start.saturating_sub(done);
        Ok(Self {
            source,
            members,
            at: 0,
            strays,
            family,
            end: end.bytes,
            wide: end.wide,
        })
    }

    pub(super) const fn family(&self) -> Family {
        self.family
    }

    pub(super) const fn strays(&self) -> u64 {
        self.strays
    }

    pub(super) fn next_member(&mut self) -> Option<Member> {
        let member = self.members.get(self.at)?;
        self.at += 1;
        Some(member.0.clone())
    }

    pub(super) fn content<'a>(
        &self,
        member: &ZipMember,
        limits: Limits,
    ) -> io::Result<Box<dyn Read + 'a>> {
        let start = member.offset + member.local.len() as u64;
        let packed = section(&self.source, start..start + member.packed);
        let unpacked: Box<dyn Read> = match member.method {
            STORED => Box::new(packed),
            DEFLATED => Box::new(DeflateDecoder::new(packed)),
            ZSTD => Box::new(crate::compress::zstd_reader(packed)?),
            _ => return Err(super::foreign()),
        };
        let bounded = limits.bound(unpacked, member.packed);
        Ok(Box::new(Checked {
            reader: bounded,
            crc: Crc::new(),
            left: member.size,
            want: member.crc,
        }))
    }

    pub(super) fn writer(&self) -> ZipWriter {
        ZipWriter {
            list: vec![None; self.members.len()],
            at: 0,
            end: self.end.clone(),
            wide: self.wide,
        }
    }
}

/// A content that ends where its header says, with the checksum that it says.
struct Checked<R> {
    reader: R,
    crc: Crc,
    left: u64,
    want: u32,
}

impl<R: Read> Read for Checked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        let wrong = |what| Err(io::Error::new(io::ErrorKind::InvalidData, what));
        self.crc.update(buffer.get(..read).unwrap_or(&[]));
        let left = self.left.checked_sub(read as u64);
        let Some(left) = left else {
            return wrong("a member of the zip archive is larger than its header says");
        };
        self.left = left;
        if read == 0 && !buffer.is_empty() {
            if left > 0 {
                return wrong("a member of the zip archive is smaller than its header says");
            }
            if self.crc.sum() != self.want {
                return wrong(
                    "a member of the zip archive has another checksum than its header says",
                );
            }
        }
        Ok(read)
    }
}

fn name_of(entry: &[u8]) -> &[u8] {
    let length = usize::from(u16_at(entry, 28).unwrap_or(0));
    entry.get(ENTRY..ENTRY + length).unwrap_or(&[])
}

fn family(all: &[ZipMember]) -> Family {
    let has = |name: &[u8]| all.iter().any(|member| name_of(&member.entry) == name);
    if has(b"xl/workbook.xml") {
        Family::Workbook
    } else if has(b"xl/workbook.bin") {
        Family::Office("a binary Excel workbook (XLSB)")
    } else if has(b"word/document.xml") {
        Family::Office("a Word document (DOCX)")
    } else if has(b"ppt/presentation.xml") {
        Family::Office("a PowerPoint presentation (PPTX)")
    } else if has(b"mimetype") && has(b"content.xml") {
        Family::Office("an OpenDocument file")
    } else if has(b"mimetype") && has(b"META-INF/container.xml") {
        Family::Office("an EPUB book")
    } else {
        Family::Zip
    }
}

/// The first record of the list.
fn entry(list: &[u8], number: usize, source: &Arc<dyn ReadAt>) -> Option<ZipMember> {
    if !list.starts_with(b"PK\x01\x02") {
        return None;
    }
    let lengths = [u16_at(list, 28)?, u16_at(list, 30)?, u16_at(list, 32)?].map(usize::from);
    let [name, extra, comment] = lengths;
    let entry = list.get(..ENTRY + name + extra + comment)?;
    let fields = entry.get(ENTRY + name..ENTRY + name + extra)?;
    let mut wide = extra_field(fields, ZIP64).map_or(&[][..], |(_, value)| value);
    let mut take = |narrow: u32| {
        if narrow != WIDE {
            return Some(u64::from(narrow));
        }
        let value = u64_at(wide, 0)?;
        wide = wide.get(8..)?;
        Some(value)
    };
    let size = take(u32_at(entry, 24)?)?;
    let packed = take(u32_at(entry, 20)?)?;
    let offset = take(u32_at(entry, 42)?)?;
    if !matches!(u16_at(entry, 34)?, 0 | 0xffff) {
        return None;
    }
    Some(ZipMember {
        number,
        flags: u16_at(entry, 8)?,
        method: u16_at(entry, 10)?,
        crc: u32_at(entry, 16)?,
        packed,
        size,
        offset,
        place: 0..0,
        source: Arc::clone(source),
        local: Vec::new(),
        entry: entry.to_vec(),
    })
}

/// An extra field: its place among all with its head, and its value.
fn extra_field(fields: &[u8], id: u16) -> Option<(Range<usize>, &[u8])> {
    let mut at = 0;
    loop {
        let found = u16_at(fields, at)?;
        let length = usize::from(u16_at(fields, at + 2)?);
        let value = fields.get(at + 4..at + 4 + length)?;
        if found == id {
            return Some((at..at + 4 + length, value));
        }
        at += 4 + length;
    }
}

impl ZipMember {
    /// Reads its header in front of its content; all of it lies before `next`.
    fn place_in(&mut self, next: u64) -> Result<Holds, ArchiveError> {
        let wrong = || malformed("a member's header is malformed");
        let overlap = || malformed("members overlap");
        let fixed = bytes(&self.source, self.offset..self.offset.saturating_add(LOCAL))?;
        let name = u16_at(&fixed, 26).ok_or_else(wrong)?;
        let extra = u16_at(&fixed, 28).ok_or_else(wrong)?;
        if !fixed.starts_with(b"PK\x03\x04") {
            return Err(wrong());
        }
        let length = LOCAL + u64::from(name) + u64::from(extra);
        let content = self.offset + length;
        let end = content.checked_add(self.packed).filter(|end| *end <= next);
        let mut end = end.ok_or_else(overlap)?;
        self.local = bytes(&self.source, self.offset..content)?;
        if self.local.len() as u64 != length {
            return Err(wrong());
        }
        if self.flags & DESCRIPTOR != 0 {
            end += self.descriptor(end, next)?;
        }
        self.place = self.offset..end;
        let same = u16_at(&self.local, 6) == Some(self.flags)
            && u16_at(&self.local, 8) == Some(self.method)
            && self.local.get(30..30 + usize::from(name)) == Some(name_of(&self.entry));
        Ok(self.holds(same))
    }

    /// How long the descriptor is that follows the content.
    fn descriptor(&self, at: u64, next: u64) -> Result<u64, ArchiveError> {
        let bytes = bytes(&self.source, at..at.saturating_add(24).min(next))?;
        let mark = if bytes.starts_with(b"PK\x07\x08") {
            4
        } else {
            0
        };
        // Sizes may have eight bytes whatever they are.
        let crc = u32_at(&bytes, mark) == Some(self.crc);
        let wide = u64_at(&bytes, mark + 4) == Some(self.packed)
            && u64_at(&bytes, mark + 12) == Some(self.size);
        let short = u32_at(&bytes, mark + 4).map(u64::from) == Some(self.packed)
            && u32_at(&bytes, mark + 8).map(u64::from) == Some(self.size);
        match (crc, wide, short) {
            (true, true, _) => Ok(mark as u64 + 20),
            (true, _, true) => Ok(mark as u64 + 12),
            _ => Err(malformed("what follows a member contradicts the list")),
        }
    }

    fn holds(&self, same: bool) -> Holds {
        let unread = |why: &str| Holds::Unread(why.to_owned());
        let mode = u32_at(&self.entry, 38).unwrap_or(0) >> 16;
        let unix = u16_at(&self.entry, 4).is_some_and(|made| made >> 8 == 3);
        let link = unix && mode & 0o170_000 == 0o120_000;
        if self.flags & ENCRYPTED != 0 {
            unread("is encrypted")
        } else if !same {
            unread("has two headers that contradict each other")
        } else if (self.size == 0 && self.packed <= 2)
            || (link && self.size <= 4096 && self.method == STORED)
        {
            Holds::Nothing
        } else if !matches!(self.method, STORED | DEFLATED | ZSTD) {
            Holds::Unread(format!(
                "is packed by method {}, which is not read",
                self.method
            ))
        } else if self.method == STORED && self.packed != self.size {
            unread("has two sizes that contradict each other")
        } else {
            Holds::Document
        }
    }
}

/// What became of a member.
#[derive(Clone)]
struct Written {
    entry: Vec<u8>,
}

/// Writes members, and the list of them at the end.
pub struct ZipWriter {
    /// By the number of a member in the list.
    list: Vec<Option<Written>>,
    at: u64,
    end: Vec<u8>,
    wide: bool,
}

impl ZipWriter {
    pub(super) fn keep(&mut self, member: &ZipMember, out: &mut dyn Write) -> io::Result<()> {
        let entry = member.listed(self.at, None);
        let length = member.place.end - member.place.start;
        let copied = io::copy(&mut section(&member.source, member.place.clone()), out)?;
        if copied != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.add(member.number, entry, length);
        Ok(())
    }

    pub(super) fn put(
        &mut self,
        member: &ZipMember,
        content: &mut dyn Content,
        size: u64,
        mut scratch: &mut dyn Scratch,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut crc = Crc::new();
        let mut counted = Summed {
            reader: content.take(size),
            crc: &mut crc,
        };
        match member.method {
            DEFLATED => {
                let level = flate2::Compression::default();
                let mut encoder = DeflateEncoder::new(&mut scratch, level);
                io::copy(&mut counted, &mut encoder)?;
                encoder.finish()?;
            }
            ZSTD => {
                let mut encoder = zstd::stream::write::Encoder::new(&mut scratch, 0)?;
                io::copy(&mut counted, &mut encoder)?;
                encoder.finish()?;
            }
            _ => {
                io::copy(&mut counted, &mut scratch)?;
            }
        }
        let packed = scratch.stream_position()?;
        scratch.seek(SeekFrom::Start(0))?;
        let new = New {
            crc: crc.sum(),
            packed,
            size,
        };
        let local = member.local_with(&new);
        out.write_all(&local)?;
        io::copy(&mut scratch.take(packed), out)?;
        let entry = member.listed(self.at, Some(&new));
        self.add(member.number, entry, local.len() as u64 + packed);
        Ok(())
    }

    fn add(&mut self, number: usize, entry: Vec<u8>, length: u64) {
        if let Some(place) = self.list.get_mut(number) {
            *place = Some(Written { entry });
        }
        self.at += length;
    }

    pub(super) fn finish(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let begin = self.at;
        let mut count = 0_u64;
        for written in self.list.iter().flatten() {
            out.write_all(&written.entry)?;
            self.at += written.entry.len() as u64;
            count += 1;
        }
        let length = self.at - begin;
        let broken = || io::Error::new(io::ErrorKind::InvalidData, "a zip archive's end is broken");
        // The record for eight bytes, its locator, and the usual one.
        let split = if self.wide {
            let own = u64_at(&self.end, 4).and_then(|length| usize::try_from(length).ok());
            own.and_then(|own| own.checked_add(12)).ok_or_else(broken)?
        } else {
            0
        };
        let mut wide = self.end.get(..split).ok_or_else(broken)?.to_vec();
        let narrowed = split + if self.wide { 20 } else { 0 };
        let mut end = self.end.get(narrowed..).ok_or_else(broken)?.to_vec();
        if !self.wide && (count >= 0xffff || begin >= u64::from(WIDE) || length >= u64::from(WIDE))
        {
            wide = b"PK\x06\x06".to_vec();
            wide.extend_from_slice(&44_u64.to_le_bytes());
            wide.extend_from_slice(&[45, 3, 45, 0]);
            wide.resize(56, 0);
        }
        if !wide.is_empty() {
            for (at, value) in [(24, count), (32, count), (40, length), (48, begin)] {
                set(&mut wide, at, &value.to_le_bytes());
            }
            out.write_all(&wide)?;
            out.write_all(b"PK\x06\x07\0\0\0\0")?;
            out.write_all(&self.at.to_le_bytes())?;
            out.write_all(&1_u32.to_le_bytes())?;
        }
        let short = u16::try_from(count).unwrap_or(u16::MAX);
        for at in [8, 10] {
            if u16_at(&end, at) != Some(u16::MAX) || wide.is_empty() {
                set(&mut end, at, &short.to_le_bytes());
            }
        }
        for (at, value) in [(12, length), (16, begin)] {
            if u32_at(&end, at) != Some(WIDE) || wide.is_empty() {
                set(&mut end, at, &narrow(value).to_le_bytes());
            }
        }
        out.write_all(&end)
    }
}

/// What a member with another content has.
struct New {
    crc: u32,
    packed: u64,
    size: u64,
}

impl ZipMember {
    /// Its header for another content.
    fn local_with(&self, new: &New) -> Vec<u8> {
        let mut local = self.local.clone();
        set(&mut local, 6, &(self.flags & !DESCRIPTOR).to_le_bytes());
        set(&mut local, 14, &new.crc.to_le_bytes());
        let name = usize::from(u16_at(&local, 26).unwrap_or(0));
        let from = 30 + name;
        let fields = local.split_off(from.min(local.len()));
        let place = extra_field(&fields, ZIP64).map(|(place, _)| place);
        let wide = place.is_some() || new.size >= u64::from(WIDE) || new.packed >= u64::from(WIDE);
        let fields = if wide {
            let values = [new.size, new.packed];
            with_zip64(&fields, place, &values)
        } else {
            fields
        };
        let short = |value| if wide { WIDE } else { narrow(value) };
        set(&mut local, 18, &short(new.packed).to_le_bytes());
        set(&mut local, 22, &short(new.size).to_le_bytes());
        let length = u16::try_from(fields.len()).unwrap_or(u16::MAX);
        set(&mut local, 28, &length.to_le_bytes());
        local.extend_from_slice(&fields);
        local
    }

    /// Its record in the list, where it lies now.
    fn listed(&self, offset: u64, new: Option<&New>) -> Vec<u8> {
        if new.is_none() && offset == self.offset {
            return self.entry.clone();
        }
        let mut entry = self.entry.clone();
        if let Some(new) = new {
            set(&mut entry, 8, &(self.flags & !DESCRIPTOR).to_le_bytes());
            set(&mut entry, 16, &new.crc.to_le_bytes());
        }
        let packed = new.map_or(self.packed, |new| new.packed);
        let size = new.map_or(self.size, |new| new.size);
        // What stood in eight bytes still does.
        let mut values = Vec::new();
        for (at, value) in [(24, size), (20, packed), (42, offset)] {
            if u32_at(&entry, at) == Some(WIDE) || value >= u64::from(WIDE) {
                set(&mut entry, at, &WIDE.to_le_bytes());
                values.push(value);
            } else {
                set(&mut entry, at, &narrow(value).to_le_bytes());
            }
        }
        if values.is_empty() {
            return entry;
        }
        let name = usize::from(u16_at(&entry, 28).unwrap_or(0));
        let extra = usize::from(u16_at(&entry, 30).unwrap_or(0));
        let rest = entry.split_off((ENTRY + name).min(entry.len()));
        let (fields, comment) = rest.split_at(extra.min(rest.len()));
        let place = extra_field(fields, ZIP64).map(|(place, _)| place);
        let fields = with_zip64(fields, place, &values);
        let length = u16::try_from(fields.len()).unwrap_or(u16::MAX);
        set(&mut entry, 30, &length.to_le_bytes());
        entry.extend_from_slice(&fields);
        entry.extend_from_slice(comment);
        entry
    }
}

/// Extra fields with the one for eight bytes put in, or in its old place.
fn with_zip64(fields: &[u8], place: Option<Range<usize>>, values: &[u64]) -> Vec<u8> {
    let place = place.unwrap_or(fields.len()..fields.len());
    let mut out = fields.get(..place.start).unwrap_or(&[]).to_vec();
    out.extend_from_slice(&ZIP64.to_le_bytes());
    let length = u16::try_from(values.len() * 8).unwrap_or(0);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    out.extend_from_slice(fields.get(place.end..).unwrap_or(&[]));
    out
}

/// Sums what is read.
struct Summed<'a, R> {
    reader: R,
    crc: &'a mut Crc,
}

impl<R: Read> Read for Summed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.crc.update(buffer.get(..read).unwrap_or(&[]));
        Ok(read)
    }
}
