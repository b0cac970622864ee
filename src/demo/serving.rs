//! Tier 3 in the demo: onboarding, orders with prototypes, dates of people, an up-sell at times.

use super::story::Story;
use crate::campaigns::passport::{Passport, PassportField};
use crate::clients::actions as clients;
use crate::clients::dates::{self, NewDate};
use crate::clients::orders::{self, Answer, NewAnswer, NewOrder};
use crate::handoffs::actions as handoffs;
use crate::people::{Viewer, session};
use crate::storage::Act;
use crate::tasks::actions as tasks;
use crate::tasks::{View, Whose};
use crate::values::*;

/// A client being served.
pub(super) struct Served {
    id: ClientId,
    owner: UserId,
    next_at: Instant,
    step: i64,
    order: Option<OrderId>,
}

const ORDERS: [(&str, &str); 5] = [
    ("Каталог, 500 экз.", "Catalogue, 500 copies"),
    ("Коробки с логотипом", "Boxes with the logo"),
    ("Буклеты к выставке", "Booklets for the fair"),
    ("Таблички на двери", "Door signs"),
    ("Календарь на год", "Calendar for the year"),
];

impl Story {
    /// A client enters the telling.
    pub(super) fn begin_service(&mut self, id: ClientId, owner: UserId) {
        let next_at = self.now().plus_days(1);
        self.served.push(Served { id, owner, next_at, step: 0, order: None });
    }

    /// The clients somebody serves, those of the longest standing first.
    pub(super) fn list_served_by(&self, owner: UserId) -> Vec<ClientId> {
        let mine = self.served.iter().filter(|one| one.owner == owner);
        let mut mine: Vec<ClientId> = mine.map(|one| one.id).collect();
        mine.sort();
        mine
    }

    /// An hour of the account managers.
    pub(super) async fn serve(&mut self) -> Outcome<()> {
        for login in ["service1", "service2"] {
            let manager = self.viewer(login)?;
            let mut tx = self.db.read().await?;
            let waiting = handoffs::list_waiting(&mut tx, &manager.scope(), 20).await?;
            drop(tx);
            for handoff in waiting {
                if handoff.receiver.user == Some(manager.id()) && !self.is_left(&handoff) {
                    handoffs::accept(&self.act(&manager), &manager, handoff.id).await?;
                }
            }
        }
        let now = self.now();
        let (due, later): (Vec<Served>, Vec<Served>) =
            std::mem::take(&mut self.served).into_iter().partition(|one| one.next_at <= now);
        self.served = later;
        for mut one in due {
            let Some(manager) = self.person(one.owner) else { continue };
            self.serve_one(&manager, &mut one).await?;
            self.write_to_client(&manager, one.id).await?;
            one.next_at = now.plus_days(self.number(1, 5));
            self.served.push(one);
        }
        Ok(())
    }

    async fn write_to_client(&mut self, manager: &Viewer, id: ClientId) -> Outcome<()> {
        let mut tx = self.db.read().await?;
        let found = clients::find(&mut tx, &manager.scope(), id).await?;
        drop(tx);
        match found {
            Some(client) => self.write(manager, client.company).await,
            None => Ok(()),
        }
    }

    async fn serve_one(&mut self, manager: &Viewer, one: &mut Served) -> Outcome<()> {
        let mut tx = self.db.read().await?;
        let steps = clients::list_steps(&mut tx, self.firm.org, one.id).await?;
        drop(tx);
        one.step += 1;
        if let Some(step) = steps.iter().find(|step| step.done_at.is_none()) {
            let position = step.position;
            clients::set_step(&self.act(manager), manager, one.id, position, true).await?;
        }
        match one.step {
            2 => {
                let day = (self.number(1, 12), self.number(1, 28));
                self.note_date(manager, one.id, day).await
            }
            3 => {
                one.order = Some(self.open_order(manager, one.id).await?);
                Ok(())
            }
            4 | 5 => match one.order {
                Some(order) => self.show_prototype(manager, order, one.step == 5).await,
                None => Ok(()),
            },
            6 => match one.order {
                Some(order) => {
                    orders::actions::deliver(&self.act(manager), manager, order).await.map(|_| ())
                }
                None => Ok(()),
            },
            7 if self.luck(0.5) => self.upsell(manager, one.id).await.map(|_| ()),
            _ => Ok(()),
        }
    }

