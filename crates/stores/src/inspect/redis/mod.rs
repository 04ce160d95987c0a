//! Redis, Valkey and what speaks their protocol.
//!
//! Each database is a container, each key a record: the key and what lies under
//! it. `SCAN` walks the keys, so that the store is never held up; of a value so
//! much is read and no more. Which bucket a key is in follows from a hash with a
//! secret of the server's process, so that what a walk meets first is a random
//! choice (`dictScan` and `siphash` of its source); a cluster's node walks slot by
//! slot, and then nothing bounds the error.
//!
//! Fields are told by the pattern of their keys: what many keys have in one place
//! is a word, everything else an id.

mod resp;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::profile::Looker;
use super::report::{Container, Method};
use super::source::{Found, Source, Wanted};
use crate::inspect::Credential;
use crate::transport::{Failure, Link, Session};
use crate::verdict::token;
use resp::{Answer, command};

/// Keys of one page.
const PAGE: usize = 500;
/// Bytes of a string, and elements of anything else, that are read.
const STRING: usize = 64 << 10;
const ELEMENTS: usize = 1000;
/// Keys whose parts decide what is a word.
const WORDS: usize = 5000;
/// A part that fewer keys have in its place is an id.
const COMMON: u32 = 8;

/// See the module.
pub(crate) struct Redis;

impl Source for Redis {
    const PRODUCTS: &'static [&'static str] = &["redis", "valkey", "keydb", "dragonfly"];
    const ASKS: &'static str = "AUTH; INFO; of each database SELECT and SCAN, and of each key TYPE and GETRANGE, HSCAN, LRANGE, SSCAN, ZSCAN or XRANGE";

    async fn read(
        session: &mut Session<'_>,
        looker: &mut Looker<'_>,
        wanted: &Wanted,
    ) -> Result<Found, Failure> {
        let link = session.connect().await?;
        let mut reader = Reader {
            session,
            looker,
            wanted,
            link,
        };
        reader.server().await
    }
}

struct Reader<'r, 't, 's> {
    session: &'r mut Session<'t>,
    looker: &'r mut Looker<'s>,
    wanted: &'r Wanted,
    link: Link,
}

