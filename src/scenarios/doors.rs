//! Everybody tries every door they are shown.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::people::{Firm, Person};

/// One of each role, the heads of all tiers, and who keeps clients through all of them.
const EVERYBODY: [&str; 12] = [
    "boris", "sonya", "semyon", "vera", "anna", "sergei", "vadim", "hunter", "olga", "pavel",
    "alla", "prokhor",
];

/// How many links are followed that differ only in their ids and values.
const ALIKE_MAX: usize = 6;

/// Links that do not open for who is shown them, on every page that people reach from where their
/// day begins.
pub async fn dead_links(firm: &Firm) -> Vec<String> {
    let mut dead = Vec::new();
    for login in EVERYBODY {
        let person = firm.signs_in(login).await;
        let walked = person.walks_from("/").await;
        assert!(walked.opened > 4, "{login} got nowhere: {} pages", walked.opened);
        dead.extend(walked.dead.into_iter().map(|link| format!("{login}: {link}")));
    }
    dead
}

/// What somebody found on their way.
struct Walked {
    opened: usize,
    dead: Vec<String>,
}

impl Person<'_> {
    async fn walks_from(&self, start: &str) -> Walked {
        let mut walked = Walked { opened: 0, dead: Vec::new() };
        let mut known = BTreeSet::from([start.to_owned()]);
        let mut alike: BTreeMap<String, usize> = BTreeMap::new();
        let mut ahead = VecDeque::from([(String::new(), start.to_owned())]);
        while let Some((from, path)) = ahead.pop_front() {
            let page = self.looks_at(&path).await;
            if !page.status.is_success() || page.path.starts_with("/sign-in") {
                walked.dead.push(format!("{from} leads to {path}: {}", page.status));
                continue;
            }
            walked.opened += 1;
            for href in page.links().into_iter().filter(|href| href.starts_with('/')) {
                let href = href.split('#').next().unwrap_or_default().to_owned();
                if !known.insert(href.clone()) {
                    continue;
                }
                let seen = alike.entry(shape(&href)).or_default();
                *seen += 1;
                if *seen <= ALIKE_MAX {
                    ahead.push_back((path.clone(), href));
                }
            }
        }
        walked
    }
}

/// An address without its ids and values.
fn shape(href: &str) -> String {
    let (path, query) = href.split_once('?').unwrap_or((href, ""));
    let is_id = |part: &str| part.len() == 36 && part.matches('-').count() == 4;
    let parts: Vec<&str> = path.split('/').map(|p| if is_id(p) { "*" } else { p }).collect();
    let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", parts.join("/"), names.join("&"))
}
