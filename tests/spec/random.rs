//! Random histories, so biased that much of them is accepted.

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use whatsapp_inbox::access::{Grant, Role};
use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::id::{ChannelId, FactId, OnboardingId};
use whatsapp_inbox::onboarding::{
    AccountNotice, Answer, Attestation, CodeAnswer, CodeSend, Command, Event, Fact, Kind, Plan, Refused,
    RegistrationAnswer, Step,
};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    BadgeStatus, BusinessVerification, CodeMethod, CodeVerification, NameStatus, NumberStatus, RequestStatus,
    Restriction, ReviewDecision, TemplateEvent,
};

use crate::case::*;

/// The same draws in every run: a failure here is a failure everywhere.
pub fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

/// Every kind of actor, and some of them of another organisation.
pub const ACTORS: [Actor; 11] = [
    ADMIN,
    OPERATOR,
    META,
    GRAPH,
    Actor::System,
    OBSERVED,
    USER,
    FOREIGN_ADMIN,
    Actor::Customer,
    Actor::BrandPhone,
    Actor::User(whatsapp_inbox::id::UserId::new(OTHER_ORGANISATION, Uuid::from_u128(11))),
];

/// One command to be drawn: who, what, with which parameters, and when.
#[derive(Debug, Clone, Copy)]
pub struct Turn {
    /// Whether it is picked from what is allowed to the actors that have something to do.
    pub listed: bool,
    pub pick: u16,
    pub actor: u8,
    pub parameters: u16,
    pub time: u8,
}

pub fn turn() -> impl Strategy<Value = Turn> {
    let draws = (prop::bool::weighted(0.6), any::<u16>(), any::<u8>(), any::<u16>(), any::<u8>());
    draws.prop_map(|(listed, pick, actor, parameters, time)| Turn { listed, pick, actor, parameters, time })
}

pub fn turns(most: usize) -> impl Strategy<Value = Vec<Turn>> {
    prop::collection::vec(turn(), 0..=most)
}

/// Whether the clock may run to the ends of time.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    Sane,
    Wild,
}

/// Sets the clock, draws the command and gives it.
pub fn play(case: &mut Case, turn: Turn, clock: Clock) -> Result<Vec<Event>, Refused> {
    case.now = moved(case.now, turn.time, clock);
    let (actor, kind) = drawn(case, turn);
    let command = command(case, kind, turn.parameters);
    case.tries(actor, command)
}

/// The steps of the walkthrough.
pub const STEPS: [Step; 12] = [
    Step::SignAgreement,
    Step::AcceptTerms,
    Step::SubmitDetails,
    Step::CreateAccount,
    Step::ApproveRequest,
    Step::VerifyBusiness,
    Step::ApproveNumber,
    Step::VerifyNumber,
    Step::ActivateAccount,
    Step::CompleteProfile,
    Step::ObtainBadge,
    Step::AddTemplates,
];

/// A case after a random history of turns, from the very beginning or from where some step is open.
pub fn history(turns: &[Turn]) -> Case {
    let base = turns.first().map_or(0, |turn| usize::from(turn.pick) % 24);
    let mut case = STEPS.get(base).map_or_else(Case::new, |step| Case::open(*step));
    // Calls that wait for their answer are short-lived, so some histories begin with one.
    match base {
        12..16 => case.clone_from(Case::open(Step::VerifyNumber).send_code(CodeMethod::Voice)),
        16 | 17 => case.clone_from(Case::open(Step::ActivateAccount).does(OPERATOR, Command::Register)),
        _ => {}
    }
    if (12..14).contains(&base) {
        case.does(ADMIN, Command::EnterCode);
    }
    for turn in turns {
        let _ = play(&mut case, *turn, Clock::Sane);
    }
    case
}

fn moved(now: Instant, time: u8, clock: Clock) -> Instant {
    let back = |millis: i64| Instant::from_unix_millis(now.unix_millis() - millis).unwrap_or(Instant::MIN);
    match time {
        0 if clock == Clock::Wild => Instant::MIN,
        1 if clock == Clock::Wild => Instant::MAX,
        2 if clock == Clock::Wild => at("2026-01-05T09:00:00Z"),
        0..5 => now.plus_days(31),
        5..7 => now.plus_days(90),
        7..24 => back(90_000),
        24..32 => now.plus_minutes(10),
        32..48 => now.plus_hours(12),
        48..100 => now,
        _ => now.plus_minutes(1),
    }
}

