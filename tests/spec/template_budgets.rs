//! `template.edit-budget`, `template.account-limits`: how often Meta may be asked, refused before the call.

use proptest::prelude::*;
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::template::*;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::{TemplateAllowance, TemplateEvent, TemplateUse, TemplateUseError};

use crate::case::*;
use crate::random::runner;
use crate::template_case::*;

const DAY: i64 = 24 * 60 * 60 * 1000;

fn numbered(number: usize) -> Command {
    edit(other(&format!("Your order is ready, {{{{1}}}}, at desk {number}.")))
}

#[test]
fn template_edit_budget_approved_once_in_24_hours() {
    let mut case = TemplateCase::approved();
    assert_eq!(case.template.edit_allowed_from(case.now), None);
    let from = case.now.plus_hours(24);
    case.does(ADMIN, numbered(0)).answers(Outcome::Taken).hours(1).told(TemplateEvent::Approved);
    assert_eq!(case.template.edit_allowed_from(case.now), Some(from));
    case.now = shifted(from, -1);
    let refused = case.refused(ADMIN, numbered(1));
    assert_eq!((refused, refused.rule()), (Refused::EditBudget { from }, Rule::TemplateEditBudget));
    case.millis(1).does(ADMIN, numbered(1));
}

#[test]
fn template_edit_budget_approved_ten_times_in_30_days() {
    let mut case = TemplateCase::approved();
    let first = case.now;
    for number in 0..10 {
        case.does(ADMIN, numbered(number)).answers(Outcome::Taken).hours(1).told(TemplateEvent::Approved).hours(23);
    }
    let from = first.plus_days(30);
    assert_eq!(case.refused(ADMIN, numbered(10)), Refused::EditBudget { from });
    case.now = shifted(from, -1);
    assert_eq!(case.refused(ADMIN, numbered(10)), Refused::EditBudget { from });
    case.millis(1).does(ADMIN, numbered(10));
}

#[test]
fn template_edit_budget_rejected_or_paused_any() {
    for event in [TemplateEvent::Rejected, TemplateEvent::Paused] {
        let mut case = TemplateCase::approved();
        case.does(ADMIN, numbered(0)).answers(Outcome::Taken);
        for number in 1..30 {
            case.millis(60_000).told(event.clone()).does(ADMIN, numbered(number)).answers(Outcome::Taken);
        }
        // They count for nothing once it is approved: the one edit of an approved one was a day ago.
        case.millis(60_000).told(TemplateEvent::Approved);
        let from = at("2026-01-06T11:00:00Z");
        assert_eq!(case.refused(ADMIN, numbered(30)), Refused::EditBudget { from });
        case.now = from;
        case.does(ADMIN, numbered(30));
    }
}

#[test]
fn template_edit_budget_keeps_name_and_language_and_changes_nothing_for_the_same() {
    let mut case = TemplateCase::approved();
    let elsewhere = DefinitionDraft::new("order_ready", "de", "UTILITY").body("Fertig.", []).check().unwrap();
    assert_eq!(case.refused(ADMIN, edit(elsewhere)), Refused::OtherKey);
    assert_eq!(case.tries(ADMIN, edit(ready_definition())), Ok(Vec::new()));
    // What was read from Meta leniently is no edit.
    let lenient = DefinitionDraft::new("order_ready", "en_US", "UTILITY").body("{{1}}", []).from_meta().unwrap();
    assert_eq!(case.refused(ADMIN, edit(lenient)), Refused::Unsound { faults: 3 });
}

