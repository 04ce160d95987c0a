//! Gives the words of one file's rules their meaning.
//!
//! Rules are read before the service tags are known; here the provisional
//! address lists (see [`super::super::address`]) become final, and what is not
//! understood becomes an unknown with the exact place of each of its uses.

use std::collections::BTreeMap;
use std::sync::Arc;

use celador_model::{AddressSet, Origin};
use celador_reach::network::{Action, AddressMatch, GroupId, MixedMatch, Rule, UnknownId};

use super::super::address::{AddressSpec, Token, Words, fixed, token};
use super::super::id::Id;
use super::super::json::push_step;
use super::super::model::Listed;
use super::super::service_tags::ServiceTags;
use super::super::space::{INTERNET, INTERNET_DENIED, VIRTUAL_NETWORK};
use super::Book;

/// What a word is, once the service tags are known.
#[derive(Clone)]
enum Meaning {
    Tag(Arc<AddressSet>),
    Unknown(UnknownId),
}

/// The words and address lists of one file.
pub(super) struct Resolver<'c> {
    words: &'c Words,
    tags: &'c ServiceTags,
    groups: &'c BTreeMap<Arc<str>, GroupId>,
    meanings: Vec<Option<Meaning>>,
    /// By number, of rules that allow and of rules that deny.
    matches: [Vec<Option<AddressMatch>>; 2],
}

impl<'c> Resolver<'c> {
    pub(super) fn new(
        words: &'c Words,
        tags: &'c ServiceTags,
        groups: &'c BTreeMap<Arc<str>, GroupId>,
    ) -> Self {
        Self {
            words,
            tags,
            groups,
            meanings: vec![None; words.words.len()],
            matches: [vec![None; words.specs.len()], vec![None; words.specs.len()]],
        }
    }

    /// Makes a list's rules final. `single`: the list is one rule, and its
    /// place is the rule's. `filter`: the key of the filter they belong to.
    pub(super) fn list(
        &mut self,
        listed: &mut Listed,
        single: bool,
        filter: &str,
        book: &mut Book,
    ) {
        let place = |item: u32, tail: &str| {
            let root = if single {
                listed.origin.clone()
            } else {
                listed.origin.child(item)
            };
            Origin::new(Arc::clone(&root.file), format!("{}{tail}", root.pointer))
        };
        for used in &listed.rules.uses {
            let Some(word) = self.words.words.get(used.word as usize) else {
                continue;
            };
            if self.tags.get(word).is_some() {
                continue;
            }
            let mut tail = self
                .words
                .words
                .get(used.field as usize)
                .map_or_else(String::new, ToString::to_string);
            if used.index != u32::MAX {
                push_step(&mut tail, &used.index.to_string());
            }
            let origin = place(used.item, &tail);
            let (key, reason) = self.complaint(word);
            book.warn(
                &origin,
                format!("{reason}; what it matches is undetermined"),
            );
            let id = book.quiet(key, reason, &origin);
            if let Some(meaning) = self.meanings.get_mut(used.word as usize) {
                meaning.get_or_insert(Meaning::Unknown(id));
            }
        }
        let doubts: Vec<UnknownId> = listed
            .rules
            .issues
            .iter()
            .map(|issue| {
                let origin = place(issue.item, &issue.tail);
                book.warn(
                    &origin,
                    format!("{}; what the rule does is undetermined", issue.reason),
                );
                book.quiet(
                    format!("rule:{filter}:{}", issue.reason),
                    issue.reason.clone(),
                    &origin,
                )
            })
            .collect();
        let origin = listed.origin.clone();
        for rule in listed
            .rules
            .inbound
            .iter_mut()
            .chain(&mut listed.rules.outbound)
        {
            self.rule(rule, &doubts, &origin, book);
        }
    }

    fn complaint(&self, word: &str) -> (String, String) {
        let lower = word.to_ascii_lowercase();
        let change = self.tags.change_number();
        match token(word) {
            Token::Tag => (
                format!("tag:{lower}"),
                format!("service tag \"{word}\" is not in the service tags (change {change})"),
            ),
            _ => (
                format!("prefix:{lower}"),
                format!("\"{word}\" is no address, prefix or service tag"),
            ),
        }
    }

    fn rule(&mut self, rule: &mut Rule, doubts: &[UnknownId], origin: &Origin, book: &mut Book) {
        // An inbound packet's destination is never on the Internet.
        for (side, action) in [(&mut rule.from, rule.action), (&mut rule.to, Action::Allow)] {
            if let AddressMatch::Mixed(provisional) = side
                && let Some(number) = provisional.symbols.first()
            {
                *side = self.spec(number.index(), action, origin, book);
            }
        }
        if let Some(local) = rule.doubt {
            rule.doubt = doubts.get(local.index()).copied();
        }
    }

