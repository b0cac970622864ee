//! What was sold, and the money that came in for it.
