//! The rules of the domain, by their ids: one closed list that code, refusals, documentation and tests share.
//!
//! An id such as `onboarding.code-ten-minutes` never changes. A refusal names the rule it comes from
//! ([`Explain::rule`]), the documentation of the place that decides a rule names its id, and the test of a rule is named
//! after it (`fn onboarding_code_ten_minutes_…`).
//!
//! ```
//! use whatsapp_inbox::rule::Rule;
//!
//! assert_eq!(Rule::OnboardingOrder.id(), "onboarding.order");
//! assert_eq!("onboarding.order".parse(), Ok(Rule::OnboardingOrder));
//! ```

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What every error of this crate can tell beside its sentence: `core.explain`.
pub trait Explain: Error {
    /// A stable, machine-readable name of the error in lower-case words joined by hyphens. It never changes.
    fn code(&self) -> &'static str;

    /// The rule the error comes from.
    fn rule(&self) -> Rule;

    /// The limit that was passed, where there is one.
    fn limit(&self) -> Option<Limit> {
        None
    }
}

/// A limit on a value: from `min` to `max` (both allowed), counted in `unit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Limit {
    /// The least that is allowed.
    pub min: u64,
    /// The most that is allowed.
    pub max: u64,
    /// What is counted, in the plural: `characters`, `digits`.
    pub unit: &'static str,
}

impl Limit {
    /// A limit from `min` to `max` `unit`.
    #[must_use]
    pub const fn new(min: u64, max: u64, unit: &'static str) -> Self {
        Self { min, max, unit }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.min {
            0 => write!(f, "at most {} {}", self.max, self.unit),
            min => write!(f, "{min} to {} {}", self.max, self.unit),
        }
    }
}

/// A text that is no rule's id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{given}` is not the id of a rule")]
#[non_exhaustive]
pub struct UnknownRule {
    /// What was given.
    pub given: String,
}

macro_rules! rules {
    ($($name:ident = $id:literal, $says:literal;)*) => {
        /// A rule of the domain. Closed: a new rule is a new version of this crate.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[expect(clippy::exhaustive_enums, reason = "the list of rules is closed on purpose")]
        pub enum Rule {
            $(#[doc = concat!("`", $id, "`: ", $says)] $name,)*
        }

        impl Rule {
            /// Every rule, in the order of the areas: onboarding, settings, channel, access, conversation, template,
            /// webhook, health, core.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The id, such as `onboarding.order`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// The rule in one sentence.
            #[must_use]
            pub const fn says(self) -> &'static str {
                match self { $(Self::$name => $says,)* }
            }
        }
    };
}

