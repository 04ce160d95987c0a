//! `ZooKeeper` (its programmer's guide and `zookeeper.jute`).
//!
//! Four-letter words and data are locked independently, and a session is given
//! to anyone; so the data is asked for: the children of the root.

use super::{Cursor, size};
use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, token};

const GET_CHILDREN_2: u32 = 12;

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    // Protocol 0, no transaction seen, session of 10 s, no session yet.
    let mut request = Vec::new();
    request.extend([0; 4 + 8]);
    request.extend(10_000_u32.to_be_bytes());
    request.extend([0; 8]);
    request.extend(16_u32.to_be_bytes());
    request.extend([0; 16]);
    request.push(0);
    send(&mut link, &request).await?;
    let answer = read(&mut link).await?;
    let mut fields = Cursor::new(&answer);
    // Protocol, time-out, session, length of its password.
    if !(36..=37).contains(&answer.len()) || fields.u32()? != 0 {
        return Ok(None);
    }
    let mut finding = Finding::of("zookeeper");
    finding.saw("ConnectRequest", "a session, which anyone is given");
    children(&mut link, 1, "/", &mut finding).await?;
    if finding.verdict == crate::Verdict::AuthRequired {
        // Each node has permissions of its own.
        let _ = children(&mut link, 2, "/zookeeper", &mut finding).await;
    }
    // A closed session is cleaned up at once.
    let _ = send(&mut link, &[0, 0, 0, 3, 0xff, 0xff, 0xff, 0xf5]).await;
    words(session, &mut finding).await;
    Ok(Some(finding))
}

async fn children(
    link: &mut Link,
    xid: u32,
    path: &str,
    finding: &mut Finding,
) -> Result<(), Failure> {
    let mut request = xid.to_be_bytes().to_vec();
    request.extend(GET_CHILDREN_2.to_be_bytes());
    request.extend(u32::try_from(path.len()).unwrap_or_default().to_be_bytes());
    request.extend_from_slice(path.as_bytes());
    request.push(0);
    send(link, &request).await?;
    let sent = format!("getChildren2 {path}");
    let answer = match read(link).await {
        Ok(answer) => answer,
        Err(Failure::Closed) => {
            finding.read(Outcome::Unclear, sent, "the connection was closed");
            return Ok(());
        }
        Err(failure) => return Err(failure),
    };
    let mut fields = Cursor::new(&answer);
    if fields.u32()? != xid {
        return Err(Failure::Malformed("an answer to another request"));
    }
    fields.bytes(8)?;
    match fields.u32()?.cast_signed() {
        0 => {
            let count = fields.u32()?;
            if path == "/" {
                finding.holds.containers = Some(u64::from(count));
            }
            finding.read(Outcome::Granted, sent, "the names of its children");
        }
        // No permission, authentication failed, a session with SASL wanted.
        -102 | -115 | -124 => finding.read(Outcome::Refused, sent, "not permitted"),
        _ => finding.read(Outcome::Unclear, sent, "an error that is no refusal"),
    }
    Ok(())
}

/// Version and number of nodes, where the four-letter word is allowed.
async fn words(session: &mut Session<'_>, finding: &mut Finding) {
    let Ok(mut link) = session.connect().await else {
        return;
    };
    if link.send(b"srvr").await.is_err() {
        return;
    }
    let Ok(bytes) = link.rest().await else {
        return;
    };
    let text = String::from_utf8_lossy(&bytes);
    for line in text.lines() {
        if let Some(rest) = line.strip_prefix("Zookeeper version: ") {
            finding.version = rest
                .split([',', ' '])
                .next()
                .and_then(|version| version.split('-').next())
                .and_then(token);
            finding.saw("srvr", "the version, which anyone is told");
        } else if let Some(count) = line.strip_prefix("Node count: ") {
            finding.holds.records = count.trim().parse().ok();
        }
    }
}

async fn send(link: &mut Link, body: &[u8]) -> Result<(), Failure> {
    let mut message = u32::try_from(body.len())
        .map_err(|_| Failure::TooLarge)?
        .to_be_bytes()
        .to_vec();
    message.extend_from_slice(body);
    link.send(&message).await
}

async fn read(link: &mut Link) -> Result<Vec<u8>, Failure> {
    let head = link.exact(4).await?;
    let length = Cursor::new(&head).u32()?;
    link.exact(size(length)?).await
}
