//! The page of one hand-off, and what else is done on it: contest, decide, pass on, offer again.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

use super::cards::{Became, Card, Names, became, choices};
use super::pages::{Typed, delay, drawn, mean, tone};
use super::rates::{Pair, total};
use super::{Decision, Handoff, RejectionReason, actions};
use crate::campaigns::passport::{Passport, PassportField};
use crate::companies;
use crate::events::{self, Kind, Recorded};
use crate::people::Viewer;
use crate::promises::Promise;
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::{Answer, App, Submitted, Ui, go};

#[derive(Template)]
#[template(path = "handoffs/views/show.html")]
struct ShowPage {
    ui: Ui,
    card: Card,
    names: Names,
    history: Vec<Recorded>,
    became: Option<Became>,
    opens: bool,
    opens_before: bool,
    can: Can,
    choices: Vec<(UserId, String)>,
    rates: Vec<(String, String)>,
    words: Words,
    typed: Typed,
    problems: Fields,
    refused: Option<String>,
}

/// What the viewer may do here.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "each is a form of the page")]
struct Can {
    answer: bool,
    contest: bool,
    decide: bool,
    reassign: bool,
    offer_again: bool,
    see_company: bool,
}

/// What was typed into the forms of the page.
#[derive(Debug, Default)]
struct Words {
    words: String,
    decision: String,
    to: String,
    answers: Passport,
}

impl ShowPage {
    fn tone(&self, handoff: &Handoff) -> &'static str {
        tone(handoff.state)
    }
    fn reasons(&self) -> &'static [RejectionReason] {
        RejectionReason::ALL
    }
    fn can_answer(&self, _: &Card) -> bool {
        self.can.answer
    }
    fn is_typed(&self, card: &Card) -> bool {
        self.typed.at == Some(card.handoff.id)
    }
    fn wrong(&self, field: &str) -> Option<String> {
        self.ui.wrong(&self.problems, field)
    }
    fn fields(&self) -> &'static [PassportField] {
        PassportField::ALL
    }
    fn answer(&self, field: &PassportField) -> &str {
        self.words.answers.get(field).map_or("", String::as_str)
    }
    fn is_to(&self, id: &UserId) -> bool {
        self.words.to == id.to_string()
    }
    fn delay(&self, minutes: &i64) -> String {
        delay(&self.ui, *minutes)
    }
    fn is_overdue(&self, promise: &Promise) -> bool {
        promise.is_overdue(self.ui.now)
    }
    /// What happened, in a sentence.
    fn told(&self, event: &Recorded) -> String {
        let receiver = event.text("receiver").and_then(|id| id.parse().ok());
        let to = match receiver {
            Some(_) => self.names.person(&receiver).to_owned(),
            None => self.names.team(self.card.handoff.receiver.team).to_owned(),
        };
        let key = format!("handoff-did-{}", event.kind.code().replace(['.', '_'], "-"));
        match (event.kind, event.reason.as_deref()) {
            (Kind::HandoffDecided, Some(code)) => self.ui.tc("handoff-did-", code),
            (_, Some(code)) => {
                let reason = self.ui.tc("rejection-", code);
                self.ui.taa(&key, "to", to, "reason", reason)
            }
            (_, None) => self.ui.taa(&key, "to", to, "reason", ""),
        }
    }
}

/// `GET /handoffs/{handoff}`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<HandoffId>,
) -> Answer {
    drawn(StatusCode::OK, &show_page(&app, &viewer, ui, id).await?)
}

async fn show_page(app: &App, viewer: &Viewer, ui: Ui, id: HandoffId) -> Outcome<ShowPage> {
    let mut tx = app.db.read().await?;
    let found = actions::find(&mut tx, &viewer.scope(), id).await?;
    let handoff = found.ok_or(Error::NotFound)?;
    let names = Names::of(&mut tx, viewer.org, std::slice::from_ref(&handoff)).await?;
    let scope = viewer.scope();
    let company = companies::actions::find_seen(&mut tx, &scope, handoff.company, ui.now).await?;
    let can = can(&handoff, viewer, company.is_some(), ui.now);
    let pairs = actions::list_pairs(&mut tx, viewer.org, ui.now).await?;
    let rates = rates_of(&ui, &names, &pairs, &handoff);
    let but = [Some(handoff.giver), handoff.receiver.user.filter(|_| can.reassign)];
    let choices = choices(&mut tx, viewer.org, handoff.to(), &but).await?;
    let answers = handoff.passport.clone();
    let became = became(&mut tx, viewer.org, handoff.opened).await?;
    let history = events::list_for_subject(&mut tx, viewer.org, &id.to_string()).await?;
    let card = Card::of(&mut tx, (viewer, ui.now), handoff, &names).await?;
    drop(tx);
    let opens = match &became {
        Some(found) => ui.doors.open(&found.path).await?,
        None => false,
    };
    let opens_before = match card.handoff.again_of {
        Some(before) => ui.doors.open(&format!("/handoffs/{before}")).await?,
        None => false,
    };
    Ok(ShowPage {
        history,
        became,
        opens,
        opens_before,
        card,
        words: Words { answers, ..Words::default() },
        typed: Typed::default(),
        problems: Fields::default(),
        refused: None,
        names,
        can,
        choices,
        rates,
        ui,
    })
}

