//! Canada, Mexico, Central and South America, the Caribbean.

use super::arith::{
    RUN, all_digits, at_index, digit_run, digits, dot, int, luhn, place, same, short_date,
};

/// Social insurance number: nine digits with Luhn's check; 0 and 8 in front are
/// not given to people (Service Canada).
pub(super) fn sin(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| !matches!(d[0], 0 | 8) && !same(&d) && luhn(&d))
}

/// Business number of Canada: nine digits with Luhn's check, and a program
/// account of two letters and four digits, or none (CRA).
pub(super) fn canadian_bn(value: &[u8]) -> bool {
    let Some((number, tail)) = value.split_at_checked(9) else {
        return false;
    };
    let account = match tail {
        [] => true,
        [a, b, rest @ ..] => {
            matches!(
                &[*a, *b],
                b"RC" | b"RM" | b"RP" | b"RT" | b"RR" | b"RZ" | b"RN"
            ) && digits::<4>(rest).is_some()
        }
        [_] => false,
    };
    account && digits::<9>(number).is_some_and(|d| !same(&d) && luhn(&d))
}

/// Personal health number of British Columbia: 9, weights 2 4 8 5 10 9 7 3
/// modulo 11 (BC Ministry of Health, conformance standards).
pub(super) fn bc_phn(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        d[0] == 9
            && !same(&d)
            && (dot(&d[1..9], &[2, 4, 8, 5, 10, 9, 7, 3]) + d[9]).is_multiple_of(11)
    })
}

/// Health card of Ontario: ten digits with Luhn's check and a version of up to
/// two letters (Ministry of Health, health number reference manual).
pub(super) fn ontario_health(value: &[u8]) -> bool {
    let Some((number, version)) = value.split_at_checked(10) else {
        return false;
    };
    version.len() <= 2
        && version.iter().all(u8::is_ascii_uppercase)
        && digits::<10>(number).is_some_and(|d| d[0] != 0 && !same(&d) && luhn(&d))
}

/// Health insurance card of Québec: surname and initial, date of birth (50 more
/// in the month for women), two more digits (RAMQ). Its check is not published.
pub(super) fn ramq(value: &[u8]) -> bool {
    value.len() == 12
        && value[..4].iter().all(u8::is_ascii_uppercase)
        && digits::<8>(&value[4..]).is_some_and(|d| {
            let month = int(&d[2..4]);
            let month = if month > 50 { month - 50 } else { month };
            short_date(int(&d[..2]), month, int(&d[4..6]))
        })
}

