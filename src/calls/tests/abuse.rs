//! One key spares everybody a talk that was abusive, and may be taken back.

use super::*;
use crate::calls::reversal;
use crate::companies::SuppressReason;
use crate::people::keys;

async fn bans(floor: &Floor, company: CompanyId) -> Vec<SuppressReason> {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let now = floor.cast.clock.now();
    let all = companies::actions::list_bans(&mut tx, floor.cast.org, company, now).await;
    all.expect("reads").into_iter().map(|ban| ban.reason).collect()
}

/// What the key sends: no outcome, and whatever was typed.
fn key() -> CallForm {
    let note = "кричит, угрожает".to_owned();
    // A result that stood there already is not what is meant.
    CallForm { note, mechanism: "busy".to_owned(), then: "abuse".to_owned(), ..form("not_reached") }
}

async fn call_of(floor: &Floor, lead: LeadId) -> Call {
    let mut tx = floor.cast.app.db.read().await.expect("reads");
    let calls = actions::list_for_lead(&mut tx, floor.cast.org, lead).await.expect("calls");
    calls.into_iter().next().expect("a call")
}

async fn take_back(floor: &Floor, call: CallId) -> Outcome<reversal::TakenBack> {
    let boris = floor.cast.viewer("boris").await;
    let act = floor.cast.act("boris", &format!("back {call}"));
    reversal::reverse(&act, &boris, call).await
}

