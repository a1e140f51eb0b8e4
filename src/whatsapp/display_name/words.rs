//! What the words of a display name tell.

use std::borrow::Cow;

/// The endings of addresses that are known well enough to refuse a word for.
///
/// The list is short on purpose. Endings that are words or names of their own (`at`, `in`, `it`, `me`, `no`, `us`) are left
/// out, because `Dr.No` is no address: a word with one of them, or with an ending that is not here, is only warned of.
const ENDINGS: &[&str] = &[
    "com", "net", "org", "info", "biz", "edu", "gov", "io", "co", "ai", "app", "dev", "shop", "store", "online",
    "site", "xyz", "eu", "uk", "de", "fr", "es", "pt", "nl", "ch", "pl", "se", "tr", "ru", "ca", "mx", "br", "ar",
    "cl", "za", "ng", "ke", "ae", "cn", "jp", "kr", "sg", "au", "nz",
];

/// Brands of Meta's that nobody else's word contains.
const BRANDS: &[&str] = &["whatsapp", "facebook", "instagram"];

/// The text without characters that show nothing (joiners, soft hyphens, variation selectors), behind which a word could
/// hide from being compared.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    let hidden = |character: char| {
        matches!(
            character,
            '\u{ad}' | '\u{34f}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        )
    };
    if text.contains(hidden) { Cow::Owned(text.replace(hidden, "")) } else { Cow::Borrowed(text) }
}

/// Letters, digits and the marks over them.
///
/// Marks belong to the word, so that an accent that is written on its own does not cut `metàl` after `meta`.
fn in_word(character: char) -> bool {
    character.is_alphanumeric()
        || matches!(
            character,
            '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        )
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character| !in_word(character)).filter(|word| !word.is_empty())
}

/// The words of which one is in a list of lower-case words, as they are written.
pub(super) fn whole<'a>(text: &'a str, list: &[&str]) -> impl Iterator<Item = &'a str> {
    words(text).filter(move |word| list.contains(&word.to_lowercase().as_str()))
}

/// The first word that names one of Meta's brands.
pub(super) fn brand(text: &str) -> Option<&str> {
    words(text).find(|word| {
        let lower = word.to_lowercase();
        lower == "meta" || BRANDS.iter().any(|brand| lower.contains(brand))
    })
}

/// The first word that is an e-mail address: something, `@`, and something with a dot in it.
pub(super) fn email(text: &str) -> Option<&str> {
    let shape = |word: &&str| {
        let Some((local, domain)) = word.split_once('@') else { return false };
        !local.is_empty() && domain.split_once('.').is_some_and(|(name, rest)| !name.is_empty() && !rest.is_empty())
    };
    text.split_whitespace().map(|word| word.trim_matches(|character| !in_word(character))).find(shape)
}

/// The first word that is a web address: with `://` in it, with `www.` in front, or with a known ending.
pub(super) fn web_address(text: &str) -> Option<&str> {
    let known =
        |host: &&str| ending(host).is_some_and(|end| ENDINGS.iter().any(|known| known.eq_ignore_ascii_case(end)));
    let www = |word: &&str| word.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("www."));
    text.split_whitespace()
        .find(|word| word.contains("://"))
        .or_else(|| dotted(text).find(www))
        .or_else(|| hosts(text).find(known))
}

/// The words that have the form of a web address and no known ending, such as `fresh.produce`.
pub(super) fn web_address_like(text: &str) -> impl Iterator<Item = &str> {
    hosts(text).filter(|host| {
        let long = |part: &str| part.chars().count() > 1;
        let Some(end) = ending(host) else { return false };
        let name = host.strip_suffix(end).unwrap_or_default().trim_end_matches('.');
        long(end) && end.chars().all(char::is_alphabetic) && long(name) && name.chars().any(char::is_alphabetic)
    })
}

/// The percentages of a text, such as `20%`.
pub(super) fn percentages(text: &str) -> impl Iterator<Item = &str> {
    const SIGNS: [char; 3] = ['%', '\u{66a}', '\u{ff05}'];
    text.split_inclusive(SIGNS).filter_map(|piece| {
        let number = piece.strip_suffix(SIGNS)?.trim_end();
        number.ends_with(char::is_numeric).then(|| piece.split_whitespace().next_back())?
    })
}

/// Whether a text has a letter or a digit at all.
pub(super) fn any(text: &str) -> bool {
    text.contains(char::is_alphanumeric)
}

/// Words with the dots and hyphens in and after them.
fn dotted(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character| !in_word(character) && !matches!(character, '.' | '-'))
        .map(|word| word.trim_start_matches(['.', '-']))
}

/// Words with the dots and hyphens in them: `Inc.` ends a name like any other word.
fn hosts(text: &str) -> impl Iterator<Item = &str> {
    dotted(text).map(|word| word.trim_end_matches(['.', '-']))
}

/// What stands after the last dot of a word. `S.A.de` and `J.P.Morgan` have initials in front of it and so no ending.
fn ending(host: &str) -> Option<&str> {
    let (rest, end) = host.rsplit_once('.')?;
    let (name, alone) = match rest.rsplit_once('.') {
        Some((_, name)) => (name, false),
        None => (rest, true),
    };
    let initial = !alone && name.chars().count() == 1;
    (!initial && !name.is_empty()).then_some(end)
}
