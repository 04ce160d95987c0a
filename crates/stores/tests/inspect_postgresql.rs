//! Looking into PostgreSQL: what is told, where a password goes, and servers that
//! want to do harm.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests run servers and measure time"
)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use celador_pii::Scanner;
use celador_stores::inspect::report::{InspectReport, State, StoreReport};
use celador_stores::inspect::{Credential, Options, Secret, SketchKey, run};
use celador_stores::{Requested, Scope, SystemResolver};

/// What the server was asked: the messages after the start, as text.
type Heard = Arc<Mutex<Vec<String>>>;

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    out.extend(u32::try_from(body.len() + 4).unwrap().to_be_bytes());
    out.extend_from_slice(body);
    out
}

fn row(columns: &[&str]) -> Vec<u8> {
    let mut body = u16::try_from(columns.len()).unwrap().to_be_bytes().to_vec();
    for column in columns {
        body.extend(u32::try_from(column.len()).unwrap().to_be_bytes());
        body.extend_from_slice(column.as_bytes());
    }
    message(b'D', &body)
}

const READY: &[u8] = b"Z\0\0\0\x05I";

fn rows(list: &[Vec<u8>]) -> Vec<u8> {
    let mut out = list.concat();
    out.extend_from_slice(READY);
    out
}

fn error(code: &str) -> Vec<u8> {
    let body = format!("SERROR\0C{code}\0Mcanary-message of the server\0\0");
    let mut out = message(b'E', body.as_bytes());
    out.extend_from_slice(READY);
    out
}

/// A server that lets in by `login` (after the start packet) and answers queries
/// by `answer`.
fn server(
    login: impl Fn(&mut TcpStream, &Heard) -> bool + Send + Sync + 'static,
    answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static,
) -> (u16, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Heard::default();
    let shared = Arc::clone(&heard);
    let both = Arc::new((login, answer));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (heard, both) = (Arc::clone(&shared), Arc::clone(&both));
            std::thread::spawn(move || {
                let _ = serve(stream, &heard, &both.0, &both.1);
            });
        }
    });
    (port, heard)
}

fn packet(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut length = [0; 4];
    stream.read_exact(&mut length)?;
    let mut body = vec![0; u32::from_be_bytes(length) as usize - 4];
    stream.read_exact(&mut body)?;
    Ok(body)
}

/// A message of the client's; its kind and body.
fn said(stream: &mut TcpStream) -> std::io::Result<(u8, Vec<u8>)> {
    let mut kind = [0];
    stream.read_exact(&mut kind)?;
    Ok((kind[0], packet(stream)?))
}

fn serve(
    mut stream: TcpStream,
    heard: &Heard,
    login: &dyn Fn(&mut TcpStream, &Heard) -> bool,
    answer: &dyn Fn(&str) -> Vec<u8>,
) -> std::io::Result<()> {
    // 80877103 asks for TLS, which is not spoken.
    if packet(&mut stream)?.starts_with(&[4, 210, 22, 47]) {
        stream.write_all(b"N")?;
        packet(&mut stream)?;
    }
    if !login(&mut stream, heard) {
        return Ok(());
    }
    stream.write_all(&message(b'R', &[0; 4]))?;
    stream.write_all(READY)?;
    loop {
        let (_, body) = said(&mut stream)?;
        let query = String::from_utf8_lossy(&body)
            .trim_end_matches('\0')
            .to_owned();
        heard.lock().unwrap().push(query.clone());
        stream.write_all(&answer(&query))?;
    }
}

fn trust(_: &mut TcpStream, _: &Heard) -> bool {
    true
}

