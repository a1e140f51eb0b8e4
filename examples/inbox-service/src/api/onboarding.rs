//! Onboardings: how far they are, and what brand and provider do.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use whatsapp_inbox::access::{AccountRole, Grant};
use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::decider::{Actor, Context, Decider, Source};
use whatsapp_inbox::id::{ChannelId, FactId, OnboardingId, OrganisationId};
use whatsapp_inbox::onboarding::{
    Answer, Attestation, Command, DetailsDraft, Event, Fact, Onboarding, Plan, SignupEnd, TextReference,
};
use whatsapp_inbox::port::{Backend, Directory};
use whatsapp_inbox::service::ServiceError;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{CodeMethod, PhoneNumberId, Pin, ProfileDraft, TemplateKey, VerificationCode, WabaId};

use super::{Body, CommandKey, Done, Path, Who};
use crate::app::App;
use crate::clock;
use crate::problem::Problem;
use crate::tables::text;

type Answered = whatsapp_inbox::service::Answer<Event>;

/// What begins an onboarding.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Start {
    #[serde(default)]
    plan: Plan,
    business_manager: Attestation,
    security_center: Attestation,
}

/// What brand and provider do. Whose it is to do, the rules say.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Act {
    SignAgreement {
        text: String,
    },
    AcceptTerms {
        text: String,
    },
    SubmitDetails(DetailsDraft),
    EndSignup(SignupEnd),
    AddNumber {
        account: String,
        phone_number_id: String,
    },
    SubscribeApp {
        account: String,
    },
    RequestAccount {
        account: String,
    },
    CreateAccount {
        account: String,
        phone_number_id: String,
    },
    AnswerRequest(Answer),
    SubmitBusiness,
    RequestCode {
        method: CodeMethod,
    },
    EnterCode {
        code: String,
    },
    Register {
        pin: String,
    },
    Activate {
        grants: Vec<Grant>,
    },
    CompleteProfile(ProfileDraft),
    ApplyForBadge,
    SubmitTemplate {
        name: String,
        language: String,
    },
    Withdraw,
    ReleaseNumber,
    /// An operator has seen something at Meta.
    Observe(Fact),
    /// Reads at Meta what became of something.
    Settle,
}

/// The onboardings of one's organisation, or those one serves.
pub(super) async fn list(State(app): State<Arc<App>>, who: Who) -> Result<Json<Value>, Problem> {
    let ids = match &who {
        Who::Operator(operator) => app.host.served_by(operator.id).await?,
        Who::Person(person) if person.principal.account() == AccountRole::Admin => {
            app.host.onboardings(person.principal.organisation()).await?
        }
        // An onboarding is for account admins.
        Who::Person(_) => Vec::new(),
    };
    let now = clock::now();
    let mut told = Vec::new();
    for id in ids {
        let onboarding: Onboarding = app.service.state(id).await?;
        if onboarding.id().is_none() {
            continue;
        }
        let policy = app.host.policy(id.organisation()).await?;
        let checklist = onboarding.checklist(&policy.calendar, now);
        told.push(json!({
            "id": id,
            "display_name": onboarding.display_name(),
            "number": onboarding.number(),
            "plan": checklist.plan,
            "progress": checklist.progress,
            "next": checklist.next,
            "live": checklist.live,
            "channel": checklist.channel,
            "withdrawn_at": checklist.withdrawn_at,
        }));
    }
    Ok(Json(json!(told)))
}

/// Begins one, in one's own organisation.
pub(super) async fn start(
    State(app): State<Arc<App>>,
    who: Who,
    key: CommandKey,
    Body(start): Body<Start>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    // The same request again is the same onboarding again.
    let id = OnboardingId::new(who.organisation("organisation")?, key.0.uuid());
    let Start { plan, business_manager, security_center } = start;
    let command = Command::Start { id, plan, business_manager, security_center, takes_over: None };
    let now = clock::now();
    // Who may not begin one leaves no note of it.
    let policy = app.host.policy(id.organisation()).await?;
    let context = Context::new(now, who.actor(), key.0, &policy);
    Onboarding::default().decide(command.clone(), &context).map_err(ServiceError::<Onboarding>::Refused)?;
    app.host.note_onboarding(id).await?;
    for operator in app.host.operators().await? {
        app.host.add_served(operator.id, id).await?;
    }
    let answer = app.service.onboarding(id, command, &who.request(key, now)).await?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id, "version": answer.version() }))))
}

/// How far one is, and what may be done now by the one who asks.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    who: Who,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
) -> Result<Json<Value>, Problem> {
    let id = OnboardingId::new(organisation, id);
    may_see(&app, &who, id).await?;
    let onboarding: Onboarding = app.service.state(id).await?;
    if onboarding.id().is_none() {
        return Err(Problem::not_found("onboarding"));
    }
    let (now, policy) = (clock::now(), app.host.policy(organisation).await?);
    let checklist = onboarding.checklist(&policy.calendar, now);
    let allowed: Vec<_> = onboarding.allowed(who.actor(), now).collect();
    Ok(Json(json!({
        "checklist": checklist,
        "allowed": allowed,
        "number": onboarding.number(),
        "display_name": onboarding.display_name(),
        "business": onboarding.business(),
        "accounts": onboarding.accounts().collect::<Vec<_>>(),
        "phone_number_id": onboarding.phone_number_id(),
    })))
}

