//! A second detector, wide where the finder is exact.
//!
//! Regular expressions (linear-time engine) over a plain reading. It prefers a
//! false alarm to a miss: what it finds is a *suspect*, for a person or for
//! [`crate::Residue`] to judge. Postal addresses, places and names without a
//! title, greeting or field before them are beyond it, and reports say so.

use regex::Regex;

use crate::plain::Plain;

/// What a suspect looks like; coarser than the finder's classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A mail address, or words in place of one.
    Email,
    /// A payment card: 12 to 19 digits that pass Luhn's test.
    Card,
    /// An IBAN with its check digits right.
    Iban,
    /// An IPv4 address.
    IpAddress,
    /// A hardware address.
    MacAddress,
    /// Something that a word such as "password" introduces, or a private key.
    Secret,
    /// A person's name after a title, a greeting or a field's name.
    Person,
    /// Any other 7 to 24 digits that stand together: telephone, account, identity.
    Number,
}

impl Kind {
    /// Every kind, in the order in which an overlap is settled.
    pub const ALL: [Self; 8] = [
        Self::Email,
        Self::Secret,
        Self::Iban,
        Self::MacAddress,
        Self::IpAddress,
        Self::Card,
        Self::Person,
        Self::Number,
    ];

    /// The name in reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Card => "payment_card",
            Self::Iban => "iban",
            Self::IpAddress => "ip_address",
            Self::MacAddress => "mac_address",
            Self::Secret => "secret",
            Self::Person => "person",
            Self::Number => "number",
        }
    }
}

/// Where a suspect stands in the original text, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// What it looks like.
    pub kind: Kind,
}

/// The second detector. Compiled once, shared between threads.
pub struct Loose {
    email: Regex,
    words: Regex,
    secret: Regex,
    key: Regex,
    iban: Regex,
    mac: Regex,
    ip: Regex,
    person: Regex,
    number: Regex,
    innocent: Regex,
}

/// Endings of addresses that are also written with a space for the dot.
const ENDINGS: &str = "com|net|org|edu|gov|info|biz|io|co|eu|de|fr|es|it|pt|nl|pl|jp|uk|br|mx|us|ca|ch|at|be|ie|au|example|test|invalid";

impl Default for Loose {
    fn default() -> Self {
        Self::new()
    }
}

