//! The plan: which steps there are, who acts, who decides, what comes after what.
#![doc = include_str!("plan.md")]

use serde::{Deserialize, Serialize};

use super::{Step, StepSet};
use crate::decider::Party;

/// Which way an onboarding goes. A plan is a table; the engine over it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Plan {
    /// The article's walkthrough: the provider creates the account and the brand approves it.
    #[default]
    Walkthrough,
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
    /// In which step of the article it stands.
    pub article: u8,
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
    /// The rows of the plan, each after those that it comes after.
    #[must_use]
    pub const fn rows(self) -> &'static [Row] {
        match self {
            Self::Walkthrough => WALKTHROUGH,
        }
    }

    /// The row of a step, if the plan has it.
    #[must_use]
    pub fn row(self, step: Step) -> Option<&'static Row> {
        let places = match self {
            Self::Walkthrough => &WALKTHROUGH_PLACES,
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

/// Where in the plan each step stands; a place beyond its end for one that it does not have.
const WALKTHROUGH_PLACES: [u8; Step::ALL.len()] = places(WALKTHROUGH);

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
    Row { step, acts, decides, after: StepSet::of(after), article, usual, weight }
}
