//! Elasticsearch and OpenSearch.
//!
//! An index is read whole where it is small enough: shard by shard in order of
//! writing (`_seq_no`), which needs neither a scroll nor a point in time, so no
//! state is left in the server. A larger one is sampled by `random_score`, where
//! every document has the same chance. Before Elasticsearch 6 there is no `_seq_no`:
//! documents come in order of their ids there, before 5 the first 10,000 of a shard.
//!
//! A date that is kept as a number is one only by the index's mapping; it is shown as
//! a date, as other products keep it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::profile::Looker;
use super::report::{Container, Method};
use super::source::{Found, Source, Wanted};
use crate::date;
use crate::transport::{Failure, Request, Session};

/// What `from` and `size` may reach (`index.max_result_window`).
const WINDOW: u64 = 10_000;
const PAGE: u64 = 1000;

pub(crate) struct Elastic;

impl Source for Elastic {
    const PRODUCTS: &'static [&'static str] = &["elasticsearch", "opensearch"];
    const ASKS: &'static str = "GET / and /_cat/indices, and of each index GET _count, GET _mapping, and pages of POST _search";

    async fn read(
        session: &mut Session<'_>,
        looker: &mut Looker<'_>,
        wanted: &Wanted,
    ) -> Result<Found, Failure> {
        inspect(session, looker, wanted).await
    }
}

async fn inspect(
    session: &mut Session<'_>,
    looker: &mut Looker<'_>,
    wanted: &Wanted,
) -> Result<Found, Failure> {
    let mut found = Found::default();
    let era = Era::of(session).await?;
    let list = get(
        session,
        "/_cat/indices?format=json&h=index,uuid,pri,status&expand_wildcards=open",
    )
    .await?;
    let list = match list {
        (200, list) => list,
        (401 | 403, _) => {
            found.refused = Some("the list of indices is refused".to_owned());
            return Ok(found);
        }
        // Before 7.7 it knows no expand_wildcards.
        _ => match get(session, "/_cat/indices?format=json&h=index,uuid,pri,status").await? {
            (200, list) => list,
            (status, _) => {
                found.refused = Some(format!("the list of indices is answered by {status}"));
                return Ok(found);
            }
        },
    };
    let mut indices: Vec<Index> = list
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Index::parse)
        .collect();
    indices.sort_by(|a, b| a.name.cmp(&b.name));
    for index in indices {
        let mut container = Container::new("index", looker.shown(&index.name));
        container.id.clone_from(&index.uuid);
        // What follows after a limit was met fails at once, and is named, so that
        // nobody takes it for looked at.
        if let Err(failure) = one(session, looker, wanted, era, &index, &mut container).await {
            container.stopped_by = Some(failure.to_string());
        }
        found.containers.push(container);
    }
    Ok(found)
}

/// What a version can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Era {
    /// Before 5: pages are counted from the beginning.
    Counted,
    /// 5: pages follow on a document's id.
    ById,
    /// From 6, and OpenSearch: pages follow on the number of a write.
    BySequence,
}

impl Era {
    async fn of(session: &mut Session<'_>) -> Result<Self, Failure> {
        let (_, root) = get(session, "/").await?;
        let version = &root["version"];
        let major: Option<u32> = version["number"]
            .as_str()
            .and_then(|text| text.split('.').next()?.parse().ok());
        Ok(match major {
            Some(5) if version["distribution"].is_null() => Self::ById,
            Some(0..5) if version["distribution"].is_null() => Self::Counted,
            _ => Self::BySequence,
        })
    }

    /// Since when it may be asked not to count.
    fn uncounted(self, body: &mut Value) {
        if self == Self::BySequence {
            body["track_total_hits"] = json!(false);
        }
    }

    fn random(self, seed: u32) -> Value {
        if self == Self::BySequence {
            json!({"seed": seed, "field": "_seq_no"})
        } else {
            json!({"seed": seed})
        }
    }

    fn order(self) -> &'static str {
        match self {
            Self::BySequence => "_seq_no",
            Self::ById | Self::Counted => "_uid",
        }
    }

    /// Whether the place of a document lies behind that of another.
    fn forward(self, before: Option<&Value>, next: &Value) -> bool {
        match self {
            Self::BySequence => next.as_u64().is_some_and(|next| {
                before.is_none_or(|one| one.as_u64().is_some_and(|one| next > one))
            }),
            Self::ById | Self::Counted => next.as_str().is_some_and(|next| {
                before.is_none_or(|one| one.as_str().is_some_and(|one| next > one))
            }),
        }
    }
}

