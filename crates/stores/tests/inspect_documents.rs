//! Looking into `CouchDB` and Solr: documents read by pages and by keys, and servers that
//! want to do harm.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests run servers and measure time"
)]

mod http;

use std::time::{Duration, Instant};

use celador_stores::inspect::report::{ContainerReport, State};
use celador_stores::inspect::{Credential, Options, Secret};
use http::{answer, inspect, options, server};
use serde_json::{Value, json};

/// Documents by their ids, in order.
type Documents = Vec<(String, Value)>;

fn people(count: usize) -> Documents {
    (0..count)
        .map(|number| {
            let id = format!("person {number:05}");
            let mail = format!("canary{number}@example.com");
            (id, json!({"mail": mail, "number": number}))
        })
        .collect()
}

fn parameter(query: &str, name: &str) -> Option<String> {
    let value = query
        .split('&')
        .find_map(|one| one.strip_prefix(name)?.strip_prefix('='))?;
    let mut out = Vec::new();
    let mut bytes = value.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let pair = [bytes.next().unwrap(), bytes.next().unwrap()];
            let pair = std::str::from_utf8(&pair).unwrap().to_owned();
            out.push(u8::from_str_radix(&pair, 16).unwrap());
        } else {
            out.push(byte);
        }
    }
    Some(String::from_utf8(out).unwrap())
}

fn ok(body: &Value) -> Vec<u8> {
    answer(200, "", &body.to_string())
}

fn request(head: &str) -> (&str, &str) {
    let path = head.split(' ').nth(1).unwrap_or_default();
    path.split_once('?').unwrap_or((path, ""))
}

fn couchdb(documents: &Documents, head: &str, body: &str) -> Vec<u8> {
    let (path, query) = request(head);
    let row = |(id, document): &(String, Value), with: bool| {
        let mut row = json!({"id": id, "key": id, "value": {"rev": "1-a"}});
        if with {
            row["doc"] = document.clone();
            row["doc"]["_id"] = json!(id);
            row["doc"]["_rev"] = json!("1-a");
        }
        row
    };
    match path {
        "/" => ok(
            &json!({"couchdb": "Welcome", "version": "3.3.3", "uuid": "u1", "vendor": {"name": "The Apache Software Foundation"}}),
        ),
        "/_all_dbs" => ok(&json!(["_users", "people"])),
        "/people" => ok(&json!({"db_name": "people", "doc_count": documents.len()})),
        "/people/_all_docs" if head.starts_with("POST") => {
            let asked: Value = serde_json::from_str(body).unwrap();
            let rows: Vec<Value> = asked["keys"]
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|key| documents.iter().find(|(id, _)| id == key.as_str().unwrap()))
                .map(|found| row(found, true))
                .collect();
            ok(&json!({"rows": rows}))
        }
        "/people/_all_docs" => {
            let start = parameter(query, "startkey")
                .map(|start| serde_json::from_str::<String>(&start).unwrap())
                .unwrap_or_default();
            let limit: usize = parameter(query, "limit").unwrap().parse().unwrap();
            let with = query.contains("include_docs=true");
            let rows: Vec<Value> = documents
                .iter()
                .filter(|(id, _)| *id >= start)
                .take(limit)
                .map(|found| row(found, with))
                .collect();
            ok(&json!({"total_rows": documents.len(), "rows": rows}))
        }
        _ => answer(401, "", "{\"error\":\"unauthorized\"}"),
    }
}

