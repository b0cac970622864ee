//! Who is paid by a plan, and on which terms: rates, quotas with their ramp, a floor under a month.

use askama::Template;
use axum::extract::{Path, State};
use compensation::{DrawTerms, Quota};
use serde::Deserialize;

use super::super::actions::{self, Agreed, NewAssignment};
use super::super::plan::{Assignment, Version};
use super::super::terms::Terms;
use super::super::{agreed, wording};
use super::groups::{self, Control, Group};
use super::typed::{
    calendar_day, day_text, level_text, missing, money, not_read, optional_sum, part, pay,
    pay_text, sum_text, tick, typed, unknown,
};
use super::{day, number, plans};
use crate::people::{self, Viewer};
use crate::values::*;
use crate::web::errors::status;
use crate::web::{Answer, App, Submitted, Ui, go, page, page_as};

/// An assignment as it is typed. Whom and until when is said where somebody is assigned; from which
/// day, what and on which terms also where they are agreed anew.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgreedForm {
    /// The state of the assignment that the form was filled from.
    revision: String,
    user: String,
    day: String,
    until: String,
    salary: String,
    rates: String,
    quota: String,
    quota_unit: String,
    quota_target: String,
    quota_ramp: String,
    quota_by_days: String,
    other: String,
    other_unit: String,
    other_target: String,
    other_ramp: String,
    other_by_days: String,
    floor_kind: String,
    floor: String,
    floor_from: String,
    floor_until: String,
    recover_from: String,
    recover_until: String,
    floor_by_days: String,
}

