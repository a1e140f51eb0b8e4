//! The checklist as a front end shows it, its timeline, and many at once.

use whatsapp_inbox::decider::{Actor, Party};
use whatsapp_inbox::id::OnboardingId;
use whatsapp_inbox::onboarding::{
    Attestation, Checklist, Command, Onboarding, Overview, Plan, RegistrationAnswer, Status, Step, Waiting,
};
use whatsapp_inbox::time::{Calendar, Instant};
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{CodeMethod, NameStatus, ReviewDecision};

use crate::case::*;
use crate::golden::golden;
use crate::status::*;

fn checklist(case: &Case) -> Checklist {
    case.onboarding.checklist(&case.policy.calendar, case.now)
}

/// Half way: the business is handed in, the number approved, the name declined, and it is Friday.
fn midway() -> Case {
    let mut case = Case::open(Step::VerifyBusiness);
    case.days(1).does(ADMIN, Command::SubmitBusiness);
    case.days(1).fact(review(ACCOUNT, ReviewDecision::Approved));
    case.minutes(30).fact(name(NAME, NameStatus::Declined));
    case.until(at("2026-01-09T09:00:00Z"));
    case
}

#[test]
fn onboarding_where_of_the_checklist_as_json() {
    let json = serde_json::to_string_pretty(&checklist(&midway())).expect("JSON");
    golden("checklist.json", &format!("{json}\n"));
    // No key stands twice in one object: what is read back is as long as what was written.
    let short = serde_json::to_string(&checklist(&midway())).expect("JSON");
    let read: serde_json::Value = serde_json::from_str(&short).expect("JSON");
    assert_eq!(read.to_string().len(), short.len());
}

#[test]
fn onboarding_duration_of_the_checklist_as_a_timeline() {
    golden("gantt.mmd", &checklist(&midway()).gantt());
}

/// Who has to act next on what.
fn next(case: &Case) -> Vec<(Party, Step)> {
    checklist(case).next.iter().map(|next| (next.party, next.step)).collect()
}

#[test]
fn onboarding_where_each_party_has_its_next_action() {
    use Party::{Brand, Meta, Provider};
    use Step::{
        AcceptTerms, ActivateAccount, AddTemplates, ApproveNumber, ApproveRequest, CompleteProfile, CreateAccount,
        ObtainBadge, SignAgreement, SubmitDetails, VerifyBusiness, VerifyNumber,
    };
    // Given each step in turn as the one that is open, then these are next, in the order of the plan.
    let both = [(Brand, VerifyBusiness), (Meta, ApproveNumber)];
    let table: [(Step, &[(Party, Step)]); 12] = [
        (SignAgreement, &[(Brand, SignAgreement)]),
        (AcceptTerms, &[(Brand, AcceptTerms)]),
        (SubmitDetails, &[(Brand, SubmitDetails)]),
        (CreateAccount, &[(Provider, CreateAccount)]),
        (ApproveRequest, &[(Brand, ApproveRequest)]),
        (VerifyBusiness, &both),
        (ApproveNumber, &[(Meta, ApproveNumber)]),
        (VerifyNumber, &[(Brand, VerifyNumber)]),
        (ActivateAccount, &[(Provider, ActivateAccount)]),
        (CompleteProfile, &[(Brand, CompleteProfile), (Brand, AddTemplates)]),
        (ObtainBadge, &[(Provider, ObtainBadge), (Brand, AddTemplates)]),
        (AddTemplates, &[(Brand, AddTemplates)]),
    ];
    for (done, (step, wanted)) in table.into_iter().enumerate() {
        let case = Case::open(step);
        assert_eq!(next(&case), wanted, "{step}");
        assert_eq!(checklist(&case).progress.done, done, "{step}");
        for next in checklist(&case).next {
            assert_eq!((next.action, next.place), (next.step.title(), next.step.place()));
            assert!(next.step.guidance().starts_with("https://"));
        }
    }
    assert_eq!(next(&Case::complete_onboarding()), []);
    // What needs attention waits for whoever mends it, with what mends it.
    let declined = checklist(&midway()).next.into_iter().find(|next| next.step == ApproveNumber).expect("declined");
    assert_eq!((declined.party, declined.action), (Brand, "submit another display name"));
    assert_eq!(declined.place, SubmitDetails.place(), "and where that is done");
    let mut case = Case::open(ApproveNumber);
    case.minutes(1).fact(review(ACCOUNT, ReviewDecision::Rejected));
    let rejected = checklist(&case).next[0];
    assert_eq!((rejected.party, rejected.step, rejected.place), (Provider, ApproveNumber, CreateAccount.place()));
}

#[test]
fn onboarding_where_both_halves_of_approve_number_are_parts() {
    // Given number and name under review, then each part says how far it is, as long as one is not done.
    let parts = |case: &Case| {
        let items = checklist(case).items;
        let parts = items.into_iter().flat_map(|item| item.parts);
        parts.map(|part| (part.part, part.status)).collect::<Vec<(&str, Status)>>()
    };
    assert_eq!(parts(&Case::open(Step::ApproveRequest)), []);
    let mut case = Case::open(Step::ApproveNumber);
    let nine = case.now;
    assert_eq!(parts(&case), [("number", in_review(nine)), ("display name", in_review(nine))]);
    case.minutes(1).fact(review(ACCOUNT, ReviewDecision::Approved));
    let approved = case.now;
    assert_eq!(parts(&case), [("number", done(approved, META)), ("display name", in_review(nine))]);
    case.minutes(1).fact(name(NAME, NameStatus::Expired));
    let expired = wrong(case.now, whatsapp_inbox::onboarding::Attention::NameExpired);
    assert_eq!(parts(&case), [("number", done(approved, META)), ("display name", expired)]);
    case.minutes(1).fact(name(NAME, NameStatus::Approved));
    assert_eq!(parts(&case), []);
}

