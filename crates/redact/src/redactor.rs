//! A profile at work: the changes that redact one value.
//!
//! A value is scanned; what is found and is not our own writing is changed; the
//! result is scanned again, since taking one value away can uncover another, until
//! nothing is found. So redacting the result changes nothing (for operators that
//! mark what they write).

use std::fmt::Write as _;
use std::ops::Range;

use celador_pii::canonical::Canonical;
use celador_pii::{Class, Scanner, ScannerBuilder, Scratch, Span, calendar};
use data_encoding::BASE64URL_NOPAD;

use crate::key::{Key, KeyRing};
use crate::operator::Operator;
use crate::profile::{FieldRule, Profile};
use crate::token::{self, label_name};
use crate::{format_preserving, generalise};

/// Times that a value is scanned again. Two are enough for nearly all.
const ROUNDS: usize = 6;

/// A redactor that cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RedactError {
    /// Rules do not load.
    #[error("the scanner's rules do not load")]
    Rules(#[from] celador_pii::rules::RuleError),
    /// An operator's key is missing.
    #[error("operator \"{0}\" needs a key")]
    NoKey(&'static str),
}

/// A profile with its keys and a scanner; shared between threads.
pub struct Redactor {
    profile: Profile,
    keys: KeyRing,
    scanner: Scanner,
    shapes: bool,
}

impl Redactor {
    /// `builder` has the caller's own rules and choices; the profile's least score
    /// and allow list are added.
    pub fn new(
        profile: Profile,
        keys: KeyRing,
        mut builder: ScannerBuilder,
    ) -> Result<Self, RedactError> {
        if let Some(score) = profile.min_score {
            builder = builder.min_score(score);
        }
        builder = builder.regions(profile.region);
        for value in &profile.allow {
            builder = builder.allow(value);
        }
        let inside = profile.fields.values().flat_map(|rule| match rule {
            FieldRule::Leave => Vec::new(),
            FieldRule::Whole(operator, _) => vec![*operator],
            FieldRule::Inside(classes) => classes.values().copied().collect(),
        });
        let all: Vec<Operator> = inside
            .chain(Class::ALL.map(|class| profile.operator(class)))
            .collect();
        if keys.current().is_none()
            && let Some(operator) = all.iter().find(|operator| operator.needs_key())
        {
            return Err(RedactError::NoKey(operator.name()));
        }
        let shapes = all.contains(&Operator::Pseudonym { shape: true });
        Ok(Self {
            scanner: builder.build()?,
            profile,
            keys,
            shapes,
        })
    }

    /// The profile.
    pub fn profile(&self) -> &Profile {
        &self.profile
    }

    /// The scanner.
    pub fn scanner(&self) -> &Scanner {
        &self.scanner
    }

    /// The keys.
    pub fn keys(&self) -> &KeyRing {
        &self.keys
    }

    /// One thread's worker.
    pub fn worker(&self) -> Worker<'_> {
        Worker {
            redactor: self,
            scratch: Scratch::default(),
            spans: Vec::new(),
            canonical: Canonical::new(self.profile.region, self.profile.order),
            tokens: Vec::new(),
            changes: Vec::new(),
            fresh: Vec::new(),
            texts: String::new(),
            again: String::new(),
            subject: String::new(),
            number: false,
        }
    }
}

/// What stands instead of some bytes of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Bytes of the value.
    pub range: Range<usize>,
    /// What was there, where a class is known.
    pub class: Option<Class>,
    /// What was done.
    pub operator: Operator,
    /// Whether the operator asked for could not be used, and a label stands there.
    pub fell_back: bool,
    with: Range<usize>,
}

/// Redacts one value after the other; keeps its memory.
pub struct Worker<'a> {
    redactor: &'a Redactor,
    scratch: Scratch,
    spans: Vec<Span>,
    canonical: Canonical,
    tokens: Vec<Range<usize>>,
    changes: Vec<Change>,
    /// Of the round at work.
    fresh: Vec<Change>,
    /// What the changes write.
    texts: String,
    /// The value with the changes so far.
    again: String,
    subject: String,
    number: bool,
}

