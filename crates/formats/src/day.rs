//! Days since 1970 as dates of ISO 8601, and back.

use std::fmt::Write as _;

/// Writes a day of the years 1 to 9999; none for another.
pub fn write(days: i64, out: &mut String) -> Option<()> {
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in
    // March, so that the leap day is the last.
    let shifted = days.checked_add(719_468)?;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    if !(1..=9999).contains(&year) {
        return None;
    }
    write!(out, "{year:04}-{month:02}-{day:02}").ok()
}

/// Reads what [`write()`] wrote.
pub fn read(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-');
    let mut number = |length: usize| {
        let part = parts.next().filter(|part| part.len() == length)?;
        part.bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| part.parse::<i64>().ok())?
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let shifted = year - i64::from(month <= 2);
    let (era, of_era) = (shifted.div_euclid(400), shifted.rem_euclid(400));
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    // The thirtieth of February is no day.
    let mut again = String::new();
    write(days, &mut again)?;
    (again == text).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_dates() {
        for (days, date) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (18_235, "2019-12-05"),
            (-719_162, "0001-01-01"),
            (2_932_896, "9999-12-31"),
        ] {
            let mut out = String::new();
            assert_eq!(write(days, &mut out), Some(()));
            assert_eq!(out, date);
            assert_eq!(read(date), Some(days));
        }
        for days in [2_932_897, i64::MIN, i64::MAX] {
            assert_eq!(write(days, &mut String::new()), None);
        }
        for text in [
            "2019-02-29",
            "2019-13-01",
            "2019-1-1",
            "1984",
            "",
            "+019-01-01",
            "2019-01-01x",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
        let mut out = String::new();
        for days in (-719_162..2_932_896).step_by(97) {
            out.clear();
            write(days, &mut out).expect("in range");
            assert_eq!(read(&out), Some(days));
        }
    }
}
