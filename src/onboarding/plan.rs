//! The plans: which steps there are, who acts, who decides, what comes after what.

use serde::{Deserialize, Serialize};

use super::{Step, StepSet};
use crate::decider::Party;

/// Which way an onboarding goes. A plan is a table; the engine over all of them is one.
///
/// # The walkthrough
///
#[doc = include_str!("plan.md")]
///
/// # The embedded signup
///
/// A number that is registered may send; what Meta reviews holds nothing back. The brand may enter the code inside the
/// signup, and comes back with an account, with its number in it or without. From the signup on a number has 14 days to be
/// registered, or 90 if it was verified before the brand claimed it ([`Onboarding::register_by`](super::Onboarding::register_by)).
///
#[doc = include_str!("embedded_signup.md")]
///
/// # The provider's request
///
/// The brand answers within 90 days, or it is asked again. It may add the number when it accepts; otherwise the provider does.
///
#[doc = include_str!("partner_initiated.md")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Plan {
    /// The article's walkthrough: the provider creates the account and the brand approves it.
    #[default]
    Walkthrough,
    /// Meta's flow of today: the brand goes through the embedded signup, and reviews run beside and hold nothing back.
    EmbeddedSignup,
    /// The same where the provider asks first: it requests an account, and the brand accepts or declines within 90 days.
    PartnerInitiated,
}

/// Who acts on a step, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Acts {
    /// A party gives a command here.
    Here(Party),
    /// A party does it at Meta, and may tell of it here.
    AtMeta(Party),
    /// Nobody: it is decided elsewhere.
    Nobody,
}

/// How long a step usually takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Usual {
    /// Minutes, once somebody sits down to it.
    Minutes,
    /// 24 to 48 hours of somebody else's review: one to two business days.
    Review,
}

/// Whether a step keeps the channel from going live while it is not done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Weight {
    /// The channel cannot go live without it.
    HoldsBack,
    /// The channel can be live without it.
    HoldsNothing,
}

/// One row of a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Row {
    /// The step.
    pub step: Step,
    /// Who acts.
    pub acts: Acts,
    /// Who decides, where the one who acts does not.
    pub decides: Option<Party>,
    /// Which steps must be done before it is open.
    pub after: StepSet,
    /// In which step of the article it stands, if it does.
    pub article: Option<u8>,
    /// How long it usually takes.
    pub usual: Usual,
    /// Whether it keeps the channel from going live.
    pub weight: Weight,
}

impl Row {
    /// Who has to act on the step, if anybody.
    #[must_use]
    pub const fn actor(&self) -> Option<Party> {
        match self.acts {
            Acts::Here(party) | Acts::AtMeta(party) => Some(party),
            Acts::Nobody => None,
        }
    }

    /// Whether the step stays done, once it is, whatever becomes of the steps before it: it is done here, and nobody
    /// decides on it.
    pub(super) const fn stays_done(&self) -> bool {
        matches!(self.acts, Acts::Here(_)) && self.decides.is_none()
    }
}

impl Plan {
    /// Every plan.
    pub const ALL: [Self; 3] = [Self::Walkthrough, Self::EmbeddedSignup, Self::PartnerInitiated];

    /// The stable name, as JSON has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Walkthrough => "walkthrough",
            Self::EmbeddedSignup => "embedded-signup",
            Self::PartnerInitiated => "partner-initiated",
        }
    }

    /// The rows of the plan, each after those that it comes after.
    #[must_use]
    pub const fn rows(self) -> &'static [Row] {
        match self {
            Self::Walkthrough => WALKTHROUGH,
            Self::EmbeddedSignup => EMBEDDED_SIGNUP,
            Self::PartnerInitiated => PARTNER_INITIATED,
        }
    }

    /// The row of a step, if the plan has it.
    #[must_use]
    pub fn row(self, step: Step) -> Option<&'static Row> {
        let places = match self {
            Self::Walkthrough => &WALKTHROUGH_PLACES,
            Self::EmbeddedSignup => &EMBEDDED_SIGNUP_PLACES,
            Self::PartnerInitiated => &PARTNER_INITIATED_PLACES,
        };
        places.get(step.index()).and_then(|place| self.rows().get(usize::from(*place)))
    }
}

