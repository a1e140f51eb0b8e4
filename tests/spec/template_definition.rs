//! `template.name`, `template.language`, `template.components`: what a template may look like.

use proptest::prelude::*;
use serde_json::{Value, json};
use whatsapp_inbox::rule::Rule;
use whatsapp_inbox::template::*;
use whatsapp_inbox::whatsapp::{HeaderFormat, TemplateCategory, TemplateKey};

use crate::random::runner;
use crate::template_case::*;

fn named(name: &str) -> DefinitionDraft {
    DefinitionDraft::new(name, "en_US", "UTILITY").body("Your loaf is ready.", [])
}

fn in_language(language: &str) -> DefinitionDraft {
    DefinitionDraft::new("loaf_ready", language, "UTILITY").body("Your loaf is ready.", [])
}

fn plain() -> DefinitionDraft {
    named("loaf_ready")
}

fn codes(text: &str) -> DefinitionDraft {
    DefinitionDraft::new("login", "en", "AUTHENTICATION").body(text, ["123456"])
}

fn draft(json: Value) -> DefinitionDraft {
    serde_json::from_value(json).expect("a draft takes any JSON")
}

#[track_caller]
fn one(draft: &DefinitionDraft, pointer: &str, code: &str) {
    let found = found(draft);
    let found: Vec<(&str, &str)> = found.iter().map(|(pointer, code)| (pointer.as_str(), *code)).collect();
    assert_eq!(found, [(pointer, code)], "{draft:?}");
}

#[test]
fn template_name_has_1_to_512_lower_case_letters_digits_and_underscores() {
    for sound in ["a", "loaf_2", &"x".repeat(512)] {
        assert_eq!(found(&named(sound)), []);
    }
    for length in ["", &"x".repeat(513)] {
        one(&named(length), "/name", "template-name-length");
    }
    for strange in ["Loaf", "loaf-ready", "loaf ready", "laib_größe"] {
        one(&named(strange), "/name", "template-name-character");
    }
    // A name that Meta tells is taken as it is.
    let told = named("Summer 20 Template").from_meta().expect("read");
    assert_eq!(told.key(), &TemplateKey::from_meta("Summer 20 Template", "en_US"));
}

#[test]
fn template_name_and_language_together_are_the_key() {
    let key = |language| in_language(language).check().unwrap().key().clone();
    assert_ne!(key("en_US"), key("en_GB"));
    assert_eq!(key("en_US"), key("en-US"));
}

#[test]
fn template_language_another_code_is_kept_and_a_lint_says_so() {
    assert_eq!(languages().len(), 111);
    assert!(languages().is_sorted(), "in order");
    for listed in languages() {
        assert_eq!(in_language(listed).check().unwrap().lint(), [], "{listed}");
        assert_eq!(in_language(&listed.replace('_', "-")).check().unwrap().key().language(), *listed);
    }
    let strange = in_language("en_FR").check().unwrap();
    assert_eq!(strange.key().language(), "en_FR");
    assert_eq!(strange.lint(), [DefinitionWarning::UnlistedLanguage { given: "en_FR".to_owned() }]);
    one(&in_language("e"), "/language", "template-language");
    one(&in_language("english!"), "/language", "template-language");
}

#[test]
fn template_components_one_body_and_at_most_one_of_the_others() {
    let bodiless = DefinitionDraft::new("loaf_ready", "en", "UTILITY");
    one(&bodiless, "/components", "template-no-body");
    one(&plain().body("Again.", []), "/components/1", "template-component-again");
    assert_eq!(found(&plain().header("Loaf", []).footer("Harbour Bakery").quick_reply("Thanks")), []);
    one(&plain().header("Loaf", []).header("Cake", []), "/components/2", "template-component-again");
    one(&plain().footer("One").footer("Two"), "/components/2", "template-component-again");
    let buttons = || {
        let json = json!({ "type": "BUTTONS", "buttons": [{ "type": "QUICK_REPLY", "text": "Yes" }] });
        serde_json::from_value(json).unwrap()
    };
    one(&plain().with(buttons()).with(buttons()), "/components/2", "template-component-again");
    one(
        &plain().with(serde_json::from_value(json!({ "type": "CAROUSEL" })).unwrap()),
        "/components/1/type",
        "template-component",
    );
}

