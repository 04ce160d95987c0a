//! Australia, New Zealand, Africa, the Middle East.

use super::arith::{
    RUN, all_digits, date, digit_run, digits, dot, int, luhn, place, same, short_date,
};

/// Tax file number: nine digits, weights 1 4 3 7 5 8 6 9 10 modulo 11, or eight
/// of older ones, for which both those weights and 10 7 8 4 6 3 5 1 are told
/// (ATO).
pub(super) fn tfn(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    digit_run(value, &mut buffer).is_some_and(|d| {
        let first = dot(d, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11);
        int(d) != 0
            && !same(d)
            && match d.len() {
                8 => first || dot(d, &[10, 7, 8, 4, 6, 3, 5, 1]).is_multiple_of(11),
                9 => first,
                _ => false,
            }
    })
}

/// Australian business number: eleven digits, one less in front, weights 10 1 3
/// … 19 modulo 89 (ABR).
pub(super) fn abn(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| {
        d[0] != 0 && (dot(&d, &[10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10).is_multiple_of(89)
    })
}

/// Australian company number: nine digits, weights 8 to 1 modulo 10 (ASIC).
pub(super) fn acn(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| {
        int(&d) != 0
            && !same(&d)
            && (dot(&d[..8], &[8, 7, 6, 5, 4, 3, 2, 1]) + d[8]).is_multiple_of(10)
    })
}

/// Medicare card: 2–6, weights 1 3 7 9 1 3 7 9 modulo 10, issue, and perhaps the
/// person's line (Services Australia).
pub(super) fn medicare(value: &[u8]) -> bool {
    let mut buffer = [0; RUN];
    digit_run(value, &mut buffer).is_some_and(|d| {
        matches!(d.len(), 10 | 11)
            && matches!(d[0], 2..=6)
            && !same(d)
            && dot(&d[..8], &[1, 3, 7, 9, 1, 3, 7, 9]) % 10 == d[8]
            && d[9] != 0
    })
}

/// IRD number of New Zealand: eight or nine digits from 10 million to 150
/// million, weights 3 2 7 6 5 4 3 2 modulo 11, and 7 4 3 2 5 2 7 6 when that is
/// ten (Inland Revenue, RWT and NRWT specification).
pub(super) fn ird(value: &[u8]) -> bool {
    let mut padded = [b'0'; 9];
    match value.len() {
        8 => padded[1..].copy_from_slice(value),
        9 => padded.copy_from_slice(value),
        _ => return false,
    }
    digits::<9>(&padded).is_some_and(|d| {
        let check = |weights: &[u64; 8]| (11 - dot(&d[..8], weights) % 11) % 11;
        let check = match check(&[3, 2, 7, 6, 5, 4, 3, 2]) {
            10 => check(&[7, 4, 3, 2, 5, 2, 7, 6]),
            other => other,
        };
        (10_000_000..150_000_000).contains(&int(&d)) && check == d[8]
    })
}

/// National health index of New Zealand: three letters without I and O, and four
/// digits (the last checks modulo 11), or two digits, a letter and a check
/// letter modulo 23 (HISO 10046:2023).
pub(super) fn nhi(value: &[u8]) -> bool {
    const LETTERS: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWXYZ";
    let of = |byte: u8| match byte {
        b'0'..=b'9' => Some(u64::from(byte - b'0')),
        _ => place(byte, LETTERS).map(|v| v + 1),
    };
    if value.len() != 7
        || !value[..3].iter().all(u8::is_ascii_uppercase)
        || !all_digits(&value[3..5])
    {
        return false;
    }
    let sum = value[..6]
        .iter()
        .zip((2..=7).rev())
        .try_fold(0, |sum, (&byte, w)| Some(sum + of(byte)? * w));
    let (Some(sum), Some(last)) = (sum, of(value[6])) else {
        return false;
    };
    let sum: u64 = sum;
    if value[5].is_ascii_digit() {
        value[6].is_ascii_digit() && !sum.is_multiple_of(11) && (11 - sum % 11) % 10 == last
    } else {
        value[6].is_ascii_uppercase() && 23 - sum % 23 == last
    }
}

/// Identity number of South Africa: date of birth, sequence, citizenship, 8 or
/// 9, Luhn's check (Department of Home Affairs).
pub(super) fn south_african_id(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| {
        short_date(int(&d[..2]), int(&d[2..4]), int(&d[4..6])) && d[10] <= 2 && luhn(&d)
    })
}

/// Tax number of South Africa: ten digits from 0 to 3 or 9, Luhn's check (SARS).
pub(super) fn south_african_tin(value: &[u8]) -> bool {
    digits::<10>(value)
        .is_some_and(|d| matches!(d[0], 0..=3 | 9) && int(&d) != 0 && !same(&d) && luhn(&d))
}

/// KRA PIN of Kenya: A or P, nine digits, a letter (KRA). No published check.
pub(super) fn kenyan_pin(value: &[u8]) -> bool {
    value.len() == 11
        && matches!(value[0], b'A' | b'P')
        && all_digits(&value[1..10])
        && value[10].is_ascii_uppercase()
}

