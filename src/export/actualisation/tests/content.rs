//! What stands in the files themselves: the cells of the workbook, and the text that whoever reads
//! the pages copies.

use std::collections::BTreeMap;
use std::io::Read as _;

use super::*;
use crate::web::format::day_time;

/// The text of a part of a workbook.
fn part(bytes: &[u8], name: &str) -> String {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    book.by_name(name).expect(name).read_to_string(&mut text).expect("letters");
    text
}

/// What stands between two marks, each time.
fn between<'a>(text: &'a str, from: &str, to: &str) -> Vec<&'a str> {
    text.split(from).skip(1).map(|rest| rest.split(to).next().unwrap_or_default()).collect()
}

/// The rows of a sheet, from the first, each as its cells that hold something, of a number.
fn rows(bytes: &[u8], number: usize) -> Vec<Vec<String>> {
    let strings = part(bytes, "xl/sharedStrings.xml");
    let read = |item: &str| {
        let text = item.split_once('>').map_or("", |(_, rest)| rest);
        let text = text.rsplit_once("</t>").map_or("", |(text, _)| text);
        let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
        text.replace("&amp;", "&")
    };
    let items = between(&strings, "<si>", "</si>");
    let strings: Vec<String> = items.into_iter().map(read).collect();
    let sheet = part(bytes, &format!("xl/worksheets/sheet{number}.xml"));
    let rows = between(&sheet, "<row ", "</row>").into_iter().map(|row| {
        let places = between(row, "<v>", "</v>").into_iter();
        places.map(|place| strings[place.parse::<usize>().expect("a place")].clone()).collect()
    });
    rows.collect()
}

/// A text as the glyphs that print it, blanks left out: cells are broken into lines.
fn glyphs(text: &str) -> Vec<u16> {
    let face = ttf_parser::Face::parse(notosans::REGULAR_TTF, 0).expect("a face");
    let letters = text.chars().filter(|letter| !letter.is_whitespace());
    letters.filter_map(|letter| face.glyph_index(letter)).map(|glyph| glyph.0).collect()
}

/// What the letters of each face stand for, by the table that goes along for who copies.
fn letters(table: &str) -> BTreeMap<u16, char> {
    let pairs = table.lines().filter_map(|line| {
        let (glyph, letter) = line.strip_prefix('<')?.split_once("> <")?;
        let letter = u32::from_str_radix(letter.strip_suffix('>')?, 16).ok()?;
        Some((u16::from_str_radix(glyph, 16).ok()?, char::from_u32(letter)?))
    });
    pairs.collect()
}

/// The bytes that a page shows, in brackets or as digits, and how long that is as it is written.
fn shown(written: &[u8]) -> (Vec<u8>, usize) {
    if written[0] == b'<' {
        let end = written.iter().position(|byte| *byte == b'>').expect("an end");
        return (hex::decode(&written[1..end]).expect("digits"), end + 1);
    }
    let (mut bytes, mut depth, mut at) = (Vec::new(), 1, 1);
    loop {
        let (sign, next) = (written[at], written[at + 1]);
        at += 1;
        match sign {
            b'\\' if next.is_ascii_digit() => {
                let digits = std::str::from_utf8(&written[at..at + 3]).expect("digits");
                bytes.push(u8::from_str_radix(digits, 8).expect("an octal number"));
                at += 3;
                continue;
            }
            b'\\' => {
                let known = [(b'n', b'\n'), (b'r', b'\r'), (b't', b'\t'), (b'b', 8), (b'f', 12)];
                let meant = known.iter().find(|(letter, _)| *letter == next);
                bytes.push(meant.map_or(next, |(_, byte)| *byte));
                at += 1;
                continue;
            }
            b'(' => depth += 1,
            b')' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return (bytes, at);
        }
        bytes.push(sign);
    }
}

/// The text of pages in its order.
fn text(bytes: &[u8]) -> String {
    let all = streams(bytes);
    let has = |stream: &[u8], what: &[u8]| stream.windows(what.len()).any(|part| part == what);
    let tables: Vec<BTreeMap<u16, char>> = all
        .iter()
        .filter(|stream| has(stream, b"beginbfchar"))
        .map(|stream| letters(&String::from_utf8_lossy(stream)))
        .collect();
    assert_eq!(tables.len(), 2, "a plain face and a bold one");
    let pages = all.iter().take_while(|stream| !has(stream, b"beginbfchar"));
    let mut text = String::new();
    for page in pages {
        let (mut at, mut face) = (0, 0);
        while let Some(sign) = page.get(at) {
            let end = match sign {
                b'/' => {
                    face = usize::from(page.get(at + 1) == Some(&b'B'));
                    at + 1
                }
                b'(' | b'<' => {
                    let (codes, length) = shown(&page[at..]);
                    let pairs = codes.chunks_exact(2);
                    let pairs = pairs.map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                    text.extend(pairs.filter_map(|code| tables[face].get(&code)));
                    at + length
                }
                _ => at + 1,
            };
            at = end;
        }
    }
    text
}

