//! PostgreSQL.
//!
//! Every database that lets the user in, every table and materialised view of it;
//! no view and no foreign table, since these run what somebody wrote or lead to
//! other servers. All is read in transactions that are read-only, with the
//! server's own limits on time set; rows come through a cursor, so that neither
//! side holds a table. A large table is sampled by the numbers of its primary key
//! where it has such, else by `TABLESAMPLE`. Row security is never silently
//! applied: where it would hide rows, the table is named as not read.

mod wire;

use serde_json::Value;

use super::keys::Plan;
use super::profile::{Looker, Profile};
use super::report::{Container, Method};
use super::source::{Found, Source, Wanted};
use crate::transport::{Failure, Session};
use crate::verdict::token;
use wire::{Connection, Row, SqlState};

/// Databases of one server, and tables of one database.
const MOST: usize = 1000;
/// Rows of one page.
const PAGE: u64 = 1000;
/// What a page of rows is meant to weigh at most.
const PAGE_BYTES: u64 = 4 << 20;
/// Tables up to here are sampled row by row, which reads all of their pages.
const BERNOULLI: u64 = 1 << 30;

/// See the module.
pub(crate) struct Postgresql;

impl Source for Postgresql {
    const PRODUCTS: &'static [&'static str] = &["postgresql"];
    const ASKS: &'static str = "a login; SELECT over pg_database, pg_class and pg_index; of each table EXPLAIN, and in a read-only transaction FETCH from a cursor, or SELECT by primary key or TABLESAMPLE";
    const UPGRADES: bool = true;

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

struct Table {
    container: String,
    /// Quoted, for queries.
    name: String,
    oid: u64,
    bytes: u64,
    /// A primary key that is one whole number.
    key: Option<String>,
    columns: String,
}

