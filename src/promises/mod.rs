//! What was promised to a client, by whom, until when; kept, broken or released.
