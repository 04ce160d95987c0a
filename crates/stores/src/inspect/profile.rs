//! What is learnt of records: counts of classes, languages and dates, by field.
//!
//! Invariant: no value is kept. Names of fields are kept, and one that itself
//! holds personal data, or is an id, is told by what it is.

use std::collections::BTreeMap;

use celador_pii::{Class, Scanner, Scratch, Span};
use serde_json::Value;

use super::sketch::{Sketch, SketchKey};

/// Fields that are told apart in one container; the rest are counted together.
const FIELDS: usize = 500;
/// Characters of one value that are looked at.
const VALUE: usize = 64 << 10;
/// Shorter texts tell no language.
const LANGUAGE: usize = 40;

/// Looks at records.
pub(crate) struct Looker<'s> {
    scanner: &'s Scanner,
    key: &'s SketchKey,
    scratch: Scratch,
    spans: Vec<Span>,
}

/// What was learnt of one container's records.
#[derive(Debug, Clone, Default)]
pub(crate) struct Profile {
    pub(crate) examined: u64,
    /// Records that hold the class anywhere.
    pub(crate) classes: BTreeMap<Class, u64>,
    /// Texts by their language, ISO 639-3.
    pub(crate) languages: BTreeMap<&'static str, u64>,
    pub(crate) fields: BTreeMap<String, Field>,
    /// Month to count of records, by field; both as keyed hashes in reports.
    pub(crate) dates: BTreeMap<String, BTreeMap<u64, u64>>,
    pub(crate) sketch: Sketch,
    /// Values of which only the beginning was looked at.
    pub(crate) cut: u64,
}

/// What was learnt of one field.
#[derive(Debug, Clone, Default)]
pub(crate) struct Field {
    /// Records that have it.
    pub(crate) present: u64,
    pub(crate) classes: BTreeMap<Class, u64>,
    /// The last record that had it, and the last that had each class in it.
    last: u64,
    last_of: BTreeMap<Class, u64>,
}

impl<'s> Looker<'s> {
    pub(crate) fn new(scanner: &'s Scanner, key: &'s SketchKey) -> Self {
        Self {
            scanner,
            key,
            scratch: Scratch::default(),
            spans: Vec::new(),
        }
    }

    pub(crate) fn key(&self) -> &SketchKey {
        self.key
    }

