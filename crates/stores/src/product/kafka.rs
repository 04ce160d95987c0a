//! Kafka (its protocol guide, kafka.apache.org/protocol).
//!
//! The list of versions is given to anyone, and so may be an empty list of
//! topics: an authoriser leaves out what somebody may not see. So the topics
//! count when there are any, and a broker's settings are asked for besides, which
//! only those may read who may describe the cluster. Addresses that the broker
//! names are never gone to.

use super::{Cursor, size};
use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome};

const LIST_OFFSETS: u16 = 2;
const METADATA: u16 = 3;
const SASL_HANDSHAKE: u16 = 17;
const API_VERSIONS: u16 = 18;
const DESCRIBE_CONFIGS: u16 = 32;

const TOPIC_REFUSED: u16 = 29;
const CLUSTER_REFUSED: u16 = 31;
const UNSUPPORTED_MECHANISM: u16 = 33;

/// Topics whose offsets are asked for.
const MOST: usize = 64;

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let body = ask(&mut link, API_VERSIONS, 0, &[]).await?;
    let mut fields = Cursor::new(&body);
    let error = fields.u16()?;
    let mut known = false;
    for _ in 0..count(&mut fields)? {
        let (key, _, _) = (fields.u16()?, fields.u16()?, fields.u16()?);
        known |= key == METADATA;
    }
    if error != 0 || !known {
        return Ok(None);
    }
    let mut finding = Finding::of("kafka");
    finding.saw("ApiVersions", "as kafka answers, whatever the lock");
    let sent = "Metadata of all topics";
    // A null list is all topics.
    let body = match ask(&mut link, METADATA, 1, &[0xff; 4]).await {
        Ok(body) => body,
        Err(Failure::Closed) => {
            handshake(session, &mut finding).await?;
            return Ok(Some(finding));
        }
        Err(failure) => return Err(failure),
    };
    let metadata = metadata(&body)?;
    let topics = metadata.topics.len();
    if metadata.refused {
        finding.read(Outcome::Refused, sent, "not permitted");
    } else if topics == 0 {
        finding.read(
            Outcome::Unclear,
            sent,
            "an empty list, which somebody without rights is given too",
        );
    } else {
        finding.holds.containers = Some(topics as u64);
        finding.read(Outcome::Granted, sent, format!("{topics} topics"));
    }
    if let Some(broker) = metadata.broker {
        settings(&mut link, broker, &mut finding).await?;
    }
    if topics > 0 && topics <= MOST {
        finding.holds.records = records(&mut link, &metadata.topics).await.ok().flatten();
        if finding.holds.records.is_some() {
            finding.saw(
                "ListOffsets",
                "the first and last offsets of every partition",
            );
            finding.notes.push(
                "records are offsets, so what compaction or transactions left out is counted too"
                    .to_owned(),
            );
        }
    }
    Ok(Some(finding))
}

/// Whether a login is asked for: a mechanism that nobody has tells, without one.
async fn handshake(session: &mut Session<'_>, finding: &mut Finding) -> Result<(), Failure> {
    let sent = "SaslHandshake of a mechanism that does not exist";
    let mut link = session.connect().await?;
    let mut body = Vec::new();
    put(&mut body, "BOGUS")?;
    match ask(&mut link, SASL_HANDSHAKE, 1, &body).await {
        Ok(body) => {
            if Cursor::new(&body).u16()? == UNSUPPORTED_MECHANISM {
                finding.read(Outcome::Refused, sent, "a login is asked for");
            } else {
                finding.read(Outcome::Unclear, sent, "no login is known here");
            }
        }
        Err(failure) if failure.is_final() => return Err(failure),
        Err(failure) => finding.read(Outcome::Unclear, sent, failure.to_string()),
    }
    Ok(())
}

async fn settings(link: &mut Link, broker: u32, finding: &mut Finding) -> Result<(), Failure> {
    let sent = "DescribeConfigs of a broker";
    let mut body = 1_u32.to_be_bytes().to_vec();
    // A broker; of its settings one; without synonyms.
    body.push(4);
    put(&mut body, &broker.cast_signed().to_string())?;
    body.extend(1_u32.to_be_bytes());
    put(&mut body, "log.retention.ms")?;
    body.push(0);
    let body = match ask(link, DESCRIBE_CONFIGS, 1, &body).await {
        Ok(body) => body,
        Err(failure) if failure.is_final() => return Err(failure),
        Err(failure) => {
            finding.saw(sent, failure.to_string());
            return Ok(());
        }
    };
    let mut fields = Cursor::new(&body);
    fields.bytes(4)?;
    if count(&mut fields)? != 1 {
        return Err(Failure::Malformed("settings of something else"));
    }
    match fields.u16()? {
        0 => finding.read(Outcome::Granted, sent, "its settings"),
        TOPIC_REFUSED | CLUSTER_REFUSED => finding.read(Outcome::Refused, sent, "not permitted"),
        _ => finding.saw(sent, "an error that is no refusal"),
    }
    Ok(())
}

