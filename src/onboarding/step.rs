//! The steps of an onboarding.

use std::fmt;

use serde::ser::SerializeSeq;
use serde::{Deserialize, Serialize, Serializer};

/// What has to happen before a brand's number is a live channel, one thing each.
///
/// Closed: the steps of the article's walkthrough, and those that Meta's embedded signup has besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[expect(clippy::exhaustive_enums, reason = "the steps are closed on purpose")]
pub enum Step {
    /// The brand signs the provider's agreement.
    SignAgreement,
    /// The brand accepts WhatsApp's business terms.
    AcceptTerms,
    /// The brand hands in number, business manager id and display name.
    SubmitDetails,
    /// The brand goes through Meta's embedded signup. Not in the walkthrough.
    CompleteSignup,
    /// The provider asks the brand at Meta for an account. Not in the walkthrough.
    RequestAccount,
    /// The number stands in the account that the brand has let the provider into. Not in the walkthrough.
    AddNumber,
    /// The provider creates the WhatsApp Business account at Meta, with number and display name.
    CreateAccount,
    /// The brand approves the provider's request in its Business Manager.
    ApproveRequest,
    /// The provider subscribes its app to the account's deliveries. Not in the walkthrough.
    SubscribeApp,
    /// Meta verifies the brand's business.
    VerifyBusiness,
    /// Meta approves the number and its display name.
    ApproveNumber,
    /// The brand enters the code that Meta sends to the number.
    VerifyNumber,
    /// The provider registers the number with its PIN and activates the account.
    ActivateAccount,
    /// The brand adds its business information and its logo.
    CompleteProfile,
    /// Meta grants or denies the badge that the provider applies for.
    ObtainBadge,
    /// Meta approves the first message template.
    AddTemplates,
}

impl Step {
    /// Every step, in the order in which they are listed.
    pub const ALL: [Self; 16] = [
        Self::SignAgreement,
        Self::AcceptTerms,
        Self::SubmitDetails,
        Self::CompleteSignup,
        Self::RequestAccount,
        Self::AddNumber,
        Self::CreateAccount,
        Self::ApproveRequest,
        Self::SubscribeApp,
        Self::VerifyBusiness,
        Self::ApproveNumber,
        Self::VerifyNumber,
        Self::ActivateAccount,
        Self::CompleteProfile,
        Self::ObtainBadge,
        Self::AddTemplates,
    ];

