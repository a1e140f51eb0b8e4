//! What Meta delivers when it has decided.

use serde_json::{Value, json};
use whatsapp_inbox::whatsapp::{
    BadgeStatus, BusinessManagerId, BusinessVerification, NameStatus, NumberStatus, PhoneNumber, PhoneNumberId,
    TemplateKey, WabaId,
};

use super::decision::{CustomerWrites, Decision, NameReviewed, TemplateMoved};
use super::meta::Meta;
use super::written::seconds_now;

/// The provider's own business: of what is between it and a brand, the entry of a delivery is this, not the account.
const PROVIDER: &str = "18242306157083";

/// The delivery of a decision. From then on it is so at the stand-in as well.
pub(super) fn delivery(decision: &Decision, meta: &mut Meta) -> Value {
    match decision {
        Decision::RequestApproved { account, business } => {
            meta.account(account.as_str()).business = Some(business.clone());
            let place = json!({ "waba_id": account, "owner_business_id": business });
            change(PROVIDER, "account_update", &json!({ "event": "PARTNER_ADDED", "waba_info": place }))
        }
        Decision::AccountReviewed { account, decision } => {
            meta.account(account.as_str()).review = Some(decision.clone());
            change(account.as_str(), "account_review_update", &json!({ "decision": decision }))
        }
        Decision::NameReviewed(told) => name_reviewed(told, meta),
        Decision::BusinessVerified { account, business, status } => {
            let known = meta.account(account.as_str());
            (known.business, known.business_verification) = (Some(business.clone()), Some(status.clone()));
            business_verified(business, status)
        }
        Decision::Badge { account, phone_number_id, granted } => {
            let status = if *granted { BadgeStatus::Granted } else { BadgeStatus::Denied };
            meta.number(phone_number_id.as_str()).badge = Some(status);
            badge(account, phone_number_id, *granted)
        }
        Decision::Template(told) => template(told, meta),
        Decision::Restricted { account, kind, until } => {
            let mut restriction = json!({ "restriction_type": kind });
            if let Some(until) = until {
                restriction["expiration"] = until.seconds().into();
            }
            let value = json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction] });
            change(account.as_str(), "account_update", &value)
        }
        Decision::Offboarded { account, number, phone_number_id } => {
            if let Some(id) = phone_number_id {
                meta.number(id.as_str()).status = Some(NumberStatus::Disconnected);
            }
            offboarded(account, *number)
        }
        Decision::CustomerWrites(told) => customer_writes(told, meta),
        Decision::Raw(delivery) => delivery.clone(),
    }
}

/// A delivery with one change.
fn change(entry: &str, field: &str, value: &Value) -> Value {
    let changes = json!([{ "field": field, "value": value }]);
    json!({
        "object": "whatsapp_business_account",
        "entry": [{ "id": entry, "time": seconds_now(), "changes": changes }],
    })
}

/// In deliveries Meta has words of its own for what became of a name.
fn name_reviewed(told: &NameReviewed, meta: &mut Meta) -> Value {
    let NameReviewed { account, number, name, decision, reason, phone_number_id } = told;
    let digits = number.digits().to_string();
    if let Some(id) = phone_number_id {
        meta.number(id.as_str()).digits = Some(digits.clone());
    }
    if let Some(known) = meta.number_with(&digits) {
        (known.name, known.name_status) = (Some(name.clone()), Some(decision.clone()));
    }
    let word = match decision {
        NameStatus::Declined => "REJECTED",
        NameStatus::PendingReview => "PENDING",
        other => other.as_str(),
    };
    let value = json!({
        "display_phone_number": digits,
        "decision": word,
        "requested_verified_name": name,
        "rejection_reason": reason,
    });
    change(account.as_str(), "phone_number_name_update", &value)
}

/// What a provider hands in for its client is approved, where a business is else verified.
fn business_verified(business: &BusinessManagerId, status: &BusinessVerification) -> Value {
    let word = match status {
        BusinessVerification::Verified => "APPROVED".to_owned(),
        other => other.as_str().to_ascii_uppercase(),
    };
    let certification = json!({ "client_business_id": business, "status": word, "rejection_reasons": ["NONE"] });
    let event = "PARTNER_CLIENT_CERTIFICATION_STATUS_UPDATE";
    let value = json!({ "event": event, "partner_client_certification_info": certification });
    change(PROVIDER, "account_update", &value)
}