impl Reader<'_, '_, '_> {
    async fn server(&mut self) -> Result<Found, Failure> {
        let mut found = Found::default();
        if let Err(why) = self.log_in().await? {
            found.refused = Some(why);
            return Ok(found);
        }
        let info = self.one(&[b"INFO"]).await?;
        let info = info.text().unwrap_or_default();
        let fields: BTreeMap<&str, &str> = info
            .lines()
            .filter_map(|line| line.split_once(':'))
            .collect();
        let field = |name: &str| fields.get(name).copied().and_then(token);
        found.version = field("valkey_version").or_else(|| field("redis_version"));
        // All of one replication have the id of their primary.
        found.cluster = field("master_replid");
        found.primary = field("role").map(|role| role == "master");
        let slots = field("cluster_enabled").as_deref() == Some("1");
        let mut databases: Vec<(u32, u64)> = fields
            .iter()
            .filter_map(|(name, value)| {
                let number = name.strip_prefix("db")?.parse().ok()?;
                let keys = value.strip_prefix("keys=")?.split(',').next()?;
                Some((number, keys.parse().ok()?))
            })
            .collect();
        databases.sort_unstable();
        if !fields.contains_key("redis_version") {
            // Whoever may not ask for INFO may still read.
            match self.one(&[b"DBSIZE"]).await? {
                Answer::Number(keys) => databases.push((0, u64::try_from(keys).unwrap_or(0))),
                Answer::Error(word) => {
                    found.refused = Some(words(word));
                    return Ok(found);
                }
                _ => return Err(Failure::Malformed("no count of keys")),
            }
            found
                .missing
                .push("databases but the first: INFO is not answered".to_owned());
        }
        for (number, keys) in databases {
            let mut container = Container::new("database", format!("db{number}"));
            container.id = Some(number.to_string());
            container.records = Some(keys);
            match self.database(number, keys, slots, &mut container).await {
                Ok(None) => {}
                Ok(Some(why)) => container.stopped_by = Some(why),
                Err(failure) => container.stopped_by = Some(failure.to_string()),
            }
            let failed = container.stopped_by.is_some();
            found.containers.push(container);
            if failed {
                // Answers may still come on the old one.
                self.link = self.session.connect().await?;
                if let Err(why) = self.log_in().await? {
                    found
                        .missing
                        .push(format!("databases after db{number}: {why}"));
                    break;
                }
            }
        }
        Ok(found)
    }

    async fn log_in(&mut self) -> Result<Result<(), String>, Failure> {
        let credential = match self.session.credential(self.session.tls) {
            Ok(credential) => credential.cloned(),
            Err(why) => return Ok(Err(why.to_owned())),
        };
        let answer = match &credential {
            None | Some(Credential::Certificate) => return Ok(Ok(())),
            // Before 6 there are no users.
            Some(Credential::Password { user, secret }) if user == "default" => {
                self.one(&[b"AUTH", secret.text().as_bytes()]).await?
            }
            Some(Credential::Password { user, secret }) => {
                self.one(&[b"AUTH", user.as_bytes(), secret.text().as_bytes()])
                    .await?
            }
            Some(_) => return Ok(Err("it takes a user with password".to_owned())),
        };
        Ok(match answer {
            Answer::Bytes(_) => Ok(()),
            Answer::Error(word) => Err(words(word)),
            _ => Err("the login is not answered".to_owned()),
        })
    }

    /// The answer to one command.
    async fn one(&mut self, words: &[&[u8]]) -> Result<Answer, Failure> {
        let mut bytes = Vec::new();
        command(words, &mut bytes);
        let mut answers = self.ask(&bytes, 1).await?;
        answers.pop().ok_or(Failure::Closed)
    }

    /// The answers to some commands.
    async fn ask(&mut self, commands: &[u8], count: usize) -> Result<Vec<Answer>, Failure> {
        self.link.send(commands).await?;
        let mut answers = Vec::new();
        for _ in 0..count {
            answers.push(resp::answer(&mut self.link).await?);
        }
        self.session.spend(&self.link)?;
        self.link.next_answer();
        Ok(answers)
    }

    async fn database(
        &mut self,
        number: u32,
        keys: u64,
        slots: bool,
        container: &mut Container,
    ) -> Result<Option<String>, Failure> {
        if let Answer::Error(word) = self
            .one(&[b"SELECT", number.to_string().as_bytes()])
            .await?
        {
            return Ok(Some(words(word)));
        }
        let whole = keys <= self.wanted.records;
        container.method = if whole {
            Method::Whole
        } else if slots {
            Method::Unbounded("slot by slot from the first one: keys of one slot belong together")
        } else {
            Method::Random
        };
        let most = if whole {
            keys.saturating_add(keys / 10).saturating_add(1000)
        } else {
            self.wanted.sample
        };
        let mut seen = BTreeSet::new();
        let mut patterns = Patterns::default();
        let mut cursor = b"0".to_vec();
        // As many pages as are needed several times over, for a server that
        // goes on.
        let pages = most / 50 + 1000;
        for _ in 0..pages {
            self.wanted.pace().await;
            let scan = self
                .one(&[b"SCAN", &cursor, b"COUNT", PAGE.to_string().as_bytes()])
                .await?;
            if let Answer::Error(word) = scan {
                return Ok(Some(words(word)));
            }
            let mut parts = scan.list().unwrap_or_default().into_iter();
            let (Some(Answer::Bytes(next)), Some(Answer::List(found))) =
                (parts.next(), parts.next())
            else {
                return Err(Failure::Malformed("a page without keys"));
            };
            // A key can come twice.
            let found: Vec<Vec<u8>> = found
                .into_iter()
                .filter_map(|key| match key {
                    Answer::Bytes(key) => Some(key),
                    _ => None,
                })
                .filter(|key| seen.insert(self.looker.key().hash(key)))
                .collect();
            patterns.learn(&found);
            for some in found.chunks(PAGE) {
                self.keys(some, &patterns, container).await?;
            }
            let examined = container.profile.examined;
            if next == b"0" || (!whole && examined >= most) {
                if whole {
                    // Keys come and go; what was there all the time was met.
                    container.records = Some(examined);
                }
                return Ok(None);
            }
            if examined > most {
                return Ok(Some("more keys than the store counts".to_owned()));
            }
            cursor = next;
        }
        Ok(Some("the walk over the keys does not end".to_owned()))
    }

    /// Looks at what lies under some keys.
    async fn keys(
        &mut self,
        keys: &[Vec<u8>],
        patterns: &Patterns,
        container: &mut Container,
    ) -> Result<(), Failure> {
        let mut bytes = Vec::new();
        for key in keys {
            command(&[b"TYPE", key], &mut bytes);
        }
        let kinds = self.ask(&bytes, keys.len()).await?;
        let elements = ELEMENTS.to_string();
        let elements = elements.as_bytes();
        bytes.clear();
        let mut asked = Vec::new();
        for (key, kind) in keys.iter().zip(&kinds) {
            let kind = kind.text().unwrap_or_default();
            let last = (STRING - 1).to_string();
            match kind.as_str() {
                "string" => command(&[b"GETRANGE", key, b"0", last.as_bytes()], &mut bytes),
                "hash" => command(&[b"HSCAN", key, b"0", b"COUNT", elements], &mut bytes),
                "set" => command(&[b"SSCAN", key, b"0", b"COUNT", elements], &mut bytes),
                "zset" => command(&[b"ZSCAN", key, b"0", b"COUNT", elements], &mut bytes),
                "list" => {
                    let last = (ELEMENTS - 1).to_string();
                    command(&[b"LRANGE", key, b"0", last.as_bytes()], &mut bytes);
                }
                "stream" => command(
                    &[b"XRANGE", key, b"-", b"+", b"COUNT", elements],
                    &mut bytes,
                ),
                // Gone since, or of a module's type, which no command reads.
                _ => continue,
            }
            asked.push((key, kind));
            // What comes back stays below the limit on an answer.
            if asked.len() >= 100 {
                self.values(&mut bytes, &mut asked, patterns, container)
                    .await?;
            }
        }
        self.values(&mut bytes, &mut asked, patterns, container)
            .await
    }

    async fn values(
        &mut self,
        bytes: &mut Vec<u8>,
        asked: &mut Vec<(&Vec<u8>, String)>,
        patterns: &Patterns,
        container: &mut Container,
    ) -> Result<(), Failure> {
        let answers = self.ask(bytes, asked.len()).await?;
        bytes.clear();
        for ((key, kind), answer) in asked.drain(..).zip(answers) {
            let key = String::from_utf8_lossy(key).into_owned();
            let (value, cut) = value(&kind, answer);
            let path = patterns.of(&key, self.looker);
            self.looker
                .look_under(&key, &path, &value, cut, &mut container.profile);
        }
        Ok(())
    }
}

