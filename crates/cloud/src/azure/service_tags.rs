//! Service tags: names for the prefixes of Azure's services.
//!
//! The facts are Microsoft's, published weekly as a JSON file ("Azure IP Ranges
//! and Service Tags – Public Cloud"). They are compiled in, in a compact form;
//! the file itself replaces them when a user gives it.
//!
//! Compact form: the bytes `CST2`, then LEB128 numbers and bytes:
//!
//! ```text
//! change number
//! size of the IPv4 dictionary in bytes, the dictionary; the same for IPv6
//! number of tags
//! for each tag, sorted by lower-case name: how many bytes its name shares with
//!   the one before, how many follow, those; size of its list in bytes
//! the lists, one after the other
//! ```
//!
//! A dictionary is every prefix once, sorted by address and then length, each as
//! one number: `delta × (bits + 1) + length`, where `delta` is how much further
//! its address is than the one before, both counted in blocks of its own
//! length. A list is the gaps between the places of its prefixes in both
//! dictionaries, IPv6 after IPv4. Regional tags repeat what their service's tag
//! has, so prefixes are stored once and lists are nearly all a byte an entry.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use celador_model::AddressSet;
use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use super::address::parse_net;
use super::json::{InputError, text};

const MAGIC: &[u8] = b"CST2";
const EMBEDDED: &[u8] = include_bytes!("service_tags.bin");

/// The prefixes of every tag, decoded when they are first asked for.
#[derive(Debug)]
pub struct ServiceTags {
    bytes: Cow<'static, [u8]>,
    change_number: u32,
    dictionaries: [Range<usize>; 2],
    /// Lower-case name to where its list is.
    lists: BTreeMap<String, Range<usize>>,
    nets: OnceLock<Vec<IpNet>>,
    decoded: Mutex<BTreeMap<String, Arc<AddressSet>>>,
}

impl ServiceTags {
    /// The tags that are compiled in.
    pub fn embedded() -> Arc<Self> {
        static TAGS: OnceLock<Arc<ServiceTags>> = OnceLock::new();
        Arc::clone(TAGS.get_or_init(|| {
            // A test decodes the compiled-in bytes; were they damaged, every
            // tag would be unknown and so undetermined.
            Arc::new(Self::read(Cow::Borrowed(EMBEDDED)).unwrap_or_else(Self::none))
        }))
    }

    fn none() -> Self {
        Self {
            bytes: Cow::Borrowed(&[]),
            change_number: 0,
            dictionaries: [0..0, 0..0],
            lists: BTreeMap::new(),
            nets: OnceLock::new(),
            decoded: Mutex::default(),
        }
    }

