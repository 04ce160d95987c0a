//! `celador schema`, `completions` and `man`: text made from the code itself.

use anyhow::Result;
use celador_audit::explain::ExplainReport;
use celador_audit::lint::LintReport;
use celador_audit::report::{AuditReport, DiffReport};
use clap::CommandFactory as _;

use crate::args::{Cli, CompletionsArgs, SchemaArgs, SchemaOf};
use crate::{Exit, render};

pub(crate) fn schema(args: &SchemaArgs) -> Result<Exit> {
    let (id, schema) = match args.report {
        SchemaOf::Audit => ("audit", schemars::schema_for!(AuditReport)),
        SchemaOf::Diff => ("diff", schemars::schema_for!(DiffReport)),
        SchemaOf::Explain => ("explain", schemars::schema_for!(ExplainReport)),
        SchemaOf::Lint => ("lint", schemars::schema_for!(LintReport)),
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

pub(crate) fn man() -> Result<Exit> {
    let mut text = Vec::new();
    clap_mangen::Man::new(Cli::command()).render(&mut text)?;
    render::out(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}
