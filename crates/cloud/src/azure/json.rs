//! JSON text to a borrowed tree, one top-level element at a time.
//!
//! Exports reach hundreds of megabytes, so the elements of a top-level list are
//! handed over one by one and dropped again, and lists of security rules, which
//! are nearly all of such a file, never become a tree ([`Node::Rules`]). Depth
//! is bounded by `serde_json` (128 levels), a key given twice is an error, and
//! keys are compared without regard to letter case, since older exports write
//! `publicIpAddress` where newer ones write `publicIPAddress`.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::address::Pool;
use super::id::Id;
use super::model::{Listed, Place as At, Port, Word};
use super::rules::{ListKind, RuleBuilder, RuleList, RuleListSeed};

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", Place { file, line: if *syntax { *line } else { 0 }, column: *column, pointer })]
#[non_exhaustive]
pub struct InputError {
    /// The file, as it was given.
    pub file: Arc<str>,
    /// Line, counted from 1; 0 where only the pointer is known.
    pub line: usize,
    /// Column, counted from 1.
    pub column: usize,
    /// JSON pointer to the value that is wrong; empty where it is not known.
    pub pointer: String,
    /// What is wrong and what was expected.
    pub message: String,
    unrecognised: bool,
    /// The text itself is wrong, so that its line says more than a pointer.
    syntax: bool,
}

impl InputError {
    /// What is wrong and what was expected.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether the file is well-formed but of no kind that is read here.
    pub fn is_unrecognised(&self) -> bool {
        self.unrecognised
    }

    pub(crate) fn unrecognised(file: &Arc<str>, message: impl Into<String>) -> Self {
        Self {
            unrecognised: true,
            ..Self::at(file, String::new(), message)
        }
    }

    pub(crate) fn at(file: &Arc<str>, pointer: String, message: impl Into<String>) -> Self {
        Self {
            file: Arc::clone(file),
            line: 0,
            column: 0,
            pointer,
            message: message.into(),
            unrecognised: false,
            syntax: false,
        }
    }

    /// The same, with the line and column that its pointer leads to.
    fn with_place(mut self, text: &str) -> Self {
        if self.line == 0
            && let Some(offset) = offset_of(text, &self.pointer)
        {
            (self.line, self.column) = line_column(text, offset);
        }
        self
    }

    pub(super) fn syntax(file: &Arc<str>, error: &serde_json::Error, pointer: String) -> Self {
        let text = error.to_string();
        let message = text
            .split_once(" at line ")
            .map_or(text.as_str(), |(head, _)| head);
        let message = if message.starts_with("recursion limit") {
            "JSON is nested deeper than 128 levels, which no export is".to_owned()
        } else if error.is_eof() {
            format!("the JSON ends too early ({message}); is the file truncated?")
        } else if message == "expected value" && error.line() == 1 && error.column() <= 1 {
            "this is no JSON; expected what az … show/list --output json prints".to_owned()
        } else {
            plain_type_error(message).unwrap_or_else(|| message.to_owned())
        };
        Self {
            syntax: error.is_syntax() || error.is_eof(),
            line: error.line(),
            column: error.column(),
            ..Self::at(file, pointer, message)
        }
    }
}

/// `serde`'s words for a wrong type in ours, without the value: what is in a
/// file is not for error messages.
fn plain_type_error(message: &str) -> Option<String> {
    let rest = message.strip_prefix("invalid type: ")?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    let found = match found.split([' ', ',']).next()? {
        "map" => "an object",
        "sequence" => "a list",
        "string" => "a string",
        "integer" | "floating" => "a number",
        "boolean" => "true or false",
        "null" => "null",
        _ => return None,
    };
    Some(format!("expected {expected}, found {found}"))
}

/// `file:line:column` or `file#/pointer`.
struct Place<'e> {
    file: &'e str,
    line: usize,
    column: usize,
    pointer: &'e str,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        if !self.pointer.is_empty() {
            write!(f, "#{}", self.pointer)?;
        }
        Ok(())
    }
}

/// What the readers of one file share.
#[derive(Debug, Default)]
pub(crate) struct Context {
    pub(crate) pool: RefCell<Pool>,
    pub(crate) builder: RefCell<RuleBuilder>,
    /// The way from an error to the document's root, innermost step first.
    trail: RefCell<Vec<String>>,
}

