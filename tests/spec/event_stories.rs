//! Stories in which every kind of event happens, each in every shape that its JSON can have.

use std::num::NonZeroU8;

use whatsapp_inbox::access::{AccessChange, Grant, Holder, Role};
use whatsapp_inbox::channel::{self, Loss, Opening};
use whatsapp_inbox::conversation::{self, Command as Ask, Queue, WarningOutcome};
use whatsapp_inbox::decider::{Actor, ChannelRules};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::onboarding::*;
use whatsapp_inbox::settings::{
    AutoAssignment, AutoResolve, AutoResolvePolicy, ClosingWarning, ReplyPolicy, WarnBefore,
};
use whatsapp_inbox::template;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::*;

use crate::case::*;
use crate::channel_case::{ChannelCase, TEAM, channel_name, user};
use crate::conversation_case as talk;
use crate::conversation_case::{ANA, AS_ANA, AS_BEN, BEN, MINUTE, Talk};
use crate::template_case::{TEMPLATE, TemplateCase, other_definition, ready_definition};

pub fn onboarding() -> Vec<Event> {
    let mut events = with_details();
    events.extend(with_codes());
    events.extend(with_registrations());
    events.extend(with_facts());
    events.extend(to_the_end());
    events.extend(by_todays_flow());
    events
}

/// Details that are mended, and a request that is declined, answered and not answered.
fn with_details() -> Vec<Event> {
    let mut case = Case::open(Step::SubmitDetails);
    case.does(ADMIN, Command::SubmitDetails(details()));
    case.does(ADMIN, Command::SubmitDetails(details_of(NUMBER, BUSINESS, OTHER_NAME)));
    case.number_use = Some(NumberUse::default().with_registration(case.now).with_registration_limit_hit(case.now));
    case.does(ADMIN, Command::SubmitDetails(draft(OTHER_NUMBER, "mobile", BUSINESS, NAME).check().expect("sound")));
    case.complete(Step::CreateAccount);
    let mut declined = case.clone();
    declined.events.clear();
    declined.does(ADMIN, answer(Answer::Declined));
    let mut unanswered = case.clone();
    unanswered.events.clear();
    unanswered.days(91).does(Actor::System, Command::Tick);
    case.does(ADMIN, answer(Answer::Approved)).does(ADMIN, Command::SubmitBusiness);
    [case.events, declined.events, unanswered.events].concat()
}

/// Every answer to a request for a code and to an entry, until the window is full and the number is locked.
fn with_codes() -> Vec<Event> {
    let mut case = Case::open(Step::VerifyNumber);
    case.events.clear();
    case.policy.code.guesses_per_code = NonZeroU8::MIN.saturating_add(1);
    case.policy.code.codes_before_lock = NonZeroU8::MIN;
    case.policy.code.sends = NonZeroU8::MIN.saturating_add(2);
    for outcome in [CodeSend::NotSent, CodeSend::Unknown, CodeSend::Sent] {
        case.does(ADMIN, Command::RequestCode { method: CodeMethod::Voice }).reports(outcome).minutes(1);
    }
    case.enter(CodeAnswer::Wrong).enter(CodeAnswer::Unknown).minutes(13 * 60);
    case.send_code(CodeMethod::Voice).enter(CodeAnswer::TooManyGuesses).minutes(13 * 60);
    case.send_code(CodeMethod::Voice).enter(CodeAnswer::Accepted);
    case.events
}

/// Every answer to a registration.
fn with_registrations() -> Vec<Event> {
    let before = Case::open(Step::ActivateAccount);
    let answers = [
        RegistrationAnswer::PinMismatch,
        RegistrationAnswer::Failed { error: 133_010 },
        RegistrationAnswer::LimitHit,
        RegistrationAnswer::Unknown,
        RegistrationAnswer::Registered,
    ];
    let answered = answers.into_iter().flat_map(|answer| {
        let mut case = before.clone();
        case.events.clear();
        case.register(answer);
        case.events
    });
    answered.collect()
}

