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
use crate::keys::Keys;
use crate::lexicon::{Lexicon, topic};
use crate::phone::Region;
use crate::triggers::{Starts, Words};

/// Largest compiled pattern, in bytes.
const PATTERN: usize = 1 << 20;

/// The same of a user's.
const OWN_PATTERN: usize = 1 << 18;

/// The least score of an identifier of a region that is expected.
const EXPECTED: u8 = 60;

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
#[cfg_attr(
    feature = "schema",
    derive(schemars::JsonSchema),
    schemars(rename = "Rule")
)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
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
    #[serde(default)]
    starts: Vec<String>,
    #[serde(default)]
    keys: Vec<String>,
    score: f64,
    #[serde(default)]
    bare_score: Option<f64>,
    #[serde(default)]
    loose_score: Option<f64>,
    #[serde(default)]
    unchecked_score: Option<f64>,
    #[serde(default)]
    context_score: Option<f64>,
    #[serde(default)]
    context: BTreeMap<String, Vec<String>>,
    examples: Examples,
    source: String,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Examples {
    positive: Vec<Positive>,
    negative: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct Positive {
    text: String,
    r#match: String,
}

/// A user's rule: the text of a file, or what was read of a configuration.
#[derive(Clone)]
pub(crate) enum Source {
    Text(String),
    Read(Box<File>),
}

/// A rule that is ready to use. Scores are in hundredths.
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) class: Class,
    country: Option<String>,
    shapes: Vec<Vec<u8>>,
    groupings: Vec<Vec<u8>>,
    checksum: Option<Checksum>,
    /// Checked in the text's own case: some check digits depend on it.
    keeps_case: bool,
    pub(crate) pattern: Option<Regex>,
    /// The pattern from a text's first byte on, for a rule with `starts`.
    pub(crate) start: Option<Regex>,
    /// Most bytes of a match, where the pattern tells.
    pub(crate) longest: Option<usize>,
    score: u8,
    bare_score: u8,
    loose_score: u8,
    /// With a word right before, though the check digits are wrong.
    pub(crate) unchecked_score: u8,
    pub(crate) context_score: u8,
    pub(crate) context: Vec<String>,
    /// Whether its value can be a word that stands for none.
    named: bool,
    /// Whether its pattern is ideographs and then digits: a digit right after
    /// one is its trigger.
    ideographic: bool,
    pub(crate) examples: Vec<(String, Option<String>)>,
    pub(crate) file: String,
}

impl Rule {
    /// Its country is expected: right check digits are enough without a word, where
    /// it is printed in its groups or never of digits alone. Digits in a row stay as
    /// they are, since one in ten or so of any others has the check digit too.
    fn expect(&mut self) {
        if self.checksum.is_none() || self.shapes.is_empty() {
            return;
        }
        self.score = self.score.max(EXPECTED);
        let lettered = |shape: &Vec<u8>| shape.iter().any(|byte| *byte != b'9' && *byte != b'*');
        if self.shapes.iter().all(lettered) {
            self.bare_score = self.bare_score.max(EXPECTED);
        }
    }

    /// Whether canonical text is one of the rule's identifiers.
    pub(crate) fn accepts(&self, canonical: &[u8], printed: &[u8]) -> bool {
        self.shapes.iter().any(|shape| has_shape(canonical, shape))
            && self
                .checksum
                .is_none_or(|check| check(if self.keeps_case { printed } else { canonical }))
    }

    /// Whether a value that its check digits refuse is printed like one of the
    /// rule's: people mistype, and what they call a tax number is hidden as one.
    /// Right after its word (`near`) any print will do.
    pub(crate) fn is_printed_like(&self, canonical: &[u8], printed: &[u8], near: bool) -> bool {
        let mut digits = canonical.iter().filter(|byte| byte.is_ascii_digit());
        let first = digits.next();
        digits.any(|digit| Some(digit) != first)
            && self.shapes.iter().any(|shape| has_shape(canonical, shape))
            && (near && is_even(printed) || self.print(printed, false) != Print::Loose)
    }