impl Context {
    pub(crate) fn step_key(&self, key: &str) {
        self.trail.borrow_mut().push(key.to_owned());
    }

    pub(crate) fn step_index(&self, index: usize) {
        self.trail.borrow_mut().push(index.to_string());
    }

    fn take_pointer(&self, prefix: &str) -> String {
        let mut pointer = prefix.to_owned();
        for step in self.trail.take().iter().rev() {
            push_step(&mut pointer, step);
        }
        pointer
    }
}

/// Appends one step to an RFC 6901 pointer, escaped.
pub(crate) fn push_step(pointer: &mut String, step: &str) {
    pointer.push('/');
    if step.contains(['~', '/']) {
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(step);
    }
}

/// A JSON value that borrows from the text where it can.
#[derive(Debug)]
pub(crate) enum Node<'t> {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(Cow<'t, str>),
    List(Vec<Node<'t>>),
    Object(Vec<(Cow<'t, str>, Node<'t>)>),
    /// A list of security rules in compact form, until its reader takes it.
    Rules(RefCell<RuleList>),
}

impl Node<'_> {
    /// What it is, for error messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) | Self::Rules(_) => "a list",
            Self::Object(_) => "an object",
        }
    }
}

/// Reads any value; `key` is the key it stands under.
pub(crate) struct NodeSeed<'c, 'k> {
    pub(crate) context: &'c Context,
    pub(crate) key: Option<&'k str>,
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_, '_> {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        if let Some(kind) = self.key.and_then(ListKind::of_key) {
            let seed = RuleListSeed {
                context: self.context,
                kind,
            };
            let list = seed.deserialize(deserializer)?;
            return Ok(list.map_or(Node::Null, |list| Node::Rules(RefCell::new(list))));
        }
        deserializer.deserialize_any(self)
    }
}

/// A key of an object, borrowed where it has no escapes.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        struct KeyVisitor;
        impl<'de> Visitor<'de> for KeyVisitor {
            type Value = Cow<'de, str>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, key: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(key))
            }
            fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(key.to_owned()))
            }
        }
        deserializer.deserialize_str(KeyVisitor)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_, '_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Node::Null, Node::Number))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Node::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        loop {
            let seed = NodeSeed {
                context: self.context,
                key: None,
            };
            match items.next_element_seed(seed) {
                Ok(Some(item)) => list.push(item),
                Ok(None) => return Ok(Node::List(list)),
                Err(error) => {
                    self.context.step_index(list.len());
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Members::default();
        while let Some(key) = map.next_key_seed(KeySeed)? {
            members.check(self.context, &key)?;
            let seed = NodeSeed {
                context: self.context,
                key: Some(&key),
            };
            match map.next_value_seed(seed) {
                Ok(value) => members.push(key, value),
                Err(error) => {
                    self.context.step_key(&key);
                    return Err(error);
                }
            }
        }
        Ok(Node::Object(members.list))
    }
}

/// An object in the making. A key given twice has no defined meaning, and
/// readers disagree on which counts, so it is refused.
#[derive(Default)]
pub(crate) struct Members<'t> {
    pub(crate) list: Vec<(Cow<'t, str>, Node<'t>)>,
    /// Only for objects that are too large to look through.
    known: HashSet<Cow<'t, str>>,
}

impl<'t> Members<'t> {
    const LOOK_THROUGH: usize = 32;

    /// Whether a key is there already.
    pub(crate) fn has(&self, key: &str) -> bool {
        if self.known.is_empty() {
            self.list.iter().any(|(known, _)| known == key)
        } else {
            self.known.contains(key)
        }
    }

    fn check<E: serde::de::Error>(&self, context: &Context, key: &str) -> Result<(), E> {
        if self.has(key) {
            context.step_key(key);
            return Err(E::custom(format_args!(
                "the key \"{key}\" is given twice in one object"
            )));
        }
        Ok(())
    }

    pub(crate) fn push(&mut self, key: Cow<'t, str>, value: Node<'t>) {
        if self.list.len() == Self::LOOK_THROUGH {
            self.known = self.list.iter().map(|(key, _)| key.clone()).collect();
        }
        if self.list.len() >= Self::LOOK_THROUGH {
            self.known.insert(key.clone());
        }
        self.list.push((key, value));
    }
}

/// Passes over a value, within the same depth limit as everything else.
pub(crate) struct Skip;

