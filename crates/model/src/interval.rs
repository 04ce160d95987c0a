//! Sets of addresses and ports as sorted, disjoint, non-adjacent intervals.
//!
//! Invariant: the intervals of an [`IntervalSet`] are sorted, do not overlap
//! and do not touch, so equal sets are equal vectors. Every operation is linear
//! in the number of intervals; none enumerates addresses.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// A point on a finite line: a port, an IPv4 or an IPv6 address.
pub trait Addr: Copy + Ord + fmt::Debug + std::hash::Hash + Send + Sync + 'static {
    /// The lowest value.
    const MIN: Self;
    /// The highest value.
    const MAX: Self;
    /// The next value; `None` at the end of the line.
    fn next(self) -> Option<Self>;
    /// The previous value; `None` at the start of the line.
    fn prev(self) -> Option<Self>;
}

macro_rules! impl_addr {
    ($($int:ty),*) => {$(
        impl Addr for $int {
            const MIN: Self = <$int>::MIN;
            const MAX: Self = <$int>::MAX;
            fn next(self) -> Option<Self> {
                self.checked_add(1)
            }
            fn prev(self) -> Option<Self> {
                self.checked_sub(1)
            }
        }
    )*};
}
impl_addr!(u16, u32, u128);

/// The values from `lo` to `hi`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval<T> {
    /// First value.
    pub lo: T,
    /// Last value; never below `lo`.
    pub hi: T,
}

impl<T: Addr> Interval<T> {
    /// The whole line.
    pub const FULL: Self = Self {
        lo: T::MIN,
        hi: T::MAX,
    };

    /// The interval between two values; `None` when they are in the wrong order.
    pub fn new(lo: T, hi: T) -> Option<Self> {
        (lo <= hi).then_some(Self { lo, hi })
    }

    /// The interval of one value.
    pub fn single(value: T) -> Self {
        Self {
            lo: value,
            hi: value,
        }
    }

    /// Whether the value lies inside.
    pub fn contains(self, value: T) -> bool {
        self.lo <= value && value <= self.hi
    }

    /// What two intervals share.
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.lo.max(other.lo), self.hi.min(other.hi))
    }
}

/// A set of values.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntervalSet<T> {
    intervals: Vec<Interval<T>>,
}

impl<T> Default for IntervalSet<T> {
    fn default() -> Self {
        Self {
            intervals: Vec::new(),
        }
    }
}

impl<T: Addr> IntervalSet<T> {
    /// The empty set.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Every value.
    pub fn full() -> Self {
        Self {
            intervals: vec![Interval::FULL],
        }
    }

    /// The set's intervals: sorted, disjoint, not touching.
    pub fn intervals(&self) -> &[Interval<T>] {
        &self.intervals
    }

    /// Whether the set has no value.
    pub fn is_empty(&self) -> bool {
        self.intervals.is_empty()
    }

    /// Whether the set has every value.
    pub fn is_full(&self) -> bool {
        self.intervals == [Interval::FULL]
    }

    /// Whether the value is in the set.
    pub fn contains(&self, value: T) -> bool {
        let after = self
            .intervals
            .partition_point(|interval| interval.lo <= value);
        after > 0 && self.intervals[after - 1].contains(value)
    }

    /// The lowest value of the set.
    pub fn first(&self) -> Option<T> {
        self.intervals.first().map(|interval| interval.lo)
    }

    /// The highest value of the set.
    pub fn last(&self) -> Option<T> {
        self.intervals.last().map(|interval| interval.hi)
    }

    /// Adds an interval that starts at or after every interval already there.
    ///
    /// The way results are built while walking a line from left to right.
    pub fn push(&mut self, interval: Interval<T>) {
        if let Some(last) = self.intervals.last_mut() {
            debug_assert!(last.lo <= interval.lo, "intervals pushed out of order");
            if last.hi == T::MAX || last.hi.next() >= Some(interval.lo) {
                last.hi = last.hi.max(interval.hi);
                return;
            }
        }
        self.intervals.push(interval);
    }

