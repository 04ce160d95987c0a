//! Looking into `InfluxDB` 1: points read by time, and servers that want to do harm.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests run servers and measure time"
)]

mod http;

use std::time::{Duration, Instant};

use celador_stores::inspect::Options;
use celador_stores::inspect::report::State;
use http::{answer, inspect, options, server};
use serde_json::{Value, json};

fn series(columns: &[&str], rows: &[Value]) -> Vec<u8> {
    let series = if rows.is_empty() {
        json!({"statement_id": 0})
    } else {
        json!({"statement_id": 0, "series": [{"columns": columns, "values": rows}]})
    };
    answer(200, "", &json!({"results": [series]}).to_string())
}

fn asked(head: &str) -> String {
    let path = head.split(' ').nth(1).unwrap_or_default();
    let question = path.split_once("q=").map_or("", |(_, question)| question);
    question
        .replace("%20", " ")
        .replace('+', " ")
        .replace("%22", "\"")
        .replace("%27", "'")
        .replace("%2A", "*")
        .replace("%28", "(")
        .replace("%29", ")")
        .replace("%3E", ">")
        .replace("%3D", "=")
        .replace("%3A", ":")
        .replace("%2C", ",")
}

/// Points of which each three share a second.
fn points(count: usize) -> Vec<Value> {
    (0..count)
        .map(|number| {
            let second = number / 3;
            let time = format!(
                "2019-12-05T{:02}:{:02}:{:02}Z",
                second / 3600,
                second / 60 % 60,
                second % 60
            );
            json!([
                time,
                format!("web{number}"),
                format!("canary{number}@example.com"),
                null
            ])
        })
        .collect()
}

const COLUMNS: [&str; 4] = ["time", "host", "mail", "other"];

fn influxdb(points: &[Value], head: &str) -> Vec<u8> {
    let question = asked(head);
    let number = |word: &str| -> usize {
        let (_, rest) = question.split_once(word).unwrap();
        rest.split(' ')
            .next()
            .unwrap()
            .trim_end_matches(')')
            .trim_end_matches("),")
            .parse()
            .unwrap()
    };
    if head.starts_with("GET /ping") {
        answer(
            204,
            "X-Influxdb-Version: 1.8.10\r\nX-Influxdb-Build: OSS\r\n",
            "",
        )
    } else if question.is_empty() {
        answer(404, "", "404 page not found\n")
    } else if question.starts_with("SHOW DATABASES") {
        let databases = json!({"results": [{"statement_id": 0, "series": [{"name": "databases", "columns": ["name"], "values": [["_internal"], ["shop"]]}]}]});
        answer(200, "", &databases.to_string())
    } else if question == "SHOW RETENTION POLICIES ON \"shop\"" {
        series(
            &["name", "duration"],
            &[json!(["autogen", "0s"]), json!(["short", "1h"])],
        )
    } else if question == "SHOW MEASUREMENTS ON \"shop\"" {
        series(&["name"], &[json!(["logins"])])
    } else if question.starts_with("SHOW FIELD KEYS") {
        series(&["fieldKey", "fieldType"], &[json!(["mail", "string"])])
    } else if question.contains("\"short\"") {
        series(&[], &[])
    } else if question.starts_with("SELECT COUNT(*)") {
        series(
            &["time", "count_mail"],
            &[json!(["1970-01-01T00:00:00Z", points.len()])],
        )
    } else if question.starts_with("SELECT SAMPLE(\"mail\", ") {
        let some = number("SAMPLE(\"mail\", ");
        let rows: Vec<Value> = points
            .iter()
            .take(some)
            .map(|row| {
                let mut row = row.as_array().unwrap().clone();
                row.insert(1, row[2].clone());
                Value::Array(row)
            })
            .collect();
        series(&["time", "sample", "host", "mail", "other"], &rows)
    } else {
        let from = question
            .split_once("time >= '")
            .map(|(_, rest)| rest.split('\'').next().unwrap());
        let rows: Vec<Value> = points
            .iter()
            .filter(|row| from.is_none_or(|from| row[0].as_str().unwrap() >= from))
            .skip(number("OFFSET "))
            .take(number("LIMIT "))
            .cloned()
            .collect();
        series(&COLUMNS, &rows)
    }
}

