//! What becomes of each row: judged against the base and against the rows above it.
//!
//! The same judge makes the forecast and decides at the commit, so the two differ only where the
//! base changed in between. Two passes over the file: the first takes the census; the second judges
//! batch by batch.

mod bans;
mod branches;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use linkage::duplicates::Strength;

pub(super) use self::branches::Place;
use self::branches::{Families, Sites, Whose};
use super::brought::Brought;
use super::census::Census;
use super::draft::Draft;
use super::memory::Memory;
use super::veil::COLLISION;
use super::{Branches, Import, Verdict, brought, erased, otherwise, store};
use crate::companies::actions::{Aside, Met};
use crate::companies::alike::{Alike, Asked, Remark};
use crate::companies::filling::Missing;
use crate::companies::suppression::{Suppression, Target};
use crate::companies::{self, Company, NewBasis};
use crate::storage::Tx;
use crate::values::*;

/// What is told of a row that says the same as one above.
const SAME: &str = "row-same-above";

/// What was found out about a row.
pub(super) struct Judged {
    pub draft: Draft,
    pub verdict: Verdict,
    pub remarks: Vec<Remark>,
    /// The company of the base it is.
    pub company: Option<CompanyId>,
    /// What that company lacks.
    pub missing: Missing,
    /// The row above that it repeats.
    pub above: Option<i64>,
    /// The company that a new one is a branch of.
    pub branch_of: Option<Place>,
    /// False where only the tax number says so, under another name.
    pub is_sure: bool,
    /// True where a row below may repeat it.
    pub may_repeat: bool,
    /// True where a row above says the very same, whatever became of the two.
    pub is_said_above: bool,
}

/// A judge of one file.
pub(super) struct Judge {
    org: OrgId,
    import: ImportId,
    now: Instant,
    census: Arc<Census>,
    /// The rows above.
    memory: Memory,
    /// Their tax numbers and KPP, where branches are told apart.
    families: Option<Families>,
    /// The ground that the file brings.
    basis: Option<NewBasis>,
}

/// What the base knows about a batch of rows.
struct Found {
    met: Vec<Met>,
    /// Those that were removed by somebody, by the line of the row that brings them again.
    removed: HashMap<i64, Company>,
    brought: HashMap<String, Brought>,
    banned: HashMap<Target, Suppression>,
    /// What was left out of a line, since it was erased.
    left_out: HashMap<i64, Vec<Remark>>,
    /// Companies of their tax numbers, where branches are told apart.
    sites: Sites,
}

impl Judge {
    /// A judge for a file of which the census was taken.
    pub fn new(org: OrgId, import: &Import, now: Instant, census: Arc<Census>) -> Self {
        Self {
            org,
            import: import.id,
            basis: import.origin.basis(),
            now,
            census,
            memory: Memory::default(),
            families: (import.reading.branches == Branches::Apart).then(Families::default),
        }
    }

    /// True once so many rows repeat others that they take more memory than one file may.
    pub fn is_full(&self) -> bool {
        self.memory.is_full(self.families.as_ref().map_or(0, Families::kept))
    }

    /// Judges the next rows of the file, in their order.
    pub async fn judge(&mut self, tx: &mut Tx, mut drafts: Vec<Draft>) -> Outcome<Vec<Judged>> {
        let left_out = erased::leave_out(tx, self.org, &mut drafts).await?;
        let mut found = self.look_up(tx, &drafts).await?;
        found.left_out = left_out;
        self.leave_out_known(tx, &mut drafts, &mut found).await?;
        let usable = |draft: &Draft| draft.faults.is_empty();
        let none = Met::default();
        let mut met = found.met.iter();
        let mut judged: Vec<Judged> = drafts
            .into_iter()
            .map(|draft| {
                let met = if usable(&draft) { met.next() } else { None };
                let left_out = found.left_out.get(&draft.line).cloned().unwrap_or_default();
                let is_said_above = self.memory.line_of(&draft).is_some();
                let judged = self.judge_one(draft, met.unwrap_or(&none), &found);
                Judged { is_said_above, ..judged.without(left_out) }
            })
            .collect();
        self.bring_along(tx, &mut judged).await?;
        Ok(judged)
    }

