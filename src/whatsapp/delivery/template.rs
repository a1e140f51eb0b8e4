//! What deliveries say about message templates.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::value::{WhyUnknown, needed, read_members};
use crate::whatsapp::{
    ButtonKind, CategoryAppeal, MetaDate, TemplateCategory, TemplateEvent, TemplateKey, TemplatePause, TemplateQuality,
    TemplateReason,
};

/// Which template a delivery is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ToldTemplate<'a> {
    /// Meta's id of it: a number in deliveries, a string elsewhere.
    pub id: Option<Cow<'a, str>>,
    /// Its name and language.
    pub key: TemplateKey,
}

/// Something that happened to a template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateStatusUpdate<'a> {
    /// Which template.
    pub template: ToldTemplate<'a>,
    /// What happened.
    pub event: TemplateEvent,
    /// Why; nothing where Meta says `null`, `NONE` or nothing, as it does of some that were stopped too.
    pub reason: Option<TemplateReason>,
    /// Its category.
    pub category: Option<TemplateCategory>,
    /// When a flagged one will be disabled.
    pub disable_date: Option<MetaDate>,
    /// What is behind its being held back or let go.
    pub pause: Option<TemplatePause>,
    /// The same in Meta's own sentence.
    pub pause_description: Option<Cow<'a, str>>,
    /// What is wrong with its form, in Meta's own sentence.
    pub rejection_detail: Option<Cow<'a, str>>,
    /// What Meta recommends to do about that, in Meta's own sentence.
    pub recommendation: Option<Cow<'a, str>>,
}

/// How well customers take a template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateQualityUpdate<'a> {
    /// Which template.
    pub template: ToldTemplate<'a>,
    /// How well they took it before.
    pub previous: Option<TemplateQuality>,
    /// How well they take it now.
    pub current: TemplateQuality,
}

/// In which category a template is, and in which Meta says that it belongs.
///
/// Meta writes `new_category` both when it announces a move, where the word is the category of today, and when it has moved a
/// template, where it is the one that the template has from now on. Both are the category that it has at that time, and that
/// is [`current`](Self::current).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateCategoryUpdate<'a> {
    /// Which template.
    pub template: ToldTemplate<'a>,
    /// Its category at that time.
    pub current: TemplateCategory,
    /// Its category before; nothing where Meta leaves that out, and where it has not moved.
    pub previous: Option<TemplateCategory>,
    /// The category in which Meta says that it belongs.
    pub correct: Option<TemplateCategory>,
    /// When it will be moved there.
    pub moves_at: Option<MetaDate>,
    /// Whether that can be contested.
    pub appeal: Option<CategoryAppeal>,
}

/// The content of a template, as it is from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateComponentsUpdate<'a> {
    /// Which template.
    pub template: ToldTemplate<'a>,
    /// The header's text.
    pub header: Option<Cow<'a, str>>,
    /// The body's text, with its placeholders.
    pub body: Option<Cow<'a, str>>,
    /// The footer's text.
    pub footer: Option<Cow<'a, str>>,
    /// The buttons, in their order.
    pub buttons: Vec<TemplateButton<'a>>,
}

/// A button of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TemplateButton<'a> {
    /// What it does.
    pub kind: Option<ButtonKind>,
    /// Its label.
    pub label: Option<Cow<'a, str>>,
    /// The address that it opens.
    pub url: Option<Cow<'a, str>>,
    /// The number that it calls.
    pub phone_number: Option<Cow<'a, str>>,
}

impl TemplateCategoryUpdate<'_> {
    /// The category to which it will be moved, or belongs, where that is another than it has.
    #[must_use]
    pub fn upcoming(&self) -> Option<&TemplateCategory> {
        self.correct.as_ref().filter(|correct| **correct != self.current)
    }
}

/// Gathers id, name and language, which stand beside everything else.
#[derive(Default)]
struct Which<'a> {
    id: Option<Cow<'a, str>>,
    name: Option<Cow<'a, str>>,
    language: Option<Cow<'a, str>>,
}

