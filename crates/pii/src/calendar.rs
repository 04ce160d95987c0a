//! A date as it is written, read so that it can be written again the same way.
//!
//! Only what is one day without doubt is read: `2020-05-07`, `7.5.2020`, `7 May
//! 2020`, `20200507`, and `05/07/2020` where the caller says which comes first.
//! What follows a date (a time of day) stays as it is.

use std::fmt::Write as _;
use std::ops::Range;

/// A day of the Gregorian calendar, as days since 1 January 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    /// A day by its numbers, if there is such a day in years 1 to 9999.
    pub fn new(year: i64, month: i64, day: i64) -> Option<Self> {
        if !(1..=9999).contains(&year)
            || !(1..=12).contains(&month)
            || !(1..=days_in(year, month)).contains(&day)
        {
            return None;
        }
        // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms":
        // years begin in March, so that the leap day is the last.
        let shifted = year - i64::from(month <= 2);
        let era = shifted.div_euclid(400);
        let of_era = shifted.rem_euclid(400);
        let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
        let days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        Some(Self(era * 146_097 + days - 719_468))
    }

    /// Year, month and day.
    pub fn numbers(self) -> (i64, i64, i64) {
        let days = self.0 + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let shifted = (5 * of_year + 2) / 153;
        let day = of_year - (153 * shifted + 2) / 5 + 1;
        let month = (shifted + 2) % 12 + 1;
        (year + era * 400 + i64::from(month <= 2), month, day)
    }
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Which number of `05/07/2020` is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Nobody said: read only where one number is larger than 12.
    Unknown,
    /// As nearly everywhere.
    DayFirst,
    /// As in the United States.
    MonthFirst,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
}

/// A date in a text, and how it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    day: Day,
    parts: [(Part, Range<usize>); 3],
}

/// Months by the beginnings of their names, in the languages of the finder.
const MONTHS: &[(&[&str], i64)] = &[
    (&["jan", "ene", "gen", "sty", "jän"], 1),
    (&["feb", "fév", "fev", "lut"], 2),
    (&["mar", "mär", "maa", "mrt"], 3),
    (&["apr", "abr", "avr", "kwi"], 4),
    (&["may", "mai", "mag", "mei", "maj"], 5),
    (&["jun", "juin", "giu", "cze"], 6),
    (&["jul", "juil", "lug", "lip"], 7),
    (&["aug", "ago", "aoû", "aou", "sie"], 8),
    (&["sep", "set", "wrz"], 9),
    (&["oct", "okt", "ott", "out", "paź"], 10),
    (&["nov", "lis"], 11),
    (&["dec", "dez", "dic", "déc", "gru"], 12),
];

pub(crate) fn month_named(word: &str) -> Option<i64> {
    let word = word.to_lowercase();
    // "juin" before "jui…": the longest beginning that fits decides.
    MONTHS
        .iter()
        .flat_map(|(names, number)| names.iter().map(move |name| (name, *number)))
        .filter(|(name, _)| word.starts_with(*name))
        .max_by_key(|(name, _)| name.len())
        .map(|(_, number)| number)
}

/// Reads the first date of a text.
pub fn read(text: &str, order: Order) -> Option<Written> {
    let tokens = tokens(text);
    if let Some(Token::Number(range)) = tokens.first()
        && range.len() == 8
    {
        let (y, m, d) = (
            range.start..range.start + 4,
            range.start + 4..range.start + 6,
            range.start + 6..range.end,
        );
        return written(text, [(Part::Year, y), (Part::Month, m), (Part::Day, d)]);
    }
    let mut parts: Vec<(Option<i64>, Range<usize>)> = Vec::new();
    for token in &tokens {
        match token {
            Token::Number(range) => parts.push((None, range.clone())),
            Token::Word(range) => {
                // Words such as "de" stand between.
                if let Some(month) = text.get(range.clone()).and_then(month_named) {
                    parts.push((Some(month), range.clone()));
                }
            }
        }
        if parts.len() == 3 {
            break;
        }
    }
    let [a, b, c] = <[_; 3]>::try_from(parts).ok()?;
    let kinds = if a.0.is_some() {
        [Part::Month, Part::Day, Part::Year]
    } else if b.0.is_some() {
        if a.1.len() == 4 {
            [Part::Year, Part::Month, Part::Day]
        } else {
            [Part::Day, Part::Month, Part::Year]
        }
    } else if a.1.len() == 4 {
        [Part::Year, Part::Month, Part::Day]
    } else {
        let dotted = text
            .get(a.1.end..b.1.start)
            .is_some_and(|gap| gap.trim() == ".");
        let (first, second) = (number(text, &a.1)?, number(text, &b.1)?);
        match order {
            _ if first > 12 || dotted => [Part::Day, Part::Month, Part::Year],
            _ if second > 12 => [Part::Month, Part::Day, Part::Year],
            Order::DayFirst => [Part::Day, Part::Month, Part::Year],
            Order::MonthFirst => [Part::Month, Part::Day, Part::Year],
            Order::Unknown if first == second => [Part::Day, Part::Month, Part::Year],
            Order::Unknown => return None,
        }
    };
    let [x, y, z] = kinds;
    written(text, [(x, a.1), (y, b.1), (z, c.1)])
}

enum Token {
    Number(Range<usize>),
    Word(Range<usize>),
}

