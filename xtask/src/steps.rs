//! Steps with a name, a time and a result, and the summary at their end.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::report::{Outcome, say};

/// The steps that ran so far.
#[derive(Debug)]
pub(crate) struct Steps {
    begun: Instant,
    done: Vec<Done>,
}

#[derive(Debug)]
struct Done {
    name: &'static str,
    took: Duration,
    /// The error as text when it failed.
    result: Result<Outcome, String>,
}

impl Steps {
    /// No step yet.
    pub(crate) fn begin() -> Self {
        Self {
            begun: Instant::now(),
            done: Vec::new(),
        }
    }

    /// Runs one step. A failure is printed and kept, and the next step runs
    /// all the same: one run then shows everything that is wrong.
    pub(crate) fn step(
        &mut self,
        name: &'static str,
        what: &str,
        run: impl FnOnce() -> Result<Outcome>,
    ) {
        say(&format!("\n=== {name}: {what}"));
        let begun = Instant::now();
        let result = run().map_err(|error| format!("{error:#}"));
        let took = begun.elapsed();
        match &result {
            Ok(outcome) => say(&format!("--- {name}: {outcome} ({})", seconds(took))),
            Err(error) => say(&format!("--- {name}: FAILED: {error} ({})", seconds(took))),
        }
        self.done.push(Done { name, took, result });
    }

    /// How many steps passed and failed, less the one of the name `except`.
    pub(crate) fn counts(&self, except: &str) -> (u64, u64) {
        let mut counts = (0, 0);
        for done in self.done.iter().filter(|done| done.name != except) {
            match done.result {
                Ok(Outcome::Passed(_)) => counts.0 += 1,
                Ok(Outcome::Skipped(_)) => {}
                Err(_) => counts.1 += 1,
            }
        }
        counts
    }

    /// Whether the step of that name failed.
    pub(crate) fn failed(&self, name: &str) -> bool {
        self.done
            .iter()
            .any(|done| done.name == name && done.result.is_err())
    }

    /// Prints every step's result on a line; true when none failed.
    pub(crate) fn summary(&self) -> bool {
        say(&format!(
            "\n=== summary ({})",
            seconds(self.begun.elapsed())
        ));
        for Done { name, took, result } in &self.done {
            let result = match result {
                Ok(outcome) => outcome.to_string(),
                Err(error) => format!("FAILED: {error}"),
            };
            say(&format!("{:>8}  {name:<10} {result}", seconds(*took)));
        }
        self.done.iter().all(|done| done.result.is_ok())
    }
}

/// A time as people read it.
fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}
