//! Colour, where it is wanted.

use std::io::IsTerminal as _;

use crate::args::ColorArg;

/// Paints text or leaves it alone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Style {
    on: bool,
}

impl Style {
    /// Colour by the option, `NO_COLOR` (any value but the empty one) and
    /// whether standard output is a terminal.
    pub(crate) fn new(arg: ColorArg) -> Self {
        let forbidden = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            on: match arg {
                ColorArg::Always => true,
                ColorArg::Never => false,
                ColorArg::Auto => !forbidden && !dumb && std::io::stdout().is_terminal(),
            },
        }
    }

    fn paint(self, code: &str, text: &str) -> String {
        if self.on {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    pub(crate) fn bad(self, text: &str) -> String {
        self.paint("1;31", text)
    }

    pub(crate) fn doubt(self, text: &str) -> String {
        self.paint("1;33", text)
    }

    pub(crate) fn good(self, text: &str) -> String {
        self.paint("32", text)
    }

    pub(crate) fn strong(self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(crate) fn faint(self, text: &str) -> String {
        self.paint("2", text)
    }
}
