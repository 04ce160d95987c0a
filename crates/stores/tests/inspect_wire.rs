//! Looking into MySQL, MongoDB and Redis: what is told, what is sent, and servers
//! that want to do harm.
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests run servers and measure time"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use celador_pii::Scanner;
use celador_stores::inspect::report::{InspectReport, State, StoreReport};
use celador_stores::inspect::{Credential, Options, Secret, SketchKey, run};
use celador_stores::{Requested, Scope, SystemResolver};

/// The questions that the server was asked.
type Heard = Arc<Mutex<Vec<String>>>;

type Serve<T> = fn(TcpStream, &Heard, &T) -> std::io::Result<()>;

/// A server that speaks one product's protocol by `serve`, and answers by `answer`.
fn server<T: Send + Sync + 'static>(serve: Serve<T>, answer: T) -> (u16, Heard) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heard = Heard::default();
    let (shared, answer) = (Arc::clone(&heard), Arc::new(answer));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (heard, answer) = (Arc::clone(&shared), Arc::clone(&answer));
            std::thread::spawn(move || {
                let _ = serve(stream, &heard, &answer);
            });
        }
    });
    (port, heard)
}

fn options() -> Options {
    Options {
        records: 5000,
        sample: 500,
        time: Duration::from_secs(5),
        bytes: 16 << 20,
        pages: 10_000,
        wait: Duration::from_secs(1),
        key: SketchKey::new(b"key"),
        credential: Some(Credential::Password {
            user: "alice".to_owned(),
            secret: Secret::fetch("command:echo s3cret-canary").unwrap(),
        }),
        user: None,
        trust: None,
        now: SystemTime::now(),
    }
}

fn inspect(product: &str, port: u16, options: &Options) -> StoreReport {
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
        containers: Vec::new(),
    }];
    let scanner = Scanner::builder().build().unwrap();
    let begun = Instant::now();
    let report: InspectReport = run(&active, &requested, &scanner, options).unwrap();
    // The probe's own time, and that of the looking.
    assert!(
        begun.elapsed() < options.time + Duration::from_secs(20),
        "{:?}",
        begun.elapsed()
    );
    let told = format!("{report:?} {}", serde_json::to_string(&report).unwrap());
    assert!(
        !told.contains("canary"),
        "a value or a secret is told: {told}"
    );
    report.stores.into_iter().next().unwrap()
}

// Redis: questions are lists of words.

type Redis = Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

fn redis(stream: TcpStream, heard: &Heard, answer: &Redis) -> std::io::Result<()> {
    let mut out = stream.try_clone()?;
    let mut reader = BufReader::new(stream);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let count: usize = line.trim().trim_start_matches('*').parse().unwrap_or(0);
        if count == 0 {
            return Ok(());
        }
        let mut words = Vec::new();
        for _ in 0..count {
            line.clear();
            reader.read_line(&mut line)?;
            let length: usize = line.trim().trim_start_matches('$').parse().unwrap_or(0);
            let mut word = vec![0; length + 2];
            reader.read_exact(&mut word)?;
            words.push(String::from_utf8_lossy(&word[..length]).into_owned());
        }
        let question = words.join(" ");
        heard.lock().unwrap().push(question.clone());
        out.write_all(&answer(&question))?;
    }
}

fn bulk(text: &str) -> String {
    format!("${}\r\n{text}\r\n", text.len())
}

fn list(items: &[String]) -> String {
    format!("*{}\r\n{}", items.len(), items.concat())
}

