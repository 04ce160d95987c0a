//! Minimal deterministic automata over digits, sharing one pool of nodes.
//!
//! The languages are finite, so minimisation is hash-consing from the leaves up:
//! two nodes with the same flags and children are one.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use super::pattern::{Pattern, Places};
use super::xml::Territory;

/// A number of these digits fits the region's general pattern, whatever its length.
const GENERAL: u8 = 1;
/// It is a valid number.
const VALID: u8 = 2;
/// Of a kind that people have: fixed, mobile, over the Internet, personal, pager.
const PERSONAL: u8 = 4;

/// Digits of the longest national number that is followed.
const DEEPEST: usize = 17;

/// The patterns of a region.
pub(super) struct RegionLanguage {
    leading: Option<Pattern>,
    general: Pattern,
    types: Vec<(Pattern, u32, bool)>,
}

impl RegionLanguage {
    pub(super) fn new(territory: &Territory) -> Result<Self> {
        let personal = ["fixedLine", "mobile", "voip", "personalNumber", "pager"];
        Ok(Self {
            leading: territory.leading.as_deref().map(Pattern::new).transpose()?,
            general: Pattern::new(&territory.general)?,
            types: territory
                .types
                .iter()
                .map(|kind| {
                    let personal = personal.contains(&kind.name.as_str());
                    Ok((Pattern::new(&kind.pattern)?, kind.lengths, personal))
                })
                .collect::<Result<_>>()?,
        })
    }

    fn start(&self) -> At {
        At {
            leading: Places::Start,
            led: self
                .leading
                .as_ref()
                .is_some_and(|leading| leading.accepts(&Places::Start)),
            general: Places::Start,
            types: vec![Places::Start; self.types.len()],
        }
    }

    fn step(&self, at: &At, digit: u8) -> At {
        let (leading, led) = match &self.leading {
            Some(pattern) if !at.led => {
                let next = pattern.step(&at.leading, digit);
                let led = pattern.accepts(&next);
                (next, led)
            }
            _ => (Places::At(Vec::new()), at.led),
        };
        At {
            leading,
            led,
            general: self.general.step(&at.general, digit),
            types: self
                .types
                .iter()
                .zip(&at.types)
                .map(|((pattern, _, _), places)| pattern.step(places, digit))
                .collect(),
        }
    }

    /// The flags of a number that ends here.
    fn flags(&self, at: &At, length: usize) -> u8 {
        let mut flags = 0;
        // A number of a type must fit the general pattern too.
        if !self.general.accepts(&at.general) {
            return flags;
        }
        flags |= GENERAL;
        for ((pattern, lengths, personal), places) in self.types.iter().zip(&at.types) {
            if lengths >> length & 1 == 1 && pattern.accepts(places) {
                flags |= VALID | if *personal { PERSONAL } else { 0 };
            }
        }
        flags
    }
}

/// Where the patterns of a region stand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct At {
    leading: Places,
    led: bool,
    general: Places,
    types: Vec<Places>,
}

impl At {
    /// Nothing more of this region can be accepted.
    fn dead(&self) -> bool {
        // Without the general pattern, no type counts.
        self.general == Places::At(Vec::new())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Node {
    flags: u8,
    children: [u32; 10],
}

/// The shared nodes. Node 0 accepts nothing.
#[derive(Default)]
pub(super) struct Pool {
    nodes: Vec<Node>,
    known: BTreeMap<Node, u32>,
}

impl Pool {
    /// The automaton of one region: all flags.
    pub(super) fn of_region(&mut self, language: &RegionLanguage) -> Result<u32> {
        self.build(&[language], &|at, length| language.flags(&at[0], length))
    }

    /// The automaton of a country calling code: a number is judged by the first
    /// region whose leading digits it has, or that calls it valid.
    pub(super) fn of_code(&mut self, languages: &[&RegionLanguage]) -> Result<u32> {
        self.build(languages, &|at, length| {
            for (language, at) in languages.iter().zip(at) {
                let flags = language.flags(at, length) & !GENERAL;
                if language.leading.is_some() {
                    if at.led {
                        return flags;
                    }
                } else if flags & VALID != 0 {
                    return flags;
                }
            }
            0
        })
    }

    fn build(
        &mut self,
        languages: &[&RegionLanguage],
        flags: &dyn Fn(&[At], usize) -> u8,
    ) -> Result<u32> {
        if self.nodes.is_empty() {
            self.add(Node {
                flags: 0,
                children: [0; 10],
            })?;
        }
        let start = languages.iter().map(|language| language.start()).collect();
        self.node(languages, flags, start, 0, &mut BTreeMap::new())
    }

    fn node(
        &mut self,
        languages: &[&RegionLanguage],
        flags: &dyn Fn(&[At], usize) -> u8,
        at: Vec<At>,
        depth: usize,
        memo: &mut BTreeMap<(usize, Vec<At>), u32>,
    ) -> Result<u32> {
        if depth > DEEPEST || at.iter().all(At::dead) {
            return Ok(0);
        }
        let key = (depth, at);
        if let Some(known) = memo.get(&key) {
            return Ok(*known);
        }
        let at = &key.1;
        let mut children = [0; 10];
        for (digit, child) in (0u8..).zip(&mut children) {
            let next = languages
                .iter()
                .zip(at)
                .map(|(language, at)| language.step(at, digit))
                .collect();
            *child = self.node(languages, flags, next, depth + 1, memo)?;
        }
        let flags = flags(at, depth);
        let node = self.add(Node { flags, children })?;
        memo.insert(key, node);
        Ok(node)
    }

    fn add(&mut self, node: Node) -> Result<u32> {
        if let Some(known) = self.known.get(&node) {
            return Ok(*known);
        }
        let index = u32::try_from(self.nodes.len())?;
        self.nodes.push(node.clone());
        self.known.insert(node, index);
        Ok(index)
    }

    /// The nodes as bytes, and where each begins.
    ///
    /// A node is a word of sixteen bits, its flags in bits 10 to 12 and in bit d
    /// whether digit d leads elsewhere than digit d - 1 (before 0: to node 0),
    /// and a child's place for every bit set, in units of a word.
    pub(super) fn encode(&self) -> Result<(Vec<u8>, Vec<u32>)> {
        let mut places = Vec::new();
        let mut at = 0u32;
        let changes = |node: &Node| {
            let mut before = 0;
            let mut out = Vec::new();
            for (digit, &child) in node.children.iter().enumerate() {
                if child != before {
                    out.push((digit, child));
                }
                before = child;
            }
            out
        };
        let mut sizes = 0usize;
        for node in &self.nodes {
            places.push(at);
            let words = 1 + changes(node).len();
            sizes += words;
            at += u32::try_from(words)?;
        }
        crate::report::say(&format!("{} nodes, {sizes} words", self.nodes.len()));
        let mut out = Vec::new();
        for node in &self.nodes {
            let changes = changes(node);
            let mut head = u16::from(node.flags) << 10;
            for (digit, _) in &changes {
                head |= 1 << digit;
            }
            out.extend(head.to_le_bytes());
            for (_, child) in changes {
                let place = u16::try_from(places[child as usize])
                    .context("more nodes than sixteen bits address")?;
                out.extend(place.to_le_bytes());
            }
        }
        Ok((out, places))
    }
}
