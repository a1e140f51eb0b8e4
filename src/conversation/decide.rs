//! What a command does to a conversation.

use super::deadline::Due;
use super::label::{MOST_LABELS, MOST_NOTES};
use super::refused::SNOOZE;
use super::{
    Assignment, Change, Command, Conversation, Event, Input, Kind, Label, LabelKind, MessageKind, Queue, Refused,
    Release, ResolveCause, Warned, Warning, WarningOutcome,
};
use crate::access::{Action, Least, Role};
use crate::decider::{Actor, ChannelRules, ChannelStatus, Context, OwnerAccess, SignOut};
use crate::id::{ChannelId, ConversationId, MessageId, NoteId, UserId};
use crate::settings::{AutoAssignment, OpenQueue, ReplyPolicy};
use crate::time::Instant;

/// No conversation has more due at once: release, wake, warn, resolve.
const MOST_DUE: usize = 8;

impl Conversation {
    /// The kinds of command that may be given now, by somebody with this role in the channel: a kind is listed if and only
    /// if no refusal of the class [`Situation`](crate::decider::Class::Situation) awaits it.
    pub fn allowed<'a>(&'a self, context: &'a Context<'_>) -> impl Iterator<Item = Kind> + 'a {
        Kind::ALL.into_iter().filter(move |kind| self.situation(*kind, context).is_ok())
    }

    pub(super) fn decided(&self, command: Command, context: &Context<'_>) -> Result<Vec<Event>, Refused> {
        let kind = command.kind();
        self.actor_fits(kind, context)?;
        let (mut events, settled) = self.settled(kind, context.now, context.channel);
        let conversation = settled.as_ref().unwrap_or(self);
        conversation.state_fits(kind, context)?;
        let changes = conversation.changes(command, context)?;
        let (at, by) = (context.now, context.actor);
        let done = changes.into_iter().map(|change| Event { at, by, change });
        if kind == Kind::ApplySettings {
            for event in done {
                let applied = conversation.clone().after(&event);
                events.push(event);
                events.extend(applied.settled(kind, context.now, context.channel).0);
            }
        } else {
            events.extend(done);
        }
        Ok(events)
    }

    /// What is due, and the conversation after it; nothing where nothing is. What a deadline means holds from its instant
    /// on, so it comes before what is asked for now. Warnings are for time alone.
    pub(super) fn settled(&self, kind: Kind, now: Instant, rules: &ChannelRules) -> (Vec<Event>, Option<Self>) {
        let (mut events, mut settled): (Vec<Event>, Option<Self>) = (Vec::new(), None);
        for _ in 0..MOST_DUE {
            let conversation = settled.as_ref().unwrap_or(self);
            let due = match kind {
                Kind::Tick => conversation.due(now),
                _ => conversation.due_silently(now),
            };
            let Some((at, due)) = due else { break };
            let change = conversation.due_change(at, due, now, rules);
            let event = Event { at: now, by: Actor::System, change };
            settled = Some(settled.unwrap_or_else(|| self.clone()).after(&event));
            events.push(event);
        }
        (events, settled)
    }

    fn due_change(&self, at: Instant, due: Due, now: Instant, rules: &ChannelRules) -> Change {
        match due {
            Due::Wake => Change::Moved { to: Queue::New, at, given: rules.given(OpenQueue::New) },
            Due::Release { owner } => Change::Unassigned { owner, why: Release::SignedOut },
            Due::Warn { try_number } => {
                let free_text = self.may_send(MessageKind::FreeText, now).is_ok();
                let attempt = self.warnings.saturating_add(1);
                match (free_text, rules.warning.is_always()) {
                    // channel.close
                    _ if rules.status == ChannelStatus::Closed => Change::WarningSkipped,
                    (true, _) => Change::WarningBegun { attempt, try_number, kind: MessageKind::FreeText },
                    (false, true) => Change::WarningBegun { attempt, try_number, kind: MessageKind::Template },
                    (false, false) => Change::WarningSkipped,
                }
            }
            Due::Unanswered { attempt, try_number } => Change::WarningFailed { attempt, try_number },
            Due::Resolve => {
                let warned = match (self.warning(), self.given().and_then(|given| given.warn_before_minutes)) {
                    (Warning::None, None) => Warned::NotAsked,
                    (Warning::None, Some(_)) => Warned::Missed,
                    (Warning::Sent { .. }, _) => Warned::Sent,
                    (Warning::Skipped, _) => Warned::NoWay,
                    (Warning::Begun { .. } | Warning::Failed { .. }, _) => Warned::Failed,
                };
                let reason = rules.resolve_reason.clone();
                Change::Resolved { at, cause: Box::new(ResolveCause::AutoResolve { reason, warned }) }
            }
        }
    }

    /// What a command that the situation allows changes, in order.
    fn changes(&self, command: Command, context: &Context<'_>) -> Result<Vec<Change>, Refused> {
        let now = context.now;
        let rules = context.channel;
        Ok(match command {
            Command::Begin { id, channel } => begin(id, channel, context)?,
            Command::Receive { message, sent_at } => {
                self.receive(message, sent_at.map_or(now, |at| at.min(now)), rules)
            }
            Command::Reply { message, kind } => self.reply(message, kind, context)?,
            Command::Move { to } => self.move_to(to, now, rules),
            Command::Take => self.assign(context.actor.user(), Assignment::Taken),
            Command::Assign { to } if Some(to.channel()) != self.channel => return Err(Refused::OtherChannel),
            Command::Assign { to } => self.assign(Some(to.user()), Assignment::ByHand),
            Command::Unassign => self.unassign(|_| true, Release::ByHand),
            Command::LoseAccess { user } => self.unassign(|owner| owner == user, Release::AccessLost),
            Command::Snooze { until } => self.snooze(until, now)?,
            Command::Wake => vec![Change::Moved { to: Queue::New, at: now, given: rules.given(OpenQueue::New) }],
            Command::EditTags { add, remove } => self.edit(LabelKind::Tag, add, &remove)?,
            Command::EditTopics { add, remove } => self.edit(LabelKind::Topic, add, &remove)?,
            Command::AddNote(note) => self.add_note(note)?,
            Command::RemoveNote(note) => {
                if self.notes().any(|known| known == note) {
                    vec![Change::NoteRemoved { note }]
                } else {
                    Vec::new()
                }
            }
            Command::SignOut { user } => self.sign_out(user, context.policy.sign_out),
            Command::SignIn { user } => self.sign_in(user),
            Command::ReportWarning { attempt, outcome } => self.report(attempt, outcome),
            Command::ApplySettings => self.apply(rules),
            Command::CloseWithChannel { reason } => {
                self.resolve(Input::ChannelCloses, now, ResolveCause::ChannelClosed { reason })
            }
            Command::Tick => Vec::new(),
        })
    }

    /// `conversation.inbound`: into New, from Resolved without an owner, from a snooze by waking.
    fn receive(&self, message: MessageId, sent_at: Instant, rules: &ChannelRules) -> Vec<Change> {
        let entry = self.enters(Input::CustomerMessage).then(|| rules.given(OpenQueue::New));
        let signed_out = self.stay().and_then(|stay| stay.owner).is_some_and(|owner| owner.signed_out_at.is_some());
        let releases_owner = signed_out && self.recorded_queue() == Some(Queue::Pending);
        vec![Change::CustomerWrote { message, sent_at, entry, releases_owner }]
    }

    /// `conversation.reply`, `conversation.auto-assign`, `conversation.window`
    fn reply(&self, message: MessageId, kind: MessageKind, context: &Context<'_>) -> Result<Vec<Change>, Refused> {
        let rules = context.channel;
        // What somebody wrote on the brand's phone has been sent, whatever was allowed.
        if context.actor != Actor::BrandPhone {
            self.may_send(kind, context.now)?;
        }
        let entry = self.enters(Input::Reply).then(|| rules.given(OpenQueue::Pending));
        let mut changes = vec![Change::Replied { message, kind, sent_at: context.now, entry }];
        // access.revoke-impact: an owner who may not reply counts as none.
        let lost = context.owner_access == OwnerAccess::Lost;
        let unowned = lost || self.stay().is_none_or(|stay| stay.owner.is_none());
        if let (AutoAssignment::On, true, Some(owner)) = (rules.auto_assignment, unowned, context.actor.user()) {
            changes.push(Change::Assigned { owner, how: Assignment::FirstReply });
        }
        Ok(changes)
    }

    /// A move to the same queue changes nothing, but that it ends a snooze.
    fn move_to(&self, to: Queue, now: Instant, rules: &ChannelRules) -> Vec<Change> {
        let input = match to {
            Queue::New => Input::MoveToNew,
            Queue::Pending => Input::MoveToPending,
            Queue::Resolved => return self.resolve(Input::MoveToResolved, now, ResolveCause::ByHand),
        };
        match to.open() {
            Some(queue) if self.enters(input) => vec![Change::Moved { to, at: now, given: rules.given(queue) }],
            _ => Vec::new(),
        }
    }

    /// Whether an input puts it into another queue.
    fn moves(&self, input: Input) -> bool {
        self.recorded_queue().is_some_and(|queue| queue != queue.after(input))
    }

    /// `conversation.resolve-unassigns`
    fn resolve(&self, input: Input, at: Instant, cause: ResolveCause) -> Vec<Change> {
        if self.moves(input) { vec![Change::Resolved { at, cause: Box::new(cause) }] } else { Vec::new() }
    }

    /// Whether an input makes it enter a queue: from another one, or out of a snooze.
    fn enters(&self, input: Input) -> bool {
        self.moves(input) || self.stay().is_some_and(|stay| stay.snoozed_until.is_some())
    }

    /// `conversation.manual-assign`
    fn assign(&self, to: Option<UserId>, how: Assignment) -> Vec<Change> {
        let owner = self.stay().and_then(|stay| stay.owner).map(|owner| owner.user);
        match to {
            Some(user) if owner != to => vec![Change::Assigned { owner: user, how }],
            _ => Vec::new(),
        }
    }

    fn unassign(&self, if_it_is: impl FnOnce(UserId) -> bool, why: Release) -> Vec<Change> {
        match self.stay().and_then(|stay| stay.owner) {
            Some(owner) if if_it_is(owner.user) => vec![Change::Unassigned { owner: owner.user, why }],
            _ => Vec::new(),
        }
    }

    /// `conversation.snooze`: to the millisecond between the two ends.
    fn snooze(&self, until: Instant, now: Instant) -> Result<Vec<Change>, Refused> {
        let minutes = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        if until < now.plus_minutes(minutes(SNOOZE.min)) || until > now.plus_minutes(minutes(SNOOZE.max)) {
            let given_minutes = until.since(now).as_secs().checked_div(60).unwrap_or(0);
            return Err(Refused::SnoozeLength { given_minutes, until });
        }
        let same = self.stay().is_some_and(|stay| stay.snoozed_until == Some(until));
        Ok(if same { Vec::new() } else { vec![Change::Snoozed { until }] })
    }

    /// `conversation.tags`: sets, so that adding what is there and removing what is not changes nothing.
    fn edit(&self, kind: LabelKind, mut add: Vec<Label>, remove: &[Label]) -> Result<Vec<Change>, Refused> {
        add.sort_unstable();
        add.dedup();
        add.retain(|label| !self.has_label(kind, label) && !remove.contains(label));
        let removed: Vec<Label> = self.labels(kind).filter(|label| remove.contains(label)).cloned().collect();
        let count = self.labels(kind).count().saturating_sub(removed.len()).saturating_add(add.len());
        if count > MOST_LABELS && !add.is_empty() {
            return Err(Refused::TooManyLabels { kind, count });
        }
        let nothing = add.is_empty() && removed.is_empty();
        Ok(if nothing { Vec::new() } else { vec![Change::LabelsChanged { kind, added: add, removed }] })
    }

    /// `conversation.tags`
    fn add_note(&self, note: NoteId) -> Result<Vec<Change>, Refused> {
        if self.notes().any(|known| known == note) {
            return Ok(Vec::new());
        }
        if self.notes().count() >= MOST_NOTES {
            return Err(Refused::TooManyNotes);
        }
        Ok(vec![Change::NoteAdded { note }])
    }

    /// `conversation.sign-out`
    fn sign_out(&self, user: UserId, policy: SignOut) -> Vec<Change> {
        let owner = self.stay().and_then(|stay| stay.owner);
        let counts = owner.is_some_and(|owner| owner.user == user && owner.signed_out_at.is_none());
        if counts && policy == SignOut::Releases { vec![Change::OwnerSignedOut] } else { Vec::new() }
    }

    fn sign_in(&self, user: UserId) -> Vec<Change> {
        let owner = self.stay().and_then(|stay| stay.owner);
        let counts = owner.is_some_and(|owner| owner.user == user && owner.signed_out_at.is_some());
        if counts { vec![Change::OwnerSignedIn] } else { Vec::new() }
    }

    /// `conversation.warn`: an answer to an attempt that nobody waits for is ignored.
    fn report(&self, attempt: u32, outcome: WarningOutcome) -> Vec<Change> {
        match (self.warning(), outcome) {
            (Warning::Begun { attempt: begun, .. }, WarningOutcome::Sent) if begun == attempt => {
                vec![Change::WarningSent { attempt }]
            }
            (Warning::Begun { attempt: begun, try_number, .. }, WarningOutcome::Failed) if begun == attempt => {
                vec![Change::WarningFailed { attempt, try_number }]
            }
            _ => Vec::new(),
        }
    }

    /// `settings.auto-resolve-apply`: what is snoozed gets a fresh window when it wakes anyway.
    pub(super) fn apply(&self, rules: &ChannelRules) -> Vec<Change> {
        let stay = self.stay().filter(|stay| stay.snoozed_until.is_none());
        let (Some(stay), Some(queue)) = (stay, self.recorded_queue().and_then(Queue::open)) else { return Vec::new() };
        let given = rules.given(queue);
        if given.window == stay.given.window { Vec::new() } else { vec![Change::GivenWindow { given }] }
    }

    /// Whether the situation refuses a kind of command.
    fn situation(&self, kind: Kind, context: &Context<'_>) -> Result<(), Refused> {
        self.actor_fits(kind, context)?;
        let settled = self.settled(kind, context.now, context.channel).1;
        settled.as_ref().unwrap_or(self).state_fits(kind, context)
    }

    /// Whether it is where a kind of command does something, after what was due.
    fn state_fits(&self, kind: Kind, context: &Context<'_>) -> Result<(), Refused> {
        let Some(queue) = self.recorded_queue() else {
            return if matches!(kind, Kind::Begin | Kind::Tick) { Ok(()) } else { Err(Refused::NotBegun) };
        };
        match kind {
            Kind::Begin => Err(Refused::AlreadyBegun),
            Kind::Take | Kind::Assign | Kind::Snooze if queue == Queue::Resolved => {
                Err(Refused::Resolved { act: kind })
            }
            Kind::Wake if self.snoozed_until(context.now).is_none() => Err(Refused::NotSnoozed),
            Kind::Reply if context.actor != Actor::BrandPhone => self.may_reply(context),
            _ => Ok(()),
        }
    }

    /// Who may give a kind of command, and with what role (`access.by-effect`).
    fn actor_fits(&self, kind: Kind, context: &Context<'_>) -> Result<(), Refused> {
        let organisation = self.id.map(ConversationId::organisation);
        let (user, admin) = match context.actor {
            Actor::Admin(user) => (Some(user), true),
            Actor::User(user) => (Some(user), false),
            _ => (None, false),
        };
        let foreign = user.zip(organisation).is_some_and(|(user, ours)| user.organisation() != ours);
        if foreign || (user.is_some() && !admin && context.role.is_none()) {
            return Err(Refused::NotFound);
        }
        if !kind.may_come_from(context.actor.party()) {
            return Err(Refused::WrongActor { act: kind });
        }
        if context.actor == Actor::BrandPhone && kind != Kind::Reply {
            return Err(Refused::WrongActor { act: kind });
        }
        match kind.action().map(Action::least) {
            Some(Least::Role(needed)) if user.is_some() && context.role < Some(needed) => {
                Err(Refused::RoleTooLow { act: kind, held: context.role, needed })
            }
            Some(Least::Admin) if user.is_some() && !admin => Err(Refused::AdminOnly { act: kind }),
            _ => Ok(()),
        }
    }

    /// `conversation.reply-policy`, `channel.close`. An owner who may not reply counts as none (`access.revoke-impact`).
    fn may_reply(&self, context: &Context<'_>) -> Result<(), Refused> {
        let rules = context.channel;
        if rules.status == ChannelStatus::Closed {
            return Err(Refused::ChannelClosed);
        }
        let (Some(owner), Some(user)) = (self.owner(context.now), context.actor.user()) else { return Ok(()) };
        let supervises = context.role >= Some(Role::Supervisor);
        match rules.reply_policy {
            _ if owner == user || context.owner_access == OwnerAccess::Lost => Ok(()),
            ReplyPolicy::Anyone => Ok(()),
            ReplyPolicy::OwnerAndSupervisors if supervises => Ok(()),
            policy => Err(Refused::NotTheOwner { policy, owner }),
        }
    }
}

/// All of one organisation (`access.tenant`).
fn begin(id: ConversationId, channel: ChannelId, context: &Context<'_>) -> Result<Vec<Change>, Refused> {
    let ours = id.organisation();
    if channel.organisation() != ours || context.actor.user().is_some_and(|user| user.organisation() != ours) {
        return Err(Refused::OtherOrganisation);
    }
    Ok(vec![Change::Begun { id, channel, given: context.channel.given(OpenQueue::New) }])
}
