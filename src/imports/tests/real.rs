//! The lists of real institutions and real address books, where a folder with them is named.

use super::*;
use crate::storage::testing::{Engine, fresh};

/// Every address book of `contacts-messy/vcard`, with its cards.
const BOOKS: [(&str, i64); 22] = [
    ("John_Doe_ANDROID", 6),
    ("John_Doe_BLACK_BERRY", 1),
    ("John_Doe_EVOLUTION", 1),
    ("John_Doe_GMAIL", 1),
    ("John_Doe_IPHONE", 1),
    ("John_Doe_LOTUS_NOTES", 1),
    ("John_Doe_MAC_ADDRESS_BOOK", 1),
    ("John_Doe_MS_OUTLOOK", 1),
    ("evolution_vcard21_windows1251", 1),
    ("fullcontact", 1),
    ("gmail-list", 3),
    ("gmail-single", 1),
    ("gmail-single2", 1),
    ("outlook-2003", 1),
    ("outlook-2007", 1),
    ("rfc2426-example", 2),
    ("rfc6350-example", 1),
    ("roundcube_apple", 1),
    ("roundcube_johndoe", 1),
    ("roundcube_thebat", 1),
    ("roundcube_utf-16_sample", 1),
    ("thunderbird-MoreFunctionsForAddressBook-extension", 1),
];

fn folder() -> std::path::PathBuf {
    std::env::var_os("TROIKA_REAL_DATA").expect("TROIKA_REAL_DATA names a folder").into()
}

fn real(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).expect("the file is there")
}

