//! The form that every spelling of one value shares.
//!
//! `a@b.com`, `A @B com`, `a%40b.com` and `a [at] b [dot] com` are one address,
//! so one person keeps one pseudonym. What differs in more than spelling stays
//! apart: nothing is guessed (`john.doe@` and `johndoe@` are two addresses, a
//! national telephone number without a region is not a number of some country).
//!
//! Invariant: the form depends on nothing but the value, its class, and the region
//! and order that the caller gives. It is personal data as the value is.

use std::net::{IpAddr, Ipv4Addr};

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

use crate::calendar::{self, Order};
use crate::class::Class;
use crate::phone::{MOST_DIGITS, Region, international_form};
use crate::shadow::Shadow;
use crate::{email, spoken};

/// Puts values into their canonical form; keeps its memory.
///
/// It may hold the last value, so it cannot be printed.
#[derive(Default)]
pub struct Canonical {
    region: Option<Region>,
    order: Option<Order>,
    shadow: Shadow,
    plain: String,
    runs: Vec<spoken::Run>,
    out: String,
}

impl Canonical {
    /// Reads national telephone numbers as dialled in a region, and `05/07/2020`
    /// in an order.
    pub fn new(region: Option<Region>, order: Order) -> Self {
        Self {
            region,
            order: Some(order),
            ..Self::default()
        }
    }

    /// The canonical form of a value of a class.
    pub fn form(&mut self, class: Class, text: &str) -> &str {
        self.out.clear();
        if class == Class::Email && is_plain_address(text) {
            self.out.push_str(text);
            self.out.make_ascii_lowercase();
            return &self.out;
        }
        // What is no text but bytes that matter.
        if matches!(class, Class::Secret | Class::UrlCredentials) {
            self.out.push_str(text);
            return &self.out;
        }
        self.read_plainly(class, text);
        let plain = self.plain.as_str();
        let out = &mut self.out;
        match class {
            Class::Email => address(plain, out),
            Class::Phone => phone(plain, self.region, out),
            Class::IpAddress => network(plain, out),
            Class::MacAddress => {
                let hex = plain.chars().filter(char::is_ascii_hexdigit);
                out.extend(hex.map(|ch| ch.to_ascii_lowercase()));
            }
            Class::Person => person(plain, out),
            Class::Address | Class::Place => words(plain, out),
            Class::DateOfBirth => {
                let order = self.order.unwrap_or(Order::Unknown);
                if let Some(date) = calendar::read(plain, order) {
                    use std::fmt::Write as _;
                    let (year, month, day) = date.day().numbers();
                    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
                } else {
                    words(plain, out);
                }
            }
            Class::Username => {
                out.extend(
                    plain
                        .trim()
                        .trim_start_matches('@')
                        .chars()
                        .flat_map(char::to_lowercase),
                );
            }
            // Letters that differ in case only are different wallets.
            Class::CryptoWallet => out.extend(plain.chars().filter(|ch| !ch.is_whitespace())),
            Class::Coordinates => {
                let kept = plain.chars().filter(|ch| !ch.is_whitespace());
                out.extend(kept.flat_map(char::to_lowercase));
            }
            _ => {
                let kept = plain.chars().filter(|ch| ch.is_alphanumeric());
                out.extend(kept.flat_map(char::to_uppercase));
            }
        }
        if out.is_empty() {
            out.push_str(plain.trim());
        }
        &self.out
    }

    /// Undoes disguises, and reads words for digits where numbers are wanted.
    fn read_plainly(&mut self, class: Class, text: &str) {
        let is_number = !matches!(
            class,
            Class::Email | Class::Person | Class::Address | Class::Place | Class::Username
        );
        if is_number {
            self.shadow.read(text);
        } else {
            self.shadow.read_letters(text);
        }
        self.plain.clear();
        let read = self.shadow.text();
        if read.is_ascii() {
            self.plain.push_str(read);
        } else {
            self.plain.extend(read.nfc());
        }
        if is_number && !self.plain.bytes().any(|byte| byte.is_ascii_digit()) {
            spoken::find(&self.plain, spoken::STRIDE / 2, &mut self.runs);
            if let Some(&run) = self.runs.first() {
                let length = self.plain.len();
                self.shadow.read_spoken(&self.plain, 0, length, run);
                self.plain.clear();
                self.plain.push_str(self.shadow.text());
            }
        }
    }
}

