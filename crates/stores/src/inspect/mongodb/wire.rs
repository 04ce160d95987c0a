//! MongoDB's wire protocol, `OP_MSG` (its specification): commands and answers.
//!
//! Logs in by SCRAM-SHA-256 or by certificate, with a secret only where the
//! session says that one may be sent. Of errors only the number is kept, since
//! their text can quote values.

use serde_json::Value;

use super::super::scram::Scram;
use super::bson::{self, Put};
use crate::inspect::Credential;
use crate::product::{Cursor, size};
use crate::transport::{Failure, Link, Session};

const OP_MSG: u32 = 2013;

/// A connection that is logged in.
pub(super) struct Connection {
    link: Link,
}

/// An error's number (`error_codes.yml` of the server's source).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code(i64);

impl Code {
    /// What it means for somebody who reads.
    pub(super) fn words(self) -> String {
        let words = match self.0 {
            13 => "this user may not read it",
            18 => "this user or password is not accepted",
            26 => "it is gone",
            50 => "the server ended the question at its time limit",
            11_600 | 91 => "the server is stopping",
            13_435 | 13_436 => "this node of its replica set answers no reader now",
            59 | 238 | 40_324 => "the server does not know this question",
            _ => "an error",
        };
        format!("{words} ({})", self.0)
    }
}

type Answered = Result<Value, Code>;

impl Connection {
    /// Connects, and logs in where there is a credential; the inner error is the
    /// server's answer, or why no secret is sent.
    pub(super) async fn open(session: &mut Session<'_>) -> Result<Result<Self, String>, Failure> {
        let link = session.connect().await?;
        let secured = session.tls;
        let credential = match session.credential(secured) {
            Ok(credential) => credential.cloned(),
            Err(why) => return Ok(Err(why.to_owned())),
        };
        let mut this = Self { link };
        let logged_in = match credential {
            None => Ok(()),
            Some(Credential::Password { user, secret }) => {
                let (scram, first) = Scram::start(&user)?;
                let start = [
                    ("saslStart", Put::Int(1)),
                    ("mechanism", Put::Text("SCRAM-SHA-256")),
                    ("payload", Put::Bytes(first.as_bytes())),
                    (
                        "options",
                        Put::Doc(vec![("skipEmptyExchange", Put::Bool(true))]),
                    ),
                    ("$db", Put::Text("admin")),
                ];
                match this.ask(session, &start).await? {
                    Err(code) => Err(code),
                    Ok(answer) => {
                        let conversation = answer["conversationId"].as_i64().unwrap_or(1);
                        let (proven, last) = scram.prove(&payload(&answer)?, &secret)?;
                        match this.proceed(session, conversation, &last).await? {
                            Err(code) => Err(code),
                            Ok(answer) => {
                                proven.verify(&payload(&answer)?)?;
                                if answer["done"] == true {
                                    Ok(())
                                } else {
                                    // Before 4.4, an empty exchange is left.
                                    this.proceed(session, conversation, "").await?.map(|_| ())
                                }
                            }
                        }
                    }
                }
            }
            Some(Credential::Certificate) => {
                let authenticate = [
                    ("authenticate", Put::Int(1)),
                    ("mechanism", Put::Text("MONGODB-X509")),
                    ("$db", Put::Text("$external")),
                ];
                this.ask(session, &authenticate).await?.map(|_| ())
            }
            Some(_) => {
                return Ok(Err(
                    "it takes a user with password, or a certificate".to_owned()
                ));
            }
        };
        Ok(match logged_in {
            Ok(()) => Ok(this),
            Err(code) => Err(code.words()),
        })
    }

    async fn proceed(
        &mut self,
        session: &mut Session<'_>,
        conversation: i64,
        payload: &str,
    ) -> Result<Answered, Failure> {
        let more = [
            ("saslContinue", Put::Int(1)),
            ("conversationId", Put::Int(conversation)),
            ("payload", Put::Bytes(payload.as_bytes())),
            ("$db", Put::Text("admin")),
        ];
        self.ask(session, &more).await
    }

    /// The answer to a command, or the error.
    pub(super) async fn ask(
        &mut self,
        session: &mut Session<'_>,
        command: &[(&str, Put<'_>)],
    ) -> Result<Answered, Failure> {
        let document = bson::document(command)?;
        let mut message = bson::length(16 + 5 + document.len())?.to_vec();
        message.extend(1_u32.to_le_bytes());
        message.extend([0; 4]);
        message.extend(OP_MSG.to_le_bytes());
        message.extend([0; 5]);
        message.extend(document);
        self.link.send(&message).await?;

        let head = self.link.exact(16).await?;
        let mut fields = Cursor::new(&head);
        let total = size(fields.le32()?)?;
        fields.bytes(8)?;
        if fields.le32()? != OP_MSG {
            return Err(Failure::Malformed("no message of MongoDB"));
        }
        let rest = total
            .checked_sub(16)
            .ok_or(Failure::Malformed("a message shorter than its head"))?;
        let body = self.link.exact(rest).await?;
        session.spend(&self.link)?;
        self.link.next_answer();
        let mut fields = Cursor::new(&body);
        // Flags: the first bit says that a checksum follows.
        let flags = fields.le32()?;
        if fields.u8()? != 0 {
            return Err(Failure::Malformed("a section that was not asked for"));
        }
        let rest = fields.rest();
        let document = if flags & 1 == 1 {
            rest.len()
                .checked_sub(4)
                .and_then(|end| rest.get(..end))
                .ok_or(Failure::Malformed("a message without checksum"))?
        } else {
            rest
        };
        let answer = bson::record(document)?;
        let ok = answer["ok"]
            .as_f64()
            .is_some_and(|ok| (ok - 1.0).abs() < 0.1);
        Ok(if ok {
            Ok(answer)
        } else {
            Err(Code(answer["code"].as_i64().unwrap_or(-1)))
        })
    }
}

/// The text in an answer's payload, which is bytes.
fn payload(answer: &Value) -> Result<String, Failure> {
    answer["payload"]
        .as_str()
        .and_then(|hex| hex.strip_prefix("\\x"))
        .and_then(|hex| data_encoding::HEXLOWER.decode(hex.as_bytes()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .ok_or(Failure::Malformed("no message of SCRAM"))
}
