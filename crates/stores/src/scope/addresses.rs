//! Addresses that no scope can allow, and those inside a network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// What no scope can allow.
pub(super) fn never(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => never_v4(v4),
        IpAddr::V6(v6) => never_v6(v6),
    }
}

fn never_v4(v4: Ipv4Addr) -> Option<&'static str> {
    // Azure's host, Alibaba's and Oracle's metadata: addresses of the vendors'
    // pages on the instance metadata service.
    const METADATA: [Ipv4Addr; 3] = [
        Ipv4Addr::new(168, 63, 129, 16),
        Ipv4Addr::new(100, 100, 100, 200),
        Ipv4Addr::new(192, 0, 0, 192),
    ];
    if METADATA.contains(&v4) || v4 == Ipv4Addr::new(169, 254, 169, 254) {
        Some("a cloud's metadata service")
    } else if v4.is_link_local() {
        Some("a link-local address")
    } else if v4.octets()[0] == 0 {
        // Linux connects 0.0.0.0 to the local host.
        Some("an address of \"this network\"")
    } else if v4.is_multicast() || v4.octets()[0] >= 240 {
        Some("a multicast, reserved or broadcast address")
    } else {
        None
    }
}

fn never_v6(v6: Ipv6Addr) -> Option<&'static str> {
    // Amazon's and Google's metadata service over IPv6.
    const METADATA: [Ipv6Addr; 2] = [
        Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
        Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254),
    ];
    if METADATA.contains(&v6) {
        return Some("a cloud's metadata service");
    }
    if v6.is_unspecified() {
        return Some("an address of \"this network\"");
    }
    if v6.is_multicast() {
        return Some("a multicast, reserved or broadcast address");
    }
    if v6.segments()[0] & 0xffc0 == 0xfe80 {
        return Some("a link-local address");
    }
    embedded(v6).and_then(never_v4)
}

/// The IPv4 address that a translator or tunnel takes out of an IPv6 one:
/// `64:ff9b::/96` and `64:ff9b:1::/48` (RFC 6052, RFC 8215), `2002::/16` (RFC
/// 3056), `::/96` (RFC 4291, obsolete), `2001::/32` (RFC 4380).
fn embedded(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let join = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match (a, b) {
        (0x64, 0xff9b) if c == 1 || [c, d, e, f] == [0; 4] => Some(join(g, h)),
        (0x2002, _) => Some(join(b, c)),
        (0x2001, 0) => Some(join(!g, !h)),
        (0, 0) if [c, d, e, f] == [0; 4] && v6 != Ipv6Addr::LOCALHOST => Some(join(g, h)),
        _ => None,
    }
}

/// Inside a host or a network rather than on the Internet.
pub(super) fn inward(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private() || v4.is_loopback() || (a == 100 && (64..128).contains(&b))
        }
        IpAddr::V6(v6) => {
            v6.is_loopback()
                || v6.segments()[0] & 0xfe00 == 0xfc00
                || v6.segments()[0] & 0xffc0 == 0xfec0
                || embedded(v6).is_some_and(|v4| inward(IpAddr::V4(v4)))
        }
    }
}
