//! MySQL and MariaDB.
//!
//! Every table that the user may see, but for the server's own and those whose
//! engine leads to other servers; no view, since it runs what somebody wrote.
//! All is read in read-only transactions of one snapshot, with the server's own
//! limits on time set. A large table is sampled by the numbers of its primary key;
//! one without such is read from its beginning, which bounds nothing, and said so.

mod wire;

use serde_json::{Map, Value};

use super::keys::Plan;
use super::profile::{Looker, Profile};
use super::report::{Container, Method};
use super::source::{Found, Source, Wanted};
use crate::transport::{Failure, Session};
use crate::verdict::token;
use wire::{Answer, Code, Column, Connection};

/// Tables of one server.
const MOST: usize = 2000;
/// Rows of one page.
const PAGE: u64 = 1000;
/// What a page of rows is meant to weigh at most.
const PAGE_BYTES: u64 = 4 << 20;

/// See the module.
pub(crate) struct Mysql;

impl Source for Mysql {
    const PRODUCTS: &'static [&'static str] = &["mariadb", "mysql"];
    const ASKS: &'static str = "a login; SELECT over information_schema.tables and columns; of each table, in a read-only transaction, SELECT in pages or by primary key";
    const UPGRADES: bool = true;

    async fn read(
        session: &mut Session<'_>,
        looker: &mut Looker<'_>,
        wanted: &Wanted,
    ) -> Result<Found, Failure> {
        let user = wanted.user.clone().unwrap_or_else(|| "root".to_owned());
        let mut reader = Reader {
            session,
            looker,
            wanted,
            user,
        };
        reader.server().await
    }
}

struct Reader<'r, 't, 's> {
    session: &'r mut Session<'t>,
    looker: &'r mut Looker<'s>,
    wanted: &'r Wanted,
    user: String,
}

struct Table {
    schema: String,
    own: String,
    /// Quoted, for queries.
    name: String,
    /// The store's estimate.
    rows: u64,
    bytes: u64,
    /// The columns of the primary key, quoted.
    order: Vec<String>,
    /// A primary key that is one whole number.
    key: Option<String>,
}

