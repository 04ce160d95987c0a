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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::super::xml::Type;
    use super::*;

    /// What stands in the metadata: alternatives, optional parts, repetition, classes.
    const KNOWN: &[&str] = &[
        r"[2-9]\d{9}|3\d{6}",
        r"[1-357-9]\d{9}|[18]\d{8}|8\d{6}",
        r"(?:5[0-35-9]|6\d|7[1-8])\d{7}|800\d{3}(?:\d{2,3})?",
        r"(?:[13-79]\d|2[1-9])\d{4,8}|0\d{4}",
        r"90[0-8]\d{6}|9(?:0[1-5]|9)\d{2}",
        r"1(?:1(?:3(?:[0-58]\d\d|73[0-5])|4\d{3})|2\d{2,4})",
    ];

    fn pattern() -> BoxedStrategy<String> {
        let digit = prop_oneof![
            "[0-9]",
            "\\[[0-4][5-9]\\]",
            "\\[[0-2]-[3-9]\\]",
            Just("[0-9]".to_owned())
        ];
        let piece = (
            digit,
            prop_oneof!["", "\\?", "\\{[1-3]\\}", "\\{[0-2],[3-4]\\}"],
        )
            .prop_map(|(digit, times)| digit + &times);
        let row = proptest::collection::vec(piece, 1..4).prop_map(|parts| parts.concat());
        let group = proptest::collection::vec(row.clone(), 1..4)
            .prop_map(|rows| format!("(?:{})", rows.join("|")));
        let made =
            proptest::collection::vec(prop_oneof![row, group], 1..3).prop_map(|p| p.concat());
        prop_oneof![
            2 => made,
            1 => proptest::sample::select(KNOWN).prop_map(|known| known.replace("\\d", "[0-9]")),
        ]
        .boxed()
    }

    /// Leading digits, general pattern, and types with lengths.
    type Region = (Option<String>, String, Vec<(String, u32, bool)>);

    fn region() -> impl Strategy<Value = Region> {
        let kinds = proptest::collection::vec((pattern(), 0u32..1 << 18, any::<bool>()), 1..4);
        let general = prop_oneof![pattern(), Just("[0-9]{2,15}".to_owned())];
        (
            proptest::option::of("[0-9]|\\[[0-4][5-9]\\][0-9]"),
            general,
            kinds,
        )
    }

    fn language((leading, general, types): &Region) -> RegionLanguage {
        let kind = |(pattern, lengths, personal): &(String, u32, bool)| Type {
            name: if *personal { "mobile" } else { "tollFree" }.to_owned(),
            pattern: pattern.clone(),
            lengths: *lengths,
            local: 0,
        };
        RegionLanguage::new(&Territory {
            leading: leading.clone(),
            general: general.clone(),
            types: types.iter().map(kind).collect(),
            ..Territory::default()
        })
        .expect("patterns as they are in the metadata")
    }

    fn whole(pattern: &str) -> Regex {
        Regex::new(&format!("^(?:{pattern})$")).expect("a pattern")
    }

    /// What libphonenumber asks of its patterns, by a machine that is not ours.
    fn naive((_, general, types): &Region, number: &str) -> u8 {
        if !whole(general).is_match(number) {
            return 0;
        }
        types
            .iter()
            .fold(GENERAL, |flags, (pattern, lengths, personal)| {
                if lengths >> number.len() & 1 == 1 && whole(pattern).is_match(number) {
                    flags | VALID | if *personal { PERSONAL } else { 0 }
                } else {
                    flags
                }
            })
    }

    fn naive_code(regions: &[Region], number: &str) -> u8 {
        for region in regions {
            let flags = naive(region, number) & !GENERAL;
            let taken = match &region.0 {
                Some(leading) => Regex::new(&format!("^(?:{leading})"))
                    .expect("a pattern")
                    .is_match(number),
                None => flags & VALID != 0,
            };
            if taken {
                return flags;
            }
        }
        0
    }

    /// Reads the words as the product does, from their description alone.
    fn walk(words: &[u16], root: u32, number: &str) -> u8 {
        let mut at = root as usize;
        for byte in number.bytes() {
            let head = words[at] & 0x3ff;
            let before = head & ((2u16 << (byte - b'0')) - 1);
            match before.count_ones() {
                0 => return 0,
                changes => at = usize::from(words[at + changes as usize]),
            }
        }
        u8::try_from(words[at] >> 10).expect("three bits")
    }

    /// Regions, and numbers that their patterns make or nearly make.
    fn cases() -> impl Strategy<Value = (Vec<Region>, Vec<String>)> {
        proptest::collection::vec(region(), 1..3).prop_flat_map(|regions| {
            let patterns: Vec<_> = regions
                .iter()
                .flat_map(|(_, general, types)| {
                    std::iter::once(general.clone()).chain(types.iter().map(|kind| kind.0.clone()))
                })
                .map(|pattern| {
                    proptest::string::string_regex(&pattern)
                        .expect("a pattern")
                        .boxed()
                })
                .collect();
            let number = prop_oneof![
                3 => proptest::strategy::Union::new(patterns),
                1 => "[0-9]{0,17}".boxed(),
            ];
            let near = (number, any::<proptest::sample::Index>(), 0u8..20).prop_map(
                |(mut number, at, digit)| {
                    if digit < 10 && !number.is_empty() {
                        let at = at.index(number.len());
                        number.replace_range(at..=at, &digit.to_string());
                    }
                    number.truncate(DEEPEST);
                    number
                },
            );
            (Just(regions), proptest::collection::vec(near, 1..24))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// The automata, minimised, written and read, accept what the regular
        /// expressions do.
        #[test]
        fn automata_are_their_patterns((regions, numbers) in cases()) {
            let languages: Vec<_> = regions.iter().map(language).collect();
            let mut pool = Pool::default();
            let own: Vec<u32> = languages.iter().map(|one| pool.of_region(one).expect("built")).collect();
            let code = pool.of_code(&languages.iter().collect::<Vec<_>>()).expect("built");
            let (bytes, places) = pool.encode().expect("small");
            let words: Vec<u16> = bytes.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
            for number in &numbers {
                for (region, root) in regions.iter().zip(&own) {
                    prop_assert_eq!(walk(&words, places[*root as usize], number), naive(region, number), "{}", number);
                }
                prop_assert_eq!(walk(&words, places[code as usize], number), naive_code(&regions, number), "{}", number);
            }
        }
    }
}
