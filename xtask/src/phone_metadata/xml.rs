//! Reads the territories of `PhoneNumberMetadata.xml`.
//!
//! Only what numbers are judged by is taken: formats, carriers and examples are
//! left. What the file's own build step derives (the lengths of a region are
//! those of its types) is derived here in the same way.

use anyhow::{Context, Result, bail};
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

/// A region's facts.
#[derive(Debug, Default)]
pub(super) struct Territory {
    pub(super) id: String,
    pub(super) code: u16,
    pub(super) main: bool,
    pub(super) leading: Option<String>,
    pub(super) international_prefix: Option<String>,
    pub(super) national_prefix: Option<String>,
    pub(super) transform: Option<String>,
    pub(super) general: String,
    pub(super) types: Vec<Type>,
}

/// A kind of numbers in a region.
#[derive(Debug, Default)]
pub(super) struct Type {
    pub(super) name: String,
    pub(super) pattern: String,
    /// Bit n: a number of n digits.
    pub(super) lengths: u32,
    pub(super) local: u32,
}

impl Territory {
    /// Lengths of national numbers, and those that are dialled locally only.
    pub(super) fn lengths(&self) -> (u32, u32) {
        let all = self.types.iter().fold(0, |all, kind| all | kind.lengths);
        let local = self.types.iter().fold(0, |all, kind| all | kind.local);
        (all, local & !all)
    }
}

/// Every territory of the file, in its order.
pub(super) fn territories(text: &str) -> Result<Vec<Territory>> {
    let mut reader = Reader::from_str(text);
    let mut out: Vec<Territory> = Vec::new();
    let mut kind: Option<Type> = None;
    let mut in_pattern = false;
    let mut in_formats = false;
    loop {
        match reader.read_event()? {
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == b"territory" => {
                out.push(territory(&tag)?);
            }
            Event::Start(tag) => match tag.name().as_ref() {
                b"availableFormats" => in_formats = true,
                b"nationalNumberPattern" => in_pattern = true,
                name if !in_formats && is_type(name) => {
                    kind = Some(Type {
                        name: String::from_utf8(name.to_vec())?,
                        ..Type::default()
                    });
                }
                _ => {}
            },
            Event::Empty(tag) if tag.name().as_ref() == b"possibleLengths" => {
                let kind = kind.as_mut().context("lengths outside a type")?;
                kind.lengths = lengths(attribute(&tag, "national")?.as_deref())?;
                kind.local = lengths(attribute(&tag, "localOnly")?.as_deref())?;
            }
            Event::Text(text) if in_pattern => {
                let text = std::str::from_utf8(&text)?;
                let kind = kind.as_mut().context("a pattern outside a type")?;
                kind.pattern.extend(text.split_whitespace());
            }
            Event::End(tag) => match tag.name().as_ref() {
                b"availableFormats" => in_formats = false,
                b"nationalNumberPattern" => in_pattern = false,
                name if !in_formats && is_type(name) => {
                    let kind = kind.take().context("a type ends that did not begin")?;
                    let territory = out.last_mut().context("a type outside a territory")?;
                    match kind.name.as_str() {
                        "generalDesc" => territory.general = kind.pattern,
                        // Not a type of numbers but a restriction.
                        "noInternationalDialling" => {}
                        _ => territory.types.push(kind),
                    }
                }
                _ => {}
            },
            Event::Eof => break,
            _ => {}
        }
    }
    if out.len() < 200 {
        bail!("{} territories are too few", out.len());
    }
    Ok(out)
}

fn is_type(name: &[u8]) -> bool {
    matches!(
        name,
        b"generalDesc"
            | b"noInternationalDialling"
            | b"fixedLine"
            | b"mobile"
            | b"pager"
            | b"tollFree"
            | b"premiumRate"
            | b"sharedCost"
            | b"personalNumber"
            | b"voip"
            | b"uan"
            | b"voicemail"
    )
}

fn territory(tag: &BytesStart<'_>) -> Result<Territory> {
    let packed = |name: &str| -> Result<Option<String>> {
        Ok(attribute(tag, name)?.map(|text| text.split_whitespace().collect()))
    };
    let id = packed("id")?.context("a territory without id")?;
    let code = packed("countryCode")?
        .context("a territory without code")?
        .parse()?;
    Ok(Territory {
        main: packed("mainCountryForCode")?.is_some(),
        leading: packed("leadingDigits")?,
        international_prefix: packed("internationalPrefix")?,
        national_prefix: packed("nationalPrefixForParsing")?.or(packed("nationalPrefix")?),
        transform: packed("nationalPrefixTransformRule")?,
        id,
        code,
        ..Territory::default()
    })
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>> {
    let found = tag.try_get_attribute(name)?;
    Ok(match found {
        Some(found) => Some(String::from_utf8(found.value.to_vec())?),
        None => None,
    })
}

/// `5,[7-9]` as bits.
fn lengths(text: Option<&str>) -> Result<u32> {
    let mut bits = 0;
    for part in text
        .unwrap_or("")
        .split(',')
        .filter(|part| !part.is_empty())
    {
        let part = part.trim_matches(['[', ']']);
        let (from, to) = part.split_once('-').unwrap_or((part, part));
        for length in from.parse::<u32>()?..=to.parse()? {
            bits |= 1u32
                .checked_shl(length)
                .with_context(|| format!("length {length}"))?;
        }
    }
    Ok(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_bits() {
        assert_eq!(lengths(Some("5,[7-9]")).ok(), Some(0b11_1010_0000));
        assert_eq!(lengths(None).ok(), Some(0));
        assert!(lengths(Some("40")).is_err());
    }
}
