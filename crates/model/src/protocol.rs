//! IP protocols, and small sets of them.

use std::fmt;

/// An IP protocol that a rule can name, or everything else as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Protocol {
    /// Transmission Control Protocol, number 6.
    Tcp = 0,
    /// User Datagram Protocol, number 17.
    Udp = 1,
    /// Internet Control Message Protocol, number 1.
    Icmp = 2,
    /// ICMP for IPv6, number 58.
    Icmpv6 = 3,
    /// Encapsulating Security Payload, number 50.
    Esp = 4,
    /// Authentication Header, number 51.
    Ah = 5,
    /// Any other protocol: no rule can name it, only "any" matches it.
    Other = 6,
}

impl Protocol {
    /// Every protocol, in a fixed order.
    pub const ALL: [Self; 7] = [
        Self::Tcp,
        Self::Udp,
        Self::Icmp,
        Self::Icmpv6,
        Self::Esp,
        Self::Ah,
        Self::Other,
    ];

    /// The lower-case name used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Icmp => "icmp",
            Self::Icmpv6 => "icmpv6",
            Self::Esp => "esp",
            Self::Ah => "ah",
            Self::Other => "other",
        }
    }

    /// The protocol of that name, in any letter case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|protocol| protocol.as_str().eq_ignore_ascii_case(name))
    }

    /// Whether packets of this protocol carry source and destination ports.
    pub const fn has_ports(self) -> bool {
        matches!(self, Self::Tcp | Self::Udp)
    }
}

impl fmt::Display for Protocol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of protocols, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ProtocolSet(u8);

impl ProtocolSet {
    /// No protocol.
    pub const EMPTY: Self = Self(0);
    /// Every protocol, those without a name included.
    pub const ALL: Self = Self(0x7f);

    /// The set of one protocol.
    pub const fn only(protocol: Protocol) -> Self {
        Self(1 << protocol as u8)
    }

    /// Whether the protocol is in the set.
    pub const fn contains(self, protocol: Protocol) -> bool {
        self.0 & (1 << protocol as u8) != 0
    }

    /// Protocols in either set.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Protocols in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Protocols in this set and not in the other.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether the set has no protocol.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The protocols of the set, in the order of [`Protocol::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Protocol> {
        Protocol::ALL
            .into_iter()
            .filter(move |protocol| self.contains(*protocol))
    }
}

impl FromIterator<Protocol> for ProtocolSet {
    fn from_iter<I: IntoIterator<Item = Protocol>>(protocols: I) -> Self {
        protocols
            .into_iter()
            .fold(Self::EMPTY, |set, protocol| set.union(Self::only(protocol)))
    }
}