    /// Values in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        if self.is_empty() {
            return other.clone();
        }
        let mut out = Self {
            intervals: Vec::with_capacity(self.intervals.len() + other.intervals.len()),
        };
        let (mut left, mut right) = (
            self.intervals.iter().peekable(),
            other.intervals.iter().peekable(),
        );
        loop {
            let from_left = match (left.peek(), right.peek()) {
                (Some(a), Some(b)) => a.lo <= b.lo,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => return out,
            };
            let next = if from_left { left.next() } else { right.next() };
            if let Some(interval) = next {
                out.push(*interval);
            }
        }
    }

    /// Values in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        let mut out = Self::empty();
        let (mut i, mut j) = (0, 0);
        while let (Some(a), Some(b)) = (self.intervals.get(i), other.intervals.get(j)) {
            if let Some(both) = a.intersection(*b) {
                out.push(both);
            }
            if a.hi <= b.hi {
                i += 1;
            } else {
                j += 1;
            }
        }
        out
    }

    /// Values that are not in the set.
    #[must_use]
    pub fn complement(&self) -> Self {
        let mut out = Self::empty();
        let mut from = Some(T::MIN);
        for interval in &self.intervals {
            if let (Some(lo), Some(hi)) = (from, interval.lo.prev())
                && let Some(gap) = Interval::new(lo, hi)
            {
                out.push(gap);
            }
            from = interval.hi.next();
        }
        if let Some(lo) = from {
            out.push(Interval { lo, hi: T::MAX });
        }
        out
    }

    /// Values in this set and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        if other.is_empty() {
            return self.clone();
        }
        self.intersection(&other.complement())
    }

    /// Whether every value of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        let mut j = 0;
        self.intervals.iter().all(|a| {
            while other.intervals.get(j).is_some_and(|b| b.hi < a.lo) {
                j += 1;
            }
            other
                .intervals
                .get(j)
                .is_some_and(|b| b.lo <= a.lo && a.hi <= b.hi)
        })
    }

    /// Whether the sets share a value.
    pub fn intersects(&self, other: &Self) -> bool {
        let (mut i, mut j) = (0, 0);
        while let (Some(a), Some(b)) = (self.intervals.get(i), other.intervals.get(j)) {
            if a.intersection(*b).is_some() {
                return true;
            }
            if a.hi <= b.hi {
                i += 1;
            } else {
                j += 1;
            }
        }
        false
    }
}

impl<T: Addr> FromIterator<Interval<T>> for IntervalSet<T> {
    /// The union of intervals in any order.
    fn from_iter<I: IntoIterator<Item = Interval<T>>>(intervals: I) -> Self {
        let mut sorted: Vec<_> = intervals.into_iter().collect();
        sorted.sort_unstable();
        let mut out = Self::empty();
        for interval in sorted {
            out.push(interval);
        }
        out.intervals.shrink_to_fit();
        out
    }
}

/// A set of IP addresses of both families.
///
/// IPv4-mapped IPv6 addresses are IPv6 addresses here: no cloud filter treats
/// `::ffff:192.0.2.1` as `192.0.2.1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AddressSet {
    /// The IPv4 addresses.
    pub v4: IntervalSet<u32>,
    /// The IPv6 addresses.
    pub v6: IntervalSet<u128>,
}

impl AddressSet {
    /// No address.
    pub fn empty() -> Self {
        Self::default()
    }

    /// Every address of both families.
    pub fn full() -> Self {
        Self {
            v4: IntervalSet::full(),
            v6: IntervalSet::full(),
        }
    }

    /// The addresses of one prefix; bits below the prefix length are ignored.
    pub fn from_net(net: IpNet) -> Self {
        std::iter::once(net).collect()
    }

    /// One address.
    pub fn from_addr(addr: IpAddr) -> Self {
        Self::from_net(IpNet::from(addr))
    }

    /// Whether there is no address.
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Whether the address is in the set.
    pub fn contains(&self, addr: IpAddr) -> bool {
        match addr {
            IpAddr::V4(v4) => self.v4.contains(v4.to_bits()),
            IpAddr::V6(v6) => self.v6.contains(v6.to_bits()),
        }
    }