impl<'a> Which<'a> {
    fn member(&mut self, key: &str, cursor: &mut Cursor<'a>) {
        match key {
            "message_template_id" => self.id = cursor.text(),
            "message_template_name" => self.name = cursor.text(),
            "message_template_language" => self.language = cursor.text(),
            _ => {}
        }
    }

    fn template(self) -> Result<ToldTemplate<'a>, WhyUnknown> {
        let name = needed(self.name, "message_template_name")?;
        let language = needed(self.language, "message_template_language")?;
        Ok(ToldTemplate { id: self.id, key: TemplateKey::from_meta(&name, &language) })
    }
}

impl<'a> TemplateStatusUpdate<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut which, mut event, mut reason, mut category) = (Which::default(), None, None, None);
        let (mut disable_date, mut pause, mut pause_description) = (None, None, None);
        let (mut rejection_detail, mut recommendation) = (None, None);
        read_members(cursor, |key, cursor| match key {
            "event" => event = cursor.listed(),
            "reason" => reason = cursor.listed_reason(),
            "message_template_category" => category = cursor.listed(),
            "disable_info" => cursor.each_member(|key, cursor| {
                if key == "disable_date" {
                    disable_date = cursor.listed();
                }
            }),
            "other_info" => cursor.each_member(|key, cursor| match key {
                "title" => pause = cursor.listed(),
                "description" => pause_description = cursor.text(),
                _ => {}
            }),
            "rejection_info" => cursor.each_member(|key, cursor| match key {
                "reason" => rejection_detail = cursor.reason(),
                "recommendation" => recommendation = cursor.text(),
                _ => {}
            }),
            _ => which.member(key, cursor),
        })?;
        let event = needed(event, "event")?;
        Ok(Self {
            template: which.template()?,
            event,
            reason,
            category,
            disable_date,
            pause,
            pause_description,
            rejection_detail,
            recommendation,
        })
    }
}

impl<'a> TemplateQualityUpdate<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut which, mut previous, mut current) = (Which::default(), None, None);
        read_members(cursor, |key, cursor| match key {
            "previous_quality_score" => previous = cursor.listed(),
            "new_quality_score" => current = cursor.listed(),
            _ => which.member(key, cursor),
        })?;
        let current = needed(current, "new_quality_score")?;
        Ok(Self { template: which.template()?, previous, current })
    }
}

impl<'a> TemplateCategoryUpdate<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let mut which = Which::default();
        let (mut current, mut previous, mut correct) = (None, None, None);
        let (mut moves_at, mut appeal) = (None, None);
        read_members(cursor, |key, cursor| match key {
            "new_category" | "category" => current = cursor.listed(),
            "previous_category" => previous = cursor.listed(),
            "correct_category" => correct = cursor.listed(),
            "category_update_timestamp" => moves_at = cursor.listed(),
            "category_appeal_status" => appeal = cursor.listed(),
            _ => which.member(key, cursor),
        })?;
        let current = needed(current, "new_category")?;
        Ok(Self { template: which.template()?, current, previous, correct, moves_at, appeal })
    }
}

impl<'a> TemplateComponentsUpdate<'a> {
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, WhyUnknown> {
        let (mut which, mut header, mut body, mut footer) = (Which::default(), None, None, None);
        let mut buttons = Vec::new();
        read_members(cursor, |key, cursor| match key {
            "message_template_title" => header = cursor.text(),
            "message_template_element" => body = cursor.text(),
            "message_template_footer" => footer = cursor.text(),
            "message_template_buttons" => cursor.elements_or_one(|cursor| buttons.push(TemplateButton::read(cursor))),
            _ => which.member(key, cursor),
        })?;
        Ok(Self { template: which.template()?, header, body, footer, buttons })
    }
}

impl<'a> TemplateButton<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Self {
        let mut button = Self { kind: None, label: None, url: None, phone_number: None };
        cursor.each_member(|key, cursor| match key {
            "message_template_button_type" => button.kind = cursor.listed(),
            "message_template_button_text" => button.label = cursor.text(),
            "message_template_button_url" => button.url = cursor.text(),
            "message_template_button_phone_number" => button.phone_number = cursor.text(),
            _ => {}
        });
        button
    }
}
