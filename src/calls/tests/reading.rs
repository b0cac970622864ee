//! What comes of a form: every result, what it needs, and what is wrong with one by its field.

use super::*;
use crate::calls::results::{self, Situation};
use crate::campaigns::CallingPolicy;
use crate::campaigns::presets::PresetCode;
use crate::campaigns::reasons::RefusalReason;
use crate::companies::Near;
use crate::leads::Next;
use crate::leads::Said;

fn reasons() -> Vec<RefusalReason> {
    [
        ("too_expensive", Some(90)),
        ("closed_down", None),
        ("under_contract", Some(90)),
        ("other", Some(9)),
    ]
    .into_iter()
    .map(|(code, reentry_days)| RefusalReason {
        code: code.to_owned(),
        label_ru: code.to_owned(),
        label_en: code.to_owned(),
        reentry_days,
        offer_ru: String::new(),
        offer_en: String::new(),
        position: 1,
    })
    .collect()
}

fn campaign() -> campaigns::Campaign {
    let terms = floor::terms("spring", CallingPolicy::default());
    campaigns::Campaign {
        id: CampaignId::fresh(MONDAY),
        number: 1,
        name: terms.name,
        team: None,
        principal: None,
        state: campaigns::CampaignState::Running,
        engagement: terms.engagement,
        purpose: terms.purpose,
        legal_basis: terms.legal_basis,
        segment: terms.segment,
        policy: terms.policy,
        passport: terms.passport,
        targets: terms.targets,
        version: 1,
        made_at: MONDAY,
        launched_at: None,
        complained_at: None,
        complaints_from: None,
    }
}

fn lead(attempts: i64) -> leads::Lead {
    leads::Lead {
        priority: leads::Priority::Usual,
        tries: crate::campaigns::parts::Tries::default(),
        id: LeadId::fresh(MONDAY),
        number: 1,
        campaign: CampaignId::fresh(MONDAY),
        company: CompanyId::fresh(MONDAY),
        state: LeadState::Queued,
        closed_reason: None,
        attempts,
        next_at: MONDAY,
        denied_rule: None,
        callback_at: None,
        callback_owner: None,
        nurture_until: None,
        caller: None,
        returned_reason: None,
        lease: None,
        awaits_result: false,
        generation: 1,
        version: 2,
    }
}

/// What comes of a form, on Monday at ten, after so many attempts, with so many numbers.
fn come(
    form: &CallForm,
    attempts: i64,
    numbers: usize,
) -> Result<results::CallResults, Vec<&'static str>> {
    let (campaign, lead, reasons) = (campaign(), lead(attempts), reasons());
    let phones: Vec<PhoneId> = (0..numbers).map(|_| PhoneId::fresh(MONDAY)).collect();
    let on = Situation {
        now: MONDAY,
        caller: UserId(uuid::Uuid::nil()),
        zone: Zone::named("Europe/Moscow"),
        campaign: &campaign,
        lead: &lead,
        reasons: &reasons,
        phones: &phones,
        measured: None,
        was_rejected: false,
        callers: &[],
        contacts: &[],
        near: Near::of(Country::RU, Some("Москва")),
        script: None,
    };
    results::read(form, &on).map_err(|fields| fields.0.into_keys().collect())
}

#[test]
fn a_time_at_which_nobody_may_call_names_the_hours_of_that_day_and_the_next_one() {
    let zone = Zone::named("Europe/Paris");
    let french = CallingPolicy { preset: PresetCode::Fr, ..CallingPolicy::default() };
    for (policy, (day, hour), hours, next) in [
        (CallingPolicy::default(), (6, 20), "09:00–18:00", "07.07 09:00"),
        (CallingPolicy::default(), (11, 12), "none", "13.07 09:00"),
        // France rests at noon, and on its fourteenth of July.
        (french, (6, 13), "10:00–13:00, 14:00–18:00", "06.07 14:00"),
        (french, (14, 11), "none", "15.07 10:00"),
    ] {
        let at = jiff::civil::datetime(2026, 7, day, hour, 0, 0, 0);
        let told = results::open_hours(&policy, Instant::from_local(at, &zone), &zone);
        assert_eq!(told, [("hours", hours.to_owned()), ("next", next.to_owned())], "{at}");
    }
}

/// What a phrase was said in.
fn moscow() -> Said {
    Said { fallback: None, zone: Some("Europe/Moscow".to_owned()) }
}

#[test]
fn digits_are_the_same_for_everybody() {
    let told: Vec<(usize, &str)> =
        Meaning::offered().iter().map(|m| (m.digit(), m.code())).collect();
    assert_eq!(told[0], (1, "qualified"));
    assert_eq!(told[3], (4, "not_reached"));
    assert_eq!(told[9], (0, "do_not_call"));
}

