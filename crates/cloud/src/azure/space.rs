//! What Azure's three special tags mean.
//!
//! `VirtualNetwork` and `Internet` depend on where a filter stands, so they are
//! symbols that a zone resolves; `AzureLoadBalancer` is one address.
//!
//! Source: "Azure service tags overview" in Microsoft's virtual network
//! documentation. `VirtualNetwork` holds the address space of the network, of
//! the networks peered with it, on-premises space, the host's virtual address
//! and the prefixes of user-defined routes. `Internet` is what is outside the
//! virtual network and reachable by the public Internet, Azure's own public
//! space included; a route does not move an address into the network, so routes
//! do not shrink it.

use celador_model::AddressSet;
use celador_reach::network::SymbolId;
use ipnet::IpNet;

/// The tag `VirtualNetwork`.
pub(crate) const VIRTUAL_NETWORK: SymbolId = SymbolId(0);
/// The tag `Internet`.
pub(crate) const INTERNET: SymbolId = SymbolId(1);
/// The same in a rule that denies. Where an address space is not known, public
/// addresses in it would not be denied, so there this may be any address; a rule
/// that allows is taken at its word.
pub(crate) const INTERNET_DENIED: SymbolId = SymbolId(2);

/// Address of the host's virtual appliance, from which the load balancer's
/// health probes come.
const HOST: &[&str] = &["168.63.129.16/32", "fe80::1234:5678:9abc/128"];

/// Not reachable by the public Internet, whatever network it is in.
const NOT_PUBLIC: &[&str] = &[
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "224.0.0.0/3",
];

fn constant(prefixes: &[&str]) -> AddressSet {
    prefixes
        .iter()
        .filter_map(|prefix| prefix.parse::<IpNet>().ok())
        .collect()
}

/// The host's addresses: the tag `AzureLoadBalancer`.
pub(crate) fn host() -> AddressSet {
    constant(HOST)
}

/// The tag `Internet` seen from a network with that address space.
pub(crate) fn internet_outside(space: &AddressSet) -> AddressSet {
    let public = constant(&["0.0.0.0/0", "2000::/3"]).difference(&constant(NOT_PUBLIC));
    public.difference(space)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_holds_the_internet_of_an_audit() {
        let internet = celador_model::internet::internet();
        assert!(internet.is_subset(&internet_outside(&AddressSet::empty())));
    }

    #[test]
    fn constants_are_well_formed() {
        for prefix in HOST.iter().chain(NOT_PUBLIC) {
            assert!(prefix.parse::<IpNet>().is_ok(), "{prefix}");
        }
    }
}
