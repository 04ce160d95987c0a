//! Reports for people: the answer first, then the way in and the rules on it.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Write as _;

use celador_audit::Options;
use celador_audit::explain::{ExplainReport, LayerReport, RuleReport};
use celador_audit::lint::{LintKind, LintReport};
use celador_audit::report::{
    AuditReport, ChangeReport, DecidingReport, DiffReport, EndpointReport, PathReport,
    SourceReport, StoreReport, VerdictReport, WarningReport,
};

use celador_model::{AddressSet, IntervalSet};

use super::excerpt::Sources;
use super::style::Style;

/// Warnings shown before the rest is only counted.
const MAX_WARNINGS: usize = 20;
/// Prefixes shown of a long list.
const MAX_PREFIXES: usize = 6;
/// Rules named of those that stop packets.
const MAX_RULES: usize = 4;
/// Stores named of those that get the same answer.
const MAX_ALIKE: usize = 12;

/// Which sources were asked about, since a prefix list leaves the others open.
pub(crate) struct Asked {
    /// What all of them together are called.
    whole: String,
    set: AddressSet,
}

impl Asked {
    /// The Internet, or what `--from` names.
    pub(crate) fn of(options: &Options) -> Self {
        Self {
            whole: if options.from == celador_model::internet::internet() {
                "the whole Internet".to_owned()
            } else {
                format!("all of {}", options.from_label.join(", "))
            },
            set: options.from.clone(),
        }
    }
}

pub(crate) fn audit(
    report: &AuditReport,
    asked: &Asked,
    style: Style,
    sources: &mut Sources<'_>,
) -> String {
    let mut out = String::new();
    let summary = &report.summary;
    for (store, alike) in groups_of_stores(&report.stores) {
        store_text(&mut out, store, asked, style, sources);
        likewise(
            &mut out,
            "  ",
            alike.iter().map(|store| place_text(store)),
            style,
        );
        out.push('\n');
    }
    warnings(&mut out, &report.warnings, style);
    if summary.stores == 0 && summary.hosts > 0 {
        let _ = writeln!(
            out,
            "No machine is known as a data store by its tags, its name or --inventory,\n\
             and none exposes a port of the catalogue of data-store products.\n"
        );
    }
    let plural = |count: usize| if count == 1 { "" } else { "s" };
    let _ = writeln!(
        out,
        "{} data store{} on {} machine{}: {}, {}, {}  {}",
        summary.stores,
        plural(summary.stores),
        summary.hosts,
        plural(summary.hosts),
        count(summary.exposed, "exposed", |text| style.bad(text), style),
        count(
            summary.undetermined,
            "undetermined",
            |text| style.doubt(text),
            style
        ),
        count(
            summary.not_exposed,
            "not exposed",
            |text| style.good(text),
            style
        ),
        style.faint(&format!("(service tags {})", report.service_tags)),
    );
    out
}

fn count(number: usize, what: &str, paint: impl Fn(&str) -> String, style: Style) -> String {
    let text = format!("{number} {what}");
    if number > 0 {
        paint(&text)
    } else {
        style.faint(&text)
    }
}

fn verdict(verdict: VerdictReport, style: Style) -> String {
    match verdict {
        VerdictReport::Exposed => style.bad("● EXPOSED"),
        VerdictReport::Undetermined => style.doubt("◐ UNDETERMINED"),
        VerdictReport::NotExposed => style.good("○ not exposed"),
    }
}

