//! What the caller sees while calling: who, what to say, what came of it.

use serde::Deserialize;

use super::measured::Proposal;
use super::results::CallForm;
use super::slots::{self, SlotDay};
use super::{Call, Meaning, Mechanism, actions, store};
use crate::campaigns::passport::PassportField;
use crate::campaigns::reasons::RefusalReason;
use crate::campaigns::script::{self, BRANCHES_MAX, Block};
use crate::campaigns::{self, Campaign};
use crate::companies::{self, Company, CompanyPhone, Contact, zones};
use crate::events::{self, Kind};
use crate::leads::{self, Lead, Lease, dialling};
use crate::people::{self, Viewer};
use crate::storage::Tx;
use crate::telephony::panel::Panel;
use crate::tiers::Tier;
use crate::values::*;
use crate::verification::Field;
use crate::web::{Ui, drafts, format};

/// Touches shown beside a company.
const TOUCHES: usize = 3;
/// The letters by which branches are marked, in their order: what no other key of the screen is.
const BRANCH_KEYS: [char; BRANCHES_MAX] = ['Q', 'W', 'E', 'T', 'Y', 'U'];
/// What counts as a touch.
const TOUCHING: [Kind; 9] = [
    Kind::CallRecorded,
    Kind::MeetingBooked,
    Kind::MeetingHeld,
    Kind::MeetingMissed,
    Kind::HandoffAccepted,
    Kind::HandoffRejected,
    Kind::ContractSigned,
    Kind::ContactSuppressed,
    Kind::NoteWritten,
];

/// Something that happened with the company before.
pub struct Touch {
    /// When.
    pub at: Instant,
    /// Who did it.
    pub who: String,
    /// What it was, in words.
    pub what: String,
    /// What was written then.
    pub said: String,
}

/// A refusal after which a company is asked again.
pub struct Refused {
    /// When.
    pub at: Instant,
    /// Why, in words.
    pub why: String,
    /// What is offered now, where the reason says it.
    pub offer: Option<String>,
}

/// Everything on the screen of a call.
pub struct Cockpit {
    /// The address that what is typed goes to.
    pub at: String,
    /// True where the call is made up, to learn by: nothing of it is dialled or kept.
    pub is_practice: bool,
    /// The lead.
    pub lead: Lead,
    /// Its lease, which is the viewer's.
    pub lease: Lease,
    /// The campaign.
    pub campaign: Campaign,
    /// The company.
    pub company: Company,
    /// Where its clock stands.
    pub zone: Zone,
    /// When one may no longer call today; `None` when one may not call now.
    pub closes_at: Option<Instant>,
    /// Numbers that may be dialled.
    pub phones: Vec<CompanyPhone>,
    /// Its people who still work there.
    pub contacts: Vec<Contact>,
    /// What happened before, newest first.
    pub touches: Vec<Touch>,
    /// Why they refused last, and what one offers them now.
    pub refused: Option<Refused>,
    /// The script.
    pub blocks: Vec<Block>,
    /// Its version; absent where it is played or there is none.
    pub script_version: Option<i64>,
    /// Why companies refuse.
    pub reasons: Vec<RefusalReason>,
    /// Who else calls for the campaign, by id, with their names: one may stand in for a promise.
    pub callers: Vec<(String, String)>,
    /// When somebody may hold a talk with them.
    pub slots: Vec<SlotDay>,
    /// What was typed so far.
    pub form: CallForm,
    /// The name the caller gives.
    pub me: String,
    /// Their phone and the call that is under way.
    pub panel: Panel,
    /// What the network said of the call that waits for its result.
    pub proposal: Option<Proposal>,
}