fn keys(question: &str) -> Vec<u8> {
    let words: Vec<&str> = question.split(' ').collect();
    let pairs = |some: &[&str]| {
        let items: Vec<String> = some.iter().map(|one| bulk(one)).collect();
        list(&[bulk("0"), list(&items)])
    };
    match words.as_slice() {
        ["AUTH", "alice", "s3cret-canary"] | ["SELECT", _] => "+OK\r\n".to_owned(),
        ["INFO"] => bulk(
            "redis_version:7.0.15\r\nrole:master\r\nmaster_replid:abc\r\ndb0:keys=5,expires=0\r\n",
        ),
        ["SCAN", "0", ..] => {
            let found = ["s:1", "h:2", "l:3", "z:4", "canary-key@example.com"].map(bulk);
            list(&[bulk("0"), list(&found)])
        }
        ["TYPE", key] => match key.as_bytes()[0] {
            b'h' => "+hash\r\n",
            b'l' => "+list\r\n",
            b'z' => "+zset\r\n",
            _ => "+string\r\n",
        }
        .to_owned(),
        ["GETRANGE", ..] => bulk("{\"mail\":\"canary@example.com\"}"),
        ["HSCAN", ..] => pairs(&["mail", "canary2@example.com"]),
        ["ZSCAN", ..] => pairs(&["canary3@example.com", "1"]),
        ["LRANGE", ..] => list(&[bulk("canary4@example.com"), bulk("")]),
        _ => "-NOAUTH Authentication required.\r\n".to_owned(),
    }
    .into_bytes()
}

#[test]
fn keys_are_read_and_their_patterns_told() {
    let (port, heard) = server(redis, Box::new(keys) as Redis);
    let store = inspect("redis", port, &options());
    assert_eq!(store.state, State::Inspected, "{store:?}");
    assert_eq!(
        (store.cluster.as_deref(), store.primary),
        (Some("abc"), Some(true))
    );
    let database = &store.containers[0];
    assert_eq!((database.examined, database.whole), (5, true));
    assert_eq!(database.classes[0].records, 5, "{:?}", database.classes);
    // What few keys have in one place may be anything, so it is no word.
    assert!(
        database
            .fields
            .iter()
            .all(|field| field.field.starts_with('(')),
        "{:?}",
        database.fields
    );
    let heard = heard.lock().unwrap();
    let mut asked: Vec<&str> = heard
        .iter()
        .filter_map(|question| question.split(' ').next())
        .collect();
    asked.sort_unstable();
    asked.dedup();
    for word in asked {
        assert!(
            [
                "AUTH", "INFO", "SELECT", "SCAN", "TYPE", "GETRANGE", "HSCAN", "ZSCAN", "LRANGE",
                // The probe's.
                "PING", "DBSIZE", "HELLO", "COMMAND",
            ]
            .contains(&word),
            "{word}"
        );
    }
}

#[test]
fn hostile_redis_ends() {
    let hostile = |about: &'static str, answer: Vec<u8>| {
        let answers = move |question: &str| {
            if question.starts_with(about) {
                answer.clone()
            } else {
                keys(question)
            }
        };
        let (port, _) = server(redis, Box::new(answers) as Redis);
        let store = inspect("redis", port, &options());
        assert_ne!(store.state, State::Inspected, "{about}: {store:?}");
    };
    // A walk without end, with the same keys and with none.
    hostile("SCAN", list(&[bulk("7"), list(&[bulk("a")])]).into_bytes());
    hostile("SCAN", list(&[bulk("7"), list(&[])]).into_bytes());
    // Lengths that lie, nesting, many elements, words of the server's own.
    hostile("SCAN", b"*2147483647\r\n".to_vec());
    hostile("SCAN", b"*-7\r\n".to_vec());
    hostile("SCAN", "*1\r\n".repeat(100_000).into_bytes());
    hostile("SCAN", b"$9999999999999999999\r\n".to_vec());
    hostile("SCAN", b"-canary s3cret\r\n".to_vec());
    hostile("TYPE", b"$2147483647\r\nx".to_vec());
    hostile("GETRANGE", b"HTTP/1.1 200 OK\r\n".to_vec());
    hostile("AUTH", b"-WRONGPASS canary\r\n".to_vec());
    hostile("INFO", b"$5\r\n\xff\xfe\xfd\xfc\xfb\r\n".to_vec());
    // More keys than it counts, all new.
    let next = Mutex::new(0_u32);
    let answers = move |question: &str| {
        if !question.starts_with("SCAN") {
            return keys(question);
        }
        let mut next = next.lock().unwrap();
        let found: Vec<String> = (0..500)
            .map(|at| bulk(&format!("k{}", *next + at)))
            .collect();
        *next += 500;
        list(&[bulk("9"), list(&found)]).into_bytes()
    };
    let (port, _) = server(redis, Box::new(answers) as Redis);
    let store = inspect("redis", port, &options());
    assert!(
        store.containers[0].examined <= 2000,
        "{}",
        store.containers[0].examined
    );
}

