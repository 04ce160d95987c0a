//! From requested endpoints to a report.
//!
//! A product that the inventory names, or that the port suggests, is tried
//! first; otherwise the first answer to a harmless request decides which
//! protocols are tried. What was expected never counts as found.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use celador_catalog::Catalog;
use tokio::time::timeout;

use crate::check;
use crate::product;
use crate::report::{EndpointReport, ProbeReport, RefusedReport};
use crate::rule::{Each, Extract, Identify, LoadError, Read, Rule, Rules, Speaks};
use crate::scope::{ActiveScope, AuthorizedTarget, Requested};
use crate::transport::{Answer, Failure, Gate, Limits, Mock, Request, Session, TlsFacts, files};
use crate::verdict::{Finding, Outcome, Verdict, token};

/// How to probe.
#[derive(Debug, Clone)]
pub struct Options {
    /// What it may cost.
    pub limits: Limits,
    /// Where it is probed from, in the caller's words; loopback or an inside
    /// network can get other answers than the Internet.
    pub from: Option<String>,
    /// Addresses of this machine that connections leave from
    /// ([`crate::Scope::vantage`]); any when empty.
    pub bind: Vec<IpAddr>,
    /// When, for what expired.
    pub now: SystemTime,
}

/// The targets that the scope allows, and what it refuses.
pub(crate) fn authorize(
    scope: &ActiveScope<'_>,
    requested: &[Requested],
) -> (Vec<AuthorizedTarget>, Vec<RefusedReport>) {
    let mut targets = Vec::new();
    let mut refused = Vec::new();
    for one in requested {
        match AuthorizedTarget::from_scope(scope, one) {
            Ok(found) => targets.extend(found),
            Err(refusal) => refused.push(RefusedReport {
                endpoint: one.label(),
                reason: refusal.to_string(),
            }),
        }
    }
    targets.sort_by_key(|target| (target.address(), target.port(), target.requested().label()));
    targets.dedup_by_key(|target| {
        (
            target.address(),
            target.port(),
            target.name().map(ToOwned::to_owned),
        )
    });
    refused.sort();
    refused.dedup();
    (targets, refused)
}

/// Probes every endpoint that the scope allows.
///
/// # Errors
/// The runtime cannot be started.
pub fn run(
    scope: &ActiveScope<'_>,
    requested: &[Requested],
    options: &Options,
) -> std::io::Result<ProbeReport> {
    let (targets, refused) = authorize(scope, requested);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_io()
        .enable_time()
        .build()?;
    let findings = runtime.block_on(probe_all(targets, options));
    // A resolver or a lingering connection must not hold up the report.
    runtime.shutdown_timeout(Duration::from_millis(100));
    let endpoints = findings
        .into_iter()
        .map(|(target, finding, tls)| EndpointReport::new(&target, finding, tls, options.now))
        .collect();
    Ok(ProbeReport::new(
        scope.scope(),
        options.from.clone(),
        endpoints,
        refused,
    ))
}

/// Some products let in whom they would not let in from elsewhere.
const AT_HOME: &str =
    "asked from the machine that it runs on, which some products answer as they would nobody else";

type Judged = (AuthorizedTarget, Finding, Option<TlsFacts>);

