//! The protocol of MySQL and MariaDB, version 4.1 and later (MySQL's internals
//! manual, "Client/Server Protocol"; MariaDB's "Connecting").
//!
//! Logs in, with a secret only where the session says that one may be sent, and
//! asks queries in the text protocol. Files of this machine are offered to no
//! server. Of errors only the number is kept, since their text can quote values.

use ring::digest;

use crate::inspect::{Credential, Secret};
use crate::product::{Cursor, size};
use crate::transport::{Failure, Link, Session};

const PROTOCOL_41: u32 = 0x200;
const TLS: u32 = 0x800;
const SECURE_CONNECTION: u32 = 0x8000;
const PLUGIN_AUTH: u32 = 0x8_0000;

/// A packet of this length goes on in the next one.
const FULL: usize = 0xff_ffff;
/// Rows and columns of one answer.
const ROWS: usize = 50_000;
const COLUMNS: u64 = 5_000;

/// A connection that is logged in.
pub(super) struct Connection {
    link: Link,
    sequence: u8,
    pub(super) version: String,
}

/// A column of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    /// The protocol's number of the type.
    pub(super) kind: u8,
}

/// What answers a query.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) columns: Vec<Column>,
    pub(super) rows: Vec<Vec<Option<Vec<u8>>>>,
}

/// An error's number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code(u16);

