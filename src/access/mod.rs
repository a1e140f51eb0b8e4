//! Who may do what in a channel, and why: roles, grants, people, and the one decision.
//!
//! An [`Access`] holds the grants of a channel; a [`Principal`] is a person as the host's directory knows them. From
//! [`Access::decide`] comes everything else: the *why* ([`Access::why`]), who can ([`Access::who_can`]), where can
//! ([`Principal::where_can`]), what a storage is to list ([`Principal::filter`]), and what a change means before it is made
//! ([`Access::impact`], [`Snapshot::impact`]).
//!
//! # What a role may do
//!
#![doc = include_str!("actions.md")]
//!
//! Being an account admin gives no permission in conversations, and no role gives an account admin's.
//!
//! # What role a grant gives
//!
#![doc = include_str!("paths.md")]
//!
//! Over several grants the highest role counts. A grant to one user may end.

mod action;
mod decision;
mod filter;
mod grant;
mod impact;
mod list;
mod matrix;
mod principal;
mod role;
mod why;

pub use action::{Action, Least, UnknownAction};
pub use decision::{Assignee, Decision, Denied, Reason};
pub use filter::{Granted, Reach, VisibilityFilter};
pub use grant::{AccessChange, Grant, GrantChange, Holder};
pub use impact::{Impact, NoAdminLeft, RoleChange, Snapshot, Warning};
pub use list::{Access, ForeignHolder};
pub use principal::{AccountRole, Membership, Principal};
pub use role::{Role, UnknownRole};
pub use why::{Path, Why};