    /// What the file says of companies of the base besides what they are: on what ground they may
    /// be contacted, and notes. It joins what is said of them already.
    async fn bring_along(&mut self, tx: &mut Tx, judged: &mut [Judged]) -> Outcome<()> {
        let brings = |one: &&Judged| self.basis.is_some() || one.draft.company.note.is_some();
        let ids: BTreeSet<CompanyId> =
            judged.iter().filter(brings).filter_map(Judged::of_the_base).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let ids: Vec<CompanyId> = ids.into_iter().collect();
        let based = match &self.basis {
            Some(basis) => {
                companies::actions::list_based(tx, self.org, &ids, (basis, self.now)).await?
            }
            None => BTreeSet::new(),
        };
        let noted = companies::actions::list_noted(tx, self.org, &ids).await?;
        for one in judged {
            let Some(id) = one.of_the_base() else { continue };
            if !based.contains(&id)
                && self.basis.is_some()
                && self.memory.bring_words(id, "basis", "")
            {
                one.missing.basis = self.basis.clone();
            }
            if let Some(note) = &one.draft.company.note
                && !noted.contains(&(id, note.clone()))
                && self.memory.bring_words(id, "note", note)
            {
                one.missing.note = Some(note.clone());
            }
            if one.missing.basis.is_some() || one.missing.note.is_some() {
                one.verdict = Verdict::Update;
                one.remarks.retain(|remark| remark.code != "row-adds");
                let what = one.missing.codes().join(",");
                one.remarks.push(Remark::new("row-adds").with("what", what));
            }
        }
        Ok(())
    }

    /// True where a row below may refer to this one.
    pub fn is_met_again(&self, draft: &Draft) -> bool {
        self.census.is_met_again(draft)
    }

    /// Remembers a row that was judged, so that those below can be told from it; says whether one
    /// of them may repeat it. In a list of a million rows most say what no other says. One that
    /// says what a row above says is remembered by that.
    pub fn remember(&mut self, draft: &Draft, is_of_the_base: bool) -> bool {
        if !draft.faults.is_empty() || !self.is_met_again(draft) {
            return false;
        }
        if self.census.is_said_again(draft) && !self.memory.say(draft) {
            return false;
        }
        if self.census.may_repeat(draft) {
            self.memory.add(&self.record(draft));
            if draft.company.city.is_none() && !is_of_the_base {
                self.memory.leave_unplaced(draft.line, draft.company.tax_id.is_some());
            }
        }
        true
    }

    /// Forgets what rows above brought to companies of the base: it stands there.
    pub fn forget_brought(&mut self) {
        self.memory.forget_brought();
    }

    /// True where something is remembered that rows above brought to companies of the base.
    #[cfg(test)]
    pub fn remembers_brought(&self) -> bool {
        self.memory.remembers_brought()
    }

    async fn look_up(&self, tx: &mut Tx, drafts: &[Draft]) -> Outcome<Found> {
        let usable: Vec<&Draft> = drafts.iter().filter(|d| d.faults.is_empty()).collect();
        let asked: Vec<Asked<'_>> = usable.iter().map(|draft| asked(draft)).collect();
        let crowded = self.census.crowded().clone();
        // Those this very file brought are told by the rows above, not by the base.
        let aside = Aside { crowded, import: Some(self.import) };
        let met = companies::actions::list_met(tx, self.org, &asked, &aside).await?;
        let removed = self.look_up_removed(tx, &usable, &asked).await?;
        let digests: Vec<&str> = usable.iter().map(|draft| draft.digest.as_str()).collect();
        let brought = brought::list(tx, self.org, self.import, &digests).await?;
        let targets: Vec<Target> =
            usable.iter().flat_map(|draft| bans::targets_of(&draft.company)).collect();
        let banned =
            companies::actions::list_banned_targets(tx, self.org, &targets, self.now).await?;
        let sites = self.look_up_sites(tx, (&usable, &met)).await?;
        Ok(Found { met, removed, brought, banned, left_out: HashMap::new(), sites })
    }

