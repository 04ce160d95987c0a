//! Dates as people write them. That one is a date of birth, a word nearby says.

use std::sync::LazyLock;

use regex::Regex;

use crate::chain::Group;

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let month = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|mär|mai|okt|dez|\
        jän|janv|fév|févr|avr|juin|jui|juil|aoû|déc|gen|mag|giu|lug|set|ott|fev|out|mrt|maa|mei|sty|lut|\
        kwi|maj|cze|lip|sie|wrz|paź|lis|gru";
    Regex::new(&format!(
        r"(?ix)
        (?-u:\b) (?: (?:19|20)\d\d \ ?[-/.\ ]\ ? \d{{1,2}} \ ?[-/.\ ]\ ? \d{{1,2}}
           | \d{{1,2}} \ ?[-/.\ ]\ ? \d{{1,2}} \ ?[-/.\ ]\ ? (?:(?:19|20)\d\d|\d\d)
           | (?:19|20)\d\d (?:0[1-9]|1[0-2]) (?:0[1-9]|[12]\d|3[01])
           | \d{{1,2}} (?:\.|st|nd|rd|th|º|er)? [\ -] (?:de\ |of\ |d[’'])? (?:{month})\p{{L}}*\.? ,?[\ -] (?:de[l]?\ )? (?:19|20)\d\d(?:\ r\.)?
           | (?:0?[1-9]|[12]\d|3[01]) (?:{month}) (?:19|20)\d\d
           | [MTSHR] \d{{1,2}} [./] \d{{1,2}} [./] \d{{1,2}}
           | (?:{month})\p{{L}}*\.? \ \d{{1,2}}(?:st|nd|rd|th)? ,?\ (?:19|20)\d\d
           )
        | (?:(?:19|20)\d\d|(?:明治|大正|昭和|平成|令和)\d{{1,2}}) \ ?年 \ ?\d{{1,2}} \ ?月 \ ?\d{{1,2}} \ ?日"
    ))
    .ok()
});

/// Whether a date can be among groups of digits, or end with them: `number` is
/// where the first digits begin, `end` where the last end. `false` is certain.
pub(crate) fn may(bytes: &[u8], groups: &[Group], number: usize, end: usize) -> bool {
    // "1980年"
    if bytes.get(end).is_some_and(|byte| *byte >= 0x80) {
        return true;
    }
    let mut count = 0;
    let mut year = false;
    for group in groups.iter().filter(|group| group.start >= number) {
        let own = bytes.get(group.start..group.end).unwrap_or(&[]);
        count += 1;
        year |= matches!(own, [b'1', b'9', _, _, rest @ ..] | [b'2', b'0', _, _, rest @ ..] if matches!(rest.len(), 0 | 4));
    }
    // "12/05/80"; "19800512"; and a year after a month's name or a day.
    count >= 3 || year && (count == 2 || is_after_date(bytes, number) || end - number == 8)
}

/// Whether what stands before a year can be the rest of a date: a letter, a dot or
/// a comma, and a space or a dash.
fn is_after_date(bytes: &[u8], year: usize) -> bool {
    let head = bytes.get(..year).unwrap_or(&[]);
    matches!(
        head,
        [.., before, b' ' | b'-'] if before.is_ascii_alphanumeric() || matches!(before, b'.' | b',' | 0x80..)
    )
}

/// Every date, as byte ranges.
pub(crate) fn dates(text: &str, out: &mut Vec<(usize, usize)>) {
    let Some(date) = DATE.as_ref() else { return };
    for found in date.find_iter(text) {
        // A time may follow, but no other letter or digit.
        let after = text.as_bytes().get(found.end()..).unwrap_or(&[]);
        let ends = match after {
            [b'T', next, ..] => next.is_ascii_digit(),
            [next, ..] => !next.is_ascii_alphanumeric(),
            [] => true,
        };
        if ends && plausible(found.as_str()) {
            out.push((found.start(), found.end()));
        }
    }
}

/// Whether the numbers can be a day, a month and a year.
fn plausible(date: &str) -> bool {
    let numbers: Vec<u32> = date
        .split(|ch: char| !ch.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect();
    let small = numbers
        .iter()
        .filter(|number| (1..=12).contains(*number))
        .count();
    match numbers.as_slice() {
        [_, _, _] => small >= 1 && numbers.iter().filter(|number| **number > 31).count() <= 1,
        [_, _] => true,
        [whole] => *whole > 19_000_000,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_every_form() {
        for (text, want) in [
            ("born on 12/05/1980 in", "12/05/1980"),
            ("geboren am 3. März 1975", "3. März 1975"),
            ("生年月日：1980年5月12日", "1980年5月12日"),
            ("1980-05-12", "1980-05-12"),
            ("nacida el 3 de mayo de 1975", "3 de mayo de 1975"),
            ("née le 1er août 1969", "1er août 1969"),
            ("12 May, 1980", "12 May, 1980"),
        ] {
            let mut out = Vec::new();
            dates(text, &mut out);
            let got: Vec<_> = out
                .iter()
                .filter_map(|&(start, end)| text.get(start..end))
                .collect();
            assert_eq!(got, [want], "{text}");
        }
        let mut out = Vec::new();
        dates("born to run 99/99/1999", &mut out);
        assert_eq!(out, []);
    }
}
