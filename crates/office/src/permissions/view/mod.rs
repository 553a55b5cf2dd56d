//! The markup of permissions.

mod ask;
mod list;
mod one;

pub(super) use ask::{AskPage, ChoosePage};
pub(super) use list::{ListPage, Row};
pub(super) use one::OnePage;

use ui::components::tag::{Mood, Tag};

use super::Standing;

/// How it stands, in a word.
const fn tag(standing: Standing) -> Tag<'static> {
    let mood = match standing {
        Standing::Holds => Mood::Good,
        Standing::Asked | Standing::Ahead => Mood::Soon,
        Standing::Late | Standing::NotBack => Mood::Bad,
        Standing::Over | Standing::Refused | Standing::Withdrawn => Mood::Plain,
    };
    Tag { text: standing.title(), mood }
}
