//! What a merge joins, what it leaves alone, and what its undoing gives back.

use super::*;
use crate::both;
use crate::companies::suppression::Whom;
use crate::companies::{Channel, Standing, Suppress, SuppressReason};
use crate::events::{self, Kind};
use crate::leads::floor::Floor;
use crate::people::Viewer;
use crate::tasks::{self, NewTask, Origin};

/// Two records of one company: they share a number, and each has one of its own.
async fn two(cast: &Cast) -> (CompanyId, CompanyId) {
    let mut one = flax("ООО «Лён и нить»", Some("7714239823"));
    one.phones.push(phone("8 495 223-45-68"));
    let mut other = flax("Лён и нить", None);
    other.phones.push(phone("8 495 223-45-69"));
    other.emails = vec!["INFO@len.example".to_owned(), "sales@len.example".to_owned()];
    other.address = Some("Москва, Тверская, 1".to_owned());
    (add(cast, "one", one).await, add(cast, "other", other).await)
}

async fn numbers(cast: &Cast, id: CompanyId) -> Vec<String> {
    let mut tx = read(cast).await;
    let phones = companies::actions::list_phones(&mut tx, cast.org, id).await.expect("reads");
    let mut all: Vec<String> = phones.into_iter().map(|one| one.phone.e164).collect();
    all.sort();
    all
}

async fn seen(cast: &Cast, viewer: &Viewer, id: CompanyId) -> Option<CompanyId> {
    let mut tx = read(cast).await;
    let now = cast.clock.now();
    let found = companies::actions::find_seen(&mut tx, &viewer.scope(), id, now).await;
    found.expect("reads").map(|company| company.id)
}

