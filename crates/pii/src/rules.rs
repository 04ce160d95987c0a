//! Recognisers as data: YAML rules with a shape, a checksum or a pattern.
//!
//! Everything below `rules/pii` is compiled in; a user's own files have the same
//! form. A rule without a positive and a negative example does not load, and
//! every example is tried when rules are loaded. Patterns are of the linear-time
//! kind and bounded in size, so no rule can make the scanner slow.

use std::collections::BTreeMap;

use aho_corasick::AhoCorasick;
use regex::{Regex, RegexBuilder};
use serde::Deserialize;

use crate::chain::{self, LONGEST, has_shape};
use crate::checksum::{self, Checksum};
use crate::class::Class;

/// Largest compiled pattern, in bytes.
const PATTERN: usize = 1 << 20;

/// Why rules do not load.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[error("{file}: {message}")]
pub struct RuleError {
    /// The rule file.
    pub file: String,
    /// What is wrong and what was expected.
    pub message: String,
}

/// A rule file. Field by field in `rules/pii/README.md`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: String,
    class: Class,
    #[serde(default)]
    country: Option<String>,
    name: BTreeMap<String, String>,
    #[serde(default)]
    shapes: Vec<String>,
    #[serde(default)]
    groupings: Vec<String>,
    #[serde(default)]
    checksum: Option<String>,
    #[serde(default)]
    pattern: Option<String>,
    #[serde(default)]
    anchors: Vec<String>,
    score: f64,
    #[serde(default)]
    bare_score: Option<f64>,
    #[serde(default)]
    context_score: Option<f64>,
    #[serde(default)]
    context: BTreeMap<String, Vec<String>>,
    examples: Examples,
    source: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Examples {
    positive: Vec<Positive>,
    negative: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Positive {
    text: String,
    r#match: String,
}

/// A rule that is ready to use. Scores are in hundredths.
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) class: Class,
    shapes: Vec<Vec<u8>>,
    groupings: Vec<Vec<u8>>,
    checksum: Option<Checksum>,
    /// Checked in the text's own case: some check digits depend on it.
    keeps_case: bool,
    pub(crate) pattern: Option<Regex>,
    score: u8,
    bare_score: u8,
    pub(crate) context_score: u8,
    pub(crate) context: Vec<String>,
    pub(crate) examples: Vec<(String, Option<String>)>,
    pub(crate) file: String,
}

impl Rule {
    /// Whether canonical text is one of the rule's identifiers.
    pub(crate) fn accepts(&self, canonical: &[u8], printed: &[u8]) -> bool {
        self.shapes.iter().any(|shape| has_shape(canonical, shape))
            && self
                .checksum
                .is_none_or(|check| check(if self.keeps_case { printed } else { canonical }))
    }

    /// The score without context, for the way it is printed.
    pub(crate) fn plain_score(&self, printed: &[u8]) -> u8 {
        if printed.iter().all(u8::is_ascii_alphanumeric) {
            self.bare_score
        } else if self.groupings.iter().any(|shape| has_shape(printed, shape)) {
            self.score
        } else {
            0
        }
    }
}

/// Every rule, with what finds the few that can apply.
pub(crate) struct Rules {
    pub(crate) all: Vec<Rule>,
    /// Rules by the canonical lengths of their shapes.
    by_length: [Vec<u16>; LONGEST + 1],
    /// Finds the anchors of patterns.
    pub(crate) anchors: Option<AhoCorasick>,
    /// The rule of each anchor.
    pub(crate) anchored: Vec<u16>,
    /// Rules whose pattern has no anchor.
    pub(crate) free: Vec<u16>,
}

const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

