//! Files at the door: what is no list, what is sent twice, and programs instead of people.

use serde_json::json;

use super::{MESSY, again, bring_in, companies_of, counts};
use crate::both;
use crate::cast::Cast;
use crate::companies;
use crate::imports::*;

async fn count(cast: &Cast) -> usize {
    let mut tx = cast.app.db.read().await.expect("reads");
    actions::list(&mut tx, cast.org, i64::MAX, 100).await.expect("reads").len()
}

/// Files that are no lists of companies, and what is said about each.
fn no_lists() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    vec![
        ("photo.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "no table"),
        ("base.xlsx", b"PK\x03\x04\x14\0\x06\0".to_vec(), "cut short or spoilt"),
        ("base.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec(), "cut short or spoilt"),
        ("page.pdf", b"%PDF-1.7\n".to_vec(), "no table"),
        ("photo.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF".to_vec(), "no table"),
        ("noise.csv", (1..=255).cycle().take(9_000).collect(), "no table"),
        ("wide-mark.csv", b"\xff\xfebin".to_vec(), "no table"),
        ("mark.csv", "ÿþbin".as_bytes().to_vec(), "no table"),
        ("noughts.bin", b"\xff\xfeb\0\0\0i\0\0\0".to_vec(), "no table"),
        ("empty.csv", Vec::new(), "empty"),
        ("blank.csv", b"\r\n \r\n".to_vec(), "empty"),
        ("wide.csv", vec![b','; 900], "More than 200 columns"),
    ]
}

both! {
    async fn a_file_that_is_no_list_is_refused_with_a_sentence_and_not_kept(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (anna, api) = (cast.client("anna").await, cast.api("anna").await);
        for (name, bytes, sentence) in no_lists() {
            let again = anna.upload("/imports", &[], ("file", name, &bytes)).await;
            assert_eq!(again.status.as_u16(), 422, "{name}: {}", again.body);
            assert!(again.body.contains(sentence), "{name}: {}", again.body);
            let path = format!("/api/v1/imports?name={name}");
            let refused = api.send_bytes(&path, &bytes, name).await;
            assert_eq!(refused.status.as_u16(), 409, "{name}: {}", refused.body);
            assert!(refused.body.contains(sentence), "{name}: {}", refused.body);
        }
        assert_eq!(count(&cast).await, 0);
    }

    async fn a_file_of_a_heading_alone_brings_nothing_and_says_so(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.client("anna").await;
        let head = "Название;ИНН;Телефон\n".as_bytes();
        let sent = anna.upload("/imports", &[], ("file", "head.csv", head)).await;
        let path = sent.location.expect("its page");
        let page = anna.get(&path).await.body;
        assert!(page.contains("no rows"), "{page}");
        assert!(!page.contains("/commitment"), "{page}");
        let id = path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
        let version = again(&cast, id).await.version.to_string();
        let refused = anna.post(&format!("{path}/commitment"), &[("version", &version)]).await;
        assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
        assert!(refused.body.contains("no rows"), "{}", refused.body);
    }

    async fn a_broken_encoding_spoils_its_rows_and_no_others(t: TestDb) {
        let cast = Cast::gather(t).await;
        let api = cast.api("anna").await;
        // A mark of UTF-8, and then bytes that are none in one of the rows.
        let mut bytes = "\u{feff}Название;Телефон\nЛён;84959637677\n".as_bytes().to_vec();
        bytes.extend_from_slice(b"\xcb\xb8\xed;84959637678\n");
        bytes.extend_from_slice("Шёлк;84991611340\n".as_bytes());
        let made = api.send_bytes("/api/v1/imports", &bytes, "broken").await.json();
        let forecast = &made["data"]["forecast"];
        assert_eq!((&forecast["new"], &forecast["bad"]), (&json!(2), &json!(1)), "{made}");
        let id = made["data"]["id"].as_str().expect("an id");
        let bad = api.get(&format!("/api/v1/imports/{id}/bad-rows")).await.json();
        assert_eq!(bad["data"][0]["line"], 2);
        let why = bad["data"][0]["why"][0].as_str().unwrap_or_default();
        assert!(why.contains("encoding"), "{bad}");
    }

    async fn the_same_request_twice_is_one_import(t: TestDb) {
        let cast = Cast::gather(t).await;
        let api = cast.api("anna").await;
        let once = api.send_bytes("/api/v1/imports?name=a.csv", MESSY.as_bytes(), "one").await;
        assert_eq!(once.status.as_u16(), 201, "{}", once.body);
        let twice = api.send_bytes("/api/v1/imports?name=a.csv", MESSY.as_bytes(), "one").await;
        assert_eq!(twice.json()["data"]["id"], once.json()["data"]["id"]);
        assert_eq!(count(&cast).await, 1);
        let other = api.send_bytes("/api/v1/imports?name=a.csv", b"Name\nFlax\n", "one").await;
        assert_eq!(other.json()["error"]["code"], "key-reused", "{}", other.body);
        let id = once.json()["data"]["id"].as_str().expect("an id").to_owned();
        let path = format!("/api/v1/imports/{id}/commitment");
        let body = json!({ "version": once.json()["data"]["version"] });
        for _ in 0..3 {
            let answer = api.post_with_key(&path, &body, "commit").await;
            assert_eq!(answer.status.as_u16(), 200, "{}", answer.body);
        }
        cast.settle().await;
        assert_eq!(companies_of(&cast).await, 4);
        let late = api.post(&path, &body).await;
        assert_eq!(late.json()["error"]["code"], "import-already-committed");
    }

    async fn programs_bring_read_commit_and_undo_files(t: TestDb) {
        let cast = Cast::gather(t).await;
        let api = cast.api("anna").await;
        let text = "Лён|7714239823\n|7709092420\n";
        let asked = "/api/v1/imports?name=codes.txt&source=fair&basis_kind=consent";
        let made = api.send_bytes(asked, text.as_bytes(), "file").await.json()["data"].clone();
        assert_eq!((&made["state"], &made["source"]), (&json!("checked"), &json!("fair")));
        let path = format!("/api/v1/imports/{}", made["id"].as_str().expect("an id"));
        let reading = json!({
            "version": made["version"], "encoding": "utf-8", "delimiter": "|",
            "has_header": made["reading"]["has_header"], "meanings": ["name", "tax_id"],
            "source": "fair", "basis_kind": "consent",
        });
        let mut absurd = reading.clone();
        absurd["meanings"] = json!(["name", "mood"]);
        let refused = api.post(&format!("{path}/reading"), &absurd).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
        absurd["meanings"] = json!(["name", "name"]);
        let refused = api.post(&format!("{path}/reading"), &absurd).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
        let read = api.post(&format!("{path}/reading"), &reading).await.json()["data"].clone();
        let forecast = &read["forecast"];
        assert_eq!((&forecast["new"], &forecast["bad"]), (&json!(1), &json!(1)), "{read}");
        let rows = api.get(&format!("{path}/rows?verdict=bad")).await.json();
        assert_eq!(rows["data"][0]["line"], 2, "{rows}");
        let version = json!({ "version": read["version"] });
        let begun = api.post(&format!("{path}/commitment"), &version).await.json();
        assert_eq!(begun["data"]["state"], "committing");
        cast.settle().await;
        let done = api.get(&path).await.json()["data"].clone();
        assert_eq!((&done["state"], &done["counts"]["new"]), (&json!("committed"), &json!(1)));
        let first = api.get(&format!("{path}/rows?limit=1")).await.json();
        let company = first["data"][0]["company"].as_str().expect("a company");
        let card = api.get(&format!("/api/v1/companies/{company}")).await.json();
        assert_eq!(card["data"]["bases"][0]["kind"], "consent");
        let next = first["next"].as_str().expect("more");
        let rest = api.get(&format!("{path}/rows?limit=1&after={next}")).await.json();
        assert_eq!((&rest["data"][0]["verdict"], &rest["next"]), (&json!("bad"), &json!(null)));
        let undone = api.post(&format!("{path}/undoing"), &json!({})).await;
        assert_eq!(undone.json()["data"]["state"], "undoing");
        cast.settle().await;
        assert_eq!(api.get(&path).await.json()["data"]["taken_back"]["removed"], 1);
        assert_eq!(companies_of(&cast).await, 0);
        let listed = api.get("/api/v1/imports").await.json();
        assert_eq!(listed["data"].as_array().map(Vec::len), Some(1));
        let boris = cast.api("boris").await;
        for path in ["/api/v1/imports", path.as_str(), &format!("{path}/rows")] {
            assert_eq!(boris.get(path).await.status.as_u16(), 404, "{path}");
        }
    }

    async fn a_correction_that_names_no_source_and_no_ground_keeps_them(t: TestDb) {
        let cast = Cast::gather(t).await;
        let api = cast.api("anna").await;
        let text = "Лён|7714239823\n|7709092420\n";
        let asked = "/api/v1/imports?source=fair&basis_kind=consent&basis_source=letter";
        let made = api.send_bytes(asked, text.as_bytes(), "file").await.json()["data"].clone();
        let path = format!("/api/v1/imports/{}/reading", made["id"].as_str().expect("an id"));
        let mut reading = json!({
            "version": made["version"], "encoding": "utf-8", "delimiter": "|",
            "has_header": false, "meanings": ["name", "tax_id"],
        });
        let read = api.post(&path, &reading).await.json()["data"].clone();
        assert_eq!(read["reading"]["columns"][1]["meaning"], "tax_id", "{read}");
        assert_eq!((&read["source"], &read["basis_kind"]), (&json!("fair"), &json!("consent")));
        assert_eq!(read["basis_source"], "letter");
        reading["version"] = read["version"].clone();
        reading["basis_kind"] = json!("");
        reading["basis_source"] = json!("");
        let cleared = api.post(&path, &reading).await.json()["data"].clone();
        assert_eq!(cleared["source"], "fair", "{cleared}");
        assert_eq!((&cleared["basis_kind"], &cleared["basis_source"]), (&json!(null), &json!("")));
    }

    async fn what_the_page_tells_of_a_file_is_told_to_programs(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (anna, api) = (cast.client("anna").await, cast.api("anna").await);
        let codes = |shown: &serde_json::Value| -> String {
            let all = shown["data"]["notices"].as_array().expect("notices").iter();
            let codes: Vec<&str> = all.filter_map(|one| one["code"].as_str()).collect();
            codes.join(" ")
        };
        let odd = "Прайс лён 2026\nНазвание;Телефон;Название\n\n\
                   Лён;8 495 963-76-77;\nШёлк;8 499 161-13-40;\"нить\n";
        let first = api.send_bytes("/api/v1/imports", odd.as_bytes(), "odd").await.json();
        let wanted = "heading-twice no-basis above-header blank-lines damaged";
        assert_eq!(codes(&first), wanted, "{first}");
        let id = first["data"]["id"].as_str().expect("an id").to_owned();
        let (path, page) = (format!("/api/v1/imports/{id}"), format!("/imports/{id}"));
        let body = anna.get(&page).await.body;
        for notice in first["data"]["notices"].as_array().expect("notices") {
            let text = notice["text"].as_str().expect("a sentence");
            assert!(body.contains(text), "{text}: {body}");
        }
        assert_eq!(codes(&api.get(&path).await.json()), codes(&first));
        let asked = json!({ "version": first["data"]["version"] });
        let done = api.post(&format!("{path}/commitment"), &asked).await.json();
        assert_eq!(done["data"]["state"], "committing", "{done}");
        cast.settle().await;
        let again = api.send_bytes("/api/v1/imports", odd.as_bytes(), "again").await.json();
        let wanted = "same-file read-like heading-twice nothing-new above-header blank-lines";
        assert_eq!(codes(&again), format!("{wanted} damaged"), "{again}");
        let told = again["data"]["notices"][0]["text"].as_str().expect("a sentence").to_owned();
        let same = "The same file is in the base already: import No. 1.";
        assert!(told.starts_with(same), "{told}");
        let wide: Vec<&str> = MESSY.lines().filter(|line| line.contains(';')).collect();
        let wide = wide.join("\n");
        let made = api.send_bytes("/api/v1/imports", wide.as_bytes(), "wide").await.json();
        let read = json!({
            "version": made["data"]["version"], "encoding": "utf-8", "delimiter": "|",
            "has_header": false, "meanings": ["ignore"],
        });
        let path = format!("/api/v1/imports/{}", made["data"]["id"].as_str().expect("an id"));
        let wrong = api.post(&format!("{path}/reading"), &read).await.json();
        assert_eq!(codes(&wrong), "cut-otherwise no-basis", "{wrong}");
        let listed = api.get("/api/v1/imports").await.json();
        assert_eq!(listed["data"][0]["notices"], json!([]), "{listed}");
        let head = api.send_bytes("/api/v1/imports", "Название;ИНН\n".as_bytes(), "head").await;
        assert_eq!(codes(&head.json()), "no-rows", "{}", head.body);
    }

    async fn rows_name_no_company_that_the_asker_may_not_know_of(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = "Название;ИНН\nЛён;7714239823\nШёлк;7709092420\n";
        let first = bring_in(&cast, "one", text).await;
        let second = bring_in(&cast, "two", text).await;
        assert_eq!(second.counts, counts("in_base=2"));
        let mut tx = cast.app.db.begin().await.expect("begins");
        let rows = actions::list_rows(&mut tx, cast.org, first.id, (None, 0), 9).await;
        let led = rows.expect("reads").remove(0).company.expect("a company");
        let (act, sonya) = (cast.act("anna", "lead"), Some(cast.id("sonya")));
        companies::actions::set_lead_in(&mut tx, &act, led, sonya, 2).await.expect("led");
        tx.commit().await.expect("kept");
        let (gleb, program) = (cast.client("gleb").await, cast.api("gleb").await);
        for import in [&first, &second] {
            let rows = program.get(&format!("/api/v1/imports/{}/rows", import.id)).await;
            let data = rows.json()["data"].clone();
            assert_eq!((&data[0]["name"], &data[0]["company"]), (&json!(""), &json!(null)));
            assert_eq!(data[0]["line"], 1, "the row is accounted for");
            assert_eq!(data[1]["name"], "Шёлк");
            assert!(data[1]["company"].is_string(), "{data}");
            let file = gleb.get(&format!("/imports/{}/rows.csv", import.id)).await.body;
            let page = gleb.get(&format!("/imports/{}", import.id)).await.body;
            for told in [rows.body, file, page] {
                assert!(!told.contains("Лён"), "{told}");
                assert!(told.contains("Шёлк"), "{told}");
            }
        }
        let olga = cast.api("olga").await;
        let rows = olga.get(&format!("/api/v1/imports/{}/rows", second.id)).await;
        assert_eq!(rows.json()["data"][0]["name"], "Лён");
    }
}