#[test]
fn template_components_keep_to_their_lengths() {
    let body = |characters| DefinitionDraft::new("a", "en", "UTILITY").body(&"ü".repeat(characters), []);
    assert_eq!(found(&body(1024)), []);
    assert_eq!(found(&body(1)), []);
    one(&body(1025), "/components/0/text", "template-length");
    one(&body(0), "/components/0/text", "template-length");
    one(&DefinitionDraft::new("a", "en", "UTILITY").body("  \n ", []), "/components/0/text", "template-length");
    for (part, with) in [
        ("header", (|text| plain().header(text, [])) as fn(&str) -> DefinitionDraft),
        ("footer", |text| plain().footer(text)),
    ] {
        assert_eq!(found(&with(&"ü".repeat(60))), [], "{part}");
        one(&with(&"ü".repeat(61)), "/components/1/text", "template-length");
        one(&with(""), "/components/1/text", "template-length");
        one(&with("two\nlines"), "/components/1/text", "template-character");
    }
    let faults = body(1025).check().unwrap_err();
    let limit = faults.as_slice()[0].limit.expect("a limit");
    assert_eq!((limit.max, limit.unit), (1024, "characters"));
    assert_eq!(faults.as_slice()[0].message, "a body has 1 to 1024 characters, and this one has 1025");
}

#[test]
fn template_components_a_header_is_text_media_or_a_place() {
    for format in ["IMAGE", "VIDEO", "DOCUMENT"] {
        let definition = plain().media_header(format, "4::aW1hZ2U=").check().unwrap();
        let wanted = Header::Media { format: HeaderFormat::from(format), sample: "4::aW1hZ2U=".into() };
        assert_eq!(definition.header(), Some(&wanted));
        // A header of media has a sample.
        one(&plain().media_header(format, " "), "/components/1/example/header_handle", "template-sample-missing");
    }
    assert_eq!(plain().location_header().check().unwrap().header(), Some(&Header::Location));
    one(&plain().media_header("GIF", "4::x"), "/components/1/format", "template-header-format");
}

#[test]
fn template_components_a_header_has_no_formatting() {
    for formatted in ["*Loaf*", "The _loaf_ is ready", "~Old~ new", "`code`", "A *big loaf* here", "```code```"] {
        one(&plain().header(formatted, []), "/components/1/text", "template-header-formatting");
    }
    for sound in ["Loaf * cake", "2*3*4", "order_ready_now", "**", "a* b", "Loaf", "~", "*loaf", "*a * b"] {
        assert_eq!(found(&plain().header(sound, [])), [], "{sound}");
    }
}

#[test]
fn template_components_the_category_is_one_of_three() {
    for category in TemplateCategory::KNOWN {
        let draft = DefinitionDraft::new("a", "en", category.as_str()).body("Your code is on its way.", []);
        assert_eq!(draft.check().unwrap().category(), category);
    }
    let old = DefinitionDraft::new("a", "en", "SHIPPING_UPDATE").body("It is on its way.", []);
    one(&old, "/category", "template-category");
    assert_eq!(old.from_meta().unwrap().category().as_str(), "SHIPPING_UPDATE");
}

#[test]
fn template_components_a_template_for_one_time_codes_has_no_address_emoji_or_media() {
    let text = "Your code is {{1}} for now.";
    assert_eq!(found(&codes(text).one_time_code("COPY_CODE")), []);
    for address in
        ["Go to https://loaf.example, {{1}}.", "See HTTP://loaf.example {{1}}.", "See www.loaf.example {{1}}."]
    {
        one(&codes(address), "/components/0/text", "template-authentication");
    }
    for emoji in ["Code 🔑 {{1}} now.", "Code ✅ {{1}} now.", "Code ❤\u{fe0f} {{1}} now."] {
        one(&codes(emoji), "/components/0/text", "template-authentication");
    }
    one(&codes(text).footer("See https://loaf.example"), "/components/1/text", "template-authentication");
    one(&codes(text).media_header("IMAGE", "4::x"), "/components/1/format", "template-authentication");
    let sample = |sample: &str| DefinitionDraft::new("login", "en", "AUTHENTICATION").body(text, [sample]);
    assert_eq!(found(&sample(&"1".repeat(15))), []);
    one(&sample(&"1".repeat(16)), "/components/0/example", "template-length");
    // Others may have all of that.
    assert_eq!(found(&named("a").footer("See https://loaf.example ✅").media_header("IMAGE", "4::x")), []);
}