fn store_text(
    out: &mut String,
    store: &StoreReport,
    asked: &Asked,
    style: Style,
    sources: &mut Sources<'_>,
) {
    let _ = writeln!(
        out,
        "{}  {}  {}",
        verdict(store.verdict, style),
        style.strong(&store.name),
        store.product.as_deref().unwrap_or("product not known"),
    );
    let mut facts = vec![store.because.clone()];
    facts.extend(store.owner.as_ref().map(|owner| format!("owner {owner}")));
    if !store.data.is_empty() {
        facts.push(format!("data: {}", store.data.join(", ")));
    }
    let _ = writeln!(out, "  {}", style.faint(&facts.join(" · ")));
    // Ports with the same answer are one paragraph.
    let mut groups: Vec<(&EndpointReport, Vec<&str>)> = Vec::new();
    for endpoint in &store.endpoints {
        let same = groups.iter_mut().find(|(known, _)| {
            known.address == endpoint.address
                && known.protocol == endpoint.protocol
                && known.verdict == endpoint.verdict
                && known.exposure == endpoint.exposure
                && known.possible == endpoint.possible
                && known.deciding == endpoint.deciding
                && known.paths.len() == endpoint.paths.len()
                && known.reason == endpoint.reason
        });
        match same {
            Some((_, ports)) => ports.push(&endpoint.ports),
            None => groups.push((endpoint, vec![&endpoint.ports])),
        }
    }
    for (endpoint, ports) in groups {
        endpoint_text(out, store, endpoint, &ports, asked, style, sources);
    }
}

/// Stores worst first, each with those that get the same answer by the same
/// rules: copies of one store are one paragraph.
fn groups_of_stores(stores: &[StoreReport]) -> Vec<(&StoreReport, Vec<&StoreReport>)> {
    let mut groups: Vec<(&StoreReport, Vec<&StoreReport>)> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for store in stores {
        match known.entry(answer_of(store)) {
            Entry::Occupied(group) => groups[*group.get()].1.push(store),
            Entry::Vacant(place) => {
                place.insert(groups.len());
                groups.push((store, Vec::new()));
            }
        }
    }
    groups.sort_by_key(|(store, _)| store.verdict);
    groups
}

/// All that is said of a store but its name and its addresses.
fn answer_of(store: &StoreReport) -> String {
    let mut out = format!(
        "{:?}{:?}{:?}{:?}{:?}",
        store.verdict, store.product, store.because, store.owner, store.data
    );
    for endpoint in &store.endpoints {
        let ways: Vec<_> = endpoint
            .paths
            .iter()
            .map(|path| {
                let kinds: Vec<_> = path.hops.iter().map(|hop| &hop.kind).collect();
                (kinds, path.public_port, path.state)
            })
            .collect();
        let _ = write!(
            out,
            "{:?}{:?}{:?}{:?}{:?}{:?}{:?}{ways:?}",
            endpoint.protocol,
            endpoint.ports,
            endpoint.verdict,
            endpoint.exposure,
            endpoint.possible,
            endpoint.deciding,
            endpoint.reason,
        );
    }
    out
}

/// A store's name and addresses.
fn place_text(store: &StoreReport) -> String {
    let mut text = store.name.clone();
    let addresses: BTreeSet<&str> = store
        .endpoints
        .iter()
        .map(|endpoint| endpoint.address.as_str())
        .collect();
    let public: BTreeSet<&str> = store
        .endpoints
        .iter()
        .flat_map(|endpoint| endpoint.public.iter().map(String::as_str))
        .collect();
    for address in addresses {
        let _ = write!(text, " {address}");
    }
    if !public.is_empty() {
        let public: Vec<&str> = public.into_iter().collect();
        let _ = write!(text, " (public {})", public.join(", "));
    }
    text
}

/// Others of which the same is to say.
fn likewise(
    out: &mut String,
    indent: &str,
    others: impl ExactSizeIterator<Item = String>,
    style: Style,
) {
    let count = others.len();
    if count == 0 {
        return;
    }
    let mut shown: Vec<String> = others.take(MAX_ALIKE).collect();
    if count > MAX_ALIKE {
        shown.push(format!("{} more; --format json has all", count - MAX_ALIKE));
    }
    let _ = writeln!(
        out,
        "{indent}{} {}",
        style.strong(&format!("likewise {count}:")),
        shown.join(" · ")
    );
}

fn ports_text(ports: &[&str]) -> String {
    const SHOWN: usize = 12;
    if ports.len() <= SHOWN {
        return ports.join(", ");
    }
    format!(
        "{} and {} more",
        ports[..SHOWN].join(", "),
        ports.len() - SHOWN
    )
}

