//! Servers for `bench probe`: thousands of addresses of loopback in one process.
//!
//! Each address has a listener of its own and a kind; what a kind answers was
//! recorded from the real server (Elasticsearch 7.10.2 of Maven Central; Redis
//! 7.0 and memcached 1.6 of Debian 12). It serves until its standard input ends,
//! so it cannot outlive who started it.

use std::io::Read as _;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use crate::report::Outcome;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Which set of endpoints.
    set: String,
    /// How many.
    count: u32,
}

/// What an endpoint does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Elasticsearch,
    LockedElasticsearch,
    Redis,
    LockedRedis,
    Memcached,
    /// Nobody listens.
    Closed,
    /// Takes what it is sent and never answers.
    Silent,
    /// Elasticsearch, each answer a second late.
    Slow,
    /// A byte every 100 ms, without end.
    Drip,
    /// A page with words of Elasticsearch in it.
    Page,
    /// Elasticsearch, locked, inside TLS with a certificate that nobody signed.
    Tls,
}

use Kind::{
    Closed, Drip, Elasticsearch, LockedElasticsearch, LockedRedis, Memcached, Page, Redis, Silent,
    Slow, Tls,
};

impl Kind {
    pub(crate) fn port(self) -> u16 {
        match self {
            Redis | LockedRedis => 6379,
            Memcached => 11_211,
            _ => 9200,
        }
    }

    /// The verdict and the product it has to get.
    pub(crate) fn expect(self) -> (&'static str, Option<&'static str>) {
        match self {
            Elasticsearch | Slow => ("open", Some("elasticsearch")),
            LockedElasticsearch | Tls => ("auth_required", Some("elasticsearch")),
            Redis => ("open", Some("redis")),
            LockedRedis => ("auth_required", Some("redis")),
            Memcached => ("open", Some("memcached")),
            Closed => ("unreachable", None),
            Silent | Drip | Page => ("unknown", None),
        }
    }

    /// Records it says it holds.
    pub(crate) fn records(self) -> Option<u64> {
        match self {
            Elasticsearch | Slow => Some(100_000),
            Redis => Some(12_345),
            Memcached => Some(678),
            _ => None,
        }
    }
}

/// The kinds of a set, over and over; `None` for a set that is not known.
fn pattern(set: &str) -> Option<&'static [Kind]> {
    match set {
        "half" => Some(&[Elasticsearch, Closed]),
        "mixed" => Some(&[
            Elasticsearch,
            Closed,
            Redis,
            Silent,
            LockedElasticsearch,
            Closed,
            Memcached,
            Slow,
            Elasticsearch,
            Closed,
            LockedRedis,
            Silent,
            Elasticsearch,
            Closed,
            Memcached,
            Drip,
            Elasticsearch,
            Closed,
            Redis,
            Page,
        ]),
        "formats" => Some(&[
            Elasticsearch,
            LockedElasticsearch,
            Redis,
            Memcached,
            LockedRedis,
            Closed,
            Page,
            Tls,
        ]),
        "known" => Some(&[Redis, Memcached, Closed, LockedRedis]),
        _ => None,
    }
}

/// Every endpoint of a set: 127.64.0.1 and so on.
pub(crate) fn endpoints(set: &str, count: u32) -> Result<Vec<(Ipv4Addr, Kind)>> {
    let kinds = pattern(set).with_context(|| format!("no set {set}"))?;
    Ok((0..count)
        .zip(kinds.iter().cycle())
        .map(|(number, kind)| {
            // Neither .0 nor .255, which some tools leave out.
            let address = 0x7f40_0000 + (number / 250) * 256 + number % 250 + 1;
            (Ipv4Addr::from(address), *kind)
        })
        .collect())
}

pub(crate) fn run(args: &Args) -> Result<Outcome> {
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    setrlimit(Resource::RLIMIT_NOFILE, hard.min(1 << 20), hard)?;
    let endpoints = endpoints(&args.set, args.count)?;
    if hard < u64::from(args.count) * 2 {
        bail!("at most {hard} open files are allowed, too few for the servers");
    }
    let tls = acceptor()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        for (address, kind) in endpoints {
            if kind == Closed {
                continue;
            }
            let listener = TcpListener::bind((address, kind.port()))
                .await
                .with_context(|| format!("cannot listen on {address}:{}", kind.port()))?;
            let tls = tls.clone();
            tokio::spawn(async move {
                while let Ok((stream, _)) = listener.accept().await {
                    let tls = tls.clone();
                    tokio::spawn(async move {
                        if kind != Tls {
                            serve(stream, kind).await;
                        } else if let Ok(stream) = tls.accept(stream).await {
                            serve(stream, LockedElasticsearch).await;
                        }
                    });
                }
            });
        }
        anyhow::Ok(())
    })?;
    println!("ready");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    runtime.shutdown_background();
    Ok(Outcome::passed("served"))
}

