//! Any text under several profiles: changes are sound, twice is once, and what was
//! encrypted comes back.
//!
//! The first byte chooses the profile and the field.
#![no_main]

use std::sync::LazyLock;

use celador_pii::Scanner;
use celador_redact::{Key, KeyRing, Profile, Redactor, Revealer};
use libfuzzer_sys::fuzz_target;

const HEAD: &str = "version = 1\nkeys = [{ id = \"k1\", env = \"K\" }]\n";
const ENCRYPTED: usize = 2;
const PROFILES: &[&str] = &[
    "",
    "default = \"pseudonym\"",
    "default = \"encrypt\"",
    "default = \"mask\"\n[classes]\nemail = { operator = \"pseudonym\", shape = true }\n\
     phone = { operator = \"pseudonym\", shape = true }\npayment_card = \"keep_last\"\n\
     ip_address = \"generalise\"\nsecret = \"drop\"\ndate_of_birth = \"generalise\"\n\
     address = \"generalise\"",
];
const FIELDS: &[&str] = &[
    "",
    "text",
    "phone",
    "customer.name",
    "email",
    "dob",
    "address",
];

fn keys() -> Option<KeyRing> {
    let key = Key::new("k1", &vec![200; 32].into()).ok()?;
    KeyRing::new(vec![key]).ok()
}

static REDACTORS: LazyLock<Vec<Redactor>> = LazyLock::new(|| {
    let make = |text: &&str| {
        let profile = Profile::parse("redact.toml", &format!("{HEAD}{text}\n")).ok()?;
        Redactor::new(profile, keys()?, Scanner::builder()).ok()
    };
    PROFILES.iter().filter_map(make).collect()
});

fn redact(redactor: &Redactor, field: &str, text: &str) -> String {
    let mut worker = redactor.worker();
    let changes = worker.redact(field, text).to_vec();
    let (mut out, mut at) = (String::new(), 0);
    for change in &changes {
        assert!(change.range.start >= at, "changes are in order");
        let Some(kept) = text.get(at..change.range.start) else {
            panic!("changes are on borders of characters");
        };
        out.push_str(kept);
        out.push_str(worker.text(change));
        at = change.range.end;
    }
    let Some(kept) = text.get(at..) else {
        panic!("changes are on borders of characters");
    };
    out.push_str(kept);
    out
}

fuzz_target!(|data: &[u8]| {
    let [choice, data @ ..] = data else {
        return;
    };
    let Some(keys) = keys() else {
        panic!("the key is one");
    };
    assert_eq!(REDACTORS.len(), PROFILES.len(), "the profiles load");
    let number = usize::from(*choice) % PROFILES.len();
    let redactor = &REDACTORS[number];
    let field = FIELDS[usize::from(*choice) / PROFILES.len() % FIELDS.len()];
    let text = String::from_utf8_lossy(data);
    let once = redact(redactor, field, &text);
    if number == ENCRYPTED {
        let (mut out, mut at) = (String::new(), 0);
        if let Ok(all) = Revealer::new(&keys, None).reveal(field, &once) {
            for revealed in all {
                out.push_str(&once[at..revealed.range.start]);
                out.push_str(&revealed.value);
                at = revealed.range.end;
            }
            out.push_str(&once[at..]);
            assert_eq!(out, text, "what is revealed is what was");
        }
    }
    assert_eq!(redact(redactor, field, &once), once, "twice is once");
});