    fn print(&self, printed: &[u8], column: bool) -> Print {
        let mut room = [0; 128];
        let whole = chain::unwrapped(printed, &mut room)
            .filter(|_| !column)
            .unwrap_or(printed);
        let grouped = |text: &[u8]| {
            self.groupings
                .iter()
                .any(|shape| chain::is_printed_as(text, shape))
        };
        if whole.iter().all(u8::is_ascii_alphanumeric) {
            return Print::Bare;
        }
        if grouped(printed) || whole.len() < printed.len() && grouped(whole) {
            return Print::Grouped;
        }
        // "4 1 1 1 - 1 1 1 1 - …": what every character is set apart from is read
        // without the spaces.
        let mut room = [0; 128];
        match chain::closed_up(whole, &mut room) {
            Some(whole) if whole.iter().all(u8::is_ascii_alphanumeric) => Print::Loose,
            Some(whole) if grouped(whole) => Print::Grouped,
            _ => Print::Loose,
        }
    }

    /// Whether what its pattern found has the rule's check digits.
    pub(crate) fn checks(&self, value: &[u8]) -> bool {
        self.checksum.is_none_or(|check| check(value))
    }

    /// Whether a setting's value stands for none: a variable, a mask, a word
    /// such as "none".
    pub(crate) fn placeholder(&self, value: &str) -> bool {
        const WORDS: &[&str] = &[
            "admin",
            "administrator",
            "root",
            "guest",
            "system",
            "anonymous",
            "null",
            "none",
            "true",
            "false",
            "undefined",
            "required",
            "optional",
            "string",
            "redacted",
            "hidden",
            "masked",
            "removed",
            "example",
            "changeme",
            "secret",
            "password",
            "process",
            "config",
            "settings",
            "environ",
            "self",
            "this",
            "request",
            "invalid",
            "incorrect",
            "expired",
            "missing",
            "unknown",
            "empty",
            "default",
        ];
        self.named && {
            let lone = value
                .bytes()
                .all(|byte| matches!(byte, b'*' | b'x' | b'X' | b'.' | b'-'));
            let head = value.split(['.', '(', '[']).next().unwrap_or(value);
            // A type of a programming language.
            lone || value.ends_with("_t")
                || WORDS.iter().any(|word| head.eq_ignore_ascii_case(word))
        }
    }

    /// The score without context, for the way it is printed.
    /// Lines of a `column` of numbers are hardly one.
    pub(crate) fn plain_score(&self, printed: &[u8], column: bool) -> u8 {
        match self.print(printed, column) {
            Print::Bare => self.bare_score,
            Print::Grouped => self.score,
            Print::Loose if is_even(printed) && !is_list(printed) => self.loose_score,
            Print::Loose => 0,
        }
    }

    /// Whether it says nothing without a word nearby.
    pub(crate) fn needs_context(&self) -> bool {
        self.score == 0 && self.bare_score == 0 && !self.context.is_empty()
    }
}

/// Whether it looks like a list of small numbers.
fn is_list(printed: &[u8]) -> bool {
    let groups = || printed.split(|byte| !byte.is_ascii_alphanumeric());
    let digits = |group: &[u8]| group.iter().all(u8::is_ascii_digit);
    groups().count() > 6
        && groups().all(digits)
        && groups().any(|group| group.len() == 1)
        && groups().any(|group| group.len() > 1)
}

/// Whether one kind of sign, or white space, stands between the groups, or spaces
/// between all characters.
fn is_even(printed: &[u8]) -> bool {
    let mut signs = printed
        .iter()
        .filter(|byte| !byte.is_ascii_alphanumeric())
        .map(|byte| {
            if byte.is_ascii_whitespace() {
                b' '
            } else {
                *byte
            }
        });
    let first = signs.next();
    signs.all(|sign| Some(sign) == first)
        || chain::closed_up(printed, &mut [0; 128])
            .is_some_and(|closed| closed.len() * 2 <= printed.len() + 1)
}

/// How a value is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Print {
    Bare,
    Grouped,
    Loose,
}

/// One shape of one rule: masks over its characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Slot {
    digits: u64,
    letters: u64,
    pub(crate) rule: u16,
}

impl Slot {
    /// Whether digits stand where the shape has them, and letters. What it says
    /// beyond that, [`Rule::accepts`] asks.
    pub(crate) fn fits(&self, digits: u64) -> bool {
        digits & self.digits == self.digits && digits & self.letters == 0
    }
}

