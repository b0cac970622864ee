//! The hash chain: each line is bound to all lines before it.
//!
//! A link's hash is SHA-256 (FIPS 180-4) over the hash before it and the line's canonical bytes,
//! the linked time-stamping of Haber and Stornetta (*How to time-stamp a digital document*, 1991).
//! Any change, removal, insertion or swap breaks the link where it happened. Lines cut off at the
//! end leave a shorter but whole chain, so a reader who wants to notice that keeps a [`Head`]
//! elsewhere and compares with [`verify_up_to`].
//!
//! # Canonical bytes, version 1
//!
//! One byte of version, then the fields in this order. A *text* is its length in bytes as eight
//! bytes, then its UTF-8; a number is eight bytes, two's complement. Everything is big-endian.
//! Since each field either has a fixed width or tells its length, two different lines never have
//! the same bytes.
//!
//! | field | bytes |
//! |---|---|
//! | version | `01` |
//! | id | text |
//! | at_ms | number |
//! | debit, credit | text, text |
//! | amount | number of minor units, three letters of currency |
//! | kind | one byte: 0 pending, 1 posted, 2 post, 3 void, 4 reversal |
//! | period, reason, source | text, text, text |
//! | corrects | `00`, or `01` and text |
//!
//! Hashed with a label in front, so that no line can pass for a genesis:
//! genesis = SHA-256(`ledger genesis 1\n` ‖ text of the chain's name), and
//! link = SHA-256(`ledger link 1\n` ‖ 32 bytes of the hash before ‖ canonical bytes).

use std::borrow::Borrow;
use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::line::{Kind, Line};

/// The version of the canonical bytes, the first of them. It changes when the encoding does.
pub const VERSION: u8 = 1;

const GENESIS_LABEL: &[u8] = b"ledger genesis 1\n";
const LINK_LABEL: &[u8] = b"ledger link 1\n";

/// A SHA-256 digest. Shown and read as 64 small hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash(pub [u8; 32]);

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text is not a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a hash is 64 hexadecimal digits in small letters")]
pub struct NotAHash;

impl FromStr for Hash {
    type Err = NotAHash;

    /// Reads what `Display` writes and nothing else, so that a hash has one spelling.
    fn from_str(text: &str) -> Result<Self, NotAHash> {
        let digit = |byte: u8| match byte {
            b'0'..=b'9' => Ok(byte - b'0'),
            b'a'..=b'f' => Ok(byte - b'a' + 10),
            _ => Err(NotAHash),
        };
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return Err(NotAHash) };
        let mut bytes = [0; 32];
        if pairs.len() != bytes.len() {
            return Err(NotAHash);
        }
        for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Ok(Self(bytes))
    }
}

/// The canonical bytes of a line; the layout is at the top of this module.
#[must_use]
pub fn canonical(line: &Line) -> Vec<u8> {
    let mut bytes = vec![VERSION];
    text(&mut bytes, line.id.as_str());
    bytes.extend(line.at_ms.to_be_bytes());
    text(&mut bytes, line.debit.as_str());
    text(&mut bytes, line.credit.as_str());
    bytes.extend(line.amount.minor.to_be_bytes());
    bytes.extend(line.amount.currency.letters());
    bytes.push(kind_byte(line.kind));
    text(&mut bytes, &line.period);
    text(&mut bytes, &line.reason);
    text(&mut bytes, &line.source);
    match &line.corrects {
        None => bytes.push(0),
        Some(corrects) => {
            bytes.push(1);
            text(&mut bytes, corrects.as_str());
        }
    }
    bytes
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    // A usize is at most 64 bits on every target Rust has, so nothing is cut off.
    bytes.extend((text.len() as u64).to_be_bytes());
    bytes.extend(text.as_bytes());
}

const fn kind_byte(kind: Kind) -> u8 {
    match kind {
        Kind::Pending => 0,
        Kind::Posted => 1,
        Kind::Post => 2,
        Kind::Void => 3,
        Kind::Reversal => 4,
    }
}

/// The hash before the first line of the chain called `name`. Different names never share links.
#[must_use]
pub fn genesis(name: &str) -> Hash {
    let mut bytes = GENESIS_LABEL.to_vec();
    text(&mut bytes, name);
    Hash(Sha256::digest(&bytes).into())
}

