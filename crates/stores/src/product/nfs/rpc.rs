//! Remote procedure calls (RFC 5531) over TCP, and XDR (RFC 4506).

use crate::product::{Cursor, size};
use crate::transport::{Failure, Link};

const LAST: u32 = 0x8000_0000;
/// Parts of one reply.
const PARTS: usize = 64;
/// Nobody, who owns nothing.
const NOBODY: u32 = 65_534;

/// What came of a call.
pub(super) enum Reply {
    /// The procedure's own result.
    Done(Vec<u8>),
    /// The program is there in other versions.
    OtherVersion {
        high: u32,
    },
    /// No such program here.
    NoProgram,
    /// Another flavour of authentication is asked for.
    TooWeak,
    Failed,
}

pub(super) struct Client {
    link: Link,
    id: u32,
}

impl Client {
    pub(super) fn new(link: Link) -> Self {
        Self { link, id: 0 }
    }

    pub(super) async fn ask(
        &mut self,
        program: u32,
        version: u32,
        procedure: u32,
        arguments: &[u8],
    ) -> Result<Reply, Failure> {
        self.id += 1;
        self.link
            .send(&call(self.id, program, version, procedure, arguments)?)
            .await?;
        let mut bytes = Vec::new();
        for part in 0..=PARTS {
            let head = self.link.exact(4).await?;
            let mark = Cursor::new(&head).u32()?;
            bytes.extend(self.link.exact(size(mark & !LAST)?).await?);
            if mark & LAST != 0 {
                break;
            }
            if part == PARTS {
                return Err(Failure::TooLarge);
            }
        }
        self.link.next_answer();
        reply(&bytes, self.id)
    }
}

fn reply(bytes: &[u8], id: u32) -> Result<Reply, Failure> {
    let mut fields = Cursor::new(bytes);
    // Id, and that it is a reply.
    if fields.u32()? != id || fields.u32()? != 1 {
        return Err(Failure::Malformed("no reply of RPC"));
    }
    if fields.u32()? == 1 {
        // Denied: by version of RPC, or by authentication.
        return Ok(match fields.u32()? {
            1 => Reply::TooWeak,
            _ => Reply::Failed,
        });
    }
    fields.bytes(4)?;
    opaque(&mut fields)?;
    Ok(match fields.u32()? {
        0 => Reply::Done(fields.rest().to_vec()),
        1 => Reply::NoProgram,
        2 => {
            let _low = fields.u32()?;
            Reply::OtherVersion {
                high: fields.u32()?,
            }
        }
        _ => Reply::Failed,
    })
}

/// A call with its record mark.
pub(super) fn call(
    id: u32,
    program: u32,
    version: u32,
    procedure: u32,
    arguments: &[u8],
) -> Result<Vec<u8>, Failure> {
    let mut message = Vec::new();
    for number in [id, 0, 2, program, version, procedure] {
        message.extend(number.to_be_bytes());
    }
    let mut who = vec![0; 4];
    put(&mut who, b"celador")?;
    for number in [NOBODY, NOBODY, 0] {
        who.extend(number.to_be_bytes());
    }
    // AUTH_SYS, and no verifier.
    message.extend(1_u32.to_be_bytes());
    put(&mut message, &who)?;
    message.extend([0; 8]);
    message.extend_from_slice(arguments);
    let length = u32::try_from(message.len()).map_err(|_| Failure::TooLarge)?;
    let mut out = (LAST | length).to_be_bytes().to_vec();
    out.extend(message);
    Ok(out)
}

/// Bytes with their length, filled up to four.
pub(super) fn opaque<'b>(fields: &mut Cursor<'b>) -> Result<&'b [u8], Failure> {
    let length = size(fields.u32()?)?;
    let bytes = fields.bytes(length)?;
    fields.bytes(length.wrapping_neg() % 4)?;
    Ok(bytes)
}

pub(super) fn put(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), Failure> {
    let length = u32::try_from(bytes.len()).map_err(|_| Failure::TooLarge)?;
    out.extend(length.to_be_bytes());
    out.extend_from_slice(bytes);
    out.extend(std::iter::repeat_n(0, bytes.len().wrapping_neg() % 4));
    Ok(())
}
