//! Files that make sense, and what parsers of them stumble over.

use std::io::Write;

use super::targets::{stored, workbook};

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
                 <c r=\"C3\"><v>7714239823</v></c><c t=\"e\"><v>#N/A</v></c>\
                 <c t=\"s\"><v>2</v></c><c t=\"s\"><v>0</v></c></row></sheetData>\
                 <mergeCells><mergeCell ref=\"A1:A3\"/></mergeCells></worksheet>";
    let words = "<sst count=\"3\"><si><t xml:space=\"preserve\"> Лён_x000D_</t></si><si/>\
                 <si><r><rPr/><t>a&amp;</t></r><r><t><![CDATA[漢]]></t></r><rPh><t>b</t></rPh></si>\
                 </sst>";
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
        words.as_bytes().to_vec(),
        workbook(sheet.as_bytes()),
        stored(&[("a.csv", list.as_bytes()), ("b.vcf", cards.as_bytes())]),
        packed.finish().expect("ended"),
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(80),
        b"{\"records\":1,\"format\":\"csv\"}".to_vec(),
    ]
}

/// What parsers stumble over.
pub const TOKENS: [&[u8]; 29] = [
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
    b"<si>",
    b"</t>",
    b"_xD83D_",
    b"&#x41;",
    b"999999999999",
    b"1e308",
];
