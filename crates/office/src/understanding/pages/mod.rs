//! The pages: questions and answers, the check with a class, and the yearly declaration.

mod class;
mod declaration;
mod questions;

use super::view::QuestionRow;
use super::{Question, UnderstandingError, declarations_of, unanswered};
use crate::access::{Action, Thing};
use crate::people::{self, SchoolYear};
use crate::web::{Ask, Caller, Problem, Route, sentence};

/// The routes of this capability.
pub fn routes() -> Vec<Route> {
    const ENTER: Ask = Ask::Thing(&[Action::EnterSignature]);
    vec![
        Route::page("/questions", Ask::School(Action::AskQuestion), questions::list),
        Route::form("/questions", Ask::School(Action::AskQuestion), questions::ask),
        Route::form("/questions/{id}/answer", Ask::School(Action::AnswerQuestion), questions::answer),
        Route::page("/my/declaration", Ask::School(Action::MakeDeclaration), declaration::page),
        Route::form("/my/declaration", Ask::School(Action::MakeDeclaration), declaration::declare),
        Route::page("/agreements/class/{group}/understood", ENTER, class::page),
        Route::form("/agreements/class/{group}/understood", ENTER, class::enter),
        Route::form("/agreements/class/{group}/understood/undo", ENTER, class::undo),
    ]
}

impl From<UnderstandingError> for Problem {
    fn from(error: UnderstandingError) -> Self {
        match error {
            UnderstandingError::NotThere => Self::NotThere,
            UnderstandingError::Agreements(error) => error.into(),
            UnderstandingError::People(error) => error.into(),
            UnderstandingError::Settings(error) => error.into(),
            UnderstandingError::Records(error) => error.into(),
            told => Self::Told(sentence(&told.to_string())),
        }
    }
}

/// How many questions wait for an answer by the caller.
pub(crate) async fn open_questions(caller: &Caller) -> Result<usize, Problem> {
    if !caller.may(Action::AnswerQuestion, &Thing::School) {
        return Ok(0);
    }
    let open = unanswered(caller.office().ledger.reader(), caller.office().organisation).await?;
    Ok(open.iter().filter(|question| question.asked_by != caller.person()).count())
}

/// Whether the caller has made it this school year; nothing where it is not asked of them.
pub(crate) async fn has_declared(caller: &Caller) -> Result<Option<bool>, Problem> {
    let Some(year) = SchoolYear::of(caller.today()).filter(|_| caller.may(Action::MakeDeclaration, &Thing::School)) else {
        return Ok(None);
    };
    let said = declarations_of(caller.office().ledger.reader(), caller.office().organisation, caller.person()).await?;
    Ok(Some(said.iter().any(|said| said.year == year)))
}

/// Questions with the names of who asked and who answered. Whoever is named is seen.
async fn rows<'a>(caller: &Caller, all: &'a [Question]) -> Result<Vec<QuestionRow<'a>>, Problem> {
    let mut ids: Vec<_> = all.iter().flat_map(|it| [Some(it.asked_by), it.answer.as_ref().map(|(_, by, _)| *by)]).flatten().collect();
    ids.sort();
    ids.dedup();
    caller.looks_at(Action::AskQuestion, ids.iter().copied().filter(|id| *id != caller.person())).await?;
    let people = people::persons(caller.office().ledger.reader(), caller.office().scope(), &ids).await?;
    let name = |id| people.iter().find(|person| person.id == id).map_or_else(|| "Somebody who has left".to_owned(), |it| it.details.name());
    let row = |question: &'a Question| QuestionRow {
        asker: name(question.asked_by),
        answerer: question.answer.as_ref().map(|(_, by, _)| name(*by)),
        is_own: question.asked_by == caller.person(),
        question,
    };
    Ok(all.iter().map(row).collect())
}
