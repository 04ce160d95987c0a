//! The arithmetic that check-digit schemes share: digits, weighted sums, ISO
//! 7064, Luhn, Verhoeff, dates.
//!
//! Invariant: everything is total. Wrong lengths and foreign bytes are `None`
//! or `false`; nothing here can overflow on the lengths its callers admit.

/// The decimal digits of exactly `N` bytes; `None` for any other length or byte.
pub(super) fn digits<const N: usize>(value: &[u8]) -> Option<[u64; N]> {
    let value: &[u8; N] = value.try_into().ok()?;
    value
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| value.map(|byte| u64::from(byte - b'0')))
}

/// Longest run of digits that [`digit_run`] reads.
pub(super) const RUN: usize = 32;

/// The decimal digits of up to [`RUN`] bytes, in a caller's buffer.
pub(super) fn digit_run<'a>(value: &[u8], buffer: &'a mut [u64; RUN]) -> Option<&'a [u64]> {
    let out = buffer.get_mut(..value.len())?;
    for (slot, byte) in out.iter_mut().zip(value) {
        if !byte.is_ascii_digit() {
            return None;
        }
        *slot = u64::from(byte - b'0');
    }
    Some(out)
}

/// Whether every byte is an ASCII digit; false for nothing.
pub(super) fn all_digits(value: &[u8]) -> bool {
    !value.is_empty() && value.iter().all(u8::is_ascii_digit)
}

/// 0–9 for digits, 10–35 for uppercase letters.
pub(super) fn base36(byte: u8) -> Option<u64> {
    match byte {
        b'0'..=b'9' => Some(u64::from(byte - b'0')),
        b'A'..=b'Z' => Some(u64::from(byte - b'A') + 10),
        _ => None,
    }
}

/// Place of a byte in an alphabet.
pub(super) fn place(byte: u8, alphabet: &[u8]) -> Option<u64> {
    alphabet
        .iter()
        .position(|&one| one == byte)
        .map(|at| at as u64)
}

/// The element of a table at a remainder, a check character as a rule.
pub(super) fn at_index<T: Copy>(table: &[T], at: u64) -> Option<T> {
    usize::try_from(at)
        .ok()
        .and_then(|at| table.get(at))
        .copied()
}

/// Sum of products, as far as the shorter of the two reaches.
pub(super) fn dot(digits: &[u64], weights: &[u64]) -> u64 {
    digits.iter().zip(weights).map(|(d, w)| d * w).sum()
}

/// The digits read as a decimal number; exact up to 19 digits.
pub(super) fn int(digits: &[u64]) -> u64 {
    digits
        .iter()
        .fold(0, |value: u64, d| value.wrapping_mul(10).wrapping_add(*d))
}

/// Whether all elements are equal: what a person types to fill a field.
pub(super) fn same<T: PartialEq>(values: &[T]) -> bool {
    values.windows(2).all(|two| two[0] == two[1])
}

/// Whether a day exists in the Gregorian calendar.
pub(super) fn date(year: u64, month: u64, day: u64) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let last = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// Whether a day exists in some century: 29 February for every fourth year.
pub(super) fn short_date(year: u64, month: u64, day: u64) -> bool {
    date(2000 + year % 100, month, day)
}

/// Luhn's sum of digits of which the last is the check digit (ISO/IEC 7812-1
/// annex B); valid when it is a multiple of ten.
pub(super) fn luhn_sum(digits: &[u64]) -> u64 {
    digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, &d)| match at % 2 {
            0 => d,
            _ => d * 2 / 10 + d * 2 % 10,
        })
        .sum()
}

/// Luhn's check over digits of which the last is the check digit.
pub(super) fn luhn(digits: &[u64]) -> bool {
    luhn_sum(digits).is_multiple_of(10)
}

/// ISO/IEC 7064 MOD 11,10 over digits of which the last is the check digit.
pub(super) fn mod11_10(digits: &[u64]) -> bool {
    let Some((check, body)) = digits.split_last() else {
        return false;
    };
    let product = body.iter().fold(10, |product, d| {
        let sum = (product + d) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (product + check) % 10 == 1
}

/// ISO/IEC 7064 MOD 97-10: digits and uppercase letters (A = 10 … Z = 35) read
/// as one decimal number, modulo 97. `None` for other bytes.
pub(super) fn mod97(values: impl IntoIterator<Item = u8>) -> Option<u64> {
    values.into_iter().try_fold(0, |rest, byte| {
        base36(byte).map(|v| (rest * if v < 10 { 10 } else { 100 } + v) % 97)
    })
}

/// Multiplication in the dihedral group of order ten, J. Verhoeff, *Error
/// Detecting Decimal Codes* (1969).
const fn dihedral(a: u64, b: u64) -> u64 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a + 5 - 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

/// Verhoeff's check over digits of which the last is the check digit.
pub(super) fn verhoeff(digits: &[u64]) -> bool {
    // The permutation (1 5 8 9 4 2 7 0)(3 6), once a place.
    const STEP: [u64; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let mut sum = 0;
    for (at, &d) in digits.iter().rev().enumerate() {
        let mut d = d;
        for _ in 0..at % 8 {
            d = at_index(&STEP, d).unwrap_or(0);
        }
        sum = dihedral(sum, d);
    }
    sum == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn verhoeff_finds_every_single_digit_error() {
        // 236 with check digit 3 is the worked example of the literature.
        assert!(verhoeff(&[2, 3, 6, 3]));
        for at in 0..4 {
            for d in 0..10 {
                let mut digits = [2, 3, 6, 3];
                if digits[at] != d {
                    digits[at] = d;
                    assert!(!verhoeff(&digits), "{digits:?}");
                }
            }
        }
    }

    #[test]
    fn days_of_the_calendar() {
        assert!(date(2000, 2, 29) && date(2024, 2, 29) && date(1999, 12, 31));
        assert!(!date(1900, 2, 29) && !date(2023, 2, 29) && !date(2023, 0, 1));
        assert!(!date(2023, 13, 1) && !date(2023, 4, 31) && !date(2023, 4, 0));
    }

    #[test]
    fn remainders_of_iso_7064() {
        // ISO/IEC 7064:2003, examples of MOD 11,10 and MOD 97-10.
        assert!(mod11_10(&[0, 7, 9, 4, 5]) && !mod11_10(&[0, 7, 9, 4, 6]));
        assert_eq!(mod97(*b"79444"), Some(1));
        assert_eq!(mod97(*b"7944-"), None);
    }
}
