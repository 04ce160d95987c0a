//! Network security groups to filters, and which filter stands where.

use std::collections::BTreeMap;
use std::sync::Arc;

use celador_model::{Origin, ProtocolSet};
use celador_reach::network::{
    Action, AddressMatch, Filter, FilterId, Gate, MixedMatch, PortMatch, Rule, RulePlace,
    RuleSource, SymbolId,
};

use super::super::id::{Id, last_segment};
use super::super::model::Listed;
use super::super::space::{INTERNET, VIRTUAL_NETWORK, host};
use super::resolve::same_rules;
use super::world::{Key, WholeNsg};
use super::{ANY, Converter, number};

impl Converter<'_> {
    /// Builds every filter.
    pub(super) fn filters(&mut self, nsgs: BTreeMap<Key, WholeNsg>) {
        for (key, whole) in nsgs {
            let WholeNsg { nsg, loose, clash } = whole;
            let meta = nsg.meta;
            let known = match (clash, nsg.own, nsg.defaults) {
                (Some(unknown), ..) => Err(unknown),
                (None, None, None) => Err(self.book.unknown(
                    format!("nsg-rules:{key}"),
                    format!(
                        "the export leaves out the rules of the network security group {}",
                        meta.name
                    ),
                    &meta.origin,
                )),
                (None, own, defaults) => {
                    Ok(self.filter(&meta.id, meta.name, &meta.origin, own, defaults, loose))
                }
            };
            self.filters.insert(key, known);
        }
        self.effective_filters();
    }

    /// What the platform says it applies, in place of the groups' own rules.
    fn effective_filters(&mut self) {
        let world = self.world;
        let mut at: BTreeMap<Key, (&Listed, FilterId)> = BTreeMap::new();
        for (_, effective) in &world.effective {
            if let Some(nic) = &effective.nic
                && !world.nics.has(nic)
            {
                self.book.warn(
                    &effective.meta.origin,
                    format!(
                        "the effective rules of {} are here and the interface itself is not; add the output of az network nic show --ids {}",
                        nic.name(),
                        nic.text
                    ),
                );
            }
            if effective.manager {
                continue;
            }
            let mut built = None;
            for place in &effective.places {
                if let Some((known, _)) = at.get(&place.key) {
                    if !same_rules(known, &effective.rules) {
                        let reason = format!(
                            "the effective rules of {} are given twice with different contents",
                            place.name()
                        );
                        self.book.warn(
                            &effective.meta.origin,
                            format!(
                                "{reason} (also at {}); what depends on it is undetermined",
                                known.origin
                            ),
                        );
                        let unknown = self.book.quiet(
                            format!("conflict:effective:{}", place.key),
                            reason,
                            &effective.meta.origin,
                        );
                        self.effective.insert(Arc::clone(&place.key), Err(unknown));
                    }
                    continue;
                }
                let filter = *built.get_or_insert_with(|| {
                    let meta = &effective.meta;
                    self.filter(
                        &meta.id,
                        meta.name.clone(),
                        &meta.origin,
                        Some(effective.rules.clone()),
                        None,
                        Vec::new(),
                    )
                });
                at.insert(Arc::clone(&place.key), (&effective.rules, filter));
                self.effective.insert(Arc::clone(&place.key), Ok(filter));
            }
        }
    }

    fn filter(
        &mut self,
        id: &Id,
        name: String,
        origin: &Origin,
        own: Option<Listed>,
        defaults: Option<Listed>,
        loose: Vec<Listed>,
    ) -> FilterId {
        let mut sources = Vec::new();
        let mut inbound: Vec<Rule> = Vec::new();
        let mut outbound: Vec<Rule> = Vec::new();
        let lists = own
            .into_iter()
            .chain(defaults)
            .map(|listed| (listed, false));
        for (listed, single) in lists.chain(loose.into_iter().map(|listed| (listed, true))) {
            // More than 65,535 single rules of one group cannot be: their
            // places would run out, so the last one stands for the rest.
            let list = u16::try_from(sources.len()).unwrap_or(u16::MAX - 1);
            if sources.len() < usize::from(u16::MAX) {
                sources.push(if single {
                    RuleSource::Single(listed.origin)
                } else {
                    RuleSource::List(listed.origin)
                });
            }
            for (all, mut rules) in [
                (&mut inbound, listed.rules.inbound),
                (&mut outbound, listed.rules.outbound),
            ] {
                if list > 0 {
                    for rule in &mut rules {
                        rule.source.list = list;
                    }
                }
                if all.is_empty() {
                    *all = rules;
                } else {
                    all.append(&mut rules);
                }
            }
        }
        let platform = u16::try_from(sources.len()).unwrap_or(u16::MAX);
        sources.push(RuleSource::Platform);
        for (rules, defaults) in [
            (&mut inbound, default_inbound(platform)),
            (&mut outbound, default_outbound(platform)),
        ] {
            for rule in defaults {
                // Listed defaults carry their place in the input; only missing
                // ones are added.
                if !rules
                    .iter()
                    .rev()
                    .any(|known| known.priority == rule.priority)
                {
                    rules.push(rule);
                }
            }
            rules.sort_by_key(|rule| rule.priority);
        }
        for rules in [&mut inbound, &mut outbound] {
            self.doubt_equal_priorities(id, &name, origin, &sources, rules);
            rules.shrink_to_fit();
        }
        let filter = FilterId(number(self.built.len()));
        self.built.push(Filter {
            id: id.text.to_string(),
            name,
            sources,
            inbound,
            outbound,
        });
        filter
    }

    /// Azure refuses two rules of one direction with one priority, so which
    /// comes first is not defined.
    fn doubt_equal_priorities(
        &mut self,
        id: &Id,
        name: &str,
        origin: &Origin,
        sources: &[RuleSource],
        rules: &mut [Rule],
    ) {
        let same = |a: &Rule, b: &Rule| a.priority == b.priority;
        for group in rules.chunk_by_mut(same) {
            let [first, .., last] = group else { continue };
            if first.action == last.action
                && group.iter().all(|rule| rule.action == group[0].action)
                || group.iter().all(|rule| rule.doubt.is_some())
            {
                continue;
            }
            let place = group[group.len() - 1].source;
            let at = match sources.get(usize::from(place.list)) {
                Some(RuleSource::List(list)) => list.child(place.item),
                Some(RuleSource::Single(origin)) => origin.clone(),
                _ => origin.clone(),
            };
            let priority = group[0].priority;
            let unknown = self.book.unknown(
                format!("priority:{}:{priority}", id.key),
                format!("two rules of {name} have priority {priority} and opposite actions, so which comes first is not defined"),
                &at,
            );
            for rule in group {
                rule.doubt.get_or_insert(unknown);
            }
        }
    }

    /// The filter at a subnet or an interface. `present`: whether the place
    /// itself is in the input, so that no mention means no filter.
    pub(super) fn gate(
        &mut self,
        place: &Id,
        nsg: Option<&Id>,
        present: bool,
        origin: &Origin,
    ) -> Gate {
        let world = self.world;
        let gate = |known: &Result<FilterId, _>| known.map_or_else(Gate::Unknown, Gate::Filter);
        if let Some(known) = self.effective.get(&place.key) {
            return gate(known);
        }
        let claims = world.claimed.get(&place.key);
        let mut others = claims
            .into_iter()
            .flatten()
            .filter(|key| nsg.is_none_or(|nsg| nsg.key != **key));
        let first = others.next();
        let key = match (nsg, first) {
            (Some(nsg), None) => Arc::clone(&nsg.key),
            (None, Some(claim)) if !present && others.next().is_none() => Arc::clone(claim),
            (None, None) if present => return Gate::Open,
            (None, None) => {
                return Gate::Unknown(self.book.unknown(
                    format!("subnet:{}", place.key),
                    format!(
                        "the subnet {} is not in the input, so its filter is not known",
                        place.name()
                    ),
                    origin,
                ));
            }
            (_, Some(claim)) => {
                return Gate::Unknown(self.book.unknown(
                    format!("association:{}", place.key),
                    format!(
                        "{} and the network security group {} disagree on whether they belong together (was the export taken while it changed?)",
                        place.name(),
                        last_segment(claim)
                    ),
                    origin,
                ));
            }
        };
        if let Some(known) = self.filters.get(&key) {
            return gate(known);
        }
        let name = nsg.map_or_else(|| last_segment(&key), Id::name);
        let reason = if world.rules_only.contains(&key) {
            format!(
                "only single rules of the network security group {name} are in the input, not the group"
            )
        } else {
            format!("the network security group {name} is not in the input")
        };
        Gate::Unknown(self.book.unknown(format!("nsg:{key}"), reason, origin))
    }
}

