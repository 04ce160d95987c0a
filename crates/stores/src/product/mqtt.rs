//! MQTT 3.1.1 (OASIS standard).
//!
//! CONNACK 0 proves nothing, and neither does a granted subscription: an access
//! list can grant it and deliver nothing. Only a message that arrives counts. Of
//! that message the first byte is looked at, and nothing of it is kept.

use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, token};

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    // Clean session, keep-alive 60 s, no user, client id chosen by the server.
    link.send(b"\x10\x0c\0\x04MQTT\x04\x02\0\x3c\0\0").await?;
    let (kind, body) = packet(&mut link).await?;
    let (0x20, [_, code]) = (kind, body.as_slice()) else {
        return Ok(None);
    };
    let mut finding = Finding::of("mqtt");
    match code {
        0 => finding.saw("CONNECT", "accepted, which is no read"),
        4 | 5 => {
            finding.read(Outcome::Refused, "CONNECT", "credentials are asked for");
            return Ok(Some(finding));
        }
        1..=3 => {
            finding.read(Outcome::Unclear, "CONNECT", "an error that is no refusal");
            return Ok(Some(finding));
        }
        _ => return Ok(None),
    }
    let topics: [&[u8]; 2] = [b"$SYS/broker/#", b"#"];
    let mut request = vec![0x82, 0, 0, 1];
    for topic in topics {
        request.extend([0, u8::try_from(topic.len()).unwrap_or_default()]);
        request.extend_from_slice(topic);
        request.push(0);
    }
    request[1] = u8::try_from(request.len() - 2).unwrap_or_default();
    link.send(&request).await?;
    let mut granted = false;
    for _ in 0..200 {
        let (kind, body) = match packet(&mut link).await {
            Ok(packet) => packet,
            Err(Failure::Silent | Failure::Closed) => break,
            Err(failure) => return Err(failure),
        };
        match kind >> 4 {
            9 => {
                let codes = body.get(2..).unwrap_or_default();
                granted = codes.iter().any(|code| *code < 3);
                if !granted {
                    finding.read(
                        Outcome::Refused,
                        "SUBSCRIBE #",
                        "subscribing is not permitted",
                    );
                    return Ok(Some(finding));
                }
            }
            3 => {
                version(&body, &mut finding);
                finding.read(Outcome::Granted, "SUBSCRIBE #", "a message arrived");
                return Ok(Some(finding));
            }
            _ => {}
        }
    }
    finding.read(
        Outcome::Unclear,
        "SUBSCRIBE #",
        if granted {
            "the subscription is granted and no message came, which proves neither"
        } else {
            "the subscription was not answered"
        },
    );
    Ok(Some(finding))
}

/// The broker's own topic about its version; nothing else is looked at.
fn version(body: &[u8], finding: &mut Finding) {
    const TOPIC: &[u8] = b"\0\x13$SYS/broker/version";
    if let Some(text) = body.strip_prefix(TOPIC)
        && let Some(text) = std::str::from_utf8(text).ok().and_then(token)
        && let Some(version) = text.strip_prefix("mosquitto version ")
    {
        finding.product = Some("mosquitto".to_owned());
        finding.version = Some(version.to_owned());
    }
}

/// First byte and body of a packet (section 2.2).
async fn packet(link: &mut Link) -> Result<(u8, Vec<u8>), Failure> {
    let kind = link.exact(1).await?[0];
    let mut length = 0_usize;
    for shift in [0, 7, 14, 21] {
        let byte = link.exact(1).await?[0];
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Ok((kind, link.exact(length).await?));
        }
    }
    Err(Failure::Malformed("a length without end"))
}
