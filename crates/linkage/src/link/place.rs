//! Where a row is, told by what it says of it: town, address, telephone, tax number.
//!
//! Tax numbers begin with the region that gave them. So a list that has them teaches which town,
//! and which beginning of a telephone, belongs to which region, without a gazetteer: what nine in
//! ten of its rows agree on is taken. A row's place is that of its town, or else of the town in its
//! address, of its telephone, of its tax number, so that «Вектор» with a telephone of Omsk and
//! «Вектор» in Irkutsk are seen to be apart though they have no column in common.

use super::Kind;
use super::dictionary::Dictionary;
use super::parts::{Column, Map};
use super::read::{Nature, Reading, Sound};

/// Rows that must speak for a region, at least.
const ROWS_MIN: u32 = 5;
/// Of a hundred rows, how many must agree on it.
const AGREED: u32 = 70;
/// Digits of a telephone that may name a region: the longest that does is taken.
const PREFIXES: [usize; 3] = [5, 4, 3];

/// What was learned: how often a code and a region go together.
#[derive(Default)]
struct Regions {
    counts: Map<u64, u32>,
}

impl Regions {
    fn note(&mut self, code: u32, region: u8) {
        *self.counts.entry(u64::from(code) << 8 | u64::from(region)).or_default() += 1;
    }

    /// The regions that enough rows agree on.
    fn settled(self) -> Map<u32, u8> {
        let mut counts: Vec<(u64, u32)> = self.counts.into_iter().collect();
        counts.sort_unstable();
        let mut settled = Map::default();
        for counts in counts.chunk_by(|(one, _), (other, _)| one >> 8 == other >> 8) {
            let all: u32 = counts.iter().map(|(_, count)| count).sum();
            let most = counts.iter().max_by_key(|(key, count)| (*count, *key));
            let Some((key, count)) = most else { continue };
            if all >= ROWS_MIN && count * 100 >= all * AGREED {
                settled.insert((key >> 8) as u32, *key as u8);
            }
        }
        settled
    }
}

/// The region that gave a tax number.
fn region(dictionary: &Dictionary, numbers: &[u32]) -> Option<u8> {
    let is_sound = |number: &&u32| dictionary.values[**number as usize].sound != Sound::Plain;
    let mut valid = numbers.iter().filter(is_sound).map(|number| dictionary.key(*number));
    let key = valid.find(|key| matches!(key.len(), 10 | 12))?.as_bytes();
    Some((key[0] - b'0') * 10 + key[1] - b'0')
}

fn prefix(key: &str, length: usize) -> Option<u32> {
    if key.len() != 10 {
        return None;
    }
    let digits = key.bytes().take(length).map(|byte| u32::from(byte.wrapping_sub(b'0')));
    Some(digits.fold(0, |number, digit| number * 10 + digit) * 8 + length as u32)
}

/// The column of places, learned from the first `rows` and told of all; `None` where tax numbers do
/// not tell regions or nothing else does.
pub(super) fn places(
    columns: &[Column],
    dictionaries: &[Dictionary],
    (rows, all): (u32, u32),
) -> Option<(Column, Dictionary)> {
    let of = |kind: Kind| columns.iter().find(move |column| column.kind == kind);
    let numbers = columns.iter().find(|column| column.vetoes)?;
    let (town, address, phone) = (of(Kind::City), of(Kind::Address), of(Kind::Phone));
    if town.is_none() && phone.is_none() {
        return None;
    }
    let region_of = |row: u32| region(&dictionaries[numbers.dictionary], numbers.of(row));
    let (mut towns, mut codes) = (Regions::default(), Regions::default());
    for row in 0..rows {
        let Some(region) = region_of(row) else { continue };
        for number in town.iter().flat_map(|town| town.of(row)) {
            towns.note(*number, region);
        }
        for number in phone.iter().flat_map(|phone| phone.of(row)) {
            let dictionary = phone.map(|phone| &dictionaries[phone.dictionary]);
            let key = dictionary.map_or("", |d| d.key(*number));
            PREFIXES
                .iter()
                .filter_map(|length| prefix(key, *length))
                .for_each(|p| codes.note(p, region));
        }
    }
    let (towns, codes) = (towns.settled(), codes.settled());
    let in_addresses = address.zip(town).map(|(address, town)| {
        of_addresses(&dictionaries[address.dictionary], &dictionaries[town.dictionary], &towns)
    });
    let by_phone = |number: u32| {
        let key = dictionaries[phone?.dictionary].key(number);
        PREFIXES.iter().find_map(|length| codes.get(&prefix(key, *length)?).copied())
    };
    let by_town = |row: u32| town?.of(row).iter().find_map(|number| towns.get(number).copied());
    let by_address = |row: u32| {
        let known = in_addresses.as_ref()?;
        address?.of(row).iter().find_map(|number| known[*number as usize])
    };
    let tell = |row: u32| {
        by_town(row)
            .or_else(|| by_address(row))
            .or_else(|| phone?.of(row).iter().find_map(|number| by_phone(*number)))
            .or_else(|| region_of(row))
    };
    let mut dictionary = Dictionary::default();
    let mut column = Column::empty(Kind::Category, dictionaries.len(), all as usize);
    let mut numbers = [None; 256];
    for row in 0..all {
        let number = tell(row).map(|region| {
            let spelled = || {
                let key = &format!("{region:02}");
                dictionary.number(Reading { key, nature: Nature::PLAIN }, u64::from(region))
            };
            *numbers[usize::from(region)].get_or_insert_with(spelled)
        });
        column.push_number(number, row < rows, &mut dictionary);
    }
    dictionary.finish(rows as usize);
    Some((column, dictionary))
}

/// The region of each address that names a town whose region is known; the longest name counts.
fn of_addresses(
    addresses: &Dictionary,
    towns: &Dictionary,
    known: &Map<u32, u8>,
) -> Vec<Option<u8>> {
    let mut names: Map<&str, u8> = Map::default();
    let mut words_max = 1;
    for (number, region) in known {
        let key = towns.key(*number);
        names.insert(key, *region);
        words_max = words_max.max(key.split(' ').count().min(4));
    }
    let mut bounds: Vec<(usize, usize)> = Vec::new();
    let mut find = |key: &str| {
        // Words stand in the key with one blank between any two, and so do some of them in a row.
        bounds.clear();
        let mut from = 0;
        for word in key.as_bytes().split(|byte| *byte == b' ') {
            bounds.push((from, from + word.len()));
            from += word.len() + 1;
        }
        let name_of = |run: &[(usize, usize)]| names.get(&key[run[0].0..run[run.len() - 1].1]);
        (1..=words_max.min(bounds.len()))
            .rev()
            .find_map(|length| bounds.windows(length).find_map(name_of).copied())
    };
    (0..addresses.values.len()).map(|number| find(addresses.key(number as u32))).collect()
}
