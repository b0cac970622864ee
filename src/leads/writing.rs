//! What a letter asks: may they be written to? It is the question of the queue, answered by the
//! same function.

use super::admission::{Verdict, admit};
use super::{LeadRefusal, store};
use crate::campaigns::{self, CallingPolicy, presets::PresetCode};
use crate::companies;
use crate::people;
use crate::storage::Tx;
use crate::values::*;

/// A letter, as far as admission asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writing {
    /// To whom.
    pub company: CompanyId,
    /// To which person of theirs.
    pub contact: Option<ContactId>,
    /// To which number, in E.164.
    pub number: Option<String>,
    /// For which campaign; without one the rules of the firm's country hold.
    pub campaign: Option<CampaignId>,
    /// They asked for it: it is not one too many, and their asking is ground enough.
    pub is_answer: bool,
    /// The writer calls, and a seller or an account manager leads the company.
    pub is_led: bool,
    /// When.
    pub at: Instant,
}

/// What admission answered, and by which rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ruling {
    /// The answer.
    pub verdict: Verdict,
    /// The rules of a country with their version, as in `ru@1`.
    pub preset: String,
}

/// May this letter be sent? A campaign that does not run sends none.
pub async fn judge(tx: &mut Tx, org: OrgId, letter: &Writing) -> Outcome<Ruling> {
    let firm = people::actions::firm(tx, org).await?;
    let (policy, basis) = match letter.campaign {
        Some(id) => {
            let campaign = campaigns::actions::find(tx, org, id).await?;
            if !campaign.is_running() {
                return Err(LeadRefusal::NotRunning.into());
            }
            (campaign.policy, campaign.legal_basis.code())
        }
        None => {
            let preset = PresetCode::of(firm.currency);
            (CallingPolicy { preset, ..CallingPolicy::default() }, "")
        }
    };
    let whose = (org, letter.company);
    let asked = (letter.at, &firm.zone);
    let found = store::writing::find_facts(tx, whose, (&policy, basis), asked).await?;
    let mut facts = found.ok_or(Error::NotFound)?;
    let to = (letter.contact, letter.number.clone());
    let find = companies::actions::find_ban_of_letters;
    facts.is_suppressed = find(tx, org, letter.company, to, letter.at).await?.is_some();
    facts.is_led = letter.is_led;
    facts.is_promised = letter.is_answer;
    facts.has_basis |= letter.is_answer;
    let verdict = admit(&policy, &facts, letter.at);
    Ok(Ruling { verdict, preset: policy.preset.mark() })
}
