//! NFS 4.0 (RFC 7530), and NFS 3 (RFC 1813) where its mount protocol shares the
//! port.
//!
//! Calls say that they come from the user nobody (`AUTH_SYS`), which is no secret:
//! the protocol has no login. Exports are named to anyone, so a name is no read:
//! an export is open when the entries of its root were given. Between the root and
//! the exports lies a pseudo file system (RFC 7530, section 7), of folders alone;
//! what has another file system's id, or a file in it, is an export. What entries
//! are called is read past, but for the way to an export. A port mapper's and a
//! mount daemon's port is never gone to: who wants it probed names it.

mod four;
mod rpc;
mod three;

use crate::transport::{Failure, Session};
use crate::verdict::{Finding, Outcome};
use rpc::{Client, Reply};

const NFS: u32 = 100_003;
const MOUNT: u32 = 100_005;
const PORT_MAPPER: u32 = 100_000;

/// The first message to a server of which nothing is known.
pub(super) fn opener() -> Vec<u8> {
    rpc::call(1, NFS, 4, 0, &[]).unwrap_or_default()
}

/// What a listing or a look came to, when it came to no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Denied {
    Refused,
    Unclear,
}

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let named = session.containers().to_vec();
    let mut client = Client::new(session.connect().await?);
    let mut finding = Finding::of("nfs");
    match client.ask(NFS, 4, 0, &[]).await? {
        Reply::Done(_) => {
            finding.version = Some("4".to_owned());
            finding.saw("NULL of NFS 4", "as nfs answers, whatever the lock");
            four::read(&mut client, &named, &mut finding).await?;
        }
        Reply::TooWeak => finding.read(
            Outcome::Refused,
            "NULL of NFS 4",
            "a stronger authentication is asked for",
        ),
        Reply::OtherVersion { high } => {
            finding.version = Some(high.to_string());
            finding.saw("NULL of NFS 4", format!("NFS up to version {high} alone"));
            three::read(&mut client, &mut finding).await?;
        }
        Reply::NoProgram => {
            if !three::elsewhere(&mut client, &mut finding).await? {
                return Ok(None);
            }
        }
        Reply::Failed => finding.read(
            Outcome::Unclear,
            "NULL of NFS 4",
            "an error that is no refusal",
        ),
    }
    Ok(Some(finding))
}
