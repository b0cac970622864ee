//! What becomes of calls by version and branch of the script.

use super::*;
use crate::calls::results::CallForm;
use crate::leads::floor::Floor as Hall;
use crate::reports::scripts::{Said, Tally};
use crate::reports::scripts::{ScriptCount, bounds, fold};

#[test]
fn a_share_has_the_bounds_of_wilson() {
    // Newcombe (1998), table I, method 3; the last is that of nought of ten.
    for (part, whole, expected) in [
        (81, 263, Some((255, 366))),
        (15, 148, Some((62, 160))),
        (0, 20, Some((0, 161))),
        (1, 29, Some((6, 172))),
        (0, 10, Some((0, 278))),
        (10, 10, Some((722, 1_000))),
        (0, 0, None),
    ] {
        assert_eq!(bounds(part, whole), expected, "{part} of {whole}");
    }
}

#[test]
fn a_version_is_the_sum_of_its_branches() {
    let (campaign, anna, boris) =
        (CampaignId::fresh(MONDAY), UserId::fresh(MONDAY), UserId::fresh(MONDAY));
    let said = |version, branch, caller, [calls, talks, meetings, refusals]: [i64; 4]| Said {
        campaign,
        version,
        branch,
        caller,
        reason: (refusals > 0).then(|| "no_budget".to_owned()),
        calls,
        talks,
        meetings,
        refusals,
    };
    let all = [
        said(1, 0, anna, [9, 4, 1, 0]),
        said(2, 0, anna, [5, 1, 0, 0]),
        said(2, 1, boris, [4, 4, 2, 0]),
        said(2, 1, boris, [3, 3, 0, 3]),
    ];
    let filter = Filter::default();
    let parts = fold(&all, (&Sight::All, &filter));
    let keys: Vec<(i64, Option<i64>)> = parts.keys().map(|(_, v, b)| (*v, *b)).collect();
    assert_eq!(keys, [(1, None), (2, None), (2, Some(0)), (2, Some(1))], "none was marked in 1");
    let whole: &Tally = &parts[&(campaign, 2, None)];
    assert_eq!((whole.calls, whole.talks, whole.meetings, whole.refusals), (12, 8, 2, 3));
    assert_eq!(whole.reasons["no_budget"], 3);
    assert_eq!(whole.base(ScriptCount::Meetings), Some(8));
    let own = Sight::People(BTreeSet::from([anna]));
    assert_eq!(fold(&all, (&own, &filter))[&(campaign, 2, None)].calls, 5);
    assert!(fold(&all, (&Sight::Campaigns(BTreeSet::new()), &filter)).is_empty());
}

/// Boris calls with what he leased, and takes the next.
async fn call(hall: &Hall, form: CallForm) {
    let key = form.note.clone();
    let grant = hall.lease("boris", &key).await.expect("a company");
    let boris = hall.cast.viewer("boris").await;
    let form = CallForm { generation: grant.generation, then: "pause".to_owned(), ..form };
    let act = hall.cast.act("boris", &format!("call {key}"));
    crate::calls::actions::record(&act, &boris, grant.lead, &form).await.expect("recorded");
}

/// A version of the script with two branches.
async fn write_two_branches(hall: &Hall) {
    let anna = hall.cast.viewer("anna").await;
    let body = "> Добрый день\n= Через цену\n> Сравните\n= Через сроки\n> Успеем";
    let act = hall.cast.act("anna", "second");
    crate::campaigns::actions::write_script(&act, &anna, hall.campaign, body)
        .await
        .expect("a version");
}

fn form(key: &str, outcome: &str, branch: &str) -> CallForm {
    CallForm {
        note: key.to_owned(),
        outcome: outcome.to_owned(),
        branch: branch.to_owned(),
        ..CallForm::default()
    }
}

