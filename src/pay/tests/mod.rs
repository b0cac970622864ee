//! Rules as tables, booking on both databases, the door.
