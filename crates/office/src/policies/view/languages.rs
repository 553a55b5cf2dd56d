//! In which languages a text can be read, each by its own name, and in which one it stands there.

use maud::{Markup, Render, html};
use ui::Href;
use ui::components::notification::{Kind, Notification};

use crate::document::{ENGLISH, Language, Named};
use crate::policies::translation::{Missed, Offer};

/// Links to a text in every language that there is. Nothing where there is English alone and nothing else was asked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Languages<'a> {
    /// What there is, and what is shown of it.
    pub(crate) offer: &'a Offer,
    /// The page, without what stands behind the question mark.
    pub(crate) path: &'a str,
    /// What else stands there, such as `large=yes`.
    pub(crate) more: &'a str,
}

impl Render for Languages<'_> {
    fn render(&self) -> Markup {
        html! {
            @if let Some(missed) = self.offer.missed { (told(missed)) }
            @if !self.offer.offered.is_empty() {
                nav.sg-languages.sg-not-printed aria-label="Languages of this text" {
                    ul {
                        (self.link(&ENGLISH, self.offer.shown.is_none()))
                        @for translation in &self.offer.offered { (self.link(translation.language, self.offer.language() == Some(translation.language))) }
                    }
                }
            }
            @if let Some(language) = self.offer.language() {
                p.govuk-body {
                    "This is the school’s own translation into " (language.english) ". The English text is the one that counts. "
                    a.govuk-link.sg-not-printed href=(self.to(&ENGLISH)) { "Read it in English" }
                }
            }
        }
    }
}

impl Languages<'_> {
    fn to(&self, language: &Language) -> Href {
        let more = if self.more.is_empty() { String::new() } else { format!("&{}", self.more) };
        Href::path(&format!("{}?lang={}{more}", self.path, language.tag))
    }

    fn link(&self, language: &'static Language, is_shown: bool) -> Markup {
        html! {
            li {
                @if is_shown { strong aria-current="true" { (Named(language)) } }
                @else { a.govuk-link href=(self.to(language)) hreflang=(language.tag) { (Named(language)) } }
            }
        }
    }
}

fn told(missed: Missed) -> Markup {
    let heading = match missed {
        Missed::Known(language) => format!("There is no translation into {} of this text now", language.english),
        Missed::Unknown => "There is no translation into that language of this text".to_owned(),
    };
    Notification {
        id: "no-translation",
        kind: Kind::Important,
        heading: &heading,
        text: Some("This is the English text, which counts in any case. Ask the school’s office if you need it in another language."),
    }
    .render()
}
