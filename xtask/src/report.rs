//! What a task says at its end, and the one place that prints it.

use std::fmt;

/// How a task ended that did not fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything it is for was done; what was seen, in a few words.
    Passed(String),
    /// It could not be done here, and why. Never used for a failure.
    Skipped(String),
}

impl Outcome {
    /// A pass, with what was seen.
    pub(crate) fn passed(seen: impl Into<String>) -> Self {
        Self::Passed(seen.into())
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed(seen) => write!(f, "ok: {seen}"),
            Self::Skipped(why) => write!(f, "skipped: {why}"),
        }
    }
}

/// Prints one line for a person, on standard error: standard output is for
/// results that a machine reads, and for the closing count of tests.
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}
