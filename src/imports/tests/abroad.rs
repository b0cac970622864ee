//! Lists of a firm abroad: its numbers are read as its country writes them, and of telephones that
//! nobody can read it is told.

use super::*;
use crate::people;

const BRITISH: &str = "Company,City,Phone\nAcme Weavers,Leeds,020 7946 0958\n\
    Borough Looms,Edinburgh,(0131) 496 0778\nCinder Mills,York,07400 123456\n";

async fn in_britain(cast: &Cast) {
    people::actions::set_country(&cast.act("alla", "gb"), Country::GB).await.expect("kept");
}

async fn brought(cast: &Cast, key: &str, text: &str) -> (Import, String) {
    let id = actions::bring(&cast.act("anna", key), file(text)).await.expect("brought");
    actions::check(&cast.act("anna", key), id).await.expect("checked");
    let page = cast.client("anna").await.get(&format!("/imports/{id}")).await.body;
    (again(cast, id).await, page)
}

fn phones(import: &Import) -> Vec<&str> {
    import.forecast.rows.iter().map(|row| row.phones.as_str()).collect()
}

both! {
    async fn a_firm_of_britain_brings_british_numbers(t: TestDb) {
        let cast = Cast::gather(t).await;
        in_britain(&cast).await;
        let (import, page) = brought(&cast, "one", BRITISH).await;
        assert_eq!(import.reading.meanings, [Meaning::Name, Meaning::City, Meaning::Phones]);
        assert_eq!(phones(&import), ["+44 20 7946 0958", "+44 131 496 0778", "+44 7400 123456"]);
        assert!(!page.contains("could not be read"), "{page}");
        // Without headings as well, and the first row is none.
        let bare = BRITISH.split_once('\n').expect("rows").1;
        let (import, _) = brought(&cast, "two", bare).await;
        assert_eq!((import.row_count, import.reading.has_header), (3, false));
        assert_eq!(import.reading.meanings.last(), Some(&Meaning::Phones));
        // Whoever asked not to be called is met by their number, however it is written.
        let mut tx = cast.app.db.begin().await.expect("begins");
        let number = Phone::parse("+44 20 7946 0958", "RU").expect("a number");
        let ban = Suppress {
            whom: Whom::Phone(None, number),
            channel: Channel::All,
            reason: SuppressReason::Asked,
            until: None,
        };
        let act = cast.act("boris", "ban");
        companies::actions::suppress_in(&mut tx, &act, ban).await.expect("banned");
        tx.commit().await.expect("kept");
        let import = bring_in(&cast, "three", BRITISH).await;
        assert_eq!(import.counts, counts("new=2 suppressed=1"));
    }

    async fn what_was_foreseen_is_written_though_the_firm_moves(t: TestDb) {
        let cast = Cast::gather(t).await;
        let list = "Company,City,Phone\nЛён,Тула,8 (4872) 36-25-14\n";
        let (import, _) = brought(&cast, "one", list).await;
        assert_eq!(phones(&import), ["+7 487 236-25-14"]);
        in_britain(&cast).await;
        actions::commit(&cast.act("anna", "commit"), import.id, import.version)
            .await
            .expect("begun");
        actions::work_off_commit(&cast.act("anna", "work"), import.id).await.expect("written");
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_row_companies(&mut tx, cast.org, import.id, 0, 9).await;
        let company = rows.expect("rows")[0].1;
        let written = companies::actions::list_phones(&mut tx, cast.org, company).await;
        assert_eq!(written.expect("phones")[0].phone.e164, "+74872362514");
    }

    async fn the_country_of_a_row_goes_before_that_of_the_firm(t: TestDb) {
        let cast = Cast::gather(t).await;
        in_britain(&cast).await;
        let mixed = "Company,Country,City,Phone\nAcme,UK,Leeds,020 7946 0958\n\
            Лён,Россия,Тула,8 (4872) 36-25-14\nШёлк,,Казань,221-12-34\n\
            Weber,Germany,,030 1234567\n";
        let (import, _) = brought(&cast, "one", mixed).await;
        assert_eq!(import.reading.meanings[1], Meaning::Country);
        assert_eq!(
            phones(&import),
            ["+44 20 7946 0958", "+7 487 236-25-14", "+7 843 221-12-34", "+49 30 1234567"]
        );
    }

    async fn telephones_that_nobody_can_read_are_told_and_counted(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (import, page) = brought(&cast, "one", BRITISH).await;
        assert_eq!(import.reading.meanings.last(), Some(&Meaning::Phones), "called so, kept so");
        assert!(page.contains("in 3 rows a phone could not be read"), "{page}");
        assert!(page.contains("read as those of RU (+7)"), "{page}");
        let api = cast.api("anna").await;
        let shown = api.get(&format!("/api/v1/imports/{}", import.id)).await.body;
        assert!(shown.contains("phones-unread"), "{shown}");
        // Called nothing that is known, and left out: told as well.
        let unnamed = BRITISH.replace("Phone", "Reach us at");
        let (import, page) = brought(&cast, "two", &unnamed).await;
        assert_eq!(import.reading.meanings.last(), Some(&Meaning::Ignore));
        assert!(page.contains("looks like phones and is left out, 3 rows"), "{page}");
        let (_, page) = brought(&cast, "three", "Company,Sum\nAcme,1 234 567 890\n").await;
        assert!(!page.contains("looks like phones"), "{page}");
    }

    async fn a_list_without_a_ground_says_that_nobody_of_it_may_be_called(t: TestDb) {
        let cast = Cast::gather(t).await;
        let warning = "No ground for calling is given";
        let (import, page) = brought(&cast, "one", MESSY).await;
        assert!(page.contains(warning), "{page}");
        let kind = Some(BasisKind::Consent);
        let origin = Origin { basis_kind: kind, ..Origin::default() };
        let act = cast.act("anna", "ground");
        let reading = import.reading.clone();
        actions::read_anew(&act, import.id, import.version, reading, origin).await.expect("read");
        actions::check(&act, import.id).await.expect("checked");
        let page = cast.client("anna").await.get(&format!("/imports/{}", import.id)).await.body;
        assert!(!page.contains(warning), "{page}");
    }
}