async fn may_see(app: &App, who: &Who, id: OnboardingId) -> Result<(), Problem> {
    let may = match who {
        Who::Operator(operator) => app.host.serves(operator.id, id).await?,
        Who::Person(person) => {
            let person = &person.principal;
            person.organisation() == id.organisation() && person.account() == AccountRole::Admin
        }
    };
    if may { Ok(()) } else { Err(Problem::not_found("onboarding")) }
}

/// Does something.
pub(super) async fn command(
    State(app): State<Arc<App>>,
    who: Who,
    key: CommandKey,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
    Body(act): Body<Act>,
) -> Result<Json<Done>, Problem> {
    let (id, now) = (OnboardingId::new(organisation, id), clock::now());
    may_see(&app, &who, id).await?;
    // Before anything is noted for it, and before Meta is asked about it.
    if app.service.state::<Onboarding>(id).await?.id().is_none() {
        return Err(Problem::not_found("onboarding"));
    }
    let request = who.request(key, now);
    let answer = match act {
        Act::EnterCode { code } => {
            let code = VerificationCode::new(&code).map_err(|error| Problem::at("/enter-code/code", &error))?;
            to_its_end(&app, async move |app| app.service.enter_code(id, &code, &request).await).await?
        }
        Act::Register { pin } => {
            let pin = Pin::new(&pin).map_err(|error| Problem::at("/register/pin", &error))?;
            to_its_end(&app, async move |app| app.service.register(id, &pin, &request).await).await?
        }
        Act::Settle => {
            let told = app.service.settle(id, &request).await?;
            return Ok(Json(Done::read(told)));
        }
        Act::Observe(fact) => {
            let Who::Operator(operator) = &who else { return Err(Problem::not_found("command")) };
            let command = Command::Observe { id: FactId::new(key.0.uuid()), at: Some(now), fact };
            let by = Actor::Meta(Source::Observed(operator.id));
            let by = whatsapp_inbox::service::Request::new(key.0, by, now);
            let answer = app.service.onboarding(id, command, &by).await?;
            // What was seen may be an account that nobody has named.
            let onboarding: Onboarding = app.service.state(id).await?;
            let accounts = onboarding.accounts().map(WabaId::as_str);
            for place in accounts.chain(onboarding.phone_numbers().map(PhoneNumberId::as_str)) {
                app.host.note_trace(id, place).await?;
            }
            answer
        }
        act => {
            let command = read(act, organisation, key)?;
            let noted = note(&app, id, &command).await?;
            let answer = app.service.onboarding(id, command, &request).await?;
            if noted {
                // What Meta told of an account that nobody had noted is read again.
                app.host.offer_again().await?;
            }
            answer
        }
    };
    app.happened.notify_one();
    Ok(Json(Done::of::<Onboarding>(&answer)))
}

/// Does what calls Meta once and then writes the answer, also where whoever asked goes away in between: nobody would know the
/// answer.
async fn to_its_end<F>(app: &Arc<App>, call: impl FnOnce(Arc<App>) -> F) -> Result<Answered, Problem>
where
    F: Future<Output = Result<Answered, ServiceError<Onboarding>>> + Send + 'static,
{
    Ok(app.tasks.spawn(call(Arc::clone(app))).await.map_err(Backend::new)??)
}

/// The command that an act is.
fn read(act: Act, organisation: OrganisationId, key: CommandKey) -> Result<Command, Problem> {
    // What people type is read here and not with the body, so that a fault is told at its field.
    let text = |text: &str, pointer| TextReference::new(text).map_err(|error| Problem::at(pointer, &error));
    let waba = |id: &str, pointer| WabaId::new(id.trim()).map_err(|error| Problem::at(pointer, &error));
    let number = |id: &str, pointer| PhoneNumberId::new(id.trim()).map_err(|error| Problem::at(pointer, &error));
    Ok(match act {
        Act::SignAgreement { text: given } => Command::SignAgreement { text: text(&given, "/sign-agreement/text")? },
        Act::AcceptTerms { text: given } => Command::AcceptTerms { text: text(&given, "/accept-terms/text")? },
        Act::SubmitDetails(draft) => {
            Command::SubmitDetails(draft.check().map_err(|faults| Problem::form("/submit-details", &faults))?)
        }
        Act::EndSignup(end) => Command::EndSignup(end),
        Act::AddNumber { account, phone_number_id } => Command::AddNumber {
            account: waba(&account, "/add-number/account")?,
            phone_number: number(&phone_number_id, "/add-number/phone_number_id")?,
        },
        Act::SubscribeApp { account } => Command::SubscribeApp { account: waba(&account, "/subscribe-app/account")? },
        Act::RequestAccount { account } => {
            Command::RequestAccount { account: waba(&account, "/request-account/account")? }
        }
        Act::CreateAccount { account, phone_number_id } => Command::CreateAccount {
            account: waba(&account, "/create-account/account")?,
            phone_number: number(&phone_number_id, "/create-account/phone_number_id")?,
        },
        Act::AnswerRequest(answer) => Command::AnswerRequest(answer),
        Act::SubmitBusiness => Command::SubmitBusiness,
        Act::RequestCode { method } => Command::RequestCode { method },
        // The channel's id follows from the command's, so that the same request again opens no second one.
        Act::Activate { grants } => Command::Activate { channel: ChannelId::new(organisation, key.0.uuid()), grants },
        Act::CompleteProfile(draft) => {
            let profile = draft.check().map_err(|faults| Problem::form("/complete-profile", &faults))?;
            Command::CompleteProfile(Box::new(profile))
        }
        Act::ApplyForBadge => Command::ApplyForBadge,
        Act::SubmitTemplate { name, language } => {
            let key = TemplateKey::new(&name, &language);
            Command::SubmitTemplate(key.map_err(|error| Problem::at("/submit-template", &error))?)
        }
        Act::Withdraw => Command::Withdraw,
        Act::ReleaseNumber => Command::ReleaseNumber,
        // These are no commands of their own.
        Act::EnterCode { .. } | Act::Register { .. } | Act::Observe(_) | Act::Settle => {
            return Err(Problem::not_found("command"));
        }
    })
}

