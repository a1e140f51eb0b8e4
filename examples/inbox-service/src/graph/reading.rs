//! Reading at Meta how far an onboarding is.

use reqwest::Method;
use serde_json::Value;
use whatsapp_inbox::id::OnboardingId;
use whatsapp_inbox::onboarding::Fact;
use whatsapp_inbox::port::Backend;
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::whatsapp::BusinessManagerId;

use super::Graph;
use super::answer::{self, No};
use crate::host::Line;

/// What is read of a number.
const NUMBER_FIELDS: &str = "display_phone_number,code_verification_status,status,verified_name,name_status,\
     new_display_name,new_name_status";
/// What is read of its account.
const ACCOUNT_FIELDS: &str = "account_review_status,business_verification_status,owner_business_info";

impl Graph {
    /// The facts about an onboarding. Meta's nodes say of nothing since when it is so, so none has an instant. An onboarding
    /// whose number is not at Meta yet has none.
    pub(super) async fn read_line(&self, onboarding: OnboardingId) -> Result<Vec<(Option<Instant>, Fact)>, Backend> {
        let Some(line) = self.host.line_of(onboarding).await? else { return Ok(Vec::new()) };
        let number = self.node(line.phone_number.as_str(), NUMBER_FIELDS).await.map_err(No::into_backend)?;
        let account = match self.node(line.account.as_str(), ACCOUNT_FIELDS).await {
            Ok(account) => account,
            Err(No::Refused(_)) => Value::Null,
            Err(No::Unknown(lost)) => return Err(lost),
        };
        let facts = of_number(&line, &number).into_iter().chain(of_account(&line, &account));
        Ok(facts.map(|fact| (None, fact)).collect())
    }

    async fn node(&self, id: &str, fields: &str) -> Result<Value, No> {
        self.ask(self.request(Method::GET, &[id]).query(&[("fields", fields)])).await
    }
}

/// What a number's node says, as far as it says it; of another number nothing, whoever gave its id for this one's. A name that was asked for later stands beside the one in use, each with a
/// review of its own.
fn of_number(line: &Line, node: &Value) -> Vec<Fact> {
    let number = line.number;
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    if said(node, "display_phone_number").is_some_and(|shown| digits(shown) != number.digits().to_string()) {
        tracing::warn!(id = line.phone_number.as_str(), "the id of a number at Meta is that of another number");
        return Vec::new();
    }
    let name = |name: &str, status: &str| {
        let (name, status) = (said(node, name)?, said(node, status)?.into());
        Some(Fact::DisplayName { number, name: name.to_owned(), status, reason: None })
    };
    let verification = said(node, "code_verification_status").map(Into::into);
    let status = said(node, "status").map(Into::into);
    let facts = [
        verification.map(|status| Fact::NumberVerification { number, status }),
        status.map(|status| Fact::NumberStatus { number, status }),
        name("verified_name", "name_status"),
        name("new_display_name", "new_name_status"),
    ];
    facts.into_iter().flatten().collect()
}

/// What an account's node says, as far as it says it.
fn of_account(line: &Line, node: &Value) -> Vec<Fact> {
    let account = line.account.clone();
    let review = said(node, "account_review_status").map(Into::into);
    let owner = node.pointer("/owner_business_info/id").and_then(answer::text);
    let business = owner.and_then(|id| BusinessManagerId::new(&id).ok());
    let verification = said(node, "business_verification_status").map(Into::into);
    let verification = business.zip(verification);
    let facts = [
        review.map(|decision| Fact::AccountReview { account, decision }),
        verification.map(|(business, status)| Fact::BusinessVerification { business, status }),
    ];
    facts.into_iter().flatten().collect()
}

fn said<'a>(node: &'a Value, key: &str) -> Option<&'a str> {
    node.get(key)?.as_str().filter(|text| !text.is_empty())
}
