//! How a file is read where the operator knows better than what would be found out.

use std::path::Path;

use clap::Args;
use intake::{Format, How, Said, encoding as encodings};

use super::refused;
use crate::imports::actions as imports;
use crate::imports::spool::Content;
use crate::imports::text::{DELIMITERS, ENCODINGS, TOPS};
use crate::imports::{Branches, Overruling};

/// The signs that part cells, by name: a shell leaves those as they are.
const SIGNS: [(&str, char); 4] = [("semicolon", ';'), ("comma", ','), ("tab", '\t'), ("pipe", '|')];

/// What is chosen of several: its option, what one is called, what is told where there are none.
type Choice = (&'static str, &'static str, &'static str);
const MEMBER: Choice = ("--file-in-archive", "file", "the file is no archive");
const SHEET: Choice = ("--sheet", "sheet", "the file has no sheets");

/// What of it is said; the rest is found out.
#[derive(Debug, Args)]
pub(super) struct Overrule {
    /// The encoding of a text, as `windows-1251`
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<String>,
    /// What parts the cells of a text: `semicolon`, `comma`, `tab`, `pipe`, or the sign itself
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    delimiter: Option<char>,
    /// Which file of an archive, by its name or its number from 1
    #[arg(long, value_name = "NAME|NUMBER")]
    file_in_archive: Option<String>,
    /// Which sheet of a workbook, by its name or its number from 1
    #[arg(long, value_name = "NAME|NUMBER")]
    sheet: Option<String>,
    /// Which of the first records names the columns, from 1, empty lines not counted; 0 where none
    /// does
    #[arg(long, value_name = "ROW", value_parser = clap::value_parser!(i64).range(0..=TOPS as i64))]
    header: Option<i64>,
    /// Where a row is one field of a company: the number of the column that names the field, from
    /// 1; 0 where each row is a company
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(i64).range(0..))]
    field_column: Option<i64>,
    /// Rows with the tax number of a company and another KPP: `one` company with it, or `apart`, a
    /// company for each KPP, tied to the first one as its branch; as the last time where it is left
    /// out
    #[arg(long, value_name = "HOW", value_parser = branches)]
    branches: Option<Branches>,
}

impl Overrule {
    /// What is said of this file. It is read for that before anything is kept: what does not fit it
    /// is refused.
    pub(super) async fn said(&self, path: &Path, content: &Content) -> Result<Overruling, String> {
        let branches = self.branches;
        if !self.says_something() {
            return Ok(Overruling { branches, ..Overruling::default() });
        }
        let unfit = |problem: String| format!("{}: {problem}; nothing was changed", path.display());
        let mut file =
            Said { encoding: self.encoding.clone(), delimiter: self.delimiter, ..Said::default() };
        if let Some(said) = &self.file_in_archive {
            let members = members(said, path, content).await?;
            file.member = Some(chosen(said, &members, MEMBER).map_err(unfit)?);
        }
        if let Some(said) = &self.sheet {
            let sheets = look(path, content, &file).await?.sheets;
            file.sheet = Some(chosen(said, &sheets, SHEET).map_err(unfit)?);
        }
        self.check(&look(path, content, &file).await?).map_err(unfit)?;
        let (header_row, field_column) = (self.header, self.field_column);
        Ok(Overruling { file, header_row, field_column, branches })
    }

    /// True where the file itself is to be read otherwise than it would be found.
    fn says_something(&self) -> bool {
        let texts = [&self.encoding, &self.file_in_archive, &self.sheet];
        let rows = [self.header, self.field_column];
        self.delimiter.is_some()
            || texts.into_iter().any(Option::is_some)
            || rows.into_iter().any(|row| row.is_some())
    }

