use super::*;
use crate::both;
use crate::campaigns::CallingPolicy;
use crate::cast::Cast;
use crate::clients::NewClient;
use crate::clients::dates::NewDate;
use crate::clients::orders::NewOrder;
use crate::companies::suppression::Whom;
use crate::companies::{Channel, NewCompany, NewContact, Suppress, SuppressReason};
use crate::contracts::{NewContract, NewPayment};
use crate::events::Event;
use crate::leads::floor::{self, Floor};
use crate::people::Viewer;
use crate::promises::{NewPromise, PromiseState};
use crate::storage::testing::TestDb;
use crate::storage::{Act, Tx};
use crate::tasks::{NewTask, Origin};
use crate::{clients, companies, contracts, handoffs, leads, promises, tasks, vals};
use axum::http::StatusCode;
use serde_json::json;

/// A school that went through all tiers; Vera leads it now.
struct School {
    floor: Floor,
    company: CompanyId,
    path: String,
}

impl School {
    async fn open(t: TestDb) -> Self {
        let cast = Cast::gather(t).await;
        let contact = |name: &str, is_decision_maker| NewContact {
            name: name.to_owned(),
            role: None,
            is_decision_maker,
        };
        let contacts = vec![contact("Porter Ivan", false), contact("Director Maria", true)];
        let new = NewCompany { contacts, ..floor::company(0) };
        let company = floor::add_one(&cast, &new).await;
        let campaign = floor::make_campaign(&cast, "spring", CallingPolicy::default()).await;
        let floor = Floor { cast, campaign, companies: vec![company] };
        floor.launch(campaign, "launch").await;
        let school = Self { path: format!("/companies/{company}/story"), floor, company };
        let opportunity = school.called().await;
        school.sold(opportunity).await;
        school.served().await;
        school
    }
    fn cast(&self) -> &Cast {
        &self.floor.cast
    }
    async fn begun(&self, login: &str, key: &str) -> (Act, Viewer, Tx) {
        let act = self.cast().act(login, key);
        let tx = act.db.begin().await.expect("begins");
        (act, self.cast().viewer(login).await, tx)
    }

    /// Boris calls, is refused and told off, calls again and qualifies; Sonya takes it over.
    async fn called(&self) -> OpportunityId {
        let boris = self.cast().client("boris").await;
        let grant = self.floor.lease("boris", "lease").await.expect("a lead");
        let generation = self.floor.lead(grant.lead).await.generation.to_string();
        let fields = [
            ("generation", generation.as_str()),
            ("outcome", "refusal"),
            ("reason", "too_expensive"),
            ("note", "Two firms were cheaper"),
            ("then", "pause"),
        ];
        let path = format!("/leads/{}/calls", grant.lead);
        let recorded = boris.post(&path, &fields).await;
        assert_eq!(recorded.status, StatusCode::SEE_OTHER, "{}", recorded.body);
        let (act, _, mut tx) = self.begun("boris", "qualify").await;
        let offered = "update leads set state = 'offered', next_at = $2 where id = $1";
        tx.run(offered, vals![grant.lead, act.now]).await.expect("is offered");
        let passport = json!({ "who": "Director Maria", "need": "Chairs", "next_step": "Samples" });
        let event = Event::new(Kind::LeadQualified, grant.lead).company(self.company);
        let event = event.campaign(self.floor.campaign).person(act.actor).tier(1);
        let event = event.with("meeting", json!(null));
        event.record(&mut tx, &act).await.expect("an event");
        let answers = crate::campaigns::passport::from_json(&passport);
        let kept = leads::actions::keep_passport_in(&mut tx, act.org, grant.lead, &answers);
        kept.await.expect("kept");
        tx.commit().await.expect("is kept");
        self.cast().settle().await;
        let (act, sonya, mut tx) = self.begun("sonya", "take").await;
        let offers = handoffs::actions::list_waiting(&mut tx, &sonya.scope(), 9).await;
        drop(tx);
        let offer = offers.expect("reads").first().expect("an offer").id;
        match handoffs::actions::accept(&act, &sonya, offer).await.expect("is accepted") {
            handoffs::Opened::Opportunity(id) => id,
            other => panic!("{other:?}"),
        }
    }

