//! Display names.
/// Stub.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DisplayName(String);
/// Stub.
#[derive(Debug)]
pub struct DisplayNameError;
/// Stub.
#[derive(Debug)]
pub struct DisplayNameWarning;
/// Stub.
#[derive(Debug)]
pub struct Judgement;
