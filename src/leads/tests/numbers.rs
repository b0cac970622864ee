//! One number that stands at several companies.

use super::*;
use crate::calls;
use crate::calls::results::CallForm;
use crate::companies::NewCompany;
use crate::leads::store::numbers;
use crate::storage::testing::{MONDAY, TestDb};

/// A company with the number of the first, and others of its own.
fn sharing(index: usize, own: usize) -> NewCompany {
    let mut company = floor::company(index);
    let mut phones = floor::company(0).phones;
    phones.extend((0..own).flat_map(|more| floor::company(index * 100 + more).phones));
    company.phones = phones;
    company
}

async fn floor_of(t: TestDb, all: &[NewCompany], policy: CallingPolicy) -> Floor {
    let cast = crate::cast::Cast::gather(t).await;
    let companies = floor::add(&cast, all).await;
    let campaign = floor::make_campaign(&cast, "spring", policy).await;
    let floor = Floor { cast, campaign, companies };
    floor.launch(campaign, "launch").await;
    floor
}

/// Nobody is reached; says who is next in hand.
async fn call(floor: &Floor, login: &str, grant: Grant) -> Option<Grant> {
    let viewer = floor.cast.viewer(login).await;
    let act = floor.cast.act(login, &format!("call {} {}", grant.lead, grant.generation));
    let outcome = "not_reached".to_owned();
    let form = CallForm { outcome, generation: grant.generation, ..CallForm::default() };
    calls::actions::record(&act, &viewer, grant.lead, &form).await.expect("recorded").next
}

async fn count_denied(floor: &Floor, rule: &str) -> i64 {
    let places = floor.places().await;
    let place = places.into_iter().find(|(place, _)| *place == format!("rule:{rule}"));
    place.map_or(0, |(_, count)| count)
}

async fn free(floor: &Floor, lead: LeadId) -> Vec<PhoneId> {
    let lead = floor.lead(lead).await;
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let now = floor.cast.clock.now();
    let free = dialling::list_free(&mut tx, floor.cast.org, &lead, now).await.expect("numbers");
    free.into_iter().map(|phone| phone.id).collect()
}