    /// Addresses in either set.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.union(&other.v4),
            v6: self.v6.union(&other.v6),
        }
    }

    /// Addresses in both sets.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.intersection(&other.v4),
            v6: self.v6.intersection(&other.v6),
        }
    }

    /// Addresses in this set and not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self {
            v4: self.v4.difference(&other.v4),
            v6: self.v6.difference(&other.v6),
        }
    }

    /// Whether every address of this set is in the other.
    pub fn is_subset(&self, other: &Self) -> bool {
        self.v4.is_subset(&other.v4) && self.v6.is_subset(&other.v6)
    }

    /// Whether the sets share an address.
    pub fn intersects(&self, other: &Self) -> bool {
        self.v4.intersects(&other.v4) || self.v6.intersects(&other.v6)
    }
}

impl FromIterator<IpNet> for AddressSet {
    fn from_iter<I: IntoIterator<Item = IpNet>>(nets: I) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for net in nets {
            match net {
                IpNet::V4(net) => v4.push(net_v4(net)),
                IpNet::V6(net) => v6.push(net_v6(net)),
            }
        }
        Self {
            v4: v4.into_iter().collect(),
            v6: v6.into_iter().collect(),
        }
    }
}

/// The addresses of an IPv4 prefix, its network and broadcast included.
pub fn net_v4(net: Ipv4Net) -> Interval<u32> {
    Interval {
        lo: net.network().to_bits(),
        hi: net.broadcast().to_bits(),
    }
}

/// The addresses of an IPv6 prefix.
pub fn net_v6(net: Ipv6Net) -> Interval<u128> {
    Interval {
        lo: net.network().to_bits(),
        hi: net.broadcast().to_bits(),
    }
}

/// The lowest address of a set, IPv4 first.
pub fn first_address(set: &AddressSet) -> Option<IpAddr> {
    set.v4
        .first()
        .map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits)))
        .or_else(|| {
            set.v6
                .first()
                .map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn set(spec: &[(u16, u16)]) -> IntervalSet<u16> {
        spec.iter().map(|&(lo, hi)| Interval { lo, hi }).collect()
    }

    #[test]
    fn touching_intervals_merge() {
        assert_eq!(set(&[(1, 2), (3, 4)]), set(&[(1, 4)]));
        assert_eq!(set(&[(0, u16::MAX), (7, 7)]), IntervalSet::full());
    }

    #[test]
    fn complement_of_the_ends() {
        assert_eq!(set(&[(0, 9)]).complement(), set(&[(10, u16::MAX)]));
        assert_eq!(set(&[(9, u16::MAX)]).complement(), set(&[(0, 8)]));
        assert!(IntervalSet::<u16>::full().complement().is_empty());
        assert!(IntervalSet::<u16>::empty().complement().is_full());
    }

    /// Twelve points are enough for every way two small sets can lie, and each
    /// is checked one by one.
    fn small() -> impl Strategy<Value = Vec<(u16, u16)>> {
        prop::collection::vec(
            (0u16..12, 0u16..12).prop_map(|(a, b)| (a.min(b), a.max(b))),
            0..5,
        )
    }

    proptest! {
        #[test]
        fn operations_agree_with_membership(a in small(), b in small()) {
            let (a, b) = (set(&a), set(&b));
            let (union, both) = (a.union(&b), a.intersection(&b));
            let (minus, not) = (a.difference(&b), a.complement());
            for point in (0..14).chain([u16::MAX]) {
                let (x, y) = (a.contains(point), b.contains(point));
                prop_assert_eq!(union.contains(point), x || y);
                prop_assert_eq!(both.contains(point), x && y);
                prop_assert_eq!(minus.contains(point), x && !y);
                prop_assert_eq!(not.contains(point), !x);
            }
            prop_assert_eq!(a.is_subset(&b), minus.is_empty());
            prop_assert_eq!(a.intersects(&b), !both.is_empty());
            for set in [&union, &both, &minus, &not] {
                for pair in set.intervals().windows(2) {
                    prop_assert!(pair[0].hi.next().is_some_and(|next| next < pair[1].lo));
                }
            }
        }
    }
}
