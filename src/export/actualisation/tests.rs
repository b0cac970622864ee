use std::io::Read as _;

use super::*;
use crate::both;
use crate::cast::Cast;
use crate::companies::{self, NewCompany};
use crate::leads::{self, floor};
use crate::people::Scope;
use crate::quality::tests::score_all;
use crate::rounds::answers::AnswerForm;
use crate::rounds::{self, RoundTerms};
use crate::storage::testing::MONDAY;
use crate::web::Ui;

mod content;

fn document(rows: usize) -> Document {
    let row = |number: usize| {
        vec![
            number.to_string(),
            "=HYPERLINK(\"http://len.example\")".to_owned(),
            format!("Лён и нить, строка № {number} – подтверждено"),
        ]
    };
    Document {
        title: "Отчёт: Осень".to_owned(),
        made: "Составлен 02.11.2026".to_owned(),
        legend: "Учтено то, что услышано в раунде.".to_owned(),
        summary: "Итог".to_owned(),
        figures: vec![("Компании".to_owned(), "2".to_owned())],
        parts: vec![Sheet {
            title: "Что выяснилось [1/2]: всё".to_owned(),
            columns: vec![("№".to_owned(), 6), ("Было".to_owned(), 30), ("Стало".to_owned(), 40)],
            rows: (1..=rows).map(row).collect(),
        }],
    }
}

/// The parts of a workbook.
fn unpacked(bytes: &[u8]) -> String {
    let mut book = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut text = String::new();
    for place in 0..book.len() {
        let mut part = book.by_index(place).expect("a part of the workbook");
        part.read_to_string(&mut text).expect("letters");
    }
    text
}

#[test]
fn a_workbook_holds_words_and_no_formula() {
    let bytes = document(2).write(Medium::Xlsx, "").expect("a workbook");
    let text = unpacked(&bytes);
    assert!(text.contains("HYPERLINK(") && text.contains("Лён и нить"), "{text}");
    assert!(!text.contains("<f>") && !text.contains("<f "), "no cell is a formula");
}

/// The streams of a PDF, unpacked.
fn streams(bytes: &[u8]) -> Vec<Vec<u8>> {
    let find = |what: &[u8], from: usize| {
        bytes[from..].windows(what.len()).position(|part| part == what).map(|at| from + at)
    };
    let (mut all, mut at) = (Vec::new(), 0);
    while let Some(start) = find(b"stream\n", at) {
        let from = start + 7;
        let Some(end) = find(b"endstream", from) else { break };
        let mut out = Vec::new();
        if flate2::read::ZlibDecoder::new(&bytes[from..end]).read_to_end(&mut out).is_ok() {
            all.push(out);
        }
        at = end + 9;
    }
    all
}

#[test]
fn pages_hold_letters_that_can_be_selected_and_are_numbered() {
    let bytes = document(120).write(Medium::Pdf, "").expect("pages");
    assert!(bytes.starts_with(b"%PDF-"));
    let pages = bytes.windows(11).filter(|part| part == b"/Type /Page").count();
    assert!(pages > 3, "120 rows need several pages: {pages}");
    let cmap = streams(&bytes)
        .into_iter()
        .map(|stream| String::from_utf8_lossy(&stream).into_owned())
        .filter(|text| text.contains("beginbfchar") || text.contains("beginbfrange"))
        .collect::<String>();
    // Л is U+041B, № is U+2116: what a reader copies is what was written.
    assert!(cmap.contains("041B") && cmap.contains("2116"), "{cmap}");
    assert!(bytes.len() < 120_000, "only the letters that are used go along: {}", bytes.len());
}

#[test]
fn of_a_person_who_left_it_is_said_that_they_did() {
    let ui = Ui::anonymous(Lang::Ru, MONDAY);
    let said = |field: &str, old: &str| {
        let check = store::Check {
            number: 1,
            company: "Лён".to_owned(),
            field: field.to_owned(),
            finding: "wrong".to_owned(),
            source: "call".to_owned(),
            note: String::new(),
            old: old.to_owned(),
            new: String::new(),
            actor: None,
            at: MONDAY,
        };
        actions::finding(&ui, &check)
    };
    assert_eq!(said("contact", "Льнов Пётр"), "больше не работает");
    let unknown = ui.t("finding-wrong");
    assert_eq!(said("phone", "+74959637677"), unknown);
    assert_eq!(said("contact", ""), unknown, "where nobody is named");
}

