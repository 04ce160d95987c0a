//! What our operators write, and knowing it again.
//!
//! | written | by |
//! |---|---|
//! | `[EMAIL]` | label |
//! | `[EMAIL:p:k1:` 20 signs `]` | pseudonym |
//! | `[EMAIL:e:k1:` base64url `]` | encrypt |
//! | `[PHONE:+34]`, `[IP_ADDRESS:203.0.113.0/24]` | generalise |
//! | `k1.` 20 signs `@pseudonym.invalid` | pseudonym of an address, in shape |
//! | `+999` and 12 digits | pseudonym of a telephone number, in shape |
//! | `9999` and 12 digits, a wrong check digit | pseudonym of a card, in shape |
//! | `240.0.0.0/4`, `2001:db8::/32` | pseudonym of a network's address, in shape |
//! | `****1234` | `mask`, `keep_last` |
//!
//! None needs an escape in JSON, CSV, XML or a URL's path. `.invalid` is reserved
//! by RFC 2606, 240/4 by RFC 1112, `2001:db8::/32` by RFC 3849; no country has the
//! code 999 (ITU-T E.164 list), none the issuer numbers 9999 (ISO/IEC 7812).

use std::ops::Range;

use celador_pii::Class;

/// The label of a field's value that no class is known of.
pub(crate) const OTHER: &str = "REDACTED";
/// Signs of a pseudonym: 100 bits.
pub(crate) const SIGNS: usize = 20;
/// Crockford's base 32: no letter looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
pub(crate) const DOMAIN: &str = "@pseudonym.invalid";

/// A class's name in labels.
pub(crate) fn label_name(class: Option<Class>) -> String {
    class.map_or_else(
        || OTHER.to_owned(),
        |class| class.name().to_ascii_uppercase(),
    )
}

/// What an encrypted token is bound to beside its value: the class, and whether it
/// was a number.
pub(crate) fn tag(class: Option<Class>, number: bool) -> String {
    let name = class.map_or("", Class::name);
    format!("{name}{}", if number { " number" } else { "" })
}

/// The first 100 bits, as signs.
pub(crate) fn signs(digest: &[u8; 32], out: &mut String) {
    let (mut bits, mut count) = (0_u32, 0);
    let mut written = 0;
    for byte in digest {
        bits = bits << 8 | u32::from(*byte);
        count += 8;
        while count >= 5 && written < SIGNS {
            count -= 5;
            out.push(char::from(ALPHABET[(bits >> count & 31) as usize]));
            written += 1;
        }
    }
}

/// What an encrypted token holds.
pub(crate) struct Sealed<'a> {
    pub(crate) range: Range<usize>,
    pub(crate) class: &'a str,
    pub(crate) key: &'a str,
    pub(crate) body: &'a str,
}

/// Every encrypted token of a text.
pub(crate) fn sealed(text: &str) -> impl Iterator<Item = Sealed<'_>> {
    memchr::memmem::find_iter(text.as_bytes(), b":e:").filter_map(|at| {
        let start = text.get(..at)?.rfind('[')?;
        let class = text.get(start + 1..at)?;
        if !is_name(class) {
            return None;
        }
        let rest = text.get(at + 3..)?;
        let (inside, _) = rest.split_once(']')?;
        let (key, body) = inside.split_once(':')?;
        (crate::key::is_id(key) && is_base64(body)).then_some(Sealed {
            range: start..at + 3 + inside.len() + 1,
            class,
            key,
            body,
        })
    })
}

fn is_name(name: &str) -> bool {
    name == OTHER
        || (name.len() < 24
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte == b'_')
            && Class::ALL
                .iter()
                .any(|class| class.name().eq_ignore_ascii_case(name)))
}

