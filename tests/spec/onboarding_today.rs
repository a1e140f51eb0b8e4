//! Meta's flow of today, as two more plans: the embedded signup, and the provider's request.

use whatsapp_inbox::decider::{Actor, Decider, Party};
use whatsapp_inbox::onboarding::{
    Acts, Answer, Attention, Change, Checklist, Command, Fact, Kind, NumberOrigin, Onboarding, Plan, Status, Step,
    StepSet, Usual, Weight,
};
use whatsapp_inbox::time::{Calendar, Expected, Instant};
use whatsapp_inbox::whatsapp::{BusinessVerification, CodeVerification, NameStatus};

use crate::case::*;
use crate::golden::golden;
use crate::status::*;

/// The embedded signup's steps in the order in which every case goes through them, each with those it comes after.
pub const SIGNUP: [(Step, &[Step]); 13] = [
    (Step::SignAgreement, &[]),
    (Step::AcceptTerms, &[Step::SignAgreement]),
    (Step::SubmitDetails, &[Step::AcceptTerms]),
    (Step::CompleteSignup, &[Step::SubmitDetails]),
    (Step::AddNumber, &[Step::CompleteSignup]),
    (Step::VerifyNumber, &[Step::AddNumber]),
    (Step::SubscribeApp, &[Step::CompleteSignup]),
    (Step::ActivateAccount, &[Step::VerifyNumber, Step::SubscribeApp]),
    (Step::VerifyBusiness, &[Step::CompleteSignup]),
    (Step::ApproveNumber, &[Step::AddNumber]),
    (Step::CompleteProfile, &[Step::ActivateAccount]),
    (Step::ObtainBadge, &[Step::CompleteProfile, Step::VerifyBusiness]),
    (Step::AddTemplates, &[Step::ActivateAccount]),
];

/// The same of the provider's request.
pub const REQUEST: [(Step, &[Step]); 14] = [
    (Step::SignAgreement, &[]),
    (Step::AcceptTerms, &[Step::SignAgreement]),
    (Step::SubmitDetails, &[Step::AcceptTerms]),
    (Step::RequestAccount, &[Step::SubmitDetails]),
    (Step::ApproveRequest, &[Step::RequestAccount]),
    (Step::AddNumber, &[Step::ApproveRequest]),
    (Step::VerifyNumber, &[Step::AddNumber]),
    (Step::SubscribeApp, &[Step::ApproveRequest]),
    (Step::ActivateAccount, &[Step::VerifyNumber, Step::SubscribeApp]),
    (Step::VerifyBusiness, &[Step::ApproveRequest]),
    (Step::ApproveNumber, &[Step::AddNumber]),
    (Step::CompleteProfile, &[Step::ActivateAccount]),
    (Step::ObtainBadge, &[Step::CompleteProfile, Step::VerifyBusiness]),
    (Step::AddTemplates, &[Step::ActivateAccount]),
];

/// That the number stands in the account.
pub fn added(origin: NumberOrigin) -> Fact {
    let phone_number = phone_number_id(PHONE_NUMBER);
    Fact::NumberAdded { account: waba(ACCOUNT), number: number(NUMBER), phone_number, origin }
}

fn checklist(case: &Case) -> Checklist {
    case.onboarding.checklist(&Calendar::default(), case.now)
}

/// When it is too late for a step, as the checklist says.
pub fn due_by(case: &Case, step: Step) -> Option<Instant> {
    checklist(case).items.into_iter().find(|item| item.step == step)?.due_by
}

