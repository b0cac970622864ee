//! A card whose company is in other hands meanwhile: what was typed is neither saved nor lost.

use super::{base, lease, started};
use crate::both;
use crate::cast::Cast;
use crate::companies;
use crate::storage::testing::text_of;
use crate::values::*;

/// What was typed, by field; some of it cannot be understood.
const TYPED: [(&str, &str); 7] = [
    ("contact_why", "ушла в музей"),
    ("decision_name", "Вера Ильина"),
    ("decision_role", "завхоз"),
    ("phone_new", "звоните по 12"),
    ("email_new", "лен собака мыло"),
    ("address_new", "ул. Новая, 2"),
    ("note", "перезвонить после обеда"),
];

both! {
    async fn what_was_typed_on_a_card_that_is_lost_is_told_shown_and_kept(t: TestDb) {
        let (cast, _) = base(t, 1).await;
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let generation = super::card(&cast, "boris", lead).await["generation"].to_string();
        cast.clock.advance_ms(HOUR_MS);
        assert_eq!(lease(&cast, "bella", round).await, lead, "the time was over");
        let before = super::people(&cast, company(&cast, lead).await).await;
        let right = [("reach", "talked"), ("decision", "another")];
        let wrong = [("reach", "dead"), ("decision", "")];
        for (lang, told, safe) in [
            ("en", "Your lease of this company has ended.", "Your text is safe"),
            ("ru", "Компания больше не закреплена за вами.", "Ваш текст цел"),
        ] {
            let boris = cast.client("boris").await;
            let settings = [("lang", lang), ("theme", "auto"), ("keys", "on")];
            assert_eq!(boris.post("/settings", &settings).await.status.as_u16(), 303);
            for (key, chosen) in [("right", right), ("wrong", wrong)] {
                let mut sent = vec![("generation", generation.as_str())];
                sent.extend(chosen);
                sent.extend(TYPED);
                let lost = boris.post(&format!("/checks/{lead}/answers"), &sent).await;
                assert_eq!(lost.status.as_u16(), 409, "{lang} {key}: {}", lost.body);
                assert!(lost.body.contains(told), "{lang} {key}: {}", lost.body);
                assert!(lost.body.contains(safe), "{lang} {key}: {}", lost.body);
                for (field, text) in TYPED {
                    assert!(lost.body.contains(text), "{lang} {key} {field}: {}", lost.body);
                }
            }
        }
        let after = super::people(&cast, company(&cast, lead).await).await;
        assert_eq!(after, before, "nothing of it is on the card");
        let drafts = text_of(&cast.app.db, "drafts").await;
        for (field, text) in TYPED {
            assert!(drafts.contains(text), "{field} waits for them: {drafts}");
        }
        // The company comes back to them, and the text with it.
        cast.clock.advance_ms(HOUR_MS);
        assert_eq!(lease(&cast, "boris", round).await, lead);
        let page = cast.client("boris").await.get(&format!("/checks/{lead}")).await.body;
        // Mail and address are not asked about in this round.
        for (field, text) in TYPED.into_iter().filter(|(field, _)| !field.ends_with("_new")) {
            assert!(page.contains(text), "{field}: {page}");
        }
    }

    async fn who_asks_not_to_be_called_is_heard_though_the_card_is_lost_and_spoilt(t: TestDb) {
        let (cast, _) = base(t, 1).await;
        let round = started(&cast).await;
        let lead = lease(&cast, "boris", round).await;
        let generation = super::card(&cast, "boris", lead).await["generation"].to_string();
        cast.clock.advance_ms(HOUR_MS);
        assert_eq!(lease(&cast, "bella", round).await, lead, "the time was over");
        let mut sent = vec![("generation", generation.as_str()), ("reach", "do_not_call")];
        sent.extend([("email", "another"), ("decision", "another")]);
        sent.extend(TYPED.into_iter().filter(|(field, _)| *field != "decision_name"));
        let boris = cast.client("boris").await;
        let lost = boris.post(&format!("/checks/{lead}/answers"), &sent).await;
        assert_eq!(lost.status.as_u16(), 409, "{}", lost.body);
        let (id, now) = (company(&cast, lead).await, cast.clock.now());
        let mut tx = cast.app.db.read().await.expect("reads");
        let bans = companies::actions::list_bans_of_itself(&mut tx, cast.org, id, now).await;
        assert_eq!(bans.expect("reads").len(), 1, "it stands at once");
        drop(tx);
        let drafts = text_of(&cast.app.db, "drafts").await;
        assert!(drafts.contains("перезвонить после обеда"), "{drafts}");
    }
}

async fn company(cast: &Cast, lead: LeadId) -> CompanyId {
    let mut tx = cast.app.db.read().await.expect("reads");
    crate::leads::actions::find(&mut tx, cast.org, lead).await.expect("a lead").company
}
