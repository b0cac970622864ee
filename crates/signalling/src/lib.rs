//! A SIP engine that lives in one process: phones of agents register with it, each holds one long
//! leg, and far ends are called through trunks and bridged with it one after another. It relays
//! and records the sound and tells what happens as a stream of events. It stores nothing else
//! and knows nothing of why anybody is called.
//!
//! `sip` is text and state without input or output · `registrar` where phones are · `media` sound
//! · `engine` puts them together: a core that is a pure state machine over datagrams and time, and
//! around it the one task that owns the socket · `events`, `cause`, `fold` what is told and what
//! it means.
//!
//! Invariants: nobody is called but by [`Engine::dial`] and
//! [`Engine::open_agent`], never by anything a peer sends; what a trunk brings is offered, where
//! that is wished for, and is answered by [`Engine::take`] alone; every leg
//! has a deadline of its own at every moment; a dial is done once for an id, however often it is
//! asked for; nothing is sent to an address that was not configured, registered with a password,
//! or signalled by such a peer and allowed; what a peer sends never ends the process.
//!
//! Over UDP alone (RFC 3261, 3581, 6026), with G.711 alone; `docs/telephony.md` says what was
//! proven against what.

#![warn(missing_docs)]

pub mod cause;
mod engine;
pub mod events;
pub mod fold;
pub mod media;
pub mod registrar;
pub mod sip;

pub use engine::settings::{Extension, Limits, Network, Settings, Trunk};
pub use engine::{Clock, Dial, Engine, Events, Progress, Record, Refusal, StartError, Take};