impl Reader<'_, '_, '_> {
    async fn server(&mut self) -> Result<Found, Failure> {
        let mut found = Found::default();
        let user = self
            .wanted
            .user
            .clone()
            .unwrap_or_else(|| "postgres".to_owned());
        // Who has no database called postgres may have one of the user's name.
        let mut connection = Connection::open(self.session, &user, "postgres").await?;
        if connection.as_ref().is_err_and(|why| why.contains("3D000")) {
            connection = Connection::open(self.session, &user, &user).await?;
        }
        let mut connection = match connection {
            Ok(connection) => connection,
            Err(why) => {
                found.refused = Some(why);
                return Ok(found);
            }
        };
        self.about(&mut connection, &mut found).await?;
        let list = "SELECT oid, datname, datallowconn AND has_database_privilege(oid, 'CONNECT') \
                    FROM pg_catalog.pg_database WHERE NOT datistemplate ORDER BY datname LIMIT 1001";
        let rows = match connection.query(self.session, list).await? {
            Ok(rows) => rows,
            Err(state) => {
                found.refused = Some(format!("the list of databases: {}", state.words()));
                return Ok(found);
            }
        };
        drop(connection);
        if rows.len() > MOST {
            found.missing.push(format!("more than {MOST} databases"));
        }
        for row in rows.iter().take(MOST) {
            let (Some(oid), Some(name)) = (text(row, 0), text(row, 1)) else {
                continue;
            };
            let shown = self.looker.shown(name);
            if text(row, 2) != Some("t") {
                found
                    .missing
                    .push(format!("the database {shown} lets this user not in"));
                continue;
            }
            match self.database(&user, oid, name, &mut found).await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => found.missing.push(format!("the database {shown}: {why}")),
                Err(failure) => found
                    .missing
                    .push(format!("the database {shown}: {failure}")),
            }
        }
        Ok(found)
    }

    async fn about(
        &mut self,
        connection: &mut Connection,
        found: &mut Found,
    ) -> Result<(), Failure> {
        let version = "SELECT current_setting('server_version'), NOT pg_is_in_recovery()";
        if let Ok(rows) = connection.query(self.session, version).await? {
            let row = rows.first();
            found.version = row
                .and_then(|row| text(row, 0))
                .and_then(|text| text.split(' ').next())
                .and_then(token);
            found.primary = row.and_then(|row| text(row, 1)).map(|text| text == "t");
        }
        // A standby has the identifier of the server that it was copied from, and
        // its timeline until either is promoted. Before 9.6 nobody is told.
        let id = "SELECT system_identifier || '-' || timeline_id \
                  FROM pg_control_system(), pg_control_checkpoint()";
        if let Ok(rows) = connection.query(self.session, id).await? {
            found.cluster = rows.first().and_then(|row| text(row, 0)).and_then(token);
        }
        Ok(())
    }

    async fn connect(
        &mut self,
        user: &str,
        database: &str,
    ) -> Result<Result<Connection, String>, Failure> {
        let mut connection = match Connection::open(self.session, user, database).await? {
            Ok(connection) => connection,
            Err(why) => return Ok(Err(why)),
        };
        let set = format!(
            "SET default_transaction_read_only = on; SET statement_timeout = {}; \
             SET lock_timeout = 1000; SET search_path = pg_catalog; SET TimeZone = 'UTC'; \
             SET extra_float_digits = 1",
            self.wanted.patience.as_millis()
        );
        if let Err(state) = connection.query(self.session, &set).await? {
            return Ok(Err(state.words()));
        }
        // Both came later: with 9.5 and 9.6.
        for set in [
            "SET row_security = off",
            "SET idle_in_transaction_session_timeout = 60000",
        ] {
            let _ = connection.query(self.session, set).await?;
        }
        Ok(Ok(connection))
    }

    async fn database(
        &mut self,
        user: &str,
        oid: &str,
        name: &str,
        found: &mut Found,
    ) -> Result<Result<(), String>, Failure> {
        let mut connection = match self.connect(user, name).await? {
            Ok(connection) => Some(connection),
            Err(why) => return Ok(Err(why)),
        };
        let list = "SELECT c.oid, n.nspname, c.relname, pg_table_size(c.oid), k.attname, \
             (SELECT string_agg(a.attname || ':' || format_type(a.atttypid, a.atttypmod), E'\\n' ORDER BY a.attname) \
              FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) \
             FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN \
             (SELECT i.indrelid, a.attname FROM pg_index i JOIN pg_attribute a \
              ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] \
              WHERE i.indisprimary AND i.indnatts = 1 AND a.atttypid IN (20, 21, 23)) k \
             ON k.indrelid = c.oid \
             WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' \
             AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' \
             ORDER BY n.nspname, c.relname LIMIT 1001";
        let Some(first) = &mut connection else {
            return Ok(Ok(()));
        };
        let rows = match first.query(self.session, list).await? {
            Ok(rows) => rows,
            Err(state) => return Ok(Err(format!("the list of tables: {}", state.words()))),
        };
        let more = rows.len() > MOST;
        for row in rows.iter().take(MOST) {
            let Some(table) = self.table(name, row) else {
                continue;
            };
            let mut container = Container::new("table", table.container.clone());
            container.id = Some(format!("{oid}.{}", table.oid));
            container.mapping = Some(self.looker.key().hash(table.columns.as_bytes()));
            let failed = self
                .read(user, name, &mut connection, &table, &mut container)
                .await;
            if let Err(failure) = failed {
                container.stopped_by = Some(failure.to_string());
                // Rows may still come on it.
                connection = None;
            }
            found.containers.push(container);
        }
        Ok(if more {
            Err(format!("more than {MOST} tables"))
        } else {
            Ok(())
        })
    }

    fn table(&mut self, database: &str, row: &Row) -> Option<Table> {
        let (schema, name) = (text(row, 1)?, text(row, 2)?);
        Some(Table {
            container: format!(
                "{}.{}.{}",
                self.looker.shown(database),
                self.looker.shown(schema),
                self.looker.shown(name)
            ),
            name: format!("{}.{}", quoted(schema), quoted(name)),
            oid: text(row, 0)?.parse().ok()?,
            bytes: text(row, 3).and_then(|text| text.parse().ok()).unwrap_or(0),
            key: text(row, 4).map(ToOwned::to_owned),
            columns: text(row, 5).unwrap_or_default().to_owned(),
        })
    }

    /// Reads one table; a page that is too large is asked for in smaller ones.
    async fn read(
        &mut self,
        user: &str,
        database: &str,
        connection: &mut Option<Connection>,
        table: &Table,
        container: &mut Container,
    ) -> Result<(), Failure> {
        let mut page = PAGE;
        loop {
            let open = match connection.take() {
                Some(open) => open,
                None => match self.connect(user, database).await? {
                    Ok(open) => open,
                    Err(why) => {
                        container.stopped_by = Some(why);
                        return Ok(());
                    }
                },
            };
            let open = connection.insert(open);
            match self.attempt(open, table, &mut page, container).await {
                Err(Failure::TooLarge) if page > 1 => {
                    page = if page > 16 { 16 } else { 1 };
                    container.profile = Profile::default();
                    *connection = None;
                }
                Err(failure) => return Err(failure),
                Ok(result) => {
                    if let Err(state) = result {
                        container.stopped_by = Some(state.words());
                    }
                    // Whatever came of it, no transaction stays open.
                    let _ = open.query(self.session, "ROLLBACK").await?;
                    return Ok(());
                }
            }
        }
    }

    async fn attempt(
        &mut self,
        open: &mut Connection,
        table: &Table,
        page: &mut u64,
        container: &mut Container,
    ) -> Result<Result<(), SqlState>, Failure> {
        let name = &table.name;
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        if let Err(state) = open.query(self.session, begin).await? {
            return Ok(Err(state));
        }
        let explain = format!("EXPLAIN (FORMAT JSON) SELECT 1 FROM ONLY {name}");
        let rows = match open.query(self.session, &explain).await? {
            // A row takes 28 bytes at least; of an empty table that nobody analysed
            // the planner thinks that it has ten pages.
            Ok(rows) => planned(&rows).map(|rows| rows.min(table.bytes / 28)),
            Err(state) => return Ok(Err(state)),
        };
        if let Some(weight) = rows.filter(|rows| *rows > 0).map(|rows| table.bytes / rows) {
            *page = (*page).min((PAGE_BYTES / weight.max(1)).max(1));
        }
        // The planner's figure can be wrong either way; a little more is read to
        // know.
        let close = self.wanted.records.saturating_mul(2);
        let mut guess = rows.unwrap_or(0);
        if guess <= close {
            container.method = Method::Whole;
            let select = format!("SELECT row_to_json(t)::text FROM ONLY {name} t");
            let limit = self.wanted.records;
            match self.pages(open, &select, *page, limit, container).await? {
                Err(state) => return Ok(Err(state)),
                Ok(true) => {
                    container.records = Some(container.profile.examined);
                    return Ok(Ok(()));
                }
                Ok(false) => {
                    guess = guess.max(container.profile.examined);
                    container.profile = Profile::default();
                    let _ = open.query(self.session, "CLOSE c").await?;
                }
            }
        }
        container.records = Some(guess);
        container.estimated = true;
        if let Some(key) = &table.key
            && let Some(result) = self
                .by_key(open, table, key, guess, *page, container)
                .await?
        {
            return Ok(result);
        }
        let mut percent = 100.0 * ratio(self.wanted.sample, guess);
        let how = if table.bytes <= BERNOULLI {
            container.method = Method::Random;
            "BERNOULLI"
        } else {
            container.method = Method::Unbounded(
                "random blocks of the table: rows that lie together were chosen together",
            );
            // A hundredth of a per mille is the least that chooses anything.
            percent = percent.max(0.0001);
            "SYSTEM"
        };
        let select = format!(
            "SELECT row_to_json(t)::text FROM ONLY {name} t \
             TABLESAMPLE {how} ({percent:.6}) REPEATABLE ({})",
            self.wanted.seed
        );
        let limit = self.wanted.sample.saturating_mul(2);
        Ok(
            match self.pages(open, &select, *page, limit, container).await? {
                Ok(true) => Ok(()),
                Ok(false) => {
                    container.method = Method::InOrder(
                        "the first ones of a sample that was larger than the planner's figure promised",
                    );
                    Ok(())
                }
                Err(state) => Err(state),
            },
        )
    }

    /// Rows by their keys; `None` where these are too sparse.
    async fn by_key(
        &mut self,
        open: &mut Connection,
        table: &Table,
        key: &str,
        rows: u64,
        page: u64,
        container: &mut Container,
    ) -> Result<Option<Result<(), SqlState>>, Failure> {
        let (name, column) = (&table.name, quoted(key));
        let ends = format!("SELECT min({column}), max({column}) FROM ONLY {name}");
        let ends = match open.query(self.session, &ends).await? {
            Ok(ends) => ends,
            Err(state) => return Ok(Some(Err(state))),
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
                "SELECT row_to_json(t)::text FROM ONLY {name} t WHERE {column} = ANY ('{{{}}}'::bigint[])",
                list.join(",")
            );
            match open.query(self.session, &select).await? {
                Ok(rows) => self.look(&rows, container),
                Err(state) => return Ok(Some(Err(state))),
            }
            self.wanted.pace().await;
        }
        Ok(Some(Ok(())))
    }

    /// All rows of a query, page by page; `false` where there are more than the
    /// limit.
    async fn pages(
        &mut self,
        open: &mut Connection,
        select: &str,
        page: u64,
        limit: u64,
        container: &mut Container,
    ) -> Result<Result<bool, SqlState>, Failure> {
        let declare = format!("DECLARE c NO SCROLL CURSOR FOR {select}");
        if let Err(state) = open.query(self.session, &declare).await? {
            return Ok(Err(state));
        }
        let fetch = format!("FETCH {page} FROM c");
        loop {
            let rows = match open.query(self.session, &fetch).await? {
                Ok(rows) => rows,
                Err(state) => return Ok(Err(state)),
            };
            self.wanted.pace().await;
            if rows.is_empty() {
                return Ok(Ok(true));
            }
            self.look(&rows, container);
            if container.profile.examined > limit {
                return Ok(Ok(false));
            }
        }
    }

    fn look(&mut self, rows: &[Row], container: &mut Container) {
        for row in rows {
            let text = text(row, 0).unwrap_or_default();
            // What is nested deeper than is read is looked at as one text.
            let record =
                serde_json::from_str(text).unwrap_or_else(|_| Value::String(text.to_owned()));
            self.looker.look(&record, &mut container.profile);
        }
    }
}

fn text(row: &Row, at: usize) -> Option<&str> {
    row.get(at)?.as_deref()
}

/// `"…"`, with quotes doubled (its manual, 4.1.1).
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The planner's number of rows.
fn planned(rows: &[Row]) -> Option<u64> {
    let plan: Value = serde_json::from_str(text(rows.first()?, 0)?).ok()?;
    plan[0]["Plan"]["Plan Rows"].as_u64()
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn ratio(part: u64, of: u64) -> f64 {
    (part as f64 / of.max(1) as f64).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names() {
        assert_eq!(quoted("a\"; DROP TABLE b --"), "\"a\"\"; DROP TABLE b --\"");
    }

    #[test]
    fn the_planner_is_read() {
        let row = |text: &str| vec![vec![Some(text.to_owned())]];
        assert_eq!(
            planned(&row(r#"[{"Plan":{"Plan Rows":2550}}]"#)),
            Some(2550)
        );
        assert_eq!(planned(&row("[]")), None);
        assert_eq!(planned(&[]), None);
    }
}
