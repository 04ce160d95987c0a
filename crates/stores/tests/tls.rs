//! A store behind TLS whose certificate has expired and which nobody signed is
//! probed all the same, and both are reported.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests run servers"
)]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::SystemTime;

use celador_stores::{Limits, Options, Requested, Scope, SystemResolver, Verdict};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

#[test]
fn facts_of_a_certificate_that_nobody_should_trust() {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["es.example.com".to_owned()]).unwrap();
    params.not_before = rcgen::date_time_ymd(2000, 1, 1);
    params.not_after = rcgen::date_time_ymd(2001, 1, 1);
    let certificate = params.self_signed(&key).unwrap();
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let mut bytes = [0; 2048];
            if stream.read(&mut bytes).is_ok() {
                let _ = stream.write_all(
                    b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"OpenSearch Security\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                );
                let _ = stream.flush();
            }
        }
    });
    let scope = "owner = \"o\"\nexpires = 2100-01-01\nallow = [\"127.0.0.1\"]";
    let scope = Scope::parse("scope.toml", scope).unwrap();
    let now = SystemTime::now();
    let active = scope.activate(now, &SystemResolver).unwrap();
    let requested = Requested {
        host: "127.0.0.1".to_owned(),
        port,
        store: None,
        product: Some("opensearch".to_owned()),
        containers: Vec::new(),
    };
    let options = Options {
        limits: Limits::default(),
        from: None,
        bind: Vec::new(),
        now,
    };
    let report = celador_stores::run(&active, &[requested], &options).unwrap();
    let endpoint = &report.endpoints[0];
    assert_eq!(endpoint.verdict, Verdict::AuthRequired);
    assert_eq!(endpoint.product.as_deref(), Some("opensearch"));
    let tls = endpoint.tls.as_ref().unwrap();
    assert_eq!(tls.protocol, "TLSv1.3");
    let found = tls.certificate.as_ref().unwrap();
    assert_eq!(found.names, ["es.example.com"]);
    assert_eq!(found.not_after, "2001-01-01T00:00:00Z");
    assert!(found.expired && found.self_signed);
}
