//! France.

use super::arith::{RUN, all_digits, base36, digit_run, digits, int, luhn, mod97, same};

/// Numéro d'inscription au répertoire (INSEE): sex, year, month, department
/// (2A and 2B in Corsica), commune, order, and 97 minus the rest by 97.
pub(super) fn nir(value: &[u8]) -> bool {
    if value.len() != 15 {
        return false;
    }
    let mut plain = [0; 15];
    plain.copy_from_slice(value);
    // Corsica counts as 19 and 18 in the calculation.
    let department: &[u8] = match &value[5..7] {
        b"2A" => b"19",
        b"2B" => b"18",
        other => other,
    };
    plain[5..7].copy_from_slice(department);
    digits::<15>(&plain).is_some_and(|d| {
        matches!(d[0], 1..=4 | 7 | 8)
            && matches!(int(&d[3..5]), 1..=12 | 20..=42 | 50..=99)
            && int(&d[5..7]) != 0
            && int(&d[10..13]) != 0
            && 97 - int(&d[..13]) % 97 == int(&d[13..])
    })
}

/// SIREN of a legal unit: nine digits with Luhn's check (INSEE).
pub(super) fn siren(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| !same(&d) && luhn(&d))
}

/// SIRET of an establishment: its SIREN, five digits, Luhn's check; La Poste's
/// establishments have a sum of digits divisible by five instead (INSEE).
pub(super) fn siret(value: &[u8]) -> bool {
    digits::<14>(value).is_some_and(|d| {
        luhn(&d[..9])
            && !same(&d[..9])
            && (luhn(&d) || int(&d[..9]) == 356_000_000 && d.iter().sum::<u64>().is_multiple_of(5))
    })
}

/// Numéro fiscal de référence (SPI): 13 digits from 0 to 3, the first ten
/// modulo 511 as the last three (`DGFiP`).
pub(super) fn spi(value: &[u8]) -> bool {
    digits::<13>(value)
        .is_some_and(|d| d[0] <= 3 && int(&d[..10]) != 0 && int(&d[..10]) % 511 == int(&d[10..]))
}

/// Numéro de TVA: a key of two characters and a SIREN; numeric keys are the
/// SIREN with 12 appended modulo 97, others follow the newer scheme (`DGFiP`).
pub(super) fn tva(value: &[u8]) -> bool {
    if value.len() != 11 {
        return false;
    }
    let (key, number) = value.split_at(2);
    if !all_digits(number) || same(number) {
        return false;
    }
    // Monaco's numbers carry 000 in place of a SIREN's first three digits.
    if !(siren(number) || number.starts_with(b"000")) {
        return false;
    }
    let mut buffer = [0; RUN];
    let Some(siren) = digit_run(number, &mut buffer).map(int) else {
        return false;
    };
    if all_digits(key) {
        return mod97(number.iter().chain(b"12").copied()) == mod97(key.iter().copied());
    }
    let alphabet = |byte| super::arith::place(byte, b"0123456789ABCDEFGHJKLMNPQRSTUVWXYZ");
    let (Some(first), Some(second)) = (alphabet(key[0]), alphabet(key[1])) else {
        return false;
    };
    let check = if key[0].is_ascii_digit() {
        first * 24 + second - 10
    } else {
        first * 34 + second - 100
    };
    (siren + 1 + check / 11) % 11 == check % 11
}

/// National identity card: the format since 2021, nine characters without
/// vowels' look-alikes, or the older twelve digits.
pub(super) fn cni(value: &[u8]) -> bool {
    match value.len() {
        9 => {
            value.iter().all(|&byte| base36(byte).is_some())
                && value.iter().any(u8::is_ascii_digit)
                && value[0].is_ascii_uppercase()
        }
        12 => digits::<12>(value).is_some_and(|d| !same(&d) && matches!(int(&d[2..4]), 1..=12)),
        _ => false,
    }
}
