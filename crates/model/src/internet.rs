//! What "the Internet" means: the source addresses that an audit asks about.
//!
//! The Internet is every globally routable unicast address, a cloud's own
//! public ranges included, plus the documentation ranges, so that examples
//! written with reserved addresses run. It is a constant; a question may
//! replace it by its own list of prefixes.
//!
//! Sources: IANA's special-purpose address registries for IPv4
//! (<https://www.iana.org/assignments/iana-ipv4-special-registry>) and IPv6
//! (<https://www.iana.org/assignments/iana-ipv6-special-registry>), the
//! multicast blocks (RFC 5771, RFC 4291), and IANA's global unicast block
//! `2000::/3`. One address is left out that the registries allow:
//! `168.63.129.16`, the virtual address of an Azure host. It is never routed on
//! the Internet, only the platform sends from it, and every network security
//! group allows it by a default rule, so counting it would call every store
//! with a public address exposed.

use ipnet::IpNet;

use crate::interval::AddressSet;

/// Prefixes inside the unicast space that no Internet packet comes from.
///
/// Blocks that IANA marks "globally reachable" inside a wider special block
/// (`192.0.0.9/32`, `192.0.0.10/32`, `2001:1::1/128`…) stay excluded: they are
/// anycast service addresses that never appear as a client's source. The
/// documentation prefixes (RFC 5737, RFC 3849, RFC 9637) are not in this list.
const EXCLUDED: &[&str] = &[
    "0.0.0.0/8",        // this network, RFC 791
    "10.0.0.0/8",       // private use, RFC 1918
    "100.64.0.0/10",    // shared address space, RFC 6598
    "127.0.0.0/8",      // loopback, RFC 1122
    "168.63.129.16/32", // Azure's host, see above
    "169.254.0.0/16",   // link local, RFC 3927
    "172.16.0.0/12",    // private use, RFC 1918
    "192.0.0.0/24",     // IETF protocol assignments, RFC 6890
    "192.168.0.0/16",   // private use, RFC 1918
    "198.18.0.0/15",    // benchmarking, RFC 2544
    "224.0.0.0/3",      // multicast, RFC 5771, and reserved, RFC 1112
    "2001::/23",        // IETF protocol assignments, RFC 2928
];

/// The blocks from which [`EXCLUDED`] is taken away.
const UNICAST: &[&str] = &["0.0.0.0/0", "2000::/3"];

fn set(prefixes: &[&str]) -> AddressSet {
    prefixes
        .iter()
        .map(|prefix| {
            prefix
                .parse::<IpNet>()
                .expect("a constant prefix is well formed")
        })
        .collect()
}

/// The addresses of the Internet.
pub fn internet() -> AddressSet {
    set(UNICAST).difference(&set(EXCLUDED))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::IpAddr;

    #[test]
    fn documentation_is_in_and_private_is_out() {
        let internet = internet();
        let has = |addr: &str| internet.contains(addr.parse::<IpAddr>().expect("an address"));
        for addr in [
            "192.0.2.1",
            "198.51.100.7",
            "203.0.113.9",
            "2001:db8::7",
            "3fff::1",
            "1.0.0.0",
            "223.255.255.255",
            "2a00::1",
            "4.145.74.52",
        ] {
            assert!(has(addr), "{addr} is on the Internet");
        }
        for addr in [
            "0.0.0.0",
            "10.0.1.4",
            "168.63.129.16",
            "192.168.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "64:ff9b::1",
        ] {
            assert!(!has(addr), "{addr} is not on the Internet");
        }
    }
}
