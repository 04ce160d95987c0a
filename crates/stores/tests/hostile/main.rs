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

mod addresses;
mod limits;
mod manners;

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
