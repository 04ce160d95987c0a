//! Avro's schema (JSON), flat: kinds that name each other by number.

use std::collections::BTreeMap;

use serde_json::Value;

/// Kinds of one schema; more is none that anybody wrote.
const MAX_KINDS: usize = 100_000;

/// What a value is.
pub(super) enum Kind {
    Null,
    /// So many bytes.
    Skip(usize),
    /// A whole number, or a day.
    Number(Number),
    /// A number that is a name's or a time.
    Index,
    Time,
    String,
    Bytes,
    /// Bytes that are a number.
    Opaque,
    /// Fields by name.
    Record(Vec<(String, usize)>),
    Union(Vec<usize>),
    Array(usize),
    Map(usize),
}

/// How a number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Number {
    Int,
    Long,
    /// Since 1970; an `int`.
    Day,
}

/// A schema; its own kind is the first.
pub(super) struct Schema {
    kinds: Vec<Kind>,
    /// Fields of types that are neither texts nor whole numbers.
    unread: Vec<String>,
}

struct Reader {
    kinds: Vec<Kind>,
    names: BTreeMap<String, usize>,
    unread: Vec<String>,
}

/// Fields that are not looked at, by what [`super::head`] told.
pub(crate) fn unread(told: &[String]) -> Vec<String> {
    told.first()
        .and_then(|schema| Schema::read(schema))
        .map_or_else(Vec::new, |schema| schema.unread)
}

impl Schema {
    pub(super) fn read(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let mut reader = Reader {
            kinds: Vec::new(),
            names: BTreeMap::new(),
            unread: Vec::new(),
        };
        let first = reader.kind(&value, "", "")?;
        (first == 0).then_some(Self {
            kinds: reader.kinds,
            unread: reader.unread,
        })
    }

    pub(super) fn kind(&self, number: usize) -> Option<&Kind> {
        self.kinds.get(number)
    }
}

impl Reader {
    fn kind(&mut self, value: &Value, space: &str, path: &str) -> Option<usize> {
        if self.kinds.len() >= MAX_KINDS {
            return None;
        }
        let number = self.kinds.len();
        match value {
            Value::String(name) => {
                let Some(known) = simple(name) else {
                    // A type that was named before, in this namespace or fully.
                    let known = self.names.get(&full_name(name, space));
                    return known.or_else(|| self.names.get(name)).copied();
                };
                self.note(&known, path);
                self.kinds.push(known);
                Some(number)
            }
            Value::Array(branches) => {
                self.kinds.push(Kind::Null);
                let kinds = branches.iter().map(|branch| self.kind(branch, space, path));
                let kinds = kinds.collect::<Option<Vec<_>>>()?;
                self.set(number, Kind::Union(kinds))
            }
            Value::Object(object) => {
                let kind = object.get("type")?;
                let Value::String(name) = kind else {
                    return self.kind(kind, space, path);
                };
                let named = object.get("name").and_then(Value::as_str);
                let own = object.get("namespace").and_then(Value::as_str);
                let dotted = named.and_then(|name| name.rsplit_once('.'));
                let own = dotted.map(|(space, _)| space).or(own).unwrap_or(space);
                if let (Some(named), "record" | "error" | "enum" | "fixed") = (named, name.as_str())
                {
                    self.names.insert(full_name(named, own), number);
                }
                match name.as_str() {
                    "record" | "error" => {
                        self.kinds.push(Kind::Null);
                        let mut fields = Vec::new();
                        for field in object.get("fields")?.as_array()? {
                            let name = field.get("name")?.as_str()?;
                            let path = if path.is_empty() {
                                name.to_owned()
                            } else {
                                format!("{path}.{name}")
                            };
                            fields.push((
                                name.to_owned(),
                                self.kind(field.get("type")?, own, &path)?,
                            ));
                        }
                        self.set(number, Kind::Record(fields))
                    }
                    "array" => {
                        self.kinds.push(Kind::Null);
                        let items = self.kind(object.get("items")?, space, &format!("{path}[]"))?;
                        self.set(number, Kind::Array(items))
                    }
                    "map" => {
                        self.kinds.push(Kind::Null);
                        let values = self.kind(object.get("values")?, space, path)?;
                        self.set(number, Kind::Map(values))
                    }
                    "enum" => {
                        self.kinds.push(Kind::Index);
                        Some(number)
                    }
                    "fixed" => {
                        let size = usize::try_from(object.get("size")?.as_u64()?).ok()?;
                        self.note(&Kind::Skip(size), path);
                        self.kinds.push(Kind::Skip(size));
                        Some(number)
                    }
                    "bytes" if object.contains_key("logicalType") => {
                        self.note(&Kind::Opaque, path);
                        self.kinds.push(Kind::Opaque);
                        Some(number)
                    }
                    "int" | "long" => {
                        let logical = object.get("logicalType").and_then(Value::as_str);
                        let logical = logical.unwrap_or("");
                        let known = if (name.as_str(), logical) == ("int", "date") {
                            Kind::Number(Number::Day)
                        } else if logical.starts_with("time") || logical.starts_with("local-time") {
                            Kind::Time
                        } else {
                            simple(name)?
                        };
                        self.note(&known, path);
                        self.kinds.push(known);
                        Some(number)
                    }
                    _ => self.kind(kind, space, path),
                }
            }
            _ => None,
        }
    }

    fn set(&mut self, number: usize, kind: Kind) -> Option<usize> {
        *self.kinds.get_mut(number)? = kind;
        Some(number)
    }

    /// Remembers a field that is not looked at.
    fn note(&mut self, kind: &Kind, path: &str) {
        let unread = matches!(kind, Kind::Skip(2..) | Kind::Time | Kind::Opaque);
        if unread && !path.is_empty() && !self.unread.iter().any(|known| known == path) {
            self.unread.push(path.to_owned());
        }
    }
}

fn simple(name: &str) -> Option<Kind> {
    Some(match name {
        "null" => Kind::Null,
        "boolean" => Kind::Skip(1),
        "int" => Kind::Number(Number::Int),
        "long" => Kind::Number(Number::Long),
        "float" => Kind::Skip(4),
        "double" => Kind::Skip(8),
        "bytes" => Kind::Bytes,
        "string" => Kind::String,
        _ => return None,
    })
}

fn full_name(name: &str, space: &str) -> String {
    if name.contains('.') || space.is_empty() {
        name.to_owned()
    } else {
        format!("{space}.{name}")
    }
}
