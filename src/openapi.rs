//! The description of the API: OpenAPI 3.1, put together from the handlers' own annotations.
//!
//! `openapi.json` at the root of the repository is this description, committed so that a change
//! of the API is a visible diff; `UPDATE=1 cargo test openapi` writes it anew. A handler of
//! `/api/v1` that is not named here, or named and not routed, fails the tests.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::IntoResponse;
use utoipa::OpenApi;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, Content, Ref, RefOr, Response, SecurityRequirement};

use crate::web::Answer;
use crate::{
    calls, campaigns, clients, companies, contracts, erasures, export, handoffs, holdings, imports,
    leads, letters, meetings, merges, opportunities, pay, people, promises, quality, reports,
    rounds, story, tasks, telephony, verification, wallboard,
};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Troika",
        description = "Acquisition, sales and service as three tiers. Every action of the screens, \
                       over JSON. Conventions: docs/api.md."
    ),
    modifiers(&Bearer),
    paths(
        show,
        people::api::me,
        people::keys_api::list,
        people::keys_api::keep,
        people::api::list,
        people::api::add,
        people::api::show,
        people::api::change_person,
        people::api::make_link,
        people::api::disable,
        people::api::list_teams,
        people::api::add_team,
        people::api::list_tokens,
        people::api::revoke_token,
        companies::api::list,
        companies::api::add,
        companies::api::ask,
        companies::api::show,
        companies::api::change,
        companies::api::notes,
        companies::api::write_note,
        calls::api::suppress_company,
        companies::api::lift,
        companies::api::add_phones,
        companies::api::set_standing,
        companies::api::add_emails,
        companies::api::add_contact,
        companies::api::change_contact,
        companies::api::add_basis,
        imports::api::list,
        imports::api::bring,
        imports::api::show,
        imports::api::read_anew,
        imports::api::commit,
        imports::api::undo,
        imports::api::stop,
        imports::api::go_on,
        imports::api::rows,
        imports::api::bad_rows,
        verification::api::list,
        verification::api::record,
        quality::api::list,
        quality::api::records,
        quality::api::show,
        quality::api::weights,
        quality::api::set_weights,
        quality::api::ageing,
        quality::api::set_ageing,
        rounds::api::list,
        rounds::api::start,
        rounds::api::show,
        rounds::api::card,
        rounds::api::answer,
        rounds::api::take_back,
        export::actualisation::api::show,
        export::actualisation::api::of_import,
        export::actualisation::api::xlsx,
        export::actualisation::api::pdf,
        meetings::api::list,
        meetings::api::show,
        meetings::api::mark,
        handoffs::api::list,
        handoffs::api::rates,
        handoffs::api::show,
        handoffs::api::accept,
        handoffs::api::reject,
        handoffs::api::contest,
        handoffs::api::decide,
        handoffs::api::reassign,
        holdings::api::list,
        holdings::api::show,
        holdings::api::hand_over,
        erasures::api::offer,
        erasures::api::erase,
        erasures::api::list,
        erasures::api::show,
        merges::api::list,
        merges::api::scan,
        merges::api::show,
        merges::api::answer,
        merges::api::reopen,
        merges::api::name_pair,
        merges::api::tie,
        merges::api::ties,
        merges::api::untie,
        merges::api::merges,
        merges::api::merge,
        merges::api::show_merge,
        merges::api::undo,
        merges::api::place,
        opportunities::api::reassign,
        clients::api::reassign,
        handoffs::api::offer_again,
        handoffs::api::offer_upsell,
        letters::api::of_company,
        letters::api::ask,
        letters::api::record,
        letters::api::take_back,
        promises::api::list,
        promises::api::of_company,
        promises::api::make,
        promises::api::answer,
        campaigns::api::list,
        campaigns::api::make,
        campaigns::api::show,
        campaigns::api::change,
        campaigns::api::count,
        campaigns::api::reasons::list_reasons,
        campaigns::api::reasons::add_reason,
        campaigns::api::reasons::set_reason,
        campaigns::api::members,
        campaigns::api::add_member,
        campaigns::api::remove_member,
        campaigns::api::scripts,
        campaigns::api::write_script,
        campaigns::api::pause,
        campaigns::api::stop,
        leads::api::launch,
        leads::api::queue,
        leads::api::lease,
        leads::api::lease_number,
        leads::api::renew,
        leads::api::release,
        leads::api::take_back,
        leads::api::prioritise,
        calls::api::pass_on,
        wallboard::api::show,
        calls::api::desk,
        calls::practice::api::list,
        calls::practice::api::answer,
        calls::api::show,
        calls::api::list_callbacks,
        calls::slots::list,
        calls::api::record,
        calls::api::reverse,
        telephony::api::place,
        telephony::api::show,
        telephony::api::hang_up,
        telephony::api::own_phone,
        telephony::api::account,
        telephony::api::make_account,
        telephony::api::remove_account,
        telephony::api::listen,
        telephony::api::resume,
        telephony::connectors::api::list,
        telephony::connectors::api::make,
        telephony::connectors::api::show,
        telephony::connectors::api::renew,
        telephony::connectors::api::assign,
        telephony::connectors::api::end,
        telephony::hosted::api::list,
        telephony::hosted::api::put_away,
        telephony::unknown::api::list,
        telephony::unknown::api::tie,
        telephony::unknown::api::put_away,
        opportunities::api::stages,
        opportunities::api::list,
        opportunities::api::show,
        opportunities::api::advance,
        opportunities::api::undo_move,
        opportunities::api::keep_details,
        opportunities::api::lose,
        opportunities::api::win,
        opportunities::api::reopen,
        contracts::api::list,
        contracts::api::show,
        contracts::api::enter_payment,
        contracts::api::reverse_payment,
        contracts::api::end,
        pay::api::list_periods,
        pay::api::show_period,
        pay::api::show_statement,
        pay::api::show_entry,
        pay::api::review,
        pay::api::approve,
        pay::api::close,
        pay::api::dispute,
        pay::api::decide_dispute,
        pay::api::adjust,
        pay::api::decide_adjustment,
        pay::api::payouts::payroll,
        pay::api::payouts::show_invoice,
        pay::api::payouts::reconcile,
        pay::api::payouts::remit,
        pay::api::payouts::correct_remittance,
        pay::api::payouts::engage,
        pay::api::plans::list_plans,
        pay::api::plans::make_plan,
        pay::api::plans::start_draft,
        pay::api::plans::put_component,
        pay::api::plans::put_limits,
        pay::api::plans::approve_draft,
        pay::api::plans::publish,
        pay::api::plans::assign,
        pay::api::plans::change_terms,
        pay::api::what_if::what_if,
        pay::api::plans::end_assignment,
        clients::api::list,
        clients::api::show,
        clients::api::tick,
        clients::api::end,
        clients::api::note_date,
        clients::api::remove_date,
        clients::orders::api::list,
        clients::orders::api::open,
        clients::orders::api::show,
        clients::orders::api::deliver,
        clients::orders::api::cancel,
        clients::orders::api::add_prototype,
        clients::orders::api::send,
        tasks::api::list,
        tasks::api::add,
        tasks::api::show,
        tasks::api::complete,
        tasks::api::put_off,
        tasks::api::reassign,
        story::api::show,
        reports::api::funnel,
        reports::api::records,
        reports::api::scripts,
        reports::api::script_records,
    )
)]
struct Description;

