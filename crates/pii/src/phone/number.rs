//! Judges digits as a telephone number, exactly as libphonenumber does.
//!
//! The steps, and their order, are those of libphonenumber's `parse`,
//! `isValidNumber` and `isPossibleNumber` (phonenumberutil of version 9.0.33);
//! `xtask/python/judge_phone.py` holds the two together. Nothing is allocated.

use super::metadata::{Code, GENERAL, Length, PERSONAL, Plan, TABLE, Table, VALID};
use super::program;

/// Most digits that are looked at, with every prefix.
pub const MOST_DIGITS: usize = 24;

/// Fewest and most digits of a national number (`_MIN_LENGTH_FOR_NSN`, …).
const SHORTEST: usize = 2;
const LONGEST: usize = 17;

/// A region of the numbering plans: a country or a part of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(u16);

impl Region {
    /// The region of a two-letter code (ISO 3166), if there is one.
    pub fn of(id: &str) -> Option<Self> {
        let found = TABLE
            .plans
            .iter()
            .position(|plan| plan.id.starts_with(id.as_bytes()) && id.len() == 2)?;
        Some(Self(u16::try_from(found).ok()?))
    }

    /// Every region that has a code of two letters.
    pub fn all() -> impl Iterator<Item = Self> {
        (0u16..)
            .zip(&TABLE.plans)
            // What no region has is numbered "001".
            .filter(|(_, plan)| !plan.id.starts_with(b"001"))
            .map(|(index, _)| Self(index))
    }

    /// Its two letters.
    pub fn id(self) -> &'static str {
        let plan = TABLE.plans.get(usize::from(self.0));
        plan.and_then(|plan| std::str::from_utf8(&plan.id).ok())
            .unwrap_or("")
            .trim_end_matches('\0')
    }

    /// Its country calling code.
    pub fn code(self) -> u16 {
        TABLE
            .plans
            .get(usize::from(self.0))
            .map_or(0, |plan| plan.code)
    }
}

/// What digits are as a telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Judgement {
    /// The country calling code.
    pub code: u16,
    /// The number fits the patterns of its numbering plan.
    pub valid: bool,
    /// Valid, and of a kind that people have: no free or premium number.
    pub personal: bool,
    /// Its length is one of the numbering plan.
    pub possible: bool,
}

/// The version of libphonenumber whose facts are compiled in.
pub fn version() -> &'static str {
    TABLE.version
}

/// Judges digits (ASCII); after a `+` if `plus`, else as dialled in a region.
/// `None` where no number can be read at all.
pub fn judge(digits: &[u8], plus: bool, region: Option<Region>) -> Option<Judgement> {
    if digits.len() > MOST_DIGITS || digits.len() < SHORTEST {
        return None;
    }
    let table = &*TABLE;
    let home = region.and_then(|region| table.plans.get(usize::from(region.0)));
    if plus {
        return match international(table, digits, region) {
            // Without the sign it may still hold a code, as libphonenumber reads it.
            Err(Unread::Code) => with_code(table, digits, region?, home?)?.ok(),
            read => read.ok(),
        };
    }
    national(table, digits, region?, home?)
}