    pub(super) async fn note_date(
        &self,
        manager: &Viewer,
        client: ClientId,
        (month, day): (i64, i64),
    ) -> Outcome<()> {
        let new = NewDate {
            contact: None,
            person_name: self.say("Внук директора Пётр", "The director's grandson Peter").into(),
            what: self.say("день рождения", "birthday").to_owned(),
            month,
            day,
            year: None,
            days_ahead: 3,
        };
        dates::actions::note(&self.act(manager), manager, client, new).await.map(|_| ())
    }

    async fn open_order(&mut self, manager: &Viewer, client: ClientId) -> Outcome<OrderId> {
        let (ru, en) = self.pick(&ORDERS)?;
        let amount = self.sum(20, 120)?;
        let due_at = self.midnight(self.ahead());
        let new = NewOrder { title: self.say(ru, en).to_owned(), amount, due_at };
        orders::actions::open(&self.act(manager), manager, client, new).await
    }

    fn ahead(&self) -> i64 {
        14
    }

    async fn show_prototype(
        &mut self,
        manager: &Viewer,
        order: OrderId,
        is_last: bool,
    ) -> Outcome<()> {
        let words = self.say("Макет первой страницы", "Mock-up of the first page").to_owned();
        let act = self.act(manager);
        let added = orders::actions::add_prototype(&act, manager, order, &words, None).await?;
        let secret = session::fresh_secret()?;
        orders::actions::send(&self.act(manager), manager, added.0, &secret).await?;
        self.pass_minutes(20, 50);
        let answer = if is_last { Answer::Approved } else { Answer::Commented };
        let comment = if is_last {
            String::new()
        } else {
            self.say("Логотип крупнее, пожалуйста", "A larger logo, please").to_owned()
        };
        let org = self.firm.org;
        let by_client = Act { db: self.db.clone(), org, actor: None, now: self.now(), key: None };
        let new = NewAnswer { answer, name: String::new(), comment };
        orders::actions::answer(&by_client, &secret, new).await
    }

    /// Offers more to a client; nothing where that is being sold already.
    pub(super) async fn upsell(
        &self,
        manager: &Viewer,
        client: ClientId,
    ) -> Outcome<Option<HandoffId>> {
        let need = self.say("Просят ещё и упаковку", "Asks for packaging too").to_owned();
        let next = self.say("Позвонить в четверг", "Call on Thursday").to_owned();
        let passport: Passport =
            [(PassportField::Need, need), (PassportField::NextStep, next)].into_iter().collect();
        let act = self.act(manager);
        match handoffs::offer_upsell(&act, manager, client, passport, None).await {
            Ok(id) => Ok(Some(id)),
            // What they asked for before is still being sold.
            Err(Error::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Everybody does the tasks that are due.
    pub(super) async fn do_tasks(&mut self) -> Outcome<()> {
        let logins: Vec<&'static str> = self.firm.people.keys().copied().collect();
        for login in logins {
            let viewer = self.viewer(login)?;
            if viewer.user.tier.is_none() {
                continue;
            }
            let view = (View::Due, Whose::Mine);
            let cursor = crate::web::Cursor::default();
            let mut tx = self.db.read().await?;
            let due = tasks::list(&mut tx, &viewer, view, &cursor, self.now()).await?;
            drop(tx);
            for task in due.rows {
                if self.luck(0.8) {
                    tasks::complete(&self.act(&viewer), &viewer, task.id).await?;
                }
            }
        }
        Ok(())
    }
}
