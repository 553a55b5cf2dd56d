//! One answer as it is kept.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::notification::{Kind, Notification};
use ui::components::summary_list::{Row, SummaryList};

use super::{day, title};
use crate::agreements::Signature;
use crate::document::{Document, ENGLISH, Named, Shown};
use crate::people::Person;
use crate::web::{Content, sentence};

/// One answer with its text, to be printed.
pub(in crate::agreements) struct KeptPage<'a> {
    pub(in crate::agreements) signature: &'a Signature,
    /// Who signed, as it was printed then; nothing where that is not the reader's to see.
    pub(in crate::agreements) name: Option<&'a str>,
    /// For whom; nothing where that is not.
    pub(in crate::agreements) person: Option<&'a Person>,
    /// Whether the reader comes from their own agreements.
    pub(in crate::agreements) is_mine: bool,
    pub(in crate::agreements) text: &'a ShownText,
    /// When it was entered.
    pub(in crate::agreements) entered: &'a str,
}

/// The text that was shown.
pub(in crate::agreements) struct ShownText {
    /// The number of its version.
    pub(in crate::agreements) number: i64,
    pub(in crate::agreements) document: Document,
    /// Whether the English text is the one whose hash was kept.
    pub(in crate::agreements) english_is_same: bool,
    /// Where it was a translation: its number, and whether it is the one whose hash was kept.
    pub(in crate::agreements) translation: Option<(i64, bool)>,
}

impl Content for KeptPage<'_> {
    fn title(&self) -> String {
        format!("What was signed: {}", title(&self.signature.policy))
    }

    fn place(&self) -> &'static str {
        if self.is_mine { "/my/agreements" } else { "/agreements" }
    }

    fn content(&self) -> Markup {
        let back = if self.is_mine {
            BackLink { text: "My agreements", href: Href::path("my/agreements") }
        } else {
            BackLink { text: "Each answer", href: Href::path(&format!("agreements/person/{}", self.signature.for_person)) }
        };
        let language = self.text.translation.map(|_| self.signature.language);
        let is_same = self.text.english_is_same && self.text.translation.is_none_or(|(_, is_same)| is_same);
        html! {
            (back)
            h1.govuk-heading-l { (self.title()) }
            @if !is_same {
                (Notification { id: "changed", kind: Kind::Important, heading: "This is not the text that was signed", text: Some("The text in the records has another fingerprint than the one kept with the signature: somebody changed the one or the other past Schoolgate. Keep what you see, and tell whoever looks after the machine.") })
            }
            (SummaryList { rows: &self.facts() })
            p.govuk-body.sg-not-printed { "Your browser prints this page, or keeps it as a PDF." }
            (Shown { document: &self.text.document, with_clauses: false, language })
        }
    }
}

impl KeptPage<'_> {
    fn facts(&self) -> Vec<Row<'_>> {
        let (signature, text) = (self.signature, self.text);
        let row = |key, value| Row { key, value, change: None };
        let is_own = signature.signer == signature.for_person;
        let mut rows = vec![
            row("Answer", html! { (signature.answer.title()) ", " (day(signature.on)) }),
            row("Name", html! { (self.name.unwrap_or("Another adult")) ", " (signature.role) }),
            row(
                "For",
                match self.person {
                    Some(person) => html! { (person.details.name()) @if is_own { ", the signer" } },
                    None => html! { "A child for whom you do not answer today" },
                },
            ),
            row("How", html! { (sentence(signature.method.title())) " Entered on " (self.entered) "." }),
            row("Text", html! { (title(&signature.policy)) ", version " (text.number) }),
        ];
        rows.push(match text.translation {
            Some((number, _)) => row(
                "Language",
                html! { (Named(signature.language)) " (" (signature.language.english) "), text " (number) " of this version. The English text is the one that counts." },
            ),
            None => row("Language", html! { (ENGLISH.english) }),
        });
        rows.push(row("Fingerprint of the English text", html! { code.sg-hash { (hex(&signature.hash)) } }));
        if let Some((_, hash)) = &signature.translation {
            rows.push(row("Fingerprint of the translation", html! { code.sg-hash { (hex(hash)) } }));
        }
        rows
    }
}

/// SHA-256, as other programs print it.
fn hex(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
