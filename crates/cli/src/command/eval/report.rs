//! The wire format of `celador eval`.

use std::collections::BTreeMap;

use celador_pii::eval::{Evaluation, Score, ratio};
use schemars::JsonSchema;
use serde::Serialize;

/// What `celador eval` says. Counts only, never a value.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct EvalReport {
    /// Always `celador.eval/v1`.
    pub(crate) schema: &'static str,
    /// This finder on the corpus.
    pub(crate) celador: Measured,
    /// The spans of `--against` on the same corpus.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) against: Option<Measured>,
    /// Labels whose type is not known here; counted as neither right nor wrong.
    pub(crate) unknown_types: BTreeMap<String, u64>,
    /// Types in the spans of `--against` that are not known here. Such spans are left out.
    pub(crate) unknown_types_against: BTreeMap<String, u64>,
    /// Lines that could not be read, by number from 1, and why.
    pub(crate) malformed: Vec<MalformedLine>,
}

/// A line that could not be read.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct MalformedLine {
    /// Its number.
    pub(crate) line: u64,
    /// What is wrong.
    pub(crate) message: String,
}

/// One finder on the corpus.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct Measured {
    /// Documents.
    pub(crate) documents: u64,
    /// Documents in which nothing leaks.
    pub(crate) clean_documents: u64,
    /// Letters and digits of labelled values.
    pub(crate) labelled_characters: u64,
    /// Of them, covered by no span.
    pub(crate) leaked_characters: u64,
    /// `leaked_characters / labelled_characters`.
    pub(crate) character_leak: Option<f64>,
    /// Characters without a label.
    pub(crate) innocent_characters: u64,
    /// Of them, letters and digits covered by a span.
    pub(crate) destroyed_characters: u64,
    /// Values that the corpus marks as innocent.
    pub(crate) innocent_values: u64,
    /// Of them, touched by a span.
    pub(crate) destroyed_values: u64,
    /// `destroyed_values / innocent_values`.
    pub(crate) destroyed: Option<f64>,
    /// Innocent values by kind.
    pub(crate) innocent: BTreeMap<String, SurvivalReport>,
    /// Spans that touch no labelled value, by class.
    pub(crate) false_spans: BTreeMap<&'static str, u64>,
    /// All classes together.
    pub(crate) total: ScoreReport,
    /// By class.
    pub(crate) classes: BTreeMap<&'static str, ScoreReport>,
    /// By class and form.
    pub(crate) forms: Vec<FormReport>,
}

/// Innocent values of one kind.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct SurvivalReport {
    /// How many.
    pub(crate) values: u64,
    /// Of them, touched by a span.
    pub(crate) destroyed: u64,
}

/// Counts and ratios. A ratio of nothing is null.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct ScoreReport {
    /// Labelled values.
    pub(crate) labelled: u64,
    /// Of them, found: a span of the class covers at least half of the two together.
    pub(crate) found: u64,
    /// Of them, with a letter or digit that no span covers.
    pub(crate) leaking: u64,
    /// Of them, with fewer than half of the letters and digits covered.
    pub(crate) readable: u64,
    /// Spans given.
    pub(crate) given: u64,
    /// Of them, on a labelled value of their class.
    pub(crate) right: u64,
    /// `found / labelled`.
    pub(crate) recall: Option<f64>,
    /// `right / given`.
    pub(crate) precision: Option<f64>,
    /// Recall counted twice as heavy as precision.
    pub(crate) f2: Option<f64>,
    /// `leaking / labelled`.
    pub(crate) leak: Option<f64>,
}

/// Values of a class written in one way.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub(crate) struct FormReport {
    /// The class.
    pub(crate) class: &'static str,
    /// The form, as the corpus calls it; `unnamed` without one.
    pub(crate) form: String,
    /// Labelled values.
    pub(crate) labelled: u64,
    /// Of them, found.
    pub(crate) found: u64,
    /// Of them, with a letter or digit that no span covers.
    pub(crate) leaking: u64,
    /// Of them, with fewer than half of the letters and digits covered.
    pub(crate) readable: u64,
    /// `found / labelled`.
    pub(crate) recall: Option<f64>,
}

impl From<&Score> for ScoreReport {
    fn from(score: &Score) -> Self {
        Self {
            labelled: score.labelled,
            found: score.found,
            leaking: score.leaking,
            readable: score.readable,
            given: score.given,
            right: score.right,
            recall: score.recall(),
            precision: score.precision(),
            f2: score.f2(),
            leak: ratio(score.leaking, score.labelled),
        }
    }
}

impl From<&Evaluation> for Measured {
    fn from(all: &Evaluation) -> Self {
        let survival = all.survival();
        Self {
            documents: all.documents,
            clean_documents: all.clean_documents,
            labelled_characters: all.labelled_characters,
            leaked_characters: all.leaked_characters,
            character_leak: ratio(all.leaked_characters, all.labelled_characters),
            innocent_characters: all.innocent_characters,
            destroyed_characters: all.destroyed_characters,
            innocent_values: survival.values,
            destroyed_values: survival.destroyed,
            destroyed: ratio(survival.destroyed, survival.values),
            innocent: all
                .innocent
                .iter()
                .map(|(kind, one)| {
                    let report = SurvivalReport {
                        values: one.values,
                        destroyed: one.destroyed,
                    };
                    (kind.clone(), report)
                })
                .collect(),
            false_spans: all
                .false_spans
                .iter()
                .map(|(class, count)| (class.name(), *count))
                .collect(),
            total: (&all.total).into(),
            classes: all
                .classes
                .iter()
                .map(|(class, score)| (class.name(), score.into()))
                .collect(),
            forms: all
                .forms
                .iter()
                .map(|((class, form), score)| FormReport {
                    class: class.name(),
                    form: form.clone(),
                    labelled: score.labelled,
                    found: score.found,
                    leaking: score.leaking,
                    readable: score.readable,
                    recall: score.recall(),
                })
                .collect(),
        }
    }
}
