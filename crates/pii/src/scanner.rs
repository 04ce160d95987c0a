//! Runs every recogniser over a text and settles what overlaps.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::class::Class;
use crate::marks::Engine;
use crate::name;
use crate::pass::{Pass, Work, floor};
use crate::phone::Region;
use crate::rules::{RuleError, Rules, Source};
use crate::shadow::Shadow;
use crate::spoken;
use crate::table;

thread_local! {
    /// Memory of the thread's scans.
    static SCRATCH: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
}

/// Memory that scans reuse.
///
/// It may hold text of the last scan, so it cannot be printed.
#[derive(Default)]
pub struct Scratch {
    outer: Work,
    inside: Work,
    shadow: Shadow,
    runs: Vec<spoken::Run>,
    named: Vec<name::Match>,
    /// What cells of tables in the text are scanned with.
    cells: Option<Box<Cells>>,
}

/// Memory for the cells of tables.
#[derive(Default)]
struct Cells {
    work: table::Work,
    scratch: Scratch,
    /// Of one cell, and of all.
    found: Vec<Span>,
    all: Vec<Span>,
}

/// What is reported unless another least score is asked for, in hundredths.
pub const MIN_SCORE: u8 = 50;

/// Where personal data is. It does not hold the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
    /// What it is.
    pub class: Class,
    /// How sure, in hundredths.
    pub score: u8,
    /// Which rule said so; see [`Scanner::rule_name`].
    pub rule: u16,
}

/// Rules that are code. Their numbers follow those of the rule files.
const CODED: &[&str] = &[
    "address-box",
    "address-field",
    "address-japanese",
    "address-postal-code",
    "address-street",
    "coordinates",
    "date-of-birth",
    "email",
    "email-in-words",
    "email-spaced",
    "email-spaced-out",
    "ipv4",
    "ipv6",
    "mac",
    "person-again",
    "person-field",
    "person-introduced",
    "person-japanese",
    "person-name",
    "person-surname-first",
    "person-title",
    "phone-international",
    "phone-national",
    "phone-printed",
    "phone-spoken",
    "place-field",
    "place-name",
    "username-named",
];

/// Builds a [`Scanner`] with other rules, classes or thresholds.
#[derive(Clone, Default)]
pub struct ScannerBuilder {
    own: Vec<(String, Source)>,
    regions: Vec<Region>,
    allow: BTreeSet<String>,
    classes: Option<BTreeSet<Class>>,
    min_score: Option<u8>,
    scalar: bool,
}

impl std::fmt::Debug for ScannerBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Allowed values and the examples of rules are personal data too.
        f.debug_struct("ScannerBuilder")
            .field("regions", &self.regions)
            .field("classes", &self.classes)
            .field("min_score", &self.min_score)
            .finish_non_exhaustive()
    }
}

impl ScannerBuilder {
    /// Marks bytes one by one: what a processor without vectors does, and what
    /// the faster ways are compared with.
    #[must_use]
    pub fn scalar(mut self) -> Self {
        self.scalar = true;
        self
    }

    /// Adds a rule file: its name and text.
    #[must_use]
    pub fn rule(mut self, file: impl Into<String>, text: impl Into<String>) -> Self {
        self.own.push((file.into(), Source::Text(text.into())));
        self
    }

    /// A rule that was read before, and the place that errors name.
    pub(crate) fn read_rule(mut self, place: String, rule: crate::rules::File) -> Self {
        self.own.push((place, Source::Read(Box::new(rule))));
        self
    }

    /// Regions whose national telephone numbers are found in groups without a word
    /// that says so, and whose identifiers with check digits are found where they
    /// are printed in their own groups or have letters.
    #[must_use]
    pub fn regions(mut self, regions: impl IntoIterator<Item = Region>) -> Self {
        self.regions.extend(regions);
        self
    }

    /// A value that is never reported, in any case.
    #[must_use]
    pub fn allow(mut self, value: &str) -> Self {
        self.allow.insert(value.trim().to_lowercase());
        self
    }

    /// Reports only these classes.
    #[must_use]
    pub fn classes(mut self, classes: impl IntoIterator<Item = Class>) -> Self {
        self.classes = Some(classes.into_iter().collect());
        self
    }

