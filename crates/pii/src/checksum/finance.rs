//! Bank, card, device and securities identifiers that belong to no country.

use super::arith::{RUN, all_digits, base36, digit_run, digits, dot, int, luhn, mod97, same};

/// Luhn's check (ISO/IEC 7812-1 annex B) over two to thirty-two digits, not all
/// equal.
pub(super) fn luhn_any(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    value.len() >= 2 && digit_run(value, &mut buffer).is_some_and(|d| !same(d) && luhn(d))
}

/// A payment card number (ISO/IEC 7812-1): an issuer range that is in use with
/// its lengths, then Luhn's check.
///
/// Ranges are those the networks publish: Visa, Mastercard (51–55, 2221–2720),
/// American Express (34, 37), Diners Club (300–305, 3095, 36, 38, 39), Discover
/// (6011, 644–649, 65), JCB (3528–3589), `UnionPay` (62, 81), Maestro (50,
/// 56–58, 6x), Mir (2200–2204), Troy (9792), `RuPay` (60, 65, 81, 82, 508),
/// `UATP` and old JCB (1800, 2131), Elo (within the ranges above and 506, 509, 636), Verve (506, 650).
pub(super) fn card(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    let length = value.len();
    if !(12..=19).contains(&length) {
        return false;
    }
    let Some(d) = digit_run(value, &mut buffer) else {
        return false;
    };
    let (p1, p2, p3, p4) = (d[0], int(&d[..2]), int(&d[..3]), int(&d[..4]));
    let issued = match (p1, p2) {
        (2, _) => {
            (2221..=2720).contains(&p4) && length == 16
                || (2200..=2204).contains(&p4) && (16..=19).contains(&length)
                || p4 == 2131 && length == 15
        }
        (1, _) => p4 == 1800 && length == 15,
        (3, 34 | 37) => length == 15,
        (3, 35) => (3528..=3589).contains(&p4) && (16..=19).contains(&length),
        (3, 30) => ((300..=305).contains(&p3) || p3 == 309) && (14..=19).contains(&length),
        (3, 36 | 38 | 39) => (14..=19).contains(&length),
        (4, _) => matches!(length, 13 | 16 | 19),
        (5, 51..=55) => length == 16,
        (5, 50 | 56..=58) => true,
        (6, _) => p3 != 600 || length >= 16,
        (8, 81 | 82) => (16..=19).contains(&length),
        (9, _) => p4 == 9792 && length == 16,
        _ => false,
    };
    // One repeated digit, or nothing after the issuer, is a placeholder.
    issued && !same(d) && !d[6..].iter().all(|&x| x == 0) && luhn(d)
}

/// An international mobile equipment identity: 15 digits with Luhn's check, or
/// 16 of the software-version form, which has none (3GPP TS 23.003 section 6.2).
///
/// The first two digits are the reporting body; those that never issued are
/// refused.
pub(super) fn imei(value: &[u8]) -> bool {
    let body = |d: &[u64]| !same(d) && int(&d[..8]) != 0;
    match value.len() {
        15 => digits::<15>(value).is_some_and(|d| body(&d) && luhn(&d)),
        16 => digits::<16>(value).is_some_and(|d| {
            body(&d) && matches!(int(&d[..2]), 1 | 10 | 30 | 33 | 35 | 44 | 45 | 49..=54 | 86 | 91 | 97..=99)
        }),
        _ => false,
    }
}

/// An international mobile subscriber identity: 14 or 15 digits after a mobile
/// country code that is assigned (ITU-T E.212; codes 2xx–7xx and 901).
pub(super) fn imsi(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    matches!(value.len(), 14 | 15)
        && digit_run(value, &mut buffer).is_some_and(|d| {
            let country = int(&d[..3]);
            !same(&d[3..]) && (matches!(country, 202..=750) || country == 901)
        })
}