/// Runs of ASCII digits and of letters.
fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut run: Option<(bool, usize)> = None;
    for (at, ch) in text
        .char_indices()
        .chain(std::iter::once((text.len(), ' ')))
    {
        let kind = if ch.is_ascii_digit() {
            Some(true)
        } else if ch.is_alphabetic() {
            Some(false)
        } else {
            None
        };
        if run.map(|(kind, _)| kind) == kind {
            continue;
        }
        if let Some((digits, from)) = run {
            out.push(if digits {
                Token::Number(from..at)
            } else {
                Token::Word(from..at)
            });
        }
        run = kind.map(|kind| (kind, at));
    }
    out
}

fn number(text: &str, range: &Range<usize>) -> Option<i64> {
    text.get(range.clone())?.parse().ok()
}

fn written(text: &str, parts: [(Part, Range<usize>); 3]) -> Option<Written> {
    let (mut year, mut month, mut day) = (0, 0, 0);
    for (part, range) in &parts {
        let digits = text.get(range.clone())?;
        match part {
            Part::Year => {
                // Two digits leave the century open.
                if digits.len() != 4 {
                    return None;
                }
                year = digits.parse().ok()?;
            }
            Part::Month => month = digits.parse().ok().or_else(|| month_named(digits))?,
            Part::Day => day = digits.parse().ok()?,
        }
    }
    Some(Written {
        day: Day::new(year, month, day)?,
        parts,
    })
}

impl Written {
    /// The day.
    pub fn day(&self) -> Day {
        self.day
    }

    /// The text with another day in it, written the same way: a name of a month
    /// becomes its number between the same signs only where there is no other way.
    pub fn with(&self, text: &str, day: Day) -> String {
        let (year, month, of_month) = day.numbers();
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for (part, range) in &self.parts {
            out.push_str(text.get(at..range.start).unwrap_or(""));
            let old = text.get(range.clone()).unwrap_or("");
            let value = match part {
                Part::Year => year,
                Part::Month => month,
                Part::Day => of_month,
            };
            if old.bytes().all(|byte| byte.is_ascii_digit()) {
                // As wide as before; "7" may become "17" and the reverse.
                let width = if old.len() > 1 || *part == Part::Year {
                    old.len()
                } else {
                    1
                };
                let _ = write!(out, "{value:0width$}");
            } else {
                out.push_str(english(value, old));
            }
            at = range.end;
        }
        out.push_str(text.get(at..).unwrap_or(""));
        out
    }
}

/// A month's English name, short where the other was.
fn english(month: i64, old: &str) -> &'static str {
    const NAMES: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    const SHORT: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let names = if old.chars().count() <= 3 {
        SHORT
    } else {
        NAMES
    };
    usize::try_from(month - 1)
        .ok()
        .and_then(|index| names.get(index).copied())
        .unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn reads_one_day_or_nothing() {
        for (text, order, want) in [
            ("2020-05-07", Order::Unknown, Some((2020, 5, 7))),
            ("20200507", Order::Unknown, Some((2020, 5, 7))),
            ("2020-05-07T10:11:12Z", Order::Unknown, Some((2020, 5, 7))),
            ("7.5.2020", Order::Unknown, Some((2020, 5, 7))),
            ("05/07/2020", Order::Unknown, None),
            ("05/07/2020", Order::DayFirst, Some((2020, 7, 5))),
            ("05/07/2020", Order::MonthFirst, Some((2020, 5, 7))),
            ("25/07/2020", Order::MonthFirst, Some((2020, 7, 25))),
            ("7 May 2020", Order::Unknown, Some((2020, 5, 7))),
            ("May 7th, 2020", Order::Unknown, Some((2020, 5, 7))),
            ("7 de mayo de 2020", Order::Unknown, Some((2020, 5, 7))),
            ("1er juillet 1980", Order::Unknown, Some((1980, 7, 1))),
            ("3 juin 1980", Order::Unknown, Some((1980, 6, 3))),
            ("30.2.2020", Order::Unknown, None),
            ("7/5/20", Order::DayFirst, None),
            ("", Order::Unknown, None),
        ] {
            let found = read(text, order).map(|date| date.day().numbers());
            assert_eq!(found, want, "{text}");
        }
    }

    #[test]
    fn writes_the_same_way() {
        for (text, want) in [
            ("2020-05-07T10:11", "2021-01-02T10:11"),
            ("7.5.2020", "2.1.2021"),
            ("07.05.2020", "02.01.2021"),
            ("May 7th, 2020", "Jan 2th, 2021"),
            ("20200507", "20210102"),
        ] {
            let date = read(text, Order::Unknown).expect(text);
            let day = Day::new(2021, 1, 2).expect("a day");
            assert_eq!(date.with(text, day), want);
        }
    }

    proptest! {
        #[test]
        fn days_and_numbers_are_one(days in -719_000_i64..2_900_000) {
            let (year, month, day) = Day(days).numbers();
            prop_assert_eq!(Day::new(year, month, day), Some(Day(days)));
        }
    }

    #[test]
    fn the_epoch_is_day_zero() {
        assert_eq!(Day::new(1970, 1, 1), Some(Day(0)));
        assert_eq!(Day::new(2000, 3, 1), Some(Day(11_017)));
    }
}
