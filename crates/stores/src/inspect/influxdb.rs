//! `InfluxDB` 1.
//!
//! Every measurement of every retention policy of every database but the server's own.
//! A point is a record: its time, tags and fields. Points come in order of time, each
//! page from the time where the last one ended, less those of that time that came
//! already. How many points there are the server does not count; where the most frequent
//! field has more than are read, it is asked to sample that field's points. Every question
//! is a `GET`, which the server takes as read-only.

use serde_json::{Map, Value};

use super::profile::Looker;
use super::report::{Container, Method};
use super::source::{Found, Source, Wanted};
use super::url::escaped;
use crate::transport::{Failure, Request, Session};

/// Measurements of one server.
const MOST: usize = 1000;
/// Points of a page.
const PAGE: u64 = 1000;

/// See the module.
pub(crate) struct Influxdb;

impl Source for Influxdb {
    const PRODUCTS: &'static [&'static str] = &["influxdb"];
    const ASKS: &'static str = "GET /ping, then GET /query with SHOW DATABASES, SHOW RETENTION POLICIES, SHOW MEASUREMENTS, SHOW FIELD KEYS, SELECT COUNT(*), and SELECT * by time with LIMIT or SELECT SAMPLE";

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

/// The first series of an answer: its columns and rows, or why there is none.
type Told = Result<Series, String>;

#[derive(Default)]
struct Series {
    columns: Vec<String>,
    rows: Vec<Vec<Value>>,
}

impl Series {
    fn first(self) -> Vec<String> {
        self.rows
            .into_iter()
            .filter_map(|row| row.into_iter().next()?.as_str().map(str::to_owned))
            .collect()
    }
}

