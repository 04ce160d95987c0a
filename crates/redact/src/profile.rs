//! The file `redact.toml`: which operator for which class and field, with which
//! keys. Read and checked as a whole before anything is redacted.
//!
//! Errors name file, line and column, and never quote a value of the file that
//! may be personal (the allow list's).

use std::collections::BTreeMap;
use std::path::PathBuf;

use celador_pii::Class;
use celador_pii::calendar::Order;
use celador_pii::phone::Region;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::operator::{Operator, Written, advice};

/// A profile that does not load.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct ProfileError {
    /// The file.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong and what was expected.
    pub message: String,
}

/// Which number of `05/07/2020` is the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 5 July.
    DayFirst,
    /// May 7.
    MonthFirst,
}

/// Where a key is; exactly one of `file`, `env` and `command`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Key")]
struct RawKey {
    /// Its name in tokens: 1 to 16 small letters and digits.
    #[schemars(regex(pattern = "^[a-z0-9]{1,16}$"))]
    id: String,
    /// A file with the key, relative to the profile.
    #[serde(default)]
    file: Option<PathBuf>,
    /// An environment variable that holds it.
    #[serde(default)]
    env: Option<String>,
    /// A program and its arguments that print it.
    #[serde(default)]
    command: Option<Vec<String>>,
}

/// Where a key's material is. Whoever does IO reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyFrom {
    /// A file, relative to the profile's folder.
    File(PathBuf),
    /// An environment variable.
    Env(String),
    /// A program with arguments that prints it.
    Command(Vec<String>),
}

/// A key's name and place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySource {
    /// Its name.
    pub id: String,
    /// Its place.
    pub from: KeyFrom,
}

/// What is done with one field.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Field")]
struct RawField {
    /// For the whole value, whatever is found in it.
    #[serde(default)]
    #[schemars(with = "Option<Written>")]
    whole: Option<Operator>,
    /// What the whole value is, for labels and one token across spellings.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    class: Option<Spanned<String>>,
    /// Other operators than elsewhere for what is found inside, by class.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Written>")]
    classes: BTreeMap<Spanned<String>, Operator>,
    /// Whether nothing in it is looked at.
    #[serde(default)]
    leave: bool,
}

/// What redacts what: the file `redact.toml`.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "RedactProfile")]
struct RawProfile {
    /// The version of this format: 1.
    #[schemars(with = "u32", range(min = 1, max = 1))]
    version: Spanned<u32>,
    /// What the profile is for.
    #[serde(default)]
    description: String,
    /// The least score of a span that is redacted, from 0 to 1 (0.5 if not given).
    #[serde(default)]
    #[schemars(with = "Option<f64>", range(min = 0.0, max = 1.0))]
    min_score: Option<Spanned<f64>>,
    /// The operator for classes that are not named (`label` if not given).
    #[serde(default)]
    #[schemars(with = "Option<Written>")]
    default: Option<Operator>,
    /// The region (ISO 3166, two letters) in which national telephone numbers are dialled.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    region: Option<Spanned<String>>,
    /// Which number of `05/07/2020` is the day.
    #[serde(default)]
    date_order: Option<DateOrder>,
    /// The field whose value says whose record it is: dates of one subject move together.
    #[serde(default)]
    subject: Option<String>,
    /// Values that are never redacted, in any case.
    #[serde(default)]
    allow: Vec<String>,
    /// Keys: the first writes, all read.
    #[serde(default)]
    #[schemars(with = "Vec<RawKey>")]
    keys: Vec<Spanned<RawKey>>,
    /// Operators by class.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, Written>")]
    classes: BTreeMap<Spanned<String>, Operator>,
    /// Rules by field: a path (`customer.phones[]`), its last name, or `customer.*`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, RawField>")]
    fields: BTreeMap<Spanned<String>, RawField>,
}

/// What is done with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldRule {
    /// Nothing.
    Leave,
    /// The whole value, as the class if it is known.
    Whole(Operator, Option<Class>),
    /// What is found inside, with other operators.
    Inside(BTreeMap<Class, Operator>),
}

