//! Meta's deliveries (webhooks): their signature is checked, then they are read (feature `webhook`).
//!
//! The signature is checked over the raw bytes before anything is parsed, and only a checked body can be read
//! (`webhook.signature`). Reading is tolerant: what is not understood is kept as it came and costs nothing but itself
//! (`webhook.tolerant`).
//!
//! ```
//! use whatsapp_inbox::whatsapp::ReviewDecision;
//! use whatsapp_inbox::whatsapp::delivery::{AppSecret, Value};
//!
//! let secret = AppSecret::new("5f2b7c9e")?;
//! let body = br#"{"object":"whatsapp_business_account","entry":[{"id":"90210","time":1767603600,
//!     "changes":[{"field":"account_review_update","value":{"decision":"APPROVED"}}]}]}"#;
//! let header = secret.sign(body); // in production: the header `X-Hub-Signature-256`
//!
//! let delivery = secret.check(body, &header)?.read()?;
//! for change in &delivery.changes {
//!     assert_eq!(change.account_or_business(), Some("90210"));
//!     match change.value() {
//!         Value::AccountReview { decision } => assert_eq!(*decision, ReviewDecision::Approved),
//!         _ => println!("{} is kept as it came: {}", change.field(), change.raw()),
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What is absent: Meta signs no time and gives its deliveries no id, so a signature that was good once stays good. What
//! defends against a delivery that is sent again, by Meta or by somebody who overheard it, is that a fact which was told
//! twice changes nothing: [`Change::fact_id`] gives it the same id each time.

mod account;
mod business;
mod change;
mod cursor;
mod identity;
mod number;
mod read;
mod scanner;
mod signature;
mod template;
mod value;

pub use account::{
    AccountPlace, AccountUpdate, ActiveRestriction, Ban, Certification, InternationalPrices, VolumeTier,
};
pub use business::{Alert, BusinessStatus, Capability, PartnerSolution, PaymentConfiguration};
pub use change::Change;
pub use number::{NumberQuality, NumberSecurity, NumberUsername, PhoneNumberName};
pub use read::{Delivery, ReadError, Tally};
pub use signature::{AppSecret, AppSecretError, SignatureError, Verified};
pub use template::{
    TemplateButton, TemplateCategoryUpdate, TemplateComponentsUpdate, TemplateQualityUpdate, TemplateStatusUpdate,
    ToldTemplate,
};
pub use value::{Value, WhyUnknown};
