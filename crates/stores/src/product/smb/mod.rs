//! SMB 2 and 3 (\[MS-SMB2\]) over TCP, as far as an anonymous reader gets.
//!
//! The login is the anonymous one (\[MS-NLMP\], section 3.2.5.1.2): no user and no
//! password. `Guest` with an empty password would be a guess and is not tried. A
//! login that succeeds proves nothing, and neither does a list of shares, which
//! locked servers tell too: a share is open when the entries of its root folder
//! were given. Names of shares come from that list and from the inventory; what a
//! folder's entries are called is read past. SMB 1 is recognised and not spoken.

mod login;
mod message;
mod shares;

use super::Cursor;
use crate::transport::{Failure, Session};
use crate::verdict::{Finding, Outcome};
use message::{Client, Status};

/// Shares that are tried.
const MOST: usize = 8;

/// The first message to a server of which nothing is known.
pub(super) fn opener() -> Vec<u8> {
    message::first_negotiate()
}

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let link = session.connect().await?;
    let host = session.host();
    let named = session.containers().to_vec();
    let mut client = Client::new(link, host);
    let dialect = match client.negotiate().await {
        Ok(dialect) => dialect,
        Err(Failure::Closed) => return old(session).await,
        Err(failure) => return Err(failure),
    };
    let mut finding = Finding::of("smb");
    let Some(dialect) = dialect else {
        finding.read(
            Outcome::Unclear,
            "NEGOTIATE",
            "no dialect in common; 2.0.2 to 3.0.2 are spoken",
        );
        return Ok(Some(finding));
    };
    finding.version = Some(format!("dialect {dialect}"));
    finding.saw("NEGOTIATE", format!("as smb answers, dialect {dialect}"));
    let sent = "anonymous SESSION_SETUP";
    match client.login().await {
        Ok((Status::Fine, guest)) => finding.saw(
            sent,
            if guest {
                "let in as guest, which is no read yet"
            } else {
                "let in, which is no read yet"
            },
        ),
        Ok((status, _)) if status.refuses() => {
            finding.read(Outcome::Refused, sent, "not let in");
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
    if let Err(failure) = read(&mut client, named, &mut finding).await {
        if failure.is_final() && finding.evidence.len() < 3 {
            return Err(failure);
        }
        finding.read(Outcome::Unclear, "the reads", failure.to_string());
    }
    Ok(Some(finding))
}

/// The list of shares, then the root folder of each.
async fn read(
    client: &mut Client,
    named: Vec<String>,
    finding: &mut Finding,
) -> Result<(), Failure> {
    let sent = "NetrShareEnum";
    let mut names = named;
    match shares::list(client).await? {
        shares::Listed::Names(listed) => {
            finding.holds.containers = Some(listed.len() as u64);
            finding.saw(
                sent,
                format!("{} shares of files, which anyone is told", listed.len()),
            );
            for name in listed {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
        shares::Listed::Refused => finding.read(Outcome::Refused, sent, "not permitted"),
        shares::Listed::Unclear => finding.saw(sent, "an error that is no refusal"),
    }
    let all = names.len();
    for (number, name) in names.iter().take(MOST).enumerate() {
        let sent = format!("the root folder of share {} of {all}", number + 1);
        match client.entries(name).await? {
            Ok(0) => finding.read(Outcome::Unclear, sent, "no entry, not even its own"),
            Ok(count) => finding.read(Outcome::Granted, sent, format!("{count} entries")),
            Err(status) if status.refuses() => {
                finding.read(Outcome::Refused, sent, "not permitted");
            }
            Err(_) => finding.read(Outcome::Unclear, sent, "an error that is no refusal"),
        }
    }
    if all > MOST {
        finding
            .notes
            .push(format!("{MOST} of {all} shares were tried"));
    }
    if all == 0 && finding.reason.is_some() {
        finding.reason = Some(
            "let in, and no share of files is told; name some in the inventory (containers)"
                .to_owned(),
        );
    }
    Ok(())
}

/// What hung up at SMB 2 may speak SMB 1.
async fn old(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    link.send(&message::old_negotiate()).await?;
    let head = link.exact(4).await?;
    let mut fields = Cursor::new(&head);
    let length = super::size(fields.u32()?)?;
    if !(36..=1 << 16).contains(&length) {
        return Err(Failure::Malformed("no message of SMB"));
    }
    let body = link.exact(length).await?;
    // Its mark, and the same command, as a reply.
    if !body.starts_with(b"\xffSMBr") {
        return Err(Failure::Malformed("no message of SMB"));
    }
    let mut finding = Finding::of("smb");
    finding.version = Some("dialect 1".to_owned());
    finding.read(
        Outcome::Unclear,
        "NEGOTIATE",
        "SMB 1 alone is spoken, which is not spoken here",
    );
    finding
        .notes
        .push("SMB 1 is obsolete, and worms have spread by it; turn it off".to_owned());
    Ok(Some(finding))
}
