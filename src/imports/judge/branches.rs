//! Rows of one tax number that say another KPP, where a person wants the branches of a company told
//! apart: which company each of them is.
//!
//! What the base has of a tax number is read batch by batch, without what this file brought; that
//! is remembered row by row. So the forecast and the commit tell the same, and a file that is
//! brought again meets its branches by their KPP.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use linkage::duplicates::{Match, Record, Strength};
use linkage::normalise;

use super::{Draft, Found, Judge, Judged, Met, asked, line_id, same};
use crate::companies::Company;
use crate::companies::actions as companies;
use crate::companies::alike::{Alike, Known, Remark, record_of_new};
use crate::companies::ties::{Site, valid_kpp};
use crate::imports::brought::Brought;
use crate::imports::{Verdict, store};
use crate::storage::Tx;
use crate::values::*;

/// Where a company is: in the base, or in the row that brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::imports) enum Place {
    Base(CompanyId),
    Row(i64),
}

/// Which company of its tax number a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// Nobody is known by its tax number, or branches are not told apart.
    Anybody,
    /// This one.
    Of(Place),
    /// None that is known, but a branch of this one.
    BranchOf(Place),
}

/// Companies of one tax number, as the rows above tell of them.
#[derive(Debug, Default)]
struct Family {
    first: Option<Place>,
    by_kpp: HashMap<String, Place>,
    /// Those whose KPP a row says.
    placed: HashSet<Place>,
    /// Each with the first row about it.
    lines: HashMap<Place, i64>,
}

/// Keys that would take as much as a family takes besides those it holds: it has tables of its own.
const FAMILY_KEYS: usize = 8;

impl Family {
    /// How many keys it takes.
    fn kept(&self) -> usize {
        let held = self.lines.len() + self.by_kpp.len() + self.placed.len();
        if held == 0 { 0 } else { FAMILY_KEYS + held }
    }
}

/// What is remembered of the rows above.
#[derive(Debug, Default)]
pub(super) struct Families {
    by_tax_id: HashMap<String, Family>,
    /// How many keys they take.
    families_kept: usize,
    /// The company that each row is.
    places: HashMap<i64, Place>,
    /// The rows that brought companies, where an earlier run wrote them.
    written: HashMap<CompanyId, i64>,
}

/// The companies of one tax number in the base. A company may have thousands of branches, so that
/// none is searched for among all.
#[derive(Debug, Default)]
struct Entity {
    /// The oldest first.
    sites: Vec<Site>,
    /// Where each company stands among them.
    places: HashMap<CompanyId, usize>,
    by_kpp: HashMap<String, CompanyId>,
    /// Those of whom a KPP is known.
    placed: HashSet<CompanyId>,
    /// The others, the oldest first.
    open: Vec<CompanyId>,
    /// The oldest that is no branch of another one.
    head: Option<CompanyId>,
}

impl Entity {
    fn of(sites: Vec<Site>) -> Self {
        let head = sites.iter().find(|site| !site.is_branch).or(sites.first());
        let mut entity = Self { head: head.map(|site| site.company), ..Self::default() };
        for (at, site) in sites.iter().enumerate() {
            entity.places.entry(site.company).or_insert(at);
            if let Some(kpp) = &site.kpp {
                entity.by_kpp.entry(kpp.clone()).or_insert(site.company);
                entity.placed.insert(site.company);
            }
        }
        for (at, site) in sites.iter().enumerate() {
            let is_first = entity.places.get(&site.company) == Some(&at);
            if is_first && !entity.placed.contains(&site.company) {
                entity.open.push(site.company);
            }
        }
        Self { sites, ..entity }
    }

    fn site(&self, place: Place) -> Option<&Site> {
        match place {
            Place::Base(company) => self.sites.get(*self.places.get(&company)?),
            Place::Row(_) => None,
        }
    }
}

