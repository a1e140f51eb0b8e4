//! `webhook.order`: any order and any repetition of the same deliveries ends in the same view, and each fact finds the
//! onboarding that it is about.

use std::cell::Cell;
use std::collections::{BTreeMap, HashSet};

use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::onboarding::{Ending, Onboarding, Status, Step};
use whatsapp_inbox::time::{Calendar, Instant};
use whatsapp_inbox::translation::{About, Told, facts};

use super::translation::{
    MORNING, PROVIDER, about, body, certification, name_update, partner, template_update, update,
};
use super::{changes, only, secret};
use crate::case::*;

fn ids(body: &str) -> Vec<FactId> {
    facts(&only(body)).into_iter().map(|told| told.id).collect()
}

#[test]
fn webhook_order_the_same_delivery_tells_the_same_facts() {
    for (_, body) in super::samples() {
        let told = |body: &str| changes(body).iter().flat_map(facts).collect::<Vec<Told>>();
        assert_eq!(told(&body), told(&body.clone()));
        let (first, again): (Vec<_>, Vec<_>) = (told(&body), told(&format!("[{body},{body}]")));
        assert_eq!([first.clone(), first].concat(), again);
    }
}

/// What is known once deliveries have arrived: each fact once, and since when each is so. Whoever folds it in the order of
/// (time, id) ends in one view, whatever the order in which they arrived.
fn heard(bodies: &[String]) -> BTreeMap<FactId, (Option<Instant>, About, String)> {
    let mut heard = BTreeMap::new();
    for body in bodies {
        for change in changes(body) {
            let said = (change.at(), About::of(&change), format!("{:?}", change.value()));
            let before = heard.insert(change.fact_id(0), said.clone());
            assert!(before.is_none_or(|before| before == said), "one id, one fact: {body}");
        }
    }
    heard
}

#[test]
fn webhook_order_all_samples_shuffled_and_repeated_are_heard_as_the_same() {
    let history: Vec<String> = super::samples().into_iter().map(|(_, body)| body).chain(history()).collect();
    let expected = heard(&history);
    assert!(expected.len() > 100, "{}", expected.len());
    let again = prop::collection::vec(prop::sample::select(history.clone()), 0..40);
    let arriving = again.prop_map(move |again| [history.clone(), again].concat()).prop_shuffle();
    let law = |arriving: Vec<String>| {
        prop_assert!(heard(&arriving) == expected, "one by one");
        // Some stand in an array by themselves.
        let items: Vec<_> =
            arriving.iter().map(|body| body.trim().trim_start_matches('[').trim_end_matches(']')).collect();
        prop_assert!(heard(&[format!("[{}]", items.join(","))]) == expected, "batched into one call");
        Ok(())
    };
    let config = ProptestConfig { source_file: Some(file!()), ..ProptestConfig::with_cases(30) };
    TestRunner::new(config).run(&arriving, law).unwrap();
}

