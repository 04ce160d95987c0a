//! JSON text to a borrowed tree, one top-level element at a time.
//!
//! Exports reach hundreds of megabytes, so the elements of a top-level list are
//! handed over one by one and dropped again. Depth is bounded by `serde_json`
//! (128 levels), a key given twice is an error, and keys are compared without
//! regard to letter case, since older exports write `publicIpAddress` where
//! newer ones write `publicIPAddress`.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {message}", Place { file, line: *line, column: *column, pointer })]
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
    message: String,
    unrecognised: bool,
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
        }
    }

    fn syntax(file: &Arc<str>, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let message = text
            .split_once(" at line ")
            .map_or(text.as_str(), |(head, _)| head);
        let message = if message.starts_with("recursion limit") {
            "JSON is nested deeper than 128 levels, which no export is".to_owned()
        } else if error.is_eof() {
            format!("the JSON ends too early ({message}); is the file truncated?")
        } else {
            message.to_owned()
        };
        Self {
            line: error.line(),
            column: error.column(),
            ..Self::at(file, String::new(), message)
        }
    }
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

/// A JSON value that borrows from the text where it can.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node<'t> {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(Cow<'t, str>),
    List(Vec<Node<'t>>),
    Object(Vec<(Cow<'t, str>, Node<'t>)>),
}

impl Node<'_> {
    /// What it is, for error messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "true or false",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(_) => "a list",
            Self::Object(_) => "an object",
        }
    }

    /// Equal values have equal digests, whatever order their keys are in.
    ///
    /// Every element of an export passes through here, so it allocates nothing:
    /// members are added up, which does not depend on their order.
    pub(crate) fn digest(&self) -> u64 {
        match self {
            Self::Null => 1,
            Self::Bool(value) => 2 + u64::from(*value),
            Self::Number(value) => {
                let bits = value
                    .as_u64()
                    .or_else(|| value.as_i64().map(i64::cast_unsigned))
                    .or_else(|| value.as_f64().map(f64::to_bits));
                mix(4, bits.unwrap_or_default())
            }
            Self::Text(value) => hash_bytes(5, value.as_bytes()),
            Self::List(items) => items.iter().fold(6, |seed, item| mix(seed, item.digest())),
            Self::Object(members) => members
                .iter()
                .filter(|(key, _)| !key.eq_ignore_ascii_case("etag"))
                .fold(7u64, |sum, (key, value)| {
                    let key = key.bytes().fold(8, |seed, byte| {
                        mix(seed, u64::from(byte.to_ascii_lowercase()))
                    });
                    sum.wrapping_add(mix(key, value.digest()))
                }),
        }
    }
}

/// One round of a multiplicative hash (the constant is the one rustc uses).
fn mix(seed: u64, value: u64) -> u64 {
    (seed.rotate_left(5) ^ value).wrapping_mul(0x517c_c1b7_2722_0a95)
}

fn hash_bytes(seed: u64, bytes: &[u8]) -> u64 {
    let (words, rest) = bytes.as_chunks::<8>();
    let seed = words
        .iter()
        .fold(mix(seed, bytes.len() as u64), |seed, word| {
            mix(seed, u64::from_le_bytes(*word))
        });
    rest.iter()
        .fold(seed, |seed, byte| mix(seed, u64::from(*byte)))
}

struct NodeSeed;

impl<'de> DeserializeSeed<'de> for NodeSeed {
    type Value = Node<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node<'de>, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
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

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
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
        while let Some(item) = items.next_element_seed(NodeSeed)? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = map.next_key_seed(KeySeed)? {
            members.push((key, map.next_value_seed(NodeSeed)?));
        }
        check_keys(&members)?;
        Ok(Node::Object(members))
    }
}

/// A key given twice has no defined meaning; readers disagree on which counts.
fn check_keys<V, E: serde::de::Error>(members: &[(Cow<'_, str>, V)]) -> Result<(), E> {
    let twice = |key: &str| E::custom(format!("the key \"{key}\" is given twice in one object"));
    if members.len() <= 24 {
        for (index, (key, _)) in members.iter().enumerate() {
            if members[..index].iter().any(|(other, _)| other == key) {
                return Err(twice(key));
            }
        }
        return Ok(());
    }
    let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
    keys.sort_unstable();
    match keys.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(twice(pair[0])),
        None => Ok(()),
    }
}

/// What a document was, besides the elements that were handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Shape {
    /// The export says that more pages follow.
    pub(crate) truncated: bool,
    /// Another document follows the first, so pointers need its number: what
    /// was handed over is void, call again.
    pub(crate) several: bool,
}

/// Reads every document of a text and hands each resource over with its
/// pointer: the document itself, or the items of a list, of `{"data": […]}` or
/// of `{"value": […]}`.
pub(crate) fn elements<'t>(
    file: &Arc<str>,
    text: &'t [u8],
    several: bool,
    take: &mut dyn FnMut(Node<'t>, &str) -> Result<(), InputError>,
) -> Result<Shape, InputError> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        return Err(InputError::at(
            file,
            String::new(),
            "the file is UTF-16, as PowerShell's > writes it; save it as UTF-8 (| Out-File -Encoding utf8)",
        ));
    }
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err(InputError::unrecognised(file, "the file is empty"));
    }
    let mut shape = Shape::default();
    let mut offset = 0;
    for number in 0.. {
        let rest = text.get(offset..).unwrap_or_default();
        if rest.iter().all(u8::is_ascii_whitespace) {
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
        let mut stream = serde_json::Deserializer::from_slice(rest);
        let result = DocumentSeed {
            prefix: &prefix,
            take,
            failed: &mut failed,
            shape: &mut shape,
        }
        .deserialize(&mut stream);
        if let Some(error) = failed {
            return Err(error);
        }
        result.map_err(|error| {
            let mut error = InputError::syntax(file, &error);
            error.line +=
                memchr::memchr_iter(b'\n', text.get(..offset).unwrap_or_default()).count();
            error
        })?;
        offset += stream.into_iter::<serde::de::IgnoredAny>().byte_offset();
    }
    Ok(shape)
}