#[test]
fn onboarding_order_of_today_is_metas_table_row_by_row() {
    use Acts::{AtMeta, Here, Nobody};
    use Party::{Brand, Meta, Provider};
    use Usual::{Minutes, Review};
    use Weight::{HoldsBack, HoldsNothing};
    let begin = [
        (Here(Brand), None, Some(1), Minutes, HoldsBack),
        (Here(Brand), None, Some(1), Minutes, HoldsBack),
        (Here(Brand), None, Some(2), Minutes, HoldsBack),
    ];
    let signup = [(AtMeta(Brand), None, None, Minutes, HoldsBack)];
    let request =
        [(Here(Provider), None, Some(3), Minutes, HoldsBack), (AtMeta(Brand), None, Some(3), Minutes, HoldsBack)];
    let rest = [
        (AtMeta(Provider), None, None, Minutes, HoldsBack),
        (Here(Brand), Some(Meta), Some(5), Minutes, HoldsBack),
        (AtMeta(Provider), None, None, Minutes, HoldsBack),
        (Here(Provider), None, Some(5), Minutes, HoldsBack),
        (AtMeta(Brand), Some(Meta), Some(4), Review, HoldsNothing),
        (Nobody, Some(Meta), Some(5), Review, HoldsNothing),
        (Here(Brand), None, Some(6), Minutes, HoldsNothing),
        (Here(Provider), Some(Meta), Some(6), Review, HoldsNothing),
        (Here(Brand), Some(Meta), Some(7), Review, HoldsNothing),
    ];
    let by_signup = begin.iter().chain(&signup).chain(&rest);
    let by_request = begin.iter().chain(&request).chain(&rest);
    let signup = SIGNUP.iter().zip(by_signup).zip(Plan::EmbeddedSignup.rows());
    let request = REQUEST.iter().zip(by_request).zip(Plan::PartnerInitiated.rows());
    let mut rows = 0;
    for (((step, after), wanted), row) in signup.chain(request) {
        assert_eq!((row.step, row.after), (*step, StepSet::of(after)));
        assert_eq!((row.acts, row.decides, row.article, row.usual, row.weight), *wanted, "{step}");
        rows += 1;
    }
    assert_eq!(rows, Plan::EmbeddedSignup.rows().len() + Plan::PartnerInitiated.rows().len());
}

#[test]
fn onboarding_order_has_every_step_in_some_plan_and_every_plan_by_its_name() {
    for step in Step::ALL {
        assert!(Plan::ALL.iter().any(|plan| plan.row(step).is_some()), "{step}");
    }
    for plan in Plan::ALL {
        assert_eq!(serde_json::to_value(plan).expect("JSON"), plan.name());
        // A step stands after all that it comes after.
        for (place, row) in plan.rows().iter().enumerate() {
            let before: StepSet = plan.rows().iter().take(place).map(|row| row.step).collect();
            assert!(row.after.iter().all(|step| before.contains(step)), "{}", row.step);
        }
    }
}

#[test]
fn onboarding_complete_by_every_plan() {
    // Given every step done in the order of the table, then the whole is, and no sooner.
    for plan in Plan::ALL {
        let last = plan.rows().last().expect("a plan has rows").step;
        let mut case = Case::open_in(plan, last);
        assert!(!case.onboarding.is_complete(case.now), "{}", plan.name());
        case.complete(last);
        assert!(case.onboarding.is_complete(case.now), "{}", plan.name());
        assert_eq!(case.onboarding.channel(), Some(CHANNEL));
        assert_eq!(case.onboarding, Onboarding::replay(&case.events));
    }
}

#[test]
fn onboarding_more_numbers_take_over_by_every_plan_what_any_plan_has_done() {
    // Given a business that is verified by one plan, then a further number by another begins with its details.
    for (earlier, plan) in Plan::ALL.into_iter().flat_map(|earlier| Plan::ALL.map(|plan| (earlier, plan))) {
        let mut first = Case::open_in(earlier, Step::VerifyBusiness);
        first.complete(Step::VerifyBusiness);
        let inheritance = first.onboarding.inheritance().expect("a verified business");
        let mut further = Case::new();
        further.minutes(5).does(ADMIN, start_in(plan, Some(inheritance))).complete(Step::SubmitDetails);
        let taken_over = [Step::SignAgreement, Step::AcceptTerms, Step::SubmitDetails, Step::VerifyBusiness];
        assert_eq!(further.done(), StepSet::of(&taken_over), "{} after {}", plan.name(), earlier.name());
    }
}

