//! Addresses of telephony: calls from the cockpit, phones of people, recordings; exchanges of
//! others, who calls.

use super::{Policy, Table};
use crate::people::Role::*;
use crate::telephony::{api, connectors, hooks, hosted, pages, unknown};
use crate::tiers::doors;

pub(super) fn telephony(table: Table) -> Table {
    let calling = Policy::roles("telephony", doors::CALLING);
    let hearing = Policy::roles("recordings", &[Caller, Head, Owner]);
    let people = Policy::roles("people", doors::PEOPLE);
    table
        .post("/leads/{lead}/attempts", calling, pages::place)
        .post("/attempts/{attempt}/hang-up", calling, pages::hang_up)
        .get("/recordings/{recording}", hearing, pages::listen)
        .get("/people/{user}/phone", people, pages::account)
        .post("/people/{user}/phone", people, pages::make_account)
        .post("/people/{user}/phone/removal", people, pages::remove_account)
        .post("/api/v1/leads/{lead}/attempts", calling, api::place)
        .get("/api/v1/attempts/{attempt}", calling, api::show)
        .post("/api/v1/attempts/{attempt}/hang-up", calling, api::hang_up)
        .get("/api/v1/phone", calling, api::own_phone)
        .get("/api/v1/people/{user}/phone", people, api::account)
        .post("/api/v1/people/{user}/phone", people, api::make_account)
        .post("/api/v1/people/{user}/phone/removal", people, api::remove_account)
        .get("/api/v1/recordings/{recording}", hearing, api::listen)
}

pub(super) fn exchanges(table: Table) -> Table {
    let keepers = Policy::roles("connectors", doors::PEOPLE);
    let working = Policy::roles("incoming-calls", doors::WORKING);
    table
        .get("/hooks/telephony/{*connector}", Policy::hook(), hooks::echo)
        .post("/hooks/telephony/{*connector}", Policy::hook(), hooks::take)
        .get("/telephony", keepers, connectors::pages::index)
        .post("/telephony", keepers, connectors::pages::make)
        .post("/telephony/numbers", keepers, connectors::pages::resume)
        .get("/telephony/{connector}", keepers, connectors::pages::show)
        .post("/telephony/{connector}/secret", keepers, connectors::pages::renew)
        .post("/telephony/{connector}/extensions", keepers, connectors::pages::assign)
        .post("/telephony/{connector}/end", keepers, connectors::pages::end)
        .get("/calling", working, hosted::pages::index)
        .post("/calling/{incoming}", working, hosted::pages::open)
        .post("/calling/{incoming}/removal", working, hosted::pages::put_away)
        .post("/calling/unknown/{unknown}/company", working, hosted::pages::tie)
        .post("/calling/unknown/{unknown}/removal", working, hosted::pages::put_unknown_away)
        .post("/api/v1/own-numbers/resumption", keepers, api::resume)
        .get("/api/v1/connectors", keepers, connectors::api::list)
        .post("/api/v1/connectors", keepers, connectors::api::make)
        .get("/api/v1/connectors/{connector}", keepers, connectors::api::show)
        .post("/api/v1/connectors/{connector}/secret", keepers, connectors::api::renew)
        .post("/api/v1/connectors/{connector}/extensions", keepers, connectors::api::assign)
        .post("/api/v1/connectors/{connector}/end", keepers, connectors::api::end)
        .get("/api/v1/incoming-calls", working, hosted::api::list)
        .post("/api/v1/incoming-calls/{incoming}/removal", working, hosted::api::put_away)
        .get("/api/v1/unknown-calls", working, unknown::api::list)
        .post("/api/v1/unknown-calls/{unknown}/company", working, unknown::api::tie)
        .post("/api/v1/unknown-calls/{unknown}/removal", working, unknown::api::put_away)
}
