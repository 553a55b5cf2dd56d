//! `schoolgate why`.