/// A checked profile.
#[derive(Clone)]
pub struct Profile {
    pub(crate) min_score: Option<u8>,
    pub(crate) default: Operator,
    pub(crate) region: Option<Region>,
    pub(crate) order: Order,
    pub(crate) subject: Option<String>,
    pub(crate) allow: Vec<String>,
    pub(crate) keys: Vec<KeySource>,
    pub(crate) classes: BTreeMap<Class, Operator>,
    pub(crate) fields: BTreeMap<String, FieldRule>,
    description: String,
}

impl std::fmt::Debug for Profile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // An allow list is personal data too.
        f.debug_struct("Profile")
            .field("description", &self.description)
            .finish_non_exhaustive()
    }
}

/// The JSON Schema of `redact.toml`.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(RawProfile)
}

impl Default for Profile {
    /// Every class becomes a label.
    fn default() -> Self {
        Self {
            min_score: None,
            default: Operator::Label,
            region: None,
            order: Order::Unknown,
            subject: None,
            allow: Vec::new(),
            keys: Vec::new(),
            classes: BTreeMap::new(),
            fields: BTreeMap::new(),
            description: "every class becomes a label".to_owned(),
        }
    }
}

impl Profile {
    /// Reads and checks a profile.
    pub fn parse(file: &str, text: &str) -> Result<Self, ProfileError> {
        let at = |start: usize, message: String| {
            let head = text.get(..start.min(text.len())).unwrap_or("");
            ProfileError {
                file: file.to_owned(),
                line: head.matches('\n').count() + 1,
                column: head.rsplit('\n').next().unwrap_or("").chars().count() + 1,
                message,
            }
        };
        let raw: RawProfile = toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            at(start, without_values(error.message()))
        })?;
        if *raw.version.get_ref() != 1 {
            return Err(at(raw.version.span().start, "version is not 1".to_owned()));
        }
        let class = |name: &Spanned<String>| -> Result<Class, ProfileError> {
            name.get_ref().parse().map_err(|_| {
                let known = Class::ALL.map(Class::name);
                let message = format!(
                    "unknown class \"{}\"{}",
                    name.get_ref(),
                    advice(name.get_ref(), known)
                );
                at(name.span().start, message)
            })
        };
        let mut profile = Self {
            default: raw.default.unwrap_or(Operator::Label),
            order: match raw.date_order {
                None => Order::Unknown,
                Some(DateOrder::DayFirst) => Order::DayFirst,
                Some(DateOrder::MonthFirst) => Order::MonthFirst,
            },
            subject: raw.subject,
            allow: raw.allow,
            description: raw.description,
            ..Self::default()
        };
        if let Some(score) = raw.min_score {
            let value = *score.get_ref();
            if !(0.0..=1.0).contains(&value) {
                return Err(at(
                    score.span().start,
                    "min_score is not between 0 and 1".to_owned(),
                ));
            }
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 100"
            )]
            let hundredths = (value * 100.0).round() as u8;
            profile.min_score = Some(hundredths);
        }
        if let Some(region) = raw.region {
            profile.region = Some(Region::of(region.get_ref()).ok_or_else(|| {
                at(
                    region.span().start,
                    "region is no two capital letters of ISO 3166, such as \"ES\"".to_owned(),
                )
            })?);
        }
        for key in raw.keys {
            let place = key.span().start;
            let key = key.into_inner();
            let from = match (key.file, key.env, key.command) {
                (Some(file), None, None) => KeyFrom::File(file),
                (None, Some(env), None) => KeyFrom::Env(env),
                (None, None, Some(command)) if !command.is_empty() => KeyFrom::Command(command),
                _ => {
                    return Err(at(
                        place,
                        "a key has exactly one of file, env and command".to_owned(),
                    ));
                }
            };
            if !crate::key::is_id(&key.id) {
                return Err(at(
                    place,
                    "a key's id is 1 to 16 small letters and digits".to_owned(),
                ));
            }
            if profile.keys.iter().any(|other| other.id == key.id) {
                return Err(at(place, format!("key \"{}\" is given twice", key.id)));
            }
            profile.keys.push(KeySource { id: key.id, from });
        }
        let no_key = profile.keys.is_empty();
        let check =
            |place: usize, operator: Operator, class: Option<Class>| -> Result<(), ProfileError> {
                if operator.needs_key() && no_key {
                    return Err(at(
                        place,
                        format!(
                            "operator \"{}\" needs a key, and there is none under keys; \
                     such as keys = [{{ id = \"k1\", env = \"CELADOR_KEY\" }}]",
                            operator.name()
                        ),
                    ));
                }
                let shaped = matches!(
                    class,
                    Some(Class::Email | Class::Phone | Class::PaymentCard | Class::IpAddress)
                );
                if operator == (Operator::Pseudonym { shape: true }) && !shaped {
                    return Err(at(
                        place,
                        "shape is kept for email, phone, payment_card and ip_address; \
                    for others use format_preserving"
                            .to_owned(),
                    ));
                }
                if matches!(operator, Operator::ShiftDates { .. })
                    && class.is_some_and(|class| class != Class::DateOfBirth)
                {
                    return Err(at(
                        place,
                        "shift_dates is for date_of_birth and for fields without a class"
                            .to_owned(),
                    ));
                }
                Ok(())
            };
        // A default with a shape or for dates would be for some classes only.
        match profile.default {
            Operator::Pseudonym { shape: true } | Operator::ShiftDates { .. } => {
                return Err(at(
                    0,
                    format!(
                        "default cannot be \"{}\" with these options",
                        profile.default.name()
                    ),
                ));
            }
            default => check(0, default, None)?,
        }
        for (name, operator) in &raw.classes {
            let class = class(name)?;
            check(name.span().start, *operator, Some(class))?;
            profile.classes.insert(class, *operator);
        }
        for (name, field) in raw.fields {
            let place = name.span().start;
            let known = field.class.as_ref().map(&class).transpose()?;
            let rule = match (field.leave, field.whole, field.classes.is_empty()) {
                (true, None, true) => FieldRule::Leave,
                (false, Some(operator), true) => {
                    check(place, operator, known)?;
                    let general = [
                        Class::IpAddress,
                        Class::DateOfBirth,
                        Class::Phone,
                        Class::Address,
                        Class::Coordinates,
                    ];
                    if operator == Operator::Generalise
                        && !known.is_some_and(|class| general.contains(&class))
                    {
                        return Err(at(
                            place,
                            "generalise needs to know the class: ip_address, date_of_birth, phone, \
                             address or coordinates"
                                .to_owned(),
                        ));
                    }
                    FieldRule::Whole(operator, known)
                }
                (false, None, false) => {
                    let mut inside = BTreeMap::new();
                    for (name, operator) in &field.classes {
                        let class = class(name)?;
                        check(name.span().start, *operator, Some(class))?;
                        inside.insert(class, *operator);
                    }
                    FieldRule::Inside(inside)
                }
                _ => {
                    return Err(at(
                        place,
                        "a field has exactly one of leave = true, whole and classes".to_owned(),
                    ));
                }
            };
            profile.fields.insert(name.into_inner(), rule);
        }
        Ok(profile)
    }

    /// Where its keys are; the first writes.
    pub fn keys(&self) -> &[KeySource] {
        &self.keys
    }

    /// What it is for.
    pub fn description(&self) -> &str {
        &self.description
    }

    /// The field whose value names a record's subject.
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Whether a second run changes nothing: no operator writes what looks like
    /// any other value.
    pub fn is_marked(&self) -> bool {
        let fields = self.fields.values().flat_map(|rule| match rule {
            FieldRule::Leave => Vec::new(),
            FieldRule::Whole(operator, _) => vec![*operator],
            FieldRule::Inside(classes) => classes.values().copied().collect(),
        });
        fields
            .chain(self.classes.values().copied())
            .chain([self.default])
            .all(Operator::is_marked)
    }

    /// What is done with values of a class.
    pub fn operator(&self, class: Class) -> Operator {
        self.classes.get(&class).copied().unwrap_or(self.default)
    }

    /// The rule of a field: by its path, by a folder of it, by its last name.
    pub(crate) fn field(&self, path: &str) -> Option<&FieldRule> {
        if self.fields.is_empty() || path.is_empty() {
            return None;
        }
        if let Some(rule) = self.fields.get(path) {
            return Some(rule);
        }
        let path = without_numbers(path);
        if let Some(rule) = self.fields.get(&path) {
            return Some(rule);
        }
        let mut head = path.as_str();
        while let Some((folder, _)) = head.rsplit_once(['.', '[']) {
            if let Some(rule) = self.fields.get(&format!("{folder}.*")) {
                return Some(rule);
            }
            head = folder;
        }
        let last = path.rsplit('.').next().unwrap_or(&path);
        self.fields
            .get(last)
            .or_else(|| self.fields.get(last.trim_end_matches("[]")))
    }
}

