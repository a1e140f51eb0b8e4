//! What comes after activation, and what befalls the account as a whole.

use std::collections::BTreeMap;

use super::Outcome;
use crate::onboarding::state::{Onboarding, Stamp};
use crate::onboarding::{AccountNotice, Attention, Ending, Fact};
use crate::time::Instant;
use crate::whatsapp::{BadgeStatus, RequestStatus, Restriction, TemplateEvent, TemplateKey};

impl Onboarding {
    /// How far the badge is. It belongs to number and display name, so a new name needs a new one (`onboarding.badge`).
    pub(super) fn badge_outcome(&self) -> Outcome {
        let Some(submission) = self.submission.as_deref() else { return Outcome::Nothing };
        let renamed = submission.name_round.number > 0;
        let from = renamed.then(|| submission.name_round.at.floor_second());
        let mut outcome = Outcome::Nothing;
        for told in self.since(from) {
            let Fact::Badge { phone_number, status } = &told.fact else { continue };
            let ours = self.number_in_account();
            if phone_number.is_some() && phone_number.as_ref() != ours {
                continue;
            }
            match status {
                BadgeStatus::Granted => outcome.meet(told),
                BadgeStatus::Denied if !matches!(outcome, Outcome::Met(_, Ending::Denied)) => {
                    outcome = Outcome::Met(Stamp { at: told.at, by: told.by }, Ending::Denied);
                }
                BadgeStatus::Pending | BadgeStatus::UnderReview => outcome.review(told.at),
                BadgeStatus::Expired | BadgeStatus::Cancelled => outcome = Outcome::Nothing,
                BadgeStatus::Denied | BadgeStatus::NotStarted | BadgeStatus::Unknown(_) => {}
            }
        }
        outcome
    }

    /// How far the templates are: one that was once approved is enough for good (`onboarding.templates`).
    pub(super) fn template_outcome(&self) -> Outcome {
        let mut outcome = Outcome::Nothing;
        // Since when each template is where it is now.
        let mut latest: BTreeMap<&TemplateKey, (&TemplateEvent, Instant)> = BTreeMap::new();
        for told in &self.facts {
            let Fact::Template { template, event, .. } = &told.fact else { continue };
            if matches!(event, TemplateEvent::Approved | TemplateEvent::Reinstated) {
                outcome.meet(told);
                return outcome;
            }
            let (now, since) = latest.entry(template).or_insert((event, told.at));
            if *now != event {
                (*now, *since) = (event, told.at);
            }
        }
        let since = |wanted: &[TemplateEvent]| {
            let found = latest.values().filter(|(event, _)| wanted.contains(event));
            found.map(|(_, since)| *since).min()
        };
        if let Some(since) = since(&[TemplateEvent::Pending, TemplateEvent::InAppeal]) {
            outcome.review(since);
        } else if let Some(since) = since(&[TemplateEvent::Rejected]) {
            outcome.fail(since, Attention::TemplateRejected);
        }
        outcome
    }

    /// Since when the account in force cannot be used, if it cannot.
    pub(in crate::onboarding) fn account_lost(&self) -> Option<Instant> {
        let in_force = self.account_in_force()?;
        // Each way of losing it is lifted by its own fact alone, and not by asking for the same account again.
        let (mut banned, mut offboarded, mut removed, mut deleted) = (None, None, None, None);
        for told in &self.facts {
            let notice = match &told.fact {
                Fact::Account { account, notice } if account == in_force => notice,
                // Being let in again is told as the request's approval.
                Fact::Request { account, status: RequestStatus::Approved } if account == in_force => {
                    removed = None;
                    continue;
                }
                _ => continue,
            };
            match notice {
                AccountNotice::Banned => banned = banned.or(Some(told.at)),
                AccountNotice::BanLifted => banned = None,
                AccountNotice::Offboarded => offboarded = offboarded.or(Some(told.at)),
                AccountNotice::Reconnected => offboarded = None,
                AccountNotice::AccessRemoved => removed = removed.or(Some(told.at)),
                AccountNotice::Deleted => deleted = deleted.or(Some(told.at)),
                AccountNotice::Restricted { .. } | AccountNotice::BanScheduled => {}
            }
        }
        [banned, offboarded, removed, deleted].into_iter().flatten().min()
    }

    /// What is not allowed to the account in force, since when, and until when if Meta says.
    pub(in crate::onboarding) fn restrictions(&self, now: Instant) -> Vec<(&Restriction, Instant, Option<Instant>)> {
        let mut standing: Vec<(&Restriction, Instant, Option<Instant>)> = Vec::new();
        let Some(in_force) = self.account_in_force() else { return standing };
        for told in self.since(self.request().and_then(|request| request.facts_from)) {
            let Fact::Account { account, notice: AccountNotice::Restricted { restriction, until } } = &told.fact else {
                continue;
            };
            if account == in_force {
                standing.retain(|(kind, ..)| *kind != restriction);
                standing.push((restriction, told.at, *until));
            }
        }
        standing.retain(|(.., until)| until.is_none_or(|until| now < until));
        standing
    }
}
