//! The rsync daemon (rsync's `csprotocol.txt`).
//!
//! The list of modules proves nothing: it is told to everyone. A module that
//! says `OK` to its name is open; one that says `AUTHREQD` is not. One that is not
//! listed (`list = no`) answers to its name, which an inventory may have.

use crate::transport::{Failure, Link, Session};
use crate::verdict::{Finding, Outcome, token};

const HELLO: &[u8] = b"@RSYNCD: 31.0 sha512 sha256 sha1 md5 md4\n";
/// Modules that are asked for by name, of those listed and of those an inventory has.
const MODULES: usize = 8;

pub(crate) async fn probe(session: &mut Session<'_>) -> Result<Option<Finding>, Failure> {
    let mut link = session.connect().await?;
    let Some(protocol) = greet(&mut link).await? else {
        return Ok(None);
    };
    link.send(b"#list\n").await?;
    let mut modules = Vec::new();
    let mut count = 0;
    for _ in 0..1000 {
        let line = match link.line(4096).await {
            Ok(line) if line.starts_with("@RSYNCD: EXIT") => break,
            Ok(line) => line,
            Err(Failure::Closed) => break,
            Err(failure) => return Err(failure),
        };
        // "name<blanks><tab>comment"; other lines are the greeting of the day.
        if let Some((name, _)) = line.split_once('\t')
            && let Some(name) = token(name)
        {
            count += 1;
            if modules.len() < MODULES {
                modules.push(name);
            }
        }
    }
    let mut finding = Finding::of("rsync");
    finding.version = protocol.map(|text| format!("protocol {text}"));
    finding.holds.containers = Some(count);
    finding.saw("#list", "names of modules, which anyone is told");
    let hidden: Vec<String> = session
        .containers()
        .iter()
        .filter(|name| !modules.contains(name))
        .cloned()
        .collect();
    if modules.is_empty() && hidden.is_empty() {
        finding.reason = Some("no module is listed; hidden ones answer to their names".to_owned());
    }
    for (number, module) in modules.iter().enumerate() {
        let sent = format!("module {} of {count}", number + 1);
        ask(session, module, sent, &mut finding).await?;
    }
    for (number, module) in hidden.iter().take(MODULES).enumerate() {
        let sent = format!("named module {} of {}", number + 1, hidden.len());
        // A name of the inventory's goes into one line, and into nothing else.
        if token(module).as_ref() == Some(module) && !module.starts_with('#') {
            ask(session, module, sent, &mut finding).await?;
        } else {
            finding.saw(sent, "not asked: that is no name here");
        }
    }
    if hidden.len() > MODULES {
        let note = format!("the first {MODULES} containers that are not listed were asked for");
        finding.notes.push(note);
    }
    Ok(Some(finding))
}

/// What a module says to its name.
async fn ask(
    session: &mut Session<'_>,
    module: &str,
    sent: String,
    finding: &mut Finding,
) -> Result<(), Failure> {
    let mut link = session.connect().await?;
    greet(&mut link).await?;
    link.send(format!("{module}\n").as_bytes()).await?;
    loop {
        let line = link.line(4096).await?;
        if line.starts_with("@RSYNCD: OK") {
            finding.read(Outcome::Granted, sent, "access without password");
        } else if line.starts_with("@RSYNCD: AUTHREQD") {
            finding.read(Outcome::Refused, sent, "a password is asked for");
        } else if line.starts_with("@ERROR: access denied") {
            finding.read(Outcome::Refused, sent, "this address is not let in");
        } else if line.starts_with('@') {
            finding.read(Outcome::Unclear, sent, "an error that is no refusal");
        } else {
            // The greeting of the day; the connection's limit ends it.
            continue;
        }
        return Ok(());
    }
}

/// Exchanges greetings; the protocol's version, or `None` when it is no rsync.
async fn greet(link: &mut Link) -> Result<Option<Option<String>>, Failure> {
    let line = link.line(4096).await?;
    let Some(rest) = line.strip_prefix("@RSYNCD: ") else {
        return Ok(None);
    };
    let version = rest.split(' ').next().and_then(token);
    link.send(HELLO).await?;
    Ok(Some(version))
}