fn endpoint_text(
    out: &mut String,
    store: &StoreReport,
    endpoint: &EndpointReport,
    ports: &[&str],
    asked: &Asked,
    style: Style,
    sources: &mut Sources<'_>,
) {
    let target = format!(
        "{} {}/{}",
        endpoint.address,
        endpoint.protocol,
        ports_text(ports)
    );
    match endpoint.verdict {
        VerdictReport::NotExposed => {
            let why = endpoint.reason.clone().unwrap_or_else(|| {
                let rules = &endpoint.deciding;
                let mut text: Vec<String> = rules.iter().take(MAX_RULES).map(rule_text).collect();
                if rules.len() > MAX_RULES {
                    text.push(format!("{} more rules", rules.len() - MAX_RULES));
                }
                format!("stopped by {}", text.join(", "))
            });
            let _ = writeln!(out, "  {target}  {}", style.faint(&why));
            return;
        }
        VerdictReport::Exposed => {
            let _ = writeln!(
                out,
                "  {}  from {}",
                style.strong(&target),
                sources_text(&endpoint.exposure, asked)
            );
        }
        VerdictReport::Undetermined => {
            let _ = writeln!(
                out,
                "  {}  possibly from {}",
                style.strong(&target),
                sources_text(&endpoint.possible, asked)
            );
        }
    }
    if let Some(reason) = &endpoint.reason {
        let _ = writeln!(out, "    {} {reason}", style.doubt("why:"));
    }
    let _ = writeln!(out, "    Internet");
    for path in &endpoint.paths {
        let _ = writeln!(out, "    ├─ {}", path_text(path, style));
    }
    for rule in &endpoint.deciding {
        rule_line(out, rule, style, sources);
    }
    let _ = writeln!(out, "    └▶ {} {}", store.name, endpoint.address);
    if let Some(witness) = &endpoint.witness {
        let to = |addr: Option<&str>, port: Option<u16>| {
            let addr = addr.unwrap_or("(address not known)");
            match port {
                Some(port) if addr.contains(':') => format!("[{addr}]:{port}"),
                Some(port) => format!("{addr}:{port}"),
                None => addr.to_owned(),
            }
        };
        let _ = writeln!(
            out,
            "       {} {} → {} {}",
            style.faint("for example"),
            to(Some(&witness.src), witness.src_port),
            to(witness.dst.as_deref(), witness.dst_port),
            witness.protocol,
        );
    }
}

fn path_text(path: &PathReport, style: Style) -> String {
    let hops: Vec<String> = path
        .hops
        .iter()
        .map(|hop| format!("{} {}", hop.kind, hop.name))
        .collect();
    let at = match (&path.public, path.public_port) {
        (Some(addr), Some(port)) if addr.contains(':') => format!("  [{addr}]:{port}"),
        (Some(addr), Some(port)) => format!("  {addr}:{port}"),
        (Some(addr), None) => format!("  {addr}"),
        (None, _) => String::new(),
    };
    let note = match path.state {
        "possible" => style.doubt("  (not certain)"),
        "closed" => style.good("  (closed: no filter allows)"),
        _ => String::new(),
    };
    format!("{}{at}{note}", hops.join(" → "))
}

fn rule_text(rule: &DecidingReport) -> String {
    let name = rule.rule.as_deref().unwrap_or("no rule");
    match rule.priority {
        Some(priority) => format!("{} {name} ({priority}, {})", rule.layer, rule.action),
        None => format!("{} {name} ({})", rule.layer, rule.action),
    }
}

fn rule_line(out: &mut String, rule: &DecidingReport, style: Style, sources: &mut Sources<'_>) {
    let filter = rule.filter.rsplit('/').next().unwrap_or_default();
    let place = match (&rule.file, &rule.pointer) {
        (Some(file), Some(pointer)) => sources.place(file, pointer).map_or_else(
            || file.clone(),
            |place| format!("{file}:{}", place.first_line),
        ),
        _ => "default rule".to_owned(),
    };
    let _ = writeln!(
        out,
        "    ├─ {} {} of {filter}  {}",
        rule.layer,
        rule_text(rule).split_once(' ').map_or("", |(_, rest)| rest),
        style.faint(&place)
    );
}

