//! `ClickHouse`, at its HTTP port.
//!
//! Every table whose engine keeps its rows in the server; no view, and no engine
//! that leads to other servers. Questions are `GET`, which the server takes as
//! read-only. Rows have no order there, so pages and samples are both made by a
//! hash of the whole row (`cityHash64`): a page is one remainder, and a sample is
//! the rows with one remainder by a power of two, the same in every copy. Each page
//! reads the table, so that only small ones are read in several.

use serde_json::Value;

use super::profile::Looker;
use super::report::{Container, Method};
use super::source::{Found, Source, Wanted};
use super::url::escaped;
use crate::transport::{Answer, Failure, Request, Session};

/// Tables of one server.
const MOST: usize = 1000;
/// Rows that a page is meant to have.
const PAGE: u64 = 2000;

/// See the module.
pub(crate) struct Clickhouse;

impl Source for Clickhouse {
    const PRODUCTS: &'static [&'static str] = &["clickhouse"];
    const ASKS: &'static str = "GET with SELECT over system.tables and system.columns, and of each table SELECT count() and SELECT by remainders of a hash of the row";

    async fn read(
        session: &mut Session<'_>,
        looker: &mut Looker<'_>,
        wanted: &Wanted,
    ) -> Result<Found, Failure> {
        let mut reader = Reader {
            session,
            looker,
            wanted,
            limited: true,
        };
        reader.server().await
    }
}

struct Reader<'r, 't, 's> {
    session: &'r mut Session<'t>,
    looker: &'r mut Looker<'s>,
    wanted: &'r Wanted,
    /// Whether the server lets this user set limits.
    limited: bool,
}

type Rows = Result<Vec<Value>, String>;

