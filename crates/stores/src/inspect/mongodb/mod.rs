//! MongoDB, from 3.6 on, and what speaks its protocol.
//!
//! Every collection of every database but the server's own; no view, since it
//! runs what somebody wrote. A collection is read through a cursor, which is
//! killed when it is left before its end; a large one is sampled by its `_id`s
//! where these are numbers, else by `$sample`.

mod bson;
mod wire;

use serde_json::Value;

use super::keys::Plan;
use super::profile::Looker;
use super::report::{Container, Method};
use super::source::{Found, Source, Wanted};
use crate::transport::{Failure, Session};
use crate::verdict::token;
use bson::Put;
use wire::{Code, Connection};

/// Databases of a server, collections of a database.
const MOST: usize = 1000;
/// Documents of one page.
const PAGE: u64 = 1000;

/// See the module.
pub(crate) struct Mongodb;

impl Source for Mongodb {
    const PRODUCTS: &'static [&'static str] = &["mongodb"];
    const ASKS: &'static str = "a login; isMaster, buildInfo, replSetGetConfig, listDatabases; of each database listCollections, and of each collection count, and find or $sample in pages";

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

type Fields<'a> = Vec<(&'a str, Put<'a>)>;

impl Reader<'_, '_, '_> {
    async fn server(&mut self) -> Result<Found, Failure> {
        let mut found = Found::default();
        let mut open = match Connection::open(self.session).await? {
            Ok(open) => open,
            Err(why) => {
                found.refused = Some(why);
                return Ok(found);
            }
        };
        self.about(&mut open, &mut found).await?;
        let list = [
            ("listDatabases", Put::Int(1)),
            ("nameOnly", Put::Bool(true)),
            ("$db", Put::Text("admin")),
        ];
        let databases = match open.ask(self.session, &list).await? {
            Ok(answer) => names(&answer["databases"], "name"),
            Err(code) => {
                found.refused = Some(format!("the list of databases: {}", code.words()));
                return Ok(found);
            }
        };
        if databases.len() > MOST {
            found.missing.push(format!("more than {MOST} databases"));
        }
        let mut open = Some(open);
        for database in databases.iter().take(MOST) {
            if matches!(database.as_str(), "admin" | "config" | "local") {
                continue;
            }
            let shown = self.looker.shown(database);
            match self.database(&mut open, database, &mut found).await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => found.missing.push(format!("the database {shown}: {why}")),
                Err(failure) => {
                    found
                        .missing
                        .push(format!("the database {shown}: {failure}"));
                    open = None;
                }
            }
        }
        Ok(found)
    }

    async fn about(&mut self, open: &mut Connection, found: &mut Found) -> Result<(), Failure> {
        let admin = |name| [(name, Put::Int(1)), ("$db", Put::Text("admin"))];
        if let Ok(answer) = open.ask(self.session, &admin("buildInfo")).await? {
            found.version = answer["version"].as_str().and_then(token);
        }
        if let Ok(answer) = open.ask(self.session, &admin("isMaster")).await?
            && answer["setName"].is_string()
        {
            found.primary = answer["ismaster"].as_bool();
            // The set's name is no id: many are called rs0.
            if let Ok(answer) = open.ask(self.session, &admin("replSetGetConfig")).await? {
                found.cluster = answer["config"]["settings"]["replicaSetId"]
                    .as_str()
                    .and_then(token);
            }
        }
        Ok(())
    }

    async fn connected<'c>(
        &mut self,
        open: &'c mut Option<Connection>,
    ) -> Result<Result<&'c mut Connection, String>, Failure> {
        let connection = match open.take() {
            Some(connection) => connection,
            None => match Connection::open(self.session).await? {
                Ok(connection) => connection,
                Err(why) => return Ok(Err(why)),
            },
        };
        Ok(Ok(open.insert(connection)))
    }

    async fn database(
        &mut self,
        open: &mut Option<Connection>,
        database: &str,
        found: &mut Found,
    ) -> Result<Result<(), String>, Failure> {
        let connection = match self.connected(open).await? {
            Ok(connection) => connection,
            Err(why) => return Ok(Err(why)),
        };
        let list = [
            ("listCollections", Put::Int(1)),
            ("cursor", Put::Doc(vec![("batchSize", Put::Int(1001))])),
            ("$db", Put::Text(database)),
        ];
        let answer = match connection.ask(self.session, &list).await? {
            Ok(answer) => answer,
            Err(code) => return Ok(Err(code.words())),
        };
        let batch = answer["cursor"]["firstBatch"].as_array();
        let mut collections: Vec<(String, Option<String>)> = batch
            .into_iter()
            .flatten()
            .filter(|one| one["type"].as_str().is_none_or(|kind| kind == "collection"))
            .filter_map(|one| {
                let name = one["name"].as_str()?;
                let id = one["info"]["uuid"].as_str().and_then(token);
                (!name.starts_with("system.")).then(|| (name.to_owned(), id))
            })
            .collect();
        collections.sort();
        let more = answer["cursor"]["id"].as_i64().unwrap_or(0) != 0;
        for (name, id) in collections.iter().take(MOST) {
            let shown = format!(
                "{}.{}",
                self.looker.shown(database),
                self.looker.shown(name)
            );
            let mut container = Container::new("collection", shown);
            container.id.clone_from(id);
            match self.connected(open).await {
                Ok(Ok(connection)) => {
                    match self
                        .collection(connection, database, name, &mut container)
                        .await
                    {
                        Ok(Ok(())) => {}
                        Ok(Err(code)) => container.stopped_by = Some(code.words()),
                        Err(failure) => {
                            container.stopped_by = Some(failure.to_string());
                            // Documents may still come on it.
                            *open = None;
                        }
                    }
                }
                Ok(Err(why)) => container.stopped_by = Some(why),
                Err(failure) => container.stopped_by = Some(failure.to_string()),
            }
            found.containers.push(container);
        }
        Ok(if more || collections.len() > MOST {
            Err(format!("more than {MOST} collections"))
        } else {
            Ok(())
        })
    }

    async fn collection(
        &mut self,
        open: &mut Connection,
        database: &str,
        name: &str,
        container: &mut Container,
    ) -> Result<Result<(), Code>, Failure> {
        let count = self.command(database, vec![("count", Put::Text(name))]);
        let records = match open.ask(self.session, &count).await? {
            // A number of any of BSON's types.
            Ok(answer) => answer["n"].as_f64().filter(|n| *n >= 0.0).map(whole),
            Err(code) => return Ok(Err(code)),
        };
        container.records = records;
        let count = records.unwrap_or(u64::MAX);
        if count <= self.wanted.records {
            container.method = Method::Whole;
            let find = vec![("find", Put::Text(name)), ("batchSize", Put::Int(page()))];
            let find = self.command(database, find);
            let ended = self
                .cursor(open, database, name, &find, count, container)
                .await?;
            if matches!(ended, Ok(false)) || ended.is_ok() && container.profile.examined != count {
                container.stopped_by = Some("the collection changed while it was read".to_owned());
            }
            return Ok(ended.map(|_| ()));
        }
        if let Some(result) = self.by_id(open, database, name, count, container).await? {
            return Ok(result);
        }
        // Its manual, "$sample (aggregation)": below a twentieth the server walks
        // at random, and promises no equal chance.
        container.method = if self.wanted.sample.saturating_mul(20) >= count {
            Method::Random
        } else {
            Method::Unbounded("as the server's $sample chose, which promises no equal chance")
        };
        let size = i64::try_from(self.wanted.sample).unwrap_or(i64::MAX);
        let sample = vec![
            ("aggregate", Put::Text(name)),
            (
                "pipeline",
                Put::List(vec![Put::Doc(vec![(
                    "$sample",
                    Put::Doc(vec![("size", Put::Int(size))]),
                )])]),
            ),
            ("cursor", Put::Doc(vec![("batchSize", Put::Int(page()))])),
        ];
        let sample = self.command(database, sample);
        let limit = self.wanted.sample;
        let ended = self
            .cursor(open, database, name, &sample, limit, container)
            .await?;
        if ended.is_ok() || container.profile.examined > 0 {
            return Ok(ended.map(|_| ()));
        }
        // Not every server knows it.
        container.method = Method::InOrder("the first ones in the store's order");
        let find = vec![("find", Put::Text(name)), ("batchSize", Put::Int(page()))];
        let find = self.command(database, find);
        let limit = limit.saturating_sub(PAGE);
        let ended = self
            .cursor(open, database, name, &find, limit, container)
            .await?;
        Ok(ended.map(|_| ()))
    }

    /// Documents by their `_id`; `None` where it is no number, or too sparse.
    async fn by_id(
        &mut self,
        open: &mut Connection,
        database: &str,
        name: &str,
        records: u64,
        container: &mut Container,
    ) -> Result<Option<Result<(), Code>>, Failure> {
        let mut ends = Vec::new();
        for order in [1, -1] {
            let find = vec![
                ("find", Put::Text(name)),
                ("sort", Put::Doc(vec![("_id", Put::Int(order))])),
                ("limit", Put::Int(1)),
                ("singleBatch", Put::Bool(true)),
            ];
            let find = self.command(database, find);
            match open.ask(self.session, &find).await? {
                Ok(answer) => ends.push(answer["cursor"]["firstBatch"][0]["_id"].as_i64()),
                Err(code) => return Ok(Some(Err(code))),
            }
        }
        let &[Some(min), Some(max)] = ends.as_slice() else {
            return Ok(None);
        };
        let key = self.looker.key().clone();
        let Some(plan) = Plan::new(&key, "_id", records, (min, max), self.wanted.sample) else {
            return Ok(None);
        };
        container.method = Method::ByKey(plan.field, plan.level);
        let keys: Vec<i64> = plan.keys().collect();
        for chunk in keys.chunks(usize::try_from(PAGE).unwrap_or(1)) {
            let list = chunk.iter().map(|key| Put::Int(*key)).collect();
            let find = vec![
                ("find", Put::Text(name)),
                (
                    "filter",
                    Put::Doc(vec![("_id", Put::Doc(vec![("$in", Put::List(list))]))]),
                ),
                ("batchSize", Put::Int(page())),
            ];
            let find = self.command(database, find);
            let limit = container.profile.examined + PAGE;
            if let Err(code) = self
                .cursor(open, database, name, &find, limit, container)
                .await?
            {
                return Ok(Some(Err(code)));
            }
        }
        Ok(Some(Ok(())))
    }

    /// With what every command has besides.
    fn command<'a>(&self, database: &'a str, mut fields: Fields<'a>) -> Fields<'a> {
        let patience = i64::try_from(self.wanted.patience.as_millis()).unwrap_or(i64::MAX);
        fields.extend([
            ("maxTimeMS", Put::Int(patience)),
            ("$db", Put::Text(database)),
            (
                "$readPreference",
                Put::Doc(vec![("mode", Put::Text("secondaryPreferred"))]),
            ),
        ]);
        fields
    }

    /// All documents of a cursor, page by page; `false` where there are more than
    /// the limit, and the cursor is then killed.
    async fn cursor(
        &mut self,
        open: &mut Connection,
        database: &str,
        name: &str,
        begin: &Fields<'_>,
        limit: u64,
        container: &mut Container,
    ) -> Result<Result<bool, Code>, Failure> {
        let mut answer = match open.ask(self.session, begin).await? {
            Ok(answer) => answer,
            Err(code) => return Ok(Err(code)),
        };
        let mut batch = "firstBatch";
        loop {
            self.wanted.pace().await;
            let id = answer["cursor"]["id"].as_i64().unwrap_or(0);
            let Some(documents) = answer["cursor"][batch].as_array() else {
                return Err(Failure::Malformed("a page without documents"));
            };
            let empty = documents.is_empty();
            for document in documents {
                self.looker
                    .look(&without_made_id(document), &mut container.profile);
            }
            if id == 0 {
                return Ok(Ok(container.profile.examined <= limit));
            }
            // A server that goes on without giving any must not keep us here.
            if container.profile.examined > limit || empty && batch == "nextBatch" {
                let kill = [
                    ("killCursors", Put::Text(name)),
                    ("cursors", Put::List(vec![Put::Int(id)])),
                    ("$db", Put::Text(database)),
                ];
                let _ = open.ask(self.session, &kill).await?;
                return Ok(Ok(false));
            }
            let more = [
                ("getMore", Put::Int(id)),
                ("collection", Put::Text(name)),
                ("batchSize", Put::Int(page())),
                ("$db", Put::Text(database)),
            ];
            answer = match open.ask(self.session, &more).await? {
                Ok(answer) => answer,
                Err(code) => return Ok(Err(code)),
            };
            batch = "nextBatch";
        }
    }
}

fn page() -> i64 {
    i64::try_from(PAGE).unwrap_or(1)
}

/// An `_id` of twelve bytes that a driver made is no part of the record: copies
/// that were loaded apart have others.
fn without_made_id(document: &Value) -> Value {
    let mut document = document.clone();
    if let Value::Object(fields) = &mut document {
        let made = fields.get("_id").and_then(Value::as_str).is_some_and(|id| {
            id.len() == 24
                && id
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
        });
        if made {
            fields.remove("_id");
        }
    }
    document
}

fn names(list: &Value, field: &str) -> Vec<String> {
    list.as_array()
        .into_iter()
        .flatten()
        .filter_map(|one| one[field].as_str().map(ToOwned::to_owned))
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count, not negative"
)]
fn whole(number: f64) -> u64 {
    number as u64
}