/// An address without any disguise, as most are.
fn is_plain_address(text: &str) -> bool {
    let mut signs = 0;
    let plain = text.bytes().all(|byte| {
        signs += u32::from(byte == b'@');
        byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'-' | b'@')
    });
    // `-at-` is a disguise where there is no sign.
    plain && signs == 1 && !text.ends_with('.')
}

fn address(plain: &str, out: &mut String) {
    let lower = plain.trim().to_lowercase();
    let lower = lower.strip_prefix("mailto:").unwrap_or(&lower);
    // Marks of quoted lines that an address was broken over.
    let unquoted = lower.replace(['<', '>'], "");
    let signed = with_signs(&unquoted);
    let Some((local, domain)) = signed.rsplit_once('@') else {
        out.push_str(&signed);
        return;
    };
    let local = local.trim();
    if local.starts_with('"') {
        out.push_str(local);
    } else {
        out.extend(local.chars().filter(|ch| !ch.is_whitespace()));
    }
    out.push('@');
    let domain = domain.trim();
    let letters = domain
        .split_whitespace()
        .all(|part| part.chars().count() == 1);
    let wrapped = domain.contains('.');
    let from = out.len();
    let mut gap: Option<bool> = None;
    for ch in domain.chars() {
        if ch.is_whitespace() {
            let line = matches!(ch, '\n' | '\r');
            gap = Some(gap.unwrap_or(false) || line);
            continue;
        }
        let inside = out.len() > from && !out.ends_with('.') && ch != '.';
        // A space instead of a dot; but a line's end only parts what is one, and
        // so do spaces between single letters.
        if let Some(line) = gap.take()
            && inside
            && !letters
            && !(line && wrapped)
        {
            out.push('.');
        }
        out.push(ch);
    }
    while out.ends_with('.') {
        out.pop();
    }
}

