//! The anonymous login: NTLMSSP (\[MS-NLMP\]) inside SPNEGO (RFC 4178).
//!
//! Nothing here can carry a user's name or a password: there is no place for one.

use crate::product::ldap::element;
use crate::transport::Failure;

const NTLM: &[u8] = b"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a";
const SPNEGO: &[u8] = b"\x2b\x06\x01\x05\x05\x02";
const SIGNATURE: &[u8] = b"NTLMSSP\0";

/// Unicode, the server's name wanted, NTLM, always sign, extended security.
const FLAGS: u32 = 0x1 | 0x4 | 0x200 | 0x8000 | 0x8_0000;
const ANONYMOUS: u32 = 0x800;

/// The first token.
pub(super) fn first() -> Result<Vec<u8>, Failure> {
    let mut token = SIGNATURE.to_vec();
    token.extend(1_u32.to_le_bytes());
    token.extend(FLAGS.to_le_bytes());
    // No domain, no workstation.
    token.extend([0; 16]);
    let kinds = element(0xa0, &element(0x30, &element(0x06, NTLM)?)?)?;
    let token = element(0xa2, &element(0x04, &token)?)?;
    let init = element(0xa0, &element(0x30, &[kinds, token].concat())?)?;
    element(0x60, &[element(0x06, SPNEGO)?, init].concat())
}

/// Whether a server's token is a challenge (message 2), inside SPNEGO or alone.
pub(super) fn is_challenge(token: &[u8]) -> bool {
    let mark = [SIGNATURE, &2_u32.to_le_bytes()].concat();
    token.windows(mark.len()).any(|bytes| bytes == mark)
}

/// The answer to the challenge: no user, no domain, an empty response of the new
/// kind and one zero byte of the old, which is how a client says "anonymous".
pub(super) fn second() -> Result<Vec<u8>, Failure> {
    const HEAD: u32 = 64;
    let field = |length: u16, offset: u32| {
        let mut out = [length.to_le_bytes(), length.to_le_bytes()].concat();
        out.extend(offset.to_le_bytes());
        out
    };
    let mut token = SIGNATURE.to_vec();
    token.extend(3_u32.to_le_bytes());
    token.extend(field(1, HEAD));
    // New response, domain, user, workstation, session key.
    for _ in 0..5 {
        token.extend(field(0, HEAD + 1));
    }
    token.extend((FLAGS | ANONYMOUS).to_le_bytes());
    token.push(0);
    let token = element(0xa2, &element(0x04, &token)?)?;
    element(0xa1, &element(0x30, &token)?)
}