impl Cockpit {
    /// The lead in the viewer's hands with all that a call needs; `None` when it is not theirs.
    pub async fn of(tx: &mut Tx, viewer: &Viewer, ui: &Ui, id: LeadId) -> Outcome<Option<Self>> {
        let lead = leads::actions::find(tx, viewer.org, id).await?;
        let Some(lease) = lead.lease.filter(|lease| lease.owner == viewer.id()) else {
            return Ok(None);
        };
        let campaign = campaigns::actions::find(tx, viewer.org, lead.campaign).await?;
        let company = companies::actions::find(tx, viewer.org, lead.company).await?;
        let company = company.ok_or(Error::NotFound)?;
        let zone = company.zone_or(&viewer.zone);
        let script = campaigns::actions::find_script(tx, viewer.org, campaign.id).await?;
        let script_version = script.as_ref().map(|script| script.version);
        let contacts = companies::actions::list_contacts(tx, viewer.org, lead.company).await?;
        let calls = store::list_for_company(tx, viewer.org, lead.company, 20).await?;
        let known = campaigns::dictionary::list_all(tx, viewer.org).await?;
        let reasons: Vec<RefusalReason> = known.iter().map(|(one, _)| one.clone()).collect();
        let scope = actions::draft_scope(id);
        let draft = drafts::find(tx, viewer.org, viewer.id(), &scope).await?;
        let closes_at = campaign.policy.closes_at(ui.now, &zone);
        let phones = dialling::list_free(tx, viewer.org, &lead, ui.now).await?;
        // A landline that rings in another zone closes when the first of the two does.
        let rings_in = phones.first().and_then(|phone| zones::of_number(&phone.phone.e164));
        let closes_there = rings_in.and_then(|zone| campaign.policy.closes_at(ui.now, &zone));
        let closes_at = closes_at.map(|own| closes_there.map_or(own, |there| own.min(there)));
        let panel = Panel::of(tx, viewer, &lead, (&phones, closes_at.is_some()), ui.now).await?;
        Ok(Some(Self {
            at: format!("/leads/{id}"),
            is_practice: false,
            proposal: Proposal::of(&panel),
            panel,
            closes_at,
            phones,
            contacts: contacts.into_iter().filter(|one| one.gone_at.is_none()).collect(),
            touches: touches(tx, viewer, ui, (lead.company, &calls)).await?,
            refused: refused(ui, &calls, &reasons),
            script_version,
            blocks: script.map(|script| script::read(&script.body)).unwrap_or_default(),
            reasons: chosen(known),
            callers: colleagues(tx, viewer, campaign.id).await?,
            slots: slots::days(tx, (viewer, ui), &campaign, &zone).await?,
            form: restored(draft).under_script(script_version),
            me: viewer.user.alias.clone(),
            lead,
            lease,
            campaign,
            company,
            zone,
        }))
    }

    /// The time at the company's.
    pub fn local_time(&self, now: &Instant) -> String {
        format::time(*now, &self.zone)
    }
    /// When calling ends today, by their clock.
    pub fn local_close(&self, at: &Instant) -> String {
        format::time(*at, &self.zone)
    }
    /// A line of the script with the names in it.
    pub fn spoken(&self, text: &str) -> String {
        let contact = self.contacts.first().map(|contact| contact.name.as_str());
        script::spoken(text, contact, &self.company.name, &self.me)
    }
    /// Every meaning in the order of its digit.
    pub fn meanings(&self) -> &'static [Meaning] {
        Meaning::offered()
    }
    /// True for what is chosen: by the caller, else by what the network said.
    pub fn is_chosen(&self, meaning: &Meaning) -> bool {
        match self.form.outcome.as_str() {
            "" => self.proposal.and_then(|one| one.meaning) == Some(*meaning),
            chosen => chosen == meaning.code(),
        }
    }
    /// Every mechanism.
    pub fn mechanisms(&self) -> &'static [Mechanism] {
        Mechanism::ALL
    }
    /// The answers of the passport: field, what was typed, whether it is wanted.
    pub fn passport(&self) -> Vec<(PassportField, &str, bool)> {
        PassportField::ALL
            .iter()
            .map(|field| (*field, self.form.answer(*field), self.campaign.passport.contains(field)))
            .collect()
    }
    /// True when the checkpoint of that number is ticked.
    pub fn is_ticked(&self, number: &usize) -> bool {
        self.form.checkpoints().contains(number)
    }
    /// The letter by which a branch of the script is marked.
    pub fn branch_key(&self, number: &usize) -> Option<char> {
        BRANCH_KEYS.get(number - 1).copied()
    }
    /// True when the branch of that number is marked.
    pub fn is_branch(&self, number: &usize) -> bool {
        self.form.branch == number.to_string()
    }
    /// True where the script has branches.
    pub fn has_branches(&self) -> bool {
        self.blocks.iter().any(|block| matches!(block, Block::Branch(..)))
    }
}

/// The reasons that a caller chooses from.
fn chosen(known: Vec<(RefusalReason, bool)>) -> Vec<RefusalReason> {
    known.into_iter().filter(|(_, is_retired)| !is_retired).map(|(reason, _)| reason).collect()
}

/// Who else calls for a campaign.
async fn colleagues(
    tx: &mut Tx,
    viewer: &Viewer,
    campaign: CampaignId,
) -> Outcome<Vec<(String, String)>> {
    let tier = Tier::Acquisition;
    let callers = campaigns::actions::list_members(tx, viewer.org, campaign, tier).await?;
    let users = people::actions::list_users(tx, viewer.org).await?;
    let is_other = |id: &&UserId| **id != viewer.id();
    let name = |id: &UserId| {
        users.iter().find(|user| user.id == *id).map(|user| (id.to_string(), user.name.clone()))
    };
    Ok(callers.iter().filter(is_other).filter_map(name).collect())
}

