//! Pay through the door: who sees what, the whole month, the file, the API.

use axum::http::StatusCode;
use jiff::civil::date;

use super::super::actions::{self, NewAssignment};
use super::super::engagement::Engagement;
use super::{NOVEMBER, OCTOBER};
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, NewCompany};
use crate::events::{self, Event, Kind};
use crate::storage::testing::TestDb;
use crate::values::*;

/// The cast with plans since October, four people assigned, and a meeting of Boris held.
pub(super) async fn paid(t: TestDb) -> Cast {
    let cast = Cast::gather(t).await;
    let names = ["Calls", "Sales", "Service"];
    let plans =
        actions::start_tier_plans(&cast.act("olga", "plans"), names, OCTOBER).await.expect("plans");
    for (login, plan, salary) in
        [("boris", 0, 0), ("grisha", 0, 0), ("sonya", 1, 50_000_00), ("anna", 0, 0)]
    {
        let new = NewAssignment {
            person: cast.id(login),
            plan: plans[plan],
            from: date(2026, 10, 1),
            until: None,
            salary: Money::new(salary, Currency::Rub),
        };
        actions::assign(&cast.act("olga", &format!("assign:{login}")), new)
            .await
            .expect("assigned");
    }
    let act = cast.act("sonya", "meeting");
    let mut tx = cast.app.db.begin().await.expect("begins");
    let new = NewCompany { name: "ООО «Ромашка»".to_owned(), ..NewCompany::default() };
    let company = companies::actions::add_in(&mut tx, &act, new).await.expect("a company");
    let id = MeetingId::fresh(act.now);
    for kind in [Kind::MeetingBooked, Kind::MeetingHeld] {
        let told = Event::new(kind, id).company(company).person(cast.id("boris")).tier(1);
        told.record(&mut tx, &act).await.expect("recorded");
    }
    tx.commit().await.expect("commits");
    cast.settle().await;
    actions::ensure_months(&cast.act("olga", "months")).await.expect("months");
    cast
}

