//! A judged network that is kept, so that a change costs what it touches.
//!
//! Holds a network, the questions asked of it and their answers. When a filter
//! is replaced, only the questions about interfaces behind it are judged again,
//! found by an index from filters to questions. Invariant: the answers are
//! always those that [`judge`] gives for the network as it is now.

use celador_model::{AddressSet, PortSet, Protocol};

use super::diff::{Change, diff};
use super::exposure::{Slice, judge};
use crate::network::{AddressMatch, Filter, FilterId, Gate, InterfaceId, Network, Rule, UnknownId};

/// What is asked about one interface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// The interface.
    pub interface: InterfaceId,
    /// The protocol.
    pub protocol: Protocol,
    /// The ports.
    pub ports: PortSet,
}

/// Why a change cannot be taken; the analysis is then as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ReplaceError {
    /// The network has no such filter.
    NoFilter(FilterId),
    /// A rule of the new filter speaks of an unknown that the network has not.
    NoUnknown(UnknownId),
}

impl std::fmt::Display for ReplaceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoFilter(id) => write!(f, "the network has no filter {}", id.0),
            Self::NoUnknown(id) => write!(f, "the network has no unknown {}", id.0),
        }
    }
}

impl std::error::Error for ReplaceError {}

/// A question whose answer changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Index of the question, as it was given to [`Analysis::new`].
    pub question: usize,
    /// The answer before; after is [`Analysis::answer`].
    pub before: Vec<Slice>,
    /// What opened and closed; empty where only the deciding rules differ.
    pub changes: Vec<Change>,
}

/// A network with answers to questions about it.
#[derive(Debug, Clone)]
pub struct Analysis {
    network: Network,
    from: AddressSet,
    questions: Vec<Question>,
    answers: Vec<Vec<Slice>>,
    /// The questions behind every filter, ascending.
    behind: Vec<Vec<usize>>,
}

impl Analysis {
    /// Judges every question, for packets from the given sources.
    ///
    /// A question about an interface that the network has not is answered by
    /// nothing.
    pub fn new(network: Network, questions: Vec<Question>, from: AddressSet) -> Self {
        let mut behind = vec![Vec::new(); network.filters.len()];
        for (index, question) in questions.iter().enumerate() {
            let interface = network.interfaces.get(question.interface.index());
            for layer in interface.iter().flat_map(|interface| &interface.layers) {
                if let Gate::Filter(filter) = layer.gate
                    && let Some(list) = behind.get_mut(filter.index())
                    && list.last() != Some(&index)
                {
                    list.push(index);
                }
            }
        }
        let mut analysis = Self {
            network,
            from,
            questions,
            answers: Vec::new(),
            behind,
        };
        analysis.answers = analysis
            .questions
            .iter()
            .map(|question| analysis.judge(question))
            .collect();
        analysis
    }

    fn judge(&self, question: &Question) -> Vec<Slice> {
        let Some(interface) = self.network.interfaces.get(question.interface.index()) else {
            return Vec::new();
        };
        judge(
            &self.network,
            interface,
            question.protocol,
            &question.ports,
            &self.from,
        )
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network {
        &self.network
    }

    /// The questions.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// The answer to a question by its index.
    pub fn answer(&self, question: usize) -> Option<&[Slice]> {
        self.answers.get(question).map(Vec::as_slice)
    }

    /// The questions that a filter has a say in, ascending.
    pub fn behind(&self, filter: FilterId) -> &[usize] {
        self.behind.get(filter.index()).map_or(&[], Vec::as_slice)
    }

    /// Puts another filter in a filter's place, and judges again what is behind
    /// it. Returns the questions whose answers changed, ascending.
    ///
    /// # Errors
    /// There is no such filter, or the new one speaks of what the network does
    /// not know; nothing has changed then.
    pub fn replace(&mut self, id: FilterId, filter: Filter) -> Result<Vec<Changed>, ReplaceError> {
        let unknowns = self.network.unknowns.len();
        let rules = filter.inbound.iter().chain(&filter.outbound);
        if let Some(missing) = rules
            .flat_map(unknowns_of)
            .find(|unknown| unknown.index() >= unknowns)
        {
            return Err(ReplaceError::NoUnknown(missing));
        }
        let place = self
            .network
            .filters
            .get_mut(id.index())
            .ok_or(ReplaceError::NoFilter(id))?;
        *place = filter;
        let mut changed = Vec::new();
        for &question in self.behind.get(id.index()).into_iter().flatten() {
            let after = self.judge(&self.questions[question]);
            if after == self.answers[question] {
                continue;
            }
            let before = std::mem::replace(&mut self.answers[question], after);
            let changes = diff(&before, &self.answers[question]);
            changed.push(Changed {
                question,
                before,
                changes,
            });
        }
        Ok(changed)
    }
}

/// The unknowns that a rule speaks of.
fn unknowns_of(rule: &Rule) -> impl Iterator<Item = UnknownId> + '_ {
    let of = |matched: &'_ AddressMatch| match matched {
        AddressMatch::Mixed(mixed) => mixed.unknown.clone(),
        _ => Vec::new(),
    };
    let addresses = of(&rule.from).into_iter().chain(of(&rule.to));
    rule.doubt.into_iter().chain(addresses)
}
