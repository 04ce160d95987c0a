//! Elasticsearch and OpenSearch.
//!
//! An index is read whole where it is small enough: shard by shard in order of
//! writing (`_seq_no`), which needs neither a scroll nor a point in time, so no
//! state is left in the server. A larger one is sampled by `random_score`, where
//! every document has the same chance.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::profile::Looker;
use super::report::{Container, Method};
use super::source::{Found, Source, Wanted};
use crate::transport::{Failure, Request, Session};

/// What `from` and `size` may reach (`index.max_result_window`).
const WINDOW: u64 = 10_000;
const PAGE: u64 = 1000;

pub(crate) struct Elastic;

impl Source for Elastic {
    const PRODUCTS: &'static [&'static str] = &["elasticsearch", "opensearch"];
    const ASKS: &'static str =
        "GET /_cat/indices, and of each index GET _count, GET _mapping, and pages of POST _search";

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
        if let Err(failure) = one(session, looker, wanted, &index, &mut container).await {
            container.stopped_by = Some(failure.to_string());
        }
        found.containers.push(container);
    }
    Ok(found)
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
    if let (200, mapping) = get(session, &format!("{path}/_mapping")).await? {
        container.mapping = mapping_of(&mapping).map(|text| looker.key().hash(text.as_bytes()));
    }
    let records = container.records.unwrap_or(u64::MAX);
    if records == 0 {
        container.method = Method::Whole;
        return Ok(());
    }
    if records <= wanted.records {
        container.method = Method::Whole;
        for shard in 0..index.shards {
            if !whole_shard(session, looker, wanted, &path, shard, container).await? {
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
        let body = json!({
            "from": from,
            "size": page.min(sample - from),
            "track_total_hits": false,
            "query": {"function_score": {
                "query": {"match_all": {}},
                "boost_mode": "replace",
                "random_score": {"seed": wanted.seed, "field": "_seq_no"},
            }},
        });
        let Some(hits) = search(session, &path, "", &body, &mut page, container).await? else {
            continue;
        };
        wanted.pace().await;
        if hits.is_empty() {
            break;
        }
        from += hits.len() as u64;
        for hit in &hits {
            looker.look(&hit["_source"], &mut container.profile);
        }
        if container.stopped_by.is_some() {
            break;
        }
    }
    Ok(())
}

/// Every document of a shard; `false` when something ended it.
async fn whole_shard(
    session: &mut Session<'_>,
    looker: &mut Looker<'_>,
    wanted: &Wanted,
    path: &str,
    shard: u32,
    container: &mut Container,
) -> Result<bool, Failure> {
    let mut after: Option<Value> = None;
    let mut page = PAGE;
    loop {
        let mut body = json!({
            "size": page,
            "track_total_hits": false,
            "sort": [{"_seq_no": "asc"}],
            "query": {"match_all": {}},
        });
        if let Some(after) = &after {
            body["search_after"] = json!([after]);
        }
        let query = format!("&preference=_shards:{shard}");
        let Some(hits) = search(session, path, &query, &body, &mut page, container).await? else {
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
        // A server that repeats itself must not keep us here.
        let forward = match (&after, next.as_u64()) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(before), Some(next)) => before.as_u64().is_some_and(|before| next > before),
        };
        for hit in &hits {
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
    let index = mapping.as_object()?.values().next()?;
    let mut fields = BTreeMap::new();
    flatten(&index["mappings"], "", &mut fields);
    let lines: Vec<String> = fields
        .into_iter()
        .map(|(path, kind)| format!("{path}:{kind}"))
        .collect();
    Some(lines.join("\n"))
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
