//! East, South-East, South and Central Asia.

use super::arith::{
    all_digits, at_index, base36, date, digits, dot, int, luhn, place, same, short_date, verhoeff,
};

/// Aadhaar: twelve digits, the first from 2, Verhoeff's check, no palindrome
/// (UIDAI).
pub(super) fn aadhaar(value: &[u8]) -> bool {
    digits::<12>(value).is_some_and(|d| d[0] >= 2 && !d.iter().eq(d.iter().rev()) && verhoeff(&d))
}

/// Virtual ID of Aadhaar: sixteen digits as Aadhaar's (UIDAI).
pub(super) fn aadhaar_vid(value: &[u8]) -> bool {
    digits::<16>(value).is_some_and(|d| d[0] >= 2 && !d.iter().eq(d.iter().rev()) && verhoeff(&d))
}

/// Permanent account number: five letters, the fourth the kind of holder, four
/// digits, a letter (Income Tax Department). Its check letter is not published.
pub(super) fn pan(value: &[u8]) -> bool {
    value.len() == 10
        && value[..5].iter().all(u8::is_ascii_uppercase)
        && b"ABCEFGHJKLPT".contains(&value[3])
        && all_digits(&value[5..9])
        && &value[5..9] != b"0000"
        && value[9].is_ascii_uppercase()
}

/// GSTIN: state, PAN, number of the registration, Z, Luhn's check over base 36
/// (GST Network).
pub(super) fn gstin(value: &[u8]) -> bool {
    if value.len() != 15 || value[13] != b'Z' || value[12] == b'0' || !pan(&value[2..12]) {
        return false;
    }
    let state = digits::<2>(&value[..2]).is_some_and(|d| matches!(int(&d), 1..=38 | 96 | 97 | 99));
    let sum = value
        .iter()
        .rev()
        .enumerate()
        .try_fold(0, |sum, (at, &byte)| {
            let v = base36(byte)? * if at % 2 == 0 { 1 } else { 2 };
            Some(sum + v / 36 + v % 36)
        });
    state && sum.is_some_and(|sum: u64| sum.is_multiple_of(36))
}

/// Voter identity (EPIC): three letters, seven digits with Luhn's check
/// (Election Commission of India).
pub(super) fn epic(value: &[u8]) -> bool {
    value.len() == 10
        && value[..3].iter().all(u8::is_ascii_uppercase)
        && digits::<7>(&value[3..]).is_some_and(|d| !same(&d) && luhn(&d))
}

/// CNIC of Pakistan: region 1–7, twelve more digits, of which the last tells the
/// sex (NADRA). No check digit.
pub(super) fn cnic(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| matches!(d[0], 1..=7) && d[12] != 0 && !same(&d))
}

/// National identity card of Sri Lanka: two or four digits of the year, day of
/// the year (500 more for women), serial; the old form ends in V or X
/// (Department for Registration of Persons).
pub(super) fn sri_lankan_nic(value: &[u8]) -> bool {
    let day = |n: u64| matches!(n, 1..=366 | 501..=866);
    match value.len() {
        10 => {
            matches!(value[9], b'V' | b'X')
                && digits::<9>(&value[..9]).is_some_and(|d| day(int(&d[2..5])))
        }
        12 => digits::<12>(value)
            .is_some_and(|d| (1900..2100).contains(&int(&d[..4])) && day(int(&d[4..7]))),
        _ => false,
    }
}

