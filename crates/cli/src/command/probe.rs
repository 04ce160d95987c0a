//! `celador probe`.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::Path;
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, bail};
use celador_audit::inventory::{self, EndpointAddress};
use celador_catalog::Catalog;
use celador_model::Protocol;
use celador_stores::{Limits, Options, Requested, Scope, SystemResolver, Verdict};

use crate::args::{FailOnProbe, ProbeArgs, ProbeFormat};
use crate::render::{self, excerpt::Sources, sarif, style::Style};
use crate::{Exit, input};

/// More endpoints than a run is meant for, and a bound on memory.
const MAX_ENDPOINTS: usize = 1_000_000;

pub(crate) fn run(args: &ProbeArgs) -> Result<Exit> {
    let text = std::fs::read_to_string(&args.scope)
        .with_context(|| format!("cannot read the scope {}", args.scope.display()))?;
    let scope = Scope::parse(&args.scope.display().to_string(), &text)?;
    let now = SystemTime::now();
    let active = scope.activate(now, &SystemResolver)?;
    let bind = match &args.from {
        Some(name) => scope.vantage(name)?.to_vec(),
        None => Vec::new(),
    };
    let requested = requested(args)?;
    if args.dry_run {
        render::out(&celador_stores::dry_run(&active, &requested))?;
        return Ok(Exit::Clean);
    }
    let report = celador_stores::run(
        &active,
        &requested,
        &Options {
            limits: limits(args)?,
            from: args.from.clone(),
            bind,
            now,
        },
    )
    .context("cannot start")?;
    match args.format {
        ProbeFormat::Json => render::json(&report)?,
        ProbeFormat::Sarif => render::json(&sarif::probe(&report, &mut Sources::new(None)))?,
        ProbeFormat::Ocsf => render::out(&render::ocsf::probe(&report, now))?,
        ProbeFormat::Text => render::out(&render::probe::text(&report, Style::new(args.color)))?,
    }
    let has = |verdict| {
        report
            .endpoints
            .iter()
            .any(|endpoint| endpoint.verdict == verdict)
    };
    let failed = args.fail_on.iter().any(|on| match on {
        // What answers anyone in part answers anyone.
        FailOnProbe::Open => has(Verdict::Open) || has(Verdict::PartlyOpen),
        FailOnProbe::PartlyOpen => has(Verdict::PartlyOpen),
        FailOnProbe::Unknown => has(Verdict::Unknown),
        FailOnProbe::Unreachable => has(Verdict::Unreachable),
    });
    Ok(if failed {
        Exit::Findings
    } else if report.refused.is_empty() {
        Exit::Clean
    } else {
        Exit::CannotRun
    })
}

fn limits(args: &ProbeArgs) -> Result<Limits> {
    if !(0.05..=600.0).contains(&args.timeout) {
        bail!("--timeout is between 0.05 and 600 seconds");
    }
    let wait = Duration::from_secs_f64(args.timeout);
    Ok(Limits {
        wait,
        endpoint: wait * 7,
        concurrency: usize::from(args.concurrency),
        rate: args.rate,
        host_rate: args.host_rate,
        ..Limits::default()
    })
}

/// What was asked for, in order, each once.
fn requested(args: &ProbeArgs) -> Result<Vec<Requested>> {
    let mut out = endpoints(&args.endpoints)?;
    if let Some(path) = &args.inventory {
        inventory_endpoints(path, &mut out)?;
    }
    if out.is_empty() {
        bail!("no endpoint to probe");
    }
    let mut seen = BTreeSet::new();
    out.retain(|one| seen.insert(one.label()));
    Ok(out)
}

/// Endpoints of the command line, each once; `-` is those on standard input.
pub(crate) fn endpoints(words: &[String]) -> Result<Vec<Requested>> {
    let mut lines: Vec<String> = Vec::new();
    for endpoint in words {
        if endpoint == "-" {
            let mut text = String::new();
            std::io::stdin()
                .lock()
                .take(256 << 20)
                .read_to_string(&mut text)
                .context("cannot read standard input")?;
            lines.extend(
                text.lines()
                    .map(str::trim)
                    .filter(|line| !line.is_empty() && !line.starts_with('#'))
                    .map(ToOwned::to_owned),
            );
        } else {
            lines.push(endpoint.clone());
        }
    }
    let mut out = Vec::new();
    for line in &lines {
        let endpoint =
            inventory::parse_endpoint(line).map_err(|message| anyhow::anyhow!(message))?;
        let before = out.len();
        add(&endpoint, None, None, &mut out)?;
        if out.len() == before {
            bail!("\"{line}\" has no TCP port; give HOST:PORT");
        }
    }
    let mut seen = BTreeSet::new();
    out.retain(|one: &Requested| seen.insert(one.label()));
    Ok(out)
}

fn inventory_endpoints(path: &Path, out: &mut Vec<Requested>) -> Result<()> {
    let bytes = input::text_of(&path.display().to_string(), None)
        .with_context(|| format!("cannot read the inventory {}", path.display()))?;
    let inventory = inventory::parse(&path.display().to_string(), &bytes)?;
    for store in &inventory.stores {
        let name = store.name.as_deref().unwrap_or(&store.id);
        for endpoint in &store.endpoints {
            let mut endpoint = endpoint.clone();
            if endpoint.ports.is_none() {
                endpoint.ports = store.product.as_deref().map(|product| {
                    Catalog::embedded()
                        .ports_of(product)
                        .into_iter()
                        .filter(|(protocol, _)| *protocol == Protocol::Tcp)
                        .map(|(_, port)| celador_model::Interval::single(port))
                        .collect()
                });
            }
            let before = out.len();
            add(&endpoint, Some(name), store.product.as_deref(), out)?;
            for one in out.iter_mut().skip(before) {
                one.containers.clone_from(&store.containers);
            }
        }
    }
    Ok(())
}

fn add(
    endpoint: &inventory::Endpoint,
    store: Option<&str>,
    product: Option<&str>,
    out: &mut Vec<Requested>,
) -> Result<()> {
    let host = match &endpoint.address {
        EndpointAddress::Ip(address) => address.to_string(),
        EndpointAddress::Name(name) => name.clone(),
    };
    if endpoint.protocol != Protocol::Tcp {
        return Ok(());
    }
    for range in endpoint
        .ports
        .iter()
        .flat_map(celador_model::PortSet::intervals)
    {
        for port in range.lo..=range.hi {
            if out.len() >= MAX_ENDPOINTS {
                bail!("more than {MAX_ENDPOINTS} endpoints; probe them in parts");
            }
            out.push(Requested {
                host: host.clone(),
                port,
                store: store.map(ToOwned::to_owned),
                product: product.map(ToOwned::to_owned),
                containers: Vec::new(),
            });
        }
    }
    Ok(())
}
