//! The command `celador`.
fn main() {}
