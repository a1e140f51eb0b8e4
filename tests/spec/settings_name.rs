//! What a channel may be called, and what reason auto-resolve may give.

use std::cell::Cell;

use proptest::prelude::*;
use whatsapp_inbox::rule::{Explain, Limit, Rule};
use whatsapp_inbox::settings::{ChannelName, ResolveReason, Settings, TextError};

use crate::random::runner;

/// Everything Unicode calls white space, by hand.
const WHITE_SPACE: [char; 25] = [
    '\t', '\n', '\u{b}', '\u{c}', '\r', ' ', '\u{85}', '\u{a0}', '\u{1680}', '\u{2000}', '\u{2001}', '\u{2002}',
    '\u{2003}', '\u{2004}', '\u{2005}', '\u{2006}', '\u{2007}', '\u{2008}', '\u{2009}', '\u{200a}', '\u{2028}',
    '\u{2029}', '\u{202f}', '\u{205f}', '\u{3000}',
];
/// Embeddings, overrides, isolates, and the ends of them.
const TURNS: [char; 9] =
    ['\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];
const LONGEST: usize = 255;

/// What a text becomes, or where it breaks which rule: told slowly, one character after another.
fn model(text: &str) -> Result<String, Broken> {
    let characters: Vec<char> = text.chars().collect();
    let white = |character: &char| WHITE_SPACE.contains(character);
    let from = characters.iter().position(|character| !white(character)).unwrap_or(characters.len());
    let to = characters.iter().rposition(|character| !white(character)).map_or(from, |last| last + 1);
    let kept = &characters[from..to];
    if kept.is_empty() || kept.len() > LONGEST {
        return Err(Broken::Length(kept.len()));
    }
    let control = |character: char| matches!(u32::from(character), 0..=0x1f | 0x7f..=0x9f | 0x2028 | 0x2029);
    for (position, character) in kept.iter().copied().enumerate() {
        if control(character) || TURNS.contains(&character) {
            return Err(Broken::Character(character, position));
        }
    }
    Ok(kept.iter().collect())
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Broken {
    Length(usize),
    Character(char, usize),
}

fn broken(error: TextError) -> Broken {
    match error {
        TextError::Length { characters, .. } => Broken::Length(characters),
        TextError::Character { character, position, .. } => Broken::Character(character, position),
        other => panic!("{other:?}"),
    }
}

/// A name and a reason of the same text, which are told alike.
#[track_caller]
fn told(text: &str) -> Result<String, Broken> {
    let name = ChannelName::new(text).map(|name| name.as_str().to_owned()).map_err(broken);
    let reason = ResolveReason::new(text).map(|reason| reason.as_str().to_owned()).map_err(broken);
    assert_eq!(name, reason, "{text:?}");
    assert_eq!(name, text.parse::<ChannelName>().map(|name| name.to_string()).map_err(broken));
    assert_eq!(reason, text.parse::<ResolveReason>().map(|reason| reason.to_string()).map_err(broken));
    name
}

#[test]
fn settings_name_length_counts_scalar_values_up_to_255() {
    // Given a character of one, two, three and four bytes, a combining mark, and a joiner,
    for character in ["x", "é", "€", "𝄞", "🥐", "\u{10ffff}", "\u{301}", "\u{200d}", "\u{fe0f}"] {
        // when it stands there 255 times, then that is a name, and once more is one too long.
        assert_eq!(told(&character.repeat(255)), Ok(character.repeat(255)));
        assert_eq!(told(&character.repeat(256)), Err(Broken::Length(256)), "{character:?}");
        assert_eq!(told(character), Ok(character.to_owned()));
    }
    // A family of seven scalar values, and a letter with its accent apart, count each of theirs.
    let family = "👩\u{200d}👩\u{200d}👧\u{200d}👦";
    assert_eq!(told(&(family.repeat(36) + "xyz")), Ok(family.repeat(36) + "xyz"));
    assert_eq!(told(&(family.repeat(36) + "wxyz")), Err(Broken::Length(256)));
    assert_eq!(told(&("e\u{301}".repeat(127) + "e")), Ok("e\u{301}".repeat(127) + "e"));
    assert_eq!(told(&"e\u{301}".repeat(128)), Err(Broken::Length(256)));
}

#[test]
fn settings_name_length_is_that_of_the_trimmed_name() {
    for white in WHITE_SPACE {
        // Given white space of every kind around a name, then it is no part of it, also where it would be too long with it.
        assert_eq!(told(&format!("{white}Orders{white}{white}")), Ok("Orders".to_owned()), "{white:?}");
        let longest = "x".repeat(255);
        assert_eq!(told(&format!("{white}{longest}{white}")), Ok(longest), "{white:?}");
        assert_eq!(told(&format!("{white}{}{white}", "é".repeat(256))), Err(Broken::Length(256)));
        // Nothing but white space is nothing.
        assert_eq!(told(&white.to_string().repeat(300)), Err(Broken::Length(0)), "{white:?}");
    }
    assert_eq!(told(""), Err(Broken::Length(0)));
    assert_eq!(told(&WHITE_SPACE.iter().collect::<String>()), Err(Broken::Length(0)));
    // What only looks like nothing is a character.
    for unseen in ['\u{200b}', '\u{feff}', '\u{2060}', '\u{ad}', '\u{180e}'] {
        assert_eq!(told(&unseen.to_string()), Ok(unseen.to_string()), "{unseen:?}");
        assert_eq!(told(&format!("{unseen}x")), Ok(format!("{unseen}x")), "{unseen:?}");
    }
}

#[test]
fn settings_name_text_keeps_white_space_within_that_breaks_no_line() {
    let breaks = ['\t', '\n', '\u{b}', '\u{c}', '\r', '\u{85}', '\u{2028}', '\u{2029}'];
    for white in WHITE_SPACE {
        let text = format!("a{white}b");
        let wanted = if breaks.contains(&white) { Err(Broken::Character(white, 1)) } else { Ok(text.clone()) };
        assert_eq!(told(&text), wanted, "{white:?}");
    }
}

#[test]
fn settings_name_text_refuses_every_control_character_line_break_and_change_of_direction() {
    let mut refused = 0;
    for character in (0..=0x0010_ffff).filter_map(char::from_u32) {
        // Given any character at all between two others, then it is refused if and only if the rule names it.
        let wanted = matches!(u32::from(character), 0..=0x1f | 0x7f..=0x9f | 0x2028..=0x2029 | 0x202a..=0x202e | 0x2066..=0x2069);
        let name = ChannelName::new(&format!("a{character}b"));
        assert_eq!(name.is_err(), wanted, "{character:?}");
        if let Err(error) = name {
            assert_eq!(broken(error), Broken::Character(character, 1));
            assert_eq!(error.rule(), Rule::SettingsNameText);
            refused += 1;
        }
    }
    assert_eq!(refused, 32 + 33 + 2 + 9);
}

#[test]
fn settings_name_text_tells_the_first_bad_character_and_its_place() {
    // The place is counted in characters, from the first that is no white space.
    assert_eq!(told("  é🥐\u{202e}x\0"), Err(Broken::Character('\u{202e}', 2)));
    assert_eq!(told("\u{2066}x"), Err(Broken::Character('\u{2066}', 0)));
    assert_eq!(told("x\u{7f}"), Err(Broken::Character('\u{7f}', 1)));
    assert_eq!(told("\0"), Err(Broken::Character('\0', 0)));
    // A name that is too long and has a bad character is told that it is too long.
    assert_eq!(told(&("\0".repeat(256))), Err(Broken::Length(256)));
    assert_eq!(told(&("\0".repeat(255))), Err(Broken::Character('\0', 0)));
    // Arabic and Hebrew letters turn themselves, and are fine; so are the marks that only hint at a direction.
    for fine in ["مخبز الميناء", "מאפיית הנמל", "x\u{200e}", "x\u{200f}y", "\u{61c}x"] {
        assert_eq!(told(fine), Ok(fine.to_owned()));
    }
}

#[test]
fn settings_name_length_tells_limit_length_unit_code_and_rule() {
    let error = ChannelName::new(&"é".repeat(256)).unwrap_err();
    assert_eq!(error.to_string(), "a channel name has 1 to 255 characters, and this one has 256");
    assert_eq!((error.code(), error.rule()), ("text-length", Rule::SettingsNameLength));
    assert_eq!(error.limit(), Some(Limit::new(1, 255, "characters")));
    let error = ChannelName::new("  ").unwrap_err();
    assert_eq!(error.to_string(), "a channel name has 1 to 255 characters, and this one has 0");
    let error = ChannelName::new("a\nb").unwrap_err();
    let sentence =
        "a channel name is one line without control characters or changes of direction, and this one has U+000A";
    assert_eq!(error.to_string(), sentence);
    assert_eq!((error.code(), error.rule(), error.limit()), ("text-character", Rule::SettingsNameText, None));
}

#[test]
fn settings_resolve_reason_is_a_line_of_255_characters_too() {
    let error = ResolveReason::new(&"x".repeat(256)).unwrap_err();
    assert_eq!(error.to_string(), "a resolve reason has 1 to 255 characters, and this one has 256");
    assert_eq!((error.code(), error.rule()), ("text-length", Rule::SettingsResolveReason));
    assert_eq!(error.limit(), Some(Limit::new(1, 255, "characters")));
    let error = ResolveReason::new("a\u{202e}b").unwrap_err();
    assert_eq!((error.code(), error.rule(), error.limit()), ("text-character", Rule::SettingsResolveReason, None));
    assert!(error.to_string().starts_with("a resolve reason is one line without"), "{error}");
}

#[test]
fn settings_resolve_reason_of_a_channel_that_has_set_none_is_built_in() {
    use whatsapp_inbox::settings::{AutoResolvePolicy, Source};
    // Given a channel that has set no reason, then there is one all the same, and it is a legal one.
    let settings = Settings::new(ChannelName::new("Orders").unwrap());
    let built_in = settings.resolve_reason();
    assert_eq!(
        (built_in.value.as_str(), built_in.source),
        ("no message within the auto-resolve window", Source::BuiltIn)
    );
    assert_eq!(ResolveReason::new(built_in.value.as_str()), Ok(ResolveReason::built_in()));
    // When one is set, then it is the channel's.
    let set = settings.with().resolve_reason(" Gone quiet ").build(&AutoResolvePolicy::default()).unwrap();
    assert_eq!((set.resolve_reason().value.as_str(), set.resolve_reason().source), ("Gone quiet", Source::Channel));
}

#[test]
fn settings_name_length_in_json_is_held_too() {
    // Given a name in JSON, then it is checked and trimmed as any other; what is no text is none.
    let read = |json: String| serde_json::from_str::<ChannelName>(&json);
    assert_eq!(read("\" Orders \"".to_owned()).unwrap().as_str(), "Orders");
    assert_eq!(read("\"caf\\u00e9\"".to_owned()).unwrap().as_str(), "café");
    assert!(read(format!("\"{}\"", "x".repeat(255))).is_ok());
    let error = read(format!("\"{}\"", "x".repeat(256))).unwrap_err().to_string();
    assert!(error.contains("1 to 255 characters, and this one has 256"), "{error}");
    for wrong in ["7", "null", "[]", "{}", "true", "\"\"", "\"a\\u0000b\""] {
        assert!(read(wrong.to_owned()).is_err(), "{wrong}");
        assert!(serde_json::from_str::<ResolveReason>(wrong).is_err(), "{wrong}");
    }
    let name = ChannelName::new("\"Brot\" \\ Brötchen").unwrap();
    assert_eq!(read(serde_json::to_string(&name).unwrap()).unwrap(), name);
}

/// Texts around every edge of the rule: of plain letters, of anything, nearly 255 long, with what is hostile in them.
fn texts() -> impl Strategy<Value = String> {
    let plain = prop_oneof![Just('x'), Just(' '), Just('~'), Just('\u{7e}'), proptest::char::range(' ', '~')];
    let wild = prop_oneof![
        8 => proptest::char::any(),
        4 => Just('é'),
        2 => proptest::sample::select(WHITE_SPACE.to_vec()),
        1 => proptest::sample::select(TURNS.to_vec()),
        1 => proptest::char::range('\0', '\u{9f}'),
    ];
    let lengths = prop_oneof![0_usize..4, 250_usize..260];
    let plain_line = prop::collection::vec(plain, 0..260);
    let repeated = (lengths, wild.clone(), 0_usize..3).prop_map(|(length, one, spaces)| {
        format!("{}{}{}", " ".repeat(spaces), one.to_string().repeat(length), "\u{3000}".repeat(spaces))
    });
    let of = |characters: Vec<char>| characters.into_iter().collect::<String>();
    let one_bad =
        (prop::collection::vec(proptest::char::range(' ', '~'), 1..256), wild.clone(), any::<prop::sample::Index>())
            .prop_map(|(mut line, bad, place)| {
                let place = place.index(line.len());
                line[place] = bad;
                line.into_iter().collect::<String>()
            });
    prop_oneof![plain_line.prop_map(of), prop::collection::vec(wild, 0..12).prop_map(of), repeated, one_bad]
}

#[test]
fn settings_name_text_and_settings_name_length_are_as_a_slow_model_has_them() {
    let counts = [const { Cell::new(0_u32) }; 4];
    let law = |text: String| {
        let wanted = model(&text);
        prop_assert_eq!(&told(&text), &wanted, "{:?}", text);
        let which = match &wanted {
            Ok(kept) if kept.is_ascii() => 0,
            Ok(_) => 1,
            Err(Broken::Length(_)) => 2,
            Err(Broken::Character(..)) => 3,
        };
        counts[which].set(counts[which].get() + 1);
        // A name that is accepted is accepted again as it is.
        if let Ok(kept) = wanted {
            prop_assert_eq!(told(&kept), Ok(kept));
        }
        Ok(())
    };
    runner(3000).run(&texts(), law).unwrap();
    let seen = counts.map(|count| count.get());
    assert!(seen.iter().all(|count| *count >= 200), "plain, beyond ASCII, length, character: {seen:?}");
}
