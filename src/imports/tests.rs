use serde_json::json;

use super::actions::{self, NewFile};
use super::*;
use intake::Refused;

use crate::both;
use crate::cast::Cast;
use crate::companies::suppression::Whom;
use crate::companies::{self, Channel, Suppress, SuppressReason};
use crate::events::{self, Kind};

mod abroad;
mod along;
mod bans;
mod between;
mod branches;
mod doors;
mod ends;
mod fields;
mod gone;
mod named;
mod others;
mod packed;
#[cfg(feature = "real")]
mod real;
mod recall;
mod repeats;
mod sights;
mod spoilt;
mod stops;
mod told;
mod unlike;

const MESSY: &str = include_str!("fixtures/messy.csv");

fn file(text: impl AsRef<[u8]>) -> NewFile {
    let content = spool::Content::of(text.as_ref()).expect("kept");
    NewFile { name: "list.csv".to_owned(), content, origin: Origin::default() }
}

async fn bring_in(cast: &Cast, key: &str, text: impl AsRef<[u8]>) -> Import {
    import_as(cast, "anna", key, text).await
}

/// Brings a file and commits it, each job run where the product would leave it to its worker.
async fn import_as(cast: &Cast, login: &str, key: &str, text: impl AsRef<[u8]>) -> Import {
    let act = cast.act(login, key);
    let id = actions::bring(&act.part("bring"), file(text)).await.expect("brought");
    actions::check(&act, id).await.expect("checked");
    let version = again(cast, id).await.version;
    actions::commit(&act.part("commit"), id, version).await.expect("begun");
    actions::work_off_commit(&act, id).await.expect("written");
    again(cast, id).await
}

async fn undo(cast: &Cast, key: &str, id: ImportId) {
    let viewer = cast.viewer("anna").await;
    actions::undo(&cast.act("anna", key), &viewer, id).await.expect("is being undone");
}

async fn again(cast: &Cast, id: ImportId) -> Import {
    let mut tx = cast.app.db.read().await.expect("reads");
    actions::find(&mut tx, cast.org, id).await.expect("reads").expect("there")
}

fn counts(text: &str) -> Counts {
    let mut counts = Counts::default();
    for pair in text.split(' ').filter(|pair| !pair.is_empty()) {
        let (code, count) = pair.split_once('=').expect("code=count");
        let verdict: Verdict = code.parse().expect("a verdict");
        for _ in 0..count.parse::<i64>().expect("a count") {
            counts.add(verdict);
        }
    }
    counts
}

async fn companies_of(cast: &Cast) -> i64 {
    let mut tx = cast.app.db.read().await.expect("reads");
    let all = companies::Segment::default();
    companies::actions::count_segment(&mut tx, cast.org, &all).await.expect("counts")
}

