//! The pages of the gate itself, in words for each reader. The two that a block page leads to say where to go until the school's
//! own forms are connected to them.

use ui::block_page::{HelpLine, Rendered};
use ui::notice::{Notice, render as render_notice};
use ui::words::{ReadingAge, Term};
use ui::{Href, Words};

use crate::gate::OWN_HOST;
use crate::page;
use crate::rules::Rules;

/// The page at `path`; nothing where there is none.
pub(super) fn render(path: &str, age: ReadingAge, rules: &Rules, has_root: bool) -> Option<Rendered> {
    let words = Words::new(age, rules.school.clone());
    let lines: Vec<HelpLine<'_>> = rules.help_lines.iter().map(page::help_line).collect();
    let young = age == ReadingAge::Young;
    let talk_to = page::who_to_talk_to(&words, rules);
    let talk = format!("Talk to {talk_to}.");
    let notice = |heading: &str, paragraphs: &[&str], help_lines: &[HelpLine<'_>]| {
        render_notice(&Notice { words: &words, heading, paragraphs, links: &[], help_lines })
    };
    Some(match path {
        "/" | "/start" => start(&words, rules, has_root),
        "/worried" if young => notice(
            "Tell a grown-up you trust",
            &["You have done nothing wrong.", "Tell your teacher what is the matter. They will help you."],
            &[],
        ),
        "/worried" => notice(
            "You are not on your own",
            &[
                "You have done nothing wrong by asking. Tell somebody you trust what is the matter.",
                &talk,
                "You can also ring or write to one of these. They are not part of your school, and they listen.",
            ],
            &lines,
        ),
        "/open" if young => notice("Ask your teacher", &["Tell your teacher which page you wanted. They can look at it for you."], &[]),
        "/open" => {
            let ask = format!(
                "Tell {talk_to} which page you wanted and what for. If it is fit for your age, the {} can open it.",
                words.term(Term::ItTeam)
            );
            notice("Should this page be open?", &[&ask, "It helps to write down the address and the lesson."], &[])
        }
        _ => return None,
    })
}

fn start(words: &Words, rules: &Rules, has_root: bool) -> Rendered {
    let school = format!("This device uses the internet through the filter of {}.", rules.school);
    let certificate = "Some pages stay closed. For your browser to show why, the school's certificate has to be on this device; on school devices it is there already. \
                       It is used only for pages that say no. Pages that open are not looked into.";
    let without = "When a secure (https) page stays closed, browsers show only their own short message, such as \"could not connect through the proxy\". \
                   That is the school's filter, not a fault.";
    let link = |name: &str| Href::parse(&format!("http://{OWN_HOST}/{name}")).unwrap_or_else(|_| Href::path("/"));
    let files = [
        ("Certificate for Windows, macOS, ChromeOS and Android", link("root.crt")),
        ("Profile for iPad and iPhone", link("root.mobileconfig")),
        ("I am worried about something", link("worried")),
    ];
    let links = if has_root { &files[..] } else { &files[2..] };
    let paragraphs = [school.as_str(), if has_root { certificate } else { without }];
    render_notice(&Notice { words, heading: "The school's internet", paragraphs: &paragraphs, links, help_lines: &[] })
}
