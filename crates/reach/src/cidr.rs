//! The shortest list of prefixes that says a set of addresses.
//!
//! Addresses outside a universe are don't-cares: a prefix may cover them if
//! that makes the list shorter. So all of the Internet prints as `0.0.0.0/0`,
//! not as the dozens of prefixes that go around private space.
//!
//! The prefixes of an address family form a binary tree. A prefix may be used
//! when it holds no *forbidden* address (in the universe and not in the set).
//! The topmost such nodes that hold an address of the set are disjoint and
//! every cover needs at least one prefix below each of them, so they are a
//! shortest list. Each is then narrowed to the longest prefix that still holds
//! its addresses of the set, so that `1.0.0.0/8` stays what it was although
//! `0.0.0.0/8` is a don't-care; a list that is the whole universe stays `/0`.

use std::net::IpAddr;

use celador_model::{AddressSet, Interval, IntervalSet};
use ipnet::IpNet;

use crate::family::Family;

/// The shortest list of prefixes that holds every address of `set` and no
/// other address of `universe`, sorted, IPv4 first.
///
/// Addresses of `set` outside the universe are ignored.
pub fn minimal_prefixes(set: &AddressSet, universe: &AddressSet) -> Vec<IpNet> {
    let mut out = Vec::new();
    family_prefixes::<u32>(set, universe, &mut out);
    family_prefixes::<u128>(set, universe, &mut out);
    out
}

fn family_prefixes<T: Family>(set: &AddressSet, universe: &AddressSet, out: &mut Vec<IpNet>) {
    let wanted = T::of(set).intersection(T::of(universe));
    if wanted.is_empty() {
        return;
    }
    let forbidden = T::of(universe).difference(&wanted);
    if forbidden.is_empty() {
        out.push(net(T::MIN, 0));
        return;
    }
    // Walk the wanted intervals from left to right. At each address still to be
    // covered, the topmost usable node above it is found by its depth alone:
    // it must avoid the forbidden neighbours on both sides.
    let mut from = wanted.first();
    while let Some(address) = from {
        let len = shortest_usable(address, &forbidden);
        let span = span_of(address, len);
        let inside = wanted.intersection(&std::iter::once(span).collect());
        if let (Some(first), Some(last)) = (inside.first(), inside.last()) {
            let common = common_prefix(first, last).max(len);
            out.push(net(first, common));
        }
        from = span.hi.next().and_then(|next| next_member(&wanted, next));
    }
}

/// The lowest member at or after a value.
fn next_member<T: Family>(set: &IntervalSet<T>, from: T) -> Option<T> {
    let index = set
        .intervals()
        .partition_point(|interval| interval.hi < from);
    set.intervals()
        .get(index)
        .map(|interval| interval.lo.max(from))
}

/// Length of the shortest prefix around an address without a forbidden one.
fn shortest_usable<T: Family>(address: T, forbidden: &IntervalSet<T>) -> u8 {
    let after = forbidden
        .intervals()
        .partition_point(|interval| interval.lo <= address);
    let below = after
        .checked_sub(1)
        .map(|index| forbidden.intervals()[index].hi);
    let above = forbidden.intervals().get(after).map(|interval| interval.lo);
    // A prefix avoids a neighbour when it is longer than what they share.
    [below, above]
        .into_iter()
        .flatten()
        .map(|neighbour| common_prefix(address, neighbour).saturating_add(1))
        .max()
        .unwrap_or(0)
}

/// How many leading bits two addresses share.
fn common_prefix<T: Family>(a: T, b: T) -> u8 {
    let differing = 128 - (a.widen() ^ b.widen()).leading_zeros();
    T::BITS - u8::try_from(differing).unwrap_or(T::BITS).min(T::BITS)
}

/// The addresses of the prefix of that length around an address.
fn span_of<T: Family>(address: T, len: u8) -> Interval<T> {
    let host_bits = u32::from(T::BITS - len);
    let mask = 1u128
        .checked_shl(host_bits)
        .map_or(u128::MAX, |bit| bit - 1);
    Interval {
        lo: T::narrow(address.widen() & !mask),
        hi: T::narrow((address.widen() | mask) & T::MAX.widen()),
    }
}

