//! The headers of a column chunk's pages, looked at before the library believes them.
//!
//! It makes room for as many bytes and values as a header tells before it reads them,
//! so that a few bytes could ask for gigabytes. Only what bounds that room is read
//! here: sizes and counts. What else is wrong with a page the library says.

use std::io::{self, ErrorKind, Read};

/// The most bytes that a page may be when it is unpacked. Writers make pages of about
/// one megabyte.
pub(crate) const LARGEST: u64 = 256 << 20;

/// The same of a dictionary, whose values take many times their bytes; writers give
/// up a dictionary of more than about one megabyte.
pub(crate) const LARGEST_DICTIONARY: u64 = 32 << 20;

/// The most values of a page, nulls and empty lists too, of which very many take a few
/// bytes; and of all pages of a column of lists, since one row may be in several.
pub(crate) const MOST_VALUES: u64 = 64 << 20;
const MOST_IN_LISTS: u64 = 128 << 20;

/// The most bytes that the largest pages of all columns of a row group may be together
/// where rows are read, which has a page of each in memory; smaller ones do not count.
pub(crate) const LARGEST_TOGETHER: u64 = if cfg!(test) { 1 << 20 } else { 1 << 30 };
pub(crate) const SMALL: u64 = if cfg!(test) { 64 << 10 } else { 8 << 20 };

/// The most bytes of a header, whose least and greatest values are texts.
const HEADER: u64 = 16 << 20;

/// How deep structs lie in each other in a header: three in those that are known.
const DEPTH: usize = 8;

/// Why pages are not read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// They contradict themselves.
    Damaged,
    /// One is larger than [`LARGEST`], or a dictionary than [`LARGEST_DICTIONARY`].
    Large,
}

/// What a header tells.
#[derive(Debug)]
struct Header {
    unpacked: i64,
    packed: i64,
    /// Values of a dictionary.
    dictionary: Option<i64>,
    /// Values of a page of data.
    values: i64,
}

/// Looks at the headers of a chunk of so many bytes. `at` opens its bytes from a place
/// in it on; `width` is the least that a value of a dictionary takes; `lists` says whether
/// a row may have several values. The bytes of the largest page.
pub(crate) fn check<R: Read>(
    length: u64,
    width: u64,
    lists: bool,
    at: &mut dyn FnMut(u64) -> Option<R>,
) -> Result<u64, Refused> {
    let (mut place, mut in_lists, mut largest) = (0, 0_u64, 0);
    while place < length {
        let reader = at(place).ok_or(Refused::Damaged)?;
        let mut bytes = Bytes {
            reader: reader.take(HEADER.min(length - place)),
            read: 0,
        };
        let header = bytes.header().map_err(|_| Refused::Damaged)?;
        let size = |size: i64| u64::try_from(size).map_err(|_| Refused::Damaged);
        let (unpacked, packed) = (size(header.unpacked)?, size(header.packed)?);
        if unpacked > LARGEST {
            return Err(Refused::Large);
        }
        largest = largest.max(unpacked);
        let values = size(header.values)?;
        in_lists += if lists { values } else { 0 };
        if values > MOST_VALUES || in_lists > MOST_IN_LISTS {
            return Err(Refused::Large);
        }
        if let Some(values) = header.dictionary {
            if unpacked > LARGEST_DICTIONARY {
                return Err(Refused::Large);
            }
            if size(values)?.saturating_mul(width) > unpacked {
                return Err(Refused::Damaged);
            }
        }
        let end = place + bytes.read;
        if packed > length.saturating_sub(end) {
            return Err(Refused::Damaged);
        }
        place = end + packed;
    }
    Ok(largest)
}

/// Thrift's compact protocol, as far as a header has need of it.
struct Bytes<R> {
    reader: R,
    read: u64,
}

