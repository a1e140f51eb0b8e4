//! What a further number takes over.

use serde::{Deserialize, Serialize};

use super::Step;
use super::outcome::Outcome;
use super::state::Onboarding;
use crate::decider::Actor;
use crate::id::OrganisationId;
use crate::time::Instant;
use crate::whatsapp::BusinessManagerId;

/// What a further number of the same organisation and business manager id takes over from an earlier onboarding, with its
/// original times (`onboarding.more-numbers`). [`Onboarding::inheritance`] makes one; what is read
/// from JSON is taken as what a host has kept of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Inheritance {
    pub(super) organisation: OrganisationId,
    pub(super) business: BusinessManagerId,
    pub(super) agreement_at: Instant,
    pub(super) agreement_by: Actor,
    pub(super) terms_at: Instant,
    pub(super) terms_by: Actor,
    pub(super) verified_at: Instant,
    pub(super) verified_by: Actor,
}

impl Onboarding {
    /// What a further number of the same business may take over: the signed agreement, the accepted terms and the verified
    /// business. Nothing until all three are there, and nothing any more once the verification is lost.
    #[must_use]
    pub fn inheritance(&self) -> Option<Inheritance> {
        let started = self.started.as_ref()?;
        let (agreement, terms) = (self.agreement?, self.terms?);
        let Outcome::Met(verified, _) = self.outcome(Step::VerifyBusiness, Instant::MAX) else { return None };
        Some(Inheritance {
            organisation: started.id.organisation(),
            business: self.submission.as_deref()?.business.clone(),
            agreement_at: agreement.at,
            agreement_by: agreement.by,
            terms_at: terms.at,
            terms_by: terms.by,
            verified_at: verified.at,
            verified_by: verified.by,
        })
    }
}
