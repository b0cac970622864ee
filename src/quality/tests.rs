use std::collections::BTreeSet;

use serde_json::json;

use super::score::{Cap, Facts, Score};
use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::alike::Known;
use crate::companies::suppression::Wanted;
use crate::companies::{self, Company, CompanyEmail, CompanyPhone, Contact, NewCompany, Standing};
use crate::leads::floor::{self, Floor};
use crate::merges;
use crate::storage::testing::MONDAY;
use crate::verification::{About, Ageing, CheckedBy, Field, Finding, Rule, Verification};

mod lists;
mod order;
mod races;
mod validity;

/// Brings the scores of a firm up to date.
pub(crate) async fn score_all(cast: &Cast) {
    cast.clock.advance_ms(10_000);
    let act = crate::storage::Act { actor: None, key: None, ..cast.act("anna", "score") };
    while actions::step(&act).await.expect("a step") {}
}

fn bare(name: &str) -> Known {
    let company = Company {
        id: CompanyId::fresh(MONDAY),
        number: 1,
        name: name.to_owned(),
        full_name: None,
        legal_form: None,
        tax_id: None,
        kpp: None,
        ogrn: None,
        city: None,
        zone: None,
        address: None,
        website: None,
        industry: None,
        source: None,
        lead: None,
        lead_tier: None,
        team: None,
        import: None,
        merged_into: None,
        removed_at: None,
        version: 1,
        made_at: MONDAY,
    };
    Known::bare(company)
}

fn phone(known: &Known, number: &str, standing: Standing) -> CompanyPhone {
    CompanyPhone {
        id: PhoneId::fresh(MONDAY),
        company: known.company.id,
        contact: None,
        phone: Phone::stored(number.to_owned(), None),
        label: None,
        standing,
        held_until: None,
    }
}

fn person(known: &Known, role: Option<&str>, is_decision_maker: bool) -> Contact {
    Contact {
        id: ContactId::fresh(MONDAY),
        company: known.company.id,
        name: "Пётр Льнов".to_owned(),
        role: role.map(str::to_owned),
        is_decision_maker,
        gone_at: None,
        gone_reason: None,
        version: 1,
    }
}

/// A company of which everything is known.
fn full() -> Known {
    let mut known = bare("ООО «Лён»");
    let company = &mut known.company;
    company.tax_id = Some("7714239823".to_owned());
    company.city = Some("Москва".to_owned());
    company.website = Some("len.example".to_owned());
    company.industry = Some("ткани".to_owned());
    let decider = person(&known, Some("директор"), true);
    let own =
        CompanyPhone { contact: Some(decider.id), ..phone(&known, "+79162234567", Standing::Good) };
    known.phones = vec![own, phone(&known, "+74952234567", Standing::Unknown)];
    let address = "petr@len.example".to_owned();
    known.emails = vec![CompanyEmail { contact: None, address }];
    known.contacts = vec![decider];
    known
}

/// No number is banned.
static NOBODY: BTreeSet<PhoneId> = BTreeSet::new();

fn check(field: Field, finding: Finding, days_ago: i64) -> Verification {
    Verification {
        id: VerificationId::fresh(MONDAY),
        field,
        finding,
        source: CheckedBy::Call,
        note: None,
        actor: None,
        made_at: MONDAY.plus_days(-days_ago),
        about: About::default(),
    }
}

fn facts<'a>(known: &'a Known, checks: &'a [Verification]) -> Facts<'a> {
    let banned_phones = &NOBODY;
    Facts { known, checks, answered_at: None, is_banned: false, banned_phones, duplicate: 0.0 }
}

fn score(facts: &Facts<'_>) -> Score {
    Score::of(facts, &Weights::default(), &Ageing::default(), MONDAY)
}

