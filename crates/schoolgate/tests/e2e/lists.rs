//! `schoolgate lists`.
