//! PostgreSQL's protocol, version 3 (its manual, "Frontend/Backend Protocol").
//!
//! Logs in, with a secret only where the session says that one may be sent, and
//! asks simple queries. Every message is bounded by the session's limits; of
//! errors only the code is kept, since their text can quote values.

use md5::{Digest as _, Md5};

use super::super::scram::Scram;
use crate::inspect::{Credential, Secret};
use crate::product::{Cursor, size};
use crate::transport::{Failure, Link, Session};

/// Rows of one answer.
const ROWS: usize = 50_000;

/// A connection that is logged in.
pub(super) struct Connection {
    link: Link,
}

/// The columns of a row as text.
pub(super) type Row = Vec<Option<String>>;

/// An error's code: five letters and digits (its manual, appendix A).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SqlState(String);

impl SqlState {
    /// What it means for somebody who reads.
    pub(super) fn words(&self) -> String {
        let words = match self.0.as_str() {
            "42501" => "this user may not read it",
            "57014" => "the server ended the question at its time limit",
            "55P03" => "it is locked",
            "3D000" => "there is no such database",
            "28000" => "this user or address is not let in",
            "28P01" => "the password is not accepted",
            "53300" => "too many connections",
            "57P03" => "the server is starting or stopping",
            "57P01" => "the server ended the connection",
            "40001" => "the standby removed rows that were being read",
            _ => "an error",
        };
        format!("{words} ({})", self.0)
    }
}

impl Connection {
    /// Logs in; the inner error is the server's answer, or why no secret is sent.
    pub(super) async fn open(
        session: &mut Session<'_>,
        user: &str,
        database: &str,
    ) -> Result<Result<Self, String>, Failure> {
        let mut link = session.connect().await?;
        // Length 8, code 80877103.
        link.send(&[0, 0, 0, 8, 4, 210, 22, 47]).await?;
        let secured = match link.exact(1).await?[0] {
            b'S' => {
                link = session.secure(link).await?;
                true
            }
            b'N' => false,
            _ => return Err(Failure::Malformed("no answer to the question for TLS")),
        };
        let credential = match session.credential(secured) {
            Ok(credential) => credential.cloned(),
            Err(why) => return Ok(Err(why.to_owned())),
        };
        let mut startup = 196_608_u32.to_be_bytes().to_vec();
        for (name, value) in [
            ("user", user),
            ("database", database),
            ("application_name", "celador"),
            ("client_encoding", "UTF8"),
        ] {
            startup.extend_from_slice(name.as_bytes());
            startup.push(0);
            startup.extend(value.bytes().filter(|byte| *byte != 0));
            startup.push(0);
        }
        startup.push(0);
        let mut message = length(startup.len())?.to_vec();
        message.extend(startup);
        link.send(&message).await?;
        let mut this = Self { link };
        if let Err(why) = this.log_in(user, credential.as_ref()).await? {
            return Ok(Err(why));
        }
        session.spend(&this.link)?;
        this.link.next_answer();
        Ok(Ok(this))
    }

    async fn log_in(
        &mut self,
        user: &str,
        credential: Option<&Credential>,
    ) -> Result<Result<(), String>, Failure> {
        let secret = match credential {
            Some(Credential::Password { secret, .. }) => Some(secret),
            _ => None,
        };
        loop {
            let (kind, body) = self.message().await?;
            match kind {
                b'R' => {
                    let mut fields = Cursor::new(&body);
                    let how = fields.u32()?;
                    if how == 0 {
                        continue;
                    }
                    let Some(secret) = secret else {
                        return Ok(Err("it asks for a password, and none was given".to_owned()));
                    };
                    match how {
                        3 => self.say(b'p', secret.text().as_bytes(), true).await?,
                        5 => {
                            let salt = fields.bytes(4)?;
                            self.say(b'p', md5(user, secret, salt).as_bytes(), true)
                                .await?;
                        }
                        10 => {
                            if !fields
                                .rest()
                                .split(|byte| *byte == 0)
                                .any(|one| one == MECHANISM)
                            {
                                return Ok(Err("it asks for a way to log in that is not known \
                                               here; SCRAM-SHA-256 is"
                                    .to_owned()));
                            }
                            if let Err(state) = self.scram(secret).await? {
                                return Ok(Err(state.words()));
                            }
                        }
                        _ => {
                            return Ok(Err(
                                "it asks for a ticket (Kerberos or alike), and only passwords \
                                 and certificates are known here"
                                    .to_owned(),
                            ));
                        }
                    }
                }
                b'E' => return Ok(Err(state(&body).words())),
                b'Z' => return Ok(Ok(())),
                // Parameters, the key for cancelling, notices, older versions.
                b'S' | b'K' | b'N' | b'v' => {}
                _ => return Err(Failure::Malformed("no answer to the login")),
            }
        }
    }

    async fn scram(&mut self, secret: &Secret) -> Result<Result<(), SqlState>, Failure> {
        let (scram, first) = Scram::start("")?;
        let mut body = MECHANISM.to_vec();
        body.push(0);
        body.extend(
            u32::try_from(first.len())
                .map_err(|_| Failure::TooLarge)?
                .to_be_bytes(),
        );
        body.extend_from_slice(first.as_bytes());
        self.say(b'p', &body, false).await?;
        let first = match self.sasl(11).await? {
            Ok(text) => text,
            Err(state) => return Ok(Err(state)),
        };
        let (proven, last) = scram.prove(&first, secret)?;
        self.say(b'p', last.as_bytes(), false).await?;
        match self.sasl(12).await? {
            Ok(text) => proven.verify(&text).map(Ok),
            Err(state) => Ok(Err(state)),
        }
    }

