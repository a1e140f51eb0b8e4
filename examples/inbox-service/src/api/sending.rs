//! Templates that a team sends by hand: what may be sent to a customer who has not written for a day.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use whatsapp_inbox::access::Action;
use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::id::{ChannelId, ConversationId, MessageId, OrganisationId, TemplateId};
use whatsapp_inbox::template::{Button, Definition, Header, Parameters, Rendered, RenderedHeader, Template, Wording};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{ParameterFormat, TemplateCategory};

use super::{Path, Who};
use crate::app::App;
use crate::clock;
use crate::host::Sending;
use crate::problem::Problem;

/// A template that somebody sends, filled in.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Filled {
    template: TemplateId,
    #[serde(default)]
    parameters: Given,
}

/// What goes into its placeholders, by their names; into buttons by their places.
#[derive(Deserialize, Serialize, Default)]
#[serde(deny_unknown_fields)]
struct Given {
    #[serde(default)]
    header: BTreeMap<String, String>,
    #[serde(default)]
    body: BTreeMap<String, String>,
    #[serde(default)]
    buttons: BTreeMap<usize, String>,
}

/// The templates that may be sent now on a channel, with what is to be filled in, for who may reply there.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    who: Who,
    Path((organisation, id)): Path<(OrganisationId, Uuid)>,
) -> Result<Json<Value>, Problem> {
    let (id, now) = (ChannelId::new(organisation, id), clock::now());
    let channel: Channel = app.service.state(id).await?;
    channel.decide_access(who.principal("channel")?, Action::Reply, now).into_result()?;
    let mut told = Vec::new();
    for template in app.host.templates(organisation).await? {
        let template: Template = app.service.state(template).await?;
        if on_the_account(&template, &channel) && template.may_send(now).is_ok() {
            let definition = template.definition().filter(|definition| by_hand(definition));
            told.extend(definition.map(|definition| offer(&template, definition)));
        }
    }
    Ok(Json(json!(told)))
}

fn on_the_account(template: &Template, channel: &Channel) -> bool {
    channel.whatsapp().is_some_and(|line| template.account() == Some(&line.account))
}

/// Codes are sent by programs, and a picture, a film, a file or a place would have to be somewhere first.
fn by_hand(definition: &Definition) -> bool {
    let buttons = definition.buttons().iter().all(|button| {
        matches!(
            button,
            Button::QuickReply { .. } | Button::Url { .. } | Button::PhoneNumber { .. } | Button::CopyCode { .. }
        )
    });
    let header = matches!(definition.header(), None | Some(Header::Text(_)));
    buttons && header && *definition.category() != TemplateCategory::Authentication
}

fn offer(template: &Template, definition: &Definition) -> Value {
    let places = |wording: Option<&Wording>| {
        let places = wording.into_iter().flat_map(Wording::placeholders);
        places.map(|place| json!({ "name": place.name, "sample": place.sample })).collect::<Vec<_>>()
    };
    let header = header(definition);
    let buttons = definition.buttons().iter().enumerate().filter_map(|(n, button)| {
        let (kind, sample) = open_end(button)?;
        Some(json!({ "name": n.to_string(), "label": button.label(), "kind": kind, "sample": sample }))
    });
    json!({
        "id": template.id(),
        "name": definition.key().name(),
        "language": definition.key().language(),
        "header": header.map(Wording::as_str),
        "body": definition.body().as_str(),
        "footer": definition.footer(),
        "placeholders": {
            "header": places(header),
            "body": places(Some(definition.body())),
            "buttons": buttons.collect::<Vec<_>>(),
        },
    })
}

fn header(definition: &Definition) -> Option<&Wording> {
    match definition.header() {
        Some(Header::Text(wording)) => Some(wording),
        _ => None,
    }
}

/// What Meta calls a button into which something is filled in, and the sample of that.
fn open_end(button: &Button) -> Option<(&'static str, &str)> {
    match button {
        Button::Url { url, .. } => Some(("url", url.placeholders().next()?.sample)),
        Button::CopyCode { sample } => Some(("copy_code", sample)),
        _ => None,
    }
}

