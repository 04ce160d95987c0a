//! `celador demo`: the incident of December 2019, replayed offline.
//!
//! The example's files are compiled in, so the demo runs from any folder; it
//! writes them to a temporary folder and calls the same commands a user would.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::args::{Cli, Command, DemoArgs};
use crate::render::{out, style::Style};
use crate::{Exit, command};
use clap::Parser as _;

const FILES: &[(&str, &str)] = &[
    (
        "before/network.json",
        include_str!("../../../../examples/support-2019/before/network.json"),
    ),
    (
        "before/nsgs.json",
        include_str!("../../../../examples/support-2019/before/nsgs.json"),
    ),
    (
        "before/machines.json",
        include_str!("../../../../examples/support-2019/before/machines.json"),
    ),
    (
        "after/network.json",
        include_str!("../../../../examples/support-2019/after/network.json"),
    ),
    (
        "after/nsgs.json",
        include_str!("../../../../examples/support-2019/after/nsgs.json"),
    ),
    (
        "after/machines.json",
        include_str!("../../../../examples/support-2019/after/machines.json"),
    ),
    (
        "tickets.jsonl",
        include_str!("../../../../examples/support-2019/tickets.jsonl"),
    ),
    (
        "stores.yaml",
        include_str!("../../../../examples/support-2019/stores.yaml"),
    ),
];

/// A step: what happened, and the command that would have shown it.
const STEPS: &[(&str, &str)] = &[
    (
        "4 December 2019. Five Elasticsearch servers hold copies of the support records. Can the Internet reach them?",
        "celador audit before --inventory stores.yaml",
    ),
    (
        "5 December. Somebody changes the network security group. What does the change open?",
        "celador diff before after --inventory stores.yaml",
    ),
    (
        "For three weeks nobody asked which rule lets a stranger in.",
        "celador explain --from 198.51.100.77 --to es-1:9200 after",
    ),
    (
        "The records had been redacted, but for addresses in odd forms. The same records, redacted here:",
        "celador redact tickets.jsonl",
    ),
    (
        "The same into a file, with a summary of what was replaced.",
        "celador redact tickets.jsonl -o redacted.jsonl",
    ),
    (
        "Is anything left? Looked for by means that are not the redaction's own:",
        "celador verify redacted.jsonl --original tickets.jsonl",
    ),
];

pub(crate) fn run(args: &DemoArgs) -> Result<Exit> {
    let style = Style::new(args.color);
    let folder = folder()?;
    let result = replay(&folder, args, style);
    // The folder is ours; leaving it behind would only be untidy.
    let _ = std::fs::remove_dir_all(&folder);
    result?;
    out(&format!(
        "{}\nThe files are in examples/support-2019/. In a pipeline the change does not pass:\n  celador diff before after --fail-on opened   (exit code 1)\n",
        style.strong(
            "With celador in the pipeline, the change of 5 December would have stopped there."
        )
    ))?;
    Ok(Exit::Clean)
}

fn folder() -> Result<PathBuf> {
    let folder = std::env::temp_dir().join(format!("celador-demo-{}", std::process::id()));
    for (name, text) in FILES {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(parent)
            .with_context(|| format!("cannot make the folder {}", parent.display()))?;
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(folder)
}

fn replay(folder: &Path, args: &DemoArgs, style: Style) -> Result<()> {
    std::env::set_current_dir(folder)
        .with_context(|| format!("cannot enter {}", folder.display()))?;
    for (story, line) in STEPS {
        out(&format!(
            "{}\n{}\n\n",
            style.strong(story),
            style.faint(&format!("$ {line}"))
        ))?;
        let mut cli = Cli::try_parse_from(line.split(' '))?;
        match &mut cli.command {
            Command::Audit(own) => {
                own.output.color = args.color;
                command::audit::run(own)?;
            }
            Command::Diff(own) => {
                own.output.color = args.color;
                command::diff::run(own)?;
            }
            Command::Explain(own) => {
                own.output.color = args.color;
                command::explain::run(own)?;
            }
            Command::Redact(own) => {
                own.color = args.color;
                command::redact::run(own)?;
            }
            Command::Verify(own) => {
                own.color = args.color;
                command::verify::run(own)?;
            }
            _ => {}
        }
        out("\n")?;
    }
    Ok(())
}