/// Every kind of fact, each with what Meta may leave out and without, and every way on which we know it.
fn with_facts() -> Vec<Event> {
    let mut case = Case::open(Step::AddTemplates);
    case.events.clear();
    let with_reason = |reason: Option<&str>| Fact::Template {
        template: key("loaf_ready"),
        event: TemplateEvent::Rejected,
        reason: reason.map(str::to_owned),
    };
    let restricted = |until| AccountNotice::Restricted { restriction: Restriction::AddPhoneNumber, until };
    let facts = [
        request(ACCOUNT, RequestStatus::Approved),
        review(ACCOUNT, ReviewDecision::Approved),
        name(NAME, NameStatus::Declined),
        name(NAME, NameStatus::Approved),
        business(BusinessVerification::Verified),
        verification(CodeVerification::Verified),
        number_status(NumberStatus::Connected),
        badge(BadgeStatus::Granted),
        Fact::Badge { phone_number: Some(phone_number_id(PHONE_NUMBER)), status: BadgeStatus::Denied },
        with_reason(None),
        with_reason(Some("INVALID_FORMAT")),
    ];
    let notices = [
        restricted(None),
        restricted(Some(case.now.plus_days(7))),
        AccountNotice::BanScheduled,
        AccountNotice::Banned,
        AccountNotice::BanLifted,
        AccountNotice::Offboarded,
        AccountNotice::Reconnected,
        AccountNotice::AccessRemoved,
        AccountNotice::Deleted,
    ];
    for fact in facts.into_iter().chain(notices.map(notice)) {
        case.minutes(1).fact(fact);
    }
    for (actor, number) in [(GRAPH, 1), (OBSERVED, 2)] {
        let id = FactId::new(Uuid::from_u128(number));
        case.does(actor, Command::Observe { id, at: None, fact: number_status(NumberStatus::Connected) });
    }
    case.events
}

/// What comes last, the other ends, and a further number.
fn to_the_end() -> Vec<Event> {
    let mut case = Case::open(Step::ActivateAccount);
    case.events.clear();
    let grants = [Grant::user(ANA, Role::Viewer), Grant::user_until(BEN, Role::Contributor, case.now.plus_days(9))];
    let others = [Grant::Team(TEAM), Grant::AllUsers(Role::Supervisor), Grant::AllTeams];
    let grants = grants.into_iter().chain(others).collect();
    case.register(RegistrationAnswer::Registered).does(OPERATOR, Command::Activate { channel: CHANNEL, grants });
    let mut full = ProfileDraft::from(&profile());
    full.address = "Am Kai 7, Hamburg".into();
    full.description = "A bakery.".into();
    full.email = "bread@loaf.example".into();
    let mut with_all = case.clone();
    with_all.events.clear();
    with_all.does(ADMIN, Command::CompleteProfile(Box::new(full.check().expect("a sound profile"))));
    case.does(ADMIN, Command::CompleteProfile(Box::new(profile())));
    case.does(OPERATOR, Command::ApplyForBadge).does(ADMIN, Command::SubmitTemplate(key("loaf_ready")));
    let mut further = Case::new();
    further.does(ADMIN, start(Some(case.onboarding.inheritance().expect("a verified business"))));
    let mut withdrawn = Case::new();
    withdrawn.start().does(OPERATOR, Command::Withdraw);
    let mut holding = Case::open(Step::CreateAccount);
    holding.events.clear();
    let mut released = holding.clone();
    holding.does(ADMIN, Command::Withdraw);
    released.does(OPERATOR, Command::ReleaseNumber);
    [case.events, with_all.events, further.events, withdrawn.events, holding.events, released.events].concat()
}

/// Every end of a signup, one after which nothing is registered in time, and a request; and what Meta tells of them.
fn by_todays_flow() -> Vec<Event> {
    let mut case = Case::open_in(Plan::EmbeddedSignup, Step::CompleteSignup);
    case.events.clear();
    case.does(ADMIN, Command::EndSignup(SignupEnd::Abandoned { screen: SignupScreen::NumberSetup }));
    let found = SignupNumber::new(phone_number_id(PHONE_NUMBER), NumberOrigin::PreVerified, CodeVerification::Verified);
    let mut whole = case.clone();
    whole.events.clear();
    whole.does(ADMIN, signed_up(Some(found)));
    case.complete(Step::CompleteSignup).complete(Step::AddNumber).complete(Step::SubscribeApp);
    case.days(14).does(Actor::System, Command::Tick);
    let (account, number, phone_number) = (waba(ACCOUNT), number(NUMBER), phone_number_id(PHONE_NUMBER));
    case.fact(Fact::SignupAbandoned { screen: SignupScreen::Permissions });
    case.fact(Fact::AppSubscribed { account: account.clone() });
    case.fact(Fact::NumberAdded { account, number, phone_number, origin: NumberOrigin::Brand });
    let mut request = Case::open_in(Plan::PartnerInitiated, Step::RequestAccount);
    request.events.clear();
    request.complete(Step::RequestAccount);
    [case.events, whole.events, request.events].concat()
}

