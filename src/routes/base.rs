//! Addresses of checks, of duplicates, of what the base is worth and of the rounds that keep it
//! true.

use super::{Policy, Table};
use crate::tiers::doors::{self, HEADS, LEADING, STAFF};

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
        .get("/api/v1/imports/{import}/report", heads, reports::of_import)
        .get("/api/v1/rounds/{round}/report", ordered, reports::show)
        .get("/api/v1/rounds/{round}/report.xlsx", ordered, reports::xlsx)
        .get("/api/v1/rounds/{round}/report.pdf", ordered, reports::pdf)
}

pub(super) fn verification(table: Table) -> Table {
    use crate::verification::{api, pages};
    let staff = Policy::roles("verification", STAFF);
    table
        .get("/companies/{company}/checks", staff, pages::index)
        .post("/companies/{company}/checks", staff, pages::record)
        .get("/api/v1/companies/{company}/checks", staff, api::list)
        .post("/api/v1/companies/{company}/checks", staff, api::record)
}

pub(super) fn erasures(table: Table) -> Table {
    use crate::erasures::{api, pages};
    let erasing = Policy::roles("erasures", doors::ERASING);
    table
        .get("/contacts/{contact}/erasure", erasing, pages::new)
        .post("/contacts/{contact}/erasure", erasing, pages::erase)
        .get("/erasures", erasing, pages::index)
        .get("/erasures/acts.csv", erasing, pages::csv)
        .get("/erasures/{erasure}", erasing, pages::show)
        .get("/api/v1/contacts/{contact}/erasure", erasing, api::offer)
        .post("/api/v1/contacts/{contact}/erasure", erasing, api::erase)
        .get("/api/v1/erasures", erasing, api::list)
        .get("/api/v1/erasures/{erasure}", erasing, api::show)
}

pub(super) fn merges(table: Table) -> Table {
    use crate::merges::{api, pages};
    let led = Policy::roles("merges", LEADING);
    let staff = Policy::roles("companies", STAFF);
    table
        .get("/duplicates", led, pages::index)
        .post("/duplicates/scan", led, pages::scan)
        .get("/duplicates/{pair}", led, pages::show)
        .post("/duplicates/{pair}/answer", led, pages::answer)
        .post("/duplicates/{pair}/reversal", led, pages::reopen)
        .post("/companies/{company}/duplicates", led, pages::name_pair)
        .post("/companies/{company}/ties", led, pages::tie)
        .post("/ties/{tie}/ending", led, pages::untie)
        .get("/merges", led, pages::merges)
        .get("/merges/{merge}", led, pages::show_merge)
        .post("/merges/{merge}/reversal", led, pages::undo)
        .post("/merges/{merge}/placement", led, pages::place)
        .get("/api/v1/duplicates", led, api::list)
        .post("/api/v1/duplicates/scan", led, api::scan)
        .get("/api/v1/duplicates/{pair}", led, api::show)
        .post("/api/v1/duplicates/{pair}/answer", led, api::answer)
        .post("/api/v1/duplicates/{pair}/reversal", led, api::reopen)
        .post("/api/v1/companies/{company}/duplicates", led, api::name_pair)
        .get("/api/v1/companies/{company}/ties", staff, api::ties)
        .post("/api/v1/companies/{company}/ties", led, api::tie)
        .post("/api/v1/ties/{tie}/ending", led, api::untie)
        .get("/api/v1/merges", led, api::merges)
        .post("/api/v1/merges", led, api::merge)
        .get("/api/v1/merges/{merge}", led, api::show_merge)
        .post("/api/v1/merges/{merge}/reversal", led, api::undo)
        .post("/api/v1/merges/{merge}/placement", led, api::place)
}