#[test]
fn points_of_one_time_are_each_read_once() {
    for count in [2, 1000, 2500] {
        let points = points(count);
        let (port, heard) = server(move |head, _| influxdb(&points, head));
        let report = inspect("influxdb", port, &[], &options());
        assert_eq!(report.stores[0].state, State::Inspected, "{report:?}");
        let [found] = &report.stores[0].containers[..] else {
            panic!("{report:?}");
        };
        assert_eq!(found.name, "shop.autogen.logins");
        assert_eq!(
            (found.examined, found.whole, found.records),
            (count as u64, true, Some(count as u64))
        );
        assert_eq!(found.classes[0].records, count as u64);
        assert!(!format!("{report:?}").contains("canary"));
        for request in heard.lock().unwrap().iter() {
            assert!(
                request.starts_with("GET /") && !request.contains("INTO"),
                "{request}"
            );
        }
    }
}

#[test]
fn a_sample_has_no_bounds() {
    let points = points(900);
    let (port, _) = server(move |head, _| influxdb(&points, head));
    let few = Options {
        records: 500,
        sample: 100,
        ..options()
    };
    let report = inspect("influxdb", port, &[], &few);
    let found = &report.stores[0].containers[0];
    assert_eq!((found.examined, found.records_estimated), (100, true));
    assert_eq!(found.sampling.method, "unbounded");
    assert!(found.classes[0].low.is_none());
    assert!(!found.fields.iter().any(|field| field.field == "sample"));
}

#[test]
fn what_is_refused_and_version_2_are_told() {
    let (port, _) = server(|head, _| {
        if head.starts_with("GET /ping") {
            answer(
                204,
                "X-Influxdb-Version: v2.7.4\r\nX-Influxdb-Build: OSS\r\n",
                "",
            )
        } else if head.starts_with("GET /api/v2/buckets") {
            answer(200, "", "{\"links\":{\"self\":\"/\"},\"buckets\":[]}")
        } else {
            answer(404, "", "")
        }
    });
    let report = inspect("influxdb", port, &[], &options());
    let store = &report.stores[0];
    assert_eq!(store.state, State::Refused, "{store:?}");
    assert!(store.reason.as_deref().unwrap().contains("version"));
}

#[test]
fn hostile_servers_end_and_are_told_of() {
    let full = |time: &str| {
        let rows: Vec<Value> = (0..1000).map(|_| json!([time, "h", "m", null])).collect();
        series(&COLUMNS, &rows)
    };
    let many: Vec<Value> = (0..400)
        .map(|_| json!(["2019-12-05T09:00:00Z", "h", "m", null]))
        .collect();
    let answers: Vec<Vec<u8>> = vec![
        full("2019-12-05T09:00:00Z"),
        full("' OR 1=1"),
        series(&["time"], &[json!([7])]),
        series(&["time"], &[json!({"time": 1})]),
        answer(200, "", &"[".repeat(100_000)),
        answer(200, "", "{\"results\":[{\"error\":\"canary\"}]}"),
        answer(200, "", &json!({"results": [{"partial": true, "series": [{"columns": COLUMNS, "values": many}]}]}).to_string()),
        answer(403, "", "{}"),
        b"HTTP/1.1 200 X\r\nContent-Length: 999999999999\r\n\r\n{".to_vec(),
    ];
    for hostile in answers {
        let points = points(5);
        let (port, _) = server(move |head, _| {
            if asked(head).starts_with("SELECT * ") {
                hostile.clone()
            } else {
                influxdb(&points, head)
            }
        });
        let begun = Instant::now();
        let quick = Options {
            wait: Duration::from_secs(1),
            time: Duration::from_secs(8),
            ..options()
        };
        let report = inspect("influxdb", port, &[], &quick);
        assert!(begun.elapsed() < Duration::from_secs(16));
        assert_eq!(report.stores[0].state, State::Partly, "{report:?}");
        assert!(!report.stores[0].containers[0].whole);
        assert!(!format!("{report:?}").contains("canary"));
    }
}