impl<'de> DeserializeSeed<'de> for Skip {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Skip {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key_seed(KeySeed)?.is_some() {
            map.next_value_seed(Self)?;
        }
        Ok(())
    }
}

/// Bytes as text: UTF-8 with or without a byte order mark, or UTF-16, which is
/// what `az … > file` writes in Windows PowerShell.
pub(crate) fn text<'b>(file: &Arc<str>, bytes: &'b [u8]) -> Result<Cow<'b, str>, InputError> {
    let utf16 = |bytes: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, rest) = bytes.as_chunks::<2>();
        let units = pairs.iter().map(|pair| unit(*pair));
        match (char::decode_utf16(units).collect(), rest) {
            (Ok(text), []) => Ok(Cow::Owned(text)),
            _ => Err(InputError::at(
                file,
                String::new(),
                "the file is damaged UTF-16; save it as UTF-8 (in PowerShell: | Out-File -Encoding utf8)",
            )),
        }
    };
    match bytes {
        [0xef, 0xbb, 0xbf, rest @ ..] => utf8(file, rest),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'{' | b'[' | b' ' | b'\r' | b'\n', 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, b'{' | b'[' | b' ' | b'\r' | b'\n', ..] => utf16(bytes, u16::from_be_bytes),
        _ => utf8(file, bytes),
    }
}

fn utf8<'b>(file: &Arc<str>, bytes: &'b [u8]) -> Result<Cow<'b, str>, InputError> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|error| {
            let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let start = good
                .iter()
                .rposition(|&byte| byte == b'\n')
                .map_or(0, |at| at + 1);
            InputError {
                line: 1 + memchr::memchr_iter(b'\n', good).count(),
                column: good.len() - start + 1,
                ..InputError::at(file, String::new(), "not UTF-8 text; JSON was expected")
            }
        })
}

/// Line and column, in bytes and from 1, of an offset.
fn line_column(text: &str, offset: usize) -> (usize, usize) {
    let before = text.as_bytes().get(..offset).unwrap_or(text.as_bytes());
    let start = before
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    let lines = memchr::memchr_iter(b'\n', before).count();
    (lines + 1, before.len() - start + 1)
}

/// Where in a text the value of a pointer starts. Only errors need this, so it
/// reads the text again.
fn offset_of(text: &str, pointer: &str) -> Option<usize> {
    let mut steps: Vec<String> = Vec::new();
    if !pointer.is_empty() {
        let escaped = pointer.strip_prefix('/')?.split('/');
        steps.extend(escaped.map(|step| step.replace("~1", "/").replace("~0", "~")));
    }
    let mut start = 0;
    let mut steps = steps.as_slice();
    let mut first = serde_json::Deserializer::from_str(text);
    let read = <IgnoredAny as serde::Deserialize>::deserialize(&mut first);
    let one = read.is_err() || first.end().is_ok();
    if !one && let [number, rest @ ..] = steps {
        for _ in 0..number.parse::<usize>().ok()? {
            let rest = serde_json::Deserializer::from_str(text.get(start..)?);
            let mut stream = rest.into_iter::<IgnoredAny>();
            stream.next()?.ok()?;
            start += stream.byte_offset();
        }
        steps = rest;
    }
    let doc = text.get(start..)?;
    let mut found = None;
    // What follows the value may be broken, so the rest's error is no matter.
    let _ = Descend(steps, &mut found).deserialize(&mut serde_json::Deserializer::from_str(doc));
    // The value is a part of `doc`, so the distance of the two is its place.
    let value: &str = found?;
    Some(start + (value.as_ptr() as usize).checked_sub(doc.as_ptr() as usize)?)
}

/// Walks to one value and keeps its text.
struct Descend<'s, 'f, 'de>(&'s [String], &'f mut Option<&'de str>);

impl<'de> DeserializeSeed<'de> for Descend<'_, '_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.0.is_empty() {
            let raw: &serde_json::value::RawValue = serde::Deserialize::deserialize(deserializer)?;
            self.1.get_or_insert(raw.get());
            return Ok(());
        }
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Descend<'_, '_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or list on the way")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((step, rest)) = self.0.split_first() else {
            return Ok(());
        };
        while let Some(key) = map.next_key_seed(KeySeed)? {
            if key == step.as_str() {
                map.next_value_seed(Descend(rest, &mut *self.1))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Some((step, rest)) = self.0.split_first() else {
            return Ok(());
        };
        let wanted: usize = step.parse().map_err(A::Error::custom)?;
        for index in 0.. {
            let more = if index == wanted {
                items
                    .next_element_seed(Descend(rest, &mut *self.1))?
                    .is_some()
            } else {
                items.next_element::<IgnoredAny>()?.is_some()
            };
            if !more {
                break;
            }
        }
        Ok(())
    }
}

