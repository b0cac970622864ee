//! Every URL of the product, with who may ask for it, on one page.
//!
//! A parameter is named by its noun (`{lead}`, `{handoff}`), so that the generated rights test can
//! fill it with the viewer's own record, their team's and a stranger's. What a role may not ask
//! for answers 404; which records it then sees is decided by the store with the viewer's scope.

mod base;
mod lines;
mod sales;
mod sight;
mod table;

pub use sight::opens;
pub use table::{Listed, Policy, Table};

use crate::app;
use crate::people::Role::*;
use crate::people::pages as people;
use crate::tiers::doors::{self, HEADS, LEADING, SERVING, STAFF, WORKING};
use crate::web::assets;

/// Every route.
pub fn table() -> Table {
    let sections = [
        platform,
        sign_in,
        people_admin,
        companies,
        imports,
        base::verification,
        base::quality,
        base::rounds,
        campaigns,
        meetings,
        leads,
        calls,
        lines::telephony,
        lines::exchanges,
        handoffs,
        holdings,
        base::merges,
        base::erasures,
        sales::letters,
        sales::promises,
        sales::opportunities,
        sales::contracts,
        sales::clients,
        sales::tasks,
        story,
        pay,
        reports,
        wallboard,
    ];
    sections.into_iter().fold(Table::default(), |table, section| section(table))
}

fn platform(table: Table) -> Table {
    table
        .get("/", Policy::public(), app::home)
        .get("/healthz", Policy::public(), app::healthz)
        .get("/assets/{version}/{*path}", Policy::public(), assets::show)
        .get("/live", Policy::signed_in("live"), app::live::stream)
        .post("/drafts", Policy::signed_in("drafts"), app::keep_draft)
        .get("/api/v1/openapi.json", Policy::public(), crate::openapi::show)
        .get("/styleguide", Policy::signed_in("styleguide"), app::styleguide)
}

fn sign_in(table: Table) -> Table {
    table
        .get("/sign-in", Policy::public(), people::sign_in_form)
        .post("/sign-in", Policy::public(), people::sign_in)
        .get("/sign-in/{link}", Policy::public(), people::show_link)
        .post("/sign-in/{link}", Policy::public(), people::use_link)
        .post("/sign-out", Policy::signed_in("people"), people::sign_out)
}

fn people_admin(table: Table) -> Table {
    use crate::people::{account, admin, api, demo, keys_api};
    let own = Policy::signed_in("people");
    let all = Policy::roles("people", doors::PEOPLE);
    let administrator = Policy::roles("people", &[Administrator]);
    table
        .get("/settings", own, account::settings)
        .post("/settings", own, account::keep_settings)
        .post("/settings/keys", own, account::keep_keys)
        .post("/settings/password", own, account::change_password)
        .post("/settings/tokens", own, account::make_token)
        .post("/settings/tokens/{token}/revocation", own, account::revoke_token)
        .get("/people", all, admin::index)
        .post("/people", all, admin::add)
        .get("/people/{user}", all, admin::show)
        .post("/people/{user}", all, admin::change)
        .post("/people/{user}/link", all, admin::make_link)
        .post("/people/{user}/disablement", all, admin::disable)
        .post("/teams", all, admin::add_team)
        .get("/jobs", all, app::jobs::index)
        .post("/jobs/retrial", all, app::jobs::retry)
        .get("/demo/removal", administrator, demo::removal_form)
        .post("/demo/removal", administrator, demo::remove_demo)
        .get("/api/v1/me", own, api::me)
        .get("/api/v1/keys", own, keys_api::list)
        .post("/api/v1/keys", own, keys_api::keep)
        .get("/api/v1/people", all, api::list)
        .post("/api/v1/people", all, api::add)
        .get("/api/v1/people/{user}", all, api::show)
        .post("/api/v1/people/{user}", all, api::change_person)
        .post("/api/v1/people/{user}/link", all, api::make_link)
        .post("/api/v1/people/{user}/disablement", all, api::disable)
        .get("/api/v1/teams", all, api::list_teams)
        .post("/api/v1/teams", all, api::add_team)
        .get("/api/v1/tokens", own, api::list_tokens)
        .post("/api/v1/tokens/{token}/revocation", own, api::revoke_token)
}