both! {
    async fn one_key_shields_everybody_files_the_call_and_brings_the_next(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let page = floor.cast.client("boris").await.get(&format!("/leads/{}", grant.lead)).await;
        assert!(page.body.contains("data-key=\"KeyB\""), "the help shows it: {}", page.body);
        let done = record(&floor, grant, key()).await.expect("recorded");
        assert_ne!(done.next.expect("the next company").company, grant.company);
        assert_eq!(bans(&floor, grant.company).await, [SuppressReason::Abusive]);
        let lead = floor.lead(grant.lead).await;
        assert_eq!((lead.state, lead.lease), (LeadState::Closed, None));
        assert_eq!(lead.closed_reason.as_deref(), Some("abusive"));
        let call = call_of(&floor, grant.lead).await;
        assert_eq!((call.meaning, call.mechanism), (Meaning::Abusive, Mechanism::Answered));
        assert_eq!((call.note.as_str(), call.ban.is_some()), ("кричит, угрожает", true));
        let told = floor.events(Kind::ContactSuppressed).await;
        assert_eq!(told[0].reason.as_deref(), Some("abusive"));
        // The same key sent twice does nothing twice.
        record(&floor, grant, key()).await.expect("the same answer");
        assert_eq!(floor.events(Kind::ContactSuppressed).await.len(), 1);
    }

    async fn it_is_taken_back_within_ten_minutes_and_no_later(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        record(&floor, grant, key()).await.expect("recorded");
        let call = call_of(&floor, grant.lead).await.id;
        floor.cast.clock.advance_ms(9 * MINUTE_MS);
        let back = take_back(&floor, call).await.expect("is taken back");
        assert_eq!(back.grant.expect("in hand again").company, grant.company);
        assert!(bans(&floor, grant.company).await.is_empty(), "the shield went with it");
        floor.cast.settle().await;
        let lead = floor.lead(grant.lead).await;
        assert_eq!((lead.state, lead.lease.is_some()), (LeadState::Queued, true));
        let boris = floor.cast.id("boris");
        let mut tx = floor.cast.app.db.read().await.expect("reads");
        let scope = actions::draft_scope(grant.lead);
        let draft = drafts::find(&mut tx, floor.cast.org, boris, &scope).await.expect("a draft");
        assert_eq!(draft.get("note").map(String::as_str), Some("кричит, угрожает"));
        drop(tx);
        let again = Grant { generation: lead.generation, ..grant };
        record(&floor, again, key()).await.expect("recorded");
        floor.cast.clock.advance_ms(11 * MINUTE_MS);
        let late = take_back(&floor, call_of(&floor, grant.lead).await.id).await;
        let is_late = matches!(&late, Err(Error::Refused(r)) if r.code() == "call-too-late");
        assert!(is_late, "{late:?}");
        assert_eq!(bans(&floor, grant.company).await.len(), 1);
        let broken = crate::check::everything(&floor.cast.app.db).await.expect("is checked");
        assert!(broken.is_empty(), "{broken:?}");
    }

    async fn a_ban_that_stood_before_is_neither_doubled_nor_lifted(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let anna = floor.cast.act("anna", "ban");
        let mut tx = anna.db.begin().await.expect("begins");
        let ban = companies::Suppress {
            whom: companies::suppression::Whom::Company(grant.company),
            channel: companies::Channel::All,
            reason: SuppressReason::Complaint,
            until: None,
        };
        companies::actions::suppress_in(&mut tx, &anna, ban).await.expect("is banned");
        tx.commit().await.expect("commits");
        record(&floor, grant, key()).await.expect("recorded");
        assert_eq!(bans(&floor, grant.company).await, [SuppressReason::Complaint]);
        take_back(&floor, call_of(&floor, grant.lead).await.id).await.expect("is taken back");
        assert_eq!(bans(&floor, grant.company).await, [SuppressReason::Complaint]);
    }

    async fn what_they_ask_for_outlives_a_ban_of_our_own_choice(t: TestDb) {
        let floor = Floor::open(t, 3).await;
        for (name, form, reason) in [
            ("asked", form("do_not_call"), SuppressReason::Asked),
            ("abuse", key(), SuppressReason::Abusive),
        ] {
            let grant = floor.lease("boris", name).await.expect("a company");
            let anna = floor.cast.act("anna", &format!("ban {name}"));
            let mut tx = anna.db.begin().await.expect("begins");
            let ban = companies::Suppress {
                whom: companies::suppression::Whom::Company(grant.company),
                channel: companies::Channel::All,
                reason: SuppressReason::OurChoice,
                until: None,
            };
            let own = companies::actions::suppress_in(&mut tx, &anna, ban).await.expect("banned");
            tx.commit().await.expect("commits");
            record(&floor, grant, form).await.expect("recorded");
            let viewer = floor.cast.viewer("anna").await;
            let lifted = (grant.company, own);
            let act = floor.cast.act("anna", &format!("lift {name}"));
            companies::actions::lift(&act, &viewer, lifted, "no rival of ours").await.expect(name);
            assert_eq!(bans(&floor, grant.company).await, [reason], "{name}");
        }
    }

    async fn what_they_ask_for_outlives_abuse_that_is_taken_back(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        record(&floor, grant, key()).await.expect("recorded");
        let boris = floor.cast.viewer("boris").await;
        let asked = CallForm { generation: grant.generation, ..form("do_not_call") };
        let act = floor.cast.act("boris", "asked, too");
        let late = actions::record(&act, &boris, grant.lead, &asked).await;
        assert!(matches!(late, Err(Error::Refused(_))), "the call is filed: {late:?}");
        take_back(&floor, call_of(&floor, grant.lead).await.id).await.expect("is taken back");
        assert_eq!(bans(&floor, grant.company).await, [SuppressReason::Asked]);
    }

    async fn abuse_is_shielded_though_something_else_in_the_form_is_wrong(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let grant = floor.lease("boris", "1").await.expect("a company");
        let wrong = CallForm { note: "я".repeat(6_000), ..key() };
        let refused = record(&floor, grant, wrong).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
        assert_eq!(bans(&floor, grant.company).await, [SuppressReason::Abusive]);
        let boris = floor.cast.viewer("boris").await;
        let form = CallForm { generation: grant.generation, ..key() };
        let act = floor.cast.act("boris", "put right");
        actions::record(&act, &boris, grant.lead, &form).await.expect("recorded");
        let call = call_of(&floor, grant.lead).await;
        take_back(&floor, call.id).await.expect("is taken back");
        assert!(bans(&floor, grant.company).await.is_empty(), "it was the ban of that call");
    }
}

#[test]
fn the_key_is_one_of_those_that_may_be_moved() {
    let moved: Vec<&str> = keys::KEYS.iter().map(|(key, _)| *key).collect();
    assert!(moved.contains(&"KeyB"));
    assert_eq!(Meaning::offered().len(), 10, "it is none of the digits");
    assert!(!Meaning::offered().contains(&Meaning::Abusive));
}

#[test]
fn no_two_keys_of_the_settings_are_called_alike() {
    for lang in [Lang::Ru, Lang::En] {
        let mut names: Vec<String> =
            keys::KEYS.iter().map(|(_, word)| crate::web::words::say(lang, word, &[])).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all, "{names:?}");
    }
}
