//! Cassandra and Scylla (CQL binary protocol v4,
//! cassandra.apache.org/doc/latest/cassandra/reference/native-protocol.html).
//!
//! `OPTIONS` is answered whatever the lock, and a query before `STARTUP` gets the
//! same error in both. So a session is begun, and the tables are listed.

use super::{Cursor, size};
use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, token};

const ERROR: u8 = 0x00;
const STARTUP: u8 = 0x01;
const READY: u8 = 0x02;
const AUTHENTICATE: u8 = 0x03;
const OPTIONS: u8 = 0x05;
const SUPPORTED: u8 = 0x06;
const QUERY: u8 = 0x07;
const RESULT: u8 = 0x08;

/// Of a frame's flags: warnings stand before what was asked for.
const WARNING: u8 = 0x08;

const UNAUTHORIZED: u32 = 0x2100;
const INVALID: u32 = 0x2200;

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let (opcode, body) = ask(&mut link, OPTIONS, &[]).await?;
    if opcode != SUPPORTED {
        return Ok(None);
    }
    // A map of lists; the keys tell Scylla.
    let mut fields = Cursor::new(&body);
    let mut scylla = false;
    let mut cql = false;
    for _ in 0..fields.u16()? {
        let key = short_text(&mut fields)?;
        scylla |= key.starts_with("SCYLLA_");
        cql |= key == "CQL_VERSION";
        for _ in 0..fields.u16()? {
            short_text(&mut fields)?;
        }
    }
    if !cql {
        return Ok(None);
    }
    let mut finding = Finding::of(if scylla { "scylladb" } else { "cassandra" });
    finding.saw("OPTIONS", "as cassandra answers, whatever the lock");
    let startup = [
        &1_u16.to_be_bytes()[..],
        &11_u16.to_be_bytes(),
        b"CQL_VERSION",
        &5_u16.to_be_bytes(),
        b"3.0.0",
    ]
    .concat();
    match ask(&mut link, STARTUP, &startup).await? {
        (READY, _) => finding.saw("STARTUP", "ready, which is no read yet"),
        (AUTHENTICATE, body) => {
            // org.apache.cassandra.auth.PasswordAuthenticator
            let class = short_text(&mut Cursor::new(&body))?;
            let class = class.rsplit('.').next().and_then(token);
            finding.read(
                Outcome::Refused,
                "STARTUP",
                format!(
                    "a login is asked for ({})",
                    class.as_deref().unwrap_or("of no known kind")
                ),
            );
            return Ok(Some(finding));
        }
        _ => {
            finding.read(Outcome::Unclear, "STARTUP", "neither ready nor a login");
            return Ok(Some(finding));
        }
    }
    if let Ok(Answer::Rows(rows)) =
        query(&mut link, "SELECT release_version FROM system.local").await
    {
        finding.version = rows.first.as_deref().and_then(token);
    }
    let mut sent = "SELECT keyspace_name FROM system_schema.tables";
    let mut answer = query(&mut link, sent).await?;
    if answer == Answer::Error(INVALID) {
        // Before 3.0.
        sent = "SELECT keyspace_name FROM system.schema_columnfamilies";
        answer = query(&mut link, sent).await?;
    }
    match answer {
        Answer::Rows(rows) if rows.count > 0 => {
            if !rows.more {
                finding.holds.containers = Some(rows.not_of_system);
            }
            finding.read(Outcome::Granted, sent, "the keyspaces of its tables");
        }
        Answer::Rows(_) => finding.read(Outcome::Unclear, sent, "no rows, which proves nothing"),
        Answer::Error(UNAUTHORIZED) => finding.read(Outcome::Refused, sent, "not permitted"),
        Answer::Error(_) => finding.read(Outcome::Unclear, sent, "an error that is no refusal"),
    }
    Ok(Some(finding))
}

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Rows(Rows),
    Error(u32),
}

/// Rows of one column of text.
#[derive(Debug, PartialEq, Eq)]
struct Rows {
    count: u64,
    not_of_system: u64,
    first: Option<String>,
    more: bool,
}

async fn query(link: &mut Link, text: &str) -> Result<Answer, Failure> {
    let mut body = u32::try_from(text.len())
        .map_err(|_| Failure::TooLarge)?
        .to_be_bytes()
        .to_vec();
    body.extend_from_slice(text.as_bytes());
    // Consistency ONE; a page of so many rows, no other flag.
    body.extend([0, 1, 0x04]);
    body.extend(5000_u32.to_be_bytes());
    let (opcode, body) = ask(link, QUERY, &body).await?;
    let mut fields = Cursor::new(&body);
    match opcode {
        ERROR => Ok(Answer::Error(fields.u32()?)),
        RESULT if fields.u32()? == 2 => rows(&mut fields).map(Answer::Rows),
        _ => Err(Failure::Malformed("no rows and no error")),
    }
}

fn rows(fields: &mut Cursor<'_>) -> Result<Rows, Failure> {
    const MORE: u32 = 2;
    const NO_METADATA: u32 = 4;
    let flags = fields.u32()?;
    let columns = fields.u32()?;
    if columns != 1 {
        return Err(Failure::Malformed("more columns than were asked for"));
    }
    if flags & MORE != 0 {
        let length = size(fields.u32()?)?;
        fields.bytes(length)?;
    }
    if flags & NO_METADATA == 0 {
        // Keyspace, table; the column's name and type, which is a text's.
        short_text(fields)?;
        short_text(fields)?;
        short_text(fields)?;
        if !matches!(fields.u16()?, 0x01 | 0x0d) {
            return Err(Failure::Malformed("a column that is no text"));
        }
    }
    let count = fields.u32()?;
    let mut out = Rows {
        count: u64::from(count),
        not_of_system: 0,
        first: None,
        more: flags & MORE != 0,
    };
    for _ in 0..count {
        let length = fields.u32()?.cast_signed();
        let Ok(length) = usize::try_from(length) else {
            continue;
        };
        let bytes = fields.bytes(length)?;
        if !bytes.starts_with(b"system") {
            out.not_of_system += 1;
        }
        if out.first.is_none() {
            out.first = std::str::from_utf8(bytes).ok().map(ToOwned::to_owned);
        }
    }
    Ok(out)
}

pub(crate) fn short_text<'b>(fields: &mut Cursor<'b>) -> Result<&'b str, Failure> {
    let length = usize::from(fields.u16()?);
    std::str::from_utf8(fields.bytes(length)?).map_err(|_| Failure::Malformed("no text"))
}

/// The answer to a frame: its opcode and body.
pub(crate) async fn ask(
    link: &mut Link,
    opcode: u8,
    body: &[u8],
) -> Result<(u8, Vec<u8>), Failure> {
    let mut frame = vec![4, 0, 0, 0, opcode];
    frame.extend(
        u32::try_from(body.len())
            .map_err(|_| Failure::TooLarge)?
            .to_be_bytes(),
    );
    frame.extend_from_slice(body);
    link.send(&frame).await?;
    let head = link.exact(9).await?;
    // The highest bit says that it is an answer; flags would compress or warn.
    if head[0] & 0x80 == 0 || !(3..=6).contains(&(head[0] & 0x7f)) || head[1] & 1 != 0 {
        return Err(Failure::Malformed("no frame of CQL"));
    }
    let length = size(Cursor::new(&head[5..]).u32()?)?;
    let mut body = link.exact(length).await?;
    link.next_answer();
    if head[1] & WARNING != 0 {
        let mut fields = Cursor::new(&body);
        for _ in 0..fields.u16()? {
            short_text(&mut fields)?;
        }
        body = fields.rest().to_vec();
    }
    Ok((head[4], body))
}