fn sources_text(spans: &[SourceReport], asked: &Asked) -> String {
    let text: Vec<String> = spans
        .iter()
        .map(|span| {
            let prefixes = asked_text(&span.sources, asked);
            if span.source_ports == "0-65535" {
                prefixes
            } else {
                format!("{prefixes} (source ports {})", span.source_ports)
            }
        })
        .collect();
    text.join("; ")
}

/// Prefixes of the sources that were asked about.
fn asked_text(prefixes: &[String], asked: &Asked) -> String {
    if prefixes == ["0.0.0.0/0"] || prefixes == ["::/0"] {
        return format!("{} ({})", prefixes[0], asked.whole);
    }
    if prefixes.len() > MAX_PREFIXES
        && let Some(except) = all_but(prefixes, &asked.set)
    {
        return format!("{} except {except}", asked.whole);
    }
    prefixes_text(prefixes)
}

/// Prefixes as they are; one address without its length.
fn prefixes_text(prefixes: &[String]) -> String {
    let shown: Vec<&str> = prefixes
        .iter()
        .take(MAX_PREFIXES)
        .map(|prefix| match prefix.split_once('/') {
            Some((address, "32")) if !address.contains(':') => address,
            Some((address, "128")) => address,
            _ => prefix,
        })
        .collect();
    let shown = shown.join(", ");
    if prefixes.len() <= MAX_PREFIXES {
        return shown;
    }
    format!(
        "{shown} and {} more prefixes",
        prefixes.len() - MAX_PREFIXES
    )
}

/// The few prefixes of a universe that a long list leaves out.
fn all_but(prefixes: &[String], universe: &AddressSet) -> Option<String> {
    let set: AddressSet = prefixes
        .iter()
        .filter_map(|prefix| prefix.parse::<ipnet::IpNet>().ok())
        .collect();
    let mut universe = universe.clone();
    // Only the family that the list speaks of.
    if set.v4.is_empty() {
        universe.v4 = IntervalSet::empty();
    }
    if set.v6.is_empty() {
        universe.v6 = IntervalSet::empty();
    }
    let left = celador_reach::minimal_prefixes(&universe.difference(&set), &universe);
    let text: Vec<String> = left.iter().map(ToString::to_string).collect();
    (text.len() <= MAX_PREFIXES).then(|| text.join(", "))
}

fn warnings(out: &mut String, warnings: &[WarningReport], style: Style) {
    for warning in warnings.iter().take(MAX_WARNINGS) {
        let place = if warning.pointer.is_empty() {
            warning.file.clone()
        } else {
            format!("{}#{}", warning.file, warning.pointer)
        };
        let _ = writeln!(
            out,
            "{} {place}: {}",
            style.doubt("warning:"),
            warning.message
        );
    }
    if warnings.len() > MAX_WARNINGS {
        let _ = writeln!(
            out,
            "{} {} more; --format json has them all",
            style.doubt("warning:"),
            warnings.len() - MAX_WARNINGS
        );
    }
    if !warnings.is_empty() {
        out.push('\n');
    }
}

