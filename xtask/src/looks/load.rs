//! The invented people, put into each product in its own way.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::{NUMBERED, RECORDS, feed};
use crate::replay::{self, Person};

pub(super) fn load_opensearch(port: u16) -> Result<()> {
    let mut bulk = String::new();
    for number in 0..RECORDS {
        writeln!(
            bulk,
            "{{\"index\":{{\"_id\":\"{number}\"}}}}\n{}",
            replay::record(number)
        )?;
    }
    let begun = Instant::now();
    loop {
        let mut curl = Command::new("curl");
        curl.args(["-sfk", "-m", "60", "-u", "admin:admin"])
            .args([
                "-H",
                "content-type: application/x-ndjson",
                "--data-binary",
                "@-",
            ])
            .arg(format!(
                "https://127.0.0.1:{port}/{}/_bulk?refresh=true",
                replay::INDEX
            ));
        match feed(curl, &bulk) {
            Ok(()) => return Ok(()),
            // It listens before its users are there.
            Err(_) if begun.elapsed() < Duration::from_mins(2) => {
                std::thread::sleep(Duration::from_secs(1));
            }
            Err(error) => return Err(error),
        }
    }
}

/// The columns of a record: nested ones as JSON.
fn columns(number: u32) -> Vec<String> {
    let record = replay::record(number);
    [
        "ticket",
        "created",
        "customer",
        "client_ip",
        "status",
        "body",
    ]
    .iter()
    .map(|name| match &record[name] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
    .collect()
}

pub(super) fn psql(port: u16, database: &str, query: &str) -> Command {
    let mut psql = Command::new("psql");
    psql.args([
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-h",
        "127.0.0.1",
        "-U",
        "postgres",
    ])
    .args(["-p", &port.to_string(), "-d", database, "-c", query]);
    psql
}

pub(super) fn load_postgresql(port: u16) -> Result<()> {
    // It listens before it lets anyone in.
    let begun = Instant::now();
    while feed(psql(port, "postgres", "CREATE DATABASE support"), "").is_err() {
        ensure!(
            begun.elapsed() < Duration::from_mins(1),
            "PostgreSQL lets nobody in"
        );
        std::thread::sleep(Duration::from_millis(200));
    }
    let create = format!(
        "CREATE TABLE records (ticket text, created timestamptz, customer jsonb, client_ip inet, \
         status text, body text); \
         CREATE TABLE numbered (id bigint PRIMARY KEY, mail text); \
         INSERT INTO numbered SELECT n, 'anna' || n || '@example.com' \
         FROM generate_series(1, {NUMBERED}) n; ANALYZE numbered"
    );
    feed(psql(port, "support", &create), "")?;
    let mut csv = String::new();
    for number in 0..RECORDS {
        let fields: Vec<String> = columns(number)
            .iter()
            .map(|field| format!("\"{}\"", field.replace('"', "\"\"")))
            .collect();
        writeln!(csv, "{}", fields.join(","))?;
    }
    feed(psql(port, "support", "COPY records FROM STDIN CSV"), &csv)
}

pub(super) fn load_mariadb(port: u16) -> Result<()> {
    let mut sql = format!(
        "CREATE DATABASE support CHARACTER SET utf8mb4; USE support;\n\
         CREATE TABLE records (ticket varchar(40), created datetime, customer json, \
         client_ip varchar(40), status varchar(20), body text);\n\
         CREATE TABLE numbered (id bigint PRIMARY KEY, mail varchar(80));\n\
         INSERT INTO numbered SELECT seq, CONCAT('anna', seq, '@example.com') \
         FROM seq_1_to_{NUMBERED};\nANALYZE TABLE numbered;\n"
    );
    for number in 0..RECORDS {
        let fields: Vec<String> = columns(number)
            .iter()
            .enumerate()
            .map(|(at, field)| {
                // It knows no offset from UTC.
                let field = if at == 1 {
                    field.trim_end_matches('Z')
                } else {
                    field
                };
                format!("'{}'", field.replace('\\', "\\\\").replace('\'', "''"))
            })
            .collect();
        writeln!(sql, "INSERT INTO records VALUES ({});", fields.join(","))?;
    }
    let mut client = Command::new("mariadb");
    client
        .args([
            "--no-defaults",
            "--default-character-set=utf8mb4",
            "-h",
            "127.0.0.1",
            "-u",
            "root",
            "-P",
        ])
        .arg(port.to_string());
    feed(client, &format!("SET autocommit=0;\n{sql}COMMIT;\n"))
}

/// A document of BSON, of texts and documents alone.
fn bson(value: &Value) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    for (name, one) in value.as_object().context("an object")? {
        let (kind, bytes) = match one {
            Value::String(text) => {
                let mut bytes = u32::try_from(text.len() + 1)?.to_le_bytes().to_vec();
                bytes.extend_from_slice(text.as_bytes());
                bytes.push(0);
                (2, bytes)
            }
            Value::Array(list) => {
                let numbered: serde_json::Map<String, Value> = list
                    .iter()
                    .enumerate()
                    .map(|(at, one)| (format!("{at:09}"), one.clone()))
                    .collect();
                (4, bson(&Value::Object(numbered))?)
            }
            other => (3, bson(other)?),
        };
        body.push(kind);
        body.extend_from_slice(name.as_bytes());
        body.push(0);
        body.extend(bytes);
    }
    body.push(0);
    let mut out = u32::try_from(body.len() + 4)?.to_le_bytes().to_vec();
    out.extend(body);
    Ok(out)
}

pub(super) fn load_mongo(port: u16) -> Result<()> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let numbers: Vec<u32> = (0..RECORDS).collect();
    for some in numbers.chunks(500) {
        let records: Vec<Value> = some.iter().map(|number| replay::record(*number)).collect();
        // The command's name comes first; the fields are in order of their names.
        let command = bson(&json!({"$db": "support", "documents": records}))?;
        let insert = bson(&json!({"insert": "records"}))?;
        let mut body = insert[4..insert.len() - 1].to_vec();
        body.extend_from_slice(&command[4..]);
        let mut message = u32::try_from(21 + 4 + body.len())?.to_le_bytes().to_vec();
        message.extend([1, 0, 0, 0, 0, 0, 0, 0, 0xdd, 7, 0, 0, 0, 0, 0, 0, 0]);
        message.extend(u32::try_from(4 + body.len())?.to_le_bytes());
        message.extend(body);
        stream.write_all(&message)?;
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let mut answer = vec![0; u32::from_le_bytes(length) as usize - 4];
        stream.read_exact(&mut answer)?;
        ensure!(
            !answer.windows(6).any(|part| part == b"errmsg"),
            "the records were not taken"
        );
    }
    Ok(())
}

pub(super) fn load_redis(port: u16) -> Result<()> {
    let mut commands = String::new();
    for number in 0..200 {
        let person = Person::new(number);
        let key = format!("customer:{number}");
        let words = ["HSET", &key, "name", &person.name, "email", &person.email];
        write!(commands, "*{}\r\n", words.len())?;
        for word in words {
            write!(commands, "${}\r\n{word}\r\n", word.len())?;
        }
    }
    commands.push_str("*1\r\n$4\r\nQUIT\r\n");
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    stream.write_all(commands.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    ensure!(
        answer.matches(":2\r\n").count() == 200,
        "the keys were not taken"
    );
    Ok(())
}
