//! Italy.

use super::arith::{digits, int, luhn, place, same, short_date};

/// What a character adds in an odd place of the codice fiscale (DM 23 December
/// 1976, table of odd positions), digits then letters.
const ODD: [u64; 36] = [
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6,
    8, 12, 14, 16, 10, 22, 25, 24, 23,
];

/// Codice fiscale of a person (DM 23 December 1976): surname, name, year, month
/// letter, day (40 more for women), municipality, control letter; digits may be
/// replaced by letters where two people would share a code (omocodia).
pub(super) fn codice_fiscale(value: &[u8]) -> bool {
    const MONTHS: &[u8; 12] = b"ABCDEHLMPRST";
    if value.len() != 16 || !value[15].is_ascii_uppercase() {
        return false;
    }
    let digit = |at: usize| match value[at] {
        byte @ b'0'..=b'9' => Some(u64::from(byte - b'0')),
        byte => place(byte, b"LMNPQRSTUV"),
    };
    let two = |at: usize| Some(digit(at)? * 10 + digit(at + 1)?);
    let (Some(year), Some(month), Some(day)) = (two(6), place(value[8], MONTHS), two(9)) else {
        return false;
    };
    let day = if day > 40 { day - 40 } else { day };
    let sum: Option<u64> = value[..15]
        .iter()
        .enumerate()
        .map(|(at, &byte)| {
            let v = super::arith::base36(byte)?;
            match at % 2 {
                0 => super::arith::at_index(&ODD, v),
                _ if v < 10 => Some(v),
                _ => Some(v - 10),
            }
        })
        .sum();
    value[..6].iter().all(u8::is_ascii_uppercase)
        && value[11].is_ascii_uppercase()
        && (12..15).all(|at| digit(at).is_some())
        && short_date(year, month + 1, day)
        && sum.is_some_and(|sum| sum % 26 == u64::from(value[15] - b'A'))
}

/// Partita IVA: seven digits, the office (001–100, 120, 121, 888, 999), Luhn's
/// check (DPR 633/1972, Agenzia delle Entrate).
pub(super) fn partita_iva(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        int(&d[..7]) != 0
            && matches!(int(&d[7..10]), 1..=100 | 120 | 121 | 888 | 999)
            && !same(&d)
            && luhn(&d)
    })
}
