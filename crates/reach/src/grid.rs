//! First match over a whole address line at once, where nothing is unknown.
//!
//! The borders of every rule and of the universe cut the line into cells, a
//! bit each. A rule is a few words of bits; to try it is to take its bits from
//! those that no earlier rule has taken. The borders are found once for an
//! interface, so that a slab of ports costs only the words its rules touch.
//!
//! Rules that only may match are not for here: see [`super::first_match`],
//! which gives the same answers for certain rules and is held to that by the
//! tests.

use celador_model::{Interval, IntervalSet};

use crate::family::Family;
use crate::first_match::Candidate;
use crate::network::Action;

/// Bits of one word of cells.
#[derive(Debug, Clone, Copy)]
struct Piece {
    word: u32,
    bits: u64,
}

/// What one rule matches.
#[derive(Debug, Clone)]
enum Mask {
    /// Every cell of the universe.
    All,
    /// A range of [`Grid::pieces`].
    Pieces { from: u32, to: u32 },
}

/// A rule as the grid knows it.
#[derive(Debug, Clone)]
struct Cells {
    mask: Mask,
    allows: bool,
}

/// The cells of a line, and the rules of every layer on them.
#[derive(Debug)]
pub(crate) struct Grid<T> {
    /// First address of every cell, from the lowest address on.
    starts: Vec<T>,
    /// The cells in the universe.
    inside: Vec<u64>,
    pieces: Vec<Piece>,
    layers: Vec<Vec<Cells>>,
}

/// Which rules decide, as positions among a layer's candidates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Sides {
    /// Rules that let allowed addresses pass, by layer and position.
    pub(crate) allowing: Vec<(u32, u32)>,
    /// Rules that stop the others, each at the first layer that does; `None`
    /// where no rule of the layer matches.
    pub(crate) denying: Vec<(u32, Option<u32>)>,
}

/// Memory that is used again from slab to slab.
#[derive(Debug, Default)]
pub(crate) struct Scratch {
    open: Vec<u64>,
    left: Vec<u64>,
    /// What each allowing rule took: layer, position, cells.
    taken: Vec<(u32, u32, Piece)>,
}

