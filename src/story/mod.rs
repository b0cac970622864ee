//! The story card: all a newcomer to a client must know, on one screen. Reads, never writes.