/// Notes by what Meta's deliveries will find it, before it can have any, and says whether there was something to note.
async fn note(app: &App, id: OnboardingId, command: &Command) -> Result<bool, Problem> {
    let mut traces = Vec::new();
    // What is at Meta, and where the request says so.
    let mut places = Vec::new();
    match command {
        Command::SubmitDetails(details) => {
            traces.extend([details.number.to_string(), details.business.as_str().to_owned()]);
        }
        Command::EndSignup(SignupEnd::Completed { account, number, .. }) => {
            places.push(("/end-signup/completed/account", account.as_str()));
            let number = number.as_ref().map(|number| number.phone_number.as_str());
            places.extend(number.map(|number| ("/end-signup/completed/number/phone_number", number)));
        }
        Command::RequestAccount { account } => places.push(("/request-account/account", account.as_str())),
        Command::SubscribeApp { account } => places.push(("/subscribe-app/account", account.as_str())),
        Command::AddNumber { account, phone_number } => places.extend([
            ("/add-number/account", account.as_str()),
            ("/add-number/phone_number_id", phone_number.as_str()),
        ]),
        Command::CreateAccount { account, phone_number } => places.extend([
            ("/create-account/account", account.as_str()),
            ("/create-account/phone_number_id", phone_number.as_str()),
        ]),
        // A channel that is there has its line, whatever key this request came with.
        Command::Activate { channel, .. } if app.service.state::<Channel>(*channel).await?.id().is_none() => {
            let line = app.host.line_of(id).await?;
            let line = line.as_ref().map(|line| (&line.phone_number, &line.account));
            // Of two that named the same at the same time neither opens.
            for place in line.iter().flat_map(|(number, account)| [number.as_str(), account.as_str()]) {
                not_elsewhere(app, id.organisation(), ("/activate", place)).await?;
            }
            app.host.note_channel(*channel, line).await?;
            return Ok(true);
        }
        // Somebody may have opened it and gone before the rest was done.
        Command::Activate { .. } => return Ok(true),
        _ => return Ok(false),
    }
    traces.extend(places.iter().map(|(_, place)| (*place).to_owned()));
    for trace in &traces {
        app.host.note_trace(id, trace).await?;
    }
    for place in places {
        not_elsewhere(app, id.organisation(), place).await?;
    }
    Ok(true)
}

async fn not_elsewhere(app: &App, organisation: OrganisationId, (pointer, place): (&str, &str)) -> Result<(), Problem> {
    if held_elsewhere(app, organisation, place).await? {
        let why = format!(
            "another organisation has {place} at Meta: it is free once that one has withdrawn its onboarding or closed its channel"
        );
        return Err(Problem::text(pointer, &why));
    }
    Ok(())
}

/// Whether another organisation has an account, or a number by its id, in an onboarding that goes on or in a channel that is
/// open. All organisations are served with one token, so that Meta would answer whoever names it.
async fn held_elsewhere(app: &App, organisation: OrganisationId, place: &str) -> Result<bool, Problem> {
    for id in app.host.onboardings_at(&text(place)).await? {
        if id.organisation() == organisation {
            continue;
        }
        let other: Onboarding = app.service.state(id).await?;
        let has = other.accounts().any(|account| account.as_str() == place)
            || other.phone_number_id().is_some_and(|number| number.as_str() == place);
        if !has || other.withdrawn_at().is_some() {
            continue;
        }
        let closed = match other.channel() {
            Some(channel) => app.service.state::<Channel>(channel).await?.closed().is_some(),
            None => false,
        };
        if !closed {
            return Ok(true);
        }
    }
    Ok(false)
}

impl Done {
    /// A reading at Meta that told so many facts.
    fn read(facts: usize) -> Self {
        Self { outcome: "read", version: whatsapp_inbox::decider::Version::FIRST, events: vec!["observed"; facts] }
    }
}
