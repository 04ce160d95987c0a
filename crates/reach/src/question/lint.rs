//! Rules of a filter that never match, change nothing, or are partly shadowed.
//!
//! Exact over source × destination × protocol × source port × destination port:
//! a rule is a product of sets, and what earlier rules take is subtracted piece
//! by piece. A rule with an unknown part is never used as proof and never itself
//! reported as never matching. The work on one rule is bounded; past the bound
//! the finding says that it is undecided.

use celador_model::{AddressSet, PortSet, Protocol, ProtocolSet};

use crate::network::{Action, AddressMatch, PortMatch, Rule, Zone};

/// Steps on one rule before it is left undecided.
const BUDGET: usize = 100_000;

/// What is wrong with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Earlier rules take every packet it names.
    NeverMatches,
    /// Without it, later rules would do the same with the packets it decides.
    ChangesNothing,
    /// An earlier rule does the opposite with some packets it names.
    PartlyShadowed,
    /// The rules overlap in too many ways to decide within bounds.
    Undecided,
}

/// A finding about one rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The rule's index in its list.
    pub rule: usize,
    /// What is wrong.
    pub kind: Kind,
    /// The rules that make it so, by their index.
    pub because: Vec<usize>,
}

/// A product of sets of packets.
#[derive(Debug, Clone)]
struct Product {
    protocols: ProtocolSet,
    from: AddressSet,
    to: AddressSet,
    from_ports: PortSet,
    to_ports: PortSet,
}

impl Product {
    fn is_empty(&self) -> bool {
        self.protocols.is_empty()
            || self.from.is_empty()
            || self.to.is_empty()
            || self.from_ports.is_empty()
            || self.to_ports.is_empty()
    }

    fn intersection(&self, other: &Self) -> Self {
        Self {
            protocols: self.protocols.intersection(other.protocols),
            from: self.from.intersection(&other.from),
            to: self.to.intersection(&other.to),
            from_ports: self.from_ports.intersection(&other.from_ports),
            to_ports: self.to_ports.intersection(&other.to_ports),
        }
    }

    fn intersects(&self, other: &Self) -> bool {
        !self.protocols.intersection(other.protocols).is_empty()
            && self.to_ports.intersects(&other.to_ports)
            && self.from_ports.intersects(&other.from_ports)
            && self.from.intersects(&other.from)
            && self.to.intersects(&other.to)
    }

    /// What is left without the other, as disjoint products.
    fn minus(&self, other: &Self, out: &mut Vec<Self>) {
        let both = self.intersection(other);
        if both.is_empty() {
            out.push(self.clone());
            return;
        }
        // Each piece differs from the other in one more dimension, and agrees
        // with it in those before.
        let mut rest = self.clone();
        let mut add = |piece: Self| {
            if !piece.is_empty() {
                out.push(piece);
            }
        };
        add(Self {
            protocols: rest.protocols.difference(both.protocols),
            ..rest.clone()
        });
        rest.protocols = both.protocols;
        add(Self {
            to_ports: rest.to_ports.difference(&both.to_ports),
            ..rest.clone()
        });
        rest.to_ports = both.to_ports;
        add(Self {
            from: rest.from.difference(&both.from),
            ..rest.clone()
        });
        rest.from = both.from;
        add(Self {
            to: rest.to.difference(&both.to),
            ..rest.clone()
        });
        rest.to = both.to;
        add(Self {
            from_ports: rest.from_ports.difference(&both.from_ports),
            ..rest
        });
    }
}

/// A rule's packets.
struct Packets {
    /// Packets it certainly matches.
    certain: Vec<Product>,
    /// Whether it matches no others, and does for certain what it says.
    exact: bool,
}

fn packets(rule: &Rule, zone: Option<&Zone>) -> Packets {
    let (from, from_exact) = addresses(&rule.from, zone);
    let (to, to_exact) = addresses(&rule.to, zone);
    let exact = from_exact && to_exact && rule.doubt.is_none();
    let with_ports: ProtocolSet = [Protocol::Tcp, Protocol::Udp].into_iter().collect();
    let ports = |matched: &PortMatch| matched.ranges().iter().copied().collect::<PortSet>();
    let mut certain = Vec::new();
    if rule.doubt.is_none() {
        // Protocols without ports ignore the rule's ports.
        certain.push(Product {
            protocols: rule.protocols.intersection(with_ports),
            from: from.clone(),
            to: to.clone(),
            from_ports: ports(&rule.from_ports),
            to_ports: ports(&rule.to_ports),
        });
        certain.push(Product {
            protocols: rule.protocols.difference(with_ports),
            from,
            to,
            from_ports: PortSet::full(),
            to_ports: PortSet::full(),
        });
        certain.retain(|product| !product.is_empty());
    }
    Packets { certain, exact }
}

