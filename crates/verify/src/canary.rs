//! Values of known classes in known spellings, to be redacted and looked for.
//!
//! Every value is made here from a seed: mailboxes at reserved domains, telephone
//! numbers set aside for fiction, documentation addresses, and numbers whose check
//! digits are right and that belong to nobody. So a canary may be printed, and what
//! share of them survives a redaction is a measurement and not a guess.
//!
//! It measures these classes, these spellings and these sentences; what people
//! write otherwise is not in it.

use crate::plain::Plain;

/// A sentence with a value in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Canary {
    /// Class, by the finder's name for it.
    pub class: &'static str,
    /// Spelling.
    pub form: &'static str,
    /// The sentence.
    pub text: String,
    /// The value as it is written in it.
    pub value: String,
}

/// Numbers from a seed: the same seed gives the same (`SplitMix64`, Steele 2014).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        let place = self.below(list.len() as u64);
        list[usize::try_from(place).unwrap_or(0)]
    }

    fn digits(&mut self, count: usize) -> String {
        (0..count)
            .map(|_| char::from(b'0' + u8::try_from(self.below(10)).unwrap_or(0)))
            .collect()
    }
}

const GIVEN: &[&str] = &[
    "Amara", "Bruno", "Carmen", "Derek", "Elif", "Farida", "Gustav", "Helena",
];
const FAMILY: &[&str] = &[
    "Quillfeather",
    "Brandmüller",
    "Echevarría",
    "Kowalczyk",
    "Vandenbroek",
    "Lefebvre",
];
const SENTENCES: &[(&str, &str)] = &[
    ("The customer can be reached at ", " from Monday on."),
    ("Bitte melden Sie sich unter ", ", danke."),
    ("Puede escribirme a ", " cuando quiera."),
    ("Case notes: ", " (see the attachment)"),
    ("Merci de répondre à ", "\nCordialement"),
];

/// So many canaries, every class and spelling in turn.
pub fn plant(seed: u64, count: usize) -> Vec<Canary> {
    let mut draw = Draw(seed);
    (0..count)
        .map(|number| match number % 6 {
            0 | 1 => email(&mut draw, number / 6),
            2 => phone(&mut draw, number / 6),
            3 => card(&mut draw, number / 6),
            4 => iban(&mut draw, number / 6),
            _ => person(&mut draw, number / 6),
        })
        .collect()
}

fn canary(draw: &mut Draw, class: &'static str, form: &'static str, value: String) -> Canary {
    let (before, after) = draw.of(SENTENCES);
    Canary {
        class,
        form,
        text: format!("{before}{value}{after}"),
        value,
    }
}

fn email(draw: &mut Draw, turn: usize) -> Canary {
    let local = format!(
        "{}{}{}",
        draw.of(GIVEN).to_lowercase(),
        draw.of(&["", ".", "_"]),
        draw.digits(4)
    );
    let (host, end) = draw.of(&[("contoso", "com"), ("mail", "example"), ("fabrikam", "net")]);
    let (form, value) = match turn % 10 {
        0 => ("plain", format!("{local}@{host}.{end}")),
        1 => ("spaces for dots", format!("{local} @{host} {end}")),
        2 => ("spaces", format!("{local} @ {host} . {end}")),
        3 => ("words", format!("{local} at {host} dot {end}")),
        4 => ("brackets", format!("{local} [at] {host} [dot] {end}")),
        5 => ("percent", format!("{local}%40{host}.{end}")),
        6 => ("entity", format!("{local}&#64;{host}.{end}")),
        7 => ("full width", format!("{local}＠{host}．{end}")),
        8 => ("zero width", format!("{local}\u{200b}@{host}.{end}")),
        _ => ("arroba", format!("{local} arroba {host} punto {end}")),
    };
    canary(draw, "email", form, value)
}

/// Ofcom's, the FCC's and ARCEP's numbers for drama, and the Bundesnetzagentur's.
fn phone(draw: &mut Draw, turn: usize) -> Canary {
    let (country, area, rest) = match draw.below(4) {
        0 => ("44", "20", format!("79460{}", draw.digits(3))),
        1 => ("1", "202", format!("55501{}", draw.digits(2))),
        2 => ("33", "1", format!("9900{}", draw.digits(4))),
        _ => ("49", "30", format!("23125{}", draw.digits(3))),
    };
    let middle = rest.len() / 2;
    let (left, right) = rest.split_at(middle);
    let (form, value) = match turn % 5 {
        0 => ("plain", format!("+{country} {area} {left} {right}")),
        1 => ("dots", format!("+{country}.{area}.{left}.{right}")),
        2 => (
            "no-break spaces",
            format!("+{country}\u{a0}{area}\u{a0}{left}\u{a0}{right}"),
        ),
        3 => ("brackets", format!("+{country} ({area}) {left}-{right}")),
        _ => ("full width", wide(&format!("+{country} {area} {rest}"))),
    };
    canary(draw, "phone", form, value)
}

