//! `template.placeholders`, `template.buttons`, `template.render`: what stands in the parts of a template.

use proptest::prelude::*;
use serde_json::json;
use whatsapp_inbox::rule::Rule;
use whatsapp_inbox::template::*;
use whatsapp_inbox::whatsapp::ButtonKind;

use crate::random::runner;
use crate::template_case::*;

fn plain() -> DefinitionDraft {
    DefinitionDraft::new("loaf_ready", "en", "UTILITY").body("Your loaf is ready.", [])
}

fn body<const N: usize>(text: &str, samples: [&str; N]) -> DefinitionDraft {
    DefinitionDraft::new("loaf_ready", "en", "UTILITY").body(text, samples)
}

fn named<const N: usize>(text: &str, samples: [(&str, &str); N]) -> DefinitionDraft {
    DefinitionDraft::new("loaf_ready", "en", "UTILITY").named_body(text, samples)
}

#[track_caller]
fn only(draft: &DefinitionDraft, wanted: &[(&str, &str)]) {
    let found = found(draft);
    let found: Vec<(&str, &str)> = found.iter().map(|(pointer, code)| (pointer.as_str(), *code)).collect();
    assert_eq!(found, wanted, "{draft:?}");
}

const TEXT: &str = "/components/0/text";

#[test]
fn template_placeholders_are_numbered_from_1_without_gaps() {
    only(&body("A {{1}} b {{2}} c.", ["x", "y"]), &[]);
    only(&body("A {{2}} b.", ["x"]), &[(TEXT, "template-placeholder-order")]);
    only(&body("A {{1}} b {{3}} c.", ["x", "y"]), &[(TEXT, "template-placeholder-order")]);
    only(&body("A {{1}} b {{1}} c.", ["x", "y"]), &[(TEXT, "template-placeholder-order")]);
    for strange in ["{{0}}", "{{01}}", "{{ 1 }}", "{{}}", "{{#}}", "{{$1}}", "{{1%}}", "{{name}}", "{{-1}}"] {
        only(&body(&format!("A {strange} b."), ["x"]), &[(TEXT, "template-placeholder")]);
    }
}

#[test]
fn template_placeholders_may_be_named_once_each_in_lower_case() {
    only(&named("A {{first_name}} b {{order}} c.", [("order", "A7"), ("first_name", "Ana")]), &[]);
    only(&named("A {{order}} b {{order}} c.", [("order", "A7")]), &[(TEXT, "template-placeholder-twice")]);
    for strange in ["1", "Order", "order number", "order-number", ""] {
        let text = format!("A {{{{{strange}}}}} b.");
        only(&named(&text, [(strange, "x")]), &[(TEXT, "template-placeholder")]);
    }
}

#[test]
fn template_placeholders_stand_neither_first_nor_last_nor_side_by_side() {
    only(&body("{{1}} is ready.", ["x"]), &[(TEXT, "template-placeholder-first")]);
    only(&body(" \n{{1}} is ready.", ["x"]), &[(TEXT, "template-placeholder-first")]);
    only(&body("Ready: {{1}}", ["x"]), &[(TEXT, "template-placeholder-last")]);
    only(&body("Ready: {{1}} \n", ["x"]), &[(TEXT, "template-placeholder-last")]);
    only(&body("{{1}}", ["x"]), &[(TEXT, "template-placeholder-first"), (TEXT, "template-placeholder-last")]);
    only(&body("A {{1}}{{2}} b.", ["x", "y"]), &[(TEXT, "template-placeholders-touch")]);
    // A space between is enough, and so is a full stop after.
    only(&body("A {{1}} {{2}}.", ["x", "y"]), &[]);
    only(&plain().header("{{1}} is on", ["x"]), &[("/components/1/text", "template-placeholder-first")]);
}

#[test]
fn template_placeholders_have_braces_that_match() {
    for broken in ["A {{1} b.", "A {{1 b.", "A 1}} b.", "A {{{1}}} b.", "A }} {{1}} b.", "A {{{{1}}}} b.", "A {{"] {
        let found = found(&body(broken, []));
        assert_eq!(found.first(), Some(&(TEXT.to_owned(), "template-braces")), "{broken}: {found:?}");
        assert_eq!(found.iter().filter(|(_, code)| *code == "template-braces").count(), 1);
    }
    only(&body("A {1} b } c {.", []), &[]);
}