/// CPF: nine digits and two check digits, weights 10 to 2 and 11 to 2 modulo 11
/// (Receita Federal).
pub(super) fn cpf(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let first = (11 - dot(&d[..9], &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10;
        let second = (11 - dot(&d[..10], &[11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10;
        !same(&d) && first == d[9] && second == d[10]
    })
}

/// CNPJ: twelve digits (or, since July 2026, letters too, valued by their place
/// in ASCII after zero) and two check digits modulo 11 (Instrução Normativa RFB
/// 2.229/2024).
pub(super) fn cnpj(value: &[u8]) -> bool {
    const WEIGHTS: [u64; 13] = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
    if value.len() != 14
        || !value[..12]
            .iter()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
        || value[..12].iter().all(|&byte| byte == b'0')
    {
        return false;
    }
    let mut v = [0; 14];
    for (slot, &byte) in v.iter_mut().zip(value) {
        *slot = u64::from(byte.wrapping_sub(b'0'));
    }
    let first = (11 - dot(&v[..12], &WEIGHTS[1..]) % 11) % 11 % 10;
    let second = (11 - dot(&v[..13], &WEIGHTS) % 11) % 11 % 10;
    !same(value) && first == v[12] && second == v[13]
}

/// PIS, PASEP and NIT of Brazil: eleven digits, weights 3 2 9 8 7 6 5 4 3 2
/// modulo 11 (Caixa).
pub(super) fn pis(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let rest = dot(&d, &[3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        !same(&d) && (if rest < 2 { 0 } else { 11 - rest }) == d[10]
    })
}

/// Driving licence of Brazil (CNH): nine digits and two check digits modulo 11
/// (DENATRAN).
pub(super) fn cnh(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let first = dot(&d[..9], &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11;
        let second = dot(&d[..9], &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11;
        let (first, less) = if first > 9 { (0, 2) } else { (first, 0) };
        let second = if second > 9 {
            0
        } else {
            (second + 11 - less) % 11 % 10
        };
        !same(&d) && first == d[9] && second == d[10]
    })
}

/// CURP: initials, date of birth, sex, state, consonants, a digit or letter for
/// the century, and a check digit: weights 18 to 2 over an alphabet with Ñ
/// (RENAPO, Instructivo normativo).
pub(super) fn curp(value: &[u8]) -> bool {
    const STATES: &[u8] = b"ASBCBSCCCHCLCMCSDFDGGRGTHGJCMCMNMSNENLNTOCPLQRQTSLSPSRTCTLTSVZYNZS";
    if value.len() != 18
        || !value[..4].iter().all(u8::is_ascii_uppercase)
        || !matches!(value[10], b'H' | b'M' | b'X')
        || !STATES.chunks(2).any(|state| state == &value[11..13])
        || !value[13..16].iter().all(u8::is_ascii_uppercase)
    {
        return false;
    }
    // Ñ stands between N and O, so letters after N are one further.
    let of = |byte: u8| super::arith::base36(byte).map(|v| if byte > b'N' { v + 1 } else { v });
    let sum = value[..17]
        .iter()
        .zip((2..=18).rev())
        .try_fold(0, |sum, (&byte, weight)| Some(sum + of(byte)? * weight));
    let born = digits::<6>(&value[4..10]).is_some_and(|d| {
        let century = if value[16].is_ascii_digit() {
            1900
        } else {
            2000
        };
        super::arith::date(century + int(&d[..2]), int(&d[2..4]), int(&d[4..]))
    });
    let check = value[17].checked_sub(b'0').map(u64::from);
    born && sum.map(|sum: u64| (10 - sum % 10) % 10) == check
}

/// RFC: three letters for firms or four for people, a date, two characters and
/// a check: weights 13 to 2 over an alphabet with & and Ñ, modulo 11 (SAT).
pub(super) fn rfc(value: &[u8]) -> bool {
    // Latin capital Ñ is no ASCII letter: such names are not checked here.
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ ";
    let letters = match value.len() {
        12 => 3,
        13 => 4,
        _ => return false,
    };
    let dated = digits::<6>(&value[letters..letters + 6])
        .is_some_and(|d| short_date(int(&d[..2]), int(&d[2..4]), int(&d[4..])));
    let sum = value[..value.len() - 1].iter().rev().zip(2..).try_fold(
        if letters == 3 { 37 * 13 } else { 0 },
        |sum: u64, (&byte, weight)| Some(sum + place(byte, ALPHABET)? * weight),
    );
    value[..letters].iter().all(u8::is_ascii_uppercase)
        && dated
        && sum.and_then(|sum| at_index(b"0A987654321", sum % 11)) == value.last().copied()
}

/// NSS of Mexico: office, year of affiliation, year of birth, serial, Luhn's
/// check (IMSS).
pub(super) fn mexican_nss(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| !same(&d) && int(&d[..2]) != 0 && luhn(&d))
}

/// CUIT and CUIL: kind, eight digits, weights 5 4 3 2 7 6 5 4 3 2 modulo 11
/// (AFIP).
pub(super) fn cuit(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let rest = dot(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        matches!(
            int(&d[..2]),
            20 | 23 | 24 | 25..=27 | 30 | 33 | 34 | 50 | 51 | 55
        ) && int(&d[2..10]) != 0
            && at_index(&[0, 9, 9, 8, 7, 6, 5, 4, 3, 2, 1], rest) == Some(d[10])
    })
}

/// RUT and RUN: up to eight digits and a check digit or K, weights 2 to 7 from
/// the right modulo 11 (Servicio de Registro Civil).
pub(super) fn rut(value: &[u8]) -> bool {
    let Some((check, number)) = value.split_last() else {
        return false;
    };
    let mut buffer = [0; RUN];
    matches!(number.len(), 7 | 8)
        && digit_run(number, &mut buffer).is_some_and(|d| {
            let sum: u64 = d
                .iter()
                .rev()
                .zip([2, 3, 4, 5, 6, 7].into_iter().cycle())
                .map(|(d, w)| d * w)
                .sum();
            !same(d) && int(d) != 0 && at_index(b"0K987654321", sum % 11) == Some(*check)
        })
}

/// NIT of Colombia: up to ten digits and a check digit, weights are primes from
/// the right modulo 11 (DIAN).
pub(super) fn nit(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    (9..=11).contains(&value.len())
        && digit_run(value, &mut buffer).is_some_and(|d| {
            let Some((check, body)) = d.split_last() else {
                return false;
            };
            let sum: u64 = body
                .iter()
                .rev()
                .zip([3, 7, 13, 17, 19, 23, 29, 37, 41, 43])
                .map(|(d, w)| d * w)
                .sum();
            let rest = sum % 11;
            !same(d) && d[0] != 0 && (if rest < 2 { rest } else { 11 - rest }) == *check
        })
}

/// RUC of Peru: kind, number, weights 5 4 3 2 7 6 5 4 3 2 modulo 11 (SUNAT).
pub(super) fn peruvian_ruc(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let check = (11 - dot(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 10;
        matches!(int(&d[..2]), 10 | 15 | 16 | 17 | 20) && check == d[10]
    })
}

/// CUI of Peru: the eight digits of the DNI and a check digit or letter, weights
/// 3 2 7 6 5 4 3 2 modulo 11 (RENIEC).
pub(super) fn peruvian_cui(value: &[u8]) -> bool {
    value.len() == 9
        && digits::<8>(&value[..8]).is_some_and(|d| {
            let rest = dot(&d, &[3, 2, 7, 6, 5, 4, 3, 2]) % 11;
            !same(&d)
                && (at_index(b"65432110987", rest) == Some(value[8])
                    || at_index(b"KJIHGFEDCBA", rest) == Some(value[8]))
        })
}

/// Cédula of Uruguay: six or seven digits and a check digit, weights 2 9 8 7 6 3
/// 4 modulo 10 (DNIC).
pub(super) fn uruguayan_ci(value: &[u8]) -> bool {
    let mut padded = [b'0'; 8];
    match value.len() {
        7 => padded[1..].copy_from_slice(value),
        8 => padded.copy_from_slice(value),
        _ => return false,
    }
    digits::<8>(&padded).is_some_and(|d| {
        !same(&d) && (dot(&d[..7], &[2, 9, 8, 7, 6, 3, 4]) + d[7]).is_multiple_of(10)
    })
}

/// RUT of Uruguay: kind, number, 001, weights 4 3 2 9 8 7 6 5 4 3 2 modulo 11
/// (DGI).
pub(super) fn uruguayan_rut(value: &[u8]) -> bool {
    digits::<12>(value).is_some_and(|d| {
        matches!(int(&d[..2]), 1..=22)
            && int(&d[2..8]) != 0
            && int(&d[8..11]) == 1
            && (11 - dot(&d, &[4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 == d[11]
    })
}

fn province(d: &[u64]) -> bool {
    matches!(int(&d[..2]), 1..=24 | 30 | 50)
}

/// Cédula of Ecuador: province, third digit up to 6, Luhn's check (Registro
/// Civil).
pub(super) fn ecuadorian_ci(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| province(&d) && d[2] <= 6 && luhn(&d))
}

/// RUC of Ecuador: a cédula and establishment; 6 third for the public sector
/// (weights 3 2 7 6 5 4 3 2) and 9 for firms (4 3 2 7 6 5 4 3 2), modulo 11
/// (SRI).
pub(super) fn ecuadorian_ruc(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| {
        let natural = luhn(&d[..10]) && int(&d[10..]) != 0;
        let public = (dot(&d[..8], &[3, 2, 7, 6, 5, 4, 3, 2]) + d[8]).is_multiple_of(11)
            && int(&d[9..]) != 0;
        let firm = (dot(&d[..9], &[4, 3, 2, 7, 6, 5, 4, 3, 2]) + d[9]).is_multiple_of(11)
            && int(&d[10..]) != 0;
        province(&d)
            && match d[2] {
                0..=5 => natural,
                6 => public || natural,
                9 => public || firm,
                _ => false,
            }
    })
}

/// RIF of Venezuela: kind of holder, eight digits, weights 3 2 7 6 5 4 3 2
/// modulo 11 (SENIAT).
pub(super) fn rif(value: &[u8]) -> bool {
    let kind = match value.first() {
        Some(b'V') => 4,
        Some(b'E') => 8,
        Some(b'J' | b'C') => 12,
        Some(b'P') => 16,
        Some(b'G') => 20,
        _ => return false,
    };
    digits::<9>(&value[1..]).is_some_and(|d| {
        let rest = (kind + dot(&d[..8], &[3, 2, 7, 6, 5, 4, 3, 2])) % 11;
        at_index(&[0, 0, 9, 8, 7, 6, 5, 4, 3, 2, 1], rest) == Some(d[8])
    })
}

/// Cédula of the Dominican Republic: eleven digits with Luhn's check (JCE).
pub(super) fn dominican_cedula(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| int(&d[..10]) != 0 && !same(&d) && luhn(&d))
}

/// RNC of the Dominican Republic: weights 7 9 8 6 5 4 3 2 modulo 11 (DGII).
pub(super) fn rnc(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        let rest = dot(&d, &[7, 9, 8, 6, 5, 4, 3, 2]) % 11;
        !same(&d) && (10 - rest) % 9 + 1 == d[8]
    })
}