impl Loose {
    /// Compiles the patterns.
    pub fn new() -> Self {
        let pattern = |text: &str| Regex::new(text).expect("a constant pattern that tests compile");
        let name = r"\p{Lu}[\p{L}'’-]+(?: +(?:(?:de|da|del|della|di|van|von|der|den|la|le|dos|y|e) +){0,3}\p{Lu}[\p{L}.'’-]+){0,3}";
        Self {
            email: pattern(&format!(
                r"(?i)[\p{{L}}\p{{N}}._%+'-]*[\p{{L}}\p{{N}}_%+-]\s{{0,3}}@\s{{0,3}}[\p{{L}}\p{{N}}](?:[\p{{L}}\p{{N}}-]*[\p{{L}}\p{{N}}])?(?:(?:\s{{0,3}}\.\s{{0,3}}|\s?[\[({{]\s?(?:\.|dot|punto|punkt|point|ponto|punt|kropka)\s?[\])}}]\s?|\s+(?:dot|punto|punkt|point|ponto|punt|kropka)\s+)[\p{{L}}\p{{N}}-]+){{0,4}}(?:\s+(?:{ENDINGS})\b)?"
            )),
            words: pattern(&format!(
                r"(?i)[\p{{L}}\p{{N}}._%+-]*[\p{{L}}\p{{N}}](?:\s?[\[({{<]\s?(?:at|arroba|chiocciola|klammeraffe|arobase|malpa|małpa|apenstaartje|@)\s?[\])}}>]\s?|\s+(?:at|arroba|chiocciola|klammeraffe|arobase|małpa|apenstaartje|アットマーク)\s+)[\p{{L}}\p{{N}}-]+(?:(?:\s?\.\s?|\s?[\[({{]\s?(?:\.|dot|punto|punkt|point|ponto|punt|kropka)\s?[\])}}]\s?|\s+(?:dot|punto|punkt|point|ponto|punt|kropka|ドット)\s+)[\p{{L}}\p{{N}}-]+){{0,4}}?(?:\s?\.\s?|\s?[\[({{]\s?(?:\.|dot|punto|punkt|point|ponto|punt|kropka)\s?[\])}}]\s?|\s+(?:dot|punto|punkt|point|ponto|punt|kropka|ドット)\s+)(?:{ENDINGS})\b"
            )),
            secret: pattern(
                r#"(?i)\b(?:password|passwd|pwd|passwort|contraseña|mot de passe|senha|hasło|wachtwoord|secret|token|api[_ -]?key|access[_ -]?key)"?\s{0,2}(?:[:=]|is)\s{0,2}"?([^\s"',;\[\]<>]{6,256})"#,
            ),
            key: pattern(r"-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]{0,8192}?(?:-----END|\z)"),
            iban: pattern(r"(?i)\b[A-Z]{2}[ .-]?[0-9]{2}(?:[ .-]?[A-Z0-9]){11,30}"),
            mac: pattern(
                r"(?i)\b[0-9a-f]{2}(?:[:-][0-9a-f]{2}){5}\b|\b[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}\b",
            ),
            ip: pattern(r"\b[0-9]{1,3}(?:\s?(?:\[\.\]|\(\.\)|\.)\s?[0-9]{1,3}){3}\b"),
            person: pattern(&format!(
                r"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof|Herrn?|Frau|Sr|Sra|Srta|Señora?|Monsieur|Madame|Mme|Mlle|Signora?|Sig|Senhora?|Dhr|Mevr|Meneer|Mevrouw|Pana?|Pani|Dear|Hi|Hello|Hola|Hallo|Liebe|Lieber|Bonjour|Ciao|Olá|Beste|Cześć)\.?,? +({name})"
            )),
            number: pattern(
                r"[+(]{0,2}[0-9](?:[ .()/_\t-]{0,3}[0-9]|-?[oO][0-9 ]|[\r\n]{1,2}[ \t]{0,8}[0-9]){6,23}",
            ),
            // What 7 digits and more are in texts that hold no personal data.
            innocent: pattern(
                r"(?x)^(?:
                    [12][0-9]{3}[-/.][01]?[0-9][-/.][0-3]?[0-9](?:[T\ _-]*[0-2]?[0-9].*)?   # a day, and a time
                  | [0-3]?[0-9][-/.][01]?[0-9][-/.][12][0-9]{3}(?:\ .*)?
                  | [0-9]{1,3}(?:[.,\ ][0-9]{3})+                                           # thousands
                  | [0-9]{1,3}(?:\.[0-9]{1,5}){2,3}                                          # a version
                  | [0-9]+\.[0-9]+                                                          # a fraction
                )$",
            ),
        }
    }

    /// The suspects of a text, in order; they do not overlap.
    pub fn find(&self, text: &str) -> Vec<Found> {
        let plain = Plain::read(text);
        let read = plain.text.as_str();
        let mut all: Vec<(usize, usize, Kind)> = Vec::new();
        let mut take =
            |kind, range: std::ops::Range<usize>| all.push((range.start, range.end, kind));
        for at in self.email.find_iter(read) {
            // "@" alone is a decorator or a handle: an address has a dot, or an
            // ending, or at least a domain written as a word after a space.
            let value = at.as_str();
            let domain = value
                .split_once('@')
                .map_or("", |(_, domain)| domain)
                .trim();
            let dotted = domain.contains(|c: char| !c.is_alphanumeric() && c != '-');
            if dotted || value.contains(" @") {
                take(Kind::Email, at.range());
            }
        }
        for at in self.words.find_iter(read) {
            take(Kind::Email, at.range());
        }
        for group in self.secret.captures_iter(read) {
            if let Some(value) = group.get(1) {
                take(Kind::Secret, value.range());
            }
        }
        for at in self.key.find_iter(read) {
            take(Kind::Secret, at.range());
        }
        for at in self.iban.find_iter(read) {
            if let Some(length) = iban(at.as_str()) {
                take(Kind::Iban, at.start()..at.start() + length);
            }
        }
        for at in self.mac.find_iter(read) {
            // Groups of four decimal digits that go on are some other number.
            let more = read.as_bytes().get(at.end()..at.end() + 2);
            if !more.is_some_and(|more| more[0] == b'.' && more[1].is_ascii_alphanumeric()) {
                take(Kind::MacAddress, at.range());
            }
        }
        for at in self.ip.find_iter(read) {
            let mut parts = at
                .as_str()
                .split(|c: char| !c.is_ascii_digit())
                .filter(|part| !part.is_empty());
            let closed = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_digit() || c == '.');
            let before = read
                .get(..at.start())
                .and_then(|head| head.chars().next_back());
            if parts.all(|part| part.parse::<u8>().is_ok()) && closed(before) {
                take(Kind::IpAddress, at.range());
            }
        }
        for group in self.person.captures_iter(read) {
            if let Some(value) = group.get(1) {
                take(Kind::Person, value.range());
            }
        }
        for at in self.number.find_iter(read) {
            if let Some(kind) = self.number(read, &at) {
                take(kind, at.range());
            }
        }
        settle(all, &plain)
    }

    /// What a run of digits is, or that it is innocent.
    fn number(&self, read: &str, at: &regex::Match<'_>) -> Option<Kind> {
        let value = at.as_str();
        if self.innocent.is_match(value.trim_end()) {
            return None;
        }
        // Inside a longer word it is part of a hash, a GUID or a key.
        let word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        let before = read
            .get(..at.start())
            .and_then(|head| head.chars().next_back());
        let after = read.get(at.end()..).and_then(|tail| tail.chars().next());
        if word(before) || word(after) {
            return None;
        }
        let digits: Vec<u8> = value
            .bytes()
            .filter_map(|byte| match byte {
                b'0'..=b'9' => Some(byte - b'0'),
                b'o' | b'O' => Some(0),
                _ => None,
            })
            .collect();
        Some(if (12..=19).contains(&digits.len()) && luhn(&digits) {
            Kind::Card
        } else {
            Kind::Number
        })
    }
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let value = u32::from(*digit) << (place % 2);
            value / 10 + value % 10
        })
        .sum();
    sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)
}

