//! Neither a user's pattern nor a text can make the scanner slow, whatever it is.
#![allow(
    clippy::disallowed_methods,
    reason = "a test of time reads a clock; the crate does not"
)]

use std::time::{Duration, Instant};

use celador_pii::{Class, Scanner};

fn scanner(pattern: &str, text: &str) -> Result<Scanner, celador_pii::rules::RuleError> {
    let rule = format!(
        "id: hostile\nclass: secret\nname: {{en: x}}\npattern: '{pattern}'\nscore: 0.9\nexamples: {{positive: [{{text: '{text}', match: '{text}'}}], negative: ['-']}}\nsource: s\n"
    );
    Scanner::builder().rule("own.yaml", rule).build()
}

fn cost(scanner: &Scanner, text: &str) -> Duration {
    let mut spans = Vec::new();
    let run = || {
        let begun = Instant::now();
        scanner.scan(text, &mut spans);
        begun.elapsed()
    };
    std::iter::repeat_with(run)
        .take(3)
        .min()
        .unwrap_or_default()
}

/// What stops a backtracking engine, and what makes a search for all matches of a
/// linear one look at the rest of the text from every place.
#[test]
fn time_is_linear_in_the_text() {
    for (pattern, example) in [
        ("(?:a+)+b", "aab"),
        ("(?:a|aa)+c", "aac"),
        ("(?:.*a){12}d", "aaaaaaaaaaaad"),
        ("[^z]*z|y", "y"),
        ("a?a?a?a?a?a?a?a?aaaaaaaae", "aaaaaaaae"),
        ("a*", "aa"),
    ] {
        let scanner = scanner(pattern, example).expect(pattern);
        let few = "a y".repeat(3 << 10);
        let many = "a y".repeat(24 << 10);
        let (few, many) = (cost(&scanner, &few), cost(&scanner, &many));
        // Eight times the text; the square would be 64, and seconds. What is added
        // is for a machine that does something else meanwhile.
        assert!(
            many < few * 24 + Duration::from_millis(700),
            "{pattern}: {few:?} {many:?}"
        );
    }
}

#[test]
fn a_pattern_that_grows_is_refused() {
    for pattern in [
        r"(?:\w{100}){100}",
        "((((a{9}){9}){9}){9}){9}",
        "(a{1000}){1000}",
    ] {
        let error = scanner(pattern, "a").expect_err(pattern).to_string();
        assert!(
            error.contains("pattern is larger than"),
            "{pattern}: {error}"
        );
    }
}

/// Matches are found wherever the steps of the search fall.
#[test]
fn steps_hide_nothing() {
    let scanner = scanner("CT-[0-9]{6}", "CT-123456").expect("right");
    for lead in 1000..1060 {
        let text = format!(
            "{}CT-654321 CT-654322{}",
            "é ".repeat(lead / 3),
            " -".repeat(1500)
        );
        let spans = scanner.find(&text);
        assert_eq!(spans.len(), 2, "{lead}");
    }
}

/// Texts of one piece over and over, of the kinds that names, addresses and places
/// are looked for around: looking back or ahead has a bound everywhere.
#[test]
fn names_cost_time_linear_in_the_text() {
    let scanner = Scanner::builder()
        .classes([Class::Person, Class::Address, Class::Place])
        .build()
        .expect("no rule of its own");
    for piece in [
        "in-",
        "A-",
        "d'",
        "a - ",
        "A - B ",
        "X - SP 04538-133 ",
        "Freiburg im ",
        "名前は",
        "山田",
        "語様",
        "名前：",
        "name: ",
        "LS1 4AB\n",
        "12345 Berlin ",
        "12 Baker Street ",
        "Roth, Anna, ",
        "van der ",
        ";anna roth",
        "A                ",
        "e\u{301}",
        "Dr. ",
    ] {
        let few = piece.repeat((6 << 10) / piece.len());
        let many = piece.repeat((48 << 10) / piece.len());
        let (few, many) = (cost(&scanner, &few), cost(&scanner, &many));
        assert!(
            many < few * 24 + Duration::from_millis(700),
            "{piece}: {few:?} {many:?}"
        );
    }
}

