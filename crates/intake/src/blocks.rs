//! Records in blocks: how they travel between programs and lie in a store. A block is compressed
//! lines of JSON, each `[number, line, [damage], [cells]]`, so that anybody can look into it.

use std::io::{Read, Write};

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};

use crate::{Damage, Record};

/// Records of a block.
pub const RECORDS_MAX: usize = 1_000;
/// A block is closed once its records take so many bytes.
const BYTES_MAX: usize = 1 << 20;
/// What a block may take once it is unpacked: a record may be long.
const UNPACKED_MAX: u64 = 160 << 20;

/// Records one after another.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Block {
    /// The number of its first record.
    pub first: u64,
    /// How many there are.
    pub count: u64,
    /// The records, compressed.
    pub packed: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
struct Line(u64, u64, Vec<Damage>, Vec<String>);

/// Gathers records into blocks.
#[derive(Default)]
pub struct Packer {
    first: u64,
    count: u64,
    text: Vec<u8>,
}

impl Packer {
    /// Takes a record; answers a block where one is full.
    pub fn take(&mut self, record: Record) -> Option<Block> {
        if self.count == 0 {
            self.first = record.number;
        }
        self.count += 1;
        self.write(record);
        let is_full = self.count >= RECORDS_MAX as u64 || self.text.len() >= BYTES_MAX;
        if is_full { self.finish() } else { None }
    }

    fn write(&mut self, record: Record) {
        let line = Line(record.number, record.line, record.damage, record.cells);
        // Texts and numbers always become JSON, and memory takes all that is written to it.
        let _ = serde_json::to_writer(&mut self.text, &line);
        self.text.push(b'\n');
    }

    /// The block of what is left.
    pub fn finish(&mut self) -> Option<Block> {
        if self.count == 0 {
            return None;
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        // Memory takes all that is written to it.
        let _ = encoder.write_all(&self.text);
        let packed = encoder.finish().unwrap_or_default();
        let block = Block { first: self.first, count: self.count, packed };
        self.text.clear();
        self.count = 0;
        Some(block)
    }
}

impl Block {
    /// A block of records one after another, however much room they take.
    pub fn of(records: Vec<Record>) -> Self {
        let (first, count) = (records.first().map_or(0, |one| one.number), records.len() as u64);
        let mut packer = Packer { first, count, text: Vec::new() };
        for record in records {
            packer.write(record);
        }
        packer.finish().unwrap_or_default()
    }

    /// The number of its last record.
    pub fn last(&self) -> u64 {
        self.first.saturating_add(self.count).saturating_sub(1)
    }

    /// It as bytes: the number of its first record, how many there are, the records.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.first.to_be_bytes().to_vec();
        bytes.extend_from_slice(&self.count.to_be_bytes());
        bytes.extend_from_slice(&self.packed);
        bytes
    }

    /// A block of its bytes; `None` where they are too few.
    pub fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (first, rest) = bytes.split_first_chunk()?;
        let (count, packed) = rest.split_first_chunk()?;
        let (first, count) = (u64::from_be_bytes(*first), u64::from_be_bytes(*count));
        Some(Self { first, count, packed: packed.to_vec() })
    }

    /// Its records; `None` where it is not whole.
    pub fn records(&self) -> Option<Vec<Record>> {
        let mut text = Vec::new();
        let mut unpacked = GzDecoder::new(self.packed.as_slice()).take(UNPACKED_MAX);
        unpacked.read_to_end(&mut text).ok()?;
        let mut records = Vec::new();
        for line in text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let Line(number, line, damage, cells) = serde_json::from_slice(line).ok()?;
            records.push(Record { number, line, cells, damage });
        }
        let is_whole = records.len() as u64 == self.count
            && records.first().is_none_or(|record| record.number == self.first);
        is_whole.then_some(records)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_unpacked_and_a_torn_block_is_noticed() {
        let record = |number: u64| Record {
            number,
            line: number * 2,
            cells: vec![format!("Лён {number}"), "a\n\"b\"".to_owned(), String::new()],
            damage: if number == 3 { Damage::ALL.to_vec() } else { Vec::new() },
        };
        let (mut packer, mut blocks) = (Packer::default(), Vec::new());
        for number in 1..=2_500 {
            blocks.extend(packer.take(record(number)));
        }
        blocks.extend(packer.finish());
        assert_eq!(packer.finish(), None);
        let counts: Vec<(u64, u64)> =
            blocks.iter().map(|block| (block.first, block.count)).collect();
        assert_eq!(counts, [(1, 1_000), (1_001, 1_000), (2_001, 500)]);
        let all: Vec<Record> =
            blocks.iter().flat_map(|block| block.records().expect("whole")).collect();
        assert_eq!(all, (1..=2_500).map(record).collect::<Vec<Record>>());
        let again = Block::of(blocks[1].records().expect("whole"));
        assert_eq!((again.first, again.count), (1_001, 1_000));
        assert_eq!(again.records(), blocks[1].records());
        let torn = Block { packed: blocks[0].packed[..200].to_vec(), ..blocks[0].clone() };
        assert_eq!(torn.records(), None);
        let other = Block { first: 7, ..blocks[0].clone() };
        assert_eq!(other.records(), None);
    }
}