rules! {
    OnboardingOrder = "onboarding.order", "an act on a locked step is refused and told what is open before it; a fact is kept and counts once the step opens.";
    OnboardingAgreementBeforeTerms = "onboarding.agreement-before-terms", "the provider's agreement comes before WhatsApp's terms; both keep who, when and which text.";
    OnboardingPrerequisites = "onboarding.prerequisites", "the brand attests access to its Business Manager and its Security Center before it starts.";
    OnboardingActor = "onboarding.actor", "each act comes from the actor the plan names, and only Meta tells Meta's decisions.";
    OnboardingWhere = "onboarding.where", "each open step tells where it is done and links its guidance.";
    OnboardingDetailsWhole = "onboarding.details-whole", "number, line, business manager id and display name come together, and all their faults are told at once.";
    OnboardingDetailsRevise = "onboarding.details-revise", "a revision starts over exactly what depends on what was changed.";
    OnboardingLandlineIvr = "onboarding.landline-ivr", "a land line has no voice menu, or one that can be switched off for the call.";
    OnboardingMoreNumbers = "onboarding.more-numbers", "a further number of the same business takes over agreement, terms and business verification.";
    OnboardingAccountRequest = "onboarding.account-request", "the provider creates or requests the account; the brand answers within 90 days, or it is asked again.";
    OnboardingBusinessReview = "onboarding.business-review", "the brand submits its business, Meta verifies it, rejects it or asks for more.";
    OnboardingCodeDigits = "onboarding.code-digits", "a verification code is six ASCII digits, with one hyphen or space after the third allowed.";
    OnboardingCodeMethod = "onboarding.code-method", "a mobile number takes its code by SMS or voice, a land line by voice.";
    OnboardingCodeTenMinutes = "onboarding.code-ten-minutes", "a code is good from the instant it was sent until ten minutes later.";
    OnboardingCodeSingle = "onboarding.code-single", "a new code makes the old one worthless, and an accepted one is used up.";
    OnboardingCodeSecret = "onboarding.code-secret", "codes and PINs pass through and are kept, shown and logged nowhere.";
    OnboardingCodeGuesses = "onboarding.code-guesses", "five wrong entries spend a code, three spent codes lock the number for twelve hours, five sends fit in ten minutes.";
    OnboardingRegisterBudget = "onboarding.register-budget", "a number is registered and deregistered at most ten times in any 72 hours.";
    OnboardingActivate = "onboarding.activate", "the provider activates the account once number and business are verified; by Meta's flow of today the number alone.";
    OnboardingChannelAppears = "onboarding.channel-appears", "the channel exists from activation on, with the grants that activation names.";
    OnboardingProfile = "onboarding.profile", "business information and logo complete the profile.";
    OnboardingBadge = "onboarding.badge", "the badge is applied for once the profile is complete; a denial ends the step and may be tried again after 30 days.";
    OnboardingTemplates = "onboarding.templates", "one approved template completes the step, for good.";
    OnboardingComplete = "onboarding.complete", "an onboarding is complete when every step is done.";
    OnboardingWithdraw = "onboarding.withdraw", "brand or provider may withdraw before activation; afterwards only facts are kept.";
    OnboardingNumberOnce = "onboarding.number-once", "a number is in one live onboarding or channel; an unverified claim lapses after 90 days.";
    OnboardingDuration = "onboarding.duration", "a review is expected one to two business days after it began and overdue after the second.";
    OnboardingRepeat = "onboarding.repeat", "facts are a set in the order of time, rank and id, so any order of arrival ends in one view.";
    SettingsAdminOnly = "settings.admin-only", "only an account admin changes settings and access.";
    SettingsNameLength = "settings.name-length", "a channel name has 1 to 255 characters after trimming.";
    SettingsNameText = "settings.name-text", "a channel name has no control characters, line breaks or bidirectional overrides.";
    SettingsNameVisible = "settings.name-visible", "a saved name is in every view of the channel.";
    SettingsAnyMedium = "settings.any-medium", "settings, access and queues know no medium.";
    SettingsAutoAssignment = "settings.auto-assignment", "auto-assignment is on or off for each channel, and on by default.";
    SettingsAutoResolveDefault = "settings.auto-resolve-default", "both queues resolve after 30 days unless changed.";
    SettingsAutoResolveQueues = "settings.auto-resolve-queues", "New and Pending have one setting each, and each channel its own.";
    SettingsAutoResolveValues = "settings.auto-resolve-values", "auto-resolve is inherited, off, or after a window, and reading it tells the source.";
    SettingsAutoResolveBounds = "settings.auto-resolve-bounds", "a window is 10 minutes to 999 days in whole minutes, refused outside and never clamped.";
    SettingsAutoResolveNewOnly = "settings.auto-resolve-new-only", "a change counts for conversations that enter the queue after it.";
    SettingsAutoResolveApply = "settings.auto-resolve-apply", "applying a change to what is already there does what its preview told.";
    SettingsResolveReason = "settings.resolve-reason", "auto-resolve carries a reason into the record of each conversation it resolves.";
    SettingsPatch = "settings.patch", "a change names only the fields it changes, and all its faults are told at once.";
    SettingsVersion = "settings.version", "a change made on another version is refused with both.";
    SettingsAudit = "settings.audit", "every change is recorded with who, when, old and new value.";
    ChannelClose = "channel.close", "a closed channel sends nothing, its open conversations are resolved, its history stays.";
    AccessDefaultDeny = "access.default-deny", "without a grant there is no access.";
    AccessNotFound = "access.not-found", "who may not view a channel is told that it was not found, whatever the reason.";
    AccessViewer = "access.viewer", "a viewer views, moves to Pending and Resolved, tags and notes.";
    AccessContributor = "access.contributor", "a contributor also replies, assigns, moves to New and snoozes.";
    AccessSupervisor = "access.supervisor", "a supervisor also views reports.";
    AccessReports = "access.reports", "reports need the supervisor role on that channel, for an admin too.";
    AccessTeam = "access.team", "a team's member has the team's channels, with the role of the membership.";
    AccessManyTeams = "access.many-teams", "a user may be in many teams.";
    AccessHighest = "access.highest", "over several paths the highest role counts.";
    AccessAllUsers = "access.all-users", "access for all users is switched on with a role, and off without touching other grants.";
    AccessAllTeams = "access.all-teams", "access for all teams is switched on and off likewise.";
    AccessWhy = "access.why", "every answer can say why.";
    AccessExpiry = "access.expiry", "from its end on a grant is as if it were not there.";
    AccessTenant = "access.tenant", "ids of another organisation are never found.";
    AccessByEffect = "access.by-effect", "what is checked is what would happen, not the command's name.";
    AccessOneDecision = "access.one-decision", "lists, counts, searches and single reads come from one decision.";
    AccessRevokeImpact = "access.revoke-impact", "taking access away tells who loses what.";
    AccessGuards = "access.guards", "nobody is locked out unwarned, and an organisation keeps an admin.";
    ConversationQueues = "conversation.queues", "a conversation is in exactly one of New, Pending and Resolved.";
    ConversationInbound = "conversation.inbound", "a customer's message puts a conversation into New.";
    ConversationReply = "conversation.reply", "an agent's reply puts a conversation into Pending.";
    ConversationAutoAssign = "conversation.auto-assign", "with auto-assignment on, the first agent who replies becomes the owner.";
    ConversationManualAssign = "conversation.manual-assign", "with auto-assignment off, owners are set by hand.";
    ConversationResolveUnassigns = "conversation.resolve-unassigns", "a resolved conversation has no owner.";
    ConversationDeadline = "conversation.deadline", "the deadline is given on entering a queue and moved by messages only.";
    ConversationAutoResolve = "conversation.auto-resolve", "from its deadline on a conversation is resolved, once.";
    ConversationSnooze = "conversation.snooze", "an open conversation may be snoozed from 15 minutes to 90 days.";
    ConversationWarn = "conversation.warn", "a channel may warn the customer before it closes a conversation.";
    ConversationWindow = "conversation.window", "free text may be sent for 24 hours after the customer's last message.";
    ConversationClosePlan = "conversation.close-plan", "closing is one ordered plan of idempotent parts.";
    ConversationTags = "conversation.tags", "tags and topics are sets, notes are known by their id.";
    ConversationAccessLost = "conversation.access-lost", "an owner who may no longer reply loses the conversation.";
    ConversationSignOut = "conversation.sign-out", "an owner who signs out may lose new conversations after two minutes.";
    ConversationReplyPolicy = "conversation.reply-policy", "a channel says who may reply beside the owner.";
    ConversationNoCustomerText = "conversation.no-customer-text", "events never carry what a customer wrote.";
    TemplateName = "template.name", "a template's name is 1 to 512 lower-case ASCII letters, digits and underscores.";
    TemplateLanguage = "template.language", "a template's language is one of Meta's codes, or kept as it came.";
    TemplateComponents = "template.components", "a template has one body, at most one header and one footer.";
    TemplatePlaceholders = "template.placeholders", "placeholders are numbered without gaps or named, with a sample each.";
    TemplateButtons = "template.buttons", "buttons keep to their counts, lengths and groups.";
    TemplateRender = "template.render", "filling in the parameters gives the text that the customer sees.";
    TemplateLifecycle = "template.lifecycle", "every status and event of Meta's has its place in one table.";
    TemplateEditBudget = "template.edit-budget", "an approved template is edited once in 24 hours and ten times in 30 days.";
    TemplateAccountLimits = "template.account-limits", "an account holds a limited number of templates and creates them at a limited rate.";
    TemplateEnabledByUs = "template.enabled-by-us", "our switch and Meta's status are two values, and both must say yes.";
    TemplateSync = "template.sync", "what is missing from a partial listing is not deleted.";
    WebhookTolerant = "webhook.tolerant", "what is unknown in a delivery is kept as it came and fails nothing beside it.";
    WebhookOpenEnums = "webhook.open-enums", "every list of values that Meta owns keeps the values it does not know.";
    WebhookOrder = "webhook.order", "any order and any repetition of the same deliveries ends in the same view.";
    WebhookSignature = "webhook.signature", "a signature is checked over the raw bytes before anything is parsed.";
    WebhookNeverDropInbound = "webhook.never-drop-inbound", "no state of a channel refuses a customer's message.";
    HealthTwoAxes = "health.two-axes", "can send and can receive are two answers.";
    CorePure = "core.pure", "the rules read no clock, draw no random number and do no I/O.";
    CoreTotal = "core.total", "no rule panics, whatever it is given.";
    CoreReplay = "core.replay", "state rebuilt from events is the state they were made in.";
    CoreIdempotent = "core.idempotent", "a command is applied once.";
    CoreConcurrent = "core.concurrent", "of two writers on one version one wins and the other is told.";
    CoreAtomic = "core.atomic", "what one command writes is written whole or not at all.";
    CoreExplain = "core.explain", "every refusal has a code, its parameters, its rule and a sentence.";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl FromStr for Rule {
    type Err = UnknownRule;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.iter().copied().find(|rule| rule.id() == text).ok_or_else(|| UnknownRule { given: text.to_owned() })
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(feature = "schemars")]
impl schemars::JsonSchema for Rule {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rule".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let ids: Vec<&str> = Self::ALL.iter().map(|rule| rule.id()).collect();
        schemars::json_schema!({ "type": "string", "enum": ids })
    }
}
