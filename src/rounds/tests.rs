mod corrected;
mod lost;
mod taken_back;
mod unchanged;
mod values;

use serde_json::json;

use super::answers::{Answer, AnswerForm, Reach};
use super::*;
use crate::both;
use crate::campaigns;
use crate::cast::Cast;
use crate::companies::{self, NewCompany, NewContact, Standing};
use crate::events::Kind;
use crate::leads::{self, floor};
use crate::pay::actions as paying;
use crate::quality::tests::score_all;
use crate::storage::Act;
use crate::storage::testing::TestDb;
use crate::tiers::Tier;

/// Where numbers are read that a card names.
const HOME: companies::Near<'_> = companies::Near::of(Country::RU, None);

#[test]
fn a_card_means_one_call_and_what_was_answered() {
    let (person, decider) = (ContactId::fresh(Instant(1)), ContactId::fresh(Instant(2)));
    let full = AnswerForm {
        contact: person.to_string(),
        contact_answer: "left".to_owned(),
        decider: decider.to_string(),
        decision: "same".to_owned(),
        email: "another".to_owned(),
        email_new: " New@Len.Example ".to_owned(),
        address: "same".to_owned(),
        ..AnswerForm::default()
    };
    let read = full.read(HOME).expect("a card");
    assert_eq!(read.reach, Reach::Talked, "who answers has talked");
    assert_eq!(read.call.outcome, "checked");
    assert_eq!(
        read.all,
        [
            Answer::PhoneRight,
            Answer::Left { contact: person, why: String::new() },
            Answer::Decides(decider),
            Answer::EmailNamed { asked: None, new: "New@len.example".to_owned() },
            Answer::AddressRight,
        ]
    );
    for (reach, outcome, learned) in [
        ("not_theirs", "bad_number", vec![Answer::PhoneWrong]),
        ("dead", "bad_number", vec![Answer::PhoneWrong]),
        ("not_reached", "not_reached", vec![]),
        ("refusal", "refusal", vec![]),
        ("do_not_call", "do_not_call", vec![]),
    ] {
        let form = AnswerForm { reach: reach.to_owned(), ..full.clone() };
        let read = form.read(HOME).expect("a card");
        assert_eq!((read.call.outcome.as_str(), read.all), (outcome, learned), "{reach}");
    }
    let wrong = |form: AnswerForm| form.read(HOME).expect_err("wrong").0.into_keys().next();
    assert_eq!(wrong(AnswerForm::default()), Some("reach"));
    let nameless = AnswerForm { decision: "another".to_owned(), ..AnswerForm::default() };
    assert!(nameless.read(HOME).expect_err("wrong").0.contains_key("decision_name"));
    let mail = AnswerForm { email_new: "no address".to_owned(), ..full.clone() };
    assert_eq!(wrong(mail), Some("email_new"));
    let both = AnswerForm { decider: person.to_string(), ..full.clone() };
    let problem = both.read(HOME).expect_err("wrong").0.remove("decision").expect("of it");
    assert_eq!(problem.code, "who-left-decides-not", "who left decides no more");
    for (reach, typed, city, expected) in [
        ("dead", "8 912 345-67-80", None, Ok("+79123456780")),
        ("not_theirs", "234-56-78", Some("Екатеринбург"), Ok("+73432345678")),
        ("not_theirs", "234-56-78", None, Err("phone-no-area-code")),
        ("dead", "912", None, Err("phone-short-number")),
        ("dead", "+7 999 999-99-99", None, Err("phone-of-nobody")),
    ] {
        let near = companies::Near::of(Country::RU, city);
        let (reach, phone_new) = (reach.to_owned(), typed.to_owned());
        let read = AnswerForm { reach, phone_new, ..AnswerForm::default() }.read(near);
        let read = read.map(|read| read.number().map(|phone| phone.e164.clone()));
        let read = read.map_err(|mut wrong| wrong.0.remove("phone_new").map(|one| one.code));
        assert_eq!(read, expected.map(|e164| Some(e164.to_owned())).map_err(Some), "{typed}");
    }
    let idle = AnswerForm { phone_new: "912".to_owned(), ..full.clone() };
    assert_eq!(idle.read(HOME).map(|read| read.number().cloned()), Ok(None), "they talked");
    let stranger = AnswerForm { contact: "me".to_owned(), ..full };
    assert_eq!(wrong(stranger), Some("contact_answer"));
}

