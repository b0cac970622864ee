//! Who stands at both companies stands once after a merge, and twice again when it is undone.

use serde_json::{Value, json};

use super::*;
use crate::both;
use crate::companies::forms::ContactChange;
use crate::companies::suppression::Whom;
use crate::companies::{Channel, Contact, Suppress, SuppressReason};
use crate::merges::namesakes::{self, Filled};
use crate::merges::store;
use crate::vals;

fn contact(name: &str, role: Option<&str>) -> Contact {
    let now = Instant(0);
    Contact {
        id: ContactId::fresh(now),
        company: CompanyId::fresh(now),
        name: name.to_owned(),
        role: role.map(str::to_owned),
        is_decision_maker: false,
        gone_at: None,
        gone_reason: None,
        version: 1,
    }
}

/// Names of whoever stands at both.
fn found(left: &[Contact], right: &[Contact]) -> Vec<String> {
    let known = |all: &[Contact]| namesakes::known(all.to_vec(), &[], &[]);
    let pairs = namesakes::find(&known(left), &known(right));
    pairs.into_iter().map(|pair| format!("{} = {}", pair.left.name, pair.right.name)).collect()
}

#[test]
fn one_name_is_one_person_unless_it_is_another_patronymic() {
    for (left, right, is_one) in [
        ("Пётр Льнов", "ЛЬНОВ ПЕТР", true),
        ("Пётр Льнов", "Льнов Пётр Ильич", true),
        ("Льнов Пётр Ильич", "Пётр Ильич Льнов", true),
        ("Льнов Пётр Иванович", "Льнов Пётр Ильич", false),
        ("Пётр Льнов", "Павел Льнов", false),
        ("Mary Flax", "Flax, Mary", true),
    ] {
        let pairs = found(&[contact(left, None)], &[contact(right, Some("директор"))]);
        assert_eq!(pairs.len(), usize::from(is_one), "{left} / {right}");
    }
    let gone = Contact { gone_at: Some(Instant(1)), ..contact("Пётр Льнов", None) };
    assert!(
        found(std::slice::from_ref(&gone), &[contact("Пётр Льнов", None)]).is_empty(),
        "one has left"
    );
    let same = [gone];
    assert_eq!(found(&same, &same).len(), 1, "both have left");
}

#[test]
fn of_several_namesakes_only_those_are_one_of_whom_it_is_clear() {
    let (head, books) = (Some("Директор"), Some("бухгалтер"));
    let one = |role| contact("Пётр Льнов", role);
    assert!(found(&[one(None), one(None)], &[one(None)]).is_empty(), "either may be meant");
    let by_role = found(&[one(head), one(books)], &[one(Some("директор"))]);
    assert_eq!(by_role.len(), 1, "the role tells");
    let both = found(&[one(head), one(None)], &[one(None), one(Some("директор"))]);
    assert_eq!(both.len(), 2, "and who is left over is the other");
}

#[test]
fn all_that_is_told_must_contradict_to_part_one_name() {
    let own = |who: &Contact, number: &str, address: &str| {
        let phone = crate::companies::CompanyPhone {
            id: PhoneId::fresh(Instant(0)),
            company: who.company,
            contact: Some(who.id),
            phone: Phone::parse(number, "RU").expect("a number"),
            label: None,
            standing: crate::companies::Standing::Unknown,
            held_until: None,
        };
        let email =
            crate::companies::CompanyEmail { contact: Some(who.id), address: address.to_owned() };
        namesakes::known(vec![who.clone()], &[phone], &[email])
    };
    let (one, other) =
        (contact("Пётр Льнов", Some("директор")), contact("Пётр Льнов", Some("сторож")));
    let left = own(&one, "8 495 223-45-67", "a@len.example");
    for (number, address, count) in [
        ("8 495 223-45-68", "b@len.example", 0),
        ("8 495 223-45-67", "b@len.example", 1),
        ("8 495 223-45-68", "A@len.example", 1),
    ] {
        let right = own(&other, number, address);
        assert_eq!(namesakes::find(&left, &right).len(), count, "{number} {address}");
    }
    let same = Contact { role: Some("директор".to_owned()), ..other };
    let right = own(&same, "8 495 223-45-68", "b@len.example");
    assert_eq!(namesakes::find(&left, &right).len(), 1, "one role");
}

