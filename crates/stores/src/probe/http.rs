//! Products that speak HTTP, as their rules say: which it is, what it lets anyone
//! read, and what stands in front of it.

use std::sync::Arc;

use super::{note, protocol_of};
use crate::check;
use crate::product;
use crate::rule::{Each, Extract, Identify, Read, Rule, Rules, Speaks};
use crate::transport::{Answer, Failure, Request, Session};
use crate::verdict::{Finding, Outcome, Verdict, token};

/// The products that speak HTTP. `None` when the endpoint does not.
pub(super) async fn http(
    session: &mut Session<'_>,
    rules: &Rules,
    hints: &[String],
) -> Result<Option<Finding>, Failure> {
    let root = Request::get("/");
    session.tls = false;
    session.forget_http();
    let mut first = session.http(&root).await;
    let wants_tls = match &first {
        Ok(answer) => {
            // Go's and nginx's words to plain text at a port of TLS.
            answer.status == 400
                && std::str::from_utf8(&answer.body).is_ok_and(|body| {
                    body.contains("HTTP request to an HTTPS server") || body.contains("HTTPS port")
                })
        }
        Err(failure) if failure.is_final() || matches!(failure, Failure::Connect(_)) => {
            return Err(failure.clone());
        }
        // A server of TLS answers plain text with an alert or hangs up.
        Err(Failure::Silent) => return Ok(None),
        Err(_) => true,
    };
    if wants_tls {
        session.tls = true;
        session.forget_http();
        first = session.http(&root).await;
        match &first {
            Ok(_) => {}
            Err(Failure::ClientCertificate) => {
                let mut finding = Finding::unknown("");
                finding.read(
                    Outcome::Refused,
                    "GET /",
                    "the server asks for a client certificate",
                );
                return Ok(Some(finding));
            }
            Err(failure) if failure.is_final() => return Err(failure.clone()),
            Err(_) => {
                session.tls = false;
                session.forget_http();
                return Ok(None);
            }
        }
    }
    if let Ok(answer) = &first
        && product::native(&answer.body).is_some()
    {
        return Ok(None);
    }
    let ordered: Vec<&Rule> = hints
        .iter()
        .flat_map(|id| rules.of(protocol_of(id)))
        .chain(
            rules
                .rules
                .iter()
                .filter(|rule| !hints.iter().any(|id| protocol_of(id) == rule.product())),
        )
        .filter(|rule| rule.speaks == Speaks::Http)
        .collect();
    let mut left_out = None;
    // What the first answer tells costs nothing more.
    'asking: for at_root in [true, false] {
        for rule in &ordered {
            let hinted = hints.iter().any(|id| protocol_of(id) == rule.product());
            for step in rule
                .identify
                .iter()
                .filter(|step| (hinted || step.ask == root) == at_root)
            {
                match session.http(&step.ask).await {
                    Ok(answer) if step.when.holds(&answer) => {
                        return product_of_http(session, rule, step, &answer)
                            .await
                            .map(Some);
                    }
                    Err(failure) if failure.is_final() => {
                        left_out = Some(failure);
                        break 'asking;
                    }
                    Ok(_) | Err(_) => {}
                }
            }
        }
    }
    // No product: a refusal at the door still says that the door is locked.
    let mut finding = Finding::unknown(match left_out {
        None => "speaks HTTP and is no product that is known".to_owned(),
        Some(failure) => format!("speaks HTTP, and not every product was tried: {failure}"),
    });
    if let Ok(answer) = first {
        if let Some(proxy) = proxy(&answer) {
            finding.read(Outcome::RefusedByProxy, "GET /", proxy);
        } else if answer.status == 401 {
            finding.read(
                Outcome::Refused,
                "GET /",
                "401, and no answer says which product it is",
            );
        }
    }
    Ok(Some(finding))
}

