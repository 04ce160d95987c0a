//! `CouchDB`, and `PouchDB`'s server.
//!
//! Every database but the server's own (`_users` and its like). Documents come in order
//! of their ids, page by page, each beginning where the last one ended, so that nothing
//! is left in the server. Of a large database the ids alone are listed and chosen by a
//! keyed hash, alike in every copy, and then asked for. Design documents are no records;
//! an id that the server made and the revision are no part of one. Attachments are not
//! read.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::keys::ByHash;
use super::profile::Looker;
use super::report::{Container, Method};
use super::source::{self, Found, Source, Wanted};
use super::url::escaped;
use crate::transport::{Failure, Request, Session};

/// Databases of one server.
const MOST: usize = 1000;
/// Documents of a page.
const PAGE: u64 = 1000;
/// Ids of a page.
const IDS: u64 = 20_000;
/// Documents that are asked for by their ids at a time.
const BY_ID: usize = 500;

/// See the module.
pub(crate) struct Couchdb;

impl Source for Couchdb {
    const PRODUCTS: &'static [&'static str] = &["couchdb"];
    const ASKS: &'static str = "GET /_all_dbs, of each database GET of itself and of pages of _all_docs; of a large one POST _all_docs with the keys that were chosen";

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
        let mut names: Vec<String> = self.session.containers().to_vec();
        match self.ask(Request::get("/_all_dbs")).await? {
            Ok(Value::Array(list)) => {
                names.extend(list.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            Ok(_) => return Err(Failure::Malformed("no list of databases")),
            Err(why) if names.is_empty() => {
                found.refused = Some(format!("the list of databases {why}"));
                return Ok(found);
            }
            Err(why) => found.missing.push(format!(
                "databases that were not named: the list of them {why}"
            )),
        }
        names.retain(|name| !name.starts_with('_') && !name.is_empty());
        names.sort_unstable();
        names.dedup();
        if names.len() > MOST {
            found.missing.push(format!("more than {MOST} databases"));
        }
        for name in names.iter().take(MOST) {
            let mut container = Container::new("database", self.looker.shown(name));
            let path = format!("/{}", escaped(name, b""));
            let read = self.database(&path, &mut container).await;
            container.ended(read);
            found.containers.push(container);
        }
        Ok(found)
    }

    async fn database(
        &mut self,
        path: &str,
        container: &mut Container,
    ) -> Result<Result<(), String>, Failure> {
        let about = match self.ask(Request::get(path)).await? {
            Ok(about) => about,
            Err(why) => return Ok(Err(format!("it {why}"))),
        };
        let Some(count) = about["doc_count"].as_u64() else {
            return Err(Failure::Malformed("no count"));
        };
        // Design documents among them.
        container.records = Some(count);
        if count > self.wanted.records {
            return self.sample(path, count, container).await;
        }
        container.method = Method::Whole;
        let (mut rows, mut designs) = (0, 0);
        let mut pages = Pages::new(path, PAGE, true);
        while let Some(page) = match pages.next(self).await? {
            Ok(page) => page,
            Err(why) => return Ok(Err(why)),
        } {
            for row in page {
                rows += 1;
                if is_design(&row) {
                    designs += 1;
                } else {
                    self.look(row, container);
                }
            }
            if rows > count {
                break;
            }
        }
        container.records = Some(count.saturating_sub(designs));
        Ok(if rows == count {
            Ok(())
        } else {
            Err("the database changed while it was read".to_owned())
        })
    }

    /// Ids first, then the documents of those that are chosen.
    async fn sample(
        &mut self,
        path: &str,
        count: u64,
        container: &mut Container,
    ) -> Result<Result<(), String>, Failure> {
        let key = self.looker.key().clone();
        let plan = ByHash::new(&key, "_id of CouchDB", count, self.wanted.sample);
        container.method = plan.method();
        let most = self.wanted.sample.saturating_mul(4).max(100);
        let mut chosen = Vec::new();
        let (mut rows, mut designs) = (0_u64, 0_u64);
        let mut pages = Pages::new(path, IDS, false);
        while let Some(page) = match pages.next(self).await? {
            Ok(page) => page,
            Err(why) => return Ok(Err(why)),
        } {
            for row in page {
                rows += 1;
                if is_design(&row) {
                    designs += 1;
                } else if let Some(id) = row["id"].as_str().filter(|id| plan.chooses(id)) {
                    chosen.push(id.to_owned());
                }
            }
            // A server that counts wrongly; one that writes meanwhile has some more.
            if rows / 2 > count || chosen.len() as u64 > most {
                return Ok(Err("it has more documents than it counts".to_owned()));
            }
        }
        container.records = Some(count.saturating_sub(designs));
        let mut size = BY_ID;
        let mut rest = &chosen[..];
        while !rest.is_empty() {
            let (some, after) = rest.split_at(size.min(rest.len()));
            let request = Request {
                method: "POST",
                path: format!("{path}/_all_docs?include_docs=true"),
                body: Some(json!({"keys": some}).to_string()),
                headers: Vec::new(),
            };
            let answer = match self.ask(request).await {
                Err(Failure::TooLarge) if size > 1 => {
                    size /= 2;
                    continue;
                }
                other => other?,
            };
            rest = after;
            match answer {
                Ok(mut answer) => {
                    let Value::Array(rows) = answer["rows"].take() else {
                        return Err(Failure::Malformed("no rows"));
                    };
                    // One that was deleted meanwhile has none.
                    for row in rows.into_iter().take(some.len()) {
                        if row["doc"].is_object() {
                            self.look(row, container);
                        }
                    }
                }
                Err(why) => return Ok(Err(format!("it {why}"))),
            }
        }
        Ok(Ok(()))
    }

    fn look(&mut self, mut row: Value, container: &mut Container) {
        let mut doc = row["doc"].take();
        if let Some(fields) = doc.as_object_mut() {
            fields.remove("_rev");
            fields.remove("_attachments");
            if fields.get("_id").and_then(Value::as_str).is_some_and(made) {
                fields.remove("_id");
            }
        }
        self.looker.look(&doc, &mut container.profile);
    }

    async fn ask(&mut self, request: Request) -> Result<Told, Failure> {
        self.wanted.pace().await;
        let answer = self.session.fetch(&request).await?;
        source::json(&answer)
    }
}