fn companies(table: Table) -> Table {
    use crate::companies::{ADDERS, api, edit, pages};
    let staff = Policy::roles("companies", STAFF);
    let adders = Policy::roles("companies", ADDERS);
    let led = Policy::roles("companies", LEADING);
    table
        .get("/companies", staff, pages::index)
        .get("/companies/new", adders, edit::new)
        .post("/companies", adders, edit::add)
        .post("/companies/alike", adders, edit::ask)
        .get("/search", staff, pages::index)
        .get("/search.json", staff, pages::search_json)
        .get("/companies/{company}", staff, pages::show)
        .post("/companies/{company}", staff, edit::change)
        .get("/companies/{company}/edit", staff, edit::edit)
        .post("/companies/{company}/phones", staff, edit::add_phones)
        .post("/phones/{phone}/standing", staff, edit::set_standing)
        .post("/companies/{company}/emails", staff, edit::add_emails)
        .post("/companies/{company}/contacts", staff, edit::add_contact)
        .post("/contacts/{contact}", staff, edit::change_contact)
        .post("/companies/{company}/bases", staff, edit::add_basis)
        .post("/companies/{company}/notes", staff, pages::note)
        .post("/companies/{company}/suppressions/{suppression}/lifting", led, pages::lift)
        .get("/api/v1/companies", staff, api::list)
        .post("/api/v1/companies", adders, api::add)
        .post("/api/v1/companies/alike", adders, api::ask)
        .get("/api/v1/companies/{company}", staff, api::show)
        .post("/api/v1/companies/{company}", staff, api::change)
        .get("/api/v1/companies/{company}/notes", staff, api::notes)
        .post("/api/v1/companies/{company}/notes", staff, api::write_note)
        .post("/api/v1/companies/{company}/suppressions/{suppression}/lifting", led, api::lift)
        .post("/api/v1/companies/{company}/phones", staff, api::add_phones)
        .post("/api/v1/phones/{phone}/standing", staff, api::set_standing)
        .post("/api/v1/companies/{company}/emails", staff, api::add_emails)
        .post("/api/v1/companies/{company}/contacts", staff, api::add_contact)
        .post("/api/v1/contacts/{contact}", staff, api::change_contact)
        .post("/api/v1/companies/{company}/bases", staff, api::add_basis)
}

fn imports(table: Table) -> Table {
    use crate::imports::{api, files, pages};
    let heads = Policy::roles("imports", HEADS);
    table
        .get("/imports", heads, pages::index)
        .post("/imports", heads, pages::bring)
        .get("/imports/{import}", heads, pages::show)
        .post("/imports/{import}/reading", heads, pages::read_anew)
        .post("/imports/{import}/commitment", heads, pages::commit)
        .post("/imports/{import}/stop", heads, pages::stop)
        .post("/imports/{import}/continuation", heads, pages::go_on)
        .post("/imports/{import}/undoing", heads, pages::undo)
        .get("/imports/{import}/bad.csv", heads, files::bad_rows)
        .get("/imports/{import}/rows.csv", heads, files::rows)
        .get("/api/v1/imports", heads, api::list)
        .post("/api/v1/imports", heads, api::bring)
        .get("/api/v1/imports/{import}", heads, api::show)
        .post("/api/v1/imports/{import}/reading", heads, api::read_anew)
        .post("/api/v1/imports/{import}/commitment", heads, api::commit)
        .post("/api/v1/imports/{import}/stop", heads, api::stop)
        .post("/api/v1/imports/{import}/continuation", heads, api::go_on)
        .post("/api/v1/imports/{import}/undoing", heads, api::undo)
        .get("/api/v1/imports/{import}/rows", heads, api::rows)
        .get("/api/v1/imports/{import}/bad-rows", heads, api::bad_rows)
}

