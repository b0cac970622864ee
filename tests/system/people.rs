//! `troika user` as an operator types it.

use std::fs;

use crate::server::{Home, run};

/// `troika user …` over a database.
fn user(home: &Home, arguments: &[&str]) -> (bool, String) {
    run(&[&["user", "--database", home.database.as_str()], arguments].concat())
}

/// How many people the database holds.
fn count(home: &Home) -> usize {
    let (is_well, said) = user(home, &["list"]);
    assert!(is_well, "{said}");
    said.lines().count()
}

#[test]
fn only_who_founds_the_firm_is_an_administrator_untold() {
    let home = Home::sqlite();
    let (is_well, said) = user(&home, &["add", "anna", "--name", "Anna", "--firm", "Flax"]);
    assert!(is_well && said.contains("anna is added as administrator"), "{said}");
    assert!(said.contains("\"Flax\" is founded"), "{said}");

    let (is_well, said) = user(&home, &["add", "boris", "--name", "Boris"]);
    assert!(!is_well && said.contains("--roles is missing"), "{said}");
    assert!(said.contains("caller, seller, service"), "{said}");
    let (is_well, said) = user(&home, &["add", "boris", "--name", "Boris", "--roles", "boss"]);
    assert!(!is_well && said.contains("no role \"boss\""), "{said}");
    assert_eq!(count(&home), 1, "nobody came in");

    let boris = ["add", "boris", "--name", "Boris", "--roles", "caller", "--tier", "1"];
    let (is_well, said) = user(&home, &boris);
    assert!(is_well && said.contains("boris is added as caller"), "{said}");
    assert!(!said.contains("founded"), "{said}");
    let (is_well, said) = user(&home, &["add", "--help"]);
    assert!(is_well && said.contains("administrator without being told so"), "{said}");
}

#[test]
fn another_firm_than_the_one_that_stands_is_refused() {
    let home = Home::sqlite();
    let (is_well, said) = user(&home, &["add", "anna", "--name", "Anna", "--firm", "Flax"]);
    assert!(is_well, "{said}");
    let boris = ["add", "boris", "--name", "Boris", "--roles", "caller"];
    for (flag, other) in [("--firm", "Hemp"), ("--zone", "Asia/Omsk")] {
        let (is_well, said) = user(&home, &[&boris[..], &[flag, other]].concat());
        assert!(!is_well && said.contains("stands already"), "{said}");
        assert!(said.contains(flag) && said.contains("nothing was changed"), "{said}");
        assert_eq!(count(&home), 1, "nobody came in");
    }
    let (is_well, said) = user(&home, &[&boris[..], &["--firm", "Flax"]].concat());
    assert!(is_well, "{said}");
}

#[test]
fn a_link_names_the_place_that_was_said_and_never_a_guess() {
    let home = Home::sqlite();
    let (is_well, said) = user(&home, &["add", "anna", "--name", "Anna"]);
    assert!(is_well && said.contains("open where"), "{said}");
    let path = said.trim_end().rsplit(' ').next().expect("a word");
    assert!(path.starts_with("/sign-in/"), "the path ends the line: {said}");
    assert!(!said.contains("http"), "{said}");

    let config = home.folder().join("troika.toml");
    fs::write(&config, "listen = \"127.0.0.1:18654\"\n").expect("written");
    let config = config.display().to_string();
    for (more, beginning) in [
        (&["--config", &config][..], "http://127.0.0.1:18654/sign-in/"),
        (&["--listen", "127.0.0.1:18655"], "http://127.0.0.1:18655/sign-in/"),
        (&["--config", &config, "--listen", "[::1]:18655"], "http://[::1]:18655/sign-in/"),
        (&["--config", &config, "--origin", "https://troika.example"], "https://troika.example/"),
        (&["--listen", "127.0.0.1:0"], "open where "),
    ] {
        let (is_well, said) = user(&home, &[&["link", "anna"], more].concat());
        assert!(is_well && said.starts_with(beginning), "{more:?}: {said}");
    }
}