async fn bring(cast: &Cast, key: &str, name: &str) -> Import {
    bring_in(cast, key, real(name)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_card_of_every_address_book_is_accounted_for() {
    let under = "contacts-messy/vcard";
    let there = std::fs::read_dir(folder().join(under)).expect("the folder is there");
    let there = there.filter(|entry| {
        let path = entry.as_ref().expect("an entry").path();
        path.extension().is_some_and(|end| end == "vcf")
    });
    assert_eq!(there.count(), BOOKS.len(), "each book is named here");
    let cast = Cast::gather(fresh(Engine::Sqlite).await).await;
    for (name, cards) in BOOKS {
        let import = bring(&cast, name, &format!("{under}/{name}.vcf")).await;
        println!("{name}: {} {:?}", import.reading.encoding, import.counts);
        assert_eq!(import.state, ImportState::Committed, "{name}");
        assert_eq!((import.row_count, import.counts.total()), (cards, cards), "{name}");
        assert_eq!(import.counts, import.forecast.counts, "{name}");
        let mut tx = cast.app.db.read().await.expect("reads");
        let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 9).await;
        for row in rows.expect("reads") {
            let is_told = row.company.is_some() || !row.remarks.is_empty();
            assert!(is_told, "{name}: row {} became nothing, for no reason", row.line);
        }
    }
}

both! {
    async fn every_file_of_other_programs_is_accounted_for(t: TestDb) {
        let cast = Cast::gather(t).await;
        for (name, rows) in [
            ("contacts-messy/encodings/derived_cp1251_semicolon_libraries.csv", 520),
            ("contacts-messy/encodings/derived_cp866_semicolon_libraries.csv", 520),
            ("contacts-messy/encodings/derived_utf16le_bom_tab_libraries.txt", 520),
            ("contacts-messy/csv/mos_425_libraries_old.tsv", 520),
            ("contacts-messy/csv/mos_629_sport_objects_new.csv", 3_986),
            ("contacts-messy/encodings/real_cp1251_semicolon_budget.csv", 1_206),
            ("contacts-messy/encodings/real_maccyrillic_cr_semicolon_services.csv", 27),
            ("ru-companies/busgov_mvd_orgs.tsv", 665),
        ] {
            let first = bring(&cast, name, name).await;
            println!("{name}: {} {:?}", first.reading.encoding, first.counts);
            assert_eq!((first.row_count, first.counts.total()), (rows, rows), "{name}");
            assert_eq!(first.counts, first.forecast.counts, "{name}");
            let second = bring(&cast, &format!("{name} again"), name).await;
            assert_eq!((second.counts.new, second.counts.update), (0, 0), "{name}");
        }
    }

    async fn address_books_bring_companies_with_their_people(t: TestDb) {
        let cast = Cast::gather(t).await;
        let folder = "contacts-messy";
        for (name, expected) in [
            ("csv/roundcube_gmail.csv", "company|Prefix Firstname Middle Lastname Suffix"),
            ("csv/roundcube_all.csv", "Company|Display Name"),
            ("csv/roundcube_tb_plain.csv", "Organization|Displayname"),
            ("vcard/roundcube_johndoe.vcf", "roundcube.net|John Do"),
        ] {
            let import = bring(&cast, name, &format!("{folder}/{name}")).await;
            assert_eq!(import.counts, counts("new=1"), "{name}");
            let mut tx = cast.app.db.read().await.expect("reads");
            let rows = actions::list_rows(&mut tx, cast.org, import.id, (None, 0), 9).await;
            let row = rows.expect("reads").remove(0);
            let company = row.company.expect("a company");
            let people = companies::actions::list_contacts(&mut tx, cast.org, company).await;
            let people: Vec<String> =
                people.expect("reads").into_iter().map(|one| one.name).collect();
            let told = format!("{}|{}", row.name, people.join("+"));
            assert!(told.starts_with(expected), "{name}: {told}");
        }
        let name = format!("{folder}/csv/mosgaz_areaorgs_eav.csv");
        let import = bring(&cast, "areas", &name).await;
        assert_eq!(import.counts.total(), 1_484);
        let called = |wanted: &str| import.header.iter().position(|heading| heading == wanted);
        let meaning = |heading| import.reading.meanings[called(heading).expect("a column")];
        assert_eq!(meaning("areaname"), Meaning::Ignore, "districts are no people");
        assert_eq!(meaning("chiefname"), Meaning::Person);
    }

    async fn a_real_workbook_is_accounted_for(t: TestDb) {
        use crate::imports::columns::Named;
        let cast = Cast::gather(t).await;
        let bytes = real("lead-scoring-x/leads_data_dictionary.xlsx");
        // It tells of columns, not of companies: what they are taken for is said.
        let named = |heading: &str, meaning| Named { heading: heading.to_owned(), meaning };
        let named = [named("Variables", Meaning::Name), named("Description", Meaning::Note)];
        let act = cast.act("anna", "book");
        let said = (&Overruling::default(), named.as_slice());
        let id = actions::bring_as(&act.part("bring"), file(bytes), said).await;
        let id = id.expect("brought");
        actions::check(&act, id).await.expect("checked");
        let seen = again(&cast, id).await;
        assert_eq!(seen.found.how.sheets, ["Sheet1"]);
        assert_eq!((seen.row_count, seen.forecast.counts.total()), (37, 37));
        actions::commit(&act.part("commit"), id, seen.version).await.expect("begun");
        actions::work_off_commit(&act, id).await.expect("written");
        let import = again(&cast, id).await;
        assert_eq!(import.counts, import.forecast.counts);
        assert_eq!(companies_of(&cast).await, import.counts.new);
    }

    async fn pharmacies_under_three_numbers_are_not_glued(t: TestDb) {
        let cast = Cast::gather(t).await;
        let name = "ru-companies/mos_501_pharmacies_new.csv";
        let first = bring(&cast, "one", name).await;
        println!("{:?}", first.counts);
        assert_eq!(first.counts.total(), 4_121);
        assert!(first.counts.new > 3_500, "{:?}", first.counts);
        assert_eq!(first.forecast.same_name, None);
        let second = bring(&cast, "two", name).await;
        assert_eq!((second.counts.new, second.counts.total()), (0, 4_121));
    }
}