/// A certificate of this moment and its key.
fn acceptor() -> Result<TlsAcceptor> {
    let key = rcgen::KeyPair::generate()?;
    let mut params = rcgen::CertificateParams::new(vec!["es.example.com".to_owned()])?;
    // The same each time, but for the key.
    params.serial_number = Some(rcgen::SerialNumber::from(7_u64));
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2021, 1, 1);
    let certificate = params.self_signed(&key)?;
    let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], private)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, kind: Kind) {
    let mut buffer = [0_u8; 2048];
    loop {
        let count = match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return,
            Ok(count) => count,
        };
        let request = String::from_utf8_lossy(buffer.get(..count).unwrap_or_default());
        let answer: Arc<str> = match kind {
            Closed => return,
            Silent => continue,
            Drip => loop {
                if stream.write_all(b"H").await.is_err() {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(100)).await;
            },
            Slow => {
                tokio::time::sleep(Duration::from_secs(1)).await;
                elasticsearch(&request)
            }
            Elasticsearch => elasticsearch(&request),
            LockedElasticsearch | Tls => http(
                401,
                "WWW-Authenticate: Basic realm=\"security\" charset=\"UTF-8\"\r\n",
                r#"{"error":{"root_cause":[{"type":"security_exception","reason":"missing authentication credentials for REST request"}],"type":"security_exception","reason":"missing authentication credentials for REST request"},"status":401}"#,
            ),
            Page => http(
                200,
                "",
                "<pre>{ \"number\" : 7, \"tagline\" : \"You Know, for Search\", \"count\" : 9 }</pre>",
            ),
            Redis => redis(&request),
            LockedRedis => "-NOAUTH Authentication required.\r\n".into(),
            Memcached => memcached(&request),
        };
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn http(status: u16, headers: &str, body: &str) -> Arc<str> {
    format!(
        "HTTP/1.1 {status} OK\r\n{headers}content-type: application/json; charset=UTF-8\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into()
}

fn elasticsearch(request: &str) -> Arc<str> {
    let path = request.split(' ').nth(1).unwrap_or_default();
    let body = match path.split('?').next().unwrap_or_default() {
        "/" => {
            "{\n  \"name\" : \"es\",\n  \"cluster_name\" : \"support\",\n  \"cluster_uuid\" : \"3oNCfxCqQoyuc8hVZKgkPA\",\n  \"version\" : {\n    \"number\" : \"7.10.2\",\n    \"build_flavor\" : \"oss\",\n    \"build_type\" : \"tar\",\n    \"build_hash\" : \"747e1cc71def077253878a59143c1f785afa92b9\",\n    \"build_date\" : \"2021-01-13T00:42:12.435326Z\",\n    \"build_snapshot\" : false,\n    \"lucene_version\" : \"8.7.0\",\n    \"minimum_wire_compatibility_version\" : \"6.8.0\",\n    \"minimum_index_compatibility_version\" : \"6.0.0-beta1\"\n  },\n  \"tagline\" : \"You Know, for Search\"\n}\n"
        }
        "/_count" => {
            r#"{"count":100000,"_shards":{"total":1,"successful":1,"skipped":0,"failed":0}}"#
        }
        "/_snapshot" => "{}",
        "/_cluster/stats" => r#"{"indices":{"count":1,"store":{"size_in_bytes":41873664}}}"#,
        _ => {
            return http(
                404,
                "",
                r#"{"error":"no handler found for uri","status":404}"#,
            );
        }
    };
    http(200, "", body)
}

fn redis(request: &str) -> Arc<str> {
    let request = request.to_ascii_uppercase();
    if request.contains("DBSIZE") {
        ":12345\r\n".into()
    } else if request.contains("INFO") {
        let text = "# Server\r\nredis_version:7.0.15\r\nredis_mode:standalone\r\nos:Linux 6.1.0 x86_64\r\narch_bits:64\r\nprocess_id:9\r\n# Clients\r\nconnected_clients:1\r\n# Memory\r\nused_memory:1048576\r\nused_memory_dataset:409600\r\n# CPU\r\nused_cpu_sys:0.03\r\nused_cpu_user:0.02\r\n# Replication\r\nrole:master\r\nmaster_replid:8371b4fb1155b71f4a04d3e1bc3e18c4a990aeeb\r\n# Keyspace\r\ndb0:keys=12345,expires=0,avg_ttl=0\r\n";
        format!("${}\r\n{text}\r\n", text.len()).into()
    } else {
        "-ERR unknown command\r\n".into()
    }
}

fn memcached(request: &str) -> Arc<str> {
    if request.starts_with("stats settings") {
        "STAT maxbytes 67108864\r\nSTAT maxconns 1024\r\nSTAT tcpport 11211\r\nEND\r\nVERSION 1.6.18\r\n".into()
    } else if request.starts_with("stats") {
        "STAT pid 9\r\nSTAT uptime 100\r\nSTAT time 1700000000\r\nSTAT version 1.6.18\r\nSTAT pointer_size 64\r\nSTAT curr_connections 2\r\nSTAT total_connections 3\r\nSTAT maximum_connections 1024\r\nSTAT cmd_get 0\r\nSTAT cmd_set 0\r\nSTAT bytes 65536\r\nSTAT curr_items 678\r\nEND\r\n".into()
    } else {
        "ERROR\r\n".into()
    }
}