pub(crate) fn diff(
    report: &DiffReport,
    asked: &Asked,
    style: Style,
    sources: &mut Sources<'_>,
) -> String {
    let mut out = String::new();
    // One change often opens many stores; its rule is shown once.
    let mut shown: BTreeSet<(String, String)> = BTreeSet::new();
    for (title, changes) in [
        (style.bad("+ OPENED"), &report.opened),
        (style.good("- closed"), &report.closed),
        (style.doubt("? undetermined"), &report.undetermined),
    ] {
        let mut groups: Vec<(&ChangeReport, Vec<&str>)> = Vec::new();
        for change in changes {
            let same = groups.iter_mut().find(|(known, _)| {
                known.store == change.store
                    && known.address == change.address
                    && known.protocol == change.protocol
                    && known.sources == change.sources
                    && known.source_ports == change.source_ports
                    && known.deciding == change.deciding
            });
            match same {
                Some((_, ports)) => ports.push(&change.ports),
                None => groups.push((change, vec![&change.ports])),
            }
        }
        // Stores that change alike are one paragraph.
        let mut alike: Vec<(&ChangeReport, Vec<&str>, Vec<String>)> = Vec::new();
        for (change, ports) in groups {
            let same = alike.iter_mut().find(|(known, known_ports, _)| {
                *known_ports == ports
                    && known.store != change.store
                    && known.protocol == change.protocol
                    && known.sources == change.sources
                    && known.source_ports == change.source_ports
                    && known.deciding == change.deciding
                    && known.reason == change.reason
            });
            match same {
                Some((_, _, others)) => others.push(format!("{} {}", change.name, change.address)),
                None => alike.push((change, ports, Vec::new())),
            }
        }
        for (change, ports, others) in alike {
            let _ = writeln!(
                out,
                "{title}  {} {} {}/{}  from {}",
                style.strong(&change.name),
                change.address,
                change.protocol,
                ports_text(&ports),
                sources_text(
                    &[SourceReport {
                        sources: change.sources.clone(),
                        source_ports: change.source_ports.clone(),
                    }],
                    asked
                ),
            );
            if let Some(reason) = &change.reason {
                let _ = writeln!(out, "    {} {reason}", style.doubt("why:"));
            }
            for rule in &change.deciding {
                rule_line(&mut out, rule, style, sources);
                let place = rule.file.clone().zip(rule.pointer.clone());
                if rule.action == "allow"
                    && title.contains("OPENED")
                    && place.is_some_and(|place| shown.insert(place))
                {
                    excerpt(
                        &mut out,
                        rule.file.as_deref(),
                        rule.pointer.as_deref(),
                        style,
                        sources,
                    );
                }
            }
            likewise(&mut out, "    ", others.into_iter(), style);
        }
    }
    if !out.is_empty() {
        out.push('\n');
    }
    warnings(&mut out, &report.warnings, style);
    let _ = writeln!(
        out,
        "{}, {}, {}",
        count(report.opened.len(), "opened", |text| style.bad(text), style),
        count(
            report.closed.len(),
            "closed",
            |text| style.good(text),
            style
        ),
        count(
            report.undetermined.len(),
            "undetermined",
            |text| style.doubt(text),
            style
        ),
    );
    out
}

fn excerpt(
    out: &mut String,
    file: Option<&str>,
    pointer: Option<&str>,
    style: Style,
    sources: &mut Sources<'_>,
) {
    let (Some(file), Some(pointer)) = (file, pointer) else {
        return;
    };
    for (number, line) in sources.lines(file, pointer) {
        let _ = writeln!(
            out,
            "    {} {line}",
            style.faint(&format!("│ {number:>5} │"))
        );
    }
}

pub(crate) fn explain(report: &ExplainReport, style: Style, sources: &mut Sources<'_>) -> String {
    let mut out = String::new();
    for target in &report.targets {
        let word = match target.verdict {
            "exposed" => style.bad("● GETS THROUGH"),
            "partly_exposed" => style.bad("◑ PARTLY GETS THROUGH"),
            "undetermined" => style.doubt("◐ UNDETERMINED"),
            _ => style.good("○ stopped"),
        };
        let _ = writeln!(
            out,
            "{word}  {} → {} {} {}/{}",
            prefixes_text(&target.sources),
            style.strong(&report.name),
            target.address,
            target.protocol,
            target.port
        );
        if target.verdict == "partly_exposed" {
            let _ = writeln!(out, "  gets through: {}", prefixes_text(&target.reaching));
        }
        if let Some(reason) = &target.reason {
            let _ = writeln!(out, "  {} {reason}", style.doubt("why:"));
        }
        let _ = writeln!(out, "  Internet");
        for path in &target.paths {
            let _ = writeln!(out, "  ├─ {}", path_text(path, style));
        }
        for layer in &target.layers {
            layer_text(&mut out, layer, style, sources);
        }
        let _ = writeln!(out, "  └▶ {} {}\n", report.name, target.address);
    }
    warnings(&mut out, &report.warnings, style);
    out
}

