//! The board as a page, and passing a lead on from it.

use askama::Template;
use axum::extract::{Path, State as Web};

use super::{
    Caller, CallerState, Due, Figure, FigureKind, Hand, PROMISES_MAX, Stand, Supply, Wall, actions,
};
use crate::calls::passing::{self, PassForm};
use crate::people::Viewer;
use crate::values::*;
use crate::web::errors::{sentence, status};
use crate::web::{Answer, App, Failed, Submitted, Ui, go, page, page_as};

/// Campaigns whose changes the page hears of at once; of others it learns with the next beat.
const TOPICS: usize = 6;
/// Rows of leads that may pass on.
const ROWS: usize = 12;

/// A lead that may pass to somebody else.
struct Passable<'a> {
    lead: LeadId,
    generation: i64,
    /// Of a promised call how its lead was seen.
    version: Option<i64>,
    company: &'a str,
    /// Who has it; nobody for a promise of anyone.
    who: &'a str,
    /// What it is: a word and its tone.
    what: String,
    tone: &'static str,
    /// Since when.
    since: Option<Instant>,
    /// To whom it may pass; nobody where the viewer does not lead the campaign.
    takers: Vec<(UserId, &'a str)>,
    /// True where it may also go back to the queue.
    may_return: bool,
}

#[derive(Template)]
#[template(path = "wallboard/views/show.html")]
struct WallPage {
    ui: Ui,
    wall: Wall,
    refused: Option<String>,
}