    /// Reads Microsoft's file, or what `az network list-service-tags` prints.
    ///
    /// # Errors
    /// The text is no JSON or not of that format.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the same form as `parse`, which keeps the name"
    )]
    pub fn from_json(file: Arc<str>, bytes: &[u8]) -> Result<Self, InputError> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct File {
            change_number: serde_json::Value,
            values: Vec<Tag>,
        }
        #[derive(serde::Deserialize)]
        struct Tag {
            name: String,
            properties: Properties,
        }
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Properties {
            address_prefixes: Vec<String>,
        }
        let text = text(&file, bytes)?;
        let read: File = serde_json::from_str(&text).map_err(|error| {
            let mut error = InputError::syntax(&file, &error, String::new());
            error.message = format!("not Microsoft's service tags file: {}", error.message);
            error
        })?;
        // The Azure CLI prints the number as a string.
        let number = match &read.change_number {
            serde_json::Value::String(text) => text.trim().parse().ok(),
            other => other.as_u64().and_then(|number| u32::try_from(number).ok()),
        };
        let number = number.ok_or_else(|| {
            InputError::at(
                &file,
                "/changeNumber".to_owned(),
                "expected a change number",
            )
        })?;
        let mut tags: BTreeMap<String, BTreeSet<IpNet>> = BTreeMap::new();
        for (index, tag) in read.values.iter().enumerate() {
            let key = tag.name.to_ascii_lowercase();
            // Which of the two is meant cannot be said, and their sum would be neither.
            if tags.contains_key(&key) {
                return Err(InputError::at(
                    &file,
                    format!("/values/{index}/name"),
                    format!("the service tag \"{}\" is given twice", tag.name),
                ));
            }
            let nets = tags.entry(key).or_default();
            for (place, prefix) in tag.properties.address_prefixes.iter().enumerate() {
                nets.insert(parse_net(prefix).ok_or_else(|| {
                    InputError::at(
                        &file,
                        format!("/values/{index}/properties/addressPrefixes/{place}"),
                        format!("\"{prefix}\" is not a prefix"),
                    )
                })?);
            }
        }
        Self::read(Cow::Owned(encode(number, &tags)))
            .ok_or_else(|| InputError::at(&file, String::new(), "too many service tags"))
    }

    /// The file's change number.
    pub fn change_number(&self) -> u32 {
        self.change_number
    }

    /// Names of all tags, in lower case, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.keys().map(String::as_str)
    }

    /// The addresses of a tag, by its name in any letter case.
    pub fn get(&self, name: &str) -> Option<Arc<AddressSet>> {
        let name = name.to_ascii_lowercase();
        let list = self.bytes.get(self.lists.get(&name)?.clone())?;
        let mut decoded = self.decoded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = decoded.get(&name) {
            return Some(Arc::clone(known));
        }
        let nets = self
            .nets
            .get_or_init(|| self.dictionary().unwrap_or_default());
        let mut reader = Reader { bytes: list };
        let mut next = 0usize;
        let mut own = Vec::with_capacity(list.len().min(nets.len()));
        while !reader.bytes.is_empty() {
            next = next.checked_add(reader.size()?)?;
            own.push(*nets.get(next)?);
            next += 1;
        }
        let set: Arc<AddressSet> = Arc::new(own.into_iter().collect());
        decoded.insert(name, Arc::clone(&set));
        Some(set)
    }

    /// The compact form; [`Self::embedded`] reads what this wrote.
    pub fn to_compact(&self) -> Vec<u8> {
        self.bytes.to_vec()
    }

    /// Reads the compact form; `None` when the bytes are damaged.
    pub fn from_compact(bytes: &[u8]) -> Option<Self> {
        Self::read(Cow::Owned(bytes.to_vec()))
    }

    fn read(bytes: Cow<'static, [u8]>) -> Option<Self> {
        let mut reader = Reader { bytes: &bytes };
        if reader.take(MAGIC.len())? != MAGIC {
            return None;
        }
        let place = |reader: &Reader<'_>| bytes.len() - reader.bytes.len();
        let change_number = u32::try_from(reader.number()?).ok()?;
        let mut dictionaries = [0..0, 0..0];
        for range in &mut dictionaries {
            let size = reader.size()?;
            let start = place(&reader);
            reader.take(size)?;
            *range = start..start + size;
        }
        let count = reader.size()?;
        let mut sizes: Vec<(String, usize)> = Vec::new();
        for _ in 0..count {
            let shared = reader.size()?;
            let length = reader.size()?;
            let rest = std::str::from_utf8(reader.take(length)?).ok()?;
            let before = sizes.last().map_or("", |(name, _)| name);
            let name = format!("{}{rest}", before.get(..shared)?);
            // Sorted, so that no name comes twice.
            if !sizes.is_empty() && before >= name.as_str() {
                return None;
            }
            sizes.push((name, reader.size()?));
        }
        let mut lists = BTreeMap::new();
        for (name, size) in sizes {
            let start = place(&reader);
            reader.take(size)?;
            lists.insert(name, start..start + size);
        }
        if !reader.bytes.is_empty() {
            return None;
        }
        Some(Self {
            change_number,
            dictionaries,
            lists,
            nets: OnceLock::new(),
            decoded: Mutex::default(),
            bytes,
        })
    }

    /// Both dictionaries; `None` when they are damaged.
    fn dictionary(&self) -> Option<Vec<IpNet>> {
        let [v4, v6] = &self.dictionaries;
        let mut nets = Vec::new();
        let mut reader = Reader {
            bytes: self.bytes.get(v4.clone())?,
        };
        let mut last = 0u128;
        while !reader.bytes.is_empty() {
            let (address, length) = reader.prefix(last, 32)?;
            last = address;
            let address = Ipv4Addr::from_bits(u32::try_from(address).ok()?);
            nets.push(Ipv4Net::new(address, length).ok()?.into());
        }
        let mut reader = Reader {
            bytes: self.bytes.get(v6.clone())?,
        };
        last = 0;
        while !reader.bytes.is_empty() {
            let (address, length) = reader.prefix(last, 128)?;
            last = address;
            nets.push(
                Ipv6Net::new(Ipv6Addr::from_bits(address), length)
                    .ok()?
                    .into(),
            );
        }
        Some(nets)
    }
}

