use super::*;
use crate::both;
use crate::cast::Cast;
use crate::people::Role;
use crate::web::Cursor;

fn new_task(person: UserId, now: Instant) -> NewTask {
    NewTask {
        person,
        company: None,
        what: "Send the brief".to_owned(),
        due_at: now.plus_days(1),
        origin: Origin::Person,
        once: None,
    }
}

both! {
    async fn a_task_asked_for_once_is_one_task(t: TestDb) {
        let cast = Cast::gather(t).await;
        let act = cast.act("vadim", "once");
        let mut tx = act.db.begin().await.expect("begins");
        let once = Some("date:x:2026".to_owned());
        let new = NewTask { once, ..new_task(cast.id("vera"), act.now) };
        let first = actions::add_in(&mut tx, &act, new.clone()).await.expect("added");
        let second = actions::add_in(&mut tx, &act, new).await.expect("found");
        assert_eq!(first, second);
        tx.commit().await.expect("commits");
        let vera = cast.viewer("vera").await;
        let mut tx = act.db.read().await.expect("reads");
        let open = (View::Open, Whose::Mine);
        let list = actions::list(&mut tx, &vera, open, &Cursor::default(), act.now).await;
        assert_eq!(list.expect("lists").rows.len(), 1);
        assert!(vera.is(Role::Service));
    }
}
