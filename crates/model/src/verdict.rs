//! What a judgement says of a data store's endpoint.

use std::fmt;

/// The answer about one endpoint.
///
/// There is no "safe": what could not be read or is not modelled is
/// [`Verdict::Undetermined`], with its reason beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Some packet from the Internet certainly reaches the endpoint.
    Exposed,
    /// Something that decides the answer is absent, unknown or not modelled.
    Undetermined,
    /// No packet from the Internet reaches the endpoint.
    NotExposed,
}

impl Verdict {
    /// The word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exposed => "exposed",
            Self::Undetermined => "undetermined",
            Self::NotExposed => "not_exposed",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
