//! Who decides, ties, parts or places takes a turn: two of them never wait for each other.

use super::*;
use crate::both;
use crate::leads::floor::Floor;
use crate::storage::testing::until_held_up;
use crate::vals;
use crate::{campaigns, leads, rounds};

/// What this does waits while somebody else holds the base.
async fn turn<T: std::fmt::Debug + Send + 'static>(
    cast: &Cast,
    work: impl Future<Output = Outcome<T>> + Send + 'static,
) -> T {
    let db = cast.app.db.clone();
    let mut held = db.begin().await.expect("begins");
    companies::actions::hold_base(&mut held, cast.org).await.expect("held");
    let work = tokio::spawn(work);
    until_held_up(&db, &work).await;
    assert!(!work.is_finished(), "it takes its turn");
    held.commit().await.expect("let go");
    work.await.expect("it ends").expect("done")
}

both! {
    async fn who_makes_leads_of_what_the_base_has_takes_a_turn(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let id = floor.campaign().await.id;
        let anna = floor.cast.viewer("anna").await;
        let act = floor.cast.act("anna", "pause");
        campaigns::actions::pause(&act, &anna, id).await.expect("paused");
        let act = floor.cast.act("anna", "go-on");
        let launched = async move { leads::actions::launch(&act, &anna, id).await };
        assert_eq!(turn(&floor.cast, launched).await, 0, "both companies are leads already");
        let act = floor.cast.act("anna", "enlist");
        let enlisted = async move { rounds::actions::enlist(&act, id).await };
        assert!(!turn(&floor.cast, enlisted).await, "it is no round");
    }

    async fn who_ties_decides_parts_or_places_takes_a_turn(t: TestDb) {
        let cast = Cast::gather(t).await;
        let one = add(&cast, "one", flax("ООО «Лён и нить»", Some("7714239823"))).await;
        let other = add(&cast, "other", flax("Лён и нить", None)).await;
        let number = company(&cast, other).await.number;
        let olga = cast.viewer("olga").await;
        let with = |key: &str| (cast.act("olga", key), olga.clone());
        let (act, viewer) = with("name");
        let named = async move { actions::name_pair(&act, &viewer, one, number).await };
        let pair = turn(&cast, named).await;
        let (act, viewer) = with("decide");
        let apart = actions::Answer::Apart(PairState::Group);
        let version = 1;
        let decided =
            async move { actions::decide(&act, &viewer, pair, version, &apart).await };
        turn(&cast, decided).await;
        let (act, viewer) = with("reopen");
        turn(&cast, async move { actions::reopen(&act, &viewer, pair).await }).await;
        let (act, viewer) = with("tie");
        let group = (TieEnd::Group, number);
        let tie = turn(&cast, async move { actions::tie(&act, &viewer, one, group).await }).await;
        let (act, viewer) = with("untie");
        turn(&cast, async move { actions::untie(&act, &viewer, tie).await }).await;
        let merged = merge(&cast, "merge", (other, one), &[]).await.expect("merged");
        cast.clock.advance_ms(1_000);
        let (act, viewer) = with("note");
        let note = companies::actions::write_note(&act, &viewer, one, "They moved").await;
        let note = note.expect("written").to_string();
        undo(&cast, "undo", merged).await.expect("parted");
        let (act, viewer) = with("place");
        let row = note.clone();
        let placed = async move {
            actions::place(&act, &viewer, merged, ("notes", &row), true).await
        };
        turn(&cast, placed).await;
        let text = "select company_id as line from notes where org_id = $1 and id = $2";
        let whose = ask(&cast, text.to_owned(), vals![cast.org, note]).await;
        assert_eq!(whose, [other.to_string()]);
    }
}