/// The article's plan.
const WALKTHROUGH: &[Row] = {
    use Acts::{AtMeta, Here, Nobody};
    use Party::{Brand, Meta, Provider};
    use Step::{
        AcceptTerms, ActivateAccount, AddTemplates, ApproveNumber, ApproveRequest, CompleteProfile, CreateAccount,
        ObtainBadge, SignAgreement, SubmitDetails, VerifyBusiness, VerifyNumber,
    };
    use Usual::{Minutes, Review};
    use Weight::{HoldsBack, HoldsNothing};
    &[
        row(SignAgreement, Here(Brand), None, &[], 1, Minutes, HoldsBack),
        row(AcceptTerms, Here(Brand), None, &[SignAgreement], 1, Minutes, HoldsBack),
        row(SubmitDetails, Here(Brand), None, &[AcceptTerms], 2, Minutes, HoldsBack),
        row(CreateAccount, Here(Provider), None, &[SubmitDetails], 3, Minutes, HoldsBack),
        row(ApproveRequest, AtMeta(Brand), None, &[CreateAccount], 3, Minutes, HoldsBack),
        row(VerifyBusiness, AtMeta(Brand), Some(Meta), &[ApproveRequest], 4, Review, HoldsBack),
        row(ApproveNumber, Nobody, Some(Meta), &[ApproveRequest], 5, Review, HoldsBack),
        row(VerifyNumber, Here(Brand), Some(Meta), &[ApproveNumber], 5, Minutes, HoldsBack),
        row(ActivateAccount, Here(Provider), None, &[VerifyNumber, VerifyBusiness], 5, Minutes, HoldsBack),
        row(CompleteProfile, Here(Brand), None, &[ActivateAccount], 6, Minutes, HoldsNothing),
        row(ObtainBadge, Here(Provider), Some(Meta), &[CompleteProfile], 6, Review, HoldsNothing),
        row(AddTemplates, Here(Brand), Some(Meta), &[ActivateAccount], 7, Review, HoldsNothing),
    ]
};

/// Meta's flow of today, by the embedded signup. What holds back is what a number needs to send: that it is the brand's, that
/// it is registered, and that its deliveries come to somebody.
const EMBEDDED_SIGNUP: &[Row] = {
    use Acts::{AtMeta, Here, Nobody};
    use Party::{Brand, Meta, Provider};
    use Step::{
        AcceptTerms, ActivateAccount, AddNumber, AddTemplates, ApproveNumber, CompleteProfile, CompleteSignup,
        ObtainBadge, SignAgreement, SubmitDetails, SubscribeApp, VerifyBusiness, VerifyNumber,
    };
    use Usual::{Minutes, Review};
    use Weight::{HoldsBack, HoldsNothing};
    &[
        row(SignAgreement, Here(Brand), None, &[], 1, Minutes, HoldsBack),
        row(AcceptTerms, Here(Brand), None, &[SignAgreement], 1, Minutes, HoldsBack),
        row(SubmitDetails, Here(Brand), None, &[AcceptTerms], 2, Minutes, HoldsBack),
        row(CompleteSignup, AtMeta(Brand), None, &[SubmitDetails], NO, Minutes, HoldsBack),
        row(AddNumber, AtMeta(Provider), None, &[CompleteSignup], NO, Minutes, HoldsBack),
        row(VerifyNumber, Here(Brand), Some(Meta), &[AddNumber], 5, Minutes, HoldsBack),
        row(SubscribeApp, AtMeta(Provider), None, &[CompleteSignup], NO, Minutes, HoldsBack),
        row(ActivateAccount, Here(Provider), None, &[VerifyNumber, SubscribeApp], 5, Minutes, HoldsBack),
        row(VerifyBusiness, AtMeta(Brand), Some(Meta), &[CompleteSignup], 4, Review, HoldsNothing),
        row(ApproveNumber, Nobody, Some(Meta), &[AddNumber], 5, Review, HoldsNothing),
        row(CompleteProfile, Here(Brand), None, &[ActivateAccount], 6, Minutes, HoldsNothing),
        row(ObtainBadge, Here(Provider), Some(Meta), &[CompleteProfile, VerifyBusiness], 6, Review, HoldsNothing),
        row(AddTemplates, Here(Brand), Some(Meta), &[ActivateAccount], 7, Review, HoldsNothing),
    ]
};