fn drawn(case: &Case, turn: Turn) -> (Actor, Kind) {
    let pick = usize::from(turn.pick);
    let actor = ACTORS[usize::from(turn.actor) % ACTORS.len()];
    let kind = Kind::ALL[pick % Kind::ALL.len()];
    if !turn.listed {
        return (actor, kind);
    }
    let actors = [ADMIN, OPERATOR, META].into_iter();
    let listed: Vec<(Actor, Kind)> =
        actors.flat_map(|actor| case.onboarding.allowed(actor, case.now).map(move |kind| (actor, kind))).collect();
    // What ends an onboarding is drawn seldom, so that more than its beginning is seen.
    let ends = |kind| matches!(kind, Kind::Withdraw | Kind::ReleaseNumber) && turn.parameters % 16 != 0;
    match listed.get(pick % listed.len().max(1)) {
        Some((_, kind)) if ends(*kind) => (META, Kind::Observe),
        Some(found) => *found,
        None => (actor, kind),
    }
}

/// A well-formed command of a kind, good parameters more often than others.
pub fn command(case: &Case, kind: Kind, parameters: u16) -> Command {
    let good = parameters % 5 != 0;
    let of = |count: u16| usize::from((parameters / 5) % count);
    match kind {
        Kind::Start => {
            let security_center = if good { Attestation::Given } else { Attestation::Missing };
            let id = [ID, ID, OnboardingId::new(OTHER_ORGANISATION, Uuid::from_u128(100))][of(3)];
            let business_manager = Attestation::Given;
            Command::Start { id, plan: Plan::Walkthrough, business_manager, security_center, takes_over: None }
        }
        Kind::SignAgreement => sign(),
        Kind::AcceptTerms => accept(),
        Kind::SubmitDetails if good => Command::SubmitDetails(if of(2) == 0 { details() } else { mobile_details() }),
        Kind::SubmitDetails => Command::SubmitDetails(details_of(
            [NUMBER, OTHER_NUMBER][of(2)],
            [BUSINESS, BUSINESS, OTHER_BUSINESS][of(3)],
            [NAME, OTHER_NAME][of(2)],
        )),
        Kind::CreateAccount => create([ACCOUNT, ACCOUNT, OTHER_ACCOUNT][of(3)]),
        Kind::AnswerRequest => answer(if good { Answer::Approved } else { Answer::Declined }),
        Kind::SubmitBusiness => Command::SubmitBusiness,
        Kind::RequestCode => Command::RequestCode { method: if good { CodeMethod::Voice } else { CodeMethod::Sms } },
        Kind::ReportCodeSend => {
            let outcome = if good { CodeSend::Sent } else { [CodeSend::NotSent, CodeSend::Unknown][of(2)] };
            Command::ReportCodeSend { request: case.last_request(), outcome }
        }
        Kind::EnterCode => Command::EnterCode,
        Kind::ReportCodeEntry => {
            use CodeAnswer::{Accepted, TooManyGuesses, Unknown, Wrong};
            let answer = [Accepted, Accepted, Wrong, Wrong, TooManyGuesses, Unknown][of(6)];
            Command::ReportCodeEntry { entry: if good { case.last_entry() } else { parameters.into() }, answer }
        }
        Kind::Register => Command::Register,
        Kind::ReportRegistration => {
            use RegistrationAnswer::{Failed, LimitHit, PinMismatch, Registered, Unknown};
            let answer = [Registered, Registered, PinMismatch, LimitHit, Failed { error: 1 }, Unknown][of(6)];
            Command::ReportRegistration { attempt: if good { case.last_attempt() } else { parameters.into() }, answer }
        }
        Kind::Activate => {
            let channel = if good { CHANNEL } else { ChannelId::new(OTHER_ORGANISATION, Uuid::from_u128(200)) };
            Command::Activate { channel, grants: [vec![], vec![Grant::AllUsers(Role::Contributor)]][of(2)].clone() }
        }
        Kind::CompleteProfile => Command::CompleteProfile(Box::new(profile())),
        Kind::ApplyForBadge => Command::ApplyForBadge,
        Kind::SubmitTemplate => Command::SubmitTemplate(key(["loaf_ready", "loaf_late"][of(2)])),
        Kind::Withdraw => Command::Withdraw,
        Kind::ReleaseNumber => Command::ReleaseNumber,
        Kind::Observe => {
            let id = FactId::new(Uuid::from_u128(u128::from(parameters)));
            let at = match parameters % 97 {
                0 => Some(Instant::MIN),
                1 => Some(Instant::MAX),
                2..30 => None,
                30..40 => Some(case.now.plus_minutes(1)),
                _ => Some(case.now),
            };
            Command::Observe { id, at, fact: fact(parameters) }
        }
        Kind::Tick => Command::Tick,
        other => panic!("a kind without a command: {other:?}"),
    }
}

