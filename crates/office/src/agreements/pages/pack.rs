//! A class's paper as one PDF.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use reports::Size;
use serde::Deserialize;

use super::class::asked;
use crate::agreements::pack::{Form, Pack, Text};
use crate::agreements::{AgreementsError, Part};
use crate::document::printed;
use crate::policies::{self, PARENT, Version};
use crate::web::{Caller, Problem, Shared, pdf};

#[derive(Debug, Default, Deserialize)]
pub(in crate::agreements) struct Print {
    #[serde(default)]
    large: String,
}

pub(in crate::agreements) async fn paper(
    State(house): State<Shared>,
    caller: Caller,
    Path(group): Path<String>,
    print: Query<Print>,
) -> Result<Response, Problem> {
    let asked = asked(&caller, &group).await?;
    let console = house.address();
    let forms: Vec<Form> = asked.pupils.iter().filter_map(|(access, _)| Form::of(access, &console)).collect();
    if forms.is_empty() {
        return Err(Problem::Told("Every form of this class is in, so there is nothing to print.".to_owned()));
    }
    let by_adult = text(&current(&caller, PARENT).await?.ok_or(AgreementsError::NoText)?, "parent")?;
    let mut by_child = Vec::new();
    let own = asked.pupils.iter().flat_map(|(access, _)| &access.needs).filter(|(need, _)| need.part == Part::Own);
    for word in own.map(|(need, _)| need.policy) {
        if by_child.iter().all(|(known, _)| *known != word) {
            // Rules that are not in force are not asked for.
            if let Some(version) = current(&caller, word).await? {
                by_child.push((word, text(&version, "pupil")?));
            }
        }
    }
    let (class, school) = (asked.group.name.as_str().to_owned(), house.words().school);
    let (size, suffix) = if print.large.is_empty() { (Size::Ordinary, "") } else { (Size::Large, " large print") };
    let name = format!("forms {class}{suffix}");
    let pack = Pack { class, school, size, by_adult, by_child, forms };
    // It has the names of children in it, so none of it is kept.
    Ok(pdf(&name, house.press().make(move || pack.pdf()).await?))
}

async fn current(caller: &Caller, word: &str) -> Result<Option<Version>, Problem> {
    let office = caller.office();
    Ok(policies::current(office.ledger.reader(), office.organisation, word).await?)
}

fn text(version: &Version, audience: &str) -> Result<Text, Problem> {
    Ok(Text { number: version.number, document: printed(&version.document()?.for_audience(audience)) })
}
