//! `schoolgate doctor`.
