//! `template.lifecycle`: a template's way through Meta's reviews.

use whatsapp_inbox::decider::{Actor, Decider, Delivery};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::template::*;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    TemplateCategory, TemplateEvent, TemplatePause, TemplateQuality, TemplateReason, TemplateStatus,
};

use crate::case::*;
use crate::template_case::*;

fn paused(pause: TemplatePause) -> EventFact {
    EventFact::new(TemplateEvent::Paused).pausing(pause)
}

#[test]
fn template_lifecycle_created_looked_at_approved_and_sent() {
    let mut case = TemplateCase::new();
    assert_eq!(case.standing(), Standing::Unsubmitted);
    let events = case.tries(ADMIN, create_template()).unwrap();
    // It is asked of Meta once: an answer that is lost is settled by a listing.
    let effects: Vec<Effect> = events.iter().flat_map(Template::effects).collect();
    assert!(matches!(&effects[..], [Effect::Create { call: 1, definition, .. }] if **definition == ready_definition()));
    assert_eq!(Template::delivery(&effects[0]), Delivery::Once);
    assert_eq!((case.standing(), case.may_send()), (Standing::Pending, false));
    case.answers(Outcome::Taken).hours(5).told(TemplateEvent::Approved);
    assert_eq!((case.standing(), case.may_send()), (Standing::Approved, true));
    assert_eq!(case.view().since, Some(case.now));
}

#[test]
fn template_lifecycle_a_rejection_keeps_its_reason_and_is_edited_or_appealed() {
    let mut case = TemplateCase::created();
    case.hours(1).told(EventFact::new(TemplateEvent::Rejected).because(TemplateReason::InvalidFormat));
    let view = case.view();
    assert_eq!((view.standing, view.reason), (Standing::Rejected, Some(TemplateReason::InvalidFormat)));
    // The same told again without a reason takes none away.
    case.hours(1).told(TemplateEvent::Rejected);
    case.read(Listed::new(TemplateStatus::Rejected));
    assert_eq!(case.view().reason, Some(TemplateReason::InvalidFormat));

    let mut appealed = case.clone();
    appealed.hours(1).does(ADMIN, Command::Appeal);
    assert_eq!((appealed.standing(), appealed.view().reason), (Standing::InAppeal, None));
    appealed.hours(23).told(TemplateEvent::Approved);
    assert!(appealed.may_send());

    case.hours(1).does(ADMIN, edit(other_definition()));
    assert_eq!(case.standing(), Standing::Pending);
    assert_eq!(case.template.definition(), Some(&other_definition()));
}

#[test]
fn template_lifecycle_what_meta_refuses_is_as_if_it_was_not_asked() {
    let mut case = TemplateCase::approved();
    case.does(ADMIN, edit(other_definition()));
    assert_eq!(case.standing(), Standing::Pending);
    case.answers(Outcome::Refused { error: 2_388_072 });
    assert_eq!(case.standing(), Standing::Approved);
    assert_eq!(case.template.definition(), Some(&ready_definition()));
    // It counts against no budget.
    case.does(ADMIN, edit(other_definition())).answers(Outcome::Taken);
    assert_eq!(case.template.definition(), Some(&other_definition()));

    let mut refused = TemplateCase::new();
    refused.does(ADMIN, create_template()).answers(Outcome::Refused { error: 2_388_019 });
    assert_eq!(refused.standing(), Standing::Unsubmitted);
    refused.hours(1).does(ADMIN, create_template());
    assert_eq!(
        refused.refused(GRAPH, Command::Answer { call: 9, outcome: Outcome::Taken }),
        Refused::UnknownCall { call: 9 }
    );
}

#[test]
fn template_lifecycle_the_first_answer_to_a_call_stands() {
    let answer = |outcome| Command::Answer { call: 1, outcome };
    let mut case = TemplateCase::new();
    case.does(ADMIN, create_template()).does(GRAPH, answer(Outcome::Unknown)).does(GRAPH, answer(Outcome::Taken));
    for late in [Outcome::Unknown, Outcome::Taken, Outcome::Refused { error: 100 }] {
        assert_eq!(case.tries(GRAPH, answer(late)), Ok(Vec::new()));
    }
    assert_eq!(case.standing(), Standing::Pending);
}

