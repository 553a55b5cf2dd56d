//! A page that is complete in itself: one file, no script, nothing loaded, its style allowed by its hash alone. For pages that stand in
//! the place of others.

#[expect(clippy::disallowed_types, reason = "the style is ours from the build, and its hash holds only for these very bytes")]
use maud::PreEscaped;
use maud::{DOCTYPE, Markup, html};

use crate::Words;
use crate::assets::{BLOCK_STYLE, BLOCK_STYLE_HASH};
use crate::block_page::Rendered;

/// Puts `content` between the school's name and the end. `young` sets it in large print.
pub(crate) fn page(words: &Words, heading: &str, young: bool, content: &Markup) -> Rendered {
    let markup = html! {
        (DOCTYPE)
        html lang=(words.language.tag()) {
            head {
                meta charset="utf-8";
                title { (heading) " – " (words.school) }
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="robots" content="noindex";
                // The address that did not open is nobody else's business.
                meta name="referrer" content="no-referrer";
                // Else browsers ask the site in whose place this stands for a picture.
                link rel="icon" href="data:,";
                style { (PreEscaped(BLOCK_STYLE)) }
            }
            body {
                header { (words.school) }
                main.young[young] { (content) }
            }
        }
    };
    Rendered { html: markup.into_string(), style_hash: BLOCK_STYLE_HASH.to_owned() }
}