    /// People who were erased at the company that a row turns out to be, whatever it calls itself.
    async fn leave_out_known(
        &self,
        tx: &mut Tx,
        drafts: &mut [Draft],
        found: &mut Found,
    ) -> Outcome<()> {
        let usable = || drafts.iter().filter(|draft| draft.faults.is_empty());
        let seen = &*found;
        let of: HashMap<i64, CompanyId> = usable()
            .zip(&seen.met)
            .filter_map(|(draft, met)| Some((draft.line, self.same_of(draft, met, seen)?)))
            .collect();
        let brought: Vec<_> = usable()
            .filter_map(|one| Some((*of.get(&one.line)?, one.company.contacts.as_slice())))
            .collect();
        let people = erased::list_people(tx, self.org, &brought).await?;
        if people.is_empty() {
            return Ok(());
        }
        for draft in drafts {
            let Some(company) = of.get(&draft.line) else { continue };
            let told = erased::leave_out_of(*company, &mut draft.company.contacts, &people);
            if !told.is_empty() {
                found.left_out.entry(draft.line).or_default().extend(told);
            }
        }
        Ok(())
    }

    /// What left the base together with its import is no news; what somebody removed is.
    async fn look_up_removed(
        &self,
        tx: &mut Tx,
        usable: &[&Draft],
        asked: &[Asked<'_>],
    ) -> Outcome<HashMap<i64, Company>> {
        let gone = companies::actions::list_removed_alike(tx, self.org, asked).await?;
        if gone.iter().all(Option::is_none) {
            return Ok(HashMap::new());
        }
        let standing = store::list_standing(tx, self.org).await?;
        let is_news =
            |company: &Company| company.import.is_none_or(|id| standing.contains_key(&id));
        let told = usable.iter().zip(gone).filter_map(|(draft, gone)| {
            let is_it = |gone: &Company| is_news(gone) && !self.is_other_branch(draft, gone);
            Some((draft.line, gone.filter(is_it)?))
        });
        Ok(told.collect())
    }

    fn judge_one(&mut self, draft: Draft, met: &Met, found: &Found) -> Judged {
        if !draft.faults.is_empty() {
            return Judged::plain(draft, Verdict::Bad, Vec::new());
        }
        if erased::is_nobody(found.left_out.get(&draft.line)) {
            return Judged::plain(draft, Verdict::Suppressed, Vec::new());
        }
        if let Some(why) = bans::ban(&draft.company, &found.banned) {
            return Judged::plain(draft, Verdict::Suppressed, vec![why]);
        }
        let whose = self.whose(&draft, found);
        let met = &*self.narrowed((&draft, whose), met, found);
        let brought = found.brought.get(&draft.digest);
        if let Some(brought) = brought.filter(|brought| self.holds(whose, brought, found)) {
            let may_repeat = self.remember(&draft, true);
            let why = Remark::new("row-brought-before")
                .with("import", brought.number.to_string())
                .with("line", brought.line.to_string());
            let company = Some(brought.company);
            let judged = Judged::plain(draft, Verdict::InBase, vec![why]);
            let judged = Judged { company, may_repeat, ..judged };
            self.note(&judged);
            return judged;
        }
        let judged = match same(&met.alike) {
            Some(same) => match collision(same, met) {
                Some(why) => {
                    let why = draft.columns.placed(why);
                    return Judged::plain(draft, Verdict::Bad, vec![why]);
                }
                None => self.of_the_base(draft, same, met),
            },
            None => {
                let judged = self.of_the_file(draft, &met.alike, (whose, found));
                let mut judged = self.as_branch(judged, whose, found);
                if let Some(why) = self.bar_by_name(&judged, &found.banned) {
                    judged.remarks.insert(0, why);
                    let (above, branch_of) = (None, None);
                    return Judged { verdict: Verdict::Suppressed, above, branch_of, ..judged };
                }
                let gone = found.removed.get(&judged.draft.line);
                if let Some(gone) = gone.filter(|_| judged.verdict == Verdict::New) {
                    judged.remarks.insert(0, about_company("row-was-removed", gone));
                }
                judged
            }
        };
        self.note(&judged);
        let is_of_the_base = judged.company.is_some();
        Judged { may_repeat: self.remember(&judged.draft, is_of_the_base), ..judged }
    }

    /// Why a row that the base does not know must bring nothing: it would be a company that is
    /// called as a banned one, or it brings the town by which the row above would be.
    fn bar_by_name(
        &mut self,
        judged: &Judged,
        banned: &HashMap<Target, Suppression>,
    ) -> Option<Remark> {
        let new = &judged.draft.company;
        let has_tax_id = new.tax_id.is_some();
        if judged.verdict == Verdict::New {
            return bans::ban_by_name(new, has_tax_id, banned);
        }
        let above = judged.above.filter(|_| judged.is_sure && new.city.is_some())?;
        let has_above = self.memory.find_townless(above)?;
        let why = bans::ban_by_name(new, has_tax_id || has_above, banned);
        if why.is_none() {
            self.memory.place(above);
        }
        why
    }

    /// A row about a company of the base: an update where it brings what is lacking.
    fn of_the_base(&mut self, draft: Draft, same: &Alike, met: &Met) -> Judged {
        let id = same.known.company.id;
        let is_sure = same.strength == Strength::Certain;
        let (mut missing, told) = otherwise::sort(&same.known, &draft.company, is_sure);
        let unlike_above = self.memory.leave_out_brought(id, &mut missing);
        let mut why = vec![of_company("row-is-company", same)];
        why.extend(same.reasons.iter().cloned().map(|reason| draft.columns.placed(reason)));
        why.extend(of_others(id, met).map(|remark| draft.columns.placed(remark)));
        why.extend(told);
        why.extend(unlike_above.into_iter().map(otherwise::than_above));
        let verdict = if missing.is_empty() { Verdict::InBase } else { Verdict::Update };
        if !missing.is_empty() {
            why.push(Remark::new("row-adds").with("what", missing.codes().join(",")));
            self.memory.bring(id, &missing);
        }
        Judged { company: Some(id), missing, ..Judged::plain(draft, verdict, why) }
    }

    /// A row the base does not know: new, or a repeat of one above.
    fn of_the_file(
        &self,
        draft: Draft,
        alike: &[Alike],
        (whose, among): (Whose, &Found),
    ) -> Judged {
        if let Some(line) = self.memory.line_of(&draft) {
            let why = vec![Remark::new(SAME).with("line", line.to_string())];
            let above = Some(line);
            return Judged { above, ..Judged::plain(draft, Verdict::InFile, why) };
        }
        // One that shares no key with another row is compared with none: most do not.
        let mut found = match self.census.may_repeat(&draft) {
            true => self.memory.find(&self.record(&draft)),
            false => Vec::new(),
        };
        self.retain_own((&draft, whose), &mut found, among);
        let same = found.iter().find(|found| {
            let reasons = || found.reasons.iter().any(|reason| reason.code() == "same_tax_id");
            found.strength == Strength::Certain || reasons()
        });
        if let Some(same) = same {
            let line = i64::try_from(same.b).unwrap_or(0);
            let mut why = vec![Remark::new("row-repeats").with("line", line.to_string())];
            let reasons = same.reasons.iter().map(Remark::from);
            why.extend(reasons.map(|reason| draft.columns.placed(reason)));
            let (above, is_sure) = (Some(line), same.strength == Strength::Certain);
            return Judged { above, is_sure, ..Judged::plain(draft, Verdict::InFile, why) };
        }
        if let Some((line, why)) = self.repeat_of(&draft, whose) {
            let above = Some(line);
            return Judged { above, ..Judged::plain(draft, Verdict::InFile, why) };
        }
        let mut why = Vec::new();
        if let Some(near) = alike.iter().find(|alike| alike.strength == Strength::Likely) {
            why.push(of_company("row-like-company", near));
        } else if let Some(near) = found.iter().find(|f| f.strength == Strength::Likely) {
            why.push(Remark::new("row-like-row").with("line", near.b.to_string()));
        }
        Judged::plain(draft, Verdict::New, why)
    }
}

impl Judged {
    /// Tells what was left out of the row. One that would bring nothing else brings nothing.
    fn without(mut self, left_out: Vec<Remark>) -> Self {
        if !left_out.is_empty() {
            if self.verdict == Verdict::InBase {
                self.verdict = Verdict::Suppressed;
            }
            self.remarks.splice(0..0, left_out);
        }
        self
    }

