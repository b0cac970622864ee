//! A qualified chance of a sale on its way through the stages.
