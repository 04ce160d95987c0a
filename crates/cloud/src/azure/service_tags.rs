//! Service tags: names for the prefixes of Azure's services.
//!
//! The facts are Microsoft's, published weekly as a JSON file ("Azure IP Ranges
//! and Service Tags – Public Cloud"). They are compiled in, in a compact form;
//! the file itself replaces them when a user gives it.
//!
//! Compact form: the bytes `CST1`; then, as LEB128 numbers, the change number
//! and the number of tags; then for each tag, sorted by lower-case name: length
//! and bytes of the name, and the length in bytes of its list. Then the lists in
//! the same order, each the IPv4 part and the IPv6 part: the number of
//! intervals, then for each interval the gap since the last one's end and its
//! length less one. Merged intervals are enough, since a tag is a set.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use celador_model::{Addr, AddressSet, Interval, IntervalSet};
use ipnet::IpNet;

use super::json::InputError;

const MAGIC: &[u8] = b"CST1";
const EMBEDDED: &[u8] = include_bytes!("service_tags.bin");

/// The prefixes of every tag, decoded when they are first asked for.
#[derive(Debug)]
pub struct ServiceTags {
    change_number: u32,
    /// Lower-case name to its encoded list.
    lists: BTreeMap<String, Vec<u8>>,
    decoded: Mutex<BTreeMap<String, Arc<AddressSet>>>,
}

impl ServiceTags {
    /// The tags that are compiled in.
    pub fn embedded() -> Arc<Self> {
        static TAGS: OnceLock<Arc<ServiceTags>> = OnceLock::new();
        Arc::clone(TAGS.get_or_init(|| {
            // A test decodes the compiled-in bytes; were they damaged, every
            // tag would be unknown and so undetermined.
            Arc::new(Self::from_compact(EMBEDDED).unwrap_or_else(|| Self::new(0, BTreeMap::new())))
        }))
    }

    fn new(change_number: u32, lists: BTreeMap<String, Vec<u8>>) -> Self {
        Self {
            change_number,
            lists,
            decoded: Mutex::default(),
        }
    }

    /// Reads Microsoft's file.
    ///
    /// # Errors
    /// The text is no JSON or not of that format.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a name shared by every error of the file"
    )]
    pub fn from_json(file: Arc<str>, bytes: &[u8]) -> Result<Self, InputError> {
        #[derive(serde::Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct File {
            change_number: u32,
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
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let read: File = serde_json::from_slice(bytes).map_err(|error| {
            InputError::at(
                &file,
                String::new(),
                format!("not Microsoft's service tags file: {error}"),
            )
        })?;
        let mut lists = BTreeMap::new();
        for (index, tag) in read.values.iter().enumerate() {
            let mut nets: Vec<IpNet> = Vec::with_capacity(tag.properties.address_prefixes.len());
            for (place, prefix) in tag.properties.address_prefixes.iter().enumerate() {
                nets.push(prefix.parse().map_err(|_| {
                    InputError::at(
                        &file,
                        format!("/values/{index}/properties/addressPrefixes/{place}"),
                        format!("\"{prefix}\" is not a prefix"),
                    )
                })?);
            }
            let set: AddressSet = nets.into_iter().collect();
            lists.insert(tag.name.to_ascii_lowercase(), encode(&set));
        }
        Ok(Self::new(read.change_number, lists))
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
        let list = self.lists.get(&name)?;
        let mut decoded = self.decoded.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = decoded.get(&name) {
            return Some(Arc::clone(known));
        }
        let mut reader = Reader { bytes: list };
        let set = Arc::new(AddressSet {
            v4: reader.intervals(u128::from(u32::MAX), |value| u32::try_from(value).ok())?,
            v6: reader.intervals(u128::MAX, Some)?,
        });
        decoded.insert(name, Arc::clone(&set));
        Some(set)
    }

    /// The compact form; [`Self::embedded`] reads what this wrote.
    pub fn to_compact(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        put(&mut out, u128::from(self.change_number));
        put(&mut out, self.lists.len() as u128);
        for (name, list) in &self.lists {
            put(&mut out, name.len() as u128);
            out.extend_from_slice(name.as_bytes());
            put(&mut out, list.len() as u128);
        }
        for list in self.lists.values() {
            out.extend_from_slice(list);
        }
        out
    }

    /// Reads the compact form; `None` when the bytes are damaged.
    pub fn from_compact(bytes: &[u8]) -> Option<Self> {
        let mut reader = Reader {
            bytes: bytes.strip_prefix(MAGIC)?,
        };
        let change_number = u32::try_from(reader.number()?).ok()?;
        let count = usize::try_from(reader.number()?).ok()?;
        let mut sizes = Vec::new();
        for _ in 0..count {
            let length = usize::try_from(reader.number()?).ok()?;
            let name = std::str::from_utf8(reader.take(length)?).ok()?.to_owned();
            sizes.push((name, usize::try_from(reader.number()?).ok()?));
        }
        let mut lists = BTreeMap::new();
        for (name, size) in sizes {
            lists.insert(name, reader.take(size)?.to_vec());
        }
        Some(Self::new(change_number, lists))
    }
}