#[test]
fn what_is_asked_is_what_the_score_says_is_due() {
    let fields = [Field::Phone, Field::Email, Field::Address];
    let (past, now, ahead) = (Some(Instant(1)), Instant(5), Some(Instant(9)));
    // In the order phone, email, contact, decision maker, requisites, address.
    for (due_at, expected) in [
        (Some([past, past, past, past, past, None]), vec![Field::Phone, Field::Email]),
        (Some([ahead, Some(now), past, past, past, ahead]), vec![Field::Email]),
        (Some([None, None, past, past, past, past]), vec![Field::Address]),
        (Some([ahead, None, past, past, past, ahead]), vec![Field::Phone, Field::Address]),
        (Some([None; 6]), vec![]),
        (None, fields.to_vec()),
    ] {
        assert_eq!(card::asked(&fields, due_at.as_ref(), now), expected, "{due_at:?}");
    }
}

/// A firm with companies of which nothing is checked, scored.
async fn base(t: TestDb, how_many: usize) -> (Cast, Vec<CompanyId>) {
    let cast = Cast::gather(t).await;
    let all: Vec<NewCompany> = (0..how_many)
        .map(|number| NewCompany {
            emails: vec![format!("info@len{number}.example")],
            address: Some("ул. Льняная, 1".to_owned()),
            source: Some("Выставка".to_owned()),
            contacts: vec![
                NewContact { name: "Пётр".to_owned(), ..NewContact::default() },
                NewContact {
                    name: "Анна".to_owned(),
                    role: Some("директор".to_owned()),
                    is_decision_maker: true,
                },
            ],
            ..floor::company(number)
        })
        .collect();
    let ids = floor::add(&cast, &all).await;
    score_all(&cast).await;
    (cast, ids)
}

fn asked(cast: &Cast) -> Vec<(&'static str, String)> {
    [
        ("name", "Осень"),
        ("source", "Выставка"),
        ("asks_phone", "on"),
        ("asks_contact", "on"),
        ("asks_decision_maker", "on"),
        ("legal_basis", "public_source"),
        ("is_paid", "on"),
        ("script", "> Good day, {contact}"),
    ]
    .into_iter()
    .map(|(name, value)| (name, value.to_owned()))
    .chain([("who", cast.teams["calls-a"].to_string())])
    .collect()
}

/// Anna starts a round over the base; its companies are in the queue.
async fn started(cast: &Cast) -> CampaignId {
    let form = asked(cast);
    let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let done = cast.client("anna").await.post("/rounds", &fields).await;
    assert_eq!(done.status.as_u16(), 303, "{}", done.body);
    cast.settle().await;
    let to = done.location.expect("the round");
    to.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id")
}

async fn lease(cast: &Cast, login: &str, round: CampaignId) -> LeadId {
    let path = format!("/campaigns/{round}/lease");
    let done = cast.client(login).await.post(&path, &[]).await;
    let to = done.location.expect("a lead");
    to.rsplit('/').next().and_then(|id| id.parse().ok()).unwrap_or_else(|| panic!("{to}"))
}

async fn card(cast: &Cast, login: &str, lead: LeadId) -> serde_json::Value {
    let shown = cast.api(login).await.get(&format!("/api/v1/checks/{lead}")).await;
    assert_eq!(shown.status.as_u16(), 200, "{}", shown.body);
    shown.json()["data"].clone()
}

async fn people(cast: &Cast, company: CompanyId) -> Vec<(String, bool, bool)> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = companies::actions::list_contacts(&mut tx, cast.org, company).await;
    let mut all: Vec<(String, bool, bool)> = all
        .expect("reads")
        .into_iter()
        .map(|one| (one.name, one.is_decision_maker, one.gone_at.is_some()))
        .collect();
    all.sort();
    all
}

async fn standing(cast: &Cast, company: CompanyId) -> Standing {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = companies::actions::list_phones(&mut tx, cast.org, company).await.expect("reads");
    all[0].standing
}

async fn earned(cast: &Cast) -> i64 {
    cast.settle().await;
    let boris = cast.viewer("boris").await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let months = paying::list_periods(&mut tx, boris.org).await.expect("reads");
    let statement = paying::statement(&mut tx, &boris, months[0].id, boris.id()).await;
    let broken = crate::pay::check(&mut tx, boris.org).await.expect("checks");
    assert!(broken.is_empty(), "{broken:?}");
    statement.expect("own").earned.minor
}

