//! What each worker asks for next, and how it is asked.

use std::time::Duration;

use serde_json::{Value, json};
use troika::values::{Clock, Zone};

use super::firm::{Firm, Trade, Worker};
use super::journal::{Deed, Hands, Held, Wish, text};

/// What a caller says of their calls, in turn.
const MEANINGS: [&str; 8] = [
    "refusal",
    "qualified",
    "callback",
    "not_reached",
    "do_not_call",
    "qualified",
    "not_now",
    "decision_maker_found",
];
/// How much comes in at a time, and what a contract is worth: more than will ever come in.
const PAYMENT: i64 = 1_000_00;
const VALUE: i64 = 10_000_000_00;

/// The program as it is asked by one worker.
pub struct Door<'a> {
    pub origin: String,
    pub firm: &'a Firm,
    agent: ureq::Agent,
}

/// What somebody finds to do.
pub enum Next {
    Wish(Wish),
    /// Nothing waits for them.
    Nothing,
    /// The program answers no more.
    Gone,
}

impl<'a> Door<'a> {
    pub fn of(origin: &str, firm: &'a Firm) -> Self {
        let agent = ureq::Agent::config_builder()
            .max_redirects(0)
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(20)))
            .build()
            .into();
        Self { origin: origin.to_owned(), firm, agent }
    }

    /// What worker `who` asks for as number `count` of a round.
    pub fn next(&self, who: usize, (round, count): (usize, usize), hands: &Hands) -> Next {
        let key = format!("{round}-{count}");
        let wish = |path: String, body: Value, deed: Deed| {
            let body = body.to_string();
            Next::Wish(Wish { who, key: key.clone(), path, body, deed })
        };
        let worker = &self.firm.workers[who];
        // What a seller does first, a short life may leave no time for the rest.
        let turn = (round + count) % 3;
        match worker.trade {
            Trade::Looks => Next::Nothing,
            Trade::Likes => {
                let theme = ["dark", "light", "auto"][count % 3];
                wish("/settings".to_owned(), json!(theme), Deed::Theme(theme))
            }
            Trade::Calls => match &hands.held {
                Some(held) => {
                    let meaning = MEANINGS[(who + round + count) % MEANINGS.len()];
                    let deed = Deed::Call { held: held.clone(), meaning };
                    wish(format!("/leads/{}/calls", held.lead), said(held, meaning), deed)
                }
                None => {
                    let path = format!("/campaigns/{}/lease", self.firm.campaign);
                    wish(path, json!({}), Deed::Lease)
                }
            },
            Trade::Gathers => match hands.companies.front() {
                Some(company) if count % 2 == 1 => {
                    let body = json!({ "text": format!("Заметка {round}-{count}") });
                    let deed = Deed::Note { company: company.clone() };
                    wish(format!("/companies/{company}/notes"), body, deed)
                }
                _ => {
                    let body = json!({ "name": format!("Новая {round}-{count}"), "anyway": true });
                    wish("/companies".to_owned(), body, Deed::Add)
                }
            },
            Trade::Sells if turn == 1 && !hands.to_win.is_empty() => {
                let opportunity = hands.to_win[0].clone();
                let path = format!("/opportunities/{opportunity}");
                let Some(shown) = self.read(worker, &path) else { return Next::Gone };
                let (today, later) = term();
                let value = json!({ "minor": VALUE, "currency": "RUB" });
                let body = json!({ "version": shown["version"], "value": value,
                    "term_from": today, "term_to": later });
                wish(format!("{path}/win"), body, Deed::Win { opportunity })
            }
            Trade::Sells if turn > 0 && !hands.contracts.is_empty() => {
                let contract = hands.contracts[0].clone();
                let amount = json!({ "minor": PAYMENT, "currency": "RUB" });
                let body = json!({ "amount": amount, "paid_on": term().0 });
                wish(format!("/contracts/{contract}/payments"), body, Deed::Pay { contract })
            }
            Trade::Sells | Trade::Serves => {
                let Some(inbox) = self.read(worker, "/handoffs?view=inbox") else {
                    return Next::Gone;
                };
                let Some(handoff) = text(&inbox[0]["id"]) else { return Next::Nothing };
                let path = format!("/handoffs/{handoff}/acceptance");
                wish(path, json!({}), Deed::Accept { handoff })
            }
        }
    }

    fn read(&self, worker: &Worker, path: &str) -> Option<Value> {
        let asked = self.agent.get(format!("{}/api/v1{path}", self.origin));
        let asked = asked.header("authorization", format!("Bearer {}", worker.token));
        answered(asked.call().ok()?, &[200], path)
    }

    /// Asks for a write; the answer, or nothing when none came.
    pub fn send(&self, wish: &Wish) -> Option<Value> {
        let worker = &self.firm.workers[wish.who];
        if let Deed::Theme(theme) = wish.deed {
            return self.send_form(worker, wish, theme);
        }
        let asked = self.agent.post(format!("{}/api/v1{}", self.origin, wish.path));
        let asked = asked
            .header("authorization", format!("Bearer {}", worker.token))
            .header("content-type", "application/json")
            .header("idempotency-key", &wish.key);
        answered(asked.send(&wish.body).ok()?, &[200, 201], &format!("{wish:?}"))
    }

    fn send_form(&self, worker: &Worker, wish: &Wish, theme: &str) -> Option<Value> {
        let csrf = worker.person.csrf();
        let form = [
            ("lang", "ru"),
            ("theme", theme),
            ("keys", "on"),
            ("_csrf", csrf.as_str()),
            ("_key", wish.key.as_str()),
        ];
        let asked = self.agent.post(format!("{}{}", self.origin, wish.path));
        let reply = asked.header("cookie", worker.person.cookie()).send_form(form).ok()?;
        assert_eq!(reply.status().as_u16(), 303, "{wish:?}");
        Some(Value::Null)
    }
}

/// What an answer holds; nothing when it was cut off on its way.
fn answered(
    mut reply: ureq::http::Response<ureq::Body>,
    good: &[u16],
    asked: &str,
) -> Option<Value> {
    let status = reply.status().as_u16();
    let body = reply.body_mut().read_to_string().ok()?;
    assert!(good.contains(&status), "{asked}: {status} {body}");
    let mut answer: Value = serde_json::from_str(&body).expect("JSON is answered");
    Some(answer["data"].take())
}

/// A call with both results.
fn said(held: &Held, meaning: &str) -> Value {
    let mut form = json!({ "generation": held.generation, "outcome": meaning });
    let more = match meaning {
        "refusal" => ("reason", "too_expensive"),
        "callback" => ("callback", "завтра 12:00"),
        "not_now" => ("nurture", "через 30 дней"),
        "qualified" => ("passport_who", "Директор"),
        "decision_maker_found" => ("decider_name", "Пётр Зубов"),
        _ => ("note", "Слышно плохо"),
    };
    form[more.0] = json!(more.1);
    form
}

/// Today in the firm's zone and the day a contract ends.
fn term() -> (String, String) {
    let (now, zone) = (Clock::system().now(), Zone::named("Europe/Moscow"));
    (now.day(&zone).to_string(), now.plus_days(365).day(&zone).to_string())
}
