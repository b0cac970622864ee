//! What each list that was brought is worth: a file has a score of its own companies.

use super::order::import;
use super::*;

/// A list that says much of its two companies, and one that says the name alone of its only one.
const RICH: &str = "Компания;ИНН;Телефон;E-mail;Город;Сайт\n\
    ООО «Хлопок»;7714239823;+7 495 200-00-01;info@hlopok.example;Москва;hlopok.example\n\
    ООО «Шёлк»;7709092420;+7 495 200-00-02;info@shelk.example;Москва;shelk.example\n";
const POOR: &str = "Компания\nООО «Марля»\n";

both! {
    async fn a_list_has_a_score_of_the_companies_it_brought(t: TestDb) {
        let cast = Cast::gather(t).await;
        // One that no list brought is in the base alone.
        floor::add_one(&cast, &floor::company(1)).await;
        let (rich, poor) = (import(&cast, "rich", RICH).await, import(&cast, "poor", POOR).await);
        score_all(&cast).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let lists = actions::list_totals(&mut tx, cast.org, ScopeKind::Import).await;
        drop(tx);
        let lists = lists.expect("reads");
        let told: Vec<(&str, &str, i64)> = lists
            .iter()
            .map(|list| (list.key.as_str(), list.label.as_str(), list.companies))
            .collect();
        let (rich, poor) = (rich.to_string(), poor.to_string());
        let expected = [(rich.as_str(), "rich.csv", 2), (poor.as_str(), "poor.csv", 1)];
        assert_eq!(told, expected, "the largest first, by the name of the file");
        let api = cast.api("olga").await;
        let base = api.get("/api/v1/quality").await.json();
        assert_eq!(base["data"][0]["companies"], 4, "{base}");
        let mut means = Vec::new();
        for (list, count) in [(&rich, 2), (&poor, 1)] {
            let scope = format!("scope=import&key={list}");
            let day = api.get(&format!("/api/v1/quality?{scope}")).await.json();
            assert_eq!(day["data"][0]["companies"], count, "{day}");
            means.push(day["data"][0]["score"].as_i64().expect("a score"));
            let behind = api.get(&format!("/api/v1/quality/records?{scope}")).await.json();
            let rows = behind["data"].as_array().expect("records");
            let scores: Vec<i64> = rows.iter().filter_map(|row| row["score"].as_i64()).collect();
            assert_eq!(scores.len() as i64, count, "its own records and no other: {behind}");
            let whole: i64 = scores.iter().sum();
            let sum = lists.iter().find(|one| one.key == *list).expect("a list").score;
            assert_eq!(whole, sum, "the figure is what its records add up to");
        }
        assert!(means[0] > means[1], "who says more is worth more: {means:?}");
        let olga = cast.client("olga").await;
        let page = olga.get("/quality").await.body;
        let href = format!("scope=import&amp;key={rich}");
        assert!(page.contains("By import") && page.contains("rich.csv"), "{page}");
        let is_linked = page.contains(&href) || page.contains(&href.replace("&amp;", "&#38;"));
        assert!(is_linked, "each list opens its own figure: {page}");
        let own = olga.get(&format!("/quality?scope=import&key={poor}")).await.body;
        assert!(own.contains("poor.csv"), "{own}");
        let none = api.get("/api/v1/quality?scope=import&key=no").await;
        assert_eq!(none.status.as_u16(), 404);
    }
}