/// `phones[3]` as `phones[]`.
fn without_numbers(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        out.push('[');
        rest = after.trim_start_matches(|sign: char| sign.is_ascii_digit());
        if !rest.starts_with(']') {
            rest = after;
        }
    }
    out + rest
}

/// A message of the reader without what it quotes of the file. Names that are
/// ours (after "expected", "unknown") are kept.
fn without_values(message: &str) -> String {
    let mut message = message.lines().next().unwrap_or("").to_owned();
    for kind in ["invalid type: string \"", "invalid value: string \""] {
        if let Some((head, tail)) = message.clone().split_once(kind)
            && let Some((_, rest)) = tail.rsplit_once('"')
        {
            message = format!("{head}{}{rest}", kind.trim_end_matches(" \""));
        }
    }
    if let Some((_, tail)) = message.split_once("unknown field `")
        && let Some((name, expected)) = tail.split_once('`')
    {
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        if let Some(meant) = crate::operator::nearest(name, known.iter().copied()) {
            message = format!("unknown field \"{name}\"; did you mean \"{meant}\"?");
        }
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fails(text: &str, want: &str) {
        let error = Profile::parse("redact.toml", text)
            .expect_err(text)
            .to_string();
        assert!(error.contains(want), "{error}");
    }

    #[test]
    fn errors_name_line_and_advice() {
        fails("version = 2", "redact.toml:1:11: version is not 1");
        fails(
            "version = 1\nclases = {}\n",
            "redact.toml:2:1: unknown field \"clases\"; did you mean \"classes\"?",
        );
        fails(
            "version = 1\n[classes]\nemial = \"label\"\n",
            "redact.toml:3:1: unknown class \"emial\"; did you mean \"email\"?",
        );
        fails(
            "version = 1\n[classes]\nemail = \"lable\"\n",
            "3:9: unknown operator \"lable\"; did you mean \"label\"?",
        );
        fails(
            "version = 1\n[classes]\nemail = \"pseudonym\"\n",
            "3:1: operator \"pseudonym\" needs a key",
        );
        fails(
            "version = 1\n[classes]\nemail = { operator = \"mask\", shape = true }\n",
            "has no shape",
        );
        fails(
            "version = 1\nkeys = [{ id = \"k1\" }]\n",
            "2:9: a key has exactly one",
        );
        fails(
            "version = 1\nregion = \"Spain\"\n",
            "2:10: region is no two",
        );
        fails(
            "version = 1\n[fields]\nnote = { leave = true, whole = \"drop\" }\n",
            "3:1: a field has exactly one",
        );
        fails("version = 1\nmin_score = 2.0\n", "2:13: min_score");
        fails(
            "version = 1\nkeys = [{ id = \"k1\", env = \"K\" }]\n[classes]\niban = { operator = \"pseudonym\", shape = true }",
            "shape is kept for",
        );
    }

    #[test]
    fn errors_quote_no_value() {
        for text in [
            "version = 1\nallow = \"quetzal@example.com\"\n",
            "version = 1\nallow = [\"quetzal@example.com\"\n",
            "version = \"quetzal@example.com\"\n",
        ] {
            let error = Profile::parse("redact.toml", text)
                .expect_err(text)
                .to_string();
            assert!(!error.contains("quetzal"), "{error}");
        }
    }

    #[test]
    fn fields_are_found_by_path_folder_and_name() {
        let profile = Profile::parse(
            "redact.toml",
            "version = 1\n[fields]\nid = { leave = true }\n\"a.b\" = { whole = \"drop\" }\n\"c.*\" = { whole = \"mask\" }\n\"d[].e\" = { whole = \"label\" }\n",
        )
        .expect("a profile");
        for (path, want) in [
            ("id", Some("leave")),
            ("x.id", Some("leave")),
            ("a.b", Some("drop")),
            ("c.x.y", Some("mask")),
            ("c[3]", Some("mask")),
            ("d[7].e", Some("label")),
            ("b", None),
            ("", None),
        ] {
            let found = profile.field(path).map(|rule| match rule {
                FieldRule::Whole(operator, _) => operator.name(),
                _ => "leave",
            });
            assert_eq!(found, want, "{path}");
        }
    }
}
