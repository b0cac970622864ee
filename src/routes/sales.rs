//! Addresses of tiers 2 and 3: promises, the board, contracts, clients with their orders, tasks;
//! and letters, which all tiers send.

use super::{Policy, Table};
use crate::tiers::doors::{LEADING, SELLING, SERVING, WORKING};

pub(super) fn promises(table: Table) -> Table {
    use crate::promises::{api, pages};
    let all = Policy::roles("promises", WORKING);
    table
        .get("/promises", all, pages::index)
        .post("/promises/{promise}/answer", all, pages::answer)
        .get("/companies/{company}/promises", all, pages::of_company)
        .post("/companies/{company}/promises", all, pages::make)
        .get("/api/v1/promises", all, api::list)
        .post("/api/v1/promises/{promise}/answer", all, api::answer)
        .get("/api/v1/companies/{company}/promises", all, api::of_company)
        .post("/api/v1/companies/{company}/promises", all, api::make)
}

pub(super) fn letters(table: Table) -> Table {
    use crate::letters::{api, pages};
    let all = Policy::roles("letters", WORKING);
    table
        .get("/companies/{company}/letters", all, pages::index)
        .post("/companies/{company}/letters", all, pages::record)
        .post("/companies/{company}/letters/admission", all, pages::ask)
        .post("/companies/{company}/letters/{letter}/reversal", all, pages::take_back)
        .get("/api/v1/companies/{company}/letters", all, api::of_company)
        .post("/api/v1/companies/{company}/letters", all, api::record)
        .post("/api/v1/companies/{company}/letters/admission", all, api::ask)
        .post("/api/v1/companies/{company}/letters/{letter}/reversal", all, api::take_back)
}

pub(super) fn opportunities(table: Table) -> Table {
    use crate::opportunities::{api, pages, show};
    let all = Policy::roles("opportunities", SELLING);
    let heads = Policy::roles("opportunities", LEADING);
    table
        .get("/pipeline", all, pages::board)
        .get("/opportunities", all, pages::index)
        .get("/opportunities/{opportunity}", all, show::show)
        .post("/opportunities/{opportunity}/stage", all, pages::advance)
        .post("/opportunities/{opportunity}/stage-reversal", all, pages::undo_move)
        .post("/opportunities/{opportunity}/details", all, show::keep_details)
        .post("/opportunities/{opportunity}/promises", all, show::promise)
        .post("/opportunities/{opportunity}/loss", all, show::lose)
        .post("/opportunities/{opportunity}/win", all, show::win)
        .post("/opportunities/{opportunity}/reopening", all, show::reopen)
        .get("/api/v1/stages", all, api::stages)
        .get("/api/v1/opportunities", all, api::list)
        .get("/api/v1/opportunities/{opportunity}", all, api::show)
        .post("/api/v1/opportunities/{opportunity}/stage", all, api::advance)
        .post("/api/v1/opportunities/{opportunity}/stage-reversal", all, api::undo_move)
        .post("/api/v1/opportunities/{opportunity}/details", all, api::keep_details)
        .post("/api/v1/opportunities/{opportunity}/loss", all, api::lose)
        .post("/api/v1/opportunities/{opportunity}/win", all, api::win)
        .post("/api/v1/opportunities/{opportunity}/reopening", all, api::reopen)
        .post("/opportunities/{opportunity}/owner", heads, show::reassign)
        .post("/api/v1/opportunities/{opportunity}/owner", heads, api::reassign)
}

pub(super) fn contracts(table: Table) -> Table {
    use crate::contracts::{api, pages};
    let seen = Policy::roles("contracts", SERVING);
    let changed = Policy::roles("contracts", SELLING);
    table
        .get("/contracts", seen, pages::index)
        .get("/contracts/{contract}", seen, pages::show)
        .post("/contracts/{contract}/payments", changed, pages::enter_payment)
        .post("/contracts/{contract}/end", changed, pages::end)
        .get("/payments/{payment}", seen, pages::show_payment)
        .post("/payments/{payment}/reversal", changed, pages::reverse_payment)
        .get("/api/v1/contracts", seen, api::list)
        .get("/api/v1/contracts/{contract}", seen, api::show)
        .post("/api/v1/contracts/{contract}/payments", changed, api::enter_payment)
        .post("/api/v1/contracts/{contract}/end", changed, api::end)
        .post("/api/v1/payments/{payment}/reversal", changed, api::reverse_payment)
}

pub(super) fn clients(table: Table) -> Table {
    use crate::clients::orders::{api as orders_api, approval, pages as orders};
    use crate::clients::{api, pages as clients};
    let serving = Policy::roles("clients", SERVING);
    let heads = Policy::roles("clients", LEADING);
    table
        .get("/clients", serving, clients::index)
        .get("/clients/{client}", serving, clients::show)
        .post("/clients/{client}/onboarding", serving, clients::tick)
        .post("/clients/{client}/end", serving, clients::end)
        .post("/clients/{client}/owner", heads, clients::reassign)
        .post("/clients/{client}/dates", serving, clients::note_date)
        .post("/dates/{date}/removal", serving, clients::remove_date)
        .post("/clients/{client}/orders", serving, orders::open)
        .post("/orders/{order}/delivery", serving, orders::deliver)
        .post("/orders/{order}/cancellation", serving, orders::cancel)
        .post("/orders/{order}/prototypes", serving, orders::add_prototype)
        .post("/prototypes/{prototype}/link", serving, orders::send)
        .get("/prototypes/{prototype}/file", serving, orders::download)
        .get("/approval/{approval}", Policy::public(), approval::show)
        .post("/approval/{approval}", Policy::public(), approval::answer)
        .get("/approval/{approval}/file", Policy::public(), approval::download)
        .get("/api/v1/clients", serving, api::list)
        .get("/api/v1/clients/{client}", serving, api::show)
        .post("/api/v1/clients/{client}/onboarding", serving, api::tick)
        .post("/api/v1/clients/{client}/end", serving, api::end)
        .post("/api/v1/clients/{client}/owner", heads, api::reassign)
        .post("/api/v1/clients/{client}/dates", serving, api::note_date)
        .post("/api/v1/dates/{date}/removal", serving, api::remove_date)
        .get("/api/v1/clients/{client}/orders", serving, orders_api::list)
        .post("/api/v1/clients/{client}/orders", serving, orders_api::open)
        .get("/api/v1/orders/{order}", serving, orders_api::show)
        .post("/api/v1/orders/{order}/delivery", serving, orders_api::deliver)
        .post("/api/v1/orders/{order}/cancellation", serving, orders_api::cancel)
        .post("/api/v1/orders/{order}/prototypes", serving, orders_api::add_prototype)
        .post("/api/v1/prototypes/{prototype}/link", serving, orders_api::send)
}

pub(super) fn tasks(table: Table) -> Table {
    use crate::tasks::{api, pages};
    let working = Policy::roles("tasks", WORKING);
    table
        .get("/tasks", working, pages::index)
        .post("/tasks", working, pages::add)
        .post("/tasks/{task}/completion", working, pages::complete)
        .post("/tasks/{task}/postponement", working, pages::put_off)
        .post("/tasks/{task}/reassignment", working, pages::reassign)
        .get("/api/v1/tasks", working, api::list)
        .post("/api/v1/tasks", working, api::add)
        .get("/api/v1/tasks/{task}", working, api::show)
        .post("/api/v1/tasks/{task}/completion", working, api::complete)
        .post("/api/v1/tasks/{task}/postponement", working, api::put_off)
        .post("/api/v1/tasks/{task}/reassignment", working, api::reassign)
}
