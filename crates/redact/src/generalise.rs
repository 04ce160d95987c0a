//! Less of a value: the network of an address, the year of a date, the country of
//! a telephone number, the postcode of a postal address, places rounded.
//!
//! Invariant: the general form of a general form is itself.

use std::fmt::Write as _;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use celador_pii::Class;
use celador_pii::calendar::{self, Order};
use celador_pii::canonical::Canonical;

/// The general form of a value; `None` where there is none.
pub(crate) fn general(
    class: Class,
    value: &str,
    canonical: &mut Canonical,
    order: Order,
) -> Option<String> {
    match class {
        Class::IpAddress => {
            let (address, network) = value.split_once('/').unwrap_or((value, ""));
            let form = canonical.form(class, address);
            let general = network_of(form.parse().ok()?);
            (network.is_empty() || general.ends_with(network)).then_some(general)
        }
        Class::DateOfBirth => {
            if is_year(value.trim()) {
                return Some(value.trim().to_owned());
            }
            let form = canonical.form(class, value);
            let (year, _, _) = calendar::read(form, order)?.day().numbers();
            Some(format!("{year:04}"))
        }
        Class::Phone => {
            let form = canonical.form(class, value);
            let digits = form.strip_prefix('+')?;
            if digits.len() <= 3 {
                return Some(form.to_owned());
            }
            // The longest code that is one: none is the beginning of another.
            let code = (1..=3).find_map(|length| {
                let (code, national) = digits.split_at_checked(length)?;
                let number: u16 = code.parse().ok()?;
                celador_pii::phone::judge_national(number, national.as_bytes()).map(|_| code)
            })?;
            Some(format!("+{code}"))
        }
        Class::Address => postcode(value),
        Class::Coordinates => rounded(value),
        _ => None,
    }
}

fn is_year(text: &str) -> bool {
    text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn network_of(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{}/24", Ipv4Addr::new(a, b, c, 0))
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    }
}

/// What is printed like a postcode and is the last such: five digits (`28013`,
/// `10115`), Dutch `1012 AB`, British `NW1 6XE` (its first half), Japanese
/// `100-0001`, Polish `00-950`, Portuguese `1000-205` (first half).
fn postcode(value: &str) -> Option<String> {
    let words: Vec<&str> = value
        .split(|ch: char| ch.is_whitespace() || matches!(ch, ',' | ';' | '(' | ')'))
        .filter(|word| !word.is_empty())
        .map(|word| word.trim_start_matches('〒').trim_end_matches('.'))
        .collect();
    let shape = |word: &str| -> String {
        word.chars()
            .map(|ch| match ch {
                '0'..='9' => '9',
                'A'..='Z' => 'A',
                'a'..='z' => 'a',
                other => other,
            })
            .collect()
    };
    words.iter().enumerate().rev().find_map(|(index, word)| {
        let next = words.get(index + 1).map(|word| shape(word));
        Some(match shape(word).as_str() {
            "99999" | "999-9999" | "99-999" => (*word).to_owned(),
            "99999-9999" | "9999-999" => word.split('-').next()?.to_owned(),
            "9999" if next.as_deref() == Some("AA") => (*word).to_owned(),
            "A9" | "A99" | "AA9" | "AA99" | "A9A" | "AA9A" if next.as_deref() == Some("9AA") => {
                (*word).to_owned()
            }
            _ => return None,
        })
    })
}

/// Both coordinates to a tenth of a degree, some eleven kilometres.
fn rounded(value: &str) -> Option<String> {
    let numbers: Vec<f64> = value
        .split(|ch: char| ch == ',' || ch == ';' || ch.is_whitespace())
        .filter(|part| !part.is_empty())
        .map(str::parse)
        .collect::<Result<_, _>>()
        .ok()?;
    let [latitude, longitude] = numbers.as_slice() else {
        return None;
    };
    let mut out = String::new();
    let _ = write!(out, "{latitude:.1},{longitude:.1}");
    Some(out)
}

/// Whether a token's inside is the general form of something of a class: never
/// the whole of a value that somebody put into brackets.
pub(crate) fn is_general(class: &str, inside: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match class {
        "IP_ADDRESS" => inside.split_once('/').is_some_and(|(address, _)| {
            address
                .parse()
                .is_ok_and(|address| network_of(address) == inside)
        }),
        "DATE_OF_BIRTH" => is_year(inside),
        "PHONE" => inside
            .strip_prefix('+')
            .is_some_and(|code| code.len() <= 3 && digits(code)),
        "ADDRESS" => {
            inside.len() <= 8
                && inside.bytes().any(|byte| byte.is_ascii_digit())
                && inside
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase() || byte == b'-')
        }
        "COORDINATES" => rounded(inside).is_some_and(|rounded| rounded == inside),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn less_of_everything() {
        let mut canonical = Canonical::default();
        for (class, value, want) in [
            (Class::IpAddress, "203.0.113.77", Some("203.0.113.0/24")),
            (
                Class::IpAddress,
                "203[.]0[.]113[.]77",
                Some("203.0.113.0/24"),
            ),
            (Class::IpAddress, "2001:db8:1:2::3", Some("2001:db8:1::/48")),
            (Class::DateOfBirth, "25/03/1984", Some("1984")),
            (Class::DateOfBirth, "1984-03-25", Some("1984")),
            (Class::DateOfBirth, "some day", None),
            (Class::Phone, "+34 612 345 678", Some("+34")),
            (Class::Phone, "+1 202 555 0143", Some("+1")),
            (Class::Phone, "612 345 678", None),
            (Class::Address, "Calle Mayor 5, 28013 Madrid", Some("28013")),
            (
                Class::Address,
                "221B Baker Street, London NW1 6XE",
                Some("NW1"),
            ),
            (Class::Address, "Damrak 1, 1012 LG Amsterdam", Some("1012")),
            (Class::Address, "5 Main Street", None),
            (Class::Coordinates, "40.41678, -3.70379", Some("40.4,-3.7")),
            (Class::Email, "a@b.com", None),
        ] {
            let once = general(class, value, &mut canonical, Order::Unknown);
            assert_eq!(once.as_deref(), want, "{value}");
            if let Some(once) = once {
                assert!(
                    is_general(&class.name().to_ascii_uppercase(), &once),
                    "{once}"
                );
                if class != Class::Address {
                    let twice = general(class, &once, &mut canonical, Order::Unknown);
                    assert_eq!(twice, Some(once));
                }
            }
        }
    }
}
