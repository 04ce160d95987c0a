//! Columns as they are stored: levels, and the values that are not null.
//!
//! Values are texts, bytes that may be texts, whole numbers and days. A number is a
//! text of digits here, since telephone and card numbers are kept as numbers; a
//! number of floating point counts where it is whole. A day is an ISO date.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::Arc;

use celador_formats::{day, decode};
use parquet::basic::{ConvertedType, LogicalType, Type};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, FixedLenByteArray};
use parquet::errors::ParquetError as Inner;
use parquet::schema::types::ColumnDescriptor;

/// What a column's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Text, as the schema says.
    Text,
    /// Bytes that may be text.
    Bytes,
    Number(Number),
}

/// How a number is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Number {
    /// Of so many bits.
    Signed(u32),
    Unsigned(u32),
    /// A decimal without a fraction, of so many digits.
    Decimal(usize),
    Double,
    Day,
}

pub(crate) struct Column {
    /// Among all of the file.
    pub(crate) index: usize,
    pub(crate) field: Arc<str>,
    pub(crate) kind: Kind,
    pub(crate) physical: Type,
    /// Bytes of a value of fixed length.
    pub(crate) length: usize,
    pub(crate) def: i16,
    pub(crate) rep: i16,
    /// Whether a value itself may be null.
    pub(crate) nullable: bool,
}

impl Column {
    /// None for what is not looked at.
    pub(crate) fn of(index: usize, column: &ColumnDescriptor) -> Option<Self> {
        Some(Self {
            index,
            field: path(column.path().parts()).into(),
            kind: kind(column)?,
            physical: column.physical_type(),
            length: usize::try_from(column.type_length()).unwrap_or(0),
            def: column.max_def_level(),
            rep: column.max_rep_level(),
            nullable: column.self_type().is_optional(),
        })
    }

    /// Whether it has bytes of which the schema does not say that they are text.
    pub(crate) fn is_bytes(&self) -> bool {
        self.kind == Kind::Bytes
    }
}

fn kind(column: &ColumnDescriptor) -> Option<Kind> {
    use ConvertedType as Old;
    let (old, logical) = (column.converted_type(), column.logical_type_ref());
    let is_decimal = old == Old::DECIMAL || matches!(logical, Some(LogicalType::Decimal(_)));
    let digits = usize::try_from(column.type_precision()).unwrap_or(0);
    let whole = is_decimal && column.type_scale() == 0;
    let bits = match logical {
        Some(LogicalType::Integer(int)) => u32::try_from(int.bit_width).unwrap_or(0),
        _ => match old {
            Old::INT_8 | Old::UINT_8 => 8,
            Old::INT_16 | Old::UINT_16 => 16,
            _ if column.physical_type() == Type::INT32 => 32,
            _ => 64,
        },
    };
    let unsigned = match logical {
        Some(LogicalType::Integer(int)) => !int.is_signed,
        _ => matches!(
            old,
            Old::UINT_8 | Old::UINT_16 | Old::UINT_32 | Old::UINT_64
        ),
    };
    let is_plain = match logical {
        Some(LogicalType::Integer(_)) => true,
        Some(_) => false,
        None => matches!(
            old,
            Old::NONE
                | Old::INT_8
                | Old::INT_16
                | Old::INT_32
                | Old::INT_64
                | Old::UINT_8
                | Old::UINT_16
                | Old::UINT_32
                | Old::UINT_64
        ),
    };
    let number = match column.physical_type() {
        Type::BYTE_ARRAY if is_decimal => return None,
        Type::BYTE_ARRAY => {
            let is_text = matches!(old, Old::UTF8 | Old::ENUM | Old::JSON)
                || matches!(
                    logical,
                    Some(LogicalType::String | LogicalType::Enum | LogicalType::Json)
                );
            return Some(if is_text { Kind::Text } else { Kind::Bytes });
        }
        Type::INT32 | Type::INT64 if whole => Number::Decimal(digits),
        Type::FIXED_LEN_BYTE_ARRAY if whole && (1..=16).contains(&column.type_length()) => {
            Number::Decimal(digits)
        }
        Type::INT32 if old == Old::DATE || matches!(logical, Some(LogicalType::Date)) => {
            Number::Day
        }
        Type::INT32 | Type::INT64 if is_plain && unsigned => Number::Unsigned(bits),
        Type::INT32 | Type::INT64 if is_plain => Number::Signed(bits),
        Type::DOUBLE => Number::Double,
        _ => return None,
    };
    Some(Kind::Number(number))
}

