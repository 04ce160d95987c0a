//! Russia, Ukraine, Belarus, Moldova.

use super::arith::{RUN, all_digits, digit_run, digits, dot, int, same};

/// INN: ten digits of firms or twelve of people, weights 2 4 10 3 5 9 4 6 8 with
/// 7 and 3 7 put in front, modulo 11, ten as zero (order of the FNS 435 of 2012).
pub(super) fn inn(value: &[u8]) -> bool {
    const WEIGHTS: [u64; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
    let mut buffer = [0; RUN];
    digit_run(value, &mut buffer).is_some_and(|d| {
        let check = |count: usize| dot(&d[..count], &WEIGHTS[11 - count..]) % 11 % 10;
        int(d) != 0
            && !same(d)
            && match d.len() {
                10 => check(9) == d[9],
                12 => check(10) == d[10] && check(11) == d[11],
                _ => false,
            }
    })
}

/// SNILS: nine digits, weights 9 to 1, modulo 101, a hundred as zero; numbers up
/// to 001-001-998 carry none (order of the PFR).
pub(super) fn snils(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let sum = dot(&d[..9], &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
        int(&d[..9]) > 1_001_998 && !same(&d) && sum == int(&d[9..])
    })
}

/// OGRN: thirteen digits, the first twelve modulo 11, or fifteen of a sole
/// trader, modulo 13; last digit of the rest (FNS).
pub(super) fn ogrn(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    digit_run(value, &mut buffer).is_some_and(|d| match d.len() {
        13 => matches!(d[0], 1..=9) && !same(d) && int(&d[..12]) % 11 % 10 == d[12],
        15 => d[0] == 3 && !same(d) && int(&d[..14]) % 13 % 10 == d[14],
        _ => false,
    })
}

/// RNTRC of Ukraine: ten digits, weights −1 5 7 9 4 6 10 5 7 modulo 11, ten as
/// zero (State Tax Service).
pub(super) fn rntrc(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        int(&d[..9]) != 0 && !same(&d) && dot(&d, &[10, 5, 7, 9, 4, 6, 10, 5, 7]) % 11 % 10 == d[9]
    })
}

/// EDRPOU of Ukraine: eight digits, weights 1 to 7 (7 1 2 … 6 from 30 to 60
/// million), two more when the rest by eleven is ten (State Statistics Service).
pub(super) fn edrpou(value: &[u8]) -> bool {
    digits::<8>(value).is_some_and(|d| {
        let middle = (30_000_000..60_000_000).contains(&int(&d));
        let weights: [u64; 7] = if middle {
            [7, 1, 2, 3, 4, 5, 6]
        } else {
            [1, 2, 3, 4, 5, 6, 7]
        };
        let check = match dot(&d[..7], &weights) % 11 {
            10 => dot(&d[..7], &weights.map(|w| w + 2)) % 11 % 10,
            other => other,
        };
        int(&d) != 0 && !same(&d) && check == d[7]
    })
}

/// UNP of Belarus: nine digits, or two letters and seven for people; weights 29
/// 23 19 17 13 7 5 3 modulo 11, never ten (MNS).
pub(super) fn unp(value: &[u8]) -> bool {
    if value.len() != 9 || !all_digits(&value[2..]) {
        return false;
    }
    let mut v = [0; 9];
    for (slot, &byte) in v.iter_mut().zip(value) {
        *slot = match byte {
            b'0'..=b'9' => u64::from(byte - b'0'),
            _ => match super::arith::place(byte, b"ABCEHKMOPT") {
                Some(at) => at,
                None => return false,
            },
        };
    }
    let letters = value[0].is_ascii_uppercase();
    if letters {
        let Some(first) = super::arith::base36(value[0]) else {
            return false;
        };
        v[0] = first;
        if !value[1].is_ascii_uppercase() {
            return false;
        }
    } else if !value[1].is_ascii_digit() {
        return false;
    }
    matches!(
        value[0],
        b'1'..=b'7' | b'A' | b'B' | b'C' | b'E' | b'H' | b'K' | b'M'
    ) && dot(&v[..8], &[29, 23, 19, 17, 13, 7, 5, 3]) % 11 == v[8]
}

/// Identification number of Belarus: sex and century, date of birth, region,
/// serial, citizenship, a digit; weights 7 3 1 modulo 10 (passport act).
pub(super) fn belarusian_id(value: &[u8]) -> bool {
    if value.len() != 14 {
        return false;
    }
    let shape = all_digits(&value[..7])
        && b"ABCEHKM".contains(&value[7])
        && all_digits(&value[8..11])
        && value[11..13].iter().all(u8::is_ascii_uppercase)
        && value[13].is_ascii_digit();
    shape
        && digits::<6>(&value[1..7])
            .is_some_and(|d| super::arith::short_date(int(&d[4..]), int(&d[2..4]), int(&d[..2])))
        && super::de::icao(&value[..13]) == value[13].checked_sub(b'0').map(u64::from)
}

/// IDNP of people and IDNO of firms of Moldova: thirteen digits, weights 7 3 1
/// modulo 10 (Public Services Agency).
pub(super) fn idnp(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| {
        !same(&d)
            && int(&d[..12]) != 0
            && dot(&d, &[7, 3, 1, 7, 3, 1, 7, 3, 1, 7, 3, 1]) % 10 == d[12]
    })
}