async fn probe_all(targets: Vec<AuthorizedTarget>, options: &Options) -> Vec<Judged> {
    let limits = options.limits;
    let gate = Arc::new(Gate::new(&limits).leaving_from(&options.bind));
    let order = spread(&targets);
    let targets = Arc::new(targets);
    let order = Arc::new(order);
    let next = Arc::new(AtomicUsize::new(0));
    let workers = limits
        .concurrency
        .min(files::room())
        .clamp(1, order.len().max(1));
    let mut tasks = Vec::with_capacity(workers);
    for _ in 0..workers {
        let (gate, targets, order, next) = (
            Arc::clone(&gate),
            Arc::clone(&targets),
            Arc::clone(&order),
            Arc::clone(&next),
        );
        tasks.push(tokio::spawn(async move {
            let mut done = Vec::new();
            loop {
                let turn = next.fetch_add(1, Ordering::Relaxed);
                let Some(&index) = order.get(turn) else {
                    return done;
                };
                let Some(target) = targets.get(index) else {
                    return done;
                };
                let _permit = gate.enter(target.address()).await;
                let mut session = Session::live(target, &gate, limits);
                let hints = hints(target.requested(), target.port());
                let mut finding = timeout(
                    limits.endpoint + limits.wait,
                    endpoint(&mut session, Rules::embedded(), &hints),
                )
                .await
                .unwrap_or_else(|_| Finding::unknown("no judgement in time"));
                if session.at_home {
                    finding.notes.push(AT_HOME.to_owned());
                }
                done.push((index, finding, session.facts.take()));
            }
        }));
    }
    let mut findings: BTreeMap<usize, (Finding, Option<TlsFacts>)> = BTreeMap::new();
    for task in tasks {
        // A worker that panicked leaves its endpoints to the line below.
        for (index, finding, tls) in task.await.unwrap_or_default() {
            findings.insert(index, (finding, tls));
        }
    }
    targets
        .iter()
        .enumerate()
        .map(|(index, target)| {
            let (finding, tls) = findings
                .remove(&index)
                .unwrap_or_else(|| (Finding::unknown("the probe itself failed"), None));
            (target.clone(), finding, tls)
        })
        .collect()
}

/// One endpoint of each address after the other, so that an address with many
/// does not hold up the rest.
fn spread(targets: &[AuthorizedTarget]) -> Vec<usize> {
    let mut seen: BTreeMap<IpAddr, usize> = BTreeMap::new();
    let mut order: Vec<(usize, usize)> = targets
        .iter()
        .enumerate()
        .map(|(index, target)| {
            let count = seen.entry(target.address()).or_default();
            *count += 1;
            (*count, index)
        })
        .collect();
    order.sort_unstable();
    order.into_iter().map(|(_, index)| index).collect()
}

/// Products to try first.
pub(crate) fn hints(requested: &Requested, port: u16) -> Vec<String> {
    let mut hints: Vec<String> = requested.product.iter().cloned().collect();
    for id in Catalog::embedded().product_ids_by_port(celador_model::Protocol::Tcp, port) {
        if !hints.contains(&id) {
            hints.push(id);
        }
    }
    hints
}

/// Which rule speaks for a product that has another's protocol.
fn protocol_of(id: &str) -> &str {
    match id {
        "valkey" | "keydb" | "dragonfly" => "redis",
        "mariadb" | "tidb" | "sphinx" => "mysql",
        "mosquitto" => "mqtt",
        "pgbouncer" | "cockroachdb" | "greenplum" => "postgresql",
        "scylladb" => "cassandra",
        other => other,
    }
}

/// What would be sent, for every endpoint, without sending it.
pub fn dry_run(scope: &ActiveScope<'_>, requested: &[Requested]) -> String {
    use std::fmt::Write as _;
    let (targets, refused) = authorize(scope, requested);
    let rules = Rules::embedded();
    let mut out = String::new();
    for target in &targets {
        let _ = writeln!(
            out,
            "{} at {} port {}",
            target.requested().label(),
            target.address(),
            target.port()
        );
        let hints = hints(target.requested(), target.port());
        let hinted: Vec<&Rule> = hints
            .iter()
            .flat_map(|id| rules.of(protocol_of(id)))
            .collect();
        let list: Vec<&Rule> = if hinted.is_empty() {
            let _ = writeln!(
                out,
                "  first: GET / HTTP/1.0; then, as the answer suggests, some of:"
            );
            rules.rules.iter().collect()
        } else {
            let _ = writeln!(
                out,
                "  first, as product or port suggest; the others only where these do not fit:"
            );
            hinted
        };
        for rule in list {
            match rule.speaks {
                Speaks::Builtin => {
                    for sent in product::sends(&rule.id) {
                        let _ = writeln!(out, "  {}: {sent}", rule.id);
                    }
                }
                Speaks::Http => {
                    let asks = rule
                        .identify
                        .iter()
                        .map(|step| &step.ask)
                        .chain(rule.reads.iter().map(|step| &step.ask))
                        .chain(rule.named.iter().map(|step| &step.ask))
                        .chain(rule.facts.iter().map(|step| &step.ask))
                        .chain(
                            rule.reads
                                .iter()
                                .filter_map(|read| read.each.as_ref().map(|each| &each.ask)),
                        );
                    for ask in asks {
                        let _ = writeln!(out, "  {}: {}", rule.id, ask.label());
                    }
                }
            }
        }
    }
    for one in refused {
        let _ = writeln!(out, "{}: nothing, {}", one.endpoint, one.reason);
    }
    out
}