impl<T: Family> Grid<T> {
    /// The grid of layers of candidates; `None` if one of them only may match.
    pub(crate) fn new(layers: &[&[Candidate<'_, T>]], universe: &IntervalSet<T>) -> Option<Self> {
        let all = || layers.iter().copied().flatten();
        if !all().all(Candidate::is_certain) {
            return None;
        }
        // Every border with the number of its interval: the universe's first,
        // then every candidate's, a first and an after-last border each.
        let sources = all().flat_map(|candidate| candidate.sources.intervals());
        let mut borders: Vec<(T, u32)> = Vec::new();
        let mut spans: Vec<(u32, u32)> = Vec::new();
        for interval in universe.intervals().iter().chain(sources) {
            let number = narrow(spans.len()) * 2;
            borders.push((interval.lo, number));
            if let Some(after) = interval.hi.next() {
                borders.push((after, number + 1));
            }
            spans.push((0, u32::MAX));
        }
        borders.sort_unstable();
        let mut starts = vec![T::MIN];
        for (border, number) in borders {
            if starts.last() != Some(&border) {
                starts.push(border);
            }
            let span = &mut spans[number as usize / 2];
            let cell = narrow(starts.len() - 1);
            if number % 2 == 0 {
                span.0 = cell;
            } else {
                span.1 = cell;
            }
        }
        for span in &mut spans {
            span.1 = span.1.min(narrow(starts.len()));
        }

        let words = starts.len().div_ceil(64);
        let mut grid = Self {
            inside: vec![0; words],
            starts,
            pieces: Vec::new(),
            layers: Vec::with_capacity(layers.len()),
        };
        let (of_universe, mut rest) = spans.split_at(universe.intervals().len());
        let mut pieces = Vec::new();
        add(of_universe, None, &mut pieces);
        for piece in pieces {
            grid.inside[piece.word as usize] |= piece.bits;
        }
        let filled = grid.inside.iter().filter(|word| **word != 0).count();
        for layer in layers {
            let mut rules = Vec::with_capacity(layer.len());
            for candidate in *layer {
                let own;
                (own, rest) = rest.split_at(candidate.sources.intervals().len());
                rules.push(Cells {
                    mask: grid.mask(own, filled),
                    allows: candidate.rule.action == Action::Allow,
                });
            }
            grid.layers.push(rules);
        }
        Some(grid)
    }

    /// The mask of sorted ranges of cells.
    fn mask(&mut self, spans: &[(u32, u32)], filled: usize) -> Mask {
        let from = self.pieces.len();
        add(spans, Some(&self.inside), &mut self.pieces);
        let own = &self.pieces[from..];
        let all = own.len() == filled
            && own
                .iter()
                .all(|piece| piece.bits == self.inside[piece.word as usize]);
        if all {
            self.pieces.truncate(from);
            Mask::All
        } else {
            Mask::Pieces {
                from: narrow(from),
                to: narrow(self.pieces.len()),
            }
        }
    }

    /// First match in every layer, one after the other, among the rules at the
    /// given positions. Returns the addresses of the universe that pass.
    pub(crate) fn decide<'p>(
        &self,
        active: impl Iterator<Item = &'p [u32]>,
        scratch: &mut Scratch,
        sides: &mut Sides,
    ) -> IntervalSet<T> {
        let Scratch { open, left, taken } = scratch;
        open.clone_from(&self.inside);
        taken.clear();
        for ((layer, rules), positions) in (0u32..).zip(&self.layers).zip(active) {
            if layer > 0 && open.iter().all(|word| *word == 0) {
                break;
            }
            left.clone_from(open);
            open.fill(0);
            for &position in positions {
                let rule = &rules[position as usize];
                let mut took = false;
                let mut take = |word: u32, bits: u64| {
                    let left = &mut left[word as usize];
                    let new = *left & bits;
                    if new == 0 {
                        return;
                    }
                    *left &= !bits;
                    took = true;
                    if rule.allows {
                        open[word as usize] |= new;
                        taken.push((layer, position, Piece { word, bits: new }));
                    }
                };
                match rule.mask {
                    Mask::All => (0..narrow(self.inside.len())).for_each(|at| take(at, u64::MAX)),
                    Mask::Pieces { from, to } => {
                        for piece in &self.pieces[from as usize..to as usize] {
                            take(piece.word, piece.bits);
                        }
                    }
                }
                if took && !rule.allows {
                    sides.denying.push((layer, Some(position)));
                }
                // Nothing after a rule that takes every packet is ever reached.
                if matches!(rule.mask, Mask::All) {
                    break;
                }
            }
            if left.iter().any(|word| *word != 0) {
                sides.denying.push((layer, None));
            }
        }
        for (layer, position, piece) in taken.iter() {
            if piece.bits & open[piece.word as usize] != 0
                && sides.allowing.last() != Some(&(*layer, *position))
            {
                sides.allowing.push((*layer, *position));
            }
        }
        self.addresses(open)
    }

    /// The addresses of a set of cells.
    fn addresses(&self, cells: &[u64]) -> IntervalSet<T> {
        let mut out = IntervalSet::empty();
        for (word, &bits) in cells.iter().enumerate() {
            let mut rest = bits;
            while rest != 0 {
                let low = rest.trailing_zeros();
                let run = (!(rest >> low)).trailing_zeros().min(64 - low);
                let first = word * 64 + low as usize;
                let after = first + run as usize;
                out.push(Interval {
                    lo: self.starts[first],
                    hi: self
                        .starts
                        .get(after)
                        .and_then(|next| next.prev())
                        .unwrap_or(T::MAX),
                });
                rest &= u64::MAX.checked_shl(low + run).unwrap_or(0);
            }
        }
        out
    }
}

/// Appends the cells of sorted ranges, the last cell of each not included, as a
/// piece for each word; of them only those within other cells.
fn add(spans: &[(u32, u32)], within: Option<&[u64]>, out: &mut Vec<Piece>) {
    let base = out.len();
    for &(first, end) in spans.iter().filter(|(first, end)| first < end) {
        let last = end - 1;
        for word in first / 64..=last / 64 {
            let low = if word == first / 64 { first % 64 } else { 0 };
            let high = if word == last / 64 { last % 64 } else { 63 };
            let bits = (u64::MAX << low) & (u64::MAX >> (63 - high));
            let bits = within.map_or(bits, |within| bits & within[word as usize]);
            match out.get_mut(base..).and_then(<[Piece]>::last_mut) {
                _ if bits == 0 => {}
                Some(known) if known.word == word => known.bits |= bits,
                _ => out.push(Piece { word, bits }),
            }
        }
    }
}

/// Cells and pieces are fewer than the intervals in memory can number.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
