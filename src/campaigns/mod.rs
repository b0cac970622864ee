//! Why and whom we call: segments, scripts, calling policy, passport, members.
//!
//! A campaign says over which part of the base it runs, with which words, when and how often a
//! client may be called, what must be known before a lead crosses to tier 2, and who works in it.
//!
//! Invariants:
//! - a campaign has a purpose and a legal basis; without them nobody is called;
//! - its script is versioned: what was said stays readable after it was bettered;
//! - a person works in one tier of it, unless its engagement policy lets them keep the client;
//! - draft → running ⇄ paused → stopped; a stopped campaign never calls again;
//! - one that complaints stopped goes on only by the word of who leads it.
//!
//! Neighbours: uses `companies` and `tiers`; `leads` makes its queue, `calls` its cockpit,
//! `handoffs` asks for its acceptance time and passport.

pub mod actions;
pub mod api;
mod bounds;
pub mod complaints;
pub mod dictionary;
pub mod forms;
pub mod holidays;
pub mod hours;
pub mod pages;
pub mod parts;
pub mod passport;
pub mod presets;
pub mod reasons;
mod rules;
pub mod script;
mod store;
pub mod terms;
#[cfg(test)]
mod tests;

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::people::{Reach, Role, Viewer};
use crate::tiers::{EngagementPolicy, Tier};
use crate::values::*;

use hours::CallingHours;
use passport::PassportField;
use presets::PresetCode;

pub(crate) use store::{in_segment, segment_vals};

codes! {
    /// Where a campaign stands.
    CampaignState {
        /// Being put together.
        Draft = "draft",
        /// Companies are called.
        Running = "running",
        /// Nobody is called for now.
        Paused = "paused",
        /// Nobody is called again.
        Stopped = "stopped",
    }
}

codes! {
    /// What the calls are for, as the law sees it.
    Purpose {
        /// To offer what we sell to whoever may want it.
        Advertising = "advertising",
        /// To offer a contract to an organisation that needs one.
        Contract = "contract",
        /// To serve those who are clients.
        Service = "service",
        /// To ask.
        Research = "research",
        /// To ask what is still true of what we know; worked on cards of questions.
        Actualisation = "actualisation",
    }
}

codes! {
    /// Why we may call.
    LegalBasis {
        /// They agreed, and we can prove it for each company.
        Consent = "consent",
        /// They publish their business contacts, and the offer concerns their business.
        PublicSource = "public_source",
        /// A contract with them.
        Contract = "contract",
        /// Our weighed interest.
        LegitimateInterest = "legitimate_interest",
    }
}

codes! {
    /// The verified events that pay tier 1.
    TargetAction {
        /// A field of the record was checked.
        CompanyVerified = "company_verified",
        /// The decision maker was found and spoken to.
        DecisionMakerFound = "decision_maker_found",
        /// The seller accepted the lead.
        LeadAccepted = "lead_accepted",
        /// The meeting took place.
        MeetingHeld = "meeting_held",
    }
}

impl CampaignState {
    /// True when a campaign may pass from this state to that.
    pub fn may_turn(self, to: Self) -> bool {
        use CampaignState::*;
        matches!(
            (self, to),
            (Draft | Paused, Running) | (Running, Paused) | (Draft | Running | Paused, Stopped)
        )
    }
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Campaign {
    /// Its id.
    pub id: CampaignId,
    /// The number people read aloud.
    pub number: i64,
    /// What it is called by.
    pub name: String,
    /// The team of tier 1 that calls for it.
    pub team: Option<TeamId>,
    /// The principal who ordered it, if one did.
    pub principal: Option<UserId>,
    /// Where it stands.
    pub state: CampaignState,
    /// How many people lead a client.
    pub engagement: EngagementPolicy,
    /// What the calls are for.
    pub purpose: Purpose,
    /// Why we may call.
    pub legal_basis: LegalBasis,
    /// Over which part of the base.
    pub segment: Segment,
    /// When and how often.
    pub policy: CallingPolicy,
    /// What must be known before a lead may cross.
    pub passport: Vec<PassportField>,
    /// What pays tier 1.
    pub targets: Vec<TargetAction>,
    /// Counts its changes.
    pub version: i64,
    /// When it was made.
    pub made_at: Instant,
    /// When it first ran.
    pub launched_at: Option<Instant>,
    /// When complaints stopped it, while nobody has decided that it goes on.
    pub complained_at: Option<Instant>,
    /// Since when complaints count: it was decided then that it goes on.
    pub complaints_from: Option<Instant>,
}

impl Campaign {
    /// True when its people may call now.
    pub fn is_running(&self) -> bool {
        self.state == CampaignState::Running
    }
    /// True for who sees the whole firm, and for the head of the team that calls for it.
    pub fn is_led_by(&self, viewer: &Viewer) -> bool {
        let is_team = self.team.is_some() && self.team == viewer.user.team;
        viewer.scope().reach == Reach::All || (viewer.is(Role::Head) && is_team)
    }
    /// True when its calls ask what is still true, on cards of their own.
    pub fn is_round(&self) -> bool {
        self.purpose == Purpose::Actualisation
    }
    /// True when it pays tier 1 for that.
    pub fn is_target(&self, action: TargetAction) -> bool {
        self.targets.contains(&action)
    }
    /// What it is set to.
    pub fn terms(&self) -> terms::CampaignTerms {
        terms::CampaignTerms {
            name: self.name.clone(),
            principal: self.principal,
            engagement: self.engagement,
            purpose: self.purpose,
            legal_basis: self.legal_basis,
            segment: self.segment.clone(),
            policy: self.policy,
            passport: self.passport.clone(),
            targets: self.targets.clone(),
        }
    }
    /// When an offer made now must be answered: working minutes in the firm's zone.
    pub fn acceptance_until(&self, now: Instant, zone: &Zone) -> Instant {
        self.policy.hours.after_working_minutes(now, self.policy.acceptance_minutes, zone)
    }
}

/// When and how often a client may be called, and how long things may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CallingPolicy {
    /// Whose rules hold beside these; of both the stricter.
    pub preset: PresetCode,
    /// Days and hours, in the client's own zone.
    pub hours: CallingHours,
    /// Attempts on a lead in all.
    pub attempts_max: i64,
    /// Attempts on a lead in one day of the client.
    pub attempts_per_day_max: i64,
    /// Minutes between attempts.
    pub gap_minutes: i64,
    /// True where the attempts on a lead are spread over the parts of the client's day.
    pub spreads: bool,
    /// Attempts on a lead that may reach nobody in each part of the client's day, by its index;
    /// nothing where only all of them count, and nought where nobody is called then.
    pub part_max: [Option<i64>; 3],
    /// Days of peace after a refusal.
    pub cool_down_days: i64,
    /// Contacts with a company over all campaigns and tiers…
    pub pressure_max: i64,
    /// … within so many days.
    pub pressure_days: i64,
    /// How long a caller may hold a company.
    pub lease_seconds: i64,
    /// How long a promised call waits for the one who promised it.
    pub callback_grace_minutes: i64,
    /// Working minutes to answer an offer.
    pub acceptance_minutes: i64,
    /// Complaints of ten thousand calls above which it stops by itself.
    pub complaints_max: i64,
    /// Fewer calls than that are judged as though they were so many.
    pub complaints_calls_min: i64,
    /// Refusals in a row after which a caller rests; nought for never.
    pub refusals_in_row_max: i64,
    /// Minutes of work without a break after which they rest; nought for never.
    pub work_minutes_max: i64,
    /// How long a rest is.
    pub rest_minutes: i64,
}

