//! The markup of how a class signs in, and the sheets that a teacher prints.

use ids::{GroupId, PersonId};
use maud::{Markup, Render, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::details::Details;
use ui::components::qr::Qr;
use ui::components::radios::{Choice, Radios};
use ui::components::symbol::Symbol;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};

use crate::signin::pupil::{ClassDoor, Way, Young};
use crate::signin::view::word;
use crate::web::Content;

/// How a class signs in.
pub(super) struct ClassSignInsPage<'a> {
    pub(super) word: &'a str,
    pub(super) group: GroupId,
    pub(super) door: Option<&'a ClassDoor>,
    /// Where children type the code.
    pub(super) address: &'a str,
    pub(super) rows: &'a [Row],
}

/// A pupil of it.
pub(super) struct Row {
    pub(super) person: PersonId,
    pub(super) name: String,
    pub(super) young: Option<Young>,
    pub(super) user_name: Option<String>,
    /// How they came in, where they are in.
    pub(super) now: Option<&'static str>,
}

/// Pictures that were given just now.
pub(super) struct PictureSheet<'a> {
    pub(super) group: GroupId,
    pub(super) rows: &'a [GivenPictures],
}

/// Those of one child.
pub(super) struct GivenPictures {
    pub(super) name: String,
    pub(super) symbol: Symbol,
    pub(super) pictures: Vec<Symbol>,
}

/// Cards that were made just now.
pub(super) struct CardSheet<'a> {
    pub(super) group: GroupId,
    pub(super) cards: &'a [PrintedCard],
}

/// One of them.
pub(super) struct PrintedCard {
    pub(super) name: String,
    pub(super) symbol: Symbol,
    pub(super) address: String,
}

const COLUMNS: fn(&'static str) -> Column<'static> = |text| Column { text, numeric: false };

impl Content for ClassSignInsPage<'_> {
    fn title(&self) -> String {
        "How the class signs in".to_owned()
    }

    fn place(&self) -> &'static str {
        "/classes"
    }

    fn content(&self) -> Markup {
        html! {
            (BackLink { text: "The class", href: Href::path(&format!("classes/{}", self.group)) })
            h1.govuk-heading-l { "How the class signs in" }
            @match self.door {
                None => {
                    p.govuk-body-l { "Until you set this up, the pupils of this class are known only when you sign the class in." }
                    (self.open("Set it up", Weight::Main, Way::Pictures))
                }
                Some(door) => { (self.door(door)) (self.pupils(door.way)) }
            }
        }
    }
}

