//! What can be told of a display name before Meta reviews it.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use whatsapp_inbox::rule::{Explain, Limit, Rule};
use whatsapp_inbox::whatsapp::{DisplayName, DisplayNameError, DisplayNameWarning, Judgement};

/// The code of the refusal, the codes of the warnings, or nothing.
fn judged(name: &str) -> String {
    match DisplayName::judge(name) {
        Judgement::Refused(error) => error.code().to_owned(),
        Judgement::Warned(warnings) => warnings.iter().map(DisplayNameWarning::code).collect::<Vec<_>>().join(" "),
        Judgement::MetaDecides => "meta-decides".to_owned(),
        other => format!("{other:?}"),
    }
}

#[test]
fn onboarding_details_whole_leaves_to_meta_every_name_that_meta_lists_as_acceptable() {
    for name in [
        "Sarah's Sporting Goods Shop",
        "Sarah\u{2019}s Sporting Goods Shop",
        "Fresh Produce Boston",
        "Fresh Produce Customer Service Department",
        "Fresh Produce by Global Grocers Inc.",
        "Fruit Snacks by Fresh Produce",
        "Fresh Produce Cold Pressed Juices",
        "Fresh Produce Cold Pressed Juices Mexico.",
        "Fresh Produce Juices - Jessica",
        "Fresh Produce Juices",
        "FP Cold Pressed Juices",
        "FPCP Juices",
        "XY Fresh Cold Pressed Juices Service New York.",
        "Tom Ford Chiropractor",
    ] {
        assert_eq!(DisplayName::judge(name), Judgement::MetaDecides, "{name}");
        assert_eq!(DisplayName::new(name).unwrap().as_str(), name);
    }
}

#[test]
fn onboarding_details_whole_judges_every_name_that_meta_lists_as_unacceptable() {
    for (name, expected) in [
        ("Sarah's Sporting Goods Shop \u{2013} Guns department", "meta-decides"), // goods: no text tells them
        ("Tom Ford Nike", "meta-decides"),                                        // two brands: needs to know them
        ("Fashion", "meta-decides"),                                              // generic, as `Apple` is not
        ("New York", "meta-decides"),                                             // a place, and part of accepted names
        ("Juice", "meta-decides"),                                                // generic
        ("Fresh Produce official account", "display-name-endorsement"),
        ("Verified Minni's Muffins", "display-name-endorsement"),
        ("Minni's Muffins - Meta", "display-name-meta-brand"),
        ("Minni's Muffins WhatsApp", "display-name-meta-brand"),
        ("Minni's Muffins pop-up on Facebook", "display-name-meta-brand"),
        // Advertising is a matter of opinion (`Best Western`), so it is warned of.
        ("Sarah's Sporting Goods \u{2013} 20% off sale", "promotional promotional"),
        ("Sarah's Sporting Goods: Best rated sporting goods store in Texas, US", "promotional"),
        ("https://minnismuffins.net", "display-name-web-address"),
        ("sarahssportinggoods.com", "display-name-web-address"),
        ("hello@freshproducejuices.com", "display-name-email-address"),
        ("Digital Cloud Solutions", "meta-decides"), // whether another source knows it is not in the text
    ] {
        assert_eq!(judged(name), expected, "{name}");
    }
}

#[test]
fn onboarding_details_whole_takes_names_of_2_to_75_characters() {
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}"; // five scalar values that show as one
    let accents = |count: usize| format!("a{}", "\u{301}".repeat(count));
    for (name, characters, taken) in [
        (String::new(), 0, false),
        ("   \t\u{3000}".to_owned(), 0, false),
        ("a".to_owned(), 1, false),
        (" a \n".to_owned(), 1, false),
        ("ab".to_owned(), 2, true),
        ("a".repeat(75), 75, true),
        (format!("  {}  ", "a".repeat(75)), 75, true),
        ("a".repeat(76), 76, false),
        ("\u{e9}".repeat(75), 75, true),
        ("\u{e9}".repeat(76), 76, false),
        (accents(1), 2, true),
        (accents(74), 75, true),
        (accents(75), 76, false),
        (family.repeat(15), 75, true),
        (format!("{}a", family.repeat(15)), 76, false),
    ] {
        let expected = if taken {
            Ok(name.trim().to_owned())
        } else {
            Err(DisplayNameError::Length { characters, given: name.clone() })
        };
        assert_eq!(DisplayName::new(&name).map(|name| name.to_string()), expected, "{name:?}");
        assert!(!taken || name.trim().chars().count() == characters, "{name:?}");
    }
    let error = DisplayName::new("a").unwrap_err();
    assert_eq!(error.limit(), Some(Limit::new(2, 75, "characters")));
    assert_eq!(error.rule(), Rule::OnboardingDetailsWhole);
    assert_eq!(error.to_string(), "a display name has 2 to 75 characters, and this one has 1");
}