/// The shapes of one length.
#[derive(Debug, Default)]
pub(crate) struct Shapes {
    /// Of rules that say something without context.
    pub(crate) alone: Vec<Slot>,
    /// Of those that need a word.
    pub(crate) named: Vec<Slot>,
    /// Whose `named` are, as a bit set.
    pub(crate) owners: Vec<u64>,
}

impl Shapes {
    /// Adds a shape; one of several that the masks cannot tell apart is enough.
    fn add(&mut self, slot: Slot, standalone: bool) {
        let list = if standalone {
            &mut self.alone
        } else {
            let place = usize::from(slot.rule) / 64;
            if self.owners.len() <= place {
                self.owners.resize(place + 1, 0);
            }
            self.owners[place] |= 1 << (slot.rule % 64);
            &mut self.named
        };
        if !list.contains(&slot) {
            list.push(slot);
        }
    }
}

/// Every rule, with what finds the few that can apply.
pub(crate) struct Rules {
    pub(crate) all: Vec<Rule>,
    /// Shapes by length: those that are met by digits alone, and the others.
    numbers: [Shapes; LONGEST + 1],
    mixed: [Shapes; LONGEST + 1],
    /// The words of every rule and topic.
    pub(crate) lexicon: Lexicon,
    /// Rules that a key before `:` or `=` triggers.
    pub(crate) keys: Keys,
    /// Beginnings of long tokens, and the rule of each.
    pub(crate) starts: Starts,
    /// Rules that a digit right after an ideograph triggers.
    pub(crate) ideographic: Vec<u16>,
    /// Rules that `://` triggers.
    pub(crate) urls: Vec<u16>,
    /// Finds the anchors of the patterns that are compiled in, and words for `@`.
    pub(crate) words: Words,
    /// Finds the anchors of a user's patterns, which may overlap.
    pub(crate) anchors: Option<AhoCorasick>,
    /// The rule of each of a user's anchors.
    pub(crate) anchored: Vec<u16>,
    /// Rules whose pattern has no anchor.
    pub(crate) free: Vec<u16>,
}

const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/rules.rs"));

