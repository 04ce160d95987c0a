//! Servers without end: bodies, drips, bombs, nesting and lengths that lie.

use super::*;

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
