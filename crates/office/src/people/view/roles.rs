//! Who holds which role.

use maud::{Markup, html};
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use super::{Gap, Role};
use crate::web::Content;

/// Who holds which role today.
pub(in crate::people) struct RolesPage<'a> {
    pub(in crate::people) rows: &'a [RoleRow],
}

/// A role.
pub(in crate::people) struct RoleRow {
    pub(in crate::people) role: Role,
    /// What it is called here.
    pub(in crate::people) title: String,
    pub(in crate::people) holders: Vec<String>,
    pub(in crate::people) gap: Option<Gap>,
}

impl Content for RolesPage<'_> {
    fn title(&self) -> String {
        "Roles".to_owned()
    }

    fn place(&self) -> &'static str {
        "/roles"
    }

    fn content(&self) -> Markup {
        let cell = |row: &RoleRow| {
            vec![
                html! { (row.title) },
                html! { @for (at, name) in row.holders.iter().enumerate() { @if at > 0 { ", " } (name) } },
                html! { (needed(row)) },
                html! { @if row.gap.is_some() { (Tag { text: "Put right", mood: Mood::Bad }) } @else { "As it must be" } },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(cell).collect();
        let columns = ["Role", "Held today by", "Needed", "Stands"].map(|text| Column { text, numeric: false });
        html! {
            h1.govuk-heading-l { "Roles" }
            p.govuk-body-l { "Who answers for what today. The headteacher and the DSL give and end roles on a person’s page; nobody gives one to themselves." }
            (Table { caption: "Roles and who holds them", columns: &columns, rows: &rows })
        }
    }
}

fn needed(row: &RoleRow) -> String {
    let least = row.gap.map_or(row.role.least(), |gap| gap.least);
    match (least, row.role.most()) {
        (least, Some(most)) if least == most => format!("exactly {least}"),
        (0, Some(most)) => format!("at most {most}"),
        (0, None) => "as many as the school wants".to_owned(),
        (least, _) => format!("{least} or more"),
    }
}
