//! Belgium, the Netherlands, Luxembourg.

use super::arith::{all_digits, base36, date, digits, dot, int, luhn, mod97, same, verhoeff};

/// Burgerservicenummer: weights 9 to 2 and −1, divisible by eleven (`RvIG`).
pub(super) fn bsn(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        !same(&d) && int(&d) != 0 && dot(&d, &[9, 8, 7, 6, 5, 4, 3, 2, 10]).is_multiple_of(11)
    })
}

/// Btw-identificatienummer without NL: nine digits, B, two digits; either a
/// BSN or RSIN in front, or since 2020 the whole with NL by MOD 97-10
/// (Belastingdienst).
pub(super) fn btw(value: &[u8]) -> bool {
    value.len() == 12
        && value[9] == b'B'
        && all_digits(&value[..9])
        && all_digits(&value[10..])
        && &value[10..] != b"00"
        && !same(&value[..9])
        && (bsn(&value[..9]) || mod97(b"NL".iter().chain(value).copied()) == Some(1))
}

/// Rijksregisternummer and bis number: birth date, order, 97 minus the rest by
/// 97, with 2 in front for those born from 2000; month 20 or 40 more for bis
/// numbers, parts of an unknown date are zero (Rijksregister, IT 000).
pub(super) fn nrn(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        let (year, month, day) = (int(&d[..2]), int(&d[2..4]) % 20, int(&d[4..6]));
        let body = int(&d[..9]);
        let known = |century: u64| month == 0 || day == 0 || date(century + year, month, day);
        let check = int(&d[9..]);
        int(&d[2..4]) < 60
            && month <= 12
            && day <= 31
            && int(&d[6..9]) != 0
            && int(&d[6..9]) != 999
            && !same(&d)
            && (97 - body % 97 == check && known(1900)
                || 97 - (2_000_000_000 + body) % 97 == check && known(2000))
    })
}

/// Ondernemingsnummer, also the VAT number without BE: ten digits from 0 or 1,
/// 97 minus the rest by 97 (Kruispuntbank van Ondernemingen).
pub(super) fn belgian_vat(value: &[u8]) -> bool {
    digits::<10>(value)
        .is_some_and(|d| d[0] <= 1 && int(&d[..8]) != 0 && 97 - int(&d[..8]) % 97 == int(&d[8..]))
}

/// Matricule of Luxembourg: date of birth, order, a digit by Luhn and one by
/// Verhoeff, both over the first eleven (loi du 19 juin 2013).
pub(super) fn matricule(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| {
        let mut second = [0; 12];
        second[..11].copy_from_slice(&d[..11]);
        second[11] = d[12];
        (1850..2100).contains(&int(&d[..4]))
            && date(int(&d[..4]), int(&d[4..6]), int(&d[6..8]))
            && luhn(&d[..12])
            && verhoeff(&second)
    })
}

/// VAT of Luxembourg without LU: six digits and their rest by 89
/// (Administration de l'enregistrement).
pub(super) fn luxembourg_vat(value: &[u8]) -> bool {
    digits::<8>(value).is_some_and(|d| int(&d[..6]) != 0 && int(&d[..6]) % 89 == int(&d[6..]))
}

/// Document number of a Dutch passport or identity card: two letters, six
/// letters or digits, a digit; no letter O (`RvIG`).
pub(super) fn dutch_document(value: &[u8]) -> bool {
    value.len() == 9
        && value[..2].iter().all(u8::is_ascii_uppercase)
        && value
            .iter()
            .all(|&byte| base36(byte).is_some() && byte != b'O')
        && value[8].is_ascii_digit()
}