#[test]
fn webhook_order_another_entry_time_field_or_value_tells_another_fact() {
    let template = template_update(MORNING, "loaf_ready", "APPROVED", "null");
    let bodies = [
        template_update(MORNING + 1, "loaf_ready", "APPROVED", "null"),
        template_update(MORNING, "loaf_ready", "REJECTED", "null"),
        template_update(MORNING, "loaf_ready", "APPROVED", r#""NONE""#),
        template.replace(ACCOUNT, OTHER_ACCOUNT),
        template.replace(":912", ":913"),
        // One value that two fields read.
        body(ACCOUNT, MORNING, "account_alerts", r#"{"alert_type":"OBA_APPROVED","decision":"APPROVED"}"#),
        body(ACCOUNT, MORNING, "account_review_update", r#"{"alert_type":"OBA_APPROVED","decision":"APPROVED"}"#),
        template,
    ];
    let ids: Vec<_> = bodies.iter().flat_map(|body| ids(body)).collect();
    assert_eq!(ids.len(), bodies.len());
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), bodies.len());
}

#[test]
fn webhook_order_each_restriction_of_a_change_has_its_own_id() {
    let same = r#","restriction_info":[{"restriction_type":"X"},{"restriction_type":"X"}]"#;
    let ids = ids(&update(ACCOUNT, MORNING, "ACCOUNT_RESTRICTION", same));
    assert_eq!((ids.len(), ids[0] == ids[1]), (2, false));
}

/// All that Meta delivers of one eventful onboarding, and of others, in the order in which it happened.
fn history() -> Vec<String> {
    let minute = |minute: i64| MORNING + 60 * minute;
    let review = |entry: &str, at: i64, decision: &str| {
        body(entry, minute(at), "account_review_update", &format!(r#"{{"decision":"{decision}"}}"#))
    };
    let account = |at: i64, event: &str, more: &str| update(ACCOUNT, minute(at), event, more);
    let name = |at: i64, decision: &str, reason: &str| name_update(minute(at), decision, NAME, reason);
    let template = |at: i64, name: &str, event: &str| template_update(minute(at), name, event, "null");
    let alert =
        |at: i64, alert: &str| body(ACCOUNT, minute(at), "account_alerts", &format!(r#"{{"alert_type":"{alert}"}}"#));
    let restricted = |at: i64, until: i64| {
        let info = format!(
            r#","restriction_info":[{{"restriction_type":"RESTRICTED_BAKING","expiration":{}}},{{"restriction_type":"RESTRICTED_UTILITY_TEMPLATES"}}]"#,
            minute(until)
        );
        update(ACCOUNT, minute(at), "ACCOUNT_RESTRICTION", &info)
    };
    let ban = |at: i64, state: &str| {
        update(ACCOUNT, minute(at), "DISABLED_UPDATE", &format!(r#","ban_info":{{"waba_ban_state":"{state}"}}"#))
    };
    let offboarded = format!(r#","account_offboarded":{{"waba_id":"{ACCOUNT}","timestamp":{}}}"#, minute(121));
    vec![
        partner(minute(-10), "PARTNER_ADDED"),
        review(ACCOUNT, 2, "PENDING"),
        certification(minute(3), "PENDING"),
        name(4, "PENDING", "null"),
        review(OTHER_ACCOUNT, 5, "REJECTED"),
        name(10, "REJECTED", r#""NAME_FORMAT_UNACCEPTABLE""#),
        name(11, "REJECTED", r#""NAME_NOT_CONSISTENT""#),
        name_update(minute(12), "REJECTED", OTHER_NAME, "null"),
        certification(minute(13), "FAILED"),
        certification(minute(14), "FAILED"),
        review(ACCOUNT, 15, "REJECTED"),
        // Within one second, and no order told.
        review(ACCOUNT, 20, "APPROVED"),
        review(ACCOUNT, 20, "DEFERRED"),
        name(20, "REJECTED", "null"),
        name(20, "APPROVED", "null"),
        template(20, "loaf_ready", "REJECTED"),
        certification(minute(30), "APPROVED"),
        partner(minute(31), "PARTNER_APP_INSTALLED"),
        template(40, "loaf_ready", "PENDING"),
        template(41, "rolls_ready", "REJECTED"),
        template(42, "loaf_ready", "FLAGGED"),
        template(50, "loaf_ready", "APPROVED"),
        template(51, "loaf_ready", "PAUSED"),
        alert(60, "OBA_REJECTED"),
        alert(61, "OBA_APPROVED"),
        restricted(70, 5000),
        restricted(71, 90),
        restricted(72, 2000),
        ban(80, "SCHEDULE_FOR_DISABLE"),
        ban(81, "DISABLE"),
        ban(90, "REINSTATE"),
        partner(minute(100), "PARTNER_REMOVED"),
        partner(minute(101), "PARTNER_ADDED"),
        // Its own second is later than its entry's.
        account(110, "account_offboarded", &offboarded),
        account(130, "ACCOUNT_RECONNECTED", ""),
        account(140, "ACCOUNT_OFFBOARDED", ""),
        certification(minute(150), "REVOKED"),
        name(160, "REJECTED", r#""UNKNOWN""#),
        update(OTHER_ACCOUNT, minute(170), "ACCOUNT_DELETED", ""),
        account(171, "ACCOUNT_PAINTED_BLUE", ""),
    ]
}

/// Reads deliveries, and tells what they say to the onboarding.
fn deliver<'b>(case: &mut Case, bodies: impl IntoIterator<Item = &'b String>) {
    for told in bodies.into_iter().flat_map(|body| changes(body).iter().flat_map(facts).collect::<Vec<_>>()) {
        case.does(META, told.command());
    }
}

/// When each delivery happened, by the second that its facts tell.
fn second(body: &str) -> Option<Instant> {
    facts(&only(body)).first().and_then(|told| told.at)
}

/// A case at each step, and one in which all is done; two days after Meta's history ended.
fn bases() -> Vec<Case> {
    let steps = Step::ALL.into_iter().filter(|step| !matches!(step, Step::CompleteSignup | Step::SubscribeApp));
    let mut bases: Vec<_> = steps.map(Case::open).chain([Case::complete_onboarding()]).collect();
    for base in &mut bases {
        base.days(2);
    }
    bases
}

/// The same in both: what is remembered, and what is shown of it now and later.
fn same_view(one: &Case, other: &Case) -> Result<(), TestCaseError> {
    for days in [0, 1, 7, 60] {
        let now = one.now.plus_days(days);
        for step in Step::ALL {
            prop_assert_eq!(one.onboarding.status(step, now), other.onboarding.status(step, now), "{} {}", step, days);
        }
        let shown = |case: &Case| case.onboarding.checklist(&Calendar::default(), now);
        prop_assert_eq!(shown(one), shown(other));
    }
    prop_assert_eq!(&one.onboarding, &other.onboarding);
    Ok(())
}

/// Some of the deliveries or all, once each in the order in which they happened, and as they arrive: in any order, some
/// of them again.
fn arrivals() -> impl Strategy<Value = (Vec<String>, Vec<String>)> {
    let history = history();
    let some = prop_oneof![Just(history.clone()), prop::sample::subsequence(history.clone(), 1..history.len())];
    some.prop_flat_map(|happened| {
        let again = prop::collection::vec(prop::sample::select(happened.clone()), 0..10);
        let arriving = again.prop_map({
            let happened = happened.clone();
            move |again| [happened.clone(), again].concat()
        });
        (Just(happened), arriving.prop_shuffle())
    })
}

#[test]
fn webhook_order_any_order_and_repetition_ends_in_the_same_view() {
    let bases = bases();
    let (out_of_order, repeated, moved) = (Cell::new(0), Cell::new(0), Cell::new(0));
    let cases = 300;
    let mut runner =
        TestRunner::new(ProptestConfig { source_file: Some(file!()), ..ProptestConfig::with_cases(cases) });
    let law = |(base, (happened, arriving)): (usize, (Vec<String>, Vec<String>))| {
        let (mut told, mut arrived) = (bases[base].clone(), bases[base].clone());
        deliver(&mut told, &happened);
        deliver(&mut arrived, &arriving);
        same_view(&told, &arrived)?;
        prop_assert_eq!(told.events.len(), arrived.events.len(), "what is told again changes nothing");

        let seconds: Vec<_> = arriving.iter().filter_map(|body| second(body)).collect();
        out_of_order.set(out_of_order.get() + u32::from(!seconds.is_sorted()));
        repeated.set(repeated.get() + u32::from(arriving.len() > happened.len()));
        let view = |case: &Case| Step::ALL.map(|step| case.status(step));
        moved.set(moved.get() + u32::from(view(&told) != view(&bases[base])));
        Ok(())
    };
    runner.run(&(0..bases.len(), arrivals()), law).unwrap();
    let (out_of_order, repeated, moved) = (out_of_order.get(), repeated.get(), moved.get());
    assert!(out_of_order > cases * 9 / 10, "out of order: {out_of_order} of {cases}");
    assert!(repeated > cases / 2, "with repetitions: {repeated} of {cases}");
    assert!(moved > cases / 2, "changed the view: {moved} of {cases}");
}

#[test]
fn webhook_order_facts_may_come_before_the_account_is_reported() {
    let cases = 100;
    let (mut base, split) = (Case::open(Step::CreateAccount), Cell::new(0));
    base.days(2);
    let mut runner =
        TestRunner::new(ProptestConfig { source_file: Some(file!()), ..ProptestConfig::with_cases(cases) });
    let law = |((happened, arriving), place): ((Vec<String>, Vec<String>), prop::sample::Index)| {
        let place = place.index(arriving.len() + 1);
        let (mut told, mut arrived) = (base.clone(), base.clone());
        told.complete(Step::CreateAccount);
        deliver(&mut told, &happened);
        deliver(&mut arrived, &arriving[..place]);
        arrived.complete(Step::CreateAccount);
        deliver(&mut arrived, &arriving[place..]);
        split.set(split.get() + u32::from(place > 0));
        same_view(&told, &arrived)
    };
    runner.run(&(arrivals(), any::<prop::sample::Index>()), law).unwrap();
    let early = split.get();
    assert!(early > cases / 2, "something came early: {early} of {cases}");
}

#[test]
fn webhook_order_the_history_ends_where_it_should() {
    let mut case = Case::open(Step::ApproveRequest);
    case.days(2);
    deliver(&mut case, history().iter().rev());
    let done = |step: Step, minutes: u32| {
        assert_eq!(
            case.status(step),
            Status::Done { at: at("2026-01-05T09:00:00Z").plus_minutes(minutes), by: META, result: Ending::Met },
            "{step}"
        );
    };
    // The request was approved ten minutes before it was reported.
    done(Step::ApproveRequest, 0);
    assert!(matches!(case.status(Step::VerifyBusiness), Status::NeedsAttention { since, .. }
        if since == at("2026-01-05T11:30:00Z")));
    assert!(matches!(case.status(Step::ApproveNumber), Status::NeedsAttention { since, .. }
        if since == at("2026-01-05T11:40:00Z")));
    let waits = |step: Step| case.status(step).name();
    assert_eq!((waits(Step::ObtainBadge), waits(Step::AddTemplates)), ("locked", "locked"));
    let shown = serde_json::to_value(case.onboarding.checklist(&Calendar::default(), case.now).notices).unwrap();
    let notices: Vec<_> = shown.as_array().unwrap().iter().map(|notice| notice["since"].as_str().unwrap()).collect();
    // Offboarded a second time, and one restriction: the other has run out since.
    assert_eq!(notices, ["2026-01-05T11:20:00.000Z", "2026-01-05T10:12:00.000Z"]);
}

fn onboarding_of(number: &str, business: &str, account: Option<&str>) -> Onboarding {
    let mut case = Case::open(Step::SubmitDetails);
    case.does(ADMIN, whatsapp_inbox::onboarding::Command::SubmitDetails(details_of(number, business, NAME)));
    if let Some(account) = account {
        case.does(OPERATOR, create(account));
    }
    case.onboarding
}

#[test]
fn webhook_order_a_number_is_told_to_its_own_onboarding_alone() {
    let ours = onboarding_of(NUMBER, BUSINESS, Some(ACCOUNT));
    let sibling = onboarding_of(OTHER_NUMBER, BUSINESS, Some(ACCOUNT));
    for about in [
        about(None, Some(NUMBER), None),
        about(Some(ACCOUNT), Some(NUMBER), Some(BUSINESS)),
        about(Some(OTHER_ACCOUNT), Some(NUMBER), Some(OTHER_BUSINESS)),
    ] {
        assert!(about.concerns(&ours), "{about:?}");
        assert!(!about.concerns(&sibling), "{about:?}");
    }
}

#[test]
fn webhook_order_an_account_is_told_to_all_its_onboardings_and_an_earlier_one_too() {
    let (ours, sibling) =
        (onboarding_of(NUMBER, BUSINESS, Some(ACCOUNT)), onboarding_of(OTHER_NUMBER, BUSINESS, Some(ACCOUNT)));
    assert!(about(Some(ACCOUNT), None, None).concerns(&ours));
    assert!(about(Some(ACCOUNT), None, None).concerns(&sibling));
    assert!(about(Some(ACCOUNT), None, Some(OTHER_BUSINESS)).concerns(&ours));
    assert!(!about(Some(OTHER_ACCOUNT), None, None).concerns(&ours));
    let mut case = Case::open(Step::ApproveRequest);
    case.fact(request(ACCOUNT, whatsapp_inbox::whatsapp::RequestStatus::Declined));
    case.does(OPERATOR, create(OTHER_ACCOUNT));
    assert!(about(Some(ACCOUNT), None, None).concerns(&case.onboarding));
    assert!(about(Some(OTHER_ACCOUNT), None, None).concerns(&case.onboarding));
}

#[test]
fn webhook_order_a_number_that_is_told_by_its_id_is_told_to_its_own_onboarding_alone() {
    let ours = onboarding_of(NUMBER, BUSINESS, Some(ACCOUNT));
    let named = |account: Option<&str>, id: &str, business: Option<&str>| {
        let mut about = about(account, None, business);
        about.phone_number = Some(phone_number_id(id));
        about
    };
    assert!(named(Some(ACCOUNT), PHONE_NUMBER, None).concerns(&ours));
    assert!(!named(Some(ACCOUNT), "7", None).concerns(&ours));
    assert!(!named(Some(ACCOUNT), "7", Some(BUSINESS)).concerns(&ours));
    assert!(!named(Some(OTHER_ACCOUNT), PHONE_NUMBER, None).concerns(&ours));
    // Before the account is reported its ids are not known, and the business is.
    let early = onboarding_of(NUMBER, BUSINESS, None);
    assert!(named(Some(ACCOUNT), PHONE_NUMBER, Some(BUSINESS)).concerns(&early));
    assert!(!named(Some(ACCOUNT), PHONE_NUMBER, None).concerns(&early));
}

#[test]
fn webhook_order_a_business_is_told_to_all_its_onboardings() {
    let told = facts(&only(&certification(MORNING, "APPROVED"))).remove(0);
    assert!(told.about.concerns(&onboarding_of(NUMBER, BUSINESS, Some(ACCOUNT))));
    assert!(told.about.concerns(&onboarding_of(OTHER_NUMBER, BUSINESS, None)));
    assert!(!told.about.concerns(&onboarding_of(NUMBER, OTHER_BUSINESS, Some(ACCOUNT))));
}

#[test]
fn webhook_order_another_organisations_onboarding_is_never_concerned() {
    let foreign = onboarding_of(OTHER_NUMBER, OTHER_BUSINESS, Some(OTHER_ACCOUNT));
    let ours = onboarding_of(NUMBER, BUSINESS, Some(ACCOUNT));
    let (mut heard, nobody) = (0, about(None, None, None));
    for body in history().iter().filter(|body| !body.contains(OTHER_ACCOUNT)) {
        for told in facts(&only(body)) {
            assert!(!told.about.concerns(&foreign), "{body}");
            assert!(!told.about.concerns(&Onboarding::default()), "{body}");
            assert!(told.about.concerns(&ours), "{body}");
            heard += 1;
        }
    }
    assert!(heard > 30, "{heard}");
    assert!(!nobody.concerns(&ours));
    assert!(!nobody.concerns(&Onboarding::default()));
}

#[test]
fn webhook_order_a_partner_added_before_the_account_is_reported_is_found_by_the_business() {
    let mut case = Case::open(Step::CreateAccount);
    let told = facts(&only(&partner(MORNING - 5, "PARTNER_ADDED"))).remove(0);
    assert!(told.about.concerns(&case.onboarding));
    case.does(META, told.command());
    assert_eq!(case.status(Step::ApproveRequest).name(), "locked");
    case.minutes(1).complete(Step::CreateAccount);
    assert_eq!(case.status(Step::ApproveRequest), Status::Done { at: case.now, by: META, result: Ending::Met });
}

#[test]
fn webhook_signature_a_signed_delivery_approves_the_request() {
    let body = partner(MORNING + 60, "PARTNER_ADDED");
    let mut case = Case::open(Step::ApproveRequest);
    assert!(matches!(case.status(Step::ApproveRequest), Status::Open { .. }));
    case.minutes(2);

    let header = secret().sign(body.as_bytes());
    assert!(secret().check(body.replace(PROVIDER, "1").as_bytes(), &header).is_err());
    let delivery = secret().check(body.as_bytes(), &header).unwrap().read().unwrap();
    let told: Vec<_> = delivery.changes.iter().flat_map(facts).collect();
    assert_eq!(told.len(), 1);
    for told in told {
        assert!(told.about.concerns(&case.onboarding));
        case.does(META, told.command());
    }

    let done = Status::Done { at: at("2026-01-05T09:01:00Z"), by: META, result: Ending::Met };
    assert_eq!(case.status(Step::ApproveRequest), done);
    assert!(matches!(case.status(Step::VerifyBusiness), Status::Open { .. }));
    assert!(matches!(case.status(Step::ApproveNumber), Status::InReview { .. }));
}
