//! Austria, Switzerland, Poland, Czechia, Slovakia, Hungary.

use super::arith::{
    RUN, all_digits, digit_run, digits, dot, int, luhn, luhn_sum, same, short_date,
};

/// Sozialversicherungsnummer: serial from 100, check digit, date of birth
/// (months 13–15 when a day ran out); weights 3 7 9 0 5 8 4 2 1 6 modulo 11
/// (Dachverband der Sozialversicherungsträger).
pub(super) fn svnr(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        let month = int(&d[6..8]);
        let month = if (13..=15).contains(&month) {
            12
        } else {
            month
        };
        d[0] != 0
            && dot(&d, &[3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 == d[3]
            && short_date(int(&d[8..]), month, int(&d[4..6]))
    })
}

/// Austrian UID without AT: U and eight digits; ten minus the sum, four more,
/// of digits as Luhn sums them (BMF).
pub(super) fn austrian_uid(value: &[u8]) -> bool {
    let [b'U', number @ ..] = value else {
        return false;
    };
    digits::<8>(number).is_some_and(|d| {
        // Every second digit is doubled, the second first.
        (10 - (luhn_sum(&d[..7]) + 4) % 10) % 10 == d[7] && int(&d[..7]) != 0
    })
}

/// Abgabenkontonummer: tax office and number, nine digits with Luhn's check
/// (BMF).
pub(super) fn steuernummer_at(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| int(&d[..2]) != 0 && !same(&d) && luhn(&d))
}

/// AHV number: 756, nine digits, and the check digit of EAN-13 (ZAS).
pub(super) fn ahv(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| {
        int(&d[..3]) == 756
            && !same(&d[3..])
            && dot(&d, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
    })
}

/// Unternehmens-Identifikationsnummer: CHE and nine digits, weights 5 4 3 2 7 6
/// 5 4 modulo 11 (Bundesamt für Statistik); MWST, TVA, IVA or TPV may follow.
pub(super) fn swiss_uid(value: &[u8]) -> bool {
    let Some((number, tail)) = value
        .strip_prefix(b"CHE")
        .and_then(|v| v.split_at_checked(9))
    else {
        return false;
    };
    matches!(tail, b"" | b"MWST" | b"TVA" | b"IVA" | b"TPV")
        && digits::<9>(number).is_some_and(|d| {
            int(&d) != 0 && dot(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 1]).is_multiple_of(11)
        })
}

/// PESEL: date of birth with the century in the month, serial, weights 1 3 7 9
/// modulo 10 (ustawa o ewidencji ludności, 2010).
pub(super) fn pesel(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let month = int(&d[2..4]);
        let century = [1900, 2000, 2100, 2200, 1800];
        usize::try_from(month / 20)
            .ok()
            .and_then(|at| century.get(at))
            .is_some_and(|century| {
                super::arith::date(century + int(&d[..2]), month % 20, int(&d[4..6]))
            })
            && dot(&d, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
    })
}

/// NIP: ten digits, weights 6 5 7 2 3 4 5 6 7 modulo 11, never ten (Ministerstwo
/// Finansów).
pub(super) fn nip(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        !same(&d) && int(&d[..3]) != 0 && dot(&d, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == d[9]
    })
}

/// REGON: nine digits, or fourteen for a local unit; weights modulo 11, ten as
/// zero (GUS).
pub(super) fn regon(value: &[u8]) -> bool {
    let short = |d: &[u64]| dot(d, &[8, 9, 2, 3, 4, 5, 6, 7]) % 11 % 10 == d[8];
    let mut buffer = [0; RUN];
    digit_run(value, &mut buffer).is_some_and(|d| match d.len() {
        9 => int(d) != 0 && !same(d) && short(d),
        14 => {
            int(&d[..9]) != 0
                && short(d)
                && dot(d, &[2, 4, 8, 5, 0, 9, 7, 3, 6, 1, 2, 4, 8]) % 11 % 10 == d[13]
        }
        _ => false,
    })
}

/// Dowód osobisty: three letters and six digits, the first of them a check
/// digit, weights 7 3 1 over the rest (`MSWiA`).
pub(super) fn dowod(value: &[u8]) -> bool {
    polish_document(value, 3)
}

/// Polish passport: two letters and seven digits, the first of them a check
/// digit, weights 7 3 1 over the rest (`MSWiA`).
pub(super) fn polish_passport(value: &[u8]) -> bool {
    polish_document(value, 2)
}

/// Letters, a check digit, then digits: weights 7 3 1 over all but the check.
fn polish_document(value: &[u8], letters: usize) -> bool {
    value.len() == 9
        && value[..letters].iter().all(u8::is_ascii_uppercase)
        && all_digits(&value[letters..])
        && !same(&value[letters..])
        && value
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != letters)
            .zip([7, 3, 1].into_iter().cycle())
            .try_fold(0, |sum, ((_, &byte), w)| {
                super::arith::base36(byte).map(|v| sum + v * w)
            })
            .is_some_and(|sum: u64| sum % 10 == u64::from(value[letters] - b'0'))
}

