//! The people of a campaign, put in and taken out on its page.

use axum::extract::{Path, State as Web};

use super::show_again;
use crate::campaigns::forms::MemberForm;
use crate::campaigns::{Member, actions};
use crate::people::Viewer;
use crate::tiers::Tier;
use crate::values::*;
use crate::web::{Answer, App, Submitted, Ui, go};

fn member(form: &MemberForm) -> Outcome<Member> {
    let user = form.user.parse().map_err(|_| Fields::one("user", "unknown-choice"))?;
    let tier = form.tier.parse().ok().and_then(Tier::of_rank);
    Ok(Member { user, tier: tier.ok_or_else(|| Fields::one("tier", "unknown-choice"))? })
}

/// `POST /campaigns/{campaign}/members`
pub async fn add_member(
    Web(app): Web<App>,
    viewer: Viewer,
    ui: Ui,
    Path(id): Path<CampaignId>,
    form: Submitted<MemberForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    let added = match member(&form.fields) {
        Ok(member) => actions::add_member(&act, &viewer, id, member).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => go(format!("/campaigns/{id}")),
        Err(error) => show_again((&app, &viewer), ui, id, error, String::new()).await,
    }
}

/// `POST /campaigns/{campaign}/members/removal`
pub async fn remove_member(
    Web(app): Web<App>,
    viewer: Viewer,
    Path(id): Path<CampaignId>,
    form: Submitted<MemberForm>,
) -> Answer {
    let act = viewer.act(&app, form.key);
    actions::remove_member(&act, &viewer, id, member(&form.fields)?).await?;
    go(format!("/campaigns/{id}"))
}
