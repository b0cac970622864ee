//! What changes state leaves an event.
//!
//! An action is a function that opens its transaction by `begin!`, or a public
//! `verb_in(tx, act, …)` of an actions room. It must record, or a function must that it calls: by a
//! path that can mean one function only. What stands in pages, in the API or in a bench is followed
//! only where its module is named, and a method never. So this finds the action that tells of
//! nothing; that every branch tells is for its own tests.

use std::collections::BTreeSet;

use super::offenders::Found;
use super::source::{end_after, folder, product, word_places};

/// What changes no fact of the business, and why.
const SILENT: &[(&str, &str)] = &[
    ("people keep_settings", "how a person likes their screens"),
    ("people keep", "how a person likes their keys"),
    ("companies lend_in", "what a lease shows; the lease has its own event"),
    ("companies take_back_in", "what a lease shows; its end has its own event"),
    ("companies keep_in_sight_in", "who worked on it; the hand-off has its own event"),
    ("leads enlist_in", "whom a round calls; that it was started has its own event"),
    ("campaigns write_script_in", "the campaign that is made or changed has its own event"),
    ("verification note_in", "the number that failed, who left or decides has its own event"),
    ("calls pass", "the lead that passes has its own event"),
    ("telephony pass_in", "the lead that passes has its own event"),
    ("verification follow", "the number that failed, the person who left has its own event"),
    ("verification forget_contact_in", "the erasure of the person has its own event"),
    ("companies pass_to_import_in", "the import that is taken back has its own event"),
    ("companies remove_many_in", "the import that is taken back has its own event"),
    ("companies write_ties_in", "the tie, or the import that brings the branch, has its own event"),
    ("companies add_many_in", "the import that brings them has its own event"),
    ("companies add_unfound_in", "the import that brings them has its own event"),
    ("companies fill_many_in", "the import that fills them has its own event"),
    ("companies unfill_in", "the import that is taken back has its own event"),
    ("companies erase_in", "the erasure of the person has its own event"),
    ("leads convert_in", "the hand-off that was taken has its own event"),
    ("leads look_by_rules", "the change of the campaign's rules has its own event"),
    ("leads look_at_company", "the change of the company has its own event"),
    ("leads look_along", "the import that brought the companies has its own event"),
    ("leads renew", "a lease goes on; its beginning and its end have events"),
    ("quality begin_anew", "the import or the search that asks for it has its own event"),
    ("telephony free_in", "the call that is taken back has its own event"),
    ("telephony forget_in", "the erasure of the person has its own event"),
    ("telephony unfile_in", "the call that is taken back has its own event"),
    ("pay follow_event", "the lines of the ledger say who, when and why, and name their event"),
    ("pay follow_move", "the lines of the ledger say who, when and why, and name their event"),
    ("pay settle_person", "the lines of the ledger say who, when and why, and name their event"),
];

/// A function as it stands in the product.
struct Function {
    path: &'static str,
    home: &'static str,
    name: String,
    /// The type it belongs to; nothing for a free one.
    of: Option<String>,
    text: String,
    is_public: bool,
}

impl Function {
    /// True where the rooms of actions are, and what they keep to themselves.
    fn is_in_actions(&self) -> bool {
        self.path.contains("/actions")
    }
    /// True in a file or a folder of that name: `leasing` is `leads/leasing.rs`.
    fn is_in(&self, module: &str) -> bool {
        let stem = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        stem.rsplit('/').next() == Some(module) || self.path.contains(&format!("/{module}/"))
    }
}

fn functions() -> Vec<Function> {
    let mut all = Vec::new();
    for file in product() {
        let blocks: Vec<(usize, usize, String)> = word_places(&file.product, "impl")
            .filter(|at| file.product[..*at].trim_end_matches(' ').ends_with('\n') || *at == 0)
            .map(|at| {
                let end = end_after(&file.product, at);
                (at, end, type_of(&file.product[at + 4..end]))
            })
            .collect();
        for at in word_places(&file.product, "fn") {
            let end = end_after(&file.product, at);
            let line = file.product[..at].rsplit('\n').next().unwrap_or_default();
            let block = blocks.iter().find(|(from, to, _)| (from..to).contains(&&at));
            all.push(Function {
                path: &file.path,
                home: folder(&file.path),
                name: word_after(&file.product, at + 2).to_owned(),
                of: block.map(|(_, _, name)| name.clone()),
                text: file.product[at..end].to_owned(),
                is_public: line.trim_start().starts_with("pub"),
            });
        }
    }
    all
}

/// The type that an `impl` is of: `<T> Trait for Name<T> {` is of `Name`.
fn type_of(head: &str) -> String {
    let head = head.split('{').next().unwrap_or_default();
    let head = head.split(" for ").last().unwrap_or_default();
    let mut depth = 0;
    let plain = head.chars().filter(|c| {
        depth += i32::from(*c == '<') - i32::from(*c == '>');
        depth == 0 && *c != '>'
    });
    plain.collect::<String>().trim().to_owned()
}

