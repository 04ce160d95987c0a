//! Pages of delta encodings, looked at before the library believes them.
//!
//! Such a page tells by itself how many values it has, and the library makes room for
//! as many; and a value of `DELTA_BYTE_ARRAY` is the begin of the one before it and a
//! few bytes more, so that a page of kilobytes could be texts of gigabytes. A page whose
//! numbers do not fit its header, or whose texts are more than [`LARGEST`] together, is
//! an error here. What else is wrong with it the library says.
//!
//! Source: "Encodings" of the Apache Parquet format, sections Delta Encoding,
//! Delta-length byte array and Delta Strings.

use parquet::basic::Encoding;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError as Inner, Result};

use crate::pages::LARGEST;

/// Pages of one column chunk, each looked at.
pub(crate) struct Checked {
    pages: Box<dyn PageReader>,
    /// The most that a level may be, of repetition and of definition.
    levels: [i16; 2],
}

impl Checked {
    pub(crate) fn new(pages: Box<dyn PageReader>, rep: i16, def: i16) -> Self {
        let levels = [rep, def];
        Self { pages, levels }
    }
}

impl Iterator for Checked {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Checked {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.pages.get_next_page()?;
        if let Some(page) = &page
            && check(page, self.levels).is_none()
        {
            let what = "a page contradicts itself, or is too large";
            return Err(Inner::General(what.to_owned()));
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.pages.skip_next_page()
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.pages.at_record_boundary()
    }
}

fn check(page: &Page, levels: [i16; 2]) -> Option<()> {
    let encoding = page.encoding();
    let is_delta = matches!(
        encoding,
        Encoding::DELTA_BINARY_PACKED
            | Encoding::DELTA_LENGTH_BYTE_ARRAY
            | Encoding::DELTA_BYTE_ARRAY
    );
    if !is_delta {
        return Some(());
    }
    let most = page.num_values();
    let bytes = values(page, levels)?;
    if encoding == Encoding::DELTA_BINARY_PACKED {
        return (Header::read(&mut &*bytes, bytes.len())?.count <= most).then_some(());
    }
    let (mut sum, mut rest) = (0_u64, bytes);
    let mut add = |length: i32| {
        sum = sum.checked_add(u64::try_from(length).ok()?)?;
        (sum <= LARGEST).then_some(())
    };
    if encoding == Encoding::DELTA_BYTE_ARRAY {
        numbers(&mut rest, most, &mut add)?;
    }
    numbers(&mut rest, most, &mut add)
}

/// The bytes of a page behind its levels.
fn values(page: &Page, levels: [i16; 2]) -> Option<&[u8]> {
    let (mut bytes, rep, def) = match page {
        Page::DataPage {
            buf,
            rep_level_encoding,
            def_level_encoding,
            ..
        } => (buf.as_ref(), *rep_level_encoding, *def_level_encoding),
        Page::DataPageV2 {
            buf,
            rep_levels_byte_len,
            def_levels_byte_len,
            ..
        } => {
            let length = rep_levels_byte_len.checked_add(*def_levels_byte_len)?;
            return buf.get(usize::try_from(length).ok()?..);
        }
        Page::DictionaryPage { buf, .. } => return Some(buf),
    };
    for (most, encoding) in levels.into_iter().zip([rep, def]) {
        let most = u16::try_from(most).ok().filter(|most| *most > 0);
        let Some(most) = most else { continue };
        let length = if encoding == Encoding::RLE {
            let (length, rest) = bytes.split_first_chunk::<4>()?;
            bytes = rest;
            u64::from(u32::from_le_bytes(*length))
        } else {
            // The old encoding: bits, without a length before them.
            let bits = u64::from(u16::BITS - most.leading_zeros());
            (u64::from(page.num_values()) * bits).div_ceil(8)
        };
        bytes = bytes.get(usize::try_from(length).ok()?..)?;
    }
    Some(bytes)
}

/// What delta-encoded numbers begin with.
struct Header {
    /// Miniblocks of a block, and the numbers of each.
    parts: usize,
    each: usize,
    count: u32,
    first: i64,
}

impl Header {
    /// Takes it from its bytes, of which there are no more than so many.
    fn read(bytes: &mut &[u8], most: usize) -> Option<Self> {
        let block = usize::try_from(varint(bytes)?).ok()?;
        let parts = usize::try_from(varint(bytes)?).ok()?;
        let each = block.checked_div(parts)?;
        let is_sound = block % 128 == 0 && each * parts == block && each % 32 == 0;
        // Each miniblock has a byte of its own.
        let is_sound = is_sound && each <= 1 << 20 && parts <= most.max(1 << 10);
        is_sound.then_some(())?;
        Some(Self {
            parts,
            each,
            count: u32::try_from(varint(bytes)?).ok()?,
            first: zigzag(bytes)?,
        })
    }
}

/// Takes delta-encoded numbers, at most so many, and gives each of them. None where
/// they make no sense, or `each` says so.
fn numbers(bytes: &mut &[u8], most: u32, each: &mut dyn FnMut(i32) -> Option<()>) -> Option<()> {
    let header = Header::read(bytes, bytes.len())?;
    if header.count > most {
        return None;
    }
    let mut value = i32::try_from(header.first).ok()?;
    let Some(mut left) = usize::try_from(header.count).ok()?.checked_sub(1) else {
        return Some(());
    };
    each(value)?;
    while left > 0 {
        let least = i32::try_from(zigzag(bytes)?).ok()?;
        let (widths, rest) = bytes.split_at_checked(header.parts)?;
        *bytes = rest;
        for width in widths {
            if left == 0 {
                break;
            }
            let width = usize::from(*width);
            let count = left.min(header.each);
            let part = bytes.get(..(width * header.each / 8).min(bytes.len()))?;
            if width > 32 || part.len() < (width * count).div_ceil(8) {
                return None;
            }
            for index in 0..count {
                let delta = bits(part, index * width, width);
                value = value.wrapping_add(least).wrapping_add(delta.cast_signed());
                each(value)?;
            }
            *bytes = bytes.get(part.len()..)?;
            left -= count;
        }
    }
    Some(())
}

/// So many bits from a place on, the lowest first.
fn bits(bytes: &[u8], from: usize, width: usize) -> u32 {
    let mut word = [0; 8];
    let some = bytes.get(from / 8..).unwrap_or(&[]);
    let some = some.get(..8).unwrap_or(some);
    for (to, byte) in word.iter_mut().zip(some) {
        *to = *byte;
    }
    let word = u64::from_le_bytes(word) >> (from % 8) & ((1 << width) - 1);
    u32::try_from(word).unwrap_or(0)
}

fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if *byte < 0x80 {
            return Some(number);
        }
    }
    None
}