#[test]
fn only_what_the_record_lacks_is_filled() {
    let stays = contact("Пётр Льнов", None);
    let other = Contact {
        is_decision_maker: true,
        ..contact("Льнов Пётр Ильич", Some("директор"))
    };
    let fields: Vec<Filled> =
        namesakes::lacking(&stays, &other).into_iter().map(|(field, ..)| field).collect();
    assert_eq!(fields, [Filled::Name, Filled::Role, Filled::Decides]);
    assert!(namesakes::lacking(&other, &stays).is_empty());
    let gone = Contact { gone_at: Some(Instant(1)), ..stays };
    let fields: Vec<Filled> =
        namesakes::lacking(&gone, &other).into_iter().map(|(field, ..)| field).collect();
    assert_eq!(fields, [Filled::Name, Filled::Role], "who left decides nothing");
}

/// Two records of a company: the second knows more of the person at both.
async fn two(cast: &Cast) -> (CompanyId, CompanyId) {
    let one = flax("ООО «Лён и нить»", Some("7714239823"));
    let mut other = flax("Лён и нить", None);
    other.phones = vec![phone("8 495 223-45-69")];
    other.contacts = vec![
        NewContact {
            name: "Льнов Пётр Ильич".to_owned(),
            role: Some("директор".to_owned()),
            is_decision_maker: true,
        },
        NewContact { name: "Клара Клеверова".to_owned(), ..NewContact::default() },
    ];
    (add(cast, "one", one).await, add(cast, "other", other).await)
}

async fn people(cast: &Cast, id: CompanyId) -> Vec<Contact> {
    let mut tx = read(cast).await;
    let all = companies::actions::list_contacts(&mut tx, cast.org, id).await.expect("reads");
    all.into_iter().map(|one| Contact { version: 0, ..one }).collect()
}

/// What people are called, what they do, and whether they decide.
async fn told(cast: &Cast, id: CompanyId) -> Vec<String> {
    let mut all: Vec<String> = people(cast, id)
        .await
        .into_iter()
        .map(|one| {
            let role = one.role.unwrap_or_default();
            format!("{} {role} {}", one.name, if one.is_decision_maker { "!" } else { "" })
        })
        .collect();
    all.sort();
    all
}

/// The only number of the second company is its director's.
async fn own_number(cast: &Cast, other: CompanyId) -> (PhoneId, ContactId) {
    let mut tx = cast.app.db.begin().await.expect("begins");
    let contacts = companies::actions::list_contacts(&mut tx, cast.org, other).await;
    let director = contacts.expect("reads")[0].id;
    let phones = companies::actions::list_phones(&mut tx, cast.org, other).await.expect("reads");
    let (number, whose) = (phones[0].id.to_string(), Some(director.to_string()));
    store::update_phone_contact(&mut tx, cast.org, &number, ("", &whose)).await.expect("kept");
    tx.commit().await.expect("kept");
    (phones[0].id, director)
}

