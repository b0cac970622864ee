//! Contested lines and sums by hand.

use super::super::actions::{self, Claim, Decision};
use super::Yard;
use super::booking::{day, refusal};
use crate::both;
use crate::values::*;

both! {
    async fn a_contested_line_is_decided_by_somebody_else_and_corrected_by_a_new_one(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.held("caller", day(2)).await;
        let (caller, pavel, seller) =
            (yard.viewer("caller").await, yard.viewer("pavel").await, yard.viewer("seller").await);
        let period = yard.period("2026-10").await.id;
        let mut tx = t.db.read().await.expect("reads");
        let line =
            actions::statement(&mut tx, &caller, period, caller.id()).await.expect("own").lines[0]
                .id;
        assert!(matches!(actions::find_line(&mut tx, &seller, line).await, Err(Error::NotFound)));
        drop(tx);
        let claim = || Claim { category: "amount".to_owned(), comment: "Мало".to_owned() };
        let other = actions::dispute(&yard.by("seller"), &seller, line, claim()).await;
        assert!(matches!(other, Err(Error::NotFound)), "{other:?}");
        let empty = Claim { category: "amount".to_owned(), comment: " ".to_owned() };
        assert_eq!(
            refusal(actions::dispute(&yard.by("caller"), &caller, line, empty).await),
            "required"
        );
        let id =
            actions::dispute(&yard.by("caller"), &caller, line, claim()).await.expect("raised");
        assert_eq!(
            refusal(actions::dispute(&yard.by("caller"), &caller, line, claim()).await),
            "pay-dispute-open"
        );
        let decided_in = |currency| Decision {
            is_granted: true,
            amount: Some(Money::new(50_00, currency)),
            answer: "Верно".to_owned(),
        };
        let decision = || decided_in(Currency::Rub);
        assert_eq!(
            refusal(actions::decide_dispute(&yard.by("caller"), &caller, id, decision()).await),
            "pay-own-pay"
        );
        let euro = decided_in(Currency::Eur);
        let mixed = actions::decide_dispute(&yard.by("pavel"), &pavel, id, euro).await;
        assert_eq!(refusal(mixed), "pay-currency-of-line");
        actions::decide_dispute(&yard.by("pavel"), &pavel, id, decision()).await.expect("decided");
        assert_eq!(yard.stands("caller").await, (350_00, 0), "one person alone pays nothing out");
        let mut tx = t.db.read().await.expect("reads");
        let (disputes, sums) = actions::list_claims(&mut tx, &pavel).await.expect("reads");
        drop(tx);
        assert_eq!((disputes[0].standing(), sums[0].dispute), ("granted-waiting", Some(id)));
        let alone = actions::decide_adjustment(&yard.by("pavel"), &pavel, sums[0].id, true).await;
        assert_eq!(refusal(alone), "pay-author-approves");
        let polina = yard.viewer("polina").await;
        let act = yard.by("polina");
        actions::decide_adjustment(&act, &polina, sums[0].id, true).await.expect("approved");
        assert_eq!(yard.stands("caller").await, (400_00, 0));
        let mut tx = t.db.read().await.expect("reads");
        let seen = actions::find_line(&mut tx, &caller, line).await.expect("own");
        assert_eq!(seen.disputes[0].standing(), "granted");
        let corrected = seen.disputes[0].adjustment.expect("a line");
        let corrected = actions::find_line(&mut tx, &caller, corrected).await.expect("own");
        assert_eq!(corrected.entry.corrects, Some(line), "it names the contested one");
        drop(tx);
        let again = actions::decide_dispute(&yard.by("pavel"), &pavel, id, decision()).await;
        assert_eq!(refusal(again), "pay-already-decided");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_sum_by_hand_needs_a_second_person(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        let (pavel, polina) = (yard.viewer("pavel").await, yard.viewer("polina").await);
        let minus = Money::new(-10_00, Currency::Rub);
        let person = yard.id("caller");
        let id = actions::adjust(&yard.by("pavel"), &pavel, person, minus, "Пересчёт")
            .await
            .expect("proposed");
        assert_eq!(yard.stands("caller").await, (0, 0), "nothing yet");
        assert_eq!(
            refusal(actions::decide_adjustment(&yard.by("pavel"), &pavel, id, true).await),
            "pay-author-approves"
        );
        actions::decide_adjustment(&yard.by("polina"), &polina, id, true).await.expect("approved");
        assert_eq!(yard.stands("caller").await, (-10_00, 0));
        for (minor, currency, expected) in [
            (0, Currency::Rub, "required"),
            (i64::MIN, Currency::Rub, "money-too-large"),
            (100, Currency::Eur, "pay-other-currency"),
        ] {
            let refused = actions::adjust(
                &yard.by("pavel"),
                &pavel,
                person,
                Money::new(minor, currency),
                "x",
            )
            .await;
            assert_eq!(refusal(refused), expected);
        }
        assert_eq!(
            refusal(actions::adjust(&yard.by("pavel"), &pavel, pavel.id(), minus, "x").await),
            "pay-own-pay"
        );
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }

    async fn a_granted_sum_that_is_not_approved_pays_nothing_and_is_told(t: TestDb) {
        let yard = Yard::open(&t.db, &t.clock).await;
        yard.held("caller", day(2)).await;
        let (caller, pavel) = (yard.viewer("caller").await, yard.viewer("pavel").await);
        let polina = yard.viewer("polina").await;
        let period = yard.period("2026-10").await.id;
        let mut tx = t.db.read().await.expect("reads");
        let own = actions::statement(&mut tx, &caller, period, caller.id()).await.expect("own");
        drop(tx);
        let claim = Claim { category: "amount".to_owned(), comment: "Мало".to_owned() };
        let line = own.lines[0].id;
        let id = actions::dispute(&yard.by("caller"), &caller, line, claim).await.expect("raised");
        let decision = Decision {
            is_granted: true,
            amount: Some(Money::new(1_000_000_000, Currency::Rub)),
            answer: "Верно".to_owned(),
        };
        actions::decide_dispute(&yard.by("pavel"), &pavel, id, decision).await.expect("decided");
        let mut tx = t.db.read().await.expect("reads");
        let (_, sums) = actions::list_claims(&mut tx, &pavel).await.expect("reads");
        drop(tx);
        let act = yard.by("polina");
        actions::decide_adjustment(&act, &polina, sums[0].id, false).await.expect("declined");
        assert_eq!(yard.stands("caller").await, (350_00, 0));
        let mut tx = t.db.read().await.expect("reads");
        let seen = actions::find_line(&mut tx, &caller, line).await.expect("own");
        assert_eq!(seen.disputes[0].standing(), "granted-refused");
        assert_eq!(yard.broken().await, Vec::<String>::new());
    }
}