// MySQL: packets with a length of three bytes and a number.

type Mysql = Box<dyn Fn(&str) -> Vec<Vec<u8>> + Send + Sync>;

fn packet(stream: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut head = [0; 4];
    stream.read_exact(&mut head)?;
    let length = usize::from(head[0]) | usize::from(head[1]) << 8 | usize::from(head[2]) << 16;
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(body)
}

fn framed(number: u8, body: &[u8]) -> Vec<u8> {
    let mut out = u32::try_from(body.len()).unwrap().to_le_bytes()[..3].to_vec();
    out.push(number);
    out.extend_from_slice(body);
    out
}

const OK: &[u8] = &[0, 0, 0, 2, 0, 0, 0];
const END: &[u8] = &[0xfe, 0, 0, 2, 0];

fn failed(code: u16) -> Vec<u8> {
    let mut out = vec![0xff];
    out.extend(code.to_le_bytes());
    out.extend_from_slice(b"#28000canary of the server");
    out
}

/// Lets in who sends a proof of twenty bytes.
fn mysql(mut stream: TcpStream, heard: &Heard, answer: &Mysql) -> std::io::Result<()> {
    let mut greeting = b"\x0a8.0.36\0\x01\0\0\0abcdefgh\0".to_vec();
    // PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH.
    greeting.extend([0x00, 0x82, 45, 2, 0, 0x08, 0x00, 21]);
    greeting.extend([0; 10]);
    greeting.extend_from_slice(b"ijklmnopqrst\0mysql_native_password\0");
    stream.write_all(&framed(0, &greeting))?;
    let login = packet(&mut stream)?;
    heard
        .lock()
        .unwrap()
        .push(String::from_utf8_lossy(&login).into_owned());
    let name = login[32..].iter().position(|byte| *byte == 0).unwrap();
    if login[32 + name + 1] != 20 {
        return stream.write_all(&framed(2, &failed(1045)));
    }
    stream.write_all(&framed(2, OK))?;
    loop {
        let question = packet(&mut stream)?;
        let question = String::from_utf8_lossy(&question[1..]).into_owned();
        heard.lock().unwrap().push(question.clone());
        for (at, body) in answer(&question).iter().enumerate() {
            stream.write_all(&framed(u8::try_from(at % 256).unwrap(), body))?;
        }
    }
}

fn field(text: &str) -> Vec<u8> {
    let mut out = match u8::try_from(text.len()) {
        Ok(small @ 0..=250) => vec![small],
        _ => [
            vec![0xfc],
            u16::try_from(text.len()).unwrap().to_le_bytes().to_vec(),
        ]
        .concat(),
    };
    out.extend_from_slice(text.as_bytes());
    out
}

fn table(columns: &[(&str, u8)], rows: &[Vec<&str>]) -> Vec<Vec<u8>> {
    let mut out = vec![vec![u8::try_from(columns.len()).unwrap()]];
    for (name, kind) in columns {
        let mut column = Vec::new();
        for part in ["def", "s", "t", "t", name, name] {
            column.extend(field(part));
        }
        column.extend([0x0c, 45, 0, 0, 0, 0, 0, *kind, 0, 0, 0, 0, 0]);
        out.push(column);
    }
    out.push(END.to_vec());
    for row in rows {
        out.push(row.iter().flat_map(|text| field(text)).collect());
    }
    out.push(END.to_vec());
    out
}

