//! Sound: G.711, RTP, the relay between two legs and what it records.
//!
//! Invariants: a packet is taken from one address per leg, the first allowed one that spoke
//! (latched, then pinned), and sent to no address that was not signalled and allowed; an agent leg
//! is read always and its sound dropped while nobody is bridged, so that a far leg never hears
//! what was said before it; sound is not stored anywhere but in a recording that was asked for.

pub mod g711;
pub mod recorder;
pub mod relay;
pub mod rtp;
pub mod wav;

pub use g711::Law;
pub use recorder::Recording;
pub use rtp::Statistics;
