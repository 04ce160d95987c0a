//! Tests of one answer: status, headers, and the structure of its JSON.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::transport::Answer;

/// What an answer has to be; every part that is given has to hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct When {
    /// One of these; any when empty.
    pub(crate) status: Vec<u16>,
    pub(crate) headers: BTreeMap<String, TextTest>,
    /// By JSON pointer (RFC 6901).
    pub(crate) json: BTreeMap<String, JsonTest>,
    /// The whole body as text, for products that do not answer in JSON.
    pub(crate) text: Option<TextTest>,
}

/// A test of a text. Letter case does not count.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case")]
pub(crate) enum TextTest {
    Equals(String),
    StartsWith(String),
    Contains(String),
    Absent(bool),
}

/// A test of a place in a JSON document.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum JsonTest {
    Kind(Kind),
    Text(TextTest),
    Value(ValueTest),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    String,
    /// A string that begins with two numbers and a dot.
    Version,
    Integer,
    /// A string of digits alone, as some products write numbers.
    Digits,
    Boolean,
    Object,
    Array,
    /// An array or object with something in it.
    Nonempty,
    Absent,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ValueTest {
    is: Value,
}

impl When {
    pub(crate) fn holds(&self, answer: &Answer) -> bool {
        (self.status.is_empty() || self.status.contains(&answer.status))
            && self
                .headers
                .iter()
                .all(|(name, test)| test.holds(answer.header(name)))
            && self.text.as_ref().is_none_or(|test| {
                std::str::from_utf8(&answer.body).is_ok_and(|body| test.holds(Some(body)))
            })
            && (self.json.is_empty()
                || json(answer).is_some_and(|value| {
                    self.json
                        .iter()
                        .all(|(pointer, test)| test.holds(value.pointer(pointer)))
                }))
    }

    /// A test that asks for no structure, status alone.
    pub(crate) fn is_bare(&self) -> bool {
        self.json.is_empty() && self.text.is_none()
    }
}

/// The body as JSON. Depth is bounded by the reader (128 levels), size by the
/// transport.
pub(crate) fn json(answer: &Answer) -> Option<Value> {
    serde_json::from_slice(&answer.body).ok()
}

impl TextTest {
    fn holds(&self, found: Option<&str>) -> bool {
        let found = found.map(str::to_ascii_lowercase);
        let test = |with: &str, holds: fn(&str, &str) -> bool| {
            found
                .as_deref()
                .is_some_and(|found| holds(found, &with.to_ascii_lowercase()))
        };
        match self {
            Self::Equals(with) => test(with, |found, with| found.trim() == with),
            Self::StartsWith(with) => test(with, |found, with| found.starts_with(with)),
            Self::Contains(with) => test(with, |found, with| found.contains(with)),
            Self::Absent(absent) => found.is_none() == *absent,
        }
    }
}

impl JsonTest {
    fn holds(&self, found: Option<&Value>) -> bool {
        match self {
            Self::Text(test) => test.holds(found.and_then(Value::as_str)),
            Self::Value(test) => found == Some(&test.is),
            Self::Kind(Kind::Absent) => found.is_none(),
            Self::Kind(kind) => found.is_some_and(|value| match kind {
                Kind::String => value.is_string(),
                Kind::Version => value.as_str().is_some_and(is_version),
                Kind::Integer => value.is_u64() || value.is_i64(),
                Kind::Digits => value.as_str().is_some_and(|text| {
                    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
                }),
                Kind::Boolean => value.is_boolean(),
                Kind::Object => value.is_object(),
                Kind::Array => value.is_array(),
                Kind::Nonempty => {
                    value.as_array().is_some_and(|list| !list.is_empty())
                        || value.as_object().is_some_and(|map| !map.is_empty())
                }
                Kind::Absent => false,
            }),
        }
    }
}

fn is_version(text: &str) -> bool {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut parts = text.splitn(3, '.');
    let number = |part: Option<&str>| {
        part.is_some_and(|part| {
            part.bytes()
                .next()
                .is_some_and(|byte| byte.is_ascii_digit())
        })
    };
    number(parts.next()) && number(parts.next())
}

/// A place in an answer: a JSON pointer, with `#` for how many things are
/// there; or `header:name`.
pub(crate) fn text_at(answer: &Answer, json: Option<&Value>, place: &str) -> Option<String> {
    if let Some(name) = place.strip_prefix("header:") {
        return answer.header(name).map(ToOwned::to_owned);
    }
    match json?.pointer(place)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The number at a place; digits in a string count.
pub(crate) fn number_at(json: Option<&Value>, place: &str) -> Option<u64> {
    let json = json?;
    if let Some(pointer) = place.strip_suffix('#') {
        return match json.pointer(pointer)? {
            Value::Array(list) => Some(list.len() as u64),
            Value::Object(map) => Some(map.len() as u64),
            _ => None,
        };
    }
    match json.pointer(place)? {
        Value::String(text) => text.parse().ok(),
        value => value.as_u64(),
    }
}