    /// Says what of it does not fit a file that is read so.
    fn check(&self, how: &How) -> Result<(), String> {
        let kind = how.format.code();
        if self.encoding.is_some() && how.encoding.is_empty() {
            return Err(format!("--encoding: the file is {kind}, whose letters are known"));
        }
        if self.delimiter.is_some() && how.format != Format::Csv {
            return Err(format!("--delimiter: the file is {kind}, whose cells no sign parts"));
        }
        for (option, said) in [("--header", self.header), ("--field-column", self.field_column)] {
            if said.is_some() && !how.headings.is_empty() {
                return Err(format!("{option}: the file is {kind}, whose columns are known"));
            }
        }
        let (records, last) = (how.records, how.width.saturating_sub(1));
        let is_there = |row: i64| u64::try_from(row).is_ok_and(|row| row <= records);
        if let Some(row) = self.header.filter(|row| !is_there(*row)) {
            return Err(format!("--header: there is no record {row}; the file has {records}"));
        }
        // Before it stands whose the field is, and behind it what it says.
        let is_between = |column: i64| u64::try_from(column).is_ok_and(|it| it > 1 && it <= last);
        match self.field_column.filter(|column| *column != 0 && !is_between(*column)) {
            Some(column) if last < 2 => Err(format!(
                "--field-column: column {column} cannot name fields: the file has {} columns, \
                 and a list of fields has three at least",
                how.width
            )),
            Some(column) => Err(format!(
                "--field-column: column {column} cannot name fields; of this file 2 to {last} can"
            )),
            None => Ok(()),
        }
    }
}

async fn look(path: &Path, content: &Content, said: &Said) -> Result<How, String> {
    imports::look_into(content, said).await.map_err(|error| refused(path, error))
}

/// The files of an archive. One that is called as was said is looked into whatever else is there;
/// where there is none, or it cannot be read, the archive itself tells.
async fn members(said: &str, path: &Path, content: &Content) -> Result<Vec<String>, String> {
    let named = Said { member: Some(said.to_owned()), ..Said::default() };
    match imports::look_into(content, &named).await {
        Ok(how) => Ok(how.members),
        Err(_) => Ok(look(path, content, &Said::default()).await?.members),
    }
}

fn encoding(said: &str) -> Result<String, String> {
    match encodings::named(said.trim()) {
        Ok(known) => Ok(known.name().to_owned()),
        Err(_) => Err(format!("{said:?} is no encoding; known: {}", ENCODINGS.join(", "))),
    }
}

fn delimiter(said: &str) -> Result<char, String> {
    let word = said.to_lowercase();
    let mut signs = said.chars();
    let alone = signs.next().filter(|_| signs.next().is_none());
    let by_name = SIGNS.into_iter().find(|(name, _)| *name == word).map(|(_, sign)| sign);
    by_name.or(alone.filter(|sign| DELIMITERS.contains(sign))).ok_or_else(|| {
        let known = SIGNS.map(|(name, sign)| format!("{name} ({sign:?})")).join(", ");
        format!("{said:?} parts no cells; known: {known}")
    })
}

fn branches(said: &str) -> Result<Branches, String> {
    let known = || Branches::ALL.iter().map(|one| one.code()).collect::<Vec<_>>().join(", ");
    said.parse().map_err(|()| format!("{said:?} is no way to take branches; known: {}", known()))
}

