//! Breadcrumbs: where a page stands among the others, outermost first. The page itself is not among them.

use maud::{Markup, Render, html};

use super::Example;
use crate::Href;

/// The way down to this page.
#[derive(Debug, Clone)]
pub struct Breadcrumbs<'a> {
    /// The pages above, outermost first.
    pub crumbs: &'a [Crumb<'a>],
}

/// One page above.
#[derive(Debug, Clone)]
pub struct Crumb<'a> {
    /// Its title.
    pub text: &'a str,
    /// Its address.
    pub href: Href,
}

impl Render for Breadcrumbs<'_> {
    fn render(&self) -> Markup {
        html! {
            nav.govuk-breadcrumbs.govuk-breadcrumbs--collapse-on-mobile aria-label="Breadcrumb" {
                ol.govuk-breadcrumbs__list {
                    @for crumb in self.crumbs {
                        li.govuk-breadcrumbs__list-item { a.govuk-breadcrumbs__link href=(crumb.href) { (crumb.text) } }
                    }
                }
            }
        }
    }
}

pub(super) fn examples() -> Vec<Example> {
    let crumbs = [Crumb { text: "Filtering", href: Href::path("filtering") }, Crumb { text: "Profiles", href: Href::path("profiles") }];
    vec![Example::new("Two pages above", &Breadcrumbs { crumbs: &crumbs })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn they_are_a_named_ordered_list() {
        let crumbs = [Crumb { text: "A", href: Href::path("a") }, Crumb { text: "B", href: Href::path("b") }];
        let markup = Breadcrumbs { crumbs: &crumbs }.render().into_string();
        assert!(markup.contains("<ol") && markup.contains(r#"aria-label="Breadcrumb""#));
        assert!(markup.find(">A<") < markup.find(">B<"));
    }
}