#[test]
fn each_part_is_what_it_says() {
    let all = full();
    let checks: Vec<Verification> =
        Field::ALL.iter().map(|field| check(*field, Finding::Confirmed, 0)).collect();
    let best = score(&facts(&all, &checks));
    // 1 - 0.4 × 0.75 × 0.75 of a named mobile, a landline and a personal address.
    assert_eq!(best.parts, [1000, 1000, 1000, 1000, 775, 1000]);
    // (20×1000 + 20×1000 + 15×1000 + 15×1000 + 20×775 + 10×1000) / 100
    assert_eq!((best.whole, best.cap), (955, None));

    let name_only = bare("Лён");
    let worst = score(&facts(&name_only, &[]));
    assert_eq!(worst.parts, [200, 0, 1000, 0, 0, 0], "a name is 4 of 20");
    assert_eq!((worst.whole, worst.cap), (190, None), "it is below every cap already");
}

#[test]
fn a_value_ages_to_a_half_by_its_half_life_and_what_is_wrong_is_worth_nothing() {
    let mut known = bare("Лён");
    known.phones = vec![phone(&known, "+74952234567", Standing::Unknown)];
    let fresh =
        |checks: &[Verification]| score(&facts(&known, checks)).parts[Part::Freshness as usize];
    for (what, checks, expected) in [
        ("just confirmed", vec![check(Field::Phone, Finding::Confirmed, 0)], 1000),
        ("a half-life ago", vec![check(Field::Phone, Finding::Corrected, 360)], 500),
        ("two half-lives ago", vec![check(Field::Phone, Finding::Confirmed, 720)], 250),
        ("never: half a year older than its import", vec![], 707),
    ] {
        assert_eq!(fresh(&checks), expected, "{what}");
    }
    let answered = Facts { answered_at: Some(MONDAY), ..facts(&known, &[]) };
    assert_eq!(score(&answered).parts[Part::Freshness as usize], 1000, "who answers confirms");
    let mut dead = known.clone();
    dead.phones[0].standing = Standing::Dead;
    let wrong = [check(Field::Phone, Finding::Wrong, 0)];
    let lowered = score(&facts(&dead, &wrong));
    assert_eq!(lowered.parts[Part::Freshness as usize], 0);
    assert_eq!(lowered.due_at[Field::Phone as usize], Some(Instant(0)), "it is due at once");
    let slower = Rule { half_life_months: 24, due_percent: 50 };
    let ageing = Ageing::default().with(Field::Phone, slower);
    let checks = [check(Field::Phone, Finding::Confirmed, 720)];
    let facts = facts(&known, &checks);
    let slow = Score::of(&facts, &Weights::default(), &ageing, MONDAY);
    assert_eq!(slow.parts[Part::Freshness as usize], 500, "the owner's half-life counts");
}

#[test]
fn caps_keep_a_score_down_and_a_ban_leaves_no_channel() {
    let all = full();
    let checks: Vec<Verification> =
        Field::ALL.iter().map(|field| check(*field, Finding::Confirmed, 0)).collect();
    let twice = Facts { duplicate: 0.95, ..facts(&all, &checks) };
    let twice = score(&twice);
    assert_eq!((twice.whole, twice.cap), (600, Some(Cap::Duplicate)));
    assert_eq!(twice.parts[Part::Uniqueness as usize], 50);
    let banned = Facts { is_banned: true, ..facts(&all, &checks) };
    let banned = score(&banned);
    assert_eq!((banned.whole, banned.cap), (300, Some(Cap::Unreachable)));
    let own = BTreeSet::from([all.phones[0].id]);
    let one = score(&Facts { banned_phones: &own, ..facts(&all, &checks) });
    // 1 - 0.75 × 0.75 of the landline and the personal address; they decide, through the office.
    assert_eq!(one.parts[Part::Contactability as usize], 438, "a banned number is no channel");
    assert_eq!(one.parts[Part::DecisionMaker as usize], 600, "nor a way to who decides");
    assert_eq!(one.parts[Part::Freshness as usize], 1000, "it is no less true");
    let likely = Facts { duplicate: 0.6, ..facts(&all, &checks) };
    assert_eq!(score(&likely).cap, None, "what is only likely caps nothing");
    let mut left = all.clone();
    left.phones.truncate(1);
    left.emails.clear();
    left.contacts[0].gone_at = Some(MONDAY);
    let left = score(&facts(&left, &checks));
    assert_eq!(left.cap, Some(Cap::Unreachable), "the own number of who left leads nowhere");
}

