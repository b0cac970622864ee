//! Bytes that nearly make sense: seeds, changed by a generator that is the same for the same seed.

use std::io::Write;

use super::targets::{stored, workbook};

/// A generator that is the same on every machine (SplitMix64).
pub struct Dice(pub u64);

impl Dice {
    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below another; nought where that is nought.
    pub fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }
}

/// Made-up files of every kind.
pub fn seeds() -> Vec<Vec<u8>> {
    let list = "Название;ИНН;Телефон\r\n\"ООО \"\"Лён\"\"\";7714239823;\"84959637677\n8495\"\r\n\
                \"Шёлк;x;y\r\n;;\r\n\r\nМарля;1;2\0\r\n";
    let cards = "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9B=D1;=\n\
                 =D0=98\nTEL;WORK;FAX:1\nPHOTO;ENCODING=BASE64:AAAA\n BBBB\n\nAGENT:\n\
                 BEGIN:VCARD\nFN:x\nEND:VCARD\nitem1.TEL:2\nitem1.X-ABLabel:_$!<Work>!$_\n\
                 ADR:;;a\\, b;c;;d;e\nEND:VCARD\nstray\nBEGIN:VCARD\nFN:y\n";
    let sheet = "<worksheet><dimension ref=\"A1:C9\"/><sheetData><row r=\"1\">\
                 <c r=\"A1\" t=\"inlineStr\"><is><t>Лён</t></is></c>\
                 <c r=\"B1\" s=\"0\"><v>45658.5</v></c></row><row r=\"3\">\
                 <c r=\"C3\"><v>7714239823</v></c><c t=\"e\"><v>#N/A</v></c></row></sheetData>\
                 <mergeCells><mergeCell ref=\"A1:A3\"/></mergeCells></worksheet>";
    let wide: Vec<u8> = list.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    packed.write_all(list.as_bytes()).expect("written");
    vec![
        list.as_bytes().to_vec(),
        format!("sep=,\n{}", list.replace(';', ",")).into_bytes(),
        encoding_rs::WINDOWS_1251.encode(list).0.into_owned(),
        wide,
        cards.as_bytes().to_vec(),
        sheet.as_bytes().to_vec(),
        workbook(sheet.as_bytes()),
        stored(&[("a.csv", list.as_bytes()), ("b.vcf", cards.as_bytes())]),
        packed.finish().expect("ended"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(80),
        b"{\"records\":1,\"format\":\"csv\"}".to_vec(),
    ]
}

/// What parsers stumble over.
const TOKENS: [&[u8]; 26] = [
    b"\"",
    b"\"\"",
    b";",
    b",",
    b"\t",
    b"\r",
    b"\n",
    b"\r\n",
    b"=\n",
    b"=",
    b"=3D",
    b"\\",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b":",
    b"BEGIN:VCARD\n",
    b"END:VCARD\n",
    b"AGENT:\n",
    b"<c r=\"XFD1\">",
    b"<row r=\"1048576\">",
    b"</c>",
    b"&#x41;",
    b"999999999999",
    b"1e308",
];

/// A seed, changed in a few places.
pub fn mutated(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(8) {
        let at = dice.below(bytes.len() + 1);
        let length = dice.below(bytes.len() - at + 1).min(dice.below(64));
        match dice.below(8) {
            0 if at < bytes.len() => bytes[at] ^= 1 << dice.below(8),
            1 if at < bytes.len() => bytes[at] = dice.next() as u8,
            2 => drop(bytes.drain(at..at + length)),
            3 => {
                let part = bytes[at..at + length].to_vec();
                let to = dice.below(bytes.len() + 1);
                bytes.splice(to..to, part.repeat(1 + dice.below(6)));
            }
            4 => bytes.truncate(at),
            5 => {
                let other = &seeds[dice.below(seeds.len())];
                let from = dice.below(other.len());
                let part = other[from..].iter().take(dice.below(200)).copied();
                bytes.splice(at..at, part);
            }
            _ => {
                let token = TOKENS[dice.below(TOKENS.len())];
                bytes.splice(at..at, token.repeat(1 + dice.below(3)));
            }
        }
    }
    bytes
}
