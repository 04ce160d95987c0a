//! Looking into Cassandra: rows as JSON, slices of tokens, a login, and servers that
//! want to do harm.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests run servers and measure time"
)]

mod http;

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use celador_stores::inspect::report::{ContainerReport, State};
use celador_stores::inspect::{Credential, Options, Secret};
use http::{inspect, options};

/// A frame's opcode and body, after the question and its page's begin.
type Answer = dyn Fn(&str, Option<&[u8]>) -> (u8, Vec<u8>) + Send + Sync;

/// A server that lets in whom `login` says: `None` asks for nothing.
fn server(login: Option<&'static [u8]>, answer: Arc<Answer>) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Arc::new(Mutex::new(Vec::new()));
    let shared = Arc::clone(&heard);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (heard, answer) = (Arc::clone(&shared), Arc::clone(&answer));
            std::thread::spawn(move || {
                let _ = serve(stream, login, &heard, &*answer);
            });
        }
    });
    (port, heard)
}

fn serve(
    mut stream: TcpStream,
    login: Option<&[u8]>,
    heard: &Mutex<Vec<String>>,
    answer: &Answer,
) -> std::io::Result<()> {
    let mut open = login.is_none();
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let length = u32::from_be_bytes(head[5..].try_into().unwrap());
        // A request of HTTP, from a probe that tries.
        if head[0] != 4 || length > 1 << 20 {
            return Ok(());
        }
        let mut body = vec![0; length as usize];
        stream.read_exact(&mut body)?;
        let (opcode, body) = match head[4] {
            5 => (
                6,
                [&[0, 1][..], &text("CQL_VERSION"), &[0, 1], &text("3.4.7")].concat(),
            ),
            1 if open => (2, Vec::new()),
            1 => (3, text("org.apache.cassandra.auth.PasswordAuthenticator")),
            15 if Some(&body[4..]) == login => {
                open = true;
                (16, vec![0xff; 4])
            }
            15 => (0, [&[0, 0, 1, 0][..], &text("canary is wrong")].concat()),
            7 if open => {
                let length = u32::from_be_bytes(body[..4].try_into().unwrap()) as usize;
                let question = String::from_utf8(body[4..4 + length].to_vec()).unwrap();
                let rest = &body[4 + length..];
                let from = (rest[2] & 8 != 0).then(|| &rest[11..]);
                heard.lock().unwrap().push(question.clone());
                answer(&question, from)
            }
            _ => (0, [&[0, 0, 0, 10][..], &text("no")].concat()),
        };
        let mut frame = vec![0x84, 0, 0, 0, opcode];
        frame.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        frame.extend(body);
        stream.write_all(&frame)?;
    }
}

fn text(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap();
    [&length.to_be_bytes()[..], text.as_bytes()].concat()
}

/// Columns of texts, or of one count.
fn rows(rows: &[Vec<&str>], kind: u16, next: Option<&[u8]>) -> (u8, Vec<u8>) {
    let columns = rows.first().map_or(1, Vec::len);
    let mut body = vec![0, 0, 0, 2, 0, 0, 0, 1 | u8::from(next.is_some()) << 1];
    body.extend(u32::try_from(columns).unwrap().to_be_bytes());
    if let Some(next) = next {
        body.extend(u32::try_from(next.len()).unwrap().to_be_bytes());
        body.extend(next);
    }
    body.extend([text("k"), text("t")].concat());
    for _ in 0..columns {
        body.extend(text("c"));
        body.extend(kind.to_be_bytes());
    }
    body.extend(u32::try_from(rows.len()).unwrap().to_be_bytes());
    for cell in rows.iter().flatten() {
        let bytes = if kind == 2 {
            cell.parse::<u64>().unwrap().to_be_bytes().to_vec()
        } else {
            cell.as_bytes().to_vec()
        };
        body.extend(u32::try_from(bytes.len()).unwrap().to_be_bytes());
        body.extend(bytes);
    }
    (8, body)
}

/// One table of so many rows, spread evenly over all tokens.
fn table(count: u32, clustered: bool) -> Arc<Answer> {
    Arc::new(move |question, from| {
        let spread = |number: u32| {
            ((u64::from(number) * (u64::MAX / u64::from(count.max(1)))) ^ (1 << 63)).cast_signed()
        };
        let bound = |sign: &str, or: i64| {
            let (_, rest) = question.rsplit_once(sign)?;
            rest.split(' ').next()?.parse().ok().or(Some(or))
        };
        let (first, last) = (
            bound(">= ", 0).unwrap_or(i64::MIN),
            bound("<= ", 0).unwrap_or(i64::MAX),
        );
        let inside = (0..count).filter(|number| (first..=last).contains(&spread(*number)));
        if question.contains("system.local") {
            rows(
                &[vec![
                    "5.0.5",
                    "org.apache.cassandra.dht.Murmur3Partitioner",
                    "c",
                ]],
                13,
                None,
            )
        } else if question.starts_with("SELECT keyspace_name FROM") {
            rows(&[vec!["system"], vec!["shop"]], 13, None)
        } else if question.contains("system_schema.tables") {
            rows(
                &[vec!["system_auth", "roles"], vec!["shop", "people"]],
                13,
                None,
            )
        } else if question.contains("system_schema.columns") {
            let kind = if clustered { "clustering" } else { "regular" };
            rows(
                &[
                    vec!["id", "partition_key", "int", "0"],
                    vec!["mail", kind, "text", "0"],
                ],
                13,
                None,
            )
        } else if question.starts_with("SELECT count(*)") {
            rows(&[vec![&inside.count().to_string()]], 2, None)
        } else {
            // Pages of a hundred, whatever was asked for.
            let skip: usize = from.map_or(0, |from| {
                std::str::from_utf8(from).unwrap().parse().unwrap()
            });
            let lines: Vec<String> = inside
                .skip(skip)
                .take(100)
                .map(|number| {
                    format!("{{\"id\": {number}, \"mail\": \"canary{number}@example.com\"}}")
                })
                .collect();
            let next = (skip + 100).to_string();
            let more = lines.len() == 100;
            let lines: Vec<Vec<&str>> = lines.iter().map(|line| vec![line.as_str()]).collect();
            rows(&lines, 13, more.then_some(next.as_bytes()))
        }
    })
}