pub fn channel() -> Vec<channel::Event> {
    use channel::Command;
    let now = ChannelCase::new().now;
    let (soon, later) = (now.plus_minutes(10), now.plus_days(1));
    let mut case = ChannelCase::open([
        Grant::user(user(30), Role::Viewer),
        Grant::user_until(user(31), Role::Contributor, soon),
        Grant::Team(TEAM),
        Grant::AllUsers(Role::Supervisor),
        Grant::AllTeams,
    ]);
    let before = |minutes| WarnBefore::minutes(minutes).expect("a time before");
    let policy = AutoResolvePolicy::default();
    for (window, warning, replies) in [
        (talk::after(60), ClosingWarning::WhenOpen(before(10)), ReplyPolicy::Owner),
        (AutoResolve::Off, ClosingWarning::Always(before(60)), ReplyPolicy::OwnerAndSupervisors),
        (AutoResolve::Inherit, ClosingWarning::Off, ReplyPolicy::Anyone),
    ] {
        let with = case.settings().with().auto_resolve_new(window).auto_resolve_pending(window);
        let with = with.closing_warning(warning).reply_policy(replies);
        let command = case.change(with.patch(&policy).expect("a patch"));
        case.does(ADMIN, command);
    }
    let with = case.settings().with().name("Returns").auto_assignment(AutoAssignment::Off).resolve_reason("Gone quiet");
    let command = case.change(with.patch(&policy).expect("a patch"));
    case.does(ADMIN, command);
    let command = case.access([
        AccessChange::Grant(Grant::user_until(user(32), Role::Supervisor, later)),
        AccessChange::Grant(Grant::user(user(30), Role::Contributor)),
        AccessChange::Revoke(Holder::AllUsers),
        AccessChange::Revoke(Holder::AllTeams),
    ]);
    case.does(ADMIN, command).minutes(10).does(Actor::System, Command::Tick);
    case.does(Actor::System, Command::Forget(channel::Leaver::Team(TEAM)));
    let mut events = case.events.clone();
    for (actor, loss) in [(META, Loss::Offboarded), (GRAPH, Loss::AccountDeleted)] {
        let mut lost = case.clone();
        lost.does(actor, lose(loss));
        events.extend(lost.0.events);
    }
    events.extend(case.does(ADMIN, Command::Close).events.clone());
    let mut elsewhere = ChannelCase::opened(Opening::new(CHANNEL, channel_name("Mail")));
    events.extend(elsewhere.does(ADMIN, Command::Close).events.clone());
    events
}

pub fn conversation() -> Vec<conversation::Event> {
    [with_people(), with_deadlines(), with_warnings()].concat()
}

/// What customers and the team do.
fn with_people() -> Vec<conversation::Event> {
    let mut talk = Talk::new();
    talk.does(Actor::Customer, talk::receive()).does(AS_ANA, talk::free_text()).does(AS_BEN, talk::template());
    talk.does(AS_ANA, talk::tags(&["refund"], &[])).does(AS_ANA, talk::tags(&["order"], &["refund"]));
    talk.does(AS_ANA, talk::topics(&["bread"], &[])).does(AS_ANA, talk::topics(&[], &["bread"]));
    talk.does(AS_ANA, Ask::AddNote(talk::note(1))).does(AS_ANA, Ask::RemoveNote(talk::note(1)));
    talk.does(AS_ANA, Ask::Unassign).does(AS_BEN, Ask::Take).does(AS_BEN, talk::assign(ANA));
    talk.does(AS_ANA, talk::to(Queue::New)).does(AS_ANA, talk::to(Queue::Pending));
    talk.does(Actor::System, Ask::LoseAccess { user: ANA });
    let tomorrow = talk.now.plus_days(1);
    talk.does(AS_BEN, Ask::Snooze { until: tomorrow }).does(AS_BEN, Ask::Wake);
    talk.does(AS_BEN, Ask::Snooze { until: tomorrow }).does(Actor::Customer, talk::receive());
    talk.does(AS_BEN, talk::to(Queue::Resolved)).does(Actor::BrandPhone, talk::free_text());
    talk.0.events
}

/// What time and the host do.
fn with_deadlines() -> Vec<conversation::Event> {
    let mut talk = Talk::short().releasing();
    talk.does(AS_ANA, talk::free_text()).does(Actor::System, Ask::SignOut { user: ANA });
    let mut answered = talk.clone();
    answered.does(Actor::Customer, talk::receive());
    talk.does(Actor::System, Ask::SignIn { user: ANA }).does(AS_ANA, talk::to(Queue::New));
    talk.does(Actor::System, Ask::SignOut { user: ANA }).passes(2 * MINUTE).tick();
    let quarter = talk.now.plus_minutes(15);
    talk.does(AS_ANA, Ask::Snooze { until: quarter }).until(quarter).tick();
    talk.rules = talk::windows(AutoResolve::Off, AutoResolve::Inherit, 4);
    let admin = Actor::Admin(ANA);
    talk.does(admin, Ask::ApplySettings).does(Actor::System, talk::close());
    let mut resolves = Talk::short();
    resolves.passes(60 * MINUTE).tick();
    [talk.0.events, answered.0.events, resolves.0.events].concat()
}

