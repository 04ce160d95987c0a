//! Our judgement of telephone numbers against that of `PyPI`'s `phonenumbers`, a
//! port of libphonenumber that shares no code with ours.

use anyhow::{Context, Result, bail};
use celador_pii::phone::{self, Region};

use crate::report::Outcome;
use crate::root::{command, root};
use crate::tools::python;

/// Mutations of every example number.
const TIMES: &str = "30";

/// Fails at any difference; the numbers that are shown are random ones.
pub(crate) fn check() -> Result<Outcome> {
    let mut judge = command(python("phone.txt")?);
    judge
        .arg(root().join("xtask/python/judge_phone.py"))
        .args([TIMES, phone::version()]);
    let output = judge.output().context("cannot run the judge")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    let lines = String::from_utf8(output.stdout)?;
    let mut count = 0u64;
    let mut valid = 0u64;
    let mut differing = Vec::new();
    for line in lines.lines() {
        let mut fields = line.splitn(3, ' ');
        let (Some(number), Some(region), Some(want)) =
            (fields.next(), fields.next(), fields.next())
        else {
            bail!("the judge printed {line}");
        };
        let digits = number.strip_prefix('+');
        let got = phone::judge(
            digits.unwrap_or(number).as_bytes(),
            digits.is_some(),
            Region::of(region),
        );
        let got = got.map_or_else(
            || "-".to_owned(),
            |got| {
                valid += u64::from(got.valid);
                let (valid, possible) = (u8::from(got.valid), u8::from(got.possible));
                format!("{} {valid} {possible}", got.code)
            },
        );
        count += 1;
        if got != want {
            differing.push(format!("{number} in {region}: {got}, judged {want}"));
        }
    }
    if count < 100_000 || valid < 10_000 {
        bail!("{count} numbers, {valid} of them valid, are too few");
    }
    if !differing.is_empty() {
        differing.truncate(20);
        bail!("numbers are judged otherwise:\n{}", differing.join("\n"));
    }
    Ok(Outcome::passed(format!(
        "{count} numbers, {valid} of them valid, judged as phonenumbers {} does",
        phone::version()
    )))
}
