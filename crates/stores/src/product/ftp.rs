//! FTP (RFC 959), anonymous login as of RFC 1635.
//!
//! `331` to a user's name tells nothing, since it is said to every name. The
//! "password" of RFC 1635 is no secret and guesses none. The listing is asked
//! for on the control connection (`STAT /`): a data connection would go where
//! the server says.

use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, token};

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let (code, banner, _) = reply(&mut link).await?;
    if code != 220 {
        return Ok(None);
    }
    let mut finding = Finding::of("ftp");
    // "220 (vsFTPd 3.0.3)", "220 ProFTPD 1.3.8 Server"
    finding.version = banner
        .split(['(', ')', '[', ']'])
        .map(str::trim)
        .find(|part| {
            ["vsftpd ", "proftpd ", "pure-ftpd", "filezilla server"]
                .iter()
                .any(|name| part.to_ascii_lowercase().starts_with(name))
        })
        .and_then(token);
    link.send(b"USER anonymous\r\n").await?;
    let (mut code, _, _) = reply(&mut link).await?;
    if !matches!(code, 200..=599) || matches!(code, 250 | 500 | 502) {
        // SMTP and others greet with 220 too.
        return Ok(None);
    }
    if code == 331 {
        link.be_patient();
        link.send(b"PASS anonymous@\r\n").await?;
        code = match reply(&mut link).await {
            Ok((code, ..)) => code,
            Err(failure) if failure.is_final() => return Err(failure),
            Err(failure) => {
                finding.read(Outcome::Unclear, "PASS", failure.to_string());
                return Ok(Some(finding));
            }
        };
    }
    match code {
        230 => finding.saw("USER anonymous", "let in, which is no read yet"),
        421 | 430 | 530 | 532 => {
            finding.read(Outcome::Refused, "USER anonymous", "not let in");
            return Ok(Some(finding));
        }
        _ => {
            finding.read(
                Outcome::Unclear,
                "USER anonymous",
                "an error that is no refusal",
            );
            return Ok(Some(finding));
        }
    }
    link.send(b"STAT /\r\n").await?;
    let (code, _, lines) = reply(&mut link).await?;
    match code {
        211..=213 if lines > 0 => {
            finding.read(Outcome::Granted, "STAT /", "a listing of the root folder");
        }
        530 | 550 => finding.read(Outcome::Refused, "STAT /", "not permitted"),
        _ => finding.read(
            Outcome::Unclear,
            "STAT /",
            "the anonymous user is let in, and no listing was given",
        ),
    }
    let _ = link.send(b"QUIT\r\n").await;
    Ok(Some(finding))
}

/// Code, last line and number of lines between first and last.
async fn reply(link: &mut Link) -> Result<(u16, String, usize), Failure> {
    let first = link.line(4096).await?;
    let code: u16 = first
        .get(..3)
        .and_then(|code| code.parse().ok())
        .ok_or(Failure::Malformed("no reply code"))?;
    if first.as_bytes().get(3) != Some(&b'-') {
        return Ok((code, first, 0));
    }
    let last = format!("{code} ");
    for lines in 0..10_000 {
        let line = link.line(4096).await?;
        if line.starts_with(&last) {
            return Ok((code, line, lines));
        }
    }
    Err(Failure::TooLarge)
}
