//! Calls to Meta: begun, called at most once, told; and effects on their way.

use whatsapp_inbox::conversation::{Conversation, MessageKind, WarningOutcome};
use whatsapp_inbox::decider::{Actor, Version};
use whatsapp_inbox::onboarding::{Change, CodeAnswer, Command, Fact, Onboarding, RegistrationAnswer, Step};
use whatsapp_inbox::service::{Answer, RelayOutcome, ServiceError};
use whatsapp_inbox::settings::{ClosingWarning, WarnBefore};
use whatsapp_inbox::testing::sample::{CHANNEL, CONVERSATION, ONBOARDING};
use whatsapp_inbox::testing::{Call, block_on, sample};
use whatsapp_inbox::whatsapp::{CodeMethod, CodeVerification, NumberStatus, Pin, VerificationCode};

use crate::service_case::*;

fn code() -> VerificationCode {
    VerificationCode::new("990817").expect("six digits")
}

fn pin() -> Pin {
    Pin::new("654321").expect("six digits")
}

/// With a code sent, which waits to be entered.
fn with_code() -> House {
    let house = House::at_step(Step::VerifyNumber);
    house.onboard(AS_ADMIN, 50, Command::RequestCode { method: CodeMethod::Voice }).expect("an admin may");
    assert_eq!(house.relay_all(), 1);
    house
}

fn last_event(house: &House) -> Change {
    let history = house.service.store().history::<Onboarding>(ONBOARDING);
    history.last().map(|(_, event)| event.change.clone()).expect("something happened")
}

#[test]
fn onboarding_code_secret_is_begun_called_once_and_told() {
    let house = with_code();
    let request = house.request(AS_ADMIN, 51);
    let told = block_on(house.service.enter_code(ONBOARDING, &code(), &request)).expect("an admin may");
    assert_eq!(names::<Onboarding>(&told), ["code-accepted"]);
    assert!(house.state::<Onboarding>(ONBOARDING).is_done(Step::VerifyNumber, house.clock.now()));
    let entries = |house: &House| {
        house.service.transport().calls().iter().filter(|call| matches!(call, Call::EnterCode { .. })).count()
    };
    assert_eq!(entries(&house), 1);
    // The same request again calls nobody.
    let again = block_on(house.service.enter_code(ONBOARDING, &code(), &request)).expect("it was done");
    assert!(matches!(again, Answer::AlreadyApplied { .. }));
    assert_eq!(entries(&house), 1);
    // The code stands nowhere in what is written.
    let history = house.service.store().history::<Onboarding>(ONBOARDING);
    assert!(!format!("{history:?}").contains("990817"));
}

#[test]
fn onboarding_code_secret_an_answer_that_is_lost_is_unknown_and_settled_by_reading() {
    let house = with_code();
    house.service.transport().answers(|answers| answers.code = None);
    let told = block_on(house.service.enter_code(ONBOARDING, &code(), &house.request(AS_ADMIN, 51))).expect("told");
    assert_eq!(names::<Onboarding>(&told), ["code-entry-unknown"]);
    // When Meta is read, then it is known; and by the same request once more, and nothing changes.
    let fact = Fact::NumberVerification { number: sample::number(), status: CodeVerification::Verified };
    let facts = vec![(None, fact)];
    house.service.transport().answers(|answers| answers.facts = Some(facts));
    for number in [52, 52] {
        let read = block_on(house.service.settle(ONBOARDING, &house.request(AS_ADMIN, number))).expect("it is read");
        assert_eq!(read, 1);
    }
    assert!(house.state::<Onboarding>(ONBOARDING).is_done(Step::VerifyNumber, house.clock.now()));
    let observed = house.service.store().history::<Onboarding>(ONBOARDING);
    let observed = observed.iter().filter(|(_, event)| matches!(event.change, Change::Observed { .. })).count();
    let before = whatsapp_inbox::testing::Case::<Onboarding>::at_step(Step::VerifyNumber);
    let before = before.events.iter().filter(|event| matches!(event.change, Change::Observed { .. })).count();
    assert_eq!(observed - before, 1);
    // Where nothing can be read, that is told.
    house.service.transport().answers(|answers| answers.facts = None);
    let told = block_on(house.service.settle(ONBOARDING, &house.request(AS_ADMIN, 54))).expect_err("no answer");
    assert!(matches!(told, ServiceError::Backend(_)));
}