fn campaigns(table: Table) -> Table {
    use crate::campaigns::{api, pages};
    let seen = Policy::roles("campaigns", doors::CAMPAIGNS);
    let led = Policy::roles("campaigns", HEADS);
    table
        .get("/campaigns", seen, pages::index)
        .post("/campaigns", led, pages::make)
        .get("/campaigns/new", led, pages::new)
        .get("/reasons", led, pages::reasons)
        .post("/reasons", led, pages::add_reason)
        .post("/reasons/{reason}", led, pages::set_reason)
        .get("/campaigns/{campaign}", seen, pages::show)
        .post("/campaigns/{campaign}", led, pages::change)
        .get("/campaigns/{campaign}/edit", led, pages::edit)
        .post("/campaigns/{campaign}/members", led, pages::add_member)
        .post("/campaigns/{campaign}/members/removal", led, pages::remove_member)
        .post("/campaigns/{campaign}/scripts", led, pages::write_script)
        .post("/campaigns/{campaign}/pause", led, pages::pause)
        .post("/campaigns/{campaign}/stop", led, pages::stop)
        .get("/api/v1/campaigns", seen, api::list)
        .post("/api/v1/campaigns", led, api::make)
        .get("/api/v1/campaigns/{campaign}", seen, api::show)
        .post("/api/v1/campaigns/{campaign}", led, api::change)
        .get("/api/v1/refusal-reasons", led, api::reasons::list_reasons)
        .post("/api/v1/refusal-reasons", led, api::reasons::add_reason)
        .post("/api/v1/refusal-reasons/{reason}", led, api::reasons::set_reason)
        .get("/api/v1/campaigns/{campaign}/members", led, api::members)
        .post("/api/v1/campaigns/{campaign}/members", led, api::add_member)
        .post("/api/v1/campaigns/{campaign}/members/removal", led, api::remove_member)
        .get("/api/v1/campaigns/{campaign}/scripts", led, api::scripts)
        .post("/api/v1/campaigns/{campaign}/scripts", led, api::write_script)
        .post("/api/v1/campaigns/{campaign}/pause", led, api::pause)
        .post("/api/v1/campaigns/{campaign}/stop", led, api::stop)
        .post("/api/v1/segments/count", led, api::count)
}

fn meetings(table: Table) -> Table {
    use crate::meetings::{api, pages};
    let all = Policy::roles("meetings", WORKING);
    table
        .get("/meetings", all, pages::index)
        .get("/meetings/{meeting}", all, pages::show)
        .get("/meetings/{meeting}/calendar.ics", all, pages::download)
        .post("/meetings/{meeting}/mark", all, pages::mark)
        .get("/api/v1/meetings", all, api::list)
        .get("/api/v1/meetings/{meeting}", all, api::show)
        .post("/api/v1/meetings/{meeting}/mark", all, api::mark)
}

fn leads(table: Table) -> Table {
    use crate::leads::{api, pages};
    let led = Policy::roles("leads", HEADS);
    let calling = Policy::roles("leads", doors::CALLING);
    table
        .post("/campaigns/{campaign}/launch", led, pages::launch)
        .get("/campaigns/{campaign}/queue", led, pages::queue)
        .post("/leads/{lead}/return", led, pages::take_back)
        .post("/leads/{lead}/reassignment", led, pages::reassign)
        .post("/api/v1/campaigns/{campaign}/launch", led, api::launch)
        .get("/api/v1/campaigns/{campaign}/queue", led, api::queue)
        .post("/api/v1/campaigns/{campaign}/lease", calling, api::lease)
        .post("/api/v1/campaigns/{campaign}/number", calling, api::lease_number)
        .post("/api/v1/leads/{lead}/renewal", calling, api::renew)
        .post("/api/v1/leads/{lead}/release", calling, api::release)
        .post("/api/v1/leads/{lead}/return", led, api::take_back)
        .post("/leads/{lead}/priority", led, pages::prioritise)
        .post("/api/v1/leads/{lead}/priority", led, api::prioritise)
}