/// Rodné číslo of Czechia and Slovakia: date of birth with 50 more in the month
/// of women (and 20 more where numbers ran out, from 2004), nine digits before
/// 1954, then ten divisible by eleven (zákon č. 133/2000 Sb.).
pub(super) fn rodne_cislo(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    let Some(d) = digit_run(value, &mut buffer) else {
        return false;
    };
    if !matches!(d.len(), 9 | 10) {
        return false;
    }
    let short = int(&d[..2]);
    let year = match d.len() {
        // Nine digits ended with 1953.
        9 if short >= 54 => return false,
        9 => 1900 + short,
        _ if short < 54 => 2000 + short,
        _ => 1900 + short,
    };
    let month = int(&d[2..4]);
    let month = match month {
        71..=82 if year >= 2004 => month - 70,
        51..=62 => month - 50,
        21..=32 if year >= 2004 => month - 20,
        _ => month,
    };
    let check = d.len() == 9 || {
        let rest = int(&d[..9]) % 11;
        // Until 1985 a rest of ten was written as zero.
        rest % 10 == d[9] && (rest != 10 || year < 1985)
    };
    super::arith::date(year, month, int(&d[4..6])) && int(&d[6..]) != 0 && check
}

/// IČO of Czechia and Slovakia: eight digits, weights 8 to 2 modulo 11 (ČSÚ).
pub(super) fn ico(value: &[u8]) -> bool {
    digits::<8>(value).is_some_and(|d| {
        let check = (11 - dot(&d, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 10;
        !same(&d) && int(&d[..7]) != 0 && check == d[7]
    })
}

/// DIČ without CZ: an IČO that does not begin with 9, a rodné číslo, or 6 and
/// eight digits of people without one (Finanční správa).
pub(super) fn dic(value: &[u8]) -> bool {
    match value.len() {
        8 => value[0] != b'9' && ico(value),
        9 if value[0] == b'6' => digits::<9>(value).is_some_and(|d| {
            let rest = dot(&d[1..], &[8, 7, 6, 5, 4, 3, 2]) % 11;
            (18 - (10 + 11 - rest) % 11) % 10 == d[8] || rodne_cislo(value)
        }),
        9 | 10 => rodne_cislo(value),
        _ => false,
    }
}

/// IČ DPH without SK: ten digits divisible by eleven, the third among 2, 3, 4,
/// 7, 8 and 9, or a rodné číslo (Finančná správa).
pub(super) fn slovak_vat(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        d[0] != 0
            && !same(&d)
            && int(&d).is_multiple_of(11)
            && (matches!(d[2], 2..=4 | 7..=9) || rodne_cislo(value))
    })
}

/// Adószám: eight digits, weights 9 7 3 1 modulo 10, and optionally the VAT
/// code 1–5 and the county; the eight are also the VAT number without HU (NAV).
pub(super) fn adoszam(value: &[u8]) -> bool {
    let base = |v: &[u8]| {
        digits::<8>(v).is_some_and(|d| {
            int(&d) != 0 && !same(&d) && dot(&d, &[9, 7, 3, 1, 9, 7, 3, 1]).is_multiple_of(10)
        })
    };
    match value.len() {
        8 => base(value),
        11 => {
            base(&value[..8])
                && matches!(value[8], b'1'..=b'5')
                && digits::<2>(&value[9..])
                    .is_some_and(|d| matches!(int(&d), 2..=20 | 22..=44 | 51))
        }
        _ => false,
    }
}

/// Adóazonosító jel: 8, days since 1867, serial, weights 1 to 9 modulo 11 (1996.
/// évi XX. törvény).
pub(super) fn adoazonosito(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        d[0] == 8 && !same(&d) && dot(&d, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 == d[9]
    })
}

/// TAJ number: nine digits, weights 3 and 7 modulo 10 (1996. évi XX. törvény).
pub(super) fn taj(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        int(&d[..8]) != 0 && !same(&d) && dot(&d, &[3, 7, 3, 7, 3, 7, 3, 7]) % 10 == d[8]
    })
}

/// Személyi azonosító: sex and century, date of birth, serial; weights 1 to 10
/// modulo 11, reversed for those born from 1997 (1996. évi XX. törvény).
pub(super) fn szemelyi(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let year = int(&d[1..3]);
        let down = dot(&d, &[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 == d[10];
        let up = dot(&d, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) % 11 == d[10];
        matches!(d[0], 1..=8)
            && short_date(year, int(&d[3..5]), int(&d[5..7]))
            && if matches!(d[0], 3 | 4) || matches!(d[0], 1 | 2) && year >= 97 {
                down || up
            } else {
                up
            }
    })
}
