//! Azure's resources to the vendor-independent network.
//!
//! The one place where Azure's words become filters, zones, interfaces and
//! paths. Invariant: whatever is referenced and absent, contradictory, unknown
//! or not modelled becomes an [`Unknown`] exactly where it can change an
//! answer. What is not referenced at all is taken not to exist.
//!
//! The result depends on what was read and not on the order of the files; only
//! warnings keep that order.
//!
//! [`Unknown`]: celador_reach::network::Unknown

mod book;
mod filters;
mod hosts;
mod paths;
mod resolve;
mod world;
mod zones;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use celador_model::{AddressSet, Origin};
use celador_reach::network::{
    AddressMatch, FilterId, GroupId, Interface, Network, UnknownId, Zone, ZoneId,
};

use self::book::Book;
use self::paths::Detours;
use self::world::{Key, World};
use super::model::Parsed;
use super::service_tags::ServiceTags;
use crate::Snapshot;

/// Builds the network from everything that was read.
pub fn convert(parsed: Vec<Parsed>, tags: &ServiceTags) -> Snapshot {
    let mut warnings = Vec::new();
    let mut order: HashMap<Arc<str>, usize> = HashMap::new();
    let mut parsed = parsed;
    for file in &mut parsed {
        let next = order.len();
        order.entry(Arc::clone(&file.file)).or_insert(next);
        warnings.append(&mut file.warnings);
    }
    let mut book = Book::default();
    let missing_page = missing_page(&parsed, &mut book);
    let (world, nsgs) = World::gather(parsed, tags, &mut book);
    let mut converter = Converter {
        detours: Detours::default(),
        missing_page,
        world: &world,
        tags,
        book,
        filters: BTreeMap::new(),
        effective: HashMap::new(),
        built: Vec::new(),
        interfaces: Vec::new(),
        zones: Vec::new(),
        zone_ids: HashMap::new(),
        zone_contents: HashMap::new(),
        members: BTreeMap::new(),
    };
    converter.filters(nsgs);
    converter.index_members();
    converter.detours();
    let hosts = converter.hosts();
    let Converter {
        book,
        built: filters,
        interfaces,
        zones,
        ..
    } = converter;
    let place = |file: &str| order.get(file).copied().unwrap_or(usize::MAX);
    warnings.extend(book.warnings);
    warnings.sort_by_key(|warning| place(&warning.origin.file));
    Snapshot {
        network: Network {
            filters,
            zones,
            interfaces,
            unknowns: book.unknowns,
        },
        hosts,
        warnings,
        service_tags: tags.change_number(),
    }
}

/// The network in the making.
struct Converter<'w> {
    world: &'w World,
    tags: &'w ServiceTags,
    book: Book,
    /// The filter of every NSG, or why it cannot be said.
    filters: BTreeMap<Key, Result<FilterId, UnknownId>>,
    /// The same for subnets and interfaces of which effective rules are given.
    effective: HashMap<Key, Result<FilterId, UnknownId>>,
    built: Vec<celador_reach::network::Filter>,
    interfaces: Vec<Interface>,
    zones: Vec<Zone>,
    zone_ids: HashMap<(Key, Key, Key), ZoneId>,
    zone_contents: HashMap<zones::Content, ZoneId>,
    /// Certain addresses of the members of every application security group.
    members: BTreeMap<GroupId, AddressSet>,
    detours: Detours,
    /// The export has more pages than the input.
    missing_page: Option<UnknownId>,
}

/// Whether a page of an export is missing: one says that more follow, and the
/// pages of its kind do not add up to the records they speak of.
fn missing_page(parsed: &[Parsed], book: &mut Book) -> Option<UnknownId> {
    let mut counts: BTreeMap<u64, u64> = BTreeMap::new();
    for page in parsed.iter().flat_map(|file| &file.pages) {
        if let Some(total) = page.total {
            *counts.entry(total).or_default() += page.count;
        }
    }
    let whole = |total: Option<u64>| {
        total.is_some_and(|total| counts.get(&total).is_some_and(|count| *count >= total))
    };
    let mut files: Vec<&Arc<str>> = parsed
        .iter()
        .filter(|file| {
            file.pages
                .iter()
                .any(|page| page.more && !whole(page.total))
        })
        .map(|file| &file.file)
        .collect();
    files.sort();
    files.first().map(|file| {
        book.unknown(
            "truncated".to_owned(),
            "the export has more pages than the input".to_owned(),
            &Origin::new(Arc::clone(file), ""),
        )
    })
}

/// An index as ids hold it. A network has far fewer parts than this can count.
fn number(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Any address of both families.
const ANY: AddressMatch = AddressMatch::Any;