impl Worker<'_> {
    /// Whose record the next values are of: dates of one subject move together.
    pub fn set_subject(&mut self, subject: &str) {
        self.subject.clear();
        self.subject.push_str(subject.trim());
    }

    /// Whether the next values are numbers, so that one in its format is one too.
    pub fn set_number(&mut self, number: bool) {
        self.number = number;
    }

    /// What a change writes.
    pub fn text(&self, change: &Change) -> &str {
        self.texts.get(change.with.clone()).unwrap_or("")
    }

    /// A change of the value that was redacted last, and what it writes.
    pub fn change(&self, index: usize) -> Option<(&Change, &str)> {
        let change = self.changes.get(index)?;
        Some((change, self.text(change)))
    }

    /// A text as it is after redaction; for what is short.
    pub fn redacted(&mut self, field: &str, text: &str) -> String {
        let mut out = text.to_owned();
        self.redact(field, text);
        for index in (0..self.changes.len()).rev() {
            if let Some((change, with)) = self.change(index) {
                out.replace_range(change.range.clone(), with);
            }
        }
        out
    }

    /// Whether a member's name holds personal data.
    pub fn is_personal(&mut self, name: &str) -> bool {
        self.redactor
            .scanner
            .scan_with(&mut self.scratch, name, "", &mut self.spans);
        !self.spans.is_empty()
    }

    /// Whether the profile says something of a field.
    pub fn is_ruled(&self, field: &str) -> bool {
        self.redactor.profile.field(field).is_some()
    }

    /// The changes that redact the value of a field, in order.
    pub fn redact(&mut self, field: &str, text: &str) -> &[Change] {
        self.changes.clear();
        self.texts.clear();
        let redactor = self.redactor;
        let rule = redactor.profile.field(field);
        match rule {
            Some(FieldRule::Leave) => return &[],
            Some(FieldRule::Whole(operator, class)) => {
                self.whole(field, text, *operator, *class);
                return &self.changes;
            }
            Some(FieldRule::Inside(_)) | None => {}
        }
        redactor
            .scanner
            .scan_with(&mut self.scratch, text, field, &mut self.spans);
        if self.spans.is_empty() {
            return &[];
        }
        self.round(text, rule);
        for _ in 0..ROUNDS {
            if self.fresh.is_empty() {
                break;
            }
            self.changes.append(&mut self.fresh);
            self.changes
                .sort_unstable_by_key(|change| change.range.start);
            self.apply(text);
            let again = std::mem::take(&mut self.again);
            redactor
                .scanner
                .scan_with(&mut self.scratch, &again, field, &mut self.spans);
            if !self.spans.is_empty() {
                self.round(&again, rule);
                self.map_back();
            }
            self.again = again;
        }
        &self.changes
    }

    /// The value with the changes.
    fn apply(&mut self, text: &str) {
        self.again.clear();
        let mut at = 0;
        for change in &self.changes {
            self.again
                .push_str(text.get(at..change.range.start).unwrap_or(""));
            self.again
                .push_str(self.texts.get(change.with.clone()).unwrap_or(""));
            at = change.range.end;
        }
        self.again.push_str(text.get(at..).unwrap_or(""));
    }

    /// The places of the changes in the changed text.
    fn written(&self) -> Vec<Range<usize>> {
        let (mut gone, mut added) = (0, 0);
        self.changes
            .iter()
            .map(|change| {
                let start = change.range.start - gone + added;
                gone += change.range.len();
                added += change.with.len();
                start..start + change.with.len()
            })
            .collect()
    }

    /// Places of the fresh changes, from the changed text to the original one.
    fn map_back(&mut self) {
        let written = self.written();
        for fresh in &mut self.fresh {
            let before = written.partition_point(|range| range.end <= fresh.range.start);
            let Some(last) = before.checked_sub(1) else {
                continue;
            };
            if let (Some(change), Some(range)) = (self.changes.get(last), written.get(last)) {
                let delta = |at: usize| change.range.end + (at - range.end);
                fresh.range = delta(fresh.range.start)..delta(fresh.range.end);
            }
        }
    }

    /// Makes `fresh` the changes for the spans of a text that are not our writing.
    fn round(&mut self, text: &str, rule: Option<&FieldRule>) {
        self.fresh.clear();
        let mut tokens = std::mem::take(&mut self.tokens);
        token::find(text, self.redactor.shapes, &mut tokens);
        tokens.extend(self.written());
        tokens.sort_unstable_by_key(|range| (range.start, range.end));
        let mut spans = std::mem::take(&mut self.spans);
        for span in spans.drain(..) {
            let operator = match rule {
                Some(FieldRule::Inside(classes)) => classes.get(&span.class).copied(),
                _ => None,
            };
            let operator = operator.unwrap_or_else(|| self.redactor.profile.operator(span.class));
            if operator == Operator::Leave {
                continue;
            }
            // What tokens leave of it, piece by piece.
            let mut at = span.start;
            let first = tokens.partition_point(|range| range.end <= span.start);
            for token in tokens
                .iter()
                .skip(first)
                .take_while(|range| range.start < span.end)
            {
                self.piece(text, at..token.start, span.class, operator);
                at = at.max(token.end);
            }
            self.piece(text, at..span.end, span.class, operator);
        }
        self.spans = spans;
        self.tokens = tokens;
    }

    fn piece(&mut self, text: &str, range: Range<usize>, class: Class, operator: Operator) {
        if range.start >= range.end {
            return;
        }
        let Some(value) = text.get(range.clone()) else {
            return;
        };
        if !value.chars().any(char::is_alphanumeric) {
            return;
        }
        let outer = value.len() - value.trim_start().len();
        let value = value.trim();
        if operator == (Operator::Pseudonym { shape: true })
            && class == Class::IpAddress
            && is_reserved(self.canonical.form(class, value))
        {
            return;
        }
        let start = range.start + outer;
        self.replace(
            start..start + value.len(),
            value,
            Some(class),
            operator,
            false,
        );
    }

    /// A field whose whole value is replaced.
    fn whole(&mut self, field: &str, text: &str, operator: Operator, class: Option<Class>) {
        let value = text.trim();
        if operator == Operator::Leave || value.is_empty() {
            return;
        }
        let mut tokens = std::mem::take(&mut self.tokens);
        token::find(value, true, &mut tokens);
        let ours = tokens
            .first()
            .is_some_and(|token| *token == (0..value.len()));
        self.tokens = tokens;
        if ours && operator != Operator::Drop {
            return;
        }
        // Who restores it cannot know what the scanner would have said.
        let is_asked = operator != Operator::FormatPreserving;
        let class = class.or_else(|| {
            if !is_asked {
                return None;
            }
            self.redactor
                .scanner
                .scan_with(&mut self.scratch, value, field, &mut self.spans);
            let whole = self
                .spans
                .iter()
                .find(|span| span.start == 0 && span.end == value.len());
            whole.map(|span| span.class)
        });
        let outer = text.len() - text.trim_start().len();
        self.replace(outer..outer + value.len(), value, class, operator, true);
        self.changes.append(&mut self.fresh);
        // `leave` what is general already.
        self.changes
            .retain(|change| self.texts.get(change.with.clone()) != text.get(change.range.clone()));
    }

    fn replace(
        &mut self,
        range: Range<usize>,
        value: &str,
        class: Option<Class>,
        operator: Operator,
        whole: bool,
    ) {
        let from = self.texts.len();
        let done = self.write(value, class, operator, whole).is_some();
        if !done {
            self.texts.truncate(from);
            let name = label_name(class);
            let _ = write!(self.texts, "[{name}]");
        }
        self.fresh.push(Change {
            range,
            class,
            operator: if done { operator } else { Operator::Label },
            fell_back: !done && operator != Operator::Label,
            with: from..self.texts.len(),
        });
    }

    /// Writes what stands instead of a value; `None` where the operator cannot.
    fn write(
        &mut self,
        value: &str,
        class: Option<Class>,
        operator: Operator,
        whole: bool,
    ) -> Option<()> {
        let keys = &self.redactor.keys;
        let profile = &self.redactor.profile;
        let out = &mut self.texts;
        let tag = class.map_or("", Class::name);
        match operator {
            Operator::Leave => out.push_str(value),
            Operator::Label => return None,
            Operator::Drop => {}
            Operator::Mask => mask(value, out),
            Operator::KeepLast { count } => keep_last(value, usize::from(count), out),
            Operator::Generalise => {
                let class = class?;
                let general =
                    generalise::general(class, value, &mut self.canonical, profile.order)?;
                if whole {
                    out.push_str(&general);
                } else {
                    let _ = write!(out, "[{}:{general}]", label_name(Some(class)));
                }
            }
            Operator::Pseudonym { shape } => {
                let key = keys.current()?;
                let canonical = match class {
                    Some(class) => self.canonical.form(class, value),
                    None => value,
                };
                let digest = key.pseudonym(tag, canonical);
                if shape {
                    shaped(key, class?, canonical, &digest, out)?;
                } else {
                    let _ = write!(out, "[{}:p:{}:", label_name(class), key.id());
                    token::signs(&digest, out);
                    out.push(']');
                }
            }
            Operator::Encrypt => {
                let key = keys.current()?;
                let tag = token::tag(class, self.number);
                let sealed = key.seal(&tag, value)?;
                let _ = write!(out, "[{}:e:{}:", label_name(class), key.id());
                BASE64URL_NOPAD.encode_append(&sealed, out);
                out.push(']');
            }
            Operator::FormatPreserving => {
                out.push_str(&format_preserving::encrypt(
                    keys.current()?,
                    class,
                    value,
                    self.number,
                )?);
            }
            Operator::ShiftDates { max_days } => {
                let date = calendar::read(value, profile.order)?;
                let digest = keys.current()?.shift(&self.subject);
                let days = shift(&digest, i64::from(max_days));
                let moved = calendar::Day(date.day().0 + days);
                // Beyond year 9999 or before 1.
                let (year, month, day) = moved.numbers();
                calendar::Day::new(year, month, day)?;
                out.push_str(&date.with(value, moved));
            }
        }
        Some(())
    }
}

