//! The lines there are: the link `tel:`, which has no server behind it and so no file here, and the
//! SIP engine of the product. Only here is the engine named.

pub mod sip;

/// The realm that passwords of phones are for.
pub const REALM: &str = "troika";

/// What a password of a phone is proven against; as good as the password.
pub fn proof_of(name: &str, password: &str) -> String {
    signalling::Extension::with_password(name, REALM, password).secret
}
