//! Pairs, merges and their undoing, on both databases.

mod between;
mod clients;
mod doors;
mod lessons;
mod merging;
mod namesakes;
mod order;
mod races;
mod rules;
mod scanning;
mod schema;
mod turns;
mod tying;

use std::collections::BTreeSet;

use super::actions::{self, Merging};
use super::*;
use crate::cast::Cast;
use crate::companies::{self, NewCompany, NewContact, NewPhone};
use crate::storage::{Tx, Val};

pub(super) fn phone(text: &str) -> NewPhone {
    NewPhone { phone: Phone::parse(text, "RU").expect("a number"), label: None }
}

/// A company with a number, a mail address and a person.
pub(super) fn flax(name: &str, tax_id: Option<&str>) -> NewCompany {
    NewCompany {
        name: name.to_owned(),
        tax_id: tax_id.map(str::to_owned),
        city: Some("Москва".to_owned()),
        phones: vec![phone("8 495 223-45-67")],
        emails: vec!["info@len.example".to_owned()],
        contacts: vec![NewContact {
            name: "Пётр Льнов".to_owned(), ..NewContact::default()
        }],
        ..NewCompany::default()
    }
}

pub(super) async fn add(cast: &Cast, key: &str, new: NewCompany) -> CompanyId {
    let act = cast.act("anna", key);
    let mut tx = act.db.begin().await.expect("begins");
    let id = companies::actions::add_in(&mut tx, &act, new).await.expect("added");
    tx.commit().await.expect("kept");
    id
}

pub(super) async fn read(cast: &Cast) -> Tx {
    cast.app.db.read().await.expect("reads")
}

pub(super) async fn company(cast: &Cast, id: CompanyId) -> companies::Company {
    let mut tx = read(cast).await;
    companies::actions::find(&mut tx, cast.org, id).await.expect("reads").expect("a company")
}

/// Merges as Anna does, taking these facts from the loser.
pub(super) async fn merge(
    cast: &Cast,
    key: &str,
    (loser, survivor): (CompanyId, CompanyId),
    taken: &[Field],
) -> Outcome<MergeId> {
    merge_but(cast, key, (loser, survivor), (taken, BTreeSet::new())).await
}

/// The same, but these people stay two.
pub(super) async fn merge_but(
    cast: &Cast,
    key: &str,
    (loser, survivor): (CompanyId, CompanyId),
    (taken, apart): (&[Field], BTreeSet<ContactId>),
) -> Outcome<MergeId> {
    let merging = Merging {
        survivor: (survivor, company(cast, survivor).await.version),
        loser: (loser, company(cast, loser).await.version),
        taken: taken.to_vec(),
        apart,
    };
    let viewer = cast.viewer("olga").await;
    actions::merge(&cast.act("olga", key), &viewer, &merging).await
}

pub(super) async fn undo(cast: &Cast, key: &str, merge: MergeId) -> Outcome<()> {
    let viewer = cast.viewer("olga").await;
    actions::undo(&cast.act("olga", key), &viewer, merge).await
}

/// What a statement of a test answers; it is made up as it goes.
pub(super) async fn ask(cast: &Cast, text: String, values: &[Val]) -> Vec<String> {
    let text: &'static str = Box::leak(text.into_boxed_str());
    let rows = read(cast).await.all(text, values).await.expect("an answer");
    rows.iter().map(|row| row.text("line").expect("a line")).collect()
}

pub(super) fn code_of(error: Error) -> String {
    match error {
        Error::Refused(refusal) => refusal.code().to_owned(),
        Error::NotFound => "not-found".to_owned(),
        other => format!("{other:?}"),
    }
}
