//! What a probe does to a server that it may ask: how much, how often, and what it
//! never sends.

use super::*;

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
