//! How a file is read where the operator knows better than what would be found out.

use std::path::Path;

use clap::Args;
use intake::{Format, How, Said, encoding as encodings};

use super::refused;
use crate::imports::actions as imports;
use crate::imports::spool::Content;
use crate::imports::text::{DELIMITERS, ENCODINGS};

/// The signs that part cells, by name: a shell leaves those as they are.
const SIGNS: [(&str, char); 4] = [("semicolon", ';'), ("comma", ','), ("tab", '\t'), ("pipe", '|')];

/// What of it is said; the rest is found out.
#[derive(Debug, Args)]
pub(super) struct Overrule {
    /// The encoding of a text, as `windows-1251`
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<String>,
    /// What parts the cells of a text: `semicolon`, `comma`, `tab`, `pipe`, or the sign itself
    #[arg(long, value_name = "SIGN", value_parser = delimiter)]
    delimiter: Option<char>,
    /// Which sheet of a workbook, by its name or its number from 1
    #[arg(long, value_name = "NAME|NUMBER")]
    sheet: Option<String>,
}

impl Overrule {
    /// What is said of this file. It is read for that once more: what does not fit it is refused
    /// before anything is kept.
    pub(super) async fn said(&self, path: &Path, content: &Content) -> Result<Said, String> {
        let text =
            Said { encoding: self.encoding.clone(), delimiter: self.delimiter, ..Said::default() };
        if self.sheet.is_none() && text == Said::default() {
            return Ok(text);
        }
        let how = imports::look_into(content, &text).await.map_err(|error| refused(path, error))?;
        self.fitting(&how, text)
            .map_err(|problem| format!("{}: {problem}; nothing was changed", path.display()))
    }

    fn fitting(&self, how: &How, text: Said) -> Result<Said, String> {
        let kind = how.format.code();
        if self.encoding.is_some() && how.encoding.is_empty() {
            return Err(format!("--encoding: the file is {kind}, whose letters are known"));
        }
        if self.delimiter.is_some() && how.format != Format::Csv {
            return Err(format!("--delimiter: the file is {kind}, whose cells no sign parts"));
        }
        let sheet = self.sheet.as_deref().map(|said| sheet(said, &how.sheets)).transpose()?;
        Ok(Said { sheet, ..text })
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

/// A sheet that is called so goes before the one of that number.
fn sheet(said: &str, sheets: &[String]) -> Result<String, String> {
    let place = said.trim().parse::<usize>().unwrap_or(0).checked_sub(1);
    let numbered = place.and_then(|place| sheets.get(place));
    let found = sheets.iter().find(|name| *name == said).or(numbered).cloned();
    found.ok_or_else(|| {
        let all = (1..).zip(sheets).map(|(number, name)| format!("{number} {name:?}"));
        let known = all.collect::<Vec<String>>().join(", ");
        match sheets.is_empty() {
            true => "--sheet: the file has no sheets".to_owned(),
            false => format!("--sheet: there is no sheet {said:?}; known: {known}"),
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
            match (sheet(said, &all), expected) {
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
    }

    async fn kept(cast: &Cast, key: &str, text: &str, said: Said) -> crate::imports::Import {
        let content = Content::of(text.as_bytes()).expect("kept");
        let origin = Origin { source: "Выставка".to_owned(), ..Origin::default() };
        let file = NewFile { name: "list.csv".to_owned(), content, origin };
        let act = cast.act("anna", key);
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
