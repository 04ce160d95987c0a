//! Mail (RFC 5322, MIME): one message's texts with their places, and the message again
//! with some of them changed.
//!
//! A message is cut into pieces that hold a text each: fields of the header, bodies,
//! what stands before and after the parts. Each piece is undone in layers (transfer
//! encoding, charset, HTML, or the records of an attached table), and an edit goes
//! down through the same layers to bytes; whatever no edit names stays as it is, so
//! folds, boundaries and line ends are never written anew.
//!
//! Invariants: every byte that can hold a text is in a piece or in a part that
//! [`Message::unread`] tells of; nesting and the number of parts are bounded. Fields
//! that say how the rest is read (boundaries, charsets, encodings) are no texts.
//! Signatures over the message no longer hold where something was changed.

mod charset;
mod header;
mod html;
mod structure;
mod transfer;

use std::borrow::Cow;
use std::ops::Range;

use self::charset::Charset;
use self::header::Field;
use self::html::Html;
pub(crate) use self::structure::{looks_like_mail, looks_like_mbox};
use self::transfer::{Decoded, Splice, Transfer};
use crate::rewrite::{self, Edit, EditError};
use crate::values::{Part, Sink};
use crate::{Encoding, Format, Splitter, Values, decode};

/// A message taken apart.
#[derive(Default)]
pub(crate) struct Message {
    /// In the order of their bytes.
    pieces: Vec<Piece>,
    /// Where each value of the sink is.
    items: Vec<Item>,
    unread: Vec<String>,
}

struct Piece {
    raw: Range<usize>,
    kind: Kind,
}

enum Kind {
    Plain,
    Field(Field),
    Body(Body),
    Table(Table),
}

struct Body {
    transfer: Transfer,
    decoded: Decoded,
    charset: Charset,
    text: charset::Text,
    html: Option<Html>,
}

struct Table {
    transfer: Transfer,
    decoded: Decoded,
    format: Format,
    columns: Vec<String>,
    records: Vec<Range<usize>>,
}

struct Item {
    piece: usize,
    at: At,
}

/// Where in a piece.
#[derive(Clone, Copy)]
enum At {
    Whole,
    Attribute(usize),
    /// A record, and a value of it.
    Record(usize, usize),
}

/// A body and what its fields say of it.
struct Leaf<'a> {
    raw: Range<usize>,
    kind: &'a str,
    charset: &'a str,
    transfer: &'a str,
    /// The ending of the file's name that it has.
    extension: &'a str,
    prefix: &'a str,
}

impl Message {
    /// Takes a message apart; its texts go to `sink`.
    pub(crate) fn read(
        record: &[u8],
        sink: &mut Sink,
        is_personal: &mut dyn FnMut(&str) -> bool,
    ) -> Self {
        let mut message = Self::default();
        let mut reader = Reading {
            record,
            sink,
            is_personal,
            message: &mut message,
            parts: 0,
        };
        reader.message();
        message
    }

    /// What is not read of it, in words of our own.
    pub(crate) fn unread(&self) -> &[String] {
        &self.unread
    }

