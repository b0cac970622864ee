//! The dictionary of reasons on the screen.

use askama::Template;
use axum::extract::{Path, State as Web};

use crate::campaigns::dictionary::{self, ReasonForm};
use crate::people::Viewer;
use crate::values::*;
use crate::web::errors::form_again;
use crate::web::forms::tick;
use crate::web::{Answer, App, Submitted, Ui, go, page, page_as};

/// A reason on the page: as it stands, or as it was typed and refused.
struct Shown {
    code: String,
    form: ReasonForm,
    fields: Fields,
}

#[derive(Template)]
#[template(path = "campaigns/views/reasons.html")]
struct ReasonsPage {
    ui: Ui,
    reasons: Vec<Shown>,
    /// A new one as it was typed.
    fresh: Shown,
    refused: Option<String>,
}

impl ReasonsPage {
    /// What a reason is called in the reader's language.
    fn label<'a>(&self, reason: &'a Shown) -> &'a str {
        match self.ui.lang {
            Lang::Ru => &reason.form.label_ru,
            Lang::En => &reason.form.label_en,
        }
    }
    /// When one asks again.
    fn days(&self, reason: &Shown) -> String {
        match reason.form.reentry_days.parse::<i64>() {
            Ok(days) => self.ui.n("campaign-reentry", days),
            Err(_) => self.ui.t("reason-never"),
        }
    }
}

/// `GET /reasons`
pub async fn reasons(Web(app): Web<App>, viewer: Viewer, ui: Ui) -> Answer {
    dictionary::check_keeps(&viewer)?;
    page(&read(&app, &viewer, ui).await?)
}

async fn read(app: &App, viewer: &Viewer, ui: Ui) -> Outcome<ReasonsPage> {
    let all = dictionary::list_all(&mut app.db.read().await?, viewer.org).await?;
    let shown = all.into_iter().map(|(reason, is_retired)| Shown {
        code: reason.code,
        form: ReasonForm {
            label_ru: reason.label_ru,
            label_en: reason.label_en,
            reentry_days: reason.reentry_days.map(|days| days.to_string()).unwrap_or_default(),
            offer_ru: reason.offer_ru,
            offer_en: reason.offer_en,
            retired: tick(is_retired),
        },
        fields: Fields::default(),
    });
    let (form, fields) = (ReasonForm::default(), Fields::default());
    let fresh = Shown { code: String::new(), form, fields };
    Ok(ReasonsPage { reasons: shown.collect(), fresh, refused: None, ui })
}

/// The page again with what was typed and what is wrong with it; an empty code for a new one.
async fn again(
    (app, viewer, ui): (&App, &Viewer, Ui),
    (code, form): (&str, ReasonForm),
    error: Error,
) -> Answer {
    let (status, fields, refused) = form_again(ui.lang, error)?;
    let mut shown = ReasonsPage { refused, ..read(app, viewer, ui).await? };
    let typed = Shown { code: code.to_owned(), form, fields };
    match shown.reasons.iter_mut().find(|one| one.code == code) {
        Some(one) => *one = typed,
        None => shown.fresh = typed,
    }
    page_as(status, &shown)
}

/// `POST /reasons`
pub async fn add_reason(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    form: Submitted<ReasonForm>,
) -> Answer {
    match dictionary::add(&viewer.act(&app, form.key), &viewer, &form.fields).await {
        Ok(_) => go("/reasons"),
        Err(error) => again((&app, &viewer, ui), ("", form.fields), error).await,
    }
}

/// `POST /reasons/{reason}`
pub async fn set_reason(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(code): Path<String>,
    form: Submitted<ReasonForm>,
) -> Answer {
    match dictionary::set(&viewer.act(&app, form.key), &viewer, &code, &form.fields).await {
        Ok(()) => go("/reasons"),
        Err(error) => again((&app, &viewer, ui), (&code, form.fields), error).await,
    }
}
