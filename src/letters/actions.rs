//! What is done with letters: ask whether one may be sent, record it, take it back.

use super::{Address, Answered, Letter, LetterRefusal, Named, NewLetter, store};
use crate::begin;
use crate::campaigns;
use crate::companies::{self, Company};
use crate::events::{Event, Kind};
use crate::leads::{self, Lead, writing::Writing};
use crate::people::Viewer;
use crate::storage::{Act, Tx, take_numbers};
use crate::values::*;

/// The tier that writes no more once another leads the company.
const CALLERS_TIER: i64 = 1;

/// Asks whether a letter may be sent at this moment. What was answered is on record with its rule
/// and preset, as is every answer of admission.
pub async fn ask(act: &Act, viewer: &Viewer, id: CompanyId, new: &NewLetter) -> Outcome<Answered> {
    let mut tx = begin!(act);
    let company = find_written(&mut tx, act, viewer, id).await?;
    new.check_terms(act.now).into_result()?;
    // Who asks has sent nothing yet: what came up since the form was opened holds for them.
    let new = &NewLetter { sent_at: act.now, ..new.clone() };
    let of = place(&mut tx, viewer, company.id, new).await?;
    let answered = judge(&mut tx, viewer, &company, (new, &of)).await?;
    let rule = answered.denied.map(|(rule, _)| rule.code().to_owned());
    let until = answered.denied.map(|(_, until)| until.rfc3339());
    told(Kind::LetterAsked, company.id, (company.id, of.campaign()), viewer)
        .reason(rule)
        .with("way", new.way.code())
        .with("is_answer", new.is_answer)
        .with("preset", answered.preset.as_str())
        .with("until", until)
        .record(&mut tx, act)
        .await?;
    tx.finish(answered).await
}

/// Records a letter that was sent, where admission allowed it as of that moment.
pub async fn record(
    act: &Act,
    viewer: &Viewer,
    id: CompanyId,
    new: &NewLetter,
) -> Outcome<LetterId> {
    let mut tx = begin!(act);
    let company = find_written(&mut tx, act, viewer, id).await?;
    new.check(act.now).into_result()?;
    let of = place(&mut tx, viewer, company.id, new).await?;
    let answered = judge(&mut tx, viewer, &company, (new, &of)).await?;
    if let Some((rule, until)) = answered.denied {
        return Err(LetterRefusal::Denied { rule, until, zone: viewer.zone.clone() }.into());
    }
    let letter = Letter {
        id: LetterId::fresh(act.now),
        number: take_numbers(&mut tx, act.org, "letter", 1).await?,
        company: company.id,
        contact: of.contact,
        address: of.address,
        campaign: of.campaign(),
        lead: of.lead.map(|lead| lead.id),
        way: new.way,
        subject: new.subject.trim().to_owned(),
        note: new.note.trim().to_owned(),
        is_answer: new.is_answer,
        preset: answered.preset,
        sender: viewer.id(),
        sent_at: new.sent_at,
        made_at: act.now,
        taken_back_at: None,
    };
    store::insert(&mut tx, act.org, &letter).await?;
    told(Kind::LetterSent, letter.id, (company.id, letter.campaign), viewer)
        .with("number", letter.number)
        .with("way", letter.way.code())
        .with("is_answer", letter.is_answer)
        .with("preset", letter.preset.as_str())
        .with("sent_at", letter.sent_at.rfc3339())
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("company:{}", company.id));
    tx.finish(letter.id).await
}

/// Takes a letter back that its sender recorded by mistake: it counts no more.
pub async fn take_back(
    act: &Act,
    viewer: &Viewer,
    (company, id): (CompanyId, LetterId),
) -> Outcome<()> {
    let mut tx = begin!(act);
    let standing = companies::actions::find_standing_for_update(&mut tx, act.org, company).await?;
    let company = standing.ok_or(Error::NotFound)?.id;
    let found = store::find_for_update(&mut tx, act.org, (company, id)).await?;
    let letter = found.filter(|one| one.sender == viewer.id()).ok_or(Error::NotFound)?;
    letter.take_back(act.now)?;
    if store::update_taken_back(&mut tx, act.org, id, act.now).await? == 0 {
        return Err(LetterRefusal::TakenBackAlready.into());
    }
    told(Kind::LetterTakenBack, id, (company, letter.campaign), viewer)
        .with("number", letter.number)
        .with("way", letter.way.code())
        .record(&mut tx, act)
        .await?;
    tx.announce(format!("company:{company}"));
    tx.finish(()).await
}

/// Letters to a company, the newest first; the company was found under a scope before. Of people
/// that a merge joined the one who stands for them is named.
pub async fn list_of_company(tx: &mut Tx, org: OrgId, company: CompanyId) -> Outcome<Vec<Letter>> {
    let mut all = store::list_of_company(tx, org, company).await?;
    let joined = companies::actions::list_joined(tx, org, company).await?;
    for letter in &mut all {
        let stands = joined.iter().find(|(_, one)| Some(one.id) == letter.contact);
        letter.contact = stands.map(|(stands, _)| *stands).or(letter.contact);
    }
    Ok(all)
}

/// True when the person may write to a company that they know of: they lead it, have it in hand, or
/// are above those who do.
pub async fn may_write(
    tx: &mut Tx,
    viewer: &Viewer,
    company: &Company,
    now: Instant,
) -> Outcome<bool> {
    companies::actions::may_read_phones(tx, viewer, company, now).await
}