#[test]
fn onboarding_order_lets_reviews_run_beside_and_holds_nothing_back_for_them() {
    // Given a channel that is live by today's flow, when Meta has decided nothing, then it is live all the same.
    for plan in [Plan::EmbeddedSignup, Plan::PartnerInitiated] {
        let mut case = Case::open_in(plan, Step::ActivateAccount);
        assert_eq!(case.status(Step::VerifyBusiness), open(case.now));
        assert_eq!(case.status(Step::ApproveNumber), in_review(case.now));
        // What goes wrong there holds nothing back either.
        case.minutes(1).fact(business(BusinessVerification::Rejected)).fact(name(NAME, NameStatus::Declined));
        case.complete(Step::ActivateAccount);
        assert_eq!(case.onboarding.channel(), Some(CHANNEL), "{}", plan.name());
        assert!(matches!(case.status(Step::VerifyBusiness), Status::NeedsAttention { .. }));
        assert!(matches!(case.status(Step::ApproveNumber), Status::NeedsAttention { .. }));
        // The badge waits for the business, which Meta asks for.
        case.complete(Step::CompleteProfile);
        assert_eq!(case.status(Step::ObtainBadge), locked(&[Step::VerifyBusiness]));
        case.complete(Step::VerifyBusiness);
        assert!(case.allows(OPERATOR, Kind::ApplyForBadge));
    }
    // In the walkthrough the same reviews hold back.
    assert!(!Case::open(Step::ApproveNumber).allows(OPERATOR, Kind::Register));
}

#[test]
fn onboarding_account_request_of_the_provider_is_open_for_ninety_days() {
    let request_open = || {
        let mut case = Case::open_in(Plan::PartnerInitiated, Step::ApproveRequest);
        // A number that is verified elsewhere keeps its claim, so that the request itself runs out.
        case.fact(verification(CodeVerification::Verified));
        case
    };
    // Given a request at nine, one millisecond before its ninety days are over the brand approves or declines,
    let mut case = request_open();
    let last = case.now.plus_days(90);
    assert_eq!(case.onboarding.next_deadline(), Some(last));
    case.until(shifted(last, -1));
    assert!(case.allows(ADMIN, Kind::AnswerRequest));
    assert_eq!(due_by(&case, Step::ApproveRequest), Some(last));
    let mut declined = case.clone();
    declined.does(ADMIN, answer(Answer::Declined));
    assert_eq!(declined.status(Step::RequestAccount), wrong(declined.now, Attention::RequestDeclined));
    let mut approved = case.clone();
    approved.does(ADMIN, answer(Answer::Approved)).until(last);
    assert!(approved.status(Step::ApproveRequest).is_done());
    // with the number, as Meta tells, or without it.
    assert_eq!(approved.status(Step::AddNumber), open(shifted(last, -1)));
    approved.fact(added(NumberOrigin::Brand));
    assert!(approved.status(Step::AddNumber).is_done());
    assert_eq!(approved.onboarding.register_by(), None, "no days are known for it");
    // At them the request has run out, and the provider asks again.
    case.until(last);
    assert_eq!(case.status(Step::RequestAccount), wrong(last, Attention::RequestExpired));
    assert!(!case.allows(ADMIN, Kind::AnswerRequest) && due_by(&case, Step::ApproveRequest).is_none());
    let told = case.tries(Actor::System, Command::Tick).expect("time");
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].change, Change::RequestExpired { account: waba(ACCOUNT) });
    case.does(OPERATOR, Command::RequestAccount { account: waba(OTHER_ACCOUNT) });
    assert_eq!(case.status(Step::ApproveRequest), open(last));
}

