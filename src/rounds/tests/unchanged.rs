//! What makes checks due is saved as it was: nothing happened, and the base is not scored anew.

use crate::both;
use crate::cast::Cast;
use crate::events::{self, Kind};
use crate::quality::{self, Weights};
use crate::values::*;
use crate::verification::{self, Ageing, Field, Rule};

both! {
    async fn ageing_and_weights_that_are_saved_as_they_were_are_no_event(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (ageing, weights) = (Ageing::default(), Weights::default());
        let slow = Rule { half_life_months: 18, ..Rule::usual(Field::Phone) };
        let slower = ageing.with(Field::Phone, slow);
        let mut heavier = weights;
        heavier.0[0] += 1;
        for (key, ageing, weights, count) in [
            ("as they begin", ageing, weights, 0), ("changed", slower, heavier, 1),
            ("as they are", slower, heavier, 1), ("as they began", ageing, weights, 2),
        ] {
            // Sent twice by a client that waited too long, it is answered twice.
            for _ in 0..2 {
                let act = cast.act("olga", &format!("ageing {key}"));
                verification::actions::set_ageing(&act, &ageing).await.expect("is set");
                let act = cast.act("olga", &format!("weights {key}"));
                quality::actions::set_weights(&act, &weights).await.expect("is set");
            }
            let mut tx = cast.app.db.read().await.expect("reads");
            let kept = verification::actions::find_ageing(&mut tx, cast.org).await;
            assert_eq!(kept.expect("reads"), ageing, "{key}");
            let kept = quality::actions::find_weights(&mut tx, cast.org).await;
            assert_eq!(kept.expect("reads"), weights, "{key}");
            let always = (Instant(0), Instant(i64::MAX));
            for kind in [Kind::AgeingSet, Kind::WeightsSet] {
                let told = events::list_of_kind(&mut tx, cast.org, kind, always).await;
                assert_eq!(told.expect("reads").len(), count, "{key}: {kind:?}");
            }
        }
    }
}
