//! Rows of one tax number and two KPP, as one company or as branches.

use super::*;
use crate::companies::ties::TieEnd;
use crate::companies::{NewCompany, actions as base};

const HEAD: &str = "Название;ИНН;КПП;Телефон;Город\n";
const SEAT: &str = "Лён и нить;7714239823;771401001;8 495 963-76-77;Москва\n";
const BRANCH: &str = "Лён и нить;7714239823;690143001;8 495 963-76-79;Тверь\n";
const NO_KPP: &str = "Лён и нить;7714239823;;8 495 963-76-78;\n";
/// The branch once more, otherwise.
const SITE: &str = "Название;ИНН;КПП;Сайт\nЛён и нить;7714239823;690143001;tver.example\n";

async fn checked(cast: &Cast, key: &str, branches: Branches, text: impl AsRef<[u8]>) -> Import {
    let act = cast.act("anna", key);
    let said = Overruling { branches: Some(branches), ..Overruling::default() };
    let brought = actions::bring_as(&act.part("bring"), file(text), (&said, &[])).await;
    let id = brought.expect("brought");
    actions::check(&act, id).await.expect("checked");
    again(cast, id).await
}

/// Brings a file whose branches are told apart, and has it written as it was foreseen.
async fn apart(cast: &Cast, key: &str, text: impl AsRef<[u8]>) -> Import {
    let seen = checked(cast, key, Branches::Apart, text).await;
    let act = cast.act("anna", key);
    actions::commit(&act.part("commit"), seen.id, seen.version).await.expect("begun");
    actions::work_off_commit(&act, seen.id).await.expect("written");
    let done = again(cast, seen.id).await;
    assert_eq!(done.counts, seen.forecast.counts);
    cast.clock.advance_ms(1_000);
    done
}

fn with_branches(text: &str, branches: i64) -> Counts {
    Counts { branches, ..counts(text) }
}

async fn rows_of(cast: &Cast, import: &Import) -> Vec<WrittenRow> {
    let mut tx = cast.app.db.read().await.expect("reads");
    actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 999).await.expect("reads")
}

async fn companies_in(cast: &Cast, import: &Import) -> Vec<CompanyId> {
    rows_of(cast, import).await.into_iter().filter_map(|row| row.company).collect()
}

/// What others are to a company.
async fn ends(cast: &Cast, company: CompanyId) -> Vec<(TieEnd, CompanyId)> {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = base::list_relatives(&mut tx, cast.org, company).await.expect("reads");
    all.iter().map(|one| (one.end(), one.company.id)).collect()
}

/// A head and three hundred firms, then these rows: of that list the first run wrote a batch.
async fn half_written(cast: &Cast, below: &[&str]) -> (Import, Vec<CompanyId>) {
    let mut text = [HEAD, SEAT].concat();
    for n in 0..300 {
        let (some, more) = (200 + n / 100, n % 100);
        text.push_str(&format!("Фирма {n} Льна;;;8 495 {some:03}-{more:02}-77;\n"));
    }
    text.push_str(&below.concat());
    let seen = checked(cast, "one", Branches::Apart, &text).await;
    let act = cast.act("anna", "one");
    actions::commit(&act.part("commit"), seen.id, seen.version).await.expect("begun");
    actions::work_off_commit_to(&act, seen.id, 200).await.expect("a batch is written");
    let companies = companies_in(cast, &seen).await;
    (seen, companies)
}

/// Has another run write the rest.
async fn written_on(cast: &Cast, import: &Import) -> Import {
    actions::work_off_commit(&cast.act("anna", "one"), import.id).await.expect("the rest is");
    again(cast, import.id).await
}

