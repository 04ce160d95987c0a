//! FF1 (NIST SP 800-38G): digits stay digits, letters and digits stay that, signs
//! between them stay where they are.
//!
//! Invariants: `decrypt(encrypt(x)) = x`; fewer than a million possible values are
//! refused, since all could be tried. A card's check digit becomes wrong by five:
//! the result is nobody's card, and is known again.

use aes::Aes256;
use celador_pii::Class;
use fpe::ff1::{FF1, FlexibleNumeralString};

use crate::key::Key;
use crate::token::{is_off_by_five, luhn_digit, off_by_five};

/// Fewest digits, and fewest letters and digits, that make a million.
const DIGITS: usize = 6;
const SIGNS: usize = 4;
/// More than any value has; FF1's time grows with the square.
const LONGEST: usize = 64;
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What stands instead; `None` where too few values are possible, or a letter is
/// none of ASCII.
///
/// `number`: the value is a number, whose first digit is not to become a zero; `None`
/// where it begins with one (`0.5`) or has an exponent.
pub(crate) fn encrypt(
    key: &Key,
    class: Option<Class>,
    value: &str,
    number: bool,
) -> Option<String> {
    let (signs, places) = taken(value)?;
    if class == Some(Class::PaymentCard) {
        let (last, payload) = signs.split_last()?;
        // Only what is a card; the others have no check digit to restore.
        if !signs.iter().all(u8::is_ascii_digit) || *last != luhn_digit(payload) {
            return None;
        }
        let mut out = permute(key, class, payload.to_vec(), number, true)?;
        out.push(off_by_five(luhn_digit(&out)));
        return put(value, &places, &out);
    }
    put(value, &places, &permute(key, class, signs, number, true)?)
}

/// The value again.
pub(crate) fn decrypt(
    key: &Key,
    class: Option<Class>,
    value: &str,
    number: bool,
) -> Option<String> {
    let (signs, places) = taken(value)?;
    if class == Some(Class::PaymentCard) {
        if !is_off_by_five(&signs) {
            return None;
        }
        let (_, payload) = signs.split_last()?;
        let mut out = permute(key, class, payload.to_vec(), number, false)?;
        out.push(luhn_digit(&out));
        return put(value, &places, &out);
    }
    put(value, &places, &permute(key, class, signs, number, false)?)
}

/// Letters and digits of ASCII, and where they stand.
fn taken(value: &str) -> Option<(Vec<u8>, Vec<usize>)> {
    if value
        .chars()
        .any(|ch| !ch.is_ascii() && ch.is_alphanumeric())
    {
        return None;
    }
    let places: Vec<usize> = value
        .bytes()
        .enumerate()
        .filter(|(_, byte)| byte.is_ascii_alphanumeric())
        .map(|(at, _)| at)
        .collect();
    let signs = places
        .iter()
        .filter_map(|at| value.as_bytes().get(*at))
        .copied()
        .collect();
    Some((signs, places))
}

fn put(value: &str, places: &[usize], signs: &[u8]) -> Option<String> {
    let mut bytes = value.as_bytes().to_vec();
    for (at, sign) in places.iter().zip(signs) {
        *bytes.get_mut(*at)? = *sign;
    }
    String::from_utf8(bytes).ok()
}

fn permute(
    key: &Key,
    class: Option<Class>,
    signs: Vec<u8>,
    number: bool,
    forward: bool,
) -> Option<Vec<u8>> {
    let digits = signs.iter().all(u8::is_ascii_digit);
    let (radix, fewest) = if digits {
        (10, DIGITS + usize::from(number))
    } else {
        (62, SIGNS)
    };
    if !(fewest..=LONGEST).contains(&signs.len()) {
        return None;
    }
    if number && (!digits || signs.first() == Some(&b'0')) {
        return None;
    }
    let cipher = FF1::<Aes256>::new(key.format(), radix).ok()?;
    let tweak = class.map_or("", Class::name).as_bytes();
    let numerals = |signs: &[u8]| -> Option<Vec<u16>> {
        signs
            .iter()
            .map(|sign| ALPHABET.iter().position(|known| known == sign))
            .map(|place| u16::try_from(place?).ok())
            .collect()
    };
    let mut current = signs;
    loop {
        let text = FlexibleNumeralString::from(numerals(&current)?);
        let next: Vec<u16> = if forward {
            cipher.encrypt(tweak, &text).ok()?.into()
        } else {
            cipher.decrypt(tweak, &text).ok()?.into()
        };
        current = next
            .into_iter()
            .map(|numeral| ALPHABET.get(usize::from(numeral)).copied())
            .collect::<Option<_>>()?;
        // Values with letters are permuted among themselves (cycle walking), so
        // that the result tells which of the two ways it was made; and so are
        // numbers, which begin with no zero.
        let stays = if digits {
            !number || current.first() != Some(&b'0')
        } else {
            !current.iter().all(u8::is_ascii_digit)
        };
        if stays {
            return Some(current);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key::tests::key;
    use proptest::prelude::*;

    #[test]
    fn cards_are_nobodys() {
        let key = key("k", 200);
        let out =
            encrypt(&key, Some(Class::PaymentCard), "4111 1111-1111 1111", false).expect("a card");
        assert_eq!(out.len(), 19);
        assert_eq!((out.as_bytes()[4], out.as_bytes()[9]), (b' ', b'-'));
        let digits: Vec<u8> = out.bytes().filter(u8::is_ascii_digit).collect();
        assert!(is_off_by_five(&digits));
        assert_eq!(
            decrypt(&key, Some(Class::PaymentCard), &out, false).as_deref(),
            Some("4111 1111-1111 1111")
        );
        assert_eq!(
            encrypt(&key, Some(Class::PaymentCard), "4111 1111 1111 1112", false),
            None
        );
    }

    #[test]
    fn few_values_are_refused() {
        let key = key("k", 200);
        for value in ["12345", "abc", "", "--", "éàüöß12345678"] {
            assert_eq!(encrypt(&key, None, value, false), None, "{value}");
        }
    }

    #[test]
    fn numbers_stay_numbers() {
        let key = key("k", 200);
        for value in ["0.6123456", "-0.61234567", "1.5123456e3"] {
            assert_eq!(encrypt(&key, None, value, true), None, "{value}");
        }
        for number in 1_000_000..1_000_400 {
            let value = format!("-{number}.50");
            let out = encrypt(&key, None, &value, true).expect("a number");
            assert!(!out.starts_with("-0") && out.ends_with(|ch: char| ch.is_ascii_digit()));
            assert_eq!(decrypt(&key, None, &out, true), Some(value));
        }
    }

    proptest! {
        #[test]
        fn there_and_back(value in "[0-9]{6,20}|[0-9A-Za-z]{4,24}|[0-9]{3}-[0-9]{3}-[A-Z]{2}") {
            let key = key("k", 200);
            if let Some(out) = encrypt(&key, Some(Class::NationalId), &value, false) {
                prop_assert_eq!(out.len(), value.len());
                prop_assert_eq!(decrypt(&key, Some(Class::NationalId), &out, false), Some(value));
            } else {
                prop_assert!(false, "not encrypted");
            }
        }
    }
}
