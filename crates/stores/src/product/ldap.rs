//! LDAP (RFC 4511), with as much BER as its search needs.
//!
//! A bind proves nothing, and a refused bind does not stop a search on a fresh
//! connection; so nothing is bound and the tree is searched. The root DSE is
//! told to nearly everyone and counts for nothing. At most one entry is asked
//! for, without attributes.

use super::Cursor;
use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome};

const SEARCH_ENTRY: u8 = 0x64;
const SEARCH_DONE: u8 = 0x65;
const SEARCH_REFERENCE: u8 = 0x73;

/// The first message to a server of which nothing is known.
pub(super) fn opener() -> Vec<u8> {
    request(1, b"", 0, b"namingContexts").unwrap_or_default()
}

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let root = search(&mut link, 1, b"", 0, b"namingContexts").await?;
    let mut finding = Finding::of("ldap");
    let Some(context) = root.value else {
        match root.code {
            0 => finding.read(
                Outcome::Unclear,
                "search of the root DSE",
                "no naming context is told, so there is nothing to search",
            ),
            code if refused(code) => {
                finding.read(Outcome::Refused, "search of the root DSE", "not permitted");
            }
            _ => finding.read(Outcome::Unclear, "search of the root DSE", "an error"),
        }
        return Ok(Some(finding));
    };
    finding.saw(
        "search of the root DSE",
        "naming contexts, which anyone is told",
    );
    let mut link = session.connect().await?;
    // Whole subtree, no attributes ("1.1", RFC 4511, section 4.5.1.8).
    let tree = search(&mut link, 1, &context, 2, b"1.1").await?;
    let sent = "search below the first naming context";
    match tree.code {
        _ if tree.entries > 0 => finding.read(Outcome::Granted, sent, "an entry"),
        // Insufficient rights hide a tree as if it were not there.
        code if refused(code) || code == 32 => {
            finding.read(Outcome::Refused, sent, "not permitted");
        }
        0 => finding.read(Outcome::Unclear, sent, "no entry and no refusal"),
        _ => finding.read(Outcome::Unclear, sent, "an error that is no refusal"),
    }
    Ok(Some(finding))
}

/// authMethodNotSupported, strongerAuthRequired, confidentialityRequired,
/// inappropriateAuthentication, invalidCredentials, insufficientAccessRights,
/// unwillingToPerform, operationsError (as Active Directory says "bind first").
fn refused(code: u8) -> bool {
    matches!(code, 1 | 7 | 8 | 13 | 48 | 49 | 50 | 53)
}

struct Found {
    entries: usize,
    /// The first value of the first entry's first attribute.
    value: Option<Vec<u8>>,
    code: u8,
}

async fn search(
    link: &mut Link,
    id: u8,
    base: &[u8],
    scope: u8,
    attribute: &[u8],
) -> Result<Found, Failure> {
    link.send(&request(id, base, scope, attribute)?).await?;
    let mut found = Found {
        entries: 0,
        value: None,
        code: 0,
    };
    for _ in 0..100 {
        let (tag, message) = read(link).await?;
        let mut fields = Cursor::new(&message);
        if tag != 0x30 || part(&mut fields)? != (0x02, &[id][..]) {
            return Err(Failure::Malformed("no LDAP message"));
        }
        let (tag, body) = part(&mut fields)?;
        let mut body = Cursor::new(body);
        match tag {
            SEARCH_ENTRY => {
                found.entries += 1;
                part(&mut body)?;
                let (_, attributes) = part(&mut body)?;
                if found.value.is_none() && !attributes.is_empty() {
                    let (_, attribute) = part(&mut Cursor::new(attributes))?;
                    let mut attribute = Cursor::new(attribute);
                    part(&mut attribute)?;
                    let (_, values) = part(&mut attribute)?;
                    if let Ok((_, value)) = part(&mut Cursor::new(values)) {
                        found.value = Some(value.to_vec());
                    }
                }
            }
            SEARCH_DONE => {
                let (_, code) = part(&mut body)?;
                found.code = code.first().copied().unwrap_or(80);
                return Ok(found);
            }
            SEARCH_REFERENCE => {}
            // A notice of disconnection, or another answer.
            _ => return Err(Failure::Malformed("no answer to a search")),
        }
    }
    Err(Failure::TooLarge)
}

fn request(id: u8, base: &[u8], scope: u8, attribute: &[u8]) -> Result<Vec<u8>, Failure> {
    let body = [
        element(0x04, base)?,
        // Scope, never dereference, one entry, ten seconds, values wanted.
        element(0x0a, &[scope])?,
        element(0x0a, &[0])?,
        element(0x02, &[1])?,
        element(0x02, &[10])?,
        element(0x01, &[0])?,
        // (objectClass=*)
        element(0x87, b"objectClass")?,
        element(0x30, &element(0x04, attribute)?)?,
    ]
    .concat();
    let message = [element(0x02, &[id])?, element(0x63, &body)?].concat();
    element(0x30, &message)
}
/// Tag, length, contents.
pub(super) fn element(tag: u8, contents: &[u8]) -> Result<Vec<u8>, Failure> {
    let length = u16::try_from(contents.len()).map_err(|_| Failure::TooLarge)?;
    let [high, low] = length.to_be_bytes();
    let mut out = vec![tag];
    if length < 128 {
        out.push(low);
    } else {
        out.extend([0x82, high, low]);
    }
    out.extend_from_slice(contents);
    Ok(out)
}

/// The next element of what has come whole.
fn part<'b>(fields: &mut Cursor<'b>) -> Result<(u8, &'b [u8]), Failure> {
    let tag = fields.u8()?;
    let first = fields.u8()?;
    let mut length = usize::from(first);
    if first >= 0x80 {
        length = long(fields.bytes(usize::from(first & 0x7f))?)?;
    }
    Ok((tag, fields.bytes(length)?))
}

/// A message from the connection.
async fn read(link: &mut Link) -> Result<(u8, Vec<u8>), Failure> {
    let head = link.exact(2).await?;
    let mut length = usize::from(head[1]);
    if head[1] >= 0x80 {
        let count = usize::from(head[1] & 0x7f);
        if count > 4 {
            return Err(Failure::TooLarge);
        }
        length = long(&link.exact(count).await?)?;
    }
    Ok((head[0], link.exact(length).await?))
}

fn long(bytes: &[u8]) -> Result<usize, Failure> {
    if bytes.is_empty() || bytes.len() > 4 {
        return Err(Failure::Malformed("a length of no sensible size"));
    }
    Ok(bytes
        .iter()
        .fold(0, |length, byte| length << 8 | usize::from(*byte)))
}
