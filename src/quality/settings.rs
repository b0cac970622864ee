//! What the owner sets: what each part weighs, how fast each field ages, when a check is due.

use askama::Template;
use axum::extract::State;
use serde::Deserialize;

use super::{PARTS, Part, Weights, actions};
use crate::people::Viewer;
use crate::values::*;
use crate::verification::{self, Ageing, Field, Rule};
use crate::web::{Answer, App, Failed, Submitted, Ui, go, page, page_again};

#[derive(Template)]
#[template(path = "quality/views/settings.html")]
struct SettingsPage {
    ui: Ui,
    /// Each part with its weight as typed.
    weights: Vec<(Part, String)>,
    /// Each field with months and percent as typed.
    rules: Vec<(Field, String, String)>,
    names_checkers: bool,
    fields: Fields,
}

/// `GET /quality/settings`
pub async fn show(State(app): State<App>, viewer: Viewer, ui: Ui) -> Answer {
    page(&settings_page(&app, &viewer, ui).await?)
}

async fn settings_page(app: &App, viewer: &Viewer, ui: Ui) -> Outcome<SettingsPage> {
    let mut tx = app.db.read().await?;
    let weights = actions::find_weights(&mut tx, viewer.org).await?;
    let ageing = verification::actions::find_ageing(&mut tx, viewer.org).await?;
    let rules = Field::ALL.into_iter().map(|field| {
        let rule = ageing.of(field);
        (field, rule.half_life_months.to_string(), rule.due_percent.to_string())
    });
    Ok(SettingsPage {
        ui,
        weights: Part::ALL.iter().map(|part| (*part, weights.of(*part).to_string())).collect(),
        rules: rules.collect(),
        names_checkers: actions::names_checkers(&mut tx, viewer.org).await?,
        fields: Fields::default(),
    })
}

/// The weights as typed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeightsForm {
    completeness: String,
    validity: String,
    uniqueness: String,
    freshness: String,
    contactability: String,
    decision_maker: String,
}

impl WeightsForm {
    fn typed(&self) -> [&String; PARTS] {
        [
            &self.completeness,
            &self.validity,
            &self.uniqueness,
            &self.freshness,
            &self.contactability,
            &self.decision_maker,
        ]
    }
    fn read(&self) -> Weights {
        // What is no number is out of every range.
        Weights(self.typed().map(|text| text.trim().parse().unwrap_or(-1)))
    }
}

/// `POST /quality/weights`
pub async fn set_weights(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<WeightsForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match actions::set_weights(&act, &form.fields.read()).await {
        Ok(()) => go("/quality/settings"),
        Err(Error::Invalid(fields)) => {
            let shown = settings_page(&app, &viewer, ui).await?;
            let typed = form.fields.typed();
            let weights = Part::ALL.iter().zip(typed).map(|(part, text)| (*part, text.clone()));
            page_again(&SettingsPage { weights: weights.collect(), fields, ..shown })
        }
        Err(error) => Err(Failed(error)),
    }
}

/// Whether reports name who checked.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReportForm {
    #[serde(default)]
    names_checkers: String,
}

/// `POST /quality/report`
pub async fn set_report(
    State(app): State<App>,
    viewer: Viewer,
    form: Submitted<ReportForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    actions::set_names_checkers(&act, !form.fields.names_checkers.is_empty()).await?;
    go("/quality/settings")
}

/// The rules of ageing as typed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AgeingForm {
    phone_months: String,
    phone_percent: String,
    email_months: String,
    email_percent: String,
    contact_months: String,
    contact_percent: String,
    decision_maker_months: String,
    decision_maker_percent: String,
    requisites_months: String,
    requisites_percent: String,
    address_months: String,
    address_percent: String,
}

impl AgeingForm {
    fn typed(&self) -> [(Field, &String, &String); Field::ALL.len()] {
        [
            (Field::Phone, &self.phone_months, &self.phone_percent),
            (Field::Email, &self.email_months, &self.email_percent),
            (Field::Contact, &self.contact_months, &self.contact_percent),
            (Field::DecisionMaker, &self.decision_maker_months, &self.decision_maker_percent),
            (Field::Requisites, &self.requisites_months, &self.requisites_percent),
            (Field::Address, &self.address_months, &self.address_percent),
        ]
    }
    fn read(&self) -> Ageing {
        let number = |text: &String| text.trim().parse().unwrap_or(-1);
        self.typed().into_iter().fold(Ageing::default(), |all, (field, months, percent)| {
            let rule = Rule { half_life_months: number(months), due_percent: number(percent) };
            all.with(field, rule)
        })
    }
}

/// `POST /quality/ageing`
pub async fn set_ageing(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<AgeingForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    match verification::actions::set_ageing(&act, &form.fields.read()).await {
        Ok(()) => go("/quality/settings"),
        Err(Error::Invalid(fields)) => {
            let shown = settings_page(&app, &viewer, ui).await?;
            let typed = form.fields.typed().into_iter();
            let rules =
                typed.map(|(field, months, percent)| (field, months.clone(), percent.clone()));
            page_again(&SettingsPage { rules: rules.collect(), fields, ..shown })
        }
        Err(error) => Err(Failed(error)),
    }
}