/// Judges one endpoint.
pub(crate) async fn endpoint(
    session: &mut Session<'_>,
    rules: &Rules,
    hints: &[String],
) -> Finding {
    match judge(session, rules, hints).await {
        Ok(finding) => finding,
        Err(failure) if !session.connected => {
            let mut finding = Finding::unknown(failure.to_string());
            if matches!(failure, Failure::Connect(_)) {
                finding.verdict = Verdict::Unreachable;
            }
            finding
        }
        Err(failure) => Finding::unknown(failure.to_string()),
    }
}

async fn judge(
    session: &mut Session<'_>,
    rules: &Rules,
    hints: &[String],
) -> Result<Finding, Failure> {
    let mut tried: Vec<&str> = Vec::new();
    let mut http_tried = false;
    let mut http_silent = false;
    for rule in hints.iter().flat_map(|id| rules.of(protocol_of(id))) {
        if tried.contains(&rule.id.as_str()) {
            continue;
        }
        tried.push(&rule.id);
        let found = match rule.speaks {
            Speaks::Builtin => builtin(session, rule).await?,
            Speaks::Http if http_tried => None,
            Speaks::Http => {
                http_tried = true;
                let found = http(session, rules, hints).await?;
                http_silent = session.http_silent();
                found
            }
        };
        if let Some(finding) = found {
            return Ok(finding);
        }
    }
    // Nothing is known, or something else listens than was expected. What kept
    // silent at one request of HTTP does so at the next.
    let first = if http_silent {
        None
    } else {
        hello(session).await?
    };
    let silent = first.is_none();
    let mut waiting = Vec::new();
    if silent {
        // Who is only slow has had its time.
        session.hurry();
        waiting = answering(session).await?;
    }
    let first = first.unwrap_or_default();
    let suggested = product::suggested(&first);
    // A server of HTTP or TLS that is sent this answers or hangs up.
    if suggested.is_empty()
        && (first.starts_with(b"HTTP/")
            || first.starts_with(&[0x15, 3])
            || (first.is_empty() && !silent))
    {
        if !http_tried && let Some(finding) = http(session, rules, hints).await? {
            return Ok(finding);
        }
        if first.starts_with(b"HTTP/") {
            return Ok(Finding::unknown(
                "speaks HTTP and is no product that is known",
            ));
        }
    }
    let mut others: Vec<&Rule> = rules
        .rules
        .iter()
        .filter(|rule| rule.speaks == Speaks::Builtin && !tried.contains(&rule.id.as_str()))
        .filter(|rule| {
            if silent {
                waiting.contains(&rule.id.as_str())
            } else if suggested.is_empty() {
                !(first.is_empty() && product::speaks_first(&rule.id))
            } else {
                suggested.contains(&rule.id.as_str())
            }
        })
        .collect();
    // Those that would wait are the unlikely ones when something came.
    others.sort_by_key(|rule| product::waits(&rule.id));
    for rule in others {
        if let Some(finding) = builtin(session, rule).await? {
            return Ok(finding);
        }
    }
    Ok(Finding::unknown(if first.is_empty() {
        "accepts connections and answers nothing that was asked"
    } else {
        "answers in no protocol that is known"
    }))
}

/// The first bytes that come after a request that nearly everything answers or
/// ignores; `None` when the connection stays and nothing comes. Without a Host
/// line, so that Redis does not report an attack; longer than the 24 bytes of a
/// header of memcached's binary protocol, which it would otherwise wait for.
async fn hello(session: &mut Session<'_>) -> Result<Option<Vec<u8>>, Failure> {
    let mut link = session.connect().await?;
    link.send(b"GET / HTTP/1.0\r\nAccept: */*\r\n\r\n")
        .await
        .ok();
    let wait = link.wait();
    let first = match link.peek(wait).await {
        Ok(bytes) => Some(bytes.iter().copied().take(256).collect()),
        Err(failure) if failure.is_final() => return Err(failure),
        Err(Failure::Silent) => None,
        Err(_) => Some(Vec::new()),
    };
    Ok(first)
}

