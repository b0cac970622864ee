//! Which roles open which pages: the one place that says it.
//!
//! `routes` declares its policies by these lists, the top bar offers what they open, a story and a
//! statement link only where they lead. Which records a role then sees is its scope's.

use crate::people::Role::{self, *};
use crate::people::{Reach, Viewer};

/// Those who work with clients, and those above them.
pub const STAFF: &[Role] = &[Caller, Seller, Service, Head, Owner, Administrator];
/// Those above.
pub const HEADS: &[Role] = &[Head, Owner, Administrator];
/// Those who lead: they hand over work and lift bans.
pub const LEADING: &[Role] = &[Head, Owner];
/// Those who work with clients, and those who lead them.
pub const WORKING: &[Role] = &[Caller, Seller, Service, Head, Owner];
/// Who calls.
pub const CALLING: &[Role] = &[Caller];
/// Who goes through the base; callers are given companies, and find one by the search.
pub const BROWSING: &[Role] = &[Seller, Service, Head, Owner, Administrator];
/// Who looks at campaigns.
pub const CAMPAIGNS: &[Role] = &[Head, Owner, Administrator, Principal];
/// Who looks at leads.
pub const LEADS: &[Role] = &[Caller, Head, Owner, Administrator];
/// Who sells.
pub const SELLING: &[Role] = &[Seller, Head, Owner];
/// Who knows what was sold and what is served.
pub const SERVING: &[Role] = &[Seller, Service, Head, Owner];
/// Who is paid, and who pays.
pub const PAY: &[Role] = &[Caller, Seller, Service, Head, Owner, Payroll];
/// Who keeps the plans of pay and closes its months.
pub const PAYING: &[Role] = &[Owner, Payroll];
/// Who reads the funnel.
pub const REPORTS: &[Role] = &[Head, Owner, Principal];
/// Who sets what the quality of the base is weighed by.
pub const QUALITY_SETTING: &[Role] = &[Owner];
/// Who erases people of companies on request, and keeps the acts of it.
pub const ERASING: &[Role] = &[Owner, Administrator];
/// Who looks after people.
pub const PEOPLE: &[Role] = &[Owner, Administrator];

/// The folders of pages, by the first word of their address, and who opens them.
pub const PAGES: [(&str, &[Role]); 28] = [
    ("desk", CALLING),
    ("handoffs", WORKING),
    ("pipeline", SELLING),
    ("opportunities", SELLING),
    ("clients", SERVING),
    ("contracts", SERVING),
    ("payments", SERVING),
    ("tasks", WORKING),
    ("promises", WORKING),
    ("meetings", WORKING),
    ("holdings", LEADING),
    ("duplicates", LEADING),
    ("merges", LEADING),
    ("companies", STAFF),
    ("erasures", ERASING),
    ("search", STAFF),
    ("imports", HEADS),
    ("quality", HEADS),
    ("rounds", HEADS),
    ("campaigns", CAMPAIGNS),
    ("leads", LEADS),
    ("pay", PAY),
    ("reports", REPORTS),
    ("wallboard", HEADS),
    ("people", PEOPLE),
    ("jobs", PEOPLE),
    ("telephony", PEOPLE),
    ("calling", WORKING),
];

/// True for who watches the calls: the head of a team that calls, and who sees the whole firm.
pub fn may_watch_calls(viewer: &Viewer) -> bool {
    match viewer.scope().reach {
        Reach::All => true,
        Reach::Team => viewer.user.tier == Some(1),
        Reach::Own => false,
    }
}

/// True when a role of the person opens the folder that an address lies in.
pub fn may_enter(viewer: &Viewer, path: &str) -> bool {
    let folder = path.trim_start_matches('/').split(['/', '?', '#']).next();
    let page = PAGES.iter().find(|(name, _)| Some(*name) == folder);
    page.is_some_and(|(_, roles)| viewer.is_any(roles))
}