fn words(word: &str) -> String {
    let words = match word {
        "NOAUTH" => "it asks for a password, and none was given",
        "WRONGPASS" => "this user or password is not accepted",
        "NOPERM" => "this user may not read it",
        "LOADING" => "the server is starting",
        "MASTERDOWN" => "this replica has lost its primary",
        "MOVED" | "ASK" => "the key lies on another node",
        "DENIED" => "protected mode lets only this machine in",
        _ => "an error",
    };
    format!("{words} ({word})")
}

/// What lies under a key as a value, and whether that is not all.
fn value(kind: &str, answer: Answer) -> (Value, bool) {
    match (kind, answer) {
        ("string", Answer::Bytes(bytes)) => {
            let cut = bytes.len() >= STRING;
            (plain(&bytes), cut)
        }
        ("hash" | "set" | "zset", Answer::List(parts)) => {
            let mut parts = parts.into_iter();
            let cut = parts.next().and_then(|next| next.text()).as_deref() != Some("0");
            let list = parts.next().and_then(Answer::list).unwrap_or_default();
            let value = match kind {
                "hash" => fields(list),
                // Members of a sorted set come with their scores.
                "zset" => members(list.into_iter().step_by(2)),
                _ => members(list.into_iter()),
            };
            (value, cut)
        }
        ("list", Answer::List(list)) => {
            let cut = list.len() >= ELEMENTS;
            (
                Value::Array(list.iter().filter_map(Answer::bytes).map(plain).collect()),
                cut,
            )
        }
        ("stream", Answer::List(entries)) => {
            let cut = entries.len() >= ELEMENTS;
            let entries = entries
                .into_iter()
                .filter_map(|entry| entry.list()?.into_iter().nth(1)?.list())
                .map(fields)
                .collect();
            (Value::Array(entries), cut)
        }
        _ => (Value::Null, true),
    }
}

fn fields(list: Vec<Answer>) -> Value {
    let mut out = Map::new();
    let mut list = list.into_iter();
    while let (Some(name), Some(value)) = (list.next(), list.next()) {
        out.insert(
            name.text().unwrap_or_default(),
            value.bytes().map_or(Value::Null, plain),
        );
    }
    Value::Object(out)
}

/// In an order of their own: the store's is another in each copy.
fn members(list: impl Iterator<Item = Answer>) -> Value {
    let sorted: BTreeSet<Vec<u8>> = list
        .filter_map(|member| match member {
            Answer::Bytes(bytes) => Some(bytes),
            _ => None,
        })
        .collect();
    Value::Array(sorted.iter().map(|bytes| plain(bytes)).collect())
}

/// A string, or what it says in JSON.
fn plain(bytes: &[u8]) -> Value {
    let text = String::from_utf8_lossy(bytes);
    if text.starts_with(['{', '['])
        && let Ok(value) = serde_json::from_str(&text)
    {
        return value;
    }
    json!(text)
}

/// Which parts of keys are words.
#[derive(Debug, Default)]
struct Patterns {
    learnt: usize,
    counts: BTreeMap<(usize, String), u32>,
}

impl Patterns {
    fn parts(key: &str) -> impl Iterator<Item = (usize, &str)> {
        key.split([':', '/', '|', '#']).take(8).enumerate()
    }

    fn learn(&mut self, keys: &[Vec<u8>]) {
        for key in keys {
            if self.learnt >= WORDS {
                return;
            }
            self.learnt += 1;
            let key = String::from_utf8_lossy(key);
            for (at, part) in Self::parts(&key).filter(|(_, part)| part.len() <= 60) {
                *self.counts.entry((at, part.to_owned())).or_default() += 1;
            }
        }
    }

    /// The pattern of a key: `user:(id):profile`.
    fn of(&self, key: &str, looker: &mut Looker<'_>) -> String {
        let shown: Vec<String> = Self::parts(key)
            .map(|(at, part)| {
                let count = self.counts.get(&(at, part.to_owned())).copied();
                if count.unwrap_or(0) >= COMMON && !part.bytes().any(|byte| byte.is_ascii_digit()) {
                    looker.shown(part)
                } else {
                    "(id)".to_owned()
                }
            })
            .collect();
        shown.join(":")
    }
}
