//! The card over the API.

use axum::extract::{Path, State as Web};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Story, Told, actions};
use crate::contracts::api::Sum;
use crate::people::Viewer;
use crate::values::*;
use crate::web::{Answer, App, Cursor, Query, Ui, json};

/// The card with a page of its timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryShown {
    /// All that a newcomer must know.
    #[serde(flatten)]
    pub story: Story,
    /// What happened, newest first.
    pub timeline: Vec<EventShown>,
    /// What to send as `after` for the next page of the timeline; null at its end.
    pub next: Option<String>,
}

/// An event of the timeline.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventShown {
    /// Its id.
    pub id: EventId,
    /// When, RFC 3339.
    pub at: String,
    /// What happened: the code of the event.
    pub kind: String,
    /// The same as a sentence in the reader's language.
    pub sentence: String,
    /// To what: the id of the record, the kind says of which noun.
    pub subject: String,
    /// Who did it; null for the product itself.
    pub actor: Option<UserId>,
    /// Whose work it counts as.
    pub person: Option<UserId>,
    /// In which tier.
    pub tier: Option<i64>,
    /// The coded reason.
    pub reason: Option<String>,
    /// Money it moved, where the reader may see sums.
    pub amount: Option<Sum>,
    /// What was written beside it.
    pub said: Option<String>,
    /// True for a call that was taken back, and for what it left behind.
    pub is_taken_back: bool,
    /// The page where the reader may open what it names.
    pub path: Option<String>,
}

impl EventShown {
    fn of(told: Told, sentence: String) -> Self {
        Self {
            id: told.id,
            at: told.at.rfc3339(),
            kind: told.kind.code().to_owned(),
            sentence,
            subject: told.subject,
            actor: told.actor,
            person: told.person,
            tier: told.tier,
            reason: told.reason,
            amount: told.amount.map(Sum::of),
            said: told.said,
            is_taken_back: told.is_back,
            path: told.path,
        }
    }
}

/// The story of a company, with its timeline page by page.
#[utoipa::path(get, path = "/api/v1/companies/{company}/story", tag = "story",
    operation_id = "show_story", params(("company" = CompanyId, Path), Cursor),
    responses((status = 200, body = json::One<StoryShown>), (status = 404, body = json::Problem),
        (status = 422, body = json::Problem)))]
pub async fn show(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    Query(cursor): Query<Cursor>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (story, slice) = actions::find(&mut tx, &viewer, id, &cursor, app.now()).await?;
    let names = actions::names(&mut tx, &viewer).await?;
    let shown = |told: Told| {
        let sentence = names.sentence(&ui, &told);
        EventShown::of(told, sentence)
    };
    let timeline = slice.rows.into_iter().map(shown).collect();
    json::one(StoryShown { story, timeline, next: slice.next })
}