/// What the base knows of the tax numbers of a batch.
#[derive(Debug, Default)]
pub(super) struct Sites {
    by_tax_id: HashMap<String, Entity>,
    /// Those whom no comparison finds, for too many have their tax number.
    known: HashMap<CompanyId, Known>,
    /// Imports that told branches apart.
    apart: HashSet<ImportId>,
}

impl Sites {
    fn of(&self, draft: &Draft) -> Option<&Entity> {
        self.by_tax_id.get(draft.company.tax_id.as_ref()?)
    }
}

impl Families {
    /// How many keys are kept.
    pub fn kept(&self) -> usize {
        self.families_kept + self.places.len() + self.written.len()
    }

    fn family(&self, draft: &Draft) -> Option<&Family> {
        self.by_tax_id.get(draft.company.tax_id.as_ref()?)
    }

    /// Which company of its tax number a row is, by the rows above and by the base.
    fn whose(&self, draft: &Draft, entity: Option<&Entity>) -> Whose {
        let (no_family, no_entity) = (Family::default(), Entity::default());
        let family = self.family(draft).unwrap_or(&no_family);
        let entity = entity.unwrap_or(&no_entity);
        let Some(head) = entity.head.map(Place::Base).or(family.first) else {
            return Whose::Anybody;
        };
        let Some(kpp) = valid_kpp(draft.company.kpp.as_deref()) else { return Whose::Of(head) };
        if let Some(place) = family.by_kpp.get(&kpp) {
            return Whose::Of(*place);
        }
        if let Some(company) = entity.by_kpp.get(&kpp) {
            return Whose::Of(Place::Base(*company));
        }
        // One whose KPP nobody has said yet.
        let has_none = |place: &Place| match place {
            Place::Base(company) => !entity.placed.contains(company),
            Place::Row(_) => true,
        };
        let first = family.first.filter(has_none);
        let mut open = entity.open.iter().map(|company| Place::Base(*company)).chain(first);
        let found = open.find(|place| !family.placed.contains(place));
        found.map_or(Whose::BranchOf(head), Whose::Of)
    }

    /// True for a company that has this tax number.
    fn has(&self, draft: &Draft, entity: Option<&Entity>, place: Place) -> bool {
        entity.is_some_and(|entity| entity.site(place).is_some())
            || self.family(draft).is_some_and(|family| family.lines.contains_key(&place))
    }

    fn note(&mut self, draft: &Draft, place: Place) {
        self.places.insert(draft.line, place);
        let Some(tax_id) = draft.company.tax_id.clone() else { return };
        let family = self.by_tax_id.entry(tax_id).or_default();
        let before = family.kept();
        family.first.get_or_insert(place);
        family.lines.entry(place).or_insert(draft.line);
        if let Some(kpp) = valid_kpp(draft.company.kpp.as_deref()) {
            family.by_kpp.entry(kpp).or_insert(place);
            family.placed.insert(place);
        }
        self.families_kept += family.kept() - before;
    }
}

impl Judge {
    /// What the base has of the tax numbers of these rows.
    pub(super) async fn look_up_sites(
        &self,
        tx: &mut Tx,
        (drafts, met): (&[&Draft], &[Met]),
    ) -> Outcome<Sites> {
        let mut sites = Sites::default();
        if self.families.is_none() {
            return Ok(sites);
        }
        let tax_ids: HashSet<&String> =
            drafts.iter().filter_map(|draft| draft.company.tax_id.as_ref()).collect();
        let tax_ids: Vec<String> = tax_ids.into_iter().cloned().collect();
        let aside = (self.org, Some(self.import));
        let mut of_numbers: HashMap<String, Vec<Site>> = HashMap::new();
        for site in companies::list_sites(tx, aside, &tax_ids).await? {
            of_numbers.entry(site.tax_id.clone()).or_default().push(site);
        }
        let entities = of_numbers.into_iter().map(|(tax_id, all)| (tax_id, Entity::of(all)));
        sites.by_tax_id = entities.collect();
        let mut unmet: HashSet<CompanyId> = HashSet::new();
        for (draft, met) in drafts.iter().zip(met) {
            let Some(entity) = sites.of(draft) else { continue };
            let kpp = valid_kpp(draft.company.kpp.as_deref());
            let own = kpp.and_then(|kpp| entity.by_kpp.get(&kpp));
            let may_be = entity.open.iter().chain(own).chain(&entity.head).copied();
            let is_met = |id: &CompanyId| met.alike.iter().any(|one| one.known.company.id == *id);
            unmet.extend(may_be.filter(|id| !is_met(id)));
        }
        let unmet: Vec<CompanyId> = unmet.into_iter().collect();
        for known in companies::list_known(tx, self.org, &unmet).await? {
            sites.known.insert(known.company.id, known);
        }
        sites.apart = store::list_apart(tx, self.org).await?;
        Ok(sites)
    }