impl Reader<'_, '_, '_> {
    async fn server(&mut self) -> Result<Found, Failure> {
        let mut found = Found::default();
        let mut connection = match self.connect().await? {
            Ok(connection) => connection,
            Err(why) => {
                found.refused = Some(why);
                return Ok(found);
            }
        };
        let version = connection.version.clone();
        let version = version.strip_prefix("5.5.5-").unwrap_or(&version);
        found.version = version.split('-').next().and_then(token);
        found.cluster = self.cluster(&mut connection).await?;
        let list = "SELECT table_schema, table_name, table_rows, data_length \
             FROM information_schema.tables WHERE table_type = 'BASE TABLE' \
             AND table_schema NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') \
             AND engine NOT IN ('FEDERATED', 'CONNECT', 'SPIDER') \
             ORDER BY table_schema, table_name LIMIT 2001";
        let rows = match connection.query(self.session, list).await? {
            Ok(answer) => answer.rows,
            Err(code) => {
                found.refused = Some(format!("the list of tables: {}", code.words()));
                return Ok(found);
            }
        };
        if rows.len() > MOST {
            found.missing.push(format!("more than {MOST} tables"));
        }
        if !self.sees_all(&mut connection).await? {
            found
                .missing
                .push("tables that this user has no right to are not listed".to_owned());
        }
        let mut connection = Some(connection);
        for row in rows.iter().take(MOST) {
            let (Some(schema), Some(name)) = (text(row, 0), text(row, 1)) else {
                continue;
            };
            let mut table = Table {
                name: format!("{}.{}", quoted(&schema), quoted(&name)),
                rows: text(row, 2).and_then(|text| text.parse().ok()).unwrap_or(0),
                bytes: text(row, 3).and_then(|text| text.parse().ok()).unwrap_or(0),
                schema,
                own: name,
                order: Vec::new(),
                key: None,
            };
            let shown = format!(
                "{}.{}",
                self.looker.shown(&table.schema),
                self.looker.shown(&table.own)
            );
            let mut container = Container::new("table", shown);
            // Where there is a cluster, a name is one table on all its nodes.
            container.id = found
                .cluster
                .is_some()
                .then(|| format!("{:016x}", self.looker.key().hash(table.name.as_bytes())));
            if let Err(failure) = self.read(&mut connection, &mut table, &mut container).await {
                container.stopped_by = Some(failure.to_string());
                // Rows may still come on it.
                connection = None;
            }
            found.containers.push(container);
        }
        Ok(found)
    }

    async fn connect(&mut self) -> Result<Result<Connection, String>, Failure> {
        let mut connection = match Connection::open(self.session, &self.user).await? {
            Ok(connection) => connection,
            Err(why) => return Ok(Err(why)),
        };
        let limit = self.wanted.patience;
        for (set, needed) in [
            ("SET SESSION TRANSACTION READ ONLY".to_owned(), true),
            ("SET time_zone = '+00:00'".to_owned(), true),
            ("SET SESSION lock_wait_timeout = 1".to_owned(), false),
            // MariaDB's, in seconds, and MySQL's, in milliseconds.
            (
                format!(
                    "SET SESSION max_statement_time = {}",
                    limit.as_secs().max(1)
                ),
                false,
            ),
            (
                format!("SET SESSION max_execution_time = {}", limit.as_millis()),
                false,
            ),
        ] {
            let answer = connection.query(self.session, &set).await?;
            if let (Err(code), true) = (answer, needed) {
                return Ok(Err(code.words()));
            }
        }
        Ok(Ok(connection))
    }

    /// The id that Galera or group replication gives all nodes; servers that
    /// replicate in another way tell none.
    async fn cluster(&mut self, connection: &mut Connection) -> Result<Option<String>, Failure> {
        for (query, at) in [
            ("SHOW GLOBAL STATUS LIKE 'wsrep_cluster_state_uuid'", 1),
            ("SELECT @@group_replication_group_name", 0),
        ] {
            if let Ok(answer) = connection.query(self.session, query).await?
                && let Some(id) = answer.rows.first().and_then(|row| text(row, at))
                && let Some(id) = token(&id)
            {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Whether the user may read every table, so that the list is complete.
    async fn sees_all(&mut self, connection: &mut Connection) -> Result<bool, Failure> {
        let grants = match connection.query(self.session, "SHOW GRANTS").await? {
            Ok(answer) => answer.rows,
            Err(_) => return Ok(false),
        };
        Ok(grants.iter().filter_map(|row| text(row, 0)).any(|grant| {
            let rights = grant
                .strip_prefix("GRANT ")
                .and_then(|grant| grant.split_once(" ON *.* "));
            rights.is_some_and(|(rights, _)| {
                rights
                    .split(", ")
                    .any(|right| matches!(right, "ALL PRIVILEGES" | "SELECT"))
            })
        }))
    }

    /// Reads one table; a page that is too large is asked for in smaller ones.
    async fn read(
        &mut self,
        connection: &mut Option<Connection>,
        table: &mut Table,
        container: &mut Container,
    ) -> Result<(), Failure> {
        let weight = (table.bytes / table.rows.max(1)).max(1);
        let mut page = PAGE.min((PAGE_BYTES / weight).max(1));
        loop {
            let open = match connection.take() {
                Some(open) => open,
                None => match self.connect().await? {
                    Ok(open) => open,
                    Err(why) => {
                        container.stopped_by = Some(why);
                        return Ok(());
                    }
                },
            };
            let open = connection.insert(open);
            match self.attempt(open, table, page, container).await {
                Err(Failure::TooLarge) if page > 1 => {
                    page = if page > 16 { 16 } else { 1 };
                    container.profile = Profile::default();
                    *connection = None;
                }
                Err(failure) => return Err(failure),
                Ok(result) => {
                    if let Err(code) = result {
                        container.stopped_by = Some(code.words());
                    }
                    let _ = open.query(self.session, "ROLLBACK").await?;
                    return Ok(());
                }
            }
        }
    }

    async fn attempt(
        &mut self,
        open: &mut Connection,
        table: &mut Table,
        page: u64,
        container: &mut Container,
    ) -> Result<Result<(), Code>, Failure> {
        let columns = format!(
            "SELECT column_name, data_type, column_type, column_key FROM information_schema.columns \
             WHERE table_schema = {} AND table_name = {} ORDER BY column_name",
            literal(&table.schema),
            literal(&table.own)
        );
        match open.query(self.session, &columns).await? {
            Ok(answer) => {
                container.mapping = Some(self.looker.key().hash(table.columns(&answer).as_bytes()));
            }
            Err(code) => return Ok(Err(code)),
        }
        // What merely speaks the protocol may know the shorter one alone.
        let begin = [
            "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
            "START TRANSACTION READ ONLY",
        ];
        if open.query(self.session, begin[0]).await?.is_err()
            && let Err(code) = open.query(self.session, begin[1]).await?
        {
            return Ok(Err(code));
        }
        // The estimate can be wrong either way; a little more is read to know.
        let mut guess = table.rows;
        if guess <= self.wanted.records.saturating_mul(2) {
            container.method = Method::Whole;
            let limit = self.wanted.records;
            match self.pages(open, table, page, limit, container).await? {
                Err(code) => return Ok(Err(code)),
                Ok(true) => {
                    container.records = Some(container.profile.examined);
                    return Ok(Ok(()));
                }
                Ok(false) => {
                    guess = guess.max(container.profile.examined);
                    container.profile = Profile::default();
                }
            }
        }
        container.records = Some(guess);
        container.estimated = true;
        if let Some(result) = self.by_key(open, table, guess, page, container).await? {
            return Ok(result);
        }
        container.method = Method::InOrder(if table.order.is_empty() {
            "the first ones in the store's order; its table has no numbered primary key to choose by"
        } else {
            "the first ones in the order of the primary key, which is no number to choose by"
        });
        let limit = self.wanted.sample.saturating_sub(page);
        Ok(self
            .pages(open, table, page, limit, container)
            .await?
            .map(|_| ()))
    }

    /// Rows by their keys; `None` where there are none or these are too sparse.
    async fn by_key(
        &mut self,
        open: &mut Connection,
        table: &Table,
        rows: u64,
        page: u64,
        container: &mut Container,
    ) -> Result<Option<Result<(), Code>>, Failure> {
        let Some(key) = &table.key else {
            return Ok(None);
        };
        let (name, column) = (&table.name, quoted(key));
        let ends = format!("SELECT MIN({column}), MAX({column}) FROM {name}");
        let ends = match open.query(self.session, &ends).await? {
            Ok(answer) => answer.rows,
            Err(code) => return Ok(Some(Err(code))),
        };
        let end = |at: usize| -> Option<i64> { text(ends.first()?, at)?.parse().ok() };
        let Some(ends) = end(0).zip(end(1)) else {
            return Ok(None);
        };
        let sketch_key = self.looker.key().clone();
        let Some(plan) = Plan::new(&sketch_key, key, rows, ends, self.wanted.sample) else {
            return Ok(None);
        };
        container.method = Method::ByKey(plan.field, plan.level);
        let keys: Vec<i64> = plan.keys().collect();
        for chunk in keys.chunks(usize::try_from(page).unwrap_or(1)) {
            let list: Vec<String> = chunk.iter().map(ToString::to_string).collect();
            let select = format!(
                "SELECT * FROM {name} WHERE {column} IN ({})",
                list.join(",")
            );
            match open.query(self.session, &select).await? {
                Ok(answer) => {
                    self.look(&answer, container);
                }
                Err(code) => return Ok(Some(Err(code))),
            }
            self.wanted.pace().await;
        }
        Ok(Some(Ok(())))
    }

    /// Rows from the beginning on, page by page; `false` where there are more
    /// than the limit.
    async fn pages(
        &mut self,
        open: &mut Connection,
        table: &Table,
        page: u64,
        limit: u64,
        container: &mut Container,
    ) -> Result<Result<bool, Code>, Failure> {
        let order = match table.order.as_slice() {
            [] => String::new(),
            columns => format!(" ORDER BY {}", columns.join(", ")),
        };
        // From key to key where there is one: skipping costs the store what was
        // skipped.
        let mut after: Option<Value> = None;
        loop {
            let (from, skip) = match (&table.key, &after) {
                (Some(key), Some(after)) => (format!(" WHERE {} > {after}", quoted(key)), 0),
                (Some(_), None) => (String::new(), 0),
                (None, _) => (String::new(), container.profile.examined),
            };
            let select = format!(
                "SELECT * FROM {}{from}{order} LIMIT {page} OFFSET {skip}",
                table.name
            );
            let answer = match open.query(self.session, &select).await? {
                Ok(answer) => answer,
                Err(code) => return Ok(Err(code)),
            };
            self.wanted.pace().await;
            let last = self.look(&answer, container);
            if answer.rows.is_empty() || (answer.rows.len() as u64) < page {
                return Ok(Ok(true));
            }
            if container.profile.examined > limit {
                return Ok(Ok(false));
            }
            if let Some(key) = &table.key {
                let next = last.and_then(|record| record.get(key).cloned());
                let forward = match (&after, &next) {
                    (None, Some(Value::Number(_))) => true,
                    (Some(before), Some(next)) => greater(next, before),
                    _ => false,
                };
                // A server that repeats itself must not keep us here.
                if !forward {
                    return Err(Failure::Malformed("pages that do not follow on each other"));
                }
                after = next;
            }
        }
    }

    /// Looks at rows; gives the last one back.
    fn look(&mut self, answer: &Answer, container: &mut Container) -> Option<Map<String, Value>> {
        let mut last = None;
        for row in &answer.rows {
            let record = record(&answer.columns, row);
            let record = Value::Object(record);
            self.looker.look(&record, &mut container.profile);
            if let Value::Object(record) = record {
                last = Some(record);
            }
        }
        last
    }
}

impl Table {
    /// Takes the primary key from the columns, and tells them with their types.
    fn columns(&mut self, answer: &Answer) -> String {
        let mut lines = Vec::new();
        let mut numbers = true;
        let mut keys = Vec::new();
        for row in &answer.rows {
            let part = |at| text(row, at).unwrap_or_default();
            lines.push(format!("{}:{}", part(0), part(2)));
            if part(3) == "PRI" {
                numbers &= matches!(
                    part(1).as_str(),
                    "tinyint" | "smallint" | "mediumint" | "int" | "bigint"
                );
                keys.push(part(0));
            }
        }
        self.order = keys.iter().map(|key| quoted(key)).collect();
        self.key = match keys.as_slice() {
            [key] if numbers => Some(key.clone()),
            _ => None,
        };
        lines.join("\n")
    }
}

fn greater(a: &Value, b: &Value) -> bool {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a > b,
        _ => a.as_u64().zip(b.as_u64()).is_some_and(|(a, b)| a > b) || (a.is_u64() && !b.is_u64()),
    }
}

/// A row by the types of its columns.
fn record(columns: &[Column], row: &[Option<Vec<u8>>]) -> Map<String, Value> {
    let mut out = Map::new();
    for (column, value) in columns.iter().zip(row) {
        let Some(bytes) = value else { continue };
        out.insert(column.name.clone(), value_of(column.kind, bytes));
    }
    out
}

fn value_of(kind: u8, bytes: &[u8]) -> Value {
    let Ok(text) = std::str::from_utf8(bytes) else {
        // As PostgreSQL writes bytes.
        return Value::String(format!("\\x{}", data_encoding::HEXLOWER.encode(bytes)));
    };
    let whole = || Value::String(text.to_owned());
    match kind {
        // Decimal, tiny, short, long, float, double, long long, 24 bits, year,
        // new decimal.
        0..=5 | 8 | 9 | 13 | 246 => serde_json::from_str(text)
            .ok()
            .filter(Value::is_number)
            .unwrap_or_else(whole),
        245 => serde_json::from_str(text).unwrap_or_else(|_| whole()),
        // MariaDB keeps JSON as text.
        249..=252 if text.starts_with('{') => serde_json::from_str(text)
            .ok()
            .filter(Value::is_object)
            .unwrap_or_else(whole),
        _ => whole(),
    }
}

fn text(row: &[Option<Vec<u8>>], at: usize) -> Option<String> {
    String::from_utf8(row.get(at)?.clone()?).ok()
}

/// `` `…` ``, with its quotes doubled.
fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A text in hexadecimal, whatever the server's mode says of quotes.
fn literal(text: &str) -> String {
    format!(
        "_utf8mb4 X'{}'",
        data_encoding::HEXLOWER.encode(text.as_bytes())
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_by_their_types() {
        for (kind, bytes, expect) in [
            (3, b"42".as_slice(), json!(42)),
            (246, b"1.50", json!(1.5)),
            (246, b"x", json!("x")),
            (12, b"2019-12-05 10:00:00", json!("2019-12-05 10:00:00")),
            (252, b"{\"a\": 1}", json!({"a": 1})),
            (252, b"{not", json!("{not")),
            (245, b"[1]", json!([1])),
            (253, b"{\"a\": 1}", json!("{\"a\": 1}")),
            (252, b"\xff\x00", json!("\\xff00")),
        ] {
            assert_eq!(value_of(kind, bytes), expect);
        }
    }

    #[test]
    fn names_stay_names() {
        assert_eq!(quoted("a`; DROP TABLE b -- "), "`a``; DROP TABLE b -- `");
        assert_eq!(literal("a'b"), "_utf8mb4 X'612762'");
    }

    #[test]
    fn large_keys_go_forward() {
        assert!(greater(&json!(2), &json!(1)) && !greater(&json!(1), &json!(1)));
        assert!(greater(&json!(u64::MAX), &json!(u64::MAX - 1)));
        assert!(greater(&json!(u64::MAX), &json!(1)));
        assert!(!greater(&json!("a"), &json!(1)));
    }
}
