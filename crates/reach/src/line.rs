//! A value for every point of an address line, as a list of cells.

use celador_model::{Addr, Interval};

/// Cells from left to right; each says its last point, and the last cell's is
/// the end of the line. Neighbouring cells may hold equal values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line<T, V> {
    cells: Vec<(T, V)>,
}

impl<T: Addr, V: Copy + Eq> Line<T, V> {
    /// The same value everywhere.
    pub(crate) fn constant(value: V) -> Self {
        Self {
            cells: vec![(T::MAX, value)],
        }
    }

    /// A line from cells in order; the last one is stretched to the end.
    pub(crate) fn from_cells(mut cells: Vec<(T, V)>, otherwise: V) -> Self {
        match cells.last_mut() {
            Some((last, _)) if *last == T::MAX => {}
            _ => cells.push((T::MAX, otherwise)),
        }
        Self { cells }
    }

    /// The cells: last point and value.
    pub(crate) fn cells(&self) -> &[(T, V)] {
        &self.cells
    }
}

/// Walks several lines at once: each step is an interval on which none of them
/// changes, with the value of each.
pub(crate) fn walk<T: Addr, V: Copy + Eq>(
    lines: &[&Line<T, V>],
    mut visit: impl FnMut(Interval<T>, &[V]),
) {
    let mut positions = vec![0usize; lines.len()];
    let mut values: Vec<V> = lines.iter().map(|line| line.cells[0].1).collect();
    let mut lo = T::MIN;
    loop {
        let hi = lines
            .iter()
            .zip(&positions)
            .map(|(line, &position)| line.cells[position].0)
            .min()
            .unwrap_or(T::MAX);
        visit(Interval { lo, hi }, &values);
        let Some(next) = hi.next() else { return };
        lo = next;
        for (index, line) in lines.iter().enumerate() {
            if line.cells[positions[index]].0 == hi {
                positions[index] += 1;
                values[index] = line.cells[positions[index]].1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walk_cuts_at_every_border() {
        let a = Line::from_cells(vec![(4u16, 'a'), (9, 'b')], 'c');
        let b = Line::from_cells(vec![(6u16, 'x'), (u16::MAX, 'y')], 'z');
        let mut seen = Vec::new();
        walk(&[&a, &b], |span, values| {
            seen.push((span.lo, span.hi, values.to_vec()));
        });
        assert_eq!(
            seen,
            vec![
                (0, 4, vec!['a', 'x']),
                (5, 6, vec!['b', 'x']),
                (7, 9, vec!['b', 'y']),
                (10, u16::MAX, vec!['c', 'y']),
            ]
        );
    }
}
