//! Products whose protocol YAML cannot say.
//!
//! Each module speaks as little as tells open from locked: a read that needs
//! permission, parsed by the protocol's own structure. `Ok(None)` means that
//! the answers are not of this product. None of them sends a password; a user's
//! name is sent where the protocol cannot begin without one.

pub(crate) mod cassandra;
mod clickhouse;
mod ftp;
mod kafka;
mod ldap;
mod memcached;
mod mongodb;
mod mqtt;
mod mysql;
mod nats;
mod nfs;
mod postgresql;
mod rabbitmq;
mod redis;
mod rethinkdb;
mod rsync;
mod smb;
mod sqlserver;
mod zookeeper;

use crate::transport::{Failure, Session};
use crate::verdict::Finding;

/// Probes for one product. An unknown id is no product.
pub(crate) async fn run(id: &str, session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    match id {
        "cassandra" => cassandra::probe(session).await,
        "clickhouse-native" => clickhouse::probe(session).await,
        "ftp" => ftp::probe(session).await,
        "kafka" => kafka::probe(session).await,
        "ldap" => ldap::probe(session).await,
        "memcached" => memcached::probe(session).await,
        "mongodb" => mongodb::probe(session).await,
        "mqtt" => mqtt::probe(session).await,
        "mysql" => mysql::probe(session).await,
        "nats" => nats::probe(session).await,
        "nfs" => nfs::probe(session).await,
        "postgresql" => postgresql::probe(session).await,
        "rabbitmq" => rabbitmq::probe(session).await,
        "redis" => redis::probe(session).await,
        "rethinkdb" => rethinkdb::probe(session).await,
        "rsync" => rsync::probe(session).await,
        "smb" => smb::probe(session).await,
        "sqlserver" => sqlserver::probe(session).await,
        "zookeeper" => zookeeper::probe(session).await,
        _ => Ok(None),
    }
}

/// What a module sends, for people; empty for an unknown id.
pub(crate) fn sends(id: &str) -> &'static [&'static str] {
    match id {
        "cassandra" => &[
            "OPTIONS",
            "STARTUP",
            "SELECT release_version FROM system.local",
            "SELECT keyspace_name FROM system_schema.tables",
        ],
        "clickhouse-native" => &[
            "login as default without password",
            "SELECT count() FROM system.tables",
        ],
        "ftp" => &[
            "USER anonymous",
            "PASS anonymous@ (no secret: RFC 1635)",
            "STAT /",
            "QUIT",
        ],
        "kafka" => &[
            "ApiVersions",
            "Metadata of all topics",
            "DescribeConfigs of a broker",
            "ListOffsets",
            "SaslHandshake of a mechanism that does not exist",
        ],
        "ldap" => &[
            "search of the root DSE, without bind",
            "search below the first naming context for at most one entry without attributes, without bind",
        ],
        "memcached" => &[
            "stats settings",
            "version",
            "stats",
            "binary version and stat",
        ],
        "mongodb" => &["isMaster", "buildInfo", "listDatabases", "dbStats"],
        "mqtt" => &[
            "CONNECT without user",
            "SUBSCRIBE $SYS/broker/# and #; the first message's header is read, its payload dropped",
        ],
        "mysql" => &["login as root without password", "SHOW DATABASES"],
        "nats" => &["CONNECT {\"verbose\":true}", "SUB >", "PING"],
        "nfs" => &[
            "NULL",
            "COMPOUND of PUTROOTFH, LOOKUP, GETATTR and READDIR from the root to the exports, as the user nobody",
            "EXPORT, MNT, READDIR and UMNT of NFS 3 where its mount protocol is on the same port",
            "DUMP where there is nothing but a port mapper",
        ],
        "postgresql" => &[
            "SSLRequest",
            "StartupMessage user=postgres database=postgres",
            "SELECT over pg_database and pg_class",
        ],
        "rabbitmq" => &["AMQP 0-9-1 protocol header"],
        "redis" => &[
            "DBSIZE",
            "SCAN 0 COUNT 1",
            "INFO",
            "GET of a key that is not there",
        ],
        "rethinkdb" => &[
            "V1_0's first bytes",
            "V0_4 without key",
            "dbList()",
            "table_config.count()",
        ],
        "rsync" => &[
            "#list",
            "the name of each of the first eight modules, and of those that an inventory has",
        ],
        "smb" => &[
            "NEGOTIATE of 2.0.2 to 3.0.2; of SMB 1 where that is not answered",
            "anonymous SESSION_SETUP",
            "NetrShareEnum over IPC$",
            "TREE_CONNECT and QUERY_DIRECTORY of the root of each of the first eight shares",
        ],
        "sqlserver" => &["PRELOGIN"],
        "zookeeper" => &["srvr", "ConnectRequest", "getChildren2 / and /zookeeper"],
        _ => &[],
    }
}

/// Whether the protocol is also found inside TLS on a port of its own.
pub(crate) fn may_use_tls(id: &str) -> bool {
    matches!(
        id,
        "redis"
            | "mqtt"
            | "rabbitmq"
            | "ldap"
            | "memcached"
            | "mongodb"
            | "cassandra"
            | "kafka"
            | "clickhouse-native"
    )
}

/// Whether the server greets first, so that silence rules it out.
pub(crate) fn speaks_first(id: &str) -> bool {
    matches!(id, "ftp" | "mysql" | "nats" | "rsync")
}

