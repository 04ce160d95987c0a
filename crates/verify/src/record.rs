//! A record of what was done, that another person can check.
//!
//! JSON lines. Each entry carries the SHA-256 of the one before it, so none can be
//! changed, left out or put elsewhere without every later hash changing; a seal is
//! an entry that signs the hash before it with Ed25519 (RFC 8032). A record may go
//! on after a seal, to be sealed again: a check of the output is added to the
//! record of the run that wrote it. What an entry tells is names, sizes, counts and
//! hashes, never a value.
//!
//! A hash is taken over the entry's own bytes as they are written, not over a
//! re-serialised form: a checker in another language needs no canonical JSON.
//!
//! A record proves that its entries are as the key's holder wrote them. It does
//! not prove that they were true, nor when they were written, nor that nothing
//! stood after its last seal.

use std::collections::BTreeMap;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// The version of the format.
pub const SCHEMA: &str = "celador.record/v1";

/// What the first entry follows.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case", deny_unknown_fields)]
pub enum Event {
    /// A run begins.
    Begin {
        /// Always [`SCHEMA`].
        schema: String,
        /// The program and its version.
        tool: String,
        /// When, in RFC 3339.
        at: String,
        /// SHA-256 over all that decides: version, profile, key ids, own rules, options.
        configuration: String,
        /// SHA-256 of the profile as it was read, and its name.
        profile: Profile,
        /// Which keys made tokens, by id.
        keys: Vec<String>,
    },
    /// One input became one output.
    File {
        /// What was read.
        input: Content,
        /// What was written.
        output: Content,
        /// Records that were read.
        records: u64,
        /// Records that could not be read and stand in the reject file.
        rejected: u64,
        /// Values that were replaced, by class.
        replaced: BTreeMap<String, u64>,
    },
    /// What a check of an output came to.
    Verified {
        /// What was checked.
        output: Content,
        /// Values of the original that still stand in it.
        residue: u64,
        /// What the second detector suspects.
        suspects: u64,
        /// Whether nothing of the original was found in it.
        clean: bool,
    },
    /// The run ended.
    End {
        /// When, in RFC 3339.
        at: String,
        /// Whether every input was done.
        complete: bool,
    },
    /// The signature over the hash of the entry before this one.
    Seal {
        /// The signer's public key, in hexadecimal.
        public_key: String,
        /// Ed25519 over the 32 bytes of the last hash, in hexadecimal.
        signature: String,
    },
}

/// A profile by name and content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Its name or path.
    pub name: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

/// A file by name and content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Content {
    /// As it was named; `-` for a stream.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    seq: u64,
    /// SHA-256 of the line before, without its end.
    prev: String,
    #[serde(flatten)]
    event: Event,
}

/// Writes a record, entry by entry.
pub struct Writer {
    next: u64,
    prev: String,
}

impl Default for Writer {
    fn default() -> Self {
        Self {
            next: 1,
            prev: NOTHING.to_owned(),
        }
    }
}

impl Writer {
    /// Goes on after a record.
    ///
    /// # Errors
    /// [`check`] refuses it.
    pub fn after(record: &str) -> Result<Self, RecordError> {
        let checked = check(record)?;
        Ok(Self {
            next: checked.entries + 1,
            prev: lines(record)
                .last()
                .map_or_else(|| NOTHING.to_owned(), digest),
        })
    }

    /// The line of an event, with its end.
    pub fn line(&mut self, event: Event) -> String {
        let entry = Entry {
            seq: self.next,
            prev: self.prev.clone(),
            event,
        };
        let mut line = serde_json::to_string(&entry).unwrap_or_default();
        self.prev = digest(&line);
        self.next += 1;
        line.push('\n');
        line
    }

    /// The line that signs everything before it.
    pub fn seal(&mut self, signer: &Signer) -> String {
        let signature = signer.0.sign(self.prev.as_bytes());
        self.line(Event::Seal {
            public_key: hex(signer.0.public_key().as_ref()),
            signature: hex(signature.as_ref()),
        })
    }
}

/// A key that signs. It cannot be printed.
pub struct Signer(Ed25519KeyPair);

/// A key is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an Ed25519 private key: expected 64 hexadecimal digits")]
pub struct NoKey;

