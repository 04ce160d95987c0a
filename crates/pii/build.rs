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

#[allow(dead_code, reason = "the library reads more than whole texts")]
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
    let mut table: BTreeMap<(u32, u16), u16> = BTreeMap::new();
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
    // Four bits for each head: what tells something, verbs, particles.
    let mut heads = vec![0u8; (1 << fold::HEADS) / 2];
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
        let tells = match role {
            "title" | "greeting" | "street_before" | "cue" | "preposition" => 1,
            "said" => 3,
            "particle" => 4,
            _ => 0,
        };
        for word in words.clone() {
            for spelling in [word.to_owned(), folded(word)] {
                let head = head(&spelling);
                heads[head / 2] |= tells << (head % 2 * 4);
            }
        }
        let facts = match role {
            // Looked for by their letters.
            "said" | "preposition" => continue,
            "given" => 3,
            "surname" => 12,
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
    // Given names that are nothing else, which small letters may write too.
    for line in read("given.txt")?.lines() {
        let Some((word, "+")) = line.split_once('\t') else {
            continue;
        };
        let facts = table
            .get(&fold::Folded::new().text(word).place())
            .copied()
            .unwrap_or_default();
        if facts & !15 == 0 && word.chars().count() >= 4 {
            for spelling in [word.to_owned(), folded(word)] {
                let head = head(&spelling);
                heads[head / 2] |= 8 << (head % 2 * 4);
            }
        }
    }
    // Open addressing: a word stands in the first free place from its own on, so
    // that looking it up touches one line of a cache nearly always.
    let slots = (table.len() + table.len() / 2).next_power_of_two();
    let mut places = vec![(0u16, 0u16); slots];
    for (&(place, rest), &facts) in table.iter().filter(|(_, facts)| **facts != 0) {
        let mut at = place as usize & (slots - 1);
        while places[at].1 != 0 {
            at = (at + 1) & (slots - 1);
        }
        places[at] = (rest, facts);
    }
    let bytes: Vec<u8> = places
        .iter()
        .flat_map(|(rest, facts)| [rest.to_le_bytes(), facts.to_le_bytes()])
        .flatten()
        .collect();
    let target = PathBuf::from(std::env::var("OUT_DIR")?);
    std::fs::write(target.join("gazetteer.bin"), bytes)?;
    std::fs::write(target.join("heads.bin"), heads)?;
    Ok(())
}

/// A word without marks on its letters.
fn folded(word: &str) -> String {
    word.chars()
        .map(|ch| match fold::plain(ch) {
            "" => ch.to_string(),
            plain => plain.to_owned(),
        })
        .collect()
}

/// The number of a word's head.
fn head(word: &str) -> usize {
    let mut letters = 0;
    for (index, byte) in word.bytes().take(8).enumerate() {
        if byte >= 0x80 {
            letters |= 0xff << (8 * index);
        } else if byte.is_ascii_lowercase() {
            letters |= u64::from(byte) << (8 * index);
            continue;
        }
        break;
    }
    fold::head(letters)
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
