//! Reading a case file: one JSON object a line, and where a line is wrong, which field of it and what was expected.

use std::fs;

use serde::Deserialize;
use whatsapp_inbox::access::Grant;
use whatsapp_inbox::onboarding::{
    Answer, CodeAnswer, CodeSend, DetailsDraft, Fact, Plan, RegistrationAnswer, SignupEnd,
};
use whatsapp_inbox::time::{Calendar, Instant};
use whatsapp_inbox::whatsapp::{CodeMethod, PhoneNumberId, ProfileDraft, WabaId};

/// A whole case.
pub struct Case {
    pub head: Head,
    pub lines: Vec<Line>,
}

/// The first line: what the case is about.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub title: String,
    pub brand: String,
    pub provider: String,
    pub app_secret: String,
    pub calendar: Calendar,
    /// Which way the onboarding goes.
    #[serde(default)]
    pub plan: Plan,
}

/// Any other line: something that happened, at a time.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    pub at: Instant,
    /// A sentence for the reader, told before what happened.
    #[serde(default)]
    pub note: Option<String>,
    #[serde(default)]
    pub brand: Option<BrandAct>,
    #[serde(default)]
    pub provider: Option<ProviderAct>,
    #[serde(default)]
    pub delivery: Option<RawDelivery>,
    /// Something that an operator saw at Meta.
    #[serde(default)]
    pub observed: Option<Fact>,
    #[serde(default)]
    pub show: Option<Show>,
    #[serde(skip)]
    pub number: u32,
}

/// What the brand does. `answer` is what Meta answers to the call that follows.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum BrandAct {
    Start,
    SignAgreement { text: String },
    AcceptTerms { text: String },
    SubmitDetails(DetailsDraft),
    EndSignup(SignupEnd),
    AnswerRequest(Answer),
    SubmitBusiness,
    RequestCode { method: CodeMethod, answer: CodeSend },
    EnterCode { code: String, answer: CodeAnswer },
    CompleteProfile(ProfileDraft),
    SubmitTemplate { name: String, language: String },
    Withdraw,
}

/// What the provider does. `answer` is what Meta answers to the call that follows.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum ProviderAct {
    CreateAccount { account: WabaId, phone_number_id: PhoneNumberId },
    RequestAccount { account: WabaId },
    AddNumber { account: WabaId, phone_number_id: PhoneNumberId },
    SubscribeApp { account: WabaId },
    Register { pin: String, answer: RegistrationAnswer },
    Activate { grants: Vec<Grant> },
    ApplyForBadge,
    ReleaseNumber,
    Withdraw,
}

/// A delivery as Meta posts it: the raw body, and the `X-Hub-Signature-256` header.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RawDelivery {
    pub body: String,
    pub signature: String,
}

/// What to look at.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Show {
    Checklist,
}

/// Reads a case file.
pub fn read(path: &str) -> Result<Case, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: cannot be read: {error}"))?;
    parse(path, &text)
}

/// Reads the text of a case file; the path is for errors alone.
pub fn parse(path: &str, text: &str) -> Result<Case, String> {
    let mut lines = (1_u32..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let (number, first) =
        lines.next().ok_or_else(|| format!("{path}:1: a case begins with its head, and this is empty"))?;
    let head = line(path, number, first)?;
    let lines = lines.map(|(number, text)| {
        let mut line: Line = line(path, number, text)?;
        line.number = number;
        let happened = [
            line.brand.is_some(),
            line.provider.is_some(),
            line.delivery.is_some(),
            line.observed.is_some(),
            line.show.is_some(),
        ];
        match happened.into_iter().filter(|it| *it).count() {
            1 => Ok(line),
            count => Err(format!(
                "{path}:{number}: expected exactly one of the fields `brand`, `provider`, `delivery`, `observed` and `show`, \
                 and found {count}"
            )),
        }
    });
    Ok(Case { head, lines: lines.collect::<Result<_, String>>()? })
}

fn line<'de, T: Deserialize<'de>>(path: &str, number: u32, text: &'de str) -> Result<T, String> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let read = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let (field, inner) = (error.path().to_string(), error.inner());
        let column = inner.column();
        let why = inner.to_string();
        let why = why.rsplit_once(" at line ").map_or(why.as_str(), |(why, _)| why);
        let field =
            if matches!(field.as_str(), "." | "?") { "the line".to_owned() } else { format!("field `{field}`") };
        format!("{path}:{number}:{column}: {field}: {why}")
    })?;
    reader.end().map_err(|_| format!("{path}:{number}: a line is one JSON object, and something follows this one"))?;
    Ok(read)
}
