//! How a program that reads a file tells another what it read: blocks, and at the end either how
//! the file was read or why it was not. A frame is a letter, a length and so many bytes.

use std::io::{self, Write};

use serde::Serialize;

use crate::blocks::Block;
use crate::{How, Refused};

/// Bytes before the content of a frame.
pub const HEAD_BYTES: usize = 5;
/// The longest content of a frame: a block that is not compressed at all.
pub const CONTENT_MAX: usize = 200 << 20;
const BLOCK: u8 = b'B';
const HOW: u8 = b'H';
const REFUSED: u8 = b'R';

/// What a frame holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// Records.
    Block(Block),
    /// The file was read to its end.
    How(Box<How>),
    /// The file is not read.
    Refused(Refused),
}

/// The letter and the length of a frame; `None` where these bytes begin none.
pub fn head(bytes: [u8; HEAD_BYTES]) -> Option<(u8, usize)> {
    let [letter, a, b, c, d] = bytes;
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
    let is_known = matches!(letter, BLOCK | HOW | REFUSED);
    (is_known && length <= CONTENT_MAX).then_some((letter, length))
}

impl Frame {
    /// Reads the content of a frame; `None` where it makes no sense.
    pub fn of(letter: u8, content: &[u8]) -> Option<Self> {
        match letter {
            BLOCK => Block::of_bytes(content).map(Self::Block),
            HOW => serde_json::from_slice(content).ok().map(Self::How),
            REFUSED => serde_json::from_slice(content).ok().map(Self::Refused),
            _ => None,
        }
    }

    /// Writes it.
    pub fn write(&self, out: &mut impl Write) -> io::Result<()> {
        match self {
            Self::Block(block) => write(out, BLOCK, &block.to_bytes()),
            Self::How(how) => write(out, HOW, &json(how)?),
            Self::Refused(refused) => write(out, REFUSED, &json(refused)?),
        }
    }
}

fn json(content: &impl Serialize) -> io::Result<Vec<u8>> {
    serde_json::to_vec(content).map_err(io::Error::other)
}

fn write(out: &mut impl Write, letter: u8, content: &[u8]) -> io::Result<()> {
    let length = u32::try_from(content.len()).map_err(io::Error::other)?;
    out.write_all(&[letter])?;
    out.write_all(&length.to_be_bytes())?;
    out.write_all(content)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Record;
    use crate::blocks::Packer;

    #[test]
    fn what_is_written_is_read_back_and_rubbish_is_none() {
        let mut packer = Packer::default();
        packer.take(Record { number: 1, line: 1, cells: vec!["x".to_owned()], damage: vec![] });
        let block = packer.finish().expect("a block");
        let how = How { records: 1, encoding: "UTF-8".to_owned(), ..How::default() };
        for frame in [
            Frame::Block(block),
            Frame::How(Box::new(how)),
            Frame::Refused(Refused::CellTooLong { line: 2, column: 3 }),
        ] {
            let mut bytes = Vec::new();
            frame.write(&mut bytes).expect("written");
            let (start, content) = bytes.split_at(HEAD_BYTES);
            let start: [u8; HEAD_BYTES] = start.try_into().expect("its head");
            let (letter, length) = head(start).expect("a head");
            assert_eq!(length, content.len());
            assert_eq!(Frame::of(letter, content), Some(frame));
        }
        assert_eq!(head(*b"X\0\0\0\x01"), None);
        assert_eq!(head(*b"B\xff\xff\xff\xff"), None);
        assert_eq!(Frame::of(BLOCK, b"short"), None);
        assert_eq!(Frame::of(HOW, b"{"), None);
    }
}