/// `a.list.element.b` is `a[].b`, as it is in JSON.
pub(crate) fn path(parts: &[String]) -> String {
    let mut out = String::new();
    let mut rest = parts;
    while let Some((part, after)) = rest.split_first() {
        rest = after;
        let names: Vec<&str> = after.iter().map(String::as_str).collect();
        if !out.is_empty() {
            out.push('.');
        }
        out.push_str(part);
        match names.as_slice() {
            [
                "list" | "bag" | "array",
                "element" | "item" | "array_element",
                ..,
            ] => {
                out.push_str("[]");
                rest = after.get(2..).unwrap_or(&[]);
            }
            ["key_value" | "map" | "entries", "key" | "value", ..] => {
                rest = after.get(1..).unwrap_or(&[]);
            }
            _ => {}
        }
    }
    out
}

/// The values of one column, without nulls.
pub(crate) enum Values {
    Bytes(Vec<ByteArray>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Double(Vec<f64>),
    Fixed(Vec<FixedLenByteArray>),
}

/// The same for each kind of values.
macro_rules! each {
    ($values:expr, $name:ident => $do:expr) => {
        match $values {
            Values::Bytes($name) => $do,
            Values::Int32($name) => $do,
            Values::Int64($name) => $do,
            Values::Double($name) => $do,
            Values::Fixed($name) => $do,
        }
    };
}

/// Rows of one column as they are stored.
pub(crate) struct Page {
    pub(crate) count: u64,
    pub(crate) def: Vec<i16>,
    pub(crate) rep: Vec<i16>,
    pub(crate) values: Values,
}

/// Where a value is: its row, from 0, its level and its place among the values.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    pub(crate) row: u64,
    pub(crate) level: usize,
    pub(crate) value: usize,
}

impl Page {
    pub(crate) fn new(column: &Column) -> Self {
        Self {
            count: 0,
            def: Vec::new(),
            rep: Vec::new(),
            values: match column.physical {
                Type::INT32 => Values::Int32(Vec::new()),
                Type::INT64 => Values::Int64(Vec::new()),
                Type::DOUBLE => Values::Double(Vec::new()),
                Type::FIXED_LEN_BYTE_ARRAY => Values::Fixed(Vec::new()),
                _ => Values::Bytes(Vec::new()),
            },
        }
    }

    /// How many rows there were, up to `count`.
    pub(crate) fn read(&mut self, reader: &mut ColumnReader, count: u64) -> Result<u64, Inner> {
        self.def.clear();
        self.rep.clear();
        each!(&mut self.values, values => values.clear());
        self.count = 0;
        while self.count < count {
            let wanted = usize::try_from(count - self.count).unwrap_or(usize::MAX);
            let (def, rep) = (Some(&mut self.def), Some(&mut self.rep));
            let (rows, _, _) = match (&mut *reader, &mut self.values) {
                (ColumnReader::ByteArrayColumnReader(reader), Values::Bytes(values)) => {
                    reader.read_records(wanted, def, rep, values)
                }
                (ColumnReader::Int32ColumnReader(reader), Values::Int32(values)) => {
                    reader.read_records(wanted, def, rep, values)
                }
                (ColumnReader::Int64ColumnReader(reader), Values::Int64(values)) => {
                    reader.read_records(wanted, def, rep, values)
                }
                (ColumnReader::DoubleColumnReader(reader), Values::Double(values)) => {
                    reader.read_records(wanted, def, rep, values)
                }
                (ColumnReader::FixedLenByteArrayColumnReader(reader), Values::Fixed(values)) => {
                    reader.read_records(wanted, def, rep, values)
                }
                _ => Err(Inner::General("a reader of another type".to_owned())),
            }?;
            if rows == 0 {
                break;
            }
            self.count += rows as u64;
        }
        Ok(self.count)
    }

