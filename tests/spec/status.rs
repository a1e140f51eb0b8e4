//! Statuses, written shortly.

use whatsapp_inbox::decider::{Actor, Party};
use whatsapp_inbox::onboarding::{Attention, Ending, Status, Step, StepSet};
use whatsapp_inbox::time::Instant;

pub fn locked(behind: &[Step]) -> Status {
    Status::Locked { behind: StepSet::of(behind) }
}

pub fn open(since: Instant) -> Status {
    Status::Open { since }
}

pub fn in_review(since: Instant) -> Status {
    Status::InReview { since, by: Party::Meta }
}

pub fn wrong(since: Instant, why: Attention) -> Status {
    Status::NeedsAttention { since, why }
}

pub fn done(at: Instant, by: Actor) -> Status {
    Status::Done { at, by, result: Ending::Met }
}

pub fn denied(at: Instant, by: Actor) -> Status {
    Status::Done { at, by, result: Ending::Denied }
}
