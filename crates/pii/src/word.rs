//! A word's place in a filter: by its first eight bytes, made small, and its
//! length.
//!
//! Small letters are made of capitals by one bit, which also joins some other
//! signs; a filter may only be wrong in saying that a word may be there.

/// Places of a filter.
pub(crate) const SLOTS: usize = 1 << 16;

const SMALL: u64 = 0x2020_2020_2020_2020;

/// A word's place by its first eight small bytes, the first in the lowest, and
/// its length.
pub(crate) const fn slot(head: u64, length: usize) -> usize {
    let mixed = (head ^ (length as u64) << 59).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 48) as usize
}

/// The place of a whole word.
pub(crate) const fn slot_of_whole(word: &[u8]) -> usize {
    let mut head = 0;
    let mut at = 0;
    while at < word.len() && at < 8 {
        head |= ((word[at] | 0x20) as u64) << (8 * at);
        at += 1;
    }
    slot(head, word.len())
}

/// The place of the word of some bytes of a text.
#[inline]
pub(crate) fn slot_of(bytes: &[u8], start: usize, end: usize) -> usize {
    let length = end.saturating_sub(start);
    match bytes.get(start..start + 8) {
        Some(eight) => {
            let small = u64::from_le_bytes(eight.try_into().unwrap_or_default()) | SMALL;
            let head = if length < 8 {
                small & ((1 << (8 * length)) - 1)
            } else {
                small
            };
            slot(head, length)
        }
        None => slot_of_whole(bytes.get(start..end).unwrap_or(&[])),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_give_one_place() {
        let text = b"the Telephone, tel and fax";
        for (start, end) in [(0, 3), (4, 13), (15, 18), (19, 22), (23, 26), (26, 26)] {
            assert_eq!(slot_of(text, start, end), slot_of_whole(&text[start..end]));
        }
        assert_eq!(slot_of_whole(b"TEL"), slot_of_whole(b"tel"));
    }
}
