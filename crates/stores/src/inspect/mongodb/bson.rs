//! BSON (its specification, version 1.1): written for commands, and read into
//! records.
//!
//! A length that does not fit ends the reading, and nesting is bounded; nothing is
//! allocated for a length before its bytes are there.

use serde_json::{Map, Number, Value};

use crate::date;
use crate::product::{Cursor, size};
use crate::transport::Failure;

/// Deeper than any server stores.
const DEPTH: u32 = 120;

/// A value of a command.
pub(super) enum Put<'a> {
    Int(i64),
    Bool(bool),
    Text(&'a str),
    Bytes(&'a [u8]),
    Doc(Vec<(&'a str, Put<'a>)>),
    List(Vec<Put<'a>>),
}

/// A document with these fields, in this order.
pub(super) fn document(fields: &[(&str, Put<'_>)]) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    for (name, value) in fields {
        put(name, value, &mut body)?;
    }
    body.push(0);
    let mut out = length(body.len() + 4)?.to_vec();
    out.extend(body);
    Ok(out)
}

fn put(name: &str, value: &Put<'_>, out: &mut Vec<u8>) -> Result<(), Failure> {
    out.push(match value {
        Put::Int(_) => 0x12,
        Put::Bool(_) => 0x08,
        Put::Text(_) => 0x02,
        Put::Bytes(_) => 0x05,
        Put::Doc(_) => 0x03,
        Put::List(_) => 0x04,
    });
    // A name ends at its zero.
    out.extend(name.bytes().filter(|byte| *byte != 0));
    out.push(0);
    match value {
        Put::Int(number) => out.extend(number.to_le_bytes()),
        Put::Bool(value) => out.push(u8::from(*value)),
        Put::Text(text) => {
            out.extend(length(text.len() + 1)?);
            out.extend_from_slice(text.as_bytes());
            out.push(0);
        }
        Put::Bytes(bytes) => {
            out.extend(length(bytes.len())?);
            out.push(0);
            out.extend_from_slice(bytes);
        }
        Put::Doc(fields) => out.extend(document(fields)?),
        Put::List(list) => {
            let mut body = Vec::new();
            for (at, one) in list.iter().enumerate() {
                put(&at.to_string(), one, &mut body)?;
            }
            body.push(0);
            out.extend(length(body.len() + 4)?);
            out.extend(body);
        }
    }
    Ok(())
}

pub(super) fn length(length: usize) -> Result<[u8; 4], Failure> {
    u32::try_from(length)
        .map(u32::to_le_bytes)
        .map_err(|_| Failure::TooLarge)
}

/// A document as a record.
pub(super) fn record(bytes: &[u8]) -> Result<Value, Failure> {
    let mut fields = Cursor::new(bytes);
    let record = read_document(&mut fields, 0)?;
    if fields.rest().is_empty() {
        Ok(Value::Object(record))
    } else {
        Err(LIES)
    }
}

const LIES: Failure = Failure::Malformed("a document that lies about its length");

fn inside<'b>(fields: &mut Cursor<'b>, depth: u32) -> Result<Cursor<'b>, Failure> {
    if depth > DEPTH {
        return Err(Failure::Malformed("a document that is nested too deep"));
    }
    let length = size(Cursor::new(fields.rest()).le32()?)?;
    let body = fields.bytes(length)?;
    // Its own length, and the end.
    let body = body
        .get(4..)
        .and_then(|body| body.strip_suffix(&[0]))
        .ok_or(LIES)?;
    Ok(Cursor::new(body))
}

fn read_document(fields: &mut Cursor<'_>, depth: u32) -> Result<Map<String, Value>, Failure> {
    let mut body = inside(fields, depth)?;
    let mut out = Map::new();
    while !body.rest().is_empty() {
        let kind = body.u8()?;
        let name = name(&mut body)?;
        let value = read_value(kind, &mut body, depth)?;
        out.insert(name, value);
    }
    Ok(out)
}

fn name(fields: &mut Cursor<'_>) -> Result<String, Failure> {
    let rest = fields.rest();
    let end = rest.iter().position(|byte| *byte == 0).ok_or(LIES)?;
    let text = String::from_utf8_lossy(fields.bytes(end)?).into_owned();
    fields.bytes(1)?;
    Ok(text)
}

fn string(fields: &mut Cursor<'_>) -> Result<String, Failure> {
    let length = size(fields.le32()?)?;
    match fields.bytes(length)?.split_last() {
        Some((0, text)) => Ok(String::from_utf8_lossy(text).into_owned()),
        _ => Err(Failure::Malformed("a string without end")),
    }
}

fn hex(bytes: &[u8]) -> Value {
    Value::String(data_encoding::HEXLOWER.encode(bytes))
}

fn read_value(kind: u8, fields: &mut Cursor<'_>, depth: u32) -> Result<Value, Failure> {
    Ok(match kind {
        0x01 => Number::from_f64(f64::from_bits(fields.le64()?)).map_or(Value::Null, Value::Number),
        0x02 | 0x0d | 0x0e => Value::String(string(fields)?),
        0x03 => Value::Object(read_document(fields, depth + 1)?),
        0x04 => {
            let mut body = inside(fields, depth + 1)?;
            let mut list = Vec::new();
            while !body.rest().is_empty() {
                let kind = body.u8()?;
                name(&mut body)?;
                list.push(read_value(kind, &mut body, depth + 1)?);
            }
            Value::Array(list)
        }
        0x05 => {
            let length = size(fields.le32()?)?;
            let kind = fields.u8()?;
            let bytes = fields.bytes(length)?;
            match (kind, <[u8; 16]>::try_from(bytes)) {
                // A UUID, as everybody writes it.
                (4, Ok(uuid)) => {
                    let text = data_encoding::HEXLOWER.encode(&uuid);
                    let part = |from, to| text.get(from..to).unwrap_or_default();
                    Value::String(format!(
                        "{}-{}-{}-{}-{}",
                        part(0, 8),
                        part(8, 12),
                        part(12, 16),
                        part(16, 20),
                        part(20, 32)
                    ))
                }
                _ => Value::String(format!("\\x{}", data_encoding::HEXLOWER.encode(bytes))),
            }
        }
        0x06 | 0x0a | 0x7f | 0xff => Value::Null,
        0x07 => hex(fields.bytes(12)?),
        0x08 => Value::Bool(fields.u8()? != 0),
        0x09 => moment(fields.le64()?.cast_signed()),
        0x0b => {
            let pattern = name(fields)?;
            name(fields)?;
            Value::String(pattern)
        }
        0x0c => {
            let text = string(fields)?;
            fields.bytes(12)?;
            Value::String(text)
        }
        0x0f => {
            size(fields.le32()?)?;
            let text = string(fields)?;
            read_document(fields, depth + 1)?;
            Value::String(text)
        }
        0x10 => Value::from(fields.le32()?.cast_signed()),
        0x11 => Value::from(fields.le64()?),
        0x12 => Value::from(fields.le64()?.cast_signed()),
        0x13 => hex(fields.bytes(16)?),
        _ => return Err(Failure::Malformed("an unknown type of BSON")),
    })
}

/// Milliseconds since 1970; what has no year of four digits stays a number.
fn moment(milliseconds: i64) -> Value {
    date::text_of_milliseconds(milliseconds).map_or(Value::from(milliseconds), Value::String)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let bytes = document(&[
            ("n", Put::Int(-5)),
            ("b", Put::Bool(true)),
            ("t", Put::Text("é")),
            ("x", Put::Bytes(&[1, 255])),
            (
                "d",
                Put::Doc(vec![("l", Put::List(vec![Put::Int(1), Put::Text("")]))]),
            ),
        ])
        .expect("small");
        assert_eq!(
            record(&bytes),
            Ok(json!({"n": -5, "b": true, "t": "é", "x": "\\x01ff", "d": {"l": [1, ""]}}))
        );
    }

    /// The first example of bsonspec.org, and each other type by its bytes.
    #[test]
    fn as_the_specification_has_it() {
        let hello = b"\x16\0\0\0\x02hello\0\x06\0\0\0world\0\0";
        assert_eq!(record(hello), Ok(json!({"hello": "world"})));
        let one = |kind: u8, body: &[u8]| {
            let mut bytes = vec![kind, b'a', 0];
            bytes.extend_from_slice(body);
            bytes.push(0);
            let mut all = length(bytes.len() + 4).expect("small").to_vec();
            all.extend(bytes);
            record(&all).map(|mut record| record["a"].take())
        };
        for (kind, body, expect) in [
            (0x01, 1.5_f64.to_le_bytes().to_vec(), json!(1.5)),
            (0x01, f64::NAN.to_le_bytes().to_vec(), json!(null)),
            (
                0x09,
                1_575_539_400_000_i64.to_le_bytes().to_vec(),
                json!("2019-12-05T09:50:00Z"),
            ),
            (
                0x09,
                1_i64.to_le_bytes().to_vec(),
                json!("1970-01-01T00:00:00.001Z"),
            ),
            (0x09, i64::MIN.to_le_bytes().to_vec(), json!(i64::MIN)),
            (0x07, vec![0xab; 12], json!("abababababababababababab")),
            (0x10, (-1_i32).to_le_bytes().to_vec(), json!(-1)),
            (0x0b, b"^a\0i\0".to_vec(), json!("^a")),
            (0x0a, vec![], json!(null)),
            (
                0x05,
                [vec![16, 0, 0, 0, 4], vec![0x11; 16]].concat(),
                json!("11111111-1111-1111-1111-111111111111"),
            ),
        ] {
            assert_eq!(one(kind, &body), Ok(expect), "{kind}");
        }
        assert!(one(0x20, &[]).is_err());
        assert!(one(0x02, &[255, 255, 255, 127, 0]).is_err());
        assert!(one(0x03, &[4, 0, 0, 0]).is_err());
    }

    #[test]
    fn nesting_ends() {
        let mut bytes = vec![5, 0, 0, 0, 0];
        for _ in 0..2_000 {
            let mut outer = vec![0x03, b'a', 0];
            outer.extend(bytes);
            outer.push(0);
            bytes = length(outer.len() + 4).expect("small").to_vec();
            bytes.extend(outer);
        }
        assert!(record(&bytes).is_err());
    }

    proptest! {
        #[test]
        fn bytes_that_nobody_wrote(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = record(&bytes);
        }

        #[test]
        fn damaged_documents(at in 0_usize..60, byte in any::<u8>()) {
            let mut bytes = document(&[
                ("t", Put::Text("text")),
                ("d", Put::Doc(vec![("l", Put::List(vec![Put::Int(1)]))])),
                ("x", Put::Bytes(&[1, 2])),
            ]).expect("small");
            if let Some(place) = bytes.get_mut(at) {
                *place = byte;
            }
            let _ = record(&bytes);
        }
    }
}
