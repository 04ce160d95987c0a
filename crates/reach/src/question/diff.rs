//! What opens and what closes between two judgements of the same endpoint.
//!
//! Compared by meaning: which packets pass, never which rule is written how.
//! Where something is unknown on both sides in the same way (equal
//! [`Doubtful::key`](super::exposure::Doubtful::key)) the answer did not change
//! and nothing is reported; where it is unknown in another way the change is
//! undetermined.

use celador_model::{AddressSet, IntervalSet, PortRange, PortSet};

use super::exposure::{Outcome, Slice, SourceSpan};
use crate::slab::{slab_starts, slabs};

/// What changed on ports where nothing else differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The ports, in one judgement or both.
    pub ports: PortSet,
    /// Sources that certainly reach now and certainly did not before.
    pub opened: Vec<SourceSpan>,
    /// Sources that certainly reached before and certainly do not now.
    pub closed: Vec<SourceSpan>,
    /// Sources for which an unknown decides whether something changed.
    pub undetermined: Vec<SourceSpan>,
    /// Index of the slice these ports have in the judgement before.
    pub before: Option<usize>,
    /// Index of the slice these ports have in the judgement after.
    pub after: Option<usize>,
}

/// Compares two judgements of one address and protocol.
///
/// A port that is in only one of them is taken as unreachable in the other, so
/// an endpoint that appears or vanishes counts with all that reaches it.
pub fn diff(before: &[Slice], after: &[Slice]) -> Vec<Change> {
    let starts = slab_starts(
        before
            .iter()
            .chain(after)
            .flat_map(|slice| slice.ports.intervals()),
    );
    let mut pairs: Vec<(PortSet, Option<usize>, Option<usize>)> = Vec::new();
    for slab in slabs(&starts) {
        let side = |slices: &[Slice]| {
            slices
                .iter()
                .position(|slice| slice.ports.contains(slab.lo))
        };
        let (old, new) = (side(before), side(after));
        if old.is_none() && new.is_none() {
            continue;
        }
        match pairs.iter_mut().find(|(_, a, b)| (*a, *b) == (old, new)) {
            Some((ports, ..)) => ports.push(slab),
            None => pairs.push((std::iter::once(slab).collect(), old, new)),
        }
    }
    let nothing = Outcome::default();
    pairs
        .into_iter()
        .filter_map(|(ports, old, new)| {
            let outcome = |slices: &'_ [Slice], index: Option<usize>| {
                index.map_or_else(|| nothing.clone(), |index| slices[index].outcome.clone())
            };
            let mut change = compare(&outcome(before, old), &outcome(after, new));
            change.ports = ports;
            change.before = old;
            change.after = new;
            let changed = !(change.opened.is_empty()
                && change.closed.is_empty()
                && change.undetermined.is_empty());
            changed.then_some(change)
        })
        .collect()
}

/// The sets of one outcome on one slab of source ports.
struct Sets {
    allowed: AddressSet,
    doubtful: Vec<(std::sync::Arc<str>, AddressSet)>,
}

impl Sets {
    fn of(outcome: &Outcome, port: u16) -> Self {
        let allowed = outcome
            .allowed
            .iter()
            .filter(|span| span.ports.contains(port))
            .fold(AddressSet::empty(), |set, span| set.union(&span.sources));
        let doubtful = outcome
            .doubtful
            .iter()
            .filter(|span| span.ports.contains(port))
            .map(|span| (std::sync::Arc::clone(&span.key), span.sources.clone()))
            .collect();
        Self { allowed, doubtful }
    }

    fn all_doubtful(&self) -> AddressSet {
        self.doubtful
            .iter()
            .fold(AddressSet::empty(), |set, (_, sources)| set.union(sources))
    }
}

fn compare(before: &Outcome, after: &Outcome) -> Change {
    let starts = slab_starts(
        [before, after]
            .into_iter()
            .flat_map(|outcome| {
                outcome
                    .allowed
                    .iter()
                    .map(|span| &span.ports)
                    .chain(outcome.doubtful.iter().map(|span| &span.ports))
            })
            .flat_map(IntervalSet::intervals),
    );
    let mut change = Change {
        ports: PortSet::empty(),
        opened: Vec::new(),
        closed: Vec::new(),
        undetermined: Vec::new(),
        before: None,
        after: None,
    };
    for slab in slabs(&starts) {
        let (old, new) = (Sets::of(before, slab.lo), Sets::of(after, slab.lo));
        let (old_maybe, new_maybe) = (old.all_doubtful(), new.all_doubtful());
        add(
            &mut change.opened,
            slab,
            new.allowed.difference(&old.allowed.union(&old_maybe)),
        );
        add(
            &mut change.closed,
            slab,
            old.allowed.difference(&new.allowed.union(&new_maybe)),
        );
        let same = old
            .doubtful
            .iter()
            .fold(AddressSet::empty(), |set, (key, sources)| {
                new.doubtful
                    .iter()
                    .filter(|(other, _)| other == key)
                    .fold(set, |set, (_, others)| {
                        set.union(&sources.intersection(others))
                    })
            });
        add(
            &mut change.undetermined,
            slab,
            old_maybe.union(&new_maybe).difference(&same),
        );
    }
    change
}

fn add(spans: &mut Vec<SourceSpan>, ports: PortRange, sources: AddressSet) {
    if sources.is_empty() {
        return;
    }
    match spans.iter_mut().find(|span| span.sources == sources) {
        Some(span) => span.ports.push(ports),
        None => spans.push(SourceSpan {
            ports: std::iter::once(ports).collect(),
            sources,
        }),
    }
}
