//! Through the door: what people see and do, with everything in its place.

use axum::http::StatusCode;
use serde_json::json;

use super::setting::Setting;
use crate::both;
use crate::handoffs::*;
use crate::schedule;
use crate::tiers::EngagementPolicy::*;

both! {
    async fn a_seller_takes_an_offer_and_the_caller_sees_it(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        let seller = s.cast.client(&taker).await;
        let inbox = seller.get("/handoffs").await;
        assert_eq!(inbox.status, StatusCode::OK);
        for said in ["School 5", "New chairs for two halls", "Send School 5 the price list",
            "at their office", "1 waits for an answer", "Schools"] {
            assert!(inbox.body.contains(said), "{said}: {}", inbox.body);
        }
        assert!(!inbox.body.contains('⟦'), "{}", inbox.body);
        let taken = seller.post(&format!("/handoffs/{}/acceptance", offer.id), &[]).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.body);
        let after = seller.get(&taken.location.expect("a place")).await;
        assert!(after.body.contains("Accepted: School 5. You lead the client now."));
        assert!(after.body.contains("No incoming hand-offs"), "{}", after.body);
        let caller = s.cast.client("boris").await;
        let mine = caller.get("/handoffs").await;
        assert!(mine.body.contains("What became of mine"), "{}", mine.body);
        assert!(mine.body.contains("accepted"), "{}", mine.body);
        let shown = caller.get(&format!("/handoffs/{}", offer.id)).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.body.contains(&format!("Accepted by {taker}")), "{}", shown.body);
        assert!(!shown.body.contains('⟦'), "{}", shown.body);
    }

    async fn a_day_begins_where_something_waits(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        s.qualify("boris", "School 5").await;
        let taker = s.login(s.last().await.receiver.user).to_owned();
        let other = if taker == "sonya" { "semyon" } else { "sonya" };
        for (login, place) in [
            (taker.as_str(), "/handoffs"),
            (other, "/pipeline"),
            ("boris", "/desk"),
            ("anna", "/campaigns"),
            ("sergei", "/pipeline"),
            ("vera", "/clients"),
            ("olga", "/reports"),
        ] {
            let home = s.cast.client(login).await.get("/").await;
            assert_eq!(home.location.as_deref(), Some(place), "{login}");
        }
        let nobody = s.cast.anonymous().get("/").await;
        assert_eq!(nobody.location.as_deref(), Some("/sign-in"));
    }

    async fn a_rejection_wants_a_reason_keeps_the_text_and_the_caller_reads_both(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        let seller = s.cast.client(&taker).await;
        let path = format!("/handoffs/{}/rejection", offer.id);
        for (fields, said) in [
            (vec![("comment", "Kept text")], "Choose why you send it back"),
            (vec![("reason", "nonsense"), ("comment", "Kept text")], "Choose why you send it back"),
            (vec![("reason", "other"), ("comment", " ")], "Say what the reason is"),
        ] {
            let wrong = seller.post(&path, &fields).await;
            assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.body);
            assert!(wrong.body.contains(said), "{said}: {}", wrong.body);
            if fields[fields.len() - 1].1 == "Kept text" {
                assert!(wrong.body.contains(">Kept text</textarea>"), "{}", wrong.body);
            }
        }
        let fields = [("reason", "client_not_expecting"), ("comment", "She was surprised")];
        for _ in 0..2 {
            let back = seller.post_with_key(&path, &fields, "same key").await;
            assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.body);
        }
        let late = seller.post(&format!("/handoffs/{}/acceptance", offer.id), &[]).await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.body.contains("This hand-off was sent back already"), "{}", late.body);
        let caller = s.cast.client("boris").await;
        let mine = caller.get("/handoffs?view=given").await.body;
        assert!(mine.contains("the client did not expect us"), "{mine}");
        assert!(mine.contains("She was surprised"), "{mine}");
    }

    async fn a_dispute_is_decided_by_a_head_and_offered_again(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        let seller = s.cast.client(&taker).await;
        let at = |what: &str| format!("/handoffs/{}/{what}", offer.id);
        seller.post(&at("rejection"), &[("reason", "no_need"), ("comment", "")]).await;
        let caller = s.cast.client("boris").await;
        let shown = caller.get(&format!("/handoffs/{}", offer.id)).await;
        assert!(shown.body.contains("Was it sent back wrongly?"), "{}", shown.body);
        let wordless = caller.post(&at("dispute"), &[("words", " ")]).await;
        assert_eq!(wordless.status, StatusCode::UNPROCESSABLE_ENTITY);
        let contested = caller.post(&at("dispute"), &[("words", "They asked for 40 chairs")]).await;
        assert_eq!(contested.status, StatusCode::SEE_OTHER, "{}", contested.body);
        let again = caller.post(&at("dispute"), &[("words", "Once more")]).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        let head = s.cast.client("sergei").await;
        let disputes = head.get("/handoffs?view=disputes").await;
        assert!(disputes.body.contains("They asked for 40 chairs"), "{}", disputes.body);
        let shown = head.get(&format!("/handoffs/{}", offer.id)).await;
        assert!(shown.body.contains("Decide the dispute"), "{}", shown.body);
        let bare = head.post(&at("decision"), &[("words", "The need is there"), ("to", "")]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bare.body.contains(">The need is there</textarea>"), "{}", bare.body);
        let fields = [("decision", "overturned"), ("words", "The need is there"), ("to", "")];
        let decided = head.post(&at("decision"), &fields).await;
        assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.body);
        assert_ne!(s.last().await.id, offer.id, "it is offered again");
        let shown = caller.get(&format!("/handoffs/{}", offer.id)).await;
        assert!(shown.body.contains("The need is there"), "{}", shown.body);
        for view in ["rates", "all", "given", "nonsense"] {
            for client in [&caller, &head, &seller] {
                let page = client.get(&format!("/handoffs?view={view}")).await;
                assert_eq!(page.status, StatusCode::OK);
                assert!(!page.body.contains('⟦'), "{view}: {}", page.body);
            }
        }
        let rates = caller.get("/handoffs?view=rates").await.body;
        assert!(rates.contains("boris of the cast"), "{rates}");
        assert!(!rates.contains("semyon of the cast"), "a colleague's only as a team: {rates}");
        assert!(rates.contains("sales, all together"), "{rates}");
    }

    async fn what_ran_out_is_seen_by_both_sides(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        s.cast.clock.set(offer.due_at.plus_ms(1));
        let seller = s.cast.client(&taker).await;
        let late = seller.post(&format!("/handoffs/{}/acceptance", offer.id), &[]).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "before the sweep too");
        schedule::sweep(&s.cast.app.db, &s.cast.clock).await.expect("sweeps");
        for login in [taker.as_str(), "boris", "anna", "sergei", "olga"] {
            let client = s.cast.client(login).await;
            let shown = client.get(&format!("/handoffs/{}", offer.id)).await;
            assert_eq!(shown.status, StatusCode::OK, "{login}");
            assert!(shown.body.contains("unanswered"), "{login}: {}", shown.body);
        }
    }

    async fn a_stranger_s_hand_off_is_not_there(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let other = match s.login(offer.receiver.user) {
            "sonya" => "semyon",
            _ => "sonya",
        };
        let path = format!("/handoffs/{}", offer.id);
        for login in ["bella", "grisha", "gleb", "vera", "vadim", "hunter", "pavel", other] {
            let client = s.cast.client(login).await;
            assert_eq!(client.get(&path).await.status, StatusCode::NOT_FOUND, "{login}");
            let taken = client.post(&format!("{path}/acceptance"), &[]).await;
            assert_eq!(taken.status, StatusCode::NOT_FOUND, "{login}");
            let fields = [("reason", "no_need"), ("comment", "")];
            let back = client.post(&format!("{path}/rejection"), &fields).await;
            assert_eq!(back.status, StatusCode::NOT_FOUND, "{login}");
        }
        assert_eq!(s.last().await.state, HandoffState::Offered);
        let head = s.cast.client("sergei").await;
        let to = s.cast.id(other).to_string();
        let passed = head.post(&format!("{path}/receiver"), &[("to", &to)]).await;
        assert_eq!(passed.status, StatusCode::SEE_OTHER, "{}", passed.body);
        let client = s.cast.client(other).await;
        assert_eq!(client.get(&path).await.status, StatusCode::OK, "now it is theirs");
    }

    async fn a_client_is_offered_for_more_through_the_form(t: TestDb) {
        let s = Setting::new(t, TwoTiers).await;
        let client = s.served("School 5").await;
        let seller = s.last().await.giver;
        let seller = s.login(Some(seller)).to_owned();
        assert_eq!(s.last().await.receiver.user, Some(s.cast.id(&seller)), "who sold serves");
        let olga = s.cast.client("olga").await;
        let path = format!("/clients/{client}/upsell");
        let form = olga.get(&path).await;
        assert_eq!(form.status, StatusCode::OK);
        assert!(form.body.contains("School 5: offer to sales"), "{}", form.body);
        assert!(form.body.contains("Director Maria"), "what is known is there: {}", form.body);
        assert!(!form.body.contains("New chairs"), "the need is a new one: {}", form.body);
        let bare = olga.post(&path, &[("passport_need", "Desks too")]).await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bare.body);
        assert!(bare.body.contains("Desks too"), "{}", bare.body);
        let fields = [("passport_need", "Desks too"), ("passport_next_step", "Call on Friday")];
        let offered = olga.post(&path, &fields).await;
        assert_eq!(offered.status, StatusCode::SEE_OTHER, "{}", offered.body);
        let kept = s.last().await;
        assert_eq!((kept.from().rank(), kept.to().rank()), (3, 2));
        assert_eq!(kept.state, HandoffState::Accepted, "under two tiers it is kept");
        let vera = s.cast.client("vera").await;
        assert_eq!(vera.get(&path).await.status, StatusCode::NOT_FOUND);
    }

    async fn who_takes_an_upsell_is_told_that_the_client_stays(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (opportunity, seller) = s.taken("School 5").await;
        s.sign(&seller, opportunity).await;
        let vera = s.cast.client("vera").await;
        let taken = vera.post(&format!("/handoffs/{}/acceptance", s.last().await.id), &[]).await;
        let list = vera.get(&taken.location.expect("leads on")).await.body;
        assert!(list.contains("You lead the client now"), "{list}");
        let Some(Opened::Client(client)) = s.last().await.opened else { panic!("a client") };
        let fields = [("passport_need", "Desks too"), ("passport_next_step", "Call on Friday")];
        let offered = vera.post(&format!("/clients/{client}/upsell"), &fields).await;
        assert_eq!(offered.status, StatusCode::SEE_OTHER, "{}", offered.body);
        let offer = s.last().await;
        let phones = [("phones", "8 495 223-45-67")];
        let added = vera.post(&format!("/companies/{}/phones", offer.company), &phones).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.body);
        let seller = s.cast.client(s.login(offer.receiver.user)).await;
        let taken = seller.post(&format!("/handoffs/{}/acceptance", offer.id), &[]).await;
        let list = seller.get(&taken.location.expect("leads on")).await.body;
        assert!(list.contains("service goes on leading the client"), "{list}");
        assert!(!list.contains("You lead the client now"), "{list}");
        let Some(Opened::Opportunity(id)) = s.last().await.opened else { panic!("open") };
        let page = seller.get(&format!("/opportunities/{id}")).await.body;
        assert!(page.contains("Whole numbers stand on the company"), "{page}");
    }

    async fn the_api_does_what_the_pages_do(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        s.qualify("boris", "School 5").await;
        let offer = s.last().await;
        let taker = s.login(offer.receiver.user).to_owned();
        let (seller, caller) = (s.cast.api(&taker).await, s.cast.api("boris").await);
        let inbox = seller.get("/api/v1/handoffs?view=inbox").await.json();
        assert_eq!(inbox["data"][0]["id"], offer.id.to_string());
        assert_eq!(inbox["data"][0]["passport"]["need"], "New chairs for two halls");
        let at = |what: &str| format!("/api/v1/handoffs/{}{what}", offer.id);
        let bad = seller.post(&at("/rejection"), &json!({ "reason": "mood" })).await;
        assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
        let wordless = seller.post(&at("/rejection"), &json!({ "reason": "other" })).await;
        assert!(wordless.json()["error"]["fields"]["comment"]["code"] == "rejection-why");
        let body = json!({ "reason": "duplicate", "comment": "See contract 12" });
        for _ in 0..2 {
            let back = seller.post_with_key(&at("/rejection"), &body, "same").await;
            assert_eq!(back.json()["data"]["reason"], "duplicate", "{}", back.body);
        }
        let late = seller.post(&at("/acceptance"), &json!({})).await;
        assert_eq!(late.json()["error"]["code"], "handoff-already-rejected");
        let words = json!({ "words": "That contract ended" });
        let contested = caller.post(&at("/dispute"), &words).await;
        assert_eq!(contested.json()["data"]["dispute"]["words"], "That contract ended");
        let head = s.cast.api("sergei").await;
        let other = if taker == "sonya" { "semyon" } else { "sonya" };
        let body = json!({ "decision": "overturned", "words": "It has", "to": s.cast.id(other) });
        let decided = head.post(&at("/decision"), &body).await.json();
        let again = s.last().await;
        assert_eq!(decided["data"]["handoff"], again.id.to_string());
        let path = format!("/api/v1/handoffs/{}", again.id);
        let body = json!({ "to": s.cast.id(&taker) });
        let passed = head.post(&format!("{path}/receiver"), &body).await.json();
        assert_eq!(passed["data"]["receiver"], s.cast.id(&taker).to_string());
        let hidden = s.cast.api(other).await.post(&format!("{path}/acceptance"), &json!({})).await;
        assert_eq!(hidden.status, StatusCode::NOT_FOUND);
        let taken = seller.post(&format!("{path}/acceptance"), &json!({})).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.body);
        assert!(taken.json()["data"]["opportunity"].is_string());
        let given = caller.get("/api/v1/handoffs?view=given&limit=1").await.json();
        assert_eq!(given["data"][0]["state"], "accepted");
        let next = given["next"].as_str().expect("a next page");
        let page = caller.get(&format!("/api/v1/handoffs?view=given&limit=1&after={next}")).await;
        assert_eq!(page.json()["data"][0]["state"], "rejected");
        assert!(page.json()["next"].is_null());
        let seen = head.get("/api/v1/handoffs?view=all&state=rejected").await.json();
        assert_eq!(seen["data"].as_array().map(Vec::len), Some(1));
        let rates = caller.get("/api/v1/handoffs/rates").await.json();
        let mine = &rates["data"][0];
        assert_eq!((&mine["offered"], &mine["overturned"]), (&json!(2), &json!(1)));
    }

    async fn contracts_and_clients_pass_over_the_api(t: TestDb) {
        let s = Setting::new(t, ThreeTiers).await;
        let (opportunity, seller) = s.taken("School 5").await;
        s.sign(&seller, opportunity).await;
        let offer = s.last().await;
        let vera = s.cast.api("vera").await;
        let path = format!("/api/v1/handoffs/{}", offer.id);
        let body = json!({ "reason": "passport_incomplete" });
        assert_eq!(vera.post(&format!("{path}/rejection"), &body).await.status, StatusCode::OK);
        let sellers = s.cast.api(&seller).await;
        let odd = json!({ "passport": { "shoe_size": "43" } });
        let odd = sellers.post(&format!("{path}/offers"), &odd).await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", odd.body);
        let body = json!({ "passport": { "who": "Maria", "need": "Chairs" } });
        let again = sellers.post(&format!("{path}/offers"), &body).await;
        assert_eq!(again.status, StatusCode::CREATED, "{}", again.body);
        let again = again.json()["data"]["handoff"].as_str().expect("an id").to_owned();
        let taken = vera.post(&format!("/api/v1/handoffs/{again}/acceptance"), &json!({})).await;
        let client = taken.json()["data"]["client"].as_str().expect("a client").to_owned();
        let path = format!("/api/v1/clients/{client}/upsell");
        let bare = vera.post(&path, &json!({ "passport": { "need": "Desks" } })).await;
        assert_eq!(bare.json()["error"]["fields"]["passport_next_step"]["code"], "required");
        let body = json!({ "passport": { "need": "Desks", "next_step": "Call on Friday" } });
        let offered = vera.post(&path, &body).await;
        assert_eq!(offered.status, StatusCode::CREATED, "{}", offered.body);
        assert_eq!(s.login(s.last().await.receiver.user), seller);
        let strange = s.cast.api("hunter").await.post(&path, &body).await;
        assert_eq!(strange.status, StatusCode::NOT_FOUND);
    }
}
