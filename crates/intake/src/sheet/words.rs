//! The words that the cells of a workbook share: their letters one behind the other, and where each
//! begins. A million rows name six million of them, so that a word takes four bytes besides its
//! letters, and a Cyrillic letter takes one.

use std::borrow::Cow;
use std::io::BufRead;

use encoding_rs::{EncoderResult, WINDOWS_1251};
use quick_xml::Reader;
use quick_xml::events::Event;

use super::xml::{spoilt, text_of};
use crate::Refused;

/// Letters are held in pieces of so many bytes, so that what is held is not moved as it grows.
const PIECE_BYTES: usize = 1 << 20;
/// At the beginning of a word: it has letters that the Russian page has not, and is UTF-8.
const IS_WIDE: u32 = 1 << 31;

/// Words by their numbers.
#[derive(Default)]
pub(super) struct Words {
    pieces: Vec<Vec<u8>>,
    /// Bytes of all of them.
    length: u32,
    /// Where each begins.
    begins: Vec<u32>,
    /// Room for the letters of one.
    room: Vec<u8>,
}

impl Words {
    /// All words of a workbook, in their order.
    pub fn read<R: BufRead>(source: &mut Reader<R>) -> Result<Self, Refused> {
        let (mut words, mut buffer, mut text) = (Self::default(), Vec::new(), String::new());
        loop {
            buffer.clear();
            match source.read_event_into(&mut buffer).map_err(spoilt)? {
                Event::Start(tag) if tag.local_name().as_ref() == "si" => {}
                Event::End(tag) if tag.local_name().as_ref() == "sst" => return Ok(words),
                Event::Eof => return Err(spoilt(())),
                _ => continue,
            }
            text_of(source, "si", &mut buffer, &mut text)?;
            words.push(&text)?;
        }
    }

    fn push(&mut self, word: &str) -> Result<(), Refused> {
        if word.is_ascii() {
            return self.keep(word.as_bytes(), 0);
        }
        let mut room = std::mem::take(&mut self.room);
        room.resize(room.len().max(word.len()), 0);
        let mut encoder = WINDOWS_1251.new_encoder();
        let (told, _, count) = encoder.encode_from_utf8_without_replacement(word, &mut room, true);
        let kept = match told {
            EncoderResult::InputEmpty => self.keep(&room[..count], 0),
            _ => self.keep(word.as_bytes(), IS_WIDE),
        };
        self.room = room;
        kept
    }

    fn keep(&mut self, mut bytes: &[u8], mark: u32) -> Result<(), Refused> {
        let end = u32::try_from(bytes.len()).ok().and_then(|more| self.length.checked_add(more));
        let end = end.filter(|end| *end < IS_WIDE).ok_or_else(|| spoilt(()))?;
        if self.begins.len() == self.begins.capacity() {
            // Twice as much would be more than there is.
            self.begins.reserve_exact((self.begins.len() / 4).max(1 << 12));
        }
        self.begins.push(self.length | mark);
        self.length = end;
        while !bytes.is_empty() {
            if self.pieces.last().is_none_or(|piece| piece.len() == PIECE_BYTES) {
                self.pieces.push(Vec::with_capacity(PIECE_BYTES));
            }
            let Some(piece) = self.pieces.last_mut() else { break };
            let (fits, rest) = bytes.split_at(bytes.len().min(PIECE_BYTES - piece.len()));
            piece.extend_from_slice(fits);
            bytes = rest;
        }
        Ok(())
    }

    /// A word by its number, from nought.
    pub fn get(&self, number: usize) -> Option<String> {
        let begin = *self.begins.get(number)?;
        let end = self.begins.get(number + 1).map_or(self.length, |next| next & !IS_WIDE);
        let bytes = self.bytes((begin & !IS_WIDE) as usize, end as usize);
        Some(if begin & IS_WIDE == 0 {
            WINDOWS_1251.decode_without_bom_handling(&bytes).0.into_owned()
        } else {
            String::from_utf8_lossy(&bytes).into_owned()
        })
    }

    /// The bytes between two places; they may lie in several pieces.
    fn bytes(&self, mut from: usize, to: usize) -> Cow<'_, [u8]> {
        let at = from % PIECE_BYTES;
        let piece = self.pieces.get(from / PIECE_BYTES);
        if let Some(bytes) = piece.and_then(|piece| piece.get(at..at + to - from)) {
            return Cow::Borrowed(bytes);
        }
        let mut bytes = Vec::with_capacity(to - from);
        while from < to {
            let at = from % PIECE_BYTES;
            let end = (at + to - from).min(PIECE_BYTES);
            bytes.extend_from_slice(&self.pieces[from / PIECE_BYTES][at..end]);
            from += end - at;
        }
        Cow::Owned(bytes)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::xml::reader;
    use super::*;

    fn held(words: &[String]) -> Words {
        let mut held = Words::default();
        for word in words {
            held.push(word).expect("kept");
        }
        held
    }

    proptest! {
        #[test]
        fn a_word_is_found_by_its_number_in_whatever_order(
            words in proptest::collection::vec("\\PC{0,12}|[а-яёА-ЯЁ№« ]{0,30}|[a-z]{0,9}", 0..40),
            numbers in proptest::collection::vec(0_usize..50, 0..80),
        ) {
            let held = held(&words);
            for number in numbers {
                prop_assert_eq!(held.get(number), words.get(number).cloned());
            }
        }
    }

    #[test]
    fn a_word_over_the_end_of_a_piece_and_one_of_several_pieces_are_whole() {
        let words = [
            "ё".repeat(PIECE_BYTES - 2),
            "Лён 漢".to_owned(),
            String::new(),
            "я".repeat(PIECE_BYTES * 2 + 7),
            "漢".repeat(PIECE_BYTES),
            "x".to_owned(),
            String::new(),
        ];
        let held = held(&words);
        for number in (0..words.len()).rev() {
            assert_eq!(held.get(number).as_ref(), words.get(number), "{number}");
        }
        assert_eq!(held.get(words.len()), None);
    }

    #[test]
    fn six_million_words_take_their_letters_and_little_besides() {
        let count = 200_000_usize;
        let words: Vec<String> =
            (0..count).map(|number| format!("Лён и марля {number:08}")).collect();
        let held = held(&words);
        let letters = count * 20;
        let pieces: usize = held.pieces.iter().map(Vec::capacity).sum();
        let taken = pieces + held.begins.capacity() * size_of::<u32>();
        assert!(taken <= letters + PIECE_BYTES + count * 5 + (4 << 12), "{taken}");
        // What a million rows take of the memory that a reader has, less than the program itself.
        assert!(taken * (6_000_000 / count) < 180 << 20, "{taken}");
    }

    #[test]
    fn words_are_read_in_their_order_and_none_is_left_out() {
        let read = |xml: &str| Words::read(&mut reader(xml.as_bytes()));
        let words = read(
            "<?xml version=\"1.0\"?><x:sst count=\"9\" uniqueCount=\"999999999999\"><x:si><x:t>a\
             </x:t></x:si><x:si/><x:si><x:r><x:t>Лён</x:t></x:r></x:si><extLst/></x:sst>",
        );
        let words = words.expect("read");
        let told: Vec<Option<String>> = (0..4).map(|number| words.get(number)).collect();
        let whole = |word: &str| Some(word.to_owned());
        assert_eq!(told, [whole("a"), whole(""), whole("Лён"), None]);
        for cut in ["<sst><si><t>a</t></si>", "<sst><si><t>a", "", "<sst><si><t>&x;</t></si></sst>"]
        {
            assert!(read(cut).is_err(), "{cut}");
        }
    }
}
