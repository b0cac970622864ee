//! Bytes put aside in files without a name, so that memory does not grow with what is brought: the
//! file itself, and its records in blocks. They are gone with the last who holds them.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::FileExt as _;
use std::pin::pin;
use std::sync::Arc;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use futures_util::{Stream, StreamExt as _};
use intake::blocks::Block;
use sha2::{Digest, Sha256};

use super::ImportRefusal;
use super::aside::Aside;
use super::text::FILE_BYTES_MAX;
use crate::values::{Error, Outcome};

/// Bytes of a part.
const PART_BYTES: usize = 1 << 20;
/// Bytes that records may take in their blocks, where they lie compressed: as many as the largest
/// file may have. A workbook may say one long text again and again, which no list does.
pub const SPOOL_BYTES_MAX: u64 = FILE_BYTES_MAX as u64;

/// Rows that any list may have; one that is long as a file may have more. Keys of rows are counted
/// in memory, and a small archive of very many rows is no list.
pub const ROWS_MAX: u64 = 5_000_000;
/// Bytes of a file that another row takes at least. No row of a list is as short: a name and a
/// number are twice that.
const ROW_BYTES_MIN: u64 = 16;
/// Records that may stand above the rows: a title, a heading.
const ABOVE_MAX: u64 = 12;

/// A file as it was brought.
#[derive(Debug, Clone)]
pub struct Content {
    file: Arc<File>,
    byte_count: u64,
    sha256: Arc<str>,
}

/// A file that is being brought, part by part.
pub struct Incoming {
    file: File,
    byte_count: u64,
    digest: Sha256,
}

/// A place in a file, independent of all others who read it.
#[derive(Debug, Clone)]
pub struct Place {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Incoming {
    /// Nothing yet.
    pub fn new() -> Outcome<Self> {
        let file = tempfile::tempfile().map_err(Error::file)?;
        Ok(Self { file, byte_count: 0, digest: Sha256::new() })
    }

    /// Takes the next part.
    pub fn take(&mut self, part: &[u8]) -> Outcome<()> {
        self.file.write_all(part).map_err(Error::file)?;
        self.digest.update(part);
        self.byte_count += part.len() as u64;
        Ok(())
    }

    /// Takes a part as [`Content::parts`] packed it.
    pub fn take_packed(&mut self, packed: &[u8]) -> Outcome<()> {
        let mut part = Vec::new();
        let most = PART_BYTES as u64 + 1;
        GzDecoder::new(packed).take(most).read_to_end(&mut part).map_err(Error::file)?;
        self.take(&part)
    }

    /// All of it.
    pub fn finish(self) -> Content {
        let sha256 = hex::encode(self.digest.finalize()).into();
        Content { file: Arc::new(self.file), byte_count: self.byte_count, sha256 }
    }
}

impl Content {
    /// Bytes that are at hand already.
    pub fn of(bytes: &[u8]) -> Outcome<Self> {
        let mut incoming = Incoming::new()?;
        incoming.take(bytes)?;
        Ok(incoming.finish())
    }

    /// All that a source holds, or `None` where it holds more than `bytes_max`.
    pub fn of_source(source: &mut impl Read, bytes_max: usize) -> Outcome<Option<Self>> {
        let mut incoming = Incoming::new()?;
        let mut part = vec![0; 64 << 10];
        loop {
            let count = source.read(&mut part).map_err(Error::file)?;
            if count == 0 {
                return Ok(Some(incoming.finish()));
            }
            incoming.take(&part[..count])?;
            if incoming.byte_count > bytes_max as u64 {
                return Ok(None);
            }
        }
    }

