//! From requested endpoints to a report.
//!
//! A product that the inventory names, or that the port suggests, is tried
//! first; otherwise the first answer to a harmless request decides which
//! protocols are tried. What was expected never counts as found.

mod dry_run;
mod http;
mod played;

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use celador_catalog::Catalog;
use tokio::time::timeout;

use self::http::http;
use crate::product;
use crate::report::{EndpointReport, ProbeReport, RefusedReport};
use crate::rule::{Rule, Rules, Speaks};
use crate::scope::{ActiveScope, AuthorizedTarget, Requested};
use crate::transport::{Failure, Gate, Limits, Session, TlsFacts, files};
use crate::verdict::{Finding, Verdict};

pub use self::dry_run::dry_run;
pub use self::played::{play, verify};

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