both! {
    async fn every_row_of_a_messy_file_has_its_verdict(t: TestDb) {
        let cast = Cast::gather(t).await;
        let dry = actions::foresee(&cast.act("anna", "dry"), file(MESSY)).await;
        let forecast = dry.expect("foreseen").forecast;
        let expected = counts("new=4 in_file=2 bad=5");
        assert_eq!(forecast.counts, expected, "{:#?}", forecast.rows);
        assert_eq!(companies_of(&cast).await, 0, "a dry run writes nothing");
        let import = bring_in(&cast, "one", MESSY).await;
        assert_eq!(import.state, ImportState::Committed);
        assert_eq!((import.counts, import.row_count), (expected, 11));
        assert_eq!(companies_of(&cast).await, 4);
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 100).await;
        let verdicts: Vec<&str> =
            rows.expect("reads").iter().map(|row| row.verdict.code()).collect();
        assert_eq!(
            verdicts.join(" "),
            "new new new in_file bad bad bad bad new bad in_file"
        );
    }

    async fn a_repeated_row_adds_its_number_to_the_company_above(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", MESSY).await;
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 100).await;
        let rows = rows.expect("reads");
        assert_eq!(rows[3].company, rows[0].company);
        let company = rows[0].company.expect("a company");
        let phones = companies::actions::list_phones(&mut tx, cast.org, company).await;
        let numbers: Vec<String> =
            phones.expect("reads").into_iter().map(|p| p.phone.e164).collect();
        assert_eq!(numbers, ["+74959637677", "+74959637679"]);
    }

    async fn the_same_file_again_brings_nothing(t: TestDb) {
        let cast = Cast::gather(t).await;
        bring_in(&cast, "one", MESSY).await;
        let second = bring_in(&cast, "two", MESSY).await;
        assert_eq!(second.counts, counts("in_base=6 bad=5"));
        assert_eq!(second.forecast.counts, second.counts);
        assert_eq!(companies_of(&cast).await, 4);
        let mut tx = cast.app.db.read().await.expect("reads");
        let same = store::find_same_file(&mut tx, cast.org, &second).await.expect("reads");
        assert_eq!(same, Some((1, ImportState::Committed)));
    }

    async fn a_file_in_another_order_and_spelling_fills_in_what_was_lacking(t: TestDb) {
        let cast = Cast::gather(t).await;
        bring_in(&cast, "one", MESSY).await;
        let other = "Телефон,Компания,Сайт,ИНН\n\
                     84959637677,Лён и Нить ООО,len.example,7714239823\n\
                     +7 (499) 161-13-40,«Шёлк; и бархат» ЗАО,,\n";
        let import = bring_in(&cast, "two", other).await;
        assert_eq!(import.counts, counts("update=1 in_base=1"));
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 9).await;
        let company = rows.expect("reads")[0].company.expect("a company");
        let found = companies::actions::find(&mut tx, cast.org, company).await;
        let found = found.expect("reads").expect("there");
        assert_eq!(found.website.as_deref(), Some("len.example"));
        assert_eq!(found.name, "ООО «Лён и нить»", "what stands is not overwritten");
    }

    async fn a_number_of_very_many_rows_glues_nobody(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut text = "Название;Телефон;Адрес\n".to_owned();
        for n in 0..90 {
            text.push_str(&format!("Аптека «Здоровье»;8 495 963-76-77;ул. Льна, {n}\n"));
        }
        let import = bring_in(&cast, "one", &text).await;
        assert_eq!(import.counts, counts("new=90"));
        let second = bring_in(&cast, "two", &text).await;
        assert_eq!(second.counts, counts("in_base=90"));
    }

    async fn who_asked_not_to_be_called_does_not_come_back_in_a_file(t: TestDb) {
        let cast = Cast::gather(t).await;
        let first = bring_in(&cast, "one", MESSY).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let rows = actions::list_rows(&mut tx, cast.org, first.id, (None, 0), 9).await;
        let rows = rows.expect("reads");
        let act = cast.act("boris", "ban");
        for (line, whom) in [
            (0, Whom::Company(rows[0].company.expect("a company"))),
            (2, Whom::Phone(None, Phone::parse("8 916 963-76-78", "RU").expect("a number"))),
        ] {
            let ban = Suppress {
                whom,
                channel: Channel::All,
                reason: SuppressReason::Asked,
                until: None,
            };
            let banned = companies::actions::suppress_in(&mut tx, &act, ban).await;
            banned.unwrap_or_else(|error| panic!("row {line}: {error}"));
        }
        tx.commit().await.expect("kept");
        let again = bring_in(&cast, "two", MESSY).await;
        assert_eq!(again.counts, counts("in_base=2 suppressed=4 bad=5"));
        let renamed = "Название;ИНН;Телефон\nНовое имя;7714239823;8 495 100-20-30\n";
        let renamed = bring_in(&cast, "three", renamed).await;
        assert_eq!(renamed.counts, counts("suppressed=1"));
    }

    async fn an_undone_import_leaves_the_base_as_it_was(t: TestDb) {
        let cast = Cast::gather(t).await;
        bring_in(&cast, "one", MESSY).await;
        cast.clock.advance_ms(1_000);
        let more = "Название;ИНН;Сайт;Телефон\n\
                    Лён и нить;7714239823;len.example;8 495 963-76-77 доб. 5\n\
                    Марля;;;8 495 200-30-40\n";
        let import = bring_in(&cast, "two", more).await;
        assert_eq!(import.counts, counts("new=1 update=1"));
        cast.clock.advance_ms(1_000);
        let act = cast.act("anna", "undo");
        let viewer = cast.viewer("anna").await;
        actions::undo(&act, &viewer, import.id).await.expect("is being undone");
        cast.settle().await;
        let import = again(&cast, import.id).await;
        assert_eq!(import.state, ImportState::Undone);
        assert_eq!(import.taken_back, TakenBack { removed: 1, restored: 1, stayed: 0 });
        assert_eq!(companies_of(&cast).await, 4);
        let found = found_by(&cast, "len.example").await;
        assert!(found.is_empty());
        let third = bring_in(&cast, "three", more).await;
        assert_eq!(third.counts, counts("new=1 update=1"), "it can be brought again");
        let twice = actions::undo(&cast.act("anna", "undo2"), &viewer, import.id).await;
        assert!(matches!(twice, Err(Error::Refused(_))), "{twice:?}");
    }

    async fn an_undo_lists_what_newer_work_stands_on(t: TestDb) {
        let cast = Cast::gather(t).await;
        let import = bring_in(&cast, "one", MESSY).await;
        cast.clock.advance_ms(1_000);
        let act = cast.act("anna", "work");
        let mut tx = cast.app.db.begin().await.expect("begins");
        let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 9).await;
        let rows = rows.expect("reads");
        let (noted, led) = (rows[0].company.expect("one"), rows[1].company.expect("two"));
        companies::actions::note_in(&mut tx, &act, noted, "called").await.expect("noted");
        let sonya = Some(cast.id("sonya"));
        companies::actions::set_lead_in(&mut tx, &act, led, sonya, 2).await.expect("led");
        tx.commit().await.expect("kept");
        undo(&cast, "undo", import.id).await;
        cast.settle().await;
        let import = again(&cast, import.id).await;
        assert_eq!(import.taken_back, TakenBack { removed: 2, restored: 0, stayed: 2 });
        let mut tx = cast.app.db.read().await.expect("reads");
        let stays = actions::list_stays(&mut tx, cast.org, import.id, 9).await.expect("reads");
        let reasons: Vec<(CompanyId, &str)> =
            stays.iter().map(|stay| (stay.company, stay.reason.as_str())).collect();
        assert_eq!(reasons, [(noted, "worked-on"), (led, "led")]);
    }

    async fn two_people_with_the_same_file_bring_it_once(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut text = "Название;ИНН;Телефон\n".to_owned();
        for n in 0..600 {
            let (some, more) = (200 + n / 100, n % 100);
            text.push_str(&format!("Фирма {n} Льна;;8 495 {some:03}-{more:02}-77\n"));
        }
        let (one, two) = tokio::join!(
            import_as(&cast, "anna", "one", &text),
            import_as(&cast, "gleb", "two", &text),
        );
        assert_eq!((one.counts.total(), two.counts.total()), (600, 600));
        assert_eq!(one.counts.new + two.counts.new, 600, "{:?} {:?}", one.counts, two.counts);
        assert_eq!(companies_of(&cast).await, 600);
    }

    async fn a_commit_that_broke_off_goes_on_where_it_ended(t: TestDb) {
        let cast = Cast::gather(t).await;
        let mut text = "Название;Телефон\n".to_owned();
        for n in 0..700 {
            let (some, more) = (200 + n / 2 / 100, n / 2 % 100);
            text.push_str(&format!("Фирма {n};8 495 {some:03}-{more:02}-77\n"));
        }
        let act = cast.act("anna", "one");
        let id = actions::bring(&act, file(&text)).await.expect("brought");
        actions::check(&act, id).await.expect("checked");
        let import = again(&cast, id).await;
        actions::commit(&cast.act("anna", "commit"), id, import.version).await.expect("begun");
        let first = actions::work_off_commit_to(&act, id, 300).await;
        first.expect("one batch and a half are written");
        let broken = again(&cast, id).await;
        assert_eq!((broken.state, broken.done_count), (ImportState::Committing, 500));
        cast.settle().await;
        let whole = again(&cast, id).await;
        assert_eq!(whole.state, ImportState::Committed);
        assert_eq!(whole.counts, whole.forecast.counts);
        assert_eq!(whole.counts.total(), 700);
        cast.settle().await;
        assert_eq!(again(&cast, id).await.counts.total(), 700, "nothing is written twice");
    }

    async fn a_file_that_was_tampered_with_is_not_written(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("anna", "one");
        let id = actions::bring(&act, file(MESSY)).await.expect("brought");
        actions::check(&act, id).await.expect("checked");
        let import = again(&cast, id).await;
        let mut tx = cast.app.db.begin().await.expect("begins");
        let block = store::find_block(&mut tx, cast.org, id, 0).await.expect("reads");
        let (mut packer, block) = (intake::blocks::Packer::default(), block.expect("there"));
        for mut record in block.records().expect("whole") {
            record.cells[0].push('!');
            packer.take(record);
        }
        let forged = crate::vals![packer.finish().expect("a block").packed];
        tx.run("update import_blocks set content = $1", forged).await.expect("forged");
        tx.commit().await.expect("kept");
        let others = actions::commit(&cast.act("sergei", "two"), id, import.version).await;
        assert!(is_refused(&others, ImportRefusal::NotYours), "nothing is read: {others:?}");
        let refused = actions::commit(&cast.act("anna", "two"), id, import.version).await;
        assert!(is_refused(&refused, ImportRefusal::FileChanged), "{refused:?}");
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn a_forecast_that_is_out_of_date_is_not_committed(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("anna", "one");
        let id = actions::bring(&act, file(MESSY)).await.expect("brought");
        actions::check(&act, id).await.expect("checked");
        let seen = again(&cast, id).await;
        let wanted = Reading { has_header: false, ..seen.reading.clone() };
        let act = cast.act("gleb", "two");
        actions::read_anew(&act, id, seen.version, wanted, Origin::default()).await.expect("read");
        cast.settle().await;
        let refused = actions::commit(&cast.act("anna", "three"), id, seen.version).await;
        assert!(is_refused(&refused, ImportRefusal::Stale), "{refused:?}");
        let now = again(&cast, id).await;
        assert_eq!(now.row_count, 12, "the heading is a row now");
        let twice = Reading { meanings: vec![Meaning::Name, Meaning::Name], ..now.reading };
        let refused =
            actions::read_anew(&act, id, now.version, twice, Origin::default()).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    }

    async fn files_that_are_no_tables_say_why(t: TestDb) {
        let cast = Cast::gather(t).await;
        let broken = |part: &str| ImportRefusal::File(Refused::Broken { part: part.to_owned() });
        let wide = format!("Название;Город{}\nЛён;Тверь\nШёлк;Омск\n", ";Столбец".repeat(199));
        for (bytes, expected) in [
            (b"".to_vec(), ImportRefusal::File(Refused::Empty)),
            (b" \r\n\n".to_vec(), ImportRefusal::File(Refused::Empty)),
            (b"PK\x03\x04rest".to_vec(), broken("zip")),
            (b"%PDF-1.7".to_vec(), ImportRefusal::File(Refused::NotText)),
            (vec![7; 5_000], ImportRefusal::File(Refused::NotText)),
            ((0..=255).cycle().take(4_000).collect(), ImportRefusal::File(Refused::NotText)),
            (vec![b';'; 5_000], ImportRefusal::TooManyColumns),
            (wide.into_bytes(), ImportRefusal::TooManyColumns),
        ] {
            let refused = actions::bring(&cast.act("anna", "bad"), file(&bytes)).await;
            assert!(is_refused(&refused, expected.clone()), "{expected:?}: {refused:?}");
        }
    }

    async fn a_file_goes_through_its_pages_in_and_out_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        let anna = cast.client("anna").await;
        let wrong = anna.upload("/imports", &[], ("file", "photo.csv", b"%PDF-1.7")).await;
        assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.body);
        assert!(wrong.body.contains("role=\"alert\""), "{}", wrong.body);
        let sent = anna.upload("/imports", &[], ("file", "base.csv", MESSY.as_bytes())).await;
        let path = sent.location.expect("the way to the forecast");
        let listed = anna.get("/imports").await.body;
        assert!(listed.contains(&path) && listed.contains("base.csv"), "{listed}");
        let id: ImportId = path.rsplit('/').next().and_then(|id| id.parse().ok()).expect("an id");
        let version = again(&cast, id).await.version.to_string();
        let stale = anna.post(&format!("{path}/commitment"), &[("version", "99")]).await;
        assert_eq!(stale.status.as_u16(), 409, "{}", stale.body);
        let fields = [("version", version.as_str())];
        let kept = anna.post(&format!("{path}/commitment"), &fields).await;
        assert_eq!(kept.status.as_u16(), 303, "{}", kept.body);
        cast.settle().await;
        let written = again(&cast, id).await;
        assert_eq!(companies_of(&cast).await, written.counts.new);
        let bad = anna.get(&format!("{path}/bad.csv")).await;
        let lines = i64::try_from(bad.body.lines().count()).expect("few");
        assert!(lines > written.counts.bad, "a heading and each bad row: {}", bad.body);
        let row = bad.body.lines().find(|line| line.contains("Вата")).unwrap_or_default();
        assert!(row.contains("Column 3.") && row.ends_with(";5"), "{row}");
        let boris = cast.client("boris").await;
        assert_eq!(boris.get(&path).await.status.as_u16(), 404);
        assert_eq!(boris.get(&format!("{path}/bad.csv")).await.status.as_u16(), 404);
        let all = anna.get(&format!("{path}/rows.csv")).await.body;
        let mut tx = cast.app.db.read().await.expect("reads");
        let story = events::list_for_subject(&mut tx, cast.org, &id.to_string()).await;
        drop(tx);
        let taken = story.expect("reads").into_iter().filter(|e| e.kind == Kind::FileExported);
        let taken: Vec<_> = taken.map(|e| (e.actor, e.detail)).collect();
        let rows = all.lines().count() - 1;
        let told = [("import-bad-rows", written.counts.bad), ("import-rows", rows as i64)];
        let anna_took = |(what, rows)| (Some(cast.id("anna")), json!({"what": what, "rows": rows}));
        assert_eq!(taken, told.map(anna_took), "who may not take it leaves nothing");
        let undone = anna.post(&format!("{path}/undoing"), &[]).await;
        assert_eq!(undone.status.as_u16(), 303, "{}", undone.body);
        cast.settle().await;
        assert_eq!(companies_of(&cast).await, 0);
    }

    async fn a_field_of_ten_megabytes_is_one_bad_row(t: TestDb) {
        let cast = Cast::gather(t).await;
        let long = "x".repeat(10 << 20);
        let text = format!("Название;Телефон\nЛён;84959637677\n\"{long}\";1\nШёлк;84991611340\n");
        let import = bring_in(&cast, "long", &text).await;
        assert_eq!(import.counts, counts("new=2 bad=1"));
        let (act, anna) = (cast.act("anna", "bad"), cast.viewer("anna").await);
        let bad = actions::list_bad_rows(&act, &anna, import.id, (0, 9)).await;
        let bad = bad.expect("reads");
        assert_eq!(bad[0].faults[0].code, "cell-too-long");
    }

    async fn encodings_and_delimiters_are_told(t: TestDb) {
        let cast = Cast::gather(t).await;
        let text = "Наименование;Телефон;Город\nООО «Лён»;8 495 963-76-77;Москва\n\
                    ЗАО «Бархат»;8 499 161-13-40;Тверь\n";
        let tabs = text.replace(';', "\t");
        let wide = |mark: bool| {
            let units = tabs.encode_utf16().flat_map(u16::to_le_bytes);
            let mark = if mark { vec![0xff, 0xfe] } else { vec![] };
            mark.into_iter().chain(units).collect::<Vec<u8>>()
        };
        let coded = |label: &str| {
            let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).expect("known");
            encoding.encode(&text.replace(['«', '»'], "\"")).0.into_owned()
        };
        for (name, bytes, encoding, delimiter) in [
            ("utf-8", text.as_bytes().to_vec(), "UTF-8", ';'),
            ("mark", format!("\u{feff}{text}").into_bytes(), "UTF-8", ';'),
            ("comma", text.replace(';', ",").into_bytes(), "UTF-8", ','),
            ("bar", text.replace(';', "|").into_bytes(), "UTF-8", '|'),
            ("cp1251", coded("windows-1251"), "windows-1251", ';'),
            ("cp866", coded("ibm866"), "IBM866", ';'),
            ("koi8-r", coded("koi8-r"), "KOI8-R", ';'),
            ("mac", coded("x-mac-cyrillic"), "x-mac-cyrillic", ';'),
            ("utf-16", wide(true), "UTF-16LE", '\t'),
            ("utf-16 bare", wide(false), "UTF-16LE", '\t'),
        ] {
            let act = cast.act("anna", name);
            let dry = actions::foresee(&act, file(&bytes)).await.expect(name);
            assert_eq!(dry.reading.encoding, encoding, "{name}");
            assert_eq!(dry.reading.delimiter, delimiter, "{name}");
            assert_eq!(dry.forecast.counts, counts("new=2"), "{name}");
            assert!(dry.forecast.rows[0].name.contains("Лён"), "{name}");
        }
    }
}

fn is_refused<T: std::fmt::Debug>(answer: &Outcome<T>, expected: ImportRefusal) -> bool {
    matches!(answer, Err(Error::Refused(refusal)) if refusal.code() == expected.code())
}

async fn found_by(cast: &Cast, text: &str) -> Vec<companies::Company> {
    let scope = crate::people::Scope::whole(cast.org);
    let mut tx = cast.app.db.read().await.expect("reads");
    companies::actions::search(&mut tx, &scope, text, 10, cast.clock.now()).await.expect("reads")
}