fn zigzag(bytes: &mut &[u8]) -> Option<i64> {
    let number = varint(bytes)?;
    Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(mut number: u64, out: &mut Vec<u8>) {
        while number >= 0x80 {
            out.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        out.extend(u8::try_from(number));
    }

    /// Numbers that all are the same, of which it says that there are so many.
    fn same(number: u64, count: u64, blocks: usize) -> Vec<u8> {
        let mut out = Vec::new();
        for part in [128, 4, count, number * 2] {
            push(part, &mut out);
        }
        for _ in 0..blocks {
            out.extend_from_slice(&[0, 0, 0, 0, 0]);
        }
        out
    }

    fn page(encoding: Encoding, num_values: u32, bytes: Vec<u8>) -> Page {
        Page::DataPage {
            buf: bytes.into(),
            num_values,
            encoding,
            def_level_encoding: Encoding::RLE,
            rep_level_encoding: Encoding::RLE,
            statistics: None,
        }
    }

    #[test]
    fn counts_and_lengths_are_asked_for_before_they_are_believed() {
        use Encoding::{DELTA_BINARY_PACKED, DELTA_BYTE_ARRAY, DELTA_LENGTH_BYTE_ARRAY};
        let long = |prefix: u64, count: u64| {
            [same(prefix, count, 8), same(1, count, 8), b"x".repeat(1000)].concat()
        };
        for (encoding, count, bytes, is_sound) in [
            (DELTA_BINARY_PACKED, 1000, same(7, 1000, 8), true),
            (DELTA_BINARY_PACKED, 999, same(7, 1000, 8), false),
            (DELTA_BINARY_PACKED, 999, same(7, 1 << 40, 8), false),
            (DELTA_LENGTH_BYTE_ARRAY, 1000, same(1, 1000, 8), true),
            (DELTA_LENGTH_BYTE_ARRAY, 1000, same(1, 1 << 62, 8), false),
            (
                DELTA_LENGTH_BYTE_ARRAY,
                u32::MAX,
                same(0, 4_000_000_000, 8),
                false,
            ),
            (DELTA_LENGTH_BYTE_ARRAY, 1000, same(1, 1000, 7), false),
            (DELTA_BYTE_ARRAY, 1000, long(0, 1000), true),
            (DELTA_BYTE_ARRAY, 1000, long(1 << 20, 1000), false),
            (DELTA_BYTE_ARRAY, 1000, long(0, 1001), false),
            (DELTA_BYTE_ARRAY, 1000, same(0, 1000, 8), false),
            (DELTA_BYTE_ARRAY, 1000, Vec::new(), false),
            (Encoding::PLAIN, 1000, Vec::new(), true),
        ] {
            let page = page(encoding, count, bytes);
            assert_eq!(
                check(&page, [0, 0]).is_some(),
                is_sound,
                "{encoding} {count}"
            );
        }
        // Behind levels.
        let levels = [&[2, 0, 0, 0, 8, 1][..], &same(7, 5, 1)].concat();
        assert_eq!(
            check(&page(DELTA_BINARY_PACKED, 4, levels.clone()), [0, 1]),
            None
        );
        assert!(check(&page(DELTA_BINARY_PACKED, 5, levels), [0, 1]).is_some());
    }

    #[test]
    fn numbers_are_as_written() {
        let mut all = Vec::new();
        // 3, 4, 6, 9: a block of which one miniblock has deltas of two bits.
        let mut bytes = vec![128, 1, 4, 4, 6, 2, 2, 0, 0, 0, 0b10_01_00];
        bytes.resize(bytes.len() + 7, 0);
        bytes.extend_from_slice(b"rest");
        let mut rest = bytes.as_slice();
        let done = numbers(&mut rest, 4, &mut |number| {
            all.push(number);
            Some(())
        });
        assert_eq!(
            (done, all, rest),
            (Some(()), vec![3, 4, 6, 9], &b"rest"[..])
        );
    }
}
