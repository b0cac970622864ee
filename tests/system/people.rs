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
    assert!(!is_well && said.contains("--lang is missing") && said.contains("Nothing"), "{said}");
    assert!(said.contains("--currency, --zone and --country"), "{said}");
    let anna = ["add", "anna", "--name", "Anna", "--firm", "Flax", "--lang", "ru"];
    let (is_well, said) = user(&home, &anna);
    assert!(is_well && said.contains("anna is added as administrator"), "{said}");
    assert!(said.contains("\"Flax\" is founded"), "{said}");

    let (is_well, said) = user(&home, &["add", "boris", "--name", "Boris"]);
    assert!(!is_well && said.contains("--roles is missing"), "{said}");
    assert!(said.contains("caller, seller, service"), "{said}");
    let (is_well, said) = user(&home, &["add", "boris", "--name", "Boris", "--roles", "boss"]);
    assert!(!is_well && said.contains("no role \"boss\""), "{said}");
    assert_eq!(count(&home), 1, "nobody came in");

    for tier in [&[][..], &["--tier", "2", "--team", "New"]] {
        let boris = ["add", "boris", "--name", "Boris", "--roles", "caller"];
        let (is_well, said) = user(&home, &[&boris[..], tier].concat());
        assert!(!is_well && said.contains("Who calls works in tier 1"), "{said}");
    }
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
    let anna = ["add", "anna", "--name", "Anna", "--firm", "Flax", "--lang", "ru"];
    let (is_well, said) = user(&home, &anna);
    assert!(is_well, "{said}");
    let boris = ["add", "boris", "--name", "Boris", "--roles", "caller", "--tier", "1"];
    for (flag, other) in
        [("--firm", "Hemp"), ("--zone", "Asia/Omsk"), ("--country", "GB"), ("--currency", "EUR")]
    {
        let (is_well, said) = user(&home, &[&boris[..], &[flag, other]].concat());
        assert!(!is_well && said.contains("stands already"), "{said}");
        assert!(said.contains(flag) && said.contains("nothing was changed"), "{said}");
        assert_eq!(count(&home), 1, "nobody came in");
    }
    let (is_well, said) = user(&home, &[&boris[..], &["--firm", "Flax"]].concat());
    assert!(is_well, "{said}");
}

#[test]
fn an_english_firm_is_british_unless_told_otherwise_and_says_so() {
    let home = Home::sqlite();
    let anna = ["add", "anna", "--name", "Anna", "--firm", "Flax", "--lang", "en"];
    let (is_well, said) = user(&home, &anna);
    assert!(is_well, "{said}");
    for part in ["English", "GBP", "Europe/London", "GB (+44)", "troika firm --country"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let firm = |more: &[&str]| run(&[&["firm", "--database", &home.database], more].concat());
    let (is_well, said) = firm(&[]);
    assert!(is_well && said.contains("Flax") && said.contains("GB (+44)"), "{said}");
    let (is_well, said) = firm(&["--country", "XX"]);
    assert!(!is_well && said.contains("no country"), "{said}");
    let (is_well, said) = firm(&["--country", "ie"]);
    assert!(is_well && said.contains("IE (+353)") && said.contains("GBP"), "{said}");
    let far = Home::sqlite();
    let bora = ["add", "bora", "--name", "Bora", "--lang", "en", "--country", "TR"];
    let (is_well, said) = user(&far, &bora);
    assert!(!is_well && said.contains("--currency"), "a country that says too little: {said}");
    let (is_well, said) = user(&far, &[&bora[..], &["--currency", "EUR"]].concat());
    assert!(!is_well && said.contains("--zone"), "{said}");
    let told = ["--currency", "EUR", "--zone", "Europe/Istanbul"];
    let (is_well, said) = user(&far, &[&bora[..], &told].concat());
    assert!(is_well && said.contains("TR (+90)"), "{said}");
}

#[test]
fn a_link_names_the_place_that_was_said_and_never_a_guess() {
    let home = Home::sqlite();
    let (is_well, said) = user(&home, &["add", "anna", "--name", "Anna", "--lang", "ru"]);
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
