//! Characters that names and texts for others must not hide.

/// Whether a character controls and shows nothing: a control character or any kind of line break.
pub(crate) fn is_control(character: char) -> bool {
    character.is_control() || matches!(character, '\u{2028}' | '\u{2029}')
}

/// Whether a character turns the direction of the text around it: an embedding, an override, an isolate, or the end of one.
pub(crate) const fn is_bidirectional(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
