//! A call is kept under the version of the script that was seen, and judged by it.

use super::*;

async fn write(floor: &Floor, body: &str) {
    let (act, anna) = (floor.cast.act("anna", "second"), floor.cast.viewer("anna").await);
    let written = campaigns::actions::write_script(&act, &anna, floor.campaign, body).await;
    written.expect("a version");
}

fn seen(version: &str, form: CallForm) -> CallForm {
    CallForm { script_version: version.to_owned(), ..form }
}

fn wrong(outcome: Outcome<Recorded>) -> Vec<&'static str> {
    match outcome {
        Err(Error::Invalid(fields)) => fields.0.into_keys().collect(),
        other => panic!("{other:?}"),
    }
}

async fn version(floor: &Floor, done: &Recorded) -> Option<i64> {
    let mut tx = floor.cast.app.db.begin().await.expect("begins");
    let found = store::find_call_for_update(&mut tx, floor.cast.org, done.call).await;
    found.expect("reads").expect("a call").0.script_version
}

both! {
    async fn a_call_is_judged_by_the_script_that_was_seen(t: TestDb) {
        let floor = Floor::open(t, 4).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let page = floor.cast.client("boris").await.get(&format!("/leads/{}", grant.lead)).await;
        let field = "name=\"script_version\" value=\"1\"";
        assert!(page.body.contains(field), "{}", page.body);
        // While they talk somebody writes another: two branches, and no checkpoint.
        write(&floor, "> Good day\n= By price\n> Compare\n= By time\n> In time").await;
        let branch = || CallForm { branch: "1".to_owned(), ..form("not_reached") };
        let cp = |n: usize| match n {
            1 => CallForm { cp1: "on".to_owned(), ..form("not_reached") },
            _ => CallForm { cp8: "on".to_owned(), ..form("not_reached") },
        };
        assert_eq!(wrong(record(&floor, grant, seen("1", branch())).await), ["branch"]);
        assert_eq!(wrong(record(&floor, grant, seen("1", cp(8))).await), ["cp8"]);
        assert_eq!(wrong(record(&floor, grant, seen("2", cp(1))).await), ["cp1"]);
        assert_eq!(wrong(record(&floor, grant, cp(1)).await), ["cp1"], "the newest is meant");
        for never in ["3", "0", "-1", "first"] {
            let told = record(&floor, grant, seen(never, form("not_reached"))).await;
            assert_eq!(wrong(told), ["script_version"], "{never}");
        }
        let done = record(&floor, grant, seen("1", cp(1))).await.expect("recorded");
        assert_eq!(version(&floor, &done).await, Some(1));
        let next = done.next.expect("the next company");
        let done = record(&floor, next, seen("2", branch())).await.expect("recorded");
        assert_eq!(version(&floor, &done).await, Some(2));
        let next = done.next.expect("the next company");
        let done = record(&floor, next, form("not_reached")).await.expect("recorded");
        assert_eq!(version(&floor, &done).await, Some(2), "the newest where none is named");
    }

    async fn what_was_ticked_under_another_script_is_not_ticked_under_this(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let boris = floor.cast.client("boris").await;
        let typed = [("generation", "1"), ("outcome", "refusal"), ("script_version", "1"),
            ("cp1", "on"), ("note", "see above")];
        let path = format!("/leads/{}/calls", grant.lead);
        let again = boris.post(&path, &typed).await.body;
        let ticked = "name=\"cp1\" form=\"wrap\" value=\"on\" checked";
        assert!(again.contains(ticked) && again.contains("see above"), "{again}");
        write(&floor, "[ ] Something else").await;
        let again = boris.post(&path, &typed).await.body;
        assert!(!again.contains(ticked) && again.contains("see above"), "{again}");
        assert!(again.contains("name=\"script_version\" value=\"2\""), "{again}");
    }
}
