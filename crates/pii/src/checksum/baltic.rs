//! Estonia, Latvia, Lithuania.

use super::arith::{RUN, date, digit_run, digits, dot, int, same};

/// The check digit of Estonia and Lithuania: weights 1 2 … 9 1, and 3 4 … 9 1 2
/// 3 when the rest by eleven is ten, then ten as zero.
fn two_passes(d: &[u64]) -> u64 {
    const FIRST: [u64; 12] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3];
    const SECOND: [u64; 12] = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5];
    match dot(d, &FIRST) % 11 {
        10 => dot(d, &SECOND) % 11 % 10,
        other => other,
    }
}

/// Isikukood of Estonia and asmens kodas of Lithuania: sex and century, date,
/// serial, check digit (EVS 585; Lietuvos gyventojų registras).
pub(super) fn isikukood(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let century = match d[0] {
            1 | 2 => 1800,
            3 | 4 => 1900,
            5 | 6 => 2000,
            7 | 8 => 2100,
            _ => return false,
        };
        date(century + int(&d[1..3]), int(&d[3..5]), int(&d[5..7])) && two_passes(&d[..10]) == d[10]
    })
}

/// Asmens kodas: as the isikukood, and numbers from 9 of people whose date of
/// birth is not known.
pub(super) fn asmens_kodas(value: &[u8]) -> bool {
    isikukood(value)
        || digits::<11>(value)
            .is_some_and(|d| d[0] == 9 && !same(&d) && two_passes(&d[..10]) == d[10])
}

/// Estonian VAT without EE: nine digits, weights 3 7 1 (Maksu- ja Tolliamet).
pub(super) fn estonian_vat(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        int(&d) != 0 && !same(&d) && dot(&d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
    })
}

/// Registrikood: eight digits from 1, 7, 8 or 9, the two passes of the
/// isikukood (Äriregister).
pub(super) fn registrikood(value: &[u8]) -> bool {
    digits::<8>(value)
        .is_some_and(|d| matches!(d[0], 1 | 7..=9) && !same(&d) && two_passes(&d[..7]) == d[7])
}

/// Lithuanian VAT without LT: nine digits with 1 in the eighth place, or twelve
/// with 1 in the eleventh (VMI).
pub(super) fn lithuanian_vat(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    digit_run(value, &mut buffer).is_some_and(|d| match d.len() {
        9 => d[7] == 1 && int(d) != 0 && two_passes(&d[..8]) == d[8],
        12 => d[10] == 1 && two_passes(&d[..11]) == d[11],
        _ => false,
    })
}

/// Personas kods: day, month, year, century, serial, check digit; numbers since
/// July 2017 begin with 32 and tell nothing (PMLP).
pub(super) fn personas_kods(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let check = (1 + dot(&d, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9])) % 11 % 10;
        let born = match d[6] {
            0 => 1800,
            1 => 1900,
            2 => 2000,
            _ => 0,
        };
        let dated = born != 0 && date(born + int(&d[4..6]), int(&d[2..4]), int(&d[..2]));
        if int(&d[..2]) == 32 {
            return !same(&d[2..]);
        }
        dated && check == d[10]
    })
}

/// Latvian VAT without LV of a legal person: eleven digits from 4, weights 9 1
/// 4 8 3 10 2 5 7 6 1, rest three by eleven (VID).
pub(super) fn latvian_vat(value: &[u8]) -> bool {
    personas_kods(value)
        || digits::<11>(value).is_some_and(|d| {
            d[0] > 3 && !same(&d) && dot(&d, &[9, 1, 4, 8, 3, 10, 2, 5, 7, 6, 1]) % 11 == 3
        })
}
