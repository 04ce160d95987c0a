//! `MongoDB` and what speaks its protocol (the wire protocol's specification,
//! `OP_QUERY` of servers before 3.6 and `OP_MSG` of those after, and BSON 1.1).
//!
//! `isMaster`, `buildInfo` and `ping` answer whatever the lock. So databases are
//! listed, and an empty list with `ok: 1` proves nothing: it is what somebody
//! without rights can be given.

use super::{Cursor, size};
use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, token};

const OP_REPLY: u32 = 1;
const OP_QUERY: u32 = 2004;
const OP_MSG: u32 = 2013;

/// Since 3.6, of wire version 6, servers know `OP_MSG`.
const KNOWS_MSG: i64 = 6;

/// Databases asked for their number of documents.
const MOST: usize = 16;

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let greeting = ask(&mut link, false, "admin", "isMaster").await?;
    let greeting = Document(&greeting);
    let (Some(true), Some(wire)) = (
        greeting.number("ok")?.map(|ok| ok == 1),
        greeting.number("maxWireVersion")?.or(Some(0)),
    ) else {
        return Ok(None);
    };
    if greeting.get("ismaster")?.is_none() && greeting.get("isWritablePrimary")?.is_none() {
        return Ok(None);
    }
    let new = wire >= KNOWS_MSG;
    let mut finding = Finding::of("mongodb");
    finding.saw("isMaster", "as mongodb answers, whatever the lock");
    if let Ok(built) = ask(&mut link, new, "admin", "buildInfo").await {
        let built = Document(&built);
        finding.version = built.text("version")?.and_then(token);
        // FerretDB tells itself in a field of its own.
        if built.get("ferretdb")?.is_some() || built.get("ferretdbVersion")?.is_some() {
            finding.distribution = Some("FerretDB".to_owned());
        }
    }
    let sent = "listDatabases";
    let listed = ask(&mut link, new, "admin", sent).await?;
    let listed = Document(&listed);
    if listed.number("ok")? != Some(1) {
        let refused = matches!(listed.number("code")?, Some(13 | 18))
            || listed.text("errmsg")?.is_some_and(|message| {
                // Before 3.0 errors of this kind had no code.
                message.starts_with("not authorized") || message.starts_with("unauthorized")
            });
        if refused {
            finding.read(Outcome::Refused, sent, "not authorised");
        } else {
            finding.read(Outcome::Unclear, sent, "an error that is no refusal");
        }
        return Ok(Some(finding));
    }
    let Some(databases) = listed.array("databases")? else {
        finding.read(Outcome::Unclear, sent, "an answer without databases");
        return Ok(Some(finding));
    };
    let mut names = Vec::new();
    let mut count = 0;
    for database in databases.elements()? {
        let (_, Value::Document(database)) = database else {
            return Err(Failure::Malformed("a database that is no document"));
        };
        count += 1;
        if let Some(name) = database.text("name")? {
            names.push(name.to_owned());
        }
    }
    if count == 0 {
        finding.read(
            Outcome::Unclear,
            sent,
            "an empty list, which somebody without rights is given too",
        );
        return Ok(Some(finding));
    }
    finding.read(Outcome::Granted, sent, format!("{count} databases"));
    finding.holds.containers = Some(count);
    finding.holds.bytes = listed
        .number("totalSize")?
        .and_then(|bytes| u64::try_from(bytes).ok());
    names.retain(|name| !matches!(name.as_str(), "admin" | "config" | "local"));
    if let Ok(records) = documents(&mut link, new, &names).await {
        finding.holds.records = records;
        finding.saw("dbStats", "the documents of every database but its own");
    }
    Ok(Some(finding))
}

/// How many documents these databases hold; `None` when one does not say.
async fn documents(link: &mut Link, new: bool, names: &[String]) -> Result<Option<u64>, Failure> {
    if names.len() > MOST {
        return Ok(None);
    }
    let mut sum = 0_u64;
    for name in names {
        let stats = ask(link, new, name, "dbStats").await?;
        let stats = Document(&stats);
        let objects = stats
            .number("objects")?
            .filter(|_| stats.number("ok").is_ok_and(|ok| ok == Some(1)))
            .and_then(|objects| u64::try_from(objects).ok());
        let Some(more) = objects.and_then(|objects| sum.checked_add(objects)) else {
            return Ok(None);
        };
        sum = more;
    }
    Ok(Some(sum))
}