/// A fact: two of three times one that helps, otherwise any, about the right subject or a wrong one.
pub fn fact(draw: u16) -> Fact {
    let helpful = [
        request(ACCOUNT, RequestStatus::Approved),
        review(ACCOUNT, ReviewDecision::Approved),
        name(NAME, NameStatus::Approved),
        business(BusinessVerification::Verified),
        verification(CodeVerification::Verified),
        number_status(NumberStatus::Connected),
        badge(BadgeStatus::Granted),
        template(TemplateEvent::Approved),
        name(OTHER_NAME, NameStatus::Approved),
        request(OTHER_ACCOUNT, RequestStatus::Approved),
        review(OTHER_ACCOUNT, ReviewDecision::Approved),
    ];
    let draw = usize::from(draw);
    if draw % 3 != 0 { helpful[(draw / 3) % helpful.len()].clone() } else { any_fact(draw / 3) }
}

fn any_fact(draw: usize) -> Fact {
    fn of<T: Clone>(known: &[T], unknown: T, draw: usize) -> T {
        known.get(draw % (known.len() + 1)).cloned().unwrap_or(unknown)
    }
    let word = || "PERHAPS".to_owned();
    let (kind, draw) = (draw % 9, draw / 9);
    let account = [ACCOUNT, ACCOUNT, OTHER_ACCOUNT][draw % 3];
    let phone_number = number([NUMBER, NUMBER, OTHER_NUMBER][draw % 3]);
    match kind {
        0 => request(account, of(RequestStatus::KNOWN, RequestStatus::Unknown(word()), draw)),
        1 => review(account, of(ReviewDecision::KNOWN, ReviewDecision::Unknown(word()), draw)),
        2 => Fact::DisplayName {
            number: phone_number,
            name: [NAME, NAME, OTHER_NAME, "Somebody else"][draw % 4].to_owned(),
            status: of(NameStatus::KNOWN, NameStatus::Unknown(word()), draw),
            reason: None,
        },
        3 => Fact::BusinessVerification {
            business: manager([BUSINESS, BUSINESS, OTHER_BUSINESS][draw % 3]),
            status: of(BusinessVerification::KNOWN, BusinessVerification::Unknown(word()), draw),
        },
        4 => Fact::NumberVerification {
            number: phone_number,
            status: of(CodeVerification::KNOWN, CodeVerification::Unknown(word()), draw),
        },
        5 => Fact::NumberStatus {
            number: phone_number,
            status: of(NumberStatus::KNOWN, NumberStatus::Unknown(word()), draw),
        },
        6 => Fact::Badge {
            phone_number: [None, Some(phone_number_id(PHONE_NUMBER)), Some(phone_number_id("1"))][draw % 3].clone(),
            status: of(BadgeStatus::KNOWN, BadgeStatus::Unknown(word()), draw),
        },
        7 => Fact::Template {
            template: key(["loaf_ready", "loaf_late"][draw % 2]),
            event: of(TemplateEvent::KNOWN, TemplateEvent::Unknown(word()), draw),
            reason: None,
        },
        _ => Fact::Account { account: waba(account), notice: any_notice(draw) },
    }
}

fn any_notice(draw: usize) -> AccountNotice {
    use AccountNotice::{AccessRemoved, BanLifted, BanScheduled, Banned, Deleted, Offboarded, Reconnected, Restricted};
    let restriction = Restriction::KNOWN[draw % Restriction::KNOWN.len()].clone();
    let notices = [
        Restricted { restriction: restriction.clone(), until: None },
        Restricted { restriction, until: Some(at("2026-01-05T10:00:00Z")) },
        BanScheduled,
        Banned,
        BanLifted,
        Offboarded,
        Reconnected,
        AccessRemoved,
        Deleted,
    ];
    notices[draw % notices.len()].clone()
}