fn solr(documents: &Documents, head: &str, _: &str) -> Vec<u8> {
    let (path, query) = request(head);
    let whole = |(id, document): &(String, Value)| {
        let mut document = document.clone();
        document["id"] = json!(id);
        document["_version_"] = json!(1);
        document
    };
    match path {
        "/solr/admin/info/system" => ok(&json!({"lucene": {"solr-spec-version": "9.10.1"}})),
        "/solr/admin/cores" => {
            ok(&json!({"responseHeader": {"status": 0}, "status": {"people": {}}}))
        }
        "/solr/people/schema/uniquekey" => ok(&json!({"uniqueKey": "id"})),
        "/solr/people/schema/fields" => ok(&json!({"fields": [{"name": "id", "type": "string"}]})),
        "/solr/people/get" => {
            let ids: Vec<String> = query
                .split('&')
                .filter(|one| one.starts_with("id="))
                .map(|one| parameter(one, "id").unwrap())
                .collect();
            let found: Vec<Value> = documents
                .iter()
                .filter(|(id, _)| ids.contains(id))
                .map(whole)
                .collect();
            if ids.len() == 1 {
                return ok(&json!({"doc": found.first()}));
            }
            ok(&json!({"response": {"docs": found}}))
        }
        "/solr/people/select" => {
            let rows: usize = parameter(query, "rows").unwrap().parse().unwrap();
            let mark = parameter(query, "cursorMark").unwrap_or_default();
            let page: Vec<&(String, Value)> = documents
                .iter()
                .filter(|(id, _)| mark == "*" || *id > mark)
                .take(rows)
                .collect();
            let next = page.last().map_or(mark.clone(), |(id, _)| id.clone());
            let docs: Vec<Value> = page.into_iter().map(whole).collect();
            ok(&json!({
                "responseHeader": {"status": 0},
                "response": {"numFound": documents.len(), "docs": docs},
                "nextCursorMark": next,
            }))
        }
        _ => answer(400, "", "{}"),
    }
}

type Answers = fn(&Documents, &str, &str) -> Vec<u8>;
const PRODUCTS: [(&str, Answers); 2] = [("couchdb", couchdb), ("solr", solr)];

fn look(
    product: &str,
    answers: Answers,
    documents: &Documents,
    options: &Options,
) -> ContainerReport {
    let shared = documents.clone();
    let (port, heard) = server(move |head, body| answers(&shared, head, body));
    let report = inspect(product, port, &[], options);
    let store = &report.stores[0];
    assert_eq!(store.state, State::Inspected, "{report:?}");
    let text = serde_json::to_string(&report).unwrap() + &format!("{report:?}");
    assert!(!text.contains("canary"), "a value is told");
    for request in heard.lock().unwrap().iter() {
        assert!(
            request.starts_with("GET /") || request.starts_with("POST /people/_all_docs?"),
            "{request}"
        );
        assert!(!request.contains("_users"), "{request}");
    }
    assert_eq!(store.containers.len(), 1);
    store.containers[0].clone()
}

#[test]
fn small_ones_are_read_whole() {
    let documents = people(2345);
    for (product, answers) in PRODUCTS {
        let found = look(product, answers, &documents, &options());
        assert_eq!(
            (found.examined, found.whole, found.records),
            (2345, true, Some(2345)),
            "{product}"
        );
        let email = found
            .classes
            .iter()
            .find(|one| one.class == "email")
            .unwrap();
        assert_eq!((email.records, email.low), (2345, Some(1.0)), "{product}");
    }
}

#[test]
fn of_large_ones_copies_give_the_same() {
    let documents = people(3000);
    let few = Options {
        records: 1000,
        sample: 800,
        ..options()
    };
    for (product, answers) in PRODUCTS {
        let found = look(product, answers, &documents, &few);
        assert_eq!(found.sampling.method, "by key", "{product}");
        assert_eq!(found.sampling.by_key.as_ref().unwrap().level, 2);
        // One of four: 750, of which 120 are five standard errors.
        assert!(
            (630..870).contains(&found.examined),
            "{product}: {}",
            found.examined
        );
        assert!(found.classes[0].low.is_some());
        let again = look(product, answers, &documents, &few);
        assert_eq!(found.sketch, again.sketch, "{product}");
        // A copy that has some more gives the same of those that both have.
        let more = look(product, answers, &people(3100), &few);
        assert!(more.examined > found.examined && more.examined < found.examined + 60);
    }
}

#[test]
fn design_documents_and_made_ids_are_no_part() {
    let mut documents = people(10);
    let made = "0123456789abcdef0123456789abcdef";
    documents.insert(0, (made.to_owned(), json!({"mail": "canary@example.com"})));
    documents.insert(0, ("_design/views".to_owned(), json!({"views": {}})));
    documents.sort_by(|a, b| a.0.cmp(&b.0));
    let found = look("couchdb", couchdb, &documents, &options());
    assert_eq!(
        (found.examined, found.records, found.whole),
        (11, Some(11), true)
    );
    let with_id = found
        .fields
        .iter()
        .find(|field| field.field == "_id")
        .unwrap();
    assert_eq!(with_id.present, 10);
}

