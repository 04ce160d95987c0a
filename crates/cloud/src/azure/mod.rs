//! Azure: what `az … show/list`, Azure Resource Graph and
//! `az network nic list-effective-nsg` print, to a [`Snapshot`](crate::Snapshot).
//!
//! [`parse()`] takes one file and keeps what matters in compact form; it can run
//! on several threads. [`convert()`] takes all of them and builds the network.

mod address;
mod convert;
mod fast;
mod id;
mod json;
mod model;
mod parse;
mod rules;
mod service_tags;
mod space;

pub use convert::convert;
pub use json::InputError;
pub use parse::{Parsed, parse};
pub use service_tags::ServiceTags;
