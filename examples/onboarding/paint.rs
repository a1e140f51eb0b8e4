//! How the story is put on a page of 80 columns: colour only where somebody looks, words broken at blanks.

use std::borrow::Cow;
use std::fmt::Display;

use anstyle::{AnsiColor, Style};
use textwrap::{Options, WordSplitter};

/// The width of a page.
pub const COLUMNS: usize = 80;

/// Paints, or leaves as it is.
#[derive(Clone, Copy)]
pub struct Paint {
    coloured: bool,
}

impl Paint {
    pub fn new(coloured: bool) -> Self {
        Self { coloured }
    }

    pub fn good(self, text: impl Display) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    pub fn bad(self, text: impl Display) -> String {
        self.with(AnsiColor::Red.on_default(), text)
    }

    pub fn waits(self, text: impl Display) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    pub fn faint(self, text: impl Display) -> String {
        self.with(Style::new().dimmed(), text)
    }

    pub fn strong(self, text: impl Display) -> String {
        self.with(Style::new().bold(), text)
    }

    fn with(self, style: Style, text: impl Display) -> String {
        if self.coloured { format!("{style}{text}{style:#}") } else { text.to_string() }
    }
}

/// Breaks a text into lines no wider than the page when each stands after so many columns.
pub fn wrap(text: &str, indent: usize) -> Vec<String> {
    let width = COLUMNS.saturating_sub(indent);
    let options = Options::new(width).word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options).into_iter().map(Cow::into_owned).collect()
}