impl Reader<'_, '_, '_> {
    async fn server(&mut self) -> Result<Found, Failure> {
        let mut found = Found::default();
        let ping = self.session.fetch(&Request::get("/ping")).await?;
        let version = ping.header("x-influxdb-version").unwrap_or_default();
        if !version.trim_start_matches('v').starts_with("1.") {
            found.refused = Some("no other version than 1 can be looked into yet".to_owned());
            return Ok(found);
        }
        let databases = match self.ask("SHOW DATABASES").await? {
            Ok(series) => series.first(),
            Err(why) => {
                found.refused = Some(format!("the list of databases {why}"));
                return Ok(found);
            }
        };
        for database in databases.iter().filter(|name| *name != "_internal") {
            let on = quoted(database);
            let lists = [
                format!("SHOW RETENTION POLICIES ON {on}"),
                format!("SHOW MEASUREMENTS ON {on}"),
            ];
            let mut told = Vec::new();
            for list in &lists {
                match self.ask(list).await? {
                    Ok(series) => told.push(series.first()),
                    Err(why) => {
                        let shown = self.looker.shown(database);
                        found
                            .missing
                            .push(format!("what is in {shown}, which {why}"));
                        break;
                    }
                }
            }
            let [policies, measurements] = &told[..] else {
                continue;
            };
            for measurement in measurements {
                for policy in policies {
                    if found.containers.len() >= MOST {
                        found.missing.push(format!("more than {MOST} measurements"));
                        return Ok(found);
                    }
                    let names = [database.as_str(), policy, measurement];
                    let shown = names.map(|name| self.looker.shown(name)).join(".");
                    let mut container = Container::new("measurement", shown);
                    match self.measurement(names, &mut container).await {
                        // A measurement is kept by some policies and not by others.
                        Ok(Ok(false)) => continue,
                        Ok(Ok(true)) => {}
                        Ok(Err(why)) => container.stopped_by = Some(why),
                        Err(failure) => container.stopped_by = Some(failure.to_string()),
                    }
                    found.containers.push(container);
                }
            }
        }
        Ok(found)
    }

    /// Whether it holds anything.
    async fn measurement(
        &mut self,
        names: [&str; 3],
        container: &mut Container,
    ) -> Result<Result<bool, String>, Failure> {
        let from = names.map(quoted).join(".");
        let counts = match self.ask(&format!("SELECT COUNT(*) FROM {from}")).await? {
            Ok(counts) => counts,
            Err(why) => return Ok(Err(format!("it {why}"))),
        };
        let row = counts.rows.into_iter().next().unwrap_or_default();
        let most = counts
            .columns
            .iter()
            .zip(&row)
            .filter_map(|(name, count)| Some((count.as_u64()?, name.strip_prefix("count_")?)))
            .max();
        let Some((count, field)) = most else {
            return Ok(Ok(false));
        };
        let keys = format!(
            "SHOW FIELD KEYS ON {} FROM {}.{}",
            quoted(names[0]),
            quoted(names[1]),
            quoted(names[2])
        );
        if let Ok(fields) = self.ask(&keys).await? {
            let mut lines: Vec<String> = fields
                .rows
                .iter()
                .map(|row| {
                    let texts: Vec<&str> = row.iter().filter_map(Value::as_str).collect();
                    texts.join(":")
                })
                .collect();
            lines.sort_unstable();
            container.mapping = Some(self.looker.key().hash(lines.join("\n").as_bytes()));
        }
        let read = if count > self.wanted.records {
            container.records = Some(count);
            container.estimated = true;
            self.sample(&from, field, container).await?
        } else {
            self.whole(&from, container).await?
        };
        Ok(read.map(|()| true))
    }

    async fn whole(
        &mut self,
        from: &str,
        container: &mut Container,
    ) -> Result<Result<(), String>, Failure> {
        container.method = Method::Whole;
        let mut page = PAGE;
        let mut at: Option<(String, u64)> = None;
        loop {
            let place = match &at {
                None => String::new(),
                Some((time, _)) => format!(" WHERE time >= '{time}'"),
            };
            let skip = at.as_ref().map_or(0, |(_, skip)| *skip);
            let select =
                format!("SELECT * FROM {from}{place} ORDER BY time LIMIT {page} OFFSET {skip}");
            let series = match self.ask(&select).await {
                Err(Failure::TooLarge) if page > 1 => {
                    page /= 2;
                    continue;
                }
                other => match other? {
                    Ok(series) => series,
                    Err(why) => return Ok(Err(format!("it {why}"))),
                },
            };
            let count = series.rows.len() as u64;
            let (mut last, mut alike) = at.take().unwrap_or_default();
            for row in &series.rows {
                let Some(time) = row
                    .first()
                    .and_then(Value::as_str)
                    .filter(|time| is_time(time))
                else {
                    return Err(Failure::Malformed("a point without time"));
                };
                if time == last {
                    alike += 1;
                } else {
                    time.clone_into(&mut last);
                    alike = 1;
                }
            }
            self.look(&series, None, container);
            if container.profile.examined > self.wanted.records {
                return Ok(Err(
                    "points without its most frequent field are more than are read".to_owned(),
                ));
            }
            if count < page {
                container.records = Some(container.profile.examined);
                return Ok(Ok(()));
            }
            at = Some((last, alike));
        }
    }

    async fn sample(
        &mut self,
        from: &str,
        field: &str,
        container: &mut Container,
    ) -> Result<Result<(), String>, Failure> {
        container.method = Method::Unbounded(
            "points were drawn at random among those that have the most frequent field",
        );
        let sample = self.wanted.sample;
        let select = format!("SELECT SAMPLE({}, {sample}), * FROM {from}", quoted(field));
        let series = match self.ask(&select).await? {
            Ok(series) => series,
            Err(why) => return Ok(Err(format!("it {why}"))),
        };
        if series.rows.len() as u64 > sample {
            return Ok(Err("more was sent than was asked for".to_owned()));
        }
        // Beside the sampled field itself it stands once more as `sample`.
        self.look(
            &series,
            series.columns.iter().position(|name| name == "sample"),
            container,
        );
        Ok(Ok(()))
    }

    fn look(&mut self, series: &Series, without: Option<usize>, container: &mut Container) {
        for row in &series.rows {
            let mut record = Map::new();
            for (place, (name, value)) in series.columns.iter().zip(row).enumerate() {
                if Some(place) != without && !value.is_null() {
                    record.insert(name.clone(), value.clone());
                }
            }
            self.looker
                .look(&Value::Object(record), &mut container.profile);
        }
    }

    async fn ask(&mut self, question: &str) -> Result<Told, Failure> {
        self.wanted.pace().await;
        let path = format!("/query?q={}", escaped(question, b""));
        let answer = self.session.fetch(&Request::get(&path)).await?;
        match answer.status {
            200 => {}
            status @ (401 | 403) => return Ok(Err(format!("is refused ({status})"))),
            status => return Ok(Err(format!("is answered by {status}"))),
        }
        let value: Value =
            serde_json::from_slice(&answer.body).map_err(|_| Failure::Malformed("no JSON"))?;
        let result = &value["results"][0];
        if !result.is_object() {
            return Err(Failure::Malformed("no result"));
        }
        if let Some(error) = result["error"].as_str() {
            let words = if error.contains("not authorized") {
                "is refused"
            } else {
                "is answered by an error"
            };
            return Ok(Err(words.to_owned()));
        }
        if result["partial"] == true {
            return Ok(Err("is told in part only".to_owned()));
        }
        let series = &result["series"][0];
        let columns = series["columns"].as_array().into_iter().flatten();
        let rows = series["values"].as_array().into_iter().flatten();
        Ok(Ok(Series {
            columns: columns
                .map(|name| name.as_str().unwrap_or_default().to_owned())
                .collect(),
            rows: rows
                .map(|row| row.as_array().cloned().unwrap_or_default())
                .collect(),
        }))
    }
}

/// An identifier, as `InfluxQL` quotes it.
fn quoted(name: &str) -> String {
    format!(
        "\"{}\"",
        name.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}

/// RFC 3339 in UTC, which goes into the next question as it came.
fn is_time(text: &str) -> bool {
    (20..=30).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || b"-:.TZ".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_names() {
        assert_eq!(quoted("a\" FROM \"b"), "\"a\\\" FROM \\\"b\"");
        assert!(is_time("2019-12-05T09:00:01.000000001Z"));
        assert!(!is_time("2019-12-05T09:00:01' OR 1"));
    }
}
