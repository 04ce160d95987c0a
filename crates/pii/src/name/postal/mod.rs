//! Postal addresses.
//!
//! An address is put together from pieces: a street with a number, a postal code
//! with a city, a flat. Each piece is found by itself, grows over what may stand
//! beside it, and [`mod@join`] makes one span of pieces that only separators part.

mod city;
mod code;
mod house;
mod join;
mod small;
mod street;

pub(super) use city::{british_code, ends_city, number};
pub(super) use code::is_state;
pub(super) use join::join;
pub(super) use street::{compound, run, shouted, street_before};

const STREET: &str = "address-street";

const CODE: &str = "address-postal-code";

fn byte(text: &str, at: usize) -> u8 {
    text.as_bytes().get(at).copied().unwrap_or(0)
}

fn spaced_any(text: &str, at: usize) -> Option<usize> {
    (byte(text, at) == b' ').then_some(at + 1).filter(|at| {
        text.get(*at..)
            .and_then(|rest| rest.chars().next())
            .is_some_and(char::is_alphanumeric)
    })
}
