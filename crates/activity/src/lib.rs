//! What happened, kept: the journal takes events from the recorder and writes them down. Archive and questions come later.

pub mod journal;
