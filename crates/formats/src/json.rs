//! One JSON value (RFC 8259) to its texts and numbers, each with its path.
//!
//! Strings are decoded; a lone surrogate becomes U+FFFD. Depth is bounded and
//! nothing recurses. A name that the caller calls personal is shown as `*` in
//! paths, and given as a value of its own.

use memchr::memchr2;

use crate::values::{Part, Sink};

/// Deeper than this is malformed.
const MAX_DEPTH: usize = 256;

/// Why it is no JSON: the byte, and what is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed {
    pub(crate) at: usize,
    pub(crate) what: &'static str,
}

enum Level {
    /// The path's length before this object's name.
    Object(usize),
    /// The path's length, and the element's number.
    List(usize, u64),
}

#[derive(PartialEq)]
enum Want {
    Value,
    ValueOrEnd,
    Name,
    NameOrEnd,
    CommaOrEnd,
}

/// Gives every text and number of the one value that is the input.
pub(crate) fn walk(
    text: &str,
    sink: &mut Sink,
    is_personal: &mut dyn FnMut(&str) -> bool,
) -> Result<(), Malformed> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let mut levels: Vec<Level> = Vec::new();
    let mut want = Want::Value;
    let mut name = String::new();
    let wrong = |at, what| Err(Malformed { at, what });
    loop {
        at = skip_space(bytes, at);
        let Some(&byte) = bytes.get(at) else {
            return if levels.is_empty() && want == Want::CommaOrEnd {
                Ok(())
            } else {
                wrong(at, "ends too early")
            };
        };
        match want {
            Want::CommaOrEnd => {
                let Some(level) = levels.last_mut() else {
                    return wrong(at, "more after the value");
                };
                match (byte, level) {
                    (b',', Level::Object(length)) => {
                        sink.path.truncate(*length);
                        want = Want::Name;
                    }
                    (b',', Level::List(length, number)) => {
                        sink.path.truncate(*length);
                        *number += 1;
                        push_number(&mut sink.path, *number);
                        want = Want::Value;
                    }
                    (b'}', Level::Object(length)) | (b']', Level::List(length, _)) => {
                        sink.path.truncate(*length);
                        levels.pop();
                    }
                    _ => return wrong(at, "neither comma nor end"),
                }
                at += 1;
            }
            Want::Name | Want::NameOrEnd => match byte {
                b'"' => {
                    name.clear();
                    let (end, _) = string(text, at, &mut name)?;
                    let raw = at + 1..end - 1;
                    at = skip_space(bytes, end);
                    if bytes.get(at) != Some(&b':') {
                        return wrong(at, "no colon after a name");
                    }
                    at += 1;
                    let personal = is_personal(&name);
                    push_name(&mut sink.path, if personal { "*" } else { &name });
                    if personal {
                        sink.push_text(&name, raw, Part::Name);
                    }
                    want = Want::Value;
                }
                b'}' if want == Want::NameOrEnd => {
                    levels.pop();
                    at += 1;
                    want = Want::CommaOrEnd;
                }
                _ => return wrong(at, "no name"),
            },
            Want::Value | Want::ValueOrEnd => {
                match byte {
                    b']' if want == Want::ValueOrEnd => {
                        if let Some(Level::List(length, _)) = levels.pop() {
                            sink.path.truncate(length);
                        }
                        at += 1;
                        want = Want::CommaOrEnd;
                        continue;
                    }
                    b'{' | b'[' => {
                        if levels.len() >= MAX_DEPTH {
                            return wrong(at, "nested too deep");
                        }
                        let length = sink.path.len();
                        at += 1;
                        if byte == b'{' {
                            levels.push(Level::Object(length));
                            want = Want::NameOrEnd;
                        } else {
                            levels.push(Level::List(length, 0));
                            push_number(&mut sink.path, 0);
                            want = Want::ValueOrEnd;
                        }
                        continue;
                    }
                    b'"' => {
                        let begin = sink.texts.len();
                        let mut texts = std::mem::take(&mut sink.texts);
                        let read = string(text, at, &mut texts);
                        sink.texts = texts;
                        let (end, _) = read?;
                        sink.end_text(begin, at + 1..end - 1, Part::Value);
                        at = end;
                    }
                    b'-' | b'0'..=b'9' => {
                        let end = number(bytes, at)?;
                        if let Some(digits) = text.get(at..end) {
                            sink.push_number(digits, at..end);
                        }
                        at = end;
                    }
                    _ => {
                        let word = ["true", "false", "null"]
                            .into_iter()
                            .find(|word| bytes[at..].starts_with(word.as_bytes()));
                        let Some(word) = word else {
                            return wrong(at, "no value");
                        };
                        at += word.len();
                    }
                }
                want = Want::CommaOrEnd;
            }
        }
    }
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