impl<R: Read> Bytes<R> {
    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.reader.read_exact(&mut byte)?;
        self.read += 1;
        Ok(byte[0])
    }

    fn skip_bytes(&mut self, count: u64) -> io::Result<()> {
        let skipped = io::copy(&mut self.reader.by_ref().take(count), &mut io::sink())?;
        self.read += skipped;
        if skipped < count {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    fn varint(&mut self) -> io::Result<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(ErrorKind::InvalidData.into())
    }

    fn number(&mut self) -> io::Result<i64> {
        let number = self.varint()?;
        Ok((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    /// The next field's number and kind, after that number.
    fn field(&mut self, last: i64) -> io::Result<Option<(i64, u8)>> {
        let byte = self.byte()?;
        Ok(match (byte >> 4, byte & 0x0f) {
            (_, 0) => None,
            (0, kind) => Some((self.number()?, kind)),
            (more, kind) => Some((last.saturating_add(i64::from(more)), kind)),
        })
    }

    fn header(&mut self) -> io::Result<Header> {
        // The sizes have to be there.
        let mut header = Header {
            unpacked: -1,
            packed: -1,
            dictionary: None,
            values: 0,
        };
        let mut last = 0;
        while let Some((number, kind)) = self.field(last)? {
            match (number, kind) {
                (2, 5) => header.unpacked = self.number()?,
                (3, 5) => header.packed = self.number()?,
                (5 | 8, 12) => header.values = self.count()?,
                (7, 12) => header.dictionary = Some(self.count()?),
                _ => self.skip(kind, DEPTH)?,
            }
            last = number;
        }
        Ok(header)
    }

    /// The first field of a struct, which is how many values there are.
    fn count(&mut self) -> io::Result<i64> {
        let (mut count, mut last) = (0, 0);
        while let Some((number, kind)) = self.field(last)? {
            match (number, kind) {
                (1, 5) => count = self.number()?,
                _ => self.skip(kind, DEPTH)?,
            }
            last = number;
        }
        Ok(count)
    }

    fn skip(&mut self, kind: u8, depth: usize) -> io::Result<()> {
        match kind {
            // In a field a boolean is its kind.
            1 | 2 => Ok(()),
            3 => self.skip_bytes(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.skip_bytes(8),
            8 => {
                let length = self.varint()?;
                self.skip_bytes(length)
            }
            12 if depth > 0 => {
                let mut last = 0;
                while let Some((number, kind)) = self.field(last)? {
                    self.skip(kind, depth - 1)?;
                    last = number;
                }
                Ok(())
            }
            // No header that is known has lists or maps.
            _ => Err(ErrorKind::InvalidData.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn varint(mut number: u64, out: &mut Vec<u8>) {
        while number >= 0x80 {
            out.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        out.extend(u8::try_from(number));
    }

    /// A page of data (kind 0) or a dictionary (kind 2).
    fn page(kind: u64, unpacked: u64, packed: u64, values: u64, body: usize) -> Vec<u8> {
        let mut out = Vec::new();
        for (mark, number) in [(0x15, kind), (0x15, unpacked), (0x15, packed)] {
            out.push(mark);
            varint(number * 2, &mut out);
        }
        out.push(match kind {
            0 => 0x2c,
            2 => 0x4c,
            _ => 0x5c,
        });
        out.push(0x15);
        varint(values * 2, &mut out);
        // An encoding, statistics with a text, and a boolean.
        out.extend_from_slice(&[0x15, 0, 0x1c, 0x18, 2, b'a', b'z', 0, 0x11, 0, 0]);
        out.resize(out.len() + body, b'x');
        out
    }

    fn checked(bytes: &[u8]) -> Result<(), Refused> {
        let checked = check(bytes.len() as u64, 4, true, &mut |at| {
            bytes.get(usize::try_from(at).ok()?..)
        });
        checked.map(|_| ())
    }

    #[test]
    fn sizes_are_asked_for_before_they_are_believed() {
        let whole = [page(2, 400, 90, 100, 90), page(0, 50, 40, 7, 40)].concat();
        assert_eq!(checked(&whole), Ok(()));
        let first = page(2, 400, 90, 100, 90).len();
        for cut in (1..whole.len()).filter(|cut| *cut != first) {
            assert_eq!(checked(&whole[..cut]), Err(Refused::Damaged), "{cut}");
        }
        for (page, why) in [
            (page(0, (1 << 31) - 1, 4, 7, 4), Refused::Large),
            (page(2, (1 << 31) - 1, 4, 7, 4), Refused::Large),
            (page(0, LARGEST + 1, 4, 7, 4), Refused::Large),
            (page(2, LARGEST_DICTIONARY + 1, 4, 7, 4), Refused::Large),
            (page(0, 4, (1 << 31) - 1, 7, 4), Refused::Damaged),
            (page(2, 400, 4, 101, 4), Refused::Damaged),
            (page(2, 400, 4, (1 << 31) - 1, 4), Refused::Damaged),
            (page(0, 4, 4, MOST_VALUES + 1, 4), Refused::Large),
            (page(3, 4, 4, (1 << 31) - 1, 4), Refused::Large),
            (page(0, 4, 4, MOST_VALUES, 4).repeat(3), Refused::Large),
        ] {
            assert_eq!(checked(&page), Err(why));
        }
    }

    #[test]
    fn endless_headers_end() {
        for byte in 0..=u8::MAX {
            let _ = checked(&vec![byte; 100_000]);
        }
    }
}
