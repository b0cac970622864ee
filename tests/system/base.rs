//! `troika import` and `troika export` as an operator types them.

use std::fs;

use crate::server::{Home, found, run};

const LIST: &str = "Название;ИНН;Телефон\n\
    ООО «Лён»;7714239823;8 495 963-76-77\n\
    ООО «Лён»;7714239823;8 495 963-76-77\n\
    ;7709092420;8 499 161-13-40\n";

async fn firm() -> Home {
    let home = Home::sqlite();
    let db = home.open().await;
    found(&db).await;
    db.close().await;
    home
}

fn import(home: &Home, file: &str, more: &[&str]) -> (bool, String) {
    run(&[&["import", file, "--database", home.database.as_str()], more].concat())
}

/// The count that stands before a word.
fn count(said: &str, word: &str) -> i64 {
    let line = said.lines().find(|line| line.trim_end().ends_with(word));
    let line = line.unwrap_or_else(|| panic!("{word} is not told: {said}"));
    line.split_whitespace().next().and_then(|n| n.parse().ok()).expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_for_nobody_touches_no_file() {
    let home = firm().await;
    let (out, partial) = (home.folder().join("base.csv"), home.folder().join("base.partial"));
    fs::write(&partial, "somebody's").expect("written");
    let out = out.display().to_string();
    let export = ["export", "companies", &out, "--database", &home.database, "--as", "nobody"];
    let (is_well, said) = run(&export);
    assert!(!is_well && said.contains("nobody has the login"), "{said}");
    assert_eq!(fs::read_to_string(&partial).expect("it is there"), "somebody's");
    assert!(!home.folder().join("base.csv").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_looks_changes_no_database() {
    let home = Home::sqlite();
    let db = home.open().await;
    let tables = async || {
        let mut tx = db.read().await.expect("reads");
        let text = "select name from sqlite_master where name not like 'sqlite_%'";
        let rows = tx.all(text, &[]).await.expect("tables").into_iter();
        rows.map(|row| row.text("name").expect("a name")).collect::<Vec<_>>()
    };
    for (made, commands) in [(None, ["check", "jobs"]), (Some("wp_posts"), ["check", "migrate"])] {
        if made.is_some() {
            let mut tx = db.begin().await.expect("begins");
            tx.run("create table wp_posts (number bigint)", &[]).await.expect("made");
            tx.commit().await.expect("kept");
        }
        let before = tables().await;
        for command in commands {
            let (is_well, said) = run(&[command, "--database", &home.database]);
            assert!(!is_well && said.contains("nothing was changed"), "{command}: {said}");
            assert!(said.contains(made.unwrap_or("troika migrate")), "{command}: {said}");
            assert_eq!(tables().await, before, "{command}");
        }
    }
    db.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_foreseen_brought_and_brought_again_for_nothing() {
    let home = firm().await;
    let list = home.folder().join("list.csv");
    fs::write(&list, LIST).expect("written");
    let list = list.display().to_string();
    let (is_well, said) = import(&home, &list, &["--dry-run"]);
    assert!(is_well, "{said}");
    assert_eq!((count(&said, "new"), count(&said, "in all")), (1, 3), "{said}");
    assert!(said.contains("         2  ИНН       tax_id\n"), "the columns are told: {said}");
    assert!(said.contains("Give it with --basis") && !said.contains("How to read"), "{said}");
    let otherwise = ["--dry-run", "--column", "ИНН=name", "--column", "название=skip"];
    let (is_well, said) = import(&home, &list, &otherwise);
    assert!(is_well && said.contains("         1  Название  skip\n"), "{said}");
    assert!(said.contains("         2  ИНН       name\n"), "{said}");
    for (column, sentence) in [("Имя=name", "no column “Имя”"), ("ИНН=x", "known: skip, name")]
    {
        let (is_well, said) = import(&home, &list, &["--dry-run", "--column", column]);
        assert!(!is_well && said.contains(sentence), "{said}");
    }
    let (is_well, said) = import(&home, &list, &["--as", "head", "--basis", "consent"]);
    assert!(is_well, "{said}");
    assert_eq!((count(&said, "new"), count(&said, "bad")), (1, 1), "{said}");
    assert!(said.contains("row 3: "), "the bad row has its reason: {said}");
    assert!(said.contains("Import 1 is in the base"), "the dry run kept nothing: {said}");
    let (is_well, said) = import(&home, &list, &[]);
    assert!(is_well, "{said}");
    assert_eq!((count(&said, "new"), count(&said, "in the base")), (0, 2), "{said}");
    let out = home.folder().join("out.csv").display().to_string();
    let export = ["export", "companies", &out, "--database", &home.database];
    let (is_well, said) = run(&export);
    assert!(is_well && said.contains("1 rows are in"), "{said}");
    let text = fs::read_to_string(&out).expect("read");
    assert!(text.starts_with("\u{feff}№;название;"), "a Russian firm reads semicolons: {text}");
    let (is_well, said) = run(&export);
    assert!(!is_well && said.contains("exists"), "{said}");
    let (is_well, said) = import(&home, &out, &[]);
    assert!(is_well, "{said}");
    assert_eq!(count(&said, "in the base"), 1, "{said}");
    let told = home.folder().join("events.csv").display().to_string();
    let again = home.folder().join("again.csv").display().to_string();
    for (what, file, login, is_taken) in [
        ("companies", &again, "caller", false),
        ("companies", &again, "head", true),
        ("events", &told, "head", true),
    ] {
        let taken = ["export", what, file, "--as", login, "--plain", "--database", &home.database];
        let (is_well, said) = run(&taken);
        assert_eq!(is_well, is_taken, "{what} by {login}: {said}");
    }
    let text = fs::read_to_string(&told).expect("read");
    let written: Vec<&str> = text.lines().filter(|row| row.contains("export.written")).collect();
    assert_eq!(written.len(), 2, "the product's and the head's; its own is later: {text}");
    let is_told = |row: &&str| row.contains("companies") && row.contains(r#""rows"":1"#);
    assert!(written.iter().all(is_told), "{written:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_list_of_companies_ends_with_a_sentence() {
    let home = firm().await;
    for (name, bytes, sentence) in [
        ("photo.png", &b"\x89PNG\r\n\x1a\n...."[..], "no table"),
        ("base.xlsx", b"PK\x03\x04....", "cut short or spoilt"),
        ("empty.csv", b"", "empty"),
        ("codes.csv", b"a;b\n1;2\n3;4\n", "names"),
    ] {
        let path = home.folder().join(name);
        fs::write(&path, bytes).expect("written");
        let (is_well, said) = import(&home, &path.display().to_string(), &[]);
        assert!(!is_well, "{name}: {said}");
        assert!(said.to_lowercase().contains(&sentence.to_lowercase()), "{name}: {said}");
        assert!(said.contains(name), "{said}");
    }
    let missing = home.folder().join("nowhere.csv").display().to_string();
    let (is_well, said) = import(&home, &missing, &[]);
    assert!(!is_well && said.contains("nothing was changed"), "{said}");
    let list = home.folder().join("list.csv");
    fs::write(&list, LIST).expect("written");
    for (login, sentence) in [("nobody", "nobody has the login"), ("caller", "may not bring")] {
        let list = list.display().to_string();
        let (is_well, said) = import(&home, &list, &["--as", login]);
        assert!(!is_well && said.contains(sentence), "{said}");
    }
}