    fn spec(
        &mut self,
        number: usize,
        action: Action,
        origin: &Origin,
        book: &mut Book,
    ) -> AddressMatch {
        let words = self.words;
        let Some(spec) = words.specs.get(number) else {
            return AddressMatch::Any;
        };
        // Only one tag depends on what the rule does.
        let denied = action == Action::Deny && spec.internet;
        if let Some(Some(known)) = self.matches[usize::from(denied)].get(number) {
            return known.clone();
        }
        let AddressSpec {
            fixed: own,
            virtual_network,
            internet,
            tags,
            groups,
            malformed,
            perhaps_v6,
        } = spec;
        let mut mixed = MixedMatch {
            fixed: own.clone(),
            ..MixedMatch::default()
        };
        let mut alone = None;
        for &word in tags.iter().chain(malformed) {
            match self.meaning(word, origin, book) {
                Meaning::Tag(set) => {
                    mixed.fixed = mixed.fixed.union(&set);
                    alone = Some(set);
                }
                Meaning::Unknown(id) => mixed.unknown.push(id),
            }
        }
        if *perhaps_v6 {
            mixed.unknown.push(book.quiet(
                "effective:any".to_owned(),
                "the platform's view of effective rules prints \"any\" as 0.0.0.0/0, so what it means for IPv6 is not known".to_owned(),
                origin,
            ));
        }
        mixed
            .symbols
            .extend(virtual_network.then_some(VIRTUAL_NETWORK));
        let tag = if denied { INTERNET_DENIED } else { INTERNET };
        mixed.symbols.extend(internet.then_some(tag));
        mixed.groups = groups
            .iter()
            .filter_map(|word| words.words.get(*word as usize))
            .filter_map(|id| self.groups.get(&Id::new(id).key).copied())
            .collect();
        mixed.groups.sort_unstable();
        mixed.groups.dedup();
        mixed.unknown.sort_unstable();
        mixed.unknown.dedup();
        let known =
            if !(mixed.symbols.is_empty() && mixed.groups.is_empty() && mixed.unknown.is_empty()) {
                AddressMatch::Mixed(Arc::new(mixed))
            } else if let (Some(set), [_], true) = (alone, tags.as_slice(), own.is_empty()) {
                // One tag alone is shared, not copied.
                fixed(set)
            } else {
                fixed(Arc::new(mixed.fixed))
            };
        if let Some(slot) = self.matches[usize::from(denied)].get_mut(number) {
            *slot = Some(known.clone());
        }
        known
    }

    fn meaning(&mut self, word: u32, origin: &Origin, book: &mut Book) -> Meaning {
        if let Some(Some(known)) = self.meanings.get(word as usize) {
            return known.clone();
        }
        let text = self
            .words
            .words
            .get(word as usize)
            .map_or("", |text| &**text);
        let meaning = self.tags.get(text).map_or_else(
            || {
                let (key, reason) = self.complaint(text);
                Meaning::Unknown(book.unknown(key, reason, origin))
            },
            Meaning::Tag,
        );
        if let Some(slot) = self.meanings.get_mut(word as usize) {
            *slot = Some(meaning.clone());
        }
        meaning
    }
}

/// Whether two lists of final rules match and do the same, whatever the rules
/// are called and wherever they were read.
pub(super) fn same_rules(a: &Listed, b: &Listed) -> bool {
    let same = |a: &[Rule], b: &[Rule]| {
        a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_rule(a, b))
    };
    same(&a.rules.inbound, &b.rules.inbound) && same(&a.rules.outbound, &b.rules.outbound)
}

pub(super) fn same_rule(a: &Rule, b: &Rule) -> bool {
    a.priority == b.priority
        && a.action == b.action
        && a.protocols == b.protocols
        && a.doubt.is_some() == b.doubt.is_some()
        && a.from_ports == b.from_ports
        && a.to_ports == b.to_ports
        && same_addresses(&a.from, &b.from)
        && same_addresses(&a.to, &b.to)
}

fn same_addresses(a: &AddressMatch, b: &AddressMatch) -> bool {
    match (a, b) {
        (AddressMatch::Any, AddressMatch::Any) => true,
        (AddressMatch::V4(a), AddressMatch::V4(b)) => a == b,
        (AddressMatch::Fixed(a), AddressMatch::Fixed(b)) => Arc::ptr_eq(a, b) || a == b,
        (AddressMatch::Mixed(a), AddressMatch::Mixed(b)) => {
            Arc::ptr_eq(a, b)
                || a.fixed == b.fixed
                    && a.symbols == b.symbols
                    && a.groups == b.groups
                    && a.unknown == b.unknown
        }
        _ => false,
    }
}
