//! Exact packet-set reasoning over a vendor-independent network.
pub mod network;
