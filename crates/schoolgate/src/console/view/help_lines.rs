//! Help lines: open for everybody, always.

use lists::starter::HelpLine;
use maud::{Markup, html};
use ui::Href;
use ui::components::table::{Column, Table};

use super::Content;

/// The page.
#[derive(Debug)]
pub(in crate::console) struct HelpLinesPage {
    pub(in crate::console) lines: Vec<HelpLine>,
    /// The school's own protected hosts.
    pub(in crate::console) own: Vec<String>,
}

impl Content for HelpLinesPage {
    fn title(&self) -> String {
        "Help lines".to_owned()
    }

    fn place(&self) -> &'static str {
        "/help-lines"
    }

    fn content(&self) -> Markup {
        let columns = ["Who", "What for", "Phone or text", "Site"].map(|text| Column { text, numeric: false });
        let rows: Vec<_> = self.lines.iter().map(row).collect();
        html! {
            h1.govuk-heading-xl { "Help lines" }
            p.govuk-body-l {
                "These are open to everybody, always: no list, no rule and no missing signature closes them. In an emergency ring "
                a.govuk-link href=(Href::phone("999")) { "999" } "."
            }
            @if !self.own.is_empty() {
                p.govuk-body { "So are these pages of the school:" }
                ul.govuk-list.govuk-list--bullet { @for host in &self.own { li { (host) } } }
            }
            (Table { caption: "Who helps", columns: &columns, rows: &rows })
        }
    }
}

fn row(line: &HelpLine) -> Vec<Markup> {
    let host = line.host.as_str();
    vec![
        html! { (line.name) },
        html! { (line.purpose) },
        html! { @match &line.contact { Some(contact) => (self::contact(contact)), None => "On their site" } },
        html! { span.sg-whole { (host) } },
    ]
}

/// A number that can be dialled as a link; anything with words as it is.
fn contact(contact: &str) -> Markup {
    let dials = contact.chars().all(|letter| letter.is_ascii_digit() || letter == ' ');
    html! { @if dials { a.govuk-link href=(Href::phone(contact)) { (contact) } } @else { (contact) } }
}
