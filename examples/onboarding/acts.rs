//! What brand and provider do: each act as the command that it is.

use std::io;

use whatsapp_inbox::decider::Decider;
use whatsapp_inbox::id::{ChannelId, OnboardingId};
use whatsapp_inbox::onboarding::{
    Attestation, Change, Command, Effect, Onboarding, Plan, SignupEnd, SignupNumber, TextReference,
};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{Pin, TemplateKey, VerificationCode};

use crate::case::{BrandAct, ProviderAct};
use crate::story::{ADMIN, BRAND, GRAPH_API, OPERATOR, Story};

impl Story<'_> {
    pub fn brand(&mut self, at: Instant, act: &BrandAct) -> io::Result<()> {
        let says = |story: &mut Self, what: &str, detail: Option<&str>| story.says(at, "brand", what, detail);
        match act {
            BrandAct::Start => {
                says(self, "starts, and attests its access at Meta", None)?;
                self.give(at, ADMIN, start(self.case.head.plan))
            }
            BrandAct::SignAgreement { text } => {
                says(self, "signs the provider's agreement", Some(text))?;
                let text = TextReference::new(text);
                self.parsed(at, ADMIN, text, |text| Command::SignAgreement { text })
            }
            BrandAct::AcceptTerms { text } => {
                says(self, "accepts WhatsApp's business terms", Some(text))?;
                let text = TextReference::new(text);
                self.parsed(at, ADMIN, text, |text| Command::AcceptTerms { text })
            }
            BrandAct::SubmitDetails(draft) => {
                says(self, "submits its details", Some(&draft.display_name.given()))?;
                self.checked(at, draft.check(), Command::SubmitDetails)
            }
            BrandAct::EndSignup(end) => {
                says(self, &signup(end), None)?;
                self.give(at, ADMIN, Command::EndSignup(end.clone()))
            }
            BrandAct::AnswerRequest(answer) => {
                says(self, "answers the provider's request", Some(&format!("{answer:?}").to_lowercase()))?;
                self.give(at, ADMIN, Command::AnswerRequest(*answer))
            }
            BrandAct::SubmitBusiness => {
                says(self, "hands in its business for verification", None)?;
                self.give(at, ADMIN, Command::SubmitBusiness)
            }
            BrandAct::RequestCode { method, answer } => {
                says(self, &format!("asks for a code by {method}"), None)?;
                let asked = self.give_quietly(at, ADMIN, Command::RequestCode { method: *method })?;
                // A host's relay hands the effect to its transport here; the case file tells what Meta answers.
                match asked.iter().flat_map(Onboarding::effects).next() {
                    Some(Effect::AskForCode { request, .. }) => {
                        self.give(at, GRAPH_API, Command::ReportCodeSend { request, outcome: *answer })
                    }
                    _ => Ok(()),
                }
            }
            BrandAct::EnterCode { code, answer } => {
                says(self, "enters a code", None)?;
                let code = VerificationCode::new(code);
                let Some(_code) = self.sound(code)? else { return Ok(()) };
                // A host hands the code to its transport here; the case file tells what Meta answers.
                let begun = self.give_quietly(at, ADMIN, Command::EnterCode)?;
                match begun.first().map(|event| &event.change) {
                    Some(Change::CodeEntryBegun { entry, .. }) => {
                        let (entry, answer) = (*entry, *answer);
                        self.give(at, GRAPH_API, Command::ReportCodeEntry { entry, answer })
                    }
                    _ => Ok(()),
                }
            }
            BrandAct::CompleteProfile(draft) => {
                says(self, "completes its business profile", None)?;
                self.checked(at, draft.check(), |profile| Command::CompleteProfile(Box::new(profile)))
            }
            BrandAct::SubmitTemplate { name, language } => {
                says(self, "hands in a message template", Some(name))?;
                let key = TemplateKey::new(name, language);
                self.parsed(at, ADMIN, key, Command::SubmitTemplate)
            }
            BrandAct::Withdraw => {
                says(self, "withdraws", None)?;
                self.give(at, ADMIN, Command::Withdraw)
            }
        }
    }

    pub fn provider(&mut self, at: Instant, act: &ProviderAct) -> io::Result<()> {
        let says = |story: &mut Self, what: &str, detail: Option<&str>| story.says(at, "provider", what, detail);
        match act {
            ProviderAct::CreateAccount { account, phone_number_id } => {
                says(self, "creates the WhatsApp account", Some(account.as_str()))?;
                let (account, phone_number) = (account.clone(), phone_number_id.clone());
                self.give(at, OPERATOR, Command::CreateAccount { account, phone_number })
            }
            ProviderAct::RequestAccount { account } => {
                says(self, "asks the brand for an account", Some(account.as_str()))?;
                self.give(at, OPERATOR, Command::RequestAccount { account: account.clone() })
            }
            ProviderAct::AddNumber { account, phone_number_id } => {
                says(self, "adds the number to the account", Some(account.as_str()))?;
                let (account, phone_number) = (account.clone(), phone_number_id.clone());
                self.give(at, OPERATOR, Command::AddNumber { account, phone_number })
            }
            ProviderAct::SubscribeApp { account } => {
                says(self, "subscribes its app to the account", Some(account.as_str()))?;
                self.give(at, OPERATOR, Command::SubscribeApp { account: account.clone() })
            }
            ProviderAct::Register { pin, answer } => {
                says(self, "registers the number with its PIN", None)?;
                let pin = Pin::new(pin);
                let Some(_pin) = self.sound(pin)? else { return Ok(()) };
                // A host hands the PIN to its transport here; the case file tells what Meta answers.
                let begun = self.give_quietly(at, OPERATOR, Command::Register)?;
                match begun.first().map(|event| &event.change) {
                    Some(Change::RegistrationBegun { attempt }) => {
                        let (attempt, answer) = (*attempt, *answer);
                        self.give(at, GRAPH_API, Command::ReportRegistration { attempt, answer })
                    }
                    _ => Ok(()),
                }
            }
            ProviderAct::Activate { grants } => {
                says(self, "activates the account and links it", None)?;
                let channel = ChannelId::new(BRAND, Uuid::from_u128(0xc4a));
                self.give(at, OPERATOR, Command::Activate { channel, grants: grants.clone() })
            }
            ProviderAct::ApplyForBadge => {
                says(self, "applies for the badge", None)?;
                self.give(at, OPERATOR, Command::ApplyForBadge)
            }
            ProviderAct::ReleaseNumber => {
                says(self, "gives the number free", None)?;
                self.give(at, OPERATOR, Command::ReleaseNumber)
            }
            ProviderAct::Withdraw => {
                says(self, "withdraws", None)?;
                self.give(at, OPERATOR, Command::Withdraw)
            }
        }
    }
}

/// How the signup ended, in words.
fn signup(end: &SignupEnd) -> String {
    match end {
        SignupEnd::Completed { number: Some(SignupNumber { verification, .. }), .. } => {
            format!("comes back from the signup with an account and its number ({verification})")
        }
        SignupEnd::Completed { .. } => "comes back from the signup with an account, and no number in it".to_owned(),
        SignupEnd::Abandoned { screen } => format!("leaves the signup on the screen {screen}"),
        _ => "comes back from the signup".to_owned(),
    }
}

fn start(plan: Plan) -> Command {
    Command::Start {
        id: OnboardingId::new(BRAND, Uuid::from_u128(0x0b)),
        plan,
        business_manager: Attestation::Given,
        security_center: Attestation::Given,
        takes_over: None,
    }
}