/// The hash of `line` after `previous`.
#[must_use]
pub fn hash(previous: Hash, line: &Line) -> Hash {
    let digest = Sha256::new()
        .chain_update(LINK_LABEL)
        .chain_update(previous.0)
        .chain_update(canonical(line))
        .finalize();
    Hash(digest.into())
}

/// A line as it is stored: with the hash before it and its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The line.
    pub line: Line,
    /// The hash of the link before, or the genesis.
    pub previous: Hash,
    /// `hash(previous, line)`.
    pub hash: Hash,
}

/// Where a chain ends: how many links it has and the last hash. Kept elsewhere, it is proof of
/// everything up to here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Head {
    /// Links so far.
    pub count: u64,
    /// Hash of the last link, or the genesis when there is none.
    pub hash: Hash,
}

impl Head {
    /// The head of the empty chain called `name`.
    #[must_use]
    pub fn genesis(name: &str) -> Self {
        Self { count: 0, hash: genesis(name) }
    }

    /// Binds `line` to this head. The new head is `head.after(&link)`.
    #[must_use]
    pub fn link(self, line: Line) -> Link {
        Link { previous: self.hash, hash: hash(self.hash, &line), line }
    }

    /// The head once `link` is written. Nothing is checked here; [`verify`] does that.
    #[must_use]
    pub const fn after(self, link: &Link) -> Self {
        Self { count: self.count.saturating_add(1), hash: link.hash }
    }
}

/// Where a chain is broken, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the chain is broken at line {index}: {what}")]
pub struct Broken {
    /// Place of the first link that does not hold, counted from zero at the genesis.
    pub index: u64,
    /// What does not hold.
    pub what: Fault,
}

/// What does not hold at a broken link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    /// The link names another hash before it than the one that is there: a line was removed,
    /// inserted or moved, or the stored previous hash was changed.
    #[error("it follows {found}, but the line before it ends in {expected}")]
    Previous {
        /// The hash before it, computed.
        expected: Hash,
        /// The hash it names.
        found: Hash,
    },
    /// The stored hash is not that of the line: the line or its hash was changed.
    #[error("its content hashes to {expected}, but {found} is stored")]
    Content {
        /// The hash, computed.
        expected: Hash,
        /// The hash stored.
        found: Hash,
    },
    /// The chain holds together but does not end in the expected head: lines are missing at the
    /// end, too many, or the whole was rewritten.
    #[error("the chain ends in {found}, but {expected} was expected")]
    End {
        /// The hash of the expected head.
        expected: Hash,
        /// The hash it ends in.
        found: Hash,
    },
}

/// Recomputes every link after `start` and tells where the chain ends. `start` is
/// [`Head::genesis`] for a whole chain, or a trusted head to check only what came after it.
///
/// # Errors
/// [`Broken`] at the first link that does not hold.
pub fn verify<L: Borrow<Link>>(
    start: Head,
    links: impl IntoIterator<Item = L>,
) -> Result<Head, Broken> {
    let mut head = start;
    for link in links {
        let link = link.borrow();
        let broken = |what| Err(Broken { index: head.count, what });
        if link.previous != head.hash {
            return broken(Fault::Previous { expected: head.hash, found: link.previous });
        }
        let expected = hash(head.hash, &link.line);
        if link.hash != expected {
            return broken(Fault::Content { expected, found: link.hash });
        }
        head = head.after(link);
    }
    Ok(head)
}

/// As [`verify`], and the chain must end exactly in `end`, a head that was kept elsewhere. This
/// alone notices lines cut off at the end.
///
/// # Errors
/// [`Broken`] at the first link that does not hold, or with [`Fault::End`] after the last.
pub fn verify_up_to<L: Borrow<Link>>(
    start: Head,
    links: impl IntoIterator<Item = L>,
    end: Head,
) -> Result<(), Broken> {
    let head = verify(start, links)?;
    if head == end {
        return Ok(());
    }
    let what = Fault::End { expected: end.hash, found: head.hash };
    Err(Broken { index: head.count, what })
}
