//! Stores that keep no tables: the same support records in buckets (locked), documents,
//! points in time and a search engine and wide rows, each in a server of its own that ends before the
//! next begins.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::{Celador, NUMBERED, RECORDS, container, feed, pair};
use crate::replay::{self, Person};
use crate::servers::{self, Running};

/// Looks into each; the buckets and documents have to be recognised as the data set of
/// the inspection in `other`. Returns how many stores that were.
pub(super) fn check(celador: &Celador, other: &Path) -> Result<usize> {
    let copies = [buckets(celador)?, documents(celador)?];
    points(celador)?;
    search(celador)?;
    rows(celador)?;
    let files: Vec<String> = copies
        .iter()
        .map(|file| file.display().to_string())
        .chain([other.display().to_string()])
        .collect();
    let words: Vec<&str> = files
        .iter()
        .flat_map(|file| ["--inspection", file])
        .collect();
    let report = celador.json("replicas", &words)?;
    let set = &report["data_sets"][0];
    ensure!(
        set["copies"].as_u64() == Some(files.len() as u64) && set["records"] == RECORDS,
        "one data set in buckets, documents and a search engine: {}",
        report["data_sets"]
    );
    Ok(copies.len())
}

fn start(name: &str, state: &'static str) -> Result<Running> {
    servers::several(name, state, 1)?.pop().context("no server")
}

/// Sends a body until it is taken.
fn send(words: &[&str], url: &str, body: &str) -> Result<()> {
    retry(&[words, &["--data-binary", "@-"]].concat(), url, body)
}

/// Sends what the words say until it is taken.
fn put(words: &[&str], url: &str) -> Result<()> {
    retry(words, url, "")
}

/// Again and again, since servers listen before they are ready.
fn retry(words: &[&str], url: &str, body: &str) -> Result<()> {
    let begun = Instant::now();
    loop {
        let mut curl = Command::new("curl");
        curl.args(["-sSf", "-m", "60", "-o", "/dev/null"])
            .args(words)
            .arg(url);
        match feed(curl, body) {
            Ok(()) => return Ok(()),
            Err(_) if begun.elapsed() < Duration::from_mins(1) => {
                std::thread::sleep(Duration::from_millis(500));
            }
            Err(error) => return Err(error),
        }
    }
}

const JSON: [&str; 2] = ["-H", "content-type: application/json"];

fn write(celador: &Celador, name: &str, report: &Value) -> Result<PathBuf> {
    let file = celador.dir.join(name);
    fs::write(&file, report.to_string())?;
    Ok(file)
}

fn buckets(celador: &Celador) -> Result<PathBuf> {
    let server = start("seaweedfs", "locked")?;
    let url = format!("http://127.0.0.1:{}/support", server.port);
    let signed = ["--aws-sigv4", "aws:amz:us-east-1:s3", "--user", "AK:SK"];
    put(&[&signed[..], &["-X", "PUT"]].concat(), &url)?;
    let numbers: Vec<u32> = (0..RECORDS).collect();
    for (place, some) in numbers.chunks(RECORDS as usize / 4).enumerate() {
        let mut lines = String::new();
        for number in some {
            writeln!(lines, "{}", replay::record(*number))?;
        }
        let file = celador.dir.join("object.jsonl");
        fs::write(&file, &lines)?;
        let file = file.display().to_string();
        let object = format!("{url}/export/{place}.jsonl");
        put(&[&signed[..], &["-T", &file]].concat(), &object)?;
    }
    let at = format!("127.0.0.1:{}", server.port);
    let store = celador.inspect(&[&at])?;
    ensure!(
        store["state"] == "refused",
        "buckets without a key: {store}"
    );
    let key = ["--user", "AK", "--password"];
    let wrong = [&[at.as_str()][..], &key, &["env:CELADOR_WRONG"]].concat();
    let store = celador.inspect(&wrong)?;
    ensure!(
        store["state"] == "refused"
            && store["reason"]
                .as_str()
                .is_some_and(|why| why.contains("not accepted")),
        "buckets with a wrong key: {store}"
    );
    let right = [&[at.as_str()][..], &key, &["env:CELADOR_KEY"]].concat();
    let report = celador.json("inspect", &right)?;
    let bucket = container(&report["stores"][0], "support")?;
    ensure!(
        bucket["whole"] == true
            && bucket["records"] == RECORDS
            && bucket["objects"]["read"] == 4
            && bucket["objects"]["formats"][0]["format"] == "json_lines",
        "a bucket: {bucket}"
    );
    let few = ["--max-records", "1000", "--sample", "500"];
    let store = celador.inspect(&[&right[..], &few].concat())?;
    let bucket = container(&store, "support")?;
    ensure!(
        bucket["whole"] == false && bucket["sampling"]["method"] == "unbounded",
        "a part of a bucket: {bucket}"
    );
    write(celador, "buckets.json", &report)
}