#[test]
fn who_decides_is_worth_by_the_way_to_them() {
    let decides = |change: fn(&mut Known)| {
        let mut known = full();
        change(&mut known);
        score(&facts(&known, &[])).parts[Part::DecisionMaker as usize]
    };
    assert_eq!(decides(|_| {}), 1000, "by their own number");
    assert_eq!(decides(|known| known.phones[0].contact = None), 600, "through the office");
    assert_eq!(decides(|known| known.phones.clear()), 300, "no way at all");
    assert_eq!(decides(|known| known.contacts[0].is_decision_maker = false), 300, "a director");
    assert_eq!(
        decides(|known| {
            known.contacts[0].is_decision_maker = false;
            known.contacts[0].role = Some("бухгалтер".to_owned());
        }),
        100,
        "a role"
    );
    assert_eq!(decides(|known| known.contacts[0].gone_at = Some(MONDAY)), 0, "who left");
}

#[test]
fn weights_are_the_owners_and_nought_leaves_a_part_out() {
    let all = full();
    let facts = facts(&all, &[]);
    let only = |part: Part| {
        let mut weights = Weights([0; PARTS]);
        weights.0[part as usize] = 7;
        Score::of(&facts, &weights, &Ageing::default(), MONDAY)
    };
    for part in Part::ALL {
        let score = only(*part);
        assert_eq!(score.whole, score.parts[*part as usize], "{part:?}");
    }
    assert!(!Weights([0; PARTS]).check().0.is_empty());
    assert!(!Weights([101, 0, 0, 0, 0, 0]).check().0.is_empty());
    assert!(Weights::default().check().0.is_empty());
}

/// Three companies: two that are one by their tax number, one that stands alone.
async fn base(cast: &Cast) -> Vec<CompanyId> {
    let named = |number: usize, tax_id: Option<&str>| NewCompany {
        tax_id: tax_id.map(str::to_owned),
        source: Some("Выставка".to_owned()),
        ..floor::company(number)
    };
    let all = [named(1, Some("7714239823")), named(2, None), named(1, Some("7714239823"))];
    floor::add(cast, &all).await
}

