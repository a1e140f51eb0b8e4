//! Profiles.
/// Stub.
#[derive(Debug)]
pub struct Profile;
/// Stub.
#[derive(Debug)]
pub struct ProfileDraft;
/// Stub.
#[derive(Debug)]
pub struct ProfileError;
/// Stub.
#[derive(Debug)]
pub struct ProfileWarning;