/// Those products that wait for more than a request of HTTP and answer the first
/// message of their own, or hang up at it: all are asked at a time, which costs what one would.
async fn answering(session: &mut Session<'_>) -> Result<Vec<&'static str>, Failure> {
    let mut asked = Vec::new();
    for id in product::WAITING {
        let mut link = session.connect().await?;
        if link.send(&product::opener(id)).await.is_ok() {
            asked.push((id, link));
        }
    }
    let mut answered = Vec::new();
    let begun = Instant::now();
    for (id, link) in &mut asked {
        // The first is waited for, and the others have waited with it.
        let left = link.wait().saturating_sub(begun.elapsed());
        match link.peek(left).await {
            Ok(bytes) if product::may_open(id, bytes) => answered.push(*id),
            Err(Failure::Closed) if product::may_open(id, &[]) => answered.push(*id),
            Err(failure) if failure.is_final() => return Err(failure),
            Ok(_) | Err(_) => {}
        }
    }
    Ok(answered)
}

/// Tries a product's own protocol: an answer of another protocol is no answer.
async fn builtin(session: &mut Session<'_>, rule: &Rule) -> Result<Option<Finding>, Failure> {
    session.tls = false;
    let mut result = product::run(&rule.id, session).await;
    // A server of TLS answers plain text with an alert or hangs up.
    if let Err(Failure::Closed | Failure::Malformed(_)) = result
        && product::may_use_tls(&rule.id)
    {
        session.tls = true;
        result = product::run(&rule.id, session).await;
        session.tls = false;
    }
    match result {
        Ok(Some(mut finding)) => {
            note(rule, &mut finding);
            Ok(Some(finding))
        }
        Err(failure) if failure.is_final() || matches!(failure, Failure::Connect(_)) => {
            Err(failure)
        }
        Err(Failure::Silent) => {
            // Who is only slow has had its time.
            session.hurry();
            Ok(None)
        }
        Ok(None) | Err(_) => Ok(None),
    }
}

/// The products that speak HTTP. `None` when the endpoint does not.
async fn http(
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

fn note(rule: &Rule, finding: &mut Finding) {
    let version = finding.version.as_deref().map(numbers);
    let open = matches!(finding.verdict, Verdict::Open | Verdict::PartlyOpen);
    for note in &rule.notes {
        if (note.open && !open) || (note.of.is_some() && note.of != finding.product) {
            continue;
        }
        let bound = |text: &Option<String>| text.as_deref().map(numbers);
        let applies = match (&version, bound(&note.from), bound(&note.before)) {
            (_, None, None) => true,
            (None, ..) => false,
            (Some(version), from, before) => {
                from.is_none_or(|from| *version >= from)
                    && before.is_none_or(|before| *version < before)
            }
        };
        if applies {
            finding.notes.push(note.says.clone());
        }
    }
}

/// The numbers that a version begins with.
fn numbers(version: &str) -> Vec<u64> {
    version
        .trim_start_matches('v')
        .split(['.', '-', '+', ' '])
        .map_while(|part| part.parse().ok())
        .collect()
}

/// Plays every mock exchange of every rule.
///
/// # Errors
/// All exchanges that come to something else than they expect.
pub fn verify(rules: &Rules) -> Result<(), LoadError> {
    let fail = |rule: &Rule, message: String| LoadError {
        file: format!("rules/probes/{}.yaml", rule.id),
        message,
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build();
    let mut wrong = Vec::new();
    for rule in &rules.rules {
        let runtime = runtime
            .as_ref()
            .map_err(|error| fail(rule, format!("no runtime: {error}")))?;
        let mut said = BTreeSet::new();
        for (name, mock) in &rule.mocks {
            let mut session = Session::mock(
                Mock::new(mock.script()).with_containers(&mock.containers),
                Limits::default(),
            );
            let hint = std::slice::from_ref(&rule.id);
            let finding = runtime.block_on(endpoint(&mut session, rules, hint));
            said.extend(finding.notes.iter().cloned());
            let expect = &mock.expect;
            let found = finding.product.as_deref().map(protocol_of) == Some(rule.product());
            let says = |start: &str| finding.notes.iter().any(|note| note.starts_with(start));
            let differs = |wanted: Option<u64>, got: Option<u64>| wanted.is_some() && wanted != got;
            if finding.verdict != expect.verdict
                || found != expect.product
                || (expect.version.is_some() && expect.version != finding.version)
                || differs(expect.records, finding.holds.records)
                || differs(expect.bytes, finding.holds.bytes)
                || differs(expect.containers, finding.holds.containers)
                || !expect.notes.iter().all(|note| says(note))
                || expect.no_notes.iter().any(|note| says(note))
            {
                wrong.push((
                    rule,
                    format!("the mock exchange {name} comes to {finding:?}"),
                ));
            }
        }
        // What is said of a version is seen to be said.
        for note in rule.notes.iter().filter(|note| !said.contains(&note.says)) {
            wrong.push((rule, format!("no mock exchange comes to: {}", note.says)));
        }
    }
    let Some((rule, _)) = wrong.first() else {
        return Ok(());
    };
    let list: Vec<&str> = wrong.iter().map(|(_, message)| message.as_str()).collect();
    Err(fail(rule, list.join("\n")))
}

/// Judges a server that says these turns on its first connection, as if told
/// which rule to try: for fuzzers, which have no server. `None` for an id that no
/// rule has.
#[doc(hidden)]
pub fn play(id: &str, turns: Vec<Vec<u8>>) -> Option<Verdict> {
    let rules = Rules::embedded();
    let rule = rules.rules.iter().find(|rule| rule.id == id)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .ok()?;
    let script = crate::transport::mock::Script::Turns(vec![turns]);
    let mut session = Session::mock(Mock::new(script), Limits::default());
    let hint = std::slice::from_ref(&rule.id);
    Some(
        runtime
            .block_on(endpoint(&mut session, rules, hint))
            .verdict,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_tell_their_mock_exchanges_apart() {
        if let Err(error) = verify(Rules::embedded()) {
            panic!("{error}");
        }
    }

    proptest::proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(200))]
        /// Whatever comes, nothing panics, and random bytes open nothing.
        #[test]
        fn bytes_that_nobody_wrote(
            product in 0..Rules::embedded().rules.len(),
            turns in proptest::collection::vec(proptest::collection::vec(proptest::prelude::any::<u8>(), 0..60), 0..5),
        ) {
            let rules = Rules::embedded();
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime");
            let mock = Mock::new(crate::transport::mock::Script::Turns(vec![turns]));
            let mut session = Session::mock(mock, Limits::default());
            let hint = [rules.rules[product].id.clone()];
            let finding = runtime.block_on(endpoint(&mut session, rules, &hint));
            proptest::prop_assert_ne!(finding.verdict, Verdict::Open);
        }

        /// The same from exchanges that are real but for some bytes.
        #[test]
        fn exchanges_with_wrong_bytes(
            product in 0..Rules::embedded().rules.len(),
            which in 0..100_usize,
            changes in proptest::collection::vec((0..400_usize, proptest::prelude::any::<u8>()), 1..6),
        ) {
            let rules = Rules::embedded();
            let rule = &rules.rules[product];
            let mocks: Vec<_> = rule.mocks.values().collect();
            let mut script = mocks[which % mocks.len()].script();
            if let crate::transport::mock::Script::Turns(connections) = &mut script {
                let mut turns: Vec<&mut u8> = connections.iter_mut().flatten().flatten().collect();
                for (at, byte) in changes {
                    let count = turns.len().max(1);
                    if let Some(old) = turns.get_mut(at % count) {
                        **old = byte;
                    }
                }
            }
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time()
                .build()
                .expect("a runtime");
            let mut session = Session::mock(Mock::new(script), Limits::default());
            let hint = std::slice::from_ref(&rule.id);
            let _ = runtime.block_on(endpoint(&mut session, rules, hint));
        }
    }
}
