//! Who decides beside a merge waits for it, and it waits for nobody: both end.

use super::merged::{another, assert_sound, company};
use super::setting::Setting;
use crate::both;
use crate::clients;
use crate::companies::{self, NewContact};
use crate::handoffs::*;
use crate::holdings;
use crate::merges::actions::{Merging, merge};
use crate::opportunities;
use crate::people::Viewer;
use crate::storage::testing::{until_behind, until_held_up};
use crate::storage::{Act, Tx};
use crate::tiers::EngagementPolicy::*;
use crate::tiers::Tier;
use crate::vals;
use crate::values::*;

/// What a merge moves first: held, it stands still with both companies in its hands.
async fn hold_contact(s: &Setting, company: CompanyId) -> Tx {
    let (act, olga) = (s.cast.act("olga", "contact"), s.cast.viewer("olga").await);
    let new = NewContact { name: "Maria".to_owned(), ..NewContact::default() };
    companies::actions::add_contact(&act, &olga, company, new).await.expect("added");
    let mut held = act.db.begin().await.expect("begins");
    let text = "update contacts set name = name where company_id = $1";
    assert_eq!(held.run(text, vals![company]).await.expect("held"), 1);
    held
}

/// Does something with a record of a company that is just being merged into another.
async fn assert_both_end<T, F>(
    s: &Setting,
    (loser, login): (CompanyId, &str),
    work: impl FnOnce(Act, Viewer) -> F,
) where
    T: std::fmt::Debug + Send + 'static,
    F: Future<Output = Outcome<T>> + Send + 'static,
{
    let survivor = another(s).await;
    let held = hold_contact(s, loser).await;
    let merging = Merging {
        survivor: (survivor, company(s, survivor).await.version),
        loser: (loser, company(s, loser).await.version),
        taken: Vec::new(),
        apart: std::collections::BTreeSet::new(),
    };
    let (act, viewer) = (s.cast.act("olga", "merge"), s.cast.viewer("olga").await);
    let merging = tokio::spawn(async move { merge(&act, &viewer, &merging).await });
    let db = s.cast.app.db.clone();
    until_held_up(&db, &merging).await;
    let work = work(s.cast.act(login, "beside"), s.cast.viewer(login).await);
    let working = tokio::spawn(work);
    until_behind(&db, &working, 1).await;
    held.commit().await.expect("let go");
    merging.await.expect("it ends").expect("merged");
    working.await.expect("it ends").expect("done");
    assert_sound(s).await;
}

both! {
    async fn a_lead_is_taken_beside_a_merge(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        assert_both_end(&s, (of.company, &taker), move |act, viewer| async move {
            actions::accept(&act, &viewer, offer.id).await
        })
        .await;
        assert!(s.last().await.opened.is_some());
    }

    async fn a_contract_is_taken_beside_a_merge(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (opportunity, seller) = s.taken("School 5").await;
        s.sign(&seller, opportunity).await;
        let offer = s.last().await;
        assert_both_end(&s, (offer.company, "vera"), move |act, viewer| async move {
            actions::accept(&act, &viewer, offer.id).await
        })
        .await;
        assert!(s.last().await.opened.is_some());
    }

    async fn an_opportunity_passes_to_another_beside_a_merge(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (id, seller) = s.taken("School 5").await;
        let to = s.cast.id(if seller == "sonya" { "semyon" } else { "sonya" });
        let of = s.last().await.company;
        assert_both_end(&s, (of, "olga"), move |act, viewer| async move {
            opportunities::owner::reassign(&act, &viewer, id, to).await
        })
        .await;
    }

    async fn all_that_a_seller_leads_passes_to_another_beside_a_merge(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (_, seller) = s.taken("School 5").await;
        let to = s.cast.id(if seller == "sonya" { "semyon" } else { "sonya" });
        let (of, from) = (s.last().await.company, s.cast.id(&seller));
        assert_both_end(&s, (of, "olga"), move |act, viewer| async move {
            holdings::actions::hand_over(&act, &viewer, from, (Tier::Sales, to)).await
        })
        .await;
    }

    async fn a_client_passes_to_another_beside_a_merge(t: TestDb) {
        let s = Setting::new(t, TwoTiers).await;
        let id = s.served("School 5").await;
        let (of, to) = (s.last().await.company, s.cast.id("vera"));
        assert_both_end(&s, (of, "olga"), move |act, viewer| async move {
            clients::owner::reassign(&act, &viewer, id, to).await
        })
        .await;
    }
}
