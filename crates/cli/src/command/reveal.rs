//! `celador reveal`: what was encrypted, restored for the key's holder.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use celador_pii::Scanner;
use celador_redact::Revealer;

use super::scan::counted;
use crate::args::RevealArgs;
use crate::rewrite::{self, Editor, Edits, Plan};
use crate::{Exit, keys};

pub(crate) fn run(args: &RevealArgs) -> Result<Exit> {
    let (profile, folder, text) = keys::profile(args.write.profile.as_deref())?;
    let ring = keys::ring(&args.write.key, &profile, &folder)?;
    if ring.current().is_none() {
        bail!("no key; give --key ID=FILE, --key ID=env:NAME, or the profile that redacted");
    }
    // Names are restored too, and a header is what it is.
    let scanner = Scanner::builder().classes([]).build()?;
    let plan = Plan {
        inputs: &args.inputs,
        output: args.write.output.as_deref(),
        overwrite: args.write.overwrite,
        records: &args.records,
        on_error: args.write.on_error,
        rejects: args.write.rejects.as_deref(),
        scanner: &scanner,
        subject: None,
        fingerprint: format!("reveal {} {text}", env!("CARGO_PKG_VERSION")),
    };
    let profile = args.write.profile.is_some().then_some(&profile);
    let outcome = rewrite::run(&plan, || Own(Revealer::new(&ring, profile)))?;
    let mut rejected = !outcome.rejected_inputs.is_empty();
    for what in &outcome.inputs {
        rejected |= what.rejected > 0;
        let mut classes: BTreeMap<&str, u64> = BTreeMap::new();
        let mut all = 0;
        for changed in &what.changes {
            *classes
                .entry(changed.class.as_deref().unwrap_or("other"))
                .or_default() += changed.count;
            all += changed.count;
        }
        let classes: Vec<_> = classes
            .iter()
            .map(|(class, count)| format!("{class} {count}"))
            .collect();
        let classes = if classes.is_empty() {
            String::new()
        } else {
            format!(" ({})", classes.join(", "))
        };
        eprintln!(
            "celador: revealed {}{classes} from {} to {}",
            counted(all, "value"),
            what.input,
            what.output
        );
    }
    Ok(if rejected {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

struct Own<'a>(Revealer<'a>);

impl Editor for Own<'_> {
    fn begin(&mut self, _: &str, number: bool) {
        self.0.set_number(number);
    }

    fn is_personal(&mut self, name: &str) -> bool {
        // A name that was encrypted has to be seen as a value.
        name.contains(":e:")
    }

    fn is_ruled(&self, _: &str) -> bool {
        false
    }

    fn edit(&mut self, field: &str, text: &str, out: &mut Edits) -> Result<()> {
        let all = self.0.reveal(field, text)?;
        if !all.is_empty() && all.iter().all(|revealed| revealed.number) {
            out.was_number();
        }
        for revealed in all {
            out.push(
                revealed.range,
                &revealed.value,
                revealed.class,
                "reveal",
                false,
            );
        }
        Ok(())
    }
}