/// A command of the shape `{name: 1}`, and the document that answers it.
async fn ask(link: &mut Link, new: bool, database: &str, name: &str) -> Result<Vec<u8>, Failure> {
    let mut fields = vec![0x10];
    fields.extend_from_slice(name.as_bytes());
    fields.extend_from_slice(b"\0\x01\0\0\0");
    if new {
        fields.push(2);
        fields.extend_from_slice(b"$db\0");
        fields.extend(length(database.len() + 1)?);
        fields.extend_from_slice(database.as_bytes());
        fields.push(0);
    }
    let mut document = length(4 + fields.len() + 1)?.to_vec();
    document.extend(fields);
    document.push(0);
    let mut body = Vec::new();
    if new {
        body.extend([0; 4]);
        body.push(0);
    } else {
        body.extend([0; 4]);
        body.extend_from_slice(database.as_bytes());
        body.extend_from_slice(b".$cmd\0");
        body.extend([0; 4]);
        // One document, and no cursor.
        body.extend((-1_i32).to_le_bytes());
    }
    body.extend(document);
    let mut message = length(16 + body.len())?.to_vec();
    message.extend(1_u32.to_le_bytes());
    message.extend([0; 4]);
    message.extend((if new { OP_MSG } else { OP_QUERY }).to_le_bytes());
    message.extend(body);
    link.send(&message).await?;

    let head = link.exact(16).await?;
    let mut fields = Cursor::new(&head);
    let total = size(fields.le32()?)?;
    let _request = fields.le32()?;
    let answers = fields.le32()?;
    let opcode = fields.le32()?;
    if answers != 1 || !matches!(opcode, OP_REPLY | OP_MSG) {
        return Err(Failure::Malformed("no message of MongoDB"));
    }
    let rest = total
        .checked_sub(16)
        .ok_or(Failure::Malformed("a message shorter than its head"))?;
    let body = link.exact(rest).await?;
    link.next_answer();
    let mut fields = Cursor::new(&body);
    if opcode == OP_REPLY {
        // Flags, cursor, start, number of documents.
        fields.bytes(4 + 8 + 4)?;
        if fields.le32()? != 1 {
            return Err(Failure::Malformed("not one document"));
        }
    } else {
        fields.bytes(4)?;
        if fields.u8()? != 0 {
            return Err(Failure::Malformed("a section that was not asked for"));
        }
    }
    let rest = fields.rest();
    let length = size(Cursor::new(rest).le32()?)?;
    Ok(Cursor::new(rest).bytes(length)?.to_vec())
}

fn length(length: usize) -> Result<[u8; 4], Failure> {
    u32::try_from(length)
        .map(u32::to_le_bytes)
        .map_err(|_| Failure::TooLarge)
}

/// A BSON document, still bytes; what is nested stays bytes until it is asked
/// for, so nesting costs nothing.
#[derive(Clone, Copy)]
struct Document<'b>(&'b [u8]);

enum Value<'b> {
    Number(i64),
    Text(&'b str),
    Document(Document<'b>),
    Array(Document<'b>),
    Other,
}

impl<'b> Document<'b> {
    fn elements(self) -> Result<Vec<(&'b str, Value<'b>)>, Failure> {
        let mut fields = Cursor::new(self.0);
        let length = size(fields.le32()?)?;
        if length != self.0.len() || length < 5 {
            return Err(Failure::Malformed("a document that lies about its length"));
        }
        let mut out = Vec::new();
        loop {
            let kind = fields.u8()?;
            if kind == 0 {
                return Ok(out);
            }
            let name = fields.text()?;
            out.push((name, value(kind, &mut fields)?));
        }
    }

    fn get(self, name: &str) -> Result<Option<Value<'b>>, Failure> {
        Ok(self
            .elements()?
            .into_iter()
            .find(|(key, _)| *key == name)
            .map(|(_, value)| value))
    }

    fn number(self, name: &str) -> Result<Option<i64>, Failure> {
        Ok(match self.get(name)? {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        })
    }

    fn text(self, name: &str) -> Result<Option<&'b str>, Failure> {
        Ok(match self.get(name)? {
            Some(Value::Text(text)) => Some(text),
            _ => None,
        })
    }

    fn array(self, name: &str) -> Result<Option<Document<'b>>, Failure> {
        Ok(match self.get(name)? {
            Some(Value::Array(array)) => Some(array),
            _ => None,
        })
    }
}

fn value<'b>(kind: u8, fields: &mut Cursor<'b>) -> Result<Value<'b>, Failure> {
    Ok(match kind {
        0x01 => Value::Number(whole(f64::from_bits(fields.le64()?))),
        0x08 => Value::Number(i64::from(fields.u8()? != 0)),
        0x10 => Value::Number(i64::from(fields.le32()?.cast_signed())),
        0x12 => Value::Number(fields.le64()?.cast_signed()),
        0x02 => {
            let length = size(fields.le32()?)?;
            let bytes = fields.bytes(length)?;
            match bytes.split_last() {
                Some((0, text)) => std::str::from_utf8(text).map_or(Value::Other, Value::Text),
                _ => return Err(Failure::Malformed("a string without end")),
            }
        }
        0x03 | 0x04 => {
            let length = size(Cursor::new(fields.rest()).le32()?)?;
            let document = Document(fields.bytes(length)?);
            if kind == 3 {
                Value::Document(document)
            } else {
                Value::Array(document)
            }
        }
        0x05 => {
            let length = size(fields.le32()?)?;
            fields.bytes(length + 1)?;
            Value::Other
        }
        0x06 | 0x0a | 0x7f | 0xff => Value::Other,
        0x07 => {
            fields.bytes(12)?;
            Value::Other
        }
        0x09 | 0x11 => {
            fields.bytes(8)?;
            Value::Other
        }
        0x0b => {
            fields.text()?;
            fields.text()?;
            Value::Other
        }
        0x13 => {
            fields.bytes(16)?;
            Value::Other
        }
        _ => return Err(Failure::Malformed("an unknown type of BSON")),
    })
}

/// Counts come as doubles too; what is no whole number counts as none.
fn whole(number: f64) -> i64 {
    // Every whole number below 2^53 is exact.
    if number.fract() == 0.0 && (0.0..9_007_199_254_740_992.0).contains(&number) {
        format!("{number:.0}").parse().unwrap_or(-1)
    } else {
        -1
    }
}