#[test]
fn template_placeholders_have_a_sample_each() {
    only(&body("A {{1}} b {{2}} c.", ["x"]), &[("/components/0/example/body_text/0/1", "template-sample-missing")]);
    only(&body("A {{1}} b.", [" "]), &[("/components/0/example/body_text/0/0", "template-sample-missing")]);
    only(&body("A {{1}} b.", ["x", "y"]), &[("/components/0/example/body_text/0/1", "template-sample-stray")]);
    let named_samples = "/components/0/example/body_text_named_params";
    only(&named("A {{name}} b.", []), &[(named_samples, "template-sample-missing")]);
    only(
        &named("A {{name}} b.", [("name", "x"), ("order", "y")]),
        &[(&*format!("{named_samples}/1/param_name"), "template-sample-stray")],
    );
    only(&plain().header("A {{1}} b", []), &[("/components/1/example/header_text/0", "template-sample-missing")]);
    // Samples of a body may stand in one list as well.
    let flat = json!({ "type": "BODY", "text": "A {{1}} b.", "example": { "body_text": ["x"] } });
    let draft = DefinitionDraft::new("a", "en", "UTILITY").with(serde_json::from_value(flat).unwrap());
    only(&draft, &[]);
    let sample =
        draft.check().unwrap().body().placeholders().next().map(|one| (one.name.to_owned(), one.sample.to_owned()));
    assert_eq!(sample, Some(("1".to_owned(), "x".to_owned())));
    let number = json!({ "type": "BODY", "text": "A {{1}} b.", "example": { "body_text": [[7]] } });
    let draft = DefinitionDraft::new("a", "en", "UTILITY").with(serde_json::from_value(number).unwrap());
    only(&draft, &[("/components/0/example/body_text/0/0", "wrong-type")]);
}

#[test]
fn template_placeholders_at_most_one_in_a_header_and_none_in_a_footer() {
    only(&plain().header("A {{1}} b", ["x"]), &[]);
    only(&plain().header("A {{1}} b {{2}} c", ["x", "y"]), &[("/components/1/text", "template-placeholder-count")]);
    only(&plain().footer("A {{1}} b"), &[("/components/1/text", "template-placeholder-count")]);
}

#[test]
fn template_placeholders_few_words_for_many_are_warned_of() {
    let warned = |draft: DefinitionDraft| draft.check().unwrap().lint();
    assert_eq!(warned(body("Loaf {{1}} is {{2}} ready now.", ["x", "y"])), []);
    assert_eq!(
        warned(body("Loaf {{1}} is {{2}} ready.", ["x", "y"])),
        [DefinitionWarning::FewWords { placeholders: 2, words: 3 }]
    );
}

fn buttons(kind: &str, count: usize) -> DefinitionDraft {
    (0..count).fold(plain(), |draft, _| match kind {
        "QUICK_REPLY" => draft.quick_reply("Yes"),
        "URL" => draft.url("Open", "https://loaf.example", []),
        "PHONE_NUMBER" => draft.phone_number("Call", "+49401234567"),
        _ => draft.copy_code("LOAF10"),
    })
}

const BUTTONS: &str = "/components/1/buttons";

#[test]
fn template_buttons_keep_to_their_counts() {
    for (kind, most) in [("QUICK_REPLY", 10), ("URL", 2), ("PHONE_NUMBER", 1), ("COPY_CODE", 1)] {
        only(&buttons(kind, most), &[]);
        let more = buttons(kind, most + 1).check().unwrap_err();
        let first = &more.as_slice()[0];
        assert_eq!(
            (first.pointer.as_str(), first.code, first.rule),
            (BUTTONS, "template-button-count", Rule::TemplateButtons)
        );
        assert!(more.as_slice().iter().all(|fault| fault.code == "template-button-count"), "{kind}");
    }
    // Ten in all, of whatever kind.
    let mixed = |replies| {
        let draft = (0..replies).fold(plain(), |draft, _| draft.quick_reply("Yes"));
        draft.url("Open", "https://loaf.example", []).phone_number("Call", "+49401234567")
    };
    only(&mixed(8), &[]);
    only(&mixed(9), &[(BUTTONS, "template-button-count")]);
}

#[test]
fn template_buttons_keep_to_their_lengths() {
    let label = |length: usize| plain().quick_reply(&"ü".repeat(length));
    only(&label(25), &[]);
    only(&label(26), &[("/components/1/buttons/0/text", "template-length")]);
    only(&label(0), &[("/components/1/buttons/0/text", "template-length")]);
    let url = |length: usize| plain().url("Open", &format!("https://{}", "x".repeat(length - 8)), []);
    only(&url(2000), &[]);
    only(&url(2001), &[("/components/1/buttons/0/url", "template-length")]);
    let number = |number: &str| plain().phone_number("Call", number);
    only(&number("+49 40 12-34-56-7890"), &[]);
    only(&number("+49 40 12-34-56-78-90"), &[("/components/1/buttons/0/phone_number", "template-length")]);
    let code = |length: usize| plain().copy_code(&"x".repeat(length));
    only(&code(15), &[]);
    only(&code(16), &[("/components/1/buttons/0/example", "template-length")]);
    // One of Meta's pages allows a label 20 characters only.
    assert_eq!(label(20).check().unwrap().lint(), []);
    let warnings = label(21).check().unwrap().lint();
    assert!(matches!(warnings[..], [DefinitionWarning::LongLabel { button: 0, characters: 21, .. }]), "{warnings:?}");
}