fn symbol(id: SymbolId) -> AddressMatch {
    AddressMatch::Mixed(Arc::new(MixedMatch {
        symbols: vec![id],
        ..MixedMatch::default()
    }))
}

/// The default rules of every network security group.
///
/// Source: <https://learn.microsoft.com/azure/virtual-network/network-security-groups-overview#default-security-rules>.
fn default_inbound(list: u16) -> [Rule; 3] {
    let network = symbol(VIRTUAL_NETWORK);
    [
        default(
            list,
            "AllowVnetInBound",
            65000,
            Action::Allow,
            network.clone(),
            network,
        ),
        default(
            list,
            "AllowAzureLoadBalancerInBound",
            65001,
            Action::Allow,
            AddressMatch::Fixed(Arc::new(host())),
            ANY,
        ),
        default(list, "DenyAllInBound", 65500, Action::Deny, ANY, ANY),
    ]
}

fn default_outbound(list: u16) -> [Rule; 3] {
    let network = symbol(VIRTUAL_NETWORK);
    [
        default(
            list,
            "AllowVnetOutBound",
            65000,
            Action::Allow,
            network.clone(),
            network,
        ),
        default(
            list,
            "AllowInternetOutBound",
            65001,
            Action::Allow,
            ANY,
            symbol(INTERNET),
        ),
        default(list, "DenyAllOutBound", 65500, Action::Deny, ANY, ANY),
    ]
}

fn default(
    list: u16,
    name: &str,
    priority: u32,
    action: Action,
    from: AddressMatch,
    to: AddressMatch,
) -> Rule {
    Rule {
        name: name.into(),
        priority,
        action,
        protocols: ProtocolSet::ALL,
        source: RulePlace { list, item: 0 },
        from,
        to,
        from_ports: PortMatch::ANY,
        to_ports: PortMatch::ANY,
        doubt: None,
    }
}
