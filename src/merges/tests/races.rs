//! Merges and their undoing beside a file that is being written: nothing of it lands behind them.

use super::*;
use crate::both;
use crate::companies::filling::Missing;
use crate::storage::testing::until_held_up;
use crate::vals;

/// A batch of a file that judged a row to be that company and adds a number to it, half through.
async fn add_number(cast: &Cast, batch: &mut Tx, company: CompanyId) {
    let missing = Missing { phones: vec![phone("8 495 223-45-99")], ..Missing::default() };
    let act = cast.act("anna", "batch");
    let fill = companies::actions::fill_many_in;
    fill(batch, &act, &[(company, missing)], None).await.expect("written");
}

/// Of which company the number is that the batch adds.
async fn whose(cast: &Cast) -> Vec<String> {
    let text = "select company_id as line from phones where org_id = $1 and e164 = $2";
    ask(cast, text.to_owned(), vals![cast.org, "+74952234599"]).await
}

async fn two(cast: &Cast) -> (CompanyId, CompanyId) {
    let one = add(cast, "one", flax("ООО «Лён и нить»", Some("7714239823"))).await;
    (one, add(cast, "other", flax("Лён и нить", None)).await)
}

both! {
    async fn what_a_batch_adds_to_the_one_goes_to_the_other_with_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (survivor, loser) = two(&cast).await;
        let db = cast.app.db.clone();
        let mut batch = db.begin().await.expect("begins");
        companies::actions::hold_base(&mut batch, cast.org).await.expect("held");
        let (act, viewer) = (cast.act("olga", "merge"), cast.viewer("olga").await);
        let merging = Merging {
            survivor: (survivor, company(&cast, survivor).await.version),
            loser: (loser, company(&cast, loser).await.version),
            taken: Vec::new(),
            apart: BTreeSet::new(),
        };
        let merging =
            tokio::spawn(async move { actions::merge(&act, &viewer, &merging).await });
        until_held_up(&db, &merging).await;
        add_number(&cast, &mut batch, loser).await;
        batch.commit().await.expect("kept");
        merging.await.expect("it ends").expect("merged");
        assert_eq!(whose(&cast).await, [survivor.to_string()]);
    }

    async fn what_a_batch_adds_before_two_are_parted_is_for_a_person_to_place(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (survivor, loser) = two(&cast).await;
        let id = merge(&cast, "merge", (loser, survivor), &[]).await.expect("merged");
        cast.clock.advance_ms(1_000);
        let db = cast.app.db.clone();
        let mut batch = db.begin().await.expect("begins");
        companies::actions::hold_base(&mut batch, cast.org).await.expect("held");
        let (act, viewer) = (cast.act("olga", "undo"), cast.viewer("olga").await);
        let parting = tokio::spawn(async move { actions::undo(&act, &viewer, id).await });
        until_held_up(&db, &parting).await;
        add_number(&cast, &mut batch, survivor).await;
        batch.commit().await.expect("kept");
        parting.await.expect("it ends").expect("parted");
        let olga = cast.viewer("olga").await;
        let mut tx = read(&cast).await;
        let found = actions::find_merge(&mut tx, &olga, id, cast.clock.now()).await;
        let strays = actions::list_strays(&mut tx, cast.org, &found.expect("there")).await;
        let texts: Vec<String> = strays.expect("reads").into_iter().map(|one| one.text).collect();
        assert_eq!(texts, ["+74952234599"]);
    }
}
