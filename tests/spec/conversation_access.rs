//! What a change of access, and a channel that closes, do to conversations.

use whatsapp_inbox::access::{Access, AccessChange, Grant, Holder, Principal, Role};
use whatsapp_inbox::channel::Cause;
use whatsapp_inbox::conversation::*;
use whatsapp_inbox::decider::{Actor, Decider, OwnerAccess};
use whatsapp_inbox::id::{ChannelId, ConversationId, TeamId, UserId};
use whatsapp_inbox::translation::close_conversation;
use whatsapp_inbox::uuid::Uuid;

use crate::conversation_case::*;

const CID: UserId = UserId::new(ORGANISATION, Uuid::from_u128(9));
const TEAM: TeamId = TeamId::new(ORGANISATION, Uuid::from_u128(50));
const OTHER_CHANNEL: ChannelId = ChannelId::new(ORGANISATION, Uuid::from_u128(999));
const TWIN_CHANNEL: ChannelId = ChannelId::new(OTHER_ORGANISATION, CHANNEL.uuid());

/// Ana has a grant of her own, Ben is a contributor of a team, Cid is one of all users, and so are the others.
fn people() -> [Principal; 3] {
    [Principal::user(ANA), Principal::user(BEN).in_team(TEAM, Role::Contributor), Principal::user(CID)]
}

fn access() -> Access {
    let all = Grant::AllUsers(Role::Contributor);
    Access::of(CHANNEL, [Grant::user(ANA, Role::Supervisor), Grant::Team(TEAM), all]).expect("one organisation")
}

/// A conversation of each owner, and of none, in each queue of each channel.
fn many() -> Vec<Conversation> {
    let mut many = Vec::new();
    for channel in [CHANNEL, OTHER_CHANNEL, TWIN_CHANNEL] {
        for queue in Queue::ALL {
            for owner in [None, Some(ANA), Some(BEN), Some(CID)] {
                let id = ConversationId::new(channel.organisation(), Uuid::from_u128(1000 + many.len() as u128));
                let here = |user: UserId| UserId::new(channel.organisation(), user.uuid());
                let mut talk = Talk::unbegun();
                talk.does(Actor::Customer, Command::Begin { id, channel });
                if let Some(owner) = owner {
                    talk.does(Actor::User(here(owner)), Command::Take);
                }
                talk.does(Actor::User(here(ANA)), to(queue));
                many.push(talk.0.state);
            }
        }
    }
    many
}

#[test]
fn access_revoke_impact_tells_before_and_after_which_conversations_lose_their_owner() {
    let now = at("2026-01-05T09:00:00Z");
    let (people, access, many) = (people(), access(), many());
    let all = Holder::AllUsers;
    for (changes, lose) in [
        (vec![AccessChange::Revoke(Holder::User(ANA))], vec![]),
        (vec![AccessChange::Revoke(all)], vec![CID]),
        (vec![AccessChange::Grant(Grant::ALL_USERS)], vec![CID]),
        (vec![AccessChange::Revoke(all), AccessChange::Revoke(Holder::User(ANA))], vec![ANA, CID]),
        (vec![AccessChange::Revoke(all), AccessChange::Grant(Grant::user(ANA, Role::Viewer))], vec![ANA, CID]),
        (vec![AccessChange::Revoke(all), AccessChange::Revoke(Holder::Team(TEAM))], vec![BEN, CID]),
        (vec![AccessChange::Grant(Grant::AllTeams)], vec![]),
    ] {
        // Given a change, when it is asked before it is made, then it tells the open conversations of who may reply no more,
        let impact = access.impact(&changes, &people, [], now).expect("one organisation");
        let before: Vec<LostOwner> = owners_lost(&impact, &many, now).collect();
        // each of the two open queues of this channel alone,
        assert_eq!(before.len(), 2 * lose.len(), "{changes:?}");
        assert!(before.iter().all(|lost| lose.contains(&lost.owner)));
        // and after it the same.
        let after = access.after(&changes).expect("one organisation");
        assert_eq!(owners_without_access(&after, &people, &many, now).collect::<Vec<_>>(), before);
        // When each of them is given its command, then none is left, and the command again changes nothing.
        let followed: Vec<Conversation> = many.iter().map(|conversation| followed(conversation, &before)).collect();
        assert_eq!(owners_without_access(&after, &people, &followed, now).count(), 0);
        assert_eq!(
            followed.iter().map(|conversation| self::followed(conversation, &before)).collect::<Vec<_>>(),
            followed
        );
        for (before, after) in many.iter().zip(&followed) {
            let kept = before.owner(now) == after.owner(now);
            assert!(kept || after.owner(now).is_none());
            assert_eq!(before.queue(now), after.queue(now));
        }
    }
}

/// The conversation after the commands that are for it.
fn followed(conversation: &Conversation, lost: &[LostOwner]) -> Conversation {
    let talk = Talk::unbegun();
    lost.iter().filter(|lost| conversation.id() == Some(lost.conversation)).fold(
        conversation.clone(),
        |before, lost| {
            let events = before.decide(lost.command(), &talk.context(Actor::System)).expect("the host gives it");
            events.iter().fold(before, Conversation::evolve)
        },
    )
}

#[test]
fn conversation_access_lost_is_worked_out_for_a_decision_from_grants_and_the_directory() {
    let now = at("2026-01-05T09:00:00Z");
    let mut talk = Talk::new();
    let owned = |talk: &Talk, owner: Option<&Principal>| talk.state.owner_access(&access(), owner, now);
    // Nobody's is held by nobody.
    assert_eq!(owned(&talk, None), OwnerAccess::Held);
    talk.does(AS_ANA, Command::Take);
    let [ana, ben, _] = people();
    assert_eq!(owned(&talk, Some(&ana)), OwnerAccess::Held);
    // Somebody the directory does not know, and somebody else, do not hold it, and neither does who may only view.
    assert_eq!(owned(&talk, None), OwnerAccess::Lost);
    assert_eq!(owned(&talk, Some(&ben)), OwnerAccess::Lost);
    let viewers = Access::of(CHANNEL, [Grant::ALL_USERS]).expect("one organisation");
    assert_eq!(talk.state.owner_access(&viewers, Some(&ana), now), OwnerAccess::Lost);
}

#[test]
fn channel_close_open_conversations_follow_with_the_cause_in_their_record() {
    let told = [Cause::Admin, Cause::Offboarded, Cause::AccountDeleted].map(|why| {
        let mut talk = Talk::new();
        talk.does(AS_ANA, Command::Take);
        let (_, cause) = cause(&talk.gives(Actor::System, close_conversation(why)));
        assert_eq!((talk.queue(), talk.owner()), (Some(Queue::Resolved), None));
        talk.idle(Actor::System, close_conversation(why));
        let ResolveCause::ChannelClosed { reason } = cause else { panic!("{cause:?}") };
        // What is recorded is a reason as any other.
        assert_eq!(self::reason(reason.as_str()), reason);
        reason.to_string()
    });
    assert_eq!(
        told,
        [
            "an account admin closed the channel",
            "Meta took the channel's account off the platform",
            "the channel's account at Meta was deleted"
        ]
    );
}