#[test]
fn template_buttons_a_number_and_an_address_are_ones() {
    // What is no number anywhere is told with what is wrong with it,
    let number = "/components/1/buttons/0/phone_number";
    for (given, code) in [("call us", "phone-number-character"), ("+49", "phone-number-length")] {
        only(&plain().phone_number("Call", given), &[(number, code)]);
    }
    // and so is what no browser opens.
    let url = "/components/1/buttons/0/url";
    for given in [
        "https://",
        "https:///menu",
        "https:// loaf.example",
        "https://loaf .example",
        "https://loaf.example/a b",
        "ftp://x",
    ] {
        only(&plain().url("Open", given, []), &[(url, "template-url")]);
    }
    for given in ["http://a", "https://loaf.example?day=1", "https://bäckerei.example/#menü", "https://[::1]:8080/x"]
    {
        only(&plain().url("Open", given, []), &[]);
    }
}

#[test]
fn template_buttons_quick_replies_stand_together() {
    // Every order of up to four buttons of two sorts.
    for length in 1..=4 {
        for bits in 0..1_u32 << length {
            let replies: Vec<bool> = (0..length).map(|bit| bits >> bit & 1 == 1).collect();
            let links = replies.iter().filter(|reply| !**reply).count();
            let draft = replies.iter().fold(plain(), |draft, reply| match reply {
                true => draft.quick_reply("Yes"),
                false => draft.url("Open", "https://loaf.example", []),
            });
            let mut apart = replies.clone();
            apart.dedup();
            let mixed = found(&draft).iter().any(|(_, code)| *code == "template-buttons-mixed");
            assert_eq!(mixed, apart.len() > 2, "{replies:?}");
            assert_eq!(found(&draft).is_empty(), apart.len() <= 2 && links <= 2, "{replies:?}");
        }
    }
}

#[test]
fn template_buttons_an_address_has_its_placeholder_at_the_end() {
    let url = "/components/1/buttons/0/url";
    only(&plain().url("Open", "https://loaf.example/{{1}}", ["a7"]), &[]);
    only(&plain().url("Open", "https://loaf.example/{{1}}/more", ["a7"]), &[(url, "template-url-placeholder")]);
    only(&plain().url("Open", "https://x.example/{{1}}/{{2}}", ["a", "b"]), &[(url, "template-url-placeholder")]);
    only(&plain().url("Open", "loaf.example", []), &[(url, "template-url")]);
    let example = "/components/1/buttons/0/example/0";
    only(&plain().url("Open", "https://loaf.example/{{1}}", []), &[(example, "template-sample-missing")]);
    only(&plain().url("Open", "https://loaf.example/", ["a7"]), &[(example, "template-sample-stray")]);
}

#[test]
fn template_buttons_for_one_time_codes_belong_to_their_templates() {
    let kind = "/components/1/buttons/0/type";
    let codes = || DefinitionDraft::new("login", "en", "AUTHENTICATION").body("Your code: {{1}}.", ["123456"]);
    only(&codes().one_time_code("ONE_TAP"), &[]);
    only(&codes().one_time_code("ONE_TAP").one_time_code("ZERO_TAP"), &[(BUTTONS, "template-button-count")]);
    only(&codes().quick_reply("Yes"), &[(kind, "template-authentication")]);
    only(&plain().one_time_code("ONE_TAP"), &[(kind, "template-authentication")]);
}

#[test]
fn template_buttons_of_a_kind_that_is_not_known_are_kept_when_meta_tells_of_them() {
    let flow = json!({ "type": "BUTTONS", "buttons": [{ "type": "FLOW", "text": "Book", "flow_id": 7 }] });
    let draft = plain().with(serde_json::from_value(flow).unwrap());
    only(&draft, &[("/components/1/buttons/0/type", "template-button-kind")]);
    let told = draft.from_meta().unwrap();
    assert_eq!(told.buttons()[0].kind(), ButtonKind::Unknown("FLOW".to_owned()));
    assert_eq!(told.buttons()[0].label(), Some("Book"));
}

