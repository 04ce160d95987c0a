//! Redis and what speaks its protocol (RESP, redis.io/docs/reference/protocol-spec).
//!
//! `PONG` proves nothing, and an unknown command proves no lock: commands can be
//! renamed away. So the count of keys is asked for, then one step of a scan.

use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, token};

enum Value {
    Simple,
    Integer(u64),
    Error(String),
    Bulk(Option<Vec<u8>>),
    /// How many elements; they are not read.
    Array,
}

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let mut finding = Finding::of("redis");
    match ask(&mut link, &["DBSIZE"]).await? {
        Value::Integer(keys) => {
            finding.holds.records = Some(keys);
            finding.read(Outcome::Granted, "DBSIZE", "the number of keys");
        }
        Value::Error(error) if is_unknown(&error) => {
            finding.saw("DBSIZE", "an unknown command, which is no lock");
            scan(session, &mut finding).await?;
        }
        Value::Error(error) => {
            let Some(lock) = lock(&error) else {
                return Ok(None);
            };
            if lock == Lock::Permission {
                finding.saw("DBSIZE", "the user without password may not run it");
                scan(session, &mut finding).await?;
            } else {
                finding.read(Outcome::Refused, "DBSIZE", lock.words());
            }
        }
        _ => return Ok(None),
    }
    if finding.verdict == crate::Verdict::Open {
        info(session, &mut finding).await;
    }
    Ok(Some(finding))
}

/// A second read where the first says nothing of the rest.
async fn scan(session: &mut Session<'_>, finding: &mut Finding) -> Result<(), Failure> {
    // An array's elements were not read, so each question has its connection.
    let mut link = session.connect().await?;
    match ask(&mut link, &["SCAN", "0", "COUNT", "1"]).await? {
        Value::Array => {
            finding.read(
                Outcome::Granted,
                "SCAN 0 COUNT 1",
                "a step through the keys",
            );
            return Ok(());
        }
        Value::Error(error) => match lock(&error) {
            Some(Lock::Permission) => finding.read(
                Outcome::Refused,
                "SCAN 0 COUNT 1",
                "the user without password may not run it",
            ),
            Some(lock) => {
                finding.read(Outcome::Refused, "SCAN 0 COUNT 1", lock.words());
                return Ok(());
            }
            None => finding.saw("SCAN 0 COUNT 1", "an unknown command"),
        },
        _ => return Err(Failure::Malformed("no answer to SCAN")),
    }
    // Keys may still be read by their names: a key that nobody has tells.
    let mut link = session.connect().await?;
    match ask(&mut link, &["GET", "celador:no-such-key"]).await? {
        Value::Bulk(None) => finding.read(Outcome::Granted, "GET", "reading any key by its name"),
        Value::Error(error) if error.starts_with("NOPERM") && error.contains("key") => {
            finding.read(
                Outcome::Granted,
                "GET",
                "reading by name is permitted, though not of this key: the user without password reads keys of some pattern",
            );
        }
        Value::Error(error) if lock(&error).is_some() => {
            finding.read(
                Outcome::Refused,
                "GET",
                "the user without password may not run it",
            );
        }
        _ => finding.saw("GET", "an unknown command"),
    }
    Ok(())
}

async fn info(session: &mut Session<'_>, finding: &mut Finding) {
    let Ok(mut link) = session.connect().await else {
        return;
    };
    let Ok(Value::Bulk(Some(bytes))) = ask(&mut link, &["INFO"]).await else {
        return;
    };
    let text = String::from_utf8_lossy(&bytes);
    let field = |name: &str| {
        text.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            (key == name).then(|| value.trim().to_owned())
        })
    };
    if let Some(name) = field("server_name").and_then(|name| token(&name))
        && name == "valkey"
    {
        finding.product = Some(name);
        finding.version = field("valkey_version").and_then(|text| token(&text));
    }
    if finding.version.is_none() {
        finding.version = field("redis_version").and_then(|text| token(&text));
    }
    finding.holds.bytes = field("used_memory_dataset").and_then(|text| text.parse().ok());
    finding.holds.containers = Some(
        text.lines()
            .filter(|line| line.starts_with("db") && line.contains(":keys="))
            .count() as u64,
    );
    finding.cluster = field("master_replid").and_then(|text| token(&text));
    finding.saw("INFO", "version and sizes");
}

#[derive(PartialEq, Eq, Clone, Copy)]
enum Lock {
    Password,
    Permission,
    Protected,
}

impl Lock {
    fn words(self) -> &'static str {
        match self {
            Self::Password => "a password is asked for",
            Self::Permission => "the user without password may not run it",
            Self::Protected => "protected mode: from this address nobody is answered",
        }
    }
}

fn lock(error: &str) -> Option<Lock> {
    if error.starts_with("NOAUTH") || error.starts_with("ERR operation not permitted") {
        Some(Lock::Password)
    } else if error.starts_with("NOPERM") {
        Some(Lock::Permission)
    } else if error.starts_with("DENIED") {
        Some(Lock::Protected)
    } else {
        None
    }
}

fn is_unknown(error: &str) -> bool {
    error.starts_with("ERR unknown command")
}

async fn ask(link: &mut Link, words: &[&str]) -> Result<Value, Failure> {
    let mut request = format!("*{}\r\n", words.len());
    for word in words {
        use std::fmt::Write as _;
        let _ = write!(request, "${}\r\n{word}\r\n", word.len());
    }
    link.send(request.as_bytes()).await?;
    let line = link.line(4096).await?;
    let number = |text: &str| {
        text.parse::<i64>()
            .map_err(|_| Failure::Malformed("no number"))
    };
    let mut letters = line.chars();
    let kind = letters.next();
    let rest = letters.as_str();
    match kind {
        Some('+') => Ok(Value::Simple),
        Some('-') => Ok(Value::Error(rest.to_owned())),
        Some(':') => u64::try_from(number(rest)?)
            .map(Value::Integer)
            .map_err(|_| Failure::Malformed("a negative count")),
        Some('*') => number(rest).map(|_| Value::Array),
        Some('_') => Ok(Value::Bulk(None)),
        Some('$') => match usize::try_from(number(rest)?) {
            Err(_) => Ok(Value::Bulk(None)),
            Ok(length) => Ok(Value::Bulk(Some(link.exact(length).await?))),
        },
        _ => Err(Failure::Malformed("no RESP")),
    }
}
