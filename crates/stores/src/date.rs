//! Calendar dates and seconds since 1970, in UTC.
//!
//! Days from and to dates as in Howard Hinnant's "chrono-Compatible Low-Level
//! Date Algorithms". Reads no clock.

const DAY: i64 = 86_400;

/// Seconds since 1970 of a date and a time of day. `None` when it is no date.
pub(crate) fn to_unix(year: i64, month: i64, day: i64, seconds: i64) -> Option<i64> {
    if !(1..=9999).contains(&year)
        || !(1..=12).contains(&month)
        || day < 1
        || day > days_in(year, month)
    {
        return None;
    }
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let of_era = shifted.rem_euclid(400);
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    let of_era = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
    Some((era * 146_097 + of_era - 719_468) * DAY + seconds)
}

fn days_in(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + i64::from(leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `2026-11-24T21:00:00Z`.
pub(crate) fn text(unix: i64) -> String {
    let days = unix.div_euclid(DAY) + 719_468;
    let seconds = unix.rem_euclid(DAY);
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year + era * 400 + i64::from(month <= 2);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// As [`text`], with a fraction where there is one; `None` outside the years 1 to 9999.
pub(crate) fn text_of_milliseconds(unix: i64) -> Option<String> {
    const FIRST: i64 = -62_135_596_800;
    const LAST: i64 = 253_402_300_799;
    let seconds = unix.div_euclid(1000);
    if !(FIRST..=LAST).contains(&seconds) {
        return None;
    }
    let text = text(seconds);
    Some(match unix.rem_euclid(1000) {
        0 => text,
        rest => format!("{}.{rest:03}Z", text.trim_end_matches('Z')),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        for (year, month, day, seconds, expect) in [
            (1970, 1, 1, 0, "1970-01-01T00:00:00Z"),
            (2000, 2, 29, 86_399, "2000-02-29T23:59:59Z"),
            (2026, 11, 24, 3600, "2026-11-24T01:00:00Z"),
            (1969, 12, 31, 0, "1969-12-31T00:00:00Z"),
        ] {
            let unix = to_unix(year, month, day, seconds).expect(expect);
            assert_eq!(text(unix), expect);
        }
        assert_eq!(to_unix(2026, 2, 29, 0), None);
        assert_eq!(to_unix(1970, 1, 2, 0), Some(86_400));
    }
}
