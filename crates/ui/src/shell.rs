//! The shell of every console page: what stands round its content.

use maud::{DOCTYPE, Markup, Render, html};

use crate::assets::{MARK, SCRIPT, STYLESHEET};
use crate::components::not_only_filter::NotOnlyFilter;
use crate::{Href, Words};

/// The product's name, as people read it.
pub const PRODUCT: &str = "Schoolgate";

/// The policy that the shell's pages are made for; send it as `Content-Security-Policy`.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
    form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// One entry of the navigation.
#[derive(Debug, Clone)]
pub struct NavItem<'a> {
    /// What it is called.
    pub text: &'a str,
    /// Where it leads.
    pub href: Href,
    /// Whether it is where the reader is now.
    pub current: bool,
}

/// Who is signed in, for the top of every page.
#[derive(Debug, Clone, Copy)]
pub struct WhoAmI<'a> {
    /// What they are called.
    pub name: &'a str,
    /// In which role they act.
    pub role: &'a str,
    /// What a form of theirs must bring along.
    pub word: &'a str,
}

/// A whole page.
#[derive(Debug)]
pub struct Page<'a> {
    /// For whom it is worded.
    pub words: &'a Words,
    /// What it is about: first words of the window's title, and best the same as its first heading.
    pub title: &'a str,
    /// The title begins with "Error: ", so that a screen reader says so at once.
    pub has_errors: bool,
    /// The way round the product, in order. Empty: no navigation.
    pub navigation: &'a [NavItem<'a>],
    /// Who is signed in, if somebody is.
    pub who: Option<WhoAmI<'a>>,
    /// What was looked for, empty at first, where the reader may look for something: the search on top of every page.
    pub search: Option<&'a str>,
    /// What every page has to say before all else, in a few words, such as that this is a demonstration.
    pub notice: Option<&'a str>,
    /// In force until a full list and a source of illegal content are there: the red banner above everything.
    pub not_only_filter: Option<NotOnlyFilter<'a>>,
    /// What stands before the content: a back link or breadcrumbs.
    pub before: Option<Markup>,
    /// The content. Its first heading is an `h1`.
    pub content: Markup,
}

impl Render for Page<'_> {
    fn render(&self) -> Markup {
        html! {
            (DOCTYPE)
            html.govuk-template lang=(self.words.language.tag()) {
                head {
                    meta charset="utf-8";
                    title { @if self.has_errors { "Error: " } (self.title) " – " (PRODUCT) " – " (self.words.school) }
                    meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover";
                    meta name="theme-color" content="#123c4a";
                    link rel="icon" href=(MARK) type="image/svg+xml";
                    link rel="stylesheet" href=(STYLESHEET);
                    script type="module" src=(SCRIPT) {}
                }
                body.govuk-template__body {
                    a.govuk-skip-link href="#main-content" data-module="govuk-skip-link" { "Skip to main content" }
                    @if let Some(notice) = self.notice { aside.sg-notice aria-label="Notice" { div.govuk-width-container { (notice) } } }
                    (self.header())
                    div.govuk-width-container {
                        @if let Some(before) = &self.before { (before) }
                        main #main-content .govuk-main-wrapper {
                            @if let Some(warning) = &self.not_only_filter { (warning) }
                            (self.content)
                        }
                    }
                    (footer())
                }
            }
        }
    }
}

impl Page<'_> {
    fn header(&self) -> Markup {
        html! {
            header {
                div.sg-header {
                    div.govuk-width-container.sg-header__inner {
                        a.sg-header__name href="/" {
                            img src=(MARK) alt="" width="40" height="40";
                            (PRODUCT)
                        }
                        span.sg-header__school { (self.words.school) }
                        @if let Some(who) = &self.who { (who) }
                        @if let Some(search) = self.search { (search_form(search)) }
                    }
                }
                @if !self.navigation.is_empty() { (self.menu()) }
            }
        }
    }

    fn menu(&self) -> Markup {
        html! {
            div.govuk-service-navigation data-module="govuk-service-navigation" {
                div.govuk-width-container {
                    div.govuk-service-navigation__container {
                        nav.govuk-service-navigation__wrapper aria-label="Menu" {
                            // Hidden until the script makes it work; without script the whole menu shows.
                            button.govuk-service-navigation__toggle.govuk-js-service-navigation-toggle type="button"
                                aria-controls="navigation" hidden aria-hidden="true" { "Menu" }
                            ul #navigation .govuk-service-navigation__list {
                                @for item in self.navigation { (item) }
                            }
                        }
                    }
                }
            }
        }
    }
}

