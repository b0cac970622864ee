//! Addresses of telephony: calls from the cockpit, phones of people, recordings.

use super::{Policy, Table};
use crate::people::Role::*;
use crate::telephony::{api, pages};
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
