//! One page with every example of every component: looked at by people, checked by tests in a browser.

use maud::{Markup, Render, html};

use crate::components::not_only_filter::NotOnlyFilter;
use crate::components::{self, Example, breadcrumbs};
use crate::shell::{NavItem, Page, WhoAmI};
use crate::{Href, Words};

/// The gallery, as a whole page.
#[must_use]
pub fn gallery(words: &Words) -> Markup {
    let navigation = ["Today", "Filtering", "People", "Concerns", "Reports", "Parts of a page"].map(|text| NavItem {
        text,
        href: Href::path(if text == "Today" { "/" } else { text }),
        current: text == "Parts of a page",
    });
    let crumbs = [breadcrumbs::Crumb { text: "Today", href: Href::path("/") }];
    let missing = ["No full category list has been built.", "No source of illegal-content addresses is declared."];
    let content = html! {
        h1.govuk-heading-xl { "Parts of a page" }
        p.govuk-body-l { "Every component, with its examples. Names and places are invented." }
        @for (name, examples) in components::ALL {
            h2.govuk-heading-l { (name) }
            @for Example { name, markup } in examples() {
                h3.govuk-heading-s { (name) }
                div.sg-example { (markup) }
            }
        }
    };
    let page = Page {
        words,
        title: "Parts of a page",
        has_errors: false,
        navigation: &navigation,
        who: Some(WhoAmI { name: "Robin Teasel", role: "Headteacher", word: "" }),
        search: Some(""),
        notice: Some("An example of a notice"),
        not_only_filter: Some(NotOnlyFilter { words, missing: &missing, what_to_do: Some(Href::path("help")) }),
        before: Some(breadcrumbs::Breadcrumbs { crumbs: &crumbs }.render()),
        content,
    };
    page.render()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::ReadingAge;

    #[test]
    fn no_id_is_used_twice() {
        let page = gallery(&Words::new(ReadingAge::Adult, "Hill Top School")).into_string();
        let ids: Vec<_> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let different: BTreeSet<_> = ids.iter().collect();
        assert_eq!(different.len(), ids.len(), "{ids:?}");
    }
}
