//! Personal data found in every form people write it. No IO.

pub mod checksum;
