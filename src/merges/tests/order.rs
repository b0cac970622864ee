//! Merges and their undoing in random order give back what was there.

use super::*;
use crate::both;
use crate::merges::store::{self, MOVED};
use crate::vals;

/// A small generator of its own: the same seeds give the same worlds on both databases.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((self.0 >> 33) % sides as u64) as usize
    }
}

/// Everything that a merge may touch, as lines.
async fn picture(cast: &Cast, companies: &[CompanyId]) -> Vec<String> {
    let mut lines = Vec::new();
    for id in companies {
        let facts = "select name || ':' || coalesce(tax_id, '') || ':' || coalesce(city, '') \
            || ':' || coalesce(address, '') || ':' || coalesce(owner_id, '') || ':' \
            || coalesce(merged_into, '') || ':' || coalesce(legal_form, '') as line from companies \
            where org_id = $1 and id = $2";
        lines.extend(ask(cast, facts.to_owned(), vals![cast.org, *id]).await);
        for table in MOVED {
            let rows = format!(
                "select '{noun} ' || id || ' ' || company_id as line from {noun} \
                 where org_id = $1 and company_id = $2 order by id",
                noun = table.noun
            );
            lines.extend(ask(cast, rows, vals![cast.org, *id]).await);
        }
        for rows in [
            "select 'phone ' || id || ' ' || standing || ' ' || coalesce(contact_id, '') as line \
             from phones where org_id = $1 and company_id = $2 order by id",
            "select 'contact ' || id || ' ' || name || ' ' || coalesce(role, '') || ' ' \
             || case when is_decision_maker = true then 'decides' else '' end || ' ' \
             || coalesce(joined_id, '') as line \
             from contacts where org_id = $1 and company_id = $2 order by id",
            "select 'email ' || id || ' ' || coalesce(contact_id, '') as line \
             from emails where org_id = $1 and company_id = $2 order by id",
            "select 'sight ' || user_id as line from sights \
             where org_id = $1 and company_id = $2 order by user_id",
            "select 'tie ' || company_id || ' ' || other_id as line from company_ties \
             where org_id = $1 and $2 in (company_id, other_id) order by id",
            "select 'lead ' || state || ' ' || coalesce(closed_reason, '') as line from leads \
             where org_id = $1 and company_id = $2 order by id",
            "select 'term ' || term as line from search_terms \
             where org_id = $1 and company_id = $2 order by term",
        ] {
            lines.extend(ask(cast, rows.to_owned(), vals![cast.org, *id]).await);
        }
    }
    lines
}

/// Somebody of a handful: of one name or with a patronymic, with a role or without.
fn person(dice: &mut Dice) -> NewContact {
    let names = ["Пётр Льнов", "Льнов Петр Ильич", "Пётр Иванович Льнов", "Клара Клеверова"];
    NewContact {
        name: names[dice.roll(4)].to_owned(),
        role: [None, Some("директор".to_owned()), Some("бухгалтер".to_owned())][dice.roll(3)]
            .clone(),
        is_decision_maker: dice.roll(3) == 0,
    }
}

/// Companies that share numbers, mail addresses and words in every way.
async fn world(cast: &Cast, seed: usize, dice: &mut Dice) -> Vec<CompanyId> {
    let mut all = Vec::new();
    for n in 0..5 {
        let mut new = flax(["Лён", "ООО «Лён»", "Лён и нить", "АО Лён", "ООО Нить"][n], None);
        new.address = [None, Some(format!("улица {}", dice.roll(3)))][dice.roll(2)].clone();
        new.city =
            [None, Some("Москва".to_owned()), Some("Казань".to_owned())][dice.roll(3)].clone();
        new.phones = (0..=dice.roll(3))
            .map(|_| phone(&format!("8 495 223-45-{:02}", dice.roll(5))))
            .collect();
        new.contacts = (0..dice.roll(4)).map(|_| person(dice)).collect();
        new.emails = (0..dice.roll(3)).map(|_| format!("{}@len.example", dice.roll(3))).collect();
        let id = add(cast, &format!("{seed}-{n}"), new).await;
        let act = cast.act("anna", &format!("parts {seed}-{n}"));
        let mut tx = act.db.begin().await.expect("begins");
        let contacts = companies::actions::list_contacts(&mut tx, cast.org, id).await;
        let whose: Vec<String> =
            contacts.expect("reads").iter().map(|one| one.id.to_string()).collect();
        let phones = companies::actions::list_phones(&mut tx, cast.org, id).await.expect("reads");
        for one in phones {
            if !whose.is_empty() && dice.roll(2) == 0 {
                let place = ("", &Some(whose[dice.roll(whose.len())].clone()));
                let number = one.id.to_string();
                store::update_phone_contact(&mut tx, cast.org, &number, place).await.expect("kept");
            }
        }
        companies::actions::note_in(&mut tx, &act, id, "a note").await.expect("noted");
        if dice.roll(2) == 0 {
            let whose = Some(cast.id(["sonya", "semyon", "vera"][dice.roll(3)]));
            let tier = 1 + dice.roll(3) as i64;
            companies::actions::set_lead_in(&mut tx, &act, id, whose, tier).await.expect("led");
        }
        if dice.roll(2) == 0 {
            let user = cast.id(["boris", "bella"][dice.roll(2)]);
            companies::actions::keep_in_sight_in(&mut tx, &act, id, user).await.expect("seen");
        }
        tx.commit().await.expect("kept");
        all.push(id);
    }
    all
}