/// Pages of a database in order of its ids.
struct Pages<'p> {
    path: &'p str,
    size: u64,
    documents: bool,
    last: Option<String>,
    seen: BTreeSet<u64>,
    ended: bool,
}

impl<'p> Pages<'p> {
    fn new(path: &'p str, size: u64, documents: bool) -> Self {
        Self {
            path,
            size,
            documents,
            last: None,
            seen: BTreeSet::new(),
            ended: false,
        }
    }

    /// The next rows; none at the end.
    async fn next(
        &mut self,
        reader: &mut Reader<'_, '_, '_>,
    ) -> Result<Result<Option<Vec<Value>>, String>, Failure> {
        loop {
            if self.ended {
                return Ok(Ok(None));
            }
            // From the last one, which may be gone by now, and is dropped if not.
            let limit = self.size + u64::from(self.last.is_some());
            let mut path = format!("{}/_all_docs?limit={limit}", self.path);
            if self.documents {
                path.push_str("&include_docs=true");
            }
            if let Some(last) = &self.last {
                let start = escaped(&Value::from(last.as_str()).to_string(), b"");
                path.push_str("&startkey=");
                path.push_str(&start);
            }
            let answer = match reader.ask(Request::get(&path)).await {
                Err(Failure::TooLarge) if self.size > 1 => {
                    self.size /= 2;
                    continue;
                }
                other => other?,
            };
            let mut answer = match answer {
                Ok(answer) => answer,
                Err(why) => return Ok(Err(format!("it {why}"))),
            };
            let Value::Array(mut rows) = answer["rows"].take() else {
                return Err(Failure::Malformed("no rows"));
            };
            self.ended = (rows.len() as u64) < limit;
            if rows.first().and_then(|row| row["id"].as_str()) == self.last.as_deref()
                && self.last.is_some()
            {
                rows.remove(0);
            }
            let Some(last) = rows.last() else {
                self.ended = true;
                return Ok(Ok(None));
            };
            let Some(last) = last["id"].as_str() else {
                return Err(Failure::Malformed("a row without id"));
            };
            // Its order is its own; that a page ends where one has ended is enough.
            if !self.seen.insert(reader.looker.key().hash(last.as_bytes())) {
                return Ok(Err(
                    "the pages do not follow on each other as asked".to_owned()
                ));
            }
            self.last = Some(last.to_owned());
            return Ok(Ok(Some(rows)));
        }
    }
}

fn is_design(row: &Value) -> bool {
    row["id"]
        .as_str()
        .is_some_and(|id| id.starts_with("_design/"))
}

/// Whether an id is one that the server makes where none is given: 32 hexadecimal digits,
/// and of `PouchDB` a UUID with its hyphens.
fn made(id: &str) -> bool {
    let digits = id.bytes().filter(u8::is_ascii_hexdigit).count();
    let hyphens = id.bytes().filter(|byte| *byte == b'-').count();
    digits == 32 && matches!(hyphens, 0 | 4) && id.len() == digits + hyphens
}