    /// True for a row that says what one above says, and nothing else.
    pub fn says_the_same(&self) -> bool {
        self.remarks.iter().any(|remark| remark.code == SAME)
    }

    /// The company of the base it is, where it is one.
    fn of_the_base(&self) -> Option<CompanyId> {
        let is_so = matches!(self.verdict, Verdict::Update | Verdict::InBase);
        self.company.filter(|_| is_so)
    }

    fn plain(mut draft: Draft, verdict: Verdict, mut why: Vec<Remark>) -> Self {
        why.append(&mut draft.faults);
        why.append(&mut draft.remarks);
        Self {
            draft,
            verdict,
            remarks: why,
            company: None,
            missing: Missing::default(),
            above: None,
            branch_of: None,
            is_sure: true,
            may_repeat: false,
            is_said_above: false,
        }
    }
}

fn asked(draft: &Draft) -> Asked<'_> {
    Asked { new: &draft.company, is_tax_id_repaired: draft.is_tax_id_repaired }
}

fn line_id(draft: &Draft) -> u64 {
    u64::try_from(draft.line).unwrap_or(0)
}

/// The company of the base a row certainly is: a certain match, or the same tax number.
fn same(alike: &[Alike]) -> Option<&Alike> {
    alike
        .iter()
        .find(|alike| alike.strength == Strength::Certain)
        .or_else(|| alike.iter().find(|alike| alike.has_same_tax_id()))
}

