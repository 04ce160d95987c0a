//! Dates of birth: a date that a word nearby says is one.

use std::sync::LazyLock;

use regex::Regex;

use crate::context::Window;

const BIRTH: &[&str] = &[
    "born",
    "birth",
    "birthday",
    "birthdate",
    "date of birth",
    "dob",
    "d.o.b",
    "nacimiento",
    "nacido",
    "nacida",
    "nací",
    "geboren",
    "geburtsdatum",
    "geburtstag",
    "geb",
    "naissance",
    "né",
    "née",
    "nascita",
    "nato",
    "nata",
    "nascimento",
    "nascido",
    "nascida",
    "geboortedatum",
    "urodzenia",
    "urodzony",
    "urodzona",
    "ur",
    "生年月日",
    "生まれ",
];

static DATE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let month = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic|mär|mai|okt|dez|\
        janv|févr|avr|juin|juil|août|déc|gen|mag|giu|lug|set|ott|fev|out|mrt|mei|sty|lut|kwi|maj|\
        cze|lip|sie|wrz|paź|lis|gru";
    Regex::new(&format!(
        r"(?ix)
        \b (?: (?:19|20)\d\d [-/.\ ] \d{{1,2}} [-/.\ ] \d{{1,2}}
           | \d{{1,2}} [-/.\ ] \d{{1,2}} [-/.\ ] (?:(?:19|20)\d\d|\d\d)
           | \d{{1,2}} (?:\.|st|nd|rd|th|º)? \ (?:de\ )? (?:{month})\p{{L}}*\.? ,?\ (?:de\ )? (?:19|20)\d\d
           | (?:{month})\p{{L}}*\.? \ \d{{1,2}}(?:st|nd|rd|th)? ,?\ (?:19|20)\d\d
           ) \b
        | (?:19|20)\d\d 年 \ ?\d{{1,2}} 月 \ ?\d{{1,2}} 日"
    ))
    .ok()
});

/// Every date of birth, as byte ranges.
pub(crate) fn births(text: &str, field: &str, out: &mut Vec<(usize, usize)>) {
    let Some(date) = DATE.as_ref() else { return };
    for found in date.find_iter(text) {
        let window = Window::around(text, found.start(), found.end(), field);
        if window
            .distance(BIRTH)
            .is_some_and(|distance| distance <= 40)
            && plausible(found.as_str())
        {
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
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_where_a_word_says_so() {
        let find = |text: &str, field: &str| {
            let mut out = Vec::new();
            births(text, field, &mut out);
            out.len()
        };
        assert_eq!(find("born on 12/05/1980 in", ""), 1);
        assert_eq!(find("geboren am 3. März 1975", ""), 1);
        assert_eq!(find("生年月日：1980年5月12日", ""), 1);
        assert_eq!(find("1980-05-12", "dateOfBirth"), 1);
        assert_eq!(find("nacida el 3 de mayo de 1975", ""), 1);
        assert_eq!(find("shipped on 12/05/2020", ""), 0);
        assert_eq!(find("born to run 99/99/1999", ""), 0);
    }
}
