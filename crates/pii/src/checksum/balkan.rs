//! Romania, Bulgaria, Croatia, Slovenia, Serbia, the rest of former Yugoslavia,
//! Albania, Greece, Cyprus, Turkey.

use super::arith::{
    RUN, all_digits, at_index, date, digit_run, digits, dot, int, luhn, mod11_10, same, short_date,
};

/// CNP: sex and century, date, county, serial, weights 2 7 9 1 4 6 3 5 8 2 7 9
/// modulo 11, ten as one (Legea 105/1996).
pub(super) fn cnp(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| {
        let (year, month, day) = (int(&d[1..3]), int(&d[3..5]), int(&d[5..7]));
        let born = match d[0] {
            1 | 2 => date(1900 + year, month, day),
            3 | 4 => date(1800 + year, month, day),
            5 | 6 => date(2000 + year, month, day),
            7..=9 => short_date(year, month, day),
            _ => false,
        };
        let rest = dot(&d, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11;
        born && matches!(int(&d[7..9]), 1..=48 | 51 | 52 | 70 | 80..=83)
            && (if rest == 10 { 1 } else { rest }) == d[12]
    })
}

/// CUI, also the VAT number without RO: two to ten digits, weights 7 5 3 2 1 7
/// 5 3 2 from the right, ten times the sum modulo 11, ten as zero (ANAF).
pub(super) fn cui(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    digit_run(value, &mut buffer).is_some_and(|d| {
        if !(2..=10).contains(&d.len()) || d[0] == 0 {
            return false;
        }
        let sum: u64 = d
            .iter()
            .rev()
            .skip(1)
            .zip([2, 3, 5, 7, 1, 2, 3, 5, 7])
            .map(|(d, w)| d * w)
            .sum();
        d.last().is_some_and(|last| sum * 10 % 11 % 10 == *last)
    })
}

/// EGN: date with the century in the month, serial, weights 2 4 8 5 10 9 7 3 6
/// modulo 11, ten as zero (GRAO).
pub(super) fn egn(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        let (year, month) = (int(&d[..2]), int(&d[2..4]));
        let (century, month) = match month {
            41.. => (2000, month - 40),
            21.. => (1800, month - 20),
            _ => (1900, month),
        };
        date(century + year, month, int(&d[4..6]))
            && dot(&d, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == d[9]
    })
}

/// Personal number of a foreigner (LNCh): ten digits, weights 21 19 17 13 11 9
/// 7 3 1 modulo 10.
pub(super) fn lnch(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        !same(&d) && int(&d) != 0 && dot(&d, &[21, 19, 17, 13, 11, 9, 7, 3, 1]) % 10 == d[9]
    })
}

/// EIK (BULSTAT) of nine digits: weights 1 to 8 modulo 11; when ten, 3 to 10,
/// and then ten as zero (Registry Agency).
pub(super) fn eik(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        let first = dot(&d, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11;
        let check = match first {
            10 => dot(&d, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10,
            other => other,
        };
        int(&d) != 0 && !same(&d) && check == d[8]
    })
}

