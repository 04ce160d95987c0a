//! memcached, text and binary protocol (memcached's doc/protocol.txt and
//! doc/protocol-binary.txt).
//!
//! With SASL the text protocol only closes; the binary one still tells its
//! version, which proves nothing, and refuses `stat`.

use super::{Cursor, size};
use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, token};

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    // The second command makes it longer than a header of the binary protocol,
    // for which a server with SASL would wait.
    link.send(b"stats settings\r\nversion\r\n").await?;
    let first = match link.line(1024).await {
        Ok(line) => line,
        Err(Failure::Closed | Failure::Silent) => return binary(session).await,
        Err(failure) => return Err(failure),
    };
    let mut finding = Finding::of("memcached");
    if first.starts_with("CLIENT_ERROR unauthenticated") {
        finding.read(
            Outcome::Refused,
            "stats settings",
            "a password is asked for",
        );
        return Ok(Some(finding));
    }
    if !first.starts_with("STAT ") {
        return Ok(None);
    }
    finding.read(Outcome::Granted, "stats settings", "the server's settings");
    let mut link = session.connect().await?;
    link.send(b"stats\r\n").await?;
    for _ in 0..500 {
        let line = link.line(1024).await?;
        let mut words = line.split(' ');
        if words.next() != Some("STAT") {
            break;
        }
        match (words.next(), words.next()) {
            (Some("version"), Some(value)) => finding.version = token(value),
            (Some("curr_items"), Some(value)) => finding.holds.records = value.parse().ok(),
            (Some("bytes"), Some(value)) => finding.holds.bytes = value.parse().ok(),
            _ => {}
        }
    }
    finding.saw("stats", "version and sizes");
    Ok(Some(finding))
}

const VERSION: u8 = 0x0b;
const STAT: u8 = 0x10;

async fn binary(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let (status, body) = ask(&mut link, VERSION).await?;
    let version = std::str::from_utf8(&body).ok().and_then(token);
    if status != 0 {
        return Ok(None);
    }
    let mut finding = Finding::of("memcached");
    finding.version = version;
    finding.saw("binary version", "the version, which anyone is told");
    match ask(&mut link, STAT).await?.0 {
        0 => finding.read(Outcome::Granted, "binary stat", "the server's statistics"),
        0x20 => finding.read(
            Outcome::Refused,
            "binary stat",
            "authentication is asked for",
        ),
        _ => finding.read(
            Outcome::Unclear,
            "binary stat",
            "an error that is no refusal",
        ),
    }
    Ok(Some(finding))
}

async fn ask(link: &mut Link, opcode: u8) -> Result<(u16, Vec<u8>), Failure> {
    let mut request = [0_u8; 24];
    request[0] = 0x80;
    request[1] = opcode;
    link.send(&request).await?;
    let head = link.exact(24).await?;
    let mut head = Cursor::new(&head);
    if (head.u8()?, head.u8()?) != (0x81, opcode) {
        return Err(Failure::Malformed("no binary answer"));
    }
    head.bytes(4)?;
    let status = head.u16()?;
    let body = link.exact(size(head.u32()?)?).await?;
    Ok((status, body))
}