fn look(answer: Arc<Answer>, options: &Options) -> ContainerReport {
    let (port, heard) = server(None, answer);
    let report = inspect("cassandra", port, &[], options);
    let store = &report.stores[0];
    assert_eq!(store.state, State::Inspected, "{report:?}");
    assert!(!format!("{report:?}").contains("canary"), "a value is told");
    for question in heard.lock().unwrap().iter() {
        assert!(question.starts_with("SELECT "), "{question}");
        assert!(!question.contains("roles"), "{question}");
    }
    assert_eq!(store.containers.len(), 1, "{report:?}");
    store.containers[0].clone()
}

#[test]
fn a_small_table_is_read_whole() {
    for count in [0, 1, 250, 3000] {
        let found = look(table(count, true), &options());
        assert_eq!(found.name, "shop.people");
        let count = u64::from(count);
        assert_eq!(
            (found.examined, found.whole, found.records),
            (count, true, Some(count))
        );
        assert!(!found.records_estimated);
    }
}

#[test]
fn of_a_large_table_copies_give_the_same() {
    let few = Options {
        records: 2000,
        sample: 1000,
        ..options()
    };
    let found = look(table(30_000, false), &few);
    assert_eq!(
        (found.sampling.method.as_str(), found.records_estimated),
        ("by key", true)
    );
    // One of 2^5.
    assert!((900..=970).contains(&found.examined), "{}", found.examined);
    assert!(found.classes[0].low.is_some());
    assert_eq!(found.sketch, look(table(30_000, false), &few).sketch);
    // Rows of one partition come together.
    let found = look(table(30_000, true), &few);
    assert_eq!(found.sampling.method, "unbounded");
    assert!(found.classes[0].low.is_none());
}

#[test]
fn it_logs_in_with_the_right_secret_alone() {
    let (port, _) = server(Some(b"\0reader\0canary-password"), table(10, false));
    assert_eq!(
        inspect("cassandra", port, &[], &options()).stores[0].state,
        State::Refused
    );
    let with = |secret: &str| Options {
        credential: Some(Credential::Password {
            user: "reader".to_owned(),
            secret: Secret::fetch(&format!("command:echo {secret}")).unwrap(),
        }),
        ..options()
    };
    let report = inspect("cassandra", port, &[], &with("wrong"));
    assert_eq!(report.stores[0].state, State::Refused);
    assert!(
        report.stores[0]
            .reason
            .as_deref()
            .unwrap()
            .contains("not accepted")
    );
    let report = inspect("cassandra", port, &[], &with("canary-password"));
    assert_eq!(report.stores[0].state, State::Inspected, "{report:?}");
    assert!(!report.stores[0].anonymous && !format!("{report:?}").contains("canary"));
}

#[test]
fn hostile_servers_end_and_are_told_of() {
    let many: Vec<Vec<&str>> = vec![vec!["{}"]; 1000];
    let mut lying = rows(&[vec!["{}"]], 13, None);
    let count = lying.1.len() - 10;
    lying.1[count] = 0x7f;
    let deep = "[".repeat(10_000);
    let answers: Vec<(u8, Vec<u8>)> = vec![
        // Pages that never end, with rows and without; what is no JSON, lies, or is refused.
        rows(&many, 13, Some(b"again")),
        rows(&[], 13, Some(b"again")),
        rows(&[vec!["<html>"]], 13, None),
        rows(&[vec![&deep]], 13, None),
        rows(&[vec!["{}"]], 99, None),
        lying,
        (0, [&[0, 0, 0x21, 0][..], &text("canary")].concat()),
        (0, vec![0]),
        (8, Vec::new()),
        (77, Vec::new()),
    ];
    for hostile in answers {
        let sound = table(50, false);
        let (port, _) = server(
            None,
            Arc::new(move |question, from| {
                if question.starts_with("SELECT JSON") {
                    hostile.clone()
                } else {
                    sound(question, from)
                }
            }),
        );
        let begun = Instant::now();
        let quick = Options {
            wait: Duration::from_secs(1),
            time: Duration::from_secs(8),
            ..options()
        };
        let report = inspect("cassandra", port, &[], &quick);
        assert!(begun.elapsed() < Duration::from_secs(16));
        assert_eq!(report.stores[0].state, State::Partly, "{report:?}");
        let found = &report.stores[0].containers[0];
        assert!(
            !found.whole && found.classes.iter().all(|one| one.low.is_none()),
            "{found:?}"
        );
        assert!(!format!("{report:?}").contains("canary"));
    }
}