struct Metadata {
    broker: Option<u32>,
    refused: bool,
    topics: Vec<(String, Vec<u32>)>,
}

fn metadata(body: &[u8]) -> Result<Metadata, Failure> {
    let mut fields = Cursor::new(body);
    let mut broker = None;
    for _ in 0..count(&mut fields)? {
        let node = fields.u32()?;
        broker = broker.or(Some(node));
        text(&mut fields)?;
        fields.bytes(4)?;
        nullable(&mut fields)?;
    }
    let _controller = fields.u32()?;
    let mut refused = false;
    let mut topics = Vec::new();
    for _ in 0..count(&mut fields)? {
        refused |= fields.u16()? == CLUSTER_REFUSED;
        let name = text(&mut fields)?.to_owned();
        let internal = fields.u8()? != 0;
        let mut partitions = Vec::new();
        for _ in 0..count(&mut fields)? {
            fields.u16()?;
            partitions.push(fields.u32()?);
            fields.bytes(4)?;
            for _ in 0..2 {
                let length = count(&mut fields)? * 4;
                fields.bytes(length)?;
            }
        }
        if !internal {
            topics.push((name, partitions));
        }
    }
    Ok(Metadata {
        broker,
        refused,
        topics,
    })
}

/// Last offsets less first ones; `None` when a partition is another broker's.
async fn records(link: &mut Link, topics: &[(String, Vec<u32>)]) -> Result<Option<u64>, Failure> {
    let mut ends = [0_u64; 2];
    for (end, which) in ends.iter_mut().zip([-1_i64, -2]) {
        let mut body = u32::MAX.to_be_bytes().to_vec();
        body.extend(length(topics.len())?);
        for (name, partitions) in topics {
            put(&mut body, name)?;
            body.extend(length(partitions.len())?);
            for partition in partitions {
                body.extend(partition.to_be_bytes());
                body.extend(which.to_be_bytes());
            }
        }
        let body = ask(link, LIST_OFFSETS, 1, &body).await?;
        let mut fields = Cursor::new(&body);
        for _ in 0..count(&mut fields)? {
            text(&mut fields)?;
            for _ in 0..count(&mut fields)? {
                fields.bytes(4)?;
                let error = fields.u16()?;
                fields.bytes(8)?;
                let offset = fields.u64()?;
                if error != 0 || offset.cast_signed() < 0 {
                    return Ok(None);
                }
                let Some(sum) = end.checked_add(offset) else {
                    return Ok(None);
                };
                *end = sum;
            }
        }
    }
    Ok(ends[0].checked_sub(ends[1]))
}

/// The length of a list; null is none, and each entry takes a byte or more.
fn count(fields: &mut Cursor<'_>) -> Result<usize, Failure> {
    match fields.u32()? {
        u32::MAX => Ok(0),
        count => {
            let count = size(count)?;
            if count > fields.rest().len() {
                return Err(Failure::Malformed("a list longer than its message"));
            }
            Ok(count)
        }
    }
}

fn text<'b>(fields: &mut Cursor<'b>) -> Result<&'b str, Failure> {
    nullable(fields)?.ok_or(Failure::Malformed("no text"))
}

fn nullable<'b>(fields: &mut Cursor<'b>) -> Result<Option<&'b str>, Failure> {
    match fields.u16()? {
        u16::MAX => Ok(None),
        length => std::str::from_utf8(fields.bytes(usize::from(length))?)
            .map(Some)
            .map_err(|_| Failure::Malformed("no text")),
    }
}

fn put(body: &mut Vec<u8>, text: &str) -> Result<(), Failure> {
    let length = u16::try_from(text.len()).map_err(|_| Failure::TooLarge)?;
    body.extend(length.to_be_bytes());
    body.extend_from_slice(text.as_bytes());
    Ok(())
}

fn length(length: usize) -> Result<[u8; 4], Failure> {
    u32::try_from(length)
        .map(u32::to_be_bytes)
        .map_err(|_| Failure::TooLarge)
}

async fn ask(link: &mut Link, key: u16, version: u16, body: &[u8]) -> Result<Vec<u8>, Failure> {
    let mut message = key.to_be_bytes().to_vec();
    message.extend(version.to_be_bytes());
    message.extend(7_u32.to_be_bytes());
    put(&mut message, "celador")?;
    message.extend_from_slice(body);
    let mut frame = length(message.len())?.to_vec();
    frame.extend(message);
    link.send(&frame).await?;
    let head = link.exact(8).await?;
    let mut fields = Cursor::new(&head);
    let total = size(fields.u32()?)?;
    if fields.u32()? != 7 {
        return Err(Failure::Malformed("an answer to another request"));
    }
    let rest = total
        .checked_sub(4)
        .ok_or(Failure::Malformed("a message shorter than its head"))?;
    let body = link.exact(rest).await?;
    link.next_answer();
    Ok(body)
}