both! {
    async fn a_merge_unites_what_both_have_and_its_undoing_parts_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let act = cast.act("anna", "task");
        let (person, due_at) = (cast.id("boris"), act.now.plus_days(1));
        let what = "ring".to_owned();
        let mut tx = act.db.begin().await.expect("begins");
        let new = NewTask {
            person, company: Some(other), what, due_at, origin: Origin::Person, once: None,
        };
        tasks::actions::add_in(&mut tx, &act, new).await.expect("a task");
        companies::actions::note_in(&mut tx, &act, other, "They are moving").await.expect("noted");
        tx.commit().await.expect("kept");
        let merged = merge(&cast, "merge", (other, one), &[Field::Address]).await.expect("merged");
        assert_eq!(numbers(&cast, one).await,
            ["+74952234567", "+74952234568", "+74952234569"]);
        let card = company(&cast, one).await;
        assert_eq!(card.address.as_deref(), Some("Москва, Тверская, 1"));
        assert_eq!(card.name, "ООО «Лён и нить»");
        assert_eq!(company(&cast, other).await.merged_into, Some(one));
        let mut tx = read(&cast).await;
        let notes = companies::actions::list_notes(&mut tx, cast.org, one, 9).await;
        assert_eq!(notes.expect("reads").len(), 1);
        let emails = companies::actions::list_emails(&mut tx, cast.org, one).await;
        assert_eq!(emails.expect("reads").len(), 2, "one address in two spellings stays once");
        let always = (Instant(0), Instant(i64::MAX));
        let told = events::list_of_kind(&mut tx, cast.org, Kind::CompanyMerged, always).await;
        let told = told.expect("reads");
        let of: Vec<_> = told.iter().map(|event| event.company).collect();
        assert_eq!(of, [Some(one), Some(other)], "an event for each");
        let names = |event: &events::Recorded| event.detail.to_string().contains("name");
        assert!(!told.iter().any(names), "ids and numbers only: {told:?}");
        drop(tx);
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!(numbers(&cast, one).await, ["+74952234567", "+74952234568"]);
        assert_eq!(numbers(&cast, other).await, ["+74952234567", "+74952234569"]);
        assert_eq!(company(&cast, one).await.address, None);
        assert_eq!(company(&cast, other).await.merged_into, None);
        let again = undo(&cast, "undo twice", merged).await;
        assert_eq!(code_of(again.expect_err("once")), "merge-undone");
    }

    async fn the_same_key_merges_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let merging = Merging {
            survivor: (one, company(&cast, one).await.version),
            loser: (other, company(&cast, other).await.version),
            taken: Vec::new(),
            apart: BTreeSet::new(),
        };
        let viewer = cast.viewer("olga").await;
        let act = cast.act("olga", "key");
        let first = actions::merge(&act, &viewer, &merging).await.expect("merged");
        let again = actions::merge(&act, &viewer, &merging).await.expect("answered");
        assert_eq!(first, again);
    }

    async fn what_was_changed_meanwhile_is_refused(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let viewer = cast.viewer("olga").await;
        let stale = Merging {
            survivor: (one, 1), loser: (other, 7), taken: Vec::new(),
            apart: BTreeSet::new(),
        };
        let refused = actions::merge(&cast.act("olga", "stale"), &viewer, &stale).await;
        assert_eq!(code_of(refused.expect_err("stale")), "merge-changed");
        let itself = Merging {
            survivor: (one, 1), loser: (one, 1), taken: Vec::new(),
            apart: BTreeSet::new(),
        };
        let refused = actions::merge(&cast.act("olga", "itself"), &viewer, &itself).await;
        assert_eq!(code_of(refused.expect_err("itself")), "merge-itself");
        merge(&cast, "first", (other, one), &[]).await.expect("merged");
        let gone = merge(&cast, "gone", (other, one), &[]).await;
        assert_eq!(code_of(gone.expect_err("gone")), "merge-not-in-base");
    }

    async fn a_head_merges_only_what_both_sides_of_are_theirs_to_know(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let act = cast.act("anna", "lead");
        let mut tx = act.db.begin().await.expect("begins");
        let whose = Some(cast.id("sonya"));
        companies::actions::set_lead_in(&mut tx, &act, other, whose, 2).await.expect("led");
        tx.commit().await.expect("kept");
        let merging = Merging {
            survivor: (one, company(&cast, one).await.version),
            loser: (other, company(&cast, other).await.version),
            taken: Vec::new(),
            apart: BTreeSet::new(),
        };
        for (login, expected) in [("gleb", "not-found"), ("boris", "not-found")] {
            let viewer = cast.viewer(login).await;
            let refused = actions::merge(&cast.act(login, "try"), &viewer, &merging).await;
            assert_eq!(code_of(refused.expect_err(login)), expected);
        }
        let viewer = cast.viewer("sergei").await;
        actions::merge(&cast.act("sergei", "do"), &viewer, &merging).await.expect("merged");
        let sonya = cast.viewer("sonya").await;
        assert_eq!(seen(&cast, &sonya, one).await, Some(one), "who led the one leads both");
        assert_eq!(seen(&cast, &sonya, other).await, Some(one), "an old link finds it");
    }

    async fn the_alias_is_found_by_searches_files_and_old_links(t: TestDb) {
        let cast = Cast::gather(t).await;
        let one = add(&cast, "one", flax("Клевер", Some("7714239823"))).await;
        let other = add(&cast, "other", flax("Вектор и сыновья", Some("7709092420"))).await;
        let merged = merge(&cast, "merge", (other, one), &[]).await.expect("merged");
        let olga = cast.viewer("olga").await;
        let (mut tx, now) = (read(&cast).await, cast.clock.now());
        for typed in ["7709092420", "Вектор", "сыновья", "Клевер"] {
            let find = companies::actions::find_typed;
            let found = find(&mut tx, &olga, typed, 9, now).await.expect("reads");
            let found: Vec<CompanyId> = found.into_iter().map(|company| company.id).collect();
            assert_eq!(found, [one], "{typed}");
        }
        let asked = NewCompany {
            name: "ООО «Вектор и сыновья»".to_owned(),
            tax_id: Some("7709092420".to_owned()),
            ..NewCompany::default()
        };
        let offered = companies::actions::list_offered(&mut tx, cast.org, &asked).await;
        let offered: Vec<CompanyId> =
            offered.expect("reads").into_iter().map(|one| one.known.company.id).collect();
        assert_eq!(offered, [one], "neither new nor the alias: the survivor");
        drop(tx);
        let client = cast.client("olga").await;
        let reply = client.get(&format!("/companies/{other}")).await;
        assert_eq!(reply.location, Some(format!("/companies/{one}")));
        let reply = cast.api("olga").await.get(&format!("/api/v1/companies/{other}")).await;
        assert!(reply.body.contains(&one.to_string()), "{}", reply.body);
        undo(&cast, "undo", merged).await.expect("undone");
        let mut tx = read(&cast).await;
        let found = companies::actions::find_typed(&mut tx, &olga, "7709092420", 9, now).await;
        assert_eq!(found.expect("reads")[0].id, other);
    }

    async fn a_ban_of_either_holds_for_both(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut own = flax("Вектор", None);
        own.phones = vec![phone("8 495 223-45-70")];
        let (one, other) = (add(&cast, "one", flax("Клевер", None)).await,
            add(&cast, "other", own).await);
        let act = cast.act("anna", "ban");
        let mut tx = act.db.begin().await.expect("begins");
        let ban = Suppress {
            whom: Whom::Company(other), channel: Channel::All, reason: SuppressReason::Asked,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, &act, ban).await.expect("banned");
        tx.commit().await.expect("kept");
        let callable = async |id| {
            let (mut tx, now) = (read(&cast).await, cast.clock.now());
            let list = companies::actions::list_callable_phones;
            list(&mut tx, cast.org, id, now).await.expect("reads").len()
        };
        assert_eq!(callable(one).await, 1);
        let merged = merge(&cast, "merge", (other, one), &[]).await.expect("merged");
        assert_eq!(callable(one).await, 0, "not even by its own number");
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!((callable(one).await, callable(other).await), (1, 0));
    }

    async fn a_survivor_that_was_banned_and_left_comes_back_by_none_of_its_records(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = (add(&cast, "one", flax("Клевер", None)).await,
            add(&cast, "other", flax("Вектор", None)).await);
        merge(&cast, "merge", (one, other), &[]).await.expect("merged");
        let act = cast.act("anna", "ban");
        let mut tx = act.db.begin().await.expect("begins");
        let ban = Suppress {
            whom: Whom::Company(other), channel: Channel::All, reason: SuppressReason::Asked,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, &act, ban).await.expect("banned");
        companies::actions::remove_many_in(&mut tx, &act, &[other]).await.expect("removed");
        for (name, is_met) in [("Вектор", true), ("Клевер", true), ("Рожь", false)] {
            let city = Some("Москва".to_owned());
            let targets = companies::actions::company_targets(name, (&None, &None), &city);
            let list = companies::actions::list_banned_targets;
            let met = list(&mut tx, cast.org, &targets, act.now).await.expect("reads");
            assert_eq!(!met.is_empty(), is_met, "{name}");
        }
        tx.commit().await.expect("kept");
    }

    async fn what_is_known_better_of_a_number_is_kept_and_given_back(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let mut tx = read(&cast).await;
        let phones = companies::actions::list_phones(&mut tx, cast.org, other).await;
        let phone = phones.expect("reads")[0].id;
        drop(tx);
        let olga = cast.viewer("olga").await;
        let set = companies::actions::set_standing;
        set(&cast.act("olga", "good"), &olga, phone, Standing::Good).await.expect("set");
        let standing = async || {
            let mut tx = read(&cast).await;
            let phones = companies::actions::list_phones(&mut tx, cast.org, one).await;
            phones.expect("reads")[0].standing
        };
        let merged = merge(&cast, "merge", (other, one), &[]).await.expect("merged");
        assert_eq!(standing().await, Standing::Good);
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!(standing().await, Standing::Unknown);
    }

    async fn what_somebody_changed_since_stays(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let merged = merge(&cast, "merge", (other, one), &[Field::Address]).await.expect("merged");
        let olga = cast.viewer("olga").await;
        let before = company(&cast, one).await;
        let mut details = companies::forms::Details::of(&before);
        details.address = Some("Москва, Тверская, 2".to_owned());
        let act = cast.act("olga", "edit");
        companies::actions::change(&act, &olga, one, before.version, details).await.expect("kept");
        cast.clock.advance_ms(1_000);
        companies::actions::write_note(&cast.act("olga", "note"), &olga, one, "New people there")
            .await
            .expect("noted");
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!(company(&cast, one).await.address.as_deref(), Some("Москва, Тверская, 2"));
        let mut tx = read(&cast).await;
        let now = cast.clock.now();
        let found = actions::find_merge(&mut tx, &olga, merged, now).await.expect("reads");
        let strays = actions::list_strays(&mut tx, cast.org, &found).await.expect("reads");
        assert_eq!(strays.len(), 1, "{strays:?}");
        assert_eq!((strays[0].noun.as_str(), strays[0].text.as_str()),
            ("notes", "New people there"));
        let row = strays[0].row.clone();
        drop(tx);
        let of = ("notes", row.as_str());
        actions::place(&cast.act("olga", "place"), &olga, merged, of, true).await.expect("placed");
        let mut tx = read(&cast).await;
        let notes = companies::actions::list_notes(&mut tx, cast.org, other, 9).await;
        assert_eq!(notes.expect("reads").len(), 1);
    }

    async fn a_company_on_the_phone_is_refused_with_who_holds_it(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let (one, other) = (floor.companies[0], floor.companies[1]);
        floor.lease("boris", "lease").await.expect("a lead");
        let refused = merge(&floor.cast, "merge", (other, one), &[]).await.expect_err("held");
        let Error::Refused(refusal) = refused else { panic!("{refused:?}") };
        assert_eq!(refusal.code(), "merge-held");
        assert_eq!(refusal.args(), [("who", "boris of the cast".to_owned())]);
    }

    async fn two_leads_of_a_campaign_become_one_and_part_again(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let (one, other) = (floor.companies[0], floor.companies[1]);
        let cast = &floor.cast;
        let waiting = async || floor.places().await;
        let before = waiting().await;
        let viewer = cast.viewer("olga").await;
        let (mut tx, now) = (read(cast).await, cast.clock.now());
        let both = (&company(cast, other).await, &company(cast, one).await);
        let outlook = actions::foresee(&mut tx, cast.org, both, now).await.expect("reads");
        let told: Vec<&str> = outlook.told.iter().map(|told| told.code).collect();
        assert_eq!(told, ["lead-closed"], "it is told beforehand");
        assert!(outlook.refusal.is_none());
        drop((tx, viewer));
        let merged = merge(cast, "merge", (other, one), &[]).await.expect("merged");
        assert_ne!(waiting().await, before);
        let broken = crate::check::everything(&cast.app.db).await.expect("checks");
        assert!(broken.is_empty(), "{broken:?}");
        undo(cast, "undo", merged).await.expect("undone");
        assert_eq!(waiting().await, before);
    }
}