/// Resident identity number of China: division, date of birth, order, ISO 7064
/// MOD 11-2 (GB 11643-1999).
pub(super) fn resident_id(value: &[u8]) -> bool {
    const WEIGHTS: [u64; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    value.len() == 18
        && digits::<17>(&value[..17]).is_some_and(|d| {
            matches!(
                int(&d[..2]),
                11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83 | 91
            ) && (1800..2100).contains(&int(&d[6..10]))
                && date(int(&d[6..10]), int(&d[10..12]), int(&d[12..14]))
                && at_index(b"10X98765432", dot(&d, &WEIGHTS) % 11) == Some(value[17])
        })
}

/// Unified social credit code of China: eighteen characters without I, O, S, V
/// and Z, weights are powers of three modulo 31 (GB 32100-2015).
pub(super) fn uscc(value: &[u8]) -> bool {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    const WEIGHTS: [u64; 17] = [
        1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28,
    ];
    value.len() == 18
        && base36(value[0]).is_some()
        && digits::<6>(&value[2..8]).is_some()
        && !same(&value[2..])
        && value[..17]
            .iter()
            .zip(WEIGHTS)
            .try_fold(0, |sum, (&byte, w)| Some(sum + place(byte, ALPHABET)? * w))
            .and_then(|sum: u64| at_index(ALPHABET, (31 - sum % 31) % 31))
            == Some(value[17])
}

/// Identity card of Hong Kong: one or two letters, six digits, check digit or A,
/// weights 9 to 1 modulo 11 with 36 for a missing letter (Immigration
/// Department).
pub(super) fn hkid(value: &[u8]) -> bool {
    let letters = match value.len() {
        8 => 1,
        9 => 2,
        _ => return false,
    };
    let (head, tail) = value.split_at(letters);
    if !head.iter().all(u8::is_ascii_uppercase) {
        return false;
    }
    let check = match tail[6] {
        b'A' => 10,
        byte @ b'0'..=b'9' => u64::from(byte - b'0'),
        _ => return false,
    };
    let of = |byte: u8| base36(byte).unwrap_or(0);
    let front = match head {
        [one] => 36 * 9 + of(*one) * 8,
        [one, two] => of(*one) * 9 + of(*two) * 8,
        _ => return false,
    };
    digits::<6>(&tail[..6]).is_some_and(|d| {
        !same(&d) && (front + dot(&d, &[7, 6, 5, 4, 3, 2]) + check).is_multiple_of(11)
    })
}

/// Identity card or resident number of Taiwan: a letter for the place, 1, 2, 8
/// or 9 (A–D before 2021), eight digits; weights 1 9 8 … 1 1 modulo 10
/// (Ministry of the Interior).
pub(super) fn taiwanese_id(value: &[u8]) -> bool {
    // The numbers of the letters 10 to 35, in this order.
    const PLACES: &[u8] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let Some(first) = value.first().and_then(|&byte| place(byte, PLACES)) else {
        return false;
    };
    let mut plain = [b'0'; 9];
    if value.len() != 10 {
        return false;
    }
    plain.copy_from_slice(&value[1..]);
    plain[0] = match plain[0] {
        byte @ (b'1' | b'2' | b'8' | b'9') => byte,
        byte @ b'A'..=b'D' => b'0' + byte - b'A',
        _ => return false,
    };
    let first = first + 10;
    digits::<9>(&plain).is_some_and(|d| {
        !same(&d[1..])
            && (first / 10 + first % 10 * 9 + dot(&d, &[8, 7, 6, 5, 4, 3, 2, 1, 1]))
                .is_multiple_of(10)
    })
}

/// Unified business number of Taiwan: digit sums with weights 1 2 1 2 1 2 4 1,
/// divisible by five since 2023; 7 in the seventh place may add one (Ministry of
/// Finance).
pub(super) fn taiwanese_ubn(value: &[u8]) -> bool {
    digits::<8>(value).is_some_and(|d| {
        let sum: u64 = d
            .iter()
            .zip([1, 2, 1, 2, 1, 2, 4, 1])
            .map(|(d, w)| d * w / 10 + d * w % 10)
            .sum();
        !same(&d) && (sum.is_multiple_of(5) || d[6] == 7 && (sum + 1).is_multiple_of(5))
    })
}

/// My number of Japan: twelve digits, weights 6 5 4 3 2 7 6 5 4 3 2 modulo 11
/// (ordinance of the MIC 85 of 2014).
pub(super) fn my_number(value: &[u8]) -> bool {
    digits::<12>(value).is_some_and(|d| {
        let rest = dot(&d, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        !same(&d) && (if rest < 2 { 0 } else { 11 - rest }) == d[11]
    })
}

/// Corporate number of Japan: a check digit in front of twelve, weights 1 2 from
/// the right modulo 9 (National Tax Agency).
pub(super) fn corporate_number(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| {
        let sum = dot(&d[1..], &[2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]);
        !same(&d) && 9 - sum % 9 == d[0]
    })
}

/// Driving licence of Japan: prefecture's commission, year, serial, check digit
/// with weights 5 4 3 2 7 6 5 4 3 2 modulo 11, and reissues (National Police
/// Agency).
pub(super) fn japanese_licence(value: &[u8]) -> bool {
    digits::<12>(value).is_some_and(|d| {
        let rest = dot(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
        let check = if rest < 2 { 0 } else { 11 - rest };
        !same(&d) && matches!(int(&d[..2]), 10..=99) && check == d[10]
    })
}

/// Resident registration number of Korea: date of birth, sex and century,
/// weights 2 to 9 and 2 to 5 modulo 11. Since October 2020 all after the sex is
/// random, so those born from 2020 on need no check (Resident Registration Act).
pub(super) fn korean_rrn(value: &[u8]) -> bool {
    digits::<13>(value).is_some_and(|d| {
        let century = match d[6] {
            1 | 2 | 5 | 6 => 1900,
            3 | 4 | 7 | 8 => 2000,
            _ => 1800,
        };
        let year = century + int(&d[..2]);
        let check = (11 - dot(&d, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11) % 10;
        date(year, int(&d[2..4]), int(&d[4..6])) && (check == d[12] || (2020..2045).contains(&year))
    })
}

/// Business registration number of Korea: ten digits, weights 1 3 7 1 3 7 1 3 5,
/// the ninth's tens count too (National Tax Service).
pub(super) fn korean_brn(value: &[u8]) -> bool {
    digits::<10>(value).is_some_and(|d| {
        let sum = dot(&d[..9], &[1, 3, 7, 1, 3, 7, 1, 3, 5]) + d[8] * 5 / 10;
        int(&d[..3]) > 100 && !same(&d) && (sum + d[9]).is_multiple_of(10)
    })
}

/// NRIC and FIN of Singapore: S, T, F, G or M, seven digits, a letter; weights 2
/// 7 6 5 4 3 2 modulo 11 (ICA).
pub(super) fn nric(value: &[u8]) -> bool {
    if value.len() != 9 {
        return false;
    }
    digits::<7>(&value[1..8]).is_some_and(|d| {
        let sum = dot(&d, &[2, 7, 6, 5, 4, 3, 2]);
        let (more, letters): (u64, &[u8; 11]) = match value[0] {
            b'S' => (0, b"JZIHGFEDCBA"),
            b'T' => (4, b"JZIHGFEDCBA"),
            b'F' => (0, b"XWUTRQPNMLK"),
            b'G' => (4, b"XWUTRQPNMLK"),
            b'M' => (3, b"KLJNPQRTUWX"),
            _ => return false,
        };
        let rest = (sum + more) % 11;
        // M-numbers read their alphabet from the other end.
        let rest = if value[0] == b'M' { 10 - rest } else { rest };
        at_index(letters, rest) == Some(value[8])
    })
}

/// Unique entity number of Singapore: eight digits and a letter (weights 10 4 9
/// 3 8 2 7 1 modulo 11), year, five digits and a letter, or T, year, kind, four
/// digits and a letter (ACRA).
pub(super) fn uen(value: &[u8]) -> bool {
    match value.len() {
        9 => digits::<8>(&value[..8]).is_some_and(|d| {
            !same(&d)
                && at_index(b"XMKECAWLJDB", dot(&d, &[10, 4, 9, 3, 8, 2, 7, 1]) % 11)
                    == Some(value[8])
        }),
        10 if value[0].is_ascii_digit() => digits::<9>(&value[..9]).is_some_and(|d| {
            (1800..2100).contains(&int(&d[..4]))
                && at_index(b"ZKCMDNERGWH", dot(&d, &[10, 8, 6, 4, 9, 7, 5, 3, 1]) % 11)
                    == Some(value[9])
        }),
        10 => {
            const ALPHABET: &[u8] = b"ABCDEFGHJKLMNPQRSTUVWX0123456789";
            let sum = value[..9]
                .iter()
                .zip([4, 3, 5, 3, 10, 2, 2, 5, 7])
                .try_fold(0, |sum, (&byte, w)| Some(sum + place(byte, ALPHABET)? * w));
            matches!(value[0], b'R' | b'S' | b'T')
                && all_digits(&value[1..3])
                && value[3].is_ascii_uppercase()
                && all_digits(&value[5..9])
                && sum.and_then(|sum: u64| at_index(ALPHABET, (sum + 11 - 5) % 11))
                    == Some(value[9])
        }
        _ => false,
    }
}

/// Population identification code of Thailand: thirteen digits, the first 1–8,
/// weights 13 to 2 modulo 11 (Department of Provincial Administration).
pub(super) fn thai_pin(value: &[u8]) -> bool {
    digits::<13>(value)
        .is_some_and(|d| matches!(d[0], 1..=8) && !same(&d) && thai_check(&d) == d[12])
}

/// Tax number of Thailand: a person's, or a firm's with 0 in front (Revenue
/// Department).
pub(super) fn thai_tin(value: &[u8]) -> bool {
    digits::<13>(value)
        .is_some_and(|d| d[0] != 9 && int(&d) != 0 && !same(&d) && thai_check(&d) == d[12])
}

fn thai_check(d: &[u64; 13]) -> u64 {
    (11 - dot(d, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10
}

/// NIK of Indonesia: province, regency, district, date of birth (40 more in the
/// day for women), serial. No check digit (Dukcapil).
pub(super) fn nik(value: &[u8]) -> bool {
    digits::<16>(value).is_some_and(|d| {
        let day = int(&d[6..8]);
        let day = if day > 40 { day - 40 } else { day };
        matches!(int(&d[..2]), 11..=21 | 31..=36 | 51..=53 | 61..=65 | 71..=76 | 81 | 82 | 91..=97)
            && int(&d[2..4]) != 0
            && int(&d[4..6]) != 0
            && short_date(int(&d[10..12]), int(&d[8..10]), day)
            && int(&d[12..]) != 0
    })
}

/// NPWP of Indonesia: fifteen digits, Luhn's check over the first nine; since
/// 2024 sixteen, an NIK or the old number after a zero (DJP).
pub(super) fn npwp(value: &[u8]) -> bool {
    let old =
        |value: &[u8]| digits::<15>(value).is_some_and(|d| int(&d[..9]) != 0 && luhn(&d[..9]));
    match value {
        [b'0', rest @ ..] if value.len() == 16 => old(rest),
        _ => old(value) || nik(value),
    }
}

/// NRIC of Malaysia: date of birth, place, serial. No check digit (JPN).
pub(super) fn mykad(value: &[u8]) -> bool {
    digits::<12>(value).is_some_and(|d| {
        short_date(int(&d[..2]), int(&d[2..4]), int(&d[4..6]))
            && matches!(int(&d[6..8]), 1..=16 | 21..=68 | 71 | 72 | 74..=79 | 82..=93 | 98 | 99)
    })
}

/// Citizen identity of Vietnam: province, century and sex, year of birth, six
/// digits. No check digit (decree 137/2015/NĐ-CP).
pub(super) fn vietnamese_cccd(value: &[u8]) -> bool {
    digits::<12>(value).is_some_and(|d| matches!(int(&d[..3]), 1..=96) && !same(&d[6..]))
}

/// Tax number of Vietnam: ten digits, thirteen with a branch; weights 31 29 23 19
/// 17 13 7 5 3 modulo 11 (circular 95/2016/TT-BTC).
pub(super) fn vietnamese_mst(value: &[u8]) -> bool {
    let base = |value: &[u8]| {
        digits::<10>(value).is_some_and(|d| {
            let rest = dot(&d, &[31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11;
            int(&d[2..9]) != 0 && !same(&d) && rest + d[9] == 10
        })
    };
    match value.len() {
        10 => base(value),
        13 => base(&value[..10]) && all_digits(&value[10..]) && &value[10..] != b"000",
        _ => false,
    }
}

/// Tax number of the Philippines: nine digits, twelve or fourteen with a branch.
/// Its check is not published (BIR).
pub(super) fn philippine_tin(value: &[u8]) -> bool {
    matches!(value.len(), 9 | 12 | 14) && all_digits(value) && !same(&value[..9])
}

/// IIN of Kazakhstan: date of birth, century and sex, serial; weights 1 to 11
/// and, when ten, 3 to 11 and 1 2 modulo 11.
pub(super) fn kazakh_iin(value: &[u8]) -> bool {
    digits::<12>(value).is_some_and(|d| {
        let first = dot(&d, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) % 11;
        let check = match first {
            10 => dot(&d, &[3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]) % 11,
            other => other,
        };
        matches!(d[6], 0..=6)
            && short_date(int(&d[..2]), int(&d[2..4]), int(&d[4..6]))
            && check == d[11]
    })
}