/// The names of the fields of a quota: name, unit, target, ramp, by days.
type QuotaNames = [&'static str; 5];

const QUOTA: QuotaNames = ["quota", "quota_unit", "quota_target", "quota_ramp", "quota_by_days"];
const OTHER: QuotaNames = ["other", "other_unit", "other_target", "other_ramp", "other_by_days"];

impl AgreedForm {
    /// A form in which nothing is typed yet.
    pub(super) fn blank() -> Self {
        Self { quota_unit: "money".to_owned(), other_unit: "money".to_owned(), ..Self::default() }
    }

    /// The terms that are meant.
    pub(in crate::pay) fn terms(&self, currency: Currency) -> Outcome<Terms> {
        let mut terms = Terms { draw: self.draw(currency)?, ..Terms::default() };
        for line in self.rates.lines().filter_map(typed) {
            let (code, pays) = line.rsplit_once(':').ok_or_else(|| not_read("rates"))?;
            let code = typed(code).ok_or_else(|| not_read("rates"))?;
            if terms.rates.insert(code.into(), pay("rates", pays, currency)?).is_some() {
                return Err(twice("rates", code));
            }
        }
        for (names, values) in [(QUOTA, self.quota_values()), (OTHER, self.other_values())] {
            let Some((name, quota)) = quota(names, values, currency)? else { continue };
            if terms.quotas.insert(name.into(), quota).is_some() {
                return Err(twice("other", name));
            }
        }
        Ok(terms)
    }

    fn quota_values(&self) -> [&str; 5] {
        [&self.quota, &self.quota_unit, &self.quota_target, &self.quota_ramp, &self.quota_by_days]
    }

    fn other_values(&self) -> [&str; 5] {
        [&self.other, &self.other_unit, &self.other_target, &self.other_ramp, &self.other_by_days]
    }

    fn draw(&self, currency: Currency) -> Outcome<Option<DrawTerms>> {
        let recoverable = match self.floor_kind.as_str() {
            "" => {
                let all = [
                    &self.floor,
                    &self.floor_from,
                    &self.floor_until,
                    &self.recover_from,
                    &self.recover_until,
                    &self.floor_by_days,
                ];
                let is_bare = all.into_iter().all(|text| typed(text).is_none());
                return if is_bare { Ok(None) } else { Err(missing("floor_kind")) };
            }
            "advance" => true,
            "guarantee" => false,
            _ => return Err(unknown("floor_kind")),
        };
        let recover_from = calendar_day("recover_from", &self.recover_from)?;
        let recover_until = calendar_day("recover_until", &self.recover_until)?;
        if !recoverable && (recover_from.is_some() || recover_until.is_some()) {
            return Err(Fields::one("floor_kind", "pay-not-owed-back"));
        }
        let floor = typed(&self.floor).ok_or_else(|| missing("floor"))?;
        Ok(Some(DrawTerms {
            floor: money("floor", floor, currency)?,
            recoverable,
            from: calendar_day("floor_from", &self.floor_from)?,
            until: calendar_day("floor_until", &self.floor_until)?,
            recover_from,
            recover_until,
            prorated: !self.floor_by_days.is_empty(),
        }))
    }

    fn salary(&self, currency: Currency) -> Outcome<Money> {
        let sum = optional_sum("salary", &self.salary, currency)?;
        Ok(sum.unwrap_or(Money::new(0, currency)))
    }

    /// Whom, from when until when, and with which salary.
    fn assignment(&self, plan: PlanId, currency: Currency) -> Outcome<NewAssignment> {
        let person = typed(&self.user).ok_or_else(|| missing("user"))?;
        Ok(NewAssignment {
            person: person.parse().map_err(|_| unknown("user"))?,
            plan,
            from: day("day", &self.day)?,
            until: typed(&self.until).map(|text| day("until", text)).transpose()?,
            salary: self.salary(currency)?,
        })
    }

    fn agreed(&self, currency: Currency) -> Outcome<Agreed> {
        // Whom and until when is not changed by terms.
        for (field, text) in [("user", &self.user), ("until", &self.until)] {
            if !text.is_empty() {
                return Err(unknown(field));
            }
        }
        let revision = typed(&self.revision).map(|text| number("revision", text));
        Ok(Agreed {
            revision: revision.transpose()?,
            from: day("day", &self.day)?,
            salary: Some(self.salary(currency)?),
            terms: self.terms(currency)?,
        })
    }

    /// The form of terms; nothing where they say more than the form holds.
    pub(in crate::pay) fn of(terms: &Terms, currency: Currency) -> Option<Self> {
        let mut form = Self::blank();
        let rate = |(code, pays): (&compensation::Name, &compensation::Pay)| {
            format!("{code}: {}", pay_text(*pays, currency))
        };
        form.rates = terms.rates.iter().map(rate).collect::<Vec<_>>().join("\n");
        let told = |(name, quota): (&compensation::Name, &Quota)| written(name, quota, currency);
        let mut quotas = terms.quotas.iter().map(told);
        if let Some(values) = quotas.next() {
            [form.quota, form.quota_unit, form.quota_target, form.quota_ramp, form.quota_by_days] =
                values;
        }
        if let Some(values) = quotas.next() {
            [form.other, form.other_unit, form.other_target, form.other_ramp, form.other_by_days] =
                values;
        }
        if let Some(draw) = &terms.draw {
            form.floor_kind =
                if draw.recoverable { "advance".to_owned() } else { "guarantee".to_owned() };
            form.floor = sum_text(draw.floor.minor(), currency);
            form.floor_from = day_text(draw.from);
            form.floor_until = day_text(draw.until);
            form.recover_from = day_text(draw.recover_from);
            form.recover_until = day_text(draw.recover_until);
            form.floor_by_days = tick(draw.prorated);
        }
        let read = form.terms(currency).ok()?;
        (read == *terms).then_some(form)
    }

    /// The form of an assignment as it stands.
    fn standing(assignment: &Assignment, viewer: &Viewer) -> Option<Self> {
        let form = Self::of(&assignment.terms, viewer.currency)?;
        let salary = Some(assignment.salary.minor).filter(|minor| *minor > 0);
        Some(Self {
            revision: assignment.revision.to_string(),
            day: assignment.starts_at.day(&viewer.zone).to_string(),
            salary: salary.map_or(String::new(), |minor| sum_text(minor, viewer.currency)),
            ..form
        })
    }

    /// Every control with what stands in it; of a new assignment with those who may be chosen.
    pub(super) fn groups(
        &self,
        ui: &Ui,
        people: Option<Vec<(String, String)>>,
        (version, has_salary): (Option<&Version>, bool),
    ) -> Vec<Group> {
        let mut whom = Vec::new();
        let is_new = people.is_some();
        if let Some(people) = people {
            let choose = (String::new(), ui.t("pay-choose"));
            let choices = [choose].into_iter().chain(people).collect();
            whom.push(Control::record("user", ui.t("pay-person"), &self.user, choices).needed());
        }
        let from = Control::day("day", ui.t("pay-from-day"), &self.day).needed();
        whom.push(from.telling(&["from"]));
        if is_new {
            whom.push(Control::day("until", ui.t("pay-last-day"), &self.until));
        }
        let salary = Control::line("salary", ui.t("pay-salary"), &self.salary);
        whom.push(if has_salary { salary } else { salary.hinted(ui.t("pay-no-salary-line")) });
        let hint = ui.ta("pay-terms-rates-hint", "lines", lines(ui, version));
        let rates = Control::rows("rates", ui.t("pay-terms-rates"), &self.rates).hinted(hint);
        let quotas = ui.ta("pay-terms-quota-hint", "quotas", quotas_of(version));
        let first = self.quota_values();
        let second = self.other_values();
        let quotas: Vec<Control> = quota_controls(ui, (QUOTA, first), &quotas)
            .into_iter()
            .chain(quota_controls(ui, (OTHER, second), &quotas))
            .collect();
        vec![
            Group::open(ui.t("pay-terms-whom"), whom),
            Group::folded(ui.t("pay-terms-rates-title"), "", vec![rates]),
            Group::folded(ui.t("pay-terms-quotas"), "quotas", quotas),
            Group::folded(ui.t("pay-terms-floor"), "draw", self.floor_controls(ui))
                .hinted(ui.t("pay-terms-floor-hint")),
        ]
    }

    fn floor_controls(&self, ui: &Ui) -> Vec<Control> {
        let kinds = ["", "advance", "guarantee"].map(|code| {
            let word = if code.is_empty() { "none" } else { code };
            (code, ui.tc("pay-floor-", word))
        });
        vec![
            Control::choice(
                "floor_kind",
                ui.t("pay-terms-floor-kind"),
                &self.floor_kind,
                kinds.into(),
            ),
            Control::line("floor", ui.t("pay-terms-floor-sum"), &self.floor),
            Control::day("floor_from", ui.t("pay-terms-floor-from"), &self.floor_from),
            Control::day("floor_until", ui.t("pay-terms-floor-until"), &self.floor_until),
            Control::day("recover_from", ui.t("pay-terms-recover-from"), &self.recover_from),
            Control::day("recover_until", ui.t("pay-terms-recover-until"), &self.recover_until),
            Control::tick("floor_by_days", ui.t("pay-terms-floor-by-days"), &self.floor_by_days),
        ]
    }
}

fn twice(field: &'static str, what: &str) -> Error {
    let mut fields = Fields::default();
    fields.note_with(field, "pay-fault-twice", vec![("what", what.to_owned())]);
    Error::Invalid(fields)
}

/// A quota with its name; nothing where nothing is typed.
fn quota(
    names: QuotaNames,
    [name, unit, target, ramp, by_days]: [&str; 5],
    currency: Currency,
) -> Outcome<Option<(&str, Quota)>> {
    let Some(name) = typed(name) else {
        let is_bare = [target, ramp, by_days].into_iter().all(|text| typed(text).is_none());
        return if is_bare { Ok(None) } else { Err(missing(names[0])) };
    };
    let target = typed(target).ok_or_else(|| missing(names[2]))?;
    let target = match unit {
        "money" => compensation::Level::Money(money(names[2], target, currency)?),
        "count" => compensation::Level::Whole(number(names[2], target)?),
        _ => return Err(unknown(names[1])),
    };
    let parts = ramp.split(';').filter_map(typed).map(|text| part(names[3], text));
    let ramp = parts.collect::<Outcome<Vec<_>>>()?;
    Ok(Some((name, Quota { target, ramp, prorated: !by_days.is_empty() })))
}

fn written(name: &str, quota: &Quota, currency: Currency) -> [String; 5] {
    let is_money = matches!(quota.target, compensation::Level::Money(_));
    let ramp: Vec<String> = quota.ramp.iter().map(ToString::to_string).collect();
    [
        name.to_owned(),
        if is_money { "money".to_owned() } else { "count".to_owned() },
        level_text(quota.target, currency),
        ramp.join("; "),
        tick(quota.prorated),
    ]
}

fn quota_controls(
    ui: &Ui,
    (names, [name, unit, target, ramp, by_days]): (QuotaNames, [&str; 5]),
    hint: &str,
) -> [Control; 5] {
    let units = ["money", "count"].map(|code| (code, ui.tc("pay-unit-", code)));
    [
        Control::line(names[0], ui.t("pay-terms-quota"), name).hinted(hint.to_owned()),
        Control::choice(names[1], ui.t("pay-terms-quota-unit"), unit, units.into()),
        Control::line(names[2], ui.t("pay-terms-quota-target"), target),
        Control::line(names[3], ui.t("pay-terms-ramp"), ramp).hinted(ui.t("pay-terms-ramp-hint")),
        Control::tick(names[4], ui.t("pay-terms-quota-by-days"), by_days),
    ]
}

/// The lines of a version that may have a rate of somebody's own.
fn lines(ui: &Ui, version: Option<&Version>) -> String {
    use compensation::Rate;
    let components = version.into_iter().flat_map(|version| &version.body.components);
    let fitting = components.filter(|one| !matches!(one.rate, Rate::Table(_) | Rate::Salary));
    let told = fitting.map(|one| format!("{} ({})", one.code, wording::component(ui, &one.code)));
    told.collect::<Vec<_>>().join(", ")
}

/// The quotas that lines of a version are held against.
fn quotas_of(version: Option<&Version>) -> String {
    let components = version.into_iter().flat_map(|version| &version.body.components);
    let mut names: Vec<&str> =
        components.filter_map(|one| one.quota.as_ref()).map(|name| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() { "—".to_owned() } else { names.join(", ") }
}

/// `POST /pay/plans/{plan}/assignments`
pub async fn assign(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(plan): Path<PlanId>,
    form: Submitted<AgreedForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let form = form.fields;
    let read = form.assignment(plan, viewer.currency);
    let read = read.and_then(|new| Ok((new, form.terms(viewer.currency)?)));
    let made = match read {
        Ok((new, terms)) => actions::assign_on(&act, new, terms).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(_) => go(format!("/pay/plans/{plan}")),
        Err(error) => plans::assign_again((&app, &viewer), ui, plan, (&form, error)).await,
    }
}

#[derive(Template)]
#[template(path = "pay/views/terms.html")]
struct TermsPage {
    ui: Ui,
    id: AnyId,
    plan: PlanId,
    name: String,
    who: String,
    days: String,
    agreed: Vec<String>,
    /// The state that the form was filled from.
    revision: String,
    /// Nothing where the terms say more than the form holds.
    groups: Vec<Group>,
    problems: Vec<String>,
    /// True while no last day is said.
    may_end: bool,
}

/// `GET /pay/assignments/{assignment}/terms`: what was agreed with somebody, to be agreed anew.
pub async fn show_terms(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<AnyId>,
) -> Answer {
    page(&terms_page((&app, &viewer), ui, id, (None, &Fields::default())).await?)
}

async fn terms_page(
    (app, viewer): (&App, &Viewer),
    ui: Ui,
    id: AnyId,
    (form, fields): (Option<&AgreedForm>, &Fields),
) -> Outcome<TermsPage> {
    let mut tx = app.db.read().await?;
    let (plans, versions, assignments) = actions::list_plans(&mut tx, viewer.org).await?;
    let found = assignments.into_iter().find(|one| one.id == id).ok_or(Error::NotFound)?;
    let plan = plans.into_iter().find(|plan| plan.id == found.plan).ok_or(Error::NotFound)?;
    let person = people::actions::find_user(&mut tx, viewer.org, found.person).await?;
    let version = versions.iter().rfind(|version| version.plan == found.plan);
    let of = (version, version.is_some_and(plans::pays_salary));
    let form = form.cloned().or_else(|| AgreedForm::standing(&found, viewer));
    let revision = form.as_ref().map_or(String::new(), |form| form.revision.clone());
    let mut groups = form.map(|form| form.groups(&ui, None, of)).unwrap_or_default();
    Ok(TermsPage {
        revision,
        id,
        plan: found.plan,
        name: plan.name,
        who: person.map_or(String::new(), |person| person.name),
        days: plans::days(&ui, &found),
        agreed: agreed::all(&ui, &found),
        problems: groups::tell(&ui, &mut groups, fields),
        groups,
        may_end: found.ends_at.is_none(),
        ui,
    })
}

/// `POST /pay/assignments/{assignment}/terms`
pub async fn change_terms(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<AnyId>,
    form: Submitted<AgreedForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let form = form.fields;
    let made = match form.agreed(viewer.currency) {
        Ok(agreed) => actions::change_terms(&act, id, agreed).await,
        Err(error) => Err(error),
    };
    let error = match made {
        Ok(next) => return go(format!("/pay/assignments/{next}/terms")),
        Err(error) => error,
    };
    let status = status(&error);
    let (fields, mut problems) = groups::refused(&ui, error)?;
    let mut shown = terms_page((&app, &viewer), ui, id, (Some(&form), &fields)).await?;
    problems.append(&mut shown.problems);
    page_as(status, &TermsPage { problems, ..shown })
}

/// The last day of an assignment.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndForm {
    day: String,
}

/// `POST /pay/assignments/{assignment}/end`
pub async fn end_assignment(
    State(app): State<App>,
    viewer: Viewer,
    Path(id): Path<AnyId>,
    form: Submitted<EndForm>,
) -> Answer {
    let last = day("day", &form.fields.day)?;
    actions::end_assignment(&viewer.act(&app, form.key), id, last).await?;
    go(format!("/pay/assignments/{id}/terms"))
}