/// The account part of each country's IBAN: length and kind of characters, `n`
/// digits, `a` uppercase letters, `c` either. Source: the IBAN registry (SWIFT
/// as registration authority of ISO 13616), release 101.
const IBAN: &[(&[u8; 2], &[u8])] = &[
    (b"AD", b"08n12c"),
    (b"AE", b"19n"),
    (b"AL", b"08n16c"),
    (b"AT", b"16n"),
    (b"AZ", b"04a20c"),
    (b"BA", b"16n"),
    (b"BE", b"12n"),
    (b"BG", b"04a06n08c"),
    (b"BH", b"04a14c"),
    (b"BI", b"23n"),
    (b"BR", b"23n01a01c"),
    (b"BY", b"04c04n16c"),
    (b"CH", b"05n12c"),
    (b"CR", b"18n"),
    (b"CY", b"08n16c"),
    (b"CZ", b"20n"),
    (b"DE", b"18n"),
    (b"DJ", b"23n"),
    (b"DK", b"14n"),
    (b"DO", b"04c20n"),
    (b"EE", b"16n"),
    (b"EG", b"25n"),
    (b"ES", b"20n"),
    (b"FI", b"14n"),
    (b"FK", b"02a12n"),
    (b"FO", b"14n"),
    (b"FR", b"10n11c02n"),
    (b"GB", b"04a14n"),
    (b"GE", b"02a16n"),
    (b"GI", b"04a15c"),
    (b"GL", b"14n"),
    (b"GR", b"07n16c"),
    (b"GT", b"04c20c"),
    (b"HN", b"04a20n"),
    (b"HR", b"17n"),
    (b"HU", b"24n"),
    (b"IE", b"04a14n"),
    (b"IL", b"19n"),
    (b"IQ", b"04a15n"),
    (b"IS", b"22n"),
    (b"IT", b"01a10n12c"),
    (b"JO", b"04a04n18c"),
    (b"KW", b"04a22c"),
    (b"KZ", b"03n13c"),
    (b"LB", b"04n20c"),
    (b"LC", b"04a24c"),
    (b"LI", b"05n12c"),
    (b"LT", b"16n"),
    (b"LU", b"03n13c"),
    (b"LV", b"04a13c"),
    (b"LY", b"21n"),
    (b"MC", b"10n11c02n"),
    (b"MD", b"02c18c"),
    (b"ME", b"18n"),
    (b"MK", b"03n10c02n"),
    (b"MN", b"16n"),
    (b"MR", b"23n"),
    (b"MT", b"04a05n18c"),
    (b"MU", b"04a19n03a"),
    (b"NI", b"04a20n"),
    (b"NL", b"04a10n"),
    (b"NO", b"11n"),
    (b"OM", b"03n16c"),
    (b"PK", b"04a16c"),
    (b"PL", b"24n"),
    (b"PS", b"04a21c"),
    (b"PT", b"21n"),
    (b"QA", b"04a21c"),
    (b"RO", b"04a16c"),
    (b"RS", b"18n"),
    (b"RU", b"14n15c"),
    (b"SA", b"02n18c"),
    (b"SC", b"04a20n03a"),
    (b"SD", b"14n"),
    (b"SE", b"20n"),
    (b"SI", b"15n"),
    (b"SK", b"20n"),
    (b"SM", b"01a10n12c"),
    (b"SO", b"19n"),
    (b"ST", b"21n"),
    (b"SV", b"04a20n"),
    (b"TL", b"19n"),
    (b"TN", b"20n"),
    (b"TR", b"06n16c"),
    (b"UA", b"06n19c"),
    (b"VA", b"18n"),
    (b"VG", b"04a16n"),
    (b"XK", b"16n"),
    (b"YE", b"04a04n18c"),
];

/// An IBAN (ISO 13616-1): a country of the registry, its length and characters,
/// and 97-10 with the first four characters moved to the end. Check digits 00,
/// 01 and 99 are never issued.
pub(super) fn iban(value: &[u8]) -> bool {
    let Some((head, account)) = value.split_at_checked(4) else {
        return false;
    };
    let Ok(at) = IBAN.binary_search_by(|(country, _)| country.as_slice().cmp(&head[..2])) else {
        return false;
    };
    let mut rest = account;
    for part in IBAN[at].1.chunks_exact(3) {
        let length = usize::from(part[0] - b'0') * 10 + usize::from(part[1] - b'0');
        let Some((now, later)) = rest.split_at_checked(length) else {
            return false;
        };
        let fits = now.iter().all(|byte| match part[2] {
            b'n' => byte.is_ascii_digit(),
            b'a' => byte.is_ascii_uppercase(),
            _ => byte.is_ascii_digit() || byte.is_ascii_uppercase(),
        });
        if !fits {
            return false;
        }
        rest = later;
    }
    rest.is_empty()
        && all_digits(&head[2..])
        && !matches!(&head[2..], b"00" | b"01" | b"99")
        && account.iter().any(|&byte| byte != b'0')
        && mod97(account.iter().chain(head).copied()) == Some(1)
}