fn calls(table: Table) -> Table {
    use crate::calls::practice::{api as practice_api, pages as practice};
    use crate::calls::{api, pages, slots, spoken};
    let staff = Policy::roles("companies", STAFF);
    let calling = Policy::roles("calls", doors::CALLING);
    let seen = Policy::roles("calls", doors::LEADS);
    let led = Policy::roles("leads", LEADING);
    table
        .get("/desk", calling, pages::desk)
        .post("/desk/number", calling, pages::lease_number)
        .post("/campaigns/{campaign}/lease", calling, pages::lease)
        .get("/leads/{lead}", seen, pages::show)
        .get("/leads/{lead}/holding", calling, pages::holding)
        .get("/leads/{lead}/when", calling, spoken::when)
        .get("/practice", calling, practice::index)
        .get("/practice/{exercise}", calling, practice::show)
        .get("/practice/{exercise}/feedback", calling, practice::feedback)
        .post("/practice/{exercise}/calls", calling, practice::answer)
        .post("/leads/{lead}/calls", calling, pages::record)
        .post("/leads/{lead}/release", calling, pages::release)
        .post("/leads/{lead}/renewal", calling, pages::renew)
        .post("/calls/{call}/reversal", calling, pages::reverse)
        .post("/companies/{company}/suppression", staff, pages::ban)
        .post("/api/v1/companies/{company}/suppression", staff, api::suppress_company)
        .get("/api/v1/desk", calling, api::desk)
        .get("/api/v1/practice", calling, practice_api::list)
        .post("/api/v1/practice/{exercise}/calls", calling, practice_api::answer)
        .post("/api/v1/leads/{lead}/passing", led, api::pass_on)
        .get("/api/v1/leads/{lead}", seen, api::show)
        .get("/api/v1/leads/{lead}/callbacks", seen, api::list_callbacks)
        .get("/api/v1/leads/{lead}/slots", calling, slots::list)
        .post("/api/v1/leads/{lead}/calls", calling, api::record)
        .post("/api/v1/calls/{call}/reversal", calling, api::reverse)
}

fn handoffs(table: Table) -> Table {
    use crate::handoffs::{api, pages, show, upsell};
    let all = Policy::roles("handoffs", WORKING);
    let takers = Policy::roles("handoffs", SERVING);
    let givers = Policy::roles("handoffs", &[Caller, Seller, Service]);
    let heads = Policy::roles("handoffs", LEADING);
    let servers = Policy::roles("handoffs", &[Service, Head, Owner]);
    table
        .get("/handoffs", all, pages::index)
        .get("/handoffs/{handoff}", all, show::show)
        .post("/handoffs/{handoff}/acceptance", takers, pages::accept)
        .post("/handoffs/{handoff}/rejection", takers, pages::reject)
        .post("/handoffs/{handoff}/dispute", givers, show::contest)
        .post("/handoffs/{handoff}/decision", heads, show::decide)
        .post("/handoffs/{handoff}/receiver", heads, show::reassign)
        .post("/handoffs/{handoff}/offers", takers, show::offer_again)
        .get("/clients/{client}/upsell", servers, upsell::form)
        .post("/clients/{client}/upsell", servers, upsell::offer)
        .get("/api/v1/handoffs", all, api::list)
        .get("/api/v1/handoffs/rates", all, api::rates)
        .get("/api/v1/handoffs/{handoff}", all, api::show)
        .post("/api/v1/handoffs/{handoff}/acceptance", takers, api::accept)
        .post("/api/v1/handoffs/{handoff}/rejection", takers, api::reject)
        .post("/api/v1/handoffs/{handoff}/dispute", givers, api::contest)
        .post("/api/v1/handoffs/{handoff}/decision", heads, api::decide)
        .post("/api/v1/handoffs/{handoff}/receiver", heads, api::reassign)
        .post("/api/v1/handoffs/{handoff}/offers", takers, api::offer_again)
        .post("/api/v1/clients/{client}/upsell", servers, api::offer_upsell)
}

fn holdings(table: Table) -> Table {
    use crate::holdings::{api, pages};
    let heads = Policy::roles("holdings", LEADING);
    table
        .get("/holdings", heads, pages::index)
        .get("/holdings/{holder}", heads, pages::show)
        .post("/holdings/{holder}/reassignment", heads, pages::hand_over)
        .get("/api/v1/holdings", heads, api::list)
        .get("/api/v1/holdings/{holder}", heads, api::show)
        .post("/api/v1/holdings/{holder}/reassignment", heads, api::hand_over)
}

fn story(table: Table) -> Table {
    use crate::story::{api, pages};
    let staff = Policy::roles("story", STAFF);
    table.get("/companies/{company}/story", staff, pages::show).get(
        "/api/v1/companies/{company}/story",
        staff,
        api::show,
    )
}