/// The addresses certainly matched, and whether no others may be.
fn addresses(matched: &AddressMatch, zone: Option<&Zone>) -> (AddressSet, bool) {
    match matched {
        AddressMatch::Any => (AddressSet::full(), true),
        AddressMatch::V4(range) => (
            AddressSet {
                v4: std::iter::once(*range).collect(),
                ..AddressSet::default()
            },
            true,
        ),
        AddressMatch::Fixed(set) => (set.as_ref().clone(), true),
        AddressMatch::Mixed(mixed) => {
            let mut set = mixed.fixed.clone();
            let mut exact = mixed.unknown.is_empty();
            let symbols = mixed.symbols.iter().map(|id| zone?.symbol(*id));
            // A group without members in the input may have some elsewhere.
            let groups = mixed
                .groups
                .iter()
                .map(|id| zone?.group(*id).filter(|extent| !extent.certain.is_empty()));
            for extent in symbols.chain(groups) {
                match extent {
                    Some(extent) => {
                        set = set.union(&extent.certain);
                        exact &= extent.unknown.is_empty();
                    }
                    None => exact = false,
                }
            }
            (set, exact)
        }
    }
}

/// The bound on the work was reached.
struct TooMuch;

/// Takes a rule's packets out of pieces; whether it took any.
fn take(pieces: &mut Vec<Product>, packets: &[Product], left: &mut usize) -> Result<bool, TooMuch> {
    let mut took = false;
    for product in packets {
        if !pieces.iter().any(|piece| piece.intersects(product)) {
            *left = left.checked_sub(1).ok_or(TooMuch)?;
            continue;
        }
        took = true;
        let mut rest = Vec::with_capacity(pieces.len());
        for piece in pieces.iter() {
            piece.minus(product, &mut rest);
        }
        *left = left.checked_sub(rest.len() + 1).ok_or(TooMuch)?;
        *pieces = rest;
    }
    Ok(took)
}

/// Findings about the rules of one direction, in their order.
///
/// `zone` gives the symbols their meaning; without one, rules that use them are
/// unknown. Rules for which `skip` is true (a platform's own) are used as proof
/// and not reported.
pub fn lint(rules: &[Rule], zone: Option<&Zone>, skip: impl Fn(&Rule) -> bool) -> Vec<Finding> {
    let all: Vec<Packets> = rules.iter().map(|rule| packets(rule, zone)).collect();
    let mut findings = Vec::new();
    for (index, rule) in rules.iter().enumerate() {
        if skip(rule) || !all[index].exact {
            continue;
        }
        match judge(rules, &all, index) {
            Ok(found) => findings.extend(found.map(|(kind, because)| Finding {
                rule: index,
                kind,
                because,
            })),
            Err(TooMuch) => findings.push(Finding {
                rule: index,
                kind: Kind::Undecided,
                because: Vec::new(),
            }),
        }
    }
    findings
}

fn judge(
    rules: &[Rule],
    all: &[Packets],
    index: usize,
) -> Result<Option<(Kind, Vec<usize>)>, TooMuch> {
    let mut left = BUDGET;
    let own = &rules[index];
    let mut pieces = all[index].certain.clone();
    let mut takers = Vec::new();
    for (earlier, packets) in all[..index].iter().enumerate() {
        if take(&mut pieces, &packets.certain, &mut left)? {
            takers.push(earlier);
        }
        if pieces.is_empty() {
            return Ok(Some((Kind::NeverMatches, takers)));
        }
    }
    if let Some(because) = changes_nothing(rules, all, index, pieces, &mut left)? {
        return Ok(Some((Kind::ChangesNothing, because)));
    }
    let opposite: Vec<usize> = takers
        .into_iter()
        .filter(|&earlier| rules[earlier].action != own.action)
        .collect();
    Ok((!opposite.is_empty()).then_some((Kind::PartlyShadowed, opposite)))
}