async fn paid(cast: &Cast) {
    let (names, since) = (["Calls", "Sales", "Service"], cast.clock.now().plus_days(-1));
    let plans = paying::start_tier_plans(&cast.act("olga", "plans"), names, since).await;
    let new = paying::NewAssignment {
        person: cast.id("boris"),
        plan: plans.expect("plans")[0],
        from: jiff::civil::date(2026, 11, 2),
        until: None,
        salary: Money::new(0, Currency::Rub),
    };
    paying::assign(&cast.act("olga", "assign"), new).await.expect("assigned");
    paying::ensure_months(&cast.act("olga", "months")).await.expect("months");
}

both! {
    async fn a_card_is_answered_by_keys_and_taken_back_whole(t: TestDb) {
        let (cast, _) = base(t, 2).await;
        paid(&cast).await;
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let boris = cast.client("boris").await;
        let to = boris.get(&format!("/leads/{lead}")).await.location;
        assert_eq!(to, Some(format!("/checks/{lead}")), "a round has cards of its own");
        let page = boris.get(&format!("/checks/{lead}")).await.body;
        for key in ["Digit1", "Digit6", "Digit7", "Digit8", "Digit9", "Digit0"] {
            assert!(page.contains(&format!("data-key=\"{key}\"")), "{key}: {page}");
        }
        let shown = card(&cast, "boris", lead).await;
        assert_eq!(shown["fields"], json!(["phone", "contact", "decision_maker"]));
        let company: CompanyId =
            serde_json::from_value(shown["company"].clone()).expect("a company");
        let generation = shown["generation"].to_string();
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let (contact, decider) = (text(&shown["contact"]["id"]), text(&shown["decider"]["id"]));
        let fields = [
            ("generation", generation.as_str()), ("contact", contact.as_str()),
            ("contact_answer", "left"), ("decider", decider.as_str()),
            ("decision", "another"), ("decision_name", "Вера"), ("note", "до обеда"),
        ];
        let done = boris.post_with_key(&format!("/checks/{lead}/answers"), &fields, "once").await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.body);
        assert!(done.location.as_ref().is_some_and(|to| to.starts_with("/checks/")), "the next");
        let twice = boris.post_with_key(&format!("/checks/{lead}/answers"), &fields, "once").await;
        assert_eq!(twice.location, done.location, "once, however often it is sent");
        assert_eq!(standing(&cast, company).await, Standing::Good);
        let after = [("Анна", false, false), ("Вера", true, false), ("Пётр", false, true)];
        let after = after.map(|(name, decides, gone)| (name.to_owned(), decides, gone));
        assert_eq!(people(&cast, company).await, after);
        assert_eq!(earned(&cast).await, 30_00, "one record, however many fields");
        let path = format!("/api/v1/companies/{company}/checks");
        let checks = cast.api("anna").await.get(&path).await;
        assert_eq!(checks.json()["data"].as_array().map(Vec::len), Some(3), "{}", checks.body);
        let calls = {
            let mut tx = cast.app.db.read().await.expect("reads");
            crate::calls::actions::list_for_lead(&mut tx, cast.org, lead).await.expect("calls")
        };
        assert_eq!(calls.len(), 1);

        let path = format!("/calls/{}/answers-reversal", calls[0].id);
        let back = boris.post(&path, &[]).await;
        assert_eq!(back.location, Some(format!("/checks/{lead}")), "{}", back.body);
        assert_eq!(standing(&cast, company).await, Standing::Unknown);
        let before = [("Анна", true, false), ("Пётр", false, false)];
        let before = before.map(|(name, decides, gone)| (name.to_owned(), decides, gone));
        assert_eq!(people(&cast, company).await, before);
        assert_eq!(earned(&cast).await, 0, "what it earned went with it");
        let again = card(&cast, "boris", lead).await;
        assert_eq!(again["fields"], json!(["phone", "contact", "decision_maker"]));
        let generation = again["generation"].to_string();
        let right = [("generation", generation.as_str()), ("reach", "talked")];
        cast.clock.advance_ms(1_000);
        let done = boris.post(&format!("/checks/{lead}/answers"), &right).await;
        assert_eq!(done.status.as_u16(), 303, "{}", done.body);
        assert_eq!(earned(&cast).await, 30_00, "answered again it pays again");
        let events = crate::events::list_of_kind(
            &mut cast.app.db.read().await.expect("reads"), cast.org, Kind::CheckReversed,
            (Instant(0), Instant(i64::MAX)),
        ).await.expect("events");
        assert_eq!(events.len(), 3);
    }

    async fn programs_are_told_the_mail_and_the_address_that_are_asked_about(t: TestDb) {
        let (cast, _) = base(t, 1).await;
        let mut form = asked(&cast);
        form.extend([("asks_email", "on".to_owned()), ("asks_address", "on".to_owned())]);
        let fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let done = cast.client("anna").await.post("/rounds", &fields).await;
        cast.settle().await;
        let to = done.location.expect("the round");
        let round = to.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
        let lead = lease(&cast, "boris", round).await;
        let shown = card(&cast, "boris", lead).await;
        assert_eq!(shown["email"], "info@len0.example", "{shown}");
        assert_eq!(shown["address"], "ул. Льняная, 1");
        let page = cast.client("boris").await.get(&format!("/checks/{lead}")).await.body;
        assert!(page.contains("info@len0.example") && page.contains("ул. Льняная, 1"), "{page}");
        let path = format!("/api/v1/checks/{lead}");
        let strange = cast.api("bella").await.get(&path).await;
        assert_eq!(strange.status.as_u16(), 404, "{}", strange.body);
        let sent = json!({ "generation": shown["generation"], "email": "same",
            "email_asked": shown["email"], "address": "same" });
        let sent = cast.api("boris").await.post(&format!("{path}/answers"), &sent).await;
        assert_eq!(sent.status.as_u16(), 201, "{}", sent.body);
        let again = cast.api("boris").await.get(&path).await;
        assert_eq!(again.status.as_u16(), 404, "the lease is over: {}", again.body);
    }

    async fn a_wrong_number_lowers_its_field_and_a_call_taken_back_raises_it(t: TestDb) {
        let (cast, _) = base(t, 1).await;
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let shown = card(&cast, "boris", lead).await;
        let company: CompanyId =
            serde_json::from_value(shown["company"].clone()).expect("a company");
        let boris = cast.api("boris").await;
        let sent = json!({ "generation": shown["generation"], "reach": "dead" });
        let done = boris.post(&format!("/api/v1/checks/{lead}/answers"), &sent).await;
        assert_eq!(done.status.as_u16(), 201, "{}", done.body);
        assert_eq!(done.json()["data"]["next"], json!(null), "no other company is there");
        cast.settle().await;
        assert_eq!(standing(&cast, company).await, Standing::Dead);
        let path = format!("/api/v1/companies/{company}/checks");
        let checks = cast.api("anna").await.get(&path).await.json();
        assert_eq!(checks["data"].as_array().map(Vec::len), Some(1), "told once: {checks}");
        assert_eq!(checks["data"][0]["finding"], "wrong");
        score_all(&cast).await;
        let score = cast.api("anna").await.get(&format!("/api/v1/companies/{company}/score")).await;
        assert_eq!(score.json()["data"]["cap"], json!(null), "mail is left: {}", score.body);
        let call = done.json()["data"]["call"].as_str().expect("a call").to_owned();
        // By the bar of the desk, which knows nothing of checks.
        let back = boris.post(&format!("/api/v1/calls/{call}/reversal"), &json!({})).await;
        assert_eq!(back.status.as_u16(), 200, "{}", back.body);
        assert_eq!(back.json()["data"]["kept"], json!([]));
        assert_eq!(standing(&cast, company).await, Standing::Unknown);
        let checks = cast.api("anna").await.get(&path).await.json();
        assert_eq!(checks["data"].as_array().map(Vec::len), Some(0), "{checks}");
        let generation = card(&cast, "boris", lead).await["generation"].clone();
        let absurd = json!({ "generation": generation, "reach": "perhaps" });
        let wrong = boris.post(&format!("/api/v1/checks/{lead}/answers"), &absurd).await;
        assert_eq!(wrong.status.as_u16(), 422);
        let stranger = cast.api("grisha").await;
        let sent = json!({ "generation": 1, "reach": "talked" });
        let refused = stranger.post(&format!("/api/v1/checks/{lead}/answers"), &sent).await;
        assert_eq!(refused.status.as_u16(), 404);
    }

    async fn a_round_takes_what_is_due_the_most_urgent_first_and_ends_at_its_day(t: TestDb) {
        let (cast, ids) = base(t, 3).await;
        let api = cast.api("anna").await;
        for field in ["phone", "contact", "decision_maker"] {
            let sent = json!({ "field": field, "finding": "confirmed", "source": "website" });
            api.post(&format!("/api/v1/companies/{}/checks", ids[0]), &sent).await;
        }
        // Half of the second is known, so that the third is more urgent.
        let sent = json!({ "field": "phone", "finding": "confirmed", "source": "website" });
        api.post(&format!("/api/v1/companies/{}/checks", ids[1]), &sent).await;
        score_all(&cast).await;
        let sent = json!({
            "name": "До пятницы", "segment": { "source": "Выставка" },
            "fields": ["phone", "contact", "decision_maker"], "callers": [cast.id("boris")],
            "until": cast.clock.now().plus_days(2).rfc3339(), "legal_basis": "public_source",
            "is_paid": false, "script": "> Good day",
        });
        let made = api.post("/api/v1/rounds", &sent).await;
        assert_eq!(made.status.as_u16(), 201, "{}", made.body);
        let round: CampaignId =
            serde_json::from_value(made.json()["data"]["id"].clone()).expect("an id");
        cast.settle().await;
        let shown = api.get(&format!("/api/v1/rounds/{round}")).await.json();
        assert_eq!(shown["data"]["companies"], 2, "what is fresh is left in peace: {shown}");
        let lead = lease(&cast, "boris", round).await;
        assert_eq!(card(&cast, "boris", lead).await["company"], json!(ids[2]));
        let page = cast.client("anna").await.get(&format!("/rounds/{round}")).await.body;
        assert!(page.contains("До пятницы"), "{page}");
        assert!(cast.client("anna").await.get("/rounds").await.body.contains("До пятницы"));
        let stranger = cast.client("gleb").await.get(&format!("/rounds/{round}")).await;
        assert_eq!(stranger.status.as_u16(), 404);
        cast.clock.advance_ms(3 * DAY_MS);
        crate::schedule::sweep(&cast.app.db, &cast.clock).await.expect("sweeps");
        cast.settle().await;
        let over = api.get(&format!("/api/v1/rounds/{round}")).await.json();
        assert_eq!(over["data"]["state"], "stopped");
        let act = Act { actor: None, key: None, ..cast.act("anna", "again") };
        assert!(!actions::enlist(&act, round).await.expect("looks"), "and takes nobody in");
        for (name, absurd) in [("fields", json!([])), ("fields", json!(["requisites"])),
            ("callers", json!([])), ("until", json!("soon"))] {
            let mut sent = sent.clone();
            sent[name] = absurd;
            assert_eq!(api.post("/api/v1/rounds", &sent).await.status.as_u16(), 422, "{name}");
        }
    }

    async fn who_left_is_offered_no_more_and_who_decides_is_to_be_found(t: TestDb) {
        let (cast, ids) = base(t, 1).await;
        let company = ids[0];
        let (path, anna) = (format!("/api/v1/companies/{company}"), cast.api("anna").await);
        let found = {
            let mut tx = cast.app.db.read().await.expect("reads");
            companies::actions::list_contacts(&mut tx, cast.org, company).await.expect("reads")
        };
        let decider = found.iter().find(|one| one.is_decision_maker).expect("decides");
        let sent = json!({ "version": decider.version, "name": decider.name, "role": "директор",
            "is_decision_maker": true, "is_gone": true, "gone_reason": "уволилась" });
        let done = anna.post(&format!("/api/v1/contacts/{}", decider.id), &sent).await;
        assert!(done.status.is_success(), "{}", done.body);
        cast.settle().await;
        let checks = anna.get(&format!("{path}/checks")).await.json();
        let fields: Vec<&str> = checks["data"].as_array().expect("checks").iter()
            .filter_map(|check| check["field"].as_str()).collect();
        assert!(fields.contains(&"contact") && fields.contains(&"decision_maker"), "{checks}");
        score_all(&cast).await;
        let score = anna.get(&format!("{path}/score")).await.json();
        let due = score["data"]["due"]["decision_maker"].as_str().unwrap_or_default();
        assert!(due.starts_with("1970"), "at once: {score}");
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let shown = card(&cast, "boris", lead).await;
        assert_eq!((&shown["email"], &shown["address"]), (&json!(null), &json!(null)), "not asked");
        assert_eq!(shown["decider"], json!(null), "who left is not offered");
        let page = cast.client("boris").await.get(&format!("/checks/{lead}")).await.body;
        assert!(!page.contains("Digit8") && page.contains("Digit9"), "{page}");
        let generation = shown["generation"].to_string();
        let empty = [("generation", generation.as_str()), ("decision", "another"), ("note", "см.")];
        let answers = format!("/checks/{lead}/answers");
        let again = cast.client("boris").await.post(&answers, &empty).await;
        assert_eq!(again.status.as_u16(), 422);
        assert!(again.body.contains("см."), "what was typed is kept");
        let stale = [("generation", "77"), ("reach", "talked"), ("note", "важное"),
            ("contact_why", "ушла в музей"), ("decision_role", "завхоз")];
        let gone = cast.client("boris").await.post(&answers, &stale).await;
        assert_eq!(gone.status.as_u16(), 409);
        for (_, typed) in &stale[2..] {
            assert!(gone.body.contains(typed), "{typed}: {}", gone.body);
        }
        let mail = [("generation", generation.as_str()), ("email", "another"),
            ("email_new", "new@len.example"), ("address", "another"),
            ("address_new", "ул. Новая, 2"), ("then", "pause")];
        let done = cast.client("boris").await.post(&answers, &mail).await;
        assert_eq!(done.location.as_deref(), Some("/desk"), "{}", done.body);
        let calls = {
            let mut tx = cast.app.db.read().await.expect("reads");
            leads::actions::find(&mut tx, cast.org, lead).await.expect("a lead");
            crate::calls::actions::list_for_lead(&mut tx, cast.org, lead).await.expect("calls")
        };
        let company_now = anna.get(&path).await.body;
        assert!(company_now.contains("new@len.example") && company_now.contains("Новая"));
        let back = format!("/api/v1/calls/{}/answers-reversal", calls[0].id);
        let back = cast.api("boris").await.post(&back, &json!({})).await;
        assert_eq!(back.status.as_u16(), 200, "{}", back.body);
        let company_now = anna.get(&path).await.body;
        assert!(!company_now.contains("new@len.example") && company_now.contains("Льняная"));
    }

    async fn who_asks_not_to_be_called_is_banned_at_once_and_a_refusal_has_a_reason(t: TestDb) {
        let (cast, _) = base(t, 2).await;
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let boris = cast.api("boris").await;
        let path = format!("/api/v1/checks/{lead}/answers");
        let generation = card(&cast, "boris", lead).await["generation"].clone();
        let sent = json!({ "generation": generation, "reach": "refusal" });
        assert_eq!(boris.post(&path, &sent).await.status.as_u16(), 422, "without a reason");
        let sent = json!({ "generation": generation, "reach": "do_not_call" });
        let done = boris.post(&path, &sent).await;
        assert_eq!(done.status.as_u16(), 201, "{}", done.body);
        let next: LeadId =
            serde_json::from_value(done.json()["data"]["next"].clone()).expect("the next");
        let generation = card(&cast, "boris", next).await["generation"].clone();
        let sent = json!({ "generation": generation, "reach": "refusal", "reason": "not_needed" });
        let done = boris.post(&format!("/api/v1/checks/{next}/answers"), &sent).await;
        assert_eq!(done.status.as_u16(), 201, "{}", done.body);
        let form = asked(&cast);
        let mut fields: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
        fields.extend([("until", "2020-01-01"), ("import", "any")]);
        let anna = cast.client("anna").await;
        let wrong = anna.post("/rounds", &fields).await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(wrong.body.contains("value=\"Осень\""), "what was typed is kept");
        assert_eq!(anna.get("/rounds/new").await.status.as_u16(), 200);
    }

    async fn who_calls_for_a_round_no_more_files_the_card_and_gets_no_other(t: TestDb) {
        let (cast, _) = base(t, 3).await;
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let sent = json!({ "generation": card(&cast, "boris", lead).await["generation"],
            "reach": "not_reached" });
        let (act, anna) = (cast.act("anna", "boris leaves"), cast.viewer("anna").await);
        let member = campaigns::Member { user: cast.id("boris"), tier: Tier::Acquisition };
        campaigns::actions::remove_member(&act, &anna, round, member).await.expect("leaves");
        let boris = cast.api("boris").await;
        let done = boris.post(&format!("/api/v1/checks/{lead}/answers"), &sent).await;
        assert_eq!(done.status.as_u16(), 201, "{}", done.body);
        let done = done.json();
        assert!(done["data"]["next"].is_null(), "{done}");
        let call = done["data"]["call"].as_str().expect("a call");
        let path = format!("/calls/{call}/answers-reversal");
        let back = cast.client("boris").await.post(&path, &[]).await;
        assert_eq!(back.location.as_deref(), Some("/desk?returned=1"), "{}", back.body);
        let mut tx = cast.app.db.read().await.expect("reads");
        let lead = leads::actions::find(&mut tx, cast.org, lead).await.expect("a lead");
        assert_eq!((lead.lease, lead.attempts), (None, 0));
    }
}
