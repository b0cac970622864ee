use axum::http::StatusCode;
use serde_json::json;

use super::forms::{LetterForm, LetterSent};
use super::*;
use crate::both;
use crate::calls::{self, results::CallForm};
use crate::campaigns::CallingPolicy;
use crate::cast::Cast;
use crate::companies::suppression::{Channel, Suppress, SuppressReason, Whom};
use crate::companies::{NewCompany, NewContact, actions as base};
use crate::events::Kind;
use crate::leads::floor::{self, Floor};
use crate::leads::{Grant, LeadRefusal};
use crate::storage::testing::MONDAY;

fn new(way: Way, sent_at: Instant) -> NewLetter {
    NewLetter {
        contact: None,
        address: None,
        campaign: None,
        way,
        subject: "The price list".to_owned(),
        note: String::new(),
        is_answer: false,
        sent_at,
    }
}

fn wrong(new: &NewLetter) -> Vec<&'static str> {
    new.check(MONDAY).0.into_keys().collect()
}

#[test]
fn a_letter_says_what_it_is_about_and_was_sent_not_long_ago() {
    let (mail, phone) = (AnyId::fresh(MONDAY), PhoneId::fresh(MONDAY));
    let known = |id| Some(Named::Known(Address::Mail(id)));
    let written = Some(Named::Written("office@len.example".to_owned()));
    let good = new(Way::Mail, MONDAY);
    assert_eq!(wrong(&good), [""; 0]);
    let rows = [
        (NewLetter { subject: " ".to_owned(), ..good.clone() }, "subject"),
        (NewLetter { subject: "x".repeat(201), ..good.clone() }, "subject"),
        (NewLetter { note: "x".repeat(2_001), ..good.clone() }, "note"),
        (new(Way::Mail, MONDAY.plus_ms(1)), "sent_at"),
        (new(Way::Mail, MONDAY.plus_days(-3).plus_ms(-1)), "sent_at"),
        (
            NewLetter { address: Some(Named::Known(Address::Phone(phone))), ..good.clone() },
            "address",
        ),
        (NewLetter { address: known(mail), ..new(Way::Messenger, MONDAY) }, "address"),
        (NewLetter { address: known(mail), ..new(Way::Post, MONDAY) }, "address"),
        (NewLetter { address: written.clone(), ..new(Way::Messenger, MONDAY) }, "address"),
    ];
    for (letter, field) in rows {
        assert_eq!(wrong(&letter), [field], "{letter:?}");
    }
    for address in [known(mail), written] {
        assert_eq!(wrong(&NewLetter { address, ..good.clone() }), [""; 0]);
    }
    let old = new(Way::Post, MONDAY.plus_days(-3));
    assert_eq!(wrong(&old), [""; 0]);
}

#[test]
fn an_address_is_read_as_it_is_named() {
    for address in [Address::Mail(AnyId::fresh(MONDAY)), Address::Phone(PhoneId::fresh(MONDAY))] {
        assert_eq!(address.code().parse::<Address>(), Ok(address));
    }
    for code in ["", "mail", "mail:", "post:1", "phone:x"] {
        assert_eq!(code.parse::<Address>(), Err(()), "{code}");
        assert_eq!(code.parse::<Named>(), Err(()), "{code}");
    }
    let written = Named::Written("office@len.example".to_owned());
    assert_eq!(" Office@Len.example".parse::<Named>(), Ok(written));
    let id = AnyId::fresh(MONDAY);
    assert_eq!(format!("mail:{id}").parse::<Named>(), Ok(Named::Known(Address::Mail(id))));
}

/// Calls as often as the budget of contacts allows, and at any part of the day.
fn policy() -> CallingPolicy {
    CallingPolicy {
        attempts_per_day_max: 5,
        gap_minutes: 0,
        spreads: false,
        ..CallingPolicy::default()
    }
}

fn letter() -> LetterSent {
    let (way, subject) = ("mail".to_owned(), "The price list".to_owned());
    LetterSent { way, subject, ..LetterSent::default() }
}

