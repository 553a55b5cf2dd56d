//! Parents sign in by a link in a letter: they come a few times a year, and would have forgotten any password.
//!
//! Whoever asks is told the same whether or not the school knows the address, and as fast: the letter is written after the answer has gone. A
//! letter goes only to somebody with a child here about whom messages may go to them: whose contact was confirmed, and who is not barred
//! (`may_message`, docs/adr/0014). A link is good once, for half an hour, and opens what is a parent's and no other role.

pub mod pages;
mod service;
mod store;
mod view;

pub use service::MailRequest;