/// Meta's flow of today, by the provider's request.
const PARTNER_INITIATED: &[Row] = {
    use Acts::{AtMeta, Here, Nobody};
    use Party::{Brand, Meta, Provider};
    use Step::{
        AcceptTerms, ActivateAccount, AddNumber, AddTemplates, ApproveNumber, ApproveRequest, CompleteProfile,
        ObtainBadge, RequestAccount, SignAgreement, SubmitDetails, SubscribeApp, VerifyBusiness, VerifyNumber,
    };
    use Usual::{Minutes, Review};
    use Weight::{HoldsBack, HoldsNothing};
    &[
        row(SignAgreement, Here(Brand), None, &[], 1, Minutes, HoldsBack),
        row(AcceptTerms, Here(Brand), None, &[SignAgreement], 1, Minutes, HoldsBack),
        row(SubmitDetails, Here(Brand), None, &[AcceptTerms], 2, Minutes, HoldsBack),
        row(RequestAccount, Here(Provider), None, &[SubmitDetails], 3, Minutes, HoldsBack),
        row(ApproveRequest, AtMeta(Brand), None, &[RequestAccount], 3, Minutes, HoldsBack),
        row(AddNumber, AtMeta(Provider), None, &[ApproveRequest], NO, Minutes, HoldsBack),
        row(VerifyNumber, Here(Brand), Some(Meta), &[AddNumber], 5, Minutes, HoldsBack),
        row(SubscribeApp, AtMeta(Provider), None, &[ApproveRequest], NO, Minutes, HoldsBack),
        row(ActivateAccount, Here(Provider), None, &[VerifyNumber, SubscribeApp], 5, Minutes, HoldsBack),
        row(VerifyBusiness, AtMeta(Brand), Some(Meta), &[ApproveRequest], 4, Review, HoldsNothing),
        row(ApproveNumber, Nobody, Some(Meta), &[AddNumber], 5, Review, HoldsNothing),
        row(CompleteProfile, Here(Brand), None, &[ActivateAccount], 6, Minutes, HoldsNothing),
        row(ObtainBadge, Here(Provider), Some(Meta), &[CompleteProfile, VerifyBusiness], 6, Review, HoldsNothing),
        row(AddTemplates, Here(Brand), Some(Meta), &[ActivateAccount], 7, Review, HoldsNothing),
    ]
};

/// In no step of the article.
const NO: u8 = 0;

/// Where in the plan each step stands; a place beyond its end for one that it does not have.
const WALKTHROUGH_PLACES: [u8; Step::ALL.len()] = places(WALKTHROUGH);
const EMBEDDED_SIGNUP_PLACES: [u8; Step::ALL.len()] = places(EMBEDDED_SIGNUP);
const PARTNER_INITIATED_PLACES: [u8; Step::ALL.len()] = places(PARTNER_INITIATED);

#[expect(clippy::indexing_slicing, clippy::arithmetic_side_effects, reason = "it is worked out by the compiler alone")]
#[expect(clippy::cast_possible_truncation, reason = "a plan has a dozen rows")]
const fn places(rows: &[Row]) -> [u8; Step::ALL.len()] {
    let mut places = [u8::MAX; Step::ALL.len()];
    let mut place = 0;
    while place < rows.len() {
        places[rows[place].step.index()] = place as u8;
        place += 1;
    }
    places
}

const fn row(
    step: Step,
    acts: Acts,
    decides: Option<Party>,
    after: &[Step],
    article: u8,
    usual: Usual,
    weight: Weight,
) -> Row {
    let article = if article == NO { None } else { Some(article) };
    Row { step, acts, decides, after: StepSet::of(after), article, usual, weight }
}
