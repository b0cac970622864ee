//! People who are erased, on both databases: gone, and not back.

mod back;
mod doors;
mod letters;
mod races;
mod rules;
mod schema;
mod sole;

use super::forms::ErasureForm;
use super::*;
use crate::cast::Cast;
use crate::companies::{self, Contact};
use crate::imports::{self, Import};
use crate::storage::testing::every_text;

/// A list that brings a company with a person, their mobile and their mail among those of the
/// company.
pub(super) const LIST: &str = "Название;ИНН;Телефон;Почта;Контактное лицо;Город\n\
    Лён и нить;7714239823;8 495 963-76-77, 8 916 700-77-11;office@len.example, \
    markerov@len.example;Маркеров Маркел;Москва\n\
    Клевер;;8 495 963-76-79;info@klever.example;Травкина Анна;Москва\n";

/// What must be found nowhere.
pub(super) const MARKS: [&str; 5] =
    ["аркеров", "аркел", "9167007711", "916 700-77-11", "markerov@len.example"];

/// Brings a file into the base as Anna does.
pub(super) async fn bring(cast: &Cast, key: &str, text: &str) -> Import {
    bring_as(cast, (key, "list.csv"), text).await
}

/// The same under a name of its own.
pub(super) async fn bring_as(cast: &Cast, (key, name): (&str, &str), text: &str) -> Import {
    let content = imports::spool::Content::of(text.as_bytes()).expect("kept");
    let origin = imports::Origin::default();
    let file = imports::actions::NewFile { name: name.to_owned(), content, origin };
    let act = cast.act("anna", key);
    let id = imports::actions::bring(&act.part("bring"), file).await.expect("brought");
    imports::actions::check(&act, id).await.expect("checked");
    let version = import(cast, id).await.version;
    imports::actions::commit(&act.part("commit"), id, version).await.expect("begun");
    imports::actions::work_off_commit(&act, id).await.expect("written");
    import(cast, id).await
}

async fn import(cast: &Cast, id: ImportId) -> Import {
    let mut tx = cast.app.db.read().await.expect("reads");
    imports::actions::find(&mut tx, cast.org, id).await.expect("reads").expect("there")
}

/// The company of a row of an import.
pub(super) async fn company_of(cast: &Cast, import: &Import, place: usize) -> CompanyId {
    let mut tx = cast.app.db.read().await.expect("reads");
    let rows = imports::actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 99).await;
    rows.expect("reads")[place].company.expect("a company")
}

pub(super) async fn people(cast: &Cast, company: CompanyId) -> Vec<Contact> {
    let mut tx = cast.app.db.read().await.expect("reads");
    companies::actions::list_contacts(&mut tx, cast.org, company).await.expect("reads")
}

/// Erases the only person of a company as the owner does, with the number and the address that
/// are theirs.
pub(super) async fn erase(cast: &Cast, key: &str, company: CompanyId) -> Outcome<ErasureId> {
    let olga = cast.viewer("olga").await;
    let person = people(cast, company).await.remove(0);
    let mut tx = cast.app.db.read().await.expect("reads");
    let subject = actions::find_subject(&mut tx, &olga, person.id, cast.clock.now()).await?;
    drop(tx);
    let is_theirs = |value: &str| value.contains("9167007711") || value.contains("markerov");
    let theirs = subject.reachable.iter().filter(|one| is_theirs(&one.value));
    let form = ErasureForm {
        name: person.name,
        ground: "asked".to_owned(),
        document: "letter 44".to_owned(),
        parts: theirs.map(|one| one.id.clone()).collect(),
        company: false,
    };
    actions::erase(&cast.act("olga", key), &olga, person.id, &form.read()?).await
}

/// Where any mark of the person stands.
pub(super) async fn places(cast: &Cast) -> Vec<String> {
    let all = every_text(&cast.app.db).await;
    let has = |text: &str| MARKS.iter().any(|mark| text.contains(mark));
    let mut found: Vec<String> =
        all.into_iter().filter(|(_, text)| has(text)).map(|(place, _)| place).collect();
    found.sort();
    found.dedup();
    found
}

pub(super) fn code_of(error: Error) -> String {
    match error {
        Error::Refused(refusal) => refusal.code().to_owned(),
        Error::NotFound => "not-found".to_owned(),
        other => format!("{other:?}"),
    }
}