    /// Looks at one record.
    pub(crate) fn look(&mut self, record: &Value, profile: &mut Profile) {
        profile.examined += 1;
        profile.sketch.add(self.key.record(record));
        let mut classes = Vec::new();
        self.walk(record, "", "", profile, &mut classes);
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            *profile.classes.entry(class).or_default() += 1;
        }
    }

    /// Looks at one record that lies under a key, in a store that has nothing but
    /// those: the key is looked at as a value, and the path is one that may be
    /// told. Of a value that was cut the sketch takes the key alone.
    pub(crate) fn look_under(
        &mut self,
        key: &str,
        path: &str,
        value: &Value,
        cut: bool,
        profile: &mut Profile,
    ) {
        profile.examined += 1;
        profile.cut += u64::from(cut);
        let record = if cut {
            serde_json::json!({"key": key})
        } else {
            serde_json::json!({"key": key, "value": value})
        };
        profile.sketch.add(self.key.record(&record));
        let mut classes = Vec::new();
        self.value(key, "(key)", "", profile, &mut classes);
        let name = path
            .rsplit(':')
            .find(|part| !part.starts_with('('))
            .unwrap_or_default();
        self.walk(value, path, name, profile, &mut classes);
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            *profile.classes.entry(class).or_default() += 1;
        }
    }

    fn walk(
        &mut self,
        value: &Value,
        path: &str,
        name: &str,
        profile: &mut Profile,
        classes: &mut Vec<Class>,
    ) {
        match value {
            Value::Object(map) => {
                for (key, inner) in map {
                    let shown = self.name(key, classes);
                    let path = if path.is_empty() {
                        shown
                    } else {
                        format!("{path}.{shown}")
                    };
                    self.walk(inner, &path, key, profile, classes);
                }
            }
            Value::Array(list) => {
                let path = format!("{path}[]");
                for inner in list {
                    self.walk(inner, &path, name, profile, classes);
                }
            }
            Value::Null => {}
            Value::Bool(_) => self.value("", path, name, profile, classes),
            Value::Number(number) => {
                self.value(&number.to_string(), path, name, profile, classes);
            }
            Value::String(text) => self.value(text, path, name, profile, classes),
        }
    }

    fn value(
        &mut self,
        text: &str,
        path: &str,
        name: &str,
        profile: &mut Profile,
        classes: &mut Vec<Class>,
    ) {
        let end = text.floor_char_boundary(text.len().min(VALUE));
        if end < text.len() {
            profile.cut += 1;
        }
        let text = text.get(..end).unwrap_or_default();
        self.scanner
            .scan_with(&mut self.scratch, text, name, &mut self.spans);
        let examined = profile.examined;
        let path = if profile.fields.contains_key(path) || profile.fields.len() < FIELDS {
            path
        } else {
            "(more fields)"
        };
        let field = profile.fields.entry(path.to_owned()).or_default();
        if field.last != examined {
            field.last = examined;
            field.present += 1;
        }
        for span in &self.spans {
            classes.push(span.class);
            let last = field.last_of.entry(span.class).or_default();
            if *last != examined {
                *last = examined;
                *field.classes.entry(span.class).or_default() += 1;
            }
        }
        if let Some(month) = month(text) {
            let hash = self.key.hash(month.as_bytes());
            if profile.dates.len() < 20 || profile.dates.contains_key(path) {
                *profile
                    .dates
                    .entry(path.to_owned())
                    .or_default()
                    .entry(hash)
                    .or_default() += 1;
            }
        } else if text.chars().take(LANGUAGE).count() == LANGUAGE
            && let Some(info) = whatlang::detect(
                text.get(..text.floor_char_boundary(text.len().min(2000)))
                    .unwrap_or_default(),
            )
        {
            let code = if info.is_reliable() {
                info.lang().code()
            } else {
                "und"
            };
            *profile.languages.entry(code).or_default() += 1;
        }
    }

    /// A field's name as it may be told.
    fn name(&mut self, name: &str, classes: &mut Vec<Class>) -> String {
        let shown = self.shown(name);
        classes.extend(self.spans.iter().map(|span| span.class));
        let digits = name.bytes().filter(u8::is_ascii_digit).count();
        // Records keyed by their ids would be as many fields.
        if digits > 8 || (digits > 0 && digits == name.len()) {
            "(id)".to_owned()
        } else {
            shown
        }
    }

    /// Classes of personal data in a name, each once.
    pub(crate) fn classes_of(&mut self, name: &str) -> Vec<Class> {
        self.spans.clear();
        self.scanner
            .scan_with(&mut self.scratch, name, "", &mut self.spans);
        let mut classes: Vec<Class> = self.spans.iter().map(|span| span.class).collect();
        classes.sort_unstable();
        classes.dedup();
        classes
    }

    /// A name of the store's as it may be told: the class of personal data that
    /// stands in it, instead of the name.
    pub(crate) fn shown(&mut self, name: &str) -> String {
        self.spans.clear();
        if name.len() > 120 {
            return "(long name)".to_owned();
        }
        self.scanner
            .scan_with(&mut self.scratch, name, "", &mut self.spans);
        if let Some(span) = self.spans.first() {
            return format!("({})", span.class);
        }
        let plain = name
            .chars()
            .all(|c| c.is_alphanumeric() || "_-.@$:/ ".contains(c));
        if !plain || name.contains('@') && name != "@timestamp" && name != "@version" {
            "(name with unusual characters)".to_owned()
        } else {
            name.to_owned()
        }
    }
}

/// `2019-12` of a date or time as ISO 8601 writes it.
fn month(text: &str) -> Option<&str> {
    let head = text.as_bytes().get(..10)?;
    let fits = text.len() <= 40
        && head.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        })
        && matches!(text.as_bytes().get(10), None | Some(b'T' | b' '));
    if fits { text.get(..7) } else { None }
}
