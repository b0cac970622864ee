//! What becomes of leads that a rule denied, once the company has what it lacked.

use super::*;
use crate::companies::actions as base;
use crate::companies::{BasisKind, NewBasis, NewCompany, NewPhone, Standing};
use crate::imports::{self, Origin};
use crate::storage::testing::TestDb;

const LIST: &str = "Name;Phone;Town\nFlax;8 495 223-45-67;Tver\nSilk;8 495 223-45-68;Tver\n";

fn ground() -> NewBasis {
    NewBasis { kind: BasisKind::PublicSource, source: "site".to_owned(), until: None }
}

/// A campaign of which each company is denied by that rule.
async fn denied(t: TestDb, companies: &[NewCompany], rule: &str) -> Floor {
    let cast = crate::cast::Cast::gather(t).await;
    let companies = floor::add(&cast, companies).await;
    let campaign = floor::make_campaign(&cast, "spring", policy()).await;
    let floor = Floor { cast, campaign, companies };
    floor.launch(campaign, "launch").await;
    assert_eq!(floor.lease("boris", "denied").await, None);
    let how_many = i64::try_from(floor.companies.len()).expect("few");
    assert_eq!(floor.places().await, [(format!("rule:{rule}"), how_many)]);
    floor
}

/// Brings the list as Anna, on that ground.
async fn bring(floor: &Floor, key: &str, origin: Origin) -> ImportId {
    use imports::actions;
    let act = floor.cast.act("anna", key);
    let content = imports::spool::Content::of(LIST.as_bytes()).expect("kept");
    let new = actions::NewFile { name: "list.csv".to_owned(), content, origin };
    let id = actions::bring(&act.part("bring"), new).await.expect("brought");
    actions::check(&act, id).await.expect("checked");
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let found = actions::find(&mut tx, floor.cast.org, id).await.expect("reads");
    drop(tx);
    let version = found.expect("there").version;
    actions::commit(&act.part("commit"), id, version).await.expect("begun");
    actions::work_off_commit(&act, id).await.expect("written");
    id
}

both! {
    async fn a_ground_added_by_hand_ends_a_denial_at_once(t: TestDb) {
        let groundless = NewCompany { basis: None, ..floor::company(1) };
        let floor = denied(t, &[groundless], "no_basis").await;
        let (anna, id) = (floor.cast.viewer("anna").await, floor.companies[0]);
        let act = floor.cast.act("anna", "ground");
        base::add_basis(&act, &anna, id, ground()).await.expect("noted");
        floor.cast.settle().await;
        assert!(floor.lease("boris", "1").await.is_some(), "it may be called at once");
    }

    async fn a_number_ends_a_denial_at_once(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let (anna, id) = (floor.cast.viewer("anna").await, floor.companies[0]);
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let phones = base::list_phones(&mut tx, floor.cast.org, id).await.expect("reads");
        drop(tx);
        let (act, wrong) = (floor.cast.act("anna", "wrong"), Standing::Wrong);
        base::set_standing(&act, &anna, phones[0].id, wrong).await.expect("set");
        floor.cast.settle().await;
        assert_eq!(floor.lease("boris", "denied").await, None);
        assert_eq!(floor.places().await, [("rule:no_phone".to_owned(), 1)]);
        let act = floor.cast.act("anna", "phone");
        let phone = NewPhone { phone: Phone::stored("+74952234567".to_owned(), None), label: None };
        base::add_phones(&act, &anna, id, &[phone]).await.expect("added");
        floor.cast.settle().await;
        assert!(floor.lease("boris", "1").await.is_some(), "it may be called at once");
    }

    async fn a_file_that_brings_a_ground_frees_its_companies_and_no_others(t: TestDb) {
        let cast = crate::cast::Cast::gather(t).await;
        let campaign = floor::make_campaign(&cast, "spring", policy()).await;
        let floor = Floor { cast, campaign, companies: Vec::new() };
        bring(&floor, "bare", Origin::default()).await;
        let other = NewCompany { basis: None, ..floor::company(9) };
        floor::add_one(&floor.cast, &other).await;
        floor.launch(floor.campaign, "launch").await;
        assert_eq!(floor.lease("boris", "denied").await, None);
        assert_eq!(floor.places().await, [("rule:no_basis".to_owned(), 3)]);
        let kind = Some(BasisKind::PublicSource);
        let origin = Origin { source: "Fair".to_owned(), basis_kind: kind, ..Origin::default() };
        bring(&floor, "grounded", origin).await;
        floor.cast.settle().await;
        let places = floor.places().await;
        let held_up = ("rule:no_basis".to_owned(), 1);
        assert_eq!(places, [("due".to_owned(), 2), held_up]);
        assert!(floor.lease("boris", "1").await.is_some(), "they may be called at once");
    }

    async fn a_ban_that_was_lifted_ends_a_denial_at_once(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let act = floor.cast.act("anna", "ban");
        let mut tx = act.db.begin().await.expect("begins");
        let (whom, reason) = (Whom::Company(floor.companies[0]), SuppressReason::Asked);
        let ban = Suppress { whom, channel: Channel::All, reason, until: None };
        let ban = companies::actions::suppress_in(&mut tx, &act, ban).await.expect("bans");
        tx.commit().await.expect("commits");
        floor.cast.settle().await;
        assert_eq!(floor.lease("boris", "denied").await, None);
        assert_eq!(floor.places().await, [("rule:suppressed".to_owned(), 1)]);
        let (olga, of_ban) = (floor.cast.viewer("olga").await, (floor.companies[0], ban));
        let lift = floor.cast.act("olga", "lift");
        companies::actions::lift(&lift, &olga, of_ban, "a slip").await.expect("lifts");
        floor.cast.settle().await;
        assert!(floor.lease("boris", "1").await.is_some(), "it may be called at once");
    }
}