struct DocumentSeed<'s, 't, 'f> {
    prefix: &'s str,
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
        let prefix = self.prefix.to_owned();
        stream_items(items, &prefix, self.take, self.failed)
    }

    fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<(), A::Error> {
        let mut members: Vec<(Cow<'t, str>, Node<'t>)> = Vec::new();
        let mut listed = false;
        while let Some(key) = map.next_key_seed(KeySeed)? {
            if key.eq_ignore_ascii_case("data") || key.eq_ignore_ascii_case("value") {
                let pointer = format!("{}/{key}", self.prefix);
                if let Some(other) = map.next_value_seed(ListSeed {
                    pointer: &pointer,
                    take: &mut *self.take,
                    failed: &mut *self.failed,
                })? {
                    members.push((key, other));
                } else {
                    if listed {
                        return Err(serde::de::Error::custom(
                            "one object has two lists of resources",
                        ));
                    }
                    listed = true;
                }
                continue;
            }
            members.push((key, map.next_value_seed(NodeSeed)?));
        }
        check_keys(&members)?;
        if listed {
            let more = members.iter().any(|(key, value)| {
                ["nextLink", "skip_token", "skipToken", "$skipToken"]
                    .iter()
                    .any(|name| key.eq_ignore_ascii_case(name))
                    && !matches!(value, Node::Null)
                    && *value != Node::Text(Cow::Borrowed(""))
            });
            self.shape.truncated |= more;
            return Ok(());
        }
        let taken = (self.take)(Node::Object(members), self.prefix);
        keep(taken, self.failed)
    }
}

/// A list is streamed; anything else comes back.
struct ListSeed<'s, 't, 'f> {
    pointer: &'s str,
    take: &'s mut (dyn FnMut(Node<'t>, &str) -> Result<(), InputError> + 'f),
    failed: &'s mut Option<InputError>,
}

impl<'t> DeserializeSeed<'t> for ListSeed<'_, 't, '_> {
    type Value = Option<Node<'t>>;

    fn deserialize<D: Deserializer<'t>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'t> Visitor<'t> for ListSeed<'_, 't, '_> {
    type Value = Option<Node<'t>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of resources")
    }

    fn visit_seq<A: SeqAccess<'t>>(self, items: A) -> Result<Self::Value, A::Error> {
        stream_items(items, self.pointer, self.take, self.failed)?;
        Ok(None)
    }

    fn visit_map<A: MapAccess<'t>>(self, map: A) -> Result<Self::Value, A::Error> {
        NodeVisitor.visit_map(map).map(Some)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Some(Node::Null))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Some(Node::Bool(value)))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Some(Node::Number(value.into())))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Some(Node::Number(value.into())))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Self::Value, E> {
        NodeVisitor.visit_f64(value).map(Some)
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Some(Node::Text(Cow::Owned(value.to_owned()))))
    }
}

fn stream_items<'t, A: SeqAccess<'t>>(
    mut items: A,
    pointer: &str,
    take: &mut dyn FnMut(Node<'t>, &str) -> Result<(), InputError>,
    failed: &mut Option<InputError>,
) -> Result<(), A::Error> {
    let mut index = 0usize;
    while let Some(item) = items.next_element_seed(NodeSeed)? {
        keep(take(item, &format!("{pointer}/{index}")), failed)?;
        index += 1;
    }
    Ok(())
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

    /// A whole number, also when it is written as a string. `Ok(Err(text))` for
    /// one that is out of range or no number.
    pub(crate) fn number(&self, name: &str) -> Result<Option<Result<u32, String>>, InputError> {
        match self.get(name)? {
            None => Ok(None),
            Some((_, Node::Number(number))) => Ok(Some(
                number
                    .as_u64()
                    .and_then(|value| u32::try_from(value).ok())
                    .ok_or_else(|| number.to_string()),
            )),
            Some((_, Node::Text(text))) => {
                Ok(Some(text.trim().parse().map_err(|_| text.to_string())))
            }
            Some((key, other)) => self.wrong(key, "a number", other),
        }
    }

    /// Strings of a list; a single string counts as a list of one.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<&'n str>, InputError> {
        match self.get(name)? {
            None => Ok(Vec::new()),
            Some((_, Node::Text(text))) => Ok(vec![text]),
            Some((key, Node::List(items))) => items
                .iter()
                .enumerate()
                .filter(|(_, item)| !matches!(item, Node::Null))
                .map(|(index, item)| match item {
                    Node::Text(text) => Ok(text.as_ref()),
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
    pub(crate) fn reference(&self, name: &str) -> Result<Option<String>, InputError> {
        match self.get(name)? {
            // Some tools flatten a reference to its id.
            Some((_, Node::Text(id))) => Ok(Some(id.to_string())),
            _ => Ok(self
                .object(name, |object| Ok(object.text("id")?.map(str::to_owned)))?
                .flatten()),
        }
    }

    /// The ids of a list of references.
    pub(crate) fn references(&self, name: &str) -> Result<Vec<String>, InputError> {
        let mut out = Vec::new();
        self.each(name, |_, object| {
            out.extend(object.text("id")?.map(str::to_owned));
            Ok(())
        })?;
        Ok(out)
    }
}
