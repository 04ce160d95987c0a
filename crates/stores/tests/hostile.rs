//! Servers that want to do harm: each tries to break one promise.
//!
//! They listen on loopback and are probed through the public entry, scope and
//! all. What is measured is on the server's side: how much it could send, how
//! many connections came, and what they said.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests run servers and measure time"
)]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use celador_stores::report::{EndpointReport, ProbeReport};
use celador_stores::{Limits, Options, Requested, Scope, SystemResolver, Verdict};

/// What a hostile server counted.
#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
    sent: AtomicUsize,
    heard: Mutex<Vec<u8>>,
}

/// Serves every connection by `serve`, for as long as the test runs.
fn server(serve: impl Fn(&mut TcpStream, &Counts) + Send + Sync + 'static) -> (u16, Arc<Counts>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let counts = Arc::new(Counts::default());
    let serve = Arc::new(serve);
    let shared = Arc::clone(&counts);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (serve, counts) = (Arc::clone(&serve), Arc::clone(&shared));
            std::thread::spawn(move || {
                let mut stream = stream;
                counts.connections.fetch_add(1, Ordering::SeqCst);
                let now = counts.at_once.fetch_add(1, Ordering::SeqCst) + 1;
                counts.most_at_once.fetch_max(now, Ordering::SeqCst);
                serve(&mut stream, &counts);
                counts.at_once.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
    (port, counts)
}

/// Reads one message and keeps it.
fn hear(stream: &mut TcpStream, counts: &Counts) {
    let mut bytes = [0; 4096];
    let read = stream.read(&mut bytes).unwrap_or(0);
    counts
        .heard
        .lock()
        .unwrap()
        .extend_from_slice(&bytes[..read]);
}

/// Sends the same again and again until the other side has enough.
fn forever(stream: &mut TcpStream, counts: &Counts, bytes: &[u8], pause: Duration) {
    while stream.write_all(bytes).is_ok() {
        counts.sent.fetch_add(bytes.len(), Ordering::SeqCst);
        std::thread::sleep(pause);
    }
}

fn limits() -> Limits {
    Limits {
        wait: Duration::from_millis(300),
        endpoint: Duration::from_secs(3),
        rate: 100_000,
        host_rate: 10_000,
        ..Limits::default()
    }
}

fn run(ports: &[u16], product: Option<&str>, limits: Limits, now: SystemTime) -> ProbeReport {
    let text = "owner = \"o\"\nexpires = 1980-01-01\nallow = [\"127.0.0.1\"]";
    let text = if now == UNIX_EPOCH {
        text.to_owned()
    } else {
        text.replace("1980", "2100")
    };
    let scope = Scope::parse("scope.toml", &text).unwrap();
    let active = scope.activate(now, &SystemResolver).unwrap();
    let requested: Vec<Requested> = ports
        .iter()
        .map(|port| Requested {
            host: "127.0.0.1".to_owned(),
            port: *port,
            store: None,
            product: product.map(ToOwned::to_owned),
            containers: Vec::new(),
        })
        .collect();
    let options = Options {
        limits,
        from: None,
        bind: Vec::new(),
        now,
    };
    celador_stores::run(&active, &requested, &options).unwrap()
}

/// Probes one server; it may neither open anything nor take long.
fn check(port: u16, product: Option<&str>) -> EndpointReport {
    let begun = Instant::now();
    let mut report = run(&[port], product, limits(), SystemTime::now());
    assert!(
        begun.elapsed() < Duration::from_secs(6),
        "took {:?}",
        begun.elapsed()
    );
    let endpoint = report.endpoints.remove(0);
    assert_eq!(endpoint.verdict, Verdict::Unknown, "{endpoint:?}");
    endpoint
}

#[test]
fn an_endless_body_is_cut() {
    let (port, counts) = server(|stream, counts| {
        hear(stream, counts);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        forever(stream, counts, &[b'a'; 16_384], Duration::ZERO);
    });
    check(port, Some("elasticsearch"));
    // What was read, and what the kernel had buffered.
    assert!(counts.sent.load(Ordering::SeqCst) < 200 << 20);
}

#[test]
fn endless_chunks_and_heads_are_cut() {
    let (port, _) = server(|stream, counts| {
        hear(stream, counts);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        forever(stream, counts, b"1\r\na\r\n", Duration::ZERO);
    });
    check(port, Some("elasticsearch"));
    let (port, _) = server(|stream, counts| {
        hear(stream, counts);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        forever(stream, counts, b"X: y\r\n", Duration::ZERO);
    });
    check(port, Some("elasticsearch"));
    let (port, _) = server(|stream, counts| {
        hear(stream, counts);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nX: ");
        forever(stream, counts, &[b'y'; 1000], Duration::ZERO);
    });
    check(port, Some("elasticsearch"));
    let (port, _) = server(|stream, counts| {
        hear(stream, counts);
        forever(
            stream,
            counts,
            b"HTTP/1.1 100 Continue\r\n\r\n",
            Duration::ZERO,
        );
    });
    check(port, Some("elasticsearch"));
}

#[test]
fn a_slow_drip_ends() {
    let (port, _) = server(|stream, counts| {
        hear(stream, counts);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
        forever(stream, counts, b" ", Duration::from_millis(50));
    });
    check(port, Some("elasticsearch"));
    let (port, _) = server(|stream, counts| {
        forever(stream, counts, b"a", Duration::from_millis(50));
    });
    std::thread::scope(|scope| {
        for product in [
            "redis",
            "mysql",
            "postgresql",
            "ftp",
            "rsync",
            "smb",
            "nfs",
            "rethinkdb",
        ] {
            scope.spawn(move || check(port, Some(product)));
        }
    });
}

#[test]
fn silence_ends() {
    let (port, _) = server(|_, _| std::thread::sleep(Duration::from_secs(10)));
    check(port, None);
    check(port, Some("zookeeper"));
}

#[test]
fn nothing_is_unpacked() {
    // The head of a gzip stream of zeros: it would grow a thousandfold.
    let (port, _) = server(|stream, counts| {
        hear(stream, counts);
        let _ = stream.write_all(
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 12\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\x02\x03\xec\xc1",
        );
    });
    check(port, Some("elasticsearch"));
}

#[test]
fn deep_json_is_no_answer() {
    let (port, _) = server(|stream, counts| {
        hear(stream, counts);
        let body = "[".repeat(200_000);
        let _ = write!(
            stream,
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
    });
    check(port, Some("elasticsearch"));
}

#[test]
fn lengths_that_lie() {
    for head in [
        "Content-Length: 18446744073709551615",
        "Content-Length: 4294967296",
        "Content-Length: 1000000000",
        "Content-Length: -1",
        "Content-Length: 5\r\nContent-Length: 3",
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: gzip, chunked",
    ] {
        let (port, _) = server(move |stream, counts| {
            hear(stream, counts);
            let _ = write!(stream, "HTTP/1.1 200 OK\r\n{head}\r\n\r\n{{}}");
        });
        check(port, Some("elasticsearch"));
    }
    let frames: &[(&str, &[u8])] = &[
        ("redis", b"$2147483647\r\nabc"),
        ("redis", b"$-9223372036854775808\r\n"),
        ("postgresql", b"NR\xff\xff\xff\xff\0\0\0\0"),
        ("postgresql", b"NR\0\0\0\0"),
        ("mysql", b"\xff\xff\xff\0\x0a8.0"),
        ("mysql", b"\x02\0\0\0\x0a8"),
        ("mongodb", b"\xff\xff\xff\x7f\0\0\0\0\x01\0\0\0\x01\0\0\0"),
        ("mongodb", b"\x10\0\0\0\0\0\0\0\x01\0\0\0\x01\0\0\0"),
        ("cassandra", b"\x84\0\0\0\x06\xff\xff\xff\xff"),
        ("cassandra", b"\x84\0\0\0\x06\0\0\0\x02\xff\xff"),
        ("kafka", b"\x7f\xff\xff\xff\0\0\0\x07"),
        ("kafka", b"\0\0\0\x0a\0\0\0\x07\0\0\x7f\xff\xff\xff"),
        ("sqlserver", b"\x04\x01\0\x0d\0\0\0\0\0\xff\xff\xff\xff"),
        ("clickhouse", b"\0\xff\xff\xff\xff\xff\xff\xff\xff\x7f"),
        ("zookeeper", b"\xff\xff\xff\xff\0\0\0\0"),
        ("zookeeper", b"\0\0\0\x02\0\0"),
        ("rabbitmq", b"\x01\0\0\xff\xff\xff\xff"),
        ("ldap", b"\x30\x84\xff\xff\xff\xff\x02"),
        ("ldap", b"\x30\x80\x02\x01\x01\x64\x03\x04\x7f"),
        ("mqtt", b"\x20\xff\xff\xff\x7f\0\0"),
        (
            "memcached",
            b"\x81\x0b\0\0\0\0\0\0\xff\xff\xff\xff\0\0\0\0\0\0\0\0\0\0\0\0",
        ),
        ("smb", b"\0\xff\xff\xff\xfeSMB"),
        ("smb", b"\0\0\0\x40\xfeSMB\x40\0\0\0\0\0\0\0\0\0"),
        ("smb", b"\x85\0\0\0"),
        ("nfs", b"\xff\xff\xff\xff\0\0\0\x01\0\0\0\x01"),
        (
            "nfs",
            b"\x80\0\0\x18\0\0\0\x01\0\0\0\x01\0\0\0\0\0\0\0\0\xff\xff\xff\xff\0\0\0\0",
        ),
        ("nfs", b"\0\0\0\0"),
        ("rethinkdb", b"{\"success\":true,\"min_protocol_version\":0"),
        (
            "nats",
            b"INFO {\"server_id\":\"a\",\"version\":\"2\",\"max\":[[[[[[",
        ),
    ];
    for (product, bytes) in frames {
        let (port, _) = server(move |stream, counts| {
            hear(stream, counts);
            let _ = stream.write_all(bytes);
        });
        check(port, Some(product));
    }
}

#[test]
fn redirects_and_advertised_addresses_are_not_followed() {
    let (bait, baited) = server(hear);
    for to in [
        format!("http://127.0.0.1:{bait}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
    ] {
        let (port, _) = server(move |stream, counts| {
            hear(stream, counts);
            let _ = write!(
                stream,
                "HTTP/1.1 302 Found\r\nLocation: {to}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
        });
        check(port, Some("elasticsearch"));
        check(port, None);
    }
    let (high, low) = (bait / 256, bait % 256);
    let (port, _) = server(move |stream, counts| {
        let _ = stream.write_all(b"220 ready\r\n");
        hear(stream, counts);
        let _ = stream.write_all(b"230 in\r\n");
        hear(stream, counts);
        let _ = write!(
            stream,
            "227 Entering Passive Mode (127,0,0,1,{high},{low})\r\n"
        );
    });
    check(port, Some("ftp"));
    assert_eq!(baited.connections.load(Ordering::SeqCst), 0);
}

/// Bytes of a message of MongoDB: one document, of these fields.
fn mongo(fields: &[u8]) -> Vec<u8> {
    let mut document = u32::try_from(fields.len() + 5)
        .unwrap()
        .to_le_bytes()
        .to_vec();
    document.extend_from_slice(fields);
    document.push(0);
    let mut out = u32::try_from(36 + document.len())
        .unwrap()
        .to_le_bytes()
        .to_vec();
    for number in [9_u32, 1, 1, 8, 0, 0, 0] {
        out.extend(number.to_le_bytes());
    }
    out.extend(1_u32.to_le_bytes());
    out.extend(document);
    out
}

/// A message of Kafka after its length and the request's number.
fn kafka(body: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(body.len() + 4)
        .unwrap()
        .to_be_bytes()
        .to_vec();
    out.extend(7_u32.to_be_bytes());
    out.extend_from_slice(body);
    out
}

/// A reply of RPC that was carried out.
fn rpc(id: u32, status: u32, words: &[u32]) -> Vec<u8> {
    let mut out = Vec::new();
    for number in [id, 1, 0, 0, 0, status].iter().chain(words) {
        out.extend(number.to_be_bytes());
    }
    let mark = 0x8000_0000 | u32::try_from(out.len()).unwrap();
    [mark.to_be_bytes().to_vec(), out].concat()
}

#[test]
fn addresses_that_protocols_advertise_are_not_gone_to() {
    let (bait, baited) = server(hear);
    let [high, low] = bait.to_be_bytes();
    let host = format!("127.0.0.1:{bait}");
    let mut hosts =
        b"\x08ismaster\0\0\x08secondary\0\x01\x01ok\0\0\0\0\0\0\0\xf0\x3f\x02primary\0".to_vec();
    hosts.extend(u32::try_from(host.len() + 1).unwrap().to_le_bytes());
    hosts.extend(host.as_bytes());
    hosts.extend(b"\0\x02me\0\x02\0\0\0x\0");
    let mut brokers = b"\0\0\0\x01\0\0\0\x01\0\x09127.0.0.1\0\0".to_vec();
    brokers.extend([high, low]);
    // No rack, controller 1, one topic whose only partition that broker leads.
    brokers.extend(b"\xff\xff\0\0\0\x01\0\0\0\x01\0\0\0\x01t\0\0\0\0\x01\0\0\0\0\0\0\0\0\0\x01\0\0\0\0\0\0\0\0");
    let port = u32::from(bait);
    let exchanges: Vec<(&str, Vec<Vec<u8>>)> = vec![
        (
            "redis",
            [vec![b":5\r\n".to_vec()], vec![format!("-MOVED 7 {host}\r\n").into_bytes(); 6]].concat(),
        ),
        (
            "nats",
            vec![b"+OK\r\n+OK\r\nPONG\r\n".to_vec()],
        ),
        (
            "mongodb",
            vec![mongo(&hosts), mongo(&hosts), mongo(b"\x01ok\0\0\0\0\0\0\0\0\0")],
        ),
        (
            "kafka",
            vec![
                kafka(b"\0\0\0\0\0\x01\0\x03\0\0\0\x09"),
                kafka(&brokers),
            ],
        ),
        (
            "nfs",
            vec![
                rpc(1, 1, &[]),
                rpc(2, 1, &[]),
                rpc(3, 0, &[1, 100_005, 3, 6, port, 1, 100_003, 3, 6, port, 0]),
            ],
        ),
        (
            "elasticsearch",
            vec![
                format!(
                    "HTTP/1.1 200 OK\r\nContent-Length: 155\r\n\r\n{:<155}",
                    format!("{{\"version\":{{\"number\":\"7.10.2\"}},\"tagline\":\"You Know, for Search\",\"http\":{{\"publish_address\":\"{host}\"}}}}")
                )
                .into_bytes();
                8
            ],
        ),
    ];
    for (product, answers) in exchanges {
        let turns = answers.len();
        let told = format!(
            "INFO {{\"server_id\":\"N\",\"version\":\"2.9.10\",\"connect_urls\":[\"{host}\"]}}\r\n"
        );
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let (port, _) = server(move |stream, counts| {
            if product == "nats" {
                let _ = stream.write_all(told.as_bytes());
            }
            for answer in &answers {
                let before = counts.heard.lock().unwrap().len();
                hear(stream, counts);
                if counts.heard.lock().unwrap().len() == before {
                    return;
                }
                counted.fetch_add(1, Ordering::SeqCst);
                let _ = stream.write_all(answer);
            }
        });
        let report = run(&[port], Some(product), limits(), SystemTime::now());
        let endpoint = &report.endpoints[0];
        assert_eq!(endpoint.product.as_deref(), Some(product), "{endpoint:?}");
        // It went as far as to hear where else to go.
        let heard = asked.load(Ordering::SeqCst);
        assert!(heard >= turns.min(2), "{product}: {heard} requests");
        assert_eq!(baited.connections.load(Ordering::SeqCst), 0, "{product}");
    }
}

/// The first question about a name gets one address, and every other another.
struct Rebinding(AtomicUsize);

impl celador_stores::Resolve for Rebinding {
    fn resolve(&self, _: &str) -> Vec<std::net::IpAddr> {
        let last = 1 + u8::from(self.0.fetch_add(1, Ordering::SeqCst) > 0);
        vec![std::net::IpAddr::from([127, 0, 0, last])]
    }
}

#[test]
fn a_name_that_changes_its_address_leads_nowhere_else() {
    let (port, counts) = server(hear);
    let other = TcpListener::bind(("127.0.0.2", port)).unwrap();
    other.set_nonblocking(true).unwrap();
    let scope = "owner = \"o\"\nexpires = 2100-01-01\nallow = [\"127.0.0.0/30\", \"*.example\"]";
    let scope = Scope::parse("scope.toml", scope).unwrap();
    let names = Rebinding(AtomicUsize::new(0));
    let now = SystemTime::now();
    let active = scope.activate(now, &names).unwrap();
    let requested = Requested {
        host: "es.example".to_owned(),
        port,
        store: None,
        product: Some("elasticsearch".to_owned()),
        containers: Vec::new(),
    };
    let options = Options {
        limits: limits(),
        from: None,
        bind: Vec::new(),
        now,
    };
    let report = celador_stores::run(&active, &[requested.clone(), requested], &options).unwrap();
    assert_eq!(report.endpoints[0].address, "127.0.0.1");
    assert!(counts.connections.load(Ordering::SeqCst) > 0);
    assert!(other.accept().is_err());
}

#[test]
fn a_scope_for_everything_is_not_for_metadata() {
    let scope = "owner = \"o\"\nexpires = 2100-01-01\nallow = [\"0.0.0.0/0\", \"::/0\"]";
    let scope = Scope::parse("scope.toml", scope).unwrap();
    let now = SystemTime::now();
    let active = scope.activate(now, &SystemResolver).unwrap();
    let hosts = [
        "169.254.169.254",
        "::ffff:169.254.169.254",
        "64:ff9b::169.254.169.254",
        "2002:a9fe:a9fe::",
        "fd00:ec2::254",
        "fd20:ce::254",
        "168.63.129.16",
        "100.100.100.200",
        "fe80::1",
        "0.0.0.0",
        "::",
    ];
    let requested = hosts.map(|host| Requested {
        host: host.to_owned(),
        port: 80,
        store: None,
        product: None,
        containers: Vec::new(),
    });
    let options = Options {
        limits: limits(),
        from: None,
        bind: Vec::new(),
        now,
    };
    let report = celador_stores::run(&active, &requested, &options).unwrap();
    assert_eq!(report.endpoints, []);
    assert_eq!(report.refused.len(), hosts.len(), "{:?}", report.refused);
}

#[test]
fn a_dry_run_is_dry() {
    // Of POST, only what reads: a new one has to be thought about.
    const READING: &[&str] = &[
        "/api/console/proxy?path=_",
        "/db/neo4j/tx/commit",
        "/druid/v2/sql",
        "/v2/vectordb/collections/",
        "/v3/kv/range",
        "/v3/maintenance/status",
    ];

    let (port, counts) = server(hear);
    let scope = "owner = \"o\"\nexpires = 2100-01-01\nallow = [\"127.0.0.1\"]";
    let scope = Scope::parse("scope.toml", scope).unwrap();
    let active = scope.activate(SystemTime::now(), &SystemResolver).unwrap();
    let requested = Requested {
        host: "127.0.0.1".to_owned(),
        port,
        store: None,
        product: None,
        containers: Vec::new(),
    };
    let told = celador_stores::dry_run(&active, &[requested]);
    let mut http = 0;
    for line in told.lines() {
        let words = line.split_once(": ").map_or(line, |(_, words)| words);
        assert!(
            !["PUT ", "DELETE ", "PATCH ", "HEAD "]
                .iter()
                .any(|method| words.starts_with(method)),
            "{line}"
        );
        if let Some(path) = words.strip_prefix("POST ") {
            // What the console is asked to send has a method of its own.
            let console = path.starts_with("/api/console/");
            assert!(!console || path.ends_with("&method=GET"), "{line}");
            assert!(
                READING.iter().any(|start| path.starts_with(start)),
                "{line}"
            );
        }
        http += usize::from(words.starts_with("GET ") || words.starts_with("POST "));
    }
    assert!(http > 40, "{told}");
    assert!(told.contains("PASS anonymous@"));
    assert_eq!(counts.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn bytes_of_an_endpoint_are_counted_over_all_its_answers() {
    // Each answer is as large as one may be, and its length is true.
    const SIZE: usize = 200 << 10;
    let (port, counts) = server(|stream, counts| {
        loop {
            let before = counts.heard.lock().unwrap().len();
            hear(stream, counts);
            if counts.heard.lock().unwrap().len() == before {
                return;
            }
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {SIZE}\r\n\r\n");
            let body = " ".repeat(SIZE);
            if stream.write_all((head + &body).as_bytes()).is_err() {
                return;
            }
            counts.sent.fetch_add(1, Ordering::SeqCst);
        }
    });
    let endpoint = check(port, None);
    assert!(
        endpoint
            .reason
            .as_deref()
            .is_some_and(|why| why.contains("bytes")),
        "{endpoint:?}"
    );
    let answers = counts.sent.load(Ordering::SeqCst);
    assert!(answers * SIZE <= (2 << 20) + 2 * SIZE, "{answers} answers");

    // "Wait", again and again; and a record that never comes to its last part.
    let mut wait = b"\0\0\0\x40\xfeSMB\x40\0\0\0\x03\x01\0\0\0\0\x01\0\x01\0\0\0".to_vec();
    wait.resize(68, 0);
    let (port, counts) = server(move |stream, counts| {
        hear(stream, counts);
        forever(stream, counts, &wait, Duration::ZERO);
    });
    check(port, Some("smb"));
    assert!(counts.sent.load(Ordering::SeqCst) < 64 << 20);
    let (port, counts) = server(|stream, counts| {
        hear(stream, counts);
        forever(stream, counts, b"\0\0\x10\0aaaa", Duration::ZERO);
    });
    check(port, Some("nfs"));
    assert!(counts.sent.load(Ordering::SeqCst) < 64 << 20);
}

#[test]
fn rates_hold_in_all_and_at_an_address() {
    // Many addresses, one rate.
    let (port, _) = server(hear);
    let scope = "owner = \"o\"\nexpires = 2100-01-01\nallow = [\"127.0.0.0/8\"]";
    let scope = Scope::parse("scope.toml", scope).unwrap();
    let now = SystemTime::now();
    let active = scope.activate(now, &SystemResolver).unwrap();
    let requested: Vec<Requested> = (1..=40)
        .map(|last| Requested {
            // Nobody listens on most; each still costs a connection.
            host: format!("127.0.9.{last}"),
            port,
            store: None,
            product: Some("redis".to_owned()),
            containers: Vec::new(),
        })
        .collect();
    let options = Options {
        limits: Limits {
            rate: 100,
            ..limits()
        },
        from: None,
        bind: Vec::new(),
        now,
    };
    let begun = Instant::now();
    celador_stores::run(&active, &requested, &options).unwrap();
    assert!(
        begun.elapsed() >= Duration::from_millis(390),
        "{:?}",
        begun.elapsed()
    );

    // Many ports of one address, so many endpoints at a time and no more.
    let at_once = Arc::new(AtomicUsize::new(0));
    let most = Arc::new(AtomicUsize::new(0));
    let ports: Vec<u16> = (0..12)
        .map(|_| {
            let (at_once, most) = (Arc::clone(&at_once), Arc::clone(&most));
            server(move |stream, counts| {
                let now = at_once.fetch_add(1, Ordering::SeqCst) + 1;
                most.fetch_max(now, Ordering::SeqCst);
                hear(stream, counts);
                std::thread::sleep(Duration::from_millis(20));
                at_once.fetch_sub(1, Ordering::SeqCst);
            })
            .0
        })
        .collect();
    let limits = Limits {
        host_concurrency: 2,
        connections: 1,
        ..limits()
    };
    run(&ports, Some("redis"), limits, SystemTime::now());
    let most = most.load(Ordering::SeqCst);
    // One of each endpoint, and one that its server has not yet seen end.
    assert!((1..=4).contains(&most), "{most} at once");
}

#[test]
fn connections_leave_from_the_vantage_point() {
    let from = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&from);
    let (port, _) = server(move |stream, _| {
        seen.lock()
            .unwrap()
            .push(stream.peer_addr().unwrap().ip().to_string());
    });
    let text = "owner = \"o\"\nexpires = 2100-01-01\nallow = [\"127.0.0.1\"]\n\
        [from.here]\nbind = [\"127.0.0.9\"]\n[from.gone]\nbind = [\"192.0.2.1\"]\n\
        [from.six]\nbind = [\"::1\"]";
    let scope = Scope::parse("scope.toml", text).unwrap();
    let now = SystemTime::now();
    let active = scope.activate(now, &SystemResolver).unwrap();
    let probe = |name: &str| {
        let requested = Requested {
            host: "127.0.0.1".to_owned(),
            port,
            store: None,
            product: None,
            containers: Vec::new(),
        };
        let options = Options {
            limits: limits(),
            from: Some(name.to_owned()),
            bind: scope.vantage(name).unwrap().to_vec(),
            now,
        };
        celador_stores::run(&active, &[requested], &options).unwrap()
    };
    let report = probe("here");
    assert_eq!(report.from.as_deref(), Some("here"));
    let addresses = std::mem::take(&mut *from.lock().unwrap());
    assert!(
        !addresses.is_empty() && addresses.iter().all(|from| from == "127.0.0.9"),
        "{addresses:?}"
    );
    for name in ["gone", "six"] {
        let report = probe(name);
        let endpoint = &report.endpoints[0];
        assert_eq!(endpoint.verdict, Verdict::Unknown);
        assert!(
            endpoint
                .reason
                .as_deref()
                .is_some_and(|why| why.contains("vantage")),
            "{endpoint:?}"
        );
    }
    assert!(from.lock().unwrap().is_empty());
    let error = scope.vantage("elsewhere").unwrap_err().to_string();
    assert!(error.contains("gone, here, six"), "{error}");
    // A scope without vantage points takes any name, which is then no more than one.
    let plain = Scope::parse(
        "s",
        "owner = \"o\"\nexpires = 2100-01-01\nallow = [\"::1\"]",
    )
    .unwrap();
    assert_eq!(
        plain.vantage("outside").unwrap(),
        [] as [std::net::IpAddr; 0]
    );
}

#[test]
fn an_expired_scope_connects_nowhere() {
    let (port, counts) = server(hear);
    // Judged in force long ago; the connection holds it to the clock.
    let report = run(&[port], None, limits(), UNIX_EPOCH);
    assert_eq!(
        report.endpoints[0].reason.as_deref(),
        Some("the scope expired while probing")
    );
    assert_eq!(counts.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn an_address_is_not_flooded() {
    let (port, counts) = server(|stream, counts| {
        hear(stream, counts);
        std::thread::sleep(Duration::from_millis(20));
    });
    let limits = Limits {
        host_rate: 100,
        connections: 5,
        ..limits()
    };
    let begun = Instant::now();
    let report = run(&[port], None, limits, SystemTime::now());
    let made = counts.connections.load(Ordering::SeqCst);
    assert!(made <= 5, "{made} connections");
    assert!(begun.elapsed() >= Duration::from_millis(10) * u32::try_from(made - 1).unwrap());
    assert!(counts.most_at_once.load(Ordering::SeqCst) <= 5);
    assert_ne!(report.endpoints[0].verdict, Verdict::Open);
}

#[test]
fn no_credentials_are_sent() {
    let (port, counts) = server(|stream, counts| {
        hear(stream, counts);
        let _ = stream.write_all(
            b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        );
    });
    let report = run(&[port], Some("elasticsearch"), limits(), SystemTime::now());
    assert_eq!(report.endpoints[0].verdict, Verdict::AuthRequired);
    let heard = String::from_utf8_lossy(&counts.heard.lock().unwrap()).to_ascii_lowercase();
    assert!(heard.contains("get / http/1.1"));
    for word in ["authorization", "cookie", "password"] {
        assert!(!heard.contains(word), "{word} in {heard}");
    }
}