/// Whether an address is of the ranges that pseudonyms in shape are of.
fn is_reserved(form: &str) -> bool {
    match form.parse() {
        Ok(std::net::IpAddr::V4(address)) => address.octets()[0] >= 240,
        Ok(std::net::IpAddr::V6(address)) => address.segments().starts_with(&[0x2001, 0xdb8]),
        Err(_) => false,
    }
}

/// From -most to most, never 0.
fn shift(digest: &[u8; 32], most: i64) -> i64 {
    let number = digest
        .iter()
        .take(7)
        .fold(0_i64, |all, byte| all << 8 | i64::from(*byte));
    let days = number % (2 * most) - most;
    if days >= 0 { days + 1 } else { days }
}

fn mask(value: &str, out: &mut String) {
    let from = out.len();
    out.extend(
        value
            .chars()
            .map(|ch| if ch.is_alphanumeric() { '*' } else { ch }),
    );
    // One star alone would not be known again.
    if out.len() == from + 1 {
        out.push('*');
    }
}

fn keep_last(value: &str, count: usize, out: &mut String) {
    let signs: Vec<char> = value.chars().filter(char::is_ascii_alphanumeric).collect();
    out.push_str("****");
    if signs.len() >= 2 * count {
        out.extend(signs.iter().skip(signs.len() - count));
    }
}

