//! The plan as a table and as a diagram, made from the rows that the engine reads.

use std::fmt::Write;

use super::{Acts, Plan, Row, Usual, Weight};
use crate::decider::Party;

impl Plan {
    /// The plan as a Markdown table.
    #[must_use]
    pub fn table(self) -> String {
        let mut table =
            "| step | who acts | who decides | open after | usual time | holds back | article |\n".to_owned();
        table.push_str("| --- | --- | --- | --- | --- | --- | --- |\n");
        for row in self.rows() {
            let after: Vec<String> = row.after.iter().map(|before| format!("`{before}`")).collect();
            let after = if after.is_empty() { "–".to_owned() } else { after.join(", ") };
            let _ = writeln!(
                table,
                "| `{}` | {} | {} | {after} | {} | {} | {} |",
                row.step,
                acts(row),
                row.decides.map_or("–", Party::name),
                match row.usual {
                    Usual::Minutes => "minutes",
                    Usual::Review => "1–2 business days",
                },
                match row.weight {
                    Weight::HoldsBack => "yes",
                    Weight::HoldsNothing => "no",
                },
                row.article.map_or_else(|| "–".to_owned(), |step| step.to_string()),
            );
        }
        table
    }

    /// The plan as a Mermaid flowchart: an arrow from each step to those that come after it.
    #[must_use]
    pub fn diagram(self) -> String {
        let mut diagram = "flowchart TD\n".to_owned();
        for row in self.rows() {
            let decides = row.decides.map_or(String::new(), |party| format!(", decided by {party}"));
            let _ = writeln!(
                diagram,
                "    {}[\"{}<br/><small>{}{decides}</small>\"]",
                row.step,
                row.step.title(),
                acts(row)
            );
        }
        for row in self.rows() {
            for before in row.after.iter() {
                let _ = writeln!(diagram, "    {before} --> {}", row.step);
            }
        }
        diagram
    }
}

fn acts(row: &Row) -> String {
    match row.acts {
        Acts::Here(party) => party.name().to_owned(),
        Acts::AtMeta(party) => format!("{party}, at Meta"),
        Acts::Nobody => "nobody".to_owned(),
    }
}
