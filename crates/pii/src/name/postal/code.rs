//! Postal codes by themselves, and the codes of states.

use super::byte;

/// States, provinces and territories of the United States, Canada and Australia.
const STATES: &[&str] = &[
    "AB", "AK", "AL", "AR", "AZ", "BC", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "HI", "IA", "ID",
    "IL", "IN", "KS", "KY", "LA", "MA", "MB", "MD", "ME", "MI", "MN", "MO", "MS", "MT", "NB", "NC",
    "ND", "NE", "NH", "NJ", "NL", "NM", "NS", "NT", "NU", "NV", "NY", "OH", "OK", "ON", "OR", "PA",
    "PE", "PR", "QC", "RI", "SC", "SD", "SK", "TN", "TX", "UT", "VA", "VT", "WA", "WI", "WV", "WY",
    "YT", "AE", "AP", "AA", "GU", "VI", "AS", "MP", "NSW", "VIC", "QLD", "TAS", "ACT",
];

/// For each first letter the second ones of the states of two letters, as bits.
static TWO: [u32; 26] = {
    let mut table = [0; 26];
    let mut index = 0;
    while index < STATES.len() {
        let bytes = STATES[index].as_bytes();
        if bytes.len() == 2 {
            table[(bytes[0] - b'A') as usize] |= 1 << (bytes[1] - b'A');
        }
        index += 1;
    }
    table
};

/// Whether capitals are a state's.
pub(crate) fn is_state(letters: &str) -> bool {
    match *letters.as_bytes() {
        [first, second @ b'A'..=b'Z'] => TWO
            .get(usize::from(first.wrapping_sub(b'A')))
            .is_some_and(|seconds| seconds & (1 << (second - b'A')) != 0),
        [_, _, _] => STATES.contains(&letters),
        _ => false,
    }
}

/// The end of the four digits after an Australian state.
pub(super) fn australian_code(text: &str, state: &str, at: usize) -> Option<usize> {
    let digits = text
        .get(at..)?
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    (digits == 4 && ["NSW", "VIC", "QLD", "TAS", "ACT", "SA", "WA", "NT"].contains(&state))
        .then_some(at + 4)
}

/// The end of a ZIP code, or of a Canadian one.
pub(super) fn postal_code(text: &str, at: usize, state: bool) -> Option<usize> {
    let digits = text
        .get(at..)?
        .bytes()
        .take_while(u8::is_ascii_digit)
        .count();
    if state && digits == 5 {
        let end = at + 5;
        let four = byte(text, end) == b'-'
            && text
                .get(end + 1..)?
                .bytes()
                .take_while(u8::is_ascii_digit)
                .count()
                == 4;
        return Some(if four { end + 5 } else { end });
    }
    let shape = |at: usize, want: &str| {
        want.bytes().enumerate().all(|(index, want)| match want {
            b'9' => byte(text, at + index).is_ascii_digit(),
            _ => byte(text, at + index).is_ascii_uppercase(),
        })
    };
    if shape(at, "A9A") {
        let gap = usize::from(matches!(byte(text, at + 3), b' ' | b'-'));
        if shape(at + 3 + gap, "9A9") && !byte(text, at + 6 + gap).is_ascii_alphanumeric() {
            return Some(at + 6 + gap);
        }
    }
    None
}

/// The end of a British postal code at a byte.
pub(super) fn british(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes().get(at..)?;
    let letters = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_uppercase())
        .count();
    if !(1..=2).contains(&letters) {
        return None;
    }
    let mut to = letters;
    let digits = bytes
        .get(to..)?
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    if !(1..=2).contains(&digits) {
        return None;
    }
    to += digits;
    to += usize::from(
        bytes.get(to).is_some_and(u8::is_ascii_uppercase) && bytes.get(to + 1) == Some(&b' '),
    );
    if bytes.get(to) != Some(&b' ') {
        return None;
    }
    let tail = bytes.get(to + 1..to + 4)?;
    let fits = tail.first()?.is_ascii_digit() && tail.get(1..)?.iter().all(u8::is_ascii_uppercase);
    (fits && !bytes.get(to + 4).is_some_and(u8::is_ascii_alphanumeric)).then_some(at + to + 4)
}
