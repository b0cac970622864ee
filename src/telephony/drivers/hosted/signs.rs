//! Signatures: how they are made and compared, in a time that tells nothing.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// HMAC-SHA1 of some parts in a row.
pub(super) fn hmac_sha1(secret: &str, parts: &[&str]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret.as_bytes()).ok()?;
    parts.iter().for_each(|part| mac.update(part.as_bytes()));
    Some(mac.finalize().into_bytes().to_vec())
}

/// HMAC-SHA256 of some parts in a row.
pub(super) fn hmac_sha256(secret: &str, parts: &[&[u8]]) -> Option<Vec<u8>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).ok()?;
    parts.iter().for_each(|part| mac.update(part));
    Some(mac.finalize().into_bytes().to_vec())
}

/// SHA-256 of some parts in a row.
pub(super) fn sha256(parts: &[&str]) -> Vec<u8> {
    let mut digest = Sha256::new();
    parts.iter().for_each(|part| digest.update(part.as_bytes()));
    digest.finalize().to_vec()
}

/// True for the same text; how long it takes says only how long the texts are.
pub(super) fn is_same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}