/// A round in which a company said where it is now, and another refused; a meeting came of it.
async fn filled(cast: &Cast) -> CampaignId {
    let named = |number: usize| NewCompany {
        name: format!("ООО «Лён {number}»"),
        address: Some("ул. Льняная, 1".to_owned()),
        ..floor::company(number)
    };
    let ids = floor::add(cast, &[named(0), named(1)]).await;
    score_all(cast).await;
    let round = started(cast).await;
    let moved = AnswerForm {
        reach: "talked".to_owned(),
        address: "another".to_owned(),
        address_new: "ул. Новая, 2".to_owned(),
        ..AnswerForm::default()
    };
    answered(cast, round, "first", moved).await;
    let refusal = AnswerForm { reach: "refusal".to_owned(), ..AnswerForm::default() };
    answered(cast, round, "second", refusal).await;
    let act = cast.act("anna", "meeting");
    let mut tx = act.db.begin().await.expect("begins");
    let meeting = crate::meetings::NewMeeting {
        company: ids[0],
        campaign: Some(round),
        lead: None,
        contact: None,
        booker: cast.id("boris"),
        host: None,
        starts_at: act.now.plus_days(1),
        minutes: 30,
        place: "Тверь, вокзал".to_owned(),
    };
    crate::meetings::actions::book_in(&mut tx, &act, meeting).await.expect("booked");
    tx.commit().await.expect("kept");
    round
}

both! {
    async fn the_files_say_what_changed_who_said_so_who_refused_and_who_is_met(t: TestDb) {
        let cast = Cast::gather(t).await;
        let report = gathered(&cast, ReportOf::Round(filled(&cast).await)).await;
        let at = |at: Instant| day_time(Lang::Ru, at, &Zone::utc());
        let (now, later) = (at(cast.clock.now()), at(cast.clock.now().plus_days(1)));
        let (now, later) = (now.as_str(), later.as_str());
        let reasons = {
            let mut tx = cast.app.db.read().await.expect("reads");
            crate::campaigns::dictionary::list_known(&mut tx, cast.org).await.expect("reads")
        };
        let reason = reasons.iter().find(|one| one.code == "not_needed").expect("a reason");
        let reason = reason.label(Lang::Ru).to_owned();
        let book = report.write(Medium::Xlsx, "").expect("a workbook");
        let pages = glyphs(&text(&report.write(Medium::Pdf, "").expect("pages")));
        let role = "привлечение";
        let (was, is) = ("ул. Льняная, 1", "ул. Новая, 2");
        for (part, wanted) in [
            (0, vec!["адрес", "исправлено", was, is, "звонок", role, now]),
            (0, vec!["телефон", "всё верно", "звонок", role, now]),
            (1, vec![reason.as_str(), role, now]),
            (2, vec![later, "Тверь, вокзал", "назначена", role]),
        ] {
            let holds = |row: &Vec<String>| {
                wanted.iter().all(|cell| row.iter().any(|held| held == cell))
            };
            let sheet = &report.parts[part];
            assert!(sheet.rows.iter().any(holds), "{wanted:?}: {sheet:?}");
            assert!(rows(&book, part + 2).iter().any(holds), "{wanted:?} in the workbook");
        }
        for (place, sheet) in report.parts.iter().enumerate() {
            let told = |row: &Vec<String>| -> Vec<String> {
                row.iter().filter(|cell| !cell.is_empty()).cloned().collect()
            };
            let heads: Vec<String> = sheet.columns.iter().map(|(head, _)| head.clone()).collect();
            let all: Vec<Vec<String>> =
                std::iter::once(&heads).chain(&sheet.rows).map(told).collect();
            assert_eq!(rows(&book, place + 2), all, "each cell of {}", sheet.title);
            for row in &all[1..] {
                let printed = glyphs(&row.concat());
                let is_there = pages.windows(printed.len()).any(|part| part == printed);
                assert!(is_there, "{row:?} is printed whole");
            }
        }
    }
}