#[test]
fn a_meaning_implies_how_the_call_ended_and_says_where_the_lead_goes() {
    use Mechanism::*;
    let owner = Some(UserId(uuid::Uuid::nil()));
    let closed = |reason: &str| Next::Closed { reason: reason.to_owned() };
    let again = |minutes| Next::Again { at: MONDAY.plus_minutes(minutes) };
    let set = |outcome: &str, change: fn(&mut CallForm)| {
        let mut form = form(outcome);
        change(&mut form);
        form
    };
    let rows = [
        (form("not_reached"), 0, NoAnswer, again(180)),
        (set("not_reached", |f| f.mechanism = "busy".to_owned()), 0, Busy, again(30)),
        (set("not_reached", |f| f.mechanism = "rejected".to_owned()), 0, Rejected, again(1_440)),
        (form("not_reached"), 5, NoAnswer, closed("attempts_exhausted")),
        (form("gatekeeper"), 0, Answered, again(180)),
        (set("gatekeeper", |f| f.callback = "завтра 10".to_owned()), 5, Answered, {
            Next::Callback { at: MONDAY.plus_days(1), owner, said: moscow() }
        }),
        (form("wrong_person"), 0, Answered, again(180)),
        (found("Пётр Зубов"), 0, Answered, again(180)),
        (form("do_not_call"), 0, Answered, closed("do_not_call")),
        (
            set("do_not_call", |f| f.mechanism = "rejected".to_owned()),
            0,
            Rejected,
            closed("do_not_call"),
        ),
        (set("callback", |f| f.callback = "через 2 ч".to_owned()), 9, Answered, {
            Next::Callback { at: MONDAY.plus_minutes(120), owner, said: moscow() }
        }),
        (
            set("callback", |f| {
                f.callback = "tomorrow 10".to_owned();
                f.callback_by = "anyone".to_owned();
            }),
            0,
            Answered,
            Next::Callback { at: MONDAY.plus_days(1), owner: None, said: moscow() },
        ),
        (set("not_now", |f| f.nurture = "через неделю".to_owned()), 0, Answered, {
            Next::Nurture { until: MONDAY.plus_days(7) }
        }),
        (set("refusal", |f| f.reason = "too_expensive".to_owned()), 0, Answered, {
            Next::Recycle { at: MONDAY.plus_days(90) }
        }),
        (set("refusal", |f| f.reason = "closed_down".to_owned()), 0, Answered, closed("refused")),
        (
            set("refusal", |f| {
                f.reason = "under_contract".to_owned();
                f.reentry = "через 60 дней".to_owned();
            }),
            0,
            Answered,
            Next::Recycle { at: MONDAY.plus_days(30) },
        ),
        (qualified(), 0, Answered, Next::Offered),
    ];
    for (form, attempts, mechanism, next) in rows {
        let results =
            come(&form, attempts, 2).unwrap_or_else(|wrong| panic!("{form:?}: {wrong:?}"));
        assert_eq!((results.mechanism, &results.next), (mechanism, &next), "{form:?}");
    }
    let last_number = come(&form("bad_number"), 0, 1).expect("understood");
    assert_eq!((last_number.mechanism, last_number.next), (InvalidNumber, closed("no_number")));
    assert_eq!(come(&form("bad_number"), 0, 2).map(|r| r.next), Ok(again(180)));
}

#[test]
fn what_is_missing_or_absurd_is_said_by_field() {
    let set = |outcome: &str, change: fn(&mut CallForm)| {
        let mut form = form(outcome);
        change(&mut form);
        form
    };
    for (form, wrong) in [
        (form(""), vec!["outcome"]),
        (form("king"), vec!["outcome"]),
        (form("refusal"), vec!["reason"]),
        (set("refusal", |f| f.reason = "whim".to_owned()), vec!["reason"]),
        (set("refusal", |f| f.reason = "other".to_owned()), vec!["note"]),
        (
            set("refusal", |f| {
                f.reason = "too_expensive".to_owned();
                f.reentry = "позавчера".to_owned();
            }),
            vec!["reentry"],
        ),
        (form("callback"), vec!["callback"]),
        (form("decision_maker_found"), vec!["decider_name"]),
        (found(" – "), vec!["decider_name"]),
        (set("decision_maker_found", |f| f.decider = "nobody".to_owned()), vec!["decider"]),
        (CallForm { decider_phone: "495".to_owned(), ..found("Зубов") }, vec!["decider_phone"]),
        (set("callback", |f| f.callback = "завтра 20:00".to_owned()), vec!["callback"]),
        (set("callback", |f| f.callback = "04.11 12:00".to_owned()), vec!["callback"]),
        (form("not_now"), vec!["nurture"]),
        (set("not_reached", |f| f.mechanism = "answered".to_owned()), vec!["mechanism"]),
        (set("callback", |f| f.mechanism = "smoke".to_owned()), vec!["callback", "mechanism"]),
        (form("qualified"), vec!["passport_need", "passport_next_step", "passport_who"]),
        (CallForm { meeting: "вчера".to_owned(), ..qualified() }, vec!["meeting"]),
        (
            CallForm {
                meeting: "завтра 10".to_owned(),
                meeting_minutes: "9999".to_owned(),
                ..qualified()
            },
            vec!["meeting_minutes"],
        ),
        (set("not_reached", |f| f.phone = "not a number".to_owned()), vec!["phone"]),
        (set("not_reached", |f| f.note = "о".repeat(5_001)), vec!["note"]),
    ] {
        assert_eq!(come(&form, 0, 1), Err(wrong), "{form:?}");
    }
}
