//! What a phone number has used up of its budgets.

use serde::{Deserialize, Serialize};

use super::CodePolicy;
use crate::time::{Instant, allowed_from};

const REGISTRATION_CALLS: usize = 10;
const REGISTRATION_WINDOW_MINUTES: u32 = 72 * 60;
/// More code requests than this are never counted, whatever the policy: it is the most that `sends` can say.
const CODE_REQUESTS_KEPT: usize = 255;

/// What one phone number has used up of its budgets: codes asked for, wrong entries, calls that register and deregister it.
///
/// The budgets belong to the number, not to the onboarding it is in, so a host hands them on from one onboarding of a number
/// to the next (`onboarding.register-budget`, `onboarding.code-guesses`).
///
/// ```
/// use whatsapp_inbox::time::Instant;
/// use whatsapp_inbox::whatsapp::NumberUse;
///
/// let used = (0..10).fold(NumberUse::default(), |used, hour| used.with_registration(Instant::MIN.plus_hours(hour)));
/// assert_eq!(used.registration_allowed_from(), Some(Instant::MIN.plus_hours(72)));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct NumberUse {
    code_requests: Vec<Instant>,
    code_allowed_from: Option<Instant>,
    guesses_on_code: u8,
    codes_spent: u8,
    locked_until: Option<Instant>,
    registrations: Vec<Instant>,
    registration_blocked_until: Option<Instant>,
}

impl NumberUse {
    /// Until when nothing may be asked for or entered, because of too many wrong entries.
    #[must_use]
    pub const fn locked_until(&self) -> Option<Instant> {
        self.locked_until
    }

    /// From when another code may be asked for; `None` while there is room.
    #[must_use]
    pub const fn code_allowed_from(&self) -> Option<Instant> {
        self.code_allowed_from
    }

    /// From when another call that registers or deregisters the number is allowed; `None` while there is room.
    ///
    /// Ten calls fit in any 72 hours. After Meta has said that the limit is hit, it is 72 hours from then.
    #[must_use]
    pub fn registration_allowed_from(&self) -> Option<Instant> {
        allowed_from(&self.registrations, REGISTRATION_CALLS, REGISTRATION_WINDOW_MINUTES)
            .max(self.registration_blocked_until)
    }

    /// The same, after a call that registered or deregistered the number.
    #[must_use]
    pub fn with_registration(mut self, at: Instant) -> Self {
        keep_latest(&mut self.registrations, at, REGISTRATION_CALLS);
        self
    }

    /// The same, after Meta has said that the limit on registering is hit (error 133016).
    #[must_use]
    pub fn with_registration_limit_hit(mut self, at: Instant) -> Self {
        self.registration_blocked_until =
            self.registration_blocked_until.max(Some(at.plus_minutes(REGISTRATION_WINDOW_MINUTES)));
        self
    }

    /// What two records of one number tell together. Neither loses a call, and the stricter lock holds.
    #[must_use]
    pub fn merged(mut self, other: &Self) -> Self {
        merge(&mut self.registrations, &other.registrations, REGISTRATION_CALLS);
        merge(&mut self.code_requests, &other.code_requests, CODE_REQUESTS_KEPT);
        self.code_allowed_from = self.code_allowed_from.max(other.code_allowed_from);
        self.guesses_on_code = self.guesses_on_code.max(other.guesses_on_code);
        self.codes_spent = self.codes_spent.max(other.codes_spent);
        self.locked_until = self.locked_until.max(other.locked_until);
        self.registration_blocked_until = self.registration_blocked_until.max(other.registration_blocked_until);
        self
    }

    /// The same, with what was asked for in two places counted together.
    pub(crate) fn recounted(mut self, policy: CodePolicy) -> Self {
        let window = policy.sends_window_minutes.into();
        self.code_allowed_from =
            self.code_allowed_from.max(allowed_from(&self.code_requests, policy.sends.get().into(), window));
        self
    }

    /// From when a code may be asked for once one is asked for now.
    pub(crate) fn code_allowed_after(&self, now: Instant, policy: CodePolicy) -> Option<Instant> {
        let mut requests = self.code_requests.clone();
        requests.push(now);
        allowed_from(&requests, policy.sends.get().into(), policy.sends_window_minutes.into())
    }

    /// What one more entry does: whether it spends the code, and until when it then locks the number.
    pub(crate) fn entry_costs(&self, now: Instant, policy: CodePolicy) -> (bool, Option<Instant>) {
        let spends = self.guesses_on_code.saturating_add(1) >= policy.guesses_per_code.get();
        let locks = spends && self.codes_spent.saturating_add(1) >= policy.codes_before_lock.get();
        (spends, locks.then(|| now.plus_hours(policy.lock_hours.into())))
    }

    pub(crate) fn note_code_request(&mut self, at: Instant, allowed_from: Option<Instant>) {
        keep_latest(&mut self.code_requests, at, CODE_REQUESTS_KEPT);
        self.code_allowed_from = allowed_from;
    }

    pub(crate) const fn note_entry(&mut self, spends_code: bool, locks_until: Option<Instant>) {
        if !spends_code {
            self.guesses_on_code = self.guesses_on_code.saturating_add(1);
            return;
        }
        self.guesses_on_code = 0;
        self.codes_spent = self.codes_spent.saturating_add(1);
        if locks_until.is_some() {
            self.codes_spent = 0;
            self.locked_until = locks_until;
        }
    }

    /// Meta itself has locked the number. A longer lock of our own stays.
    pub(crate) fn note_lock(&mut self, until: Instant) {
        self.locked_until = self.locked_until.max(Some(until));
    }

    /// The right code was entered: what was counted against guessing is done with.
    pub(crate) const fn note_accepted(&mut self) {
        self.guesses_on_code = 0;
        self.codes_spent = 0;
        self.locked_until = None;
    }
}

/// Adds an instant to a list that keeps only the latest ones, in order.
fn keep_latest(instants: &mut Vec<Instant>, at: Instant, most: usize) {
    instants.insert(instants.partition_point(|earlier| *earlier <= at), at);
    if instants.len() > most {
        instants.remove(0);
    }
}

/// Adds what only `theirs` has. Two calls at one instant are two, so each of ours stands for one of theirs at most.
fn merge(ours: &mut Vec<Instant>, theirs: &[Instant], most: usize) {
    let mut known = ours.clone();
    for at in theirs {
        match known.iter().position(|same| same == at) {
            Some(place) => drop(known.swap_remove(place)),
            None => keep_latest(ours, *at, most),
        }
    }
}
