//! SIP as text and as state: messages, addresses, digests, descriptions of media, transactions
//! and dialogs (RFC 3261, 2617, 3264, 4566).
//!
//! Nothing here sends, waits or reads a clock. Time is an argument in milliseconds, randomness is
//! [`Tokens`]; what is to be sent comes back as a value. UDP alone is spoken.
//!
//! Invariants: a message that cannot be read whole is no message; a header's text never contains
//! a line break, so nothing a peer sent can add a header to what is sent on; a name that repeats
//! (`Via`, `Record-Route`) keeps its order.

pub mod address;
pub mod clients;
pub mod dialog;
pub mod digest;
pub mod message;
pub mod sdp;
pub mod servers;
mod tokens;

pub use address::{NameAddress, Uri};
pub use message::{Message, Method, Request, Response};
pub use tokens::Tokens;

use std::net::SocketAddr;

/// T1 of RFC 3261 §17.1.1.1: what a round trip is thought to take, in milliseconds.
pub const ROUND_TRIP_MS: u64 = 500;
/// 64·T1: after this long without an answer there will be none.
pub const PATIENCE_MS: u64 = 64 * ROUND_TRIP_MS;

/// Bytes that are to be sent, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Datagram {
    /// To whom.
    pub to: SocketAddr,
    /// What.
    pub bytes: Vec<u8>,
}
