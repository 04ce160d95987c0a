//! `celador schema`, `completions` and `man`: text made from the code itself.

use anyhow::{Context as _, Result, bail};
use celador_audit::explain::ExplainReport;
use celador_audit::lint::LintReport;
use celador_audit::report::{AuditReport, DiffReport};
use celador_stores::inspect::InspectReport;
use celador_stores::replicas::ReplicasReport;
use celador_stores::report::ProbeReport;
use clap::CommandFactory as _;

use crate::args::{Cli, CompletionsArgs, ManArgs, SchemaArgs, SchemaOf};
use crate::{Exit, render};

pub(crate) fn schema(args: &SchemaArgs) -> Result<Exit> {
    let (id, schema) = match args.report {
        SchemaOf::Audit => ("audit", schemars::schema_for!(AuditReport)),
        SchemaOf::Diff => ("diff", schemars::schema_for!(DiffReport)),
        SchemaOf::Explain => ("explain", schemars::schema_for!(ExplainReport)),
        SchemaOf::Scan => (
            "scan",
            schemars::schema_for!(super::scan::report::ScanReport),
        ),
        SchemaOf::Eval => (
            "eval",
            schemars::schema_for!(super::eval::report::EvalReport),
        ),
        SchemaOf::Verify => (
            "verify",
            schemars::schema_for!(super::verify::report::VerifyReport),
        ),
        SchemaOf::RecordCheck => (
            "record-check",
            schemars::schema_for!(super::verify::RecordReport),
        ),
        SchemaOf::Config => ("config", celador_pii::Config::schema()),
        SchemaOf::Redact => (
            "redact",
            schemars::schema_for!(crate::rewrite::report::RedactReport),
        ),
        SchemaOf::RedactProfile => ("redact-profile", celador_redact::schema()),
        SchemaOf::Lint => ("lint", schemars::schema_for!(LintReport)),
        SchemaOf::Inspect => ("inspect", schemars::schema_for!(InspectReport)),
        SchemaOf::Replicas => ("replicas", schemars::schema_for!(ReplicasReport)),
        SchemaOf::Probe => ("probe", schemars::schema_for!(ProbeReport)),
    };
    let mut value = serde_json::to_value(&schema)?;
    if let Some(object) = value.as_object_mut() {
        object.insert("$id".to_owned(), format!("urn:celador:{id}:v1").into());
    }
    render::json(&value)?;
    Ok(Exit::Clean)
}

pub(crate) fn completions(args: &CompletionsArgs) -> Result<Exit> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "celador", &mut text);
    render::out(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}

/// One page, or every command's page as a file of its own in a folder.
pub(crate) fn man(args: &ManArgs) -> Result<Exit> {
    let mut root = Cli::command();
    // Subcommands know their whole name only then.
    root.build();
    root = root.disable_help_subcommand(true);
    match (&args.command, &args.dir) {
        (_, Some(folder)) => {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder {}", folder.display()))?;
            clap_mangen::generate_to(root, folder)
                .with_context(|| format!("cannot write to {}", folder.display()))?;
        }
        (None, None) => render::out(&page(root)?)?,
        (Some(name), None) => match root.find_subcommand(name) {
            Some(command) => render::out(&page(command.clone())?)?,
            None => bail!("there is no command {name}; celador --help lists them"),
        },
    }
    Ok(Exit::Clean)
}

fn page(command: clap::Command) -> Result<String> {
    let mut text = Vec::new();
    clap_mangen::Man::new(command).render(&mut text)?;
    Ok(String::from_utf8(text)?)
}
