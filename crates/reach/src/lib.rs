//! Exact packet-set reasoning over a vendor-independent network.
//!
//! The question is always about known destinations, so nothing here builds one
//! big decision diagram. For one interface the destination-port line is cut at
//! every rule's border into slabs (`slab`); in each slab the rules compete
//! for the source-address line by first match (`first_match`); the layers in
//! front of the interface are walked side by side and every address gets the
//! rule that decides it at each layer ([`question`]). Sets, shortest prefix
//! lists and witnesses follow from the intervals.
//!
//! Invariants: no IO and no vendor's words; every answer is exact, and what is
//! unknown makes undetermined precisely the packets it can change.

pub mod cidr;
pub mod family;
mod first_match;
mod grid;
mod line;
pub mod network;
pub mod question;
mod slab;

pub use cidr::minimal_prefixes;
pub use family::Family;