/// The reads and facts of a product that an answer told.
async fn product_of_http(
    session: &mut Session<'_>,
    rule: &Rule,
    step: &Identify,
    answer: &Answer,
) -> Result<Finding, Failure> {
    let mut finding = Finding::of(rule.product());
    finding.saw(
        step.ask.label(),
        format!("{}, as {} answers", answer.status, rule.product()),
    );
    extract(&step.extract, answer, &mut finding);
    for read in &rule.reads {
        let result = session.http(&read.ask).await;
        let answer = result.clone();
        read_http(read, result, &mut finding)?;
        if let (Some(each), Ok(answer)) = (&read.each, answer)
            && read.granted.iter().any(|when| when.holds(&answer))
        {
            each_name(session, each, &answer, &mut finding).await;
        }
    }
    named(session, rule, &mut finding).await?;
    let open = matches!(finding.verdict, Verdict::Open | Verdict::PartlyOpen);
    for fact in rule.facts.iter().filter(|fact| open || fact.always) {
        if let Ok(answer) = session.http(&fact.ask).await
            && fact.when.holds(&answer)
        {
            extract(&fact.extract, &answer, &mut finding);
        }
    }
    if finding.verdict == Verdict::PartlyOpen {
        finding
            .notes
            .push("the counts are of what anyone may read, and the store can hold more".to_owned());
    }
    note(rule, &mut finding);
    Ok(finding)
}

/// The reads of each container that an inventory names.
async fn named(
    session: &mut Session<'_>,
    rule: &Rule,
    finding: &mut Finding,
) -> Result<(), Failure> {
    const MOST: usize = 16;
    let names = session.containers().to_vec();
    for read in &rule.named {
        for (number, name) in names.iter().take(MOST).enumerate() {
            let read = Read {
                what: format!("{} ({} of {})", read.what, number + 1, names.len()),
                ..read.clone()
            };
            match read.ask.with_name(name) {
                Some(ask) => read_http(&read, session.http(&ask).await, finding)?,
                None => finding.saw(read.ask.label(), "not asked: that is no name here"),
            }
        }
        if names.len() > MOST {
            finding
                .notes
                .push(format!("the first {MOST} containers were asked for"));
        }
    }
    Ok(())
}

/// Asks for each listed name what the store holds there, up to a bound; beyond
/// it the sum is not known.
async fn each_name(session: &mut Session<'_>, each: &Each, list: &Answer, finding: &mut Finding) {
    const MOST: usize = 16;
    let tree = check::tree(list);
    let Some(names) = tree
        .as_ref()
        .and_then(|tree| check::all_at(tree, &each.names))
    else {
        return;
    };
    let all = names.len();
    let known = |place: &Option<String>| place.as_ref().map(|_| 0_u64);
    let mut sums = Some([known(&each.extract.records), known(&each.extract.bytes)]);
    let mut counts = [0; 2];
    for name in names.iter().take(MOST).filter_map(|name| name.as_str()) {
        let Some(ask) = each.ask.with_name(name) else {
            sums = None;
            continue;
        };
        let answer = session.http(&ask).await;
        let granted = answer.as_ref().is_ok_and(|answer| each.when.holds(answer));
        let refused = matches!(&answer, Ok(answer) if matches!(answer.status, 401 | 403));
        if granted {
            counts[0] += 1;
        } else if refused {
            counts[1] += 1;
        }
        sums = match (sums, answer) {
            (Some(mut sums), Ok(answer)) if granted => {
                let tree = check::tree(&answer);
                for (sum, place) in sums
                    .iter_mut()
                    .zip([&each.extract.records, &each.extract.bytes])
                {
                    let more = place
                        .as_deref()
                        .and_then(|place| check::number_at(tree.as_ref(), place));
                    *sum = sum.zip(more).and_then(|(sum, more)| sum.checked_add(more));
                }
                Some(sums)
            }
            _ => None,
        };
    }
    if let Some(what) = &each.what {
        let sent = each.ask.label();
        if counts[0] > 0 {
            finding.read(
                Outcome::Granted,
                sent.clone(),
                format!("{what}: {} of {all} were answered", counts[0]),
            );
        }
        if counts[1] > 0 {
            finding.read(
                Outcome::Refused,
                sent,
                format!("{what}: {} of {all} were refused", counts[1]),
            );
        }
    }
    if all > MOST {
        finding.notes.push(format!(
            "{MOST} of {all} were asked for what they hold, so the sum is not known"
        ));
    } else if let Some([records, bytes]) = sums {
        finding.holds.records = finding.holds.records.or(records);
        finding.holds.bytes = finding.holds.bytes.or(bytes);
    }
}