both! {
    async fn scores_follow_the_base_and_each_figure_opens_its_records(t: TestDb) {
        let cast = Cast::gather(t).await;
        let olga = cast.client("olga").await;
        assert!(olga.get("/quality").await.body.contains("No score yet"));
        let ids = base(&cast).await;
        score_all(&cast).await;
        let api = cast.api("olga").await;
        let shown = api.get(&format!("/api/v1/companies/{}/score", ids[0])).await.json();
        assert_eq!(shown["data"]["cap"], json!(null), "it is below the cap: {shown}");
        assert_eq!(shown["data"]["parts"]["uniqueness"], 5);
        let alone = api.get(&format!("/api/v1/companies/{}/score", ids[1])).await.json();
        assert_eq!(alone["data"]["parts"]["uniqueness"], 100, "{alone}");
        let page = olga.get("/quality").await.body;
        assert!(page.contains("3 companies") && page.contains("Выставка"), "{page}");
        assert!(page.contains(">not searched yet</a>"), "{page}");
        assert_eq!(api.get("/api/v1/quality").await.json()["data"][0]["is_searched"], false);
        merges::actions::start_scan(&cast.act("olga", "scan")).await.expect("starts");
        let page = olga.get("/quality").await.body;
        assert!(page.contains(">not searched yet</a>"), "it is not at its end: {page}");
        cast.settle().await;
        let page = olga.get("/quality").await.body;
        assert!(!page.contains("not searched yet"), "{page}");
        assert_eq!(api.get("/api/v1/quality").await.json()["data"][0]["is_searched"], true);
        for part in Part::ALL {
            let path = format!("/quality/records?part={}", part.code());
            let behind = olga.get(&path).await.body;
            assert_eq!(behind.matches("data-open").count(), 3, "{behind}");
        }
        let path = "/api/v1/quality/records?part=uniqueness&limit=2";
        let first = api.get(path).await.json();
        let worst: Vec<i64> = first["data"].as_array().expect("rows").iter()
            .filter_map(|row| row["part"].as_i64()).collect();
        assert_eq!(worst, [50, 50], "the worst first");
        let next = first["next"].as_str().expect("more").to_owned();
        let rest = api.get(&format!("{path}&after={next}")).await.json();
        assert_eq!(rest["data"][0]["company"], json!(ids[1]));
        let key = "%D0%92%D1%8B%D1%81%D1%82%D0%B0%D0%B2%D0%BA%D0%B0";
        let source = format!("/api/v1/quality?scope=source&key={key}");
        assert_eq!(api.get(&source).await.json()["data"][0]["companies"], 3);
        assert_eq!(api.get("/api/v1/quality?scope=source&key=no").await.status.as_u16(), 404);
        assert_eq!(api.get("/api/v1/quality?scope=moon").await.status.as_u16(), 404);
        assert_eq!(cast.client("boris").await.get("/quality").await.status.as_u16(), 404);
    }

    async fn what_happens_is_scored_again_and_the_days_are_kept(t: TestDb) {
        let cast = Cast::gather(t).await;
        let ids = base(&cast).await;
        score_all(&cast).await;
        let api = cast.api("olga").await;
        let path = format!("/api/v1/companies/{}/score", ids[1]);
        let before = api.get(&path).await.json();
        let sent = json!({ "field": "phone", "finding": "confirmed", "source": "website" });
        api.post(&format!("/api/v1/companies/{}/checks", ids[1]), &sent).await;
        score_all(&cast).await;
        let after = api.get(&path).await.json();
        let fresh = |shown: &serde_json::Value| shown["data"]["parts"]["freshness"].as_i64();
        assert!(fresh(&after) > fresh(&before), "{after}");
        cast.clock.advance_ms(DAY_MS);
        {
            let act = cast.act("anna", "gone");
            let mut tx = act.db.begin().await.expect("begins");
            companies::actions::remove_many_in(&mut tx, &act, &ids[2..]).await.expect("removed");
            tx.commit().await.expect("kept");
        }
        score_all(&cast).await;
        let days = api.get("/api/v1/quality").await.json();
        let days = days["data"].as_array().expect("days");
        let counts: Vec<i64> = days.iter().filter_map(|day| day["companies"].as_i64()).collect();
        assert_eq!(counts, [3, 2], "yesterday stays as it was");
        assert!(cast.client("olga").await.get("/quality").await.body.contains("polyline"));
    }

    async fn the_end_of_long_work_is_not_missed_behind_events_of_its_time(t: TestDb) {
        let cast = Cast::gather(t).await;
        let ids = base(&cast).await;
        let began = cast.act("anna", "long");
        cast.clock.advance_ms(MINUTE_MS);
        let api = cast.api("olga").await;
        let sent = json!({ "field": "phone", "finding": "confirmed", "source": "website" });
        api.post(&format!("/api/v1/companies/{}/checks", ids[1]), &sent).await;
        score_all(&cast).await;
        let new = floor::add(&cast, &[floor::company(7)]).await[0];
        let path = format!("/api/v1/companies/{new}/score");
        score_all(&cast).await;
        assert_eq!(api.get(&path).await.status.as_u16(), 404, "nothing told of it");
        let mut tx = began.db.begin().await.expect("begins");
        let done = crate::events::Event::new(crate::events::Kind::ImportCommitted, new);
        done.record(&mut tx, &began).await.expect("recorded");
        tx.commit().await.expect("kept");
        cast.settle().await;
        score_all(&cast).await;
        assert_eq!(api.get(&path).await.status.as_u16(), 200);
    }

    async fn the_owner_sets_weights_and_ageing_and_nobody_else(t: TestDb) {
        let cast = Cast::gather(t).await;
        let ids = base(&cast).await;
        score_all(&cast).await;
        let olga = cast.client("olga").await;
        let typed = |completeness: &'static str| [
            ("completeness", completeness), ("validity", "0"), ("uniqueness", "0"),
            ("freshness", "0"), ("contactability", "0"), ("decision_maker", "0"),
        ];
        let wrong = olga.post("/quality/weights", &typed("много")).await;
        assert_eq!(wrong.status.as_u16(), 422);
        assert!(wrong.body.contains("value=\"много\""), "what was typed is kept");
        assert_eq!(olga.post("/quality/weights", &typed("0")).await.status.as_u16(), 422);
        assert_eq!(olga.post("/quality/weights", &typed("10")).await.status.as_u16(), 303);
        score_all(&cast).await;
        let api = cast.api("olga").await;
        let alone = api.get(&format!("/api/v1/companies/{}/score", ids[1])).await.json();
        assert_eq!(alone["data"]["score"], alone["data"]["parts"]["completeness"], "{alone}");
        let twin = api.get(&format!("/api/v1/companies/{}/score", ids[0])).await.json();
        assert_eq!(twin["data"]["score"], 60, "{twin}");
        assert_eq!(twin["data"]["cap"], "duplicate");
        let rule = json!({ "rules": [
            { "field": "phone", "half_life_months": 3, "due_percent": 80 } ] });
        assert_eq!(api.post("/api/v1/quality/ageing", &rule).await.status.as_u16(), 200);
        let kept = api.get("/api/v1/quality/ageing").await.json();
        assert_eq!(kept["data"][0]["half_life_months"], 3, "{kept}");
        let absurd = json!({ "rules": [
            { "field": "phone", "half_life_months": 0, "due_percent": 80 } ] });
        assert_eq!(api.post("/api/v1/quality/ageing", &absurd).await.status.as_u16(), 422);
        assert_eq!(api.get("/api/v1/quality/weights").await.json()["data"]["completeness"], 10);
        let settings = olga.get("/quality/settings").await.body;
        assert!(settings.contains("value=\"80\""), "{settings}");
        let mut form: Vec<(&str, &str)> = Vec::new();
        for field in Field::ALL {
            let (months, percent) = field.setting_names();
            form.extend([(months, "6"), (percent, "50")]);
        }
        assert_eq!(olga.post("/quality/ageing", &form).await.status.as_u16(), 303);
        form[0].1 = "сто";
        assert_eq!(olga.post("/quality/ageing", &form).await.status.as_u16(), 422);
        let anna = cast.client("anna").await;
        assert_eq!(anna.post("/quality/weights", &typed("10")).await.status.as_u16(), 404);
        assert_eq!(anna.get("/quality/settings").await.status.as_u16(), 404);
        assert_eq!(anna.get("/quality").await.status.as_u16(), 200);
    }

    async fn two_that_were_said_to_be_different_lower_no_score(t: TestDb) {
        use crate::merges::actions::{Answer, decide, find_pair, name_pair, reopen, start_scan};
        let cast = Cast::gather(t).await;
        let mut twins = [floor::company(1), floor::company(2)];
        twins[1].phones = twins[0].phones.clone();
        let ids = floor::add(&cast, &twins).await;
        let api = cast.api("olga").await;
        let unique = async |id: CompanyId| {
            score_all(&cast).await;
            let shown = api.get(&format!("/api/v1/companies/{id}/score")).await.json();
            shown["data"]["parts"]["uniqueness"].as_i64().expect("a part")
        };
        assert!(unique(ids[0]).await < 100, "they share a number");
        let olga = cast.viewer("olga").await;
        let number = {
            let mut tx = cast.app.db.read().await.expect("reads");
            let other = companies::actions::find(&mut tx, cast.org, ids[1]).await.expect("reads");
            other.expect("a company").number
        };
        let id = name_pair(&cast.act("olga", "name"), &olga, ids[0], number).await.expect("named");
        assert_eq!(unique(ids[1]).await, 5, "somebody said so");
        let pair = {
            let mut tx = cast.app.db.read().await.expect("reads");
            find_pair(&mut tx, &olga, id, cast.clock.now()).await.expect("reads")
        };
        let answer = Answer::Apart(crate::merges::PairState::Different);
        let act = cast.act("olga", "different");
        decide(&act, &olga, id, pair.version, &answer).await.expect("decided");
        assert_eq!((unique(ids[0]).await, unique(ids[1]).await), (100, 100), "of both");
        start_scan(&cast.act("olga", "scan")).await.expect("starts");
        cast.settle().await;
        assert_eq!((unique(ids[0]).await, unique(ids[1]).await), (100, 100), "searched anew");
        reopen(&cast.act("olga", "reopen"), &olga, id).await.expect("reopened");
        assert!(unique(ids[1]).await < 100, "it waits for a decision again");
    }

    async fn a_branch_that_is_tied_to_its_head_lowers_no_score(t: TestDb) {
        use crate::companies::ties::{Tie, TieKind};
        let cast = Cast::gather(t).await;
        let mut twins = [floor::company(1), floor::company(2)];
        twins[1].phones = twins[0].phones.clone();
        let ids = floor::add(&cast, &twins).await;
        let act = cast.act("anna", "tie");
        let (kind, company, other) = (TieKind::Branch, ids[1], ids[0]);
        let tie = Tie { id: TieId::fresh(act.now), kind, company, other, made_at: act.now };
        let mut tx = act.db.begin().await.expect("begins");
        companies::actions::write_ties_in(&mut tx, &act, &[tie]).await.expect("tied");
        tx.commit().await.expect("kept");
        score_all(&cast).await;
        for id in ids {
            let path = format!("/api/v1/companies/{id}/score");
            let shown = cast.api("olga").await.get(&path).await.json();
            assert_eq!(shown["data"]["parts"]["uniqueness"], 100, "{shown}");
        }
    }

    async fn a_campaign_has_a_score_of_its_own_companies(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let cast = &floor.cast;
        floor::add_one(cast, &floor::company(9)).await;
        let act = cast.act("anna", "ban");
        let anna = cast.viewer("anna").await;
        let how = Wanted::whole(companies::Channel::All, companies::SuppressReason::Asked);
        let banned = crate::calls::complaints::suppress(&act, &anna, floor.companies[0], how).await;
        banned.expect("banned");
        crate::schedule::sweep(&cast.app.db, &cast.clock).await.expect("sweeps");
        score_all(cast).await;
        let api = cast.api("olga").await;
        let path = format!("/api/v1/quality?scope=campaign&key={}", floor.campaign);
        assert_eq!(api.get(&path).await.json()["data"][0]["companies"], 2);
        let shown = api.get(&format!("/api/v1/companies/{}/score", floor.companies[0])).await;
        assert_eq!(shown.json()["data"]["parts"]["contactability"], 0, "{}", shown.body);
        let path = format!("/quality/records?scope=campaign&key={}", floor.campaign);
        let behind = cast.client("olga").await.get(&path).await.body;
        assert_eq!(behind.matches("data-open").count(), 2, "{behind}");
        let page = format!("/quality?scope=campaign&key={}", floor.campaign);
        assert!(cast.client("olga").await.get(&page).await.body.contains("spring"));
    }
}
