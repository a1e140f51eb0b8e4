//! The calls about message templates.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use serde_json::{Map, Value, json};
use whatsapp_inbox::whatsapp::{TemplateAllowance, TemplateKey};

use super::StandIn;
use super::calls::{Answer, Asked, Place, read, success};
use super::fault::Fault;
use super::meta::Template;

/// `GET /<account>/message_templates`: all of them on one page, with their count if it is asked for.
pub(super) async fn list(
    State(stand_in): State<Arc<StandIn>>,
    Path((_, id)): Place,
    Query(asked): Asked,
) -> Json<Value> {
    let mut meta = stand_in.meta();
    let templates = &meta.account(&id).templates;
    let count = templates.len();
    // Meta looks for a part of the name.
    let named = |template: &&Template| asked.get("name").is_none_or(|name| template.key.name().contains(name.as_str()));
    let limit = asked.get("limit").and_then(|limit| limit.parse().ok()).unwrap_or(usize::MAX);
    let data: Vec<_> = templates.iter().filter(named).take(limit).map(Template::node).collect();
    let mut answer = json!({ "data": data });
    if asked.contains_key("summary") {
        let limit = TemplateAllowance::Standard.templates();
        answer["summary"] = json!({ "message_template_count": count, "message_template_limit": limit });
    }
    Json(answer)
}

/// `POST /<account>/message_templates`
pub(super) async fn create(State(stand_in): State<Arc<StandIn>>, Path((_, account)): Place, body: Bytes) -> Answer {
    let Value::Object(mut node) = read(&body) else { return Err(Fault::parameter("a template is required")) };
    let text = |key: &str| node.get(key).and_then(Value::as_str).unwrap_or_default();
    let key = TemplateKey::new(text("name"), text("language"));
    let key = key.map_err(|_| Fault::parameter("name and language are no template's"))?;
    let category = node.get("category").cloned().ok_or(Fault::parameter("category is required"))?;
    let mut meta = stand_in.meta();
    let id = meta.fresh();
    let account = meta.account(&account);
    if account.template_id(&key).is_some() {
        return Err(Fault::template_exists());
    }
    node.insert("status".to_owned(), "PENDING".into());
    account.templates.push(Template { id, key, node });
    Ok(Json(json!({ "id": id.to_string(), "status": "PENDING", "category": category })))
}

/// `DELETE /<account>/message_templates`: one by its id and name, or all of a name. What was not met before is gone as well.
pub(super) async fn delete(
    State(stand_in): State<Arc<StandIn>>,
    Path((_, account)): Place,
    Query(asked): Asked,
) -> Answer {
    let name = asked.get("name").ok_or(Fault::parameter("name is required"))?;
    let id = asked.get("hsm_id");
    let is_it = |template: &Template| template.key.name() == name && id.is_none_or(|id| template.id.to_string() == *id);
    stand_in.meta().account(&account).templates.retain(|template| !is_it(template));
    success()
}

/// `POST /<template>/unpause`
pub(super) async fn unpause(State(stand_in): State<Arc<StandIn>>, Path((_, id)): Place) -> Answer {
    let paused = |template: &&mut Template| template.node.get("status").and_then(Value::as_str) == Some("PAUSED");
    if let Some(template) = stand_in.meta().template(&id).filter(paused) {
        template.node.insert("status".to_owned(), "APPROVED".into());
    }
    success()
}

impl Template {
    /// Takes other parts or another category, and waits for a review again.
    pub(super) fn edit(&mut self, changes: Map<String, Value>) {
        let parts = ["components", "category", "parameter_format"];
        self.node.extend(changes.into_iter().filter(|(key, _)| parts.contains(&key.as_str())));
        self.node.insert("status".to_owned(), "PENDING".into());
    }
}