#[test]
fn template_lifecycle_one_call_at_a_time_until_it_is_answered_or_meta_tells() {
    let mut case = TemplateCase::new();
    case.does(ADMIN, create_template());
    let since = case.now;
    case.hours(1);
    assert_eq!(case.refused(ADMIN, Command::Delete), Refused::CallOpen { since });
    let mut answered = case.clone();
    answered.answers(Outcome::Unknown).does(ADMIN, Command::Delete);
    let mut told = case.clone();
    told.told(TemplateEvent::Approved).does(ADMIN, Command::Delete);
    case.read(Listed::new(TemplateStatus::Pending)).does(ADMIN, Command::Delete);
}

#[test]
fn template_lifecycle_rejected_can_follow_approved() {
    let mut case = TemplateCase::approved();
    case.days(20).told(EventFact::new(TemplateEvent::Rejected).because(TemplateReason::IncorrectCategory));
    assert_eq!((case.standing(), case.may_send()), (Standing::Rejected, false));
    assert_eq!(case.view().reason, Some(TemplateReason::IncorrectCategory));
}

#[test]
fn template_lifecycle_flagged_stays_approved_with_a_disable_date() {
    let mut case = TemplateCase::approved();
    let date = disable_date("January 31, 2026").expect("a date");
    case.told(EventFact::new(TemplateEvent::Flagged).disabled_on(date));
    let view = case.view();
    assert_eq!(
        (view.standing, view.flagged_since, view.disable_date),
        (Standing::Approved, Some(case.now), Some(date))
    );
    assert!(case.may_send());
    let mut disabled = case.clone();
    disabled.hours(1).told(TemplateEvent::Disabled);
    assert_eq!(
        (disabled.standing(), disabled.view().disable_date, disabled.may_send()),
        (Standing::Disabled, None, false)
    );
    assert_eq!(disabled.template.may_send(disabled.now).unwrap_err().code(), "template-disabled");
    disabled.hours(1).told(TemplateEvent::Reinstated);
    assert_eq!((disabled.standing(), disabled.view().flagged_since), (Standing::Approved, None));
    case.hours(1).told(TemplateEvent::Reinstated);
    assert_eq!(case.view().flagged_since, None);
}

#[test]
fn template_lifecycle_the_disable_date_is_read_as_meta_writes_it() {
    let third = "2026-03-03T00:00:00Z".parse().ok();
    for written in ["March 3, 2026", "march 3, 2026", "1772496000", " 1772496000 "] {
        assert_eq!(disable_date(written), third, "{written}");
    }
    for strange in
        ["", "soon", "March 32, 2026", "3 March 2026", "99999999999999999", "-1", "March , 2026", "Mars 3, 2026"]
    {
        assert_eq!(disable_date(strange), None, "{strange}");
    }
}

#[test]
fn template_lifecycle_the_first_pause_ends_after_three_hours_the_second_after_six() {
    for (pause, hours) in [(TemplatePause::First, 3), (TemplatePause::Second, 6)] {
        let mut case = TemplateCase::approved();
        let until = case.now.plus_hours(hours);
        case.told(paused(pause.clone()));
        assert_eq!((case.view().paused_until, case.view().pause), (Some(until), Some(pause)));
        case.now = shifted(until, -1);
        let why = case.template.may_send(case.now).unwrap_err();
        assert_eq!((why.standing, why.paused_until, why.code()), (Standing::Paused, Some(until), "template-paused"));
        // From then on it may be sent, whether or not Meta has said so.
        case.millis(1);
        assert_eq!((case.standing(), case.may_send(), case.view().since), (Standing::Approved, true, Some(until)));
        // Meta has the last word.
        case.hours(1).read(Listed::new(TemplateStatus::Paused));
        assert_eq!((case.standing(), case.view().paused_until), (Standing::Paused, None));
        case.hours(1).told(TemplateEvent::Approved);
        assert!(case.may_send());
    }
}

#[test]
fn template_lifecycle_a_pause_for_sending_too_fast_ends_when_somebody_ends_it() {
    for pause in [Some(TemplatePause::RateLimiting), None] {
        let mut case = TemplateCase::approved();
        let mut fact = EventFact::new(TemplateEvent::Paused);
        fact.pause = pause;
        case.told(fact).days(30);
        assert_eq!((case.standing(), case.view().paused_until), (Standing::Paused, None));
        let events = case.tries(ADMIN, Command::Unpause).unwrap();
        assert_eq!(events.iter().flat_map(Template::effects).collect::<Vec<_>>(), [Effect::Unpause { call: 2 }]);
        assert_eq!(case.standing(), Standing::Paused);
        case.answers(Outcome::Taken).hours(1).told(TemplateEvent::Approved);
        assert!(case.may_send());
    }
}