/// Every operation but this description asks for a personal token.
struct Bearer;

impl utoipa::Modify for Bearer {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some("A personal token, made in the settings. It acts as its owner."))
            .build();
        let components = description.components.get_or_insert_with(Components::default);
        components.add_security_scheme("token", SecurityScheme::Http(scheme));
        let none: [&str; 0] = [];
        description.security = Some(vec![SecurityRequirement::new("token", none)]);
        let operations = description.paths.paths.values_mut().flat_map(|path| {
            [&mut path.get, &mut path.post].into_iter().filter_map(Option::as_mut)
        });
        for operation in operations {
            let is_open = operation.security.as_ref().is_some_and(Vec::is_empty);
            let answers = &mut operation.responses.responses;
            // Whoever lacks the token, the role, the scope or the record is answered so.
            for status in ["401", "404"].into_iter().filter(|_| !is_open) {
                answers.entry(status.to_owned()).or_insert_with(|| RefOr::T(problem()));
            }
            for (status, answer) in answers {
                if let RefOr::T(answer) = answer
                    && answer.description.is_empty()
                {
                    answer.description = meaning(status).to_owned();
                }
            }
        }
    }
}

/// An answer that tells what is wrong; its meaning is filled in with that of the others.
fn problem() -> Response {
    let content = Content::new(Some(Ref::from_schema_name("Problem")));
    Response::builder().content("application/json", content).build()
}

/// What a status means wherever it is answered; docs/api.md says more.
fn meaning(status: &str) -> &'static str {
    match status {
        "201" => "Made.",
        "401" => "No token, or one that is revoked.",
        "404" => "There is no such thing, or the token may not know of it.",
        "409" => "The business says no; the code says why.",
        "422" => "Something is not filled in right; the fields say what.",
        "429" => "Too many requests; Retry-After says how many seconds to wait.",
        _ => "The answer.",
    }
}