#[test]
fn onboarding_details_whole_refuses_characters_that_control_or_turn_the_text() {
    let turning = ('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
    let breaking = ['\n', '\r', '\t', '\0', '\u{b}', '\u{1b}', '\u{7f}', '\u{85}', '\u{2028}', '\u{2029}'];
    for character in turning.chain(breaking) {
        let given = format!("Fresh{character}Produce");
        assert_eq!(DisplayName::new(&given), Err(DisplayNameError::Character { character, given }));
    }
    // Marks of direction turn nothing around them, and Arabic and Hebrew need them.
    for name in ["Fresh\u{200f}Produce", "Fresh\u{61c}Produce", "\u{5d7}\u{5dc}\u{5d4}\u{200e} 1", "Loaf \u{1f950}"] {
        assert_eq!(judged(name), "meta-decides", "{name:?}");
    }
}

#[test]
fn onboarding_details_whole_refuses_addresses_and_no_name_with_a_dot() {
    for (name, expected) in [
        ("Loaf ftp://loaf", "display-name-web-address"),
        ("www.loaf", "display-name-web-address"),
        ("Loaf (WWW.loaf)", "display-name-web-address"),
        ("SARAHS.COM", "display-name-web-address"),
        ("Loaf at loaf.com.", "display-name-web-address"),
        ("Loaf, loaf.co.uk!", "display-name-web-address"),
        ("loaf.shop/bread?today", "display-name-web-address"),
        ("Loaf|loaf.de", "display-name-web-address"),
        ("l\u{f6}af.de", "display-name-web-address"),
        ("cafe\u{301}.com", "display-name-web-address"),
        ("loaf.c\u{200b}om", "display-name-web-address"),
        ("x.com", "display-name-web-address"),
        ("Loaf <bread@loaf.bakery>", "display-name-email-address"),
        ("bread@loaf.com, 24/7", "display-name-email-address"),
        ("Dr.No", "web-address-like"),
        ("Fresh.Produce", "web-address-like"),
        ("loaf.bakery", "web-address-like"),
        ("Loaf Inc.", "meta-decides"),
        ("Dr. No", "meta-decides"),
        ("Company", "meta-decides"),
        ("Dot Com Bakery", "meta-decides"),
        ("com", "meta-decides"),
        ("S.A.de C.V.", "meta-decides"),
        ("J.P.Morgan", "meta-decides"),
        ("U.S.A. Bread", "meta-decides"),
        ("Loaf e.V.", "meta-decides"),
        ("Bread ...de luxe", "meta-decides"),
        ("No.1 Bread", "meta-decides"),
        ("Bread 2.0", "meta-decides"),
        ("Loaf @ Home", "meta-decides"),
        ("Bread@Home", "meta-decides"),
        ("Awww. Bread", "meta-decides"),
    ] {
        assert_eq!(judged(name), expected, "{name}");
    }
}

#[test]
fn onboarding_details_whole_refuses_the_brands_of_meta_and_claims_of_endorsement() {
    for (name, expected) in [
        ("WHATSAPP Bread", "display-name-meta-brand"),
        ("MyWhatsAppShop", "display-name-meta-brand"),
        ("Whats\u{200b}App Bread", "display-name-meta-brand"),
        ("Bread_on_facebook", "display-name-meta-brand"),
        ("Facebookers", "display-name-meta-brand"),
        ("Instagrammable Bread", "display-name-meta-brand"),
        ("META", "display-name-meta-brand"),
        ("Meta's Bread", "display-name-meta-brand"),
        ("Bread\u{1f950}Meta\u{1f950}", "display-name-meta-brand"),
        ("OFFICIAL Bread", "display-name-endorsement"),
        ("Bread (verified)", "display-name-endorsement"),
        ("Metal Works", "meta-decides"),
        ("Meta\u{300}l Works", "meta-decides"),
        ("Metaphor", "meta-decides"),
        ("Officially Bread", "meta-decides"),
        ("Unverified Bread", "meta-decides"),
    ] {
        assert_eq!(judged(name), expected, "{name}");
    }
}

#[test]
fn onboarding_details_whole_warns_of_what_meta_may_turn_down() {
    for (name, expected) in [
        ("HP", "short"),
        ("HP1", "meta-decides"),
        ("\u{1f950}\u{1f950}\u{1f950}", "no-letter"),
        ("\u{200b}\u{200b}", "short no-letter"),
        ("Messenger Bread", "perhaps-meta-brand"),
        ("Golden Threads", "perhaps-meta-brand"),
        ("Oculus", "perhaps-meta-brand"),
        ("insta bread", "perhaps-meta-brand"),
        ("FB Bread", "perhaps-meta-brand"),
        ("Threadsmith", "meta-decides"),
        ("100 % Bread", "promotional"),
        ("\u{662}\u{660}\u{66a} bread", "promotional"),
        ("% Arabica", "meta-decides"),
        ("Cheap Bread", "promotional"),
        ("Bestseller Books", "meta-decides"),
        ("Salem Bread", "meta-decides"),
    ] {
        assert_eq!(judged(name), expected, "{name}");
    }
}

#[test]
fn onboarding_details_whole_reads_a_display_name_through_its_constructor() {
    let name: DisplayName = serde_json::from_str(r#"" Loaf & Crumb ""#).unwrap();
    assert_eq!(serde_json::to_string(&name).unwrap(), r#""Loaf & Crumb""#);
    assert_eq!("Loaf & Crumb".parse(), Ok(name));
    assert!(serde_json::from_str::<DisplayName>(r#""Meta""#).is_err());
    assert_eq!(
        serde_json::to_value(DisplayName::judge(" L ")).unwrap(),
        serde_json::json!({ "judgement": "refused", "why": {
            "code": "display-name-length",
            "rule": "onboarding.details-whole",
            "limit": { "min": 2, "max": 75, "unit": "characters" },
            "given": " L ",
            "message": "a display name has 2 to 75 characters, and this one has 1",
        } })
    );
    assert_eq!(
        serde_json::to_value(DisplayName::judge("Loaf")).unwrap(),
        serde_json::json!({ "judgement": "meta-decides" })
    );
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("meta"),
        Just("WhatsApp"),
        Just("official"),
        Just("."),
        Just(".."),
        Just("com"),
        Just("www."),
        Just("@"),
        Just("://"),
        Just("-"),
        Just("%"),
        Just("20"),
        Just(" "),
        Just("\u{200b}"),
        Just("\u{301}"),
        Just("\u{202e}"),
        Just("\u{130}"),
        Just("\u{1f468}\u{200d}"),
        Just("\u{df}"),
        Just("a"),
        Just("sale"),
        Just("Loaf "),
    ];
    prop_oneof![any::<String>(), proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())]
}

#[test]
fn onboarding_details_whole_refuses_exactly_the_names_it_judges_refused() {
    let counts = [const { Cell::new(0) }; 3];
    let count = |index: usize| counts[index].set(counts[index].get() + 1);
    let law = |text: String| {
        match (DisplayName::judge(&text), DisplayName::new(&text)) {
            (Judgement::Refused(judged), Err(error)) => {
                count(0);
                prop_assert_eq!(error.given(), text.as_str());
                prop_assert_eq!(judged, error);
            }
            (Judgement::Warned(judged), Ok(name)) => {
                count(1);
                prop_assert!(!judged.is_empty());
                prop_assert_eq!(judged, name.warnings());
            }
            (Judgement::MetaDecides, Ok(name)) => {
                count(2);
                prop_assert_eq!(name.as_str(), text.trim());
                prop_assert_eq!(DisplayName::new(name.as_str()), Ok(name));
            }
            other => prop_assert!(false, "{:?}", other),
        }
        Ok(())
    };
    TestRunner::new(Config::with_cases(1024)).run(&hostile(), law).unwrap();
    assert!(counts.iter().all(|count| count.get() >= 20), "{counts:?}");
}
