//! Which step comes after which, who acts on it, and where.

use whatsapp_inbox::decider::{Actor, Class, Party, Refusal};
use whatsapp_inbox::id::FactId;
use whatsapp_inbox::onboarding::{
    Acts, Answer, CodeAnswer, CodeSend, Command, Fact, Kind, Onboarding, Plan, Refused, RegistrationAnswer, Status,
    Step, StepSet, Usual, Weight,
};
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::time::Calendar;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    BadgeStatus, BusinessVerification, CodeMethod, CodeVerification, NameStatus, RequestStatus, ReviewDecision,
    TemplateEvent,
};

use crate::case::*;
use crate::onboarding_today::{REQUEST, SIGNUP};

/// The steps in the order in which every case goes through them, each with those it comes after.
const AFTER: [(Step, &[Step]); 12] = [
    (Step::SignAgreement, &[]),
    (Step::AcceptTerms, &[Step::SignAgreement]),
    (Step::SubmitDetails, &[Step::AcceptTerms]),
    (Step::CreateAccount, &[Step::SubmitDetails]),
    (Step::ApproveRequest, &[Step::CreateAccount]),
    (Step::VerifyBusiness, &[Step::ApproveRequest]),
    (Step::ApproveNumber, &[Step::ApproveRequest]),
    (Step::VerifyNumber, &[Step::ApproveNumber]),
    (Step::ActivateAccount, &[Step::VerifyNumber, Step::VerifyBusiness]),
    (Step::CompleteProfile, &[Step::ActivateAccount]),
    (Step::ObtainBadge, &[Step::CompleteProfile]),
    (Step::AddTemplates, &[Step::ActivateAccount]),
];

/// Every act that works on a step, with the one who may do it.
fn acts() -> Vec<(Step, Actor, Command)> {
    vec![
        (Step::SignAgreement, ADMIN, sign()),
        (Step::AcceptTerms, ADMIN, accept()),
        (Step::SubmitDetails, ADMIN, Command::SubmitDetails(details())),
        (Step::CreateAccount, OPERATOR, create(ACCOUNT)),
        (Step::RequestAccount, OPERATOR, Command::RequestAccount { account: waba(ACCOUNT) }),
        (Step::CompleteSignup, ADMIN, signed_up(None)),
        (Step::AddNumber, OPERATOR, add_number(ACCOUNT)),
        (Step::SubscribeApp, OPERATOR, subscribe(ACCOUNT)),
        (Step::ApproveRequest, ADMIN, answer(Answer::Approved)),
        (Step::VerifyBusiness, ADMIN, Command::SubmitBusiness),
        (Step::VerifyNumber, ADMIN, Command::RequestCode { method: CodeMethod::Voice }),
        (Step::VerifyNumber, ADMIN, Command::EnterCode),
        (Step::ActivateAccount, OPERATOR, Command::Register),
        (Step::ActivateAccount, OPERATOR, activate()),
        (Step::CompleteProfile, ADMIN, Command::CompleteProfile(Box::new(profile()))),
        (Step::ObtainBadge, OPERATOR, Command::ApplyForBadge),
        (Step::AddTemplates, ADMIN, Command::SubmitTemplate(key("loaf_ready"))),
    ]
}

/// One command of every kind.
fn commands() -> Vec<Command> {
    let fact = Fact::Request { account: waba(ACCOUNT), status: RequestStatus::Pending };
    let mut commands: Vec<Command> = acts().into_iter().map(|(.., command)| command).collect();
    commands.extend([
        start(None),
        Command::ReportCodeSend { request: 1, outcome: CodeSend::Sent },
        Command::ReportCodeEntry { entry: 1, answer: CodeAnswer::Wrong },
        Command::ReportRegistration { attempt: 1, answer: RegistrationAnswer::Registered },
        Command::Withdraw,
        Command::ReleaseNumber,
        Command::Observe { id: FactId::new(Uuid::from_u128(1)), at: None, fact },
        Command::Tick,
    ]);
    for kind in Kind::ALL {
        assert_eq!(commands.iter().filter(|command| command.kind() == kind).count(), 1, "{kind:?}");
    }
    commands
}

/// Which step comes after which in a plan.
fn table(plan: Plan) -> &'static [(Step, &'static [Step])] {
    match plan {
        Plan::Walkthrough => &AFTER,
        Plan::EmbeddedSignup => &SIGNUP,
        Plan::PartnerInitiated => &REQUEST,
        other => panic!("{other:?} has no table"),
    }
}