#[test]
fn onboarding_register_budget_a_registration_is_begun_called_once_and_told() {
    for (answer, name) in [
        (Some(RegistrationAnswer::Registered), "registration-answered"),
        (Some(RegistrationAnswer::PinMismatch), "registration-answered"),
        (None, "registration-answered"),
    ] {
        let house = House::at_step(Step::ActivateAccount);
        house.service.transport().answers(|answers| answers.registration = answer);
        let request = house.request(AS_OPERATOR, 50);
        let told = block_on(house.service.register(ONBOARDING, &pin(), &request)).expect("an operator may");
        assert_eq!(names::<Onboarding>(&told), [name]);
        let known = answer.unwrap_or(RegistrationAnswer::Unknown);
        assert!(matches!(last_event(&house), Change::RegistrationAnswered { answer, .. } if answer == known));
        let again = block_on(house.service.register(ONBOARDING, &pin(), &request)).expect("it was done");
        assert!(matches!(again, Answer::AlreadyApplied { .. }));
        assert_eq!(house.service.transport().calls(), [Call::Register { number: sample::phone_number_id() }]);
        assert!(!format!("{:?}", house.service.store()).contains("654321"));
    }
    // Settled by reading, too.
    let house = House::at_step(Step::ActivateAccount);
    house.service.transport().answers(|answers| {
        answers.registration = None;
        let connected = Fact::NumberStatus { number: sample::number(), status: NumberStatus::Connected };
        answers.facts = Some(vec![(None, connected)]);
    });
    block_on(house.service.register(ONBOARDING, &pin(), &house.request(AS_OPERATOR, 50))).expect("told");
    block_on(house.service.settle(ONBOARDING, &house.request(AS_OPERATOR, 51))).expect("it is read");
    let grants = Vec::new();
    house.onboard(AS_OPERATOR, 52, Command::Activate { channel: CHANNEL, grants }).expect("it is connected");
}

#[test]
fn onboarding_code_single_is_asked_for_once_and_never_again_after_a_crash() {
    let house = House::at_step(Step::VerifyNumber);
    house.onboard(AS_ADMIN, 50, Command::RequestCode { method: CodeMethod::Voice }).expect("an admin may");
    // Given a relay that took it and crashed before it could say more,
    let now = house.clock.now();
    let lent =
        block_on(whatsapp_inbox::port::Store::<Onboarding>::lease(house.service.store(), now, now.plus_minutes(5), 10));
    assert_eq!(lent.expect("it is lent").len(), 1);
    assert_eq!(house.relay().effects, [], "it is lent until the fifth minute");
    house.clock.push_millis(5 * 60_000 - 1);
    assert_eq!(house.relay().effects, []);
    // when another takes it, then Meta is not called, and what became of it is unknown.
    house.clock.push_millis(1);
    let relayed = house.relay();
    let told: Vec<_> = relayed.effects.iter().map(|told| (told.name, told.tries, told.outcome.clone())).collect();
    assert_eq!(told, [("ask-for-code", 2, RelayOutcome::Unknown { why: None })]);
    assert_eq!(house.service.transport().calls(), []);
    assert!(matches!(last_event(&house), Change::CodeSendUnknown), "{:?}", last_event(&house));
    // An answer that is lost is no other.
    let house = House::at_step(Step::VerifyNumber);
    house.service.transport().answers(|answers| answers.code_send = None);
    house.onboard(AS_ADMIN, 50, Command::RequestCode { method: CodeMethod::Voice }).expect("an admin may");
    let relayed = house.relay().effects;
    let unknown = |told: &RelayOutcome| matches!(told, RelayOutcome::Unknown { why: Some(why) } if why.contains("backend failed"));
    assert!(matches!(relayed.as_slice(), [told] if unknown(&told.outcome)), "{relayed:?}");
    assert!(matches!(last_event(&house), Change::CodeSendUnknown));
    assert_eq!(house.service.transport().calls().len(), 1);
}