/// ISO 13616: the length in bytes of the shortest beginning that is an IBAN.
fn iban(value: &str) -> Option<usize> {
    // Letters in another case than the country's belong to the word that follows.
    let upper = value.starts_with(|c: char| c.is_ascii_uppercase());
    let signs: Vec<(usize, u8)> = value
        .bytes()
        .enumerate()
        .take_while(|(_, byte)| !byte.is_ascii_alphabetic() || byte.is_ascii_uppercase() == upper)
        .filter(|(_, byte)| byte.is_ascii_alphanumeric())
        .map(|(at, byte)| (at, byte.to_ascii_uppercase()))
        .collect();
    (15..=signs.len().min(34)).find_map(|length| {
        let (head, tail) = signs[..length].split_at(4);
        let rest = tail.iter().chain(head).fold(0u32, |rest, (_, sign)| {
            if sign.is_ascii_digit() {
                (rest * 10 + u32::from(sign - b'0')) % 97
            } else {
                (rest * 100 + u32::from(sign - b'A') + 10) % 97
            }
        });
        // The shorter ones would otherwise be tried inside the word that follows.
        let end = signs[length - 1].0 + 1;
        let closed = !value
            .as_bytes()
            .get(end)
            .is_some_and(u8::is_ascii_alphanumeric);
        (rest == 1 && closed).then_some(end)
    })
}