/// One that is called so goes before the one of that number.
fn chosen(said: &str, all: &[String], (option, one, none): Choice) -> Result<String, String> {
    let place = said.trim().parse::<usize>().unwrap_or(0).checked_sub(1);
    let numbered = place.and_then(|place| all.get(place));
    let found = all.iter().find(|name| *name == said).or(numbered).cloned();
    found.ok_or_else(|| {
        let known = (1..).zip(all).map(|(number, name)| format!("{number} {name:?}"));
        let known = known.collect::<Vec<String>>().join(", ");
        match all.is_empty() {
            true => format!("{option}: {none}"),
            false => format!("{option}: there is no {one} {said:?}; known: {known}"),
        }
    })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cast::Cast;
    use crate::commands::base::Import as Arguments;
    use crate::imports::Origin;
    use crate::imports::actions::NewFile;
    use crate::storage::testing::{Engine, fresh};

    #[derive(Debug, Parser)]
    struct Line {
        #[command(flatten)]
        import: Arguments,
    }

    #[test]
    fn an_encoding_and_a_delimiter_are_typed_by_name_and_refused_with_those_there_are() {
        for (said, expected) in [
            ("windows-1251", Ok("windows-1251")),
            (" CP866 ", Ok("IBM866")),
            ("utf8", Ok("UTF-8")),
            ("klingon", Err("known: UTF-8, windows-1251, IBM866, KOI8-R")),
            ("", Err("known: UTF-8")),
        ] {
            match (encoding(said), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{said}"),
                (Err(told), Err(expected)) => assert!(told.contains(expected), "{told}"),
                (found, _) => panic!("{said}: {found:?}"),
            }
        }
        for (said, expected) in [
            ("tab", Some('\t')),
            ("\t", Some('\t')),
            ("Comma", Some(',')),
            ("semicolon", Some(';')),
            (";", Some(';')),
            ("pipe", Some('|')),
            ("|", Some('|')),
            (";;", None),
            ("x", None),
            ("", None),
        ] {
            match (delimiter(said), expected) {
                (Ok(found), Some(expected)) => assert_eq!(found, expected, "{said:?}"),
                (Err(told), None) => {
                    let known = "known: semicolon (';'), comma (','), tab ('\\t'), pipe ('|')";
                    assert!(told.contains(known), "{told}");
                }
                (found, _) => panic!("{said:?}: {found:?}"),
            }
        }
    }

    #[test]
    fn how_branches_are_taken_is_typed_by_name() {
        assert_eq!(branches("one"), Ok(Branches::One));
        assert_eq!(branches("apart"), Ok(Branches::Apart));
        let told = branches("both").expect_err("no such");
        assert!(told.ends_with("known: one, apart"), "{told}");
    }

    #[test]
    fn a_sheet_is_named_before_it_is_counted() {
        let all = ["Фирмы", "2026", "2"].map(str::to_owned);
        for (said, expected) in [
            ("Фирмы", Ok("Фирмы")),
            ("1", Ok("Фирмы")),
            ("2", Ok("2")),
            ("3", Ok("2")),
            ("2026", Ok("2026")),
            ("0", Err("there is no sheet \"0\"")),
            ("Люди", Err("known: 1 \"Фирмы\", 2 \"2026\", 3 \"2\"")),
        ] {
            match (chosen(said, &all, SHEET), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{said}"),
                (Err(told), Err(expected)) => assert!(told.contains(expected), "{told}"),
                (found, _) => panic!("{said}: {found:?}"),
            }
        }
    }

    /// Brings a file as the command does and answers what it says.
    async fn brought(cast: &Cast, words: &[&str], bytes: &[u8]) -> Result<String, String> {
        let line = ["import", "list.csv", "--dry-run"].iter().chain(words);
        let line = Line::try_parse_from(line).map_err(|error| error.to_string())?;
        let content = Content::of(bytes).expect("kept");
        let file = NewFile { name: "list.csv".to_owned(), content, origin: Origin::default() };
        let mut out = Vec::new();
        line.import.bring(&cast.app.db, Path::new("list.csv"), file, &mut out).await?;
        Ok(String::from_utf8(out).expect("letters"))
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_said_of_a_file_goes_before_what_is_found_out() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let text = "Название;вид|Телефон;вид\nЛён;нить|8 495 223-45-67;дом\n\
            Шёлк;нить|8 495 223-45-68;дом\n";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(text);
        for (words, told, heading) in [
            (
                ["--encoding", "cp1251", "--delimiter", "pipe"],
                "windows-1251, parted by '|'",
                Some("Название;вид"),
            ),
            (
                ["--encoding", "cp1251", "--delimiter", ";"],
                "windows-1251, parted by ';'",
                Some("вид|Телефон"),
            ),
            (["--encoding", "koi8-r", "--delimiter", "|"], "KOI8-R, parted by '|'", None),
        ] {
            let said = brought(&cast, &words, &bytes).await.expect("foreseen");
            assert!(said.contains(told), "{words:?}: {said}");
            assert!(heading.is_none_or(|heading| said.contains(heading)), "{words:?}: {said}");
        }
        for (words, told) in [
            (["--sheet", "1"], "list.csv: --sheet: the file has no sheets; nothing was changed"),
            (["--encoding", "klingon"], "known: UTF-8"),
            (["--delimiter", "dash"], "known: semicolon"),
        ] {
            let said = brought(&cast, &words, &bytes).await.expect_err("refused");
            assert!(said.contains(told), "{words:?}: {said}");
        }
        let card = "BEGIN:VCARD\nFN:Jane Silk\nORG:flax.example\nEND:VCARD\n".as_bytes();
        let said = brought(&cast, &["--delimiter", "tab"], card).await.expect_err("refused");
        assert!(said.contains("--delimiter: the file is vcard"), "{said}");
        let list = "Название;ИНН;КПП\nЛён;7714239823;771401001\nЛён;7714239823;690143001\n";
        for (words, is_told) in [(&["--branches", "apart"][..], true), (&[][..], false)] {
            let said = brought(&cast, words, list.as_bytes()).await.expect("foreseen");
            let told = "1 of the new companies is a branch";
            assert_eq!(said.contains(told), is_told, "{words:?}: {said}");
        }
    }

    /// An archive of two lists.
    fn archive() -> Vec<u8> {
        use std::io::Write as _;
        let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (name, text) in [
            ("prices.csv", "Товар;Цена\nНитки;10\n"),
            ("firms.csv", "Список фирм;;\n2026;;\n1;ИНН;7714239823\n1;Фирма;Лён\n2;Фирма;Шёлк\n"),
        ] {
            let options = zip::write::SimpleFileOptions::default();
            out.start_file(name, options).expect("begun");
            out.write_all(text.as_bytes()).expect("packed");
        }
        out.finish().expect("ended").into_inner()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_file_of_an_archive_a_heading_and_a_row_for_each_field_are_said() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let archive = archive();
        for member in ["firms.csv", "2"] {
            let words = ["--file-in-archive", member, "--header", "2", "--field-column", "2"];
            let said = brought(&cast, &words, &archive).await.expect("foreseen");
            assert!(said.contains("list.csv: 2 rows, "), "{member}: two companies: {said}");
        }
        let words = ["--file-in-archive", "2", "--header", "0", "--field-column", "0"];
        let said = brought(&cast, &words, &archive).await.expect("foreseen");
        assert!(said.contains("list.csv: 5 rows, "), "each record is a row: {said}");
        for (words, told) in [
            (["--file-in-archive", "3"], "no file \"3\"; known: 1 \"prices.csv\", 2 \"firms.csv\""),
            (["--header", "3"], "--header: there is no record 3; the file has 2"),
            (["--field-column", "2"], "column 2 cannot name fields: the file has 2 columns"),
        ] {
            let said = brought(&cast, &words, &archive).await.expect_err("refused");
            assert!(said.contains(told), "{words:?}: {said}");
            assert!(said.ends_with("nothing was changed"), "{words:?}: {said}");
        }
        let wide = "id;Поле;Значение\n1;Фирма;Лён\n".as_bytes();
        let said = brought(&cast, &["--field-column", "3"], wide).await.expect_err("refused");
        assert!(said.contains("column 3 cannot name fields; of this file 2 to 2 can"), "{said}");
        let said = brought(&cast, &["--file-in-archive", "1"], wide).await.expect_err("refused");
        assert!(said.contains("--file-in-archive: the file is no archive"), "{said}");
        let card = "BEGIN:VCARD\nFN:Jane Silk\nORG:flax.example\nEND:VCARD\n".as_bytes();
        let said = brought(&cast, &["--header", "1"], card).await.expect_err("refused");
        assert!(said.contains("--header: the file is vcard, whose columns are known"), "{said}");
    }

    async fn kept(cast: &Cast, key: &str, text: &str, said: Said) -> crate::imports::Import {
        let content = Content::of(text.as_bytes()).expect("kept");
        let origin = Origin { source: "Выставка".to_owned(), ..Origin::default() };
        let file = NewFile { name: "list.csv".to_owned(), content, origin };
        let act = cast.act("anna", key);
        let said = Overruling { file: said, ..Overruling::default() };
        let id = imports::bring_as(&act, file, (&said, &[])).await.expect("brought");
        imports::check(&act, id).await.expect("checked");
        let mut tx = cast.app.db.read().await.expect("reads");
        imports::find(&mut tx, cast.org, id).await.expect("reads").expect("one")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_is_said_goes_before_how_the_last_file_of_the_source_was_read() {
        let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
        let list = "Название|Телефон\nЛён|8 495 223-45-67\nШёлк|8 495 223-45-68\n";
        let first = kept(&cast, "one", list, Said::default()).await;
        assert_eq!(first.reading.delimiter, '|');
        let act = cast.act("anna", "one goes");
        imports::commit(&act, first.id, first.version).await.expect("begun");
        cast.settle().await;
        cast.clock.advance_ms(1_000);
        let said = Said { delimiter: Some(';'), ..Said::default() };
        let second = kept(&cast, "two", "Название|Телефон\nСукно|8 495 223-45-69\n", said).await;
        assert_eq!(second.reading.delimiter, ';', "and not as the last one of its source");
        assert_eq!(second.reading.meanings.len(), 1);
    }
}
