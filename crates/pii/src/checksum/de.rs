//! Germany.

use super::arith::{at_index, base36, digits, dot, int, mod11_10, place, same, short_date};

/// Steuerliche Identifikationsnummer (§ 139b AO; `BZSt`): ISO 7064 MOD 11,10; no
/// leading zero; among the first ten digits exactly one occurs two or three
/// times, never three in a row.
pub(super) fn steuer_id(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let mut counts = [0_u8; 10];
        for &one in &d[..10] {
            if let Some(count) = usize::try_from(one).ok().and_then(|at| counts.get_mut(at)) {
                *count += 1;
            }
        }
        let repeated = counts.iter().filter(|count| **count > 1).count();
        let most = counts.iter().copied().max().unwrap_or(0);
        d[0] != 0 && repeated == 1 && most <= 3 && !d[..10].windows(3).any(same) && mod11_10(&d)
    })
}

/// Umsatzsteuer-Identifikationsnummer without DE: nine digits, no leading zero,
/// ISO 7064 MOD 11,10 (`BZSt`).
pub(super) fn vat(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| d[0] != 0 && !same(&d) && mod11_10(&d))
}

/// Serial number of an identity card or passport with its check digit: nine
/// characters and weights 7 3 1 modulo 10 (ICAO Doc 9303 part 3; characters of
/// the `PassV` annexes: digits and consonants that cannot be misread).
pub(super) fn document(value: &[u8]) -> bool {
    value.len() == 10
        && value[0].is_ascii_uppercase()
        && value[..9]
            .iter()
            .all(|&byte| place(byte, b"0123456789CFGHJKLMNPRTVWXYZ").is_some())
        && !same(&value[1..9])
        && icao(&value[..9]) == value[9].checked_sub(b'0').map(u64::from)
}

/// The check digit of ICAO Doc 9303 part 3 section 4.9: weights 7 3 1.
pub(super) fn icao(value: &[u8]) -> Option<u64> {
    let weights = [7, 3, 1].into_iter().cycle();
    value
        .iter()
        .zip(weights)
        .try_fold(0, |sum, (&byte, weight)| {
            base36(byte).map(|v| sum + v * weight)
        })
        .map(|sum| sum % 10)
}

/// Rentenversicherungsnummer (VKVV § 2): area, date of birth, initial of the
/// birth name, serial, check digit: digit sums of the products with
/// 2 1 2 5 7 1 2 1 2 1 2 1, the letter spelt as two digits.
pub(super) fn rvnr(value: &[u8]) -> bool {
    let spelt = |byte: u8| u64::from(byte.wrapping_sub(b'A')) + 1;
    if value.len() != 12 || !value[8].is_ascii_uppercase() {
        return false;
    }
    let (Some(head), Some(tail)) = (digits::<8>(&value[..8]), digits::<3>(&value[9..])) else {
        return false;
    };
    let mut all = [0; 12];
    all[..8].copy_from_slice(&head);
    all[8] = spelt(value[8]) / 10;
    all[9] = spelt(value[8]) % 10;
    all[10..].copy_from_slice(&tail[..2]);
    let sum: u64 = all
        .iter()
        .zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])
        .map(|(d, w)| d * w / 10 + d * w % 10)
        .sum();
    let day = int(&head[2..4]);
    // Numbers given when others ran out add 33 or 66 to the day.
    let day = match day {
        34..=64 => day - 33,
        67..=97 => day - 66,
        _ => day,
    };
    int(&head[..2]) >= 2
        && short_date(int(&head[6..8]), int(&head[4..6]), day)
        && sum % 10 == tail[2]
}

/// Krankenversichertennummer (§ 290 SGB V): a letter, eight digits, and a check
/// digit: digit sums with weights 1 and 2, the letter spelt as two digits.
pub(super) fn kvnr(value: &[u8]) -> bool {
    value.len() == 10
        && value[0].is_ascii_uppercase()
        && digits::<9>(&value[1..]).is_some_and(|d| {
            let letter = u64::from(value[0] - b'A') + 1;
            let mut all = [0; 10];
            all[0] = letter / 10;
            all[1] = letter % 10;
            all[2..].copy_from_slice(&d[..8]);
            let sum: u64 = all
                .iter()
                .zip([1, 2].into_iter().cycle())
                .map(|(d, w)| d * w / 10 + d * w % 10)
                .sum();
            !same(&d) && sum % 10 == d[8]
        })
}

/// Lebenslange Arztnummer: six digits, a check digit with weights 4 and 9, and
/// two for the specialty (KBV, Richtlinie zur Arztnummer).
pub(super) fn lanr(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        let sum = dot(&d[..6], &[4, 9, 4, 9, 4, 9]);
        int(&d[..6]) != 0 && at_index(&[0, 9, 8, 7, 6, 5, 4, 3, 2, 1], sum % 10) == Some(d[6])
    })
}
