//! Address tokens of rules, and a file's pool of address lists.
//!
//! A rule list is read before the service tags are known, so a rule's
//! addresses are either already final (any, fixed ranges) or a provisional
//! [`MixedMatch`] whose only symbol is the number of an [`AddressSpec`] in the
//! file's [`Pool`]; `convert` puts the meaning in its place. Equal lists are
//! held once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;

use celador_model::interval::{net_v4, net_v6};
use celador_model::{AddressSet, Interval, PortSet};
use celador_reach::network::{AddressMatch, MixedMatch, PortMatch, SymbolId};
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::space::host;

/// A prefix or a single address; bits below the prefix length are cleared.
pub(crate) fn parse_net(text: &str) -> Option<IpNet> {
    let text = text.trim();
    let Some((address, length)) = text.split_once('/') else {
        return text.parse::<IpAddr>().ok().map(IpNet::from);
    };
    if length.is_empty() || length.len() > 3 || !length.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let length: u8 = length.parse().ok()?;
    Some(match address.trim_end().parse().ok()? {
        IpAddr::V4(address) => Ipv4Net::new(address, length).ok()?.trunc().into(),
        IpAddr::V6(address) => Ipv6Net::new(address, length).ok()?.trunc().into(),
    })
}

/// What one word of a rule's addresses is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Token {
    Any,
    V4(Interval<u32>),
    V6(Interval<u128>),
    VirtualNetwork,
    Internet,
    LoadBalancer,
    /// A service tag, or anything else that is a word.
    Tag,
    /// Not an address, a prefix, or a word.
    Malformed,
}

/// The meaning of a trimmed, non-empty word.
pub(crate) fn token(text: &str) -> Token {
    if text == "*" {
        return Token::Any;
    }
    if text.as_bytes().first().is_some_and(u8::is_ascii_digit) || text.contains([':', '/']) {
        return match parse_net(text) {
            // No host has this address. Some take it for "any", and what Azure
            // takes it for is not documented.
            Some(net)
                if net.addr().is_unspecified() && net.prefix_len() == net.max_prefix_len() =>
            {
                Token::Malformed
            }
            Some(IpNet::V4(net)) => Token::V4(net_v4(net)),
            Some(IpNet::V6(net)) => Token::V6(net_v6(net)),
            None => Token::Malformed,
        };
    }
    let is = |word: &str| text.eq_ignore_ascii_case(word);
    if is("Internet") {
        Token::Internet
    } else if is("VirtualNetwork") {
        Token::VirtualNetwork
    } else if is("Any") {
        Token::Any
    } else if is("AzureLoadBalancer") {
        Token::LoadBalancer
    } else if text.as_bytes()[0].is_ascii_alphabetic()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
    {
        Token::Tag
    } else {
        Token::Malformed
    }
}

/// A list of addresses of which some part waits for the service tags or the
/// network. Numbers are of words in the pool.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct AddressSpec {
    pub(crate) fixed: AddressSet,
    pub(crate) virtual_network: bool,
    pub(crate) internet: bool,
    pub(crate) tags: Vec<u32>,
    pub(crate) groups: Vec<u32>,
    pub(crate) malformed: Vec<u32>,
    /// An effective rule's `0.0.0.0/0`: every IPv4 address, and perhaps every
    /// IPv6 address too, because that view prints `*` this way.
    pub(crate) perhaps_v6: bool,
}

/// Collects the words of one side of a rule.
#[derive(Debug, Default)]
pub(crate) struct Side {
    any: bool,
    given: bool,
    v4: Vec<Interval<u32>>,
    v6: Vec<Interval<u128>>,
    spec: AddressSpec,
}

impl Side {
    /// Whether no word was added.
    pub(crate) fn is_missing(&self) -> bool {
        !self.given
    }

    pub(crate) fn clear(&mut self) {
        self.any = false;
        self.given = false;
        self.v4.clear();
        self.v6.clear();
        self.spec = AddressSpec::default();
    }

    /// Adds a word, and tells its number when it waits for a meaning.
    pub(crate) fn add(&mut self, text: &str, pool: &mut Pool) -> Option<u32> {
        self.given = true;
        match token(text) {
            Token::Any => self.any = true,
            Token::V4(range) => self.v4.push(range),
            Token::V6(range) => self.v6.push(range),
            Token::VirtualNetwork => self.spec.virtual_network = true,
            Token::Internet => self.spec.internet = true,
            Token::LoadBalancer => {
                let host = host();
                self.v4.extend(host.v4.intervals());
                self.v6.extend(host.v6.intervals());
            }
            Token::Tag => {
                let word = pool.word(text);
                self.spec.tags.push(word);
                return Some(word);
            }
            Token::Malformed => {
                let word = pool.word(text);
                self.spec.malformed.push(word);
                return Some(word);
            }
        }
        None
    }

    pub(crate) fn add_group(&mut self, id: &str, pool: &mut Pool) {
        self.given = true;
        let word = pool.word(id);
        self.spec.groups.push(word);
    }

    /// Takes an effective rule's `0.0.0.0/0` for what it may stand for.
    pub(crate) fn widen_default(&mut self) {
        if self.v4.contains(&Interval::FULL) {
            self.spec.perhaps_v6 = true;
        }
    }