/// The state of the draft that the page of a plan shows.
pub(super) fn seen(page: &str) -> String {
    let (_, from) = page.split_once(r#"name="revision" value=""#).expect("a draft");
    from.split_once('"').expect("its end").0.to_owned()
}

async fn period(cast: &Cast, month: &str) -> PeriodId {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = actions::list_periods(&mut tx, cast.org).await.expect("reads");
    all.into_iter().find(|period| period.month.to_string() == month).expect("a period").id
}

async fn line_of(cast: &Cast, login: &str, month: &str) -> EntryId {
    let period = period(cast, month).await;
    let viewer = cast.viewer(login).await;
    let mut tx = cast.app.db.read().await.expect("reads");
    let statement = actions::statement(&mut tx, &viewer, period, viewer.id()).await.expect("own");
    statement.lines[0].id
}

both! {
    async fn pay_is_seen_by_the_person_their_head_and_those_who_pay(t: TestDb) {
        let cast = paid(t).await;
        let month = period(&cast, "2026-11").await;
        let statement = format!("/pay/statements/{month}/{}", cast.id("boris"));
        let line = format!("/pay/lines/{}", line_of(&cast, "boris", "2026-11").await);
        for (login, may) in [
            ("boris", true),
            ("anna", true),
            ("olga", true),
            ("pavel", true),
            ("bella", false),
            ("grisha", false),
            ("gleb", false),
            ("sonya", false),
            ("sergei", false),
            ("alla", false),
            ("prokhor", false),
        ] {
            let client = cast.client(login).await;
            let expected = if may { StatusCode::OK } else { StatusCode::NOT_FOUND };
            for path in [&statement, &line] {
                let reply = client.get(path).await;
                assert_eq!(reply.status, expected, "{login} {path}");
                assert_eq!(reply.body.contains("350.00"), may, "{login} {path}");
                assert!(!reply.body.contains('⟦'), "{login} {path}: {}", reply.body);
            }
        }
    }

    async fn a_line_says_in_a_sentence_what_it_was_made_of(t: TestDb) {
        let cast = paid(t).await;
        let boris = cast.client("boris").await;
        let month = period(&cast, "2026-11").await;
        let page = boris.get(&format!("/pay/statements/{month}/{}", cast.id("boris"))).await;
        let sentence = "Meeting held: ООО «Ромашка», ₽350.00 by the rule “Meeting”, version 1 of";
        assert!(page.body.contains(sentence), "{}", page.body);
        assert!(page.body.contains("Today"), "the top bar shows today's pay");
        let line = line_of(&cast, "boris", "2026-11").await;
        let page = boris.get(&format!("/pay/lines/{line}")).await;
        assert!(page.body.contains("For a meeting held: ₽350.00"), "{}", page.body);
        let fields = [("category", "amount"), ("comment", "Two meetings")];
        let contested = boris.post(&format!("/pay/lines/{line}/dispute"), &fields).await;
        assert_eq!(contested.status, StatusCode::SEE_OTHER, "{}", contested.body);
        let again = boris.post(&format!("/pay/lines/{line}/dispute"), &fields).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.body.contains("open already"), "{}", again.body);
        let anna = cast.client("anna").await;
        assert!(anna.get("/pay").await.body.contains("Two meetings"));
        let gleb = cast.client("gleb").await;
        assert!(!gleb.get("/pay").await.body.contains("Two meetings"));
        let seen = anna.get(&format!("/pay/lines/{line}")).await.body;
        let at = seen.find("/pay/disputes/").expect("a form to decide it");
        let decision = seen[at..].split('"').next().expect("a path").to_owned();
        let fields = [("outcome", "granted"), ("amount", "50"), ("answer", "There were two")];
        let granted = anna.post(&decision, &fields).await;
        assert_eq!(granted.status, StatusCode::SEE_OTHER, "{}", granted.body);
        let page = boris.get(&format!("/pay/lines/{line}")).await.body;
        assert!(page.contains("dispute granted, the sum waits for approval"), "{page}");
        assert!(page.contains("₽50.00"), "{page}");
        assert!(!boris.get("/pay/me").await.body.contains("₽400.00"));
        let olga = cast.client("olga").await;
        let waiting = olga.get("/pay").await.body;
        assert!(waiting.contains("There were two") && waiting.contains("Approve"), "{waiting}");
        assert!(waiting.contains("proposed by anna"), "{waiting}");
        let fields = [("user", cast.id("boris").to_string()), ("amount", "75".to_owned())];
        let [user, amount] = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let reason = ("reason", "A gift");
        let proposed = olga.post("/pay/adjustments", &[user, amount, reason]).await;
        assert_eq!(proposed.status, StatusCode::SEE_OTHER, "{}", proposed.body);
        for (login, buttons) in [("olga", 1), ("pavel", 2), ("anna", 0)] {
            let page = cast.client(login).await.get("/pay").await.body;
            assert_eq!(page.matches("/decision\"").count(), buttons, "{login}: {page}");
            assert_eq!(page.contains("somebody else decides"), login != "pavel", "{login}");
        }
        let open = olga.get(&format!("/pay/periods/{month}")).await.body;
        assert!(open.contains("can be sent to review from") && open.contains("All months"));
    }

    async fn a_month_is_reviewed_approved_closed_and_exported(t: TestDb) {
        let cast = paid(t).await;
        let october = period(&cast, "2026-10").await;
        let base = format!("/pay/periods/{october}");
        let (olga, pavel) = (cast.client("olga").await, cast.client("pavel").await);
        let empty: [(&str, &str); 0] = [];
        let wrong = pavel.post(&format!("{base}/approval"), &empty).await;
        assert_eq!(wrong.status, StatusCode::NOT_FOUND, "the accountant does not approve");
        for (client, step) in [(&pavel, "review"), (&olga, "approval")] {
            let reply = client.post(&format!("{base}/{step}"), &empty).await;
            assert_eq!(reply.status, StatusCode::SEE_OTHER, "{step}: {}", reply.body);
        }
        let page = pavel.get(&base).await;
        assert!(page.body.contains("Sent to review by pavel"), "{}", page.body);
        let csv = format!("{base}/payroll.csv");
        assert_eq!(pavel.get(&csv).await.status, StatusCode::NOT_FOUND, "not closed yet");
        let mistyped = pavel.post(&format!("{base}/closing"), &[("confirm", "99")]).await;
        assert_eq!(mistyped.status, StatusCode::CONFLICT);
        assert!(mistyped.body.contains("Type the number of its lines: 1"), "{}", mistyped.body);
        assert!(mistyped.body.contains("value=\"99\"") && mistyped.body.contains("autofocus"));
        let words = pavel.post(&format!("{base}/closing"), &[("confirm", "all")]).await;
        assert_eq!(words.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(words.body.contains("Type the number of its lines: 1"), "{}", words.body);
        let closed = pavel.post(&format!("{base}/closing"), &[("confirm", "1")]).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.body);
        let file = pavel.get(&csv).await.body;
        assert!(file.starts_with('\u{feff}'));
        let salary = ";Salary;2026-10-01;2026-10-31;50000.00;RUB;50000.00\r\n";
        assert!(file.contains(salary) && file.contains(";sonya;employee;"), "{file}");
        assert_eq!(file.lines().count(), 2, "the pay-out is no part of what is due: {file}");
        let anna = cast.client("anna").await;
        assert_eq!(anna.get(&csv).await.status, StatusCode::NOT_FOUND);
        let mut tx = cast.app.db.read().await.expect("reads");
        let story = events::list_for_subject(&mut tx, cast.org, &october.to_string()).await;
        drop(tx);
        let taken: Vec<_> =
            story.expect("reads").into_iter().filter(|e| e.kind == Kind::FileExported).collect();
        let [taken] = taken.as_slice() else { panic!("one file: {taken:?}") };
        assert_eq!(taken.actor, Some(cast.id("pavel")));
        assert_eq!(taken.detail["what"], "payroll");
        assert_eq!(taken.detail["rows"], file.lines().count() - 1);
        let book = format!("{base}/payroll.xlsx");
        assert_eq!(pavel.get(&book).await.status, StatusCode::OK);
        let programs = format!("/api/v1/pay-periods/{october}/payroll");
        assert_eq!(cast.api("anna").await.get(&programs).await.status, StatusCode::NOT_FOUND);
        assert_eq!(anna.get(&book).await.status, StatusCode::NOT_FOUND);
        let told = cast.api("pavel").await.get(&programs).await.json();
        let sonya = &told["data"]["people"][0];
        assert_eq!(told["data"]["from"], "2026-10-01");
        assert_eq!(told["data"]["to"], "2026-10-31");
        assert_eq!(sonya["login"], "sonya");
        assert_eq!(sonya["total"]["minor"], 50_000_00);
        assert_eq!(sonya["components"][0]["gross"]["minor"], 50_000_00);
        let seen = anna.get(&base).await;
        assert_eq!(seen.status, StatusCode::OK);
        assert!(!seen.body.contains("sonya"), "another team's pay is not on a head's page");
    }

    async fn a_plan_is_changed_by_its_next_version(t: TestDb) {
        let cast = paid(t).await;
        cast.clock.set(NOVEMBER.plus_ms(2 * DAY_MS));
        let mut tx = cast.app.db.read().await.expect("reads");
        let (plans, _, _) = actions::list_plans(&mut tx, cast.org).await.expect("reads");
        drop(tx);
        let (calls, sales) = (plans[0].id, plans[1].id);
        let (olga, boris) = (cast.client("olga").await, cast.client("boris").await);
        let empty: [(&str, &str); 0] = [];
        let page = format!("/pay/plans/{calls}");
        assert_eq!(boris.get(&page).await.status, StatusCode::OK, "what one is paid by is open");
        assert_eq!(boris.get(&format!("/pay/plans/{sales}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(olga.post(&format!("{page}/draft"), &empty).await.status, StatusCode::SEE_OTHER);
        let rate = |trigger, rate| {
            [
                ("trigger", trigger),
                ("tier", "1"),
                ("rate", rate),
                ("rounding", "half_up"),
                ("cap", ""),
            ]
        };
        let wrong = olga.post(&format!("{page}/components"), &rate("record", "a lot")).await.body;
        assert!(wrong.contains("<b>Sum or percentage</b>") && wrong.contains(">a lot</textarea>"));
        let machine = [">half_up<", ">trigger<", ">record<", ">rate<", ">rounding<"];
        assert_eq!(machine.map(|word| wrong.contains(word)), [false; 5], "{wrong}");
        assert!(wrong.contains(r#"name="rounding" value="half_up""#), "is sent again: {wrong}");
        for (trigger, typed, status) in [
            ("payment", "5", StatusCode::CONFLICT),
            ("meeting", "1000000000", StatusCode::CONFLICT),
            ("meeting", "1000000000000", StatusCode::UNPROCESSABLE_ENTITY),
            ("meeting", "-1", StatusCode::UNPROCESSABLE_ENTITY),
            ("meeting", "0", StatusCode::CONFLICT),
            ("contract.signed", "1", StatusCode::UNPROCESSABLE_ENTITY),
            ("meeting", "400,50", StatusCode::SEE_OTHER),
        ] {
            let reply = olga.post(&format!("{page}/components"), &rate(trigger, typed)).await;
            assert_eq!(reply.status, status, "{trigger} {typed}: {}", reply.body);
        }
        let unapproved = olga.post(&format!("{page}/publication"), &[("confirm", "2")]).await;
        assert_eq!(unapproved.status, StatusCode::CONFLICT);
        let seen = seen(&olga.get(&page).await.body);
        for (day, status) in [
            ("yesterday", StatusCode::UNPROCESSABLE_ENTITY),
            ("9999-12-31", StatusCode::UNPROCESSABLE_ENTITY),
            ("2026-10-01", StatusCode::CONFLICT),
            ("2026-11-02", StatusCode::SEE_OTHER),
        ] {
            let form = [("day", day), ("revision", &*seen)];
            let reply = olga.post(&format!("{page}/approval"), &form).await;
            assert_eq!(reply.status, status, "{day}: {}", reply.body);
        }
        let shown = olga.get(&page).await.body;
        assert!(shown.contains("type its number: 2"), "{shown}");
        let published = olga.post(&format!("{page}/publication"), &[("confirm", "2")]).await;
        assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.body);
        cast.settle().await;
        let month = period(&cast, "2026-11").await;
        let statement = boris.get(&format!("/pay/statements/{month}/{}", cast.id("boris"))).await;
        assert!(statement.body.contains("₽400.50"), "the open month is counted again");
        let mut tx = cast.app.db.read().await.expect("reads");
        let broken = super::super::check(&mut tx, cast.org).await.expect("checks");
        assert!(broken.is_empty(), "{broken:?}");
    }

    async fn a_line_is_typed_in_every_detail_and_reads_aloud(t: TestDb) {
        let cast = paid(t).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let (plans, _, _) = actions::list_plans(&mut tx, cast.org).await.expect("reads");
        drop(tx);
        let (olga, page) = (cast.client("olga").await, format!("/pay/plans/{}", plans[1].id));
        let empty: [(&str, &str); 0] = [];
        assert_eq!(olga.post(&format!("{page}/draft"), &empty).await.status, StatusCode::SEE_OTHER);
        let form = |changes: &[(&'static str, &'static str)]| {
            let usual = [
                ("name", "payment-2"), ("trigger", "payment"), ("filter", "tier = 2"),
                ("measure", "amount"), ("once", "subject"), ("period", "month"),
                ("kind", "table"), ("rate", ""), ("by", "measure"), ("reading", "marginal"),
                ("rows", "0 – 10000: 5%\n10000 – 25000: 7%\n25000: 10%"), ("reach", ""),
                ("quota", ""), ("cliff", ""), ("at_once", ""), ("hours", ""),
                ("silence", "passes"), ("cap", "5000"), ("per", "month"),
                ("last_day", "2027-06-30"),
            ];
            let changed = |(name, value): (&'static str, &'static str)| {
                let other = changes.iter().find(|(known, _)| *known == name);
                (name, other.map_or(value, |(_, value)| *value))
            };
            usual.map(changed)
        };
        for (changes, says) in [
            (&[("rows", "0 – 10000: 5%\n11000: 7%")][..], "between the two nobody is paid"),
            (&[("rows", "a lot")], "This is not understood"),
            (&[("filter", "tier >")], "This is not understood"),
            (&[("filter", "tier = 5%")], "not understood from character"),
            (&[("kind", "share"), ("rate", "")], "A percentage from"),
            (&[("hours", "48")], "does not go with what makes the line pay"),
            (&[("name", "")], "required"),
        ] {
            let reply = olga.post(&format!("{page}/components/whole"), &form(changes)).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{changes:?}");
            let is_said = says == "required" || reply.body.contains(says);
            assert!(is_said, "{changes:?} {says}: {}", reply.body);
        }
        let put = olga.post(&format!("{page}/components/whole"), &form(&[])).await;
        assert_eq!(put.status, StatusCode::SEE_OTHER, "{}", put.body);
        let shown = olga.get(&page).await.body;
        assert!(!shown.contains('⟦'), "{shown}");
        for sentence in [
            "Only where the campaign pays for it and the tier = 2.",
            "Over ₽10,000.00 up to ₽25,000.00: 7%.",
            "each rate pays on its own slice alone",
            "At most ₽5,000.00 a month.",
        ] {
            assert!(shown.contains(sentence), "{sentence}: {shown}");
        }
        let what_if = olga.get(&format!("{page}/what-if?first=2026-10&last=2026-11")).await;
        assert_eq!(what_if.status, StatusCode::OK, "{}", what_if.body);
        assert!(what_if.body.contains("By the draft") && !what_if.body.contains('⟦'));
        let boris = cast.client("boris").await;
        assert_eq!(boris.get(&format!("{page}/what-if")).await.status, StatusCode::NOT_FOUND);
        let reversed = olga.get(&format!("{page}/what-if?first=2026-11&last=2026-10")).await;
        assert_eq!(reversed.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn a_statement_goes_along_as_pages_and_as_a_workbook(t: TestDb) {
        let cast = paid(t).await;
        let month = period(&cast, "2026-11").await;
        let base = format!("/pay/statements/{month}/{}", cast.id("boris"));
        let (boris, bella) = (cast.client("boris").await, cast.client("bella").await);
        let page = boris.get(&base).await.body;
        assert!(page.contains("statement.pdf") && page.contains("statement.xlsx"));
        for (end, kind) in [("pdf", "application/pdf"), ("xlsx", "application/vnd.openxml")] {
            let path = format!("{base}/statement.{end}");
            let file = boris.get(&path).await;
            assert_eq!(file.status, StatusCode::OK, "{end}: {}", file.body);
            let told = file.headers.get("content-type").expect("a type");
            assert!(told.to_str().expect("text").starts_with(kind), "{told:?}");
            assert_eq!(bella.get(&path).await.status, StatusCode::NOT_FOUND, "not another's");
        }
        let mut tx = cast.app.db.read().await.expect("reads");
        let subject = format!("{month}:{}", cast.id("boris"));
        let story = events::list_for_subject(&mut tx, cast.org, &subject).await.expect("reads");
        let taken: Vec<_> = story.iter().map(|event| event.detail["what"].clone()).collect();
        assert_eq!(taken, ["statement-pdf", "statement-xlsx"]);
    }

    async fn page_api_and_sums_show_the_same_numbers(t: TestDb) {
        let cast = paid(t).await;
        let boris = cast.client("boris").await;
        for path in ["/pay/me", "/pay"] {
            let reply = boris.get(path).await;
            assert!(reply.status == StatusCode::OK || reply.location.as_deref() == Some("/pay/me"));
        }
        assert!(boris.get("/pay/me").await.body.contains("₽350.00"));
        let olga = cast.client("olga").await;
        let month = period(&cast, "2026-11").await;
        for path in ["/pay".to_owned(), "/pay/plans".to_owned(), format!("/pay/periods/{month}")] {
            let reply = olga.get(&path).await;
            assert_eq!(reply.status, StatusCode::OK, "{path}: {}", reply.body);
            assert!(!reply.body.contains('⟦'), "{path}: {}", reply.body);
        }
        let viewer = cast.viewer("boris").await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let statement =
            actions::statement(&mut tx, &viewer, month, viewer.id()).await.expect("own");
        assert_eq!((statement.earned.minor, statement.closing.minor), (350_00, 350_00));
    }

    async fn an_accountant_drafts_the_usual_plans_and_the_owner_publishes_them(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (olga, pavel) = (cast.client("olga").await, cast.client("pavel").await);
        let boris = cast.client("boris").await;
        let mine = boris.get("/pay/me").await.body;
        assert!(mine.contains("No pay plan applies to you today"), "{mine}");
        let page = pavel.get("/pay/plans").await.body;
        assert!(page.contains("Begin with the usual plans") && page.contains("become drafts"));
        let empty: [(&str, &str); 0] = [];
        let made = pavel.post("/pay/plans/usual", &empty).await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.body);
        let mut tx = cast.app.db.read().await.expect("reads");
        let (plans, versions, _) = actions::list_plans(&mut tx, cast.org).await.expect("reads");
        drop(tx);
        assert_eq!((plans.len(), versions.len()), (3, 0), "nothing is in force yet");
        assert!(plans.iter().all(|plan| plan.draft.is_some()));
        let page = format!("/pay/plans/{}", plans[0].id);
        let seen = seen(&olga.get(&page).await.body);
        let form = [("day", "2026-12-01"), ("revision", &*seen)];
        let approved = olga.post(&format!("{page}/approval"), &form).await;
        assert_eq!(approved.status, StatusCode::SEE_OTHER, "{}", approved.body);
        for client in [&olga, &pavel] {
            let shown = client.get(&page).await.body;
            assert!(shown.contains("it waits to be published"), "{shown}");
        }
        let published = olga.post(&format!("{page}/publication"), &[("confirm", "1")]).await;
        assert_eq!(published.status, StatusCode::SEE_OTHER, "{}", published.body);
        assert!(!olga.get(&page).await.body.contains("it waits to be published"));
    }

    async fn what_was_paid_out_is_called_so(t: TestDb) {
        let cast = paid(t).await;
        cast.clock.set(super::DECEMBER.plus_days(2));
        actions::ensure_months(&cast.act("olga", "months again")).await.expect("months");
        for month in ["2026-10", "2026-11"] {
            let id = period(&cast, month).await;
            let act = |login: &str, step: &str| cast.act(login, &format!("{step} {month}"));
            actions::review(&act("pavel", "review"), id).await.expect("reviewed");
            actions::approve(&act("olga", "approve"), id).await.expect("approved");
            let mut tx = cast.app.db.read().await.expect("reads");
            let all = actions::list_periods(&mut tx, cast.org).await.expect("reads");
            let of = all.iter().find(|one| one.id == id).expect("a period").month;
            let (_, lines) = actions::count_lines(&mut tx, cast.org, of).await.expect("counts");
            drop(tx);
            actions::close(&act("pavel", "close"), id, lines).await.expect("closed");
        }
        let november = period(&cast, "2026-11").await;
        let page = format!("/pay/statements/{november}/{}", cast.id("boris"));
        let body = cast.client("boris").await.get(&page).await.body;
        let last = body.rsplit("Handed over to payroll").next().expect("a line of it");
        assert!(last.contains(">paid out</span>") && !last.contains(">earned</span>"), "{last}");
    }

    async fn payments_come_as_a_file_and_over_the_api_and_stand_beside_what_is_due(t: TestDb) {
        let cast = paid(t).await;
        let month = period(&cast, "2026-11").await;
        let base = format!("/pay/periods/{month}/remittances");
        let (pavel, anna) = (cast.client("pavel").await, cast.client("anna").await);
        assert_eq!(anna.get(&base).await.status, StatusCode::NOT_FOUND, "no head reads it");
        let sent = async |text: &str| {
            let file = ("file", "paid.csv", text.as_bytes());
            pavel.upload(&format!("{base}/file"), &[], file).await
        };
        for (text, says) in [
            ("boris;100,00;2026-11-02\nnobody;5;2026-11-02\n", "Row 2: Nobody has that login"),
            ("boris;100,00;2026-11-03\n", "Row 1: That day has not come yet."),
            ("boris;100,00\n", "Row 1: A row holds a person, a sum and a day"),
            ("boris;ten;2026-11-02\n", "Row 1: "),
        ] {
            let reply = sent(text).await;
            assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{text}");
            assert!(reply.body.contains(says), "{says}: {}", reply.body);
            assert!(reply.body.contains("Nothing of the file was recorded"), "{}", reply.body);
        }
        assert!(!pavel.get(&base).await.body.contains("₽100.00"), "all or nothing");
        let good = "person;sum;day;reference\nboris;100,00;02.11.2026;7\n";
        assert_eq!(sent(good).await.status, StatusCode::SEE_OTHER);
        let page = pavel.get(&base).await.body;
        for says in ["₽350.00", "₽100.00", "₽250.00", "Still to be paid"] {
            assert!(page.contains(says), "{says}: {page}");
        }
        assert!(!page.contains('⟦'), "{page}");
        let gaps = "\r\nperson;sum;day\r\n\r\nboris;1;2026-11-02\r\n\r\nnobody;5;2026-11-02\r\n";
        let refused = sent(gaps).await;
        assert!(refused.body.contains("Row 6: Nobody has that login"), "{}", refused.body);
        let twice = sent(good).await;
        assert!(twice.body.contains("Row 2: The same payment is recorded"), "{}", twice.body);

        let api = cast.api("pavel").await;
        let programs = format!("/api/v1/pay-periods/{month}/remittances");
        let body = |currency: &str| {
            serde_json::json!({ "user": cast.id("boris").to_string(), "paid_on": "2026-11-02",
                "amount": { "minor": 50_00, "currency": currency }, "reference": "8" })
        };
        let mixed = api.post(&programs, &body("EUR")).await;
        assert_eq!(mixed.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", mixed.body);
        assert_eq!(mixed.json()["error"]["fields"]["amount"]["code"], "pay-currency-of-due");
        let made = api.post(&programs, &body("RUB")).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
        let id = made.json()["data"].as_str().expect("an id").to_owned();
        let right = serde_json::json!({ "minor": 60_00, "paid_on": "2026-11-02" });
        let path = format!("/api/v1/pay-remittances/{id}/correction");
        assert_eq!(api.post(&path, &right).await.status, StatusCode::CREATED);
        assert_eq!(api.post(&path, &right).await.status, StatusCode::CONFLICT);
        let told = api.get(&programs).await.json();
        let boris = &told["data"][0];
        assert_eq!(boris["paid"]["minor"], 160_00);
        assert_eq!(boris["difference"]["minor"], 190_00);
        assert_eq!(boris["opening"]["minor"], 0);
        let csv = pavel.get(&format!("{base}.csv")).await;
        assert_eq!(csv.status, StatusCode::OK, "{}", csv.body);
        assert!(csv.body.contains(";boris;0.00;350.00;160.00;190.00;RUB"), "{}", csv.body);
        assert_eq!(anna.get(&format!("{base}.csv")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(boris["remittances"][2]["corrects"], id.as_str());
    }

    async fn who_is_a_contractor_is_noted_on_its_page_and_over_the_api(t: TestDb) {
        let cast = paid(t).await;
        let pavel = cast.client("pavel").await;
        let form = |tax_id: &str| {
            let user = cast.id("boris").to_string();
            [
                ("user", user),
                ("month", "2026-11".to_owned()),
                ("kind", "contractor".to_owned()),
                ("name", "ИП Борис".to_owned()),
                ("tax_id", tax_id.to_owned()),
            ]
        };
        for (tax_id, status) in [
            ("500100732258", StatusCode::UNPROCESSABLE_ENTITY),
            ("500100732259", StatusCode::SEE_OTHER),
        ] {
            let form = form(tax_id);
            let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (*n, v.as_str())).collect();
            let reply = pavel.post("/pay/engagements", &form).await;
            assert_eq!(reply.status, status, "{tax_id}: {}", reply.body);
        }
        let page = pavel.get("/pay/engagements").await.body;
        assert!(page.contains("ИП Борис") && page.contains("contractor"), "{page}");
        assert!(!page.contains('⟦'), "{page}");
        let boris = cast.client("boris").await;
        assert_eq!(boris.get("/pay/engagements").await.status, StatusCode::NOT_FOUND);
        cast.clock.advance_ms(1_000);
        let back = serde_json::json!({ "user": cast.id("boris").to_string(), "month": "2026-11",
            "kind": "employee" });
        let reply = cast.api("pavel").await.post("/api/v1/pay-engagements", &back).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{}", reply.body);
        assert!(!pavel.get("/pay/engagements").await.body.contains("ИП Борис"));
    }

    async fn a_contractor_reads_their_invoice_on_a_page_as_a_file_and_over_the_api(t: TestDb) {
        let cast = paid(t).await;
        let october = period(&cast, "2026-10").await;
        let pavel = cast.viewer("pavel").await;
        let engagement = Engagement::Contractor {
            name: "=ИП Соня".to_owned(),
            tax_id: "500100732259".to_owned(),
        };
        let whom = (cast.id("sonya"), "2026-10".parse::<Month>().expect("a month"));
        let act = cast.act("pavel", "engage");
        actions::engage(&act, &pavel, whom, engagement).await.expect("noted");
        actions::review(&cast.act("pavel", "review"), october).await.expect("reviewed");
        actions::approve(&cast.act("olga", "approve"), october).await.expect("approved");
        actions::close(&cast.act("pavel", "close"), october, 1).await.expect("closed");
        let (sonya, user) = (cast.client("sonya").await, cast.id("sonya"));
        let base = format!("/pay/invoices/{october}/{user}");
        let statement = sonya.get(&format!("/pay/statements/{october}/{user}")).await.body;
        assert!(statement.contains(&format!("href=\"{base}\"")), "{statement}");
        let page = sonya.get(&base).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(page.body.contains("₽50,000.00") && page.body.contains("500100732259"));
        assert!(!page.body.contains('⟦'), "{}", page.body);
        let file = sonya.get(&format!("{base}/invoice.csv")).await.body;
        let cells = ";'=ИП Соня;Tax number 500100732259;";
        assert!(file.contains(cells), "no cell is a formula or a number: {file}");
        assert!(file.contains(";Salary;50000.00;RUB;50000.00\r\n"), "{file}");
        let api = cast.api("sonya").await;
        let told = api.get(&format!("/api/v1/pay-periods/{october}/invoices/{user}")).await.json();
        assert_eq!(told["data"]["total"]["minor"], 50_000_00);
        assert_eq!(told["data"]["lines"][0]["gross"]["minor"], 50_000_00);
        let boris = cast.client("boris").await;
        for path in [base.clone(), format!("{base}/invoice.csv")] {
            assert_eq!(boris.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }
}
