//! `celador probe` as it is run: endpoints on standard input, its formats, exit codes,
//! a vantage point's name, and a dry run that is dry.
#![allow(
    clippy::disallowed_methods,
    reason = "tests run a server and write files of their own"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

/// An open Elasticsearch of three documents, as far as it is asked, and how many
/// connections it got.
fn elasticsearch() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            counted.fetch_add(1, Ordering::SeqCst);
            std::thread::spawn(move || {
                let mut bytes = [0; 4096];
                while let Ok(read @ 1..) = stream.read(&mut bytes) {
                    let asked = String::from_utf8_lossy(&bytes[..read]).into_owned();
                    let body = match asked.split(' ').nth(1).unwrap_or_default() {
                        "/" => {
                            r#"{"cluster_uuid":"c1","version":{"number":"7.10.2"},"tagline":"You Know, for Search"}"#
                        }
                        "/_count" => r#"{"count":3,"_shards":{"total":1}}"#,
                        _ => "{}",
                    };
                    let answer = format!(
                        "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}",
                        body.len()
                    );
                    if stream.write_all(answer.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (port, connections)
}

fn celador(dir: &Path, args: &[&str], input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_celador"))
        .args(["probe", "--scope", "scope.toml"])
        .args(args)
        .current_dir(dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let _ = child
        .stdin
        .take()
        .expect("a pipe")
        .write_all(input.as_bytes());
    child.wait_with_output().expect("it ends")
}

fn scope() -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(
        dir.path().join("scope.toml"),
        "owner = \"tests@example.com\"\nexpires = 2100-01-01\nallow = [\"127.0.0.1\"]\n",
    )
    .expect("written");
    dir
}

#[test]
fn endpoints_come_from_standard_input() {
    let (port, _) = elasticsearch();
    let dir = scope();
    // A comment, an empty line, one endpoint twice, and one that the scope forbids.
    let lines = format!("# ours\n\n127.0.0.1:{port}\n 127.0.0.1:{port} \n192.0.2.1:9200\n");
    let output = celador(
        dir.path(),
        &["--format", "json", "--from", "outside", "-"],
        &lines,
    );
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(report["schema"], "celador.probe/v1");
    assert_eq!(report["from"], "outside");
    assert_eq!(report["endpoints"].as_array().map(Vec::len), Some(1));
    let endpoint = &report["endpoints"][0];
    assert_eq!(endpoint["endpoint"], format!("127.0.0.1:{port}"));
    assert_eq!(endpoint["verdict"], "open");
    assert_eq!(endpoint["product"], "elasticsearch");
    assert_eq!(endpoint["version"], "7.10.2");
    assert_eq!(endpoint["holds"]["records"], 3);
    assert!(endpoint["holds"]["bytes"].is_null(), "not known is no zero");
    assert!(
        endpoint["evidence"]
            .as_array()
            .is_some_and(|steps| steps.len() > 1)
    );
    assert_eq!(report["refused"][0]["endpoint"], "192.0.2.1:9200");
}

#[test]
fn a_table_and_its_exit_codes() {
    let (port, _) = elasticsearch();
    let dir = scope();
    let at = format!("127.0.0.1:{port}");
    for (words, code) in [
        (&["--fail-on", "open"][..], 1),
        (&["--fail-on", "unknown"], 0),
        (&[], 0),
    ] {
        let output = celador(dir.path(), &[words, &[at.as_str()]].concat(), "");
        let text = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{words:?}: {text}");
        for part in [
            at.as_str(),
            "open",
            "elasticsearch 7.10.2",
            "3 records",
            "plain text",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}

#[test]
fn what_is_no_endpoint_is_said_before_anything_is_asked() {
    let (port, connections) = elasticsearch();
    let dir = scope();
    let at = format!("127.0.0.1:{port}");
    let output = celador(dir.path(), &["-"], &format!("{at}\nnot an endpoint\n"));
    let error = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert!(error.contains("not an endpoint"), "{error}");
    let output = celador(dir.path(), &["--dry-run", &at], "");
    let told = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("GET / HTTP/1.0"), "{told}");
    assert_eq!(connections.load(Ordering::SeqCst), 0);
}