#[test]
fn template_edit_budget_is_what_counting_the_windows_gives() {
    let bound = std::cell::Cell::new(0_u32);
    let law = |(offsets, now): (Vec<i64>, i64)| {
        // Given edits at any instants, when it is asked at one that is not before them, then it is allowed if and only if the last
        // 24 hours hold none and the last 30 days fewer than ten.
        let base = at("2026-01-05T09:00:00Z");
        let edits: Vec<Instant> = offsets.iter().map(|hours| shifted(base, hours * 3_600_000)).collect();
        let now = shifted(base, now * 3_600_000);
        let within = |span: i64| edits.iter().filter(|edit| now.unix_millis() - edit.unix_millis() < span).count();
        let naive = within(DAY) < 1 && within(30 * DAY) < 10;
        let allowed = edit_allowed_from(&edits).is_none_or(|from| from <= now);
        prop_assert_eq!(allowed, naive);
        bound.set(bound.get() + u32::from(!naive));
        Ok(())
    };
    runner(2000).run(&(prop::collection::vec(0_i64..900, 5..20), 900_i64..1000), law).unwrap();
    assert!((400..1700).contains(&bound.get()), "{} of 2000 were refused", bound.get());
}

#[test]
fn template_account_limits_250_or_6000_templates() {
    let now = at("2026-01-05T09:00:00Z");
    for (allowance, limit) in [(TemplateAllowance::Standard, 250), (TemplateAllowance::Raised, 6000)] {
        assert_eq!(TemplateUse::new(limit - 1, allowance).may_create(now), Ok(()));
        let full = TemplateUse::new(limit, allowance).may_create(now).unwrap_err();
        assert_eq!(full, TemplateUseError::Full { templates: limit, limit });
        assert_eq!(
            (full.rule(), full.limit().map(|limit| limit.max)),
            (Rule::TemplateAccountLimits, Some(limit.into()))
        );
    }
    // What Meta says it holds counts.
    assert!(TemplateUse::new(250, TemplateAllowance::Standard).holding(249).may_create(now).is_ok());
    let mut case = TemplateCase::new();
    case.used = TemplateUse::new(250, TemplateAllowance::Standard);
    assert_eq!(case.refused(ADMIN, create_template()).code(), "template-account-full");
    assert!(!case.template.allowed(&case.context(ADMIN)).any(|kind| kind == Kind::Create));
}

#[test]
fn template_account_limits_100_creations_an_hour() {
    let first = at("2026-01-05T09:00:00Z");
    let used = (0..99).fold(TemplateUse::default(), |used, second| used.with_creation(shifted(first, second * 1000)));
    assert_eq!((used.templates(), used.creation_allowed_from()), (99, None));
    let used = used.with_creation(first.plus_minutes(30));
    let from = first.plus_hours(1);
    assert_eq!(used.may_create(shifted(from, -1)), Err(TemplateUseError::TooFast { from }));
    assert_eq!(used.may_create(from), Ok(()));
    // The hour moves on with the next.
    let used = used.with_creation(from);
    assert_eq!(used.creation_allowed_from(), Some(shifted(first, 1000).plus_hours(1)));
    let mut case = TemplateCase::new();
    case.used = used;
    case.now = from;
    assert_eq!(case.refused(ADMIN, create_template()).code(), "template-creation-rate");
}

#[test]
fn template_name_of_a_deleted_approved_template_is_blocked_for_30_days() {
    let mut case = TemplateCase::approved();
    case.does(ADMIN, Command::Delete).answers(Outcome::Taken);
    assert_eq!(case.standing(), Standing::PendingDeletion);
    case.hours(1).told(TemplateEvent::Deleted);
    let until = case.now.plus_days(30);
    case.now = shifted(until, -1);
    assert_eq!(case.refused(ADMIN, create_template()), Refused::NameBlocked { until });
    case.millis(1).does(ADMIN, create_template());
    assert_eq!(case.standing(), Standing::Pending);
    // One that was never approved is free at once.
    let mut rejected = TemplateCase::created();
    rejected.told(TemplateEvent::Rejected).hours(1).told(TemplateEvent::Deleted).hours(1);
    rejected.does(ADMIN, create_template());
}

#[test]
fn access_tenant_a_template_is_created_in_an_organisation_of_its_own() {
    let mut case = TemplateCase::new();
    assert_eq!(case.refused(FOREIGN_ADMIN, create_template()), Refused::OtherOrganisation);
    let mut known = TemplateCase::approved();
    for command in [create_template(), Command::Delete, Command::Switch(Switch::Off), edit(other_definition())] {
        assert_eq!(known.refused(FOREIGN_ADMIN, command), Refused::NotFound);
    }
}
