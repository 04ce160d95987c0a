//! Files written as a whole or not at all.
//!
//! What is written goes to a hidden file in the target's folder, which takes the
//! target's name only when everything is on the disk. Whatever ends the program
//! before leaves the target as it was.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Read as _, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use sha2::{Digest as _, Sha256};

/// The end of a hidden file's name.
const SUFFIX: &str = ".celador-part";

/// A file that is being written.
pub(crate) struct Output {
    target: PathBuf,
    part: PathBuf,
    file: BufWriter<File>,
    /// Hashes what is written, where it was asked for.
    hash: Option<Sha256>,
    done: bool,
}

impl Output {
    /// Begins a file; folders on the way are made. A part that an interrupted run
    /// left is written over.
    /// What is no file (a device, a pipe) is refused: it would be replaced by one.
    pub(crate) fn create(target: &Path, hashed: bool) -> Result<Self> {
        if std::fs::metadata(target).is_ok_and(|known| !known.is_file()) {
            bail!(
                "{} is no file, and writing would replace it by one; leave -o out and redirect standard output",
                target.display()
            );
        }
        let folder = folder_of(target);
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let part = folder.join(format!(".{name}{SUFFIX}"));
        let _ = std::fs::remove_file(&part);
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&part)
            .with_context(|| format!("cannot write to the folder {}", folder.display()))?;
        Ok(Self {
            target: target.to_owned(),
            part,
            file: BufWriter::with_capacity(1 << 16, file),
            hash: hashed.then(Sha256::default),
            done: false,
        })
    }

    /// Gives the file its name; the hash of its bytes.
    pub(crate) fn finish(mut self) -> Result<Option<String>> {
        let target = self.target.display().to_string();
        let cannot = || format!("cannot write {target}");
        self.file.flush().with_context(cannot)?;
        self.file.get_ref().sync_all().with_context(cannot)?;
        std::fs::rename(&self.part, &self.target).with_context(cannot)?;
        self.done = true;
        // The name is on the disk when its folder is.
        if let Ok(folder) = File::open(folder_of(&self.target)) {
            let _ = folder.sync_all();
        }
        Ok(self.hash.take().map(|hash| hex(&hash.finalize())))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let written = self.file.write(bytes)?;
        if let (Some(hash), Some(bytes)) = (&mut self.hash, bytes.get(..written)) {
            hash.update(bytes);
        }
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if !self.done {
            let _ = std::fs::remove_file(&self.part);
        }
    }
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// The hash of a file; none where it cannot be read.
pub(crate) fn hash_of(path: &Path) -> Option<String> {
    digest(path).ok().map(|(_, hash)| hash)
}

/// A file's size and SHA-256.
pub(crate) fn digest(path: &Path) -> std::io::Result<(u64, String)> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::default();
    let mut buffer = vec![0; 1 << 16];
    let mut bytes = 0;
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            return Ok((bytes, hex(&hash.finalize())));
        }
        bytes += read as u64;
        hash.update(buffer.get(..read).unwrap_or(&[]));
    }
}

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_not_replaced() {
        let error = Output::create(Path::new("/dev/null"), false).err();
        assert!(error.is_some_and(|error| error.to_string().contains("is no file")));
    }
}
