use std::io::Cursor;

use super::*;
use crate::{Format, Said, read};

fn cards(text: impl AsRef<[u8]>) -> (Vec<Record>, How) {
    let mut records = Vec::new();
    let mut take = |record: Record| {
        records.push(record);
        true
    };
    let mut source = Cursor::new(text.as_ref());
    let how = read(&mut source, &Said::default(), &Limits::default(), &mut take).expect("is read");
    assert_eq!(how.format, Format::Vcard);
    (records, how)
}

/// What a row says, its headings before it.
fn told(record: &Record) -> String {
    let cells = HEADINGS.iter().zip(&record.cells).filter(|(_, cell)| !cell.is_empty());
    cells.map(|(heading, cell)| format!("{heading}={cell}")).collect::<Vec<String>>().join("|")
}

#[test]
fn every_dialect_gives_the_same_row() {
    let wanted = "Organisation=ООО Лён|Contact=Иванов Иван|Phone (work)=84959637677";
    let qp = |text: &str| text.bytes().map(|byte| format!("={byte:02X}")).collect::<String>();
    let (name, firm) = (qp("Иванов Иван"), qp("ООО Лён"));
    let (soft, rest) = name.split_at(21);
    for text in [
        format!(
            "BEGIN:VCARD\r\nVERSION:2.1\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:{soft}=\r\n\
             {rest}\r\nORG;CHARSET=UTF-8;QUOTED-PRINTABLE:{firm}\r\nTEL;WORK;VOICE:84959637677\r\n\
             END:VCARD\r\n"
        ),
        "begin:vcard\nversion:3.0\nitem1.FN:Иванов\n  Иван\nORG:ООО Лён;\n\
         item2.TEL;type=pref:84959637677\nitem2.X-ABLabel:_$!<Work>!$_\nend:vcard\n"
            .to_owned(),
        "BEGIN:VCARD\rVERSION:4.0\rFN:Иванов Иван\rORG:ООО Лён\r\
         TEL;VALUE=uri;TYPE=\"work,voice\":tel:84959637677\rEND:VCARD\r"
            .to_owned(),
    ] {
        let (records, how) = cards(&text);
        assert_eq!(records.iter().map(told).collect::<Vec<String>>(), [wanted], "{text}");
        assert_eq!((how.records, how.damaged), (1, 0), "{text}");
    }
}

#[test]
fn a_card_may_be_in_an_encoding_of_its_own() {
    let mut bytes = b"BEGIN:VCARD\nN;CHARSET=windows-1251:".to_vec();
    bytes.extend_from_slice(&encoding_rs::WINDOWS_1251.encode("Пупкин;Василий").0);
    bytes.extend_from_slice(b"\nORG;CHARSET=KOI8-R:");
    bytes.extend_from_slice(&encoding_rs::KOI8_R.encode("Ромашка").0);
    bytes.extend_from_slice(b"\nEND:VCARD\n");
    let (records, _) = cards(bytes);
    assert_eq!(told(&records[0]), "Organisation=Ромашка|Contact=Пупкин Василий");
    let wide: Vec<u8> = "BEGIN:VCARD\nFN:Иван Петров\nEND:VCARD\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    assert_eq!(told(&cards(wide).0[0]), "Organisation=Иван Петров");
}

#[test]
fn pictures_are_left_out_however_they_are_written() {
    for picture in [
        "PHOTO;ENCODING=BASE64:AAAA\n BBBB\n CCCC\n\n",
        "PHOTO;BASE64:\n  AAAA\n  BBBB\n",
        "PHOTO;ENCODING=b;TYPE=JPEG:AAAA\nBBBB\nCCCC==\n",
        "item1.LOGO:data:image/png;base64,AAAA\n BBBB\n",
    ] {
        let text = format!("BEGIN:VCARD\n{picture}FN:Лён\nTEL:1\nEND:VCARD\n");
        let (records, _) = cards(&text);
        assert_eq!(told(&records[0]), "Organisation=Лён|Phone=1", "{text}");
        assert!(records[0].damage.is_empty(), "{text}");
    }
}

#[test]
fn a_card_without_its_end_an_agent_and_lines_outside_are_all_accounted_for() {
    let text = "BEGIN:VCARD\nFN:Первая\nBEGIN:VCARD\nFN:Вторая\nAGENT:\nBEGIN:VCARD\nFN:Агент\n\
                END:VCARD\nTEL:7\nEND:VCARD\nчто-то лишнее\nещё\n\nBEGIN:VCARD\nFN:Третья\nмимо\n";
    let (records, how) = cards(text);
    let rows: Vec<(u64, String, &[Damage])> =
        records.iter().map(|record| (record.line, told(record), &*record.damage)).collect();
    let expected: [(u64, &str, &[Damage]); 5] = [
        (1, "Organisation=Первая", &[Damage::Unfinished]),
        (6, "Organisation=Агент", &[]),
        (3, "Organisation=Вторая|Phone=7", &[]),
        (11, "Note=что-то лишнее; ещё", &[Damage::StrayLines]),
        (14, "Organisation=Третья|Note=мимо", &[Damage::StrayLines, Damage::Unfinished]),
    ];
    let expected = expected.map(|(line, told, damage)| (line, told.to_owned(), damage));
    assert_eq!(rows, expected);
    assert_eq!((how.blank_lines, how.lines), (1, 16));
}

#[test]
fn an_address_several_phones_and_words_of_programs_find_their_places() {
    let text = "BEGIN:VCARD\nVERSION:3.0\nN:Иванов;Иван;Иванович;;\nORG:Лён;Склад\nTITLE:Директор\n\
                TEL;TYPE=CELL:+7 916 1\nTEL;TYPE=CELL:+7 916 2\nTEL;TYPE=WORK,FAX:3\n\
                ADR;TYPE=WORK:;;Ленина\\, 5;Тверь;;170000;Россия\nURL:https\\://len.example\n\
                NICKNAME:Ваня\nUID:1\nBDAY:1980-03-21\nEND:VCARD\n";
    assert_eq!(
        told(&cards(text).0[0]),
        "Organisation=Лён|Department=Склад|Contact=Иванов Иван Иванович|Position=Директор|\
         Phone (mobile)=+7 916 1; +7 916 2|Fax=3|Address=170000, Россия, Тверь, Ленина, 5|\
         City=Тверь|Website=https://len.example|Birthday=1980-03-21|Other=NICKNAME: Ваня"
    );
}

#[test]
fn what_bursts_is_refused_with_its_line() {
    let limits = Limits { record_max: 10_000, ..Limits::default() };
    let many = format!("BEGIN:VCARD\n{}", "TEL:1234567890\n".repeat(2_000));
    let long = format!("BEGIN:VCARD\nNOTE:{}\n", "x".repeat(50_000));
    let folded = format!("BEGIN:VCARD\nNOTE:x\n{}", " yyyyyyyyyyyyyyy\n".repeat(1_000));
    for (text, line) in [(many, 771), (long, 2), (folded, 2)] {
        let mut source = Cursor::new(text.as_bytes());
        let refused = read(&mut source, &Said::default(), &limits, &mut |_| true);
        assert_eq!(refused, Err(Refused::RecordTooLong { line }));
    }
    let deep = "BEGIN:VCARD\nAGENT:\n".repeat(5_000);
    let (records, _) = cards(deep);
    assert_eq!(records.len(), 5_000, "each is a row, however deep they stand");
}