#[test]
fn template_components_the_same_body_and_footer_say_the_same() {
    let definition = |draft: DefinitionDraft| draft.check().unwrap();
    let (one, two) = (definition(named("a")), definition(named("b")));
    assert!(one.says_the_same_as(&two));
    assert!(!one.says_the_same_as(&definition(named("b").footer("Harbour Bakery"))));
    assert!(!one.says_the_same_as(&definition(ready())));
    let code = definition(codes("Your code is {{1}} now."));
    assert!(!code.says_the_same_as(&code));
}

#[test]
fn template_components_every_fault_is_reported_at_once() {
    let faults = draft(json!({
        "name": "Loaf",
        "language": 7,
        "category": "NEWS",
        "parameter_format": "ROMAN",
        "components": [
            { "type": "HEADER", "format": "TEXT", "text": "*{{1}}*{{x}}" },
            { "text": "no type" },
            { "type": "BODY", "text": "{{2}} and }} ok." },
            { "type": "FOOTER", "text": "{{1}}" },
            { "type": "BUTTONS", "buttons": "none" },
            7
        ]
    }));
    let found = found(&faults);
    let found: Vec<(&str, &str)> = found.iter().map(|(pointer, code)| (pointer.as_str(), *code)).collect();
    assert_eq!(
        found,
        [
            ("/name", "template-name-character"),
            ("/language", "wrong-type"),
            ("/category", "template-category"),
            ("/parameter_format", "template-parameter-format"),
            ("/components/0/text", "template-header-formatting"),
            ("/components/0/text", "template-placeholder"),
            ("/components/0/text", "template-placeholder-count"),
            ("/components/0/text", "template-placeholder-last"),
            ("/components/0/example/header_text/0", "template-sample-missing"),
            ("/components/0/example/header_text/1", "template-sample-missing"),
            ("/components/1/type", "missing"),
            ("/components/2/text", "template-braces"),
            ("/components/2/text", "template-placeholder-order"),
            ("/components/2/text", "template-placeholder-first"),
            ("/components/2/example/body_text/0", "template-sample-missing"),
            ("/components/3/text", "template-placeholder-count"),
            ("/components/4/buttons", "template-shape"),
            ("/components/5/type", "missing"),
        ]
    );
    for (json, pointer, code) in [
        (json!("text"), "", "template-shape"),
        (
            json!({ "name": "a", "language": "en", "category": "UTILITY", "components": {} }),
            "/components",
            "template-shape",
        ),
    ] {
        assert_eq!(self::found(&draft(json))[0], (pointer.to_owned(), code));
    }
    let empty = self::found(&draft(json!({})));
    let empty: Vec<&str> = empty.iter().map(|(pointer, _)| pointer.as_str()).collect();
    assert_eq!(empty, ["/name", "/language", "/category", "/components"]);
}

#[test]
fn template_components_faults_name_the_template_rules() {
    let rules = |draft: &DefinitionDraft| -> Vec<Rule> {
        draft.check().unwrap_err().as_slice().iter().map(|fault| fault.rule).collect()
    };
    assert_eq!(rules(&named("Loaf")), [Rule::TemplateName]);
    assert_eq!(rules(&in_language("!")), [Rule::TemplateLanguage]);
    assert_eq!(rules(&plain().footer("")), [Rule::TemplateComponents]);
    assert_eq!(rules(&plain().header("{{x}} a", [])), [Rule::TemplatePlaceholders; 3]);
    assert_eq!(rules(&plain().quick_reply("")), [Rule::TemplateButtons]);
}

/// Every kind of part, many times.
fn drafts() -> impl Strategy<Value = DefinitionDraft> {
    let text = || {
        let piece = prop::sample::select(vec![
            "loaf ",
            "{{1}}",
            "{{2}}",
            "{{x}}",
            "{{",
            "}}",
            "*",
            ".",
            "🍞",
            "\n",
            "is ready ",
        ]);
        prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
    };
    let part = prop_oneof![
        4 => (text(), text()).prop_map(|(text, sample)| json!({ "type": "BODY", "text": text, "example": { "body_text": [[sample]] } })),
        1 => text().prop_map(|text| json!({ "type": "HEADER", "format": "TEXT", "text": text })),
        1 => Just(json!({ "type": "HEADER", "format": "IMAGE", "example": { "header_handle": ["4::x"] } })),
        1 => text().prop_map(|text| json!({ "type": "FOOTER", "text": text })),
        1 => (text(), text()).prop_map(|(text, url)| json!({ "type": "BUTTONS", "buttons": [
            { "type": "QUICK_REPLY", "text": text }, { "type": "URL", "text": "Open", "url": format!("https://{url}"), "example": ["a"] },
            { "type": "FLOW", "text": "Flow" }, { "type": "OTP", "otp_type": "COPY_CODE" }
        ] })),
        1 => Just(json!(null)),
    ];
    let category = prop::sample::select(vec!["UTILITY", "AUTHENTICATION", "NEWS"]);
    let format = prop::sample::select(vec!["POSITIONAL", "NAMED"]);
    (category, format, prop::collection::vec(part, 0..5)).prop_map(|(category, format, parts)| {
        draft(json!({ "name": "loaf_ready", "language": "en", "category": category, "parameter_format": format, "components": parts }))
    })
}

