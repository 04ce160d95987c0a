//! What a run over a folder has finished, so that one that was interrupted goes on.
//!
//! A line of JSON before a file gets its name, so that a run that ends right after
//! knows the file for its own, and one for each finished file, written and synced
//! after the file has its name. Holds hashes and counts, no value. The file is locked while a run has it.

use std::collections::{BTreeMap, BTreeSet};
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

/// A file that is about to get its name.
#[derive(Serialize, Deserialize)]
struct Named {
    naming: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Finished(Box<Entry>),
    Naming(Named),
}

/// The journal of one folder.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    done: BTreeMap<String, Entry>,
    /// Inputs whose output may have its name already, though they are not done.
    naming: BTreeSet<String>,
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
        let mut naming = BTreeSet::new();
        let (mut kept, mut rejects) = (0, 0);
        match head {
            Some(head) if head.run == run && !overwrite => {
                kept = text.find('\n').map_or(0, |end| end + 1);
                for line in lines {
                    // The last one may be cut off.
                    let Ok(read) = serde_json::from_str::<Line>(line) else {
                        break;
                    };
                    if !line.ends_with('\n') {
                        break;
                    }
                    kept += line.len();
                    match read {
                        Line::Naming(named) => {
                            naming.insert(named.naming);
                        }
                        Line::Finished(entry) => {
                            rejects = entry.rejects;
                            done.insert(entry.input.clone(), *entry);
                        }
                    }
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
            naming,
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

    /// Whether an output of an input is this run's own, whatever it is now.
    pub(crate) fn knows(&self, input: &str) -> bool {
        self.done.contains_key(input) || self.naming.contains(input)
    }

    /// Notes that an input's output gets its name next.
    pub(crate) fn naming(&mut self, input: &str) -> Result<()> {
        self.line(&Named {
            naming: input.to_owned(),
        })
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

    /// The run does not begin: a journal that was begun for it goes again.
    pub(crate) fn give_up(self) {
        if self.done.is_empty() && self.naming.is_empty() {
            self.end();
        }
    }
}
