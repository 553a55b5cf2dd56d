//! Translations on the page of their policy, and one of them beside the English.

use maud::{Markup, html};
use ui::Href;
use ui::components::back_link::BackLink;
use ui::components::button::{Action, Button, Weight};
use ui::components::details::Details;
use ui::components::notification::{Kind, Notification};
use ui::components::select::Select;
use ui::components::table::{Column, Table};
use ui::components::tag::{Mood, Tag};
use ui::components::text_area::TextArea;

use super::day;
use crate::document::{Beside, Document, LANGUAGES, Language, Named, Shown};
use crate::people::Person;
use crate::policies::{Policy, State, Translation, Version};
use crate::web::{Content, Fields, Form};

/// What there is of the version in force, and of the one that comes, in other languages.
pub(super) struct Translations<'a> {
    pub(super) policy: &'static Policy,
    /// The versions that are translated.
    pub(super) versions: &'a [&'a Version],
    pub(super) all: &'a [Translation],
    pub(super) may_write: bool,
}

/// One translation beside the English.
pub(in crate::policies) struct TranslationPage<'a> {
    pub(in crate::policies) word: &'a str,
    pub(in crate::policies) policy: &'static Policy,
    pub(in crate::policies) version: &'a Version,
    pub(in crate::policies) translation: &'a Translation,
    pub(in crate::policies) english: &'a Document,
    pub(in crate::policies) document: &'a Document,
    /// The clauses that the English states and the translation does not.
    pub(in crate::policies) unstated: &'a [String],
    pub(in crate::policies) people: &'a [Person],
    pub(in crate::policies) may_write: bool,
    /// Whether the reader is one of its writers.
    pub(in crate::policies) is_own: bool,
}

/// The form on which one is written.
pub(in crate::policies) struct TranslatePage<'a> {
    pub(in crate::policies) word: &'a str,
    pub(in crate::policies) policy: &'static Policy,
    pub(in crate::policies) version: &'a Version,
    /// None before a language is chosen.
    pub(in crate::policies) language: Option<&'static Language>,
    /// What the text began with.
    pub(in crate::policies) begins: Begins,
    pub(in crate::policies) english: &'a Document,
    pub(in crate::policies) fields: &'a Fields,
}

/// What a translation is begun from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::policies) enum Begins {
    /// It is there already.
    Itself,
    /// That of an earlier text.
    Earlier,
    /// The English, with its marks.
    English,
}

/// How far a translation is.
const fn tag(translation: &Translation) -> Tag<'static> {
    let (text, mood) = match (translation.withdrawn, translation.checked) {
        (Some(_), _) => ("Withdrawn", Mood::Plain),
        (None, Some(_)) => ("Checked", Mood::Good),
        (None, None) => ("Not checked yet", Mood::Soon),
    };
    Tag { text, mood }
}

// === impl Translations ===

impl Translations<'_> {
    pub(super) fn markup(&self) -> Markup {
        html! {
            @if !self.versions.is_empty() {
                h2.govuk-heading-m id="translations" { "Translations" }
                p.govuk-body { "Families read a translation once somebody else than its writer has checked it. The English text is the one that counts. A new version begins without any." }
                @for version in self.versions { (self.of(version)) }
            }
        }
    }

    fn of(&self, version: &Version) -> Markup {
        let columns = ["Language", "State", "Written", "Look"].map(|text| Column { text, numeric: false });
        let row = |translation: &Translation| {
            let path = format!("policies/{}/translations/{}", self.policy.word, translation.id);
            vec![
                html! { (Named(translation.language)) " (" (translation.language.english) ")" },
                html! { (tag(translation)) },
                html! { (day(translation.written_on)) },
                html! { a.govuk-link href=(Href::path(&path)) { "Beside the English" span.govuk-visually-hidden { ": " (translation.language.english) ", text " (translation.number) } } },
            ]
        };
        let rows: Vec<Vec<Markup>> = self.all.iter().filter(|translation| translation.of == version.id).map(row).collect();
        let caption = if version.state == State::Current {
            format!("Version {}, in force", version.number)
        } else {
            format!("Version {}, approved: shown once it is in force", version.number)
        };
        html! {
            @if rows.is_empty() { p.govuk-body { (caption) ": there is none." } } @else { (Table { caption: &caption, columns: &columns, rows: &rows }) }
            @if self.may_write {
                p.govuk-body { a.govuk-link href=(Href::path(&format!("policies/{}/translate?version={}", self.policy.word, version.number))) { "Translate version " (version.number) } }
            }
        }
    }
}

impl Content for TranslationPage<'_> {
    fn title(&self) -> String {
        format!("{} in {}", self.policy.title, self.translation.language.english)
    }

    fn place(&self) -> &'static str {
        "/policies"
    }

    fn content(&self) -> Markup {
        let translation = self.translation;
        let as_read = html! { (Shown { document: self.document, with_clauses: false, language: Some(translation.language) }) };
        html! {
            (BackLink { text: self.policy.title, href: Href::path(&format!("policies/{}#translations", self.policy.word)) })
            h1.govuk-heading-l { (self.title()) }
            p.govuk-body { (tag(translation)) " " (Named(translation.language)) ", version " (self.version.number) ", text " (translation.number) ". "
                "Written by " (self.names(&translation.writers)) " on " (day(translation.written_on)) "."
                @if let Some((by, on)) = translation.checked { " Checked by " (self.names(&[by])) " on " (day(on)) "." }
                @if let Some((by, on)) = translation.withdrawn { " Withdrawn by " (self.names(&[by])) " on " (day(on)) "; whoever signed under it has it with the signature." }
            }
            @if translation.is_unchecked() {
                (Notification { id: "unchecked", kind: Kind::Important, heading: "Nobody has checked it, so families are not shown it", text: Some("Somebody who did not write it and knows the language reads both and says that they say the same.") })
            }
            (self.differences())
            (Beside { english: self.english, translation: self.document, language: translation.language })
            (Details { summary: "As it is read", open: false, content: as_read })
            @if self.may_write && matches!(self.version.state, State::Approved | State::Current) { (self.doing()) }
        }
    }
}

