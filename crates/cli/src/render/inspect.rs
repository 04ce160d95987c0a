//! Inspections and comparisons of stores as text for people.

use std::fmt::Write as _;

use celador_stores::inspect::report::{
    ClassReport, ContainerReport, InspectReport, ObjectsReport, State, StoreReport,
};
use celador_stores::replicas::{EstimateReport, PairReport, Relation, ReplicasReport};

use super::style::Style;

/// Fields of a class that are named; the rest are counted.
const FIELDS: usize = 4;

pub(crate) fn text(report: &InspectReport, style: Style) -> String {
    let mut out = String::new();
    for one in &report.stores {
        store(one, style, &mut out);
    }
    for one in &report.refused {
        let _ = writeln!(
            out,
            "{}  {} {}",
            style.strong(&one.endpoint),
            style.doubt("not looked into"),
            one.reason
        );
    }
    let _ = writeln!(
        out,
        "{}",
        style.faint(&format!(
            "allowed by {} until {}; sketches of key {}; shares with 95% confidence",
            report.scope.owner, report.scope.expires, report.sketch_key
        ))
    );
    out
}

fn store(store: &StoreReport, style: Style, out: &mut String) {
    let word = match store.state {
        State::Inspected => style.good("inspected"),
        State::Partly => style.doubt("partly inspected"),
        State::Refused => style.good("refused"),
        State::Unreachable => style.doubt("unreachable"),
        State::Unknown => style.doubt("unknown"),
    };
    let mut what = vec![match (&store.product, &store.version) {
        (Some(product), Some(version)) => format!("{product} {version}"),
        (Some(product), None) => product.clone(),
        _ => "product not known".to_owned(),
    }];
    if let Some(records) = store.records {
        what.push(format!(
            "{}{records} records",
            about(store.records_estimated)
        ));
    }
    if matches!(store.state, State::Inspected | State::Partly) {
        what.push(
            if store.anonymous {
                "read without credentials"
            } else {
                "read with credentials"
            }
            .to_owned(),
        );
    }
    let _ = writeln!(
        out,
        "{}  {word}  {}",
        style.strong(&store.endpoint),
        what.join(", ")
    );
    if let Some(reason) = &store.reason {
        let _ = writeln!(out, "  {reason}");
    }
    for one in &store.containers {
        container(one, style, out);
    }
    out.push('\n');
}

fn container(one: &ContainerReport, style: Style, out: &mut String) {
    let records = one
        .records
        .map_or_else(|| "unknown".to_owned(), |records| records.to_string());
    let _ = writeln!(
        out,
        "  {} {}: {}{records} records, {} looked at ({})",
        one.kind,
        style.strong(&one.name),
        about(one.records_estimated),
        one.examined,
        one.sampling.method,
    );
    for remark in [&one.sampling.bias, &one.sampling.stopped_by]
        .into_iter()
        .flatten()
    {
        let _ = writeln!(out, "    {}", style.doubt(remark));
    }
    if let Some(objects) = &one.objects {
        self::objects(objects, style, out);
    }
    let width = one
        .classes
        .iter()
        .map(|class| class.class.len())
        .max()
        .unwrap_or_default();
    for class in &one.classes {
        let fields: Vec<&str> = one
            .fields
            .iter()
            .filter(|field| field.classes.iter().any(|other| other.class == class.class))
            .map(|field| field.field.as_str())
            .collect();
        let mut named = fields
            .iter()
            .take(FIELDS)
            .copied()
            .collect::<Vec<_>>()
            .join(", ");
        if fields.len() > FIELDS {
            let _ = write!(named, " and {} more", fields.len() - FIELDS);
        }
        let _ = writeln!(
            out,
            "    {:<width$}  {:<24}  {}",
            class.class,
            share(class),
            style.faint(&named)
        );
    }
    if !one.languages.is_empty() {
        let all: u64 = one.languages.iter().map(|language| language.texts).sum();
        let list: Vec<String> = one
            .languages
            .iter()
            .take(6)
            .map(|language| {
                format!(
                    "{} {}",
                    language.language,
                    percent(ratio(language.texts, all))
                )
            })
            .collect();
        let _ = writeln!(
            out,
            "    {}",
            style.faint(&format!("languages: {}", list.join(", ")))
        );
    }
}