    /// The addresses, and the collector empty again.
    pub(crate) fn finish(&mut self, pool: &mut Pool) -> AddressMatch {
        let spec = &self.spec;
        let waits = spec.virtual_network
            || spec.internet
            || spec.perhaps_v6
            || !(spec.tags.is_empty() && spec.groups.is_empty() && spec.malformed.is_empty());
        if self.any || !self.given {
            self.clear();
            return AddressMatch::Any;
        }
        if !waits
            && self.v6.is_empty()
            && let [one] = self.v4[..]
        {
            self.clear();
            return AddressMatch::V4(one);
        }
        let mut spec = std::mem::take(&mut self.spec);
        spec.fixed = AddressSet {
            v4: self.v4.drain(..).collect(),
            v6: self.v6.drain(..).collect(),
        };
        self.clear();
        if spec.fixed.v4.is_full() && spec.fixed.v6.is_full() {
            return AddressMatch::Any;
        }
        if !waits {
            return fixed(pool.set(spec.fixed));
        }
        for list in [&mut spec.tags, &mut spec.groups, &mut spec.malformed] {
            list.sort_unstable();
            list.dedup();
        }
        AddressMatch::Mixed(pool.spec(spec))
    }
}

/// The most compact form of fixed addresses.
pub(crate) fn fixed(set: Arc<AddressSet>) -> AddressMatch {
    match (set.v4.intervals(), set.v6.is_empty()) {
        ([one], true) => AddressMatch::V4(*one),
        _ if set.v4.is_full() && set.v6.is_full() => AddressMatch::Any,
        _ => AddressMatch::Fixed(set),
    }
}

/// What the rules of a file share.
#[derive(Debug, Default)]
pub(crate) struct Pool {
    words: Vec<Arc<str>>,
    word_numbers: HashMap<Arc<str>, u32>,
    specs: Vec<AddressSpec>,
    spec_numbers: HashMap<AddressSpec, Arc<MixedMatch>>,
    sets: HashMap<AddressSet, Arc<AddressSet>>,
    ports: HashMap<PortSet, PortMatch>,
}

/// A pool after reading: what `convert` needs of it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Words {
    /// Words by number.
    pub(crate) words: Vec<Arc<str>>,
    /// Address lists by number.
    pub(crate) specs: Vec<AddressSpec>,
}

fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

impl Pool {
    pub(crate) fn word(&mut self, text: &str) -> u32 {
        if let Some(&known) = self.word_numbers.get(text) {
            return known;
        }
        let new = number(self.words.len());
        let text: Arc<str> = text.into();
        self.words.push(Arc::clone(&text));
        self.word_numbers.insert(text, new);
        new
    }

    fn set(&mut self, set: AddressSet) -> Arc<AddressSet> {
        if let Some(known) = self.sets.get(&set) {
            return Arc::clone(known);
        }
        let shared = Arc::new(set.clone());
        self.sets.insert(set, Arc::clone(&shared));
        shared
    }

    fn spec(&mut self, spec: AddressSpec) -> Arc<MixedMatch> {
        if let Some(known) = self.spec_numbers.get(&spec) {
            return Arc::clone(known);
        }
        let provisional = Arc::new(MixedMatch {
            symbols: vec![SymbolId(number(self.specs.len()))],
            ..MixedMatch::default()
        });
        self.specs.push(spec.clone());
        self.spec_numbers.insert(spec, Arc::clone(&provisional));
        provisional
    }

    pub(crate) fn port_set(&mut self, set: PortSet) -> PortMatch {
        if set.intervals().len() == 1 {
            return set.into();
        }
        self.ports
            .entry(set)
            .or_insert_with_key(|set| PortMatch::from(set.clone()))
            .clone()
    }

    pub(crate) fn finish(self) -> Words {
        Words {
            words: self.words,
            specs: self.specs,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_address_fields() {
        let range = |lo: [u8; 4], hi: [u8; 4]| {
            Token::V4(Interval {
                lo: u32::from_be_bytes(lo),
                hi: u32::from_be_bytes(hi),
            })
        };
        for (text, expected) in [
            ("*", Token::Any),
            ("any", Token::Any),
            ("0.0.0.0/0", range([0; 4], [255; 4])),
            ("10.0.0.77/24", range([10, 0, 0, 0], [10, 0, 0, 255])),
            ("192.0.2.1", range([192, 0, 2, 1], [192, 0, 2, 1])),
            ("::/0", Token::V6(Interval::FULL)),
            (
                "2001:db8::1",
                Token::V6(Interval::single(0x2001_0db8_u128 << 96 | 1)),
            ),
            ("internet", Token::Internet),
            ("VIRTUALNETWORK", Token::VirtualNetwork),
            ("azureloadbalancer", Token::LoadBalancer),
            ("Storage.WestUS", Token::Tag),
            ("0.0.0.0", Token::Malformed),
            ("::", Token::Malformed),
            ("/0", Token::Malformed),
            ("10.0.0.0/33", Token::Malformed),
            ("10.0.0.0/", Token::Malformed),
            ("10.0.0.0/+8", Token::Malformed),
            ("010.0.0.1", Token::Malformed),
            ("10.0.0.1-10.0.0.9", Token::Malformed),
            ("fe80::1%eth0", Token::Malformed),
            ("two words", Token::Malformed),
        ] {
            assert_eq!(token(text), expected, "{text}");
        }
    }
}
