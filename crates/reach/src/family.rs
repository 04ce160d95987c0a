//! The two address families, so that one algorithm serves both.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use celador_model::{Addr, AddressSet, Interval, IntervalSet};

use crate::network::AddressMatch;

/// An address line of one family: `u32` for IPv4, `u128` for IPv6.
pub trait Family: Addr {
    /// The family's part of a set.
    fn of(set: &AddressSet) -> &IntervalSet<Self>;
    /// A set with only this family.
    fn wrap(set: IntervalSet<Self>) -> AddressSet;
    /// The address as the standard library knows it.
    fn to_ip(self) -> IpAddr;
    /// The inline range of a match, if it has one of this family.
    fn inline(matched: &AddressMatch) -> Option<Interval<Self>>;
    /// Bits in an address.
    const BITS: u8;
    /// The bits as a wide number.
    fn widen(self) -> u128;
    /// The number back to bits; only for values that came from [`Family::widen`].
    fn narrow(wide: u128) -> Self;
}

impl Family for u32 {
    const BITS: u8 = 32;

    fn of(set: &AddressSet) -> &IntervalSet<Self> {
        &set.v4
    }

    fn wrap(set: IntervalSet<Self>) -> AddressSet {
        AddressSet {
            v4: set,
            v6: IntervalSet::empty(),
        }
    }

    fn to_ip(self) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(self))
    }

    fn inline(matched: &AddressMatch) -> Option<Interval<Self>> {
        match matched {
            AddressMatch::V4(range) => Some(*range),
            _ => None,
        }
    }

    fn widen(self) -> u128 {
        u128::from(self)
    }

    fn narrow(wide: u128) -> Self {
        Self::try_from(wide).unwrap_or(Self::MAX)
    }
}

impl Family for u128 {
    const BITS: u8 = 128;

    fn of(set: &AddressSet) -> &IntervalSet<Self> {
        &set.v6
    }

    fn wrap(set: IntervalSet<Self>) -> AddressSet {
        AddressSet {
            v4: IntervalSet::empty(),
            v6: set,
        }
    }

    fn to_ip(self) -> IpAddr {
        IpAddr::V6(Ipv6Addr::from_bits(self))
    }

    fn inline(_: &AddressMatch) -> Option<Interval<Self>> {
        None
    }

    fn widen(self) -> u128 {
        self
    }

    fn narrow(wide: u128) -> Self {
        wide
    }
}