fn shop(question: &str) -> Vec<Vec<u8>> {
    let text = 253;
    if question.contains("information_schema.tables") {
        let row = vec!["shop", "people", "3", "300"];
        table(&[("s", text), ("t", text), ("r", 8), ("b", 8)], &[row])
    } else if question.contains("information_schema.columns") {
        let rows = [
            vec!["id", "bigint", "bigint(20)", "PRI"],
            vec!["mail", "varchar", "varchar(80)", ""],
        ];
        table(&[("n", text), ("d", text), ("t", text), ("k", text)], &rows)
    } else if question == "SHOW GRANTS" {
        table(
            &[("g", text)],
            &[vec!["GRANT SELECT, SHOW VIEW ON *.* TO `alice`@`%`"]],
        )
    } else if question.starts_with("SELECT * FROM `shop`.`people`") {
        let rows = [
            vec!["1", "canary1@example.com"],
            vec!["2", "canary2@example.com"],
            vec!["5", ""],
        ];
        let rows = if question.contains("WHERE") {
            &[][..]
        } else {
            &rows[..]
        };
        table(&[("id", 8), ("mail", text)], rows)
    } else if question.starts_with("SET ")
        || question.starts_with("START ")
        || question == "ROLLBACK"
    {
        vec![OK.to_vec()]
    } else {
        vec![failed(1193)]
    }
}

#[test]
fn a_table_of_mysql_is_read_whole() {
    let (port, heard) = server(mysql, Box::new(shop) as Mysql);
    let store = inspect("mysql", port, &options());
    assert_eq!(store.state, State::Inspected, "{store:?}");
    let people = &store.containers[0];
    assert_eq!(people.name, "shop.people");
    assert_eq!(
        (people.examined, people.whole, people.records),
        (3, true, Some(3))
    );
    assert_eq!(people.classes[0].records, 2);
    let heard = heard.lock().unwrap();
    assert!(
        !heard.concat().contains("s3cret"),
        "the password itself was sent"
    );
    let at = |needle: &str| heard.iter().position(|question| question.contains(needle));
    assert!(at("TRANSACTION READ ONLY") < at("CONSISTENT SNAPSHOT"));
    assert!(at("CONSISTENT SNAPSHOT") < at("SELECT * FROM"));
}