#[test]
fn onboarding_order_is_the_articles_table_row_by_row() {
    use Acts::{AtMeta, Here, Nobody};
    use Party::{Brand, Meta, Provider};
    use Usual::{Minutes, Review};
    use Weight::{HoldsBack, HoldsNothing};
    let wanted = [
        (Here(Brand), None, 1, Minutes, HoldsBack),
        (Here(Brand), None, 1, Minutes, HoldsBack),
        (Here(Brand), None, 2, Minutes, HoldsBack),
        (Here(Provider), None, 3, Minutes, HoldsBack),
        (AtMeta(Brand), None, 3, Minutes, HoldsBack),
        (AtMeta(Brand), Some(Meta), 4, Review, HoldsBack),
        (Nobody, Some(Meta), 5, Review, HoldsBack),
        (Here(Brand), Some(Meta), 5, Minutes, HoldsBack),
        (Here(Provider), None, 5, Minutes, HoldsBack),
        (Here(Brand), None, 6, Minutes, HoldsNothing),
        (Here(Provider), Some(Meta), 6, Review, HoldsNothing),
        (Here(Brand), Some(Meta), 7, Review, HoldsNothing),
    ];
    let rows = Plan::Walkthrough.rows();
    assert_eq!(rows.len(), AFTER.len());
    for ((row, (step, before)), wanted) in rows.iter().zip(AFTER).zip(wanted) {
        assert_eq!((row.step, row.after), (step, StepSet::of(before)));
        assert_eq!((row.acts, row.decides, row.article.unwrap_or(0), row.usual, row.weight), wanted, "{step}");
    }
}

#[test]
fn onboarding_order_locks_every_step_in_turn_and_names_what_is_open_before_it() {
    for (plan, (place, (here, _))) in
        Plan::ALL.into_iter().flat_map(|plan| table(plan).iter().enumerate().map(move |at| (plan, at)))
    {
        // Given an onboarding that has come as far as one step,
        let case = Case::open_in(plan, *here);
        let done: StepSet = table(plan).iter().take(place).map(|(step, _)| *step).collect();
        assert_eq!(case.done(), done, "at {here}");
        for (step, actor, command) in acts() {
            let Some((_, after)) = table(plan).iter().find(|(of, _)| *of == step) else {
                // what the plan does not know is refused as such, whatever is done;
                let act = command.kind();
                assert_eq!(case.clone().tries(actor, command), Err(Refused::NotInPlan { act, plan }));
                assert!(!case.allows(actor, act));
                continue;
            };
            let missing = StepSet::of(after).filter(|before| !done.contains(before));
            // when somebody acts on any other step,
            let answer = case.clone().tries(actor, command.clone());
            // then it is refused for order if and only if something before it is open, and exactly that is named.
            if missing.is_empty() {
                assert!(!matches!(answer, Err(Refused::OutOfOrder { .. })), "{command:?} at {here}: {answer:?}");
                assert!(!matches!(case.status(step), Status::Locked { .. }), "{step} at {here}");
            } else {
                assert_eq!(answer, Err(Refused::OutOfOrder { step, missing }), "{command:?} at {here}");
                assert_eq!(case.status(step), Status::Locked { behind: missing }, "{step} at {here}");
                assert!(!case.allows(actor, command.kind()), "{command:?} at {here}");
            }
        }
    }
}

#[test]
fn onboarding_order_asks_for_number_and_business_before_activation_whichever_comes_first() {
    // Given a number that is verified before the business is,
    let mut case = Case::open(Step::VerifyBusiness);
    let both = StepSet::of(&[Step::VerifyNumber, Step::VerifyBusiness]);
    assert_eq!(case.refused(OPERATOR, activate()), Refused::OutOfOrder { step: Step::ActivateAccount, missing: both });
    case.complete(Step::ApproveNumber).complete(Step::VerifyNumber);
    // then the refusal names the business alone, also in its sentence,
    let refused = case.refused(OPERATOR, Command::Register);
    let missing = StepSet::of(&[Step::VerifyBusiness]);
    assert_eq!(refused, Refused::OutOfOrder { step: Step::ActivateAccount, missing });
    assert_eq!(refused.to_string(), "ActivateAccount comes after VerifyBusiness, which is still open");
    let told = (refused.code(), refused.rule(), refused.class());
    assert_eq!(told, ("out-of-order", Rule::OnboardingOrder, Class::Situation));
    // and with it the way is free.
    case.complete(Step::VerifyBusiness).complete(Step::ActivateAccount);
}

#[test]
fn onboarding_order_lets_the_badge_and_the_templates_go_beside_each_other() {
    let mut case = Case::open(Step::CompleteProfile);
    case.complete(Step::AddTemplates);
    assert!(!case.done().contains(Step::CompleteProfile));
    case.complete(Step::CompleteProfile).complete(Step::ObtainBadge);
    assert!(case.onboarding.is_complete(case.now));
}