impl Rules {
    /// The rules that are compiled in, and a user's own: file name and text.
    pub(crate) fn load(own: &[(String, Source)], regions: &[Region]) -> Result<Self, RuleError> {
        let embedded = FILES
            .iter()
            .map(|&(file, text)| (file, read(file, text, PATTERN)));
        let own = own.iter().map(|(file, source)| {
            let rule = match source {
                Source::Text(text) => read(file, text, OWN_PATTERN),
                Source::Read(rule) => take(file, (**rule).clone(), OWN_PATTERN, str::to_owned),
            };
            (file.as_str(), rule)
        });
        let mut all: Vec<Rule> = Vec::new();
        let mut anchors = Vec::new();
        let (mut anchored, mut free) = (Vec::new(), Vec::new());
        let (mut words, mut ideographic) = (Vec::new(), Vec::new());
        let (mut starts, mut keys, mut urls) = (Vec::new(), Vec::new(), Vec::new());
        for (file, rule) in embedded.chain(own) {
            let error = |message: String| RuleError {
                file: file.to_owned(),
                message,
            };
            let (triggers, mut rule) = rule?;
            let home = |region: &Region| {
                rule.country
                    .as_deref()
                    .is_some_and(|own| own.eq_ignore_ascii_case(region.id()))
            };
            if regions.iter().any(home) {
                rule.expect();
            }
            if all.iter().any(|other| other.id == rule.id) {
                return Err(error("the id is taken by another rule".to_owned()));
            }
            let index =
                u16::try_from(all.len()).map_err(|_| error("more than 65,535 rules".to_owned()))?;
            if index >= topic::FIRST {
                return Err(error("too many rules".to_owned()));
            }
            if rule.pattern.is_some()
                && !rule.ideographic
                && triggers.starts.is_empty()
                && triggers.keys.is_empty()
                && triggers.anchors.is_empty()
            {
                free.push(index);
            }
            if rule.ideographic {
                ideographic.push(index);
            }
            starts.extend(triggers.starts.into_iter().map(|text| (text, index)));
            keys.extend(triggers.keys.into_iter().map(|key| (key, index)));
            for anchor in triggers.anchors {
                if anchor == "://" {
                    urls.push(index);
                } else if all.len() < FILES.len() {
                    if !rule.ideographic {
                        words.push((anchor, Some(index)));
                    }
                } else {
                    anchors.push(anchor);
                    anchored.push(index);
                }
            }
            all.push(rule);
        }
        let mut numbers: [Shapes; LONGEST + 1] = std::array::from_fn(|_| Shapes::default());
        let mut mixed: [Shapes; LONGEST + 1] = std::array::from_fn(|_| Shapes::default());
        for (index, rule) in (0u16..).zip(&all) {
            for shape in &rule.shapes {
                let mut slot = Slot {
                    digits: 0,
                    letters: 0,
                    rule: index,
                };
                for (place, byte) in shape.iter().enumerate() {
                    match byte {
                        b'9' => slot.digits |= 1 << place,
                        b'*' => {}
                        _ => slot.letters |= 1 << place,
                    }
                }
                let standalone = rule.score > 0 || rule.bare_score > 0;
                if slot.letters == 0 {
                    numbers[shape.len()].add(slot, standalone);
                }
                if slot.digits.count_ones() as usize != shape.len() {
                    mixed[shape.len()].add(slot, standalone);
                }
            }
        }
        let topics = crate::topics::TOPICS
            .iter()
            .flat_map(|(owner, words)| words.iter().map(|word| (*word, *owner)));
        let lexicon = Lexicon::new(
            (0u16..)
                .zip(&all)
                .flat_map(|(index, rule)| {
                    rule.context.iter().map(move |word| (word.as_str(), index))
                })
                .chain(topics)
                .chain(crate::phone::topics().map(|(word, owner)| -> (&str, _) { (word, owner) })),
        );
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
            numbers,
            mixed,
            lexicon,
            keys: Keys::new(keys),
            starts: Starts::new(starts),
            ideographic,
            urls,
            words: Words::new(words).map_err(|message| RuleError {
                file: "anchors".to_owned(),
                message,
            })?,
            anchors,
            anchored,
            free,
        })
    }

    /// A rule by its number.
    pub(crate) fn rule(&self, index: u16) -> &Rule {
        &self.all[usize::from(index)]
    }

    /// The shapes that text of a length can have, by which of it are digits.
    pub(crate) fn shapes(&self, length: usize, digits: u64) -> Option<&Shapes> {
        let lists = if digits.count_ones() as usize == length {
            &self.numbers
        } else {
            &self.mixed
        };
        lists.get(length)
    }
}

/// Where a file is wrong and how, without anything of its text but the names of
/// fields: an example may be somebody's.
pub(crate) fn place(cause: &serde_saphyr::Error, what: &str) -> String {
    let place = cause.location().map_or_else(String::new, |place| {
        format!("line {}, column {}: ", place.line(), place.column())
    });
    let said = cause.without_snippet().to_string();
    let about = ["unknown field", "missing field", "duplicate field"]
        .into_iter()
        .find_map(|kind| {
            let tail = said.get(said.find(kind)?..)?;
            let name = tail.split('`').nth(1)?;
            let plain = name.len() <= 24
                && name
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            plain.then(|| format!("{kind} `{name}`"))
        });
    format!(
        "{place}{}",
        about.unwrap_or_else(|| format!("not the form of {what}"))
    )
}

/// Whether a rule file has the right form, without trying its examples.
///
/// # Errors
/// What is wrong, and where.
pub fn check(file: &str, text: &str) -> Result<(), RuleError> {
    read(file, text, OWN_PATTERN).map(|_| ())
}

fn read(file: &str, text: &str, limit: usize) -> Result<(Triggers, Rule), RuleError> {
    let parsed: File = serde_saphyr::from_str(text).map_err(|cause| RuleError {
        file: file.to_owned(),
        message: place(&cause, "a rule"),
    })?;
    take(file, parsed, limit, |message| {
        // The line of the field that the message begins with, if it does.
        let field = message.split(' ').next().unwrap_or("");
        let line = (1..).zip(text.lines()).find(|(_, line)| {
            line.strip_prefix(field)
                .is_some_and(|rest| rest.starts_with(':'))
        });
        line.map_or_else(
            || message.to_owned(),
            |(line, _)| format!("line {line}: {message}"),
        )
    })
}

