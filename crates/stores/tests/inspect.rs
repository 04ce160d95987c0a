//! Looking into stores: what is told, what is never told, and servers that want
//! to do harm.
//!
//! The servers are small and on loopback, and are reached through the public
//! entry, scope and all.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests run servers and measure time"
)]

mod http;

use std::time::{Duration, Instant};

use celador_stores::inspect::report::{InspectReport, State};
use celador_stores::inspect::{Credential, Options, Secret};
use http::{options, server};
use serde_json::{Value, json};

fn ok(body: &str) -> Vec<u8> {
    status(200, body)
}

fn status(status: u16, body: &str) -> Vec<u8> {
    http::answer(
        status,
        "WWW-Authenticate: Basic realm=\"security\"\r\n",
        body,
    )
}

/// Elasticsearch with one index of two shards, as far as it is asked.
fn elasticsearch(records: &[Value], line: &str, body: &str) -> Vec<u8> {
    let path = line.split(' ').nth(1).unwrap_or_default();
    let count = records.len();
    match path.split('?').next().unwrap_or_default() {
        "/" => ok(
            r#"{"cluster_uuid":"c1","version":{"number":"7.10.2"},"tagline":"You Know, for Search"}"#,
        ),
        "/_count" => ok(&json!({"count": count, "_shards": {"total": 2}}).to_string()),
        "/_snapshot" => ok("{}"),
        "/_cat/indices" => ok(r#"[{"index":"people","uuid":"u1","pri":"2","status":"open"}]"#),
        "/people/_count" => ok(&json!({"count": count}).to_string()),
        "/people/_mapping" => {
            ok(r#"{"people":{"mappings":{"properties":{"mail":{"type":"keyword"}}}}}"#)
        }
        "/people/_search" => {
            let asked: Value = serde_json::from_str(body).unwrap();
            let size = usize::try_from(asked["size"].as_u64().unwrap()).unwrap();
            let hits: Vec<Value> = if asked["sort"].is_null() {
                let from = usize::try_from(asked["from"].as_u64().unwrap()).unwrap();
                let picked = records.iter().skip(from).take(size);
                picked.map(|record| json!({"_source": record})).collect()
            } else {
                let shard = usize::from(path.ends_with("_shards:1"));
                let after = asked["search_after"][0].as_u64();
                records
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| {
                        at % 2 == shard && after.is_none_or(|after| *at as u64 > after)
                    })
                    .take(size)
                    .map(|(at, record)| json!({"_source": record, "sort": [at]}))
                    .collect()
            };
            ok(&json!({"hits": {"hits": hits}}).to_string())
        }
        _ => status(404, "{}"),
    }
}

fn inspect(port: u16, options: &Options) -> InspectReport {
    inspect_as("elasticsearch", port, options)
}

fn inspect_as(product: &str, port: u16, options: &Options) -> InspectReport {
    http::inspect(product, port, &[], options)
}

/// Numbered people; every fourth has no mail address. One field's name is a mail
/// address itself.
fn people(count: usize) -> Vec<Value> {
    (0..count)
        .map(|number| {
            if number % 4 == 0 {
                json!({"note": format!("ticket {number} is closed")})
            } else {
                json!({
                    "mail": format!("canary{number}@example.com"),
                    "seen": {"canary-name@example.org": "2019-12-05"},
                })
            }
        })
        .collect()
}

fn share(report: &InspectReport, class: &str) -> (u64, f64, Option<f64>, Option<f64>) {
    let container = &report.stores[0].containers[0];
    let found = container.classes.iter().find(|one| one.class == class);
    found.map_or((0, 0.0, None, None), |one| {
        (one.records, one.share, one.low, one.high)
    })
}

#[test]
fn a_small_index_is_read_whole_and_no_value_is_told() {
    let records = people(3001);
    let (port, heard) = server(move |line, body| elasticsearch(&records, line, body));
    let report = inspect(port, &options());
    let store = &report.stores[0];
    assert_eq!(store.state, State::Inspected, "{:?}", store.reason);
    let container = &store.containers[0];
    assert_eq!(
        (container.examined, container.whole, container.records),
        (3001, true, Some(3001))
    );
    assert_eq!(share(&report, "email").0, 2250);
    assert_eq!(share(&report, "email").2, share(&report, "email").3);
    let text = serde_json::to_string(&report).unwrap() + &format!("{report:?}");
    assert!(!text.contains("canary"), "a value is told");
    assert!(text.contains("seen.(email)"), "the field is told by class");
    // Reads, and nothing that leaves a state behind.
    for request in heard.lock().unwrap().iter() {
        assert!(
            request.starts_with("GET /") || request.starts_with("POST /people/_search?"),
            "{request}"
        );
        assert!(!request.contains("scroll"), "{request}");
    }
    // The same records in another order and number of pages: the same sketch.
    let mut turned = people(3001);
    turned.reverse();
    let (port, _) = server(move |line, body| elasticsearch(&turned, line, body));
    let again = inspect(port, &options());
    assert_eq!(again.stores[0].containers[0].sketch, container.sketch);
}

/// Elasticsearch 5 or 2: types, no `_seq_no`, and in 2 no `search_after`.
fn old_elasticsearch(version: &'static str, records: &[Value], line: &str, body: &str) -> Vec<u8> {
    let path = line.split(' ').nth(1).unwrap_or_default();
    match path.split('?').next().unwrap_or_default() {
        "/" => ok(
            &json!({"version": {"number": version}, "tagline": "You Know, for Search"}).to_string(),
        ),
        "/people/_mapping" => {
            ok(r#"{"people":{"mappings":{"r":{"properties":{"at":{"type":"date"}}}}}}"#)
        }
        "/people/_search" => {
            let asked: Value = serde_json::from_str(body).unwrap();
            let sorted = asked["sort"] == json!([{"_uid": "asc"}]);
            let counted = version.starts_with('2');
            let unknown = !asked["track_total_hits"].is_null()
                || !sorted
                || (counted && !asked["search_after"].is_null());
            if unknown {
                return status(400, "{}");
            }
            let shard = usize::from(path.ends_with("_shards:1"));
            let size = usize::try_from(asked["size"].as_u64().unwrap()).unwrap();
            let from = asked["from"].as_u64().unwrap_or(0);
            if from + asked["size"].as_u64().unwrap() > 10_000 {
                return status(500, "{}");
            }
            let after = asked["search_after"][0].as_str();
            let hits: Vec<Value> = records
                .iter()
                .enumerate()
                .filter(|(at, _)| at % 2 == shard)
                .map(|(at, record)| (format!("r#{at:06}"), record))
                .filter(|(uid, _)| after.is_none_or(|after| uid.as_str() > after))
                .skip(usize::try_from(from).unwrap())
                .take(size)
                .map(|(uid, record)| json!({"_source": record, "sort": [uid]}))
                .collect();
            ok(&json!({"hits": {"hits": hits}}).to_string())
        }
        _ => elasticsearch(records, line, body),
    }
}

#[test]
fn old_versions_are_read_in_order_of_ids() {
    let records: Vec<Value> = (0..2501_i64)
        .map(|number| json!({"n": number, "at": 1_575_540_000_000_i64 + number}))
        .collect();
    let mut sketches = Vec::new();
    for version in ["2.4.6", "5.6.16"] {
        let shared = records.clone();
        let (port, _) = server(move |line, body| old_elasticsearch(version, &shared, line, body));
        let report = inspect(port, &options());
        let container = &report.stores[0].containers[0];
        assert_eq!(
            (container.examined, container.whole),
            (2501, true),
            "{version}: {:?}",
            report.stores[0]
        );
        assert_eq!(container.dates[0].field, "at", "{version}");
        assert_eq!(container.dates[0].months[0].values, 2501, "{version}");
        sketches.push(container.sketch.clone());
    }
    // The same records where the dates are written out: one sketch, and one histogram.
    let written: Vec<Value> = (0..2501)
        .map(|number| {
            let (second, rest) = (number / 1000, number % 1000);
            json!({"n": number, "at": format!("2019-12-05T10:00:{second:02}.{rest:03}Z")})
        })
        .collect();
    let (port, _) = server(move |line, body| elasticsearch(&written, line, body));
    let report = inspect(port, &options());
    sketches.push(report.stores[0].containers[0].sketch.clone());
    assert_eq!(report.stores[0].containers[0].dates.len(), 1);
    assert_eq!(sketches[0], sketches[1]);
    assert_eq!(sketches[0], sketches[2]);
    // Of 2 no more than 10,000 records of a shard can be paged through.
    let many = people(20_100);
    let (port, _) = server(move |line, body| old_elasticsearch("2.4.6", &many, line, body));
    let wanted = Options {
        records: 30_000,
        ..options()
    };
    let report = inspect(port, &wanted);
    let container = &report.stores[0].containers[0];
    assert!(!container.whole);
    assert_eq!(container.examined, 10_000);
    assert!(
        container
            .sampling
            .stopped_by
            .as_deref()
            .is_some_and(|why| why.contains("this version")),
        "{container:?}"
    );
}

#[test]
fn a_large_index_is_sampled_and_bounded() {
    let records = people(6000);
    let (port, heard) = server(move |line, body| elasticsearch(&records, line, body));
    let report = inspect(port, &options());
    let container = &report.stores[0].containers[0];
    assert_eq!((container.examined, container.whole), (500, false));
    assert_eq!(container.sampling.method, "random");
    let (_, share, low, high) = share(&report, "email");
    assert!(low.unwrap() < share && share < high.unwrap());
    assert!(low.unwrap() < 0.75 && 0.75 < high.unwrap());
    let heard = heard.lock().unwrap();
    assert!(heard.iter().any(|request| request.contains("random_score")));
}

#[test]
fn bounds_end_it_and_are_told() {
    let records = people(4000);
    let (port, _) = server(move |line, body| elasticsearch(&records, line, body));
    let report = inspect(
        port,
        &Options {
            bytes: 100_000,
            ..options()
        },
    );
    let store = &report.stores[0];
    assert_eq!(store.state, State::Partly);
    let container = &store.containers[0];
    assert!(!container.whole && container.sampling.stopped_by.is_some());
    // The first ones in order of writing say nothing of the rest.
    assert!(container.classes.iter().all(|class| class.low.is_none()));
}

#[test]
fn a_secret_goes_only_where_it_may() {
    let (port, heard) = server(|_, _| {
        status(
            401,
            r#"{"error":{"type":"security_exception"},"status":401}"#,
        )
    });
    let refused = inspect(port, &options());
    assert_eq!(refused.stores[0].state, State::Refused);
    assert!(!heard.lock().unwrap().concat().contains("Authorization"));
    let secret = Secret::fetch("command:echo canary-password").unwrap();
    let with = Options {
        credential: Some(Credential::Password {
            user: "reader".to_owned(),
            secret,
        }),
        ..options()
    };
    let refused = inspect(port, &with);
    assert_eq!(refused.stores[0].state, State::Refused);
    assert!(!refused.stores[0].anonymous);
    let heard = heard.lock().unwrap().concat();
    // reader:canary-password
    assert!(heard.contains("Authorization: Basic cmVhZGVyOmNhbmFyeS1wYXNzd29yZA=="));
    let told = format!("{refused:?} {with:?}");
    assert!(!told.contains("canary"), "{told}");
}

#[test]
fn a_locked_store_is_read_with_a_password() {
    let records = people(20);
    let (port, heard) = server(move |line, body| elasticsearch(&records, line, body));
    let heard_by_open = heard;
    // In front of it: nobody without the password.
    let records = people(20);
    let (locked, _) = server(move |head, body| {
        if head.contains("Authorization: ApiKey k3y") {
            elasticsearch(&records, head, body)
        } else {
            let refused = r#"{"error":{"type":"security_exception"},"status":401}"#;
            status(401, refused)
        }
    });
    let with = Options {
        credential: Some(Credential::ApiKey(
            Secret::fetch("command:echo k3y").unwrap(),
        )),
        ..options()
    };
    let report = inspect(locked, &with);
    assert_eq!(report.stores[0].state, State::Inspected, "{report:?}");
    assert_eq!(report.stores[0].containers[0].examined, 20);
    assert!(!report.stores[0].anonymous);
    // An open store is not sent any secret, though one was given.
    let report = inspect(port, &with);
    assert!(report.stores[0].anonymous);
    assert!(!heard_by_open.lock().unwrap().concat().contains("k3y"));
}

/// Elasticsearch until its records are asked for, which it answers by `answer`.
fn hostile(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> InspectReport {
    let records = people(100);
    let (port, _) = server(move |line, body| {
        if line.contains("_search") {
            answer(body)
        } else {
            elasticsearch(&records, line, body)
        }
    });
    let begun = Instant::now();
    let report = inspect(
        port,
        &Options {
            time: Duration::from_secs(4),
            wait: Duration::from_secs(1),
            ..options()
        },
    );
    assert!(
        begun.elapsed() < Duration::from_secs(9),
        "{:?}",
        begun.elapsed()
    );
    assert_ne!(report.stores[0].state, State::Inspected, "{report:?}");
    report
}

#[test]
fn hostile_answers_end() {
    // A page that comes again and again.
    let report = hostile(|_| {
        ok(&json!({"hits": {"hits": [{"_source": {"a": "b"}, "sort": [1]}]}}).to_string())
    });
    assert!(report.stores[0].containers[0].examined <= 4);
    // More records than the index has, without end.
    let next = std::sync::Mutex::new(0);
    let report = hostile(move |_| {
        let mut next = next.lock().unwrap();
        *next += 1000;
        let hits: Vec<_> = (*next - 1000..*next)
            .map(|at| json!({"_source": {"a": 1}, "sort": [at]}))
            .collect();
        ok(&json!({"hits": {"hits": hits}}).to_string())
    });
    assert!(report.stores[0].containers[0].examined < 10_000);
    // Deep nesting, lengths that lie, no JSON, an error.
    let deep = "[".repeat(100_000);
    hostile(move |_| ok(&format!("{{\"hits\":{{\"hits\":{deep}")));
    hostile(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n{".to_vec());
    hostile(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{".to_vec());
    hostile(|_| ok("<html>"));
    hostile(|_| status(503, "{}"));
}

/// `ClickHouse` with one table of three rows; it wants a password.
fn clickhouse(rows: &str) -> impl Fn(&str, &str) -> Vec<u8> + Send + Sync + use<> {
    let rows = rows.to_owned();
    move |line, _| {
        let asked = |part: &str| line.contains(&part.replace(' ', "%20"));
        if !line.contains("query=") {
            b"HTTP/1.1 401 X\r\nX-ClickHouse-Exception-Code: 194\r\nContent-Length: 6\r\n\r\ncanary"
                .to_vec()
        } else if asked("system.tables") {
            ok("{\"database\":\"shop\",\"name\":\"people\"}\n")
        } else if asked("system.columns") {
            ok("{\"name\":\"mail\",\"type\":\"String\"}\n")
        } else if line.contains("count%28%29") {
            ok("{\"n\":3}\n")
        } else {
            ok(&rows)
        }
    }
}

#[test]
fn tables_of_clickhouse_are_read_by_get_alone() {
    let with = Options {
        credential: Some(Credential::Password {
            user: "reader".to_owned(),
            secret: Secret::fetch("command:echo canary-password").unwrap(),
        }),
        ..options()
    };
    let sound =
        "{\"mail\":\"canary1@example.com\"}\n{\"mail\":\"canary2@example.com\"}\n{\"mail\":\"\"}\n";
    let (port, heard) = server(clickhouse(sound));
    let report = inspect_as("clickhouse", port, &with);
    let store = &report.stores[0];
    assert_eq!(store.state, State::Inspected, "{store:?}");
    let table = &store.containers[0];
    assert_eq!(
        (table.name.as_str(), table.examined, table.whole),
        ("shop.people", 3, true)
    );
    assert_eq!(table.classes[0].records, 2);
    assert!(!format!("{report:?}").contains("canary"));
    for request in heard
        .lock()
        .unwrap()
        .iter()
        .filter(|request| request.contains("JSONEachRow"))
    {
        assert!(request.starts_with("GET /?"), "{request}");
    }
    for hostile in [
        "{\"mail\":\"x\"}\n".repeat(100_000),
        "[".repeat(100_000),
        "<html>".to_owned(),
        String::new(),
    ] {
        let (port, _) = server(clickhouse(&hostile));
        let report = inspect_as("clickhouse", port, &with);
        assert_eq!(report.stores[0].state, State::Partly, "{report:?}");
    }
}
