//! What can be seen of a template, and whether it may be sent.

use serde::Serialize;

use super::fold::Pause;
use super::{Announced, Standing, Switch, Template};
use crate::rule::{Explain, Rule};
use crate::time::Instant;
use crate::whatsapp::{TemplateCategory, TemplateKey, TemplatePause, TemplateQuality, TemplateReason};

/// A template as it is at an instant. The same facts give the same view, in whatever order they came (`template.lifecycle`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct TemplateView {
    /// Name and language.
    pub key: TemplateKey,
    /// Our own switch.
    pub switch: Switch,
    /// Where it stands.
    pub standing: Standing,
    /// Since when, as far as it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Instant>,
    /// Meta's word for a standing that is not known here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<String>,
    /// Why it stands there, if Meta says: above all why it was rejected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<TemplateReason>,
    /// What its pause is about, if it is paused and Meta says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause: Option<TemplatePause>,
    /// When its pause ends by itself, if it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused_until: Option<Instant>,
    /// Since when it is flagged, if it is. It may be sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flagged_since: Option<Instant>,
    /// When Meta will disable it, if it is flagged and Meta says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disable_date: Option<Instant>,
    /// Since when it is locked and cannot be edited, if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub locked_since: Option<Instant>,
    /// When it will be gone, if it is archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deleted_from: Option<Instant>,
    /// Its category: as it was handed in, or as Meta has changed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<TemplateCategory>,
    /// A change of category that is still to come.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub announced: Option<Announced>,
    /// How customers take to it, if Meta says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<TemplateQuality>,
    /// Of when the latest listing is that said something of it (`template.sync`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Instant>,
}

/// Why a template may not be sent: our switch, Meta, or both (`template.enabled-by-us`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{}", sentence(self))]
#[non_exhaustive]
pub struct MayNotSend {
    /// Our own switch.
    pub switch: Switch,
    /// Where it stands at Meta.
    pub standing: Standing,
    /// When its pause ends by itself, if it is paused and does.
    pub paused_until: Option<Instant>,
}

fn sentence(why: &MayNotSend) -> String {
    let at_meta = match (why.standing, why.paused_until) {
        (Standing::Approved, _) => String::new(),
        (Standing::Unsubmitted, _) => "Meta does not hold it".to_owned(),
        (Standing::Other, _) => "what Meta says of it is not known here".to_owned(),
        (Standing::Paused, Some(until)) => format!("Meta has paused it until {until}"),
        (standing, _) => format!("at Meta it is {standing}"),
    };
    let parts = [if why.switch == Switch::Off { "it is switched off" } else { "" }, &at_meta];
    let parts: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    format!("this template may not be sent: {}", parts.join(", and "))
}

impl Explain for MayNotSend {
    fn code(&self) -> &'static str {
        match (self.switch, self.standing) {
            (Switch::Off, _) => "template-switched-off",
            (Switch::On, Standing::Paused) => "template-paused",
            (Switch::On, Standing::Disabled) => "template-disabled",
            (Switch::On, _) => "template-not-approved",
        }
    }

    fn rule(&self) -> Rule {
        if self.switch == Switch::Off { Rule::TemplateEnabledByUs } else { Rule::TemplateLifecycle }
    }
}

impl Template {
    /// Whether it may be sent at an instant: our switch is on, and it is approved at Meta (`template.enabled-by-us`,
    /// `template.lifecycle`). A flagged one may. What an account may send at all is another question.
    ///
    /// # Errors
    ///
    /// [`MayNotSend`] with both answers.
    pub fn may_send(&self, now: Instant) -> Result<(), MayNotSend> {
        let (switch, standing) = (self.switch(), self.standing(now));
        if switch == Switch::On && standing == Standing::Approved {
            return Ok(());
        }
        let pause = self.known.as_deref().and_then(|known| known.fold.pause.as_ref());
        let paused_until = pause.filter(|_| standing == Standing::Paused).and_then(|pause| pause.until);
        Err(MayNotSend { switch, standing, paused_until })
    }

    /// What can be seen of it at an instant, once it is known.
    #[must_use]
    pub fn view(&self, now: Instant) -> Option<TemplateView> {
        let known = self.known.as_deref()?;
        let fold = &known.fold;
        let (standing, since) = fold.at(now);
        let pause: Option<&Pause> = fold.pause.as_ref().filter(|_| standing == Standing::Paused);
        let flagged = fold.flagged.filter(|_| !matches!(standing, Standing::Deleted | Standing::Disabled));
        Some(TemplateView {
            key: known.key.clone(),
            switch: known.switch,
            standing,
            since,
            other: fold.other.clone(),
            reason: fold.reason.clone(),
            pause: pause.and_then(|pause| pause.about.clone()),
            paused_until: pause.and_then(|pause| pause.until),
            flagged_since: flagged.map(|(since, _)| since),
            disable_date: flagged.and_then(|(_, date)| date),
            locked_since: fold.locked,
            deleted_from: fold.deleted_from().filter(|_| standing == Standing::Archived),
            category: fold.category_at(now).or_else(|| Some(known.definition()?.category())).cloned(),
            announced: fold.announced.clone().filter(|announced| now < announced.from),
            quality: fold.quality.clone(),
            read_at: known.reading.as_ref().map(|reading| reading.at),
        })
    }
}
