//! What a run over a folder has finished, so that one that was interrupted goes on.
//!
//! A line of JSON for each finished file, written and synced after the file has its
//! name. Holds hashes and counts, no value. The file is locked while a run has it.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::report::Rewritten;

/// Its name in the folder that is written to.
pub(crate) const NAME: &str = ".celador-journal.jsonl";

#[derive(Serialize, Deserialize)]
struct Head {
    /// Program, profile, keys and options, hashed.
    run: String,
}

/// A finished file.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    input: String,
    input_sha256: String,
    output_sha256: String,
    /// Bytes of the reject file when it was finished.
    pub(crate) rejects: u64,
    pub(crate) what: Rewritten,
}

/// The journal of one folder.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    done: BTreeMap<String, Entry>,
    /// Bytes of the reject file that finished files account for.
    pub(crate) rejects: u64,
}

impl Journal {
    /// Opens a folder's journal, or begins one. `run` says what has to be the same.
    pub(crate) fn open(folder: &Path, run: &str, overwrite: bool) -> Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let path = folder.join(NAME);
        let cannot = || format!("cannot use the journal {}", path.display());
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .with_context(cannot)?;
        if file.try_lock().is_err() {
            bail!("another run writes to {}", folder.display());
        }
        let mut text = String::new();
        file.read_to_string(&mut text).with_context(cannot)?;
        let mut lines = text.split_inclusive('\n');
        let head: Option<Head> = lines
            .next()
            .and_then(|line| serde_json::from_str(line).ok());
        let mut done = BTreeMap::new();
        let (mut kept, mut rejects) = (0, 0);
        match head {
            Some(head) if head.run == run && !overwrite => {
                kept = text.find('\n').map_or(0, |end| end + 1);
                for line in lines {
                    // The last one may be cut off.
                    let Ok(entry) = serde_json::from_str::<Entry>(line) else {
                        break;
                    };
                    if !line.ends_with('\n') {
                        break;
                    }
                    kept += line.len();
                    rejects = entry.rejects;
                    done.insert(entry.input.clone(), entry);
                }
            }
            Some(_) if !overwrite => bail!(
                "{} was begun by another version, with another profile, key or option; \
                 give --overwrite to begin anew",
                folder.display()
            ),
            _ => {}
        }
        file.set_len(kept as u64).with_context(cannot)?;
        file.seek(SeekFrom::End(0)).with_context(cannot)?;
        let mut journal = Self {
            path,
            file,
            done,
            rejects,
        };
        if kept == 0 {
            let head = Head {
                run: run.to_owned(),
            };
            journal.line(&head)?;
        }
        Ok(journal)
    }

    /// What was finished of an input that is as it was, with an output that is too.
    pub(crate) fn finished(&self, input: &str, hash: &str, output: &Path) -> Option<&Entry> {
        self.done.get(input).filter(|entry| {
            entry.input_sha256 == hash
                && super::output::hash_of(output).is_some_and(|hash| hash == entry.output_sha256)
        })
    }

    /// Whether an input was finished, whatever it is now.
    pub(crate) fn knows(&self, input: &str) -> bool {
        self.done.contains_key(input)
    }

    /// Notes a finished file.
    pub(crate) fn note(
        &mut self,
        input_sha256: String,
        output_sha256: String,
        rejects: u64,
        what: Rewritten,
    ) -> Result<()> {
        let entry = Entry {
            input: what.input.clone(),
            input_sha256,
            output_sha256,
            rejects,
            what,
        };
        self.line(&entry)
    }

    fn line(&mut self, line: &impl Serialize) -> Result<()> {
        let mut text = serde_json::to_string(line)?;
        text.push('\n');
        self.file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_data())
            .with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Everything is finished: nothing is left to go on with.
    pub(crate) fn end(self) {
        let _ = std::fs::remove_file(&self.path);
    }
}
