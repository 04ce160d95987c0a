//! Spain.

use super::arith::{all_digits, at_index, digits, dot, int, luhn_sum, same};

/// The control letter of the DNI at each remainder by 23 (Ministerio del
/// Interior, "Cálculo del dígito de control del NIF/NIE").
const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// Documento nacional de identidad: eight digits and their control letter.
pub(super) fn dni(value: &[u8]) -> bool {
    value.len() == 9
        && digits::<8>(&value[..8])
            .is_some_and(|d| !same(&d) && at_index(LETTERS, int(&d) % 23) == Some(value[8]))
}

/// Número de identidad de extranjero: X, Y, Z stand for a leading 0, 1, 2 of
/// the DNI's calculation (Real Decreto 557/2011).
pub(super) fn nie(value: &[u8]) -> bool {
    let [first @ (b'X' | b'Y' | b'Z'), rest @ ..] = value else {
        return false;
    };
    rest.len() == 8
        && digits::<7>(&rest[..7]).is_some_and(|d| {
            let number = u64::from(first - b'X') * 10_000_000 + int(&d);
            at_index(LETTERS, number % 23) == Some(rest[7])
        })
}

/// Código de identificación fiscal of organisations: kind of organisation,
/// seven digits, and a control digit (Luhn) or its letter (Orden EHA/451/2008).
/// Sources disagree on which kind takes which form, so either is accepted.
pub(super) fn cif(value: &[u8]) -> bool {
    value.len() == 9
        && b"ABCDEFGHJNPQRSUVW".contains(&value[0])
        && digits::<7>(&value[1..8]).is_some_and(|d| {
            let mut all = [0; 8];
            all[..7].copy_from_slice(&d);
            let check = (10 - luhn_sum(&all) % 10) % 10;
            int(&d) != 0
                && (at_index(b"0123456789", check) == Some(value[8])
                    || at_index(b"JABCDEFGHI", check) == Some(value[8]))
        })
}

/// Número de identificación fiscal of anyone: DNI, NIE, CIF, or K, L, M with
/// seven digits and the DNI's letter.
pub(super) fn nif(value: &[u8]) -> bool {
    match value {
        [b'K' | b'L' | b'M', rest @ ..] if rest.len() == 8 => digits::<7>(&rest[..7])
            .is_some_and(|d| at_index(LETTERS, int(&d) % 23) == Some(rest[7])),
        _ => dni(value) || nie(value) || cif(value),
    }
}

/// Número de afiliación a la Seguridad Social: province (01–53, 66), eight
/// digits, and both modulo 97; numbers under ten million leave out the zero
/// (Tesorería General de la Seguridad Social).
pub(super) fn nuss(value: &[u8]) -> bool {
    digits::<12>(value).is_some_and(|d| {
        let (province, number) = (int(&d[..2]), int(&d[2..10]));
        let whole = if number < 10_000_000 {
            province * 10_000_000 + number
        } else {
            province * 100_000_000 + number
        };
        matches!(province, 1..=53 | 66) && number != 0 && whole % 97 == int(&d[10..])
    })
}

/// Código cuenta cliente: bank and branch, two control digits, account; weights
/// are powers of two modulo 11 (Consejo Superior Bancario).
pub(super) fn ccc(value: &[u8]) -> bool {
    const WEIGHTS: [u64; 10] = [1, 2, 4, 8, 5, 10, 9, 7, 3, 6];
    let control = |rest: u64| if rest < 2 { rest } else { 11 - rest };
    digits::<20>(value).is_some_and(|d| {
        int(&d[..8]) != 0
            && control(dot(&d[..8], &WEIGHTS[2..]) % 11) == d[8]
            && control(dot(&d[10..], &WEIGHTS) % 11) == d[9]
    })
}

/// A passport: three letters and six digits.
pub(super) fn passport(value: &[u8]) -> bool {
    value.len() == 9
        && value[..3].iter().all(u8::is_ascii_uppercase)
        && all_digits(&value[3..])
        && !same(&value[3..])
}