#[test]
fn hostile_mysql_ends() {
    let hostile = |about: &'static str, answer: Vec<Vec<u8>>| {
        let answers = move |question: &str| {
            if question.starts_with(about) {
                answer.clone()
            } else {
                shop(question)
            }
        };
        let (port, _) = server(mysql, Box::new(answers) as Mysql);
        let store = inspect("mysql", port, &options());
        assert_ne!(store.state, State::Inspected, "{about}: {store:?}");
    };
    let rows = "SELECT * FROM";
    // It asks for a file of ours.
    hostile(rows, vec![b"\xfb/etc/passwd".to_vec()]);
    // Pages that repeat: full ones, whose keys do not grow.
    let page = vec![vec!["1", "canary@example.com"]; 1000];
    hostile(rows, table(&[("id", 8), ("mail", 253)], &page));
    // Rows without end; more columns than a table has; lengths that lie.
    hostile(rows, table(&[("id", 8)], &vec![vec!["1"]; 60_000]));
    hostile(rows, vec![b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff".to_vec()]);
    let mut lying = table(&[("id", 8)], &[vec!["1"]]);
    lying[3] = b"\xfe\xff\xff\xff\xff\xff\xff\xff\xff".to_vec();
    hostile(rows, lying);
    let mut short = table(&[("id", 8), ("mail", 253)], &[vec!["1"]]);
    short[1].truncate(9);
    hostile(rows, short);
    hostile(rows, vec![Vec::new()]);
    hostile(rows, vec![failed(1142)]);
    hostile("SELECT table_schema", vec![failed(1142)]);
    hostile("SHOW GRANTS", vec![failed(1141)]);
    // A limit that the server does not take is no reason to go on without it.
    hostile("SET SESSION TRANSACTION READ ONLY", vec![failed(1064)]);
}

// MongoDB: documents. Open to anyone, so that no proof is needed.

type Mongo = Box<dyn Fn(&str) -> Vec<u8> + Send + Sync>;

enum Bson {
    Int(i64),
    Text(&'static str),
    Doc(Vec<u8>),
    List(Vec<Vec<u8>>),
}

fn document(fields: &[(&str, Bson)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.push(match value {
            Bson::Int(_) => 0x12,
            Bson::Text(_) => 2,
            Bson::Doc(_) => 3,
            Bson::List(_) => 4,
        });
        body.extend_from_slice(name.as_bytes());
        body.push(0);
        match value {
            Bson::Int(number) => body.extend(number.to_le_bytes()),
            Bson::Text(text) => {
                body.extend(u32::try_from(text.len() + 1).unwrap().to_le_bytes());
                body.extend_from_slice(text.as_bytes());
                body.push(0);
            }
            Bson::Doc(inner) => body.extend_from_slice(inner),
            Bson::List(list) => {
                let mut inner = Vec::new();
                for (at, one) in list.iter().enumerate() {
                    inner.push(3);
                    inner.extend_from_slice(at.to_string().as_bytes());
                    inner.push(0);
                    inner.extend_from_slice(one);
                }
                inner.push(0);
                body.extend(u32::try_from(inner.len() + 4).unwrap().to_le_bytes());
                body.extend(inner);
            }
        }
    }
    body.push(0);
    let mut out = u32::try_from(body.len() + 4)
        .unwrap()
        .to_le_bytes()
        .to_vec();
    out.extend(body);
    out
}

fn mongo(mut stream: TcpStream, heard: &Heard, answer: &Mongo) -> std::io::Result<()> {
    loop {
        let mut head = [0; 16];
        stream.read_exact(&mut head)?;
        let length = u32::from_le_bytes(head[..4].try_into().unwrap()) as usize;
        let opcode = u32::from_le_bytes(head[12..].try_into().unwrap());
        let mut body = vec![0; length - 16];
        stream.read_exact(&mut body)?;
        // The first field's name is the command.
        let start = if opcode == 2013 { 5 } else { body.len() - 20 };
        let name: Vec<u8> = body[start + 5..]
            .iter()
            .copied()
            .take_while(|byte| *byte != 0)
            .collect();
        let name = if opcode == 2013 {
            String::from_utf8_lossy(&name).into_owned()
        } else {
            "isMaster".to_owned()
        };
        heard.lock().unwrap().push(name.clone());
        let document = answer(&name);
        let (kind, before) = if opcode == 2013 {
            (2013_u32, vec![0; 5])
        } else {
            let mut before = vec![0; 16];
            before.extend(1_u32.to_le_bytes());
            (1, before)
        };
        let total = 16 + before.len() + document.len();
        let mut out = u32::try_from(total).unwrap().to_le_bytes().to_vec();
        out.extend([0; 4]);
        out.extend(1_u32.to_le_bytes());
        out.extend(kind.to_le_bytes());
        out.extend(before);
        out.extend(document);
        stream.write_all(&out)?;
    }
}

fn cursor(id: i64, batch: &str, documents: Vec<Vec<u8>>) -> Vec<u8> {
    let inner = document(&[("id", Bson::Int(id)), (batch, Bson::List(documents))]);
    document(&[("cursor", Bson::Doc(inner)), ("ok", Bson::Int(1))])
}

fn people(name: &str) -> Vec<u8> {
    let ok = ("ok", Bson::Int(1));
    match name {
        "isMaster" => document(&[
            ("maxWireVersion", Bson::Int(17)),
            ("ismaster", Bson::Int(1)),
            ok,
        ]),
        "buildInfo" => document(&[("version", Bson::Text("7.0.1")), ok]),
        "dbStats" => document(&[("objects", Bson::Int(2)), ok]),
        "listDatabases" => {
            let one = document(&[("name", Bson::Text("shop"))]);
            document(&[("databases", Bson::List(vec![one])), ok])
        }
        "listCollections" => {
            let one =
                |name, kind| document(&[("name", Bson::Text(name)), ("type", Bson::Text(kind))]);
            cursor(
                0,
                "firstBatch",
                vec![
                    one("people", "collection"),
                    one("a-view", "view"),
                    one("system.views", "collection"),
                ],
            )
        }
        "count" => document(&[("n", Bson::Int(2)), ok]),
        "find" => {
            let inner = document(&[("mail", Bson::Text("canary@example.com"))]);
            cursor(
                9,
                "firstBatch",
                vec![document(&[("customer", Bson::Doc(inner))])],
            )
        }
        "getMore" => cursor(0, "nextBatch", vec![document(&[("n", Bson::Int(1))])]),
        _ => document(&[
            ("ok", Bson::Int(0)),
            ("code", Bson::Int(13)),
            ("errmsg", Bson::Text("canary")),
        ]),
    }
}

#[test]
fn a_collection_is_read_whole() {
    let (port, heard) = server(mongo, Box::new(people) as Mongo);
    let store = inspect("mongodb", port, &options());
    assert_eq!(store.state, State::Inspected, "{store:?}");
    assert_eq!(store.containers.len(), 1);
    let people = &store.containers[0];
    assert_eq!(people.name, "shop.people");
    assert_eq!(
        (people.examined, people.whole, people.records),
        (2, true, Some(2))
    );
    assert_eq!(people.fields[0].field, "customer.mail");
    assert!(heard.lock().unwrap().iter().all(|name| {
        [
            "isMaster",
            "buildInfo",
            "listDatabases",
            "dbStats",
            "listCollections",
            "count",
            "find",
            "getMore",
        ]
        .contains(&name.as_str())
    }));
}

#[test]
fn hostile_mongodb_ends() {
    let hostile = |about: &'static str, answer: Vec<u8>| -> Heard {
        let answers = move |name: &str| {
            if name == about {
                answer.clone()
            } else {
                people(name)
            }
        };
        let (port, heard) = server(mongo, Box::new(answers) as Mongo);
        let store = inspect("mongodb", port, &options());
        assert_ne!(store.state, State::Inspected, "{about}: {store:?}");
        heard
    };
    // Pages without end: with documents, whose cursor is killed then, and empty.
    let page = vec![document(&[("n", Bson::Int(1))]); 1000];
    let heard = hostile("getMore", cursor(9, "nextBatch", page));
    assert!(
        heard
            .lock()
            .unwrap()
            .iter()
            .any(|name| name == "killCursors")
    );
    hostile("getMore", cursor(9, "nextBatch", Vec::new()));
    // Lengths that lie, within and without; types that are none; nesting.
    let good = people("find");
    for at in [0, 1, 4, 20, 40, good.len() - 1] {
        let mut bad = good.clone();
        bad[at] = 0xff;
        let answers = move |name: &str| {
            if name == "find" {
                bad.clone()
            } else {
                people(name)
            }
        };
        let (port, _) = server(mongo, Box::new(answers) as Mongo);
        inspect("mongodb", port, &options());
    }
    hostile("find", vec![0xff; 300]);
    hostile("find", Vec::new());
    let mut deep = document(&[]);
    for _ in 0..3000 {
        deep = document(&[("a", Bson::Doc(deep))]);
    }
    hostile("find", cursor(0, "firstBatch", vec![deep]));
    hostile("find", people("unknown"));
    hostile("count", people("unknown"));
    hostile("listCollections", people("unknown"));
    // A count that is none: what was read bounds nothing then.
    let answers = |name: &str| match name {
        "count" => document(&[("n", Bson::Int(-5)), ("ok", Bson::Int(1))]),
        other => people(other),
    };
    let (port, _) = server(mongo, Box::new(answers) as Mongo);
    let store = inspect("mongodb", port, &options());
    let people = &store.containers[0];
    assert_eq!((people.whole, people.records), (false, None));
    assert!(people.classes.iter().all(|class| class.low.is_none()));
}