    /// The places of the values, in order.
    pub(crate) fn places(&self, column: &Column) -> impl Iterator<Item = Place> {
        let levels = if column.def > 0 {
            self.def.len()
        } else {
            each!(&self.values, values => values.len())
        };
        let (mut row, mut next) = (0_u64, 0);
        (0..levels).filter_map(move |level| {
            if level > 0 && (column.rep == 0 || self.rep.get(level) == Some(&0)) {
                row += 1;
            }
            let is_there = column.def == 0 || self.def.get(level) == Some(&column.def);
            let value = next;
            next += usize::from(is_there);
            is_there.then_some(Place { row, level, value })
        })
    }

    /// The bytes of a value that is bytes.
    pub(crate) fn raw(&self, value: usize) -> &[u8] {
        match &self.values {
            Values::Bytes(values) => values.get(value).map_or(&[], ByteArray::data),
            _ => &[],
        }
    }

    /// The text of a value, and whether it is bytes that are not UTF-8; none where it
    /// is no text. A number is written into `scratch`.
    pub(crate) fn text<'a>(
        &'a self,
        value: usize,
        kind: Kind,
        scratch: &'a mut String,
    ) -> Option<(Cow<'a, str>, bool)> {
        let number = match kind {
            Kind::Text => return Some(decode(self.raw(value))),
            Kind::Bytes => {
                let (text, mended) = decode(self.raw(value));
                return (!mended && !text.as_bytes().contains(&0)).then_some((text, false));
            }
            Kind::Number(number) => number,
        };
        scratch.clear();
        let whole: i128 = match &self.values {
            Values::Int32(values) => {
                let value = *values.get(value)?;
                match number {
                    Number::Unsigned(_) => i128::from(value.cast_unsigned()),
                    Number::Day => {
                        day::write(i64::from(value), scratch)?;
                        return Some((Cow::Borrowed(scratch), false));
                    }
                    _ => i128::from(value),
                }
            }
            Values::Int64(values) => match (*values.get(value)?, number) {
                (value, Number::Unsigned(_)) => i128::from(value.cast_unsigned()),
                (value, _) => i128::from(value),
            },
            Values::Double(values) => whole(*values.get(value)?)?.into(),
            Values::Fixed(values) => {
                let bytes = values.get(value)?.data();
                let negative = bytes.first().is_some_and(|first| *first >= 0x80);
                let start = if negative { -1 } else { 0 };
                bytes
                    .iter()
                    .fold(start, |all: i128, byte| all << 8 | i128::from(*byte))
            }
            Values::Bytes(_) => return None,
        };
        let _ = write!(scratch, "{whole}");
        Some((Cow::Borrowed(scratch), false))
    }

    /// Puts a text in a value's place; false where the column cannot hold it.
    pub(crate) fn set(&mut self, value: usize, column: &Column, text: Vec<u8>) -> bool {
        let number = match column.kind {
            Kind::Number(number) => number,
            Kind::Text | Kind::Bytes => {
                let Values::Bytes(values) = &mut self.values else {
                    return false;
                };
                let Some(old) = values.get_mut(value) else {
                    return false;
                };
                *old = ByteArray::from(text);
                return true;
            }
        };
        let text = std::str::from_utf8(&text).unwrap_or("");
        let Some(whole) = number.parse(text) else {
            return false;
        };
        self.put(value, column, whole).is_some()
    }

    fn put(&mut self, value: usize, column: &Column, whole: i128) -> Option<()> {
        match &mut self.values {
            Values::Int32(values) => {
                let new = match column.kind {
                    Kind::Number(Number::Unsigned(_)) => u32::try_from(whole).ok()?.cast_signed(),
                    _ => i32::try_from(whole).ok()?,
                };
                *values.get_mut(value)? = new;
            }
            Values::Int64(values) => {
                let new = match column.kind {
                    Kind::Number(Number::Unsigned(_)) => u64::try_from(whole).ok()?.cast_signed(),
                    _ => i64::try_from(whole).ok()?,
                };
                *values.get_mut(value)? = new;
            }
            Values::Double(values) => *values.get_mut(value)? = double(whole)?,
            Values::Fixed(values) => {
                let bytes = whole.to_be_bytes();
                let kept = bytes.get(bytes.len().checked_sub(column.length)?..)?;
                *values.get_mut(value)? = FixedLenByteArray::from(kept.to_vec());
            }
            Values::Bytes(_) => return None,
        }
        Some(())
    }

    /// Makes values null; places are in order.
    pub(crate) fn clear(&mut self, places: &[Place], column: &Column) {
        for place in places {
            if let Some(level) = self.def.get_mut(place.level) {
                *level = column.def - 1;
            }
        }
        each!(&mut self.values, values => {
            let (mut at, mut gone) = (0, places.iter().peekable());
            values.retain(|_| {
                let goes = gone.next_if(|place| place.value == at).is_some();
                at += 1;
                !goes
            });
        });
    }

    /// Bytes that the values stand for. Those of a dictionary are many times the
    /// bytes that are read.
    fn weight(&self, place: Place) -> usize {
        self.raw(place.value).len() + 8
    }

    /// Cuts off the rows after those that fill a limit; none where all fit.
    pub(crate) fn split(&mut self, column: &Column, limit: usize) -> Option<Self> {
        let mut sum = 0;
        let over = self.places(column).find(|place| {
            sum += self.weight(*place);
            sum > limit && place.row > 0
        })?;
        // The row that does not fit goes with all its values.
        let first = self
            .places(column)
            .find(|place| place.row == over.row)
            .unwrap_or(over);
        let (mut level, value) = (first.level, first.value);
        // Levels of the row that hold no value may come before its first value.
        while level > 0 && column.rep > 0 && self.rep.get(level).is_some_and(|rep| *rep != 0) {
            level -= 1;
        }
        let rest = Self {
            count: self.count.saturating_sub(over.row),
            def: if column.def > 0 {
                self.def.split_off(level.min(self.def.len()))
            } else {
                Vec::new()
            },
            rep: if column.rep > 0 {
                self.rep.split_off(level.min(self.rep.len()))
            } else {
                Vec::new()
            },
            values: match &mut self.values {
                Values::Bytes(values) => Values::Bytes(values.split_off(value)),
                Values::Int32(values) => Values::Int32(values.split_off(value)),
                Values::Int64(values) => Values::Int64(values.split_off(value)),
                Values::Double(values) => Values::Double(values.split_off(value)),
                Values::Fixed(values) => Values::Fixed(values.split_off(value)),
            },
        };
        self.count = over.row;
        Some(rest)
    }
}