fn documents(celador: &Celador) -> Result<PathBuf> {
    let server = start("pouchdb", "open")?;
    let url = format!("http://127.0.0.1:{}/support", server.port);
    send(&["-X", "PUT"], &url, "")?;
    let records: Vec<Value> = (0..RECORDS).map(replay::record).collect();
    let body = json!({"docs": records}).to_string();
    send(&JSON, &format!("{url}/_bulk_docs"), &body)?;
    let at = format!("127.0.0.1:{}", server.port);
    let report = celador.json("inspect", &[&at])?;
    let database = container(&report["stores"][0], "support")?;
    ensure!(
        database["whole"] == true && database["records"] == RECORDS,
        "documents: {database}"
    );
    by_key(celador, &at, "support")?;
    write(celador, "documents.json", &report)
}

/// Of a large one, each record has its chance, and two looks choose the same.
fn by_key(celador: &Celador, at: &str, name: &str) -> Result<()> {
    let few = [at, "--max-records", "1000", "--sample", "600"];
    let mut sketches = Vec::new();
    for _ in 0..2 {
        let store = celador.inspect(&few)?;
        let found = container(&store, name)?;
        let examined = found["examined"].as_u64().unwrap_or_default();
        ensure!(
            found["sampling"]["method"] == "by key" && (350..=650).contains(&examined),
            "a sample by keys: {found}"
        );
        sketches.push(found["sketch"].clone());
    }
    ensure!(sketches[0] == sketches[1], "two samples by one key differ");
    Ok(())
}

fn points(celador: &Celador) -> Result<()> {
    let server = start("influxdb", "locked")?;
    let user = ["-u", "alice:s3cret"];
    let url = format!("http://127.0.0.1:{}", server.port);
    let create = [&user[..], &["-X", "POST"]].concat();
    send(
        &create,
        &format!("{url}/query?q=CREATE+DATABASE+support"),
        "",
    )?;
    let mut lines = String::new();
    for number in 0..RECORDS {
        let person = Person::new(number);
        // Each ten share a second.
        let time = 1_575_536_400 + number / 10;
        writeln!(
            lines,
            "logins,ticket=SR-{number} email=\"{}\" {time}",
            person.email
        )?;
    }
    for number in 0..NUMBERED {
        writeln!(
            lines,
            "hits,host=web{} bytes={number}i {}",
            number % 7,
            1_575_536_400 + number
        )?;
    }
    send(
        &user,
        &format!("{url}/write?db=support&precision=s"),
        &lines,
    )?;
    let at = format!("127.0.0.1:{}", server.port);
    let store = celador.inspect(&[&at])?;
    ensure!(
        store["state"] == "refused",
        "points without secret: {store}"
    );
    let log_in = [&at, "--user", "alice", "--password"];
    let store = celador.inspect(&[&log_in[..], &["env:CELADOR_WRONG"]].concat())?;
    ensure!(
        store["state"] == "refused",
        "points with a wrong secret: {store}"
    );
    let right = [
        &log_in[..],
        &["env:CELADOR_SECRET", "--max-records", "5000"],
    ]
    .concat();
    let store = celador.inspect(&right)?;
    let logins = container(&store, "support.autogen.logins")?;
    ensure!(
        logins["whole"] == true
            && logins["records"] == RECORDS
            && logins["classes"][0]["class"] == "email"
            && logins["classes"][0]["records"] == RECORDS,
        "points: {logins}"
    );
    let hits = container(&store, "support.autogen.hits")?;
    ensure!(
        hits["sampling"]["method"] == "unbounded" && hits["examined"] == 10_000,
        "a sample of points: {hits}"
    );
    Ok(())
}