/// A draft as a form; what does not fit it any more is left out.
fn restored(draft: drafts::Draft) -> CallForm {
    let map: serde_json::Map<String, serde_json::Value> = draft
        .into_iter()
        .filter(|(name, _)| name != "generation")
        .map(|(name, text)| (name, text.into()))
        .collect();
    serde_json::from_value(map.into()).unwrap_or_default()
}

async fn touches(
    tx: &mut Tx,
    viewer: &Viewer,
    ui: &Ui,
    (company, calls): (CompanyId, &[Call]),
) -> Outcome<Vec<Touch>> {
    let before = ui.now.plus_ms(1);
    let recent = events::list_for_company(tx, viewer.org, company, before, 40).await?;
    let users = people::actions::list_users(tx, viewer.org).await?;
    let name = |id: Option<UserId>| {
        users.iter().find(|user| Some(user.id) == id).map_or("", |user| user.name.as_str())
    };
    let mut touches = Vec::new();
    for event in recent.iter().filter(|event| TOUCHING.contains(&event.kind)) {
        let call = calls.iter().find(|call| call.id.to_string() == event.subject);
        if event.kind == Kind::CallRecorded && call.is_none() {
            continue;
        }
        touches.push(Touch {
            at: event.at,
            who: name(event.actor.or(event.person)).to_owned(),
            what: match call {
                Some(call) => told(ui, call),
                None => ui.tc("touch-", event.kind.code()),
            },
            said: call.map(|call| call.note.clone()).unwrap_or_default(),
        });
        if touches.len() == TOUCHES {
            break;
        }
    }
    Ok(touches)
}

/// The last word of a company where that was a refusal; its calls, newest first.
fn refused(ui: &Ui, calls: &[Call], reasons: &[RefusalReason]) -> Option<Refused> {
    let is_word = |call: &&Call| !matches!(call.meaning, Meaning::NotReached | Meaning::BadNumber);
    let last = calls.iter().find(is_word).filter(|last| last.meaning == Meaning::Refusal)?;
    let reason = reasons.iter().find(|reason| Some(&reason.code) == last.reason.as_ref())?;
    Some(Refused {
        at: last.at,
        why: reason.label(ui.lang).to_owned(),
        offer: reason.offer(ui.lang).map(str::to_owned),
    })
}

/// Every text that was typed about a call, under the label of its field.
pub fn typed_texts(ui: &Ui, form: &CallForm) -> Vec<(String, String)> {
    let answers =
        PassportField::ALL.iter().map(|f| (ui.tc("passport-", f.code()), form.answer(*f)));
    let others = [
        ("call-decider-name", &form.decider_name),
        ("call-decider-role", &form.decider_role),
        ("call-decider-phone", &form.decider_phone),
        ("call-meeting", &form.meeting),
        ("call-meeting-place", &form.meeting_place),
        ("call-callback-at", &form.callback),
        ("call-reentry", &form.reentry),
        ("call-nurture", &form.nurture),
        ("call-note", &form.note),
    ];
    answers
        .chain(others.map(|(label, text)| (ui.t(label), text.as_str())))
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(label, text)| (label, text.to_owned()))
        .collect()
}

/// Why tier 2 sent a lead back, in words.
pub fn came_back(ui: &Ui, reason: &str) -> String {
    if reason == "expired" { ui.t("call-nobody-answered") } else { ui.tc("rejection-", reason) }
}

/// What the address of a lead in hand may say besides.
#[derive(Debug, Deserialize)]
pub struct KeptQuery {
    /// Fields, by code, that stay as they are though a call was taken back.
    pub kept: Option<String>,
    /// The number that is dialled first, by id.
    pub phone: Option<PhoneId>,
}

/// The address of a lead in hand after its last call was taken back, with what stays as it is.
pub fn kept_address(of: &str, lead: LeadId, kept: &str) -> String {
    let codes: Vec<&str> = fields_of(kept).map(Field::code).collect();
    match codes.join(",") {
        none if none.is_empty() => format!("/{of}/{lead}"),
        kept => format!("/{of}/{lead}?kept={kept}"),
    }
}

/// What stays as it is though a call was taken back, in words.
pub fn told_kept(ui: &Ui, kept: &str) -> String {
    let named: Vec<String> =
        fields_of(kept).map(|field| ui.tc("check-field-", field.code())).collect();
    if named.is_empty() { String::new() } else { ui.ta("call-kept", "fields", named.join(", ")) }
}

/// The fields that a text names; what is no field is left out.
fn fields_of(kept: &str) -> impl Iterator<Item = Field> {
    kept.split(',').filter_map(|code| code.parse().ok())
}

/// Both results of a call in words.
pub fn told(ui: &Ui, call: &Call) -> String {
    let meaning = ui.tc("meaning-", call.meaning.code());
    if call.meaning.mechanisms().first() == Some(&call.mechanism) {
        return meaning;
    }
    format!("{meaning} ({})", ui.tc("mechanism-", call.mechanism.code()))
}
