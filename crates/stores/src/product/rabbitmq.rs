//! AMQP 0-9-1 (its specification, sections 1.4.2 and 2.2.4), as RabbitMQ speaks
//! it.
//!
//! Nobody reads a queue without a user. What makes such a server open is its
//! well-known first account, and trying that is guessing a password, which a
//! probe does not do; so the answer is "credentials are asked for", with a note.

use super::{Cursor, size};
use crate::transport::{Failure, Session};
use crate::verdict::{Finding, Outcome, token};

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    link.send(b"AMQP\0\0\x09\x01").await?;
    let head = link.exact(7).await?;
    let mut fields = Cursor::new(&head);
    // A method frame on channel 0.
    if fields.u8()? != 1 || fields.u16()? != 0 {
        return Ok(None);
    }
    let body = link.exact(size(fields.u32()?)?).await?;
    let mut fields = Cursor::new(&body);
    // connection.start, version 0-9.
    if fields.u32()? != 0x000a_000a || fields.u16()? != 9 {
        return Ok(None);
    }
    let properties = size(fields.u32()?)?;
    let properties = table(fields.bytes(properties)?)?;
    let mechanisms = size(fields.u32()?)?;
    let mechanisms = String::from_utf8_lossy(fields.bytes(mechanisms)?).into_owned();
    let property = |name: &str| {
        properties
            .iter()
            .find(|(key, _)| key == name)
            .and_then(|(_, value)| token(value))
    };
    let mut finding = Finding::of("rabbitmq");
    finding.version = property("version");
    finding.distribution = property("product").filter(|name| name != "RabbitMQ");
    finding.cluster = property("cluster_name");
    if mechanisms.split(' ').any(|name| name == "ANONYMOUS") {
        finding.read(
            Outcome::Unclear,
            "protocol header",
            "the server offers to let anonymous users in, and what they may read is not known",
        );
    } else {
        finding.read(
            Outcome::Refused,
            "protocol header",
            "the server offers only ways to log in that need a user",
        );
        finding.notes.push(
            "the account guest with its well-known password is not tried; make sure that it is gone"
                .to_owned(),
        );
    }
    Ok(Some(finding))
}

/// Keys and long strings of a field table; other values are skipped.
fn table(bytes: &[u8]) -> Result<Vec<(String, String)>, Failure> {
    let mut fields = Cursor::new(bytes);
    let mut out = Vec::new();
    while !fields.rest().is_empty() {
        let length = usize::from(fields.u8()?);
        let key = String::from_utf8_lossy(fields.bytes(length)?).into_owned();
        match fields.u8()? {
            b'S' => {
                let length = size(fields.u32()?)?;
                let value = String::from_utf8_lossy(fields.bytes(length)?).into_owned();
                out.push((key, value));
            }
            b'F' | b'A' => {
                let length = size(fields.u32()?)?;
                fields.bytes(length)?;
            }
            b't' | b'b' | b'B' => {
                fields.bytes(1)?;
            }
            b's' | b'u' => {
                fields.bytes(2)?;
            }
            b'I' | b'i' | b'f' => {
                fields.bytes(4)?;
            }
            b'l' | b'L' | b'd' | b'T' => {
                fields.bytes(8)?;
            }
            b'V' => {}
            _ => return Err(Failure::Malformed("a value of an unknown kind")),
        }
    }
    Ok(out)
}