#[test]
fn onboarding_code_ten_minutes_shows_the_code_while_it_is_good() {
    // Given a code, the checklist shows it from the instant it was sent until ten minutes later.
    let code = |case: &Case| checklist(case).items.into_iter().find_map(|item| item.code);
    let mut case = Case::open(Step::VerifyNumber);
    assert_eq!(code(&case), None);
    case.does(ADMIN, Command::RequestCode { method: CodeMethod::Voice });
    assert_eq!(code(&case), None, "nobody has reported it sent");
    case.minutes(1).reports(whatsapp_inbox::onboarding::CodeSend::Sent);
    let sent = case.now;
    let live = code(&case).expect("a code");
    assert_eq!((live.method, live.sent_at, live.expires_at), (CodeMethod::Voice, sent, sent.plus_minutes(10)));
    assert_eq!(code(case.until(shifted(sent, -1))), None);
    assert!(code(case.until(shifted(sent, 599_999))).is_some());
    assert_eq!(code(case.until(shifted(sent, 600_000))), None);
    // Accepted, it is gone.
    case.until(sent).enter(whatsapp_inbox::onboarding::CodeAnswer::Accepted);
    assert_eq!(code(&case), None);
}

/// An onboarding with another id, begun at an instant, with nothing but its start done.
fn another(id: u128, begun: Instant) -> Case {
    let id = OnboardingId::new(ORGANISATION, Uuid::from_u128(id));
    let (business_manager, security_center) = (Attestation::Given, Attestation::Given);
    let mut case = Case::new();
    let start = Command::Start { id, plan: Plan::Walkthrough, business_manager, security_center, takes_over: None };
    case.until(begun).does(ADMIN, start);
    case
}

#[test]
fn onboarding_duration_over_many_shows_what_is_overdue_and_what_waits_for_us() {
    let nine = at("2026-01-05T09:00:00Z");
    let up_to = |mut case: Case, steps: &[Step]| {
        for step in steps {
            case.minutes(1).complete(*step);
        }
        case
    };
    let begun = [Step::SignAgreement, Step::AcceptTerms, Step::SubmitDetails];
    let asked = [&begun[..], &[Step::CreateAccount, Step::ApproveRequest]].concat();
    // Given two that wait for the provider, the later listed first; one whose number Meta is late with, and whose business
    // waits for the brand; one that is withdrawn; one that waits for the brand; one that has not begun.
    let late = up_to(another(2, nine.plus_days(1)), &begun);
    let early = up_to(another(9, nine), &begun);
    let overdue = up_to(another(5, nine), &asked);
    let mut withdrawn = up_to(another(6, nine), &begun);
    withdrawn.does(Actor::Operator(whatsapp_inbox::id::OperatorId::new(Uuid::from_u128(20))), Command::Withdraw);
    let brand = another(7, nine);
    let all = [&late, &early, &overdue, &withdrawn, &brand].map(|case| &case.onboarding);
    let begun_not = Onboarding::default();
    let all = || all.into_iter().chain([&begun_not]);
    let now = at("2026-01-08T00:00:00Z");
    let shown = |waiting: &[Waiting]| -> Vec<(u128, Step)> {
        waiting.iter().map(|waiting| (waiting.onboarding.uuid().as_u128(), waiting.step)).collect()
    };
    // then what is overdue and what waits for the provider is listed, the longest wait first.
    let overview = Overview::of(all(), &Calendar::default(), now);
    assert_eq!(shown(&overview.overdue), [(5, Step::ApproveNumber)]);
    assert_eq!((overview.overdue[0].party, overview.overdue[0].action), (Party::Meta, Step::ApproveNumber.title()));
    assert_eq!(shown(&overview.waits_for_us), [(9, Step::CreateAccount), (2, Step::CreateAccount)]);
    assert!(overview.waits_for_us.iter().all(|waiting| waiting.party == Party::Provider));
    // A millisecond earlier nothing is overdue; of one instant, the lower id comes first.
    let overview = Overview::of(all(), &Calendar::default(), shifted(now, -1));
    assert_eq!(shown(&overview.overdue), []);
    let twins = [up_to(another(4, nine), &begun), early];
    let overview = Overview::of(twins.iter().map(|case| &case.onboarding).rev(), &Calendar::default(), now);
    assert_eq!(shown(&overview.waits_for_us), [(4, Step::CreateAccount), (9, Step::CreateAccount)]);
    // What needs attention of the provider's waits for it as well, with what mends it.
    let mut failed = Case::open(Step::ActivateAccount);
    failed.register(RegistrationAnswer::PinMismatch);
    let overview = Overview::of([&failed.onboarding], &Calendar::default(), failed.now);
    assert_eq!(overview.waits_for_us[0].action, "reset the PIN, then register again");
}
