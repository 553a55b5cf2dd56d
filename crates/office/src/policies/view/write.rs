//! Where a text is written.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::details::Details;
use ui::components::text_area::TextArea;

use crate::policies::Policy;
use crate::web::{Content, Fields, Form};

/// The form.
pub(in crate::policies) struct WritePage<'a> {
    pub(in crate::policies) word: &'a str,
    pub(in crate::policies) policy: &'static Policy,
    pub(in crate::policies) fields: &'a Fields,
}

impl Content for WritePage<'_> {
    fn title(&self) -> String {
        format!("Write: {}", self.policy.title)
    }

    fn place(&self) -> &'static str {
        "/policies"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        let help = html! {
            ul.govuk-list.govuk-list--bullet {
                li { "# stands before the title, ## before a heading, - before each line of a list, and an empty line between paragraphs." }
                li { code { "{{role.dsl}}" } " becomes what the school calls the role, " code { "{{holder.dsl}}" } " who holds it." }
                li { code { "{{setting.agreement_grace}}" } " becomes the number that holds; all are listed under Settings." }
                li { code { "{{clauses A-130 B-179}}" } " at the end of a paragraph says which promises it makes." }
            }
        };
        html! {
            (form.summary())
            (BackLink { text: self.policy.title, href: Href::path(&format!("policies/{}", self.policy.word)) })
            h1.govuk-heading-l { "Write: " (self.policy.title) }
            (Details { summary: "How a text is written", open: false, content: help })
            form method="post" action=(Href::path(&format!("policies/{}/write", self.policy.word))) enctype="multipart/form-data" novalidate {
                (form.word())
                (form.hidden("seen"))
                (TextArea { name: "source", label: "The text", hint: None, error: self.fields.error("source"), value: self.fields.get("source"), rows: 30, language: None })
                (TextArea { name: "change", label: "What is new in it?", hint: Some("A sentence or two. Everybody reads it who asks what has changed."), error: self.fields.error("change"), value: self.fields.get("change"), rows: 2, language: None })
                (form.send("Save the draft"))
            }
        }
    }
}
