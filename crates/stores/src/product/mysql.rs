//! MySQL, MariaDB and what speaks their protocol (MySQL's internals manual,
//! "Client/Server Protocol").
//!
//! Logs in as `root` without a password, which is what an open server lets
//! anyone do, and counts databases. No password is ever computed or sent.

use super::Cursor;
use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, token};

const PROTOCOL_41: u32 = 0x200;
const SECURE_CONNECTION: u32 = 0x8000;
const PLUGIN_AUTH: u32 = 0x8_0000;
const TLS: u32 = 0x800;

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let (mut sequence, greeting) = read(&mut link).await?;
    let mut fields = Cursor::new(&greeting);
    let mut finding = Finding::of("mysql");
    match fields.u8()? {
        10 => {}
        0xff => {
            let code = error_code(&greeting)?;
            // ER_HOST_NOT_PRIVILEGED, ER_HOST_IS_BLOCKED, ER_CON_COUNT_ERROR.
            match code {
                1130 => finding.read(Outcome::Refused, "connection", "this address is not let in"),
                1129 => finding.read(
                    Outcome::Unclear,
                    "connection",
                    "this address is blocked after errors",
                ),
                1040 => finding.read(Outcome::Unclear, "connection", "too many connections"),
                _ => return Ok(None),
            }
            return Ok(Some(finding));
        }
        _ => return Ok(None),
    }
    let version = fields.text()?.to_owned();
    identify(&version, &mut finding);
    fields.bytes(4 + 8 + 1)?;
    let low = Cursor::new(fields.bytes(2)?).u16()?.swap_bytes();
    let high = fields
        .bytes(5)
        .ok()
        .and_then(|bytes| Some(u16::from_le_bytes([*bytes.get(3)?, *bytes.get(4)?])))
        .unwrap_or_default();
    let offers = u32::from(high) << 16 | u32::from(low);
    let wants = (PROTOCOL_41 | SECURE_CONNECTION | PLUGIN_AUTH) & offers | PROTOCOL_41;
    let login = |with: u32| -> Vec<u8> {
        let mut body = (wants | with).to_le_bytes().to_vec();
        // Largest packet 64 KiB, character set utf8.
        body.extend([0, 0, 1, 0, 33]);
        body.extend([0; 23]);
        body
    };
    if offers & TLS != 0 {
        sequence = sequence.wrapping_add(1);
        send(&mut link, sequence, &login(TLS)).await?;
        link = session.secure(link).await?;
    }
    let mut body = login(if offers & TLS == 0 { 0 } else { TLS });
    body.extend_from_slice(b"root\0\0");
    if offers & PLUGIN_AUTH != 0 {
        body.extend_from_slice(b"mysql_native_password\0");
    }
    send(&mut link, sequence.wrapping_add(1), &body).await?;
    let sent = "login as root without password";
    for _ in 0..4 {
        let (sequence, answer) = read(&mut link).await?;
        match answer.first() {
            Some(0) => {
                finding.saw(sent, "let in, which is no read yet");
                databases(&mut link, &mut finding).await?;
                return Ok(Some(finding));
            }
            Some(0xff) => {
                let outcome = match error_code(&answer)? {
                    // Access denied (with and without password, for a database),
                    // host not allowed, TLS required, account locked, password
                    // expired.
                    1044 | 1045 | 1130 | 1698 | 3118 | 3159 | 4151 | 1820 => Outcome::Refused,
                    _ => Outcome::Unclear,
                };
                let words = if outcome == Outcome::Refused {
                    "access denied"
                } else {
                    "an error that is no refusal"
                };
                finding.read(outcome, sent, words);
                return Ok(Some(finding));
            }
            // Another way to log in, or more of it: still without password.
            Some(0xfe) => send(&mut link, sequence.wrapping_add(1), &[]).await?,
            Some(1) if answer.get(1) == Some(&3) => {}
            Some(1) => {
                finding.read(Outcome::Refused, sent, "a password is asked for");
                return Ok(Some(finding));
            }
            _ => return Err(Failure::Malformed("no answer to the login")),
        }
    }
    finding.read(Outcome::Unclear, sent, "the login did not end");
    Ok(Some(finding))
}

fn identify(version: &str, finding: &mut Finding) {
    // MariaDB puts 5.5.5- before its version, for old replicas.
    let text = version.strip_prefix("5.5.5-").unwrap_or(version);
    if let Some((number, _)) = text.split_once("-MariaDB") {
        finding.product = Some("mariadb".to_owned());
        finding.version = token(number);
    } else if text.contains("TiDB") {
        finding.product = Some("tidb".to_owned());
        finding.version = token(text);
    } else if text.contains("-id64") || text.contains("-id32") {
        finding.product = Some("sphinx".to_owned());
        finding.version = token(text);
    } else {
        finding.version = token(text);
    }
}

/// Counts the rows of `SHOW DATABASES`, or of Sphinx's `SHOW TABLES`.
async fn databases(link: &mut Link, finding: &mut Finding) -> Result<(), Failure> {
    let sphinx = finding.product.as_deref() == Some("sphinx");
    let query = if sphinx {
        "SHOW TABLES"
    } else {
        "SHOW DATABASES"
    };
    let mut body = vec![3];
    body.extend_from_slice(query.as_bytes());
    send(link, 0, &body).await?;
    let (_, head) = read(link).await?;
    match head.first() {
        Some(0xff) => {
            let refused = matches!(error_code(&head)?, 1044 | 1045 | 1142 | 1227 | 1820);
            let outcome = if refused {
                Outcome::Refused
            } else {
                Outcome::Unclear
            };
            finding.read(outcome, query, "an error");
            return Ok(());
        }
        Some(columns @ 1..=250) => {
            for _ in 0..*columns {
                read(link).await?;
            }
        }
        _ => {
            finding.read(Outcome::Unclear, query, "no rows");
            return Ok(());
        }
    }
    let mut rows = 0;
    let mut ends = 0;
    // The end of the columns, the rows, the end of the rows.
    for _ in 0..10_000 {
        let (_, row) = read(link).await?;
        match row.first() {
            Some(0xfe) if row.len() < 9 => {
                ends += 1;
                if ends == 2 {
                    break;
                }
            }
            Some(0xff) => {
                finding.read(Outcome::Unclear, query, "an error among the rows");
                return Ok(());
            }
            _ => rows += 1,
        }
    }
    finding.holds.containers = Some(rows);
    finding.read(Outcome::Granted, query, "rows");
    Ok(())
}

fn error_code(body: &[u8]) -> Result<u16, Failure> {
    let bytes = body
        .get(1..3)
        .ok_or(Failure::Malformed("an error without code"))?;
    Ok(u16::from_le_bytes([bytes[0], bytes[1]]))
}

async fn read(link: &mut Link) -> Result<(u8, Vec<u8>), Failure> {
    let head = link.exact(4).await?;
    let length = usize::from(head[0]) | usize::from(head[1]) << 8 | usize::from(head[2]) << 16;
    Ok((head[3], link.exact(length).await?))
}

async fn send(link: &mut Link, sequence: u8, body: &[u8]) -> Result<(), Failure> {
    let length = u32::try_from(body.len()).map_err(|_| Failure::TooLarge)?;
    let mut message = length.to_le_bytes().get(..3).unwrap_or_default().to_vec();
    message.push(sequence);
    message.extend_from_slice(body);
    link.send(&message).await
}
