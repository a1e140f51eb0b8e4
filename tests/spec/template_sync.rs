//! `template.enabled-by-us`, `template.sync`: our own switch, and what a listing says.

use std::collections::BTreeSet;

use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::template::*;
use whatsapp_inbox::whatsapp::{
    TemplateCategory, TemplateEvent, TemplateKey, TemplatePause, TemplateQuality, TemplateStatus,
};

use crate::case::*;
use crate::template_case::*;

fn paused(pause: TemplatePause) -> EventFact {
    EventFact::new(TemplateEvent::Paused).pausing(pause)
}

#[test]
fn template_enabled_by_us_our_switch_and_metas_status_are_two_values_and_both_must_say_yes() {
    for (switch, status, may) in [
        (Switch::On, TemplateStatus::Approved, true),
        (Switch::Off, TemplateStatus::Approved, false),
        (Switch::On, TemplateStatus::Rejected, false),
        (Switch::Off, TemplateStatus::Rejected, false),
    ] {
        let mut case = TemplateCase::new();
        case.does(Actor::System, adopt()).does(ADMIN, Command::Switch(switch));
        // No listing and no event moves the switch.
        case.read(Listed::new(status.clone()))
            .hours(1)
            .told(TemplateEvent::Pending)
            .hours(1)
            .read(Listed::new(status.clone()));
        assert_eq!((case.template.switch(), case.may_send()), (switch, may));
        let Err(why) = case.template.may_send(case.now) else { continue };
        assert_eq!((why.switch, why.standing), (switch, Standing::from(&status)));
        let rule = if switch == Switch::Off { Rule::TemplateEnabledByUs } else { Rule::TemplateLifecycle };
        assert_eq!(why.rule(), rule);
    }
    // Setting it to what it is records nothing.
    let mut case = TemplateCase::approved();
    assert_eq!(case.tries(ADMIN, Command::Switch(Switch::On)), Ok(Vec::new()));
}

#[test]
fn template_enabled_by_us_the_refusal_says_both() {
    let mut case = TemplateCase::approved();
    case.told(paused(TemplatePause::First)).does(ADMIN, Command::Switch(Switch::Off));
    let why = case.template.may_send(case.now).unwrap_err();
    assert_eq!(
        why.to_string(),
        "this template may not be sent: it is switched off, and Meta has paused it until 2026-01-05T14:00:00.000Z"
    );
    let nobody = Template::default().may_send(case.now).unwrap_err();
    assert_eq!(nobody.to_string(), "this template may not be sent: Meta does not hold it");
}

#[test]
fn template_sync_what_is_missing_from_a_partial_listing_is_not_deleted() {
    let mut case = TemplateCase::approved();
    let key = ready_definition().key().clone();
    let other = TemplateKey::new("cake_ready", "en").unwrap();
    let page = [(other.clone(), Listed::new(TemplateStatus::Approved))];
    let partial = Listing::begun(case.hours(1).now).with_page(page.clone(), Page::More);
    // A page that fails is not added.
    assert_eq!((partial.extent(), partial.reading_of(&key)), (Extent::Partial, None));
    assert!(partial.reading_of(&other).is_some(), "what is there is there");
    let complete = partial.with_page([], Page::Last);
    assert_eq!((complete.extent(), complete.len(), complete.at()), (Extent::Complete, 1, case.now));
    case.does(GRAPH, Command::Read(complete.reading_of(&key).unwrap()));
    assert_eq!((case.standing(), case.view().read_at), (Standing::Deleted, Some(case.now)));
    let known = BTreeSet::from([key]);
    assert_eq!(complete.strangers(&known).collect::<Vec<_>>(), [&other]);
    assert!(complete.strangers(&BTreeSet::from([other.clone()])).next().is_none());
}

#[test]
fn template_sync_is_of_when_the_first_page_was_asked_for() {
    let mut case = TemplateCase::approved();
    let begun = case.now.plus_minutes(1);
    // Paused while the pages were read: the listing, which does not know yet, does not take it back.
    case.told_at(begun.plus_minutes(2), paused(TemplatePause::RateLimiting));
    let key = ready_definition().key().clone();
    let listing = Listing::begun(begun).with_page([(key.clone(), Listed::new(TemplateStatus::Approved))], Page::Last);
    case.does(GRAPH, Command::Read(listing.reading_of(&key).unwrap()));
    assert_eq!(case.standing(), Standing::Paused);
    // An older listing says no more.
    let older = Listing::begun(shifted(begun, -1)).with_page([], Page::Last);
    assert_eq!(case.tries(GRAPH, Command::Read(older.reading_of(&key).unwrap())), Ok(Vec::new()));
}

#[test]
fn template_sync_what_was_never_told_of_was_never_there() {
    // The answer to the creation was lost, and Meta has not got it.
    let mut case = TemplateCase::new();
    case.does(ADMIN, create_template()).answers(Outcome::Unknown).hours(1).missing();
    assert_eq!(case.standing(), Standing::Unsubmitted);
    case.hours(1).does(ADMIN, create_template());
    // Meta took it: then it is gone.
    let mut taken = TemplateCase::created();
    taken.hours(1).missing();
    assert_eq!(taken.standing(), Standing::Deleted);
}

#[test]
fn template_sync_adopts_what_was_not_created_here() {
    let mut case = TemplateCase::new();
    assert_eq!(
        case.refused(
            GRAPH,
            Command::Read(
                Listing::begun(case.now).with_page([], Page::Last).reading_of(ready_definition().key()).unwrap()
            )
        ),
        Refused::NotKnown
    );
    // What it looks like is of the same name and language.
    let other =
        Adoption::new(TEMPLATE, waba(ACCOUNT), TemplateKey::from_meta("cake", "en")).looking_like(ready_definition());
    assert_eq!(case.refused(GRAPH, Command::Adopt(Box::new(other))), Refused::OtherKey);
    case.does(GRAPH, adopt());
    assert_eq!(case.refused(GRAPH, adopt()), Refused::AlreadyKnown);
    assert_eq!(case.refused(ADMIN, adopt()), Refused::WrongActor { act: Kind::Adopt });
    let listed = Listed::new(TemplateStatus::Approved).with_category(TemplateCategory::Marketing);
    case.read(listed.with_quality(TemplateQuality::Green));
    let view = case.view();
    assert_eq!((view.category, view.quality), (Some(TemplateCategory::Marketing), Some(TemplateQuality::Green)));
    assert!(case.may_send());
}
