//! Sweden, Norway, Denmark, Finland, Iceland, the Faroe Islands.

use super::arith::{at_index, date, digits, dot, int, luhn, same, short_date};

/// Personnummer or samordningsnummer (day 60 more): ten digits, or twelve with
/// the century, Luhn's check over the last ten (Skatteverket, SKV 704, 707).
pub(super) fn personnummer(value: &[u8]) -> bool {
    let day = |d: u64| if d > 60 { d - 60 } else { d };
    match value.len() {
        10 => digits::<10>(value).is_some_and(|d| {
            luhn(&d)
                && !same(&d[6..])
                && short_date(int(&d[..2]), int(&d[2..4]), day(int(&d[4..6])))
        }),
        12 => digits::<12>(value).is_some_and(|d| {
            (1840..2100).contains(&int(&d[..4]))
                && luhn(&d[2..])
                && date(int(&d[..4]), int(&d[4..6]), day(int(&d[6..8])))
        }),
        _ => false,
    }
}

/// Organisationsnummer: ten digits, Luhn's check, the third at least 2 so that
/// it cannot be a personnummer (Bolagsverket).
pub(super) fn organisationsnummer(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| d[0] != 0 && d[2] >= 2 && !same(&d) && luhn(&d))
}

/// Swedish VAT without SE: a ten-digit number with Luhn's check and 01
/// (Skatteverket).
pub(super) fn swedish_vat(value: &[u8]) -> bool {
    value
        .strip_suffix(b"01")
        .and_then(digits::<10>)
        .is_some_and(|d| int(&d) != 0 && !same(&d) && luhn(&d))
}

/// Fødselsnummer or D-number (day 40 more), also with the month 40 more for
/// help numbers and 65 or 80 more for test persons; two check digits modulo 11,
/// the individual number tells the century (Skatteetaten).
pub(super) fn fodselsnummer(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let (day, month, year) = (int(&d[..2]), int(&d[2..4]), int(&d[4..6]));
        let day = if day > 40 { day - 40 } else { day };
        let month = match month {
            81..=92 => month - 80,
            66..=77 => month - 65,
            41..=52 => month - 40,
            _ => month,
        };
        let century = match int(&d[6..9]) {
            500..=749 if year >= 54 => 1800,
            500..=999 if year < 40 => 2000,
            0..=499 | 900..=999 => 1900,
            _ => return false,
        };
        let k1 = (11 - dot(&d, &[3, 7, 6, 1, 8, 9, 4, 5, 2]) % 11) % 11;
        let k2 = (11 - dot(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11;
        date(century + year, month, day) && k1 == d[9] && k2 == d[10]
    })
}

/// Organisasjonsnummer: nine digits, weights 3 2 7 6 5 4 3 2 modulo 11; also
/// the number of MVA, whose letters are left out (Brønnøysundregistrene).
pub(super) fn orgnr(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        !same(&d) && int(&d) != 0 && dot(&d, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
    })
}

/// Norwegian VAT: an organisasjonsnummer followed by MVA.
pub(super) fn mva(value: &[u8]) -> bool {
    value.strip_suffix(b"MVA").is_some_and(orgnr)
}

/// Kontonummer: eleven digits, weights 5 4 3 2 7 6 5 4 3 2 modulo 11, or for
/// accounts of the former postal bank over the last six (Finance Norway).
pub(super) fn kontonummer(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let weights = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
        let whole = dot(&d, &weights).is_multiple_of(11);
        !same(&d) && int(&d[..4]) != 0 && whole
    })
}

/// CPR number: date of birth and a serial whose first digit tells the century.
/// Numbers since October 2007 need not satisfy modulo 11 (CPR-kontoret).
pub(super) fn cpr(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        let (day, month, year) = (int(&d[..2]), int(&d[2..4]), int(&d[4..6]));
        let century = match d[6] {
            0..=3 => 1900,
            4 | 9 if year >= 37 => 1900,
            5..=8 if year >= 58 => 1800,
            _ => 2000,
        };
        // Replacement numbers add 60 to the day.
        let day = if day > 60 { day - 60 } else { day };
        !same(&d[6..]) && date(century + year, month, day)
    })
}

/// CVR number, also the VAT number without DK: eight digits, weights 2 7 6 5 4
/// 3 2 1 modulo 11 (Erhvervsstyrelsen).
pub(super) fn cvr(value: &[u8]) -> bool {
    digits::<8>(value).is_some_and(|d| {
        d[0] != 0 && !same(&d) && dot(&d, &[2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
    })
}

/// Henkilötunnus: date, century sign, individual number 002–899 (900 and more
/// for temporary use), and a check character at the rest by 31 (Digital and
/// Population Data Services Agency; signs B–F and Y–U since 2023). Without its
/// sign, ten characters, any century will do.
pub(super) fn hetu(value: &[u8]) -> bool {
    let (century, tail) = match value.len() {
        10 => (None, &value[6..]),
        11 => match value[6] {
            b'+' => (Some(1800), &value[7..]),
            b'-' | b'U'..=b'Y' => (Some(1900), &value[7..]),
            b'A'..=b'F' => (Some(2000), &value[7..]),
            _ => return false,
        },
        _ => return false,
    };
    let (Some(d), Some(n)) = (digits::<6>(&value[..6]), digits::<3>(&tail[..3])) else {
        return false;
    };
    let (day, month, year) = (int(&d[..2]), int(&d[2..4]), int(&d[4..]));
    let born = match century {
        Some(century) => date(century + year, month, day),
        None => short_date(year, month, day),
    };
    born && int(&n) >= 2
        && at_index(
            b"0123456789ABCDEFHJKLMNPRSTUVWXY",
            (int(&d) * 1000 + int(&n)) % 31,
        ) == Some(tail[3])
}

/// Y-tunnus, also the VAT number without FI: eight digits, weights 7 9 10 5 8 4
/// 2 1 modulo 11 (PRH).
pub(super) fn y_tunnus(value: &[u8]) -> bool {
    digits::<8>(value).is_some_and(|d| {
        int(&d) != 0 && !same(&d) && dot(&d, &[7, 9, 10, 5, 8, 4, 2, 1]).is_multiple_of(11)
    })
}

/// Kennitala: day (40 more for organisations), month, year, two digits, a check
/// digit modulo 11, and the century, 8, 9 or 0 (Registers Iceland).
pub(super) fn kennitala(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        let (day, month, year) = (int(&d[..2]), int(&d[2..4]), int(&d[4..6]));
        let day = if day > 40 { day - 40 } else { day };
        let century = match d[9] {
            8 => 1800,
            9 => 1900,
            0 => 2000,
            _ => return false,
        };
        date(century + year, month, day) && dot(&d, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
    })
}
