//! journal -> archive -> questions: what happened, kept. For now the journal.