    /// The stable name, as JSON has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SignAgreement => "SignAgreement",
            Self::AcceptTerms => "AcceptTerms",
            Self::SubmitDetails => "SubmitDetails",
            Self::CompleteSignup => "CompleteSignup",
            Self::RequestAccount => "RequestAccount",
            Self::AddNumber => "AddNumber",
            Self::CreateAccount => "CreateAccount",
            Self::ApproveRequest => "ApproveRequest",
            Self::SubscribeApp => "SubscribeApp",
            Self::VerifyBusiness => "VerifyBusiness",
            Self::ApproveNumber => "ApproveNumber",
            Self::VerifyNumber => "VerifyNumber",
            Self::ActivateAccount => "ActivateAccount",
            Self::CompleteProfile => "CompleteProfile",
            Self::ObtainBadge => "ObtainBadge",
            Self::AddTemplates => "AddTemplates",
        }
    }

    /// What has to happen, in a few words for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::SignAgreement => "sign the provider's agreement",
            Self::AcceptTerms => "accept WhatsApp's business terms",
            Self::SubmitDetails => "submit number, business and name",
            Self::CompleteSignup => "go through the embedded signup",
            Self::RequestAccount => "ask the brand for an account",
            Self::AddNumber => "add the number to the account",
            Self::CreateAccount => "create the WhatsApp account",
            Self::ApproveRequest => "approve the provider's request",
            Self::SubscribeApp => "subscribe to the account's deliveries",
            Self::VerifyBusiness => "verify the business",
            Self::ApproveNumber => "approve number and display name",
            Self::VerifyNumber => "verify the number with its code",
            Self::ActivateAccount => "register and activate the account",
            Self::CompleteProfile => "complete the business profile",
            Self::ObtainBadge => "obtain the verified badge",
            Self::AddTemplates => "add a message template",
        }
    }

    /// Where it is done (`onboarding.where`).
    #[must_use]
    pub const fn place(self) -> &'static str {
        match self {
            Self::SignAgreement | Self::AcceptTerms | Self::CompleteProfile => "with the provider",
            Self::SubmitDetails => "with the provider; the id stands in Business Settings › Business Info",
            Self::CompleteSignup => "Meta's signup window, opened by the provider",
            Self::CreateAccount => "WhatsApp Manager, by the provider",
            Self::ApproveRequest => "Business Manager › Requests tab",
            Self::RequestAccount | Self::AddNumber | Self::SubscribeApp | Self::ActivateAccount => {
                "Graph API, by the provider"
            }
            Self::VerifyBusiness => "Business Settings › Security Center › Verification",
            Self::ApproveNumber => "at Meta, nothing to do",
            Self::VerifyNumber => "with the provider; the code comes to the number",
            Self::ObtainBadge => "WhatsApp Manager › Phone numbers, by the provider",
            Self::AddTemplates => "WhatsApp Manager › Message templates",
        }
    }

    /// The address of a page that guides through it (`onboarding.where`).
    #[must_use]
    pub const fn guidance(self) -> &'static str {
        match self {
            Self::SignAgreement | Self::AcceptTerms => "https://www.whatsapp.com/legal/business-terms",
            Self::SubmitDetails => "https://developers.facebook.com/docs/whatsapp/guides/phone-number",
            Self::CompleteSignup => "https://developers.facebook.com/docs/whatsapp/embedded-signup",
            Self::CreateAccount | Self::ApproveRequest => "https://www.facebook.com/business/help/1710077379203657",
            Self::RequestAccount => {
                "https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/partner-initiated-waba-creation"
            }
            Self::AddNumber => {
                "https://developers.facebook.com/documentation/business-messaging/whatsapp/solution-providers/registering-phone-numbers"
            }
            Self::SubscribeApp => "https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks",
            Self::VerifyBusiness => "https://www.facebook.com/business/help/2058515294227817",
            Self::ApproveNumber => "https://developers.facebook.com/docs/whatsapp/guides/display-name/",
            Self::VerifyNumber => "https://developers.facebook.com/docs/whatsapp/cloud-api/phone-numbers",
            Self::ActivateAccount => "https://developers.facebook.com/docs/whatsapp/cloud-api/reference/registration",
            Self::CompleteProfile => {
                "https://developers.facebook.com/docs/whatsapp/cloud-api/reference/business-profiles"
            }
            Self::ObtainBadge => "https://developers.facebook.com/docs/whatsapp/overview/business-accounts",
            Self::AddTemplates => "https://developers.facebook.com/docs/whatsapp/message-templates/guidelines",
        }
    }

    /// The place in the order of [`Step::ALL`].
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A set of steps, as small as a number.
///
/// ```
/// use whatsapp_inbox::onboarding::{Step, StepSet};
///
/// let set = StepSet::of(&[Step::VerifyNumber, Step::VerifyBusiness]);
/// assert_eq!(set.to_string(), "VerifyBusiness and VerifyNumber");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct StepSet(u16);

impl StepSet {
    /// No step.
    pub const EMPTY: Self = Self(0);

    /// These steps.
    #[must_use]
    pub const fn of(steps: &[Step]) -> Self {
        let mut bits = 0;
        let mut rest = steps;
        while let [first, others @ ..] = rest {
            bits |= first.bit();
            rest = others;
        }
        Self(bits)
    }

    /// The set with one step more.
    #[must_use]
    pub const fn with(self, step: Step) -> Self {
        Self(self.0 | step.bit())
    }

    /// Whether a step is in the set.
    #[must_use]
    pub const fn contains(self, step: Step) -> bool {
        self.0 & step.bit() != 0
    }

    /// Whether no step is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The steps of the set, in the order of [`Step::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Step> {
        let mut rest = self.0;
        std::iter::from_fn(move || {
            let step = Step::ALL.get(usize::try_from(rest.trailing_zeros()).ok()?)?;
            rest &= !step.bit();
            Some(*step)
        })
    }

    /// The steps of the set that a condition holds for.
    #[must_use]
    pub fn filter(self, condition: impl Fn(Step) -> bool) -> Self {
        self.iter().filter(|step| condition(*step)).collect()
    }
}

impl Step {
    const fn bit(self) -> u16 {
        1 << self.index()
    }
}

impl FromIterator<Step> for StepSet {
    fn from_iter<I: IntoIterator<Item = Step>>(steps: I) -> Self {
        steps.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Display for StepSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.iter().last();
        for (index, step) in self.iter().enumerate() {
            let joint = match index {
                0 => "",
                _ if Some(step) == last => " and ",
                _ => ", ",
            };
            write!(f, "{joint}{step}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for StepSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl Serialize for StepSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut steps = serializer.serialize_seq(None)?;
        for step in self.iter() {
            steps.serialize_element(&step)?;
        }
        steps.end()
    }
}

impl<'de> Deserialize<'de> for StepSet {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Step>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for StepSet {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "StepSet".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Vec::<Step>::json_schema(generator)
    }
}
