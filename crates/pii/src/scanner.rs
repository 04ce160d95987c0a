//! Runs every recogniser over a text and settles what overlaps.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use aho_corasick::AhoCorasick;

use crate::chain;
use crate::class::Class;
use crate::context::Window;
use crate::rules::{RuleError, Rules};
use crate::shadow::{Shadow, is_disguised};
use crate::{address, date, email, phone};

/// What is reported unless another least score is asked for, in hundredths.
pub const MIN_SCORE: u8 = 50;

/// Bytes before an anchor, and after, that its pattern may match in.
const BEFORE_ANCHOR: usize = 256;
const AFTER_ANCHOR: usize = 8192;

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
    "coordinates",
    "date-of-birth",
    "email",
    "email-in-words",
    "email-spaced",
    "email-spaced-out",
    "ipv4",
    "ipv6",
    "mac",
    "phone-international",
    "phone-national",
    "phone-printed",
];

/// Words that a mail address in words has around its `@`.
static AT_WORDS: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build([
            " at ",
            " arroba ",
            " klammeraffe ",
            " ät ",
            " arobase ",
            " chez ",
            " chiocciola ",
            " małpa ",
            " malpa ",
            " apenstaartje ",
            " アット",
            "\nat ",
            " at\n",
        ])
        .ok()
});

/// Builds a [`Scanner`] with other rules, classes or thresholds.
#[derive(Debug, Clone, Default)]
pub struct ScannerBuilder {
    own: Vec<(String, String)>,
    allow: BTreeSet<String>,
    classes: Option<BTreeSet<Class>>,
    min_score: Option<u8>,
}

