//! What a teacher sees and does about the signing in of a class.

pub mod pages;
mod view;
