//! People and what is said of them, as they are generated, and the choices of how it
//! is written.

use proptest::prelude::*;

/// What all documents of a folder hold.
#[derive(Debug)]
pub(crate) struct Case {
    /// Texts with values in them.
    pub(crate) records: Vec<Vec<String>>,
    /// Telephone numbers that are kept as numbers, one a record.
    pub(crate) numbers: Vec<i64>,
    /// How it is written, choice by choice.
    pub(crate) style: Vec<u8>,
}

/// Chooses how to write, one thing after the other.
pub(crate) struct Style<'a> {
    choices: std::iter::Cycle<std::slice::Iter<'a, u8>>,
}

impl Case {
    pub(crate) fn style(&self, from: usize) -> Style<'_> {
        let mut choices = self.style.iter().cycle();
        for _ in 0..from {
            choices.next();
        }
        Style { choices }
    }
}

impl Style<'_> {
    pub(crate) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        let choice = self.choices.next().copied().unwrap_or(0);
        all[usize::from(choice) % all.len()]
    }
}

/// A value that is somebody's, all of them invented.
fn value() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z]{3,8}\\.[a-z]{3,8}@(contoso|fabrikam)\\.(com|example)",
        1 => "[a-z]{3,8} @(contoso|fabrikam) com",
        1 => "[a-z]{3,8}%40fabrikam\\.com",
        2 => "\\+34 6[0-9]{2} [0-9]{3} [0-9]{3}",
        1 => "4111 1111 1111 1111",
        1 => "GB82 WEST 1234 5698 7654 32",
        1 => "203\\.0\\.113\\.[1-9][0-9]?",
    ]
}

/// What stands around values, and has to stay.
fn filler() -> impl Strategy<Value = String> {
    proptest::sample::select(vec![
        " ",
        "  ",
        "\t",
        " - ",
        ", ",
        "; ",
        " | ",
        ": ",
        " 'so' ",
        " \"so\" ",
        "\"",
        " (see) ",
        " \\ ",
        " / ",
        " caf\u{e9} ",
        " na\u{ef}ve, ",
        " \u{bf}qu\u{e9}? ",
        " 1.50e3 ",
        " 007 ",
        " <b>so</b> ",
        " &amp; ",
        " = ",
        " {x} ",
        " [y] ",
        " 100% ",
        " # ",
        " * ",
    ])
    .prop_map(str::to_owned)
}

fn text() -> impl Strategy<Value = String> {
    let part = prop_oneof![3 => filler(), 2 => value().prop_map(|value| format!(" {value} "))];
    (value(), proptest::collection::vec(part, 0..6))
        .prop_map(|(value, parts)| format!("write to {value} {}", parts.concat()))
}

pub(crate) fn case() -> impl Strategy<Value = Case> {
    let records = proptest::collection::vec(proptest::collection::vec(text(), 1..4), 1..5);
    let style = proptest::collection::vec(any::<u8>(), 16..64);
    let numbers = proptest::collection::vec(34_600_000_000_i64..34_700_000_000, 5);
    (records, numbers, style).prop_map(|(records, numbers, style)| Case {
        records,
        numbers,
        style,
    })
}