both! {
    async fn a_call_to_a_number_counts_for_every_company_that_has_it(t: TestDb) {
        let all = [floor::company(0), sharing(1, 0), floor::company(2)];
        let floor = floor_of(t, &all, policy()).await;
        let first = floor.lease("boris", "1").await.expect("a company");
        assert_eq!(first.company, floor.companies[0]);
        // While it is in hand nobody else gets its number.
        let other = floor.lease("bella", "1").await.expect("the third");
        assert_eq!(other.company, floor.companies[2]);
        assert_eq!(count_denied(&floor, "number_in_hand").await, 1);
        call(&floor, "bella", other).await;
        assert_eq!(call(&floor, "boris", first).await, None);
        floor.cast.clock.advance_ms(15 * MINUTE_MS);
        assert_eq!(floor.lease("boris", "2").await, None, "it was called today");
        assert_eq!(count_denied(&floor, "number_day").await, 1);
        floor.cast.clock.set(MONDAY.plus_days(1));
        let again = floor.lease("boris", "3").await.expect("a day later");
        assert!(again.company != floor.companies[2], "two of the three share a number");
        let rest = floor.lease("bella", "3").await.expect("a company");
        assert_eq!(rest.company, floor.companies[2]);
    }

    async fn of_two_numbers_the_one_that_may_be_dialled_is_offered(t: TestDb) {
        let mild = CallingPolicy { pressure_max: 9, ..policy() };
        let floor = floor_of(t, &[floor::company(0), sharing(1, 1)], mild).await;
        let first = floor.lease("boris", "1").await.expect("a company");
        let next = call(&floor, "boris", first).await.expect("it has a number of its own");
        assert_eq!(next.company, floor.companies[1]);
        let (org, now) = (floor.cast.org, floor.cast.clock.now());
        let mut tx = floor.cast.app.db.begin().await.expect("begins");
        let phones = companies::actions::list_phones(&mut tx, org, next.company).await;
        let phones = phones.expect("numbers");
        let shared = floor::company(0).phones[0].phone.e164.clone();
        let of = |is_shared: bool| {
            let one = phones.iter().find(|one| (one.phone.e164 == shared) == is_shared);
            one.expect("a number").id
        };
        let (shared, own) = (of(true), of(false));
        let lead = floor.lead(next.lead).await;
        let act = floor.cast.act("boris", "dial");
        let told = dialling::admit_in(&mut tx, &act, &lead, None).await.expect("may be called");
        assert_eq!(told.iter().map(|one| one.id).collect::<Vec<_>>(), [own]);
        let refused = dialling::admit_in(&mut tx, &act, &lead, Some(shared)).await;
        let Err(Error::Refused(refused)) = refused else { panic!("{refused:?}") };
        let told: BTreeMap<&str, String> = refused.args().into_iter().collect();
        assert_eq!((refused.code(), told["rule"].as_str()), ("call-denied", "number_day"));
        assert!(Instant::from_rfc3339(&told["until_at"]).is_some_and(|until| until > now));
        drop(tx);
        assert_eq!(free(&floor, next.lead).await, [own], "the card offers that one");
        call(&floor, "boris", next).await;
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let told = calls::actions::list_for_company(&mut tx, org, next.company, 1).await;
        assert_eq!(told.expect("calls")[0].phone, Some(own), "and takes it for what was dialled");
    }

    async fn attempts_on_a_number_are_used_up_together_unless_it_is_a_switchboard(t: TestDb) {
        let few = CallingPolicy {
            attempts_max: 2,
            attempts_per_day_max: 5,
            gap_minutes: 0,
            pressure_max: 9,
            ..policy()
        };
        let three = [floor::company(0), sharing(1, 0), sharing(2, 0)];
        let floor = floor_of(t, &three, few).await;
        let mut held = floor.lease("boris", "1").await;
        for _ in 0..2 {
            held = call(&floor, "boris", held.expect("a company")).await;
        }
        assert_eq!(held, None);
        assert_eq!(floor.lease("bella", "1").await, None, "two on one number are all there may be");
        assert!(count_denied(&floor, "number_total").await > 0);
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let (org, id) = (floor.cast.org, floor.campaign);
        let next = actions::find_next_at(&mut tx, org, id).await.expect("reads");
        assert!(next.is_some_and(|at| at < floor.cast.clock.now().plus_days(30)), "{next:?}");
        drop(tx);
        // A fourth company with it: nobody's own number any more.
        floor::add_one(&floor.cast, &sharing(3, 0)).await;
        floor.cast.clock.set(MONDAY.plus_days(1));
        let held = floor.lease("boris", "2").await.expect("a company");
        assert!(floor.companies.contains(&held.company));
    }

    async fn of_two_who_ask_at_once_one_gets_the_number(t: TestDb) {
        let floor = floor_of(t, &[floor::company(0), sharing(1, 0)], policy()).await;
        let (one, other) = tokio::join!(floor.lease("boris", "1"), floor.lease("bella", "1"));
        assert!(one.is_some() != other.is_some(), "{one:?} {other:?}");
    }

    async fn what_is_known_of_a_number_is_read_from_every_company(t: TestDb) {
        let floor = floor_of(t, &[floor::company(0), sharing(1, 1)], policy()).await;
        let (org, ids) = (floor.cast.org, floor.companies.clone());
        let e164 = floor::company(0).phones[0].phone.e164.clone();
        let grant = floor.lease("boris", "1").await.expect("a company");
        let mut tx = floor.cast.app.db.begin().await.expect("begins");
        let carried = numbers::list_carried(&mut tx, org, &ids, 3).await.expect("numbers");
        let mut told: Vec<_> =
            carried.iter().map(|one| (one.company, one.e164 == e164, one.others)).collect();
        told.sort();
        let mut expected = [(ids[0], true, 1), (ids[1], true, 1), (ids[1], false, 0)];
        expected.sort();
        assert_eq!(told, expected);
        let all = [e164.clone()];
        numbers::hold_numbers(&mut tx, org, &all).await.expect("held");
        let hands = numbers::list_in_hand(&mut tx, org, &all).await.expect("hands");
        assert_eq!(hands, [(e164, ids[0], grant.until)]);
        drop(tx);
        call(&floor, "boris", grant).await;
        let campaign = floor.campaign().await;
        let (zone, now) = (Zone::named("UTC"), floor.cast.clock.now());
        let ask = store::queue::Ask { org, campaign: &campaign, zone: &zone, now };
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let reached = numbers::list_reached(&mut tx, &ask, now.plus_days(-30), &all).await;
        let reached = reached.expect("calls");
        let told: Vec<_> = reached.iter().map(|one| (one.company, one.is_of_campaign)).collect();
        assert_eq!(told, [(ids[0], true)]);
    }
}
