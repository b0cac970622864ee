//! What is told of companies that the reader may not know of.

use std::collections::BTreeSet;

use super::*;
use crate::companies::alike::Remark;

const BASE: &str = "Название;ИНН;Телефон;Город\nЛён и нить;7714239823;8 495 963-76-77;Тверь\n\
                    Шёлк;7709092420;8 499 161-13-40;Тверь\nСукно;;8 495 963-76-79;Тверь\n\
                    Атлас;;8 495 963-76-80;Тверь\n";
/// The first is a company of the base, the second nobody's for its keys are those of two, the third
/// has the number of another, the fourth was removed.
const LIST: &str = "Название;ИНН;Телефон;Город\nЛён и нить;7714239823;;Москва\n\
                    Шёлк;7714239823;8 499 161-13-40;Москва\n\
                    Сукно;;8 495 963-76-79, 8 499 161-13-40;Тверь\n\
                    Атлас;;8 495 963-76-80;Тверь\n";

/// A base of which Sonya leads all but one company; the numbers people read aloud by the names.
async fn base(cast: &Cast) -> Vec<String> {
    let import = import_as(cast, "olga", "base", BASE).await;
    let mut tx = cast.app.db.begin().await.expect("begins");
    let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 9).await;
    let mut numbers = Vec::new();
    for (row, key) in rows.expect("reads").iter().zip(["a", "b", "c", "d"]) {
        let id = row.company.expect("a company");
        let (act, sonya) = (cast.act("olga", key), Some(cast.id("sonya")));
        if row.name != "Сукно" {
            let led = companies::actions::set_lead_in(&mut tx, &act, id, sonya, 2).await;
            led.expect("led");
            let found = companies::actions::find(&mut tx, cast.org, id).await.expect("reads");
            numbers.push(format!("No. {}", found.expect("there").number));
        }
        if row.name == "Атлас" {
            companies::actions::remove_many_in(&mut tx, &act, &[id]).await.expect("removed");
        }
    }
    tx.commit().await.expect("kept");
    numbers
}

/// Everything that Gleb is told about why.
async fn told(cast: &Cast, id: ImportId) -> Vec<String> {
    let (gleb, program) = (cast.client("gleb").await, cast.api("gleb").await);
    let (page, api) = (format!("/imports/{id}"), format!("/api/v1/imports/{id}"));
    let mut told = Vec::new();
    for path in [format!("{api}/rows"), format!("{api}/bad-rows")] {
        let data = program.get(&path).await.json()["data"].clone();
        for row in data.as_array().expect("rows") {
            told.extend(row["why"].as_array().expect("why").iter().map(|why| why.to_string()));
        }
    }
    let body = gleb.get(&page).await.body;
    let rows = body.split("preview-table").nth(1).expect("the rows");
    let why = rows.split("<small>").skip(1).filter_map(|part| part.split("</small>").next());
    told.extend(why.map(str::to_owned));
    for path in ["bad.csv", "rows.csv"] {
        let body = gleb.get(&format!("{page}/{path}")).await.body;
        // The cells of a bad row are the file's own.
        let why = body.lines().filter_map(|line| line.split_once("The tax number"));
        told.extend(why.map(|(_, why)| why.to_owned()));
    }
    told
}

fn all_tell(told: &[String], wanted: &[&str], unwanted: &[&str]) {
    let all = told.join("\n");
    for part in wanted {
        assert!(all.contains(part), "{part}: {all}");
    }
    for part in unwanted {
        assert!(!all.contains(part), "{part}: {all}");
    }
}