/// Of whoever stands at both some are said to be two.
async fn some_apart(
    cast: &Cast,
    both: (CompanyId, CompanyId),
    dice: &mut Dice,
) -> BTreeSet<ContactId> {
    let mut tx = read(cast).await;
    let found = actions::list_namesakes(&mut tx, cast.org, both).await.expect("reads");
    found.into_iter().filter(|_| dice.roll(4) == 0).map(|pair| pair.left.id).collect()
}

/// How many records stand behind others.
async fn count_joined(cast: &Cast) -> usize {
    let rows = "select id as line from contacts where org_id = $1 and joined_id is not null";
    ask(cast, rows.to_owned(), vals![cast.org]).await.len()
}

async fn sights(cast: &Cast, id: CompanyId) -> usize {
    let rows = "select user_id as line from sights where org_id = $1 and company_id = $2";
    ask(cast, rows.to_owned(), vals![cast.org, id]).await.len()
}

both! {
    async fn a_sight_that_waits_on_the_way_goes_home(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut all = Vec::new();
        for name in ["Лён", "Нить", "Лён и нить"] {
            all.push(add(&cast, name, flax(name, None)).await);
        }
        let act = cast.act("anna", "sights");
        let mut tx = act.db.begin().await.expect("begins");
        for id in [all[0], all[2]] {
            let user = cast.id("boris");
            companies::actions::keep_in_sight_in(&mut tx, &act, id, user).await.expect("seen");
        }
        tx.commit().await.expect("kept");
        let first = merge(&cast, "first", (all[0], all[1]), &[]).await.expect("merged");
        let second = merge(&cast, "second", (all[1], all[2]), &[]).await.expect("merged");
        undo(&cast, "undo first", first).await.expect("undone");
        undo(&cast, "undo second", second).await.expect("undone");
        let found = (sights(&cast, all[0]).await, sights(&cast, all[1]).await,
            sights(&cast, all[2]).await);
        assert_eq!(found, (1, 0, 1));
    }

    async fn undone_in_any_order_everything_is_where_it_was(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut joined = 0;
        for seed in 0..12 {
            let mut dice = Dice(seed as u64 * 7 + 3);
            let companies = world(&cast, seed, &mut dice).await;
            let before = picture(&cast, &companies).await;
            let mut standing: Vec<MergeId> = Vec::new();
            let mut story = Vec::new();
            for step in 0..14 {
                let (one, other) = (companies[dice.roll(5)], companies[dice.roll(5)]);
                let key = format!("{seed}/{step}");
                if dice.roll(3) == 0 && !standing.is_empty() {
                    let place = dice.roll(standing.len());
                    let id = standing.remove(place);
                    story.push(format!("undo {id}"));
                    if let Err(error) = undo(&cast, &key, id).await {
                        panic!("{error:?} {story:#?} {:#?}", picture(&cast, &companies).await);
                    }
                } else {
                    let taken: Vec<Field> = [Field::Name, Field::City, Field::Address]
                        .into_iter()
                        .filter(|_| dice.roll(2) == 0)
                        .collect();
                    let apart = some_apart(&cast, (one, other), &mut dice).await;
                    match merge_but(&cast, &key, (one, other), (&taken, apart)).await {
                        Ok(id) => {
                            story.push(format!("merge {one} into {other} {taken:?} as {id}"));
                            standing.push(id);
                        }
                        Err(error) => {
                            let code = code_of(error);
                            assert!(["merge-itself", "merge-not-in-base"].contains(&&*code),
                                "{code}");
                        }
                    }
                }
                joined += count_joined(&cast).await;
                // Asked of the whole database, which takes longer than a merge.
                if step % 5 == 4 {
                    let broken = crate::check::everything(&cast.app.db).await.expect("checks");
                    assert!(broken.is_empty(), "{story:#?} {broken:?}");
                }
            }
            while !standing.is_empty() {
                let place = dice.roll(standing.len());
                let id = standing.remove(place);
                story.push(format!("undo {id}"));
                undo(&cast, &format!("{seed} end {id}"), id).await.expect("undone");
            }
            let after = picture(&cast, &companies).await;
            assert_eq!(after, before, "seed {seed}: {story:#?}");
        }
        assert!(joined > 20, "{joined}: people were joined on the way");
    }
}
