//! Every page with a record in its address is opened on a desk and on a phone.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use axum::http::Method;
use serde_json::Value;
use troika::people::{Role, Roles};
use troika::routes;

use super::{House, Shift};

/// Addresses with a record in them that are no pages, or are looked at elsewhere.
const APART: [(&str, &str); 14] = [
    ("/api/", "JSON"),
    ("/hooks/", "for exchanges of others"),
    ("/telephony/{connector}", "wants an exchange of somebody else's"),
    ("/assets/", "files of the pages themselves"),
    ("/prototypes/{prototype}/file", "a file"),
    ("/approval/{approval}/file", "a file"),
    ("/payments/{payment}", "leads to its line on the page of its contract"),
    ("/recordings/{recording}", "sound"),
    ("/leads/{lead}/when", "JSON for the field of a time in words"),
    ("/imports/{import}/bad.csv", "a file"),
    ("/imports/{import}/rows.csv", "a file"),
    ("/leads/{lead}/holding", "a part of the cockpit"),
    ("/practice/{exercise}/feedback", "stands only after an answer; looked at by hand"),
    ("/sign-in/{link}", "a_link_signs_in_by_enter_alone_and_without_scripts"),
];

/// How the addresses of files end.
const FILES: [&str; 6] =
    [".xlsx", ".pdf", ".ics", "/payroll.csv", "/invoice.csv", "/remittances.csv"];

/// Pages of the path with a record in their address, who opened them, and what was wrong at once.
#[derive(Default)]
pub(super) struct Opened {
    noted: Vec<(&'static str, String)>,
    seen: BTreeSet<&'static str>,
    problems: Vec<String>,
}

impl Opened {
    /// Has the page looked at once the path has been gone.
    pub(super) fn note(&mut self, who: &'static str, shift: &Shift<'_>) {
        self.noted.push((who, shift.path()));
    }

    /// Looks at the page at once: later it will be another.
    pub(super) fn look(&mut self, who: &'static str, shift: &Shift<'_>) {
        let page = shift.path();
        for width in [390, 1366] {
            shift.width(width);
            let found = shift.problems().into_iter();
            self.problems.extend(found.map(|p| format!("{page} as {who}, {width}: {p}")));
        }
        self.seen.extend(route_of(&page));
    }

    /// The address that begins so, as somebody opened it.
    pub(super) fn address(&self, beginning: &str, who: &str) -> String {
        let found = self.noted.iter().find(|(o, page)| *o == who && page.starts_with(beginning));
        found.expect("it was opened").1.clone()
    }

    fn misses(&self, roles: Roles) -> BTreeSet<&'static str> {
        let wanted =
            with_records().filter(|(path, whose)| whose.meets(roles) && !self.seen.contains(path));
        wanted.map(|(path, _)| path).collect()
    }
}

/// The pages that have a record in their address, and whose they are.
fn with_records() -> impl Iterator<Item = (&'static str, Roles)> {
    let is_apart = |path: &str| {
        APART
            .iter()
            .any(|(start, _)| path.starts_with(start) && (start.ends_with('/') || path == *start))
            || FILES.iter().any(|end| path.ends_with(end))
    };
    routes::table().listed.into_iter().filter_map(move |route| {
        let is_page = route.method == Method::GET && route.path.contains('{');
        let everybody = Roles::of(&Role::ALL);
        let whose = if route.policy.is_public { everybody } else { route.policy.roles };
        (is_page && !is_apart(route.path)).then_some((route.path, whose))
    })
}

/// The declared route of an address: of several the one that names most of it.
fn route_of(page: &str) -> Option<&'static str> {
    let is_of = |route: &str| {
        route.split('/').count() == page.split('/').count()
            && route.split('/').zip(page.split('/')).all(|(a, b)| a.starts_with('{') || a == b)
    };
    let all = routes::table().listed.into_iter();
    let all = all.filter(|route| route.method == Method::GET && is_of(route.path));
    all.map(|route| route.path).min_by_key(|path| path.matches('{').count())
}

/// What is wrong with the pages of the path, in both languages, on a desk and on a phone; then with
/// the rest of the pages that have a record in their address, each opened from a link.
pub(super) fn problems(house: &House, mut opened: Opened) -> Vec<String> {
    let mut noted: BTreeMap<&'static str, BTreeSet<String>> = BTreeMap::new();
    for (who, page) in std::mem::take(&mut opened.noted) {
        noted.entry(who).or_default().insert(page);
    }
    for (who, pages) in &noted {
        let person = Shift::open(house, who);
        for lang in ["ru", "en"] {
            person.go("/settings");
            person.choose("lang", lang);
            person.submit();
            person.becomes("return document.documentElement.lang", Value::from(lang));
            for page in pages {
                person.go(page);
                opened.look(who, &person);
            }
        }
    }
    for role in Role::ALL {
        if !opened.misses(Roles::of(&[role])).is_empty() {
            let pages = noted.get(role.code()).into_iter().flatten().cloned();
            follow_links(&Shift::open(house, role.code()), role, pages, &mut opened);
        }
    }
    let missed = opened.misses(Roles::of(&Role::ALL)).into_iter();
    opened.problems.extend(missed.map(|path| format!("{path} was opened by nobody")));
    opened.problems
}

/// Opens one page of each route that nobody has opened yet, from links on the pages of a role.
fn follow_links(
    person: &Shift<'_>,
    role: Role,
    noted: impl Iterator<Item = String>,
    opened: &mut Opened,
) {
    const LINKS: &str = "return [...document.querySelectorAll('main a[href^=\"/\"]')]
        .map((link) => new URL(link.href).pathname)";
    let who = role.code();
    let mut next: VecDeque<String> = noted.collect();
    next.extend(super::super::pages(role).map(str::to_owned));
    let mut asked = BTreeSet::new();
    while let Some(page) = next.pop_front() {
        let missed = opened.misses(Roles::of(&[role]));
        if missed.is_empty() {
            return;
        }
        person.go(&page);
        if route_of(&page).is_some_and(|route| missed.contains(route)) {
            opened.look(who, person);
        }
        let links = person.ask(LINKS);
        for link in links.as_array().into_iter().flatten().filter_map(Value::as_str) {
            let route = route_of(link).filter(|route| missed.contains(route));
            if route.is_some_and(|route| asked.insert(route)) {
                next.push_front(link.to_owned());
            }
        }
    }
}
