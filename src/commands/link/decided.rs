//! Pairs somebody has decided, out of a file.

use std::collections::HashMap;
use std::path::Path;

use super::lists::{List, Rows, place};

const YES: [&str; 6] = ["1", "yes", "true", "same", "да", "y"];
const NO: [&str; 6] = ["0", "no", "false", "different", "нет", "n"];

/// Reads decided pairs as rows numbered through all lists, and whether they are the same.
pub(super) fn read(path: &Path, lists: &[List]) -> Result<Vec<(u32, u32, bool)>, String> {
    let rows = Rows::open(path, None, None)?;
    let mut rows = rows.all();
    let headings = rows.next().map(|(_, headings)| headings).unwrap_or_default();
    let columns = ["id_a", "id_b", "same"].map(|name| place(path, &headings, name));
    let [a, b, same] = columns;
    let (a, b, same) = (a?, b?, same?);
    let sources = ["source_a", "source_b"].map(|name| place(path, &headings, name).ok());
    let known = numbered(lists);
    let mut pairs = Vec::new();
    for (line, row) in rows {
        let cell = |place: usize| row.get(place).map_or("", |cell| cell.trim());
        let wrong = |problem: String| format!("{}: row {line}: {problem}", path.display());
        let find = |id: usize, source: Option<usize>, usual: usize| {
            let list = match source.map(cell).filter(|source| !source.is_empty()) {
                None => usual,
                Some(name) => lists
                    .iter()
                    .position(|list| list.source == name)
                    .ok_or_else(|| wrong(format!("{name:?} is none of the files")))?,
            };
            let found = known[list].get(cell(id)).copied();
            found.ok_or_else(|| {
                wrong(format!("{} has no row with the id {:?}", lists[list].source, cell(id)))
            })
        };
        let pair = (find(a, sources[0], 0)?, find(b, sources[1], lists.len() - 1)?);
        if pair.0 == pair.1 {
            return Err(wrong(format!("{:?} is paired with itself", cell(a))));
        }
        let word = cell(same).to_lowercase();
        let is_same = match (YES.contains(&word.as_str()), NO.contains(&word.as_str())) {
            (true, _) => true,
            (_, true) => false,
            _ => return Err(wrong(format!("{:?} is neither yes nor no", cell(same)))),
        };
        pairs.push((pair.0, pair.1, is_same));
    }
    Ok(pairs)
}

/// For each list, the number of each id, counted through all lists.
fn numbered(lists: &[List]) -> Vec<HashMap<&str, u32>> {
    let mut numbers = 0..;
    let mut all = Vec::new();
    for list in lists {
        all.push(list.ids.iter().map(String::as_str).zip(&mut numbers).collect());
    }
    all
}
