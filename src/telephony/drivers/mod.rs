//! The lines there are: the link `tel:`, which has no server behind it and so no file here, and the
//! SIP engine of the product, an Asterisk of the firm's own; and what exchanges of others tell of
//! their calls (`hosted`). Only here is the engine named.

pub mod ari;
pub mod hosted;
pub mod sip;

use signalling::cause::Mechanism;

use super::EndCause;

/// The realm that passwords of phones are for.
pub const REALM: &str = "troika";

/// What a password of a phone is proven against; as good as the password.
pub fn proof_of(name: &str, password: &str) -> String {
    signalling::Extension::with_password(name, REALM, password).secret
}

/// What a final status of SIP and a cause of Q.850 say, the status before the cause.
pub fn cause_of(status: Option<u16>, q850: Option<u8>) -> Option<EndCause> {
    let by_status = status.and_then(Mechanism::of_status);
    by_status.or_else(|| q850.and_then(Mechanism::of_q850)).map(sip::cause_of_mechanism)
}