/// One page of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many records all pages have together, where it is told.
    pub(crate) total: Option<u64>,
    /// How many this one has.
    pub(crate) count: u64,
    /// Whether it says that more follow.
    pub(crate) more: bool,
}

/// What the documents were, besides the elements that were handed over.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Shape {
    /// Lists in an envelope.
    pub(crate) pages: Vec<Page>,
    /// Another document follows the first, so pointers need its number: what
    /// was handed over is void, call again.
    pub(crate) several: bool,
}

/// Reads every document of a text and hands each resource over with its
/// pointer: the document itself, or the items of a list, of `{"data": […]}` or
/// of `{"value": […]}`. With several documents, pointers start with the
/// document's number, from 0.
pub(crate) fn elements<'t>(
    file: &Arc<str>,
    text: &'t str,
    several: bool,
    context: &Context,
    take: &mut dyn FnMut(Node<'t>, &str) -> Result<(), InputError>,
) -> Result<Shape, InputError> {
    let blank = |text: &str| text.bytes().all(|byte| byte.is_ascii_whitespace());
    if blank(text) {
        return Err(InputError::unrecognised(file, "the file is empty"));
    }
    let mut shape = Shape::default();
    let mut offset = 0;
    for number in 0.. {
        let rest = text.get(offset..).unwrap_or_default();
        if blank(rest) {
            break;
        }
        if number > 0 && !several {
            shape.several = true;
            break;
        }
        let prefix = if several {
            format!("/{number}")
        } else {
            String::new()
        };
        let mut failed = None;
        let mut input = serde_json::Deserializer::from_str(rest);
        let result = DocumentSeed {
            prefix: &prefix,
            context,
            take,
            failed: &mut failed,
            shape: &mut shape,
        }
        .deserialize(&mut input);
        if let Some(error) = failed {
            return Err(error.with_place(text));
        }
        result.map_err(|error| {
            let mut error = InputError::syntax(file, &error, context.take_pointer(&prefix));
            let (line, column) = line_column(text, offset);
            if error.line <= 1 {
                error.column += column - 1;
            }
            error.line += line - 1;
            error
        })?;
        offset += input.into_iter::<IgnoredAny>().byte_offset();
    }
    Ok(shape)
}

struct DocumentSeed<'s, 't, 'f> {
    prefix: &'s str,
    context: &'s Context,
    take: &'s mut (dyn FnMut(Node<'t>, &str) -> Result<(), InputError> + 'f),
    failed: &'s mut Option<InputError>,
    shape: &'s mut Shape,
}

impl<'t> DeserializeSeed<'t> for DocumentSeed<'_, 't, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for DocumentSeed<'_, 't, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an Azure resource (an object), or a list of them")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, items: A) -> Result<(), A::Error> {
        stream_items(items, self.context, self.prefix, self.take, self.failed).map(|_| ())
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        let mut members = Members::default();
        let mut listed = None;
        while let Some(key) = map.next_key_seed(KeySeed)? {
            members.check(self.context, &key)?;
            let value = if is_list_key(&key) {
                let mut pointer = self.prefix.to_owned();
                push_step(&mut pointer, &key);
                let seed = ListSeed {
                    pointer: &pointer,
                    context: self.context,
                    take: &mut *self.take,
                    failed: &mut *self.failed,
                };
                map.next_value_seed(seed).map(|other| {
                    // The list is gone; its key stays, to be known if it comes again.
                    other.unwrap_or_else(|count| {
                        listed = Some(listed.unwrap_or(0) + count);
                        Node::Null
                    })
                })
            } else {
                map.next_value_seed(NodeSeed {
                    context: self.context,
                    key: Some(&key),
                })
            };
            match value {
                Ok(value) => members.push(key, value),
                Err(error) => {
                    self.context.step_key(&key);
                    return Err(error);
                }
            }
        }
        let Some(node) = finish_document(members, listed, self.shape) else {
            return Ok(());
        };
        let taken = (self.take)(node, self.prefix);
        keep(taken, self.failed)
    }
}