fn is_base64(text: &str) -> bool {
    text.len() >= 38
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

fn is_signs(text: &[u8]) -> bool {
    text.len() == SIGNS && text.iter().all(|byte| ALPHABET.contains(byte))
}

/// Replaces `out` by the places of everything in a text that our operators wrote,
/// in order. `shapes` says whether values in shape are among it.
pub(crate) fn find(text: &str, shapes: bool, out: &mut Vec<Range<usize>>) {
    out.clear();
    let bytes = text.as_bytes();
    for at in memchr::memchr_iter(b'[', bytes) {
        if let Some(length) = bytes.get(at..).and_then(bracketed) {
            out.push(at..at + length);
        }
    }
    let brackets = out.len();
    let mut last = 0;
    for at in memchr::memmem::find_iter(bytes, b"**") {
        let inside = out.get(..brackets).is_some_and(|brackets| {
            let next = brackets.partition_point(|bracket| bracket.end <= at);
            brackets.get(next).is_some_and(|next| next.start <= at)
        });
        if at >= last && !inside {
            let stars = count(bytes, at, |byte| byte == b'*');
            let kept = count(bytes, at + stars, |byte| byte.is_ascii_alphanumeric());
            // More than it keeps is a word that follows.
            last = at + stars + if kept <= 8 { kept } else { 0 };
            out.push(at..last);
        }
    }
    let mut last = 0;
    for at in memchr::memmem::find_iter(bytes, DOMAIN.as_bytes()) {
        // One may stand right after another.
        let head = bytes.get(last..at).unwrap_or(&[]);
        let Some(dot) = head.len().checked_sub(SIGNS + 1) else {
            continue;
        };
        let (before, signs) = head.split_at(dot);
        let key = before
            .iter()
            .rposition(|byte| !byte.is_ascii_alphanumeric())
            .map_or(0, |other| other + 1);
        let id = std::str::from_utf8(before.get(key..).unwrap_or(&[]));
        let signs = signs.strip_prefix(b".").unwrap_or(&[]);
        if id.is_ok_and(crate::key::is_id) && is_signs(signs) {
            let from = last + key;
            last = at + DOMAIN.len();
            out.push(from..last);
        }
    }
    if shapes {
        for at in memchr::memmem::find_iter(bytes, b"+999") {
            if count(bytes, at + 1, |byte| byte.is_ascii_digit()) == 15 {
                out.push(at..at + 16);
            }
        }
        for at in memchr::memmem::find_iter(bytes, b"9999") {
            let before = at.checked_sub(1).and_then(|at| bytes.get(at));
            if before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'+')
                && count(bytes, at, |byte| byte.is_ascii_alphanumeric()) == 16
                && bytes.get(at..at + 16).is_some_and(is_off_by_five)
            {
                out.push(at..at + 16);
            }
        }
    }
    out.sort_unstable_by_key(|range| (range.start, range.end));
}

fn count(bytes: &[u8], from: usize, is: impl Fn(u8) -> bool) -> usize {
    bytes
        .get(from..)
        .unwrap_or(&[])
        .iter()
        .take_while(|byte| is(**byte))
        .count()
}

/// The length of a token in brackets that begins a text.
fn bracketed(bytes: &[u8]) -> Option<usize> {
    let name = count(bytes, 1, |byte| byte.is_ascii_uppercase() || byte == b'_');
    let text = std::str::from_utf8(bytes.get(1..=name)?).ok()?;
    if name == 0 || !is_name(text) {
        return None;
    }
    match bytes.get(name + 1)? {
        b']' => Some(name + 2),
        b':' => {
            let body = bytes.get(name + 2..)?;
            // None holds another: so a text of openings alone costs no more than its length.
            let length = memchr::memchr2(b'[', b']', body)?;
            if body.get(length) != Some(&b']') {
                return None;
            }
            let inside = std::str::from_utf8(body.get(..length)?).ok()?;
            let ours = match inside.split(':').collect::<Vec<_>>().as_slice() {
                ["p", key, signs] => crate::key::is_id(key) && is_signs(signs.as_bytes()),
                ["e", key, body] => crate::key::is_id(key) && is_base64(body),
                _ => crate::generalise::is_general(text, inside),
            };
            ours.then_some(name + 2 + length + 1)
        }
        _ => None,
    }
}

