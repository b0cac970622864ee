//! A merge between what happened and what follows from it.

use super::*;
use crate::both;
use crate::companies::suppression::Wanted;
use crate::companies::{Channel, SuppressReason};
use crate::leads::floor::Floor;
use crate::leads::{LeadState, actions as leads};
use crate::letters::actions as letters;
use crate::letters::forms::{LetterForm, LetterSent};
use crate::vals;

both! {
    async fn what_a_lifted_ban_frees_is_called_again_though_it_was_merged_meanwhile(t: TestDb) {
        let floor = Floor::open(t, 1).await;
        let (cast, of) = (&floor.cast, floor.lease("boris", "1").await.expect("a company"));
        let anna = cast.viewer("anna").await;
        let asked = Wanted::whole(Channel::All, SuppressReason::Asked);
        let act = cast.act("anna", "ban");
        let ban = crate::calls::complaints::suppress(&act, &anna, of.company, asked).await;
        let ban = ban.expect("banned");
        let mut tx = cast.app.db.begin().await.expect("begins");
        let text = "update leads set state = 'closed', closed_reason = 'do_not_call', \
            lease_owner_id = null, lease_until = null where id = $1";
        tx.run(text, vals![of.lead]).await.expect("closed");
        tx.commit().await.expect("kept");
        let why = (of.company, ban);
        let act = cast.act("anna", "lift");
        companies::actions::lift(&act, &anna, why, "a slip").await.expect("lifted");
        let survivor = add(cast, "other", flax("Лён и нить", None)).await;
        merge(cast, "merge", (of.company, survivor), &[]).await.expect("merged");
        cast.settle().await;
        let mut tx = read(cast).await;
        let lead = leads::find(&mut tx, cast.org, of.lead).await.expect("a lead");
        assert_eq!((lead.state, lead.company), (LeadState::Queued, survivor));
        drop(tx);
        assert_eq!(crate::check::everything(&cast.app.db).await.expect("checked"), []);
    }

    async fn letters_to_both_are_one_budget_until_they_are_parted(t: TestDb) {
        let floor = Floor::open(t, 2).await;
        let (cast, one, other) = (&floor.cast, floor.companies[0], floor.companies[1]);
        let anna = cast.viewer("anna").await;
        let write = async |key: &str, company| {
            let (way, subject) = ("post".to_owned(), "The price list".to_owned());
            let sent = LetterSent { way, subject, ..LetterSent::default() };
            let act = cast.act("anna", key);
            let new = LetterForm::from(sent).read(&anna.zone, act.now).expect("is meant");
            letters::record(&act, &anna, company, &new).await
        };
        let count = async |company| {
            let mut tx = read(cast).await;
            letters::list_of_company(&mut tx, cast.org, company).await.expect("reads").len()
        };
        write("one", one).await.expect("recorded");
        write("other", other).await.expect("recorded");
        let merged = merge(cast, "merge", (other, one), &[]).await.expect("merged");
        assert_eq!(count(one).await, 2, "the history of both");
        let third = write("third", other).await.map_err(code_of);
        assert_eq!(third, Err("letter-denied".to_owned()), "two contacts in a week are enough");
        undo(cast, "undo", merged).await.expect("undone");
        assert_eq!((count(one).await, count(other).await), (1, 1));
        write("fourth", other).await.expect("recorded");
        assert_eq!(crate::check::everything(&cast.app.db).await.expect("checked"), []);
    }
}
