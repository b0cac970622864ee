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
    let found = store::writing::find_facts(tx, whose, basis, asked).await?;
    let mut facts = found.ok_or(Error::NotFound)?;
    // Whatever is typed late stands among what was typed before it, on either side.
    let days = policy.pressure_days;
    let around = (letter.at.plus_days(-days), letter.at.plus_days(days));
    let contacts = store::writing::list_contacts(tx, whose, around).await?;
    facts.pressure_cap_at = pressing(&policy, &contacts, letter.at);
    let to = (letter.contact, letter.number.clone());
    let find = companies::actions::find_ban_of_letters;
    facts.is_suppressed = find(tx, org, letter.company, to, letter.at).await?.is_some();
    facts.is_led = letter.is_led;
    facts.is_promised = letter.is_answer;
    facts.has_basis |= letter.is_answer;
    let verdict = admit(&policy, &facts, letter.at);
    Ok(Ruling { verdict, preset: policy.preset.mark() })
}

/// The contact from which on a letter of that moment would be one too many: the earliest of a span
/// of the budget's days that has the letter in it, wherever in it, and is full without it. Of
/// several spans the latest; `contacts` are in order.
fn pressing(policy: &CallingPolicy, contacts: &[Instant], at: Instant) -> Option<Instant> {
    let most = usize::try_from(policy.pressure_max).unwrap_or_default();
    let earlier = contacts.partition_point(|one| *one <= at);
    let mut all = contacts.to_vec();
    all.insert(earlier, at);
    let span_of = |from: usize| {
        let (first, last) = (*all.get(from)?, *all.get(from + most)?);
        (last < first.plus_days(policy.pressure_days)).then_some(first)
    };
    (earlier.saturating_sub(most)..=earlier).rev().find_map(span_of)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::testing::MONDAY;

    #[test]
    fn a_letter_typed_late_is_counted_with_what_came_after_it() {
        let policy =
            CallingPolicy { pressure_max: 2, pressure_days: 7, ..CallingPolicy::default() };
        let day = |days: &i64| MONDAY.plus_days(*days);
        for (contacts, expected) in [
            (vec![], None),
            (vec![-6], None),
            (vec![-6, -1], Some(-6)),
            (vec![-9, -6, -1], Some(-6)),
            (vec![-7, -1], None),
            (vec![0, 0], Some(0)),
            (vec![1, 2], Some(0)),
            (vec![1, 7], None),
            (vec![-1, 1], Some(-1)),
            // Eight days lie between the two: no seven of them have three contacts.
            (vec![-6, 2], None),
            (vec![-6, -5, 1, 2], Some(0)),
        ] {
            let all: Vec<Instant> = contacts.iter().map(day).collect();
            let found = pressing(&policy, &all, MONDAY);
            assert_eq!(found, expected.as_ref().map(day), "{contacts:?}");
        }
    }
}
