//! Message templates: what one looks like, where it is at Meta, whether it may be sent.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use whatsapp_inbox::access::AccountRole;
use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::decider::Context;
use whatsapp_inbox::id::{CommandId, OrganisationId, TemplateId};
use whatsapp_inbox::port::Directory;
use whatsapp_inbox::template::{Command, Creation, DefinitionDraft, Parameters, Switch, Template};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::WabaId;

use super::{Body, CommandKey, Done, Path, Who};
use crate::app::App;
use crate::clock;
use crate::problem::Problem;

/// A template that is handed in.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Create {
    account: WabaId,
    definition: DefinitionDraft,
}

/// What account admins do.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Act {
    Edit(DefinitionDraft),
    Appeal,
    Unpause,
    Delete,
    Switch(Switch),
}

/// The organisation of an account admin: templates are a setting of the account.
fn admin(who: &Who) -> Result<OrganisationId, Problem> {
    let person = who.principal("template")?;
    match person.account() {
        AccountRole::Admin => Ok(person.organisation()),
        AccountRole::User => Err(Problem::not_found("template")),
    }
}

/// The templates of one's organisation.
pub(super) async fn list(State(app): State<Arc<App>>, who: Who) -> Result<Json<Value>, Problem> {
    let mut told = Vec::new();
    for id in app.host.templates(admin(&who)?).await? {
        let template: Template = app.service.state(id).await?;
        told.extend(view(&template, clock::now()));
    }
    Ok(Json(json!(told)))
}

fn view(template: &Template, now: Instant) -> Option<Value> {
    let may_not = template.may_send(now).err().map(|may_not| may_not.to_string());
    Some(json!({
        "id": template.id()?,
        "account": template.account(),
        "view": template.view(now)?,
        "may_not_send": may_not,
        "edit_allowed_from": template.edit_allowed_from(now),
    }))
}

/// Looks at a form: what it would look like with its samples, and what Meta may not like.
pub(super) async fn check(who: Who, Body(form): Body<DefinitionDraft>) -> Result<Json<Value>, Problem> {
    admin(&who)?;
    let definition = form.check()?;
    let rendered = definition.render(&Parameters::samples(&definition))?;
    let warnings: Vec<_> = definition.lint().iter().map(ToString::to_string).collect();
    Ok(Json(json!({ "definition": definition, "rendered": rendered, "warnings": warnings })))
}

/// Whether an organisation has an open channel on an account at Meta. All organisations are served with one token, so what Meta
/// lets us do with an account says nothing of whose it is.
async fn holds(app: &App, organisation: OrganisationId, account: &WabaId) -> Result<bool, Problem> {
    for id in app.host.channels_of(account).await? {
        let own = id.organisation() == organisation;
        let channel: Channel = if own { app.service.state(id).await? } else { continue };
        let on_it = channel.whatsapp().is_some_and(|line| line.account == *account);
        if on_it && channel.closed().is_none() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Hands one in.
pub(super) async fn create(
    State(app): State<Arc<App>>,
    who: Who,
    key: CommandKey,
    Body(Create { account, definition }): Body<Create>,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let organisation = admin(&who)?;
    let id = TemplateId::new(organisation, key.0.uuid());
    let definition = definition.check().map_err(|faults| Problem::form("/definition", &faults))?;
    if !holds(&app, organisation, &account).await? {
        return Err(Problem::text("/account", "no open channel of this organisation is on this account at Meta"));
    }
    // One that is there stays where it is, whatever this request says.
    if app.service.state::<Template>(id).await?.id().is_none() {
        app.host.note_template(id, &account, definition.key()).await?;
    }
    let command = Command::Create(Box::new(Creation::new(id, account, definition)));
    let answer = app.service.template(id, command, &who.request(key, clock::now())).await?;
    // What Meta told of a template that nobody had noted is read again.
    app.host.offer_again().await?;
    app.happened.notify_one();
    Ok((StatusCode::CREATED, Json(json!({ "id": id, "version": answer.version() }))))
}

/// One, with what may be done now by the one who asks.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    who: Who,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
) -> Result<Json<Value>, Problem> {
    let (now, not_found) = (clock::now(), || Problem::not_found("template"));
    if admin(&who)? != organisation {
        return Err(not_found());
    }
    let template: Template = app.service.state(TemplateId::new(organisation, id)).await?;
    let policy = app.host.policy(organisation).await?;
    let context = Context::new(now, who.actor(), CommandId::new(clock::new_id()), &policy);
    let allowed: Vec<_> = template.allowed(&context).collect();
    let told = view(&template, now).ok_or_else(not_found)?;
    Ok(Json(json!({ "template": told, "definition": template.definition(), "allowed": allowed })))
}

/// Does something.
pub(super) async fn command(
    State(app): State<Arc<App>>,
    who: Who,
    key: CommandKey,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
    Body(act): Body<Act>,
) -> Result<Json<Done>, Problem> {
    let id = TemplateId::new(organisation, id);
    // Before a form is looked at: what is wrong with it is told to who may change the template.
    if admin(&who)? != organisation || app.service.state::<Template>(id).await?.id().is_none() {
        return Err(Problem::not_found("template"));
    }
    let command = match act {
        Act::Edit(form) => Command::Edit(Box::new(form.check().map_err(|faults| Problem::form("/edit", &faults))?)),
        Act::Appeal => Command::Appeal,
        Act::Unpause => Command::Unpause,
        Act::Delete => Command::Delete,
        Act::Switch(to) => Command::Switch(to),
    };
    let answer = app.service.template(id, command, &who.request(key, clock::now())).await?;
    app.happened.notify_one();
    Ok(Json(Done::of::<Template>(&answer)))
}