impl Default for CallingPolicy {
    /// Once a day, twice a week: the ceiling of decency for Russia.
    fn default() -> Self {
        Self {
            preset: PresetCode::Own,
            hours: CallingHours::default(),
            attempts_max: 6,
            attempts_per_day_max: 1,
            gap_minutes: 180,
            spreads: true,
            part_max: [None; 3],
            cool_down_days: 60,
            pressure_max: 2,
            pressure_days: 7,
            lease_seconds: 900,
            callback_grace_minutes: 60,
            acceptance_minutes: 240,
            complaints_max: 10,
            complaints_calls_min: 1_000,
            // Five to ten minutes off in every hour: what the British HSE advises for screen work.
            refusals_in_row_max: 8,
            work_minutes_max: 60,
            rest_minutes: 5,
        }
    }
}

/// Which companies a campaign is about; an empty choice leaves all in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Segment {
    /// In this city.
    pub city: Option<String>,
    /// Of this industry.
    pub industry: Option<String>,
    /// From this source.
    pub source: Option<String>,
    /// Brought by this import.
    pub import: Option<ImportId>,
    /// Company numbers from…
    pub number_from: Option<i64>,
    /// … to, both in.
    pub number_to: Option<i64>,
    /// Also those without a phone.
    pub with_phoneless: bool,
    /// Also those in another running campaign.
    pub with_shared: bool,
    /// In which shares the lists are called that came at once; empty where it does not matter.
    pub mix: Vec<ListShare>,
}

/// At most so many lists are named in a mix.
pub const MIX_MAX: usize = 4;

/// How much of a campaign's first calls one list has. What no list is named for has the rest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListShare {
    /// The source of the list, as companies name it.
    pub source: String,
    /// Of a hundred calls, 1 to 100.
    pub percent: i64,
}

/// A version of what callers say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// Its id.
    pub id: ScriptId,
    /// 1, 2, 3…
    pub version: i64,
    /// The text in its simple markup.
    pub body: String,
    /// When it was written.
    pub made_at: Instant,
}

/// Somebody who works in a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub user: UserId,
    /// In which tier.
    pub tier: Tier,
}

/// Why a campaign cannot be changed so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CampaignRefusal {
    /// It is not in a state that allows this.
    NotFromThisState,
    /// Somebody changed it meanwhile.
    ChangedMeanwhile,
    /// The person works in another tier of it.
    OneTierEach,
    /// The person's roles are not of that tier.
    NotOfThatTier,
    /// Nobody calls in it yet.
    NobodyCalls,
    /// It has no script yet.
    NoScript,
    /// Its segment holds no company.
    EmptySegment,
    /// Complaints stopped it, and nobody has said why it goes on.
    Complained,
}

impl Refusal for CampaignRefusal {
    fn code(&self) -> &'static str {
        match self {
            Self::NotFromThisState => "campaign-not-from-this-state",
            Self::ChangedMeanwhile => "campaign-changed-meanwhile",
            Self::OneTierEach => "campaign-one-tier-each",
            Self::NotOfThatTier => "campaign-not-of-that-tier",
            Self::NobodyCalls => "campaign-nobody-calls",
            Self::NoScript => "campaign-no-script",
            Self::EmptySegment => "campaign-empty-segment",
            Self::Complained => "campaign-complained",
        }
    }
}

/// Reads codes separated by commas; unknown ones are dropped by the reader's choice.
fn read_codes<T: FromStr>(text: &str) -> Vec<T> {
    text.split(',').filter_map(|code| code.parse().ok()).collect()
}
