//! Ireland, Malta.

use super::arith::{all_digits, at_index, digits, dot, int, same};

/// The check letter of the PPSN: weights 8 to 2, nine for the letter after,
/// modulo 23.
fn check_letter(d: &[u64; 7], after: u64) -> Option<u8> {
    let sum = dot(d, &[8, 7, 6, 5, 4, 3, 2]) + after * 9;
    at_index(b"WABCDEFGHIJKLMNOPQRSTUV", sum % 23)
}

/// What a second letter adds: A is 1 … I is 9; W, T, X and nothing are 0.
fn second(letters: &[u8]) -> Option<u64> {
    match letters {
        [] | [b'W' | b'T' | b'X'] => Some(0),
        [letter @ b'A'..=b'I'] => Some(u64::from(letter - b'A') + 1),
        _ => None,
    }
}

/// Personal public service number: seven digits, a check letter and perhaps a
/// second letter that counts (Department of Social Protection).
pub(super) fn pps(value: &[u8]) -> bool {
    matches!(value.len(), 8 | 9)
        && digits::<7>(&value[..7]).is_some_and(|d| {
            // The letter of numbers before 2013 is part of the check only when
            // it is one of the new ones.
            int(&d) != 0
                && !same(&d)
                && second(&value[8..])
                    .is_some_and(|after| check_letter(&d, after) == Some(value[7]))
        })
}

/// Irish VAT without IE: as the PPSN, or the older form with a letter, + or *
/// in the second place (Revenue).
pub(super) fn irish_vat(value: &[u8]) -> bool {
    if !matches!(value.len(), 8 | 9) {
        return false;
    }
    if all_digits(&value[..7]) {
        return pps(value);
    }
    let old = value[1].is_ascii_uppercase() || matches!(value[1], b'+' | b'*');
    let mut moved = [b'0'; 7];
    moved[1..6].copy_from_slice(&value[2..7]);
    moved[6] = value[0];
    old && value.len() == 8
        && digits::<7>(&moved).is_some_and(|d| check_letter(&d, 0) == Some(value[7]))
}

/// Maltese VAT without MT: eight digits, weights 3 4 6 7 8 9 10 1 modulo 37
/// (Office of the Commissioner for Revenue).
pub(super) fn maltese_vat(value: &[u8]) -> bool {
    digits::<8>(value)
        .is_some_and(|d| d[0] != 0 && dot(&d, &[3, 4, 6, 7, 8, 9, 10, 1]).is_multiple_of(37))
}

/// Maltese identity card: up to seven digits padded with zeros, and a letter
/// for where and when it was registered (Identità). No check digit.
pub(super) fn maltese_id(value: &[u8]) -> bool {
    value.len() == 8
        && digits::<7>(&value[..7]).is_some_and(|d| int(&d) != 0 && !same(&d))
        && b"MGAPLHBZ".contains(&value[7])
}