both! {
    async fn who_stands_at_both_stands_once_with_all_that_is_known(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let before = (people(&cast, one).await, people(&cast, other).await);
        let (number, director) = own_number(&cast, other).await;
        let merged = merge(&cast, "merge", (other, one), &[]).await.expect("merged");
        assert_eq!(told(&cast, one).await, ["Клара Клеверова  ", "Льнов Пётр Ильич директор !"]);
        let stays = before.0[0].id;
        let mut tx = read(&cast).await;
        let phones = companies::actions::list_phones(&mut tx, cast.org, one).await.expect("reads");
        let of: Vec<_> = phones.iter().filter(|one| one.contact == Some(stays)).collect();
        assert_eq!(of.len(), 1, "the number is that of the one who stays");
        assert_eq!(of[0].id, number);
        let found = companies::actions::find_phone(&mut tx, cast.org, number).await;
        assert_eq!(found.expect("reads").expect("a number").contact, Some(stays));
        let found = companies::actions::find_contact(&mut tx, cast.org, director).await;
        assert_eq!(found.expect("reads").expect("a person").id, stays, "an old link finds them");
        let joined = companies::actions::list_joined(&mut tx, cast.org, one).await.expect("reads");
        assert_eq!(joined.len(), 1);
        assert_eq!((joined[0].0, joined[0].1.id), (stays, director));
        drop(tx);
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!((people(&cast, one).await, people(&cast, other).await), before);
        let mut tx = read(&cast).await;
        let phones = companies::actions::list_phones(&mut tx, cast.org, other).await;
        assert_eq!(phones.expect("reads")[0].contact, Some(director));
    }

    async fn two_people_stay_two_where_that_is_said(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let before = (people(&cast, one).await, people(&cast, other).await);
        let stranger = BTreeSet::from([ContactId::fresh(Instant(0))]);
        let refused = merge_but(&cast, "stranger", (other, one), (&[], stranger)).await;
        assert!(code_of(refused.expect_err("nobody's")).contains("apart"));
        let apart = BTreeSet::from([before.0[0].id]);
        let merged = merge_but(&cast, "merge", (other, one), (&[], apart)).await.expect("merged");
        assert_eq!(people(&cast, one).await.len(), 3);
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!((people(&cast, one).await, people(&cast, other).await), before);
    }

    async fn what_somebody_changed_of_the_person_since_stays(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let id = people(&cast, one).await[0].id;
        let merged = merge(&cast, "merge", (other, one), &[]).await.expect("merged");
        let mut tx = read(&cast).await;
        let found = companies::actions::find_contact(&mut tx, cast.org, id).await;
        let now = found.expect("reads").expect("a person");
        drop(tx);
        let olga = cast.viewer("olga").await;
        let as_new = NewContact {
            name: now.name.clone(),
            role: Some("председатель".to_owned()),
            is_decision_maker: true,
        };
        let seen_before = ContactChange { version: 1, as_new: as_new.clone(), gone: None };
        let change = companies::actions::change_contact;
        let stale = change(&cast.act("olga", "stale"), &olga, id, seen_before).await;
        assert_eq!(code_of(stale.expect_err("seen before the merge")), "company-stale");
        let seen = ContactChange { version: now.version, as_new, gone: None };
        change(&cast.act("olga", "role"), &olga, id, seen).await.expect("kept");
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!(told(&cast, one).await, ["Пётр Льнов председатель "]);
        assert_eq!(told(&cast, other).await, ["Клара Клеверова  ", "Льнов Пётр Ильич директор !"]);
    }

    async fn people_find_each_other_again_when_the_one_between_them_leaves(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut bare = flax("Нить", None);
        bare.contacts = Vec::new();
        let root = add(&cast, "root", bare).await;
        let first = add(&cast, "first", flax("Лён", None)).await;
        let mut knows = flax("ООО Лён", None);
        knows.contacts[0].role = Some("директор".to_owned());
        let second = add(&cast, "second", flax("АО Лён", None)).await;
        let third = add(&cast, "third", knows).await;
        let merged = merge(&cast, "first", (first, root), &[]).await.expect("merged");
        merge(&cast, "second", (second, root), &[]).await.expect("merged");
        let last = merge(&cast, "third", (third, root), &[]).await.expect("merged");
        assert_eq!(told(&cast, root).await, ["Пётр Льнов директор "]);
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!(told(&cast, root).await, ["Пётр Льнов директор "], "still once");
        assert_eq!(people(&cast, root).await.len(), 1);
        undo(&cast, "last", last).await.expect("undone");
        assert_eq!(told(&cast, root).await, ["Пётр Льнов  "]);
        assert_eq!(told(&cast, third).await, ["Пётр Льнов директор "]);
        let broken = crate::check::everything(&cast.app.db).await.expect("checks");
        assert!(broken.is_empty(), "{broken:?}");
    }

    async fn a_ban_of_either_record_holds_for_the_person(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let (_, director) = own_number(&cast, other).await;
        let stays = people(&cast, one).await[0].id;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let phones = companies::actions::list_phones(&mut tx, cast.org, one).await.expect("reads");
        let number = phones[0].id.to_string();
        let whose = Some(stays.to_string());
        store::update_phone_contact(&mut tx, cast.org, &number, ("", &whose)).await.expect("kept");
        let ban = Suppress {
            whom: Whom::Contact(other, director), channel: Channel::All,
            reason: SuppressReason::Asked, until: None,
        };
        let act = cast.act("anna", "ban");
        companies::actions::suppress_in(&mut tx, &act, ban).await.expect("banned");
        tx.commit().await.expect("kept");
        let callable = async || {
            let (mut tx, now) = (read(&cast).await, cast.clock.now());
            let list = companies::actions::list_callable_phones;
            list(&mut tx, cast.org, one, now).await.expect("reads").len()
        };
        assert_eq!(callable().await, 1);
        let merged = merge(&cast, "merge", (other, one), &[]).await.expect("merged");
        assert_eq!(callable().await, 0, "neither by the one number nor by the other");
        let mut tx = read(&cast).await;
        let now = cast.clock.now();
        let bans = companies::actions::list_bans(&mut tx, cast.org, one, now).await;
        assert_eq!(bans.expect("reads").len(), 1, "and the card shows it");
        let known = companies::actions::list_known(&mut tx, cast.org, &[one]).await.expect("reads");
        let silenced = companies::actions::list_silenced(&mut tx, cast.org, &known, now).await;
        assert_eq!(silenced.expect("reads").phones.len(), 2);
        drop(tx);
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!(callable().await, 1);
    }

    async fn the_screen_says_who_will_stand_once_and_keeps_two_apart(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let stays = people(&cast, one).await[0].id;
        let client = cast.client("olga").await;
        let number = company(&cast, other).await.number.to_string();
        let named = client.post(&format!("/companies/{one}/duplicates"),
            &[("number", number.as_str())]).await;
        let path = named.location.expect("a way on");
        let shown = client.get(&path).await;
        let tick = format!("apart-{stays}");
        for part in ["Will stand once", "Пётр Льнов / Льнов Пётр Ильич", tick.as_str(),
            "<b>Льнов Пётр Ильич · директор</b>"] {
            assert!(shown.body.contains(part), "{part} in {}", shown.body);
        }
        let mut form = vec![
            ("answer", "same"), ("version", "1"), ("survivor", "left"), ("left_version", "1"),
            ("right_version", "9"), (tick.as_str(), "on"),
        ];
        let refused = client.post(&format!("{path}/answer"), &form).await;
        assert!(refused.body.contains(&format!("name=\"{tick}\" value=\"on\" checked")),
            "what was ticked stays ticked: {}", refused.body);
        form[4] = ("right_version", "1");
        let done = client.post(&format!("{path}/answer"), &form).await;
        assert_eq!(done.location.as_deref(), Some("/duplicates"), "{}", done.body);
        assert_eq!(people(&cast, one).await.len(), 3);
    }

    async fn the_api_tells_who_and_keeps_two_apart(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let api = cast.api("olga").await;
        let sent = json!({ "number": company(&cast, other).await.number });
        let named = api.post(&format!("/api/v1/companies/{one}/duplicates"), &sent).await;
        let pair: Value = serde_json::from_str(&named.body).expect("JSON");
        let people_shown = &pair["data"]["people"];
        assert_eq!(people_shown.as_array().map(Vec::len), Some(1), "{pair}");
        assert_eq!(people_shown[0]["name"], "Пётр Льнов");
        let sent = json!({ "survivor": one, "survivor_version": 1, "loser": other,
            "loser_version": 1, "apart": [people_shown[0]["right"]] });
        let done = api.post("/api/v1/merges", &sent).await;
        assert_eq!(done.status, axum::http::StatusCode::CREATED, "{}", done.body);
        assert_eq!(people(&cast, one).await.len(), 3);
    }

    async fn nobody_stands_behind_a_record_that_is_gone(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, other) = two(&cast).await;
        let stays = people(&cast, one).await[0].id;
        let merged = merge(&cast, "merge", (other, one), &[]).await.expect("merged");
        let mut tx = cast.app.db.begin().await.expect("begins");
        let text = "delete from contacts where org_id = $1 and id = $2";
        tx.run(text, vals![cast.org, stays]).await.expect("gone");
        tx.commit().await.expect("kept");
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!(told(&cast, other).await, ["Клара Клеверова  ", "Льнов Пётр Ильич директор !"]);
    }
}
