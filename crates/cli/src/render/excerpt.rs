//! Lines of the input that a pointer speaks of.

use std::collections::HashMap;

use celador_audit::source::{Place, SourceText};

use crate::input::text_of;

/// Files that were read again, each once.
pub(crate) struct Sources<'i> {
    stdin: Option<&'i [u8]>,
    texts: HashMap<String, Option<SourceText>>,
}

/// What a reader looks for in a rule.
const TELLING: &[&str] = &[
    "name",
    "protocol",
    "access",
    "priority",
    "direction",
    "port",
    "addressprefix",
    "applicationsecuritygroups",
];

/// Longer excerpts hide more than they show.
const MAX_LINES: usize = 14;
const MAX_WIDTH: usize = 110;

impl<'i> Sources<'i> {
    pub(crate) fn new(stdin: Option<&'i [u8]>) -> Self {
        Self {
            stdin,
            texts: HashMap::new(),
        }
    }

    fn text(&mut self, file: &str) -> Option<&mut SourceText> {
        let stdin = self.stdin;
        self.texts
            .entry(file.to_owned())
            .or_insert_with(|| text_of(file, stdin).map(SourceText::new))
            .as_mut()
    }

    /// Where a pointer stands.
    pub(crate) fn place(&mut self, file: &str, pointer: &str) -> Option<Place> {
        self.text(file)?.locate(pointer)
    }

    /// The telling lines of a value, each with its number.
    pub(crate) fn lines(&mut self, file: &str, pointer: &str) -> Vec<(usize, String)> {
        let Some(place) = self.place(file, pointer) else {
            return Vec::new();
        };
        let Some(text) = self.text(file) else {
            return Vec::new();
        };
        let whole =
            String::from_utf8_lossy(text.bytes().get(place.bytes.clone()).unwrap_or_default());
        let lines: Vec<(usize, &str)> = (place.first_line..).zip(whole.lines()).collect();
        if let [(number, line)] = lines.as_slice() {
            if line.chars().count() <= MAX_WIDTH {
                return vec![(*number, line.trim().to_owned())];
            }
            return one_line(line)
                .into_iter()
                .map(|text| (*number, text))
                .collect();
        }
        let mut kept = Vec::new();
        let mut in_list = false;
        for (number, line) in lines {
            let trimmed = line.trim();
            let key = trimmed
                .split(':')
                .next()
                .unwrap_or_default()
                .to_ascii_lowercase();
            let telling = TELLING.iter().any(|word| key.contains(word))
                && !trimmed.ends_with("[],")
                && !trimmed.ends_with("[]");
            if telling || in_list {
                kept.push((number, shorten(trimmed)));
            }
            if telling && trimmed.ends_with('[') {
                in_list = true;
            } else if in_list && trimmed.starts_with(']') {
                in_list = false;
            }
        }
        kept.truncate(MAX_LINES);
        kept
    }
}

/// The telling members of a value that stands on one long line, as exports
/// without indentation have it.
fn one_line(line: &str) -> Vec<String> {
    let mut pairs = Vec::new();
    if let Ok(serde_json::Value::Object(members)) = serde_json::from_str(line) {
        let inner = members
            .get("properties")
            .and_then(|properties| properties.as_object());
        for (key, value) in members.iter().chain(inner.into_iter().flatten()) {
            let lower = key.to_ascii_lowercase();
            let empty = value.as_array().is_some_and(Vec::is_empty) || value.is_null();
            if TELLING.iter().any(|word| lower.contains(word)) && !empty {
                pairs.push(shorten(&format!("\"{key}\": {value}")));
            }
        }
    }
    if pairs.is_empty() {
        return vec![shorten(line.trim())];
    }
    let mut out: Vec<String> = Vec::new();
    for pair in pairs {
        match out.last_mut() {
            Some(last) if last.chars().count() + pair.chars().count() + 2 <= MAX_WIDTH => {
                last.push_str(", ");
                last.push_str(&pair);
            }
            _ => out.push(pair),
        }
    }
    out.truncate(MAX_LINES);
    out
}

fn shorten(line: &str) -> String {
    if line.chars().count() <= MAX_WIDTH {
        return line.to_owned();
    }
    let mut out: String = line.chars().take(MAX_WIDTH - 1).collect();
    out.push('…');
    out
}