fn read_http(
    read: &Read,
    result: Result<Arc<Answer>, Failure>,
    finding: &mut Finding,
) -> Result<(), Failure> {
    let sent = read.ask.label();
    let answer = match result {
        Ok(answer) => answer,
        Err(failure) if failure.is_final() && finding.verdict == Verdict::Unknown => {
            return Err(failure);
        }
        Err(failure) => {
            finding.read(Outcome::Unclear, sent, failure.to_string());
            return Ok(());
        }
    };
    let status = answer.status;
    if let Some(because) = read
        .unclear
        .iter()
        .find(|unclear| unclear.when.holds(&answer))
        .map(|unclear| unclear.because.as_str())
    {
        finding.read(Outcome::Unclear, sent, format!("{status}: {because}"));
    } else if read.granted.iter().any(|when| when.holds(&answer)) {
        finding.read(
            Outcome::Granted,
            sent,
            format!("{status}: {} was answered", read.what),
        );
        extract(&read.extract, &answer, finding);
    } else if let Some(proxy) = proxy(&answer) {
        finding.read(Outcome::RefusedByProxy, sent, proxy);
    } else if matches!(status, 401 | 403) || read.refused.iter().any(|when| when.holds(&answer)) {
        finding.read(
            Outcome::Refused,
            sent,
            format!("{status}: {} was refused", read.what),
        );
    } else {
        finding.read(
            Outcome::Unclear,
            sent,
            format!(
                "{status}, which is neither an answer nor a refusal of {}",
                read.what
            ),
        );
    }
    Ok(())
}

/// Whether something in front of the store refused, and how it is known.
fn proxy(answer: &Answer) -> Option<String> {
    const SERVERS: &[&str] = &[
        "nginx",
        "openresty",
        "apache",
        "haproxy",
        "envoy",
        "traefik",
        "caddy",
        "cloudflare",
        "awselb",
        "squid",
        "varnish",
        "microsoft-iis",
        "istio",
    ];
    // Where sign-in pages of proxies and identity providers are.
    const SIGN_IN: &[&str] = &[
        "/oauth2/",
        "cdn-cgi/access",
        "cloudflareaccess.com",
        "login.microsoftonline.com",
        "accounts.google.com",
        "/.auth/login",
        "/outpost.goauthentik.io/",
        "/oauth/authorize",
        "/protocol/openid-connect/",
    ];
    let status = answer.status;
    if status == 407 {
        return Some("407: a proxy asks for credentials".to_owned());
    }
    if matches!(status, 401 | 403) {
        let server = answer.header("server")?.to_ascii_lowercase();
        let name = SERVERS.iter().find(|name| server.starts_with(**name))?;
        return Some(format!("{status} from {name}, which stands in front"));
    }
    if (300..400).contains(&status) {
        let to = answer.header("location")?;
        let page = SIGN_IN.iter().find(|page| to.contains(**page))?;
        return Some(format!("{status} to a sign-in page ({page}), not followed"));
    }
    None
}

fn extract(places: &Extract, answer: &Answer, finding: &mut Finding) {
    let json = check::tree(answer);
    let text = |place: &Option<String>| {
        let place = place.as_deref()?;
        match place.strip_prefix('=') {
            Some(literal) => Some(literal.to_owned()),
            None => check::text_at(answer, json.as_ref(), place).and_then(|text| token(&text)),
        }
    };
    let number = |place: &Option<String>| check::number_at(json.as_ref(), place.as_deref()?);
    let keep = |old: &mut Option<String>, new: Option<String>| {
        if old.is_none() {
            *old = new;
        }
    };
    keep(&mut finding.version, text(&places.version));
    keep(&mut finding.distribution, text(&places.distribution));
    keep(&mut finding.cluster, text(&places.cluster));
    finding.holds.records = finding.holds.records.or(number(&places.records));
    finding.holds.bytes = finding.holds.bytes.or(number(&places.bytes));
    finding.holds.containers = finding.holds.containers.or(number(&places.containers));
}
