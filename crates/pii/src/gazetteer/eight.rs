//! Eight bytes at a time, as one number: how far letters go.
//!
//! Invariant: plain arithmetic, the same on every processor; the first byte is the
//! lowest, and bytes behind a text's end are zero.

/// The highest bit of every byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

/// What is added to a byte below 0x80 so that its highest bit tells whether it is
/// at least `bound`.
const fn reach(bound: u8) -> u64 {
    (0x80 - bound as u64) * 0x0101_0101_0101_0101
}

/// Eight bytes from a place on.
#[inline]
pub(crate) fn read(bytes: &[u8], at: usize) -> u64 {
    match bytes.get(at..).and_then(<[u8]>::first_chunk) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => last(bytes.get(at..).unwrap_or(&[])),
    }
}

/// Fewer than eight bytes.
#[cold]
fn last(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .rev()
        .fold(0, |eight, byte| eight << 8 | u64::from(*byte))
}

/// How many of the bytes are small ASCII letters before one is not.
pub(crate) const fn small(eight: u64) -> u32 {
    let low = eight & !HIGH;
    let letters = (low + reach(b'a')) & !(low + reach(b'z' + 1)) & !eight;
    (!letters & HIGH).trailing_zeros() / 8
}

/// How many of the bytes are ASCII letters before one is not.
pub(crate) const fn letters(eight: u64) -> u32 {
    let low = (eight | 0x2020_2020_2020_2020) & !HIGH;
    let letters = (low + reach(b'a')) & !(low + reach(b'z' + 1)) & !eight;
    (!letters & HIGH).trailing_zeros() / 8
}

/// The first so many bytes, and zeros for the rest.
pub(crate) const fn first(eight: u64, count: u32) -> u64 {
    if count >= 8 {
        eight
    } else {
        eight & ((1 << (8 * count)) - 1)
    }
}

/// So many small letters, and 0xff where a letter that is not ASCII may follow them.
pub(crate) const fn head(eight: u64, count: u32) -> u64 {
    if count >= 8 {
        return eight;
    }
    let next = (eight >> (8 * count)) & 0xff;
    let marked = if next >= 0x80 { 0xff << (8 * count) } else { 0 };
    first(eight, count) | marked
}

/// The head of the small word that begins at a place.
pub(crate) fn head_at(bytes: &[u8], at: usize) -> u64 {
    let eight = read(bytes, at);
    head(eight, small(eight))
}

/// Letters without their case.
pub(crate) const fn lower(letters: u64) -> u64 {
    letters | 0x2020_2020_2020_2020
}

/// How many of so many letters are capitals.
pub(crate) const fn capitals(letters: u64, count: u32) -> u32 {
    first(!letters & 0x2020_2020_2020_2020, count).count_ones()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn letters_are_counted_as_one_by_one(
            bytes in proptest::collection::vec(
                prop_oneof![any::<u8>(), b'a'..=b'z', b'A'..=b'Z', Just(b'z' + 1), Just(b'@')],
                0..12,
            ),
            at in 0usize..12,
        ) {
            let rest = bytes.get(at..).unwrap_or(&[]);
            let rest = &rest[..rest.len().min(8)];
            let count = |of: fn(&u8) -> bool| rest.iter().take_while(|byte| of(byte)).count();
            let eight = read(&bytes, at);
            prop_assert_eq!(small(eight) as usize, count(u8::is_ascii_lowercase));
            prop_assert_eq!(letters(eight) as usize, count(u8::is_ascii_alphabetic));
            let run = letters(eight);
            let upper = rest.iter().take(run as usize).filter(|byte| byte.is_ascii_uppercase());
            prop_assert_eq!(capitals(eight, run) as usize, upper.count());
            let lowered: Vec<u8> = rest.iter().take(run as usize).map(u8::to_ascii_lowercase).collect();
            prop_assert_eq!(first(lower(eight), run), read(&lowered, 0));
        }
    }
}