/// An account without its number on the third day, the name declined meanwhile, the business in review.
fn midway() -> Case {
    let mut case = Case::open_in(Plan::EmbeddedSignup, Step::AddNumber);
    case.minutes(30).complete(Step::SubscribeApp).does(ADMIN, Command::SubmitBusiness);
    case.days(2).fact(name(NAME, NameStatus::Declined));
    case
}

#[test]
fn onboarding_where_and_onboarding_duration_of_the_embedded_signup_as_checklist_and_timeline() {
    let checklist = checklist(&midway());
    let json = serde_json::to_string_pretty(&checklist).expect("JSON");
    golden("checklist-embedded-signup.json", &format!("{json}\n"));
    golden("gantt-embedded-signup.mmd", &checklist.gantt());
}

#[test]
fn onboarding_duration_of_going_live_by_todays_flow_does_not_wait_for_reviews() {
    // Given that it is left to add the number, then the channel can be live today, and all be done after two reviews.
    let checklist = checklist(&midway());
    let days = |expected: Option<Expected>| expected.map(|days| (days.earliest.to_string(), days.latest.to_string()));
    let between = |from: &str, until: &str| Some((from.to_owned(), until.to_owned()));
    assert_eq!(days(checklist.live), between("2026-01-07", "2026-01-07"));
    assert_eq!(days(checklist.complete), between("2026-01-08", "2026-01-09"));
    // The walkthrough waits for them.
    let walkthrough = Case::open(Step::VerifyBusiness);
    let live = walkthrough.onboarding.checklist(&Calendar::default(), walkthrough.now).live;
    assert_eq!(days(live), between("2026-01-06", "2026-01-07"));
}

#[test]
fn onboarding_where_each_party_has_its_next_action_by_todays_flow() {
    use Party::{Brand, Meta, Provider};
    use Step::{
        ActivateAccount, AddNumber, AddTemplates, ApproveNumber, ApproveRequest, CompleteProfile, CompleteSignup,
        ObtainBadge, RequestAccount, SubscribeApp, VerifyBusiness, VerifyNumber,
    };
    // Given each step in turn as the one that is open, then these are next, in the order of the plan.
    let (business, number) = ((Brand, VerifyBusiness), (Meta, ApproveNumber));
    let both: [(Step, &[(Party, Step)]); 8] = [
        (AddNumber, &[(Provider, AddNumber), (Provider, SubscribeApp), business]),
        (VerifyNumber, &[(Brand, VerifyNumber), (Provider, SubscribeApp), business, number]),
        (ActivateAccount, &[(Provider, ActivateAccount), business, number]),
        (VerifyBusiness, &[business, number, (Brand, CompleteProfile), (Brand, AddTemplates)]),
        (ApproveNumber, &[number, (Brand, CompleteProfile), (Brand, AddTemplates)]),
        (CompleteProfile, &[(Brand, CompleteProfile), (Brand, AddTemplates)]),
        (ObtainBadge, &[(Provider, ObtainBadge), (Brand, AddTemplates)]),
        (AddTemplates, &[(Brand, AddTemplates)]),
    ];
    let signup = [(CompleteSignup, &[(Brand, CompleteSignup)][..])];
    let request =
        [(RequestAccount, &[(Provider, RequestAccount)][..]), (ApproveRequest, &[(Brand, ApproveRequest)][..])];
    let signup = signup.iter().chain(&both).map(|row| (Plan::EmbeddedSignup, row));
    let request = request.iter().chain(&both).map(|row| (Plan::PartnerInitiated, row));
    for (plan, (step, wanted)) in signup.chain(request) {
        let checklist = checklist(&Case::open_in(plan, *step));
        let next: Vec<(Party, Step)> = checklist.next.iter().map(|next| (next.party, next.step)).collect();
        assert_eq!(next, *wanted, "{step} of {}", plan.name());
    }
}