/// Rows of partitions of their own, and of partitions that have many.
fn rows(celador: &Celador) -> Result<()> {
    let server = start("cassandra", "locked")?;
    let begun = Instant::now();
    let load = || -> Result<()> {
        let output = Command::new("python3")
            .arg(crate::root::root().join("xtask/servers/cassandra.py"))
            .args([server.port.to_string(), RECORDS.to_string()])
            .output()?;
        ensure!(
            output.status.success(),
            "rows were not taken: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
        Ok(())
    };
    while let Err(error) = load() {
        ensure!(begun.elapsed() < Duration::from_mins(2), "{error}");
        std::thread::sleep(Duration::from_secs(1));
    }
    let at = format!("127.0.0.1:{}", server.port);
    let store = celador.inspect(&[&at])?;
    ensure!(store["state"] == "refused", "rows without secret: {store}");
    let log_in = [&at, "--user", "cassandra", "--password"];
    let store = celador.inspect(&[&log_in[..], &["env:CELADOR_WRONG"]].concat())?;
    ensure!(
        store["state"] == "refused"
            && store["reason"]
                .as_str()
                .is_some_and(|why| why.contains("not accepted")),
        "rows with a wrong secret: {store}"
    );
    let right = [&log_in[..], &["env:CELADOR_CASSANDRA"]].concat();
    let report = celador.json("replicas", &right)?;
    let found = pair(&report, "")?;
    ensure!(
        found["relation"] == "same_data" && found["similarity"]["value"] == 1.0,
        "two tables with one content: {found}"
    );
    let few = [&right[..], &["--max-records", "1000", "--sample", "600"]].concat();
    let store = celador.inspect(&few)?;
    let single = container(&store, "support.people")?;
    let examined = single["examined"].as_u64().unwrap_or_default();
    ensure!(
        single["sampling"]["method"] == "by key" && (350..=650).contains(&examined),
        "a sample by tokens: {single}"
    );
    let many = container(&store, "support.grouped")?;
    ensure!(
        many["sampling"]["method"] == "unbounded",
        "a sample of partitions: {many}"
    );
    Ok(())
}

/// Two cores with one content.
fn search(celador: &Celador) -> Result<()> {
    let server = start("solr", "open")?;
    let conf = server.dir.join("home/configsets/plain/conf");
    fs::create_dir_all(&conf)?;
    fs::write(
        conf.join("solrconfig.xml"),
        "<config><luceneMatchVersion>9.0.0</luceneMatchVersion>\
         <schemaFactory class=\"ClassicIndexSchemaFactory\"/>\
         <updateHandler class=\"solr.DirectUpdateHandler2\"><updateLog/></updateHandler>\
         <requestHandler name=\"/select\" class=\"solr.SearchHandler\"/></config>",
    )?;
    fs::write(
        conf.join("schema.xml"),
        "<schema name=\"plain\" version=\"1.6\"><field name=\"id\" type=\"s\" required=\"true\"/>\
         <field name=\"_version_\" type=\"l\" indexed=\"false\" stored=\"false\"/>\
         <dynamicField name=\"*\" type=\"s\"/><uniqueKey>id</uniqueKey>\
         <fieldType name=\"s\" class=\"solr.StrField\" stored=\"true\" indexed=\"true\"/>\
         <fieldType name=\"l\" class=\"solr.LongPointField\" docValues=\"true\"/></schema>",
    )?;
    let documents: Vec<Value> = (0..RECORDS)
        .map(|number| {
            let person = Person::new(number);
            // What separates keys elsewhere stands in these.
            json!({"id": format!("SR,{number}&id=0"), "email": person.email, "phone": person.phone})
        })
        .collect();
    let body = Value::Array(documents).to_string();
    let url = format!("http://127.0.0.1:{}/solr", server.port);
    for core in ["first", "second"] {
        let create = format!("{url}/admin/cores?action=CREATE&name={core}&configSet=plain");
        send(&["-X", "POST"], &create, "")?;
        send(&JSON, &format!("{url}/{core}/update?commit=true"), &body)?;
    }
    let at = format!("127.0.0.1:{}", server.port);
    for limits in [&[][..], &["--max-records", "1000", "--sample", "600"]] {
        let words = [&[at.as_str()][..], limits].concat();
        let report = celador.json("replicas", &words)?;
        let found = pair(&report, "")?;
        ensure!(
            found["relation"] == "same_data" && found["similarity"]["value"] == 1.0,
            "two cores with one content: {found}"
        );
    }
    by_key(celador, &at, "first")
}
