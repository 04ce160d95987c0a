//! `ClickHouse`'s native protocol (clickhouse.com/docs/native-protocol), as a
//! client of an old revision, to which servers talk in the plainest form.
//!
//! Logs in as `default` without a password, which is what an open server lets
//! anyone do, and counts tables.

use super::Cursor;
use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome};

/// Knows information about blocks and none about clients: servers of all ages
/// write the same to it, whichever older revisions they have forgotten.
const REVISION: u64 = 54_000;

/// Neither an overflow nor a bucket.
const BLOCK_INFO: [u8; 8] = [1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0];

const HELLO: u64 = 0;
const DATA: u64 = 1;
const EXCEPTION: u64 = 2;
const PROGRESS: u64 = 3;
const END: u64 = 5;
const PROFILE: u64 = 6;

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let mut hello = vec![0];
    text(&mut hello, "celador");
    number(&mut hello, 1);
    number(&mut hello, 1);
    number(&mut hello, REVISION);
    text(&mut hello, "");
    text(&mut hello, "default");
    text(&mut hello, "");
    link.send(&hello).await?;
    let sent = "login as default without password";
    let mut finding = Finding::of("clickhouse");
    match read_number(&mut link).await? {
        HELLO => {
            if read_text(&mut link).await? != "ClickHouse" {
                return Ok(None);
            }
            let (major, minor) = (read_number(&mut link).await?, read_number(&mut link).await?);
            let _revision = read_number(&mut link).await?;
            finding.version = Some(format!("{major}.{minor}"));
            finding.saw(sent, "let in, which is no read yet");
        }
        EXCEPTION => {
            let code = exception(&mut link).await?;
            // Unknown user, wrong or missing password, address, login failed.
            if matches!(code, 192..=195 | 516) {
                finding.read(Outcome::Refused, sent, "access denied");
            } else {
                finding.read(Outcome::Unclear, sent, "an error that is no refusal");
            }
            return Ok(Some(finding));
        }
        _ => return Ok(None),
    }
    tables(&mut link, &mut finding).await?;
    Ok(Some(finding))
}

async fn tables(link: &mut Link, finding: &mut Finding) -> Result<(), Failure> {
    let sent = "SELECT count() FROM system.tables";
    let mut query = vec![1];
    // No id, no settings; up to the end; not compressed.
    text(&mut query, "");
    text(&mut query, "");
    number(&mut query, 2);
    number(&mut query, 0);
    text(&mut query, sent);
    // No external tables: an empty block ends them.
    number(&mut query, 2);
    text(&mut query, "");
    query.extend(BLOCK_INFO);
    number(&mut query, 0);
    number(&mut query, 0);
    link.send(&query).await?;
    for _ in 0..100 {
        match read_number(link).await? {
            DATA => {
                read_text(link).await?;
                let info = link.exact(BLOCK_INFO.len()).await?;
                if info[0] != 1 || info[2] != 2 || info[7] != 0 {
                    return Err(Failure::Malformed("no block"));
                }
                let (columns, rows) = (read_number(link).await?, read_number(link).await?);
                if columns > 1 || rows > 1 {
                    return Err(Failure::Malformed("not one number"));
                }
                if columns == 1 {
                    read_text(link).await?;
                    let kind = read_text(link).await?;
                    if rows == 1 {
                        if kind != "UInt64" {
                            return Err(Failure::Malformed("no number"));
                        }
                        let bytes = link.exact(8).await?;
                        finding.holds.containers = Some(Cursor::new(&bytes).le64()?);
                        finding.read(Outcome::Granted, sent, "the number of tables");
                        return Ok(());
                    }
                }
            }
            PROGRESS => {
                for _ in 0..3 {
                    read_number(link).await?;
                }
            }
            PROFILE => {
                for _ in 0..3 {
                    read_number(link).await?;
                }
                link.exact(1).await?;
                read_number(link).await?;
                link.exact(1).await?;
            }
            EXCEPTION => {
                // 497: access denied; 291: to the database.
                let outcome = if matches!(exception(link).await?, 291 | 497) {
                    Outcome::Refused
                } else {
                    Outcome::Unclear
                };
                finding.read(outcome, sent, "an error");
                return Ok(());
            }
            END => break,
            _ => return Err(Failure::Malformed("an unknown packet")),
        }
    }
    finding.read(Outcome::Unclear, sent, "no number");
    Ok(())
}

/// The code alone: the message names users.
async fn exception(link: &mut Link) -> Result<u32, Failure> {
    let bytes = link.exact(4).await?;
    Cursor::new(&bytes).le32()
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    loop {
        let low = u8::try_from(value & 0x7f).unwrap_or_default();
        value >>= 7;
        if value == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

fn text(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

async fn read_number(link: &mut Link) -> Result<u64, Failure> {
    let mut value = 0_u64;
    for shift in (0..63).step_by(7) {
        let byte = link.exact(1).await?[0];
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok(value);
        }
    }
    Err(Failure::Malformed("a number without end"))
}

async fn read_text(link: &mut Link) -> Result<String, Failure> {
    let length = usize::try_from(read_number(link).await?).map_err(|_| Failure::TooLarge)?;
    if length > 4096 {
        return Err(Failure::TooLarge);
    }
    String::from_utf8(link.exact(length).await?).map_err(|_| Failure::Malformed("no text"))
}
