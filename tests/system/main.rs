//! The real program: started, asked over HTTP and in a browser, killed and started again.
//!
//! `server` starts it over a database of its own · `campaign` is what its firm calls · `base`
//! brings files in and out as an operator does · `reader` gives bombs to the reader of files ·
//! `people` adds them and makes their links · `stop` asks it to end · `crash` kills it under load
//! and looks for what it had promised · `telephony` calls through it with other people's programs ·
//! `imports` kills it while a list is written · `browser` drives Chromium through the screens.

#![expect(clippy::expect_used, reason = "a rig that cannot go on should say so and end")]
#![expect(clippy::disallowed_methods, reason = "a rig starts programs, sleeps and measures")]

mod base;
mod browser;
mod campaign;
mod crash;
mod imports;
mod people;
mod reader;
mod server;
mod stop;
mod telephony;
