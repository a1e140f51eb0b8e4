//! What a command does to a channel.

use super::state::Open;
use super::{Cause, Change, Channel, Command, Kind, Opening, Refused, WhatsAppLine};
use crate::access::{Access, AccessChange, Grant, Holder, Role};
use crate::decider::{Actor, Context, Version};
use crate::settings::{ChannelName, ResolveReason, SettingChange, SettingsPatch, WindowBounds};
use crate::time::Instant;

impl Channel {
    /// The kinds of command that may be given, which no passing of time changes: a kind is listed if and only if no refusal of the class
    /// [`Situation`](crate::decider::Class::Situation) awaits it.
    pub fn allowed(&self, actor: Actor) -> impl Iterator<Item = Kind> + '_ {
        Kind::ALL.into_iter().filter(move |kind| self.situation(*kind, actor, None).is_ok())
    }

    /// Whether the situation refuses a kind of command.
    pub(super) fn situation(&self, kind: Kind, actor: Actor, role: Option<Role>) -> Result<(), Refused> {
        let found = |open: &Open| match actor {
            Actor::Admin(user) => user.organisation() == open.access.organisation(),
            Actor::User(user) => role.is_some() && user.organisation() == open.access.organisation(),
            _ => true,
        };
        match self.open.as_deref() {
            None if actor.user().is_some() => return Err(Refused::NotFound),
            Some(open) if !found(open) => return Err(Refused::NotFound),
            _ => {}
        }
        if !kind.may_come_from(actor.party()) {
            return Err(Refused::WrongActor { act: kind });
        }
        if matches!(actor, Actor::User(_) | Actor::BrandPhone) {
            return Err(Refused::AdminOnly { act: kind });
        }
        let Some(open) = self.open.as_deref() else {
            return if matches!(kind, Kind::Open | Kind::Tick) { Ok(()) } else { Err(Refused::NotOpened) };
        };
        match (kind, open.closed) {
            (Kind::Open, _) => Err(Refused::AlreadyOpened { at: open.at }),
            (Kind::ChangeSettings | Kind::Close, Some((at, _))) => Err(Refused::Closed { at }),
            (Kind::LoseAccount, _) if open.whatsapp.is_none() => Err(Refused::NotOnWhatsApp),
            _ => Ok(()),
        }
    }

    /// The grants that have come to their end and are not noted as ended (`access.expiry`).
    pub(super) fn ended(&self, now: Instant) -> Option<Change> {
        let open = self.open.as_deref()?;
        let due = open.ends.iter().take_while(|(at, _)| *at <= now);
        let grants: Vec<Grant> = due.filter_map(|(_, user)| open.access.grant(Holder::User(*user))).collect();
        (!grants.is_empty()).then_some(Change::GrantsEnded { grants })
    }

    /// What a command that the situation allows changes, if anything.
    pub(super) fn change(&self, command: Command, context: &Context<'_>) -> Result<Option<Change>, Refused> {
        let Some(open) = self.open.as_deref() else {
            return match command {
                Command::Open(opening) => opened(opening),
                _ => Ok(None),
            };
        };
        match command {
            Command::Open(_) => Ok(None),
            Command::ChangeSettings { on, patch } => {
                open.change_settings(on, &patch, context.policy.auto_resolve.bounds)
            }
            Command::ChangeAccess { on, changes } => open.change_access(on, &changes, context.now),
            Command::Forget(leaver) => {
                let after = open.access.after(&[AccessChange::Revoke(leaver.into())])?;
                Ok(open.access_changed(&after))
            }
            Command::Close => Ok(open.close(Cause::Admin)),
            Command::LoseAccount { account, number, phone_number, loss } => {
                let named = |line: &WhatsAppLine| {
                    number.is_none_or(|number| number == line.number)
                        && phone_number.as_ref().is_none_or(|id| *id == line.phone_number)
                };
                let ours = open.whatsapp.as_ref().is_some_and(|line| line.account == account && named(line));
                if ours { Ok(open.close(loss.into())) } else { Err(Refused::OtherAccount) }
            }
            Command::Tick => Ok(self.ended(context.now)),
        }
    }
}

/// What somebody could have read leniently and put into a command is asked for again: it keeps to the rules of today.
fn sound(name: &ChannelName) -> Result<(), Refused> {
    ChannelName::new(name.as_str()).map(|_| ()).map_err(Refused::Text)
}

/// `onboarding.channel-appears`
fn opened(opening: Box<Opening>) -> Result<Option<Change>, Refused> {
    sound(&opening.name)?;
    Access::of(opening.id, opening.grants.iter().copied())?;
    Ok(Some(Change::Opened(opening)))
}

impl Open {
    /// `settings.version`, `settings.patch`, `settings.auto-resolve-bounds`
    fn change_settings(
        &self,
        on: Version,
        patch: &SettingsPatch,
        bounds: WindowBounds,
    ) -> Result<Option<Change>, Refused> {
        if on != self.settings_version {
            return Err(Refused::OldSettings { given: on, current: self.settings_version });
        }
        let changes = self.settings.changes(patch);
        for change in &changes {
            match change {
                SettingChange::AutoResolve { queue, is, .. } => {
                    let window = is.window().map_or(Ok(()), |window| bounds.check(window).map(|_| ()));
                    window.map_err(|error| Refused::Window { queue: *queue, error })?;
                }
                SettingChange::Name { is, .. } => sound(is)?,
                SettingChange::ResolveReason { is, .. } => {
                    ResolveReason::new(is.as_str()).map_err(Refused::Text)?;
                }
                SettingChange::AutoAssignment { .. }
                | SettingChange::ClosingWarning { .. }
                | SettingChange::ReplyPolicy { .. } => {}
            }
        }
        let version = self.settings_version.next();
        Ok((!changes.is_empty()).then_some(Change::SettingsChanged { version, changes }))
    }

    /// All of it or none, on the version that was seen (`settings.version`, `access.tenant`). A grant that would have ended
    /// already is refused (ours: it would give nothing, and is a mistake in the date; `access.expiry`).
    fn change_access(&self, on: Version, changes: &[AccessChange], now: Instant) -> Result<Option<Change>, Refused> {
        if on != self.access_version {
            return Err(Refused::OldAccess { given: on, current: self.access_version });
        }
        let recorded = self.access_changed(&self.access.after(changes)?);
        if let Some(Change::AccessChanged { changes, .. }) = &recorded {
            for change in changes {
                if let Some(ends) = change.is.and_then(|grant| grant.ended(now)) {
                    return Err(Refused::EndsInPast { holder: change.holder, ends, now });
                }
            }
        }
        Ok(recorded)
    }

    /// A change that changes nothing records nothing.
    fn access_changed(&self, after: &Access) -> Option<Change> {
        let changes = self.access.changes_to(after);
        (!changes.is_empty()).then_some(Change::AccessChanged { version: self.access_version.next(), changes })
    }

    /// `channel.close`. The first cause that is told is the one that is kept: nothing follows from which it was.
    fn close(&self, cause: Cause) -> Option<Change> {
        let number = self.whatsapp.as_ref().map(|line| line.number);
        self.closed.is_none().then_some(Change::Closed { cause, number })
    }
}
