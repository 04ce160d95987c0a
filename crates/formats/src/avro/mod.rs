//! Avro object container files (Avro 1.12): texts of a block's rows, and the block
//! again with some of them changed.
//!
//! A container is a head (schema, codec, a mark) and blocks of rows; a block is what
//! is cut as one record here. Its rows are walked by the schema, which tells where
//! every text stands; a changed text gets another length before it, and arrays and
//! maps that say their size in bytes get another size. All else is copied, and a block
//! without a change is the bytes that it was.
//!
//! `string` and `bytes` are texts, `int` and `long` their digits, a `date` an ISO date.
//! A number that is replaced stays one where it can, and else becomes null where the
//! schema has a union with null there.
//!
//! Invariants: what a block unpacks to, how deep it nests and how many values it may
//! claim are bounded; [`unread`] tells of fields of types that are not looked at.

mod schema;
#[cfg(test)]
mod tests;

use std::io::Read;
use std::ops::Range;

use flate2::Crc;

pub(crate) use self::schema::unread;
use self::schema::{Kind, Number, Schema};
use crate::Encoding;
use crate::Limits;
use crate::day;
use crate::decode::decode;
use crate::rewrite::{self, Edit, EditError};
use crate::values::{Becomes, Part, Sink};

/// Begins a container.
pub(crate) const MAGIC: &[u8] = b"Obj\x01";
/// The most bytes that a block unpacks to, and that the head may have.
const MAX_BLOCK: u64 = 64 << 20;
const MAX_HEAD: usize = 4 << 20;
/// Records, arrays and maps in each other.
const DEPTH: usize = 64;
const SYNC: usize = 16;

/// A number of Avro and how many bytes it has; none where it is not whole.
pub(crate) fn long(bytes: &[u8]) -> Option<(i64, usize)> {
    let mut value = 0_u64;
    for (place, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            let half = i64::try_from(value >> 1).ok()?;
            return Some((if value & 1 == 0 { half } else { !half }, place + 1));
        }
    }
    None
}

fn push_long(out: &mut Vec<u8>, value: usize) {
    push_signed(out, i64::try_from(value).unwrap_or(i64::MAX));
}

