//! Where SQL, clocks, pages and backend checks may stand.

use super::edges::{FOUNDATION, READERS, TOP};
use super::offenders::Found;
use super::source::{Rust, files, folder, line_of, product, word_places};

fn is_business(file: &Rust) -> bool {
    let folder = folder(&file.path);
    !FOUNDATION.contains(&folder) && !TOP.contains(&folder) && file.path.matches('/').count() > 1
}

fn room(file: &Rust) -> &str {
    file.path.rsplit('/').next().unwrap_or_default()
}

/// True for text that a database would take for a statement.
pub fn is_statement(text: &str) -> bool {
    let text = text.trim_start();
    ["select ", "insert into ", "delete from ", "with ", "create table ", "alter table "]
        .iter()
        .any(|head| text.starts_with(head) && (*head != "with " || text.contains("select ")))
        || text.starts_with("update ") && text.contains(" set ")
}

fn is_writing(text: &str) -> bool {
    let text = text.trim_start();
    is_statement(text)
        && ["insert into ", "update ", "delete from ", "create ", "alter ", "drop "]
            .iter()
            .any(|verb| text.starts_with(verb) || text.contains(&format!(" {verb}")))
}

#[test]
fn what_a_thing_is_knows_neither_storage_nor_web_nor_clock() {
    let mut found = Found::default();
    let is_opening = |f: &&Rust| room(f) == "mod.rs" && f.path.matches('/').count() == 2;
    for file in product().filter(|f| is_business(f)).filter(is_opening) {
        for word in ["crate::storage", "crate::web", "Clock", "axum", "sqlx", "crate::jobs"] {
            for at in word_places(&file.product, word) {
                let line = line_of(&file.product, at);
                let sentence = format!(
                    "line {line}: {word} in mod.rs; rules are pure: time is an argument, storage \
                     and web stand in the other rooms"
                );
                found.note(format!("{} {word}", file.path), 1, sentence);
            }
        }
    }
    found.judge("pure");
}

#[test]
fn sql_stands_in_store_rs() {
    let mut found = Found::default();
    for file in product() {
        let is_its_place = room(file) == "store.rs"
            || file.path.contains("/store/")
            || folder(&file.path) == "storage"
            || file.path == "src/web/drafts.rs";
        if is_its_place {
            continue;
        }
        for (line, text) in file.literals.iter().filter(|(_, text)| is_statement(text)) {
            let head: String = text.chars().take(40).collect();
            let sentence = format!("line {}: {head}…; statements stand in store.rs", line + 1);
            found.note(&file.path, 1, sentence);
        }
    }
    found.judge("sql");
}

#[test]
fn a_statement_names_its_columns() {
    let mut found = Found::default();
    for file in product().filter(|f| folder(&f.path) != "storage") {
        for (line, text) in file.literals.iter().filter(|(_, text)| is_statement(text)) {
            let star = word_places(text, "select").any(|at| {
                let rest = text[at + 6..].trim_start();
                rest.starts_with('*') || rest.contains(".*,") || rest.contains(".* from")
            });
            if star {
                let sentence = format!("line {}: select * breaks with the next column", line + 1);
                found.note(&file.path, 1, sentence);
            }
        }
    }
    found.judge("star");
}

#[test]
fn only_the_dialect_asks_which_database() {
    let mut found = Found::default();
    for file in product().filter(|f| folder(&f.path) != "storage") {
        let marks = ["Kind::Lite", "Kind::Pg", "Engine::Lite", "Engine::Pg", "dialect::"];
        for mark in marks.into_iter().chain(["Address::Lite", "Address::Pg"]) {
            for (at, _) in file.product.match_indices(mark) {
                let line = line_of(&file.product, at);
                let sentence = format!(
                    "line {line}: {mark}; a difference of the databases is a function of \
                     storage/dialect.rs"
                );
                found.note(format!("{} {mark}", file.path), 1, sentence);
            }
        }
    }
    found.judge("dialect");
}

#[test]
fn who_writes_answers_no_request() {
    let mut found = Found::default();
    for file in product().filter(|f| is_business(f) && f.product.contains("begin!(")) {
        for (at, _) in file.product.match_indices("-> Answer") {
            let line = line_of(&file.product, at);
            let sentence = format!(
                "line {line}: an action and what answers a request in one file; the handler stands \
                 in pages.rs or api.rs"
            );
            found.note(&file.path, 1, sentence);
        }
    }
    found.judge("handlers");
}