/// What payroll and contractors take over from a month, and what was really paid for it.
fn payouts(table: Table) -> Table {
    use crate::export::payroll;
    use crate::pay::api::payouts as api;
    use crate::pay::pages;
    let staff = Policy::roles("pay", doors::PAY);
    let keepers = Policy::roles("pay", doors::PAYING);
    table
        .get("/pay/periods/{period}/payroll.csv", keepers, pages::payroll_csv)
        .get("/pay/periods/{period}/payroll.xlsx", keepers, payroll::xlsx)
        .get("/pay/periods/{period}/remittances", keepers, pages::show_remittances)
        .get("/pay/periods/{period}/remittances.csv", keepers, pages::remittances_csv)
        .post("/pay/periods/{period}/remittances", keepers, pages::remit)
        .post("/pay/periods/{period}/remittances/file", keepers, pages::remit_file)
        .post("/pay/remittances/{remittance}/correction", keepers, pages::correct_remittance)
        .get("/pay/engagements", keepers, pages::show_engagements)
        .post("/pay/engagements", keepers, pages::engage)
        .get("/pay/invoices/{period}/{user}", staff, pages::show_invoice)
        .get("/pay/invoices/{period}/{user}/invoice.csv", staff, pages::invoice_csv)
        .get("/api/v1/pay-periods/{period}/payroll", keepers, api::payroll)
        .get("/api/v1/pay-periods/{period}/invoices/{user}", staff, api::show_invoice)
        .get("/api/v1/pay-periods/{period}/remittances", keepers, api::reconcile)
        .post("/api/v1/pay-periods/{period}/remittances", keepers, api::remit)
        .post("/api/v1/pay-remittances/{remittance}/correction", keepers, api::correct_remittance)
        .post("/api/v1/pay-engagements", keepers, api::engage)
}

fn pay(table: Table) -> Table {
    use crate::export::statement;
    use crate::pay::{api, pages};
    let staff = Policy::roles("pay", doors::PAY);
    let above = Policy::roles("pay", &[Head, Owner, Payroll]);
    let keepers = Policy::roles("pay", doors::PAYING);
    let owner = Policy::roles("pay", &[Owner]);
    let table = table
        .get("/pay", staff, pages::index)
        .get("/pay/me", staff, pages::me)
        .get("/pay/statements/{period}/{user}", staff, pages::show_statement)
        .get("/pay/statements/{period}/{user}/statement.pdf", staff, statement::pdf)
        .get("/pay/statements/{period}/{user}/statement.xlsx", staff, statement::xlsx)
        .get("/pay/lines/{entry}", staff, pages::show_line)
        .post("/pay/lines/{entry}/dispute", staff, pages::dispute)
        .post("/pay/disputes/{dispute}/decision", above, pages::decide_dispute)
        .post("/pay/adjustments", above, pages::adjust)
        .post("/pay/adjustments/{adjustment}/decision", keepers, pages::decide_adjustment)
        .get("/pay/periods/{period}", above, pages::show_period)
        .post("/pay/periods/{period}/review", keepers, pages::review)
        .post("/pay/periods/{period}/approval", owner, pages::approve)
        .post("/pay/periods/{period}/closing", keepers, pages::close)
        .get("/pay/plans", keepers, pages::plans)
        .post("/pay/plans", keepers, pages::make_plan)
        .post("/pay/plans/usual", keepers, pages::start_tier_plans)
        .get("/pay/plans/{plan}", staff, pages::show_plan)
        .get("/pay/plans/{plan}/what-if", keepers, pages::what_if)
        .post("/pay/plans/{plan}/draft", keepers, pages::start_draft)
        .post("/pay/plans/{plan}/components", keepers, pages::put_component)
        .get("/pay/plans/{plan}/components/whole", keepers, pages::show_whole)
        .post("/pay/plans/{plan}/components/whole", keepers, pages::put_whole)
        .post("/pay/plans/{plan}/components/removal", keepers, pages::remove_component)
        .post("/pay/plans/{plan}/limits", keepers, pages::put_limits)
        .post("/pay/plans/{plan}/approval", owner, pages::approve_draft)
        .post("/pay/plans/{plan}/publication", owner, pages::publish)
        .post("/pay/plans/{plan}/assignments", keepers, pages::assign)
        .get("/pay/assignments/{assignment}/terms", keepers, pages::show_terms)
        .post("/pay/assignments/{assignment}/terms", keepers, pages::change_terms)
        .post("/pay/assignments/{assignment}/end", keepers, pages::end_assignment);
    payouts(table)
        .get("/api/v1/pay-periods", staff, api::list_periods)
        .get("/api/v1/pay-periods/{period}", above, api::show_period)
        .post("/api/v1/pay-periods/{period}/review", keepers, api::review)
        .post("/api/v1/pay-periods/{period}/approval", owner, api::approve)
        .post("/api/v1/pay-periods/{period}/closing", keepers, api::close)
        .get("/api/v1/pay-periods/{period}/statements/{user}", staff, api::show_statement)
        .get("/api/v1/entries/{entry}", staff, api::show_entry)
        .post("/api/v1/entries/{entry}/dispute", staff, api::dispute)
        .post("/api/v1/pay-disputes/{dispute}/decision", above, api::decide_dispute)
        .post("/api/v1/pay-adjustments", above, api::adjust)
        .post("/api/v1/pay-adjustments/{adjustment}/decision", keepers, api::decide_adjustment)
        .get("/api/v1/pay-plans", staff, api::plans::list_plans)
        .post("/api/v1/pay-plans", keepers, api::plans::make_plan)
        .post("/api/v1/pay-plans/{plan}/draft", keepers, api::plans::start_draft)
        .post("/api/v1/pay-plans/{plan}/components", keepers, api::plans::put_component)
        .post("/api/v1/pay-plans/{plan}/limits", keepers, api::plans::put_limits)
        .post("/api/v1/pay-plans/{plan}/approval", owner, api::plans::approve_draft)
        .post("/api/v1/pay-plans/{plan}/publication", owner, api::plans::publish)
        .post("/api/v1/pay-plans/{plan}/assignments", keepers, api::plans::assign)
        .post("/api/v1/pay-plans/{plan}/what-if", keepers, api::what_if::what_if)
        .post("/api/v1/pay-assignments/{assignment}/terms", keepers, api::plans::change_terms)
        .post("/api/v1/pay-assignments/{assignment}/end", keepers, api::plans::end_assignment)
}

