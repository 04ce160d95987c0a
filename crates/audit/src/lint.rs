//! Rules that never match, change nothing, or are partly shadowed.

use celador_cloud::Snapshot;
use celador_reach::network::{Direction, Filter, FilterId, Gate, Zone};
use celador_reach::question::lint::{Kind, lint as find};
use schemars::JsonSchema;
use serde::Serialize;

use crate::explain::{RuleReport, rule_report};
use crate::report::{LINT_SCHEMA, WarningReport};

/// From here on the rules are Azure's defaults: proof, but nobody's to mend.
const FIRST_DEFAULT: u32 = 65_000;

/// What `celador lint` says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LintReport {
    /// Always `celador.lint/v1`.
    pub schema: &'static str,
    /// Change number of the service tags that were used.
    pub service_tags: u32,
    /// What the input holds that could not be understood.
    pub warnings: Vec<WarningReport>,
    /// How many filters were looked at.
    pub filters: usize,
    /// What was found, by filter and rule.
    pub findings: Vec<LintFinding>,
}

/// A finding about one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LintFinding {
    /// Resource id of the filter.
    pub filter: String,
    /// Its short name.
    pub filter_name: String,
    /// `inbound` or `outbound`.
    pub direction: &'static str,
    /// What is wrong.
    pub kind: LintKind,
    /// The rule.
    pub rule: RuleReport,
    /// The rules that make it so.
    pub because: Vec<RuleReport>,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LintKind {
    /// Earlier rules take every packet it names.
    NeverMatches,
    /// Without it, later rules would do the same.
    ChangesNothing,
    /// An earlier rule does the opposite with some packets it names.
    PartlyShadowed,
    /// The rules overlap in too many ways to decide within bounds.
    Undecided,
}

/// Looks at every filter, in both directions.
///
/// Tags that depend on where a filter stands are read where its first interface
/// is; for a filter that stands nowhere they are unknown.
pub fn lint(snapshot: &Snapshot) -> LintReport {
    let network = &snapshot.network;
    let mut findings = Vec::new();
    for (id, filter) in (0u32..).map(FilterId).zip(&network.filters) {
        let zone = network
            .interfaces
            .iter()
            .find(|interface| {
                interface
                    .layers
                    .iter()
                    .any(|layer| layer.gate == Gate::Filter(id))
            })
            .and_then(|interface| network.zones.get(interface.zone.index()));
        for direction in [Direction::Inbound, Direction::Outbound] {
            one(filter, direction, zone, &mut findings);
        }
    }
    LintReport {
        schema: LINT_SCHEMA,
        service_tags: snapshot.service_tags,
        warnings: crate::audit::warnings(snapshot),
        filters: network.filters.len(),
        findings,
    }
}

fn one(filter: &Filter, direction: Direction, zone: Option<&Zone>, out: &mut Vec<LintFinding>) {
    let rules = filter.rules(direction);
    let found = find(rules, zone, |rule| rule.priority >= FIRST_DEFAULT);
    out.extend(found.into_iter().map(|finding| {
        LintFinding {
            filter: filter.id.clone(),
            filter_name: filter.name.clone(),
            direction: match direction {
                Direction::Inbound => "inbound",
                Direction::Outbound => "outbound",
            },
            kind: match finding.kind {
                Kind::NeverMatches => LintKind::NeverMatches,
                Kind::ChangesNothing => LintKind::ChangesNothing,
                Kind::PartlyShadowed => LintKind::PartlyShadowed,
                Kind::Undecided => LintKind::Undecided,
            },
            rule: rule_report(filter, &rules[finding.rule]),
            because: finding
                .because
                .iter()
                .map(|&index| rule_report(filter, &rules[index]))
                .collect(),
        }
    }));
}
