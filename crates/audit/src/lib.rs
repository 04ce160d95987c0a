//! Stores, networks and questions to reports.
//!
//! The step between a [`celador_cloud::Snapshot`] and what a person or a
//! pipeline reads: which machines are data stores ([`stores`]), what reaches
//! them ([`audit`](mod@audit)), what a change opens ([`diff`](mod@diff)), what every layer says of one
//! packet ([`explain`]), and the versioned wire format of each ([`report`]).
//!
//! Invariant: reports are deterministic, the same input gives the same bytes.
//! No IO: bytes and options come in, values go out.

pub mod audit;
pub mod diff;
pub mod explain;
pub mod inventory;
pub mod lint;
pub mod report;
pub mod source;
pub mod stores;

pub use audit::{Options, Ports, audit};
pub use diff::diff;