#[test]
fn a_store_is_nobody_else_s() {
    let mut found = Found::default();
    for file in product().filter(|f| is_business(f)) {
        for mark in ["pub mod store", "pub(crate) mod store", "pub use store::"] {
            if file.product.contains(mark) {
                let sentence = format!("{mark}: other folders come in by mod.rs and actions.rs");
                found.note(&file.path, 1, sentence);
            }
        }
        let own = format!("{}::store", folder(&file.path));
        for (at, _) in file.product.match_indices("::store::") {
            let head = &file.product[..at];
            let begins = head.rfind(|c: char| c.is_whitespace() || "(&<,{".contains(c));
            let path = &head[begins.map_or(0, |i| i + 1)..];
            let is_other = path.starts_with("crate::") && !format!("{path}::store").ends_with(&own);
            if is_other {
                let line = line_of(&file.product, at);
                found.note(&file.path, 1, format!("line {line}: {path}::store is not yours"));
            }
        }
    }
    found.judge("store");
}

#[test]
fn who_only_reads_writes_nothing() {
    let mut found = Found::default();
    for file in product().filter(|f| READERS.contains(&folder(&f.path))) {
        for (line, text) in file.literals.iter().filter(|(_, text)| is_writing(text)) {
            let head: String = text.chars().take(40).collect();
            found.note(&file.path, 1, format!("line {}: {head}… writes", line + 1));
        }
        for word in ["begin!", ".begin()"] {
            for (at, _) in file.product.match_indices(word) {
                let line = line_of(&file.product, at);
                let sentence = format!("line {line}: {word}; read with db.read()");
                found.note(&file.path, 1, sentence);
            }
        }
    }
    found.judge("reader");
}

/// Tables that the database itself keeps from being changed.
fn frozen_tables() -> Vec<String> {
    let list = files("src/storage", &["migrations.rs"]);
    let text = &list.first().expect("migrations.rs stands in storage").all;
    text.split("frozen: &[")
        .skip(1)
        .filter_map(|part| part.split(']').next())
        .flat_map(|names| names.split(','))
        .map(|name| name.trim().trim_matches('"').to_owned())
        .filter(|name| !name.is_empty() && !name.contains(' ') && !name.contains('\''))
        .collect()
}

#[test]
fn what_is_append_only_is_never_changed() {
    let frozen = frozen_tables();
    assert!(frozen.iter().any(|t| t == "events"), "{frozen:?}");
    let mut found = Found::default();
    for file in product() {
        for (line, text) in &file.literals {
            for table in &frozen {
                let is_change = ["update ", "delete from "].iter().any(|verb| {
                    text.match_indices(verb).any(|(at, _)| {
                        let rest = &text[at + verb.len()..];
                        rest.starts_with(table.as_str())
                            && !rest[table.len()..]
                                .starts_with(|c: char| c.is_alphanumeric() || c == '_')
                    })
                });
                if is_change {
                    let sentence = format!("line {}: {table} is append-only", line + 1);
                    found.note(&file.path, 1, sentence);
                }
            }
        }
    }
    for table in files("migrations", &["_pay.sql"]).iter().flat_map(|f| created_tables(&f.all)) {
        let is_ledger = table.ends_with("entries") || table.ends_with("lines");
        if is_ledger && !table.contains("plan") && !frozen.contains(&table) {
            found.note(&table, 1, format!("{table} is a ledger; list it under frozen:"));
        }
    }
    found.judge("frozen");
}

fn created_tables(sql: &str) -> Vec<String> {
    sql.match_indices("create table ")
        .map(|(at, mark)| {
            let rest = &sql[at + mark.len()..];
            rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("").to_owned()
        })
        .collect()
}

#[test]
fn every_table_carries_its_firm() {
    let mut found = Found::default();
    for file in files("migrations", &[".sql"]) {
        for part in file.all.split("create table ").skip(1) {
            let name = part.split(['(', ' ', '\n']).next().unwrap_or_default();
            let body = part.split(";\n").next().unwrap_or_default();
            if !body.contains("org_id text not null")
                && !body.contains("org_id text primary key")
                && name != "organisations"
            {
                let sentence = format!("{name} has no `org_id text not null`");
                found.note(format!("{} {name}", file.path), 1, sentence);
            }
        }
    }
    found.judge("firm");
}
