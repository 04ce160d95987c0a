//! One way to write a record, whatever product keeps it.
//!
//! Copies of a data set lie in stores that spell alike values differently:
//! `2019-12-05 10:00:00` in one is `2019-12-05T11:00:00+01:00` in another, and `1`
//! is `1.0`. Here both come to the same bytes, so that their hashes agree. Values
//! of one meaning only; what is merely similar stays different.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::date;

/// Every part with its length before it, so that no two records read alike. What
/// is null counts as absent.
pub(super) fn write(value: &Value, out: &mut Vec<u8>) {
    let text = |kind: u8, text: &str, out: &mut Vec<u8>| {
        out.push(kind);
        out.extend((text.len() as u64).to_be_bytes());
        out.extend_from_slice(text.as_bytes());
    };
    match value {
        Value::Null => out.push(b'n'),
        Value::Bool(value) => text(b'v', if *value { "true" } else { "false" }, out),
        Value::Number(number) => {
            let written = number.to_string();
            text(b'v', written.strip_suffix(".0").unwrap_or(&written), out);
        }
        Value::String(value) => match moment(value) {
            Some(moment) => text(b't', &moment, out),
            None => text(b'v', value, out),
        },
        Value::Array(list) => {
            out.push(b'a');
            out.extend((list.len() as u64).to_be_bytes());
            for one in list {
                write(one, out);
            }
        }
        Value::Object(map) => {
            let sorted: BTreeMap<_, _> = map.iter().filter(|(_, one)| !one.is_null()).collect();
            out.push(b'o');
            out.extend((sorted.len() as u64).to_be_bytes());
            for (name, one) in sorted {
                text(b'k', name, out);
                write(one, out);
            }
        }
    }
}

/// A date with a time of day as ISO 8601 and SQL write it, in UTC with the
/// fraction's last zeros gone. A time without offset counts as UTC: a store that
/// knows no offsets keeps what another one was told with `Z`.
fn moment(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    if !(19..=40).contains(&bytes.len()) {
        return None;
    }
    let fits = bytes
        .iter()
        .take(19)
        .enumerate()
        .all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            10 => matches!(byte, b'T' | b' '),
            13 | 16 => *byte == b':',
            _ => byte.is_ascii_digit(),
        });
    if !fits {
        return None;
    }
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (hour, minute, second) = (number(11, 13)?, number(14, 16)?, number(17, 19)?);
    if hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let seconds = hour * 3600 + minute * 60 + second;
    let rest = text.get(19..)?;
    let (fraction, offset) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest
                .find(|letter: char| !letter.is_ascii_digit())
                .unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            rest.split_at_checked(end)?
        }
        None => ("", rest),
    };
    let ahead = offset_seconds(offset)?;
    let unix = date::to_unix(
        number(0, 4)?,
        number(5, 7)?,
        number(8, 10)?,
        seconds - ahead,
    )?;
    let fraction = fraction.trim_end_matches('0');
    Some(format!("{unix}.{fraction}"))
}

/// Seconds ahead of UTC, of nothing, `Z`, `+01`, `+0130` or `+01:30`.
fn offset_seconds(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first() {
        None => return Some(0),
        Some(b'Z') if text.len() == 1 => return Some(0),
        Some(b'+') => (1, text.get(1..)?),
        Some(b'-') => (-1, text.get(1..)?),
        Some(_) => return None,
    };
    let digits: String = match digits.len() {
        2 | 4 => digits.to_owned(),
        5 if digits.as_bytes().get(2) == Some(&b':') => digits.replacen(':', "", 1),
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let hours: i64 = digits.get(..2)?.parse().ok()?;
    let minutes: i64 = digits
        .get(2..)
        .filter(|rest| !rest.is_empty())
        .map_or(Some(0), |rest| rest.parse().ok())?;
    (hours <= 15 && minutes <= 59).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn bytes(value: &Value) -> Vec<u8> {
        let mut out = Vec::new();
        write(value, &mut out);
        out
    }

    #[test]
    fn one_moment_has_many_spellings() {
        for same in [
            "2019-12-05T10:00:00Z",
            "2019-12-05 10:00:00",
            "2019-12-05T10:00:00.000Z",
            "2019-12-05T11:00:00+01:00",
            "2019-12-05 11:30:00+0130",
            "2019-12-05 08:00:00-02",
        ] {
            assert_eq!(
                bytes(&json!(same)),
                bytes(&json!("2019-12-05T10:00:00")),
                "{same}"
            );
        }
        for other in [
            "2019-12-05T10:00:01Z",
            "2019-12-05T10:00:00.5Z",
            "2019-12-05",
            "2019-12-05T10:00:00+25:00",
            "2019-02-30T10:00:00Z",
            "2019-12-05T10:00:00 UTC",
            "2019-12-05T10:00:00.",
            "2019-12-05T10:00:00\u{e9}",
        ] {
            assert_ne!(
                bytes(&json!(other)),
                bytes(&json!("2019-12-05T10:00:00Z")),
                "{other}"
            );
        }
    }

    #[test]
    fn a_whole_number_is_one() {
        assert_eq!(bytes(&json!(1)), bytes(&json!(1.0)));
        assert_eq!(bytes(&json!(1)), bytes(&json!("1")));
        assert_ne!(bytes(&json!(1)), bytes(&json!(1.5)));
        assert_ne!(bytes(&json!(10)), bytes(&json!(1)));
    }

    proptest! {
        #[test]
        fn any_text_is_written(text in ".{0,50}") {
            let _ = bytes(&json!(text));
        }

        /// Against the same moment written with an offset.
        #[test]
        fn offsets_are_taken_off(unix in 0_i64..4_000_000_000, quarter in -40_i64..40) {
            let plain = date::text(unix);
            let ahead = quarter * 900;
            let there = date::text(unix + ahead);
            let sign = if quarter < 0 { '-' } else { '+' };
            let (hours, minutes) = (ahead.abs() / 3600, ahead.abs() / 60 % 60);
            let there = format!("{}{sign}{hours:02}:{minutes:02}", there.trim_end_matches('Z'));
            prop_assert_eq!(bytes(&json!(plain)), bytes(&json!(there)));
        }
    }
}
