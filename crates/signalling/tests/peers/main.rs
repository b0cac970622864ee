//! The engine against programs that other people wrote: baresip as the agent's phone, sipp as far
//! ends, kamailio as the edge of a trunk. Where a peer must do what no program does, it is played
//! by hand over a socket. All on loopback, each test with an engine and peers of its own; what is
//! waited for is an event, a packet or a process.

#![expect(clippy::expect_used, reason = "a rig that cannot start its peers should say so and end")]
#![expect(clippy::disallowed_methods, reason = "a rig starts programs, sleeps and measures")]

mod calls;
mod hand;
mod hostile;
mod incoming;
mod outcomes;
mod phone;
mod ports;
mod rig;
mod sipp;
mod tone;
mod trunk;
