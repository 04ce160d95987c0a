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
        })
        .collect();
    let options = Options {
        limits,
        from: None,
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
        for product in ["redis", "mysql", "postgresql", "ftp", "rsync"] {
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
