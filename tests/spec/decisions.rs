//! The golden table of decisions: every reachable status of every step, with every kind of command from every actor.
//!
//! The statuses are not listed by hand: all that can be reached are found by trying everything from the beginning on.
//! `UPDATE_GOLDEN=1 cargo test --test spec` writes the table anew.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::fmt::Write;
use std::fs;
use std::path::Path;

use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::onboarding::{
    AccountNotice, Answer, CodeAnswer, CodeSend, Command, Event, Fact, Kind, NumberOrigin, Plan, RegistrationAnswer,
    SignupEnd, SignupNumber, Status, Step,
};
use whatsapp_inbox::rule::Explain;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{
    BadgeStatus, BusinessVerification, CodeMethod, CodeVerification, NameStatus, RequestStatus, ReviewDecision,
    SignupScreen, TemplateEvent,
};

use crate::case::*;
use crate::onboarding_today::added;

const ACTORS: [(&str, Actor); 9] = [
    ("admin", ADMIN),
    ("user", USER),
    ("foreign admin", FOREIGN_ADMIN),
    ("operator", OPERATOR),
    ("Meta", META),
    ("Graph API", GRAPH),
    ("observed", OBSERVED),
    ("system", Actor::System),
    ("customer", Actor::Customer),
];

/// The status of a step as the table names it.
fn name(status: &Status) -> String {
    match status {
        Status::NeedsAttention { why, .. } => {
            let json = serde_json::to_value(why).expect("a reason is JSON");
            let reason = json["reason"].as_str().expect("a reason has a name").to_owned();
            format!("needs attention: {reason}")
        }
        status => status.name().to_owned(),
    }
}

fn statuses(case: &Case) -> Vec<String> {
    let rows = case.onboarding.plan().rows();
    rows.iter().map(|row| name(&case.status(row.step))).collect()
}

/// A well-formed command of a kind, as it fits the case.
fn command(kind: Kind, case: &Case) -> Command {
    match kind {
        Kind::Start => start_in(case.onboarding.plan(), None),
        Kind::EndSignup => signed_up(None),
        Kind::RequestAccount => Command::RequestAccount { account: waba(ACCOUNT) },
        Kind::AddNumber => add_number(ACCOUNT),
        Kind::SubscribeApp => subscribe(ACCOUNT),
        Kind::SignAgreement => sign(),
        Kind::AcceptTerms => accept(),
        Kind::SubmitDetails => Command::SubmitDetails(details()),
        Kind::CreateAccount => create(ACCOUNT),
        Kind::AnswerRequest => answer(Answer::Approved),
        Kind::SubmitBusiness => Command::SubmitBusiness,
        Kind::RequestCode => Command::RequestCode { method: CodeMethod::Voice },
        Kind::ReportCodeSend => Command::ReportCodeSend { request: case.last_request(), outcome: CodeSend::Sent },
        Kind::EnterCode => Command::EnterCode,
        Kind::ReportCodeEntry => Command::ReportCodeEntry { entry: case.last_entry(), answer: CodeAnswer::Accepted },
        Kind::Register => Command::Register,
        Kind::ReportRegistration => {
            Command::ReportRegistration { attempt: case.last_attempt(), answer: RegistrationAnswer::Registered }
        }
        Kind::Activate => activate(),
        Kind::CompleteProfile => Command::CompleteProfile(Box::new(profile())),
        Kind::ApplyForBadge => Command::ApplyForBadge,
        Kind::SubmitTemplate => Command::SubmitTemplate(key("loaf_ready")),
        Kind::Withdraw => Command::Withdraw,
        Kind::ReleaseNumber => Command::ReleaseNumber,
        Kind::Observe => observe(template(TemplateEvent::Pending), case),
        Kind::Tick => Command::Tick,
        other => panic!("{other:?} has no command in this table"),
    }
}

/// A fact that is so from now on, with an id that is new to the case.
fn observe(fact: Fact, case: &Case) -> Command {
    let id = whatsapp_inbox::id::FactId::new(Uuid::from_u128(5000 + case.events.len() as u128));
    Command::Observe { id, at: Some(case.now), fact }
}

