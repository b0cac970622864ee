//! The same numbers over the API.

use axum::extract::State as Web;
use serde::Serialize;
use utoipa::ToSchema;

use super::{CallerState, Figure, FigureKind, Load, Stand, Wall, actions};
use crate::people::Viewer;
use crate::telephony::api::{PausedShown, TroubleShown};
use crate::values::*;
use crate::web::json;
use crate::web::{Answer, App};

/// One of the five figures.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallFigure)]
pub struct FigureShown {
    /// Which.
    pub figure: FigureKind,
    /// The number.
    pub value: i64,
    /// Of how many, where it is a share.
    pub of: Option<i64>,
    /// What it should be; null where there is nothing to compare with.
    pub target: Option<i64>,
    /// How it stands against the target.
    pub stand: Stand,
}

/// A company in somebody's hands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallHand)]
pub struct HandShown {
    /// The lead.
    pub lead: LeadId,
    /// Which grant it is; passing it on names it.
    pub generation: i64,
    /// The campaign.
    pub campaign: CampaignId,
    /// The company's name.
    pub company: String,
    /// True while the call under it has no result.
    pub awaits_result: bool,
}

/// A caller.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallCaller)]
pub struct CallerShown {
    /// The person.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// What they do.
    pub state: CallerState,
    /// Since when, RFC 3339.
    pub since: Option<String>,
    /// What they hold.
    pub hand: Option<HandShown>,
    /// Their calls today.
    pub dials: i64,
    /// Of them answered.
    pub answered: i64,
}

/// What is left in a campaign, and how its people fare.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallCampaign)]
pub struct SupplyShown {
    /// The campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub name: String,
    /// Companies whose time has come; where `is_more`, at least so many.
    pub due: i64,
    /// True where more is due than was counted.
    pub is_more: bool,
    /// Callers at work in it who are seen here.
    pub callers: i64,
    /// Their calls in the last hour.
    pub pace: i64,
    /// How long what is due lasts at that pace, in tenths of an hour; null while there is none.
    pub tenths_of_hours_left: Option<i64>,
    /// Answered calls by the product's own lines in 30 days, the abandoned included.
    pub talked: i64,
    /// Of them those that nobody took up.
    pub abandoned: i64,
    /// Calls in 30 days, or since it was last decided that it goes on in spite of complaints.
    pub calls: i64,
    /// Companies that complained in that time after one of its calls.
    pub complaints: i64,
    /// Complaints of 10,000 calls above which it stops by itself.
    pub complaints_max: i64,
    /// Fewer calls than that are judged as though they were so many.
    pub complaints_calls_min: i64,
}

/// A promised call that is due.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallCallback)]
pub struct DueShown {
    /// The lead.
    pub lead: LeadId,
    /// Its grants so far; passing it on names them.
    pub generation: i64,
    /// Counts its changes; passing it on names it.
    pub version: i64,
    /// The campaign.
    pub campaign: CampaignId,
    /// The company's name.
    pub company: String,
    /// Who promised it; null for anyone.
    pub owner: Option<UserId>,
    /// The promised time, RFC 3339.
    pub at: String,
}

/// A campaign that complaints stopped.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallHalted)]
pub struct HaltedShown {
    /// The campaign.
    pub campaign: CampaignId,
    /// Its name.
    pub name: String,
    /// Since when, RFC 3339.
    pub at: String,
}

/// What the callers of the board bore today, all together.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WallLoad)]
pub struct LoadShown {
    /// Callers who rest now.
    pub resting: i64,
    /// Callers who had a rest today.
    pub rested: i64,
    /// All their rests.
    pub rests: i64,
    /// Of them those after refusals in a row.
    pub refusals: i64,
    /// Of them those after long work without a break.
    pub minutes: i64,
    /// Of them those in which calls were filed all the same.
    pub skipped: i64,
}

/// The board.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Wallboard)]
pub struct WallShown {
    /// Of which moment, RFC 3339.
    pub at: String,
    /// The five figures.
    pub figures: Vec<FigureShown>,
    /// What the callers bore today, all together.
    pub load: LoadShown,
    /// The callers.
    pub callers: Vec<CallerShown>,
    /// The running campaigns.
    pub campaigns: Vec<SupplyShown>,
    /// Campaigns that complaints stopped and nobody has decided about.
    pub halted: Vec<HaltedShown>,
    /// What is wrong with the ways out of the engine.
    pub trunks: Vec<TroubleShown>,
    /// Numbers of ours that pause, since far networks block them.
    pub paused_numbers: Vec<PausedShown>,
    /// Promised calls that are due.
    pub callbacks: Vec<DueShown>,
}

/// The board of the calls as it stands: for the head of a team that calls, its own callers; for
/// who sees the whole firm, all.
#[utoipa::path(get, path = "/api/v1/wallboard", tag = "wallboard", operation_id = "show_wallboard",
    responses((status = 200, body = json::One<WallShown>),
        (status = 404, body = json::Problem)))]
pub async fn show(Web(app): Web<App>, viewer: Viewer) -> Answer {
    let wall = actions::read(&mut app.db.read().await?, &viewer, app.now()).await?;
    json::one(shown(wall))
}

fn figure(one: Figure) -> FigureShown {
    let Figure { kind, value, of, target, stand } = one;
    FigureShown { figure: kind, value, of, target, stand }
}

fn shown(wall: Wall) -> WallShown {
    let callers = wall.callers.into_iter().map(|one| CallerShown {
        user: one.user,
        name: one.name,
        state: one.state,
        since: one.since.map(Instant::rfc3339),
        hand: one.hand.map(|hand| HandShown {
            lead: hand.lead,
            generation: hand.generation,
            campaign: hand.campaign,
            company: hand.company,
            awaits_result: hand.awaits_result,
        }),
        dials: one.dials,
        answered: one.answered,
    });
    let campaigns = wall.campaigns.into_iter().map(|one| SupplyShown {
        is_more: one.is_more(),
        tenths_of_hours_left: one.tenths_left(),
        campaign: one.campaign,
        name: one.name,
        due: one.due,
        callers: one.callers,
        pace: one.pace,
        talked: one.talked,
        abandoned: one.abandoned,
        calls: one.heard.calls,
        complaints: one.heard.complaints,
        complaints_max: one.policy.complaints_max,
        complaints_calls_min: one.policy.complaints_calls_min,
    });
    let callbacks = wall.due.into_iter().map(|one| DueShown {
        lead: one.lead,
        generation: one.generation,
        version: one.version,
        campaign: one.campaign,
        company: one.company,
        owner: one.owner,
        at: one.at.rfc3339(),
    });
    let halted = wall.halted.into_iter().map(|one| HaltedShown {
        campaign: one.campaign,
        name: one.name,
        at: one.at.rfc3339(),
    });
    let Load { resting, rested, rests, refusals, minutes, skipped } = wall.load;
    WallShown {
        at: wall.at.rfc3339(),
        load: LoadShown { resting, rested, rests, refusals, minutes, skipped },
        figures: wall.figures.into_iter().map(figure).collect(),
        callers: callers.collect(),
        campaigns: campaigns.collect(),
        halted: halted.collect(),
        trunks: wall.troubles.into_iter().map(TroubleShown::from).collect(),
        paused_numbers: wall.paused.into_iter().map(PausedShown::from).collect(),
        callbacks: callbacks.collect(),
    }
}