/// The more telling kind wins where two overlap; places become the original's.
fn settle(mut all: Vec<(usize, usize, Kind)>, plain: &Plain) -> Vec<Found> {
    let rank = |kind| Kind::ALL.iter().position(|known| *known == kind);
    all.sort_by_key(|&(start, end, kind)| (rank(kind), std::cmp::Reverse(end - start), start));
    let mut kept: Vec<Found> = Vec::new();
    for (start, end, kind) in all {
        let (start, end) = plain.original(start, end);
        let place = kept.partition_point(|other| other.start < start);
        let clear = (place == 0 || kept[place - 1].end <= start)
            && kept.get(place).is_none_or(|next| end <= next.start);
        if clear && start < end {
            kept.insert(place, Found { start, end, kind });
        }
    }
    kept
}

#[cfg(test)]
#[expect(clippy::string_slice, reason = "test data")]
mod tests {
    use super::*;
    use proptest::prelude::*;

    static LOOSE: std::sync::LazyLock<Loose> = std::sync::LazyLock::new(Loose::new);

    #[test]
    fn finds_what_people_write() {
        let loose = Loose::new();
        for (text, kind, value) in [
            (
                "from jdoe @contoso com, please",
                Kind::Email,
                "jdoe @contoso com",
            ),
            ("a.b@c.example wrote", Kind::Email, "a.b@c.example"),
            ("a%40b.example", Kind::Email, "a%40b.example"),
            (
                "jane dot doe (at) contoso dot com",
                Kind::Email,
                "doe (at) contoso dot com",
            ),
            (
                "ana arroba contoso punto es",
                Kind::Email,
                "ana arroba contoso punto es",
            ),
            (
                "call +44 20 7946 0958 now",
                Kind::Number,
                "+44 20 7946 0958",
            ),
            ("Tel. 0151/2345 6789", Kind::Number, "0151/2345 6789"),
            (
                "pay 4111 1111 1111 1111!",
                Kind::Card,
                "4111 1111 1111 1111",
            ),
            (
                "to DE89 3704 0044 0532 0130 00 today",
                Kind::Iban,
                "DE89 3704 0044 0532 0130 00",
            ),
            (
                "at 203[.]0[.]113[.]9:443",
                Kind::IpAddress,
                "203[.]0[.]113[.]9",
            ),
            ("00:00:5e:00:53:01", Kind::MacAddress, "00:00:5e:00:53:01"),
            ("password: hunter2hunter2", Kind::Secret, "hunter2hunter2"),
            ("Dear Ana de la Cruz,", Kind::Person, "Ana de la Cruz"),
            ("Herr Jürgen Groß schrieb", Kind::Person, "Jürgen Groß"),
        ] {
            let found = loose.find(text);
            let values: Vec<_> = found
                .iter()
                .map(|at| (at.kind, &text[at.start..at.end]))
                .collect();
            assert!(values.contains(&(kind, value)), "{text}: {values:?}");
        }
    }

    #[test]
    fn leaves_what_is_plainly_innocent() {
        let loose = Loose::new();
        for text in [
            "2019-12-05T13:45:07Z started",
            "version 10.0.19041.1288",
            "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "total 1,234,567",
            "[EMAIL] wrote to [PHONE]",
            "@Override public void run()",
            "meet me at noon",
        ] {
            assert_eq!(loose.find(text), [], "{text}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_never_overlaps(text in "(\\PC|[0-9 ]{3}|@|%40| at |dot|com|é|\u{200b}){0,60}") {
            let mut end = 0;
            for found in LOOSE.find(&text) {
                prop_assert!(found.start >= end);
                end = found.end;
                prop_assert!(text.get(found.start..found.end).is_some());
            }
        }
    }
}
