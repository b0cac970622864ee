//! Base actualisation: who checked which field, when, against which source, and the result.