impl WallPage {
    fn topics(&self) -> String {
        let ids = self.wall.campaigns.iter().take(TOPICS);
        ids.map(|one| format!("campaign:{}", one.campaign)).collect::<Vec<_>>().join(",")
    }
    fn value(&self, figure: &Figure) -> String {
        let value = self.ui.number(&figure.value);
        match (figure.kind, figure.of) {
            (FigureKind::Connects, Some(of)) => self.ui.percent(&figure.value, &of),
            (_, Some(of)) => {
                let of = self.ui.number(&of);
                self.ui.taa("wall-of", "value", value, "of", of)
            }
            (FigureKind::Callbacks, _) if figure.value > PROMISES_MAX => {
                self.ui.ta("wall-more", "count", self.ui.number(&PROMISES_MAX))
            }
            _ => value,
        }
    }
    /// The numbers behind a share, and the target.
    fn aim(&self, figure: &Figure) -> String {
        let target = figure.target.map_or_else(|| "—".to_owned(), |one| self.ui.number(&one));
        match (figure.kind, figure.of) {
            (FigureKind::Connects, Some(of)) => {
                let of = self.ui.number(&of);
                let told = self.ui.taa("wall-of", "value", self.ui.number(&figure.value), "of", of);
                self.ui.taa("wall-share-aim", "told", told, "target", target)
            }
            _ => self.ui.ta("wall-aim", "target", target),
        }
    }
    fn tone(&self, figure: &Figure) -> &'static str {
        match figure.stand {
            Stand::Met => "pos",
            Stand::Behind => "warn",
            Stand::Open => "",
        }
    }
    fn kinds(&self) -> &'static [FigureKind] {
        FigureKind::ALL
    }
    fn holding<'a>(&self, caller: &'a Caller) -> Option<&'a Hand> {
        caller.hand.as_ref()
    }
    fn campaign_of(&self, hand: &Hand) -> &str {
        self.wall.campaign(hand.campaign).map_or("", |one| one.name.as_str())
    }
    fn due(&self, supply: &Supply) -> String {
        let due = self.ui.number(&supply.due);
        if supply.is_more() { self.ui.ta("wall-more", "count", due) } else { due }
    }
    /// How long the queue lasts, in words.
    fn left(&self, supply: &Supply) -> String {
        let Some(tenths) = supply.tenths_left() else { return self.ui.t("wall-no-pace") };
        let point = if self.ui.lang == Lang::Ru { ',' } else { '.' };
        let hours = match tenths {
            0..100 => format!("{}{point}{}", tenths / 10, tenths % 10),
            _ => self.ui.number(&(tenths / 10)),
        };
        let hours = self.ui.ta("wall-hours", "hours", hours);
        if supply.is_more() { self.ui.ta("wall-more", "count", hours) } else { hours }
    }
    /// A share with both its numbers; nothing where there is nothing below.
    fn rate(&self, part: &i64, whole: &i64) -> String {
        if *whole == 0 {
            return "—".to_owned();
        }
        let (part_told, of) = (self.ui.number(part), self.ui.number(whole));
        let told = self.ui.taa("wall-of", "value", part_told, "of", of);
        format!("{} ({told})", self.ui.percent(part, whole))
    }
    fn callers(&self) -> String {
        self.ui.number(&(self.wall.callers.len() as i64))
    }
    fn undisposed(&self) -> i64 {
        self.wall.undisposed()
    }
    fn oldest(&self) -> Option<Instant> {
        let filing = self.wall.callers.iter().filter(|one| one.state == CallerState::Filing);
        filing.filter_map(|one| one.since).min()
    }
    /// What may pass on: calls without a result, promised calls that are due, companies in hand.
    fn passable(&self) -> Vec<Passable<'_>> {
        let hands = self.wall.hands();
        let (filing, held): (Vec<_>, Vec<_>) =
            hands.into_iter().partition(|(_, hand)| hand.awaits_result);
        let due = self.wall.due.iter().map(|due| self.of_due(due));
        let filing = filing.into_iter().map(|(caller, hand)| self.of_hand(caller, hand));
        let held = held.into_iter().map(|(caller, hand)| self.of_hand(caller, hand));
        filing.chain(due).chain(held).take(ROWS).collect()
    }
    fn of_hand<'a>(&'a self, caller: &'a Caller, hand: &'a Hand) -> Passable<'a> {
        let may_return = !hand.awaits_result;
        let is_talking = matches!(caller.state, CallerState::Talking | CallerState::Dialling);
        let takers = match is_talking {
            true => Vec::new(),
            false => self.takers(hand.campaign, Some(caller.user)),
        };
        Passable {
            lead: hand.lead,
            generation: hand.generation,
            version: None,
            company: &hand.company,
            who: &caller.name,
            what: self.ui.tc("caller-state-", caller.state.code()),
            tone: caller.state.tone(),
            since: caller.since,
            may_return: may_return && !is_talking && self.is_led(hand.campaign),
            takers,
        }
    }
    fn of_due<'a>(&'a self, due: &'a Due) -> Passable<'a> {
        Passable {
            lead: due.lead,
            generation: due.generation,
            version: Some(due.version),
            company: &due.company,
            who: due.owner.map_or("", |owner| self.wall.name(owner)),
            what: self.ui.t("wall-promised"),
            tone: "neg",
            since: Some(due.at),
            takers: self.takers(due.campaign, due.owner),
            may_return: due.owner.is_some() && self.is_led(due.campaign),
        }
    }
    fn is_led(&self, campaign: CampaignId) -> bool {
        self.wall.campaign(campaign).is_some_and(|one| one.is_led)
    }
    fn takers(&self, campaign: CampaignId, but: Option<UserId>) -> Vec<(UserId, &str)> {
        if !self.is_led(campaign) {
            return Vec::new();
        }
        let all = self.wall.takers_of(campaign, but).into_iter();
        all.map(|user| (user, self.wall.name(user))).collect()
    }
}

/// `GET /wallboard`
pub async fn show(Web(app): Web<App>, viewer: Viewer, ui: Ui) -> Answer {
    let wall = actions::read(&mut app.db.read().await?, &viewer, app.now()).await?;
    page(&WallPage { ui, wall, refused: None })
}

/// `POST /wallboard/leads/{lead}`: passes a lead on to somebody else, or back to the queue.
pub async fn pass(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<LeadId>,
    form: Submitted<PassForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match passing::pass(&act, &viewer, id, &form.fields).await {
        Ok(()) => go("/wallboard"),
        Err(error @ (Error::Refused(_) | Error::Invalid(_))) => {
            let refused = Some(sentence(ui.lang, &error));
            let wall = actions::read(&mut app.db.read().await?, &viewer, app.now()).await?;
            page_as(status(&error), &WallPage { ui, wall, refused })
        }
        Err(error) => Err(Failed(error)),
    }
}
