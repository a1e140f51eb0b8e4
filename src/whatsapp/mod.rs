//! WhatsApp's own values: phone numbers, display names, Meta's ids and lists, codes and PINs, and (feature `webhook`) the
//! checking and reading of Meta's deliveries.
//!
//! Every list of values that Meta owns is open: it keeps a value it does not know as it came (`webhook.open-enums`).

mod account_values;
mod allowance;
mod code_policy;
mod display_name;
mod line;
mod meta_date;
mod meta_id;
mod number_use;
mod open_enum;
mod phone_number;
mod profile;
mod secret;
mod template_name;
mod template_use;
mod template_values;
mod values;

#[cfg(feature = "webhook")]
pub mod delivery;

pub use account_values::{
    AlertKind, AlertSeverity, AlertStatus, AlertSubject, BanState, BusinessEvent, DisconnectedBy, Disconnection,
    HealthNode, MessagingHealth, NumberQualityEvent, NumberRating, PaymentStatus, SecurityEvent, SolutionEvent,
    SolutionStatus, UsernameStatus, Violation,
};
pub use allowance::Allowance;
pub use code_policy::CodePolicy;
pub use display_name::{DisplayName, DisplayNameError, DisplayNameWarning, Judgement};
pub use line::{CodeMethod, Ivr, LineError, LineKind};
pub use meta_date::MetaDate;
pub use meta_id::{BusinessManagerId, MetaIdError, PhoneNumberId, WabaId};
pub use number_use::NumberUse;
pub use phone_number::{PhoneNumber, PhoneNumberError};
pub use profile::{Profile, ProfileDraft, ProfileError, ProfileWarning};
pub use secret::{Pin, SecretError, VerificationCode};
pub use template_name::{TemplateKey, TemplateKeyError};
pub use template_use::{TemplateAllowance, TemplateUse, TemplateUseError};
pub use template_values::{
    ButtonKind, HeaderFormat, ParameterFormat, TemplateCategory, TemplateComponent, TemplatePause, TemplateQuality,
    TemplateReason, TemplateStatus,
};
pub use values::{
    AccountEvent, BadgeStatus, BusinessVerification, CategoryAppeal, CodeVerification, NameRejection, NameStatus,
    NumberStatus, RequestStatus, Restriction, ReviewDecision, SignupScreen, TemplateEvent, Vertical,
};
