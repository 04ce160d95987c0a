//! Names of a store's in paths and queries.

use std::fmt::Write as _;

/// What RFC 3986 leaves alone, and `kept`, as it is; all else by percent.
pub(super) fn escaped(text: &str, kept: &[u8]) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || kept.contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_encoded_once() {
        assert_eq!(escaped("a/b c+é&", b"/"), "a/b%20c%2B%C3%A9%26");
        assert_eq!(escaped("a/b", b""), "a%2Fb");
    }
}