/// The objects of a bucket: how many of how many, and what their names tell.
fn objects(objects: &ObjectsReport, style: Style, out: &mut String) {
    let mut words = vec![
        format!(
            "{}{} objects of {} bytes",
            if objects.all_listed { "" } else { "at least " },
            objects.listed,
            objects.bytes
        ),
        format!("{} read whole", objects.read),
    ];
    if objects.cut > 0 {
        words.push(format!("{} from their beginning", objects.cut));
    }
    let formats: Vec<String> = objects
        .formats
        .iter()
        .map(|one| format!("{} {}", one.objects, one.format))
        .collect();
    if !formats.is_empty() {
        words.push(formats.join(", "));
    }
    let _ = writeln!(out, "    {}", style.faint(&words.join("; ")));
    for one in &objects.unread {
        let _ = writeln!(
            out,
            "    {}",
            style.doubt(&format!("{} not read: {}", one.objects, one.reason))
        );
    }
    for one in &objects.names {
        let _ = writeln!(
            out,
            "    {}  in {} names of objects",
            one.class, one.records
        );
    }
}

/// What samples that met by chance have in common at least.
fn least(pair: &PairReport) -> String {
    match (pair.first_in_second_at_least, pair.second_in_first_at_least) {
        (Some(first), Some(second)) => format!(
            ", at least {} of the first and {} of the second",
            percent(first),
            percent(second)
        ),
        _ => String::new(),
    }
}

fn about(estimated: bool) -> &'static str {
    if estimated { "about " } else { "" }
}

#[expect(clippy::cast_precision_loss, reason = "a share for people")]
fn ratio(part: u64, of: u64) -> f64 {
    part as f64 / of.max(1) as f64
}

fn share(class: &ClassReport) -> String {
    match (class.low, class.high) {
        (Some(low), Some(high)) if low < high => format!(
            "{} ({} to {})",
            percent(class.share),
            percent(low),
            percent(high)
        ),
        (Some(_), Some(_)) => percent(class.share),
        _ => format!("{} of those", percent(class.share)),
    }
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

pub(crate) fn replicas(report: &ReplicasReport, style: Style) -> String {
    let mut out = String::new();
    for store in &report.stores {
        if store.reason.is_some() || !matches!(store.state, State::Inspected) {
            let _ = writeln!(
                out,
                "{}  {}",
                style.strong(&store.endpoint),
                style.doubt(store.reason.as_deref().unwrap_or("not wholly looked into"))
            );
        }
    }
    for cluster in &report.clusters {
        let _ = writeln!(
            out,
            "{} of {}: {}",
            if cluster.apart {
                "copies of one beginning, each written to on its own,"
            } else {
                "one cluster"
            },
            cluster.product,
            cluster.endpoints.join(", ")
        );
    }
    for set in &report.data_sets {
        let records = match (set.records, set.exact) {
            (Some(records), true) => records.to_string(),
            (Some(records), false) => format!("about {records}"),
            (None, _) => "unknown".to_owned(),
        };
        let copies = match set.copies {
            1 => "one copy".to_owned(),
            copies => style.bad(&format!("{copies} copies")),
        };
        let _ = writeln!(
            out,
            "{} of {records} records{}",
            copies,
            if set.classes.is_empty() {
                String::new()
            } else {
                format!(" with {}", set.classes.join(", "))
            }
        );
        for place in &set.places {
            let _ = writeln!(
                out,
                "  {}  {}",
                style.strong(&place.endpoint),
                place.container
            );
        }
    }
    for pair in &report.pairs {
        let relation = match pair.relation {
            Relation::SameContainer => "one and the same, through two nodes",
            Relation::SameData => "the same data set",
            Relation::Overlapping => "overlapping",
            Relation::Different => "different",
            Relation::OverlappingSamples => "records in common; how many is not known from samples",
        };
        let figure = |name: &str, found: Option<EstimateReport>| {
            found.map_or_else(String::new, |found| {
                if found.exact {
                    format!(", {name} {}", percent(found.value))
                } else {
                    format!(
                        ", {name} {} ({} to {})",
                        percent(found.value),
                        percent(found.low),
                        percent(found.high)
                    )
                }
            })
        };
        let _ = writeln!(
            out,
            "{}",
            style.faint(&format!(
                "{} {} and {} {}: {relation}{}{}",
                pair.first.endpoint,
                pair.first.container,
                pair.second.endpoint,
                pair.second.container,
                figure("similarity", pair.similarity),
                least(pair),
            ))
        );
    }
    for one in &report.undetermined {
        let _ = writeln!(
            out,
            "{} {}: {}",
            one.place.endpoint,
            one.place.container,
            style.doubt(&one.reason)
        );
    }
    let number = |count: Option<u64>| count.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
    let _ = writeln!(
        out,
        "\n{} records are stored; each counted once, {}{}",
        number(report.totals.records_stored),
        number(report.totals.records_once),
        if report.totals.exact || report.totals.records_once.is_none() {
            ""
        } else {
            " (an estimate, or more where a store was sampled)"
        }
    );
    out
}
