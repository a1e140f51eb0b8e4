//! What completes a profile.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::{option, prop_assert, prop_assert_eq, test_runner::TestRunner};
use serde_json::{Value, json};
use whatsapp_inbox::form::Faults;
use whatsapp_inbox::rule::{Limit, Rule};
use whatsapp_inbox::whatsapp::{Profile, ProfileDraft, Vertical};

fn check(profile: Value) -> Result<Profile, Faults> {
    serde_json::from_value::<ProfileDraft>(profile).unwrap().check()
}

/// Pointer and code of every fault.
fn faults(profile: Value) -> Vec<(String, &'static str)> {
    let Err(faults) = check(profile) else { return Vec::new() };
    assert!(!faults.as_slice().is_empty());
    faults.as_slice().iter().map(|fault| (fault.pointer.clone(), fault.code)).collect()
}

fn fault(pointer: &str, code: &'static str) -> Vec<(String, &'static str)> {
    vec![(pointer.to_owned(), code)]
}

/// A sound profile with one field set.
fn with(field: &str, value: Value) -> Value {
    let mut profile = json!({ "about": "Bread", "logo": "4::aW1hZ2U=" });
    profile[field] = value;
    profile
}

#[test]
fn onboarding_profile_takes_a_whole_profile_and_gives_the_draft_back() {
    let given = json!({
        "about": "Bread, twice a day",
        "address": "1 Mill Lane\nCrumbford",
        "description": "A bakery.\r\n\r\nOpen from five.",
        "email": "bread@loaf.example",
        "websites": ["https://loaf.example", "http://loaf.example/shop?today"],
        "vertical": "GROCERY",
        "logo": "4::aW1hZ2U=",
    });
    let profile = check(given.clone()).unwrap();
    assert_eq!(profile.about(), Some("Bread, twice a day"));
    assert_eq!(profile.address(), Some("1 Mill Lane\nCrumbford"));
    assert_eq!(profile.description(), Some("A bakery.\r\n\r\nOpen from five."));
    assert_eq!(profile.email(), Some("bread@loaf.example"));
    assert_eq!(profile.websites(), ["https://loaf.example", "http://loaf.example/shop?today"]);
    assert_eq!(profile.vertical(), Some(&Vertical::Grocery));
    assert_eq!(profile.logo(), "4::aW1hZ2U=");
    assert!(profile.warnings().is_empty());

    assert_eq!(serde_json::to_value(&profile).unwrap(), given);
    let draft = ProfileDraft::from(&profile);
    assert_eq!(serde_json::to_value(&draft).unwrap(), given);
    assert_eq!(draft.check(), Ok(profile));
}

#[test]
fn onboarding_profile_keeps_each_field_to_its_length() {
    let family = "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}"; // five scalar values that show as one
    for (field, min, max) in [("about", 1, 139), ("address", 0, 256), ("description", 0, 512), ("logo", 1, 2048)] {
        let sound = [
            "a".repeat(max),
            format!(" {} ", "a".repeat(max)),
            format!("a{}", "\u{301}".repeat(max - 1)),
            format!("{}{}", family.repeat(max / 5), "a".repeat(max % 5)),
        ];
        for text in sound {
            assert_eq!(faults(with(field, text.clone().into())), [], "{field} {text}");
            let (pointer, longer) = (format!("/{field}"), format!("{}\u{301}", text.trim()));
            let Err(found) = check(with(field, longer.clone().into())) else { panic!("{field} takes {longer}") };
            let [found] = found.as_slice() else { panic!("{found}") };
            assert_eq!(
                (found.pointer.as_str(), found.code, found.rule),
                (pointer.as_str(), "profile-length", Rule::OnboardingProfile)
            );
            assert_eq!(found.limit, Some(Limit::new(min, max as u64, "characters")));
            assert_eq!(found.given, longer);
            assert!(found.message.ends_with(&format!("and this one has {}", max + 1)), "{}", found.message);
        }
    }
    let email = |count: usize| json!(format!("{}@b.example", "a".repeat(count - 10)));
    assert_eq!(faults(with("email", email(128))), []);
    assert_eq!(faults(with("email", email(129))), fault("/email", "profile-length"));
    let website = |count: usize| json!([format!("https://{}", "a".repeat(count - 8))]);
    assert_eq!(faults(with("websites", website(256))), []);
    assert_eq!(faults(with("websites", website(257))), fault("/websites/0", "profile-length"));
    assert_eq!(faults(with("vertical", "A".repeat(256).into())), []);
    assert_eq!(faults(with("vertical", "A".repeat(257).into())), fault("/vertical", "profile-length"));
}

#[test]
fn onboarding_profile_refuses_control_characters_and_breaks_lines_in_address_and_description_only() {
    for field in ["about", "address", "description", "email", "vertical", "logo"] {
        for text in ["a\0b", "a\tb", "a\u{7f}b", "a\u{2028}b"] {
            assert_eq!(
                faults(with(field, text.into())),
                fault(&format!("/{field}"), "profile-character"),
                "{field} {text:?}"
            );
        }
        for text in ["a\nb", "a\r\nb"] {
            let found = faults(with(field, text.into()));
            if ["address", "description"].contains(&field) {
                assert_eq!(found, [], "{field}");
            } else {
                assert_eq!(found, fault(&format!("/{field}"), "profile-character"), "{field}");
            }
        }
    }
}