/// What completes each step that facts decide.
fn deciding_facts() -> [(Step, Step, Vec<Fact>); 6] {
    [
        (Step::ApproveRequest, Step::CreateAccount, vec![request(ACCOUNT, RequestStatus::Approved)]),
        (Step::VerifyBusiness, Step::ApproveRequest, vec![business(BusinessVerification::Verified)]),
        (
            Step::ApproveNumber,
            Step::ApproveRequest,
            vec![name(NAME, NameStatus::Approved), review(ACCOUNT, ReviewDecision::Approved)],
        ),
        (Step::VerifyNumber, Step::ApproveNumber, vec![verification(CodeVerification::Verified)]),
        (Step::ObtainBadge, Step::CompleteProfile, vec![badge(BadgeStatus::Granted)]),
        (Step::AddTemplates, Step::ActivateAccount, vec![template(TemplateEvent::Approved)]),
    ]
}

#[test]
fn onboarding_order_keeps_an_early_fact_which_completes_the_step_the_moment_it_opens() {
    for (step, last, facts) in deciding_facts() {
        let steps = AFTER.map(|(step, _)| step);
        let last = steps.iter().position(|of| *of == last).expect("a step");
        for told_at in 0..=last {
            // Given a fact that is told when its step is still locked, however early,
            let mut case = Case::open(steps[told_at]);
            for fact in facts.clone() {
                case.fact(fact);
            }
            // when the steps before it are done one after the other,
            for before in &steps[told_at..=last] {
                let locked = case.status(step);
                assert!(matches!(locked, Status::Locked { .. }), "{step} told at {}: {locked:?}", steps[told_at]);
                case.minutes(1).complete(*before);
            }
            // then the step is done with the last of them.
            let Status::Done { at, by, .. } = case.status(step) else { panic!("{step} told at {}", steps[told_at]) };
            assert_eq!((at, by), (case.now, META), "{step}");
        }
    }
}

#[test]
fn onboarding_order_keeps_facts_from_before_the_start() {
    let mut case = Case::new();
    for (.., facts) in deciding_facts() {
        for fact in facts {
            case.fact(fact);
        }
    }
    // Given everything that Meta decides was told before anything began, nothing is done;
    assert_eq!(case.done(), StepSet::EMPTY);
    // when only the acts are done, then all is.
    case.minutes(1).start();
    for step in [Step::SignAgreement, Step::AcceptTerms, Step::SubmitDetails, Step::CreateAccount] {
        case.complete(step);
    }
    for step in [Step::ActivateAccount, Step::CompleteProfile] {
        case.complete(step);
    }
    assert!(case.onboarding.is_complete(case.now));
}

#[test]
fn onboarding_order_is_kept_along_the_whole_way() {
    // Given that number and code are decided while the brand has not approved the request,
    let mut case = Case::open(Step::ApproveRequest);
    case.fact(review(ACCOUNT, ReviewDecision::Approved)).fact(name(NAME, NameStatus::Approved));
    case.fact(verification(CodeVerification::Verified));
    // then the code's step is locked like the one before it,
    let behind = |step| Status::Locked { behind: StepSet::of(&[step]) };
    assert_eq!(case.status(Step::ApproveNumber), behind(Step::ApproveRequest));
    assert_eq!(case.status(Step::VerifyNumber), behind(Step::ApproveNumber));
    // and both are done with the approval.
    case.minutes(1).complete(Step::ApproveRequest);
    for step in [Step::ApproveNumber, Step::VerifyNumber] {
        assert!(matches!(case.status(step), Status::Done { at, .. } if at == case.now), "{step}");
    }
}

/// Whose kinds are which: the table of `onboarding.actor`.
fn may(kind: Kind) -> Party {
    use Kind::*;
    match kind {
        Start | SignAgreement | AcceptTerms | SubmitDetails | EndSignup | AnswerRequest | SubmitBusiness
        | RequestCode | EnterCode | CompleteProfile | SubmitTemplate | Withdraw => Party::Brand,
        CreateAccount | RequestAccount | AddNumber | SubscribeApp | Register | Activate | ApplyForBadge
        | ReleaseNumber => Party::Provider,
        ReportCodeSend | ReportCodeEntry | ReportRegistration | Observe => Party::Meta,
        Tick => Party::System,
        other => panic!("{other:?} has no row"),
    }
}

