//! Looking into buckets: what is asked and signed, what is told, and stores that want
//! to do harm.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests run servers and measure time"
)]

mod http;

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use celador_stores::inspect::report::{ContainerReport, InspectReport, State};
use celador_stores::inspect::{Credential, Options, Secret};
use http::{answer, bytes, inspect, options, server};

const LOCKED: &str =
    "<Error><Code>AccessDenied</Code><Message>no</Message><RequestId>1</RequestId></Error>";

/// A part of an object, as asked for.
fn part(body: &[u8], head: &str) -> Vec<u8> {
    let end = head
        .lines()
        .find_map(|line| line.strip_prefix("range: bytes=0-"))
        .map_or(usize::MAX, |end| end.trim().parse().unwrap());
    if body.is_empty() {
        return answer(416, "", "<Error><Code>InvalidRange</Code></Error>");
    }
    let end = body.len().min(end.saturating_add(1));
    let range = format!("Content-Range: bytes 0-{}/{}\r\n", end - 1, body.len());
    bytes(206, &range, &body[..end])
}

type Object = (&'static str, Vec<u8>);

/// A store with one bucket of these objects, listed `page` at a time.
fn store(objects: Vec<Object>, page: usize) -> impl Fn(&str, &str) -> Vec<u8> + Send + Sync {
    move |head, _| {
        let path = head.split(' ').nth(1).unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if path == "/" {
            return answer(
                200,
                "",
                "<ListAllMyBucketsResult><Buckets><Bucket><Name>b</Name></Bucket></Buckets></ListAllMyBucketsResult>",
            );
        }
        if path == "/b" {
            let after = query
                .split('&')
                .find_map(|one| one.strip_prefix("start-after="))
                .unwrap_or_default()
                .replace("%2F", "/")
                .replace("%40", "@")
                .replace("%20", " ")
                .replace("%26", "&");
            let mut sorted: Vec<&Object> = objects.iter().collect();
            sorted.sort();
            let rest: Vec<&&Object> = sorted
                .iter()
                .filter(|(key, _)| *key > after.as_str())
                .collect();
            let mut xml = "<ListBucketResult><Name>b</Name>".to_owned();
            for (key, body) in rest.iter().take(page) {
                let key = key.replace('&', "&amp;");
                let size = body.len();
                write!(
                    xml,
                    "<Contents><Key>{key}</Key><Size>{size}</Size></Contents>"
                )
                .unwrap();
            }
            let more = rest.len() > page;
            write!(xml, "<IsTruncated>{more}</IsTruncated></ListBucketResult>").unwrap();
            return answer(200, "", &xml);
        }
        let key = path
            .trim_start_matches("/b/")
            .replace("%40", "@")
            .replace("%20", " ")
            .replace("%26", "&");
        match objects.iter().find(|(name, _)| *name == key) {
            Some((_, body)) if body.starts_with(b"locked") => answer(403, "", LOCKED),
            Some((_, body)) => part(body, head),
            None => answer(404, "", "<Error><Code>NoSuchKey</Code></Error>"),
        }
    }
}

fn lines(from: usize, to: usize) -> Vec<u8> {
    let mut out = String::new();
    for number in from..to {
        writeln!(
            out,
            "{{\"mail\":\"canary{number}@example.com\",\"n\":{number}}}"
        )
        .unwrap();
    }
    out.into_bytes()
}

fn bucket(report: &InspectReport) -> &ContainerReport {
    report.stores[0]
        .containers
        .first()
        .unwrap_or_else(|| panic!("{report:?}"))
}

#[test]
fn a_bucket_is_read_whole_whatever_its_objects_are() {
    let objects = vec![
        ("a/one.jsonl", lines(0, 30)),
        ("b & c/canary-name@example.org.jsonl", lines(30, 60)),
        (
            "c.csv",
            b"mail,note\ncanary1@example.com,x\ncanary2@example.com,\n".to_vec(),
        ),
        ("empty/", Vec::new()),
        ("note.txt", b"nothing in here".to_vec()),
    ];
    // Two pages or one, in whatever order: the same is told.
    let mut sketches = Vec::new();
    for page in [2, 1000] {
        let (port, heard) = server(store(objects.clone(), page));
        let report = inspect("s3", port, &[], &options());
        assert_eq!(report.stores[0].state, State::Inspected, "{report:?}");
        let bucket = bucket(&report);
        assert_eq!(
            (bucket.whole, bucket.records, bucket.examined),
            (true, Some(63), 63)
        );
        let email = bucket
            .classes
            .iter()
            .find(|one| one.class == "email")
            .unwrap();
        assert_eq!((email.records, email.low), (62, Some(email.share)));
        let found = bucket.objects.as_ref().unwrap();
        assert_eq!(
            (found.listed, found.read, found.cut, found.all_listed),
            (5, 5, 0, true)
        );
        assert_eq!(
            (found.names[0].class.as_str(), found.names[0].records),
            ("email", 1)
        );
        let text = serde_json::to_string(&report).unwrap() + &format!("{report:?}");
        assert!(!text.contains("canary"), "a value is told");
        sketches.push(bucket.sketch.clone());
        for request in heard.lock().unwrap().iter() {
            assert!(request.starts_with("GET /"), "{request}");
            assert!(!request.contains("Authorization"), "{request}");
        }
    }
    assert_eq!(sketches[0], sketches[1]);
}

#[test]
fn what_was_not_read_is_counted_with_its_reason() {
    let large = lines(0, 200_000);
    assert!(large.len() > 8 << 20);
    let objects = vec![
        ("a.jsonl", lines(0, 10)),
        ("b.jsonl", b"locked".to_vec()),
        ("c.bin", vec![0, 1, 2, 3]),
        ("d/../e", lines(0, 1)),
        ("f.jsonl", large),
    ];
    let (port, heard) = server(store(objects, 1000));
    let report = inspect(
        "s3",
        port,
        &[],
        &Options {
            records: 1_000_000,
            ..options()
        },
    );
    assert_eq!(report.stores[0].state, State::Partly);
    let bucket = bucket(&report);
    let found = bucket.objects.as_ref().unwrap();
    assert_eq!(
        (found.listed, found.read, found.cut),
        (5, 1, 1),
        "{found:?}"
    );
    let reasons: Vec<(&str, u64)> = found
        .unread
        .iter()
        .map(|one| (one.reason.as_str(), one.objects))
        .collect();
    let expect = [
        ("it is no text", 1),
        ("it is refused (403)", 1),
        ("its name cannot be asked for", 1),
    ];
    assert_eq!(reasons, expect);
    assert_eq!((bucket.whole, bucket.records), (false, None));
    assert_eq!(bucket.sampling.method, "unbounded");
    // Nothing is claimed beyond what was looked at.
    assert!(
        bucket.classes.iter().all(|one| one.low.is_none()),
        "{:?}",
        bucket.classes
    );
    assert!(
        !heard
            .lock()
            .unwrap()
            .iter()
            .any(|request| request.contains(".."))
    );
}

/// A footer stands at the end, so that a part tells nothing.
#[test]
fn parquet_is_asked_for_whole_where_it_is_not_too_large() {
    let sound = include_bytes!("../../cli/tests/pii/people.parquet").to_vec();
    let mut large = b"PAR1\x15\x04".to_vec();
    large.resize(9 << 20, 0);
    let mut huge = large.clone();
    huge.resize(31 << 20, 0);
    let objects = vec![
        ("a.parquet", sound),
        ("b.parquet", large),
        ("c.parquet", huge),
    ];
    let (port, heard) = server(store(objects, 1000));
    let report = inspect("s3", port, &[], &options());
    let found = bucket(&report).objects.as_ref().unwrap();
    assert_eq!(
        (found.listed, found.read, bucket(&report).examined),
        (3, 1, 3)
    );
    let reasons: Vec<&str> = found.unread.iter().map(|one| one.reason.as_str()).collect();
    let expect = [
        "it is too large for its format (parquet)",
        "not to its end: it is no whole Parquet file",
    ];
    assert_eq!(reasons, expect);
    let asked = |bytes: usize| format!("range: bytes=0-{}", bytes - 1);
    let heard = heard.lock().unwrap().concat();
    assert!(heard.contains(&asked(9 << 20)) && !heard.contains(&asked(31 << 20)));
}

#[test]
fn of_many_objects_some_are_chosen_alike_in_copies() {
    let names: Vec<&'static str> = (0..300)
        .map(|number| &*Box::leak(format!("k{number}.jsonl").into_boxed_str()))
        .collect();
    let objects: Vec<Object> = names
        .iter()
        .enumerate()
        .map(|(number, name)| (*name, lines(number * 10, number * 10 + 10)))
        .collect();
    let few = Options {
        records: 200,
        sample: 100,
        ..options()
    };
    let look = |page| {
        let (port, _) = server(store(objects.clone(), page));
        let report = inspect("s3", port, &[], &few);
        let bucket = bucket(&report).clone();
        assert_eq!(
            (bucket.examined, bucket.whole, bucket.records),
            (100, false, None)
        );
        let found = bucket.objects.as_ref().unwrap();
        assert_eq!(
            (found.listed, found.all_listed, found.read),
            (300, true, 10)
        );
        bucket.sketch
    };
    assert_eq!(look(1000), look(70));
}

#[test]
fn a_secret_signs_and_is_never_sent() {
    let with = Options {
        credential: Some(Credential::Password {
            user: "AKCANARY".to_owned(),
            secret: Secret::fetch("command:echo canary-secret").unwrap(),
        }),
        ..options()
    };
    let open = store(vec![("a.jsonl", lines(0, 3))], 1000);
    let (port, heard) = server(move |head, body| {
        let signed = |region: &str| {
            head.contains("Authorization: AWS4-HMAC-SHA256 Credential=AKCANARY/")
                && head.contains(&format!("/{region}/s3/aws4_request, SignedHeaders=host;"))
        };
        if signed("eu-south-7") {
            open(head, body)
        } else if signed("us-east-1") {
            answer(
                400,
                "",
                "<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-south-7</Region><RequestId>1</RequestId></Error>",
            )
        } else {
            answer(403, "", LOCKED)
        }
    });
    let report = inspect("s3", port, &[], &with);
    let store = &report.stores[0];
    assert_eq!(
        (store.state, store.anonymous),
        (State::Inspected, false),
        "{store:?}"
    );
    assert_eq!(bucket(&report).examined, 3);
    for request in heard.lock().unwrap().iter() {
        assert!(
            !request.contains("canary-secret") && !request.contains("Basic"),
            "{request}"
        );
        // The range is signed where there is one.
        assert_eq!(
            request.contains("range: bytes"),
            request.contains("SignedHeaders=host;range;x-amz-content-sha256;x-amz-date"),
            "{request}"
        );
    }
    let wrong = server(|_, _| {
        answer(
            403,
            "",
            "<Error><Code>SignatureDoesNotMatch</Code><RequestId>1</RequestId></Error>",
        )
    });
    let report = inspect("s3", wrong.0, &[], &with);
    assert_eq!(report.stores[0].state, State::Refused);
    assert!(
        report.stores[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("secret is not accepted")
    );
}

#[test]
fn buckets_that_are_not_listed_are_read_by_name() {
    let open = store(vec![("a.jsonl", lines(0, 3))], 1000);
    let (port, _) = server(move |head, body| {
        if head.starts_with("GET /b") {
            open(head, body)
        } else {
            answer(403, "", LOCKED)
        }
    });
    let report = inspect("s3", port, &["b", "no/bucket"], &options());
    assert_eq!(report.stores[0].state, State::Partly, "{report:?}");
    assert_eq!(bucket(&report).examined, 3);
    let named = &report.stores[0].containers[1];
    assert_eq!(
        named.sampling.stopped_by.as_deref(),
        Some("its name cannot be asked for")
    );
}

/// The list of buckets is sound; of the rest one thing is not.
fn hostile(answers: impl Fn(&str) -> Option<Vec<u8>> + Send + Sync + 'static) -> ContainerReport {
    let sound = store(
        vec![("a.jsonl", lines(0, 3)), ("b.jsonl", lines(3, 6))],
        1000,
    );
    let (port, _) = server(move |head, body| answers(head).unwrap_or_else(|| sound(head, body)));
    let begun = Instant::now();
    let quick = Options {
        wait: Duration::from_secs(1),
        time: Duration::from_secs(8),
        ..options()
    };
    let report = inspect("s3", port, &[], &quick);
    assert!(
        begun.elapsed() < Duration::from_secs(16),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(report.stores[0].state, State::Partly, "{report:?}");
    bucket(&report).clone()
}

#[test]
fn hostile_stores_end_and_are_told_of() {
    // A list that never ends, and one that goes in a circle.
    let number = std::sync::atomic::AtomicU64::new(0);
    let page = |key: &str| {
        let xml = format!(
            "<ListBucketResult><Name>b</Name><Contents><Key>{key}</Key><Size>99999999999999999999</Size></Contents><IsTruncated>true</IsTruncated></ListBucketResult>"
        );
        answer(200, "", &xml)
    };
    let found = hostile(move |head| {
        let next = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        head.starts_with("GET /b?")
            .then(|| page(&format!("k{next}")))
    });
    let objects = found.objects.unwrap();
    assert!(!objects.all_listed && objects.listed <= 200, "{objects:?}");
    let found = hostile(move |head| head.starts_with("GET /b?").then(|| page("k")));
    assert_eq!(
        found.sampling.stopped_by.as_deref(),
        Some("the list of its objects repeats itself")
    );
    // An object that is endless, lies about its length, drips, or is another one's error.
    for lie in [
        "HTTP/1.1 206 X\r\nContent-Length: 999999999999\r\n\r\nx".to_owned(),
        "HTTP/1.1 206 X\r\nContent-Length: 500\r\n\r\nx".to_owned(),
        "HTTP/1.1 302 X\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n".to_owned(),
        format!(
            "HTTP/1.1 200 X\r\nTransfer-Encoding: chunked\r\n\r\n{}",
            "1\r\nx\r\n".repeat(100)
        ),
    ] {
        let found = hostile(move |head| {
            head.starts_with("GET /b/a.jsonl")
                .then(|| lie.clone().into_bytes())
        });
        assert_eq!(found.examined, 3, "{found:?}");
        assert!(found.classes.iter().all(|one| one.low.is_none()));
    }
    let long = vec![b'x'; (8 << 20) + 1];
    let found = hostile(move |head| head.starts_with("GET /b/a").then(|| bytes(206, "", &long)));
    let objects = found.objects.unwrap();
    assert_eq!(objects.unread[0].reason, "more was sent than was asked for");
}
