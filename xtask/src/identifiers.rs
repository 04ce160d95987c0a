//! Our check digits of identifiers, judged by python-stdnum: the same values,
//! random ones and nearly valid ones, and both answers.
//!
//! Where the two differ for a reason, the difference is a line of
//! [`DIFFERENCES`], with the reason; any other difference fails, and so does a
//! line that no value needs any more.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result, bail};
use celador_pii::checksum;

use crate::report::{Outcome, say};
use crate::root::root;
use crate::tools::python;

/// Which of the two accepts what the other refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Accepts {
    Ours,
    Theirs,
}

use Accepts::{Ours, Theirs};

/// Known differences: checksum, who accepts more, which values, why. The values
/// are told by a predicate, so that nothing else of the identifier may differ.
type Difference = (&'static str, Accepts, fn(&str) -> bool, &'static str);

const DIFFERENCES: &[Difference] = &[
    (
        "aba",
        Theirs,
        any,
        "prefixes no Federal Reserve district has (ABA routing number policy)",
    ),
    (
        "at-steuernummer",
        Ours,
        any,
        "the list of tax offices is not kept here; they were merged in 2021",
    ),
    (
        "at-svnr",
        Theirs,
        any,
        "the date of birth is not checked there",
    ),
    (
        "au-tfn",
        Ours,
        |v| v.len() == 8,
        "the second of two weightings told for eight digits",
    ),
    (
        "be-nrn",
        Theirs,
        any,
        "days that do not exist, and order numbers 000 and 999 (Rijksregister IT 000)",
    ),
    (
        "be-vat",
        Theirs,
        |v| !(1..=97).contains(&number(v, 8, 10)),
        "check digits 00, 98 and 99",
    ),
    (
        "ca-bn",
        Ours,
        |v| v.len() == 15,
        "program accounts RN, RR and RZ (CRA)",
    ),
    (
        "co-nit",
        Theirs,
        |v| v.starts_with('0'),
        "no NIT begins with zero",
    ),
    (
        "cz-rodne-cislo",
        Theirs,
        any,
        "a rest of ten after 1985, months of later years, nine digits after 1953 (zákon 133/2000)",
    ),
    ("cz-vat", Theirs, |v| v.len() > 8, "as cz-rodne-cislo"),
    (
        "dk-cpr",
        Ours,
        any,
        "days in the future: no clock is read here",
    ),
    (
        "dk-cpr",
        Theirs,
        |v| v.ends_with("0000"),
        "serials of one digit repeated",
    ),
    (
        "fi-hetu",
        Ours,
        |v| number(v, 7, 8) == 9,
        "individual numbers from 900 are for temporary use (DVV)",
    ),
    (
        "fr-nir",
        Theirs,
        any,
        "sexes but 1–4, 7 and 8, and order 000 (INSEE)",
    ),
    (
        "iban",
        Theirs,
        |v| matches!(v.get(2..4), Some("00" | "01" | "99")),
        "check digits are 02 to 98 (ISO 13616)",
    ),
    (
        "id-nik",
        Theirs,
        any,
        "regency, district or serial zero, and days above 71 (Dukcapil)",
    ),
    (
        "id-nik",
        Ours,
        |v| v.starts_with('9'),
        "the provinces of Papua since 2022",
    ),
    (
        "ie-pps",
        Ours,
        |v| v.len() == 9,
        "second letters A to I are in use (Department of Social Protection)",
    ),
    (
        "ie-vat",
        Theirs,
        |v| v.len() == 9,
        "second letters but A to I, T, W and X",
    ),
    (
        "in-pan",
        Ours,
        |v| v.get(3..4) == Some("E"),
        "E is a limited liability partnership (Income Tax Department)",
    ),
    (
        "is-kennitala",
        Ours,
        |v| v.ends_with('8'),
        "those born before 1900",
    ),
    ("it-codice-fiscale", Theirs, any, "days above 71"),
    (
        "kr-brn",
        Theirs,
        any,
        "the check digit is not checked there",
    ),
    ("kr-rrn", Ours, any, "no check digit since October 2020"),
    (
        "lei",
        Theirs,
        |v| !v.bytes().rev().take(2).all(|byte| byte.is_ascii_digit()),
        "check digits are digits (ISO 17442)",
    ),
    ("lv-vat", Theirs, any, "centuries but 18, 19 and 20"),
    (
        "lv-vat",
        Ours,
        |v| v.starts_with("32"),
        "numbers since July 2017 have no check digit that is published",
    ),
    ("mx-rfc", Ours, any, "more characters in the homoclave"),
    (
        "pe-ruc",
        Ours,
        |v| v.starts_with("16"),
        "16 is in use (SUNAT)",
    ),
    (
        "rs-pib",
        Theirs,
        |v| v.starts_with('0'),
        "from 100000001 (Poreska uprava)",
    ),
    (
        "ru-ogrn",
        Theirs,
        |v| v.len() == 15 && !v.starts_with('3'),
        "sole traders have 3 in front",
    ),
    (
        "se-organisationsnummer",
        Theirs,
        |v| number(v, 2, 3) < 2 || v.starts_with('0'),
        "the third digit is two or more (Bolagsverket)",
    ),
    (
        "se-personnummer",
        Theirs,
        any,
        "years from 2100 or before 1840",
    ),
    (
        "se-personnummer",
        Ours,
        |v| number(v, 6, 8) > 60,
        "samordningsnummer (Skatteverket)",
    ),
    ("sk-vat", Theirs, any, "as cz-rodne-cislo"),
    (
        "tw-ubn",
        Ours,
        any,
        "divisible by five since April 2023 (Ministry of Finance)",
    ),
    (
        "us-atin",
        Theirs,
        |v| number(v, 3, 5) != 93 || !v.starts_with('9'),
        "9 and group 93 (IRS)",
    ),
    (
        "us-itin",
        Ours,
        |v| (50..=65).contains(&number(v, 3, 5)),
        "groups 50 to 65 (IRS)",
    ),
];