/// The same for what has a shape, a checksum or a sign, on one line or on many.
#[test]
fn shapes_cost_time_linear_in_the_text() {
    let scanner = Scanner::builder().build().expect("no rule of its own");
    let pieces = [
        "<td>x</td>",
        "<th>a</th>",
        "<x>1</x>",
        "%41+",
        "a  b  c\n",
        "| a | b | c |\n",
        "anna ",
        "wolfgang88 ",
        "anna.roth@example.com ",
        "user x_1 ",
        "login x password a1b2c3 ",
        "vive en ",
        "Anna\n",
        "anna, ",
        "Anna <a",
        "geo:1.234,",
        "lat 1.2345 ",
        "mac 00 ",
        "a=b; ",
        "Anna Roth, born ",
        "ask u7@contoso.com\n",
        "a@b ",
        "@",
        "a@b.com",
        "\"@",
        "\"a b\"@c.com ",
        "x@ y com ",
        "a @b\n",
        "j d @ c . d e ",
        " at a dot com",
        "jdoe at b.com ",
        "_at_",
        "(at)",
        "[.]",
        "a=",
        "a=b&",
        "password=",
        "https://a:b@c.de/?t=x&",
        "://",
        "&#64;",
        "%40",
        "=40",
        "\\u0040",
        "&amp;",
        "\u{200b}",
        "\u{ad}a",
        "ａ＠ｂ",
        "а",
        "7",
        "4 ",
        "12-",
        "1.2.3.4",
        "1.2.3.4:80, ",
        "::",
        "fe80:",
        "00:1a:",
        "2019-12-05 ",
        "+1 ",
        "(0",
        "0034 912 345 678\n",
        "tel ",
        "tel. 555 0100 ext ",
        "one two ",
        "neuf cent ",
        "ES91 2100 ",
        "4111 1111 1111 ",
        "eyJhbGciOi",
        "eyJ.eyJ.",
        "AKIA",
        "ghp_a",
        "-----BEGIN ",
        "-----BEGIN RSA PRIVATE KEY-----\n",
        "0x",
        "bc1q",
        "a_b",
        "A1-",
        "ABC 123 ",
        "N 40° 26′ ",
        "40.4, -3.7 ",
        "<a@",
        "> ",
        "=\r\n",
        "\n",
        "٣",
        "電話",
        "{\"ssn\": ",
        "SSN 078-05-",
        "O0l1",
        "a,b,c\n",
        "'a;b;c\n",
        "a\tb\tc\n1\t'\t \n",
        "insert into t (aaa) values (",
        "INSERT INTO t (a, b) VALUES (1, '(', (",
        "COPY t (a) FROM stdin;\n",
        "my password is ",
        "login is a.b ",
        "48° N, ",
    ];
    let of = |text: &str, size: usize| text.repeat(size.div_ceil(text.len()));
    let slow = |text: &str, small: usize| {
        let few = cost(&scanner, &of(text, small));
        let many = cost(&scanner, &of(text, small * 16));
        // Sixteen times the text; the square would be 256, and seconds. What is added
        // is for a machine that does something else meanwhile.
        (many > few * 48 + Duration::from_millis(500)).then_some((few, many))
    };
    for piece in pieces {
        assert_eq!(slow(piece, 1 << 10), None, "{piece:?}");
        // What opens windows joins them with anything.
        for other in ["\u{200b}", "\u{663}"] {
            let both = format!("{piece}{other}");
            assert_eq!(slow(&both, 1 << 10), None, "{both:?}");
        }
    }
    // A search back to a text's beginning is cheap until the text is long.
    for piece in [
        "ask u7@contoso.com\n",
        "\"@",
        "[a@b ",
        "insert into t (a) values (",
    ] {
        assert_eq!(slow(piece, 16 << 10), None, "{piece:?}");
    }
}
