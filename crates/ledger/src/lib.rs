//! What a school must not lose and nobody may read from its disk: keys first, records behind them.

pub mod keys;