fn any(_: &str) -> bool {
    true
}

/// The digits of a part as a number; more than any when they are none.
fn number(value: &str, from: usize, to: usize) -> u32 {
    value
        .get(from..to)
        .and_then(|part| part.parse().ok())
        .unwrap_or(u32::MAX)
}

/// Differences that are shown; the count tells the rest.
const SHOWN: usize = 12;

/// Compares every value that python-stdnum has judged.
pub(crate) fn check() -> Result<Outcome> {
    let mut command = Command::new(python("stdnum.txt")?);
    command.arg(root().join("xtask/python/stdnum_vectors.py"));
    let output = command
        .output()
        .context("cannot run the Python with python-stdnum")?;
    if !output.status.success() {
        bail!(
            "stdnum_vectors.py failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    let lines = String::from_utf8(output.stdout).context("the vectors are no text")?;
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut wrong: Vec<String> = Vec::new();
    let mut needed = BTreeSet::new();
    for line in lines.lines() {
        let mut parts = line.split('\t');
        let (Some(name), Some(value), Some(verdict)) = (parts.next(), parts.next(), parts.next())
        else {
            bail!("not three fields: {line}");
        };
        let judge = verdict == "1";
        let Some(ours) = checksum::by_name(name) else {
            bail!("there is no checksum \"{name}\"");
        };
        let ours = ours(value.as_bytes());
        counts.entry(name).or_default()[usize::from(judge)] += 1;
        if ours == judge {
            continue;
        }
        let accepts = if ours { Ours } else { Theirs };
        match DIFFERENCES
            .iter()
            .position(|(one, who, which, _)| *one == name && *who == accepts && which(value))
        {
            Some(at) => {
                needed.insert(at);
            }
            None => wrong.push(format!("{name}: {value}: only {accepts:?} accepts it")),
        }
    }
    let total: usize = counts.values().flatten().sum();
    if !wrong.is_empty() {
        let shown = wrong.iter().take(SHOWN).cloned().collect::<Vec<_>>();
        bail!(
            "{} of {total} answers differ from python-stdnum's:\n{}",
            wrong.len(),
            shown.join("\n")
        );
    }
    // An identifier without a valid value was not judged at all.
    if let Some((name, _)) = counts.iter().find(|(_, [_, valid])| *valid < 10) {
        bail!("{name} has fewer than ten valid values");
    }
    for (at, (name, accepts, _, why)) in DIFFERENCES.iter().enumerate() {
        if !needed.contains(&at) {
            bail!("the difference \"{name}: only {accepts:?}: {why}\" no longer exists");
        }
        say(&format!(
            "known difference: {name}: only {accepts:?}: {why}"
        ));
    }
    Ok(Outcome::passed(format!(
        "{total} values of {} identifiers, {} known differences",
        counts.len(),
        DIFFERENCES.len()
    )))
}
