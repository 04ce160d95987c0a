//! What holds for every value and profile: twice is once, what is revealed is
//! what was, and nothing else is touched.

#![allow(clippy::string_slice, reason = "a wrong border has to fail the test")]

use std::sync::LazyLock;

use celador_pii::Scanner;
use celador_redact::{Key, KeyRing, Profile, Redactor, Revealer, SHIPPED, shipped};
use proptest::prelude::*;

fn keys() -> KeyRing {
    let key = |id: &str, byte: u8| Key::new(id, &vec![byte; 32].into()).expect("a key");
    KeyRing::new(vec![key("k1", 200), key("k0", 201)]).expect("two keys")
}

fn redactor(text: &str) -> Redactor {
    let profile = Profile::parse("redact.toml", text).expect("a profile");
    Redactor::new(profile, keys(), Scanner::builder()).expect("a redactor")
}

const HEAD: &str = "version = 1\nkeys = [{ id = \"k1\", env = \"K\" }]\n";

static LABELS: LazyLock<Redactor> = LazyLock::new(|| redactor(HEAD));
static PSEUDONYMS: LazyLock<Redactor> =
    LazyLock::new(|| redactor(&format!("{HEAD}default = \"pseudonym\"\n")));
static ENCRYPTED: LazyLock<Redactor> =
    LazyLock::new(|| redactor(&format!("{HEAD}default = \"encrypt\"\n")));
static MIXED: LazyLock<Redactor> = LazyLock::new(|| {
    redactor(&format!(
        "{HEAD}default = \"mask\"\n[classes]\nemail = {{ operator = \"pseudonym\", shape = true }}\n\
         phone = {{ operator = \"pseudonym\", shape = true }}\npayment_card = \"keep_last\"\n\
         ip_address = \"generalise\"\nsecret = \"drop\"\ndate_of_birth = \"generalise\"\naddress = \"generalise\"\n"
    ))
});

fn redact(redactor: &Redactor, field: &str, text: &str) -> String {
    let mut worker = redactor.worker();
    let changes = worker.redact(field, text).to_vec();
    let mut out = String::new();
    let mut at = 0;
    for change in &changes {
        assert!(change.range.start >= at, "changes are in order");
        out.push_str(text.get(at..change.range.start).expect("character borders"));
        out.push_str(worker.text(change));
        at = change.range.end;
    }
    out.push_str(text.get(at..).expect("character borders"));
    out
}

/// Values in many forms, and what stands around them.
fn text() -> impl Strategy<Value = String> {
    let value = prop_oneof![
        "[a-z]{2,7}@[a-z]{3,8}\\.(com|org|de)",
        "[a-z]{2,7} @[a-z]{3,8} com",
        "[a-z]{2,7} \\[at\\] [a-z]{3,8} \\[dot\\] org",
        "[a-z]{2,7}%40[a-z]{3,8}%2Ede",
        "\\+34 6[0-9]{2} [0-9]{3} [0-9]{3}",
        "\\+44 20 7946 0[0-9]{3}",
        "tel\\. 0?[0-9]{3}[ -][0-9]{3}[ -][0-9]{3,4}",
        "4111 1111 1111 1111",
        "203\\.0\\.113\\.[0-9]{1,2}",
        "2001:db8::[0-9a-f]{1,4}",
        "GB82 WEST 1234 5698 7654 32",
        "born [0-2][0-9]/1[0-2]/19[5-9][0-9]",
        "password=[a-z]{4}[0-9]{4}",
        "(Anna|José|Grace|Hans) (García|Müller|Lopez|Smith|Nguyen)",
        "[0-9]{1,3} (Baker|Main|Oak) Street, London NW1 6XE",
        "(\\[EMAIL\\]|\\[PERSON\\]|\\*\\*\\*\\*1234|[0-9]{4,9})",
    ];
    let between = proptest::sample::select(vec![
        " ", ", ", " and ", "\n", "; ", ". ", "", " call ", " mail ", " Dear ", "(", "|", "=", ": ",
    ]);
    proptest::collection::vec((value, between), 1..6)
        .prop_map(|parts| parts.into_iter().map(|(value, gap)| value + gap).collect())
}

fn field() -> impl Strategy<Value = &'static str> {
    proptest::sample::select(vec![
        "",
        "text",
        "phone",
        "customer.name",
        "email",
        "dob",
        "address",
    ])
}

