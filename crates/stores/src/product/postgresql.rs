//! PostgreSQL (its manual, "Frontend/Backend Protocol").
//!
//! `AuthenticationOk` is no read: a server that trusts everyone sends it even
//! for a role that does not exist. Only a row of an answered query counts.

use super::{Cursor, size};
use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, Verdict, token};

const QUERY: &str = "SELECT current_setting('server_version'), (SELECT count(*) FROM pg_database WHERE NOT datistemplate), (SELECT sum(pg_database_size(oid)) FROM pg_database WHERE NOT datistemplate)";

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    // Length 8, code 80877103.
    link.send(&[0, 0, 0, 8, 4, 210, 22, 47]).await?;
    let secured = match link.exact(1).await?[0] {
        b'S' => true,
        b'N' => false,
        _ => return Ok(None),
    };
    let mut finding = Finding::of("postgresql");
    if secured {
        link = session.secure(link).await?;
        let sent = "StartupMessage user=postgres over TLS";
        if !ask(&mut link, sent, &mut finding).await? {
            return Ok(None);
        }
        if finding.verdict != Verdict::AuthRequired {
            return Ok(Some(finding));
        }
        // Lines of pg_hba.conf are for TLS or for plain text alone.
        link = session.connect().await?;
    }
    let sent = if secured {
        "StartupMessage user=postgres in plain text"
    } else {
        "StartupMessage user=postgres"
    };
    match ask(&mut link, sent, &mut finding).await {
        Ok(false) if !secured => Ok(None),
        Err(failure) if !secured => Err(failure),
        Ok(_) => Ok(Some(finding)),
        Err(failure) => {
            finding.read(Outcome::Unclear, sent, failure.to_string());
            Ok(Some(finding))
        }
    }
}

/// Logs in and reads; false when what answers is no PostgreSQL.
async fn ask(link: &mut Link, sent: &'static str, finding: &mut Finding) -> Result<bool, Failure> {
    let parameters = b"user\0postgres\0database\0postgres\0application_name\0celador\0\0";
    let mut startup = 196_608_u32.to_be_bytes().to_vec();
    startup.extend_from_slice(parameters);
    let mut message = u32::try_from(startup.len() + 4)
        .map_err(|_| Failure::TooLarge)?
        .to_be_bytes()
        .to_vec();
    message.extend(startup);
    link.send(&message).await?;
    let mut trusted = false;
    loop {
        let (kind, body) = read(link).await?;
        match kind {
            b'R' => match Cursor::new(&body).u32()? {
                0 => trusted = true,
                3 | 5 | 7 | 8 | 9 | 10 => {
                    finding.read(Outcome::Refused, sent, "a password or ticket is asked for");
                    return Ok(true);
                }
                _ => return Ok(false),
            },
            b'E' => {
                let (outcome, words) = match (code(&body).as_deref(), trusted) {
                    // A role or database that is not there, after nothing was
                    // asked for: another name may be let in.
                    (Some("28000" | "3D000"), true) => (
                        Outcome::Unclear,
                        "no password is asked for, but the role or database postgres does not exist",
                    ),
                    (Some("28000" | "28P01"), false) => {
                        (Outcome::Refused, "this address or user is not let in")
                    }
                    (Some("57P03"), _) => (Outcome::Unclear, "the server is starting or stopping"),
                    (Some("53300"), _) => (Outcome::Unclear, "too many connections"),
                    (Some(_), _) => (Outcome::Unclear, "an error that is no refusal"),
                    (None, _) => return Ok(false),
                };
                finding.read(outcome, sent, words);
                return Ok(true);
            }
            b'Z' => break,
            // Parameters, the key for cancelling, notices.
            b'S' | b'K' | b'N' | b'v' => {}
            _ => return Ok(false),
        }
    }
    finding.saw(sent, "let in without password, which is no read yet");
    let mut message = vec![b'Q'];
    let length = u32::try_from(QUERY.len() + 5).map_err(|_| Failure::TooLarge)?;
    message.extend(length.to_be_bytes());
    message.extend_from_slice(QUERY.as_bytes());
    message.push(0);
    link.send(&message).await?;
    loop {
        let (kind, body) = read(link).await?;
        match kind {
            b'D' => {
                let mut row = Cursor::new(&body);
                if row.u16()? != 3 {
                    return Err(Failure::Malformed("another number of columns"));
                }
                // "15.18 (Debian 15.18-0+deb12u1)"
                finding.version = column(&mut row)?
                    .as_deref()
                    .and_then(|text| text.split(' ').next())
                    .and_then(token);
                finding.holds.containers = column(&mut row)?.and_then(|text| text.parse().ok());
                finding.holds.bytes = column(&mut row)?.and_then(|text| text.parse().ok());
                finding.read(
                    Outcome::Granted,
                    "SELECT over pg_database",
                    "a row: version, number of databases, bytes",
                );
            }
            b'E' => {
                let outcome = match code(&body).as_deref() {
                    Some("42501") => Outcome::Refused,
                    _ => Outcome::Unclear,
                };
                finding.read(outcome, "SELECT over pg_database", "an error");
                return Ok(true);
            }
            b'Z' => return Ok(true),
            _ => {}
        }
    }
}

async fn read(link: &mut Link) -> Result<(u8, Vec<u8>), Failure> {
    let head = link.exact(5).await?;
    let mut head = Cursor::new(&head);
    let kind = head.u8()?;
    let length = size(head.u32()?)?
        .checked_sub(4)
        .ok_or(Failure::Malformed("a length below its own"))?;
    Ok((kind, link.exact(length).await?))
}

/// The SQLSTATE of an error.
fn code(body: &[u8]) -> Option<String> {
    let mut fields = Cursor::new(body);
    while let Ok(kind) = fields.u8() {
        if kind == 0 {
            return None;
        }
        let text = fields.text().ok()?;
        if kind == b'C' {
            return Some(text.to_owned());
        }
    }
    None
}

fn column(row: &mut Cursor<'_>) -> Result<Option<String>, Failure> {
    let length = row.u32()?;
    if length == u32::MAX {
        return Ok(None);
    }
    let bytes = row.bytes(size(length)?)?;
    Ok(std::str::from_utf8(bytes).ok().map(ToOwned::to_owned))
}
