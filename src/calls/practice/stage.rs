//! A made-up call as it stands on the screen: a company, a person and a script that nothing of the
//! base knows.

use super::Exercise;
use crate::calls::cockpit::Cockpit;
use crate::calls::results::{CallForm, MEETING_MINUTES, Situation};
use crate::calls::slots;
use crate::campaigns::passport::PassportField;
use crate::campaigns::reasons::RefusalReason;
use crate::campaigns::script;
use crate::campaigns::{
    self, CallingPolicy, Campaign, CampaignState, LegalBasis, Purpose, Script, Segment,
};
use crate::companies::{Company, Contact, Near};
use crate::leads::{Lead, LeadState, Lease, Priority};
use crate::meetings::slots::{Host, Hours};
use crate::people::Viewer;
use crate::storage::Tx;
use crate::telephony::accounts::Phone as Account;
use crate::telephony::panel::Panel;
use crate::tiers::EngagementPolicy;
use crate::values::*;
use crate::web::{Ui, words};

/// What a call needs that is only played.
pub(super) struct Stage {
    lead: Lead,
    campaign: Campaign,
    company: Company,
    contacts: Vec<Contact>,
    reasons: Vec<RefusalReason>,
    phones: Vec<PhoneId>,
    script: Script,
}

impl Stage {
    /// The stage of an exercise; the reasons of a refusal are the firm's own.
    pub async fn of(
        tx: &mut Tx,
        viewer: &Viewer,
        exercise: Exercise,
        now: Instant,
    ) -> Outcome<Self> {
        let said = |part: &str| {
            let key = format!("practice-{part}-{}", exercise.number);
            words::say(viewer.user.lang, &key, &[])
        };
        let company = company(said("company"), now);
        let contact = Contact {
            id: ContactId::fresh(now),
            company: company.id,
            name: said("contact"),
            role: None,
            is_decision_maker: false,
            gone_at: None,
            gone_reason: None,
            version: 1,
        };
        let campaign = campaign(words::say(viewer.user.lang, "practice", &[]), now);
        Ok(Self {
            lead: lead(&campaign, &company, viewer, now),
            contacts: vec![contact],
            reasons: campaigns::actions::list_reasons(tx, viewer.org).await?,
            phones: Vec::new(),
            script: Script {
                id: ScriptId::fresh(now),
                version: 1,
                body: words::say(viewer.user.lang, "practice-script", &[]),
                made_at: now,
            },
            campaign,
            company,
        })
    }

    /// The same as the rules of calls read it.
    pub fn situation<'a>(&'a self, viewer: &'a Viewer, now: Instant) -> Situation<'a> {
        Situation {
            now,
            caller: viewer.id(),
            zone: viewer.zone.clone(),
            campaign: &self.campaign,
            lead: &self.lead,
            reasons: &self.reasons,
            phones: &self.phones,
            measured: None,
            was_rejected: false,
            callers: &[],
            contacts: &self.contacts,
            near: Near::of(viewer.country, None),
            script: Some(&self.script),
        }
    }

    /// The same as it stands on the screen.
    pub fn cockpit(self, viewer: &Viewer, ui: &Ui, exercise: Exercise, form: CallForm) -> Cockpit {
        let zone = viewer.zone.clone();
        // One practises at any hour; talks are held by day.
        let policy = CallingPolicy::default();
        let hours = Hours { policy, ours: zone.clone(), theirs: zone.clone() };
        let host = Host { user: viewer.id(), taken: Vec::new(), booked_at: None };
        let free = hours.list_free(&[host], MEETING_MINUTES, ui.now);
        let lease = Lease {
            owner: viewer.id(),
            generation: 1,
            until: ui.now.plus_ms(self.campaign.policy.lease_seconds * 1_000),
        };
        Cockpit {
            at: format!("/practice/{}", exercise.number),
            is_practice: true,
            closes_at: Some(lease.until),
            phones: Vec::new(),
            touches: Vec::new(),
            refused: None,
            blocks: script::read(&self.script.body),
            script_version: None,
            slots: slots::by_day(ui, &free, &zone),
            form,
            me: viewer.user.alias.clone(),
            panel: panel(&self.lead, viewer),
            proposal: None,
            callers: Vec::new(),
            lead: self.lead,
            campaign: self.campaign,
            company: self.company,
            contacts: self.contacts,
            reasons: self.reasons,
            lease,
            zone,
        }
    }
}

fn company(name: String, now: Instant) -> Company {
    Company {
        id: CompanyId::fresh(now),
        number: 0,
        name,
        full_name: None,
        legal_form: None,
        tax_id: None,
        kpp: None,
        ogrn: None,
        city: None,
        zone: None,
        address: None,
        website: None,
        industry: None,
        source: None,
        lead: None,
        lead_tier: None,
        team: None,
        import: None,
        merged_into: None,
        removed_at: None,
        version: 1,
        made_at: now,
    }
}

/// It may be called at any hour: whoever learns in the evening may promise a call for then.
fn campaign(name: String, now: Instant) -> Campaign {
    let usual = CallingPolicy::default();
    let hours = campaigns::hours::CallingHours {
        days: 0b111_1111,
        from_minute: 0,
        to_minute: campaigns::hours::DAY_MINUTES,
        holidays_off: false,
        ..usual.hours
    };
    Campaign {
        id: CampaignId::fresh(now),
        number: 0,
        name,
        team: None,
        principal: None,
        state: CampaignState::Running,
        engagement: EngagementPolicy::ThreeTiers,
        purpose: Purpose::Contract,
        legal_basis: LegalBasis::PublicSource,
        segment: Segment::default(),
        policy: CallingPolicy { hours, ..usual },
        passport: vec![PassportField::Who, PassportField::Need, PassportField::NextStep],
        targets: Vec::new(),
        version: 1,
        made_at: now,
        launched_at: Some(now),
        complained_at: None,
        complaints_from: None,
    }
}

fn lead(campaign: &Campaign, company: &Company, viewer: &Viewer, now: Instant) -> Lead {
    Lead {
        id: LeadId::fresh(now),
        number: 0,
        campaign: campaign.id,
        company: company.id,
        state: LeadState::Queued,
        closed_reason: None,
        attempts: 0,
        next_at: now,
        denied_rule: None,
        callback_at: None,
        callback_owner: None,
        nurture_until: None,
        caller: Some(viewer.id()),
        returned_reason: None,
        lease: None,
        awaits_result: false,
        generation: 1,
        version: 1,
        tries: Default::default(),
        priority: Priority::Usual,
    }
}

/// No phone: nothing is dialled here.
fn panel(lead: &Lead, viewer: &Viewer) -> Panel {
    Panel {
        lead: lead.id,
        generation: lead.generation,
        user: viewer.id(),
        phone: Account { name: None, made_at: None, running: None, exchange: None },
        numbers: Vec::new(),
        attempts: Vec::new(),
        is_open: false,
        awaits_result: false,
        told: None,
        is_told: false,
        refused: None,
    }
}