impl Reader<'_, '_, '_> {
    async fn server(&mut self) -> Result<Found, Failure> {
        let mut found = Found::default();
        let list = "SELECT database, name FROM system.tables \
                    WHERE database NOT IN ('system', 'INFORMATION_SCHEMA', 'information_schema') \
                    AND (engine LIKE '%MergeTree' OR engine IN ('Log', 'TinyLog', 'StripeLog', 'Memory')) \
                    AND name NOT LIKE '.inner%' ORDER BY database, name LIMIT 1001";
        let tables = match self.ask(list).await? {
            Ok(rows) => rows,
            Err(why) => {
                found.refused = Some(why);
                return Ok(found);
            }
        };
        if tables.len() > MOST {
            found.missing.push(format!("more than {MOST} tables"));
        }
        for table in tables.iter().take(MOST) {
            let (Some(database), Some(name)) = (table["database"].as_str(), table["name"].as_str())
            else {
                continue;
            };
            let shown = format!(
                "{}.{}",
                self.looker.shown(database),
                self.looker.shown(name)
            );
            let mut container = Container::new("table", shown);
            let read = self.table(database, name, &mut container).await;
            container.ended(read);
            found.containers.push(container);
        }
        Ok(found)
    }

    async fn table(
        &mut self,
        database: &str,
        name: &str,
        container: &mut Container,
    ) -> Result<Result<(), String>, Failure> {
        let columns = format!(
            "SELECT name, type FROM system.columns WHERE database = {} AND table = {} ORDER BY name",
            literal(database),
            literal(name)
        );
        match self.ask(&columns).await? {
            Ok(rows) => {
                let lines: Vec<String> = rows
                    .iter()
                    .map(|row| format!("{}:{}", text(&row["name"]), text(&row["type"])))
                    .collect();
                container.mapping = Some(self.looker.key().hash(lines.join("\n").as_bytes()));
            }
            Err(why) => return Ok(Err(why)),
        }
        let from = format!("{}.{}", quoted(database), quoted(name));
        let count = match self
            .ask(&format!("SELECT count() AS n FROM {from}"))
            .await?
        {
            Ok(rows) => rows.first().and_then(|row| {
                let n = &row["n"];
                n.as_u64().or_else(|| n.as_str()?.parse().ok())
            }),
            Err(why) => return Ok(Err(why)),
        };
        let Some(count) = count else {
            return Err(Failure::Malformed("no count"));
        };
        container.records = Some(count);
        if count == 0 {
            container.method = Method::Whole;
            return Ok(Ok(()));
        }
        if count <= self.wanted.records {
            container.method = Method::Whole;
            let pages = count.div_ceil(PAGE);
            for page in 0..pages {
                let select = format!("SELECT * FROM {from} WHERE cityHash64(*) % {pages} = {page}");
                match self.ask(&select).await? {
                    Ok(rows) => self.look(&rows, container),
                    Err(why) => return Ok(Err(why)),
                }
                if container.profile.examined > count {
                    break;
                }
            }
            if container.profile.examined != count {
                return Ok(Err("the table changed while it was read".to_owned()));
            }
            return Ok(Ok(()));
        }
        let sample = self.wanted.sample.max(1);
        let level = (0..63_u8)
            .find(|level| count >> level <= sample)
            .unwrap_or(63);
        // Not by a column, and the same in every copy that has this product.
        let field = self.looker.key().hash(b"cityHash64 of the row");
        container.method = Method::ByKey(field, level);
        let parts = 1_u64 << level;
        let part = u64::from(self.wanted.seed) % parts;
        let limit = sample.saturating_mul(4);
        let select =
            format!("SELECT * FROM {from} WHERE cityHash64(*) % {parts} = {part} LIMIT {limit}");
        match self.ask(&select).await? {
            Ok(rows) => {
                let all = (rows.len() as u64) < limit;
                self.look(&rows, container);
                Ok(if all {
                    Ok(())
                } else {
                    Err("many rows are alike, so that more were chosen than are read".to_owned())
                })
            }
            Err(why) => Ok(Err(why)),
        }
    }

    fn look(&mut self, rows: &[Value], container: &mut Container) {
        for row in rows {
            self.looker.look(row, &mut container.profile);
        }
    }

    /// The rows that answer a query, or why there are none.
    async fn ask(&mut self, query: &str) -> Result<Rows, Failure> {
        self.wanted.pace().await;
        if self.limited {
            let answer = self.send(query).await?;
            // READONLY: this user's settings are fixed.
            if code(&answer) != Some("164") {
                return rows(&answer);
            }
            self.limited = false;
        }
        rows(&self.send(query).await?)
    }

    async fn send(&mut self, query: &str) -> Result<Answer, Failure> {
        let settings = if self.limited {
            format!(
                "max_execution_time={}&output_format_json_quote_64bit_integers=0&",
                self.wanted.patience.as_secs().max(1)
            )
        } else {
            String::new()
        };
        let path = format!(
            "/?{settings}query={}",
            escaped(&format!("{query} FORMAT JSONEachRow"), b"")
        );
        self.session.fetch(&Request::get(&path)).await
    }
}

fn code(answer: &Answer) -> Option<&str> {
    answer.header("x-clickhouse-exception-code").or_else(|| {
        // Before 21 it stands in the text alone: "Code: 164, …".
        let text = std::str::from_utf8(answer.body.get(..40)?).ok()?;
        let rest = text.strip_prefix("Code: ")?;
        rest.split([',', '.']).next()
    })
}

fn rows(answer: &Answer) -> Result<Rows, Failure> {
    if answer.status != 200 {
        let words = match code(answer) {
            Some("192" | "193" | "194" | "516") => "this user or password is not accepted",
            Some("497" | "291") => "this user may not read it",
            Some("159" | "160") => "the server ended the question at its time limit",
            _ if matches!(answer.status, 401 | 403) => "it is refused",
            _ => "an error",
        };
        return Ok(Err(format!("{words} ({})", answer.status)));
    }
    let text = String::from_utf8_lossy(&answer.body);
    text.lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).map_err(|_| Failure::Malformed("no row of JSON")))
        .collect::<Result<Vec<_>, _>>()
        .map(Ok)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// `` `…` ``, with what ends it escaped.
fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('\\', "\\\\").replace('`', "\\`"))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names() {
        assert_eq!(quoted("a` FROM b"), "`a\\` FROM b`");
        assert_eq!(literal("a\\' OR 1"), "'a\\\\\\' OR 1'");
    }
}