impl Code {
    /// What it means for somebody who reads.
    pub(super) fn words(self) -> String {
        let words = match self.0 {
            1044 | 1045 | 1698 => "this user is not let in, or the password is not accepted",
            1142 | 1143 | 1227 | 1370 => "this user may not read it",
            1129 | 1130 => "this address is not let in",
            1040 | 1203 | 1226 => "too many connections",
            1820 | 1862 => "the password is expired",
            3118 | 4151 => "the account is locked",
            3159 => "it wants TLS",
            1205 => "it is locked",
            1969 | 3024 | 1317 => "the server ended the question at its time limit",
            1146 => "it is gone",
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
    ) -> Result<Result<Self, String>, Failure> {
        let link = session.connect().await?;
        let mut this = Self {
            link,
            sequence: 0,
            version: String::new(),
        };
        let packet = this.read().await?;
        if packet.first() == Some(&0xff) {
            return Ok(Err(code(&packet)?.words()));
        }
        let greeting = Greeting::parse(&packet)?;
        this.version.clone_from(&greeting.version);
        let wants = PROTOCOL_41 | SECURE_CONNECTION | greeting.offers & (PLUGIN_AUTH | TLS);
        // Largest packet 16 MiB, character set utf8mb4.
        let mut login = wants.to_le_bytes().to_vec();
        login.extend([0, 0, 0, 1, 45]);
        login.extend([0; 23]);
        let secured = greeting.offers & TLS != 0;
        if secured {
            this.send(&login).await?;
            this.link = session.secure(this.link).await?;
        }
        let secret = match session.credential(secured) {
            Ok(Some(Credential::Password { secret, .. })) => Some(secret.clone()),
            Ok(_) => None,
            Err(why) => return Ok(Err(why.to_owned())),
        };
        // Where its way is not known it may switch to one that is.
        let proof =
            prove(&greeting.plugin, &greeting.salt, secret.as_ref(), secured).unwrap_or_default();
        login.extend(user.bytes().filter(|byte| *byte != 0));
        login.push(0);
        login.push(u8::try_from(proof.len()).map_err(|_| Failure::TooLarge)?);
        login.extend(proof);
        if greeting.offers & PLUGIN_AUTH != 0 {
            login.extend_from_slice(greeting.plugin.as_bytes());
            login.push(0);
        }
        this.send(&login).await?;
        if let Err(why) = this.log_in(secret.as_ref(), secured).await? {
            return Ok(Err(why));
        }
        session.spend(&this.link)?;
        this.link.next_answer();
        Ok(Ok(this))
    }

    async fn log_in(
        &mut self,
        secret: Option<&Secret>,
        secured: bool,
    ) -> Result<Result<(), String>, Failure> {
        // A switch, more data, and an end: a server that goes on means no good.
        for _ in 0..6 {
            let packet = self.read().await?;
            match packet.first() {
                Some(0) => return Ok(Ok(())),
                Some(0xff) => return Ok(Err(code(&packet)?.words())),
                Some(0xfe) => {
                    let mut fields = Cursor::new(packet.get(1..).unwrap_or_default());
                    let plugin = fields.text()?;
                    let salt = fields.rest();
                    let salt = salt.strip_suffix(&[0]).unwrap_or(salt);
                    match prove(plugin, salt, secret, secured) {
                        Ok(proof) => self.send(&proof).await?,
                        Err(why) => return Ok(Err(why.to_owned())),
                    }
                }
                // caching_sha2_password: the proof was right.
                Some(1) if packet.get(1) == Some(&3) => {}
                // … or is not remembered, and the password itself is wanted.
                Some(1) if packet.get(1) == Some(&4) => match secret {
                    Some(secret) if secured => {
                        let mut clear = secret.text().as_bytes().to_vec();
                        clear.push(0);
                        self.send(&clear).await?;
                    }
                    Some(_) => {
                        return Ok(Err("it wants the password itself, which is sent over TLS \
                                       alone; turn TLS on, or log in once by other means"
                            .to_owned()));
                    }
                    None => return Ok(Err(ASKS.to_owned())),
                },
                _ => return Err(Failure::Malformed("no answer to the login")),
            }
        }
        Err(Failure::Malformed("a login that does not end"))
    }

    /// What answers a query, or the error that does.
    pub(super) async fn query(
        &mut self,
        session: &mut Session<'_>,
        query: &str,
    ) -> Result<Result<Answer, Code>, Failure> {
        self.sequence = u8::MAX;
        let mut body = vec![3];
        body.extend_from_slice(query.as_bytes());
        self.send(&body).await?;
        let answer = self.answer().await?;
        session.spend(&self.link)?;
        self.link.next_answer();
        Ok(answer)
    }

    async fn answer(&mut self) -> Result<Result<Answer, Code>, Failure> {
        let head = self.read().await?;
        let count = match head.first() {
            Some(0) => return Ok(Ok(Answer::default())),
            Some(0xff) => return Ok(Err(code(&head)?)),
            // It asks for a file of ours.
            Some(0xfb) | None => return Err(Failure::Malformed("no answer to a query")),
            Some(_) => number(&mut Cursor::new(&head))?,
        };
        if count > COLUMNS {
            return Err(Failure::Malformed("more columns than a table has"));
        }
        let mut answer = Answer::default();
        for _ in 0..count {
            answer.columns.push(column(&self.read().await?)?);
        }
        if !ends(&self.read().await?) {
            return Err(Failure::Malformed("columns without end"));
        }
        loop {
            let packet = self.read().await?;
            if ends(&packet) {
                return Ok(Ok(answer));
            }
            if packet.first() == Some(&0xff) {
                return Ok(Err(code(&packet)?));
            }
            if answer.rows.len() >= ROWS {
                return Err(Failure::Malformed("more rows than were asked for"));
            }
            answer.rows.push(row(&packet, answer.columns.len())?);
        }
    }

    async fn read(&mut self) -> Result<Vec<u8>, Failure> {
        let mut all = Vec::new();
        loop {
            let head = self.link.exact(4).await?;
            let length =
                usize::from(head[0]) | usize::from(head[1]) << 8 | usize::from(head[2]) << 16;
            self.sequence = head[3];
            all.extend(self.link.exact(length).await?);
            if length < FULL {
                return Ok(all);
            }
            if all.len() > 4 * FULL {
                return Err(Failure::TooLarge);
            }
        }
    }

    async fn send(&mut self, body: &[u8]) -> Result<(), Failure> {
        self.sequence = self.sequence.wrapping_add(1);
        let length = u32::try_from(body.len()).map_err(|_| Failure::TooLarge)?;
        let mut message = length.to_le_bytes().get(..3).unwrap_or_default().to_vec();
        message.push(self.sequence);
        message.extend_from_slice(body);
        self.link.send(&message).await
    }
}

const ASKS: &str = "it asks for a password, and none was given";

struct Greeting {
    version: String,
    offers: u32,
    salt: Vec<u8>,
    plugin: String,
}

impl Greeting {
    fn parse(packet: &[u8]) -> Result<Self, Failure> {
        let mut fields = Cursor::new(packet);
        if fields.u8()? != 10 {
            return Err(Failure::Malformed("no greeting of MySQL"));
        }
        let version = fields.text()?.to_owned();
        fields.bytes(4)?;
        let mut salt = fields.bytes(8)?.to_vec();
        fields.bytes(1)?;
        let low = fields.u16()?.swap_bytes();
        fields.bytes(3)?;
        let high = fields.u16()?.swap_bytes();
        let offers = u32::from(high) << 16 | u32::from(low);
        let length = usize::from(fields.u8()?);
        fields.bytes(10)?;
        let rest = fields.bytes(length.saturating_sub(8).max(13))?;
        salt.extend_from_slice(rest.strip_suffix(&[0]).unwrap_or(rest));
        let plugin = if offers & PLUGIN_AUTH == 0 {
            "mysql_native_password"
        } else {
            fields.text()?
        };
        Ok(Self {
            version,
            offers,
            salt,
            plugin: plugin.to_owned(),
        })
    }
}

/// What shows that the password is known; empty where there is none.
fn prove(
    plugin: &str,
    salt: &[u8],
    secret: Option<&Secret>,
    secured: bool,
) -> Result<Vec<u8>, &'static str> {
    let Some(secret) = secret else {
        return Ok(Vec::new());
    };
    let password = secret.text().as_bytes();
    let clear = || {
        let mut clear = password.to_vec();
        clear.push(0);
        clear
    };
    let hash = |algorithm, parts: &[&[u8]]| {
        let mut context = digest::Context::new(algorithm);
        for part in parts {
            context.update(part);
        }
        context.finish()
    };
    let both = |a: digest::Digest, b: digest::Digest| {
        a.as_ref()
            .iter()
            .zip(b.as_ref())
            .map(|(a, b)| a ^ b)
            .collect()
    };
    match plugin {
        "mysql_native_password" => {
            let sha1 = &digest::SHA1_FOR_LEGACY_USE_ONLY;
            let once = hash(sha1, &[password]);
            let twice = hash(sha1, &[once.as_ref()]);
            Ok(both(once, hash(sha1, &[salt, twice.as_ref()])))
        }
        "caching_sha2_password" => {
            let once = hash(&digest::SHA256, &[password]);
            let twice = hash(&digest::SHA256, &[once.as_ref()]);
            Ok(both(once, hash(&digest::SHA256, &[twice.as_ref(), salt])))
        }
        "mysql_clear_password" | "sha256_password" if secured => Ok(clear()),
        "mysql_clear_password" | "sha256_password" => {
            Err("it wants the password itself, which is sent over TLS alone")
        }
        _ => Err("it asks for a way to log in that is not known here; \
                  mysql_native_password and caching_sha2_password are"),
    }
}

