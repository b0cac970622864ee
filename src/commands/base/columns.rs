//! What the columns of a file were taken for, and what the operator says they are.

use std::io::Write;

use super::{Answer, say};
use crate::imports::Import;
use crate::imports::columns::{Meaning, Named, has_names};

/// How the operator says that a column is left out.
const SKIP: &str = "skip";
/// Headings are aligned up to so many letters.
const HEADING_MAX: usize = 40;

/// Reads `HEADING=MEANING`; a heading may have signs of equality itself.
pub fn named(said: &str) -> Result<Named, String> {
    let (heading, code) = said.rsplit_once('=').ok_or("say HEADING=MEANING")?;
    if heading.trim().is_empty() {
        return Err("say which column: its heading, or its number from 1".to_owned());
    }
    let meaning = match code.trim().to_lowercase().replace('-', "_").as_str() {
        SKIP => Meaning::Ignore,
        code => code.parse().map_err(|()| format!("{code:?} is no meaning; known: {}", known()))?,
    };
    Ok(Named { heading: heading.trim().to_owned(), meaning })
}

/// Every meaning as it is typed and printed.
fn known() -> String {
    Meaning::ALL.map(typed).join(", ")
}

fn typed(meaning: Meaning) -> &'static str {
    if meaning == Meaning::Ignore { SKIP } else { meaning.code() }
}

/// Says which column became what, and how that is changed.
pub fn tell(out: &mut impl Write, import: &Import) -> Answer {
    let headings: Vec<&str> = (0..import.reading.meanings.len())
        .map(|column| import.header.get(column).map_or("", |heading| heading.trim()))
        .collect();
    let widths = headings.iter().map(|heading| heading.chars().count());
    let width = widths.max().unwrap_or(0).min(HEADING_MAX);
    say(out, "Columns; --column \"HEADING=MEANING\" reads one otherwise, =skip leaves it out:")?;
    for (column, (heading, meaning)) in headings.iter().zip(&import.reading.meanings).enumerate() {
        let (number, code) = (column + 1, typed(*meaning));
        say(out, &format!("{number:>10}  {heading:<width$}  {code}"))?;
    }
    if has_names(&import.reading.meanings) {
        return Ok(());
    }
    say(out, "No column holds names: say which one does with --column \"HEADING=name\".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_named_by_heading_and_meaning() {
        for (said, expected) in [
            ("1_Название=name", Ok(("1_Название", Meaning::Name))),
            ("a = b = Full-Name ", Ok(("a = b", Meaning::FullName))),
            ("3=skip", Ok(("3", Meaning::Ignore))),
            ("Название", Err("say HEADING=MEANING")),
            ("=name", Err("say which column")),
            ("Название=имя", Err("known: skip, name, full_name")),
        ] {
            match (named(said), expected) {
                (Ok(named), Ok((heading, meaning))) => {
                    assert_eq!((named.heading.as_str(), named.meaning), (heading, meaning));
                }
                (Err(told), Err(expected)) => assert!(told.contains(expected), "{told}"),
                (found, _) => panic!("{said}: {found:?}"),
            }
        }
    }
}