struct Index {
    name: String,
    uuid: Option<String>,
    shards: u32,
}

impl Index {
    fn parse(entry: &Value) -> Option<Self> {
        let name = entry["index"].as_str()?;
        // What an index may be called; anything else must not get into a path.
        let fits = !name.is_empty()
            && name.len() <= 255
            && !name.chars().any(|c| {
                c.is_ascii_control() || " \\/*?\"<>|,#:%&".contains(c) || c.is_ascii_uppercase()
            });
        fits.then(|| Self {
            name: name.to_owned(),
            uuid: entry["uuid"].as_str().and_then(crate::verdict::token),
            shards: entry["pri"]
                .as_str()
                .and_then(|text| text.parse().ok())
                .unwrap_or(1)
                .min(1024),
        })
    }

    fn path(&self) -> String {
        use std::fmt::Write as _;
        let mut out = String::from("/");
        for byte in self.name.bytes() {
            if byte.is_ascii_alphanumeric() || b"-_.+@".contains(&byte) {
                out.push(char::from(byte));
            } else {
                let _ = write!(out, "%{byte:02X}");
            }
        }
        out
    }
}

async fn one(
    session: &mut Session<'_>,
    looker: &mut Looker<'_>,
    wanted: &Wanted,
    era: Era,
    index: &Index,
    container: &mut Container,
) -> Result<(), Failure> {
    let path = index.path();
    let (status, count) = get(session, &format!("{path}/_count")).await?;
    if status != 200 {
        container.stopped_by = Some(format!("counting is answered by {status}"));
        return Ok(());
    }
    container.records = count["count"].as_u64();
    let mut dates = Dates::default();
    if let (200, mapping) = get(session, &format!("{path}/_mapping")).await? {
        container.mapping = mapping_of(&mapping).map(|text| looker.key().hash(text.as_bytes()));
        dates = Dates::of(&mapping);
    }
    let records = container.records.unwrap_or(u64::MAX);
    if records == 0 {
        container.method = Method::Whole;
        return Ok(());
    }
    if records <= wanted.records {
        container.method = Method::Whole;
        for shard in 0..index.shards {
            let place = Place {
                era,
                path: &path,
                shard,
                dates: &dates,
            };
            if !whole_shard(session, looker, wanted, &place, container).await? {
                break;
            }
        }
        if container.stopped_by.is_none() && Some(container.profile.examined) != container.records {
            container.stopped_by = Some("the index changed while it was read".to_owned());
        }
        return Ok(());
    }
    container.method = Method::Random;
    let sample = wanted.sample.min(WINDOW);
    let mut from = 0;
    let mut page = PAGE.min(sample);
    while from < sample {
        let mut body = json!({
            "from": from,
            "size": page.min(sample - from),
            "query": {"function_score": {
                "query": {"match_all": {}},
                "boost_mode": "replace",
                "random_score": era.random(wanted.seed),
            }},
        });
        era.uncounted(&mut body);
        let Some(hits) = search(session, &path, "", &body, &mut page, container).await? else {
            continue;
        };
        wanted.pace().await;
        if hits.is_empty() {
            break;
        }
        from += hits.len() as u64;
        for mut hit in hits {
            dates.show(&mut hit["_source"], "");
            looker.look(&hit["_source"], &mut container.profile);
        }
        if container.stopped_by.is_some() {
            break;
        }
    }
    Ok(())
}

/// A shard of an index, and how it is read.
struct Place<'p> {
    era: Era,
    path: &'p str,
    shard: u32,
    dates: &'p Dates,
}

