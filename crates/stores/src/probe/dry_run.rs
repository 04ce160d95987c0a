//! What a probe would send, told without sending it.

use super::{authorize, hints, protocol_of};
use crate::product;
use crate::rule::{Rule, Rules, Speaks};
use crate::scope::{ActiveScope, Requested};

/// What would be sent, for every endpoint, without sending it.
pub fn dry_run(scope: &ActiveScope<'_>, requested: &[Requested]) -> String {
    use std::fmt::Write as _;
    let (targets, refused) = authorize(scope, requested);
    let rules = Rules::embedded();
    let mut out = String::new();
    for target in &targets {
        let _ = writeln!(
            out,
            "{} at {} port {}",
            target.requested().label(),
            target.address(),
            target.port()
        );
        let hints = hints(target.requested(), target.port());
        let hinted: Vec<&Rule> = hints
            .iter()
            .flat_map(|id| rules.of(protocol_of(id)))
            .collect();
        let list: Vec<&Rule> = if hinted.is_empty() {
            let _ = writeln!(
                out,
                "  first: GET / HTTP/1.0; then, as the answer suggests, some of:"
            );
            rules.rules.iter().collect()
        } else {
            let _ = writeln!(
                out,
                "  first, as product or port suggest; the others only where these do not fit:"
            );
            hinted
        };
        for rule in list {
            match rule.speaks {
                Speaks::Builtin => {
                    for sent in product::sends(&rule.id) {
                        let _ = writeln!(out, "  {}: {sent}", rule.id);
                    }
                }
                Speaks::Http => {
                    let asks = rule
                        .identify
                        .iter()
                        .map(|step| &step.ask)
                        .chain(rule.reads.iter().map(|step| &step.ask))
                        .chain(rule.named.iter().map(|step| &step.ask))
                        .chain(rule.facts.iter().map(|step| &step.ask))
                        .chain(
                            rule.reads
                                .iter()
                                .filter_map(|read| read.each.as_ref().map(|each| &each.ask)),
                        );
                    for ask in asks {
                        let _ = writeln!(out, "  {}: {}", rule.id, ask.label());
                    }
                }
            }
        }
    }
    for one in refused {
        let _ = writeln!(out, "{}: nothing, {}", one.endpoint, one.reason);
    }
    out
}