fn push_signed(out: &mut Vec<u8>, value: i64) {
    let mut rest = (value << 1 ^ value >> 63).cast_unsigned();
    loop {
        let low = u8::try_from(rest & 0x7f).unwrap_or(0);
        rest >>= 7;
        if rest == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// What the head of a container is, when it is whole.
pub(crate) enum Head {
    /// More bytes are needed.
    Short,
    /// How long it is, and what readers of blocks have to know.
    Whole(usize, Vec<String>),
    Wrong(&'static str),
}

/// Reads the head of a container.
pub(crate) fn head(bytes: &[u8]) -> Head {
    match metadata(bytes) {
        Some(Ok((length, schema, codec, sync))) => {
            if !matches!(codec.as_str(), "null" | "deflate" | "snappy" | "zstandard") {
                return Head::Wrong("its blocks are packed in a way that is not read");
            }
            if Schema::read(&schema).is_none() {
                return Head::Wrong("its schema is not understood");
            }
            Head::Whole(length, vec![schema, codec, sync])
        }
        Some(Err(what)) => Head::Wrong(what),
        None if bytes.len() > MAX_HEAD => Head::Wrong("its head is larger than four mebibytes"),
        None => Head::Short,
    }
}

type Metadata = Result<(usize, String, String, String), &'static str>;

fn metadata(bytes: &[u8]) -> Option<Metadata> {
    if !bytes.starts_with(MAGIC) {
        return (bytes.len() >= MAGIC.len()).then_some(Err("it does not begin as one"));
    }
    let mut at = MAGIC.len();
    let (mut schema, mut codec) = (None, "null".to_owned());
    loop {
        let (mut count, length) = long(bytes.get(at..)?)?;
        at += length;
        if count == 0 {
            break;
        }
        if count < 0 {
            count = count.checked_neg().unwrap_or(0);
            at += long(bytes.get(at..)?)?.1;
        }
        for _ in 0..count {
            let mut text = || {
                let (length, digits) = long(bytes.get(at..)?)?;
                let Ok(length) = usize::try_from(length) else {
                    return Some(Err("its head is malformed"));
                };
                at += digits;
                let text = bytes.get(at..at.checked_add(length)?)?;
                at += length;
                Some(Ok(text))
            };
            let (key, value) = match (text()?, text()?) {
                (Ok(key), Ok(value)) => (key, value),
                (Err(what), _) | (_, Err(what)) => return Some(Err(what)),
            };
            let value = || String::from_utf8_lossy(value).into_owned();
            match key {
                b"avro.schema" => schema = Some(value()),
                b"avro.codec" => codec = value(),
                _ => {}
            }
        }
    }
    let sync = bytes.get(at..at + SYNC)?;
    let sync = data_encoding::HEXLOWER.encode(sync);
    let schema = schema.ok_or("it has no schema");
    Some(schema.map(|schema| (at + SYNC, schema, codec, sync)))
}

/// The rows that a block says it has, and its length with the mark after it; none
/// where its begin is not whole or makes no sense.
pub(crate) fn block(bytes: &[u8]) -> Option<(u64, usize)> {
    let (count, first) = long(bytes)?;
    let (size, second) = long(bytes.get(first..)?)?;
    let size = usize::try_from(size).ok()?;
    let length = size.checked_add(first + second + SYNC)?;
    Some((u64::try_from(count).ok()?, length))
}

/// How a block is packed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Codec {
    Null,
    Deflate,
    Snappy,
    Zstd,
}

/// Reads blocks of one container.
pub(crate) struct Blocks {
    schema: Option<Schema>,
    codec: Codec,
    sync: Vec<u8>,
    /// The last block, unpacked, its rows, and what stands where in it.
    data: Vec<u8>,
    rows: u64,
    slots: Vec<Slot>,
    sized: Vec<Sized>,
    unread: Vec<String>,
}

/// Where a value stands.
struct Slot {
    place: Range<usize>,
    /// It is a number.
    number: Option<Number>,
    /// Where it may be null: the begin of its union, and the branch that is null.
    null: Option<(usize, usize)>,
}

impl Slot {
    /// The number that a text is here.
    fn parse(&self, text: &str) -> Option<i64> {
        match self.number? {
            Number::Day => day::read(text),
            Number::Int => text.parse::<i32>().ok().map(i64::from),
            Number::Long => text.parse().ok(),
        }
    }
}

/// An array or a map that says its size.
struct Sized {
    size: Range<usize>,
    content: Range<usize>,
}

/// A place in a block that is walked.
struct Walk<'a> {
    schema: &'a Schema,
    data: &'a [u8],
    at: usize,
    sink: &'a mut Sink,
    is_personal: &'a mut dyn FnMut(&str) -> bool,
    slots: Vec<Slot>,
    sized: Vec<Sized>,
    /// The null of the union that the next value is of.
    null: Option<(usize, usize)>,
    digits: String,
    /// How many values may still come.
    left: u64,
    binary: bool,
}

impl Blocks {
    /// For what [`head`] told.
    pub(crate) fn new(told: &[String]) -> Self {
        let [schema, codec, sync] = told else {
            return Self::of(None, Codec::Null, Vec::new());
        };
        let codec = match codec.as_str() {
            "deflate" => Codec::Deflate,
            "snappy" => Codec::Snappy,
            "zstandard" => Codec::Zstd,
            _ => Codec::Null,
        };
        let sync = data_encoding::HEXLOWER.decode(sync.as_bytes());
        Self::of(Schema::read(schema), codec, sync.unwrap_or_default())
    }

    const fn of(schema: Option<Schema>, codec: Codec, sync: Vec<u8>) -> Self {
        Self {
            schema,
            codec,
            sync,
            data: Vec::new(),
            rows: 0,
            slots: Vec::new(),
            sized: Vec::new(),
            unread: Vec::new(),
        }
    }

    /// What becomes of a value of the block that was read last, if a text is put there.
    pub(crate) fn becomes(&self, value: usize, text: &str) -> Becomes {
        match self.slots.get(value) {
            Some(slot) if slot.number.is_some() && slot.parse(text).is_none() => {
                slot.null.map_or(Becomes::Nothing, |_| Becomes::Null)
            }
            _ => Becomes::Text,
        }
    }

    /// Rows of the block that was read last.
    pub(crate) const fn rows(&self) -> u64 {
        self.rows
    }

    /// What of it is not read.
    pub(crate) fn unread(&self) -> &[String] {
        &self.unread
    }

    /// Reads a block; its texts go to `sink`. What is wrong with it, in which case it
    /// has none.
    pub(crate) fn read(
        &mut self,
        record: &[u8],
        sink: &mut Sink,
        is_personal: &mut dyn FnMut(&str) -> bool,
    ) -> Option<String> {
        (self.rows, self.slots, self.sized) = (1, Vec::new(), Vec::new());
        self.unread.clear();
        match self.walk(record, sink, is_personal) {
            Ok(()) => None,
            Err(what) => {
                sink.clear();
                self.slots.clear();
                Some(format!("no Avro block: {what}"))
            }
        }
    }

    fn walk(
        &mut self,
        record: &[u8],
        sink: &mut Sink,
        is_personal: &mut dyn FnMut(&str) -> bool,
    ) -> Result<(), &'static str> {
        let (count, length) = block(record).ok_or("its begin is malformed")?;
        let cut = "it is cut off, or has another length than it says";
        if record.len() != length {
            return Err(cut);
        }
        let (packed, sync) = record.split_at(length - SYNC);
        if sync != self.sync {
            return Err("the mark after it is not the container's");
        }
        let head = long(packed).map_or(0, |first| first.1);
        let head = head
            + packed
                .get(head..)
                .and_then(long)
                .map_or(0, |second| second.1);
        let packed = packed.get(head..).ok_or(cut)?;
        self.data = self
            .unpack(packed)
            .ok_or("it cannot be unpacked within 64 mebibytes")?;
        let schema = self.schema.as_ref().ok_or("the schema is not understood")?;
        let mut walk = Walk {
            schema,
            data: &self.data,
            at: 0,
            sink,
            is_personal,
            slots: Vec::new(),
            sized: Vec::new(),
            null: None,
            digits: String::new(),
            left: 100_000 + 16 * self.data.len() as u64,
            binary: false,
        };
        for row in 0..count {
            walk.sink.row = row;
            walk.sink.path.clear();
            walk.value(0, 0)?;
        }
        if walk.at != self.data.len() {
            return Err("its rows end before it does");
        }
        if walk.binary {
            self.unread.push("bytes that are no text".to_owned());
        }
        (self.slots, self.sized) = (walk.slots, walk.sized);
        self.rows = count;
        Ok(())
    }

    fn unpack(&self, packed: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let mut read = |reader: &mut dyn Read| {
            let read = reader.take(MAX_BLOCK + 1).read_to_end(&mut out).ok()?;
            (read as u64 <= MAX_BLOCK).then_some(())
        };
        let limits = Limits::default();
        match self.codec {
            Codec::Null => read(&mut &*packed)?,
            Codec::Deflate => {
                let reader = flate2::read::DeflateDecoder::new(packed);
                read(&mut limits.bound(reader, packed.len() as u64))?;
            }
            Codec::Zstd => {
                let reader = crate::compress::zstd_reader(packed).ok()?;
                read(&mut limits.bound(reader, packed.len() as u64))?;
            }
            Codec::Snappy => {
                let (body, sum) = packed.split_at_checked(packed.len().checked_sub(4)?)?;
                if snap::raw::decompress_len(body).ok()? as u64 > MAX_BLOCK {
                    return None;
                }
                out = snap::raw::Decoder::new().decompress_vec(body).ok()?;
                let mut crc = Crc::new();
                crc.update(&out);
                if crc.sum().to_be_bytes() != sum {
                    return None;
                }
            }
        }
        Some(out)
    }

    fn pack(&self, data: &[u8]) -> std::io::Result<Vec<u8>> {
        use std::io::Write as _;
        match self.codec {
            Codec::Null => Ok(data.to_vec()),
            Codec::Deflate => {
                let level = flate2::Compression::default();
                let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), level);
                encoder.write_all(data)?;
                encoder.finish()
            }
            Codec::Zstd => zstd::stream::encode_all(data, 0),
            Codec::Snappy => {
                let packed = snap::raw::Encoder::new().compress_vec(data);
                let mut packed = packed.map_err(std::io::Error::other)?;
                let mut crc = Crc::new();
                crc.update(data);
                packed.extend_from_slice(&crc.sum().to_be_bytes());
                Ok(packed)
            }
        }
    }

    /// Writes the block that was read last with edits; see [`crate::Values::rewrite`].
    pub(crate) fn write(
        &self,
        record: &[u8],
        sink: &Sink,
        edits: &[Edit<'_>],
        out: &mut Vec<u8>,
    ) -> Result<(), EditError> {
        if edits.is_empty() {
            out.extend_from_slice(record);
            return Ok(());
        }
        let mut splices = Vec::new();
        let mut values = sink.values().enumerate();
        let mut number = 0;
        let mut last = None;
        while let Some(first) = edits.get(number) {
            if last.is_some_and(|last| last >= first.value) {
                return Err(EditError::Order(number));
            }
            last = Some(first.value);
            let rest = edits.get(number..).unwrap_or(&[]);
            let count = rest
                .iter()
                .take_while(|edit| edit.value == first.value)
                .count();
            let these = rest.get(..count).unwrap_or(&[]);
            let value = values.find(|value| value.0 == first.value);
            let (_, value) = value.ok_or(EditError::Outside(number))?;
            rewrite::check(value.text, these, number, Encoding::Utf8)?;
            let slot = self.slots.get(first.value);
            let slot = slot.ok_or(EditError::Outside(number))?;
            let place = slot.place.clone();
            if slot.number.is_some() {
                splices.push(replaced(slot, value.text, these, number)?);
                number += count;
                continue;
            }
            let raw = self.data.get(place.clone()).unwrap_or(&[]);
            let digits = long(raw).map_or(0, |length| length.1);
            let mut text = Vec::new();
            let edits = these
                .iter()
                .map(|edit| (edit.range.clone(), edit.with.as_bytes().into()));
            rewrite::plain(
                raw.get(digits..).unwrap_or(&[]),
                value.text,
                edits,
                &mut text,
            );
            let mut new = Vec::with_capacity(text.len() + 5);
            push_long(&mut new, text.len());
            new.extend_from_slice(&text);
            splices.push((place, new));
            number += count;
        }
        let mut data = Vec::with_capacity(self.data.len());
        let mut rest = (splices.as_slice(), self.sized.as_slice());
        self.splice(0..self.data.len(), &mut rest, &mut data);
        // Only memory is written to.
        let packed = self.pack(&data).map_err(|_| EditError::Outside(0))?;
        push_long(out, usize::try_from(self.rows).unwrap_or(0));
        push_long(out, packed.len());
        out.extend_from_slice(&packed);
        out.extend_from_slice(&self.sync);
        Ok(())
    }

    /// Writes a part of the data with its splices, and the sizes of what is in it.
    fn splice(&self, range: Range<usize>, rest: &mut Rest<'_>, out: &mut Vec<u8>) {
        let mut done = range.start;
        let copy = |out: &mut Vec<u8>, range: Range<usize>| {
            out.extend_from_slice(self.data.get(range).unwrap_or(&[]));
        };
        loop {
            let text = rest.0.first().filter(|splice| splice.0.start < range.end);
            let sized = rest.1.first().filter(|sized| sized.size.start < range.end);
            match (text, sized) {
                (Some((place, with)), sized)
                    if sized.is_none_or(|sized| place.start < sized.size.start) =>
                {
                    copy(out, done..place.start);
                    out.extend_from_slice(with);
                    done = place.end;
                    rest.0 = rest.0.get(1..).unwrap_or(&[]);
                }
                (_, Some(sized)) => {
                    copy(out, done..sized.size.start);
                    rest.1 = rest.1.get(1..).unwrap_or(&[]);
                    let changes = rest
                        .0
                        .first()
                        .is_some_and(|splice| splice.0.start < sized.content.end);
                    if changes {
                        let mut content = Vec::new();
                        self.splice(sized.content.clone(), rest, &mut content);
                        push_long(out, content.len());
                        out.extend_from_slice(&content);
                    } else {
                        copy(out, sized.size.start..sized.content.end);
                        let inside = |other: &&Sized| other.size.start < sized.content.end;
                        let skipped = rest.1.iter().take_while(inside).count();
                        rest.1 = rest.1.get(skipped..).unwrap_or(&[]);
                    }
                    done = sized.content.end;
                }
                _ => break,
            }
        }
        copy(out, done..range.end);
    }
}

