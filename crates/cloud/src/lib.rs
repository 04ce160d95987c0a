//! Vendor configuration text to the network of `celador-reach`.
//!
//! Bytes come in, a [`Snapshot`] goes out: the vendor-independent network, the
//! machines found in it and everything that could not be understood. A vendor's
//! words end at `<vendor>/convert.rs`. No file is opened and no clock is read.

pub mod azure;

use celador_model::Origin;
use celador_reach::network::{InterfaceId, Network};

/// The configuration of a network at an instant.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// Filters, interfaces and paths, for questions.
    pub network: Network,
    /// Machines that may be data stores, sorted by id.
    pub hosts: Vec<Host>,
    /// What could not be understood, in input order.
    pub warnings: Vec<Warning>,
    /// Change number of the service tags that were used.
    pub service_tags: u32,
}

/// A machine, or what stands for one: a virtual machine, a scale set, or a
/// network interface that belongs to neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host {
    /// Resource id, as it was written.
    pub id: String,
    /// Short name for people.
    pub name: String,
    /// What it is, as reports name it: `vm`, `scale-set`, `nic`.
    pub kind: &'static str,
    /// Every name by which it can be recognised: its own, its interfaces', its
    /// computer name.
    pub names: Vec<String>,
    /// Its own tags and its interfaces', sorted.
    pub tags: Vec<(String, String)>,
    /// Its addresses.
    pub interfaces: Vec<InterfaceId>,
    /// Where it was read; of its interface when it is itself absent.
    pub origin: Origin,
}

/// Something in the input that was not understood or is suspect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Warning {
    /// Where.
    pub origin: Origin,
    /// What, and what follows from it.
    pub message: String,
}
