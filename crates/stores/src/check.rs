//! Tests of one answer: status, headers, and the structure of its JSON.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::transport::Answer;
use crate::xml;

/// What an answer has to be; every part that is given has to hold.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct When {
    /// One of these; any when empty.
    pub(crate) status: Vec<u16>,
    pub(crate) headers: BTreeMap<String, TextTest>,
    /// By JSON pointer (RFC 6901).
    pub(crate) json: BTreeMap<String, JsonTest>,
    /// As `json`, in the tree that `crate::xml` makes of the body.
    pub(crate) xml: BTreeMap<String, JsonTest>,
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
    /// Contains each of them.
    ContainsAll(Vec<String>),
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
    /// An array or object with nothing in it, or null.
    Empty,
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
            && all(&self.json, || json(answer))
            && all(&self.xml, || xml::tree(&answer.body))
    }

    /// A test that asks for no structure, status alone.
    pub(crate) fn is_bare(&self) -> bool {
        self.json.is_empty() && self.xml.is_empty() && self.text.is_none()
    }
}

/// Whether every test holds; the tree is made only when there is one.
fn all(tests: &BTreeMap<String, JsonTest>, tree: impl Fn() -> Option<Value>) -> bool {
    tests.is_empty()
        || tree().is_some_and(|tree| {
            tests
                .iter()
                .all(|(pointer, test)| test.holds(tree.pointer(pointer)))
        })
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
            Self::ContainsAll(with) => found.as_deref().is_some_and(|found| {
                with.iter()
                    .all(|with| found.contains(&with.to_ascii_lowercase()))
            }),
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
                Kind::Empty => match value {
                    Value::Null => true,
                    Value::Array(list) => list.is_empty(),
                    Value::Object(map) => map.is_empty(),
                    _ => false,
                },
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

/// The body as a tree, whichever of the two it is.
pub(crate) fn tree(answer: &Answer) -> Option<Value> {
    json(answer).or_else(|| xml::tree(&answer.body))
}

/// A text in an answer, by JSON pointer or as `header:name`.
pub(crate) fn text_at(answer: &Answer, tree: Option<&Value>, place: &str) -> Option<String> {
    if let Some(name) = place.strip_prefix("header:") {
        return answer.header(name).map(ToOwned::to_owned);
    }
    match tree?.pointer(place)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The number at a place: a pointer in which `*` stands for everything in a list
/// or object, whose numbers add up; with `#` at its end for how many things are
/// there; `+` adds a second place that may be absent. Digits in a string count.
/// `None` when one of the numbers is missing.
pub(crate) fn number_at(tree: Option<&Value>, place: &str) -> Option<u64> {
    let tree = tree?;
    let mut parts = place.split('+');
    let mut sum = one_number(tree, parts.next()?)?;
    for part in parts {
        sum = sum.checked_add(one_number(tree, part).unwrap_or(0))?;
    }
    Some(sum)
}

fn one_number(tree: &Value, place: &str) -> Option<u64> {
    let (pointer, counts) = match place.strip_suffix('#') {
        Some(pointer) => (pointer, true),
        None => (place, false),
    };
    all_at(tree, pointer)?
        .into_iter()
        .map(|value| match value {
            Value::Array(list) if counts => Some(list.len() as u64),
            Value::Object(map) if counts => Some(map.len() as u64),
            Value::String(text) if !counts => text.parse().ok(),
            value if !counts => value.as_u64(),
            _ => None,
        })
        .try_fold(0_u64, |sum, number| sum.checked_add(number?))
}

/// Everything at a pointer with `*`; `None` when some branch ends before it.
pub(crate) fn all_at<'v>(tree: &'v Value, pointer: &str) -> Option<Vec<&'v Value>> {
    let mut values = vec![tree];
    let mut parts = pointer.split("/*");
    values = vec![values.pop()?.pointer(parts.next()?)?];
    for part in parts {
        let mut next = Vec::new();
        for value in values {
            match value {
                Value::Array(list) => next.extend(list.iter()),
                Value::Object(map) => next.extend(map.values()),
                _ => return None,
            }
        }
        values = next
            .into_iter()
            .map(|value| value.pointer(part))
            .collect::<Option<_>>()?;
    }
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_add_up_or_are_not_known() {
        let tree = serde_json::json!({
            "list": [{"n": 2}, {"n": "3"}], "map": {"a": {"n": 4}, "b": {"n": 5}},
            "holes": [{"n": 1}, {}], "empty": [], "more": 7,
        });
        for (place, expect) in [
            ("/list/*/n", Some(5)),
            ("/map/*/n", Some(9)),
            ("/holes/*/n", None),
            ("/empty/*/n", Some(0)),
            ("/absent/*/n", None),
            ("/list#", Some(2)),
            ("/list#+/more", Some(9)),
            ("/list#+/absent", Some(2)),
            ("/absent+/more", None),
            ("/more#", None),
        ] {
            assert_eq!(number_at(Some(&tree), place), expect, "{place}");
        }
    }
}
