//! CQL's binary protocol as far as a reader needs it: a login, and questions whose
//! answers are rows of texts.
//!
//! A frame's length is no more than an answer may have, and rows and columns are read
//! out of bytes that came, so a count that lies ends where they do.

use crate::inspect::Credential;
use crate::product::cassandra::{ask, short_text};
use crate::product::{Cursor, size};
use crate::transport::{Failure, Link, Session};

const ERROR: u8 = 0x00;
const STARTUP: u8 = 0x01;
const READY: u8 = 0x02;
const AUTHENTICATE: u8 = 0x03;
const QUERY: u8 = 0x07;
const RESULT: u8 = 0x08;
const AUTH_CHALLENGE: u8 = 0x0e;
const AUTH_RESPONSE: u8 = 0x0f;
const AUTH_SUCCESS: u8 = 0x10;

/// One connection that is let in.
pub(super) struct Connection(Link);

/// A page of rows; a cell that is null or no text is none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    pub(super) rows: Vec<Vec<Option<String>>>,
    /// Where the next page begins; none at the end.
    pub(super) next: Option<Vec<u8>>,
}

impl Connection {
    /// Connects and logs in; or why that is refused.
    pub(super) async fn open(session: &mut Session<'_>) -> Result<Result<Self, String>, Failure> {
        let mut link = session.connect().await?;
        let startup = [
            &1_u16.to_be_bytes()[..],
            &11_u16.to_be_bytes(),
            b"CQL_VERSION",
            &5_u16.to_be_bytes(),
            b"3.0.0",
        ]
        .concat();
        match ask(&mut link, STARTUP, &startup).await?.0 {
            READY => return Ok(Ok(Self(link))),
            AUTHENTICATE => {}
            _ => return Err(Failure::Malformed("neither ready nor a login")),
        }
        let plain = match session.credential(session.tls) {
            Ok(Some(Credential::Password { user, secret })) => {
                format!("\0{user}\0{}", secret.text())
            }
            Ok(_) => return Ok(Err("it asks for a user and a password".to_owned())),
            Err(why) => return Ok(Err(why.to_owned())),
        };
        let length = u32::try_from(plain.len()).map_err(|_| Failure::TooLarge)?;
        let response = [&length.to_be_bytes()[..], plain.as_bytes()].concat();
        Ok(match ask(&mut link, AUTH_RESPONSE, &response).await? {
            (AUTH_SUCCESS, _) => Ok(Self(link)),
            (ERROR, _) => Err("this user or password is not accepted".to_owned()),
            (AUTH_CHALLENGE, _) => Err("it asks for another kind of login".to_owned()),
            _ => return Err(Failure::Malformed("no answer to a login")),
        })
    }

    /// A page of the rows that answer a question, or why there are none.
    pub(super) async fn query(
        &mut self,
        text: &str,
        rows: u32,
        from: Option<&[u8]>,
    ) -> Result<Result<Page, String>, Failure> {
        let long = |length: usize| u32::try_from(length).map_err(|_| Failure::TooLarge);
        let mut body = long(text.len())?.to_be_bytes().to_vec();
        body.extend_from_slice(text.as_bytes());
        // Consistency ONE; a page of so many rows, and where it begins.
        body.extend([0, 1, if from.is_some() { 0x0c } else { 0x04 }]);
        body.extend(rows.to_be_bytes());
        if let Some(from) = from {
            body.extend(long(from.len())?.to_be_bytes());
            body.extend_from_slice(from);
        }
        let (opcode, body) = ask(&mut self.0, QUERY, &body).await?;
        let mut fields = Cursor::new(&body);
        match opcode {
            ERROR => Ok(Err(words(fields.u32()?).to_owned())),
            RESULT if fields.u32()? == 2 => page(&mut fields).map(Ok),
            _ => Err(Failure::Malformed("no rows and no error")),
        }
    }
}

fn words(code: u32) -> &'static str {
    match code {
        0x0100 => "its session ended",
        0x2100 => "it is refused",
        0x1000..=0x1003 => "nodes that keep it do not answer",
        0x1200 | 0x1300 => "the server ended the question at its time limit",
        0x2200 | 0x2000 => "the server does not understand the question",
        _ => "an error",
    }
}

fn page(fields: &mut Cursor<'_>) -> Result<Page, Failure> {
    const GLOBAL: u32 = 1;
    const MORE: u32 = 2;
    const NO_METADATA: u32 = 4;
    let flags = fields.u32()?;
    let columns = size(fields.u32()?)?;
    // What is asked for has few.
    if columns == 0 || columns > 16 {
        return Err(Failure::Malformed("not the columns that were asked for"));
    }
    let mut out = Page::default();
    if flags & MORE != 0 {
        let length = size(fields.u32()?)?;
        out.next = Some(fields.bytes(length)?.to_vec());
    }
    let mut numbers = vec![false; columns];
    if flags & NO_METADATA == 0 {
        if flags & GLOBAL != 0 {
            short_text(fields)?;
            short_text(fields)?;
        }
        for number in &mut numbers {
            if flags & GLOBAL == 0 {
                short_text(fields)?;
                short_text(fields)?;
            }
            short_text(fields)?;
            // Texts and whole numbers are all that is asked for.
            *number = match fields.u16()? {
                0x01 | 0x0a | 0x0d => false,
                0x02 | 0x09 => true,
                _ => return Err(Failure::Malformed("a column of another type")),
            };
        }
    }
    for _ in 0..fields.u32()? {
        let mut row = Vec::new();
        for number in &numbers {
            let length = fields.u32()?.cast_signed();
            let Ok(length) = usize::try_from(length) else {
                row.push(None);
                continue;
            };
            let bytes = fields.bytes(length)?;
            row.push(if *number {
                whole(bytes).map(|number| number.to_string())
            } else {
                std::str::from_utf8(bytes).ok().map(ToOwned::to_owned)
            });
        }
        out.rows.push(row);
    }
    Ok(out)
}

fn whole(bytes: &[u8]) -> Option<i64> {
    match bytes.len() {
        4 => Some(i64::from(i32::from_be_bytes(bytes.try_into().ok()?))),
        8 => Some(i64::from_be_bytes(bytes.try_into().ok()?)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_end_where_bytes_do() {
        // No metadata, one column, a row of two letters, and a null.
        let sound = [
            &[0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2][..],
            &[0, 0, 0, 2, b'h', b'i'],
            &[0xff, 0xff, 0xff, 0xff],
        ]
        .concat();
        let found = page(&mut Cursor::new(&sound)).expect("sound");
        assert_eq!(found.rows, [vec![Some("hi".to_owned())], vec![None]]);
        for end in 0..sound.len() {
            assert!(page(&mut Cursor::new(&sound[..end])).is_err(), "{end}");
        }
        // Rows that never come, and columns without end.
        let mut many = sound.clone();
        many[8] = 0x7f;
        assert!(page(&mut Cursor::new(&many)).is_err());
        let mut wide = sound;
        wide[4] = 0x7f;
        assert!(page(&mut Cursor::new(&wide)).is_err());
    }
}