/// What remains of a document that was an object, once the lists in it were
/// handed over: `None` when it was an envelope, of which the shape takes note.
pub(crate) fn finish_document<'t>(
    members: Members<'t>,
    listed: Option<u64>,
    shape: &mut Shape,
) -> Option<Node<'t>> {
    let members = members.list;
    if let Some(count) = listed {
        let find = |names: &[&str]| {
            members
                .iter()
                .find(|(key, value)| {
                    names.iter().any(|name| key.eq_ignore_ascii_case(name))
                        && !matches!(value, Node::Null)
                })
                .map(|(_, value)| value)
        };
        let token = find(&["nextLink", "skip_token", "skipToken", "$skipToken"]);
        let total = find(&["total_records", "totalRecords"]);
        shape.pages.push(Page {
            total: total.and_then(|total| match total {
                Node::Number(total) => total.as_u64(),
                _ => None,
            }),
            count,
            more: matches!(token, Some(Node::Text(token)) if !token.is_empty()),
        });
        let has = |name: &str| {
            members
                .iter()
                .any(|(key, _)| key.eq_ignore_ascii_case(name))
        };
        if !(has("id") && has("type")) {
            return None;
        }
    }
    Some(Node::Object(members))
}

/// Keys under which exports put their lists of resources.
pub(crate) fn is_list_key(key: &str) -> bool {
    key.eq_ignore_ascii_case("data") || key.eq_ignore_ascii_case("value")
}

/// A list is streamed, which leaves how long it was; anything else comes back.
struct ListSeed<'s, 't, 'f> {
    pointer: &'s str,
    context: &'s Context,
    take: &'s mut (dyn FnMut(Node<'t>, &str) -> Result<(), InputError> + 'f),
    failed: &'s mut Option<InputError>,
}