/// A number of one to nine bytes.
fn number(fields: &mut Cursor<'_>) -> Result<u64, Failure> {
    Ok(match fields.u8()? {
        0xfc => u64::from(fields.u16()?.swap_bytes()),
        0xfd => {
            let bytes = fields.bytes(3)?;
            u64::from(bytes[0]) | u64::from(bytes[1]) << 8 | u64::from(bytes[2]) << 16
        }
        0xfe => fields.le64()?,
        0xfb | 0xff => return Err(Failure::Malformed("no length")),
        small => u64::from(small),
    })
}

fn string<'b>(fields: &mut Cursor<'b>) -> Result<&'b [u8], Failure> {
    let length = number(fields)?;
    fields.bytes(size(u32::try_from(length).map_err(|_| Failure::TooLarge)?)?)
}

fn column(packet: &[u8]) -> Result<Column, Failure> {
    let mut fields = Cursor::new(packet);
    // Catalogue, schema, table, and the table's own name.
    for _ in 0..4 {
        string(&mut fields)?;
    }
    let name = String::from_utf8_lossy(string(&mut fields)?).into_owned();
    string(&mut fields)?;
    // The length of what follows, character set, width.
    fields.bytes(1 + 2 + 4)?;
    Ok(Column {
        name,
        kind: fields.u8()?,
    })
}

fn row(packet: &[u8], columns: usize) -> Result<Vec<Option<Vec<u8>>>, Failure> {
    let mut fields = Cursor::new(packet);
    (0..columns)
        .map(|_| {
            if fields.rest().first() == Some(&0xfb) {
                fields.bytes(1)?;
                return Ok(None);
            }
            string(&mut fields).map(|bytes| Some(bytes.to_vec()))
        })
        .collect()
}

fn ends(packet: &[u8]) -> bool {
    packet.first() == Some(&0xfe) && packet.len() < 9
}

fn code(packet: &[u8]) -> Result<Code, Failure> {
    let mut fields = Cursor::new(packet.get(1..).unwrap_or_default());
    Ok(Code(fields.u16()?.swap_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checked as a server checks it, from what it stores: the second hash.
    #[test]
    fn a_server_takes_the_proof() {
        let secret = Secret::fetch("command:echo s3cret").expect("a secret");
        let salt = b"abcdefghijklmnopqrst";
        for (plugin, algorithm, salt_first) in [
            (
                "mysql_native_password",
                &digest::SHA1_FOR_LEGACY_USE_ONLY,
                true,
            ),
            ("caching_sha2_password", &digest::SHA256, false),
        ] {
            let stored = digest::digest(algorithm, digest::digest(algorithm, b"s3cret").as_ref());
            let mut all = Vec::new();
            if salt_first {
                all.extend_from_slice(salt);
            }
            all.extend_from_slice(stored.as_ref());
            if !salt_first {
                all.extend_from_slice(salt);
            }
            let mask = digest::digest(algorithm, &all);
            let proof = prove(plugin, salt, Some(&secret), false).expect("known");
            let once: Vec<u8> = proof
                .iter()
                .zip(mask.as_ref())
                .map(|(a, b)| a ^ b)
                .collect();
            assert_eq!(
                digest::digest(algorithm, &once).as_ref(),
                stored.as_ref(),
                "{plugin}"
            );
        }
        for plugin in ["mysql_clear_password", "sha256_password", "client_ed25519"] {
            assert!(
                prove(plugin, salt, Some(&secret), false).is_err(),
                "{plugin}"
            );
        }
        assert_eq!(
            prove("mysql_clear_password", salt, Some(&secret), true),
            Ok(b"s3cret\0".to_vec())
        );
        assert_eq!(prove("any", salt, None, false), Ok(Vec::new()));
    }
}