/// Judges what follows a country calling code.
#[inline]
pub fn judge_national(code: u16, national: &[u8]) -> Option<Judgement> {
    let table = &*TABLE;
    let plans = table.code(code)?;
    let main = table.plans.get(usize::from(plans.main))?;
    Some(verdict(table, code, plans, main, national))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unread {
    /// No such country calling code.
    Code,
    Length,
}

/// A country calling code and what follows.
fn split_code(table: &Table, digits: &[u8]) -> Option<(u16, Code, usize)> {
    let mut code = 0u16;
    for (index, digit) in digits.iter().take(3).enumerate() {
        // None begins with 0.
        if index == 0 && *digit == b'0' {
            return None;
        }
        code = code * 10 + u16::from(digit.wrapping_sub(b'0').min(9));
        if let Some(found) = table.code(code) {
            return Some((code, found, index + 1));
        }
    }
    None
}

fn international(
    table: &Table,
    digits: &[u8],
    region: Option<Region>,
) -> Result<Judgement, Unread> {
    if digits.len() <= SHORTEST {
        return Err(Unread::Length);
    }
    let (code, plans, length) = split_code(table, digits).ok_or(Unread::Code)?;
    let rest = digits.get(length..).unwrap_or(&[]);
    // The code's own region is kept where the caller named it.
    let main = table.plans.get(usize::from(plans.main));
    let own = region
        .filter(|region| region.0 == plans.main)
        .and_then(|region| table.plans.get(usize::from(region.0)));
    finish(table, code, plans, own.or(main).ok_or(Unread::Code)?, rest)
}

fn national(table: &Table, digits: &[u8], region: Region, home: &Plan) -> Option<Judgement> {
    if let Some(read) = with_code(table, digits, region, home) {
        return read.ok();
    }
    finish(table, home.code, table.code(home.code)?, home, digits).ok()
}

/// Reads digits that begin with the region's international prefix, or with its
/// own country calling code where they are no number otherwise.
fn with_code(
    table: &Table,
    digits: &[u8],
    region: Region,
    home: &Plan,
) -> Option<Result<Judgement, Unread>> {
    if let Some(prefix) = program::run(table.programs, home.international_prefix, digits) {
        let rest = digits.get(prefix.end..).unwrap_or(&[]);
        if rest.first() != Some(&b'0') {
            return Some(international(table, rest, Some(region)));
        }
    }
    let length = starts_with_code(digits, home.code)?;
    let mut room = [0; MOST_DIGITS * 2];
    let rest = digits.get(length..).unwrap_or(&[]);
    let stripped = strip(table, home, rest, &mut room);
    let fits = |digits: &[u8]| table.walk(home.root, digits) & GENERAL != 0;
    if (fits(digits) || !fits(stripped)) && home.length(digits.len()) != Length::TooLong {
        return None;
    }
    // A number is read on with the plan of the code's main region.
    let plans = table.code(home.code)?;
    let main = table.plans.get(usize::from(plans.main))?;
    Some(finish(table, home.code, plans, main, stripped))
}

fn starts_with_code(digits: &[u8], code: u16) -> Option<usize> {
    let mut power = 1;
    let mut length = 1;
    while code / power >= 10 {
        power *= 10;
        length += 1;
    }
    let mut rest = code;
    for digit in digits.get(..length)? {
        if u16::from(digit.wrapping_sub(b'0')) != rest / power {
            return None;
        }
        rest %= power;
        power = (power / 10).max(1);
    }
    Some(length)
}

/// The digits after the national prefix, where what is left is long enough.
fn significant<'a>(
    table: &Table,
    plan: &Plan,
    digits: &'a [u8],
    room: &'a mut [u8; MOST_DIGITS * 2],
) -> &'a [u8] {
    let stripped = strip(table, plan, digits, room);
    match plan.length(stripped.len()) {
        Length::TooShort | Length::Local | Length::Between => digits,
        Length::Possible | Length::TooLong => stripped,
    }
}

/// Writes the country calling code and the national number (ITU-T E.164) of
/// digits as [`judge`] takes them. False where no valid number can be read: a
/// guess would give one person two forms.
pub fn international_form(
    digits: &[u8],
    plus: bool,
    region: Option<Region>,
    out: &mut String,
) -> bool {
    if !judge(digits, plus, region).is_some_and(|found| found.valid) {
        return false;
    }
    let table = &*TABLE;
    let home = region.and_then(|region| table.plans.get(usize::from(region.0)));
    let mut rest = digits;
    let mut international = plus;
    if !plus
        && let Some(prefix) =
            home.and_then(|home| program::run(table.programs, home.international_prefix, digits))
    {
        rest = digits.get(prefix.end..).unwrap_or(&[]);
        international = true;
    }
    let code = if international {
        split_code(table, rest).map(|(code, plans, length)| {
            rest = rest.get(length..).unwrap_or(&[]);
            (code, table.plans.get(usize::from(plans.main)))
        })
    } else {
        home.map(|home| (home.code, Some(home)))
    };
    let Some((code, Some(plan))) = code else {
        return false;
    };
    let mut room = [0; MOST_DIGITS * 2];
    let national = significant(table, plan, rest, &mut room);
    // "44 20 …" in Britain: the code without its sign.
    if !judge_national(code, national).is_some_and(|found| found.valid) {
        return false;
    }
    out.push('+');
    out.push_str(&code.to_string());
    out.extend(national.iter().map(|digit| char::from(*digit)));
    true
}

