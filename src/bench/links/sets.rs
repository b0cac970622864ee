//! Sets that research compares its tools on, out of a folder.

use std::collections::HashMap;
use std::path::Path;

use super::Trial;
use crate::commands::link::lists::{self, Chosen, List, Rows, place};
use crate::values::Clock;

const PERSON: [&str; 10] = [
    "given_name:person-name",
    "surname:person-name",
    "street_number:number",
    "address_1:address",
    "address_2:address",
    "suburb:city",
    "postcode:postcode",
    "state:category",
    "date_of_birth:date",
    "soc_sec_id:tax-id",
];
const PRODUCT: [&str; 3] = ["name:text", "description:text", "price:number"];

/// One of FEBRL's four sets of persons. The fourth is two files, one record of a person in each.
pub(super) fn febrl(folder: &Path, number: u32) -> Result<Trial, String> {
    let files: &[&str] = match number {
        1 => &["dataset1.csv"],
        2 => &["dataset2.csv"],
        3 => &["dataset3.csv"],
        _ => &["dataset4a.csv", "dataset4b.csv"],
    };
    let (mut trial, lists) = read((folder, "er-febrl"), files, ("rec_id", &PERSON))?;
    trial.what = format!("FEBRL {number}");
    let ids = lists.iter().flat_map(|list| &list.ids);
    trial.truth = ids.map(|id| person(id)).collect::<Result<_, _>>()?;
    Ok(trial)
}

/// Whom `rec-552-dup-3` is a record of.
fn person(id: &str) -> Result<u32, String> {
    let number = id.split('-').nth(1).and_then(|number| number.parse().ok());
    number.ok_or_else(|| format!("{id:?} does not tell its person"))
}

/// Products of two shops, each in both, by words alone.
pub(super) fn abt_buy(folder: &Path) -> Result<Trial, String> {
    let files = ["abt.csv", "buy.csv"];
    let (mut trial, lists) = read((folder, "er-abt-buy"), &files, ("id", &PRODUCT))?;
    trial.what = "Abt-Buy".to_owned();
    trial.one_to_one = true;
    let numbers = |list: &List, from: usize| -> HashMap<String, usize> {
        list.ids.iter().cloned().zip(from..).collect()
    };
    let (abt, buy) = (numbers(&lists[0], 0), numbers(&lists[1], lists[0].ids.len()));
    let mut truth: Vec<u32> = (0..).take(abt.len() + buy.len()).collect();
    let path = folder.join("er-abt-buy").join("gt.csv");
    let rows = Rows::open(&path, None, None)?;
    let mut rows = rows.all();
    let headings = rows.next().map(|(_, headings)| headings).unwrap_or_default();
    let (one, other) = (place(&path, &headings, "D1")?, place(&path, &headings, "D2")?);
    for (line, row) in rows {
        let find = |numbers: &HashMap<String, usize>, place: usize| {
            let id = row.get(place).map_or("", |cell| cell.trim());
            let found = numbers.get(id).copied();
            found.ok_or_else(|| format!("{}: row {line}: no {id:?}", path.display()))
        };
        let (a, b) = (find(&abt, one)?, find(&buy, other)?);
        truth[b] = truth[a];
    }
    trial.truth = truth;
    Ok(trial)
}

fn read(
    (folder, set): (&Path, &str),
    files: &[&str],
    (id, fields): (&str, &[&str]),
) -> Result<(Trial, Vec<List>), String> {
    let clock = Clock::system();
    let begun = clock.now();
    let fields: Vec<String> = fields.iter().map(|field| (*field).to_owned()).collect();
    let fields = lists::fields(&fields)?;
    let chosen = Chosen { id: id.to_owned(), fields, delimiter: None, encoding: None };
    let mut lists = Vec::new();
    for file in files {
        lists.push(List::read(&folder.join(set).join(file), &chosen)?);
    }
    let tables = lists.iter_mut().map(|list| std::mem::take(&mut list.table)).collect();
    let reading = (clock.now().ms() - begun.ms()) as f64 / 1_000.0;
    let trial = Trial {
        what: set.to_owned(),
        fields: chosen.fields,
        tables,
        truth: Vec::new(),
        one_to_one: false,
        reading,
    };
    Ok((trial, lists))
}