/// How the offers of both sides fared of late, in sentences that both may read.
fn rates_of(ui: &Ui, names: &Names, pairs: &[Pair], handoff: &Handoff) -> Vec<(String, String)> {
    let given = total(pairs, |pair| pair.giver == handoff.giver);
    let share = ui.percent(&given.rejected, &given.ended());
    let offered = ui.number(&given.offered);
    let said = ui.taa("handoff-giver-rate", "share", share, "offered", offered);
    let mut all = vec![(names.giver(handoff).to_owned(), said)];
    if let Some(receiver) = handoff.receiver.user.filter(|user| *user != handoff.giver) {
        let taken = total(pairs, |pair| pair.receiver == Some(receiver));
        let share = ui.percent(&taken.overturned, &taken.rejected);
        let said = ui.taa("handoff-receiver-rate", "share", share, "delay", mean(ui, &taken));
        all.push((names.receiver(handoff).to_owned(), said));
    }
    all
}

fn can(handoff: &Handoff, viewer: &Viewer, see_company: bool, now: Instant) -> Can {
    let judge = actions::judge(viewer);
    let heads = handoff.is_headed_by(judge);
    let is_mine = handoff.giver == viewer.id();
    Can {
        answer: handoff.is_open(now) && handoff.is_for(viewer.id(), viewer.user.team),
        contest: handoff.check_contest(viewer.id(), now).is_ok(),
        decide: handoff.check_decision(judge).is_ok(),
        reassign: heads && handoff.is_open(now),
        offer_again: (heads || is_mine) && handoff.check_again().is_ok(),
        see_company,
    }
}

/// A contest.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContestForm {
    words: String,
}

/// A decision.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionForm {
    #[serde(default)]
    decision: String,
    words: String,
    #[serde(default)]
    to: String,
}

/// Another receiver.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceiverForm {
    to: String,
}

/// A passport to be offered, and to whom.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OfferForm {
    passport_who: String,
    passport_need: String,
    passport_budget: String,
    passport_timing: String,
    passport_promises: String,
    passport_next_step: String,
    pub(super) to: String,
}

impl OfferForm {
    /// The answers that were typed.
    pub(super) fn answers(&self) -> Passport {
        [
            (PassportField::Who, &self.passport_who),
            (PassportField::Need, &self.passport_need),
            (PassportField::Budget, &self.passport_budget),
            (PassportField::Timing, &self.passport_timing),
            (PassportField::Promises, &self.passport_promises),
            (PassportField::NextStep, &self.passport_next_step),
        ]
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(field, text)| (field, text.trim().to_owned()))
        .collect()
    }
}

/// A person chosen in a list; empty for nobody in particular.
pub(super) fn chosen(to: &str) -> Outcome<Option<UserId>> {
    if to.is_empty() {
        return Ok(None);
    }
    to.parse().map(Some).map_err(|_| Fields::one("to", "unknown-choice"))
}

/// `POST /handoffs/{handoff}/dispute`
pub async fn contest(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<HandoffId>,
    form: Submitted<ContestForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let words = form.fields.words;
    match actions::contest(&act, &viewer, id, &words).await {
        Ok(()) => go(format!("/handoffs/{id}")),
        Err(error) => {
            let typed = |before: Words| Words { words, ..before };
            again(&app, &viewer, ui, (id, error), typed).await
        }
    }
}

/// `POST /handoffs/{handoff}/decision`
pub async fn decide(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<HandoffId>,
    form: Submitted<DecisionForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let DecisionForm { decision, words, to } = form.fields;
    let decided = match (decision.parse::<Decision>(), chosen(&to)) {
        (Ok(decision), Ok(to)) => actions::decide(&act, &viewer, id, (decision, &words), to).await,
        (Err(()), _) => Err(Fields::one("decision", "required")),
        (_, Err(error)) => Err(error),
    };
    match decided {
        Ok(_) => go(format!("/handoffs/{id}")),
        Err(error) => {
            let typed = |before: Words| Words { words, decision, to, ..before };
            again(&app, &viewer, ui, (id, error), typed).await
        }
    }
}

/// `POST /handoffs/{handoff}/receiver`
pub async fn reassign(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<HandoffId>,
    form: Submitted<ReceiverForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let to = form.fields.to;
    let passed = match chosen(&to) {
        Ok(Some(to)) => actions::reassign(&act, &viewer, id, to).await,
        Ok(None) => Err(Fields::one("to", "required")),
        Err(error) => Err(error),
    };
    match passed {
        Ok(()) => go(format!("/handoffs/{id}")),
        Err(error) => {
            let typed = |before: Words| Words { to, ..before };
            again(&app, &viewer, ui, (id, error), typed).await
        }
    }
}

/// `POST /handoffs/{handoff}/offers`: the same record once more.
pub async fn offer_again(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<HandoffId>,
    form: Submitted<OfferForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let (answers, to) = (form.fields.answers(), form.fields.to);
    let offered = match chosen(&to) {
        Ok(to) => actions::offer_again(&act, &viewer, id, answers.clone(), to).await,
        Err(error) => Err(error),
    };
    match offered {
        Ok(again) => go(format!("/handoffs/{again}")),
        Err(error) => {
            let typed = |before: Words| Words { to, answers, ..before };
            again(&app, &viewer, ui, (id, error), typed).await
        }
    }
}

/// The page once more, with what is wrong and what was typed.
async fn again(
    app: &App,
    viewer: &Viewer,
    ui: Ui,
    (id, error): (HandoffId, Error),
    typed: impl FnOnce(Words) -> Words,
) -> Answer {
    let (status, problems, refused) = form_again(ui.lang, error)?;
    let page = show_page(app, viewer, ui, id).await?;
    let words = typed(page.words);
    drawn(status, &ShowPage { words, refused, problems, ..page })
}