#[test]
fn template_lifecycle_the_third_time_it_is_disabled_and_neither_edited_nor_deleted() {
    let mut case = TemplateCase::approved();
    case.told(paused(TemplatePause::First)).hours(4).told(paused(TemplatePause::Second)).hours(7);
    case.told(EventFact::new(TemplateEvent::Disabled).pausing(TemplatePause::Disabled));
    for (act, command) in [(Act::Edit, edit(other_definition())), (Act::Delete, Command::Delete)] {
        assert_eq!(case.refused(ADMIN, command), Refused::Standing { act, standing: Standing::Disabled });
    }
}

#[test]
fn template_lifecycle_archived_it_is_gone_after_28_days_and_unarchived_it_is_what_it_was() {
    let mut case = TemplateCase::approved();
    case.told(TemplateEvent::Archived);
    let gone = case.now.plus_days(28);
    assert_eq!((case.standing(), case.view().deleted_from), (Standing::Archived, Some(gone)));
    case.now = shifted(gone, -1);
    assert_eq!(case.standing(), Standing::Archived);
    case.millis(1);
    assert_eq!((case.standing(), case.view().deleted_from), (Standing::Deleted, None));
    case.now = shifted(gone, -1000);
    case.told(TemplateEvent::Unarchived);
    assert_eq!((case.standing(), case.may_send()), (Standing::Approved, true));

    let mut rejected = TemplateCase::created();
    rejected.told(TemplateEvent::Rejected).hours(1).told(TemplateEvent::Archived).hours(1);
    rejected.told(TemplateEvent::Unarchived);
    assert_eq!(rejected.standing(), Standing::Rejected);
    // A pause goes on while it is archived.
    let mut asleep = TemplateCase::approved();
    asleep
        .told(paused(TemplatePause::First))
        .hours(1)
        .told(TemplateEvent::Archived)
        .hours(1)
        .told(TemplateEvent::Unarchived);
    assert_eq!(asleep.standing(), Standing::Paused);
    assert_eq!(asleep.hours(1).standing(), Standing::Approved);
    // What it was before is not known: neither is what it is.
    let mut stranger = TemplateCase::new();
    stranger.does(Actor::System, adopt()).told(TemplateEvent::Archived).hours(1).told(TemplateEvent::Unarchived);
    assert_eq!(stranger.standing(), Standing::Other);
}

#[test]
fn template_lifecycle_locked_is_no_status_and_bars_only_the_edit() {
    let mut case = TemplateCase::approved();
    let since = case.now;
    case.told(TemplateEvent::Locked);
    assert_eq!((case.standing(), case.may_send(), case.view().locked_since), (Standing::Approved, true, Some(since)));
    assert_eq!(case.refused(ADMIN, edit(other_definition())), Refused::Locked { since });
    case.hours(1).told(TemplateEvent::Unlocked);
    case.does(ADMIN, edit(other_definition()));
}

#[test]
fn template_lifecycle_an_event_or_a_status_of_tomorrow_is_kept() {
    let mut case = TemplateCase::approved();
    let strange = EventFact::new(TemplateEvent::Unknown("POLISHED".to_owned())).because(TemplateReason::from("SHINE"));
    case.told(strange.clone());
    assert_eq!((case.standing(), case.may_send()), (Standing::Approved, true));
    let Change::Observed { fact, .. } = &case.events.last().unwrap().change else { panic!("a fact") };
    assert_eq!(*fact, Fact::Event(strange));
    case.hours(1).read(Listed::new(TemplateStatus::from("POLISHED")));
    let view = case.view();
    assert_eq!((view.standing, view.other.as_deref(), case.may_send()), (Standing::Other, Some("POLISHED"), false));
}

#[test]
fn template_lifecycle_every_status_of_metas_has_its_standing() {
    for status in TemplateStatus::KNOWN {
        assert_eq!(Standing::from(status).name(), status.as_str());
        let mut case = TemplateCase::new();
        case.does(Actor::System, adopt()).read(Listed::new(status.clone()));
        assert_eq!(case.standing(), Standing::from(status));
        assert_eq!(case.may_send(), *status == TemplateStatus::Approved);
    }
    assert_eq!(Standing::ALL.len(), TemplateStatus::KNOWN.len() + 2);
}