/// Why a row is nobody's: its tax number is that of one company of the base, and its name or its
/// number that of another. Whatever were taken of it would be wrong for one of the two.
fn collision(same: &Alike, met: &Met) -> Option<Remark> {
    let of_tax = met.alike.iter().find(|alike| alike.has_same_tax_id())?;
    let (by_tax, is_sure) = (&of_tax.known.company, same.strength == Strength::Certain);
    let other = if !same.has_same_tax_id() {
        &same.known.company
    } else if is_sure {
        return None;
    } else {
        met.carriers.iter().map(|(company, _)| company).find(|one| one.id != by_tax.id)?
    };
    let remark = about_company(COLLISION, by_tax);
    Some(remark.with("other", other.number.to_string()).with("called", other.name.clone()))
}

/// The numbers of a row that other companies have as well.
fn of_others(id: CompanyId, met: &Met) -> impl Iterator<Item = Remark> {
    let others = met.carriers.iter().filter(move |(company, _)| company.id != id);
    others.map(|(company, number)| {
        about_company("row-phone-of-other", company).with("phone", number.clone())
    })
}

fn of_company(code: &str, alike: &Alike) -> Remark {
    about_company(code, &alike.known.company)
}

fn about_company(code: &str, company: &Company) -> Remark {
    Remark::new(code).with("number", company.number.to_string()).with("name", company.name.clone())
}
