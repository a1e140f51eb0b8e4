//! What is shown: the steps that changed, the checklist, the timeline, the channel.

use std::io;

use whatsapp_inbox::access::Grant;
use whatsapp_inbox::chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use whatsapp_inbox::decider::Party;
use whatsapp_inbox::onboarding::{Checklist, Item, Status};
use whatsapp_inbox::time::{Expected, Instant};

use crate::paint::{Paint, wrap};
use crate::story::Story;

impl Story<'_> {
    /// The steps whose status is another than was shown before.
    pub fn changes(&mut self, at: Instant) -> io::Result<()> {
        let checklist = self.onboarding.checklist(&self.case.head.calendar, at);
        for item in &checklist.items {
            let name = item.status.name();
            let before = self.shown.iter_mut().find(|(step, _)| *step == item.step);
            match before {
                Some((_, shown)) if *shown == name => continue,
                Some(before) => before.1 = name,
                None => {
                    self.shown.push((item.step, name));
                    if matches!(item.status, Status::Locked { .. }) {
                        continue;
                    }
                }
            }
            let text = format!("{:<15} {}", item.step.name(), describe(item));
            match item.status {
                Status::Done { .. } => self.marked("✓ ", &text, Paint::good)?,
                Status::NeedsAttention { .. } => self.marked("! ", &text, Paint::bad)?,
                Status::Locked { .. } => self.marked("· ", &text, Paint::faint)?,
                _ => self.marked("▸ ", &text, Paint::waits)?,
            }
        }
        Ok(())
    }

    /// The whole checklist.
    pub fn checklist(&mut self, at: Instant) -> io::Result<()> {
        let checklist = self.onboarding.checklist(&self.case.head.calendar, at);
        let (done, of) = (checklist.progress.done, checklist.progress.of);
        let clock = self.clock(at);
        writeln!(self.out, "\n{}", self.paint.strong(format!("Checklist on {clock}: {done} of {of} done")))?;
        for item in &checklist.items {
            let (mark, how): (_, fn(Paint, String) -> String) = match item.status {
                Status::Done { .. } => ("✓", |paint, text| paint.good(text)),
                Status::NeedsAttention { .. } => ("!", |paint, text| paint.bad(text)),
                Status::Locked { .. } => ("·", |paint, text| paint.faint(text)),
                _ => ("▸", |paint, text| paint.waits(text)),
            };
            let text = describe(item);
            let mut lines = wrap(&text, 20).into_iter();
            let first = lines.next().unwrap_or_default();
            writeln!(self.out, "  {}", how(self.paint, format!("{mark} {:<15} {first}", item.step.name())))?;
            for line in lines {
                writeln!(self.out, "{:20}{}", "", how(self.paint, line))?;
            }
        }
        self.next(&checklist)
    }

    fn next(&mut self, checklist: &Checklist) -> io::Result<()> {
        for party in [Party::Brand, Party::Provider, Party::Meta] {
            for next in checklist.next.iter().filter(|next| next.party == party) {
                let text = format!("{} ({})", next.action, next.place);
                for (index, line) in wrap(&text, 19).into_iter().enumerate() {
                    let who = if index == 0 { format!("next, {party}:") } else { String::new() };
                    writeln!(self.out, "  {who:<16} {line}")?;
                }
            }
        }
        for item in &checklist.items {
            if let Some(due_by) = item.due_by {
                let clock = self.clock(due_by);
                writeln!(self.out, "  before {clock}: {}", item.title)?;
            }
        }
        if let Some(live) = checklist.live {
            writeln!(self.out, "  expected live:   {}", days(live))?;
        }
        if let Some(complete) = checklist.complete {
            writeln!(self.out, "  and complete:    {}", days(complete))?;
        }
        writeln!(self.out)
    }

    /// The checklist as it is at the end, the timeline, and the channel.
    pub fn end(&mut self, at: Instant, gantt: bool) -> io::Result<()> {
        self.checklist(at)?;
        let checklist = self.onboarding.checklist(&self.case.head.calendar, at);
        self.timeline(&checklist)?;
        if gantt {
            writeln!(self.out, "```mermaid\n{}```\n", checklist.gantt())?;
        }
        let Some(channel) = checklist.channel else {
            return writeln!(self.out, "{}", self.paint.waits("There is no channel yet."));
        };
        writeln!(self.out, "{}", self.paint.good("The channel is live"))?;
        writeln!(self.out, "  number        {}", self.onboarding.number().map_or(String::new(), |n| n.to_string()))?;
        writeln!(self.out, "  display name  {}", self.onboarding.display_name().unwrap_or_default())?;
        writeln!(self.out, "  organisation  {}", channel.organisation())?;
        writeln!(self.out, "  channel       {}", channel.uuid())?;
        for grant in self.onboarding.grants() {
            let text = match grant {
                Grant::User { role, .. } => format!("one user, as {role}"),
                Grant::Team(_) => "a team, each with the role in it".to_owned(),
                Grant::AllUsers(role) => format!("all users, as {role}"),
                Grant::AllTeams => "all teams, each with the role in it".to_owned(),
            };
            writeln!(self.out, "  access        {text}")?;
        }
        Ok(())
    }

    /// A bar of days for each step.
    fn timeline(&mut self, checklist: &Checklist) -> io::Result<()> {
        let spans = || checklist.items.iter().map(|item| item.span);
        let (Some(first), Some(last)) = (spans().map(|span| span.from).min(), spans().map(|span| span.until).max())
        else {
            return Ok(());
        };
        let calendar = &self.case.head.calendar;
        let all: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= last).take(56).collect();
        let mondays: String =
            all.iter().map(|day| if day.format("%a").to_string() == "Mon" { '|' } else { ' ' }).collect();
        writeln!(
            self.out,
            "{}",
            self.paint.strong(format!("Timeline, {} to {}", first.format("%a %d %b"), last.format("%a %d %b")))
        )?;
        writeln!(self.out, "  {:<15} {}", "| is a Monday", self.paint.faint(mondays.trim_end()))?;
        for item in &checklist.items {
            let cell = |day: &NaiveDate| match day {
                day if (item.span.from..=item.span.until).contains(day) => '█',
                day if calendar.is_business_day(*day) => '·',
                _ => ' ',
            };
            let bar: String = all.iter().map(cell).collect();
            writeln!(self.out, "  {:<15} {}", item.step.name(), bar.trim_end())?;
        }
        writeln!(self.out)
    }

    /// An instant on the wall clock of the case's calendar.
    pub fn clock(&self, at: Instant) -> String {
        let offset = FixedOffset::east_opt(i32::from(self.case.head.calendar.utc_offset_minutes()) * 60);
        let utc = DateTime::<Utc>::from(at);
        match offset {
            Some(offset) => utc.with_timezone(&offset).format("%a %d %b %H:%M").to_string(),
            None => utc.format("%a %d %b %H:%M").to_string(),
        }
    }
}

