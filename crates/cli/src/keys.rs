//! Profiles and keys from where they are: files, environment, commands.
//!
//! A key's material goes straight into a type that cannot be printed and is wiped.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use celador_redact::{Key, KeyFrom, KeyRing, KeySource, Profile, SHIPPED, shipped};
use secrecy::{ExposeSecret as _, SecretSlice};

use crate::args::KeyArg;

/// A profile by a shipped one's name or by its file; every class a label if none
/// is named. The folder that its keys' files are relative to, and its text.
pub(crate) fn profile(name: Option<&str>) -> Result<(Profile, PathBuf, String)> {
    let Some(name) = name else {
        return Ok((Profile::default(), PathBuf::new(), String::new()));
    };
    if let Some(profile) = shipped(name) {
        let text = SHIPPED.iter().find(|(known, _)| *known == name);
        let text = text.map_or("", |(_, text)| text);
        return Ok((profile?, PathBuf::new(), text.to_owned()));
    }
    let path = Path::new(name);
    let text = std::fs::read_to_string(path).with_context(|| {
        let known: Vec<_> = SHIPPED.iter().map(|(name, _)| *name).collect();
        format!(
            "cannot read the profile {name}; give a file or one of {}",
            known.join(", ")
        )
    })?;
    let profile = Profile::parse(name, &text)?;
    let folder = path.parent().unwrap_or(Path::new("")).to_owned();
    Ok((profile, folder, text))
}

/// The keys of the command line, which come first, and of a profile.
pub(crate) fn ring(args: &[KeyArg], profile: &Profile, folder: &Path) -> Result<KeyRing> {
    let mut keys = Vec::new();
    for arg in args {
        keys.push(read(&arg.0, Path::new(""))?);
    }
    for source in profile.keys() {
        if args.iter().all(|arg| arg.0.id != source.id) {
            keys.push(read(source, folder)?);
        }
    }
    Ok(KeyRing::new(keys)?)
}

/// The key that seals records, from its place.
pub(crate) fn signer(from: &KeyFrom) -> Result<celador_verify::record::Signer> {
    let material = material("sign-key", from, Path::new(""))?;
    let text = std::str::from_utf8(material.expose_secret()).unwrap_or("");
    celador_verify::record::Signer::from_hex(text).context("cannot use --sign-key")
}

fn read(source: &KeySource, folder: &Path) -> Result<Key> {
    Ok(Key::new(
        &source.id,
        &material(&source.id, &source.from, folder)?,
    )?)
}

fn material(id: &str, from: &KeyFrom, folder: &Path) -> Result<SecretSlice<u8>> {
    let material: SecretSlice<u8> = match from {
        KeyFrom::File(file) => std::fs::read(folder.join(file))
            .with_context(|| {
                format!(
                    "cannot read key \"{id}\" from {}",
                    folder.join(file).display()
                )
            })?
            .into(),
        KeyFrom::Env(name) => match std::env::var(name) {
            Ok(value) => value.into_bytes().into(),
            Err(_) => bail!(
                "key \"{id}\" is not in the environment variable {name}; \
                 make one with: export {name}=$(openssl rand -hex 32), and keep it"
            ),
        },
        KeyFrom::Command(command) => {
            let (program, arguments) = command.split_first().context("an empty command")?;
            let output = Command::new(program)
                .args(arguments)
                .stdin(Stdio::null())
                .stderr(Stdio::inherit())
                .output()
                .with_context(|| format!("cannot run {program} for key \"{id}\""))?;
            if !output.status.success() {
                bail!(
                    "{program}, which should print key \"{id}\", failed: {}",
                    output.status
                );
            }
            output.stdout.into()
        }
    };
    Ok(material)
}
