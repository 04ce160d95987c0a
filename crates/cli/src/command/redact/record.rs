//! The record of a redaction, that `celador verify --record` checks.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use celador_redact::KeyRing;
use celador_verify::record::{Content, Event, Profile, SCHEMA, Signer, Writer, hex};
use sha2::{Digest as _, Sha256};

use crate::args::RedactArgs;
use crate::rewrite::output::Output;
use crate::rewrite::{Outcome, Plan};

/// A record of a run that goes on.
pub(super) struct Run {
    path: PathBuf,
    writer: Writer,
    lines: String,
}

impl Run {
    /// Begins it. Streams cannot be looked at again, so none may be among the inputs.
    pub(super) fn begin(
        path: &Path,
        args: &RedactArgs,
        plan: &Plan<'_>,
        profile: &str,
        keys: &KeyRing,
    ) -> Result<Self> {
        if args.inputs.iter().any(|input| input == Path::new("-")) {
            bail!("--record needs files: standard input cannot be hashed again");
        }
        if path.exists() && !args.write.overwrite {
            bail!(
                "{} exists; give another --record, or --overwrite",
                path.display()
            );
        }
        let mut writer = Writer::default();
        let lines = writer.line(Event::Begin {
            schema: SCHEMA.to_owned(),
            tool: format!("celador {}", env!("CARGO_PKG_VERSION")),
            at: now(),
            configuration: plan.fingerprint.clone(),
            profile: Profile {
                name: args.write.profile.clone().unwrap_or_default(),
                sha256: hex(&Sha256::digest(profile.as_bytes())),
            },
            keys: keys.iter().map(|key| key.id().to_owned()).collect(),
        });
        Ok(Self {
            path: path.to_owned(),
            writer,
            lines,
        })
    }

    /// Adds what was done and writes the record, sealed where there is a key.
    pub(super) fn end(mut self, outcome: &Outcome, signer: Option<&Signer>) -> Result<()> {
        for what in &outcome.inputs {
            let mut replaced: BTreeMap<String, u64> = BTreeMap::new();
            for changed in &what.changes {
                let class = changed.class.clone().unwrap_or_else(|| "other".to_owned());
                *replaced.entry(class).or_default() += changed.count;
            }
            self.lines += &self.writer.line(Event::File {
                input: content(&what.input)?,
                output: content(&what.output)?,
                records: what.records,
                rejected: what.rejected,
                replaced,
            });
        }
        self.lines += &self.writer.line(Event::End {
            at: now(),
            complete: outcome.rejected_inputs.is_empty(),
        });
        if let Some(signer) = signer {
            self.lines += &self.writer.seal(signer);
        }
        let mut output = Output::create(&self.path, false)?;
        output
            .write_all(self.lines.as_bytes())
            .with_context(|| format!("cannot write {}", self.path.display()))?;
        output.finish()?;
        Ok(())
    }
}

fn content(path: &str) -> Result<Content> {
    let (bytes, sha256) = crate::rewrite::output::digest(Path::new(path))
        .with_context(|| format!("cannot read {path} for the record"))?;
    Ok(Content {
        path: path.to_owned(),
        bytes,
        sha256,
    })
}

/// The time in RFC 3339, in whole seconds of UTC.
fn now() -> String {
    let seconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    let (year, month, day) = civil(days);
    format!(
        "{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z",
        rest / 3600,
        rest / 60 % 60,
        rest % 60
    )
}

/// Days since 1970 to a date of the Gregorian calendar, year by year: a run has
/// some sixty of them.
fn civil(mut days: u64) -> (u64, u64, u64) {
    let leap = |year: u64| {
        year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
    };
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let february = 28 + u64::from(leap(year));
    let mut month = 1;
    for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if days < length {
            break;
        }
        days -= length;
        month += 1;
    }
    (year, month, days + 1)
}

#[cfg(test)]
mod tests {
    use super::civil;

    #[test]
    fn tells_days() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (58, (1970, 2, 28)),
            (59, (1970, 3, 1)),
            (11_016, (2000, 2, 29)),
            (18_235, (2019, 12, 5)),
            (20_819, (2027, 1, 1)),
        ] {
            assert_eq!(civil(days), date, "{days}");
        }
    }
}