fn encode(change_number: u32, tags: &BTreeMap<String, BTreeSet<IpNet>>) -> Vec<u8> {
    let nets: BTreeSet<IpNet> = tags.values().flatten().copied().collect();
    // Sorted as `IpNet` is: IPv4 first, by address, then by length.
    let places: BTreeMap<IpNet, usize> = nets
        .iter()
        .enumerate()
        .map(|(place, net)| (*net, place))
        .collect();
    let mut dictionaries = [Vec::new(), Vec::new()];
    let mut last = [0u128; 2];
    for net in &nets {
        let (family, address, bits) = match net {
            IpNet::V4(net) => (0, u128::from(net.addr().to_bits()), 32),
            IpNet::V6(net) => (1, net.addr().to_bits(), 128),
        };
        let length = u32::from(net.prefix_len());
        let block = |address: u128| address.checked_shr(bits - length).unwrap_or(0);
        put_prefix(
            &mut dictionaries[family],
            block(address) - block(last[family]),
            length,
            bits,
        );
        last[family] = address;
    }
    let mut out = MAGIC.to_vec();
    put(&mut out, change_number.into());
    for dictionary in &dictionaries {
        put(&mut out, dictionary.len() as u128);
        out.extend_from_slice(dictionary);
    }
    put(&mut out, tags.len() as u128);
    let mut lists = Vec::new();
    let mut before = "";
    for (name, own) in tags {
        let shared = name
            .char_indices()
            .zip(before.chars())
            .find(|((_, a), b)| a != b)
            .map_or_else(|| name.len().min(before.len()), |((at, _), _)| at);
        put(&mut out, shared as u128);
        let rest = name.get(shared..).unwrap_or_default();
        put(&mut out, rest.len() as u128);
        out.extend_from_slice(rest.as_bytes());
        before = name;
        let start = lists.len();
        let mut next = 0;
        for place in own.iter().filter_map(|net| places.get(net)) {
            put(&mut lists, (place - next) as u128);
            next = place + 1;
        }
        put(&mut out, (lists.len() - start) as u128);
    }
    out.extend_from_slice(&lists);
    out
}

fn put(out: &mut Vec<u8>, mut value: u128) {
    while value >= 0x80 {
        out.push(0x80 | low_bits(value));
        value >>= 7;
    }
    out.push(low_bits(value));
}

fn low_bits(value: u128) -> u8 {
    u8::try_from(value & 0x7f).unwrap_or(0)
}

/// `delta × (bits + 1) + length`; a delta of all 128 bits would not fit, so a
/// long one is written after a marker instead.
fn put_prefix(out: &mut Vec<u8>, delta: u128, length: u32, bits: u32) {
    let base = u128::from(bits) + 1;
    let packed = delta
        .checked_mul(base)
        .and_then(|value| value.checked_add(u128::from(length) + 1));
    if let Some(packed) = packed {
        put(out, packed);
    } else {
        put(out, 0);
        put(out, delta);
        put(out, length.into());
    }
}

struct Reader<'b> {
    bytes: &'b [u8],
}

