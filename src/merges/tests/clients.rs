//! Two clients that are one, and two again.

use super::*;
use crate::both;
use crate::clients::NewClient;
use crate::clients::orders::NewOrder;
use crate::contracts::NewContract;
use crate::{clients, contracts};

/// A company with a client of that person, a contract and an order.
async fn served(cast: &Cast, name: &str, owner: &str) -> (CompanyId, ClientId) {
    let company = add(cast, name, flax(name, None)).await;
    let act = cast.act("olga", &format!("serve {name}"));
    let mut tx = act.db.begin().await.expect("begins");
    let new = NewContract {
        opportunity: OpportunityId::fresh(act.now),
        company,
        campaign: None,
        seller: cast.id("sonya"),
        team: cast.teams.get("sales").copied(),
        value: Money::new(10_000_000, Currency::Rub),
        term_from: act.now,
        term_to: act.now.plus_days(300),
    };
    let contract = contracts::actions::sign_in(&mut tx, &act, new).await.expect("signs");
    let new = NewClient {
        company,
        contract,
        campaign: None,
        handoff: None,
        owner: cast.id(owner),
        team: cast.teams.get("service").copied(),
    };
    let client = clients::actions::open_in(&mut tx, &act, new).await.expect("opens");
    let lead = Some(cast.id(owner));
    companies::actions::set_lead_in(&mut tx, &act, company, lead, 3).await.expect("led");
    tx.commit().await.expect("kept");
    let viewer = cast.viewer(owner).await;
    let new = NewOrder {
        title: format!("Stand for {name}"),
        amount: Money::new(5_000_000, Currency::Rub),
        due_at: act.now.plus_days(9),
    };
    let act = cast.act(owner, &format!("order {name}"));
    clients::orders::actions::open(&act, &viewer, client, new).await.expect("an order");
    (company, client)
}

/// The titles of a client's orders.
async fn orders(cast: &Cast, client: ClientId) -> Vec<String> {
    let text = "select title as line from orders where client_id = $1 order by title";
    ask(cast, text.to_owned(), crate::vals![client]).await
}

async fn contracts_of(cast: &Cast, client: ClientId) -> usize {
    let text = "select contract_id as line from client_contracts where client_id = $1";
    ask(cast, text.to_owned(), crate::vals![client]).await.len()
}

async fn active(cast: &Cast) -> Vec<String> {
    let text = "select id as line from clients where ended_at is null order by number";
    ask(cast, text.to_owned(), &[]).await
}

/// What a person has to do about these companies, as far as merges say it.
async fn told(cast: &Cast, login: &str) -> Vec<String> {
    let text = "select what as line from tasks where person_id = $1 and what like '%merge%' \
        order by number";
    ask(cast, text.to_owned(), crate::vals![cast.id(login)]).await
}

async fn sound(cast: &Cast) {
    let known = |one: &crate::check::Broken| one.rule != "a contract stems from a won opportunity";
    let broken = crate::check::everything(&cast.app.db).await.expect("checked");
    let broken: Vec<_> = broken.into_iter().filter(known).collect();
    assert_eq!(broken, []);
}

