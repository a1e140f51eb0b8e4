//! Who asks, and who there is.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::Who;
use crate::app::App;
use crate::problem::Problem;

/// Who asks, with what the pages show of them.
pub(super) async fn me(who: Who) -> Json<Value> {
    Json(match who {
        Who::Person(person) => json!({ "person": person }),
        Who::Operator(operator) => json!({ "operator": operator }),
    })
}

/// The people and teams of one's own organisation, of which an operator has none; in a demonstration everybody there is, so that
/// one can be anybody.
pub(super) async fn people(State(app): State<Arc<App>>, who: Result<Who, Problem>) -> Result<Json<Value>, Problem> {
    let mut organisations = app.host.organisations().await?;
    let mut operators = app.host.operators().await?;
    if !app.demonstration {
        let own = match who? {
            Who::Person(person) => Some(person.principal.organisation()),
            Who::Operator(_) => None,
        };
        organisations.retain(|organisation| Some(organisation.id) == own);
        operators.clear();
    }
    let mut told = Vec::new();
    for organisation in organisations {
        let (people, teams) = (app.host.people(organisation.id).await?, app.host.teams(organisation.id).await?);
        told.push(json!({ "id": organisation.id, "name": organisation.name, "people": people, "teams": teams }));
    }
    Ok(Json(json!({ "demonstration": app.demonstration, "organisations": told, "operators": operators })))
}