/// Sound ones, with every kind of part or without.
fn sound_drafts() -> impl Strategy<Value = DefinitionDraft> {
    let (header, body) = (0..4_u8, any::<bool>());
    (header, body, any::<bool>(), any::<[bool; 4]>()).prop_map(|(header, by_name, footer, [reply, url, call, code])| {
        let draft = DefinitionDraft::new("loaf_ready", "pt-BR", "MARKETING");
        let draft = if by_name {
            draft.named_body("Hello {{name}}, {{order}} is ready.", [("name", "Ana"), ("order", "A7")])
        } else {
            ready()
        };
        let with = |draft: DefinitionDraft, wanted: bool, part: fn(DefinitionDraft) -> DefinitionDraft| {
            if wanted { part(draft) } else { draft }
        };
        let draft = match header {
            0 if !by_name => draft.header("Order {{1}} now", ["A7"]),
            1 => draft.media_header("VIDEO", "4::x"),
            2 => draft.location_header(),
            _ => draft,
        };
        let draft = with(draft, footer, |draft| draft.footer("Harbour Bakery"));
        let draft = with(draft, reply, |draft| draft.quick_reply("Thanks"));
        let draft = with(draft, url, |draft| draft.url("Track", "https://loaf.example/{{1}}", ["a7"]));
        let draft = with(draft, call, |draft| draft.phone_number("Call", "+49401234567"));
        with(draft, code, |draft| draft.copy_code("LOAF10"))
    })
}

#[test]
fn template_components_what_is_sound_is_read_from_its_own_json_and_what_meta_holds_is_kept() {
    let counts = std::cell::Cell::new([0_u32; 2]);
    let law = |draft: DefinitionDraft| {
        let [mut sound, mut held] = counts.get();
        // Given any draft, when it is sound, then Meta's reading of it is the same, and so is what its JSON says.
        if let Ok(definition) = draft.check() {
            sound += 1;
            prop_assert_eq!(draft.from_meta(), Some(definition.clone()));
            let json = serde_json::to_value(&definition).unwrap();
            prop_assert_eq!(serde_json::from_value::<Definition>(json).unwrap(), definition);
        }
        // When it is not, what can be read of it stays itself all the same.
        if let Some(definition) = draft.from_meta() {
            held += 1;
            let again = DefinitionDraft::from(&definition).from_meta();
            prop_assert_eq!(again, Some(definition));
        }
        counts.set([sound, held]);
        Ok(())
    };
    let drafts = prop_oneof![3 => drafts(), 1 => sound_drafts()];
    runner(4000).run(&drafts, law).unwrap();
    let [sound, held] = counts.get();
    assert!(sound >= 800 && held >= 2000, "sound {sound}, held {held} of 4000");
}

#[test]
fn core_total_a_draft_takes_any_json() {
    let leaf = prop_oneof![
        Just(json!(null)),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "BODY",
            "HEADER",
            "BUTTONS",
            "FOOTER",
            "TEXT",
            "URL",
            "QUICK_REPLY",
            "{{1}}",
            "{{",
            "}}{{"
        ])
        .prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let any = leaf.prop_recursive(4, 40, 5, |inner| {
        let key = prop::sample::select(vec![
            "name",
            "language",
            "category",
            "components",
            "type",
            "text",
            "example",
            "buttons",
            "format",
            "url",
            "body_text",
            "header_text",
            "header_handle",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..6)
                .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()),
        ]
    });
    let law = |json: Value| {
        let draft = draft(json);
        prop_assert!(draft.check().is_err(), "chance makes no sound template");
        let _ = draft.from_meta();
        Ok(())
    };
    runner(4000).run(&any, law).unwrap();
}
