//! Summary list: what is known about one thing, and where each part is changed.

use maud::{Markup, Render, html};

use super::Example;
use crate::Href;

/// What is known about one thing.
#[derive(Debug, Clone)]
pub struct SummaryList<'a> {
    /// The parts.
    pub rows: &'a [Row<'a>],
}

/// One part.
#[derive(Debug, Clone)]
pub struct Row<'a> {
    /// Its name.
    pub key: &'a str,
    /// What it is now.
    pub value: Markup,
    /// Where it is changed, if the reader may.
    pub change: Option<Href>,
}

impl Render for SummaryList<'_> {
    fn render(&self) -> Markup {
        let any_change = self.rows.iter().any(|row| row.change.is_some());
        html! {
            dl.govuk-summary-list {
                @for row in self.rows {
                    div.govuk-summary-list__row.govuk-summary-list__row--no-actions[any_change && row.change.is_none()] {
                        dt.govuk-summary-list__key { (row.key) }
                        dd.govuk-summary-list__value { (row.value) }
                        @if let Some(href) = &row.change {
                            dd.govuk-summary-list__actions {
                                a.govuk-link href=(href) { "Change" span.govuk-visually-hidden { " " (row.key) } }
                            }
                        }
                    }
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let rows = [
        Row { key: "Address", value: html! { "https://a-very-long-name-that-nobody-would-choose.games.example/play/today" }, change: None },
        Row { key: "Open for", value: html! { "Key Stage 2, until Friday" }, change: Some(Href::path("rules/7/until")) },
    ];
    vec![Example::new("A rule", &SummaryList { rows: &rows })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_link_says_what_it_changes() {
        let rows = [Row { key: "Name", value: html! { "x" }, change: Some(Href::path("n")) }];
        let markup = SummaryList { rows: &rows }.render().into_string();
        assert!(markup.contains(r#"Change<span class="govuk-visually-hidden"> Name</span>"#), "{markup}");
    }
}