/// Everything that may happen next, but for time.
fn moves(case: &Case) -> Vec<(Actor, Command)> {
    let mut moves: Vec<(Actor, Command)> = Kind::ALL
        .into_iter()
        .flat_map(|kind| [ADMIN, OPERATOR, GRAPH, Actor::System].map(|by| (by, command(kind, case))))
        .collect();
    moves.push((ADMIN, Command::SubmitDetails(details_of(NUMBER, BUSINESS, OTHER_NAME))));
    let found = SignupNumber::new(phone_number_id(PHONE_NUMBER), NumberOrigin::Brand, CodeVerification::Verified);
    moves.push((ADMIN, signed_up(Some(found))));
    moves.push((ADMIN, Command::EndSignup(SignupEnd::Abandoned { screen: SignupScreen::Permissions })));
    let not_sent = Command::ReportCodeSend { request: case.last_request(), outcome: CodeSend::NotSent };
    moves.push((GRAPH, not_sent));
    let entry = case.last_entry();
    moves.extend(
        [CodeAnswer::Wrong, CodeAnswer::TooManyGuesses]
            .map(|answer| (GRAPH, Command::ReportCodeEntry { entry, answer })),
    );
    let attempt = case.last_attempt();
    let answers = [RegistrationAnswer::PinMismatch, RegistrationAnswer::Unknown];
    moves.extend(answers.map(|answer| (GRAPH, Command::ReportRegistration { attempt, answer })));
    let facts = [
        request(ACCOUNT, RequestStatus::Approved),
        request(ACCOUNT, RequestStatus::Declined),
        review(ACCOUNT, ReviewDecision::Approved),
        review(ACCOUNT, ReviewDecision::Rejected),
        crate::case::name(NAME, NameStatus::Approved),
        crate::case::name(NAME, NameStatus::Declined),
        crate::case::name(NAME, NameStatus::Expired),
        business(BusinessVerification::Verified),
        business(BusinessVerification::Rejected),
        verification(CodeVerification::Verified),
        verification(CodeVerification::Expired),
        badge(BadgeStatus::Granted),
        badge(BadgeStatus::Denied),
        template(TemplateEvent::Approved),
        template(TemplateEvent::Rejected),
        notice(AccountNotice::Banned),
        added(NumberOrigin::PreVerified),
        Fact::AppSubscribed { account: waba(ACCOUNT) },
    ];
    moves.extend(facts.map(|fact| (META, observe(fact, case))));
    moves
}

/// What is to be seen of a case: how far each step and each half of a step is, and what may be done next.
fn features(case: &Case) -> Vec<String> {
    let rows = case.onboarding.plan().rows();
    let mut features: Vec<String> =
        rows.iter().zip(statuses(case)).map(|(row, status)| format!("{} {status}", row.step)).collect();
    let checklist = case.onboarding.checklist(&case.policy.calendar, case.now);
    let halves = checklist.items.iter().flat_map(|item| &item.parts);
    features.extend(halves.map(|half| format!("{} {}", half.part, name(&half.status))));
    let allowed = [ADMIN, OPERATOR, GRAPH].into_iter().flat_map(|actor| case.onboarding.allowed(actor, case.now));
    features.extend(allowed.map(|kind| format!("{kind:?}")));
    features
}

/// How thorough the search is: a case is looked into if something about it is new.
#[derive(Clone, Copy)]
enum New {
    /// Two things that have not been seen together.
    Pair,
    /// All things taken together.
    Whole,
}

/// Where the search begins: at the beginning, and where only counting leads, which a signature does not tell.
fn seeds(plan: Plan) -> Vec<Case> {
    let mut spent = Case::open_in(plan, Step::VerifyNumber);
    spent.send_code(CodeMethod::Voice);
    for _ in 0..5 {
        spent.enter(CodeAnswer::Wrong);
    }
    let begin = if plan == Plan::default() { Case::new() } else { Case::open_in(plan, Step::SignAgreement) };
    let mut seeds = vec![begin, spent];
    if plan.row(Step::ApproveRequest).is_some() {
        // A number that is verified elsewhere keeps its claim, so that the request itself runs out.
        let mut unanswered = Case::open_in(plan, Step::ApproveRequest);
        unanswered.fact(verification(CodeVerification::Verified));
        seeds.push(unanswered);
    }
    seeds
}

/// The first case that was found for every status of every step, by trying everything.
fn reachable(plan: Plan, new: New) -> BTreeMap<(Step, String), Case> {
    let mut found = BTreeMap::new();
    let mut seeds = VecDeque::from(seeds(plan));
    let mut queue = VecDeque::new();
    let mut seen: HashSet<Vec<String>> = HashSet::new();
    while let Some(case) = queue.pop_front().or_else(|| seeds.pop_front()) {
        for (row, status) in plan.rows().iter().zip(statuses(&case)) {
            found.entry((row.step, status)).or_insert_with(|| case.clone());
        }
        let moved = moves(&case).into_iter().filter_map(|(actor, command)| {
            let mut after = case.clone();
            after.tries(actor, command).is_ok_and(|events| !events.is_empty()).then_some(after)
        });
        let waited = [10, 90 * 24 * 60].map(|minutes| {
            let mut after = case.clone();
            after.minutes(minutes);
            after
        });
        for after in moved.chain(waited).collect::<Vec<_>>() {
            let features = features(&after);
            let news = match new {
                New::Whole => seen.insert(features),
                New::Pair => features.iter().enumerate().fold(false, |news, (at, one)| {
                    features
                        .iter()
                        .skip(at)
                        .fold(news, |news, other| seen.insert(vec![one.clone(), other.clone()]) | news)
                }),
            };
            if news {
                queue.push_back(after);
            }
        }
    }
    found
}