fn layer_text(out: &mut String, layer: &LayerReport, style: Style, sources: &mut Sources<'_>) {
    let filter = layer
        .filter
        .as_deref()
        .map(|id| id.rsplit('/').next().unwrap_or(id));
    match (layer.state, filter) {
        ("open", _) => {
            let _ = writeln!(out, "  ├─ {}: none, everything passes", layer.layer);
        }
        ("unknown", _) => {
            let _ = writeln!(
                out,
                "  ├─ {}: {}",
                layer.layer,
                style.doubt(layer.reason.as_deref().unwrap_or("unknown"))
            );
        }
        (_, filter) => {
            let _ = writeln!(out, "  ├─ {} {}", layer.layer, filter.unwrap_or_default());
        }
    }
    for part in &layer.parts {
        let word = match part.action {
            "allow" => style.bad("allows"),
            "deny" => style.good("denies"),
            _ => style.doubt("may allow or deny"),
        };
        let by = part
            .rule
            .as_ref()
            .map_or_else(|| "no rule matches".to_owned(), rule_name);
        let _ = writeln!(out, "  │    {word} {}: {by}", prefixes_text(&part.sources));
        for rule in &part.maybe {
            let _ = writeln!(
                out,
                "  │    {} {}",
                style.doubt("unless it matches:"),
                rule_name(rule)
            );
        }
        if let Some(rule) = &part.rule
            && let (Some(file), Some(pointer)) = (&rule.file, &rule.pointer)
        {
            let line = sources.place(file, pointer).map(|place| place.first_line);
            let _ = writeln!(
                out,
                "  │    {}",
                style.faint(&line.map_or_else(|| file.clone(), |line| format!("{file}:{line}")))
            );
            for (number, line) in sources.lines(file, pointer) {
                let _ = writeln!(
                    out,
                    "  │    {} {line}",
                    style.faint(&format!("{number:>5} │"))
                );
            }
        }
    }
    if !layer.shadowed.is_empty() {
        let names: Vec<String> = layer.shadowed.iter().map(rule_name).collect();
        let _ = writeln!(
            out,
            "  │    {} {}",
            style.faint("matches too, but comes later:"),
            names.join(", ")
        );
    }
}

fn rule_name(rule: &RuleReport) -> String {
    format!("{} ({}, {})", rule.name, rule.priority, rule.action)
}

pub(crate) fn lint(report: &LintReport, style: Style, sources: &mut Sources<'_>) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        let names = finding
            .because
            .iter()
            .map(rule_name)
            .collect::<Vec<_>>()
            .join(", ");
        let (word, why) = match finding.kind {
            LintKind::NeverMatches => (
                style.bad("never matches"),
                format!("earlier rules take every packet it names: {names}"),
            ),
            LintKind::ChangesNothing if names.is_empty() => (
                style.doubt("changes nothing"),
                "what no rule matches is denied anyway".to_owned(),
            ),
            LintKind::ChangesNothing => (
                style.doubt("changes nothing"),
                format!("without it these do the same: {names}"),
            ),
            LintKind::PartlyShadowed => (
                style.faint("partly shadowed"),
                format!("these do the opposite with some of its packets first: {names}"),
            ),
            LintKind::Undecided => (
                style.doubt("undecided"),
                "the rules overlap in too many ways".to_owned(),
            ),
        };
        let place = match (&finding.rule.file, &finding.rule.pointer) {
            (Some(file), Some(pointer)) => sources.place(file, pointer).map_or_else(
                || file.clone(),
                |place| format!("{file}:{}", place.first_line),
            ),
            _ => String::new(),
        };
        let _ = writeln!(
            out,
            "{word}  {} of {} ({})  {}",
            style.strong(&rule_name(&finding.rule)),
            finding.filter_name,
            finding.direction,
            style.faint(&place)
        );
        let _ = writeln!(out, "  {why}");
    }
    if !out.is_empty() {
        out.push('\n');
    }
    warnings(&mut out, &report.warnings, style);
    let _ = writeln!(
        out,
        "{} findings in {} filters",
        report.findings.len(),
        report.filters
    );
    out
}