#[test]
fn onboarding_profile_checks_the_form_of_addresses() {
    for sound in ["a@b.example", "bread+today@shop.loaf.example", "b\u{e4}cker@b\u{e4}cker.example"] {
        assert_eq!(faults(with("email", sound.into())), [], "{sound}");
    }
    for wrong in [
        "loaf",
        "@loaf.example",
        "bread@",
        "bread@loaf",
        "bread@.example",
        "bread@loaf.",
        "a@b@c.example",
        "a b@c.example",
    ] {
        assert_eq!(faults(with("email", wrong.into())), fault("/email", "profile-email"), "{wrong}");
    }
    for wrong in [
        "",
        "loaf.example",
        "https://",
        "ftp://loaf.example",
        "HTTPS://loaf.example",
        "https://loaf .example",
        "https://\u{202e}loaf",
    ] {
        assert_eq!(faults(with("websites", json!([wrong]))), fault("/websites/0", "profile-website"), "{wrong}");
    }
    let website = "https://loaf.example";
    assert_eq!(faults(with("websites", json!([website, website]))), []);
    assert_eq!(
        faults(with("websites", json!([website, website, website]))),
        fault("/websites", "profile-too-many-websites")
    );
}

#[test]
fn onboarding_profile_needs_a_logo_and_some_business_information() {
    let logo = "4::aW1hZ2U=";
    assert_eq!(faults(json!({ "about": "Bread" })), fault("/logo", "missing"));
    assert_eq!(faults(json!({ "about": "Bread", "logo": null })), fault("/logo", "missing"));
    assert_eq!(faults(json!({ "about": "Bread", "logo": "  " })), fault("/logo", "profile-length"));
    for nothing in [
        json!({ "logo": logo }),
        json!({ "logo": logo, "about": null, "websites": null }),
        json!({ "logo": logo, "address": " ", "description": "", "email": "", "vertical": "", "websites": [] }),
    ] {
        assert_eq!(faults(nothing), fault("", "profile-no-information"));
    }
    assert_eq!(faults(json!({})), [fault("", "profile-no-information"), fault("/logo", "missing")].concat());
    for (field, value) in [
        ("about", json!("Bread")),
        ("address", json!("1 Mill Lane")),
        ("description", json!("A bakery")),
        ("email", json!("bread@loaf.example")),
        ("websites", json!(["https://loaf.example"])),
        ("vertical", json!("grocery")),
    ] {
        assert_eq!(faults(json!({ "logo": logo, field: value })), [], "{field}");
    }
    // Meta says of this one field that it must not be empty.
    assert_eq!(faults(json!({ "logo": logo, "about": " " })), fault("/about", "profile-length"));
}

#[test]
fn onboarding_profile_tells_every_fault_at_once() {
    let found = faults(json!({
        "about": 7,
        "address": ["x"],
        "description": "d".repeat(513),
        "email": "loaf",
        "websites": ["loaf.example", null, {}],
        "vertical": true,
        "logo": { "id": 1 },
        "messaging_product": "whatsapp",
    }));
    let expected = [
        ("/about", "wrong-type"),
        ("/address", "wrong-type"),
        ("/description", "profile-length"),
        ("/email", "profile-email"),
        ("/websites", "profile-too-many-websites"),
        ("/websites/0", "profile-website"),
        ("/websites/1", "missing"),
        ("/websites/2", "wrong-type"),
        ("/vertical", "wrong-type"),
        ("/logo", "wrong-type"),
    ];
    assert_eq!(found, expected.map(|(pointer, code)| (pointer.to_owned(), code)));
    for other in [json!(7), json!(-7), json!(0.5), json!(true), json!("[\"https://loaf.example\"]"), json!({ "a": [] })]
    {
        assert_eq!(faults(with("websites", other)), fault("/websites", "wrong-type"));
    }
}

#[test]
fn onboarding_profile_warns_of_what_meta_may_refuse() {
    let warnings = |profile| serde_json::to_value(check(profile).unwrap().warnings()).unwrap();
    assert_eq!(warnings(with("description", "d".repeat(256).into())), json!([]));
    assert_eq!(
        warnings(with("description", "d".repeat(257).into())),
        json!([{
            "code": "long-description",
            "rule": "onboarding.profile",
            "limit": { "min": 0, "max": 256, "unit": "characters" },
            "given": "d".repeat(257),
            "message": "a description of 257 characters may be refused: some pages of Meta's allow 256",
        }])
    );
    assert_eq!(
        warnings(with("vertical", "Bakery".into())),
        json!([{
            "code": "unknown-vertical",
            "rule": "onboarding.profile",
            "given": "Bakery",
            "message": "`Bakery` is not in the known list of lines of business",
        }])
    );
    assert_eq!(check(with("vertical", "Bakery".into())).unwrap().vertical(), Some(&Vertical::from("Bakery")));
    for vertical in Vertical::KNOWN {
        assert_eq!(warnings(with("vertical", vertical.as_str().into())), json!([]));
    }
}

#[test]
fn onboarding_profile_is_the_same_after_its_draft() {
    let drafts = (
        option::of("[ a-z\u{e9}]{1,140}"),
        option::of("[ a-z\n]{0,520}"),
        option::of(vec("https://[a-z ]{1,3}|[a-z]", 0..4)),
        option::of("RETAIL|retail|[A-Za-z]{0,6}"),
        "[a-z ]{0,3}",
    );
    let sound = Cell::new(0);
    let law = |(about, description, websites, vertical, logo)| {
        let draft = json!({ "about": about, "description": description, "websites": websites, "vertical": vertical, "logo": logo });
        match check(draft) {
            Ok(profile) => {
                sound.set(sound.get() + 1);
                prop_assert_eq!(ProfileDraft::from(&profile).check(), Ok(profile));
            }
            Err(faults) => prop_assert!(!faults.as_slice().is_empty()),
        }
        Ok(())
    };
    TestRunner::default().run(&drafts, law).unwrap();
    assert!(sound.get() >= 25, "only {} sound profiles", sound.get());
}