/// Whether the server waits for the rest of what it takes for a message, when
/// it is sent an HTTP request. A server that keeps silent at that is asked in
/// these protocols alone.
pub(crate) fn waits(id: &str) -> bool {
    WAITING.contains(&id)
}

/// The likelier ones first.
pub(crate) const WAITING: [&str; 4] = ["ldap", "zookeeper", "smb", "nfs"];

/// What a client of these sends first, to ask all of them at a time.
pub(crate) fn opener(id: &str) -> Vec<u8> {
    match id {
        "ldap" => ldap::opener(),
        "zookeeper" => b"srvr".to_vec(),
        "smb" => smb::opener(),
        "nfs" => nfs::opener(),
        _ => Vec::new(),
    }
}

/// Whether an answer to the opener can be of the protocol, by its first byte; to
/// hang up (no byte) is how a server of SMB 1 answers SMB 2.
pub(crate) fn may_open(id: &str, answer: &[u8]) -> bool {
    match (id, answer.first()) {
        // A sequence.
        ("ldap", Some(first)) => *first == 0x30,
        // "Zookeeper version", "srvr is not executed", "This ZooKeeper instance".
        ("zookeeper", Some(first)) => b"ZsT".contains(first),
        // A length below 2^24; a mark of a last part, or of another.
        ("smb", Some(first)) => *first == 0,
        ("nfs", Some(first)) => matches!(first, 0 | 0x80),
        ("smb", None) => true,
        _ => false,
    }
}

/// Products that the first bytes after an HTTP request suggest; empty when they
/// suggest nothing.
pub(crate) fn suggested(first: &[u8]) -> Vec<&'static str> {
    // A greeting of MySQL: length, sequence number 0, protocol 10 or an error.
    if let [_, _, 0, 0, 0x0a | 0xff, ..] = first {
        return vec!["mysql"];
    }
    if let Some(id) = native(first) {
        return vec![id];
    }
    let starts: &[(&[u8], &[&str])] = &[
        (b"-ERR wrong number", &["redis"]),
        (b"-ERR unknown", &["redis"]),
        (b"-NOAUTH", &["redis"]),
        (b"-NOPERM", &["redis"]),
        (b"-DENIED", &["redis"]),
        (b"ERROR: Received an unsupported protocol", &["rethinkdb"]),
        (b"ERROR", &["memcached"]),
        (b"CLIENT_ERROR", &["memcached"]),
        (b"INFO {", &["nats"]),
        (b"@RSYNCD:", &["rsync"]),
        (b"220", &["ftp"]),
        (b"AMQP", &["rabbitmq"]),
    ];
    starts
        .iter()
        .find(|(start, _)| first.starts_with(start))
        .map(|(_, ids)| ids.to_vec())
        .unwrap_or_default()
}

/// The product whose native port says in words of HTTP that it is none of HTTP.
pub(crate) fn native(answer: &[u8]) -> Option<&'static str> {
    let says = |words: &str| {
        answer
            .windows(words.len())
            .any(|bytes| bytes == words.as_bytes())
    };
    if says("is for clickhouse-client program") {
        Some("clickhouse-native")
    } else if says("MongoDB over HTTP on the native driver port") {
        Some("mongodb")
    } else {
        None
    }
}

/// Reads numbers and bytes of a message that has come whole. Every read past
/// the end is an error, so a length that lies cannot reach further.
#[derive(Debug)]
pub(crate) struct Cursor<'b> {
    left: &'b [u8],
}

impl<'b> Cursor<'b> {
    pub(crate) fn new(left: &'b [u8]) -> Self {
        Self { left }
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Result<&'b [u8], Failure> {
        let (head, tail) = self
            .left
            .split_at_checked(count)
            .ok_or(Failure::Malformed("a message shorter than it says"))?;
        self.left = tail;
        Ok(head)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, Failure> {
        Ok(self.bytes(1)?[0])
    }

    /// Big-endian.
    pub(crate) fn u16(&mut self) -> Result<u16, Failure> {
        let bytes = self.bytes(2)?;
        Ok(u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    /// Big-endian.
    pub(crate) fn u32(&mut self) -> Result<u32, Failure> {
        let bytes = self.bytes(4)?;
        Ok(u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// Big-endian.
    pub(crate) fn u64(&mut self) -> Result<u64, Failure> {
        Ok(u64::from(self.u32()?) << 32 | u64::from(self.u32()?))
    }

    /// Little-endian.
    pub(crate) fn le16(&mut self) -> Result<u16, Failure> {
        Ok(self.u16()?.swap_bytes())
    }

    /// Little-endian.
    pub(crate) fn le32(&mut self) -> Result<u32, Failure> {
        Ok(self.u32()?.swap_bytes())
    }

    /// Little-endian.
    pub(crate) fn le64(&mut self) -> Result<u64, Failure> {
        Ok(self.u64()?.swap_bytes())
    }

    /// Up to and without the next zero byte.
    pub(crate) fn text(&mut self) -> Result<&'b str, Failure> {
        let end = self
            .left
            .iter()
            .position(|byte| *byte == 0)
            .ok_or(Failure::Malformed("a text without end"))?;
        let text = self.bytes(end)?;
        self.bytes(1)?;
        std::str::from_utf8(text).map_err(|_| Failure::Malformed("no text"))
    }

    pub(crate) fn rest(&self) -> &'b [u8] {
        self.left
    }
}

/// A length as `usize`.
pub(crate) fn size(length: u32) -> Result<usize, Failure> {
    usize::try_from(length).map_err(|_| Failure::TooLarge)
}
