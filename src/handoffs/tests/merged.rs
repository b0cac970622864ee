//! A company is merged between what happened and what follows from it.

use std::collections::BTreeSet;

use super::setting::Setting;
use crate::both;
use crate::clients::{self, Client};
use crate::companies::{self, Company, NewCompany};
use crate::handoffs::*;
use crate::leads;
use crate::merges::actions::{Merging, merge};
use crate::opportunities;
use crate::people::Scope;
use crate::tiers::EngagementPolicy::*;
use crate::values::*;

pub(super) async fn company(s: &Setting, id: CompanyId) -> Company {
    let mut tx = s.cast.app.db.read().await.expect("reads");
    companies::actions::find(&mut tx, s.cast.org, id).await.expect("reads").expect("a company")
}

/// A company that nothing has happened with.
pub(super) async fn another(s: &Setting) -> CompanyId {
    let act = s.cast.act("anna", "another");
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewCompany { name: "School 6".to_owned(), ..NewCompany::default() };
    let id = companies::actions::add_in(&mut tx, &act, new).await.expect("added");
    tx.commit().await.expect("kept");
    id
}

/// Olga merges the one into the other.
async fn join(s: &Setting, loser: CompanyId, survivor: CompanyId) {
    let merging = Merging {
        survivor: (survivor, company(s, survivor).await.version),
        loser: (loser, company(s, loser).await.version),
        taken: Vec::new(),
        apart: BTreeSet::new(),
    };
    let olga = s.cast.viewer("olga").await;
    merge(&s.cast.act("olga", "merge"), &olga, &merging).await.expect("merged");
}

async fn client(s: &Setting, id: ClientId) -> Client {
    let mut tx = s.cast.app.db.read().await.expect("reads");
    let found = clients::actions::find(&mut tx, &Scope::whole(s.cast.org), id).await;
    found.expect("reads").expect("a client")
}

pub(super) async fn assert_sound(s: &Setting) {
    assert_eq!(crate::check::everything(&s.cast.app.db).await.expect("checked"), []);
}

both! {
    async fn what_qualified_before_a_merge_is_offered_for_the_survivor(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let of = s.call("boris", "School 5").await;
        let survivor = another(&s).await;
        join(&s, of.company, survivor).await;
        s.cast.settle().await;
        let offer = s.last().await;
        assert_eq!((offer.offered, offer.company), (Offered::Lead(of.lead), survivor));
        let taker = s.login(offer.receiver.user).to_owned();
        let (act, viewer) = (s.cast.act(&taker, "take"), s.cast.viewer(&taker).await);
        let opened = actions::accept(&act, &viewer, offer.id).await.expect("taken");
        let Opened::Opportunity(id) = opened else { panic!("{opened:?}") };
        let mut tx = s.cast.app.db.read().await.expect("reads");
        let whole = Scope::whole(s.cast.org);
        let found = opportunities::actions::find(&mut tx, &whole, id).await.expect("reads");
        assert_eq!(found.expect("an opportunity").company, survivor);
        let lead = leads::actions::find(&mut tx, s.cast.org, of.lead).await.expect("a lead");
        assert_eq!(lead.company, survivor);
        drop(tx);
        assert_eq!(company(&s, survivor).await.lead, offer.receiver.user);
        assert_sound(&s).await;
    }

    async fn what_was_won_before_a_merge_is_served_at_the_survivor(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (opportunity, seller) = s.taken("School 5").await;
        let survivor = another(&s).await;
        let contract = s.win(&seller, opportunity).await;
        join(&s, s.last().await.company, survivor).await;
        s.cast.settle().await;
        let offer = s.last().await;
        assert_eq!((offer.offered, offer.company), (Offered::Contract(contract), survivor));
        let (act, vera) = (s.cast.act("vera", "take"), s.cast.viewer("vera").await);
        let opened = actions::accept(&act, &vera, offer.id).await.expect("taken");
        let Opened::Client(id) = opened else { panic!("{opened:?}") };
        assert_eq!(client(&s, id).await.company, survivor);
        assert_sound(&s).await;
    }

    async fn what_was_won_before_a_merge_joins_the_client_of_the_survivor(t: TestDb) {
        let s = Setting::new(t, TwoTiers).await;
        let served = s.served("School 6").await;
        s.cast.clock.advance_ms(1_000);
        let (opportunity, seller) = s.taken("School 5").await;
        s.win(&seller, opportunity).await;
        let survivor = client(&s, served).await.company;
        join(&s, s.last().await.company, survivor).await;
        s.cast.settle().await;
        assert_eq!(s.last().await.opened, Some(Opened::Client(served)), "one client for both");
        assert_sound(&s).await;
    }

    async fn a_client_follows_who_leads_it_though_it_was_merged_meanwhile(t: TestDb) {
        let s = Setting::new(t, TwoTiers).await;
        let served = s.served("School 5").await;
        let before = client(&s, served).await;
        let survivor = another(&s).await;
        let act = s.cast.act("anna", "another lead");
        let mut tx = act.db.begin().await.expect("begins");
        let (of, vera) = (before.company, s.cast.id("vera"));
        let led = companies::actions::set_lead_in(&mut tx, &act, of, Some(vera), 3).await;
        led.expect("led");
        tx.commit().await.expect("kept");
        join(&s, of, survivor).await;
        s.cast.settle().await;
        let after = client(&s, served).await;
        assert_eq!((after.company, after.owner), (survivor, vera));
        assert_ne!(before.owner, vera);
        assert_sound(&s).await;
    }
}