/// Bulgarian VAT without BG: an EIK, or ten digits of a person or of others
/// (weights 4 3 2 7 6 5 4 3 2 modulo 11).
pub(super) fn bulgarian_vat(value: &[u8]) -> bool {
    eik(value)
        || egn(value)
        || lnch(value)
        || digits::<10>(value).is_some_and(|d| {
            int(&d) != 0 && (11 - dot(&d, &[4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 == d[9]
        })
}

/// OIB: eleven digits, ISO 7064 MOD 11,10; also the VAT number without HR
/// (Porezna uprava).
pub(super) fn oib(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| !same(&d) && mod11_10(&d))
}

/// JMBG and, in Slovenia, EMŠO: date with three digits of the year, region,
/// serial, weights 7 6 5 4 3 2 twice modulo 11 (law of 1976).
pub(super) fn jmbg(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| {
        let year = int(&d[4..7]);
        let year = if year < 800 { 2000 + year } else { 1000 + year };
        let check = (11 - dot(&d, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10;
        date(year, int(&d[2..4]), int(&d[..2])) && check == d[12]
    })
}

/// A JMBG of Slovenia's registers, 50–59.
pub(super) fn emso(value: &[u8]) -> bool {
    jmbg(value) && value.get(7) == Some(&b'5')
}

/// Davčna številka, also the VAT number without SI: eight digits, weights 8 to
/// 2 modulo 11, ten as zero (FURS).
pub(super) fn davcna(value: &[u8]) -> bool {
    digits::<8>(value).is_some_and(|d| {
        let check = 11 - dot(&d, &[8, 7, 6, 5, 4, 3, 2]) % 11;
        d[0] != 0 && !same(&d) && check != 11 && check % 10 == d[7]
    })
}

/// PIB of Serbia: nine digits, ISO 7064 MOD 11,10 (Poreska uprava).
pub(super) fn serbian_pib(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| int(&d) >= 100_000_000 && !same(&d) && mod11_10(&d))
}

/// EDB of North Macedonia: thirteen digits, weights 7 6 5 4 3 2 twice modulo 11
/// (UJP).
pub(super) fn macedonian_edb(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| {
        let check = (11 - dot(&d, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10;
        int(&d) != 0 && !same(&d) && check == d[12]
    })
}

/// NIPT of Albania: a letter A–M, eight digits, a letter. Its check is not
/// published.
pub(super) fn nipt(value: &[u8]) -> bool {
    value.len() == 10
        && (b'A'..=b'M').contains(&value[0])
        && all_digits(&value[1..9])
        && value[9].is_ascii_uppercase()
        && !same(&value[1..9])
}

/// AMKA: date of birth, serial, Luhn's check (IDIKA).
pub(super) fn amka(value: &[u8]) -> bool {
    digits::<11>(value)
        .is_some_and(|d| short_date(int(&d[4..6]), int(&d[2..4]), int(&d[..2])) && luhn(&d))
}

/// AFM, also the VAT number without EL: nine digits, weights 256 to 2 modulo 11
/// and 10 (AADE).
pub(super) fn afm(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        int(&d) != 0 && !same(&d) && dot(&d, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10 == d[8]
    })
}

/// TIC of Cyprus, also the VAT number without CY: eight digits, not 12 in
/// front, and a letter; digits in odd places are translated, the sum modulo 26
/// (Tax Department).
pub(super) fn cypriot_tic(value: &[u8]) -> bool {
    const ODD: [u64; 10] = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    value.len() == 9
        && digits::<8>(&value[..8]).is_some_and(|d| {
            let sum: Option<u64> = d
                .iter()
                .enumerate()
                .map(|(at, &d)| {
                    if at % 2 == 0 {
                        at_index(&ODD, d)
                    } else {
                        Some(d)
                    }
                })
                .sum();
            int(&d[..2]) != 12
                && !same(&d)
                && sum.and_then(|sum| at_index(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ", sum % 26))
                    == Some(value[8])
        })
}

/// T.C. kimlik numarası: eleven digits; the tenth from seven times the odd
/// places less the even ones, the eleventh from the sum of ten (NVİ).
pub(super) fn tckn(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let odd = d[0] + d[2] + d[4] + d[6] + d[8];
        let even = d[1] + d[3] + d[5] + d[7];
        d[0] != 0 && (odd * 7 + 100 - even) % 10 == d[9] && (odd + even + d[9]) % 10 == d[10]
    })
}

/// Vergi kimlik numarası: ten digits; each is shifted by its place and weighed
/// by a power of two modulo nine (GİB).
pub(super) fn vkn(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        let sum: u64 = d[..9]
            .iter()
            .zip((1..=9).rev())
            .map(|(d, place): (&u64, u64)| {
                let shifted = (d + place) % 10;
                match (shifted << place) % 9 {
                    0 if shifted != 0 => 9,
                    other => other,
                }
            })
            .sum();
        int(&d) != 0 && !same(&d) && (10 - sum % 10) % 10 == d[9]
    })
}