impl Render for WhoAmI<'_> {
    fn render(&self) -> Markup {
        html! {
            div.sg-who {
                a.sg-who__name href="/my/sign-in" { span.govuk-visually-hidden { "Your sign-in: " } (self.name) ", " (self.role) }
                form method="post" action="/sign-out" {
                    input type="hidden" name="word" value=(self.word);
                    button.sg-who__out type="submit" { "Sign out" }
                }
            }
        }
    }
}

impl Render for NavItem<'_> {
    fn render(&self) -> Markup {
        html! {
            li.govuk-service-navigation__item.govuk-service-navigation__item--active[self.current] {
                a.govuk-service-navigation__link href=(self.href) aria-current=[self.current.then_some("page")] {
                    // The `strong` keeps the place marked for readers with colours of their own.
                    @if self.current { strong.govuk-service-navigation__active-fallback { (self.text) } } @else { (self.text) }
                }
            }
        }
    }
}

fn search_form(sought: &str) -> Markup {
    html! {
        form.sg-search method="get" action="/search" role="search" aria-label="Everything" {
            label.govuk-visually-hidden for="search-all" { "Search everything" }
            input.govuk-input type="search" id="search-all" name="q" value=[Some(sought).filter(|sought| !sought.is_empty())];
            button.sg-search__go type="submit" { "Search" }
        }
    }
}

fn footer() -> Markup {
    html! {
        footer.sg-footer {
            div.govuk-width-container {
                p.sg-footer__note { (PRODUCT) " is free software under the AGPL-3.0-or-later: anyone may see what it does." }
                p.sg-footer__note { a.govuk-link.govuk-link--no-visited-state href=(Href::path("/privacy")) { "Privacy" } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ReadingAge;

    fn page(words: &Words) -> String {
        let navigation = [
            NavItem { text: "Filtering", href: Href::path("/filtering"), current: true },
            NavItem { text: "People", href: Href::path("/people"), current: false },
        ];
        let content = html! { h1.govuk-heading-l { "Filtering" } };
        let page = Page {
            words,
            title: "Filtering",
            has_errors: true,
            navigation: &navigation,
            who: Some(WhoAmI { name: "Robin <Teasel>", role: "Headteacher", word: "w0rd" }),
            search: Some("<rowan>"),
            notice: Some("Demonstration"),
            not_only_filter: None,
            before: None,
            content,
        };
        page.render().into_string()
    }

    #[test]
    fn a_page_says_where_one_is() {
        let page = page(&Words::new(ReadingAge::Adult, "St <Anne's>"));
        assert!(page.contains(r#"<html class="govuk-template" lang="en-GB">"#), "{page}");
        assert!(page.contains("<title>Error: Filtering – Schoolgate – St &lt;Anne's&gt;</title>"), "{page}");
        assert_eq!(page.matches(r#"aria-current="page""#).count(), 1);
    }

    #[test]
    fn who_is_signed_in_stands_on_top_and_can_sign_out() {
        let page = page(&Words::new(ReadingAge::Adult, "Hill Top School"));
        assert!(page.contains("Robin &lt;Teasel&gt;, Headteacher</a>"), "{page}");
        assert!(page.contains(r#"action="/sign-out"><input type="hidden" name="word" value="w0rd">"#), "{page}");
    }

    #[test]
    fn what_is_looked_for_is_asked_on_top_of_every_page() {
        let page = page(&Words::new(ReadingAge::Adult, "Hill Top School"));
        assert!(
            page.contains(r#"method="get" action="/search" role="search""#) && page.contains(r#"name="q" value="&lt;rowan&gt;""#),
            "{page}"
        );
    }

    #[test]
    fn nothing_in_a_page_needs_inline_script_or_style() {
        let page = page(&Words::new(ReadingAge::Adult, "Hill Top School"));
        assert!(!page.contains("<style") && !page.contains(" style=") && !page.contains(" on"), "{page}");
        assert_eq!(page.matches("<script").count(), 1);
    }
}