    /// Sonya promises twice, breaks one, and sells.
    async fn sold(&self, opportunity: OpportunityId) {
        let (act, sonya, mut tx) = self.begun("sonya", "sell").await;
        for words in ["Send the price list", "Bring a sample"] {
            let new = NewPromise {
                company: self.company,
                campaign: None,
                words: words.to_owned(),
                due_at: act.now.plus_days(2),
                holder: Some(sonya.id()),
            };
            promises::actions::make_in(&mut tx, &act, new).await.expect("promises");
        }
        let new = NewContract {
            opportunity,
            company: self.company,
            campaign: None,
            seller: sonya.id(),
            team: sonya.user.team,
            value: Money::new(10_000_000, Currency::Rub),
            term_from: act.now,
            term_to: act.now.plus_days(365),
        };
        let contract = contracts::actions::sign_in(&mut tx, &act, new).await.expect("signs");
        tx.commit().await.expect("is kept");
        let paid_on = Instant::from_local(act.now.day(&sonya.zone).at(0, 0, 0, 0), &sonya.zone);
        let amount = Money::new(1_234_500, Currency::Rub);
        let new = NewPayment { amount, paid_on, note: String::new() };
        let act = self.cast().act("sonya", "payment");
        contracts::actions::enter_payment(&act, &sonya, contract, new).await.expect("a payment");
    }

    /// Vera serves: an order with a prototype, a date, a task, a broken promise, a ban by letter.
    async fn served(&self) {
        let (act, vera, mut tx) = self.begun("vera", "client").await;
        let new = NewClient {
            company: self.company,
            contract: ContractId::fresh(act.now),
            campaign: None,
            handoff: None,
            owner: vera.id(),
            team: vera.user.team,
        };
        let client = clients::actions::open_in(&mut tx, &act, new).await.expect("opens");
        let lead = Some(vera.id());
        let led = companies::actions::set_lead_in(&mut tx, &act, self.company, lead, 3).await;
        led.expect("leads");
        let sonya = self.cast().id("sonya");
        let kept = companies::actions::keep_in_sight_in(&mut tx, &act, self.company, sonya).await;
        kept.expect("is kept in sight");
        promises::actions::pass_in(&mut tx, &act, self.company, vera.id()).await.expect("passed");
        let new = NewTask {
            person: vera.id(),
            company: Some(self.company),
            what: "Ask how the chairs are".to_owned(),
            due_at: act.now.plus_days(3),
            origin: Origin::Person,
            once: None,
        };
        tasks::actions::add_in(&mut tx, &act, new).await.expect("a task");
        let ban = Suppress {
            whom: Whom::Company(self.company),
            channel: Channel::Letter,
            reason: SuppressReason::Asked,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, &act, ban).await.expect("a ban");
        let noted = companies::actions::note_in(&mut tx, &act, self.company, "Knock twice").await;
        noted.expect("a note");
        let open = promises::actions::list_open(&mut tx, act.org, self.company).await;
        tx.commit().await.expect("is kept");
        let broken = open.expect("reads")[0].id;
        let act = self.cast().act("vera", "broken");
        let state = PromiseState::Broken;
        promises::actions::answer(&act, &vera, broken, state, "The van broke down")
            .await
            .expect("it");
        let new = NewOrder {
            title: "A stand".to_owned(),
            amount: Money::new(5_000_000, Currency::Rub),
            due_at: act.now.plus_days(9),
        };
        let act = self.cast().act("vera", "order");
        let order = clients::orders::actions::open(&act, &vera, client, new).await.expect("it");
        let act = self.cast().act("vera", "version");
        let added = clients::orders::actions::add_prototype(&act, &vera, order, "A sketch", None);
        added.await.expect("a version");
        for (month, key) in [(12, "winter"), (1, "past")] {
            let new = NewDate {
                contact: None,
                person_name: "Director".to_owned(),
                what: "birthday".to_owned(),
                month,
                day: 1,
                year: None,
                days_ahead: 3,
            };
            let act = self.cast().act("vera", key);
            clients::dates::actions::note(&act, &vera, client, new).await.expect("a date");
        }
        self.cast().settle().await;
    }
}

