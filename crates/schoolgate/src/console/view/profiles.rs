//! Profiles: what each age may open, category by category, with the reason; and one profile as a sheet to print.

use filter::category::Category;
use filter::profile::{Action, Profile, Unlisted, matrix};
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::summary_list::{Row, SummaryList};
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use super::Content;

/// Most profiles beside each other: more would not fit on a page.
const BESIDE: usize = 7;

/// All profiles beside each other.
#[derive(Debug)]
pub(in crate::console) struct ProfilesPage<'a> {
    pub(in crate::console) profiles: &'a [Profile],
}

/// One profile.
#[derive(Debug)]
pub(in crate::console) struct ProfilePage<'a> {
    pub(in crate::console) profile: &'a Profile,
    pub(in crate::console) school: &'a str,
}

impl Content for ProfilesPage<'_> {
    fn title(&self) -> String {
        "Profiles".to_owned()
    }

    fn place(&self) -> &'static str {
        "/profiles"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-xl { "Profiles" }
            p.govuk-body-l { "What each age and role may open, category by category. The reasons are those of the shipped profiles." }
            ul.govuk-list.govuk-list--bullet {
                @for profile in self.profiles {
                    li { a.govuk-link href=(Href::path(&format!("profiles/{}", profile.name()))) { (profile.title()) } ": a site on no list " (unlisted(profile)) }
                }
            }
            p class="govuk-body govuk-!-display-none-print" { a.govuk-link href="/profiles.csv" { "Download as a table (CSV)" } }
            @for profiles in self.profiles.chunks(BESIDE) { (beside(profiles)) }
        }
    }
}

impl Content for ProfilePage<'_> {
    fn title(&self) -> String {
        self.profile.title().to_owned()
    }

    fn place(&self) -> &'static str {
        "/profiles"
    }

    fn content(&self) -> Markup {
        let having = |action| Category::ALL.iter().filter(move |category| self.profile.action(**category) == action).count().to_string();
        let row = |key, value: String| Row { key, value: html! { (value) }, change: None };
        let rows = [
            row("School", self.school.to_owned()),
            row("A site on no list", unlisted(self.profile).to_owned()),
            row("Categories that are blocked", having(Action::Block)),
            row("Categories with a warning", having(Action::Warn)),
            row("Categories that open", having(Action::Allow)),
        ];
        let columns =
            ["Category", "What happens", "Why the shipped profiles do as they do", "Source"].map(|text| Column { text, numeric: false });
        let table: Vec<_> = Category::ALL
            .iter()
            .map(|category| {
                let row = matrix::of(*category);
                vec![html! { (category.title()) }, tag(self.profile.action(*category)), html! { (row.why) }, html! { (row.source) }]
            })
            .collect();
        html! {
            (BackLink { text: "All profiles", href: Href::path("profiles") })
            h1.govuk-heading-xl { (self.profile.title()) }
            (SummaryList { rows: &rows })
            (Table { caption: "Category by category", columns: &columns, rows: &table })
        }
    }
}

fn beside(profiles: &[Profile]) -> Markup {
    let mut columns = vec![Column { text: "Category", numeric: false }];
    columns.extend(profiles.iter().map(|profile| Column { text: profile.title(), numeric: false }));
    let rows: Vec<_> = Category::ALL.iter().map(|category| row(*category, profiles)).collect();
    html! { div.sg-matrix { (Table { caption: "Category by category", columns: &columns, rows: &rows }) } }
}

fn row(category: Category, profiles: &[Profile]) -> Vec<Markup> {
    let reason = matrix::of(category);
    let name = html! {
        (category.title())
        span.sg-matrix__why { (reason.why) " " cite { (reason.source) } }
    };
    std::iter::once(name).chain(profiles.iter().map(|profile| tag(profile.action(category)))).collect()
}

fn tag(action: Action) -> Markup {
    let (text, mood) = match action {
        Action::Allow => ("Allow", Mood::Good),
        Action::Warn => ("Warn", Mood::Soon),
        Action::Block => ("Block", Mood::Bad),
    };
    Tag { text, mood }.render()
}

fn unlisted(profile: &Profile) -> &'static str {
    match profile.unlisted() {
        Unlisted::Allow => "opens, and is recorded",
        Unlisted::Ask => "does not open; ask your teacher. Only sites chosen for this age open",
    }
}