fn answer() -> LetterSent {
    LetterSent { is_answer: true, ..letter() }
}

async fn write(
    cast: &Cast,
    (login, key): (&'static str, &str),
    company: CompanyId,
    sent: LetterSent,
) -> Outcome<LetterId> {
    let (act, viewer) = (cast.act(login, key), cast.viewer(login).await);
    let new = LetterForm::from(sent).read(&viewer.zone, act.now)?;
    actions::record(&act, &viewer, company, &new).await
}

fn refusal_of(written: Outcome<LetterId>) -> Box<dyn Refusal> {
    match written {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

/// The rule that forbade it, and until when.
fn denied(written: Outcome<LetterId>) -> (Rule, Instant) {
    let refusal = refusal_of(written);
    assert_eq!(refusal.code(), "letter-denied");
    let args = refusal.args();
    let part = |name: &str| {
        let found = args.iter().find(|(one, _)| *one == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let until = Instant::from_rfc3339(&part("until_at")).expect("a moment");
    (part("rule").parse().expect("a rule"), until)
}

async fn call(floor: &Floor, grant: Grant, outcome: &str, reason: &str) {
    let boris = floor.cast.viewer("boris").await;
    let act = floor.cast.act("boris", &format!("call {} {}", grant.lead, grant.generation));
    let form = CallForm {
        generation: grant.generation,
        outcome: outcome.to_owned(),
        reason: reason.to_owned(),
        ..CallForm::default()
    };
    calls::actions::record(&act, &boris, grant.lead, &form).await.expect("recorded");
}

async fn ban(cast: &Cast, whom: Whom, channel: Channel) {
    let act = cast.act("anna", "ban");
    let mut tx = act.db.begin().await.expect("begins");
    let ban = Suppress { whom, channel, reason: SuppressReason::Asked, until: None };
    base::suppress_in(&mut tx, &act, ban).await.expect("banned");
    tx.commit().await.expect("kept");
}

async fn list(cast: &Cast, company: CompanyId) -> Vec<Letter> {
    let mut tx = cast.app.db.read().await.expect("reads");
    actions::list_of_company(&mut tx, cast.org, company).await.expect("reads")
}

both! {
    async fn letters_use_up_the_budget_of_calls(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let (cast, company) = (&floor.cast, floor.companies[0]);
        let first = cast.clock.now();
        write(cast, ("anna", "one"), company, letter()).await.expect("recorded");
        cast.clock.advance_ms(HOUR_MS);
        // Another tier writes, and it is the same client.
        write(cast, ("olga", "two"), company, letter()).await.expect("recorded");
        assert_eq!(floor.lease("boris", "1").await, None);
        assert_eq!(floor.places().await, [("rule:pressure".to_owned(), 1)]);
        let third = write(cast, ("anna", "three"), company, letter()).await;
        assert_eq!(denied(third), (Rule::Pressure, first.plus_days(7)));
        assert_eq!(list(cast, company).await.len(), 2, "what was denied is not on record");
        cast.clock.set(first.plus_days(7));
        write(cast, ("anna", "four"), company, letter()).await.expect("the week is over");
    }

    async fn letters_typed_from_the_last_to_the_first_use_it_up_too(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let (cast, company) = (&floor.cast, floor.companies[0]);
        cast.clock.advance_ms(2 * DAY_MS);
        let now = cast.clock.now();
        let sent = |days: i64, sent: LetterSent| {
            LetterSent { sent_at: now.plus_days(-days).rfc3339(), ..sent }
        };
        write(cast, ("anna", "one"), company, sent(0, letter())).await.expect("recorded");
        write(cast, ("anna", "two"), company, sent(1, letter())).await.expect("recorded");
        let third = write(cast, ("anna", "three"), company, sent(2, letter())).await;
        assert_eq!(denied(third), (Rule::Pressure, now.plus_days(5)));
        assert_eq!(list(cast, company).await.len(), 2, "what was denied is not on record");
        write(cast, ("anna", "asked"), company, sent(2, answer())).await.expect("not counted");
    }

    async fn calls_use_up_the_budget_of_letters(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let (cast, company) = (&floor.cast, floor.companies[0]);
        let called = cast.clock.now();
        let grant = floor.lease("boris", "1").await.expect("a company");
        call(&floor, grant, "not_reached", "").await;
        cast.clock.advance_ms(HOUR_MS);
        write(cast, ("anna", "one"), company, letter()).await.expect("recorded");
        let second = write(cast, ("anna", "two"), company, letter()).await;
        assert_eq!(denied(second), (Rule::Pressure, called.plus_days(7)));
    }

    async fn what_they_asked_for_is_not_counted_and_needs_no_rest(t: TestDb) {
        let floor = Floor::with_policy(t, 2, policy()).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let refused = cast.clock.now();
        call(&floor, grant, "refusal", "too_expensive").await;
        let offered = write(cast, ("anna", "offer"), grant.company, letter()).await;
        let rest = CallingPolicy { preset: crate::campaigns::presets::PresetCode::Ru, ..policy() };
        let until = refused.plus_days(rest.bounded().cool_down_days);
        assert_eq!(denied(offered), (Rule::CoolDown, until));
        for key in ["one", "two", "three"] {
            write(cast, ("anna", key), grant.company, answer()).await.expect("an answer");
        }
        let other = floor.companies.iter().copied().find(|one| *one != grant.company);
        let other = other.expect("another");
        for key in ["four", "five", "six"] {
            write(cast, ("anna", key), other, answer()).await.expect("an answer");
        }
        write(cast, ("anna", "offer too"), other, letter()).await.expect("none was counted");
    }

    async fn a_call_under_way_is_counted_before_its_result_is_said(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let (cast, company) = (&floor.cast, floor.companies[0]);
        write(cast, ("anna", "one"), company, letter()).await.expect("recorded");
        let grant = floor.lease("boris", "1").await.expect("a company");
        let generation = grant.generation.to_string();
        let fields = [("generation", generation.as_str()), ("by", "link")];
        let path = format!("/leads/{}/attempts", grant.lead);
        let placed = cast.client("boris").await.post(&path, &fields).await;
        assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.body);
        let second = write(cast, ("anna", "two"), company, letter()).await;
        assert_eq!(denied(second).0, Rule::Pressure);
        call(&floor, grant, "not_reached", "").await;
        let second = write(cast, ("anna", "after"), company, letter()).await;
        assert_eq!(denied(second).0, Rule::Pressure, "nor is it counted twice or lost");
    }

    async fn a_ban_of_letters_holds_for_an_answer_and_a_ban_of_calls_for_none(t: TestDb) {
        let floor = Floor::with_policy(t, 2, policy()).await;
        let (cast, [one, other]) = (&floor.cast, [floor.companies[0], floor.companies[1]]);
        ban(cast, Whom::Company(other), Channel::Call).await;
        write(cast, ("anna", "other"), other, letter()).await.expect("they read letters");
        ban(cast, Whom::Company(one), Channel::Letter).await;
        for (key, sent) in [("letter", letter()), ("answer", answer())] {
            let written = write(cast, ("anna", key), one, sent).await;
            assert_eq!(denied(written).0, Rule::Suppressed, "{key}");
        }
        assert!(floor.lease("boris", "1").await.is_some_and(|grant| grant.company == one),
            "they may be called");
    }

    async fn a_letter_sent_under_a_ban_is_refused_though_it_was_lifted_since(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let (cast, company) = (&floor.cast, floor.companies[0]);
        let hour_later = || {
            let at = cast.clock.now().rfc3339();
            cast.clock.advance_ms(HOUR_MS);
            at
        };
        let before = hour_later();
        ban(cast, Whom::Company(company), Channel::Letter).await;
        cast.clock.advance_ms(HOUR_MS);
        let under = hour_later();
        let mut tx = cast.app.db.read().await.expect("reads");
        let bans = base::list_bans(&mut tx, cast.org, company, cast.clock.now()).await;
        drop(tx);
        let which = (company, bans.expect("reads")[0].id);
        let (act, anna) = (cast.act("anna", "lift"), cast.viewer("anna").await);
        base::lift(&act, &anna, which, "They wrote to us again").await.expect("is lifted");
        let sent = |sent_at: String| LetterSent { sent_at, ..letter() };
        let written = write(cast, ("anna", "under"), company, sent(under)).await;
        assert_eq!(denied(written).0, Rule::Suppressed, "at that moment it stood");
        write(cast, ("anna", "before"), company, sent(before)).await.expect("none stood yet");
        write(cast, ("anna", "after"), company, letter()).await.expect("it stands no more");
    }

    async fn a_person_and_a_number_are_banned_by_themselves(t: TestDb) {
        let cast = Cast::gather(t).await;
        let with_people = NewCompany {
            contacts: vec![NewContact { name: "Director".to_owned(), ..NewContact::default() }],
            ..floor::company(0)
        };
        let company = floor::add(&cast, &[with_people]).await[0];
        let mut tx = cast.app.db.read().await.expect("reads");
        let person = base::list_contacts(&mut tx, cast.org, company).await.expect("people")[0].id;
        let phone = base::list_phones(&mut tx, cast.org, company).await.expect("numbers").remove(0);
        drop(tx);
        let message = LetterSent {
            way: "messenger".to_owned(),
            address: Address::Phone(phone.id).code(),
            ..answer()
        };
        let named = LetterSent { contact: person.to_string(), ..answer() };
        write(&cast, ("anna", "1"), company, message.clone()).await.expect("a message");
        write(&cast, ("anna", "2"), company, named.clone()).await.expect("a letter");
        cast.clock.advance_ms(HOUR_MS);
        let before = cast.clock.now().rfc3339();
        cast.clock.advance_ms(HOUR_MS);
        ban(&cast, Whom::Contact(company, person), Channel::All).await;
        ban(&cast, Whom::Phone(Some(company), phone.phone), Channel::Letter).await;
        for (key, sent) in [("3", message), ("4", named.clone())] {
            let written = write(&cast, ("anna", key), company, sent).await;
            assert_eq!(denied(written).0, Rule::Suppressed, "{key}");
        }
        write(&cast, ("anna", "5"), company, answer()).await.expect("not to them");
        let early = LetterSent { sent_at: before, ..named };
        write(&cast, ("anna", "6"), company, early).await.expect("it went before they asked");
    }

    async fn a_letter_needs_a_ground_and_no_working_hour(t: TestDb) {
        let cast = Cast::gather(t).await;
        let groundless = NewCompany { basis: None, ..floor::company(1) };
        let ids = floor::add(&cast, &[floor::company(0), groundless]).await;
        // Saturday, eleven in the evening.
        cast.clock.set(MONDAY.plus_days(5).plus_minutes(13 * 60));
        write(&cast, ("anna", "night"), ids[0], letter()).await.expect("it waits to be read");
        let written = write(&cast, ("anna", "groundless"), ids[1], letter()).await;
        assert_eq!(denied(written).0, Rule::NoBasis);
        write(&cast, ("anna", "asked"), ids[1], answer()).await.expect("their asking is a ground");
    }

    async fn a_letter_of_the_lead_in_hand_keeps_to_the_rules_of_its_campaign(t: TestDb) {
        let strict = CallingPolicy { pressure_max: 1, ..policy() };
        let floor = Floor::with_policy(t, 1, strict).await;
        let (cast, company) = (&floor.cast, floor.companies[0]);
        let grant = floor.lease("boris", "1").await.expect("a company");
        write(cast, ("boris", "one"), company, letter()).await.expect("recorded");
        let own = list(cast, company).await.remove(0);
        assert_eq!((own.campaign, own.lead), (Some(floor.campaign), Some(grant.lead)));
        assert_eq!(own.preset, "own");
        let second = write(cast, ("boris", "two"), company, letter()).await;
        assert_eq!(denied(second).0, Rule::Pressure, "its campaign allows one");
        let named = LetterSent { campaign: floor.campaign.to_string(), ..letter() };
        let third = write(cast, ("anna", "three"), company, named.clone()).await;
        assert_eq!(denied(third).0, Rule::Pressure);
        cast.clock.advance_ms(MINUTE_MS);
        write(cast, ("anna", "four"), company, letter()).await.expect("the firm allows two");
        assert_eq!(list(cast, company).await[0].preset, "ru@1");
        let gleb = write(cast, ("gleb", "not his"), company, named.clone()).await;
        assert!(matches!(gleb, Err(Error::Invalid(_))), "he knows of no such campaign: {gleb:?}");
        let anna = cast.viewer("anna").await;
        crate::campaigns::actions::pause(&cast.act("anna", "pause"), &anna, floor.campaign)
            .await
            .expect("paused");
        let paused = write(cast, ("anna", "paused"), company, named).await;
        assert_eq!(refusal_of(paused).code(), LeadRefusal::NotRunning.code());
    }

    async fn who_asks_is_answered_once_and_it_is_on_record(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let (cast, company) = (&floor.cast, floor.companies[0]);
        let anna = cast.viewer("anna").await;
        let sent = LetterForm::from(letter()).read(&anna.zone, cast.clock.now()).expect("read");
        for _ in 0..2 {
            let act = cast.act("anna", "may I");
            let answered = actions::ask(&act, &anna, company, &sent).await.expect("answered");
            assert_eq!(answered, Answered { denied: None, preset: "ru@1".to_owned() });
        }
        assert_eq!(list(cast, company).await, [], "to ask is not to write");
        cast.clock.advance_ms(1_000);
        ban(cast, Whom::Company(company), Channel::Letter).await;
        let sent = LetterForm::from(answer()).read(&anna.zone, cast.clock.now()).expect("read");
        let act = cast.act("anna", "and now");
        let answered = actions::ask(&act, &anna, company, &sent).await.expect("answered");
        let until = cast.clock.now().plus_days(1);
        assert_eq!(answered.denied, Some((Rule::Suppressed, until)));
        let all = floor.events(Kind::LetterAsked).await;
        let told: Vec<_> = all.iter().map(|one| (one.reason.as_deref(), one.company)).collect();
        assert_eq!(told, [(None, Some(company)), (Some("suppressed"), Some(company))]);
        let detail = &all[1].detail;
        assert_eq!((&detail["preset"], &detail["until"]),
            (&json!("ru@1"), &json!(until.rfc3339())));
    }

    async fn who_asks_by_a_form_that_stood_open_hears_of_a_ban_since_then(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let (cast, company) = (&floor.cast, floor.companies[0]);
        let anna = cast.viewer("anna").await;
        let opened = cast.clock.now().rfc3339();
        cast.clock.advance_ms(HOUR_MS);
        ban(cast, Whom::Company(company), Channel::Letter).await;
        let stale = LetterSent { sent_at: opened, ..letter() };
        let stale = LetterForm::from(stale).read(&anna.zone, cast.clock.now()).expect("read");
        let act = cast.act("anna", "may I");
        let answered = actions::ask(&act, &anna, company, &stale).await.expect("answered");
        assert_eq!(answered.denied.map(|(rule, _)| rule), Some(Rule::Suppressed));
        write(cast, ("anna", "late"), company, LetterSent { sent_at: stale.sent_at.rfc3339(),
            ..letter() }).await.expect("what went before is on record");
    }

    async fn a_letter_taken_back_gives_its_place_to_a_call(t: TestDb) {
        let floor = Floor::with_policy(t, 1, policy()).await;
        let (cast, company) = (&floor.cast, floor.companies[0]);
        write(cast, ("anna", "one"), company, letter()).await.expect("recorded");
        let slip = write(cast, ("anna", "two"), company, letter()).await.expect("recorded");
        assert_eq!(floor.lease("boris", "1").await, None);
        let (anna, olga) = (cast.viewer("anna").await, cast.viewer("olga").await);
        let stranger = actions::take_back(&cast.act("olga", "hers"), &olga, (company, slip)).await;
        assert!(matches!(stranger, Err(Error::NotFound)), "{stranger:?}");
        for _ in 0..2 {
            let act = cast.act("anna", "a slip");
            actions::take_back(&act, &anna, (company, slip)).await.expect("taken back");
        }
        let twice = actions::take_back(&cast.act("anna", "twice"), &anna, (company, slip)).await;
        assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
        assert_eq!(floor.events(Kind::LetterTakenBack).await.len(), 1);
        cast.settle().await;
        assert!(floor.lease("boris", "2").await.is_some(), "one more contact is allowed");
        let all = list(cast, company).await;
        assert_eq!(all.len(), 2, "it stays on record");
        assert_eq!(all.iter().filter(|one| one.taken_back_at.is_some()).count(), 1);
        cast.clock.advance_ms(11 * MINUTE_MS);
        let first = all.iter().find(|one| one.id != slip).expect("the first").id;
        let late = actions::take_back(&cast.act("anna", "late"), &anna, (company, first)).await;
        assert!(matches!(late, Err(Error::Refused(_))), "ten minutes are over: {late:?}");
        assert_eq!(crate::check::everything(&cast.app.db).await.expect("checked"), []);
    }

    async fn only_who_holds_a_company_writes_to_it(t: TestDb) {
        let floor = Floor::with_policy(t, 2, policy()).await;
        let cast = &floor.cast;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let path = format!("/companies/{}/letters", grant.company);
        let fields = [("way", "mail"), ("subject", "The price list")];
        for login in ["bella", "grisha", "sonya", "vera"] {
            let client = cast.client(login).await;
            assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND, "{login}");
            for path in [path.clone(), format!("{path}/admission")] {
                let reply = client.post(&path, &fields).await;
                assert_eq!(reply.status, StatusCode::NOT_FOUND, "{login} {path}");
            }
        }
        assert_eq!(list(cast, grant.company).await, [], "nothing was written");
        assert_eq!(floor.events(Kind::LetterAsked).await.len(), 0);
        let boris = cast.client("boris").await;
        let wrong = boris.post(&path, &[("way", "dove"), ("sent_at", "31.02.2026 10:00")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("There is no such date"), "{}", wrong.body);
        let may = boris.post(&format!("{path}/admission"), &fields).await;
        assert_eq!(may.status, StatusCode::OK);
        assert!(may.body.contains("You may write now") && !may.body.contains('⟦'), "{}", may.body);
        for _ in 0..2 {
            let done = boris.post_with_key(&path, &fields, "same").await;
            assert_eq!(done.location.as_deref(), Some(path.as_str()), "{}", done.body);
        }
        let shown = boris.get(&path).await.body;
        assert!(shown.contains("The price list") && shown.contains("/reversal"), "{shown}");
        let made = list(cast, grant.company).await;
        assert_eq!(made.len(), 1, "a retry has one effect");
        let back = format!("{path}/{}/reversal", made[0].id);
        let strange = cast.client("bella").await.post(&back, &[]).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
        let story = boris.get(&format!("/companies/{}/story", grant.company)).await.body;
        assert!(story.contains("Letter, mail: The price list"), "{story}");
        assert_eq!(boris.post(&back, &[]).await.status, StatusCode::SEE_OTHER);
        let story = boris.get(&format!("/companies/{}/story", grant.company)).await.body;
        assert!(story.contains("Letter taken back, mail: The price list"), "{story}");
        call(&floor, grant, "not_reached", "").await;
        let after = boris.post(&path, &fields).await;
        assert_eq!(after.status, StatusCode::NOT_FOUND, "who has called it holds it no more");
        let shown = boris.get(&path).await;
        assert_eq!(shown.status, StatusCode::OK, "and sees what was written");
        assert!(!shown.body.contains("name=\"subject\""), "{}", shown.body);
    }

    async fn a_program_names_a_mail_address_by_what_it_is(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut with_mail = floor::company(0);
        with_mail.emails = vec!["office@len.example".to_owned()];
        let company = floor::add(&cast, &[with_mail]).await[0];
        let (api, card) = (cast.api("anna").await, format!("/api/v1/companies/{company}"));
        let shown = api.get(&card).await.json();
        let address = shown["data"]["emails"][0].as_str().expect("an address").to_uppercase();
        let mut tx = cast.app.db.read().await.expect("reads");
        let mail = base::list_known_emails(&mut tx, cast.org, company).await.expect("mail")[0].id;
        drop(tx);
        let path = format!("{card}/letters");
        let body = json!({ "way": "mail", "subject": "Offer", "address": address });
        let asked = api.post(&format!("{path}/admission"), &body).await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
        let made = api.post(&path, &body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        assert_eq!(list(&cast, company).await[0].address, Some(Address::Mail(mail)));
        let strange = json!({ "way": "mail", "subject": "Offer", "address": "a@else.example" });
        let refused = api.post(&path, &strange).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let told = refused.json();
        let code = &told["error"]["fields"]["address"]["code"];
        assert_eq!(code, &json!("letter-address-unknown"), "{}", refused.body);
        let misfit = json!({ "way": "messenger", "subject": "Offer", "address": address });
        assert_eq!(api.post(&path, &misfit).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(list(&cast, company).await.len(), 1, "what was refused is not on record");
    }

    async fn letters_go_over_the_api(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut with_mail = floor::company(0);
        with_mail.emails = vec!["office@len.example".to_owned()];
        let company = floor::add(&cast, &[with_mail]).await[0];
        let (api, path) = (cast.api("anna").await, format!("/api/v1/companies/{company}/letters"));
        let mut tx = cast.app.db.read().await.expect("reads");
        let mail = base::list_known_emails(&mut tx, cast.org, company).await.expect("mail")[0].id;
        drop(tx);
        let body = json!({ "way": "mail", "subject": "Offer", "address": format!("mail:{mail}") });
        let may = api.post(&format!("{path}/admission"), &body).await.json();
        assert_eq!(may["data"], json!({ "may_write": true, "rule": null, "until": null,
            "preset": "ru@1" }));
        let mut made = Vec::new();
        for _ in 0..2 {
            let reply = api.post_with_key(&path, &body, "offer").await;
            assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
            made.push(reply.json()["data"]["letter"].as_str().expect("an id").to_owned());
        }
        assert_eq!(made[0], made[1]);
        let all = api.get(&path).await.json();
        assert_eq!(all["data"].as_array().map(Vec::len), Some(1));
        assert_eq!(all["data"][0]["address"], json!(format!("mail:{mail}")));
        let page = cast.client("anna").await.get(&format!("/companies/{company}/letters")).await;
        assert!(page.body.contains("office@len.example"), "{}", page.body);
        api.post(&path, &json!({ "way": "post", "subject": "Once more" })).await;
        let denied = api.post(&path, &json!({ "way": "post", "subject": "And again" })).await;
        assert_eq!(denied.status, StatusCode::CONFLICT);
        let told = denied.json();
        let error = &told["error"];
        assert_eq!((&error["code"], &error["details"]["rule"]),
            (&json!("letter-denied"), &json!("pressure")));
        let strange = json!({ "way": "mail", "subject": "x", "address": "mail:1" });
        let reply = api.post(&path, &strange).await;
        assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
        let grisha = cast.api("grisha").await;
        assert_eq!(grisha.get(&path).await.status, StatusCode::NOT_FOUND);
        let back = format!("{path}/{}/reversal", made[0]);
        assert_eq!(grisha.post(&back, &json!({})).await.status, StatusCode::NOT_FOUND);
        assert_eq!(api.post(&back, &json!({})).await.status, StatusCode::OK);
    }
}