/// A template as the customer will read it, and with what Meta is told of it and what was asked for. What was asked for already
/// with this message's id is as it was, whatever has become of the template: the same request again is the same message.
pub(super) async fn read(
    app: &App,
    channel: &Channel,
    (conversation, message): (ConversationId, MessageId),
    filled: &Filled,
    now: Instant,
) -> Result<(String, Sending), Problem> {
    let given = json!(filled);
    if let Some(kept) = app.host.sent_template(conversation, message).await?.filter(|(_, kept)| kept.given == given) {
        return Ok(kept);
    }
    let unknown = || Problem::text("/send-template/template", "this channel's account has no such template");
    let organisation = channel.id().map(ChannelId::organisation);
    if organisation != Some(filled.template.organisation()) {
        return Err(unknown());
    }
    let template: Template = app.service.state(filled.template).await?;
    let definition = template.definition().filter(|_| on_the_account(&template, channel)).ok_or_else(unknown)?;
    template.may_send(now).map_err(|may_not| Problem::at("/send-template/template", &may_not))?;
    if !by_hand(definition) {
        let why = "templates for codes, and those with a picture, a film, a file or a place, are not sent by hand";
        return Err(Problem::text("/send-template/template", why));
    }
    let Given { header, body, buttons } = &filled.parameters;
    zeros(&[("header", header), ("body", body)], buttons)?;
    let mut parameters = Parameters::new();
    for (name, value) in header {
        parameters = parameters.header(name, value);
    }
    for (name, value) in body {
        parameters = parameters.body(name, value);
    }
    for (index, value) in buttons {
        parameters = parameters.button(*index, value);
    }
    let rendered = definition.render(&parameters);
    let rendered = rendered.map_err(|faults| Problem::form("/send-template/parameters", &faults))?;
    Ok((as_read(&rendered), Sending { given, told: told(definition, &filled.parameters) }))
}

/// PostgreSQL keeps no zero character.
fn zeros(texts: &[(&str, &BTreeMap<String, String>)], buttons: &BTreeMap<usize, String>) -> Result<(), Problem> {
    let texts =
        texts.iter().flat_map(|(part, texts)| texts.iter().map(move |(name, text)| (format!("{part}/{name}"), text)));
    let buttons = buttons.iter().map(|(n, text)| (format!("buttons/{n}"), text));
    match texts.chain(buttons).find(|(_, text)| text.contains('\0')) {
        Some((place, _)) => {
            let pointer = format!("/send-template/parameters/{place}");
            Err(Problem::text(&pointer, "a text has no zero characters"))
        }
        None => Ok(()),
    }
}

/// What the team sees of it among the messages: all that the customer reads.
fn as_read(rendered: &Rendered) -> String {
    let header = match &rendered.header {
        Some(RenderedHeader::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let buttons = rendered.buttons.iter().filter_map(|button| Some(format!("[{}]", button.label.as_deref()?)));
    let parts = header.into_iter().chain([rendered.body.clone()]).chain(rendered.footer.clone()).chain(buttons);
    parts.collect::<Vec<_>>().join("\n")
}

/// The object `template` of Meta's call.
fn told(definition: &Definition, given: &Given) -> Value {
    let named = *definition.parameter_format() == ParameterFormat::Named;
    let parameters = |wording: &Wording, values: &BTreeMap<String, String>| -> Vec<Value> {
        let parameter = |name: &str| {
            let mut parameter = json!({ "type": "text", "text": values.get(name) });
            if named {
                parameter["parameter_name"] = name.into();
            }
            parameter
        };
        wording.placeholders().map(|place| parameter(place.name)).collect()
    };
    let texts = [("header", header(definition), &given.header), ("body", Some(definition.body()), &given.body)];
    let texts = texts.into_iter().filter_map(|(kind, wording, values)| {
        let parameters = parameters(wording?, values);
        (!parameters.is_empty()).then(|| json!({ "type": kind, "parameters": parameters }))
    });
    let buttons = definition.buttons().iter().enumerate().filter_map(|(n, button)| {
        let ((kind, _), value) = (open_end(button)?, given.buttons.get(&n)?);
        let parameter = match kind {
            "copy_code" => json!({ "type": "coupon_code", "coupon_code": value }),
            _ => json!({ "type": "text", "text": value }),
        };
        Some(json!({ "type": "button", "sub_type": kind, "index": n.to_string(), "parameters": [parameter] }))
    });
    json!({
        "name": definition.key().name(),
        "language": { "code": definition.key().language() },
        "components": texts.chain(buttons).collect::<Vec<_>>(),
    })
}