/// A value of the same kind that is nobody's.
fn shaped(
    key: &Key,
    class: Class,
    canonical: &str,
    digest: &[u8; 32],
    out: &mut String,
) -> Option<()> {
    let number = digest
        .iter()
        .take(8)
        .fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
    match class {
        Class::Email => {
            let _ = write!(out, "{}.", key.id());
            token::signs(digest, out);
            out.push_str(token::DOMAIN);
        }
        Class::Phone => {
            let _ = write!(out, "+999{:012}", number % 1_000_000_000_000);
        }
        Class::PaymentCard => {
            let payload = format!("9999{:011}", number % 100_000_000_000);
            let check = token::off_by_five(token::luhn_digit(payload.as_bytes()));
            let _ = write!(out, "{payload}{}", char::from(check));
        }
        Class::IpAddress => match canonical.parse().ok()? {
            std::net::IpAddr::V4(_) => {
                let bits = u32::try_from(number & 0x0fff_ffff).ok()? | 0xf000_0000;
                // 255.255.255.255 is everybody's.
                let bits = if bits == u32::MAX { bits - 1 } else { bits };
                let _ = write!(out, "{}", std::net::Ipv4Addr::from(bits));
            }
            std::net::IpAddr::V6(_) => {
                let bits = digest
                    .iter()
                    .take(12)
                    .fold(0_u128, |all, byte| all << 8 | u128::from(*byte));
                let _ = write!(
                    out,
                    "{}",
                    std::net::Ipv6Addr::from(0x2001_0db8_u128 << 96 | bits)
                );
            }
        },
        _ => return None,
    }
    Some(())
}
