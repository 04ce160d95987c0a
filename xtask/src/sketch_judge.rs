//! Our sketches of record sets against the exact figures and against those of
//! `PyPI`'s `datasketch`, whose `MinHash` permutes where ours keeps the smallest, and
//! which shares no code with ours.

use anyhow::{Context, Result, bail, ensure};
use celador_stores::inspect::SketchKey;
use celador_stores::judged;
use serde_json::Value;

use crate::report::Outcome;
use crate::root::{command, root};
use crate::tools::python;

/// Pairs of sets.
const PAIRS: usize = 60;
/// Hashes that a sketch of ours keeps, and so the other's.
const HASHES: usize = 1024;

/// Squared errors of estimates, and how many there were.
#[derive(Default)]
struct Errors {
    sum: f64,
    count: f64,
}

impl Errors {
    fn add(&mut self, estimate: f64, exact: f64) {
        self.sum += (estimate - exact).powi(2);
        self.count += 1.0;
    }

    /// The root of their mean.
    fn size(&self) -> f64 {
        (self.sum / self.count.max(1.0)).sqrt()
    }
}

/// Fails where an estimate of ours is beyond five standard errors, where the bounds
/// hold less often than they say, or where datasketch is clearly nearer to the truth.
pub(crate) fn check() -> Result<Outcome> {
    let mut judge = command(python("sketches.txt")?);
    judge
        .arg(root().join("xtask/python/judge_sketches.py"))
        .args([PAIRS.to_string(), HASHES.to_string()]);
    let output = judge.output().context("cannot run the judge")?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr));
    }
    let (mut ours, mut theirs) = (Errors::default(), Errors::default());
    let (mut ours_counts, mut theirs_counts) = (Errors::default(), Errors::default());
    let (mut inside, mut estimated, mut pairs) = (0_u32, 0_u32, 0_usize);
    for line in String::from_utf8(output.stdout)?.lines() {
        let told: Value = serde_json::from_str(line)?;
        let records = |name: &str| told[name].as_array().context("no records");
        let number = |value: &Value| value.as_f64().context("no number");
        let exact = number(&told["exact"])?;
        pairs += 1;
        let key = SketchKey::new(format!("judge {pairs}").as_bytes());
        let found = judged(&key, records("first")?, records("second")?);
        let [value, low, high] = found.jaccard;
        for at in 0..2 {
            let truth = number(&told["distinct"][at])?;
            if truth < 1.0 {
                ensure!(
                    found.distinct[at] < 1.0,
                    "pair {pairs}: {found:?} of nothing"
                );
                continue;
            }
            ours_counts.add(found.distinct[at] / truth, 1.0);
            theirs_counts.add(number(&told["counts"][at])? / truth, 1.0);
        }
        if found.exact {
            let share = number(&told["inside"])?;
            ensure!(
                (value - exact).abs() < 1e-9 && (found.first_in_second[0] - share).abs() < 1e-9,
                "pair {pairs}: {found:?} are no counts, which are {exact} and {share}"
            );
            continue;
        }
        estimated += 1;
        inside += u32::from(low <= exact && exact <= high);
        let standard = (exact * (1.0 - exact) / 1024.0).sqrt();
        ensure!(
            (value - exact).abs() <= 5.0 * standard + 1e-3,
            "pair {pairs}: {found:?}, and counted {exact}"
        );
        let estimate = number(&told["estimate"])?;
        ensure!(
            (value - estimate).abs() <= 7.1 * standard + 2e-3,
            "pair {pairs}: {found:?}, and datasketch says {estimate}"
        );
        ours.add(value, exact);
        theirs.add(estimate, exact);
    }
    ensure!(
        pairs == PAIRS && estimated >= 20,
        "{estimated} of {pairs} pairs are too few"
    );
    // 95% are promised; of thirty, fewer than 25 have a chance of one in a hundred.
    ensure!(
        f64::from(inside) >= 0.83 * f64::from(estimated),
        "the bounds hold for {inside} of {estimated} pairs"
    );
    ensure!(
        ours.size() <= 1.5 * theirs.size(),
        "errors of {:.4}, and of datasketch {:.4}",
        ours.size(),
        theirs.size()
    );
    Ok(Outcome::passed(format!(
        "{pairs} pairs of record sets; of {estimated} that are estimated the error is {:.4} (datasketch's {:.4}), the bounds hold for {inside}; counts are off by {:.1}% (its HyperLogLog's {:.1}%)",
        ours.size(),
        theirs.size(),
        100.0 * ours_counts.size(),
        100.0 * theirs_counts.size(),
    )))
}
