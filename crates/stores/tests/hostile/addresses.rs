//! Servers and names that lead elsewhere, and scopes that do not let them.

use super::*;

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
