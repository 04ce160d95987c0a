//! A small server of HTTP on loopback, and a look into it through the public entry.
#![allow(dead_code, reason = "each test uses some of it")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use celador_pii::Scanner;
use celador_stores::inspect::report::InspectReport;
use celador_stores::inspect::{Options, SketchKey, run};
use celador_stores::{Requested, Scope, SystemResolver};

/// What the server was asked, heads and bodies.
pub(crate) type Heard = Arc<Mutex<Vec<String>>>;

/// Answers each request by `answer`: from its head and body, the whole answer.
pub(crate) fn server(
    answer: impl Fn(&str, &str) -> Vec<u8> + Send + Sync + 'static,
) -> (u16, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Heard::default();
    let (shared, answer) = (Arc::clone(&heard), Arc::new(answer));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (heard, answer) = (Arc::clone(&shared), Arc::clone(&answer));
            std::thread::spawn(move || serve(stream, &heard, &*answer));
        }
    });
    (port, heard)
}

fn serve(mut stream: TcpStream, heard: &Heard, answer: &dyn Fn(&str, &str) -> Vec<u8>) {
    let mut bytes = Vec::new();
    let mut buffer = [0; 8192];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let complete = text.split_once("\r\n\r\n").and_then(|(head, body)| {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("Content-Length: "))
                .and_then(|length| length.parse().ok())
                .unwrap_or(0);
            (body.len() >= length).then(|| (head.to_owned(), body.to_owned()))
        });
        if let Some((head, body)) = complete {
            bytes.clear();
            heard.lock().unwrap().push(format!("{head}\n{body}"));
            if stream.write_all(&answer(&head, &body)).is_err() {
                return;
            }
            continue;
        }
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => bytes.extend_from_slice(&buffer[..count]),
        }
    }
}

/// An answer with a body of text; `headers` end with a line's end each.
pub(crate) fn answer(status: u16, headers: &str, body: &str) -> Vec<u8> {
    bytes(status, headers, body.as_bytes())
}

pub(crate) fn bytes(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} X\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub(crate) fn options() -> Options {
    Options {
        records: 5000,
        sample: 500,
        time: Duration::from_secs(20),
        bytes: 64 << 20,
        pages: 10_000,
        wait: Duration::from_secs(5),
        key: SketchKey::new(b"key"),
        credential: None,
        user: None,
        trust: None,
        now: SystemTime::now(),
    }
}

pub(crate) fn inspect(
    product: &str,
    port: u16,
    containers: &[&str],
    options: &Options,
) -> InspectReport {
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
        product: Some(product.to_owned()),
        containers: containers.iter().map(|name| (*name).to_owned()).collect(),
    }];
    let scanner = Scanner::builder().build().unwrap();
    run(&active, &requested, &scanner, options).unwrap()
}
