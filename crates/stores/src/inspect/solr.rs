//! Solr.
//!
//! Every collection of a cloud, or else every core. Documents come in order of their
//! unique key by `cursorMark`, which leaves nothing in the server. Of a large collection
//! the keys alone are listed and chosen by a keyed hash, alike in every copy, and then
//! asked for. What is told is what the server stores: a field that is only indexed
//! cannot be seen. Fields that the server adds are no part of a record.

use std::collections::BTreeSet;

use serde_json::Value;

use super::keys::ByHash;
use super::profile::Looker;
use super::report::{Container, Method};
use super::source::{self, Found, Source, Wanted};
use super::url::escaped;
use crate::transport::{Failure, Request, Session};

/// Collections of one server.
const MOST: usize = 1000;
/// Documents of a page.
const PAGE: u64 = 1000;
/// Keys of a page.
const KEYS: u64 = 20_000;
/// Bytes of keys that are asked for at a time: a request's line has a limit.
const LINE: usize = 4000;

/// See the module.
pub(crate) struct Solr;

impl Source for Solr {
    const PRODUCTS: &'static [&'static str] = &["solr"];
    const ASKS: &'static str = "GET of the lists of collections and cores, and of each the schema's unique key and fields, and pages of select by cursorMark; of a large one get with the keys that were chosen";

    async fn read(
        session: &mut Session<'_>,
        looker: &mut Looker<'_>,
        wanted: &Wanted,
    ) -> Result<Found, Failure> {
        let mut reader = Reader {
            session,
            looker,
            wanted,
        };
        reader.server().await
    }
}

struct Reader<'r, 't, 's> {
    session: &'r mut Session<'t>,
    looker: &'r mut Looker<'s>,
    wanted: &'r Wanted,
}

/// An answer, or why it is none.
type Told = Result<Value, String>;

impl Reader<'_, '_, '_> {
    async fn server(&mut self) -> Result<Found, Failure> {
        let mut found = Found::default();
        let collections = self
            .ask("/solr/admin/collections?action=LIST&wt=json")
            .await?;
        let (kind, mut names): (_, Vec<String>) = match &collections {
            Ok(told) if told["collections"].is_array() => (
                "collection",
                told["collections"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(|name| name.as_str().map(str::to_owned))
                    .collect(),
            ),
            // Without a cloud it knows none.
            _ => match self.ask("/solr/admin/cores?action=STATUS&wt=json").await? {
                Ok(told) => (
                    "core",
                    told["status"]
                        .as_object()
                        .into_iter()
                        .flat_map(|cores| cores.keys().cloned())
                        .collect(),
                ),
                Err(why) => {
                    found.refused = Some(format!("the list of cores {why}"));
                    return Ok(found);
                }
            },
        };
        names.extend(self.session.containers().iter().cloned());
        names.retain(|name| !name.is_empty() && name != "." && name != "..");
        names.sort_unstable();
        names.dedup();
        if names.len() > MOST {
            found.missing.push(format!("more than {MOST} collections"));
        }
        for name in names.iter().take(MOST) {
            let mut container = Container::new(kind, self.looker.shown(name));
            let path = format!("/solr/{}", escaped(name, b""));
            let read = self.collection(&path, &mut container).await;
            container.ended(read);
            found.containers.push(container);
        }
        Ok(found)
    }

    async fn collection(
        &mut self,
        path: &str,
        container: &mut Container,
    ) -> Result<Result<(), String>, Failure> {
        let key = match self
            .ask(&format!("{path}/schema/uniquekey?wt=json"))
            .await?
        {
            Ok(told) => told["uniqueKey"].as_str().map(str::to_owned),
            Err(why) => return Ok(Err(format!("its unique key {why}"))),
        };
        // It goes into paths as it came.
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        let Some(key) = key.filter(|key| !key.is_empty() && key.bytes().all(plain)) else {
            return Ok(Err("it has no unique key to page by".to_owned()));
        };
        if let Ok(told) = self.ask(&format!("{path}/schema/fields?wt=json")).await? {
            let fields = told["fields"].as_array().into_iter().flatten();
            let mut lines: Vec<String> = fields
                .map(|field| {
                    let text = |name: &str| field[name].as_str().unwrap_or_default().to_owned();
                    format!("{}:{}", text("name"), text("type"))
                })
                .collect();
            lines.sort_unstable();
            container.mapping = Some(self.looker.key().hash(lines.join("\n").as_bytes()));
        }
        let count = match self
            .ask(&format!("{path}/select?q=*:*&rows=0&wt=json"))
            .await?
        {
            Ok(told) => told["response"]["numFound"].as_u64(),
            Err(why) => return Ok(Err(format!("it {why}"))),
        };
        let Some(count) = count else {
            return Err(Failure::Malformed("no count"));
        };
        container.records = Some(count);
        if count > self.wanted.records {
            return self.sample(path, &key, count, container).await;
        }
        container.method = Method::Whole;
        let mut pages = Pages::new(path, &key, "*", PAGE);
        while let Some(page) = match pages.next(self).await? {
            Ok(page) => page,
            Err(why) => return Ok(Err(why)),
        } {
            for document in page {
                self.look(document, container);
            }
            if container.profile.examined > count {
                break;
            }
        }
        Ok(if container.profile.examined == count {
            Ok(())
        } else {
            Err("the collection changed while it was read".to_owned())
        })
    }

    /// Keys first, then the documents of those that are chosen.
    async fn sample(
        &mut self,
        path: &str,
        unique: &str,
        count: u64,
        container: &mut Container,
    ) -> Result<Result<(), String>, Failure> {
        let key = self.looker.key().clone();
        let plan = ByHash::new(&key, "unique key of Solr", count, self.wanted.sample);
        container.method = plan.method();
        let most = self.wanted.sample.saturating_mul(4).max(100);
        let mut chosen: Vec<String> = Vec::new();
        let mut rows = 0_u64;
        let mut pages = Pages::new(path, unique, unique, KEYS);
        while let Some(page) = match pages.next(self).await? {
            Ok(page) => page,
            Err(why) => return Ok(Err(why)),
        } {
            for document in page {
                rows += 1;
                let text = match &document[unique] {
                    Value::String(text) => text.clone(),
                    Value::Null => return Err(Failure::Malformed("a document without its key")),
                    other => other.to_string(),
                };
                if plan.chooses(&text) {
                    chosen.push(text);
                }
            }
            if rows / 2 > count || chosen.len() as u64 > most {
                return Ok(Err("it has more documents than it counts".to_owned()));
            }
        }
        let mut rest = &chosen[..];
        let mut line = LINE;
        while !rest.is_empty() {
            let mut query = String::new();
            let mut some = 0;
            for id in rest {
                let next = escaped(id, b"");
                if some > 0 && query.len() + next.len() > line {
                    break;
                }
                query.push_str("&id=");
                query.push_str(&next);
                some += 1;
            }
            let answer = match self.ask(&format!("{path}/get?wt=json{query}")).await {
                Err(Failure::TooLarge) if some > 1 => {
                    line /= 2;
                    continue;
                }
                other => other?,
            };
            rest = rest.get(some..).unwrap_or_default();
            match answer {
                Ok(mut told) => {
                    // For one key it answers otherwise than for several.
                    let documents = match told["response"]["docs"].take() {
                        Value::Array(documents) => documents,
                        _ => vec![told["doc"].take()],
                    };
                    for document in documents.into_iter().take(some) {
                        if document.is_object() {
                            self.look(document, container);
                        }
                    }
                }
                Err(why) => return Ok(Err(format!("it {why}"))),
            }
        }
        Ok(Ok(()))
    }

    fn look(&mut self, mut document: Value, container: &mut Container) {
        if let Some(fields) = document.as_object_mut() {
            fields.retain(|name, _| !matches!(name.as_str(), "_version_" | "_root_"));
        }
        self.looker.look(&document, &mut container.profile);
    }

    async fn ask(&mut self, path: &str) -> Result<Told, Failure> {
        self.wanted.pace().await;
        let answer = self.session.fetch(&Request::get(path)).await?;
        source::json(&answer)
    }
}

