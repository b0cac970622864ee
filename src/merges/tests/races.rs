//! Merges and their undoing beside a file that is being written: nothing of it lands behind them.

use super::*;
use crate::both;
use crate::companies::filling::Missing;
use crate::letters::forms::{LetterForm, LetterSent};
use crate::people::Viewer;
use crate::storage::Act;
use crate::storage::testing::{until_behind, until_held_up};
use crate::tasks::{self, NewTask, Origin};
use crate::vals;
use crate::{letters, promises};

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

/// What a merge looks at last of what it moves: held, it stands still.
async fn hold_sight(cast: &Cast, company: CompanyId) -> Tx {
    let act = cast.act("anna", "sight");
    let mut tx = act.db.begin().await.expect("begins");
    let boris = cast.id("boris");
    companies::actions::keep_in_sight_in(&mut tx, &act, company, boris).await.expect("seen");
    tx.commit().await.expect("kept");
    let mut held = act.db.begin().await.expect("begins");
    let text = "update sights set seen_until = seen_until where company_id = $1";
    assert_eq!(held.run(text, vals![company]).await.expect("held"), 1);
    held
}

/// Writes something for a company that is being merged, after everything else of it has moved.
async fn assert_not_left<F>(
    cast: &Cast,
    table: &str,
    write: impl FnOnce(Act, Viewer, CompanyId) -> F,
) where
    F: Future<Output = Outcome<()>> + Send + 'static,
{
    let (survivor, loser) = two(cast).await;
    let held = hold_sight(cast, loser).await;
    let merging = Merging {
        survivor: (survivor, company(cast, survivor).await.version),
        loser: (loser, company(cast, loser).await.version),
        taken: Vec::new(),
        apart: BTreeSet::new(),
    };
    let (act, viewer) = (cast.act("olga", "merge"), cast.viewer("olga").await);
    let merging = tokio::spawn(async move { actions::merge(&act, &viewer, &merging).await });
    let db = cast.app.db.clone();
    until_held_up(&db, &merging).await;
    let (act, viewer) = (cast.act("olga", "write"), cast.viewer("olga").await);
    let writing = tokio::spawn(write(act, viewer, loser));
    until_behind(&db, &writing, 1).await;
    held.commit().await.expect("let go");
    merging.await.expect("it ends").expect("merged");
    writing.await.expect("it ends").expect("written");
    let text = format!("select company_id as line from {table} where org_id = $1");
    assert_eq!(ask(cast, text, vals![cast.org]).await, [survivor.to_string()], "{table}");
    assert_eq!(crate::check::everything(&db).await.expect("checked"), []);
}

/// A task of the viewer about a company.
fn task(viewer: &Viewer, company: CompanyId, due_at: Instant) -> NewTask {
    NewTask {
        person: viewer.id(),
        company: Some(company),
        what: "Send samples".to_owned(),
        due_at,
        origin: Origin::Person,
        once: None,
    }
}

both! {
    async fn a_note_that_is_written_beside_a_merge_is_on_the_card(t: TestDb) {
        let cast = Cast::gather(t).await;
        assert_not_left(&cast, "notes", |act, viewer, company| async move {
            let write = companies::actions::write_note;
            write(&act, &viewer, company, "They moved").await.map(|_| ())
        })
        .await;
    }

    async fn a_promise_that_is_made_beside_a_merge_is_on_the_card(t: TestDb) {
        let cast = Cast::gather(t).await;
        assert_not_left(&cast, "promises", |act, viewer, company| async move {
            let due_at = act.now.plus_days(1);
            let make = promises::actions::make;
            make(&act, &viewer, company, "Call back", due_at).await.map(|_| ())
        })
        .await;
    }

    async fn a_letter_that_is_recorded_beside_a_merge_is_on_the_card(t: TestDb) {
        let cast = Cast::gather(t).await;
        assert_not_left(&cast, "letters", |act, viewer, company| async move {
            let sent = LetterSent {
                way: "post".to_owned(),
                subject: "The price list".to_owned(),
                is_answer: true,
                ..LetterSent::default()
            };
            let new = LetterForm::from(sent).read(&viewer.zone, act.now)?;
            letters::actions::record(&act, &viewer, company, &new).await.map(|_| ())
        })
        .await;
    }

    async fn a_task_that_is_given_beside_a_merge_is_on_the_card(t: TestDb) {
        let cast = Cast::gather(t).await;
        assert_not_left(&cast, "tasks", |act, viewer, company| async move {
            let new = task(&viewer, company, act.now.plus_days(1));
            tasks::actions::add(&act, &viewer, new).await.map(|_| ())
        })
        .await;
    }

    async fn what_is_left_with_a_merged_company_is_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (survivor, loser) = two(&cast).await;
        merge(&cast, "merge", (loser, survivor), &[]).await.expect("merged");
        let (act, olga) = (cast.act("olga", "note"), cast.viewer("olga").await);
        let write = companies::actions::write_note;
        let note = write(&act, &olga, loser, "They moved").await.expect("written");
        assert_eq!(crate::check::everything(&cast.app.db).await.expect("checked"), []);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let text = "update notes set company_id = $2 where id = $1";
        tx.run(text, vals![note, loser]).await.expect("lost");
        tx.commit().await.expect("kept");
        let broken = crate::check::everything(&cast.app.db).await.expect("checked");
        let told: Vec<(&str, &str)> = broken.iter().map(|one| (one.rule, &*one.what)).collect();
        let rule = "nothing that moves with a merge was left with a merged company";
        assert_eq!(told, [(rule, &*format!("notes {note}"))]);
    }

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