/// ISO 3166-1 alpha-2 codes, two letters each, sorted, with XK as SWIFT uses it.
const COUNTRIES: &[u8] = b"ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

/// Whether two letters are a country of ISO 3166-1.
pub(super) fn country(code: &[u8]) -> bool {
    COUNTRIES.chunks_exact(2).any(|one| one == code)
}

/// A business identifier code (ISO 9362): four letters, a country of ISO
/// 3166-1, two location characters and, optionally, a three-character branch.
/// It has no check digit, so a rule needs context.
pub(super) fn bic(value: &[u8]) -> bool {
    matches!(value.len(), 8 | 11)
        && value[..4].iter().all(|&byte| base36(byte).is_some())
        && value[..4].iter().any(u8::is_ascii_uppercase)
        && country(&value[4..6])
        && value[6..].iter().all(|&byte| base36(byte).is_some())
}

/// A legal entity identifier (ISO 17442): 18 characters and two check digits
/// by MOD 97-10.
pub(super) fn lei(value: &[u8]) -> bool {
    value.len() == 20
        && all_digits(&value[18..])
        && !same(&value[..18])
        && mod97(value.iter().copied()) == Some(1)
}

/// An international securities identification number (ISO 6166): a country or
/// X-code, nine characters, and Luhn over the letters spelt as two digits.
pub(super) fn isin(value: &[u8]) -> bool {
    if value.len() != 12 || !value[11].is_ascii_digit() {
        return false;
    }
    let area = &value[..2];
    if !(country(area)
        || matches!(
            area,
            b"XS" | b"XA" | b"XB" | b"XC" | b"XD" | b"XF" | b"EU" | b"QS" | b"QT" | b"QW"
        ))
    {
        return false;
    }
    let mut buffer = [0; RUN];
    let mut length = 0;
    for &byte in value {
        let Some(v) = base36(byte) else { return false };
        if v >= 10 {
            buffer[length] = v / 10;
            length += 1;
        }
        buffer[length] = v % 10;
        length += 1;
    }
    luhn(&buffer[..length])
}

/// A vehicle identification number with the North American check digit (49 CFR
/// 565.15, ISO 3779): weights 8 7 6 5 4 3 2 10 0 9 … 2, remainder 10 written X.
///
/// European numbers need not carry it; their rule needs context instead.
pub(super) fn vin(value: &[u8]) -> bool {
    const WEIGHTS: [u64; 17] = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
    if !vin_shape(value) {
        return false;
    }
    let mut sum = 0;
    for (&byte, weight) in value.iter().zip(WEIGHTS) {
        let number = match byte {
            b'0'..=b'9' => u64::from(byte - b'0'),
            b'A'..=b'H' => u64::from(byte - b'A') + 1,
            b'J'..=b'R' => u64::from(byte - b'J') + 1,
            _ => u64::from(byte - b'S') + 2,
        };
        sum += number * weight;
    }
    value[8] == b"0123456789X"[(sum % 11) as usize]
}

/// The shape of a vehicle identification number (ISO 3779): 17 characters
/// without I, O and Q, of which the last four are digits.
pub(super) fn vin_shape(value: &[u8]) -> bool {
    value.len() == 17
        && value
            .iter()
            .all(|&byte| base36(byte).is_some() && !matches!(byte, b'I' | b'O' | b'Q'))
        && all_digits(&value[13..])
        && value.iter().any(u8::is_ascii_uppercase)
        && !same(value)
}

/// A routing number of the American Bankers Association: weights 3 7 1, and a
/// first pair that the Federal Reserve assigns (00–12, 21–32, 61–72, 80).
pub(super) fn aba(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        matches!(int(&d[..2]), 0..=12 | 21..=32 | 61..=72 | 80)
            && int(&d) != 0
            && dot(&d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
    })
}
