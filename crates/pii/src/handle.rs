//! User names and passwords: what is somebody's, and what is a word or the system's own.
//!
//! What the word lists say of a value decides, for it has no check digits; rules ask it
//! in the place of a checksum. A value comes as it was written. It does not look for
//! values, and knows nothing of the words before them.

use crate::gazetteer::{self, Facts};

/// Accounts that are nobody's.
const SYSTEM: &[&str] = &[
    "admin",
    "administrator",
    "anonymous",
    "app",
    "azureuser",
    "backup",
    "bin",
    "bot",
    "build",
    "centos",
    "circleci",
    "daemon",
    "debian",
    "default",
    "deploy",
    "deployer",
    "docker",
    "ec2-user",
    "elastic",
    "everyone",
    "git",
    "github",
    "gitlab",
    "gitlab-runner",
    "guest",
    "hadoop",
    "help",
    "host",
    "info",
    "jenkins",
    "kafka",
    "local",
    "localhost",
    "mail",
    "mongodb",
    "monitor",
    "mysql",
    "nagios",
    "nginx",
    "no-reply",
    "nobody",
    "node",
    "node-exporter",
    "noreply",
    "null",
    "opc",
    "operator",
    "oracle",
    "postgres",
    "prometheus",
    "public",
    "rabbitmq",
    "redis",
    "root",
    "runner",
    "sa",
    "service",
    "shared",
    "solr",
    "spark",
    "ssh",
    "sshd",
    "sudo",
    "support",
    "sysadmin",
    "system",
    "test",
    "tomcat",
    "travis",
    "ubuntu",
    "user",
    "username",
    "vagrant",
    "webmaster",
    "www-data",
    "zookeeper",
];

/// A password after a word that says so, with nothing between: at least six signs, of
/// two kinds, and no code of capitals and digits, which tickets and updates have.
pub(crate) fn password(value: &[u8]) -> bool {
    let has = |kind: fn(&u8) -> bool| value.iter().any(kind);
    let letters = has(u8::is_ascii_alphabetic) || has(|byte| *byte >= 0x80);
    let digits = has(u8::is_ascii_digit);
    let small = has(u8::is_ascii_lowercase);
    let signs = has(u8::is_ascii_punctuation);
    let code = !small && !signs && value.len() <= 12;
    value.len() >= 6 && letters && (digits || signs) && !code
}

/// Words of everyday language, and what no list of names has.
fn everyday(part: &str) -> bool {
    let facts = gazetteer::lookup(part);
    facts.any(Facts::WORD | Facts::BRAND | Facts::ORGANISATION | Facts::TITLE | Facts::CUE)
        || facts.any(Facts::PLACE_BIG) && !facts.any(Facts::GIVEN | Facts::SURNAME)
}

/// A listed name that is nothing else.
fn is_name(part: &str) -> bool {
    let facts = gazetteer::lookup(part);
    part.len() >= 4
        && facts.any(Facts::GIVEN | Facts::SURNAME)
        && !facts.any(Facts::WORD | Facts::BRAND | Facts::ANYWHERE)
}