/// Makes a rule of what was read; `locate` adds the place to what is wrong.
fn take(
    file: &str,
    parsed: File,
    limit: usize,
    locate: impl Fn(&str) -> String,
) -> Result<(Triggers, Rule), RuleError> {
    let error = |message: String| RuleError {
        file: file.to_owned(),
        message,
    };
    let triggers = Triggers {
        starts: parsed.starts.clone(),
        keys: parsed.keys.clone(),
        anchors: parsed.anchors.clone(),
    };
    if triggers.anchors.iter().any(|anchor| anchor.len() < 2) {
        return Err(error("an anchor needs two bytes or more".to_owned()));
    }
    let rule = compile(file, parsed, limit).map_err(|message| error(locate(&message)))?;
    Ok((triggers, rule))
}

/// What makes a rule's pattern be tried.
struct Triggers {
    starts: Vec<String>,
    keys: Vec<String>,
    anchors: Vec<String>,
}

pub(crate) fn hundredths(score: f64, what: &str) -> Result<u8, String> {
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

/// A pattern whose word borders are those of ASCII: Japanese goes on right after a
/// value.
fn ascii_borders(pattern: &str) -> String {
    pattern.replace(r"\b", r"(?-u:\b)")
}

fn compile(file: &str, parsed: File, limit: usize) -> Result<Rule, String> {
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
            "shapes are 1 to {LONGEST} of 9, A, * and small letters, not {} characters such as these",
            shape.len()
        ));
    }
    if shapes.is_empty() == parsed.pattern.is_none() {
        return Err("id: a rule has either shapes or a pattern".to_owned());
    }
    let checksum = parsed
        .checksum
        .as_deref()
        .map(|name| {
            checksum::by_name(name).ok_or_else(|| {
                format!(
                    "checksum `{}` is none of the known",
                    name.chars().take(24).collect::<String>()
                )
            })
        })
        .transpose()?;
    let pattern = parsed
        .pattern
        .as_deref()
        .map(|pattern| {
            RegexBuilder::new(&ascii_borders(pattern))
                .size_limit(limit)
                .dfa_size_limit(PATTERN)
                .build()
                .map_err(|cause| match cause {
                    regex::Error::CompiledTooBig(limit) => {
                        format!("pattern is larger than {limit} bytes when compiled")
                    }
                    _ => "pattern is no regular expression".to_owned(),
                })
        })
        .transpose()?;
    let start = match &parsed.pattern {
        Some(pattern) if !parsed.starts.is_empty() => {
            let anchored = RegexBuilder::new(&format!(r"\A(?:{})", ascii_borders(pattern)))
                .size_limit(limit)
                .dfa_size_limit(PATTERN)
                .build();
            Some(anchored.map_err(|_| "pattern is no regular expression".to_owned())?)
        }
        _ => None,
    };
    let longest = parsed.pattern.as_deref().and_then(|pattern| {
        regex_syntax::parse(pattern)
            .ok()?
            .properties()
            .maximum_len()
    });
    if parsed.examples.positive.is_empty() || parsed.examples.negative.is_empty() {
        return Err("examples need a positive and a negative one".to_owned());
    }
    let mut examples = Vec::new();
    for example in parsed.examples.positive {
        if !example.text.contains(&example.r#match) || example.r#match.is_empty() {
            return Err("examples: a positive one's text must contain its match".to_owned());
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
            crate::lexicon::normalise(&word.to_lowercase(), &mut plain);
            plain
        })
        .collect();
    Ok(Rule {
        id: parsed.id,
        class: parsed.class,
        country: parsed.country,
        shapes,
        groupings: parsed.groupings.iter().map(shape_of).collect(),
        keeps_case: parsed.class == Class::CryptoWallet,
        checksum,
        pattern,
        start,
        longest,
        score,
        bare_score: parsed
            .bare_score
            .map_or(Ok(score), |value| hundredths(value, "bare_score"))?,
        unchecked_score: parsed
            .unchecked_score
            .map_or(Ok(0), |value| hundredths(value, "unchecked_score"))?,
        loose_score: parsed
            .loose_score
            .map_or(Ok(0), |value| hundredths(value, "loose_score"))?,
        context_score,
        context,
        named: !parsed.keys.is_empty(),
        ideographic: parsed
            .pattern
            .as_deref()
            .is_some_and(|pattern| pattern.starts_with(r"(?P<value>\p{Han}{1")),
        examples,
        file: file.to_owned(),
    })
}