fn word_after(text: &str, from: usize) -> &str {
    let rest = text[from..].trim_start();
    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The paths that are called: what stands before each opening bracket, methods with their dot.
fn called(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices('(').filter_map(|(at, _)| {
        let head = &text[..at];
        let begins = head.rfind(|c: char| !c.is_alphanumeric() && c != '_' && c != ':' && c != '.');
        let path = head[begins.map_or(0, |i| i + 1)..].trim_start_matches(':');
        (!path.is_empty()).then_some(path)
    })
}

/// The one function that a path means as it is written in `from`; nothing where it could be
/// several, and nothing for a method, whose type is not known here.
fn find<'a>(all: &'a [Function], from: &Function, path: &str) -> Option<&'a Function> {
    if path.contains('.') {
        return None;
    }
    let mut parts: Vec<&str> = path.split("::").collect();
    let name = parts.pop()?;
    let is_folder = |part: &&str| all.iter().any(|function| function.home == *part);
    let home = parts.iter().copied().rfind(is_folder).unwrap_or(from.home);
    let module = parts.last().copied().filter(|part| *part != home && !is_outward(part));
    let named = all.iter().filter(|f| f.home == home && f.name == name);
    let found: Vec<&Function> = match module {
        Some("Self") => named.filter(|f| f.path == from.path && f.of == from.of).collect(),
        Some(of) if of.starts_with(char::is_uppercase) => {
            named.filter(|f| f.of.as_deref() == Some(of)).collect()
        }
        Some(module) => named.filter(|f| f.of.is_none() && f.is_in(module)).collect(),
        None => {
            let free: Vec<_> = named.filter(|f| f.of.is_none()).collect();
            let own: Vec<_> = free.iter().copied().filter(|f| f.path == from.path).collect();
            let is_own = home == from.home && !own.is_empty();
            if is_own { own } else { free.into_iter().filter(|f| f.is_in_actions()).collect() }
        }
    };
    match found[..] {
        [one] => Some(one),
        _ => None,
    }
}

fn is_outward(part: &&str) -> bool {
    ["self", "super", "crate"].contains(part)
}

/// True when a function tells, or one that it calls by a path that means one.
fn records<'a>(
    all: &'a [Function],
    function: &'a Function,
    seen: &mut BTreeSet<*const Function>,
) -> bool {
    if !seen.insert(std::ptr::from_ref(function)) {
        return false;
    }
    let is_told = |mark: &&str| function.text.contains(*mark);
    [".record(tx,", ".record(&mut tx,"].iter().any(is_told)
        || called(&function.text)
            .filter_map(|path| find(all, function, path))
            .any(|callee| records(all, callee, seen))
}

#[test]
fn what_changes_state_leaves_an_event() {
    let all = functions();
    let (mut found, mut count, mut silent) = (Found::default(), 0, BTreeSet::new());
    for function in all.iter().filter(|function| function.home != "storage") {
        let is_part =
            function.is_in_actions() && function.is_public && function.name.ends_with("_in");
        let is_given = function.text.contains("tx: &mut Tx, act: &Act")
            || function.text.contains("tx: &mut Tx,\n    act: &Act");
        let is_action = function.text.contains("begin!(") || is_part && is_given;
        if !is_action {
            continue;
        }
        count += 1;
        if records(&all, function, &mut BTreeSet::new()) {
            continue;
        }
        let place = format!("{} {}", function.home, function.name);
        if SILENT.iter().any(|(known, _)| *known == place) {
            silent.insert(place);
            continue;
        }
        let sentence = format!("{}: {} records no event", function.path, function.name);
        found.note(place, 1, sentence);
    }
    assert!(count > 100, "the product has more actions than {count}");
    for (place, why) in SILENT {
        let is_true = silent.contains(*place);
        assert!(is_true, "{place} ({why}) records now or is gone; strike it");
    }
    found.judge("event");
}

#[test]
fn who_is_called_is_read_with_its_path() {
    let text = "fn a() { b(c(1), d::actions::e_in(&mut tx)); tx.f(x) }";
    let read: Vec<_> = called(text).collect();
    assert_eq!(read, ["a", "b", "c", "d::actions::e_in", "tx.f"]);
}

#[test]
fn only_one_function_can_be_meant() {
    let function = |path, of: Option<&str>, name: &str| Function {
        path,
        home: folder(path),
        name: name.to_owned(),
        of: of.map(str::to_owned),
        text: String::new(),
        is_public: true,
    };
    let all = [
        function("src/a/actions.rs", None, "act"),
        function("src/a/pages.rs", None, "new"),
        function("src/b/actions/one.rs", None, "tell_in"),
        function("src/b/actions/two.rs", None, "twice_in"),
        function("src/b/actions/one.rs", None, "twice_in"),
        function("src/b/actions/one.rs", Some("Kept"), "new"),
        function("src/b/owner.rs", None, "pass_in"),
    ];
    let meant = |path: &str| find(&all, &all[0], path).map(|f| (f.path, f.of.as_deref()));
    assert_eq!(meant("b::actions::tell_in"), Some(("src/b/actions/one.rs", None)));
    assert_eq!(meant("b::owner::pass_in"), Some(("src/b/owner.rs", None)));
    assert_eq!(meant("b::Kept::new"), Some(("src/b/actions/one.rs", Some("Kept"))));
    for unclear in ["new", "Name::new", "b::actions::twice_in", "b.tell_in", "tell_in", "b::new"] {
        assert_eq!(meant(unclear), None, "{unclear}");
    }
}
