//! Walking over a body that nobody has looked at yet, and finding out on the way whether it is JSON.
//!
//! So a body is gone over once for both. It is walked without recursion: what is open around a place stands in a list, so that
//! no depth of nesting reaches the stack.

use std::borrow::Cow;

use super::cursor::{plain_bytes, text};

/// A place in a text that may be JSON. Once it turns out not to be, the scanner is at its end and stays there.
pub(super) struct Scanner<'a> {
    json: &'a str,
    at: usize,
    broken: bool,
    /// The brackets that are open around the value that is passed.
    open: Vec<u8>,
}

impl<'a> Scanner<'a> {
    /// At the first value of a text.
    pub(super) fn new(json: &'a str) -> Self {
        let mut scanner = Self { json, at: 0, broken: false, open: Vec::new() };
        scanner.pass_white_space();
        scanner
    }

    /// Whether the text was JSON, to its end.
    pub(super) fn finish(mut self) -> bool {
        self.pass_white_space();
        !self.broken && self.at == self.json.len()
    }

    /// Where it is, in bytes.
    pub(super) const fn at(&self) -> usize {
        self.at
    }

    /// The text from there to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.json.get(start..self.at).unwrap_or_default()
    }

    /// Visits each member of an object with its key as it is written; tells whether there is an object here.
    pub(super) fn members(&mut self, mut visit: impl FnMut(&'a str, &mut Self)) -> bool {
        if self.byte() != Some(b'{') {
            return false;
        }
        self.step();
        self.pass_white_space();
        if self.closed_by(b'}') {
            return true;
        }
        while !self.broken {
            let key = self.key();
            let start = self.at;
            visit(key, self);
            self.pass_unread(start);
            if !self.goes_on(b'}') {
                break;
            }
        }
        true
    }

    /// Visits each element of an array; tells whether there is an array here.
    pub(super) fn elements(&mut self, mut visit: impl FnMut(&mut Self)) -> bool {
        if self.byte() != Some(b'[') {
            return false;
        }
        self.step();
        self.pass_white_space();
        if self.closed_by(b']') {
            return true;
        }
        while !self.broken {
            let start = self.at;
            visit(self);
            self.pass_unread(start);
            if !self.goes_on(b']') {
                break;
            }
        }
        true
    }

    /// Passes over one value and gives its text as it came.
    pub(super) fn value(&mut self) -> &'a str {
        self.value_and_depth().0
    }

    /// Passes over one value and gives its text as it came, with how deep it is nested: 0 for what holds nothing.
    pub(super) fn value_and_depth(&mut self) -> (&'a str, usize) {
        let start = self.at;
        let depth = if let Some(b'{' | b'[') = self.byte() {
            self.pass_nested()
        } else {
            self.pass_scalar();
            0
        };
        (self.since(start), depth)
    }

    /// Passes over one value and gives the text that it is: a string, or a number as it is written.
    pub(super) fn text(&mut self) -> Option<Cow<'a, str>> {
        text(self.value())
    }

    /// Passes over an object or array, and tells how deep it is nested.
    fn pass_nested(&mut self) -> usize {
        let mut deepest = 0;
        self.open.clear();
        loop {
            match self.byte() {
                Some(bracket @ (b'{' | b'[')) => {
                    self.open.push(bracket);
                    deepest = deepest.max(self.open.len());
                    self.step();
                    self.pass_white_space();
                    if self.byte() != Some(closing(bracket)) {
                        self.pass_key_in(bracket);
                        continue;
                    }
                }
                _ => self.pass_scalar(),
            }
            if self.closes_all() {
                return deepest;
            }
        }
    }

    /// Behind a value: leaves what closes here. Tells whether that was all; if not, the next value begins here.
    fn closes_all(&mut self) -> bool {
        while let Some(bracket) = self.open.last().copied() {
            if self.goes_on(closing(bracket)) {
                self.pass_key_in(bracket);
                return false;
            }
            self.open.pop();
        }
        true
    }

    fn pass_key_in(&mut self, bracket: u8) {
        if bracket == b'{' {
            self.key();
        }
    }

    /// Passes over a key and the colon behind it.
    fn key(&mut self) -> &'a str {
        let start = self.at.saturating_add(1);
        if self.byte() != Some(b'"') {
            self.break_off();
            return "";
        }
        self.pass_string();
        let key = self.json.get(start..self.at.saturating_sub(1)).unwrap_or_default();
        self.pass_white_space();
        if self.byte() != Some(b':') {
            self.break_off();
        }
        self.step();
        self.pass_white_space();
        key
    }

    fn pass_scalar(&mut self) {
        match self.byte() {
            Some(b'"') => self.pass_string(),
            Some(b'-' | b'0'..=b'9') => self.pass_number(),
            Some(b't') => self.pass_word("true"),
            Some(b'f') => self.pass_word("false"),
            Some(b'n') => self.pass_word("null"),
            _ => self.break_off(),
        }
    }

    fn pass_string(&mut self) {
        self.step();
        loop {
            let plain = plain_bytes(self.rest());
            self.at = self.at.saturating_add(plain);
            match self.byte() {
                Some(b'"') => return self.step(),
                Some(b'\\') => self.pass_escape(),
                _ => return self.break_off(),
            }
        }
    }

    fn pass_escape(&mut self) {
        self.step();
        match self.byte() {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.step(),
            Some(b'u') => {
                let digits = self.rest().get(1..5).unwrap_or_default();
                if digits.len() == 4 && digits.iter().all(u8::is_ascii_hexdigit) {
                    self.at = self.at.saturating_add(5);
                } else {
                    self.break_off();
                }
            }
            _ => self.break_off(),
        }
    }

    fn pass_number(&mut self) {
        if self.byte() == Some(b'-') {
            self.step();
        }
        if self.byte() == Some(b'0') {
            self.step();
        } else {
            self.pass_digits();
        }
        if self.byte() == Some(b'.') {
            self.step();
            self.pass_digits();
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.step();
            if let Some(b'+' | b'-') = self.byte() {
                self.step();
            }
            self.pass_digits();
        }
    }

    /// One digit at least.
    fn pass_digits(&mut self) {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.byte() {
            self.step();
        }
        if self.at == start {
            self.break_off();
        }
    }

    fn pass_word(&mut self, word: &str) {
        if self.rest().starts_with(word.as_bytes()) {
            self.at = self.at.saturating_add(word.len());
        } else {
            self.break_off();
        }
    }

    /// Behind a member or element: tells whether another one begins here. If not, it is closed.
    fn goes_on(&mut self, closing: u8) -> bool {
        self.pass_white_space();
        if self.byte() == Some(b',') {
            self.step();
            self.pass_white_space();
            return true;
        }
        if !self.closed_by(closing) {
            self.break_off();
        }
        false
    }

    fn closed_by(&mut self, closing: u8) -> bool {
        let closed = self.byte() == Some(closing);
        if closed {
            self.step();
        }
        closed
    }

    fn pass_unread(&mut self, start: usize) {
        if self.at == start {
            self.value();
        }
    }

    fn pass_white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.byte() {
            self.step();
        }
    }

    fn break_off(&mut self) {
        self.broken = true;
        self.at = self.json.len();
    }

    fn rest(&self) -> &'a [u8] {
        self.json.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn byte(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn step(&mut self) {
        self.at = self.at.saturating_add(1);
    }
}

/// The bracket that closes another.
const fn closing(bracket: u8) -> u8 {
    if bracket == b'{' { b'}' } else { b']' }
}