both! {
    async fn one_client_goes_on_for_both_and_each_has_its_own_again(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, kept) = served(&cast, "Лён", "vera").await;
        let (other, gone) = served(&cast, "Лён и нить", "vadim").await;
        let merged = merge(&cast, "merge", (other, one), &[]).await.expect("merged");
        assert_eq!(active(&cast).await, [kept.to_string()]);
        assert_eq!(orders(&cast, kept).await, ["Stand for Лён", "Stand for Лён и нить"]);
        assert_eq!((contracts_of(&cast, kept).await, contracts_of(&cast, gone).await), (2, 0));
        assert_eq!(company(&cast, one).await.lead, Some(cast.id("vera")));
        assert_eq!(told(&cast, "vera").await, Vec::<String>::new());
        let passed = told(&cast, "vadim").await;
        assert_eq!(passed.len(), 1, "{passed:?}");
        assert!(passed[0].contains("leads both now"), "{passed:?}");
        sound(&cast).await;
        // What is ordered in between stays with the client that took it.
        let vera = cast.viewer("vera").await;
        let act = cast.act("vera", "between");
        let new = NewOrder {
            title: "Between".to_owned(),
            amount: Money::new(1_000_000, Currency::Rub),
            due_at: act.now.plus_days(9),
        };
        clients::orders::actions::open(&act, &vera, kept, new).await.expect("an order");
        undo(&cast, "undo", merged).await.expect("undone");
        assert_eq!(active(&cast).await, [kept.to_string(), gone.to_string()]);
        assert_eq!(orders(&cast, kept).await, ["Between", "Stand for Лён"]);
        assert_eq!(orders(&cast, gone).await, ["Stand for Лён и нить"]);
        assert_eq!((contracts_of(&cast, kept).await, contracts_of(&cast, gone).await), (1, 1));
        assert_eq!(company(&cast, other).await.lead, Some(cast.id("vadim")));
        assert_eq!(told(&cast, "vadim").await.len(), 2, "they lead it again");
        sound(&cast).await;
        let again = merge(&cast, "again", (other, one), &[]).await.expect("merged again");
        assert_eq!(active(&cast).await, [kept.to_string()]);
        undo(&cast, "undo again", again).await.expect("undone");
        assert_eq!(orders(&cast, gone).await, ["Stand for Лён и нить"]);
        sound(&cast).await;
    }

    async fn three_clients_are_parted_in_any_order(t: TestDb) {
        let cast = Cast::gather(t).await;
        let (one, a) = served(&cast, "Лён", "vera").await;
        let (two, b) = served(&cast, "Лён и нить", "vadim").await;
        let (three, c) = served(&cast, "Нить", "vera").await;
        let first = merge(&cast, "first", (three, two), &[]).await.expect("merged");
        let second = merge(&cast, "second", (two, one), &[]).await.expect("merged");
        assert_eq!(active(&cast).await, [a.to_string()]);
        assert_eq!(orders(&cast, a).await.len(), 3);
        undo(&cast, "undo first", first).await.expect("undone");
        assert_eq!(active(&cast).await, [a.to_string(), c.to_string()]);
        assert_eq!(orders(&cast, c).await, ["Stand for Нить"]);
        sound(&cast).await;
        undo(&cast, "undo second", second).await.expect("undone");
        assert_eq!(active(&cast).await, [a.to_string(), b.to_string(), c.to_string()]);
        for (client, title) in [(a, "Лён"), (b, "Лён и нить"), (c, "Нить")] {
            assert_eq!(orders(&cast, client).await, [format!("Stand for {title}")]);
            assert_eq!(contracts_of(&cast, client).await, 1);
        }
        sound(&cast).await;
        // The other way round.
        merge(&cast, "third", (three, two), &[]).await.expect("merged");
        let last = merge(&cast, "fourth", (two, one), &[]).await.expect("merged");
        undo(&cast, "undo last", last).await.expect("undone");
        assert_eq!(active(&cast).await, [a.to_string(), b.to_string()]);
        assert_eq!(orders(&cast, b).await, ["Stand for Лён и нить", "Stand for Нить"]);
        sound(&cast).await;
    }

    async fn a_client_is_parted_whichever_merge_joined_it(t: TestDb) {
        let cast = Cast::gather(t).await;
        // The company that stands for all has no client of its own.
        let flax_only = add(&cast, "flax", flax("Лён", None)).await;
        let (two, b) = served(&cast, "Лён и нить", "vadim").await;
        let (three, c) = served(&cast, "Нить", "vera").await;
        let (four, d) = served(&cast, "Ткань", "vera").await;
        let first = merge(&cast, "first", (two, flax_only), &[]).await.expect("merged");
        let second = merge(&cast, "second", (three, flax_only), &[]).await.expect("merged");
        let third = merge(&cast, "third", (four, flax_only), &[]).await.expect("merged");
        assert_eq!(active(&cast).await, [b.to_string()]);
        assert_eq!(orders(&cast, b).await.len(), 3);
        sound(&cast).await;
        // The one that goes on leaves: one of the two others goes on for both.
        undo(&cast, "undo first", first).await.expect("undone");
        assert_eq!(active(&cast).await, [b.to_string(), d.to_string()]);
        assert_eq!(orders(&cast, b).await, ["Stand for Лён и нить"]);
        assert_eq!(orders(&cast, d).await, ["Stand for Нить", "Stand for Ткань"]);
        assert_eq!((contracts_of(&cast, b).await, contracts_of(&cast, d).await), (1, 2));
        sound(&cast).await;
        undo(&cast, "undo third", third).await.expect("undone");
        assert_eq!(active(&cast).await, [b.to_string(), c.to_string(), d.to_string()]);
        assert_eq!(orders(&cast, c).await, ["Stand for Нить"]);
        assert_eq!(orders(&cast, d).await, ["Stand for Ткань"]);
        sound(&cast).await;
        undo(&cast, "undo second", second).await.expect("undone");
        sound(&cast).await;
        // A client that came along with a company is joined by the merge of another.
        let along = merge(&cast, "along", (three, flax_only), &[]).await.expect("merged");
        merge(&cast, "joined", (flax_only, two), &[]).await.expect("merged");
        assert_eq!(orders(&cast, b).await, ["Stand for Лён и нить", "Stand for Нить"]);
        let act = cast.act("olga", "kept");
        let mut tx = act.db.begin().await.expect("begins");
        let kept = "update clients set kept_through = '2031-01' where id = $1";
        tx.run(kept, crate::vals![b]).await.expect("kept");
        tx.commit().await.expect("kept");
        undo(&cast, "undo along", along).await.expect("undone");
        let text = "select kept_through as line from clients where id = $1";
        let through = ask(&cast, text.to_owned(), crate::vals![c]).await;
        assert_eq!(through, ["2031-01"], "no month counts twice");
        assert_eq!(active(&cast).await, [b.to_string(), c.to_string(), d.to_string()]);
        assert_eq!(orders(&cast, c).await, ["Stand for Нить"]);
        assert_eq!(contracts_of(&cast, c).await, 1);
        sound(&cast).await;
    }
}