both! {
    async fn every_number_of_the_scripts_opens_its_calls(t: TestDb) {
        let hall = Hall::open(t, 6).await;
        call(&hall, form("1", "not_reached", "")).await;
        write_two_branches(&hall).await;
        let meeting = CallForm {
            passport_who: "директор".to_owned(),
            passport_need: "каталог".to_owned(),
            passport_next_step: "показ".to_owned(),
            meeting: "завтра 12".to_owned(),
            ..form("2", "qualified", "1")
        };
        call(&hall, meeting).await;
        let refusal = CallForm { reason: "no_budget".to_owned(), ..form("3", "refusal", "2") };
        call(&hall, refusal).await;
        call(&hall, form("4", "not_reached", "")).await;
        let page = hall.cast.client("anna").await.get("/reports/scripts").await.body;
        for text in ["version 1", "version 2", "Через цену", "Через сроки", "no branch", "50.0%"] {
            assert!(page.contains(text), "{text}: {page}");
        }
        assert!(!page.contains('⟦'), "{page}");
        let api = hall.cast.api("anna").await;
        let told = api.get("/api/v1/reports/scripts").await.json();
        let rows = told["data"].as_array().expect("rows");
        let whole = |row: &Value, name: &str| row[name].as_i64().expect("a number");
        let places: Vec<(i64, Option<i64>)> =
            rows.iter().map(|row| (whole(row, "version"), row["branch"].as_i64())).collect();
        let expected = [(1, None), (2, None), (2, Some(0)), (2, Some(1)), (2, Some(2))];
        assert_eq!(places, expected, "{told}");
        let values = |row: &Value| -> Vec<i64> {
            let counts = row["counts"].as_array().expect("counts");
            counts.iter().map(|one| one["value"].as_i64().expect("a number")).collect()
        };
        assert_eq!(values(&rows[1]), [3, 2, 1, 1]);
        assert_eq!((values(&rows[3]), values(&rows[4])), (vec![1, 1, 1, 0], vec![1, 1, 0, 1]));
        assert_eq!(rows[4]["reasons"]["no_budget"], 1);
        let of = format!("campaign={}&version=2", hall.campaign);
        let anna = hall.cast.client("anna").await;
        for (query, expected) in [
            ("count=calls", 3),
            ("count=conversations", 2),
            ("count=meetings", 1),
            ("count=refusals&branch=2&reason=no_budget", 1),
            ("count=refusals&branch=1", 0),
            ("count=calls&branch=0", 1),
        ] {
            let path = format!("/reports/scripts/records?{of}&{query}");
            let page = anna.get(&path).await.body;
            assert!(page.contains(&format!("<p>{expected} · ")), "{query}: {page}");
            let path = format!("/api/v1/reports/scripts/records?{of}&{query}");
            let listed = api.get(&path).await.json();
            assert_eq!(listed["data"].as_array().map(Vec::len), Some(expected), "{query}");
        }
        let file = anna.get("/reports/scripts.csv").await.body;
        assert!(file.contains("Через сроки;1;1;"), "{file}");
        for path in ["/api/v1/reports/scripts/records", "/api/v1/reports/scripts?period=never"] {
            assert_eq!(api.get(path).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        }
        let gleb = hall.cast.api("gleb").await.get("/api/v1/reports/scripts").await.json();
        assert_eq!(gleb["data"].as_array().map(Vec::len), Some(0), "another team's head: {gleb}");
        let boris = hall.cast.client("boris").await;
        assert_eq!(boris.get("/reports/scripts").await.status, StatusCode::NOT_FOUND);
    }
}

both! {
    async fn a_branch_the_script_has_not_is_refused(t: TestDb) {
        let hall = Hall::open(t, 6).await;
        write_two_branches(&hall).await;
        let grant = hall.lease("boris", "no such branch").await.expect("a company");
        let strange = CallForm { generation: grant.generation, ..form("5", "not_reached", "3") };
        let (act, boris) = (hall.cast.act("boris", "third"), hall.cast.viewer("boris").await);
        let told = crate::calls::actions::record(&act, &boris, grant.lead, &strange).await;
        let Err(Error::Invalid(fields)) = told else { panic!("it has two: {told:?}") };
        assert!(fields.0.contains_key("branch"), "{fields:?}");
    }
}
