//! libphonenumber's metadata to the compact form that is compiled in.
//!
//! The facts are those of `PhoneNumberMetadata.xml` (Google, Apache licence 2.0);
//! the file itself is not kept in the repository. Every national number pattern
//! is regular and finite, so each region and each country calling code becomes
//! the root of a minimal deterministic automaton over digits; all roots share
//! one pool of nodes. Prefixes that have to be matched piece by piece, because
//! they capture, become small programs.
//!
//! The layout is described where it is read, in `crates/pii/src/phone/metadata.rs`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

use crate::report::Outcome;
use crate::root::root;

mod automaton;
mod pattern;
mod program;
mod xml;

use automaton::{Pool, RegionLanguage};

const EMBEDDED: &str = "crates/pii/src/phone/metadata.bin";

/// No program or string.
const NONE: u16 = u16::MAX;

/// Reads the file and replaces the compiled-in form.
pub(crate) fn update(file: &Path, version: &str) -> Result<Outcome> {
    let name = file.display().to_string();
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {name}"))?;
    let territories = xml::territories(&text).with_context(|| format!("cannot parse {name}"))?;
    let compact = compile(&territories, version)?;
    fs::write(root().join(EMBEDDED), &compact)
        .with_context(|| format!("cannot write {EMBEDDED}"))?;
    Ok(Outcome::passed(format!(
        "{EMBEDDED}: version {version}, {} regions, {} bytes",
        territories.len(),
        compact.len()
    )))
}

/// One region, as it is written.
struct Record {
    id: [u8; 4],
    code: u16,
    main: bool,
    root: u32,
    lengths: u32,
    local: u32,
    national_prefix: u16,
    transform: u16,
    international_prefix: u16,
}

fn compile(territories: &[xml::Territory], version: &str) -> Result<Vec<u8>> {
    let mut pool = Pool::default();
    let mut programs = Blobs::default();
    let mut records = Vec::new();
    let mut by_code: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    let mut languages = Vec::new();
    for (index, territory) in territories.iter().enumerate() {
        let id = &territory.id;
        let language = RegionLanguage::new(territory)
            .with_context(|| format!("a pattern of {id} is not understood"))?;
        let root = pool.of_region(&language)?;
        let mut bytes = [0u8; 4];
        for (to, from) in bytes.iter_mut().zip(id.bytes()) {
            *to = from;
        }
        let mut program = |pattern: Option<&str>| -> Result<u16> {
            match pattern {
                Some(pattern) => programs.add(program::compile(pattern)?),
                None => Ok(NONE),
            }
        };
        let national_prefix = program(territory.national_prefix.as_deref())?;
        let international_prefix = program(territory.international_prefix.as_deref())?;
        let transform = match &territory.transform {
            Some(rule) => programs.add(transform(rule)?)?,
            None => NONE,
        };
        let (lengths, local) = territory.lengths();
        records.push(Record {
            id: bytes,
            code: territory.code,
            main: territory.main,
            root,
            lengths,
            local,
            national_prefix,
            transform,
            international_prefix,
        });
        languages.push(language);
        by_code.entry(territory.code).or_default().push(index);
    }
    let mut codes = Vec::new();
    for (code, mut indices) in by_code {
        // The main region is asked first, as libphonenumber does.
        indices.sort_by_key(|index| !territories[*index].main);
        let main = *indices.first().context("a code without a region")?;
        let root = pool.of_code(
            &indices
                .iter()
                .map(|index| &languages[*index])
                .collect::<Vec<_>>(),
        )?;
        codes.push((code, u16::try_from(main)?, root));
    }
    let (nodes, place) = pool.encode()?;

    let mut out = b"CPM1".to_vec();
    let mut section = |bytes: &[u8]| -> Result<()> {
        out.extend(u32::try_from(bytes.len())?.to_le_bytes());
        out.extend(bytes);
        Ok(())
    };
    section(version.as_bytes())?;
    let mut bytes = Vec::new();
    for record in &records {
        bytes.extend(record.id);
        bytes.extend(record.code.to_le_bytes());
        bytes.extend(u16::from(record.main).to_le_bytes());
        bytes.extend(place[record.root as usize].to_le_bytes());
        bytes.extend(record.lengths.to_le_bytes());
        bytes.extend(record.local.to_le_bytes());
        bytes.extend(record.national_prefix.to_le_bytes());
        bytes.extend(record.transform.to_le_bytes());
        bytes.extend(record.international_prefix.to_le_bytes());
    }
    section(&bytes)?;
    bytes.clear();
    for (code, main, root) in &codes {
        bytes.extend(code.to_le_bytes());
        bytes.extend(main.to_le_bytes());
        bytes.extend(place[*root as usize].to_le_bytes());
    }
    section(&bytes)?;
    section(&programs.bytes)?;
    section(&nodes)?;
    Ok(out)
}

/// `9$1` as length-prefixed bytes: digits themselves, groups from 0x80.
fn transform(rule: &str) -> Result<Vec<u8>> {
    let mut out = Vec::new();
    let mut chars = rule.chars();
    while let Some(ch) = chars.next() {
        match ch {
            '0'..='9' => out.push(ch as u8),
            '$' => {
                let group = chars.next().and_then(|ch| ch.to_digit(10));
                let group = group.with_context(|| format!("transform {rule}"))?;
                out.push(0x80 + u8::try_from(group)?);
            }
            _ => bail!("transform {rule}"),
        }
    }
    out.insert(0, u8::try_from(out.len())?);
    Ok(out)
}

/// Byte strings, equal ones kept once.
#[derive(Default)]
struct Blobs {
    bytes: Vec<u8>,
    known: BTreeMap<Vec<u8>, u16>,
}

impl Blobs {
    fn add(&mut self, blob: Vec<u8>) -> Result<u16> {
        if let Some(at) = self.known.get(&blob) {
            return Ok(*at);
        }
        let at = u16::try_from(self.bytes.len())?;
        self.bytes.extend(&blob);
        self.known.insert(blob, at);
        Ok(at)
    }
}
