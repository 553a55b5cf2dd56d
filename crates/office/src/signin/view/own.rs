//! The own sign-in: password, code, sessions, role.

use jiff::tz::TimeZone;
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::button::{Action, Button, Weight};
use ui::components::qr::Qr;
use ui::components::radios::{Choice, Radios};
use ui::components::summary_list::{Row, SummaryList};
use ui::components::table::Table;
use ui::components::text_input::{Kind, TextInput};

use super::{COLUMNS, PASSWORD_HINT, at, password, send, summary, word};
use crate::people::Role;
use crate::signin::Listed;
use crate::web::Content;

/// The own sign-in.
pub(in crate::signin) struct OwnPage<'a> {
    pub(in crate::signin) word: &'a str,
    /// Empty for whoever came in without a password.
    pub(in crate::signin) user_name: &'a str,
    pub(in crate::signin) has_second_factor: bool,
    pub(in crate::signin) roles: &'a [Role],
    pub(in crate::signin) role: Role,
    pub(in crate::signin) sessions: &'a [SessionRow],
    pub(in crate::signin) error: Option<&'a str>,
}

/// A session in the list.
pub(in crate::signin) struct SessionRow {
    id: String,
    from: String,
    made: String,
    seen: String,
    is_own: bool,
}

/// Where the second factor is set up.
pub(in crate::signin) struct SecondFactorPage<'a> {
    pub(in crate::signin) word: &'a str,
    pub(in crate::signin) secret: &'a str,
    pub(in crate::signin) address: &'a str,
    pub(in crate::signin) must: bool,
    pub(in crate::signin) replaces: bool,
    pub(in crate::signin) error: Option<&'a str>,
}

/// The recovery codes, shown once.
pub(in crate::signin) struct CodesPage<'a> {
    pub(in crate::signin) codes: &'a [String],
}

impl Content for OwnPage<'_> {
    fn title(&self) -> String {
        "Your sign-in".to_owned()
    }

    fn place(&self) -> &'static str {
        "/my/sign-in"
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        html! {
            (summary("password", self.error))
            h1.govuk-heading-l { "Your sign-in" }
            (self.facts())
            @if self.roles.len() > 1 { (self.switch()) }
            (self.sessions())
            @if !self.user_name.is_empty() { (self.change_password()) }
        }
    }
}

impl OwnPage<'_> {
    fn change_password(&self) -> Markup {
        html! {
            h2.govuk-heading-m { "Change your password" }
            form method="post" action="/my/password" {
                (word(self.word))
                input type="text" name="username" value=(self.user_name) autocomplete="username" hidden;
                (TextInput { name: "password", label: "Your password now", hint: None, error: self.error, value: "", kind: Kind::Password, autocomplete: Some("current-password") })
                (password("new", "New password", Some(PASSWORD_HINT), "new-password"))
                (password("again", "The same again", None, "new-password"))
                (send("Change the password", Weight::Main))
            }
        }
    }

    fn facts(&self) -> Markup {
        if self.user_name.is_empty() {
            return SummaryList { rows: &[Row { key: "You act as", value: html! { (self.role.title()) }, change: None }] }.render();
        }
        let code = html! { @if self.has_second_factor { "Your telephone makes one" } @else { "None" } };
        let change = Some(Href::path("my/second-factor"));
        let rows = [
            Row { key: "User name", value: html! { (self.user_name) }, change: None },
            Row { key: "You act as", value: html! { (self.role.title()) }, change: None },
            Row { key: "Code beside the password", value: code, change },
        ];
        SummaryList { rows: &rows }.render()
    }

    fn switch(&self) -> Markup {
        let hint = Some("What you see and may do depends on it, and each thing you do is recorded under it.");
        let choices: Vec<Choice<'_>> =
            self.roles.iter().map(|role| Choice { value: role.as_str(), label: role.title(), hint: None }).collect();
        html! {
            form method="post" action="/my/role" {
                (word(self.word))
                (Radios { name: "role", legend: "Act as", hint, error: None, choices: &choices, chosen: Some(self.role.as_str()) })
                (send("Act in this role", Weight::Secondary))
            }
        }
    }

    fn sessions(&self) -> Markup {
        let cell = |row: &SessionRow| {
            vec![
                html! { (row.from) },
                html! { (row.made) },
                html! { (row.seen) },
                html! {
                    @if row.is_own { "This one" } @else {
                        form method="post" action="/my/sessions/end" {
                            (word(self.word))
                            input type="hidden" name="session" value=(row.id);
                            (send("Sign out there", Weight::Secondary))
                        }
                    }
                },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.sessions.iter().map(cell).collect();
        let columns = ["Address", "Since", "Last used", "Do"].map(COLUMNS);
        Table { caption: "Where you are signed in", columns: &columns, rows: &rows }.render()
    }
}

impl SessionRow {
    pub(in crate::signin) fn of(listed: Listed, zone: &TimeZone) -> Self {
        let (made, seen) = (at(listed.made, zone), at(listed.seen, zone));
        Self { id: listed.id, from: listed.from.to_string(), made, seen, is_own: listed.is_own }
    }
}

impl Content for SecondFactorPage<'_> {
    fn title(&self) -> String {
        "A code from your telephone".to_owned()
    }

    fn place(&self) -> &'static str {
        "/my/sign-in"
    }

    fn has_errors(&self) -> bool {
        self.error.is_some()
    }

    fn content(&self) -> Markup {
        html! {
            (summary("code", self.error))
            h1.govuk-heading-l { "A code from your telephone" }
            @if self.must {
                p.govuk-body-l { "In your role you see what must stay private, so a password alone is not enough. This takes two minutes, once." }
            }
            @if self.replaces { p.govuk-body { "The telephone that you use now stops working for this as soon as the new one is set up." } }
            ol.govuk-list.govuk-list--number {
                li { "Open an authenticator app on your telephone, any of them, and add an account." }
                li { "Let it read this picture, or type the key below." }
                li { "Type the six figures that it then shows." }
            }
            (Qr { text: self.address, label: "Picture for the authenticator app; the key stands below as text" })
            p.govuk-body { "Key: " code { (groups(self.secret)) } }
            form method="post" action="/my/second-factor" {
                (word(self.word))
                (TextInput { name: "code", label: "The six figures", hint: None, error: self.error, value: "", kind: Kind::Number, autocomplete: Some("one-time-code") })
                (password("password", "Your password", Some("So that nobody else does this while you are away from the keyboard."), "current-password"))
                (send("Turn it on", Weight::Main))
            }
        }
    }
}

impl Content for CodesPage<'_> {
    fn title(&self) -> String {
        "Print these codes".to_owned()
    }

    fn place(&self) -> &'static str {
        "/my/sign-in"
    }

    fn content(&self) -> Markup {
        html! {
            h1.govuk-heading-l { "Print these codes" }
            p.govuk-body-l { "If you lose your telephone, each of these signs you in once in its place. They are not shown again." }
            ul.govuk-list.sg-codes { @for code in self.codes { li { (code) } } }
            p.govuk-body { "Keep the paper where you keep your keys, not with the telephone." }
            (Button { text: "I have them on paper", weight: Weight::Main, action: Action::Go(Href::path("")) })
        }
    }
}

/// As it is easier to type: in fours.
fn groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}
