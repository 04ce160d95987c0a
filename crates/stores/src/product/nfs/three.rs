//! NFS 3 by its mount protocol (RFC 1813, appendix I), and the port mapper (RFC
//! 1833), each where it answers on this very port.
//!
//! A mount puts a line into the server's list of clients, which is taken out again.

use super::rpc::{Client, Reply, opaque, put};
use super::{MOUNT, NFS, PORT_MAPPER};
use crate::product::Cursor;
use crate::transport::Failure;
use crate::verdict::{Finding, Outcome};

const MNT: u32 = 1;
const DUMP_PORTS: u32 = 4;
const UMNT: u32 = 3;
const EXPORT: u32 = 5;
const READDIR: u32 = 16;

const PERM: u32 = 1;
const ACCES: u32 = 13;
/// Authentication that is a claim: none, and a user's number.
const CLAIMS: [u32; 2] = [0, 1];

/// Exports that are tried.
const MOST: usize = 8;

/// What has no NFS on this port may be the mount daemon or the port mapper.
pub(super) async fn elsewhere(client: &mut Client, finding: &mut Finding) -> Result<bool, Failure> {
    if read(client, finding).await? {
        return Ok(true);
    }
    let Reply::Done(bytes) = client.ask(PORT_MAPPER, 2, DUMP_PORTS, &[]).await? else {
        return Ok(false);
    };
    let mut fields = Cursor::new(&bytes);
    let mut ports = [None, None];
    while fields.u32()? == 1 {
        let (program, _, protocol, port) =
            (fields.u32()?, fields.u32()?, fields.u32()?, fields.u32()?);
        for (place, wanted) in ports.iter_mut().zip([NFS, MOUNT]) {
            // TCP.
            if program == wanted && protocol == 6 && port <= 65_535 {
                *place = Some(port);
            }
        }
    }
    if ports == [None, None] {
        return Ok(false);
    }
    let at: Vec<String> = ports
        .iter()
        .zip(["NFS", "its mount daemon"])
        .filter_map(|(port, what)| port.map(|port| format!("{what} at {port}")))
        .collect();
    finding.read(
        Outcome::Unclear,
        "DUMP of the port mapper",
        format!(
            "it names {}, which were not gone to; give them as endpoints",
            at.join(", ")
        ),
    );
    Ok(true)
}

/// Exports, and what of each is given; whether there is a mount protocol here.
pub(super) async fn read(client: &mut Client, finding: &mut Finding) -> Result<bool, Failure> {
    let sent = "EXPORT";
    let bytes = match client.ask(MOUNT, 3, EXPORT, &[]).await? {
        Reply::Done(bytes) => bytes,
        Reply::TooWeak => {
            finding.read(
                Outcome::Refused,
                sent,
                "a stronger authentication is asked for",
            );
            return Ok(true);
        }
        Reply::NoProgram | Reply::OtherVersion { .. } | Reply::Failed => {
            finding.read(
                Outcome::Unclear,
                sent,
                "no mount protocol on this port, without which NFS 3 cannot be read",
            );
            return Ok(false);
        }
    };
    let exports = exports(&bytes)?;
    let all = exports.len();
    finding.holds.containers = Some(all as u64);
    finding.saw(sent, format!("{all} exports, which anyone is told"));
    if all == 0 {
        finding.reason = Some("nothing is exported".to_owned());
    }
    for (number, export) in exports.iter().take(MOST).enumerate() {
        let sent = format!("MNT of export {} of {all}", number + 1);
        let mut path = Vec::new();
        put(&mut path, export)?;
        let Reply::Done(bytes) = client.ask(MOUNT, 3, MNT, &path).await? else {
            finding.read(Outcome::Unclear, sent, "an error that is no refusal");
            continue;
        };
        let mut fields = Cursor::new(&bytes);
        match fields.u32()? {
            0 => {}
            PERM | ACCES => {
                finding.read(Outcome::Refused, sent, "not permitted");
                continue;
            }
            _ => {
                finding.read(Outcome::Unclear, sent, "an error that is no refusal");
                continue;
            }
        }
        let handle = opaque(&mut fields)?.to_vec();
        if handle.is_empty() || handle.len() > 64 {
            return Err(Failure::Malformed("no file handle"));
        }
        let mut claim = false;
        for _ in 0..fields.u32()?.min(32) {
            claim |= CLAIMS.contains(&fields.u32()?);
        }
        entries(client, &handle, claim, sent, finding).await?;
        client.ask(MOUNT, 3, UMNT, &path).await?;
    }
    Ok(true)
}

/// The listing of an export's root; where NFS is on another port, whether the
/// handle that was given would do for who merely claims to be somebody.
async fn entries(
    client: &mut Client,
    handle: &[u8],
    claim: bool,
    sent: String,
    finding: &mut Finding,
) -> Result<(), Failure> {
    let mut body = Vec::new();
    put(&mut body, handle)?;
    body.extend([0; 16]);
    body.extend((16_u32 << 10).to_be_bytes());
    match client.ask(NFS, 3, READDIR, &body).await? {
        Reply::Done(bytes) => {
            let mut fields = Cursor::new(&bytes);
            let read = "READDIR of the export's root";
            match fields.u32()? {
                0 => {
                    let count = listed(&mut fields)?;
                    finding.saw(sent, "a handle was given");
                    finding.read(Outcome::Granted, read, format!("{count} entries"));
                }
                PERM | ACCES => finding.read(Outcome::Refused, read, "not permitted"),
                _ => finding.read(Outcome::Unclear, read, "an error that is no refusal"),
            }
        }
        Reply::TooWeak => finding.read(Outcome::Refused, sent, "a handle that is of no use"),
        _ if claim => finding.read(
            Outcome::Granted,
            sent,
            "a handle for whoever says to be some user; the reads are on another port",
        ),
        _ => finding.read(
            Outcome::Refused,
            sent,
            "a handle for who authenticates by Kerberos alone",
        ),
    }
    Ok(())
}

/// Entries of a READDIR (RFC 1813, section 3.3.16).
fn listed(fields: &mut Cursor<'_>) -> Result<usize, Failure> {
    // The folder's attributes, when they are there; the verifier.
    if fields.u32()? == 1 {
        fields.bytes(84)?;
    }
    fields.bytes(8)?;
    let mut count = 0;
    while fields.u32()? == 1 {
        fields.bytes(8)?;
        opaque(fields)?;
        fields.bytes(8)?;
        count += 1;
    }
    Ok(count)
}

/// Paths of exports; who may have them is read past.
fn exports(bytes: &[u8]) -> Result<Vec<Vec<u8>>, Failure> {
    let mut fields = Cursor::new(bytes);
    let mut out = Vec::new();
    while fields.u32()? == 1 {
        out.push(opaque(&mut fields)?.to_vec());
        while fields.u32()? == 1 {
            opaque(&mut fields)?;
        }
    }
    Ok(out)
}