fn wide(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(c as u32 - 0x30 + 0xff10).unwrap_or(c),
            c => c,
        })
        .collect()
}

fn card(draw: &mut Draw, turn: usize) -> Canary {
    let mut digits = format!("4{}", draw.digits(14));
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let value = u32::from(byte - b'0') << usize::from(place % 2 == 0);
            value / 10 + value % 10
        })
        .sum();
    digits.push(char::from_digit((10 - sum % 10) % 10, 10).unwrap_or('0'));
    let grouped = |by: &str| -> String {
        digits
            .as_bytes()
            .chunks(4)
            .map(|group| String::from_utf8_lossy(group).into_owned())
            .collect::<Vec<_>>()
            .join(by)
    };
    let (form, value) = match turn % 5 {
        0 => ("plain", grouped(" ")),
        1 => ("together", digits.clone()),
        2 => ("hyphens", grouped("-")),
        3 => ("no-break spaces", grouped("\u{a0}")),
        _ => ("dots", grouped(".")),
    };
    canary(draw, "payment_card", form, value)
}

fn iban(draw: &mut Draw, turn: usize) -> Canary {
    // A bank code that is given to no bank in Germany (37040099), 10 digits after it.
    let account = format!("37040099{}", draw.digits(10));
    let rest = format!("{account}131400")
        .bytes()
        .fold(0u32, |rest, byte| (rest * 10 + u32::from(byte - b'0')) % 97);
    let whole = format!("DE{:02}{account}", 98 - rest);
    let grouped = |by: &str| -> String {
        whole
            .as_bytes()
            .chunks(4)
            .map(|group| String::from_utf8_lossy(group).into_owned())
            .collect::<Vec<_>>()
            .join(by)
    };
    let (form, value) = match turn % 4 {
        0 => ("plain", grouped(" ")),
        1 => ("together", whole.clone()),
        2 => ("hyphens", grouped("-")),
        _ => ("lower case", grouped(" ").to_lowercase()),
    };
    canary(draw, "iban", form, value)
}

fn person(draw: &mut Draw, turn: usize) -> Canary {
    let (given, family) = (draw.of(GIVEN), draw.of(FAMILY));
    let value = format!("{given} {family}");
    let (form, text) = match turn % 4 {
        0 => ("greeting", format!("Dear {value}, thank you for waiting.")),
        1 => ("title", format!("Forwarded by Herr {value} yesterday.")),
        2 => ("signature", format!("Kind regards,\n{value}\nSupport")),
        _ => ("prose", format!("I spoke with {value} about the invoice.")),
    };
    Canary {
        class: "person",
        form,
        text,
        value,
    }
}

impl Canary {
    /// Whether the value can still be read in what the sentence became: more than
    /// half of its letters and digits in one piece.
    pub fn survives(&self, redacted: &str) -> bool {
        let value = skeleton(&self.value);
        let text = skeleton(redacted);
        let piece = value.len() / 2 + 1;
        value
            .windows(piece)
            .any(|piece| text.windows(piece.len()).any(|other| other == piece))
    }
}

/// Letters and digits of a plain reading, in lower case.
fn skeleton(text: &str) -> Vec<char> {
    Plain::read(text)
        .text
        .chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "test data")]
mod tests {
    use super::*;
    use crate::{Kind, Loose};

    #[test]
    fn the_same_seed_plants_the_same() {
        assert_eq!(plant(7, 60), plant(7, 60));
        assert_ne!(plant(7, 60), plant(8, 60));
    }

    #[test]
    fn numbers_have_their_check_digits() {
        let loose = Loose::new();
        for canary in plant(1, 400) {
            let kind = match canary.class {
                "payment_card" => Kind::Card,
                "iban" => Kind::Iban,
                _ => continue,
            };
            let found = loose.find(&canary.text);
            assert!(
                found
                    .iter()
                    .any(|at| at.kind == kind && canary.text[at.start..at.end] == canary.value),
                "{}: {found:?}",
                canary.text
            );
        }
    }

    #[test]
    fn what_is_gone_is_gone_and_what_is_there_is_there() {
        for canary in plant(3, 120) {
            assert!(canary.survives(&canary.text), "{}", canary.text);
            let gone = canary.text.replace(&canary.value, "[REDACTED]");
            assert!(!canary.survives(&gone), "{gone}");
        }
    }
}
