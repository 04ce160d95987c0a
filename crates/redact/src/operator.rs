//! The operators, and how a profile names them.

use schemars::JsonSchema;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// What replaces a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// Nothing: the value stays.
    Leave,
    /// `[EMAIL]`.
    Label,
    /// Letters and digits become `*`.
    Mask,
    /// The value goes.
    Drop,
    /// `****1234`; values of fewer than twice as many signs are masked.
    KeepLast {
        /// Letters and digits that are kept.
        count: u8,
    },
    /// An address's /24 or /48, a date's year, a telephone number's country, a
    /// postal address's postcode; a label where there is none.
    Generalise,
    /// One token for every spelling of a value, by HMAC-SHA-256.
    Pseudonym {
        /// A mail address stays one, at a domain that is reserved; and so on.
        shape: bool,
    },
    /// AES-256-GCM-SIV, restored by `celador reveal`.
    Encrypt,
    /// FF1: digits stay digits. A label where fewer than a million are possible.
    FormatPreserving,
    /// Dates move by a number of days that is the same for one subject.
    ShiftDates {
        /// The most days, either way.
        max_days: u16,
    },
}

/// Signs of a value that `keep_last` keeps.
const KEEP: u8 = 4;
/// Days that `shift_dates` moves by at most.
const DAYS: u16 = 365;

impl Operator {
    /// Its name in profiles and reports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Leave => "leave",
            Self::Label => "label",
            Self::Mask => "mask",
            Self::Drop => "drop",
            Self::KeepLast { .. } => "keep_last",
            Self::Generalise => "generalise",
            Self::Pseudonym { .. } => "pseudonym",
            Self::Encrypt => "encrypt",
            Self::FormatPreserving => "format_preserving",
            Self::ShiftDates { .. } => "shift_dates",
        }
    }

    /// Whether a key is needed.
    pub const fn needs_key(self) -> bool {
        matches!(
            self,
            Self::Pseudonym { .. }
                | Self::Encrypt
                | Self::FormatPreserving
                | Self::ShiftDates { .. }
        )
    }

    /// Whether what it writes is known again, so that a second run changes nothing.
    /// The others write values that look like any other; a second run moves them
    /// once more.
    pub const fn is_marked(self) -> bool {
        !matches!(self, Self::FormatPreserving | Self::ShiftDates { .. })
    }
}

/// The names, for messages and the schema.
pub(crate) const NAMES: [&str; 10] = [
    "leave",
    "label",
    "mask",
    "drop",
    "keep_last",
    "generalise",
    "pseudonym",
    "encrypt",
    "format_preserving",
    "shift_dates",
];

/// The known word that was probably meant.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|known| (strsim::osa_distance(word, known), known))
        .filter(|(far, known)| *far <= 1 + known.len() / 4)
        .min_by_key(|(far, _)| *far)
        .map(|(_, known)| known)
}

/// "; did you mean …?" or the list of what is known.
pub(crate) fn advice<'a>(word: &str, known: impl IntoIterator<Item = &'a str> + Clone) -> String {
    match nearest(word, known.clone()) {
        Some(known) => format!("; did you mean \"{known}\"?"),
        None => format!(
            "; expected one of {}",
            known.into_iter().collect::<Vec<_>>().join(", ")
        ),
    }
}

/// The table form, as the schema shows it.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "OperatorTable")]
pub(crate) struct Table {
    /// The operator's name.
    #[schemars(extend("enum" = NAMES))]
    operator: String,
    /// `pseudonym`: whether an address stays an address (`email`, `phone`, `payment_card`,
    /// `ip_address`).
    #[serde(default)]
    shape: Option<bool>,
    /// `keep_last`: how many letters and digits, from 1 to 8.
    #[serde(default)]
    #[schemars(range(min = 1, max = 8))]
    count: Option<u8>,
    /// `shift_dates`: the most days either way, from 1 to 3650.
    #[serde(default)]
    #[schemars(range(min = 1, max = 3650))]
    max_days: Option<u16>,
}

impl Table {
    fn named(operator: &str) -> Self {
        Self {
            operator: operator.to_owned(),
            shape: None,
            count: None,
            max_days: None,
        }
    }

    fn operator(&self) -> Result<Operator, String> {
        let operator = match self.operator.as_str() {
            "leave" => Operator::Leave,
            "label" => Operator::Label,
            "mask" => Operator::Mask,
            "drop" => Operator::Drop,
            "keep_last" => Operator::KeepLast {
                count: self.count.unwrap_or(KEEP),
            },
            "generalise" => Operator::Generalise,
            "pseudonym" => Operator::Pseudonym {
                shape: self.shape.unwrap_or(false),
            },
            "encrypt" => Operator::Encrypt,
            "format_preserving" => Operator::FormatPreserving,
            "shift_dates" => Operator::ShiftDates {
                max_days: self.max_days.unwrap_or(DAYS),
            },
            other => {
                return Err(format!(
                    "unknown operator \"{other}\"{}",
                    advice(other, NAMES)
                ));
            }
        };
        let extra = match operator {
            Operator::Pseudonym { .. } => [false, self.count.is_some(), self.max_days.is_some()],
            Operator::KeepLast { .. } => [self.shape.is_some(), false, self.max_days.is_some()],
            Operator::ShiftDates { .. } => [self.shape.is_some(), self.count.is_some(), false],
            _ => [
                self.shape.is_some(),
                self.count.is_some(),
                self.max_days.is_some(),
            ],
        };
        if let Some((_, name)) = extra
            .iter()
            .zip(["shape", "count", "max_days"])
            .find(|(extra, _)| **extra)
        {
            return Err(format!("operator \"{}\" has no {name}", self.operator));
        }
        match operator {
            Operator::KeepLast { count } if !(1..=8).contains(&count) => {
                Err("count is not between 1 and 8".to_owned())
            }
            Operator::ShiftDates { max_days } if !(1..=3650).contains(&max_days) => {
                Err("max_days is not between 1 and 3650".to_owned())
            }
            _ => Ok(operator),
        }
    }
}

impl<'de> Deserialize<'de> for Operator {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Either;
        impl<'de> Visitor<'de> for Either {
            type Value = Operator;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an operator's name or a table such as { operator = \"pseudonym\", shape = true }")
            }

            fn visit_str<E: de::Error>(self, name: &str) -> Result<Operator, E> {
                Table::named(name).operator().map_err(E::custom)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Operator, A::Error> {
                Table::deserialize(de::value::MapAccessDeserializer::new(map))?
                    .operator()
                    .map_err(de::Error::custom)
            }
        }
        input.deserialize_any(Either)
    }
}

/// For the schema: a name or a table.
#[derive(JsonSchema)]
#[schemars(untagged, rename = "Operator")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum Written {
    Name(#[schemars(extend("enum" = NAMES))] String),
    Table(Table),
}
