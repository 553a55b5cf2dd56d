//! `schoolgate run`.