    /// Which company of its tax number a row is.
    pub(super) fn whose(&self, draft: &Draft, found: &Found) -> Whose {
        match &self.families {
            Some(families) => families.whose(draft, found.sites.of(draft)),
            None => Whose::Anybody,
        }
    }

    /// What the base has of a row, without the companies of its tax number that it is not.
    pub(super) fn narrowed<'a>(
        &self,
        (draft, whose): (&Draft, Whose),
        met: &'a Met,
        found: &Found,
    ) -> Cow<'a, Met> {
        let Some(families) = self.families.as_ref().filter(|_| whose != Whose::Anybody) else {
            return Cow::Borrowed(met);
        };
        let entity = found.sites.of(draft);
        let is_it = |company: CompanyId| {
            let place = Place::Base(company);
            whose == Whose::Of(place) || !families.has(draft, entity, place)
        };
        let mut met = met.clone();
        met.alike.retain(|alike| is_it(alike.known.company.id));
        met.carriers.retain(|(company, _)| is_it(company.id));
        if let Whose::Of(Place::Base(id)) = whose
            && !met.alike.iter().any(|alike| alike.known.company.id == id)
            && let Some(known) = found.sites.known.get(&id)
        {
            let reasons = vec![same_tax_id(draft)];
            let (known, strength) = (known.clone(), Strength::Certain);
            met.alike.insert(0, Alike { known, strength, reasons });
        }
        Cow::Owned(met)
    }

    /// The company of the base that a row certainly is.
    pub(super) fn same_of(&self, draft: &Draft, met: &Met, found: &Found) -> Option<CompanyId> {
        let met = self.narrowed((draft, self.whose(draft, found)), met, found);
        same(&met.alike).map(|same| same.known.company.id)
    }

    /// True for a company that was removed and was another branch than a row is.
    pub(super) fn is_other_branch(&self, draft: &Draft, gone: &Company) -> bool {
        let of = |kpp: &Option<String>| valid_kpp(kpp.as_deref());
        let both = of(&draft.company.kpp).zip(of(&gone.kpp));
        self.families.is_some() && both.is_some_and(|(one, other)| one != other)
    }

    /// True where what became of the row in an earlier import becomes of it in this one, too: that
    /// one may have taken branches for one company.
    pub(super) fn holds(&self, whose: Whose, brought: &Brought, found: &Found) -> bool {
        whose == Whose::Anybody
            || whose == Whose::Of(Place::Base(brought.company))
            || found.sites.apart.contains(&brought.import)
    }

    /// The comparable parts of a row.
    pub(super) fn record(&self, draft: &Draft) -> Record {
        let record = record_of_new(line_id(draft), &asked(draft), self.census.crowded());
        let kpp = draft.company.kpp.as_deref().filter(|_| self.families.is_some());
        Record { branch: kpp.and_then(|kpp| normalise::kpp(kpp).ok()), ..record }
    }

    /// Leaves out of the rows above that a row may repeat those of other companies of its tax
    /// number.
    pub(super) fn retain_own(
        &self,
        (draft, whose): (&Draft, Whose),
        matches: &mut Vec<Match>,
        found: &Found,
    ) {
        let Some(families) = self.families.as_ref().filter(|_| whose != Whose::Anybody) else {
            return;
        };
        let entity = found.sites.of(draft);
        matches.retain(|one| {
            let line = i64::try_from(one.b).unwrap_or(0);
            let place = families.places.get(&line).copied().unwrap_or(Place::Row(line));
            whose == Whose::Of(place) || !families.has(draft, entity, place)
        });
    }

    /// A repeat of the row that brought, or is about, the company of its tax number that a row is,
    /// where no comparison finds that.
    pub(super) fn repeat_of(&self, draft: &Draft, whose: Whose) -> Option<(i64, Vec<Remark>)> {
        let Whose::Of(place) = whose else { return None };
        let line = *self.families.as_ref()?.family(draft)?.lines.get(&place)?;
        let why = Remark::new("row-repeats").with("line", line.to_string());
        Some((line, vec![why, draft.columns.placed(same_tax_id(draft))]))
    }

    /// A row of a new company, where that is a branch of one that is known.
    pub(super) fn as_branch(&self, judged: Judged, whose: Whose, found: &Found) -> Judged {
        let Whose::BranchOf(head) = whose else { return judged };
        if judged.verdict != Verdict::New {
            return judged;
        }
        let site = found.sites.of(&judged.draft).and_then(|entity| entity.site(head));
        let line = || {
            let families = self.families.as_ref()?;
            families.family(&judged.draft)?.lines.get(&head).copied()
        };
        let why = match site {
            Some(site) => {
                let why = Remark::new("row-is-branch").with("number", site.number.to_string());
                why.with("name", site.name.clone())
            }
            None => {
                let line = line().unwrap_or_default();
                Remark::new("row-is-branch-of-row").with("line", line.to_string())
            }
        };
        let mut remarks = judged.remarks;
        remarks.insert(0, why);
        Judged { remarks, branch_of: Some(head), ..judged }
    }

    /// Remembers which company a row is, so that those below are told from it.
    pub(super) fn note(&mut self, judged: &Judged) {
        if self.families.is_none() || !self.is_met_again(&judged.draft) {
            return;
        }
        let draft = &judged.draft;
        let place = match (judged.verdict, judged.company) {
            (Verdict::New, _) => Some(Place::Row(draft.line)),
            (Verdict::Update | Verdict::InBase, Some(company)) => Some(Place::Base(company)),
            (Verdict::InFile, _) => judged.above.map(|above| self.place_of(above)),
            _ => None,
        };
        self.note_at(draft, place);
    }

    fn place_of(&self, line: i64) -> Place {
        let families = self.families.as_ref();
        let known = families.and_then(|families| families.places.get(&line).copied());
        known.unwrap_or(Place::Row(line))
    }

    fn note_at(&mut self, draft: &Draft, place: Option<Place>) {
        if let Some((families, place)) = self.families.as_mut().zip(place) {
            families.note(draft, place);
        }
    }

    /// Remembers a row that an earlier run wrote; says whether one below may repeat it.
    pub fn remember_written(
        &mut self,
        draft: &Draft,
        (verdict, company): (Verdict, Option<CompanyId>),
    ) -> bool {
        let is_of_the_base = matches!(verdict, Verdict::Update | Verdict::InBase);
        let is_met = company.is_some() && self.is_met_again(draft);
        if let Some(families) = self.families.as_mut().filter(|_| is_met) {
            if verdict == Verdict::New {
                families.written.extend(company.map(|company| (company, draft.line)));
            }
            let row = company.and_then(|company| families.written.get(&company).copied());
            let place = row.map(Place::Row).or(company.map(Place::Base));
            self.note_at(draft, place);
        }
        self.remember(draft, is_of_the_base)
    }
}