    /// The least score that is reported, in hundredths.
    #[must_use]
    pub fn min_score(mut self, score: u8) -> Self {
        self.min_score = Some(score);
        self
    }

    /// Loads the rules and tries the examples of the user's own.
    ///
    /// # Errors
    /// A rule that does not load, or whose examples it does not fit.
    pub fn build(self) -> Result<Scanner, RuleError> {
        let rules = Rules::load(&self.own, &self.regions)?;
        let scanner = Scanner {
            inner: Arc::new(Inner {
                rules,
                regions: self.regions,
                allow: self.allow,
                names: self.classes.as_ref().is_none_or(|only| {
                    [Class::Person, Class::Address, Class::Place]
                        .iter()
                        .any(|class| only.contains(class))
                }),
                classes: self.classes,
                min_score: self.min_score.unwrap_or(MIN_SCORE),
                engine: if self.scalar {
                    Engine::Scalar
                } else {
                    Engine::best()
                },
            }),
        };
        let own: BTreeSet<&str> = self.own.iter().map(|(file, _)| file.as_str()).collect();
        match scanner
            .failing_examples(|file| own.contains(file))
            .into_iter()
            .next()
        {
            Some(error) => Err(error),
            None => Ok(scanner),
        }
    }
}

/// What a scanner is made of.
pub(crate) struct Inner {
    pub(crate) rules: Rules,
    pub(crate) engine: Engine,
    pub(crate) regions: Vec<Region>,
    allow: BTreeSet<String>,
    classes: Option<BTreeSet<Class>>,
    /// Whether persons, addresses or places are asked for; the work is skipped else.
    names: bool,
    min_score: u8,
}

/// Finds personal data. Cheap to clone, and shared between threads.
#[derive(Clone)]
pub struct Scanner {
    inner: Arc<Inner>,
}

impl std::fmt::Debug for Scanner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // An allow list is personal data too.
        f.debug_struct("Scanner")
            .field("rules", &self.inner.rules.all.len())
            .finish_non_exhaustive()
    }
}

impl Inner {
    /// The number of a rule that is code.
    pub(crate) fn coded(&self, name: &str) -> u16 {
        let place = CODED.iter().position(|known| *known == name).unwrap_or(0);
        u16::try_from(self.rules.all.len() + place).unwrap_or(u16::MAX)
    }

    /// Whether a class is asked for; work for the others is skipped where it is much.
    pub(crate) fn wants(&self, class: Class) -> bool {
        self.classes
            .as_ref()
            .is_none_or(|only| only.contains(&class))
    }

    fn names(&self, text: &str, field: &str, named: &mut Vec<name::Match>, out: &mut Vec<Span>) {
        named.clear();
        name::find(text, field, named);
        self.add(named, out);
    }

    /// Names that what was found tells of.
    fn names_again(&self, text: &str, named: &mut Vec<name::Match>, out: &mut Vec<Span>) {
        named.clear();
        out.sort_unstable_by_key(|span| span.start);
        name::find_again(text, out, named);
        self.add(named, out);
    }

    fn add(&self, named: &[name::Match], out: &mut Vec<Span>) {
        out.extend(named.iter().map(|found| Span {
            start: found.start,
            end: found.end,
            class: found.class,
            score: found.score,
            rule: self.coded(found.rule),
        }));
    }
}

impl Scanner {
    /// Another scanner than the usual one.
    pub fn builder() -> ScannerBuilder {
        ScannerBuilder::default()
    }

    /// A rule's name, for "why".
    pub fn rule_name(&self, rule: u16) -> &str {
        let rules = &self.inner.rules.all;
        let rule = usize::from(rule);
        rules.get(rule).map_or_else(
            || CODED.get(rule - rules.len()).copied().unwrap_or(""),
            |rule| &rule.id,
        )
    }

    /// Replaces `out` by the spans of a text, in order.
    pub fn scan(&self, text: &str, out: &mut Vec<Span>) {
        self.scan_field(text, "", out);
    }

    /// The same for the value of a field, whose name is context.
    pub fn scan_field(&self, text: &str, field: &str, out: &mut Vec<Span>) {
        // Taken out for the time of a scan, so that nothing is borrowed across it.
        let mut scratch = SCRATCH.take().unwrap_or_default();
        self.scan_with(&mut scratch, text, field, out);
        SCRATCH.set(Some(scratch));
    }

