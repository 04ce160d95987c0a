//! Puts every rule file below `rules/pii` into the library, and the word lists
//! of `rules/pii/gazetteer` as one table (see `src/gazetteer/mod.rs`).
//!
//! Only gathers: reading, checking and the errors are the library's, so that a
//! user's own rules are checked the same way.
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a build script does IO"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[path = "src/gazetteer/fold.rs"]
mod fold;

/// Word lists, which are not rules.
const GAZETTEER: &str = "gazetteer";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?).join("../../rules/pii");
    let mut files = Vec::new();
    gather(&root, &mut files)?;
    files.sort();
    let mut out = String::from("&[\n");
    for path in files {
        let name = path.strip_prefix(&root)?.to_string_lossy().into_owned();
        let full = path.canonicalize()?;
        writeln!(
            out,
            "    ({:?}, include_str!({:?})),",
            format!("rules/pii/{name}"),
            full.to_string_lossy()
        )?;
    }
    out.push_str("]\n");
    let target = PathBuf::from(std::env::var("OUT_DIR")?).join("rules.rs");
    std::fs::write(target, out)?;
    gazetteer(&root.join(GAZETTEER))
}

/// The roles of `roles.txt`, in the order of their bits after the names' eight.
const ROLES: [&str; 8] = [
    "title",
    "greeting",
    "particle",
    "street_before",
    "street_after",
    "unit",
    "organisation",
    "cue",
];
/// The two that share their bit with another list.
const PLACE_BIG: u16 = 1 << 5;
const WORD: u16 = 1 << 6;
const BRAND: u16 = 1 << 7;

fn gazetteer(folder: &Path) -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=src/gazetteer/fold.rs");
    let read = |name: &str| {
        let path = folder.join(name);
        println!("cargo::rerun-if-changed={}", path.display());
        std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let mut table: BTreeMap<(u16, u16), u16> = BTreeMap::new();
    let mut add = |word: &str, facts: u16| {
        let place = fold::Folded::new().text(word).place();
        *table.entry(place).or_default() |= facts;
        // German without the umlaut's key on the keyboard.
        if word.contains(['ä', 'ö', 'ü']) {
            let spelt = word
                .replace('ä', "ae")
                .replace('ö', "oe")
                .replace('ü', "ue");
            let place = fold::Folded::new().text(&spelt).place();
            *table.entry(place).or_default() |= facts;
        }
    };
    for (name, plain, marked) in [
        ("given.txt", 1, 3),
        ("surnames.txt", 4, 12),
        ("places.txt", 16, 48),
        ("words.txt", WORD, WORD),
    ] {
        for line in read(name)?.lines() {
            match line.split_once('\t') {
                // A state or country is no city.
                Some((word, "*")) => add(word, PLACE_BIG),
                Some((word, _)) => add(word, marked),
                None => add(line, plain),
            }
        }
    }
    for line in read("japanese.txt")?.lines() {
        let (word, kinds) = line
            .split_once('\t')
            .ok_or("japanese.txt: a line without a kind")?;
        add(
            word,
            u16::from(kinds.contains('g')) * 3
                + u16::from(kinds.contains('s')) * 12
                + u16::from(kinds.contains('p')) * 16,
        );
    }
    // Names that some list has among the everyday words.
    let mut names = Vec::new();
    for line in read("roles.txt")?
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let mut words = line.split_whitespace();
        let role = words.next().unwrap_or_default();
        if role == "name" {
            names.extend(words.map(str::to_owned));
            continue;
        }
        let facts = match role {
            "word" => WORD,
            "brand" => BRAND,
            _ => {
                let bit = ROLES
                    .iter()
                    .position(|known| *known == role)
                    .ok_or_else(|| format!("roles.txt: unknown role {role:?}"))?;
                1 << (8 + bit)
            }
        };
        for word in words {
            add(word, facts);
        }
    }
    for word in names {
        table
            .entry(fold::Folded::new().text(&word).place())
            .and_modify(|facts| *facts &= !(WORD | BRAND));
    }
    let mut index = Vec::new();
    let mut entries = Vec::new();
    let mut written = 0u32;
    let mut bucket = 0u32;
    for (&(place, rest), facts) in &table {
        while bucket <= u32::from(place) {
            index.extend(written.to_le_bytes());
            bucket += 1;
        }
        entries.extend(rest.to_le_bytes());
        entries.extend(facts.to_le_bytes());
        written += 1;
    }
    while bucket <= 65_536 {
        index.extend(written.to_le_bytes());
        bucket += 1;
    }
    index.extend(entries);
    let target = PathBuf::from(std::env::var("OUT_DIR")?).join("gazetteer.bin");
    std::fs::write(target, index)?;
    Ok(())
}

fn gather(folder: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    println!("cargo::rerun-if-changed={}", folder.display());
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_none_or(|name| name != GAZETTEER) {
                gather(&path, files)?;
            }
        } else if path.extension().is_some_and(|kind| kind == "yaml") {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push(path);
        }
    }
    Ok(())
}
