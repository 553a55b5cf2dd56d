//! What tests need from outside the product: programs, origin servers, a browser, PostgreSQL, private folders.
//!
//! It depends on no crate of the product (else that crate would be compiled twice, and its types would clash), so every crate may
//! use it in its tests. Everything it starts ends when its value is dropped.

pub mod browser;
pub mod folder;
pub mod origin;
pub mod postgres;
pub mod process;