    /// Writes the message with edits; see [`crate::Values::rewrite`].
    pub(crate) fn write(
        &self,
        record: &[u8],
        sink: &Sink,
        edits: &[Edit<'_>],
        out: &mut Vec<u8>,
    ) -> Result<(), EditError> {
        let texts: Vec<_> = sink.values().map(|value| value.text).collect();
        let (mut number, mut done) = (0, 0);
        while let Some(first) = edits.get(number) {
            let outside = EditError::Outside(number);
            let piece = self.items.get(first.value).ok_or(outside)?.piece;
            let these = edits.get(number..).unwrap_or(&[]);
            let count = these.iter().take_while(|edit| {
                let item = self.items.get(edit.value);
                item.is_some_and(|item| item.piece == piece)
            });
            let these = these.get(..count.count()).unwrap_or(&[]);
            // Order, borders: one value after the other.
            let mut checked = 0;
            while let Some(edit) = these.get(checked) {
                let of_value = these.get(checked..).unwrap_or(&[]);
                let same = of_value
                    .iter()
                    .take_while(|next| next.value == edit.value)
                    .count();
                let text = texts.get(edit.value).ok_or(outside)?;
                rewrite::check(
                    text,
                    of_value.get(..same).unwrap_or(&[]),
                    number + checked,
                    Encoding::Utf8,
                )?;
                checked += same;
                if these
                    .get(checked)
                    .is_some_and(|next| next.value < edit.value)
                {
                    return Err(EditError::Order(number + checked));
                }
            }
            let place = self.pieces.get(piece).ok_or(outside)?;
            let kept = record.get(done..place.raw.start);
            out.extend_from_slice(kept.ok_or(EditError::Order(number))?);
            let raw = record.get(place.raw.clone()).ok_or(outside)?;
            self.piece(place, raw, these, number, out)?;
            done = place.raw.end;
            number += these.len();
        }
        out.extend_from_slice(record.get(done..).unwrap_or(&[]));
        Ok(())
    }

    fn piece(
        &self,
        piece: &Piece,
        raw: &[u8],
        edits: &[Edit<'_>],
        number: usize,
        out: &mut Vec<u8>,
    ) -> Result<(), EditError> {
        match &piece.kind {
            Kind::Plain => {
                let (text, _) = decode(raw);
                let edits = edits.iter();
                let edits =
                    edits.map(|edit| (edit.range.clone(), Cow::Borrowed(edit.with.as_bytes())));
                rewrite::plain(raw, &text, edits, out);
            }
            Kind::Field(field) => {
                let edits = edits.iter().map(|edit| (edit.range.clone(), edit.with));
                transfer::splice(raw, &field.splices(raw, edits), out);
            }
            Kind::Body(body) => {
                let splices = self.body(body, edits, number)?;
                body.transfer.write(raw, &body.decoded, &splices, out);
            }
            Kind::Table(table) => {
                let splices = self.rows(table, edits, number)?;
                table.transfer.write(raw, &table.decoded, &splices, out);
            }
        }
        Ok(())
    }

    fn at(&self, edit: &Edit<'_>) -> At {
        self.items.get(edit.value).map_or(At::Whole, |item| item.at)
    }

    /// Edits of a body's texts, as splices of its bytes.
    fn body(
        &self,
        body: &Body,
        edits: &[Edit<'_>],
        number: usize,
    ) -> Result<Vec<Splice>, EditError> {
        // In the text of the charset.
        let mut lower: Vec<(Range<usize>, Cow<'_, str>)> = Vec::new();
        for edit in edits {
            match &body.html {
                None => lower.push((edit.range.clone(), Cow::Borrowed(edit.with))),
                Some(html) => {
                    let text = match self.at(edit) {
                        At::Attribute(place) => {
                            html.attributes.get(place).map(|attribute| &attribute.1)
                        }
                        _ => Some(&html.shown),
                    };
                    let edits = text.map(|text| text.edits(&edit.range, edit.with));
                    lower.extend(
                        edits
                            .into_iter()
                            .flatten()
                            .map(|(range, with)| (range, Cow::Owned(with))),
                    );
                }
            }
        }
        // Attributes stand between what is shown.
        lower.sort_by_key(|edit| (edit.0.start, edit.0.end));
        let mut out: Vec<Splice> = Vec::with_capacity(lower.len());
        for (range, with) in lower {
            let Some(bytes) = body.charset.encode(&with) else {
                return Err(EditError::Unencodable(number, body.charset.name()));
            };
            out.push((
                body.text.bytes(&range, body.decoded.bytes.len()),
                bytes.into_owned(),
            ));
        }
        Ok(out)
    }

    /// Edits of an attached table's values, as splices of its bytes.
    fn rows(
        &self,
        table: &Table,
        edits: &[Edit<'_>],
        number: usize,
    ) -> Result<Vec<Splice>, EditError> {
        let mut values = Values::new(table.format, table.columns.clone());
        let mut out = Vec::new();
        let mut done = 0;
        while let Some(edit) = edits.get(done) {
            let At::Record(record, _) = self.at(edit) else {
                return Err(EditError::Outside(number + done));
            };
            let mut own = Vec::new();
            while let Some(edit) = edits.get(done) {
                match self.at(edit) {
                    At::Record(found, value) if found == record => own.push(Edit {
                        value,
                        range: edit.range.clone(),
                        with: edit.with,
                    }),
                    _ => break,
                }
                done += 1;
            }
            let range = table.records.get(record).cloned().unwrap_or(0..0);
            let bytes = table.decoded.bytes.get(range.clone()).unwrap_or(&[]);
            // Names that are values were so when it was read first; none are looked for.
            values.read(bytes, &mut |_| false);
            let mut new = Vec::new();
            values.rewrite(bytes, &own, &mut new)?;
            out.push((range, new));
        }
        Ok(out)
    }
}

/// A message on its way apart.
struct Reading<'a> {
    record: &'a [u8],
    sink: &'a mut Sink,
    is_personal: &'a mut dyn FnMut(&str) -> bool,
    message: &'a mut Message,
    parts: usize,
}

impl Reading<'_> {
    fn bytes(&self, range: &Range<usize>) -> &[u8] {
        self.record.get(range.clone()).unwrap_or(&[])
    }

    fn push(&mut self, raw: Range<usize>, kind: Kind) -> usize {
        self.message.pieces.push(Piece { raw, kind });
        self.message.pieces.len() - 1
    }

    fn item(&mut self, path: &str, text: &str, piece: usize, at: At) {
        let raw = self
            .message
            .pieces
            .get(piece)
            .map_or(0..0, |piece| piece.raw.clone());
        self.sink.path.clear();
        self.sink.path.push_str(path);
        self.sink.push_text(text, raw, Part::Value);
        self.message.items.push(Item { piece, at });
    }

    fn unread(&mut self, what: &str) {
        let what = what.to_owned();
        if !self.message.unread.contains(&what) && self.message.unread.len() < 20 {
            self.message.unread.push(what);
        }
    }

    fn field(&mut self, path: &str, raw: Range<usize>, field: Field) {
        if field.unread {
            self.unread("a header field in a charset that is not read");
        }
        if field.text.trim().is_empty() {
            return;
        }
        let text = field.text.clone();
        let piece = self.push(raw, Kind::Field(field));
        self.item(path, &text, piece, At::Whole);
    }

    /// Text without an encoding: around parts, or where a field should be.
    fn plain(&mut self, path: &str, raw: Range<usize>) {
        let (text, _) = decode(self.record.get(raw.clone()).unwrap_or(&[]));
        if text.trim().is_empty() {
            return;
        }
        let piece = self.push(raw, Kind::Plain);
        self.item(path, &text, piece, At::Whole);
    }

    fn leaf(&mut self, leaf: &Leaf<'_>) {
        let raw = self.bytes(&leaf.raw);
        if raw.trim_ascii().is_empty() {
            return;
        }
        let what = format!("a part ({})", structure::shown(leaf.kind));
        let Some(transfer) = Transfer::of(leaf.transfer) else {
            return self.unread(&format!("{what} in a transfer encoding that is not known"));
        };
        let Some(decoded) = transfer.decode(raw) else {
            return self.unread(&format!("{what} in broken base64"));
        };
        let is_text = leaf.kind.starts_with("text/") || leaf.kind.is_empty();
        let extension = match leaf.kind {
            "text/csv" => "csv",
            "text/tab-separated-values" => "tsv",
            "application/json" => "json",
            "application/x-ndjson" | "application/jsonl" => "jsonl",
            _ => leaf.extension,
        };
        let format = if is_text && matches!(extension, "" | "txt" | "html" | "htm") {
            Some(Format::Text)
        } else {
            crate::detect(extension, &decoded.bytes).ok()
        };
        match format {
            Some(Format::Text) => self.text(leaf, transfer, decoded, &what),
            Some(format @ (Format::Json | Format::JsonLines | Format::Csv { .. })) => {
                self.table(leaf, transfer, decoded, format);
            }
            _ if is_text => self.text(leaf, transfer, decoded, &what),
            _ => self.unread(&what),
        }
    }

    fn text(&mut self, leaf: &Leaf<'_>, transfer: Transfer, decoded: Decoded, what: &str) {
        let read = Charset::of(leaf.charset)
            .and_then(|charset| Some((charset, charset.read(&decoded.bytes)?)));
        let Some((charset, text)) = read else {
            return self.unread(&format!("{what} in a charset that is not read"));
        };
        let is_html = matches!(leaf.kind, "text/html" | "application/xhtml+xml");
        let html = is_html.then(|| Html::read(&text.text));
        let mut shown = Vec::new();
        match &html {
            None if leaf.kind == "text/plain" || leaf.kind.is_empty() => {
                shown.push(("body".to_owned(), text.text.clone(), At::Whole));
            }
            None => shown.push(("attachment".to_owned(), text.text.clone(), At::Whole)),
            Some(html) => {
                shown.push(("html".to_owned(), html.shown.text.clone(), At::Whole));
                for (place, (name, text)) in html.attributes.iter().enumerate() {
                    shown.push((
                        format!("html.@{name}"),
                        text.text.clone(),
                        At::Attribute(place),
                    ));
                }
            }
        }
        let piece = self.push(
            leaf.raw.clone(),
            Kind::Body(Body {
                transfer,
                decoded,
                charset,
                text,
                html,
            }),
        );
        for (path, text, at) in shown {
            self.item(&format!("{}{path}", leaf.prefix), &text, piece, at);
        }
    }

    fn table(&mut self, leaf: &Leaf<'_>, transfer: Transfer, decoded: Decoded, format: Format) {
        let limit = decoded.bytes.len();
        let mut splitter = Splitter::new(decoded.bytes.as_slice(), format, limit);
        let header = splitter.header(|names| names.iter().all(|name| !(self.is_personal)(name)));
        let columns = header.unwrap_or_default();
        let mut values = Values::new(format, columns.clone());
        let (mut records, mut shown) = (Vec::new(), Vec::new());
        let mut base = 0;
        while let Ok(Some(chunk)) = splitter.next_chunk() {
            for record in &chunk.records {
                let bytes = chunk.bytes.get(record.range.clone()).unwrap_or(&[]);
                values.read(bytes, &mut |_| false);
                for (number, value) in values.values().enumerate() {
                    let path = format!("{}attachment.{}", leaf.prefix, value.field);
                    shown.push((
                        path,
                        value.text.to_owned(),
                        At::Record(records.len(), number),
                    ));
                }
                records.push(base + record.range.start..base + record.range.end);
            }
            base += chunk.bytes.len();
        }
        let piece = self.push(
            leaf.raw.clone(),
            Kind::Table(Table {
                transfer,
                decoded,
                format,
                columns,
                records,
            }),
        );
        for (path, text, at) in shown {
            self.item(&path, &text, piece, at);
        }
    }
}

#[cfg(test)]
mod tests;