/// Every document of a shard; `false` when something ended it.
async fn whole_shard(
    session: &mut Session<'_>,
    looker: &mut Looker<'_>,
    wanted: &Wanted,
    place: &Place<'_>,
    container: &mut Container,
) -> Result<bool, Failure> {
    let era = place.era;
    let mut after: Option<Value> = None;
    let mut page = PAGE;
    let mut read = 0;
    loop {
        let mut body = json!({
            "size": page,
            "sort": [{era.order(): "asc"}],
            "query": {"match_all": {}},
        });
        era.uncounted(&mut body);
        if era == Era::Counted {
            if read + page > WINDOW {
                page = WINDOW.saturating_sub(read);
                body["size"] = json!(page);
            }
            if page == 0 {
                container.stopped_by =
                    Some("this version pages through no more of a shard".to_owned());
                return Ok(false);
            }
            body["from"] = json!(read);
        } else if let Some(after) = &after {
            body["search_after"] = json!([after]);
        }
        let query = format!("&preference=_shards:{}", place.shard);
        let Some(hits) = search(session, place.path, &query, &body, &mut page, container).await?
        else {
            continue;
        };
        if container.stopped_by.is_some() {
            return Ok(false);
        }
        wanted.pace().await;
        let Some(last) = hits.last() else {
            return Ok(true);
        };
        let next = last["sort"][0].clone();
        read += hits.len() as u64;
        // A server that repeats itself must not keep us here.
        let forward = era.forward(after.as_ref(), &next);
        for mut hit in hits {
            place.dates.show(&mut hit["_source"], "");
            looker.look(&hit["_source"], &mut container.profile);
        }
        if !forward || container.profile.examined > wanted.records {
            container.stopped_by =
                Some("the pages do not follow on each other as asked".to_owned());
            return Ok(false);
        }
        after = Some(next);
    }
}

/// Fields of dates, and how many of a number in one are a second.
#[derive(Debug, Default)]
struct Dates(BTreeMap<String, i64>);

impl Dates {
    fn of(mapping: &Value) -> Self {
        let mut dates = Self::default();
        for kind in kinds_of(mapping) {
            dates.add(kind, "");
        }
        dates
    }

    fn add(&mut self, mapping: &Value, path: &str) {
        for (name, field) in mapping["properties"].as_object().into_iter().flatten() {
            let path = format!("{path}.{name}");
            if matches!(field["type"].as_str(), Some("date" | "date_nanos")) {
                // By default a number is of milliseconds.
                let format = field["format"].as_str().unwrap_or("epoch_millis");
                let seconds = format.contains("epoch_second") && !format.contains("epoch_millis");
                self.0.insert(path.clone(), if seconds { 1 } else { 1000 });
            }
            self.add(field, &path);
        }
    }

    /// Writes the numbers of dates as text.
    fn show(&self, value: &mut Value, path: &str) {
        if self.0.is_empty() {
            return;
        }
        match value {
            Value::Object(map) => {
                for (name, inner) in map {
                    self.show(inner, &format!("{path}.{name}"));
                }
            }
            Value::Array(list) => {
                for inner in list {
                    self.show(inner, path);
                }
            }
            Value::Number(number) => {
                let text = self
                    .0
                    .get(path)
                    .zip(number.as_i64())
                    .and_then(|(of_a_second, number)| number.checked_mul(1000 / of_a_second))
                    .and_then(date::text_of_milliseconds);
                if let Some(text) = text {
                    *value = Value::String(text);
                }
            }
            _ => {}
        }
    }
}

/// One page; `None` when it was too large and is to be asked for in half.
async fn search(
    session: &mut Session<'_>,
    path: &str,
    query: &str,
    body: &Value,
    page: &mut u64,
    container: &mut Container,
) -> Result<Option<Vec<Value>>, Failure> {
    let request = Request {
        method: "POST",
        path: format!(
            "{path}/_search?filter_path=hits.hits._source,hits.hits.sort,error.type,_shards.failed{query}"
        ),
        body: Some(body.to_string()),
        headers: Vec::new(),
    };
    let answer = match session.fetch(&request).await {
        Err(Failure::TooLarge) if *page > 1 => {
            *page /= 2;
            return Ok(None);
        }
        other => other?,
    };
    if answer.status != 200 {
        container.stopped_by = Some(format!("a search is answered by {}", answer.status));
        return Ok(Some(Vec::new()));
    }
    let mut value: Value =
        serde_json::from_slice(&answer.body).map_err(|_| Failure::Malformed("no JSON"))?;
    if value["_shards"]["failed"]
        .as_u64()
        .is_some_and(|failed| failed > 0)
    {
        container.stopped_by = Some("a shard failed".to_owned());
    }
    match value["hits"]["hits"].take() {
        Value::Array(hits) => Ok(Some(hits)),
        _ => Ok(Some(Vec::new())),
    }
}

async fn get(session: &mut Session<'_>, path: &str) -> Result<(u16, Value), Failure> {
    let answer = session.fetch(&Request::get(path)).await?;
    let value = if answer.status == 200 {
        serde_json::from_slice(&answer.body).map_err(|_| Failure::Malformed("no JSON"))?
    } else {
        Value::Null
    };
    Ok((answer.status, value))
}