impl ClassSignInsPage<'_> {
    fn form(&self, content: &Markup) -> Markup {
        html! { form method="post" action={ "/classes/" (self.group) "/sign-ins" } { (word(self.word)) (content) } }
    }

    fn open(&self, text: &str, weight: Weight, way: Way) -> Markup {
        let choices = [
            Choice {
                value: Way::Pictures.as_str(),
                label: "With pictures",
                hint: Some("For the youngest: they press four pictures in order."),
            },
            Choice {
                value: Way::Words.as_str(),
                label: "With a user name and a password",
                hint: Some("For those who read and write well."),
            },
        ];
        let radios =
            Radios { name: "way", legend: "How do they sign in?", hint: None, error: None, choices: &choices, chosen: Some(way.as_str()) };
        self.form(&html! { (radios) (Button { text, weight, action: Action::SendAs { name: "do", value: "open" } }) })
    }

    fn door(&self, door: &ClassDoor) -> Markup {
        html! {
            p.govuk-body { "On a school device, the pupils open " strong.sg-break { (self.address) } " and type:" }
            p.govuk-body.sg-code { (door.code.shown()) }
            (Details { summary: "Change the code, or how they sign in", open: false, content: html! {
                p.govuk-body { "The code from before opens nothing any more." }
                (self.open("Give the class a new code", Weight::Secondary, door.way))
            } })
        }
    }

    fn pupils(&self, way: Way) -> Markup {
        let table = match way {
            Way::Pictures => self.with_pictures(),
            Way::Words => self.with_words(),
        };
        self.form(&html! {
            @if way == Way::Pictures {
                div.govuk-button-group {
                    (order("Print new cards for the class", "cards", Weight::Main))
                    @if self.rows.iter().any(|row| row.young.is_none_or(|young| !young.has_pictures)) {
                        (order("Give pictures to those who have none", "pictures", Weight::Secondary))
                    }
                    (order("End all cards", "end-cards", Weight::Warning))
                }
                p.govuk-body { "A card or pictures can be looked at once, when they are made. New ones put the old ones out of use." }
            }
            (table)
        })
    }

    fn with_pictures(&self) -> Markup {
        let cell = |row: &Row| {
            let person = row.person;
            vec![
                html! { (row.name) },
                html! { @if let Some(young) = &row.young { (young.symbol.name()) } @else { "None yet" } },
                html! {
                    @match &row.young {
                        Some(young) if young.has_card => (Tag { text: "Has a card", mood: Mood::Good }),
                        Some(_) => "No card",
                        None => "No pictures",
                    }
                },
                now(row),
                html! {
                    (order_for("New pictures", &row.name, &format!("pictures {person}")))
                    @if let Some(young) = &row.young {
                        (order_for("New card", &row.name, &format!("cards {person}")))
                        @if young.has_card { (order_for("End the card", &row.name, &format!("end-cards {person}"))) }
                    }
                },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(cell).collect();
        let columns = ["Pupil", "Picture", "Card", "Now", "Do"].map(COLUMNS);
        Table { caption: "Pupils", columns: &columns, rows: &rows }.render()
    }

    fn with_words(&self) -> Markup {
        let cell = |row: &Row| {
            let (name, text) = match &row.user_name {
                Some(name) => (name.as_str(), "Give a new link"),
                None => ("None yet", "Make an account"),
            };
            vec![html! { (row.name) }, html! { (name) }, now(row), order_for(text, &row.name, &format!("account {}", row.person))]
        };
        let rows: Vec<Vec<Markup>> = self.rows.iter().map(cell).collect();
        let columns = ["Pupil", "User name", "Now", "Do"].map(COLUMNS);
        Table { caption: "Pupils", columns: &columns, rows: &rows }.render()
    }
}

fn now(row: &Row) -> Markup {
    html! { @if let Some(how) = row.now { (Tag { text: how, mood: Mood::Good }) } @else { "Not signed in" } }
}

fn order(text: &str, value: &str, weight: Weight) -> Markup {
    Button { text, weight, action: Action::SendAs { name: "do", value } }.render()
}

/// A button in the row of a pupil, told apart by the name for whoever hears it.
fn order_for(text: &str, name: &str, value: &str) -> Markup {
    html! {
        button.govuk-button.govuk-button--secondary.sg-small type="submit" name="do" value=(value) data-module="govuk-button" data-prevent-double-click="true" {
            (text) span.govuk-visually-hidden { " for " (name) }
        }
        " "
    }
}

fn back(group: GroupId) -> Markup {
    BackLink { text: "How the class signs in", href: Href::path(&format!("classes/{group}/sign-ins")) }.render()
}

impl Content for PictureSheet<'_> {
    fn title(&self) -> String {
        "New pictures".to_owned()
    }

    fn place(&self) -> &'static str {
        "/classes"
    }

    fn content(&self) -> Markup {
        html! {
            (back(self.group))
            h1.govuk-heading-l { "New pictures" }
            p.govuk-body-l.sg-no-print { "Show each child their four pictures, in order, and let them try. Print the page now if you need it: it is not shown again." }
            @if self.rows.is_empty() { p.govuk-body { "Everybody has pictures already. Nothing was changed." } }
            @for row in self.rows {
                section.sg-given {
                    h2.govuk-heading-m { span.sg-given__own { (row.symbol) } (row.name) }
                    ol.sg-pictures.sg-pictures--few { @for symbol in &row.pictures { li.sg-pictures__one { (symbol) span { (symbol.name()) } } } }
                }
            }
        }
    }
}

impl Content for CardSheet<'_> {
    fn title(&self) -> String {
        "New cards".to_owned()
    }

    fn place(&self) -> &'static str {
        "/classes"
    }

    fn content(&self) -> Markup {
        html! {
            (back(self.group))
            h1.govuk-heading-l.sg-no-print { "New cards" }
            p.govuk-body-l.sg-no-print { "Print this page on one sheet of A4 and cut it up. It is not shown again. Whoever has a card signs in as that child, on a school device and in school hours: if one is lost, end it." }
            @if self.cards.is_empty() { p.govuk-body { "Nobody has pictures yet. Give pictures first." } }
            ul.sg-cards {
                @for card in self.cards {
                    li.sg-card {
                        div { (card.symbol) (card.name) }
                        (Qr { text: &card.address, label: &format!("Card of {}", card.name) })
                    }
                }
            }
        }
    }
}