fn reports(table: Table) -> Table {
    use crate::reports::pages::scripts;
    use crate::reports::{api, pages};
    let read = Policy::roles("reports", doors::REPORTS);
    table
        .get("/reports/scripts", read, scripts::index)
        .get("/reports/scripts.csv", read, scripts::download)
        .get("/reports/scripts/records", read, scripts::records)
        .get("/api/v1/reports/scripts", read, api::scripts)
        .get("/api/v1/reports/scripts/records", read, api::script_records)
        .get("/reports", read, pages::index)
        .get("/reports/records", read, pages::records)
        .get("/reports/handoffs", Policy::roles("reports", LEADING), pages::handoffs)
        .get("/api/v1/reports/funnel", read, api::funnel)
        .get("/api/v1/reports/records", read, api::records)
}

fn wallboard(table: Table) -> Table {
    use crate::wallboard::{api, pages};
    let read = Policy::roles("wallboard", HEADS);
    table
        .get("/wallboard", read, pages::show)
        .post("/wallboard/leads/{lead}", Policy::roles("leads", LEADING), pages::pass)
        .get("/api/v1/wallboard", read, api::show)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Roles;

    #[test]
    fn a_token_may_be_made_for_the_nouns_of_the_api_and_no_others() {
        let listed = table().listed;
        let of_api = listed.iter().filter(|route| route.path.starts_with("/api/"));
        let nouns: std::collections::BTreeSet<&str> =
            of_api.map(|route| route.policy.noun).filter(|noun| !noun.is_empty()).collect();
        assert_eq!(nouns.into_iter().collect::<Vec<_>>(), crate::people::scopes::NOUNS);
    }

    #[test]
    fn a_folder_of_pages_opens_for_whom_the_doors_say() {
        let listed = table().listed;
        for (folder, roles) in doors::PAGES {
            let own = format!("/{folder}");
            let first = listed.iter().find(|route| {
                let rest = route.path.strip_prefix(&own);
                let is_page = rest.is_some_and(|rest| {
                    rest.is_empty() || rest.starts_with("/{") && rest.ends_with('}')
                });
                route.method == axum::http::Method::GET && is_page
            });
            let first = first.unwrap_or_else(|| panic!("{own} is no page"));
            assert_eq!(first.policy.roles, Roles::of(roles), "{own}");
        }
    }
}
