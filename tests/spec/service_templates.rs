//! Templates through the service: who may, what the account has left, and calls to Meta once.

use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::id::TemplateId;
use whatsapp_inbox::port::Store;
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::service::{Answer, ServiceError};
use whatsapp_inbox::template::{Command, Creation, Event, Outcome, Standing, Template};
use whatsapp_inbox::testing::{Call, block_on, sample};
use whatsapp_inbox::whatsapp::{TemplateAllowance, TemplateEvent, TemplateUse};

use crate::service_case::*;
use crate::template_case::{TEMPLATE, ready_definition};

fn give(house: &House, actor: Actor, number: u128, command: Command) -> Result<Answer<Event>, ServiceError<Template>> {
    block_on(house.service.template(TEMPLATE, command, &house.request(actor, number)))
}

fn create() -> Command {
    Command::Create(Box::new(Creation::new(TEMPLATE, sample::account(), ready_definition())))
}

fn standing(house: &House) -> Standing {
    let loaded = block_on(Store::<Template>::load(house.service.store(), TEMPLATE, None)).expect("it is read");
    loaded.state.standing(house.clock.now())
}

fn relay(house: &House) -> usize {
    let relayed = block_on(house.service.relay_templates(house.clock.now(), 10)).expect("it is relayed");
    assert!(relayed.effects.iter().all(|delivered| delivered.kind == "template" && delivered.outcome.is_over()));
    relayed.effects.len()
}

#[test]
fn template_lifecycle_a_creation_is_handed_in_once_and_answered_by_the_relay() {
    let house = House::new();
    give(&house, AS_ADMIN, 50, create()).expect("an admin may");
    assert_eq!(relay(&house), 1);
    let calls = house.service.transport().calls();
    assert!(matches!(&calls[..], [Call::Template { template: TEMPLATE, .. }]), "{calls:?}");
    let fact = TemplateEvent::Approved.into();
    let id = whatsapp_inbox::id::FactId::new(whatsapp_inbox::uuid::Uuid::from_u128(9));
    house.clock.push_minutes(1);
    give(&house, sample::META, 51, Command::Observe { id, at: None, fact }).expect("Meta may");
    assert_eq!((standing(&house), relay(&house)), (Standing::Approved, 0));
    // And the same command again is the same.
    assert!(matches!(give(&house, AS_ADMIN, 50, create()), Ok(Answer::AlreadyApplied { .. })));
}

#[test]
fn template_lifecycle_an_answer_that_is_lost_is_unknown_and_not_asked_again() {
    // Given that no answer comes, or that who asked has crashed,
    for crashed in [false, true] {
        let house = House::new();
        house.service.transport().answers(|answers| answers.template = None);
        give(&house, AS_ADMIN, 50, create()).expect("an admin may");
        if crashed {
            let now = house.clock.now();
            let lent = Store::<Template>::lease(house.service.store(), now, now.plus_minutes(5), 10);
            assert_eq!(block_on(lent).expect("it is lent").len(), 1);
            assert_eq!(relay(&house), 0);
            house.clock.push_minutes(5);
        }
        // when it is relayed, then Meta is called once at most,
        assert_eq!((relay(&house), relay(&house)), (1, 0));
        assert_eq!(house.service.transport().calls().len(), usize::from(!crashed));
        // and what became of it is unknown.
        let history = house.service.store().history::<Template>(TEMPLATE);
        let answered = history.iter().filter_map(|(_, event)| match event.change {
            whatsapp_inbox::template::Change::Answered { outcome, .. } => Some(outcome),
            _ => None,
        });
        assert_eq!(answered.collect::<Vec<_>>(), [Outcome::Unknown]);
    }
}

#[test]
fn template_account_limits_a_full_account_is_told_before_meta_is_called() {
    let house = House::new();
    let full = TemplateUse::new(250, TemplateAllowance::Standard);
    house.service.transport().answers(|answers| answers.templates = Some(full));
    let told = give(&house, AS_ADMIN, 50, create()).expect_err("it is full");
    assert_eq!(told.rule().id(), "template.account-limits", "{told}");
    assert_eq!(relay(&house), 0);
    // Where nobody can tell, nothing is done.
    house.service.transport().answers(|answers| answers.templates = None);
    assert!(matches!(give(&house, AS_ADMIN, 50, create()), Err(ServiceError::Backend(_))));
}

#[test]
fn access_by_effect_templates_are_for_account_admins() {
    let house = House::new();
    let foreign = whatsapp_inbox::id::UserId::new(sample::OTHER_ORGANISATION, sample::ADMIN.uuid());
    for (actor, code) in [
        (AS_ANA, "admin-only"),
        (Actor::Admin(sample::ANA), "admin-only"),
        (Actor::Admin(foreign), "not-found"),
        (Actor::Admin(stranger()), "admin-only"),
    ] {
        assert_eq!(give(&house, actor, 50, create()).expect_err("they may not").code(), code, "{actor}");
    }
    let there = TemplateId::new(sample::OTHER_ORGANISATION, TEMPLATE.uuid());
    // A creation that names another template than the one it is given to finds nothing.
    let request = house.request(Actor::Admin(sample::ADMIN), 51);
    let told =
        block_on(house.service.template(TemplateId::new(sample::ORGANISATION, there.uuid()), create(), &request));
    assert!(told.is_ok(), "the same one");
    let told = block_on(house.service.template(there, create(), &house.request(Actor::System, 52)));
    assert_eq!(told.expect_err("another").code(), "not-found");
    assert_eq!(house.service.store().history::<Template>(there), []);
}