static TEXT: LazyLock<String> = LazyLock::new(|| {
    let mut text = Description::openapi().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
});

/// This description.
#[utoipa::path(get, path = "/api/v1/openapi.json", tag = "platform",
    operation_id = "show_description", security(()),
    responses((status = 200, description = "OpenAPI 3.1", body = serde_json::Value)))]
pub async fn show() -> Answer {
    Ok(([(header::CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use serde_json::Value;

    use super::*;

    fn described() -> Value {
        serde_json::from_str(&TEXT).expect("the description is JSON")
    }

    /// `GET /api/v1/me` for each operation.
    fn operations() -> Vec<(String, Value)> {
        let description = described();
        let paths = description["paths"].as_object().expect("paths").clone();
        paths
            .iter()
            .flat_map(|(path, methods)| {
                let methods = methods.as_object().expect("methods").clone();
                methods.into_iter().map(move |(method, operation)| {
                    (format!("{} {path}", method.to_uppercase()), operation)
                })
            })
            .collect()
    }

    #[test]
    fn the_committed_description_is_the_present_one() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        if std::env::var_os("UPDATE").is_some() {
            fs::write(path, TEXT.as_str()).expect("openapi.json is written");
        }
        let committed = fs::read_to_string(path).unwrap_or_default();
        assert!(
            committed == *TEXT,
            "openapi.json is old: UPDATE=1 cargo test openapi, and read it"
        );
        assert_eq!(described()["openapi"], "3.1.0");
    }

    #[test]
    fn every_route_of_the_api_is_described_and_nothing_else() {
        let routed: BTreeSet<String> = crate::routes::table()
            .listed
            .iter()
            .filter(|route| route.path.starts_with("/api/v1/"))
            .map(|route| format!("{} {}", route.method, route.path))
            .collect();
        let named: BTreeSet<String> = operations().into_iter().map(|(place, _)| place).collect();
        let missing: Vec<&String> = routed.difference(&named).collect();
        let extra: Vec<&String> = named.difference(&routed).collect();
        assert!(missing.is_empty(), "not described; name them in src/openapi.rs: {missing:#?}");
        assert!(extra.is_empty(), "described and not routed: {extra:#?}");
    }

    #[test]
    fn operations_go_by_names_of_their_own_and_say_what_they_do() {
        let mut names = BTreeSet::new();
        for (place, operation) in operations() {
            let name = operation["operationId"].as_str().unwrap_or_default().to_owned();
            assert!(names.insert(name.clone()), "{place}: {name} is taken by another operation");
            let says = operation["summary"].as_str().unwrap_or_default();
            assert!(!says.is_empty(), "{place} has no summary: write a doc comment");
            let takes_key = operation["parameters"].to_string().contains("Idempotency-Key");
            assert_eq!(takes_key, place.starts_with("POST"), "{place}: json::KeyHeader");
        }
    }

    #[test]
    fn every_answer_that_the_rights_know_of_is_described() {
        let rights = include_str!("rights/rights.out");
        let answered = |place: &str| -> BTreeSet<String> {
            let paragraph = rights.split("\n\n").find(|p| p.lines().next() == Some(place));
            let paragraph = paragraph.unwrap_or_else(|| panic!("{place} is not in rights.out"));
            paragraph.lines().skip(1).map(|line| line[2..5].to_owned()).collect()
        };
        for (place, operation) in operations() {
            let answers = operation["responses"].as_object().cloned().unwrap_or_default();
            let described: BTreeSet<String> = answers.keys().cloned().collect();
            let kept_back: Vec<String> = answered(&place).difference(&described).cloned().collect();
            assert!(kept_back.is_empty(), "{place} is answered {kept_back:?}, too");
            let has_record = place.contains('{');
            assert!(!has_record || described.contains("404"), "{place} may not be there");
        }
    }

    #[test]
    fn every_answer_is_in_its_envelope() {
        for (place, operation) in operations() {
            let answers = operation["responses"].as_object().cloned().unwrap_or_default();
            assert!(answers.keys().any(|status| status.starts_with('2')), "{place}");
            for (status, answer) in answers {
                let schema = answer["content"]["application/json"]["schema"].to_string();
                let is_file = place.ends_with("openapi.json") || schema == "null";
                let is_enveloped = if status.starts_with('2') {
                    schema.contains("/One_") || schema.contains("/Many_")
                } else {
                    schema.contains("/Problem")
                };
                assert!(is_enveloped || is_file, "{place} {status}: {schema}");
            }
        }
    }
}