fn badge(account: &WabaId, number: &PhoneNumberId, granted: bool) -> Value {
    let (kind, told) = if granted {
        ("OBA_APPROVED", "The number is an Official Business Account.")
    } else {
        ("OBA_REJECTED", "The number is no Official Business Account.")
    };
    let alert = json!({
        "alert_severity": "INFORMATIONAL",
        "alert_status": "NONE",
        "alert_type": kind,
        "alert_description": told,
    });
    let value = json!({ "entity_type": "PHONE_NUMBER", "entity_id": number, "alert_info": alert });
    change(account.as_str(), "account_alerts", &value)
}

/// Of one that was not met before the id is made up.
fn template(told: &TemplateMoved, meta: &mut Meta) -> Value {
    let TemplateMoved { account, name, language, event, reason } = told;
    let key = TemplateKey::from_meta(name, language);
    let known = meta.account(account.as_str());
    let met = known.template_id(&key);
    known.move_template(&key, event);
    let value = json!({
        "event": event,
        "message_template_id": met.unwrap_or_else(|| meta.fresh()),
        "message_template_name": name,
        "message_template_language": language,
        "reason": reason.as_deref().unwrap_or("NONE"),
    });
    change(account.as_str(), "message_template_status_update", &value)
}

fn offboarded(account: &WabaId, number: Option<PhoneNumber>) -> Value {
    let why = json!({ "reason": "ACCOUNT_DISCONNECTED", "initiated_by": "USER" });
    let mut value = json!({ "event": "ACCOUNT_OFFBOARDED", "disconnection_info": why });
    if let Some(number) = number {
        value["phone_number"] = number.digits().to_string().into();
    }
    change(account.as_str(), "account_update", &value)
}

/// Of messages the entry has no time: each message has its own.
fn customer_writes(told: &CustomerWrites, meta: &mut Meta) -> Value {
    let CustomerWrites { account, phone_number_id, number, from, name, text } = told;
    let (digits, from) = (number.digits().to_string(), from.digits().to_string());
    meta.number(phone_number_id.as_str()).digits = Some(digits.clone());
    let message = json!({
        "from": from,
        "id": meta.message_id(),
        "timestamp": seconds_now().to_string(),
        "type": "text",
        "text": { "body": text },
    });
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": digits, "phone_number_id": phone_number_id },
        "contacts": [{ "profile": { "name": name }, "wa_id": from }],
        "messages": [message],
    });
    let changes = json!([{ "field": "messages", "value": value }]);
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": account, "changes": changes }] })
}

/// A message of which something is reported.
pub(super) struct Reported<'a> {
    pub(super) id: &'a str,
    pub(super) to: &'a str,
    /// What was given with it, to be repeated.
    pub(super) mark: Option<&'a str>,
    /// How far it is.
    pub(super) state: &'a str,
}

/// What became of a message that was sent from a number, by its id and its digits. In which account the number is the stand-in
/// does not know; 0 is in Meta's own tries.
pub(super) fn message_reported((number, digits): (&str, Option<&str>), message: &Reported<'_>) -> Value {
    let Reported { id, to, mark, state } = message;
    let mut status = json!({ "id": id, "status": state, "timestamp": seconds_now().to_string(), "recipient_id": to });
    if let Some(mark) = mark {
        status["biz_opaque_callback_data"] = (*mark).into();
    }
    if *state == "failed" {
        status["errors"] = json!([{ "code": 131_026, "title": "Message undeliverable" }]);
    }
    let value = json!({
        "messaging_product": "whatsapp",
        "metadata": { "display_phone_number": digits.unwrap_or_default(), "phone_number_id": number },
        "statuses": [status],
    });
    let changes = json!([{ "field": "messages", "value": value }]);
    json!({ "object": "whatsapp_business_account", "entry": [{ "id": "0", "changes": changes }] })
}