/// What becomes of a warning, and how the conversation then closes.
fn with_warnings() -> Vec<conversation::Event> {
    let mut sent = Talk::warned(10, ClosingWarning::WhenOpen);
    sent.passes(50 * MINUTE).tick();
    sent.does(Actor::System, Ask::ReportWarning { attempt: 1, outcome: WarningOutcome::Failed });
    sent.passes(MINUTE).tick();
    sent.does(GRAPH, Ask::ReportWarning { attempt: 2, outcome: WarningOutcome::Sent }).passes(60 * MINUTE).tick();

    let mut failed = Talk::warned(10, ClosingWarning::WhenOpen);
    for minutes in [50, 11, 11, 11, 11, 11, 11] {
        failed.passes(minutes * MINUTE).tick();
    }
    let mut missed = Talk::warned(10, ClosingWarning::WhenOpen);
    missed.passes(61 * MINUTE).tick();

    // Two days in New: nothing can be written freely in the end.
    let two_days = |warning| -> Vec<conversation::Event> {
        let mut rules: ChannelRules = talk::windows(talk::after(2 * 24 * 60), AutoResolve::Inherit, 3);
        rules.warning = warning;
        let mut talk = Talk::with(rules);
        talk.passes((2 * 24 * 60 - 10) * MINUTE).tick();
        talk.passes(10 * MINUTE).tick();
        talk.0.events
    };
    let before = WarnBefore::minutes(10).expect("a time before");
    let ways = [ClosingWarning::WhenOpen(before), ClosingWarning::Always(before)].map(two_days);
    [sent.0.events, failed.0.events, missed.0.events, ways.concat()].concat()
}

pub fn template() -> Vec<template::Event> {
    use template::{Announced, Command, EventFact, Fact, Listed, Outcome, Switch};
    let mut case = TemplateCase::created();
    case.hours(1).told(EventFact::new(TemplateEvent::Rejected).because(TemplateReason::InvalidFormat));
    case.does(ADMIN, Command::Appeal).answers(Outcome::Refused { error: 2_388_019 });
    case.hours(1).told(TemplateEvent::Approved).hours(1);
    case.does(ADMIN, crate::template_case::edit(other_definition())).answers(Outcome::Unknown);
    case.hours(1).told(TemplateEvent::Approved).hours(1);
    let disabled = EventFact::new(TemplateEvent::Flagged).disabled_on(case.now.plus_days(7));
    case.told(disabled).hours(1).told(EventFact::new(TemplateEvent::Paused).pausing(TemplatePause::First));
    case.does(ADMIN, Command::Switch(Switch::Off)).does(ADMIN, Command::Switch(Switch::On));
    let (category, from) = (TemplateCategory::Utility, case.now.plus_days(1));
    let announced = Some(Announced::new(TemplateCategory::Marketing, from));
    case.told(Fact::Category { category: category.clone(), announced })
        .told(Fact::Category { category, announced: None });
    case.told(Fact::Quality(TemplateQuality::Yellow));
    let mut paused = TemplateCase::approved();
    paused.told(EventFact::new(TemplateEvent::Paused)).does(ADMIN, Command::Unpause).answers(Outcome::Taken);
    let mut listed = Listed::new(TemplateStatus::Rejected);
    (listed.category, listed.quality) = (Some(TemplateCategory::Marketing), Some(TemplateQuality::Red));
    listed.reason = Some(TemplateReason::Promotional);
    paused.hours(1).read(Listed::new(TemplateStatus::Approved)).hours(1).read(listed).hours(1).missing();
    let mut deleted = TemplateCase::approved();
    deleted.does(ADMIN, Command::Delete).answers(Outcome::Taken);
    let mut adopted = TemplateCase::new();
    adopted.does(Actor::System, crate::template_case::adopt());
    let mut known = TemplateCase::new();
    let mut adoption = template::Adoption::new(TEMPLATE, waba(ACCOUNT), ready_definition().key().clone());
    adoption.definition = Some(ready_definition());
    known.does(Actor::System, Command::Adopt(Box::new(adoption)));
    [case.events, paused.events, deleted.events, adopted.events, known.events].concat()
}
