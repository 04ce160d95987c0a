//! A borrowed tree of one resource, and a cursor that knows where it stands.
//!
//! Everything but lists of security rules becomes a [`Node`]; a list of rules
//! goes straight to its compact form wherever it is met ([`Node::Rules`]). A
//! tree lives no longer than the reading of its resource.
//!
//! Keys are matched without regard to letter case, because the field names of
//! Azure's own tools differ in it; a key given twice is an error, never a
//! silent choice.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::HashSet;
use std::fmt;
use std::rc::Rc;
use std::sync::Arc;

use celador_model::Origin;
use serde::de::{self, DeserializeSeed, MapAccess, SeqAccess, Visitor};

use super::address::Pool;
use super::id::Id;
use super::rules::{ListKind, RuleBuilder, RuleList, RuleListSeed, Scalar};
use crate::json::push_step;

/// What readers of one file share.
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

    /// The pointer of the error that was just met.
    pub(crate) fn take_pointer(&self) -> String {
        let mut pointer = String::new();
        for step in self.trail.take().iter().rev() {
            push_step(&mut pointer, step);
        }
        pointer
    }
}

/// A JSON value.
#[derive(Debug)]
pub(crate) enum Node<'a> {
    Null,
    Bool(bool),
    Whole(u64),
    Number(f64),
    String(Cow<'a, str>),
    Array(Vec<Node<'a>>),
    Object(Vec<(Cow<'a, str>, Node<'a>)>),
    /// A list of security rules.
    Rules(Box<RuleList>),
}

impl Node<'_> {
    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Node::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn scalar(&self) -> Option<Scalar<'_>> {
        match self {
            Node::String(text) => Some(Scalar::Text(text)),
            Node::Whole(number) => Some(Scalar::Whole(*number)),
            Node::Number(number) => Some(Scalar::Number(*number)),
            _ => None,
        }
    }

    fn describe(&self) -> &'static str {
        match self {
            Node::Null => "null",
            Node::Bool(_) => "a boolean",
            Node::Whole(_) | Node::Number(_) => "a number",
            Node::String(_) => "a string",
            Node::Array(_) | Node::Rules(_) => "an array",
            Node::Object(_) => "an object",
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

    fn deserialize<D: de::Deserializer<'de>>(self, input: D) -> Result<Node<'de>, D::Error> {
        if let Some(kind) = self.key.and_then(ListKind::of_key) {
            let list = RuleListSeed { context: self.context, kind }.deserialize(input)?;
            return Ok(list.map_or(Node::Null, |list| Node::Rules(Box::new(list))));
        }
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NodeSeed<'_, '_> {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Node<'de>, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node<'de>, E> {
        Ok(Node::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node<'de>, E> {
        Ok(Node::Whole(value))
    }

    #[expect(clippy::cast_precision_loss, reason = "no field that is read can be negative")]
    fn visit_i64<E>(self, value: i64) -> Result<Node<'de>, E> {
        Ok(Node::Number(value as f64))
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "only whole numbers in range are cast")]
    fn visit_f64<E>(self, value: f64) -> Result<Node<'de>, E> {
        if value.fract() == 0.0 && (0.0..=f64::from(u32::MAX)).contains(&value) {
            return Ok(Node::Whole(value as u64));
        }
        Ok(Node::Number(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Node<'de>, E> {
        Ok(Node::String(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node<'de>, E> {
        Ok(Node::String(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node<'de>, A::Error> {
        let mut items = Vec::new();
        loop {
            match seq.next_element_seed(NodeSeed { context: self.context, key: None }) {
                Ok(Some(item)) => items.push(item),
                Ok(None) => return Ok(Node::Array(items)),
                Err(error) => {
                    self.context.step_index(items.len());
                    return Err(error);
                }
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node<'de>, A::Error> {
        let mut pairs = Pairs::default();
        while let Some(key) = map.next_key_seed(KeySeed)? {
            pairs.check(self.context, &key)?;
            match map.next_value_seed(NodeSeed { context: self.context, key: Some(&key) }) {
                Ok(value) => pairs.push(key, value),
                Err(error) => {
                    self.context.step_key(&key);
                    return Err(error);
                }
            }
        }
        Ok(Node::Object(pairs.pairs))
    }
}

/// An object in the making, which refuses a key it already has.
#[derive(Default)]
pub(crate) struct Pairs<'a> {
    pub(crate) pairs: Vec<(Cow<'a, str>, Node<'a>)>,
    /// Only for objects too large to look through.
    known: HashSet<Cow<'a, str>>,
}

impl<'a> Pairs<'a> {
    const LOOK_THROUGH: usize = 48;

    pub(crate) fn check<E: de::Error>(&self, context: &Context, key: &str) -> Result<(), E> {
        let twice = if self.known.is_empty() { self.pairs.iter().any(|(known, _)| known == key) } else { self.known.contains(key) };
        if twice {
            context.step_key(key);
            return Err(de::Error::custom(format_args!("duplicate key {key:?}")));
        }
        Ok(())
    }

    pub(crate) fn push(&mut self, key: Cow<'a, str>, value: Node<'a>) {
        if self.pairs.len() == Self::LOOK_THROUGH {
            self.known = self.pairs.iter().map(|(key, _)| key.clone()).collect();
        }
        if self.pairs.len() >= Self::LOOK_THROUGH {
            self.known.insert(key.clone());
        }
        self.pairs.push((key, value));
    }
}

pub(crate) struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: de::Deserializer<'de>>(self, input: D) -> Result<Self::Value, D::Error> {
        input.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
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

/// Passes over a value, within the same depth limit as everything else.
pub(crate) struct Skip;

impl<'de> DeserializeSeed<'de> for Skip {
    type Value = ();

    fn deserialize<D: de::Deserializer<'de>>(self, input: D) -> Result<(), D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Skip {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while seq.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while map.next_key_seed(KeySeed)?.is_some() {
            map.next_value_seed(Self)?;
        }
        Ok(())
    }
}

/// A value of the wrong JSON type, or a key given twice.
#[derive(Debug)]
pub(crate) struct Fail {
    pub(crate) pointer: String,
    pub(crate) message: String,
}

type Read<T> = Result<T, Fail>;

#[derive(Debug)]
struct Step<'n> {
    up: Option<Rc<Step<'n>>>,
    name: StepName<'n>,
}

#[derive(Debug)]
enum StepName<'n> {
    Root(&'n str),
    Key(&'n str),
    Index(usize),
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(crate) struct At<'n> {
    node: &'n Node<'n>,
    file: &'n Arc<str>,
    step: Rc<Step<'n>>,
}

impl<'n> At<'n> {
    /// The root of a tree that stands at a pointer of a file.
    pub(crate) fn root(node: &'n Node<'n>, file: &'n Arc<str>, pointer: &'n str) -> Self {
        Self {
            node,
            file,
            step: Rc::new(Step { up: None, name: StepName::Root(pointer) }),
        }
    }

    fn down(&self, node: &'n Node<'n>, name: StepName<'n>) -> Self {
        Self {
            node,
            file: self.file,
            step: Rc::new(Step { up: Some(Rc::clone(&self.step)), name }),
        }
    }

    pub(crate) fn node(&self) -> &'n Node<'n> {
        self.node
    }

    pub(crate) fn pointer(&self) -> String {
        let mut steps = Vec::new();
        let mut at = Some(&self.step);
        while let Some(step) = at {
            steps.push(&step.name);
            at = step.up.as_ref();
        }
        let mut pointer = String::new();
        for step in steps.into_iter().rev() {
            match step {
                StepName::Root(root) => pointer.push_str(root),
                StepName::Key(key) => push_step(&mut pointer, key),
                StepName::Index(index) => push_step(&mut pointer, &index.to_string()),
            }
        }
        pointer
    }

    pub(crate) fn origin(&self) -> Origin {
        Origin::new(Arc::clone(self.file), self.pointer())
    }

    pub(crate) fn fail<T>(&self, message: impl Into<String>) -> Read<T> {
        Err(Fail { pointer: self.pointer(), message: message.into() })
    }

    fn wrong<T>(&self, expected: &str) -> Read<T> {
        self.fail(format!("{expected} was expected, not {}", self.node.describe()))
    }

    /// Whether it is an object.
    pub(crate) fn is_object(&self) -> bool {
        matches!(self.node, Node::Object(_))
    }

    /// The value of a key; null counts as absent.
    pub(crate) fn get(&self, key: &str) -> Read<Option<At<'n>>> {
        let pairs = match self.node {
            Node::Object(pairs) => pairs,
            Node::Null => return Ok(None),
            _ => return self.wrong("an object"),
        };
        let mut found = None;
        for (name, value) in pairs {
            if name.len() == key.len() && name.eq_ignore_ascii_case(key) && !matches!(value, Node::Null) {
                if found.is_some() {
                    return self.down(value, StepName::Key(name)).fail(format!("duplicate key {key:?}: it is given twice, in different letter case"));
                }
                found = Some(self.down(value, StepName::Key(name)));
            }
        }
        Ok(found)
    }

    /// The value of a property, in either layout: inside `properties` as ARM
    /// prints it, or beside it as the Azure CLI does.
    pub(crate) fn prop(&self, key: &str) -> Read<Option<At<'n>>> {
        if let Some(properties) = self.get("properties")?
            && let Some(found) = properties.get(key)?
        {
            return Ok(Some(found));
        }
        self.get(key)
    }

    /// The first of several properties that is there.
    pub(crate) fn path(&self, keys: &[&str]) -> Read<Option<At<'n>>> {
        let mut at = self.clone();
        for key in keys {
            match at.prop(key)? {
                Some(next) => at = next,
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }

    pub(crate) fn as_str(&self) -> Read<&'n str> {
        match self.node {
            Node::String(text) => Ok(text),
            _ => self.wrong("a string"),
        }
    }

    pub(crate) fn text(&self, key: &str) -> Read<Option<&'n str>> {
        Ok(self.prop(key)?.map(|at| at.as_str()).transpose()?.map(str::trim).filter(|text| !text.is_empty()))
    }

    pub(crate) fn as_bool(&self) -> Read<bool> {
        match self.node {
            Node::Bool(value) => Ok(*value),
            Node::String(text) if text.eq_ignore_ascii_case("true") => Ok(true),
            Node::String(text) if text.eq_ignore_ascii_case("false") => Ok(false),
            _ => self.wrong("true or false"),
        }
    }

    pub(crate) fn flag(&self, key: &str) -> Read<Option<bool>> {
        self.prop(key)?.map(|at| at.as_bool()).transpose()
    }

    /// The elements of an array; nothing for null.
    pub(crate) fn items(&self) -> Read<Vec<At<'n>>> {
        match self.node {
            Node::Array(items) => Ok(items
                .iter()
                .enumerate()
                .filter(|(_, item)| !matches!(item, Node::Null))
                .map(|(index, item)| self.down(item, StepName::Index(index)))
                .collect()),
            Node::Null => Ok(Vec::new()),
            _ => self.wrong("an array"),
        }
    }

    /// The elements of an array under a key; nothing where it is absent.
    pub(crate) fn list(&self, key: &str) -> Read<Vec<At<'n>>> {
        self.prop(key)?.map_or(Ok(Vec::new()), |at| at.items())
    }

    /// The keys and values of an object.
    pub(crate) fn entries(&self) -> Read<Vec<(&'n str, At<'n>)>> {
        match self.node {
            Node::Object(pairs) => Ok(pairs.iter().map(|(key, value)| (&**key, self.down(value, StepName::Key(key)))).collect()),
            Node::Null => Ok(Vec::new()),
            _ => self.wrong("an object"),
        }
    }

    /// The id of an object, or of a string that is itself an id.
    pub(crate) fn id(&self) -> Read<Option<Id>> {
        let text = match self.node {
            Node::String(text) => Some(&**text),
            _ => self.get("id")?.map(|at| at.as_str()).transpose()?,
        };
        Ok(text.map(str::trim).filter(|text| !text.is_empty()).map(Id::new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read<T>(text: &str, then: impl FnOnce(&At<'_>) -> T) -> Result<T, (String, String)> {
        let context = Context::default();
        let mut input = serde_json::Deserializer::from_str(text);
        let node = NodeSeed { context: &context, key: None }.deserialize(&mut input).map_err(|error| (context.take_pointer(), error.to_string()))?;
        let file = "f.json".into();
        Ok(then(&At::root(&node, &file, "")))
    }

    #[test]
    fn both_layouts_and_any_case() {
        for text in [r#"{"properties":{"publicIPAddress":{"id":"/x"}}}"#, r#"{"publicIpAddress":{"id":"/x"},"properties":null}"#] {
            let id = read(text, |at| at.path(&["publicIPAddress"]).expect("well typed").and_then(|at| at.id().expect("well typed")).map(|id| id.text.to_string()));
            assert_eq!(id.ok().flatten().as_deref(), Some("/x"), "{text}");
        }
    }

    #[test]
    fn duplicate_keys_are_refused_with_their_pointer() {
        let error = read(r#"{"a":[{"b":1,"c":2,"b":3}]}"#, |_| ()).expect_err("a duplicate");
        assert_eq!(error.0, "/a/0/b");
        let many: String = (0..100).map(|n| format!("\"k{n}\":0,")).collect();
        let error = read(&format!("{{{many}\"k7\":1}}"), |_| ()).expect_err("a duplicate");
        assert_eq!(error.0, "/k7");
    }

    #[test]
    fn duplicates_by_letter_case_are_refused_when_read() {
        let fail = read(r#"{"Id":"/a","id":"/b"}"#, |at| at.id().expect_err("ambiguous").pointer);
        assert_eq!(fail.as_deref(), Ok("/id"));
    }

    #[test]
    fn wrong_types_say_what_was_expected() {
        let fail = read(r#"{"properties":{"subnets":{}}}"#, |at| at.list("subnets").expect_err("an object"));
        let fail = fail.expect("valid JSON");
        assert_eq!((fail.pointer.as_str(), fail.message.as_str()), ("/properties/subnets", "an array was expected, not an object"));
    }
}