/// The greatest whole number up to which a double tells all apart.
const EXACT: i64 = 1 << 53;

#[expect(
    clippy::cast_possible_truncation,
    reason = "what is taken is whole and below 2^53"
)]
fn whole(value: f64) -> Option<i64> {
    let is_whole = value.is_finite() && value.trunc().to_bits() == value.to_bits();
    (is_whole && value.abs() < 9.0e15).then_some(value as i64)
}

#[expect(clippy::cast_precision_loss, reason = "what is taken is below 2^53")]
fn double(whole: i128) -> Option<f64> {
    let whole = i64::try_from(whole).ok()?;
    (whole.abs() < EXACT).then_some(whole as f64)
}

impl Number {
    /// The number that a text is, where it is written as numbers are.
    pub(crate) fn parse(self, text: &str) -> Option<i128> {
        if self == Self::Day {
            return day::read(text).map(i128::from);
        }
        let whole: i128 = text.parse().ok()?;
        let digits = text.strip_prefix('-').unwrap_or(text);
        let is_plain = digits == "0" || !digits.starts_with(['0', '+']);
        let fits = match self {
            Self::Signed(bits) => whole >= -(1 << (bits - 1)) && whole < 1 << (bits - 1),
            Self::Unsigned(bits) => (0..1 << bits).contains(&whole),
            Self::Decimal(most) => digits.len() <= most,
            Self::Double => double(whole).is_some(),
            Self::Day => true,
        };
        (is_plain && fits).then_some(whole)
    }
}
