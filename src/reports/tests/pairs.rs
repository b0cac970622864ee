//! Hand-offs by giver and receiver.

use super::*;

both! {
    async fn the_matrix_of_hand_offs_leads_to_its_hand_offs(t: TestDb) {
        let floor = Floor::build(t).await;
        let given = [("boris", Some("sonya"), "accepted", Some(30)), ("boris", Some("sonya"),
            "rejected", Some(50)), ("grisha", None, "offered", None), ("grisha", Some("semyon"),
            "expired", None)];
        for (giver, receiver, state, minutes) in given {
            floor.handoff((giver, receiver), state, minutes).await;
        }
        let olga = floor.cast.client("olga").await.get("/reports").await.body;
        for text in ["Hand-offs: who to whom", "anyone of the team", "40", "50.0%"] {
            assert!(olga.contains(text), "{text}");
        }
        let anna = floor.cast.client("anna").await.get("/reports").await.body;
        assert!(anna.contains("sonya of the cast"), "a head reads who took what their people gave");
        for (login, expected) in [("olga", 4), ("anna", 2), ("gleb", 2), ("sergei", 3)] {
            let page = floor.cast.client(login).await.get("/reports/handoffs").await.body;
            let rows = page.matches("href=\"/handoffs/").count();
            assert_eq!(rows, expected, "{login}");
            assert!(page.contains(&format!("<p>{expected} · ")), "{login}: the number is the rows");
        }
        let prokhor = floor.cast.client("prokhor").await;
        assert_eq!(prokhor.get("/reports/handoffs").await.status, StatusCode::NOT_FOUND);
        assert!(!prokhor.get("/reports").await.body.contains("Hand-offs: who to whom"));
        let olga = floor.cast.client("olga").await;
        let pair = format!("giver={}&receiver=-&tier=1", floor.cast.id("grisha"));
        for (query, expected) in [
            ("standing=accepted", 1), (pair.as_str(), 1), ("tier=2", 0), ("source=fair", 4),
        ] {
            let page = olga.get(&format!("/reports/handoffs?{query}")).await.body;
            assert_eq!(page.matches("href=\"/handoffs/").count(), expected, "{query}");
            assert!(page.contains(&format!("<p>{expected} · ")), "{query}");
        }
        let odd = olga.get("/reports/handoffs?standing=lying").await;
        assert_eq!(odd.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}
