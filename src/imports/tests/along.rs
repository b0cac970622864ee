//! What a file says of companies besides what they are: the ground for contact, and notes.

use super::*;
use crate::companies::BasisKind;

const LIST: &str = "Название;ИНН;Примечание\nЛён;7714239823;звонить утром\nШёлк;;\n";

async fn bring(cast: &Cast, key: &str, text: &str, basis: Option<(BasisKind, &str)>) -> Import {
    let mut brought = file(text);
    if let Some((kind, source)) = basis {
        brought.origin.basis_kind = Some(kind);
        brought.origin.basis_source = source.to_owned();
    }
    let act = cast.act("anna", key);
    let id = actions::bring(&act.part("bring"), brought).await.expect("brought");
    actions::check(&act, id).await.expect("checked");
    let version = again(cast, id).await.version;
    actions::commit(&act.part("commit"), id, version).await.expect("begun");
    actions::work_off_commit(&act, id).await.expect("written");
    again(cast, id).await
}

/// The grounds and the notes of the company of a row.
async fn said_of(cast: &Cast, import: &Import, row: usize) -> (Vec<BasisKind>, Vec<String>) {
    let mut tx = cast.app.db.read().await.expect("reads");
    let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 9).await;
    let company = rows.expect("reads")[row].company.expect("a company");
    let bases = companies::actions::list_bases(&mut tx, cast.org, company).await.expect("reads");
    let notes = companies::actions::list_notes(&mut tx, cast.org, company, 9).await;
    let mut kinds: Vec<BasisKind> = bases.into_iter().map(|(basis, _)| basis.kind).collect();
    kinds.sort_by_key(|kind| kind.code());
    (kinds, notes.expect("reads").into_iter().map(|note| note.body).collect())
}

both! {
    async fn another_ground_joins_those_that_stand_and_goes_with_its_file(t: TestDb) {
        use BasisKind::{Consent, PublicSource};
        let cast = Cast::gather(t).await;
        let first = bring(&cast, "one", LIST, Some((Consent, "letter 7"))).await;
        assert_eq!(said_of(&cast, &first, 1).await.0, [Consent]);
        let same = bring(&cast, "two", LIST, Some((Consent, "letter 7"))).await;
        assert_eq!(same.counts, counts("in_base=2"), "nothing new");
        let none = bring(&cast, "three", LIST, None).await;
        assert_eq!(none.counts, counts("in_base=2"));
        let other = bring(&cast, "four", LIST, Some((PublicSource, "register"))).await;
        assert_eq!((other.forecast.counts, other.counts), (counts("update=2"), counts("update=2")));
        for row in [0, 1] {
            let (kinds, _) = said_of(&cast, &first, row).await;
            assert_eq!(kinds, [Consent, PublicSource], "the consent stays");
        }
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, other.id, (None, 0), 9).await;
        let told = &rows.expect("reads")[1].remarks;
        assert!(told.iter().any(|remark| remark.args.get("what") == Some(&"basis".to_owned())));
        drop(tx);
        undo(&cast, "undo", other.id).await;
        cast.settle().await;
        assert_eq!(said_of(&cast, &first, 0).await.0, [Consent]);
        assert_eq!(again(&cast, other.id).await.taken_back.restored, 2);
    }

    async fn a_note_lands_on_the_company_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring(&cast, "one", LIST, None).await;
        assert_eq!(first.reading.meanings[2], Meaning::Note);
        assert_eq!(said_of(&cast, &first, 0).await.1, ["звонить утром"]);
        let again = bring(&cast, "two", LIST, None).await;
        assert_eq!(again.counts, counts("in_base=2"));
        let more = "Название;ИНН;Комментарий\nЛён;7714239823;склад переехал\n";
        let more = bring(&cast, "three", more, None).await;
        assert_eq!(more.counts, counts("update=1"));
        let mut notes = said_of(&cast, &first, 0).await.1;
        notes.sort();
        assert_eq!(notes, ["звонить утром", "склад переехал"]);
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, first.id, (None, 0), 9).await;
        let id = rows.expect("reads")[0].company.expect("a company");
        let all = companies::actions::list_notes(&mut tx, cast.org, id, 9).await.expect("reads");
        assert_eq!(all[0].author, Some(cast.id("anna")), "who had it written says it");
        drop(tx);
        undo(&cast, "undo", more.id).await;
        cast.settle().await;
        assert_eq!(said_of(&cast, &first, 0).await.1, ["звонить утром"]);
    }
}
