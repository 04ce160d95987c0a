//! United States.

use super::arith::{base36, digits, dot, int, luhn_sum, same};

/// Social security number: area not 000, 666 or 900–999, group not 00, serial
/// not 0000 (SSA, randomisation since 25 June 2011); not one of the numbers the
/// SSA has declared void after they were printed in advertisements.
pub(super) fn ssn(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        !matches!(int(&d[..3]), 0 | 666 | 900..=999)
            && int(&d[3..5]) != 0
            && int(&d[5..]) != 0
            && !same(&d)
            && !matches!(int(&d), 78_051_120 | 457_555_462 | 219_099_999)
    })
}

/// Individual taxpayer identification number: 9, and a group of 50–65, 70–88,
/// 90–92 or 94–99 (IRS, Publication 4757).
pub(super) fn itin(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        d[0] == 9 && !same(&d) && matches!(int(&d[3..5]), 50..=65 | 70..=88 | 90..=92 | 94..=99)
    })
}

/// Adoption taxpayer identification number: 9 and group 93 (IRS).
pub(super) fn atin(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| d[0] == 9 && int(&d[3..5]) == 93)
}

/// Employer identification number: a prefix that an IRS campus assigns (IRS,
/// "How EINs are assigned and valid EIN prefixes"). No check digit.
pub(super) fn ein(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        !same(&d)
            && matches!(
                int(&d[..2]),
                1..=6 | 10..=16 | 20..=27 | 30..=48 | 50..=68 | 71..=77 | 80..=88 | 90..=95 | 98 | 99
            )
    })
}

/// Medicare beneficiary identifier (CMS, "Understanding the MBI format"):
/// positions are C A AN N A AN N A A N N, without S, L, O, I, B and Z.
pub(super) fn mbi(value: &[u8]) -> bool {
    let digit = |byte: u8| byte.is_ascii_digit();
    let letter = |byte: u8| {
        byte.is_ascii_uppercase() && !matches!(byte, b'S' | b'L' | b'O' | b'I' | b'B' | b'Z')
    };
    value.len() == 11
        && value[0] != b'0'
        && value
            .iter()
            .zip(b"NAXNAXNAANN")
            .all(|(&byte, kind)| match kind {
                b'N' => digit(byte),
                b'A' => letter(byte),
                _ => digit(byte) || letter(byte),
            })
}

/// National provider identifier: ten digits from 1 or 2, Luhn's check with the
/// issuer 80840 in front (CMS, NPI check digit, 45 CFR 162.406).
pub(super) fn npi(value: &[u8]) -> bool {
    digits::<10>(value)
        .is_some_and(|d| matches!(d[0], 1 | 2) && (luhn_sum(&d) + 24).is_multiple_of(10))
}

/// Registration with the Drug Enforcement Administration: registrant type,
/// initial of the name (or 9), six digits and a check digit: the odd ones plus
/// twice the even ones, last digit (DEA Diversion Control Division).
pub(super) fn dea(value: &[u8]) -> bool {
    value.len() == 9
        && matches!(value[0], b'A'..=b'H' | b'J'..=b'M' | b'P' | b'R'..=b'U' | b'X')
        && (value[1].is_ascii_uppercase() || value[1] == b'9')
        && digits::<7>(&value[2..])
            .is_some_and(|d| int(&d[..6]) != 0 && dot(&d[..6], &[1, 2, 1, 2, 1, 2]) % 10 == d[6])
}

/// Preparer tax identification number: P and eight digits (IRS). No check digit.
pub(super) fn ptin(value: &[u8]) -> bool {
    value.first() == Some(&b'P') && digits::<8>(&value[1..]).is_some_and(|d| !same(&d))
}

/// Nine alphanumerics of the passports issued since 2021 (a letter and eight
/// digits) or before (nine digits). No check digit on the number itself.
pub(super) fn passport(value: &[u8]) -> bool {
    value.len() == 9
        && base36(value[0]).is_some()
        && digits::<8>(&value[1..]).is_some_and(|d| !same(&d))
}
