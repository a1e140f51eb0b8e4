//! What a channel remembers, and how an event changes it.

use std::collections::BTreeSet;

use super::{Cause, Change, Event, Opening, WhatsAppLine};
use crate::access::{Access, Action, Decision, Denied, Grant, Holder, Principal};
use crate::decider::{ChannelRules, ChannelStatus, Version};
use crate::id::{ChannelId, UserId};
use crate::settings::{AutoResolvePolicy, OpenQueue, Settings};
use crate::time::Instant;

/// A channel: settings, access, and whether it is open.
///
/// Before it opens it is empty, and nobody finds it. It is worked out from its events by
/// [`Decider::replay`](crate::decider::Decider::replay).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Channel {
    /// Boxed, because deciders pass their state on by value.
    pub(super) open: Option<Box<Open>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Open {
    pub(super) at: Instant,
    pub(super) whatsapp: Option<WhatsAppLine>,
    pub(super) settings: Settings,
    pub(super) settings_version: Version,
    pub(super) access: Access,
    pub(super) access_version: Version,
    /// The ends of grants that have not been noted as ended.
    pub(super) ends: BTreeSet<(Instant, UserId)>,
    pub(super) closed: Option<(Instant, Cause)>,
}

impl Channel {
    /// Its id, once it is open.
    #[must_use]
    pub fn id(&self) -> Option<ChannelId> {
        self.open.as_deref().map(|open| open.access.channel())
    }

    /// Its settings, once it is open.
    #[must_use]
    pub fn settings(&self) -> Option<&Settings> {
        self.open.as_deref().map(|open| &open.settings)
    }

    /// How often its settings have changed (`settings.version`).
    #[must_use]
    pub fn settings_version(&self) -> Version {
        self.open.as_deref().map(|open| open.settings_version).unwrap_or_default()
    }

    /// Who has access to it, once it is open.
    #[must_use]
    pub fn access(&self) -> Option<&Access> {
        self.open.as_deref().map(|open| &open.access)
    }

    /// How often its access has been changed (`settings.version`). That a grant ends is no change.
    #[must_use]
    pub fn access_version(&self) -> Version {
        self.open.as_deref().map(|open| open.access_version).unwrap_or_default()
    }

    /// Where it is on WhatsApp, if it is.
    #[must_use]
    pub fn whatsapp(&self) -> Option<&WhatsAppLine> {
        self.open.as_deref()?.whatsapp.as_ref()
    }

    /// When and why it was closed, if it was (`channel.close`).
    #[must_use]
    pub fn closed(&self) -> Option<(Instant, Cause)> {
        self.open.as_deref()?.closed
    }

    /// Whether a person may do something here at an instant: [`Access::decide`], *not found* before it opens, and once it is
    /// closed only what reads its history and changes who may (`channel.close`).
    pub fn decide_access(&self, principal: &Principal, action: Action, now: Instant) -> Decision {
        let Some(access) = self.access() else { return Decision::Denied(Denied::no_channel(action)) };
        match (access.decide(principal, action, now), self.closed()) {
            (Decision::Allowed, Some((at, _))) if !outlives(action) => Decision::Denied(Denied::closed(action, at)),
            (decision, _) => decision,
        }
    }

    /// What holds in it now for the conversations in it, once it is open: to be handed to their decisions
    /// ([`Context::with_channel`](crate::decider::Context::with_channel)).
    #[must_use]
    pub fn rules(&self, organisation: &AutoResolvePolicy) -> Option<ChannelRules> {
        let open = self.open.as_deref()?;
        let settings = &open.settings;
        let mut rules = ChannelRules::BUILT_IN;
        rules.settings_version = open.settings_version;
        rules.auto_assignment = settings.auto_assignment().value;
        rules.auto_resolve_new = settings.window(OpenQueue::New, organisation);
        rules.auto_resolve_pending = settings.window(OpenQueue::Pending, organisation);
        rules.resolve_reason = settings.resolve_reason().value;
        rules.warning = settings.closing_warning();
        rules.reply_policy = settings.reply_policy();
        rules.status = if open.closed.is_some() { ChannelStatus::Closed } else { ChannelStatus::Open };
        Some(rules)
    }

    pub(super) fn next_end(&self) -> Option<Instant> {
        self.open.as_deref()?.ends.first().map(|(at, _)| *at)
    }

    pub(super) fn after(mut self, event: &Event) -> Self {
        if let Change::Opened(opening) = &event.change {
            self.open = Some(Box::new(Open::new(opening, event.at)));
        } else if let Some(open) = &mut self.open {
            open.take(event);
        }
        self
    }
}

impl Open {
    fn new(opening: &Opening, at: Instant) -> Self {
        let mut open = Self {
            at,
            whatsapp: opening.whatsapp.clone(),
            settings: Settings::new(opening.name.clone()),
            settings_version: Version::FIRST,
            access: Access::new(opening.id),
            access_version: Version::FIRST,
            ends: BTreeSet::new(),
            closed: None,
        };
        for grant in &opening.grants {
            open.set(grant.holder(), Some(*grant));
        }
        open
    }

    fn take(&mut self, event: &Event) {
        match &event.change {
            Change::Opened(_) => {}
            Change::SettingsChanged { version, changes } => {
                for change in changes {
                    self.settings.apply(change);
                }
                self.settings_version = *version;
            }
            Change::AccessChanged { version, changes } => {
                for change in changes {
                    self.set(change.holder, change.is);
                }
                self.access_version = *version;
            }
            Change::GrantsEnded { grants } => {
                for end in grants.iter().filter_map(end) {
                    self.ends.remove(&end);
                }
            }
            Change::Closed { cause, .. } => self.closed = Some((event.at, *cause)),
        }
    }

    fn set(&mut self, holder: Holder, grant: Option<Grant>) {
        if let Some(end) = self.access.grant(holder).as_ref().and_then(end) {
            self.ends.remove(&end);
        }
        self.access.set(holder, grant);
        self.ends.extend(self.access.grant(holder).as_ref().and_then(end));
    }
}

/// Whether an action can still be done when the channel is closed: its history stays readable.
const fn outlives(action: Action) -> bool {
    matches!(action, Action::View | Action::ViewReports | Action::ChangeAccess | Action::ActForBrand)
}

/// When a grant ends and whose it is, if it ends.
fn end(grant: &Grant) -> Option<(Instant, UserId)> {
    match grant {
        Grant::User { user, ends: Some(at), .. } => Some((*at, *user)),
        _ => None,
    }
}