fn encode(set: &AddressSet) -> Vec<u8> {
    fn part<T: Addr>(out: &mut Vec<u8>, set: &IntervalSet<T>, wide: impl Fn(T) -> u128) {
        put(out, set.intervals().len() as u128);
        let mut last = 0u128;
        for interval in set.intervals() {
            put(out, wide(interval.lo) - last);
            put(out, wide(interval.hi) - wide(interval.lo));
            last = wide(interval.hi);
        }
    }
    let mut out = Vec::new();
    part(&mut out, &set.v4, u128::from);
    part(&mut out, &set.v6, |value| value);
    out
}

fn put(out: &mut Vec<u8>, mut value: u128) {
    while value >= 0x80 {
        out.push(0x80 | (value & 0x7f) as u8);
        value >>= 7;
    }
    out.push((value & 0x7f) as u8);
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
            value |= u128::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn intervals<T: Addr>(
        &mut self,
        max: u128,
        narrow: impl Fn(u128) -> Option<T>,
    ) -> Option<IntervalSet<T>> {
        let count = self.number()?;
        let mut out = Vec::new();
        let mut last = 0u128;
        for _ in 0..count {
            let lo = last.checked_add(self.number()?)?;
            let hi = lo.checked_add(self.number()?)?;
            if hi > max {
                return None;
            }
            out.push(Interval::new(narrow(lo)?, narrow(hi)?)?);
            last = hi;
        }
        Some(out.into_iter().collect())
    }
}

#[cfg(test)]
#[allow(
    clippy::disallowed_methods,
    clippy::print_stderr,
    reason = "a test reads its data and says when it is absent"
)]
mod tests {
    use super::*;

    const SMALL: &str = r#"{"changeNumber": 7, "cloud": "Public", "values": [
        {"name": "Storage", "properties": {"addressPrefixes": ["20.0.0.0/8", "2603::/16"]}},
        {"name": "Storage.WestEurope", "properties": {"addressPrefixes": []}}]}"#;

    #[test]
    fn compact_form_round_trips() {
        let tags = ServiceTags::from_json("tags.json".into(), SMALL.as_bytes()).expect("valid");
        let bytes = tags.to_compact();
        let again = ServiceTags::from_compact(&bytes).expect("own bytes");
        assert_eq!(again.change_number(), 7);
        assert_eq!(again.get("STORAGE"), tags.get("storage"));
        assert!(
            again
                .get("storage.westeurope")
                .is_some_and(|set| set.is_empty())
        );
        assert_eq!(again.get("nope"), None);
        for cut in 0..bytes.len() {
            // Damaged bytes are refused, never a panic.
            assert!(ServiceTags::from_compact(&bytes[..cut]).is_none(), "{cut}");
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
    }

    #[test]
    fn compiled_in_tags_equal_the_file() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/corpus/azure/service-tags-376.json"
        );
        let Ok(bytes) = std::fs::read(path) else {
            eprintln!("skipped: no service tags file");
            return;
        };
        let file = ServiceTags::from_json("tags.json".into(), &bytes).expect("Microsoft's file");
        let embedded = ServiceTags::embedded();
        assert_eq!(file.change_number(), embedded.change_number());
        assert!(file.names().eq(embedded.names()));
        for name in file.names() {
            assert_eq!(file.get(name), embedded.get(name), "{name}");
        }
    }
}