/// NIN and BVN of Nigeria: eleven digits, which carry nothing (NIMC, CBN).
pub(super) fn nigerian_nin(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| d[0] != 0 && !same(&d))
}

/// TIN of Ghana: kind of holder, ten digits or nine and a check: the first nine
/// digits with weights 1 to 9 modulo 11 (GRA).
pub(super) fn ghanaian_tin(value: &[u8]) -> bool {
    value.len() == 11
        && matches!(value[0], b'P' | b'C' | b'G' | b'Q' | b'V')
        && &value[1..3] == b"00"
        && digits::<9>(&value[1..10]).is_some_and(|d| {
            int(&d) != 0
                && super::arith::at_index(
                    b"0123456789X",
                    dot(&d, &[1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11,
                ) == Some(value[10])
        })
}

/// National identity number of Egypt: century, date of birth, governorate,
/// serial, check digit that is not published (Civil Status Authority).
pub(super) fn egyptian_id(value: &[u8]) -> bool {
    digits::<14>(value).is_some_and(|d| {
        let century = match d[0] {
            2 => 1900,
            3 => 2000,
            _ => return false,
        };
        date(century + int(&d[1..3]), int(&d[3..5]), int(&d[5..7]))
            && matches!(int(&d[7..9]), 1..=4 | 11..=19 | 21..=29 | 31..=35 | 88)
    })
}

/// ICE of Morocco: fifteen digits, MOD 97 of all is zero (DGI).
pub(super) fn moroccan_ice(value: &[u8]) -> bool {
    digits::<15>(value).is_some_and(|d| int(&d) != 0 && int(&d).is_multiple_of(97))
}

/// Identity number of Israel: nine digits with Luhn's check; shorter ones are
/// padded (Population Authority).
pub(super) fn israeli_id(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| int(&d) != 0 && !same(&d) && luhn(&d))
}

/// Company number of Israel: 5 in front, Luhn's check (Ministry of Justice).
pub(super) fn israeli_company(value: &[u8]) -> bool {
    value.first() == Some(&b'5') && israeli_id(value)
}

/// Emirates ID: 784, year of birth, seven digits, Luhn's check (ICP).
pub(super) fn emirates_id(value: &[u8]) -> bool {
    digits::<15>(value)
        .is_some_and(|d| int(&d[..3]) == 784 && (1900..2100).contains(&int(&d[3..7])) && luhn(&d))
}

/// National identity or iqama of Saudi Arabia: 1 or 2, Luhn's check (Absher).
pub(super) fn saudi_id(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| matches!(d[0], 1 | 2) && !same(&d[1..]) && luhn(&d))
}

/// Civil ID of Kuwait: century, date of birth, serial, weights 2 1 6 3 7 9 10 5 8
/// 4 2 modulo 11 (PACI).
pub(super) fn kuwaiti_id(value: &[u8]) -> bool {
    digits::<12>(value).is_some_and(|d| {
        let rest = dot(&d, &[2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11;
        matches!(d[0], 1..=3)
            && short_date(int(&d[1..3]), int(&d[3..5]), int(&d[5..7]))
            && 11 - rest == d[11]
    })
}

/// QID of Qatar: century, year of birth, country, serial. No published check
/// digit (Ministry of Interior).
pub(super) fn qatari_id(value: &[u8]) -> bool {
    digits::<11>(value).is_some_and(|d| matches!(d[0], 2 | 3) && int(&d[3..6]) != 0 && !same(&d))
}

/// CPR of Bahrain: year, month, serial and a digit; no published check (iGA).
pub(super) fn bahraini_cpr(value: &[u8]) -> bool {
    digits::<9>(value).is_some_and(|d| matches!(int(&d[2..4]), 1..=12))
}

/// National code of Iran: ten digits, weights 10 to 2 modulo 11 (NOCR).
pub(super) fn iranian_code(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        let rest = dot(&d, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
        !same(&d) && (if rest < 2 { rest } else { 11 - rest }) == d[9]
    })
}

/// National identity card of Mauritius: initial of the surname, date of birth,
/// serial, check by weights 14 to 2 over base 36 modulo 17 (Civil Status
/// Division).
pub(super) fn mauritian_nid(value: &[u8]) -> bool {
    if value.len() != 14 || !value[0].is_ascii_uppercase() || !all_digits(&value[1..13]) {
        return false;
    }
    let sum = value[..13]
        .iter()
        .zip((2..=14).rev())
        .try_fold(0, |sum, (&byte, w)| {
            Some(sum + super::arith::base36(byte)? * w)
        });
    digits::<6>(&value[1..7]).is_some_and(|d| short_date(int(&d[4..]), int(&d[2..4]), int(&d[..2])))
        && sum
            .and_then(|sum: u64| super::arith::at_index(b"0123456789ABCDEFG", (17 - sum % 17) % 17))
            == Some(value[13])
}