/// A round over the whole base that Prokhor ordered and Boris calls.
async fn started(cast: &Cast) -> CampaignId {
    let terms = RoundTerms {
        name: "Осень".to_owned(),
        segment: crate::campaigns::Segment { with_shared: true, ..Default::default() },
        fields: rounds::ASKED.to_vec(),
        callers: vec![cast.id("boris")],
        until: None,
        legal_basis: crate::campaigns::LegalBasis::PublicSource,
        principal: Some(cast.id("prokhor")),
        is_paid: false,
    };
    let anna = cast.viewer("anna").await;
    let act = cast.act("anna", "round");
    let id = rounds::actions::start(&act, &anna, terms, "> Good day").await.expect("starts");
    cast.settle().await;
    id
}

/// A round that Prokhor ordered, in which a number was confirmed and another company refused.
async fn worked(cast: &Cast) -> CampaignId {
    let all: Vec<NewCompany> = (0..2)
        .map(|number| NewCompany {
            name: if number == 0 { "=1+2".to_owned() } else { "ООО «Лён»".to_owned() },
            ..floor::company(number)
        })
        .collect();
    floor::add(cast, &all).await;
    score_all(cast).await;
    let id = started(cast).await;
    for (key, reach) in [("first", "talked"), ("second", "refusal")] {
        let form = AnswerForm {
            reach: reach.to_owned(),
            note: "просили осенью".to_owned(),
            ..AnswerForm::default()
        };
        answered(cast, id, key, form).await;
    }
    id
}

/// Boris records what the next company of a round said. One that refused needs nothing.
async fn answered(cast: &Cast, round: CampaignId, key: &str, form: AnswerForm) {
    let boris = cast.viewer("boris").await;
    let act = cast.act("boris", key);
    let grant = leads::leasing::lease(&act, &boris, round).await.expect("leases").expect("one");
    let form = AnswerForm {
        generation: grant.generation,
        reason: "not_needed".to_owned(),
        then: "pause".to_owned(),
        ..form
    };
    let act = cast.act("boris", &format!("{key} answer"));
    rounds::actions::answer(&act, &boris, grant.lead, &form).await.expect("answered");
}

/// A file that Anna brought into the base.
async fn brought(cast: &Cast, text: &str) -> ImportId {
    use crate::imports::actions as imports;
    let file = imports::NewFile {
        name: "base.csv".to_owned(),
        content: crate::imports::spool::Content::of(text.as_bytes()).expect("kept"),
        origin: crate::imports::Origin::default(),
    };
    let id = imports::bring(&cast.act("anna", "file"), file).await.expect("brought");
    cast.settle().await;
    let version = {
        let mut tx = cast.app.db.read().await.expect("reads");
        imports::find(&mut tx, cast.org, id).await.expect("reads").expect("it").version
    };
    imports::commit(&cast.act("anna", "commit"), id, version).await.expect("committed");
    cast.settle().await;
    id
}

async fn gathered(cast: &Cast, of: ReportOf) -> Document {
    let ui = Ui::anonymous(Lang::Ru, MONDAY);
    let mut tx = cast.app.db.read().await.expect("reads");
    actions::gather(&mut tx, &Scope::whole(cast.org), of, &ui).await.expect("a report")
}

