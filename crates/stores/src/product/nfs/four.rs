//! NFS 4.0: folders are listed from the root down until exports are met.

use std::collections::VecDeque;

use super::rpc::{Client, Reply, opaque, put};
use super::{Denied, NFS};
use crate::product::Cursor;
use crate::transport::Failure;
use crate::verdict::{Finding, Outcome};

const COMPOUND: u32 = 1;
const GETATTR: u32 = 9;
const LOOKUP: u32 = 15;
const PUTROOTFH: u32 = 24;
const READDIR: u32 = 26;

/// Type, file system's id, why an entry has none of these.
const TYPE: u32 = 1;
const FSID: u32 = 8;
const ERROR: u32 = 11;
const WANTED: u32 = 1 << TYPE | 1 << FSID | 1 << ERROR;

const REGULAR: u32 = 1;
const FOLDER: u32 = 2;
const PERM: u32 = 1;
const ACCES: u32 = 13;
const WRONGSEC: u32 = 10_016;

/// Folders that are listed, and how deep.
const MOST: usize = 16;
const DEEPEST: usize = 6;

type Fsid = (u64, u64);

struct Folder {
    fsid: Option<Fsid>,
    entries: usize,
    /// Whether there is a file among them.
    files: bool,
    folders: Vec<Vec<u8>>,
}

pub(super) async fn read(
    client: &mut Client,
    named: &[String],
    finding: &mut Finding,
) -> Result<(), Failure> {
    let mut ahead: VecDeque<Vec<Vec<u8>>> = VecDeque::from([Vec::new()]);
    for path in named {
        ahead.push_back(
            path.split('/')
                .filter(|part| !part.is_empty())
                .map(|part| part.as_bytes().to_vec())
                .collect(),
        );
    }
    let (mut root, mut exports, mut listed) = (None, 0_u64, 0);
    while let Some(path) = ahead.pop_front() {
        if listed >= MOST {
            finding
                .notes
                .push(format!("the first {MOST} folders were tried"));
            break;
        }
        listed += 1;
        let depth = path.len();
        let sent = if depth == 0 {
            "READDIR of the root".to_owned()
        } else {
            format!("READDIR of a folder {depth} below the root")
        };
        let folder = match list(client, &path).await? {
            Ok(folder) => folder,
            Err(Denied::Refused) => {
                exports += 1;
                finding.read(Outcome::Refused, sent, "not permitted");
                continue;
            }
            Err(Denied::Unclear) => {
                finding.saw(sent, "an error that is no refusal");
                continue;
            }
        };
        if depth == 0 {
            root = folder.fsid;
        }
        if folder.files || (depth > 0 && folder.fsid != root) {
            exports += 1;
            let answer = format!("{} entries of an export", folder.entries);
            finding.read(Outcome::Granted, sent, answer);
            continue;
        }
        finding.saw(
            sent,
            format!("{} folders, which anyone is shown", folder.entries),
        );
        if depth < DEEPEST {
            for name in folder.folders {
                ahead.push_back([path.clone(), vec![name]].concat());
            }
        }
    }
    if exports > 0 {
        finding.holds.containers = Some(exports);
    } else {
        finding.read(
            Outcome::Unclear,
            "the walk",
            "no export is shown to this address; name some in the inventory (containers)",
        );
    }
    Ok(())
}

async fn list(client: &mut Client, path: &[Vec<u8>]) -> Result<Result<Folder, Denied>, Failure> {
    let operations = path.len() + 3;
    let mut body = Vec::new();
    // No tag, minor version 0.
    let count = u32::try_from(operations).map_err(|_| Failure::TooLarge)?;
    for number in [0, 0, count, PUTROOTFH] {
        body.extend(number.to_be_bytes());
    }
    for name in path {
        body.extend(LOOKUP.to_be_bytes());
        put(&mut body, name)?;
    }
    for number in [GETATTR, 1, 1 << FSID, READDIR] {
        body.extend(number.to_be_bytes());
    }
    // From the start; so many bytes of names, and in all.
    body.extend([0; 16]);
    for number in [8 << 10, 32 << 10, 1, WANTED] {
        body.extend(u32::to_be_bytes(number));
    }
    let bytes = match client.ask(NFS, 4, COMPOUND, &body).await? {
        Reply::Done(bytes) => bytes,
        Reply::TooWeak => return Ok(Err(Denied::Refused)),
        _ => return Ok(Err(Denied::Unclear)),
    };
    let mut fields = Cursor::new(&bytes);
    let status = fields.u32()?;
    opaque(&mut fields)?;
    let answered = fields.u32()?;
    if status != 0 {
        return Ok(Err(match status {
            PERM | ACCES | WRONGSEC => Denied::Refused,
            _ => Denied::Unclear,
        }));
    }
    if answered != count {
        return Err(Failure::Malformed("not every operation was answered"));
    }
    let expected = std::iter::once(PUTROOTFH).chain(path.iter().map(|_| LOOKUP));
    for operation in expected.chain([GETATTR]) {
        if fields.u32()? != operation || fields.u32()? != 0 {
            return Err(Failure::Malformed("an answer to another operation"));
        }
    }
    let fsid = attributes(&mut fields)?.fsid;
    if fields.u32()? != READDIR || fields.u32()? != 0 {
        return Err(Failure::Malformed("an answer to another operation"));
    }
    fields.bytes(8)?;
    let mut folder = Folder {
        fsid,
        entries: 0,
        files: false,
        folders: Vec::new(),
    };
    while fields.u32()? == 1 {
        fields.bytes(8)?;
        let name = opaque(&mut fields)?;
        let entry = attributes(&mut fields)?;
        folder.entries += 1;
        folder.files |= entry.kind == Some(REGULAR);
        // What an entry does not tell may be told below it.
        let open = matches!(entry.kind, None | Some(FOLDER));
        if open && folder.folders.len() < MOST && !matches!(name, b"." | b"..") {
            folder.folders.push(name.to_vec());
        }
    }
    Ok(Ok(folder))
}

#[derive(Default)]
struct Attributes {
    kind: Option<u32>,
    fsid: Option<Fsid>,
}

fn attributes(fields: &mut Cursor<'_>) -> Result<Attributes, Failure> {
    let words = fields.u32()?;
    let mut mask = 0;
    for word in 0..words.min(8) {
        let bits = fields.u32()?;
        if word == 0 {
            mask = bits;
        } else if bits != 0 {
            return Err(Failure::Malformed("attributes that were not asked for"));
        }
    }
    if words > 8 || mask & !WANTED != 0 {
        return Err(Failure::Malformed("attributes that were not asked for"));
    }
    let mut values = Cursor::new(opaque(fields)?);
    let mut found = Attributes::default();
    // In the order of their numbers.
    if mask & 1 << TYPE != 0 {
        found.kind = Some(values.u32()?);
    }
    if mask & 1 << FSID != 0 {
        found.fsid = Some((values.u64()?, values.u64()?));
    }
    Ok(found)
}