/// What comes of a command: the events, or the code of the refusal.
fn outcome(case: &Case, actor: Actor, kind: Kind) -> String {
    let mut case = case.clone();
    match case.tries(actor, command(kind, &case)) {
        Err(refused) => refused.code().to_owned(),
        Ok(events) if events.is_empty() => "nothing".to_owned(),
        Ok(events) => events.iter().map(event_name).collect::<Vec<_>>().join(" + "),
    }
}

fn event_name(event: &Event) -> String {
    match serde_json::to_value(&event.change).expect("an event is JSON") {
        serde_json::Value::String(name) => format!("**{name}**"),
        change => {
            format!("**{}**", change.as_object().and_then(|change| change.keys().next()).expect("an event has a name"))
        }
    }
}

/// One line a kind of command: actors with the same outcome stand together.
fn table(plan: Plan, found: &BTreeMap<(Step, String), Case>) -> String {
    let mut table = "# Every reachable status of every step × kind of command × actor\n\n\
                     Bold: the events of an accepted command. Otherwise: the code of the refusal.\n"
        .to_owned();
    let mut withdrawn = Case::open_in(plan, Step::VerifyNumber);
    withdrawn.does(ADMIN, Command::Withdraw);
    let statuses = found.iter().map(|((step, status), case)| (format!("{step}: {status}"), case));
    for (situation, case) in statuses.chain([("withdrawn".to_owned(), &withdrawn)]) {
        let _ = write!(table, "\n## {situation}\n\n| command | outcomes |\n| --- | --- |\n");
        for kind in Kind::ALL {
            let mut outcomes: Vec<(String, Vec<&str>)> = Vec::new();
            for (who, actor) in ACTORS {
                let outcome = outcome(case, actor, kind);
                match outcomes.iter_mut().find(|(same, _)| *same == outcome) {
                    Some((_, actors)) => actors.push(who),
                    None => outcomes.push((outcome, vec![who])),
                }
            }
            let outcomes = outcomes.iter().map(|(outcome, actors)| format!("{outcome} ({})", actors.join(", ")));
            let _ = writeln!(table, "| {kind:?} | {} |", outcomes.collect::<Vec<_>>().join("; "));
        }
    }
    table
}

/// Compares the decisions in a plan with what they were, or writes them.
fn decides_as_in(file: &str, plan: Plan) {
    let table = table(plan, &reachable(plan, New::Pair));
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&golden, &table).expect("the golden file can be written");
    }
    let wanted = fs::read_to_string(&golden).unwrap_or_default();
    let differs = table.lines().zip(wanted.lines()).find(|(is, was)| is != was);
    assert!(table == wanted, "{} is out of date; the first difference (is, was): {differs:#?}", golden.display());
}

#[test]
fn onboarding_order_and_onboarding_actor_decide_as_in_the_golden_table() {
    decides_as_in("decisions.md", Plan::Walkthrough);
}

#[test]
fn onboarding_order_and_onboarding_actor_decide_as_in_the_golden_table_of_the_embedded_signup() {
    decides_as_in("decisions-embedded-signup.md", Plan::EmbeddedSignup);
}

#[test]
fn onboarding_order_and_onboarding_actor_decide_as_in_the_golden_table_of_the_providers_request() {
    decides_as_in("decisions-partner-initiated.md", Plan::PartnerInitiated);
}

/// The search by pairs may stop early where only three things together lead on. This one may not, and takes minutes.
#[test]
#[ignore = "tries more than twenty thousand situations: cargo test --release --test spec -- --ignored"]
fn onboarding_order_reaches_no_status_that_the_golden_table_has_not() {
    for plan in Plan::ALL {
        let pairs = reachable(plan, New::Pair);
        let missed = reachable(plan, New::Whole).into_keys().filter(|status| !pairs.contains_key(status));
        assert_eq!(missed.collect::<Vec<_>>(), [], "{}", plan.name());
    }
}