/// A number with edits of its digits, or the null that stands there then.
fn replaced(
    slot: &Slot,
    text: &str,
    edits: &[Edit<'_>],
    number: usize,
) -> Result<(Range<usize>, Vec<u8>), EditError> {
    let mut digits = text.to_owned();
    for edit in edits.iter().rev() {
        digits.replace_range(edit.range.clone(), edit.with);
    }
    let mut out = Vec::new();
    if let Some(value) = slot.parse(&digits) {
        push_signed(&mut out, value);
        return Ok((slot.place.clone(), out));
    }
    let (start, branch) = slot.null.ok_or(EditError::NotNull(number))?;
    push_long(&mut out, branch);
    Ok((start..slot.place.end, out))
}

/// Splices and sizes that are not written yet.
type Rest<'a> = (&'a [(Range<usize>, Vec<u8>)], &'a [Sized]);

impl Walk<'_> {
    fn long(&mut self) -> Result<i64, &'static str> {
        let rest = self.data.get(self.at..).unwrap_or(&[]);
        let (value, length) = long(rest).ok_or("a number is cut off")?;
        self.at += length;
        Ok(value)
    }

    fn skip(&mut self, length: usize) -> Result<Range<usize>, &'static str> {
        let end = self
            .at
            .checked_add(length)
            .filter(|end| *end <= self.data.len());
        let end = end.ok_or("a value is cut off")?;
        let range = self.at..end;
        self.at = end;
        Ok(range)
    }

    /// A text with its length; where both are.
    fn text(&mut self) -> Result<(Range<usize>, Range<usize>), &'static str> {
        let start = self.at;
        let length = usize::try_from(self.long()?).map_err(|_| "a length is negative")?;
        let inside = self.skip(length)?;
        Ok((start..inside.end, inside))
    }

    fn push(&mut self, whole: Range<usize>, inside: Range<usize>, part: Part) {
        let (text, _) = decode(self.data.get(inside).unwrap_or(&[]));
        self.sink.push_text(&text, whole.clone(), part);
        self.slots.push(Slot {
            place: whole,
            number: None,
            null: None,
        });
    }

    fn number(&mut self, number: Number) -> Result<(), &'static str> {
        use std::fmt::Write as _;
        let null = self.null.take();
        let start = self.at;
        let value = self.long()?;
        self.digits.clear();
        let written = match number {
            Number::Day => day::write(value, &mut self.digits),
            Number::Int | Number::Long => write!(self.digits, "{value}").ok(),
        };
        if written.is_some() {
            let place = start..self.at;
            self.sink.push_number(&self.digits, place.clone());
            self.slots.push(Slot {
                place,
                number: Some(number),
                null,
            });
        }
        Ok(())
    }

    fn value(&mut self, number: usize, depth: usize) -> Result<(), &'static str> {
        self.left = self
            .left
            .checked_sub(1)
            .ok_or("it claims more values than it can have")?;
        if depth > DEPTH {
            return Err("it is nested too deep");
        }
        if self.sink.is_full() {
            return Err("it has more values than are held at once");
        }
        let schema = self.schema;
        match schema.kind(number).ok_or("the schema has a gap")? {
            Kind::Null => {}
            Kind::Skip(length) => {
                self.skip(*length)?;
            }
            Kind::Number(number) => self.number(*number)?,
            Kind::Index | Kind::Time => {
                self.long()?;
            }
            Kind::Opaque => {
                self.text()?;
            }
            Kind::String => {
                let (whole, inside) = self.text()?;
                self.push(whole, inside, Part::Value);
            }
            Kind::Bytes => {
                let (whole, inside) = self.text()?;
                if std::str::from_utf8(self.data.get(inside.clone()).unwrap_or(&[])).is_ok() {
                    self.push(whole, inside, Part::Value);
                } else {
                    self.binary = true;
                }
            }
            Kind::Record(fields) => {
                self.null = None;
                let length = self.sink.path.len();
                for (name, kind) in fields {
                    if length > 0 {
                        self.sink.path.push('.');
                    }
                    self.sink.path.push_str(name);
                    self.value(*kind, depth + 1)?;
                    self.sink.path.truncate(length);
                }
            }
            Kind::Union(kinds) => {
                let start = self.at;
                let which = usize::try_from(self.long()?).ok();
                let kind = which.and_then(|which| kinds.get(which));
                let is_null = |kind: &usize| matches!(schema.kind(*kind), Some(Kind::Null));
                let null = kinds.iter().position(is_null);
                self.null = null.map(|branch| (start, branch));
                self.value(*kind.ok_or("a union has no such branch")?, depth + 1)?;
                self.null = None;
            }
            Kind::Array(kind) | Kind::Map(kind) => {
                self.null = None;
                let named = matches!(schema.kind(number), Some(Kind::Map(_)));
                self.items(*kind, named, depth)?;
            }
        }
        Ok(())
    }

    /// The blocks of an array or a map.
    fn items(&mut self, kind: usize, named: bool, depth: usize) -> Result<(), &'static str> {
        let path = self.sink.path.len();
        let mut index = 0_u64;
        loop {
            let mut count = self.long()?;
            if count == 0 {
                return Ok(());
            }
            let mut end = None;
            if count < 0 {
                count = count.checked_neg().ok_or("a count is too large")?;
                let start = self.at;
                let size = usize::try_from(self.long()?).map_err(|_| "a size is negative")?;
                let stop = self.at.checked_add(size).ok_or("a size is too large")?;
                end = Some(stop);
                self.sized.push(Sized {
                    size: start..self.at,
                    content: self.at..stop,
                });
            }
            for _ in 0..count {
                if named {
                    let (whole, inside) = self.text()?;
                    let (name, _) = decode(self.data.get(inside.clone()).unwrap_or(&[]));
                    let name = name.into_owned();
                    let personal = (self.is_personal)(&name);
                    self.sink.path.push_str(if path > 0 { "." } else { "" });
                    self.sink.path.push_str(if personal { "*" } else { &name });
                    if personal {
                        self.push(whole, inside, Part::Name);
                    }
                } else {
                    use std::fmt::Write as _;
                    let _ = write!(self.sink.path, "[{index}]");
                }
                self.value(kind, depth + 1)?;
                self.sink.path.truncate(path);
                index += 1;
            }
            if end.is_some_and(|end| end != self.at) {
                return Err("an array or a map has another size than it says");
            }
        }
    }
}