fn describe(item: &Item) -> String {
    let expected = item.expected.map_or(String::new(), |expected| format!(", expected {}", days(expected)));
    let overdue = if item.overdue { ", OVERDUE" } else { "" };
    match &item.status {
        Status::Locked { behind } => format!("locked behind {behind}"),
        Status::Open { .. } => match item.waits_for {
            Some(party) => format!("open: the {party} has to {}", item.title),
            None => "open".to_owned(),
        },
        Status::InReview { by, .. } => format!("in review at {by}{expected}{overdue}"),
        Status::NeedsAttention { .. } => {
            format!("{}: {}", item.explanation.as_deref().unwrap_or_default(), item.mends.unwrap_or_default())
        }
        _ => item.status.name().to_owned(),
    }
}

/// How far the two halves of a review are.
pub fn halves(checklist: &Checklist) -> Option<String> {
    let item = checklist.items.iter().find(|item| !item.parts.is_empty())?;
    let parts = item.parts.iter().map(|part| format!("{}: {}", part.part, part.status.name()));
    Some(format!("of {}, {}", item.step, parts.collect::<Vec<_>>().join(", ")))
}

fn days(expected: Expected) -> String {
    let (earliest, latest) = (expected.earliest.format("%a %d %b"), expected.latest.format("%a %d %b"));
    if expected.earliest == expected.latest { earliest.to_string() } else { format!("{earliest} to {latest}") }
}
