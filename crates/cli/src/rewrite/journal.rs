//! What a run over a folder has finished, so that one that was interrupted goes on.
//!
//! A line of JSON before a file gets its name, so that a run that ends right after
//! knows the file for its own, and one for each file that is finished or rejected,
//! written and synced after the file has its name and its lines in the reject file are
//! on the disk. Holds hashes and counts, no value. The file is locked while a run has it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::{Deserialize, Serialize};

use super::report::{RejectedInput, Rewritten};

/// Its name in the folder that is written to.
pub(crate) const NAME: &str = ".celador-journal.jsonl";

#[derive(Serialize, Deserialize)]
struct Head {
    /// Program, profile, keys and options, hashed.
    run: String,
}

/// A finished file, or one that was rejected as a whole.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Entry {
    pub(crate) input: String,
    pub(crate) input_sha256: String,
    /// What was written, and its hash; none of what was rejected.
    pub(crate) output: Option<(String, Rewritten)>,
    /// The file, or members of it, that were rejected as a whole.
    pub(crate) rejected: Vec<RejectedInput>,
    /// Bytes of the reject file before it, and when it was finished.
    pub(crate) rejects: (u64, u64),
}

/// A finished file is not as it was: it is done again, and so is all that was finished
/// after it, whose lines in the reject file stand behind its own.
#[derive(Serialize, Deserialize)]
struct Again {
    again: String,
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
    Again(Again),
}

/// Finished files in the order in which they were finished.
#[derive(Default)]
struct Done {
    entries: Vec<Entry>,
    places: BTreeMap<String, usize>,
}

impl Done {
    fn get(&self, input: &str) -> Option<&Entry> {
        self.entries.get(*self.places.get(input)?)
    }

    fn add(&mut self, entry: Entry) {
        self.places.insert(entry.input.clone(), self.entries.len());
        self.entries.push(entry);
    }

    /// Forgets a file and those after it. Returns them.
    fn forget(&mut self, input: &str) -> Vec<Entry> {
        let place = self.places.get(input).copied();
        let gone = self.entries.split_off(place.unwrap_or(self.entries.len()));
        for entry in &gone {
            self.places.remove(&entry.input);
        }
        gone
    }
}

/// The journal of one folder.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    done: Done,
    /// Inputs whose output may have its name already, though they are not done.
    naming: BTreeSet<String>,
    /// Whether no earlier run is gone on with.
    pub(crate) is_new: bool,
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
        let mut done = Done::default();
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
                            rejects = entry.rejects.1;
                            done.add(*entry);
                        }
                        Line::Again(Again { again }) => {
                            let gone = done.forget(&again);
                            rejects = gone.first().map_or(rejects, |entry| entry.rejects.0);
                            naming.extend(gone.into_iter().map(|entry| entry.input));
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
            is_new: kept == 0,
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
    pub(crate) fn finished(&self, input: &str) -> Option<&Entry> {
        self.done.get(input)
    }

    /// Forgets a finished input that is not as it was, or whose output is not. The
    /// lines of the reject file go back to before it, so that none is there twice.
    pub(crate) fn check(&mut self, input: &str, hash: &str, output: &Path) -> Result<()> {
        let Some(entry) = self.done.get(input) else {
            return Ok(());
        };
        let same = entry.input_sha256 == hash
            && entry.output.as_ref().is_none_or(|(known, _)| {
                super::output::hash_of(output).is_some_and(|hash| hash == *known)
            });
        if same {
            return Ok(());
        }
        let gone = self.done.forget(input);
        self.rejects = gone.first().map_or(self.rejects, |entry| entry.rejects.0);
        self.naming
            .extend(gone.into_iter().map(|entry| entry.input));
        self.line(&Again {
            again: input.to_owned(),
        })
    }

    /// Whether an output of an input is this run's own, whatever it is now.
    pub(crate) fn knows(&self, input: &str) -> bool {
        self.done.get(input).is_some() || self.naming.contains(input)
    }

    /// Notes that an input's output gets its name next.
    pub(crate) fn naming(&mut self, input: &str) -> Result<()> {
        self.line(&Named {
            naming: input.to_owned(),
        })
    }

    /// Notes a finished file.
    pub(crate) fn note(&mut self, entry: &Entry) -> Result<()> {
        self.line(entry)
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
        if self.is_new && self.done.entries.is_empty() && self.naming.is_empty() {
            self.end();
        }
    }
}