    /// A message of SASL of that number.
    async fn sasl(&mut self, number: u32) -> Result<Result<String, SqlState>, Failure> {
        let (kind, body) = self.message().await?;
        let mut fields = Cursor::new(&body);
        match kind {
            b'R' if fields.u32()? == number => std::str::from_utf8(fields.rest())
                .map(|text| Ok(text.to_owned()))
                .map_err(|_| Failure::Malformed("no text")),
            b'E' => Ok(Err(state(&body))),
            _ => Err(Failure::Malformed("no message of SASL")),
        }
    }

    /// The rows that answer a query, or the error that does.
    pub(super) async fn query(
        &mut self,
        session: &mut Session<'_>,
        query: &str,
    ) -> Result<Result<Vec<Row>, SqlState>, Failure> {
        self.say(b'Q', query.as_bytes(), true).await?;
        let mut rows = Vec::new();
        let mut failed = None;
        loop {
            let (kind, body) = self.message().await?;
            match kind {
                b'D' => {
                    if rows.len() >= ROWS {
                        return Err(Failure::Malformed("more rows than were asked for"));
                    }
                    rows.push(row(&body)?);
                }
                b'E' => failed = Some(state(&body)),
                b'Z' => break,
                // Descriptions, the end of a command, notices, parameters; a copy
                // was not asked for.
                b'T' | b'C' | b'I' | b'N' | b'S' | b'A' => {}
                _ => return Err(Failure::Malformed("no answer to a query")),
            }
        }
        session.spend(&self.link)?;
        self.link.next_answer();
        Ok(failed.map_or(Ok(rows), Err))
    }

    async fn say(&mut self, kind: u8, body: &[u8], ended: bool) -> Result<(), Failure> {
        let mut message = vec![kind];
        message.extend(length(body.len() + usize::from(ended))?);
        message.extend_from_slice(body);
        if ended {
            message.push(0);
        }
        self.link.send(&message).await
    }

    async fn message(&mut self) -> Result<(u8, Vec<u8>), Failure> {
        let head = self.link.exact(5).await?;
        let mut head = Cursor::new(&head);
        let kind = head.u8()?;
        let length = size(head.u32()?)?
            .checked_sub(4)
            .ok_or(Failure::Malformed("a length below its own"))?;
        Ok((kind, self.link.exact(length).await?))
    }
}

const MECHANISM: &[u8] = b"SCRAM-SHA-256";

fn length(body: usize) -> Result<[u8; 4], Failure> {
    u32::try_from(body + 4)
        .map(u32::to_be_bytes)
        .map_err(|_| Failure::TooLarge)
}

/// `"md5" + md5(md5(password + user) + salt)`, in hexadecimal.
fn md5(user: &str, secret: &Secret, salt: &[u8]) -> String {
    let hex = |parts: [&[u8]; 2]| {
        let mut hash = Md5::new();
        for part in parts {
            hash.update(part);
        }
        data_encoding::HEXLOWER.encode(&hash.finalize())
    };
    let inner = hex([secret.text().as_bytes(), user.as_bytes()]);
    format!("md5{}", hex([inner.as_bytes(), salt]))
}

fn row(body: &[u8]) -> Result<Row, Failure> {
    let mut fields = Cursor::new(body);
    let count = fields.u16()?;
    (0..count)
        .map(|_| {
            let length = fields.u32()?;
            if length == u32::MAX {
                return Ok(None);
            }
            let bytes = fields.bytes(size(length)?)?;
            Ok(Some(String::from_utf8_lossy(bytes).into_owned()))
        })
        .collect()
}

/// The SQLSTATE of an error; `XX000`, an internal error, where it has none.
fn state(body: &[u8]) -> SqlState {
    let mut fields = Cursor::new(body);
    while let Ok(kind) = fields.u8() {
        // Not as text: a server's words can be in any encoding.
        let rest = fields.rest();
        let end = rest
            .iter()
            .position(|byte| *byte == 0)
            .unwrap_or(rest.len());
        let Ok(text) = fields.bytes(end) else { break };
        let _ = fields.bytes(1);
        if kind == b'C' && text.len() == 5 && text.iter().all(u8::is_ascii_alphanumeric) {
            return SqlState(String::from_utf8_lossy(text).into_owned());
        }
    }
    SqlState("XX000".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn md5_as_the_server_computes_it() {
        // Of a PostgreSQL 15: md5('s3cret' || 'alice') is what it stores.
        let secret = Secret::fetch("command:echo s3cret").expect("a secret");
        let stored = {
            let mut hash = Md5::new();
            hash.update(b"s3cretalice");
            data_encoding::HEXLOWER.encode(&hash.finalize())
        };
        let mut hash = Md5::new();
        hash.update(stored.as_bytes());
        hash.update([1, 2, 3, 4]);
        let expect = format!("md5{}", data_encoding::HEXLOWER.encode(&hash.finalize()));
        assert_eq!(md5("alice", &secret, &[1, 2, 3, 4]), expect);
    }

    #[test]
    fn an_error_is_its_code_alone() {
        let body = b"SFATAL\0C28P01\0Mpassword \xe9 for user canary\0\0";
        assert_eq!(state(body).words(), "the password is not accepted (28P01)");
        assert_eq!(state(b"").words(), "an error (XX000)");
        assert_eq!(state(b"Ccanary\0").words(), "an error (XX000)");
    }
}
