//! Addresses of what the base is worth and of the rounds that keep it true.

use super::{Policy, Table};
use crate::tiers::doors::{self, HEADS, STAFF};

pub(super) fn quality(table: Table) -> Table {
    use crate::quality::{api, pages, settings};
    let heads = Policy::roles("quality", HEADS);
    let staff = Policy::roles("quality", STAFF);
    let owner = Policy::roles("quality", doors::QUALITY_SETTING);
    table
        .get("/quality", heads, pages::index)
        .get("/quality/records", heads, pages::records)
        .get("/quality/settings", owner, settings::show)
        .post("/quality/weights", owner, settings::set_weights)
        .post("/quality/ageing", owner, settings::set_ageing)
        .post("/quality/report", owner, settings::set_report)
        .get("/api/v1/quality", heads, api::list)
        .get("/api/v1/quality/records", heads, api::records)
        .get("/api/v1/companies/{company}/score", staff, api::show)
        .get("/api/v1/quality/weights", heads, api::weights)
        .post("/api/v1/quality/weights", owner, api::set_weights)
        .get("/api/v1/quality/ageing", heads, api::ageing)
        .post("/api/v1/quality/ageing", owner, api::set_ageing)
}

pub(super) fn rounds(table: Table) -> Table {
    use crate::export::actualisation::{api as reports, pages as report};
    use crate::rounds::{api, desk, pages};
    let ordered = Policy::roles("rounds", doors::CAMPAIGNS);
    let heads = Policy::roles("rounds", HEADS);
    let calling = Policy::roles("rounds", doors::CALLING);
    table
        .get("/rounds", heads, pages::index)
        .post("/rounds", heads, pages::start)
        .get("/rounds/new", heads, pages::new)
        .get("/rounds/{round}", heads, pages::show)
        .get("/checks/{check}", calling, desk::show)
        .post("/checks/{check}/answers", calling, desk::answer)
        .post("/calls/{call}/answers-reversal", calling, desk::take_back)
        .get("/api/v1/rounds", heads, api::list)
        .post("/api/v1/rounds", heads, api::start)
        .get("/api/v1/rounds/{round}", heads, api::show)
        .get("/api/v1/checks/{check}", calling, api::card)
        .post("/api/v1/checks/{check}/answers", calling, api::answer)
        .post("/api/v1/calls/{call}/answers-reversal", calling, api::take_back)
        .get("/rounds/{round}/report", ordered, report::of_round)
        .get("/rounds/{round}/report.xlsx", ordered, report::round_xlsx)
        .get("/rounds/{round}/report.pdf", ordered, report::round_pdf)
        .get("/imports/{import}/report", heads, report::of_import)
        .get("/imports/{import}/report.xlsx", heads, report::import_xlsx)
        .get("/imports/{import}/report.pdf", heads, report::import_pdf)
        .get("/api/v1/rounds/{round}/report", ordered, reports::show)
        .get("/api/v1/rounds/{round}/report.xlsx", ordered, reports::xlsx)
        .get("/api/v1/rounds/{round}/report.pdf", ordered, reports::pdf)
}