impl Signer {
    /// From 32 secret bytes in hexadecimal.
    ///
    /// # Errors
    /// Anything else.
    pub fn from_hex(secret: &str) -> Result<Self, NoKey> {
        let seed = unhex(secret.trim()).ok_or(NoKey)?;
        Ed25519KeyPair::from_seed_unchecked(&seed)
            .map(Self)
            .map_err(|_| NoKey)
    }

    /// The public half in hexadecimal, to be given to who checks.
    pub fn public_key(&self) -> String {
        hex(self.0.public_key().as_ref())
    }
}

/// A record that holds together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How many entries it has, the seal included.
    pub entries: u64,
    /// What they tell, in order.
    pub events: Vec<Event>,
    /// The keys of all seals, in order.
    pub signers: Vec<String>,
    /// Entries after the last seal, which nobody vouches for.
    pub unsealed: u64,
}

/// Why a record proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {entry}: {what}")]
pub struct RecordError {
    /// The entry, which is also the line, from 1.
    pub entry: u64,
    what: What,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
enum What {
    #[error("no entry of a record: expected a line of celador.record/v1")]
    Unreadable,
    #[error("the first entry does not begin a run of a version known here")]
    NoBegin,
    #[error("out of order: an entry before it was removed or moved")]
    Order,
    #[error("does not follow from the entry before it, which was changed")]
    Chain,
    #[error("the signature does not fit")]
    Signature,
    #[error("the record is empty")]
    Empty,
}

impl RecordError {
    fn new(entry: u64, what: What) -> Self {
        Self { entry, what }
    }
}

/// Checks order, chain and signature of a record.
///
/// # Errors
/// The first entry that does not fit.
pub fn check(record: &str) -> Result<Checked, RecordError> {
    let mut checked = Checked {
        entries: 0,
        events: Vec::new(),
        signers: Vec::new(),
        unsealed: 0,
    };
    let mut prev = NOTHING.to_owned();
    for line in lines(record) {
        let number = checked.entries + 1;
        let wrong = |what| RecordError::new(number, what);
        let entry: Entry = serde_json::from_str(line).map_err(|_| wrong(What::Unreadable))?;
        if entry.seq != number {
            return Err(wrong(What::Order));
        }
        if entry.prev != prev {
            return Err(wrong(What::Chain));
        }
        match &entry.event {
            Event::Begin { schema, .. } if schema != SCHEMA => return Err(wrong(What::NoBegin)),
            Event::Begin { .. } => {}
            _ if number == 1 => return Err(wrong(What::NoBegin)),
            Event::Seal {
                public_key,
                signature,
            } => {
                let fits =
                    unhex(public_key)
                        .zip(unhex(signature))
                        .is_some_and(|(key, signature)| {
                            UnparsedPublicKey::new(&ED25519, key)
                                .verify(prev.as_bytes(), &signature)
                                .is_ok()
                        });
                if !fits {
                    return Err(wrong(What::Signature));
                }
                checked.signers.push(public_key.clone());
            }
            Event::File { .. } | Event::Verified { .. } | Event::End { .. } => {}
        }
        prev = digest(line);
        checked.entries = number;
        let sealed = matches!(entry.event, Event::Seal { .. });
        checked.unsealed = if sealed { 0 } else { checked.unsealed + 1 };
        checked.events.push(entry.event);
    }
    if checked.entries == 0 {
        return Err(RecordError::new(1, What::Empty));
    }
    Ok(checked)
}

/// The lines without their ends, which another system may have made two bytes; also of
/// the last, which may have one of them.
fn lines(record: &str) -> impl Iterator<Item = &str> {
    record.lines().map(|line| line.trim_end_matches('\r'))
}

fn digest(line: &str) -> String {
    hex(&Sha256::digest(line.as_bytes()))
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    text.as_bytes()
        .chunks(2)
        .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SECRET: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";

    fn content(path: &str) -> Content {
        Content {
            path: path.to_owned(),
            bytes: 3,
            sha256: digest(path),
        }
    }

    fn record() -> String {
        let mut writer = Writer::default();
        let mut record = writer.line(Event::Begin {
            schema: SCHEMA.to_owned(),
            tool: "celador 0.1.0".to_owned(),
            at: "2026-01-02T03:04:05Z".to_owned(),
            configuration: digest("rules"),
            profile: Profile {
                name: "support-tickets".to_owned(),
                sha256: digest("profile"),
            },
            keys: vec!["k1".to_owned()],
        });
        for path in ["a.jsonl", "b.jsonl"] {
            record += &writer.line(Event::File {
                input: content(path),
                output: content(&format!("out/{path}")),
                records: 7,
                rejected: 0,
                replaced: BTreeMap::from([("email".to_owned(), 3)]),
            });
        }
        record += &writer.line(Event::End {
            at: "2026-01-02T03:04:06Z".to_owned(),
            complete: true,
        });
        record + &writer.seal(&Signer::from_hex(SECRET).expect("a key"))
    }

    #[test]
    fn the_public_key_is_rfc_8032s() {
        // RFC 8032, section 7.1, test 1.
        assert_eq!(
            Signer::from_hex(SECRET).expect("a key").public_key(),
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
        );
        assert!(Signer::from_hex("abc").is_err());
    }

    #[test]
    fn holds_together_and_names_who_signed() {
        let checked = check(&record()).expect("it holds");
        assert_eq!(checked.entries, 5);
        assert!(checked.signers.iter().any(|key| key.starts_with("d75a98")));
    }

    #[test]
    fn says_which_entry_was_touched() {
        let whole = record();
        let lines: Vec<&str> = whole.lines().collect();
        let joined = |lines: &[&str]| lines.join("\n");
        let error = |text: &str| check(text).map(|_| ()).map_err(|error| error.to_string());
        let changed = whole.replacen("\"records\":7", "\"records\":8", 1);
        assert!(
            error(&changed)
                .unwrap_err()
                .starts_with("entry 3: does not follow")
        );
        let without: Vec<_> = lines
            .iter()
            .enumerate()
            .filter(|(n, _)| *n != 1)
            .map(|(_, l)| *l)
            .collect();
        assert!(
            error(&joined(&without))
                .unwrap_err()
                .starts_with("entry 2: out of order")
        );
        assert!(error("").unwrap_err().ends_with("the record is empty"));
        // Ends of lines are no part of them, and one may be missing.
        for end in ["\r\n", "\n", "\r"] {
            let other = lines[..4].join("\r\n") + end;
            let mut writer = Writer::after(&other).expect("a record");
            let added = writer.line(Event::End {
                at: String::new(),
                complete: true,
            });
            let gap = if end == "\r" { "\n" } else { "" };
            assert!(check(&(other + gap + &added)).is_ok());
        }
        // What is wrong is told once, by the error itself.
        let empty = check("").expect_err("an empty record");
        assert!(std::error::Error::source(&empty).is_none());
        assert!(error(&joined(&lines[1..])).is_err());
        // Without its seal it holds together, and nobody vouches for it.
        let open = check(&joined(&lines[..4])).expect("a chain");
        assert_eq!((open.signers.len(), open.unsealed), (0, 4));
        // It goes on after a seal, and what is added is not signed by it.
        let mut more = Writer::after(&whole).expect("a record");
        let added = more.line(Event::Verified {
            output: content("out/a.jsonl"),
            residue: 0,
            suspects: 2,
            clean: true,
        });
        let longer = check(&(whole.clone() + &added)).expect("it goes on");
        assert_eq!(
            (longer.entries, longer.signers.len(), longer.unsealed),
            (6, 1, 1)
        );
        let seal = more.seal(&Signer::from_hex(SECRET).expect("a key"));
        let sealed = check(&(whole.clone() + &added + &seal)).expect("it goes on");
        assert_eq!((sealed.signers.len(), sealed.unsealed), (2, 0));
        assert!(check(&(whole + &seal)).is_err());
    }

    proptest! {
        #[test]
        fn no_byte_can_be_changed(at in 0usize..2000, with in 0x20u8..0x7f) {
            let whole = record();
            let at = at % whole.len();
            let mut bytes = whole.clone().into_bytes();
            prop_assume!(bytes[at] != with && bytes[at] != b'\n');
            bytes[at] = with;
            let changed = String::from_utf8(bytes).expect("ASCII");
            // Hexadecimal digits of the seal may be written in either case; nothing else.
            prop_assume!(!changed.eq_ignore_ascii_case(&whole));
            prop_assert!(check(&changed).is_err(), "byte {} became {}", at, with as char);
        }
    }
}