both! {
    async fn a_principal_gets_their_base_back_and_no_other(t: TestDb) {
        let cast = Cast::gather(t).await;
        let round = worked(&cast).await;
        let report = gathered(&cast, ReportOf::Round(round)).await;
        let [found, refusals, meetings, companies] = report.parts.as_slice() else {
            panic!("{report:?}")
        };
        assert_eq!((found.rows.len(), refusals.rows.len()), (1, 1));
        assert_eq!((meetings.rows.len(), companies.rows.len()), (0, 2));
        assert!(found.rows[0].contains(&"привлечение".to_owned()), "a role: {:?}", found.rows[0]);
        let confirmed = &found.rows[0][4..6];
        assert!(confirmed[0].starts_with("+7") && confirmed[0] == confirmed[1], "{confirmed:?}");
        assert!(refusals.rows[0].contains(&"просили осенью".to_owned()));
        let owner = cast.client("olga").await;
        owner.post("/quality/report", &[("names_checkers", "on")]).await;
        let named = gathered(&cast, ReportOf::Round(round)).await;
        let row = &named.parts[0].rows[0];
        assert!(row.contains(&"boris of the cast".to_owned()), "{row:?}");
        let prokhor = cast.client("prokhor").await;
        let page = prokhor.get(&format!("/rounds/{round}/report")).await;
        assert!(page.body.contains("=1+2"), "{}", page.body);
        assert!(!page.body.contains("просили осенью"), "what callers note is the firm's own");
        let api = cast.api("prokhor").await;
        let told = api.get(&format!("/api/v1/rounds/{round}/report")).await.body;
        assert!(told.contains("=1+2") && !told.contains("просили осенью"), "{told}");
        for end in ["xlsx", "pdf"] {
            let file = prokhor.get(&format!("/rounds/{round}/report.{end}")).await;
            assert_eq!(file.status.as_u16(), 200, "{end}");
            assert!(file.headers["content-disposition"].to_str().is_ok_and(|is| is.contains(end)));
        }
        let events = crate::events::list_of_kind(
            &mut cast.app.db.read().await.expect("reads"), cast.org,
            crate::events::Kind::FileExported, (Instant(0), Instant(i64::MAX)),
        ).await.expect("events");
        assert_eq!(events.len(), 4, "each look and each file that left is an event");
        let stranger = cast.client("boris").await;
        let hidden = stranger.get(&format!("/rounds/{round}/report.xlsx")).await;
        assert_eq!(hidden.status.as_u16(), 404);
        let policy = crate::campaigns::CallingPolicy::default();
        let plain = floor::make_campaign(&cast, "plain", policy).await;
        let none = owner.get(&format!("/rounds/{plain}/report")).await;
        assert_eq!(none.status.as_u16(), 404, "a campaign that asks nothing has none");
    }

    async fn a_principal_is_told_of_who_answered_and_of_nothing_added_after_the_end(t: TestDb) {
        let cast = Cast::gather(t).await;
        let round = worked(&cast).await;
        let (act, anna) = (cast.act("anna", "one more"), cast.viewer("anna").await);
        let mut tx = act.db.begin().await.expect("begins");
        let all = companies::Segment::default();
        let first = companies::actions::list_segment(&mut tx, cast.org, &all, None, 1).await;
        let first = first.expect("reads")[0];
        drop(tx);
        let quiet = floor::add(&cast, &[floor::company(7)]).await[0];
        let mut tx = act.db.begin().await.expect("begins");
        let enlisted = leads::actions::enlist_in(&mut tx, &act, round, &[(quiet, act.now)]).await;
        assert_eq!(enlisted.expect("a lead"), 1);
        tx.commit().await.expect("kept");
        // Phones, mail addresses, people, the number of companies and the legend, as one text.
        let told = async |who: &str| -> (usize, String) {
            let scope = cast.viewer(who).await.scope();
            let ui = Ui::anonymous(Lang::Ru, cast.clock.now());
            let mut tx = cast.app.db.read().await.expect("reads");
            let report = actions::gather(&mut tx, &scope, ReportOf::Round(round), &ui).await;
            let report = report.expect("a report");
            let rows = &report.parts[3].rows;
            assert_eq!(report.figures[0].1, rows.len().to_string(), "{who}");
            let cells: Vec<String> = rows.iter().map(|row| row.join("|")).collect();
            (rows.len(), format!("{}\n{}", report.legend, cells.join("\n")))
        };
        assert_eq!(told("olga").await.0, 3);
        let (count, text) = told("prokhor").await;
        assert_eq!(count, 2, "{text}");
        assert!(text.contains("тех, до кого ещё не дозвонились"), "{text}");
        let add = async |key: &str, digits: &str| {
            let (act, olga) = (cast.act("olga", key), cast.viewer("olga").await);
            let phone = companies::NewPhone {
                phone: Phone::stored(format!("+7495{digits}"), None), label: None,
            };
            companies::actions::add_phones(&act, &olga, first, &[phone]).await.expect("a phone");
        };
        add("while it runs", "7770001").await;
        cast.clock.advance_ms(MINUTE_MS);
        let act = cast.act("anna", "stop");
        crate::campaigns::actions::stop(&act, &anna, round).await.expect("stopped");
        cast.clock.advance_ms(MINUTE_MS);
        add("after it", "7770002").await;
        let (act, olga) = (cast.act("olga", "mail"), cast.viewer("olga").await);
        let late = ["late@len.example".to_owned()];
        companies::actions::add_emails(&act, &olga, first, &late).await.expect("an address");
        let name = "Поздний Пётр".to_owned();
        let person = companies::NewContact { name, ..Default::default() };
        let act = cast.act("olga", "person");
        companies::actions::add_contact(&act, &olga, first, person).await.expect("a person");
        let (_, text) = told("prokhor").await;
        assert!(text.contains("777-00-01"), "what the round knew stays: {text}");
        let (_, whole) = told("olga").await;
        for added in ["777-00-02", "late@len.example", "Поздний Пётр"] {
            assert!(!text.contains(added), "{added}: {text}");
            assert!(whole.contains(added), "{added} is in the firm's own: {whole}");
        }
    }

    async fn of_a_round_a_head_is_shown_as_they_stand_only_companies_that_they_see(t: TestDb) {
        let cast = Cast::gather(t).await;
        let round = worked(&cast).await;
        let act = cast.act("anna", "lead");
        let mut tx = act.db.begin().await.expect("begins");
        let all = companies::Segment::default();
        let first = companies::actions::list_segment(&mut tx, cast.org, &all, None, 1).await;
        for company in first.expect("reads") {
            let sonya = Some(cast.id("sonya"));
            companies::actions::set_lead_in(&mut tx, &act, company, sonya, 2).await.expect("led");
        }
        tx.commit().await.expect("kept");
        for (who, sees) in [("anna", 1), ("olga", 2), ("prokhor", 2)] {
            let (ui, scope) = (Ui::anonymous(Lang::Ru, MONDAY), cast.viewer(who).await.scope());
            let mut tx = cast.app.db.read().await.expect("reads");
            let of = ReportOf::Round(round);
            let report = actions::gather(&mut tx, &scope, of, &ui).await.expect("a report");
            assert_eq!(report.parts[3].rows.len(), sees, "{who}");
            assert_eq!(report.parts[0].rows.len(), 1, "{who}: what was found is the round's");
        }
    }

    async fn a_file_counts_what_came_after_it_and_of_work_about_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        let round = worked(&cast).await;
        // The base knows one by its name and the other by its number.
        let text = "Name;Phone\nCotton;8 495 223-45-99\n\
                    '=1+2;+74951000000\nООО «Лён»;+74951000001\n";
        let file = brought(&cast, text).await;
        let policy = crate::campaigns::CallingPolicy::default();
        let other = floor::make_campaign(&cast, "other", policy).await;
        let act = cast.act("anna", "meeting");
        let mut tx = act.db.begin().await.expect("begins");
        let all = companies::Segment::default();
        let ids = companies::actions::list_segment(&mut tx, cast.org, &all, None, 1).await;
        let meeting = crate::meetings::NewMeeting {
            company: ids.expect("reads")[0],
            campaign: Some(round),
            lead: None,
            contact: None,
            booker: cast.id("boris"),
            host: None,
            starts_at: act.now.plus_days(1),
            minutes: 30,
            place: String::new(),
        };
        crate::meetings::actions::book_in(&mut tx, &act, meeting).await.expect("booked");
        tx.commit().await.expect("kept");
        // Checks, refusals, meetings.
        let counted = async || -> [usize; 3] {
            let report = gathered(&cast, ReportOf::Import(file)).await;
            assert!(report.legend.contains("другая работа"), "{}", report.legend);
            let rows: Vec<usize> = report.parts.iter().map(|part| part.rows.len()).collect();
            let of_figures: Vec<&str> =
                report.figures.iter().rev().take(2).map(|(_, count)| count.as_str()).collect();
            assert_eq!(of_figures, [rows[2].to_string(), rows[1].to_string()]);
            [rows[0], rows[1], rows[2]]
        };
        let now = cast.clock.now();
        let segment = format!("{{\"city\":null,\"import\":\"{file}\"}}");
        for (text, values, expected, what) in [
            ("update imports set committed_at = $1", crate::vals![Instant(0)].to_vec(),
                [1, 1, 1], "of a round"),
            ("update calls set campaign_id = $1", crate::vals![other].to_vec(),
                [1, 0, 1], "another campaign was refused"),
            ("update meetings set campaign_id = $1", crate::vals![other].to_vec(),
                [1, 0, 0], "another campaign met them"),
            ("update campaigns set segment = $2 where id = $1",
                crate::vals![other, segment].to_vec(), [1, 1, 1], "a campaign over this file"),
            ("update imports set committed_at = $1", crate::vals![now.plus_ms(1)].to_vec(),
                [0, 0, 0], "all of it was before the file"),
        ] {
            let mut tx = cast.app.db.begin().await.expect("begins");
            assert!(tx.run(text, &values).await.expect("changed") > 0, "{what}");
            tx.commit().await.expect("kept");
            assert_eq!(counted().await, expected, "{what}");
        }
        let report = gathered(&cast, ReportOf::Import(file)).await;
        assert_eq!(report.parts[3].rows.len(), 3, "what the base had is given back, too");
        let of_round = gathered(&cast, ReportOf::Round(round)).await;
        assert!(of_round.legend.contains("в этом раунде"), "{}", of_round.legend);
    }

    async fn a_file_has_a_report_of_its_own(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = "Name;Phone\nFlax;8 495 223-45-67\nThread;8 495 223-45-68\n";
        let id = brought(&cast, text).await;
        let report = gathered(&cast, ReportOf::Import(id)).await;
        assert_eq!(report.parts[3].rows.len(), 2, "{report:?}");
        let anna = cast.client("anna").await;
        assert_eq!(anna.get(&format!("/imports/{id}/report")).await.status.as_u16(), 200);
        let api = cast.api("anna").await;
        let told = api.get(&format!("/api/v1/imports/{id}/report")).await;
        assert_eq!(told.status.as_u16(), 200, "{}", told.body);
        assert_eq!(told.json()["data"]["parts"][3]["rows"].as_array().map(Vec::len), Some(2));
        let short = {
            let (ui, mut tx) = (
                Ui::anonymous(Lang::Ru, MONDAY), cast.app.db.read().await.expect("reads"),
            );
            let (scope, of) = (Scope::whole(cast.org), ReportOf::Import(id));
            actions::gather_first(&mut tx, &scope, of, (&ui, 1)).await.expect("a report")
        };
        assert_eq!(short.parts[3].rows.len(), 1, "the page shows the first");
        assert_eq!(short.figures[0].1, "2", "and counts all");
        let first = {
            let mut tx = cast.app.db.read().await.expect("reads");
            let all = companies::Segment::default();
            companies::actions::list_segment(&mut tx, cast.org, &all, None, 1).await.expect("reads")
        };
        let act = cast.act("anna", "lead");
        let mut tx = act.db.begin().await.expect("begins");
        for company in first {
            let boris = Some(cast.id("boris"));
            companies::actions::set_lead_in(&mut tx, &act, company, boris, 1).await.expect("led");
        }
        tx.commit().await.expect("kept");
        for (head, sees) in [("anna", 2), ("gleb", 1)] {
            let (ui, scope) = (Ui::anonymous(Lang::Ru, MONDAY), cast.viewer(head).await.scope());
            let mut tx = cast.app.db.read().await.expect("reads");
            let report = actions::gather(&mut tx, &scope, ReportOf::Import(id), &ui).await;
            let rows = report.expect("a report").parts[3].rows.len();
            assert_eq!(rows, sees, "{head}: a company of another team stays with it");
        }
        let mut tx = cast.app.db.read().await.expect("reads");
        let found = actions::find_numbered(&mut tx, cast.org, (false, 1)).await.expect("reads");
        assert_eq!(found, Some(ReportOf::Import(id)));
        let none = actions::find_numbered(&mut tx, cast.org, (true, 1)).await.expect("reads");
        assert_eq!(none, None);
    }
}