fn push_number(path: &mut String, number: u64) {
    use std::fmt::Write as _;
    let _ = write!(path, "[{number}]");
}

/// `a.b`, and `a["b.c"]` where the name would be read as something else.
fn push_name(path: &mut String, name: &str) {
    let plain = !name.is_empty()
        && !name
            .chars()
            .any(|sign| matches!(sign, '.' | '[' | ']' | '"') || sign.is_control());
    if plain {
        if !path.is_empty() {
            path.push('.');
        }
        path.push_str(name);
    } else {
        path.push_str("[\"");
        for sign in name.chars() {
            if sign == '"' || sign == '\\' {
                path.push('\\');
            }
            path.push(if sign.is_control() { ' ' } else { sign });
        }
        path.push_str("\"]");
    }
}

/// Decodes the string that begins at a quote; the byte after its end, and whether
/// it had escapes.
fn string(text: &str, from: usize, out: &mut String) -> Result<(usize, bool), Malformed> {
    let bytes = text.as_bytes();
    let mut at = from + 1;
    let mut escaped = false;
    loop {
        let rest = bytes.get(at..).unwrap_or(&[]);
        let Some(length) = memchr2(b'"', b'\\', rest) else {
            return Err(Malformed {
                at: from,
                what: "a string without end",
            });
        };
        // Between quotes and backslashes: on character borders, since both are ASCII.
        let plain = text.get(at..at + length).unwrap_or("");
        if let Some(bad) = plain.bytes().position(|byte| byte < 0x20) {
            return Err(Malformed {
                at: at + bad,
                what: "a control character in a string",
            });
        }
        out.push_str(plain);
        at += length;
        if bytes[at] == b'"' {
            return Ok((at + 1, escaped));
        }
        escaped = true;
        let wrong = Malformed {
            at,
            what: "no escape",
        };
        let sign = match bytes.get(at + 1) {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(&sign @ (b'"' | b'\\' | b'/')) => char::from(sign),
            Some(b'u') => {
                let high = hex(bytes, at + 2).ok_or(wrong)?;
                at += 4;
                let low = || {
                    let pair = bytes.get(at + 2..at + 4) == Some(b"\\u");
                    pair.then(|| hex(bytes, at + 4)).flatten()
                };
                match (high, low()) {
                    (0xd800..=0xdbff, Some(low @ 0xdc00..=0xdfff)) => {
                        at += 6;
                        char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
                            .unwrap_or('\u{fffd}')
                    }
                    _ => char::from_u32(high).unwrap_or('\u{fffd}'),
                }
            }
            _ => return Err(wrong),
        };
        out.push(sign);
        at += 2;
    }
}

/// The bytes of the escape that bytes begin with, and those of its text.
pub(crate) fn escape(bytes: &[u8]) -> Option<(usize, usize)> {
    if bytes.get(1) != Some(&b'u') {
        return (bytes.len() > 1).then_some((2, 1));
    }
    let high = hex(bytes, 2)?;
    let low = (bytes.get(6..8) == Some(b"\\u"))
        .then(|| hex(bytes, 8))
        .flatten();
    match (high, low) {
        (0xd800..=0xdbff, Some(0xdc00..=0xdfff)) => Some((12, 4)),
        _ => Some((6, char::from_u32(high).unwrap_or('\u{fffd}').len_utf8())),
    }
}

/// Writes a text as the inside of a string.
pub(crate) fn push_escaped(out: &mut Vec<u8>, text: &[u8]) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut plain = 0;
    for (at, &byte) in text.iter().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.extend_from_slice(text.get(plain..at).unwrap_or(&[]));
        plain = at + 1;
        match byte {
            b'"' | b'\\' => out.extend_from_slice(&[b'\\', byte]),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            _ => {
                out.extend_from_slice(b"\\u00");
                out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            }
        }
    }
    out.extend_from_slice(text.get(plain..).unwrap_or(&[]));
}

/// Whether a text is a number, and nothing else.
pub(crate) fn is_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    matches!(bytes.first(), Some(b'-' | b'0'..=b'9')) && number(bytes, 0) == Ok(bytes.len())
}

fn hex(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.iter().try_fold(0, |value, &byte| {
        Some(value * 16 + char::from(byte).to_digit(16)?)
    })
}

