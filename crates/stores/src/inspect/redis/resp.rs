//! Redis' protocol, RESP2 (its specification): commands and answers.
//!
//! Nesting and the number of elements are bounded, and nothing is allocated for a
//! length before its bytes are there. Of an error only its first word is kept,
//! where that is a known one.

use crate::transport::{Failure, Link};

/// Elements of one answer, and levels of it.
const MOST: usize = 200_000;
const DEPTH: u32 = 8;

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Nil,
    Number(i64),
    Bytes(Vec<u8>),
    List(Vec<Answer>),
    Error(&'static str),
}

impl Answer {
    pub(super) fn list(self) -> Option<Vec<Self>> {
        match self {
            Self::List(list) => Some(list),
            _ => None,
        }
    }

    pub(super) fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    pub(super) fn text(&self) -> Option<String> {
        self.bytes()
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }
}

/// A command of these words.
pub(super) fn command(words: &[&[u8]], out: &mut Vec<u8>) {
    out.extend_from_slice(format!("*{}\r\n", words.len()).as_bytes());
    for word in words {
        out.extend_from_slice(format!("${}\r\n", word.len()).as_bytes());
        out.extend_from_slice(word);
        out.extend_from_slice(b"\r\n");
    }
}

/// The next answer on a connection.
pub(super) async fn answer(link: &mut Link) -> Result<Answer, Failure> {
    // Lists that are not complete, with what they lack.
    let mut open: Vec<(Vec<Answer>, usize)> = Vec::new();
    let mut elements = 0_usize;
    loop {
        let line = link.line(64 << 10).await?;
        let mut letters = line.chars();
        let kind = letters.next();
        let rest = letters.as_str();
        elements += 1;
        if elements > MOST {
            return Err(Failure::TooLarge);
        }
        let mut value = match kind {
            Some('+') => Answer::Bytes(rest.as_bytes().to_vec()),
            Some('-') => Answer::Error(word(rest)),
            Some(':') => Answer::Number(rest.parse().map_err(|_| NO)?),
            Some('$') => match length(rest)? {
                None => Answer::Nil,
                Some(length) => {
                    let mut bytes = link.exact(length.checked_add(2).ok_or(NO)?).await?;
                    bytes.truncate(length);
                    Answer::Bytes(bytes)
                }
            },
            Some('*') => match length(rest)? {
                None => Answer::Nil,
                Some(0) => Answer::List(Vec::new()),
                Some(count) if count <= MOST && open.len() < DEPTH as usize => {
                    open.push((Vec::new(), count));
                    continue;
                }
                Some(_) => return Err(Failure::TooLarge),
            },
            _ => return Err(NO),
        };
        loop {
            let Some((list, lacks)) = open.last_mut() else {
                return Ok(value);
            };
            list.push(value);
            if list.len() < *lacks {
                break;
            }
            let Some((list, _)) = open.pop() else {
                return Err(NO);
            };
            value = Answer::List(list);
        }
    }
}

const NO: Failure = Failure::Malformed("no answer of Redis");

fn length(text: &str) -> Result<Option<usize>, Failure> {
    if text == "-1" {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| NO)
}

fn word(text: &str) -> &'static str {
    const KNOWN: &[&str] = &[
        "NOAUTH",
        "WRONGPASS",
        "NOPERM",
        "LOADING",
        "MASTERDOWN",
        "MOVED",
        "ASK",
        "WRONGTYPE",
        "BUSY",
        "CLUSTERDOWN",
        "OOM",
        "DENIED",
        "EXECABORT",
        "ERR",
    ];
    let first = text.split(' ').next().unwrap_or_default();
    KNOWN
        .iter()
        .copied()
        .find(|known| *known == first)
        .unwrap_or("an error")
}
