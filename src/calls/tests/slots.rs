use super::*;
use crate::campaigns::Member;
use crate::handoffs;
use crate::meetings::{self, Meeting};
use crate::tiers::Tier;
use axum::http::StatusCode;

/// The same floor with a second seller.
async fn with_semyon(floor: &Floor) {
    let anna = floor.cast.viewer("anna").await;
    let member = Member { user: floor.cast.id("semyon"), tier: Tier::Sales };
    let act = floor.cast.act("anna", "semyon sells");
    campaigns::actions::add_member(&act, &anna, floor.campaign, member).await.expect("a member");
}

async fn meeting(floor: &Floor, id: Option<MeetingId>) -> Meeting {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let id = id.expect("a meeting");
    meetings::actions::find(&mut tx, floor.cast.org, id).await.expect("reads").expect("it")
}

fn slot(at: &str) -> CallForm {
    CallForm { meeting_slot: at.to_owned(), ..qualified() }
}

/// Tomorrow at three in Moscow.
const THREE: &str = "2026-11-03T12:00:00Z";

both! {
    async fn a_talk_is_booked_with_whoever_is_free_and_next_in_turn(t: TestDb) {
        let floor = Floor::open(t, 4).await;
        with_semyon(&floor).await;
        let mut hosts = Vec::new();
        let mut grant = floor.lease("boris", "1").await.expect("a company");
        for at in [THREE, THREE] {
            let done = record(&floor, grant, slot(at)).await.expect("booked");
            hosts.push(meeting(&floor, done.meeting).await.host.expect("a host"));
            grant = done.next.expect("the next company");
        }
        hosts.sort();
        let mut both = vec![floor.cast.id("sonya"), floor.cast.id("semyon")];
        both.sort();
        assert_eq!(hosts, both, "each holds one of two at the same time");
        let refused = record(&floor, grant, slot(THREE)).await;
        let Err(Error::Invalid(fields)) = refused else { panic!("{refused:?}") };
        let problem = &fields.0["meeting_slot"];
        assert_eq!(problem.code, "meeting-taken");
        let free = &problem.args.iter().find(|(name, _)| *name == "free").expect("free").1;
        assert_eq!(free, "Tue 3 Nov 14:00 · Tue 3 Nov 14:30 · Tue 3 Nov 15:30");
        let typed = CallForm { meeting: "завтра 15:10".to_owned(), ..qualified() };
        let typed = record(&floor, grant, typed).await;
        let is_taken = matches!(&typed, Err(Error::Invalid(f)) if f.0.contains_key("meeting"));
        assert!(is_taken, "{typed:?}");
        let twice = CallForm { meeting: "завтра 16".to_owned(), ..slot(THREE) };
        let twice = record(&floor, grant, twice).await;
        assert!(matches!(twice, Err(Error::Invalid(_))), "{twice:?}");
        let late = CallForm { meeting: "завтра 20:00".to_owned(), ..qualified() };
        let late = record(&floor, grant, late).await.expect("agreed for the evening");
        assert!(meeting(&floor, late.meeting).await.host.is_some());
        assert_eq!(floor.events(Kind::MeetingBooked).await.len(), 3);
    }

    async fn whoever_is_booked_is_asked_first_and_is_free_again_where_they_refuse(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        with_semyon(&floor).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let done = record(&floor, grant, slot(THREE)).await.expect("booked");
        let booked = meeting(&floor, done.meeting).await;
        floor.cast.settle().await;
        let (who, other) = match booked.host == Some(floor.cast.id("sonya")) {
            true => ("sonya", "semyon"),
            false => ("semyon", "sonya"),
        };
        let viewer = floor.cast.viewer(who).await;
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let offers = handoffs::actions::list_waiting(&mut tx, &viewer.scope(), 5).await;
        drop(tx);
        let offers = offers.expect("reads");
        assert_eq!(offers.len(), 1, "the offer went to its host");
        let (act, reason) = (floor.cast.act(who, "no"), handoffs::RejectionReason::NoNeed);
        handoffs::actions::reject(&act, &viewer, offers[0].id, reason, "").await.expect("back");
        assert_eq!(meeting(&floor, done.meeting).await.host, None, "{other} may hold it");
        let anybody = record(&floor, done.next.expect("a company"), slot(THREE)).await;
        assert!(anybody.is_ok(), "{anybody:?}");
    }

    async fn free_times_are_listed_for_who_calls(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let (path, boris) = (format!("/api/v1/leads/{}/slots", grant.lead), "boris");
        let api = floor.cast.api(boris).await;
        let listed = api.get(&path).await.json();
        assert_eq!(listed["data"][0]["starts_at"], "2026-11-02T08:00:00Z", "{listed}");
        assert_eq!(listed["data"][0]["there"], "2026-11-02T11:00");
        assert_eq!(listed["data"][0]["free"], 1);
        let long = api.get(&format!("{path}?minutes=481")).await;
        assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
        let stranger = floor.cast.api("grisha").await.get(&path).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND);
        let boris = floor.cast.client(boris).await;
        let page = boris.get(&format!("/leads/{}", grant.lead)).await.body;
        let slot = "<option value=\"2026-11-02T08:00:00Z\">Mon 2 Nov, 11:00<";
        assert!(page.contains(slot), "{page}");
        let fields = [
            ("generation", "1"),
            ("outcome", "qualified"),
            ("passport_who", "директор"),
            ("passport_need", "перевозки"),
            ("passport_next_step", "показ"),
            ("meeting_slot", THREE),
        ];
        let path = format!("/leads/{}/calls", grant.lead);
        assert_eq!(boris.post(&path, &fields).await.status, StatusCode::SEE_OTHER);
        let next = floor.lease("boris", "2").await.expect("the next company");
        let page = boris.get(&format!("/leads/{}", next.lead)).await.body;
        assert!(!page.contains(&format!("<option value=\"{THREE}\"")), "it is taken: {page}");
        let path = format!("/leads/{}/calls", next.lead);
        let taken = boris.post(&path, &fields).await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        let told = "Tue 3 Nov 15:00: everybody is taken. Free: ";
        assert!(taken.body.contains(told), "{}", taken.body);
    }

    async fn a_time_that_is_not_offered_cannot_be_chosen(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        for (what, at) in [
            ("Sunday night", "2026-11-07T21:15:00Z"),
            ("after hours", "2026-11-03T18:00:00Z"),
            ("between the steps", "2026-11-03T12:10:00Z"),
            ("after more than ten working days", "2026-12-14T12:00:00Z"),
            ("in two years", "2028-11-02T12:00:00Z"),
        ] {
            let refused = record(&floor, grant, slot(at)).await;
            let Err(Error::Invalid(fields)) = refused else { panic!("{what}: {refused:?}") };
            let told: Vec<_> = fields.0.iter().map(|(name, told)| (*name, told.code)).collect();
            assert_eq!(told, [("meeting_slot", "unknown-choice")], "{what}");
        }
        let long = CallForm { meeting_minutes: "240".to_owned(), ..slot("2026-11-03T14:00:00Z") };
        assert!(record(&floor, grant, long).await.is_err(), "it would end after hours");
        // What is typed was agreed, whenever that is.
        let typed = CallForm { meeting: "завтра 20:10".to_owned(), ..qualified() };
        let done = record(&floor, grant, typed).await.expect("agreed");
        let next = done.next.expect("the next company");
        record(&floor, next, slot(THREE)).await.expect("is offered");
    }

    async fn a_time_that_was_offered_is_taken_after_a_long_talk(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let boris = floor.cast.client("boris").await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let at = "2026-11-02T08:00:00Z";
        let path = format!("/leads/{}", grant.lead);
        let option = format!("<option value=\"{at}\"");
        assert!(boris.get(&path).await.body.contains(&option), "an hour ahead");
        floor.cast.clock.advance_ms(10 * 60_000);
        assert!(!boris.get(&path).await.body.contains(&option), "offered no more");
        record(&floor, grant, slot(at)).await.expect("and taken");
    }

    async fn where_nobody_holds_talks_no_time_is_offered(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let anna = floor.cast.viewer("anna").await;
        let member = Member { user: floor.cast.id("sonya"), tier: Tier::Sales };
        let act = floor.cast.act("anna", "sonya leaves");
        let left = campaigns::actions::remove_member(&act, &anna, floor.campaign, member).await;
        left.expect("leaves");
        let grant = floor.lease("boris", "1").await.expect("a company");
        let refused = record(&floor, grant, slot(THREE)).await;
        let Err(Error::Invalid(fields)) = &refused else { panic!("{refused:?}") };
        assert!(fields.0.contains_key("meeting_slot"), "{refused:?}");
        let typed = CallForm { meeting: "завтра 15:00".to_owned(), ..qualified() };
        record(&floor, grant, typed).await.expect("agreed");
    }

    async fn what_the_seller_sent_back_stands_apart_from_what_was_promised(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let promise = CallForm { callback: "через 2 ч".to_owned(), ..form("callback") };
        let done = record(&floor, grant, promise).await.expect("promised");
        let booked = CallForm { then: "pause".to_owned(), ..slot(THREE) };
        record(&floor, done.next.expect("a company"), booked).await.expect("booked");
        let sonya = floor.cast.viewer("sonya").await;
        floor.cast.settle().await;
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let offers = handoffs::actions::list_waiting(&mut tx, &sonya.scope(), 5).await;
        drop(tx);
        let offer = offers.expect("reads")[0].id;
        let (act, reason) = (floor.cast.act("sonya", "no"), handoffs::RejectionReason::NoNeed);
        handoffs::actions::reject(&act, &sonya, offer, reason, "").await.expect("back");
        let desk = floor.cast.client("boris").await.get("/desk").await.body;
        let (returned, promised) = (desk.find("Sent back by sales"), desk.find("Promised calls"));
        let (Some(returned), Some(promised)) = (returned, promised) else { panic!("{desk}") };
        assert!(desk[returned..promised].contains("Came back: "), "{desk}");
        assert!(!desk[promised..].contains("Came back: "), "{desk}");
        assert!(desk[promised..].contains("Ромашка"), "{desk}");
        let due = "<span class=\"status warn\">now</span>";
        assert!(!desk.contains(due), "nothing that was promised is due: {desk}");
    }

    async fn the_address_of_a_company_is_told_where_it_is_known(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let boris = floor.cast.client("boris").await;
        let path = format!("/leads/{}", grant.lead);
        assert!(!boris.get(&path).await.body.contains("<dt>Address</dt>"));
        let act = floor.cast.act("anna", "address");
        let mut tx = act.db.begin().await.expect("begins");
        let address = Some("ул. Льняная, 7");
        let put = crate::companies::actions::readdress_in(&mut tx, &act, grant.company, address);
        put.await.expect("has an address");
        tx.commit().await.expect("kept");
        let page = boris.get(&path).await.body;
        assert!(page.contains("<dt>Address</dt><dd>ул. Льняная, 7</dd>"), "{page}");
    }
}
