//! The list of shares: `NetrShareEnum` (\[MS-SRVS\], section 3.1.4.8), a call of
//! DCE/RPC over the pipe `srvsvc`.

use super::message::{Client, Status};
use crate::product::{Cursor, size};
use crate::transport::Failure;

const BIND: u8 = 11;
const BIND_ACK: u8 = 12;
const REQUEST: u8 = 0;
const RESPONSE: u8 = 2;
const LAST: u8 = 2;
/// Parts of one answer.
const PARTS: usize = 16;
const SHARE_ENUM: u16 = 15;

/// `4b324fc8-1670-01d3-1278-5a47bf6ee188`, and NDR,
/// `8a885d04-1ceb-11c9-9fe8-08002b104860`.
const SRVSVC: [u8; 16] = *b"\xc8\x4f\x32\x4b\x70\x16\xd3\x01\x12\x78\x5a\x47\xbf\x6e\xe1\x88";
const NDR: [u8; 16] = *b"\x04\x5d\x88\x8a\xeb\x1c\xc9\x11\x9f\xe8\x08\x00\x2b\x10\x48\x60";

pub(super) enum Listed {
    /// Shares of files that are not administration's.
    Names(Vec<String>),
    Refused,
    Unclear,
}

pub(super) async fn list(client: &mut Client) -> Result<Listed, Failure> {
    // Read and write data: a call is written to the pipe.
    const ACCESS: u32 = 0x3;
    let unless = |status: Status| {
        if status.refuses() {
            Listed::Refused
        } else {
            Listed::Unclear
        }
    };
    match client.tree("IPC$").await? {
        Status::Fine => {}
        status @ Status::Other(_) => return Ok(unless(status)),
    }
    let pipe = match client.open("srvsvc", ACCESS, 0).await? {
        Ok(pipe) => pipe,
        Err(status) => return Ok(unless(status)),
    };
    let bound = match client.call(&pipe, &packet(BIND, &bind())).await? {
        Ok(bound) => bound,
        Err(status) => return Ok(unless(status)),
    };
    if part(&bound)?.0 != BIND_ACK {
        return Ok(Listed::Unclear);
    }
    let mut stub = Vec::new();
    let mut bytes = match client.call(&pipe, &packet(REQUEST, &request())).await? {
        Ok(bytes) => bytes,
        Err(status) => return Ok(unless(status)),
    };
    for _ in 0..PARTS {
        let (kind, last, body) = part(&bytes)?;
        if kind != RESPONSE {
            return Ok(Listed::Unclear);
        }
        // Hint, context, cancel count.
        let mut fields = Cursor::new(body);
        fields.bytes(8)?;
        stub.extend_from_slice(fields.rest());
        if last {
            client.close(&pipe).await?;
            return names(&stub);
        }
        bytes = match client.more(&pipe).await? {
            Ok(bytes) => bytes,
            Err(status) => return Ok(unless(status)),
        };
    }
    Err(Failure::TooLarge)
}

fn packet(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(16 + body.len()).unwrap_or(u16::MAX);
    // Version 5.0, first and last part, little-endian.
    let mut out = vec![5, 0, kind, 3, 0x10, 0, 0, 0];
    out.extend(length.to_le_bytes());
    out.extend([0, 0]);
    out.extend(1_u32.to_le_bytes());
    out.extend_from_slice(body);
    out
}

/// Kind, whether it is the last, and what follows the header.
fn part(bytes: &[u8]) -> Result<(u8, bool, &[u8]), Failure> {
    let mut fields = Cursor::new(bytes);
    if fields.u8()? != 5 {
        return Err(Failure::Malformed("no DCE/RPC"));
    }
    fields.bytes(1)?;
    let (kind, flags) = (fields.u8()?, fields.u8()?);
    fields.bytes(4)?;
    let length = usize::from(fields.le16()?);
    fields.bytes(6)?;
    let body = length
        .checked_sub(16)
        .ok_or(Failure::Malformed("a part shorter than its head"))?;
    Ok((kind, flags & LAST != 0, fields.bytes(body)?))
}

fn bind() -> Vec<u8> {
    let mut out = [4280_u16, 4280].map(u16::to_le_bytes).concat();
    out.extend([0; 4]);
    // One context, which is the first and has one syntax.
    out.extend([1, 0, 0, 0, 0, 0, 1, 0]);
    out.extend(SRVSVC);
    out.extend(3_u32.to_le_bytes());
    out.extend(NDR);
    out.extend(2_u32.to_le_bytes());
    out
}

fn request() -> Vec<u8> {
    let mut out = 0_u32.to_le_bytes().to_vec();
    out.extend([0, SHARE_ENUM].map(u16::to_le_bytes).concat());
    // This server; level 1; a container that is there and empty; so many bytes;
    // from the start.
    for number in [0_u32, 1, 1, 0x2_0000, 0, 0, 32 << 10, 0] {
        out.extend(number.to_le_bytes());
    }
    out
}

/// The names of what is a disk and no administration's.
fn names(stub: &[u8]) -> Result<Listed, Failure> {
    const DISK: u32 = 0;
    const SPECIAL: u32 = 0x8000_0000;
    let mut fields = Cursor::new(stub);
    let (level, which, container) = (fields.le32()?, fields.le32()?, fields.le32()?);
    if (level, which) != (1, 1) || container == 0 {
        return returned(stub);
    }
    let (count, list) = (fields.le32()?, fields.le32()?);
    if list == 0 {
        return returned(stub);
    }
    let count = size(count)?;
    if size(fields.le32()?)? != count || count > fields.rest().len() / 12 {
        return Err(Failure::Malformed("a list longer than its message"));
    }
    let mut kinds = Vec::new();
    for _ in 0..count {
        let (name, kind, remark) = (fields.le32()?, fields.le32()?, fields.le32()?);
        kinds.push((name != 0, kind, remark != 0));
    }
    let mut out = Vec::new();
    for (named, kind, remarked) in kinds {
        let name = if named {
            text(&mut fields)?
        } else {
            String::new()
        };
        if remarked {
            text(&mut fields)?;
        }
        if kind & 0xff == DISK && kind & SPECIAL == 0 && !name.is_empty() {
            out.push(name);
        }
    }
    Ok(Listed::Names(out))
}

/// The call's own result, its last four bytes: 5 is "access denied".
fn returned(stub: &[u8]) -> Result<Listed, Failure> {
    let last = stub
        .last_chunk::<4>()
        .ok_or(Failure::Malformed("a call without result"))?;
    Ok(match u32::from_le_bytes(*last) {
        0 => Listed::Names(Vec::new()),
        5 => Listed::Refused,
        _ => Listed::Unclear,
    })
}

/// A text of NDR: how much room, where it begins, how long, UTF-16 with its end,
/// filled up to four bytes.
fn text(fields: &mut Cursor<'_>) -> Result<String, Failure> {
    fields.bytes(8)?;
    let length = size(fields.le32()?)?;
    let bytes = length.checked_mul(2).ok_or(Failure::TooLarge)?;
    let found = fields.bytes(bytes)?;
    if length % 2 == 1 {
        fields.bytes(2)?;
    }
    let words: Vec<u16> = found
        .chunks_exact(2)
        .filter_map(|pair| pair.try_into().ok().map(u16::from_le_bytes))
        .take_while(|word| *word != 0)
        .collect();
    String::from_utf16(&words).map_err(|_| Failure::Malformed("no text"))
}
