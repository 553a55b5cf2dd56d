//! The markup of questions, checks and declarations.

mod class;
mod declaration;
mod questions;

pub(super) use class::ClassPage;
pub(super) use declaration::DeclarationPage;
pub(super) use questions::{QuestionRow, QuestionsPage};