/// Links of a page into records.
fn links(body: &str) -> Vec<String> {
    let hrefs = body.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let nouns = [
        "/meetings/",
        "/handoffs/",
        "/opportunities/",
        "/contracts/",
        "/payments/",
        "/clients/",
        "/leads/",
        "/companies/",
    ];
    let mut found: Vec<String> = hrefs
        .filter(|href| nouns.iter().any(|noun| href.starts_with(noun)))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

both! {
    async fn a_newcomer_reads_the_whole_story_on_one_card(t: TestDb) {
        let school = School::open(t).await;
        let page = school.cast().client("vera").await.get(&school.path).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        for words in [
            "led by vera of the cast", "Director Maria", "Chairs", "Send the price list",
            "Bring a sample", "The van broke down", "Ask how the chairs are", "100,000.00",
            "12,345.00", "A stand", "1 prototype shown", "1 December", "too expensive",
            "Two firms were cheaper", "Knock twice", "+7 495 100-00-00", "Call: refusal",
            "Hand-off accepted: Sales → sonya of the cast", "Payment came in",
            "Client taken into service", "Order No. 1 opened: A stand", "they asked",
        ] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(!page.body.contains('⟦'), "{}", page.body);
        let (director, porter) = (page.body.find("Director Maria"), page.body.find("Porter Ivan"));
        assert!(director < porter, "who decides comes first");
        let (winter, past) = (page.body.find("1 December"), page.body.find("1 January"));
        assert!(winter < past, "the next date comes first");
    }

    async fn who_may_not_open_a_record_finds_no_link_and_no_sum(t: TestDb) {
        let school = School::open(t).await;
        let cast = school.cast();
        for login in ["boris", "sonya", "vera", "vadim", "olga", "alla"] {
            let client = cast.client(login).await;
            let page = client.get(&school.path).await;
            assert_eq!(page.status, StatusCode::OK, "{login}");
            let all = links(&page.body);
            assert!(!all.is_empty(), "{login}");
            for link in all {
                let opened = client.get(&link).await.status;
                // A payment leads on to its contract.
                let is_open = [StatusCode::OK, StatusCode::SEE_OTHER].contains(&opened);
                assert!(is_open, "{login} {link}: {opened}");
            }
            let sees_sums = !["boris", "alla"].contains(&login);
            assert_eq!(page.body.contains("12,345.00"), sees_sums, "{login}: {}", page.body);
            let is_lead = login == "vera";
            assert_eq!(page.body.contains("+7 495 100-00-00"), is_lead, "{login}");
            let api = cast.api(login).await.get(&format!("/api/v1{}", school.path)).await;
            let sum = api.json()["data"]["contracts"][0]["paid"]["minor"].as_i64();
            assert_eq!(sum, sees_sums.then_some(1_234_500), "{login}");
        }
        let path = "/companies/2026-11/story";
        let page = cast.client("olga").await.get(path).await;
        let api = cast.api("olga").await.get(&format!("/api/v1{path}")).await;
        for reply in [page, api] {
            assert_eq!(reply.status, StatusCode::NOT_FOUND, "an address of nothing");
            assert!(!reply.body.contains("UUID"), "{}", reply.body);
        }
        for login in ["bella", "semyon", "grisha", "pavel", "prokhor"] {
            let page = cast.client(login).await.get(&school.path).await;
            assert_eq!(page.status, StatusCode::NOT_FOUND, "{login}");
            let api = cast.api(login).await.get(&format!("/api/v1{}", school.path)).await;
            assert_eq!(api.status, StatusCode::NOT_FOUND, "{login}");
        }
    }

    async fn two_calls_of_one_moment_leave_one_refusal_on_the_card(t: TestDb) {
        let school = School::open(t).await;
        let act = school.cast().act("boris", "twin");
        let mut tx = act.db.begin().await.expect("begins");
        let twin = "insert into calls (id, org_id, lead_id, campaign_id, company_id, caller_id, \
             lease_generation, at, mechanism, meaning, reason, note, checkpoints, purpose, \
             legal_basis, lead_before, lead_version) select $2, org_id, lead_id, campaign_id, \
             company_id, caller_id, lease_generation + 100, at, mechanism, meaning, reason, \
             'Once more', checkpoints, purpose, legal_basis, lead_before, lead_version \
             from calls where company_id = $1";
        let twins = tx.run(twin, vals![school.company, CallId::fresh(act.now)]).await;
        assert_eq!(twins.expect("a twin"), 1);
        tx.commit().await.expect("is kept");
        let api = school.cast().api("olga").await.get(&format!("/api/v1{}", school.path)).await;
        let noes = api.json()["data"]["noes"].clone();
        assert_eq!(noes.as_array().map(Vec::len), Some(1), "{}", api.body);
        assert_eq!(noes[0]["said"], "Once more", "the later one");
    }

    async fn a_letter_that_was_not_allowed_is_told_with_its_rule_and_no_other_question(t: TestDb) {
        let school = School::open(t).await;
        let (act, vera, mut tx) = school.begun("vera", "allowed").await;
        let allowed = Event::new(Kind::LetterAsked, school.company).company(school.company);
        allowed.person(vera.id()).record(&mut tx, &act).await.expect("is recorded");
        tx.commit().await.expect("is kept");
        let path = format!("/api/v1/companies/{}/letters/admission", school.company);
        let asked = school.cast().api("vera").await.post(&path, &json!({ "way": "mail" })).await;
        assert_eq!(asked.json()["data"]["rule"], "suppressed", "{}", asked.body);
        let story = format!("/api/v1{}?limit=100", school.path);
        let told = school.cast().api("olga").await.get(&story).await.json();
        let rows = told["data"]["timeline"].as_array().expect("events");
        let asked: Vec<_> = rows.iter().filter(|row| row["kind"] == "letter.asked").collect();
        assert_eq!(asked.len(), 1, "{told}");
        assert_eq!(asked[0]["sentence"], "Writing was not allowed: a ban holds");
    }

    async fn that_somebody_was_not_allowed_to_call_is_told_with_the_rule(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        // 21:00 in Moscow.
        floor.cast.clock.advance_ms(11 * HOUR_MS);
        let path = format!("/api/v1/campaigns/{}/number", floor.campaign);
        let number = json!({ "number": "+74951000000" });
        let denied = floor.cast.api("boris").await.post(&path, &number).await;
        assert_eq!(denied.status, StatusCode::CONFLICT, "{}", denied.body);
        let story = format!("/api/v1/companies/{}/story?limit=100", floor.companies[0]);
        let told = floor.cast.api("olga").await.get(&story).await.json();
        let rows = told["data"]["timeline"].as_array().expect("events");
        let denied: Vec<_> = rows.iter().filter(|row| row["kind"] == "call.denied").collect();
        assert_eq!(denied.len(), 1, "{told}");
        let sentence = denied[0]["sentence"].as_str().expect("a sentence");
        let rule = "Calling was not allowed: it is outside calling hours there · again ";
        assert!(sentence.len() > rule.len() && sentence.starts_with(rule), "{sentence}");
    }

    async fn the_timeline_is_read_page_by_page_with_nothing_lost(t: TestDb) {
        let school = School::open(t).await;
        let api = school.cast().api("olga").await;
        let path = format!("/api/v1{}", school.path);
        let whole = api.get(&format!("{path}?limit=100")).await.json();
        let ids = |told: &serde_json::Value| -> Vec<String> {
            let rows = told["data"]["timeline"].as_array().expect("events");
            rows.iter().map(|row| row["id"].as_str().expect("an id").to_owned()).collect()
        };
        let all = ids(&whole);
        assert!(all.len() > 12 && whole["data"]["next"].is_null(), "{whole}");
        for row in whole["data"]["timeline"].as_array().expect("events") {
            let sentence = row["sentence"].as_str().expect("a sentence");
            assert!(!sentence.is_empty() && !sentence.contains('⟦'), "{row}");
        }
        let (mut read, mut after) = (Vec::new(), String::new());
        loop {
            let page = api.get(&format!("{path}?limit=5{after}")).await.json();
            read.extend(ids(&page));
            let Some(next) = page["data"]["next"].as_str() else { break };
            after = format!("&after={next}");
        }
        assert_eq!(read, all);
        let broken = api.get(&format!("{path}?after=yesterday")).await;
        assert_eq!(broken.status, StatusCode::UNPROCESSABLE_ENTITY);
        let mut tx = school.cast().app.db.read().await.expect("reads");
        let before = crate::events::list_for_company(
            &mut tx, school.cast().org, school.company, Instant(i64::MAX), 200).await;
        drop(tx);
        school.cast().client("olga").await.get(&school.path).await;
        let mut tx = school.cast().app.db.read().await.expect("reads");
        let since = crate::events::list_for_company(
            &mut tx, school.cast().org, school.company, Instant(i64::MAX), 200).await;
        assert_eq!(before.expect("reads").len(), since.expect("reads").len(), "reading is silent");
    }
}

#[test]
fn every_kind_about_a_company_has_a_sentence_in_both_languages() {
    let names = telling::Names::default();
    let about = [
        "company.",
        "contact.",
        "lead.",
        "call.",
        "incoming.",
        "callback.",
        "meeting.",
        "handoff.",
        "opportunity.",
        "contract.",
        "payment.",
        "letter.",
        "promise.",
        "client.",
        "order.",
        "prototype.",
        "date.",
        "task.",
    ];
    let untold = [
        "lead.leased",
        "lead.lease_expired",
        "lead.released",
        "lead.reassigned",
        "lead.prioritised",
        "callback.done",
        "company.phones_opened",
        "incoming.seen",
        "meeting.host_set",
        "task.reassigned",
        "client.passed",
    ];
    for lang in [Lang::Ru, Lang::En] {
        let ui = crate::web::Ui::anonymous(lang, Instant(0));
        for kind in Kind::ALL.iter().copied() {
            let is_about = about.iter().any(|start| kind.code().starts_with(start));
            if !is_about || untold.contains(&kind.code()) {
                continue;
            }
            let told = Told {
                id: EventId::fresh(Instant(0)),
                at: Instant(0),
                actor: None,
                kind,
                subject: String::new(),
                person: None,
                tier: None,
                reason: None,
                amount: None,
                detail: json!({ "mechanism": "answered", "field": "phone", "result": "wrong",
                    "channel": "all", "to_tier": 2, "month": "2026-10", "way": "mail" }),
                said: None,
                words: String::new(),
                is_back: false,
                path: None,
            };
            let sentence = names.sentence(&ui, &told);
            assert!(!sentence.is_empty() && !sentence.contains('⟦'), "{kind}: {sentence}");
        }
    }
}