/// Takes the national prefix off where that leaves a number, and judges.
fn finish(
    table: &Table,
    code: u16,
    plans: Code,
    plan: &Plan,
    digits: &[u8],
) -> Result<Judgement, Unread> {
    if digits.len() < SHORTEST {
        return Err(Unread::Length);
    }
    let mut room = [0; MOST_DIGITS * 2];
    let own = significant(table, plan, digits, &mut room);
    if !(SHORTEST..=LONGEST).contains(&own.len()) {
        return Err(Unread::Length);
    }
    let main = table
        .plans
        .get(usize::from(plans.main))
        .ok_or(Unread::Code)?;
    Ok(verdict(table, code, plans, main, own))
}

#[inline]
fn verdict(table: &Table, code: u16, plans: Code, main: &Plan, national: &[u8]) -> Judgement {
    let flags = table.walk(plans.root, national);
    Judgement {
        code,
        valid: flags & VALID != 0,
        personal: flags & PERSONAL != 0,
        possible: matches!(
            main.length(national.len()),
            Length::Possible | Length::Local
        ),
    }
}

/// A number without its national prefix, or transformed.
fn strip<'d>(
    table: &Table,
    plan: &Plan,
    digits: &'d [u8],
    room: &'d mut [u8; MOST_DIGITS * 2],
) -> &'d [u8] {
    let Some(prefix) = program::run(table.programs, plan.national_prefix, digits) else {
        return digits;
    };
    let rest = digits.get(prefix.end..).unwrap_or(&[]);
    let last = prefix.groups;
    let transform = table
        .programs
        .get(usize::from(plan.transform)..)
        .filter(|_| plan.transform != program::NO_PROGRAM && prefix.group(last).is_some());
    let own = match transform {
        None => rest,
        Some(transform) => {
            let length = usize::from(transform.first().copied().unwrap_or(0));
            let mut written = 0;
            let mut write = |bytes: &[u8]| {
                for (to, from) in room.iter_mut().skip(written).zip(bytes) {
                    *to = *from;
                    written += 1;
                }
            };
            for sign in transform.iter().skip(1).take(length) {
                match sign.checked_sub(0x80) {
                    None => write(&[*sign]),
                    Some(group) => {
                        if let Some((start, end)) = prefix.group(group) {
                            write(digits.get(start..end).unwrap_or(&[]));
                        }
                    }
                }
            }
            write(rest);
            room.get(..written).unwrap_or(&[])
        }
    };
    let fits = |digits: &[u8]| table.walk(plan.root, digits) & GENERAL != 0;
    if !fits(own) && fits(digits) {
        return digits;
    }
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(number: &str, region: &str, want: &str) {
        let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
        let got = judge(&digits, number.starts_with('+'), Region::of(region)).map_or_else(
            || "nothing".to_owned(),
            |judged| {
                let how = match judged {
                    Judgement { valid: true, .. } => "valid",
                    Judgement { possible: true, .. } => "possible",
                    _ => "not possible",
                };
                format!("+{} {how}", judged.code)
            },
        );
        assert_eq!(got, want, "{number} {region}");
    }

    #[test]
    fn numbers_of_every_kind() {
        check("+44 20 7946 0958", "", "+44 valid");
        check("+1 202 555 0143", "", "+1 valid");
        check("+1 268 464 1234", "", "+1 valid");
        check("202-555-0143", "US", "+1 valid");
        check("1-202-555-0143", "US", "+1 valid");
        check("011 44 20 7946 0958", "US", "+44 valid");
        check("0044 20 7946 0958", "ES", "+44 valid");
        check("020 7946 0958", "GB", "+44 valid");
        check("44 20 7946 0958", "GB", "+44 valid");
        check("912 345 678", "ES", "+34 valid");
        check("112 345 678", "ES", "+34 possible");
        check("464 1234", "AG", "+1 valid");
        check("011 15-1234-5678", "AR", "+54 valid");
        check("02 1234 5678", "IT", "+39 valid");
        check("+999 1234", "", "nothing");
        check("+0", "", "nothing");
        check("12", "ES", "+34 not possible");
        check("123456789012345678901", "ES", "nothing");
        check("1234567890", "", "nothing");
    }

    #[test]
    fn regions_have_names() {
        assert_eq!(Region::all().count(), 245);
        for region in Region::all() {
            assert_eq!(Region::of(region.id()), Some(region));
            assert!(region.code() > 0);
        }
        assert_eq!(Region::of("XX"), None);
        assert_eq!(Region::of("E"), None);
    }
}