/// The later rules that do the same with every packet the rule decides.
fn changes_nothing(
    rules: &[Rule],
    all: &[Packets],
    index: usize,
    mut pieces: Vec<Product>,
    left: &mut usize,
) -> Result<Option<Vec<usize>>, TooMuch> {
    let action = rules[index].action;
    let mut because = Vec::new();
    for later in index + 1..rules.len() {
        let packets = &all[later];
        if rules[later].action == action && rules[later].doubt.is_none() {
            if take(&mut pieces, &packets.certain, left)? {
                because.push(later);
            }
            if pieces.is_empty() {
                return Ok(Some(because));
            }
        } else {
            let touches = packets
                .certain
                .iter()
                .any(|product| pieces.iter().any(|piece| piece.intersects(product)));
            // What may match is not known to leave the packets alone.
            if touches || !packets.exact {
                return Ok(None);
            }
        }
    }
    // What no rule matches is denied.
    Ok((action == Action::Deny).then_some(because))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::RulePlace;
    use celador_model::Interval;
    use proptest::prelude::*;

    /// `allow 0-7 80-90`: sources and ports on small lines.
    fn rule(allow: bool, (lo, hi): (u32, u32), (first, last): (u16, u16)) -> Rule {
        Rule {
            name: "r".into(),
            priority: 0,
            action: if allow { Action::Allow } else { Action::Deny },
            protocols: ProtocolSet::only(Protocol::Tcp),
            source: RulePlace::default(),
            from: AddressMatch::V4(Interval { lo, hi }),
            to: AddressMatch::Any,
            from_ports: PortMatch::ANY,
            to_ports: PortMatch::Range(Interval {
                lo: first,
                hi: last,
            }),
            doubt: None,
        }
    }

    fn check(rules: &[Rule], expect: &[(usize, Kind, &[usize])]) {
        let got = lint(rules, None, |_| false);
        let got: Vec<_> = got
            .iter()
            .map(|finding| (finding.rule, finding.kind, finding.because.as_slice()))
            .collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn each_kind() {
        let (all, ports) = ((0, u32::MAX), (0, u16::MAX));
        check(
            &[
                rule(false, (0, 7), ports),
                rule(false, (8, u32::MAX), ports),
                rule(true, all, (80, 80)),
            ],
            &[(2, Kind::NeverMatches, &[0, 1])],
        );
        check(
            &[rule(true, (0, 7), (80, 80)), rule(true, all, ports)],
            &[(0, Kind::ChangesNothing, &[1])],
        );
        check(
            &[rule(false, (0, 7), (80, 80)), rule(true, all, ports)],
            &[(1, Kind::PartlyShadowed, &[0])],
        );
        check(
            &[rule(true, (0, 7), (80, 80)), rule(true, (8, 9), (80, 80))],
            &[],
        );
    }

    fn decide(rules: &[Rule], source: u32, port: u16) -> Action {
        rules
            .iter()
            .find(|rule| {
                let AddressMatch::V4(range) = &rule.from else {
                    return false;
                };
                range.contains(source) && rule.to_ports.contains(port)
            })
            .map_or(Action::Deny, |rule| rule.action)
    }

    proptest! {
        /// A rule is reported as useless exactly when leaving it out changes
        /// the fate of no packet.
        #[test]
        fn agrees_with_leaving_the_rule_out(
            specs in prop::collection::vec((any::<bool>(), (0u32..6, 0u32..6), (0u16..4, 0u16..4)), 1..6),
        ) {
            let rules: Vec<Rule> = specs
                .into_iter()
                .map(|(allow, (a, b), (c, d))| rule(allow, (a.min(b), a.max(b)), (c.min(d), c.max(d))))
                .collect();
            let findings = lint(&rules, None, |_| false);
            for index in 0..rules.len() {
                let mut without = rules.clone();
                without.remove(index);
                let same = (0..7).all(|source| {
                    (0..5).all(|port| decide(&rules, source, port) == decide(&without, source, port))
                });
                let reported = findings.iter().any(|finding| {
                    finding.rule == index && matches!(finding.kind, Kind::NeverMatches | Kind::ChangesNothing)
                });
                prop_assert_eq!(reported, same, "rule {}", index);
            }
        }
    }
}