both! {
    async fn rows_of_another_kpp_are_one_company_where_nobody_says_otherwise(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", [HEAD, SEAT, BRANCH, NO_KPP].concat()).await;
        assert_eq!(import.reading.branches, Branches::One);
        assert_eq!(import.counts, counts("new=1 in_file=2"));
        let head = companies_in(&cast, &import).await[0];
        assert!(ends(&cast, head).await.is_empty());
    }

    async fn a_branch_is_a_company_of_its_own_that_is_tied_and_met_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = [HEAD, SEAT, BRANCH, NO_KPP].concat();
        let import = apart(&cast, "one", &text).await;
        assert_eq!(import.counts, with_branches("new=2 in_file=1", 1));
        let rows = rows_of(&cast, &import).await;
        assert_eq!(rows[1].remarks[0].code, "row-is-branch-of-row");
        let [head, branch, third] = companies_in(&cast, &import).await[..] else { panic!("three") };
        assert_eq!(third, head, "a row without a KPP goes to the head");
        assert_eq!(ends(&cast, branch).await, [(TieEnd::Head, head)]);
        assert_eq!(ends(&cast, head).await, [(TieEnd::Branch, branch)]);
        let second = apart(&cast, "two", &text).await;
        assert_eq!(second.counts, counts("in_base=3"));
        let third = apart(&cast, "three", SITE).await;
        assert_eq!(third.counts, counts("update=1"));
        assert_eq!(companies_in(&cast, &third).await, [branch], "met by its KPP");
        assert_eq!(companies_of(&cast).await, 2);
        assert_eq!(ends(&cast, head).await.len(), 1);
    }

    async fn a_branch_of_a_company_of_the_base_is_tied_to_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "one", [HEAD, SEAT].concat()).await;
        let head = companies_in(&cast, &first).await[0];
        let import = apart(&cast, "two", [HEAD, BRANCH, NO_KPP].concat()).await;
        assert_eq!(import.counts, with_branches("new=1 update=1", 1));
        let rows = rows_of(&cast, &import).await;
        assert_eq!(rows[0].remarks[0].code, "row-is-branch");
        assert_eq!(rows[1].company, Some(head));
        assert_eq!(ends(&cast, head).await, [(TieEnd::Branch, rows[0].company.expect("one"))]);
        let mut tx = cast.app.db.read().await.expect("reads");
        let new = NewCompany {
            name: "Лён и нить".to_owned(),
            tax_id: Some("7714239823".to_owned()),
            kpp: Some("540443001".to_owned()),
            ..NewCompany::default()
        };
        let offered = base::list_offered(&mut tx, cast.org, &new).await.expect("reads");
        let tells = |one: &companies::alike::Alike| {
            one.reasons.iter().any(|reason| reason.code == "different_kpps")
        };
        assert!(offered.len() == 2 && offered.iter().all(tells), "{offered:?}");
    }

    async fn what_was_taken_for_one_company_is_parted_by_a_later_import(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = [HEAD, SEAT, BRANCH, NO_KPP].concat();
        bring_in(&cast, "one", &text).await;
        cast.clock.advance_ms(1_000);
        let import = apart(&cast, "two", &text).await;
        assert_eq!(import.counts, with_branches("new=1 in_base=2", 1));
        assert_eq!(apart(&cast, "three", &text).await.counts, counts("in_base=3"));
    }

    async fn a_company_without_a_kpp_gets_the_first_one_that_is_said(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = [HEAD, NO_KPP, SEAT, BRANCH].concat();
        let import = apart(&cast, "one", &text).await;
        assert_eq!(import.counts, with_branches("new=2 in_file=1", 1));
        assert_eq!(apart(&cast, "two", &text).await.counts, counts("in_base=3"));
        assert_eq!(apart(&cast, "three", SITE).await.counts, counts("update=1"));
    }

    async fn a_merged_record_is_met_by_the_kpp_it_had(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = apart(&cast, "one", [HEAD, SEAT, BRANCH].concat()).await;
        let [head, branch] = companies_in(&cast, &first).await[..] else { panic!("two") };
        let mut tx = cast.app.db.begin().await.expect("begins");
        let merged = crate::vals![head, branch];
        tx.run("update companies set merged_into = $1 where id = $2", merged).await.expect("set");
        tx.commit().await.expect("kept");
        let other = "Лён и нить;7714239823;540443001;other.example\n";
        let import = apart(&cast, "two", format!("{SITE}{other}")).await;
        assert_eq!(import.counts, with_branches("new=1 update=1", 1));
        let companies = companies_in(&cast, &import).await;
        assert_eq!(companies[0], head, "it stands for both");
        assert_eq!(ends(&cast, companies[1]).await, [(TieEnd::Head, head)]);
    }

    async fn a_branch_of_a_banned_company_is_not_brought(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "one", [HEAD, SEAT].concat()).await;
        let ban = Suppress {
            whom: Whom::Company(companies_in(&cast, &first).await[0]),
            channel: Channel::All,
            reason: SuppressReason::Asked,
            until: None,
        };
        let mut tx = cast.app.db.begin().await.expect("begins");
        base::suppress_in(&mut tx, &cast.act("boris", "ban"), ban).await.expect("banned");
        tx.commit().await.expect("kept");
        let import = apart(&cast, "two", [HEAD, BRANCH].concat()).await;
        assert_eq!(import.counts, counts("suppressed=1"));
    }

    async fn an_undone_import_takes_its_branches_and_their_ties_with_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "one", [HEAD, SEAT].concat()).await;
        let head = companies_in(&cast, &first).await[0];
        cast.clock.advance_ms(1_000);
        let text = [HEAD, SEAT, BRANCH].concat();
        let import = apart(&cast, "two", &text).await;
        assert_eq!(ends(&cast, head).await.len(), 1);
        undo(&cast, "undo", import.id).await;
        cast.settle().await;
        let undone = again(&cast, import.id).await;
        assert_eq!(undone.taken_back, TakenBack { removed: 1, restored: 0, stayed: 0 });
        assert!(ends(&cast, head).await.is_empty());
        assert_eq!(companies_of(&cast).await, 1);
        let third = apart(&cast, "three", &text).await;
        assert_eq!(third.counts, with_branches("new=1 in_base=1", 1));
        assert_eq!(ends(&cast, head).await.len(), 1, "it can be brought again");
    }

    async fn very_many_branches_are_told_apart_and_met_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        let rows = |more: &dyn Fn(usize) -> String| {
            let row = |n| format!("Лён и нить;7714239823;{}43001;{}\n", 7_701 + n, more(n));
            (0..70).map(row).collect::<String>()
        };
        let text = format!("Название;ИНН;КПП;Город\n{}", rows(&|_| "Москва".to_owned()));
        let first = apart(&cast, "one", text).await;
        assert_eq!(first.counts, with_branches("new=70", 69));
        let site = |n: usize| format!("flax{n}.example");
        let second = apart(&cast, "two", format!("Название;ИНН;КПП;Сайт\n{}", rows(&site))).await;
        assert_eq!(second.counts, counts("update=70"));
        assert_eq!(companies_in(&cast, &first).await, companies_in(&cast, &second).await);
    }

    async fn a_branch_is_tied_to_a_head_that_an_earlier_run_wrote(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (seen, _) = half_written(&cast, &[NO_KPP, BRANCH, NO_KPP]).await;
        let done = written_on(&cast, &seen).await;
        assert_eq!(done.counts, with_branches("new=302 in_file=2", 1));
        assert_eq!(done.counts, seen.forecast.counts);
        let companies = companies_in(&cast, &done).await;
        assert_eq!(ends(&cast, companies[0]).await, [(TieEnd::Branch, companies[302])]);
        assert_eq!((companies[301], companies[303]), (companies[0], companies[0]));
    }

    async fn a_branch_of_a_head_that_was_merged_meanwhile_is_tied_to_the_survivor(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (seen, companies) = half_written(&cast, &[BRANCH]).await;
        let (head, survivor) = (companies[0], companies[1]);
        let mut tx = cast.app.db.begin().await.expect("begins");
        let merged = crate::vals![survivor, head];
        tx.run("update companies set merged_into = $1 where id = $2", merged).await.expect("set");
        tx.commit().await.expect("kept");
        let done = written_on(&cast, &seen).await;
        assert_eq!(done.counts, with_branches("new=302", 1));
        let branch = companies_in(&cast, &done).await[301];
        assert_eq!(ends(&cast, branch).await, [(TieEnd::Head, survivor)]);
    }

    async fn a_branch_of_a_head_that_was_removed_meanwhile_stands_alone(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (seen, companies) = half_written(&cast, &[BRANCH]).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let act = cast.act("anna", "remove");
        base::remove_many_in(&mut tx, &act, &companies[..1]).await.expect("removed");
        tx.commit().await.expect("kept");
        let done = written_on(&cast, &seen).await;
        assert_eq!(done.state, ImportState::Committed);
        let branch = companies_in(&cast, &done).await[301];
        assert!(ends(&cast, branch).await.is_empty());
    }

    async fn how_branches_are_taken_is_remembered_with_the_columns(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = apart(&cast, "one", [HEAD, SEAT].concat()).await;
        let like = |key: &'static str, branches| {
            let (act, text) = (cast.act("anna", key), [HEAD, BRANCH].concat());
            let said = Overruling { branches, ..Overruling::default() };
            async move {
                let brought = actions::bring_as(&act, file(text), (&said, &[])).await;
                brought.expect("brought")
            }
        };
        let id = like("two", None).await;
        let next = again(&cast, id).await;
        assert_eq!(next.read_like, Some(first.number));
        assert_eq!(next.reading.branches, Branches::Apart);
        let id = like("three", Some(Branches::One)).await;
        assert_eq!(again(&cast, id).await.reading.branches, Branches::One, "said before it");
        cast.settle().await;
        let version = again(&cast, next.id).await.version;
        let anew = cast.act("anna", "anew");
        actions::guess_anew(&anew, next.id, version, Origin::default()).await.expect("guessed");
        assert_eq!(again(&cast, next.id).await.reading.branches, Branches::One);
    }

    async fn how_branches_are_taken_is_chosen_over_the_api_and_on_the_page(t: TestDb) {
        let cast = Cast::gather(t).await;
        let api = cast.api("anna").await;
        let text = [HEAD, SEAT, BRANCH].concat();
        let path = "/api/v1/imports?branches=both";
        let refused = api.send_bytes(path, text.as_bytes(), "both").await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
        let path = "/api/v1/imports?branches=apart";
        let made = api.send_bytes(path, text.as_bytes(), "apart").await.json()["data"].clone();
        let told = (&made["reading"]["branches"], &made["forecast"]["branches"]);
        assert_eq!(told, (&json!("apart"), &json!(1)), "{made}");
        let path = format!("/imports/{}", made["id"].as_str().expect("an id"));
        let mut reading = json!({
            "version": made["version"], "encoding": "utf-8", "delimiter": ";", "has_header": true,
            "meanings": ["name", "tax_id", "kpp", "phones", "city"],
        });
        let anew = format!("/api/v1{path}/reading");
        let read = api.post(&anew, &reading).await.json()["data"].clone();
        assert_eq!(read["reading"]["branches"], "apart", "it stays where it is left out: {read}");
        reading["version"] = read["version"].clone();
        reading["branches"] = json!("one");
        let read = api.post(&anew, &reading).await.json()["data"].clone();
        let told = (&read["reading"]["branches"], &read["forecast"]["branches"]);
        assert_eq!(told, (&json!("one"), &json!(0)), "{read}");
        let anna = cast.client("anna").await;
        let version = read["version"].to_string();
        let mut typed = vec![
            ("version", version.as_str()),
            ("encoding", "UTF-8"),
            ("delimiter", ";"),
            ("header", "1"),
            ("branches", "apart"),
        ];
        let columns = ["column-0", "column-1", "column-2", "column-3", "column-4"];
        typed.extend(columns.into_iter().zip(["name", "tax_id", "kpp", "phones", "city"]));
        let sent = anna.post(&format!("{path}/reading"), &typed).await;
        assert_eq!(sent.location.as_deref(), Some(path.as_str()), "{}", sent.body);
        let page = anna.get(&path).await.body;
        assert!(page.contains("<option value=\"apart\" selected>"), "{page}");
        assert!(page.contains("1 of the new companies is a branch"), "{page}");
        typed[4].1 = "both";
        let refused = anna.post(&format!("{path}/reading"), &typed).await;
        assert_eq!(refused.status.as_u16(), 422, "{}", refused.body);
    }
}
