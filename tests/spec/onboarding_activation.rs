//! From a verified number to a live channel, and what follows on it: profile, badge, templates.

use whatsapp_inbox::access::{Grant, Role};
use whatsapp_inbox::decider::{Actor, Decider, Delivery};
use whatsapp_inbox::id::{ChannelId, TeamId, UserId};
use whatsapp_inbox::onboarding::{
    Attention, Command, Effect, Ending, Event, Fact, Kind, Onboarding, Refused, RegistrationAnswer, Status, Step,
    StepSet, Warning,
};
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{BadgeStatus, NameStatus, RequestStatus, TemplateEvent, TemplateKey};

use crate::case::*;
use crate::status::*;

fn activate_with(grants: Vec<Grant>) -> Command {
    Command::Activate { channel: CHANNEL, grants }
}

fn effects(events: &[Event]) -> Vec<Effect> {
    events.iter().flat_map(Onboarding::effects).collect()
}

#[test]
fn onboarding_activate_needs_number_and_business_verified_and_the_number_registered() {
    // Given a number that waits for its code, when the provider activates, then it is told what is open,
    let mut case = Case::open(Step::VerifyNumber);
    let missing = StepSet::of(&[Step::VerifyNumber]);
    assert_eq!(case.refused(OPERATOR, activate()), Refused::OutOfOrder { step: Step::ActivateAccount, missing });
    // likewise while the business is not verified;
    let mut case = Case::open(Step::VerifyBusiness);
    case.complete(Step::ApproveNumber).complete(Step::VerifyNumber);
    let missing = StepSet::of(&[Step::VerifyBusiness]);
    assert_eq!(case.refused(OPERATOR, activate()), Refused::OutOfOrder { step: Step::ActivateAccount, missing });
    assert_eq!(case.status(Step::ActivateAccount), Status::Locked { behind: missing });
    // with both, the number is registered first,
    let mut case = Case::open(Step::ActivateAccount);
    assert_eq!(case.refused(OPERATOR, activate()), Refused::NotRegistered);
    case.register(RegistrationAnswer::PinMismatch);
    assert_eq!(case.refused(OPERATOR, activate()), Refused::NotRegistered);
    // then the provider activates it, and nobody else, once.
    case.minutes(1).register(RegistrationAnswer::Registered);
    assert_eq!(case.refused(ADMIN, activate()), Refused::WrongActor { act: Kind::Activate });
    case.minutes(1).does(OPERATOR, activate());
    assert_eq!(case.status(Step::ActivateAccount), done(case.now, OPERATOR));
    let again = Refused::AlreadyDone { step: Step::ActivateAccount, at: case.now };
    assert_eq!(case.refused(OPERATOR, activate()), again);
}