/// Pages in order of the unique key.
struct Pages<'p> {
    path: &'p str,
    key: &'p str,
    fields: &'p str,
    size: u64,
    cursor: String,
    seen: BTreeSet<u64>,
    ended: bool,
}

impl<'p> Pages<'p> {
    fn new(path: &'p str, key: &'p str, fields: &'p str, size: u64) -> Self {
        Self {
            path,
            key,
            fields,
            size,
            cursor: "*".to_owned(),
            seen: BTreeSet::new(),
            ended: false,
        }
    }

    /// The next documents; none at the end.
    async fn next(
        &mut self,
        reader: &mut Reader<'_, '_, '_>,
    ) -> Result<Result<Option<Vec<Value>>, String>, Failure> {
        loop {
            if self.ended {
                return Ok(Ok(None));
            }
            let path = format!(
                "{}/select?q=*:*&rows={}&sort={}%20asc&fl={}&wt=json&cursorMark={}",
                self.path,
                self.size,
                self.key,
                self.fields,
                escaped(&self.cursor, b"*")
            );
            let answer = match reader.ask(&path).await {
                Err(Failure::TooLarge) if self.size > 1 => {
                    self.size /= 2;
                    continue;
                }
                other => other?,
            };
            let mut told = match answer {
                Ok(told) => told,
                Err(why) => return Ok(Err(format!("it {why}"))),
            };
            if told["responseHeader"]["partialResults"] == true {
                return Ok(Err("it is told in part only".to_owned()));
            }
            let Value::Array(documents) = told["response"]["docs"].take() else {
                return Err(Failure::Malformed("no documents"));
            };
            let Some(next) = told["nextCursorMark"].as_str() else {
                return Err(Failure::Malformed("no mark of the next page"));
            };
            // The same mark again is the end; an earlier one, or none moved with
            // documents that go on, would never be.
            self.ended = next == self.cursor || documents.is_empty();
            if !self.ended && !self.seen.insert(reader.looker.key().hash(next.as_bytes())) {
                return Ok(Err(
                    "the pages do not follow on each other as asked".to_owned()
                ));
            }
            next.clone_into(&mut self.cursor);
            return Ok(Ok(Some(documents)));
        }
    }
}
