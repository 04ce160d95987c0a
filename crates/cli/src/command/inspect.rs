//! `celador inspect`.

use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, bail};
use celador_stores::inspect::report::{InspectReport, State};
use celador_stores::inspect::{self, Credential, Options, Secret, SketchKey, Trust};
use celador_stores::{Requested, Scope, SystemResolver};

use crate::Exit;
use crate::args::{FailOnFound, InspectArgs, LookArgs, ReportFormat};
use crate::command::{probe, scan};
use crate::render::{self, style::Style};

pub(crate) fn run(args: &InspectArgs) -> Result<Exit> {
    let stores = requested(&args.stores, &args.look)?;
    if args.dry_run {
        render::out(&in_scope(&args.look, |scope, _| {
            Ok(inspect::dry_run(scope, &stores))
        })?)?;
        return Ok(Exit::Clean);
    }
    let report = look(&stores, &args.look)?;
    match args.format {
        ReportFormat::Json => render::json(&report)?,
        ReportFormat::Text => {
            render::out(&render::inspect::text(&report, Style::new(args.color)))?;
        }
    }
    let found = |wanted: &str| {
        report
            .stores
            .iter()
            .flat_map(|store| &store.containers)
            .flat_map(|container| &container.classes)
            .any(|class| wanted.is_empty() || class.class == wanted)
    };
    let failed = args.fail_on.iter().any(|on| match on {
        FailOnFound::Any => found(""),
        FailOnFound::Class(class) => found(class.name()),
        FailOnFound::Malformed => false,
    });
    Ok(if failed {
        Exit::Findings
    } else if complete(&report) {
        Exit::Clean
    } else {
        Exit::CannotRun
    })
}

/// Whether every store that was asked for was looked into.
pub(crate) fn complete(report: &InspectReport) -> bool {
    report.refused.is_empty()
        && report
            .stores
            .iter()
            .all(|store| matches!(store.state, State::Inspected | State::Partly))
}

/// Looks into stores as the arguments say.
pub(crate) fn look(stores: &[Requested], args: &LookArgs) -> Result<InspectReport> {
    let scanner = scan::finder(&args.finder)?;
    let options = options(args)?;
    in_scope(args, |scope, now| {
        inspect::run(scope, stores, &scanner, &Options { now, ..options }).context("cannot start")
    })
}

fn in_scope<T>(
    args: &LookArgs,
    then: impl FnOnce(&celador_stores::ActiveScope<'_>, SystemTime) -> Result<T>,
) -> Result<T> {
    let Some(path) = &args.scope else {
        bail!("--scope is needed: the file that says which stores may be connected to");
    };
    let text = std::fs::read_to_string(path)
        .with_context(|| format!("cannot read the scope {}", path.display()))?;
    let scope = Scope::parse(&path.display().to_string(), &text)?;
    let now = SystemTime::now();
    let active = scope.activate(now, &SystemResolver)?;
    then(&active, now)
}

pub(crate) fn requested(stores: &[String], args: &LookArgs) -> Result<Vec<Requested>> {
    let mut out = probe::endpoints(stores)?;
    for one in &mut out {
        one.product.clone_from(&args.product);
        one.containers.clone_from(&args.containers);
    }
    Ok(out)
}

fn options(args: &LookArgs) -> Result<Options> {
    let secret = |reference: &String| Secret::fetch(reference).map_err(anyhow::Error::from);
    let credential = match (&args.user, &args.password, &args.api_key, &args.bearer) {
        (Some(user), Some(password), None, None) => Some(Credential::Password {
            user: user.clone(),
            secret: secret(password)?,
        }),
        (None, None, Some(key), None) => Some(Credential::ApiKey(secret(key)?)),
        (None, None, None, Some(token)) => Some(Credential::Bearer(secret(token)?)),
        (_, None, None, None) if args.client_cert.is_some() => Some(Credential::Certificate),
        (_, None, None, None) => None,
        _ => bail!("give one of --user with --password, --api-key and --bearer"),
    };
    let client = args.client_cert.as_deref().zip(args.client_key.as_deref());
    let authorities = args.ca.clone().or_else(Trust::usual);
    let trust = match (&credential, authorities) {
        (Some(_), Some(path)) => Some(Trust::new(&path, client)?),
        _ => None,
    };
    let key = match &args.sketch_key {
        Some(reference) => secret(reference)?.sketch_key(),
        None => SketchKey::random(),
    };
    if !(0.05..=600.0).contains(&args.timeout) {
        bail!("--timeout is between 0.05 and 600 seconds");
    }
    Ok(Options {
        records: args.max_records,
        sample: args.sample,
        time: Duration::from_secs(args.max_seconds),
        bytes: usize::try_from(args.max_bytes).unwrap_or(usize::MAX),
        pages: args.rate,
        wait: Duration::from_secs_f64(args.timeout),
        key,
        user: args.user.clone(),
        credential,
        trust,
        now: SystemTime::UNIX_EPOCH,
    })
}