fn whole() -> Definition {
    ready()
        .header("Order {{1}} of today", ["A7"])
        .footer("Harbour Bakery")
        .quick_reply("Thanks")
        .url("Track", "https://loaf.example/{{1}}", ["a7"])
        .phone_number("Call", "+49401234567")
        .check()
        .unwrap()
}

#[track_caller]
fn wrong(definition: &Definition, parameters: &Parameters<'_>, wanted: &[(&str, &str)]) {
    let faults = definition.render(parameters).unwrap_err();
    let found: Vec<(&str, &str)> = faults.as_slice().iter().map(|fault| (fault.pointer.as_str(), fault.code)).collect();
    assert_eq!(found, wanted);
    assert!(faults.as_slice().iter().all(|fault| fault.rule == Rule::TemplateRender));
}

#[test]
fn template_render_gives_what_the_customer_will_see() {
    let parameters = Parameters::numbered(["Ben", "B12"]).header("1", "B12").button(1, "b12");
    let rendered = whole().render(&parameters).unwrap();
    assert_eq!(rendered.header, Some(RenderedHeader::Text("Order B12 of today".to_owned())));
    assert_eq!(rendered.body, "Hello Ben, your order B12 is ready to be picked up.");
    assert_eq!(rendered.footer.as_deref(), Some("Harbour Bakery"));
    let targets: Vec<Option<&str>> = rendered.buttons.iter().map(|button| button.target.as_deref()).collect();
    assert_eq!(targets, [None, Some("https://loaf.example/b12"), Some("+49401234567")]);
    assert_eq!(
        rendered.to_string(),
        "Order B12 of today\nHello Ben, your order B12 is ready to be picked up.\nHarbour Bakery\n[Thanks]\n[Track]\n[Call]"
    );
    // What is filled in is not looked at again.
    let braces = ready_definition().render(&Parameters::numbered(["{{2}}", "B12"])).unwrap();
    assert_eq!(braces.body, "Hello {{2}}, your order B12 is ready to be picked up.");
}

#[test]
fn template_render_fills_in_by_name_and_with_the_samples() {
    let named = named("Hello {{name}}, {{order}} is ready.", [("name", "Ana"), ("order", "A7")]).check().unwrap();
    let rendered = named.render(&Parameters::new().body("order", "B12").body("name", "Ben")).unwrap();
    assert_eq!(rendered.body, "Hello Ben, B12 is ready.");
    let samples = named.render(&Parameters::samples(&named)).unwrap();
    assert_eq!(samples.body, "Hello Ana, A7 is ready.");
    let all = whole();
    assert!(all.render(&Parameters::samples(&all)).is_ok());
    let media = plain().media_header("IMAGE", "4::x").copy_code("LOAF10").check().unwrap();
    let shown = media.render(&Parameters::samples(&media)).unwrap();
    assert_eq!(shown.to_string(), "[IMAGE]\nYour loaf is ready.");
    assert_eq!(shown.buttons[0].target.as_deref(), Some("LOAF10"));
    // The sample of an address is its end, or all of it: Meta's pages show both.
    for sample in ["a7", "https://loaf.example/a7"] {
        let track = plain().url("Track", "https://loaf.example/{{1}}", [sample]).check().unwrap();
        let shown = track.render(&Parameters::samples(&track)).unwrap();
        assert_eq!(shown.buttons[0].target.as_deref(), Some("https://loaf.example/a7"));
    }
    let place = plain().location_header().check().unwrap();
    assert!(place.render(&Parameters::samples(&place)).is_ok());
}

#[test]
fn template_render_says_every_parameter_that_is_missing_or_too_many() {
    wrong(
        &whole(),
        &Parameters::new().body("2", " ").body("3", "x").button(0, "y").button(9, "z").media("m"),
        &[
            ("/header/1", "parameter-missing"),
            ("/header", "parameter-stray"),
            ("/body/1", "parameter-missing"),
            ("/body/2", "parameter-missing"),
            ("/body/3", "parameter-stray"),
            ("/buttons/0", "parameter-stray"),
            ("/buttons/9", "parameter-stray"),
            ("/buttons/1", "parameter-missing"),
        ],
    );
    let media = plain().media_header("VIDEO", "4::x").check().unwrap();
    wrong(
        &media,
        &Parameters::new().header("1", "x"),
        &[("/header", "parameter-missing"), ("/header/1", "parameter-stray")],
    );
    wrong(
        &plain().check().unwrap(),
        &Parameters::new().header("1", "x").media("m"),
        &[("/header", "parameter-stray"), ("/header/1", "parameter-stray")],
    );
}

