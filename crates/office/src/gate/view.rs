//! The markup of the gate's pages, for a teacher with thirty children in front of them.

use ids::{GroupId, PersonId};
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::empty_state::EmptyState;
use ui::components::error_summary::{ErrorSummary, FieldError};
use ui::components::select::Select;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use crate::people::Group;
use crate::web::Content;

/// The classes that somebody may sign in.
pub(super) struct ClassesPage<'a> {
    /// Each with how many pupils it has.
    pub(super) classes: &'a [(Group, usize)],
}

/// One class.
pub(super) struct ClassPage<'a> {
    pub(super) word: &'a str,
    pub(super) group: GroupId,
    pub(super) name: &'a str,
    pub(super) rows: &'a [PupilRow],
    /// Minutes.
    pub(super) lessons: &'a [i64],
    pub(super) may_sign_in: bool,
    pub(super) may_set_up: bool,
    pub(super) error: Option<&'a str>,
}

/// A pupil of it.
pub(super) struct PupilRow {
    pub(super) person: PersonId,
    pub(super) name: String,
    /// Where they sit.
    pub(super) address: String,
    /// Where they are signed in now.
    pub(super) at: String,
    /// How they came to be.
    pub(super) how: Option<&'static str>,
    /// Whether somebody else is signed in there too.
    pub(super) is_shared: bool,
}

impl Content for ClassesPage<'_> {
    fn title(&self) -> String {
        "Classes".to_owned()
    }

    fn place(&self) -> &'static str {
        "/classes"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Classes" }
            @if self.classes.is_empty() {
                (EmptyState { title: "You have no class", text: "Whoever teaches or looks after a class finds it here.", action: None })
            } @else {
                p.govuk-body-l { "Open a class to sign its pupils in at their devices." }
                ul.govuk-list.govuk-list--spaced {
                    @for (group, pupils) in self.classes {
                        li {
                            a.govuk-link.govuk-link--no-visited-state href={ "/classes/" (group.id) } { (group.name) }
                            ", " (pupils) @if *pupils == 1 { " pupil" } @else { " pupils" }
                        }
                    }
                }
            }
        }
    }
}

impl Content for ClassPage<'_> {
    fn title(&self) -> String {
        self.name.to_owned()
    }

    fn place(&self) -> &'static str {
        "/classes"
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        let known = self.rows.iter().filter(|row| !row.at.is_empty() && !row.is_shared).count();
        html! {
            (BackLink { text: "All classes", href: Href::path("classes") })
            @if let Some(message) = self.error { (ErrorSummary { errors: &[FieldError { field: "seats", message }] }) }
            h1.govuk-heading-l { (self.name) }
            p.govuk-body-l { strong { (known) " of " (self.rows.len()) } " are signed in at a device." }
            @if self.may_sign_in { (self.buttons()) }
            @if self.may_set_up {
                p.govuk-body { a.govuk-link href={ "/classes/" (self.group) "/sign-ins" } { "How the class signs in: code, pictures and cards" } }
            }
            (self.seats())
        }
    }
}

impl ClassPage<'_> {
    fn buttons(&self) -> Markup {
        let minutes: Vec<(String, String)> = self.lessons.iter().map(|minutes| (minutes.to_string(), length(*minutes))).collect();
        let options: Vec<(&str, &str)> = minutes.iter().map(|(value, text)| (value.as_str(), text.as_str())).collect();
        html! {
            form method="post" action={ "/classes/" (self.group) "/sign-in" } {
                input type="hidden" name="word" value=(self.word);
                (Select { name: "minutes", label: "For how long?", hint: Some("A device that asks for nothing for twenty minutes is nobody’s until you press again."), error: None, options: &options, chosen: Some("60") })
                (Button { text: "Sign the class in", weight: Weight::Main, action: Action::Send })
            }
            form method="post" action={ "/classes/" (self.group) "/sign-out" } {
                input type="hidden" name="word" value=(self.word);
                (Button { text: "Sign the class out", weight: Weight::Secondary, action: Action::Send })
            }
        }
    }

    fn seats(&self) -> Markup {
        let cell = |row: &PupilRow| {
            vec![
                html! { (row.name) },
                html! {
                    @if self.may_sign_in {
                        input.govuk-input.govuk-input--width-20 type="text" name={ "at-" (row.person) } value=(row.address)
                            aria-label={ "Device of " (row.name) } spellcheck="false" autocomplete="off" inputmode="decimal";
                    } @else { (row.address) }
                },
                html! {
                    @if row.at.is_empty() { "Not signed in" }
                    @else if row.is_shared { (Tag { text: "Somebody else too", mood: Mood::Bad }) }
                    @else { (Tag { text: row.how.unwrap_or("Signed in"), mood: Mood::Good }) }
                },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(cell).collect();
        let columns = ["Pupil", "Address of the device", "Now"].map(|text| Column { text, numeric: false });
        let table = Table { caption: "Who sits where", columns: &columns, rows: &rows }.render();
        html! {
            @if self.may_sign_in {
                form id="seats" method="post" action={ "/classes/" (self.group) "/seats" } {
                    input type="hidden" name="word" value=(self.word);
                    (table)
                    (Button { text: "Keep where they sit", weight: Weight::Secondary, action: Action::Send })
                }
            } @else { (table) }
        }
    }
}

fn length(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} minutes"),
        (1, 0) => "1 hour".to_owned(),
        (hours, 0) => format!("{hours} hours"),
        (hours, minutes) => format!("{hours} hour {minutes} minutes"),
    }
}
