//! Cuts the port line where any rule's answer can change.

use celador_model::{Interval, PortRange};

/// The first port of every slab: inside one slab no given range begins or ends.
///
/// Always begins with port 0.
pub(crate) fn slab_starts<'a>(ranges: impl Iterator<Item = &'a PortRange>) -> Vec<u16> {
    let mut starts = vec![0];
    for range in ranges {
        starts.push(range.lo);
        if let Some(after) = range.hi.checked_add(1) {
            starts.push(after);
        }
    }
    starts.sort_unstable();
    starts.dedup();
    starts
}

/// The slabs that begin at the given ports.
pub(crate) fn slabs(starts: &[u16]) -> impl Iterator<Item = PortRange> {
    starts.iter().enumerate().map(|(index, &lo)| Interval {
        lo,
        hi: starts.get(index + 1).map_or(u16::MAX, |next| next - 1),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders_on_both_sides() {
        let ranges = [
            Interval { lo: 22, hi: 22 },
            Interval {
                lo: 9200,
                hi: u16::MAX,
            },
        ];
        let starts = slab_starts(ranges.iter());
        let text: Vec<_> = slabs(&starts).map(|slab| slab.to_string()).collect();
        assert_eq!(text, ["0-21", "22", "23-9199", "9200-65535"]);
    }
}