#[test]
fn a_locked_server_gets_the_secret_and_says_so() {
    let with = Options {
        credential: Some(Credential::Password {
            user: "reader".to_owned(),
            secret: Secret::fetch("command:echo canary-password").unwrap(),
        }),
        ..options()
    };
    let documents = people(5);
    let (port, _) = server(move |head, body| {
        // reader:canary-password
        if head.contains("Basic cmVhZGVyOmNhbmFyeS1wYXNzd29yZA==") {
            couchdb(&documents, head, body)
        } else {
            answer(
                401,
                "Server: CouchDB/3.3.3 (Erlang OTP/24)\r\n",
                "{\"error\":\"unauthorized\",\"reason\":\"x\"}",
            )
        }
    });
    assert_eq!(
        inspect("couchdb", port, &[], &options()).stores[0].state,
        State::Refused
    );
    let report = inspect("couchdb", port, &[], &with);
    assert_eq!(report.stores[0].state, State::Inspected, "{report:?}");
    assert!(!report.stores[0].anonymous && !format!("{report:?}").contains("canary"));
}

/// All is sound but what `hostile` answers.
fn hostile(
    product: &str,
    answers: Answers,
    hostile: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static,
) {
    let documents = people(50);
    let (port, _) =
        server(move |head, body| hostile(head).unwrap_or_else(|| answers(&documents, head, body)));
    let begun = Instant::now();
    let quick = Options {
        wait: Duration::from_secs(1),
        time: Duration::from_secs(8),
        ..options()
    };
    let report = inspect(product, port, &[], &quick);
    assert!(
        begun.elapsed() < Duration::from_secs(16),
        "{:?}",
        begun.elapsed()
    );
    let store = &report.stores[0];
    assert_ne!(store.state, State::Inspected, "{product}: {report:?}");
    for container in &store.containers {
        assert!(
            !container.whole && container.classes.iter().all(|one| one.low.is_none()),
            "{container:?}"
        );
    }
}

#[test]
fn hostile_servers_end_and_are_told_of() {
    let is_page = |head: &str| head.contains("_all_docs?limit=") || head.contains("cursorMark=");
    let rows = |id: &str| {
        json!({
            "rows": [{"id": id, "doc": {"mail": "x"}}],
            "response": {"numFound": 50, "docs": [{"id": id}]},
            "nextCursorMark": id,
        })
    };
    for (product, answers) in PRODUCTS {
        // Pages that go in a circle, never end, are too few, or no rows.
        hostile(product, answers, move |head| {
            is_page(head).then(|| {
                let full: Vec<Value> = (0..1001)
                    .map(|_| json!({"id": "k", "doc": {"a": 1}}))
                    .collect();
                ok(&json!({"rows": full, "response": {"docs": full}, "nextCursorMark": "k"}))
            })
        });
        let number = std::sync::atomic::AtomicU64::new(0);
        hostile(product, answers, move |head| {
            is_page(head).then(|| {
            let next = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            let full: Vec<Value> = (0..1001).map(|place| json!({"id": format!("{next} {place}"), "doc": {"a": 1}})).collect();
            ok(&json!({"rows": full, "response": {"docs": full}, "nextCursorMark": next.to_string()}))
        })
        });
        hostile(product, answers, move |head| {
            is_page(head).then(|| ok(&rows("k")))
        });
        for body in [
            "[".repeat(100_000),
            "{}".to_owned(),
            "{\"rows\":[{}],\"response\":{\"docs\":[{}]}}".to_owned(),
            "<html>".to_owned(),
        ] {
            hostile(product, answers, move |head| {
                is_page(head).then(|| answer(200, "", &body))
            });
        }
        for lie in [
            "Content-Length: 999999999999\r\n\r\n{",
            "Content-Length: 500\r\n\r\n{",
        ] {
            hostile(product, answers, move |head| {
                is_page(head).then(|| format!("HTTP/1.1 200 X\r\n{lie}").into_bytes())
            });
        }
        hostile(product, answers, move |head| {
            is_page(head).then(|| answer(403, "", "{}"))
        });
    }
}