/// One database with one table; `fetch` answers what reads its rows.
fn shop(query: &str, fetch: &dyn Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let answer = |columns: &[&str]| rows(&[row(columns)]);
    if query.contains("sum(pg_database_size") {
        answer(&["15.3", "1", "9000"])
    } else if query.contains("server_version") {
        answer(&["15.3", "t"])
    } else if query.contains("pg_control_system") {
        answer(&["7123-1"])
    } else if query.contains("FROM pg_catalog.pg_database") {
        answer(&["5", "shop", "t"])
    } else if query.contains("FROM pg_class") {
        answer(&["16384", "public", "people", "900000000", "id", "id:bigint"])
    } else if query.starts_with("EXPLAIN") {
        answer(&[r#"[{"Plan":{"Plan Rows":100}}]"#])
    } else if query.starts_with("FETCH") || query.contains("= ANY") {
        fetch(query)
    } else {
        READY.to_vec()
    }
}

/// Numbered people, a page at a time.
fn people(count: usize) -> impl Fn(&str) -> Vec<u8> + Send + Sync + 'static {
    let left = Mutex::new(count);
    move |query: &str| {
        let mut left = left.lock().unwrap();
        let size: usize = query
            .split(' ')
            .nth(1)
            .and_then(|word| word.parse().ok())
            .unwrap_or(1);
        let page: Vec<Vec<u8>> = (0..size.min(*left))
            .map(|at| {
                let number = *left - at;
                row(&[&format!(
                    r#"{{"id":{number},"mail":"canary{number}@example.com"}}"#
                )])
            })
            .collect();
        *left -= page.len();
        rows(&page)
    }
}

fn options() -> Options {
    Options {
        records: 5000,
        sample: 500,
        time: Duration::from_secs(20),
        bytes: 64 << 20,
        pages: 10_000,
        wait: Duration::from_secs(2),
        key: SketchKey::new(b"key"),
        credential: None,
        user: None,
        trust: None,
        now: SystemTime::now(),
    }
}

fn password(text: &str) -> Options {
    Options {
        credential: Some(Credential::Password {
            user: "alice".to_owned(),
            secret: Secret::fetch(&format!("command:echo {text}")).unwrap(),
        }),
        ..options()
    }
}

fn inspect(port: u16, options: &Options) -> StoreReport {
    let scope = Scope::parse(
        "scope.toml",
        "owner = \"o\"\nexpires = 2100-01-01\nallow = [\"127.0.0.1\"]",
    )
    .unwrap();
    let active = scope.activate(options.now, &SystemResolver).unwrap();
    let requested = [Requested {
        host: "127.0.0.1".to_owned(),
        port,
        store: None,
        product: Some("postgresql".to_owned()),
        containers: Vec::new(),
    }];
    let scanner = Scanner::builder().build().unwrap();
    let begun = Instant::now();
    let report: InspectReport = run(&active, &requested, &scanner, options).unwrap();
    assert!(
        begun.elapsed() < options.time * 2 + Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    let told = format!("{report:?} {}", serde_json::to_string(&report).unwrap());
    assert!(!told.contains("canary"), "a value or a secret is told");
    report.stores.into_iter().next().unwrap()
}

#[test]
fn a_table_is_read_whole_within_a_read_only_transaction() {
    let fetch = people(2500);
    let (port, heard) = server(trust, move |query| shop(query, &fetch));
    let store = inspect(port, &options());
    assert_eq!(store.state, State::Inspected, "{store:?}");
    assert_eq!(store.cluster.as_deref(), Some("7123-1"));
    assert_eq!(store.primary, Some(true));
    let table = &store.containers[0];
    assert_eq!(table.name, "shop.public.people");
    assert_eq!(
        (table.examined, table.whole, table.records),
        (2500, true, Some(2500))
    );
    assert_eq!(table.classes[0].records, 2500);
    let heard = heard.lock().unwrap();
    let at = |needle: &str| heard.iter().position(|query| query.contains(needle));
    assert!(at("statement_timeout") < at("READ ONLY") && at("READ ONLY") < at("DECLARE"));
    assert!(heard.last().unwrap().contains("ROLLBACK"));
    // Reads, and nothing else.
    for query in heard.iter() {
        assert!(
            [
                "SELECT",
                "SET ",
                "EXPLAIN (FORMAT",
                "BEGIN",
                "DECLARE",
                "FETCH",
                "ROLLBACK",
                "CLOSE"
            ]
            .iter()
            .any(|word| query.starts_with(word)),
            "{query}"
        );
    }
}

#[test]
fn a_large_table_is_sampled_by_its_keys() {
    let asked = |query: &str| -> Vec<i64> {
        let list = query.split(&['{', '}'][..]).nth(1).unwrap_or_default();
        list.split(',')
            .filter_map(|text| text.parse().ok())
            .collect()
    };
    let run = |seed: &[u8]| {
        let (port, heard) = server(trust, move |query| {
            if query.starts_with("EXPLAIN") {
                rows(&[row(&[r#"[{"Plan":{"Plan Rows":40000}}]"#])])
            } else if query.starts_with("SELECT min") {
                rows(&[row(&["1", "40000"])])
            } else {
                shop(query, &|query| {
                    let found: Vec<Vec<u8>> = asked(query)
                        .iter()
                        .map(|key| {
                            row(&[&format!(
                                r#"{{"id":{key},"mail":"canary{key}@example.com"}}"#
                            )])
                        })
                        .collect();
                    rows(&found)
                })
            }
        });
        let store = inspect(
            port,
            &Options {
                key: SketchKey::new(seed),
                ..options()
            },
        );
        let keys: Vec<i64> = heard
            .lock()
            .unwrap()
            .iter()
            .flat_map(|query| asked(query))
            .collect();
        (store, keys)
    };
    let (store, keys) = run(b"one");
    let table = &store.containers[0];
    assert_eq!(
        (table.sampling.method.as_str(), table.whole),
        ("by key", false)
    );
    assert_eq!(table.sampling.by_key.as_ref().unwrap().level, 7);
    assert_eq!(
        (table.records, table.records_estimated),
        (Some(40_000), true)
    );
    assert!((310..=314).contains(&table.examined), "{}", table.examined);
    assert!(table.classes[0].low.unwrap() > 0.98);
    // The same records under the same key, others under another.
    assert_eq!(run(b"one").1, keys);
    assert_ne!(run(b"two").1, keys);
}

#[test]
fn a_password_goes_only_where_it_may() {
    // Who asks for it in clear gets it, being on this machine.
    let clear = |stream: &mut TcpStream, heard: &Heard| {
        stream.write_all(&message(b'R', &[0, 0, 0, 3])).unwrap();
        let Ok((_, body)) = said(stream) else {
            return false;
        };
        heard
            .lock()
            .unwrap()
            .push(String::from_utf8_lossy(&body).into_owned());
        body == b"s3cret-canary\0"
    };
    let fetch = people(3);
    let (port, heard) = server(clear, move |query| shop(query, &fetch));
    let store = inspect(port, &options());
    assert_eq!(store.state, State::Refused, "{store:?}");
    assert!(heard.lock().unwrap().is_empty());
    let store = inspect(port, &password("s3cret-canary"));
    assert_eq!(store.state, State::Inspected, "{store:?}");
    assert!(!store.anonymous);
    // An open store gets none, though one was given.
    let fetch = people(3);
    let (port, heard) = server(trust, move |query| shop(query, &fetch));
    assert!(inspect(port, &password("s3cret-canary")).anonymous);
    assert!(!heard.lock().unwrap().concat().contains("canary"));
}

#[test]
fn a_server_must_prove_that_it_knows_the_password() {
    // It takes any proof, and gives none or a wrong one.
    for last in ["", "v=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="] {
        let login = move |stream: &mut TcpStream, _: &Heard| {
            let mut sasl = |number: u8, body: &[u8]| {
                let mut all = vec![0, 0, 0, number];
                all.extend_from_slice(body);
                stream.write_all(&message(b'R', &all)).unwrap();
                if number == 12 {
                    return Vec::new();
                }
                said(stream).map(|(_, body)| body).unwrap_or_default()
            };
            let first = sasl(10, b"SCRAM-SHA-256\0\0");
            let text = String::from_utf8_lossy(&first).into_owned();
            let Some((_, nonce)) = text.rsplit_once("r=") else {
                return false;
            };
            let proof = sasl(11, format!("r={nonce}more,s=AAAA,i=4096").as_bytes());
            if proof.is_empty() {
                return false;
            }
            sasl(12, last.as_bytes());
            true
        };
        let fetch = people(3);
        let (port, heard) = server(login, move |query| shop(query, &fetch));
        let store = inspect(port, &password("s3cret-canary"));
        assert_eq!(store.state, State::Unknown, "{store:?}");
        assert!(store.reason.unwrap().contains("does not prove"));
        assert!(heard.lock().unwrap().is_empty());
    }
    // One that would keep this machine busy for an hour.
    let login = |stream: &mut TcpStream, _: &Heard| {
        let mut all = vec![0, 0, 0, 10];
        all.extend_from_slice(b"SCRAM-SHA-256\0\0");
        stream.write_all(&message(b'R', &all)).unwrap();
        let Ok((_, first)) = said(stream) else {
            return false;
        };
        let text = String::from_utf8_lossy(&first).into_owned();
        let Some((_, nonce)) = text.rsplit_once("r=") else {
            return false;
        };
        let mut all = vec![0, 0, 0, 11];
        all.extend_from_slice(format!("r={nonce}x,s=AAAA,i=4000000000").as_bytes());
        stream.write_all(&message(b'R', &all)).unwrap();
        said(stream).is_ok()
    };
    let (port, _) = server(login, |_| READY.to_vec());
    let store = inspect(port, &password("s3cret-canary"));
    assert!(store.reason.unwrap().contains("repetitions"));
}

/// Sound until rows are asked for.
fn hostile(answer: impl Fn() -> Vec<u8> + Send + Sync + 'static) -> StoreReport {
    let (port, _) = server(trust, move |query| shop(query, &|_| answer()));
    let store = inspect(
        port,
        &Options {
            time: Duration::from_secs(5),
            wait: Duration::from_secs(1),
            bytes: 8 << 20,
            ..options()
        },
    );
    assert_ne!(store.state, State::Inspected, "{store:?}");
    assert!(store.containers[0].sampling.stopped_by.is_some());
    store
}

#[test]
fn hostile_answers_end() {
    // Rows without end, on every page.
    let page: Vec<Vec<u8>> = (0..1000)
        .map(|at| row(&[&format!("{{\"a\":{at}}}")]))
        .collect();
    let page = rows(&page);
    let store = {
        let page = page.clone();
        let (port, _) = server(trust, move |query| shop(query, &|_| page.clone()));
        inspect(port, &options())
    };
    assert!(store.containers[0].examined <= 10_000 && !store.containers[0].whole);
    // One answer without end.
    let endless = row(&["{}"]).repeat(60_000);
    hostile(move || endless.clone());
    // Lengths that lie, both ways; more columns than there are; no text.
    hostile(|| b"D\xff\xff\xff\xff".to_vec());
    hostile(|| b"D\0\0\0\x01".to_vec());
    hostile(|| message(b'D', b"\xff\xff"));
    hostile(|| message(b'D', b"\0\x01\x7f\xff\xff\xff{}"));
    // Something else, nothing, an error that quotes a value.
    hostile(|| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec());
    hostile(Vec::new);
    let store = hostile(|| error("42501"));
    assert!(
        store.containers[0]
            .sampling
            .stopped_by
            .as_ref()
            .unwrap()
            .contains("42501")
    );
    // Nesting: looked at as one text.
    let deep = format!("{}\"canary@example.com\"", "[".repeat(100_000));
    let once = Mutex::new(false);
    let (port, _) = server(trust, move |query| {
        shop(query, &|_| {
            let mut once = once.lock().unwrap();
            if std::mem::replace(&mut once, true) {
                READY.to_vec()
            } else {
                rows(&[row(&[&deep])])
            }
        })
    });
    assert_eq!(inspect(port, &options()).containers[0].examined, 1);
}

#[test]
fn bytes_that_nobody_wrote_do_no_harm() {
    let (port, _) = server(trust, |query| {
        if query.contains("sum(pg_database_size") {
            return rows(&[row(&["15.3", "1", "9000"])]);
        }
        query.bytes().rev().cycle().take(4096).collect()
    });
    let store = inspect(
        port,
        &Options {
            time: Duration::from_secs(5),
            wait: Duration::from_secs(1),
            ..options()
        },
    );
    assert_ne!(store.state, State::Inspected);
}