impl Rules {
    /// The rules that are compiled in, and a user's own: file name and text.
    pub(crate) fn load(own: &[(String, String)]) -> Result<Self, RuleError> {
        let embedded = FILES.iter().copied();
        let own = own
            .iter()
            .map(|(file, text)| (file.as_str(), text.as_str()));
        let mut all: Vec<Rule> = Vec::new();
        let mut anchors = Vec::new();
        let (mut anchored, mut free) = (Vec::new(), Vec::new());
        for (file, text) in embedded.chain(own) {
            let error = |message: String| RuleError {
                file: file.to_owned(),
                message,
            };
            let parsed: File =
                serde_saphyr::from_str(text).map_err(|cause| error(cause.to_string()))?;
            if all.iter().any(|rule| rule.id == parsed.id) {
                return Err(error(format!("the id \"{}\" is taken", parsed.id)));
            }
            let index =
                u16::try_from(all.len()).map_err(|_| error("more than 65,535 rules".to_owned()))?;
            if parsed.pattern.is_some() {
                if parsed.anchors.is_empty() {
                    free.push(index);
                }
                for anchor in &parsed.anchors {
                    if anchor.len() < 2 {
                        return Err(error("an anchor needs two bytes or more".to_owned()));
                    }
                    anchors.push(anchor.clone());
                    anchored.push(index);
                }
            }
            all.push(compile(file, parsed).map_err(error)?);
        }
        let mut by_length: [Vec<u16>; LONGEST + 1] = std::array::from_fn(|_| Vec::new());
        for (index, rule) in (0u16..).zip(&all) {
            for shape in &rule.shapes {
                let list = &mut by_length[shape.len()];
                if list.last() != Some(&index) {
                    list.push(index);
                }
            }
        }
        let anchors = if anchors.is_empty() {
            None
        } else {
            Some(AhoCorasick::new(&anchors).map_err(|cause| RuleError {
                file: "anchors".to_owned(),
                message: cause.to_string(),
            })?)
        };
        Ok(Self {
            all,
            by_length,
            anchors,
            anchored,
            free,
        })
    }

    /// The rules that have a shape of a length.
    pub(crate) fn of_length(&self, length: usize) -> impl Iterator<Item = (u16, &Rule)> {
        self.by_length
            .get(length)
            .into_iter()
            .flatten()
            .map(|&index| (index, &self.all[usize::from(index)]))
    }
}

fn hundredths(score: f64, what: &str) -> Result<u8, String> {
    if (0.0..=1.0).contains(&score) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "between 0 and 100"
        )]
        return Ok((score * 100.0).round() as u8);
    }
    Err(format!("{what} is {score}; expected 0 to 1"))
}

fn compile(file: &str, parsed: File) -> Result<Rule, String> {
    let shape_of = |text: &String| text.as_bytes().to_vec();
    let shapes: Vec<Vec<u8>> = parsed.shapes.iter().map(shape_of).collect();
    let wrong = |shape: &&Vec<u8>| {
        shape.is_empty()
            || shape.len() > chain::LONGEST
            || !shape
                .iter()
                .all(|byte| matches!(byte, b'9' | b'A' | b'*' | b'a'..=b'z'))
    };
    if let Some(shape) = shapes.iter().find(wrong) {
        return Err(format!(
            "the shape \"{}\" is not 1 to {LONGEST} of 9, A, * and small letters",
            String::from_utf8_lossy(shape)
        ));
    }
    if shapes.is_empty() == parsed.pattern.is_none() {
        return Err("a rule has either shapes or a pattern".to_owned());
    }
    let checksum = parsed
        .checksum
        .as_deref()
        .map(|name| {
            checksum::by_name(name).ok_or_else(|| format!("there is no checksum \"{name}\""))
        })
        .transpose()?;
    let pattern = parsed
        .pattern
        .as_deref()
        .map(|pattern| {
            RegexBuilder::new(pattern)
                .size_limit(PATTERN)
                .dfa_size_limit(PATTERN)
                .build()
                .map_err(|cause| cause.to_string())
        })
        .transpose()?;
    if parsed.examples.positive.is_empty() || parsed.examples.negative.is_empty() {
        return Err("a rule needs a positive and a negative example".to_owned());
    }
    let mut examples = Vec::new();
    for example in parsed.examples.positive {
        if !example.text.contains(&example.r#match) || example.r#match.is_empty() {
            return Err("a positive example's text must contain its match".to_owned());
        }
        examples.push((example.text, Some(example.r#match)));
    }
    examples.extend(
        parsed
            .examples
            .negative
            .into_iter()
            .map(|text| (text, None)),
    );
    let score = hundredths(parsed.score, "score")?;
    let context_score = parsed
        .context_score
        .map_or(Ok(score), |value| hundredths(value, "context_score"))?;
    let context = parsed
        .context
        .into_values()
        .flatten()
        .map(|word| {
            let mut plain = String::new();
            crate::context::normalise(&word.to_lowercase(), &mut plain);
            plain
        })
        .collect();
    Ok(Rule {
        id: parsed.id,
        class: parsed.class,
        shapes,
        groupings: parsed.groupings.iter().map(shape_of).collect(),
        keeps_case: parsed.class == Class::CryptoWallet,
        checksum,
        pattern,
        score,
        bare_score: parsed
            .bare_score
            .map_or(Ok(score), |value| hundredths(value, "bare_score"))?,
        context_score,
        context,
        examples,
        file: file.to_owned(),
    })
}
