//! United Kingdom.

use super::arith::{RUN, all_digits, digit_run, digits, dot, int, same, short_date};

/// National insurance number (HMRC, National Insurance Manual NIM39110): no D,
/// F, I, Q, U, V in front, no O second, prefixes BG GB KN NK NT TN ZZ unused,
/// six digits, suffix A–D, which people leave out.
pub(super) fn nino(value: &[u8]) -> bool {
    let first = |byte: u8| byte.is_ascii_uppercase() && !b"DFIQUV".contains(&byte);
    matches!(value.len(), 8 | 9)
        && first(value[0])
        && first(value[1])
        && value[1] != b'O'
        && !matches!(
            &value[..2],
            b"BG" | b"GB" | b"KN" | b"NK" | b"NT" | b"TN" | b"ZZ"
        )
        && all_digits(&value[2..8])
        && value.get(8).is_none_or(|byte| (b'A'..=b'D').contains(byte))
}

/// NHS number (NHS Data Dictionary): weights 10 to 2, eleven minus the
/// remainder by eleven; ten is never issued.
pub(super) fn nhs(value: &[u8]) -> bool {
    digits::<10>(value)
        .is_some_and(|d| !same(&d) && dot(&d, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11))
}

/// Community health index number of Scotland: an NHS number that begins with
/// the date of birth (Public Health Scotland).
pub(super) fn chi(value: &[u8]) -> bool {
    nhs(value)
        && digits::<10>(value)
            .is_some_and(|d| short_date(int(&d[4..6]), int(&d[2..4]), int(&d[..2])))
}

/// Unique taxpayer reference: the first digit checks the other nine, weights
/// 6 7 8 9 10 5 4 3 2 modulo 11 (HMRC specification for modulus checks).
pub(super) fn utr(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        let rest = dot(&d[1..], &[6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11;
        let check = if rest < 2 { 2 - rest } else { 11 - rest };
        !same(&d) && check == d[0]
    })
}

/// VAT registration: nine digits (twelve with a branch) modulo 97, or the newer
/// 9755 scheme; GD000–GD499 for government, HA500–HA999 for health authorities
/// (HMRC).
pub(super) fn vat(value: &[u8]) -> bool {
    if let [kind @ (b'G' | b'H'), b'D' | b'A', number @ ..] = value {
        return digits::<3>(number).is_some_and(|d| match kind {
            b'G' => value[1] == b'D' && int(&d) < 500,
            _ => value[1] == b'A' && int(&d) >= 500,
        });
    }
    let mut buffer = [0; RUN];
    matches!(value.len(), 9 | 12)
        && digit_run(value, &mut buffer).is_some_and(|d| {
            let sum = dot(&d[..7], &[8, 7, 6, 5, 4, 3, 2]) + int(&d[7..9]);
            int(&d[..7]) != 0
                && (sum.is_multiple_of(97) || int(&d[..3]) >= 100 && matches!(sum % 97, 42 | 55))
        })
}

/// Driver number (DVLA): five characters of the surname, padded with 9, decade,
/// month (50 more for women), day, year, two initials, and three characters.
pub(super) fn driver(value: &[u8]) -> bool {
    let padded = |part: &[u8]| {
        let letters = part
            .iter()
            .take_while(|byte| byte.is_ascii_uppercase())
            .count();
        letters > 0 && part[letters..].iter().all(|&byte| byte == b'9')
    };
    value.len() == 16
        && padded(&value[..5])
        && digits::<6>(&value[5..11]).is_some_and(|d| {
            let month = int(&d[1..3]);
            let month = if month > 50 { month - 50 } else { month };
            short_date(d[0] * 10 + d[5], month, int(&d[3..5]))
        })
        && padded(&value[11..13])
        && value[13].is_ascii_digit()
        && value[14..].iter().all(u8::is_ascii_uppercase)
}