/// Texts that once were changed twice.
#[test]
fn twice_is_once_where_it_was_not() {
    for text in ["aa@aaa.com|4111 1111 1111 1111\naa@aaa.com 0 Baker Street, London NW1 6XE "] {
        for redactor in [&*LABELS, &*PSEUDONYMS, &*ENCRYPTED, &*MIXED] {
            let once = redact(redactor, "", text);
            assert_eq!(redact(redactor, "", &once), once);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn twice_is_once(text in text(), field in field()) {
        for redactor in [&*LABELS, &*PSEUDONYMS, &*ENCRYPTED, &*MIXED] {
            let once = redact(redactor, field, &text);
            prop_assert_eq!(redact(redactor, field, &once), once);
        }
    }

    #[test]
    fn what_is_revealed_is_what_was(text in text(), field in field()) {
        let redacted = redact(&ENCRYPTED, field, &text);
        let keys = keys();
        let mut out = String::new();
        let mut at = 0;
        for revealed in Revealer::new(&keys, None).reveal(field, &redacted).expect("our key") {
            out.push_str(&redacted[at..revealed.range.start]);
            out.push_str(&revealed.value);
            at = revealed.range.end;
        }
        out.push_str(&redacted[at..]);
        prop_assert_eq!(out, text);
    }

    #[test]
    fn only_what_is_found_changes(text in text()) {
        let mut worker = LABELS.worker();
        let changes = worker.redact("", &text).to_vec();
        let redacted = redact(&LABELS, "", &text);
        // The same text with all changes cut out of both.
        let mut rest = String::new();
        let mut at = 0;
        for change in &changes {
            rest.push_str(&text[at..change.range.start]);
            at = change.range.end;
        }
        rest.push_str(&text[at..]);
        let mut other = redacted.clone();
        for change in changes.iter().rev() {
            let label = worker.text(change);
            let written: usize = changes
                .iter()
                .take_while(|other| *other != change)
                .map(|other| worker.text(other).len())
                .sum();
            let gone: usize = changes
                .iter()
                .take_while(|other| *other != change)
                .map(|other| other.range.len())
                .sum();
            let place = change.range.start - gone + written;
            prop_assert_eq!(&other[place..place + label.len()], label);
            other.replace_range(place..place + label.len(), "");
        }
        prop_assert_eq!(rest, other);
    }
}

#[test]
fn one_person_one_token() {
    let tokens: Vec<String> = [
        "jdoe@contoso.com",
        "JDoe @Contoso com",
        "jdoe%40contoso.com",
        "jdoe [at] contoso [dot] com",
        "ｊｄｏｅ＠ｃｏｎｔｏｓｏ．ｃｏｍ",
        "jdoe&#64;contoso.com",
    ]
    .iter()
    .map(|text| redact(&PSEUDONYMS, "", &format!("mail {text}")))
    .collect();
    assert!(tokens[0].starts_with("mail [EMAIL:p:k1:"), "{}", tokens[0]);
    assert!(tokens.iter().all(|token| *token == tokens[0]), "{tokens:?}");
}

#[test]
fn wrong_keys_are_told() {
    let sealed = redact(&ENCRYPTED, "", "mail jdoe@contoso.com");
    let other = |id: &str| {
        KeyRing::new(vec![Key::new(id, &vec![210; 32].into()).expect("a key")]).expect("a ring")
    };
    for (id, want) in [
        ("k9", "not among the keys"),
        ("k1", "made with another key"),
    ] {
        let keys = other(id);
        let error = Revealer::new(&keys, None)
            .reveal("", &sealed)
            .err()
            .expect(want);
        assert!(error.to_string().contains(want), "{error}");
    }
}

#[test]
fn fields_have_rules_of_their_own() {
    let redactor = redactor(&format!(
        "{HEAD}subject = \"id\"\n[fields]\nid = {{ whole = \"pseudonym\", class = \"national_id\" }}\n\
         visit = {{ whole = {{ operator = \"shift_dates\", max_days = 30 }} }}\nnote = {{ leave = true }}\n\
         free = {{ classes = {{ email = \"leave\", phone = \"drop\" }} }}\nip = {{ whole = \"generalise\", class = \"ip_address\" }}\n\
         account = {{ whole = \"format_preserving\" }}\nsecret = {{ whole = \"drop\" }}\n"
    ));
    for (field, text, want) in [
        ("note", "jdoe@contoso.com", "jdoe@contoso.com"),
        (
            "free",
            "jdoe@contoso.com +34 612 345 678",
            "jdoe@contoso.com ",
        ),
        ("ip", "203.0.113.77", "203.0.113.0/24"),
        ("ip", "203.0.113.0/24", "203.0.113.0/24"),
        ("secret", "anything", ""),
        ("account", "12", "[REDACTED]"),
    ] {
        assert_eq!(redact(&redactor, field, text), want, "{field} {text}");
    }
    let id = redact(&redactor, "id", "12345678-Z");
    assert_eq!(id, redact(&redactor, "x.id", "12.345.678 z"));
    assert!(id.starts_with("[NATIONAL_ID:p:k1:"), "{id}");
    // Dates of one subject keep their distance.
    let mut worker = redactor.worker();
    let mut days = |subject: &str, date: &str| {
        worker.set_subject(subject);
        let change = worker.redact("visit", date)[0].clone();
        let text = worker.text(&change).to_owned();
        celador_pii::calendar::read(&text, celador_pii::calendar::Order::Unknown)
            .expect("a date")
            .day()
            .0
    };
    assert_eq!(days("a", "2020-03-09") - days("a", "2020-03-01"), 8);
    assert_ne!(days("a", "2020-03-01"), days("b", "2020-03-01"));
}

#[test]
fn shipped_profiles_redact_twice_as_once() {
    let text = "Hans Müller, jdoe @contoso com, +34 612 345 678, 4111 1111 1111 1111, 203.0.113.77";
    for (name, _) in SHIPPED {
        let profile = shipped(name).expect("known").expect("loads");
        let redactor = Redactor::new(profile, keys(), Scanner::builder()).expect("a redactor");
        let once = redact(&redactor, "", text);
        assert!(
            !once.contains("contoso") && !once.contains("4111 1111"),
            "{once}"
        );
        assert_eq!(redact(&redactor, "", &once), once, "{name}");
    }
}

#[test]
fn what_needs_a_key_has_one() {
    let profile = shipped("analytics").expect("known").expect("loads");
    let error = Redactor::new(profile, KeyRing::default(), Scanner::builder())
        .err()
        .expect("no key");
    assert!(error.to_string().contains("needs a key"), "{error}");
}
