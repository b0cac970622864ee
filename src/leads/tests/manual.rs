//! A number that is typed is called by the rules of the queue, or not at all.

use super::*;
use crate::companies::NewPhone;
use crate::leads::floor;
use crate::leads::manual::{self, Found, NumberForm};

async fn dial(floor: &Floor, login: &str, number: &str, key: &str) -> Outcome<Found> {
    let form = NumberForm { number: number.to_owned() };
    let viewer = floor.cast.viewer(login).await;
    manual::lease(&floor.cast.act(login, key), &viewer, floor.campaign, &form).await
}

fn code(outcome: Outcome<Found>) -> String {
    match outcome.expect_err("is refused") {
        Error::Refused(refusal) => {
            let args: std::collections::BTreeMap<_, _> = refusal.args().into_iter().collect();
            let rule = args.get("rule").cloned().unwrap_or_default();
            format!("{} {rule}", refusal.code()).trim().to_owned()
        }
        other => panic!("{other}"),
    }
}

both! {
    async fn a_typed_number_brings_its_company_by_every_rule_of_the_queue(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        let cast = &floor.cast;
        // As people write them: the third company's.
        let found = dial(&floor, "boris", "8 (495) 100-00-02", "1").await.expect("is found");
        assert_eq!(found.grant.company, floor.companies[2]);
        let again = dial(&floor, "boris", "+74951000002", "2").await.expect("the same");
        assert_eq!(again.grant, found.grant);
        // Another one instead: what he held goes back.
        let other = dial(&floor, "boris", "+74951000001", "3").await.expect("is found");
        assert_eq!(other.grant.company, floor.companies[1]);
        assert!(floor.lead(found.grant.lead).await.lease.is_none());
        assert_eq!(code(dial(&floor, "bella", "+74951000001", "4").await), "lead-in-other-hands");
        assert_eq!(code(dial(&floor, "bella", "+74957302518", "5").await), "lead-number-not-here");
        let wrong = dial(&floor, "bella", "7,91235E+10", "6").await;
        assert!(matches!(wrong, Err(Error::Invalid(_))), "{wrong:?}");
        for stranger in ["sonya", "grisha"] {
            let hidden = dial(&floor, stranger, "+74951000001", "7").await;
            assert!(matches!(hidden, Err(Error::NotFound)), "{stranger}: {hidden:?}");
        }
        // Of another campaign's company nothing is told.
        let far = floor::add_one(cast, &floor::company(7)).await;
        assert_eq!(code(dial(&floor, "bella", "+74951000007", "8").await), "lead-number-not-here");
        assert_ne!(far, floor.companies[0]);
        // A ban, and the hour.
        let anna = cast.act("anna", "ban");
        let mut tx = anna.db.begin().await.expect("begins");
        let ban = companies::Suppress {
            whom: companies::suppression::Whom::Company(floor.companies[0]),
            channel: companies::Channel::All,
            reason: companies::SuppressReason::Asked,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, &anna, ban).await.expect("is banned");
        tx.commit().await.expect("commits");
        let banned = dial(&floor, "bella", "+74951000000", "9").await;
        assert_eq!(code(banned), "call-denied suppressed");
        cast.clock.advance_ms(11 * HOUR_MS);
        let late = dial(&floor, "bella", "+74951000002", "10").await;
        assert_eq!(code(late), "call-denied hours");
        let bella = floor.events(Kind::LeadLeased).await;
        assert!(bella.iter().all(|event| event.person != Some(cast.id("bella"))));
    }

    async fn who_may_not_call_a_typed_number_is_on_record_with_rule_and_preset(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let (cast, company) = (&floor.cast, floor.companies[1]);
        let bella = cast.id("bella");
        // 21:00 in Moscow.
        cast.clock.advance_ms(11 * HOUR_MS);
        for _ in 0..2 {
            let late = dial(&floor, "bella", "+74951000001", "late").await;
            assert_eq!(code(late), "call-denied hours");
        }
        let all = floor.events(Kind::CallDenied).await;
        assert_eq!(all.len(), 1, "asked again under its key it is one refusal");
        let told = &all[0];
        let lead = floor.lead(told.subject.parse().expect("a lead")).await;
        assert_eq!((lead.company, lead.lease), (company, None));
        assert_eq!((told.company, told.campaign), (Some(company), Some(floor.campaign)));
        assert_eq!((told.person, told.actor, told.tier), (Some(bella), Some(bella), Some(1)));
        assert_eq!(told.reason.as_deref(), Some("hours"));
        let expected = serde_json::json!({
            "preset": policy().preset.mark(),
            "until": "2026-11-03T06:00:00Z",
        });
        assert_eq!(told.detail, expected);
        // What is no rule of admission leaves nothing.
        assert_eq!(code(dial(&floor, "bella", "+74957302518", "no").await), "lead-number-not-here");
        cast.clock.set(crate::storage::testing::MONDAY.plus_days(1));
        let found = dial(&floor, "bella", "+74951000001", "late").await.expect("their hours");
        assert_eq!(found.grant.company, company);
        assert_eq!(floor.events(Kind::CallDenied).await.len(), 1);
    }

    async fn a_refused_number_leaves_the_caller_what_they_hold(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let held = floor.lease("boris", "1").await.expect("a company");
        assert_eq!(code(dial(&floor, "boris", "+74957302518", "2").await), "lead-number-not-here");
        let lead = floor.lead(held.lead).await;
        assert_eq!(lead.lease.map(|lease| lease.generation), Some(held.generation));
        let boris = floor.cast.viewer("boris").await;
        let link = crate::telephony::actions::AttemptForm {
            generation: held.generation,
            phone: String::new(),
            by: "link".to_owned(),
        };
        let act = floor.cast.act("boris", "call");
        let placed = crate::telephony::actions::place(&act, &boris, held.lead, &link).await;
        placed.expect("is placed");
        let other = floor.companies.iter().position(|id| *id != held.company).expect("another");
        let number = format!("+7495100000{other}");
        assert_eq!(code(dial(&floor, "boris", &number, "3").await), "lead-awaits-result");
    }

    async fn the_number_that_was_typed_is_the_one_that_is_called(t: TestDb) {
        let mut floor = Floor::open(t, 1).await;
        let mut two = floor::company(1);
        let second = Phone::stored("+74951234999".to_owned(), None);
        two.phones.push(NewPhone { phone: second, label: None });
        floor::add_one(&floor.cast, &two).await;
        floor.campaign = floor::make_campaign(&floor.cast, "autumn", policy()).await;
        floor.launch(floor.campaign, "again").await;
        let client = floor.cast.client("boris").await;
        let campaign = floor.campaign.to_string();
        let fields = [("campaign", campaign.as_str()), ("number", "495 123-49-99")];
        let answer = client.post("/desk/number", &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
        let page = client.get(&answer.location.expect("an address")).await.body;
        let shown = page.split("id=\"dial\"").nth(1).expect("a number to call");
        assert!(shown.starts_with(" data-key=\"KeyD\"") && shown.contains("tel:+74951234999"));
        assert!(shown.find("tel:+74951234999") < shown.find("tel:+74951000001"), "{shown}");
        let wrong = [("campaign", campaign.as_str()), ("number", "12")];
        let answer = client.post("/desk/number", &wrong).await;
        assert_eq!(answer.status, 422);
        assert!(answer.body.contains("value=\"12\"") && answer.body.contains("number-wrong"));
        let unknown = [("campaign", campaign.as_str()), ("number", "+74957302518")];
        let answer = client.post("/desk/number", &unknown).await;
        assert_eq!(answer.status, 409);
        assert!(answer.body.contains("No company of this campaign has this number"));
        // A number that waits, or leads nowhere, is of that company, and says why.
        let bella = floor.cast.act("bella", "held");
        let mut tx = bella.db.begin().await.expect("begins");
        let all = companies::actions::list_with_number(&mut tx, bella.org, "+74951000001").await;
        let of = all.expect("reads");
        let phones = companies::actions::list_phones(&mut tx, bella.org, of[of.len() - 1]).await;
        let first = phones.expect("numbers")[0].id;
        let until = Some(floor.cast.clock.now().plus_days(30));
        companies::actions::hold_phone_in(&mut tx, &bella, first, until).await.expect("waits");
        tx.commit().await.expect("commits");
        let back = floor.cast.viewer("boris").await;
        let held = floor.events(Kind::LeadLeased).await.pop().expect("a lease");
        let lead: LeadId = held.subject.parse().expect("a lead");
        let grant = (lead, floor.lead(lead).await.generation);
        let act = floor.cast.act("boris", "back");
        crate::leads::leasing::release(&act, &back, grant, SkipReason::Pause).await.expect("back");
        let told = dial(&floor, "boris", "+74951000001", "held number").await;
        assert_eq!(code(told), "call-denied number_held");
        let anna = floor.cast.viewer("anna").await;
        let wrong = companies::Standing::Wrong;
        let act = floor.cast.act("anna", "wrong");
        companies::actions::set_standing(&act, &anna, first, wrong).await.expect("is wrong");
        let told = dial(&floor, "boris", "+74951000001", "wrong number").await;
        assert_eq!(code(told), "call-denied no_phone");
        let api = floor.cast.api("boris").await;
        let path = format!("/api/v1/campaigns/{campaign}/number");
        let found = api.post(&path, &serde_json::json!({ "number": "+7 495 123-49-99" })).await;
        assert!(found.json()["data"]["phone"].is_string(), "{}", found.body);
    }
}
