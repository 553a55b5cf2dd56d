//! The accounts of others.

use jiff::tz::TimeZone;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::details::Details;
use ui::components::empty_state::EmptyState;
use ui::components::qr::Qr;
use ui::components::table::Table;
use ui::components::text_input::{Kind, TextInput};

use super::{COLUMNS, at, send, word};
use crate::people::Person;
use crate::signin::Standing;
use crate::web::Content;

/// All accounts.
pub(in crate::signin) struct AccountsPage<'a> {
    pub(in crate::signin) word: &'a str,
    pub(in crate::signin) find: &'a str,
    /// Whether names of people are shown, and accounts made for them.
    pub(in crate::signin) sees_people: bool,
    pub(in crate::signin) candidates: &'a [Candidate],
    pub(in crate::signin) rows: &'a [AccountRow],
}

/// Somebody without an account.
pub(in crate::signin) struct Candidate {
    id: String,
    name: String,
    is: String,
}

/// An account in the list.
pub(in crate::signin) struct AccountRow {
    person: String,
    name: String,
    user_name: String,
    stands: &'static str,
    signed_in: String,
    is_ended: bool,
}

/// A one-time link, shown once.
pub(in crate::signin) struct LinkPage<'a> {
    pub(in crate::signin) user_name: &'a str,
    pub(in crate::signin) address: &'a str,
    pub(in crate::signin) back: &'a str,
}

impl Content for AccountsPage<'_> {
    fn title(&self) -> String {
        "Accounts".to_owned()
    }

    fn place(&self) -> &'static str {
        "/accounts"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Accounts" }
            p.govuk-body { "Everybody signs in with an account of their own. You never see or set a password: you give a link, and its holder chooses." }
            @if self.sees_people { (self.make()) }
            @if self.rows.is_empty() {
                (EmptyState { title: "There are no accounts yet", text: "Find a person and make the first one.", action: None })
            } @else {
                (self.table())
            }
        }
    }
}

impl AccountsPage<'_> {
    fn make(&self) -> Markup {
        html! {
            h2.govuk-heading-m { "Make an account" }
            form method="get" action="/accounts" {
                (TextInput { name: "find", label: "Name of the person", hint: Some("Somebody whom the school knows already."), error: None, value: self.find, kind: Kind::Search, autocomplete: None })
                (send("Find", Weight::Secondary))
            }
            @if !self.find.trim().is_empty() { (self.found()) }
        }
    }

    fn found(&self) -> Markup {
        let cell = |person: &Candidate| {
            vec![
                html! { (person.name) },
                html! { (person.is) },
                html! {
                    form method="post" action={ "/accounts/" (person.id) "/make" } {
                        (word(self.word))
                        label.govuk-label for={ "name-" (person.id) } { "User name" }
                        input.govuk-input.govuk-input--width-10 type="text" name="user_name" id={ "name-" (person.id) } spellcheck="false" autocomplete="off";
                        " "
                        (send("Make an account", Weight::Secondary))
                    }
                },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.candidates.iter().map(cell).collect();
        let columns = ["Name", "Is", "Do"].map(COLUMNS);
        html! {
            @if rows.is_empty() {
                p.govuk-body { "Nobody of that name is without an account." }
            } @else {
                (Table { caption: "People without an account", columns: &columns, rows: &rows })
            }
        }
    }

    fn table(&self) -> Markup {
        let button = |row: &AccountRow, what: &str, text: &str| {
            html! {
                form method="post" action={ "/accounts/" (row.person) "/" (what) } { (word(self.word)) (send(text, Weight::Secondary)) }
            }
        };
        let cell = |row: &AccountRow| {
            let mut cells = vec![html! { (row.user_name) }];
            cells.extend(self.sees_people.then(|| html! { (row.name) }));
            cells.extend([
                html! { (row.stands) },
                html! { (row.signed_in) },
                html! {
                    @if !row.is_ended {
                        (Details { summary: "Change", open: false, content: html! {
                            (button(row, "reset", "Give a new link"))
                            (button(row, "sign-out", "Sign out everywhere"))
                            p.govuk-body { "For somebody who has left, end the account. It is for good, and the user name is not given again." }
                            (button(row, "end", "End the account"))
                        } })
                    }
                },
            ]);
            cells
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(cell).collect();
        let mut columns = vec![COLUMNS("User name")];
        columns.extend(self.sees_people.then(|| COLUMNS("Name")));
        columns.extend(["Stands", "Last signed in", "Do"].map(COLUMNS));
        Table { caption: "All accounts", columns: &columns, rows: &rows }.render()
    }
}

impl Candidate {
    pub(in crate::signin) fn of(person: &Person) -> Self {
        let details = &person.details;
        Self { id: person.id.to_string(), name: details.name(), is: details.memberships.to_string() }
    }
}

impl AccountRow {
    pub(in crate::signin) fn of(account: &Standing, name: String, zone: &TimeZone) -> Self {
        let stands = match (account.is_ended, account.has_password, account.has_second_factor) {
            (true, ..) => "Ended",
            (_, false, _) => "Waits for a password",
            (_, true, false) => "Password",
            (_, true, true) => "Password and code",
        };
        Self {
            person: account.person.to_string(),
            name,
            user_name: account.user_name.clone(),
            stands,
            signed_in: account.signed_in.map_or_else(|| "Never".to_owned(), |instant| at(instant, zone)),
            is_ended: account.is_ended,
        }
    }
}

impl Content for LinkPage<'_> {
    fn title(&self) -> String {
        "Hand over this link".to_owned()
    }

    fn place(&self) -> &'static str {
        "/accounts"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Hand over this link" }
            p.govuk-body-l { "It is for the account " strong { (self.user_name) } " alone. Whoever opens it chooses the password, so hand it over in person." }
            (Qr { text: self.address, label: "Picture of the link; it stands below as text" })
            p.govuk-body.sg-break { (self.address) }
            p.govuk-body { "It is good once, for three days, and is not shown again." }
            (Button { text: "Back", weight: Weight::Secondary, action: Action::Go(Href::path(self.back)) })
        }
    }
}