#[test]
fn onboarding_code_wrong_a_code_that_meta_rejects_is_told() {
    let house = with_code();
    house.service.transport().answers(|answers| answers.code = Some(CodeAnswer::Wrong));
    let told = block_on(house.service.enter_code(ONBOARDING, &code(), &house.request(AS_ADMIN, 51))).expect("told");
    assert_eq!(names::<Onboarding>(&told), ["code-rejected"]);
    // Without a code there is nothing to enter, and nobody is called.
    let house = House::at_step(Step::VerifyNumber);
    let told = block_on(house.service.enter_code(ONBOARDING, &code(), &house.request(AS_ADMIN, 51)));
    assert!(matches!(told, Err(ServiceError::Refused(_))), "{told:?}");
    assert_eq!(house.service.transport().calls(), []);
}

/// A conversation whose warning is due.
fn warned() -> House {
    let house = House::open();
    let before = WarnBefore::minutes(60).expect("an hour");
    let channel = house.state::<whatsapp_inbox::channel::Channel>(CHANNEL);
    let with = channel.settings().expect("open").with().closing_warning(ClosingWarning::Always(before));
    let patch = Box::new(with.patch(&whatsapp_inbox::settings::AutoResolvePolicy::default()).expect("legal"));
    let on = channel.settings_version();
    house.channel(AS_ADMIN, 40, whatsapp_inbox::channel::Command::ChangeSettings { on, patch }).expect("an admin may");
    house.begin(CONVERSATION, 2);
    let due = whatsapp_inbox::decider::Decider::next_deadline(&house.state::<Conversation>(CONVERSATION));
    house.clock.set(due.expect("a warning is due"));
    assert_eq!(block_on(house.service.tick(house.clock.now(), 10)).expect("it is read").done, 1);
    house
}

#[test]
fn conversation_warn_is_sent_by_the_relay_once_for_each_attempt() {
    let house = warned();
    let relayed = house.relay();
    assert_eq!(relayed.effects.len(), 1);
    let call = Call::SendWarning { conversation: CONVERSATION, attempt: 1, kind: MessageKind::Template };
    assert_eq!(house.service.transport().calls(), [call]);
    assert_eq!(house.relay_all(), 0);
    // A warning that fails is tried again as another attempt, when it is due.
    let house = warned();
    house.service.transport().answers(|answers| answers.warning = Some(WarningOutcome::Failed));
    assert_eq!(house.relay_all(), 1);
    for _ in 0..3 {
        house.clock.push_minutes(30);
        block_on(house.service.tick(house.clock.now(), 10)).expect("it is read");
        house.relay_all();
    }
    let calls = house.service.transport().calls();
    let attempts: Vec<u32> = calls
        .iter()
        .filter_map(|call| match call {
            Call::SendWarning { attempt, .. } => Some(*attempt),
            _ => None,
        })
        .collect();
    assert!(attempts.len() > 1 && attempts.is_sorted_by(|one, next| one < next), "{attempts:?}");
}

#[test]
fn core_idempotent_effects_are_delivered_in_order_and_only_one_of_an_aggregate_at_a_time() {
    let house = warned();
    let version = whatsapp_inbox::port::Store::<Conversation>::load(house.service.store(), CONVERSATION, None);
    let version = block_on(version).expect("it is read").version;
    assert_eq!(version, Version::new(3));
    assert_eq!(house.service.store().waiting::<Conversation>().len(), 1);
    let first = house.relay().effects;
    assert_eq!(first.first().map(|done| done.id.ends_with("@3.0")), Some(true), "{first:?}");
    house.talk(Actor::Customer, 90, receive()).expect("they may");
    assert_eq!(house.service.store().waiting::<Conversation>(), []);
}
