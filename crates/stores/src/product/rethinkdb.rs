//! `RethinkDB`'s driver protocol ("Writing drivers" of its documentation).
//!
//! `V1_0` begins with the server's version, told to anyone; its login proves that
//! one knows a password, an empty one too, and is not begun. `V0_4`, which every
//! server still takes, has a place for a key and sends none. The list of databases
//! is the read. Documents are not counted, since that reads whole tables.

use serde_json::Value;

use super::size;
use crate::product::Cursor;
use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, token};

const V0_4: u32 = 0x400c_2d20;
const V1_0: u32 = 0x34c2_bdc3;
const JSON: u32 = 0x7e69_70c7;

/// `dbList()`, and `db("rethinkdb").table("table_config").count()`.
const LIST: &str = "[1,[59,[]],{}]";
const COUNT: &str = r#"[1,[43,[[15,[[14,["rethinkdb"]],"table_config"]]]],{}]"#;

const SUCCESS: u64 = 1;
const PERMISSION: u64 = 6_000_000;

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    link.send(&V1_0.to_le_bytes()).await?;
    let text = until_zero(&mut link).await?;
    let mut finding = Finding::of("rethinkdb");
    if let Ok(hello) = serde_json::from_str::<Value>(&text) {
        if hello["success"] != Value::Bool(true) || !hello["min_protocol_version"].is_u64() {
            return Ok(None);
        }
        finding.version = hello["server_version"].as_str().and_then(token);
    } else if !text.contains("This port is for RethinkDB queries") {
        // Before 2.3 that is the answer.
        return Ok(None);
    }
    finding.saw("V1_0", "as rethinkdb answers, whatever the lock");

    let mut link = session.connect().await?;
    let mut hello = V0_4.to_le_bytes().to_vec();
    hello.extend(0_u32.to_le_bytes());
    hello.extend(JSON.to_le_bytes());
    link.send(&hello).await?;
    let sent = "V0_4 without key";
    match until_zero(&mut link).await {
        Ok(text) if text == "SUCCESS" => finding.saw(sent, "let in, which is no read yet"),
        Ok(text) if text.starts_with("ERROR: Incorrect authorization key") => {
            finding.read(Outcome::Refused, sent, "a key is asked for");
            return Ok(Some(finding));
        }
        Ok(_) => {
            finding.read(Outcome::Unclear, sent, "an error that is no refusal");
            return Ok(Some(finding));
        }
        Err(failure) if failure.is_final() => return Err(failure),
        Err(failure) => {
            finding.read(Outcome::Unclear, sent, failure.to_string());
            return Ok(Some(finding));
        }
    }
    link.next_answer();
    let sent = "dbList()";
    let answer = ask(&mut link, 1, LIST).await?;
    if answer["e"].as_u64() == Some(PERMISSION) {
        finding.read(Outcome::Refused, sent, "not permitted");
    } else if answer["t"].as_u64() != Some(SUCCESS) {
        finding.read(Outcome::Unclear, sent, "an error that is no refusal");
    } else if let Some(names) = answer["r"][0].as_array() {
        // Its own is always there, for who may see anything.
        if names.is_empty() || !names.iter().all(Value::is_string) {
            finding.read(
                Outcome::Unclear,
                sent,
                "an empty list, which proves nothing",
            );
        } else {
            finding.read(Outcome::Granted, sent, format!("{} databases", names.len()));
        }
    } else {
        finding.read(Outcome::Unclear, sent, "an answer without databases");
    }
    if finding.verdict == crate::verdict::Verdict::Open
        && let Ok(answer) = ask(&mut link, 2, COUNT).await
        && answer["t"].as_u64() == Some(SUCCESS)
    {
        finding.holds.containers = answer["r"][0].as_u64();
        finding.saw("table_config.count()", "how many tables there are");
    }
    Ok(Some(finding))
}

/// Text up to a zero byte.
async fn until_zero(link: &mut Link) -> Result<String, Failure> {
    const MOST: usize = 4096;
    let mut text = Vec::new();
    loop {
        match link.exact(1).await?.first() {
            Some(0) | None => break,
            Some(byte) => text.push(*byte),
        }
        if text.len() > MOST {
            return Err(Failure::TooLarge);
        }
    }
    String::from_utf8(text).map_err(|_| Failure::Malformed("no text"))
}

async fn ask(link: &mut Link, number: u64, query: &str) -> Result<Value, Failure> {
    let mut message = number.to_le_bytes().to_vec();
    let length = u32::try_from(query.len()).map_err(|_| Failure::TooLarge)?;
    message.extend(length.to_le_bytes());
    message.extend_from_slice(query.as_bytes());
    link.send(&message).await?;
    let head = link.exact(12).await?;
    let mut fields = Cursor::new(&head);
    if fields.le64()? != number {
        return Err(Failure::Malformed("an answer to another question"));
    }
    let body = link.exact(size(fields.le32()?)?).await?;
    link.next_answer();
    serde_json::from_slice(&body).map_err(|_| Failure::Malformed("no JSON"))
}