#[test]
fn onboarding_actor_is_the_one_the_table_names_and_nobody_else() {
    let actors = [ADMIN, USER, FOREIGN_ADMIN, OPERATOR, META, GRAPH, OBSERVED, Actor::System, Actor::Customer];
    let actors = actors.into_iter().chain([Actor::BrandPhone]);
    let along = |plan| table(plan).iter().map(move |(step, _)| Case::open_in(plan, *step));
    let cases = Plan::ALL.into_iter().flat_map(along).chain([Case::complete_onboarding()]);
    for (case, actor) in cases.flat_map(|case| actors.clone().map(move |actor| (case.clone(), actor))) {
        for command in commands() {
            let act = command.kind();
            let (party, plan) = (may(act), case.onboarding.plan());
            // Given any state, when anybody gives any command,
            let shown = format!("{command:?} by {actor} with {} done", case.done());
            let answer = case.clone().tries(actor, command);
            // then it is refused for its actor unless the table names them;
            let both = act == Kind::Withdraw && actor == OPERATOR;
            let wanted = match actor {
                FOREIGN_ADMIN => Some(Refused::NotFound),
                _ if !act.is_in(plan) => Some(Refused::NotInPlan { act, plan }),
                USER | Actor::BrandPhone if party == Party::Brand => Some(Refused::AdminOnly { act }),
                _ if actor.party() == party || both => None,
                _ => Some(Refused::WrongActor { act }),
            };
            if let Some(refused) = wanted {
                assert_eq!(answer, Err(refused), "{shown}");
                assert!(!case.allows(actor, act), "{shown}");
            } else {
                let rule = answer.err().map(|refused| refused.rule());
                assert!(!matches!(rule, Some(Rule::OnboardingActor | Rule::AccessTenant)), "{shown}");
            }
        }
    }
}

#[test]
fn onboarding_actor_starts_in_the_brands_own_organisation() {
    // A stranger cannot start for the brand; nor can a user who is no admin, the provider, or time.
    assert_eq!(Case::new().refused(FOREIGN_ADMIN, start(None)), Refused::OtherOrganisation);
    assert_eq!(Case::new().refused(USER, start(None)), Refused::AdminOnly { act: Kind::Start });
    for actor in [OPERATOR, META, Actor::System, Actor::Customer] {
        assert_eq!(Case::new().refused(actor, start(None)), Refused::WrongActor { act: Kind::Start });
    }
}

#[test]
fn onboarding_actor_lets_the_brand_or_meta_tell_of_the_approval_whichever_comes_first() {
    // Told by the brand first, Meta's word changes nothing any more; and the other way round.
    let mut told = Case::open(Step::ApproveRequest);
    told.does(ADMIN, answer(Answer::Approved));
    let Status::Done { by, at, .. } = told.status(Step::ApproveRequest) else { panic!("not done") };
    assert_eq!((by, at), (ADMIN, told.now));
    told.minutes(1).fact(request(ACCOUNT, RequestStatus::Approved));
    assert!(matches!(told.status(Step::ApproveRequest), Status::Done { by: ADMIN, .. }));
    for source in [META, GRAPH, OBSERVED] {
        let mut seen = Case::open(Step::ApproveRequest);
        let fact = request(ACCOUNT, RequestStatus::Approved);
        let id = FactId::new(Uuid::from_u128(7));
        seen.does(source, Command::Observe { id, at: None, fact }).minutes(1);
        assert!(matches!(seen.status(Step::ApproveRequest), Status::Done { by, .. } if by == source));
        let refused = seen.refused(ADMIN, answer(Answer::Approved));
        assert!(matches!(refused, Refused::AlreadyDone { step: Step::ApproveRequest, .. }));
    }
}

#[test]
fn onboarding_where_every_step_tells_its_place_and_links_its_guidance() {
    for step in Step::ALL {
        assert!(!step.place().trim().is_empty(), "{step}");
        assert!(step.guidance().starts_with("https://"), "{step}");
    }
    for (step, words) in [
        (Step::SubmitDetails, "Business Settings › Business Info"),
        (Step::ApproveRequest, "Requests tab"),
        (Step::VerifyBusiness, "Security Center › Verification"),
    ] {
        assert!(step.place().contains(words), "{step}: {}", step.place());
        // And the checklist says so where the step is next.
        let case = Case::open(step);
        let checklist = case.onboarding.checklist(&Calendar::default(), case.now);
        let next = checklist.next.iter().find(|next| next.step == step).expect("something to do");
        assert_eq!((next.place, next.party), (step.place(), Party::Brand));
        let item = checklist.items.iter().find(|item| item.step == step).expect("an item");
        assert_eq!((item.place, item.guidance), (step.place(), step.guidance()));
    }
    let nothing = Onboarding::default().checklist(&Calendar::default(), at("2026-01-05T09:00:00Z"));
    assert!(nothing.items.iter().all(|item| !item.place.is_empty() && item.guidance.starts_with("https://")));
}