/// Paths and types of a mapping, sorted, whatever the index is called.
fn mapping_of(mapping: &Value) -> Option<String> {
    mapping.as_object()?.values().next()?;
    let mut fields = BTreeMap::new();
    for kind in kinds_of(mapping) {
        flatten(kind, "", &mut fields);
    }
    let lines: Vec<String> = fields
        .into_iter()
        .map(|(path, kind)| format!("{path}:{kind}"))
        .collect();
    Some(lines.join("\n"))
}

/// What has the fields: before 7 an index has types, each with its own.
fn kinds_of(mapping: &Value) -> impl Iterator<Item = &Value> {
    let mappings = mapping
        .as_object()
        .and_then(|indices| indices.values().next())
        .map(|index| &index["mappings"]);
    mappings.into_iter().flat_map(|mappings| {
        let typed = mappings["properties"].is_null();
        let whole = (!typed).then_some(mappings);
        let each = mappings.as_object().filter(|_| typed);
        whole
            .into_iter()
            .chain(each.into_iter().flat_map(|kinds| kinds.values()))
    })
}

fn flatten(mapping: &Value, path: &str, out: &mut BTreeMap<String, String>) {
    for part in ["properties", "fields"] {
        for (name, field) in mapping[part].as_object().into_iter().flatten() {
            let path = format!("{path}.{name}");
            let kind = field["type"].as_str().unwrap_or("object");
            out.insert(path.clone(), kind.to_owned());
            flatten(field, &path, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapping_is_its_fields_and_types() {
        let mapping = |index: &str, kind: &str| {
            json!({index: {"mappings": {"properties": {
                "b": {"type": kind, "fields": {"raw": {"type": "keyword"}}},
                "a": {"properties": {"c": {"type": "date"}}},
            }}}})
        };
        assert_eq!(
            mapping_of(&mapping("one", "text")).as_deref(),
            Some(".a:object\n.a.c:date\n.b:text\n.b.raw:keyword")
        );
        assert_eq!(
            mapping_of(&mapping("one", "text")),
            mapping_of(&mapping("two", "text"))
        );
        assert_ne!(
            mapping_of(&mapping("one", "text")),
            mapping_of(&mapping("one", "long"))
        );
    }

    #[test]
    fn types_of_old_versions_are_looked_through() {
        let fields = json!({"a": {"type": "date"}, "b": {"type": "string"}});
        let old = json!({"i": {"mappings": {"record": {"properties": fields}}}});
        let new = json!({"i": {"mappings": {"properties": fields}}});
        assert_eq!(mapping_of(&old).as_deref(), Some(".a:date\n.b:string"));
        assert_eq!(mapping_of(&old), mapping_of(&new));
        assert_eq!(
            mapping_of(&json!({"i": {"mappings": {}}})).as_deref(),
            Some("")
        );
    }

    #[test]
    fn numbers_that_are_dates() {
        let dates = Dates::of(&json!({"i": {"mappings": {"properties": {
            "at": {"type": "date"},
            "second": {"type": "date", "format": "epoch_second"},
            "either": {"type": "date", "format": "strict_date_optional_time||epoch_millis"},
            "in": {"properties": {"at": {"type": "date"}}},
            "age": {"type": "long"},
        }}}}));
        let mut record = json!({
            "at": 1_575_540_000_123_i64, "second": 1_575_540_000, "either": [0, "2019-12-05"],
            "in": {"at": -1}, "age": 7, "in.at": 1, "other": {"at": 5},
        });
        dates.show(&mut record, "");
        assert_eq!(
            record,
            json!({
                "at": "2019-12-05T10:00:00.123Z", "second": "2019-12-05T10:00:00Z",
                "either": ["1970-01-01T00:00:00Z", "2019-12-05"],
                "in": {"at": "1969-12-31T23:59:59.999Z"}, "age": 7,
                "in.at": "1970-01-01T00:00:00.001Z", "other": {"at": 5},
            })
        );
        let mut far = json!({"at": i64::MAX, "second": i64::MAX});
        let before = far.clone();
        dates.show(&mut far, "");
        assert_eq!(far, before);
    }

    #[test]
    fn names_that_are_no_index_get_into_no_path() {
        for name in ["../_cluster", "a/b", "a,b", "*", "a?pretty", "a%2fb", "A"] {
            assert!(Index::parse(&json!({"index": name})).is_none(), "{name}");
        }
        let index = Index::parse(&json!({"index": "données-1", "pri": "3"})).expect("a name");
        assert_eq!(
            (index.path().as_str(), index.shards),
            ("/donn%C3%A9es-1", 3)
        );
    }
}
