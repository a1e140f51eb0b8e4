//! Message templates at Meta.

use reqwest::Method;
use serde_json::{Value, json};
use whatsapp_inbox::id::TemplateId;
use whatsapp_inbox::port::{Backend, Templates};
use whatsapp_inbox::template::{Definition, Effect, Outcome};
use whatsapp_inbox::whatsapp::{TemplateAllowance, TemplateKey, TemplateUse, WabaId};

use super::Graph;
use super::answer::{self, No};
use crate::host::TemplateAtMeta;

const TEMPLATES: &str = "message_templates";
/// The error of what Meta has no call for. It is none of Meta's: an appeal is made in WhatsApp Manager, and nothing was called.
const NO_SUCH_CALL: u32 = 0;

impl Templates for Graph {
    /// How many an account holds and may hold. When it created the latest Meta does not say: one that creates too fast is
    /// refused by Meta.
    async fn used(&self, account: &WabaId) -> Result<TemplateUse, Backend> {
        let query = [("fields", "id"), ("limit", "1"), ("summary", "message_template_count,message_template_limit")];
        let request = self.request(Method::GET, &[account.as_str(), TEMPLATES]).query(&query);
        let answer = self.ask(request).await.map_err(No::into_backend)?;
        let summary = |key: &str| answer.get("summary")?.get(key).and_then(answer::number);
        let count = summary("message_template_count").or_else(|| summary("total_count"));
        let count = count.ok_or_else(|| Backend::new("Meta did not say how many templates the account holds"))?;
        let raised =
            summary("message_template_limit").is_some_and(|limit| limit >= TemplateAllowance::Raised.templates());
        let allowance = if raised { TemplateAllowance::Raised } else { TemplateAllowance::Standard };
        Ok(TemplateUse::new(count, allowance))
    }

    async fn call(&self, template: TemplateId, effect: &Effect) -> Result<Outcome, Backend> {
        match effect {
            Effect::Create { account, definition, .. } => self.create(template, account, definition).await,
            Effect::Edit { definition, .. } => {
                let body = edited(definition)?;
                let (_, id) = self.at_meta(template).await?;
                outcome(self.post(&[&id], &body).await)
            }
            Effect::Appeal { .. } => Ok(Outcome::Refused { error: NO_SUCH_CALL }),
            Effect::Unpause { .. } => {
                let (_, id) = self.at_meta(template).await?;
                outcome(self.post(&[&id, "unpause"], &json!({})).await)
            }
            Effect::Delete { .. } => {
                let (known, id) = self.at_meta(template).await?;
                // With the name alone it would be gone in every language.
                let query = [("hsm_id", id.as_str()), ("name", known.key.name())];
                let request = self.request(Method::DELETE, &[known.account.as_str(), TEMPLATES]).query(&query);
                outcome(self.ask(request).await)
            }
            _ => Err(Backend::new("there is no call for this")),
        }
    }
}

impl Graph {
    async fn create(
        &self,
        template: TemplateId,
        account: &WabaId,
        definition: &Definition,
    ) -> Result<Outcome, Backend> {
        let body = serde_json::to_value(definition).map_err(Backend::new)?;
        let answer = match self.post(&[account.as_str(), TEMPLATES], &body).await {
            Ok(answer) => answer,
            Err(no) => return outcome(Err(no)),
        };
        if let Some(id) = answer.get("id").and_then(answer::text) {
            // Meta has taken it, whether or not that can be noted: an id that is missing is looked up when it is needed.
            let _ = self.host.note_template_id(template, &id).await;
        }
        Ok(Outcome::Taken)
    }

    /// A template and Meta's id of it. One that the host does not know, as of a template that was not created here, is looked
    /// up, which changes nothing.
    async fn at_meta(&self, template: TemplateId) -> Result<(TemplateAtMeta, String), Backend> {
        let known = self.host.template_at_meta(template).await?;
        let known = known.ok_or_else(|| Backend::new("the host does not know this template"))?;
        if let Some(id) = known.meta_id.clone() {
            return Ok((known, id));
        }
        let query = [("name", known.key.name()), ("fields", "id,name,language"), ("limit", "200")];
        let request = self.request(Method::GET, &[known.account.as_str(), TEMPLATES]).query(&query);
        let listing = self.ask(request).await.map_err(No::into_backend)?;
        let id = listed_id(&listing, &known.key);
        let id = id.ok_or_else(|| Backend::new(format!("Meta does not list the template {}", known.key)))?;
        let _ = self.host.note_template_id(template, &id).await;
        Ok((known, id))
    }
}

/// Meta looks for a part of a name, so the right one is looked for in what it lists.
fn listed_id(listing: &Value, key: &TemplateKey) -> Option<String> {
    let text = |node: &Value, key: &str| node.get(key).and_then(answer::text);
    let is_it = |node: &&Value| {
        let names = text(node, "name").zip(text(node, "language"));
        names.is_some_and(|(name, language)| TemplateKey::from_meta(&name, &language) == *key)
    };
    text(listing.get("data")?.as_array()?.iter().find(is_it)?, "id")
}

/// What an edit takes of a template: all but its name and language, which stay.
fn edited(definition: &Definition) -> Result<Value, Backend> {
    let mut body = serde_json::to_value(definition).map_err(Backend::new)?;
    if let Some(members) = body.as_object_mut() {
        members.remove("name");
        members.remove("language");
    }
    Ok(body)
}

fn outcome(answer: Result<Value, No>) -> Result<Outcome, Backend> {
    match answer {
        Ok(_) => Ok(Outcome::Taken),
        Err(No::Refused(refusal)) => Ok(Outcome::Refused { error: refusal.number() }),
        Err(No::Unknown(lost)) => Err(lost),
    }
}
