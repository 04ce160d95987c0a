//! Where a fact was read, so that every answer can cite its source.

use std::fmt;
use std::sync::Arc;

/// A place in the input: a file and a position in it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The path as the user gave it, or `-` for standard input.
    pub file: Arc<str>,
    /// RFC 6901 JSON pointer into the file; empty for the whole document.
    pub pointer: Arc<str>,
}

impl Origin {
    /// An origin from its two parts.
    pub fn new(file: impl Into<Arc<str>>, pointer: impl Into<Arc<str>>) -> Self {
        Self {
            file: file.into(),
            pointer: pointer.into(),
        }
    }

    /// The place one step below this one: an object's key or an array's index.
    ///
    /// The step is escaped as RFC 6901 section 3 asks (`~` and `/`).
    #[must_use]
    pub fn child(&self, step: impl fmt::Display) -> Self {
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        Self {
            file: Arc::clone(&self.file),
            pointer: format!("{}/{step}", self.pointer).into(),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            f.write_str(&self.file)
        } else {
            write!(f, "{}#{}", self.file, self.pointer)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn child_escapes_slash_and_tilde() {
        let origin = Origin::new("nsg.json", "").child("a/b~c").child(0);
        assert_eq!(origin.to_string(), "nsg.json#/a~1b~0c/0");
    }
}