fn net<T: Family>(address: T, len: u8) -> IpNet {
    let addr: IpAddr = span_of(address, len).lo.to_ip();
    IpNet::new(addr, len).expect("a length within the family's bits")
}

#[cfg(test)]
mod tests {
    use super::*;
    use celador_model::internet::internet;
    use proptest::prelude::*;

    fn addresses(prefixes: &[&str]) -> AddressSet {
        prefixes
            .iter()
            .map(|prefix| prefix.parse::<IpNet>().expect("a prefix"))
            .collect()
    }

    fn check(set: &AddressSet, expect: &[&str]) {
        let got: Vec<_> = minimal_prefixes(set, &internet())
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(got, expect);
    }

    #[test]
    fn the_whole_internet_is_one_prefix_a_family() {
        check(&AddressSet::full(), &["0.0.0.0/0", "::/0"]);
        check(&internet(), &["0.0.0.0/0", "::/0"]);
        check(&addresses(&["0.0.0.0/1", "128.0.0.0/1"]), &["0.0.0.0/0"]);
    }

    #[test]
    fn prefixes_stay_what_they_were() {
        check(&addresses(&["1.0.0.0/8"]), &["1.0.0.0/8"]);
        check(&addresses(&["0.0.0.0/1"]), &["0.0.0.0/1"]);
        check(&addresses(&["128.0.0.0/1"]), &["128.0.0.0/1"]);
        check(
            &addresses(&["203.0.113.9/32", "2001:db8::/32"]),
            &["203.0.113.9/32", "2001:db8::/32"],
        );
    }

    #[test]
    fn private_space_does_not_split_a_list() {
        check(
            &AddressSet::full().difference(&addresses(&["10.0.0.0/8", "::/0"])),
            &["0.0.0.0/0"],
        );
        check(&addresses(&["10.0.0.0/8"]), &[]);
    }

    #[test]
    fn a_hole_costs_its_siblings() {
        let all_but_one = addresses(&["0.0.0.0/0"]).difference(&addresses(&["198.51.100.7/32"]));
        let prefixes = minimal_prefixes(&all_but_one, &internet());
        assert!(prefixes.len() <= 32, "{}", prefixes.len());
        let covered: AddressSet = prefixes.into_iter().collect();
        assert_eq!(
            covered.intersection(&internet()),
            all_but_one.intersection(&internet())
        );
    }

    /// Shortest cover by trying every node of a four-bit tree.
    fn naive(wanted: u16, forbidden: u16, base: u32, bits: u32) -> usize {
        let mask = ((1u32 << (1 << bits)) - 1) << base;
        let (wanted_here, forbidden_here) = (u32::from(wanted) & mask, u32::from(forbidden) & mask);
        match (wanted_here, forbidden_here) {
            (0, _) => 0,
            (_, 0) => 1,
            _ => {
                naive(wanted, forbidden, base, bits - 1)
                    + naive(wanted, forbidden, base + (1 << (bits - 1)), bits - 1)
            }
        }
    }

    proptest! {
        #[test]
        fn exact_and_shortest(wanted: u16, universe: u16) {
            let wanted = wanted & universe;
            let points = |bits: u16| -> AddressSet {
                AddressSet {
                    v4: (0..16u32)
                        .filter(|bit| bits & (1 << bit) != 0)
                        .map(|bit| Interval::single((bit << 28) | 0x0ab_cdef))
                        .collect(),
                    v6: IntervalSet::empty(),
                }
            };
            let (set, all) = (points(wanted), points(universe));
            let prefixes = minimal_prefixes(&set, &all);
            prop_assert_eq!(prefixes.len(), naive(wanted, universe & !wanted, 0, 4));
            let covered: AddressSet = prefixes.into_iter().collect();
            prop_assert_eq!(covered.intersection(&all), set);
        }
    }
}