/// Words for `@` and `.` as signs.
fn with_signs(text: &str) -> String {
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let sign = if text.contains('@') {
        None
    } else {
        let found = tokens
            .iter()
            .skip(1)
            .position(|token| email::is_at_word(token));
        found.map(|index| index + 1)
    };
    let dots = email::disguised::DOTS;
    if sign.is_none() && !tokens.iter().any(|token| dots.contains(token)) {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for (index, token) in tokens.iter().enumerate() {
        if sign == Some(index) {
            out.push('@');
        } else if dots.contains(token) {
            out.push('.');
        } else {
            if index > 0 && !out.ends_with(['@', '.']) {
                out.push(' ');
            }
            out.push_str(token);
        }
    }
    out
}

fn phone(plain: &str, region: Option<Region>, out: &mut String) {
    let lower = plain.trim().to_lowercase();
    let (number, extension) = match lower.find(|ch: char| ch.is_alphabetic()) {
        Some(at) => lower.split_at(at),
        None => (lower.as_str(), ""),
    };
    // "Tel. 912…": the word stands before.
    let (number, extension) = if number.bytes().any(|byte| byte.is_ascii_digit()) {
        (number, extension)
    } else {
        (lower.as_str(), "")
    };
    let number = number.replace("(0)", "");
    let first = number.find(|ch: char| ch == '+' || ch.is_ascii_digit());
    let plus = first.is_some_and(|at| number.get(at..).is_some_and(|rest| rest.starts_with('+')));
    let digits: Vec<u8> = number.bytes().filter(u8::is_ascii_digit).collect();
    // "00" is dialled before a country's code nearly everywhere.
    let (digits, plus) = match digits.strip_prefix(b"00") {
        Some(rest) if !plus && rest.len() > 6 => (rest, true),
        _ => (digits.as_slice(), plus),
    };
    let read = digits.len() <= MOST_DIGITS && international_form(digits, plus, region, out);
    if !read {
        if plus {
            out.push('+');
        }
        out.extend(digits.iter().map(|digit| char::from(*digit)));
    }
    let extension: String = extension.chars().filter(char::is_ascii_digit).collect();
    if !extension.is_empty() {
        out.push('x');
        out.push_str(&extension);
    }
}

fn network(plain: &str, out: &mut String) {
    use std::fmt::Write as _;
    let text: String = plain.chars().filter(|ch| !ch.is_whitespace()).collect();
    let text = text.trim_matches(['[', ']']);
    let parts: Vec<&str> = text.split('.').collect();
    let octets: Option<Vec<u8>> = parts.iter().map(|part| part.parse().ok()).collect();
    if let Some([a, b, c, d]) = octets.as_deref() {
        let _ = write!(out, "{}", Ipv4Addr::new(*a, *b, *c, *d));
        return;
    }
    match text.parse::<IpAddr>() {
        Ok(address) => {
            let _ = write!(out, "{}", address.to_canonical());
        }
        Err(_) => out.push_str(&text.to_lowercase()),
    }
}

/// Words before a name that are none of it.
const TITLES: &[&str] = &[
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "herr", "frau", "hr", "fr", "sr", "sra",
    "srta", "don", "dona", "senor", "senora", "m", "mme", "mlle", "monsieur", "madame", "sig",
    "signor", "signora", "dhr", "mevr", "mevrouw", "pan", "pani",
];

fn person(plain: &str, out: &mut String) {
    // "Doe, John" and "John Doe" are one.
    let turned;
    let plain = match plain.split_once(',') {
        Some((last, first)) if !first.trim().is_empty() && !first.contains(',') => {
            turned = format!("{first} {last}");
            turned.as_str()
        }
        _ => plain,
    };
    let mut all = String::new();
    words(plain, &mut all);
    let parts: Vec<&str> = all.split(' ').collect();
    let titles = parts
        .iter()
        .take_while(|part| TITLES.contains(part))
        .count();
    // A title alone is all there is.
    let kept = if titles < parts.len() {
        parts.get(titles..)
    } else {
        None
    };
    out.push_str(&kept.unwrap_or(&parts).join(" "));
}

/// Words in small letters without marks, one space apart.
fn words(plain: &str, out: &mut String) {
    let mut gap = false;
    for ch in plain.nfd().filter(|ch| !is_combining_mark(*ch)) {
        if matches!(ch, '\'' | '’' | '.') && !out.is_empty() {
            // "O'Brien" and "OBrien", "J. R." and "J R".
            gap |= ch == '.';
            continue;
        }
        if !ch.is_alphanumeric() {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) && !out.is_empty() {
            out.push(' ');
        }
        match ch {
            'ß' => out.push_str("ss"),
            'ø' | 'Ø' => out.push('o'),
            'ł' | 'Ł' => out.push('l'),
            'đ' | 'Đ' => out.push('d'),
            'æ' | 'Æ' => out.push_str("ae"),
            'œ' | 'Œ' => out.push_str("oe"),
            _ => out.extend(ch.to_lowercase()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(class: Class, region: &str, text: &str) -> String {
        Canonical::new(Region::of(region), Order::Unknown)
            .form(class, text)
            .to_owned()
    }

    fn check(class: Class, region: &str, want: &str, spellings: &[&str]) {
        for text in spellings {
            assert_eq!(form(class, region, text), want, "{text:?}");
        }
        assert_eq!(form(class, region, want), want);
    }

    #[test]
    fn one_address() {
        check(
            Class::Email,
            "",
            "jdoe@contoso.com",
            &[
                "jdoe@contoso.com",
                "JDoe@Contoso.COM",
                "jdoe @contoso com",
                "jdoe@ contoso.com",
                "jdoe @ contoso . com",
                "j d o e @ c o n t o s o . c o m",
                "jdoe@cont\noso.com",
                "jdoe@\ncontoso.com",
                "jdoe@contoso.\ncom",
                "jdoe@contoso\n.com",
                "jdoe at contoso dot com",
                "JDOE AT CONTOSO DOT COM",
                "jdoe [at] contoso [dot] com",
                "jdoe(at)contoso(dot)com",
                "jdoe [at] contoso.com",
                "jdoe[@]contoso[.]com",
                "jdoe -at- contoso -dot- com",
                "jdoe_at_contoso_dot_com",
                "jdoe arroba contoso punto com",
                "jdoe&#64;contoso.com",
                "jdoe&commat;contoso&period;com",
                "jdoe%40contoso%2Ecom",
                "jdoe%2540contoso.com",
                "jdoe=40contoso.com",
                "jdoe=40cont=\noso=2Ecom",
                "jdoe\\u0040contoso.com",
                "jdoe@cont&shy;oso.com",
                "ｊｄｏｅ＠ｃｏｎｔｏｓｏ．ｃｏｍ",
                "jd\u{200b}oe@contoso.com",
                "jdое@соntoso.com",
                "𝐣𝐝𝐨𝐞@𝐜𝐨𝐧𝐭𝐨𝐬𝐨.𝐜𝐨𝐦",
                "jdoe\u{a0}@\u{a0}contoso.com",
                "mailto:jdoe@contoso.com",
                "jdoe@contoso.com.",
                "jdoe@contoso dot com",
            ],
        );
        check(
            Class::Email,
            "",
            "john.doe@contoso.co.uk",
            &[
                "john dot doe at contoso dot co dot uk",
                "john . doe @ contoso . co . uk",
            ],
        );
        // The letter beside a digit is one.
        check(
            Class::Email,
            "",
            "aa.oo0@contoso.com",
            &["aa.oo0 @contoso com", "aa.oo0 at contoso dot com"],
        );
        check(
            Class::Email,
            "",
            "\"john doe\"@contoso.com",
            &["\"John Doe\"@contoso.com"],
        );
        check(
            Class::Email,
            "",
            "josé@exämple.org",
            &["JOSÉ@exämple.org", "jose\u{301}@exa\u{308}mple.org"],
        );
    }

    #[test]
    fn one_number() {
        check(
            Class::Phone,
            "",
            "+442079460958",
            &[
                "+44 20 7946 0958",
                "+44 (0)20 7946 0958",
                "0044 20 7946 0958",
                "+44-20-7946-0958",
                "+44\u{a0}20 7946 0958",
                "＋４４ ２０ ７９４６ ０９５８",
            ],
        );
        check(
            Class::Phone,
            "GB",
            "+442079460958",
            &["020 7946 0958", "(020) 79460958", "+44 20 7946 0958"],
        );
        check(
            Class::Phone,
            "US",
            "+12025550143",
            &[
                "202-555-0143",
                "(202) 555-0143",
                "1 202 555 0143",
                "two zero two five five five zero one four three",
            ],
        );
        check(
            Class::Phone,
            "US",
            "+12025550143x12",
            &["(202) 555-0143 ext. 12", "202.555.0143x12"],
        );
        // Without a region nobody knows whose it is.
        check(
            Class::Phone,
            "",
            "2025550143",
            &["202-555-0143", "(202) 555 0143"],
        );
    }

    #[test]
    fn one_of_the_others() {
        check(
            Class::PaymentCard,
            "",
            "4111111111111111",
            &["4111 1111 1111 1111", "4111-1111-1111-1111"],
        );
        check(
            Class::Iban,
            "",
            "GB82WEST12345698765432",
            &["GB82 WEST 1234 5698 7654 32", "gb82west12345698765432"],
        );
        check(
            Class::NationalId,
            "",
            "12345678Z",
            &["12345678-Z", "12.345.678-z"],
        );
        check(
            Class::IpAddress,
            "",
            "203.0.113.9",
            &["203[.]0[.]113[.]9", "203.000.113.009", "::ffff:203.0.113.9"],
        );
        check(
            Class::IpAddress,
            "",
            "2001:db8::1",
            &["2001:0DB8:0:0:0:0:0:1"],
        );
        check(
            Class::MacAddress,
            "",
            "0050c2000001",
            &["00:50:C2:00:00:01", "0050.c200.0001"],
        );
        check(
            Class::Person,
            "",
            "jose garcia lopez",
            &[
                "José García López",
                "JOSE GARCIA LOPEZ",
                "García López, José",
                "Sr. José  García-López",
                "jose\u{301} garcía lópez",
            ],
        );
        check(
            Class::Person,
            "",
            "sean obrien",
            &["Seán O'Brien", "Sean O’Brien"],
        );
        check(
            Class::DateOfBirth,
            "",
            "1984-03-25",
            &[
                "25/03/1984",
                "25 March 1984",
                "1984-03-25",
                "March 25, 1984",
            ],
        );
        check(
            Class::Address,
            "",
            "5 baker street london",
            &["5 Baker Street, London", "5 baker  street\nLondon"],
        );
        check(Class::Secret, "", "aB c", &["aB c"]);
    }

    #[test]
    fn what_differs_stays_apart() {
        for (class, one, other) in [
            (Class::Email, "john.doe@contoso.com", "johndoe@contoso.com"),
            (Class::Email, "jdoe+1@contoso.com", "jdoe@contoso.com"),
            (Class::Phone, "+44 20 7946 0958", "+1 20 7946 0958"),
            (Class::Phone, "202-555-0143 x1", "202-555-0143 x2"),
            (Class::Secret, "abc", "ABC"),
            (Class::CryptoWallet, "1abc", "1ABC"),
        ] {
            assert_ne!(
                form(class, "US", one),
                form(class, "US", other),
                "{one} {other}"
            );
        }
    }

    fn spell(local: &str, host: &str, suffix: &str, how: usize) -> String {
        let upper = |text: &str| text.to_uppercase();
        let wide = |text: &str| -> String {
            text.chars()
                .map(|ch| char::from_u32(u32::from(ch) + 0xfee0).unwrap_or(ch))
                .collect()
        };
        let entity = |text: &str| -> String {
            let parts: Vec<String> = text
                .chars()
                .map(|ch| format!("&#{};", u32::from(ch)))
                .collect();
            parts.concat()
        };
        match how {
            0 => format!("{}@{}.{}", upper(local), host, upper(suffix)),
            1 => format!("{local} @{host} {suffix}"),
            2 => format!("{local}%40{host}%2e{suffix}"),
            3 => format!("{local} [at] {host} [dot] {suffix}"),
            4 => format!("{local} at {host} dot {suffix}"),
            5 => wide(&format!("{local}@{host}.{suffix}")),
            6 => entity(&format!("{local}@{host}.{suffix}")),
            7 => format!("{local}\u{200b}@\u{ad}{host}.{suffix}"),
            8 => format!("{local} @ {host} . {suffix}"),
            _ => format!("{local}@{host}.\n{suffix}"),
        }
    }

    proptest! {
        #[test]
        fn every_spelling_of_an_address(
            local in "[a-z]{2,6}(\\.[a-z]{2,5})?[0-9]{0,2}",
            host in "[a-z]{3,9}",
            suffix in "(com|org|de|jp)",
            how in 0_usize..10,
        ) {
            let want = format!("{local}@{host}.{suffix}");
            prop_assert_eq!(form(Class::Email, "", &spell(&local, &host, &suffix, how)), want);
        }

        #[test]
        fn every_print_of_a_number(digits in "[1-9][0-9]{15}", gaps in proptest::collection::vec(0_usize..4, 16)) {
            let printed: String = digits
                .chars()
                .zip(gaps)
                .flat_map(|(digit, gap)| [digit.to_string(), ["", " ", "-", "\u{a0}"][gap].to_owned()])
                .collect();
            prop_assert_eq!(form(Class::PaymentCard, "", &printed), digits);
        }
    }
}
