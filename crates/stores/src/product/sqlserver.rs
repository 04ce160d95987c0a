//! SQL Server (MS-TDS, 2.2.6.5: PRELOGIN). Reachability alone: it has no access
//! without a password, and none is tried.

use super::Cursor;
use crate::transport::{Failure, Session};
use crate::verdict::{Finding, Outcome};

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    // VERSION and ENCRYPTION (not supported), each with offset and length.
    let options = [0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 0, 0, 0, 0, 0, 0, 2];
    let mut packet = vec![0x12, 1, 0, 26, 0, 0, 1, 0];
    packet.extend(options);
    link.send(&packet).await?;
    let head = link.exact(8).await?;
    let mut fields = Cursor::new(&head);
    // A response, whole.
    if fields.u8()? != 4 || fields.u8()? != 1 {
        return Ok(None);
    }
    let length = usize::from(fields.u16()?)
        .checked_sub(8)
        .ok_or(Failure::Malformed("a packet shorter than its head"))?;
    let body = link.exact(length).await?;
    let mut fields = Cursor::new(&body);
    let mut version = None;
    let mut encryption = None;
    loop {
        let token = fields.u8()?;
        if token == 0xff {
            break;
        }
        let (offset, length) = (usize::from(fields.u16()?), usize::from(fields.u16()?));
        let value = body
            .get(offset..offset + length)
            .ok_or(Failure::Malformed("an option that lies outside"))?;
        match (token, value) {
            (0, [major, minor, high, low, ..]) => {
                version = Some(format!(
                    "{major}.{minor}.{}",
                    u16::from_be_bytes([*high, *low])
                ));
            }
            (1, [value]) => encryption = Some(*value),
            _ => {}
        }
    }
    if version.is_none() || encryption.is_none() {
        return Ok(None);
    }
    let mut finding = Finding::of("sqlserver");
    finding.version = version;
    finding.read(
        Outcome::Unclear,
        "PRELOGIN",
        "it is reachable; it lets nobody in without a password, and none is tried",
    );
    if encryption == Some(2) {
        finding
            .notes
            .push("it does not encrypt, so logins and data go in plain text".to_owned());
    }
    Ok(Some(finding))
}