#[test]
fn template_lifecycle_each_event_leads_where_the_table_says_from_everywhere() {
    let mut pairs = 0;
    for from in Standing::ALL {
        for event in TemplateEvent::KNOWN.iter().cloned().chain([TemplateEvent::Unknown("X".to_owned())]) {
            let mut case = TemplateCase::new();
            case.does(Actor::System, adopt());
            if from != Standing::Unsubmitted {
                let status = if from == Standing::Other { "X" } else { from.name() };
                case.read(Listed::new(TemplateStatus::from(status)));
            }
            case.hours(1).told(event.clone());
            let to = match from.after(&event) {
                Next::Stays => from,
                Next::Becomes(to) => to,
                // Nobody has told what it was before the listing.
                Next::Returns => Standing::Other,
            };
            assert_eq!(case.standing(), to, "{from} after {event}");
            pairs += 1;
        }
    }
    assert_eq!(pairs, 12 * 16);
}

#[test]
fn template_lifecycle_each_act_leads_where_the_table_says_or_is_refused() {
    let mut allowed = 0;
    for from in Standing::ALL {
        for act in Act::ALL {
            let mut case = TemplateCase::new();
            case.does(Actor::System, adopt());
            if from != Standing::Unsubmitted {
                let status = if from == Standing::Other { "X" } else { from.name() };
                case.read(Listed::new(TemplateStatus::from(status)));
            }
            case.hours(1);
            let command = match act {
                Act::Create => create_template(),
                Act::Edit => edit(other_definition()),
                Act::Appeal => Command::Appeal,
                Act::Unpause => Command::Unpause,
                Act::Delete => Command::Delete,
            };
            match from.acted(act) {
                Some(to) => {
                    case.does(ADMIN, command);
                    assert_eq!(case.standing(), to, "{act} from {from}");
                    allowed += 1;
                }
                None => assert_eq!(case.refused(ADMIN, command), Refused::Standing { act, standing: from }),
            }
        }
    }
    assert_eq!(allowed, 2 + 3 + 1 + 1 + 8);
}

#[test]
fn template_lifecycle_meta_changes_the_category_at_once_or_with_notice() {
    let mut case = TemplateCase::created();
    assert_eq!(case.view().category, Some(TemplateCategory::Utility));
    // Approved as another category.
    case.hours(1).told(TemplateEvent::Approved);
    case.told(Fact::Category { category: TemplateCategory::Marketing, announced: None });
    assert_eq!(case.view().category, Some(TemplateCategory::Marketing));
    // With notice: until then it is what it is.
    let from = case.now.plus_hours(24);
    let announced = Announced::new(TemplateCategory::Utility, from);
    case.told(Fact::Category { category: TemplateCategory::Marketing, announced: Some(announced.clone()) });
    case.now = shifted(from, -1);
    assert_eq!((case.view().category, case.view().announced), (Some(TemplateCategory::Marketing), Some(announced)));
    case.millis(1);
    assert_eq!((case.view().category, case.view().announced), (Some(TemplateCategory::Utility), None));
    // An approved template keeps its category when it is edited: the one that Meta gave it.
    let marketing =
        DefinitionDraft::new("order_ready", "en_US", "MARKETING").body("Come and buy, {{1}}, today.", ["Ana"]);
    assert_eq!(case.refused(ADMIN, edit(marketing.check().unwrap())), Refused::CategoryFixed);
    case.does(ADMIN, edit(other_definition()));
}

#[test]
fn template_lifecycle_quality_is_what_meta_told_last() {
    let mut case = TemplateCase::approved();
    assert_eq!(case.view().quality, None);
    case.told(Fact::Quality(TemplateQuality::Yellow)).hours(1).told(Fact::Quality(TemplateQuality::Red));
    assert_eq!((case.view().quality, case.may_send()), (Some(TemplateQuality::Red), true));
    // A late delivery changes nothing.
    case.told_at(at("2026-01-05T09:30:00Z"), Fact::Quality(TemplateQuality::Green));
    assert_eq!(case.view().quality, Some(TemplateQuality::Red));
}

#[test]
fn template_lifecycle_facts_and_listings_come_from_meta_alone() {
    let mut case = TemplateCase::approved();
    let fact =
        || Command::Observe { id: FactId::new(Uuid::from_u128(1)), at: None, fact: TemplateEvent::Paused.into() };
    for actor in [ADMIN, USER, OPERATOR, Actor::System, Actor::Customer] {
        case.role = Some(whatsapp_inbox::access::Role::Supervisor);
        assert_eq!(case.refused(actor, fact()), Refused::WrongActor { act: Kind::Observe });
    }
    // Told without a time, it is so from its first receipt.
    case.does(OBSERVED, fact());
    assert_eq!(case.view().since, Some(case.now));
    let events = case.hours(1).tries(META, fact()).unwrap();
    assert_eq!(events, [], "told twice");
}
