//! How good a set of spans is on a labelled corpus.
//!
//! Offsets are characters. A labelled value is *found* when a span of its class
//! covers at least half of the two together; it *leaks* the characters that no
//! span covers, of whatever class. A document is clean when nothing leaks.

use std::collections::BTreeMap;

use serde::Serialize;

/// A labelled value or a span that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// First character.
    pub start: usize,
    /// The character after the last.
    pub end: usize,
    /// Its class.
    pub class: String,
    /// How it is written, where the corpus says so.
    pub form: Option<String>,
}

/// Counts for one class or form.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Score {
    /// Labelled values.
    pub labelled: u64,
    /// Of them, found.
    pub found: u64,
    /// Of them, with a character that no span covers.
    pub leaking: u64,
    /// Spans that were given.
    pub given: u64,
    /// Of them, on a labelled value of their class.
    pub right: u64,
    /// `found / labelled`; null without any.
    pub recall: Option<f64>,
    /// `right / given`; null without any.
    pub precision: Option<f64>,
    /// Recall counted twice as heavy as precision.
    pub f2: Option<f64>,
}

/// The whole evaluation.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Evaluation {
    /// Documents read.
    pub documents: u64,
    /// Of them, those in which nothing leaks.
    pub clean_documents: u64,
    /// Labelled characters.
    pub labelled_characters: u64,
    /// Of them, covered by no span.
    pub leaked_characters: u64,
    /// Characters without a label.
    pub innocent_characters: u64,
    /// Of them, covered by a span.
    pub destroyed_characters: u64,
    /// Innocent values that the corpus marks.
    pub innocent_values: u64,
    /// Of them, touched by a span.
    pub destroyed_values: u64,
    /// All classes together.
    pub total: Score,
    /// By class.
    pub classes: BTreeMap<String, Score>,
    /// By class and form, as `class/form`; recall only.
    pub forms: BTreeMap<String, Score>,
}

impl Evaluation {
    /// Adds one document of `length` characters.
    pub fn add(&mut self, length: usize, labels: &[Label], innocent: &[Label], spans: &[Label]) {
        self.documents += 1;
        let mut covered = vec![false; length];
        let mut labelled = vec![false; length];
        let mark = |line: &mut Vec<bool>, all: &[Label]| {
            for one in all {
                if let Some(part) = line.get_mut(one.start..one.end.min(length)) {
                    part.fill(true);
                }
            }
        };
        mark(&mut covered, spans);
        mark(&mut labelled, labels);
        let is_same = |label: &Label, span: &Label| {
            let both = label
                .end
                .min(span.end)
                .saturating_sub(label.start.max(span.start));
            let either = label
                .end
                .max(span.end)
                .saturating_sub(label.start.min(span.start));
            label.class == span.class && both * 2 >= either && both > 0
        };
        let mut clean = true;
        for label in labels {
            let found = spans.iter().any(|span| is_same(label, span));
            let leaks = covered
                .get(label.start..label.end.min(length))
                .is_none_or(|part| part.contains(&false));
            clean &= !leaks;
            let form = label.form.as_deref().unwrap_or("unnamed");
            for score in [
                &mut self.total,
                self.classes.entry(label.class.clone()).or_default(),
                self.forms
                    .entry(format!("{}/{form}", label.class))
                    .or_default(),
            ] {
                score.labelled += 1;
                score.found += u64::from(found);
                score.leaking += u64::from(leaks);
            }
        }
        for span in spans {
            let right = labels.iter().any(|label| is_same(label, span));
            for score in [
                &mut self.total,
                self.classes.entry(span.class.clone()).or_default(),
            ] {
                score.given += 1;
                score.right += u64::from(right);
            }
        }
        self.clean_documents += u64::from(clean);
        for (covered, labelled) in covered.iter().zip(&labelled) {
            match (labelled, covered) {
                (true, covered) => {
                    self.labelled_characters += 1;
                    self.leaked_characters += u64::from(!covered);
                }
                (false, covered) => {
                    self.innocent_characters += 1;
                    self.destroyed_characters += u64::from(*covered);
                }
            }
        }
        for one in innocent {
            self.innocent_values += 1;
            let touched = covered
                .get(one.start..one.end.min(length))
                .is_some_and(|part| part.contains(&true));
            self.destroyed_values += u64::from(touched);
        }
    }

    /// Works out the ratios.
    pub fn finish(&mut self) {
        let scores = std::iter::once(&mut self.total)
            .chain(self.classes.values_mut())
            .chain(self.forms.values_mut());
        for score in scores {
            score.recall = ratio(score.found, score.labelled);
            score.precision = ratio(score.right, score.given);
            score.f2 = match (score.precision, score.recall) {
                (Some(precision), Some(recall)) if precision + recall > 0.0 => {
                    Some(5.0 * precision * recall / (4.0 * precision + recall))
                }
                (Some(_), Some(_)) => Some(0.0),
                _ => None,
            };
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of spans are far below 2^52"
)]
fn ratio(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn label(start: usize, end: usize, class: &str) -> Label {
        Label {
            start,
            end,
            class: class.to_owned(),
            form: None,
        }
    }

    #[test]
    fn counts_what_is_found_and_what_leaks() {
        let mut all = Evaluation::default();
        all.add(
            30,
            &[label(0, 10, "email"), label(12, 20, "phone")],
            &[label(22, 25, "version")],
            &[
                label(0, 8, "email"),
                label(12, 20, "email"),
                label(24, 26, "phone"),
            ],
        );
        all.finish();
        assert_eq!((all.documents, all.clean_documents), (1, 0));
        assert_eq!((all.labelled_characters, all.leaked_characters), (18, 2));
        assert_eq!((all.innocent_characters, all.destroyed_characters), (12, 2));
        assert_eq!((all.innocent_values, all.destroyed_values), (1, 1));
        let email = &all.classes["email"];
        assert_eq!(
            (email.found, email.leaking, email.given, email.right),
            (1, 1, 2, 1)
        );
        assert_eq!(email.precision, Some(0.5));
        let phone = &all.classes["phone"];
        assert_eq!(
            (phone.found, phone.leaking, phone.recall),
            (0, 0, Some(0.0))
        );
        assert_eq!(all.classes.get("vat"), None);
    }
}
