//! Bytes as text, part by part, in an encoding that is known.

use std::io::{self, Read};

use encoding_rs::{Decoder, Encoding};

/// Bytes asked for at once.
const PART_BYTES: usize = 64 << 10;

/// A text that is decoded as it is asked for.
pub(crate) struct Text<'a> {
    source: Box<dyn Read + 'a>,
    decoder: Decoder,
    part: Vec<u8>,
    is_end: bool,
}

impl<'a> Text<'a> {
    /// The text of a source, its mark left out.
    pub fn new(source: Box<dyn Read + 'a>, encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_with_bom_removal();
        Self { source, decoder, part: vec![0; PART_BYTES], is_end: false }
    }

    /// Adds at least so many bytes of text, unless it ends; false once there is no more.
    pub fn fill(&mut self, text: &mut String, wanted: usize) -> io::Result<bool> {
        let before = text.len();
        while !self.is_end && text.len() - before < wanted {
            let count = self.source.read(&mut self.part)?;
            self.is_end = count == 0;
            let part = &self.part[..count];
            let most = self.decoder.max_utf8_buffer_length(part.len()).unwrap_or(PART_BYTES * 4);
            text.reserve(most);
            // The buffer has room for all of it, so that all of it is read.
            let _ = self.decoder.decode_to_string(part, text, self.is_end);
        }
        Ok(text.len() > before)
    }

    /// True once everything was read.
    pub fn is_end(&self) -> bool {
        self.is_end
    }
}
