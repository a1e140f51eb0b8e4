//! The code: asked for, sent, ten minutes, guesses, the lock.

use whatsapp_inbox::onboarding::{CodeAnswer, CodeSend, Command, Refused, Status, Step};
use whatsapp_inbox::whatsapp::{CodeMethod, VerificationCode};

use crate::case::*;

#[test]
fn onboarding_code_ten_minutes_to_the_millisecond() {
    // Given a code that was sent at nine o'clock,
    let mut case = Case::open(Step::VerifyNumber);
    case.send_code(CodeMethod::Voice);
    let sent = case.now;
    // when it is entered at 9:59.999 it is taken, and at 10:00.000 it is not;
    case.until(shifted(sent, 599_999)).does(ADMIN, Command::EnterCode);
    case.until(shifted(sent, 600_000));
    let expired = Refused::CodeExpired { expired_at: sent.plus_minutes(10) };
    assert_eq!(case.refused(ADMIN, Command::EnterCode), expired);
    // nor, with a clock that went back, before it was sent.
    case.until(shifted(sent, -1));
    assert_eq!(case.refused(ADMIN, Command::EnterCode), Refused::CodeNotSentYet);
    case.until(sent).does(ADMIN, Command::EnterCode);
}