fn same_tax_id(draft: &Draft) -> Remark {
    let tax_id = draft.company.tax_id.clone().unwrap_or_default();
    Remark::new("same_tax_id").with("tax_id", tax_id).with("carriers", "1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::companies::NewCompany;

    const HEAD: &str = "771401001";
    const BRANCH: &str = "690143001";

    fn row(line: i64, kpp: &str) -> Draft {
        let kpp = Some(kpp.to_owned()).filter(|kpp| !kpp.is_empty());
        let tax_id = Some("7714239823".to_owned());
        let company = NewCompany { tax_id, kpp, ..NewCompany::default() };
        Draft { line, company, ..Draft::default() }
    }

    fn site(company: CompanyId, number: i64, kpp: Option<&str>) -> Site {
        Site {
            tax_id: "7714239823".to_owned(),
            kpp: kpp.map(str::to_owned),
            company,
            number,
            name: "Лён".to_owned(),
            is_branch: false,
        }
    }

    #[test]
    fn a_row_is_of_its_kpp_or_of_who_has_none_yet_or_a_branch_of_the_first() {
        let [one, two] = [1, 2].map(|_| CompanyId::fresh(Instant(1)));
        let (first, second) = (Place::Base(one), Place::Base(two));
        let both = |kpp| vec![site(one, 1, Some(HEAD)), site(two, 2, kpp)];
        let families = Families::default();
        for (sites, kpp, expected) in [
            (Vec::new(), HEAD, Whose::Anybody),
            (both(Some(BRANCH)), HEAD, Whose::Of(first)),
            (both(Some(BRANCH)), BRANCH, Whose::Of(second)),
            (both(Some(BRANCH)), "", Whose::Of(first)),
            (both(Some(BRANCH)), "540443001", Whose::BranchOf(first)),
            (both(None), "540443001", Whose::Of(second)),
            (both(None), HEAD, Whose::Of(first)),
        ] {
            let entity = Entity::of(sites);
            let whose = families.whose(&row(1, kpp), Some(&entity));
            assert_eq!(whose, expected, "{entity:?} {kpp}");
        }
        let mut sites = both(Some(BRANCH));
        sites[0].is_branch = true;
        let entity = Entity::of(sites);
        assert_eq!(families.whose(&row(1, ""), Some(&entity)), Whose::Of(second), "the head");
        // One into which another record was merged has the KPP of both, and is open for no third.
        let merged = Entity::of(vec![site(one, 1, None), site(one, 1, Some(BRANCH))]);
        for (kpp, expected) in [(BRANCH, Whose::Of(first)), (HEAD, Whose::BranchOf(first))] {
            assert_eq!(families.whose(&row(1, kpp), Some(&merged)), expected, "{kpp}");
        }
    }

    #[test]
    fn rows_above_are_told_from_those_below() {
        let mut families = Families::default();
        assert_eq!(families.whose(&row(1, ""), None), Whose::Anybody);
        families.note(&row(1, ""), Place::Row(1));
        let first = Place::Row(1);
        assert_eq!(families.whose(&row(2, HEAD), None), Whose::Of(first), "it had no KPP yet");
        families.note(&row(2, HEAD), first);
        assert_eq!(families.whose(&row(3, BRANCH), None), Whose::BranchOf(first));
        families.note(&row(3, BRANCH), Place::Row(3));
        assert_eq!(families.whose(&row(4, BRANCH), None), Whose::Of(Place::Row(3)));
        assert_eq!(families.whose(&row(5, ""), None), Whose::Of(first));
        assert!(families.has(&row(5, ""), None, Place::Row(3)));
        assert!(!families.has(&row(5, ""), None, Place::Row(4)));
        let kept = families.kept();
        families.note(&row(4, BRANCH), Place::Row(3));
        assert_eq!(families.kept(), kept + 1, "a repeat takes its place, and nothing else");
        families.note(&row(5, "540443001"), Place::Row(5));
        assert_eq!(families.kept(), kept + 5, "one more of the family takes four keys");
    }
}