impl TranslationPage<'_> {
    fn names(&self, ids: &[ids::PersonId]) -> String {
        let name = |id: &ids::PersonId| {
            let found = self.people.iter().find(|person| person.id == *id);
            found.map_or_else(|| "somebody".to_owned(), |person| person.details.name())
        };
        ids.iter().map(name).collect::<Vec<_>>().join(", ")
    }

    /// What a reader of both might miss.
    fn differences(&self) -> Markup {
        let (english, own) = (self.english.lines().len(), self.document.lines().len());
        html! {
            @if english != own { p.govuk-body { "The English has " (english) " lines, the translation has " (own) "." } }
            @if self.document.clauses().is_empty() { p.govuk-body { "It carries no marks of clauses, so nothing but reading shows whether each promise stands in it." } }
            @else if !self.unstated.is_empty() { p.govuk-body { "The English states these clauses, and no mark in the translation says that it does: " (self.unstated.join(", ")) "." } }
        }
    }

    fn doing(&self) -> Markup {
        let translation = self.translation;
        let path = |rest: &str| Href::path(&format!("policies/{}/translations/{}/{rest}", self.policy.word, translation.id));
        let send = |to: &str, text: &str, weight: Weight| {
            html! {
                form method="post" action=(path(to)) {
                    input type="hidden" name="word" value=(self.word);
                    input type="hidden" name="seen" value=(translation.version);
                    (Button { text, weight, action: Action::Send })
                }
            }
        };
        let write =
            format!("policies/{}/translate?version={}&language={}", self.policy.word, self.version.number, translation.language.tag);
        html! {
            @if translation.is_unchecked() && self.is_own {
                p.govuk-body { "You have written it, so somebody else checks it." }
            }
            div.sg-actions {
                @if translation.is_unchecked() && !self.is_own { (send("check", "It says the same as the English", Weight::Main)) }
                @if translation.withdrawn.is_none() {
                    (Button { text: "Write on", weight: Weight::Secondary, action: Action::Go(Href::path(&write)) })
                    (send("withdraw", "Withdraw it", Weight::Warning))
                }
            }
            @if translation.is_offered() { p.govuk-body { "Whoever writes on begins another text. Families read this one until the other is checked." } }
        }
    }
}

impl Content for TranslatePage<'_> {
    fn title(&self) -> String {
        match self.language {
            Some(language) => format!("Translate into {}: {}", language.english, self.policy.title),
            None => format!("Translate: {}", self.policy.title),
        }
    }

    fn place(&self) -> &'static str {
        "/policies"
    }

    fn has_errors(&self) -> bool {
        !self.fields.are_right()
    }

    fn content(&self) -> Markup {
        let form = Form { fields: self.fields, word: self.word };
        html! {
            (form.summary())
            (BackLink { text: self.policy.title, href: Href::path(&format!("policies/{}#translations", self.policy.word)) })
            h1.govuk-heading-l { (self.title()) }
            @match self.language {
                Some(language) => (self.text(form, language)),
                None => (self.choose()),
            }
        }
    }
}

impl TranslatePage<'_> {
    fn choose(&self) -> Markup {
        let mut options = vec![("", "Choose")];
        options.extend(LANGUAGES.iter().map(|language| (language.tag, language.english)));
        html! {
            p.govuk-body-l { "The school writes it, or has it written. Schoolgate translates nothing by itself." }
            form method="get" action=(Href::path(&format!("policies/{}/translate", self.policy.word))) {
                input type="hidden" name="version" value=(self.version.number);
                (Select { name: "language", label: "Into which language?", hint: None, error: self.fields.error("language"), options: &options, chosen: Some(self.fields.get("language")) })
                (Button { text: "Go on", weight: Weight::Main, action: Action::Send })
            }
        }
    }

    fn text(&self, form: Form<'_>, language: &'static Language) -> Markup {
        let begins = match self.begins {
            Begins::Itself => "Save it, and somebody else checks it.",
            Begins::Earlier => {
                "It begins with the translation of an earlier text. Look at what is new in the English, save it, and somebody else checks it."
            }
            Begins::English => {
                "It begins with the English. Write over each line and leave the marks in double braces where they are; then somebody else checks it."
            }
        };
        let english = html! { (Shown { document: self.english, with_clauses: true, language: None }) };
        html! {
            p.govuk-body-l { "Version " (self.version.number) ", into " (language.english) " (" (Named(language)) "). " (begins) }
            p.govuk-body { "A placeholder brings words in English, such as \u{201c}14 days\u{201d}. Where that reads badly, write what the English text says; the text of a version never changes." }
            (Details { summary: "The English text", open: false, content: english })
            form method="post" action=(Href::path(&format!("policies/{}/translate", self.policy.word))) enctype="multipart/form-data" novalidate {
                (form.word())
                (form.hidden("seen"))
                input type="hidden" name="version" value=(self.version.number);
                input type="hidden" name="language" value=(language.tag);
                (TextArea { name: "source", label: &format!("The text in {}", language.english), hint: None, error: self.fields.error("source"), value: self.fields.get("source"), rows: 30, language: Some((language.tag, language.direction.word())) })
                (form.send("Save the translation"))
            }
        }
    }
}
