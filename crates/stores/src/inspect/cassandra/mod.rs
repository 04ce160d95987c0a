//! Cassandra and Scylla.
//!
//! Every table but the server's own; no materialised views, since they repeat a table.
//! Rows are asked for as JSON (`SELECT JSON`), page by page. The server counts none:
//! the rows of a slice of all tokens are counted, and a wider slice where these are
//! few. A large table is sampled by such a slice. Tokens are hashes of partition keys,
//! the same in every copy, so a slice is chosen at random by the sketch key; where a
//! partition holds several rows these come together, and the sample has no bounds.

mod wire;

use serde_json::Value;

use super::profile::Looker;
use super::report::{Container, Method};
use super::source::{Found, Source, Wanted};
use crate::transport::{Failure, Session};
use crate::verdict::token;
use wire::{Connection, Page};

/// Tables of one server.
const MOST: usize = 1000;
/// Rows of a page.
const PAGE: u32 = 1000;
/// Pages without rows, one after the other: what was deleted makes such.
const EMPTY: u32 = 1000;
/// Slices that are counted, in halvings of all tokens, until one has enough rows.
const LEVELS: [u8; 4] = [12, 8, 4, 0];
/// Rows that tell how many there are: to some 7%.
const ENOUGH: u64 = 200;

/// See the module.
pub(crate) struct Cassandra;

impl Source for Cassandra {
    const PRODUCTS: &'static [&'static str] = &["cassandra", "scylladb"];
    const ASKS: &'static str = "a login; SELECT over system.local, system_schema.tables and system_schema.columns; of each table SELECT count(*) of slices of tokens and SELECT JSON in pages";

    async fn read(
        session: &mut Session<'_>,
        looker: &mut Looker<'_>,
        wanted: &Wanted,
    ) -> Result<Found, Failure> {
        let mut reader = Reader {
            session,
            looker,
            wanted,
            connection: None,
            slices: false,
        };
        reader.server().await
    }
}

struct Reader<'r, 't, 's> {
    session: &'r mut Session<'t>,
    looker: &'r mut Looker<'s>,
    wanted: &'r Wanted,
    connection: Option<Connection>,
    /// Whether tokens are hashes.
    slices: bool,
}

struct Table {
    /// Quoted, for questions.
    name: String,
    /// Quoted names of the partition key's columns.
    partition: String,
    /// Whether a partition is a row.
    single: bool,
}