/// The digit that makes a number pass Luhn's check when it follows these.
pub(crate) fn luhn_digit(digits: &[u8]) -> u8 {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(index, digit)| {
            let digit = u32::from(digit - b'0');
            match (index % 2, digit * 2) {
                (1, _) => digit,
                (_, twice) if twice > 9 => twice - 9,
                (_, twice) => twice,
            }
        })
        .sum();
    b'0' + u8::try_from((10 - sum % 10) % 10).unwrap_or(0)
}

/// Moves a check digit so that the number is nobody's card, and back.
pub(crate) fn off_by_five(digit: u8) -> u8 {
    b'0' + (digit - b'0' + 5) % 10
}

/// Whether a number's check digit is the one that our cards have.
pub(crate) fn is_off_by_five(digits: &[u8]) -> bool {
    match digits.split_last() {
        Some((last, rest)) if digits.iter().all(u8::is_ascii_digit) => {
            *last == off_by_five(luhn_digit(rest))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut out = Vec::new();
        find(text, true, &mut out);
        out.into_iter()
            .filter_map(|range| text.get(range))
            .collect()
    }

    #[test]
    fn knows_what_was_written() {
        for token in [
            "[EMAIL]",
            "[REDACTED]",
            "[EMAIL:p:k1:0123456789abcdefghjk]",
            "[PHONE:e:k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA]",
            "[PHONE:+34]",
            "[IP_ADDRESS:203.0.113.0/24]",
            "[DATE_OF_BIRTH:1984]",
            "k1.0123456789abcdefghjk@pseudonym.invalid",
            "+999123456789012",
            "****1234",
            "*****",
        ] {
            assert_eq!(found(&format!("x {token}, y")), [token]);
        }
    }

    #[test]
    fn knows_it_after_a_dot() {
        const TOKEN: &str = "k1.0123456789abcdefghjk@pseudonym.invalid";
        for before in [".", "...", "[.", "a.", "A. ", ".a.", "é."] {
            assert_eq!(found(&format!("{before}{TOKEN}")), [TOKEN], "{before}");
        }
        assert_eq!(found(&format!("{TOKEN}{TOKEN}.{TOKEN}")), [TOKEN; 3]);
    }

    #[test]
    fn knows_nothing_else() {
        for text in [
            "[JOHN]",
            "[EMAIL:jdoe@contoso.com]",
            "[PHONE:+34612345678]",
            "[PHONE:612345678]",
            "[IP_ADDRESS:203.0.113.9/24]",
            "[IP_ADDRESS:203.0.113.9]",
            "jdoe@pseudonym.invalid",
            "[EMAIL:p:k1:john]",
            "+99912345",
            "[",
            "[EMAIL",
            "[EMAIL:",
            "[DATE_OF_BIRTH:1984-05-06]",
            "4111111111111111",
            "[ADDRESS:5 Baker Street]",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn stars_are_known_before_and_after_brackets() {
        let mut found = Vec::new();
        find(
            "****1111 [EMAIL] ****2222 [DATE_OF_BIRTH:1984]",
            false,
            &mut found,
        );
        assert_eq!(found, [0..8, 9..16, 17..25, 26..46]);
    }

    #[test]
    #[allow(clippy::disallowed_methods, reason = "time is what is tested")]
    fn openings_alone_take_no_time() {
        let text = "[EMAIL:".repeat(200_000);
        let started = std::time::Instant::now();
        let mut found = Vec::new();
        find(&text, true, &mut found);
        assert!(found.is_empty());
        // Each looked for an end: minutes.
        assert!(started.elapsed().as_secs() < 5);
    }

    #[test]
    fn check_digits() {
        assert_eq!(luhn_digit(b"411111111111111"), b'1');
        assert!(is_off_by_five(b"4111111111111116"));
        assert!(!is_off_by_five(b"4111111111111111"));
    }
}