#[test]
fn template_render_says_which_parameter_is_too_long() {
    let definition = ready_definition();
    let rest = definition.render(&Parameters::numbered(["x", "y"])).unwrap().body.chars().count() - 2;
    let long = |length: usize| "ü".repeat(length - rest - 1);
    assert_eq!(definition.render(&Parameters::numbered([&*long(1024), "y"])).unwrap().body.chars().count(), 1024);
    wrong(&definition, &Parameters::numbered(["x", &*long(1025)]), &[("/body/2", "filled-length")]);

    let header = plain().header("Order {{1}}.", ["x"]).check().unwrap();
    let (sixty, more) = ("x".repeat(53), "x".repeat(54));
    assert!(header.render(&Parameters::new().header("1", &sixty)).is_ok());
    wrong(&header, &Parameters::new().header("1", &more), &[("/header/1", "filled-length")]);

    let link = plain().url("Open", "https://loaf.example/{{1}}", ["x"]).check().unwrap();
    let (most, more) = ("x".repeat(1979), "x".repeat(1980));
    assert!(link.render(&Parameters::new().button(0, &most)).is_ok());
    wrong(&link, &Parameters::new().button(0, &more), &[("/buttons/0", "filled-length")]);

    let codes = DefinitionDraft::new("login", "en", "AUTHENTICATION").body("Code: {{1}}.", ["123456"]).check().unwrap();
    let (fifteen, sixteen) = ("ü".repeat(15), "ü".repeat(16));
    assert!(codes.render(&Parameters::numbered([&*fifteen])).is_ok());
    wrong(&codes, &Parameters::numbered([&*sixteen]), &[("/body/1", "parameter-length")]);
    let coupon = plain().copy_code("LOAF10").check().unwrap();
    assert!(coupon.render(&Parameters::new().button(0, &fifteen)).is_ok());
    wrong(&coupon, &Parameters::new().button(0, &sixteen), &[("/buttons/0", "parameter-length")]);
}

#[test]
fn template_render_is_what_replacing_the_placeholders_gives() {
    let filled = std::cell::Cell::new(0_u32);
    let law = |(words, values): (Vec<String>, Vec<String>)| {
        // Given a text with placeholders between words, when it is filled in, then it is what naive replacing gives.
        let pieces = words.iter().enumerate().map(|(index, word)| format!(" {{{{{}}}}} {word}", index + 1));
        let text = format!("A{}.", pieces.collect::<Vec<_>>().concat());
        let samples: Vec<&str> = words.iter().map(|_| "x").collect();
        let draft = DefinitionDraft::new("a", "en", "UTILITY").with(
            serde_json::from_value(json!({ "type": "BODY", "text": text, "example": { "body_text": [samples] } }))
                .unwrap(),
        );
        let definition = draft.check().unwrap();
        let given: Vec<&str> = values.iter().take(words.len()).map(String::as_str).collect();
        let rendered = definition.render(&Parameters::numbered(given.iter().copied()));
        let short = given.len() < words.len() || given.iter().any(|value| value.trim().is_empty());
        prop_assert_eq!(rendered.is_err(), short);
        if let Ok(rendered) = rendered {
            let naive = given
                .iter()
                .enumerate()
                .fold(text, |text, (index, value)| text.replacen(&format!("{{{{{}}}}}", index + 1), value, 1));
            prop_assert_eq!(rendered.body, naive);
            filled.set(filled.get() + 1);
        }
        Ok(())
    };
    let words = prop::collection::vec("[a-z]{1,8}", 0..8);
    let values = prop::collection::vec("[a-zA-Z0-9ü ]{1,8}", 5..8);
    runner(1000).run(&(words, values), law).unwrap();
    assert!(filled.get() >= 400, "only {} were filled in", filled.get());
}

#[test]
fn core_total_a_hostile_text_costs_no_more_than_it_sends() {
    // A text of many placeholders, all wrong: each fault tells its own, not the whole text.
    let within = "{{x}}".repeat(1600);
    let told: usize = faults_of(&within).iter().map(|fault| fault.given.len()).sum();
    assert!(told < 6 * within.len(), "{told} bytes are told of {}", within.len());
    let beyond = "{{x}}".repeat(200_000);
    assert_eq!(
        found(&DefinitionDraft::new("a", "en", "UTILITY").body(&beyond, [])),
        [("/components/0/text".to_owned(), "template-length")]
    );
}

fn faults_of(text: &str) -> Vec<whatsapp_inbox::form::Fault> {
    DefinitionDraft::new("a", "en", "UTILITY").body(text, []).check().unwrap_err().as_slice().to_vec()
}