    /// The spans of a text, where a list of its own is no matter.
    pub fn find(&self, text: &str) -> Vec<Span> {
        let mut out = Vec::new();
        self.scan(text, &mut out);
        out
    }

    /// The same with memory of the caller's, which is reused: once it has grown, a
    /// scan that finds nothing allocates nothing.
    pub fn scan_with(&self, scratch: &mut Scratch, text: &str, field: &str, out: &mut Vec<Span>) {
        self.scan_text(scratch, text, field, out);
        let statement = scratch.outer.statement;
        if !statement && memchr::memchr2(b'\n', b'<', text.as_bytes()).is_none() {
            return;
        }
        let mut cells = scratch.cells.take().unwrap_or_default();
        let Cells {
            work,
            scratch: inside,
            found,
            all,
        } = &mut *cells;
        all.clear();
        table::cells(text, statement, work, |(start, end), name| {
            let (Some(cell), Some(name)) = (text.get(start..end), text.get(name.0..name.1)) else {
                return;
            };
            self.scan_text(inside, cell, name, found);
            all.extend(found.iter().map(|span| Span {
                start: start + span.start,
                end: start + span.end,
                ..*span
            }));
        });
        if !all.is_empty() {
            out.append(all);
            settle(out);
        }
        scratch.cells = Some(cells);
    }

    /// The spans of a text, without what a table in it tells.
    fn scan_text(&self, scratch: &mut Scratch, text: &str, field: &str, out: &mut Vec<Span>) {
        out.clear();
        let inner = &*self.inner;
        let Scratch {
            outer,
            inside,
            shadow,
            runs,
            named,
            ..
        } = scratch;
        Pass::new(inner, text, field, false, outer).run();
        out.append(&mut outer.spans);
        let names = inner.names;
        if names {
            inner.names(text, field, named, out);
        }
        let mut windows = std::mem::take(&mut outer.windows);
        merge(&mut windows);
        for &(from, to) in &windows {
            let Some(slice) = text.get(from..to) else {
                continue;
            };
            shadow.read(slice);
            Pass::new(inner, shadow.text(), field, true, inside).run();
            if names {
                inner.names(shadow.text(), "", named, &mut inside.spans);
            }
            let length = shadow.text().len();
            for span in &inside.spans {
                // What touches the window's border may be a part of something.
                let whole =
                    (span.start > 0 || from == 0) && (span.end < length || to == text.len());
                if let Some((start, end)) = shadow.original(span.start, span.end).filter(|_| whole)
                {
                    out.push(Span {
                        start: from + start,
                        end: from + end,
                        ..*span
                    });
                }
            }
        }
        windows.clear();
        outer.windows = windows;
        runs.clear();
        if let Some(place) = outer.spoken {
            spoken::find(text, place, runs);
        }
        for &run in &*runs {
            let from = floor(text, run.start.saturating_sub(80));
            let to = floor(text, (run.end + 32).min(text.len()));
            shadow.read_spoken(text, from, to, run);
            Pass::new(inner, shadow.text(), field, true, inside).run();
            let before = out.len();
            for span in &inside.spans {
                let place = shadow.original(span.start, span.end);
                if let Some((start, end)) =
                    place.filter(|(start, end)| *start >= run.start && *end <= run.end)
                {
                    out.push(Span {
                        start,
                        end,
                        ..*span
                    });
                }
            }
            // Whoever says so many digits one by one tells a number of theirs.
            if out.len() == before && spoken::is_number(text, run) {
                out.push(Span {
                    start: run.start,
                    end: run.end,
                    class: Class::Phone,
                    score: 60,
                    rule: inner.coded("phone-spoken"),
                });
            }
        }
        if out.is_empty() {
            return;
        }
        if names {
            inner.names_again(text, named, out);
        }
        out.retain(|span| {
            span.score >= inner.min_score
                && inner
                    .classes
                    .as_ref()
                    .is_none_or(|only| only.contains(&span.class))
                && (inner.allow.is_empty()
                    || text
                        .get(span.start..span.end)
                        .is_some_and(|value| !inner.allow.contains(&value.trim().to_lowercase())))
        });
        settle(out);
    }

