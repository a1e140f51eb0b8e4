//! What a command does to a template.

use super::state::Known;
use super::{
    Act, Adoption, Change, Command, Creation, Definition, DefinitionDraft, Kind, Outcome, Refused, Standing, Template,
};
use crate::access::Role;
use crate::decider::{Actor, Context};
use crate::time::Instant;
use crate::whatsapp::{TemplateCategory, TemplateUse};

impl Template {
    /// The kinds of command that may be given now: a kind is listed if and only if no refusal of the class
    /// [`Situation`](crate::decider::Class::Situation) awaits it.
    pub fn allowed<'a>(&'a self, context: &'a Context<'_>) -> impl Iterator<Item = Kind> + 'a {
        Kind::ALL.into_iter().filter(|kind| self.situation(*kind, context).is_ok())
    }

    /// Whether the situation refuses a kind of command.
    pub(super) fn situation(&self, kind: Kind, context: &Context<'_>) -> Result<(), Refused> {
        self.actor(kind, context.actor, context.role)?;
        let now = context.now;
        let Some(known) = self.known.as_deref() else {
            return match kind {
                Kind::Create => room(context.template_use, now),
                Kind::Adopt => Ok(()),
                _ => Err(Refused::NotKnown),
            };
        };
        let Some(act) = kind.act() else {
            return if kind == Kind::Adopt { Err(Refused::AlreadyKnown) } else { Ok(()) };
        };
        let standing = self.standing(now);
        if standing.acted(act).is_none() {
            return Err(Refused::Standing { act, standing });
        }
        if let Some(since) = known.waits_since() {
            return Err(Refused::CallOpen { since });
        }
        match act {
            Act::Create => {
                if let Some(until) = known.name_blocked_until(now) {
                    return Err(Refused::NameBlocked { until });
                }
                room(context.template_use, now)
            }
            Act::Edit => known.may_edit(self.edit_allowed_from(now), now),
            Act::Appeal | Act::Unpause | Act::Delete => Ok(()),
        }
    }

    fn actor(&self, kind: Kind, actor: Actor, role: Option<Role>) -> Result<(), Refused> {
        let ours = |known: &Known| match actor {
            Actor::Admin(user) => user.organisation() == known.organisation(),
            Actor::User(user) => role.is_some() && user.organisation() == known.organisation(),
            _ => true,
        };
        let found = self.known.as_deref().map_or(kind == Kind::Create || actor.user().is_none(), ours);
        if !found {
            return Err(Refused::NotFound);
        }
        if !kind.may_come_from(actor.party()) {
            return Err(Refused::WrongActor { act: kind });
        }
        if matches!(actor, Actor::User(_) | Actor::BrandPhone) {
            return Err(Refused::AdminOnly { act: kind });
        }
        Ok(())
    }

    /// What a command that the situation allows changes, if anything.
    pub(super) fn change(&self, command: Command, context: &Context<'_>) -> Result<Option<Change>, Refused> {
        let Some(known) = self.known.as_deref() else {
            return match command {
                Command::Create(creation) => create(*creation, 1, context).map(Some),
                Command::Adopt(adoption) => adopted(*adoption).map(Some),
                _ => Ok(None),
            };
        };
        let call = known.next_call();
        let change = match command {
            Command::Create(creation) => {
                if creation.id != known.id || creation.account != known.account {
                    return Err(Refused::OtherTemplate);
                }
                same_key(known, &creation.definition)?;
                Some(create(*creation, call, context)?)
            }
            Command::Adopt(_) => None,
            Command::Edit(definition) => known.edit(definition, call, context.now)?,
            Command::Appeal => Some(Change::Appealed { call }),
            Command::Unpause => Some(Change::Unpaused { call }),
            Command::Delete => Some(Change::DeletionAsked { call }),
            Command::Switch(to) => (to != known.switch).then_some(Change::Switched { to }),
            Command::Answer { call, outcome } => {
                let found = known.calls.iter().find(|known| known.number == call);
                let found = found.ok_or(Refused::UnknownCall { call })?;
                // The first answer stands; that none came is only told where there is none.
                let open = matches!(found.outcome, None | Some(Outcome::Unknown)) && found.outcome != Some(outcome);
                open.then_some(Change::Answered { call, outcome })
            }
            Command::Observe { id, at, fact } => {
                let since = at.unwrap_or(context.now);
                (!known.knows(id)).then_some(Change::Observed { id, since, fact })
            }
            Command::Read(reading) => {
                known.reading.as_ref().is_none_or(|kept| *kept < reading).then_some(Change::Read(reading))
            }
        };
        Ok(change)
    }
}

/// `template.account-limits`. Where the host tells nothing of the account, nothing is known to stand in the way.
fn room(used: Option<&TemplateUse>, now: Instant) -> Result<(), Refused> {
    used.map_or(Ok(()), |used| used.may_create(now)).map_err(Refused::Account)
}

fn create(creation: Creation, call: u32, context: &Context<'_>) -> Result<Change, Refused> {
    let Creation { id, account, definition } = creation;
    if context.actor.user().is_some_and(|user| user.organisation() != id.organisation()) {
        return Err(Refused::OtherOrganisation);
    }
    sound(&definition)?;
    Ok(Change::Created { id, account, call, definition: Box::new(definition) })
}

fn adopted(adoption: Adoption) -> Result<Change, Refused> {
    let Adoption { id, account, key, definition } = adoption;
    if definition.as_ref().is_some_and(|definition| *definition.key() != key) {
        return Err(Refused::OtherKey);
    }
    Ok(Change::Adopted { id, account, key, definition: definition.map(Box::new) })
}

/// What was read leniently from Meta and put into a command is asked for again: it keeps to the rules of today.
fn sound(definition: &Definition) -> Result<(), Refused> {
    let checked = DefinitionDraft::from(definition).check();
    checked.map(|_| ()).map_err(|faults| Refused::Unsound { faults: faults.as_slice().len() })
}

/// `template.name`
fn same_key(known: &Known, definition: &Definition) -> Result<(), Refused> {
    if *definition.key() == known.key { Ok(()) } else { Err(Refused::OtherKey) }
}

impl Known {
    /// `template.edit-budget`
    fn may_edit(&self, from: Option<Instant>, now: Instant) -> Result<(), Refused> {
        if let Some(since) = self.fold.locked {
            return Err(Refused::Locked { since });
        }
        match from {
            Some(from) if now < from => Err(Refused::EditBudget { from }),
            _ => Ok(()),
        }
    }

    fn edit(&self, definition: Box<Definition>, call: u32, now: Instant) -> Result<Option<Change>, Refused> {
        let (was, _) = self.fold.at(now);
        same_key(self, &definition)?;
        let category = |one: &TemplateCategory| one != definition.category();
        if was == Standing::Approved && self.fold.category_at(now).is_some_and(category) {
            return Err(Refused::CategoryFixed);
        }
        sound(&definition)?;
        let same = self.definition() == Some(&*definition);
        // The same again changes nothing where Meta has approved it; where it has not, it is handed in anew.
        Ok((!same || was != Standing::Approved).then_some(Change::Edited { call, was, definition }))
    }
}