both! {
    async fn remarks_say_the_same_of_unseen_companies_without_number_name_or_values(t: TestDb) {
        let cast = Cast::gather(t).await;
        let numbers = base(&cast).await;
        let act = cast.act("gleb", "list");
        let id = actions::bring(&act.part("bring"), file(LIST)).await.expect("brought");
        actions::check(&act, id).await.expect("checked");
        let seen = again(&cast, id).await;
        assert_eq!(seen.forecast.counts, counts("in_base=1 bad=1 update=1 new=1"));
        let mut unwanted: Vec<&str> = numbers.iter().map(String::as_str).collect();
        unwanted.extend(["“Лён", "“Шёлк", "“Атлас", "7714239823"]);
        unwanted.extend(["Москва and", "Тверь and", "“Тверь"]);
        let wanted = [
            "This is a company of the base that you do not see.",
            "The same tax number ….",
            "The tax number is that of one company of the base",
            "This is company No.",
            "A phone of it is also that of a company that you do not see.",
            "The base had such a company, which you did not see",
            "The file says otherwise: city “…”, the base “…”.",
        ];
        all_tell(&told(&cast, id).await, &wanted, &unwanted);
        actions::commit(&act.part("commit"), id, seen.version).await.expect("begun");
        cast.settle().await;
        assert_eq!(again(&cast, id).await.counts, seen.forecast.counts);
        all_tell(&told(&cast, id).await, &wanted, &unwanted);
        let olga = cast.api("olga").await;
        let rows = olga.get(&format!("/api/v1/imports/{id}/rows")).await.body;
        for part in ["“Лён", "“Шёлк", "“Атлас", "7714239823"] {
            assert!(rows.contains(part), "{part}: {rows}");
        }
    }

    async fn what_stayed_after_an_undo_is_not_named_to_who_may_not_know_of_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = import_as(&cast, "gleb", "one", "Название\nЛён\nШёлк\n").await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let rows = actions::list_rows(&mut tx, cast.org, first.id, (None, 0), 9).await;
        let led = rows.expect("reads").remove(0).company.expect("a company");
        let (act, sonya) = (cast.act("olga", "lead"), Some(cast.id("sonya")));
        companies::actions::set_lead_in(&mut tx, &act, led, sonya, 2).await.expect("led");
        tx.commit().await.expect("kept");
        undo(&cast, "undo", first.id).await;
        cast.settle().await;
        let path = format!("/imports/{}", first.id);
        let page = cast.client("gleb").await.get(&path).await.body;
        assert_eq!(again(&cast, first.id).await.taken_back.stayed, 1, "{page}");
        let table = page.split("<h2>").nth(1).unwrap_or_default();
        assert!(table.contains("a company that you do not see"), "{table}");
        assert!(!table.contains("Лён"), "{table}");
        let page = cast.client("olga").await.get(&path).await.body;
        assert!(page.split("<h2>").nth(1).unwrap_or_default().contains("Лён"), "{page}");
    }
}

#[test]
fn each_of_two_companies_is_named_to_who_may_know_of_it() {
    let known = BTreeSet::from([1]);
    let about = |code: &str, number: &str| {
        Remark::new(code).with("number", number).with("name", "Лён").with("phone", "+74959637677")
    };
    let collision = |number: &str, other: &str| {
        about("row-ids-collide", number).with("other", other).with("called", "Шёлк")
    };
    for (remark, code, left) in [
        (about("row-like-company", "1"), "row-like-company", "name number phone"),
        (about("row-like-company", "2"), "row-like-company-unseen", ""),
        (about("row-is-branch", "1"), "row-is-branch", "name number phone"),
        (about("row-is-branch", "2"), "row-is-branch-unseen", ""),
        (about("row-erased", "2"), "row-erased", "name number phone"),
        (collision("1", "1"), "row-ids-collide", "called name number other phone"),
        (collision("1", "2"), "row-ids-collide-other-unseen", "name number phone"),
        (collision("2", "1"), "row-ids-collide-first-unseen", "called other"),
        (collision("2", "3"), "row-ids-collide-unseen", ""),
    ] {
        let mut remarks = [remark];
        veil::veil(&mut remarks, false, |number| known.contains(&number));
        let [remark] = remarks;
        let names: Vec<&str> = remark.args.keys().map(String::as_str).collect();
        assert_eq!((remark.code.as_str(), names.join(" ").as_str()), (code, left));
    }
}