    /// Tries the examples of the rules of some files.
    fn failing_examples(&self, which: impl Fn(&str) -> bool) -> Vec<RuleError> {
        let mut failing = Vec::new();
        let mut spans = Vec::new();
        for (index, rule) in (0u16..).zip(&self.inner.rules.all) {
            if !which(&rule.file) {
                continue;
            }
            for (number, (text, want)) in rule.examples.iter().enumerate() {
                self.scan(text, &mut spans);
                let got = spans
                    .iter()
                    .filter(|span| span.rule == index || span.class == rule.class);
                let mut values = got.filter_map(|span| text.get(span.start..span.end));
                let fits = match want {
                    Some(want) => values.any(|value| value == want),
                    None => spans.iter().all(|span| span.rule != index),
                };
                // Not the example itself: a user's may be somebody's.
                if !fits {
                    let what = if want.is_some() {
                        "is not found"
                    } else {
                        "is found"
                    };
                    failing.push(RuleError {
                        file: rule.file.clone(),
                        message: format!("example {} of rule \"{}\" {what}", number + 1, rule.id),
                    });
                }
            }
        }
        failing
    }
}

/// Sorts ranges and joins those that meet.
fn merge(ranges: &mut Vec<(usize, usize)>) {
    ranges.sort_unstable();
    ranges.dedup_by(|next, last| {
        let meets = next.0 <= last.1;
        if meets {
            last.1 = last.1.max(next.1);
        }
        meets
    });
}

/// How much surer a part must be than the whole it stands in, to be kept.
const SURER: u8 = 20;

/// Most spans of a cluster that are compared with each other.
const COMPARED: usize = 64;

/// Takes the score from what is a part of something nearly as sure: of a number
/// in groups, some of the groups may look like another number.
fn drop_parts(cluster: &mut [Span]) {
    if cluster.len() > COMPARED {
        return;
    }
    let numbered =
        |span: &Span| !matches!(span.class, Class::Person | Class::Address | Class::Place);
    for index in 0..cluster.len() {
        let part = cluster[index];
        let whole = |span: &Span| {
            span.start <= part.start
                && part.end <= span.end
                && span.end - span.start > part.end - part.start
                && span.score.saturating_add(SURER) >= part.score
                && numbered(span)
        };
        if cluster.iter().any(whole) {
            cluster[index].score = 0;
        }
    }
}

/// Keeps the surest of what overlaps, the longer of what is equally sure.
fn settle(spans: &mut Vec<Span>) {
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut kept = 0;
    let mut at = 0;
    while at < spans.len() {
        // A cluster: spans of which each overlaps one before it.
        let mut end = spans[at].end;
        let mut next = at + 1;
        while next < spans.len() && spans[next].start < end {
            end = end.max(spans[next].end);
            next += 1;
        }
        let cluster = &mut spans[at..next];
        drop_parts(cluster);
        cluster.sort_unstable_by(|a, b| {
            (b.score, b.end - b.start, a.start, a.class, a.rule).cmp(&(
                a.score,
                a.end - a.start,
                b.start,
                b.class,
                b.rule,
            ))
        });
        // The kept ones gather before the cluster, in order of place.
        let first = kept;
        for index in at..next {
            let span = spans[index];
            if span.score == 0 {
                continue;
            }
            let chosen = &spans[first..kept];
            let place = first + chosen.partition_point(|other| other.start < span.start);
            let clear = (place == first || spans[place - 1].end <= span.start)
                && (place == kept || span.end <= spans[place].start);
            if clear {
                spans.copy_within(place..kept, place + 1);
                spans[place] = span;
                kept += 1;
            }
        }
        at = next;
    }
    spans.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_fits() {
        let scanner = Scanner::builder().build().expect("the rules load");
        let failing: Vec<_> = scanner
            .failing_examples(|_| true)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert!(failing.is_empty(), "{failing:#?}");
    }

    #[test]
    fn coded_rules_are_sorted_and_named() {
        let scanner = Scanner::builder().build().expect("the rules load");
        assert!(CODED.windows(2).all(|pair| pair[0] < pair[1]));
        for name in CODED {
            assert_eq!(scanner.rule_name(scanner.inner.coded(name)), *name);
        }
    }
}
