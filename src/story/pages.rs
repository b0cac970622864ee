//! The card as a page.

use askama::Template;
use axum::extract::{Path, State};

use super::telling::{Names, tone};
use super::{Story, Told, actions};
use crate::campaigns::passport::PassportField;
use crate::people::Viewer;
use crate::tiers::doors::WORKING;
use crate::values::*;
use crate::web::{Answer, App, Cursor, Query, Ui, page};

#[derive(Template)]
#[template(path = "story/views/show.html")]
struct StoryPage {
    ui: Ui,
    story: Story,
    told: Vec<TellingLine>,
    next: Option<String>,
    is_first: bool,
    /// True for who may date what was promised, or put it away.
    may_record: bool,
    names: Names,
    /// The time of day at theirs.
    local: Option<String>,
}

/// A line of the timeline.
struct TellingLine {
    told: Told,
    sentence: String,
    tone: &'static str,
    tier: Option<String>,
}

impl StoryPage {
    fn person(&self, id: &Option<UserId>) -> &str {
        self.names.person(*id)
    }
    fn name(&self, id: &UserId) -> &str {
        self.names.person(Some(*id))
    }
    fn tier(&self, rank: &i64) -> String {
        self.ui.tc("tier-", &rank.to_string())
    }
    fn stage(&self, code: &str) -> String {
        self.names.label(self.ui.lang, "stage", code)
    }
    fn is_past(&self, at: &Instant) -> bool {
        *at < self.ui.now
    }
    fn state_tone(&self, state: &str) -> &'static str {
        match state {
            "won" | "active" | "kept" | "delivered" | "accepted" | "approved" => "pos",
            "lost" | "cancelled" | "broken" | "rejected" | "expired" => "neg",
            "commented" | "offered" => "warn",
            _ => "act",
        }
    }
    fn day_of_year(&self, month: &i64, day: &i64) -> String {
        let month = self.ui.tc("month-of-", &month.to_string());
        self.ui.taa("day-of-month", "day", *day, "month", month)
    }
    /// The answers in the order in which they are asked for.
    fn answers<'a>(&self, passed: &'a super::Passed) -> Vec<(&'a String, &'a String)> {
        let mut answers: Vec<_> = passed.answers.iter().collect();
        answers.sort_by_key(|(field, _)| field.parse::<PassportField>().ok());
        answers
    }
    fn no(&self, no: &super::No) -> String {
        self.names.no(&self.ui, no)
    }
    fn no_key(&self, no: &super::No) -> String {
        self.ui.tc("story-no-", no.kind.code())
    }
    /// True where the line does not name who did it by itself.
    fn is_beside(&self, line: &TellingLine) -> bool {
        line.told.actor.is_some() && !line.sentence.contains(self.person(&line.told.actor))
    }
    /// True where numbers are masked: the company's own page opens them, and notes who did.
    fn has_masked(&self) -> bool {
        let theirs = self.story.people.iter().flat_map(|person| &person.phones);
        theirs.chain(&self.story.phones).any(|phone| phone.contains('•'))
    }
    fn has_sales(&self) -> bool {
        !(self.story.opportunities.is_empty() && self.story.contracts.is_empty())
    }
    fn has_noes(&self) -> bool {
        !(self.story.noes.is_empty() && self.story.bans.is_empty())
    }
}

/// `GET /companies/{company}/story`
pub async fn show(
    State(app): State<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CompanyId>,
    Query(cursor): Query<Cursor>,
) -> Answer {
    let mut tx = app.db.read().await?;
    let (story, slice) = actions::find(&mut tx, &viewer, id, &cursor, app.now()).await?;
    let names = actions::names(&mut tx, &viewer).await?;
    let line = |told: Told| TellingLine {
        sentence: names.sentence(&ui, &told),
        tone: tone(told.kind),
        tier: told.tier.map(|rank| ui.tc("tier-", &rank.to_string())),
        told,
    };
    let local = story.zone.as_deref().filter(|zone| *zone != ui.zone.name());
    page(&StoryPage {
        local: local.map(|zone| crate::web::format::time(ui.now, &Zone::named(zone))),
        told: slice.rows.into_iter().map(line).collect(),
        next: slice.next,
        is_first: cursor.after().is_empty(),
        may_record: viewer.is_any(WORKING),
        names,
        story,
        ui,
    })
}
