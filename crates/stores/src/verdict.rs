//! What an endpoint's answers amount to.

use serde::{Deserialize, Serialize};

/// The answer about one endpoint.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A privileged read was answered without credentials.
    Open,
    /// Some privileged reads were answered without credentials, others refused.
    PartlyOpen,
    /// The store refused every read that was tried without credentials.
    AuthRequired,
    /// Something in front of the store refused.
    ProxyAuth,
    /// No connection came about.
    Unreachable,
    /// The answers prove neither.
    Unknown,
}

impl Verdict {
    /// As reports write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PartlyOpen => "partly_open",
            Self::AuthRequired => "auth_required",
            Self::ProxyAuth => "proxy_auth",
            Self::Unreachable => "unreachable",
            Self::Unknown => "unknown",
        }
    }
}

/// What one privileged read came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The store answered it, and the answer has the right structure.
    Granted,
    /// The store refused it for want of credentials or permission.
    Refused,
    /// Something in front of the store refused it.
    RefusedByProxy,
    /// Neither: an error, an empty answer that proves nothing, garbage.
    Unclear,
}

/// Open needs every clear answer to be a grant; nothing unclear counts as either.
pub(crate) fn judge(outcomes: &[Outcome]) -> Verdict {
    let has = |wanted| outcomes.contains(&wanted);
    let refused = has(Outcome::Refused) || has(Outcome::RefusedByProxy);
    match (has(Outcome::Granted), refused) {
        (true, false) => Verdict::Open,
        (true, true) => Verdict::PartlyOpen,
        (false, true) if has(Outcome::Refused) => Verdict::AuthRequired,
        (false, true) => Verdict::ProxyAuth,
        (false, false) => Verdict::Unknown,
    }
}

/// One step of the exchange, in words that hold no data of the store's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Evidence {
    pub(crate) sent: String,
    pub(crate) answer: String,
}

/// How much a store says that it holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Holds {
    pub(crate) records: Option<u64>,
    pub(crate) bytes: Option<u64>,
    /// Indices, databases, tables, topics, modules: what the product keeps
    /// records in.
    pub(crate) containers: Option<u64>,
}

/// Everything a probe found out about one product at one endpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Finding {
    pub(crate) verdict: Verdict,
    pub(crate) product: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) distribution: Option<String>,
    pub(crate) cluster: Option<String>,
    pub(crate) reason: Option<String>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) holds: Holds,
    pub(crate) notes: Vec<String>,
    outcomes: Vec<Outcome>,
}

impl Finding {
    pub(crate) fn of(product: &str) -> Self {
        Self {
            product: Some(product.to_owned()),
            ..Self::unknown("nothing was read")
        }
    }

    pub(crate) fn unknown(reason: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Unknown,
            product: None,
            version: None,
            distribution: None,
            cluster: None,
            reason: Some(reason.into()),
            evidence: Vec::new(),
            holds: Holds::default(),
            notes: Vec::new(),
            outcomes: Vec::new(),
        }
    }

    /// Adds what a read came to; the verdict follows.
    pub(crate) fn read(
        &mut self,
        outcome: Outcome,
        sent: impl Into<String>,
        answer: impl Into<String>,
    ) {
        let answer = answer.into();
        self.outcomes.push(outcome);
        self.verdict = judge(&self.outcomes);
        self.evidence.push(Evidence {
            sent: sent.into(),
            answer: answer.clone(),
        });
        self.reason = (self.verdict == Verdict::Unknown).then_some(answer);
    }

    /// Adds a step that decides nothing.
    pub(crate) fn saw(&mut self, sent: impl Into<String>, answer: impl Into<String>) {
        self.evidence.push(Evidence {
            sent: sent.into(),
            answer: answer.into(),
        });
    }
}

/// A short name from a server that is safe to print: printable ASCII of names
/// and versions, bounded. `None` for anything else, rather than a cut text.
pub(crate) fn token(text: &str) -> Option<String> {
    let text = text.trim();
    let fits = !text.is_empty()
        && text.len() <= 80
        && text
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || " .-_+:~()/${}".contains(letter));
    fits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_add_up() {
        use Outcome::{Granted, Refused, RefusedByProxy, Unclear};
        for (outcomes, expect) in [
            (&[][..], Verdict::Unknown),
            (&[Unclear], Verdict::Unknown),
            (&[Granted], Verdict::Open),
            (&[Unclear, Granted], Verdict::Open),
            (&[Granted, Refused], Verdict::PartlyOpen),
            (&[Granted, RefusedByProxy], Verdict::PartlyOpen),
            (&[Refused, Unclear], Verdict::AuthRequired),
            (&[RefusedByProxy], Verdict::ProxyAuth),
        ] {
            assert_eq!(judge(outcomes), expect, "{outcomes:?}");
        }
    }
}
