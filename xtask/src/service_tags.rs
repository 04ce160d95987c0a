//! Microsoft's service tags file to the compact form that is compiled in.
//!
//! The facts are Microsoft's ("Azure IP Ranges and Service Tags", published
//! weekly for download); the file itself is not kept in the repository.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use celador_cloud::azure::ServiceTags;

use crate::report::Outcome;
use crate::root::root;

const EMBEDDED: &str = "crates/cloud/src/azure/service_tags.bin";

/// Reads the file and replaces the compiled-in tags.
pub(crate) fn update(file: &Path) -> Result<Outcome> {
    let name = file.display().to_string();
    let text = fs::read(file).with_context(|| format!("cannot read {name}"))?;
    let tags = ServiceTags::from_json(name.as_str().into(), &text)?;
    let compact = tags.to_compact();
    // What is compiled in is never checked again when the product starts.
    let back =
        ServiceTags::from_compact(&compact).context("the compact form cannot be read back")?;
    let mut names = 0;
    for tag in tags.names() {
        if tags.get(tag) != back.get(tag) {
            bail!("tag {tag} is not the same in the compact form");
        }
        names += 1;
    }
    let path = root().join(EMBEDDED);
    let old = fs::read(&path)
        .ok()
        .and_then(|bytes| ServiceTags::from_compact(&bytes));
    fs::write(&path, &compact).with_context(|| format!("cannot write {EMBEDDED}"))?;
    let was = old.map_or_else(|| "none".to_owned(), |old| old.change_number().to_string());
    Ok(Outcome::passed(format!(
        "{EMBEDDED}: change number {} (was {was}), {names} tags, {} bytes",
        tags.change_number(),
        compact.len()
    )))
}