impl ScannerBuilder {
    /// Adds a rule file: its name and text.
    #[must_use]
    pub fn rule(mut self, file: impl Into<String>, text: impl Into<String>) -> Self {
        self.own.push((file.into(), text.into()));
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
        let rules = Rules::load(&self.own)?;
        let scanner = Scanner {
            inner: Arc::new(Inner {
                rules,
                allow: self.allow,
                classes: self.classes,
                min_score: self.min_score.unwrap_or(MIN_SCORE),
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

struct Inner {
    rules: Rules,
    allow: BTreeSet<String>,
    classes: Option<BTreeSet<Class>>,
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
        out.clear();
        if is_disguised(text) {
            let shadow = Shadow::of(text);
            self.plain(shadow.text(), field, out);
            for span in &mut *out {
                // An empty span is dropped below.
                (span.start, span.end) = shadow
                    .original(span.start, span.end)
                    .unwrap_or((span.start, span.start));
            }
            out.retain(|span| span.start < span.end);
            // Secrets mean their bytes, and look-alikes would change them.
            self.patterns(text, field, out);
        } else {
            self.plain(text, field, out);
            self.patterns(text, field, out);
        }
        let inner = &self.inner;
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

    fn coded(&self, name: &str) -> u16 {
        let place = CODED.iter().position(|known| *known == name).unwrap_or(0);
        u16::try_from(self.inner.rules.all.len() + place).unwrap_or(u16::MAX)
    }

    /// Everything but patterns, on text without disguise.
    fn plain(&self, text: &str, field: &str, out: &mut Vec<Span>) {
        let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
        let mut mails = Vec::new();
        if text.contains('@') {
            email::with_sign(text, field, &mut mails);
        }
        if AT_WORDS.as_ref().is_some_and(|words| words.is_match(text)) {
            email::with_words(text, field, &mut mails);
        }
        out.extend(mails.iter().map(|found| Span {
            start: found.start,
            end: found.end,
            class: Class::Email,
            score: found.score,
            rule: self.coded(found.rule),
        }));
        if !has_digit && !text.contains("::") {
            // Some bank and business codes are letters alone.
            self.identifiers(text, field, out);
            return;
        }
        let mut addresses = Vec::new();
        address::find(text, field, &mut addresses);
        out.extend(addresses.iter().map(|found| Span {
            start: found.start,
            end: found.end,
            class: found.class,
            score: found.score,
            rule: self.coded(found.rule),
        }));
        let mut births = Vec::new();
        date::births(text, field, &mut births);
        out.extend(births.iter().map(|&(start, end)| Span {
            start,
            end,
            class: Class::DateOfBirth,
            score: 90,
            rule: self.coded("date-of-birth"),
        }));
        let mut phones = Vec::new();
        phone::find(text, field, &mut phones);
        out.extend(phones.iter().map(|found| Span {
            start: found.start,
            end: found.end,
            class: Class::Phone,
            score: found.score,
            rule: self.coded(found.rule),
        }));
        self.identifiers(text, field, out);
    }

    /// Rules with shapes.
    fn identifiers(&self, text: &str, field: &str, out: &mut Vec<Span>) {
        let mut groups = Vec::new();
        chain::groups(text, &mut groups);
        let bytes = text.as_bytes();
        for first in 0..groups.len() {
            chain::from_group(text, &groups, first, |candidate| {
                let printed = bytes.get(candidate.start..candidate.end).unwrap_or(&[]);
                let mut window = None;
                for (index, rule) in self.inner.rules.of_length(candidate.canonical.len()) {
                    if !rule.accepts(candidate.canonical, printed) {
                        continue;
                    }
                    let window = window.get_or_insert_with(|| {
                        Window::around(text, candidate.start, candidate.end, field)
                    });
                    let score = match window.distance(&rule.context) {
                        // The nearer word wins where two rules accept one number.
                        Some(distance) => rule
                            .context_score
                            .saturating_sub(u8::try_from(distance / 16).unwrap_or(5)),
                        None if window.speaks_against() || in_a_longer_code(bytes, candidate) => 0,
                        None => rule.plain_score(printed),
                    };
                    if score > 0 {
                        out.push(Span {
                            start: candidate.start,
                            end: candidate.end,
                            class: rule.class,
                            score,
                            rule: index,
                        });
                    }
                }
            });
        }
    }

    /// Rules with patterns.
    fn patterns(&self, text: &str, field: &str, out: &mut Vec<Span>) {
        let rules = &self.inner.rules;
        let mut push = |index: u16, from: usize, slice: &str| {
            let rule = &rules.all[usize::from(index)];
            let Some(pattern) = &rule.pattern else { return };
            for captures in pattern.captures_iter(slice) {
                // The group named `value`, where only a part is the secret.
                let Some(found) = captures.name("value").or_else(|| captures.get(0)) else {
                    continue;
                };
                let (start, end) = (from + found.start(), from + found.end());
                let near = !rule.context.is_empty()
                    && Window::around(text, start, end, field).has_any(&rule.context);
                let score = if near {
                    rule.context_score
                } else {
                    rule.plain_score(b"")
                };
                if start < end && score > 0 {
                    out.push(Span {
                        start,
                        end,
                        class: rule.class,
                        score,
                        rule: index,
                    });
                }
            }
        };
        // One anchor's neighbourhood holds the next one's: each is read once.
        let mut read: BTreeMap<u16, usize> = BTreeMap::new();
        if let Some(anchors) = &rules.anchors {
            for anchor in anchors.find_overlapping_iter(text) {
                let index = rules.anchored[anchor.pattern().as_usize()];
                if read.get(&index).is_some_and(|&to| anchor.end() <= to) {
                    continue;
                }
                let from = floor(text, anchor.start().saturating_sub(BEFORE_ANCHOR));
                let from = from
                    .max(read.get(&index).copied().unwrap_or(0))
                    .min(anchor.start());
                let to = floor(text, anchor.end().saturating_add(AFTER_ANCHOR));
                push(index, from, text.get(from..to).unwrap_or(""));
                read.insert(index, to);
            }
        }
        for &index in &rules.free {
            push(index, 0, text);
        }
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

/// Whether letters, digits or hyphens around make it a part of something longer,
/// such as a GUID.
fn in_a_longer_code(bytes: &[u8], candidate: &chain::Candidate<'_>) -> bool {
    let joined = |sign: Option<&u8>, beyond: Option<&u8>| {
        matches!(sign, Some(b'-' | b'_' | b'.' | b'/' | b'=' | b'+' | b'#'))
            && beyond.is_some_and(u8::is_ascii_alphanumeric)
    };
    let at = |index: Option<usize>| index.and_then(|index| bytes.get(index));
    let before = joined(
        at(candidate.start.checked_sub(1)),
        at(candidate.start.checked_sub(2)),
    );
    let named = matches!(at(candidate.start.checked_sub(1)), Some(b'='));
    (before && !named) || joined(bytes.get(candidate.end), bytes.get(candidate.end + 1))
}

/// Keeps the surest of what overlaps, the longer of what is equally sure.
fn settle(spans: &mut Vec<Span>) {
    spans.sort_unstable_by(|a, b| {
        (b.score, b.end - b.start, a.start, a.class, a.rule).cmp(&(
            a.score,
            a.end - a.start,
            b.start,
            b.class,
            b.rule,
        ))
    });
    let mut kept: BTreeMap<usize, Span> = BTreeMap::new();
    for span in spans.drain(..) {
        let before = kept.range(..span.end).next_back();
        if before.is_none_or(|(_, other)| other.end <= span.start) {
            kept.insert(span.start, span);
        }
    }
    spans.extend(kept.into_values());
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
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
            assert_eq!(scanner.rule_name(scanner.coded(name)), *name);
        }
    }
}
