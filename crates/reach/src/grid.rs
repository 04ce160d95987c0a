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
        let mut starts = vec![T::MIN];
        let sources = all().flat_map(|candidate| candidate.sources.intervals());
        for interval in universe.intervals().iter().chain(sources) {
            starts.push(interval.lo);
            starts.extend(interval.hi.next());
        }
        starts.sort_unstable();
        starts.dedup();
        let words = starts.len().div_ceil(64);
        let mut grid = Self {
            inside: vec![0; words],
            starts,
            pieces: Vec::new(),
            layers: Vec::with_capacity(layers.len()),
        };
        let mut universe_pieces = Vec::new();
        grid.add(universe.intervals(), None, &mut universe_pieces);
        for piece in universe_pieces {
            grid.inside[piece.word as usize] |= piece.bits;
        }
        let filled = grid.inside.iter().filter(|word| **word != 0).count();
        for layer in layers {
            let mut rules = Vec::with_capacity(layer.len());
            for candidate in *layer {
                rules.push(Cells {
                    mask: grid.mask(candidate, filled),
                    allows: candidate.rule.action == Action::Allow,
                });
            }
            grid.layers.push(rules);
        }
        Some(grid)
    }

    fn mask(&mut self, candidate: &Candidate<'_, T>, filled: usize) -> Mask {
        if candidate.sources.is_all() {
            return Mask::All;
        }
        let mut pieces = std::mem::take(&mut self.pieces);
        let from = pieces.len();
        self.add(
            candidate.sources.intervals(),
            Some(&self.inside),
            &mut pieces,
        );
        let own = &pieces[from..];
        let all = own.len() == filled
            && own
                .iter()
                .all(|piece| piece.bits == self.inside[piece.word as usize]);
        if all {
            pieces.truncate(from);
        }
        self.pieces = pieces;
        if all {
            Mask::All
        } else {
            Mask::Pieces {
                from: narrow(from),
                to: narrow(self.pieces.len()),
            }
        }
    }

    /// Appends the cells of sorted intervals, a piece for each word.
    fn add(&self, intervals: &[Interval<T>], within: Option<&[u64]>, out: &mut Vec<Piece>) {
        let base = out.len();
        let mut put = |word: usize, bits: u64| {
            let bits = within.map_or(bits, |within| bits & within[word]);
            match out.get_mut(base..).and_then(<[Piece]>::last_mut) {
                _ if bits == 0 => {}
                Some(last) if last.word == narrow(word) => last.bits |= bits,
                _ => out.push(Piece {
                    word: narrow(word),
                    bits,
                }),
            }
        };
        for interval in intervals {
            let first = self.starts.partition_point(|start| *start < interval.lo);
            let end = match interval.hi.next() {
                Some(next) => {
                    first
                        + self
                            .starts
                            .get(first..)
                            .map_or(0, |rest| rest.partition_point(|start| *start < next))
                }
                None => self.starts.len(),
            };
            if first >= end {
                continue;
            }
            let (first_word, last_word) = (first / 64, (end - 1) / 64);
            for word in first_word..=last_word {
                let low = if word == first_word { first % 64 } else { 0 };
                let high = if word == last_word {
                    (end - 1) % 64
                } else {
                    63
                };
                put(word, (u64::MAX << low) & (u64::MAX >> (63 - high)));
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

/// Cells and pieces are fewer than the intervals in memory can number.
fn narrow(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}