impl<'b> Reader<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (head, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        Some(head)
    }

    fn number(&mut self) -> Option<u128> {
        let mut value = 0u128;
        for shift in (0..128).step_by(7) {
            let byte = *self.take(1)?.first()?;
            let part = u128::from(byte & 0x7f);
            // The last group has room for two bits only.
            if shift == 126 && part > 3 {
                return None;
            }
            value |= part << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn size(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    /// The next prefix of a dictionary, after one at address `last`.
    fn prefix(&mut self, last: u128, bits: u32) -> Option<(u128, u8)> {
        let base = u128::from(bits) + 1;
        let (delta, length) = match self.number()? {
            0 => (self.number()?, self.number()?),
            value => ((value - 1) / base, (value - 1) % base),
        };
        let length = u32::try_from(length)
            .ok()
            .filter(|length| *length <= bits)?;
        let shift = bits - length;
        let block = last.checked_shr(shift).unwrap_or(0).checked_add(delta)?;
        let address = if shift == 128 {
            0
        } else {
            block.checked_mul(1 << shift)?
        };
        Some((address, u8::try_from(length).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const SMALL: &str = r#"{"changeNumber": 7, "cloud": "Public", "values": [
        {"name": "Storage", "properties": {"addressPrefixes": ["20.0.0.0/8", "2603::/16", "20.1.0.0/16", "0.0.0.0/0", "255.255.255.255/32"]}},
        {"name": "Storage.WestEurope", "properties": {"addressPrefixes": []}},
        {"name": "Storage.Wést", "properties": {"addressPrefixes": ["::/0", "::1/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"]}}]}"#;

    #[test]
    fn a_tag_given_twice_is_an_error() {
        let text = br#"{"changeNumber": 1, "values": [
            {"name": "One", "properties": {"addressPrefixes": ["192.0.2.0/24"]}},
            {"name": "ONE", "properties": {"addressPrefixes": ["198.51.100.0/24"]}}]}"#;
        let error = ServiceTags::from_json("tags.json".into(), text).expect_err("given twice");
        assert_eq!(
            error.to_string(),
            "tags.json#/values/1/name: the service tag \"ONE\" is given twice"
        );
    }

    #[test]
    fn compact_form_round_trips() {
        let tags = ServiceTags::from_json("tags.json".into(), SMALL.as_bytes()).expect("valid");
        let bytes = tags.to_compact();
        let again = ServiceTags::from_compact(&bytes).expect("own bytes");
        assert_eq!(again.change_number(), 7);
        assert_eq!(again.to_compact(), bytes);
        assert_eq!(again.get("STORAGE"), tags.get("storage"));
        let storage = again.get("storage").expect("a tag");
        assert!(
            storage.v4.is_full()
                && storage.contains("2603:7::1".parse().expect("an address"))
                && !storage.contains("2604::1".parse().expect("an address"))
        );
        assert!(
            again
                .get("storage.westeurope")
                .is_some_and(|set| set.is_empty())
        );
        assert!(
            again
                .get("Storage.Wést")
                .is_some_and(|set| set.v6.is_full() && set.v4.is_empty())
        );
        assert_eq!(again.get("nope"), None);
        for cut in 0..bytes.len() {
            // Damaged bytes are refused, never a panic.
            assert!(ServiceTags::from_compact(&bytes[..cut]).is_none(), "{cut}");
        }
    }

    #[test]
    fn what_the_azure_cli_prints_and_what_is_wrong() {
        let read = |text: &str| ServiceTags::from_json("tags.json".into(), text.as_bytes());
        assert_eq!(
            read(r#"{"changeNumber": "376", "values": [], "type": "t"}"#)
                .map(|tags| tags.change_number()),
            Ok(376)
        );
        for (text, part) in [
            ("[]", "not Microsoft's service tags file"),
            (
                r#"{"changeNumber": {}, "values": []}"#,
                "/changeNumber: expected a change number",
            ),
            (
                r#"{"changeNumber": 1, "values": [{"name": "A", "properties": {"addressPrefixes": ["10.0.0.0/99"]}}]}"#,
                "/values/0/properties/addressPrefixes/0: \"10.0.0.0/99\" is not a prefix",
            ),
        ] {
            let error = read(text)
                .map(|tags| tags.change_number())
                .expect_err("wrong")
                .to_string();
            assert!(error.contains(part), "{error}");
        }
    }

    #[test]
    fn compiled_in_tags_are_whole() {
        let tags = ServiceTags::embedded();
        assert!(tags.change_number() >= 376);
        let names: Vec<_> = tags.names().map(str::to_owned).collect();
        assert!(names.len() > 3000);
        for name in names {
            assert!(tags.get(&name).is_some(), "{name}");
        }
        assert!(EMBEDDED.len() < 400_000, "{} bytes", EMBEDDED.len());
    }

    #[test]
    fn compiled_in_tags_equal_the_file() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/corpus/azure/service-tags-376.json"
        );
        #[expect(clippy::disallowed_methods, reason = "a test reads its data")]
        let Ok(bytes) = std::fs::read(path) else {
            #[expect(clippy::print_stderr, reason = "a skipped test says so")]
            {
                eprintln!("skipped: no service tags file");
            }
            return;
        };
        let file = ServiceTags::from_json("tags.json".into(), &bytes).expect("Microsoft's file");
        let embedded = ServiceTags::embedded();
        assert_eq!(file.change_number(), embedded.change_number());
        assert!(file.names().eq(embedded.names()));
        // Against the text itself, not only against what was encoded from it.
        let text: serde_json::Value = serde_json::from_slice(&bytes).expect("JSON");
        for tag in text["values"].as_array().expect("a list") {
            let name = tag["name"].as_str().expect("a name");
            let prefixes = tag["properties"]["addressPrefixes"]
                .as_array()
                .expect("a list");
            let set: AddressSet = prefixes
                .iter()
                .filter_map(|prefix| prefix.as_str()?.parse::<IpNet>().ok())
                .collect();
            assert_eq!(embedded.get(name).as_deref(), Some(&set), "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_refused_or_read(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
            let tags = ServiceTags::from_json("tags.json".into(), SMALL.as_bytes()).expect("valid");
            let mut bytes = tags.to_compact();
            for (at, value) in flips {
                let at = at.index(bytes.len());
                bytes[at] = value;
            }
            if let Some(tags) = ServiceTags::from_compact(&bytes) {
                let names: Vec<String> = tags.names().map(str::to_owned).collect();
                for name in names {
                    tags.get(&name);
                }
            }
        }
    }
}