fn number(bytes: &[u8], from: usize) -> Result<usize, Malformed> {
    let mut at = from;
    let wrong = Malformed {
        at: from,
        what: "no number",
    };
    let digits = |at: &mut usize| {
        let begin = *at;
        while bytes.get(*at).is_some_and(u8::is_ascii_digit) {
            *at += 1;
        }
        *at - begin
    };
    at += usize::from(bytes[at] == b'-');
    let zero = bytes.get(at) == Some(&b'0');
    let whole = digits(&mut at);
    if whole == 0 || (zero && whole > 1) {
        return Err(wrong);
    }
    if bytes.get(at) == Some(&b'.') {
        at += 1;
        if digits(&mut at) == 0 {
            return Err(wrong);
        }
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        if digits(&mut at) == 0 {
            return Err(wrong);
        }
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value as Json;

    fn read(text: &str) -> Result<Vec<(String, String)>, Malformed> {
        let mut sink = Sink::default();
        walk(text, &mut sink, &mut |name| name.contains('@'))?;
        Ok(sink
            .values()
            .map(|value| (value.field.to_owned(), value.text.to_owned()))
            .collect())
    }

    fn check(text: &str, want: &[(&str, &str)]) {
        let found = read(text).expect(text);
        let found: Vec<_> = found
            .iter()
            .map(|(field, text)| (field.as_str(), text.as_str()))
            .collect();
        assert_eq!(found, want, "{text}");
    }

    #[test]
    fn gives_texts_and_numbers_with_their_paths() {
        check(r#"{"text":"a"}"#, &[("text", "a")]);
        check(
            r#" {"a": {"b": [1, "x", {"c": -2.5e3}, []]}, "d": null, "e.f": true, "g": ""} "#,
            &[
                ("a.b[0]", "1"),
                ("a.b[1]", "x"),
                ("a.b[2].c", "-2.5e3"),
                ("g", ""),
            ],
        );
        check(
            "[[1],[2,3]]",
            &[("[0][0]", "1"), ("[1][0]", "2"), ("[1][1]", "3")],
        );
        check(r#""x""#, &[("", "x")]);
        check(r#"{"a.b":{"":1}}"#, &[(r#"["a.b"][""]"#, "1")]);
        check(
            r#"{"a":"\u0040 \ud83d\ude00 \ud83d x \n\/"}"#,
            &[("a", "@ 😀 \u{fffd} x \n/")],
        );
    }

    #[test]
    fn a_personal_name_is_a_value_and_not_in_the_path() {
        check(
            r#"{"by":{"jo@example.com":{"n":1}}}"#,
            &[("by.*", "jo@example.com"), ("by.*.n", "1")],
        );
    }

    #[test]
    fn says_what_is_wrong() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\"}",
            "{\"a\":1,}",
            "01",
            "1.",
            "nul",
            "\"a",
            "\"\\x\"",
            "1 2",
            "{a:1}",
            "]",
            "\"\\u12\"",
            "\"\u{1}\"",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
    }

    fn json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            any::<f64>().prop_map(Json::from),
            any::<String>().prop_map(Json::from),
        ];
        leaf.prop_recursive(4, 40, 5, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
                proptest::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|pairs| Json::Object(pairs.into_iter().collect())),
            ]
        })
    }

    fn leaves(value: &Json, out: &mut Vec<String>) {
        match value {
            Json::String(text) => out.push(text.clone()),
            Json::Number(number) => out.push(number.to_string()),
            Json::Array(list) => list.iter().for_each(|value| leaves(value, out)),
            Json::Object(map) => map.values().for_each(|value| leaves(value, out)),
            _ => {}
        }
    }

    proptest! {
        /// The judge is `serde_json`.
        #[test]
        fn reads_what_others_write(value in json(), pretty: bool) {
            let text = if pretty {
                serde_json::to_string_pretty(&value)
            } else {
                serde_json::to_string(&value)
            }.expect("a value");
            let mut sink = Sink::default();
            walk(&text, &mut sink, &mut |_| false).expect("valid JSON");
            let found: Vec<String> = sink.values().map(|value| value.text.to_owned()).collect();
            let mut want = Vec::new();
            leaves(&value, &mut want);
            prop_assert_eq!(found, want);
            // Where the value stands in the bytes: read alone, it is the same.
            for value in sink.values() {
                let raw = text.get(value.raw.clone()).expect("character borders");
                let quoted = format!("\"{raw}\"");
                let again: Json = serde_json::from_str(&quoted).expect("a string's inside");
                prop_assert_eq!(again.as_str(), Some(value.text));
            }
        }

        #[test]
        fn accepts_what_others_accept(text in r#"[\[\]{}",:0-9eE.+\-\\ntrufalse ]{0,24}"#) {
            let theirs = serde_json::from_str::<serde_json::value::Value>(&text).is_ok();
            let mut sink = Sink::default();
            let ours = walk(&text, &mut sink, &mut |_| false).is_ok();
            // Theirs refuses numbers beyond a double, and reads lone surrogates as errors.
            prop_assert!(ours == theirs || ours);
            prop_assert!(ours || !theirs);
        }
    }
}