/// The company that somebody writes to, held so that nobody else uses up its budget meanwhile.
async fn find_written(tx: &mut Tx, act: &Act, viewer: &Viewer, id: CompanyId) -> Outcome<Company> {
    let standing = companies::actions::find_standing_for_update(tx, act.org, id).await?;
    let id = standing.ok_or(Error::NotFound)?.id;
    let seen = companies::actions::find_seen(tx, &viewer.scope(), id, act.now).await?;
    let company = seen.ok_or(Error::NotFound)?;
    if may_write(tx, viewer, &company, act.now).await? { Ok(company) } else { Err(Error::NotFound) }
}

/// Where a letter belongs.
struct Place {
    /// To which person of the company: the one named, or whose the address is.
    contact: Option<ContactId>,
    /// To which address of it.
    address: Option<Address>,
    /// To which number, in E.164.
    number: Option<String>,
    /// For which lead.
    lead: Option<Lead>,
}

impl Place {
    fn campaign(&self) -> Option<CampaignId> {
        self.lead.as_ref().map(|lead| lead.campaign)
    }
}

async fn place(
    tx: &mut Tx,
    viewer: &Viewer,
    company: CompanyId,
    new: &NewLetter,
) -> Outcome<Place> {
    if let Some(contact) = new.contact {
        let people = companies::actions::list_contacts(tx, viewer.org, company).await?;
        let is_there = people.iter().any(|one| one.id == contact && one.gone_at.is_none());
        if !is_there {
            return Err(Fields::one("contact", "unknown-choice"));
        }
    }
    let (whose, address, number) = find_address(tx, viewer.org, company, new).await?;
    if new.contact.is_some() && whose.is_some() && new.contact != whose {
        return Err(Fields::one("address", "letter-address-of-another"));
    }
    let lead = find_lead(tx, viewer, company, new.campaign).await?;
    Ok(Place { contact: new.contact.or(whose), address, number, lead })
}

/// Whose the address is that a letter names, which it is, and its number in E.164.
type Reached = (Option<ContactId>, Option<Address>, Option<String>);

async fn find_address(
    tx: &mut Tx,
    org: OrgId,
    company: CompanyId,
    new: &NewLetter,
) -> Outcome<Reached> {
    let unknown = || Fields::one("address", "unknown-choice");
    let mail = match &new.address {
        None => return Ok((None, None, None)),
        Some(Named::Known(Address::Phone(id))) => {
            let all = companies::actions::list_phones(tx, org, company).await?;
            let found = all.into_iter().find(|one| one.id == *id).ok_or_else(unknown)?;
            return Ok((found.contact, Some(Address::Phone(found.id)), Some(found.phone.e164)));
        }
        Some(Named::Known(Address::Mail(id))) => {
            let all = companies::actions::list_known_emails(tx, org, company).await?;
            all.into_iter().find(|one| one.id == *id).ok_or_else(unknown)?
        }
        Some(Named::Written(text)) => {
            let all = companies::actions::list_known_emails(tx, org, company).await?;
            let found = all.into_iter().find(|one| one.email.address.to_lowercase() == *text);
            found.ok_or_else(|| Fields::one("address", "letter-address-unknown"))?
        }
    };
    Ok((mail.email.contact, Some(Address::Mail(mail.id)), None))
}

/// The lead of a campaign that is named, or the one in the sender's hands where it is of the
/// company. Who may not know of a campaign is told that there is none.
async fn find_lead(
    tx: &mut Tx,
    viewer: &Viewer,
    company: CompanyId,
    campaign: Option<CampaignId>,
) -> Outcome<Option<Lead>> {
    let Some(campaign) = campaign else {
        let held = leads::actions::find_held(tx, viewer.org, viewer.id()).await?;
        return Ok(held.filter(|lead| lead.company == company));
    };
    let unknown = || Fields::one("campaign", "unknown-choice");
    let seen = campaigns::actions::list(tx, &viewer.scope()).await?;
    if seen.iter().all(|one| one.id != campaign) {
        return Err(unknown());
    }
    let all = leads::actions::list_for_company(tx, viewer.org, company).await?;
    let found = all.into_iter().find(|lead| lead.campaign == campaign);
    found.map(Some).ok_or_else(unknown)
}

async fn judge(
    tx: &mut Tx,
    viewer: &Viewer,
    company: &Company,
    (new, of): (&NewLetter, &Place),
) -> Outcome<Answered> {
    let is_of_others = company.lead.is_some_and(|lead| lead != viewer.id());
    let is_above_callers = company.lead_tier.is_some_and(|tier| tier > CALLERS_TIER);
    let writing = Writing {
        company: company.id,
        contact: of.contact,
        number: of.number.clone(),
        campaign: of.campaign(),
        is_answer: new.is_answer,
        is_led: is_of_others && is_above_callers && viewer.user.tier == Some(CALLERS_TIER),
        at: new.sent_at,
    };
    let ruling = leads::writing::judge(tx, viewer.org, &writing).await?;
    Ok(Answered::of(ruling.verdict, ruling.preset))
}

/// What happened, as the writer's work.
fn told(
    kind: Kind,
    subject: impl ToString,
    (company, campaign): (CompanyId, Option<CampaignId>),
    viewer: &Viewer,
) -> Event {
    let event = Event::new(kind, subject).company(company).campaign(campaign).person(viewer.id());
    match viewer.user.tier {
        Some(tier) => event.tier(tier),
        None => event,
    }
}