/// Cédula of Costa Rica: a digit 1–9 and eight more, padded with zeros. No check
/// digit (TSE).
pub(super) fn costa_rican_cedula(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| d[0] != 0 && int(&d[1..5]) != 0 && !same(&d))
}

/// NIT of Guatemala: up to eleven digits and a check digit or K, weights from the
/// right are 2, 3, … modulo 11 (SAT).
pub(super) fn guatemalan_nit(value: &[u8]) -> bool {
    let Some((check, number)) = value.split_last() else {
        return false;
    };
    let mut buffer = [0; RUN];
    (4..=11).contains(&number.len())
        && digit_run(number, &mut buffer).is_some_and(|d| {
            let sum: u64 = d
                .iter()
                .rev()
                .zip(2..)
                .map(|(d, w): (&u64, u64)| d * w)
                .sum();
            !same(d) && at_index(b"0123456789K", (11 - sum % 11) % 11) == Some(*check)
        })
}

/// RUC of Paraguay: up to eight digits and a check digit, weights 2, 3, … from
/// the right modulo 11 (SET).
pub(super) fn paraguayan_ruc(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    (5..=9).contains(&value.len())
        && digit_run(value, &mut buffer).is_some_and(|d| {
            let sum: u64 = d
                .iter()
                .rev()
                .skip(1)
                .zip(2..)
                .map(|(d, w): (&u64, u64)| d * w)
                .sum();
            !same(d) && Some(&((11 - sum % 11) % 11 % 10)) == d.last()
        })
}

/// NIT of El Salvador: fourteen digits with a date in the middle; the check
/// digit follows an old and a new scheme by the serial (Ministerio de Hacienda).
pub(super) fn salvadoran_nit(value: &[u8]) -> bool {
    digits::<14>(value).is_some_and(|d| {
        let check = if int(&d[10..13]) <= 100 {
            dot(&d, &[14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11 % 10
        } else {
            (11 - dot(&d, &[2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10
        };
        matches!(d[0], 0 | 1 | 9) && !same(&d) && check == d[13]
    })
}

/// Carné of Cuba: date of birth, serial with the century in the seventh digit,
/// no check digit that is published (MININT).
pub(super) fn cuban_ni(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let century = match d[6] {
            9 => 1800,
            0..=5 => 1900,
            _ => 2000,
        };
        super::arith::date(century + int(&d[..2]), int(&d[2..4]), int(&d[4..6]))
    })
}

/// National identity document of six to eight digits, which carries nothing.
pub(super) fn plain_dni(value: &[u8]) -> bool {
    matches!(value.len(), 7 | 8) && all_digits(value) && value[0] != b'0' && !same(value)
}