    /// All that comes in parts, or `None` where that is more than `bytes_max`.
    pub async fn of_stream<P: AsRef<[u8]> + Send + 'static>(
        parts: impl Stream<Item = Outcome<P>>,
        bytes_max: usize,
    ) -> Outcome<Option<Self>> {
        let writing = Aside::begin(|parts: &mut dyn Iterator<Item = P>| {
            let mut incoming = Incoming::new()?;
            for part in parts {
                incoming.take(part.as_ref())?;
            }
            Ok(incoming.finish())
        });
        let (mut parts, mut byte_count) = (pin!(parts), 0);
        while let Some(part) = parts.next().await {
            let part = part?;
            byte_count += part.as_ref().len();
            if byte_count > bytes_max {
                return Ok(None);
            }
            if !writing.give(part).await {
                break;
            }
        }
        writing.finish().await.map(Some)
    }

    /// How many bytes it has.
    pub fn byte_count(&self) -> u64 {
        self.byte_count
    }

    /// Its digest.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Its first byte.
    pub fn begin(&self) -> Place {
        Place { file: self.file.clone(), at: 0, end: self.byte_count }
    }

    /// It in parts, each compressed, in the order they stand in it.
    pub fn parts(&self) -> Outcome<Spool> {
        // A file that is no list compresses to a little more than it is.
        let bytes_max = self.byte_count + self.byte_count / 8 + PART_BYTES as u64;
        let (mut winding, mut source) = (Winding::of_at_most(bytes_max, u64::MAX)?, self.begin());
        loop {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            let mut part = (&mut source).take(PART_BYTES as u64);
            let count = io::copy(&mut part, &mut encoder).map_err(Error::file)?;
            if count == 0 {
                return Ok(winding.finish());
            }
            let packed = encoder.finish().map_err(Error::file)?;
            winding.take(&Block { first: winding.count() + 1, count: 1, packed })?;
        }
    }

    /// The file itself, for a program that reads it from its standard input.
    pub fn file(&self) -> io::Result<File> {
        self.file.try_clone()
    }
}

