//! What a head is told of the three tiers.

use super::*;

both! {
    async fn a_head_is_told_no_noughts_of_tiers_that_are_not_theirs(t: TestDb) {
        let floor = Floor::build(t).await;
        floor.work().await;
        let codes = async |login: &str| {
            let report = floor.ask(login, "/api/v1/reports/funnel?period=90_days").await;
            let all = report["steps"].as_array().expect("steps").clone();
            let codes = all.into_iter().map(|one| one["step"].as_str().expect("code").to_owned());
            codes.collect::<BTreeSet<_>>()
        };
        let all: BTreeSet<_> = Step::ALL.iter().map(|step| step.code().to_owned()).collect();
        assert_eq!(codes("olga").await, all);
        assert_eq!(codes("prokhor").await, all, "of a campaign one is told all that came of it");
        let first = codes("gleb").await;
        for step in [Step::Won, Step::Contracts, Step::Paid, Step::Clients, Step::Delivered] {
            assert!(!first.contains(step.code()), "{first:?}");
        }
        assert!(first.contains(Step::Missed.code()), "nought of their own is told: {first:?}");
        let (gleb, olga) =
            (floor.cast.client("gleb").await, floor.cast.client("olga").await);
        let told = "Those of the other tiers are not shown";
        let (part, whole) = (gleb.get("/reports").await.body, olga.get("/reports").await.body);
        assert!(part.contains(told) && !part.contains("step=contracts"), "{part}");
        assert!(!whole.contains(told) && whole.contains("step=contracts"), "{whole}");
    }
}