impl<'t> DeserializeSeed<'t> for ListSeed<'_, 't, '_> {
    type Value = Result<Node<'t>, u64>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for ListSeed<'_, 't, '_> {
    type Value = Result<Node<'t>, u64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of resources")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, items: A) -> Result<Self::Value, A::Error> {
        stream_items(items, self.context, self.pointer, self.take, self.failed).map(Err)
    }

    fn visit_map<A: MapAccess<'t>>(self, map: A) -> Result<Self::Value, A::Error> {
        let seed = NodeSeed {
            context: self.context,
            key: None,
        };
        seed.visit_map(map).map(Ok)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Ok(Node::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Ok(Node::Bool(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Ok(Node::Number(value.into())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Ok(Node::Number(value.into())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        let number = serde_json::Number::from_f64(value);
        Ok(Ok(number.map_or(Node::Null, Node::Number)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Ok(Node::Text(Cow::Owned(value.to_owned()))))
    }
}

fn stream_items<'t, A: SeqAccess<'t>>(
    mut items: A,
    context: &Context,
    pointer: &str,
    take: &mut dyn FnMut(Node<'t>, &str) -> Result<(), InputError>,
    failed: &mut Option<InputError>,
) -> Result<u64, A::Error> {
    let mut index = 0usize;
    loop {
        match items.next_element_seed(NodeSeed { context, key: None }) {
            Ok(Some(item)) => keep(take(item, &format!("{pointer}/{index}")), failed)?,
            Ok(None) => return Ok(index as u64),
            Err(error) => {
                context.step_index(index);
                return Err(error);
            }
        }
        index += 1;
    }
}

/// Stops the parser and keeps our own error, which says more than its.
fn keep<E: serde::de::Error>(
    result: Result<(), InputError>,
    failed: &mut Option<InputError>,
) -> Result<(), E> {
    result.map_err(|error| {
        let stop = E::custom("stopped");
        *failed = Some(error);
        stop
    })
}

/// An object with its place, read with typed accessors.
#[derive(Clone, Copy)]
pub(crate) struct Object<'n, 't> {
    pub(crate) file: &'n Arc<str>,
    pub(crate) members: &'n [(Cow<'t, str>, Node<'t>)],
    pub(crate) at: &'n Pointer<'n>,
}

/// A JSON pointer as a chain of steps, spelt out only when it is needed.
pub(crate) enum Pointer<'p> {
    Root(&'p str),
    Key(&'p Pointer<'p>, &'p str),
    Index(&'p Pointer<'p>, usize),
}

impl fmt::Display for Pointer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(prefix) => f.write_str(prefix),
            Self::Key(parent, key) => {
                write!(f, "{parent}/{}", key.replace('~', "~0").replace('/', "~1"))
            }
            Self::Index(parent, index) => write!(f, "{parent}/{index}"),
        }
    }
}

impl<'n, 't> Object<'n, 't> {
    pub(crate) fn error(&self, key: &str, message: impl Into<String>) -> InputError {
        InputError::at(self.file, Pointer::Key(self.at, key).to_string(), message)
    }

    /// A member by its name in any letter case, as it is written; null counts
    /// as absent.
    pub(crate) fn get(&self, name: &str) -> Result<Option<(&'n str, &'n Node<'t>)>, InputError> {
        let mut found: Option<(&'n str, &'n Node<'t>)> = None;
        for (key, value) in self.members {
            if key.eq_ignore_ascii_case(name) && !matches!(value, Node::Null) {
                if let Some((other, _)) = found {
                    return Err(self.error(
                        key,
                        format!("\"{other}\" and \"{key}\" name the same thing in one object"),
                    ));
                }
                found = Some((key, value));
            }
        }
        Ok(found)
    }

    fn wrong<T>(&self, key: &str, expected: &str, value: &Node<'_>) -> Result<T, InputError> {
        Err(self.error(key, format!("expected {expected}, found {}", value.kind())))
    }

    pub(crate) fn text(&self, name: &str) -> Result<Option<&'n str>, InputError> {
        match self.get(name)? {
            None => Ok(None),
            Some((_, Node::Text(text))) => Ok(Some(text)),
            Some((key, other)) => self.wrong(key, "a string", other),
        }
    }

    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, InputError> {
        match self.get(name)? {
            None => Ok(None),
            Some((_, Node::Bool(value))) => Ok(Some(*value)),
            Some((_, Node::Text(text))) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
            Some((_, Node::Text(text))) if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
            Some((key, other)) => self.wrong(key, "true or false", other),
        }
    }

    /// A port, which some exports write as a string.
    pub(crate) fn port(&self, name: &str) -> Result<Port, InputError> {
        let text = match self.get(name)? {
            None => return Ok(Port::Absent),
            Some((_, Node::Number(number))) => number.to_string(),
            Some((_, Node::Text(text))) => text.trim().to_owned(),
            Some((key, other)) => return self.wrong(key, "a port, a number", other),
        };
        Ok(text
            .strip_suffix(".0")
            .unwrap_or(&text)
            .parse()
            .map_or_else(
                |_| {
                    Port::Bad(Word {
                        text: text.clone(),
                        at: At(self.origin_of(name)),
                    })
                },
                Port::Is,
            ))
    }

    /// Strings of a list; a single string counts as a list of one.
    fn texts(&self, name: &str) -> Result<Vec<(usize, &'n str)>, InputError> {
        match self.get(name)? {
            None => Ok(Vec::new()),
            Some((_, Node::Text(text))) => Ok(vec![(0, text)]),
            Some((key, Node::List(items))) => items
                .iter()
                .enumerate()
                .filter(|(_, item)| !matches!(item, Node::Null))
                .map(|(index, item)| match item {
                    Node::Text(text) => Ok((index, text.as_ref())),
                    other => Err(InputError::at(
                        self.file,
                        Pointer::Index(&Pointer::Key(self.at, key), index).to_string(),
                        format!("expected a string, found {}", other.kind()),
                    )),
                })
                .collect(),
            Some((key, other)) => self.wrong(key, "a list of strings", other),
        }
    }

    /// Calls with a member that is an object.
    pub(crate) fn object<R>(
        &self,
        name: &str,
        read: impl FnOnce(Object<'_, 't>) -> Result<R, InputError>,
    ) -> Result<Option<R>, InputError> {
        match self.get(name)? {
            None => Ok(None),
            Some((key, Node::Object(members))) => read(Object {
                file: self.file,
                members,
                at: &Pointer::Key(self.at, key),
            })
            .map(Some),
            Some((key, other)) => self.wrong(key, "an object", other),
        }
    }

    /// Calls with every object of a list.
    pub(crate) fn each(
        &self,
        name: &str,
        mut read: impl FnMut(usize, Object<'_, 't>) -> Result<(), InputError>,
    ) -> Result<(), InputError> {
        match self.get(name)? {
            None => Ok(()),
            Some((key, Node::List(items))) => {
                let list = Pointer::Key(self.at, key);
                for (index, item) in items.iter().enumerate() {
                    let at = Pointer::Index(&list, index);
                    match item {
                        Node::Null => {}
                        Node::Object(members) => read(
                            index,
                            Object {
                                file: self.file,
                                members,
                                at: &at,
                            },
                        )?,
                        other => {
                            return Err(InputError::at(
                                self.file,
                                at.to_string(),
                                format!("expected an object, found {}", other.kind()),
                            ));
                        }
                    }
                }
                Ok(())
            }
            Some((key, other)) => self.wrong(key, "a list", other),
        }
    }

    /// Where this object is.
    pub(crate) fn origin(&self) -> celador_model::Origin {
        celador_model::Origin::new(Arc::clone(self.file), self.at.to_string())
    }

    /// Where a member is.
    pub(crate) fn origin_of(&self, name: &str) -> celador_model::Origin {
        let key = self
            .members
            .iter()
            .map(|(key, _)| key.as_ref())
            .find(|key| key.eq_ignore_ascii_case(name))
            .unwrap_or(name);
        celador_model::Origin::new(
            Arc::clone(self.file),
            Pointer::Key(self.at, key).to_string(),
        )
    }

    /// The `properties` below, or the object itself where they are flattened.
    pub(crate) fn properties<R>(
        &self,
        read: impl FnOnce(Object<'_, 't>) -> Result<R, InputError>,
    ) -> Result<R, InputError> {
        if let Some((key, Node::Object(members))) = self.get("properties")? {
            return read(Object {
                file: self.file,
                members,
                at: &Pointer::Key(self.at, key),
            });
        }
        if let Some((key, other)) = self.get("properties")? {
            return self.wrong(key, "an object", other);
        }
        read(*self)
    }

    /// The `id` of a member that refers to another resource.
    pub(crate) fn reference(&self, name: &str) -> Result<Option<Id>, InputError> {
        match self.get(name)? {
            // Some tools flatten a reference to its id.
            Some((_, Node::Text(id))) if id.trim().is_empty() => Ok(None),
            Some((_, Node::Text(id))) => Ok(Some(Id::new(id))),
            _ => Ok(self.object(name, |object| object.id())?.flatten()),
        }
    }

    /// This object's own id.
    pub(crate) fn id(&self) -> Result<Option<Id>, InputError> {
        let text = self.text("id")?.map(str::trim);
        Ok(text.filter(|text| !text.is_empty()).map(Id::new))
    }

    /// A string as it was written, and where.
    pub(crate) fn word(&self, name: &str) -> Result<Option<Word>, InputError> {
        Ok(self
            .text(name)?
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .map(|text| Word {
                text: text.to_owned(),
                at: At(self.origin_of(name)),
            }))
    }

    /// Strings of a list, or a single one, and where each stands.
    pub(crate) fn words(&self, name: &str) -> Result<Vec<Word>, InputError> {
        let single = matches!(self.get(name)?, Some((_, Node::Text(_))));
        let at = self.origin_of(name);
        let mut out = Vec::new();
        for (index, text) in self.texts(name)? {
            let place = if single { at.clone() } else { at.child(index) };
            let parts = text
                .split(',')
                .map(str::trim)
                .filter(|text| !text.is_empty());
            out.extend(parts.map(|text| Word {
                text: text.to_owned(),
                at: At(place.clone()),
            }));
        }
        Ok(out)
    }

    /// The ids of a list of references.
    pub(crate) fn references(&self, name: &str) -> Result<Vec<Id>, InputError> {
        let mut out = Vec::new();
        match self.get(name)? {
            None => {}
            Some((key, Node::List(items))) => {
                for (index, item) in items.iter().enumerate() {
                    match item {
                        Node::Null => {}
                        Node::Text(id) => out.push(Id::new(id)),
                        Node::Object(members) => {
                            let list = Pointer::Key(self.at, key);
                            let inner = Object {
                                file: self.file,
                                members,
                                at: &Pointer::Index(&list, index),
                            };
                            out.extend(inner.id()?);
                        }
                        other => {
                            return Err(InputError::at(
                                self.file,
                                Pointer::Index(&Pointer::Key(self.at, key), index).to_string(),
                                format!("expected an object, found {}", other.kind()),
                            ));
                        }
                    }
                }
            }
            Some((key, other)) => return self.wrong(key, "a list", other),
        }
        Ok(out)
    }

    /// The list of security rules under a key, which is gone afterwards.
    pub(crate) fn rules(&self, name: &str) -> Result<Option<Listed>, InputError> {
        match self.get(name)? {
            None => Ok(None),
            Some((key, Node::Rules(list))) => Ok(Some(Listed {
                origin: self.origin_of(key),
                rules: list.take(),
            })),
            Some((key, other)) => self.wrong(key, "a list of security rules", other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(bytes: &[u8]) -> InputError {
        super::super::parse("f.json".into(), bytes).expect_err("an error")
    }

    fn check(text: &str, expect: &str) {
        assert_eq!(fails(text.as_bytes()).to_string(), expect, "{text}");
    }

    #[test]
    fn errors_say_where() {
        let nsg = |properties: &str| {
            format!(
                "[\n{{\"id\": \"/x/providers/Microsoft.Network/networkSecurityGroups/n\",\n \"properties\": {properties}}}]"
            )
        };
        check(
            &nsg(r#"{"securityRules": "none"}"#),
            "f.json#/0/properties/securityRules: expected a list of security rules, found a string",
        );
        check(
            &nsg(r#"{"securityRules": [{"properties": {"priority": {}}}]}"#),
            "f.json#/0/properties/securityRules/0/properties/priority: expected a number, found an object",
        );
        check(
            &nsg(r#"{"securityRules": [{"name": "a", "name": "b"}]}"#),
            "f.json#/0/properties/securityRules/0/name: the key \"name\" is given twice in one object",
        );
        check(
            &nsg(r#"{"subnets": 7}"#),
            "f.json#/0/properties/subnets: expected a list, found a number",
        );
        check(
            &nsg(r#"{"subnets": [], "subnets": []}"#),
            "f.json#/0/properties/subnets: the key \"subnets\" is given twice in one object",
        );
        check(
            &nsg(r#"{"subnets": [], "Subnets": []}"#),
            "f.json#/0/properties/Subnets: \"subnets\" and \"Subnets\" name the same thing in one object",
        );
    }

    #[test]
    fn files_that_are_no_configuration() {
        check("", "f.json: the file is empty");
        check(
            "{\"a\": ",
            "f.json:1:6#/a: the JSON ends too early (EOF while parsing a value); is the file truncated?",
        );
        assert!(fails(b"{}").is_unrecognised());
        assert!(fails(b"7").message().contains("expected an Azure resource"));
        assert!(fails(b"[7]").message().contains("expected ARM resources"));
        assert!(fails(b"{\"id\": \"\xff\"}").message().contains("UTF-8"));
        let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
        assert!(fails(deep.as_bytes()).message().contains("128 levels"));
        let hidden = format!("{{\"id\":\"/providers/a.b/c/d\",\"x\":{deep}}}");
        assert!(fails(hidden.as_bytes()).message().contains("128 levels"));
    }

    #[test]
    fn encodings() {
        let text = "[{\"id\": \"/x/providers/Microsoft.Network/publicIPAddresses/é\"}]";
        let little: Vec<u8> = format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = format!("\u{feff}{text}").into_bytes();
        for bytes in [little, big, marked, text.as_bytes().to_vec()] {
            assert!(super::super::parse("f.json".into(), &bytes).is_ok());
        }
        assert!(fails(b"\xff\xfe{\x00\x00\xd8").message().contains("UTF-16"));
    }

    #[test]
    fn later_documents_have_their_own_lines_and_pointers() {
        let text = "{\"id\": \"/providers/a.b/c/d\"}\n{\"id\": \"/x/providers/Microsoft.Network/publicIPAddresses/p\", \"sku\": 1}";
        check(text, "f.json#/1/sku: expected an object, found a number");
        assert_eq!(
            (fails(text.as_bytes()).line, fails(text.as_bytes()).column),
            (2, 69)
        );
        check(
            "{\"id\": \"/providers/a.b/c/d\"} {\"a\": 1 2}",
            "f.json:1:38#/1: expected `,` or `}`",
        );
    }
}