/// Whether a token is a usual given name and a number, or two words of which one is
/// a usual name and the other may be: what nobody but a person is called.
pub(crate) fn named(value: &str) -> bool {
    let strong = |part: &str| {
        let facts = gazetteer::lookup(part);
        part.len() >= 4
            && facts.any(Facts::GIVEN_COMMON | Facts::SURNAME_COMMON)
            && !facts.any(Facts::WORD | Facts::BRAND | Facts::ANYWHERE | Facts::ORGANISATION)
    };
    let weak = |part: &str| {
        let facts = gazetteer::lookup(part);
        part.len() == 1
            || part.len() >= 3
                && facts.any(Facts::GIVEN | Facts::SURNAME)
                && !facts.any(Facts::WORD | Facts::BRAND)
    };
    // A town's name as well, but not both.
    let usual = |part: &str| {
        let facts = gazetteer::lookup(part);
        facts.any(Facts::GIVEN_COMMON | Facts::SURNAME_COMMON)
            && !facts.any(Facts::WORD | Facts::BRAND | Facts::ORGANISATION)
    };
    if value.starts_with(|ch: char| !ch.is_ascii_alphabetic()) || is_system(value) {
        return false;
    }
    let digits = value.bytes().rev().take_while(u8::is_ascii_digit).count();
    let stem = value.get(..value.len() - digits).unwrap_or("");
    if digits > 4 || stem.bytes().any(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let stem = stem.trim_end_matches(['_', '.', '-']);
    let mut parts = stem.split(['_', '.', '-']);
    match (parts.next(), parts.next(), parts.next()) {
        (Some(one), None, _) if digits > 0 && initialled(one) => true,
        (Some(one), None, _) => {
            digits > 0 && one.len() >= 5 && {
                let facts = gazetteer::lookup(one);
                facts.any(Facts::GIVEN_COMMON) && strong(one)
            }
        }
        (Some(one), Some(two), None) => {
            strong(one) && weak(two)
                || weak(one) && strong(two)
                || one.len() >= 4 && two.len() >= 4 && usual(one) && usual(two)
        }
        _ => false,
    }
}

fn is_system(value: &str) -> bool {
    SYSTEM
        .iter()
        .any(|system| system.eq_ignore_ascii_case(value))
}

/// A user name after a word that says so: with a digit or a sign in it, not all of its
/// words everyday ones; or made of names.
pub(crate) fn handle(value: &[u8]) -> bool {
    let Ok(value) = std::str::from_utf8(value) else {
        return false;
    };
    let letters = value.bytes().filter(u8::is_ascii_alphabetic).count();
    if is_system(value) || letters < 2 {
        return false;
    }
    let plain = letters == value.len();
    if plain {
        return is_personal(value);
    }
    let mut parts = value
        .split(|ch: char| !ch.is_alphabetic())
        .filter(|part| part.len() > 1);
    let known = parts.clone().any(is_name);
    // A domain, a version, a file.
    let ends = value.rsplit('.').next().unwrap_or("");
    if value.contains('.') && !known && crate::tld::known(ends) {
        return false;
    }
    let digits = value.bytes().any(|byte| byte.is_ascii_digit());
    letters >= 3 && (known || digits || parts.any(|part| part.len() > 2 && !everyday(part)))
}

/// A usual surname with an initial before or behind it: `ndiayel`, `strapanese`.
fn initialled(stem: &str) -> bool {
    let usual = |part: Option<&str>| {
        part.is_some_and(|part| {
            let facts = gazetteer::lookup(part);
            part.len() >= 5
                && facts.any(Facts::SURNAME_COMMON)
                && !facts.any(Facts::WORD | Facts::BRAND | Facts::ANYWHERE)
        })
    };
    stem.is_ascii()
        && !gazetteer::lookup(stem).any(Facts::WORD | Facts::BRAND)
        && (usual(stem.get(1..)) || usual(stem.get(..stem.len().saturating_sub(1))))
}

/// A surname, or one whose umlauts are written as two letters: `mueller`.
fn surname(part: &str) -> bool {
    let known = |part: &str| {
        let facts = gazetteer::lookup(part);
        facts.any(Facts::SURNAME) && !facts.any(Facts::WORD | Facts::BRAND)
    };
    part.len() >= 5
        && (known(part)
            || [("ae", "a"), ("oe", "o"), ("ue", "u")]
                .iter()
                .any(|(two, one)| {
                    part.split_once(*two)
                        .is_some_and(|(head, tail)| known(&[head, *one, tail].concat()))
                }))
}

/// A word that is made of names: `lchassagne`, `OLIVER`, `annaroth`.
pub(crate) fn is_personal(value: &str) -> bool {
    if is_system(value) || !value.is_ascii() || value.len() < 4 || everyday(value) {
        return false;
    }
    if is_name(value) {
        return true;
    }
    // An initial and a surname, a surname and an initial, two names.
    let rest = value.get(1..).unwrap_or("");
    let head = value.get(..value.len() - 1).unwrap_or("");
    surname(rest)
        || surname(head)
        || (3..value.len().saturating_sub(2)).any(|at| {
            let (one, two) = value.split_at(at);
            let given = |part: &str| {
                let facts = gazetteer::lookup(part);
                facts.any(Facts::GIVEN_COMMON) && part.len() >= 3
            };
            let last = |part: &str| {
                gazetteer::lookup(part).any(Facts::SURNAME_COMMON | Facts::GIVEN_COMMON)
                    && part.len() >= 3
            };
            value.len() >= 7 && given(one) && last(two)
        })
}
