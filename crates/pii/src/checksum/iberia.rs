//! Portugal, Andorra.

use super::arith::{all_digits, base36, digits, dot, int, same};

/// Número de identificação fiscal: weights 9 to 2, eleven minus the rest by
/// eleven, ten and more as zero; first digits in use (Decreto-Lei 14/2013).
pub(super) fn nif(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        let check = (11 - dot(&d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 11 % 10;
        d[0] != 0 && !same(&d) && check == d[8]
    })
}

/// Número de documento of the cartão de cidadão: nine digits with the civil
/// number's own, two letters or digits of the version, and a check digit by
/// Luhn over base 36 (AMA, validation of the document number).
pub(super) fn cartao_cidadao(value: &[u8]) -> bool {
    value.len() == 12
        && all_digits(&value[..9])
        && value[11].is_ascii_digit()
        && !same(&value[..9])
        && value
            .iter()
            .rev()
            .enumerate()
            .try_fold(0, |sum, (at, &byte)| {
                let v = base36(byte)?;
                let v = if at % 2 == 1 { v * 2 } else { v };
                Some(sum + if at % 2 == 1 && v > 9 { v - 9 } else { v })
            })
            .is_some_and(|sum: u64| sum.is_multiple_of(10))
}

/// Número de identificação da segurança social: eleven digits from 1 or 2,
/// weights are the primes 29 to 2, nine minus the last digit of the sum.
pub(super) fn niss(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let sum = dot(&d, &[29, 23, 19, 17, 13, 11, 7, 5, 3, 2]);
        matches!(d[0], 1 | 2) && !same(&d) && 9 - sum % 10 == d[10]
    })
}

/// Número de registre tributari of Andorra: kind, six digits, a letter; A and L
/// have ranges of their own (Govern d'Andorra). No published check letter.
pub(super) fn andorra_nrt(value: &[u8]) -> bool {
    value.len() == 8
        && b"ACDEFGLOPU".contains(&value[0])
        && value[7].is_ascii_uppercase()
        && digits::<6>(&value[1..7]).is_some_and(|d| match value[0] {
            b'F' => int(&d) <= 699_999,
            b'A' | b'L' => (700_000..800_000).contains(&int(&d)),
            _ => true,
        })
}