#[test]
fn onboarding_channel_appears_with_activation_and_not_before() {
    // Given an account that is about to be activated, there is no channel,
    let mut case = Case::open(Step::ActivateAccount);
    case.register(RegistrationAnswer::Registered);
    assert_eq!(case.onboarding.channel(), None);
    let none = serde_json::to_value(case.onboarding.checklist(&case.policy.calendar, case.now)).expect("JSON");
    assert_eq!(none.get("channel"), None);
    // when it is activated, there is, though badge and templates are open,
    let team = Grant::Team(TeamId::new(ORGANISATION, Uuid::from_u128(7)));
    let user = UserId::new(ORGANISATION, Uuid::from_u128(11));
    let grants = vec![team, Grant::User { user, role: Role::Supervisor, ends: Some(case.now.plus_days(9)) }];
    let events = case.tries(OPERATOR, activate_with(grants.clone())).expect("activated");
    assert_eq!(case.onboarding.channel(), Some(CHANNEL));
    assert_eq!(case.onboarding.checklist(&case.policy.calendar, case.now).channel, Some(CHANNEL));
    assert!(!case.onboarding.is_complete(case.now));
    // and opening it is the one effect, with the grants that were named, number, name and Meta's ids.
    let effects = effects(&events);
    let [Effect::OpenChannel(opened)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((opened.channel, &opened.grants), (CHANNEL, &grants));
    assert_eq!((opened.number, opened.name.as_str(), &opened.account), (number(NUMBER), NAME, &waba(ACCOUNT)));
    assert_eq!(opened.phone_number.as_str(), "457147519855515");
    assert_eq!(Onboarding::delivery(&effects[0]), Delivery::Repeatable);
    assert_eq!(case.onboarding.warnings(), []);
}

#[test]
fn onboarding_channel_appears_warns_when_nobody_can_reply() {
    let user = |role| Grant::User { user: UserId::new(ORGANISATION, Uuid::from_u128(11)), role, ends: None };
    let team = Grant::Team(TeamId::new(ORGANISATION, Uuid::from_u128(7)));
    let cases = [
        (vec![], true),
        (vec![Grant::AllUsers(Role::Viewer)], true),
        (vec![user(Role::Viewer), Grant::AllUsers(Role::Viewer)], true),
        (vec![Grant::AllUsers(Role::Viewer), user(Role::Contributor)], false),
        (vec![Grant::AllUsers(Role::Contributor)], false),
        (vec![user(Role::Supervisor)], false),
        (vec![team], false),
        (vec![Grant::AllTeams], false),
    ];
    for (grants, nobody) in cases {
        // Given a channel that opens with these grants, then it opens, and it is said whether somebody can reply.
        let mut case = Case::open(Step::ActivateAccount);
        case.register(RegistrationAnswer::Registered);
        assert_eq!(case.onboarding.warnings(), [], "there is no channel to warn of yet");
        case.does(OPERATOR, activate_with(grants.clone()));
        let wanted: &[Warning] = if nobody { &[Warning::NobodyCanReply] } else { &[] };
        assert_eq!(case.onboarding.warnings(), wanted, "{grants:?}");
        assert_eq!(case.onboarding.checklist(&case.policy.calendar, case.now).warnings, wanted);
    }
}

#[test]
fn onboarding_channel_appears_in_its_own_organisation_only() {
    // Given an account about to be activated, when channel or grants are of another organisation, they are not found.
    let mut case = Case::open(Step::ActivateAccount);
    case.register(RegistrationAnswer::Registered);
    let foreign_user = UserId::new(OTHER_ORGANISATION, Uuid::from_u128(11));
    let ours = Grant::AllUsers(Role::Contributor);
    let foreign = [
        Command::Activate { channel: ChannelId::new(OTHER_ORGANISATION, Uuid::from_u128(200)), grants: vec![ours] },
        activate_with(vec![ours, Grant::User { user: foreign_user, role: Role::Viewer, ends: None }]),
        activate_with(vec![Grant::Team(TeamId::new(OTHER_ORGANISATION, Uuid::from_u128(7))), ours]),
    ];
    for command in foreign {
        assert_eq!(case.refused(OPERATOR, command), Refused::OtherOrganisation);
    }
}

#[test]
fn onboarding_profile_is_completed_once_by_the_brand() {
    // Given a channel that is not live, the profile waits;
    let profile = || Command::CompleteProfile(Box::new(profile()));
    let mut case = Case::open(Step::ActivateAccount);
    let missing = StepSet::of(&[Step::ActivateAccount]);
    assert_eq!(case.refused(ADMIN, profile()), Refused::OutOfOrder { step: Step::CompleteProfile, missing });
    // when it is live, the brand completes it, once.
    let mut case = Case::open(Step::CompleteProfile);
    assert_eq!(case.refused(OPERATOR, profile()), Refused::WrongActor { act: Kind::CompleteProfile });
    case.minutes(1).does(ADMIN, profile());
    assert_eq!(case.status(Step::CompleteProfile), done(case.now, ADMIN));
    let at = case.now;
    case.minutes(1);
    assert_eq!(case.refused(ADMIN, profile()), Refused::AlreadyDone { step: Step::CompleteProfile, at });
}

#[test]
fn onboarding_badge_is_applied_for_once_the_profile_is_complete() {
    // Given a profile that is not complete, the badge waits;
    let mut case = Case::open(Step::CompleteProfile);
    let missing = StepSet::of(&[Step::CompleteProfile]);
    let early = Refused::OutOfOrder { step: Step::ObtainBadge, missing };
    assert_eq!(case.refused(OPERATOR, Command::ApplyForBadge), early);
    // when it is, the provider applies, and Meta grants.
    let mut case = Case::open(Step::ObtainBadge);
    assert_eq!(case.refused(ADMIN, Command::ApplyForBadge), Refused::WrongActor { act: Kind::ApplyForBadge });
    case.minutes(1).does(OPERATOR, Command::ApplyForBadge);
    let since = case.now;
    assert_eq!(case.status(Step::ObtainBadge), in_review(since));
    assert_eq!(case.refused(OPERATOR, Command::ApplyForBadge), Refused::InReview { step: Step::ObtainBadge, since });
    case.minutes(1).fact(badge(BadgeStatus::UnderReview));
    assert_eq!(case.status(Step::ObtainBadge), in_review(since));
    case.minutes(1).fact(badge(BadgeStatus::Granted));
    assert_eq!(case.status(Step::ObtainBadge), done(case.now, META));
    // What is told of another number's badge is not told of this one's.
    let mut case = Case::open(Step::ObtainBadge);
    case.fact(Fact::Badge { phone_number: Some(phone_number_id("1")), status: BadgeStatus::Granted });
    assert_eq!(case.status(Step::ObtainBadge), open(case.now));
    case.fact(Fact::Badge { phone_number: Some(phone_number_id(PHONE_NUMBER)), status: BadgeStatus::Granted });
    assert!(case.status(Step::ObtainBadge).is_done());
}

#[test]
fn onboarding_badge_denied_is_done_and_applied_for_again_after_30_days() {
    // Given a badge that Meta denied, the step is done, as denied, and the onboarding complete with it;
    let mut case = Case::open(Step::ObtainBadge);
    case.does(OPERATOR, Command::ApplyForBadge).minutes(10).fact(badge(BadgeStatus::Denied));
    let denied_at = case.now;
    case.complete(Step::AddTemplates);
    assert_eq!(case.status(Step::ObtainBadge), denied(denied_at, META));
    assert!(case.onboarding.is_complete(case.now));
    // when it is applied for before the end of the 30th day, that is too soon, and then it is not;
    let allowed_from = denied_at.plus_days(30);
    assert_eq!(case.onboarding.badge_again_from(case.now), Some(allowed_from));
    case.until(shifted(allowed_from, -1));
    assert!(!case.allows(OPERATOR, Kind::ApplyForBadge));
    assert_eq!(case.refused(OPERATOR, Command::ApplyForBadge), Refused::BadgeTooSoon { allowed_from });
    case.until(allowed_from).does(OPERATOR, Command::ApplyForBadge);
    assert_eq!(case.status(Step::ObtainBadge), in_review(allowed_from));
    assert_eq!(case.onboarding.badge_again_from(case.now), None);
    // a second denial counts from its own instant, and a badge may be granted at last.
    case.minutes(5).fact(badge(BadgeStatus::Denied));
    assert_eq!(case.onboarding.badge_again_from(case.now), Some(case.now.plus_days(30)));
    case.minutes(5).fact(badge(BadgeStatus::Denied));
    assert_eq!(case.status(Step::ObtainBadge), denied(shifted(case.now, -300_000), META), "told again");
    case.minutes(5).fact(badge(BadgeStatus::Granted));
    assert_eq!(case.status(Step::ObtainBadge), done(case.now, META));
}

#[test]
fn onboarding_badge_is_open_again_once_it_ran_out_or_the_name_is_another() {
    // Given a badge, granted or denied, when it ran out or was taken back, it may be applied for;
    for ended in [BadgeStatus::Expired, BadgeStatus::Cancelled] {
        let mut case = Case::complete_onboarding();
        case.minutes(1).fact(badge(ended));
        assert!(case.allows(OPERATOR, Kind::ApplyForBadge));
    }
    for so_far in [BadgeStatus::Granted, BadgeStatus::Denied, BadgeStatus::Pending] {
        // when the brand submits another display name, it starts over, whatever Meta had said;
        let mut case = Case::open(Step::ObtainBadge);
        case.minutes(1).fact(badge(so_far.clone())).minutes(1);
        let before = case.now;
        case.minutes(1).does(ADMIN, Command::SubmitDetails(details_of(NUMBER, BUSINESS, OTHER_NAME)));
        assert!(matches!(case.status(Step::ObtainBadge), Status::Open { .. }), "{so_far}");
        case.does(OPERATOR, Command::ApplyForBadge);
        // what Meta decided on the badge before the renaming does not touch it, what it decides afterwards does.
        case.minutes(1).fact_at(before, badge(BadgeStatus::Granted));
        assert!(matches!(case.status(Step::ObtainBadge), Status::InReview { .. }), "{so_far}");
        case.fact(badge(BadgeStatus::Granted));
        assert_eq!(case.status(Step::ObtainBadge), done(case.now, META));
    }
}

#[test]
fn onboarding_badge_holds_nothing_back() {
    // Given an onboarding without a badge, applied for or not, then the channel is live and templates can be approved.
    let mut case = Case::open(Step::ObtainBadge);
    case.complete(Step::AddTemplates);
    let checklist = case.onboarding.checklist(&case.policy.calendar, case.now);
    assert_eq!((checklist.channel, checklist.live), (Some(CHANNEL), None));
    assert!(case.status(Step::AddTemplates).is_done());
    let left: Vec<Step> = Step::ALL.into_iter().filter(|step| case.status(*step) == open(case.now)).collect();
    assert_eq!(left, [Step::ObtainBadge]);
}

#[test]
fn onboarding_templates_are_done_with_one_approved_for_good() {
    use TemplateEvent::{Deleted, Disabled, Paused, Pending, Rejected};
    // Given a live channel, when a template is handed in, it is looked at, and a second one may be handed in beside it;
    let mut case = Case::open(Step::CompleteProfile);
    let live = case.now;
    assert_eq!(case.status(Step::AddTemplates), open(live), "beside the profile");
    case.minutes(1).does(ADMIN, Command::SubmitTemplate(key("loaf_ready")));
    assert_eq!(case.status(Step::AddTemplates), in_review(case.now));
    case.minutes(1).does(ADMIN, Command::SubmitTemplate(key("loaf_late")));
    // when one is approved, the step is done,
    case.minutes(1).fact(template(TemplateEvent::Approved));
    let approved = done(case.now, META);
    assert_eq!(case.status(Step::AddTemplates), approved);
    // and stays done, whatever becomes of it or of the others.
    for event in [Rejected, Pending, Disabled, Paused, Deleted] {
        case.minutes(1).fact(template(event.clone())).fact(other_template(event));
        assert_eq!(case.status(Step::AddTemplates), approved);
    }
    assert!(!case.allows(ADMIN, Kind::SubmitTemplate), "a further one is no step of the onboarding");
}

fn other_template(event: TemplateEvent) -> Fact {
    Fact::Template { template: TemplateKey::new("loaf_late", "en_US").expect("a key"), event, reason: None }
}

#[test]
fn onboarding_templates_need_attention_when_all_are_turned_down() {
    use TemplateEvent::{Deleted, InAppeal, Pending, Rejected};
    // Given one template that is rejected, the step needs attention;
    let mut case = Case::open(Step::AddTemplates);
    case.minutes(1).fact(template(Pending)).minutes(1).fact(template(Rejected));
    assert_eq!(case.status(Step::AddTemplates), wrong(case.now, Attention::TemplateRejected));
    // with another one pending beside it, in whatever order, it is in review since that one is;
    case.minutes(1).fact(other_template(Pending));
    assert_eq!(case.status(Step::AddTemplates), in_review(case.now));
    let since = case.now;
    case.minutes(1).fact(template(Rejected));
    assert_eq!(case.status(Step::AddTemplates), in_review(since));
    // once that is rejected as well, it needs attention again, until one is looked at again;
    case.minutes(1).fact(other_template(Rejected));
    assert!(matches!(case.status(Step::AddTemplates), Status::NeedsAttention { .. }));
    case.minutes(1).fact(template(InAppeal));
    assert_eq!(case.status(Step::AddTemplates), in_review(case.now));
    // and when both are gone, there is none.
    case.minutes(1).fact(template(Deleted)).fact(other_template(Deleted));
    assert!(matches!(case.status(Step::AddTemplates), Status::Open { .. }));
}

#[test]
fn onboarding_templates_told_before_activation_count_from_it() {
    // Given a template that Meta approved before the account is active, the step waits, and is done once it opens.
    let mut case = Case::open(Step::ActivateAccount);
    case.fact(template(TemplateEvent::Approved)).minutes(5);
    assert_eq!(case.status(Step::AddTemplates), locked(&[Step::ActivateAccount]));
    case.complete(Step::ActivateAccount);
    assert_eq!(case.status(Step::AddTemplates), done(case.now, META));
}

#[test]
fn onboarding_complete_with_the_last_step_and_not_before() {
    // Given an onboarding step by step, it is complete with the last one alone, in whichever order they come.
    assert!(!Onboarding::default().is_complete(at("2026-01-05T09:00:00Z")));
    let mut case = Case::new();
    case.start();
    for step in case.onboarding.plan().rows().iter().map(|row| row.step) {
        assert!(!case.onboarding.is_complete(case.now), "before {step}");
        case.minutes(1).complete(step);
    }
    assert!(case.onboarding.is_complete(case.now));
    let checklist = case.onboarding.checklist(&case.policy.calendar, case.now);
    assert_eq!((checklist.progress.done, checklist.progress.of), (12, 12));
    assert_eq!((checklist.live, checklist.complete, checklist.next.len()), (None, None, 0));
    // What is lost afterwards opens its step again.
    case.minutes(1).fact(name(NAME, NameStatus::Expired));
    assert!(!case.onboarding.is_complete(case.now));
    assert_eq!(case.tries(Actor::System, Command::Tick), Ok(Vec::new()));
    assert!(!matches!(case.status(Step::ActivateAccount), Status::Done { result: Ending::Denied, .. }));
}

#[test]
fn onboarding_activate_waits_for_the_approval_of_the_account_in_force() {
    // Given everything verified, when the brand's approval is taken back and another account created,
    let mut case = Case::open(Step::ActivateAccount);
    case.minutes(1).fact(request(ACCOUNT, RequestStatus::Declined));
    let missing = StepSet::of(&[Step::ApproveRequest]);
    let waits = Refused::OutOfOrder { step: Step::ActivateAccount, missing };
    assert_eq!(case.refused(OPERATOR, Command::Register), waits);
    case.does(OPERATOR, create(OTHER_ACCOUNT));
    // then nothing is registered in it before the brand has approved it.
    assert_eq!(case.refused(OPERATOR, Command::Register), waits);
    case.minutes(1).fact(request(OTHER_ACCOUNT, RequestStatus::Approved));
    case.does(OPERATOR, Command::Register);
}

#[test]
fn onboarding_templates_are_looked_at_since_the_first_that_waits() {
    // Given many templates, handed in one after the other, then the step is in review since the first that still waits,
    let mut case = Case::open(Step::AddTemplates);
    let of = |index: u32, event| Fact::Template { template: key(&format!("loaf_{index}")), event, reason: None };
    let first = case.now;
    case.days(1);
    for index in 0..300 {
        case.fact_at(first.plus_minutes(300 - index), of(index, TemplateEvent::Pending));
    }
    case.fact_at(first.plus_minutes(301), of(299, TemplateEvent::Rejected));
    assert_eq!(case.status(Step::AddTemplates), in_review(first.plus_minutes(2)));
    // and once all are turned down, it needs attention since the first that was.
    for index in 0..299 {
        case.fact_at(first.plus_minutes(400 + index), of(index, TemplateEvent::Rejected));
    }
    let since = first.plus_minutes(301);
    assert_eq!(case.status(Step::AddTemplates), wrong(since, Attention::TemplateRejected));
}