impl Read for Place {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX);
        let most = into.len().min(left);
        let count = self.file.read_at(&mut into[..most], self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Place {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.end.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// Where a block lies.
#[derive(Debug, Clone, Copy)]
struct Lying {
    last: u64,
    at: u64,
    length: usize,
}

/// Blocks in a file.
#[derive(Debug, Clone)]
pub struct Spool {
    file: Arc<File>,
    blocks: Arc<Vec<Lying>>,
    sha256: Arc<str>,
}

/// Blocks on their way into a file.
pub struct Winding {
    file: File,
    blocks: Vec<Lying>,
    at: u64,
    bytes_max: u64,
    rows_max: u64,
    digest: Sha256,
}

impl Winding {
    /// No block yet, of what was taken before.
    pub fn new() -> Outcome<Self> {
        Self::of_at_most(SPOOL_BYTES_MAX, u64::MAX)
    }

    /// No block yet, of a file of so many bytes.
    pub fn of_file(byte_count: u64) -> Outcome<Self> {
        let rows_max = ROWS_MAX.max(byte_count / ROW_BYTES_MIN);
        Self::of_at_most(SPOOL_BYTES_MAX, rows_max + ABOVE_MAX)
    }

    /// No block yet, and never more than so many bytes and records of them.
    fn of_at_most(bytes_max: u64, rows_max: u64) -> Outcome<Self> {
        let file = tempfile::tempfile().map_err(Error::file)?;
        Ok(Self { file, blocks: Vec::new(), at: 0, bytes_max, rows_max, digest: Sha256::new() })
    }

    /// How many blocks there are.
    pub fn count(&self) -> u64 {
        self.blocks.len() as u64
    }

    /// Puts a block behind the others, where there is room for it.
    pub fn take(&mut self, block: &Block) -> Outcome<()> {
        let bytes = block.to_bytes();
        if block.last() > self.rows_max {
            return Err(ImportRefusal::TooManyRows.into());
        }
        if self.at + bytes.len() as u64 > self.bytes_max {
            return Err(ImportRefusal::RecordsTooLarge.into());
        }
        self.file.write_all(&bytes).map_err(Error::file)?;
        self.digest.update(&bytes);
        self.blocks.push(Lying { last: block.last(), at: self.at, length: bytes.len() });
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// All of them.
    pub fn finish(self) -> Spool {
        let sha256 = hex::encode(self.digest.finalize()).into();
        Spool { file: Arc::new(self.file), blocks: Arc::new(self.blocks), sha256 }
    }
}

impl Spool {
    /// The digest of all blocks in their order.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// How many bytes they have in all.
    pub fn byte_count(&self) -> u64 {
        self.blocks.last().map_or(0, |block| block.at + block.length as u64)
    }

    /// The blocks whose last record stands behind the one of this number, one after another.
    pub fn behind(&self, number: u64) -> impl Iterator<Item = Outcome<Block>> + use<> {
        let spool = self.clone();
        let first = self.blocks.partition_point(|block| block.last <= number);
        (first..self.blocks.len()).map(move |place| spool.block(place))
    }

    fn block(&self, place: usize) -> Outcome<Block> {
        let torn = || Error::failure("a block of a file cannot be read back");
        let lying = self.blocks.get(place).ok_or_else(torn)?;
        let mut bytes = vec![0; lying.length];
        self.file.read_exact_at(&mut bytes, lying.at).map_err(Error::file)?;
        Block::of_bytes(&bytes).ok_or_else(torn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn records_take_no_more_room_than_is_given_them() {
        let block = |first| Block { first, count: 1, packed: vec![7; 80] };
        let mut winding = Winding::of_at_most(200, 10).expect("a file");
        winding.take(&block(1)).expect("room for one");
        winding.take(&block(2)).expect("room for two");
        let refused = winding.take(&block(3)).expect_err("no room for three");
        assert!(refused.to_string().contains("import-records-too-large"), "{refused}");
        assert_eq!(winding.finish().behind(0).count(), 2);
    }

    #[test]
    fn a_small_archive_has_no_more_rows_than_it_may_have_and_a_long_list_has() {
        let block = |count| Block { first: 1, count, packed: Vec::new() };
        let mut winding = Winding::of_file(80_000).expect("a file");
        winding.take(&block(ROWS_MAX + 1)).expect("all rows and a heading");
        let refused = winding.take(&block(ROWS_MAX + ABOVE_MAX + 1)).expect_err("too many");
        assert!(refused.to_string().contains("import-too-many-rows"), "{refused}");
        let mut winding = Winding::of_file(FILE_BYTES_MAX as u64).expect("a file");
        winding.take(&block(6 * ROWS_MAX)).expect("thirty million rows");
        winding.take(&block(7 * ROWS_MAX)).expect_err("of fifteen bytes each");
    }

    #[test]
    fn no_room_in_the_temporary_folder_is_told_as_such() {
        // A file on which there is never room.
        let full = || File::options().write(true).open("/dev/full").expect("it is there");
        let mut incoming = Incoming { file: full(), ..Incoming::new().expect("a file") };
        assert!(matches!(incoming.take(b"name"), Err(Error::Full(_))));
        let mut winding = Winding { file: full(), ..Winding::new().expect("a file") };
        let told = winding.take(&Block { first: 1, count: 1, packed: vec![7; 80] });
        assert!(matches!(told, Err(Error::Full(_))));
        let broken = Error::file(io::Error::from(io::ErrorKind::BrokenPipe));
        assert!(matches!(broken, Error::Failure(_)));
    }

    #[test]
    fn a_block_that_cannot_be_read_back_is_no_empty_one() {
        let mut winding = Winding::new().expect("a file");
        for first in [1, 2] {
            winding.take(&Block { first, count: 1, packed: vec![7; 80] }).expect("room");
        }
        let spool = winding.finish();
        spool.file.set_len(100).expect("cut off");
        let read: Vec<bool> = spool.behind(0).map(|block| block.is_ok()).collect();
        assert_eq!(read, [true, false]);
    }
}
