//! The HTTP data plane: an ordered chain of steps round `filter`.