impl Reader<'_, '_, '_> {
    async fn server(&mut self) -> Result<Found, Failure> {
        let mut found = Found::default();
        match Connection::open(self.session).await? {
            Ok(connection) => self.connection = Some(connection),
            Err(why) => {
                found.refused = Some(why);
                return Ok(found);
            }
        }
        let about = "SELECT release_version, partitioner, cluster_name FROM system.local";
        if let Ok(page) = self.ask(about, 1, None).await? {
            let row = page.rows.first();
            let text = |at: usize| row.and_then(|row| row.get(at)?.as_deref());
            found.version = text(0).and_then(token);
            self.slices = text(1).is_some_and(|name| name.ends_with("Murmur3Partitioner"));
        }
        let list = "SELECT keyspace_name, table_name FROM system_schema.tables";
        let tables = match self.all(list).await? {
            Ok(tables) => tables,
            Err(why) => {
                found.refused = Some(format!("the list of tables: {why}"));
                return Ok(found);
            }
        };
        let mut names: Vec<(String, String)> = tables
            .into_iter()
            .filter_map(|row| {
                let mut cells = row.into_iter();
                Some((cells.next()??, cells.next()??))
            })
            .filter(|(space, _)| !is_system(space))
            .collect();
        names.sort_unstable();
        names.dedup();
        if names.len() > MOST {
            found.missing.push(format!("more than {MOST} tables"));
        }
        for (space, table) in names.iter().take(MOST) {
            let shown = [space, table].map(|name| self.looker.shown(name)).join(".");
            let mut container = Container::new("table", shown);
            match self.table(space, table, &mut container).await {
                Ok(Ok(())) => {}
                Ok(Err(why)) => container.stopped_by = Some(why),
                Err(failure) => {
                    // What was half read would be taken for the next answer.
                    self.connection = None;
                    container.stopped_by = Some(failure.to_string());
                }
            }
            found.containers.push(container);
        }
        Ok(found)
    }

    async fn table(
        &mut self,
        space: &str,
        name: &str,
        container: &mut Container,
    ) -> Result<Result<(), String>, Failure> {
        let columns = format!(
            "SELECT column_name, kind, type, position FROM system_schema.columns \
             WHERE keyspace_name = {} AND table_name = {}",
            literal(space),
            literal(name)
        );
        let columns = match self.all(&columns).await? {
            Ok(columns) => columns,
            Err(why) => return Ok(Err(why)),
        };
        let (mut partition, mut lines, mut single) = (Vec::new(), Vec::new(), true);
        for row in &columns {
            let text = |at: usize| row.get(at).and_then(Option::as_deref).unwrap_or_default();
            lines.push(format!("{}:{}", text(0), text(2)));
            match text(1) {
                "partition_key" => partition.push((text(3).parse::<u32>().ok(), quoted(text(0)))),
                "clustering" => single = false,
                _ => {}
            }
        }
        lines.sort_unstable();
        container.mapping = Some(self.looker.key().hash(lines.join("\n").as_bytes()));
        if partition.is_empty() {
            return Ok(Err("its key is not told".to_owned()));
        }
        partition.sort_unstable();
        let partition: Vec<String> = partition.into_iter().map(|(_, name)| name).collect();
        let table = Table {
            name: format!("{}.{}", quoted(space), quoted(name)),
            partition: partition.join(", "),
            single,
        };
        self.read_table(&table, container).await
    }

    async fn read_table(
        &mut self,
        table: &Table,
        container: &mut Container,
    ) -> Result<Result<(), String>, Failure> {
        let (count, exact) = match self.count(table).await? {
            Ok(counted) => counted,
            Err(why) => return Ok(Err(why)),
        };
        container.records = Some(count);
        container.estimated = !exact;
        if count <= self.wanted.records {
            container.method = Method::Whole;
            let select = format!("SELECT JSON * FROM {}", table.name);
            let most = self.wanted.records.saturating_mul(2);
            let ended = self.rows(&select, most, container).await?;
            if ended.is_ok() {
                container.records = Some(container.profile.examined);
                container.estimated = false;
            }
            return Ok(ended);
        }
        let sample = self.wanted.sample.max(1);
        let level = (0..63_u8)
            .find(|level| count >> level <= sample)
            .unwrap_or(63);
        let (select, most) = if self.slices {
            // The same in every copy of one product.
            let field = self.looker.key().hash(b"tokens of Murmur3");
            container.method = if table.single {
                Method::ByKey(field, level)
            } else {
                Method::Unbounded(
                    "partitions were chosen at random, and rows of one are often alike",
                )
            };
            let place = self.slice(level, table);
            (
                format!("SELECT JSON * FROM {}{place}", table.name),
                sample.saturating_mul(4),
            )
        } else {
            container.method =
                Method::InOrder("the first ones in the server's order; the rest can differ");
            (
                format!("SELECT JSON * FROM {} LIMIT {sample}", table.name),
                sample,
            )
        };
        self.rows(&select, most, container).await
    }

    /// About how many rows there are, and whether that is exact.
    async fn count(&mut self, table: &Table) -> Result<Result<(u64, bool), String>, Failure> {
        let levels = if self.slices { &LEVELS[..] } else { &[0] };
        for level in levels {
            let place = self.slice(*level, table);
            let select = format!("SELECT count(*) FROM {}{place}", table.name);
            let page = match self.ask(&select, 5000, None).await? {
                Ok(page) => page,
                Err(why) => return Ok(Err(why)),
            };
            let count: Option<u64> = page
                .rows
                .first()
                .and_then(|row| row.first()?.as_deref()?.parse().ok());
            let Some(count) = count else {
                return Err(Failure::Malformed("no count"));
            };
            if *level == 0 || count >= ENOUGH {
                return Ok(Ok((count.saturating_mul(1 << level), *level == 0)));
            }
        }
        Err(Failure::Malformed("no count"))
    }

    /// The tokens of one slice of 2^level, chosen by the key: a slice lies in all wider
    /// ones.
    fn slice(&self, level: u8, table: &Table) -> String {
        let Some(shift) = 64_u32
            .checked_sub(u32::from(level))
            .filter(|shift| *shift < 64)
        else {
            return String::new();
        };
        let chosen = self.looker.key().hash(b"slice of tokens") >> shift << shift;
        let first = (chosen ^ 1 << 63).cast_signed();
        let last = ((chosen | ((1_u64 << shift) - 1)) ^ 1 << 63).cast_signed();
        let of = &table.partition;
        format!(" WHERE token({of}) >= {first} AND token({of}) <= {last}")
    }

    /// Looks at every row of a question, page by page.
    async fn rows(
        &mut self,
        select: &str,
        most: u64,
        container: &mut Container,
    ) -> Result<Result<(), String>, Failure> {
        let (mut size, mut empty) = (PAGE, 0);
        let mut next: Option<Vec<u8>> = None;
        loop {
            let page = match self.ask(select, size, next.as_deref()).await {
                Err(Failure::TooLarge) if size > 1 => {
                    // Its rest is still to come; a new connection knows the place.
                    self.connection = None;
                    size /= 2;
                    continue;
                }
                other => match other? {
                    Ok(page) => page,
                    Err(why) => return Ok(Err(why)),
                },
            };
            empty = if page.rows.is_empty() { empty + 1 } else { 0 };
            for row in page.rows {
                let Some(Some(text)) = row.first() else {
                    return Err(Failure::Malformed("a row that is no JSON"));
                };
                let record: Value = serde_json::from_str(text)
                    .map_err(|_| Failure::Malformed("a row that is no JSON"))?;
                self.looker.look(&record, &mut container.profile);
            }
            if container.profile.examined > most {
                return Ok(Err("it has many more rows than were counted".to_owned()));
            }
            if empty > EMPTY {
                return Ok(Err("its pages go on without rows".to_owned()));
            }
            next = page.next;
            if next.is_none() {
                return Ok(Ok(()));
            }
        }
    }

    /// All rows of a list, of which there are not many.
    async fn all(
        &mut self,
        select: &str,
    ) -> Result<Result<Vec<Vec<Option<String>>>, String>, Failure> {
        let mut rows = Vec::new();
        let mut next: Option<Vec<u8>> = None;
        for _ in 0..20 {
            match self.ask(select, 5000, next.as_deref()).await? {
                Ok(page) => {
                    rows.extend(page.rows);
                    next = page.next;
                }
                Err(why) => return Ok(Err(why)),
            }
            if next.is_none() {
                return Ok(Ok(rows));
            }
        }
        Ok(Err("the list goes on without end".to_owned()))
    }

    async fn ask(
        &mut self,
        question: &str,
        rows: u32,
        from: Option<&[u8]>,
    ) -> Result<Result<Page, String>, Failure> {
        self.wanted.pace().await;
        if self.connection.is_none() {
            match Connection::open(self.session).await? {
                Ok(connection) => self.connection = Some(connection),
                Err(why) => return Ok(Err(why)),
            }
        }
        let Some(connection) = &mut self.connection else {
            return Err(Failure::Closed);
        };
        connection.query(question, rows, from).await
    }
}

/// Keyspaces of the server's own.
fn is_system(space: &str) -> bool {
    space == "system" || space.starts_with("system_")
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names() {
        assert_eq!(quoted("a\" b"), "\"a\"\" b\"");
        assert_eq!(literal("a' OR"), "'a'' OR'");
        assert!(is_system("system_auth") && !is_system("systems"));
    }
}
